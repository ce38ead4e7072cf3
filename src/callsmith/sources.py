"""The tools a configuration names, read from where they are and understood."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, structs

from callsmith.catalog import builtin
from callsmith.config import Toolkit, nearest
from callsmith.config_http import Staging
from callsmith.errors import SourceError
from callsmith.ingest.fixtures import read_table
from callsmith.ingest.functions import FunctionSource
from callsmith.ingest.names import prefixed, snake, toolkit_of
from callsmith.ingest.openai import OpenAISource
from callsmith.ingest.openapi import OpenAPISource
from callsmith.ports import Source
from callsmith.records import Skipped, Tool, Toolset
from callsmith.run import Run
from callsmith.understand import merge, understand
from callsmith.understand.populating import populated
from callsmith.world.journal import Maker
from callsmith.world.python import PythonWorlds
from callsmith.world.staging.exploring import Explored
from callsmith.world.staging.standing import Standing
from callsmith.world.staging.world import FORBIDDEN, HttpWorlds, explored, fenced


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
    """Read and understand one entry, with the records of its fixtures.

    Raises:
        SourceError: a toolkit is not known, a file is at fault, or nothing in it can be used.
    """
    if not kit.fixtures:
        return _loaded(kit)
    loaded = load(structs.replace(kit, fixtures=()))
    tables = [(noun, read_table(file)) for noun, file in kit.fixtures]
    return structs.replace(loaded, toolset=populated(loaded.toolset, tables))


def _loaded(kit: Toolkit) -> Loaded:
    if not (kit.openapi or kit.openai or kit.functions) and len(parts := _parts(kit.name)) > 1:
        return Loaded(merge(title(kit), [load(Toolkit(name=part)).toolset for part in parts]))
    read = list(_read(kit))
    skipped = [item for item in read if isinstance(item, Skipped)]
    tools = [item for item in read if isinstance(item, Tool)]
    if not tools:
        why = "; ".join(f"{item.name}: {item.reason}" for item in skipped[:3])
        raise SourceError("no tool can be used" + (f" ({why})" if why else ""), where=title(kit))
    toolset = understand(title(kit), tools)
    return Loaded(fenced(toolset, kit.http) if kit.http is not None else toolset, skipped)


def notes(loaded: Sequence[Loaded]) -> list[str]:
    """What is not used, and why, in words: operations that were skipped, and tools that need knowledge."""
    skipped = {f"{item.name} was skipped: {item.reason}" for one in loaded for item in one.skipped}
    opaque = {tool.name for one in loaded for tool in one.toolset.tools if tool.effect == "opaque"}
    needing = [f"only ever distractors, as they need a model: {', '.join(sorted(opaque))}"] if opaque else []
    kept = {tool.name for one in loaded for tool in one.toolset.tools if FORBIDDEN in tool.hints} - opaque
    fenced_off = (
        [f"only ever distractors, as they may not be called: {', '.join(sorted(kept))}"] if kept else []
    )
    return sorted(skipped) + needing + fenced_off


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
    paths = [path for path in (kit.openapi, kit.openai, *(file for _, file in kit.fixtures)) if path]
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


def maker(kit: Toolkit, folder: Path) -> Maker | None:
    """Where the worlds of an entry come from; None where they are inferred from its tools.

    ``folder`` is the run's: ``prepare`` has put there what was found before.
    """
    if kit.http is not None:
        return _http_worlds(kit, kit.http, folder)
    return PythonWorlds(callables(kit)) if kit.functions else None


def prepare(kit: Toolkit, folder: Path) -> tuple[str, bytes] | None:
    """A file of the run, by its name, that the worlds of an entry need before the first attempt.

    None when it is there already, or when none is needed.

    Raises:
        SourceError: an API cannot be reached, or the run to be replayed knows nothing of it.
    """
    if kit.http is None or (folder / _explored(kit)).exists():
        return None
    if kit.http.replay:
        earlier = Path(kit.http.replay) / _explored(kit)
        if not earlier.exists():
            raise SourceError(
                "this run knows nothing of that API", where=kit.http.replay, hint="leave out replay"
            )
        return _explored(kit), earlier.read_bytes()
    return _explored(kit), msgspec.json.encode(explored(load(kit).toolset, kit.http))


def _explored(kit: Toolkit) -> str:
    """The file of what an API holds. Other tools are another exploration."""
    return f"explored/{load(kit).toolset.hash.replace(':', '-')}.json"


def _http_worlds(kit: Toolkit, staging: Staging, folder: Path) -> HttpWorlds:
    found = msgspec.json.decode((folder / _explored(kit)).read_bytes(), type=Explored)
    noted = Run.open(Path(staging.replay)).tape if staging.replay else None
    return HttpWorlds(staging, Standing(load(kit).toolset, found), noted)


def alone(kit: Toolkit) -> bool:
    """Whether calls of one attempt are felt by others, so that one process has to make them all in order."""
    return kit.http is not None and kit.http.allow == "write"


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
