"""The judge: a model gives a row points for what no rule can tell, its words and its sense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

import msgspec

from callsmith.config_recipes import Criterion
from callsmith.models.asking import Asking
from callsmith.prompts import Prompt, named, render
from callsmith.records import Assistant, Conversation, Message, Request, System, ToolMessage, User, Verdict

PROMPT = "judge/row"
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)
ANSWER = 1500  # tokens of a verdict, at most
SHOWN = 6000  # characters of one result that are shown; a judge is no reader of long listings

_POINTS = {
    "type": "object",
    "properties": {
        "reason": {"type": "string"},
        "points": {"type": "integer", "minimum": 1, "maximum": 5},
    },
    "required": ["reason", "points"],
    "additionalProperties": False,
}
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": dict.fromkeys(CRITERIA, _POINTS),
    "required": list(CRITERIA),
    "additionalProperties": False,
}


async def judge(
    conversation: Conversation, keep: Mapping[Criterion, int], prompts: Mapping[str, Prompt], asking: Asking
) -> list[Verdict]:
    """One verdict per criterion, ``judge:tool_use`` and so on, with its points (1 to 5) and the judge's reason.

    A criterion fails when its points are below those in ``keep``; one that is not in ``keep`` always passes.

    Raises:
        ModelError: no answer can be had.
        Unanswered: the judge gave no points, however often it was asked.
    """
    messages = render(named(prompts, PROMPT), material(conversation))
    request = Request(messages=messages, schema=SCHEMA, max_tokens=ANSWER, temperature=0.0)
    given = await asking.ask_json("judge", request)
    return [
        Verdict(
            f"judge:{criterion}",
            "fail" if given[criterion]["points"] < keep.get(criterion, 1) else "pass",
            f"{given[criterion]['points']} of 5: {' '.join(given[criterion]['reason'].split())}",
            score=float(given[criterion]["points"]),
        )
        for criterion in CRITERIA
    ]


def material(conversation: Conversation) -> dict[str, str]:
    """What the judge is shown: the tools, and the messages as numbered JSON lines, each with who speaks."""
    lines = [_line(index, message) for index, message in enumerate(conversation.messages)]
    tools = [msgspec.json.encode(tool).decode() for tool in conversation.tools]
    return {"tools": "\n".join(tools), "conversation": "\n".join(lines)}


def _line(index: int, message: Message) -> str:
    return msgspec.json.encode({"message": index, **_shown(message)}).decode()


def _shown(message: Message) -> dict[str, Any]:
    if isinstance(message, System | User):
        return {"from": "system" if isinstance(message, System) else "user", "says": message.text}
    if isinstance(message, ToolMessage):
        text = msgspec.json.encode(message.value).decode()
        cut = (
            text[:SHOWN] + f" … ({len(text) - SHOWN} more characters)" if len(text) > SHOWN else message.value
        )
        return {"from": "tool", "call": message.call_id, "error" if message.error else "result": cut}
    return {"from": "assistant", **_said(message)}


def _said(message: Assistant) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if message.text:
        said["says"] = message.text
    if message.calls:
        said["calls"] = [
            {"id": call.id, "tool": call.name, "arguments": call.arguments} for call in message.calls
        ]
    return said


def points_of(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """The points a row was given, by criterion; empty where nobody judged it."""
    return {
        verdict.check.removeprefix("judge:"): int(verdict.score)
        for verdict in verdicts
        if verdict.check.startswith("judge:") and verdict.score is not None
    }
