"""Records that repeat what others say, what things cost and what they come to."""

from __future__ import annotations

from pathlib import Path

import pytest

from callsmith.facts.phones import phone_like
from callsmith.ports import drive
from callsmith.records import Call
from callsmith.sources import load
from callsmith.world.inferred.world import InferredWorld
from everyday import api, operation
from test_things import TEXT, kept, records

NUMBER = {"type": "number"}
WHOLE = {"type": "integer"}
DATE = {"type": "string", "format": "date"}


def _list(**properties):
    return {"type": "array", "items": {"type": "object", "properties": properties}}


def _by_id(toolset, noun):
    return {record["id"]: record for record in records(toolset, noun)}


def _shop():
    line = {
        "productId": TEXT,
        "productName": TEXT,
        "quantity": WHOLE,
        "unitPrice": NUMBER,
        "lineTotal": NUMBER,
    }
    return kept(
        product={"name": TEXT, "unitPrice": NUMBER, "category": TEXT},
        client={"firstName": TEXT, "lastName": TEXT, "email": TEXT},
        order={"clientId": TEXT, "clientName": TEXT, "lines": _list(**line), "subtotal": NUMBER, "deliveryFee": NUMBER,
               "vat": NUMBER, "total": NUMBER, "deliveryDate": DATE, "amountPaid": NUMBER, "amountDue": NUMBER},
        basket={"clientId": TEXT, "lines": _list(productId=TEXT, quantity=WHOLE), "total": NUMBER},
    )  # fmt: skip


def test_what_repeats_another_record_says_what_that_record_says():
    storage = kept(
        site={"name": TEXT, "city": TEXT},
        unit={"number": TEXT, "site_id": TEXT, "site_name": TEXT, "monthly_price": NUMBER, "available": {"type": "boolean"}},
        rental={"unit_id": TEXT, "unit_number": TEXT, "monthly_price": NUMBER, "tenant_name": TEXT, "start_date": DATE},
    )  # fmt: skip
    sites, units = _by_id(storage, "site"), _by_id(storage, "unit")
    assert all(unit["site_name"] == sites[unit["site_id"]]["name"] for unit in units.values())
    for rental in records(storage, "rental"):
        unit = units[rental["unit_id"]]
        assert (rental["unit_number"], rental["monthly_price"]) == (unit["number"], unit["monthly_price"])


def test_a_claim_tells_of_the_holder_and_the_pet_of_its_policy():
    insurer = kept(
        policy={"policyNumber": TEXT, "holderName": TEXT, "petName": TEXT, "annualLimit": NUMBER, "monthlyPremium": NUMBER},
        claim={"policy_id": TEXT, "holderName": TEXT, "petName": TEXT, "invoices": _list(clinic=TEXT, amount=NUMBER),
               "claimedAmount": NUMBER, "approvedAmount": NUMBER},
    )  # fmt: skip
    policies = _by_id(insurer, "policy")
    for claim in records(insurer, "claim"):
        policy = policies[claim["policy_id"]]
        assert (claim["holderName"], claim["petName"]) == (policy["holderName"], policy["petName"])
        assert claim["claimedAmount"] == pytest.approx(sum(one["amount"] for one in claim["invoices"]))
        assert claim["approvedAmount"] <= claim["claimedAmount"]
    assert all(one["annualLimit"] >= 500 and one["monthlyPremium"] >= 5 for one in policies.values())


def test_an_order_comes_to_the_sum_of_its_lines_with_fee_and_tax():
    shop = _shop()
    products, clients = _by_id(shop, "product"), _by_id(shop, "client")
    orders = records(shop, "order")
    assert any(len(order["lines"]) > 1 for order in orders)
    for order in orders:
        client = clients[order["clientId"]]
        assert order["clientName"] == f"{client['firstName']} {client['lastName']}"
        for line in order["lines"]:
            product = products[line["productId"]]
            assert (line["productName"], line["unitPrice"]) == (product["name"], product["unitPrice"])
            assert line["lineTotal"] == pytest.approx(line["quantity"] * line["unitPrice"])
        assert len({line["productId"] for line in order["lines"]}) == len(order["lines"])
        assert order["subtotal"] == pytest.approx(sum(line["lineTotal"] for line in order["lines"]))
        assert order["total"] == pytest.approx(
            order["subtotal"] + order["deliveryFee"] + order["vat"], abs=0.02
        )
        assert order["amountPaid"] + order["amountDue"] == pytest.approx(order["total"], abs=0.02)
    for basket in records(shop, "basket"):
        prices = [products[line["productId"]]["unitPrice"] * line["quantity"] for line in basket["lines"]]
        assert basket["total"] == pytest.approx(sum(prices))


def test_a_new_order_repeats_and_adds_up_what_it_names():
    shop = _shop()
    world = InferredWorld(shop, 5)
    first, second = world.records("place.product")[:2]
    client = world.records("place.client")[0]
    lines = [{"productId": first["id"], "quantity": 3}, {"productId": second["id"], "quantity": 2}]
    made = drive(world.call(Call("1", "create_order", {"clientId": client["id"], "lines": lines}))).value
    assert made["clientName"] == f"{client['firstName']} {client['lastName']}"
    assert [line["productName"] for line in made["lines"]] == [first["name"], second["name"]]
    assert made["subtotal"] == pytest.approx(3 * first["unitPrice"] + 2 * second["unitPrice"])


