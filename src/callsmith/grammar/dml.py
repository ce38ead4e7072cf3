"""Dialog Markup Language: conversations as text that a model writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from callsmith.errors import nearest
from callsmith.grammar import prose
from callsmith.grammar.dialogue import Form
from callsmith.grammar.measure import BLANK, Measure, Mismatch
from callsmith.grammar.schemas import shape_of
from callsmith.grammar.shapes import Shape, anything
from callsmith.records import Assistant, Call, Json, Message, Schema, System, ToolMessage, User
from callsmith.schema import settle
from callsmith.text import short

WIDEST = Form(thoughts=True)

_TAG = re.compile(r"<(/?[a-z_]+)>")
_NAME = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_SURROGATE = re.compile("[\ud800-\udfff]")


class DmlError(ValueError):
    """No conversation, or one that has no text: what is wrong, and the line and column from 1."""

    def __init__(self, what: str, line: int = 0, column: int = 0) -> None:
        super().__init__(f"line {line}, column {column}: {what}" if line else what)
        self.what = what
        self.line = line
        self.column = column


def read(
    text: str, tools: Sequence[Mapping[str, Json]], form: Form = WIDEST, *, unguided: bool = False
) -> list[Message]:
    """The conversation that a text writes down; calls are named ``call_1``, ``call_2``, … in order.

    A result is an error where it is an object that has one under ``error``.

    ``tools`` are function definitions ``{"name", "description", "parameters"}``. ``unguided`` is for models that write
    without a grammar: it takes the arguments of a call in any order, any white space around tags and the marks of JSON,
    and words without quotation marks.

    Raises:
        DmlError: what is wrong, where, and what was expected, in words to send back to who wrote it.
    """
    if lone := _SURROGATE.search(text):
        raise _error(text, lone.start(), "half of a surrogate pair is no character")
    reader = _Reader(text, tools, form, unguided)
    try:
        return list(reader.messages())
    except prose.Unreadable as unreadable:
        raise _error(text, unreadable.at, unreadable.why) from None


def _error(text: str, at: int, what: str) -> DmlError:
    return DmlError(what, text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1)


class _Reader:
    """Reads one text from its beginning to its end."""

    def __init__(self, text: str, tools: Sequence[Mapping[str, Json]], form: Form, unguided: bool) -> None:
        self.text = text
        self.form = form
        self.free = unguided
        self.at = 0
        self.made = 0  # calls
        self.measure = Measure(text, free=unguided)
        self.tools: dict[str, Shape] = {
            tool["name"]: shape_of({"type": "object", **(tool.get("parameters") or {})}) for tool in tools
        }

    def tag(self) -> str:
        """The tag that comes next, without its brackets; "" where none does."""
        found = _TAG.match(self.text, self.at)
        return found[1] if found else ""

    def enter(self) -> None:
        """Go behind the tag that comes next."""
        found = _TAG.match(self.text, self.at)
        self.at = found.end() if found else self.at
        self.skip()

    def skip(self) -> None:
        """Go behind white space, where it does not matter."""
        if self.free:
            self.at = BLANK.match(self.text, self.at).end()  # type: ignore[union-attr]

    def leave(self) -> None:
        """Go behind the end of a line."""
        if self.free:
            self.skip()
        else:
            self.need("\n")

    def words(self, tag: str) -> str:
        """What one says, whose tag comes next."""
        self.enter()
        said, self.at = prose.read(self.text, self.at, tag, free=self.free)
        self.leave()
        return said

    def stop(self, at: int, what: str) -> prose.Unreadable:
        return prose.Unreadable(at, what)

    def unexpected(self, *expected: str) -> prose.Unreadable:
        """The error of finding something else than one of these."""
        tag = _TAG.match(self.text, self.at)
        found = tag.group() if tag else prose.shown(self.text, self.at)
        return prose.Unreadable(self.at, f"{' or '.join(expected)} was expected, found {found}")

    def messages(self) -> Iterator[Message]:
        users = 0
        self.skip()
        while True:
            most = self.form.users_max
            if self.tag() != "user" or users == most:
                break
            users += 1
            yield User(self.words("user"))
            yield from self.replies()
        if not users:
            raise self.unexpected("<user>")
        if self.at < len(self.text) or users < self.form.users_min:
            if users == self.form.users_max and self.tag() == "user":
                raise self.stop(
                    self.at, f"the user speaks {users} times at most, and the conversation ends here"
                )
            if self.tag() == "" and users < self.form.users_min and not self.text[self.at :].strip():
                raise self.stop(
                    len(self.text),
                    f"the user speaks {users} times only, {self.form.users_min} are needed: <user> was expected",
                )
            raise self.unexpected("<user>", *(["the end"] if users >= self.form.users_min else []))

    def replies(self) -> Iterator[Message]:
        """The assistant's messages and results up to where it has the last word."""
        rounds = 0
        while True:
            thought = words = ""
            if self.form.thoughts and self.tag() == "assistant_thought":
                thought = self.words("assistant_thought")
            if self.tag() == "assistant":
                words = self.words("assistant")
            if self.tag() != "tool":
                if not words:
                    can_think = self.form.thoughts and not thought
                    can_call = bool(self.tools) and rounds < self.form.rounds
                    raise self.unexpected(
                        *(["<assistant_thought>"] if can_think else []),
                        "<assistant>",
                        *(["<tool>"] if can_call else []),
                    )
                yield Assistant(words, (), thought)
                return
            if not self.tools or rounds == self.form.rounds:
                why = f"after {rounds} rounds of calls" if self.tools else "as there are no tools"
                raise self.stop(
                    self.at, f"no call may stand here, {why}: <assistant> was expected, found <tool>"
                )
            rounds += 1
            calls = list(self.calls())
            yield Assistant(words, tuple(calls), thought)
            yield from self.results(calls)

    def calls(self) -> Iterator[Call]:
        count = 0
        while self.tag() == "tool":
            if count == self.form.parallel:
                raise self.stop(
                    self.at,
                    f"at most {count} calls stand together: <tool_response> was expected, found <tool>",
                )
            count += 1
            self.enter()
            yield self.call()

    def call(self) -> Call:
        self.need("{", '"name"', ":", " ")
        name = _NAME.match(self.text, self.at)
        known = [json.dumps(tool, ensure_ascii=False) for tool in self.tools]
        if name is None or name.group() not in known:
            given = (
                name.group()
                if name
                else json.dumps(short(self.text[self.at : self.at + 30]), ensure_ascii=False)
            )
            raise self.stop(self.at, f"no tool is called {short(given)}: {nearest(given, known)}")
        self.at = name.end()
        tool = json.loads(name.group())
        self.need(",", " ", '"arguments"', ":", " ")
        arguments = self.value(self.tools[tool], f"in the arguments of {tool}: ")
        self.need("}", "</tool>")
        self.leave()
        self.made += 1
        return Call(f"call_{self.made}", tool, arguments)

    def results(self, calls: Sequence[Call]) -> Iterator[Message]:
        for number, call in enumerate(calls, start=1):
            if self.tag() != "tool_response":
                more = f"result {number} of {len(calls)}, that of {call.name}, is missing: "
                raise self.stop(self.unexpected("").at, more + self.unexpected("<tool_response>").why)
            self.enter()
            value = self.value(anything(), f"in the result of {call.name}: ")
            self.need("</tool_response>")
            self.leave()
            yield ToolMessage(call.id, call.name, value, isinstance(value, dict) and bool(value.get("error")))

    def need(self, *marks: str) -> None:
        """Go behind these marks."""
        for mark in marks:
            self.skip()
            if self.free and mark == " ":
                continue
            if not self.text.startswith(mark, self.at):
                raise self.unexpected("a line break" if mark == "\n" else "a space" if mark == " " else mark)
            self.at += len(mark)
        self.skip()

    def value(self, shape: Shape, where: str) -> Json:
        try:
            end = self.measure.value(shape, self.at)
        except Mismatch as mismatch:
            found = prose.shown(self.text, mismatch.at)
            expected = " or ".join(mismatch.expected)
            why = f"{mismatch.why}; " if mismatch.why else ""
            raise self.stop(mismatch.at, f"{where}{why}{expected} was expected, found {found}") from None
        value = json.loads(self.text[self.at : end])
        self.at = end
        return value


