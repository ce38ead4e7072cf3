"""What is done to a record, told by a name or a summary: how it is asked for, and how it is confirmed."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from msgspec import structs

from callsmith.catalog import data
from callsmith.language.words import gerund, participle, preterite
from callsmith.recipes.directed import sample
from callsmith.records import Tool, Toolset
from callsmith.understand import acts
from callsmith.understand.inference import understand

TEXT: dict[str, Any] = {"type": "string"}
LAPTOP: dict[str, Any] = {
    "type": "object",
    "title": "Laptop",
    "required": ["id", "guest_name", "status"],
    "properties": {
        "id": {"type": "integer"},
        "guest_name": TEXT,
        "vehicle": TEXT,
        "mileage": {"type": "integer"},
        "status": {"type": "string", "enum": ["booked", "checked_in", "written_off", "on_hold", "gone"]},
    },
}


def deed(name: str, summary: str, *needed: str, noun: str = "booking") -> Tool:
    """A tool that does something to one record, as a description of an API tells it."""
    words = name.split("_")
    path = f"/{noun}s/{{id}}/{'-'.join(words)}"
    properties = {"id": {"type": "integer"}, **dict.fromkeys(needed, TEXT)}
    return Tool(
        name=f"shop_{name}",
        toolkit="shop",
        description=summary,
        parameters={"type": "object", "properties": properties, "required": [*properties]},
        returns={**LAPTOP, "title": noun.title()},
        hints={"method": "post", "path": path, "operation": name, "summary": summary},
    )


def shop(*tools: Tool, noun: str = "booking") -> Toolset:
    listing = Tool(
        name=f"shop_list_{noun}s",
        toolkit="shop",
        description=f"List {noun}s",
        parameters={
            "type": "object",
            "properties": {"guest_name": TEXT, "status": LAPTOP["properties"]["status"]},
        },
        returns={"type": "array", "items": {**LAPTOP, "title": noun.title()}},
        hints={
            "method": "get",
            "path": f"/{noun}s",
            "operation": f"list_{noun}s",
            "summary": f"List {noun}s",
        },
    )
    return understand("shop", [listing, *tools])


@pytest.mark.parametrize(
    ("name", "summary", "phrase"),
    [
        ("hand_over", "Hand a booking back to its owner", "hand a booking back to its owner"),
        ("write_off", "Writes a booking off", "write off a booking"),
        ("check_in", "Checks a guest in", "check in a guest"),
        ("mark_no_show", "Marks the guest as a no-show", "mark a guest as a no-show"),
        ("put_on_hold", "Put a booking on hold", "put a booking on hold"),
        ("take_back", "Takes the vehicle back.", "take back the vehicle of a booking"),
        ("log_mileage", "Logs the mileage", "log the mileage of a booking"),
        ("waive_fine", "Waives the fine", "waive the fine for a booking"),
        ("send_reminder", "Sends the client a reminder", "send a reminder for a booking"),
        ("remind_approver", "Reminds the approver", "remind the approver about a booking"),
        ("inspect", "This endpoint allows you to inspect a booking.", "inspect a booking"),
        ("dispose_of", "Disposes of a booking", "dispose of a booking"),
        ("take_offline", "Takes a booking offline", "take a booking offline"),
        ("withdraw", "Take money out", "take money out of a booking"),
        ("push_back", "push back", "push back a booking"),
        ("forfeit", "", "forfeit a booking"),
        ("request_documents", "Requests further documents.", "request further documents for a booking"),
        ("checkin", "Checkin a guest", "check in a guest"),
        ("writeoff", "", "write off a booking"),
        ("reset_auth", "Resets the booking's password", "reset the password of a booking"),
        ("record_call", "Start recording a booking", "start recording a booking"),
        ("sign_off", "", "sign off a booking"),
    ],
)
def test_a_deed_is_said_as_its_summary_tells_it(name: str, summary: str, phrase: str) -> None:
    kit = shop(deed(name, summary))
    tool = next(tool for tool in kit.tools if tool.name == f"shop_{name}")
    assert (tool.effect, tool.phrase) == ("act", phrase)


def test_what_a_deed_makes_of_a_record_is_read_off_its_words() -> None:
    kit = shop(deed("write_off", "Writes a booking off"), deed("put_on_hold", "Put a booking on hold"),
               deed("check_in", "Checks a guest in"), deed("log_mileage", "Logs the mileage", "mileage"))  # fmt: skip
    state = {tool.name: dict(tool.state) for tool in kit.tools}
    assert state["shop_write_off"] == {"/status": "written_off"}
    assert state["shop_put_on_hold"] == {"/status": "on_hold"}
    assert state["shop_check_in"] == {"/status": "checked_in"}
    assert state["shop_log_mileage"] == {}


def test_what_takes_no_record_begins_one() -> None:
    made = structs_without_id(deed("sign_up_booking", "Sign up a booking", "guest_name"))
    tool = next(tool for tool in shop(made).tools if tool.name == "shop_sign_up_booking")
    assert (tool.effect, tool.verb, tool.entity) == ("create", "sign up", "shop.booking")


def structs_without_id(tool: Tool) -> Tool:
    properties = {name: one for name, one in tool.parameters["properties"].items() if name != "id"}
    return structs.replace(
        tool,
        parameters={"type": "object", "properties": properties, "required": [*properties]},
        hints={**tool.hints, "path": "/bookings"},
    )


def test_two_nouns_are_no_deed_and_nothing_is_inserted_into_a_record() -> None:
    bare = deed("keg", "Kegging")
    bare = structs.replace(bare, hints={**bare.hints, "operation": ""}, name="shop_post_bookings_keg")
    tool = next(tool for tool in shop(bare).tools if "keg" in tool.name)
    assert tool.phrase == "keg a booking"


def test_a_name_that_ends_in_its_record_is_no_deed_of_that_word() -> None:
    kit = shop(deed("sign_off_repair", "Signs the repair off", noun="repair"), noun="repair")
    tool = next(tool for tool in kit.tools if "sign_off" in tool.name)
    assert tool.phrase == "sign off a repair"


@cache
def said(name: str, summary: str, *needed: str) -> str:
    kit = shop(deed(name, summary, *needed))
    tool = next(tool for tool in kit.tools if tool.name == f"shop_{name}")
    return sample(kit, tool, seed=0).request


def test_a_guest_is_checked_in_by_name() -> None:
    request = said("check_in", "Checks a guest in")
    assert "check" in request.lower() and "booking" not in request and "guest" not in request


def test_somebody_stands_where_the_summary_has_a_noun_for_them() -> None:
    request = said("hand_over", "Hand a booking over to a customer", "customer_name")
    assert "over to " in request and "customer" not in request


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("top up it", "topping up it|topped up it|topped up it"),
        ("spin down", "spinning down|spun down|spun down"),
        ("rerun", "rerunning|reran|rerun"),
        ("take back", "taking back|took back|taken back"),
        ("unbar", "unbarring|unbarred|unbarred"),
        ("feed", "feeding|fed|fed"),
        ("fix", "fixing|fixed|fixed"),
        ("show", "showing|showed|shown"),
        ("free", "freeing|freed|freed"),
        ("repaint", "repainting|repainted|repainted"),
        ("withdraw", "withdrawing|withdrew|withdrawn"),
    ],
)
def test_verbs_are_inflected(verb: str, forms: str) -> None:
    assert "|".join((gerund(verb), preterite(verb), participle(verb))) == forms


def test_states_are_words() -> None:
    entries = data.read("understand/states.yaml")
    said = [one for entry in entries.values() for one in (*entry.get("values", ()), *entry.get("maybe", ()))]
    assert all(isinstance(one, str) for one in (*entries, *said))


def test_a_refusal_is_given_with_its_reason() -> None:
    request = said("write_off", "Writes a booking off", "reason")
    assert " because " in request


def test_whom_a_summary_calls_someone_is_named() -> None:
    request = said("sign_up", "Sign someone up for a booking", "participant_name")
    assert "someone" not in request and "sign" in request.lower()


def test_nobody_shoots_a_shoot() -> None:
    kit = shop(deed("shoot", "Shooting", noun="shoot"), noun="shoot")
    tool = next(tool for tool in kit.tools if tool.name == "shop_shoot")
    assert tool.confidence < 0.55 and any("nobody says" in why for why in tool.reasons)


def test_a_change_of_one_field_is_called_so() -> None:
    kit = shop(deed("set_mileage", "Sets the mileage", "mileage"))
    tool = next(tool for tool in kit.tools if tool.name == "shop_set_mileage")
    assert tool.phrase == "set the mileage of a booking"


def test_a_path_is_of_its_records_whatever_their_schema_is_called() -> None:
    frame = {**LAPTOP, "title": "BookingJobDto"}
    listed = shop(deed("hand_out", "Hand a booking out to the customer"))
    kit = understand("shop", [structs.replace(tool, returns={"type": "array", "items": frame} if "list" in tool.name else frame)
                              for tool in listed.tools])  # fmt: skip
    tool = next(tool for tool in kit.tools if tool.name == "shop_hand_out")
    assert (tool.effect, tool.phrase) == ("act", "hand a booking out to the customer")


def test_what_needs_another_record_that_is_not_given_is_left_out() -> None:
    kit = shop(deed("merge", "Merge a booking with another booking"))
    tool = next(tool for tool in kit.tools if tool.name == "shop_merge")
    assert tool.confidence < 0.55 and any("which other" in why for why in tool.reasons)


def test_a_colleague_who_is_named_is_no_colleague_more() -> None:
    request = said("hand_on", "Hand a booking over to a colleague", "lawyer_name")
    assert "colleague" not in request and " to " in request


def test_a_name_of_plain_making_alone_is_no_deed() -> None:
    made = deed("add_bookings_labels_by_id_booking", "addBookingsLabelsByIdBooking()", "label")
    tool = next(tool for tool in shop(made).tools if "labels" in tool.name)
    assert "bookings" not in tool.phrase and "by" not in tool.phrase.split()


def test_what_is_given_back_was_there() -> None:
    needed = {"type": "object", "properties": {"berth_ref": {"type": "string"}}, "required": ["berth_ref"]}
    back = Tool("berth_release", "marina", "Give back a berth.", needed)
    seen = Tool("find_berths", "marina", "Berths of the marina.", {"type": "object"})
    effects = {tool.name: tool.effect for tool in understand("marina", [seen, back]).tools}
    assert effects["berth_release"] != "create"


def test_a_second_particle_adds_nothing() -> None:
    needed = {"type": "object", "properties": {"rental_id": {"type": "integer"}}, "required": ["rental_id"]}
    back = Tool("return_rental", "ski", "Take a rented set back in.", needed)
    told = acts.of(back, ("return", "rental"))
    assert told is not None and (told.verb, told.rest) == ("take back", ())
