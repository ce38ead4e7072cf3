"""Whatever makes attempts: this process, processes of their own, or many attempts at once on one event loop."""

from __future__ import annotations

import asyncio
import importlib
import multiprocessing
import signal
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, contextmanager
from multiprocessing.connection import Connection, wait
from typing import Protocol, cast

import msgspec

from callsmith.errors import IMPOSSIBLE, CallsmithError
from callsmith.records import Slot

AttemptFunction = Callable[[bytes, Slot, int], bytes]  # config, slot, number -> an encoded Tried
OpenAttempt = Callable[[Slot, int], Awaitable[bytes]]
Session = Callable[[bytes], AbstractAsyncContextManager[OpenAttempt]]  # of a config
Chunk = Sequence[tuple[Slot, int]]

_QUEUED = 2  # chunks a worker holds, so that it never waits for the driver
_WAITING = 2  # further chunks a worker, which wait for the one that knows their toolset


class SlotSequence(Protocol):
    """Slots by index."""

    def __getitem__(self, index: int, /) -> Slot: ...


class Pool(Protocol):
    """Whatever makes attempts."""

    def room(self) -> int: ...

    def submit(self, chunk: Chunk) -> None: ...

    def take(self) -> list[bytes]: ...

    def close(self) -> None: ...


class Job(msgspec.Struct, frozen=True):
    """What to fill."""

    attempt: str  # import path of an AttemptFunction, "package.module:name", so that processes can load it
    config: bytes
    slots: SlotSequence
    size: int
    block: int  # slots between two appends to conversations.jsonl, and the unit of looking ahead
    attempts: int
    session: Session | None = None  # what makes attempts that wait for models, many at once on one event loop
    open: int = 1  # how many slots a session works on at once
    runner: Callable[[], asyncio.Runner] = asyncio.Runner  # of the event loop that a session works on


def load(path: str) -> AttemptFunction:
    """The function an import path names."""
    module, _, name = path.partition(":")
    return cast("AttemptFunction", getattr(importlib.import_module(module), name))


def work(function: AttemptFunction, config: bytes, attempts: int, chunk: Chunk) -> Iterator[bytes]:
    """Attempts for a chunk; one that refuses itself is followed at once by the next for the same slot."""
    for slot, first in chunk:
        for number in range(first, attempts):
            packed = function(config, slot, number)
            yield packed
            if msgspec.msgpack.decode(packed, type=_Head).reason in ("", IMPOSSIBLE):
                break


class _Head(msgspec.Struct):
    """The one field of a Tried that a worker looks at."""

    reason: str = ""


class InProcess:
    """One worker: this process."""

    def __init__(self, job: Job) -> None:
        self._function = load(job.attempt)
        self._job = job
        self._chunks: deque[Chunk] = deque()

    def room(self) -> int:
        return 1 - len(self._chunks)

    def submit(self, chunk: Chunk) -> None:
        self._chunks.append(chunk)

    def take(self) -> list[bytes]:
        return list(work(self._function, self._job.config, self._job.attempts, self._chunks.popleft()))

    def close(self) -> None:
        self._chunks.clear()


