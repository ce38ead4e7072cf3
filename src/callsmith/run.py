"""A run directory: its database, what it was made from, and the files projected from it."""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
import orjson

from callsmith.errors import RunChanged

LAYOUT = 5  # version of the tables below

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE attempts (                 -- every try, as the workers returned it
    slot INTEGER NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL, twin TEXT NOT NULL,
    kind TEXT NOT NULL, toolset TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL,
    opening INTEGER NOT NULL, skeleton INTEGER NOT NULL, shape INTEGER NOT NULL,
    signature BLOB NOT NULL, bands BLOB NOT NULL,
    calls INTEGER NOT NULL, turns INTEGER NOT NULL, checks TEXT NOT NULL, body BLOB NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (slot, number));
CREATE TABLE journal (                  -- what attempts asked of worlds that are not ours
    slot INTEGER NOT NULL, number INTEGER NOT NULL, tape BLOB NOT NULL, PRIMARY KEY (slot, number));
CREATE TABLE toolsets (                 -- those that were made for one attempt, as JSON
    slot INTEGER NOT NULL, number INTEGER NOT NULL, hash TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (slot, number));
CREATE TABLE decided (                  -- what the fold said; an empty reason is acceptance
    slot INTEGER NOT NULL, number INTEGER NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL,
    PRIMARY KEY (slot, number)) WITHOUT ROWID;
