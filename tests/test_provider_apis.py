"""APIs of those who rent out machines and keep code: what they offer by a short name, what is put to what, and deeds in paths."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import made
from callsmith.ingest.dialect import modern
from callsmith.language.grammar import unmarked
from callsmith.language.voicing import Voicing
from callsmith.meaning import Detail
from callsmith.plan.known import known
from callsmith.ports import drive
from callsmith.records import Call, Json, Tool, Toolset, Where
from callsmith.seeds import rng
from callsmith.sources import load
from callsmith.understand import understand
from callsmith.understand.inference import usable
from callsmith.understand.naming import own_words
from callsmith.understand.shapes import title_words
from callsmith.world.inferred.world import InferredWorld
from everyday import TEXT, api, at, operation

FIELDS: dict[str, dict[str, Any]] = {
    "Region": {"slug": {"type": "string", "example": "nyc3"}, "name": TEXT, "available": {"type": "boolean"}},
    "Place": {"id": {"type": "string", "example": "us-east"}, "label": TEXT},
    "Server": {"id": {"type": "integer"}, "name": TEXT, "status": {"type": "string", "enum": ["active", "off"]}},
    "Load_balancer": {"id": TEXT, "name": TEXT, "algorithm": TEXT},
    "Firewall": {"id": {"type": "integer"}, "name": TEXT, "status": TEXT},
    "Kernel": {"id": {"type": "string", "example": "provider/latest-64bit"}, "name": TEXT},
    "Gauge": {"id": TEXT, "name": TEXT},
    "Workspace": {"id": {"type": "integer"}, "name": TEXT, "state": {"type": "string", "enum": ["on", "off"]}},
    "Asset": {"id": {"type": "integer"}, "name": TEXT},
    "Package": {"id": {"type": "integer"}, "name": TEXT,
                "package_type": {"type": "string", "enum": ["npm", "maven", "docker"]}},
}  # fmt: skip


def _sent(schema: dict[str, Any], media: str = "application/json") -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {media: {"schema": schema}}}}


def _paths() -> dict[str, Any]:
    ids = {"type": "object", "required": ["server_ids"],
           "properties": {"server_ids": {"type": "array", "items": {"type": "integer"}}}}  # fmt: skip
    raw = {"type": "string", "format": "binary"}
    named: dict[str, Any] = {"type": "object", "required": ["name"], "properties": {"name": TEXT}}
    found = {
        f"/{name.lower()}s": {"get": operation(f"{name.lower()}s_list", f"List {name.lower()}s", name, True)}
        for name in FIELDS
    }
    found["/load_balancers/{lb_id}/servers"] = {
        "post": {"operationId": "load_balancers_add_servers", "summary": "Add servers to a load balancer",
                 "parameters": at("lb_id"), "responses": {"204": {"description": ""}}, **_sent(ids)}}  # fmt: skip
    found["/servers/{server_id}/firewalls"] = {
        "get": operation("servers_list_firewalls", "List firewalls of a server", "Firewall", True, parameters=at("server_id"))}  # fmt: skip
    found["/workspaces/{workspace_name}/start"] = {
        "post": operation("workspaces_start", "Start a workspace", "Workspace", parameters=at("workspace_name"))}  # fmt: skip
    found["/workspaces"]["post"] = operation(
        "workspaces_create", "Create a workspace", "Workspace", **_sent(named)
    )
    found["/assets"]["post"] = operation("assets_upload", "Upload an asset", "Asset", parameters=[
        {"name": "name", "in": "query", "required": True, "schema": TEXT}], **_sent(raw, "application/octet-stream"))  # fmt: skip
    kind = {
        "name": "package_type",
        "in": "path",
        "required": True,
        "schema": FIELDS["Package"]["package_type"],
    }
    found["/packages/{package_type}/{package_id}"] = {
        "delete": {"operationId": "packages_delete", "summary": "Delete a package",
                   "parameters": [kind, *at("package_id")], "responses": {"204": {"description": ""}}}}  # fmt: skip
    found["/old/servers"] = {
        "get": operation("servers_list_old", "List servers", "Server", True, deprecated=True)
    }
    return found


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Toolset:
    folder: Path = tmp_path_factory.mktemp("cloud")
    return load(api(folder, "Cloud", _paths(), **FIELDS)).toolset


def _tool(cloud: Toolset, name: str) -> Tool:
    return next(tool for tool in cloud.tools if tool.name == f"cloud_{name}")


def _records(cloud: Toolset, noun: str) -> list[dict[str, Json]]:
    world = InferredWorld(cloud, 5)
    return [dict(entry.record) for entry in world.population.entries(f"cloud.{noun}")]


def test_what_a_provider_offers_has_the_short_name_that_calls_take(cloud: Toolset) -> None:
    regions = {record["name"]: record["slug"] for record in _records(cloud, "region")}
    assert regions and all(re.fullmatch(r"[a-z]{3}[0-9]", str(slug)) for slug in regions.values())
    assert all(str(name).lower()[:1] == str(slug)[:1] for name, slug in regions.items() if name != "London 1")


def test_an_id_written_in_words_is_made_of_the_name(cloud: Toolset) -> None:
    for record in _records(cloud, "kernel"):
        assert str(record["id"]).startswith("provider/") and str(record["name"]).split("-")[-1] in str(
            record["id"]
        )


def test_adding_what_is_there_joins_it(cloud: Toolset) -> None:
    tool = _tool(cloud, "load_balancers_add_servers")
    assert tool.deed == "act" and tool.entity == "cloud.load_balancer" and tool.id_field == "/lb_id"


def test_a_deed_at_the_end_of_a_path_is_done_to_what_stands_before_it(cloud: Toolset) -> None:
    tool = _tool(cloud, "workspaces_start")
    assert tool.deed == "act" and tool.id_field == "/workspace_name"


def test_what_lies_with_one_does_not_lie_with_all(cloud: Toolset) -> None:
    world = InferredWorld(cloud, 5)
    everything = len(world.population.entries("cloud.firewall"))
    seen = 0
    for server in world.population.entries("cloud.server"):
        call = Call("c", "cloud_servers_list_firewalls", {"server_id": str(server.record["id"])})
        shown = drive(world.call(call)).value
        assert isinstance(shown, list) and len(shown) < everything
        seen += len(shown)
    assert seen == everything


def test_files_deprecated_tools_and_things_without_known_names_are_left_out(cloud: Toolset) -> None:
    for name in ("assets_upload", "servers_list_old", "gauges_list"):
        assert not usable(_tool(cloud, name)), name
    assert usable(_tool(cloud, "servers_list"))


def test_where_the_path_asks_for_a_field_of_the_record_the_record_says_it(cloud: Toolset) -> None:
    index = known(cloud)
    assert any(p.name == "package_type" for p in index.tools["cloud_packages_delete"].inputs)


def test_a_title_says_what_it_is_before_whose_it_is() -> None:
    assert title_words({"title": "Actions Variable for an Organization"})[-1:] == ("variable",)
    assert title_words({"title": "List of Tasks"})[-1:] == ("task",)


def test_what_is_switched_off_for_a_record_is_not_the_record() -> None:
    record = {
        "type": "object",
        "title": "Repository",
        "properties": {"id": {"type": "integer"}, "name": TEXT},
    }
    given = {
        "type": "object",
        "required": ["repository_id"],
        "properties": {"repository_id": {"type": "integer"}},
    }
    where = Where("code.json", "")
    tools = [
        Tool(name="list_repositories", toolkit="code", description="List repositories", parameters={"type": "object"},
             returns={"type": "array", "items": record}, where=where, hints={"method": "get"}),
        Tool(name="disable_copilot_coding_agent_for_repository", toolkit="code", description="Disables the agent.",
             parameters=given, where=where, hints={"method": "delete"}),
    ]  # fmt: skip
    found = {tool.name: tool for tool in understand("code", tools).tools}
    assert not usable(found["disable_copilot_coding_agent_for_repository"])


def test_an_example_in_the_quotation_marks_of_its_json_is_read_without_them() -> None:
    assert modern({"type": "string", "example": '"2020-07-09T00:17:55Z"'})["examples"] == [
        "2020-07-09T00:17:55Z"
    ]


def test_places_are_told_apart_by_number_with_their_noun() -> None:
    item = Detail("project_number", "number_key", "project number", "names", "value", [3])
    voice = Voicing(made.rows()[0].drafted.plan, rng("places", 1))
    assert {unmarked(voice.put(item, "post") or "") for _ in range(9)} == {"in project 3", "in project #3"}


def _named(name: str, operation_id: str = "") -> Tool:
    hints = {"operation": operation_id} if operation_id else {}
    return Tool(
        name=name, toolkit="code", description="", parameters={}, where=Where("code.json", ""), hints=hints
    )


def test_of_two_verbs_the_first_counts_and_what_was_cut_off_a_name_is_read() -> None:
    assert own_words(_named("code_create_or_update_secret")) == ("create", "secret")
    cut = _named(f"code_{'properties_' * 5}for_reposi", f"{'properties_' * 5}for_repositories")
    assert own_words(cut)[-1] == "repositories"


def test_links_to_what_a_record_has_are_its_own(cloud: Toolset) -> None:
    user = {"type": "object", "title": "Owner", "properties": {
        "id": {"type": "integer"}, "login": TEXT, "gists_url": {"type": "string", "format": "uri"}}}  # fmt: skip
    gist = {"type": "object", "title": "Gist", "properties": {"id": TEXT, "description": TEXT, "owner": user}}
    tools = [
        Tool(name=f"list_{noun}s", toolkit="code", description=f"List {noun}s", parameters={"type": "object"},
             returns={"type": "array", "items": shape}, where=Where("code.json", noun), hints={"method": "get"})
        for noun, shape in (("gist", gist), ("owner", user))
    ]  # fmt: skip
    world = InferredWorld(understand("code", tools), 5)
    for entry in world.population.entries("code.owner"):
        assert str(entry.record["gists_url"]).endswith("/gists")


def test_a_number_named_as_a_moment_counts_thousandths_where_its_example_does() -> None:
    fields = {
        "id": {"type": "integer"},
        "name": TEXT,
        "createdAt": {"type": "number", "examples": [1613602938882]},
    }
    tools = [
        Tool(name="list_servers", toolkit="code", description="List servers", parameters={"type": "object"},
             returns={"type": "array", "items": {"type": "object", "title": "Server", "properties": fields}},
             where=Where("code.json", ""), hints={"method": "get"}),
    ]  # fmt: skip
    made_up = understand("code", tools)
    assert (
        next(item.facet for item in made_up.entities[0].fields if item.pointer == "/createdAt") == "timestamp"
    )
    records = [entry.record for entry in InferredWorld(made_up, 5).population.entries("code.server")]
    assert records and all(isinstance(one["createdAt"], int) and one["createdAt"] > 10**12 for one in records)


def test_an_environment_variable_is_called_by_its_key() -> None:
    fields = {
        "key": TEXT,
        "updated_at": {"type": "string", "format": "date-time"},
        "scopes": {"type": "array", "items": TEXT},
    }
    tools = [
        Tool(name="list_env_vars", toolkit="code", description="List env vars", parameters={"type": "object"},
             returns={"type": "array", "items": {"type": "object", "title": "EnvVar", "properties": fields}},
             where=Where("code.json", ""), hints={"method": "get"}),
    ]  # fmt: skip
    assert [entity.label_pointer for entity in understand("code", tools).entities] == ["/key"]
