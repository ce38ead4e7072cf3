"""Values that their form tells, whatever they are called: a path, a port of a network, a size in gigabytes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsmith.schema import collections
from callsmith.understand.leaf import Guess, Leaf, Words
from callsmith.understand.words import singular, tokens

_WIRED = re.compile(r"uri|url|host|tcp|udp|https?|network|socket|listen|server|proxy|protocol", re.IGNORECASE)
_GIGABYTES = re.compile(r"\b(?:gb|gibs?|gigabytes?|gibibytes?)\b", re.IGNORECASE)


_MAILED = re.compile(r"(?:the )?e-?mail(?: address)? of\b", re.IGNORECASE)
_BEARERS = {
    (name,) for name in ("owner", "assignee", "author", "requester", "approver", "reviewer", "reporter")
}


def by_form(path: Sequence[Words], leaf: Leaf) -> Guess | None:
    """What a value is that its form alone tells, whatever it is called: a name that is a path, a port of a network."""
    if chain := collections(leaf.schema):
        noun = " ".join(tokens(chain[-1])[:-1] + (singular(tokens(chain[-1])[-1]),))
        return Guess("id", noun, "opaque_id", 0.9, (f"it is the name of a {noun}, with all that it lies in",))
    if path[-1] in _BEARERS and "*" not in leaf.pointer and _MAILED.match(leaf.description):
        return Guess(
            "email", path[-1][0], "natural_key", 0.85, ("its description says that it is an address",)
        )
    if path[-1][-1:] == ("port",) and _WIRED.search(f"{leaf.pointer} {leaf.description}"):
        return Guess("number", "port", "preference", 0.4, ("a port of a network, which few people say",))
    if leaf.schema.get("format") == "google-duration":
        return Guess("object", "", "preference", 0.4, ("a length of time as machines write it",))
    return None


def in_gb(last: Words) -> str:
    """What people call such a size, with its unit: the "size gb" that is said as "size 50 GB"."""
    unit = {"gb", "gib", "gigabytes", "gi", "b"}
    kept = [word for word in last if word not in unit][-1:] or ["size"]
    return f"{kept[0]} gb"


def in_gigabytes(last: Words, leaf: Leaf) -> bool:
    """Whether a number is a size in gigabytes, which people say by the unit alone: a volume with 50 GB."""
    if {"gb", "gib", "gigabytes"} & set(last):
        return True
    return bool({"size", "storage", "disk", "capacity"} & set(last) and _GIGABYTES.search(leaf.description))


def filtering(path: Sequence[Words]) -> bool:
    """``Filters/*/Name`` beside ``Filters/*/Values``."""
    return (
        len(path) > 1 and singular(path[-2][-1]) == "filter" and singular(path[-1][-1]) in ("name", "value")
    )
