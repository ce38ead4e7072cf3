"""Asking after one thing or one field of it, and the answers, over an animal shelter with what shelters note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import pytest

from callsmith.errors import PlanUnfit
from callsmith.language.figures_told import told_in_one
from callsmith.meaning import Ask, Reply
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
