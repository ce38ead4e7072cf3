"""Others beside the one value that a schema shows: the rooms beside Consult 2, the doses beside 0.6 ml."""

from __future__ import annotations

import re

from callsmith.catalog.likes import likes_of, names_likes
from callsmith.records import Json
from callsmith.schema import settle, types
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import singular
from callsmith.world.stories.story import Story

_IN_TURN = re.compile(r"([A-Za-z][A-Za-z '-]* )([1-9][0-9]?)|([A-Z]{1,3})([1-9][0-9]?)")
_MEASURED = re.compile(r"([0-9]+(?:\.[0-9]+)?)( ?[a-zµ%][A-Za-zµ%/]{0,7})")
_WINDOW = re.compile(r"([0-2][0-9]):([0-5][0-9])( ?[-–] ?)([0-2][0-9]):([0-5][0-9])")
_SHARES = (0.5, 0.75, 1, 1, 1.25, 1.5, 2)
_FREE = ("text", "enum", "label", "version", "place", "")
_MORE = 4  # things numbered beside the one that is shown


def others_of(shown: str) -> list[str]:
    """The value and others of its like where it ends in a small number or is a measure; empty for others."""
    if found := _IN_TURN.fullmatch(shown):
        head, number = (found[1], found[2]) if found[1] else (found[3], found[4])
        return [f"{head}{place}" for place in range(1, int(number) + _MORE)]
    if found := _WINDOW.fullmatch(shown):
        return _windows(*found.groups())
    if found := _MEASURED.fullmatch(shown):
        places = len(found[1].partition(".")[2])
        sizes = (round(float(found[1]) * share, places) for share in _SHARES)
        return [f"{size:.{places}f}{found[2]}" for size in dict.fromkeys(sizes) if size > 0]
    return []


def _windows(hour: str, minute: str, between: str, end: str, last: str) -> list[str]:
    """Spans of a day as long as one that is shown, one after the other; nearly the same where it is most of a day."""
    begun, long = int(hour) * 60 + int(minute), (int(end) - int(hour)) * 60 + int(last) - int(minute)
    if not 0 < long <= 14 * 60:
        return []
    starts = range(begun, 20 * 60, long) if long <= 4 * 60 else (begun, begun + 30, begun - 60, begun + 60)
    spans = [(start, start + long) for start in starts if start + long <= 22 * 60]
    return [
        between.join(f"{moment // 60:02d}:{moment % 60:02d}" for moment in span)
        for span in dict.fromkeys(spans)
    ]


_SHARED = frozenset(
    "type kind category unit version state status source channel platform environment region tier plan sort brand"
    " format method zone timezone language locale currency country city town".split()
)
_NAMED = 3  # words
_PLACES = (
    9  # of the records of a kind that are made first, the one that an example stands in is one of so many
)


def seldom_shown(site: Site, shown: Json) -> Fill | None:
    """The one text that is shown of a field stands in a record or two: what somebody wrote of one is not true of all.

    None for a field that a record has to hold, and for one of what records share.
    """
    plain = (
        isinstance(shown, str)
        and not {*site.words} & _SHARED
        and unfamiliar(site.toolset, site.entity.toolkit)
    )
    if not plain or site.required and not site.nullable:
        return None
    salt, absent = site.salt, site.absent

    def run(story: Story) -> Json:
        first = mix(story.population.bits, salt) % _PLACES
        return shown if not story.fresh and story.ordinal in (first, first + _PLACES + 4) else absent

    return run


def varied_leaf(site: Site) -> tuple[Fill, bool] | None:
    """Values like the one that is shown of a text or of each text of a list; None where nothing is like it."""
    several = "array" in site.types
    items = settle(site.schema.get("items", {})) if several else site.schema
    shown = [one for one in items.get("examples", ()) if isinstance(one, str)]
    if {*site.words} & {"address", "street", "city", "town", "country", "region", "currency", "language"}:
        return None
    told = len(shown) == 1 and shown[0] and not {"enum", "pattern", "format", "const"} & items.keys()
    if not told or not site.own or not site.path or site.refers or "string" not in types(items):
        return None
    if site.pointer in (site.entity.id_pointer, site.entity.label_pointer):
        return None
    if not unfamiliar(site.toolset, site.entity.toolkit):
        return None
    if site.facet not in _FREE:
        return None
    words = tuple(map(singular, site.words))
    phrase = len(shown[0].split()) > _NAMED  # what somebody wrote, and no name of a sort
    options = others_of(shown[0]) or likes_of(
        shown[0], words if names_likes(words) and not phrase else (), ""
    )
    if len(options) < 2:
        return None
    salt = site.salt
    if several:
        return (lambda story: _some(options, mix(story.bits, salt))), False
    return (lambda story: options[mix(story.bits, salt) % len(options)]), False


def _some(options: list[str], draw: int) -> list[str]:
    first, size = draw % len(options), 1 + draw // 97 % min(3, len(options))
    return [options[(first + place) % len(options)] for place in range(size)]
