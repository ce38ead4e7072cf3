"""The tools a configuration names, read from where they are and understood."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, structs

from callsmith import looking, surveys
from callsmith.catalog import added, builtin
from callsmith.catalog.overlays import read_overlay
from callsmith.config import FILES, SOURCES, Toolkit
from callsmith.errors import SourceError, nearest
from callsmith.ingest import aws, composio, discovery
from callsmith.ingest.anthropic import AnthropicSource
from callsmith.ingest.aws import AwsSource
from callsmith.ingest.composio import ComposioSource
from callsmith.ingest.discovery import DiscoverySource
from callsmith.ingest.documents import load_document
from callsmith.ingest.fixtures import read_table
from callsmith.ingest.functions import FunctionSource, module_of, references
from callsmith.ingest.mcp import MCPSource
from callsmith.ingest.names import prefixed, snake, toolkit_of
from callsmith.ingest.openai import OpenAISource
from callsmith.ingest.openapi import OpenAPISource
from callsmith.ports import Source
from callsmith.records import Skipped, Tool, Toolset
from callsmith.understand import merge, understand
from callsmith.understand.populating import populated
from callsmith.world.journal import Maker
from callsmith.world.python import worlds_of
from callsmith.world.staging.world import FORBIDDEN, fenced
from callsmith.world.stories.numbered import without_unnamed

# Keys at the top of a file that tell its kind.
_SIGNS = {"openapi": "openapi", "swagger": "openapi", "discoveryVersion": "discovery", "shapes": "aws"}

SURE = 0.6  # below it a tool is not used


class Loaded(Struct, frozen=True):
    """A toolset, and what of its source could not be used."""

    toolset: Toolset
    skipped: Sequence[Skipped] = ()


def title(kit: Toolkit) -> str:
    """What an entry is called: its own name, or that of the file, API or module it reads."""
    if kit.name:
        return kit.name
    if len(kit.toolkits) == 1:
        return kit.toolkits[0]
    if kit.functions:
        module = module_of(kit.functions)
        return toolkit_of(module if module.endswith(".py") else module.rpartition(".")[2])
    named = (kit.discovery or kit.aws).partition("/")[0]
    return snake(named) if named and not _is_file(named) else toolkit_of(_given(kit)[1])


def _given(kit: Toolkit) -> tuple[str, str]:
    """The kind of source an entry reads and what is named there; ("", "") for what is built in."""
    return next(((kind, getattr(kit, kind)) for kind in SOURCES if getattr(kit, kind)), ("", ""))


def _is_file(named: str) -> bool:
    return named.endswith((".json", ".yaml", ".yml", ".gz"))


def entries(kits: Sequence[Toolkit]) -> tuple[Toolkit, ...]:
    """The entries with one for each toolset: a file of many toolkits becomes one a bundle and one a toolkit.

    Raises:
        SourceError: such a file is at fault.
    """
    return tuple(one for kit in kits for one in (_each(kit) if kit.composio else (kit,)))


def _each(kit: Toolkit) -> Iterator[Toolkit]:
    wanted = kit.toolkits or tuple("+".join(names) for names in composio.toolsets(kit.composio))
    for name in wanted:
        called = name if not kit.name else kit.name if len(wanted) == 1 else f"{kit.name}-{name}"
        yield structs.replace(kit, name=called, toolkits=(name,), weight=kit.weight / len(wanted))


@lru_cache(maxsize=4096)
def load(kit: Toolkit) -> Loaded:
    """Read and understand one entry, with the records of its fixtures.

    Raises:
        SourceError: a toolkit is not known, a file is at fault, or nothing in it can be used.
        ConfigError: an overlay, or the user's catalogue, is at fault.
    """
    kit = resolved(kit)
    try:
        # What a server of tools offers is asked once; files are read again when they have changed.
        loaded = _load(kit, () if kit.mcp is not None else tuple(digests(kit).items()))
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=str(error.filename)) from error
    if kit.http is not None or kit.mcp is not None or kit.functions:
        return loaded  # its records are real, and so are their names
    return structs.replace(loaded, toolset=without_unnamed(loaded.toolset))


@lru_cache(maxsize=4096)
def _load(kit: Toolkit, _: tuple[tuple[str, str], ...]) -> Loaded:
    if kit.fixtures:
        loaded = _load(structs.replace(kit, fixtures=()), _)
        tables = [(noun, read_table(file)) for noun, file in kit.fixtures]
        return structs.replace(loaded, toolset=populated(loaded.toolset, tables))
    if not _sourced(kit) and len(parts := _parts(kit.name)) > 1:
        return Loaded(merge(title(kit), [load(Toolkit(name=part)).toolset for part in parts]))
    read = [valued(item, kit) if isinstance(item, Tool) else item for item in _read(kit)]
    skipped = [item for item in read if isinstance(item, Skipped)]
    tools = [item for item in read if isinstance(item, Tool)]
    if not tools:
        why = "; ".join(f"{item.name}: {item.reason}" for item in skipped[:3])
        raise SourceError("no tool can be used" + (f" ({why})" if why else ""), where=title(kit))
    if kit.functions:
        tools = looking.of_functions(
            FunctionSource(references(kit.functions), title(kit)), tools, kit.timeout
        )
    if kit.mcp is not None and not kit.mcp.replay:
        tools = looking.of_server(kit.mcp, tools)
    overlays = [read_overlay(path) for path in kit.overlay]
    toolset = understand(title(kit), tools, overlays)
    return Loaded(fenced(toolset, kit.http) if kit.http is not None else toolset, skipped)


def notes(loaded: Sequence[Loaded]) -> list[str]:
    """What is not used, and why, in words: operations that were skipped, and tools that need knowledge."""
    skipped = {f"{item.name} was skipped: {item.reason}" for one in loaded for item in one.skipped}
    tools = [tool for one in loaded for tool in one.toolset.tools]
    idle = {
        f"{tool.name} is only ever a distractor: {tool.reasons[-1].removeprefix('not called: ')}"
        for tool in tools
        if tool.hints.get("live") and (tool.effect == "opaque" or tool.confidence < SURE)
    }
    opaque = {tool.name for tool in tools if tool.effect == "opaque" and not tool.hints.get("live")}
    reasons: dict[str, list[str]] = {}
    for tool in tools:
        if tool.name in opaque:
            reasons.setdefault(tool.reasons[-1] if tool.reasons else "not understood", []).append(tool.name)
    needing = [
        f"only ever distractors: {', '.join(sorted({*names}))} ({why})" for why, names in reasons.items()
    ]
    kept = {
        tool.name
        for one in loaded
        for tool in one.toolset.tools
        if FORBIDDEN in tool.hints and not tool.hints.get("live")
    } - opaque
    fenced_off = (
        [f"only ever distractors, as they may not be called: {', '.join(sorted(kept))}"] if kept else []
    )
    return sorted(skipped) + sorted(idle) + needing + fenced_off


def named(name: str) -> Loaded:
    """What goes by a name: see ``entry``.

    Raises:
        SourceError: as ``load``.
    """
    return load(entry(name))


def entry(name: str) -> Toolkit:
    """The entry a name stands for: a toolkit, one of the user's own, a bundle, several joined by ``+``, a file with
    tools in any shape that is known, ``discovery:tasks``, ``aws:s3`` and the like, or ``module:function``.

    Raises:
        SourceError: there is no such file, or it holds nothing that is known.
    """
    if name.endswith(".py"):
        return Toolkit(functions=name)
    if _is_file(name) and ":" not in name:
        return _entry(_kind_of(name), name)
    kind, _, inside = name.partition(":")
    if inside and added.KINDS.get(kind):
        return _entry(added.KINDS[kind], inside)
    return Toolkit(functions=name) if ":" in name else Toolkit(name=name)


def _entry(kind: str, named: str) -> Toolkit:
    return msgspec.convert({kind: named}, Toolkit)


def _sourced(kit: Toolkit) -> bool:
    """Whether an entry says where its tools are, and not only what they are called."""
    return bool(_given(kit)[0] or kit.mcp)


Skips = Sequence[Skipped]


def builtin_names() -> tuple[str, ...]:
    """The names that are taken: toolkits and bundles of the package."""
    return (*builtin.names(), *builtin.bundles())


def resolved(kit: Toolkit) -> Toolkit:
    """An entry that only names one of the user's own toolkits, as the user's catalogue has it.

    Raises:
        ConfigError: the catalogue is at fault.
    """
    own = None if _sourced(kit) else added.entries().get(kit.name)
    if own is None:
        return kit
    overlay = (*own.overlay, *kit.overlay)
    operations = kit.operations or own.operations
    return structs.replace(own, weight=kit.weight, overlay=overlay, operations=operations)


def digests(kit: Toolkit) -> dict[str, str]:
    """The files an entry reads outside the package, by name, with a digest of what they hold."""
    kit = resolved(kit)
    if not _sourced(kit) and "+" in kit.name:
        parts = [resolved(Toolkit(name=part.strip())) for part in kit.name.split("+")]
        return {key: value for part in parts if _sourced(part) for key, value in digests(part).items()}
    if kit.mcp is not None:
        return {f"tools of {title(kit)}": load(kit).toolset.hash, **_folder(kit.mcp.sandbox)}
    kind, named = _given(kit)
    paths = [named] if kind in FILES else []
    paths += [str(discovery.located(named))] if kind == "discovery" else []
    paths += [str(aws.located(named))] if kind == "aws" else []
    paths += [*kit.overlay, *(file for _, file in kit.fixtures)]
    if kit.functions:
        module = module_of(kit.functions)
        found = None if module.endswith(".py") else importlib.util.find_spec(module)
        origin = found.origin if found else module
        paths += [origin] if origin and Path(origin).exists() else []
    return {Path(path).name: blake2b(Path(path).read_bytes(), digest_size=8).hexdigest() for path in paths}


def _folder(path: str) -> dict[str, str]:
    """One digest of all files in a folder, by the folder's name."""
    if not path:
        return {}
    whole = blake2b(digest_size=8)
    for file in sorted(item for item in Path(path).rglob("*") if item.is_file()):
        whole.update(file.relative_to(path).as_posix().encode() + b"\0")
        whole.update(blake2b(file.read_bytes()).digest())
    return {Path(path).name: whole.hexdigest()}


