"""The MCP world: tools of a live server, called for real, journaled, and kept from what they must not touch."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from multiprocessing.util import Finalize
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from callsmith.config_mcp import Server
from callsmith.errors import PlanUnfit, SourceError
from callsmith.mcp_client import Connection, Refused, ServerGone
from callsmith.records import (
    Answered,
    Call,
    Change,
    Json,
    Parameter,
    Person,
    Result,
    Scene,
    Tape,
    Tool,
    Toolset,
    WorldState,
)
from callsmith.sandbox import Sandbox, moved
from callsmith.schema import first_error
from callsmith.seeds import Rng
from callsmith.world.inferred.world import InferredWorld
from callsmith.world.journal import Journal, Replayed, digest, only_reads
from callsmith.world.mcp_results import read
from callsmith.world.scene import scene_among
from callsmith.world.staging.exploring import Explored, explore
from callsmith.world.staging.standing import Standing

CLOCK = "now"  # what is journaled as a call of no tool: the moment a draft takes place
Noted = Callable[[int, int], bytes]  # slot, attempt -> the Tape an earlier run kept, as JSON, or nothing

_CODE = re.compile(r"\b(?:commits?|git|repositor(?:y|ies)|source code|pull requests?)\b", re.IGNORECASE)
MOST_CALLS = 24  # of one attempt, abandoned drafts included: calls take time, and may cost
PATIENCE = 2  # times a tool may hang, or the server fail to start, before nobody asks again


class MCPWorlds(msgspec.Struct, frozen=True):
    """Worlds of one server. Its calls are journaled; rows are checked against the journal, never by asking again."""

    server: Server
    noted: Noted | None = None
    kind: str = "mcp"
    live: bool = True

    def journal(self, slot: int, attempt: int) -> Journal:
        """Empty, or what the run to be replayed noted of the same attempt."""
        noted = self.noted(slot, attempt) if self.noted is not None else b""
        return Journal(msgspec.json.decode(noted, type=Tape).calls if noted else ())

    def make(self, toolset: Toolset, seed: int, journal: Journal, draft: int) -> MCPWorld:
        """A world in its first state. Nothing is started before the first call that no journal answers."""
        return MCPWorld(toolset, self.server, seed, journal, draft)

    def again(self, state: WorldState, toolset: Toolset, calls: Sequence[Answered]) -> Replayed:
        """The row's journal as a world."""
        return Replayed(state, toolset, calls)


class KeepingWorlds(msgspec.Struct, frozen=True):
    """Worlds of a server that keeps records, which were found before the first conversation."""

    bare: MCPWorlds
    standing: Standing
    kind: str = "mcp"
    live: bool = True

    def journal(self, slot: int, attempt: int) -> Journal:
        return self.bare.journal(slot, attempt)

    def make(self, toolset: Toolset, seed: int, journal: Journal, draft: int) -> MCPWorld:
        """A world over the same records. Where all attempts share one state, what calls change is followed."""
        shared = self.bare.server.isolation == "serial"
        standing = self.standing if shared else self.standing.anew()
        return MCPWorld(toolset, self.bare.server, seed, journal, draft, standing)

    def rehearse(self, seed: int) -> InferredWorld:
        """A world of the same records that nothing real hangs on, to find out what can be asked here."""
        return InferredWorld(self.standing.populated, seed)

    def again(self, state: WorldState, toolset: Toolset, calls: Sequence[Answered]) -> Replayed:
        """The row's journal as a world."""
        return self.bare.again(state, toolset, calls)


def surveyed(toolset: Toolset, server: Server) -> Explored:
    """The records a server lists now.

    Raises:
        SourceError: it cannot be started.
    """
    tools = {tool.name: tool for tool in toolset.tools}
    here = house(server)

    def ask(call: Call) -> Result:
        return Result(call.id, *here.call(tools[call.name], _object(call.arguments)))

    with here.lock:
        here.put_in_order()
        here.tenant = None
        found, calls = explore(toolset, ask)
    return Explored(server.now, found, calls)


@lru_cache(maxsize=64)
def house(server: Server) -> House:
    """The one place of a process in which a server lives."""
    made = House(server)
    Finalize(None, made.close, exitpriority=1)  # unlike atexit, it also runs where a worker process ends
    return made


