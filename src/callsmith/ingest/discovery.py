"""Google Discovery documents: one tool for each method of an API.

The format: https://developers.google.com/discovery/v1/reference/apis
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from callsmith.errors import SourceError, nearest
from callsmith.ingest import dialect
from callsmith.ingest.bodies import Argument, arguments_of, flattened
from callsmith.ingest.documents import load_json
from callsmith.ingest.names import Names, api_name, snake
from callsmith.ingest.operations import Operation, tool_of
from callsmith.ingest.refs import Schemas
from callsmith.ingest.texts import plain
from callsmith.records import Json, Skipped, Tool, Where
from callsmith.schema import escape

# Format: projects/{project}/topics/{topic}
_WRITTEN = re.compile(r"\b[a-z][A-Za-z]*/\{[^{}/]+\}(?:/[a-z][A-Za-z]*/(?:\{[^{}/]+\}|[a-z-]+))*(?![/\w])")
# Said anywhere, as a sentence begins: "The organizer of the event. Read-only."
_KEPT = re.compile(r"(?:^|[.!;:]\s+|\()(?:output[- ]only|read[- ]?only)\b", re.IGNORECASE)


class DiscoverySource(Struct, frozen=True):
    """An API that google-api-python-client carries, ``tasks`` or ``tasks/v1``, or a file with a Discovery document."""

    api: str
    toolkit: str = ""

    def read(self) -> Iterator[Tool | Skipped]:
        """One tool for each method, resource by resource.

        Raises:
            SourceError: there is no such API, or the file is no Discovery document.
        """
        path = located(self.api)
        document = load_json(str(path))
        if not isinstance(document, Mapping) or "discoveryVersion" not in document:
            raise SourceError("is no Discovery document", where=str(path), hint='expected "discoveryVersion"')
        yield from Api(document, path.name, self.toolkit or snake(str(document.get("name", "")))).methods()


def located(api: str) -> Path:
    """The file of an API; without a version the newest that is not in trial.

    Raises:
        SourceError: there is none of that name, or google-api-python-client is not installed.
    """
    if api.endswith(".json"):
        return Path(api)
    known = available()
    name, _, version = api.partition("/")
    versions = known.get(name, {})
    if not versions:
        raise SourceError(f"no Google API called {name}", hint=nearest(name, sorted(known)))
    if version and version not in versions:
        raise SourceError(f"{name} has no version {version}", hint="it has " + ", ".join(versions))
    return versions[version or max(versions, key=_age)]


def available() -> dict[str, dict[str, Path]]:
    """The APIs at hand by name and version.

    Raises:
        SourceError: google-api-python-client is not installed.
    """
    found = importlib.util.find_spec("googleapiclient")
    if found is None or not found.submodule_search_locations:
        raise SourceError(
            "Google's API descriptions are not installed",
            hint="pip install 'callsmith[google]', or name a file",
        )
    folder = Path(found.submodule_search_locations[0]) / "discovery_cache" / "documents"
    known: dict[str, dict[str, Path]] = {}
    for path in sorted(folder.glob("*.json")):
        name, _, version = path.stem.partition(".")
        if version:
            known.setdefault(name, {})[version] = path
    return known


def _age(version: str) -> tuple[bool, list[int]]:
    """By what versions are compared: v2 before v1, v1 before v2beta1."""
    digits = [int(part) for part in "".join(c if c.isdigit() else " " for c in version).split()]
    return ("alpha" not in version and "beta" not in version, digits)


class Api:
    """One document while its methods are read."""

    def __init__(self, document: Mapping[str, Json], path: str, toolkit: str) -> None:
        self.document = document
        self.path = path
        self.names = Names(toolkit)
        self.product = _product(document)
        self.given = Schemas(self._schema, rewrite=_arguments)
        self.shown = Schemas(self._schema, titled=True, rewrite=_shown)

    def _schema(self, name: str) -> Json:
        schemas = self.document.get("schemas")
        if not isinstance(schemas, Mapping) or name not in schemas:
            raise SourceError(f"there is no schema {name!r}")
        return schemas[name]

    def methods(self) -> Iterator[Tool | Skipped]:
        yield from self._resource(self.document, "")

    def _resource(self, holder: Mapping[str, Json], pointer: str) -> Iterator[Tool | Skipped]:
        methods, inner = holder.get("methods") or {}, holder.get("resources") or {}
        for name, method in methods.items() if isinstance(methods, Mapping) else ():
            identity = method.get("id") if isinstance(method, Mapping) else None
            where = Where(self.path, f"{pointer}/methods/{escape(name)}")
            taken = self.names.take(snake(str(identity or name)), name)
            yield tool_of(taken, self.names.toolkit, where, partial(self._method, method))
        for name, resource in inner.items() if isinstance(inner, Mapping) else ():
            if isinstance(resource, Mapping):
                yield from self._resource(resource, f"{pointer}/resources/{escape(name)}")

    def _method(self, method: Json) -> Operation:
        if not isinstance(method, Mapping):
            raise SourceError("method is not an object")
        taken = [*self._parameters(method), *self._body(method)]
        properties, required, places = arguments_of(taken)
        http = str(method.get("httpMethod", "GET")).lower()
        hints: dict[str, Json] = {"method": http, "path": str(method.get("path", ""))}
        if self.product:
            hints["product"] = self.product
        if places:
            hints["places"] = places
        if method.get("request"):
            hints["media"] = "application/json"
        if method.get("deprecated") is True:
            hints["deprecated"] = True
        if isinstance(method.get("id"), str):
            hints["operation"] = method["id"]
        answer = method.get("response")
        returns = self.shown.whole(answer) if isinstance(answer, Mapping) else {}
        return Operation(plain(method.get("description")), properties, required, returns, hints)

    def _parameters(self, method: Mapping[str, Json]) -> Iterator[Argument]:
        parameters = method.get("parameters") or {}
        order = [name for name in method.get("parameterOrder") or () if name in parameters]
        for name in [*order, *(name for name in parameters if name not in order)]:
            schema = dict(parameters[name])
            required = bool(schema.pop("required", False))
            place = str(schema.pop("location", "query"))
            if schema.pop("repeated", False):
                schema = {"type": "array", "items": {k: v for k, v in schema.items() if k != "description"},
                          **({"description": schema["description"]} if "description" in schema else {})}  # fmt: skip
            made = self.given.whole(_typed(schema))
            if not made.get("readOnly"):
                yield Argument(name, place, made, required)

    def _body(self, method: Mapping[str, Json]) -> Iterator[Argument]:
        request = method.get("request")
        if not isinstance(request, Mapping) or "$ref" not in request:
            return
        needed = set()
        for name, inner in (self._schema(request["$ref"]).get("properties") or {}).items():
            marks = inner.get("annotations", {}).get("required", ()) if isinstance(inner, Mapping) else ()
            if method.get("id") in marks or _says(inner, "required"):
                needed.add(name)
        whole = self.given.whole({"$ref": request["$ref"]})
        if not whole.get("properties") and not whole.get("additionalProperties"):
            return  # an empty message says nothing
        for argument in flattened(whole, "application/json", True, ""):
            yield Argument(
                argument.name, "body", argument.schema, argument.required or argument.name in needed
            )


def _product(document: Mapping[str, Json]) -> str:
    """What the API is called; with its owner where that is a plain word for one of its resources: Google People."""
    name, resources = api_name(document.get("title")), document.get("resources")
    plain_name = name.lower()
    common = (
        isinstance(resources, Mapping)
        and name == name.capitalize() != ""  # YouTube is no plain word
        and {plain_name, plain_name + "s"} & {one.lower() for one in resources}
    )
    return f"{document['ownerName']} {name}" if common and api_name(document.get("ownerName")) else name


def _says(schema: Json, mark: str) -> bool:
    """Whether a description begins with a mark as Google sets them: ``Required.``, ``Output only.``."""
    said = schema.get("description") if isinstance(schema, Mapping) else None
    return isinstance(said, str) and said.strip().lower().startswith((mark + ".", mark + " "))


def _kept(schema: Json) -> bool:
    """Whether a description says that only results hold a value."""
    said = schema.get("description") if isinstance(schema, Mapping) else None
    return isinstance(said, str) and bool(_KEPT.search(said))


def _shown(schema: dict[str, Json]) -> dict[str, Json]:
    """The schema of a result, whose name is a path where its description writes one."""
    result = dialect.reading(writing=False)(schema)
    properties: Any = result.get("properties")
    name = properties.get("name") if isinstance(properties, Mapping) else None
    if not isinstance(name, Mapping) or name.get("type") != "string" or "pattern" in name:
        return result
    written = _WRITTEN.search(str(name.get("description", "")))
    if written is None:
        return result
    pattern = "^" + "/".join(f"{one}/[^/]+" for one in written[0].split("/")[::2]) + "$"
    return {**result, "properties": {**properties, "name": {**name, "pattern": pattern}}}


def _arguments(schema: dict[str, Json]) -> dict[str, Json]:
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        shown = {name: _typed(inner) for name, inner in properties.items() if not _kept(inner)}
        schema = {**schema, "properties": shown}
    return dialect.reading(writing=True)(schema)


def _typed(schema: Mapping[str, Json]) -> dict[str, Any]:
    """Defaults are written as text whatever the type; some keywords say what JSON Schema does not ask."""
    plain_schema = {
        k: v for k, v in schema.items() if k not in ("enumDescriptions", "annotations", "enumDeprecated")
    }
    default, kind = plain_schema.get("default"), plain_schema.get("type")
    if isinstance(default, str) and kind in ("integer", "number", "boolean"):
        if kind == "boolean":
            plain_schema["default"] = default.lower() == "true"
        else:
            try:
                plain_schema["default"] = int(default) if kind == "integer" else float(default)
            except ValueError:
                del plain_schema["default"]
    return plain_schema
