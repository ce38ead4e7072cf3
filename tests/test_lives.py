"""Everyday records as they live: states, days, sums and notes that agree, and how they are spoken of."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from callsmith.catalog.belonging import told_by_name
from callsmith.catalog.lives import begins_and_ends, phase, phases
from callsmith.config import Toolkit
from callsmith.language.words import humanised
from callsmith.plan.arguments.messages import is_message
from callsmith.plan.known import known
from callsmith.records import Tool
from callsmith.sources import load
from callsmith.understand.words import plural, singular
from callsmith.world.stories.lives import first_state
from callsmith.world.stories.population import Population

TEXT: dict[str, Any] = {"type": "string"}
DAY: dict[str, Any] = {"type": "string", "format": "date"}
WHOLE: dict[str, Any] = {"type": "integer"}


def _choice(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


def _listed(record: str) -> dict[str, Any]:
    schema = {"type": "array", "items": {"$ref": f"#/components/schemas/{record}"}}
    return {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}


SHOP: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Flower shop", "version": "1"},
    "paths": {
        "/orders": {"get": {"operationId": "listOrders", "responses": _listed("Order")}},
        "/repairs": {"get": {"operationId": "listRepairs", "responses": _listed("Repair")}},
        "/bouquets": {"get": {"operationId": "listBouquets", "responses": _listed("Bouquet")}},
        "/flags": {"get": {"operationId": "listFlags", "responses": _listed("Flag")}},
        "/flags/{key}/rollout": {
            "put": {
                "operationId": "setRollout",
                "summary": "Set the percentage of users who see the feature",
                "parameters": [{"name": "key", "in": "path", "required": True, "schema": TEXT}],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["percent"],
                                "properties": {"percent": WHOLE},
                            }
                        }
                    },
                },
                "responses": {
                    "200": {
                        "description": "ok",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Flag"}}},
                    }
                },
            }
        },
    },
    "components": {
        "schemas": {
            "Order": {
                "type": "object",
                "properties": {
                    "id": WHOLE,
                    "recipientName": TEXT,
                    "deliveryDate": DAY,
                    "cardMessage": TEXT,
                    "status": _choice("new", "arranged", "delivered", "cancelled"),
                },
            },
            "Repair": {
                "type": "object",
                "properties": {
                    "id": WHOLE,
                    "customer_name": TEXT,
                    "dropped_off_on": DAY,
                    "ready_by": DAY,
                    "picked_up_on": DAY,
                    "status": _choice("waiting", "in_progress", "ready", "picked_up"),
                },
            },
            "Bouquet": {
                "type": "object",
                "properties": {
                    "id": WHOLE,
                    "name": TEXT,
                    "priceCents": WHOLE,
                    "occasion": _choice("birthday", "wedding"),
                },
            },
            "Flag": {
                "type": "object",
                "properties": {"key": TEXT, "enabled": {"type": "boolean"}, "rollout_percent": WHOLE},
            },
        }
    },
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Population:
    path = tmp_path_factory.mktemp("shop") / "shop.json"
    path.write_text(json.dumps(SHOP))
    return Population(load(Toolkit(openapi=str(path))).toolset, 5)


def _records(population: Population, noun: str) -> list[dict[str, Any]]:
    return [dict(entry.record) for entry in population.entries(f"shop.{noun}")]


@pytest.mark.parametrize(
    ("state", "told"),
    [("picked_up", "over"), ("noShow", "dropped"), ("cancelled", "dropped"), ("in_progress", "going"),
     ("booked", "ahead"), ("waiting_for_parts", "ahead")],
)  # fmt: skip
def test_a_state_tells_how_far_a_thing_is(state: str, told: str) -> None:
    assert phase(state) == told


def test_states_without_an_end_are_no_life() -> None:
    assert begins_and_ends(["new", "done"]) and not begins_and_ends(["low", "high"])


def test_what_was_delivered_lies_behind_and_what_is_new_ahead(shop: Population) -> None:
    today = shop.clock.today
    orders = _records(shop, "order")
    assert {order["status"] for order in orders} == {"new", "arranged", "delivered", "cancelled"}
    for order in orders:
        day = date.fromisoformat(order["deliveryDate"])
        assert (
            day < today if order["status"] in ("delivered", "cancelled") else day >= today - date.resolution
        )


def test_nothing_is_due_before_it_came_or_fetched_before_it_is(shop: Population) -> None:
    for repair in _records(shop, "repair"):
        assert repair["dropped_off_on"] < repair["ready_by"]
        assert ("picked_up_on" in repair) == (repair["status"] == "picked_up")


def test_a_number_of_cents_is_a_price(shop: Population) -> None:
    bouquets = _records(shop, "bouquet")
    assert all(bouquet["priceCents"] > 100 for bouquet in bouquets)
    field = next(
        item for item in known(shop.toolset).entities["shop.bouquet"].fields if item.pointer == "/priceCents"
    )
    assert (field.facet, field.phrase) == ("amount_minor", "price")


def test_a_card_bears_no_invoice(shop: Population) -> None:
    said = {order["cardMessage"] for order in _records(shop, "order") if "cardMessage" in order}
    assert said and not any(digit in text for text in said for digit in "0123456789")


def test_a_flag_is_called_by_a_key_people_type(shop: Population) -> None:
    assert all("-" in flag["key"] or flag["key"] == "autosave" for flag in _records(shop, "flag"))


def test_the_tool_says_the_beginning_of_the_field_and_the_argument_its_end(shop: Population) -> None:
    tool = next(tool for tool in shop.toolset.tools if tool.name.endswith("set_rollout"))
    assert next(item.sets for item in tool.inputs if item.name == "percent") == "/rollout_percent"


@pytest.mark.parametrize("word", ["fish", "species", "sheep"])
def test_one_and_several_are_the_same_word(word: str) -> None:
    assert plural(word) == singular(word) == word


def _clinic(tmp_path: Path) -> Population:
    stays = {
        "id": TEXT,
        "guestName": TEXT,
        "arrival": DAY,
        "departure": DAY,
        "status": _choice("pending", "confirmed", "checked_in", "checked_out"),
    }
    animals = {"id": TEXT, "name": TEXT, "species": _choice("dog", "cat", "rabbit", "other"), "breed": TEXT}
    claims = {
        "id": TEXT,
        "title": TEXT,
        "amount_cents": WHOLE,
        "category": _choice("travel", "meals", "equipment", "other"),
        "status": _choice("draft", "submitted", "paid"),
    }
    api = {
        "openapi": "3.0.3",
        "info": {"title": "Kennel", "version": "1"},
        "paths": {
            f"/{name}s": {"get": {"operationId": f"list{name}s", "responses": _listed(name)}}
            for name in ("Booking", "Animal", "Claim")
        },
        "components": {
            "schemas": {
                name: {"type": "object", "properties": fields}
                for name, fields in (("Booking", stays), ("Animal", animals), ("Claim", claims))
            }
        },
    }
    path = tmp_path / "kennel.json"
    path.write_text(json.dumps(api))
    return Population(load(Toolkit(openapi=str(path))).toolset, 7)


def test_a_guest_who_is_there_has_come_and_one_who_left_is_gone(tmp_path: Path) -> None:
    kennel = _clinic(tmp_path)
    today = kennel.clock.today.isoformat()
    for entry in kennel.entries("kennel.booking"):
        stay = entry.record
        assert stay["arrival"] < stay["departure"] or stay["status"] == "checked_out"
        if stay["status"] == "checked_in":
            assert stay["arrival"] <= today < stay["departure"]
        if stay["status"] == "checked_out":
            assert stay["departure"] <= today


def test_a_breed_is_one_of_its_species_and_a_claim_in_the_category_its_name_tells(tmp_path: Path) -> None:
    kennel = _clinic(tmp_path)
    breeds: dict[str, set[str]] = {}
    for entry in kennel.entries("kennel.animal"):
        breeds.setdefault(entry.record["species"], set()).add(entry.record["breed"])
    assert "Beagle" not in breeds["cat"] and "Siamese" not in breeds["dog"]
    for entry in kennel.entries("kennel.claim"):
        assert entry.record["amount_cents"] > 0
        if "Taxi" in entry.record["title"] or "Train" in entry.record["title"]:
            assert entry.record["category"] == "travel"


@pytest.mark.parametrize(
    ("title", "told"), [("Taxi to the airport", "travel"), ("Client dinner", "meals"), ("Sundries", None)]
)
def test_a_name_tells_its_category(title: str, told: str | None) -> None:
    assert told_by_name(title, ["travel", "meals", "other"]) == told


@pytest.mark.parametrize(
    ("fields", "low", "high"),
    [
        ({"title": TEXT, "max_group_size": WHOLE, "starts_on": DAY}, 4, 30),
        ({"name": TEXT, "temperature": WHOLE, "heating": {"type": "boolean"}}, 15, 25),
        ({"name": TEXT, "price_eur": WHOLE}, 1, 200),
    ],
)
def test_numbers_are_as_large_as_such_things_are(
    tmp_path: Path, fields: dict[str, Any], low: int, high: int
) -> None:
    noun = "room" if "heating" in fields else "tour"
    api = {
        "openapi": "3.0.3",
        "info": {"title": "House", "version": "1"},
        "paths": {
            f"/{noun}s": {"get": {"operationId": f"list{noun.capitalize()}s", "responses": _listed(noun)}}
        },
        "components": {"schemas": {noun: {"type": "object", "properties": {"id": TEXT, **fields}}}},
    }
    path = tmp_path / "house.json"
    path.write_text(json.dumps(api))
    house = Population(load(Toolkit(openapi=str(path))).toolset, 11)
    name = next(name for name in fields if name in ("max_group_size", "temperature", "price_eur"))
    assert all(low <= entry.record[name] <= high for entry in house.entries(f"house.{noun}"))


def test_a_ticket_is_filed_and_no_letter() -> None:
    tool = Tool("desk_open", "desk", "", {"type": "object"}, entity="desk.ticket", effect="create")
    assert not is_message(tool)


def test_what_stands_free_names_nobody(tmp_path: Path) -> None:
    states = ["free", "rented", "fallow"]
    fields = {"number": WHOLE, "status": {"type": "string", "enum": states}, "rented_since": DAY}
    api = {
        "openapi": "3.0.3",
        "info": {"title": "Garden", "version": "1"},
        "paths": {"/plots": {"get": {"operationId": "listPlots", "responses": _listed("plot")}}},
        "components": {"schemas": {"plot": {"type": "object", "properties": {"id": WHOLE, **fields}}}},
    }
    path = tmp_path / "garden.json"
    path.write_text(json.dumps(api))
    garden = Population(load(Toolkit(openapi=str(path))).toolset, 11)
    records = [entry.record for entry in garden.entries("garden.plot")]
    assert {record["status"] for record in records} > {"rented"}
    assert all(("rented_since" in record) == (record["status"] == "rented") for record in records)


@pytest.mark.parametrize(
    ("title", "told"), [("Teddy bear", "toys"), ("Cast-iron pan", "kitchen"), ("Linen shirt", "clothes")]
)
def test_goods_are_of_their_sort(title: str, told: str) -> None:
    assert told_by_name(title, ["books", "clothes", "toys", "kitchen"]) == told


def test_letters_stay_large() -> None:
    assert [humanised(one) for one in ("BE", "A", "ON", "NEW")] == ["BE", "A", "on", "new"]


def test_what_is_kept_by_its_sku_has_a_name_of_words(tmp_path: Path) -> None:
    fields = {"sku": TEXT, "name": TEXT, "supplierId": WHOLE}
    supplier = {"id": WHOLE, "companyName": TEXT}
    listed = {
        f"/{noun}s": {"get": {"operationId": f"list{noun.capitalize()}s", "responses": _listed(noun)}}
        for noun in ("product", "supplier")
    }
    api = {
        "openapi": "3.0.3",
        "info": {"title": "Stock", "version": "1"},
        "paths": listed,
        "components": {
            "schemas": {
                "product": {"type": "object", "properties": fields},
                "supplier": {"type": "object", "properties": supplier},
            }
        },
    }
    path = tmp_path / "stock.json"
    path.write_text(json.dumps(api))
    stock = Population(load(Toolkit(openapi=str(path))).toolset, 11)
    assert all(entry.record["name"][0].isupper() for entry in stock.entries("stock.product"))
    assert len({entry.record["companyName"] for entry in stock.entries("stock.supplier")}) > 3


def test_new_work_begins_at_the_beginning() -> None:
    assert first_state(["received", "in_production", "quality_check", "shipped"]) == "received"
    assert first_state(["active", "pending", "closed"]) == "pending"


def test_what_waits_for_approval_is_over_once_approved_and_a_last_deed_ends_what_goes_on() -> None:
    assert phases(["pending_approval", "approved", "corrections"]) == ["ahead", "over", "ahead"]
    assert phases(["pending_approval", "approved", "printing", "shipped"])[1] == "ahead"
    assert phases(["surveyed", "contracted", "installing", "commissioned"])[3] == "over"
    assert phases(["not_started", "in_progress", "submitted", "graded"]) == [
        "ahead",
        "going",
        "going",
        "over",
    ]
