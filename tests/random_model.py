"""A model that obeys any grammar and means nothing: a uniformly random sampler under llguidance masks, served as OpenAI chat completions.

    with random_model() as model:
        ...  # model.base_url, model.name; model.requests holds the bodies it was asked

It answers ``POST {base_url}/chat/completions`` as vLLM, llama.cpp and OpenAI would: ``response_format`` with a JSON
schema, ``structured_outputs`` with ``json`` or ``grammar`` (Lark or GBNF) and its older names, ``grammar`` (GBNF),
``tools`` with ``tool_choice`` and ``parallel_tool_calls``, ``max_tokens`` with the finish reason "length". Answers
depend on the seed and the canonical request alone. What cannot be compiled is answered with 400, as servers do.

A sampler that is uniform over all tokens would hardly ever end a string. So each token is drawn from those that end
something (a quote, a bracket, the answer; or else the assistant's tag, which ends a round of calls) with
a probability that grows from ``ENDING`` to 1 over the first half of ``max_tokens``, where there are such; from all that
the mask allows otherwise. White space that the grammar does not ask for is left out, and bytes beyond ASCII are drawn
once in ``RARELY`` times. GBNF is sampled a character at a time by ``gbnf.Gbnf``.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

import numpy as np
from aiohttp import web
from llguidance import LLMatcher, LLTokenizer
from msgspec import Struct, field
from numpy.typing import NDArray
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from callsmith.catalog import builtin
from callsmith.grammar.prose import TAGS
from gbnf import Gbnf
from serving import serving

ENDING = 0.15
CALLING = 0.5  # how often an answer calls, where it may
RARELY = 50
TEXT = r"start: /[A-Za-z](?s:.)*/"
Reply = dict[str, Any]


class Refused(Exception):
    """What a server answers 400 to."""


class Served(Struct):
    """A running model."""

    base_url: str
    name: str
    requests: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def random_model(seed: int = 0, name: str = "random") -> Iterator[Served]:
    """The address of a model on loopback, for as long as the test needs it."""
    served = Served("", name)

    async def complete(request: web.Request) -> web.Response:
        body = await request.json()
        served.requests.append(body)
        try:
            return web.json_response(answer(body, seed))
        except Refused as refused:
            error = {"message": str(refused), "type": "invalid_request_error", "code": 400}
            return web.json_response({"error": error}, status=400)

    async def listed(_: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [{"id": name, "object": "model"}]})

    app = web.Application(client_max_size=64 * 2**20)
    app.router.add_post("/v1/chat/completions", complete)
    app.router.add_get("/v1/models", listed)
    with serving(app) as address:
        served.base_url = f"{address}/v1"
        yield served


def answer(body: Mapping[str, Any], seed: int = 0) -> Reply:
    """The chat completion of a request.

    Raises:
        Refused: the request or its grammar is no good.
    """
    if not body.get("messages"):
        raise Refused("messages: at least one is needed")
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False)
    key = hashlib.sha256(f"{seed}\n{canonical}".encode("utf-8", "surrogatepass")).hexdigest()
    sampler = Sampler(
        random.Random(key), int(body.get("max_completion_tokens") or body.get("max_tokens") or 512)
    )
    message: dict[str, Any] = {"role": "assistant", "content": None}
    finish = "stop"
    if calls := _calls(body, sampler, key):
        message["tool_calls"] = calls
        finish = "tool_calls"
    else:
        message["content"] = sampler.sample(_grammar(body))
    if sampler.cut:
        finish = "length"
    told = json.dumps([body["messages"], body.get("tools")], ensure_ascii=False)
    prompt = len(vocabulary()[0].encode(told).ids)
    usage = {
        "prompt_tokens": prompt,
        "completion_tokens": sampler.used,
        "total_tokens": prompt + sampler.used,
    }
    return {
        "id": f"chatcmpl-{key[:16]}",
        "object": "chat.completion",
        "created": 0,
        "model": body.get("model", "random"),
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": usage,
    }


def _calls(body: Mapping[str, Any], sampler: Sampler, key: str) -> list[dict[str, Any]]:
    tools = [tool["function"] for tool in body.get("tools") or () if tool.get("type") == "function"]
    choice = body.get("tool_choice") or "auto"
    if isinstance(choice, dict):
        tools = [tool for tool in tools if tool["name"] == choice["function"]["name"]]
        if not tools:
            raise Refused(f"tool_choice: no tool is called {choice['function']['name']}")
    elif choice == "none" or (choice == "auto" and sampler.rng.random() >= CALLING):
        return []
    if not tools:
        return []
    most = 1 if body.get("parallel_tool_calls") is False else 3
    calls: list[dict[str, Any]] = []
    while len(calls) < most and not sampler.cut and (not calls or sampler.rng.random() < 0.3):
        tool = sampler.rng.choice(tools)
        arguments = sampler.sample(_schema_grammar(tool.get("parameters") or {"type": "object"}))
        function = {"name": tool["name"], "arguments": arguments}
        calls.append({"id": f"call_{key[:12]}_{len(calls)}", "type": "function", "function": function})
    return calls


def _grammar(body: Mapping[str, Any]) -> str | Gbnf:
    structured = body.get("structured_outputs") or {}
    form = body.get("response_format") or {}
    gbnf = body.get("grammar")
    free = structured.get("grammar") or body.get("guided_grammar")
    schema = structured.get("json") or body.get("guided_json")
    if form.get("type") == "json_schema":
        schema = form["json_schema"]["schema"]
    elif form.get("type") == "json_object":
        schema = {"type": "object"}
    elif form.get("type") == "grammar":  # Fireworks
        gbnf = form["grammar"]
    if free is not None and "::=" in free:
        gbnf = free
    if gbnf is not None:
        return _gbnf(gbnf)
    if free is not None:
        return str(free)
    return (
        TEXT if schema is None else _schema_grammar(json.loads(schema) if isinstance(schema, str) else schema)
    )


@lru_cache(maxsize=64)
def _gbnf(source: str) -> Gbnf:
    try:
        return Gbnf(source)
    except (AssertionError, ValueError, KeyError) as error:
        raise Refused(f"grammar: {error}") from error


def _schema_grammar(schema: Mapping[str, Any]) -> str:
    options = {"whitespace_flexible": False, "lenient": True}
    return LLMatcher.grammar_from_json_schema(json.dumps(schema), overrides=options)


class Sampler:
    """Draws the tokens of one answer, ``left`` of them at most."""

    def __init__(self, rng: random.Random, left: int) -> None:
        self.rng = rng
        self.left = left
        self.used = 0
        self.cut = False  # whether the answer was stopped in the middle

    def sample(self, grammar: str | Gbnf) -> str:
        """A text of the grammar's language, or the beginning of one."""
        tokenizer, ll = vocabulary()
        if isinstance(grammar, Gbnf):
            text, self.cut = grammar.sample(self.rng, self.left * 2)
            self.used += len(tokenizer.encode(text).ids)
            return text
        matcher = _compiled(grammar).deep_copy()
        most = self.left
        ending, odd, size = _kinds()
        tokens: list[int] = []
        while True:
            bits = np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8)
            allowed = np.unpackbits(bits, bitorder="little")[:size].astype(bool)
            hurry = ENDING + (1 - ENDING) * 2 * len(tokens) / most
            token = self.draw(allowed, ending, odd, hurry)
            if token == ll.eos_token:
                break
            if len(tokens) == most:
                self.cut = True
                break
            tokens.append(token)
            assert matcher.consume_token(token), matcher.get_error()
            if matcher.is_stopped():
                break
        self.used += len(tokens)
        self.left = max(1, self.left - len(tokens))
        return ll.decode_str(tokens)

    def draw(self, allowed: NDArray[Any], ending: NDArray[Any], odd: NDArray[Any], hurry: float) -> int:
        """One of the allowed tokens."""
        pool = allowed & ~odd
        if not pool.any() or self.rng.randrange(RARELY) == 0:
            pool = allowed
        if self.rng.random() < hurry and (best := ending[pool].max()):
            pool = pool & (ending == best)
        found = np.flatnonzero(pool)
        assert len(found), "the mask allows nothing"
        return int(found[self.rng.randrange(len(found))])


