"""By what the records that are assumed are told apart: an id, a key that whoever makes one gives, or a reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.records import Schema, Tool
from callsmith.text import shown_coded
from callsmith.understand.shapes import id_words, numbered_by
from callsmith.understand.words import singular, tokens

Words = tuple[str, ...]

CHOSEN = ("key", "slug")
NAMING = "names"
"""What a tool does to a record that it is only told of: a loan is made of the book that is named."""


def arguments_of(tool: Tool) -> dict[str, Schema]:
    """The arguments whose names have a word in them."""
    found = tool.parameters.get("properties", {}).items()
    return {name: schema if isinstance(schema, Mapping) else {} for name, schema in found if tokens(name)}


def identifies(name: str, noun: Words) -> bool:
    words = tokens(name)
    return bool(words) and singular(words[-1]) in id_words() and words[:-1] in ((), noun, noun[-1:])


def own_key(noun: Words, members: Sequence[tuple[Tool, str]]) -> str:
    """The field by which records go whose key people think of, the key of a flag; "id" for all others."""
    made = [tool for tool, effect in members if effect == "create"]
    given = {
        tokens(name)[-1]
        for tool in made
        for name in tool.parameters.get("required", ())
        if identifies(name, noun)
    }
    return next((name for name in CHOSEN if given == {name}), "") or _reference(noun, members)


def _reference(noun: Words, members: Sequence[tuple[Tool, str]]) -> str:
    """The reference by which all tools that are told which record it is name one: ``booking_ref``; "id" else."""
    found = {
        name: schema
        for tool, effect in members
        if effect in ("read", "update", "act", "delete", NAMING)
        for name, schema in arguments_of(tool).items()
        if name in tool.parameters.get("required", ())
        and (identifies(name, noun) or _given_out(name, schema) in (noun, noun[-1:]))
        and schema.get("type") == "string"
    }
    return next((name for name in found if len(found) == 1 and _given_out(name, found[name])), "id")


def _given_out(name: str, schema: Schema) -> Words:
    """What a reference names: the booking of ``booking_ref``, the asset of a tag such as LT-04417."""
    words = tokens(name)
    coded = len(words) > 1 and singular(words[-1]) not in id_words() and shown_coded(schema)
    return words[:-1] if coded else numbered_by(words)


def identity_field(noun: Words, members: Sequence[tuple[Tool, str]], own: str = "id") -> dict[str, Any]:
    """The record's id or its ``own`` key, of the type in which tools take it."""
    if own != "id":
        taken = next((s for tool, _ in members for name, s in arguments_of(tool).items() if name == own), {})
        shown = {key: value for key, value in taken.items() if key not in ("default", "title")}
        return {"type": "string", "description": f"The {own} of the {' '.join(noun)}.", **shown}
    kinds = [schema.get("type") for tool, _ in members for name, schema in arguments_of(tool).items()
             if identifies(name, noun)]  # fmt: skip
    coded = next(
        (
            list(schema["examples"])
            for tool, _ in members
            for name, schema in arguments_of(tool).items()
            if identifies(name, noun) and shown_coded(schema) and "examples" in schema
        ),
        None,
    )
    kind = "integer" if kinds and all(one == "integer" for one in kinds) else "string"
    told = {"type": kind, "description": f"ID of the {' '.join(noun)}."}
    return {**told, "examples": coded} if coded else told
