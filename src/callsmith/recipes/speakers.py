"""The two sides of a talk, played by models: a person who follows a plan, and an assistant who never sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec
import orjson
from msgspec import Struct

from callsmith.errors import Unanswered
from callsmith.models.asking import Asking, read_json
from callsmith.prompts import Prompt, render
from callsmith.recipes.dialogue_plan import LANGUAGES, Casting, DialoguePlan, lines, required, said_fault
from callsmith.records import Assistant, Call, Json, Message, Reply, Request, System, ToolMessage, User
from callsmith.row import content_of
from callsmith.text import words

SPOKEN = 1500  # characters of one message of the person's
_TEXT = {"type": "string", "minLength": 1, "maxLength": 4000}
_OPENING = {
    "type": "object",
    "properties": {"message": {"type": "string", "minLength": 1, "maxLength": SPOKEN}},
    "required": ["message"],
    "additionalProperties": False,
}
_TURN = {
    "type": "object",
    "properties": {"done": {"type": "boolean"}, "message": {"type": "string", "maxLength": SPOKEN}},
    "required": ["done", "message"],
    "additionalProperties": False,
}


class Manner(Struct, frozen=True):
    """How both sides are asked."""

    asking: Asking
    prompts: Mapping[str, Prompt]
    corrections: int
    length: int


class Person:
    """Speaks for the person: decides whether the present request is done, and goes on with it or moves on."""

    def __init__(self, plan: DialoguePlan, casting: Casting, manner: Manner) -> None:
        self.at = 0  # the present request
        self.content = False  # the last thing asked for is done
        self._plan = plan
        self._casting = casting
        self._manner = manner
        self._said: list[str] = []

    async def speak(self, messages: Sequence[Message]) -> str:
        """The person's next message; "" when nothing is left.

        Raises:
            ModelError: no answer can be had.
            Unanswered: nothing that a person would say was answered.
        """
        if not self._said:
            answer = await self._ask("agents/opening", _OPENING, self._values())
        else:
            values = self._values()
            values |= {"talk": heard(messages), "next": self._text(self.at + 1)}
            answer = await self._ask("agents/turn", _TURN, values)
        self.content = bool(answer.get("done"))
        if self.content:
            self.at += 1
            if self.at >= len(self._plan.requests):
                return ""
        said = str(answer["message"]).strip()
        self._said.append(said)
        return said

    async def _ask(self, name: str, schema: Mapping[str, Any], values: Mapping[str, Json]) -> Json:
        manner = self._manner
        request = Request(render(manner.prompts[name], values), schema=schema, max_tokens=manner.length)
        left = 4 * (len(self._plan.requests) - self.at)
        return await manner.asking.ask_json(
            "user", request, fault=self._fault, corrections=manner.corrections, left=left
        )

    def _fault(self, answer: Json) -> str:
        last = self.at + 1 >= len(self._plan.requests)
        if answer.get("done") and last:
            return ""
        casting = self._casting
        wrong = said_fault(answer["message"], casting.tools, casting.locale)
        if wrong:
            return f"the message {wrong}"
        repeated = any(words(answer["message"]) == words(said) for said in self._said)
        return "the message was said before" if repeated else ""

    def _values(self) -> dict[str, Json]:
        casting, wanted = self._casting, self._plan.requests[self.at]
        return {
            "person": casting.person,
            "persona": casting.persona,
            "disposition": casting.disposition,
            "language": LANGUAGES[casting.locale],
            "scenario": self._plan.scenario,
            "present": wanted.text,
            "withheld": wanted.withheld or "nothing",
        }

    def _text(self, at: int) -> str:
        return self._plan.requests[at].text if at < len(self._plan.requests) else "nothing"


def heard(messages: Sequence[Message]) -> str:
    """A talk as the person knows it: what was said, not what was called."""
    told = [
        f"{'you' if isinstance(message, User) else 'assistant'}: {message.text}"
        for message in messages
        if isinstance(message, User | Assistant) and message.text
    ]
    return "\n".join(told)


class Player:
    """Speaks for the assistant, from the conversation and the tools alone."""

    def __init__(
        self,
        tools: Sequence[Mapping[str, Json]],
        locale: str,
        calling: Literal["native", "form"],
        thoughts: bool,
        manner: Manner,
    ) -> None:
        self._tools = tools
        self._locale = locale
        self._calling = calling
        self._thoughts = thoughts
        self._manner = manner

    async def answer(self, messages: Sequence[Message]) -> Reply:
        """What the assistant says or calls next.

        Raises:
            ModelError: no answer can be had.
            Unanswered: whatever it says is in another language, or speaks of tools as a program does.
        """
        reply = await (self._natively if self._calling == "native" else self._in_a_form)(messages)
        kept = reply.reasoning if self._thoughts else ""
        return msgspec.structs.replace(reply, reasoning=kept)

    async def again(self, messages: Sequence[Message], wrong: str) -> str:
        """Its last message in other words, without what is wrong with it; "" where none are found.

        Raises:
            ModelError: no answer can be had.
        """
        form, told = (self._form(), True) if self._calling == "form" else ("", False)
        sent = {
            "role": "user",
            "content": f"That answer does not do: {wrong}\nGive the answer anew, in words.",
        }
        request = Request(
            [self._system(messages, form), *chat(messages, told=told), sent],
            () if told else self._tools,
            schema=_only({"act": _only({"say": _TEXT})}) if told else None,
            max_tokens=self._manner.length,
        )
        reply = await self._manner.asking.ask("assistant", request)
        text = reply.text
        if request.schema is not None:
            value, unfit = read_json(reply, request.schema)
            text = "" if unfit else value["act"]["say"]
        usable = not reply.calls and reply.finish != "length" and not self._wrong(text)
        return text.strip() if usable else ""

    def _form(self) -> str:
        return render(self._manner.prompts["agents/form"], {"tools": lines(self._tools)})[-1]["content"]

    async def _natively(self, messages: Sequence[Message]) -> Reply:
        manner = self._manner
        system = self._system(messages)
        request = Request([system, *chat(messages)], self._tools, max_tokens=manner.length)
        wrong = ""
        for _ in range(manner.corrections + 1):
            reply = await manner.asking.ask("assistant", request, left=3)
            wrong = self._wrong(reply.text)
            if not wrong or reply.finish == "length":
                return reply
            told = f"That answer {wrong}. Answer again."
            sent = [{"role": "assistant", "content": reply.text}, {"role": "user", "content": told}]
            request = msgspec.structs.replace(request, messages=[*request.messages, *sent])
        raise Unanswered(f"assistant: the answer {wrong}")

    async def _in_a_form(self, messages: Sequence[Message]) -> Reply:
        manner = self._manner
        system = self._system(messages, self._form())
        request = Request(
            [system, *chat(messages, told=True)], schema=form_schema(self._tools), max_tokens=manner.length
        )
        answer = await manner.asking.ask_json(
            "assistant", request, fault=self._form_fault, corrections=manner.corrections, left=3
        )
        act = answer["act"]
        calls = [Call("", each["name"], each["arguments"]) for each in act.get("calls", ())]
        return Reply(act.get("say") or act.get("ask") or "", calls=calls)

    def _system(self, messages: Sequence[Message], form: str = "") -> dict[str, str]:
        own = [message.text for message in messages[:1] if isinstance(message, System)]
        guide = render(self._manner.prompts["agents/assistant"], {})[-1]["content"]
        return {"role": "system", "content": "\n\n".join([guide, *([form] if form else []), *own])}

    def _wrong(self, text: str) -> str:
        return said_fault(text, self._tools, self._locale, blank=True)

    def _form_fault(self, answer: Json) -> str:
        act = answer["act"]
        if "calls" in act:
            return ""
        wrong = said_fault(act.get("say") or act.get("ask") or "", self._tools, self._locale)
        return f"the answer {wrong}" if wrong else ""


def form_schema(tools: Sequence[Mapping[str, Json]]) -> dict[str, Any]:
    """The form in which an assistant without tool calling answers, asks, or calls."""
    each = [
        _only({"name": {"const": tool["name"]}, "arguments": tool.get("parameters") or {"type": "object"}})
        for tool in tools
    ]
    calls = {"type": "array", "minItems": 1, "maxItems": 6, "items": {"anyOf": each}}
    forms = [_only({"calls": calls}), _only({"say": _TEXT})]
    needed = sorted({name for tool in tools for name in required(tool)})
    if needed:
        missing = {"type": "array", "minItems": 1, "maxItems": 6, "items": {"type": "string", "enum": needed}}
        forms.insert(1, _only({"ask": _TEXT, "missing": missing}))
    return _only({"act": {"anyOf": forms}})  # some servers take no alternatives at the top


def _only(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def chat(messages: Sequence[Message], *, told: bool = False) -> list[dict[str, Json]]:
    """Messages as a chat request has them, without the system prompt; ``told``: calls and results as plain text."""
    out: list[dict[str, Json]] = []
    for message in messages:
        if isinstance(message, User):
            out.append({"role": "user", "content": message.text})
        elif isinstance(message, Assistant) and told and not message.calls:
            out.append(
                {"role": "assistant", "content": orjson.dumps({"act": {"say": message.text}}).decode()}
            )
        elif isinstance(message, Assistant) and told:
            calls = [{"name": call.name, "arguments": call.arguments} for call in message.calls]
            out.append({"role": "assistant", "content": orjson.dumps({"act": {"calls": calls}}).decode()})
        elif isinstance(message, Assistant):
            said: dict[str, Json] = {"role": "assistant", "content": message.text}
            if message.calls:
                said["tool_calls"] = [_called(call) for call in message.calls]
            out.append(said)
        elif isinstance(message, ToolMessage):
            out.append(_result(message, told, out))
    return out


def _called(call: Call) -> dict[str, Json]:
    given = call.arguments if isinstance(call.arguments, str) else orjson.dumps(call.arguments).decode()
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": given}}


def _result(message: ToolMessage, told: bool, before: list[dict[str, Json]]) -> dict[str, Json]:
    content = content_of(message.value)
    if not told:
        return {"role": "tool", "tool_call_id": message.call_id, "content": content}
    line = f"Result of {message.name}: {content}"
    if before and before[-1].get("role") == "user" and str(before[-1]["content"]).startswith("Result of "):
        line = f"{before.pop()['content']}\n{line}"  # roles alternate: results of one message are one message
    return {"role": "user", "content": line}
