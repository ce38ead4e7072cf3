"""How long ago something was that has come so far."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from callsmith.ports import drive
from callsmith.records import Call, Entity, Field, Json
from callsmith.world.inferred.world import InferredWorld
from callsmith.world.stories.whom import beside
from everyday import TEXT, at, operation
from test_another import MOMENT, spec_of


def world_with(path: Path, name: str, **fields: Any) -> tuple[list[dict[str, Json]], InferredWorld]:
    schema = {"type": "object", "required": ["id", *fields], "properties": {"id": TEXT, **fields}}
    shop, world = spec_of(path, {name: schema}, {
        f"/{name.lower()}s": {"get": operation(f"list{name}s", f"List {name.lower()}s", name, True)}})  # fmt: skip
    return [dict(one) for one in world.records(shop.tools[0].entity)], world


def test_what_has_come_through_several_stages_was_taken_in_long_before_now(tmp_path: Path) -> None:
    states = ["received", "cutting", "sewing", "pressing", "packed", "on_hold", "cancelled"]
    garments, world = world_with(
        tmp_path, "Garment", status={"type": "string", "enum": states}, received_at=MOMENT
    )
    now = world.population.clock.now
    for one in garments:
        hours = (now - (world.population.clock.parse(one["received_at"]) or now)) / 3600
        assert hours > {"received": 0, "cutting": 6, "sewing": 12, "pressing": 18, "packed": 24}.get(
            str(one["status"]), 0
        )


def test_an_occasion_is_over_once_what_came_of_it_is_worked_on(tmp_path: Path) -> None:
    states = ["booked", "recorded", "mixing", "released", "cancelled"]
    length = {"type": "integer", "minimum": 30, "maximum": 300}
    takes, world = world_with(tmp_path, "Recording", status={"type": "string", "enum": states}, starts_at=MOMENT,
                              ends_at=MOMENT, duration_minutes=length)  # fmt: skip
    later = [one for one in takes if one["status"] in ("recorded", "mixing", "released")]
    clock = world.population.clock
    assert later and all((clock.parse(one["ends_at"]) or 0) <= clock.now for one in later)


def test_a_complaint_comes_after_the_day_it_is_about(tmp_path: Path) -> None:
    states = ["open", "investigating", "settled", "dismissed"]
    complaints, _ = world_with(tmp_path, "Complaint", status={"type": "string", "enum": states},
                               scheduled_date={"type": "string", "format": "date"}, reported_at=MOMENT)  # fmt: skip
    assert complaints and all(
        str(one["scheduled_date"]) <= str(one["reported_at"])[:10] for one in complaints
    )


def test_what_machines_run_comes_out_in_different_ways_and_counts_within_its_own(tmp_path: Path) -> None:
    states = {"type": "string", "enum": ["queued", "running", "succeeded", "failed", "cancelled"]}
    number = {"type": "integer", "description": "Sequence number of the deployment within its service."}
    ended = {"type": ["string", "null"], "format": "date-time"}
    service = {"type": "object", "required": ["slug", "repository"],
               "properties": {"slug": TEXT, "repository": TEXT, "cpu_limit": TEXT, "namespace": TEXT}}  # fmt: skip
    deployment = {"type": "object", "required": ["id", "number", "service", "status", "queued_at"],
                  "properties": {"id": {"type": "integer"}, "number": number, "service": TEXT, "status": states,
                                 "commit_sha": TEXT, "queued_at": MOMENT, "finished_at": ended}}  # fmt: skip
    paths = {"/services": {"get": operation("listServices", "List services", "Service", True)},
             "/services/{service}/deployments": {
                 "get": operation("listDeployments", "List deployments of a service", "Deployment", True,
                                  parameters=at("service"))},
             "/clusters/{cluster}/pods/{pod}/restart": {
                 "post": operation("restartPod", "Restart a pod of a kubernetes cluster", "Service",
                                   parameters=[*at("cluster"), *at("pod")])}}  # fmt: skip
    shop, world = spec_of(tmp_path, {"Service": service, "Deployment": deployment}, paths)
    runs = world.records(next(one.key for one in shop.entities if one.noun == "deployment"))
    assert len({one["status"] for one in runs}) > 1
    for one in runs:
        assert (one["finished_at"] is None) == (one["status"] in ("queued", "running", "cancelled"))
    for name in {one["service"] for one in runs}:
        counted = [one["number"] for one in runs if one["service"] == name]
        assert sorted(counted) == [*range(1, len(counted) + 1)]


def test_the_newest_first_are_those_who_joined_last(tmp_path: Path) -> None:
    member = {"type": "object", "required": ["id", "name", "joined_on"],
              "properties": {"id": TEXT, "name": TEXT, "joined_on": {"type": "string", "format": "date"}}}  # fmt: skip
    shop, world = spec_of(tmp_path, {"Member": member}, {"/members": {
        "get": operation("listMembers", "List members", "Member", True, description="Members, newest first.")}})  # fmt: skip
    shown: Any = drive(world.call(Call("", shop.tools[0].name, {}))).value
    days = [one["joined_on"] for one in (shown if isinstance(shown, list) else next(iter(shown.values())))]
    assert days == sorted(days, reverse=True)


def test_whoever_is_named_in_a_part_of_their_own_is_somebody_else() -> None:
    def person(noun: str, field: str) -> Entity:
        return Entity(f"works.{noun}", "works", noun, f"{noun}s", {}, fields=[Field(field, "id", "", {}, "works.member")],
                      person=True)  # fmt: skip

    assert beside(person("visitor", "/host_member_id"), "works.member")
    assert not beside(person("attendee", "/member_id"), "works.member")
