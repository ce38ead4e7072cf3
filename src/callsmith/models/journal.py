"""Answers of models in one SQLite file, each stored before it is used, so that none is paid for twice."""

from __future__ import annotations

import asyncio
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

import msgspec
import orjson

from callsmith.errors import CallsmithError, RunChanged
from callsmith.models.budget import Tally
from callsmith.ports import Admitted
from callsmith.records import Place, Reply, Request, Usage

LAYOUT = 1  # version of the tables below
GROUP = 512  # answers in one statement, at most
QUIET = 0.002  # seconds since the last commit after which an answer waits for no others to be committed with
GATHERED, AT_MOST = (
    0.02,
    8,
)  # seconds and answers that are gathered for one commit, where that costs nobody time
SHORT = 1024  # bytes of a reply up to which compressing it costs more than it saves
FORCED = 1.0  # seconds after which what was committed is forced to the disk

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS calls (
    slot INTEGER NOT NULL, attempt INTEGER NOT NULL, n INTEGER NOT NULL,
    key TEXT NOT NULL,                  -- tagged hash of the request, without address and key
    model TEXT NOT NULL, prompt INTEGER NOT NULL, completion INTEGER NOT NULL, cached INTEGER NOT NULL,
    reply BLOB NOT NULL,                -- a Reply as JSON, zlib-compressed where it is long
    PRIMARY KEY (slot, attempt, n, key)) WITHOUT ROWID;
"""
_Row = tuple[int, int, int, str, str, int, int, int, bytes]


class Named(Protocol):
    """A model that can say what of a request and of itself shapes an answer."""

    name: str

    @property
    def waiting(self) -> int: ...  # calls for which there is no room yet

    async def complete(self, request: Request, place: Place) -> Reply: ...

    def canonical(self, request: Request) -> bytes: ...


class Journal:
    """The calls of a run. One process at a time may write it.

    Answers that arrive in one turn of the event loop are committed together, one that comes alone at once. While more
    calls wait for room at their endpoint than answers for a commit, a few are gathered for a moment: what goes on
    with them would wait behind those calls anyway. A commit hands them to the operating system, so that they outlive
    this process whatever ends it; once a second they are forced to the disk, on a thread, so that a power cut costs
    no more than that.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._db = _connected(path, "NORMAL")
            self._db.executescript(_TABLES)
            self._forcing = _connected(path, "FULL")
            layout = self.meta("layout")
            self.remember("layout", layout or LAYOUT)
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        if layout not in (None, LAYOUT):
            raise RunChanged("another version of callsmith kept this journal", where=str(path))
        self._pending: list[tuple[_Row, asyncio.Future[None]]] = []
        self._committed = -QUIET  # when, by the event loop's clock
        self._gathering: asyncio.TimerHandle | None = None  # when what is gathered is committed
        self._unforced = False
        self._soon: asyncio.TimerHandle | None = None  # when what was committed is forced to the disk
        self._forced: asyncio.Task[None] | None = None
        self._failure: CallsmithError | None = None

    def find(self, place: Place, key: str) -> Reply | None:
        """The answer stored for a request at its place."""
        row = self._db.execute(
            "SELECT reply FROM calls WHERE slot = ? AND attempt = ? AND n = ? AND key = ?",
            (place.slot, place.attempt, place.n, key),
        ).fetchone()
        return None if row is None else msgspec.json.decode(_unpacked(row[0]), type=Reply)

    async def store(self, place: Place, key: str, model: str, reply: Reply, waiting: int = 0) -> None:
        """Store an answer; when this returns, no end of this process can lose it.

        ``waiting``: how many calls there is no room for yet.

        Raises:
            CallsmithError: the file cannot be written.
        """
        loop, used = asyncio.get_running_loop(), reply.usage
        packed = _packed(msgspec.json.encode(reply))
        row = (place.slot, place.attempt, place.n, key, model)
        stored: asyncio.Future[None] = loop.create_future()
        self._pending.append(((*row, used.prompt, used.completion, used.cached, packed), stored))
        count = len(self._pending)
        if waiting > count and count < AT_MOST:
            if self._gathering is None and count == 1:
                self._gathering = loop.call_later(GATHERED, self._commit)
        elif self._gathering is not None or (count == 1 and loop.time() - self._committed > QUIET):
            self._commit()  # spares a turn of the loop, where there is nothing to wait for
        elif count == 1:
            loop.call_soon(self._commit)
        await stored

    def _commit(self) -> None:
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
        pending, self._pending = self._pending, []
        for start in range(0, len(pending), GROUP):
            group = pending[start : start + GROUP]
            failure = self._failure
            try:
                self._write([row for row, _ in group])
            except sqlite3.Error as error:
                failure = self._unusable(error)
            for _, stored in group:
                if stored.done():  # its caller was cancelled
                    continue
                stored.set_result(None) if failure is None else stored.set_exception(failure)
        self._unforced = True
        self._committed = asyncio.get_running_loop().time()
        self._later()

    def _later(self) -> None:
        if self._unforced and self._soon is None and self._forced is None:
            self._soon = asyncio.get_running_loop().call_later(FORCED, self._begin)

    def _write(self, rows: Sequence[_Row]) -> None:
        places = ",".join(["(?,?,?,?,?,?,?,?,?)"] * len(rows))
        self._db.execute(
            f"INSERT OR REPLACE INTO calls VALUES {places}", [value for row in rows for value in row]
        )

    def _begin(self) -> None:
        self._soon = None
        self._unforced = False
        self._forced = asyncio.create_task(self._force())

    async def _force(self) -> None:
        try:
            await asyncio.to_thread(self._forcing.execute, "PRAGMA wal_checkpoint(PASSIVE)")
        except sqlite3.Error as error:
            self._failure = self._unusable(error)
        self._forced = None
        self._later()

    def meta(self, key: str) -> Any:
        """What was remembered under a key, or None."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else orjson.loads(row[0])

    def remember(self, key: str, value: Any) -> None:
        """Remember a value under a key, for good."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, orjson.dumps(value)))

    def used(self) -> Mapping[str, Usage]:
        """What the stored answers used, by model."""
        rows = self._db.execute(
            "SELECT model, sum(prompt), sum(completion), sum(cached) FROM calls GROUP BY model"
        )
        return {model: Usage(prompt, completion, cached) for model, prompt, completion, cached in rows}

    async def close(self) -> None:
        """Commit what is open, force it to the disk and close the file."""
        if self._pending:
            self._commit()
        if self._forced is not None:
            await self._forced
        if self._soon is not None:
            self._soon.cancel()
        self._db.close()
        self._forcing.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._forcing.close()

    def _unusable(self, error: sqlite3.Error) -> CallsmithError:
        return CallsmithError(f"the journal cannot be used: {error}", where=str(self._path))


