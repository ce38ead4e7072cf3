"""Fields that name a sort of something: what they hold, and that people may speak of them."""

from __future__ import annotations

import re

from callsmith.catalog.sorts import sort_of
from callsmith.language.relating import chosen
from callsmith.plan.arguments.wishes import wished
from callsmith.seeds import rng
from callsmith.world.inferred.inventing import invent
from callsmith.world.inferred.world import InferredWorld
from test_things import TEXT, kept, records, values


def test_a_breed_is_that_of_the_animal() -> None:
    for noun, breed in (("dog", "Labrador"), ("cat", "Siamese"), ("horse", "Haflinger"), ("cow", "Holstein")):
        found = sort_of(("breed",), noun)
        assert found is not None and breed in found.values
    assert sort_of(("blorp",), "dog") is None


def test_what_stands_before_a_sort_says_of_what_it_is() -> None:
    coffee, wine, guest = (
        sort_of(("coffee", "variety"), "bag"),
        sort_of(("variety",), "wine"),
        sort_of(("breed",), "guest", {"cat"}),
    )
    assert coffee is not None and "Typica" in coffee.values
    assert wine is not None and "Riesling" in wine.values
    assert guest is not None and "Siamese" in guest.values


def test_a_sort_is_held_spoken_of_and_thought_of() -> None:
    toolset = kept(dog={"name": TEXT, "breed": TEXT}, field={"name": TEXT, "soil_type": TEXT})
    dogs, soils = sort_of(("breed",), "dog"), sort_of(("soil", "type"), "field")
    assert dogs is not None and soils is not None
    assert {*values(toolset, "dog", "breed")} <= {*dogs.values}
    assert {*values(toolset, "field", "soil_type")} <= {*soils.values}
    tool = next(tool for tool in toolset.tools if tool.name == "create_dog")
    breed = next(item for item in tool.inputs if item.name == "breed")
    assert (breed.facet, breed.klass) == ("enum", "preference") and breed.confidence >= 0.7
    assert wished(tool, breed)
    assert invent(InferredWorld(toolset, 4), tool, breed, rng(4, "breed")) in dogs.values


def test_a_make_and_its_model_go_together() -> None:
    toolset = kept(car={"name": TEXT, "make": TEXT, "model": TEXT})
    found = {(car["make"], car["model"]) for car in records(toolset, "car")}
    assert len(found) > 3 and ("Toyota", "Focus") not in found
    models = [model for _, model in found]
    assert len(models) == len(set(models))
    for car in records(toolset, "car"):  # what it is called says the same
        assert car["name"].startswith(car["make"].replace("Volkswagen", "VW")) and car["model"] in car["name"]


def test_examples_of_the_schema_win() -> None:
    given = {**TEXT, "examples": ["Podenco", "Mudi"]}
    assert {*values(kept(dog={"name": TEXT, "breed": given}), "dog", "breed")} <= {"Podenco", "Mudi"}


def test_a_soil_type_is_a_soil_before_it_is_a_type() -> None:
    assert chosen("soil type", ["chalk"])["post"] == "with {v} soil"
    assert chosen("room type", ["double"])["attr"] == "{v}"


def test_numbers_are_as_large_as_such_things_are() -> None:
    number = {"type": "number"}
    toolset = kept(
        lot={"name": TEXT, "hourly_rate": number, "spaces": {"type": "integer"}},
        cake={"flavour": TEXT, "price": number},
        boat={"name": TEXT, "length_m": number},
        field={"name": TEXT, "hectares": number},
    )
    world = InferredWorld(toolset, 5)
    scale = world.population.scale
    for noun, field, low, high in (
        ("lot", "hourly_rate", 1.5 * scale, 6 * scale),
        ("lot", "spaces", 20, 400),
        ("cake", "price", 14 * scale, 60 * scale),
        ("boat", "length_m", 5, 18),
        ("field", "hectares", 2, 80),
    ):
        found = values(toolset, noun, field)
        assert found and all(low <= value <= high for value in found), field
        assert len(set(found)) > 2
    tool = next(tool for tool in toolset.tools if tool.name == "create_field")
    area = next(item for item in tool.inputs if item.name == "hectares")
    assert area.confidence >= 0.55 and 2 <= float(str(invent(world, tool, area, rng(4, "area")))) <= 80


