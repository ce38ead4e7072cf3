"""What things belong to is told by their names, or not at all."""

from __future__ import annotations

import pytest

from callsmith.catalog.belonging import told_by_name, told_in
from callsmith.catalog.sellers import costing, sold_by
from callsmith.catalog.sums import kept_to
from callsmith.language.routes import carried
from callsmith.records import Call
from callsmith.seeds import rng
from callsmith.world.inferred.inventing import invent
from callsmith.world.inferred.world import InferredWorld
from test_things import TEXT, kept, records


@pytest.mark.parametrize(
    ("scheme", "title", "sort"),
    [
        ("goods", "Beanie", "accessories"),
        ("goods", "Bread knife", "kitchen"),
        ("goods", "Set of plates", "kitchen"),
        ("goods", "Box of comics", "books"),
        ("goods", "Child's scooter", "toys"),
        ("goods", "Carrot cake", "cakes"),
        ("departments", "Senior nurse", "Care"),
        ("departments", "Van driver", "Logistics"),
        ("departments", "Sales manager", "Sales"),
        ("courses", "Tomato soup with herbs", "soup"),
        ("courses", "Chocolate cake", "dessert"),
        ("gatherings", "Izmir Design Week", "exhibition"),
        ("homes", "Sunny Barn", "farmhouse"),
        ("goods", "Something else", ""),
    ],
)
def test_a_name_tells_what_a_thing_belongs_to(scheme: str, title: str, sort: str) -> None:
    assert told_in(scheme, title) == sort


@pytest.mark.parametrize(
    ("title", "options", "sort"),
    [
        ("Bread knife", ["textiles", "kitchen", "toys"], "kitchen"),
        ("Wool scarf", ["TOYS", "CLOTHING"], "CLOTHING"),
        ("Basil", ["kg", "g", "l", "piece"], "g"),
        ("Whole milk", ["kg", "g", "l", "piece"], "l"),
        ("Beef salad", ["starter", "main", "dessert"], "starter"),
        ("Beef salad", ["starter", "main", "salad"], "salad"),
        ("Umbrella", ["kitchen", "toys"], None),
    ],
)
def test_of_sorts_that_are_listed_the_name_tells_one(
    title: str, options: list[str], sort: str | None
) -> None:
    assert told_by_name(title, options) == sort


def test_records_agree_with_their_names_and_say_nothing_else() -> None:
    shelf = {"type": ["string", "null"], "enum": ["kitchen", "toys", None]}
    toolset = kept(item={"name": TEXT, "price": {"type": "number"}, "category": TEXT, "shelf_type": shelf})
    found = records(toolset, "item")
    assert any(record.get("category") for record in found)
    for record in found:
        assert record.get("category") in (told_in("goods", str(record["name"])) or None, None, "general")
        assert record.get("shelf_type") in (told_by_name(str(record["name"]), ["kitchen", "toys"]), None)


def test_who_enters_a_thing_names_its_sort_with_its_name() -> None:
    toolset = kept(item={"name": TEXT, "price": {"type": "number"}, "category": TEXT})
    tool = next(tool for tool in toolset.tools if tool.name == "create_item")
    by_name = {item.name: item for item in tool.inputs}
    for seed in range(12):
        for order in (("name", "category"), ("category", "name")):
            world, draw = InferredWorld(toolset, seed), rng(seed, "entered")
            said = {name: invent(world, tool, by_name[name], draw) for name in order}
            assert said["category"] in (told_in("goods", str(said["name"])), None)


def test_a_new_record_holds_what_was_said_of_it() -> None:
    state = {"type": "string", "enum": ["frozen", "active", "closed"]}
    loose = {"phone": TEXT, "rating": {"type": "integer"}, "colour": TEXT, "status": state}
    toolset = kept(volunteer={"name": TEXT, **loose})
    world = InferredWorld(toolset, 3)
    tool = next(tool for tool in toolset.tools if tool.name == "create_volunteer")
    made = world.run(Call("c", tool.name, {"name": "Dana Ruiz"})).value
    assert isinstance(made, dict) and made["name"] == "Dana Ruiz"
    assert not {"phone", "rating", "colour"} & {name for name, value in made.items() if value is not None}


def test_a_new_record_stands_as_something_new() -> None:
    for options, begun in (
        (["frozen", "active", "closed"], "active"),
        (["approved", "draft", "rejected"], "draft"),
        (["confirmed", "new", "delivered"], "confirmed"),
        (["new", "confirmed", "delivered"], "new"),
    ):
        state = {"type": "string", "enum": options}
        toolset = kept(volunteer={"name": TEXT, "status": state})
        made = InferredWorld(toolset, 3).run(Call("c", "create_volunteer", {"name": "Dana Ruiz"})).value
        assert isinstance(made, dict) and made["status"] == begun


