"""The key of something new that has a name besides: the name as keys are written, by whichever is asked for first."""

from __future__ import annotations

from collections.abc import Callable

from callsmith.records import Json, Parameter, Tool
from callsmith.schema import valid
from callsmith.world.fields.slugs import in_words
from callsmith.world.inferred.errand import Running
from callsmith.world.scene import ascii_slug

_Titled = Callable[[], Json]
# Apart, so that of two things made one after the other the second has a name of its own where no key was asked for.
_NAMED, _KEYED = "\nnamed", "\nkeyed"


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
    named = world.sorts.pop(f"{tool.name}{_NAMED}", "")
    title = named or titled()
    if not isinstance(title, str) or not title:
        return None
    if not named:
        world.sorts[f"{tool.name}{_KEYED}"] = title
    key = ascii_slug(title, "-")
    return key if valid(parameter.schema, key) else None


def beside_key(world: Running, tool: Tool, parameter: Parameter, title: Json) -> Json:
    """The name of something new: that which its key is made of, in words where names are."""
    kind = world.population.kinds.get(tool.entity)
    keyed = kind is not None and any(p.sets == kind.entity.id_pointer != "" for p in tool.inputs)
    if kind is None or not keyed or parameter.sets != kind.entity.label_pointer or not isinstance(title, str):
        return title
    keyed_by = world.sorts.pop(f"{tool.name}{_KEYED}", "")
    if not keyed_by:
        world.sorts[f"{tool.name}{_NAMED}"] = title
    return in_words(kind.entity, keyed_by or title)