@lru_cache(maxsize=256)
def _compiled(grammar: str) -> LLMatcher:
    matcher = LLMatcher(vocabulary()[1], grammar, log_level=0)
    if matcher.is_error():
        raise Refused(f"grammar: {matcher.get_error()}")
    return matcher


@cache
def vocabulary(size: int = 600) -> tuple[Tokenizer, LLTokenizer]:
    """A byte-pair encoding of a few hundred tokens, trained on the descriptions of the built-in toolkits."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=["<|end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_corpus(), trainer)
    return tokenizer, LLTokenizer(tokenizer.to_str(), eos_token=tokenizer.token_to_id("<|end|>"))


def _corpus() -> Iterator[str]:
    for name in ("gmail", "googlecalendar", "todoist"):
        for tool in builtin.load(name):
            yield f"{tool.description} {tool.phrase} {' '.join(item.phrase for item in tool.inputs)}"
    yield "so</b> " * 40
    for tag in TAGS:
        yield f'<{tag}>"so"</{tag}>\n' * 20


@cache
def _kinds() -> tuple[NDArray[Any], NDArray[Any], int]:
    """How well each token ends something, which are white space or no ASCII, and how many tokens there are."""
    _, ll = vocabulary()
    texts = [ll.decode_bytes([token]) for token in range(ll.vocab_size)]
    ending = np.array([3 * (text in (b'"', b"}", b"]")) + (text == b"assistant") for text in texts])
    ending[ll.eos_token] = 3
    odd = np.array([not text.strip() or not all(32 <= byte < 127 for byte in text) for text in texts])
    odd[ll.eos_token] = False
    return ending, odd, ll.vocab_size
