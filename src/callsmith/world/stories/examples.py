"""Values of fields whose schema shows an example: others of its like, not the example again in every record."""

from __future__ import annotations

from callsmith.records import Json
from callsmith.schema import valid
from callsmith.world.fields.measures import bounds_at, unfamiliar
from callsmith.world.fields.sites import MISSING, Fill, Site
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import everyday
from callsmith.world.stories.story import Story

_NUMBERS = ("number", "count", "duration_minutes", "duration_seconds", "amount", "percent", "")
_SHARES = (0.6, 0.7, 0.75, 0.8, 0.9, 1, 1, 1.1, 1.2, 1.25, 1.35, 1.5)
_STEPS = (1000, 500, 100, 50, 25, 10, 5, 1, 0.5, 0.25, 0.1, 0.05, 0.01)
_FIXED = {
    "id",
    "number",
    "version",
    "code",
    "latitude",
    "longitude",
    "lat",
    "lng",
    "lon",
    "timestamp",
    "epoch",
    "zip",
}
_YEARS = range(1850, 2101)
_MODELS = 7  # codes of one form that records share
_PROSE = 5  # words from which on a text is one that somebody wrote of one record


def example_leaf(site: Site) -> tuple[Fill, bool] | None:
    """What a field holds that one example shows: a number near it, a code of its form, a text of one record alone."""
    schema = site.schema
    given = [one for one in schema.get("examples", ()) if one not in (None, "") and not isinstance(one, bool)]
    known = {"enum", "const", "pattern", "default"} & set(schema) or site.refers or not site.path
    if len(given) != 1 or known or not site.own or not unfamiliar(site.toolset, site.entity.toolkit):
        return None
    if site.pointer in (site.entity.id_pointer, site.entity.label_pointer):
        return None
    if isinstance(given[0], (int, float)) and {"integer", "number"} & set(site.types):
        return _near(site, given[0])
    return _alike(site, given[0]) if isinstance(given[0], str) and "string" in site.types else None


def _near(site: Site, shown: float) -> tuple[Fill, bool] | None:
    """A number about as large as the one shown, as round as it."""
    if site.facet not in _NUMBERS or _FIXED & set(site.words) or shown <= 0:
        return None
    if site.facet == "amount" and not everyday(site.entity, site.family):
        return None
    salt, whole = site.salt, "number" not in site.types
    limits = bounds_at(site)
    if "year" in site.words and shown in _YEARS:
        return (lambda story: int(shown) - mix(story.bits, salt) % 14), False
    step = next((one for one in _STEPS if one <= shown / 4 and _divides(one, shown)), None)
    if step is None or whole and step < 1:
        step = 1.0 if whole else 0.01
    options = sorted({round(round(shown * share / step) * step, 2) for share in _SHARES} - {0.0})
    options = [one for one in options if limits.get("minimum", one) <= one <= limits.get("maximum", one)]
    options = [one for one in options if one <= 100] if site.facet == "percent" and shown <= 100 else options
    if not options:
        return None

    def run(story: Story) -> Json:
        value = options[mix(story.bits, salt) % len(options)]
        return round(value) if whole or value == int(value) and isinstance(shown, int) else value

    return run, False


def _divides(step: float, value: float) -> bool:
    return abs(value / step - round(value / step)) < 1e-6


def _alike(site: Site, shown: str) -> tuple[Fill, bool] | None:
    """A code of the same form; a text that somebody wrote stands in one record, and in no other."""
    if site.facet not in ("text", "version", "number", "") or site.schema.get("format"):
        return None
    words, salt = shown.split(), site.salt
    if (
        len(words) == 1
        and any(letter.isdigit() for letter in shown)
        and "/" not in shown
        and ":" not in shown
    ):
        return (lambda story: _coded(shown, mix(story.bits, salt) % _MODELS)), False
    if len(words) < _PROSE or site.required or not valid(site.schema, shown):
        return None
    return (lambda story: shown if story.ordinal == 1 and not story.fresh else _none(site)), False


def _coded(shown: str, place: int) -> str:
    """A code of the form of another: model 4500 of 3300; the first is the one that is shown."""
    drawn = [
        str(1 + mix(place, 11 * at + 3) % 9) if letter in "123456789" else letter
        for at, letter in enumerate(shown)
    ]
    return "".join(drawn) if place else shown


def _none(site: Site) -> Json:
    return None if site.nullable else MISSING
