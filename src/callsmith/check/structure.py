"""The shape of a conversation: roles, order, ids, answered calls, a last word."""

from __future__ import annotations

from collections.abc import Mapping

from callsmith.check.reading import Reading
from callsmith.records import Assistant, System, ToolMessage, User, Verdict

NAME = "structure"


def check(reading: Reading) -> Verdict:
    """Fail on the first message that cannot stand where it stands."""
    messages = reading.messages
    if not messages:
        return Verdict(NAME, "fail", "the conversation is empty")
    open_calls: dict[str, str] = {}
    seen: set[str] = set()
    previous = ""
    for index, message in enumerate(messages):
        fault = ""
        if isinstance(message, System):
            fault = "a system message stands inside the conversation" if index else ""
            previous = "system"
        elif isinstance(message, User):
            fault = _user(message, previous, open_calls)
            previous = "user"
        elif isinstance(message, Assistant):
            fault = _assistant(message, previous, open_calls, seen)
            previous = "assistant"
        elif isinstance(message, ToolMessage):
            fault = _result(message, previous, open_calls)
            previous = "tool"
        if fault:
            return Verdict(NAME, "fail", fault, index)
    return _end(reading, open_calls)


def _user(message: User, previous: str, open_calls: Mapping[str, str]) -> str:
    if not message.text.strip():
        return "the user says nothing"
    if open_calls:
        return f"call {next(iter(open_calls))} is not answered before the user speaks"
    if previous == "user":
        return "two user messages in a row"
    if previous == "tool":
        return "the user speaks although the assistant has not said what came of the calls"
    return ""


def _assistant(message: Assistant, previous: str, open_calls: dict[str, str], seen: set[str]) -> str:
    if previous in ("", "system"):
        return "the assistant speaks before any user"
    if open_calls:
        return f"call {next(iter(open_calls))} is not answered"
    if previous == "assistant":
        return "two assistant messages in a row"
    if not message.calls and not message.text.strip():
        return "the assistant neither speaks nor calls"
    for call in message.calls:
        if not call.id:
            return f"a call of {call.name} has no id"
        if call.id in seen:
            return f"call id {call.id} is used twice"
        if message.train and not isinstance(call.arguments, Mapping):
            return f"the arguments of {call.name} are not a JSON object"
        seen.add(call.id)
        open_calls[call.id] = call.name
    return ""


def _result(message: ToolMessage, previous: str, open_calls: dict[str, str]) -> str:
    if message.call_id not in open_calls:
        return f"a result for {message.call_id or 'no call'} that nothing open asked for"
    name = open_calls.pop(message.call_id)
    if message.name and message.name != name:
        return f"the result of {name} is labelled {message.name}"
    return ""


def _end(reading: Reading, open_calls: Mapping[str, str]) -> Verdict:
    last = reading.messages[-1]
    index = len(reading.messages) - 1
    if open_calls:
        return Verdict(NAME, "fail", f"call {next(iter(open_calls))} is never answered", index)
    if not isinstance(last, Assistant) or last.calls:
        return Verdict(NAME, "fail", "the conversation does not end with the assistant's words", index)
    if not any(isinstance(message, User) for message in reading.messages):
        return Verdict(NAME, "fail", "no user speaks")
    return Verdict(NAME, "pass")
