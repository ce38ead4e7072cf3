"""Records without a name are told by their number, their place, their way and time."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from callsmith.catalog.sorts import marked_in_turn
from callsmith.language.addressing import at_place, forms, headed, lying
from callsmith.language.asking_change import shifts
from callsmith.meaning import Detail, Told
from callsmith.plan.arguments.order import in_order
from callsmith.plan.known import known
from callsmith.plan.signs import address_of, signs_in, signs_of, spoken, written
from callsmith.recipes.directed import sample
from callsmith.records import Entity, Field
from callsmith.sources import load
from callsmith.world.inferred.world import InferredWorld
from everyday import api, operation

TEXT = {"type": "string"}


def moment(value: Any) -> tuple[str, str]:
    return ("9:30", "on Friday") if "T" in str(value) else ("", "on Friday")


def entity(noun: str, **fields: str) -> Entity:
    made = [Field("/id", "id", "", {"type": "integer"})]
    for name, facet in fields.items():
        whole = facet in ("number", "number_key")
        made.append(Field(f"/{name}", facet, name.replace("_", " "), {"type": "integer"} if whole else TEXT))
    return Entity(f"t.{noun}", "t", noun, f"{noun}s", {"type": "object"}, id_pointer="/id", fields=made)


@pytest.mark.parametrize(
    ("kind", "record", "said"),
    [
        (entity("lift", building="place", floors="number"), {"building": "Mill Court"}, "the lift in Mill Court"),
        (entity("bin", street="place", material="enum"), {"street": "Mill Lane 4", "material": "glass"},
         "the glass bin at Mill Lane 4"),
        (entity("property", address="place", rent="number"), {"address": "Flat 2, 31 Mill Lane"}, "Flat 2, 31 Mill Lane"),
        (entity("property", address="place", rent="number"), {"address": "Mill Lane 4"}, "Mill Lane 4"),
        (entity("sailing", route="text", departs_at="date_time"),
         {"route": "Dover–Calais", "departs_at": "2026-05-01T09:30:00Z"},
         "the 9:30 sailing from Dover to Calais on Friday"),
        (entity("departure", destination="city", departure_time="date_time"),
         {"destination": "Lyon", "departure_time": "2026-05-01T09:30:00Z"},
         "the 9:30 departure to Lyon on Friday"),
        (entity("room", room_no="number", beds="number"), {"room_no": 204, "beds": 2}, "room 204"),
        (entity("space", bay="text"), {"bay": "B12"}, "bay B12"),
        (entity("seat", row="text", number="number"), {"row": "C", "number": 12}, "seat 12 in row C"),
        (entity("van", plate="text"), {"plate": "B-KL 2231"}, "the van with the plate B-KL 2231"),
        (entity("match", home_team="text", away_team="text"), {"home_team": "Oaks", "away_team": "Elms"},
         "the match between Oaks and Elms"),
        (entity("lesson", starts_at="date_time", price="amount"), {"starts_at": "2026-05-01T09:30:00Z"},
         "the 9:30 lesson on Friday"),
    ],
)  # fmt: skip
def test_what_has_no_name_is_called_by_what_tells_it(kind: Entity, record: dict[str, Any], said: str) -> None:
    from msgspec import structs

    told = signs_in(structs.replace(kind, address=address_of(kind)), record)
    assert written(told)
    assert forms(kind.noun, told, moment)[0] == said
    assert headed(kind.noun, told, moment)


def test_nothing_is_told_by_what_many_share() -> None:
    assert not address_of(entity("reading", value="number", unit="text"))
    assert not address_of(entity("parcel", arrived_on="date", size="enum"))


@pytest.mark.parametrize(
    ("place", "said"),
    [("Mill Lane", "on Mill Lane"), ("Mill Lane 4", "at Mill Lane 4"), ("4 Mill Lane", "at 4 Mill Lane"), ("Ground floor", "on the ground floor"),
     ("Behind the barn", "behind the barn"), ("Walled garden", "in the walled garden"), ("North Tower", "in North Tower"),
     ("Lakeside", "by Lakeside")],
)  # fmt: skip
def test_a_place_stands_after_its_preposition(place: str, said: str) -> None:
    assert at_place(place) == said


def test_what_belongs_to_a_thing_lies_on_it_at_it_or_is_for_it() -> None:
    assert lying("fault", "lift", ()) == "on"
    assert lying("parcel", "station", ()) == "at"
    assert lying("ticket", "sailing", [Told("at", "2026-05-01")]) == "for"


def test_an_id_is_a_name_only_where_people_paste_it() -> None:
    fields = [
        Field("/parcelId", "id", "parcel", TEXT),
        Field("/recipientName", "person", "recipient name", TEXT),
    ]
    parcel = Entity("t.parcel", "t", "parcel", "parcels", {}, "/parcelId", "/parcelId", fields)
    assert spoken(parcel, "/parcelId", "/recipientName", pasting=False).label_pointer == "/recipientName"
    assert spoken(parcel, "/parcelId", "", pasting=False).label_pointer == ""
    assert spoken(parcel, "/parcelId", "", pasting=True).label_pointer == "/parcelId"


def test_what_is_put_off_to_another_time_is_put_off_to_it() -> None:
    to = Detail("kickoff", "date_time", "kickoff", "sets", "value", ["2026-05-01T10:00:00"])
    days = Detail("days", "count", "number of days", "sets", "value", [3])
    assert shifts("postpone", to) and not shifts("cancel", to)
    assert shifts("extend", days) and not shifts("postpone", days)


def test_matches_yet_to_come_have_no_score(tmp_path: Path) -> None:
    match = {"id": {"type": "integer"}, "home_team": TEXT, "away_team": TEXT, "home_goals": {"type": "integer"},
             "kickoff": {"type": "string", "format": "date-time"},
             "status": {"type": "string", "enum": ["scheduled", "played", "postponed"]}}  # fmt: skip
    paths = {"/matches": {"get": operation("listMatches", "List matches", "Match", True)}}
    tools = load(api(tmp_path, "League", paths, Match=match)).toolset
    assert [sign.role for sign in signs_of(known(tools).entities["league.match"])] == ["side", "side"]
    world = InferredWorld(tools, 3)
    records = world.records("league.match")
    now = datetime.fromisoformat(world.scene.now)
    assert {record["status"] for record in records} >= {"scheduled", "played"}
    for record in records:
        kickoff = datetime.fromisoformat(str(record["kickoff"]))
        assert record["home_team"] != record["away_team"]
        assert (record["status"] == "played") == ("home_goals" in record)
        late = timedelta(minutes=45)  # what is to begin may be a little late
        assert record["status"] == "postponed" or (record["status"] == "played") == (kickoff < now - late)


def test_those_of_the_house_have_a_time_again_and_again() -> None:
    kind = entity("shift", employee_name="person", starts_at="date_time")
    kind = spoken(kind, "", "/employee_name", pasting=False)
    told = signs_in(kind, {"employee_name": "Ana Ruiz", "starts_at": "2026-05-01T09:30:00Z"})
    assert forms("shift", told, moment)[0] == "Ana Ruiz's shift on Friday at 9:30"
    assert headed("shift", told, moment) == "Ana Ruiz, Friday at 9:30"


def test_no_stay_ends_before_it_begins() -> None:
    assert in_order({"arrives_on": "2026-05-01", "leaves_on": "2026-05-03"})
    assert not in_order({"arrives_on": "2026-05-04", "leaves_on": "2026-05-03"})
    assert not in_order({"startDate": "2026-05-04", "endDate": "2026-05-03"})


def test_short_marks_are_each_another() -> None:
    for form, many in (("299", 60), ("A99", 120)):
        assert len({marked_in_turn(form, place) for place in range(many)}) == many
    assert marked_in_turn("AA-999-AA", 3) == ""


def test_the_coach_of_a_train_is_nobody_and_the_subject_of_an_exam_no_name(tmp_path: Path) -> None:
    day = {"type": "string", "format": "date"}
    booking = {"id": TEXT, "passengerName": TEXT, "coach": TEXT}
    sitting = {"id": TEXT, "subject": TEXT, "sits_on": day}
    unit = {"id": TEXT, "unitCode": TEXT, "floor": {"type": "integer"}}
    paths = {
        "/trains/bookings": {"get": operation("listSeatBookings", "List seat bookings", "SeatBooking", True)},
        "/sittings": {"get": operation("listSittings", "List sittings", "Sitting", True)},
        "/units": {"get": operation("listUnits", "List units", "Unit", True)},
    }
    tools = load(api(tmp_path, "Mixed", paths, SeatBooking=booking, Sitting=sitting, Unit=unit)).toolset
    kinds = known(tools).entities
    assert {item.facet for item in kinds["mixed.seat_booking"].fields if item.pointer == "/coach"} == {"enum"}
    assert [sign.role for sign in signs_of(kinds["mixed.sitting"])] == ["at", "sort"]
    codes = [record["unitCode"] for record in InferredWorld(tools, 3).records("mixed.unit")]
    assert len(set(codes)) == len(codes) > 5


@pytest.mark.parametrize("shown", [{"example": "JB-20418"}, {"pattern": "^JB-[0-9]{5}$"}])
def test_what_an_office_numbers_is_called_by_its_number_and_not_by_when_it_came(
    tmp_path: Path, shown: dict[str, str]
) -> None:
    at = {"type": "string", "format": "date-time"}
    numbered = {"job_id": {**TEXT, **shown}, "received_at": at, "hours": {"type": "number"}}
    beside = {"id": {**TEXT, "format": "uuid"}, "claimRef": {**TEXT, **shown}, "received_at": at}
    opaque = {"id": {**TEXT, "format": "uuid"}, "received_at": at, "weight": {"type": "number"}}
    lodged = {"trolley_id": {**TEXT, **shown}, "site": TEXT, "size": {"type": "string", "enum": ["s", "m"]}}
    massage = {"massage_id": {**TEXT, **shown}, "starts_at": at}
    kinds = {"Job": numbered, "Claim": beside, "Pallet": opaque, "Massage": massage, "Trolley": lodged}
    paths = {
        f"/{name.lower()}s": {"get": operation(f"list{name}s", f"List {name.lower()}s", name, True)}
        for name in kinds
    }
    got = {"name": "job_id", "in": "path", "required": True, "schema": TEXT}
    paths["/jobs/{job_id}"] = {"get": operation("getJob", "Get a job", "Job", parameters=[got])}
    index = known(load(api(tmp_path, "Yard", paths, **kinds)).toolset)
    assert index.entities["yard.job"].label_pointer == "/job_id" and not signs_of(index.entities["yard.job"])
    assert [sign.pointer for sign in signs_of(index.entities["yard.claim"])] == ["/claimRef"]
    assert [sign.role for sign in signs_of(index.entities["yard.pallet"])] == ["dated"]
    assert [sign.role for sign in signs_of(index.entities["yard.massage"])] == ["at"]
    assert index.entities["yard.trolley"].label_pointer == "/trolley_id"
    found = sample(index.toolset, index.tools["yard_get_job"])
    assert isinstance(found.arguments, dict) and found.arguments["job_id"] in found.request
