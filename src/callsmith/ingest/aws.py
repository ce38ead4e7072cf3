"""AWS service models: one tool for each operation of a service.

The format is that of botocore's ``service-2.json``: operations name shapes, shapes are structures, lists, maps
and scalars (https://smithy.io/2.0/spec/ describes the same traits).
"""

from __future__ import annotations

import gzip
import importlib.util
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from callsmith.errors import SourceError, nearest
from callsmith.ingest import dialect
from callsmith.ingest.bodies import Argument, arguments_of
from callsmith.ingest.documents import load_json
from callsmith.ingest.names import Names, api_name, snake
from callsmith.ingest.operations import Operation, tool_of
from callsmith.ingest.refs import Schemas
from callsmith.ingest.texts import without_markup
from callsmith.records import Json, Skipped, Tool, Where

# Documentation runs to pages; what a tool does stands at its beginning.
_TOLD, _TOLD_OF_PARTS = 1_000, 400  # characters
_SCALARS: Mapping[str, Mapping[str, Json]] = {
    "string": {"type": "string"},
    "character": {"type": "string"},
    "integer": {"type": "integer"},
    "long": {"type": "integer"},
    "short": {"type": "integer"},
    "byte": {"type": "integer"},
    "bigInteger": {"type": "integer"},
    "float": {"type": "number"},
    "double": {"type": "number"},
    "bigDecimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "timestamp": {"type": "string", "format": "date-time"},
    "blob": {"type": "string", "contentEncoding": "base64"},
}


class AwsSource(Struct, frozen=True):
    """A service that botocore carries, ``s3`` or ``s3/2006-03-01``, or a file with a service model."""

    service: str
    toolkit: str = ""

    def read(self) -> Iterator[Tool | Skipped]:
        """One tool for each operation.

        Raises:
            SourceError: there is no such service, or the file is no service model.
        """
        path = located(self.service)
        document = load_json(str(path), text=_unpacked(path) if path.suffix == ".gz" else None)
        if not isinstance(document, Mapping) or not isinstance(document.get("operations"), Mapping):
            raise SourceError(
                "is no AWS service model", where=str(path), hint='expected "operations" and "shapes"'
            )
        service = self.service.partition("/")[0] if not self.service.endswith((".json", ".gz")) else ""
        toolkit = self.toolkit or snake(
            service or str((document.get("metadata") or {}).get("endpointPrefix", ""))
        )
        model = Model(document, Names(toolkit))
        where = f"{toolkit}/{path.name}"
        for name, operation in document["operations"].items():
            taken = model.names.take(snake(name), "call")
            yield tool_of(
                taken, toolkit, Where(where, f"/operations/{name}"), partial(model.operation, name, operation)
            )


def located(service: str) -> Path:
    """The file of a service; without a version the newest.

    Raises:
        SourceError: there is none of that name, or botocore is not installed.
    """
    if service.endswith((".json", ".gz")):
        return Path(service)
    folder = _folder()
    name, _, version = service.partition("/")
    known = available()
    if name not in known:
        raise SourceError(f"no AWS service called {name}", hint=nearest(name, known))
    versions = sorted(path.name for path in (folder / name).iterdir() if path.is_dir())
    if version and version not in versions:
        raise SourceError(f"{name} has no version {version}", hint="it has " + ", ".join(versions))
    return folder / name / (version or versions[-1]) / "service-2.json.gz"


def available() -> list[str]:
    """The services at hand.

    Raises:
        SourceError: botocore is not installed.
    """
    return sorted(path.name for path in _folder().iterdir() if path.is_dir())


def _folder() -> Path:
    found = importlib.util.find_spec("botocore")
    if found is None or not found.submodule_search_locations:
        raise SourceError(
            "AWS's service models are not installed", hint="pip install 'callsmith[aws]', or name a file"
        )
    return Path(found.submodule_search_locations[0]) / "data"


def _unpacked(path: Path) -> str:
    try:
        return gzip.decompress(path.read_bytes()).decode()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot be read: {error}", where=str(path)) from error


