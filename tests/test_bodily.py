"""Values of one record that agree: bodies with their age, jobs with departments, distances with times."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from callsmith.catalog.bodily import bodily
from callsmith.catalog.data import read
from callsmith.config import Toolkit
from callsmith.sources import load
from callsmith.world.inferred.world import InferredWorld


def _records(folder: Path, noun: str, fields: dict[str, Any]) -> list[dict[str, Any]]:
    record = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, **fields}}
    many = {"type": "array", "items": record}
    listed = {"200": {"description": "OK", "content": {"application/json": {"schema": many}}}}
    told = {
        "openapi": "3.1.0",
        "info": {"title": "Desk", "version": "1"},
        "paths": {f"/{noun}s": {"get": {"operationId": f"list_{noun}s", "responses": listed}}},
    }
    path = folder / "api.yaml"
    path.write_text(yaml.safe_dump(told))
    world = InferredWorld(load(Toolkit(openapi=str(path))).toolset, 3)
    return [dict(entry.record) for entry in world.population.entries(next(iter(world.population.kinds)))]


_NAMES = {"first_name": {"type": "string"}, "last_name": {"type": "string"}}
_BORN = {"birth_date": {"type": "string", "format": "date"}}


def test_grown_people_are_as_tall_and_heavy_as_people_are(tmp_path: Path) -> None:
    fields = {
        **_NAMES,
        **_BORN,
        "height_cm": {"type": "integer", "minimum": 70, "maximum": 220},
        "weight_kg": {"type": "number"},
        "shoe_size_mondo": {"type": "number", "example": 27.5},
    }
    for guest in _records(tmp_path, "guest", fields):
        assert 150 <= guest["height_cm"] <= 195
        assert 17 <= guest["weight_kg"] / (guest["height_cm"] / 100) ** 2 <= 32
        assert 21 <= guest["shoe_size_mondo"] <= 31


def test_children_are_as_tall_as_children_are(tmp_path: Path) -> None:
    fields = {**_NAMES, **_BORN, "height_cm": {"type": "number"}, "shoe_size": {"type": "number"}}
    children = sorted(_records(tmp_path, "child", fields), key=lambda one: str(one["birth_date"]))
    assert all(65 <= child["height_cm"] <= 130 and 15 <= child["shoe_size"] <= 34 for child in children)
    oldest, youngest = children[:5], children[-5:]
    assert sum(one["height_cm"] for one in oldest) > sum(one["height_cm"] for one in youngest)


def test_vital_signs_are_those_of_the_living(tmp_path: Path) -> None:
    fields = {
        "patient_name": {"type": "string"},
        "heart_rate": {"type": "integer"},
        "temperature_celsius": {"type": "number"},
    }
    for seen in _records(tmp_path, "observation", fields):
        assert 50 <= seen["heart_rate"] <= 100 and 36 <= seen["temperature_celsius"] <= 38


@pytest.mark.parametrize("name", ["ceilingHeight", "pallet_height_cm", "net_weight", "seat_number", "index"])
def test_what_no_body_has_is_none(name: str) -> None:
    assert bodily(name) is None


def test_a_correction_is_near_what_was_there() -> None:
    height = bodily("height_cm")
    assert height is not None and all(
        1 <= abs(height.later(180, draw, True) - 180) <= 4 for draw in (-1, 0.4, 1)
    )


def test_what_somebody_wrote_of_one_record_stands_in_few(tmp_path: Path) -> None:
    fields = {
        **_NAMES,
        "hotel": {
            "type": "string",
            "description": "Where the guest is staying",
            "example": "Hotel Edelweiss",
        },
        "pickup_window": {"type": "string", "example": "08:00-10:00"},
        "diet": {"type": ["string", "null"], "example": "No shellfish"},
    }
    guests = _records(tmp_path, "guest", fields)
    assert sum(guest.get("hotel") == "Hotel Edelweiss" for guest in guests) <= 2
    assert sum(guest.get("diet") == "No shellfish" for guest in guests) <= 2
    assert len(Counter(guest["pickup_window"] for guest in guests)) > 3


def test_whoever_a_company_trains_has_a_job_in_their_department(tmp_path: Path) -> None:
    fields = {**_NAMES, **{name: {"type": "string"} for name in ("department", "job_title", "manager_id")}}
    jobs = read("catalog/lexicon/people.yaml")["jobs"]
    for learner in _records(tmp_path, "learner", fields):
        assert learner["job_title"] in jobs[learner["department"]]


def test_distances_and_lengths_of_time_agree(tmp_path: Path) -> None:
    fields = {
        "flight_number": {"type": "string"},
        "duration_minutes": {"type": "integer"},
        "distance_km": {"type": "integer"},
    }
    for flight in _records(tmp_path, "flight", fields):
        assert 350 <= flight["distance_km"] / (flight["duration_minutes"] / 60) <= 900


@pytest.mark.parametrize(
    ("noun", "least", "most"),
    [("course", 20, 480), ("visit", 15, 90), ("service_call", 20, 240)],
)
def test_things_take_as_long_as_they_take(tmp_path: Path, noun: str, least: int, most: int) -> None:
    fields = {
        "title": {"type": "string"},
        "duration_minutes": {"type": "integer"},
        "print_count": {"type": "integer"},
    }
    made = _records(tmp_path, noun, fields)
    assert made and all(least <= one["duration_minutes"] <= most for one in made)


def test_opening_hours_tell_when_it_closes(tmp_path: Path) -> None:
    fields = {"name": {"type": "string"}, "opening_hours": {"type": "string"}}
    assert all(one["opening_hours"].count(":") > 1 for one in _records(tmp_path, "station", fields))


def test_no_two_lines_of_an_invoice_are_for_one_thing(tmp_path: Path) -> None:
    line = {
        "description": {"type": "string"},
        "quantity": {"type": "integer"},
        "unit_price": {"type": "number"},
    }
    rows = {"type": "array", "items": {"type": "object", "required": [*line], "properties": line}}
    for bill in _records(tmp_path, "invoice", {"lines": rows, "total": {"type": "number"}}):
        said = [one["description"] for one in bill["lines"]]
        assert len({*said}) == len(said) and not any("rder " in one for one in said)


def test_sex_goes_with_the_name_and_the_emergency_contact_is_somebody_else(tmp_path: Path) -> None:
    fields = {
        **_NAMES,
        "sex": {"type": "string", "enum": ["f", "m", "x"]},
        "emergency_contact": {"type": "string"},
        "iban": {"type": "string", "example": "DE89370400440532013000"},
    }
    women = {*read("catalog/lexicon/people.yaml")["women"].split()}
    members = _records(tmp_path, "member", fields)
    for member in members:
        assert (member["sex"] == "f") >= (member["first_name"] in women)
        assert member["emergency_contact"].split()[0] != member["first_name"]
    assert len({member["iban"] for member in members}) == len(members)
    assert all(member["iban"].startswith("DE") for member in members)


def test_what_counts_nothing_is_left_out(tmp_path: Path) -> None:
    fields = {**_NAMES, "pool_lane_number": {"type": "integer"}}
    assert not any(one.get("pool_lane_number") == 0 for one in _records(tmp_path, "swimmer", fields))


def test_a_model_does_not_go_by_its_makers_name_again(tmp_path: Path) -> None:
    fields = {"owner_name": {"type": "string"}, "brand": {"type": "string"}, "model": {"type": "string"}}
    for bike in _records(tmp_path, "bike", fields):
        assert not str(bike["model"]).startswith(f"{bike['brand']} ")


def test_a_long_number_is_one_things_alone(tmp_path: Path) -> None:
    fields = {"name": {"type": "string"}, "microchip": {"type": "string", "example": "982000411234567"}}
    pets = _records(tmp_path, "pet", fields)
    assert len({pet["microchip"] for pet in pets}) == len(pets)
