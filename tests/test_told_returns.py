"""What a description says that comes back, where no schema does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from callsmith.config import Toolkit
from callsmith.plan.arguments.messages import of_one
from callsmith.ports import drive
from callsmith.records import Call
from callsmith.sources import load
from callsmith.understand.facets import guess
from callsmith.understand.leaf import Leaf
from callsmith.understand.told_returns import told_fields
from callsmith.world.inferred.world import InferredWorld
from desk import described

TEXT, WHOLE, NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}
DAY, MOMENT = {"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}


@pytest.mark.parametrize(
    ("description", "fields"),
    [
        (
            "Find shows. Returns a list of performances, each with performance_id, show title, starts_at and seats_left.",
            {"performance_id": TEXT, "show_title": TEXT, "starts_at": MOMENT, "seats_left": WHOLE},
        ),
        (
            "Returns booking_id, total, status (held, paid) and the name of the booker.",
            {
                "booking_id": TEXT,
                "total": NUMBER,
                "status": {"type": "string", "enum": ["held", "paid"]},
                "booker_name": TEXT,
            },
        ),
        (
            "List support agents with their team and the number of open tickets they have.",
            {"team": TEXT, "open_tickets": WHOLE},
        ),
        (
            "Each invoice includes id, number, amount_due and due_date.",
            {"id": TEXT, "number": TEXT, "amount_due": NUMBER, "due_date": DAY},
        ),
        (
            "Lists all vehicles (id, plate, mileage, status).",
            {"id": TEXT, "plate": TEXT, "mileage": NUMBER, "status": TEXT},
        ),
        ("Get a ticket with its full conversation.", {}),
        ("Search tickets by text, status, priority or assignee.", {}),
        ("Returns for each section the price and the number of seats left.", {}),
    ],
)
def test_fields_are_read_off_a_description(description: str, fields: dict[str, Any]) -> None:
    assert told_fields(description, True, {}) == fields


def test_a_terse_list_gives_what_it_says_it_gives(tmp_path: Path) -> None:
    said = "Find shows. Returns a list of performances, each with performance_id, show title, starts_at and seats_left."
    search = {"properties": {"title": TEXT, "date_from": DAY, "date_to": DAY}}
    book = {
        "properties": {"performance_id": TEXT, "tickets": WHOLE, "booker_name": TEXT, "email": TEXT},
        "required": ["performance_id", "tickets", "booker_name"],
    }
    tools = [
        {"name": "search_performances", "description": said, "parameters": {"type": "object", **search}},
        {"name": "get_seat_prices", "description": "Prices for one performance.",
         "parameters": {"type": "object", "properties": {"performance_id": TEXT}, "required": ["performance_id"]}},
        {"name": "create_booking", "description": "Book tickets for a performance. Returns the booking with its booking_id, total and status.",
         "parameters": {"type": "object", **book}},
    ]  # fmt: skip
    path = tmp_path / "office.json"
    path.write_text(json.dumps([{"type": "function", "function": tool} for tool in tools]))
    toolset = load(Toolkit(openai=str(path))).toolset
    shown = {entity.noun: {item.pointer for item in entity.fields} for entity in toolset.entities}
    assert shown["performance"] == {"/performance_id", "/show_title", "/starts_at", "/seats_left"}
    labels = {entity.noun: entity.label_pointer for entity in toolset.entities}
    assert (labels["performance"], labels["booking"]) == ("/show_title", "/booker_name")
    create = next(tool for tool in toolset.tools if tool.name.endswith("create_booking"))
    assert {item.name for item in of_one(create)} == {"booker_name", "email"}


def test_a_small_answer_repeats_the_id_and_names_no_other(tmp_path: Path) -> None:
    envelope = {"type": "object", "title": "Envelope", "properties": {"id": TEXT, "subject": TEXT, "monthly_fee": {**WHOLE, "description": "Fee per month in pounds"}}, "required": ["id", "subject"]}  # fmt: skip
    reminded = {"type": "object", "properties": {"envelope_id": TEXT, "reminders_sent": WHOLE}}
    named = [{"name": "envelope_id", "in": "path", "required": True, "schema": TEXT}]

    def gives(schema: dict[str, Any]) -> dict[str, Any]:
        return {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}

    paths = {
        "/envelopes": {
            "get": {
                "operationId": "listEnvelopes",
                "summary": "List envelopes",
                "responses": gives({"type": "array", "items": envelope}),
            }
        },
        "/envelopes/{envelope_id}/remind": {
            "post": {
                "operationId": "remindSigners",
                "summary": "Remind the signers",
                "parameters": named,
                "responses": gives(reminded),
            }
        },
    }
    toolset = described("Signing", paths)
    kind = toolset.entities[0]
    assert kind.id_pointer == "/id"
    assert next(item.facet for item in kind.fields if item.pointer == "/monthly_fee") == "amount"
    here = InferredWorld(toolset, 3)
    lister, reminder = (
        sorted(tool.name for tool in toolset.tools)[0],
        sorted(tool.name for tool in toolset.tools)[-1],
    )
    one = drive(here.call(Call("a", lister, {}))).value[0]
    given = drive(here.call(Call("b", reminder, {"envelope_id": one["id"]})))
    assert given.value["envelope_id"] == one["id"]


@pytest.mark.parametrize(
    ("name", "schema", "phrase"),
    [
        ("at", {"type": "integer", "description": "Unix time"}, "time"),
        ("from", {"type": "integer", "description": "Unix timestamp"}, "time"),
        ("when", MOMENT, "time"),
        ("on", DAY, "date"),
    ],
)
def test_a_moment_that_is_called_by_a_preposition_is_a_time(
    name: str, schema: dict[str, Any], phrase: str
) -> None:
    assert (
        guess(Leaf(f"/{name}", schema, str(schema.get("description", ""))), (), "reminder").phrase == phrase
    )