class Concurrent:
    """Many attempts at once in this process: they wait for models, not for the processor.

    An attempt that raises ends the run: what is under way then is given the chance to finish its open calls (which are
    paid for, and found again in the journal), what has finished is handed over, and only then the error is raised.
    """

    def __init__(self, job: Job, session: Session) -> None:
        self._job = job
        self._runner = job.runner()
        self._stack = AsyncExitStack()
        self._waiting: deque[tuple[Slot, int]] = deque()  # of chunks larger than there is room
        self._beginning = False
        self._open: set[asyncio.Task[None]] = set()
        self._done: list[bytes] = []
        self._failed: list[BaseException] = []
        try:
            self._attempt = self._runner.run(self._entered(session))
        except BaseException:
            self._runner.close()
            raise

    async def _entered(self, session: Session) -> OpenAttempt:
        self._news = asyncio.Event()
        return await self._stack.enter_async_context(session(self._job.config))

    def room(self) -> int:
        return 0 if self._failed else max(0, self._job.open - len(self._open) - len(self._waiting))

    def submit(self, chunk: Chunk) -> None:
        self._waiting.extend(chunk)
        self._begin_soon()

    def _begin_soon(self) -> None:
        # One in each turn of the loop: the first ask their models while the others are still planned.
        if self._waiting and not self._beginning:
            self._beginning = True
            self._runner.get_loop().call_soon(self._begin)

    def _begin(self) -> None:
        self._beginning = False
        if self._waiting and len(self._open) < self._job.open and not self._failed:
            task = self._runner.get_loop().create_task(self._filled(*self._waiting.popleft()))
            self._open.add(task)
            task.add_done_callback(self._closed)
            self._begin_soon()

    async def _filled(self, slot: Slot, first: int) -> None:
        """Attempts at one slot, one after the other, as ``work`` makes them."""
        for number in range(first, self._job.attempts):
            packed = await self._attempt(slot, number)
            self._done.append(packed)
            self._news.set()
            if msgspec.msgpack.decode(packed, type=_Head).reason in ("", IMPOSSIBLE):
                break

    def _closed(self, task: asyncio.Task[None]) -> None:
        self._open.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed.append(error)
        self._begin_soon()
        self._news.set()

    def take(self) -> list[bytes]:
        self._runner.run(self._some())
        done, self._done = self._done, []
        if self._failed and not done:
            raise self._failed[0]
        if self._failed:
            self._news.set()  # what is raised next time waits for nothing
        return done

    async def _some(self) -> None:
        """Come back when an attempt has come out or there is room again; after a failure, when all are done."""
        await self._news.wait()
        self._news.clear()
        while self._failed and self._open:
            await self._news.wait()
            self._news.clear()

    def close(self) -> None:
        try:
            self._runner.run(self._left())
        finally:
            self._runner.close()

    async def _left(self) -> None:
        self._waiting.clear()
        for task in self._open:
            task.cancel()
        if self._open:
            await asyncio.wait(list(self._open))
        await self._stack.aclose()


class Processes:
    """Workers in processes of their own, each at the end of a pipe: a worker ends when its pipe does.

    What a worker has learnt of a toolset is worth keeping: chunks go to the worker that has met their toolset, unless
    another has nothing to do.
    """

    def __init__(self, workers: int, job: Job) -> None:
        self._held: dict[Connection, int] = {}
        self._waiting: deque[Chunk] = deque()
        self._homes: dict[str, Connection] = {}  # toolset -> the worker that met it first
        self._processes = []
        with _uninterrupted():
            context = multiprocessing.get_context("spawn")
            for _ in range(workers):
                ours, theirs = context.Pipe()
                given = (theirs, job.attempt, job.config, job.attempts)
                process = context.Process(target=_serve, args=given, daemon=True)
                process.start()
                theirs.close()
                self._held[ours] = 0
                self._processes.append(process)

    def room(self) -> int:
        return len(self._held) * (_QUEUED + _WAITING) - sum(self._held.values()) - len(self._waiting)

    def submit(self, chunk: Chunk) -> None:
        self._waiting.append(chunk)
        self._hand_out()

    def _hand_out(self) -> None:
        for connection in sorted(self._held, key=self._held.__getitem__):
            while self._held[connection] < _QUEUED and (chunk := self._next_for(connection)):
                try:
                    connection.send_bytes(msgspec.msgpack.encode(chunk))
                except OSError as error:
                    raise _died() from error
                self._held[connection] += 1

    def _next_for(self, connection: Connection) -> Chunk:
        for place, chunk in enumerate(self._waiting):
            home = self._homes.setdefault(chunk[0][0].toolset, connection)
            if home is connection:
                del self._waiting[place]
                return chunk
        return self._waiting.popleft() if self._waiting and not self._held[connection] else ()

    def take(self) -> list[bytes]:
        packed: list[bytes] = []
        for ready in wait(list(self._held)):
            connection = cast("Connection", ready)
            try:
                packed.extend(msgspec.msgpack.decode(connection.recv_bytes(), type=list[bytes]))
            except (EOFError, OSError) as error:
                raise _died() from error
            self._held[connection] -= 1
        self._hand_out()
        return packed

    def close(self) -> None:
        for connection in self._held:
            connection.close()
        for process, held in zip(self._processes, self._held.values(), strict=True):
            if not held:
                process.join(2)  # one that waits for work ends by itself, and puts away what it opened
            process.terminate()
        for process in self._processes:
            process.join()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes started inside ignore Ctrl-C from their first moment on: the driver decides when to stop."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _serve(connection: Connection, path: str, config: bytes, attempts: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    function = load(path)
    while True:
        try:
            chunk = msgspec.msgpack.decode(connection.recv_bytes(), type=list[tuple[Slot, int]])
            connection.send_bytes(msgspec.msgpack.encode(list(work(function, config, attempts, chunk))))
        except (EOFError, OSError):
            return  # the driver is gone


def _died() -> CallsmithError:
    return CallsmithError(
        "a worker process ended unexpectedly", hint="run the same command again to continue"
    )
