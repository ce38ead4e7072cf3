"""What definitions say of fields, pages and the order of records holds in worlds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from callsmith.ports import drive
from callsmith.records import Call, Tool, Where
from callsmith.sources import load
from callsmith.understand import understand
from callsmith.world.inferred import InferredWorld
from callsmith.world.inferred.specs import specs_of
from everyday import DAY, TEXT, api, at, operation

COUNT = {"type": "integer"}
MOMENT = {"type": "string", "format": "date-time"}


def taking(required: tuple[str, ...] = (), **fields: Any) -> dict[str, Any]:
    """A request with such a body."""
    schema = {"type": "object", "required": [*required], "properties": fields}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def asked(**schemas: Any) -> dict[str, Any]:
    """A request with such parameters."""
    return {
        "parameters": [{"name": name, "in": "query", "schema": schema} for name, schema in schemas.items()]
    }


BATCH = {
    "id": TEXT, "title": TEXT, "surname": TEXT, "due_date": DAY, "brewed_on": DAY, "starts_at": MOMENT, "rating": {"type": "number"},
    "unit_price": {"type": "number"}, "distance_km": {"type": "number"}, "updated_at": MOMENT, "created_at": MOMENT,
    "priority": {"type": "string", "enum": ["urgent", "high", "normal", "low"]},
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "order"),
    [
        ("Returns batches, newest first. Cursor paginated.", ("/created_at", True)),
        ("Batches of a brewery, most recent first", ("/created_at", True)),
        ("Batches of a brewery, oldest first", ("/created_at", False)),
        ("The most recently updated first.", ("/updated_at", True)),
        ("Batches in the cellar, ordered by start time.", ("/starts_at", False)),
        ("Lists batches sorted by due date, latest first", ("/due_date", True)),
        ("Sorted in descending order by rating", ("/rating", True)),
        ("All batches sorted by price (ascending).", ("/unit_price", False)),
        ("Finds batches for a pub, best rated first.", ("/rating", True)),
        ("The cheapest first", ("/unit_price", False)),
        ("Highest priority first.", ("/priority", True)),
        ("In order of distance from the pub", ("/distance_km", False)),
        ("Lists batches in alphabetical order", ("/title", False)),
        ("Ordered by surname.", ("/surname", False)),
        ("Earliest first.", ("/starts_at", False)),
        ("First come, first served.", None),
        ("Batches ordered by the pub; the first is shown.", None),
    ],
)
def test_the_order_that_a_description_promises(said: str, order: tuple[str, bool] | None) -> None:
    record = {"title": "Batch", "type": "object", "properties": BATCH}
    tool = Tool(name="list_batches", toolkit="brewery", description=said, where=Where("brewery.json"),
                parameters={"type": "object", "properties": {}}, returns={"type": "array", "items": record},
                hints={"method": "GET"})  # fmt: skip
    toolset = understand("brewery", [tool])
    spec = specs_of(toolset)["list_batches"]
    assert (spec.order if spec.promised else None) == order
    if order is not None:
        world = InferredWorld(toolset, 3)
        shown = drive(world.call(Call("1", "list_batches", {}))).value
        ranks = BATCH["priority"]["enum"]
        told = [one[order[0][1:]] for one in shown if one.get(order[0][1:]) is not None]
        told = [-ranks.index(one) for one in told] if order[0] == "/priority" else told
        assert (len(told) > 2 or order[0] == "/surname") and told == sorted(told, reverse=order[1])


def test_what_lasts_for_nobody_knows_how_long_is_told_in_order(tmp_path: Path) -> None:
    states = {"type": "string", "enum": ["booked", "in_progress", "completed", "cancelled"]}
    booking = {"id": TEXT, "kiln_id": TEXT, "starts_at": MOMENT, "status": states, "duration_minutes": COUNT}
    kit = api(tmp_path, "Pottery", {
        "/kilns": {"get": operation("listKilns", "List kilns", "Kiln", True)},
        "/bookings": {"get": operation("listBookings", "List bookings", "Booking", True),
                      "post": operation("bookKiln", "Book a kiln", "Booking",
                                        **taking(kiln_id=TEXT, starts_at=MOMENT))},
        "/bookings/{id}": {"get": operation("getBooking", "Get a booking", "Booking", parameters=at("id"))},
    }, Kiln={"id": TEXT, "name": TEXT}, Booking=booking)  # fmt: skip
    toolset = load(kit).toolset
    for seed in range(60):
        for one in InferredWorld(toolset, seed).records("pottery.booking"):
            assert str(one["starts_at"])[:2] == "20"