class Model:
    """One service model while its operations are read."""

    def __init__(self, document: Mapping[str, Json], names: Names) -> None:
        self.names = names
        self.product = _product(document.get("metadata"))
        shapes = document.get("shapes")
        self._shapes: Mapping[str, Json] = shapes if isinstance(shapes, Mapping) else {}
        self.given = Schemas(partial(self._schema, writing=True), rewrite=dialect.reading(writing=True))
        self.shown = Schemas(
            partial(self._schema, writing=False), titled=True, rewrite=dialect.reading(writing=False)
        )

    def _shape(self, name: object) -> Mapping[str, Json]:
        shape = self._shapes.get(str(name))
        if not isinstance(shape, Mapping):
            raise SourceError(f"there is no shape {name!r}")
        return shape

    def _schema(self, name: str, *, writing: bool) -> dict[str, Any]:
        """A shape in JSON Schema; shapes in it are references."""
        shape = self._shape(name)
        kind = shape.get("type")
        result: dict[str, Any] = {}
        if kind == "structure":
            properties = {
                member: self._member(inner)
                for member, inner in (shape.get("members") or {}).items()
                if not (writing and inner.get("idempotencyToken"))  # SDKs fill it in
            }
            result = {"type": "object", "properties": properties}
            if needed := [member for member in shape.get("required") or () if member in properties]:
                result["required"] = needed
        elif kind == "list":
            result = {"type": "array", "items": {"$ref": shape["member"]["shape"]}}
        elif kind == "map":
            result = {"type": "object", "additionalProperties": {"$ref": shape["value"]["shape"]}}
        else:
            result = dict(_SCALARS.get(str(kind), {}))
        return result | _limits(shape, str(kind))

    def _member(self, member: Mapping[str, Json]) -> dict[str, Any]:
        told = without_markup(member.get("documentation"), _TOLD_OF_PARTS)
        return {"$ref": member["shape"], **({"description": told} if told else {})}

    def operation(self, name: str, operation: Json) -> Operation:
        """What one entry of ``operations`` says."""
        if not isinstance(operation, Mapping):
            raise SourceError("operation is not an object")
        taken: list[Argument] = []
        if operation.get("input"):
            whole = self.given.whole({"$ref": operation["input"]["shape"]})
            needed = whole.get("required", ())
            taken = [
                Argument(member, "body", schema, member in needed)
                for member, schema in (whole.get("properties") or {}).items()
            ]
        properties, required, _ = arguments_of(taken)
        http = operation.get("http") or {}
        hints: dict[str, Json] = {"operation": name}
        if self.product:
            hints["product"] = self.product
        if self._restful(http):
            hints["method"] = str(http.get("method", "POST")).lower()
        if operation.get("deprecated") is True:
            hints["deprecated"] = True
        returns: dict[str, Any] = {}
        if operation.get("output"):
            returns = self.shown.whole({"$ref": operation["output"]["shape"]})
            returns = {key: value for key, value in returns.items() if key != "title"}
        return Operation(
            without_markup(operation.get("documentation"), _TOLD), properties, required, returns, hints
        )

    @staticmethod
    def _restful(http: Mapping[str, Json]) -> bool:
        """Whether the method says what is done: the query and JSON protocols send everything as POST to ``/``."""
        return str(http.get("requestUri", "/")) != "/"


def _product(metadata: Json) -> str:
    """What a service is called: by its short name, ``Amazon EC2``, where the full one is long."""
    if not isinstance(metadata, Mapping):
        return ""
    full, short = str(metadata.get("serviceFullName") or ""), metadata.get("serviceAbbreviation")
    house = full.partition(" ")[0]
    if len(full.split()) <= 3 or not short:
        return api_name(full)
    return api_name(str(short) if str(short).startswith(house) else f"{house} {short}")


def _limits(shape: Mapping[str, Json], kind: str) -> dict[str, Json]:
    names = {"string": ("minLength", "maxLength"), "list": ("minItems", "maxItems"), "blob": (),
             "map": ("minProperties", "maxProperties")}.get(kind, ("minimum", "maximum"))  # fmt: skip
    found: dict[str, Json] = {
        name: shape[key] for key, name in zip(("min", "max"), names, strict=False) if key in shape
    }
    if isinstance(shape.get("enum"), list):
        found["enum"] = shape["enum"]
    if isinstance(shape.get("pattern"), str) and kind == "string":
        bare = shape["pattern"].removeprefix("^").removesuffix("$")
        found["pattern"] = f"^(?:{bare})$"  # the whole value is meant, anchored or not
    if told := without_markup(shape.get("documentation"), _TOLD_OF_PARTS):
        found["description"] = told
    return found