def _read(kit: Toolkit) -> Iterator[Tool | Skipped]:
    if kit.mcp is not None:
        yield from MCPSource(kit.mcp, title(kit)).read()
        return
    kind, named = _given(kit)
    if not kind:
        yield from builtin.load(*_parts(kit.name))
        return
    makers: dict[str, Callable[[], Source]] = {
        "openapi": lambda: OpenAPISource(named, title(kit)),
        "discovery": lambda: DiscoverySource(named, title(kit)),
        "aws": lambda: AwsSource(named, title(kit)),
        "openai": lambda: OpenAISource(named, title(kit)),
        "anthropic": lambda: AnthropicSource(named, title(kit)),
        "composio": lambda: ComposioSource(named, _joined(kit.toolkits)),
        "functions": lambda: FunctionSource(references(kit.functions), title(kit)),
    }
    read = makers[kind]().read()
    yield from _wanted(kit, read) if kit.operations else read


def valued(tool: Tool, kit: Toolkit) -> Tool:
    """A tool with the values that are declared for its parameters, which it is not defined by."""
    own = {
        name: values for name, values in kit.values.items() if name in tool.parameters.get("properties", {})
    }
    return structs.replace(tool, hints={**tool.hints, "values": own}) if own else tool


def _joined(toolkits: Sequence[str]) -> tuple[str, ...]:
    return tuple(part.strip() for name in toolkits for part in name.split("+"))


