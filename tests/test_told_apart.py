"""How the records of a list are told apart: by whom or what they are for, and by what they do not have in common."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

import made
from callsmith import flow, seeds
from callsmith.config import Config
from callsmith.language.addressing import forms, headed
from callsmith.language.likeness import likeness
from callsmith.language.relating import of_deed
from callsmith.language.spans import of_one_deed
from callsmith.language.telling import Teller
from callsmith.language.voicing import Voicing
from callsmith.plan.belonging import mute
from callsmith.plan.held import _somebodys
from callsmith.plan.known import known
from callsmith.plan.signs import address_of, signs_in
from callsmith.records import Entity, Field
from callsmith.sources import load
from everyday import TEXT, api, at, operation, taking

STAMP = {"type": "string", "format": "date-time"}
STATES = {"type": "string", "enum": ["pending", "confirmed", "cancelled", "completed"]}
COURSE = {"id": TEXT, "title": TEXT, "level": {"type": "string", "enum": ["beginner", "advanced"]}}
STUDENT = {"id": TEXT, "full_name": TEXT, "email": {"type": "string", "format": "email"}}
ENROLMENT = {"id": TEXT, "course_id": TEXT, "student_id": TEXT, "status": STATES, "enrolled_at": STAMP}


def moment(value: Any) -> tuple[str, str]:
    return "9:30", "on Friday"


def entity(noun: str, **fields: str) -> Entity:
    made = [Field(f"/{name}", facet, name.replace("_", " "), TEXT) for name, facet in fields.items()]
    whole = [Field("/id", "id", "", {"type": "integer"}), *made]
    return Entity(f"t.{noun}", "t", noun, f"{noun}s", {"type": "object"}, id_pointer="/id", fields=whole)


def rows(folder: Path, paths: dict[str, Any], size: int, **records: Any) -> list[dict[str, Any]]:
    kit = api(folder, "School", paths, **records)
    config = Config(toolkits=(kit,), size=size, seed=3, out=str(folder / "run"))
    flow.synth(config, workers=1, fresh=True, watch=lambda progress: None)
    return [json.loads(line) for line in (folder / "run" / "conversations.jsonl").read_text().splitlines()]


def called(row: dict[str, Any]) -> list[str]:
    return [one["function"]["name"] for said in row["messages"] for one in said.get("tool_calls") or ()]


def test_what_all_records_of_a_list_have_alike_tells_none_of_them() -> None:
    kind = entity("job", status="enum", price="amount", due="date", note="text")
    three = [
        {"id": 1, "status": "open", "price": 5, "due": "2026-05-01", "note": "a"},
        {"id": 2, "status": "open", "price": 5, "due": "2026-05-02", "note": None},
        {"id": 3, "status": "open", "price": 5, "due": "2026-05-01"},
    ]
    assert likeness(kind, three).alike == {"/status", "/price"}
    assert likeness(kind, three).patchy == {"/note"}
    assert likeness(kind, three[:2]).alike == {"/price"}  # of two it is worth saying that both are open
    assert not likeness(kind, three[:1]).alike


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (["noted by Ana Ruiz", "noted Friday 6 March", "major severity"], ["noted by Ana Ruiz on Friday 6 March", "major severity"]),
        (["reported by Tom Ode", "open", "reported yesterday at 9:30"], ["reported by Tom Ode yesterday at 9:30", "open"]),
        (["owned by Tom Ode", "due Friday"], ["owned by Tom Ode", "due Friday"]),
    ],
)  # fmt: skip
def test_who_did_something_and_when_is_told_at_once(facts: list[str], told: list[str]) -> None:
    assert of_one_deed(facts) == told


@pytest.mark.parametrize(
    ("kind", "record", "said", "head"),
    [
        (entity("landing", landed_at="date_time", species="enum"), {"landed_at": "2026-05-01T09:30:00Z", "species": "cod"},
         "the cod landing on Friday at 9:30", "Cod, Friday at 9:30"),
        (entity("enrolment", enrolled_at="date_time"), {"enrolled_at": "2026-05-01T09:30:00Z"},
         "the enrolment on Friday at 9:30", "Friday at 9:30"),
        (entity("hire", collected_at="date_time", due_back="date"), {"collected_at": "2026-05-01T09:30:00Z"},
         "the hire collected on Friday at 9:30", "collected Friday at 9:30"),
    ],
)  # fmt: skip
def test_a_deed_is_not_said_twice_and_no_other_deed_is_when_a_thing_takes_place(
    kind: Entity, record: dict[str, Any], said: str, head: str
) -> None:
    told = signs_in(structs.replace(kind, address=address_of(kind)), record)
    assert forms(kind.noun, told, moment)[0] == said
    assert headed(kind.noun, told, moment) == head


def school(getter: bool) -> dict[str, Any]:
    paths = {
        "/courses": {
            "get": operation("listCourses", "List courses", "Course", True, parameters=taking("level"))
        },
        "/enrolments": {
            "get": operation(
                "listEnrolments", "List enrolments", "Enrolment", True, parameters=taking("course_id")
            )
        },
        "/students": {"get": operation("listStudents", "List students", "Student", True)},
    }
    if getter:
        one = operation("getStudent", "Get a student", "Student", parameters=at("student_id"))
        paths["/students/{student_id}"] = {"get": one}
    return paths


def test_what_belongs_to_something_named_is_not_told_by_the_minute_it_was_noted(tmp_path: Path) -> None:
    kit = api(tmp_path, "School", school(True), Course=COURSE, Student=STUDENT, Enrolment=ENROLMENT)
    index = known(load(kit).toolset)
    enrolment = next(one for one in index.entities.values() if one.noun == "enrolment")
    assert not enrolment.label_pointer
    assert enrolment.key in index.nameless


@pytest.mark.parametrize("getter", [True, False])
def test_enrolments_in_a_course_are_told_by_who_is_enrolled(tmp_path: Path, getter: bool) -> None:
    made = rows(tmp_path, school(getter), 30, Course=COURSE, Student=STUDENT, Enrolment=ENROLMENT)
    beside = "school_get_student" if getter else "school_list_students"
    found = 0
    for row in made:
        names = called(row)
        if "school_list_enrolments" in names and beside in names:
            shown = " ".join(str(said["content"]) for said in row["messages"] if said["role"] == "tool")
            told = " ".join(
                said["content"] for said in row["messages"] if said["role"] == "assistant" and said["content"]
            )
            found += any(name in told for name in _names(shown))
    assert found


def _names(shown: str) -> list[str]:
    return [part.split('"')[2] for part in shown.split('"full_name')[1:]]


def test_a_field_called_by_the_key_of_another_record_refers_to_it(tmp_path: Path) -> None:
    vessel = {"registration": {"type": "string", "example": "KY 412"}, "name": TEXT, "skipper_name": TEXT}
    visit = {"id": TEXT, "vessel_registration": TEXT, "berth": TEXT, "arrived_at": STAMP}
    found = operation("findVessels", "Find vessels", "Vessel", True, parameters=taking("q"))
    one = operation("getVessel", "Get a vessel", "Vessel", parameters=at("registration"))
    listed = operation("listVisits", "List visits", "Visit", True, parameters=taking("berth"))
    paths = {
        "/vessels": {"get": found},
        "/vessels/{registration}": {"get": one},
        "/visits": {"get": listed},
    }
    toolset = load(api(tmp_path, "Harbour", paths, Vessel=vessel, Visit=visit)).toolset
    kind = next(one for one in toolset.entities if one.noun == "visit")
    refers = {item.pointer: item.refers for item in kind.fields}
    assert refers["/vessel_registration"] == "harbour.vessel"


def test_a_sort_that_was_asked_for_or_that_all_share_is_not_told_of_each() -> None:
    kind = entity("landing", landed_at="date_time", species="enum")
    kind = structs.replace(kind, address=address_of(kind), label_pointer="/landed_at")
    one = {"landed_at": "2026-05-01T09:30:00Z", "species": "cod"}
    two = {"landed_at": "2026-05-02T09:30:00Z", "species": "hake"}
    three = [one, two | {"species": "cod"}, one | {"landed_at": "2026-05-03T09:30:00Z"}]
    row = made.rows()[0]
    teller = Teller(Voicing(row.drafted.plan, seeds.rng("told", 1)), made.index_of(row))
    assert teller.lines(kind, [one, two], 2)[0].startswith("Cod, ")
    assert "od" not in teller.lines(kind, [one, two], 2, ["cod"])[0].partition(",")[0]
    assert not any("cod" in line.lower() for line in teller.lines(kind, three, 2))


def test_what_has_no_name_goes_by_the_number_of_what_it_belongs_to() -> None:
    fields = [
        Field("/id", "id", "", {"type": "integer"}),
        Field("/accession_number", "key", "number", TEXT, refers="t.accession"),
        Field("/started_on", "date", "started date", TEXT),
    ]
    kind = Entity("t.test", "t", "test", "tests", {"type": "object"}, id_pointer="/id", fields=fields)
    row = made.rows()[0]
    teller = Teller(Voicing(row.drafted.plan, seeds.rng("told", 1)), made.index_of(row))
    record = {"id": 7, "accession_number": "AC-77120", "started_on": "2024-05-01"}
    assert teller.line(kind, record, 2).startswith("AC-77120 (started ")


def test_what_takes_place_in_a_room_is_told_by_its_time() -> None:
    session = entity("session", location="place", starts_at="date_time")
    pickup = entity("pickup", address="place", starts_at="date_time")
    assert [sign.role for sign in address_of(session)] == ["at"]
    assert [sign.role for sign in address_of(pickup)] == ["place"]


def test_a_review_is_by_its_reviewer_and_years_are_of_something() -> None:
    assert of_deed("reviewer name", "review", "Ana Ruiz") == "by Ana Ruiz"
    assert not of_deed("reviewer", "job", "Ana Ruiz")
    row = made.rows()[0]
    teller = Teller(Voicing(row.drafted.plan, seeds.rng("told", 1)), made.index_of(row))
    fields = [
        Field("/name", "title", "name", TEXT),
        Field("/years_experience", "number", "years experience", {"type": "integer"}),
    ]
    kind = Entity("t.therapist", "t", "therapist", "therapists", {}, label_pointer="/name", fields=fields)
    assert "11 years of experience" in teller.line(kind, {"name": "Dana Hobbs", "years_experience": 11}, 2)


def test_a_plan_is_told_by_its_diagnosis() -> None:
    row = made.rows()[0]
    teller = Teller(Voicing(row.drafted.plan, seeds.rng("told", 1)), made.index_of(row))
    kind = entity("treatment plan", diagnosis="enum", review_date="date")
    record = {"id": 1, "diagnosis": "Tennis elbow", "review_date": "2024-05-01"}
    assert teller.line(kind, record, 2).startswith("Tennis elbow (")


def test_who_wrote_it_down_does_not_tell_what_a_record_is_of() -> None:
    noted = entity("submission", submitted_by="person", submitted_on="date")
    sold = entity("landing", buyer="person", landed_on="date")
    noted = structs.replace(
        noted, fields=[structs.replace(one, phrase=one.phrase.replace("_", " ")) for one in noted.fields]
    )
    assert mute(noted, [{"submitted_by": "Ana Ruiz", "submitted_on": "2024-05-01"}])
    assert not mute(sold, [{"buyer": "Ana Ruiz", "landed_on": "2024-05-01"}])


def test_a_person_beside_what_a_record_goes_by_is_told_by_what_they_did() -> None:
    row = made.rows()[0]
    teller = Teller(Voicing(row.drafted.plan, seeds.rng("told", 1)), made.index_of(row))
    kind = entity("landing", species="enum", buyer="person")
    assert "bought by Ana Ruiz" in teller.line(kind, {"id": 1, "species": "cod", "buyer": "Ana Ruiz"}, 2)
    plain = entity("landing", buyer="person", landed_on="date")
    assert teller.line(plain, {"id": 1, "buyer": "Ana Ruiz", "landed_on": "2024-05-01"}, 2).startswith(
        "Ana Ruiz"
    )


def test_what_is_somebodys_is_not_spoken_of_as_that_of_a_thing(tmp_path: Path) -> None:
    kit = api(tmp_path, "School", school(True), Course=COURSE, Student=STUDENT, Enrolment=ENROLMENT)
    index = known(load(kit).toolset)
    kinds = {one.noun: one for one in index.entities.values()}
    assert kinds["student"].person
    assert _somebodys(index, kinds["enrolment"], kinds["course"])
    assert not _somebodys(index, kinds["enrolment"], kinds["student"])
