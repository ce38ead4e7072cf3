"""Texts that name a sort of something, as the breed of a dog does, and numbers whose size is known."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from callsmith.catalog.figures import usual_values
from callsmith.catalog.magnitudes import magnitude_of
from callsmith.catalog.noted import noted_of
from callsmith.catalog.quantities import MONEY, taken_up, unit_at_end, unit_of, unit_told
from callsmith.catalog.sorts import MANY, mark_of, sort_of
from callsmith.records import Schema
from callsmith.understand.leaf import Guess, Leaf, Words
from callsmith.understand.words import singular, tokens

_OPEN = (
    *("", "text", "enum", "label", "color", "language", "title", "body", "order", "ordinal", "place"),
    "country",
)
"""What else such a name may be taken for."""


_SECRET = frozenset(["key", "public", "private", "secret", "token", "certificate"])
"""What is of machines, of which no sorts are known: the material of a public key."""


def sorted_text(
    last: Words, kinds: Sequence[str], leaf: Leaf, known: tuple[str, str], nouns: Collection[str], own: str
) -> Guess | None:
    """The guess for a text named ``last``, of which the facet and phrase are ``known``, where it names a sort."""
    facet, spoken = known
    bound = leaf.schema.keys() & {"format", "pattern", "const"}
    open_to = (*_OPEN, "city") if last == ("origin",) else _OPEN
    if (
        tuple(kinds) != ("string",)
        or facet not in open_to
        or bound
        or not last
        or _SECRET & {*last}
        and last[-1:] != ("body",)
    ):
        return None
    if facet in ("", "text") and mark_of(last):
        return Guess("text", spoken, "natural_key", 0.7, ("it is read off the thing",))
    near = nouns if len(nouns) <= MANY else ()  # of hundreds of nouns one fits anything
    around = {word for noun in near if noun != own for word in (noun, *noun.split(" "))}
    if sort_of((*last[:-1], singular(last[-1])), own, around) is None:
        return None
    spoken = "origin" if last[-1] == "origin" and spoken == "place of departure" else spoken
    return Guess("enum", spoken, "preference", 0.75, (f"it names a sort of {own or 'thing'}",))


def _secret(last: Words) -> bool:
    """Whether a name is of what machines keep: a public key, and no public body."""
    return bool(_SECRET & {*last}) and last[-1] != "body"


def free_text(spoken: str, name: Words, own: str) -> Guess:
    """The guess for a text of no other kind: people say one where it is known what such texts say."""
    if noted_of(name, {own, own.replace(" ", "_"), *own.split(" ")}):
        return Guess("text", spoken, "content", 0.65, ("what such texts say is known",))
    return Guess("text", spoken, "content", 0.35, ("a string of unknown meaning",))


_COINS = re.compile(r"\b(?:euros?|dollars|pounds|francs|EUR|USD|GBP|CHF)\b|[€£]")
_IN_COINS = re.compile(r"\bin (?:euros?|dollars|pounds|francs)\b(?! per\b)")  # the rent per month in pounds
_WEIGHED = frozenset("weight mass load payload lb pound lift harvest yield catch rate capacity".split())
_BYTES = re.compile(
    r"\b(?:[KMGT]i?B|(?:kilo|mega|giga|tera)?bytes|requests)\b"
)  # the total of what was transferred
_PARTS = re.compile(r"\b(?:cents?|pence|per|percent)\b|%", re.IGNORECASE)


def sized_number(leaf: Leaf, name: Words, spoken: str, own: str) -> Guess:
    """The guess for a number: people give one where its name says the unit, of which the usual size is known."""
    if (span := _minutes(spoken)) is not None:
        return span
    spoken = _in_order(spoken)
    if _COINS.search(leaf.description) and not _PARTS.search(leaf.description):
        return Guess("amount", spoken, "preference", 0.75, ("a sum of money, says its description",))
    words = [singular(word) for word in name]
    if _IN_COINS.search(leaf.description) and not _WEIGHED & {*words}:
        return Guess("amount", spoken, "preference", 0.75, ("a sum of money, says its description",))
    if (found := _quantity(leaf, words, spoken, own)) is not None:
        return found
    if words and (known := magnitude_of(words, own)):
        if known.money and not _BYTES.search(leaf.description):
            return Guess("amount", spoken, "preference", 0.65, ("a sum of money, as large as usual",))
        return Guess("number", spoken, "preference", 0.6, ("a number as large as usual",))
    if words and magnitude_of(words, "", (), "measures"):
        return Guess("number", spoken, "preference", 0.6, ("a number as large as usual",))
    if usual_values("_".join(name)):
        return Guess("number", spoken, "preference", 0.6, ("a count or a measure as people give one",))
    if _bounded(leaf.schema):
        return Guess("number", spoken, "preference", 0.6, ("a number between declared bounds",))
    return Guess("number", spoken, "preference", 0.45, ("a number of unknown meaning",))


_UNSIZED = ("limit", "date_time", "date", "time", "place", "mask", "page_token")


def sized(entry: Mapping[str, Any], last: Words, kinds: Sequence[str], own: str) -> bool:
    """Whether a number is one of which people know how large such are, whatever its last word means elsewhere."""
    if entry.get("facet") == "number" and unit_of(last, own)[0] == MONEY:
        return True
    if entry.get("facet") not in _UNSIZED or not {"integer", "number"} & {*kinds}:
        return False
    return (len(last) > 1 or last == ("pages",)) and unit_of(last)[1] and last[0] not in ("max", "page")


def _quantity(leaf: Leaf, name: Sequence[str], spoken: str, own: str) -> Guess | None:
    """The guess for a number of which it is known how large such are: a sum, a measure in a unit, a count."""
    if lasting := taken_up(name):
        return Guess("duration_minutes" if name[0] == "minute" else "number", lasting, "preference", 0.7,
                     ("a length of time, by its unit",))  # fmt: skip
    unit, known = unit_of(name, own)
    if unit == MONEY and not _PARTS.search(leaf.description):
        spoken = (
            " ".join(tokens(leaf.pointer.rpartition("/")[2])) if spoken.startswith("number of ") else spoken
        )
        return Guess("amount", spoken, "preference", 0.75, ("it is a sum of money by its name",))
    written, _ = unit_at_end(spoken.split())
    told = "" if written else unit_told(leaf.description)
    spoken = f"{spoken} {told}".strip()
    if written or told:
        known = known or bool(usual_values("_".join(name)))
        return Guess("number", spoken, "preference", 0.7 if known else 0.5, ("a measure in a unit",))
    return Guess("number", spoken, "preference", 0.65, ("a number as large as usual",)) if known else None


_LASTING = frozenset(
    "duration time length runtime life delay break nap wait downtime interval stay workout".split()
)


def in_minutes(name: Sequence[str]) -> bool:
    """Whether a name ends in an abbreviation of minutes, and not in what makes a least of it: duration_min."""
    return len(name) > 1 and name[-1] in ("min", "mins") and name[-2] in _LASTING


def _minutes(spoken: str) -> Guess | None:
    head, _, _ = spoken.rpartition(" ")
    if not in_minutes(spoken.split()):
        return None
    called = "length" if head == "duration" else f"{head} minutes"
    return Guess(
        "duration_minutes", called, "preference", 0.75, ("a length of time in minutes, by its name",)
    )


def _in_order(spoken: str) -> str:
    """A number's name as people say it: the low estimate, and not the estimate low."""
    head, _, last = spoken.rpartition(" ")
    if unit_at_end(spoken.split())[1] == 2:
        return spoken  # mm a minute
    return (
        f"{last} {head}" if head and last in ("low", "high", "min", "max", "minimum", "maximum") else spoken
    )


def _bounded(schema: Schema) -> bool:
    """Whether a number lies between bounds so near that people know what is usual."""
    low, high = schema.get("minimum"), schema.get("maximum")
    return low is not None and high is not None and low >= 0 and 1 < high - low <= 1000
