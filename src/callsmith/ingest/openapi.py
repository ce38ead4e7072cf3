"""OpenAPI 3.0 and 3.1 descriptions: one tool for each operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from callsmith.errors import SourceError
from callsmith.ingest.documents import load_document
from callsmith.ingest.names import prefixed, snake, toolkit_of, valid_name
from callsmith.ingest.refs import inline, require_sound
from callsmith.records import Json, Skipped, Tool, Where

METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
JSON_TYPES = ("application/json", "application/vnd.api+json", "application/merge-patch+json", "*/*")
# The client sets these itself (authentication, content negotiation); they are no business of a caller.
CLIENT_PLACES = ("header", "cookie")


class OpenAPISource(Struct, frozen=True):
    """A JSON or YAML file with an OpenAPI description. ``toolkit`` defaults to the file's name up to its first dot."""

    path: str
    toolkit: str = ""

    def read(self) -> Iterator[Tool | Skipped]:
        """One tool for each operation, in file order; what cannot be used is skipped with pointer and reason.

        Raises:
            SourceError: the file is neither JSON nor YAML, or no OpenAPI 3 description.
        """
        document = load_document(self.path)
        if not isinstance(document, Mapping) or not str(document.get("openapi", "")).startswith("3."):
            raise SourceError(
                "is no OpenAPI 3 description", where=self.path, hint='expected {"openapi": "3..."}'
            )
        paths = document.get("paths", {})
        if not isinstance(paths, Mapping):
            raise SourceError("'paths' is not an object", where=f"{self.path}#/paths")
        toolkit = self.toolkit or toolkit_of(self.path)
        for path, item in paths.items():
            pointer = "/paths/" + path.replace("~", "~0").replace("/", "~1")
            if not isinstance(item, Mapping):
                yield Skipped(path, Where(self.path, pointer), "path item is not an object")
                continue
            for method in METHODS:
                if method in item:
                    where = Where(self.path, f"{pointer}/{method}")
                    yield _operation(document, toolkit, (method, path), item, where)


def _operation(
    document: Json, toolkit: str, at: tuple[str, str], item: Mapping[str, Json], where: Where
) -> Tool | Skipped:
    method, path = at
    operation = item[method]
    identity = operation.get("operationId") if isinstance(operation, Mapping) else None
    name = prefixed(toolkit, snake(str(identity or f"{method} {path}")))
    try:
        if not isinstance(operation, Mapping):
            raise SourceError("operation is not an object")
        if not valid_name(name):
            raise SourceError("its name holds no letters")
        parameters = _arguments(document, operation, item, where)
        returns = _returned(document, operation, where)
        require_sound(parameters, "its parameters")
        require_sound(returns, "its result")
    except SourceError as error:
        return Skipped(name, where, error.what)
    hints: dict[str, Json] = {"method": method, "path": path}
    if operation.get("deprecated"):
        hints["deprecated"] = True
    described = str(operation.get("description") or "").strip()
    return Tool(
        name=name,
        toolkit=toolkit,
        description=described or str(operation.get("summary") or ""),
        parameters=parameters,
        returns=returns,
        where=where,
        hints={**hints, "summary": str(operation.get("summary") or "")},
    )


def _arguments(
    document: Json, operation: Mapping[str, Json], item: Mapping[str, Json], where: Where
) -> dict[str, Json]:
    place = f"{where.source}#{where.pointer}"
    found: dict[tuple[str, str], Mapping[str, Json]] = {}
    for group in (item.get("parameters", []), operation.get("parameters", [])):
        if not isinstance(group, list):
            raise SourceError("'parameters' is not an array")
        for raw in group:
            parameter = inline(raw, document, place)
            if not isinstance(parameter, Mapping) or not isinstance(parameter.get("name"), str):
                raise SourceError("a parameter has no name")
            found[(parameter["name"], str(parameter.get("in")))] = parameter
    properties: dict[str, Json] = {}
    required: list[str] = []
    for (name, where_sent), parameter in found.items():
        if where_sent in CLIENT_PLACES:
            continue
        if name in properties:
            raise SourceError(f"parameter {name!r} occurs in two places")
        properties[name] = _described(parameter)
        if parameter.get("required") or where_sent == "path":
            required.append(name)
    body = inline(operation.get("requestBody") or {}, document, place)
    for name, schema, needed in _body(body):
        if name in properties:
            raise SourceError(f"parameter {name!r} occurs in two places")
        properties[name] = schema
        if needed:
            required.append(name)
    result: dict[str, Json] = {"type": "object", "properties": properties}
    if required:
        result["required"] = required
    result["additionalProperties"] = False
    return result


