"""How long something is valid follows from its sort."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from callsmith.catalog.named_after import named_after
from callsmith.ports import drive
from callsmith.records import Call, Tool
from callsmith.understand.inference import understand
from callsmith.world.agreement.named_length import named_length
from callsmith.world.inferred.world import InferredWorld
from everyday import TEXT

DAY = {"type": "string", "format": "date"}
SORTS = {"type": "string", "enum": ["half_day", "day", "six_day", "season"]}
PASS = {"type": "object", "title": "Lift pass", "required": ["id", "pass_type", "valid_from", "valid_to", "status"],
        "properties": {"id": TEXT, "guest_name": TEXT, "pass_type": SORTS, "valid_from": DAY, "valid_to": DAY,
                       "status": {"type": "string", "enum": ["active", "expired", "blocked"]}}}  # fmt: skip


@pytest.mark.parametrize(
    ("sort", "length"),
    [("half_day", (4 * 3600, 0)), ("six_day", (6 * 86_400, 0)), ("two_hours", (7200, 0)),
     ("10_day", (864_000, 0)), ("weekly", (7 * 86_400, 0)), ("annual", (0, 12)), ("blue", None)],
)  # fmt: skip
def test_a_sort_tells_how_long_it_is_valid(sort: str, length: tuple[int, int] | None) -> None:
    assert named_length(sort) == length


def lifts() -> InferredWorld:
    body = {"guest_name": TEXT, "pass_type": SORTS, "valid_from": DAY}
    listed = Tool("lift_list_passes", "lift", "List lift passes", {"type": "object", "properties": {}},
                  {"type": "array", "items": PASS}, hints={"method": "get", "path": "/passes"})  # fmt: skip
    issued = Tool("lift_issue_pass", "lift", "Issue a lift pass", {"type": "object", "properties": body, "required": [*body]},
                  PASS, hints={"method": "post", "path": "/passes"})  # fmt: skip
    return InferredWorld(understand("lift", [listed, issued]), 4)


def test_a_pass_found_is_valid_for_as_long_as_its_sort_tells() -> None:
    world = lifts()
    passes = [one for key in world.population.kinds for one in world.records(key)]
    for one in passes:
        days = (date.fromisoformat(str(one["valid_to"])) - date.fromisoformat(str(one["valid_from"]))).days
        assert days == {"half_day": 0, "day": 0, "six_day": 5}.get(str(one["pass_type"]), days)
        assert one["status"] != "expired" or str(one["valid_to"]) <= world.now[:10]
        assert one["status"] != "active" or str(one["valid_to"]) >= world.now[:10]
    assert {one["pass_type"] for one in passes} >= {"half_day", "six_day"}


def test_a_pass_that_is_issued_ends_as_its_sort_tells() -> None:
    world = lifts()
    given: dict[str, Any] = {"guest_name": "Ana Reyes", "pass_type": "six_day", "valid_from": "2031-02-03"}
    made = drive(world.call(Call("", "lift_issue_pass", given))).value
    assert isinstance(made, dict)
    assert made["valid_to"] == "2031-02-08"


def test_a_pass_of_which_nobody_says_from_when_is_valid_from_now() -> None:
    body = {"guest_name": TEXT, "pass_type": SORTS}
    listed = Tool("lift_list_passes", "lift", "List lift passes", {"type": "object", "properties": {}},
                  {"type": "array", "items": PASS}, hints={"method": "get", "path": "/passes"})  # fmt: skip
    issued = Tool("lift_issue_pass", "lift", "Issue a lift pass", {"type": "object", "properties": body, "required": [*body]},
                  PASS, hints={"method": "post", "path": "/passes"})  # fmt: skip
    world = InferredWorld(understand("lift", [listed, issued]), 4)
    made = drive(
        world.call(Call("", "lift_issue_pass", {"guest_name": "Ana Reyes", "pass_type": "day"}))
    ).value
    assert isinstance(made, dict)
    assert made["valid_from"] == made["valid_to"] == world.now[:10]


def test_until_when_it_is_to_be_fetched_is_known_of_what_waits() -> None:
    options = ("registered", "in_transit", "deposited", "collected", "expired")
    there, empty = named_after("collect_before", options)
    assert there == {"deposited", "collected", "expired"}
    assert empty == {"registered", "in_transit"}
