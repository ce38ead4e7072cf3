"""Which attempts become rows: a pure fold over stored attempts in (slot, attempt) order."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from msgspec import Struct

from callsmith.errors import IMPOSSIBLE
from callsmith.run import Tried


class Rules(Struct, frozen=True):
    """What acceptance goes by."""

    attempts: int
    skeleton_share: float  # of accepted rows
    likeness_limit: float
    likeness: Callable[[bytes, bytes], float]
    spread: frozenset[str] = (
        frozenset()
    )  # toolsets whose rows are held apart by what they call: few tools, all ours


# A share means nothing among a handful of rows: this many uses of one skeleton are always allowed.
_SKELETON_FLOOR = 2

# Rows of a toolset that may call alike, values aside: so many, so large a share, so many times an even share.
_SHAPE_FLOOR, _SHAPE_SHARE, _SHAPE_EVEN = 2, 0.04, 1.25
_LAST_TRIES = 2  # of a slot's attempts, in which anything is taken that its tools allow


class Fold:
    """The fold's state, which lives in the run's database; nothing here grows with the run."""

    def __init__(self, db: sqlite3.Connection, rules: Rules) -> None:
        self._db = db
        self._rules = rules
        self.accepted = int(db.execute("SELECT count(*) FROM accepted").fetchone()[0])

    def refusal(self, tried: Tried) -> tuple[str, str]:
        """(reason, detail) for refusing an attempt now, after the rows accepted so far; two empty texts accept."""
        if tried.reason:
            return tried.reason, tried.detail
        if tried.twin and not self._partner(tried):
            return "twin_alone", "the row it repeats was not accepted with these words"
        if tried.opening:
            found = self._db.execute("SELECT slot FROM openings WHERE key = ?", (tried.opening,)).fetchone()
            if found and not self._twins(tried, found[0]):
                return "equal_first_request", f"slot {found[0]} opens with the same words"
            if self._crowded(tried.skeleton):
                return "skeleton_share", "its first request, values masked, is used too often already"
            if tried.toolset in self._rules.spread and self._common(tried):
                return "shape_share", "the same is called too often already"
        return self._near(tried)

    def decide(self, tried: Tried) -> str:
        """Accept or refuse the next attempt in order, and remember it; the reason, empty when accepted."""
        reason, detail = self.refusal(tried)
        execute = self._db.execute
        execute("INSERT INTO decided VALUES (?, ?, ?, ?)", (tried.slot, tried.number, reason, detail))
        if not reason:
            self._admit(tried)
        elif reason == IMPOSSIBLE or tried.number + 1 >= self._rules.attempts:
            execute("INSERT INTO unfilled VALUES (?)", (tried.slot,))
        return reason

    def _admit(self, tried: Tried) -> None:
        execute = self._db.execute
        execute("INSERT INTO accepted VALUES (?, ?)", (tried.slot, tried.number))
        if tried.opening:
            execute("INSERT OR IGNORE INTO openings VALUES (?, ?)", (tried.opening, tried.slot))
            execute(
                "INSERT INTO skeletons VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET uses = uses + 1",
                (tried.skeleton,),
            )
        if tried.shape:
            fresh = not execute("SELECT 1 FROM shapes WHERE key = ?", (tried.shape,)).fetchone()
            execute(
                "INSERT INTO shapes VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET uses = uses + 1",
                (tried.shape,),
            )
            execute(
                "INSERT INTO spread VALUES (?, 1, 1) "
                "ON CONFLICT (toolset) DO UPDATE SET uses = uses + 1, shapes = shapes + ?",
                (tried.toolset, int(fresh)),
            )
        keys = memoryview(tried.bands).cast("q")
        self._db.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(key, tried.slot) for key in keys])
        self.accepted += 1

    def _crowded(self, skeleton: int) -> bool:
        found = self._db.execute("SELECT uses FROM skeletons WHERE key = ?", (skeleton,)).fetchone()
        allowed = max(_SKELETON_FLOOR, self._rules.skeleton_share * (self.accepted + 1))
        return bool(found) and found[0] + 1 > allowed

    def _common(self, tried: Tried) -> bool:
        """Whether what an attempt calls is called by many rows of its toolset already; of each try a little less so."""
        if not tried.shape or tried.number + _LAST_TRIES >= self._rules.attempts:
            return False
        used = self._db.execute("SELECT uses FROM shapes WHERE key = ?", (tried.shape,)).fetchone()
        if used is None or used[0] < _SHAPE_FLOOR:
            return False
        shapes, rows = self._db.execute(
            "SELECT shapes, uses FROM spread WHERE toolset = ?", (tried.toolset,)
        ).fetchone()
        allowed = max(_SHAPE_FLOOR, _SHAPE_SHARE * (rows + 1), _SHAPE_EVEN * (rows + 1) / shapes)
        return bool(used[0] + 1 > allowed + tried.number // 2)

    def _near(self, tried: Tried) -> tuple[str, str]:
        keys = list(memoryview(tried.bands).cast("q"))
        if not keys:
            return "", ""
        marks = ",".join("?" * len(keys))
        query = f"SELECT DISTINCT slot FROM bands WHERE key IN ({marks}) ORDER BY slot"
        for (slot,) in self._db.execute(query, keys).fetchall():
            found = self._db.execute(
                "SELECT signature FROM accepted JOIN attempts USING (slot, number) WHERE slot = ?", (slot,)
            ).fetchone()
            alike = self._rules.likeness(found[0], tried.signature)
            if alike >= self._rules.likeness_limit and not self._twins(tried, slot):
                return "near_duplicate", f"{alike:.2f} alike with slot {slot}"
        return "", ""

    def _partner(self, tried: Tried) -> bool:
        """Whether the row a twin repeats is there, and opens with the same words."""
        found = self._db.execute("SELECT slot FROM openings WHERE key = ?", (tried.opening,)).fetchone()
        return bool(found) and self._twins(tried, found[0])

    def _twins(self, tried: Tried, slot: int) -> bool:
        found = self._db.execute(
            "SELECT id, twin FROM accepted JOIN attempts USING (slot, number) WHERE slot = ?", (slot,)
        ).fetchone()
        return bool((tried.twin and tried.twin == found[0]) or (found[1] and found[1] == tried.id))
