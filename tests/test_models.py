"""The client of language models against a server on loopback: faults, limits, budgets, forms and the journal."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from callsmith.config_models import Endpoint, Limits, Player, Price, prices
from callsmith.errors import BudgetSpent, CallsmithError, ModelError
from callsmith.models import endpoint as tuning
from callsmith.models import journal as journal_module
from callsmith.models import loops, profiles, troubles, wire
from callsmith.models.journal import Journal
from callsmith.models.opening import Opened, opened
from callsmith.records import Call, Grammar, Place, Reply, Request, Usage
from model_server import Asked, answering, completion, refusal

KEY = "sk-test-5f1c9a77e0"
HELLO = Request([{"role": "user", "content": "Hello?"}])
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


def asked(text: str, **fields: Any) -> Request:
    return Request([{"role": "user", "content": text}], **fields)


def run(
    endpoints: Mapping[Player, Endpoint] | Endpoint,
    work: Callable[[Opened], Awaitable[Any]],
    journal: Path | None = None,
    limits: Limits | None = None,
) -> Any:
    async def whole() -> Any:
        given: Mapping[Player, Endpoint] = (
            {"default": endpoints} if isinstance(endpoints, Endpoint) else endpoints
        )
        async with opened(given, journal, limits) as models:
            return await work(models)

    return loops.run(whole())


async def hello(models: Opened) -> Reply:
    return await models.models["writer"].complete(HELLO, Place(0, 0, 0))


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not wait as long as people do."""
    monkeypatch.setattr(troubles, "FULL_PAUSE", (0.01, 0.4))
    monkeypatch.setattr(troubles, "BROKEN_PAUSE", (0.01, 0.4))


# ---------------------------------------------------------------- answers


def test_an_answer_with_all_it_holds() -> None:
    tool_calls = [
        {"id": "c1", "type": "function", "function": {"name": "find", "arguments": '{"q": "007", "n": 2}'}},
        {"id": "c2", "type": "function", "function": {"name": "find", "arguments": '{"q": '}},
        {"function": {"name": "list", "arguments": ""}},
        {"function": {"name": "list", "arguments": {"page": 1}}},
    ]
    message = completion(None, tool_calls=tool_calls, reasoning_content="I look.", finish="tool_calls")
    message["usage"]["prompt_tokens_details"] = {"cached_tokens": 64}
    tool = {"name": "find", "description": "Finds.", "parameters": {"type": "object"}}
    with answering(lambda _: message) as server:
        request = Request(HELLO.messages, tools=[tool], max_tokens=9, seed=4, stop=["\n"], temperature=0.0)
        endpoint = server.endpoint(extra={"top_p": 0.9, "seed": None}, temperature=0.7)
        reply = run(endpoint, lambda m: m.models["judge"].complete(request, Place(0, 0, 0)))
    assert reply == Reply(
        text="",
        reasoning="I look.",
        calls=[
            Call("c1", "find", {"q": "007", "n": 2}),
            Call("c2", "find", '{"q": '),
            Call("call_2", "list", {}),
            Call("call_3", "list", {"page": 1}),
        ],
        finish="calls",
        usage=Usage(100, 10, 64),
    )
    assert server.asked[0].path == "/v1/chat/completions"
    assert server.asked[0].body == {
        "model": "tiny",
        "tools": [{"type": "function", "function": tool}],
        "messages": [{"role": "user", "content": "Hello?"}],
        "max_tokens": 9,
        "temperature": 0.0,
        "stop": ["\n"],
        "top_p": 0.9,
    }
    assert "Authorization" not in server.asked[0].headers


@pytest.mark.parametrize(
    ("message", "text", "reasoning"),
    [
        ({"content": "<think>Hm.</think>\n\nHi"}, "Hi", "Hm."),
        ({"content": "Hm.</think>Hi"}, "Hi", "Hm."),
        ({"content": "Hi", "reasoning": "Hm."}, "Hi", "Hm."),
        ({"content": [{"type": "text", "text": "H"}, {"type": "text", "text": "i"}]}, "Hi", ""),
        ({"content": "The tag <think> ends with </think>."}, "The tag <think> ends with </think>.", ""),
    ],
)
def test_reasoning_is_told_from_the_answer(message: dict[str, Any], text: str, reasoning: str) -> None:
    reply, metered = wire.reply(orjson.dumps({"choices": [{"message": message, "finish_reason": "stop"}]}))
    assert (reply.text, reply.reasoning, metered) == (text, reasoning, False)


