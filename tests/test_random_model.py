"""The random model obeys what it is held to, always answers the same, and refuses what servers refuse."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from callsmith.schema import valid
from random_model import Refused, answer, random_model

SCHEMA = {
    "type": "object",
    "properties": {
        "scenario": {"type": "string"},
        "steps": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 5},
        "score": {"type": "integer", "minimum": 1, "maximum": 5},
        "kind": {"enum": ["chat", "calls"]},
    },
    "required": ["scenario", "steps", "score", "kind"],
    "additionalProperties": False,
}
ASKED = {"model": "random", "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 400}
FORMATTED = {"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA}}}
TOOL = {"type": "function", "function": {"name": "file_report", "parameters": SCHEMA}}


def message(body: dict[str, Any], seed: int = 0) -> dict[str, Any]:
    return answer(body, seed)["choices"][0]["message"]


@pytest.mark.parametrize(
    "held",
    [FORMATTED, {"structured_outputs": {"json": SCHEMA}}, {"guided_json": json.dumps(SCHEMA)}],
    ids=["response_format", "structured_outputs", "guided"],
)
def test_answers_obey_a_schema(held: dict[str, Any]) -> None:
    texts = [message({**ASKED, **held}, seed)["content"] for seed in range(20)]
    assert all(valid(SCHEMA, json.loads(text)) for text in texts)
    assert len(set(texts)) > 10


def test_tools_are_called_under_their_schemas() -> None:
    answers = [message({**ASKED, "tools": [TOOL]}, seed) for seed in range(40)]
    called = [given["tool_calls"] for given in answers if "tool_calls" in given]
    assert 5 < len(called) < 35
    assert any(len(calls) > 1 for calls in called)
    for call in (call for calls in called for call in calls):
        assert call["function"]["name"] == "file_report"
        assert valid(SCHEMA, json.loads(call["function"]["arguments"]))
    forced = {**ASKED, "tools": [TOOL], "tool_choice": "required", "parallel_tool_calls": False}
    assert all(len(message(forced, seed)["tool_calls"]) == 1 for seed in range(10))
    assert all("tool_calls" not in message({**forced, "tool_choice": "none"}, seed) for seed in range(10))


@pytest.mark.parametrize(
    ("held", "fits"),
    [
        ({"structured_outputs": {"grammar": 'start: "yes" | "no"'}}, ("yes", "no")),
        ({"structured_outputs": {"grammar": 'root ::= "yes" | "no"'}}, ("yes", "no")),
        ({"grammar": 'root ::= word{2}\nword ::= "a" [b-c]?'}, ("aa", "aba", "aca", "aab", "aac")),
    ],
)
def test_answers_obey_a_grammar(held: dict[str, Any], fits: tuple[str, ...]) -> None:
    texts = {message({**ASKED, **held}, seed)["content"] for seed in range(30)}
    assert len(texts) > 1
    assert all(text in fits or (len(text) == 4 and "grammar" in held) for text in texts)


def test_an_answer_is_cut_where_tokens_run_out() -> None:
    given = answer({**ASKED, **FORMATTED, "max_tokens": 5})
    assert given["choices"][0]["finish_reason"] == "length"
    assert given["usage"]["completion_tokens"] == 5
    assert given["usage"]["total_tokens"] == given["usage"]["prompt_tokens"] + 5


def test_what_cannot_be_compiled_is_refused() -> None:
    for held in ({"structured_outputs": {"grammar": "start: nothing"}}, {"grammar": "root ::= nothing"}):
        with pytest.raises(Refused, match="grammar"):
            answer({**ASKED, **held})


def test_it_is_served_and_always_answers_the_same() -> None:
    async def ask(base_url: str, body: dict[str, Any]) -> tuple[int, Any]:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{base_url}/chat/completions", json=body) as got,
        ):
            return got.status, await got.json()

    with random_model(seed=7) as model:
        first = asyncio.run(ask(model.base_url, {**ASKED, **FORMATTED}))
        again = asyncio.run(ask(model.base_url, {**FORMATTED, **ASKED}))
        assert first == again == (200, answer({**ASKED, **FORMATTED}, 7))
        assert model.requests[0] == {**ASKED, **FORMATTED}
        assert asyncio.run(ask(model.base_url, {**ASKED, "messages": []}))[0] == 400
