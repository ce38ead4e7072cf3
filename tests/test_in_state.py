"""What stands beside the state of a record agrees with it."""

from __future__ import annotations

from typing import Any

import pytest

from callsmith.catalog.lives import phases
from callsmith.catalog.named_after import named_after
from callsmith.ports import drive
from callsmith.records import Call, Tool
from callsmith.understand.inference import understand
from callsmith.world.inferred.world import InferredWorld
from everyday import TEXT

Schema = dict[str, Any]
NUMBER = {"type": "integer"}
NAME = {"type": ["string", "null"]}
MOMENT = {"type": "string", "format": "date-time"}
LATER = {"type": ["string", "null"], "format": "date-time"}
DAY_LATER = {"type": ["string", "null"], "format": "date"}


def states(*options: str) -> Schema:
    return {"type": "string", "enum": [*options]}


def found(noun: str, fields: Schema, needed: str = "status") -> tuple[InferredWorld, list[dict[str, Any]]]:
    """Records of a kind that one listing shows, in several worlds."""
    frame = {"type": "object", "title": noun.title(), "properties": {"id": TEXT, **fields},
             "required": ["id", *needed.split()]}  # fmt: skip
    name = noun.replace(" ", "_")
    listed = Tool(f"api_list_{name}s", "api", f"List {noun}s", {"type": "object", "properties": {}},
                  {"type": "array", "items": frame}, hints={"method": "get", "path": f"/{name}s"})  # fmt: skip
    kit = understand("api", [listed])
    worlds = [InferredWorld(kit, seed) for seed in (3, 5, 8)]
    key = next(entity.key for entity in kit.entities)
    return worlds[0], [dict(one) for world in worlds for one in world.records(key)]


@pytest.mark.parametrize(
    ("name", "options", "there"),
    [
        ("deferral_reason", ("active", "deferred", "retired"), {"deferred"}),
        ("suspensionReason", ("invited", "active", "suspended", "left"), {"suspended"}),
        ("sickSince", ("available", "on_job", "off_sick"), {"off_sick"}),
        ("fault_description", ("installed", "faulty", "removed"), {"faulty"}),
        ("out_of_service_since", ("empty", "filling", "out_of_service"), {"out_of_service"}),
        ("investigator", ("reported", "under_investigation", "closed"), {"under_investigation", "closed"}),
        ("packed_by", ("requested", "packed", "ready", "collected", "uncollected", "cancelled"),
         {"packed", "ready", "collected", "uncollected"}),
        ("collected_by", ("requested", "packed", "ready", "collected", "uncollected", "cancelled"), {"collected"}),
        ("delivery_note", ("ordered", "delivered"), set()),
        ("status_note", ("ordered", "delivered"), set()),
    ],
)  # fmt: skip
def test_a_field_called_after_a_state_is_there_in_it(
    name: str, options: tuple[str, ...], there: set[str]
) -> None:
    assert {*named_after(name, options)[0]} == there


def test_what_did_not_come_to_a_state_was_dropped_and_what_is_partly_done_goes_on() -> None:
    assert phases(["ready", "collected", "uncollected"])[2] == "dropped"
    assert phases(["open", "partially_filled", "filled"])[1] == "going"
    assert phases(["issued", "activated", "expired"])[0] == "ahead"
    assert phases(["quoted", "ordered", "erected", "dismantled"])[2:] == ["going", "over"]


def test_why_and_since_when_something_is_so_is_told_while_it_is_and_only_then() -> None:
    options = states("online", "offline", "blocked")
    _, records = found(
        "device", {"hostname": TEXT, "status": options, "blocked_at": LATER, "block_reason": NAME}
    )
    for one in records:
        blocked = one["status"] == "blocked"
        assert (one["blocked_at"] is not None) is blocked
        assert (one["block_reason"] is not None) is blocked
    assert {one["status"] for one in records} == {"online", "offline", "blocked"}


def test_whoever_is_told_by_id_and_by_name_is_told_by_both_or_neither() -> None:
    options = states("unassigned", "assigned", "started", "completed")
    _, records = found(
        "visit", {"status": options, "carer_id": NAME, "carer_name": NAME, "starts_at": MOMENT}
    )
    for one in records:
        assert one["carer_id"] is not None or one["carer_name"] is None


def test_a_switch_says_of_a_thing_that_it_is_active_where_its_state_does() -> None:
    fields = {
        "name": TEXT,
        "status": states("issued", "active", "suspended", "expired"),
        "is_active": {"type": "boolean"},
    }
    _, records = found("licence", fields, "status is_active")
    assert all(one["is_active"] is (one["status"] == "active") for one in records)


