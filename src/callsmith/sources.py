"""The tools a configuration names, read from where they are and understood."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from msgspec import Struct

from callsmith.catalog import builtin
from callsmith.catalog.overlays import read_overlay
from callsmith.config import Toolkit, nearest
from callsmith.errors import SourceError
from callsmith.ingest.functions import FunctionSource
from callsmith.ingest.names import prefixed, snake, toolkit_of
from callsmith.ingest.openai import OpenAISource
from callsmith.ingest.openapi import OpenAPISource
from callsmith.ports import Source
from callsmith.records import Skipped, Tool, Toolset
from callsmith.understand import merge, understand


class Loaded(Struct, frozen=True):
    """A toolset, and what of its source could not be used."""

    toolset: Toolset
    skipped: Sequence[Skipped] = ()


def title(kit: Toolkit) -> str:
    """What an entry is called: its own name, or that of the file or module it reads."""
    if kit.name:
        return kit.name
    return toolkit_of(kit.openapi or kit.openai or _module(kit).rpartition(".")[2])


@lru_cache(maxsize=64)
def load(kit: Toolkit) -> Loaded:
    """Read and understand one entry.

    Raises:
        SourceError: a toolkit is not known, a file is at fault, or nothing in it can be used.
    """
    if not (kit.openapi or kit.openai or kit.functions) and len(parts := _parts(kit.name)) > 1:
        return Loaded(merge(title(kit), [load(Toolkit(name=part)).toolset for part in parts]))
    read = list(_read(kit))
    skipped = [item for item in read if isinstance(item, Skipped)]
    tools = [item for item in read if isinstance(item, Tool)]
    if not tools:
        why = "; ".join(f"{item.name}: {item.reason}" for item in skipped[:3])
        raise SourceError("no tool can be used" + (f" ({why})" if why else ""), where=title(kit))
    overlays = [read_overlay(path) for path in kit.overlay]
    return Loaded(understand(title(kit), tools, overlays), skipped)


def notes(loaded: Sequence[Loaded]) -> list[str]:
    """What is not used, and why, in words: operations that were skipped, and tools that need knowledge."""
    skipped = {f"{item.name} was skipped: {item.reason}" for one in loaded for item in one.skipped}
    opaque = {tool.name for one in loaded for tool in one.toolset.tools if tool.effect == "opaque"}
    needing = [f"only ever distractors, as they need a model: {', '.join(sorted(opaque))}"] if opaque else []
    return sorted(skipped) + needing


def named(name: str) -> Loaded:
    """A built-in toolkit or bundle, or several joined by ``+``; or a file with OpenAI tools or an OpenAPI description.

    Raises:
        SourceError: as ``load``.
    """
    if name.endswith((".json", ".yaml", ".yml")):
        if not Path(name).exists():
            raise SourceError("no such file", where=name)
        described = '"openapi"' in Path(name).read_text(encoding="utf-8")
        return load(Toolkit(openapi=name) if described else Toolkit(openai=name))
    if ":" in name:
        return load(Toolkit(functions=name))
    return load(Toolkit(name=name))


def digests(kit: Toolkit) -> dict[str, str]:
    """The files an entry reads outside the package, by name, with a digest of what they hold."""
    paths = [path for path in (kit.openapi, kit.openai, *kit.overlay) if path]
    if kit.functions:
        module = _module(kit)
        found = None if module.endswith(".py") else importlib.util.find_spec(module)
        origin = found.origin if found else module
        paths += [origin] if origin and Path(origin).exists() else []
    return {Path(path).name: blake2b(Path(path).read_bytes(), digest_size=8).hexdigest() for path in paths}


def _read(kit: Toolkit) -> Iterator[Tool | Skipped]:
    if kit.openapi:
        yield from _operations(kit, OpenAPISource(kit.openapi, title(kit)))
    elif kit.openai:
        yield from OpenAISource(kit.openai, title(kit)).read()
    elif kit.functions:
        yield from FunctionSource(references(kit), title(kit)).read()
    else:
        yield from builtin.load(*_parts(kit.name))


def callables(kit: Toolkit) -> dict[str, Callable[..., Any]]:
    """The functions of an entry by the names of their tools, loaded by their import path."""
    return FunctionSource(references(kit), title(kit)).callables()


def references(kit: Toolkit) -> list[str]:
    """``module:one,two`` as one reference a function."""
    module, _, names = kit.functions.rpartition(":")
    return [f"{module}:{name.strip()}" for name in names.split(",")]


def _operations(kit: Toolkit, source: Source) -> Iterator[Tool | Skipped]:
    wanted = {form: name for name in kit.operations for form in (name, prefixed(title(kit), snake(name)))}
    met: set[str] = set()
    names: list[str] = []
    for item in source.read():
        names.append(item.name)
        if not wanted or item.name in wanted:
            met.add(wanted.get(item.name, ""))
            yield item
    for name in kit.operations:
        if name not in met:
            raise SourceError(f"no operation {name}", where=kit.openapi, hint=nearest(name, names))


@cache
def _parts(name: str) -> tuple[str, ...]:
    bundles = builtin.bundles()
    if name in bundles:
        return bundles[name]
    known = builtin.names()
    parts = tuple(part.strip() for part in name.split("+"))
    for part in parts:
        if part not in known:
            raise SourceError(f"no toolkit called {part}", hint=nearest(part, known))
    return parts


def _module(kit: Toolkit) -> str:
    return kit.functions.rpartition(":")[0]
