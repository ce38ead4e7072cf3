"""OpenAI ``tools`` arrays: function definitions in a JSON file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from callsmith.errors import SourceError
from callsmith.ingest.documents import load_json
from callsmith.ingest.names import toolkit_of, valid_name
from callsmith.ingest.refs import inline, require_sound
from callsmith.records import Json, Skipped, Tool, Where


class Keys(Struct, frozen=True):
    """Under which names a definition holds its schemas."""

    parameters: str
    returns: tuple[str, ...]  # the first that is there


_KEYS = Keys(parameters="parameters", returns=("returns", "output_schema"))


class OpenAISource(Struct, frozen=True):
    """A JSON file that holds an array of tools, or an object with one under ``tools``."""

    path: str
    toolkit: str = ""

    def read(self) -> Iterator[Tool | Skipped]:
        """Tools in file order; an entry that is no function definition is skipped with its reason.

        Raises:
            SourceError: the file is not JSON or holds no array of tools.
        """
        toolkit = self.toolkit or toolkit_of(self.path)
        for entry, where in listed(self.path):
            yield definition(entry, toolkit, where)


def listed(path: str) -> Iterator[tuple[Json, Where]]:
    """The entries of a file's array of tools, with their places.

    Raises:
        SourceError: the file is not JSON or holds no array of tools.
    """
    content = load_json(path)
    inside = isinstance(content, Mapping)
    entries = content.get("tools") if inside else content
    if not isinstance(entries, list):
        raise SourceError("holds no array of tools", where=path, hint='expected [...] or {"tools": [...]}')
    for index, entry in enumerate(entries):
        yield entry, Where(path, f"/tools/{index}" if inside else f"/{index}")


def definition(entry: Json, toolkit: str, where: Where) -> Tool | Skipped:
    """The tool an entry defines, in the nested (``function``) or the flat shape."""
    if not isinstance(entry, Mapping):
        return Skipped("", where, "is not an object")
    if entry.get("type", "function") != "function":
        return Skipped(str(entry.get("name", "")), where, f"is of type {entry['type']!r}, not a function")
    function = entry.get("function", entry)
    if not isinstance(function, Mapping):
        return Skipped("", where, "'function' is not an object")
    return declared(function, _KEYS, toolkit, where)


def declared(entry: Mapping[str, Json], keys: Keys, toolkit: str, where: Where) -> Tool | Skipped:
    """The tool an object with a name, a description and schemas defines; ``keys`` say where the schemas stand."""
    name = entry.get("name")
    if not isinstance(name, str) or not valid_name(name):
        return Skipped(str(name or ""), where, "has no name of 1-64 letters, digits, _ and -")
    parameters = entry.get(keys.parameters) or {"type": "object", "properties": {}}
    returned = next((key for key in keys.returns if entry.get(key)), keys.returns[0])
    returns = entry.get(returned) or {}
    if not isinstance(parameters, Mapping) or not isinstance(parameters.get("properties", {}), Mapping):
        return Skipped(name, where, f"'{keys.parameters}' is not an object schema")
    if not isinstance(returns, Mapping):
        return Skipped(name, where, f"'{returned}' is not a schema")
    try:
        taken = inline(parameters, parameters, f"{where.source}{where.pointer}")
        given = inline(returns, returns, f"{where.source}{where.pointer}", titled=True)
        require_sound(taken, f"'{keys.parameters}'")
        require_sound(given, f"'{returned}'")
    except SourceError as error:
        return Skipped(name, where, error.what)
    return Tool(
        name=name,
        toolkit=toolkit,
        description=str(entry.get("description") or ""),
        parameters={"type": "object", "properties": {}, **taken},
        returns=given,
        where=where,
        hints={"strict": True} if entry.get("strict") else {},
    )
