"""JSON Schema walking and validation."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from callsmith.schema import first_error, leaves, settle, steps, types, valid
from serving import serving

EVENT = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "start": {
            "type": "object",
            "properties": {"dateTime": {"type": "string", "format": "date-time"}, "zone": {"type": "string"}},
            "required": ["dateTime"],
        },
        "guests": {"type": "array", "items": {"type": "object", "properties": {"email": {"type": "string"}}}},
        "owner": {"anyOf": [{"type": "null"}, {"type": "object", "properties": {"id": {"type": "string"}}}]},
        "a/b": {"type": "integer"},
    },
    "required": ["title", "start"],
}


def test_leaves_are_pointers_with_whether_they_are_required() -> None:
    found = {pointer: required for pointer, _, required in leaves(EVENT)}
    assert found == {
        "/title": True,
        "/start/dateTime": True,
        "/start/zone": False,
        "/guests/*/email": False,
        "/owner/id": False,
        "/a~1b": False,
    }


def test_a_pointer_is_split_into_unescaped_steps() -> None:
    assert steps("/a~1b/~0c/*") == ("a/b", "~c", "*")
    assert steps("") == ()


def test_of_alternatives_the_fullest_is_settled_on_and_parts_are_joined() -> None:
    assert settle({"anyOf": [{"type": "null"}, {"type": "string"}], "description": "d"}) == {
        "type": "string",
        "description": "d",
    }
    joined = settle({"allOf": [{"properties": {"a": {}}, "required": ["a"]}, {"properties": {"b": {}}}]})
    assert set(joined["properties"]) == {"a", "b"} and joined["required"] == ["a"]
    assert set(types({"anyOf": [{"type": "null"}, {"type": "string"}]})) == {"null", "string"}


def test_the_first_error_names_the_place_and_formats_count() -> None:
    assert first_error(EVENT, {"title": "x", "start": {"dateTime": "2026-03-03T10:00:00Z"}}) is None
    wrong = first_error(EVENT, {"title": "x", "start": {"dateTime": "tomorrow"}})
    assert wrong is not None and wrong[0] == "/start/dateTime" and "date-time" in wrong[1]
    missing = first_error(EVENT, {"title": "x"})
    assert missing is not None and missing[0] == "" and "start" in missing[1]
    assert valid({"type": "string", "format": "email"}, "a@b.example")
    assert not valid({"type": "string", "format": "email"}, "nobody")


def test_what_a_schema_refers_to_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    asked = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.json_response({"type": "string"})

    app = web.Application()
    app.router.add_get("/{path:.*}", handle)
    (tmp_path / "file.json").write_text('{"type": "string"}')
    with serving(app) as url:
        for place in (f"{url}/schema.json", (tmp_path / "file.json").as_uri()):
            own = {"properties": {"a": {"$ref": place}, "b": {"type": "string"}}}
            assert valid(own, {"a": 3}) and not valid(own, {"b": 3})
    assert asked == []
