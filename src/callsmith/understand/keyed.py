"""Which field of a record it is named by in paths: ``/jobs/{jobNo}/quote`` of a job that shows a ``jobNo``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from callsmith.records import Schema, Tool
from callsmith.schema import settle, types
from callsmith.understand.entities import Nouns, canonical
from callsmith.understand.shapes import properties
from callsmith.understand.words import singular, tokens

_PLACED = re.compile(r"([^/{}]+)/\{([^/{}]+)\}")


def keys_of_paths(tools: Sequence[Tool], nouns: Nouns) -> dict[str, str]:
    """For each noun the field that most paths name such a record by."""
    votes: dict[str, Counter[str]] = {}
    for tool in tools:
        for name, noun in placed(tool, nouns).items():
            field = _field(name, nouns.drafts[noun].schemas)
            if field:
                votes.setdefault(noun, Counter())[field] += 1
    return {noun: max(sorted(count), key=lambda name: count[name]) for noun, count in votes.items()}


def placed(tool: Tool, nouns: Nouns) -> Mapping[str, str]:
    """The arguments in a tool's path, each with the noun of the record that it stands after."""
    found = {}
    for holder, name in _PLACED.findall(str(tool.hints.get("path", ""))):
        words = tokens(holder)
        one = (*words[:-1], singular(words[-1])) if words else ()
        places = [" ".join(canonical(one[start:])) for start in range(len(one))]
        noun = next((place for place in places if place in nouns.drafts), "")
        if noun:
            found[name] = noun
    return found


def _field(name: str, schemas: Sequence[Schema]) -> str:
    """The field of a record that is called as the argument is, and holds one text or whole number."""
    wanted = tokens(name)
    for schema in schemas:
        for field, inner in properties(schema).items():
            if tokens(field) != wanted:
                continue
            held = settle(inner)
            plain = set(types(held)) & {"string", "integer"} and "enum" not in held
            if plain and "date" not in str(held.get("format", "")):
                return field
    return ""
