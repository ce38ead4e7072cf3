"""Fields that are called after a state of their record: the reason of a suspension, whom a unit was issued to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from callsmith.catalog.data import read
from callsmith.catalog.lives import LIVES, phases, undone, words_of
from callsmith.catalog.naming_states import alike

_WHY = frozenset("reason cause explanation".split())
_ACCOUNT = frozenset("description details detail note notes comment message code reported amount".split())
_WHEN = frozenset("at on date time datetime timestamp since until till from".split())
_WHOM = frozenset("by to for with name id".split())
_PARTICLES = frozenset("off on out in at under of not".split())


@lru_cache(maxsize=8192)
def named_after(name: str, options: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The states in which a field so called surely holds something, and those in which it does not.

    Both are empty where it is called after no state, and where it may be known long before.
    """
    words = words_of(name)
    size = next(
        (at for at in range(len(words), 0, -1) if words[at - 1] not in _WHY | _ACCOUNT | _WHEN | _WHOM), 0
    )
    head, tail = words[:size], {*words[size:]}
    if not tail and words[-1:] and words[-1].endswith(("er", "or", "ee")):
        return _of_whom(words, options)
    if not head or not tail:
        return frozenset(), frozenset()
    states = frozenset(
        one for one in options if _called(head, words_of(one), freely=bool(tail & (_WHY | {"amount"})))
    )
    if not states or len(states) == len(options):
        return frozenset(), frozenset()
    told = dict(zip(options, phases(options), strict=True))
    if tail & _WHY or all(told[one] == "dropped" or beside_the_way(one) for one in states):
        return states, frozenset(options) - states
    if tail & (_WHEN | _ACCOUNT) or not tail & _WHOM:
        return frozenset(), frozenset()
    return _from_then_on(states, options, told)


def beside_the_way(option: object) -> bool:
    """Whether a state is no stage of the way but what may befall a record at any: suspended, faulty, refunded."""
    words = words_of(str(option))
    return bool({*words} & {*read(LIVES)["beside"]}) or words[:2] == ("out", "of")


def _called(head: Sequence[str], state: Sequence[str], *, freely: bool) -> bool:
    """Whether words are those of a state; ``freely``: or of the deed that brings it about, as suspension is."""
    bare = [word for word in state if word not in _PARTICLES]
    if [*head] == [*state] or bare and [word for word in head if word not in _PARTICLES] == bare:
        return True
    if len(head) != 1 or len(bare) != 1:
        return False
    one, other = head[0], bare[0]
    befallen = beside_the_way(other) and not other.endswith("ed")
    if not freely and not befallen:
        return False
    return _akin(one, other)


def _akin(one: str, other: str) -> bool:
    """Whether two words are of one family: suspension and suspended, investigator and investigation."""
    return alike(one, other) or min(len(one), len(other)) > 5 and one[:5] == other[:5]


def _of_whom(words: Sequence[str], options: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    """From when on somebody is known who does what a state tells of: the investigator of what is investigated."""
    told = dict(zip(options, phases(options), strict=True))
    states = frozenset(
        one
        for one in options
        if told[one] != "dropped" and any(_akin(words[-1], word) for word in words_of(one))
    )
    return _from_then_on(states, options, told) if states else (frozenset(), frozenset())


def _from_then_on(
    states: frozenset[str], options: Sequence[str], told: dict[str, str]
) -> tuple[frozenset[str], frozenset[str]]:
    """What is known from the first of some states on is not known before it, nor where it never came so far."""
    first = min(options.index(one) for one in states)
    there: set[str] = {*states}
    empty: set[str] = set()
    for place, one in enumerate(options):
        if one in states or beside_the_way(one):
            continue
        if missed := undone(one, options):
            (there if first < options.index(missed) else empty).add(one)
        elif told[one] == "dropped":
            empty |= {one} if first else set()
        elif place > first and told[one] in ("going", "over"):
            there.add(one)
        elif place < first:
            empty.add(one)
    return frozenset(there), frozenset(empty)
