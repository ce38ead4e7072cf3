"""What is over is not called off, what is lent is not free, and no more is credited than was billed."""

from __future__ import annotations

from pathlib import Path

import pytest

from callsmith.errors import PlanUnfit
from callsmith.language.addressing import lying
from callsmith.language.asking_for import special_question
from callsmith.meaning import Ask
from callsmith.plan.arguments.noting import thought_of
from callsmith.plan.draft import Draft
from callsmith.plan.known import known
from callsmith.plan.stages import out_of_turn
from callsmith.records import Toolset
from callsmith.seeds import rng
from callsmith.sources import load
from callsmith.world.inferred.world import InferredWorld
from everyday import TEXT, api, at, operation

STATES = {"type": "string", "enum": ["scheduled", "full", "cancelled", "completed"]}


def _dives(folder: Path) -> Toolset:
    trip = {"id": TEXT, "title": TEXT, "status": STATES}
    gear = {"id": TEXT, "name": TEXT, "available": {"type": "boolean"},
            "rentedTo": {"type": "string", "nullable": True, "description": "Id of the diver who has it"}}  # fmt: skip
    asset = {
        "id": TEXT,
        "name": TEXT,
        "status": {"type": "string", "enum": ["in_use", "in_stock", "retired"]},
    }
    paths = {
        "/trips": {"get": operation("listTrips", "List trips", "Trip", True)},
        "/trips/{id}/cancel": {"post": operation("cancelTrip", "Cancel a trip", "Trip", parameters=at("id"))},
        "/divers": {"get": operation("listDivers", "List divers", "Diver", True)},
        "/gear": {"get": operation("listGear", "List gear", "Gear", True)},
        "/assets": {"get": operation("listAssets", "List assets", "Asset", True)},
        "/assets/{id}/retire": {
            "post": operation("retireAsset", "Retire a device", "Asset", parameters=at("id"))
        },
    }
    return load(
        api(folder, "Dive", paths, Trip=trip, Diver={"id": TEXT, "fullName": TEXT}, Gear=gear, Asset=asset)
    ).toolset


def test_what_is_completed_is_not_called_off(tmp_path: Path) -> None:
    toolset = _dives(tmp_path)
    cancel = next(tool for tool in toolset.tools if tool.name == "dive_cancel_trip")
    trip = next(kind for kind in toolset.entities if kind.key == "dive.trip")
    assert out_of_turn(trip, {"status": "completed"}, cancel)
    assert not out_of_turn(trip, {"status": "full"}, cancel)


def test_what_somebody_has_is_not_to_be_had(tmp_path: Path) -> None:
    gear = list(InferredWorld(_dives(tmp_path), 3).records("dive.gear"))
    assert {bool(one["available"]) for one in gear} == {True, False}
    assert all(one["rentedTo"] is None or not one["available"] for one in gear)


def test_a_device_that_an_asset_tool_retires_is_the_asset(tmp_path: Path) -> None:
    retire = next(tool for tool in _dives(tmp_path).tools if tool.name == "dive_retire_asset")
    assert (retire.state, retire.phrase) == ({"/status": "retired"}, "retire an asset")


def test_no_more_is_credited_than_was_billed(tmp_path: Path) -> None:
    invoice = {"id": TEXT, "number": TEXT, "customer_name": TEXT, "total": {"type": "number"}}
    note = {"id": TEXT, "invoice_id": TEXT, "amount": {"type": "number"}}
    said = {"type": "object", "required": ["amount"], "properties": {"amount": {"type": "number"}}}
    given = {"requestBody": {"required": True, "content": {"application/json": {"schema": said}}}}
    credit = operation(
        "issueCreditNote", "Issue a credit note", "CreditNote", parameters=at("invoice_id"), **given
    )
    paths = {"/invoices": {"get": operation("listInvoices", "List invoices", "Invoice", True)},
             "/invoices/{invoice_id}/credit_notes": {"post": credit}}  # fmt: skip
    world = InferredWorld(load(api(tmp_path, "Bill", paths, Invoice=invoice, CreditNote=note)).toolset, 3)
    tool = next(one for one in world.population.toolset.tools if one.name == "bill_issue_credit_note")
    amount = next(one for one in tool.inputs if one.name == "amount")
    least = min(float(str(one["total"])) for one in world.records("bill.invoice"))
    for seed in range(9):
        value = world.invent(tool, amount, rng(seed))
        assert 0 < float(str(value)) <= least


def test_a_credit_note_is_a_paper_and_no_remark_on_an_invoice(tmp_path: Path) -> None:
    invoice = {"id": TEXT, "number": TEXT, "total": {"type": "number"}}
    note = {"id": TEXT, "invoice_id": TEXT, "fluxion": TEXT}
    said = {"type": "object", "required": ["fluxion"], "properties": {"fluxion": TEXT}}
    given = {"requestBody": {"required": True, "content": {"application/json": {"schema": said}}}}
    at_invoice = at("invoice_id")
    paths = {"/invoices": {"get": operation("listInvoices", "List invoices", "Invoice", True)},
             "/invoices/{invoice_id}/credit_notes": {
                 "post": operation("issueCreditNote", "Issue a credit note", "CreditNote", parameters=at_invoice, **given)}}  # fmt: skip
    toolset = load(api(tmp_path, "Bill", paths, Invoice=invoice, CreditNote=note)).toolset
    tool = next(one for one in toolset.tools if one.name == "bill_issue_credit_note")
    memo = next(one for one in tool.inputs if one.name == "fluxion")
    world = InferredWorld(toolset, 3)
    with pytest.raises(PlanUnfit, match="not known"):
        thought_of(Draft(known(toolset), world, lambda: world, rng("note"), 3), tool, memo)


def test_what_is_made_is_for_a_firm_and_on_a_plan() -> None:
    assert (lying("subscription", "plan", ()), lying("order", "tenant", ())) == ("on", "for")
    assert lying("subscription", "folder", ()) == "in"


def test_time_spent_is_no_length() -> None:
    assert (
        special_question(
            Ask("look_up", "get", "get", "case", "cases", field="time spent", field_facet="duration_minutes")
        )
        == "spent"
    )
    assert (
        special_question(
            Ask("look_up", "get", "get", "case", "cases", field="duration", field_facet="duration_minutes")
        )
        == "duration"
    )