def test_what_is_booked_costs_its_price_by_how_much_of_it():
    rooms = kept(
        room={"name": TEXT, "pricePerPlayer": NUMBER, "maxPlayers": WHOLE},
        booking={"roomId": TEXT, "roomName": TEXT, "players": WHOLE, "pricePerPlayer": NUMBER, "totalPrice": NUMBER,
                 "depositPaid": NUMBER, "amountDue": NUMBER},
        cabin={"name": TEXT, "price_per_night": NUMBER},
        stay={"cabin_id": TEXT, "arrival_date": DATE, "departure_date": DATE, "total": NUMBER},
    )  # fmt: skip
    for booking in records(rooms, "booking"):
        assert booking["pricePerPlayer"] >= 10
        assert booking["totalPrice"] == pytest.approx(booking["players"] * booking["pricePerPlayer"])
        assert booking["depositPaid"] + booking["amountDue"] == pytest.approx(booking["totalPrice"])


@pytest.mark.parametrize(
    ("noun", "field", "least", "most"),
    [
        ("unit", "monthly_price", 8, 2000), ("locker", "pricePerMonth", 8, 2000), ("policy", "annual_premium", 40, 2000),
        ("digger", "daily_rate", 40, 500), ("lawyer", "hourly_rate", 15, 300), ("job", "estimate", 20, 9000),
        ("account", "credit_limit", 400, 20000), ("parcel", "declared_value", 10, 1000), ("job", "callout_fee", 20, 100),
        ("crop", "price_per_kg", 0.5, 15), ("race", "entry_fee", 3, 60), ("charger", "price_per_kwh", 0.1, 1),
        ("appeal", "goal_amount", 1000, 50000), ("unit", "monthly_price_cents", 800, 200000), ("frame", "price", 20, 400),
    ],
)  # fmt: skip
def test_nothing_is_for_nothing(noun, field, least, most):
    made = [record[field] for record in records(kept(**{noun: {"name": TEXT, field: NUMBER}}), noun)]
    assert made and all(
        least <= one / max(1, scale) <= most for one in made for scale in [_scale(noun, field)]
    )


def _scale(noun, field):
    return InferredWorld(kept(**{noun: {"name": TEXT, field: NUMBER}}), 5).population.scale


def test_a_line_is_priced_by_its_unit_too():
    line = {"menuId": TEXT, "menuName": TEXT, "quantity": WHOLE, "pricePerGuest": NUMBER, "lineTotal": NUMBER}
    office = kept(
        menu={"name": TEXT, "pricePerGuest": NUMBER}, quote={"lines": _list(**line), "total": NUMBER}
    )
    for quote in records(office, "quote"):
        parts = [row["quantity"] * row["pricePerGuest"] for row in quote["lines"]]
        assert [row["lineTotal"] for row in quote["lines"]] == pytest.approx(parts)
        assert quote["total"] == pytest.approx(sum(parts))


def test_whole_sums_that_say_nothing_are_in_cents_where_others_say_so(tmp_path: Path) -> None:
    whole = {"type": "integer"}
    kit = api(
        tmp_path,
        "Kennel",
        {"/stays": {"get": operation("listStays", "List stays", "Stay", True)},
         "/passes": {"get": operation("listPasses", "List passes", "Pass", True)}},
        Stay={"id": TEXT, "dog": TEXT, "nights": whole, "fee": {**whole, "description": "Fee in cents."},
              "subtotal": whole, "vat": {**whole, "description": "VAT at 20%."}, "total": whole,
              "deposit_eur": whole},
        Pass={"id": TEXT, "holder": TEXT, "price": {"type": "number"}, "balance": whole},
    )  # fmt: skip
    found = {
        f"{kind.noun}{one.pointer}": one.facet for kind in load(kit).toolset.entities for one in kind.fields
    }
    assert {found[f"stay/{name}"] for name in ("fee", "subtotal", "vat", "total")} == {"amount_minor"}
    assert found["stay/nights"] != "amount_minor" and found["stay/deposit_eur"] != "amount_minor"
    assert found["pass/price"] == found["pass/balance"] == "amount"


def test_sums_in_cents_are_as_large_as_those_in_whole_coins() -> None:
    cents = {"type": "integer", "description": "In cents."}
    toolset = kept(
        sitting={"sitter": TEXT, "pets": _list(name=TEXT, quantity=WHOLE), "subtotal": cents, "shipping": cents,
                 "total": cents},
        bill={"payer": TEXT, "rows": _list(description=TEXT, quantity=WHOLE, unit_price=WHOLE), "total": cents},
    )  # fmt: skip
    for record in records(toolset, "bill"):
        assert all(row["unit_price"] >= 100 for row in record["rows"])
    for record in records(toolset, "sitting"):
        assert record["subtotal"] > 0 and record["total"] == record["subtotal"] + record["shipping"]


def test_a_number_is_sent_in_the_form_that_a_description_tells() -> None:
    said = "+1 312 845 7016"
    assert phone_like(said, {"type": "string", "description": "Mobile, in E.164 format."}) == "+13128457016"
    assert phone_like(said, {"type": "string", "description": "Digits only."}) == "13128457016"
    assert phone_like(said, {"type": "string", "description": "Whom to ring."}) == said


def test_a_whole_price_is_a_multiple_of_what_a_piece_is_shown_to_cost() -> None:
    toolset = kept(
        fabric={"name": TEXT, "unit_price": {**NUMBER, "examples": [84.5]}},
        alteration={"fabric_code": TEXT, "garment": TEXT, "price": NUMBER},
    )
    assert {record["price"] % 84.5 for record in records(toolset, "alteration")} == {0}
