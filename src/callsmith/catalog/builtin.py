"""The toolkits that come with the package, as raw tools."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import Any

from callsmith.catalog import data
from callsmith.errors import SourceError
from callsmith.ingest.refs import inline
from callsmith.records import Tool, Where

FOLDER = "catalog/toolkits"
BUNDLES = "catalog/bundles.yaml"


def names() -> tuple[str, ...]:
    """The names of the built-in toolkits, sorted."""
    return data.files(FOLDER)


def bundles() -> dict[str, tuple[str, ...]]:
    """Toolkits that people use together: bundle name -> toolkit names."""
    if not (data.ROOT / BUNDLES).exists():
        return {}
    content = data.read(BUNDLES)
    return {name: tuple(parts) for name, parts in content.get("bundles", content).items()}


def title(toolkit: str) -> str:
    """What people call the product: ``Google Calendar``."""
    return str(_content(toolkit).get("title", toolkit))


@cache
def _load(toolkit: str) -> tuple[Tool, ...]:
    content = _content(toolkit)
    source = f"{FOLDER}/{toolkit}.yaml"
    tools = []
    for index, entry in enumerate(content["tools"]):
        pointer = f"/tools/{index}"
        tools.append(
            Tool(
                name=entry["name"],
                toolkit=content["toolkit"],
                description=entry["description"],
                parameters=inline(entry["parameters"], content, f"{source}{pointer}/parameters"),
                returns=inline(entry.get("returns", {}), content, f"{source}{pointer}/returns", titled=True),
                where=Where(source, pointer),
                hints=entry.get("hints", {}),
            )
        )
    return tuple(tools)


def load(toolkit: str) -> list[Tool]:
    """The raw tools of a built-in toolkit, every ``$ref`` replaced by what it points to.

    Raises:
        SourceError: there is no such toolkit, or its file is at fault.
    """
    return list(_load(toolkit))


def _content(toolkit: str) -> dict[str, Any]:
    if toolkit not in names():
        close = get_close_matches(toolkit, names(), 1)
        hint = f"did you mean {close[0]}?" if close else "known: " + ", ".join(names())
        raise SourceError(f"no built-in toolkit {toolkit!r}", hint=hint)
    content: dict[str, Any] = data.read(f"{FOLDER}/{toolkit}.yaml")
    return content
