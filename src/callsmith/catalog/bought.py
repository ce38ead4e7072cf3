"""Things that are bought and kept: what they cost when new, who makes them, and who publishes a program."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from callsmith.catalog.data import read

_FILE = "catalog/lexicon/bought.yaml"
_WORD = re.compile(r"[^\W_]+(?:['’.+-][^\W_]+)*")
_PHRASE = 3


class Make(Struct, frozen=True):
    """A maker, and what it has of a kind."""

    name: str
    models: tuple[str, ...]


class Bought(Struct, frozen=True):
    """What things of a kind cost, and the makes there are."""

    low: int
    high: int
    makes: tuple[Make, ...]


@lru_cache(maxsize=1)
def _lines() -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for line in read(_FILE)["bought"].splitlines():
        kinds, _, rest = line.partition(" = ")
        for kind in kinds.split(", "):
            found[tuple(kind.split())] = rest
    return found


@lru_cache(maxsize=512)
def bought_of(kind: str) -> Bought | None:
    """What is known of things called so: of the last words of the name that tell; None where none do."""
    words = [_singular(word) for word in _WORD.findall(kind.lower().replace("_", " "))]
    while words and (words[-1].isdigit() or len(words[-1]) < 2 or words[-1] in _SIZES):
        words.pop()
    for start in range(max(0, len(words) - _PHRASE), len(words)):
        line = _lines().get(tuple(words[start:]))
        if line is not None:
            return _read(line)
    return None


_SIZES = ("large", "small", "medium", "big", "mini", "new", "old", "spare", "mobile", "portable")


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return (
        word[:-1]
        if word.endswith("s") and not word.endswith(("ss", "us", "is", "s's")) and len(word) > 3
        else word
    )


@lru_cache(maxsize=256)
def _read(line: str) -> Bought:
    costs, _, makes = line.partition(" = ")
    low, high = costs.split()
    told = (make.partition(": ") for make in makes.split(" / "))
    return Bought(
        int(low), int(high), tuple(Make(name, tuple(models.split(", "))) for name, _, models in told)
    )


def publisher_of(program: str) -> str:
    """Who publishes a program; "" where nobody knows."""
    said = f" {program.lower()} "
    for line in read(_FILE)["programs"].splitlines():
        name, _, words = line.partition(": ")
        if any(f" {word} " in said for word in words.split(", ")):
            return str(name)
    return ""


def words_of(name: str) -> frozenset[str]:
    """A list of the words of fields and records."""
    return frozenset(read(_FILE)[name])


def first_of(name: str, fields: Mapping[str, str]) -> str:
    """The field that a list of plain names finds first; "" for none."""
    return next((fields[word] for word in read(_FILE)[name] if word in fields), "")
