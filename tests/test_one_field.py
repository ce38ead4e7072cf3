"""One field under several names: new dates and dates of listings; both ends of a way, said as people say them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from callsmith.catalog.quantities import unit_alone
from callsmith.language.routes import end_of, in_one_breath
from callsmith.recipes.directed import sample
from callsmith.records import Tool
from callsmith.understand.inference import understand
from callsmith.understand.one_field import meant

_TEXT = {"type": "string"}
_DAY = {"type": "string", "format": "date"}


def _tool(name: str, described: str, taken: dict[str, Any], *required: str) -> Tool:
    parameters = {"type": "object", "properties": taken, "required": [*required]}
    return Tool(name=name, description=described, toolkit="movers", parameters=parameters)


def _movers() -> list[Tool]:
    made = {
        "customer_name": _TEXT,
        "from_address": _TEXT,
        "to_address": _TEXT,
        "moving_date": _DAY,
    }
    return [
        _tool("list_moves", "List moves.", {"date": _DAY, "crew_id": _TEXT}),
        _tool("create_move", "Create a move.", made, *made),
        _tool("reschedule_move", "Change the day of a move.", {"move_id": _TEXT, "new_date": _DAY}, "move_id", "new_date"),
        _tool("assign_crew", "Assign a crew to a move.", {"move_id": _TEXT, "crew_id": _TEXT}, "move_id", "crew_id"),
        _tool("list_crews", "List crews.", {}),
    ]  # fmt: skip


def test_a_new_date_and_the_date_of_a_listing_are_the_one_date_that_records_have() -> None:
    known = understand("movers", _movers())
    move = next(entity for entity in known.entities if entity.noun == "move")
    tools = {tool.name: {one.name: one for one in tool.inputs} for tool in known.tools}
    held = set(move.schema["properties"])
    assert "moving_date" in held and not held & {"date", "new_date"}
    assert tools["reschedule_move"]["new_date"].sets == "/moving_date"
    assert tools["list_moves"]["date"].filters == "/moving_date"


def test_what_nobody_gave_a_new_record_need_not_be_there() -> None:
    move = next(entity for entity in understand("movers", _movers()).entities if entity.noun == "move")
    assert "moving_date" in move.schema["required"] and "crew_id" not in move.schema["required"]


@pytest.mark.parametrize(
    ("words", "facet", "fields", "field"),
    [
        ("new price", "amount", {"price": "amount"}, "price"),
        ("amount", "amount", {"unit price": "amount"}, ""),
        ("amount", "amount", {"total amount": "amount"}, ""),
        ("date", "date", {"visit date": "date", "birth date": "date"}, ""),
        ("date", "date", {"visit date": "date", "created on": "date"}, "visit date"),
        ("status", "enum", {"payment status": "enum"}, ""),
        ("customer id", "id", {"id": "id"}, ""),
    ],
)
def test_a_name_means_another_only_where_it_is_sure(
    words: str, facet: str, fields: dict[str, str], field: str
) -> None:
    held = {tuple(name.split()): kind for name, kind in fields.items()}
    assert " ".join(meant(tuple(words.split()), facet, held)) == field


def test_both_ends_of_a_way_are_said_in_one_breath() -> None:
    assert [end_of("from_address", "place"), end_of("toCity", "city"), end_of("to", "email")] == [
        "from",
        "to",
        "",
    ]
    assert in_one_breath(["big", "from Mill Lane 4", "to Park Avenue 9"]) == [
        "big",
        "from Mill Lane 4 to Park Avenue 9",
    ]
    phrases = {one.name: one.phrase for tool in understand("movers", _movers()).tools for one in tool.inputs}
    assert (phrases["from_address"], phrases["to_address"]) == ("origin address", "destination address")


def test_names_of_machines_things_are_said_in_the_likeness_of_their_example() -> None:
    project = {"type": "string", "description": "Project key, e.g. checkout-web"}
    key, owner = {**_TEXT, "description": "Unique key"}, {**_TEXT, "description": "Email of the owner"}
    taken = {"project": {**_TEXT, "description": "Project key"}, "flag_key": key, "owner": owner}
    tools = [
        _tool("list_flags", "List feature flags.", {"project": project}, "project"),
        _tool("create_flag", "Create a feature flag.", taken, "project", "flag_key"),
        _tool("kill_flag", "Turn a flag off.", {"project": _TEXT, "flag_key": key}, "project", "flag_key"),
    ]
    known = understand("flags", tools)
    flag = next(entity for entity in known.entities if entity.noun == "flag")
    inputs = {tool.name: {one.name: one for one in tool.inputs} for tool in known.tools}
    assert flag.id_pointer == "/key"
    assert {one["project"].facet for one in inputs.values()} == {"key"}
    assert "payments-web" in inputs["create_flag"]["project"].schema["examples"]
    assert inputs["kill_flag"]["project"].sets == "" and inputs["create_flag"]["owner"].facet == "email"
    assert known.tools[0].parameters["properties"]["project"] == project  # definitions stay as they are


def test_what_is_ordered_is_said_by_its_sort_and_how_many() -> None:
    sorts = {"type": "string", "enum": ["moving_box", "wardrobe_box"]}
    taken = {"move_id": _TEXT, "material": sorts, "quantity": {"type": "integer", "minimum": 2}}
    kit = understand(
        "movers", [*_movers(), _tool("order_material", "Order boxes for a move.", taken, *taken)]
    )
    tool = next(tool for tool in kit.tools if tool.name == "order_material")
    assert re.search(r"[0-9] (?:moving|wardrobe) boxes for\b", sample(kit, tool, seed=0).request)


def test_what_is_called_by_its_unit_alone_is_counted_in_it() -> None:
    assert [unit_alone(said) for said in ("square meters", "floor area sqm", "quantity")] == ["m²", "", ""]
