"""Rows: what goes out comes back, ours and anyone's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callsmith import row
from callsmith.errors import CallsmithError
from callsmith.records import (
    Assistant,
    Call,
    Composed,
    Conversation,
    Default,
    Derived,
    Found,
    Given,
    Message,
    Nowhere,
    Origin,
    Said,
    System,
    ToolMessage,
    User,
    Verdict,
    WorldState,
)

text = st.text(st.characters(codec="utf-8"), max_size=20)
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)
arguments = st.dictionaries(text, json_values, max_size=3) | st.just('{"broken": ')
calls = st.builds(Call, text.filter(bool), text.filter(bool), arguments)
messages: st.SearchStrategy[Message] = st.one_of(
    st.builds(System, text),
    st.builds(User, text),
    st.builds(Assistant, text, st.lists(calls, max_size=2).map(tuple), text, st.booleans()),
    st.builds(ToolMessage, text.filter(bool), text.filter(bool), json_values, st.booleans()),
)
said = st.builds(Said, st.integers(0, 9), st.tuples(st.integers(0, 9), st.integers(0, 9)))
facts: st.SearchStrategy[Any] = said | st.builds(Found, text, text)
origins: st.SearchStrategy[Origin] = st.one_of(
    said,
    st.builds(Found, text, text),
    st.builds(Given, st.tuples(st.integers(0, 9), st.integers(0, 9))),
    st.builds(Default),
    st.builds(Nowhere),
    st.builds(Composed, st.lists(facts, max_size=2).map(tuple)),
    st.builds(Derived, text, st.lists(facts, max_size=2).map(tuple)),
)
conversations = st.builds(
    Conversation,
    tools=st.lists(
        st.fixed_dictionaries({"name": text.filter(bool), "description": text, "parameters": st.just({})}),
        max_size=2,
    ).map(tuple),
    messages=st.lists(messages, max_size=5).map(tuple),
    id=text,
    kind=text,
    locale=text,
    intent=text,
    provenance=st.dictionaries(text, st.dictionaries(text, origins, max_size=2), max_size=2),
    alternatives=st.lists(st.lists(calls, max_size=2).map(tuple), max_size=2).map(tuple),
    world=st.none() | st.builds(WorldState, text, st.integers(0, 2**63), text, text, text, text),
    lineage=st.dictionaries(text, text, max_size=2),
)


def has_null(value: Any) -> bool:
    if isinstance(value, dict):
        return any(has_null(inner) for inner in value.values())
    if isinstance(value, list):
        return any(has_null(inner) for inner in value)
    return value is None


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(conversations)
def test_a_conversation_comes_back_whole(conversation: Conversation) -> None:
    line = row.encode(row.to_row(conversation))
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    assert row.from_row(orjson.loads(line)) == conversation


@given(conversations)
def test_messages_hold_no_null_but_the_callers_own(conversation: Conversation) -> None:
    for message in row.to_row(conversation)["messages"]:
        assert isinstance(message["content"], str)
        for call in message.get("tool_calls", ()):
            call["function"]["arguments"] = {}
        assert not has_null(message)


@given(json_values)
def test_results_come_back_as_they_were(value: Any) -> None:
    assert row.value_of(row.content_of(value)) == value
    assert type(row.value_of(row.content_of(value))) is type(value)


def test_verdicts_come_back() -> None:
    verdicts = [Verdict("schema", "fail", "no such parameter", 3, 0.5), Verdict("kind", "skipped")]
    assert row.verdicts_of(row.to_row(Conversation((), ()), verdicts)) == verdicts
    assert row.verdicts_of({"messages": []}) == []


def test_foreign_rows_are_read() -> None:
    foreign = {
        "functions": [{"name": "f", "parameters": {}}],
        "messages": [
            {"role": "developer", "content": [{"type": "text", "text": "Be "}, {"type": "text", "text": "brief."}]},
            {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": '{"a": 1}'}},
            {"role": "function", "name": "f", "content": "[1, 2]"},
            {"role": "assistant", "content": None, "weight": 0, "tool_calls": [
                {"id": "x", "type": "function", "function": {"name": "f", "arguments": "{oops"}}]},
            {"role": "tool", "tool_call_id": "x", "content": "plain words"},
        ],
    }  # fmt: skip
    read = row.from_row(foreign)
    assert read.tools == ({"name": "f", "parameters": {}},)
    assert read.messages[0] == System("Be brief.")
    first, second = read.messages[1], read.messages[3]
    assert isinstance(first, Assistant) and first.calls[0].arguments == {"a": 1}
    assert read.messages[2] == ToolMessage(first.calls[0].id, "f", [1, 2])
    assert isinstance(second, Assistant) and second.calls[0].arguments == "{oops" and not second.train
    assert read.messages[4] == ToolMessage("x", "f", "plain words")


def test_messages_and_tools_may_be_json_strings() -> None:
    read = row.from_row({"messages": '[{"role": "user", "content": "hi"}]', "tools": '[{"name": "f"}]'})
    assert read.messages == (User("hi"),)
    assert read.tools == ({"name": "f"},)


@pytest.mark.parametrize(
    "bad",
    [{}, {"messages": 3}, {"messages": [{"role": "narrator"}]}, {"messages": [], "tools": [{"no": "name"}]}],
)
def test_what_is_no_conversation_is_said_so(bad: dict[str, Any]) -> None:
    with pytest.raises(CallsmithError):
        row.from_row(bad)


def test_files_name_the_line_that_is_at_fault(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"messages": []}\n\n{oops\n')
    rows = row.read_rows(str(file))
    assert next(rows) == {"messages": []}
    with pytest.raises(CallsmithError) as caught:
        next(rows)
    assert caught.value.where == f"{file}:3"
    with pytest.raises(CallsmithError):
        next(row.read_rows(str(tmp_path / "none.jsonl")))


def test_the_docs_name_every_key_of_a_row() -> None:
    page = (Path(__file__).parent.parent / "docs" / "row-format.md").read_text(encoding="utf-8")
    first_table = page.split("\n## ")[0]
    documented = set(re.findall(r"^\| `([a-z]+)`", first_table, re.MULTILINE))
    assert documented == set(row.to_row(Conversation((), (), lineage={"twin_of": "x"})))
