"""Asking after one thing or one field of it, and the answers, over an animal shelter with what shelters note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import pytest

import made
from callsmith import seeds
from callsmith.errors import PlanUnfit
from callsmith.language.figures_told import told_in_one
from callsmith.language.grammar import unmarked
from callsmith.language.named_details import one_of_them
from callsmith.language.relating import in_units, rate, unitless
from callsmith.language.requests import core
from callsmith.language.stating import standing
from callsmith.language.voicing import Voicing
from callsmith.meaning import Ask, Reply, Target
from callsmith.recipes import grounded
from callsmith.records import Assistant, Kind, Slot, Toolset, User
from callsmith.world.journal import Journal
from desk import DAY, NUMBER, TEXT, WHOLE, described, got, record, several

FLAG = {"type": "boolean"}
MOMENT = {"type": "string", "format": "date-time"}
ANIMAL = record(
    "Animal", id=TEXT, name=TEXT, breed=TEXT, weightGrams=WHOLE, neutered=FLAG, promisedFor=DAY,
    createdAt=MOMENT, lastLogin=MOMENT,
)  # fmt: skip
KEEPER = record(
    "Keeper", id=TEXT, firstName=TEXT, lastName=TEXT, email={"type": "string", "format": "email"}, phone=TEXT,
    balanceDue=NUMBER, gpName=TEXT,
)  # fmt: skip


def _at(path: str, summary: str, result: dict[str, object]) -> dict[str, object]:
    name = path.partition("{")[2].partition("}")[0]
    place = {"name": name, "in": "path", "required": True, "schema": TEXT}
    return {"get": {**got(summary, result)["get"], "parameters": [place]}}


PATHS = {
    "/animals": got("List animals", several(ANIMAL)),
    "/animals/{animalId}": _at("/animals/{animalId}", "Get an animal", ANIMAL),
    "/keepers": got("Search keepers", several(KEEPER), q=TEXT),
    "/keepers/{keeperId}/timesheet": _at(
        "/keepers/{keeperId}/timesheet", "Get the timesheet of a keeper",
        record("Timesheet", keeperId=TEXT, totalHours=NUMBER, shiftsWorked=WHOLE),
    ),
    "/free": got(
        "Free cages on a day by size",
        record("Free", date=DAY, free=record("Sizes", S=WHOLE, M=WHOLE, L=WHOLE), asOf=MOMENT), date=DAY,
    ),
    "/hours": got(
        "Get opening hours on a day", record("Hours", date=DAY, open=FLAG, opensAt=TEXT, closesAt=TEXT), date=DAY
    ),
}  # fmt: skip
KINDS: tuple[Kind, ...] = ("single", "dependent", "multi_turn", "parallel")


@lru_cache(maxsize=1)
def _shelter() -> Toolset:
    return described("Shelter", PATHS)


@lru_cache(maxsize=1)
def _talks(count: int = 160) -> tuple[tuple[Ask, Reply, str, str], ...]:
    """What was asked and answered, with the words of both."""
    return tuple(_made(count))


def _made(count: int) -> Iterator[tuple[Ask, Reply, str, str]]:
    slots = [Slot(at, KINDS[at % len(KINDS)], "shelter", 40 + at // 16) for at in range(count)]
    parts = grounded.Parts(7, {"shelter": _shelter()}, slots, ("en-GB", "en-US"), False, (3, 12))
    for slot in slots:
        try:
            drafted, worded = grounded.made(parts, slot, 0, Journal())
        except PlanUnfit:
            continue
        said = [message.text for message in worded.messages if isinstance(message, User)]
        told = [
            message.text for message in worded.messages if isinstance(message, Assistant) and message.text
        ]
        for turn, question, answer in zip(drafted.plan.rounds, said, told, strict=True):
            yield turn.ask, turn.reply, question, answer


def _answers(thing: str) -> list[str]:
    return [
        answer for ask, _, _, answer in _talks() if ask.gist and thing in ask.gist.get("thing", "").lower()
    ]


def test_what_is_free_by_size_is_told_in_a_sentence() -> None:
    told = _answers("free cages")
    assert told
    for answer in told:
        assert "as of" not in answer.lower() and "- S" not in answer
        assert re.search(r"\d+ (free cages? )?in S, \d+ in M and \d+ in L\.", answer)


def test_opening_hours_are_from_when_to_when() -> None:
    told = _answers("opening hours")
    assert told
    for answer in told:
        assert re.search(r"[Oo]pen from \d+:\d\d.* to \d+:\d\d|[Cc]losed", answer)
        assert "opens at" not in answer and "yes" not in answer


def test_what_is_counted_up_for_somebody_is_asked_for_as_theirs() -> None:
    asked = [
        (question, answer) for ask, _, question, answer in _talks() if ask.gist and ask.gist.get("figures")
    ]
    assert asked
    for question, answer in asked:
        assert "timesheet total hours" not in question.lower() and "set up" not in question
        assert "timesheet total" not in answer.lower()
    assert any(re.search(r"how many (hours|shifts worked) ", question.lower()) for question, _ in asked)


@pytest.mark.parametrize(
    ("facts", "room", "sentence"),
    [
        ([("foot passengers", "20"), ("cars", "3"), ("lorries", "1"), ("motorbikes", "4")], True,
         "There is room for 20 foot passengers, 3 cars, 1 lorry and 4 motorbikes."),
        ([("", "150 minutes free"), ("average turnaround", "9 days")], False,
         "There are 150 minutes free, and the average turnaround is 9 days."),
    ],
)  # fmt: skip
def test_figures_of_what_is_left_are_told_in_a_sentence(
    facts: list[tuple[str, str]], room: bool, sentence: str
) -> None:
    assert told_in_one(facts, False, False, room) == sentence


def _asked(acts: tuple[str, ...] = ("look_up", "recall")) -> list[tuple[Ask, Reply, str, str]]:
    return [one for one in _talks() if one[0].act in acts and not one[0].also]


def test_what_a_person_has_is_asked_for_as_theirs() -> None:
    asked = [
        (q, a) for ask, _, q, a in _asked() if ask.noun == "keeper" and ask.field_facet in ("email", "phone")
    ]
    assert asked
    assert sum("'s " in q or "their" in q for q, _ in asked) > len(asked) / 2
    assert not [q for q, _ in asked if "does it have" in q or "on that?" in q]


def test_what_somebody_owes_is_asked_for_so() -> None:
    asked = [(q, a) for ask, _, q, a in _asked() if ask.field == "balance due"]
    assert all(re.search(r"\bowes?\b", q) for q, _ in asked)
    assert not [a for _, a in asked if "balance due" in a.lower()]


def _voices(count: int = 30) -> list[Voicing]:
    plan = made.rows()[0].drafted.plan
    return [Voicing(plan, seeds.rng("asked after", seed)) for seed in range(count)]


def _said(noun: str, field: str, facet: str, title: str = "Bella") -> list[str]:
    target = Target(noun, f"{noun}s", "label", title=title, label=title)
    ask = Ask("look_up", "get", "get", noun, f"{noun}s", targets=[target], field=field, field_facet=facet)
    return [unmarked(core(voice, ask)) for voice in _voices()]


def test_whether_something_is_so_is_asked_and_answered_yes_or_no() -> None:
    assert all(
        "neutered" in text and " the neutered" not in text for text in _said("animal", "neutered", "flag")
    )
    assert all("the deposit for" in text for text in _said("stay", "deposit paid", "flag"))
    for ask, _, question, answer in _asked():
        if ask.field_facet == "flag":
            assert "neutered" in question and re.match(r"(Yes|No), ", answer)


@pytest.mark.parametrize(
    ("noun", "field", "facet", "pattern"),
    [
        ("customer", "balance due", "amount", r"\bowes?\b"),
        ("booking", "balance due", "amount", r"to be paid|unpaid|outstanding"),
        ("job", "promised for", "date_time", r"is .*promised for\?"),
        ("driver", "status", "enum", r"^(?!.*(state|looking|doing)).*status"),
        ("tank", "next inspection", "date", r"is the next inspection of"),
        ("truck", "inspection due", "date", r"is the inspection of .* due"),
        ("instrument", "due back", "date", r"is .* due back"),
        ("booking", "booked time", "date_time", r"was .* made"),
        ("pupil", "age", "number", r"how old"),
        ("part", "stock", "number", r"stock|how many of"),
        ("ticket", "fitting time", "date_time", r"is the fitting for"),
        ("repair", "visit time", "date_time", r"is the visit for"),
        ("patient", "last visit", "date", r"was .*'s last visit"),
        ("course", "published time", "date_time", r"was .*published"),
        ("lesson", "length minutes", "duration_minutes", r"^(?!.*the length).*how long"),
        ("lesson", "length", "duration_minutes", r"^(?!.*the length).*how long"),
    ],
)
def test_a_field_is_asked_after_in_its_own_words(noun: str, field: str, facet: str, pattern: str) -> None:
    said = _said(noun, field, facet)
    assert all(re.search(pattern, text, re.IGNORECASE) for text in said), said


def test_what_is_promised_for_a_day_is_asked_for_as_when() -> None:
    asked = [(q, a) for ask, _, q, a in _asked() if ask.field == "promised for"]
    assert not [q for q, _ in asked if "the promised for" in q]
    assert all("promised for on" not in a for _, a in asked)


def test_when_a_system_noted_something_is_not_asked() -> None:
    assert not [ask for ask, *_ in _asked(("look_up", "recall", "compare")) if "login" in ask.field]
    assert not [ask for ask, *_ in _asked(("look_up", "recall", "compare")) if ask.field == "creation date"]


def test_a_field_that_repeats_the_name_is_not_asked_for() -> None:
    for ask, reply, _, answer in _asked():
        record = reply.records[0]
        if ask.noun == "keeper" and "gp" in ask.field.lower():
            name = f"{record['firstName']} {record['lastName']}"
            assert record["gpName"] != name, answer


def test_one_of_several_is_said_in_the_singular() -> None:
    assert [one_of_them(many) for many in ("children", "motorbikes", "foot passengers")] == [
        "child", "motorbike", "foot passenger",
    ]  # fmt: skip


def test_a_price_per_anything_is_a_price() -> None:
    assert (rate("price per metre"), unitless("price per metre")) == ("a metre", "price")


def test_so_many_grams_are_told_as_kilograms() -> None:
    assert [in_units("weight grams", value) for value in (480, 4800, 12000)] == ["480 g", "4.8 kg", "12 kg"]


def test_the_days_of_people_are_not_compared() -> None:
    for ask, reply, question, _ in _asked(("compare",)):
        assert ask.noun != "keeper" or ask.field_facet not in ("date", "date_time"), (question, reply)


@pytest.mark.parametrize(
    ("value", "said"),
    [("operational", "operational"), ("missed", "been missed"), ("in_transit", "in transit"), ("no_show", ""),
     ("occupied", "occupied"), ("part_paid", "part paid"), ("on_loan", "on loan"), ("draft", "draft")],
)  # fmt: skip
def test_how_a_thing_stands_follows_it_is(value: str, said: str) -> None:
    assert standing(value) == said


def test_free_places_are_asked_for_and_not_their_number_per_size() -> None:
    thing = "Get the number of free cages per size on a day"
    paths = {**PATHS, "/free": {"get": {**PATHS["/free"]["get"], "summary": thing}}}
    tools = [tool for tool in described("Shelter", paths).tools if "enquired" in tool.hints]
    assert "free cages" in [tool.hints["enquired"]["thing"] for tool in tools]
