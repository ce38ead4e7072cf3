"""A small real recipe for the engine's tests: people who add and find notes, some of them saying the same."""

from __future__ import annotations

import asyncio
import os
import signal
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from callsmith import dedup, row, seeds
from callsmith.errors import ModelError
from callsmith.pools import OpenAttempt
from callsmith.records import Assistant, Call, Conversation, Slot, System, ToolMessage, User, Verdict
from callsmith.run import Tried

THINGS = [
    "milk",
    "the lease",
    "Dana's invoice",
    "tram tickets",
    "a quieter fan",
    "chalk",
    "the boiler",
    "paint",
]
WAYS = [
    "add {} to the list",
    "could you put {} down for me",
    "note {} please",
    "remember {} for {}",
    "{} goes on the list",
]
TOOL = {"name": "notes_add", "description": "Adds a note.", "parameters": {"type": "object"}}

begun: list[tuple[int, int]] = []  # attempts that sessions were asked for
most_open: list[int] = []  # of each session: how many attempts were under way at once


class Options(msgspec.Struct, frozen=True):
    """What the tests vary; ``config`` as the engine hands it over."""

    seed: int = 1
    die_at: int = -1
    refuse_at: int = -1  # a session's model refuses from this slot on


def attempt(config: bytes, slot: Slot, number: int) -> bytes:
    """One conversation; every seventh attempt fails a check, and equal requests are likely."""
    options = msgspec.json.decode(config, type=Options)
    rng = seeds.rng(options.seed, slot.index, number, "notes")
    if slot.index == options.die_at:
        os.kill(os.getpid(), signal.SIGKILL)
    thing, other = rng.choice(THINGS), rng.randint(1, 120)
    said = rng.choice(WAYS).format(thing, f"day {other}") + f", number {other}"
    call = Call("call_1", "notes_add", {"text": thing})
    conversation = Conversation(
        tools=(TOOL,),
        messages=(
            System("You keep a list."),
            User(said),
            Assistant(calls=(call,)),
            ToolMessage("call_1", "notes_add", {"id": other, "text": thing}),
            Assistant(f"Noted as {other}."),
        ),
        id=seeds.identity("test", options.seed, slot.index, number),
        kind=slot.kind,
        locale="en",
    )
    verdict = Verdict("structure", "fail" if rng.random() < 1 / 7 else "pass", "a test says so")
    turns = dedup.user_turns(conversation)
    signature = dedup.signature(turns)
    return msgspec.msgpack.encode(
        Tried(
            slot.index,
            number,
            conversation.id,
            slot.kind,
            slot.toolset,
            reason="check:structure" if verdict.outcome == "fail" else "",
            opening=dedup.key(turns[0].lower()),
            skeleton=dedup.key(dedup.skeleton(conversation)),
            signature=signature,
            bands=dedup.bands(signature),
            calls=1,
            turns=1,
            checks=f"structure={verdict.outcome}",
            body=zlib.compress(row.encode(row.to_row(conversation, [verdict])), 1),
        )
    )


@asynccontextmanager
async def session(config: bytes) -> AsyncIterator[OpenAttempt]:
    """The same attempts, many at once and out of order: each waits for some ticks as if for a model."""
    options = msgspec.json.decode(config, type=Options)
    open_now = most = 0

    async def waiting(slot: Slot, number: int) -> bytes:
        nonlocal open_now, most
        begun.append((slot.index, number))
        open_now += 1
        most = max(most, open_now)
        try:
            for _ in range(seeds.number(slot.index, number) % 7):
                await asyncio.sleep(0)
        finally:
            open_now -= 1
        if 0 <= options.refuse_at <= slot.index:
            raise ModelError("no such model", lasting=True)
        return attempt(config, slot, number)

    yield waiting
    most_open.append(most)
    assert not open_now  # whoever leaves has waited for what was under way, or called it off
