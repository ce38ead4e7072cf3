"""Verified rows a second with one and two processes, every check on, and where the time goes."""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec

from callsmith import config, flow
from callsmith.run import Tried
from results import keep

HERE = Path(__file__).parent
PACKAGE = str(Path(flow.__file__).parent) + "/"
AROUND = ("flow", "recipes", "engine", "cli")  # what calls the stages, and is none itself


def rate(settings: config.Config, workers: int) -> dict[str, Any]:
    """Accepted rows a second over a whole run, start of the processes included and apart from it."""
    marks: list[tuple[float, int]] = []
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        done = flow.synth(
            msgspec.structs.replace(settings, out=folder),
            workers,
            False,
            lambda progress: marks.append((time.perf_counter(), progress.accepted)),
        )
    (first, few), (last, all_rows) = next(mark for mark in marks if mark[1]), marks[-1]
    return {
        "rows": done.accepted,
        "unfilled": done.unfilled,
        "attempts": done.attempts,
        "rows_per_second": round((all_rows - few) / (last - first), 1),
        "rows_per_second_with_start": round(all_rows / (last - begun), 1),
    }


def stages(settings: config.Config, rows: int) -> dict[str, float]:
    """Share of processor time by stage, sampled every millisecond while attempts are made in this process."""
    seen: Counter[str] = Counter()

    def sample(_: int, frame: FrameType | None) -> None:
        stage = "other"
        while frame is not None:
            file = frame.f_code.co_filename
            if file.startswith(PACKAGE):
                unit = file.removeprefix(PACKAGE).split("/")[0].removesuffix(".py")
                if unit in AROUND:
                    break
                stage = unit
            frame = frame.f_back
        seen[stage] += 1

    packed = msgspec.json.encode(settings)
    slots = flow.slots_of(settings)
    flow.attempt(packed, slots[0], 0)
    signal.signal(signal.SIGPROF, sample)
    signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
    for slot in slots.between(0, rows):
        for number in range(settings.attempts):
            if not msgspec.msgpack.decode(flow.attempt(packed, slot, number), type=Tried).reason:
                break
    signal.setitimer(signal.ITIMER_PROF, 0)
    total = sum(seen.values())
    return {stage: round(times / total, 3) for stage, times in seen.most_common()}


def main() -> None:
    """``throughput.py [ROWS]``"""
    settings = config.read(HERE / "catalogue.yaml")
    size = int(sys.argv[1]) if len(sys.argv) > 1 else settings.size
    settings = msgspec.structs.replace(settings, size=size)
    keep(
        "throughput",
        {
            "one_process": rate(settings, 1),
            "two_processes": rate(settings, 2),
            "time_by_stage": stages(settings, min(size, 500)),
        },
    )


if __name__ == "__main__":
    main()
