"""The Python world: tools that are functions, executed for real."""

from __future__ import annotations

import asyncio
import inspect
import math
import os
import re
import threading
import typing
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from functools import lru_cache
from typing import Any, Literal

import msgspec

from callsmith import seeds
from callsmith.ports import drive
from callsmith.records import (
    Answered,
    Call,
    Change,
    Json,
    Parameter,
    Person,
    Result,
    Scene,
    Tool,
    Toolset,
    WorldState,
)
from callsmith.schema import first_error
from callsmith.seeds import Rng
from callsmith.world.inferred.world import InferredWorld
from callsmith.world.journal import Journal
from callsmith.world.mcp_results import is_error
from callsmith.world.staging.exploring import Explored, explore
from callsmith.world.staging.standing import Standing

Function = Callable[..., Any]
Fresh = Callable[[str, int], Mapping[str, Function]]  # of a moment and a seed


_LOOKING = ("list", "search", "read")  # a calculator may keep what it was given, and who would know
PATIENCE = 2  # times a function may take too long before nobody calls it again
_HUNG: dict[Function, int] = {}


class PythonWorlds(msgspec.Struct, frozen=True):
    """Worlds of functions at hand. They are called again to replay, so nothing of them is journaled.

    ``fresh`` gives them as they are when their module has just been loaded; ``standing`` is what they then hold, and
    ``told`` what their modules read that a world lays down: its clock, its chances.
    """

    functions: Mapping[str, Function]
    timeout: float = 0.0
    kind: str = "python"
    live: bool = False
    fresh: Fresh | None = None
    standing: Standing | None = None
    told: frozenset[str] = frozenset()
    moving: bool = False  # what they hold follows the clock: appointments of today

    def journal(self, slot: int, attempt: int) -> Journal:
        return Journal()

    def make(self, toolset: Toolset, seed: int, journal: Journal, draft: int) -> PythonWorld:
        """Another world over the same functions."""
        return self._world(toolset, seed, None)

    def again(self, state: WorldState, toolset: Toolset, calls: Sequence[Answered]) -> PythonWorld:
        """The world of a row, its functions to be called again."""
        return self._world(toolset, state.seed, state.now)

    def _world(self, toolset: Toolset, seed: int, now: str | None) -> PythonWorld:
        standing = self.standing
        if self.moving and self.fresh is not None:
            now = now or InferredWorld(toolset, seed).scene.now
            standing = _standing(toolset, self.fresh, now, self.timeout)
        return PythonWorld(
            toolset, self.functions, seed, now,
            timeout=self.timeout, fresh=self.fresh, standing=standing, told=self.told,
        )  # fmt: skip


MOMENTS = ("2026-03-02T09:00:00+00:00", "2027-08-19T15:00:00+00:00")  # any two, to see what a clock changes


def worlds_of(
    toolset: Toolset,
    functions: Mapping[str, Function],
    fresh: Fresh,
    timeout: float = 0.0,
    told: frozenset[str] = frozenset(),
) -> PythonWorlds:
    """Worlds of functions whose records, where some list them, have been looked at beforehand."""
    bare = PythonWorlds(functions, timeout, fresh=fresh, told=told)
    if not any(tool.entity and tool.effect in ("list", "search") for tool in toolset.tools):
        return bare
    here = _standing(toolset, fresh, MOMENTS[0], timeout)
    moving = "clock" in told and here.held != _standing(toolset, fresh, MOMENTS[1], timeout).held
    return msgspec.structs.replace(bare, standing=here, moving=moving)


_STANDING: dict[tuple[str, str], Standing] = {}


def _standing(toolset: Toolset, fresh: Fresh, now: str, timeout: float) -> Standing:
    """What the functions hold at a moment."""
    key = (toolset.hash, now)
    if key not in _STANDING:
        looking = PythonWorld(toolset, fresh(now, 0), timeout=timeout)
        found, calls = explore(toolset, lambda call: drive(looking.call(call)))
        _STANDING[key] = Standing(toolset, Explored(records=found, calls=calls))
    return _STANDING[key]


