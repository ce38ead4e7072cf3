"""What users say: of every request, and of the system prompt it stands under."""

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



# ---------------------------------------------------------------- what users say


def _ids(one: made.Row) -> set[str]:
    """The ids in arguments and results that nobody would say."""
    index = made.index_of(one)
    natural = {
        str(value)
        for group in made.groups(one.conversation)
        for call in group
        for pointer, value in made.leaves(call.arguments)
        if _klass(one, call, pointer) == "natural_key"
    }
    found: set[str] = set()
    for group in made.groups(one.conversation):
        for call in group:
            for pointer, value in made.leaves(call.arguments):
                if _klass(one, call, pointer) == "opaque_id" and isinstance(value, str):
                    found.add(value)
            for item in index.tools[call.name].yields:
                entity = index.entities.get(item.entity)
                id_fields = {f.pointer for f in entity.fields if f.facet == "id"} if entity else set()
                value = made.results(one.conversation)[call.id]
                for at, leaf in made.leaves(value):
                    if isinstance(leaf, str) and any(at.endswith(pointer) for pointer in id_fields):
                        found.add(leaf)
    people = {one.drafted.plan.scene.user.email}
    return {text for text in found - natural - people if len(text) >= 8 and any(c.isdigit() for c in text)}


def _klass(one: made.Row, call: Call, pointer: str) -> str:
    generic = re.sub(r"/[0-9]+(?=/|$)", "/*", pointer)
    inputs = {parameter.pointer: parameter.klass for parameter in made.tool_of(one, call.name).inputs}
    return inputs.get(generic, "")


def test_users_never_say_an_id() -> None:
    for one in made.rows():
        said = " ".join(made.user_texts(one.conversation))
        assert [text for text in sorted(_ids(one)) if text in said] == [], (one.name, said)


def test_users_never_say_what_only_machines_say() -> None:
    stamp = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:")
    for one in made.rows():
        said = " ".join(made.user_texts(one.conversation))
        assert not stamp.search(said), said
        for tool in made.index_of(one).toolset.tools:
            assert tool.name not in said, said
            for parameter in tool.inputs:
                if "_" in parameter.name:
                    assert not re.search(rf"\b{re.escape(parameter.name)}\b", said), said
        assert not re.search(r"[{}\ue000-\ue002▁]|None\b|\bnull\b", said), said


def test_users_never_say_four_words_in_a_row_of_a_description() -> None:
    for one in made.rows():
        taken = {run for tool in made.index_of(one).toolset.tools for run in shingles(words(tool.description), 4)}
        for text in made.user_texts(one.conversation):
            assert [run for run in shingles(words(text), 4) if run in taken] == [], text


# ---------------------------------------------------------------- system prompts


def test_the_system_prompt_says_when_it_is() -> None:
    for one in made.rows():
        system = one.conversation.messages[0]
        assert isinstance(system, System)
        scene = one.drafted.plan.scene
        moment, zone = facts.now_of(system.text)
        assert moment[:16] == scene.now[:16], system.text
        assert zone == scene.time_zone


def test_the_system_prompt_gives_every_ambient_value_used() -> None:
    used = 0
    for one in made.rows():
        system = one.conversation.messages[0]
        assert isinstance(system, System)
        for _, value in ambient_values(one.drafted.plan):
            used += 1
            assert str(value) in system.text, (one.name, value, system.text)
    assert used
