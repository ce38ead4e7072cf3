"""Values of fields whose schema shows an example: others of its like, not the example again in every record."""

from __future__ import annotations

import re

from msgspec import structs

from callsmith.catalog.charges import is_extra, unit_paid
from callsmith.catalog.sorts import Sort, sort_of
from callsmith.records import Json
from callsmith.schema import settle, valid
from callsmith.world.fields.addresses import address_leaf, of_an_address
from callsmith.world.fields.choices import enum_leaf
from callsmith.world.fields.identity import like, year_of
from callsmith.world.fields.measures import bounds_at, unfamiliar
from callsmith.world.fields.sites import MISSING, Fill, Site
from callsmith.world.fields.sorts import sort_in
from callsmith.world.fields.varied import seldom_shown
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import everyday
from callsmith.world.stories.naming import singular
from callsmith.world.stories.story import Story

_NUMBERS = ("number", "count", "duration_minutes", "duration_seconds", "amount", "percent", "")
_SHARES = (0.6, 0.7, 0.75, 0.8, 0.9, 1, 1, 1.1, 1.2, 1.25, 1.35, 1.5)
_STEPS = (1000, 500, 100, 50, 25, 10, 5, 1, 0.5, 0.25, 0.1, 0.05, 0.01)
_IN_TIME: dict[str, tuple[float, ...]] = {
    "month": (12, 6),
    "hour": (24, 12, 6),
    "minute": (30, 15),
    "min": (30, 15),
}
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
_FEW = 3  # digits from which on a code counts things
_NUMBERED = frozenset(
    "gate berth seat bay bin room table spot stand slot rack shelf locker desk court lane platform pitch position"
    " location aisle cabin box stall pier dock hall floor unit house flat ward bed model hole plot".split()
)
_MODELS = 7  # codes of one form that records share
_PRECISE = 5  # digits of a number that nobody chose
_PROSE = 5  # words from which on a text is one that somebody wrote of one record


def example_leaf(site: Site) -> tuple[Fill, bool] | None:
    """What a field holds that one example shows: a number near it, a code of its form, a text of one record alone."""
    schema = site.schema
    given = [one for one in schema.get("examples", ()) if one not in (None, "") and not isinstance(one, bool)]
    known = {"enum", "const", "pattern", "default"} & set(schema) or site.refers or not site.path
    if len(given) != 1 or known or not site.own:
        return None
    if not unfamiliar(site.toolset, site.entity.toolkit):
        return _near(site, given[0]) if _measured(given[0]) and "string" not in site.types else None
    if site.pointer in (site.entity.id_pointer, site.entity.label_pointer):
        return None
    if isinstance(given[0], (int, float)) and {"integer", "number"} & set(site.types):
        return _near(site, given[0])
    if not isinstance(given[0], str) or "string" not in site.types:
        return None
    if of_an_address(site):
        return address_leaf(site)
    return _alike(site, given[0]) or _of_its_sort(site, given[0])


def _measured(shown: Json) -> bool:
    """Whether a number was read off a meter, and is no size that things come in: 188318981, and not 1024."""
    digits = repr(shown).replace(".", "").strip("0")
    return isinstance(shown, (int, float)) and not isinstance(shown, bool) and len(digits) > _PRECISE


def _near(site: Site, shown: float) -> tuple[Fill, bool] | None:
    """A number about as large as the one shown, as round as it."""
    if site.facet not in _NUMBERS or _FIXED & set(site.words) or shown <= 0:
        return None
    strange = unfamiliar(site.toolset, site.entity.toolkit)
    if site.facet == "amount" and not strange and not everyday(site.entity, site.family):
        return None
    shares = _shares(site) if strange else _SHARES
    salt, whole = site.salt, "number" not in site.types
    limits = bounds_at(site)
    if {"year", "vintage"} & {*site.words} and shown in _YEARS:
        return (lambda story: int(shown) - mix(story.bits, salt) % 14), False
    steps = _IN_TIME.get(singular(site.words[-1]), ()) + _STEPS if site.words else _STEPS
    most = 25 if "size" in site.words else shown
    step = next((one for one in steps if one <= min(most, shown / 4) and _divides(one, shown)), None)
    if step is None or whole and step < 1:
        step = 1.0 if whole else 0.01
    options = sorted({round(round(shown * share / step) * step, 2) for share in shares} - {0.0})
    options = [one for one in options if limits.get("minimum", one) <= one <= limits.get("maximum", one)]
    options = [one for one in options if one <= 100] if site.facet == "percent" and shown <= 100 else options
    if not options:
        return None

    def run(story: Story) -> Json:
        value = options[mix(story.bits, salt) % len(options)]
        return round(value) if whole or value == int(value) and isinstance(shown, int) else value

    return run, False


_TAXES = ("vat", "tax", "gst")


_STEADY = frozenset(["voltage", "volt", "frequency"])  # what is the same wherever it is measured
_NEAR = frozenset("alcohol abv temperature temp pressure humidity ph wattage watt".split())


def _shares(site: Site) -> tuple[float, ...]:
    """How far from the one shown others of its sort are: a tax not at all, the rates of one place not far."""
    words = [singular(word) for word in site.words]
    if {*words} & {*_TAXES} and {*words} & {"rate", "percent", "percentage", "pct"} or is_extra(words):
        return (1,)
    if "size" in words and {*words} & {"cm", "inch", "in"}:
        return (0.93, 0.96, 1, 1, 1, 1.04, 1.07)
    if "size" in words and {*words} & {"ml", "cl", "l", "litre", "liter", "g", "gram", "kg"}:
        return (0.5, 1, 1, 1, 2)
    if {*words} & _STEADY:
        return (0.97, 0.98, 0.99, 1, 1.01, 1.02)
    if site.facet == "percent" or {*words} & _NEAR:
        return (0.85, 0.9, 0.95, 1, 1, 1.05, 1.1)
    if unit_paid(words, str(site.schema.get("description") or "")):
        return (0.9, 0.95, 1, 1, 1.05, 1.1)
    return _SHARES