def write(messages: Sequence[Message], tools: Sequence[Mapping[str, Json]] = ()) -> str:
    """A conversation as text; with ``tools`` arguments stand in the order of their schemas, as ``read`` wants them.

    The text ends with a line break. Ids of calls and what is marked not to be trained on are not written.

    Raises:
        DmlError: the conversation cannot be written: it holds a system message, a blank one, arguments that are no
            object, results that do not follow their calls in order, or text that is not Unicode.
    """
    schemas = {tool["name"]: tool.get("parameters") or {} for tool in tools}
    parts: list[str] = []
    waiting: list[Call] = []
    for index, message in enumerate(messages):
        if waiting and not (isinstance(message, ToolMessage) and message.call_id == waiting[0].id):
            raise DmlError(f"message {index}: the result of {waiting[0].name} should stand here")
        match message:
            case User(text):
                parts.append(_words("user", text, index))
            case Assistant(text, calls, reasoning):
                if reasoning:
                    parts.append(_words("assistant_thought", reasoning, index))
                if text or not calls:
                    parts.append(_words("assistant", text, index))
                parts += [_call_text(call, schemas.get(call.name, {}), index) for call in calls]
                waiting = list(calls)
            case ToolMessage(_, _, value) if waiting:
                waiting = waiting[1:]
                parts.append(f"<tool_response>{_json(value, index)}</tool_response>\n")
            case _:
                kind = "a system message" if isinstance(message, System) else "a result without a call"
                raise DmlError(f"message {index}: {kind} has no place in a dialogue")
    return "".join(parts)


def _words(tag: str, text: str, index: int) -> str:
    if not text.strip():
        raise DmlError(f"message {index}: <{tag}> would be blank")
    if _SURROGATE.search(text):
        raise DmlError(f"message {index}: half of a surrogate pair is no character")
    return f"<{tag}>{prose.written(text)}</{tag}>\n"


def _call_text(call: Call, schema: Schema, index: int) -> str:
    if not isinstance(call.arguments, Mapping):
        raise DmlError(f"message {index}: the arguments of {call.name} are no object")
    arguments = _ordered(call.arguments, schema)
    return f"<tool>{_json({'name': call.name, 'arguments': arguments}, index)}</tool>\n"


def _json(value: Json, index: int) -> str:
    try:
        spelled = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise DmlError(f"message {index}: no JSON: {error}") from error
    if _SURROGATE.search(spelled):
        raise DmlError(f"message {index}: half of a surrogate pair is no character")
    return spelled


def _ordered(value: Json, schema: Schema) -> Json:
    """A value whose properties stand in the order of its schema."""
    if isinstance(value, list):
        items = settle(schema).get("items")
        return [_ordered(one, items if isinstance(items, Mapping) else {}) for one in value]
    if not isinstance(value, Mapping):
        return value
    properties = settle(schema).get("properties")
    known = properties if isinstance(properties, Mapping) else {}
    names = [*(name for name in known if name in value), *(name for name in value if name not in known)]
    return {name: _ordered(value[name], known.get(name, {})) for name in names}
