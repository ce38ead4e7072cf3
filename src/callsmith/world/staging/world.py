"""The HTTP world: operations of one's own staging API, called for real, recorded, and read-only unless allowed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import structs

from callsmith import seeds
from callsmith.config_http import Staging
from callsmith.errors import SourceError
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
from callsmith.schema import first_error
from callsmith.seeds import Rng
from callsmith.world.inferred.pointing import first
from callsmith.world.inferred.world import InferredWorld
from callsmith.world.journal import Journal, Replayed, digest, only_reads
from callsmith.world.staging.building import SAFE_METHODS, Unsendable, method_of, request_of
from callsmith.world.staging.client import Answer, client
from callsmith.world.staging.exploring import Explored, explore
from callsmith.world.staging.standing import Standing

FORBIDDEN = "forbidden"  # the hint of a tool that may be offered and is never called
Noted = Callable[[int, int], bytes]  # slot, attempt -> the Tape an earlier run kept, as JSON, or nothing


def forbidden(tool: Tool, staging: Staging) -> bool:
    """Whether a tool may not be called: it may change something, and only reading is allowed."""
    if not method_of(tool):
        return True
    return staging.allow == "read" and (method_of(tool) not in SAFE_METHODS or not only_reads(tool))


def fenced(toolset: Toolset, staging: Staging) -> Toolset:
    """The toolset in which no plan calls what may not be called; such tools can still be offered."""
    tools = tuple(
        structs.replace(
            tool,
            confidence=0.0,
            reasons=(*tool.reasons, f"not called: http allows {staging.allow} only"),
            hints={**tool.hints, FORBIDDEN: True},
        )
        if forbidden(tool, staging)
        else tool
        for tool in toolset.tools
    )
    if not any(tool.confidence for tool in tools):
        raise SourceError(
            "no operation may be called", where=toolset.name, hint="allow: write, or describe what reads"
        )
    encoded = msgspec.json.encode(tools, order="sorted")
    return structs.replace(toolset, tools=tools, hash=seeds.identity("fenced", toolset.hash, encoded))


def explored(toolset: Toolset, staging: Staging) -> Explored:
    """What the API holds now.

    Raises:
        SourceError: it cannot be reached, or every listing is refused.
    """
    tools = {tool.name: tool for tool in toolset.tools}
    dates: list[str] = []

    def ask(call: Call) -> Result:
        answer = asked(tools[call.name], call, staging)
        dates.append(answer.date)
        return Result(call.id, answer.value, answer.error)

    found, calls = explore(toolset, ask)
    if calls and all(item.error for item in calls):
        worst = calls[0]
        told = first(worst.value, "/error/message") or worst.value
        raise SourceError(
            f"nothing can be listed: {worst.name} answers {worst.error}",
            where=staging.base,
            hint=str(told)[:300],
        )
    return Explored(staging.now or _moment(dates), found, calls)


def asked(tool: Tool, call: Call, staging: Staging) -> Answer:
    """What the API answers to a call; what may not or cannot be sent is an error without any request."""
    arguments = call.arguments
    if not isinstance(arguments, Mapping):
        return _refused("invalid_argument", "The arguments are no JSON object.")
    wrong = first_error(tool.parameters, arguments)
    if wrong is not None:
        return _refused("invalid_argument", ": ".join(filter(None, wrong)))
    if forbidden(tool, staging):
        return _refused("not_allowed", f"{call.name} may not be called here.")
    try:
        request = request_of(tool, arguments)
    except Unsendable as error:
        return _refused("invalid_argument", str(error))
    return client(staging).send(request)


def _refused(code: str, message: str) -> Answer:
    return Answer({"error": {"type": code, "message": message}}, code)


def _moment(dates: Sequence[str]) -> str:
    for date in dates:
        try:
            return parsedate_to_datetime(date).isoformat()
        except ValueError:
            continue
    return ""


class HttpWorlds(msgspec.Struct, frozen=True):
    """Worlds of one API. Its calls are journaled; rows are checked against the journal, never by asking again."""

    staging: Staging
    standing: Standing
    noted: Noted | None = None
    kind: str = "http"
    live: bool = True

    def journal(self, slot: int, attempt: int) -> Journal:
        """Empty, or what the run to be replayed noted of the same attempt."""
        noted = self.noted(slot, attempt) if self.noted is not None else b""
        return Journal(msgspec.json.decode(noted, type=Tape).calls if noted else ())

    def make(self, toolset: Toolset, seed: int, journal: Journal, draft: int) -> HttpWorld:
        """A world over the same API."""
        return HttpWorld(toolset, self, seed, journal, draft)

    def rehearse(self, seed: int) -> InferredWorld:
        """A world of the same records that nothing real hangs on, to find out what can be asked here."""
        return InferredWorld(self.standing.populated, seed)

    def again(self, state: WorldState, toolset: Toolset, calls: Sequence[Answered]) -> Replayed:
        """The row's journal as a world."""
        return Replayed(state, toolset, calls)


