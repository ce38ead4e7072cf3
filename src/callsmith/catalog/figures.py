"""Figures that people reckon with: what an argument's name says about its size, its unit and its kind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

from msgspec import Struct

from callsmith.catalog.data import read

FIGURES = "catalog/lexicon/figures.yaml"

FigureKind = Literal["money", "percent", "count", "time", "measure", "plain"]


class Figure(Struct, frozen=True):
    """A sort of number, and what people say of it."""

    name: str
    kind: FigureKind
    values: tuple[float, ...]
    unit: str = ""
    one: str = ""


@lru_cache(maxsize=8192)
def name_words(name: str) -> tuple[str, ...]:
    """``annualRatePercent`` and ``annual_rate_percent`` -> annual, rate, percent."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return tuple(re.sub(r"[^A-Za-z0-9]+", " ", split).lower().split())


@lru_cache(maxsize=1)
def _entries() -> tuple[tuple[tuple[frozenset[str], ...], Figure], ...]:
    found = []
    for name, entry in read(FIGURES)["figures"].items():
        needed = tuple(frozenset(word.split("|")) for word in entry["words"])
        figure = Figure(
            name, entry["kind"], tuple(entry["values"]), entry.get("unit", ""), entry.get("one", "")
        )
        found.append((needed, figure))
    return tuple(found)


@lru_cache(maxsize=8192)
def figure_of(name: str) -> Figure | None:
    """What sort of number a name stands for; None when the name does not tell."""
    words = name_words(name)
    for needed, figure in _entries():
        if all(set(words) & options for options in needed):
            if "per" in words and not set(words[words.index("per") :]) & set().union(*needed):
                return None  # so much of something else to each
            return figure
    return None


def usual_values(name: str) -> Sequence[float]:
    """What people give for a count, a measure or a length of time called by this last word; none for any other."""
    words = name_words(name)
    last = words[-1] if words else ""
    found = figure_of(last) if last not in ("year", "size", "age") and "per" not in words else None
    if found is None or found.kind not in ("count", "measure", "time"):
        return ()
    return [int(value) if float(value).is_integer() else value for value in found.values]


def per_what(name: str) -> str:
    """What a price is for each of: ``price_per_litre`` -> litre."""
    return " ".join(name_words(name.partition("per_")[2]))


@lru_cache(maxsize=8192)
def figure_for(tool: str, name: str) -> Figure | None:
    """What sort of number an argument of a tool is: a rate is a tax rate where the tool is about a tax."""
    own = figure_of(name)
    if own is not None and own.name in ("interest", "percent"):
        return figure_of(f"{tool}_{name}") or own
    return own


@lru_cache(maxsize=8192)
def phrase_of(name: str) -> str:
    """What a person calls an argument: its words without the unit, abbreviations in capitals."""
    words = name_words(name)
    units = read(FIGURES)["units_in_names"]
    if len(words) > 1 and words[-1] in read(FIGURES)["units_at_end"]:
        words = words[:-1]
    kept = [word for word in words if word not in units] or list(words)
    return " ".join(word.upper() if word in read(FIGURES)["acronyms"] else word for word in kept)


@lru_cache(maxsize=4096)
def measures(unit: str) -> str:
    """What a unit measures, "" when it is not known: pounds -> weight."""
    low = unit.strip().lower().lstrip("°")
    for kind, entry in read(FIGURES)["units"].items():
        if low in entry["names"] or low.removesuffix("s") in entry["names"]:
            return str(kind)
    return ""


def sizes(unit: str) -> Sequence[float]:
    """Amounts of a unit that people convert."""
    units: Mapping[str, Any] = read(FIGURES)["units"]
    kind = measures(unit)
    return tuple(units[kind]["sizes"]) if kind else ()


def texts(name: str) -> Sequence[str]:
    """Texts a person would give for an argument of this name; none when the name does not tell."""
    table: Mapping[str, Sequence[str]] = read(FIGURES)["texts"]
    for word in reversed(name_words(name)):
        if word in table:
            return table[word]
    return ()


@lru_cache(maxsize=4096)
def same_unit(one: str, two: str) -> bool:
    """Whether two names are one unit: kilograms and kg."""
    names = [{text.lower(), text.lower().removesuffix("s")} for text in (one, two)]
    groups = [set(group) for group in read(FIGURES)["alike"]]
    return bool(names[0] & names[1]) or any(names[0] & group and names[1] & group for group in groups)


def unit_pairs() -> Sequence[tuple[str, str]]:
    """Pairs of units people convert between."""
    return [(one, two) for one, two in read(FIGURES)["pairs"]]


def feeds(result: str, argument: str) -> bool:
    """Whether a result of one name is what an argument of another wants: days and days, a total and a bill."""
    last, wanted = name_words(result)[-1:], name_words(argument)[-1:]
    if not last or not wanted:
        return False
    table = read(FIGURES)
    vague = figure_of(argument)
    if last == wanted and vague is not None and vague.name != "numerator":
        return True
    return last[0] in table["sums"] and wanted[0] in table["handed"]
