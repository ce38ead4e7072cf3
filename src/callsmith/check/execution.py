"""Replay: the same calls in the same world give the same results and leave the same state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from callsmith.check.reading import Reading
from callsmith.ports import World, drive
from callsmith.records import Json, Toolset, Verdict, WorldState

NAME = "execution"
REPLAYABLE = ("inferred", "python")

Functions = Mapping[str, Callable[..., Any]]


def check(reading: Reading, toolset: Toolset | None, functions: Functions | None = None) -> Verdict:
    """Fail on the first result that replaying does not give, or on another state of the world after all."""
    state = reading.conversation.world
    if state is None:
        return Verdict(NAME, "skipped", "the row names no world")
    if state.kind not in REPLAYABLE:
        return Verdict(NAME, "skipped", f"a world of kind {state.kind} is not replayed")
    if toolset is None:
        return Verdict(NAME, "skipped", "the toolset of the row's world is not at hand")
    if toolset.hash != state.toolset:
        return Verdict(NAME, "skipped", "the toolset has changed since the row was made")
    if state.kind == "python" and not functions:
        return Verdict(NAME, "skipped", "the functions of the row's world are not at hand")
    world = _world(state, toolset, functions or {})
    if world.digest() != state.before:
        return Verdict(NAME, "fail", "the world does not begin as the row says")
    for each in reading.calls:
        result = drive(world.call(each.call))
        if each.result is None:
            return Verdict(NAME, "fail", f"{each.call.name} has no result", each.message)
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


def _world(state: WorldState, toolset: Toolset, functions: Functions) -> World:
    """The world a row names, as it was before the first call."""
    from callsmith.world.inferred.world import InferredWorld
    from callsmith.world.python import PythonWorld

    if state.kind == "python":
        return PythonWorld(toolset, functions, state.seed, state.now)
    return InferredWorld(toolset, state.seed, state.now)


def identical(one: Json, other: Json) -> bool:
    """Whether two results are the same JSON."""
    if one == other:
        return True
    return orjson.dumps(one, option=orjson.OPT_SORT_KEYS) == orjson.dumps(other, option=orjson.OPT_SORT_KEYS)