def test_what_goes_from_one_to_another_has_two_ends_and_more_than_one_piece() -> None:
    number, ref = {"type": "integer"}, TEXT
    toolset = kept(
        depot={"name": TEXT},
        transfer={"from_depot_id": ref, "to_depot_id": ref, "quantity": number},
    )
    found = records(toolset, "transfer")
    assert all(record["from_depot_id"] != record["to_depot_id"] for record in found)
    assert len({record["quantity"] for record in found}) > 3


def test_orders_and_reports_come_to_what_they_hold() -> None:
    number, ref = {"type": "number"}, TEXT
    toolset = kept(
        report={"title": TEXT, "total": number, "expense_count": {"type": "integer"}},
        expense={"description": TEXT, "amount": number, "report_id": ref},
        product={"name": TEXT, "price": number},
        order={"product_id": ref, "quantity": {"type": "integer"}, "total": number},
    )
    expenses = records(toolset, "expense")
    for report in records(toolset, "report"):
        own = [expense["amount"] for expense in expenses if expense.get("report_id") == report["id"]]
        assert (report["expense_count"], report["total"]) == (len(own), pytest.approx(sum(own)))
    prices = {product["id"]: product["price"] for product in records(toolset, "product")}
    for order in records(toolset, "order"):
        assert order["total"] == pytest.approx(prices[order["product_id"]] * order["quantity"])


def test_fields_follow_from_one_another() -> None:
    number = {"type": "integer"}
    toolset = kept(
        room={
            "number": TEXT,
            "type": TEXT,
            "beds": number,
            "max_guests": number,
            "rate_per_night": {"type": "number"},
        },
        car={"make": TEXT, "model": TEXT, "fuel_type": TEXT, "engine_size": {"type": ["number", "null"]}},
        dish={"name": TEXT, "price": {"type": "number"}, "vegetarian": {"type": "boolean"}},
        book={"title": TEXT, "isbn": TEXT, "copies": number, "available_copies": number},
    )
    for room in records(toolset, "room"):
        assert room["type"] != "single" or (room["beds"], room["max_guests"]) == (1, 1)
    for car in records(toolset, "car"):
        assert car["make"] != "Tesla" or car["fuel_type"] == "electric"
        assert car["fuel_type"] != "electric" or car.get("engine_size") is None
    for dish in records(toolset, "dish"):
        assert not (dish["vegetarian"] and "Duck" in dish["name"])
    assert all(book["available_copies"] <= book["copies"] for book in records(toolset, "book"))


def test_a_bid_is_near_the_price_and_guests_fit_the_room() -> None:
    number, ref = {"type": "number"}, TEXT
    toolset = kept(
        property={"title": TEXT, "price": number, "bedrooms": {"type": "integer"}, "address": TEXT},
        offer={"property_id": ref, "amount": number, "buyer_name": TEXT},
        table={"code": TEXT, "capacity": {"type": "integer"}},
        reservation={"table_id": ref, "party_size": {"type": "integer"}, "guest_name": TEXT},
    )
    prices = {one["id"]: one["price"] for one in records(toolset, "property")}
    for offer in records(toolset, "offer"):
        assert 0.85 < offer["amount"] / prices[offer["property_id"]] < 1.1
    seats = {one["id"]: one["capacity"] for one in records(toolset, "table")}
    assert all(one["party_size"] <= seats[one["table_id"]] for one in records(toolset, "reservation"))


def test_people_and_towns_are_not_two_times_the_same() -> None:
    toolset = kept(
        student={"name": TEXT, "email": TEXT, "class_name": TEXT, "guardian_name": TEXT},
        parcel={"from_city": TEXT, "to_city": TEXT, "weight_kg": {"type": "number"}, "recipient_name": TEXT},
    )
    for student in records(toolset, "student"):
        assert student["name"] not in (student.get("guardian_name"), student.get("class_name"))
    assert all(parcel["from_city"] != parcel["to_city"] for parcel in records(toolset, "parcel"))


def test_what_lasts_is_mostly_in_order() -> None:
    state = {"type": "string", "enum": ["in_service", "out_of_service", "retired"]}
    found = [
        one["status"]
        for one in records(kept(treadmill={"name": TEXT, "brand": TEXT, "status": state}), "treadmill")
    ]
    assert found.count("in_service") * 2 > len(found)


