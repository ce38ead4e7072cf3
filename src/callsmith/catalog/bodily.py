"""What is measured of a body, and how much it is at an age: heights, weights, sizes of shoes, vital signs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

from msgspec import Struct

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.records import Entity
from callsmith.schema import settle, types

_FILE = "catalog/lexicon/bodily.yaml"
_GROWN = 34  # years of whoever nothing more is known of
_SYSTEMS = ("eu", "uk", "us", "mondo")
_FAHRENHEIT = ("f", "fahrenheit")
_LASTING = ("height", "foot", "mass", "index")


class Bodily(Struct, frozen=True):
    """A measure of a body, and the unit in which a field counts it."""

    name: str
    scale: float
    """How many of the field's units are one of those of the table."""
    system: str = ""
    """Whose sizes of shoes; "f" for degrees Fahrenheit."""
    sure: bool = False
    """No other thing has such a measure."""
    animal: bool = False

    @property
    def lasting(self) -> bool:
        """Whether it is the same from one day to the next."""
        return self.name in _LASTING

    def value(self, years: float, body: int, whole: bool) -> float:
        """How much it is at an age of the body that a number tells from others."""
        made, step = _size(self, years, body), float(_table()[self.name].get("step", 1))
        if self.name == "foot" and self.system != "mondo":
            per, begin = _table()["shoes"][self.system]
            made, step = max(1.0, made * per + begin), 1.0 if self.system == "eu" else 0.5
        else:
            made *= self.scale
            step = step if self.scale >= 0.1 else 0.01
        made = round(made / step) * step
        return round(made) if whole or step == 1 else round(made, 2)

    def later(self, old: float, draw: float, whole: bool) -> float:
        """Another value of the same body some time later, of a draw between -1 and 1: never more by half."""
        widest = {"height": 0.015, "mass": 0.06, "foot": 0.03, "temperature": 0.012}.get(self.name, 0.06)
        step = 1.0 if whole or old >= 40 and self.name != "mass" else 0.5
        off = max(step, round(old * widest * abs(draw) / step) * step)
        made = old + off if draw > 0 else old - off
        return round(made) if whole else round(made, 1)


def _size(measure: Bodily, years: float, body: int) -> float:
    """A measure in the table's own unit."""
    table = _table()
    entry: dict[str, Any] = table[measure.name]
    share = _share(measure.name, body)
    if measure.system == "f" or measure.animal and measure.name in table["animals"]:
        held = table["animals"] if measure.animal else entry
        low, high = held["fahrenheit" if measure.system == "f" else measure.name]
        return float(low + (high - low) * share)
    if "from" in entry:
        return float(entry["from"] + (entry["to"] - entry["from"]) * share)
    tall = _at(table["height"]["curve"], years) * _off("height", body)
    if measure.name == "height":
        return tall
    if measure.name in ("mass", "index"):
        index = _at(table["mass"]["index"], years) * _off("mass", body)
        return index if measure.name == "index" else index * (tall / 100) ** 2
    return float(tall * entry["of"] / 100) * _off(measure.name, body)


def _off(name: str, body: int) -> float:
    """How far a body's measure is from the middle one; who is heavy is wide all round."""
    share = _share(name, body)
    if name in _GIRTHS:
        share = 0.8 * _share("mass", body) + 0.2 * share
    return 1 + float((2 * share - 1) * _table()[name]["spread"] / 100)


_GIRTHS = ("chest", "waist", "hip", "thigh", "bicep", "neck")


def _share(name: str, body: int) -> float:
    """Where between the least and the most a body's measure lies; most lie in the middle."""
    drawn, dice = body, []
    for letter in f"{name}{name}":
        drawn = (drawn * 6364136223846793005 + 1442695040888963407 * ord(letter)) % (1 << 64)
        dice.append((drawn >> 33) % 1001)
    return (dice[-1] + dice[-2]) / 2000


def _at(curve: Mapping[int, float], years: float) -> float:
    known = sorted(curve.items())
    for (before, low), (after, high) in pairwise(known):
        if years < after:
            return low + (high - low) * max(0.0, years - before) / (after - before)
    return known[-1][1]


@lru_cache(maxsize=4096)
def bodily(name: str) -> Bodily | None:
    """The measure that a number's name tells; None for one that no body has."""
    table, words, scale = _table(), [*name_words(name)], 1.0
    left = list(words)
    system = next((word for word in left if word in _SYSTEMS), "")
    while len(left) > 1 and (_unit(left[-1]) or left[-1] in (*_FAHRENHEIT, *_SYSTEMS)):
        word = left.pop()
        system = "f" if word in _FAHRENHEIT else system
        scale = table["units"].get(_unit(word), scale)
    while len(left) > 1 and left[0] in table["before"] and " ".join(left) not in _names():
        left = left[1:]
    found = _names().get(" ".join(left), "")
    if not found:
        return None
    if found == "foot":
        system = system or ("mondo" if {"mondo", "mondopoint", "length"} & {*words} else "eu")
    return Bodily(found, scale, system, bool(table[found].get("sure")))


def _unit(word: str) -> str:
    units = _table()["units"]
    return word if word in units else word[:-1] if word.endswith("s") and word[:-1] in units else ""


def measures_of(entity: Entity) -> dict[str, Bodily]:
    """The fields of a record that measure somebody's body, or an animal's, by their names."""
    table = _table()
    noun = entity.noun.rpartition(" ")[2]
    animal = not entity.person and (noun in table["beasts"] or entity.trade in table["of_beasts"])
    found = {}
    for name, schema in entity.schema.get("properties", {}).items():
        held = settle(schema)
        known = bodily(name) if {"integer", "number"} & {*types(held)} and not held.get("enum") else None
        if known is not None:
            found[name] = Bodily(known.name, known.scale, known.system, known.sure, animal)
    if animal:
        return {
            name: one for name, one in found.items() if one.name in table["animals"] or one.name == "pain"
        }
    holders = {field.refers.rpartition(".")[2].rpartition("_")[2] for field in entity.fields if field.refers}
    told = {noun, entity.noun, *holders} & {*table["borne"], *table["noted"]}
    sure = any(one.sure for one in found.values())
    return {
        name: one
        for name, one in found.items()
        if one.sure or (sure if table[one.name].get("beside") else sure or told or entity.person)
    }


def is_borne(noun: str) -> bool:
    """Whether what belongs to one of these may measure their body: a child, a patient."""
    return noun.rpartition(" ")[2] in _table()["borne"]


def usual_years(noun: str) -> float:
    """How old one is of whom only this is known."""
    return float(_table()["ages"].get(noun.rpartition(" ")[2], _GROWN))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    held = {key: entry for key, entry in _table().items() if isinstance(entry, dict) and "names" in entry}
    return {name: measure for measure, entry in held.items() for name in entry["names"]}


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return dict(read(_FILE))
