"""Who is a person, by the noun and by what is noted of such records."""

from __future__ import annotations

import pytest

import made
from callsmith import seeds
from callsmith.catalog.persons import is_person
from callsmith.language.grammar import unmarked
from callsmith.language.voicing import Voicing
from callsmith.meaning import Target
from callsmith.records import Entity


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
