"""The key of something new that has a name besides: the name as keys are written, by whichever is asked for first."""

from __future__ import annotations

from collections.abc import Callable

from callsmith.records import Json, Parameter, Tool
from callsmith.schema import valid
from callsmith.world.fields.slugs import in_words
from callsmith.world.inferred.errand import Running
from callsmith.world.scene import ascii_slug

_Titled = Callable[[], Json]


def own_key(world: Running, tool: Tool, parameter: Parameter, titled: _Titled) -> Json | None:
    """The key that whoever makes a record gives it; None for any other key, and where the name makes none."""
    kind = world.population.kinds.get(tool.entity)
    if (
        kind is None
        or tool.deed != "create"
        or not parameter.sets
        or parameter.sets != kind.entity.id_pointer
    ):
        return None
    title = world.sorts.pop(_slot(tool), "") or titled()
    if not isinstance(title, str) or not title:
        return None
    world.sorts[_slot(tool)] = title
    key = ascii_slug(title, "-")
    return key if valid(parameter.schema, key) else None


def beside_key(world: Running, tool: Tool, parameter: Parameter, title: Json) -> Json:
    """The name of something new: that which its key is made of, in words where names are."""
    kind = world.population.kinds.get(tool.entity)
    keyed = kind is not None and any(p.sets == kind.entity.id_pointer != "" for p in tool.inputs)
    if kind is None or not keyed or parameter.sets != kind.entity.label_pointer or not isinstance(title, str):
        return title
    known = world.sorts.pop(_slot(tool), "")
    if not known:
        world.sorts[_slot(tool)] = title
    return in_words(kind.entity, known or title)


def _slot(tool: Tool) -> str:
    return f"{tool.name}\ncalled"
