"""An OpenAI-compatible server on loopback that answers as a test tells it to, faults included."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec
from aiohttp import web

from callsmith.config_models import Endpoint
from serving import serving

Behaviour = Callable[["Asked"], Any]


class Asked(msgspec.Struct):
    """One request as it arrived."""

    number: int  # of all requests, from 0
    body: dict[str, Any]
    headers: Mapping[str, str]
    path: str

    @property
    def last(self) -> str:
        return str(self.body["messages"][-1]["content"])


class Server:
    """A running server: its address, and all it was asked."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[Asked] = []
        self.open = 0
        self.most_open = 0

    def endpoint(self, **settings: Any) -> Endpoint:
        return Endpoint(base_url=f"{self.url}/v1", **{"model": "tiny", **settings})


def completion(text: str | None = "", **message: Any) -> dict[str, Any]:
    """A chat completion as servers send it."""
    finish = message.pop("finish", "stop")
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": text, **message},
            }
        ],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
    }


def refusal(status: int, message: str, **headers: str) -> web.Response:
    """An error as OpenAI words it."""
    return web.json_response(
        {"error": {"message": message, "type": "error", "code": status}}, status=status, headers=headers
    )


@contextmanager
def answering(behave: Behaviour) -> Iterator[Server]:
    """A server whose answers ``behave`` gives: a dict, text of a completion, a Response, or a fault by name."""
    server = Server()

    async def handle(request: web.Request) -> web.StreamResponse:
        asked = Asked(len(server.asked), await request.json(), dict(request.headers), request.path)
        server.asked.append(asked)
        server.open += 1
        server.most_open = max(server.open, server.most_open)
        try:
            answer = behave(asked)
            if asyncio.iscoroutine(answer):
                answer = await answer
            return await _sent(request, answer)
        finally:
            server.open -= 1

    app = web.Application(client_max_size=1 << 24)
    app.router.add_route("*", "/{path:.*}", handle)
    with serving(app) as url:
        server.url = url
        yield server


async def _sent(request: web.Request, answer: Any) -> web.StreamResponse:
    if isinstance(answer, web.StreamResponse):
        return answer
    if isinstance(answer, dict):
        return web.json_response(answer)
    if answer == "DROP":
        assert request.transport is not None
        request.transport.abort()
        return web.Response()
    if answer == "HANG":
        await asyncio.sleep(30)
        return web.Response()
    if answer == "MALFORMED":
        return web.Response(
            text='{"choices": [{"message": {"content": "half', content_type="application/json"
        )
    if answer in ("TRUNCATE", "ENDLESS"):
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        if answer == "TRUNCATE":
            response.content_length = 5000
        await response.prepare(request)
        await response.write(b'{"choices": [{"message": {"content": "')
        if answer == "TRUNCATE":
            assert request.transport is not None
            request.transport.abort()
            return response
        for _ in range(10_000):
            await response.write(b"and so on, " * 1000)
        return response
    return web.json_response(completion(str(answer)))
