"""What machines keep: names given as identifiers, ARNs, lists of ids, states and times of what stands or ran."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from callsmith import seeds
from callsmith.errors import PlanUnfit
from callsmith.execute import values_at
from callsmith.plan.draft import Draft
from callsmith.plan.intents.several import act_on_several
from callsmith.plan.known import known
from callsmith.records import Entity
from callsmith.world.fields.identity import styled
from callsmith.world.inferred.world import InferredWorld
from callsmith.world.stories.population import Population
from clouds import rack


def entity(noun: str) -> Entity:
    return known(rack()).entities[f"rack.{noun}"]


def test_an_identifier_that_its_maker_gives_is_a_name() -> None:
    assert entity("rack").label_pointer == entity("rack").id_pointer == "/RackIdentifier"
    named = known(rack()).tools["rack_delete_rack"].inputs[0]
    assert (named.klass, named.refers) == ("natural_key", "rack.rack")
    made = known(rack()).tools["rack_create_rack"].inputs[0]
    assert (made.facet, made.sets) == ("title", "/RackIdentifier")
    names = [str(entry.record["RackIdentifier"]) for entry in Population(rack(), 3).entries("rack.rack")]
    assert len(set(names)) == len(names) and all("-" in name and not name.isalnum() for name in names)


def test_an_arn_names_a_record_and_is_said_by_nobody() -> None:
    assert (entity("job").id_pointer, entity("job").label_pointer) == ("/JobArn", "")
    assert known(rack()).tools["rack_cancel_job"].id_field == "/JobArn"
    arns = [str(entry.record["JobArn"]) for entry in Population(rack(), 3).entries("rack.job")]
    assert all(arn.startswith("arn:aws:rack:") for arn in arns)


def test_everything_kept_has_its_name_and_lasts() -> None:
    for seed in range(3):
        held = Population(rack(), seed).entries("rack.server")
        assert all(values_at(entry.record, entity("server").label_pointer) for entry in held)
        states = {entry.record["State"] for entry in held}
        assert "running" in states and not states & {"pending", "stopping", "terminated"}


def test_what_ran_is_over_and_ended_after_it_began() -> None:
    population = Population(rack(), 3)
    jobs = [entry.record for entry in population.entries("rack.job")]
    assert all(str(job["StartTime"]) < str(job["EndTime"]) < population.scene.now for job in jobs)
    assert sum(job["JobStatus"] == "SUCCEEDED" for job in jobs) > len(jobs) // 2


def stopped(seed: int) -> tuple[str, Mapping[str, Any], Any]:
    """What several were done to with, in one call, and what that was answered with."""

    def fresh() -> InferredWorld:
        return InferredWorld(rack(), seed)

    draft = Draft(known(rack()), fresh(), fresh, seeds.rng(seed), seed)
    act_on_several(draft)
    bound = list(draft.done.values())[-1]
    return bound.step.tool, bound.call.arguments, bound.result.value


def fits(seed: int) -> bool:
    try:
        return "servers" in stopped(seed)[0]
    except PlanUnfit:
        return False  # all are running, and were to be started


@pytest.mark.parametrize("seed", [seed for seed in range(12) if fits(seed)])
def test_one_call_stops_several_and_answers_with_those(seed: int) -> None:
    tool, arguments, result = stopped(seed)
    state = "stopped" if "stop" in tool else "running"
    [changes] = result.values()
    assert [change["ServerId"] for change in changes] == arguments["ServerIds"]
    assert len(arguments["ServerIds"]) > 1
    assert {change["CurrentState"] for change in changes} == {state}
    assert state not in {change["PreviousState"] for change in changes}


def test_a_size_is_said_with_its_unit() -> None:
    size = known(rack()).tools["rack_create_volume"].inputs[0]
    assert (size.phrase, size.facet) == ("size gb", "count")


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        (
            r"^(?:(arn:aws[-a-z]*:files:[0-9a-z-:]+:fs-[0-9a-f]{8,40}|fs-[0-9a-f]{8,40}))$",
            r"fs-[0-9a-f]{8,40}",
        ),
        (
            r"^(?:arn:(aws[a-zA-Z-]*)?:run:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:function:[a-z]+)$",
            r"arn:aws:run:eu-west-1:\d{12}:function:[a-z]+",
        ),
        (r"^(?:(\u002F)|(\u002F[\u0021-\u007E]+\u002F))$", r"/|/[A-Za-z0-9]+/"),
    ],
)
def test_identifiers_are_as_plain_as_their_pattern_allows(pattern: str, wanted: str) -> None:
    made = {str(styled({"type": "string", "pattern": pattern}, bits)) for bits in range(20)}
    assert all(re.fullmatch(wanted, text) for text in made)


def test_an_identifier_is_as_long_as_it_has_to_be() -> None:
    schema = {"type": "string", "pattern": r"^(?:[\w]+)$", "minLength": 16}
    assert all(len(str(styled(schema, bits))) >= 16 for bits in range(20))


def test_streams_that_are_started_by_their_names_are_there() -> None:
    made = {tool.name: tool for tool in known(rack()).toolset.tools}
    assert (made["rack_start_racks"].effect, made["rack_start_racks"].id_field) == (
        "act",
        "/RackIdentifiers/*",
    )
