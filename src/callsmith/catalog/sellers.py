"""Who sells what people spend money on, and how much such things cost, by the words of what it is."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.catalog.data import read
from callsmith.catalog.lives import words_of

_FILE = "catalog/lexicon/follows.yaml"
SPENDINGS = frozenset("expense receipt claim purchase spending".split())
SELLER = frozenset("merchant vendor payee shop".split())
SORT = frozenset("category type kind".split())


def sold_by(words: Sequence[str]) -> Sequence[str]:
    """The sellers of the last thing named of which there is any that is known."""
    told = [form for word in reversed(words) for form in (word, word.removesuffix("s"))]
    lines = (line for word in told for line in read(_FILE)["sellers"] if word in line[0].split(" "))
    found: Sequence[str] = next(lines, [""])[1:]
    return found


def costing(sort: str) -> tuple[int, int]:
    """The least and the most that one spends at a time on things of a sort; zeros where nobody knows."""
    words = {form for word in words_of(sort) for form in (word, word.removesuffix("s"))}
    line = next((line for line in read(_FILE)["spent"] if words & {*line[0].split(" ")}), None)
    return (line[1], line[2]) if line else (0, 0)
