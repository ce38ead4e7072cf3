"""The command line, run for real: exit codes, files, kills, and what people read."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from callsmith import seeds

ROOT = Path(__file__).parent.parent
SMALL = """
seed: 5
size: {size}
toolkits: [gmail, todoist]
block: 16
worlds: 8
{more}
"""


def callsmith(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A finished command."""
    line = [sys.executable, "-m", "callsmith", *map(str, words)]
    return subprocess.run(line, capture_output=True, text=True, check=False, cwd=cwd, timeout=120)


def written(folder: Path, size: int = 40, more: str = "") -> Path:
    """A small configuration."""
    file = folder / "small.yaml"
    file.write_text(SMALL.format(size=size, more=more))
    return file


def note_tool(description: str) -> dict[str, Any]:
    """One tool of somebody's own."""
    schema = {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]}
    function = {"name": "notes_create", "description": description, "parameters": schema}
    return {"type": "function", "function": function}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of forty slots, made by one worker."""
    folder = tmp_path_factory.mktemp("made")
    done = callsmith("synth", written(folder), "--out", folder / "run")
    assert done.returncode in (0, 1), done.stderr
    return folder / "run"


def rows(run: Path) -> bytes:
    return (run / "conversations.jsonl").read_bytes()


def test_synth_says_what_it_made(made: Path, tmp_path: Path) -> None:
    count = rows(made).count(b"\n")
    assert count >= 30
    done = callsmith("synth", made.parent / "small.yaml", "--out", made)
    summary = json.loads((made / "summary.json").read_text())
    assert done.returncode == (1 if summary["unfilled"] else 0)
    assert f"{count} verified conversations of 40 asked" in done.stdout
    for word in ("nothing left to do", "grounding", "wording", "one of them", "callsmith export"):
        assert word in done.stdout
    assert summary["accepted"] == count


def test_rows_hold_what_others_rely_on(made: Path) -> None:
    for line in rows(made).splitlines():
        row = json.loads(line)
        assert {"id", "kind", "locale", "tools", "messages", "provenance", "verdicts", "world"} <= set(row)
        assert all(verdict["outcome"] != "fail" for verdict in row["verdicts"])
        calls = [call for message in row["messages"] for call in message.get("tool_calls", ())]
        assert all(isinstance(call["function"]["arguments"], dict) for call in calls)
        answered = {message["tool_call_id"] for message in row["messages"] if message["role"] == "tool"}
        assert {call["id"] for call in calls} == answered
        toolset = row["world"]["toolset"].replace(":", "-")
        assert (made / "toolsets" / f"{toolset}.json").exists()


@pytest.mark.parametrize("workers", [2, 4])
def test_workers_do_not_change_a_byte(made: Path, tmp_path: Path, workers: int) -> None:
    callsmith("synth", made.parent / "small.yaml", "--out", tmp_path / "run", "--workers", str(workers))
    assert rows(tmp_path / "run") == rows(made)
    assert (tmp_path / "run" / "summary.json").read_bytes() == (made / "summary.json").read_bytes()


def seconds(*words: str | Path) -> float:
    """How long a command takes here and now."""
    begun = time.monotonic()
    assert callsmith(*words).returncode in (0, 1)
    return time.monotonic() - begun


def test_killed_at_twenty_instants_and_resumed(tmp_path: Path) -> None:
    """A run is killed again and again, while it starts and while it works, and ends as if nothing had happened."""
    config = written(tmp_path, size=120)
    start = seconds("synth", config, "--out", tmp_path / "start", "--size", "1")
    assert callsmith("synth", config, "--out", tmp_path / "whole").returncode in (0, 1)
    rng = seeds.rng("kills")
    kills, again = 0, ["--fresh"]
    while kills < 20:
        crew = ["--workers", "2" if kills % 4 == 3 else "1", *again]
        line = [
            sys.executable,
            "-m",
            "callsmith",
            "synth",
            str(config),
            "--out",
            str(tmp_path / "killed"),
            *crew,
        ]
        process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=start * (0.6 + 0.9 * rng.random()))
            again = ["--fresh"]  # it was done before it could be killed: start over
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            kills, again = kills + 1, []
    assert callsmith("synth", config, "--out", tmp_path / "killed").returncode in (0, 1)
    assert rows(tmp_path / "killed") == rows(tmp_path / "whole")


def test_ctrl_c_stops_and_can_be_resumed(made: Path, tmp_path: Path) -> None:
    config = written(tmp_path, size=5000)
    line = [
        sys.executable,
        "-m",
        "callsmith",
        "synth",
        str(config),
        "--out",
        str(tmp_path / "run"),
        "--workers",
        "2",
    ]
    process = subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    file = tmp_path / "run" / "conversations.jsonl"
    while process.poll() is None and not (file.exists() and file.stat().st_size):
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "Run the same command again to continue" in out
    assert "Traceback" not in err
    done = callsmith("synth", config, "--out", tmp_path / "run", "--size", "40")
    assert done.returncode in (0, 1), done.stderr
    assert rows(tmp_path / "run").startswith(rows(made))


def test_growing_keeps_the_prefix(made: Path, tmp_path: Path) -> None:
    config = written(tmp_path)
    callsmith("synth", config, "--out", tmp_path / "run", "--size", "23")
    small = rows(tmp_path / "run")
    assert rows(made).startswith(small)
    callsmith("synth", config, "--out", tmp_path / "run", "--size", "40")
    assert rows(tmp_path / "run") == rows(made)


def test_what_changed_upstream_is_named(tmp_path: Path) -> None:
    tools = tmp_path / "api.json"
    tools.write_text(json.dumps([note_tool("Creates a note.")]))
    config = tmp_path / "c.yaml"
    config.write_text("size: 4\nkinds: {single: 1}\ntoolkits: [{openai: api.json}]\n")
    first = callsmith("synth", config)
    assert first.returncode in (0, 1), first.stderr
    again = callsmith("synth", config, "--seed", "9")
    assert (again.returncode, "config.seed was 0, is 9" in again.stderr) == (2, True)
    assert "--fresh" in again.stderr
    tools.write_text(json.dumps([note_tool("Creates a short note.")]))
    changed = callsmith("synth", config)
    assert (changed.returncode, "api.json changed" in changed.stderr) == (2, True)
    assert callsmith("synth", config, "--fresh").returncode in (0, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("toolkits: [gmial]\n", ["c.yaml:1:12", "gmial", "did you mean gmail?"]),
        ("toolkits: [gmail]\nsiez: 2\n", ["c.yaml:2:1", "unknown key siez", "did you mean size?"]),
        ("toolkits:\n  - openapi: nowhere.json\n", ["c.yaml:2:5", "nowhere.json"]),
    ],
)
def test_unusable_input_is_2_and_says_where(tmp_path: Path, text: str, words: list[str]) -> None:
    (tmp_path / "c.yaml").write_text(text)
    done = callsmith("synth", tmp_path / "c.yaml")
    assert done.returncode == 2
    assert not done.stdout
    for word in words:
        assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_unfilled_slots_are_1_and_explained(tmp_path: Path) -> None:
    """A toolset without anything to depend on cannot give dependent calls."""
    (tmp_path / "api.json").write_text(json.dumps([note_tool("Creates a note.")]))
    config = tmp_path / "c.yaml"
    config.write_text("size: 3\nkinds: {dependent: 1}\ntoolkits: [{openai: api.json}]\n")
    done = callsmith("synth", config)
    assert done.returncode == 1, done.stderr
    assert "0 verified conversations of 3 asked, 3 unfilled" in done.stdout
    assert "unfilled for" in done.stdout
    listed = callsmith("report", tmp_path / "runs" / "c", "--rejects")
    assert listed.stdout.count("slot ") == 3


@pytest.mark.parametrize("to", ["openai", "trl", "canonical"])
def test_export(made: Path, tmp_path: Path, to: str) -> None:
    out = tmp_path / "out.jsonl"
    done = callsmith("export", made, "--to", to, "--out", out)
    assert done.returncode == 0, done.stderr
    lines = out.read_text().splitlines()
    assert f"{len(lines)} conversations written" in done.stdout
    assert all("messages" in json.loads(line) for line in lines)


def test_export_of_nothing_is_2(tmp_path: Path) -> None:
    done = callsmith("export", tmp_path, "--to", "trl", "--out", tmp_path / "x")
    assert (done.returncode, "no run here" in done.stderr) == (2, True)


def test_check_names_the_row_it_cannot_read(tmp_path: Path) -> None:
    file = tmp_path / "mixed.jsonl"
    file.write_text('{"messages": []}\n{"tools": []}\n')
    done = callsmith("check", file)
    assert done.returncode == 2
    assert "mixed.jsonl: row 2: a row needs a list called messages" in done.stderr


def test_check_passes_our_rows_and_fails_a_broken_one(made: Path, tmp_path: Path) -> None:
    done = callsmith("check", made / "conversations.jsonl")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "grounding" in done.stdout
    bad = tmp_path / "bad.jsonl"
    call = {"id": "c", "type": "function", "function": {"name": "nowhere", "arguments": "{}"}}
    messages = [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [call]}]
    bad.write_text(json.dumps({"messages": messages}))
    judged = callsmith("check", bad)
    assert judged.returncode == 1
    verdicts = [json.loads(line) for line in callsmith("check", bad, "--json").stdout.splitlines()]
    assert any(verdict["outcome"] == "fail" and verdict["row"] == 1 for verdict in verdicts)


def test_report_and_show(made: Path) -> None:
    assert "verified conversations" in callsmith("report", made).stdout
    assert json.loads(callsmith("report", made, "--json").stdout)["asked"] == 40
    shown = callsmith("show", made, "--random", "2")
    assert shown.stdout.count(" user ") >= 2
    assert shown.stdout == callsmith("show", made, "--random", "2").stdout
    name = json.loads(rows(made).splitlines()[0])["id"]
    assert name in callsmith("show", made / "conversations.jsonl", "--id", name).stdout


def test_planted_faults_are_caught(made: Path) -> None:
    done = callsmith("planted", made, "--rows", "6", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["rows"] == 6
    assert sum(found["planted"].values()) > 20
    assert found["before_filter"]["schema"]["passed"] >= 30
    assert "blind" in callsmith("planted", made, "--rows", "2").stdout


def test_tools_show_and_list() -> None:
    listed = callsmith("tools", "list").stdout
    assert "gmail" in listed and "gmail+googlecalendar" in listed
    shown = callsmith("tools", "show", "todoist").stdout
    assert "natural_key" in shown or "content" in shown
    typo = callsmith("tools", "show", "todoits")
    assert (typo.returncode, "did you mean todoist?" in typo.stderr) == (2, True)


@pytest.mark.parametrize(
    "example",
    sorted(path for path in (ROOT / "examples").glob("*.yaml") if not path.stem.endswith(".overlay")),
    ids=lambda path: path.stem,
)
def test_every_example_runs(tmp_path: Path, example: Path) -> None:
    done = callsmith("synth", example, "--size", "12", "--out", tmp_path / "run")
    assert done.returncode in (0, 1), done.stderr
    assert rows(tmp_path / "run").count(b"\n") >= 9, done.stdout


def test_usage_errors_are_2() -> None:
    assert callsmith("sinth").returncode == 2
    assert callsmith("export").returncode == 2
    assert callsmith("config").returncode == 2
    assert callsmith("--help").returncode == 0
