"""What is measured of bodies agrees with their age and with itself, and one example is not true of everyone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from callsmith.catalog.bodily import bodily
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
    return [dict(entry.record) for entry in world.population.entries(f"api.{noun}")]


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
