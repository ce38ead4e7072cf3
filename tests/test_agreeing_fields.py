"""What records of APIs nobody has described further hold: numbers, languages, people, and what agrees with what."""

from __future__ import annotations

from msgspec import structs

from callsmith.language.named_details import sum_of
from callsmith.meaning import Detail
from callsmith.seeds import rng
from callsmith.world.inferred.world import InferredWorld
from test_things import MOMENT, TEXT, kept, records

WHOLE = {"type": "integer"}
REAL = {"type": "number"}
STATES = ["new", "assigned", "delivered", "cancelled"]
LANGUAGES = {"type": "string", "enum": ["en", "de", "fr", "es"]}


def _office():
    return kept(
        translator={"name": TEXT, "email": TEXT, "languages": {"type": "array", "items": TEXT}},
        job={"title": TEXT, "client": TEXT, "source_lang": LANGUAGES, "target_lang": LANGUAGES, "word_count": WHOLE,
             "due": {"type": "string", "format": "date"}, "delivered_at": MOMENT,
             "status": {"type": "string", "enum": STATES}},
        quote={"job_id": TEXT, "words": WHOLE, "rate_per_word": REAL, "rush_fee": REAL, "total": REAL,
               "currency": TEXT},
    )  # fmt: skip


def test_work_has_a_size_a_client_a_day_and_two_languages():
    jobs = records(_office(), "job")
    assert all(job["word_count"] >= 300 and job["client"] and job["due"] for job in jobs)
    assert all("delivered_at" in job for job in jobs if job["status"] == "delivered")
    assert not any("delivered_at" in job for job in jobs if job["status"] in ("new", "cancelled"))
    assert all(len({*one["languages"]}) > 1 for one in records(_office(), "translator"))


def test_a_total_is_what_its_parts_come_to_and_repeats_what_it_is_about():
    office = _office()
    sizes = {job["id"]: job["word_count"] for job in records(office, "job")}
    assert {f.facet for e in office.entities for f in e.fields if f.pointer == "/total"} == {"amount"}
    for quote in records(office, "quote"):
        assert abs(quote["words"] * quote["rate_per_word"] + quote["rush_fee"] - quote["total"]) < 0.01
        assert quote["words"] == sizes[quote["job_id"]]


def test_people_inside_a_record_are_of_the_scene_and_as_heavy_as_people_are():
    heavy = {"type": "integer", "minimum": 25, "maximum": 140}
    person = {"type": "object", "properties": {"name": TEXT, "weightKg": heavy}}
    contact = {"type": "object", "required": ["name", "phone"], "properties": {"name": TEXT, "phone": TEXT}}
    booked = kept(
        ride={"launchSite": TEXT, "maxPassengers": {"type": "integer", "minimum": 2, "maximum": 16},
              "seatsLeft": WHOLE},
        booking={"ride_id": TEXT, "contact": contact, "passengers": {"type": "array", "items": person}},
    )  # fmt: skip
    for booking in records(booked, "booking"):
        assert booking["contact"]["name"] == booking["passengers"][0]["name"]
        assert booking["contact"]["phone"]
        assert all(50 <= one["weightKg"] <= 100 for one in booking["passengers"])
    rides = records(booked, "ride")
    assert all(
        2 <= ride["maxPassengers"] <= 16 and ride["seatsLeft"] <= ride["maxPassengers"] for ride in rides
    )


def test_the_low_estimate_is_below_the_high_one_and_both_are_in_the_money_named():
    euros = {"type": "number", "description": "Estimate in euros"}
    house = kept(bidder={"name": TEXT, "email": TEXT}, painting={"title": TEXT, "estimate_low": euros,
                                                               "estimate_high": euros})  # fmt: skip
    made = next(tool for tool in house.tools if tool.name == "create_painting")
    assert {item.facet for item in made.inputs if item.name.startswith("estimate")} == {"amount"}
    ends = {item.name: item for item in made.inputs if item.name.startswith("estimate")}
    assert ends["estimate_low"].phrase == "low estimate"
    for seed in range(9):
        world, draw = InferredWorld(house, 3), rng("estimates", seed)
        assert world.invent(made, ends["estimate_low"], draw) < world.invent(
            made, ends["estimate_high"], draw
        )
    assert InferredWorld(house, 3).scene.currency == "EUR"
    assert all(one["estimate_low"] < one["estimate_high"] for one in records(house, "painting"))


def test_a_number_between_declared_bounds_is_sure_enough_to_be_said():
    bounds = {"type": "integer", "minimum": 20, "maximum": 90}
    found = kept(kiln={"name": TEXT, "shelving": bounds})
    made = next(tool for tool in found.tools if tool.name == "create_kiln")
    item = next(item for item in made.inputs if item.name == "shelving")
    assert item.confidence >= 0.55
    world = InferredWorld(found, 3)
    assert all(20 <= world.invent(made, item, rng("bounds", at)) <= 90 for at in range(9))
    assert all(20 <= kiln["shelving"] <= 90 for kiln in records(found, "kiln"))


def test_nobody_translates_a_text_into_its_own_language():
    office = _office()
    made = next(tool for tool in office.tools if tool.name == "create_job")
    pair = [item for item in made.inputs if item.name.endswith("lang")]
    for seed in range(9):
        world, draw = InferredWorld(office, 3), rng("languages", seed)
        assert len({world.invent(made, item, draw) for item in pair}) == 2
    assert all(job["source_lang"] != job["target_lang"] for job in records(office, "job"))


def test_an_end_of_a_range_of_money_is_called_by_its_name():
    low = Detail(role="sets", parameter="estimate_low", facet="amount", phrase="low estimate",
                 shape="value", values=(80,))  # fmt: skip
    assert sum_of(low)
    assert not sum_of(structs.replace(low, parameter="amount", phrase="amount"))


def test_the_owner_of_a_pet_is_nobody_of_the_house_and_the_pet_has_a_name():
    owner = {"type": "object", "properties": {"name": TEXT, "phone": TEXT}}
    people = {"type": "array", "items": {"type": "object", "properties": {"name": TEXT, "age": WHOLE}}}
    kennel = kept(stay={"petName": TEXT, "owner": owner, "nights": {"type": "integer", "minimum": 1, "maximum": 30},
                        "pricePerNight": REAL, "totalPrice": REAL},
                  training={"title": TEXT, "participants": people})  # fmt: skip
    colleagues = {one.name for one in InferredWorld(kennel, 5).scene.people if one.relation == "colleague"}
    for stay in records(kennel, "stay"):
        assert stay["petName"]
        assert stay["owner"]["name"] not in colleagues
        assert abs(stay["nights"] * stay["pricePerNight"] - stay["totalPrice"]) < 0.01
    assert all(one["participants"][0]["age"] > 0 for one in records(kennel, "training"))
    made = next(tool for tool in kennel.tools if tool.name == "create_training")
    assert {item.facet for item in made.inputs if item.pointer.endswith("/name")} == {"person"}
