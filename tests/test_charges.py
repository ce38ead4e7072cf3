"""What people are charged: rates by how much of it, fees in some cases only, sums that a definition names, balances."""

from __future__ import annotations

import pytest

from callsmith.catalog.charges import is_extra, sums_named, unit_paid
from callsmith.ports import drive
from callsmith.records import Call
from callsmith.world.inferred.estimating import estimated
from callsmith.world.inferred.overall import over_all
from callsmith.world.inferred.world import InferredWorld
from test_things import TEXT, kept, records

NUMBER = {"type": "number"}
WHOLE = {"type": "integer"}
DATE = {"type": "string", "format": "date"}
MOMENT = {"type": "string", "format": "date-time"}
MAYBE = {"type": ["number", "null"]}


def _states(*options):
    return {"type": "string", "enum": list(options)}


def _told(text, schema=NUMBER):
    return {**schema, "description": text}


def _by_id(toolset, noun):
    return {record["id"]: record for record in records(toolset, noun)}


@pytest.mark.parametrize(
    ("name", "text", "unit"),
    [
        ("hourly rate", "", "hour"), ("price per km", "", "km"), ("rate", "Price of an hour in GBP", "hour"), ("price per m 3", "", "m3"),
        ("feed in tariff", "EUR per kWh", "kwh"), ("fee rate", "Hourly fee", "hour"), ("min fee", "", ""), ("total fee", "per day", ""),
        ("name", "per hour", ""),
    ],
)  # fmt: skip
def test_a_price_is_paid_for_a_unit_by_its_name_or_its_description(name, text, unit):
    assert unit_paid(name.split(), text) == unit


def test_sums_of_money_are_read_in_a_text_and_other_numbers_are_not():
    assert sums_named("A missed visit costs GBP 12.50, or €8 for members.") == [12.5, 8]
    assert sums_named("EUR 25 after the deadline, otherwise 0") == [25]
    assert sums_named("within 48 hours, 21% of 3 rooms, 2.5 km") == []
    assert (
        is_extra(["cleaning", "fee"])
        and is_extra(["city", "tax"])
        and not is_extra(["course", "fee"])
        and not is_extra(["fee"])
    )


def test_what_is_booked_by_the_hour_costs_its_minutes():
    clinic = kept(
        therapist={"name": TEXT, "hourly_rate": NUMBER},
        massage={"therapist_id": TEXT, "length_minutes": WHOLE, "price": NUMBER, "status": _states("booked", "done", "cancelled")},
    )  # fmt: skip
    therapists = _by_id(clinic, "therapist")
    rates = [one["hourly_rate"] for one in therapists.values()]
    assert max(rates) <= 1.6 * min(rates)
    for massage in records(clinic, "massage"):
        rate = therapists[massage["therapist_id"]]["hourly_rate"]
        assert massage["price"] == pytest.approx(rate * massage["length_minutes"] / 60, abs=0.01)


def test_what_a_unit_costs_and_what_comes_on_top_of_it():
    boats = kept(
        canoe={"name": TEXT, "daily_rate": NUMBER},
        outing={"canoe_id": TEXT, "from": DATE, "until": DATE, "days": WHOLE, "transport_cost": NUMBER, "total": NUMBER},
        cable_car={"name": TEXT, "adult_fare": NUMBER, "child_fare": NUMBER},
        ascent={"cable_car_id": TEXT, "adults": WHOLE, "children": WHOLE, "total": NUMBER},
    )  # fmt: skip
    canoes, cars = _by_id(boats, "canoe"), _by_id(boats, "cable_car")
    for outing in records(boats, "outing"):
        rate = canoes[outing["canoe_id"]]["daily_rate"]
        assert outing["total"] == pytest.approx(rate * outing["days"] + outing["transport_cost"])
    for ascent in records(boats, "ascent"):
        car = cars[ascent["cable_car_id"]]
        whole = car["adult_fare"] * ascent["adults"] + car["child_fare"] * ascent["children"]
        assert ascent["total"] == pytest.approx(whole)


