"""In which states a field holds something, as its description tells, in records as found and as changed."""

from __future__ import annotations

import pytest

from callsmith.catalog.conditions import held_of
from callsmith.ports import drive
from callsmith.recipes.grounded import world_of
from callsmith.records import Call
from callsmith.world.journal import Journal
from test_turns import Schema, kit

TOLD = [
    ("delivery", "packed out_for_delivery delivered lost", "Null until delivered.", "delivered", "packed out_for_delivery lost"),
    ("game", "scheduled live finished abandoned", "Minute of play, only while live.", "live", "scheduled finished abandoned"),
    ("claim", "filed approved rejected paid", "Only for rejected claims.", "rejected", "filed approved paid"),
    ("claim", "filed approved rejected paid", "Null until the claim is approved or rejected.", "approved rejected paid", "filed"),
    ("tuning", "requested scheduled completed cancelled", "Measured at the tuning; null before.", "completed", "requested scheduled cancelled"),
    ("stay", "booked checked_in checked_out", "Assigned at check-out.", "checked_out", "booked checked_in"),
    ("survey", "booked surveyed reported cancelled", "Assessed on site; null before the survey.", "surveyed reported", "booked"),
    ("session", "active ended failed", "Set when the session has ended.", "ended failed", "active"),
    ("spray", "planned applied skipped", "Who applied it.", "applied", "planned skipped"),
    ("rental", "reserved out returned", "0 if returned on time.", "", ""),
    ("order", "open paid shipped", "When the order should be shipped.", "", ""),
    ("order", "open paid shipped", "The customer's own number for the order.", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("noun", "options", "text", "there", "empty"), TOLD)
def test_a_description_says_in_which_states_a_field_holds_something(
    noun: str, options: str, text: str, there: str, empty: str
) -> None:
    held = held_of(text, options.split(), noun)
    assert {*there.split()} == (held.there if held else set())
    assert {*empty.split()} == ({*held.empty} if held else set())


def test_a_number_is_what_its_description_says_while_nothing_runs() -> None:
    options = ["booked", "in_use", "finished", "cancelled"]
    held = held_of("Heater power right now, 0 when the booking has ended.", options, "sauna booking")
    assert held is not None and held.empty == {"booked": 0, "finished": 0, "cancelled": 0}
    held = held_of(
        "0 until printing starts, 100 when done.", ["queued", "printing", "done", "failed"], "print job"
    )
    assert held is not None and held.empty == {"queued": 0, "done": 100}
    held = held_of("Litres pumped so far.", ["queued", "running", "done"], "pump run")
    assert held is not None and held.empty == {"queued": 0}


NULLABLE: Schema = {"type": ["string", "null"]}
KILN = {
    "ended_at": {**NULLABLE, "format": "date-time"},
    "power_kw": {"type": "number", "description": "Power right now, 0 when the firing has ended."},
    "energy_kwh": {"type": ["number", "null"], "description": "Null until the firing has ended."},
    "minutes_left": {"type": ["integer", "null"], "description": "Only while the kiln is running."},
}


def test_what_a_record_holds_agrees_with_the_state_it_is_found_in_and_comes_to() -> None:
    shop = kit("firing", "planned running ended", ("stop", "Stop a firing"), **KILN)
    tool = shop.tools[-1]
    world = world_of(shop, None, 4, Journal(), 0)
    seen = set()
    for one in world.records(tool.entity):
        seen.add(one["status"])
        assert (one["power_kw"] > 0) == (one["status"] == "running")
        assert (one["minutes_left"] is not None) == (one["status"] == "running")
        assert (one["energy_kwh"] is not None) == (one["status"] == "ended")
    assert len(seen) == 3
    record = next(one for one in world.records(tool.entity) if one["status"] == "running")
    result = drive(world.call(Call("", tool.name, {"firing_id": record["id"]}))).value
    assert result["status"] == "ended" and result["ended_at"][:10] == world.scene.now[:10]
    assert result["power_kw"] == 0 and result["minutes_left"] is None and result["energy_kwh"] is not None
