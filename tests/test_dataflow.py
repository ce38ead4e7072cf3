"""The operators inside open-dataflow, on its own storage, in an environment of its own."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

import pytest

from test_operators import check_conversation

ROOT = Path(__file__).parent.parent
RELEASE = "open-dataflow==1.0.13"
# Of its sixty requirements, what its storage and its operators for conversations import; then what ours do.
NEEDED = (
    "clickhouse-driver",
    "colorlog",
    "numpy<2; python_version < '3.13'",
    "pandas==2.3.3",
    "rich",
    "tqdm",
    "jsonschema-rs>=0.30",
    "msgspec>=0.19",
    "orjson>=3.10",
)


@pytest.fixture(scope="module")
def python(request: pytest.FixtureRequest) -> Path:
    """An interpreter that has DataFlow and not what only its models need; made once and kept in pytest's cache."""
    cache = request.config.cache
    assert cache is not None
    home = (
        cache.mkdir("dataflow")
        / f"{RELEASE.partition('==')[2]}-{sys.version_info.major}.{sys.version_info.minor}"
    )
    if not home.exists():
        made = Path(tempfile.mkdtemp(dir=home.parent))
        venv.create(made, with_pip=True)
        pip = [str(made / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        for words in (["--no-deps", RELEASE], NEEDED):
            done = subprocess.run([*pip, *words], capture_output=True, text=True, check=False, timeout=600)
            assert done.returncode == 0, done.stderr
        try:
            os.rename(made, home)
        except OSError:  # another worker was first
            shutil.rmtree(made)
    return home / "bin" / "python"


@pytest.fixture(scope="module")
def found(python: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the pipelines gave, by the kind of file between steps and whether tasks were parallel."""
    folder = tmp_path_factory.mktemp("dataflow")
    path = os.pathsep.join(str(ROOT / name) for name in ("src", "tests"))
    line = [str(python), str(ROOT / "tests" / "dataflow_pipeline.py"), str(folder)]
    done = subprocess.run(
        line,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    whole: dict[str, Any] = json.loads((folder / "found.json").read_text())
    return whole


def test_all_operators_run_on_storage_of_dataflow(found: dict[str, Any]) -> None:
    assert len(found) == 9
    for kind, rows in found.items():
        if kind == "theirs":
            continue
        failed = [row["failure_reason"] for row in rows if row["failure_reason"]]
        assert len(failed) == 2, kind
        assert "ConnectionError: the server went away" in failed[0]
        assert failed[1] == "ScenarioExtractor: writer: the answer holds no JSON"
        good = [row for row in rows if not row["failure_reason"]]
        assert len(good) == 11, "500 is filtered"
        for row in good:
            if kind.startswith("csv"):  # a frame writes lists there as Python shows them
                row = {**row, "conversations": ast.literal_eval(row["conversations"])}
            check_conversation(row)
            assert (row["score"], row["runable_label"]) == (5, 1)


def test_text_survives(found: dict[str, Any]) -> None:
    for kind in ("jsonl False", "json True", "pickle True"):
        row = next(row for row in found[kind] if "parcel 007" in (row["composition_task"] or ""))
        assert row["about"] == {"code": "007", "sent": "2026-03-02"}
        calls = [call for message in row["conversations"] for call in message.get("tool_calls") or ()]
        assert json.loads(calls[0]["function"]["arguments"]) == {"parcel": "007", "sent": "2026-03-02"}


def test_operators_of_dataflow_take_models_of_ours(found: dict[str, Any]) -> None:
    assert found["theirs"] == ["1 messages"] * 14
