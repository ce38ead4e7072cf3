"""What tools without declared results do: what a deed makes, whom a reference names, which states tell that it was done."""

from __future__ import annotations

import pytest
from msgspec import structs

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


LENDING = (
    _tool("find_borrower", "Look up a borrower by badge number, name or email.", "query"),
    _tool("lend_telescope", "Lend a telescope to a borrower. Returns the loan with its due date.",
          "badge_number, telescope_number", "loan_days:count"),
    _tool("list_loans", "List a borrower's loans with telescope, date borrowed, due date and status.", "badge_number"),
    _tool("bring_back", "Check a telescope back in.", "loan_id"),
    _tool("get_telescope", "Get the full record of a telescope: aperture, loan period in days, replacement value"
          " and whether a course is needed before it can be borrowed.", "telescope_number"),
)  # fmt: skip


def _fields(toolset: Toolset, noun: str) -> dict[str, object]:
    kind = next(kind for kind in toolset.entities if kind.noun == noun)
    fields: dict[str, object] = kind.schema["properties"]
    return fields


def test_a_loan_goes_by_what_was_lent_and_ends_when_that_is_due() -> None:
    toolset = _found(*LENDING)
    loan = next(kind for kind in toolset.entities if kind.noun == "loan")
    assert loan.label_pointer == "/telescope_name"
    assert "due_date" in loan.schema["required"] and "loan_days" not in loan.schema["properties"]
    assert _of(toolset, "lend_telescope") == ("create", "loan")


def test_what_a_description_promises_of_a_record_it_holds() -> None:
    toolset = _found(*LENDING)
    assert {"loan_period_days", "replacement_value", "course_needed"} <= _fields(toolset, "telescope").keys()
    assert {"badge_number", "email"} <= _fields(toolset, "borrower").keys()


def test_a_booking_is_told_apart_by_its_reference_and_has_no_times_but_those_of_what_is_booked() -> None:
    toolset = _found(
        _tool("list_treks", "List treks.", "", "region, from_date:date"),
        _tool("book_trek", "Book a trek.", "trek_id, guest_name", "email"),
        _tool("get_booking", "Look up a booking by reference.", "booking_ref"),
    )
    booking = next(kind for kind in toolset.entities if kind.noun == "booking")
    assert booking.id_pointer == "/booking_ref"
    assert not {"title", "start_time", "end_time"} & booking.schema["properties"].keys()
    assert "date" in _fields(toolset, "trek")
    taken = next(tool for tool in toolset.tools if tool.name == "get_booking").inputs[0]
    assert taken.klass == "natural_key" and taken.phrase == "booking reference"


def test_what_only_says_for_how_many_or_that_no_others_are_wanted_is_no_field() -> None:
    toolset = _found(_tool("list_cabins", "List cabins.", "", "valley, party_size:count, heated_only:flag"))
    fields = _fields(toolset, "cabin")
    assert "party_size" not in fields and "heated" in fields and "heated_only" not in fields


def _answering(name: str, title: str, fields: str, needed: str, path: str) -> Tool:
    """A tool with a path that answers with a record of a title."""
    properties = {field: {"type": "string"} for field in fields.split()}
    returns = {"type": "object", "title": title, "properties": properties, "required": fields.split()[:1]}
    method = "get" if name.startswith("list") else "post"
    hints = {"method": method, "path": path, "operation": name}
    listed = {"type": "array", "items": returns} if method == "get" else returns
    return structs.replace(_tool(name, name, needed), returns=listed, hints=hints)


def test_what_is_sold_is_a_record_of_its_own_that_points_to_what_it_is_of() -> None:
    toolset = _found(
        _answering("list_passes", "Pass", "code name price", "", "/passes"),
        _answering(
            "sell_pass",
            "GuestPass",
            "id guest_id pass_code bought_at",
            "guest_id, pass_code",
            "/guest-passes",
        ),
    )
    assert _of(toolset, "sell_pass")[1] == "guest pass"
    assert "bought_at" not in _fields(toolset, "pass")


def test_a_report_that_opens_a_ticket_is_shown_by_the_ticket() -> None:
    tool = _answering(
        "report_leak", "LeakTicket", "ticket_no lock_id category status", "lock_id", "/locks/{lock_id}/leaks"
    )
    toolset = _found(structs.replace(tool, description="Opens a ticket with the canal office."))
    assert _of(toolset, "report_leak") == ("create", "leak")
    assert next(kind for kind in toolset.entities if kind.noun == "leak").id_pointer == "/ticket_no"


def test_lines_of_several_values_are_no_deed_that_is_asked_for_in_one_breath() -> None:
    order = _tool("preorder_snacks", "Pre-order snacks for a booking.", "booking_ref")
    line = {"type": "object", "properties": {"snack": {"type": "string"}, "count": {"type": "integer"}},
            "required": ["snack", "count"]}  # fmt: skip
    properties = {**order.parameters["properties"], "snacks": {"type": "array", "items": line}}
    parameters = {"type": "object", "properties": properties, "required": ["booking_ref", "snacks"]}
    toolset = _found(
        _tool("get_booking", "Look up a booking by reference.", "booking_ref"),
        structs.replace(order, parameters=parameters),
    )
    assert not usable(toolset.tools[1])


def test_what_a_deed_gives_another_value_is_a_field_and_what_is_hired_is_out_until_it_is_back() -> None:
    toolset = _found(
        _tool("list_rentals", "List rentals of canoes.", "", "paddler_name, pickup_date:date"),
        _tool("extend_rental", "Extend a rental.", "rental_id, new_return_date:date"),
        _tool("return_canoe", "Take a canoe back.", "rental_id"),
    )
    fields = _fields(toolset, "rental")
    assert list(fields).index("pickup_date") < list(fields).index("return_date")
    assert fields["status"] == {"type": "string", "enum": ["active", "returned"]}


def test_a_book_that_loans_are_made_of_has_the_number_by_which_they_name_it() -> None:
    toolset = _found(
        _tool(
            "search_scrolls", "Search scrolls. Returns scrolls with their title, language and year.", "query"
        ),
        _tool(
            "lend_scroll", "Lend a scroll. Returns the loan with its due date.", "member_id, scroll_number"
        ),
        _tool("list_loans", "List a member's loans with title, due date and status.", "member_id"),
    )
    assert "scroll_number" in _fields(toolset, "scroll")
    assert "scroll_title" in _fields(toolset, "loan") and "title" not in _fields(toolset, "loan")