def test_what_happened_last_did_so_within_the_life_of_a_record() -> None:
    fields = {"full_name": TEXT, "email": TEXT, "status": states("invited", "active", "left"), "invited_at": MOMENT,
              "joined_on": DAY_LATER, "left_on": DAY_LATER, "last_visit_at": LATER, "visit_count": NUMBER}  # fmt: skip
    _, records = found("member", fields, "status invited_at visit_count")
    for one in records:
        if one["status"] == "invited":
            assert one["last_visit_at"] is None
            assert one["joined_on"] is None
            assert one["visit_count"] == 0
        if one["joined_on"] is not None:
            assert one["invited_at"][:10] <= one["joined_on"]
        if one["last_visit_at"] is not None:
            assert one["invited_at"] <= one["last_visit_at"]
            assert one["left_on"] is None or one["last_visit_at"][:10] <= one["left_on"]
    assert any(one["last_visit_at"] for one in records)


def test_what_is_online_was_seen_just_now_and_nothing_was_seen_before_it_was_first_seen() -> None:
    fields = {
        "hostname": TEXT,
        "status": states("online", "offline"),
        "first_seen_at": MOMENT,
        "last_seen_at": MOMENT,
    }
    world, records = found("device", fields, "status first_seen_at last_seen_at")
    for one in records:
        assert one["first_seen_at"] <= one["last_seen_at"]
    own = world.records(next(iter(world.population.kinds)))
    now = world.population.clock.now
    for one in own:
        seen = world.population.clock.parse(one["last_seen_at"])
        assert one["status"] != "online" or seen is not None and now - 1800 < seen <= now


def test_what_is_paid_in_part_is_not_paid_whole() -> None:
    amount = {"type": "number"}
    options = states("draft", "sent", "part_paid", "paid", "void")
    fields = {"number": TEXT, "status": options, "total": amount, "amount_paid": amount, "balance": amount}
    _, records = found("invoice", fields, "number status total amount_paid balance")
    for one in records:
        assert one["status"] != "part_paid" or 0 < one["amount_paid"] < one["total"]
        assert one["status"] not in ("draft", "sent") or one["amount_paid"] == 0
    assert any(one["status"] == "part_paid" for one in records)


def test_what_is_overdue_was_due_before_today() -> None:
    fields = {
        "due_on": {"type": "string", "format": "date"},
        "inspected_on": DAY_LATER,
        "status": states("due", "done", "overdue"),
    }
    world, _ = found("inspection", fields, "status due_on")
    own = [*world.records(next(iter(world.population.kinds)))]
    assert all(one["due_on"] < world.now[:10] for one in own if one["status"] == "overdue")


@pytest.mark.parametrize(
    ("name", "options", "there"),
    [
        ("failure_code", ("pending", "succeeded", "failed"), {"failed"}),
        ("tracking_code", ("new", "printing", "dispatched", "delivered"), {"dispatched", "delivered"}),
        (
            "tracking_number",
            ("received", "at_desk", "with_courier", "returned"),
            {"with_courier", "returned"},
        ),
        ("courier_name", ("received", "at_desk", "with_courier"), {"with_courier"}),
        ("receipt_no", ("due", "paid", "waived"), {"paid"}),
        ("repaired_on", ("open", "repaired", "dismissed"), set()),
        ("parts_eta", ("in_stock", "awaiting_parts", "ready"), {"awaiting_parts"}),
        ("ready_by", ("received", "ready", "collected"), {"ready", "collected"}),
    ],
)
def test_what_is_given_out_with_a_state_is_there_from_then_on(
    name: str, options: tuple[str, ...], there: set[str]
) -> None:
    assert {*named_after(name, options)[0]} == there


def test_a_new_record_tells_nothing_that_only_time_brings() -> None:
    client = {"type": "object", "title": "Client", "required": ["id", "name", "status"], "properties": {
        "id": TEXT, "name": TEXT, "status": states("enquiry", "active", "ended"), "last_visit_at": LATER,
        "next_visit_at": LATER, "end_reason": NAME, "visit_count": NUMBER, "is_active": {"type": "boolean"}}}  # fmt: skip
    body = {"type": "object", "properties": {"name": TEXT}, "required": ["name"]}
    listed = Tool("api_list_clients", "api", "List clients", {"type": "object", "properties": {}},
                  {"type": "array", "items": client}, hints={"method": "get", "path": "/clients"})  # fmt: skip
    added = Tool(
        "api_add_client", "api", "Add a client", body, client, hints={"method": "post", "path": "/clients"}
    )
    world = InferredWorld(understand("api", [listed, added]), 4)
    made = drive(world.call(Call("", "api_add_client", {"name": "Ana Reyes"}))).value
    assert isinstance(made, dict)
    assert made["status"] == "enquiry"
    for name in ("last_visit_at", "next_visit_at", "end_reason"):
        assert made[name] is None
    assert not made.get("visit_count") and not made.get("is_active")
