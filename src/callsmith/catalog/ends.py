"""The two ends of a way, or the two sides of a deal: which fields they are, and another value where both are one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from callsmith.catalog.data import read
from callsmith.catalog.lives import words_of

_PAIRS = (
    ("departure", "arrival destination"), ("origin", "destination"), ("from", "to"), ("pickup", "dropoff delivery"),
    ("loading", "unloading"), ("collect", "deliver"), ("collection", "delivery"), ("start", "end finish"),
    ("source", "target destination dest"), ("home", "away"), ("buyer", "seller"), ("sender", "recipient receiver"),
    ("white", "black"), ("old", "new"), ("sending", "receiving"), ("first", "second"), ("outgoing", "incoming"),
    ("current", "new"), ("embarkation", "disembarkation"), ("payer", "payee"),
)  # fmt: skip
_MONEYS = ("EUR", "USD", "GBP", "CHF", "JPY", "SEK", "CAD", "AUD")


def other_end(name: str, names: Iterable[str]) -> str:
    """The name of the other end; "" where a field is none."""
    words = words_of(name)
    known = {words_of(other): other for other in names if other != name}
    for first, lasts in _PAIRS:
        for last in lasts.split(" "):
            for here, there in ((first, last), (last, first)):
                if here in words:
                    twin = tuple(there if word == here else word for word in words)
                    if twin in known:
                        return known[twin]
    return ""


def another(name: str, value: str, draw: int) -> str:
    """Another town, sort of money, postcode, room or place; "" where none is known that is like it."""
    cities = read("catalog/lexicon/places.yaml")["cities"]
    code = next((one["code"] for one in cities if one["city"] == value), "")
    if code:
        near = [str(one["city"]) for one in cities if one["code"] == code and one["city"] != value]
        return _one_of(near or [str(one["city"]) for one in cities if one["city"] != value], draw)
    if value in _MONEYS or re.fullmatch(r"[A-Z]{3}", value):
        return _one_of([one for one in _MONEYS if one != value], draw)
    if re.fullmatch(r"[0-9]{4,6}", value):
        return f"{value[:-2]}{(int(value[-2:]) + 11 + draw % 70) % 100:02d}"
    words = {*words_of(name)}
    sort = "rooms" if words & {"room"} else "ends" if words & _SPOTS else ""
    spots = read("catalog/lexicon/places.yaml")[sort] if sort else ()
    return _one_of([str(one) for one in spots if one != value], draw)


_SPOTS = frozenset(
    "location place site station stop spot point address port departure destination arrival origin".split()
)


def _one_of(options: Sequence[str], draw: int) -> str:
    return options[draw % len(options)] if options else ""
