"""OpenAPI 3.0 and 3.1 and Swagger 2 descriptions: one tool for each operation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from msgspec import Struct

from callsmith.errors import SourceError
from callsmith.ingest import dialect, swagger
from callsmith.ingest.bodies import Argument, arguments_of, chosen, flattened
from callsmith.ingest.documents import load_document
from callsmith.ingest.names import Names, api_name, operation_name, toolkit_of
from callsmith.ingest.operations import Operation, tool_of
from callsmith.ingest.refs import Schemas, followed, resolve
from callsmith.ingest.texts import plain, without_markup
from callsmith.records import Json, Skipped, Tool, Where
from callsmith.schema import escape

METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
# What the client sends by itself: who it is, what it speaks; no business of a caller.
CLIENT_HEADERS = frozenset(
    [
        "accept",
        "accept-language",
        "accept-encoding",
        "content-type",
        "content-length",
        "authorization",
        "cookie",
    ]
    + [
        "user-agent",
        "host",
        "if-match",
        "if-none-match",
        "if-modified-since",
        "if-unmodified-since",
        "x-api-key",
    ]
)


_REFUSED = ("400", "403", "409", "410", "412", "422", "423")
_CREDENTIAL = re.compile(
    r"(?:x[-_]?)?(?:[a-z]+[-_]?)?(?:api|app|access|auth|subscription|client)[-_]?(?:key|token|secret)"
)
_SECRET_TOLD = re.compile(r"\b(?:api|access|subscription) ?-?_?(?:key|token)\b", re.IGNORECASE)


def _is_credential(name: str, parameter: Mapping[str, Json]) -> bool:
    """Whether a parameter says who calls, though no security scheme speaks of it: ``appid``, ``key=<your API key>``."""
    low = name.lower()
    if _CREDENTIAL.fullmatch(low) or low in ("appid", "apikey", "api_key"):
        return True
    return low in ("key", "token") and bool(_SECRET_TOLD.search(str(parameter.get("description") or "")))


def _is_api_key(name: str) -> bool:
    """Whether a value in a body says no more than who calls: a client's secret, by contrast, may be what is made."""
    return re.sub(r"[-_]", "", name.lower()) in ("apikey", "appkey", "apitoken", "apisecret", "appid")


class OpenAPISource(Struct, frozen=True):
    """A JSON or YAML file with an OpenAPI 3 or Swagger 2 description. ``toolkit`` defaults to the file's name up to its first dot."""  # noqa: E501

    path: str
    toolkit: str = ""

    def read(self) -> Iterator[Tool | Skipped]:
        """One tool for each operation, in file order; what cannot be used is skipped with pointer and reason.

        Raises:
            SourceError: the file is neither JSON nor YAML, or no OpenAPI description.
        """
        document = load_document(self.path)
        version = _version(document, self.path)
        paths = document.get("paths") or {}
        if not isinstance(paths, Mapping):
            raise SourceError("'paths' is not an object", where=f"{self.path}#/paths")
        api = Description(document, self.path, self.toolkit or toolkit_of(self.path), version)
        for path, item in paths.items():
            if not path.startswith("x-"):
                yield from api.operations(path, item)


def _version(document: Json, path: str) -> int:
    if isinstance(document, Mapping):
        if str(document.get("openapi", "")).startswith("3."):
            return 3
        if str(document.get("swagger", "")).startswith("2"):
            return 2
    hint = 'expected {"openapi": "3..."} or {"swagger": "2.0"}'
    raise SourceError("is no OpenAPI 3 or Swagger 2 description", where=path, hint=hint)


_ABOUT = 300  # characters in which a product says what it is for