def test_roles_have_models_of_their_own_and_a_default() -> None:
    with answering(lambda a: f"{a.body['model']} here") as server:
        endpoints: dict[Player, Endpoint] = {
            "default": server.endpoint(),
            "judge": server.endpoint(model="large"),
        }

        async def both(models: Opened) -> list[str]:
            assert set(models.models) == {"writer", "user", "assistant", "tool", "judge"}
            replies = [await models.models[r].complete(HELLO, Place(0, 0, 0)) for r in ("judge", "tool")]
            assert models.figures.by_role["judge"].answered == models.figures.by_role["tool"].answered == 1
            return [reply.text for reply in replies]

        assert run(endpoints, both) == ["large here", "tiny here"]


# ---------------------------------------------------------------- faults


@pytest.mark.parametrize(
    "fault", ["DROP", "MALFORMED", "TRUNCATE", "", 429, 500, 503, {"error": {"message": "busy", "code": 503}}]
)
def test_a_passing_fault_is_tried_again(fault: Any) -> None:
    def behave(asked: Asked) -> Any:
        if asked.number == 2:
            return "fine"
        return refusal(fault, "not now") if isinstance(fault, int) else fault

    async def work(models: Opened) -> tuple[str, int]:
        return (await hello(models)).text, models.figures.total.retries

    with answering(behave) as server:
        assert run(server.endpoint(), work) == ("fine", 2)
        assert len(server.asked) == 3


def test_what_is_no_answer_of_http_is_tried_again_and_what_is_said_before_one_is_passed_over() -> None:
    fine = orjson.dumps(completion("fine"))
    said = [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 503 -\r\nretry-after: 0.01\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 -\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"%x\r\n%b\r\n0\r\n\r\n" % (len(fine), fine),
    ]
    heads: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            while True:
                heads.append(await reader.readuntil(b"\r\n\r\n"))
                length = int(heads[-1].lower().partition(b"content-length:")[2].split()[0])
                await reader.readexactly(length)
                writer.write(said[len(heads) - 1])

    async def whole() -> str:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        endpoint = Endpoint(base_url=f"http://user:word@127.0.0.1:{port}/v1", model="tiny")
        async with server, opened({"default": endpoint}, None) as models:
            return (await hello(models)).text

    assert asyncio.run(whole()) == "fine"
    assert len(heads) == 3 and len(set(heads)) == 1
    assert heads[0].startswith(b"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:")
    assert heads[0].count(b"Content-Length") == 1 and b"Content-Type: application/json" in heads[0]


