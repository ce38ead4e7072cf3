"""Values in the likeness of the example that a description gives: names of machines' things, blends, parts, grades."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from callsmith.catalog import data
from callsmith.catalog.likes import likes_of
from callsmith.catalog.machines import PARTS
from callsmith.records import Tool
from callsmith.understand.handled import handled
from callsmith.understand.words import singular, tokens

_EXAMPLE = re.compile(
    r"(?:\be\.g\.|\bfor example|\bsuch as|\bexample:),? *[\"'`]?([a-z0-9][a-z0-9.-]*[a-z0-9])", re.IGNORECASE
)
_PHRASE = re.compile(
    r"(?:\be\.g\.|\bfor example|\bexample:),? *[\"'`‘“]?([^\W_][^,;:()\[\]\"'`“”’\n]{0,38}?)"
    r"(?=[,;)\"'`”’\n]|\.? *$|\. | or | and )",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"(?:\be\.g\.|\bfor example|\bexamples?:|\bsuch as),? *"
    r"([^.;:()\[\]\n]*,[^.;:()\[\]\n]*?|[^.,;:()\[\]\n]+ or [^.,;:()\[\]\n]+?)(?=[;)\]\n]|\.? *$|\. )",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r",? (?:or|and) |, *")
_NAME = re.compile(r"[A-Z0-9][\w&+'/ -]{1,30}")
_GOING_ON = ("etc", "and so on", "...", "…", "")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?$")
_SLUG = re.compile(r"[a-z]+(?:-[a-z]+)+")
_VERSION = re.compile(r"(v?)([0-9]+)\.([0-9]+)\.([0-9]+)")
_FIXED = frozenset(["enum", "format", "pattern", "examples", "default", "const"])
_GENERAL = frozenset(
    "name title type kind code description notes note id status label value number reference category text query q "
    "search term keyword filter".split()
)
# What is known of these whatever example is given.
_KNOWN = frozenset(
    "city town country language currency street address postcode zip region timezone zone locale unit date time url"
    " email phone link website contact id".split()
)
_DEEP = 5
_WORDS = 4  # of an example that is a name


def exampled(tools: Sequence[Tool]) -> list[Tool]:
    """The tools with such values as examples, wherever a field is called as one that a description gives one of.

    So with what a description says somebody is named by.
    """
    tools = handled(tools)
    shown: dict[str, list[Any]] = {}
    for tool in tools:
        for schema in (tool.parameters, tool.returns):
            _gather(schema, shown, 0)
    return [_with(tool, shown) for tool in tools] if shown else list(tools)


def _gather(schema: Any, shown: dict[str, list[Any]], depth: int) -> None:
    if not isinstance(schema, Mapping) or depth > _DEEP:
        return
    for name, child in schema.get("properties", {}).items():
        if name not in shown and _open(child) and (found := _alike(name, child)):
            shown[name] = found
        _gather(child, shown, depth + 1)
    _gather(schema.get("items"), shown, depth + 1)


def _open(schema: Any) -> bool:
    """Whether a text or a number may be any."""
    return (
        isinstance(schema, Mapping)
        and bool({"string", "integer", "number"} & {*_kinds(schema)})
        and not schema.keys() & _FIXED
    )


def _kinds(schema: Mapping[str, Any]) -> list[str]:
    told = schema.get("type")
    return [told] if isinstance(told, str) else list(told) if isinstance(told, list) else []


def _alike(name: str, schema: Mapping[str, Any]) -> list[Any]:
    description = str(schema.get("description") or "")
    if "string" not in _kinds(schema):
        phrase = _PHRASE.search(description)
        number = _NUMBER.match(phrase[1]) if phrase else None
        return [float(number[0]) if "." in number[0] else int(number[0])] if number else []
    words = tuple(map(singular, tokens(name)))
    return _listed(words, description) or _slugs(description) or _names(words, description)


def _listed(name: Sequence[str], description: str) -> list[Any]:
    """The examples themselves, where a description gives several: "e.g. Salesforce, Jira or GitHub"."""
    found = None if {*name} & _KNOWN else _SEVERAL.search(description)
    named = [one.strip(" \"'`‘’“”") for one in _BETWEEN.split(found[1])] if found else []
    named = [one for one in named if one.lower().rstrip(".") not in _GOING_ON]
    fitting = all(_NAME.fullmatch(one) and one.count(" ") < _WORDS for one in named)
    return list(dict.fromkeys(named)) if len(named) > 1 and fitting else []


def _names(name: Sequence[str], description: str) -> list[Any]:
    """The example with others of its like, where it is the name of something."""
    phrase = _PHRASE.search(description)
    example = phrase[1].strip() if phrase else ""
    words = example.split()
    if {*name} & _KNOWN:
        return []
    if (
        not words
        or len(words) > _WORDS
        or "/" in example
        or "@" in example
        or "." in example
        or "_" in example
    ):
        return []
    return list(likes_of(example, name, ""))


def _slugs(description: str) -> list[Any]:
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


def _with(tool: Tool, shown: Mapping[str, Sequence[Any]]) -> Tool:
    parameters, returns = (_shown_in(schema, shown, 0) for schema in (tool.parameters, tool.returns))
    if parameters is tool.parameters and returns is tool.returns:
        return tool
    return structs.replace(tool, parameters=parameters, returns=returns)


def _shown_in(schema: Any, shown: Mapping[str, Sequence[Any]], depth: int) -> Any:
    """A schema in which such fields have their examples; itself where it has none of them."""
    if not isinstance(schema, Mapping) or depth > _DEEP:
        return schema
    made: dict[str, Any] = {}
    properties = {
        name: _held(name, _shown_in(child, shown, depth + 1), shown)
        for name, child in schema.get("properties", {}).items()
    }
    if any(properties[name] is not child for name, child in schema.get("properties", {}).items()):
        made["properties"] = properties
    items = _shown_in(schema.get("items"), shown, depth + 1)
    if items is not schema.get("items"):
        made["items"] = items
    return {**schema, **made} if made else schema


def _held(name: str, child: Any, shown: Mapping[str, Sequence[Any]]) -> Any:
    if name not in shown or not _open(child):
        return child
    text, words = "string" in _kinds(child), isinstance(shown[name][0], str)
    said = "e.g." in str(child.get("description") or "") or tokens(name)[-1] not in _GENERAL
    return {**child, "examples": list(shown[name])} if text == words and said else child
