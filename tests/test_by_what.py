"""By what a record is called: its address, its own name, and nobody's who only has to do with it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from callsmith.plan.known import known
from callsmith.ports import drive
from callsmith.records import Call, Entity, Toolset
from callsmith.world.inferred.world import InferredWorld
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


FLAG = {
    "title": "Switch",
    **record(
        key={"type": "string", "example": "fast-lane"},
        name={"type": "string", "example": "Fast lane"},
        tint={"type": "string"},
        color={"type": "string", "description": "Hex colour in the dashboard."},
        team={"type": "string", "example": "payments"},
        created_by={"type": "string", "description": "Username."},
    ),
    "required": ["key", "name", "color", "team", "created_by"],
}
FAULT = {
    "title": "Incident",
    **record(
        id={"type": "string", "example": "FLT-2481"},
        title={"type": "string", "example": "Elevated 5xx on checkout"},
        service={"type": "string", "example": "checkout-web"},
        room={"type": "string", "example": "#flt-2481-checkout-5xx"},
        summary=TEXT,
        server_id=TEXT,
    ),
    "required": ["id", "title", "service", "room"],
}


def deployed(folder: Path) -> InferredWorld:
    server = {"title": "Server", **record(id=TEXT, hostname=TEXT, image=TEXT, region=TEXT)}
    toolset = understood(
        folder,
        {
            "/switches": {"get": {"operationId": "listSwitches", "responses": answer(several(FLAG))}},
            "/incidents": {"get": {"operationId": "listIncidents", "responses": answer(several(FAULT))}},
            "/servers": {"get": {"operationId": "listServers", "responses": answer(several(server))}},
        },
    )
    return InferredWorld(toolset, 5)


def test_a_channel_or_a_service_follows_the_record_that_it_stands_in(tmp_path: Path) -> None:
    faults = list(deployed(tmp_path).records("shop.incident"))
    assert len({one["service"] for one in faults}) > 2
    assert all(one["room"].startswith(f"#{one['id'].lower()}-") for one in faults)
    assert all(not one.get("summary") for one in faults)
    for one in faults:
        if one["service"].endswith("-web") and "billing" in one["title"].lower():
            assert one["service"] == "billing-web"


@pytest.mark.parametrize(
    ("name", "words", "value"),
    [("month", {"description": "Month of the fee, YYYY-MM"}, r"20\d\d-(0[1-9]|1[0-2])"),
     ("period", {"example": "2025-04"}, r"20\d\d-(0[1-9]|1[0-2])"),
     ("color", {"description": "Hex colour."}, r"#[0-9A-F]{6}")],
)  # fmt: skip
def test_values_are_written_as_they_are_described(
    tmp_path: Path, name: str, words: dict[str, str], value: str
) -> None:
    fields = {"depot_id": CODE, "address": ADDRESS, name: {"type": "string", **words}}
    toolset = kept(tmp_path, fields, "depot_id", "address", name)
    found = [one[name] for one in InferredWorld(toolset, 5).records("shop.depot")]
    assert found
    assert all(re.fullmatch(value, one) for one in found)


def test_the_one_of_several_people_who_is_meant_is_none_of_the_house(tmp_path: Path) -> None:
    tenant = {**record(name=TEXT, email={"type": "string", "format": "email"}), "required": ["name"]}
    toolset = kept(
        tmp_path,
        {"depot_id": CODE, "address": ADDRESS, "lead_tenant": tenant},
        "depot_id",
        "address",
        "lead_tenant",
    )
    world = InferredWorld(toolset, 5)
    house = {world.scene.user.name, *(one.name for one in world.scene.people if one.relation == "colleague")}
    assert not house & {one["lead_tenant"]["name"] for one in world.records("shop.depot")}


def test_a_payment_of_what_falls_due_each_month_is_that_sum(tmp_path: Path) -> None:
    lease = {"title": "Lease", **record(lease_id=CODE, address=ADDRESS, monthly_rent=WHOLE, starts={"type": "string", "format": "date"},
             ends={"type": "string", "format": "date"})}  # fmt: skip
    payment = {
        "title": "RentPayment",
        **record(payment_id=CODE, lease_id=TEXT, amount=WHOLE, received_on=MOMENT),
    }
    before = {"name": "ending_before", "in": "query", "schema": {"type": "string", "format": "date"}}
    toolset = understood(
        tmp_path,
        {
            "/leases": {
                "get": {
                    "operationId": "listLeases",
                    "parameters": [before],
                    "responses": answer(several(lease)),
                }
            },
            "/leases/{lease_id}/payments": {
                "parameters": [within("lease_id")],
                "get": {"operationId": "listRentPayments", "responses": answer(several(payment))},
            },
        },
    )
    world = InferredWorld(toolset, 5)
    rents = {one["lease_id"]: one["monthly_rent"] for one in world.records("shop.lease")}
    paid = list(world.records("shop.rent_payment"))
    assert paid
    assert all(one["amount"] == rents[one["lease_id"]] for one in paid)
    listing = next(tool for tool in toolset.tools if tool.name == "shop_list_leases")
    assert [(one.facet, one.filters, one.compare) for one in listing.inputs] == [("date", "/ends", "lt")]


def test_a_term_is_as_long_as_from_its_beginning_to_its_end_and_one_that_may_be_asked_for(
    tmp_path: Path,
) -> None:
    day = {"type": "string", "format": "date"}
    lease = {
        "title": "Lease",
        **record(lease_id=CODE, tenant_name=TEXT, start_date=day, end_date={**day, "description": "Last day of it."},
                 term_months=WHOLE),
        "required": ["lease_id", "tenant_name", "start_date", "end_date", "term_months"],
    }  # fmt: skip
    asked = {
        **record(tenant_name=TEXT, start_date=day, term_months={"type": "integer", "enum": [6, 12, 24]}),
        "required": ["tenant_name", "start_date", "term_months"],
    }
    body = {"requestBody": {"content": {"application/json": {"schema": asked}}}}
    toolset = understood(
        tmp_path,
        {
            "/leases": {
                "get": {"operationId": "listLeases", "responses": answer(several(lease))},
                "post": {"operationId": "createLease", **body, "responses": answer(lease)},
            }
        },
    )
    world = InferredWorld(toolset, 5)
    given = {"tenant_name": "Ana Bell", "start_date": "2031-08-01", "term_months": 6}
    made = drive(world.call(Call("1", "shop_create_lease", given))).value
    assert isinstance(made, dict)
    assert made["end_date"] == "2032-01-31"
    for one in world.records("shop.lease"):
        assert one["term_months"] in (6, 12, 24)
        start, end = (date.fromisoformat(one[name]) for name in ("start_date", "end_date"))
        assert abs((end - start).days - one["term_months"] * 30.44) < 5