@pytest.mark.parametrize(
    ("answer", "what", "hint"),
    [
        (
            lambda _: refusal(401, f"Incorrect API key provided: {KEY}"),
            "the key in A_KEY is refused",
            "set A_KEY",
        ),
        (lambda _: refusal(403, "no"), "status 403", "set A_KEY"),
        (lambda _: refusal(404, "The model `tiny` does not exist"), "no model tiny", "GET /models"),
        (lambda _: web.Response(status=404), "status 404", "/v1"),
        (lambda _: refusal(429, "You exceeded your quota: insufficient_quota"), "quota", "credit"),
        (
            lambda _: web.Response(status=302, headers={"Location": "http://elsewhere.test/"}),
            "elsewhere.test",
            "base_url",
        ),
    ],
)
def test_what_no_retry_mends_fails_at_once(
    answer: Any, what: str, hint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("A_KEY", KEY)
    with answering(answer) as server:
        endpoint = server.endpoint(api_key_env="A_KEY")
        with pytest.raises(ModelError) as raised:
            run(endpoint, hello, tmp_path / "calls.db")
        assert len(server.asked) == 1
    error = raised.value
    assert what in error.what and hint in error.hint and server.url in error.where and "tiny" in error.where
    assert error.lasting and error.exit_code == 3
    assert KEY not in f"{error!r} {error} {error.__context__!r} {error.__cause__!r}"


def test_a_request_that_is_too_long_fails_at_once_and_alone() -> None:
    said = "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens."

    def behave(asked: Asked) -> Any:
        return refusal(400, said) if "long" in asked.last else "fine"

    async def work(models: Opened) -> str:
        writer = models.models["writer"]
        with pytest.raises(ModelError, match="maximum context length") as raised:
            await writer.complete(asked("long " * 9000), Place(0, 0, 0))
        assert not raised.value.lasting
        return (await hello(models)).text

    with answering(behave) as server:
        assert run(server.endpoint(), work) == "fine"
        assert len(server.asked) == 2


def test_an_endpoint_that_is_not_there_is_named_within_seconds() -> None:
    with answering(lambda _: "") as server:
        endpoint = server.endpoint()
    began = time.monotonic()
    with pytest.raises(ModelError, match="refused") as raised:
        run(endpoint, hello)
    assert raised.value.lasting and "is the server running" in raised.value.hint
    assert endpoint.base_url in raised.value.where
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("fault", ["ENDLESS", "MALFORMED", ""])
def test_a_server_that_never_answers_sense_ends_in_an_error(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "TRIES", 3)
    monkeypatch.setattr(tuning, "LARGEST", 100_000)
    words = {"ENDLESS": "longer than", "MALFORMED": "not a chat completion", "": "empty"}[fault]
    with answering(lambda _: fault) as server:
        with pytest.raises(ModelError, match=f"3 tries.*{words}") as raised:
            run(server.endpoint(), hello)
        assert raised.value.lasting and len(server.asked) == 3


def test_what_hangs_is_given_up_and_asked_again() -> None:
    def behave(asked: Asked) -> Any:
        return "HANG" if asked.number == 0 else "fine"

    with answering(behave) as server:
        assert run(server.endpoint(timeout=0.3), hello).text == "fine"


def test_after_some_answers_a_hang_is_found_long_before_the_timeout() -> None:
    def behave(asked: Asked) -> Any:
        return "HANG" if asked.number == 30 else "fine"

    async def work(models: Opened) -> float:
        for n in range(30):
            await models.models["writer"].complete(HELLO, Place(0, 0, n))
        began = time.monotonic()
        await models.models["writer"].complete(HELLO, Place(0, 0, 30))
        return time.monotonic() - began

    with answering(behave) as server:
        assert 0.9 < run(server.endpoint(timeout=300), work) < 1.8  # the server idles: it is asked once more
        assert len(server.asked) == 32


def test_one_calls_retry_after_does_not_stop_the_others() -> None:
    def behave(asked: Asked) -> Any:
        return refusal(429, "slow down", **{"Retry-After": "1"}) if asked.number == 3 else "fine"

    async def work(models: Opened) -> float:
        began = time.monotonic()
        calls = [
            asyncio.create_task(models.models["writer"].complete(HELLO, Place(i, 0, 0))) for i in range(40)
        ]
        done, waiting = await asyncio.wait(calls, timeout=0.8)
        assert len(done) == 39 and len(waiting) == 1
        await asyncio.gather(*waiting)
        return time.monotonic() - began

    with answering(behave) as server:
        assert run(server.endpoint(), work) >= 1.0


def test_retry_after_is_read_as_seconds_or_as_a_date() -> None:
    endpoint = Endpoint(base_url="http://localhost/v1", model="m")

    def seconds(**headers: str) -> float:
        return troubles.of_status(endpoint, "", 429, headers, b"").retry_after

    dated = {"Date": "Mon, 02 Mar 2026 10:00:00 GMT", "Retry-After": "Mon, 02 Mar 2026 10:00:07 GMT"}
    assert seconds(**dated) == 7
    assert seconds(**{"Retry-After": "1.5"}) == 1.5
    assert seconds(**{"Retry-After": "86400"}) == 60
    assert seconds(**{"Retry-After": "soon"}) == seconds(**{"Retry-After": "-3"}) == 0


def test_a_server_that_goes_away_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "TRIES", 2)

    async def work(models: Opened) -> list[bool]:
        lasting = []
        await hello(models)
        for n in range(3):
            with pytest.raises(ModelError) as raised:
                await models.models["writer"].complete(HELLO, Place(1, 0, n))
            lasting.append(raised.value.lasting)
        return lasting

    with answering(lambda a: "fine" if a.number == 0 else "DROP") as server:
        assert run(server.endpoint(), work) == [False, False, True]


