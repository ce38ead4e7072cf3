"""Forty rows of three toolkits, byte for byte; after an intended change run ``python tests/golden/regenerate.py``."""

from __future__ import annotations

from pathlib import Path

import msgspec

from golden.regenerate import HERE, made


def test_the_same_configuration_gives_the_same_bytes(tmp_path: Path) -> None:
    wanted = (HERE / "conversations.jsonl").read_bytes()
    found = made(tmp_path / "run")
    for number, (one, other) in enumerate(zip(found.splitlines(), wanted.splitlines(), strict=False), 1):
        assert one == other, f"row {number} changed; if it was meant to, run tests/golden/regenerate.py"
    assert found == wanted


def test_the_stored_rows_are_those_asked_for() -> None:
    rows = [msgspec.json.decode(line) for line in (HERE / "conversations.jsonl").read_bytes().splitlines()]
    assert len(rows) == 40
    assert len({row["id"] for row in rows}) == 40
    assert len({row["kind"] for row in rows}) == 8
    assert {verdict["outcome"] for row in rows for verdict in row["verdicts"]} == {"pass"}
