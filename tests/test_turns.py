"""What a deed makes of a record, and to which records it is done."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from callsmith import seeds
from callsmith.catalog.lives import phases
from callsmith.catalog.turns import may_come
from callsmith.plan.describing import bygone
from callsmith.plan.draft import Draft
from callsmith.plan.known import known
from callsmith.plan.stages import deed_of
from callsmith.ports import drive
from callsmith.recipes.grounded import world_of
from callsmith.records import Call, Tool, Toolset
from callsmith.understand.inference import understand
from callsmith.world.journal import Journal

Schema = dict[str, Any]


def kit(noun: str, options: str, *deeds: tuple[str, str], **more: Schema) -> Toolset:
    """A kind of record with its states, a listing, and deeds by the end of their path and their summary."""
    properties: Schema = {"id": {"type": "integer"}, "customer_name": {"type": "string"}, **more}
    if options:
        properties["status"] = {"type": "string", "enum": options.split()}
    frame = {
        "type": "object",
        "title": noun.title(),
        "required": ["id", "customer_name", "status"],
        "properties": properties,
    }
    number = {f"{noun}_id": {"type": "integer"}}
    path = f"/{noun}s/{{{noun}_id}}"
    listed = Tool(f"shop_list_{noun}s", "shop", f"List {noun}s", {"type": "object", "properties": {}},
                  {"type": "array", "items": frame}, hints={"method": "get", "path": f"/{noun}s"})  # fmt: skip
    acts = [
        Tool(f"shop_post_{noun}s_{end}", "shop", said, {"type": "object", "properties": number, "required": [*number]},
             frame, hints={"method": "post", "path": f"{path}/{end}", "summary": said})
        for end, said in deeds
    ]  # fmt: skip
    return understand("shop", [listed, *acts])


def state_of(noun: str, options: str, end: str, said: str, **more: Schema) -> dict[str, Any]:
    return dict(kit(noun, options, (end, said), **more).tools[-1].state)


STATES = [
    ("repair", "received in_repair done collected", "start", "Start a repair", "in_repair"),
    ("print", "queued printing paused done failed", "resume", "Resume a print", "printing"),
    ("mission", "planned in_flight completed aborted", "launch", "Launch a mission", "in_flight"),
    ("job", "draft open on_hold closed", "publish", "Publish a job opening", "open"),
    ("job", "draft open on_hold closed", "close", "Close a job opening", "closed"),
    ("session", "charging finished failed", "stop", "Stop a session", "finished"),
    ("vehicle", "available in_use in_maintenance retired", "maintenance", "Put a vehicle into maintenance", "in_maintenance"),
    ("permit", "active suspended revoked", "reinstate", "Reinstate a permit", "active"),
    ("loan", "requested approved out returned", "return", "Record the return of a loan", "returned"),
    ("transfer", "pending in_transit received cancelled", "receive", "Receive a transfer", "received"),
    ("visit", "scheduled arrived in_treatment done", "start-treatment", "Start the treatment", "in_treatment"),
    ("appeal", "open upheld dismissed", "uphold", "Uphold an appeal", "upheld"),
    ("campaign", "draft scheduled sending sent", "send", "Send a campaign right away", "sent"),
]  # fmt: skip


@pytest.mark.parametrize(("noun", "options", "end", "said", "reached"), STATES)
def test_a_deed_brings_its_record_to_the_state_it_tells_of(
    noun: str, options: str, end: str, said: str, reached: str
) -> None:
    assert state_of(noun, options, end, said) == {"/status": reached}


def test_a_switch_is_turned_by_a_deed_that_is_not_called_after_it() -> None:
    switch = {"is_open": {"type": "boolean"}}
    assert state_of("pool", "", "close", "Close a pool for the day", **switch) == {"/is_open": False}
    assert state_of("desk", "", "book", "Book a desk", is_available={"type": "boolean"}) == {
        "/is_available": False
    }
    assert state_of("product", "", "off", "Take a product off sale", is_active={"type": "boolean"}) == {
        "/is_active": False
    }


COMING = [
    ("reject", "rejected", "applied screening offer hired rejected", "hired"),
    ("hire", "hired", "applied screening offer hired rejected", "applied"),
    ("mark", "reimbursed", "draft submitted approved rejected reimbursed", "draft"),
    ("take back", "returned", "reserved out returned", "reserved"),
    ("complete", "completed", "scheduled checked_in completed cancelled", "scheduled"),
    ("resume", "active", "active paused ended", "ended"),
    ("cancel", "cancelled", "pending in_transit received cancelled", "received"),
    ("pause", "paused", "draft sending sent paused", "draft"),
    ("book", "booked", "free booked blocked", "blocked"),
    ("dismiss", "dismissed", "open upheld dismissed", "upheld"),
]


@pytest.mark.parametrize(("verb", "value", "options", "now"), COMING)
def test_a_deed_is_not_done_to_what_is_elsewhere_in_its_life(
    verb: str, value: str, options: str, now: str
) -> None:
    assert not may_come(verb, value, now, options.split())
    assert any(may_come(verb, value, other, options.split()) for other in options.split() if other != value)


def test_a_deed_tells_when_and_by_whom_it_was_done() -> None:
    moment = {"type": "string", "format": "date-time"}
    shop = kit("claim", "filed reviewed approved denied", ("approve", "Approve a claim"),
               decided_at=moment, approved_by={"type": "string"})  # fmt: skip
    tool = shop.tools[-1]
    world = world_of(shop, None, 3, Journal(), 0)
    record = next(one for one in world.records(tool.entity) if one["status"] == "reviewed")
    result = drive(world.call(Call("", tool.name, {"claim_id": record["id"]}))).value
    assert result["status"] == "approved" and result["decided_at"][:10] == world.scene.now[:10]
    assert result["approved_by"] == world.scene.user.name


def test_what_is_sent_waits_to_be_paid_and_what_is_held_to_be_confirmed() -> None:
    assert phases(["draft", "sent", "paid", "void"])[1] == "going"
    assert phases(["draft", "scheduled", "sending", "sent", "paused"])[3] == "over"
    assert phases(["held", "confirmed", "cancelled"])[0] == "ahead"
    assert phases(["pending", "in_transit", "received", "cancelled"])[2] == "over"


def test_a_switch_that_a_call_sets_hides_no_state() -> None:
    shop = kit("clean", "due done skipped", ("complete", "Mark a clean as done"), paid={"type": "boolean"})
    tool = shop.tools[-1]
    given = {**tool.parameters["properties"], "paid": {"type": "boolean"}}
    raw = structs.replace(tool, parameters={**tool.parameters, "properties": given})
    assert dict(understand("shop", [shop.tools[0], raw]).tools[-1].state) == {"/status": "done"}


def test_what_is_discarded_is_still_there() -> None:
    shop = kit("donation", "collected tested released discarded", ("discard", "Discard a donation"))
    assert shop.tools[-1].deed == "act" and dict(shop.tools[-1].state) == {"/status": "discarded"}


def test_notice_is_given_on_what_then_has_it_given() -> None:
    assert state_of(
        "tenancy", "draft active notice_given ended", "give-notice", "Give notice on a tenancy"
    ) == {"/status": "notice_given"}


def test_what_is_taken_into_review_is_in_review() -> None:
    assert state_of("claim", "filed in_review approved rejected", "review", "Take a claim into review") == {
        "/status": "in_review"
    }
    assert (
        kit("claim", "filed approved rejected", ("review", "Take a claim into review")).tools[-1].confidence
        < 0.55
    )


def test_nothing_is_marked_as_done_before_its_day() -> None:
    shop = kit(
        "clean",
        "due done skipped",
        ("complete", "Mark a clean as done"),
        date={"type": "string", "format": "date"},
    )
    index, tool = known(shop), shop.tools[-1]
    world = world_of(shop, None, 3, Journal(), 0)
    draft = Draft(index, world, lambda: world, seeds.rng(1), 1)
    record = {"id": 1, "customer_name": "Ana Ruiz", "status": "due", "date": "2099-01-01"}
    entity = index.entities[tool.entity]
    assert bygone(draft, entity, record, deed_of(tool))
    assert not bygone(draft, entity, {**record, "date": world.scene.now[:10]}, deed_of(tool))
