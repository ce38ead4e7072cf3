"""Fills slots: hands attempts to workers, stores what comes back, and folds it into rows in slot order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence

import msgspec

from callsmith.accept import Fold
from callsmith.errors import IMPOSSIBLE, CallsmithError
from callsmith.pools import Chunk, Concurrent, InProcess, Job, Pool, Processes
from callsmith.records import Slot
from callsmith.run import Run, Tried

CHUNK = 32  # slots a worker takes at once: as many as share a world, so that one process builds it
AHEAD = 2  # blocks that may be worked on beyond the one being folded


def frozen(slot: int, block: int) -> int:
    """The first slot that is not sure to be settled when ``slot`` is begun: blocks before its own ``AHEAD`` are."""
    return max(0, slot // block - AHEAD) * block


class Progress(msgspec.Struct, frozen=True):
    """How far a run is."""

    settled: int
    size: int
    accepted: int
    refused: int
    kinds: Mapping[str, tuple[int, int]]  # kind -> (accepted, settled)


def fill(run: Run, fold: Fold, job: Job, workers: int, watch: Callable[[Progress], None]) -> None:
    """Fill every slot of ``job`` that ``run`` has not settled yet.

    The rows depend on the job alone: not on ``workers``, nor on the order in which attempts come back, nor on how
    often the run was stopped and taken up again.
    """
    desk = Desk(run, fold, job, watch)
    if desk.done:
        return
    pool = _pool(job, workers)
    try:
        while not desk.done:
            while pool.room() and (chunk := desk.next_chunk(pool.room())):
                pool.submit(chunk)
            desk.receive([msgspec.msgpack.decode(packed, type=Tried) for packed in pool.take()])
    except (CallsmithError, KeyboardInterrupt):
        desk.leave()
        raise
    finally:
        pool.close()


def _pool(job: Job, workers: int) -> Pool:
    if job.session is not None:
        return Concurrent(job, job.session)
    return Processes(workers, job) if workers > 1 else InProcess(job)


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
        self._kinds = _settled_kinds(run)
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
        limit = min(self._job.size, (self._cursor // self._job.block + 1 + AHEAD) * self._job.block)
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
            self._waiting[tried.slot, tried.number] = msgspec.structs.replace(
                tried, body=b"", tape=b"", tools=b""
            )
            # Whoever made an attempt that refuses itself is at the next one already: it is not asked for twice.
            under_way = tried.number + (tried.reason not in ("", IMPOSSIBLE))
            self._asked[tried.slot] = max(under_way, self._asked.get(tried.slot, 0))
        self._settle()
        for tried in tries:
            # What resembles a row accepted already will be refused at its turn too: begin the next try now.
            if tried.slot >= self._cursor and not tried.reason and self._fold.refusal(tried)[0]:
                self._ask(tried.slot, tried.number + 1)

    def leave(self) -> None:
        """Append the rows of a block that is not full yet: the run stops here, to be gone on with."""
        self._run.project(self._cursor)

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
            accepted, settled = self._kinds.get(tried.kind, (0, 0))
            self._kinds[tried.kind] = (accepted + (not refused), settled + 1)
            self._asked.pop(self._cursor, None)
            for number in range(self._number + 1, self._job.attempts):
                self._waiting.pop((self._cursor, number), None)
            self._cursor, self._number = self._cursor + 1, 0
        if self._cursor // self._job.block != before // self._job.block or self.done:
            self._run.project(self._cursor - (0 if self.done else self._cursor % self._job.block))
        if self._cursor != before:
            self._report()

    def _report(self) -> None:
        self._watch(
            Progress(
                self._cursor,
                self._job.size,
                self._fold.accepted,
                self._refused,
                dict(self._kinds),
            )
        )

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
            if last is None or last.reason not in ("", IMPOSSIBLE):
                self._ask(index, number + 1)
        self._settle()


def _settled_kinds(run: Run) -> dict[str, tuple[int, int]]:
    """Of each kind, how many slots an earlier process filled, and how many it settled."""
    accepted = "SELECT kind, count(*), 1 FROM accepted JOIN attempts USING (slot, number) GROUP BY kind"
    unfilled = (
        "SELECT kind, count(*), 0 FROM unfilled JOIN attempts USING (slot) WHERE number = 0 GROUP BY kind"
    )
    found: dict[str, tuple[int, int]] = {}
    for kind, count, filled in run.db.execute(f"{accepted} UNION ALL {unfilled}"):
        before = found.get(kind, (0, 0))
        found[kind] = (before[0] + count * filled, before[1] + count)
    return found
