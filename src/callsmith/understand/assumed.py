"""Results of tools that declare none: the record itself, put together from what the tools take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import structs

from callsmith.records import Schema, Tool
from callsmith.understand.naming import Reading
from callsmith.understand.shapes import id_words
from callsmith.understand.subjects import Subject
from callsmith.understand.words import plural, singular, tokens

Words = tuple[str, ...]


def with_returns(
    tools: Sequence[Tool], readings: Sequence[Reading], subjects: Sequence[Subject]
) -> list[Tool]:
    """The tools, each with a result schema where one can be assumed.

    Only for nouns of which no tool declares a result: where some do, those say what a record is.
    """
    silent = {subject.noun for subject in subjects if subject.noun}
    for tool, subject in zip(tools, subjects, strict=True):
        if tool.returns:
            silent.discard(subject.noun)
    records = {noun: _record(noun, tools, readings, subjects) for noun in sorted(silent)}
    return [
        _with_return(tool, reading, subject.noun, records.get(subject.noun))
        for tool, reading, subject in zip(tools, readings, subjects, strict=True)
    ]


def _effect(reading: Reading) -> str:
    verb = reading.verb or reading.described
    return verb.effect if verb else ""


def _record(
    noun: Words, tools: Sequence[Tool], readings: Sequence[Reading], subjects: Sequence[Subject]
) -> dict[str, Any] | None:
    """The record as its makers and changers describe it; None when nothing makes or changes one."""
    found: dict[str, Schema] = {}
    for tool, reading, subject in zip(tools, readings, subjects, strict=True):
        if subject.noun != noun or subject.part or _effect(reading) not in ("create", "update"):
            continue
        for name, schema in tool.parameters.get("properties", {}).items():
            if not _is_id_of(name, noun):
                found.setdefault(name, schema)
    if not found:
        return None
    identity = {"type": "string", "description": f"ID of the {' '.join(noun)}."}
    return {
        "type": "object",
        "title": " ".join(noun),
        "properties": {"id": identity, **found},
        "required": ["id", *found],
    }


def _is_id_of(name: str, noun: Words) -> bool:
    words = tokens(name)
    return bool(words) and singular(words[-1]) in id_words() and words[:-1] in ((), noun, noun[-1:])


def _with_return(tool: Tool, reading: Reading, noun: Words, record: dict[str, Any] | None) -> Tool:
    effect = _effect(reading)
    if tool.returns or record is None or not effect:
        return tool
    if effect in ("list", "search") or (effect == "read" and reading.many):
        name = plural(noun[-1])
        items = {"type": "array", "items": record}
        return structs.replace(
            tool, returns={"type": "object", "properties": {name: items}, "required": [name]}
        )
    if effect == "delete":
        return structs.replace(tool, returns={"type": "object", "properties": {}})
    if effect in ("read", "create", "update", "act"):
        return structs.replace(tool, returns=record)
    return tool
