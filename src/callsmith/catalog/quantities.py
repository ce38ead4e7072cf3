"""How large measures, counts and sums are, by what they are called, in whichever unit a name says."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from callsmith.catalog.data import read

_UNITS = "catalog/lexicon/units.yaml"
_QUANTITIES = "catalog/lexicon/quantities.yaml"
_ENDS = ("min", "max", "minimum", "maximum", "low", "high")
MONEY = "€"


class Quantity(Struct, frozen=True):
    """From a least to a greatest value in steps, in a unit; of records of some nouns, or of any."""

    of: frozenset[str]
    low: float
    high: float
    step: float
    unit: str = ""

    def within(self, unit: str) -> Quantity | None:
        """The same in another unit of its kind; None where there is no such."""
        if unit == self.unit:
            return self
        mine, other = _worth(self.unit), _worth(unit)
        if mine is None or other is None or mine[0] != other[0]:
            return None
        if self.unit in _DAYS and unit in _BELOW_A_DAY:
            return None  # a course of three days is none of 4320 minutes
        factor = mine[1] / other[1]
        low, high = _rounded(self.low * factor), _rounded(self.high * factor)
        return Quantity(self.of, low, high, _rounded(self.step * factor), unit)


_DAYS, _BELOW_A_DAY = ("days", "weeks", "months", "years"), ("seconds", "minutes", "hours", "s", "min", "h")


def _rounded(value: float) -> float:
    """Three figures are as exact as people say what is usual."""
    return float(f"{value:.3g}")


@lru_cache(maxsize=256)
def _worth(unit: str) -> tuple[int, float] | None:
    rows = enumerate(read(_UNITS)["scales"])
    return next(((place, float(row[unit])) for place, row in rows if unit in row), None)


@lru_cache(maxsize=1)
def units() -> frozenset[str]:
    """Every unit as people write it: GB, kWh, km/h."""
    return frozenset(read(_UNITS)["written"].values())


@lru_cache(maxsize=1)
def _by_name() -> dict[str, list[Quantity]]:
    found: dict[str, list[Quantity]] = {}
    for line in str(read(_QUANTITIES)["quantities"]).splitlines():
        head, colon, tail = line.partition(":")
        if not colon or head.startswith("#"):
            continue
        names, _, nouns = head.partition("(")
        low, high, step, *unit = tail.split()
        of = frozenset(noun.strip() for noun in nouns.rstrip(") ").split(",") if noun.strip())
        made = Quantity(of, float(low), float(high), float(step), unit[0] if unit else "")
        for name in names.split(","):
            for form in {name.strip(), _ending_in_us(name.strip())}:
                found.setdefault(form, []).append(made)
    return found


def _ending_in_us(name: str) -> str:
    """A name as it is put into the singular, which takes bonus for several and calories for those of a calory."""
    words = (word[:-1] if word.endswith("us") and len(word) > 3 else word for word in name.split(" "))
    return " ".join(f"{word[:-2]}y" if word.endswith("ie") else word for word in words)


def unit_at_end(words: Sequence[str], singular: bool = False) -> tuple[str, int]:
    """The unit that a name ends in, as people write it, and of how many words it is; "" where it ends in none.

    ``singular``: its words were put into the singular, and a year may be that or a number of years.
    """
    written: dict[str, str] = read(_UNITS)["written"]
    for size in (3, 2, 1):
        last = " ".join(words[-size:])
        forms = (last, f"{last}s", f"{last}es") if singular else (last,)
        unit = next((written[form] for form in forms if form in written), "")
        if unit == "ms" and {*words[:-1]} & _FAST:
            return "m/s", 1
        if unit and len(words) >= size:
            return unit, size
    return "", 0


def unit_alone(phrase: str) -> str:
    """The unit that is all that something is called by, as people write it; "" where its name says more."""
    words = phrase.lower().split()
    unit, size = unit_at_end(words)
    return unit if words and size == len(words) else ""


def unit_told(text: str) -> str:
    """The unit, as it would end a name, that a description says a number is in; "" where it says none."""
    if len(text) > _LONGEST:
        return ""
    told: dict[str, str] = read(_UNITS)["told"]
    words = text.replace(".", " ").replace(",", " ").replace(";", " ").split()
    inside = [word.strip("()[]") for word in words if word[:1] in "([" and word[-1:] in ")]"]
    after = [two for one, two in itertools.pairwise(words) if one.lower() == "in"]
    return next(
        (told[word] for word in (*inside, *(word.strip("()[]") for word in after)) if word in told), ""
    )


_FAST = frozenset(("speed", "velocity", "wind", "gust"))  # metres a second, and no milliseconds
_LONGEST = 160  # letters of a description that says more than what the number is


def quantity_of(
    name: Sequence[str], near: Collection[str], around: Collection[str] = (), unit: str = ""
) -> tuple[Quantity | None, Quantity | None]:
    """What is known of a number of just this name: for nouns ``near`` or ``around``, and for any noun.

    ``unit`` is what a description says, where the name itself says none.
    """
    own, size = unit_at_end(name, singular=True)
    whole = _named(name)
    found = [(line.within(own or unit) if own or unit else None) or line for line in whole]
    if not whole and size and size < len(name):
        bare = name[:-size]
        found += [made for line in _named(bare) if (made := line.within(own)) is not None]
    for known in (near, around):
        for line in found:
            if line.of & {*known}:
                return line, None
    anywhere = [line for line in found if not line.of]
    lines = [*whole, *_named(name[:-size] if size else name)]
    exact = [line for line in anywhere if any(line == one for one in lines)]  # in its own unit already
    return None, next(iter([*exact, *anywhere]), None)


def _named(name: Sequence[str]) -> Sequence[Quantity]:
    by_name = _by_name()
    return by_name.get(" ".join(name).replace("co 2", "co2")) or by_name.get(_turned(name)) or ()


def _turned(name: Sequence[str]) -> str:
    """A name whose last word says which end it is of, as people say it: the min age of "age min"."""
    return " ".join((name[-1], *name[:-1])) if len(name) > 1 and name[-1] in _ENDS else ""


_TIMES = ("second", "minute", "hour", "day", "week", "month", "year")


def taken_up(name: Sequence[str]) -> str:
    """What is said of a time that was spent, worked or saved, whose unit stands first: the time spent; "" of others."""
    if len(name) != 2 or name[0] not in _TIMES or not re.search(r"(?:ed|nt|wn)$", name[1]):
        return ""
    return f"time {name[1]}" if name[0] == "minute" else f"{name[0]}s {name[1]}"


def unit_of(name: Sequence[str], noun: str = "") -> tuple[str, bool]:
    """In which unit, if in any, numbers of a name are as a rule, and whether anything is known of them.

    Money is only what is money for the records called ``noun``, or for any: the value of a contract, and of no sensor.
    """
    name = [_one(word) for word in name if word not in ("number", "of") or len(name) == 1]
    if taken_up(name):
        return f"{name[0]}s", False
    for start in range(len(name)):
        near = {*noun.split(" "), noun, *name[:start]}
        found = next((line for line in quantity_of(name[start:], near) if line is not None), None)
        if found is not None:
            return found.unit, True
        _, size = unit_at_end(name[start:], singular=True)
        tail = name[start : len(name) - size] if size and size < len(name) - start else name[start:]
        units = {line.unit for line in (*_named(name[start:]), *_named(tail))} - {MONEY}
        if units:
            return units.pop() if len(units) == 1 else "", True
    return "", False


def _one(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return (
        word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word
    )


def written(unit: str, number: str) -> str:
    """A number with its unit, as people write it: 12 m, 40%."""
    joined: list[Any] = read(_UNITS)["joined"]
    return f"{number}{unit}" if unit in joined else f"{number} {unit}"


@lru_cache(maxsize=1)
def read_off() -> frozenset[str]:
    """Words of names of what is read off a thing, and decided on by nobody."""
    return frozenset(read(_QUANTITIES)["read_off"])
