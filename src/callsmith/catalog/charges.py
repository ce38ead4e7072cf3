"""What names and descriptions say of a charge: the unit of a price, what comes on top, which sums are named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from callsmith.catalog.data import read
from callsmith.catalog.magnitudes import PRICES

_COIN = r"(?:EUR|GBP|USD|CHF|SEK|NOK|DKK|€|£|\$)"
_BETWEEN = re.compile(
    rf"\bbetween {_COIN}? ?([0-9]+(?:\.[0-9]+)?) and {_COIN}? ?([0-9]+(?:\.[0-9]+)?)", re.IGNORECASE
)
_SUM = re.compile(
    rf"{_COIN}\s?([0-9]+(?:\.[0-9]+)?)(?![0-9,.]*[0-9])|(?<![0-9.])([0-9]+(?:\.[0-9]+)?)\s?(?:{_COIN}|euros?\b|pounds?\b|dollars?\b)"
    r"|(?<![0-9.,])([0-9]+\.[0-9][0-9])(?![0-9%])(?!\s?(?:%|percent\b|kg|km|m\b|l\b))",
    re.IGNORECASE,
)
PAID = re.compile(
    r"\b(?:per|of an?|for an?|each|every|an) ([a-z]+[0-9]?)\b|\b(hourly|daily|nightly|weekly|monthly|yearly)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def charging() -> Mapping[str, Any]:
    """The words by which charges are told apart: lists as sets, what a sum is due for with the states that tell it."""
    table: dict[str, Any] = read("catalog/lexicon/charges.yaml")
    return {name: frozenset(held) if isinstance(held, list) else held for name, held in table.items()}


def unit_paid(words: Sequence[str], text: str = "") -> str:
    """The unit that a price is paid for, by its name or its description: hour, km, kwh; "" where it says none."""
    if not charging()["rated"] & {*words} or "total" in words:
        return ""
    units: dict[str, list[str]] = read(PRICES)["units"]
    words = " ".join(words).replace("m 3", "m3").split(" ")
    said = words[words.index("per") :] if "per" in words else {*words} - {"min", "m", "l"}
    named = next((unit for unit, forms in units.items() if {*forms} & {*said}), "")
    if named or words[-1] not in charging()["rated"] or len(words) > 3:
        return named
    for found in PAID.finditer(text):
        word = next(group for group in found.groups() if group).lower()
        told = (word, word.removesuffix("s"))
        unit = next((unit for unit, forms in units.items() if len(word) > 1 and {*told} & {*forms}), "")
        if unit:
            return unit
    return ""


def is_extra(words: Sequence[str]) -> bool:
    """Whether a sum is one that comes on top or is paid in some case, and not the price of a thing."""
    told, words_of = charging(), {*words}
    if words[-1] == "tax":
        return len(words) > 1 and not words_of & told["general_taxes"]
    return (
        words[-1] == "surcharge"
        or words[-1] in told["extra"]
        and len(words) > 1
        and not words_of & told["priced"]
    )


def sums_between(text: str) -> tuple[float, float] | None:
    """The least and the greatest sum that a text names: "between 5 and 10 EUR"."""
    found = _BETWEEN.search(text) if _SUM.search(text) else None
    return None if found is None else (float(found[1]), float(found[2]))


def sums_named(text: str) -> list[float]:
    """The sums of money that a text names: "EUR 2.50 after a no-show"."""
    return [float(next(group for group in found.groups() if group)) for found in _SUM.finditer(text)]
