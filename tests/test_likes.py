"""Fields of which a description shows an example or a default hold values like it, and not one for all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from callsmith import seeds
from callsmith.catalog.likes import likes_of
from callsmith.config import Toolkit
from callsmith.sources import load
from callsmith.world.inferred.inventing import invent
from callsmith.world.inferred.world import InferredWorld


@pytest.mark.parametrize(
    ("example", "name", "among"),
    [
        ("House Espresso", ("coffee",), "Decaf Blend"),
        ("mice", ("pest",), "rats"),
        ("cello", ("instrument",), "violin"),
        ("A2", ("shade",), "B1"),
        ("XL", ("size",), "M"),
        ("Larch Cladding", ("product",), "Oak Beams"),
    ],
)
def test_others_beside_an_example(example: str, name: tuple[str, ...], among: str) -> None:
    assert likes_of(example, name, "")[0] == example and among in likes_of(example, name, "")


@pytest.mark.parametrize(
    ("example", "name"),
    [("Felt Monkey", ("product",)), ("Common Beech", ("species",)), ("side gate code", ("access", "note"))],
)
def test_of_an_example_that_no_list_has_nothing_is_made_up(example: str, name: tuple[str, ...]) -> None:
    assert likes_of(example, name, "") == []


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> InferredWorld:
    told: dict[str, Any] = {
        "coffee": {"type": "string", "description": "Name of the coffee, e.g. House Espresso"},
        "weeks_between_deliveries": {"type": "integer", "default": 4, "minimum": 1, "maximum": 26},
        "minutes_per_visit": {"type": "integer", "description": "e.g. 45"},
        "peak_temp_c": {"type": "integer", "minimum": 600, "maximum": 1300},
    }
    plain = {name: {"type": schema["type"]} for name, schema in told.items()}
    orders = {
        "type": "array",
        "items": {"type": "object", "required": [*told], "properties": {"id": {"type": "integer"}, **plain}},
    }

    def said(schema: dict[str, Any]) -> dict[str, Any]:
        return {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}

    def asked(schema: dict[str, Any]) -> dict[str, Any]:
        return {"content": {"application/json": {"schema": schema}}, "required": True}

    made = asked({"type": "object", "required": ["coffee"], "properties": told})
    changed = asked(
        {"type": "object", "properties": {"weeks_between_deliveries": plain["weeks_between_deliveries"]}}
    )
    at = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    paths = {
        "/deliveries": {
            "get": {"operationId": "list_deliveries", "responses": said(orders)},
            "post": {
                "operationId": "create_delivery",
                "requestBody": made,
                "responses": said(orders["items"]),
            },
        },
        "/deliveries/{id}": {
            "put": {
                "operationId": "update_delivery",
                "parameters": [at],
                "requestBody": changed,
                "responses": said(orders["items"]),
            }
        },
    }
    path: Path = tmp_path_factory.mktemp("beans") / "beans.json"
    path.write_text(
        json.dumps({"openapi": "3.0.3", "info": {"title": "Beans", "version": "1"}, "paths": paths})
    )
    return InferredWorld(load(Toolkit(openapi=str(path))).toolset, 4)


def test_records_hold_values_like_the_example_and_mostly_the_default(world: InferredWorld) -> None:
    records = [dict(one) for one in world.records("beans.delivery")]
    assert len({one["coffee"] for one in records}) > 3
    weeks = [one["weeks_between_deliveries"] for one in records]
    assert weeks.count(4) > len(weeks) / 3 and max(weeks) <= 12
    assert all(20 <= one["minutes_per_visit"] <= 90 for one in records)
    heats = {one["peak_temp_c"] for one in records}
    assert len(heats) > 3 and all(600 <= heat <= 1300 for heat in heats)


def test_what_is_said_of_a_change_keeps_to_what_the_call_that_makes_one_allows(world: InferredWorld) -> None:
    tool = next(tool for tool in world.population.toolset.tools if tool.name.endswith("update_delivery"))
    weeks = next(item for item in tool.inputs if item.name == "weeks_between_deliveries")

    values = {invent(world, tool, weeks, seeds.rng(place, "weeks")) for place in range(30)}
    assert values and all(isinstance(one, int) and 1 <= one <= 12 and one != 4 for one in values)


def test_a_price_is_that_of_what_its_description_says_and_nothing_is_done_twice_a_day(tmp_path: Path) -> None:
    plain = {"id": {"type": "integer"}, "name": {"type": "string"}, "price": {"type": "number"}}
    asked = {
        "name": {"type": "string"},
        "price": {"type": "number", "description": "Price of each clean in pounds"},
    }
    clean = {
        "id": {"type": "integer"},
        "customer_id": {"type": "integer"},
        "date": {"type": "string", "format": "date"},
        "status": {"type": "string", "enum": ["due", "done", "skipped"]},
    }

    def listed(fields: dict[str, Any]) -> dict[str, Any]:
        many = {"type": "array", "items": {"type": "object", "properties": fields}}
        return {"200": {"description": "ok", "content": {"application/json": {"schema": many}}}}

    body = {"content": {"application/json": {"schema": {"type": "object", "properties": asked}}}}
    paths = {
        "/customers": {
            "get": {"operationId": "list_customers", "responses": listed(plain)},
            "post": {
                "operationId": "add_customer",
                "requestBody": body,
                "responses": {"201": {"description": "ok"}},
            },
        },
        "/cleans": {"get": {"operationId": "list_cleans", "responses": listed(clean)}},
    }
    path = tmp_path / "round.json"
    path.write_text(
        json.dumps({"openapi": "3.0.3", "info": {"title": "Round", "version": "1"}, "paths": paths})
    )
    world = InferredWorld(load(Toolkit(openapi=str(path))).toolset, 3)
    scale = world.population.scale
    assert all(12 <= one["price"] / scale <= 48 for one in world.records("round.customer"))
    days = [(one["customer_id"], one["date"]) for one in world.records("round.clean")]
    assert len(days) == len({*days})