def test_material_and_a_base_charge_are_added_to_what_the_units_cost():
    work = kept(
        repair={"hours": NUMBER, "hourly_rate": NUMBER, "materials_cost": NUMBER, "total": NUMBER},
        gas_bill={"usage_m3": WHOLE, "price_per_m3": NUMBER, "standing_charge": NUMBER, "total": NUMBER},
    )
    for one in records(work, "repair"):
        assert one["total"] == pytest.approx(
            one["hours"] * one["hourly_rate"] + one["materials_cost"], abs=0.01
        )
    for one in records(work, "gas_bill"):
        assert one["total"] == pytest.approx(
            one["usage_m3"] * one["price_per_m3"] + one["standing_charge"], abs=0.01
        )


def test_a_price_is_that_of_what_the_named_record_names():
    water = kept(
        plan={"name": TEXT, "price_per_litre": NUMBER},
        delivery={"plan_id": TEXT, "litres": WHOLE, "delivered_on": DATE},
        slip={"delivery_id": TEXT, "price_per_litre": NUMBER},
    )
    plans, deliveries = _by_id(water, "plan"), _by_id(water, "delivery")
    slips = records(water, "slip")
    assert slips
    for slip in slips:
        plan = plans[deliveries[slip["delivery_id"]]["plan_id"]]
        assert slip["price_per_litre"] == plan["price_per_litre"]


def test_a_fee_of_a_case_is_there_in_that_case_alone():
    salon = kept(
        visit={"client_name": TEXT, "status": _states("booked", "done", "cancelled", "no_show"), "cancellation_fee": MAYBE,
               "no_show_fee": MAYBE, "refund_amount": MAYBE, "party_surcharge": _told("Only with a party", MAYBE), "party": {"type": "boolean"}},
    )  # fmt: skip
    visits = records(salon, "visit")
    assert {visit["status"] for visit in visits} >= {"done", "cancelled"}
    for visit in visits:
        if visit["status"] != "cancelled":
            assert visit["cancellation_fee"] is None and visit["refund_amount"] is None
        if visit["status"] != "no_show":
            assert visit["no_show_fee"] is None
        if not visit["party"]:
            assert visit["party_surcharge"] is None


def test_nothing_is_paid_where_a_description_says_so():
    spa = kept(
        pass_card={"name": TEXT},
        bath={
            "pass_card_id": {"type": ["string", "null"]},
            "guest_name": TEXT,
            "price": _told("EUR; 0 if drawn from a pass card"),
        },
    )
    baths = records(spa, "bath")
    assert all((bath["price"] == 0) == bool(bath["pass_card_id"]) for bath in baths)


def test_a_discount_goes_with_its_code():
    shop = kept(
        sale={
            "customer_name": TEXT,
            "total": NUMBER,
            "voucher_code": {"type": ["string", "null"]},
            "discount": MAYBE,
        }
    )
    assert all(not sale["discount"] for sale in records(shop, "sale") if not sale["voucher_code"])


def test_a_charge_is_the_sum_that_its_description_names():
    rink = kept(
        skater={
            "name": TEXT,
            "locker_fee": _told("EUR 1.50 on weekdays, 0 for members"),
            "skate_fee": _told("Between 4 and 6 EUR"),
        },
    )
    found = records(rink, "skater")
    assert {one["locker_fee"] for one in found} <= {0, 1.5}
    assert all(4 <= one["skate_fee"] <= 6 for one in found)


@pytest.mark.parametrize(
    ("noun", "field", "text", "most"),
    [("keeper", "balance", "Open balance in EUR", 120), ("tenant", "arrears", "Unpaid rent", 120), ("pupil", "fines_owed", "", 9)],
)  # fmt: skip
def test_most_people_owe_nothing_and_few_a_little(noun, field, text, most):
    values = [one[field] for one in records(kept(**{noun: {"name": TEXT, field: _told(text)}}), noun)]
    assert values.count(0) >= len(values) // 3 and all(0 <= value <= most for value in values)


def test_what_is_in_credit_is_negative_where_it_is_said_and_what_is_prepaid_is_small():
    club = kept(
        rower={
            "name": TEXT,
            "balance": _told("Negative when in arrears"),
            "wallet_balance": _told("Prepaid balance in EUR"),
        }
    )
    rowers = records(club, "rower")
    assert all(one["balance"] <= 0 for one in rowers) and all(
        0 < one["wallet_balance"] <= 50 for one in rowers
    )


