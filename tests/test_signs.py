"""Records without a name are told by their number, their place, their way and time."""

from __future__ import annotations

from typing import Any

import pytest

from callsmith.language.addressing import at_place, forms, headed, lying
from callsmith.meaning import Told
from callsmith.plan.signs import address_of, signs_in, written
from callsmith.records import Entity, Field

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
    [("Mill Lane", "on Mill Lane"), ("Mill Lane 4", "at Mill Lane 4"), ("Ground floor", "on the ground floor"),
     ("Behind the barn", "behind the barn"), ("Walled garden", "in the walled garden"), ("North Tower", "in North Tower"),
     ("Lakeside", "by Lakeside")],
)  # fmt: skip
def test_a_place_stands_after_its_preposition(place: str, said: str) -> None:
    assert at_place(place) == said


def test_what_belongs_to_a_thing_lies_on_it_at_it_or_is_for_it() -> None:
    assert lying("fault", "lift", ()) == "on"
    assert lying("parcel", "station", ()) == "at"
    assert lying("ticket", "sailing", [Told("at", "2026-05-01")]) == "for"
