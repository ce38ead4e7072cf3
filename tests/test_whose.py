"""Things that belong to firms and people: one kind of record under one noun, and nobody calls themselves by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest

from callsmith import sources
from callsmith.catalog.persons import is_person
from callsmith.config import Toolkit
from callsmith.language.left_out import asking_for_it
from callsmith.language.narrowing import keys_of
from callsmith.language.relating import chosen
from callsmith.meaning import Detail
from callsmith.plan.belonging import bare
from callsmith.plan.known import known
from callsmith.plan.stages import crossing, together
from callsmith.recipes.grounded import world_of
from callsmith.records import Entity, Field, Parameter, Toolset
from callsmith.world.journal import Journal
from callsmith.world.stories.clock import Clock
from callsmith.world.stories.lifelines import line_of
from callsmith.world.stories.moments import told_of
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


@pytest.mark.parametrize(("parameter", "shape", "key"), [
    ("due_before", "before", "filters due before"), ("due_until", "before", "filters due by"),
    ("due_after", "after", "filters due after"), ("before", "before", "filters date strictly"),
    ("until", "before", "filters until"),
])  # fmt: skip
def test_a_day_before_which_something_is_due_is_not_the_day_it_is_due(
    parameter: str, shape: Literal["before", "after"], key: str
) -> None:
    assert keys_of(Detail(parameter, "date", "due date", "filters", shape, ["2026-03-06"]))[0] == key


@pytest.mark.parametrize(("values", "said"), [
    (["year"], "billed by the {v}"), (["monthly"], "{v}"), (["P1M"], ""),
])  # fmt: skip
def test_an_interval_is_said_as_people_do(values: list[str], said: str) -> None:
    forms = chosen("billing interval", values)
    assert forms.get("attr", forms.get("post", "")) == said


def test_another_record_is_asked_for_by_which_and_a_date_by_when() -> None:
    record = Parameter("/employeeId", "employeeId", "opaque_id", "id", "employee", True, 0.9)
    day = Parameter("/date", "date", "preference", "date", "date", True, 0.9)
    kind = Parameter("/type", "type", "preference", "enum", "type", True, 0.9)
    asked = [asking_for_it(one, one.phrase, ()) for one in (record, day, kind)]
    assert asked == ["ask.record", "ask.day", "ask.missing"]


JOB = {"id": {"type": "integer"}, "vehicle_id": {"type": "integer"}, "date": DAY,
       "type": {"type": "string", "enum": ["oil_change", "tyres", "brakes"]},
       "status": {"type": "string", "enum": ["planned", "in_progress", "done"]}}  # fmt: skip


def test_jobs_are_not_listed_without_the_vehicles_they_are_on(tmp_path: Path) -> None:
    paths = {
        "/vehicles": {"get": operation("list_vehicles", "List vehicles", "Vehicle", True)},
        "/jobs": {"get": operation("list_jobs", "List jobs", "Job", True, parameters=taking("vehicle_id"))},
    }
    tools = toolset(tmp_path, "Fleet", paths, Job=JOB, Vehicle={"id": {"type": "integer"}, "plate": TEXT})
    index = known(tools)
    job = next(entity for entity in tools.entities if entity.noun == "job")
    tool = index.finders[job.key][0]
    found = [{"id": 1, "vehicle_id": 7, "date": "2026-03-02", "type": "tyres", "status": "planned"}]
    assert bare(index, job, tool, {}, found)
    assert not bare(index, job, tool, {"/vehicle_id": 7}, found)


def test_leave_lasts_days() -> None:
    schema = {
        "type": "object",
        "properties": {**REQUEST, "decidedAt": {"type": "string", "format": "date-time"}},
    }
    line = line_of(
        Entity("hr.leave_request", "hr", "leave request", "leave requests", schema, id_pointer="/id")
    )
    assert line is not None
    clock = Clock("2026-03-02T09:00:00+00:00", "UTC")
    record = {"id": "a", "startDate": "2026-04-06", "endDate": "2026-04-06", "status": "pending"}
    assert told_of(line, record, clock, 5, ()).lasts >= 86400


def test_the_seats_of_a_subscription_are_changed_in_number(tmp_path: Path) -> None:
    seats = {"id": TEXT, "customer_id": TEXT, "status": TEXT, "seats": {"type": "integer"}}
    body = {"type": "object", "required": ["seats"], "properties": {"seats": {"type": "integer"}}}
    sent = {"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}}
    changed = operation(
        "changeSeats", "Change the number of seats", "Subscription", parameters=at("sub_id"), **sent
    )
    listed = operation("list_subscriptions", "List subscriptions", "Subscription", True)
    paths = {"/subscriptions": {"get": listed}, "/subscriptions/{sub_id}/change_seats": {"post": changed}}
    tools = toolset(tmp_path, "Billing", paths, Subscription=seats).tools
    assert "the number of seats" in next(tool.phrase for tool in tools if "change" in tool.name)
