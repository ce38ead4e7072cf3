"""The seams: what a source, a world, a model and a check must offer."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeVar

from callsmith.records import (
    Call,
    Change,
    Conversation,
    Json,
    Parameter,
    Person,
    Place,
    Reply,
    Request,
    Result,
    Scene,
    Skipped,
    Tool,
    Verdict,
)
from callsmith.seeds import Rng

T = TypeVar("T")
Admitted = Callable[[Place], None]  # told of each call to a model that has its place among those in flight


class Source(Protocol):
    """Somewhere tool definitions are read from."""

    def read(self) -> Iterator[Tool | Skipped]: ...


class World(Protocol):
    """Something that executes calls and remembers what they did."""

    kind: str
    isolation: Literal["per_attempt", "read_only", "serial"]

    async def call(self, call: Call) -> Result: ...

    def changes(self) -> Sequence[Change]: ...

    def digest(self) -> str: ...


class PeopledWorld(Protocol):
    """A world a planner can look into: whose records and cast are known before any call."""

    kind: str
    isolation: Literal["per_attempt", "read_only", "serial"]

    async def call(self, call: Call) -> Result: ...

    def changes(self) -> Sequence[Change]: ...

    def digest(self) -> str: ...

    @property
    def scene(self) -> Scene: ...

    def records(self, entity: str) -> Sequence[Mapping[str, Any]]: ...

    def scope_of(self, entity: str, record: Mapping[str, Any]) -> Mapping[str, Json]: ...

    def invent(self, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None: ...

    def strangers(self) -> Sequence[Person]: ...


class Model(Protocol):
    """Something that answers chat requests; a journal wraps any of them.

    Raises:
        ModelError: no answer can be had: what was refused, where, and what to do.
    """

    async def complete(self, request: Request, place: Place) -> Reply: ...


class Check(Protocol):
    """A judge of one aspect of a conversation."""

    async def __call__(self, conversation: Conversation) -> Sequence[Verdict]: ...


def drive(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never suspends, without an event loop.

    Raises:
        RuntimeError: the coroutine awaited something that is not ready.
    """
    try:
        coroutine.send(None)
    except StopIteration as stop:
        value: T = stop.value
        return value
    coroutine.close()
    raise RuntimeError("an embedded part suspended; it must answer at once")
