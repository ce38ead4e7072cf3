"""Keys that whoever makes a record gives it, keys of what a record lies in, services and teams by their example."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from callsmith import seeds
from callsmith.catalog.machines import of_teams, service_named
from callsmith.ports import drive
from callsmith.records import Call, Toolset
from callsmith.world.inferred.inventing import invent
from callsmith.world.inferred.world import InferredWorld
from test_strange_apis import answer, named, record, several, understood
from test_unseen_apis import within

KEY = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "example": "fast-lane"}
SWITCH = {
    "title": "Flag",
    **record(key=KEY, name={"type": "string", "example": "Fast lane"}, state={"type": "string", "enum": ["on", "off"]}),
    "required": ["key", "name", "state"],
}  # fmt: skip


def switches(folder: Path) -> Toolset:
    made = {**record(key=KEY, name={"type": "string", "example": "Fast lane"}), "required": ["key", "name"]}
    return understood(
        folder,
        {
            "/flags": {
                "get": {"operationId": "flags_list", "responses": answer(several(SWITCH))},
                "post": {
                    "operationId": "flags_create",
                    "requestBody": {"content": {"application/json": {"schema": made}}},
                    "responses": answer(SWITCH),
                },
            },
            "/flags/{flag_key}": {
                "parameters": [within("flag_key")],
                "get": {"operationId": "flags_get", "responses": answer(SWITCH)},
            },
        },
    )


def test_the_key_of_something_new_is_its_name_as_keys_are_written(tmp_path: Path) -> None:
    toolset = switches(tmp_path)
    world, tool = InferredWorld(toolset, 3), named(toolset, "shop_flags_create")
    for draw in range(4):
        key, name = (invent(world, tool, one, seeds.rng(draw, one.name)) for one in tool.inputs)
        assert isinstance(key, str) and isinstance(name, str)
        assert name.lower().replace(" ", "-") == key
        assert name[:1].isupper()
    made = drive(world.call(Call("1", tool.name, {"key": "night-shift", "name": "Night shift"}))).value
    assert isinstance(made, dict)
    shown = drive(world.call(Call("2", "shop_flags_get", {"flag_key": "night-shift"}))).value
    assert isinstance(shown, dict)
    assert (made["key"], shown["name"]) == ("night-shift", "Night shift")


def test_names_are_in_words_where_their_example_is(tmp_path: Path) -> None:
    for one in InferredWorld(switches(tmp_path), 3).records("shop.flag"):
        assert one["name"].lower().replace(" ", "-") == one["key"]


@pytest.mark.parametrize(
    ("text", "service"),
    [("Elevated errors in billing", "billing-web"), ("Slow worker responses", "worker"), ("It is down", "")],
)
def test_a_service_is_the_one_that_is_spoken_of(text: str, service: str) -> None:
    assert service_named(text, "web") == service


def test_what_is_called_after_a_team_is_so_after_others() -> None:
    assert "Billing primary" in of_teams("Payments primary")
    assert of_teams("Late shift") == []


def test_two_new_things_have_names_of_their_own_where_no_key_is_asked_for(tmp_path: Path) -> None:
    toolset = switches(tmp_path)
    world, tool = InferredWorld(toolset, 3), named(toolset, "shop_flags_create")
    name = next(one for one in tool.inputs if one.name == "name")

    assert len({invent(world, tool, name, seeds.rng(draw, "name")) for draw in range(6)}) > 3


def test_the_id_that_an_answer_gives_by_another_name_is_that_of_the_record(tmp_path: Path) -> None:
    visit = record(id={"type": "string", "example": "VIS-10446"}, title={"type": "string"},
                   status={"type": "string", "enum": ["booked", "cancelled"]})  # fmt: skip
    gone = {"type": "object", "required": ["visitId", "status"],
            "properties": {"visitId": {"type": "string"}, "status": visit["properties"]["status"]}}  # fmt: skip
    toolset = understood(
        tmp_path,
        {
            "/visits": {"get": {"operationId": "visits_list", "responses": answer(several({"title": "Visit", **visit}))}},
            "/visits/{visitId}/cancel": {
                "parameters": [within("visitId")],
                "post": {"operationId": "visits_cancel", "summary": "Cancel a visit", "responses": answer(gone)},
            },
        },
    )  # fmt: skip
    world = InferredWorld(toolset, 3)
    listed = drive(world.call(Call("1", "shop_visits_list", {}))).value
    assert isinstance(listed, list)
    one: Any = next(each for each in listed if isinstance(each, dict) and each["status"] == "booked")
    answered = drive(world.call(Call("2", "shop_visits_cancel", {"visitId": one["id"]}))).value  # type: ignore[index, call-overload]
    assert answered == {"visitId": one["id"], "status": "cancelled"}
