"""Operations of Swagger 2 descriptions in the shape OpenAPI 3 gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.errors import SourceError
from callsmith.ingest.refs import followed
from callsmith.records import Json

# What stands beside name and place in Swagger 2 and inside the schema in OpenAPI 3.
_SCHEMA = (
    *("type", "format", "items", "default", "enum", "pattern", "minimum", "maximum", "exclusiveMinimum"),
    *("exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "multipleOf"),
)


def upgraded(
    document: Mapping[str, Json], operation: Mapping[str, Json], parameters: Sequence[Json]
) -> tuple[Mapping[str, Json], list[Json]]:
    """The operation with ``requestBody`` and responses by content type, and its parameters that are no body.

    Raises:
        SourceError: a parameter has no name, or there are two bodies.
    """
    kept: list[Json] = []
    fields: dict[str, Json] = {}
    required: list[str] = []
    bodies: list[Mapping[str, Json]] = []
    for parameter in parameters:
        if not isinstance(parameter, Mapping) or not isinstance(parameter.get("name"), str):
            raise SourceError("a parameter has no name")
        if parameter.get("in") == "body":
            bodies.append(parameter)
        elif parameter.get("in") == "formData":
            fields[parameter["name"]] = _schema(parameter, described=True)
            required += [parameter["name"]] if parameter.get("required") else []
        else:
            kept.append({**parameter, "schema": _schema(parameter, described=False)})
    if len({str(body) for body in bodies}) > 1:
        raise SourceError("it has more than one body")
    consumed = _kinds(operation, document, "consumes")
    result = {key: value for key, value in operation.items() if key not in ("requestBody", "responses")}
    if bodies:
        body = bodies[0]
        content = {kind: {"schema": body.get("schema", {})} for kind in consumed or ["application/json"]}
        told = {"required": bool(body.get("required")), "description": body.get("description", "")}
        result["requestBody"] = {"content": content, **told}
    elif fields:
        form = {"type": "object", "properties": fields, "required": required}
        kinds = [kind for kind in consumed if "form" in kind] or ["application/x-www-form-urlencoded"]
        result["requestBody"] = {"content": {kinds[0]: {"schema": form}}, "required": bool(required)}
    result["responses"] = _responses(document, operation)
    return result, kept


def _schema(parameter: Mapping[str, Json], *, described: bool) -> dict[str, Any]:
    schema = {key: parameter[key] for key in _SCHEMA if key in parameter}
    if isinstance(parameter.get("schema"), Mapping):  # some write OpenAPI 3 in a Swagger 2 file
        schema |= parameter["schema"]
    if described and parameter.get("description"):
        schema["description"] = parameter["description"]
    return schema


def _kinds(operation: Mapping[str, Json], document: Mapping[str, Json], key: str) -> list[str]:
    said = operation.get(key, document.get(key))
    return [kind for kind in said if isinstance(kind, str)] if isinstance(said, list) else []


def _responses(document: Mapping[str, Json], operation: Mapping[str, Json]) -> dict[str, Json]:
    responses = operation.get("responses")
    if not isinstance(responses, Mapping):
        return {}
    produced = _kinds(operation, document, "produces") or ["application/json"]
    if not any("json" in kind for kind in produced):
        produced = [*produced, "application/json"] if "*/*" in produced else produced
    found: dict[str, Json] = {}
    for code, raw in responses.items():
        response = followed(raw, document, "#/responses")
        if isinstance(response, Mapping) and "schema" in response:
            found[str(code)] = {"content": {kind: {"schema": response["schema"]} for kind in produced}}
        else:
            found[str(code)] = {}
    return found
