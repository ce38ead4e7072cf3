"""Who is a person, and how what has no name of its own is called."""

from __future__ import annotations

import pytest

import made
from callsmith import seeds
from callsmith.catalog.persons import is_person
from callsmith.language.grammar import unmarked
from callsmith.language.relating import at_moment, bound
from callsmith.language.spans import spanning
from callsmith.language.voicing import Voicing
from callsmith.meaning import Target
from callsmith.plan.signs import spoken
from callsmith.records import Entity, Field, Tool
from callsmith.text import coded
from callsmith.understand.acts import summary_of


@pytest.mark.parametrize(
    ("noun", "names", "person"),
    [
        ("subscriber", {"name", "email", "city"}, True),
        ("subscriber", {"name", "topic"}, False),
        ("pet_owner", set(), True),
        ("contact", set(), True),
        ("supplier", {"name", "email", "website"}, False),
        ("branch", {"name", "phone", "city"}, False),
        ("container", {"name", "status"}, False),
        ("pledger", {"name", "phone"}, True),
        ("operator", {"name", "namespace"}, False),
    ],
)
def test_a_person_is_told_by_the_noun_or_by_how_they_are_reached(
    noun: str, names: set[str], person: bool
) -> None:
    assert is_person(noun, names) is person


def test_who_is_a_person_is_called_by_name_alone_whatever_the_noun() -> None:
    target = Target("pledger", "pledgers", by="label", label="Thibault Aubert", exact=True)
    plan = made.rows()[0].drafted.plan
    people = [Entity("x.pledger", "x", "pledger", "pledgers", {}, person=True)]
    voices = [Voicing(plan, seeds.rng("pledger", seed), people) for seed in range(20)]
    assert {unmarked(voice.record(target)).lower() for voice in voices} == {"thibault aubert"}


@pytest.mark.parametrize(
    ("text", "given_out"),
    [
        ("BX-20418", True),
        ("INV-2026-014", True),
        ("A17", True),
        ("ch_9Qz", False),
        ("Oak 12", False),
        ("2041", False),
    ],
)
def test_numbers_that_offices_give_out_are_told_from_other_names(text: str, given_out: bool) -> None:
    assert coded(text) is given_out


def test_what_has_no_name_is_called_by_the_number_it_was_given() -> None:
    schema = {"type": "string", "examples": ["BX-20418"]}
    box = Entity("x.box", "x", "box", "boxes", {}, "/id", "/id", (Field("/id", "id", "", schema),))
    assert spoken(box, "/id", "", pasting=False).label_pointer == "/id"
    plain = Entity(
        "x.box", "x", "box", "boxes", {}, "/id", "/id", (Field("/id", "id", "", {"type": "string"}),)
    )
    assert spoken(plain, "/id", "", pasting=False).label_pointer == ""
    voice = Voicing(made.rows()[0].drafted.plan, seeds.rng("box", 1), [box])
    assert voice.named("BX-20418", "box") == "box BX-20418"


def test_a_state_keeps_its_name_beside_its_end() -> None:
    assert at_moment("paused until", "3 May") == "paused until 3 May"
    assert at_moment("valid until", "3 May") == "valid until 3 May"
    assert bound("paused until", "subscription") == ""
    assert spanning(["paused from 1 May"], "paused until 3 May") == ["paused from 1 May until 3 May"]


@pytest.mark.parametrize(
    ("summary", "told"),
    [
        ("Pause a subscription until a given date", "Pause a subscription"),
        ("Send a lost or damaged box again", "Send a box again"),
        ("Change the name or address of a guest", "Change the name"),
    ],
)
def test_a_summary_that_is_cut_ends_in_a_whole_phrase(summary: str, told: str) -> None:
    assert summary_of(Tool("x", "x", summary, {"type": "object"})) == told
