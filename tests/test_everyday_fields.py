"""What single fields of everyday records hold beside now and beside one another: dates, states, streets."""

from __future__ import annotations

import re

from callsmith.world.inferred.world import InferredWorld
from test_things import MOMENT, TEXT, kept, records

DAY = {"type": "string", "format": "date"}
FLAG = {"type": "boolean"}


def _now(toolset):
    return InferredWorld(toolset, 5).now[:10]


def test_the_address_of_a_place_is_a_street_and_a_venue_no_office_room():
    town = kept(lot={"name": TEXT, "address": TEXT}, rehearsal={"date": DAY, "venue": TEXT})
    assert all(re.fullmatch(r"\D+ \d+|\d+ \D+", r["address"]) for r in records(town, "lot"))
    assert not any("meeting" in r.get("venue", "").lower() for r in records(town, "rehearsal"))


def test_rooms_are_numbered():
    house = kept(room={"room_number": TEXT, "floor": {"type": "integer"}})
    assert all(re.fullmatch(r"\d{3}", r["room_number"]) for r in records(house, "room") if "room_number" in r)


def test_people_and_animals_were_born_years_ago():
    practice = kept(patient={"first_name": TEXT, "last_name": TEXT, "date_of_birth": DAY},
                    dog={"name": TEXT, "born_on": DAY})  # fmt: skip
    year = int(_now(practice)[:4])
    people = {year - int(r["date_of_birth"][:4]) for r in records(practice, "patient")}
    assert min(people) >= 5
    assert max(people) > 40
    assert all(0 < year - int(r["born_on"][:4]) < 16 for r in records(practice, "dog"))


def test_who_stays_leaves_after_arriving():
    harbour = kept(
        stay={"arrives_on": DAY, "leaves_on": DAY},
        booking={"guest_name": TEXT, "check_in": DAY, "check_out": DAY},
    )
    assert all(r["arrives_on"] < r["leaves_on"] for r in records(harbour, "stay"))
    assert all(r["check_in"] < r["check_out"] for r in records(harbour, "booking"))


def test_what_is_lent_is_due_about_now_and_what_came_back_before():
    library = kept(loan={"due_date": DAY, "returned": FLAG})
    found, now = records(library, "loan"), _now(library)
    out = [r["due_date"] for r in found if not r["returned"]]
    back = [r["due_date"] for r in found if r["returned"]]
    assert out
    assert back
    assert max(out) > now
    assert sum(day >= now for day in out) > len(out) / 2


def test_what_is_still_open_is_picked_up_from_now_on():
    state = {"type": "string", "enum": ["open", "ready", "collected"]}
    bakery = kept(order={"customer_name": TEXT, "pickup_at": MOMENT, "status": state}, cake={"name": TEXT})
    found, now = records(bakery, "order"), _now(bakery)
    assert {r["status"] for r in found} > {"collected"}
    assert all((r["pickup_at"][:10] >= now) == (r["status"] != "collected") for r in found)
