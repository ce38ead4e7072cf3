"""What is made or changed is asked for in one breath: an address as one, so many boxes, whole sentences for the rest."""

from __future__ import annotations

import re

import pytest

from callsmith.language.named_details import named_apart, possessed, stems
from callsmith.language.postal import at_one_address
from callsmith.language.relating import counted, things, unitless
from callsmith.language.words import humanised
from callsmith.meaning import Ask, Detail, Target
from callsmith.records import Json
from test_asked_plainly import _said


def _sets(parameter: str, facet: str, value: Json, phrase: str = "") -> Detail:
    return Detail(parameter, facet, phrase or parameter.replace("_", " "), "sets", "value", [value])


def _made(noun: str, *details: Detail, plural: str = "") -> list[str]:
    return _said(Ask("create", "create", "", noun, plural or f"{noun}s", details=[*details]))


_TOWN = (
    _sets("street", "place", "Mill Lane 4"),
    _sets("city", "city", "Lagos"),
    _sets("postal_code", "key", "3011 AD"),
)


def test_an_address_is_said_as_one() -> None:
    said = _made("pickup", *_TOWN, _sets("parcel_count", "count", 6, "number of parcels"))
    assert all("Mill Lane 4, 3011 AD Lagos" in text for text in said)
    assert not [text for text in said if re.search(r"\b(?:city|postal code)\b", text)]


def test_where_a_way_starts_and_where_it_ends_are_two_addresses() -> None:
    parts = [
        Detail(one.parameter, one.facet, f"{end} {one.phrase}", "sets", "value", one.values)
        for end in ("from", "to")
        for one in _TOWN
    ]
    ask = at_one_address(Ask("create", "create", "", "job", "jobs", details=parts))
    assert [one.parameter for one in ask.details] == ["from_address", "to_address"]


def test_a_house_number_stands_beside_its_street() -> None:
    parts = [
        _sets("street", "place", "Mill Lane"),
        _sets("houseNumber", "key", "12", "house number"),
        *_TOWN[1:],
    ]
    ask = at_one_address(Ask("create", "create", "", "job", "jobs", details=parts))
    assert ask.details[0].values == ["Mill Lane 12, 3011 AD Lagos"]


def test_so_many_are_ordered_and_not_one_of_a_quantity() -> None:
    kind = _sets("kind", "enum", "picture")
    assert all(
        "46 picture boxes" in text
        for text in _made("box", kind, _sets("quantity", "count", 46), plural="boxes")
    )
    assert all(
        "one picture box" in text
        for text in _made("box", kind, _sets("quantity", "count", 1), plural="boxes")
    )


def test_what_a_number_counts_follows_it() -> None:
    assert counted("sessions planned") and things("sessions planned") == "planned sessions"
    assert not counted("capacity") and not counted("headcount")
    capacity = _made("session", _sets("capacity", "count", 16))
    assert all("capacity of 16" in text or "the capacity is 16" in text for text in capacity)
    assert named_apart(_sets("max_learners", "count", 12)) == "most"


def test_what_is_added_is_a_sentence() -> None:
    said = _made(
        "guest",
        _sets("name", "title", "Ana Ruiz"),
        _sets("email", "email", "ana@copper.example"),
        _sets("phone", "phone", "+351 22 278 1043"),
        _sets("birth_date", "date", "1972-08-30"),
    )
    assert not [
        text for text in said if re.search(r"(?:[.?] |and )(?:e-mail|phone|birth|date of birth) ", text)
    ]
    assert all(re.search(r"born (?:on )?\S|date of birth is \S", text, re.IGNORECASE) for text in said)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("assignee_id", ["assignee"]),
        ("bodyRegion", []),
        ("due_before", ["due"]),
        ("privacyStatus", ["status"]),
    ],
)
def test_a_body_region_is_no_body(name: str, found: list[str]) -> None:
    assert stems(name) == found


@pytest.mark.parametrize(
    ("phrase", "called"),
    [
        ("owner phone", "owner's phone number"),
        ("customer email", "customer's e-mail address"),
        ("room name", "room name"),
    ],
)
def test_somebodys_number_is_theirs(phrase: str, called: str) -> None:
    assert possessed(phrase) == called


def test_a_deposit_is_called_a_deposit() -> None:
    assert unitless("deposit paid") == "deposit"
    assert unitless("amount paid") == "amount paid"


def test_a_weight_says_nothing_and_nobody_puts_it_in() -> None:
    for personal in ("guest", "parcel"):
        target = Target(personal, f"{personal}s", "label", "Marco Greco", exact=True)
        said = _said(
            Ask("change", "update", "update", personal, f"{personal}s", targets=[target],
                details=[_sets("weight_kg", "number", 64, "weight kg")])
        )  # fmt: skip
        assert all("64 kg" in text for text in said)
        assert not [text for text in said if re.search(r"\b(?:says|reads|put|its)\b", text)]


def test_nobody_is_their_phone_number() -> None:
    target = Target("guest", "guests", "label", "Ana Ruiz", exact=True)
    number = _sets("phone", "phone", "+351 22 278 1043", "phone number")
    said = _said(Ask("change", "update", "update", "guest", "guests", targets=[target], details=[number]))
    assert not [text for text in said if re.match(r"Ana Ruiz (?:should|needs to|is|has to) ", text)]


@pytest.mark.parametrize(
    ("value", "said"), [("a6", "A6"), ("it", "IT"), ("hr", "HR"), ("both", "both"), ("in_it", "in it")]
)
def test_abbreviations_among_choices_have_their_capitals(value: str, said: str) -> None:
    assert humanised(value) == said


def test_a_complaint_is_about_what_it_is_filed_on() -> None:
    what = Target("collection", "collections", "label", "Ana Ruiz", exact=True, whose=True)
    details = [_sets("category", "enum", "noise"), _sets("message", "text", "Waited twice and nobody came")]
    ask = Ask("create_under", "create", "file", "complaint", "complaints", details=details, container=what)
    said = _said(ask)
    assert all(re.search(r"complaint about \S", text) for text in said)
