"""An OpenAI-compatible server on loopback that models continuous batching, with faults at settable rates."""

from __future__ import annotations

import asyncio
import random
import re
import signal
import sys
import time
from collections import Counter, deque
from collections.abc import Mapping
from typing import Any
from zlib import crc32

import msgspec
import orjson

LENGTHS = 4096  # answer lengths drawn beforehand
FAULTS = ("429", "500", "dropped", "truncated", "malformed", "empty", "slow", "hang")
_LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)


class Settings(msgspec.Struct, frozen=True):
    """What the server is like. Times in seconds; ``slots`` 0 answers everything at once."""

    slots: int = 64
    first: float = 0.05  # to the first token, once a slot is free
    token: float = 0.003  # each
    tokens: float = 100.0  # of an answer, the median
    spread: float = 0.5  # of their logarithm
    faults: Mapping[str, float] = {}  # name of a fault to its share of requests
    seed: int = 0


class Batch:
    """Slots, each working on one request at a time, and a queue, first come, first served."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        draws = random.Random(settings.seed)
        self.lengths = [
            max(1, round(settings.tokens * draws.lognormvariate(0, settings.spread))) for _ in range(LENGTHS)
        ]
        self.chance = random.Random(settings.seed + 1)
        self.free = settings.slots
        self.queue: deque[Asked] = deque()
        self.reset()

    def reset(self) -> None:
        """Forget what was counted."""
        self.answered: Counter[str] = Counter()
        self.requests = self.open = self.most_open = 0
        self.struck: Counter[str] = Counter()
        self.first_came = 0.0

    def figures(self) -> dict[str, Any]:
        """What was counted since."""
        return {
            "requests": self.requests,
            "open": self.open,
            "most_open": self.most_open,
            "different": len(self.answered),
            "answered": self.answered.total(),
            "faults": dict(self.struck),
            "first_came": self.first_came,
        }

    def came(self, asked: Asked) -> None:
        """A request arrived."""
        self.requests += 1
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        self.first_came = self.first_came or time.monotonic()
        mark = self.chance.random()
        for fault, share in self.settings.faults.items():
            mark -= share
            if mark < 0:
                self.struck[fault] += 1
                asked.fault = fault
                break
        if asked.fault in ("429", "500", "dropped", "hang"):  # these never reach a slot
            if asked.fault != "hang":
                asyncio.get_running_loop().call_soon(asked.finish)
        elif not self.settings.slots:
            asked.finish()
        elif self.free:
            self.start(asked)
        else:
            self.queue.append(asked)

    def start(self, asked: Asked) -> None:
        self.free -= 1
        asked.working = True
        seconds = self.settings.first + self.settings.token * self.length(asked)
        if asked.fault == "slow":
            seconds *= 5
        asyncio.get_running_loop().call_later(seconds, asked.finish)

    def length(self, asked: Asked) -> int:
        return self.lengths[crc32(asked.key.encode()) % LENGTHS]

    def over(self, asked: Asked) -> None:
        """A request ended, whatever its end."""
        self.open -= 1
        if asked.working:
            self.free += 1
        while self.free > 0 and self.queue:
            following = self.queue.popleft()
            if not following.gone:
                self.start(following)


class Asked:
    """One request: by its last message it is known."""

    def __init__(self, batch: Batch, wire: asyncio.Transport, key: str, prompt: int) -> None:
        self.batch, self.wire, self.key, self.prompt = batch, wire, key, prompt
        self.fault = ""
        self.working = self.gone = False

    def finish(self) -> None:
        """Send the answer, or what a fault makes of it."""
        if self.gone:
            return
        self.gone = True
        self.batch.over(self)
        if self.fault == "dropped":
            self.wire.abort()
        elif self.fault == "429":
            send(self.wire, 429, b'{"error": {"message": "too many requests"}}', "Retry-After: 1\r\n")
        elif self.fault == "500":
            send(self.wire, 500, b'{"error": {"message": "internal error"}}')
        else:
            payload = self.completion()
            if self.fault == "truncated":
                send(self.wire, 200, payload[: len(payload) // 2], length=len(payload))
                self.wire.close()
            else:
                send(self.wire, 200, payload[:-20] if self.fault == "malformed" else payload)

    def completion(self) -> bytes:
        tokens = self.batch.length(self)
        text = (f"answer to {self.key} " + "and so on " * (tokens // 2))[: 4 * tokens + 24]
        if not self.fault or self.fault == "slow":
            self.batch.answered[self.key] += 1
        return orjson.dumps(
            {
                "object": "chat.completion",
                "choices": [
                    {
                        "index": 0,
                        "finish_reason": "stop",
                        "message": {"role": "assistant", "content": "" if self.fault == "empty" else text},
                    }
                ],
                "usage": {"prompt_tokens": self.prompt, "completion_tokens": tokens},
            }
        )


class Http(asyncio.Protocol):
    """As much of HTTP/1.1 as an answering machine needs; connections are kept."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.read = bytearray()
        self.asked: Asked | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.wire = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self.asked is not None and not self.asked.gone:
            self.asked.gone = True
            self.batch.over(self.asked)

    def data_received(self, data: bytes) -> None:
        self.read += data
        end = self.read.find(b"\r\n\r\n")
        if end < 0:
            return
        found = _LENGTH.search(self.read, 0, end)
        whole = end + 4 + (int(found[1]) if found else 0)
        if len(self.read) < whole:
            return
        line, body = bytes(self.read[: self.read.find(b"\r\n")]), bytes(self.read[end + 4 : whole])
        del self.read[:whole]
        if line.startswith(b"GET"):
            send(self.wire, 200, orjson.dumps(self.batch.figures()))
            if b"/reset" in line:
                self.batch.reset()
            return
        asked = orjson.loads(body)
        key = asked["messages"][-1]["content"].partition(" ")[0]
        self.asked = Asked(self.batch, self.wire, key, len(body) // 4)
        self.batch.came(self.asked)


def send(
    wire: asyncio.Transport, status: int, payload: bytes, more: str = "", length: int | None = None
) -> None:
    """One answer."""
    size = len(payload) if length is None else length
    head = f"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\n{more}Content-Length: {size}\r\n\r\n"
    wire.write(head.encode() + payload)


async def serve(settings: Settings) -> None:
    """Serve until told to end; the port is printed first."""
    batch, loop = Batch(settings), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Http(batch), "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()


if __name__ == "__main__":
    asyncio.run(serve(msgspec.json.decode(sys.argv[1], type=Settings)))
