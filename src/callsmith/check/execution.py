"""Replay: the same calls in the same world give the same results and leave the same state."""

from __future__ import annotations

from collections.abc import Callable

import orjson

from callsmith.check.arguments import call_fault
from callsmith.check.reading import CallAt, Reading
from callsmith.ports import World, drive
from callsmith.records import Json, Toolset, Verdict, WorldState

NAME = "execution"
Again = Callable[[], World]  # a world not inferred, as it was before a row's first call


def check(reading: Reading, toolset: Toolset | None, again: Again | None = None) -> Verdict:
    """Fail on the first result that replaying does not give, or on another state of the world after all.

    A call that cannot be made (a tool not offered, arguments that do not fit) reaches no world: it has an error.
    ``again`` gives the row's world where it is not one inferred from the toolset: functions to be called again,
    or a journal.
    """
    state = reading.conversation.world
    if state is None:
        return Verdict(NAME, "skipped", "the row names no world")
    if toolset is None:
        return Verdict(NAME, "skipped", "the toolset of the row's world is not at hand")
    if toolset.hash != state.toolset:
        return Verdict(NAME, "skipped", "the toolset has changed since the row was made")
    if state.kind != "inferred" and again is None:
        return Verdict(NAME, "skipped", f"what replays a world of kind {state.kind} is not at hand")
    world = again() if again is not None else _inferred(state, toolset)
    if world.digest() != state.before:
        return Verdict(NAME, "fail", "the world does not begin as the row says")
    for each in reading.calls:
        if each.result is None:
            return Verdict(NAME, "fail", f"{each.call.name} has no result", each.message)
        if _reaches_no_world(each, reading):
            continue
        result = drive(world.call(each.call))
        if result.error == "not_journaled":
            return Verdict(NAME, "fail", f"the journal has no such call of {each.call.name}", each.message)
        if bool(result.error) != each.result.error:
            said = "an error" if result.error else "no error"
            return Verdict(NAME, "fail", f"{each.call.name} gives {said} when replayed", each.result_at)
        if not identical(result.value, each.result.value):
            return Verdict(
                NAME, "fail", f"{each.call.name} gives another result when replayed", each.result_at
            )
    if world.digest() != state.after:
        return Verdict(NAME, "fail", "replaying leaves the world in another state")
    return Verdict(NAME, "pass")


def _reaches_no_world(each: CallAt, reading: Reading) -> bool:
    """Whether a call not to be learnt could not be made, and its result says so."""
    refused = each.result is not None and each.result.error
    return not each.train and refused and bool(call_fault(each, reading))


def _inferred(state: WorldState, toolset: Toolset) -> World:
    from callsmith.world.inferred.world import InferredWorld

    return InferredWorld(toolset, state.seed, state.now)


def identical(one: Json, other: Json) -> bool:
    """Whether two results are the same JSON."""
    if one == other:
        return True
    return orjson.dumps(one, option=orjson.OPT_SORT_KEYS) == orjson.dumps(other, option=orjson.OPT_SORT_KEYS)
