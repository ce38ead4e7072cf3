"""Names of machines' things in the likeness of the example that a description gives: services, projects, versions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from callsmith.catalog import data
from callsmith.catalog.machines import PARTS
from callsmith.records import Tool

_EXAMPLE = re.compile(
    r"(?:\be\.g\.|\bfor example|\bsuch as|\bexample:),? *[\"'`]?([a-z0-9][a-z0-9.-]*[a-z0-9])", re.IGNORECASE
)
_SLUG = re.compile(r"[a-z]+(?:-[a-z]+)+")
_VERSION = re.compile(r"(v?)([0-9]+)\.([0-9]+)\.([0-9]+)")


def exampled(tools: Sequence[Tool]) -> list[Tool]:
    """The tools with such names as examples, wherever an argument is called as one that a description gives one of."""
    shown: dict[str, list[str]] = {}
    for tool in tools:
        for name, schema in tool.parameters.get("properties", {}).items():
            if (
                name not in shown
                and _open(schema)
                and (names := _alike(str(schema.get("description") or "")))
            ):
                shown[name] = names
    return [_with(tool, shown) for tool in tools] if shown else list(tools)


def _open(schema: Any) -> bool:
    """Whether a text may be any."""
    return (
        isinstance(schema, Mapping)
        and schema.get("type") == "string"
        and not schema.keys() & {"enum", "format", "pattern", "examples", "default", "const"}
    )


def _alike(description: str) -> list[str]:
    found = _EXAMPLE.search(description)
    if found is None:
        return []
    example = found[1]
    if version := _VERSION.fullmatch(example):
        mark, first, second, third = version[1], int(version[2]), int(version[3]), int(version[4])
        near = [(second, third), (second, third + 1), (second + 1, 0), (second + 1, 2), (second + 3, 1)]
        return [f"{mark}{first}.{minor}.{patch}" for minor, patch in near]
    head, _, last = example.rpartition("-")
    if _SLUG.fullmatch(example) and last in PARTS:
        words = [
            word for word in data.read("catalog/lexicon/nouns.yaml")["words"]["service"] if word.isalpha()
        ]
        return [example, *(f"{word}-{last}" for word in words if word != head)]
    return []


def _with(tool: Tool, shown: Mapping[str, Sequence[str]]) -> Tool:
    properties = tool.parameters.get("properties", {})
    more = {
        name: {**schema, "examples": list(shown[name])}
        for name, schema in properties.items()
        if name in shown and _open(schema)
    }
    if not more:
        return tool
    return structs.replace(tool, parameters={**tool.parameters, "properties": {**properties, **more}})