def _divides(step: float, value: float) -> bool:
    return abs(value / step - round(value / step)) < 1e-6


def _alike(site: Site, shown: str) -> tuple[Fill, bool] | None:
    """A code of the same form; a text that somebody wrote stands in one record, and in no other."""
    if site.facet not in ("text", "version", "number", "key", "number_key", "") or site.schema.get("format"):
        return None
    words, salt = shown.split(), site.salt
    if sum(map(str.isdigit, shown)) > _SHARED and len(words) == 1 and not {*"/:."} & {*shown}:
        return (lambda story: _numbered(shown, mix(story.bits, salt))), False
    if len(words) == 1 and {*site.words} & _OWN and any(letter.isdigit() for letter in shown):
        return (lambda story: like(shown, mix(story.bits, salt), year_of(story))), False
    if _GIVEN.fullmatch(shown) and (len(words) > 1 or {*site.words} & _OWN):
        return (lambda story: _numbered(shown, mix(story.bits, salt))), False
    if (
        len(words) == 1
        and any(letter.isdigit() for letter in shown)
        and "/" not in shown
        and ":" not in shown
    ):
        if sum(map(str.isdigit, shown)) < _FEW and not {*site.words} & _NUMBERED:
            rare = seldom_shown(site, shown)  # a class of things: PG-13, CCS2, A5
            return (rare, False) if rare is not None else None
        return (lambda story: _coded(shown, mix(story.bits, salt) % _MODELS)), False
    if len(words) < _PROSE or site.required or not valid(site.schema, shown):
        return None
    return (lambda story: shown if story.ordinal == 1 and not story.fresh else _none(site)), False


_SHARED = 8  # figures of a number beyond which it is that of one thing alone
_GIVEN = re.compile(r"(?=.*[0-9])[A-Z0-9]+(?:[ -][A-Z0-9]+){0,3}")
_OWN = frozenset(
    "registration plate serial vin licence license reference ref imei passport certificate number no nr card account"
    " receipt invoice ticket batch policy membership barcode tag code".split()
)


def _numbered(shown: str, bits: int) -> str:
    """A number that one thing alone bears, of the form of another: SSR 142233, AB12 CDE."""
    if _PLATE.fullmatch(shown):  # whose figures tell the half-year in which a car was new
        age = _AGES[mix(bits, 3) % len(_AGES)]
        return f"{shown[:2]}{age:02d} {''.join(_LETTERS[mix(bits, 29 + at) % 20] for at in range(3))}"
    few = sum(letter.isdigit() for letter in shown) < _PRECISE - 1
    drawn = []
    for at, letter in enumerate(shown):
        die = mix(bits, 13 * at + 5)
        late = few and letter.isalpha() and at > 1
        drawn.append(
            str(die % 10 if letter == "0" else 1 + die % 9)
            if letter.isdigit()
            else _LETTERS[die % 20]
            if late
            else letter
        )
    return "".join(drawn)


_PLATE = re.compile(r"[A-Z]{2}[0-9]{2} [A-Z]{3}")
_AGES = (*range(14, 26), *range(64, 75))
_LETTERS = "ABCDEFGHJKLMNPRSTVWX"
_SORTED = ("brand", "make", "manufacturer", "maker", "model", "team", "department", "squad")
_SEVERAL = 3  # sorts that a thing may be of which its name does not tell
_KINDS = ("kind", "type", "category", "asset_type", "device_type", "assetType", "deviceType")


def _of_its_sort(site: Site, shown: str) -> tuple[Fill, bool] | None:
    """A maker, a model or a team, of which one example is not that of all: one known for the thing, or none."""
    last = site.words[-1] if site.words else ""
    if last not in _SORTED or len(site.path) != 1:
        return None
    salt = site.salt
    whole = sort_in(site.toolset, site.entity, site.name)
    told, known = _by_kind(site, last)
    if whole is None and not any(known.values()):
        return None

    def run(story: Story) -> Json:
        found = whole or (known.get(str(told(story)).lower().replace("_", " ")) if told else None)
        if found is None:
            return shown if site.required else _none(site)
        options = dict.fromkeys(
            (*(found.values if len(found.plain) < 3 else found.plain), *(() if known else (shown,)))
        )
        return found.told(story.title) or [*options][mix(story.bits, salt) % len(options)]

    return run, False


def _by_kind(site: Site, last: str) -> tuple[Fill | None, dict[str, Sort | None]]:
    """What fills the field that says what kind of thing it is, and the sort that each of those kinds has."""
    fields = site.entity.schema.get("properties", {})
    name = next((name for name in _KINDS if name in fields), "")
    held = settle(fields[name]) if name else {}
    options = [option for option in held.get("enum", ()) if isinstance(option, str)]
    beside = structs.replace(site, pointer=f"/{name}", path=(name,), schema=held, field=None)
    made = enum_leaf(beside) if options else None
    if made is None:
        return None, {}
    spoken = {option: option.lower().replace("_", " ") for option in options}
    return made[0], {said: sort_of((last,), said, trade=site.entity.trade) for said in spoken.values()}


def _coded(shown: str, place: int) -> str:
    """A code of the form of another: model 4500 of 3300; the first is the one that is shown."""
    drawn = [
        str(1 + mix(place, 11 * at + 3) % 9) if letter in "123456789" else letter
        for at, letter in enumerate(shown)
    ]
    return "".join(drawn) if place else shown


def _none(site: Site) -> Json:
    return None if site.nullable else MISSING