class HttpWorld:
    """An API's operations in one draft of one attempt. Where only reading is allowed, a process asks nothing twice.

    Its records are those an exploration found, and the people of the scene are those the records tell of. What calls
    change is the API's own affair: ``changes`` is empty, and ``digest`` tells which calls that do not only read were
    answered, and how.
    """

    kind = "http"

    def __init__(self, toolset: Toolset, maker: HttpWorlds, seed: int, journal: Journal, draft: int) -> None:
        self.toolset = toolset
        self.seed = seed
        self.isolation: Literal["per_attempt", "read_only", "serial"] = (
            "read_only" if maker.staging.allow == "read" else "serial"
        )
        self._staging = maker.staging
        self._journal = journal
        self._draft = draft
        self._done: list[tuple[Call, Result]] = []
        self._tools: Mapping[str, Tool] = {tool.name: tool for tool in toolset.tools}
        self._standing = maker.standing

    async def call(self, call: Call) -> Result:
        """What the journal or the API answers. Its errors and its silence are failed results.

        Raises:
            SourceError: the extra is missing, or the environment holds no usable secret.
        """
        tool = self._tools.get(call.name)
        if tool is None:
            return Result(
                call.id,
                _refused("unknown_tool", f"There is no tool named {call.name}.").value,
                "unknown_tool",
            )
        result = self._journal.answer(self._draft, call, lambda: self._asked(tool, call))
        self._done.append((call, result))
        if self.isolation == "serial":
            self._standing.follow(tool, call, result)
        return result

    def _asked(self, tool: Tool, call: Call) -> Result:
        if self.isolation == "serial":
            answer = asked(tool, call, self._staging)
        else:
            answer = self._standing.once(call, lambda: asked(tool, call, self._staging))
        return Result(call.id, answer.value, answer.error)

    def changes(self) -> Sequence[Change]:
        """None: what calls change cannot be looked into."""
        return ()

    def digest(self) -> str:
        return digest(self.kind, self.toolset, self.seed, self._done)

    def records(self, entity: str) -> Sequence[Mapping[str, Json]]:
        """The records of an entity that are known to stand, as the API showed them."""
        return [seen.record for seen in self._standing.of(entity)]

    def scope_of(self, entity: str, record: Mapping[str, Json]) -> Mapping[str, Json]:
        """The arguments that name where a record lies: ``{"owner": …, "repo": …}``."""
        return next((seen.scope for seen in self._standing.of(entity) if seen.record == record), {})

    def invent(self, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None:
        """A value a person might state for the parameter in this scene, or None."""
        return self._inferred.invent(tool, parameter, rng)

    def strangers(self) -> Sequence[Person]:
        """People outside the cast."""
        return self._inferred.strangers()

    @property
    def scene(self) -> Scene:
        return structs.replace(self._inferred.scene, now=self._inferred.now, currency=self._standing.currency)

    @cached_property
    def _inferred(self) -> InferredWorld:
        """A world whose population is what was found: its people, its names, its moment."""
        shown = self._standing.populated
        bare = InferredWorld(shown, self.seed)
        now = self._standing.now
        if not now:
            return bare
        local = datetime.fromisoformat(now).astimezone(ZoneInfo(bare.scene.time_zone))
        return InferredWorld(shown, self.seed, local.isoformat(timespec="seconds"))
