"""Results that agree with their call and with themselves, in the world of an API seen for the first time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from callsmith.ingest.openapi import OpenAPISource
from callsmith.records import Call, Tool
from callsmith.schema import valid
from callsmith.understand import understand
from callsmith.world.inferred.mending import mended
from callsmith.world.inferred.world import InferredWorld

SIZE = {"type": "integer", "description": "The size in GiB."}
KIND = {"type": "string", "enum": ["fast", "slow", "cold"]}
VOLUME = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "label": {"type": "string"},
        "size": SIZE,
        "volume_type": KIND,
        "server_id": {"type": "integer", "nullable": True},
        "server_label": {"type": "string", "nullable": True},
        "opened_by": {"type": "string", "example": "some_user"},
        "path": {"type": "string", "example": "/dev/disk/storage_my-volume"},
        "status": {"type": "string", "enum": ["paused", "pending", "running"]},
        "created": {"type": "string", "format": "date-time"},
        "eol": {"type": "string", "format": "date-time"},
        "deletion_time": {"type": "string", "format": "date-time"},
    },
}
SERVER = {"type": "object", "properties": {"id": {"type": "integer"}, "label": {"type": "string"}}}
CHANGED = {
    "type": "object",
    "properties": {
        "volume_id": {"type": "integer"},
        "modification_state": {"type": "string", "enum": ["failed", "rejected", "done"]},
        "target_volume_type": KIND,
        "original_volume_type": KIND,
        "target_size": SIZE,
        "original_size": SIZE,
    },
    "required": [
        "modification_state",
        "target_volume_type",
        "original_volume_type",
        "target_size",
        "original_size",
    ],
}


def _answer(schema: dict[str, Any]) -> dict[str, Any]:
    return {"responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}}


def _listed(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {"data": {"type": "array", "items": schema}}}


@pytest.fixture
def world(tmp_path: Path) -> InferredWorld:
    at = [{"name": "volumeId", "in": "path", "required": True, "schema": {"type": "integer"}}]

    def body(**properties: Any) -> dict[str, Any]:
        schema = {"type": "object", "properties": properties}
        return {"requestBody": {"content": {"application/json": {"schema": schema}}}}

    paths = {
        "/servers": {"get": {"operationId": "listServers", **_answer(_listed(SERVER))}},
        "/volumes": {
            "get": {"operationId": "listVolumes", **_answer(_listed(VOLUME))},
            "post": {"operationId": "createVolume", **body(label={"type": "string"}), **_answer(VOLUME)},
        },
        "/volumes/{volumeId}": {
            "parameters": at,
            "get": {"operationId": "getVolume", **_answer(VOLUME)},
            "put": {"operationId": "updateVolume", **body(server_id={"type": "integer"}), **_answer(VOLUME)},
        },
        "/volumes/{volumeId}/modify": {
            "parameters": at,
            "post": {
                "operationId": "modifyVolume", **body(volume_type=KIND),
                **_answer({"type": "object", "properties": {"volume_modification": CHANGED}}),
            },
        },
    }  # fmt: skip
    path = tmp_path / "disks.json"
    path.write_text(json.dumps({"openapi": "3.0.0", "paths": paths}))
    tools = [item for item in OpenAPISource(str(path)).read() if isinstance(item, Tool)]
    return InferredWorld(understand("disks", tools), 5)


def _run(world: InferredWorld, name: str, **arguments: Any) -> Any:
    result = world.run(Call("c1", f"disks_{name}", arguments))
    assert not result.error, result
    return result.value


def test_a_change_shows_what_is_from_now_on_and_what_was(world: InferredWorld) -> None:
    before = _run(world, "list_volumes")["data"][0]
    wanted = "cold" if before["volume_type"] != "cold" else "fast"
    told = _run(world, "modify_volume", volumeId=before["id"], volume_type=wanted)["volume_modification"]
    assert (told["target_volume_type"], told["original_volume_type"]) == (wanted, before["volume_type"])
    assert told["target_size"] == told["original_size"] == before["size"]
    assert told["modification_state"] == "done"


def test_the_name_beside_another_records_id_is_that_records(world: InferredWorld) -> None:
    names = {server["id"]: server["label"] for server in _run(world, "list_servers")["data"]}
    volumes = _run(world, "list_volumes")["data"]
    linked = [volume for volume in volumes if volume.get("server_id")]
    assert linked
    assert all(volume["server_label"] == names[volume["server_id"]] for volume in linked)
    other = next(key for key in names if key != linked[0]["server_id"])
    changed = _run(world, "update_volume", volumeId=linked[0]["id"], server_id=other)
    assert changed["server_label"] == names[other]


def test_ends_come_after_beginnings_and_what_stands_was_not_deleted(world: InferredWorld) -> None:
    for volume in _run(world, "list_volumes")["data"]:
        assert volume["eol"] > volume["created"]
        assert volume["status"] == "paused" or "deletion_time" not in volume


def test_stand_ins_of_examples_are_the_records_own(world: InferredWorld) -> None:
    for volume in _run(world, "list_volumes")["data"]:
        assert volume["path"].endswith(f"_{volume['label']}") or " " in volume["label"]
        assert volume["opened_by"] != "some_user"


def test_something_new_is_not_paused(world: InferredWorld) -> None:
    assert _run(world, "create_volume", label="uploads")["status"] == "pending"


OWNER = {
    "type": "object",
    "properties": {
        "login": {"type": "string", "example": "octocat"},
        "id": {"type": "integer"},
        "type": {"type": "string", "example": "User"},
    },
    "required": ["login", "id", "type"],
}
REPO = {
    "type": "object",
    "properties": {
        "id": {"type": "integer", "format": "int64"},
        "node_id": {"type": "string"},
        "name": {"type": "string"},
        "full_name": {"type": "string", "example": "octocat/Hello-World"},
        "owner": OWNER,
        "state": {"type": "string", "description": "Either 'open' or 'closed'", "example": "open"},
    },
    "required": ["id", "node_id", "name", "full_name", "owner", "state"],
}


def test_one_owner_stands_in_every_part_of_a_record(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    made = {"requestBody": {"content": {"application/json": {"schema": schema}}}, **_answer(REPO)}
    paths = {
        "/repos": {
            "get": {"operationId": "listRepos", **_answer(_listed(REPO))},
            "post": {"operationId": "createRepo", **made},
        }
    }
    path = tmp_path / "hub.json"
    path.write_text(json.dumps({"openapi": "3.0.0", "paths": paths}))
    tools = [item for item in OpenAPISource(str(path)).read() if isinstance(item, Tool)]
    world = InferredWorld(understand("hub", tools), 5)
    listed = world.run(Call("c1", "hub_list_repos", {})).value["data"]
    new = world.run(Call("c2", "hub_create_repo", {"name": "route-planner"})).value
    assert listed
    for repo in (*listed, new):
        assert repo["full_name"] == f"{repo['owner']['login']}/{repo['name']}"
        assert repo["owner"]["login"] != "octocat"
        assert repo["id"]
        assert repo["node_id"]
        assert repo["owner"]["type"] == "User"
        assert repo["state"] in ("open", "closed")


def test_copied_fields_of_a_person_hold_what_the_person_has(tmp_path: Path) -> None:
    user = {
        "type": "object",
        "title": "User",
        "properties": {
            "login": {"type": "string"},
            "id": {"type": "integer"},
            "site_admin": {"type": "boolean"},
        },
        "required": ["login", "id", "site_admin"],
    }
    issue = {
        "type": "object",
        "title": "Issue",
        "properties": {
            "id": {"type": "integer"},
            "title": {"type": "string"},
            "assignees": {"type": "array", "items": user},
        },
        "required": ["id", "title", "assignees"],
    }
    paths = {
        "/users": {"get": {"operationId": "users_list", "summary": "List users", **_answer(_listed(user))}},
        "/issues": {
            "get": {"operationId": "issues_list", "summary": "List issues", **_answer(_listed(issue))}
        },
    }
    path = tmp_path / "tracker.json"
    path.write_text(json.dumps({"openapi": "3.0.0", "paths": paths}))
    kit = understand("tracker", [item for item in OpenAPISource(str(path)).read() if isinstance(item, Tool)])
    (entity,) = [entity for entity in kit.entities if entity.noun == "issue"]
    seen = 0
    for seed in range(4):
        for record in InferredWorld(kit, seed).records(entity.key):
            seen += len(record["assignees"])
            assert valid(issue, record), record
    assert seen


def test_a_name_nobody_gave_is_given_where_it_may_not_be_empty() -> None:
    schema = {
        "type": "object",
        "properties": {"label": {"type": "string", "minLength": 3}, "note": {"type": "string"}},
        "required": ["label"],
    }
    assert mended(schema, {"label": "", "note": ""}, {"label": "web-01"}, 1, "x") == {
        "label": "web-01",
        "note": "",
    }
    assert len(str(mended(schema, {"label": ""}, None, 1, "x")["label"])) >= 3


def test_an_id_is_written_as_each_tool_writes_it() -> None:
    def copies(kind: str) -> dict[str, object]:
        copy = {
            "type": "object",
            "required": ["id", "name"],
            "properties": {"id": {"type": kind}, "name": {"type": "string"}},
        }
        return {"type": "object", "properties": {"copies": {"type": "array", "items": copy}}}

    nothing: dict[str, object] = {"type": "object", "properties": {}}
    tools = [
        Tool(name=f"list_{of}copies", toolkit="disks", description="List copies", parameters=nothing, returns=copies(kind))
        for of, kind in (("", "integer"), ("all_", "string"))
    ]  # fmt: skip
    world = InferredWorld(understand("disks", tools), 3)
    shown = {
        tool.name: [copy["id"] for copy in world.run(Call("c1", tool.name, {})).value["copies"]]
        for tool in tools
    }
    assert shown["list_copies"] and all(type(one) is int for one in shown["list_copies"])
    assert shown["list_all_copies"] == [str(one) for one in shown["list_copies"]]


def test_a_record_shown_in_another_has_what_it_has_itself() -> None:
    def depot(example: int) -> dict[str, object]:
        return {
            "type": "object",
            "required": ["id", "name", "open_gates"],
            "properties": {
                "id": {"type": "integer"},
                "name": {"type": "string"},
                "open_gates": {"type": "integer", "examples": [example]},
            },
        }

    van = {
        "type": "object",
        "required": ["id", "name", "depot"],
        "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, "depot": depot(0)},
    }
    nothing: dict[str, object] = {"type": "object", "properties": {}}
    tools = [
        Tool(name=f"list_{noun}s", toolkit="vans", description=f"List {noun}s", parameters=nothing,
             returns={"type": "object", "properties": {f"{noun}s": {"type": "array", "items": schema}}})
        for noun, schema in (("depot", depot(4)), ("van", van))
    ]  # fmt: skip
    world = InferredWorld(understand("vans", tools), 3)
    depots = {one["id"]: one for one in world.run(Call("c1", "list_depots", {})).value["depots"]}
    shown = [one["depot"] for one in world.run(Call("c2", "list_vans", {})).value["vans"]]
    assert shown and all(one == depots[one["id"]] for one in shown)