def test_prices_results_and_remains_follow() -> None:
    number, ref = {"type": "number"}, TEXT
    toolset = kept(
        product={"name": TEXT, "price": number},
        order={"product_id": ref, "quantity": {"type": "integer"}, "unit_price": number, "total": number},
        exam={
            "patient_name": TEXT,
            "result": {"type": "string", "enum": ["pending", "normal", "referral"]},
            "status": {"type": "string", "enum": ["scheduled", "done", "cancelled"]},
        },
        keg={
            "code": TEXT,
            "volume_liters": {"type": "integer"},
            "remaining_liters": number,
            "status": {"type": "string", "enum": ["full", "tapped", "empty"]},
        },
    )
    prices = {one["id"]: one["price"] for one in records(toolset, "product")}
    assert all(one["unit_price"] == prices[one["product_id"]] for one in records(toolset, "order"))
    assert all(
        one.get("result") in (None, "pending") for one in records(toolset, "exam") if one["status"] != "done"
    )
    for keg in records(toolset, "keg"):
        assert keg["remaining_liters"] <= keg["volume_liters"]
        assert keg["status"] != "full" or keg["remaining_liters"] == keg["volume_liters"]


def test_what_an_expense_was_for_tells_its_category() -> None:
    toolset = kept(
        expense={"description": TEXT, "category": TEXT, "amount": {"type": "number"}, "merchant": TEXT}
    )
    found = [one for one in records(toolset, "expense") if one.get("category")]
    assert found and all(told_in("spending", str(one["description"])) == one["category"] for one in found)


def test_what_is_moved_goes_from_one_to_another() -> None:
    assert [carried(name, "transfer") for name in ("/fromWarehouseId", "/to_warehouse_id", "/item_id")] == [
        "from",
        "to",
        "of",
    ]
    assert carried("/item_id", "order") == "" and carried("/new_owner_id", "order") == "to"


def test_a_new_booking_costs_what_those_who_come_pay() -> None:
    number, ref = {"type": "number"}, TEXT
    toolset = kept(
        tour={"name": TEXT, "price_per_person": number, "duration_days": {"type": "integer"}},
        booking={"tour_id": ref, "customer_name": TEXT, "adults": {"type": "integer"}, "total": number},
    )
    world = InferredWorld(toolset, 3)
    tour = records(toolset, "tour", 3)[0]
    said = {"tour_id": tour["id"], "customer_name": "Dana Ruiz", "adults": 3}
    made = world.run(Call("c", "create_booking", said)).value
    assert isinstance(made, dict) and made.get("total", 0) in (0, pytest.approx(3 * tour["price_per_person"]))


MOMENTS = [
    ("trip", "planned in_progress completed cancelled", "departedAt", "arrivedAt"),
    ("sailing", "scheduled boarding departed arrived", "departure_time", "arrival_time"),
    ("auction", "upcoming live ended", "opensAt", "closesAt"),
    ("ride", "requested accepted completed", "pickupAt", "dropoffAt"),
    ("rental", "booked active returned", "checked_out_at", "checked_in_at"),
    ("tender", "draft published closed awarded", "publishedAt", "closesAt"),
    ("permit", "submitted issued expired revoked", "issuedAt", "expiresAt"),
]


@pytest.mark.parametrize(("noun", "states", "first", "last"), MOMENTS)
def test_what_begins_comes_before_what_ends_it(noun: str, states: str, first: str, last: str) -> None:
    moment = {"type": ["string", "null"], "format": "date-time"}
    toolset = kept(
        **{
            noun: {
                "name": TEXT,
                "status": {"type": "string", "enum": states.split()},
                first: moment,
                last: moment,
            }
        }
    )
    pairs = [(one[first], one[last]) for one in records(toolset, noun) if one[first] and one[last]]
    assert len(pairs) > 3 and all(begun < over for begun, over in pairs)


@pytest.mark.parametrize("state", ["approved", "rejected", "paid"])
def test_what_was_decided_says_when(state: str) -> None:
    moment = {"type": ["string", "null"], "format": "date-time"}
    states = {"type": "string", "enum": ["submitted", "in_review", "approved", "rejected", "paid"]}
    found = records(
        kept(claim={"name": TEXT, "status": states, "submittedAt": moment, "decidedAt": moment}), "claim"
    )
    assert all(one["decidedAt"] for one in found if one["status"] == state)
    assert not any(one["decidedAt"] for one in found if one["status"] == "submitted")


