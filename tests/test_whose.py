"""Things that belong to firms and people: one kind of record under one noun, and nobody calls themselves by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from callsmith import sources
from callsmith.catalog.persons import is_person
from callsmith.config import Toolkit
from callsmith.plan.stages import crossing, together
from callsmith.recipes.grounded import world_of
from callsmith.records import Entity, Field, Parameter, Toolset
from callsmith.world.journal import Journal
from everyday import TEXT, api, at, operation, taking

DAY = {"type": "string", "format": "date"}
REQUEST = {"id": TEXT, "employeeId": {"type": "integer"}, "employeeName": TEXT, "startDate": DAY, "endDate": DAY,
           "status": {"type": "string", "enum": ["pending", "approved", "rejected"]}}  # fmt: skip
CUSTOMER = {"id": TEXT, "company_name": TEXT, "country": TEXT, "balance": {"type": "number"}}
INVOICE = {
    "id": TEXT,
    "number": TEXT,
    "customer_id": TEXT,
    "customer_name": TEXT,
    "total": {"type": "number"},
}


def toolset(folder: Path, title: str, paths: dict[str, Any], **schemas: dict[str, Any]) -> Toolset:
    kit: Toolkit = api(folder, title, paths, **schemas)
    return sources.load(kit).toolset


def field(pointer: str, phrase: str, refers: str = "") -> Field:
    return Field(pointer=pointer, facet="id" if refers else "date", phrase=phrase, schema=TEXT, refers=refers)


def test_a_noun_that_begins_with_the_name_of_the_toolkit_stays_one(tmp_path: Path) -> None:
    made = operation("submitLeaveRequest", "Submit a leave request", "LeaveRequest")
    listed = operation("list_leave_requests", "List leave requests", "LeaveRequest", True)
    approved = operation(
        "approve_leave_request", "Approve a leave request", "LeaveRequest", parameters=at("requestId")
    )
    paths = {
        "/leave-requests": {"get": listed, "post": made},
        "/leave-requests/{requestId}/approve": {"post": approved},
    }
    tools = toolset(tmp_path, "Leave", paths, LeaveRequest=REQUEST).tools
    assert {tool.entity for tool in tools} == {"leave.leave_request"}
    asked = {p.pointer: p for tool in tools for p in tool.inputs}
    assert asked["/requestId"].refers == "leave.leave_request"


def test_customers_that_are_firms_go_by_the_names_of_firms(tmp_path: Path) -> None:
    paths = {
        "/customers": {"get": operation("list_customers", "List customers", "Customer", True)},
        "/invoices": {
            "get": operation("list_invoices", "List invoices", "Invoice", True, parameters=taking("q"))
        },
    }
    tools = toolset(tmp_path, "Ledger", paths, Customer=CUSTOMER, Invoice=INVOICE)
    kinds = {entity.noun: entity for entity in tools.entities}
    assert kinds["customer"].label_pointer == "/company_name"
    assert (
        next(f for f in kinds["invoice"].fields if f.pointer == "/customer_name").projects == "/company_name"
    )
    world = world_of(tools, None, 3, Journal(), 0)
    names = [str(record["company_name"]) for record in world.records(kinds["customer"].key)]
    assert len({*names}) == len(names)
    assert {record["customer_name"] for record in world.records(kinds["invoice"].key)} <= {*names}
    assert not is_person("customer", {"company_name", "country"})
    assert is_person("customer", {"company_name", "first_name"})


def test_nobody_is_away_twice_at_a_time_and_no_driver_gets_the_van_they_have() -> None:
    leave = Entity(
        "hr.leave", "hr", "leave", "leaves", {},
        fields=(field("/who", "employee", "hr.employee"), field("/a", "start date"), field("/b", "end date")),
    )  # fmt: skip
    first = {"who": 1, "a": "2026-03-02", "b": "2026-03-06"}
    assert crossing(leave, first, {"who": 1, "a": "2026-03-06", "b": "2026-03-08"})
    assert not crossing(leave, first, {"who": 1, "a": "2026-03-07", "b": "2026-03-08"})
    assert not crossing(leave, first, {"who": 2, "a": "2026-03-02", "b": "2026-03-06"})
    van = Entity("f.van", "f", "van", "vans", {}, fields=(field("/driver", "driver", "f.driver"),))
    driver = Entity("f.driver", "f", "driver", "drivers", {}, id_pointer="/id")
    given = Parameter("/driver", "driver", "opaque_id", "id", "driver", True, 0.9, refers="f.driver")
    assert together(van, {"driver": 4}, given, {"id": 4}, driver)
    assert not together(van, {"driver": 5}, given, {"id": 4}, driver)
