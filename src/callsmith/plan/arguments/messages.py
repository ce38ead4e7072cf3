"""Which tools write to people, and by which arguments."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.plan.known import SURE
from callsmith.records import Parameter, Tool

BODY = ("body", "text")


def body_parameter(tool: Tool) -> Parameter | None:
    return next(
        (
            p
            for p in tool.inputs
            if p.facet in BODY and p.klass == "content" and p.confidence >= SURE and p.required
        ),
        None,
    )


def recipient_parameter(tool: Tool) -> Parameter | None:
    for parameter in tool.inputs:
        if parameter.facet in ("email", "phone") and parameter.required and parameter.confidence >= SURE:
            return parameter
    return None


def of_somebody(tool: Tool) -> bool:
    """Whether an address belongs to a person who is named beside it, and nothing is written to them: a new member."""
    named = any(p.facet == "person" and p.required and p.sets for p in tool.inputs)
    return named and body_parameter(tool) is None and bool((to := recipient_parameter(tool)) and to.sets)


_FILED = tuple("ticket case issue incident request complaint enquiry inquiry booking order claim".split())


def is_message(tool: Tool) -> bool:
    """Whether a tool writes to somebody; what is filed about a matter is no letter, though it says who is asking."""
    return tool.entity.rpartition(".")[2].rpartition("_")[2] not in _FILED and (
        tool.deed == "create" and body_parameter(tool) is not None and recipient_parameter(tool) is not None
    )


def of_one(tool: Tool) -> Sequence[Parameter]:
    """The name and the addresses of the one person whom a tool is told of beside other things: who books."""
    told = [
        p for p in tool.inputs if p.facet in ("person", "email", "phone") and p.sets and "*" not in p.pointer
    ]
    facets = [p.facet for p in told]
    apart = len({*facets}) == len(facets) and "person" in facets and len(facets) > 1
    return told if apart and any(p.name.lower().endswith("name") for p in told) else ()
