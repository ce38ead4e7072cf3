"""What things and people of domains that no lexicon knows are called in an inferred world."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET, UnsetType

from callsmith.catalog import called, data
from callsmith.catalog.sorts import sort_of
from callsmith.plan.renaming import after_a_matter, says_what_it_is
from callsmith.records import Entity, Tool, Toolset, Where
from callsmith.seeds import rng
from callsmith.sources import load
from callsmith.understand import understand
from callsmith.world.inferred.world import InferredWorld
from callsmith.world.stories.families import family_of
from callsmith.world.stories.numbered import without_unnamed
from everyday import api, operation

TEXT = {"type": "string"}
MOMENT = {"type": "string", "format": "date-time"}


def _tool(name: str, given: dict[str, Any], returns: dict[str, Any], method: str) -> Tool:
    where = Where("things.json", name)
    return Tool(name=name, toolkit="place", description="", parameters=given, returns=returns, where=where,
                hints={"method": method})  # fmt: skip


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties)}


def kept(**kinds: Mapping[str, Any]) -> Toolset:
    """A toolset that lists, shows and makes records of such kinds: ``hive={"label": {...}}``."""
    tools = []
    for noun, fields in kinds.items():
        record = {"title": noun.title().replace("_", ""), **_object({"id": TEXT, **fields})}
        one = _object({f"{noun}_id": TEXT}) | {"required": [f"{noun}_id"]}
        tools += [
            _tool(f"list_{noun}s", _object({}), {"type": "array", "items": record}, "GET"),
            _tool(f"get_{noun}", one, record, "GET"),
            _tool(f"create_{noun}", _object(fields), record, "POST"),
        ]
    return understand("place", tools)


def records(toolset: Toolset, noun: str, seed: int = 5) -> list[Mapping[str, Any]]:
    world = InferredWorld(toolset, seed)
    key = next(entity.key for entity in toolset.entities if entity.key.endswith(f".{noun}"))
    return [entry.record for entry in world.population.entries(key)]


def values(toolset: Toolset, noun: str, field: str, seed: int = 5) -> list[Any]:
    return [record[field] for record in records(toolset, noun, seed) if record.get(field)]


def matters(toolset: Toolset, seed: int) -> set[str]:
    """The words of what an office of that seed has to do with."""
    return {topic.name.lower() for topic in InferredWorld(toolset, seed).population.scene.topics}


NOUNS = st.from_regex(
    r"(?:qu|v|z|br|fl|gl)[aeiou](?:b|d|g|k|m|n|p|t|x)[aeiou](?:l|m|n|rk|sk|nt)", fullmatch=True
)
OTHERS = st.dictionaries(
    st.sampled_from(["breed", "flavour", "queen_age", "notes", "size", "opened_on", "email_sent", "depth"]),
    st.sampled_from([TEXT, {"type": "integer"}, {"type": "boolean"}, MOMENT]),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(NOUNS, st.sampled_from(["name", "label", "title"]), OTHERS, st.integers(1, 400))
def test_no_thing_of_an_unknown_noun_bears_the_title_of_an_office_matter(
    noun: str, name: str, others: dict[str, Any], seed: int
) -> None:
    toolset = kept(**{noun: {name: TEXT, **others}})
    found = values(toolset, noun, name, seed)
    assert found and len(set(found)) == len(found)
    assert all(noun in value.lower() for value in found), (
        found
    )  # it bears a number: nobody knows a better name
    words = {word for matter in matters(toolset, seed) for word in matter.split() if len(word) > 4}
    told = " ".join(
        str(value) for record in records(toolset, noun, seed) for key, value in record.items() if key != name
    ).lower()
    assert not words & set(re.findall(r"\w+", told))


def test_things_that_people_number_are_numbered_and_those_nobody_here_makes_are_not_spoken_of() -> None:
    assert all(
        re.fullmatch(r"Hive [A-Z]?\d*", name) for name in values(kept(hive={"name": TEXT}), "hive", "name")
    )
    listed = _tool(
        "list_quabals",
        _object({}),
        {"type": "array", "items": {"title": "Quabal", **_object({"id": TEXT, "name": TEXT})}},
        "GET",
    )
    given = _tool(
        "list_orders",
        _object({"quabal_id": TEXT}),
        {"type": "array", "items": {"title": "Order", **_object({"id": TEXT, "quabal_id": TEXT})}},
        "GET",
    )
    said = without_unnamed(understand("place", [listed, given]))
    silent = next(tool for tool in said.tools if "quabal" in tool.name)
    assert silent.effect == "opaque"
    assert "an overlay may say names" in silent.reasons[-1]
    assert all(p.confidence < 0.5 for tool in said.tools for p in tool.inputs if p.refers == "place.quabal")
    made = kept(quabal={"name": TEXT})
    assert without_unnamed(made) == made


def test_a_piece_of_work_may_bear_the_title_of_a_matter() -> None:
    toolset = kept(
        remediation={"title": TEXT, "assignee": TEXT, "due_date": {"type": "string", "format": "date"}}
    )
    found = values(toolset, "remediation", "title")
    assert not any(value.startswith("Remediation ") for value in found)


@pytest.mark.parametrize("noun", ["singer", "doctor", "trainer", "volunteer", "pet_owner", "lifeguard"])
def test_nouns_of_people_have_the_names_of_people(noun: str) -> None:
    people = data.read("catalog/lexicon/people.yaml")["cultures"].values()
    given_names = {name for culture in people for name in culture["given"]}
    found = values(kept(**{noun: {"name": TEXT, "phone": TEXT}}), noun, "name")
    assert len(set(found)) > 4
    assert all(any(name.startswith(given) for given in given_names) for name in found)


def test_whoever_has_a_first_and_a_last_name_is_a_person_and_no_colleague() -> None:
    toolset = kept(quabal={"first_name": TEXT, "last_name": TEXT, "email": TEXT})
    world = InferredWorld(toolset, 5)
    house = world.population.scene.domain
    for record in records(toolset, "quabal"):
        assert record["last_name"].lower()[0] in record["email"]
        assert not record["email"].endswith(house)


def test_those_who_work_in_a_house_have_addresses_there_and_are_none_of_those_who_come() -> None:
    toolset = kept(doctor={"name": TEXT, "email": TEXT}, patient={"name": TEXT, "email": TEXT, "phone": TEXT})
    house = InferredWorld(toolset, 5).population.scene.domain
    assert all(email.endswith(f"@{house}") for email in values(toolset, "doctor", "email"))
    assert not any(email.endswith(f"@{house}") for email in values(toolset, "patient", "email"))
    assert not set(values(toolset, "doctor", "name")) & set(values(toolset, "patient", "name"))


def test_members_who_joined_a_library_are_not_the_colleagues_of_the_user() -> None:
    toolset = kept(member={"name": TEXT, "email": TEXT, "joined_on": {"type": "string", "format": "date"}})
    colleagues = {person.name for person in InferredWorld(toolset, 5).population.scene.people}
    assert not colleagues & set(values(toolset, "member", "name"))


def test_a_parking_ticket_is_no_piece_of_work() -> None:
    toolset = kept(ticket={"license_plate": TEXT, "paid": {"type": "boolean"}, "notes": TEXT})
    assert not values(toolset, "ticket", "notes")


def test_a_booking_names_what_was_booked() -> None:
    toolset = kept(booking={"yurt_id": TEXT, "guest_name": TEXT, "status": TEXT}, yurt={"name": TEXT})
    known = {record["id"] for record in records(toolset, "yurt")}
    assert {record["yurt_id"] for record in records(toolset, "booking")} <= known


def _kinds() -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = data.read("catalog/lexicon/things.yaml")["kinds"]
    better = {noun for kind in called.kinds() if "trades" not in kind for noun in kind["nouns"]}
    return [kind for kind in found if kind["nouns"][0] not in better]


def _entity(noun: str, fields: Sequence[str], trade: str | UnsetType) -> Entity:
    schema = {"type": "object", "properties": {"id": TEXT, "name": TEXT, **dict.fromkeys(fields, TEXT)}}
    return Entity(
        key=f"kit.{noun}", toolkit="kit", noun=noun.replace("_", " "), plural=f"{noun}s", schema=schema,
        id_pointer="/id", label_pointer="/name", trade=trade,
    )  # fmt: skip


def test_every_kind_that_is_called_something_is_known_by_one_of_its_nouns() -> None:
    for kind in called.kinds():
        trades = kind.get("trades", [UNSET])
        nouns = [f"odd_{noun}" if kind["compounds"] else noun for noun in kind["nouns"]]
        assert kind["name"] in {
            family_of(_entity(noun, kind.get("with", [])[:1], trade)).name
            for noun in nouns
            for trade in trades
        }, kind["nouns"]


def _words(name: str) -> set[str]:
    """The words that names of a list of called.yaml begin with."""
    return {text.partition(" ")[0].strip(",") for text in called.words()[name]}


def test_a_noun_is_read_by_the_trade_of_its_toolkit() -> None:
    office = kept(translator={"name": TEXT, "languages": TEXT}, job={"title": TEXT}, glossary={"name": TEXT})
    garage = kept(
        mechanic={"name": TEXT, "phone": TEXT}, job={"title": TEXT}, vehicle={"license_plate": TEXT}
    )
    kennel = kept(kennel={"name": TEXT}, dog={"name": TEXT}, training={"title": TEXT})
    for toolset, noun, name in (
        (office, "job", "text"),
        (garage, "job", "carfix"),
        (kennel, "training", "schooling"),
    ):
        found = values(toolset, noun, "title")
        assert len(found) > 5 and {one.partition(" ")[0].strip(",") for one in found} <= _words(name), found
    court = kept(hearing={"title": TEXT}, judge={"name": TEXT}, courtroom={"name": TEXT})
    judges = next(entity for entity in court.entities if entity.noun == "judge")
    assert judges.person and family_of(judges).name == "staff"


def test_what_a_compound_ends_in_says_little_of_it() -> None:
    toolset = kept(pay_machine={"name": TEXT}, kitchen_station={"name": TEXT}, gift_claim={"name": TEXT})
    assert all(name.startswith("Pay machine ") for name in values(toolset, "pay_machine", "name"))
    assert {*values(toolset, "kitchen_station", "name")} <= {*called.words()["kitchen"]}
    assert all(re.fullmatch(r"Gift claim \d{4}", name) for name in values(toolset, "gift_claim", "name"))


def test_nobody_thinks_of_a_number_for_what_a_system_counts() -> None:
    toolset = kept(
        complaint={"title": TEXT}, loan_claim={"title": TEXT}, quabal={"name": TEXT}, hive={"label": TEXT}
    )
    world = InferredWorld(toolset, 5)
    made = {
        tool.name: world.invent(tool, item, rng(1, "new"))
        for tool in toolset.tools
        for item in tool.inputs
        if tool.deed == "create"
    }
    assert made["create_loan_claim"] is None and made["create_quabal"] is None
    assert made["create_complaint"] in called.words()["complaint"]
    assert str(made["create_hive"]).startswith("Hive ")


def test_a_customer_that_has_a_contact_is_a_firm() -> None:
    toolset = kept(customer={"name": TEXT, "contact_name": TEXT}, client={"name": TEXT, "email": TEXT})
    firm, person = toolset.entities
    assert (firm.person, person.person) == (False, True)
    assert not {*values(toolset, "customer", "name")} & {*values(toolset, "customer", "contact_name")}


def test_a_trade_has_people_and_wares_of_its_own() -> None:
    office = kept(translation_job={"title": TEXT}, linguist={"name": TEXT}, glossary={"name": TEXT})
    scene = InferredWorld(office, 3).population.scene
    assert scene.industry == "translation agency"
    sold = kept(
        order={"item": TEXT, "total": {"type": "number"}}, product={"name": TEXT}, invoice={"total": TEXT}
    )
    assert InferredWorld(sold, 3).population.scene.trade != ""


def test_records_that_name_several_others_are_made() -> None:
    ids = {"type": "array", "items": {"type": "string"}}
    toolset = kept(allergen={"name": TEXT}, dish={"name": TEXT, "allergen_ids": ids})
    assert {"Milk", "Gluten", "Eggs", "Fish"} & {*values(toolset, "allergen", "name")}
    assert len(values(toolset, "dish", "name")) > 5


def test_a_text_that_names_a_record_of_numbered_ids_bears_its_name() -> None:
    toolset = kept(
        department={"id": {"type": "integer"}, "name": TEXT}, vacancy={"title": TEXT, "department": TEXT}
    )
    assert {*values(toolset, "vacancy", "department")} <= {*values(toolset, "department", "name")}


def test_every_kind_of_everyday_thing_is_known_by_its_nouns_and_has_names_enough() -> None:
    for kind in _kinds():
        noun, told = kind["nouns"][0], kind.get("with", [])[:1]
        toolset = kept(**{noun: {"name": TEXT, **dict.fromkeys(told, TEXT)}})
        assert family_of(toolset.entities[0]).name == kind["name"], noun
        found = values(toolset, noun, "name", 3)
        assert len(found) >= 6, noun
        assert len(set(found)) == len(found) or kind.get("recurs"), noun


def test_names_of_everyday_things_differ_from_world_to_world() -> None:
    toolset = kept(dog={"name": TEXT, "breed": TEXT}, field={"name": TEXT})
    for noun in ("dog", "field"):
        one, other = (set(values(toolset, noun, "name", seed)) for seed in (3, 4))
        assert len(one & other) < 0.7 * len(one), noun


def test_a_pool_of_machines_is_no_place_to_swim_and_its_like_in_a_cloud_no_everyday_thing() -> None:
    cloud = kept(
        instance={"name": TEXT, "vpc_id": TEXT}, vpc={"name": TEXT}, pool={"name": TEXT, "depth": TEXT}
    )
    assert not any("Pool" in name for name in values(cloud, "pool", "name"))


def test_a_patient_with_a_breed_is_an_animal() -> None:
    toolset = kept(patient={"name": TEXT, "breed": TEXT})
    assert family_of(toolset.entities[0]).name == "household_pet"


def _cast(toolset: Toolset) -> set[str]:
    scene = InferredWorld(toolset, 5).population.scene
    return {person.name for person in (scene.user, *scene.people)}


@pytest.mark.parametrize("field", ["owner", "owner_name", "holder", "renter", "borrowed_by", "adopter"])
def test_who_an_everyday_record_belongs_to_is_a_person_from_outside_and_no_address(field: str) -> None:
    toolset = kept(kite={"name": TEXT, field: TEXT})
    found = values(toolset, "kite", field)
    assert len(set(found)) > 5
    assert not any("@" in name for name in found)
    assert not set(found) & _cast(toolset)


def test_the_number_beside_an_owner_is_the_number_of_the_owner() -> None:
    toolset = kept(kite={"name": TEXT, "owner_name": TEXT, "owner_phone": TEXT, "email": TEXT})
    numbers: dict[str, set[str]] = {}
    for record in records(toolset, "kite"):
        numbers.setdefault(record["owner_name"], set()).add(f"{record['owner_phone']} {record['email']}")
    assert all(len(reached) == 1 for reached in numbers.values())
    assert len({next(iter(reached)) for reached in numbers.values()}) == len(numbers)


def test_members_named_by_a_booking_are_among_the_members() -> None:
    toolset = kept(
        member={"name": TEXT, "joined_on": MOMENT},
        yurt={"name": TEXT},
        booking={"yurt_id": TEXT, "member_name": TEXT},
    )
    assert set(values(toolset, "booking", "member_name")) <= set(values(toolset, "member", "name"))


def test_who_made_a_piece_is_not_who_sings_it() -> None:
    toolset = kept(singer={"name": TEXT, "voice": TEXT}, hymn={"title": TEXT, "composer": TEXT})
    assert not set(values(toolset, "hymn", "composer")) & (
        set(values(toolset, "singer", "name")) | _cast(toolset)
    )


def test_a_field_called_after_a_person_is_understood_to_hold_one() -> None:
    toolset = kept(permit={"holder": TEXT, "checked_by": TEXT, "operator": TEXT, "parent_name": TEXT})
    facets = {field.pointer: field.facet for field in toolset.entities[0].fields}
    assert facets["/holder"] == facets["/checked_by"] == "person"
    assert facets["/operator"] != "person" and facets["/parent_name"] != "person"


def test_what_is_only_described_has_no_name_for_a_description() -> None:
    toolset = kept(quabal={"description": TEXT, "depth": {"type": "integer"}})
    assert not values(toolset, "quabal", "description")


def test_people_told_of_deep_inside_a_record_do_not_make_it_a_person() -> None:
    inner = {"type": "object", "properties": {"first_name": TEXT, "email": TEXT}}
    toolset = kept(quabal={"name": TEXT, "sent_to": {"type": "array", "items": inner}})
    assert family_of(toolset.entities[0]).name == "unknown"


def test_suppliers_are_firms() -> None:
    toolset = kept(supplier={"name": TEXT, "phone": TEXT})
    assert family_of(toolset.entities[0]).name == "firm_house"


def test_a_booking_is_in_the_name_of_a_person() -> None:
    people = data.read("catalog/lexicon/people.yaml")["cultures"].values()
    surnames = {name for culture in people for name in culture["family"]}
    toolset = kept(booking={"name": TEXT, "seats": {"type": "integer"}}, yurt={"name": TEXT})
    found = values(toolset, "booking", "name")
    assert found and all(any(name.endswith(one) for one in surnames) for name in found)


def test_a_room_is_a_place_and_no_group_of_colleagues() -> None:
    assert family_of(kept(room={"name": TEXT, "theme": TEXT}).entities[0]).name == "room"
    assert (
        family_of(kept(room={"name": TEXT, "topic": TEXT, "members": {"type": "array"}}).entities[0]).name
        == "group"
    )


def test_what_a_teacher_teaches_is_not_what_they_are_called() -> None:
    toolset = kept(teacher={"name": TEXT, "subject": TEXT})
    assert toolset.entities[0].label_pointer == "/name"
    assert not set(values(toolset, "teacher", "subject")) & set(values(toolset, "teacher", "name"))


def test_guests_of_a_house_are_in_the_book_once() -> None:
    found = values(kept(guest={"name": TEXT, "email": TEXT, "phone": TEXT}), "guest", "name")
    assert len(set(found)) == len(found)


def test_nobody_plays_against_themselves() -> None:
    toolset = kept(team={"name": TEXT, "coach": TEXT}, match={"home_team_id": TEXT, "away_team_id": TEXT})
    found = records(toolset, "match")
    assert found and all(record["home_team_id"] != record["away_team_id"] for record in found)


def test_a_reservation_beside_a_book_of_guests_says_whose_it_is() -> None:
    toolset = kept(
        reservation={"room_id": TEXT, "guest_name": TEXT, "guest_email": TEXT},
        room={"floor": TEXT},
        guest={"name": TEXT, "email": TEXT, "phone": TEXT},
    )
    known = {record["name"]: record["email"] for record in records(toolset, "guest")}
    found = records(toolset, "reservation")
    assert found and all(known[record["guest_name"]] == record["guest_email"] for record in found)


def test_a_new_patient_with_a_breed_is_called_as_animals_are() -> None:
    toolset = kept(patient={"name": TEXT, "breed": TEXT})
    world = InferredWorld(toolset, 5)
    tool = next(one for one in toolset.tools if one.name == "create_patient")
    name = next(one for one in tool.inputs if one.name == "name")
    pets = data.read("catalog/lexicon/things.yaml")["words"]["pet"]
    assert world.invent(tool, name, rng("new", 1)) in pets


def test_dogs_and_sports_teams_are_not_renamed_as_matters_are() -> None:
    team = kept(team={"name": TEXT, "coach": TEXT}).entities[0]
    dog, hive = kept(dog={"name": TEXT}).entities[0], kept(hive={"label": TEXT}).entities[0]
    task = kept(task={"title": TEXT, "due_date": TEXT}).entities[0]
    assert [after_a_matter(one) for one in (team, dog, hive, task)] == [False, False, False, True]


def test_new_people_have_one_given_and_one_family_name() -> None:
    toolset = kept(
        student={"first_name": TEXT, "last_name": TEXT, "email": TEXT},
        teacher={"name": TEXT, "subject": TEXT},
    )
    world = InferredWorld(toolset, 5)
    tools = {tool.name: tool for tool in toolset.tools}
    said = {
        one.name: world.invent(tools["create_student"], one, rng("new", 2))
        for one in tools["create_student"].inputs
    }
    assert " " not in said["first_name"] and said["first_name"] != said["last_name"]
    assert said["last_name"].split()[-1].lower()[:2] in said["email"]
    subject = next(one for one in tools["create_teacher"].inputs if one.name == "subject")
    taught = sort_of(("subject",), "teacher")  # and nobody's name
    assert (
        taught is not None and world.invent(tools["create_teacher"], subject, rng("new", 2)) in taught.values
    )


def test_a_vaccine_stays_what_it_is_called() -> None:
    vaccine, boat = kept(vaccine={"name": TEXT}).entities[0], kept(boat={"name": TEXT}).entities[0]
    assert says_what_it_is(vaccine) and not says_what_it_is(boat)
    things = data.read("catalog/lexicon/things.yaml")
    assert {*things["fixed"]} <= {kind["name"] for kind in things["kinds"]}


def test_people_of_two_names_are_called_by_the_last() -> None:
    toolset = kept(patient={"first_name": TEXT, "last_name": TEXT, "phone": TEXT})
    assert toolset.entities[0].label_pointer == "/last_name"


def test_what_nobody_knows_a_name_for_is_called_like_its_example(tmp_path: Path) -> None:
    sale = {"id": TEXT, "name": {**TEXT, "description": 'e.g. "Spring Fine Art"'}}
    craft = {"id": TEXT, "name": {**TEXT, "examples": ["Blue Heron"]}}
    kit = api(tmp_path, "Skies", {
        "/saloons": {"get": operation("listSaloons", "List saloons", "Saloon", True)},
        "/zeppelins": {"get": operation("listZeppelins", "List zeppelins", "Zeppelin", True)},
    }, Saloon=sale, Zeppelin=craft)  # fmt: skip
    toolset = load(kit).toolset
    assert all(tool.confidence > 0.5 for tool in without_unnamed(toolset).tools)
    world = InferredWorld(toolset, 2)
    names = {
        entity.noun: [str(one["name"]) for one in world.records(entity.key)] for entity in toolset.entities
    }
    assert all("Fine Art" in name for name in names["saloon"]) and len(set(names["saloon"])) > 3
    assert all(len(name.split()) >= 2 and not any(map(str.isdigit, name)) for name in names["zeppelin"])
