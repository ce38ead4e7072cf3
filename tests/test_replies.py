"""What assistants say: answers, and thoughts before they call."""

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



# ---------------------------------------------------------------- thoughts


def test_only_messages_that_call_carry_reasoning_and_only_when_asked_for() -> None:
    assert not any(m.reasoning for one in made.rows() for m in one.conversation.messages if isinstance(m, Assistant))
    thinking = made.rows(True)
    assert thinking
    for one in thinking:
        for message in one.conversation.messages:
            if isinstance(message, Assistant):
                assert bool(message.reasoning) == bool(message.calls), one.name


def test_reasoning_knows_nothing_that_comes_later() -> None:
    for one in made.rows(True):
        known = ""
        later = [
            [str(leaf) for _, leaf in made.leaves(m.value) if isinstance(leaf, str) and len(leaf) >= 5]
            if isinstance(m, ToolMessage)
            else []
            for m in one.conversation.messages
        ]
        for index, message in enumerate(one.conversation.messages):
            if isinstance(message, Assistant) and message.reasoning:
                thought = message.reasoning
                coming = {text for texts in later[index:] for text in texts}
                assert not [t for t in coming if t.lower() in thought.lower() and t not in known], (one.name, thought)
                for mention in facts.mentions(thought, one.drafted.plan.scene.now):
                    tools = {tool["name"] for tool in one.conversation.tools}
                    counted = mention.kind in ("ordinal", "number")
                    assert mention.text in known or mention.text in tools or counted, thought
                assert not re.search(r"[{}]|  |\.\.|^[,.;:]", thought), thought
            known += _text(message)


def _text(message: object) -> str:
    if isinstance(message, ToolMessage):
        return msgspec.json.encode(message.value).decode()
    if isinstance(message, Assistant):
        return message.text + msgspec.json.encode([call.arguments for call in message.calls]).decode()
    return message.text if isinstance(message, System | User) else ""
