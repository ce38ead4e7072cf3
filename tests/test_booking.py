"""Free times are told of a day in working hours, and the first of them is booked."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from callsmith import sources
from callsmith.catalog.openings import openings
from callsmith.config import Toolkit
from callsmith.plan.known import known
from callsmith.records import Toolset
from everyday import DAY, TEXT, api, at, operation
from test_duties import _given
from test_small_apis import rows

WHEN = {"type": "string", "format": "date-time"}
CLIENT = {"client_id": TEXT, "name": TEXT, "phone": TEXT}
STYLIST = {"stylist_id": TEXT, "name": TEXT, "phone": TEXT}
CUT = {"appointment_id": TEXT, "client_id": TEXT, "stylist_id": TEXT, "starts_at": WHEN,
       "status": {"type": "string", "enum": ["booked", "done", "cancelled"]}}  # fmt: skip
FREE = {"type": "object", "properties": {
    "stylist_id": TEXT, "day": DAY,
    "slots": {"type": "array", "items": {
        "type": "object", "required": ["starts_at", "ends_at"], "properties": {"starts_at": WHEN, "ends_at": WHEN}}},
}}  # fmt: skip


def _salon(folder: Path) -> Toolkit:
    day = {"name": "day", "in": "query", "required": True, "schema": DAY}
    slots = operation(
        "freeSlots", "Free slots of a stylist on a day", "Client", parameters=[*at("stylist_id"), day]
    )
    slots["responses"]["200"]["content"]["application/json"]["schema"] = FREE
    book = operation("bookAppointment", "Book an appointment", "Appointment")
    book |= _given("client_id", "stylist_id", "starts_at", client_id=TEXT, stylist_id=TEXT, starts_at=WHEN)
    return api(folder, "Salon", {
        "/clients": {"get": operation("listClients", "List clients", "Client", True)},
        "/stylists": {"get": operation("listStylists", "List stylists", "Stylist", True)},
        "/stylists/{stylist_id}/slots": {"get": slots},
        "/appointments": {"post": book},
    }, Client=CLIENT, Stylist=STYLIST, Appointment=CUT)  # fmt: skip


@pytest.fixture(scope="module")
def salon(tmp_path_factory: pytest.TempPathFactory) -> Toolset:
    return sources.load(_salon(tmp_path_factory.mktemp("salon"))).toolset


def test_what_lists_moments_without_a_name_lists_free_times(salon: Toolset) -> None:
    tools = known(salon).tools
    free = openings(tools["salon_free_slots"])
    assert free is not None
    assert (free.where, free.start, free.end) == ("/slots/*", "starts_at", "ends_at")
    assert openings(tools["salon_list_clients"]) is None
    assert tools["salon_free_slots"] in known(salon).enquired


def test_the_first_free_time_of_a_day_is_booked(tmp_path: Path) -> None:
    booked = 0
    for row in rows(_salon(tmp_path), tmp_path, 48):
        calls = [call for message in row["messages"] for call in message.get("tool_calls") or ()]
        names = [call["function"]["name"] for call in calls]
        if "salon_free_slots" not in names:
            continue
        told = next(m for m in row["messages"] if m["role"] == "tool" and '"slots"' in str(m["content"]))
        content = json.loads(told["content"]) if isinstance(told["content"], str) else told["content"]
        starts = [datetime.fromisoformat(one["starts_at"]) for one in content["slots"]]
        assert starts == sorted(set(starts))
        assert {start.date().isoformat() for start in starts} == {content["day"]}
        assert all(
            9 <= start.hour < 17
            for start in starts
            if not str(content["slots"][0]["starts_at"]).endswith("Z")
        )
        if "salon_book_appointment" in names[names.index("salon_free_slots") :]:
            made = calls[names.index("salon_book_appointment")]["function"]["arguments"]
            made = json.loads(made) if isinstance(made, str) else made
            booked += made["starts_at"] == content["slots"][0]["starts_at"]
    assert booked >= 1