def test_a_fee_has_few_values_at_one_place_and_small_ones():
    hall = kept(event_slot={"name": TEXT, "cleaning_fee": NUMBER, "key_fee": NUMBER, "vat_rate": NUMBER})
    found = records(hall, "event_slot")
    assert len({one["cleaning_fee"] for one in found}) <= 3 and all(one["key_fee"] <= 25 for one in found)
    assert len({one["vat_rate"] for one in found}) == 1


def test_the_nights_of_a_stay_are_known_when_it_is_booked():
    inn = kept(
        stay={
            "guest_name": TEXT,
            "arrival": DATE,
            "departure": DATE,
            "nights": WHOLE,
            "status": _states("booked", "over", "cancelled"),
        }
    )
    assert all(stay["nights"] >= 1 for stay in records(inn, "stay"))


def test_a_sum_with_its_currency_adds_up_as_a_bare_number_does():
    money = {"type": "object", "properties": {"amount": NUMBER, "currency": TEXT}}
    firm = kept(brochure={"pages": WHOLE, "price_per_page": NUMBER, "setup_fee": NUMBER, "total": money})
    for one in records(firm, "brochure"):
        whole = one["pages"] * one["price_per_page"] + one["setup_fee"]
        assert one["total"]["amount"] == pytest.approx(whole, abs=0.01) and one["total"]["currency"]


def test_figures_of_an_answer_are_those_of_the_records_in_it():
    rows = [{"distance_km": 4, "stars": 4, "amount": 2.5}, {"distance_km": 7.5, "stars": 5, "amount": 4}]
    assert over_all({"total", "distance", "km"}, rows, 2, 20) == 11.5
    assert over_all({"average", "stars"}, rows, 2, 20) == 4.5
    assert over_all({"total", "pages"}, rows, 41, 20) == 3
    assert over_all({"total"}, rows, 2, 20) is None and over_all({"total", "count"}, rows, 2, 20) is None


def test_what_lies_in_a_thing_is_counted_by_how_it_stands():
    park = kept(
        playground={"name": TEXT, "swing_count": WHOLE, "free_count": WHOLE, "broken_swings": WHOLE},
        swing={"playground_id": TEXT, "status": _states("free", "taken", "broken")},
    )
    swings = records(park, "swing")
    for one in records(park, "playground"):
        own = [swing["status"] for swing in swings if swing["playground_id"] == one["id"]]
        assert one["swing_count"] == len(own)
        assert one["free_count"] == own.count("free") and one.get("broken_swings", 0) <= own.count("broken")


def test_an_estimate_comes_to_what_is_asked_about_at_the_price_of_what_is_named():
    fields = {"name": TEXT, "price_per_page": NUMBER, "binding_fee": NUMBER}
    paper = kept(paper=fields)
    tool = {"name": "estimate_print", "description": "Estimate the cost of a print"}
    made = {"pages_cost": 300, "binding_fee": 80, "total": 500}
    entity = next(one for one in paper.entities if one.key.endswith(".paper"))
    estimated(
        made,
        {"pages": 40},
        [{"name": tool["name"], "price_per_page": 0.1, "binding_fee": 3}],
        entity,
        taxed=False,
    )
    assert made["binding_fee"] == 3 and made["total"] == pytest.approx(7)


def test_what_a_record_is_for_one_of_is_charged_at_its_price():
    yard = kept(
        polish={"name": TEXT, "price": NUMBER},
        job={"polish_id": TEXT, "boat_name": TEXT, "amount": NUMBER, "status": _states("queued", "done")},
        counsellor={"name": TEXT, "consultation_fee": NUMBER},
        meeting={"counsellor_id": TEXT, "fee": NUMBER},
    )
    polishes, counsellors = _by_id(yard, "polish"), _by_id(yard, "counsellor")
    assert all(one["amount"] == polishes[one["polish_id"]]["price"] for one in records(yard, "job"))
    assert all(
        one["fee"] == counsellors[one["counsellor_id"]]["consultation_fee"]
        for one in records(yard, "meeting")
    )


