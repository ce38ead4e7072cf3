"""Which arguments a plan sends: masks, ties between records, values people state."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from callsmith.ingest.discovery import DiscoverySource
from callsmith.language.voicing import moment_of
from callsmith.masks import left_out, masked, projected
from callsmith.meaning import Detail, Fixed, Source, Stated
from callsmith.plan.known import known
from callsmith.plan.ties import contains, tying
from callsmith.plan.wishes import wished
from callsmith.records import Parameter, Tool, Toolset
from callsmith.understand import understand
from callsmith.understand.shapes import required_leaf


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


@pytest.mark.parametrize(
    ("parameter", "phrase", "meant"),
    [
        ("EndDate", "end date", "until"),
        ("expires_at", "expires time", "until"),
        ("publishAt", "publication time", "publish"),
        ("start", "start time", ""),
        ("due_date", "due date", ""),
        ("maintenance_at", "maintenance time", "named"),
    ],
)
def test_a_moment_is_said_with_what_is_to_happen_then(parameter: str, phrase: str, meant: str) -> None:
    detail = Detail(parameter, "date_time", phrase, "sets", "value", ["2026-08-12T14:00:00+03:00"])
    assert moment_of(detail) == meant
