"""API descriptions from outside: every shape they come in, real ones whole, hostile ones harmless."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callsmith import sources
from callsmith.config import Toolkit
from callsmith.errors import SourceError
from callsmith.ingest import aws, discovery
from callsmith.ingest.aws import AwsSource
from callsmith.ingest.discovery import DiscoverySource
from callsmith.ingest.names import valid_name
from callsmith.ingest.openapi import OpenAPISource
from callsmith.ingest.refs import LARGEST, Schemas, require_sound
from callsmith.ingest.texts import plain, without_markup
from callsmith.ports import drive
from callsmith.records import Call, Skipped, Tool
from callsmith.schema import leaves
from callsmith.world.inferred.world import InferredWorld

OK = {"200": {"description": "", "content": {"application/json": {"schema": {"type": "object"}}}}}


def described(folder: Path, paths: Any, **rest: Any) -> dict[str, Tool | Skipped]:
    path = folder / "shop.json"
    path.write_text(json.dumps({"openapi": "3.1.0", "paths": paths, **rest}))
    return {item.name: item for item in OpenAPISource(str(path)).read()}


def tool(found: dict[str, Tool | Skipped], name: str) -> Tool:
    item = found[name]
    assert isinstance(item, Tool), item
    return item


def body(media: str, schema: Any, required: bool = True) -> dict[str, Any]:
    return {"requestBody": {"required": required, "content": {media: {"schema": schema}}}, "responses": OK}


def test_query_and_body_parameters_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    operation = {
        "operationId": "tag",
        "parameters": [{"name": "filter", "in": "query", "schema": {"type": "string"}}],
        **body(
            "application/json", {"type": "object", "properties": {"filter": {"type": "integer"}, "id": {}}}
        ),
    }
    at_path = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    read = tool(described(tmp_path, {"/tags/{id}": {"parameters": at_path, "post": operation}}), "shop_tag")
    properties = read.parameters["properties"]
    assert set(properties) == {"id", "filter", "body_filter", "body_id"}
    assert properties["filter"]["type"] == "string"
    assert properties["body_filter"]["type"] == "integer"
    assert read.parameters["required"] == ["id"]
    assert read.hints["places"] == {
        "id": {"in": "path", "name": "id"},
        "filter": {"in": "query", "name": "filter"},
        "body_filter": {"in": "body", "name": "filter"},
        "body_id": {"in": "body", "name": "id"},
    }


def test_parameters_of_the_operation_replace_those_of_its_path(tmp_path: Path) -> None:
    shared = [{"name": "page", "in": "query", "schema": {"type": "string"}}]
    own = [
        {"name": "page", "in": "query", "schema": {"type": "integer"}},
        {"$ref": "#/components/parameters/Size"},
    ]
    size = {"parameters": {"Size": {"name": "$size[of]", "in": "query", "schema": {"type": "integer"}}}}
    paths = {"/a": {"parameters": shared, "get": {"parameters": own, "responses": OK}}}
    read = tool(described(tmp_path, paths, components=size), "shop_get_a")
    assert {name: schema["type"] for name, schema in read.parameters["properties"].items()} == {
        "page": "integer",
        "size_of": "integer",
    }
    assert read.hints["places"]["size_of"] == {"in": "query", "name": "$size[of]"}


@pytest.mark.parametrize(
    ("media", "schema", "expected"),
    [
        ("application/json", {"type": "array", "items": {"type": "string"}}, {"body": "array"}),
        ("application/x-www-form-urlencoded", {"properties": {"a": {"type": "string"}}}, {"a": "string"}),
        (
            "multipart/form-data",
            {"properties": {"f": {"type": "string", "format": "binary"}}},
            {"f": "string"},
        ),
        ("application/vnd.shop+json; v=2", {"properties": {"a": {"type": "integer"}}}, {"a": "integer"}),
        ("text/plain", {"type": "string"}, {"body": "string"}),
        ("application/xml", {"properties": {"a": {"type": "string"}}}, {"body": "string"}),
        ("application/octet-stream", {}, {"body": "string"}),
    ],
)
def test_bodies_of_every_content_type(tmp_path: Path, media: str, schema: Any, expected: Any) -> None:
    read = tool(described(tmp_path, {"/a": {"put": body(media, schema)}}), "shop_put_a")
    assert {name: inner["type"] for name, inner in read.parameters["properties"].items()} == expected
    assert read.hints["media"] == media


def test_what_only_results_show_is_no_argument_and_the_other_way_round(tmp_path: Path) -> None:
    record = {
        "type": "object",
        "required": ["id", "name", "secret"],
        "properties": {
            "id": {"type": "string", "readOnly": True},
            "name": {"type": "string"},
            "secret": {"type": "string", "writeOnly": True},
        },
    }
    operation = {
        **body("application/json", {"$ref": "#/components/schemas/R"}),
        "responses": {
            "404": {"content": {"application/json": {"schema": {"properties": {"oops": {}}}}}},
            "201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/R"}}}},
        },
    }
    read = tool(
        described(tmp_path, {"/r": {"post": operation}}, components={"schemas": {"R": record}}), "shop_post_r"
    )
    assert list(read.parameters["properties"]) == ["name", "secret"]
    assert read.parameters["required"] == ["name", "secret"]
    assert list(read.returns["properties"]) == ["id", "name"]


def test_names_are_valid_and_none_is_given_twice(tmp_path: Path) -> None:
    same = {"operationId": "get-Thing", "responses": OK}
    long = {"operationId": "x" * 90, "responses": OK}
    strange = {"operationId": "取得🙂", "responses": OK}
    paths = {f"/{n}": {"get": same, "put": same, "post": long, "patch": strange} for n in range(3)}
    read = described(tmp_path, paths)
    tools = [item for item in read.values() if isinstance(item, Tool)]
    assert len(tools) == len(read) == 12
    assert all(valid_name(item.name) for item in tools)
    assert {"shop_get_thing", "shop_get_thing_put", "shop_get_thing_2", "shop_patch_1"} < set(read)


def test_alternatives_and_type_unions(tmp_path: Path) -> None:
    schema = {
        "properties": {
            "a": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "b": {"type": ["string", "integer", "null"]},
            "c": {"allOf": [{"$ref": "#/components/schemas/Mood"}], "description": "how", "default": "calm"},
            "d": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        }
    }
    mood = {"schemas": {"Mood": {"type": "string", "enum": ["calm", "loud"]}}}
    read = tool(
        described(tmp_path, {"/a": {"put": body("application/json", schema)}}, components=mood), "shop_put_a"
    )
    assert read.parameters["properties"] == {
        "a": {"type": ["string", "null"]},
        "b": {"type": ["string", "integer", "null"]},
        "c": {"type": "string", "enum": ["calm", "loud"], "description": "how", "default": "calm"},
        "d": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
    }


def test_swagger_2_is_converted(tmp_path: Path) -> None:
    document = {
        "swagger": "2.0",
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "securityDefinitions": {"key": {"type": "apiKey", "in": "query", "name": "api_key"}},
        "parameters": {"Body": {"name": "pet", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Pet"}}},
        "definitions": {"Pet": {"type": "object", "required": ["name"], "properties": {
            "name": {"type": "string", "x-order": 1}, "photo": {"type": "file"}}}},
        "responses": {"Found": {"description": "", "schema": {"type": "array", "items": {"$ref": "#/definitions/Pet"}}}},
        "paths": {"/pets": {
            "get": {"parameters": [
                {"name": "status", "in": "query", "type": "array", "items": {"type": "string", "enum": ["sold"]},
                 "collectionFormat": "csv"},
                {"name": "api_key", "in": "query", "type": "string"}],
                "responses": {"200": {"$ref": "#/responses/Found"}}},
            "post": {"parameters": [{"$ref": "#/parameters/Body"}], "responses": {}},
            "put": {"consumes": ["multipart/form-data"], "responses": {}, "parameters": [
                {"name": "photo", "in": "formData", "type": "file", "required": True, "description": "A photo."}]}}},
    }  # fmt: skip
    path = tmp_path / "pets.json"
    path.write_text(json.dumps(document))
    found, photo, added = OpenAPISource(str(path)).read()
    assert isinstance(found, Tool) and isinstance(added, Tool) and isinstance(photo, Tool)
    assert found.parameters["properties"] == {
        "status": {"type": "array", "items": {"type": "string", "enum": ["sold"]}}
    }
    assert found.returns["items"]["title"] == "Pet"
    assert added.parameters["required"] == ["name"]
    assert added.parameters["properties"]["photo"] == {"type": "string", "format": "binary"}
    assert photo.parameters["properties"] == {
        "photo": {"type": "string", "format": "binary", "description": "A photo."}
    }
    assert photo.hints["media"] == "multipart/form-data"


# ---------------------------------------------------------------- real ones


@pytest.mark.parametrize(
    "api", ["tasks/v1", "people", "youtube", "calendar/v3", "drive", "compute/v1", "sheets"]
)
def test_google_apis_are_read_whole(api: str) -> None:
    read = list(DiscoverySource(api).read())
    assert [item for item in read if isinstance(item, Skipped)] == []
    assert len({item.name for item in read}) == len(read) > 10


def test_a_google_method_says_what_it_takes_and_gives() -> None:
    tools = {item.name: item for item in DiscoverySource("tasks").read() if isinstance(item, Tool)}
    insert = tools["tasks_tasks_insert"]
    assert insert.parameters["required"] == ["tasklist"]
    assert {"title", "due", "parent"} <= set(insert.parameters["properties"])
    assert "assignmentInfo" not in insert.parameters["properties"]  # output only
    assert insert.returns["title"] == "Task"
    assert insert.hints["places"]["tasklist"] == {"in": "path", "name": "tasklist"}
    listed = tools["tasks_tasks_list"]
    assert listed.returns["properties"]["items"]["items"]["title"] == "Task"
    assert listed.parameters["properties"]["maxResults"]["type"] == "integer"


@pytest.mark.parametrize("service", ["s3", "sqs", "dynamodb", "lambda", "iam"])
def test_aws_services_are_read_whole(service: str) -> None:
    read = list(AwsSource(service).read())
    assert [item for item in read if isinstance(item, Skipped)] == []
    assert len({item.name for item in read}) == len(read) > 10
    for item in read:
        assert isinstance(item, Tool)
        assert "<" not in item.description.partition("<code")[0][:200] or "<p>" not in item.description


def test_an_aws_operation_says_what_it_takes_and_gives() -> None:
    tools = {item.name: item for item in AwsSource("s3").read() if isinstance(item, Tool)}
    tagging = tools["s3_put_bucket_tagging"]
    assert tagging.parameters["required"] == ["Bucket", "Tagging"]
    assert ("/Tagging/TagSet/*/Key", True) in [(p, r or True) for p, _, r in leaves(tagging.parameters)]
    assert tools["s3_list_buckets"].returns["properties"]["Buckets"]["items"]["title"] == "Bucket"


def test_apis_are_found_by_name_and_unknown_ones_are_told(tmp_path: Path) -> None:
    assert discovery.located("calendar").name == "calendar.v3.json"
    assert aws.located("s3").parent.name == "2006-03-01"
    with pytest.raises(SourceError, match="did you mean tasks"):
        discovery.located("taskz")
    with pytest.raises(SourceError, match="tasks has no version v9"):
        discovery.located("tasks/v9")
    with pytest.raises(SourceError, match="no AWS service"):
        aws.located("../../etc")
    loaded = sources.load(Toolkit(discovery="tasks", operations=("tasks.tasks.*", "tasks_tasklists_get")))
    assert len(loaded.toolset.tools) == 9
    with pytest.raises(SourceError, match="no operation tasks"):
        sources.load(Toolkit(discovery="tasks", operations=("tasks.nothing",)))


# ---------------------------------------------------------------- hostile ones


def test_a_truncated_file_is_one_clear_line(tmp_path: Path) -> None:
    whole = json.dumps({"openapi": "3.0.0", "paths": {"/a": {"get": {"responses": OK}}}})
    path = tmp_path / "cut.json"
    for cut in (1, 20, len(whole) // 2, len(whole) - 1):
        path.write_text(whole[:cut])
        with pytest.raises(SourceError) as caught:
            list(OpenAPISource(str(path)).read())
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


def test_yaml_aliases_may_not_stand_for_more_than_memory_holds(tmp_path: Path) -> None:
    path = tmp_path / "laughs.yaml"
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    path.write_text("openapi: 3.1.0\n" + "\n".join(lines))
    with pytest.raises(SourceError, match="stands for more than 1,000,000 values"):
        list(OpenAPISource(str(path)).read())


def test_yaml_aliases_are_read_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(
        "openapi: 3.1.0\nx-ok: &ok\n  '200': {description: fine}\npaths:\n  /a:\n    get: {responses: *ok}\n"
    )
    (read,) = OpenAPISource(str(path)).read()
    assert isinstance(read, Tool)


def test_references_that_multiply_are_cut(tmp_path: Path) -> None:
    schemas = {
        f"S{n}": {"properties": {key: {"$ref": f"#/components/schemas/S{n + 1}"} for key in "abcdefghi"}}
        for n in range(12)
    }
    schemas["S12"] = {"type": "string"}
    operation = {
        "responses": {
            "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}}}
        }
    }
    read = tool(
        described(tmp_path, {"/a": {"get": operation}}, components={"schemas": schemas}), "shop_get_a"
    )
    assert 0 < len(json.dumps(read.returns)) < 100 * LARGEST
    assert read.returns["properties"]["a"]["properties"]


@pytest.mark.parametrize("levels", [50, 900, 100_000])
def test_deep_nesting_is_refused_by_name_not_by_a_crash(tmp_path: Path, levels: int) -> None:
    nested = '{"items":' * levels + "{}" + "}" * levels
    text = json.dumps(
        {
            "openapi": "3.0.0",
            "paths": {
                "/good": {"get": {"responses": OK}},
                "/deep": {"put": body("application/json", "HERE")},
            },
        }
    )
    path = tmp_path / "deep.json"
    path.write_text(text.replace('"HERE"', nested))
    try:
        read = {item.name: item for item in OpenAPISource(str(path)).read()}
    except SourceError as error:
        assert "deeper" in str(error) and str(path) in str(error)  # noqa: PT017
        return
    assert isinstance(read["deep_get_good"], Tool)
    assert isinstance(read["deep_put_deep"], Tool) or "deeper" in str(read["deep_put_deep"])


def test_references_in_circles(tmp_path: Path) -> None:
    components = {
        "schemas": {
            "A": {"$ref": "#/components/schemas/B"},
            "B": {"$ref": "#/components/schemas/A"},
            "T": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/T"}}},
        },
        "parameters": {"P": {"$ref": "#/components/parameters/P"}},
    }
    paths = {
        "/a": {"put": body("application/json", {"$ref": "#/components/schemas/A"})},
        "/t": {"put": body("application/json", {"$ref": "#/components/schemas/T"})},
        "/p": {"get": {"parameters": [{"$ref": "#/components/parameters/P"}], "responses": OK}},
    }
    read = described(tmp_path, paths, components=components)
    assert list(tool(read, "shop_put_t").parameters["properties"]) == ["next"]
    assert isinstance(read["shop_put_a"], Tool)
    assert "leads back to itself" in str(read["shop_get_p"])


def test_descriptions_of_megabytes_are_cut_and_unseen_characters_go(tmp_path: Path) -> None:
    said = "Deletes a lamp.\u202e\x1b[31m\u200b " + "word " * 2_000_000
    paths = {"/a": {"delete": {"description": said, "responses": OK, "parameters": [
        {"name": "id", "in": "query", "description": said, "schema": {"type": "string"}}]}}}  # fmt: skip
    read = tool(described(tmp_path, paths), "shop_delete_a")
    assert len(read.description) < 4_100
    assert len(read.parameters["properties"]["id"]["description"]) < 2_100
    assert read.description.startswith("Deletes a lamp.[31m word")


def test_descriptions_in_html_become_text() -> None:
    said = "<p>Lists <code>keys</code> &amp; values.</p><note>Not <b>now</b>.</note>"
    assert (
        without_markup(said) == "Lists keys & values. Not now ."
        or without_markup(said) == "Lists keys & values. Not now."
    )
    assert without_markup("if a < b & c > d") == "if a < b & c > d"
    assert plain(7) == ""


SCHEMA_PARTS = st.sampled_from(
    ["type", "items", "properties", "required", "allOf", "anyOf", "oneOf", "enum", "minimum", "maxLength", "pattern",
     "format", "nullable", "example", "examples", "default", "exclusiveMinimum", "additionalProperties", "title",
     "description", "readOnly", "uniqueItems", "multipleOf", "$ref", "not", "x-own", "discriminator"]
)  # fmt: skip
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from(["string", "file", "#/a", "(", "date", "a"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(SCHEMA_PARTS | st.sampled_from("ab"), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=300)
@given(schema=ANYTHING)
def test_whatever_stands_in_a_description_gives_sound_schemas_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, schema: Any
) -> None:
    folder = tmp_path_factory.getbasetemp()
    operation = {
        **body("application/json", schema),
        "parameters": [{"name": "q", "in": "query", "schema": schema}],
    }
    operation["responses"] = {"200": {"content": {"application/json": {"schema": schema}}}}
    for item in described(folder, {"/a": {"put": operation}}, a=schema).values():
        if isinstance(item, Tool):
            require_sound(item.parameters, "")
            require_sound(item.returns, "")
            assert leaves(item.parameters)
        else:
            assert item.reason and not item.reason.startswith("cannot be read ("), item.reason


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=14))
def test_shared_parts_are_the_same_as_parts_worked_out_anew(edges: list[tuple[int, int]]) -> None:
    """What a reference stands for does not depend on what was asked before."""
    schemas: dict[str, Any] = {str(n): {"type": "object", "properties": {}} for n in range(6)}
    for source, target in edges:
        schemas[str(source)]["properties"][f"to{target}"] = {"$ref": str(target)}
    shared = Schemas(lambda name: schemas[name])
    for n in range(6):
        alone = Schemas(lambda name: schemas[name]).whole({"$ref": str(n)})
        assert shared.whole({"$ref": str(n)}) == alone


def test_a_record_inside_an_argument_of_its_name_is_written() -> None:
    """People's ``{"contactGroup": {"name": …}}``, beside answers that hold the group in a wrapper."""
    toolset = sources.load(Toolkit(discovery="people")).toolset
    create = next(tool for tool in toolset.tools if tool.name == "people_contact_groups_create")
    assert {p.pointer: p.sets for p in create.inputs}["/contactGroup/name"] == "/name"
    world = InferredWorld(toolset, 5)
    made = drive(world.call(Call("c", create.name, {"contactGroup": {"name": "Choir"}}))).value
    assert made["name"] == "Choir"
    assert made["resourceName"].startswith("contactGroups/")
