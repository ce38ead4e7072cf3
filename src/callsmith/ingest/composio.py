"""Files in the Composio shape: tools of many toolkits with parameters as encoded text, and bundles of toolkits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from callsmith.errors import SourceError
from callsmith.ingest.documents import load_json
from callsmith.ingest.names import snake
from callsmith.ingest.openai import Keys, declared
from callsmith.records import Json, Skipped, Tool, Where

_KEYS = Keys(parameters="tool_input_parameters", returns=("tool_response_parameters",))
# The same things as the service's own interfaces call them, the first that is there.
_NAMES = ("tool_id", "tool_name", "slug", "name")
_ABOUT = ("tool_description", "description")
_SCHEMAS: Mapping[str, tuple[str, ...]] = {
    "tool_input_parameters": ("tool_input_parameters", "input_parameters", "inputParameters", "parameters"),
    "tool_response_parameters": (
        *("tool_response_parameters", "output_parameters", "outputParameters", "response"),
    ),
}
SIGNS = frozenset(["tool_input_parameters", "tool_id", "slug", "toolkit_name", "appName"])  # of an entry
EXPECTED = (
    'expected {"toolkits": [...], "bundles": [[...]]} or a list of tools, each with toolkit_name, tool_id,'
    " tool_description, tool_input_parameters and tool_response_parameters, or with slug, toolkit, description,"
    " input_parameters and output_parameters"
)

# Names of types in other languages, as catalogues written by hand or by programs have them.
_TYPES = {
    "str": "string", "text": "string", "int": "integer", "long": "integer", "float": "number", "double": "number",
    "decimal": "number", "bool": "boolean", "list": "array", "tuple": "array", "dict": "object", "map": "object",
    "json": "object", "none": "null",
}  # fmt: skip
_JSON_TYPES = frozenset(["string", "integer", "number", "boolean", "array", "object", "null"])


class ComposioSource(Struct, frozen=True):
    """A JSON file ``{"toolkits": [...], "bundles": [[...]]}``; ``toolkits`` are those to read, none means all."""

    path: str
    toolkits: tuple[str, ...] = ()

    def read(self) -> Iterator[Tool | Skipped]:
        """Tools in file order; an entry that is no definition is skipped with its reason.

        Raises:
            SourceError: the file is not of this shape, or holds no toolkit of a name that is asked for.
        """
        kits = _contents(self.path).kits
        for name in self.toolkits:
            if name not in kits:
                known = ", ".join(list(kits)[:8]) + (", …" if len(kits) > 8 else "")
                raise SourceError(f"no toolkit {name}", where=self.path, hint=f"it holds {known}")
        for name in self.toolkits or kits:
            for pointer, entry in kits[name]:
                yield _definition(entry, name, Where(self.path, pointer))


def toolsets(path: str) -> list[tuple[str, ...]]:
    """The toolkits of each toolset of a file: its bundles, then each toolkit that is in none.

    Raises:
        SourceError: as ``ComposioSource.read``.
    """
    contents = _contents(path)
    bundled = {name for bundle in contents.bundles for name in bundle}
    return [*contents.bundles, *((name,) for name in contents.kits if name not in bundled)]


class _Contents(Struct, frozen=True):
    kits: Mapping[str, Sequence[tuple[str, Mapping[str, Json]]]]  # by toolkit: pointer and entry of each tool
    bundles: Sequence[tuple[str, ...]]


@lru_cache(maxsize=4)
def _contents(path: str) -> _Contents:
    content = load_json(path)
    inside = content if isinstance(content, Mapping) else {}
    key = next((name for name in ("toolkits", "items", "tools") if isinstance(inside.get(name), list)), "")
    listed = inside[key] if key else content
    if not isinstance(listed, list):
        raise SourceError("holds no array of toolkits", where=path, hint=EXPECTED)
    head = f"/{key}" if key else ""
    kits: dict[str, list[tuple[str, Mapping[str, Json]]]] = {}
    for index, entry in enumerate(listed):
        for pointer, tool in _flattened(entry, f"{head}/{index}", path):
            kits.setdefault(snake(_toolkit(tool)) or "tools", []).append((pointer, tool))
    bundles = content.get("bundles") if isinstance(content, Mapping) else None
    return _Contents(kits, _bundles(bundles or [], kits, path))


def _flattened(entry: Json, pointer: str, path: str) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """An entry that is a tool, or the tools of an entry that is a toolkit."""
    if not isinstance(entry, Mapping):
        raise SourceError("is neither a tool nor a toolkit", where=f"{path}{pointer}")
    tools = entry.get("tools")
    if not isinstance(tools, list):
        yield pointer, entry
        return
    for index, tool in enumerate(tools):
        inner = tool if isinstance(tool, Mapping) else {}
        yield f"{pointer}/tools/{index}", {"toolkit_name": _toolkit(entry) or _first(entry, _NAMES), **inner}


def _toolkit(entry: Mapping[str, Json]) -> str:
    """The toolkit a tool says it is of."""
    said = _first(entry, ("toolkit_name", "toolkit", "appName", "app"))
    return str(_first(said, ("slug", "name")) or "") if isinstance(said, Mapping) else str(said or "")


def _first(entry: Mapping[str, Json], names: Sequence[str]) -> Json:
    """What stands under the first of several names that is there."""
    return next((entry[name] for name in names if entry.get(name) not in (None, "")), None)


def _bundles(listed: Json, kits: Mapping[str, object], path: str) -> tuple[tuple[str, ...], ...]:
    if not isinstance(listed, list) or not all(isinstance(names, list) for names in listed):
        raise SourceError("is no array of arrays of toolkit names", where=f"{path}/bundles")
    found: dict[tuple[str, ...], None] = {}
    for index, names in enumerate(listed):
        bundle = tuple(dict.fromkeys(snake(str(name)) for name in names))
        for place, name in enumerate(bundle):
            if name not in kits:
                raise SourceError(f"no toolkit {name}", where=f"{path}/bundles/{index}/{place}")
        if bundle:
            found[bundle] = None
    return tuple(found)


def _definition(entry: Mapping[str, Json], toolkit: str, where: Where) -> Tool | Skipped:
    name = str(_first(entry, _NAMES) or "")
    if not name:
        return Skipped("", where, f"is no tool: {EXPECTED}")
    schemas: dict[str, Json] = {}
    for key in (_KEYS.parameters, *_KEYS.returns):
        try:
            schemas[key] = _schema(_first(entry, _SCHEMAS[key]))
        except SourceError as error:
            return Skipped(name, where, f"'{key}' {error.what}")
    described = str(_first(entry, _ABOUT) or "")
    return declared({"name": name, "description": described, **schemas}, _KEYS, toolkit, where)


def _schema(given: Json) -> dict[str, Any]:
    """The object schema of ``{param: {type, required}}``, which may be text; a schema stays what it is."""
    if isinstance(given, str) and given.strip():
        try:
            given = json.loads(given)
        except (json.JSONDecodeError, RecursionError) as error:
            raise SourceError(f"is not JSON: {getattr(error, 'msg', 'nested too deeply')}") from error
    if given in (None, "", []):
        return {"type": "object", "properties": {}}
    if not isinstance(given, Mapping):
        raise SourceError("is no object of parameters")
    if given.get("type") == "object" and isinstance(given.get("properties"), Mapping):
        return dict(given)
    properties: dict[str, Any] = {}
    required = []
    for name, entry in given.items():
        if isinstance(entry, str):
            entry = {"type": entry}
        if not isinstance(entry, Mapping):
            raise SourceError(f"says of {name} neither type nor required")
        properties[name] = _typed(entry)
        if entry.get("required") is True or str(entry.get("required")).lower() == "true":
            required.append(name)
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    return {**schema, "required": required} if required else schema


def _typed(entry: Mapping[str, Json]) -> dict[str, Any]:
    """A parameter's schema: its type by its JSON name, and whatever else of a schema is given."""
    schema = {key: value for key, value in entry.items() if not (key == "required" and not _is_list(value))}
    kind = schema.get("type")
    if isinstance(kind, str) and kind not in _JSON_TYPES:
        outer, _, inner = kind.lower().strip().partition("[")
        named = _TYPES.get(outer, outer)
        if named in _JSON_TYPES:
            schema["type"] = named
        else:
            del schema["type"]
        element = _TYPES.get(inner.rstrip("]"), inner.rstrip("]"))
        if named == "array" and element in _JSON_TYPES:
            schema.setdefault("items", {"type": element})
    if schema.get("type") == "array" and not schema.get("items"):
        # Models' APIs refuse arrays without items; of a list of which nothing is said, text is the plainest.
        schema["items"] = {"type": "string"}
    return schema


def _is_list(value: Json) -> bool:
    return isinstance(value, list)
