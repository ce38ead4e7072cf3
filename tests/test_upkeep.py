"""Moments of a record that mean the same are one, and things were there before they were seen to."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from callsmith.config import Toolkit
from callsmith.sources import load
from callsmith.world.inferred.world import InferredWorld

MOMENT, DAY = {"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}
LATER = {**MOMENT, "nullable": True}
TEXT, WHOLE, NUMBER = ({"type": kind} for kind in ("string", "integer", "number"))
KINDS: dict[str, dict[str, Any]] = {
    "wholesale_order": {"customer": TEXT, "status": {"type": "string", "enum": ["new", "packed", "shipped", "cancelled"]},
                        "placed": MOMENT, "created_at": MOMENT, "ship_by": DAY, "shipped_at": LATER},
    "keg_order": {"pub": TEXT, "ordered_on": DAY, "created_at": MOMENT, "deliver_by": DAY, "delivered_at": LATER,
                  "state": {"type": "string", "enum": ["open", "packed", "delivered"]}},
    "visit": {"site": TEXT, "status": {"type": "string", "enum": ["scheduled", "in_progress", "completed", "cancelled"]},
              "scheduled_for": MOMENT, "completed_at": LATER, "labour_minutes": {**WHOLE, "nullable": True},
              "output_percent": {**NUMBER, "nullable": True}, "signed_off_by": {**TEXT, "nullable": True}},
    "work_order": {"site": TEXT, "status": {"type": "string", "enum": ["open", "scheduled", "completed", "cancelled"]},
                   "scheduled_for": MOMENT, "completed_at": LATER, "labour_minutes": {**WHOLE, "nullable": True}},
    "boiler": {"make": TEXT, "installed_on": DAY, "last_serviced_on": DAY, "service_due_on": DAY,
               "service_interval_months": WHOLE},
    "heater": {"make": TEXT, "installed_on": DAY, "under_warranty": {"type": "boolean"}},
    "garden": {"street": TEXT, "joined_on": DAY, "last_visited_on": DAY, "next_visit": DAY, "frequency_weeks": WHOLE},
}  # fmt: skip


def _described() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for kind, fields in KINDS.items():
        shown = {"$ref": f"#/components/schemas/{kind}"}
        body = {"type": "object", "required": [*fields][:1], "properties": dict([*fields.items()][:1])}
        given = {"content": {"application/json": {"schema": body}}, "required": True}
        said = {"200": {"description": "ok", "content": {"application/json": {"schema": shown}}}}
        many = {"type": "array", "items": shown}
        listed = {"200": {"description": "ok", "content": {"application/json": {"schema": many}}}}
        paths[f"/{kind}s"] = {
            "get": {"operationId": f"list_{kind}s", "responses": listed},
            "post": {"operationId": f"create_{kind}", "requestBody": given, "responses": said},
        }
    schemas = {
        kind: {"type": "object", "required": ["id"], "properties": {"id": WHOLE, **fields}}
        for kind, fields in KINDS.items()
    }
    return {"openapi": "3.0.3", "info": {"title": "Works", "version": "1"}, "paths": paths,
            "components": {"schemas": schemas}}  # fmt: skip


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> list[InferredWorld]:
    path: Path = tmp_path_factory.mktemp("works") / "works.json"
    path.write_text(json.dumps(_described()))
    toolset = load(Toolkit(openapi=str(path))).toolset
    return [InferredWorld(toolset, seed) for seed in (3, 5, 8)]


def _records(worlds: list[InferredWorld], kind: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    for world in worlds:
        for record in world.records(f"works.{kind}"):
            yield world.population.clock, dict(record)


def test_two_moments_of_creation_are_one(worlds: list[InferredWorld]) -> None:
    assert all(one["placed"] == one["created_at"] for _, one in _records(worlds, "wholesale_order"))
    for clock, one in _records(worlds, "keg_order"):
        assert clock.day(clock.parse(one["created_at"])) == one["ordered_on"]


def test_what_is_wanted_lies_after_it_was_asked_for_and_is_seldom_late(worlds: list[InferredWorld]) -> None:
    late = []
    for clock, one in _records(worlds, "wholesale_order"):
        assert one["ship_by"] > one["placed"][:10]
        if one["status"] in ("new", "packed"):
            late.append(one["ship_by"] < clock.day(clock.now))
    assert sum(late) <= len(late) / 4


def test_what_came_of_it_is_known_once_it_is_over(worlds: list[InferredWorld]) -> None:
    for _, one in _records(worlds, "visit"):
        known = [
            one.get(name) for name in ("completed_at", "labour_minutes", "output_percent", "signed_off_by")
        ]
        assert one["status"] == "completed" or known == [None] * 4, one


def test_a_work_order_of_an_hour_is_over_within_the_day_and_by_day(worlds: list[InferredWorld]) -> None:
    for clock, one in _records(worlds, "work_order"):
        if one["status"] == "completed":
            begun, over = clock.parse(one["scheduled_for"]), clock.parse(one["completed_at"])
            assert 0 < over - begun < 12 * 3600 and 7 <= clock.local(over).hour < 23


def test_a_thing_was_there_before_it_was_seen_to(worlds: list[InferredWorld]) -> None:
    for clock, one in _records(worlds, "boiler"):
        assert one["installed_on"] < one["last_serviced_on"] < one["service_due_on"]
        months = (clock.parse(one["service_due_on"]) - clock.parse(one["last_serviced_on"])) / (30 * 86400)
        assert abs(months - one["service_interval_months"]) < 0.3
    for _, one in _records(worlds, "garden"):
        assert one["joined_on"] < one["last_visited_on"] < one["next_visit"]


def test_what_is_old_is_under_warranty_no_more(worlds: list[InferredWorld]) -> None:
    for clock, one in _records(worlds, "heater"):
        old = clock.now - clock.parse(one["installed_on"]) > 3 * 365 * 86400
        assert one["under_warranty"] is not old


def _let(tmp_path: Path) -> InferredWorld:
    flat = {"street": TEXT, "status": {"type": "string", "enum": ["available", "let", "withdrawn"]}}
    tenancy = {"flat_id": WHOLE, "tenant_names": {"type": "array", "items": TEXT}, "start_date": DAY, "end_date": DAY,
               "arrears": {"type": "number", "description": "What is owed now"}}  # fmt: skip
    van = {"registration": TEXT, "status": {"type": "string", "enum": ["available", "rented", "maintenance"]}}
    rental = {"van_id": WHOLE, "renter": TEXT, "start_date": DAY, "end_date": DAY,
              "status": {"type": "string", "enum": ["reserved", "out", "returned", "cancelled"]}}  # fmt: skip
    kinds = {"flat": flat, "tenancy": tenancy, "van": van, "rental": rental}
    schemas = {
        kind: {"type": "object", "required": ["id"], "properties": {"id": WHOLE, **fields}}
        for kind, fields in kinds.items()
    }
    paths = {}
    for kind in kinds:
        many = {"type": "array", "items": {"$ref": f"#/components/schemas/{kind}"}}
        listed = {"200": {"description": "ok", "content": {"application/json": {"schema": many}}}}
        plural = f"{kind.removesuffix('y')}ies" if kind.endswith("y") else f"{kind}s"
        paths[f"/{plural}"] = {"get": {"operationId": f"list_{plural}", "responses": listed}}
    said = {"openapi": "3.0.3", "info": {"title": "Lettings and vans", "version": "1"}, "paths": paths,
            "components": {"schemas": schemas}}  # fmt: skip
    path = tmp_path / "let.json"
    path.write_text(json.dumps(said))
    return InferredWorld(load(Toolkit(openapi=str(path))).toolset, 5)


@pytest.mark.parametrize(
    ("thing", "taking", "taken"), [("flat", "tenancy", "let"), ("van", "rental", "rented")]
)
def test_whiles_of_one_thing_do_not_overlap_and_it_is_taken_while_one_goes_on(
    tmp_path: Path, thing: str, taking: str, taken: str
) -> None:
    world = _let(tmp_path)
    today = world.population.clock.day(world.population.clock.now)
    whiles = [one for one in world.records(f"let.{taking}") if one.get("status") != "cancelled"]
    assert len(whiles) > 4
    for one in world.records(f"let.{thing}"):
        spans = sorted(
            (child["start_date"], child["end_date"], child.get("status", ""))
            for child in whiles
            if child[f"{thing}_id"] == one["id"]
        )
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans)), spans
        now = any(begun <= today <= ended and state in ("", "out") for begun, ended, state in spans)
        assert one["status"] != taken or now
        assert one["status"] != "available" or not now
    assert all(one.get("arrears") in (None, 0) for one in whiles if one["start_date"] > today)
    assert all(one["tenant_names"] for one in whiles if "tenant_names" in one)