def test_refusals_of_a_model_are_no_answers(tmp_path: Path) -> None:
    with answering(lambda _: completion(None, refusal="I would rather not.")) as server:
        with pytest.raises(ModelError, match="declined to answer: I would rather not") as raised:
            run(server.endpoint(), hello, tmp_path / "calls.db")
        assert not raised.value.lasting and len(server.asked) == 1
    assert rows(tmp_path / "calls.db") == []


def test_a_server_that_calls_the_limit_by_its_newer_name() -> None:
    def behave(asked: Asked) -> Any:
        if "max_tokens" in asked.body:
            return refusal(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
        return f"{asked.body['max_completion_tokens']}"

    with answering(behave) as server:
        assert run(server.endpoint(max_tokens=77), hello).text == "77"


# ---------------------------------------------------------------- keys


def test_a_key_goes_to_its_server_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("A_KEY", f" {KEY}\n")
    caplog.set_level("DEBUG")
    faults = iter(
        ["DROP", refusal(500, f"no good with {KEY}"), "MALFORMED", "fine", refusal(400, f"bad: {KEY}")]
    )

    async def work(models: Opened) -> str:
        await hello(models)
        with pytest.raises(ModelError) as raised:
            await models.models["writer"].complete(asked("again"), Place(0, 0, 1))
        shown = [repr(part) for part in (models, models.models["writer"], models.figures, models.budget)]
        return f"{raised.value!r} {raised.value} {raised.value.__context__!r} {' '.join(shown)}"

    with answering(lambda _: next(faults)) as server:
        shown = run(server.endpoint(api_key_env="A_KEY"), work, tmp_path / "calls.db")
        assert [a.headers["Authorization"] for a in server.asked] == [f"Bearer {KEY}"] * 5
    assert "[key]" in shown and KEY not in shown
    assert KEY not in caplog.text
    for file in tmp_path.iterdir():
        assert KEY.encode() not in file.read_bytes(), file
    for (reply,) in sqlite3.connect(tmp_path / "calls.db").execute("SELECT reply FROM calls"):
        assert KEY.encode() not in (reply if reply.startswith(b"{") else zlib.decompress(reply))


def test_a_key_never_follows_a_redirect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", KEY)
    with answering(lambda _: "stolen") as thief:
        away = web.Response(status=307, headers={"Location": f"{thief.url}/v1/chat/completions"})
        with (
            answering(lambda _: away) as server,
            pytest.raises(ModelError, match=r"redirects to 127\.0\.0\.1"),
        ):
            run(server.endpoint(api_key_env="A_KEY"), hello)
        assert thief.asked == []


@pytest.mark.parametrize("value", ["", "  ", "two\nlines", "schlüssel"])
def test_a_key_that_is_none_is_said_before_any_call(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", value)
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="m", api_key_env="A_KEY")
    with pytest.raises(ModelError, match=r"A_KEY (is not set|does not hold a key)") as raised:
        run(endpoint, hello)
    assert not value.strip() or value not in str(raised.value)


# ---------------------------------------------------------------- forms


def constrained(
    understood: Callable[[dict[str, Any]], bool], refuses: bool = False
) -> Callable[[Asked], Any]:
    """A server that holds answers to a form where it understands the fields; else it ignores or refuses them."""

    def behave(asked: Asked) -> Any:
        fields = set(asked.body) - {"model", "messages", "max_tokens"}
        if fields and understood(asked.body):
            text = orjson.dumps(asked.body).decode()
            if "zq" not in text:
                return '{"city": "Bergen"}' if "city" in text else "yes"
            return '{"zq": 7391}' if "enum" in text else "zq 7391"
        return refusal(400, "unknown field") if fields and refuses else "Hello there!"

    return behave


GRAMMAR = Grammar('start: "yes"', 'root ::= "yes"')


@pytest.mark.parametrize("refuses", [False, True])
@pytest.mark.parametrize(
    ("understood", "schema", "grammar"),
    [
        (lambda b: "structured_outputs" in b, "structured_outputs", "structured_outputs"),
        (lambda b: "guided_json" in b or "guided_grammar" in b, "guided_json", "guided_grammar"),
        (
            lambda b: "grammar" in b or b.get("response_format", {}).get("type") == "json_object",
            "response_format",
            "grammar",
        ),
        (lambda b: "ebnf" in b or "json_schema" in b.get("response_format", {}), "response_format", "ebnf"),
        (lambda b: "response_format" in b, "response_format", "response_format"),
    ],
)
def test_the_way_a_server_takes_forms_is_found_and_remembered(
    understood: Any, schema: str, grammar: str, refuses: bool, tmp_path: Path
) -> None:
    async def work(models: Opened) -> tuple[str, str, int]:
        writer = models.models["writer"]
        first, second = await asyncio.gather(
            writer.complete(asked("Where?", schema=SCHEMA), Place(0, 0, 0)),
            writer.complete(asked("Where now?", schema=SCHEMA), Place(1, 0, 0)),
        )
        assert first.text == second.text == '{"city": "Bergen"}'
        word = await writer.complete(asked("Well?", grammar=GRAMMAR), Place(0, 0, 1))
        return word.text, " ".join(models.figures.notes), models.figures.total.misfits

    with answering(constrained(understood, refuses)) as server:
        assert run(server.endpoint(), work, tmp_path / "calls.db") == ("yes", "", 0)
        assert schema in server.asked[-3].body or grammar in server.asked[-1].body
        assert grammar in server.asked[-1].body
        probes = [a for a in server.asked if "Say hello" in a.last]
        assert len(probes) == len(server.asked) - 3
        before = len(server.asked)

        async def another(models: Opened) -> str:
            request = asked("And there?", grammar=GRAMMAR)
            return (await models.models["writer"].complete(request, Place(2, 0, 0))).text

        assert run(server.endpoint(), another, tmp_path / "calls.db") == "yes"
        assert len(server.asked) == before + 1


def test_a_server_that_fails_at_a_form_it_does_not_know_is_asked_in_another(tmp_path: Path) -> None:
    """As llama-cpp-python does: status 500 for a response_format of a type it has not heard of."""

    def behave(asked: Asked) -> Any:
        kind = asked.body.get("response_format", {}).get("type", "text")
        if kind not in ("text", "json_object"):
            return refusal(500, "1 validation error: Input should be 'text' or 'json_object'")
        text = orjson.dumps(asked.body).decode()
        return "Hello there!" if kind == "text" else '{"zq": 7391}' if "zq" in text else '{"city": "Bergen"}'

    with answering(behave) as server:

        async def work(models: Opened) -> tuple[str, list[str]]:
            reply = await models.models["writer"].complete(asked("Where?", schema=SCHEMA), Place(0, 0, 0))
            return reply.text, models.figures.notes

        assert run(server.endpoint(), work, tmp_path / "calls.db") == ('{"city": "Bergen"}', [])
        assert sum("json_schema" in orjson.dumps(a.body).decode() for a in server.asked) == tuning.PROBES


def test_llama_cpp_is_not_told_of_counts_that_its_grammars_refuse() -> None:
    properties = {
        "maxLength": {"type": "string", "maxLength": 4000},
        "short": {"type": "string", "minLength": 1, "maxLength": 1000},
        "of": {"const": {"maxItems": 9999}},
    }
    schema = {"type": "object", "properties": properties}
    told: Any = profiles.fields(asked("Well?", schema=schema), "llama_cpp")["response_format"]
    assert told["schema"]["properties"] == {**properties, "maxLength": {"type": "string"}}


def test_what_was_found_out_of_one_server_is_not_believed_of_another(tmp_path: Path) -> None:
    async def work(models: Opened) -> str:
        request = asked("Where?", schema=SCHEMA)
        return (await models.models["writer"].complete(request, Place(0, 0, 0))).text

    for name in ("structured_outputs", "guided_json"):
        with answering(constrained(lambda body, name=name: name in body)) as server:
            assert run(server.endpoint(), work, tmp_path / "calls.db") == '{"city": "Bergen"}'
        forget(tmp_path / "calls.db")


def forget(journal: Path) -> None:
    """Delete the answers, not what was found out of servers."""
    with sqlite3.connect(journal) as db:
        db.execute("DELETE FROM calls")


def test_a_name_at_two_prices_counts_at_the_dearer() -> None:
    cheap, dear = Price(input=1), Price(input=2, output=3)
    ends = [
        Endpoint(base_url=f"http://localhost:{n}/v1", model="m", price=p)
        for n, p in enumerate([cheap, dear, cheap], 1)
    ]
    assert prices(ends) == {"m": dear}


def test_a_server_that_takes_no_form_is_told_in_words_and_noticed() -> None:
    def behave(asked: Asked) -> str:
        return '{"city": "Bergen"}' if "satisfies this JSON Schema" in asked.last else "Hello there!"

    async def work(models: Opened) -> tuple[str, list[str]]:
        reply = await models.models["writer"].complete(asked("Where?", schema=SCHEMA), Place(0, 0, 0))
        return reply.text, models.figures.notes

    with answering(behave) as server:
        text, notes = run(server.endpoint(), work)
    assert text == '{"city": "Bergen"}'
    assert len(notes) == 1 and "does not hold answers to a schema" in notes[0]


def test_a_form_from_the_configuration_that_is_ignored_is_said() -> None:
    async def work(models: Opened) -> tuple[list[str], int]:
        for n in range(3):
            await models.models["writer"].complete(asked("Where?", schema=SCHEMA), Place(0, 0, n))
        return models.figures.notes, models.figures.total.misfits

    with answering(lambda _: "Somewhere.") as server:
        notes, misfits = run(server.endpoint(structured="vllm"), work)
    assert misfits == 3
    assert "ignores a schema sent as vllm" in notes[0]
    assert "do not have the form" in notes[1]


# ---------------------------------------------------------------- the journal


def rows(path: Path) -> list[tuple[int, int, int]]:
    with sqlite3.connect(path) as db:
        return list(db.execute("SELECT slot, attempt, n FROM calls ORDER BY 1, 2, 3"))


def test_what_was_answered_is_not_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = tmp_path / "calls.db"

    async def work(models: Opened) -> list[str]:
        places = [Place(slot, 0, n) for slot in range(20) for n in range(3)]
        writer = models.models["writer"]
        replies = await asyncio.gather(*(writer.complete(asked(f"{p.slot} {p.n}"), p) for p in places))
        work.total = models.figures.total  # type: ignore[attr-defined]
        return [reply.text for reply in replies]

    with answering(lambda a: f"no. {a.number}") as server:
        first = run(server.endpoint(), work, journal)
        assert len(server.asked) == 60 and len(rows(journal)) == 60
        # Another address, another key: the same answers. Another model, temperature or place: others.
        monkeypatch.setenv("A_KEY", KEY)
        moved = server.endpoint(api_key_env="A_KEY", concurrency=3, price=Price(input=1.0))
        assert run(moved, work, journal) == first
        assert len(server.asked) == 60
        assert (work.total.found, work.total.answered) == (60, 0)  # type: ignore[attr-defined]
        assert run(server.endpoint(temperature=0.5), work, journal) != first
        assert len(server.asked) == 120


def test_failures_are_not_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "TRIES", 2)
    with answering(lambda a: "DROP" if a.number < 2 else "fine") as server:
        with pytest.raises(ModelError):
            run(server.endpoint(), hello, tmp_path / "calls.db")
        assert rows(tmp_path / "calls.db") == []
        assert run(server.endpoint(), hello, tmp_path / "calls.db").text == "fine"


