"""Servers that speak the Model Context Protocol: their tools as they list them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from callsmith.config_mcp import Server
from callsmith.errors import SourceError
from callsmith.ingest.names import valid_name
from callsmith.ingest.refs import inline, require_sound
from callsmith.mcp_client import Connection, named
from callsmith.records import Json, Skipped, Tool, Toolset, Where
from callsmith.sandbox import Sandbox

HINTS = {  # the protocol's names -> ours
    "readOnlyHint": "read_only",
    "destructiveHint": "destructive",
    "idempotentHint": "idempotent",
    "openWorldHint": "open_world",
}
LONGEST = 8_000  # characters of a description that are kept


class MCPSource(msgspec.Struct, frozen=True):
    """A server; or, where its calls are to be replayed, the tools a run was made with."""

    server: Server
    toolkit: str

    def read(self) -> Iterator[Tool | Skipped]:
        """Tools in the server's order; one that is no tool is skipped with its reason.

        Raises:
            SourceError: the server cannot be started, does not answer in time, or lists without end.
        """
        if self.server.replay:
            yield from _listed(Path(self.server.replay), self.toolkit)
            return
        with Sandbox(self.server.sandbox) as sandbox:
            connection = Connection(self.server, sandbox.path)
            try:
                found = connection.tools()
            finally:
                connection.close()
        seen: set[str] = set()
        prefix = common_prefix([str(named(item, "name") or "") for item in found])
        for index, item in enumerate(found):
            where = Where(self.toolkit, f"/tools/{index}")
            tool = tool_of(item, self.server, self.toolkit, where)
            if isinstance(tool, Tool) and prefix:
                tool = structs.replace(tool, hints={**tool.hints, "prefix": prefix})
            if tool.name in seen:
                tool = Skipped(tool.name, where, "another tool of the server bears its name")
            seen.add(tool.name)
            yield tool


def _listed(run: Path, toolkit: str) -> Iterator[Tool]:
    """The tools a run was made with, understood anew."""
    for path in sorted(run.glob("toolsets/*.json")):
        toolset = msgspec.json.decode(path.read_bytes(), type=Toolset)
        if toolset.name == toolkit:
            for tool in toolset.tools:
                yield Tool(
                    name=tool.name,
                    toolkit=toolkit,
                    description=tool.description,
                    parameters=tool.parameters,
                    returns=tool.returns,
                    where=tool.where,
                    hints={key: value for key, value in tool.hints.items() if key != "values"},
                )
            return
    raise SourceError(
        f"no tools of {toolkit} are in that run", where=str(run), hint="give the run it was made by"
    )


def tool_of(item: Any, server: Server, toolkit: str, where: Where) -> Tool | Skipped:
    """The tool that one entry of a listing is."""
    name = named(item, "name")
    if not isinstance(name, str) or not valid_name(name):
        return Skipped(str(name or "")[:80], where, "has no name of 1-64 letters, digits, _ and -")
    parameters = named(item, "inputSchema")
    returns = named(item, "outputSchema") or {}
    if not isinstance(parameters, Mapping) or not isinstance(parameters.get("properties", {}), Mapping):
        return Skipped(name, where, "'inputSchema' is not an object schema")
    try:
        taken = _schema(parameters, name, "'inputSchema'")
        given = _schema(returns, name, "'outputSchema'", titled=True)
    except SourceError as error:
        return Skipped(name, where, error.what)
    if _merely_text(given):
        given = {}  # a server's library says so of every function that gives text
    return Tool(
        name=name,
        toolkit=toolkit,
        description=str(named(item, "description") or "")[:LONGEST],
        parameters={"type": "object", "properties": {}, **taken},
        returns=given,
        where=where,
        hints={**_hints(item, server), **({} if given else {"untold": True})},
    )


def _merely_text(returns: Mapping[str, Json]) -> bool:
    """Whether a result is declared to be one text and nothing more: ``{"result": "..."}``."""
    inside = returns.get("properties", {})
    text = inside.get("result", {}) if list(inside) == ["result"] else {}
    return text.get("type") == "string" and not {"enum", "format", "pattern"} & text.keys()


def common_prefix(names: Sequence[str]) -> str:
    """The word, with its mark, that all names of a server begin with: ``git_``; "" for fewer than three names."""
    first = re.match(r"[a-z0-9]+[_-]", names[0]) if len(names) >= 3 else None
    return first.group() if first and all(name.startswith(first.group()) for name in names) else ""


def _schema(schema: Mapping[str, Json], name: str, what: str, titled: bool = False) -> dict[str, Json]:
    plain: dict[str, Json] = inline(schema, schema, name, titled=titled)
    kept = {key: value for key, value in plain.items() if key not in ("$schema", "$defs", "definitions")}
    require_sound(kept, what)
    return kept


def _hints(item: Any, server: Server) -> dict[str, Json]:
    """What a tool declares of itself, and why it may not be called, if it may not."""
    annotations = named(item, "annotations")
    hints: dict[str, Json] = {"executed": True, "live": True}
    for theirs, ours in HINTS.items():
        value = named(annotations, theirs) if annotations is not None else None
        if isinstance(value, bool):
            hints[ours] = value
    title = named(item, "title") or (named(annotations, "title") if annotations is not None else None)
    if isinstance(title, str) and title:
        hints["title"] = title
    why = _forbidden(hints, server)
    if why:
        # Without a declaration, what the tool is understood to do decides.
        hints["unless_read" if "read_only" not in hints else "forbidden"] = why
    return hints


def _forbidden(hints: Mapping[str, Json], server: Server) -> str:
    if hints.get("read_only") is True:
        return ""
    if server.isolation == "read_only":
        return "it may change something, and isolation is read_only"
    if hints.get("destructive", True) and not server.destructive:
        return "it may destroy something, and the configuration does not allow that (destructive: true)"
    return ""
