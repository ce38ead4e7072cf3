"""How far a state is in the life of a thing, told from its words: ahead, going, over or dropped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from callsmith.catalog.data import read

LIVES = "catalog/lexicon/lives.yaml"
_PIECES = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_STANDING = ("status", "state", "stage", "phase")


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[str]]:
    table: dict[str, Any] = read(LIVES)
    return {name: frozenset(words) for name, words in table.items()}


@lru_cache(maxsize=8192)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, in lower case."""
    return tuple(piece.lower() for piece in _PIECES.findall(name))


def phase(option: object) -> str:
    """Whether a state lies ahead, goes on ("going"), is over or was called off ("dropped")."""
    words = words_of(str(option))
    whole = next(
        (name for name in ("dropped", "over", "ahead", "going") if "".join(words) in _table()[name]), ""
    )
    told = next((name for name in ("dropped", "over", "ahead", "going") if {*words} & _table()[name]), "")
    return whole or told or ("going" if words and words[-1].endswith("ing") else "ahead")


def rare(words: Sequence[str]) -> bool:
    """Whether a switch is on in few records."""
    return bool({*words} & _table()["rare"])


def standing(properties: Mapping[str, Any]) -> str:
    """The name of the field that tells how a record stands; "" where there is none."""
    named = (name for name in properties if words_of(name)[-1:] in {(word,) for word in _STANDING})
    return next((name for name in named if len(words_of(name)) < 3), "")


def begins_and_ends(options: Sequence[object]) -> bool:
    """Whether states tell of a beginning and of an end."""
    phases = {phase(option) for option in options}
    return bool(phases & {"over", "dropped"} and phases & {"ahead", "going"})
