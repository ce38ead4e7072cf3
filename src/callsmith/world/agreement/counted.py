"""Which numbers of a record follow from those that lie in it: what is booked, raised, paid, how many there are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from callsmith.catalog.data import read
from callsmith.catalog.lives import phase, standing
from callsmith.records import Entity, Json
from callsmith.schema import settle, types
from callsmith.world.stories.naming import singular, split

_FILE = "catalog/lexicon/counted.yaml"


class Counted(Struct, frozen=True):
    """A number of a holder, and what one record of a kind adds to it."""

    name: str
    sort: str  # "one", "heads", "sum", "most" or "mean"
    sign: int = 1
    alive: bool = False  # what is called off does not count


@lru_cache(maxsize=1)
def _words() -> Mapping[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in read(_FILE).items()}


def counted(holder: Entity, part: Entity) -> list[Counted]:
    """The numbers of a holder that follow from records of another kind."""
    fields = holder.schema.get("properties", {})
    numbers = {
        name: settle(one) for name, one in fields.items() if {"integer", "number"} & {*types(settle(one))}
    }
    noun, own = singular(split(part.noun)[-1]), {singular(word) for word in split(part.noun)}
    found = []
    for name in numbers:
        words = tuple(singular(word) for word in split(name))
        one = _seats(name, words, noun) or _money(name, words, noun, part) or _many(name, words, own, noun)
        if one is not None:
            found.append(one)
    return found


def _seats(name: str, words: tuple[str, ...], noun: str) -> Counted | None:
    """Places that are taken or left, where a record takes some."""
    known, spelled = _words(), " ".join(words)
    if noun not in known["takers"]:
        return None
    if spelled in known["taken"]:
        return Counted(name, "heads", 1, True)
    return Counted(name, "heads", -1, True) if spelled in known["left"] else None


def _money(name: str, words: tuple[str, ...], noun: str, part: Entity) -> Counted | None:
    """Sums of money that a record adds to, or lessens."""
    known, spelled = _words(), " ".join(words)
    if noun == "bid" and spelled in known["highest"]:
        return Counted(name, "most", 1, True)
    if noun in known["reviews"] and spelled in known["mean"]:
        return Counted(name, "mean")
    if not amount_field(part):
        return None
    if noun in known["payments"]:
        sign = 1 if spelled in known["paid"] else -1 if spelled in known["rest"] else 0
    elif noun in known["savings"]:
        sign = 1 if spelled in known["rest"] | known["whole"] else 0
    else:
        sign = (
            1
            if spelled in known["whole"]
            else -1
            if spelled in known["unspent"] and noun in known["spendings"]
            else 0
        )
    return Counted(name, "sum", sign, True) if sign else None


def _many(name: str, words: tuple[str, ...], own: set[str], noun: str) -> Counted | None:
    """How many records of a kind there are."""
    marks = {"count", "number", "total"} & {*words}
    rest = [word for word in words if word not in ("count", "number", "total", "of", "num", "no")]
    if (
        not marks
        or not rest
        or {*words} & {"open", "closed", "max", "min", "unread", "active", "price", "amount"}
    ):
        return None
    return Counted(name, "one") if {*rest} <= own and noun in rest or rest == [noun] else None


def amount_field(part: Entity) -> str:
    """The sum of a record that lies in another."""
    fields = part.schema.get("properties", {})
    by = {" ".join(singular(word) for word in split(name)): name for name, one in fields.items()
          if {"integer", "number"} & {*types(settle(one))}}  # fmt: skip
    wanted = (
        "line total",
        "amount",
        "total",
        "total amount",
        "total price",
        "subtotal",
        "price",
        "unit price",
        "cost",
    )
    return next((by[name] for name in wanted if name in by), "")


_HEADS = tuple(
    "guests guest_count guestCount party_size partySize people seats quantity tickets ticket_count places spots "
    "participants number_of_guests numberOfGuests persons".split()
)
_PIECES = ("quantity", "qty", "count")


def worth(one: Counted, part: Entity, record: Mapping[str, Json] | None) -> float:
    """What a record adds to a number of its holder; 0 where it is not there, or was called off."""
    if record is None:
        return 0
    stands = record.get(standing(record) or "")
    if one.alive and isinstance(stands, str) and phase(stands) == "dropped":
        return 0
    if one.sort == "one":
        return 1
    if one.sort == "heads":
        heads = [value for name in _HEADS if isinstance(value := record.get(name), int) and value > 0]
        both = [value for name in ("adults", "children") if isinstance(value := record.get(name), int)]
        return one.sign * (heads[0] if heads else sum(both) or 1)
    if one.sort == "mean":
        return next(
            (float(v) for n in ("rating", "stars", "score") if isinstance(v := record.get(n), (int, float))),
            0,
        )
    name = amount_field(part)
    value = record.get(name)
    if not isinstance(value, (int, float)):
        return 0
    each = {singular(word) for word in split(name)} <= {"price", "unit", "cost"}
    many = next((v for n in _PIECES if isinstance(v := record.get(n), (int, float))), 1) if each else 1
    return one.sign * value * many
