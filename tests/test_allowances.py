"""In which states of a record something may be done to it, as its description and its refusals tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec import json, structs

from callsmith.catalog.allowances import allowance, allowed
from callsmith.ingest.openapi import OpenAPISource
from callsmith.plan.stages import out_of_turn
from callsmith.ports import drive
from callsmith.recipes.grounded import world_of
from callsmith.records import Call, Tool
from callsmith.understand.inference import understand
from callsmith.world.journal import Journal
from everyday import TEXT, at, operation
from test_turns import kit

SAID = [
    ("mooring", "booked occupied left cancelled", "Not possible once the boat has left.", "", "booked occupied cancelled"),
    ("parcel", "packed sent delivered", "Sent parcels cannot be changed.", "", "packed delivered"),
    ("quote", "draft sent accepted", "Only drafts can be sent.", "", "draft"),
    ("wash", "queued washing finished aborted", "Only possible while washing.", "", "washing"),
    ("trip", "scheduled en_route completed cancelled", "Only trips that have not started can be cancelled.", "", "scheduled cancelled"),
    ("crossing", "scheduled boarding sailing arrived", "Once the ferry has sailed, the crossing cannot be cancelled.", "", "scheduled boarding"),
    ("claim", "filed under_review approved paid", "", "Claim is not under review", "under_review"),
    ("visit", "booked in_progress done cancelled", "", "The visit has already been done or cancelled", "booked in_progress"),
    ("run", "pending running done failed", "Stop a run.", "Run already ended", "pending running"),
    ("kiln", "loaded firing cooling unloaded", "", "Kiln is still firing", "loaded cooling unloaded"),
]  # fmt: skip


@pytest.mark.parametrize(("noun", "options", "said", "refusal", "may"), SAID)
def test_a_description_says_in_which_states_a_thing_may_be_done(
    noun: str, options: str, said: str, refusal: str, may: str
) -> None:
    told = allowed(said, [refusal] if refusal else [], options.split(), noun)
    assert told is not None and told.may == {*may.split()}


UNSAID = [
    ("order", "open paid shipped", "Only the owner can cancel an order.", ""),
    ("order", "open paid shipped", "The cable must be plugged in.", "Slot is taken"),
    ("visit", "booked assigned done", "Only the assigned nurse can start a visit.", "The nurse is not assigned"),
    ("order", "open paid shipped", "Cannot be changed if it was paid by card.", "Validation failed"),
]  # fmt: skip


@pytest.mark.parametrize(("noun", "options", "said", "refusal"), UNSAID)
def test_what_is_said_of_others_limits_nothing(noun: str, options: str, said: str, refusal: str) -> None:
    assert allowed(said, [refusal], options.split(), noun) is None


def test_a_world_refuses_what_its_record_is_too_far_for_and_no_plan_asks_for_it(tmp_path: Path) -> None:
    states = {"type": "string", "enum": ["draft", "printing", "posted", "cancelled"]}
    body = {"requestBody": {"required": True, "content": {"application/json": {"schema": {
        "type": "object", "properties": {"greeting": TEXT}}}}}}  # fmt: skip
    told: dict[str, Any] = {"description": "Changes the greeting. Not possible once the card is posted."}
    changing = operation("updateCard", "Change a card", "Card", parameters=at("card_id"), **body, **told)
    changing["responses"]["409"] = {"description": "Card already posted"}
    card = {"type": "object", "required": ["id", "recipient_name", "status"],
            "properties": {"id": TEXT, "recipient_name": TEXT, "greeting": TEXT, "status": states}}  # fmt: skip
    spec = {"openapi": "3.0.3", "info": {"title": "Cards", "version": "1"}, "components": {"schemas": {"Card": card}},
            "paths": {"/cards": {"get": operation("listCards", "List cards", "Card", True)},
                      "/cards/{card_id}": {"patch": changing}}}  # fmt: skip
    path = tmp_path / "cards.json"
    path.write_bytes(json.encode(spec))
    shop = understand(
        "cards", [t for t in OpenAPISource(str(path), toolkit="cards").read() if isinstance(t, Tool)]
    )
    tool = shop.tools[-1]
    world = world_of(shop, None, 3, Journal(), 0)
    for record in world.records(tool.entity):
        result = drive(world.call(Call("", tool.name, {"card_id": record["id"], "greeting": "Hello there"})))
        assert bool(result.error) == (record["status"] == "posted")


def test_what_may_be_done_only_to_what_is_over_is_done_to_it() -> None:
    shop = kit("delivery", "packed on_the_way delivered lost", ("dispute", "Dispute a delivery"))
    tool = structs.replace(shop.tools[-1], description="Only delivered deliveries can be disputed.")
    entity = shop.entities[0]
    assert not out_of_turn(entity, {"status": "delivered"}, tool)
    assert out_of_turn(entity, {"status": "packed"}, tool)


BEFORE_THE_NOUN = [
    ("Moves a booked appointment to another chair.", "booked seated done cancelled", "booked"),
    ("Re-sends a failed or overdue appointment to the till.", "booked failed overdue done", "failed overdue"),
    ("Archives a finished appointment.", "booked running done cancelled", "done cancelled"),
    ("Takes back an appointment that is still `open`.", "open taken done", "open"),
    ("Reopens a delivered appointment.", "received sewing shipped on_hold cancelled", "shipped"),
    ("Not possible once the appointment is in `sewing` or later.", "new cutting sewing shipped on_hold", "new cutting on_hold"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "options", "may"), BEFORE_THE_NOUN)
def test_the_state_before_the_noun_of_what_a_tool_is_for_is_the_one_it_is_for(
    said: str, options: str, may: str
) -> None:
    shop = kit("appointment", options, ("touch", "Touch an appointment"))
    tool = structs.replace(shop.tools[-1], description=said, state={})
    told = allowance(tool, shop.entities[0])
    assert told is not None and told.may == {*may.split()}


def test_a_state_that_a_tool_brings_about_or_words_of_another_sort_limit_nothing() -> None:
    shop = kit("appointment", "draft booked done", ("touch", "Touch an appointment"))
    for said in (
        "Makes a booked appointment of it.",
        "Moves a long appointment.",
        "Starts a draft wall appointment.",
    ):
        tool = structs.replace(shop.tools[-1], description=said, state={"/status": "booked"})
        assert allowance(tool, shop.entities[0]) is None


def test_something_is_made_only_for_a_record_in_the_state_its_tool_names(tmp_path: Path) -> None:
    repair = {"type": "object", "required": ["id", "shoe_name", "status"],
              "properties": {"id": TEXT, "shoe_name": TEXT,
                             "status": {"type": "string", "enum": ["queued", "gluing", "collected"]}}}  # fmt: skip
    claim = {"type": "object", "required": ["claim_id", "repair_id", "reason"],
             "properties": {"claim_id": TEXT, "repair_id": TEXT, "reason": TEXT}}  # fmt: skip
    body = {"requestBody": {"required": True, "content": {"application/json": {"schema": {
        "type": "object", "required": ["reason"], "properties": {"reason": TEXT}}}}}}  # fmt: skip
    claiming = operation("requestClaim", "Request a claim", "Claim", parameters=at("repair_id"), **body,
                         description="Opens a warranty claim for a collected repair.")  # fmt: skip
    spec = {"openapi": "3.0.3", "info": {"title": "Cobbler", "version": "1"},
            "components": {"schemas": {"Repair": repair, "Claim": claim}},
            "paths": {"/repairs": {"get": operation("listRepairs", "List repairs", "Repair", True)},
                      "/repairs/{repair_id}/claims": {
                          "get": operation("listClaims", "List claims", "Claim", True, parameters=at("repair_id")),
                          "post": claiming}}}  # fmt: skip
    path = tmp_path / "cobbler.json"
    path.write_bytes(json.encode(spec))
    shop = understand(
        "cobbler", [t for t in OpenAPISource(str(path), toolkit="cobbler").read() if isinstance(t, Tool)]
    )
    tool = next(one for one in shop.tools if one.deed == "create")
    world = world_of(shop, None, 3, Journal(), 0)
    for record in world.records(next(one.key for one in shop.entities if one.noun == "repair")):
        result = drive(
            world.call(Call("", tool.name, {"repair_id": record["id"], "reason": "The sole came off"}))
        )
        assert bool(result.error) == (record["status"] != "collected")
