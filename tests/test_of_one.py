"""Records that are of one other, how something new stands, and by what people are named there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from callsmith.ports import drive
from callsmith.records import Call, Toolset
from callsmith.text import says_handle
from callsmith.world.inferred.world import InferredWorld
from callsmith.world.stories.lives import told_first
from test_strange_apis import TEXT, answer, kind, named, record, several, understood
from test_unseen_apis import within

MOMENT = {"type": "string", "format": "date-time"}
STATES = {"type": "string", "enum": ["sketched", "pending", "published"]}
STANDS = {"type": "string", "enum": ["open", "in_progress", "resolved"]}


def sent(fields: dict[str, Any], *needed: str) -> dict[str, Any]:
    schema = {**record(**fields), "required": [*needed]}
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


def servers(folder: Path, *, given: bool = False) -> Toolset:
    outage = {
        "title": "Outage",
        **record(
            id={"type": "string", "example": "OUT-2481"}, title=TEXT, severity=TEXT, status=STANDS, host=TEXT
        ),
    }
    debrief = {
        "title": "Debrief",
        **record(id={"type": "string", "example": "deb_2Vd8Rk"}, outage_id=TEXT, title=TEXT, status=STATES,
                 written_by={"type": "string", "description": "Username."}, checked_by=TEXT,
                 published_at={**MOMENT, "type": ["string", "null"]}),
        "required": ["id", "outage_id", "status", "written_by", "checked_by"],
    }  # fmt: skip
    body = {"outage_id": TEXT, **({"title": TEXT} if given else {})}
    return understood(
        folder,
        {
            "/outages": {"get": {"operationId": "listOutages", "responses": answer(several(outage))}},
            "/outages/{outage_id}": {
                "parameters": [within("outage_id")],
                "get": {"operationId": "getOutage", "responses": answer(outage)},
            },
            "/debriefs": {
                "get": {"operationId": "listDebriefs", "responses": answer(several(debrief))},
                "post": {
                    "operationId": "createDebrief",
                    "description": "Starts a pending debrief of an outage.",
                    **sent(body, "outage_id"),
                    "responses": answer(debrief),
                },
            },
        },
    )


def test_what_is_written_of_one_thing_is_about_what_that_is_about(tmp_path: Path) -> None:
    world = InferredWorld(servers(tmp_path), 7)
    outages = {one["id"]: one for one in world.records("shop.outage")}
    written = list(world.records("shop.debrief"))
    assert written
    assert [one["title"] for one in written] == [outages[one["outage_id"]]["title"] for one in written]
    assert len({one["outage_id"] for one in written}) == len(written)
    assert {outages[one["outage_id"]]["status"] for one in written} == {"resolved"}


def test_whoever_gives_a_title_says_what_it_is_about(tmp_path: Path) -> None:
    world = InferredWorld(servers(tmp_path, given=True), 7)
    assert not world.population.kinds["shop.debrief"].of


def test_something_new_stands_as_the_description_says_without_moments_of_later_states(tmp_path: Path) -> None:
    toolset = servers(tmp_path)
    world = InferredWorld(toolset, 7)
    outage = world.records("shop.outage")[0]
    made = drive(world.call(Call("1", "shop_create_debrief", {"outage_id": outage["id"]}))).value
    assert isinstance(made, dict)
    assert (made["title"], made["status"], made.get("published_at")) == (outage["title"], "pending", None)
    assert told_first(named(toolset, "shop_create_debrief"), kind(toolset, "shop.debrief")) == "pending"


def test_one_person_goes_by_one_thing(tmp_path: Path) -> None:
    world = InferredWorld(servers(tmp_path), 7)
    crew = {world.scene.user.username, *(one.username for one in world.scene.people)}
    for one in world.records("shop.debrief"):
        assert {one["written_by"], one["checked_by"]} <= crew


@pytest.mark.parametrize(
    ("text", "handle"),
    [
        ("Username.", True),
        ("Username of the person who writes it.", True),
        ("Login of the reviewer", True),
        ("The user name", True),
        ("Usernames are shown in the log", False),
        ("Login page that the user is sent to", False),
        ("", False),
    ],
)
def test_what_a_description_says_that_somebody_signs_in_by(text: str, handle: bool) -> None:
    assert says_handle(text) is handle
