"""How large numbers are, in which unit, and how they and choices are told."""

from __future__ import annotations

from datetime import datetime

import msgspec
import pytest

from callsmith.catalog.magnitudes import magnitude_of
from callsmith.catalog.quantities import unit_at_end, unit_of, unit_told
from callsmith.language.named_details import named_apart
from callsmith.language.relating import counted, in_units, measure, plain_sum, rate, several, unitless
from callsmith.language.words import humanised
from callsmith.meaning import Detail
from callsmith.plan.arguments.wishes import wished
from callsmith.records import Parameter, Tool
from callsmith.understand.facets import guess
from callsmith.understand.leaf import Leaf
from callsmith.world.fields.identity import styled


@pytest.mark.parametrize(
    ("name", "noun", "low", "high"),
    [
        ("hub height m", "wind turbine", 80, 140),
        ("hub height cm", "wind turbine", 8000, 14000),
        ("weight gram", "parcel", 400, 22000),
        ("moisture pct", "grain lot", 11.5, 17),
        ("duration", "tour", 1.5, 8),
        ("rate per night", "hotel room", 62, 240),
        ("score", "exam", 52, 98),
        ("adult", "hotel reservation", 1, 4),
        ("co 2 g per km", "vehicle", 92, 186),
        ("age min", "escape room", 6, 18),
        ("calory per serving", "recipe", 180, 860),
        ("bonu", "payslip", 200, 2400),
        ("density t m 3", "mining sample", 2.4, 4.2),
    ],
)
def test_a_number_is_as_large_as_such_things_are(name: str, noun: str, low: float, high: float) -> None:
    found = magnitude_of(name.split(), noun, (), "measures")
    assert found is not None and (found.low, found.high) == (low, high)


def test_a_number_is_in_the_unit_of_its_description() -> None:
    found = magnitude_of(["duration"], "tour", (), "measures", "minutes")
    assert found is not None and (found.low, found.high, found.step) == (90, 480, 30)
    assert unit_told("Weight in grams") == "g" and unit_told("Wall length (mm)") == "mm"
    assert unit_told("A number in the list") == ""


@pytest.mark.parametrize(
    ("phrase", "value", "said", "called"),
    [
        ("moisture pct", 14.5, "14.5%", "moisture"),
        ("tilt deg", 30, "30°", "tilt"),
        ("chlorine mg l", 0.4, "0.4 mg/l", "chlorine"),
        ("mileage km", 18800, "18,800 km", "mileage"),
        ("silo temp c", 16.0, "16 °C", "silo temp"),
        ("published year", 1982, "", "published year"),
        ("rating", 4, "", "rating"),
    ],
)
def test_a_measure_is_told_with_its_unit(phrase: str, value: float, said: str, called: str) -> None:
    assert in_units(phrase, value) == said
    assert unitless(phrase) == called


def test_a_measure_beside_a_thing_says_what_it_is() -> None:
    assert measure("tilt deg", "30°") == "tilt 30°"
    assert measure("area sqm", "80 m²") == "80 m²"
    assert unit_at_end(["conductivity", "us", "cm"]) == ("µS/cm", 2)


def test_sums_that_need_a_name_and_what_they_are_for() -> None:
    assert plain_sum("total price") and not plain_sum("cold rent") and not plain_sum("cost price")
    assert (rate("price per head"), rate("hourly rate"), rate("per capita income")) == (
        "a head",
        "an hour",
        "",
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("SEPA", "SEPA"),
        ("P2", "P2"),
        ("PETG", "PETG"),
        ("TiAlN", "TiAlN"),
        ("PG-13", "PG-13"),
        ("linkedin", "LinkedIn"),
        ("sepa_debit", "SEPA debit"),
        ("HIGH", "high"),
        ("IN_PROGRESS", "in progress"),
        ("TO_DO", "to do"),
        ("NEW", "new"),
        ("InProgress", "In progress"),
        ("needsAction", "needs action"),
    ],
)
def test_a_choice_keeps_the_form_of_names_and_abbreviations(value: str, said: str) -> None:
    assert humanised(value) == said