def _connected(path: Path, synchronous: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA wal_autocheckpoint = 0")  # it would force to the disk while everything waits
    db.execute(f"PRAGMA synchronous = {synchronous}")
    return db


def by_slot(db: sqlite3.Connection, end: int) -> Iterator[tuple[int, str, int, Usage]]:
    """(slot, model, calls, usage) of a journal's answers at slots below ``end``."""
    rows = db.execute(
        "SELECT slot, model, count(*), sum(prompt), sum(completion), sum(cached) FROM calls "
        "WHERE slot >= 0 AND slot < ? GROUP BY slot, model ORDER BY slot",
        (end,),
    )
    for slot, model, calls, prompt, completion, cached in rows:
        yield slot, model, calls, Usage(prompt, completion, cached)


class Journaled:
    """A model whose answers are looked up in a journal first, and stored there before they are used."""

    def __init__(
        self, model: Named, journal: Journal, tally: Tally, admitted: Admitted = lambda _: None
    ) -> None:
        self._admitted = admitted
        self._model = model
        self._journal = journal
        self._tally = tally

    async def complete(self, request: Request, place: Place) -> Reply:
        """The stored answer, else the model's, which is stored."""
        key = request_key(self._model.canonical(request))
        known = self._journal.find(place, key)
        if known is not None:
            self._tally.found += 1
            self._admitted(place)
            return known
        reply = await self._model.complete(request, place)
        await self._journal.store(place, key, self._model.name, reply, self._model.waiting)
        return reply


def _packed(data: bytes) -> bytes:
    if len(data) <= SHORT:
        return data
    # A small window: setting up zlib's usual one takes longer than compressing an answer.
    deflate = zlib.compressobj(level=1, wbits=12, memLevel=4)
    return deflate.compress(data) + deflate.flush()


def _unpacked(data: bytes) -> bytes:
    return data if data.startswith(b"{") else zlib.decompress(data)  # no compressed one begins like that


def request_key(canonical: bytes) -> str:
    """The tagged hash of a canonical request."""
    return "b2:" + blake2b(canonical, digest_size=16).hexdigest()
