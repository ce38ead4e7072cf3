"""Resident memory at 10,000 and at 100,000 rows of one run: the driver's, and that of all its processes."""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
from pathlib import Path

import msgspec

from callsmith import config, engine, flow
from results import keep

HERE = Path(__file__).parent


def resident(pid: int | str = "self") -> int:
    """Bytes of resident memory of a process, shared pages included."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096


def main() -> None:
    """``memory.py [SMALL LARGE]``"""
    small, large = map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (10_000, 100_000)
    settings = config.read(HERE / "catalogue.yaml")
    found: dict[int, tuple[int, int]] = {}

    def watch(progress: engine.Progress) -> None:
        for mark in (small, large):
            if progress.settled >= mark and mark not in found:
                children = [child.pid for child in multiprocessing.active_children() if child.pid]
                found[mark] = resident(), resident() + sum(map(resident, children))

    with tempfile.TemporaryDirectory() as folder:
        done = flow.synth(msgspec.structs.replace(settings, size=large, out=folder), 2, False, watch)
    driver = (found[large][0] - found[small][0]) / (large - small)
    every = (found[large][1] - found[small][1]) / (large - small)
    keep(
        "memory",
        {
            "rows": done.accepted,
            "unfilled": done.unfilled,
            "driver_mb": {str(mark): round(sizes[0] / 1e6, 1) for mark, sizes in found.items()},
            "all_processes_mb": {str(mark): round(sizes[1] / 1e6, 1) for mark, sizes in found.items()},
            "driver_bytes_per_further_row": round(driver),
            "all_processes_bytes_per_further_row": round(every),
        },
    )


if __name__ == "__main__":
    main()
