"""How much of a whole there is agrees with the state of its record, and counts keep to their limits."""

from __future__ import annotations

from typing import Any

from callsmith.ports import drive
from callsmith.records import Call, Tool
from callsmith.understand.inference import understand
from callsmith.world.inferred.world import InferredWorld
from everyday import TEXT

Schema = dict[str, Any]
NUMBER = {"type": "number"}
WHOLE = {"type": "integer"}
DAY = {"type": "string", "format": "date"}
LATER = {"type": ["string", "null"], "format": "date"}


def states(*options: str) -> Schema:
    return {"type": "string", "enum": [*options]}


def kept(noun: str, fields: Schema, *deeds: tuple[str, Schema]) -> InferredWorld:
    """A world of records that are listed, of which all fields are always there, and what may be done to them."""
    frame = {
        "type": "object",
        "title": noun.title(),
        "properties": {"id": TEXT, **fields},
        "required": ["id", *fields],
    }
    name = noun.replace(" ", "_")
    listed = Tool(f"api_list_{name}s", "api", f"List {noun}s", {"type": "object", "properties": {}},
                  {"type": "array", "items": frame}, hints={"method": "get", "path": f"/{name}s"})  # fmt: skip
    acts = [
        Tool(f"api_{verb}_{name}", "api", f"{verb.capitalize()} a {noun}",
             {"type": "object", "properties": {f"{name}_id": TEXT, **body}, "required": [f"{name}_id", *body]}, frame,
             hints={"method": "post", "path": f"/{name}s/{{{name}_id}}/{verb}"})
        for verb, body in deeds
    ]  # fmt: skip
    return InferredWorld(understand("api", [listed, *acts]), 6)


def records(world: InferredWorld) -> list[dict[str, Any]]:
    return [dict(one) for key in world.population.kinds for one in world.records(key)]


def test_an_empty_tank_holds_nothing_and_a_full_one_all_it_can() -> None:
    fields = {"name": TEXT, "status": states("empty", "in_use", "full"), "capacity_litres": NUMBER,
              "level_litres": NUMBER, "free_litres": NUMBER, "level_percent": NUMBER}  # fmt: skip
    told = records(kept("tank", fields))
    for one in told:
        whole, part = one["capacity_litres"], one["level_litres"]
        assert one["status"] != "empty" or part == 0
        assert one["status"] != "full" or part == whole
        assert abs(whole - part - one["free_litres"]) < 0.1
        assert abs(100 * part / whole - one["level_percent"]) <= 1
    assert {one["status"] for one in told} == {"empty", "in_use", "full"}


def test_a_goal_that_was_reached_was_met_and_one_that_was_missed_was_not() -> None:
    fields = {"title": TEXT, "status": states("draft", "live", "funded", "failed"), "goal": NUMBER, "raised": NUMBER,
              "backers_count": WHOLE}  # fmt: skip
    told = records(kept("campaign", fields))
    for one in told:
        assert one["status"] != "funded" or one["raised"] >= one["goal"]
        assert one["status"] != "failed" or one["raised"] < one["goal"]
        assert one["status"] != "draft" or one["raised"] == 0
        assert bool(one["raised"]) is bool(one["backers_count"])


def test_a_club_has_no_more_members_than_it_may_and_nobody_waits_while_there_is_room() -> None:
    fields = {"name": TEXT, "max_members": WHOLE, "member_count": WHOLE, "is_full": {"type": "boolean"},
              "waiting_list_count": WHOLE, "state": states("running", "finished")}  # fmt: skip
    for one in records(kept("club", fields)):
        assert one["member_count"] <= one["max_members"]
        assert one["is_full"] is (one["member_count"] >= one["max_members"])
        assert one["is_full"] or not one["waiting_list_count"]


def test_an_inspection_whose_result_is_recorded_is_done() -> None:
    fields = {"due_on": DAY, "inspected_on": LATER, "result": states("pending", "passed", "failed"),
              "status": states("due", "done", "overdue")}  # fmt: skip
    world = kept("inspection", fields, ("record", {"result": states("passed", "failed")}))
    due = next(one for one in records(world) if one["status"] == "due")
    result = drive(
        world.call(Call("", "api_record_inspection", {"inspection_id": due["id"], "result": "passed"}))
    )
    assert isinstance(result.value, dict)
    assert result.value["status"] == "done"
    assert result.value["inspected_on"] == world.now[:10]


def test_nobody_is_booked_on_what_was_called_off() -> None:
    fields = {"name": TEXT, "starts_at": {"type": "string", "format": "date-time"}, "booked_count": WHOLE,
              "attended_count": WHOLE, "status": states("open", "closed", "cancelled")}  # fmt: skip
    world = kept("session", fields, ("cancel", {}))
    ahead = next(one for one in records(world) if one["status"] == "open")
    assert ahead["attended_count"] == 0
    result = drive(world.call(Call("", "api_cancel_session", {"session_id": ahead["id"]})))
    assert isinstance(result.value, dict)
    assert result.value["status"] == "cancelled"
    assert result.value["booked_count"] == 0


def test_whoever_has_an_account_has_had_it_for_a_while() -> None:
    fields = {"full_name": TEXT, "email": TEXT, "registered_on": DAY, "status": states("active", "closed")}
    world = kept("member", fields)
    now = world.population.clock.now
    since = [world.population.clock.parse(one["registered_on"]) or now for one in records(world)]
    assert sum(now - at > 20 * 86_400 for at in since) > len(since) * 3 // 4


def test_what_is_taken_off_a_gross_sum_leaves_the_net() -> None:
    fields = {
        "gross_amount": NUMBER,
        "fees": NUMBER,
        "net_amount": NUMBER,
        "status": states("scheduled", "paid"),
    }
    for one in records(kept("payout", fields)):
        assert 0 <= one["fees"] < one["gross_amount"]
        assert abs(one["gross_amount"] - one["fees"] - one["net_amount"]) < 0.02
