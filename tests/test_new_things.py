"""How something new is asked for: by what it is, by what is done with it, and never as goods are where it is a person."""

from __future__ import annotations

import re

import pytest

from callsmith.language.asking_to import is_itself
from callsmith.language.relating import located
from callsmith.language.requests import opened
from callsmith.language.routes import end_of
from callsmith.language.spans import spanning
from callsmith.meaning import Ask, Detail, Target
from test_asked_plainly import _said, _voices


def _sets(parameter: str, facet: str, value: str) -> Detail:
    return Detail(parameter, facet, parameter.replace("_", " "), "sets", "value", [value])


def _created(noun: str, *details: Detail, verb: str = "") -> list[str]:
    return _said(Ask("create", "create", verb, noun, f"{noun}s", details=[*details]))


def test_one_new_animal_is_called_by_what_it_is() -> None:
    named = Detail("name", "title", "name", "sets", "value", ["Biscuit"])
    said = _created("guest", named, _sets("species", "enum", "guinea_pig"), _sets("sex", "enum", "male"))
    assert not [text for text in said if "that are" in text or "species" in text or "guest" in text]
    assert all("male guinea pig" in text for text in said)


def test_a_choice_that_is_no_sort_stands_for_nothing() -> None:
    assert is_itself(_sets("species", "enum", "rabbit"))
    assert not is_itself(_sets("species", "enum", "other"))
    assert not is_itself(_sets("frequency", "enum", "weekly"))
    named = Detail("name", "title", "name", "sets", "value", ["Biscuit"])
    said = _created("animal", named, _sets("species", "enum", "other"))
    assert not [text for text in said if "that are" in text]


def test_a_person_is_no_goods() -> None:
    said = _created("student", Detail("name", "person", "name", "sets", "value", ["Ana Ruiz"]), verb="enrol")
    goods = re.compile(
        r"\b(?:can (?:i|we) (?:get|have) an? |would be (?:good|useful)|there (?:should|ought))", re.IGNORECASE
    )
    assert not [text for text in said if goods.search(text)]
    assert any(text.rstrip(".?").endswith(("to enrol", "to enrol, please")) for text in said)


def test_a_price_is_called_a_price_and_mail_has_no_bare_address() -> None:
    voices = _voices()
    price = Detail("price", "amount", "price", "sets", "value", [14.5])
    mail = Detail("email", "email", "email", "sets", "value", ["ana@copper.example"])
    assert not [one for one in voices if "amount" in (one.put(price, "frag") or "")]
    assert not [one for one in voices if "address" in (one.put(mail, "frag") or "")]


def test_where_something_takes_place_is_no_remark_on_whom_it_is_for() -> None:
    ask = Ask(
        "create_under",
        "create",
        "",
        "eye test booking",
        "eye test bookings",
        details=[_sets("test_centre", "text", "Horsforth"), _sets("at", "date_time", "2026-03-05T10:00:00")],
        container=Target("patient", "patients", "label", "Ana Ruiz", exact=True),
    )
    said = _said(ask)
    assert not [text for text in said if ": Horsforth" in text or "write on" in text or "note on" in text]
    assert all("eye test booking" in text for text in said)


@pytest.mark.parametrize(
    ("facts", "whole"),
    [
        (["from Canal Street 109", "until 9:45"], ["from Canal Street 109", "until 9:45"]),
        (["from Monday at 9:00", "until 9:45"], ["from Monday at 9:00 until 9:45"]),
        (["from 3 May", "to Mill Lane 12"], ["from 3 May", "to Mill Lane 12"]),
    ],
)
def test_only_a_time_has_an_end(facts: list[str], whole: list[str]) -> None:
    assert spanning(facts[:1], facts[1]) == whole


def test_an_address_is_at_a_place_whatever_it_is_called_after() -> None:
    assert located("Garden Road 105") == "at Garden Road 105"
    assert located("Garden room") == "in Garden room"
    assert end_of("delivery_address", "place") == "to"


def test_nothing_is_begun_twice() -> None:
    assert opened("Also,", "and the price?") == "Also, the price?"
    assert opened("But", "and who is the owner?") == "But who is the owner?"


def test_somebody_spoken_of_is_they() -> None:
    of = Target("pupil", "pupils", "pronoun", "Ana")
    ask = Ask("look_up", "read", "", "pupil", "pupils", targets=[of], field="status", field_facet="enum")
    assert not [text for text in _said(ask) if re.search(r"\bthem is\b|\b(?:is|does) them\b", text)]
