"""Everyday calculations as plain Python functions: typed, documented, and the same answer every time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo


class Unit(Enum):
    """Units of length, weight, volume and temperature."""

    KILOMETRES = "kilometres"
    MILES = "miles"
    METRES = "metres"
    FEET = "feet"
    CENTIMETRES = "centimetres"
    INCHES = "inches"
    KILOGRAMS = "kilograms"
    POUNDS = "pounds"
    LITRES = "litres"
    GALLONS = "gallons"
    CELSIUS = "celsius"
    FAHRENHEIT = "fahrenheit"


class City(Enum):
    """Cities whose time can be told."""

    LONDON = "London"
    NEW_YORK = "New York"
    LOS_ANGELES = "Los Angeles"
    SAO_PAULO = "São Paulo"
    BERLIN = "Berlin"
    NAIROBI = "Nairobi"
    MUMBAI = "Mumbai"
    SINGAPORE = "Singapore"
    TOKYO = "Tokyo"
    SYDNEY = "Sydney"


_SIZES = {
    Unit.KILOMETRES: ("length", 1000.0), Unit.MILES: ("length", 1609.344), Unit.METRES: ("length", 1.0),
    Unit.FEET: ("length", 0.3048), Unit.CENTIMETRES: ("length", 0.01), Unit.INCHES: ("length", 0.0254),
    Unit.KILOGRAMS: ("weight", 1.0), Unit.POUNDS: ("weight", 0.45359237),
    Unit.LITRES: ("volume", 1.0), Unit.GALLONS: ("volume", 3.785411784),
}  # fmt: skip
_ZONES = {
    City.LONDON: "Europe/London", City.NEW_YORK: "America/New_York", City.LOS_ANGELES: "America/Los_Angeles",
    City.SAO_PAULO: "America/Sao_Paulo", City.BERLIN: "Europe/Berlin", City.NAIROBI: "Africa/Nairobi",
    City.MUMBAI: "Asia/Kolkata", City.SINGAPORE: "Asia/Singapore", City.TOKYO: "Asia/Tokyo",
    City.SYDNEY: "Australia/Sydney",
}  # fmt: skip


@dataclass
class Loan:
    """What a loan costs."""

    monthly_payment: float
    total_interest: float


@dataclass
class Tax:
    """A price with and without value added tax."""

    net: float
    vat: float
    gross: float


@dataclass
class Share:
    """A bill divided."""

    total: float
    per_person: float


@dataclass
class BodyMass:
    """The index and the class it falls into."""

    bmi: float
    category: str


def loan_payment(principal: float, years: int, annual_rate_percent: float) -> Loan:
    """Work out the monthly payment of a loan that is paid back in equal instalments.

    Args:
        principal: The amount borrowed.
        years: How long it runs.
        annual_rate_percent: The yearly interest rate in percent.
    """
    if principal <= 0 or years <= 0:
        raise ValueError("the amount and the years must be above zero")
    months, rate = years * 12, annual_rate_percent / 1200
    monthly = principal / months if rate == 0 else principal * rate / (1 - (1 + rate) ** -months)
    return Loan(round(monthly, 2), round(monthly * months - principal, 2))


def convert_units(value: float, from_unit: Unit, to_unit: Unit) -> float:
    """Convert a measurement from one unit to another.

    Args:
        value: The measurement.
        from_unit: The unit it is in.
        to_unit: The unit that is wanted.
    """
    if from_unit is Unit.CELSIUS and to_unit is Unit.FAHRENHEIT:
        return round(value * 9 / 5 + 32, 1)
    if from_unit is Unit.FAHRENHEIT and to_unit is Unit.CELSIUS:
        return round((value - 32) * 5 / 9, 1)
    one, two = _SIZES.get(from_unit), _SIZES.get(to_unit)
    if one is None or two is None or one[0] != two[0]:
        raise ValueError(f"{from_unit.value} cannot be given in {to_unit.value}")
    return round(value * one[1] / two[1], 2)


def working_days(start: date, end: date) -> int:
    """Count the days from Monday to Friday between two dates, both included.

    Args:
        start: The first day.
        end: The last day.
    """
    if end < start:
        raise ValueError("the end lies before the start")
    days = (end - start).days + 1
    return sum((start + timedelta(days=step)).weekday() < 5 for step in range(days))


def contract_value(days: int, day_rate: float) -> float:
    """Multiply a number of days by a day rate.

    Args:
        days: How many days are worked.
        day_rate: What one day costs.
    """
    return round(days * day_rate, 2)


def time_in_city(moment: datetime, city: City) -> datetime:
    """Tell what time it is in another city at a given moment.

    Args:
        moment: The moment, with its offset.
        city: The city asked about.
    """
    return moment.astimezone(ZoneInfo(_ZONES[city]))


def add_vat(net: float, rate_percent: float = 20) -> Tax:
    """Put value added tax on a net price.

    Args:
        net: The price without tax.
        rate_percent: The rate of the tax in percent.
    """
    vat = round(net * rate_percent / 100, 2)
    return Tax(net, vat, round(net + vat, 2))


def split_bill(bill: float, people: int, tip_percent: float = 0) -> Share:
    """Divide a bill evenly, with a tip if there is one.

    Args:
        bill: What is to be paid.
        people: How many share it.
        tip_percent: The tip in percent of the bill.
    """
    if people < 1:
        raise ValueError("somebody has to pay")
    total = round(bill * (1 + tip_percent / 100), 2)
    return Share(total, round(total / people, 2))


def body_mass_index(weight_kg: float, height_cm: float) -> BodyMass:
    """Compute the body mass index (BMI) of an adult.

    Args:
        weight_kg: Weight in kilograms.
        height_cm: Height in centimetres.
    """
    bmi = round(weight_kg / (height_cm / 100) ** 2, 1)
    bounds = ((18.5, "underweight"), (25, "normal weight"), (30, "overweight"))
    return BodyMass(bmi, next((name for bound, name in bounds if bmi < bound), "obese"))