GIVEN = [
    ("grant", "requested_amount", "awarded_amount", 1.0),
    ("claim", "claimed_amount", "approved_amount", 1.0),
    ("expense", "amount", "reimbursed_amount", 1.0),
    ("property", "asking_price", "agreed_price", 1.1),
    ("repair", "estimated_cost", "final_cost", 1.2),
]


@pytest.mark.parametrize(("noun", "asked", "given", "most"), GIVEN)
def test_what_is_given_keeps_to_what_was_asked(noun: str, asked: str, given: str, most: float) -> None:
    number = {"type": "number"}
    found = [
        one
        for one in records(kept(**{noun: {"name": TEXT, asked: number, given: number}}), noun)
        if one[asked]
    ]
    assert found and all(0 < one[given] <= most * one[asked] for one in found)


def test_a_hammer_price_lies_between_the_estimates() -> None:
    number = {"type": "number"}
    fields = {"name": TEXT, "estimate_low": number, "estimate_high": number, "hammer_price": number}
    found = records(kept(lot=fields), "lot")
    assert found and all(one["estimate_low"] < one["hammer_price"] <= one["estimate_high"] for one in found)


def test_a_sum_stated_of_a_record_keeps_to_its_sums() -> None:
    assert kept_to("awarded_amount", ["requested_amount", "fee"]).of == ["requested_amount"]
    assert kept_to("amount", ["total", "balance"], ("pay", "invoice")).of == ["balance", "total"]
    assert (
        kept_to("amount", ["total"]) is None and kept_to("hammerPrice", ["estimateLow", "estimateHigh"]).low
    )


HELD = [
    (
        "order",
        {"name": TEXT, "total": {"type": "number"}},
        "line",
        {"quantity": 2, "unit_price": 10.0},
        {"total": 20},
    ),
    (
        "tour",
        {"name": TEXT, "booked_count": {"type": "integer"}},
        "booking",
        {"guests": 2},
        {"booked_count": 2},
    ),
    (
        "class",
        {"name": TEXT, "spots_left": {"type": "integer"}},
        "booking",
        {"member_name": "Jo"},
        {"spots_left": -1},
    ),
    (
        "group",
        {"name": TEXT, "member_count": {"type": "integer"}},
        "member",
        {"name": "Jo"},
        {"member_count": 1},
    ),
    ("campaign", {"name": TEXT, "raised": {"type": "number"}}, "donation", {"amount": 25.0}, {"raised": 25}),
]


@pytest.mark.parametrize(("holder", "fields", "part", "said", "more"), HELD)
def test_what_lies_in_a_record_counts_there(
    holder: str, fields: object, part: str, said: object, more: object
) -> None:
    assert isinstance(said, dict) and isinstance(fields, dict) and isinstance(more, dict)
    sorts = {str: TEXT, int: {"type": "integer"}, float: {"type": "number"}}
    inner = {f"{holder}_id": TEXT, **{name: sorts[type(value)] for name, value in said.items()}}
    toolset = kept(**{holder: fields, part: inner})
    name = next(iter(more))
    one = next(one for one in records(toolset, holder, 3) if (one.get(name) or 0) > 1)
    world = InferredWorld(toolset, 3)
    made = world.run(Call("a", f"create_{part}", {f"{holder}_id": one["id"], **said})).value
    seen = world.run(Call("b", f"get_{holder}", {f"{holder}_id": one["id"]})).value
    assert isinstance(made, dict) and isinstance(seen, dict)
    assert seen[name] - one[name] == pytest.approx(more[name])


def test_a_code_begins_with_its_section() -> None:
    code = {"type": "string", "examples": ["B14"], "description": "Pontoon letter and number"}
    fields = {
        "code": code,
        "pontoon": {"type": "string", "enum": ["A", "B", "C", "D"]},
        "length_m": {"type": "number"},
    }
    found = records(kept(berth=fields), "berth")
    assert found and all(one["code"].startswith(one["pontoon"]) for one in found)
    assert len({one["code"] for one in found}) == len(found)


def test_what_is_measured_agrees() -> None:
    number, day = {"type": "number"}, {"type": "string", "format": "date"}
    body = {"customer": TEXT, "chest_cm": number, "waist_cm": number, "hips_cm": number}
    for one in records(kept(measurement=body), "measurement"):
        assert one["waist_cm"] < one["chest_cm"] and abs(one["hips_cm"] - one["chest_cm"]) < 12
    log = {"vehicle_id": TEXT, "odometer_km": {"type": "integer"}, "filled_on": day}
    logs = records(kept(vehicle={"name": TEXT}, fuel_log=log), "fuel_log")
    for vehicle in {one["vehicle_id"] for one in logs}:
        own = sorted((one["filled_on"], one["odometer_km"]) for one in logs if one["vehicle_id"] == vehicle)
        assert [far for _, far in own] == sorted(far for _, far in own)


