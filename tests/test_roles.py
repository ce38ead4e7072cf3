"""What a record says of somebody beside showing them is said of the one that it shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from callsmith.records import Call, Tool
from callsmith.understand import understand
from callsmith.world.inferred.world import InferredWorld

TEXT = {"type": "string"}
STATUS = {"type": "string", "enum": ["open", "closed"]}


def _object(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "required": [*fields], "properties": fields}


def _workshop(kinds: Mapping[str, dict[str, Any]]) -> InferredWorld:
    tools = [
        Tool(name=f"list_{noun}s", toolkit="workshop", description=f"List {noun}s", parameters=_object(),
             returns=_object(**{f"{noun}s": {"type": "array", "items": schema}}))
        for noun, schema in kinds.items()
    ]  # fmt: skip
    return InferredWorld(understand("workshop", tools), 3)


def _listed(world: InferredWorld, noun: str) -> list[dict[str, Any]]:
    shown: Any = world.run(Call("c1", f"list_{noun}s", {})).value
    return list(shown[f"{noun}s"])


@pytest.mark.parametrize(
    "noun", ["member", "user", "customer", "employee", "technician", "room", "supplier", "author"]
)
def test_the_one_shown_is_the_one_named_beside_it(noun: str) -> None:
    repair = _object(
        id=TEXT, title=TEXT, status=STATUS,
        **{f"{noun}_id": TEXT, noun: _object(id=TEXT, name=TEXT), f"{noun}_name": TEXT},
    )  # fmt: skip
    world = _workshop({noun: _object(id=TEXT, name=TEXT, email=TEXT), "repair": repair})
    kept = {one["id"]: one["name"] for one in _listed(world, noun)}
    made = _listed(world, "repair")
    assert made
    for one in made:
        assert one[f"{noun}_id"] == one[noun]["id"]
        assert one[f"{noun}_name"] == one[noun]["name"] == kept[one[noun]["id"]]


@pytest.mark.parametrize("noun", ["member", "user", "customer", "driver", "room", "supplier", "team"])
def test_who_a_call_names_is_shown_from_then_on(noun: str) -> None:
    somebody = _object(id=TEXT, name=TEXT, email=TEXT)
    repair = _object(
        id=TEXT,
        title=TEXT,
        **{f"{noun}_id": TEXT, f"{noun}_name": TEXT, noun: {**somebody, "type": ["object", "null"]}},
    )
    shown = {"type": "array", "items": repair}
    by_id = {"repair_id": TEXT, f"{noun}_id": TEXT}
    made = {
        "list_repairs": (_object(), _object(repairs=shown)),
        f"list_{noun}s": (_object(), _object(**{f"{noun}s": {"type": "array", "items": somebody}})),
        "create_repair": (_object(title=TEXT, **{f"{noun}_id": TEXT}), repair),
        f"assign_{noun}": (_object(**by_id), repair),
    }
    tools = [
        Tool(name=name, toolkit="workshop", description=name.replace("_", " ").capitalize(), parameters=taken, returns=given)
        for name, (taken, given) in made.items()
    ]  # fmt: skip
    world = InferredWorld(understand("workshop", tools), 3)
    someone = _listed(world, noun)[-1]
    for name, said in (
        ("create_repair", {"title": "Dripping tap"}),
        (f"assign_{noun}", {"repair_id": _listed(world, "repair")[0]["id"]}),
    ):
        result = world.run(Call("c1", name, {**said, f"{noun}_id": someone["id"]}))
        given: Any = result.value
        assert not result.error and given[noun] == someone
        assert given in _listed(world, "repair")


@pytest.mark.parametrize("noun", ["driver", "technician", "team"])
def test_of_one_that_is_kept_nowhere_the_same_is_said_twice(noun: str) -> None:
    repair = _object(
        id=TEXT, title=TEXT, **{f"{noun}Id": TEXT, noun: _object(id=TEXT, name=TEXT), f"{noun}Name": TEXT}
    )
    made = _listed(_workshop({"repair": repair}), "repair")
    assert made
    for one in made:
        assert (one[f"{noun}Id"], one[f"{noun}Name"]) == (one[noun]["id"], one[noun]["name"])


def test_records_that_count_what_shows_them_are_made() -> None:
    site = {
        "id": TEXT,
        "name": TEXT,
        "plan_id": TEXT,
        "plan_name": TEXT,
        "open_repair_count": {"type": "integer"},
    }
    shown = {name: schema for name, schema in site.items() if name != "plan_id"}
    world = _workshop(
        {
            "plan": _object(id=TEXT, name=TEXT),
            "site": _object(**site),
            "repair": _object(id=TEXT, title=TEXT, status=STATUS, site_id=TEXT, site=_object(**shown)),
        }
    )
    repairs, sites = _listed(world, "repair"), {one["id"]: one for one in _listed(world, "site")}
    for one in repairs:
        assert all(sites[one["site_id"]][name] == value for name, value in one["site"].items())
    for key, one in sites.items():
        mine = [each for each in repairs if each["site_id"] == key and each["status"] == "open"]
        assert one["open_repair_count"] == len(mine)


@pytest.mark.parametrize("shown", ["PP-204418", "PP-2024418"])
def test_a_number_of_another_record_is_the_number_of_one(shown: str) -> None:
    number = {"type": "string", "examples": [shown]}
    policy = _object(policyNumber=number, holderName=TEXT)
    claim = _object(
        id=TEXT, policyNumber=number, holderName=TEXT, submittedAt={"type": "string", "format": "date-time"}
    )
    world = _workshop({"policy": policy, "claim": claim})
    holders = {one["policyNumber"]: one["holderName"] for one in world.records("workshop.policy")}
    claims = world.records("workshop.claim")
    assert claims and all(holders[one["policyNumber"]] == one["holderName"] for one in claims)


def test_nobody_is_enrolled_twice_and_whom_a_call_notes_is_no_part_of_a_session() -> None:
    session = _object(id=TEXT, course_id=TEXT, starts_at={"type": "string", "format": "date-time"})
    enrolment = _object(id=TEXT, learner_id=TEXT, course_id=TEXT, session_id=TEXT)
    kinds = {
        "course": _object(id=TEXT, title=TEXT),
        "learner": _object(id=TEXT, first_name=TEXT, last_name=TEXT, email=TEXT),
        "session": session,
        "enrolment": enrolment,
    }
    tools = [
        Tool(name=f"list_{noun}s", toolkit="college", description=f"List {noun}s", parameters=_object(),
             returns=_object(**{f"{noun}s": {"type": "array", "items": schema}}))
        for noun, schema in kinds.items()
    ]  # fmt: skip
    noted = _object(session_id=TEXT, learner_id=TEXT)
    tools.append(
        Tool(name="create_session_attendance", toolkit="college", description="Record that a learner was in a session",
             parameters=noted, returns=session)
    )  # fmt: skip
    for seed in range(3, 9):
        world = InferredWorld(understand("college", tools), seed)
        courses = {one["id"]: one["course_id"] for one in world.records("college.session")}
        made = world.records("college.enrolment")
        once = [(one["learner_id"], one["session_id"]) for one in made]
        assert len({*once}) == len(once) > 3
        assert all(courses[one["session_id"]] == one["course_id"] for one in made)
        assert len({who for who, _ in once}) > len(once) // 3
