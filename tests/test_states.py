"""States that no list knows: what was done to a record shows in it, and its moments follow its state."""

from __future__ import annotations

import json
from typing import Any

import pytest

from callsmith.catalog.lives import ending_named, participle_of, phases
from callsmith.config import Toolkit
from callsmith.plan.stages import out_of_turn
from callsmith.records import Toolset
from callsmith.sources import load
from callsmith.world.stories.population import Population

TEXT: dict[str, Any] = {"type": "string"}
MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
ID = [{"name": "id", "in": "path", "required": True, "schema": TEXT}]
PARCEL_STATES = ["queued", "burnished", "shipped", "cancelled"]
FLIGHT_STATES = ["scheduled", "flown", "cancelled"]
MACHINE_STATES = ["idle", "printing", "error", "offline"]


def _answer(schema: dict[str, Any]) -> dict[str, Any]:
    return {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}


def _paths(name: str, verb: str, summary: str) -> dict[str, Any]:
    record = {"$ref": f"#/components/schemas/{name}"}
    plural = f"{name.lower()}s"
    return {
        f"/{plural}": {
            "get": {"operationId": f"list{name}s", "responses": _answer({"type": "array", "items": record})}
        },
        f"/{plural}/{{id}}/{verb}": {
            "post": {
                "operationId": f"{verb}{name}",
                "summary": summary,
                "parameters": ID,
                "responses": _answer(record),
            }
        },
    }


def _record(states: list[str], state: str, **fields: dict[str, Any]) -> dict[str, Any]:
    told = {"type": "string", "enum": states}
    named = {} if {"pilotName", "client"} & {*fields} else {"name": TEXT}
    return {"type": "object", "properties": {"id": TEXT, **named, **fields, state: told}}


YARD: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Yard", "version": "1"},
    "paths": {
        **_paths("Vessel", "burnish", "burnish a vessel that is still queued"),
        **_paths("Ride", "cancel", "call off a ride"),
        **_paths("Job", "assign", "assign a job"),
        **_paths("Translator", "remove", "remove a translator"),
        **_paths("Cup", "open", "open a cup"),
        **_paths("Printer", "pause", "pause the running print"),
    },
    "components": {
        "schemas": {
            "Vessel": _record(
                PARCEL_STATES, "status", createdAt=MOMENT, burnished_at=MOMENT, shippedAt=MOMENT
            ),
            "Ride": _record(
                FLIGHT_STATES,
                "status",
                pilotName=TEXT,
                launchSite=TEXT,
                launchTime=MOMENT,
                cancelCause={"type": "string", "enum": ["wind", "fog"]},
            ),
            "Job": _record(
                ["new", "assigned", "delivered"],
                "status",
                client=TEXT,
                translator_id=TEXT,
                delivered_at=MOMENT,
            ),
            "Translator": {"type": "object", "properties": {"id": TEXT, "name": TEXT, "email": TEXT}},
            "Cup": _record(
                ["announced", "running", "finished"], "status", winner=TEXT, trophyDispatchedAt=MOMENT
            ),
            "Printer": _record(
                MACHINE_STATES,
                "state",
                work={
                    "type": "object",
                    "properties": {"progress_percent": {"type": "integer"}, "eta": MOMENT},
                },
            ),
        }
    },
}


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Toolset:
    path = tmp_path_factory.mktemp("yard") / "yard.json"
    path.write_text(json.dumps(YARD))
    return load(Toolkit(openapi=str(path))).toolset


def _records(population: Population, noun: str) -> list[dict[str, Any]]:
    return [dict(entry.record) for entry in population.entries(f"yard.{noun}")]


def test_a_moment_named_after_a_state_is_there_once_it_has_come(yard: Toolset) -> None:
    population = Population(yard, 5)
    vessels = _records(population, "vessel")
    now = population.clock.utc(population.clock.now)
    assert {"queued", "shipped"} <= {vessel["status"] for vessel in vessels}
    for vessel in vessels:
        assert ("shippedAt" in vessel) == (vessel["status"] == "shipped")
        assert ("burnished_at" in vessel) == (vessel["status"] in ("burnished", "shipped"))
        assert all(
            vessel["createdAt"] < vessel.get(name, now) <= now for name in ("burnished_at", "shippedAt")
        )
        assert vessel.get("burnished_at", "") <= vessel.get("shippedAt", now)


def test_what_is_scheduled_lies_ahead_and_only_what_was_called_off_has_a_cause(yard: Toolset) -> None:
    population = Population(yard, 5)
    late = population.clock.utc(population.clock.now - 45 * 60)  # what is to begin may be a little late
    rides = _records(population, "ride")
    assert {ride["status"] for ride in rides} == {*FLIGHT_STATES}
    for ride in rides:
        assert ("cancelCause" in ride) == (ride["status"] == "cancelled")
        if ride["status"] != "cancelled":
            assert (ride["launchTime"] > late) == (ride["status"] == "scheduled")


def test_only_a_machine_at_work_tells_how_far_it_is(yard: Toolset) -> None:
    population = Population(yard, 5)
    now = population.clock.utc(population.clock.now)
    for printer in _records(population, "printer"):
        assert ("work" in printer) == (printer["state"] == "printing")
        assert printer.get("work", {}).get("eta", "9") > now


def test_an_act_brings_about_the_state_that_is_called_after_it(yard: Toolset) -> None:
    tools = {tool.name: tool for tool in yard.tools}
    assert tools["yard_burnish_vessel"].state == {"/status": "burnished"}
    assert tools["yard_cancel_ride"].state == {"/status": "cancelled"}
    paused = tools["yard_pause_printer"]
    assert paused.confidence < 0.5 and any("tells that it was done" in why for why in paused.reasons)


def test_forms_of_verbs_and_places_of_states() -> None:
    assert (
        participle_of("shipped", "ship")
        and participle_of("carried", "carry")
        and participle_of("sent", "send")
    )
    assert not participle_of("shipped", "shape")
    assert phases(FLIGHT_STATES) == ["ahead", "over", "dropped"]
    assert "over" not in phases(["pending", "active", "suspended"])
    assert ending_named(("cancellation", "reason"), FLIGHT_STATES) == ["cancelled"]
    assert not ending_named(("cancel", "policy"), FLIGHT_STATES)


def test_a_tool_for_what_is_queued_is_not_called_for_anything_else(yard: Toolset) -> None:
    burnish = next(tool for tool in yard.tools if tool.name == "yard_burnish_vessel")
    vessel = next(kind for kind in yard.entities if kind.key == "yard.vessel")
    assert not out_of_turn(vessel, {"status": "queued"}, burnish)
    assert out_of_turn(vessel, {"status": "cancelled"}, burnish)


def test_nobody_has_won_what_is_not_over_and_nothing_is_sent_before_it_is_begun(yard: Toolset) -> None:
    population = Population(yard, 5)
    assert all(("winner" in cup) == (cup["status"] == "finished") for cup in _records(population, "cup"))
    for cup in _records(population, "cup"):
        assert cup["status"] != "announced" or "trophyDispatchedAt" not in cup


def test_what_is_new_is_given_to_nobody_yet(yard: Toolset) -> None:
    jobs = _records(Population(yard, 5), "job")
    assert {job["status"] for job in jobs} == {"new", "assigned", "delivered"}
    assert all(("translator_id" in job) == (job["status"] != "new") for job in jobs)