def test_numbers_that_are_given_out_are_not_those_of_the_example() -> None:
    registration = {"type": "string", "examples": ["SSR 142233"]}
    found = [
        one["registration"]
        for one in records(kept(boat={"name": TEXT, "registration": registration}), "boat")
    ]
    assert len({*found}) == len(found) > 3 and all(one.startswith("SSR ") for one in found)


WAYS = [
    ("shipment", "from_city", "to_city"),
    ("haul", "loading_place", "unloading_place"),
    ("exchange", "from_currency", "to_currency"),
    ("move", "from_room", "to_room"),
    ("courier_job", "pickup_postcode", "dropoff_postcode"),
]


@pytest.mark.parametrize(("noun", "first", "last"), WAYS)
def test_nothing_goes_from_a_place_to_itself(noun: str, first: str, last: str) -> None:
    found = records(kept(**{noun: {first: TEXT, last: TEXT}}), noun)
    assert found and all(one[first] != one[last] for one in found if one.get(first))


WHY = [
    ("order", "placed shipped cancelled", "cancellation_reason", "cancelled"),
    ("claim", "submitted approved rejected", "rejection_reason", "rejected"),
    ("delivery", "scheduled delivered failed", "failure_reason", "failed"),
    ("shipment", "in_transit delivered returned", "return_reason", "returned"),
    ("work_order", "open on_hold done", "hold_reason", "on_hold"),
]


@pytest.mark.parametrize(("noun", "states", "reason", "state"), WHY)
def test_what_tells_why_is_there_in_its_state(noun: str, states: str, reason: str, state: str) -> None:
    fields = {
        "name": TEXT,
        "status": {"type": "string", "enum": states.split()},
        reason: {"type": ["string", "null"]},
    }
    found = [one for seed in (3, 5) for one in records(kept(**{noun: fields}), noun, seed)]
    assert any(one[reason] for one in found)
    assert all(bool(one[reason]) == (one["status"] == state) for one in found)


def test_money_is_spent_where_such_things_are_sold() -> None:
    sorts = {"type": "string", "enum": ["lodging", "meals", "software", "other"]}
    fields = {"merchant": TEXT, "amount": {"type": "number"}, "category": sorts}
    found = [one for one in records(kept(expense=fields), "expense") if one.get("category") != "other"]
    assert found and all(one["merchant"] in sold_by((one["category"],)) for one in found)
    assert all(costing(one["category"])[0] <= one["amount"] for one in found)


def test_payments_make_up_what_is_paid_and_the_last_bid_is_the_highest() -> None:
    number, many = {"type": "number"}, {"type": "integer"}
    invoice = {"number": TEXT, "total": number, "amount_paid": number}
    toolset = kept(invoice=invoice, payment={"invoice_id": TEXT, "amount": number})
    parts = records(toolset, "payment")
    for one in records(toolset, "invoice"):
        paid = sum(part["amount"] for part in parts if part["invoice_id"] == one["id"])
        assert not paid or paid == pytest.approx(one["amount_paid"], abs=0.1) and paid <= one["total"] + 0.1
    lot = {"name": TEXT, "current_bid": {"type": ["number", "null"]}, "bid_count": many}
    toolset = kept(lot=lot, bid={"lot_id": TEXT, "amount": number})
    bids = records(toolset, "bid")
    for one in records(toolset, "lot"):
        own = [bid["amount"] for bid in bids if bid["lot_id"] == one["id"]]
        assert (max(own) if own else None) == one["current_bid"]


def test_what_is_over_holds_nothing_that_goes_on() -> None:
    sale = {"title": TEXT, "status": {"type": "string", "enum": ["upcoming", "open", "closed"]}}
    lot = {"sale_id": TEXT, "title": TEXT, "status": {"type": "string", "enum": ["pending", "open", "sold"]}}
    toolset = kept(sale=sale, lot=lot)
    stands = {one["id"]: one["status"] for one in records(toolset, "sale")}
    found = [(stands[one["sale_id"]], one["status"]) for one in records(toolset, "lot")]
    assert found and not {("closed", "pending"), ("closed", "open"), ("upcoming", "sold")} & {*found}