class PythonWorld:
    """Functions behind a toolset's tools. What they keep is theirs and cannot be looked into.

    ``functions`` maps tool names to callables, as ``FunctionSource.callables`` gives them. The scene, and what
    people in it would say, is that of an inferred world over the same toolset. With a ``timeout`` in seconds a call
    that takes longer is a failed result, and a function that did so twice is not called any more; its threads are left
    behind, since nothing can stop them. Without one, a function that blocks holds up the attempt.
    """

    kind = "python"

    def __init__(
        self,
        toolset: Toolset,
        functions: Mapping[str, Function],
        seed: int = 0,
        now: str | None = None,
        isolation: Literal["per_attempt", "read_only", "serial"] = "serial",
        *,
        timeout: float = 0.0,
        fresh: Fresh | None = None,
        standing: Standing | None = None,
        told: frozenset[str] = frozenset(),
    ) -> None:
        self.timeout = timeout
        self._fresh = fresh
        self._told = told
        self._standing = standing.anew() if standing is not None else None
        self.toolset = toolset
        self.functions = functions
        self.seed = seed
        self.isolation = "per_attempt" if fresh is not None else isolation
        self._tools: Mapping[str, Tool] = {tool.name: tool for tool in toolset.tools}
        self._inferred = InferredWorld(standing.populated if standing is not None else toolset, seed, now)

    @property
    def scene(self) -> Scene:
        return msgspec.structs.replace(self._inferred.scene, now=self._inferred.now)

    async def call(self, call: Call) -> Result:
        """Runs the function of the call's name. A function that raises gives a failed result."""
        tool = self._tools.get(call.name)
        function = self.functions.get(call.name)
        if tool is None or function is None:
            return _refused(call, "unknown_tool", f"There is no tool named {call.name}.")
        if not isinstance(call.arguments, Mapping):
            return _refused(call, "invalid_argument", "The arguments are no JSON object.")
        wrong = first_error(tool.parameters, call.arguments)
        if wrong is not None:
            return _refused(call, "invalid_argument", ": ".join(filter(None, wrong)))
        try:
            arguments = converted(function, call.arguments)
        except msgspec.ValidationError as error:
            return _refused(call, "invalid_argument", str(error))
        if self._fresh is not None and (self._told or tool.effect not in _LOOKING):
            # What it changes is changed for nobody else, and its clock and its chances are those of this world.
            self.functions, self._fresh = self._fresh(self.scene.now, self.seed), None
            function = self.functions[call.name]
        try:
            value = self._run(call.name, function, arguments)
        except (
            Exception,
            SystemExit,
        ) as error:  # the boundary to code that is not ours: what it raises is its answer
            return _refused(call, snake(type(error).__name__), str(error), type(error).__name__)
        result = _answered(call, value)
        if self._standing is not None:
            self._standing.follow(tool, call, result)
        return result

    def _run(self, name: str, function: Function, arguments: Mapping[str, Any]) -> Any:
        """What the function gives, its time limited where a limit is declared."""
        if not self.timeout:
            return _ran(name, function, arguments)
        if _HUNG.get(function, 0) >= PATIENCE:
            raise TimeoutError(f"{name} took too long {PATIENCE} times and is not called any more")
        answer: Future[Any] = Future()

        def work() -> None:
            try:
                answer.set_result(_ran(name, function, arguments))
            except BaseException as error:  # handed to whoever waits; nobody else could see it
                answer.set_exception(error)

        threading.Thread(target=work, name=f"callsmith-{name}", daemon=True).start()
        try:
            return answer.result(self.timeout)
        except TimeoutError:
            if answer.done():
                raise  # the function's own
            _HUNG[function] = _HUNG.get(function, 0) + 1
            raise TimeoutError(f"{name} took longer than {self.timeout:g} s") from None

    def changes(self) -> Sequence[Change]:
        """None: what functions change, if anything, is theirs."""
        return ()

    def digest(self) -> str:
        """Who this world is; no call moves it, since nothing of what functions keep can be seen."""
        return seeds.identity("python", self.toolset.hash, self.seed)

    def records(self, entity: str) -> Sequence[Mapping[str, Json]]:
        """Those that the functions were seen to list; without a look beforehand none."""
        return [seen.record for seen in self._standing.of(entity)] if self._standing is not None else ()

    def scope_of(self, entity: str, record: Mapping[str, Json]) -> Mapping[str, Json]:
        seen = self._standing.of(entity) if self._standing is not None else ()
        return next((item.scope for item in seen if item.record == record), {})

    def invent(self, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None:
        """A value a person might state for the parameter in this scene, or None."""
        return self._inferred.invent(tool, parameter, rng)

    def strangers(self) -> Sequence[Person]:
        """People outside the cast."""
        return self._inferred.strangers()


def _ran(name: str, function: Function, arguments: Mapping[str, Any]) -> Any:
    value = function(**arguments)
    return _awaited(value) if inspect.iscoroutine(value) else value


def converted(function: Function, arguments: Mapping[str, Json]) -> dict[str, Any]:
    """JSON arguments as the function's hints want them: enumerations, dataclasses, dates.

    Raises:
        msgspec.ValidationError: a value is none of its hint.
    """
    hints = _hints(function)
    return {
        name: msgspec.convert(value, hints[name], dec_hook=_model) if name in hints else value
        for name, value in arguments.items()
    }


@lru_cache(maxsize=1024)
def _hints(function: Function) -> Mapping[str, Any]:
    """The hints msgspec can convert to; other arguments are handed over as they came."""
    usable = {}
    for name, hint in typing.get_type_hints(function, include_extras=True).items():
        try:
            msgspec.json.schema(hint, schema_hook=_known)
        except TypeError:
            continue
        usable[name] = hint
    return usable


def _known(kind: Any) -> dict[str, Any]:
    """Of a class that can be made from plain values, as pydantic's models can, anything will do for a schema."""
    if not hasattr(kind, "model_validate"):
        raise TypeError(f"{kind} cannot be made from plain values")
    return {"type": "object"}


def _model(kind: Any, value: Any) -> Any:
    """A model made from plain values.

    Raises:
        ValueError: they are none of it.
    """
    return kind.model_validate(value)


def _plain(value: Any) -> Any:
    """The plain values of a model.

    Raises:
        TypeError: it is no model.
    """
    if not hasattr(value, "model_dump"):
        raise TypeError(f"{type(value).__name__} has no JSON")
    return value.model_dump(mode="json")


def _awaited(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine gives, however long it waits: all of a process wait on one loop, as what they share needs."""
    loop = _LOOPS.get(os.getpid())
    if loop is None:
        loop = _LOOPS[os.getpid()] = asyncio.new_event_loop()
        threading.Thread(target=loop.run_forever, name="callsmith-waiting", daemon=True).start()
    return asyncio.run_coroutine_threadsafe(coroutine, loop).result()


_LOOPS: dict[int, asyncio.AbstractEventLoop] = {}


def _answered(call: Call, value: Any) -> Result:
    """What a function returned, as JSON; what has no JSON is an error."""
    try:
        plain = msgspec.to_builtins(value, str_keys=True, order="deterministic", enc_hook=_plain)
        msgspec.json.encode(plain)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        message = f"the result of type {type(value).__name__} cannot be written as JSON: {error}"
        return _refused(call, "unserializable", message)
    if not _finite(plain):
        return _refused(call, "unserializable", "the result holds a number that JSON has no way to write")
    return Result(call.id, plain, "failed" if is_error(plain) else "")


def _finite(value: Json) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, Mapping):
        return all(_finite(item) for item in value.values())
    return not isinstance(value, list) or all(_finite(item) for item in value)


def _refused(call: Call, code: str, message: str, name: str = "") -> Result:
    return Result(call.id, {"error": {"type": name or code, "message": message}}, code)


def snake(name: str) -> str:
    """``ZeroDivisionError`` -> ``zero_division_error``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