def test_a_journal_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "calls.db").write_bytes(b"not a database at all, whatever its name may say" * 100)
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="m")
    with pytest.raises(CallsmithError, match="journal cannot be used") as raised:
        run(endpoint, hello, tmp_path / "calls.db")
    assert str(tmp_path / "calls.db") in raised.value.where


CHILD = """
import asyncio, sys
from pathlib import Path
from callsmith.config_models import Endpoint
from callsmith.models.asking import Asking
from callsmith.models.opening import opened
from callsmith.records import Request

async def talk(models, slot):
    asking, messages = Asking(models, slot, 0), []
    for turn in range(6):
        messages = [*messages, {"role": "user", "content": f"{slot} {turn}"}]
        reply = await asking.ask("writer", Request(messages), left=6 - turn)
        messages = [*messages, {"role": "assistant", "content": reply.text}]
    return messages[-1]["content"]

async def main():
    endpoint = Endpoint(base_url=sys.argv[1], model="tiny", concurrency=16)
    async with opened({"default": endpoint}, Path(sys.argv[2])) as found:
        print(await asyncio.gather(*(talk(found.models, slot) for slot in range(40))))

asyncio.run(main())
"""


@pytest.mark.parametrize("after", [30, 77, 140])
def test_killed_in_the_middle_only_what_was_in_flight_is_asked_again(tmp_path: Path, after: int) -> None:
    async def behave(asked: Asked) -> str:
        await asyncio.sleep(0.02)
        return f"answer to {asked.last}"

    with answering(behave) as server:
        command = [sys.executable, "-c", CHILD, f"{server.url}/v1", str(tmp_path / "calls.db")]
        child = subprocess.Popen(command, stdout=subprocess.PIPE)
        while len(server.asked) < after:
            time.sleep(0.002)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        assert child.stdout is not None
        assert child.stdout.read() == b""
        again = subprocess.run(command, capture_output=True, check=True).stdout
        whole = [*command[:-1], str(tmp_path / "another.db")]
        count = len(server.asked)
        assert again == subprocess.run(whole, capture_output=True, check=True).stdout
    assert 240 <= count <= 240 + 2 * 16  # those in flight, and those answered but not yet stored
    assert len(rows(tmp_path / "calls.db")) == 240


