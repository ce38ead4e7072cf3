"""Fills slots: hands attempts to workers, stores what comes back, and folds it into rows in slot order."""

from __future__ import annotations

import importlib
import multiprocessing
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from typing import Protocol, cast

import msgspec

from callsmith.accept import Fold
from callsmith.errors import IMPOSSIBLE, CallsmithError
from callsmith.records import Slot
from callsmith.run import Run, Tried

AttemptFunction = Callable[[bytes, Slot, int], bytes]  # config, slot, number -> an encoded Tried
Chunk = Sequence[tuple[Slot, int]]

CHUNK = 32  # slots a worker takes at once: as many as share a world, so that one process builds it
_AHEAD = 2  # blocks that may be worked on beyond the one being folded
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


class Progress(msgspec.Struct, frozen=True):
    """How far a run is."""

    settled: int
    size: int
    accepted: int
    refused: int


def fill(run: Run, fold: Fold, job: Job, workers: int, watch: Callable[[Progress], None]) -> None:
    """Fill every slot of ``job`` that ``run`` has not settled yet.

    The rows depend on the job alone: not on ``workers``, nor on the order in which attempts come back, nor on how
    often the run was stopped and taken up again.
    """
    desk = Desk(run, fold, job, watch)
    if desk.done:
        return
    pool: Pool = Processes(workers, job) if workers > 1 else InProcess(job)
    try:
        while not desk.done:
            while pool.room() and (chunk := desk.next_chunk(pool.room())):
                pool.submit(chunk)
            desk.receive([msgspec.msgpack.decode(packed, type=Tried) for packed in pool.take()])
    finally:
        pool.close()


def load(path: str) -> AttemptFunction:
    """The function an import path names."""
    module, _, name = path.partition(":")
    return cast(AttemptFunction, getattr(importlib.import_module(module), name))


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


class Desk:
    """What is to be done next, what is under way, and what has come back but waits for its turn in the fold."""

    def __init__(self, run: Run, fold: Fold, job: Job, watch: Callable[[Progress], None]) -> None:
        self._run = run
        self._fold = fold
        self._job = job
        self._watch = watch
        self._cursor = run.settled()
        self._fresh = self._cursor  # the first slot nobody was asked about
        self._number = 0  # of the attempt the fold waits for, at the cursor
        self._again: deque[tuple[Slot, int]] = deque()
        self._asked: dict[int, int] = {}  # slot -> highest attempt asked for
        self._waiting: dict[tuple[int, int], Tried] = {}
        self._refused = int(run.db.execute("SELECT count(*) FROM decided WHERE reason != ''").fetchone()[0])
        self._report()
        self._resume()

    @property
    def done(self) -> bool:
        """Whether every slot is settled."""
        return self._cursor >= self._job.size

    def next_chunk(self, room: int) -> Chunk:
        """Attempts to make now: second tries first, in small portions, then slots not yet begun."""
        if self._again:
            portion = max(1, min(CHUNK, len(self._again) // room))
            return [self._again.popleft() for _ in range(portion)]
        limit = min(self._job.size, (self._cursor // self._job.block + 1 + _AHEAD) * self._job.block)
        chunk: Chunk = ()
        while not chunk and self._fresh < limit:
            end = min(limit, self._fresh + CHUNK - self._fresh % CHUNK)
            new = (index for index in range(self._fresh, end) if index not in self._asked)
            chunk = [(self._job.slots[index], 0) for index in new]
            self._fresh = end
        self._asked.update((slot.index, 0) for slot, _ in chunk)
        return chunk

    def receive(self, tries: Sequence[Tried]) -> None:
        """Store attempts, settle what can be settled, and ask again where an attempt is sure to be refused."""
        self._run.store(tries)
        for tried in tries:
            if tried.slot < self._cursor:
                continue  # begun because a refusal seemed sure, and not needed after all
            self._waiting[tried.slot, tried.number] = msgspec.structs.replace(tried, body=b"")
            self._asked[tried.slot] = max(tried.number, self._asked.get(tried.slot, 0))
        self._settle()
        for tried in tries:
            # What resembles a row accepted already will be refused at its turn too: begin the next try now.
            if tried.slot >= self._cursor and not tried.reason and self._fold.refusal(tried)[0]:
                self._ask(tried.slot, tried.number + 1)

    def _settle(self) -> None:
        before = self._cursor
        while self._cursor < self._job.size:
            tried = self._waiting.pop((self._cursor, self._number), None)
            if tried is None:
                if self._number:
                    self._ask(self._cursor, self._number)
                break
            refused = self._fold.decide(tried)
            self._refused += bool(refused)
            if refused not in ("", IMPOSSIBLE) and self._number + 1 < self._job.attempts:
                self._number += 1
                continue
            self._asked.pop(self._cursor, None)
            for number in range(self._number + 1, self._job.attempts):
                self._waiting.pop((self._cursor, number), None)
            self._cursor, self._number = self._cursor + 1, 0
        if self._cursor // self._job.block != before // self._job.block or self.done:
            self._run.project(self._cursor - (0 if self.done else self._cursor % self._job.block))
        if self._cursor != before:
            self._report()

    def _report(self) -> None:
        self._watch(Progress(self._cursor, self._job.size, self._fold.accepted, self._refused))

    def _ask(self, index: int, number: int) -> None:
        if number < self._job.attempts and self._asked.get(index, -1) < number:
            self._asked[index] = number
            self._again.append((self._job.slots[index], number))

    def _resume(self) -> None:
        """Take up what an earlier process stored but did not settle."""
        db = self._run.db
        found = db.execute("SELECT max(number) FROM decided WHERE slot = ?", (self._cursor,)).fetchone()[0]
        self._number = 0 if found is None else found + 1
        for tried in self._run.stored(self._cursor, self._job.size):
            self._asked[tried.slot] = tried.number
            if (tried.slot, tried.number) >= (self._cursor, self._number):
                self._waiting[tried.slot, tried.number] = tried
        for index, number in sorted(self._asked.items()):
            last = self._waiting.get((index, number))
            if last is None or last.reason:
                self._ask(index, number + 1)
        self._settle()


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
