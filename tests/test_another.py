"""Acts that make another record like theirs, and records that tell of two of a kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import json

from callsmith.ingest.openapi import OpenAPISource
from callsmith.ports import drive
from callsmith.recipes.grounded import world_of
from callsmith.records import Call, Tool, Toolset
from callsmith.understand.inference import understand
from callsmith.world.inferred.world import InferredWorld
from callsmith.world.journal import Journal
from everyday import TEXT, at, operation

MOMENT = {"type": "string", "format": "date-time"}


def spec_of(path: Path, schemas: dict[str, Any], paths: dict[str, Any]) -> tuple[Toolset, InferredWorld]:
    path = path / "api.json"
    spec = {"openapi": "3.0.3", "info": {"title": "Works", "version": "1"}, "components": {"schemas": schemas},
            "paths": paths}  # fmt: skip
    path.write_bytes(json.encode(spec))
    tools = [tool for tool in OpenAPISource(str(path), toolkit="works").read() if isinstance(tool, Tool)]
    shop = understand("works", tools)
    return shop, world_of(shop, None, 3, Journal(), 0)


def test_what_is_done_once_more_as_a_new_record_leaves_the_old_one(tmp_path: Path) -> None:
    firing = {"type": "object", "required": ["id", "glaze", "status"],
              "properties": {"id": TEXT, "glaze": TEXT, "queued_at": MOMENT,
                             "finished_at": {"type": ["string", "null"], "format": "date-time"},
                             "status": {"type": "string", "enum": ["queued", "firing", "finished", "failed"]}}}  # fmt: skip
    again = operation("refireFiring", "Refire a firing", "Firing", parameters=at("firing_id"),
                      description="Repeats a finished firing as a new firing.")  # fmt: skip
    shop, world = spec_of(tmp_path, {"Firing": firing},
                          {"/firings": {"get": operation("listFirings", "List firings", "Firing", True)},
                           "/firings/{firing_id}/refire": {"post": again}})  # fmt: skip
    tool = shop.tools[-1]
    old = next(one for one in world.records(tool.entity) if one["status"] == "finished")
    before = len(world.records(tool.entity))
    new: Any = drive(world.call(Call("", tool.name, {"firing_id": old["id"]}))).value
    assert new["id"] != old["id"] and new["glaze"] == old["glaze"] and new["status"] == "queued"
    assert new["queued_at"] > str(old.get("queued_at", "")) and not new.get("finished_at")
    assert len(world.records(tool.entity)) == before + 1 and old in world.records(tool.entity)


def test_whoever_has_something_made_again_names_only_the_first_of_two(tmp_path: Path) -> None:
    frame = {"type": "object", "required": ["frame_id", "title", "status"],
             "properties": {"frame_id": TEXT, "title": TEXT,
                            "status": {"type": "string", "enum": ["ordered", "gluing", "collected"]}}}  # fmt: skip
    redo = {"type": "object", "required": ["redo_id", "original_frame_id", "reason", "status"],
            "properties": {"redo_id": TEXT, "original_frame_id": TEXT, "reason": TEXT,
                           "new_frame_id": {"type": ["string", "null"], "description": "Null until accepted."},
                           "status": {"type": "string", "enum": ["requested", "accepted", "rejected"]}}}  # fmt: skip
    body = {"requestBody": {"required": True, "content": {"application/json": {"schema": {
        "type": "object", "required": ["reason"], "properties": {"reason": TEXT}}}}}}  # fmt: skip
    shop, world = spec_of(tmp_path, {"Frame": frame, "Redo": redo}, {
        "/frames": {"get": operation("listFrames", "List frames", "Frame", True)},
        "/frames/{frame_id}/redos": {
            "get": operation("listRedos", "List redos", "Redo", True, parameters=at("frame_id")),
            "post": operation("requestRedo", "Request a redo", "Redo", parameters=at("frame_id"), **body)}})  # fmt: skip
    tool = next(one for one in shop.tools if one.deed == "create")
    frames = world.records(next(one.key for one in shop.entities if one.noun == "frame"))
    arguments = {"frame_id": frames[0]["frame_id"], "reason": "Crooked"}
    made: Any = drive(world.call(Call("", tool.name, arguments))).value
    assert made["original_frame_id"] == frames[0]["frame_id"] and made["new_frame_id"] is None
    assert all(one["new_frame_id"] != one["original_frame_id"] for one in world.records(tool.entity))
