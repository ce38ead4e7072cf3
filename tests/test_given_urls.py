"""Addresses that people give to things themselves: of the sites they watch, the pages they keep."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from callsmith import flow
from callsmith.config import Config, Toolkit
from callsmith.sources import load
from callsmith.world.inferred.world import InferredWorld
from everyday import TEXT, api, at, operation

MONITOR = {"id": TEXT, "name": TEXT, "url": {"type": "string", "format": "uri"},
           "status": {"type": "string", "enum": ["up", "down", "paused"]}}  # fmt: skip
PAGE = {"id": TEXT, "title": TEXT, "public": {"type": "boolean"}}


def taken(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    schema = {"type": "object", "required": list(names), "properties": {name: fields[name] for name in names}}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def uptime(folder: Path) -> Toolkit:
    status = [{"name": "status", "in": "query", "schema": MONITOR["status"]}]
    return api(folder, "Uptime", {
        "/monitors": {"get": operation("monitors.list", "Returns all monitors", "Monitor", True, parameters=status),
                      "post": operation("monitors.create", "Creates a monitor", "Monitor", **taken(MONITOR, "url", "name"))},
        "/monitors/{id}": {"delete": operation("monitors.delete", "Deletes a monitor", "Monitor", parameters=at("id"))},
        "/status-pages": {"get": operation("statusPages.list", "Lists status pages", "StatusPage", True)},
    }, Monitor=MONITOR, StatusPage=PAGE)  # fmt: skip


def test_a_status_page_is_no_status(tmp_path: Path) -> None:
    toolset = load(uptime(tmp_path)).toolset
    assert {entity.noun for entity in toolset.entities} == {"monitor", "status page"}


def test_a_monitor_watches_an_address_that_whoever_makes_it_gives(tmp_path: Path) -> None:
    toolset = load(uptime(tmp_path)).toolset
    world = InferredWorld(toolset, 3)
    watched = [str(record["url"]) for record in world.records("uptime.monitor")]
    assert watched and not any("/monitors/" in url for url in watched)
    config = Config(toolkits=(uptime(tmp_path),), size=24, seed=5, out=str(tmp_path / "run"))
    flow.synth(config, workers=1, fresh=True, watch=lambda progress: None)
    text = (tmp_path / "run" / "conversations.jsonl").read_text()
    rows = [json.loads(line) for line in text.splitlines()]
    calls = [
        call["function"]
        for row in rows
        for message in row["messages"]
        for call in message.get("tool_calls") or ()
    ]
    assert len(rows) > 20 and any(call["name"] == "uptime_monitors_create" for call in calls)
    asked = " ".join(
        message["content"] for row in rows for message in row["messages"] if message["role"] == "user"
    )
    assert not re.search(r"(?<!look) (?<!call )up monitors", asked, re.IGNORECASE)
