"""The two ends of a way, as people say them: from one place to another."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsmith.catalog.figures import name_words
from callsmith.language.grammar import unmarked
from callsmith.meaning import Ask, Detail

_PLACES = ("place", "city", "country")
_ENDS = {
    "from": "from",
    "to": "to",
    "pickup": "from",
    "collection": "from",
    "dropoff": "to",
    "delivery": "to",
}


def end_of(name: str, facet: str) -> str:
    """Which end of a way a place is: from, to; "" for a place that is none."""
    words = name_words(name.rpartition("/")[2])
    return _ENDS.get(words[0], "") if facet in _PLACES and len(words) > 1 else ""


_FROM = frozenset("from source origin sender old previous sending".split())
_TO = frozenset("to destination target recipient receiver new receiving".split())


def way_end(name: str) -> str:
    """Which end of a way a reference is, by the first word of its name: from, to; "" for others."""
    words = name_words(name.rpartition("/")[2])
    first = words[0] if len(words) > 1 else ""
    return "from" if first in _FROM else "to" if first in _TO else ""


_MOVED = frozenset("transfer move shipment relocation handover".split())


def carried(name: str, noun: str) -> str:
    """How what a thing names stands beside it: from one, to another, of what is moved; "" where nothing is."""
    return way_end(name) or ("of" if noun.rpartition(" ")[2] in _MOVED else "")


def ends_of(item: Detail, noun: str) -> tuple[str, ...]:
    """The form in which an end of a way stands beside what is made; empty for all else."""
    end = carried(item.parameter, noun) if item.role == "names" else ""
    return (f"{end} {{v}}",) if end else ()


def holder_end(ask: Ask) -> str:
    """Which end of a way that is which a new thing is made in: where it goes from, where only its goal is named."""
    others = {way_end(item.parameter) for item in ask.details if item.role == "names"}
    moved = ask.noun.rpartition(" ")[2] in _MOVED
    return way_end(ask.field) or ("to" if "from" in others else "from" if "to" in others or moved else "")


def ends_first(details: Sequence[Detail]) -> list[Detail]:
    """Details with both ends of a way side by side and before the others, and what names the thing before them."""
    ends = {end: item for item in details if (end := end_of(item.parameter, item.facet))}
    if len(ends) < 2:
        return list(details)
    both = [ends["from"], ends["to"]]
    rest = [item for item in details if item not in both]
    named = [item for item in rest if item.facet == "title"]
    return [*named, *both, *[item for item in rest if item not in named]]


def from_before_to(said: Sequence[str]) -> list[str]:
    """What narrows a thing with where it comes from before where it goes: from Dutch into German."""
    whence = next((one for one in said if unmarked(one).startswith("from ")), "")
    whither = next((one for one in said if unmarked(one).startswith(("to ", "into "))), "")
    if not whence or not whither:
        return list(said)
    rest = [one for one in said if one not in (whence, whither)]
    return [*rest[: said.index(whence)], whence, whither, *rest[said.index(whence) :]]


def in_one_breath(facts: Sequence[str]) -> list[str]:
    """Facts with both ends of a way as one: "from Mill Lane 4 to Park Avenue 9"."""
    whole = re.sub(r"^(from [^\0]*)\0((?:in)?to [^\0]*)", r"\1 \2", "\0".join(facts))
    whole = re.sub(r"\0(from [^\0]*)\0((?:in)?to [^\0]*)", "\0\\1 \\2", whole)
    return [fact for fact in whole.split("\0") if fact]
