"""What a model proposes for what is not understood: asked for once, tried, and written where it holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from callsmith import sources
from callsmith.audit import audit, excluded
from callsmith.catalog.overlays import read_overlay
from callsmith.cli import app
from callsmith.config import Toolkit
from callsmith.errors import ConfigError, ModelError
from model_server import Asked, Server, answering, refusal

KENNEL = """
openapi: 3.0.3
info: {title: Zwinger, version: "1"}
paths:
  /zorbs:
    get:
      operationId: listZorbs
      summary: List zorbs
      responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Zorb"}}}}}}
    post:
      operationId: createZorb
      summary: Create a zorb
      requestBody: {content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}, weight: {type: number}}}}}}
      responses: {"201": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Zorb"}}}}}
  /zorbs/{zorbId}/frob:
    post:
      operationId: zorbs.frob
      parameters: [{name: zorbId, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Zorb"}}}}}
  /zorbs/{zorbId}/quux:
    post:
      operationId: zorbs.quux
      parameters: [{name: zorbId, in: path, required: true, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {type: object, required: [blob], properties: {blob: {type: string}}}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Zorb"}}}}}
components:
  schemas:
    Zorb:
      type: object
      required: [id, name, status]
      properties: {id: {type: string}, name: {type: string}, status: {type: string, enum: [waiting, rolling, resting]}}
"""  # fmt: skip
NAMES = ["Big Blue", "Tumbler", "Rolling Stone", "Old Faithful", "Cannonball", "Daisy", "Thunder", "Marble",
         "Pebble", "Snowball", "Meatball", "Comet", "Dizzy", "Whirlwind", "Hamster Heaven", "Big Red"]  # fmt: skip


def configured(folder: Path, server: Server) -> Path:
    (folder / "zorbs.yaml").write_text(KENNEL, encoding="utf-8")
    path = folder / "config.yaml"
    endpoint = f'{{base_url: "{server.url}/v1", model: tiny, structured: json_schema}}'
    entry = f"toolkits: [{{openapi: {folder / 'zorbs.yaml'}, name: zorbs}}]"
    path.write_text(f"{entry}\nmodels: {{default: {endpoint}}}\n", encoding="utf-8")
    return path


def proposed(config: Path, *more: str) -> tuple[Any, Path]:
    out = config.parent / "zorbs.overlay.yaml"
    told = ["tools", "audit", "zorbs", "--config", str(config), "--samples", "0", "--propose"]
    return CliRunner().invoke(app, [*told, "--write", str(out), *more]), out


def about(asked: Asked) -> str:
    """What a question is about: trade, names, or the tool; a greeting is about nothing."""
    messages = [str(message["content"]) for message in asked.body["messages"]]
    if len(messages) == 1:
        return "greeting"  # whether the server answers at all
    if "line of business" in messages[0]:
        return "trade"
    if "how people name things" in messages[0]:
        return "names"
    return str(json.loads(messages[1].partition("<operation>\n")[2].partition("\n")[0])["name"])


def correction(**said: Any) -> dict[str, Any]:
    return {
        "effect": "act",
        "entity": "zorb",
        "verb": "frob",
        "phrase": "frob a zorb",
        "parameters": {},
    } | said


ANSWERS: dict[str, Any] = {
    "greeting": "Hello.",
    "trade": {"trade": "gym"},
    "names": {"names": NAMES},
    "zorbs_frob": correction(verb="release", phrase="let a zorb go"),
    "zorbs_quux": correction(verb="quux", phrase="quux a zorb"),
}


def knowing(asked: Asked) -> str:
    return json.dumps(ANSWERS[about(asked)])


def test_what_a_model_proposes_is_tried_and_asked_for_once(tmp_path: Path) -> None:
    before = sources.load(Toolkit(openapi=str(_described(tmp_path)), name="zorbs")).toolset
    weak = {tool.name for tool in before.tools if excluded(tool)}
    assert "zorbs_frob" in weak and "zorbs_quux" in weak
    with answering(knowing) as server:
        done, out = proposed(configured(tmp_path, server))
        assert done.exit_code == 0, done.output
        asked = [about(one) for one in server.asked]
        assert sorted(asked) == sorted({*asked}) and {"greeting", "trade", "names", *weak} >= {*asked}
        text = out.read_text(encoding="utf-8")
        out.unlink()
        again, out = proposed(configured(tmp_path, server))
        assert len(server.asked) == len(asked), "all of it is in the journal"
    assert again.exit_code == 0 and out.read_text(encoding="utf-8") == text
    overlay = read_overlay(str(out))
    assert overlay.trade == "gym"
    assert [*(overlay.entities["zorb"].names or ())] == NAMES
    assert {*overlay.tools} == {"zorbs_frob"}, "nobody knows what to say for a blob"
    assert "proposed by tiny" in text and "what was proposed does not hold: " in text
    after = sources.load(Toolkit(openapi=str(tmp_path / "zorbs.yaml"), name="zorbs", overlay=(str(out),)))
    found = audit(after.toolset, after.skipped, -1)
    frob = next(tool for tool in found.tools if tool.name == "zorbs_frob")
    assert any(name.lower() in frob.request.lower() for name in NAMES)


def _described(folder: Path) -> Path:
    (folder / "zorbs.yaml").write_text(KENNEL, encoding="utf-8")
    return folder / "zorbs.yaml"


def test_what_nobody_would_say_is_sent_back(tmp_path: Path) -> None:
    bad = {
        "names": {"names": [f"Zorb {letter}" for letter in "ABCDEFGHIJKLMNOP"]},
        "zorbs_frob": correction(phrase="zorbs.frob(zorb_id)"),
    }

    def stubborn(asked: Asked) -> str:
        return json.dumps((ANSWERS | bad)[about(asked)])

    with answering(stubborn) as server:
        done, out = proposed(configured(tmp_path, server))
        assert done.exit_code == 0, done.output
        asked = [about(one) for one in server.asked]
    assert (asked.count("names"), asked.count("zorbs_frob")) == (3, 3)
    overlay = read_overlay(str(out))
    assert not overlay.entities and not overlay.tools
    text = out.read_text(encoding="utf-8")
    assert "is a number for want of a name" in text and "is nothing people say" in text


def test_a_model_that_cannot_be_asked_leaves_no_overlay(tmp_path: Path) -> None:
    with answering(lambda _: refusal(401, "no such key")) as server:
        done, out = proposed(configured(tmp_path, server))
    assert isinstance(done.exception, ModelError) and done.exception.exit_code == 3
    assert not out.exists()


@pytest.mark.parametrize("missing", ["--write", "models"])
def test_proposals_need_a_model_and_a_file(tmp_path: Path, missing: str) -> None:
    config = tmp_path / "config.yaml"
    models = (
        "" if missing == "models" else 'models: {default: {base_url: "http://localhost:9/v1", model: m}}\n'
    )
    config.write_text(f"toolkits: [{{openapi: {_described(tmp_path)}, name: zorbs}}]\n{models}")
    told = ["tools", "audit", "zorbs", "--config", str(config), "--propose"]
    done = CliRunner().invoke(app, told + ([] if missing == "--write" else ["--write", str(tmp_path / "o")]))
    assert isinstance(done.exception, ConfigError) and "--propose needs --write" in done.exception.what
