"""What acts change in the life of a record, and what a record holds by how far it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from callsmith.catalog.conditions import conditions_of
from callsmith.plan.stages import out_of_turn
from callsmith.ports import drive
from callsmith.recipes.grounded import world_of
from callsmith.records import Call, Tool, Toolset
from callsmith.understand.inference import understand
from callsmith.world.inferred.world import InferredWorld
from callsmith.world.journal import Journal
from everyday import TEXT

Schema = dict[str, Any]
MOMENT = {"type": "string", "format": "date-time"}
NUMBER = {"type": "integer"}


def shop(noun: str, fields: Schema, *deeds: tuple[str, str, str, Schema], needed: str = "") -> Toolset:
    """A listing of records, and calls about one by method and path: ("post", "cancel", "Cancel …", its body)."""
    frame = {"type": "object", "title": noun.title(), "properties": {"id": TEXT, "customer_name": TEXT, **fields},
             "required": ["id", "customer_name", *needed.split()]}  # fmt: skip
    key, path = f"{noun.replace(' ', '_')}_id", f"/{noun.replace(' ', '_')}s"
    listed = Tool(f"shop_list_{noun.replace(' ', '_')}s", "shop", f"List {noun}s", {"type": "object", "properties": {}},
                  {"type": "array", "items": frame}, hints={"method": "get", "path": path})  # fmt: skip
    rest = []
    for method, end, said, body in deeds:
        whole = {"type": "object", "properties": {key: TEXT, **body}, "required": [key]}
        at = f"{path}/{{{key}}}" + (f"/{end}" if end else "")
        name = f"shop_{(end or 'update').replace('-', '_')}_{noun.replace(' ', '_')}"
        summary = said.split(". ")[0]
        rest.append(
            Tool(name, "shop", said, whole, frame, hints={"method": method, "path": at, "summary": summary})
        )
    return understand("shop", [listed, *rest])


def after(kit: Toolset, world: InferredWorld, record: dict[str, Any], **stated: Any) -> dict[str, Any]:
    tool = kit.tools[-1]
    key = tool.id_field.removeprefix("/")
    result = drive(world.call(Call("", tool.name, {key: record["id"], **stated})))
    assert not result.error, result.value
    return dict(next(one for one in world.records(tool.entity) if one["id"] == record["id"]))


def found(kit: Toolset, seed: int = 3) -> tuple[InferredWorld, list[dict[str, Any]]]:
    world = world_of(kit, None, seed, Journal(), 0)
    assert isinstance(world, InferredWorld)
    return world, [dict(one) for one in world.records(kit.tools[-1].entity)]


STATES = {"type": "string", "enum": ["booked", "in_progress", "completed", "cancelled"]}


def test_what_only_the_act_that_ends_a_thing_sets_is_there_once_it_is_over() -> None:
    kit = shop(
        "guided climb",
        {"status": STATES, "starts_at": MOMENT, "remarks": {"type": ["string", "null"]}, "routes": {"type": "array",
         "items": {"type": "string", "enum": ["slab", "crack", "roof"]}}},
        ("put", "record-progress", "Record progress after a guided climb. Saves the remarks and the routes. Marks the climb completed.",
         {"remarks": TEXT, "routes": {"type": "array", "items": {"type": "string", "enum": ["slab", "crack", "roof"]}}}),
        needed="status starts_at",
    )  # fmt: skip
    assert dict(kit.tools[-1].state) == {"/status": "completed"}
    _, records = found(kit)
    for one in records:
        assert one["status"] == "completed" or not one.get("routes") and not one.get("remarks")
    assert any(one.get("routes") for one in records)


def test_what_takes_minutes_goes_on_only_while_now_lies_within_it() -> None:
    kit = shop(
        "massage appointment",
        {"status": STATES, "starts_at": MOMENT, "duration_minutes": NUMBER},
        ("post", "cancel", "Cancel a massage appointment", {}),
        needed="status starts_at",
    )
    world, records = found(kit)
    now = datetime.fromisoformat(world.now)
    going = [one for one in records if one["status"] == "in_progress"]
    assert going
    for one in going:
        begun = datetime.fromisoformat(one["starts_at"].replace("Z", "+00:00"))
        assert begun <= now <= begun + timedelta(minutes=one["duration_minutes"] + 15)
    assert all("duration_minutes" in one for one in records)


def test_an_extension_adds_to_what_was_agreed() -> None:
    kit = shop(
        "court booking",
        {"status": STATES, "start_at": MOMENT, "end_at": MOMENT, "duration_minutes": NUMBER},
        ("post", "extend", "Extend a court booking", {"extra_minutes": NUMBER}),
        needed="status start_at end_at duration_minutes",
    )
    world, records = found(kit)
    record = next(one for one in records if one["status"] == "booked")
    longer = after(kit, world, record, extra_minutes=25)
    old, new = (datetime.fromisoformat(one["end_at"].replace("Z", "+00:00")) for one in (record, longer))
    assert new - old == timedelta(minutes=25) and longer["start_at"] == record["start_at"]
    assert longer["duration_minutes"] == record["duration_minutes"] + 25


FEE = "Cancel a pottery class. Cancelling less than 24 hours before the start is charged in full."


def test_calling_off_in_time_costs_nothing() -> None:
    kit = shop(
        "pottery class",
        {
            "status": STATES,
            "starts_at": MOMENT,
            "price": NUMBER,
            "cancellation_fee": {"type": ["integer", "null"]},
        },
        ("post", "cancel", FEE, {}),
        needed="status starts_at price",
    )
    world, records = found(kit)
    assert all(one["cancellation_fee"] is None for one in records if one["status"] in ("booked", "completed"))
    now = datetime.fromisoformat(world.now)
    for record in [one for one in records if one["status"] == "booked"][:6]:
        begins = datetime.fromisoformat(record["starts_at"].replace("Z", "+00:00"))
        fee = after(kit, world, record)["cancellation_fee"]
        assert fee == (0 if begins - now >= timedelta(hours=24) else record["price"])


def test_a_result_is_awaited_of_what_lies_ahead() -> None:
    kit = shop(
        "hearing test",
        {"test_at": MOMENT, "result": {"type": "string", "enum": ["pending", "normal", "impaired"]},
         "weaker_ear": {"type": ["string", "null"], "enum": ["left", "right", None]}},
        ("put", "result", "Record the result of a hearing test",
         {"result": {"type": "string", "enum": ["pending", "normal", "impaired"]}, "weaker_ear": TEXT}),
        needed="test_at result",
    )  # fmt: skip
    seen = set()
    for seed in range(4):
        world, records = found(kit, seed)
        now = datetime.fromisoformat(world.now)
        for one in records:
            seen.add(one["result"])
            at = datetime.fromisoformat(one["test_at"].replace("Z", "+00:00"))
            assert (one["result"] == "pending") == (at > now) and not at.second
            assert one["result"] != "pending" or one["weaker_ear"] is None
    assert seen == {"pending", "normal", "impaired"}


@pytest.mark.parametrize("seed", [1, 2])
def test_work_is_not_begun_before_it_is_and_done_once_it_is_looked_over(seed: int) -> None:
    states = {
        "type": "string",
        "enum": ["draft", "quoted", "in_progress", "in_review", "delivered", "cancelled"],
    }
    kit = shop(
        "subtitling job",
        {"status": states, "progress_percent": NUMBER},
        ("post", "cancel", "Cancel a subtitling job", {}),
        needed="status progress_percent",
    )
    _, records = found(kit, seed)
    known = {"draft": 0, "quoted": 0, "in_review": 100, "delivered": 100}
    assert all(
        one["progress_percent"] == known.get(one["status"], one["progress_percent"]) for one in records
    )


def test_a_status_of_a_person_is_no_date_of_something_else_they_did() -> None:
    states = {"type": "string", "enum": ["enquiry", "active", "passed", "left"]}
    kit = shop(
        "pilot",
        {"email": {"type": "string", "format": "email"}, "status": states,
         "theory_passed_on": {"type": ["string", "null"], "format": "date"}},
        ("patch", "", "Update a pilot", {"status": states}),
        needed="status email",
    )  # fmt: skip
    world, records = found(kit)
    record = next(one for one in records if one["status"] == "active")
    assert after(kit, world, record, status="passed")["theory_passed_on"] == record["theory_passed_on"]


def test_what_ends_now_is_over_now_and_as_long_as_it_took() -> None:
    states = {"type": "string", "enum": ["active", "ended", "disputed"]}
    kit = shop(
        "parking session",
        {"status": states, "started_at": MOMENT, "exited_at": {"type": ["string", "null"], "format": "date-time"},
         "duration_minutes": {"type": ["integer", "null"]}},
        ("post", "end", "End a parking session", {}),
        needed="status started_at",
    )  # fmt: skip
    world, records = found(kit)
    now = datetime.fromisoformat(world.now)
    record = next(one for one in records if one["status"] == "active")
    assert record["exited_at"] is None
    ended = after(kit, world, record)
    begun = datetime.fromisoformat(ended["started_at"].replace("Z", "+00:00"))
    assert datetime.fromisoformat(ended["exited_at"].replace("Z", "+00:00")) == now
    assert ended["duration_minutes"] == (now - begun) // timedelta(minutes=1)


def test_a_result_that_is_there_is_not_recorded_anew() -> None:
    results = {"type": "string", "enum": ["pending", "clear", "cloudy"]}
    kit = shop(
        "water test",
        {"test_on": {"type": "string", "format": "date"}, "result": results},
        ("put", "record-result", "Record the result of a water test", {"result": results}),
        needed="test_on result",
    )
    assert out_of_turn(kit.entities[0], {"result": "clear"}, kit.tools[-1])
    assert not out_of_turn(kit.entities[0], {"result": "pending"}, kit.tools[-1])


def test_a_failed_delivery_had_its_courier_and_a_taken_place_its_name() -> None:
    states = {"type": "string", "enum": ["open", "assigned", "delivered", "failed"]}
    kit = shop(
        "delivery",
        {"status": states, "courier_name": {"type": ["string", "null"]}},
        ("post", "assign", "Assign a delivery to a courier", {"courier_name": TEXT}),
        needed="status",
    )
    delivery = next(one for one in kit.entities if one.key == kit.tools[-1].entity)
    assert {*conditions_of(delivery, kit.tools).held["courier_name"].empty} == {"open"}
    places = {"type": "string", "enum": ["free", "occupied", "reserved"]}
    kit = shop(
        "berth",
        {"status": places, "boat_name": {"type": ["string", "null"]}},
        ("post", "reserve", "Reserve a berth", {"boat_name": TEXT}),
        needed="status",
    )
    berth = next(one for one in kit.entities if one.key == kit.tools[-1].entity)
    assert not conditions_of(berth, kit.tools).held


@pytest.mark.parametrize(
    ("noun", "moment"),
    [("delivery", "delivered_at"), ("enrolment", "enrolled_at"), ("refund", "refunded_at")],
)
def test_the_deed_that_a_record_is_of_has_happened(noun: str, moment: str) -> None:
    states = {"type": "string", "enum": ["pending_approval", "approved", "corrections"]}
    kit = shop(
        noun,
        {"status": states, moment: MOMENT, "approved_at": {**MOMENT, "type": ["string", "null"]}},
        ("post", "approve", f"Approve a {noun}", {}),
        needed=f"status {moment}",
    )
    for seed in range(2, 8):
        world, records = found(kit, seed)
        now = datetime.fromisoformat(world.now)
        assert all(datetime.fromisoformat(one[moment]) < now for one in records)