def _kind_of(path: str) -> str:
    """What kind of source a file is, by the keys at its top.

    Raises:
        SourceError: it cannot be read, or is none of them.
    """
    if path.endswith(".gz"):
        return "aws"
    content = load_document(path)
    inside = content if isinstance(content, Mapping) else {}
    for sign, kind in _SIGNS.items():
        if sign in inside:
            return kind
    entries = inside.get("tools") or inside.get("toolkits") or inside.get("items") or content
    first = entries[0] if isinstance(entries, list) and entries else {}
    if not isinstance(first, Mapping) or not first:
        hint = "name its kind, such as openai:FILE"
        raise SourceError("is no description of tools that is known", where=path, hint=hint)
    if "toolkits" in inside or composio.SIGNS & set(first):
        return "composio"
    return "anthropic" if "input_schema" in first else "openai"


def maker(kit: Toolkit, folder: Path) -> Maker | None:
    """Where the worlds of an entry come from; None where they are inferred from its tools.

    ``folder`` is the run's: ``prepare`` has put there what was found before.
    """
    if kit.http is not None:
        return surveys.http_worlds(kit.http, load(kit).toolset, folder)
    if kit.mcp is not None:
        return surveys.mcp_worlds(kit.mcp, load(kit).toolset, folder)
    if not kit.functions:
        return None
    source = FunctionSource(references(kit.functions), title(kit))
    return worlds_of(load(kit).toolset, source.callables(), source.anew, kit.timeout, source.reads())