CREATE TABLE accepted (slot INTEGER PRIMARY KEY, number INTEGER NOT NULL);
CREATE TABLE unfilled (slot INTEGER PRIMARY KEY);
CREATE TABLE openings (key INTEGER PRIMARY KEY, slot INTEGER NOT NULL);
CREATE TABLE skeletons (key INTEGER PRIMARY KEY, uses INTEGER NOT NULL);
CREATE TABLE shapes (key INTEGER PRIMARY KEY, uses INTEGER NOT NULL);
CREATE TABLE spread (toolset TEXT PRIMARY KEY, shapes INTEGER NOT NULL, uses INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE bands (key INTEGER NOT NULL, slot INTEGER NOT NULL, PRIMARY KEY (key, slot)) WITHOUT ROWID;
CREATE TABLE projected (                -- slots below `slot` are in conversations.jsonl, which then ends at `end`
    slot INTEGER PRIMARY KEY, "end" INTEGER NOT NULL, digest BLOB NOT NULL);
"""


class Tried(msgspec.Struct, frozen=True):
    """One attempt as a worker hands it over; the driver stores it and never decodes ``body``."""

    slot: int
    number: int
    id: str
    kind: str
    toolset: str
    reason: str = ""  # "" when every check passed, else a short class such as "check:grounding"
    detail: str = ""
    twin: str = ""  # id of the row this one is declared a minimal pair of
    opening: int = 0  # key of the first request; 0 where equality does not count
    skeleton: int = 0
    shape: int = 0  # key of what is called, values aside; 0 where that does not count
    signature: bytes = b""
    bands: bytes = b""  # packed signed 64-bit keys
    calls: int = 0
    turns: int = 0
    checks: str = ""  # "structure=pass schema=pass …"
    body: bytes = b""  # the row, one line of JSON, zlib-compressed
    note: str = ""  # what attempts of later blocks may know of it: its scenario
    tape: bytes = b""  # its calls to a world that is not ours: a Tape as JSON, zlib-compressed
    own: str = ""  # the hash of the toolset that was made for it, if one was
    tools: bytes = b""  # that toolset as JSON, zlib-compressed


_BULK = ("body", "tape", "own", "tools")  # fields that acceptance does not go by


class Run:
    """An open run directory. One process at a time may write it; anyone may read."""

    def __init__(self, path: Path, db: sqlite3.Connection, lock: Any) -> None:
        self.path = path
        self.db = db
        self._lock = lock

    @classmethod
    def create(
        cls, path: Path, inputs: Mapping[str, Any], fresh: bool = False, refold: Sequence[str] = ()
    ) -> Run:
        """Open a run for writing: a new one, or one that was made from the same ``inputs``.

        Where nothing but inputs named in ``refold`` changed, attempts are made and decided again from the beginning;
        what they ask of models is found in the journal of calls, which outlives every new beginning.

        Raises:
            RunChanged: the directory holds a run made from other inputs, is in use, or holds something else.
        """
        path.mkdir(parents=True, exist_ok=True)
        lock = _locked(path)
        if fresh:
            _clear(path)
        elif not (path / "run.db").exists() and (path / "conversations.jsonl").exists():
            raise RunChanged(
                "conversations.jsonl is here without its run.db",
                where=str(path),
                hint="choose another --out, or start over with --fresh",
            )
        plain = orjson.loads(orjson.dumps(inputs))
        if _only_refold(path, plain, refold):
            _clear(path)
        db = _connected(path / "run.db")
        run = cls(path, db, lock)
        stored = run.meta("inputs")
        if stored is None:
            db.executescript("BEGIN;" + _TABLES)  # one transaction: a run exists whole or not at all
            run.remember("inputs", inputs)
            run.remember("layout", LAYOUT)
            db.commit()
            run.conversations.touch()
        else:
            changed = differences(stored, plain)
            if run.meta("layout") != LAYOUT:
                changed = ["the layout of run.db", *changed]
            if changed:
                raise RunChanged(
                    "this run was made from other inputs: " + "; ".join(changed),
                    where=str(path),
                    hint="start over with --fresh, or choose another --out",
                )
            run._mend()
        return run

    @classmethod
    def open(cls, path: Path) -> Run:
        """Open a run for reading.

        Raises:
            RunChanged: there is no run here, or another version of callsmith made it.
        """
        if not (path / "run.db").exists():
            raise RunChanged(
                "no run here: run.db is missing", where=str(path), hint="make one: callsmith synth"
            )
        db = sqlite3.connect(f"file:{path / 'run.db'}?mode=ro", uri=True)
        run = cls(path, db, None)
        if run.meta("layout") != LAYOUT:
            raise RunChanged("another version of callsmith made this run", where=str(path))
        return run

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.db.close()
        if self._lock is not None:
            self._lock.close()

    def meta(self, key: str) -> Any:
        """A remembered value, or None."""
        try:
            found = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        except sqlite3.OperationalError:  # no tables yet
            return None
        return None if found is None else orjson.loads(found[0])

    def remember(self, key: str, value: Any) -> None:
        """Keep a JSON value under a key."""
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, orjson.dumps(value)))

    # ------------------------------------------------------------ attempts

    def store(self, tries: Sequence[Tried]) -> None:
        """Keep attempts; one commit for all of them."""
        self.db.executemany(
            "INSERT OR REPLACE INTO attempts VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            [
                (t.slot, t.number, t.id, t.twin, t.kind, t.toolset, t.reason, t.detail, t.opening, t.skeleton)
                + (t.shape, t.signature, t.bands, t.calls, t.turns, t.checks, t.body, t.note)
                for t in tries
            ],
        )
        self.db.executemany(
            "INSERT OR REPLACE INTO journal VALUES (?,?,?)",
            [(t.slot, t.number, t.tape) for t in tries if t.tape],
        )
        self.db.executemany(
            "INSERT OR REPLACE INTO toolsets VALUES (?,?,?,?)",
            [(t.slot, t.number, t.own, t.tools) for t in tries if t.own],
        )
        self.db.commit()

    def tape(self, slot: int, number: int) -> bytes:
        """What an attempt asked of a world that is not ours: a Tape as JSON, or nothing."""
        found = self.db.execute(
            "SELECT tape FROM journal WHERE slot = ? AND number = ?", (slot, number)
        ).fetchone()
        return zlib.decompress(found[0]) if found else b""

    @property
    def taped(self) -> bool:
        """Whether some attempt asked a world that is not ours."""
        return self.db.execute("SELECT 1 FROM journal LIMIT 1").fetchone() is not None

    def journal(self) -> Iterator[bytes]:
        """A line for each accepted row whose world is not ours: its id and its tape."""
        query = (
            "SELECT id, tape FROM accepted JOIN attempts USING (slot, number) JOIN journal USING (slot, number) "
            "ORDER BY slot"
        )
        for name, tape in self.db.execute(query):
            yield b'{"id":%b,"tape":%b}\n' % (orjson.dumps(name), zlib.decompress(tape))

    def stored(self, start: int, end: int) -> Iterator[Tried]:
        """Attempts at slots ``start`` up to ``end``, in (slot, attempt) order, without bodies."""
        columns = [name for name in Tried.__struct_fields__ if name not in _BULK]
        query = (
            f"SELECT {', '.join(columns)} FROM attempts WHERE slot >= ? AND slot < ? ORDER BY slot, number"
        )
        for values in self.db.execute(query, (start, end)).fetchall():
            yield Tried(**dict(zip(columns, values, strict=True)))

    def settled(self) -> int:
        """The first slot that is neither accepted nor unfilled."""
        query = (
            "SELECT max(slot) FROM (SELECT max(slot) slot FROM accepted UNION SELECT max(slot) FROM unfilled)"
        )
        last = self.db.execute(query).fetchone()[0]
        return 0 if last is None else int(last) + 1

    def notes(self, start: int, end: int) -> list[tuple[int, str, str]]:
        """(slot, toolset, note) of rows accepted at slots ``start`` up to ``end``, in order, where they have one."""
        query = (
            "SELECT slot, toolset, note FROM accepted JOIN attempts USING (slot, number) "
            "WHERE slot >= ? AND slot < ? AND note != '' ORDER BY slot"
        )
        return list(self.db.execute(query, (start, end)))

    # ------------------------------------------------------------ projection

    def project(self, upto: int) -> None:
        """Commit, then append the accepted rows of slots below ``upto`` to ``conversations.jsonl``."""
        start, end = self._projected()
        if upto <= start:
            self.db.commit()
            return
        body = b"".join(self.bodies(start, upto))
        self.db.execute(
            "INSERT INTO projected VALUES (?, ?, ?)",
            (upto, end + len(body), blake2b(body, digest_size=16).digest()),
        )
        self._write_toolsets(start, upto)  # a row is never there without what it is checked with
        self.db.commit()
        with open(self.conversations, "ab") as file:
            file.write(body)

    @property
    def conversations(self) -> Path:
        """Where the rows are."""
        return self.path / "conversations.jsonl"

    def bodies(self, start: int = 0, end: int = 1 << 62) -> Iterator[bytes]:
        """Accepted rows as lines, in slot order."""
        query = "SELECT body FROM accepted JOIN attempts USING (slot, number) WHERE slot >= ? AND slot < ?"
        for (body,) in self.db.execute(f"{query} ORDER BY slot", (start, end)):
            yield zlib.decompress(body)

    def body(self, slot: int, number: int) -> bytes:
        """The row that an attempt made, as a line; it may be empty."""
        found = self.db.execute(
            "SELECT body FROM attempts WHERE slot = ? AND number = ?", (slot, number)
        ).fetchone()
        return zlib.decompress(found[0]) if found and found[0] else b""

    def rejects(self) -> Iterator[tuple[int, int, str, str, str, bytes]]:
        """(slot, attempt, kind, reason, detail, row) of every refused attempt, in order; the row may be empty."""
        query = (
            "SELECT slot, number, kind, d.reason, d.detail, body FROM decided d JOIN attempts USING (slot, number) "
            "WHERE d.reason != '' ORDER BY slot, number"
        )
        for slot, number, kind, reason, detail, body in self.db.execute(query):
            yield slot, number, kind, reason, detail, zlib.decompress(body) if body else b""

    def write(self, name: str, parts: Iterable[bytes]) -> None:
        """Put a whole file beside the rows, so that no reader ever sees half of it."""
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_name(target.name + ".part")
        with open(half, "wb") as file:
            file.writelines(parts)
        half.replace(target)

    def _write_toolsets(self, start: int, end: int) -> None:
        """Files of the toolsets that were made for accepted rows of these slots, where they are not there."""
        query = (
            "SELECT hash, body FROM accepted JOIN toolsets USING (slot, number) WHERE slot >= ? AND slot < ?"
        )
        for name, body in self.db.execute(query, (start, end)):
            file = self.path / toolset_file(name)
            if not file.exists() or not file.stat().st_size:
                self.write(toolset_file(name), [zlib.decompress(body)])

    def _projected(self) -> tuple[int, int]:
        found = self.db.execute('SELECT slot, "end" FROM projected ORDER BY slot DESC LIMIT 1').fetchone()
        return (int(found[0]), int(found[1])) if found else (0, 0)

    def _mend(self) -> None:
        """Make the files what the database says: drop what is beyond, write again what is not there."""
        self.conversations.touch()
        marks = self.db.execute('SELECT slot, "end", digest FROM projected ORDER BY slot').fetchall()
        good, start = 0, 0
        with open(self.conversations, "r+b") as file:
            for slot, end, digest in marks:
                body = file.read(end - good)
                if blake2b(body, digest_size=16).digest() != digest:
                    file.seek(good)
                    body = b"".join(self.bodies(start, slot))
                    file.write(body)
                good, start = end, slot
            file.truncate(good)
        self._write_toolsets(0, start)


def toolset_file(name: str) -> str:
    """Where in a run directory the toolset of a hash lies."""
    return f"toolsets/{name.replace(':', '-')}.json"


def _only_refold(path: Path, inputs: Mapping[str, Any], names: Sequence[str]) -> bool:
    """Whether a run is here that was made from the same inputs but for those of some names."""
    if not names or not (path / "run.db").exists():
        return False
    with Run.open(path) as run:
        stored = run.meta("inputs")
    changed = any(stored.get(name) != inputs.get(name) for name in names)
    return changed and not differences(_without(stored, names), _without(inputs, names))


def _without(inputs: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if name not in names}


def differences(stored: Any, given: Any, path: str = "") -> list[str]:
    """What differs between two JSON values, in words, one item a place."""
    if stored == given:
        return []
    if isinstance(stored, dict) and isinstance(given, dict):
        found: list[str] = []
        for key in sorted(stored.keys() | given.keys()):
            place = f"{path}.{key}" if path else str(key)
            if key not in given:
                found.append(f"{place} is gone")
            elif key not in stored:
                found.append(f"{place} is new")
            else:
                found.extend(differences(stored[key], given[key], place))
        return found
    old, new = orjson.dumps(stored).decode(), orjson.dumps(given).decode()
    if len(old) + len(new) > 120 or path.startswith("files."):
        return [f"{path.removeprefix('files.')} changed"]
    return [f"{path} was {old}, is {new}"]


def _connected(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA cache_size = -32768")  # KiB; what bounds the driver's memory
    return db


def _locked(path: Path) -> Any:
    lock = open(path / ".lock", "wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise RunChanged("another process is writing this run", where=str(path)) from error
    return lock


def _clear(path: Path) -> None:
    """Remove what a run wrote, and nothing else."""
    for name in (
        "run.db",
        "run.db-wal",
        "run.db-shm",
        "conversations.jsonl",
        "summary.json",
        "rejects.jsonl",
        "journal.jsonl",
    ):
        (path / name).unlink(missing_ok=True)
    for folder in ("toolsets", "explored"):
        if (path / folder).is_dir():
            shutil.rmtree(path / folder)
