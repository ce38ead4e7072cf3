"""Where the figures of the benchmarks are kept: one JSON file, one key a benchmark."""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "results.json"


def keep(name: str, figures: dict[str, Any]) -> None:
    """Replace one benchmark's figures and print them."""
    known = json.loads(FILE.read_text()) if FILE.exists() else {}
    known[name] = figures
    known["machine"] = {"python": platform.python_version(), "system": platform.system(), "cpu": _cpu()}
    FILE.write_text(json.dumps(known, indent=2) + "\n")
    print(name)
    print(json.dumps(figures, indent=2))


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )
