"""Rows the default recipe makes of the built-in toolkits, with the plans they came from, made once a process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import get_args

import msgspec
from msgspec import Struct

from callsmith import sources
from callsmith.catalog import builtin
from callsmith.check.expect import Expectation
from callsmith.check.grounding import provenance
from callsmith.check.reading import flatten
from callsmith.check.run import run_checks
from callsmith.errors import PlanUnfit
from callsmith.language.voice import Worded
from callsmith.meaning import Ask, Listed, Reply, Round, Source, Step
from callsmith.plan.known import Known, known
from callsmith.recipes import grounded
from callsmith.records import (
    Assistant,
    Call,
    Composed,
    Conversation,
    Derived,
    Found,
    Given,
    Json,
    Kind,
    Origin,
    Said,
    Slot,
    Tool,
    ToolMessage,
    Toolset,
    User,
    Verdict,
)
from callsmith.world.inferred.world import InferredWorld
from callsmith.world.journal import Journal

KINDS: tuple[Kind, ...] = get_args(Kind)
TOOLKITS = (*builtin.names(), "jira+gmail")
SEEDS = (101, 102)
TRIES = 4


class Row(Struct, frozen=True):
    """A conversation, the plan and words it was made of, and what every check says of it."""

    slot: Slot
    number: int
    drafted: grounded.Drafted
    worded: Worded
    conversation: Conversation
    verdicts: Sequence[Verdict]

    @property
    def failed(self) -> str:
        return next((f"{v.check}: {v.reason}" for v in self.verdicts if v.outcome == "fail"), "")

    @property
    def name(self) -> str:
        return f"{self.slot.toolset} {self.slot.kind} {self.slot.index}.{self.number}"


def toolset(name: str) -> Toolset:
    return sources.named(name).toolset


@lru_cache(maxsize=2)
def parts(thoughts: bool = False) -> grounded.Parts:
    """What a run over every toolkit shares; with thoughts, a smaller one."""
    kits, seeds = (("gmail", "todoist", "stripe"), SEEDS[:1]) if thoughts else (TOOLKITS, SEEDS)
    wanted = [(kit, seed, kind) for kit in kits for seed in seeds for kind in KINDS]
    slots = [Slot(index, kind, kit, seed) for index, (kit, seed, kind) in enumerate(wanted)]
    return grounded.Parts(
        20260303, {kit: toolset(kit) for kit in kits}, slots, ("en-GB", "en-US"), thoughts, (3, 12)
    )


def tried(shared: grounded.Parts, slot: Slot, number: int) -> Row | None:
    """One try at a slot; None when no plan binds."""
    try:
        drafted, worded = grounded.made(shared, slot, number, Journal())
    except PlanUnfit:
        return None
    untraced = grounded.row(shared, slot, drafted, worded)
    traced = provenance(untraced, shared.toolsets[slot.toolset])
    conversation = msgspec.structs.replace(untraced, provenance=traced)
    expected = [[bound.call for bound in group] for item in drafted.trace.groups for group in item]
    verdicts = run_checks(conversation, shared.toolsets[slot.toolset], Expectation(calls=expected))
    return Row(slot, number, drafted, worded, conversation, verdicts)


@lru_cache(maxsize=2)
def attempts(thoughts: bool = False) -> tuple[Row, ...]:
    """Every attempt that gave a conversation, up to the first of its slot that passes all checks."""
    shared = parts(thoughts)
    out: list[Row] = []
    for slot in shared.slots:
        for number in range(TRIES):
            row = tried(shared, slot, number)
            if row is not None:
                out.append(row)
                if not row.failed:
                    break
    return tuple(out)


@lru_cache(maxsize=2)
def rows(thoughts: bool = False) -> tuple[Row, ...]:
    """The first attempt of each slot that passes all checks."""
    return tuple(row for row in attempts(thoughts) if not row.failed)


def index_of(row: Row) -> Known:
    return known(parts().toolsets[row.slot.toolset])


def world_of(row: Row) -> InferredWorld:
    """A fresh world in the state the row began in."""
    return InferredWorld(parts().toolsets[row.slot.toolset], row.slot.seed)


def tool_of(row: Row, name: str) -> Tool:
    return index_of(row).tools[name]


def first_request(conversation: Conversation) -> str:
    return next(message.text for message in conversation.messages if isinstance(message, User))


def user_texts(conversation: Conversation) -> list[str]:
    return [message.text for message in conversation.messages if isinstance(message, User)]


def groups(conversation: Conversation) -> list[Sequence[Call]]:
    """The calls of the conversation, those that go out together in one group."""
    return [m.calls for m in conversation.messages if isinstance(m, Assistant) and m.calls]


def results(conversation: Conversation) -> dict[str, Json]:
    return {m.call_id: m.value for m in conversation.messages if isinstance(m, ToolMessage)}


def leaves(value: Json) -> Iterator[tuple[str, Json]]:
    """The leaves of a JSON value with their concrete pointers."""
    yield from flatten(value)


def places(origin: Origin) -> Sequence[Said | Found | Given]:
    """The places an origin rests on."""
    if isinstance(origin, Said | Found | Given):
        return [origin]
    if isinstance(origin, Composed):
        return origin.facts
    return origin.of if isinstance(origin, Derived) else []


def calls_found(conversation: Conversation, call: Call) -> set[str]:
    """The earlier calls whose results an argument of this call comes from."""
    origins = conversation.provenance[call.id].values()
    return {place.call for origin in origins for place in places(origin) if isinstance(place, Found)}


def sources_of(step: Step) -> Iterator[tuple[str, Source]]:
    """The symbolic source of each argument leaf by concrete pointer."""
    for pointer, source in step.arguments.items():
        if isinstance(source, Listed):
            for index, item in enumerate(source.items):
                yield pointer.replace("*", str(index), 1), item
        else:
            yield pointer.replace("*", "0", 1), source


def rounds() -> Iterator[tuple[Row, Round, Ask | None]]:
    """Every round of every row with the request before it."""
    for row in rows():
        before: Ask | None = None
        for turn in row.drafted.plan.rounds:
            yield row, turn, before
            before = turn.ask


def replies(reply: Reply) -> Iterator[Reply]:
    """A reply and those said with it."""
    yield reply
    for other in reply.also:
        yield from replies(other)


def asks(ask: Ask) -> Iterator[Ask]:
    """A request and those made with it."""
    yield ask
    for other in ask.also:
        yield from asks(other)