class Description:
    """One description while its operations are read; schemas that are referred to are made once."""

    def __init__(self, document: Mapping[str, Json], path: str, toolkit: str, version: int) -> None:
        self.document = document
        self.path = path
        self.version = version
        self.names = Names(toolkit)
        info = document.get("info")
        self.product = api_name(info.get("title")) if isinstance(info, Mapping) else ""
        about = info.get("description") if isinstance(info, Mapping) else None
        self.about = about[:_ABOUT] if isinstance(about, str) else ""
        security = (document.get("components") or {}).get("securitySchemes") or {}
        security = document.get("securityDefinitions") or security
        self._keys = {
            str(scheme.get("name")).lower()
            for scheme in (security.values() if isinstance(security, Mapping) else ())
            if isinstance(scheme, Mapping) and scheme.get("type") == "apiKey"
        }

        def lookup(reference: str) -> Json:
            return resolve(document, reference, path)

        self.given = Schemas(lookup, rewrite=dialect.reading(writing=True))
        self.shown = Schemas(lookup, titled=True, rewrite=dialect.reading(writing=False))

    def operations(self, path: str, item: Json) -> Iterator[Tool | Skipped]:
        """The tools of one path."""
        pointer = "/paths/" + escape(path)
        try:
            item = followed(item, self.document, f"{self.path}#{pointer}")
        except SourceError as error:
            yield Skipped(path, Where(self.path, pointer), error.what)
            return
        if not isinstance(item, Mapping):
            yield Skipped(path, Where(self.path, pointer), "path item is not an object")
            return
        for method in METHODS:
            if method in item:
                where = Where(self.path, f"{pointer}/{method}")
                operation = item[method]
                identity = operation.get("operationId") if isinstance(operation, Mapping) else None
                name = self.names.take(operation_name(identity, method, path), method)
                yield tool_of(name, self.names.toolkit, where, partial(self._operation, (method, path), item))

    def _operation(self, at: tuple[str, str], item: Mapping[str, Json]) -> Operation:
        method, path = at
        operation = item[method]
        if not isinstance(operation, Mapping):
            raise SourceError("operation is not an object")
        groups = (item.get("parameters") or [], operation.get("parameters") or [])
        if not all(isinstance(group, list) for group in groups):
            raise SourceError("'parameters' is not an array")
        parameters = [followed(raw, self.document, self.path) for group in groups for raw in group]
        if self.version == 2:
            operation, parameters = swagger.upgraded(self.document, operation, parameters)
        taken = [*self._parameters(parameters), *self._body(operation)]
        properties, required, places = arguments_of(taken)
        hints: dict[str, Json] = {"method": method, "path": path}
        if self.product:
            hints["product"] = self.product
        if self.about:
            hints["about"] = self.about
        if places:
            hints["places"] = places
        if media := chosen(self._content(operation.get("requestBody"))):
            hints["media"] = media
        if operation.get("deprecated") is True:
            hints["deprecated"] = True
        if isinstance(operation.get("operationId"), str):
            hints["operation"] = operation["operationId"]
        if told := self._told_of_answer(operation):
            hints["answer"] = told
        if refusals := self._told_of_refusals(operation):
            hints["refusals"] = refusals
        summary = plain(operation.get("summary"), 300)
        return Operation(
            description=without_markup(operation.get("description")) or summary,
            properties=properties,
            required=required,
            returns=self._returned(operation),
            hints={**hints, "summary": summary},
        )

    def _parameters(self, parameters: list[Json]) -> Iterator[Argument]:
        found: dict[tuple[str, str], Mapping[str, Json]] = {}
        for parameter in parameters:
            if not isinstance(parameter, Mapping) or not isinstance(parameter.get("name"), str):
                raise SourceError("a parameter has no name")
            found[(parameter["name"], str(parameter.get("in")))] = parameter
        for (name, sent), parameter in found.items():
            if sent == "cookie" or (sent != "path" and name.lower() in self._keys):
                continue
            if sent in ("query", "header") and _is_credential(name, parameter):
                continue
            if sent == "header" and (name.lower() in CLIENT_HEADERS or not parameter.get("required")):
                continue
            required = bool(parameter.get("required")) or sent == "path"
            yield Argument(name, sent, self._described(parameter), required)

    def _described(self, parameter: Mapping[str, Json]) -> dict[str, Json]:
        schema = parameter.get("schema")
        if schema is None:
            content = parameter.get("content")
            media = next(iter(content.values()), None) if isinstance(content, Mapping) else None
            schema = media.get("schema") if isinstance(media, Mapping) else None
        made = self.given.whole(schema if schema is not None else {})
        result = dict(made) if isinstance(made, Mapping) else {}
        if text := without_markup(parameter.get("description"), dialect.LONGEST):
            result["description"] = text
        if "examples" not in result:
            told = {key: parameter[key] for key in ("example", "examples") if key in parameter}
            result |= dialect.modern(told)
        return result

    def _content(self, holder: Json) -> Mapping[str, Json]:
        holder = followed(holder, self.document, self.path)
        content = holder.get("content") if isinstance(holder, Mapping) else None
        return content if isinstance(content, Mapping) else {}

    def _body(self, operation: Mapping[str, Json]) -> Iterator[Argument]:
        content = self._content(operation.get("requestBody"))
        media = chosen(content)
        if not media:
            return
        held = content[media]
        schema = held.get("schema") if isinstance(held, Mapping) else None
        body = followed(operation["requestBody"], self.document, self.path)
        made = self.given.whole(schema if schema is not None else {})
        parts = flattened(made, media, bool(body.get("required")), plain(body.get("description"), 300))
        yield from (one for one in parts if not _is_api_key(one.name))

    def _told_of_answer(self, operation: Mapping[str, Json]) -> str:
        """What is said of the answer when all went well: "Payments, newest first"."""
        responses = operation.get("responses")
        found = responses if isinstance(responses, Mapping) else {}
        told = (found[code] for code in sorted(found, key=str) if str(code)[:1] == "2")
        answer = next((followed(one, self.document, self.path) for one in told), None)
        return plain(answer.get("description"), 200) if isinstance(answer, Mapping) else ""

    def _told_of_refusals(self, operation: Mapping[str, Json]) -> list[Json]:
        """When a call is refused although nothing is wrong with it: "Project already delivered"."""
        responses = operation.get("responses")
        found = responses if isinstance(responses, Mapping) else {}
        told = (
            followed(found[code], self.document, self.path)
            for code in sorted(found, key=str)
            if str(code) in _REFUSED
        )
        said = [plain(one.get("description"), 200) for one in told if isinstance(one, Mapping)]
        return [text for text in said if len(text.split()) > 1]

    def _returned(self, operation: Mapping[str, Json]) -> dict[str, Any]:
        responses = operation.get("responses")
        if not isinstance(responses, Mapping):
            return {}
        successes = sorted(str(code) for code in responses if str(code)[:1] == "2")
        for code in successes or ["default"]:
            content = self._content(responses.get(code))
            media = chosen(content, only_json=True)
            held = content.get(media)
            if isinstance(held, Mapping) and held.get("schema") is not None:
                made = self.shown.whole(held["schema"])
                if isinstance(made, Mapping):
                    return dict(made)
        return {}
