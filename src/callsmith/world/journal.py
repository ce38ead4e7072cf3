"""What calls to a world that is not ours gave, kept so that it can be given again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, Protocol

import orjson
from msgspec import structs

from callsmith import seeds
from callsmith.ports import PeopledWorld, World
from callsmith.records import Answered, Call, Change, Result, Tool, Toolset, WorldState

READING = ("read", "list", "search", "compute")  # effects that leave a world as it is


class Journal:
    """The calls of one attempt, each known by its draft, its place in it, and what was asked.

    ``before`` is what an earlier making of the same attempt was given: a call found there is not made again.
    """

    def __init__(self, before: Sequence[Answered] = ()) -> None:
        self.calls: list[Answered] = []
        self._before: dict[int, list[Answered]] = {}
        self._made: dict[int, int] = {}
        for item in before:
            self._before.setdefault(item.draft, []).append(item)

    def pass_on(self, draft: int, to: int) -> None:
        """Let a draft be answered as an earlier one was, for as long as it asks the same."""
        self._before[to] = [structs.replace(item, draft=to) for item in self.calls if item.draft == draft]

    def answer(self, draft: int, call: Call, ask: Callable[[], Result]) -> Result:
        """What the call gave before, or what ``ask`` gives now."""
        place = self._made.get(draft, 0)
        self._made[draft] = place + 1
        known = self._before.get(draft, [])[place : place + 1]
        if known and known[0].name == call.name and known[0].arguments == call.arguments:
            result = Result(call.id, known[0].value, known[0].error)
        else:
            result = ask()
        self.calls.append(Answered(draft, call.name, call.arguments, result.value, result.error))
        return result


class Maker(Protocol):
    """Where the worlds of a toolset come from, when they are not inferred from its tools.

    ``live``: its calls go to something that is not ours. They are journaled, and nothing is tried on it beforehand.
    """

    @property
    def kind(self) -> str: ...

    @property
    def live(self) -> bool: ...

    def journal(self, slot: int, attempt: int) -> Journal:
        """The journal of an attempt: empty, or what an earlier run noted."""
        ...

    def make(self, toolset: Toolset, seed: int, journal: Journal, draft: int) -> PeopledWorld:
        """The world a draft is bound in, in its first state."""
        ...

    def again(self, state: WorldState, toolset: Toolset, calls: Sequence[Answered]) -> World:
        """The world a row names, as it was before the first call; ``calls`` are those of the row's journal."""
        ...


class Replayed:
    """A world that gives again what a row's journal holds, call by call, and knows nothing else."""

    isolation: Literal["per_attempt", "read_only", "serial"] = "per_attempt"

    def __init__(self, state: WorldState, toolset: Toolset, calls: Sequence[Answered]) -> None:
        self.kind = state.kind
        self.toolset = toolset
        self.seed = state.seed
        self._left = list(calls)
        self._done: list[tuple[Call, Result]] = []

    async def call(self, call: Call) -> Result:
        """What the journal holds for the call; an error of code ``not_journaled`` where it holds nothing."""
        for place, item in enumerate(self._left):
            if item.name == call.name and item.arguments == call.arguments:
                del self._left[place]
                result = Result(call.id, item.value, item.error)
                self._done.append((call, result))
                return result
        return Result(call.id, {"error": {"type": "not_journaled"}}, "not_journaled")

    def changes(self) -> Sequence[Change]:
        """None: what calls change in a world that is not ours cannot be looked into."""
        return ()

    def digest(self) -> str:
        return digest(self.kind, self.toolset, self.seed, self._done)


def digest(kind: str, toolset: Toolset, seed: int, done: Sequence[tuple[Call, Result]]) -> str:
    """Who a world that is not ours is, and what was done to it; no call that only reads moves it."""
    tools: Mapping[str, Tool] = {tool.name: tool for tool in toolset.tools}
    moves = [
        [call.name, call.arguments, result.value]
        for call, result in done
        if not result.error and call.name in tools and not only_reads(tools[call.name])
    ]
    moved = [orjson.dumps(moves, option=orjson.OPT_SORT_KEYS)] if moves else []
    return seeds.identity(kind, toolset.hash, seed, *moved)


def only_reads(tool: Tool) -> bool:
    """Whether a tool leaves its world as it is: as its source declares, else as it is understood."""
    declared = tool.hints.get("read_only")
    return declared if isinstance(declared, bool) else tool.effect in READING
