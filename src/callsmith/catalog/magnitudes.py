"""How large the numbers of everyday records are, by field and noun of the record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from callsmith.catalog.data import read
from callsmith.catalog.quantities import MONEY, Quantity, quantity_of

MAGNITUDES = "catalog/lexicon/magnitudes.yaml"
PRICES = "catalog/lexicon/prices.yaml"


class Magnitude(Struct, frozen=True):
    """From a least to a greatest value in steps; ``money``: in euros."""

    low: float
    high: float
    step: float
    money: bool = False
    near: bool = True  # it is known of the noun, or for any noun

    def value(self, draw: int, scale: int = 1) -> float:
        """One of the values, in a currency of which ``scale`` units are worth a euro."""
        steps = round((self.high - self.low) / self.step)
        value = round(self.low + draw % (steps + 1) * self.step, 2 if self.step >= 0.01 else 6)
        return round(value * scale, 2) if self.money else value


@lru_cache(maxsize=2)
def _entries(part: str) -> dict[str, list[tuple[frozenset[str], Magnitude]]]:
    found: dict[str, list[tuple[frozenset[str], Magnitude]]] = {}
    for line in read(MAGNITUDES)[part]:
        near = "of" in line or not line.get("money")
        made = Magnitude(line["from"], line["to"], line["by"], line.get("money", False), near)
        for name in line["names"]:
            found.setdefault(name, []).append((frozenset(line.get("of", ())), made))
    return found


def magnitude_of(
    name: Sequence[str], noun: str, company: Collection[str] = (), part: str = "magnitudes", unit: str = ""
) -> Magnitude | None:
    """How large a number of these words is in a record called ``noun``; ``company``: other nouns of its toolkit.

    ``part`` is that of the list: "measures" are those of any record. The words are singular. What stands before
    the name of a number says of what it is; ``unit`` is one that its description says.
    """
    if {*name} & {"duration", "runtime", "minute"}:
        company = ()  # how long a shoot takes is not told by the prints that are sold beside it
    for start in range(len(name)):
        entries = _entries(part).get(" ".join(name[start:]), ())
        near = {*noun.split(" "), noun, *name[:start]}
        here, anywhere = quantity_of(name[start:], near, company, unit)
        found = (
            (_magnitude(here) if here is not None and here.unit != MONEY else None)
            or next((made for of, made in entries if of & near), None)
            or _magnitude(here)
            or next((made for of, made in entries if of & {*company}), None)
            or _magnitude(anywhere)
            or next((made for of, made in entries if not of), None)
        )
        if found is not None:
            return found
        if entries:
            return None
    return None


def _magnitude(found: Quantity | None) -> Magnitude | None:
    if found is None:
        return None
    money = found.unit == MONEY
    return Magnitude(found.low, found.high, found.step, money, bool(found.of) or not money)


def costing(known: Magnitude | None, name: Sequence[str], noun: str) -> Magnitude | None:
    """``known``, or what such a thing costs where that is nearer than what any number of the name is like."""
    if known is not None and (known.near or not known.money):
        return known
    price = price_of(name, noun)
    return price if price is not None and (known is None or price.near) else known


def price_of(name: Sequence[str], noun: str) -> Magnitude | None:
    """What something in a record called ``noun`` costs by what it is paid for, else by the name of the number.

    None for a name that speaks of no money. The words are singular.
    """
    table = read(PRICES)
    near = {*noun.split(" "), *name}
    paid = bool(_PAID & {*name})
    unit = next((unit for unit, words in table["units"].items() if paid and {*words} & {*name}), "")
    endings = {" ".join(name[start:]) for start in range(len(name))}
    found: list[tuple[int, int, dict[str, Any]]] = []
    for place, line in enumerate(table["prices"]):
        of = set(line.get("of", ()))
        named = endings & set(line.get("names", ()))
        fits = (
            line["unit"] == unit
            if "unit" in line
            else bool(named) and (not unit or bool(of) and " ".join(name) in named)
        )
        if fits and (not of or of & near):
            longest = max(
                (len(ending.split(" ")) for ending in endings & set(line.get("names", ()))), default=0
            )
            found.append((-longest, place, line))
    if not found:
        return None
    longest, _, line = min(found, key=lambda one: one[:2])
    return Magnitude(line["from"], line["to"], line["by"], True, bool("of" in line or longest < -1))


_PAID = frozenset(
    "price rate fee cost fare rent premium charge wage pay tariff dues subscription tuition".split()
)
