"""Which arguments a plan sends: masks, ties between records, values people state."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from callsmith import seeds
from callsmith.catalog.figures import texts
from callsmith.catalog.overlays import read_overlay
from callsmith.errors import PlanUnfit
from callsmith.ingest.discovery import DiscoverySource
from callsmith.ingest.openai import OpenAISource
from callsmith.ingest.openapi import OpenAPISource
from callsmith.language.named_details import moment_of
from callsmith.masks import left_out, masked, projected
from callsmith.meaning import Detail, Fixed, Source, Stated
from callsmith.plan.arguments.ties import contains, tying
from callsmith.plan.arguments.wishes import wished
from callsmith.plan.bearing import bearer_of
from callsmith.plan.draft import Draft
from callsmith.plan.intents.changing import act, changeable
from callsmith.plan.intents.making import creation
from callsmith.plan.known import known
from callsmith.records import Entity, Parameter, Tool, Toolset
from callsmith.understand import understand
from callsmith.understand.shapes import required_leaf
from callsmith.world.inferred.world import InferredWorld

ROOT = Path(__file__).parent.parent


@cache
def youtube() -> Toolset:
    return understand("youtube", [t for t in DiscoverySource("youtube").read() if isinstance(t, Tool)])


def tool(name: str) -> Tool:
    return known(youtube()).tools[name]


def argument(pointer: str, name: str = "", **more: Any) -> Parameter:
    facts = {"klass": "opaque_id", "facet": "id", "confidence": 0.9, "phrase": "", "required": False, **more}
    return Parameter(pointer=pointer, name=name or pointer.removesuffix("/*").rsplit("/", 1)[-1], **facts)


# ---------------------------------------------------------------- masks


def test_a_mask_names_the_parts_that_are_written() -> None:
    insert = tool("youtube_videos_insert")
    sent: dict[str, Source] = {
        "/part/*": Fixed(["snippet"]),
        "/id": Stated("v1"),
        "/snippet/title": Stated("Fern"),
        "/status/privacyStatus": Stated("private"),
    }
    assert masked(insert, sent)["/part/*"] == Fixed(["snippet", "status"])
    only = {key: value for key, value in sent.items() if key != "/snippet/title"}
    assert masked(insert, only)["/part/*"] == Fixed(["status"])
    nothing = {"/part/*": Fixed(["snippet"]), "/id": Stated("v1")}
    assert masked(insert, nothing) == nothing


def test_a_mask_of_a_reading_tool_shows_what_holds_the_name_and_what_it_says_there_is() -> None:
    mask = next(p for p in tool("youtube_channels_list").inputs if p.facet == "mask" and p.required)
    assert isinstance(mask.default, list) and mask.default[0] == "snippet"


def test_what_a_mask_leaves_out_does_not_come_back_and_nobody_asks_for_it() -> None:
    lister = tool("youtube_playlists_list")
    whole = {"items": [{"id": "p", "snippet": {"title": "Fern"}, "player": {"embedHtml": ""}}]}
    seen = projected(lister, {"part": ["snippet"]}, whole)
    assert seen == {"items": [{"id": "p", "snippet": {"title": "Fern"}}]}
    assert projected(lister, {}, whole) == whole
    shown = known(youtube()).shown[lister.name, lister.entity]
    assert "/snippet/title" in shown and not any(pointer.startswith("/player") for pointer in shown)


def test_plain_fields_beside_the_parts_of_a_record_always_come_back() -> None:
    record = {"properties": {"id": {"type": "string"}, "a": {"properties": {}}, "b": {"properties": {}}}}
    mask = argument("/part", facet="mask", klass="plumbing")
    teller = Tool("show", "kit", "", {"properties": {"part": {}}}, inputs=(mask,))
    assert left_out(teller, record, {"/part": "a"}) == {"b"}
    assert left_out(teller, record, {"/part": "c"}) == frozenset()


# ---------------------------------------------------------------- ties


def changer(verb: str, name: str, effect: str = "update") -> Tool:
    return Tool(name, "kit", "", {}, effect=effect, verb=verb)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pointer", "refers", "ties"),
    [
        ("/folder_id", "kit.folder", True),
        ("/snippet/playlistId", "kit.playlist", True),
        ("/fields/project/key", "kit.project", True),
        ("/assignee", "kit.user", True),
        ("/contentDetails/relatedPlaylists/likes", "kit.playlist", False),
        ("/Configs/*/Overrides/*/Placement/ZoneId", "kit.zone", False),
        ("/VersionId", "kit.version", False),
        ("/images/*", "kit.image", False),
        ("/addLabelIds/*", "kit.label", True),
        ("/AddSecurityGroupIds/*", "kit.security_group", False),
    ],
)
def test_changing_a_record_ties_it_only_to_what_it_belongs_to(pointer: str, refers: str, ties: bool) -> None:
    reference = argument(pointer, refers=refers)
    assert bool(tying(changer("update", "kit_update_thing"), [reference])) is ties


def test_a_verb_that_ties_takes_what_it_requires_and_one_that_parts_takes_nothing() -> None:
    vpc, zone = argument("/VpcId", refers="kit.vpc", required=True), argument("/ZoneId", refers="kit.zone")
    assert tying(changer("attach", "kit_attach_gateway", "act"), [zone, vpc]) == [vpc]
    assert tying(changer("attach", "kit_attach_gateway", "act"), [zone]) == [zone]
    for verb in ("detach", "restore", "reboot", "enable"):
        assert tying(changer(verb, f"kit_{verb}_gateway", "act"), [vpc, zone]) == []


def test_something_new_lies_in_what_is_named_outermost() -> None:
    assert contains(argument("/vpc_id", refers="kit.vpc"))
    assert contains(argument("/projects/*", refers="kit.project"))
    assert contains(argument("/fields/parent/key", refers="kit.issue"))
    assert not contains(argument("/image_id", refers="kit.image"))
    assert not contains(argument("/images/*", refers="kit.image"))
    assert not contains(argument("/Data/Interfaces/*/SubnetId", refers="kit.subnet"))
    assert not contains(argument("/Data/Monitoring/CategoryIds/*", refers="kit.metric"))


# ---------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("description", "required"),
    [
        ("Required. The parent of the thing.", True),
        ("[Required] What it is called.", True),
        ("Required if the thing is new.", False),
        ("Required for guests only.", False),
        ("Whether it is required.", False),
    ],
)
def test_some_descriptions_say_that_an_argument_is_required(description: str, required: bool) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "description": description}}}
    assert required_leaf(schema, "/a") is required


def test_nobody_sets_a_status_that_tells_how_far_a_machine_has_come() -> None:
    update = changer("update", "kit_update_video")
    status = argument(
        "/status", klass="preference", facet="enum", phrase="status", sets="/status",
        schema={"enum": ["serving", "syncing", "failed"]},
    )  # fmt: skip
    assert not wished(update, status)
    people = argument(
        "/status", klass="preference", facet="enum", phrase="status", sets="/status",
        schema={"enum": ["draft", "published"]},
    )  # fmt: skip
    assert wished(update, people)


def test_neither_windows_nor_titles_of_inner_things_are_moved_about() -> None:
    update = changer("update", "kit_update_machine")
    machine = Entity("kit.machine", "kit", "machine", "machines", {}, "/id", "/name")
    for pointer, facet, phrase in (
        ("/maintenance/start_time", "time", "maintenance time"),
        ("/image/title", "title", "image title"),
    ):
        one = argument(pointer, klass="preference", facet=facet, phrase=phrase, sets=pointer)
        assert wished(update, one) and not changeable(update, machine, one)
        assert changeable(update, machine, structs.replace(one, sets=f"/{one.name}"))


def test_nobody_states_a_choice_whose_choices_are_not_told() -> None:
    update = changer("update", "kit_update_site")
    status = argument("/status", klass="preference", facet="enum", phrase="status", sets="/status", schema={})
    assert not wished(update, status)


@pytest.mark.parametrize(
    ("parameter", "phrase", "meant"),
    [
        ("EndDate", "end date", "until"),
        ("expires_at", "expires time", "until"),
        ("publishAt", "publication time", "publish"),
        ("start", "start time", ""),
        ("from_date", "from date", "from"),
        ("due_date", "due date", ""),
        ("maintenance_at", "maintenance time", "named"),
    ],
)
def test_a_moment_is_said_with_what_is_to_happen_then(parameter: str, phrase: str, meant: str) -> None:
    detail = Detail(parameter, "date_time", phrase, "sets", "value", ["2026-08-12T14:00:00+03:00"])
    assert moment_of(detail) == meant


def api(tmp_path: Path, body: dict[str, Any], **rest: Any) -> Tool:
    """The one operation of an API whose body, which may be left out, is as given."""
    operation = {
        "operationId": "create_server",
        "requestBody": {"content": {"application/json": {"schema": body}}},
        "responses": {"201": {"content": {"application/json": {"schema": SERVER}}}},
        **rest,
    }
    document = {
        "openapi": "3.0.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/servers": {"post": operation}},
    }
    path = tmp_path / "api.json"
    path.write_text(json.dumps(document))
    found = [item for item in OpenAPISource(str(path)).read() if isinstance(item, Tool)]
    return understand("api", found).tools[0]


NAME = {"type": "string", "description": "Name of the server."}
SERVER = {"type": "object", "title": "Server", "properties": {"id": {"type": "string"}, "name": NAME}}


def test_a_body_that_may_be_left_out_still_needs_what_it_needs(tmp_path: Path) -> None:
    parts = [
        {"type": "object", "properties": {"name": NAME, "note": {"type": "string"}}},
        {"required": ["name"]},
    ]
    made = api(tmp_path, {"allOf": parts})
    assert made.parameters["required"] == ["name"]
    alternatives = {"oneOf": [{"type": "object", "properties": {"name": NAME}, "required": ["name"]}, {}]}
    assert api(tmp_path, alternatives).parameters["required"] == ["name"]


def test_what_a_provider_offers_is_said_by_its_short_name(tmp_path: Path) -> None:
    body = {
        "type": "object",
        "required": ["size", "region", "token"],
        "properties": {
            "name": NAME,
            "size": {
                "type": "string",
                "description": "The slug identifier for the size.",
                "example": "s-1vcpu-1gb",
            },
            "region": {"type": "string", "description": "The ID of the region.", "example": "us-east"},
            "image": {"type": "string", "description": "The image.", "example": "Any sentence."},
            "token": {"type": "string", "example": "a-b-c"},
            "mime_type": {"type": "string", "enum": ["text/plain", "text/html"]},
            "disk_size": {"type": "integer", "description": "The size of the disk, in GiB."},
        },
    }
    found = {p.name: p for p in api(tmp_path, body).inputs}
    assert {name for name, p in found.items() if (p.klass, p.facet) == ("natural_key", "key")} == {
        "size",
        "region",
    }
    assert found["mime_type"].facet == "mime"
    assert (found["disk_size"].facet, found["disk_size"].phrase) == ("count", "size gb")


def test_nobody_states_what_holds_for_some_cases_alone() -> None:
    maker = changer("create", "kit_create_volume", "create")
    told = "The rate. Required for io1 volumes. Omit for all others."
    rate = argument(
        "/rate", klass="preference", facet="count", phrase="rate", sets="/rate", schema={"description": told}
    )  # fmt: skip
    assert not wished(maker, rate)
    assert wished(maker, structs.replace(rate, schema={"description": "The rate."}))
    assert wished(maker, structs.replace(rate, required=True))


def test_text_that_is_not_understood_is_not_filled_with_a_sentence() -> None:
    """``fluxion`` is a string of which nothing is known: no fluxion is called "Moved to the next sprint."."""
    takes = {"fluxion": {"type": "string"}, "name": {"type": "string", "description": "Name of the team."}}
    gives = {
        "type": "object",
        "title": "team",
        "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
    }
    parameters = {"type": "object", "properties": takes, "required": ["fluxion", "name"]}
    toolset = understand("kit", [Tool("create_team", "kit", "Create a team.", parameters, returns=gives)])
    world = InferredWorld(toolset, 4)
    draft = Draft(known(toolset), world, lambda: InferredWorld(toolset, 4), seeds.rng("text", 4), 4)
    with pytest.raises(PlanUnfit, match="not understood"):
        creation(draft, toolset.entities[0], toolset.tools[0], 0)


def berths() -> Toolset:
    """The berths of the examples, understood with what their overlay says."""
    files = [ROOT / "examples" / name for name in ("berths.json", "berths.overlay.yaml")]
    tools = [t for t in OpenAISource(str(files[0]), "marina").read() if isinstance(t, Tool)]
    return understand("marina", tools, [read_overlay(str(files[1]))])


def test_what_is_there_is_booked_for_a_time_and_not_made() -> None:
    toolset = berths()
    book = known(toolset).tools["book_berth"]
    assert (book.effect, book.id_field, book.state) == ("act", "/berth_ref", {"/status": "booked"})
    said = set()
    for seed in range(24):
        draft = Draft(
            known(toolset), InferredWorld(toolset, 4), lambda: InferredWorld(toolset, 4), seeds.rng(seed), 4
        )
        try:
            act(draft)
        except PlanUnfit:
            continue
        bound = draft.executed[-1][-1][-1]
        if bound.call.name == "book_berth":
            before = next(r for r in InferredWorld(toolset, 4).records("marina.berth")
                          if r["ref"] == bound.call.arguments["berth_ref"])  # fmt: skip
            assert before["status"] != "booked"
            said.add(bound.call.arguments["boat_name"])
    assert len(said) > 2 and said <= set(texts("boat_name"))


def test_the_name_of_something_else_is_not_the_name_of_the_thing() -> None:
    assert bearer_of("boat name") == "boat"
    assert bearer_of("full name") == bearer_of("name") == bearer_of("title") == ""
