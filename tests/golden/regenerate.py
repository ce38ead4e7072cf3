"""Writes conversations.jsonl anew, after a change that is meant to change rows: ``python tests/golden/regenerate.py``.

Look at the difference before committing it: every changed line is a row that users will get differently.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from msgspec import structs

from callsmith import flow

HERE = Path(__file__).parent


def made(out: Path) -> bytes:
    """The rows that golden.yaml gives, as the run in ``out`` wrote them."""
    config = structs.replace(flow.read(HERE / "golden.yaml"), out=str(out))
    flow.synth(config, workers=1, fresh=True, watch=lambda progress: None)
    return (out / "conversations.jsonl").read_bytes()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        (HERE / "conversations.jsonl").write_bytes(made(Path(folder) / "run"))