def prepare(kit: Toolkit, folder: Path) -> tuple[str, bytes] | None:
    """A file of the run, by its name, that the worlds of an entry need before the first attempt.

    None when it is there already, or when none is needed.

    Raises:
        SourceError: as ``surveys.survey``.
    """
    return surveys.survey(kit, load(kit).toolset, folder) if kit.http or kit.mcp else None


def alone(kit: Toolkit) -> bool:
    """Whether calls of one attempt are felt by others, so that one process has to make them all in order."""
    serial = kit.mcp is not None and kit.mcp.isolation == "serial"
    return serial or kit.http is not None and kit.http.allow == "write"


def callables(kit: Toolkit) -> dict[str, Callable[..., Any]]:
    """The functions of an entry by the names of their tools, loaded by their import path."""
    return FunctionSource(references(kit.functions), title(kit)).callables()


def _wanted(kit: Toolkit, read: Iterator[Tool | Skipped]) -> Iterator[Tool | Skipped]:
    """The operations an entry asks for, by id or name of tool; patterns may match any number, names must match."""
    met: set[str] = set()
    names: list[str] = []
    for item in read:
        identity = str(item.hints.get("operation", "")) if isinstance(item, Tool) else ""
        forms = {item.name, identity} - {""}
        names += sorted(forms)
        hits = [w for w in kit.operations if any(fnmatchcase(f, w) or _form(kit, w) == f for f in forms)]
        met.update(hits)
        if hits:
            yield item
    for wanted in kit.operations:
        if wanted not in met:
            raise SourceError(f"no operation {wanted}", where=title(kit), hint=nearest(wanted, names))


def _form(kit: Toolkit, operation: str) -> str:
    return prefixed(title(kit), snake(operation))


def _parts(name: str) -> tuple[str, ...]:
    bundles = builtin.bundles()
    if name in bundles:
        return bundles[name]
    known = builtin.names()
    parts = tuple(part.strip() for part in name.split("+"))
    for part in parts:
        if part not in known and part not in added.entries():
            hint = nearest(part, (*known, *added.entries()))
            raise SourceError(f"no toolkit called {part}", hint=hint)
    return parts
