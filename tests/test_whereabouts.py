"""Where a company is, as what its API shows and says tells; and addresses that agree with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from callsmith.config import Toolkit
from callsmith.sources import load
from callsmith.world.inferred.world import InferredWorld


def _world(folder: Path, about: str, fields: dict[str, Any], seed: int = 3) -> InferredWorld:
    properties = {"id": {"type": "string"}, "name": {"type": "string"}, **fields}
    customer = {"type": "object", "required": [*properties], "properties": properties}
    answer = {"200": {"description": "OK", "content": {"application/json": {"schema": customer}}}}
    many = {"type": "array", "items": customer}
    listed = {"200": {"description": "OK", "content": {"application/json": {"schema": many}}}}
    key = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    told = {
        "openapi": "3.1.0",
        "info": {"title": "Depot", "version": "1", "description": about},
        "paths": {
            "/customers": {"get": {"operationId": "listCustomers", "responses": listed}},
            "/customers/{id}": {
                "get": {"operationId": "getCustomer", "parameters": [key], "responses": answer}
            },
        },
    }
    path = folder / "api.yaml"
    path.write_text(yaml.safe_dump(told))
    return InferredWorld(load(Toolkit(openapi=str(path))).toolset, seed)


@pytest.mark.parametrize(
    ("about", "fields", "country"),
    [
        ("Pickups.", {"country": {"type": "string", "default": "NL"}}, "Netherlands"),
        ("Pickups.", {"phone": {"type": "string", "example": "+234 803 555 0142"}}, "Nigeria"),
        ("Pickups.", {"currency": {"type": "string", "default": "NGN"}}, "Nigeria"),
        ("Pickups.", {"time_zone": {"type": "string", "example": "Europe/Zagreb"}}, "Croatia"),
        ("Keeps the customers of a winery in the Douro.", {}, "Portugal"),
        ("Keeps the customers of a depot in Phoenix.", {}, "United States"),
        ("Pickups.", {"city": {"type": "string", "example": "Bern"}}, "Switzerland"),
        ("Pickups.", {"fee_mxn": {"type": "number"}}, "Mexico"),
    ],
)
def test_a_company_is_where_its_api_speaks_of(
    tmp_path: Path, about: str, fields: dict[str, Any], country: str
) -> None:
    assert _world(tmp_path, about, fields).population.scene.country == country


def test_an_address_agrees_with_its_town(tmp_path: Path) -> None:
    fields = {
        "street": {"type": "string"},
        "city": {"type": "string", "example": "Phoenix"},
        "state": {"type": "string", "example": "AZ"},
        "zip_code": {"type": "string", "example": "85016"},
        "country": {"type": "string", "default": "US"},
    }
    for entry in _world(tmp_path, "Depots.", fields).population.entries("api.customer")[:8]:
        record = entry.record
        assert (record["city"], record["state"], record["country"]) == ("Phoenix", "AZ", "US")
        assert record["zip_code"].startswith("850")


def test_an_example_of_a_postcode_is_not_sent_elsewhere(tmp_path: Path) -> None:
    fields = {
        "postal_code": {"type": "string", "example": "3011 AD"},
        "city": {"type": "string"},
        "country": {"type": "string", "default": "NL"},
    }
    codes = [
        entry.record["postal_code"]
        for entry in _world(tmp_path, "Depots.", fields).population.entries("api.customer")[:8]
    ]
    assert all(len(code) == 7 and code[4] == " " and code[5:].isalpha() for code in codes)
    assert len({*codes}) > 3
