"""A world in which a model plays the tools that nothing else executes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

import msgspec
import orjson

from callsmith.models.asking import Asking
from callsmith.ports import World
from callsmith.prompts import Prompt, render
from callsmith.records import Answered, Call, Change, Json, Request, Result, Scene, Tool, Toolset
from callsmith.schema import valid
from callsmith.world.journal import digest
from callsmith.world.told import Told, changes

KIND = "model"
EARLIER = 8000  # characters of earlier calls and results that are shown to who plays
_ERROR = {
    "type": "object",
    "properties": {
        "code": {"type": "string", "minLength": 1, "maxLength": 40},
        "message": {"type": "string", "minLength": 1, "maxLength": 300},
    },
    "required": ["code", "message"],
    "additionalProperties": False,
}


class Playing(msgspec.Struct, frozen=True):
    """How a model is asked to play tools."""

    asking: Asking
    prompt: Prompt  # of values: company, moment, tool, earlier, call
    corrections: int = 2
    length: int = 1200  # tokens of one result
    locale: str = "en-GB"


class ModelWorld:
    """Tools executed by another world, and some that a model plays; one memory holds what both have told.

    A played result satisfies the tool's return schema. Of a record told before it tells the same, unless a call
    since may have changed it: contradictions are put right, and what cannot be put right is sent back.
    """

    isolation: Literal["per_attempt", "read_only", "serial"] = "per_attempt"

    def __init__(
        self,
        toolset: Toolset,
        seed: int,
        inner: World,
        scene: Scene,
        played: Collection[str],
        playing: Playing,
        *,
        kind: str = KIND,
    ) -> None:
        self.toolset = toolset
        self.seed = seed
        self.scene = scene
        self._inner = inner
        self._played = frozenset(played)
        self._playing = playing
        self._tools: Mapping[str, Tool] = {tool.name: tool for tool in toolset.tools}
        self._told = Told()
        self._done: list[tuple[Call, Result]] = []
        self._answers: dict[bytes, Result] = {}
        self._own = kind
        self.kind = inner.kind  # ``kind`` once a model has played

    async def call(self, call: Call) -> Result:
        """What the other world gives, or the model.

        Raises:
            ModelError: no answer can be had.
            Unanswered: no answer is a result of the tool that agrees with what was told.
        """
        tool = self._tools.get(call.name)
        if tool is None or call.name not in self._played or not isinstance(call.arguments, Mapping):
            result = await self._inner.call(call)
        else:
            result = await self._play(tool, call, call.arguments)
        self._done.append((call, result))
        if tool is not None and isinstance(call.arguments, Mapping) and not result.error:
            self._told.take(tool, call.arguments, result.value)
            if changes(tool):
                self._answers.clear()
        return result

    def changes(self) -> Sequence[Change]:
        """Of what is executed; what is played changes nothing that could be looked into."""
        return self._inner.changes()

    def digest(self) -> str:
        if self.kind != self._own:
            return self._inner.digest()
        return digest(self._own, self.toolset, self.seed, self._done)

    def before(self) -> str:
        """The digest of this world before its first call, as the kind of world it turned out to be."""
        return digest(self._own, self.toolset, self.seed, ())

    def answered(self) -> list[Answered]:
        """Everything asked so far and what it gave, as a journal keeps it."""
        return [
            Answered(0, call.name, call.arguments, result.value, result.error) for call, result in self._done
        ]

    async def _play(self, tool: Tool, call: Call, arguments: Mapping[str, Json]) -> Result:
        self.kind = self._own
        key = orjson.dumps([call.name, arguments], option=orjson.OPT_SORT_KEYS)
        known = self._answers.get(key)
        if known is not None:
            return Result(call.id, known.value, known.error)
        playing = self._playing
        values = {
            "company": self.scene.company,
            "moment": self.scene.now,
            "tool": _described(tool),
            "earlier": self._earlier(),
            "call": {"name": call.name, "arguments": arguments},
        }
        request = Request(
            render(playing.prompt, values), schema=answer_schema(tool.returns), max_tokens=playing.length
        )

        def fault(told: Json) -> str:
            if "error" in told["answer"]:
                return ""
            value = self._told.repaired(tool, arguments, told["answer"]["result"])
            wrong = self._told.fault(tool, arguments, value)
            if not wrong and tool.returns and not valid(tool.returns, value):
                return "what was told of these records before does not fit the form: tell of others"
            return wrong

        told = await playing.asking.ask_json("tool", request, fault=fault, corrections=playing.corrections)
        result = self._result(call, tool, arguments, told["answer"])
        if not changes(tool):
            self._answers[key] = result
        return result

    def _result(self, call: Call, tool: Tool, arguments: Mapping[str, Json], answer: Json) -> Result:
        if "error" in answer:
            return Result(call.id, {"error": answer["error"]}, str(answer["error"]["code"]))
        return Result(call.id, self._told.repaired(tool, arguments, answer["result"]))

    def _earlier(self) -> str:
        lines: list[str] = []
        room = EARLIER
        for call, result in reversed(self._done):
            line = orjson.dumps({"call": call.name, "arguments": call.arguments, "result": result.value})
            room -= len(line)
            if room < 0:
                break
            lines.append(line.decode())
        return "\n".join(reversed(lines)) or "none"


def answer_schema(returns: Mapping[str, Any]) -> dict[str, Any]:
    """The form of a played answer: a result as the tool returns it, or an error."""
    result = dict(returns) if returns else {"type": "object"}

    def only(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {name: schema},
            "required": [name],
            "additionalProperties": False,
        }

    return only("answer", {"anyOf": [only("result", result), only("error", _ERROR)]})


def _described(tool: Tool) -> dict[str, Json]:
    return {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
