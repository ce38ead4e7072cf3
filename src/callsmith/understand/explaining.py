"""What was understood of a tool, in lines a person reads."""

from __future__ import annotations

from callsmith.records import Parameter, Tool, Toolset
from callsmith.understand.enquiring import effect_of
from callsmith.understand.inference import THRESHOLD, usable


def explain(tool: Tool, toolset: Toolset) -> list[str]:
    """Effect, entity, result and each parameter of a tool, with confidence and reasons."""
    entity = next((entity for entity in toolset.entities if entity.key == tool.entity), None)
    lines = [
        tool.name,
        f"  {tool.description}",
        f"  does      {effect_of(tool)}: {tool.phrase or '(nothing it can be called)'}  ({tool.confidence:.0%} sure)",
    ]
    lines += [f"            because {reason}" for reason in tool.reasons]
    if entity is not None:
        inside = f", inside {entity.parent}" if entity.parent else ""
        lines.append(f"  about     {entity.key}: people say {entity.noun!r}, {entity.plural!r}{inside}")
        lines.append(
            f"            known by {entity.id_pointer or '?'}, called by {entity.label_pointer or '?'}"
        )
    for found in tool.yields:
        lines.append(
            f"  returns   {'many' if found.many else 'one'} {found.entity} at {found.pointer or '(the result)'}"
        )
    for pointer, value in tool.state.items():
        lines.append(f"  state     {pointer} = {value!r}")
    if tool.id_field:
        lines.append(f"  names     its record by {tool.id_field}")
    for parameter in tool.inputs:
        lines += _parameter(parameter)
    if not usable(tool):
        lines.append(f"  not used in plans: {_why_not(tool)}")
    return lines


def _parameter(parameter: Parameter) -> list[str]:
    said = f"said as {parameter.phrase!r}" if parameter.phrase else "not said"
    marks = [parameter.klass, parameter.facet, said, f"{parameter.confidence:.0%} sure"]
    if parameter.required:
        marks.append("required")
    if parameter.scope:
        marks.append("says where")
    if parameter.refers:
        marks.append(f"names a {parameter.refers}")
    if parameter.sets:
        marks.append(f"writes {parameter.sets}")
    if parameter.filters:
        marks.append(f"restricts {parameter.filters} ({parameter.compare})")
    if parameter.confidence < THRESHOLD:
        marks.append("not used")
    lines = [f"  {parameter.pointer}: {', '.join(marks)}"]
    if parameter.reasons:
        lines.append(f"            because {'; '.join(parameter.reasons)}")
    return lines


def _why_not(tool: Tool) -> str:
    if tool.effect == "opaque":
        return tool.reasons[-1] if tool.reasons else "it is not understood"
    if tool.confidence < THRESHOLD:
        return f"only {tool.confidence:.0%} sure what it does"
    unsure = [
        parameter.pointer
        for parameter in tool.inputs
        if parameter.required and parameter.confidence < THRESHOLD
    ]
    return "it requires what is not understood: " + ", ".join(unsure)