def _described(parameter: Mapping[str, Json]) -> dict[str, Json]:
    schema = parameter.get("schema")
    if schema is None:
        media = next(iter((parameter.get("content") or {}).values()), None)
        schema = media.get("schema", {}) if isinstance(media, Mapping) else {}
    result = modern(schema)
    if not isinstance(result, dict):
        raise SourceError(f"parameter {parameter['name']!r} has no schema")
    if parameter.get("description"):
        result.setdefault("description", parameter["description"])
    if "example" in parameter:
        result.setdefault("examples", [parameter["example"]])
    return result


def _body(body: Json) -> Iterator[tuple[str, Json, bool]]:
    if not isinstance(body, Mapping) or not body.get("content"):
        return
    schema = modern(_json_schema(body["content"]))
    if schema is None:
        raise SourceError("its request body is not JSON: " + ", ".join(body["content"]))
    must = bool(body.get("required"))
    chosen = _object_alternative(schema)
    if chosen is None:
        yield "body", schema, must
        return
    required = chosen.get("required", []) if must else []
    for name, inner in chosen["properties"].items():
        yield name, inner, name in required


def _object_alternative(schema: Mapping[str, Json]) -> dict[str, Json] | None:
    parts = [part for part in schema.get("allOf", ()) if isinstance(part, Mapping) and part.get("properties")]
    if parts or schema.get("properties"):
        properties: dict[str, Json] = {}
        required: list[str] = []
        for part in (*parts, schema):
            properties.update(part.get("properties", {}))
            required += part.get("required", [])
        return {"properties": properties, "required": required}
    for word in ("oneOf", "anyOf"):
        for option in schema.get(word, ()):
            if isinstance(option, Mapping) and option.get("properties"):
                return dict(option)
    return None


def _returned(document: Json, operation: Mapping[str, Json], where: Where) -> dict[str, Json]:
    responses = operation.get("responses")
    if not isinstance(responses, Mapping):
        return {}
    codes = sorted(code for code in responses if str(code)[:1] == "2") or [
        c for c in responses if c == "default"
    ]
    for code in codes:
        response = inline(responses[code], document, f"{where.source}#{where.pointer}/responses", titled=True)
        schema = modern(_json_schema(response.get("content") or {}))
        if isinstance(schema, dict):
            return schema
    return {}


def _json_schema(content: Mapping[str, Json]) -> Json:
    for kind, media in content.items():
        plain = kind.split(";")[0].strip()
        if plain in JSON_TYPES or plain.endswith("+json"):
            return media.get("schema", {}) if isinstance(media, Mapping) else None
    return None


def modern(schema: Json) -> Any:
    """An OpenAPI 3.0 schema in the words of JSON Schema 2020-12 (``nullable``, ``example``, exclusive bounds)."""
    if isinstance(schema, list):
        return [modern(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    result: dict[str, Json] = {}
    for key, value in schema.items():
        if key == "properties" and isinstance(value, Mapping):
            result[key] = {name: modern(inner) for name, inner in value.items()}
        elif key in ("enum", "default", "examples", "const", "required"):
            result[key] = value
        else:
            result[key] = modern(value)
    if result.pop("nullable", False) is True and isinstance(result.get("type"), str):
        result["type"] = [result["type"], "null"]
        if "enum" in result and None not in result["enum"]:
            result["enum"] = [*result["enum"], None]
    if "example" in result and not isinstance(result["example"], Mapping):
        result.setdefault("examples", [result.pop("example")])
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if result.get(exclusive) is True and bound in result:
            result[exclusive] = result.pop(bound)
        elif isinstance(result.get(exclusive), bool):
            del result[exclusive]
    return result
