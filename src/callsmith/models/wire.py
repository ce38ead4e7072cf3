"""Chat completions as they go over the wire: a request's canonical form and body, and what an answer says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import is_
from typing import Any
from zlib import crc32

import msgspec
import orjson
from msgspec import Struct

from callsmith.config_models import Endpoint
from callsmith.records import Call, Json, Reply, Request, Usage

_FINISH: Mapping[str, Any] = {"length": "length", "max_tokens": "length", "tool_calls": "calls"}
_THOUGHT = ("<think>", "</think>")  # where a server leaves reasoning in the text


class Malformed(Exception):
    """The answer is not a chat completion, or holds nothing. ``usage``: what it used all the same, where known."""

    def __init__(self, why: str, usage: Usage | None = None) -> None:
        super().__init__(why)
        self.usage = usage


class Declined(Exception):
    """The model, or what stands before it, refused to answer; asking again is of no use."""

    def __init__(self, why: str, usage: Usage) -> None:
        super().__init__(why)
        self.usage = usage


class _Function(Struct):
    name: str
    arguments: Any = None


class _ToolCall(Struct):
    function: _Function
    id: str | None = None


class _Message(Struct):
    content: Any = None
    reasoning_content: str | None = None
    reasoning: Any = None
    tool_calls: list[_ToolCall] | None = None
    refusal: str | None = None


class _Choice(Struct):
    message: _Message
    finish_reason: str | None = None


class _Details(Struct):
    cached_tokens: int | None = None


class _Usage(Struct):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: _Details | None = None
    prompt_cache_hit_tokens: int | None = None


class _Answer(Struct):
    choices: list[_Choice] = []
    usage: _Usage | None = None
    error: Any = None


_decoder = msgspec.json.Decoder(_Answer)


class _Tools(Struct):
    """Tools as they are sent, encoded once for the many requests that share them."""

    given: tuple[Any, ...]  # kept, so that what is compared by identity stays what it is
    body: orjson.Fragment
    canonical: orjson.Fragment
    mark: int


_KEPT = 256  # lists of tools
_tools: dict[int, _Tools] = {}


def _encoded(tools: Sequence[Mapping[str, Json]]) -> _Tools:
    known = _tools.get(id(tools))
    if known is not None and len(known.given) == len(tools) and all(map(is_, known.given, tools)):
        return known
    if len(_tools) >= _KEPT:
        _tools.clear()
    body = orjson.dumps([{"type": "function", "function": tool} for tool in tools], default=_plain)
    sorted_ = orjson.dumps(tools, default=_plain, option=orjson.OPT_SORT_KEYS)
    known = _Tools(tuple(tools), orjson.Fragment(body), orjson.Fragment(sorted_), crc32(body))
    _tools[id(tools)] = known
    return known


def prefix(request: Request) -> int:
    """The same number for requests that begin alike: with the same tools and the same first message."""
    first = request.messages[0].get("content") if request.messages else ""
    return _encoded(request.tools).mark ^ crc32(str(first).encode())


def canonical(endpoint: Endpoint, request: Request) -> bytes:
    """All that shapes the answer to a request, always in the same bytes; no address, no key."""
    whole = [
        endpoint.shaping,
        request.messages,
        _encoded(request.tools).canonical,
        request.schema,
        None if request.grammar is None else [request.grammar.lark, request.grammar.gbnf],
        [request.max_tokens, request.temperature, request.seed, request.stop],
    ]
    return orjson.dumps(whole, default=_plain, option=orjson.OPT_SORT_KEYS)


def body(endpoint: Endpoint, request: Request, form: Mapping[str, Json], tokens_field: str) -> bytes:
    """The body of a request; what many requests share comes first. ``form`` holds the answer to a form."""
    fields: dict[str, Any] = {"model": endpoint.model}
    if request.tools:
        fields["tools"] = _encoded(request.tools).body
    fields["messages"] = request.messages
    fields[tokens_field] = endpoint.max_tokens or request.max_tokens
    temperature = endpoint.temperature if request.temperature is None else request.temperature
    if temperature is not None:
        fields["temperature"] = temperature
    if request.seed is not None:
        fields["seed"] = request.seed
    if request.stop:
        fields["stop"] = list(request.stop)
    fields |= form
    for name, value in endpoint.extra.items():
        if value is None:
            fields.pop(name, None)
        else:
            fields[name] = value
    return orjson.dumps(fields, default=_plain)


def reply(payload: bytes) -> tuple[Reply, bool]:
    """What an answer says, and whether the server said what it used.

    Raises:
        Malformed: it is not what a chat completion looks like, or holds neither text nor calls.
        Declined: the model refused.
    """
    try:
        answer = _decoder.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"the answer is not a chat completion: {str(error)[:200]}") from None
    if not answer.choices:
        raise Malformed("the answer holds no choice")
    choice = answer.choices[0]
    message = choice.message
    text, reasoning = _text(message.content), message.reasoning_content or _text(message.reasoning)
    used = _usage(answer.usage)
    if message.refusal or choice.finish_reason == "content_filter":
        said = (message.refusal or "content filter")[:200]
        raise Declined(f"the model declined to answer: {said}", used)
    if _THOUGHT[1] in text and (text.lstrip().startswith(_THOUGHT[0]) or _THOUGHT[0] not in text):
        thought, _, text = text.partition(_THOUGHT[1])
        reasoning = reasoning or thought.strip().removeprefix(_THOUGHT[0]).strip()
        text = text.lstrip()
    calls = [_call(call, index) for index, call in enumerate(message.tool_calls or ())]
    finish: Any = "calls" if calls else _FINISH.get(choice.finish_reason or "", "stop")
    if not text.strip() and not calls and finish != "length":
        raise Malformed("the answer is empty", used)
    if finish == "calls" and not calls:
        raise Malformed("the answer announces calls and holds none", used)
    return Reply(text, reasoning, calls, finish, used), answer.usage is not None


def error_of(payload: bytes) -> tuple[str, str]:
    """What a server says went wrong: (message, code), each "" where it does not."""
    try:
        given = msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return payload[:200].decode("utf-8", "replace"), ""
    error = given.get("error", given) if isinstance(given, dict) else given
    if not isinstance(error, dict):
        return str(error)[:400], ""
    message = error.get("message") or error.get("detail") or ""
    code = error.get("code") or error.get("type") or ""
    return str(message)[:400], str(code)[:80]


def holds_error(payload: bytes) -> bool:
    """Whether what came with status 200 is an error all the same."""
    if b'"error"' not in payload:
        return False
    try:
        answer = _decoder.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return bool(answer.error) and not answer.choices


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return ""


def _call(call: _ToolCall, index: int) -> Call:
    given = call.function.arguments
    if isinstance(given, str):
        try:
            read = orjson.loads(given) if given.strip() else {}
        except orjson.JSONDecodeError:
            read = given
        given = read if isinstance(read, dict) else given
    elif not isinstance(given, dict):
        given = {} if given is None else orjson.dumps(given).decode()
    return Call(call.id or f"call_{index}", call.function.name, given)


def _usage(usage: _Usage | None) -> Usage:
    if usage is None:
        return Usage()
    details = usage.prompt_tokens_details
    cached = (details.cached_tokens if details else None) or usage.prompt_cache_hit_tokens or 0
    return Usage(max(usage.prompt_tokens or 0, 0), max(usage.completion_tokens or 0, 0), max(cached, 0))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is not JSON")
