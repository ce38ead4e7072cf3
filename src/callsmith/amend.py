"""A small commented overlay for what an audit found wanting, for a user to correct."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence

from callsmith.audit import Audit, ParameterAudit, ToolAudit
from callsmith.catalog.overlays import CLASSES, EFFECTS
from callsmith.catalog.trades import trades

DOUBTFUL = 0.6  # tools and arguments understood less surely than this are put up for correction
MOST = 40  # tools in one overlay


def overlay(found: Audit) -> str:
    """The overlay's text. All of it is comments: read unchanged, it changes nothing.

    Tools that are left out come before doubtful ones, those with the fewest doubts first: they are the
    quickest to mend.
    """
    doubtful = [tool for tool in found.tools if _doubts(tool)]
    doubtful.sort(key=lambda tool: (not tool.excluded, len(_doubts(tool)), tool.name))
    lines = [
        f"# Corrections of what is understood of {found.name}: {found.usable} of"
        f" {len(found.tools) + len(found.skipped)} operations are usable.",
        "# Take the # from a line, and from those above that it stands under, and put it right; ## are reasons.",
        f"# effect: {', '.join(EFFECTS)}",
        f"# class: {', '.join(CLASSES)}",
        "# Also: entity, verb, phrase, exclude, returns (a JSON Schema) of a tool; facet, phrase, refers, sets,",
        "# filters, compare, default, values, description of a parameter.",
    ]
    names = ", ".join(sorted(key.partition(".")[2] for key in found.entities)[:60])
    lines += [f"# Kinds of record: {names or 'none'}", "", *_business(found), *_nameless(found), "tools:"]
    for tool in doubtful[:MOST]:
        lines += _tool(tool)
    if len(doubtful) > MOST:
        lines.append(
            f"  ## {len(doubtful) - MOST} more tools are doubtful; see callsmith tools audit --excluded"
        )
    if not doubtful:
        lines.append("  ## nothing is left out, and nothing doubtful")
    return "\n".join(lines) + "\n"


def _business(found: Audit) -> list[str]:
    """The line of business it is taken to be of, with the others that are known."""
    told = found.trade or '""'
    known = textwrap.wrap(", ".join(trades()), 110, initial_indent="## ", subsequent_indent="## ")
    return ["## the line of business, by which nouns are read and companies, people and names are drawn; one of:",
            *known, f"# trade: {told}", ""]  # fmt: skip


def _nameless(found: Audit) -> list[str]:
    """Kinds of record whose names are only numbered, with a place to write better ones."""
    if not found.numbered:
        return []
    lines = ["entities:", "  ## what these are called is not known: they are only numbered"]
    for key in found.numbered[:MOST]:
        noun = found.entities[key].capitalize()
        lines += [f"  # {_said(key.partition('.')[2])}:", f'  #   names: ["{noun} A", "{noun} B"]']
    return [*lines, ""]


def _doubts(tool: ToolAudit) -> Sequence[str]:
    found = [tool.name] if tool.excluded or tool.confidence < DOUBTFUL else []
    return found + [one.pointer for one in _unsure(tool)]


def _unsure(tool: ToolAudit) -> list[ParameterAudit]:
    return [one for one in tool.parameters if one.confidence < DOUBTFUL and one.klass != "plumbing"]


def _tool(tool: ToolAudit) -> list[str]:
    why = tool.excluded or "doubtful"
    lines = [f"  ## {_line(why)}", f"  # {_said(tool.name)}:"]
    if tool.excluded or tool.confidence < DOUBTFUL:
        lines.append(f"  #   effect: {tool.effect}  # {tool.confidence:.2f}")
        lines.append(f"  #   entity: {_said(tool.entity.partition('.')[2])}")
        lines.append(f"  #   phrase: {_said(tool.phrase)}")
    unsure = _unsure(tool)
    if unsure:
        lines.append("  #   parameters:")
    for one in unsure:
        mark = "required, " if one.required else ""
        because = _line("; ".join(one.reasons))
        entry = f"class: {one.klass}, facet: {_said(one.facet)}, phrase: {_said(one.phrase)}"
        lines.append(f"  #     {_said(one.pointer)}: {{{entry}}}  # {mark}{one.confidence:.2f}: {because}")
    return lines


def _said(text: str) -> str:
    """A value as YAML: in quotes unless it is plainly a word."""
    return (
        text if text.replace("_", "").isalnum() and text.isascii() and text[0].isalpha() else json.dumps(text)
    )


def _line(text: str) -> str:
    return " ".join(text.split())[:160]
