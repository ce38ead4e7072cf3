"""How varied the wording is: 2,000 rows of the catalogue, and apart of GitHub's operations, each with two seeds."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from callsmith import config, flow, report
from callsmith.run import Run
from results import keep

HERE = Path(__file__).parent
WANTED = {
    "top_skeleton_share": ("<=", 0.01),
    "distinct_skeleton_share": (">=", 0.40),
    "distinct_3_10k": (">=", 0.75),
    "distinct_3_50k": (">=", 0.55),
    "masked_distinct_3_10k": (">=", 0.45),
    "gzip_ratio": ("<=", 4.5),
}


def figures(name: str, size: int) -> dict[str, Any]:
    """The figures of one configuration, and what its skeletons share with another seed's."""
    settings = msgspec.structs.replace(config.read(HERE / f"{name}.yaml"), size=size)
    with tempfile.TemporaryDirectory() as folder:
        one = flow.synth(msgspec.structs.replace(settings, out=f"{folder}/1"), 2, False, lambda _: None)
        flow.synth(
            msgspec.structs.replace(settings, seed=settings.seed + 1, out=f"{folder}/2"),
            2,
            False,
            lambda _: None,
        )
        with Run.open(Path(folder) / "1") as run:
            first = report.skeletons(run)
        with Run.open(Path(folder) / "2") as run:
            second = report.skeletons(run)
    plain: dict[str, Any] = msgspec.to_builtins(one.diversity)
    plain = {key: round(value, 4) if isinstance(value, float) else value for key, value in plain.items()}
    return {
        "rows": one.accepted,
        "unfilled": one.unfilled,
        **plain,
        "skeletons_shared_with_another_seed": len(first & second),
        "skeleton_space_estimate": report.space(first, second),
        "missed": [key for key, wanted in WANTED.items() if not _reached(plain[key], *wanted)],
    }


def _reached(value: float | None, sign: str, mark: float) -> bool:
    return value is not None and (value <= mark if sign == "<=" else value >= mark)


def main() -> None:
    """``wording.py [ROWS]``"""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    keep("wording", {name: figures(name, size) for name in ("catalogue", "github")})


if __name__ == "__main__":
    main()
