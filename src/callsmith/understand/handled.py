"""Fields that hold what somebody signs in by, wherever a toolkit says of one of its name that it holds that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from callsmith.records import Tool
from callsmith.text import says_handle
from callsmith.understand.words import tokens

_DEEP = 5
_SAID = "Username."


def handled(tools: Sequence[Tool]) -> list[Tool]:
    """The tools in which one person goes by one thing: whoever made something by that of whoever changed it."""
    names: set[str] = set()
    for tool in tools:
        for schema in (tool.parameters, tool.returns):
            _gather(schema, names, 0)
    if not names:
        return list(tools)
    return [
        structs.replace(
            tool, parameters=_told(tool.parameters, names, 0), returns=_told(tool.returns, names, 0)
        )
        for tool in tools
    ]


def _gather(schema: Any, names: set[str], depth: int) -> None:
    if not isinstance(schema, Mapping) or depth > _DEEP:
        return
    for name, child in schema.get("properties", {}).items():
        if isinstance(child, Mapping) and _plain(child) and says_handle(str(child.get("description") or "")):
            names.add(name)
        _gather(child, names, depth + 1)
    _gather(schema.get("items"), names, depth + 1)


def _plain(schema: Mapping[str, Any]) -> bool:
    kinds = schema.get("type")
    return (kinds == "string" or isinstance(kinds, list) and "string" in kinds) and not schema.keys() & {
        "enum", "format", "const"
    }  # fmt: skip


def _told(schema: Any, names: set[str], depth: int) -> Any:
    """A schema that says so of such fields that it says nothing of; itself where it has none."""
    if not isinstance(schema, Mapping) or depth > _DEEP:
        return schema
    made: dict[str, Any] = {}
    own = schema.get("properties", {})
    inside = {name: _said(name, _told(child, names, depth + 1), names) for name, child in own.items()}
    if any(inside[name] is not child for name, child in own.items()):
        made["properties"] = inside
    items = _told(schema.get("items"), names, depth + 1)
    if items is not schema.get("items"):
        made["items"] = items
    return {**schema, **made} if made else schema


def _said(name: str, child: Any, names: set[str]) -> Any:
    if not isinstance(child, Mapping) or child.get("description") or not _plain(child):
        return child
    words = tokens(name)
    done = len(words) == 2 and words[1] == "by" and words[0].endswith("ed")
    return {**child, "description": _SAID} if done or name in names else child
