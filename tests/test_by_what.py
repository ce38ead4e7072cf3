"""By what a record is called: its address, its own name, and nobody's who only has to do with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from callsmith.plan.known import known
from callsmith.records import Entity, Toolset
from callsmith.world.inferred import InferredWorld
from test_strange_apis import TEXT, WHOLE, answer, kind, record, several, understood
from test_unseen_apis import within

ADDRESS = {**record(line1=TEXT, city=TEXT, postcode=TEXT), "required": ["line1", "city"]}
MOMENT = {"type": "string", "format": "date-time"}
CODE = {"type": "string", "example": "DEP-204"}


def kept(folder: Path, one: dict[str, Any], *needed: str) -> Toolset:
    """What is understood of things that are listed and shown one by one."""
    thing = {"title": "Depot", **record(**one), "required": [*needed]}
    return understood(
        folder,
        {
            "/depots": {"get": {"operationId": "listDepots", "responses": answer(several(thing))}},
            "/depots/{depot_id}": {
                "parameters": [within("depot_id")],
                "get": {"operationId": "getDepot", "responses": answer(thing)},
            },
        },
    )


def depot(folder: Path, one: dict[str, Any], *needed: str) -> Entity:
    return kind(kept(folder, one, *needed), "shop.depot")


def test_a_place_is_called_by_its_address_and_not_by_whoever_has_to_do_with_it(tmp_path: Path) -> None:
    fields = {"depot_id": TEXT, "address": ADDRESS, "docks": WHOLE, "caretaker_name": TEXT, "opened": MOMENT}
    toolset = kept(tmp_path, fields, "depot_id", "address")
    found = kind(toolset, "shop.depot")
    assert found.label_pointer == "/address/line1"
    spoken = known(toolset).entities["shop.depot"]
    assert [(sign.role, sign.pointer) for sign in spoken.address or ()] == [("place", "/address/line1")]
    lines = {one["address"]["line1"] for one in InferredWorld(toolset, 5).records("shop.depot")}
    assert lines
    assert all(any(part.isdigit() for part in line.split()) for line in lines)  # streets, and no titles


@pytest.mark.parametrize(
    ("fields", "needed", "label"),
    [
        ({"depot_id": CODE, "owner_name": TEXT, "docks": WHOLE}, (), "/depot_id"),
        ({"depot_id": TEXT, "address": TEXT, "driver_name": TEXT}, (), "/address"),
        (
            {"depot_id": TEXT, "address": ADDRESS, "guest_name": TEXT},
            ("depot_id", "guest_name"),
            "/guest_name",
        ),
        (
            {"depot_id": TEXT, "address": ADDRESS, "visitor_name": TEXT},
            ("depot_id", "address"),
            "/address/line1",
        ),
        ({"id": TEXT, "owner_name": TEXT, "docks": WHOLE}, (), "/owner_name"),
        ({"id": TEXT, "name": TEXT, "address": ADDRESS, "owner_name": TEXT}, ("address",), "/name"),
    ],
)
def test_the_name_of_someone_else_is_no_name_of_a_record(
    tmp_path: Path, fields: dict[str, Any], needed: tuple[str, ...], label: str
) -> None:
    assert depot(tmp_path, fields, *needed).label_pointer == label
