"""Requests that nobody would make: lists of one, names with their kind, values recited with the name of their field."""

from __future__ import annotations

import pytest
from msgspec import structs

import made
from callsmith import seeds
from callsmith.check.support import _worth_reading
from callsmith.language.grammar import unmarked
from callsmith.language.named_details import by_name, occasion_of
from callsmith.language.relating import deed, unitless
from callsmith.language.requests import core
from callsmith.language.spans import at_a_time
from callsmith.language.voicing import Voicing
from callsmith.meaning import Ask, Detail
from callsmith.records import Scene


def _voices(trade: str = "own", count: int = 30) -> list[Voicing]:
    plan = made.rows()[0].drafted.plan
    scene: Scene = structs.replace(plan.scene, trade=trade)
    return [Voicing(structs.replace(plan, scene=scene), seeds.rng("plainly", seed)) for seed in range(count)]


def _said(ask: Ask, trade: str = "own") -> list[str]:
    return [unmarked(core(voice, ask)) for voice in _voices(trade)]


def test_one_whose_name_is_known_is_looked_for_as_one() -> None:
    named = Detail("name", "title", "name", "filters", "value", ["Lunch box"])
    said = _said(Ask("list", "find", "find", "item", "items", details=[named]))
    assert not [text for text in said if "items" in text and "Lunch box" in text and "called" in text]
    assert any("an item called Lunch box" in text for text in said)


def test_the_stock_of_a_shop_is_nobodys_own_and_mail_is() -> None:
    ask = Ask("list", "list", "list", "item", "items")
    assert not [text for text in _said(ask) if "my items" in text or " I got" in text or "do I" in text]
    mail = Ask("list", "list", "list", "email", "emails")
    assert any("my emails" in text or "do I" in text for text in _said(mail, "any"))


@pytest.mark.parametrize(
    ("noun", "title", "among", "never"),
    [
        ("item", "Bread knife", "the Bread knife", "the Bread knife item"),
        ("customer", "Osprey Trading", "Osprey Trading", "the customer called Osprey Trading"),
        ("incident", "Power failure", "the Power failure incident", "Power failure"),
        ("person", "Ana Ruiz", "Ana Ruiz", "the person Ana Ruiz"),
    ],
)
def test_a_thing_is_called_as_its_sort_is(noun: str, title: str, among: str, never: str) -> None:
    forms = by_name(noun, title, title, "person" if noun == "person" else "")
    assert among in forms
    assert never not in forms


@pytest.mark.parametrize(
    ("said", "put"),
    [
        ("Monday 10:00", "on Monday 10:00"),
        ("10:00 on the 19th of August", "at 10:00 on the 19th of August"),
        ("4pm on January 28", "at 4pm on January 28"),
        ("half past ten on Friday", "at half past ten on Friday"),
        ("the 19th at 13:00", "on the 19th at 13:00"),
        ("tomorrow at noon", "tomorrow at noon"),
        ("August 13 at 4pm", "on August 13 at 4pm"),
    ],
)
def test_what_takes_place_is_for_a_time_and_does_not_start(said: str, put: str) -> None:
    assert at_a_time(said) == put


def test_a_day_stands_with_what_happens_on_it() -> None:
    assert occasion_of("pickup date") == "pickup"
    day = Detail("pickupDate", "date", "pickup date", "sets", "value", ["2026-03-05"])
    said = [voice.put(day, "post", "order") or "" for voice in _voices()]
    assert all(text.startswith(("with pickup ", "for pickup ")) for text in said)


def test_a_choice_is_not_said_to_be_the_field_it_stands_in() -> None:
    queue = Detail("queue", "enum", "queue", "filters", "value", ["spam"])
    severity = Detail("severity", "enum", "severity", "filters", "value", ["sev2"])
    said = _said(Ask("list", "list", "list", "item", "items", details=[queue]))
    assert all("spam" not in text or "in the spam queue" in text for text in said)
    assert not [
        text
        for text in _said(Ask("list", "l", "l", "incident", "incidents", details=[severity]))
        if "as the" in text
    ]


def test_field_names_that_end_in_a_preposition_are_no_nouns() -> None:
    assert unitless("ship by") == "ship-by date"
    assert deed("opened time", "job")[0] == "was {T} opened"


def test_who_is_there_is_no_address_of_the_thing() -> None:
    people = Detail("interviewers", "email", "interviewers", "sets", "list", ["ana@kilbride.example"])
    assert all((voice.put(people, "post", "interview") or "").startswith("with ") for voice in _voices())
    own = Detail("email", "email", "email", "sets", "value", ["ana@kilbride.example"])
    assert not any((voice.put(own, "post", "diver") or "").startswith("with ana") for voice in _voices())


def test_a_number_that_begins_like_a_year_is_no_moment() -> None:
    assert _worth_reading("2025-1956")
    assert not _worth_reading("2025-03-24")
    assert not _worth_reading("2025-03")


def test_a_name_stands_next_to_what_it_names() -> None:
    named = Detail("name", "person", "name", "filters", "value", ["Elif Aydin"])
    year = Detail("schoolYear", "number", "school year", "filters", "value", [6])
    for text in _said(Ask("list", "list", "list", "pupil", "pupils", details=[named, year])):
        assert "school year 6 called" not in text
        assert "school year 6 named" not in text
