"""A small commented overlay for what an audit found wanting, for a user to correct."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from callsmith.audit import Audit, ParameterAudit, ToolAudit
from callsmith.catalog.overlays import CLASSES, EFFECTS, ToolFix
from callsmith.catalog.trades import trades

DOUBTFUL = 0.6  # tools and arguments understood less surely than this are put up for correction
MOST = 40  # tools in one overlay


class Proposed(Struct, frozen=True):
    """What a model proposes for one API.

    ``refused`` is why a proposal was left out, by the tool or kind of record it was for.
    """

    trade: str | None = None
    names: Mapping[str, Sequence[str]] = {}  # entity key -> what such records are called
    tools: Mapping[str, ToolFix] = {}
    refused: Mapping[str, str] = {}
    model: str = ""  # who proposes


def doubtful(found: Audit) -> list[ToolAudit]:
    """Tools that are left out, then doubtful ones; those with the fewest doubts, the quickest to mend, come first."""
    weak = [tool for tool in found.tools if _doubts(tool)]
    return sorted(weak, key=lambda tool: (not tool.excluded, len(_doubts(tool)), tool.name))


def overlay(found: Audit, proposed: Proposed | None = None) -> str:
    """The overlay's text. All of it is comments, but for what is proposed: read unchanged, it changes nothing."""
    proposed = proposed or Proposed()
    weak = doubtful(found)
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
    lines += [
        f"# Kinds of record: {names or 'none'}",
        "",
        *_business(found, proposed),
        *_nameless(found, proposed),
        "tools:",
    ]
    for tool in weak[:MOST]:
        lines += _mended(tool, proposed) if tool.name in proposed.tools else _tool(tool, proposed)
    if len(weak) > MOST:
        lines.append(f"  ## {len(weak) - MOST} more tools are doubtful; see callsmith tools audit --excluded")
    if not weak:
        lines.append("  ## nothing is left out, and nothing doubtful")
    return "\n".join(lines) + "\n"


def _business(found: Audit, proposed: Proposed) -> list[str]:
    """The line of business it is taken to be of, with the others that are known."""
    line = f"# trade: {found.trade}" if found.trade else '# trade: ""'
    mine = [_by(proposed), f"trade: {proposed.trade}"] if proposed.trade else [line]
    known = textwrap.wrap(", ".join(trades()), 110, initial_indent="## ", subsequent_indent="## ")
    return ["## the line of business, by which nouns are read and companies, people and names are drawn; one of:",
            *known, *mine, ""]  # fmt: skip


def _by(proposed: Proposed) -> str:
    return f"## proposed by {_line(proposed.model)}"


def _nameless(found: Audit, proposed: Proposed) -> list[str]:
    """Kinds of record whose names are only numbered, with names that are proposed or a place to write better ones."""
    if not found.numbered:
        return []
    lines = ["entities:", "  ## what these are called is not known: they are only numbered"]
    for key in found.numbered[:MOST]:
        noun = found.entities[key].capitalize()
        name = _said(key.partition(".")[2])
        if names := proposed.names.get(key):
            given = json.dumps({"names": [*names]}, ensure_ascii=False)
            lines += [f"  {_by(proposed)}", f"  {name}: {given}"]
            continue
        if why := proposed.refused.get(key):
            lines.append(f"  ## what was proposed does not hold: {_line(why)}")
        lines += [f"  # {name}:", f'  #   names: ["{noun} A", "{noun} B"]']
    return [*lines, ""]


def _doubts(tool: ToolAudit) -> Sequence[str]:
    found = [tool.name] if tool.excluded or tool.confidence < DOUBTFUL else []
    return found + [one.pointer for one in _unsure(tool)]


def _unsure(tool: ToolAudit) -> list[ParameterAudit]:
    return [one for one in tool.parameters if one.confidence < DOUBTFUL and one.klass != "plumbing"]


def _mended(tool: ToolAudit, proposed: Proposed) -> list[str]:
    """A tool with the correction that is proposed."""
    fix = json.dumps(msgspec.to_builtins(proposed.tools[tool.name]), ensure_ascii=False)
    why = _line(tool.excluded or "doubtful")
    return [f"  ## {why}", f"  {_by(proposed)}", f"  {_said(tool.name)}: {fix}"]


def _tool(tool: ToolAudit, proposed: Proposed) -> list[str]:
    lines = [f"  ## {_line(tool.excluded or 'doubtful')}"]
    if held := proposed.refused.get(tool.name):
        lines.append(f"  ## what was proposed does not hold: {_line(held)}")
    lines.append(f"  # {_said(tool.name)}:")
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
