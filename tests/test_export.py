"""Exports: the shapes others read, and nothing lost on the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from callsmith import row
from callsmith.errors import CallsmithError
from callsmith.export import openai
from callsmith.export.gate import FORMATS, export
from callsmith.records import Assistant, Call, Conversation, System, ToolMessage, User

TOOLS = (
    {
        "name": "find",
        "description": "Finds.",
        "parameters": {"type": "object", "properties": {"q": {"type": "string"}}},
    },
    {
        "name": "send",
        "description": "Sends.",
        "parameters": {"type": "object", "properties": {"to": {"enum": ["a"]}}},
    },
)


def talk(index: int, train: bool = True, reasoning: str = "") -> Conversation:
    """Two calls at once, one of whose arguments differ in shape from row to row."""
    odd = {"n": index} if index % 2 else {"n": str(index), "deep": {"list": [index, None]}}
    first = Assistant(
        calls=(Call("c1", "find", {"q": f"café {index}"}), Call("c2", "send", odd)), train=train
    )
    return Conversation(
        TOOLS,
        (
            System("Today is Monday."),
            User(f"find café {index}"),
            Assistant(first.text, first.calls, reasoning, train),
            ToolMessage("c1", "find", {"items": [index]}),
            ToolMessage("c2", "send", {"error": {"code": 404}}, error=True),
            Assistant("One found; the other is not there."),
        ),
        id=f"row-{index}",
        kind="parallel",
    )


def rows(*talks: Conversation) -> list[row.Row]:
    return [orjson.loads(row.encode(row.to_row(one))) for one in talks]


def written(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_openai_rows(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "train.jsonl"
    done = export(rows(talk(0), talk(1, train=False)), "openai", out)
    assert (done.written, done.left_out) == (2, {})
    first, second = written(out)
    said = first["messages"][2]
    assert said["content"] is None
    assert json.loads(said["tool_calls"][0]["function"]["arguments"]) == {"q": "café 0"}
    assert [message["weight"] for message in second["messages"] if message["role"] == "assistant"] == [0, 1]
    assert set(first["messages"][3]) == {"role", "tool_call_id", "content"}
    assert first["tools"][0]["function"]["name"] == "find"
    assert first["parallel_tool_calls"] is True


def test_trl_rows_leave_out_what_cannot_be_marked(tmp_path: Path) -> None:
    out = tmp_path / "train.jsonl"
    done = export(rows(talk(0), talk(1, train=False), talk(2, reasoning="hm")), "trl", out)
    assert (done.written, sum(done.left_out.values())) == (2, 1)
    first, second = written(out)
    assert set(first) == {"messages", "tools"}
    assert json.loads(first["tools"])[1]["function"]["name"] == "send"
    assert first["messages"][2]["tool_calls"][0]["function"]["arguments"] == {"q": "café 0"}
    assert second["messages"][2]["reasoning_content"] == "hm"


def test_trl_rows_load_without_injected_nulls(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    out = tmp_path / "train.jsonl"
    export(rows(*map(talk, range(40))), "trl", out)
    loaded = datasets.load_dataset(
        "json", data_files=str(out), split="train", cache_dir=str(tmp_path / "cache")
    )
    assert [dict(one) for one in loaded] == written(out)


def test_canonical_rows_are_the_rows(tmp_path: Path) -> None:
    out = tmp_path / "all.jsonl"
    export(rows(talk(0), talk(1)), "canonical", out)
    assert written(out) == rows(talk(0), talk(1))


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_each_format_reads_back_to_what_it_carries(tmp_path: Path, format: str) -> None:
    talks = [talk(index, reasoning="because" if index % 3 else "") for index in range(6)]
    export(rows(*talks), format, tmp_path / "out.jsonl")
    for source, line in zip(talks, written(tmp_path / "out.jsonl"), strict=True):
        assert row.from_row(line) == FORMATS[format].carried(source)


def test_the_gate_refuses_what_would_be_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = openai.convert

    def careless(conversation: Conversation, source: row.Row) -> row.Row:
        out = kept(conversation, source)
        out["messages"][2]["tool_calls"].pop()
        return out

    monkeypatch.setattr(openai, "convert", careless)
    with pytest.raises(CallsmithError, match="row-0 would lose something in openai: messages"):
        export(rows(talk(0)), "openai", tmp_path / "out.jsonl")
    assert not list(tmp_path.iterdir())
