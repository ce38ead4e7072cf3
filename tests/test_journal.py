"""Journals: what was answered once is answered again, and a row is replayed from what was kept."""

from __future__ import annotations

from callsmith.check import execution
from callsmith.check.reading import Reading
from callsmith.ports import drive
from callsmith.records import (
    Answered,
    Assistant,
    Call,
    Conversation,
    Result,
    Tool,
    ToolMessage,
    Toolset,
    User,
    WorldState,
)
from callsmith.world.journal import Journal, Replayed, digest

LOOK = Tool("look", "box", "Look into it.", {"type": "object"}, hints={"read_only": True})
PUT = Tool("put", "box", "Put something in.", {"type": "object"}, hints={"read_only": False})
BOX = Toolset("box", [LOOK, PUT], [], "h:1")


def state(after: list[tuple[Call, Result]]) -> WorldState:
    return WorldState(
        "mcp",
        7,
        BOX.hash,
        "2026-03-02T09:00:00+00:00",
        digest("mcp", BOX, 7, []),
        digest("mcp", BOX, 7, after),
    )


def test_what_was_answered_is_answered_again_in_its_draft_and_place() -> None:
    count = iter(range(10))

    def asked(call: Call) -> Result:
        return Result(call.id, next(count))

    one, two = Call("a", "look", {"at": 1}), Call("b", "look", {"at": 2})
    first = Journal()
    given = [
        first.answer(draft, call, lambda call=call: asked(call)) for draft in (0, 1) for call in (one, two)
    ]  # type: ignore[misc]
    assert [item.value for item in given] == [0, 1, 2, 3]
    again = Journal(first.calls)
    assert again.answer(1, one, lambda: asked(one)).value == 2
    assert again.answer(0, one, lambda: asked(one)).value == 0
    assert again.answer(0, one, lambda: asked(one)).value == 4  # another request at this place: asked anew
    assert [(item.draft, item.value) for item in again.calls] == [(1, 2), (0, 0), (0, 4)]


def test_a_row_is_replayed_from_its_journal_and_from_nothing_else() -> None:
    call, result = Call("c1", "put", {"what": "a pear"}), Result("c1", {"in": 1})
    row = Conversation(
        [],
        [
            User("Put a pear in."),
            Assistant(calls=[call]),
            ToolMessage("c1", "put", {"in": 1}),
            Assistant("It's in."),
        ],
        world=state([(call, result)]),
    )
    assert row.world is not None
    world, reading = row.world, Reading(row, BOX)
    kept = [Answered(0, "put", {"what": "a pear"}, {"in": 1})]
    assert execution.check(reading, BOX, lambda: Replayed(world, BOX, kept)).outcome == "pass"
    assert execution.check(reading, BOX).outcome == "skipped"
    other = [Answered(0, "put", {"what": "a pear"}, {"in": 2})]
    assert "another result" in execution.check(reading, BOX, lambda: Replayed(world, BOX, other)).reason
    assert "no such call" in execution.check(reading, BOX, lambda: Replayed(world, BOX, [])).reason


def test_reads_do_not_move_a_world_and_writes_do() -> None:
    before = digest("mcp", BOX, 7, [])
    here = Replayed(state([]), BOX, [Answered(0, "look", {}, 1), Answered(0, "put", {}, 2)])
    drive(here.call(Call("a", "look", {})))
    assert here.digest() == before
    drive(here.call(Call("b", "put", {})))
    assert here.digest() != before
    assert drive(here.call(Call("c", "put", {}))).error == "not_journaled"
