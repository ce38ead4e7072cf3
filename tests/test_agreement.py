"""Records of APIs nobody has described: their sums, their moments and what hangs on a state agree."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from callsmith.catalog.lives import phases
from callsmith.config import Toolkit
from callsmith.execute import drive
from callsmith.records import Call
from callsmith.sources import load
from callsmith.world.inferred.world import InferredWorld
from everyday import api, operation

TEXT, WHOLE, NUMBER, YES = ({"type": kind} for kind in ("string", "integer", "number", "boolean"))
MOMENT, DAY = {"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}


def _one_of(*options: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(options)}


ROWS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["quantity", "unit_price", "amount"],
        "properties": {"quantity": WHOLE, "unit_price": NUMBER, "amount": NUMBER},
    },
}
KINDS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "Stay": ({"id": TEXT, "guest_name": TEXT, "check_in": DAY, "check_out": DAY, "nights": WHOLE, "rate_per_night": NUMBER,
              "room_total": NUMBER, "cleaning_fee": NUMBER, "total": NUMBER, "amount_paid": NUMBER, "balance": NUMBER,
              "status": _one_of("booked", "checked_in", "checked_out", "cancelled")}, set()),
    "Bill": ({"id": TEXT, "lines": ROWS, "subtotal": NUMBER, "tax_rate": NUMBER, "tax": NUMBER, "total": NUMBER}, set()),
    "Showing": ({"id": TEXT, "starts_at": MOMENT, "ends_at": MOMENT, "duration_minutes": WHOLE, "seats_total": WHOLE,
                 "seats_sold": WHOLE, "seats_left": WHOLE, "occupancy_percent": NUMBER, "ticket_price": NUMBER,
                 "revenue": NUMBER}, set()),
    "Ride": ({"id": TEXT, "rider_name": TEXT, "requested_at": MOMENT, "picked_up_at": MOMENT, "dropped_off_at": MOMENT,
              "duration_min": WHOLE, "fare": NUMBER, "tip": NUMBER, "total": NUMBER, "cancel_reason": TEXT,
              "status": _one_of("requested", "picked_up", "completed", "cancelled")},
             {"picked_up_at", "dropped_off_at", "cancel_reason"}),
    "Child": ({"id": TEXT, "first_name": TEXT, "last_name": TEXT, "born_on": DAY, "age_months": WHOLE}, set()),
    "Reading": ({"id": TEXT, "read_on": DAY, "value": NUMBER, "previous_value": NUMBER, "consumption": NUMBER}, set()),
}  # fmt: skip


def _paths(kind: str, properties: dict[str, Any]) -> dict[str, Any]:
    shown = {"$ref": f"#/components/schemas/{kind}"}

    def answer(schema: dict[str, Any]) -> dict[str, Any]:
        return {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}

    rest = {name: schema for name, schema in properties.items() if name != "id"}
    body = {"type": "object", "required": [*rest][:1], "properties": rest}
    said = {"required": True, "content": {"application/json": {"schema": body}}}
    name = kind.lower()
    return {
        f"/{name}s": {
            "get": {"operationId": f"list_{name}s", "responses": answer({"type": "array", "items": shown})},
            "post": {"operationId": f"create_{name}", "requestBody": said, "responses": answer(shown)},
        }
    }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> InferredWorld:
    schemas = {
        kind: {"type": "object", "properties": held, "required": [name for name in held if name not in loose]}
        for kind, (held, loose) in KINDS.items()
    }
    paths: dict[str, Any] = {}
    for kind, (held, _) in KINDS.items():
        paths |= _paths(kind, held)
    told = {
        "openapi": "3.0.3",
        "info": {"title": "Inn", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }
    path: Path = tmp_path_factory.mktemp("inn") / "inn.json"
    path.write_text(json.dumps(told))
    return InferredWorld(load(Toolkit(openapi=str(path))).toolset, 5)


def _records(world: InferredWorld, noun: str) -> list[dict[str, Any]]:
    return [dict(entry.record) for entry in world.population.entries(f"inn.{noun}")]


def test_a_total_is_the_sum_and_what_is_due_is_what_is_not_paid(world: InferredWorld) -> None:
    for stay in _records(world, "stay"):
        assert stay["room_total"] == pytest.approx(stay["nights"] * stay["rate_per_night"])
        assert stay["total"] == pytest.approx(stay["room_total"] + stay["cleaning_fee"])
        left = 0 if stay["status"] == "cancelled" else stay["total"] - stay["amount_paid"]
        assert stay["balance"] == pytest.approx(left)
    for bill in _records(world, "bill"):
        assert bill["subtotal"] == pytest.approx(
            sum(row["quantity"] * row["unit_price"] for row in bill["lines"])
        )
        assert bill["total"] == pytest.approx(bill["subtotal"] + bill["tax"])


def test_seats_and_readings_agree(world: InferredWorld) -> None:
    for showing in _records(world, "showing"):
        assert showing["seats_left"] == showing["seats_total"] - showing["seats_sold"] >= 0
        assert showing["revenue"] == pytest.approx(showing["seats_sold"] * showing["ticket_price"])
        assert abs(showing["occupancy_percent"] - 100 * showing["seats_sold"] / showing["seats_total"]) <= 1
    for reading in _records(world, "reading"):
        assert reading["value"] == reading["previous_value"] + reading["consumption"]


def test_moments_follow_one_another_as_far_as_the_state_has_come(world: InferredWorld) -> None:
    now = world.population.clock.utc(world.population.clock.now)
    rides = _records(world, "ride")
    assert {ride["status"] for ride in rides} >= {"requested", "picked_up", "completed"}
    for ride in rides:
        assert ("picked_up_at" in ride) == (ride["status"] in ("picked_up", "completed"))
        assert ("dropped_off_at" in ride) == (ride["status"] == "completed")
        assert "cancel_reason" not in ride or ride["status"] == "cancelled"
        assert ride["requested_at"] < ride.get("picked_up_at", now) <= ride.get("dropped_off_at", now) <= now
        assert ride["total"] == pytest.approx(ride["fare"] + ride["tip"])
    parse = world.population.clock.parse
    for showing in _records(world, "showing"):
        start, end = parse(showing["starts_at"]), parse(showing["ends_at"])
        assert start and end and end - start == 60 * showing["duration_minutes"]
    for child in _records(world, "child"):
        assert 0 <= child["age_months"] < 80


def test_what_follows_from_what_is_stated_follows(world: InferredWorld) -> None:
    stated = {"starts_at": "2031-05-02T18:00:00+02:00", "duration_minutes": 90, "seats_total": 80, "seats_sold": 20,
              "ticket_price": 9.5, "ends_at": "2031-05-02T19:30:00+02:00"}  # fmt: skip
    made = drive(
        world.call(Call("1", "inn_create_showing", {k: v for k, v in stated.items() if k != "ends_at"}))
    ).value
    assert isinstance(made, dict)
    assert world.population.clock.parse(made["ends_at"]) == world.population.clock.parse(stated["ends_at"])
    assert (made["seats_left"], made["revenue"]) == (60, 190)


@pytest.mark.parametrize(
    ("states", "told"),
    [("requested picked_up completed", "ahead going over"), ("draft published confirmed worked", "ahead ahead ahead over"),
     ("due given refused missed", "ahead over dropped dropped"), ("scheduled picked_up washing ready", "ahead going going going"),
     ("open weighed closed", "ahead going over"), ("draft sent paid overdue", "ahead ahead over going")],
)  # fmt: skip
def test_a_deed_tells_how_far_a_thing_is_among_the_other_states(states: str, told: str) -> None:
    assert phases(states.split(" ")) == told.split(" ")


PAUSED = {
    "id": TEXT,
    "name": TEXT,
    "status": _one_of("active", "paused", "cancelled"),
    "paused_until": DAY,
    "pausedFrom": DAY,
}
RENTED = {
    "id": TEXT,
    "code": TEXT,
    "status": _one_of("free", "occupied"),
    "available": YES,
    "next_check": DAY,
}
GRADED = {"id": TEXT, "title": TEXT, "severity": _one_of("low", "medium", "critical"), "urgent": YES,
          "status": _one_of("reported", "in_progress", "resolved"), "progress_percent": WHOLE, "resolved_at": MOMENT}  # fmt: skip


def _inn(folder: Path, held: Mapping[str, dict[str, Any]], required: Sequence[str]) -> InferredWorld:
    """The world of an API that keeps records of these kinds, with what of their fields is always there."""
    schemas = {
        kind: {"type": "object", "properties": fields, "required": required} for kind, fields in held.items()
    }
    paths: dict[str, Any] = {}
    for kind, fields in held.items():
        paths |= _paths(kind, fields)
    told = {"openapi": "3.0.3", "info": {"title": "Inn", "version": "1"}, "paths": paths,
            "components": {"schemas": schemas}}  # fmt: skip
    (folder / "inn.json").write_text(json.dumps(told))
    return InferredWorld(load(Toolkit(openapi=str(folder / "inn.json"))).toolset, 5)


def test_switches_and_what_lasts_with_a_state_agree_with_it(tmp_path: Path) -> None:
    held = {"Subscription": PAUSED, "Bay": RENTED, "Defect": GRADED}
    inn = _inn(tmp_path, held, ["id"])
    for one in _records(inn, "subscription"):
        assert one["status"] == "paused" or not {"paused_until", "pausedFrom"} & one.keys()
    assert all(
        bay["available"] == (bay["status"] == "free") for bay in _records(inn, "bay") if "available" in bay
    )
    for defect in _records(inn, "defect"):
        assert defect.get("urgent") in (None, defect["severity"] == "critical")
        assert ("resolved_at" in defect) == (defect["status"] == "resolved")
        assert "progress_percent" not in defect or (defect["progress_percent"] == 100) == (
            "resolved_at" in defect
        )
    made = drive(
        inn.call(Call("1", "inn_create_defect", {"title": "Leaking valve", "severity": "low"}))
    ).value
    assert isinstance(made, dict) and made.get("status", "reported") == "reported"


TENANCY = {"id": TEXT, "tenant_name": TEXT, "move_in_date": DAY, "move_out_date": DAY,
           "status": _one_of("upcoming", "active", "ended")}  # fmt: skip
WASH = {"id": TEXT, "type": _one_of("basic", "deluxe"), "scheduled_start": MOMENT, "actual_start": MOMENT, "actual_end": MOMENT,
        "planned_minutes": WHOLE, "reported_at": MOMENT, "status": _one_of("reported", "scheduled", "running", "completed")}  # fmt: skip


def test_what_lasts_for_years_does_and_what_really_happened_follows_what_was_planned(tmp_path: Path) -> None:
    held = {"Tenancy": TENANCY, "Wash": WASH}
    inn = _inn(tmp_path, held, ["id", "move_in_date", "reported_at", "scheduled_start"])
    today = inn.population.clock.today.isoformat()
    for one in _records(inn, "tenancy"):
        end = one.get("move_out_date", "9999")
        assert one["move_in_date"] < end
        assert {"active": one["move_in_date"] <= today < end, "ended": end <= today}.get(one["status"], True)
    for wash in _records(inn, "wash"):
        assert "reported_at" in wash
        assert ("actual_end" in wash) == (wash["status"] == "completed")
        assert wash.get("actual_start", "") < wash.get("actual_end", "9999")


def test_what_a_record_has_come_to_lies_behind(tmp_path: Path) -> None:
    stamp = {"type": "string", "format": "date-time"}
    states = {"type": "string", "enum": ["draft", "submitted", "approved", "rejected", "reimbursed"]}
    report = {"id": TEXT, "title": TEXT, "status": states, "created_at": stamp,
              "submitted_at": {**stamp, "nullable": True}, "approved_at": {**stamp, "nullable": True}}  # fmt: skip
    paths = {"/reports": {"get": operation("listReports", "List expense reports", "Report", True)}}
    toolset = load(api(tmp_path, "Expenses", paths, Report=report)).toolset
    for seed in range(6):
        world = InferredWorld(toolset, seed)
        now = datetime.fromisoformat(world.scene.now)
        for one in world.records("expenses.report"):
            moments = [one.get(name) for name in ("created_at", "submitted_at", "approved_at")]
            told = [datetime.fromisoformat(at) for at in moments if at]
            assert told == sorted(told) and told[-1] <= now
            assert bool(one.get("submitted_at")) is (one["status"] != "draft")
            assert bool(one.get("approved_at")) is (one["status"] in ("approved", "reimbursed"))
