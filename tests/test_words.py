"""English word forms against a list written by hand."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import made
from callsmith import seeds
from callsmith.language.asking_to import names_it
from callsmith.language.confirming import acted
from callsmith.language.grammar import mark
from callsmith.language.named_details import one_of_them
from callsmith.language.voicing import Voicing
from callsmith.language.words import (
    article,
    day_suffix,
    gerund,
    humanised,
    listed,
    number_word,
    ordinal_word,
    participle,
    with_article,
)
from callsmith.meaning import Ask, Detail
from callsmith.understand.words import singular

GERUNDS = {
    "send": "sending", "move": "moving", "set": "setting", "get": "getting", "put": "putting", "tie": "tying",
    "see": "seeing", "agree": "agreeing", "create": "creating", "cancel": "cancelling", "run": "running",
    "plan": "planning", "reply": "replying", "merge": "merging", "star": "starring", "begin": "beginning",
    "open": "opening", "submit": "submitting", "lie": "lying", "forget": "forgetting", "split": "splitting",
    "reset": "resetting", "transfer": "transferring", "edit": "editing", "schedule": "scheduling",
}  # fmt: skip
PARTICIPLES = {
    "send": "sent", "move": "moved", "set": "set", "write": "written", "reply": "replied", "play": "played",
    "tag": "tagged", "create": "created", "cancel": "cancelled", "begin": "begun", "pay": "paid", "copy": "copied",
    "find": "found", "choose": "chosen", "merge": "merged", "star": "starred", "submit": "submitted",
    "forward": "forwarded", "read": "read", "buy": "bought", "schedule": "scheduled", "withdraw": "withdrawn",
    "transfer": "transferred", "finish": "finished", "edit": "edited",
}  # fmt: skip
ARTICLES = {
    "email": "an", "user": "a", "hour": "an", "invoice": "an", "unit": "a", "event": "an", "European office": "a",
    "one-off": "a", "honest answer": "an", "URL": "a", "task": "a", "issue": "an", "heir": "an", "university": "a",
    "office": "an", '"Open day"': "an", "unread email": "an", "untitled document": "an", "eulogy": "a",
    "usual order": "a", "SMS": "an", "MRI": "an", "FAQ": "an", "PDF": "a",
}  # fmt: skip


@pytest.mark.parametrize(("base", "form"), GERUNDS.items())
def test_gerunds(base: str, form: str) -> None:
    assert gerund(base) == form or (base == "cancel" and gerund(base) == "canceling")
    assert gerund(f"{base} it now") == f"{gerund(base)} it now"


@pytest.mark.parametrize(("base", "form"), PARTICIPLES.items())
def test_participles(base: str, form: str) -> None:
    assert participle(base) == form or (base == "cancel" and participle(base) == "canceled")
    assert participle(f"{base} to Dana") == f"{participle(base)} to Dana"


@pytest.mark.parametrize(("noun", "form"), ARTICLES.items())
def test_articles(noun: str, form: str) -> None:
    assert article(noun) == form
    assert with_article(noun) == f"{form} {noun}"


@given(st.lists(st.text(alphabet="abcdef", min_size=1, max_size=5), max_size=6))
def test_a_list_reads_as_one(items: list[str]) -> None:
    text = listed(items)
    assert text.count(" and ") == (len(items) > 1)
    assert text.replace(" and ", ", ").split(", ") == (items or [""])


def test_lists_with_another_joiner() -> None:
    assert listed(["red", "green", "blue"], "or") == "red, green or blue"
    assert listed(["red"], "or") == "red"
    assert listed([]) == ""


@given(st.integers(1, 31))
def test_days_of_a_month_have_their_endings(day: int) -> None:
    endings = {1: "st", 21: "st", 31: "st", 2: "nd", 22: "nd", 3: "rd", 23: "rd"}
    assert day_suffix(day) == endings.get(day, "th")


def test_numbers_as_words() -> None:
    assert [number_word(n) for n in (0, 1, 12, 13, 1250)] == ["zero", "one", "twelve", "13", "1,250"]
    assert [ordinal_word(n) for n in (1, 2, 3, 10, 11, -1)] == [
        "first",
        "second",
        "third",
        "tenth",
        "11th",
        "last",
    ]


@pytest.mark.parametrize("place", [21, 22, 23, 31])
def test_large_ordinals_have_their_endings(place: int) -> None:
    assert ordinal_word(place) == f"{place}{day_suffix(place)}"


@pytest.mark.parametrize(
    ("value", "words"),
    [("in_progress", "in progress"), ("needsAction", "needs action"), ("HIGH", "high"), ("past-due", "past due"),
     ("open", "open"), ("IN_REVIEW", "in review"), ("To Do", "To Do")],
)  # fmt: skip
def test_enum_values_as_words(value: str, words: str) -> None:
    assert humanised(value) == words


def test_marks_leave_the_article_as_it_is_and_verbs_double_their_last_letter() -> None:
    assert with_article(mark("unlisted", "privacy") + " playlist").startswith("an ")
    assert gerund("scrap it") == "scrapping it"


def test_what_is_done_by_two_words_is_said_by_both() -> None:
    ask = Ask("act", "roll_back_app", "roll back", "app", "apps", "roll back an app")
    assert acted(ask) == "rolled back"
    assert acted(msgspec.structs.replace(ask, phrase="archive an app", verb="archive")) == "archived"


def test_a_person_is_the_name_of_any_kind_of_contact() -> None:
    person = Detail("name", "person", "name", "sets", "value", ["Vikram Nair"])
    contact, held = (Ask("create", "t", "create", noun, f"{noun}s") for noun in ("managed contact", "desk"))
    voice = Voicing(made.rows()[0].drafted.plan, seeds.rng("voice", 1))
    assert names_it(voice, contact, person) and not names_it(voice, held, person)


def test_words_that_end_in_ves_are_several_of_one_in_f_or_of_one_in_ve() -> None:
    told = {"shelves": "shelf", "loaves": "loaf", "knives": "knife", "valves": "valve", "curves": "curve"}
    assert {word: singular(word) for word in told} == told
    assert one_of_them("free shelves") == "free shelf" and one_of_them("curves") == "curve"
