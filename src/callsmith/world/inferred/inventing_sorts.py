"""Sorts that somebody states of a new thing, in agreement with what it is called."""

from __future__ import annotations

from collections.abc import Callable

from callsmith.catalog.belonging import told_by_name
from callsmith.catalog.sorts import Sort
from callsmith.records import Json, Parameter, Tool, Toolset
from callsmith.seeds import Rng
from callsmith.world.fields.pairing import beside_choices, sort_beside
from callsmith.world.fields.sorts import akin, named_in, sort_in
from callsmith.world.inferred.errand import Running
from callsmith.world.stories.naming import split
from callsmith.world.stories.nouns import lexicon
from callsmith.world.stories.relations import Kind

_TRIES = 12
_ONE_SHOWN = 0.25  # how often somebody states the one sort that an example shows


def sort_for(
    world: Running, tool: Tool, parameter: Parameter, rng: Rng, title: Callable[[], str]
) -> Json | None:
    """A sort that people know; those that go together are asked for one after another.

    ``title``: what such a thing might be called, by which the sort is chosen where names tell it.
    """
    given: list[str] = [item for item in parameter.schema.get("examples", ()) if isinstance(item, str)]
    kind = world.population.kinds.get(tool.entity)
    found = sort_in(world.population.toolset, kind.entity, parameter.name) if kind else None
    if found is None or len(given) > 1 or given and not akin(given[0], found.values):
        alone = len(given) == 1 and not parameter.required and rng.random() > _ONE_SHOWN
        return rng.choice(given) if given and not alone else None
    if not found.pair:
        told = world.sorts.pop(f"{tool.name}\nname", "")
        if told in found.values:  # the name says it already
            return told
        if found.scheme:
            return _told(world, tool, found, rng, title)
        value = world.sorts[f"{tool.name}\nsort"] = rng.choice(found.plain)
        return value
    if beside_choices(world, tool, found):
        return sort_beside(world, tool, found, rng)
    key = f"{tool.name}\n{found.pair}"
    place = world.invented.pop(key, None)
    if place is None:
        place = world.invented[key] = rng.randrange(len(found.plain))
    return found.plain[place]


def _told(world: Running, tool: Tool, found: Sort, rng: Rng, title: Callable[[], str]) -> Json | None:
    """A sort of which there are such things; what a thing is does not change, so nobody states another."""
    if tool.deed in ("list", "search"):
        entries = world.overlay.entries(tool.entity)
        titles = [entry.story.title for entry in entries if entry.story is not None]
        known = sorted({told for title in titles if (told := found.told(title))})
        return rng.choice(known) if known else None
    if tool.deed != "create":
        return None
    value = next((told for _ in range(_TRIES) if (told := found.told(title()))), None)
    if value is not None:
        world.sorts[f"{tool.name}\nsort"] = value
    return value


def tellers(tool: Tool, kind: Kind | None, toolset: Toolset) -> list[Callable[[str], str]]:
    """What reads a sort that a call also states off the name of a thing."""
    found: list[Callable[[str], str]] = []
    for item in tool.inputs if kind is not None else ():
        options = [option for option in item.schema.get("enum", ()) if option is not None]
        if item.facet == "enum" and options:
            found.append(lambda title, options=options: str(told_by_name(title, options) or ""))  # type: ignore[misc]
        elif item.facet == "enum" and kind and (sort := sort_in(toolset, kind.entity, item.name)):
            found.append(lambda title, sort=sort: sort.told(title) or named_in(title, sort.values))  # type: ignore[misc]
    return found


def names_it(world: Running, tool: Tool, parameter: Parameter) -> bool:
    """Whether a text says what a new record is called, of which a schema shows no more than one."""
    kind = world.population.kinds.get(tool.entity)
    own = kind is not None and tool.deed == "create" and parameter.sets == kind.entity.label_pointer != ""
    last = split(parameter.name)[-1:]
    return (
        own
        and last in (("subject",), ("title",), ("name",))
        and len(parameter.schema.get("examples", ())) == 1
    )


def from_template(tool: Tool, rng: Rng) -> str:
    """The subject of what is made from a template to be signed, which says all else; "" for other things."""
    made = any(
        split(item.refers.rpartition(".")[2])[-1:] == ("template",) for item in tool.inputs if item.refers
    )
    asked = any({*split(item.pointer)} & {"signers", "signer", "signatories"} for item in tool.inputs)
    return rng.choice(lexicon()["words"]["signneutral"]) if made and asked else ""