# ---------------------------------------------------------------- budgets


@pytest.mark.parametrize(
    ("limits", "what"),
    [
        (Limits(max_tokens=2200), "max_tokens of 2,200"),
        (Limits(max_cost=0.024), "max_cost of 0.024"),
        (Limits(max_minutes=0.005), "max_minutes of 0.005"),
    ],
)
def test_a_limit_stops_the_run_cleanly_and_it_can_be_gone_on_with(
    limits: Limits, what: str, tmp_path: Path
) -> None:
    async def behave(asked: Asked) -> str:
        await asyncio.sleep(0.02)
        return "fine"

    async def work(models: Opened) -> tuple[list[Any], float]:
        writer = models.models["writer"]
        ends = await asyncio.gather(
            *(writer.complete(asked(f"{slot}"), Place(slot, 0, 0)) for slot in range(200)),
            return_exceptions=True,
        )
        return ends, models.budget.cost

    with answering(behave) as server:
        endpoint = server.endpoint(concurrency=4, price=Price(input=10.0, output=20.0))
        ends, spent = run(endpoint, work, tmp_path / "calls.db", limits)
        stopped = [end for end in ends if isinstance(end, BudgetSpent)]
        replies = [end for end in ends if isinstance(end, Reply)]
        assert len(stopped) + len(replies) == 200 and stopped and replies
        assert what in stopped[0].what and stopped[0].exit_code == 4
        assert len(rows(tmp_path / "calls.db")) == len(replies) == len(server.asked)
        if not limits.max_minutes:
            assert 16 <= len(replies) <= 20  # 110 tokens and 0.0012 each
            again, _ = run(endpoint, work, tmp_path / "calls.db", limits)
            assert sum(isinstance(end, Reply) for end in again) == len(replies)  # found, none paid for
        ends, spent = run(endpoint, work, tmp_path / "calls.db")
        assert all(isinstance(end, Reply) for end in ends)
        assert len(server.asked) == 200
        assert spent == pytest.approx(200 * 0.0012)


