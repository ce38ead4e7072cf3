"""What each field of a record holds, found from its name, type and facet, and from the record's story."""

from __future__ import annotations

import re
from collections.abc import Callable

from callsmith.catalog.conditions import condition_of
from callsmith.records import Json
from callsmith.schema import valid
from callsmith.text import spoken
from callsmith.world.agreement.vacancy import while_taken
from callsmith.world.fields.addresses import address_leaf
from callsmith.world.fields.amounts import amount_leaf
from callsmith.world.fields.charges import charge_leaf
from callsmith.world.fields.choices import enum_leaf, flag_leaf
from callsmith.world.fields.declared import stated_at
from callsmith.world.fields.formats import bounded, format_leaf, sure_leaf
from callsmith.world.fields.identity import as_patterned, hex16, styled, year_of
from callsmith.world.fields.languages import language_leaf
from callsmith.world.fields.magnitudes import magnitude_leaf
from callsmith.world.fields.measures import measure_leaf, unfamiliar, whole_price_leaf, within_bounds
from callsmith.world.fields.months import month_leaf
from callsmith.world.fields.named_things import named_thing
from callsmith.world.fields.occasions import time_leaf
from callsmith.world.fields.organisations import organisation_leaf
from callsmith.world.fields.persons import person_leaf
from callsmith.world.fields.references import reference_leaf
from callsmith.world.fields.sites import (
    Fill,
    Site,
    blank,
)
from callsmith.world.fields.slugs import in_words, slug_leaf
from callsmith.world.fields.sorts import mark_leaf, sort_leaf
from callsmith.world.fields.subjects import subject_leaf
from callsmith.world.fields.texts import file_name, text_leaf
from callsmith.world.fields.usual import usual_leaf
from callsmith.world.scene import ascii_slug
from callsmith.world.stories.calling_off import account_leaf
from callsmith.world.stories.dice import mix
from callsmith.world.stories.examples import example_leaf
from callsmith.world.stories.families import PEOPLE, titled
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.nouns import by_name, fitted, short_name
from callsmith.world.stories.planned import planned_leaf, result_leaf
from callsmith.world.stories.reached import when_so
from callsmith.world.stories.remarks import lines_for, remark_leaf
from callsmith.world.stories.story import Story
from callsmith.world.stories.troubled import while_wrong

_CONTENT = {"body", "content", "description", "data", "text", "comment"}
_TENANTS = {"account", "organization", "organisation", "org", "company", "tenant"}
Made = tuple[Fill, bool]
"""A filler, and whether it holds for a record that a call has just made."""


def leaf(site: Site) -> Made:
    """The filler of a leaf: the first rule that knows the field."""
    for rule in _RULES:
        made = rule(site)
        if made is not None:
            fill, lasting = bounded(site, _fitting(site, made))
            if site.own and len(site.path) == 1 and condition_of(site.entity, site.path[0]) is not None:
                return fill, lasting  # its description says in which states it is there
            return when_so(site, while_wrong(site, while_taken(site, fill))), lasting
    return bounded(site, _last_resort(site))


def _fixed(site: Site) -> Made | None:
    if "const" in site.schema:
        value = site.schema["const"]
        return (lambda story: value), True
    options = [option for option in site.schema.get("enum", ()) if option is not None]
    if len(options) == 1:
        return (lambda story: options[0]), True
    return None


def _identity(site: Site) -> Made | None:
    if not site.own:
        return None
    whole = bool({"integer", "number"} & set(site.types))
    if site.pointer == site.entity.id_pointer or _own_id(site):
        if whole:
            return (lambda story: int(story.id) if story.id.isdigit() else story.number), True
        return (lambda story: story.id), True
    if len(site.path) > 2 or site.refers:
        return None
    last = site.words[-1] if site.words else ""
    if last in ("number", "no", "nr") and whole and len(site.words) < 3:
        return (lambda story: story.number), True
    if last == "key" and site.words == ("key",) and site.family in ("project", "issue", "repo", "board"):
        return (lambda story: story.key or str(story.number)), True
    if last in ("login", "handle") and site.family in ("company", "firm") and len(site.words) == 1:
        return (lambda story: ascii_slug(story.title.split(" ")[0])), True
    if last == "slug" and "string" in site.types and set(site.words[:-1]) & _TENANTS:
        return (lambda story: ascii_slug(story.population.scene.company, "-")), True
    if last == "slug" and "string" in site.types and _own_slug(site):
        return (
            lambda story: short_name(site.family, story.title, site.schema) or ascii_slug(story.title, "-")
        ), True
    if last in ("id", "gid", "uuid", "uid", "sid", "guid") and len(site.words) == 1 and len(site.path) == 1:
        return (lambda story: story.traits.get("own") or styled(site.schema, story.bits ^ 0x51)), True
    return None


