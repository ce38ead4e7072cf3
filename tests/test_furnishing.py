"""Records that a model writes: kinds in order, read back as fixtures, sent back where they are wrong, asked for once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from typer.testing import CliRunner

from callsmith.catalog.overlays import cities
from callsmith.cli import app
from callsmith.errors import ConfigError
from model_server import Asked, Server, answering

API = """
openapi: 3.0.3
info: {title: Pond, version: "1"}
paths:
  /ponds:
    get: {operationId: listPonds, summary: List ponds, responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Pond"}}}}}}}
  /carps:
    get: {operationId: listCarps, summary: List carps, parameters: [{name: pondId, in: query, schema: {type: string}}], responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Carp"}}}}}}}
components:
  schemas:
    Pond: {type: object, required: [id, name], properties: {id: {type: string}, name: {type: string}, depth: {type: number, minimum: 1}}}
    Carp: {type: object, required: [id, name, pondId], properties: {id: {type: string}, name: {type: string}, pondId: {type: string}, bornOn: {type: string, format: date}}}
"""  # fmt: skip
PONDS = [{"ref": f"p{n}", "name": name, "depth": 1.5 + n}
         for n, name in enumerate(["Mill Pond", "Long Water", "The Dip", "Church Pond", "Reed End"])]  # fmt: skip
CARPS = [{"ref": f"c{n}", "name": name, "pondId": PONDS[n % 3]["name"], "bornOn": f"202{n}-05-0{n + 1}"}
         for n, name in enumerate(["Old Gus", "Ruby", "Mirror", "Biscuit", "Ghost"])]  # fmt: skip


def configured(folder: Path, server: Server, fixtures: str = "") -> Path:
    (folder / "pond.yaml").write_text(API, encoding="utf-8")
    path = folder / "config.yaml"
    endpoint = f'{{base_url: "{server.url}/v1", model: tiny, structured: json_schema}}'
    entry = f"toolkits: [{{openapi: {folder / 'pond.yaml'}, name: pond{fixtures}}}]"
    models = "" if fixtures else f"models: {{default: {endpoint}}}\n"
    path.write_text(f"seed: 3\nsize: 8\nout: {folder / 'run'}\n{entry}\n{models}", encoding="utf-8")
    return path


def written(config: Path) -> Any:
    told = ["tools", "records", "pond", "--config", str(config), "--write", str(config.parent / "records")]
    return CliRunner().invoke(app, [*told, "--count", "5"])


def asked_for(asked: Asked) -> str:
    messages = [str(message["content"]) for message in asked.body["messages"]]
    return messages[1].partition("<kind>\n")[2].partition(" ")[0] if len(messages) > 1 else "greeting"


def knowing(asked: Asked) -> str:
    kind = asked_for(asked)
    if kind == "carp":
        assert "- Mill Pond: " in str(asked.body["messages"][1]["content"])
    return "Hello." if kind == "greeting" else json.dumps({"records": PONDS if kind == "pond" else CARPS})


def test_what_a_model_writes_is_what_conversations_are_about(tmp_path: Path) -> None:
    with answering(knowing) as server:
        config = configured(tmp_path, server)
        done = written(config)
        assert done.exit_code == 0, done.output
        asked = [asked_for(one) for one in server.asked]
        assert [kind for kind in asked if kind != "greeting"] == ["pond", "carp"]
        (tmp_path / "records").rename(tmp_path / "kept")
        assert written(config).exit_code == 0
        assert len(server.asked) == len(asked), "all of it is in the journal"
    assert "carp: " in done.output and "pond: " in done.output
    files = {kind: tmp_path / "kept" / f"{kind}.json" for kind in ("pond", "carp")}
    lines = ", ".join(f"{kind}: {path}" for kind, path in files.items())
    overlay = tmp_path / "kept" / "overlay.yaml"
    config = configured(tmp_path, server, f", overlay: {overlay}, fixtures: {{{lines}}}")
    made = CliRunner().invoke(app, ["synth", str(config)])
    assert made.exit_code in (0, 1), made.output
    rows = (tmp_path / "run" / "conversations.jsonl").read_text(encoding="utf-8")
    assert any(name in rows for name in ("Old Gus", "Ruby", "Mirror", "Biscuit", "Ghost"))
    said = yaml.safe_load(overlay.read_text(encoding="utf-8"))
    days = {json.loads(row)["world"]["now"][:10] for row in rows.splitlines()}
    assert days == {said["today"]} and said["city"] in cities() and said["company"]


def test_a_record_that_names_nothing_is_sent_back_and_then_left_out(tmp_path: Path) -> None:
    lost = [{**carp, "pondId": "The Lake"} for carp in CARPS]

    def stubborn(asked: Asked) -> str:
        return json.dumps({"records": lost}) if asked_for(asked) == "carp" else knowing(asked)

    with answering(stubborn) as server:
        done = written(configured(tmp_path, server))
        asked = [one for one in server.asked if asked_for(one) == "carp"]
    assert done.exit_code == 0, done.output
    assert len(asked) == 3 and "The Lake" in str(asked[1].body["messages"][-1]["content"])
    assert "nothing of pond.carp is kept" in done.output
    assert {path.name for path in (tmp_path / "records").iterdir()} == {"pond.json", "overlay.yaml"}


def test_what_has_records_of_its_own_is_not_asked_for(tmp_path: Path) -> None:
    (tmp_path / "pond.py").write_text("def feed(pond: str) -> str:\n    return pond\n", encoding="utf-8")
    with answering(knowing) as server:
        config = configured(tmp_path, server)
        entry = f"toolkits: [{{functions: {tmp_path / 'pond.py'}, name: pond}}]"
        lines = [entry if line.startswith("toolkits") else line for line in config.read_text().splitlines()]
        config.write_text("\n".join(lines), encoding="utf-8")
        done = written(config)
        assert isinstance(done.exception, ConfigError) and "records of its own" in done.exception.what
        assert not server.asked and not (tmp_path / "records").exists()


def test_a_model_that_writes_nothing_readable_leaves_no_folder(tmp_path: Path) -> None:
    with answering(
        lambda asked: "Hello." if asked_for(asked) == "greeting" else "I would rather not."
    ) as server:
        done = written(configured(tmp_path, server))
    assert isinstance(done.exception, ConfigError) and "no record that can be read" in done.exception.what
    assert "nothing of pond.pond is kept" in done.output and not (tmp_path / "records").exists()