def test_what_a_server_does_not_meter_is_estimated_and_said() -> None:
    bare = {"choices": [{"message": {"content": "word " * 100}, "finish_reason": "stop"}]}

    async def work(models: Opened) -> tuple[int, int]:
        await hello(models)
        return models.figures.total.unmetered, models.budget.tokens

    with answering(lambda _: bare) as server:
        unmetered, tokens = run(server.endpoint(), work)
    assert unmetered == 1 and 125 < tokens < 200


def test_a_long_run_is_forced_to_the_disk_while_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "FORCED", 0.02)

    async def main() -> int:
        journal = Journal(tmp_path / "calls.db")
        for turn in range(60):
            stores = (journal.store(Place(n, 0, turn), "b2:0", "m", Reply("x" * 500)) for n in range(20))
            await asyncio.gather(*stores)
            await asyncio.sleep(0.002)
        for _ in range(500):
            with sqlite3.connect(f"file:{tmp_path / 'calls.db'}?immutable=1", uri=True) as db:  # not its log
                forced = int(db.execute("SELECT count(*) FROM calls").fetchone()[0])
            if forced == 1200:
                break
            await asyncio.sleep(0.01)
        await journal.close()
        return forced

    assert asyncio.run(main()) == 1200
    assert [path.name for path in tmp_path.iterdir()] == ["calls.db"]
    assert len(rows(tmp_path / "calls.db")) == 1200


