"""Short names written as the example is, of the record they stand in: a channel of an incident, a service, a team."""

from __future__ import annotations

import re

from callsmith.catalog.machines import INNER, PARTS, service_named, services
from callsmith.records import Entity, Json, Schema
from callsmith.schema import settle
from callsmith.world.fields.identity import leaf_at
from callsmith.world.fields.measures import built_in
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.scene import ascii_slug
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import split
from callsmith.world.stories.nouns import is_technical
from callsmith.world.stories.story import Story

_SLUG = re.compile(r"([#@/]?)([a-z0-9]+(?:-[a-z0-9]+)*)")
_BOUND = ("enum", "const", "pattern", "format", "default")
_SMALL = frozenset("a an and at by for from in is of on or the to with".split())
_TEAMS = frozenset("team squad group crew department".split())
_LONGEST = 3  # words of a title that a channel is called after


def slug_leaf(site: Site) -> tuple[Fill, bool] | None:
    """What a field holds whose one example is a short name: another in every record, that goes with the record."""
    example = _example(site.schema)
    found = _SLUG.fullmatch(example)
    plain = site.own and len(site.path) == 1 and "string" in site.types and not site.refers
    if not found or not plain or built_in(site.entity.toolkit) or any(name in site.schema for name in _BOUND):
        return None
    if site.pointer in (site.entity.id_pointer, site.entity.label_pointer):
        return None
    mark, body = found[1], found[2]
    own = _example(leaf_at(site.entity.schema, site.entity.id_pointer)).lower()
    if any(letter.isdigit() for letter in own) and re.search(rf"(?:^|-){re.escape(own)}(?:-|$)", body):
        return _numbered(mark, body, own), True
    head, _, last = body.rpartition("-")
    if head and last in PARTS:
        return _service(site, last), False
    if body in services() and {*site.words} & _TEAMS and is_technical(site.toolset, site.entity.toolkit):
        return _team(site), False
    return None


def _example(schema: Schema) -> str:
    given = [one for one in settle(schema).get("examples", ()) if isinstance(one, str)]
    return given[0] if len(given) == 1 else ""


def _numbered(mark: str, body: str, own: str) -> Fill:
    """What bears the record's number, and after it what the record is called: #inc-2481-checkout."""
    before, _, after = body.partition(own)
    titled = bool(after.strip("-"))

    def run(story: Story) -> Json:
        words = (
            [word for word in ascii_slug(story.title, "-").split("-") if word not in _SMALL] if titled else []
        )
        return f"{mark}{before}{'-'.join((story.id.lower(), *words[-_LONGEST:]))}"

    return run


def _service(site: Site, last: str) -> Fill:
    """A service that the record's title names, else one of many."""
    rest = [word for word in services() if word not in PARTS and word not in INNER]
    return lambda story: (
        service_named(story.title, last) or f"{rest[mix(story.bits, site.salt) % len(rest)]}-{last}"
    )


def _team(site: Site) -> Fill:
    teams = [word for word in services() if word not in INNER]

    def run(story: Story) -> Json:
        said = {*split(story.title)}
        return next((word for word in teams if word in said), teams[mix(story.bits, site.salt) % len(teams)])

    return run


def in_words(entity: Entity, title: str) -> str:
    """A title that is a short name as the example of the name has it, where that is written in words: Dark mode."""
    given = _example(leaf_at(entity.schema, entity.label_pointer))
    worded = given[:1].isupper() and "-" not in given and "_" not in given
    if (
        not worded
        or not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", title)
        or entity.label_pointer == entity.id_pointer
    ):
        return title
    return title[:1].upper() + title[1:].replace("-", " ")
