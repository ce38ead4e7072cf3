"""Sources of tools: OpenAI arrays, OpenAPI descriptions, Python functions, the catalogue."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypedDict

import jsonschema_rs
import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from callsmith import sources
from callsmith.catalog import builtin
from callsmith.errors import SourceError
from callsmith.ingest.dialect import modern
from callsmith.ingest.functions import FunctionSource
from callsmith.ingest.names import prefixed, snake, valid_name
from callsmith.ingest.openai import OpenAISource
from callsmith.ingest.openapi import OpenAPISource
from callsmith.ingest.refs import Schemas, inline, resolve
from callsmith.records import Call, Skipped, Tool
from callsmith.world import python

GITHUB = Path(__file__).parent.parent / "examples" / "github.openapi.json"

FLAT = {
    "type": "function",
    "name": "lamp_on",
    "description": "Turns a lamp on.",
    "parameters": {"type": "object", "properties": {}},
}
NESTED = {
    "type": "function",
    "function": {
        "name": "lamp_dim",
        "parameters": {
            "type": "object",
            "properties": {"level": {"$ref": "#/$defs/Level"}},
            "$defs": {"Level": {"type": "integer", "maximum": 10}},
        },
    },
}


def write(folder: Path, content: Any) -> str:
    path = folder / "lamps.v2.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(path)


@pytest.mark.parametrize("whole", [[FLAT, NESTED], {"tools": [FLAT, NESTED]}])
def test_openai_arrays_in_both_shapes(tmp_path: Path, whole: Any) -> None:
    flat, nested = OpenAISource(write(tmp_path, whole)).read()
    assert isinstance(flat, Tool)
    assert isinstance(nested, Tool)
    assert (flat.name, flat.toolkit, flat.description) == ("lamp_on", "lamps", "Turns a lamp on.")
    assert nested.parameters["properties"]["level"] == {"type": "integer", "maximum": 10}
    assert nested.where.pointer == ("/tools/1" if isinstance(whole, dict) else "/1")


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("lamp", "not an object"),
        ({"type": "retrieval"}, "retrieval"),
        ({"name": "has spaces"}, "name"),
        ({"name": "a", "parameters": {"type": "strange"}}, "/type"),
        ({"name": "a", "parameters": {"properties": {"x": {"$ref": "#/nowhere"}}}}, "nowhere"),
        ({"name": "a", "parameters": [1]}, "object schema"),
    ],
)
def test_openai_entries_at_fault_are_skipped_with_their_reason(
    tmp_path: Path, entry: Any, reason: str
) -> None:
    bad, good = OpenAISource(write(tmp_path, [entry, FLAT])).read()
    assert isinstance(bad, Skipped)
    assert reason in bad.reason
    assert bad.where.pointer == "/0"
    assert isinstance(good, Tool)


def test_broken_json_names_file_line_and_column(tmp_path: Path) -> None:
    path = write(tmp_path, '[\n {"name": "a",}\n]')
    with pytest.raises(SourceError) as caught:
        list(OpenAISource(path).read())
    assert caught.value.where == f"{path}:2:15"


@pytest.mark.parametrize("content", [{"openapi": "2.0"}, [], {"swagger": "1.2", "paths": {}}])
def test_what_is_no_openapi_is_refused(tmp_path: Path, content: Any) -> None:
    with pytest.raises(SourceError, match="OpenAPI 3"):
        list(OpenAPISource(write(tmp_path, content)).read())


def test_the_github_operations_are_read() -> None:
    tools = {tool.name: tool for tool in OpenAPISource(str(GITHUB)).read() if isinstance(tool, Tool)}
    assert len(tools) == 10
    update = tools["github_issues_update"]
    assert update.hints["method"] == "patch"
    assert update.hints["path"] == "/repos/{owner}/{repo}/issues/{issue_number}"
    assert update.parameters["required"] == ["owner", "repo", "issue_number"]
    assert {"title", "state", "assignees"} <= set(update.parameters["properties"])
    assert update.returns["title"]
    for tool in tools.values():
        assert "$ref" not in json.dumps([tool.parameters, tool.returns])
        jsonschema_rs.Draft202012Validator(tool.parameters, validate_formats=True)


def test_yaml_is_read_as_the_json_it_stands_for(tmp_path: Path) -> None:
    described = json.loads(GITHUB.read_text(encoding="utf-8"))
    path = tmp_path / "github.openapi.yaml"
    text = yaml.safe_dump(described, sort_keys=False).replace("'200':", "200:")
    assert "200:" in text
    path.write_text(text, encoding="utf-8")
    told = [msgspec.structs.replace(tool, where=None) for tool in OpenAPISource(str(path)).read()]
    assert told == [msgspec.structs.replace(tool, where=None) for tool in OpenAPISource(str(GITHUB)).read()]


@pytest.mark.parametrize(
    ("text", "place"),
    [("openapi: 3.1.0\npaths: [\n", ":3:1"), ("a: &x [*x]\n", ":1:4"), ("a: !!binary aGk=\n", "")],
)
def test_yaml_at_fault_names_file_line_and_column(tmp_path: Path, text: str, place: str) -> None:
    path = tmp_path / "api.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        list(OpenAPISource(str(path)).read())
    assert f"{path}{place}" in str(caught.value)


def test_one_bad_operation_does_not_spoil_the_others(tmp_path: Path) -> None:
    good = {"operationId": "lampsList", "responses": {"200": {"description": "", "content": {"application/json": {
        "schema": {"type": "array", "items": {"$ref": "#/components/schemas/a~1b~0c"}}}}}}}  # fmt: skip
    document = {
        "openapi": "3.0.3",
        "components": {"schemas": {"a/b~c": {"type": "object", "properties": {
            "next": {"$ref": "#/components/schemas/a~1b~0c"}, "name": {"type": "string", "nullable": True}}}}},
        "paths": {
            "/lamps": {"get": good, "post": {"parameters": [{"$ref": "#/components/parameters/lost"}]}},
            "/lamps/{id}": {"put": {"parameters": 7}},
            "/broken": 3,
        },
    }  # fmt: skip
    read = list(OpenAPISource(write(tmp_path, document)).read())
    tools = [item for item in read if isinstance(item, Tool)]
    skipped = {item.where.pointer: item.reason for item in read if isinstance(item, Skipped)}
    assert [tool.name for tool in tools] == ["lamps_list"]
    record = tools[0].returns["items"]["properties"]
    assert record["next"] == {"type": "object"}  # a schema inside itself is cut
    assert record["name"]["type"] == ["string", "null"]
    assert set(skipped) == {"/paths/~1lamps/post", "/paths/~1lamps~1{id}/put", "/paths/~1broken"}
    assert "not an array" in skipped["/paths/~1lamps~1{id}/put"]


def test_openapi_3_0_words_become_json_schema() -> None:
    old = {
        "type": "integer",
        "minimum": 0,
        "exclusiveMinimum": True,
        "example": 3,
        "nullable": True,
        "enum": [1, 2],
    }
    new = modern(old)
    assert new == {"type": ["integer", "null"], "exclusiveMinimum": 0, "examples": [3], "enum": [1, 2, None]}
    # A property may be called as a keyword is.
    named = {"type": "object", "properties": {"nullable": {"type": "boolean"}, "$ref": {"type": "string"}}}
    assert Schemas(lambda reference: {}, rewrite=modern).whole(named) == named


class Mood(enum.Enum):
    CALM = "calm"
    LOUD = "loud"


@dataclass
class Room:
    name: str
    seats: int
    mood: Mood = Mood.CALM


class Booking(TypedDict):
    room: str
    people: list[str]


def book_room(
    room: str, people: list[str], length: int = 30, mood: Literal["calm", "loud"] | None = None
) -> Booking:
    """Book a room for some people.

    Args:
        room: Name of the room.
        people: Who comes.
        length: How long, in minutes.
    """
    return {"room": room, "people": people}


def find_rooms(seats: int, near: Room | None = None) -> list[Room]:
    """Find rooms with at least so many seats."""
    return [Room("Attic", seats)]


def test_functions_become_tools_that_can_be_called() -> None:
    source = FunctionSource([book_room, f"{__name__}:find_rooms"], toolkit="rooms")
    book, find = source.read()
    assert isinstance(book, Tool)
    assert isinstance(find, Tool)
    assert book.description == "Book a room for some people."
    properties = book.parameters["properties"]
    assert book.parameters["required"] == ["room", "people"]
    assert properties["length"] == {"type": "integer", "description": "How long, in minutes.", "default": 30}
    assert properties["people"]["items"] == {"type": "string"}
    assert set(book.returns["properties"]) == {"room", "people"}
    assert find.returns["items"]["title"] == "Room"
    assert find.returns["items"]["properties"]["mood"]["enum"] == ["calm", "loud"]
    callables = source.callables()
    assert callables["book_room"](room="Attic", people=["Dana"]) == {"room": "Attic", "people": ["Dana"]}
    assert set(callables) == {"book_room", "find_rooms"}


def no_hints(x):  # type: ignore[no-untyped-def]
    return x


def takes_all(*args: int) -> int:
    return sum(args)


def odd_type(x: object, y: type[Room]) -> None:
    pass


@pytest.mark.parametrize("function", [no_hints, takes_all, odd_type])
def test_functions_that_cannot_be_described_are_skipped(function: Any) -> None:
    (skipped,) = FunctionSource([function]).read()
    assert isinstance(skipped, Skipped)
    assert skipped.where.pointer == function.__name__


@pytest.mark.parametrize("reference", ["json", "json:nothing", "no_such_module:f", "nowhere.py:f"])
def test_functions_that_cannot_be_found_are_an_error(reference: str) -> None:
    with pytest.raises(SourceError):
        list(FunctionSource([reference]).read())


def test_functions_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "own_tools.py"
    path.write_text('def double(x: int) -> int:\n    """Double a number."""\n    return 2 * x\n')
    source = FunctionSource([f"{path}:double"])
    (tool,) = source.read()
    assert isinstance(tool, Tool)
    assert tool.returns == {"type": "integer"}
    assert source.callables()["double"](x=4) == 8


def test_every_catalogue_toolkit_is_self_contained() -> None:
    assert {"gmail", "googlecalendar", "googledrive"} <= set(builtin.names())
    for name in builtin.names():
        tools = builtin.load(name)
        assert len({tool.name for tool in tools}) == len(tools) >= 12
        for tool in tools:
            assert tool.toolkit == name
            assert tool.where.pointer
            assert "$ref" not in json.dumps([tool.parameters, tool.returns])
    for parts in builtin.bundles().values():
        assert set(parts) <= set(builtin.names())


def test_an_unknown_toolkit_is_named_with_a_suggestion() -> None:
    with pytest.raises(SourceError, match="did you mean gmail"):
        builtin.load("gmial")


@given(st.text(min_size=1, max_size=120))
def test_names_made_of_anything_are_valid_or_empty(text: str) -> None:
    name = snake(text)
    assert name == "" or valid_name(prefixed("kit", name))
    assert snake(name) == name


_STEP = st.text("ab/~", min_size=1, max_size=3)


@given(st.lists(_STEP, min_size=1, max_size=4))
def test_references_reach_what_they_point_to(steps: list[str]) -> None:
    document: Any = {"type": "string"}
    for step in reversed(steps):
        document = {step: document}
    reference = "#/" + "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
    assert resolve(document, reference, "here") == {"type": "string"}
    assert inline({"items": {"$ref": reference, "title": "own"}}, document, "here") == {
        "items": {"type": "string", "title": "own"}
    }


@pytest.mark.parametrize(
    ("reference", "title"),
    [
        ("#/components/schemas/Firewall", "Firewall"),
        ("#/paths/~1x/get/responses/200/content/json/schema/allOf/1", None),
        ("#/components/schemas/Firewalls/items", None),
        ("#/components/schemas/App/properties/spec", "spec"),
    ],
)
def test_only_what_a_reference_calls_its_target_becomes_a_title(reference: str, title: str | None) -> None:
    target = {"type": "object", "properties": {"id": {"type": "string"}}}
    schemas = Schemas(lambda _: target, titled=True)
    assert schemas.whole({"$ref": reference}).get("title") == title


MODULE = '''"""Tools of a front desk."""
from typing import Annotated

from pydantic import BaseModel, Field


class Guest(BaseModel):
    name: str
    nights: int = Field(1, description="How many nights.")


def find_guests(nights: Annotated[int, Field(description="At least so many nights.")] = 1) -> list[Guest]:
    """Find guests."""
    return [Guest(name="Ada Berg", nights=3)]


def greet(name, times):
    """Greet a guest.

    Args:
        name (str): Whom to greet.
        times (int, optional): How often.
    """
    return f"Hello {name}" * times


def extend(guest: Guest, by: int) -> Guest:
    """Let a guest stay longer."""
    return guest.model_copy(update={"nights": guest.nights + by})


def _inner() -> int:
    return 1
'''


def test_a_module_alone_stands_for_all_its_functions_models_and_docstrings_included(tmp_path: Path) -> None:
    pytest.importorskip("pydantic")
    path = tmp_path / "front_desk.py"
    path.write_text(MODULE)
    kit = sources.entry(str(path))
    assert sources.title(kit) == "front_desk"
    tools = {tool.name: tool for tool in sources.load(kit).toolset.tools}
    assert list(tools) == ["find_guests", "greet", "extend"]
    find, greet, extend = (tool.parameters["properties"] for tool in tools.values())
    assert find["nights"]["description"] == "At least so many nights."
    assert (greet["name"], greet["times"]["type"]) == (
        {"type": "string", "description": "Whom to greet."},
        "integer",
    )
    assert extend["guest"]["properties"]["nights"]["description"] == "How many nights."
    made = sources.callables(kit)
    called = python._answered(Call("1", "find_guests", {}), made["find_guests"]())
    assert called.value == [{"name": "Ada Berg", "nights": 3}]
    arguments = python.converted(made["extend"], {"guest": {"name": "Ada Berg"}, "by": 2})
    assert made["extend"](**arguments).nights == 3
    with pytest.raises(SourceError, match="no function gret") as raised:
        list(FunctionSource([f"{path}:gret"]).read())
    assert "greet" in raised.value.hint