def test_what_is_planned_lies_ahead_and_ends_come_after_beginnings() -> None:
    day, moment = {**TEXT, "format": "date"}, {**TEXT, "format": "date-time"}
    toolset = kept(
        stay={"boat_name": TEXT, "arrives_on": day, "leaves_on": day},
        visit={
            "patient_name": TEXT,
            "starts_at": moment,
            "status": {**TEXT, "enum": ["scheduled", "completed"]},
        },
        permit={"holder": TEXT, "valid_from": day, "valid_until": day},
        loan={"reader": TEXT, "due_date": day, "returned": {"type": "boolean"}},
        patient={"name": TEXT, "date_of_birth": day},
    )
    today = InferredWorld(toolset, 5).now[:10]
    assert all(stay["arrives_on"] < stay["leaves_on"] for stay in records(toolset, "stay"))
    assert all(permit["valid_from"] < permit["valid_until"] for permit in records(toolset, "permit"))
    for visit in records(toolset, "visit"):
        assert (
            visit["starts_at"][:10] >= today
            if visit["status"] == "scheduled"
            else visit["starts_at"][:10] <= today
        )
    loans = records(toolset, "loan")
    assert {loan["returned"] for loan in loans} == {True, False}
    assert all(loan["due_date"] < today for loan in loans if loan["returned"])
    assert any(loan["due_date"] > today for loan in loans if not loan["returned"])
    assert min(values(toolset, "patient", "date_of_birth")) < "1990"


def test_addresses_are_in_streets_and_hives_in_the_open() -> None:
    toolset = kept(lot={"name": TEXT, "address": TEXT}, hive={"label": TEXT, "location": TEXT})
    assert all(
        any(map(str.isdigit, value)) and "Room" not in value for value in values(toolset, "lot", "address")
    )
    assert not {word for place in values(toolset, "hive", "location") for word in place.split()} & {
        "Hotel",
        "room",
    }


def test_marks_have_their_form_and_are_spoken_of() -> None:
    toolset = kept(permit={"holder": TEXT, "license_plate": TEXT})
    found = values(toolset, "permit", "license_plate")
    assert found and all(re.fullmatch(r"[A-Z]{2}-[0-9]{3}-[A-Z]{2}", plate) for plate in found)
    tool = next(tool for tool in toolset.tools if tool.name == "create_permit")
    plate = next(item for item in tool.inputs if item.name == "license_plate")
    assert plate.klass == "natural_key" and plate.confidence >= 0.55
    assert re.fullmatch(
        r"[A-Z]{2}-[0-9]{3}-[A-Z]{2}", str(invent(InferredWorld(toolset, 4), tool, plate, rng(4, "p")))
    )


def test_the_category_of_a_tool_is_that_of_its_name() -> None:
    for tool in records(kept(tool={"name": TEXT, "category": TEXT}), "tool"):
        if "mower" in tool["name"]:
            assert tool["category"] == "gardening"
        if "drill" in tool["name"].lower():
            assert tool["category"] == "power tools"


def test_an_api_that_also_makes_reports_is_no_town_hall() -> None:
    assert sort_of(("type",), "customer gateway", ("image usage report", "report")) is None
    assert sort_of(("category",), "complaint") is not None


def test_the_doctor_of_a_patient_is_somebody_else() -> None:
    toolset = kept(patient={"first_name": TEXT, "last_name": TEXT, "gp_name": TEXT, "phone": TEXT})
    names = zip(values(toolset, "patient", "last_name"), values(toolset, "patient", "gp_name"), strict=False)
    told = [(family, doctor) for family, doctor in names if doctor]
    assert told and all(not doctor.endswith(family) for family, doctor in told)
