"""What definitions say of fields, pages and the order of records holds in worlds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from callsmith.sources import load
from callsmith.world.inferred import InferredWorld
from everyday import TEXT, api, at, operation

COUNT = {"type": "integer"}
MOMENT = {"type": "string", "format": "date-time"}


def taking(required: tuple[str, ...] = (), **fields: Any) -> dict[str, Any]:
    """A request with such a body."""
    schema = {"type": "object", "required": [*required], "properties": fields}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def asked(**schemas: Any) -> dict[str, Any]:
    """A request with such parameters."""
    return {"parameters": [{"name": name, "in": "query", "schema": schema} for name, schema in schemas.items()]}


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