class House:
    """A server with its sandbox. One world lives in it at a time."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.tenant: object = None
        self.lock = threading.Lock()  # toolsets that share a server have threads of their own
        self._connection: Connection | None = None
        self._sandbox: Sandbox | None = None
        self._moved = False  # something that does not only read was called since it was put in order
        self._hung: dict[str, int] = {}
        self._broken: list[SourceError] = []

    def call(self, tool: Tool, arguments: Mapping[str, Json]) -> tuple[Json, str]:
        """(value, error code) of a call, its time limited.

        Raises:
            SourceError: the server cannot be started.
        """
        if self._hung.get(tool.name, 0) >= PATIENCE:
            return _failure(f"{tool.name} hung {PATIENCE} times and is not called any more"), "given_up"
        connection = self._open()
        self._moved = self._moved or not only_reads(tool)
        within = self._sandbox.path if self._sandbox else ""
        given = moved(dict(arguments), self.server.shown, within)
        try:
            value, error = read(connection.call(tool.name, given), tool)
        except Refused as refused:
            value, error = _failure(str(refused)), "refused"
        except ServerGone as gone:
            if gone.kind in ("timeout", "gone"):
                self._hung[tool.name] = self._hung.get(tool.name, 0) + 1
                self._shut()
            value, error = _failure(str(gone)), gone.kind
        return moved(value, within, self.server.shown), error

    def forgive(self) -> None:
        """Forget which tools hung: they have only been looked at."""
        self._hung.clear()

    def put_in_order(self) -> None:
        """Make everything as it was at first. A server that may remember what was done to it starts anew."""
        if self._sandbox is None:
            return
        if self._moved and not self.server.stateless:
            self._shut()
        if self._moved or self._sandbox.changed():
            self._sandbox.restore()
        self._moved = False

    def close(self) -> None:
        """Stop the server and remove its sandbox."""
        self._shut()
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None

    def _open(self) -> Connection:
        if self._connection is None:
            if len(self._broken) >= PATIENCE:
                raise self._broken[-1]
            if self._sandbox is None and self.server.sandbox:
                self._sandbox = Sandbox(self.server.sandbox)
            try:
                self._connection = Connection(self.server, self._sandbox.path if self._sandbox else "")
            except SourceError as error:
                self._broken.append(error)
                raise
        return self._connection

    def _shut(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class MCPWorld:
    """A server's tools in one draft of one attempt. What they keep is theirs and cannot be looked into.

    The scene, and what people in it would say, is that of an inferred world over the same toolset, at the moment the
    configuration declares, else at the present one, which is journaled.
    """

    kind = "mcp"

    def __init__(
        self,
        toolset: Toolset,
        server: Server,
        seed: int,
        journal: Journal,
        draft: int,
        standing: Standing | None = None,
    ) -> None:
        self._standing = standing
        self._shown = standing.populated if standing is not None else toolset
        self.toolset = toolset
        self.server = server
        self.seed = seed
        self.isolation: Literal["per_attempt", "read_only", "serial"] = server.isolation
        self._tools: Mapping[str, Tool] = {tool.name: tool for tool in toolset.tools}
        self._journal = journal
        self._draft = draft
        self._done: list[tuple[Call, Result]] = []

    @cached_property
    def scene(self) -> Scene:
        code = any(_CODE.search(tool.description) for tool in self.toolset.tools) and self._standing is None
        made = scene_among(self.seed, "code") if code else InferredWorld(self._shown, self.seed).scene
        zone = ZoneInfo(made.time_zone)
        if self.server.now:
            now = datetime.fromisoformat(self.server.now).astimezone(zone).isoformat(timespec="seconds")
        else:
            asked = Call("", CLOCK, {"zone": made.time_zone})
            now = str(self._journal.answer(self._draft, asked, lambda: Result("", _present(zone))).value)
        return msgspec.structs.replace(made, now=now)

    async def call(self, call: Call) -> Result:
        """What the journal or the server answers; the server's errors, silence and end are failed results.

        Raises:
            SourceError: the server cannot be started.
            PlanUnfit: the attempt has made enough calls.
        """
        tool = self._tools.get(call.name)
        if tool is None:
            return Result(call.id, _failure(f"There is no tool named {call.name}."), "unknown_tool")
        if not isinstance(call.arguments, Mapping):
            return Result(call.id, _failure("The arguments are no JSON object."), "invalid_argument")
        wrong = first_error(tool.parameters, call.arguments)
        if wrong is not None:
            return Result(call.id, _failure(": ".join(filter(None, wrong))), "invalid_argument")
        if tool.effect == "opaque" or "forbidden" in tool.hints:
            return Result(call.id, _failure(f"{call.name} may not be called here."), "not_allowed")
        if sum(item.name != CLOCK for item in self._journal.calls) >= MOST_CALLS:
            raise PlanUnfit(f"the attempt has made {MOST_CALLS} calls already")
        result = self._journal.answer(self._draft, call, lambda: self._asked(tool, call))
        self._done.append((call, result))
        if self._standing is not None and not only_reads(tool):
            self._standing.follow(tool, call, result)
        return result

    def _asked(self, tool: Tool, call: Call) -> Result:
        here = house(self.server)
        with here.lock:
            if here.tenant is not self:
                here.put_in_order()
                here.tenant = self
                for (
                    earlier,
                    result,
                ) in self._done:  # another world was in between, or a journal answered these
                    if not result.error and not only_reads(self._tools[earlier.name]):
                        here.call(self._tools[earlier.name], _object(earlier.arguments))
            value, error = here.call(tool, _object(call.arguments))
        return Result(call.id, value, error)

    def changes(self) -> Sequence[Change]:
        """None: what a server's tools change is theirs."""
        return ()

    def digest(self) -> str:
        return digest(self.kind, self.toolset, self.seed, self._done)

    def records(self, entity: str) -> Sequence[Mapping[str, Json]]:
        """Those that the server was seen to list; where nothing lists any, nobody can look into it."""
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

    @cached_property
    def _inferred(self) -> InferredWorld:
        return InferredWorld(self._shown, self.seed, self.scene.now)


def _present(zone: ZoneInfo) -> str:
    return datetime.now(zone).isoformat(timespec="seconds")


def _object(arguments: Any) -> Mapping[str, Json]:
    return arguments if isinstance(arguments, Mapping) else {}


def _failure(message: str) -> Json:
    return {"error": {"message": message}}
