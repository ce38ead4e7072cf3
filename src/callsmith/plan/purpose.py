"""Whether a call that acts on a record says what it is for."""

from __future__ import annotations

from callsmith.catalog.grounds import is_ground
from callsmith.errors import PlanUnfit
from callsmith.plan.arguments.fill import Filled
from callsmith.plan.arguments.messages import BODY
from callsmith.plan.known import plain
from callsmith.records import Parameter, Tool

_SETTING = (
    "update",
    "change",
    "modify",
    "set",
    "set up",
    "configure",
    "adjust",
    "edit",
    "move",
    "reschedule",
    "postpone",
)


def purposeful(tool: Tool, filled: Filled) -> None:
    """Refuse an action that would be dictated text for its own sake, or that leaves out what it is for.

    Raises:
        PlanUnfit: it takes a text, or moves something without saying where to.
    """
    if any(p.facet in BODY and p.pointer in filled.arguments and not _for_this(tool, p) for p in tool.inputs):
        raise PlanUnfit(f"{tool.name} needs a text of its own")
    destinations = [
        p
        for p in tool.inputs
        if p.klass == "opaque_id" and p.pointer != tool.id_field and not p.scope and not _of_itself(tool, p)
    ]
    placed = any(p.required and p.sets and p.pointer in filled.arguments for p in tool.inputs)
    if destinations and not placed and not any(p.pointer in filled.arguments for p in destinations):
        raise PlanUnfit(f"{tool.name} does not say where to")
    settable = [p for p in tool.inputs if p.klass in ("preference", "content") and p.pointer != tool.id_field]
    if tool.verb in _SETTING and settable and not any(p.pointer in filled.arguments for p in settable):
        raise PlanUnfit(f"nobody asks to {tool.verb} something and says nothing of what")


def _of_itself(tool: Tool, parameter: Parameter) -> bool:
    """Whether an id that may be left out says more exactly which record, and not where to: a version of the object."""
    return not parameter.required and (
        tool.deed == "delete" or plain(parameter.name).startswith(("version", "revision"))
    )


def _for_this(tool: Tool, parameter: Parameter) -> bool:
    """Whether a text is why something is done, or the very thing that the tool adds: a note."""
    return is_ground(parameter.name) or f" {parameter.name.lower()} " in tool.phrase