@pytest.mark.parametrize(
    ("name", "facet", "phrase"),
    [
        ("creditLimit", "amount", "credit limit"),
        ("ageLimit", "number", "age limit"),
        ("duration_min", "duration_minutes", "length"),
        ("flight_time_min", "duration_minutes", "flight time minutes"),
        ("ageMin", "number", "min age"),
        ("salary", "amount", "salary"),
        ("page_limit", "limit", "page limit"),
    ],
)
def test_what_a_number_is_by_its_name(name: str, facet: str, phrase: str) -> None:
    found = guess(Leaf(f"/{name}", {"type": "integer"}), (), "thing", record=True)
    assert (found.facet, found.phrase) == (facet, phrase)


def test_the_unit_of_a_description_is_said_with_the_number() -> None:
    found = guess(Leaf("/weight", {"type": "number"}, "Weight in grams"), (), "parcel")
    assert found.phrase == "weight g" and in_units(found.phrase, 480) == "480 g"


def test_minutes_are_no_least() -> None:
    found = guess(Leaf("/duration_min", {"type": "integer"}), (), "treatment")
    assert (found.facet, found.phrase) == ("duration_minutes", "length")


def test_days_that_are_counted_and_days_that_something_lasts() -> None:
    assert counted("sick days") and counted("labour hours") and counted("number of guests")
    assert not counted("warranty months") and not counted("weight grams")


def test_one_of_a_unit_and_what_is_not_counted() -> None:
    assert in_units("term months", 1) == "1 month" and in_units("term months", 6) == "6 months"
    item = Detail("moisture_pct", "number", "moisture pct", "sets", "value", [13.5])
    assert named_apart(item) == "mass"
    assert named_apart(msgspec.structs.replace(item, phrase="storage temp c")) == "measure"
    assert named_apart(msgspec.structs.replace(item, phrase="CPU cores", values=[4])) == "count"


def test_what_is_read_off_a_thing_is_set_by_nobody() -> None:
    tool = Tool(name="update", toolkit="kit", description="", parameters={}, effect="update")
    said = Parameter(
        pointer="/a", name="a", klass="preference", facet="number", phrase="storage temp c", required=False,
        confidence=0.7, reasons=(), schema={"type": "number"}, sets="/a",
    )  # fmt: skip
    assert wished(tool, said)
    assert not wished(tool, msgspec.structs.replace(said, phrase="battery voltage reading v"))
    assert not wished(tool, msgspec.structs.replace(said, facet="date", phrase="last inspected"))


def test_money_is_only_what_is_money_of_such_a_record() -> None:
    assert unit_of(["contract", "value"], "contract") == ("€", True)
    assert unit_of(["last", "value"], "sensor")[0] == ""


def test_what_is_called_by_a_plural() -> None:
    assert several("symptoms") and several("heating costs") and not several("weight grams")
    assert not counted("nps")


@pytest.mark.parametrize(
    ("name", "facet"),
    [("minutesSpent", "duration_minutes"), ("hours_billed", "number"), ("amountSpent", "amount")],
)
def test_a_time_that_was_spent_is_no_money(name: str, facet: str) -> None:
    assert guess(Leaf(f"/{name}", {"type": "integer"}, ""), (), "work order").facet == facet


def test_what_stands_only_in_another_unit_is_not_stretched() -> None:
    span = magnitude_of(["span", "length", "m"], "gadget", (), "measures")
    assert span is not None and (span.low, span.high) == (2, 24)
    assert (
        unitless("engine hours") == "engine hours"
        and measure("engine hours", "120 hours") == "120 engine hours"
    )


def test_a_moment_nobody_knows_is_still_a_moment() -> None:
    made = str(styled({"type": "string", "format": "date-time"}, 12345))
    assert datetime.fromisoformat(made.replace("Z", "+00:00")).year == 2026


def test_where_a_tea_is_from_is_no_place_of_departure() -> None:
    found = guess(Leaf("/origin", {"type": "string"}), (), "tea")
    assert (found.facet, found.phrase) == ("enum", "origin")
    assert guess(Leaf("/origin", {"type": "string"}), (), "flight").phrase == "place of departure"


@pytest.mark.parametrize("name", ["due_date", "end_date", "created", "start_time"])
def test_a_date_that_is_a_number_counts_seconds(name: str) -> None:
    assert guess(Leaf(f"/{name}", {"type": "integer"}), record=True).facet == "timestamp"
    assert guess(Leaf(f"/{name}", {"type": ["string", "integer"]}), record=True).facet != "timestamp"
