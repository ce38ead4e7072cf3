"""What tools without declared results do: what a deed makes, whom a reference names, which states tell that it was done."""

from __future__ import annotations

import pytest

from callsmith.records import Tool, Toolset
from callsmith.understand.inference import understand, usable

_TYPES = {
    "text": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "count": {"type": "integer"},
    "sum": {"type": "number"},
    "flag": {"type": "boolean"},
}


def _tool(name: str, description: str, needed: str = "", others: str = "") -> Tool:
    """A tool without a result; arguments as in ``"stall_id, fee:sum"``."""
    properties = {}
    for argument in filter(None, f"{needed}, {others}".split(", ")):
        word, _, kind = argument.strip().partition(":")
        properties[word] = _TYPES[kind or "text"]
    required = [argument.partition(":")[0] for argument in filter(None, needed.split(", "))]
    parameters = {"type": "object", "properties": properties, "required": required}
    return Tool(name=name, toolkit="market", description=description, parameters=parameters)


def _found(*tools: Tool) -> Toolset:
    return understand("market", tools)


def _of(toolset: Toolset, name: str) -> tuple[str, str]:
    """What a tool does and to what."""
    tool = next(tool for tool in toolset.tools if tool.name == name)
    noun = next((kind.noun for kind in toolset.entities if kind.key == tool.entity), "")
    return tool.effect, noun


STALLS = (
    _tool("list_stalls", "List stalls on a day.", "day:date", "covered:flag"),
    _tool("hire_stall", "Hire out a stall.", "stall_id, trader_name, day:date"),
    _tool("get_rental", "Look up a rental by reference.", "rental_ref"),
    _tool("swap_stall", "Move a rental to another stall.", "rental_ref, new_stall_id"),
    _tool("refund_rental", "Refund a rental.", "rental_ref", "reason"),
    _tool("pay_rents", "Take a payment towards a trader's rents.", "trader_number, amount:sum, method"),
    _tool("forfeit_deposit", "Forfeit a deposit.", "deposit_number"),
    _tool("list_deposits", "List deposits.", "", "trader_name"),
)


@pytest.mark.parametrize(
    ("name", "does"),
    [
        ("hire_stall", ("create", "rental")),
        ("get_rental", ("read", "rental")),
        ("swap_stall", ("act", "rental")),
        ("refund_rental", ("act", "rental")),
        ("pay_rents", ("create", "payment")),
        ("forfeit_deposit", ("act", "deposit")),
    ],
)
def test_what_a_deed_makes_and_what_it_is_done_to(name: str, does: tuple[str, str]) -> None:
    assert _of(_found(*STALLS), name) == does


def test_what_is_raised_beside_a_record_comes_about_by_it() -> None:
    toolset = _found(
        _tool("list_kilns", "List kilns.", "", "room"),
        _tool("log_firing", "Log a firing.", "kiln_id, peak_temperature:sum"),
        _tool("list_firings", "List firings of a kiln.", "kiln_id"),
        _tool("raise_query", "Raise a query about a firing.", "firing_id, question"),
    )
    assert _of(toolset, "log_firing") == ("create", "firing")
    assert _of(toolset, "raise_query") == ("create", "query")


def test_who_waits_is_entered_in_a_list() -> None:
    toolset = _found(
        _tool("list_plots", "List allotments plots.", "", "vacant:flag"),
        _tool("join_waiting_list", "Join the waiting list for a plot.", "name, phone"),
    )
    assert _of(toolset, "join_waiting_list") == ("create", "waitlist entry")


def test_a_summary_that_begins_with_what_is_asked_for_is_no_deed() -> None:
    toolset = _found(
        _tool("list_halls", "List halls.", "", "town"),
        _tool("check_dates", "Free dates of a hall.", "hall_id"),
    )
    assert _of(toolset, "check_dates")[0] in ("list", "read")


def test_a_listing_is_as_sure_by_what_its_description_names() -> None:
    toolset = _found(_tool("list_moorings", "Free moorings this week.", "", "harbour, shallow:flag"))
    assert usable(toolset.tools[0])


def test_assumed_records_show_what_is_done_to_them() -> None:
    toolset = _found(*STALLS[:4], _tool("refund_rental", "Refund a rental.", "rental_ref"),
                     _tool("list_jobs", "List jobs.", "", "trader"), _tool("check_in_parcel", "Check a parcel in.", "parcel_id"))  # fmt: skip
    assert next(tool for tool in toolset.tools if tool.name == "refund_rental").effect == "act"
    reserved = _found(
        _tool("list_reservations", "List reservations.", "", "guest_name"),
        _tool("check_in_guest", "Check a guest in.", "reservation_id"),
    )
    arriving = next(tool for tool in reserved.tools if tool.name == "check_in_guest")
    assert arriving.state == {"/status": "checked_in"} and usable(arriving)
