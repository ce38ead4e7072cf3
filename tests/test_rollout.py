"""The loop of a user, an assistant and a world: what is carried out, what is given back, where it stops."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
import pytest
from tests.made import toolset

from callsmith.check.run import run_checks
from callsmith.ports import drive
from callsmith.recipes.grounded import definition
from callsmith.records import (
    Assistant,
    Call,
    Conversation,
    Message,
    Reply,
    System,
    ToolMessage,
    User,
    WorldState,
)
from callsmith.rollout import Limits, Rollout, Task, refusal, rollout
from callsmith.row import encode, from_row, to_row
from callsmith.world.inferred.world import InferredWorld

TODOIST = toolset("todoist")
LISTING = next(
    tool for tool in TODOIST.tools if tool.effect == "list" and not tool.parameters.get("required")
)
OFFERED = [definition(tool) for tool in TODOIST.tools if tool.effect in ("list", "create")]


USUAL = Limits()


def talk(
    said: Sequence[str], replies: Sequence[Reply], limits: Limits = USUAL
) -> tuple[Rollout, InferredWorld]:
    """A rollout whose two sides say what is given, the last of it over and over."""
    world = InferredWorld(TODOIST, 7)
    spoken, answered = list(said), list(replies)

    async def user(messages: Sequence[Message]) -> str:
        return spoken.pop(0) if len(spoken) > 1 else spoken[0]

    async def assistant(messages: Sequence[Message]) -> Reply:
        return answered.pop(0) if len(answered) > 1 else answered[0]

    return drive(rollout(Task(OFFERED, "Be brief.", 3), world, user, assistant, limits)), world


def call(name: str, **arguments: object) -> Call:
    return Call("theirs", name, arguments)


def test_calls_are_carried_out_in_order_and_get_ids_of_their_own() -> None:
    both = Reply(calls=[call(LISTING.name), call(LISTING.name)])
    made, _ = talk(["what is there?", ""], [both, Reply("A few things.")])
    assert made.ended == "done"
    kinds = [type(message) for message in made.messages]
    assert kinds == [System, User, Assistant, ToolMessage, ToolMessage, Assistant]
    asked = made.messages[2]
    assert isinstance(asked, Assistant) and asked.train
    assert len({each.id for each in asked.calls}) == 2
    assert [m.call_id for m in made.messages if isinstance(m, ToolMessage)] == [c.id for c in asked.calls]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (call("todoist_launch"), "There is no tool named todoist_launch"),
        (Call("x", LISTING.name, '{"filter": '), "not a JSON object"),
        (call(LISTING.name, colour="red"), "colour"),
    ],
)
def test_a_call_that_cannot_be_made_is_given_back_and_not_learnt(wrong: Call, told: str) -> None:
    replies = [Reply(calls=[wrong]), Reply(calls=[call(LISTING.name)]), Reply("Here they are.")]
    made, world = talk(["show me", ""], replies)
    assert made.ended == "done"
    assert [m.train for m in made.messages if isinstance(m, Assistant)] == [False, True, True]
    answer = next(m for m in made.messages if isinstance(m, ToolMessage))
    assert answer.error and told in str(answer.value)
    state = WorldState("inferred", 7, TODOIST.hash, world.now, world.digest(), world.digest())
    row = Conversation(OFFERED, made.messages, kind="single", world=state)
    judged = {verdict.check: verdict for verdict in run_checks(row, TODOIST)}
    for name in ("structure", "schema", "grounding", "execution", "coherence", "kind"):
        assert judged[name].outcome == "pass", judged[name]


def test_the_same_call_is_a_fault_where_it_is_to_be_learnt() -> None:
    made, world = talk(["show me", ""], [Reply(calls=[call("todoist_launch")]), Reply("Here.")])
    learnt = [Assistant(m.text, m.calls) if isinstance(m, Assistant) else m for m in made.messages]
    row = Conversation(
        OFFERED,
        learnt,
        world=WorldState("inferred", 7, TODOIST.hash, world.now, world.digest(), world.digest()),
    )
    judged = {verdict.check: verdict.outcome for verdict in run_checks(row, TODOIST)}
    assert judged["schema"] == "fail"


def test_a_tool_of_the_world_that_is_not_offered_is_not_called() -> None:
    hidden = next(t for t in TODOIST.tools if t.effect == "delete")
    made, world = talk(["go", ""], [Reply(calls=[call(hidden.name)]), Reply("I can't do that.")])
    assert refusal(OFFERED, call(hidden.name)) is not None
    assert not world.changes() and made.ended == "done"


@pytest.mark.parametrize(
    ("replies", "ended"),
    [
        ([Reply(calls=[call("nothing")])], "invalid"),
        ([Reply(calls=[call(LISTING.name)])], "steps"),
        ([Reply(" ")], "silent"),
        ([Reply("and on and on", finish="length")], "endless"),
        ([Reply("Yes?")], "turns"),
    ],
)
def test_every_talk_ends(replies: Sequence[Reply], ended: str) -> None:
    made, _ = talk(["more"], replies, Limits(turns=3, steps=4, corrections=2))
    assert made.ended == ended
    assert len(made.messages) <= 2 + 3 * 2 * 5


def nested(deep: int) -> dict[str, object]:
    value: dict[str, object] = {}
    for _ in range(deep):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    "odd",
    [
        call(LISTING.name, label=nested(400)),
        call(LISTING.name, limit=10**30),
        call(LISTING.name, label="half \ud800"),
        call("half \ud800"),
        Call("x", LISTING.name, '{"label": "\ud800"'),
    ],
)
def test_what_no_row_can_hold_is_no_call(odd: Call) -> None:
    made, _ = talk(["show me", ""], [Reply(calls=[odd]), Reply(calls=[call(LISTING.name)]), Reply("Here.")])
    assert made.ended == "done"
    assert [m.train for m in made.messages if isinstance(m, Assistant)] == [False, True, True]
    row = Conversation(OFFERED, made.messages)
    assert from_row(orjson.loads(encode(to_row(row)))).messages == tuple(made.messages), (
        "it is written and read"
    )


def test_no_arguments_are_none() -> None:
    made, _ = talk(["show me", ""], [Reply(calls=[Call("x", LISTING.name, "")]), Reply("Here.")])
    asked = next(m for m in made.messages if isinstance(m, Assistant) and m.calls)
    assert asked.train and asked.calls[0].arguments == {}