def _own_id(site: Site) -> bool:
    """Whether a field is the id again, by the name that others call it by: the answer to a call shows appointmentId."""
    noun = tuple(singular(word) for word in split(site.entity.noun))
    return len(site.path) == 1 and site.words == (*noun, "id") and bool(site.entity.id_pointer)


def _own_slug(site: Site) -> bool:
    """Whether a slug is that of the record, and not of its tier or its region."""
    before = site.words[:-1]
    return (
        not before
        or before[-1] in ("name", "url")
        or before == tuple(site.entity.noun.split(" "))[-len(before) :]
    )


def _label(site: Site) -> Made | None:
    if not site.own or not site.entity.label_pointer or site.pointer != site.entity.label_pointer:
        return None
    if site.family in ("attachment", "file") and (site.facet == "file_name" or site.family == "file"):
        return (lambda story: file_name(story)), True
    if site.family in PEOPLE or site.facet in ("email", "phone"):
        return None
    if site.facet == "file_name" and unfamiliar(site.toolset, site.entity.toolkit):
        return (lambda story: _filed(site, story)), True
    strange = unfamiliar(site.toolset, site.entity.toolkit) and site.family not in ("expense", "task", "deal")
    if not titled(site.entity) and (site.facet == "enum" or strange):
        return None  # what is wrong with a lift is one of the things that go wrong with lifts
    if site.words[-1:] in (("text",), ("body",)) and lines_for(
        site.toolset, site.entity, site.family, site.name
    ):
        return None  # what is recommended, and no recommendation 14
    whose = len(site.words) > 1 and site.words[-1] == "name" and site.family == "event"  # who books
    if site.facet == "person" and site.words != ("name",):
        if whose or site.family not in ("event", "membership"):
            return None  # who saw the hail is somebody
    if site.facet == "place" and "address" in site.words:
        return address_leaf(site)
    if site.family in by_name() and set(site.words) & _CONTENT:
        return None
    if site.schema.get("pattern"):
        return (lambda story: as_patterned(story, site.schema)), True
    empty: Json = None if site.nullable else "" if site.required or site.family != "unknown" else site.absent
    return (lambda story: in_words(site.entity, story.title) or empty), True


def _filed(site: Site, story: Story) -> str:
    """The name of a file after what the record belongs to, with the ending that an example has."""
    shown = next((one for one in site.schema.get("examples", ()) if isinstance(one, str)), "")
    found = re.search(r"\.[a-z0-9]{2,5}$", shown)
    ending = found[0] if found else ".pdf"
    if story.title.endswith(ending):
        return story.title
    about = next((other.title for other in story.links.values() if other.title), story.title)
    part = "" if len(about) > 40 else f"_{story.ordinal + 1}"
    return f"{ascii_slug(about, '_')[:60]}{part}{ending}"


def _magnitude(site: Site) -> Made | None:
    """A number as large as such things are, where the call that sets it allows that."""
    bounds = stated_at(site.toolset, site.entity.key, site.pointer, site.schema)
    if {"minimum", "maximum"} & bounds.keys() and (made := within_bounds(site, bounds)) is not None:
        return made
    return magnitude_leaf(site)


