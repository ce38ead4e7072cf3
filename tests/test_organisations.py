"""A field described as a shop, a company or a school holds the name of one, and not a person's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from callsmith.catalog.organisations import organisation
from callsmith.config import Toolkit
from callsmith.sources import load
from callsmith.understand.facets import guess
from callsmith.understand.leaf import Leaf
from callsmith.world.inferred.world import InferredWorld


@pytest.mark.parametrize(
    ("name", "description", "kind"),
    [
        ("customer", "Cafe or shop name", "cafe"),
        ("client", "Company the sign is for", "office"),
        ("owner", "Farm the animal belongs to", "farm"),
        ("recipient", "Charity receiving the donation", "charity"),
        ("client_name", "Name of the client company", "office"),
        ("customer", "Business name of the customer", "office"),
        ("pub", "", "pub"),
        ("company", "", "office"),
        ("booked_for", "School, club or studio that fires", "school"),
        ("booked_for", "", ""),
        ("customer", "", ""),
        ("customer", "The person ordering", ""),
        ("client", "Company or couple", ""),
        ("tenant", "Full name of the tenant", ""),
        ("contact", "Contact person at the company", ""),
        ("carrier", "Carrier name", ""),
        ("venue", "Venue where it is held", ""),
        ("description", "Company the job is for", ""),
    ],
)
def test_what_a_description_says_of_a_party(name: str, description: str, kind: str) -> None:
    assert organisation(tuple(name.split("_")), description) == kind


def test_whom_something_is_booked_for_is_no_date() -> None:
    described = {"type": "string", "description": "School, club or studio that fires"}
    guessed = guess(Leaf("/booked_for", described, described["description"]))
    assert (guessed.facet, guessed.phrase) == ("company", "customer")


def test_shops_order_and_no_persons(tmp_path: Path) -> None:
    fields: dict[str, Any] = {
        "customer": {"type": "string", "description": "Cafe or shop name"},
        "bags": {"type": "integer"},
    }
    orders = {
        "type": "array",
        "items": {"type": "object", "properties": {"id": {"type": "integer"}, **fields}},
    }
    said = {"200": {"description": "ok", "content": {"application/json": {"schema": orders}}}}
    body = {"type": "object", "required": ["customer"], "properties": fields}
    path = tmp_path / "beans.json"
    path.write_text(
        json.dumps(
            {
                "openapi": "3.0.3",
                "info": {"title": "Beans", "version": "1"},
                "paths": {
                    "/orders": {
                        "get": {"operationId": "list_orders", "responses": said},
                        "post": {
                            "operationId": "create_order",
                            "requestBody": {"content": {"application/json": {"schema": body}}},
                            "responses": {"201": {"description": "made"}},
                        },
                    }
                },
            }
        )
    )
    toolset = load(Toolkit(openapi=str(path))).toolset
    world = InferredWorld(toolset, 4)
    persons = {one.name for one in world.population.strangers()}
    names = [str(one["customer"]) for one in world.records("beans.order")]
    assert names and len({*names}) > 2 and not persons & {*names}
    made = next(tool for tool in toolset.tools if tool.deed == "create")
    assert next(item.facet for item in made.inputs if item.name == "customer") == "company"
