"""Tools that compute: units, time zones, arithmetic; and what their arguments are."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from callsmith.records import Parameter, Tool
from callsmith.schema import types
from callsmith.understand.naming import Reading, own_words, sign
from callsmith.understand.words import tokens


def figures(tool: Tool, reading: Reading, inputs: Sequence[Parameter]) -> bool:
    """Whether a verb that may be arithmetic is: the tool takes two or more figures and nothing else."""
    if not set(own_words(tool)) & sign("arithmetic") or reading.verb is None:
        return False
    needed = [parameter for parameter in inputs if parameter.required]
    allowed = [types(parameter.schema) for parameter in needed]
    several = len(needed) > 1 or any("/*" in parameter.pointer for parameter in needed)
    return several and all(kinds in (("number",), ("integer",)) for kinds in allowed)


def operands(inputs: Sequence[Parameter]) -> tuple[Parameter, ...]:
    """The arguments of a computation, as choices a person states."""
    return tuple(_operand(parameter) for parameter in inputs)


def _operand(parameter: Parameter) -> Parameter:
    words = tokens(parameter.name)
    kinds = types(parameter.schema)
    why = "it goes into a computation"
    if parameter.facet == "time_zone" or "zone" in words or "timezone" in words:
        facet, sure = "time_zone", 0.8
    elif "number" in kinds or "integer" in kinds:
        facet, sure = (
            "number" if parameter.confidence < 0.5 else parameter.facet,
            max(parameter.confidence, 0.7),
        )
    elif set(words) & sign("operands"):
        facet, sure = "text", 0.65
    else:
        return parameter
    return structs.replace(
        parameter, facet=facet, klass="preference", confidence=sure, reasons=(*parameter.reasons, why)
    )
