"""Answers of models in one SQLite file, each stored before it is used, so that none is paid for twice."""

from __future__ import annotations

import asyncio
import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

import msgspec
import orjson

from callsmith.errors import CallsmithError, RunChanged
from callsmith.models.budget import Tally
from callsmith.records import Place, Reply, Request, Usage

LAYOUT = 1  # version of the tables below
GROUP = 512  # answers in one statement, at most

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS calls (
    slot INTEGER NOT NULL, attempt INTEGER NOT NULL, n INTEGER NOT NULL,
    key TEXT NOT NULL,                  -- tagged hash of the request, without address and key
    model TEXT NOT NULL, prompt INTEGER NOT NULL, completion INTEGER NOT NULL, cached INTEGER NOT NULL,
    reply BLOB NOT NULL,                -- a Reply as JSON, zlib-compressed
    PRIMARY KEY (slot, attempt, n, key)) WITHOUT ROWID;
"""
_Row = tuple[int, int, int, str, str, int, int, int, bytes]


class Named(Protocol):
    """A model that can say what of a request and of itself shapes an answer."""

    name: str

    async def complete(self, request: Request, place: Place) -> Reply: ...

    def canonical(self, request: Request) -> bytes: ...


class Journal:
    """The calls of a run. One process at a time may write it.

    Answers that arrive while others are being committed are committed together, on a thread of their own.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._reader = sqlite3.connect(path, isolation_level=None)
            self._reader.execute("PRAGMA journal_mode = WAL")
            self._reader.executescript(_TABLES)
            self._writer = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._writer.execute("PRAGMA synchronous = FULL")  # a paid answer outlives a power cut
            layout = self.meta("layout")
            self.remember("layout", layout or LAYOUT)
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        if layout not in (None, LAYOUT):
            raise RunChanged("another version of callsmith kept this journal", where=str(path))
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._pending: list[tuple[_Row, asyncio.Future[None]]] = []
        self._committing: asyncio.Task[None] | None = None

    def find(self, place: Place, key: str) -> Reply | None:
        """The answer stored for a request at its place."""
        row = self._reader.execute(
            "SELECT reply FROM calls WHERE slot = ? AND attempt = ? AND n = ? AND key = ?",
            (place.slot, place.attempt, place.n, key),
        ).fetchone()
        return None if row is None else msgspec.json.decode(zlib.decompress(row[0]), type=Reply)

    async def store(self, place: Place, key: str, model: str, reply: Reply) -> None:
        """Store an answer; when this returns, it is on the disk.

        Raises:
            CallsmithError: the file cannot be written.
        """
        used = reply.usage
        packed = _packed(msgspec.json.encode(reply))
        row = (place.slot, place.attempt, place.n, key, model)
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._pending.append(((*row, used.prompt, used.completion, used.cached, packed), stored))
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit())
        await stored

    async def _commit(self) -> None:
        loop = asyncio.get_running_loop()
        while self._pending:
            group, self._pending = self._pending[:GROUP], self._pending[GROUP:]
            failure: CallsmithError | None = None
            try:
                await loop.run_in_executor(self._thread, self._write, [row for row, _ in group])
            except sqlite3.Error as error:
                failure = self._unusable(error)
            for _, stored in group:
                if stored.done():  # its caller was cancelled
                    continue
                stored.set_result(None) if failure is None else stored.set_exception(failure)
        self._committing = None

    def _write(self, rows: Sequence[_Row]) -> None:
        # One statement whatever the number of rows: each statement is a wait for the interpreter's lock.
        places = ",".join(["(?,?,?,?,?,?,?,?,?)"] * len(rows))
        self._writer.execute(
            f"INSERT OR REPLACE INTO calls VALUES {places}", [value for row in rows for value in row]
        )

    def meta(self, key: str) -> Any:
        """What was remembered under a key, or None."""
        row = self._reader.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else orjson.loads(row[0])

    def remember(self, key: str, value: Any) -> None:
        """Remember a value under a key, for good."""
        self._reader.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, orjson.dumps(value)))

    def used(self) -> Mapping[str, Usage]:
        """What the stored answers used, by model."""
        rows = self._reader.execute(
            "SELECT model, sum(prompt), sum(completion), sum(cached) FROM calls GROUP BY model"
        )
        return {model: Usage(prompt, completion, cached) for model, prompt, completion, cached in rows}

    async def close(self) -> None:
        """Commit what is open and close the file."""
        if self._committing is not None:
            await self._committing
        self._thread.shutdown()
        self._writer.close()
        self._reader.close()

    def _unusable(self, error: sqlite3.Error) -> CallsmithError:
        return CallsmithError(f"the journal cannot be used: {error}", where=str(self._path))


class Journaled:
    """A model whose answers are looked up in a journal first, and stored there before they are used."""

    def __init__(self, model: Named, journal: Journal, tally: Tally) -> None:
        self._model = model
        self._journal = journal
        self._tally = tally

    async def complete(self, request: Request, place: Place) -> Reply:
        """The stored answer, else the model's, which is stored."""
        key = request_key(self._model.canonical(request))
        known = self._journal.find(place, key)
        if known is not None:
            self._tally.found += 1
            return known
        reply = await self._model.complete(request, place)
        await self._journal.store(place, key, self._model.name, reply)
        return reply


def _packed(data: bytes) -> bytes:
    # A small window: setting up zlib's usual one takes longer than compressing an answer.
    deflate = zlib.compressobj(level=1, wbits=12, memLevel=4)
    return deflate.compress(data) + deflate.flush()


def request_key(canonical: bytes) -> str:
    """The tagged hash of a canonical request."""
    return "b2:" + blake2b(canonical, digest_size=16).hexdigest()
