"""Why people do something to a record, as a clause after "because"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from callsmith.catalog import data
from callsmith.catalog.figures import name_words

_TABLE = "catalog/lexicon/grounds.yaml"


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(data.read(_TABLE)["names"])


def is_ground(name: str) -> bool:
    """Whether an argument of a name tells why: ``reason``, ``cancellation_reason``."""
    words = name_words(name)
    return bool(words) and words[-1] in _names()


def grounds(verb: str, noun: str) -> Sequence[str]:
    """Why somebody would do a deed to a record of a noun; none where nothing is known."""
    entries: Sequence[Mapping[str, Any]] = data.read(_TABLE)["grounds"]
    words = {noun, *noun.split(" ")}
    for entry in entries:
        if verb in entry["verbs"] and ("of" not in entry or words & {*entry["of"]}):
            return list(entry["lines"])
    return ()