_RULES: tuple[Callable[[Site], Made | None], ...] = (
    _fixed,
    _identity,
    subject_leaf,
    sure_leaf,
    reference_leaf,
    month_leaf,
    slug_leaf,
    _label,
    account_leaf,
    organisation_leaf,
    person_leaf,
    planned_leaf,
    time_leaf,
    flag_leaf,
    language_leaf,
    enum_leaf,
    mark_leaf,
    sort_leaf,
    result_leaf,
    usual_leaf,
    example_leaf,
    charge_leaf,
    whole_price_leaf,
    _magnitude,
    measure_leaf,
    format_leaf,
    amount_leaf,
    remark_leaf,
    text_leaf,
)


def _fitting(site: Site, made: Made) -> Made:
    """Lengths and bounds of the schema are kept, whatever the rule gives."""
    fill, lasting = made
    longest = site.schema.get("maxLength")
    if longest is not None:
        shorten = fill

        def fill(story: Story) -> Json:
            value = shorten(story)
            return value[:longest] if isinstance(value, str) else value

    if "string" in site.types and "integer" not in site.types and "number" not in site.types:
        return _as_text(fill), lasting
    return fill, lasting


def _as_text(fill: Fill) -> Fill:
    def run(story: Story) -> Json:
        value = fill(story)
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, (int, float)) else value

    return run


def _last_resort(site: Site) -> Made:
    """An optional field nobody knows is left out; a required one gets the plainest value its schema allows."""
    if not site.required:
        return blank(site), True
    schema = site.schema
    kinds = site.types
    if schema.get("enum") or "default" in schema or site.nullable:
        return blank(site), True
    if "integer" in kinds or "number" in kinds:
        least = int(unfamiliar(site.toolset, site.entity.toolkit))
        low = schema.get("minimum", least)
        high = min(schema.get("maximum", low + 20), low + _UNKNOWN)
        return (lambda story: low + mix(story.bits, site.salt) % int(high - low + 1)), False
    if "boolean" in kinds:
        return (lambda story: False), True
    given = next((text for text in schema.get("examples", ()) if isinstance(text, str)), "")
    if (
        "string" in kinds
        and given.isalpha()
        and site.words
        and site.words[-1] in _SORTS | {"state", "status"}
    ):
        return (lambda story: given), True
    said = spoken(given) and not schema.keys() & {"pattern", "format"} and valid(schema, given)
    if "string" in kinds and said:
        return (lambda story: given), True  # one that people say, and no code of that form
    if "string" in kinds and (schema.get("pattern") or schema.get("format") or schema.get("examples")):
        return (lambda story: styled(schema, story.bits ^ site.salt, year_of(story))), True
    if "string" in kinds:
        return _plain_text(site), site.words[-1:] != () and site.words[
            -1
        ] in _STYLED  # an id is given at once
    return blank(site), True


_UNKNOWN = 100  # how far a number that nobody knows goes: a bound of a million is a limit, no size
_STYLED = {"id", "uid", "uuid", "guid", "key", "token", "hash", "secret", "sid", "gid", "code", "reference"}
_SORTS = {"type", "kind", "mode", "category", "class", "style", "level"}


def _plain_text(site: Site) -> Fill:
    """A required text nobody knows: what its last word asks for at most, else nothing rather than a sentence."""
    last = site.words[-1] if site.words else ""
    if site.facet == "number_key" and unfamiliar(site.toolset, site.entity.toolkit):
        first = 100 + site.salt % 400
        return lambda story: str(
            5000 + mix(story.bits, site.salt) % 4000 if story.fresh else first + story.ordinal * 7
        )
    if last in _STYLED:
        return lambda story: styled(site.schema, story.bits ^ site.salt)
    if site.facet in ("count", "number", "amount", "ordinal", "number_key") or last in (
        "quantity",
        "count",
        "size",
    ):
        return lambda story: str(1 + mix(story.bits, site.salt) % 9)
    if last in ("handle", "username", "slug", "login"):
        return lambda story: ascii_slug(story.title, "-") or hex16(story.bits)
    if (named := named_thing(site)) is not None:
        return named
    usual = {"duration": "PT30M", "time": "09:00"}.get(last, "standard" if last in _SORTS else "")
    for neutral in (usual, "standard", "1"):
        if valid(site.schema, neutral):
            return lambda story: neutral
    return lambda story: fitted(story.title or hex16(story.bits), site.schema)