def test_many_hours_at_once_cost_about_as_much_as_they_do_one_by_one():
    school = kept(
        coach={"name": TEXT, "hourly_rate": NUMBER}, voucher={"name": TEXT, "hours": WHOLE, "price": NUMBER}
    )
    rates = [one["hourly_rate"] for one in records(school, "coach")]
    for one in records(school, "voucher"):
        assert 0.9 * min(rates) <= one["price"] / one["hours"] <= max(rates)


def test_only_some_are_paid_for_by_what_is_paid_ahead():
    card = {
        "pass_card_id": {"type": ["string", "null"]},
        "guest_name": TEXT,
        "price": _told("EUR; 0 if drawn from a pass card"),
    }
    sauna = kept(pass_card={"name": TEXT}, swim=card)
    named = [bool(swim["pass_card_id"]) for swim in records(sauna, "swim")]
    assert True in named and False in named


def test_what_is_booked_out_of_what_is_paid_ahead_costs_nothing():
    card = {
        "stamp_book_id": {"type": ["string", "null"]},
        "guest_name": TEXT,
        "price": _told("EUR; 0 if drawn from a stamp book"),
    }
    bath = kept(stamp_book={"name": TEXT}, swim=card)
    world = InferredWorld(bath, 5)
    book = world.records("place.stamp_book")[0]["id"]
    made = drive(
        world.call(Call("1", "create_swim", {"stamp_book_id": book, "guest_name": "Ada Lind"}))
    ).value
    assert not made.get("price")


def test_what_is_so_much_for_each_person_and_night_is_multiplied():
    hut = kept(
        bunk={"name": TEXT, "price_per_night": NUMBER},
        stay={"bunk_id": TEXT, "guests": WHOLE, "nights": WHOLE, "spa_tax": _told("2.10 per person and night"), "total": NUMBER},
    )  # fmt: skip
    bunks = _by_id(hut, "bunk")
    for stay in records(hut, "stay"):
        assert stay["spa_tax"] == pytest.approx(2.1 * stay["guests"] * stay["nights"])
        night = bunks[stay["bunk_id"]]["price_per_night"]
        assert stay["total"] == pytest.approx(night * stay["nights"] + stay["spa_tax"], abs=0.01)


def test_what_is_given_back_is_what_was_paid_and_what_goes_on_costs_nothing_yet():
    lot = kept(
        bay={"name": TEXT, "price_per_hour": NUMBER},
        parking={"bay_id": TEXT, "duration_minutes": {"type": ["integer", "null"]}, "fee": MAYBE, "refund_amount": MAYBE,
                 "started_at": MOMENT, "ended_at": {"type": ["string", "null"], "format": "date-time"},
                 "status": _states("active", "ended", "refunded")},
    )  # fmt: skip
    for one in records(lot, "parking"):
        if one["status"] == "active":
            assert one["fee"] is None or one["duration_minutes"]
        if one["status"] == "refunded" and one["refund_amount"] is not None and one["fee"]:
            assert one["refund_amount"] >= 0


def test_a_bill_holds_what_is_paid_by_the_month_and_what_is_given_is_weighed_together():
    town = kept(
        rent_bill={
            "monthly_fee": NUMBER,
            "washes_count": WHOLE,
            "wash_price": NUMBER,
            "wash_total": NUMBER,
            "total": NUMBER,
        },
        giver={"name": TEXT, "total_given_kg": NUMBER},
        parcel_gift={"giver_id": TEXT, "weight_kg": NUMBER},
    )
    for one in records(town, "rent_bill"):
        assert one["total"] == pytest.approx(one["monthly_fee"] + one["wash_total"], abs=0.01)
    gifts = records(town, "parcel_gift")
    for giver in records(town, "giver"):
        own = [gift["weight_kg"] for gift in gifts if gift["giver_id"] == giver["id"]]
        assert giver["total_given_kg"] == pytest.approx(sum(own), abs=0.06)


def test_what_is_a_share_of_the_price_is_that_share():
    stall = kept(
        sale={
            "quantity": WHOLE,
            "unit_price": NUMBER,
            "card_fee": _told("4 percent of the order"),
            "total": NUMBER,
        }
    )
    for sale in records(stall, "sale"):
        goods = sale["quantity"] * sale["unit_price"]
        assert sale["card_fee"] == pytest.approx(0.04 * goods, abs=0.01)
        assert sale["total"] == pytest.approx(goods + sale["card_fee"], abs=0.02)