@pytest.mark.parametrize(
    ("waiting", "count", "at_once"), [(0, 1, 1), (4, 3, 0), (50, 7, 0), (50, 12, 8), (3, 3, 3)]
)
def test_answers_are_gathered_for_one_commit_only_while_more_wait(
    tmp_path: Path, waiting: int, count: int, at_once: int
) -> None:
    async def main() -> None:
        journal = Journal(tmp_path / "calls.db")

        async def stored(n: int) -> bool:
            await journal.store(Place(n, 0, 0), "b2:0", "m", Reply("x"), waiting)
            return journal.find(Place(n, 0, 0, left=1), "b2:0") is not None  # stored before it is used

        tasks = [asyncio.create_task(stored(n)) for n in range(count)]
        for _ in range(3):  # turns of the loop
            await asyncio.sleep(0)
        assert sum(task.done() for task in tasks) == len(rows(tmp_path / "calls.db")) == at_once
        assert all(await asyncio.gather(*tasks))
        await journal.close()

    asyncio.run(main())


def test_a_run_on_the_slow_event_loop_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async def noted(models: Opened) -> list[str]:
        return models.figures.notes

    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="tiny")
    assert run(endpoint, noted) == []
    monkeypatch.setitem(sys.modules, "uvloop", None)  # as where it is not installed
    assert run(endpoint, noted) == ([] if sys.platform == "win32" else [loops.MISSING])


KEYS = st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 3), st.sampled_from(["b2:a", "b2:b"]))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(KEYS, st.text(max_size=300)), max_size=40))
def test_a_journal_gives_back_what_was_stored_and_nothing_else(stored: list[Any]) -> None:
    async def main(path: Path) -> None:
        journal = Journal(path)
        await asyncio.gather(*(journal.store(Place(*k[:3]), k[3], "m", Reply(text)) for k, text in stored))
        await journal.close()
        again = Journal(path)
        for key in itertools.product(range(4), range(3), range(4), ["b2:a", "b2:b"]):
            wanted = dict(stored).get(key)
            reply = again.find(Place(*key[:3], left=7), key[3])
            found = None if reply is None else reply.text
            assert found == wanted
        await again.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(Path(folder) / "calls.db"))
