"""Names of the bodies that records tell of: the cafes that order, the schools that borrow."""

from __future__ import annotations

from callsmith.catalog import data
from callsmith.catalog.organisations import organisation
from callsmith.records import Entity, Json
from callsmith.schema import types
from callsmith.seeds import number
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import PEOPLE
from callsmith.world.stories.naming import split
from callsmith.world.stories.story import Ground, Story

_MANY = 26  # bodies of one kind that a house has to do with


def organisation_leaf(site: Site) -> tuple[Fill, bool] | None:
    """The name of the body a record is for, where its field says that it is one."""
    if not site.own or len(site.path) != 1 or site.refers or site.family in PEOPLE:
        return None
    if site.pointer == site.entity.label_pointer or not unfamiliar(site.toolset, site.entity.toolkit):
        return None
    kind = kind_at(site.entity, site.name, site.schema)
    if not kind:
        return None

    def run(story: Story) -> Json:
        names = bodies(story.population, site.entity.toolkit, kind)
        return names[mix(story.bits, site.salt) % len(names)]

    return run, False


def kind_at(entity: Entity, name: str, schema: Json) -> str:
    """The kind of body that a field names; "" for every other field."""
    if not isinstance(schema, dict) or types(schema)[:1] != ("string",) and "string" not in types(schema):
        return ""
    if schema.get("enum") or schema.get("format") or schema.get("pattern"):
        return ""
    return organisation(split(name), str(schema.get("description") or ""))


def bodies(population: Ground, toolkit: str, kind: str) -> tuple[str, ...]:
    """The names of the bodies of a kind in a world."""
    at = ("bodies", toolkit, kind)
    known: tuple[str, ...] | None = population.fields.get(at)
    if known is None:
        table = data.read("catalog/lexicon/organisations.yaml")
        own = population.scene.company.split(" ")[0]
        stems = [stem for stem in data.read("catalog/lexicon/names.yaml")["stems"] if stem != own]
        forms, spots = table["names"][kind], table["spots"]
        bits = number(population.bits, "bodies", toolkit, kind)
        made = (
            forms[(place + bits) % len(forms)].format(
                stem=stems[(bits + place * 7) % len(stems)], spot=spots[(bits // 7 + place * 3) % len(spots)]
            )
            for place in range(_MANY)
        )
        known = population.fields[at] = tuple(dict.fromkeys(made))
    return known
