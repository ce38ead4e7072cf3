"""The tools a configuration names, read from where they are and understood."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from msgspec import Struct, convert, structs

from callsmith.catalog import added, builtin
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


def load(kit: Toolkit) -> Loaded:
    """Read and understand one entry, once for what its files hold.

    Raises:
        SourceError: a toolkit is not known, a file is at fault, or nothing in it can be used.
        ConfigError: an overlay, or the user's catalogue, is at fault.
    """
    kit = resolved(kit)
    try:
        return _load(kit, tuple(digests(kit).items()))
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=str(error.filename)) from error


Skips = Sequence[Skipped]


def builtin_names() -> tuple[str, ...]:
    """The names that are taken: toolkits and bundles of the package."""
    return (*builtin.names(), *builtin.bundles())


def resolved(kit: Toolkit) -> Toolkit:
    """An entry that only names one of the user's own toolkits, as the user's catalogue has it."""
    if source_of(kit):
        return kit
    own = added.entries().get(kit.name)
    if own is None:
        return kit
    overlay = (*own.overlay, *kit.overlay)
    return structs.replace(
        own, weight=kit.weight, overlay=overlay, operations=kit.operations or own.operations
    )


def source_of(kit: Toolkit) -> str:
    """The key that says where an entry's tools are; "" for a name alone."""
    return next((key for key in added.KINDS.values() if getattr(kit, key)), "")


@lru_cache(maxsize=64)
def _load(kit: Toolkit, digest: tuple[tuple[str, str], ...]) -> Loaded:
    if not source_of(kit) and len(parts := _parts(kit.name)) > 1:
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


# How the kind of a file is told, by what stands in it; what else there is holds OpenAI tools.
_SIGNS: tuple[tuple[str, str], ...] = (
    ("openapi", r"""["']?(openapi|swagger)["']?\s*:\s*["']?[0-9]"""),
    ("discovery", r"""["']?kind["']?\s*:\s*["']discovery#restDescription"""),
    ("composio", r"""["']tool_input_parameters["']\s*:"""),
    ("anthropic", r"""["']input_schema["']\s*:"""),
    ("openai", ""),
)
# What may stand before a colon, and the key of an entry it stands for; what else has a colon is functions.
_PREFIXES = {"aws": "aws", "google": "discovery", "mcp": "mcp"}


def named(name: str) -> Loaded:
    """What goes by a name: see ``entry``.

    Raises:
        SourceError: as ``load``.
    """
    return load(entry(name))


def entry(name: str) -> Toolkit:
    """The entry a name stands for: a toolkit, one of the user's own, a bundle, several joined by ``+``, a file of
    tools, ``module:function``, or ``aws:s3`` and the like.

    Raises:
        SourceError: there is no such file.
    """
    if name.endswith((".json", ".yaml", ".yml")):
        if not Path(name).exists():
            raise SourceError("no such file", where=name)
        text = Path(name).read_text(encoding="utf-8", errors="replace")
        fields = Toolkit.__struct_fields__
        key = next(key for key, sign in _SIGNS if key in fields and re.search(sign, text))
        return convert({key: name}, Toolkit)
    prefix, colon, rest = name.partition(":")
    if colon and _PREFIXES.get(prefix, "") in Toolkit.__struct_fields__:
        return convert({_PREFIXES[prefix]: rest}, Toolkit)
    return Toolkit(functions=name) if colon else Toolkit(name=name)


def digests(kit: Toolkit) -> dict[str, str]:
    """The files an entry reads outside the package, by name, with a digest of what they hold."""
    kit = resolved(kit)
    if not source_of(kit) and "+" in kit.name:
        parts = [resolved(Toolkit(name=part.strip())) for part in kit.name.split("+")]
        return {key: value for part in parts if source_of(part) for key, value in digests(part).items()}
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


def _parts(name: str) -> tuple[str, ...]:
    bundles = builtin.bundles()
    if name in bundles:
        return bundles[name]
    known = builtin.names()
    parts = tuple(part.strip() for part in name.split("+"))
    for part in parts:
        if part not in known and part not in added.entries():
            raise SourceError(f"no toolkit called {part}", hint=nearest(part, (*known, *added.entries())))
    return parts


def _module(kit: Toolkit) -> str:
    return kit.functions.rpartition(":")[0]
