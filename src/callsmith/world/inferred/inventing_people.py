"""People a person might name in a request, and what they measure: a colleague, a customer, somebody new."""

from __future__ import annotations

from callsmith.catalog.bodily import measures_of, usual_years
from callsmith.catalog.organisations import organisation
from callsmith.records import Entity, Json, Parameter, Person, Tool
from callsmith.schema import types
from callsmith.seeds import Rng
from callsmith.world.fields.organisations import bodies
from callsmith.world.inferred.errand import Running
from callsmith.world.scene import employed
from callsmith.world.stories.bearers import accounts, bearer, those
from callsmith.world.stories.families import family_of
from callsmith.world.stories.naming import split

NEW_PEOPLE = ("customer", "contact", "invitee", "patron", "staff")


_OUTSIDE = (*NEW_PEOPLE, "payment", "invoice", "subscription")


def somebody(world: Running, tool: Tool, parameter: Parameter, rng: Rng) -> Person:
    kind = world.population.kinds.get(tool.entity)
    family = family_of(kind.entity).name if kind else ""
    if family in NEW_PEOPLE and tool.deed == "create":
        return _newcomer(world, tool, parameter.pointer, rng)
    noun = bearer(parameter.name, kind.entity, family, world.population.toolset)[0] if kind else ""
    if noun:
        return _borne(world, tool, noun, parameter.pointer, rng)
    people = [person for person in world.scene.people if person.relation != "friend"]
    if family in _OUTSIDE:
        people = [person for person in people if person.relation == "client"] or people
    elif rng.random() < 0.6:
        people = [person for person in people if person.relation == "colleague"]
    return rng.choice(people)


def of_a_body(world: Running, tool: Tool, entity: Entity, parameter: Parameter, rng: Rng) -> Json | None:
    """What somebody measures who is as old as was last thought; None for a number that is of no body."""
    found = measures_of(entity).get((parameter.sets or parameter.pointer)[1:])
    if found is None:
        return None
    years = world.invented.get(f"{tool.name}\nborn", 0) or usual_years(entity.noun)
    return found.value(years, rng.getrandbits(60), "number" not in types(parameter.schema))


def some_body(world: Running, tool: Tool, parameter: Parameter, rng: Rng) -> str:
    """The name of a body of the kind that a parameter is called after, else the company of somebody; "" for none."""
    kind = organisation(split(parameter.name), str(parameter.schema.get("description") or ""))
    if not kind:
        return somebody(world, tool, parameter, rng).company
    return rng.choice(bodies(world.population, tool.toolkit, kind))


def handle(world: Running, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None:
    """What a person is known by: the name, where no accounts are kept."""
    kind = world.population.kinds.get(tool.entity)
    toolset = world.population.toolset
    named = kind is not None and bearer(parameter.name, kind.entity, kind.family.name, toolset)[0]
    person = somebody(world, tool, parameter, rng)
    return person.name if named or not accounts(toolset) else person.username


def _borne(world: Running, tool: Tool, noun: str, pointer: str, rng: Rng) -> Person:
    """Who is to be that to a record, such as its owner; name and number asked for in turn are one person's."""
    key = f"{tool.name}\n{noun}"
    person, told = world.newcomers.get(key, (None, ()))
    if person is None or pointer in told:
        person, told = rng.choice(those(world.population, tool.toolkit, noun)), ()
    world.newcomers[key] = (person, (*told, pointer))
    return person


def _newcomer(world: Running, tool: Tool, pointer: str, rng: Rng) -> Person:
    """Someone there is no record of; name, address and number asked for one after another are one person's."""
    person, told = world.newcomers.get(tool.name, (None, ()))
    if person is None or pointer in told:
        known = {str(value) for record in world.records(tool.entity) for value in record.values()}
        met = {other.email for other, _ in world.newcomers.values()} | {person.email if person else ""}
        outside = [
            one
            for one in world.population.strangers()
            if one.email not in known | met and one.name not in known
        ]
        person, told = rng.choice(outside or list(world.population.strangers())), ()
        if world.population.kinds[tool.entity].family.name == "staff":
            person = employed(person, world.scene)
    world.newcomers[tool.name] = (person, (*told, pointer))
    return person
