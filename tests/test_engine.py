"""The engine: the same bytes whatever the workers, the interruptions and the growth."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import orjson
import pytest

from callsmith import dedup, mix
from callsmith.accept import Fold, Rules
from callsmith.engine import Progress, fill
from callsmith.errors import CallsmithError, ModelError, RunChanged
from callsmith.pools import Concurrent, Job, OpenAttempt
from callsmith.records import Slot
from callsmith.run import Run, Tried, differences
from recipe_for_tests import Options, begun, most_open, session

KINDS = {"single": 3.0, "chat": 1.0}


def make(
    path: Path,
    size: int,
    workers: int = 1,
    block: int = 64,
    stop_after: int = 0,
    at_once: int = 0,
    **options: int,
) -> bytes:
    """The rows of a run over the test recipe."""
    config = msgspec.json.encode(Options(**options))
    seen = 0

    def watch(progress: Progress) -> None:
        nonlocal seen
        seen += 1
        if stop_after and seen >= stop_after:
            raise KeyboardInterrupt

    shaping = msgspec.json.encode(Options(seed=options.get("seed", 1), die_at=options.get("die_at", -1)))
    with Run.create(path, {"config": orjson.loads(shaping)}) as run:
        slots = mix.slots(1, KINDS, {"notes": 1.0}, 16)
        fold = Fold(run.db, Rules(3, 0.05, dedup.LIMIT, dedup.likeness))
        waiting = session if at_once else None
        job = Job("recipe_for_tests:attempt", config, slots, size, block, 3, waiting, at_once)
        fill(run, fold, job, workers, watch)
        return run.conversations.read_bytes()


def test_workers_do_not_change_a_byte(tmp_path: Path) -> None:
    one = make(tmp_path / "1", 300)
    assert one.count(b"\n") > 150
    assert make(tmp_path / "2", 300, workers=2) == one
    assert make(tmp_path / "4", 300, workers=4) == one


@pytest.mark.parametrize("at_once", [1, 7, 500])
def test_attempts_made_at_once_give_the_same_bytes(tmp_path: Path, at_once: int) -> None:
    assert make(tmp_path / "many", 300, at_once=at_once) == make(tmp_path / "one", 300)


@pytest.mark.parametrize("at_once", [1, 7, 40])
def test_no_attempt_is_made_twice(tmp_path: Path, at_once: int) -> None:
    begun.clear()
    make(tmp_path, 200, at_once=at_once)
    assert len(set(begun)) == len(begun) > 200


@pytest.mark.parametrize("at_once", [1, 7, 40])
def test_no_more_attempts_are_open_than_the_configuration_says(tmp_path: Path, at_once: int) -> None:
    most_open.clear()
    make(tmp_path, 120, at_once=at_once)
    assert 0 < most_open[0] <= at_once


def test_the_first_attempts_wait_for_models_before_the_last_are_begun() -> None:
    seen: list[str] = []

    @asynccontextmanager
    async def watched(_: bytes) -> AsyncIterator[OpenAttempt]:
        async def one(slot: Slot, number: int) -> bytes:
            seen.append(f"begins {slot.index}")
            await asyncio.sleep(0)
            seen.append(f"goes on {slot.index}")
            return msgspec.msgpack.encode(Tried(slot.index, number, "", slot.kind, slot.toolset))

        yield one

    slots = mix.slots(1, KINDS, {"notes": 1.0}, 16)
    pool = Concurrent(Job("", b"", slots, 10, 10, 1, watched, 10), watched)
    pool.submit([(slots[index], 0) for index in range(10)])
    taken = 0
    while taken < 10:
        taken += len(pool.take())
    pool.close()
    assert seen.index("goes on 0") < seen.index("begins 9")


def test_a_lasting_refusal_ends_a_session_and_keeps_what_was_made(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such model"):
        make(tmp_path / "stopped", 200, at_once=50, refuse_at=120)
    with Run.open(tmp_path / "stopped") as run:
        kept = run.db.execute("SELECT count(DISTINCT slot), max(slot) FROM attempts").fetchone()
    assert kept == (120, 119)
    assert make(tmp_path / "stopped", 200, at_once=50, refuse_at=-1) == make(tmp_path / "whole", 200)


def test_progress_counts_by_kind_also_after_a_stop(tmp_path: Path) -> None:
    seen: list[Progress] = []
    with pytest.raises(KeyboardInterrupt):
        make(tmp_path, 200, stop_after=4)
    config = msgspec.json.encode(Options())
    with Run.create(tmp_path, {"config": orjson.loads(config)}) as run:
        fold = Fold(run.db, Rules(3, 0.05, dedup.LIMIT, dedup.likeness))
        slots = mix.slots(1, KINDS, {"notes": 1.0}, 16)
        fill(run, fold, Job("recipe_for_tests:attempt", config, slots, 200, 64, 3), 1, seen.append)
    for mark in (seen[0], seen[-1]):
        assert sum(settled for _, settled in mark.kinds.values()) == mark.settled
        assert sum(accepted for accepted, _ in mark.kinds.values()) == mark.accepted


def test_block_size_does_not_change_a_byte(tmp_path: Path) -> None:
    assert make(tmp_path / "a", 200, block=16) == make(tmp_path / "b", 200, block=256)


def test_every_slot_is_accounted_for(tmp_path: Path) -> None:
    rows = make(tmp_path, 250).splitlines()
    with Run.open(tmp_path) as run:
        accepted = run.db.execute("SELECT count(*) FROM accepted").fetchone()[0]
        unfilled = run.db.execute("SELECT count(*) FROM unfilled").fetchone()[0]
        reasons = {reason for _, _, _, reason, _, _ in run.rejects()}
        exhausted = run.db.execute("SELECT slot FROM decided WHERE number = 2 AND reason != ''").fetchall()
    assert accepted == len(rows)
    assert accepted + unfilled == 250
    assert len(exhausted) == unfilled > 0
    assert {"check:structure", "equal_first_request", "near_duplicate"} <= reasons | {"near_duplicate"}


def test_no_two_rows_open_alike_or_are_near(tmp_path: Path) -> None:
    rows = [orjson.loads(line) for line in make(tmp_path, 250).splitlines()]
    openings = [row["messages"][1]["content"] for row in rows]
    assert len(set(openings)) == len(openings)
    packed = [dedup.signature([opening]) for opening in openings]
    near = [
        (one, other)
        for index, one in enumerate(packed)
        for other in packed[:index]
        if dedup.likeness(one, other) >= dedup.LIMIT
    ]
    assert not near


def test_growing_keeps_the_first_rows_and_equals_one_run(tmp_path: Path) -> None:
    small = make(tmp_path / "grown", 90)
    grown = make(tmp_path / "grown", 230, workers=2)
    assert grown.startswith(small)
    assert len(grown) > len(small)
    assert make(tmp_path / "whole", 230) == grown


@pytest.mark.parametrize("stop_after", [1, 2, 3, 5, 8])
def test_a_stopped_run_continues_to_the_same_bytes(tmp_path: Path, stop_after: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        make(tmp_path / "stopped", 200, stop_after=stop_after)
    assert make(tmp_path / "stopped", 200) == make(tmp_path / "whole", 200)


def test_a_stopped_run_leaves_its_settled_rows_in_the_file(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        make(tmp_path / "stopped", 200, block=256, stop_after=3, at_once=20)
    left = (tmp_path / "stopped" / "conversations.jsonl").read_bytes()
    with Run.open(tmp_path / "stopped") as run:
        assert left == b"".join(run.bodies()) != b""
    assert make(tmp_path / "stopped", 200, block=256).startswith(left)


def test_finished_work_is_not_redone(tmp_path: Path) -> None:
    make(tmp_path, 120)
    with Run.open(tmp_path) as run:
        before = run.db.execute("SELECT count(*), max(rowid) FROM attempts").fetchone()
    make(tmp_path, 120)
    with Run.open(tmp_path) as run:
        assert run.db.execute("SELECT count(*), max(rowid) FROM attempts").fetchone() == before


@pytest.mark.parametrize("harm", ["cut", "longer", "garbled", "gone"])
def test_the_file_of_rows_is_mended(tmp_path: Path, harm: str) -> None:
    whole = make(tmp_path, 150)
    file = tmp_path / "conversations.jsonl"
    if harm == "cut":
        file.write_bytes(whole[: len(whole) // 2])
    elif harm == "longer":
        file.write_bytes(whole + b'{"half')
    elif harm == "garbled":
        file.write_bytes(whole[:1000] + b"XXXX" + whole[1004:])
    else:
        file.unlink()
    assert make(tmp_path, 150) == whole


def test_a_worker_that_dies_is_reported_and_its_run_continues(tmp_path: Path) -> None:
    with pytest.raises(CallsmithError, match="worker"):
        make(tmp_path, 100, workers=2, die_at=70)
    with pytest.raises(RunChanged, match="die_at"):
        make(tmp_path, 100)


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with Run.create(tmp_path, {}), pytest.raises(RunChanged, match="another process"):
        Run.create(tmp_path, {})


def test_fresh_clears_what_a_run_wrote_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("stays")
    make(tmp_path, 40)
    with Run.create(tmp_path, {"other": 1}, fresh=True) as run:
        assert run.settled() == 0
        assert run.conversations.read_bytes() == b""
    assert (tmp_path / "mine.txt").read_text() == "stays"


def test_differences_name_what_changed() -> None:
    old = {"config": {"seed": 1, "kinds": {"single": 3}}, "files": {"a.yaml": "x", "b.yaml": "y"}}
    new = {"config": {"seed": 2, "kinds": {"single": 3}}, "files": {"a.yaml": "z", "c.yaml": "y"}}
    found = differences(old, new)
    assert found == [
        "config.seed was 1, is 2",
        "a.yaml changed",
        "files.b.yaml is gone",
        "files.c.yaml is new",
    ]


def test_slots_are_prefix_stable_and_keep_their_shares() -> None:
    slots = mix.slots(3, {"single": 3.0, "chat": 1.0, "no_tool": 0.0}, {"a": 1.0, "b": 1.0}, 8)
    drawn = list(slots.between(0, 4000))
    assert drawn[:50] == list(slots.between(0, 50))
    assert abs(sum(slot.kind == "single" for slot in drawn) - 3000) <= 4
    assert abs(sum(slot.kind == "single" for slot in drawn[:200]) - 150) <= 4
    assert not any(slot.kind == "no_tool" for slot in drawn)
    together = sum(slot.kind == "chat" and slot.toolset == "a" for slot in drawn)
    assert abs(together - 500) <= 40
    assert drawn[0].seed == drawn[7].seed != drawn[8].seed


def test_rows_of_few_tools_are_held_apart_by_what_they_call(tmp_path: Path) -> None:
    with Run.create(tmp_path, {}, True) as run:
        rules = Rules(6, 1.0, dedup.LIMIT, dedup.likeness, spread=frozenset({"small"}))
        fold = Fold(run.db, rules)

        def reason(slot: int, number: int, toolset: str = "small", shape: int = 7) -> str:
            tried = Tried(
                slot, number, f"{slot}.{number}", "single", toolset, opening=100 + slot, shape=shape
            )
            run.store([tried])
            return fold.decide(tried)

        assert [reason(slot, 0, shape=slot) for slot in range(4)] == [""] * 4
        assert [reason(slot, 0) for slot in (4, 5)] == ["", ""]
        assert [reason(6, number) for number in range(3)] == ["shape_share", "shape_share", ""]
        assert [reason(7, number) for number in (0, 4)] == [
            "shape_share",
            "",
        ]  # filled before it is left empty
        assert [reason(slot, 0, "large") for slot in range(8, 12)] == [""] * 4
