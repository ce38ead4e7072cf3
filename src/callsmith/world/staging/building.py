"""The HTTP request that a call stands for: every argument in its place, nothing that breaks out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

import orjson
from msgspec import Struct

from callsmith.records import Json, Tool

SAFE_METHODS = ("GET", "HEAD")
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
# What the client itself sets, and what would change where a request goes or who sends it.
OWN_HEADERS = ("authorization", "connection", "content-length", "content-type", "cookie", "host", "proxy-authorization",
               "te", "transfer-encoding", "upgrade")  # fmt: skip
_BRACES = re.compile(r"[{]([^{}]+)[}]")
_BREAKS = re.compile("[\x00-\x1f\x7f]")


class Unsendable(ValueError):
    """The arguments make no request."""


class Request(Struct, frozen=True):
    """A request before it is sent."""

    method: str
    path: str  # percent-encoded, with its query
    headers: Mapping[str, str]
    body: bytes = b""
    parts: tuple[tuple[str, str], ...] = ()  # of a multipart form: name, text


def method_of(tool: Tool) -> str:
    """GET, POST, …; "" where the source does not say how the tool is called."""
    method = tool.hints.get("method")
    return method.upper() if isinstance(method, str) and isinstance(tool.hints.get("path"), str) else ""


def request_of(tool: Tool, arguments: Mapping[str, Json]) -> Request:
    """The request of a call, its arguments placed as the description says, by the default styles of OpenAPI.

    Raises:
        Unsendable: the tool is no HTTP operation, a path is left incomplete, or a value cannot stand in its place.
    """
    method = method_of(tool)
    if not method:
        raise Unsendable(f"{tool.name} is no HTTP operation")
    placed: dict[str, dict[str, Json]] = {name: {} for name in ("path", "query", "header", "body", "form")}
    whole: list[Json] = []
    for name, value in arguments.items():
        place, original = _place(tool, name)
        if place == "body" and original == "":
            whole.append(value)
        elif place in placed:
            placed[place][original] = value
    path = _path(str(tool.hints["path"]), placed["path"])
    query = "&".join(f"{quote_plus(k)}={quote(v, safe='')}" for k, v in _pairs(placed["query"]))
    target = path + ("&" if "?" in path else "?") + query if query else path
    headers = dict(_headers(placed["header"]))
    media = str(tool.hints.get("media") or "")
    if whole:
        return _raw(method, target, headers, whole[0], media)
    if placed["form"]:
        return _form(method, target, headers, placed["form"], media)
    if placed["body"]:
        return _raw(method, target, headers, placed["body"], media)
    return Request(method, target, headers)


def _place(tool: Tool, name: str) -> tuple[str, str]:
    """Where an argument is sent and under which name."""
    places = tool.hints.get("places")
    given = places.get(name) if isinstance(places, Mapping) else None
    if isinstance(given, Mapping):
        return str(given.get("in", "body")), str(given.get("name", name))
    if isinstance(places, Mapping) or "media" in tool.hints:
        return "body", name
    if f"{{{name}}}" in str(tool.hints["path"]):
        return "path", name
    return ("query" if method_of(tool) in (*SAFE_METHODS, "DELETE") else "body"), name


def _path(template: str, values: Mapping[str, Json]) -> str:
    def put(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise Unsendable(f"the path needs {found[1]}")
        text = _plain(values[found[1]])
        if text in ("", ".", "..") or _BREAKS.search(text):
            raise Unsendable(f"{found[1]} cannot stand in a path")
        return quote(text, safe="")

    made = _BRACES.sub(put, template)
    return made if made.startswith("/") else "/" + made


def _pairs(values: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """``form`` style, exploded: a list repeats its name, an object gives each of its fields."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from ((str(key), _plain(inner)) for key, inner in value.items() if inner is not None)
        elif isinstance(value, list):
            yield from ((name, _plain(item)) for item in value)
        elif value is not None:
            yield name, _plain(value)


def _plain(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (Mapping, list)):
        return orjson.dumps(value).decode()
    return "" if value is None else str(value)


def _headers(values: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        text = ",".join(map(_plain, value)) if isinstance(value, list) else _plain(value)
        if name.lower() in OWN_HEADERS or not re.fullmatch(r"[A-Za-z0-9_-]+", name):
            raise Unsendable(f"the header {name} is not for a call to set")
        if _BREAKS.search(text) or not text.isascii():
            raise Unsendable(f"the header {name} cannot hold that")
        yield name, text


def _raw(method: str, target: str, headers: Mapping[str, str], value: Any, media: str) -> Request:
    bare = media.partition(";")[0].strip().lower()
    if isinstance(value, str) and bare and "json" not in bare and bare != "*/*":
        return Request(method, target, {**headers, "Content-Type": media}, value.encode())
    kind = bare if "json" in bare else "application/json"
    return Request(method, target, {**headers, "Content-Type": kind}, orjson.dumps(value))


def _form(
    method: str, target: str, headers: Mapping[str, str], values: Mapping[str, Json], media: str
) -> Request:
    fields = tuple(
        (name, _plain(item))
        for name, value in values.items()
        for item in (value if isinstance(value, list) else [value])
        if item is not None
    )
    if media.partition(";")[0].strip().lower() == MULTIPART:
        return Request(method, target, headers, parts=fields)
    body = "&".join(f"{quote_plus(name)}={quote_plus(text)}" for name, text in fields)
    return Request(method, target, {**headers, "Content-Type": FORM}, body.encode())
