"""Choices and sorts stated together: the species that a schema lists, and a breed that is one of that species."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.catalog.belonging import topical
from callsmith.catalog.sorts import Sort
from callsmith.records import Json, Parameter, Tool
from callsmith.seeds import Rng
from callsmith.world.fields.sorts import REST, SORTING, sort_in
from callsmith.world.inferred.errand import Running
from callsmith.world.stories.naming import split

_MARK = 1000  # added to the place of a sort that was thought of before the choice it goes with


def option_of(
    world: Running, tool: Tool, parameter: Parameter, options: Sequence[Json], rng: Rng
) -> Json | None:
    """One of the choices a parameter lists, in agreement with a sort that goes with it."""
    named = [option for option in options if str(option).lower() not in REST] or list(options)
    kind = world.population.kinds.get(tool.entity)
    found = sort_in(world.population.toolset, kind.entity, parameter.name) if kind else None
    if topical(options) and tool.deed == "update" and kind and parameter.sets.count("/") == 1:
        return (
            None if {*split(parameter.name)} & SORTING else rng.choice(named)
        )  # what a thing is does not change
    if topical(options) and tool.deed == "create":
        return _of_name(world, tool, named, rng)
    if found is None or not found.pair or tool.deed != "create":
        return rng.choice(named)
    places = [place for place, value in enumerate(found.values) if value in named]
    if not places:
        return rng.choice(named)
    key = f"{tool.name}\n{found.pair}"
    place = world.invented.pop(key, -1) - _MARK
    place = place if place in places else rng.choice(places)
    world.invented[key] = place
    return found.values[place]


def _of_name(world: Running, tool: Tool, named: Sequence[Json], rng: Rng) -> Json:
    """The choice that the name thought of before tells; else one that a name thought of next has to fit."""
    told = world.sorts.pop(f"{tool.name}\nname", "")
    if told in named:
        return told
    value = rng.choice([option for option in named if topical([option, option])] or list(named))
    world.sorts[f"{tool.name}\nsort"] = str(value)
    return value


def sort_beside(world: Running, tool: Tool, found: Sort, rng: Rng) -> str | None:
    """A sort that goes with a choice stated beside it; None where it is not known which was made."""
    if tool.deed != "create":
        return None
    key = f"{tool.name}\n{found.pair}"
    place = world.invented.pop(key, -1)
    if not 0 <= place < len(found.values):
        allowed = _listed(world, tool, found)
        place = rng.choice(allowed or list(range(len(found.values))))
        world.invented[key] = place + _MARK
    return found.values[place]


def beside_choices(world: Running, tool: Tool, found: Sort) -> bool:
    """Whether a record lists the choices that a sort goes with."""
    return bool(_listed(world, tool, found))


def _listed(world: Running, tool: Tool, found: Sort) -> list[int]:
    """The places of sorts whose choice the schema of the record lists."""
    kind = world.population.kinds.get(tool.entity)
    if kind is None:
        return []
    for field in kind.entity.fields:
        options = field.schema.get("enum", ())
        other = sort_in(world.population.toolset, kind.entity, field.pointer[1:]) if options else None
        if other is not None and other.pair == found.pair and other != found:
            return [place for place, value in enumerate(other.values) if value in options]
    return []
