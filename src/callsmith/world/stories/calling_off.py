"""What a record says of its own cancellation: who called it off, when and why."""

from __future__ import annotations

from collections.abc import Mapping

from callsmith.catalog import data
from callsmith.records import Json, Parameter, Person, Schema
from callsmith.schema import settle, types
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.dice import mix, pick
from callsmith.world.stories.naming import split
from callsmith.world.stories.story import Ground, Story

_GROUP = {"cancellation", "cancelation"}
_HOSTS = ("host", "organizer", "organiser", "owner", "user", "merchant")


def is_account(name: str) -> bool:
    """Whether a group of fields of this name tells of a cancellation."""
    return bool(_GROUP & set(split(name)))


def accounts_of(schema: Schema) -> tuple[tuple[str, Schema], ...]:
    """Pointer and schema of the groups of a record that tell of its cancellation."""
    groups = ((name, settle(child)) for name, child in schema.get("properties", {}).items())
    return tuple(
        (f"/{name}", group) for name, group in groups if is_account(name) and group.get("properties")
    )


def account_leaf(site: Site) -> tuple[Fill, bool] | None:
    """A field inside such a group."""
    if not any(map(is_account, site.path[:-1])):
        return None
    part = _part(site.name, site.schema)
    if part == "by":
        mail = site.schema.get("format") == "email"
        return (lambda story: _shown(_caller(story), mail)), False
    if part == "side":
        hosts, guests = _sides(site.schema)
        return (lambda story: hosts if _by_host(story) else guests), False
    if part == "reason":
        absent = "" if site.required and not site.nullable else site.absent
        reasons = data.read("catalog/lexicon/bodies.yaml")["cancellation"]
        return (lambda story: pick(reasons, story.bits, 98) if mix(story.bits, 99) % 2 else absent), False
    return None


def account(schema: Schema, given: Mapping[str, Json], moment: Json, ground: Ground) -> dict[str, Json]:
    """The group as it stands once the user has called something off, with what the call itself told (``given``)."""
    told: dict[str, Json] = {}
    for name, child in schema["properties"].items():
        leaf = settle(child)
        part = _part(name, leaf)
        if name in given:
            told[name] = given[name]
        elif part == "by":
            told[name] = _shown(ground.scene.user, leaf.get("format") == "email")
        elif part == "side":
            told[name] = _sides(leaf)[0]
        elif part == "moment":
            told[name] = moment
    return told


def stated_of(schema: Schema, stated: list[tuple[Parameter, Json]]) -> dict[str, Json]:
    """What a call says of the cancellation it brings about: its reason."""
    names = schema["properties"]
    return {parameter.name: value for parameter, value in stated if parameter.name in names}


def _part(name: str, schema: Schema) -> str:
    words = split(name)
    if schema.get("enum"):
        return "side" if all(_sides(schema)) else ""
    if schema.get("format") == "date-time":
        return "moment"
    if "string" not in types(schema):
        return ""
    return "by" if words[-1:] == ("by",) else "reason" if "reason" in words else ""


def _sides(schema: Schema) -> tuple[Json, Json]:
    """The choices that name the host and the guest."""
    options = [option for option in schema["enum"] if option is not None]
    hosts = [option for option in options if str(option).lower() in _HOSTS]
    guests = [option for option in options if option not in hosts]
    return (hosts or [None])[0], (guests or [None])[0]


def _by_host(story: Story) -> bool:
    return _guest(story) is None or mix(story.bits, 97) % 3 > 0


def _guest(story: Story) -> Person | None:
    return story.subject or (story.others[0] if story.others else None)


def _caller(story: Story) -> Person | None:
    return story.author or story.population.scene.user if _by_host(story) else _guest(story)


def _shown(person: Person | None, mail: bool) -> Json:
    return "" if person is None else person.email if mail else person.name
