"""How the fields of something new are said together, and what is told of things that have no dates or states."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec import structs

import made
from callsmith import seeds
from callsmith.catalog.data import read
from callsmith.ingest.documents import load_document
from callsmith.language.addressing import lying
from callsmith.language.asking_to import sent_for
from callsmith.language.breath import at_once, due, goods, goods_in, in_order, of_firm, one_person, to_be_done
from callsmith.language.grammar import unmarked
from callsmith.language.telling import Teller, handed
from callsmith.language.voicing import Voicing
from callsmith.language.words import humanised
from callsmith.meaning import Detail
from callsmith.records import Entity, Field, Json

FACETS = {
    "coffee": "text", "bags": "number", "quantity": "count", "product": "text", "boxes": "number",
    "chairs": "number", "tables": "number", "guests": "count", "reference": "text", "cake": "text",
}  # fmt: skip


def details(values: Mapping[str, Json]) -> list[Detail]:
    return [Detail(name, FACETS[name], name, "sets", "value", [value]) for name, value in values.items()]


@pytest.mark.parametrize(
    ("noun", "values", "said"),
    [
        ("wholesale order", {"coffee": "Dark Star", "bags": 6}, "of 6 bags of Dark Star"),
        ("wholesale order", {"coffee": "Dark Star", "bags": 1}, "of 1 bag of Dark Star"),
        ("order", {"product": "Rye loaf", "quantity": 12}, "of 12 x Rye loaf"),
        ("delivery", {"boxes": 3}, "of 3 boxes"),
        ("chair hire", {"chairs": 40, "tables": 6}, "for 40 chairs and 6 tables"),
        ("cake order", {"cake": "Lemon drizzle"}, "for Lemon drizzle"),
        ("order", {"quantity": 12}, ""),
        ("order", {"reference": "AB"}, ""),
        ("booking", {"guests": 4}, ""),
    ],
)
def test_what_is_ordered_is_said_with_how_much_of_it(noun: str, values: dict[str, Json], said: str) -> None:
    assert unmarked(goods(noun, details(values), lambda item: True)[0]) == said


@pytest.mark.parametrize(
    ("parameter", "said"),
    [
        ("ship_by", "to ship by {v}"),
        ("deliver_on", "to deliver {on_v}"),
        ("neededBy", "needed by {v}"),
        ("pickup_on", "for pickup {on_v}"),
        ("date", ""),
        ("valid_until", ""),
    ],
)
def test_a_day_is_said_with_what_is_to_be_done_on_it(parameter: str, said: str) -> None:
    assert due(parameter)[0] == said


def test_firms_come_before_days_and_deeds_are_joined() -> None:
    day = Detail("ship_by", "date", "ship by", "sets", "value", ["2027-03-19"])
    shop = Detail("shop", "company", "shop", "sets", "value", ["Mill Cafe"])
    assert in_order([day, shop]) == [shop, day]
    assert of_firm("customer", "order", "Mill Cafe") == "for Mill Cafe"
    assert of_firm("supplier", "order", "Osprey") == "from Osprey"
    assert to_be_done(["to deliver on Friday", "to collect on Monday"]) == [
        "to deliver on Friday and collect on Monday"
    ]


def test_a_record_tells_what_was_ordered() -> None:
    fields = [Field("/coffee", "text", "coffee"), Field("/bags", "number", "bags")]
    order = Entity("shop.order", "shop", "order", "orders", {}, fields=fields)
    assert goods_in(order, {"coffee": "Dark Star", "bags": 6}) == "6 bags of Dark Star"


@pytest.mark.parametrize(
    ("choice", "said"), [("dpd", "DPD"), ("royal_mail", "Royal Mail"), ("own_van", "own van"), ("UPS", "UPS")]
)
def test_choices_that_are_names_keep_their_capitals(choice: str, said: str) -> None:
    assert humanised(choice) == said


def test_what_has_no_dates_is_told_with_its_numbers() -> None:
    fields = (
        Field("/name", "title", "name"),
        Field("/weekday", "enum", "weekday"),
        Field("/customer_count", "count", "number of customers"),
        Field("/value", "amount", "value"),
    )
    kind = Entity("windows.round", "windows", "round", "rounds", {}, "/id", "/name", fields)
    row = made.rows()[0]
    teller = Teller(Voicing(row.drafted.plan, seeds.rng("told", 1)), made.index_of(row))
    record = {"id": 7, "name": "North", "weekday": "monday", "customer_count": 12}
    assert teller.line(kind, record, 2) == "North (Monday, 12 customers)"
    assert teller.line(kind, {**record, "value": 300}, 2).startswith("North (worth ")


def test_a_deed_is_for_the_boat_and_not_in_it() -> None:
    assert lying("lift out", "boat", ()) == "for"
    assert lying("stay", "vessel", ()) == "for"
    assert lying("task", "project", ()) == "in"
    assert lying("plant", "greenhouse", ()) == "in"


def test_what_is_sent_for_signature_stands_between() -> None:
    assert sent_for("send for signature", "an envelope") == "send an envelope for signature"
    assert sent_for("create", "an order") == "create an order"


def test_a_name_and_its_address_are_one_person() -> None:
    voice = Voicing(made.rows()[0].drafted.plan, seeds.rng("one", 1))
    person = voice.plan.scene.people[0]
    name = Detail("signers", "person", "signers", "sets", "list", [person.name])
    address = Detail("signers", "email", "signers", "sets", "list", [person.email])
    other = Detail("signers", "email", "signers", "sets", "list", ["somebody.else@example.com"])
    assert [one.values for one in one_person(voice, [name, address])] == [[f"{person.name} ({person.email})"]]
    assert len(one_person(voice, [name, other])) == 2


def test_what_a_thing_is_due_for_is_said() -> None:
    bound = Detail("serviceDueBefore", "date", "service due before", "filters", "before", ["2027-07-13"])
    assert at_once(bound, "post", "boiler", False) == ["due for service before {v}"]


def test_asides_of_an_office_are_not_said_in_a_shop() -> None:
    plan = made.rows()[0].drafted.plan
    order = Entity("shop.order", "shop", "order", "orders", {})
    assert Voicing(plan, seeds.rng("own", 1), [order]).shop
    assert not Voicing(plan, seeds.rng("own", 1), [structs.replace(order, toolkit="gmail")]).shop


def test_every_situation_has_plain_asides() -> None:
    voice = Voicing(made.rows()[0].drafted.plan, seeds.rng("own", 1))
    kinds = [name.split(".")[1] for name in read("language/en/reasons.yaml") if name.startswith("reason.")]
    assert all(voice.known(f"plain.{kind}.{place}") for kind in kinds for place in ("before", "after"))


def test_days_of_coming_and_going_are_said_with_it() -> None:
    assert due("pickup_date")[0] == "for pickup {on_v}"
    assert due("arrival")[0] == "arriving {on_v}"
    assert of_firm("invoice clinic", "claim", "Mill Practice") == "at Mill Practice"


def test_what_goes_by_its_owner_is_listed_by_its_number() -> None:
    fields = (Field("/holder", "person", "holder"), Field("/policy_number", "text", "policy number"))
    policy = Entity("pets.policy", "pets", "policy", "policies", {}, "/id", "/holder", fields)
    assert handed(policy, {"holder": "Ana Ruiz", "policy_number": "PP-549708"}) == "PP-549708"
    assert handed(policy, {"holder": "Ana Ruiz", "policy_number": "cat"}) == ""


def test_a_name_that_is_the_word_on_stays_it(tmp_path: Path) -> None:
    file = tmp_path / "api.yaml"
    file.write_text(
        "required: [task, on]\nproperties: {on: {type: string}}\nenum: [yes, no]\nnullable: true\n"
    )
    assert load_document(str(file)) == {
        "required": ["task", "on"],
        "properties": {"on": {"type": "string"}},
        "enum": ["yes", "no"],
        "nullable": True,
    }


def test_whose_something_is_follows_in_words() -> None:
    guest = Detail("customer", "person", "customer", "sets", "value", ["Ana Ruiz"])
    assert at_once(guest, "frag", "booking", False) == ["it's for {v}"]
    assert at_once(guest, "frag", "patient", False) == []
