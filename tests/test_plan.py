"""Plans: where their arguments come from, what they use, what they ask, what would do as well."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

import made
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from callsmith import facts, flow, row, seeds
from callsmith.check.run import CHECKS
from callsmith.config import Config, Toolkit
from callsmith.errors import PlanUnfit
from callsmith.language.prompts import ambient_values
from callsmith.language.requests import request
from callsmith.language.grammar import Spoken, finish, unmarked
from callsmith.language.voicing import Voicing
from callsmith.language.replies import answered
from callsmith.language.telling import Teller
from callsmith.meaning import Act, Ambient, Ask, Bound, Fixed, Listed, Pick, Plan, Reply, Round, Source, Stated, Step, Written
from callsmith.plan.asking import contains
from callsmith.plan.draft import Draft, needed
from callsmith.plan.known import known
from callsmith.plan.planner import OPENINGS, fits_kind, plan_rounds
from callsmith.ports import drive
from callsmith.recipes import grounded
from callsmith.recipes.without import substitutes
from callsmith.records import (
    Assistant,
    Call,
    Composed,
    Default,
    Derived,
    Found,
    Given,
    Json,
    Kind,
    Nowhere,
    Offer,
    Said,
    Slot,
    System,
    ToolMessage,
    User,
)
from callsmith.text import shingles, words
from callsmith.world.inferred.world import InferredWorld

READS = ("read", "list", "search", "compute")

# ---------------------------------------------------------------- where arguments come from


def test_every_argument_comes_from_somewhere() -> None:
    for one in made.rows():
        for group in made.groups(one.conversation):
            for call in group:
                origins = one.conversation.provenance[call.id]
                assert set(origins) == {pointer for pointer, _ in made.leaves(call.arguments) if pointer}
                assert not [p for p, o in origins.items() if isinstance(o, Nowhere)], (one.name, call)


def sources(step: Step) -> Iterator[tuple[str, Source]]:
    """The symbolic source of each argument leaf by concrete pointer."""
    for pointer, source in step.arguments.items():
        if isinstance(source, Listed):
            for index, item in enumerate(source.items):
                yield pointer.replace("*", str(index), 1), item
        else:
            yield pointer.replace("*", "0", 1), source


AGREEING: dict[type, tuple[type, ...]] = {
    Pick: (Found, Said),
    Stated: (Said, Derived, Given, Found),
    Ambient: (Given, Default),
    Written: (Composed, Said, Found),  # a reply's subject stands in the mail it answers
    Fixed: (Default,),
}


def test_computed_origins_agree_with_the_plan() -> None:
    compared = 0
    for one in made.rows():
        for bound in [b for turn in one.drafted.trace.groups for group in turn for b in group]:
            origins = one.conversation.provenance[bound.call.id]
            for pointer, source in sources(bound.step):
                for leaf, origin in origins.items():
                    if leaf == pointer or leaf.startswith(pointer + "/"):
                        compared += 1
                        agreed = isinstance(origin, AGREEING[type(source)])
                        assert agreed, (one.name, bound.call.name, leaf, source, origin)
    assert compared > 300


def test_what_a_plan_picks_is_found_in_the_result_it_names() -> None:
    for one in made.rows():
        bounds = {b.step.id: b for turn in one.drafted.trace.groups for group in turn for b in group}
        for bound in bounds.values():
            earlier = {call for call in bounds if call < bound.step.id or len(call) < len(bound.step.id)}
            for pointer, source in sources(bound.step):
                if isinstance(source, Pick):
                    assert source.step in earlier
                    shown = [leaf for _, leaf in made.leaves(bounds[source.step].result.value) if leaf is not None]
                    value = [leaf for at, leaf in made.leaves(bound.call.arguments) if at == pointer]
                    assert value and value[0] in shown, (one.name, pointer)


def _told(one: made.Row, call: Call) -> bool:
    """Whether a later answer says something a result shows, or that it shows nothing."""
    messages = one.conversation.messages
    at = next(i for i, m in enumerate(messages) if isinstance(m, ToolMessage) and m.call_id == call.id)
    value = made.results(one.conversation)[call.id]
    said = " ".join(m.text for m in messages[at:] if isinstance(m, Assistant)).lower()
    texts = [str(leaf).lower() for _, leaf in made.leaves(value) if isinstance(leaf, str) and len(leaf) >= 3]
    nothing = not any(isinstance(leaf, str) for _, leaf in made.leaves(value))
    return nothing or any(text in said for text in texts)


def test_every_result_but_the_last_is_used_or_told() -> None:
    for one in made.rows():
        calls = [call for group in made.groups(one.conversation) for call in group]
        used = {source for call in calls for source in made.calls_found(one.conversation, call)}
        for group in made.groups(one.conversation)[:-1]:
            for call in group:
                writes = made.tool_of(one, call.name).effect not in READS
                assert call.id in used or writes or _told(one, call), (one.name, call)


# ---------------------------------------------------------------- asking


def _asked(one: made.Row) -> tuple[int, int]:
    """The index of the assistant's question and of the user's answer to it."""
    messages = one.conversation.messages
    answer = [index for index, m in enumerate(messages) if isinstance(m, User)][1]
    return answer - 1, answer


def _missing_values(one: made.Row) -> list[Json]:
    return [v for item in one.drafted.plan.rounds[1].ask.details for v in item.values if v is not None]


def _rows_that_ask() -> list[made.Row]:
    return [one for one in made.rows() if one.slot.kind == "missing_parameter"]


def test_what_is_missing_is_asked_for_and_then_used() -> None:
    for one in _rows_that_ask():
        question, answer = _asked(one)
        asked = one.conversation.messages[question]
        assert isinstance(asked, Assistant) and asked.text and not asked.calls
        origins = one.conversation.provenance
        used = [place for call in origins.values() for o in call.values() for place in made.places(o)]
        assert any(isinstance(place, Said) and place.message == answer for place in used), one.name


def test_what_is_missing_stands_nowhere_before_the_answer() -> None:
    for one in _rows_that_ask():
        question, _ = _asked(one)
        before = [m.text for m in one.conversation.messages[:question] if isinstance(m, System | User)]
        for value in _missing_values(one):
            if isinstance(value, str):
                known = [re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text, re.I) for text in before]
                assert not any(known), (one.name, value, before)


TELLABLE = ("email", "phone", "username", "person", "key", "number_key", "id")


def test_what_is_missing_cannot_be_looked_up() -> None:
    for one in _rows_that_ask():
        item = one.drafted.plan.rounds[1].ask.details[0]
        if item.facet not in TELLABLE:
            continue
        index = made.index_of(one)
        world = made.world_of(one)
        for name in one.drafted.plan.offer.tools:
            tool = index.tools[name]
            if tool.effect not in ("list", "search"):
                continue
            for value in _missing_values(one):
                for found in tool.yields:
                    shown = index.shown.get((name, found.entity), frozenset())
                    for record in world.records(found.entity):
                        told = [at for at, leaf in made.leaves(record) if leaf == value and _generic(at) in shown]
                        assert not told, (one.name, value, name, told)


def _generic(pointer: str) -> str:
    return re.sub(r"/[0-9]+(?=/|$)", "/*", pointer)


# ---------------------------------------------------------------- alternatives


def test_alternatives_do_equally_in_the_rows_world() -> None:
    seen = 0
    for one in made.rows():
        own = [call for group in made.groups(one.conversation) for call in group]
        offered = {tool["name"] for tool in one.conversation.tools}
        for others in one.conversation.alternatives:
            seen += 1
            assert [call.id for call in others] == [call.id for call in own]
            changed = [call for call, mine in zip(others, own, strict=True) if call != mine]
            assert len(changed) == 1, one.name
            assert {call.name for call in others} <= offered
            world = made.world_of(one)
            values = {}
            for call in others:
                result = drive(world.call(call))
                assert not result.error, (one.name, call, result)
                values[call.id] = result.value
            assert one.conversation.world is not None
            assert world.digest() == one.conversation.world.after
            _hold_what_was_taken(one, own, changed[0].id, values)
    assert seen >= 5


def _hold_what_was_taken(one: made.Row, own: list[Call], swapped: str, values: dict[str, Json]) -> None:
    shown = {str(leaf) for _, leaf in made.leaves(values[swapped])}
    for call in own:
        arguments = dict(made.leaves(call.arguments))
        for pointer, origin in one.conversation.provenance[call.id].items():
            if isinstance(origin, Found) and origin.call == swapped:
                assert str(arguments[pointer]) in shown, (one.name, pointer)
