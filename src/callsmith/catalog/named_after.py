"""Fields that are called after a state of their record: the reason of a suspension, whom a unit was issued to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from callsmith.catalog.data import read
from callsmith.catalog.lives import LIVES, participle_of, phases, to_let, undone, words_of
from callsmith.catalog.naming_states import alike

_WHY = frozenset("reason cause explanation".split())
_ACCOUNT = frozenset("description details detail note notes comment message code reported amount".split())
_WHEN = frozenset("at on date time datetime timestamp since until till from eta expected due".split())
_WHOM = frozenset("by to for with name id".split())
_PARTICLES = frozenset("with off on out in at under of not".split())


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
    if words[-1:] in (("before",), ("by",), ("until",)) and (waiting := _waited_for(words[:-1], options)):
        return _from_then_on(waiting, options, dict(zip(options, phases(options), strict=True)))
    doer = not tail and words[-1:] and words[-1].endswith(("er", "or", "ee"))
    if doer and (known := _of_whom(words, options))[0]:
        return known
    if not head:
        return frozenset(), frozenset()
    told = dict(zip(options, phases(options), strict=True))
    if awaited := _awaited(head, tail, options):
        return awaited, frozenset(options) - awaited
    states = frozenset(
        one for one in options if _called(head, words_of(one), freely=bool(tail & (_WHY | _ACCOUNT)))
    )
    if not states and (come := _comes_with(words, options)):
        there, empty = _from_then_on(come, options, told)
        apart = {
            one for one in options if beside_the_way(one) and not {*words_of(one)} & {"refunded", "returned"}
        }
        return there, empty | (apart - there)
    if not states or len(states) == len(options):
        return frozenset(), frozenset()
    if tail & _WHY or all(told[one] == "dropped" or beside_the_way(one) for one in states):
        return states, frozenset(options) - states
    if tail & (_WHEN | _ACCOUNT) or not tail & _WHOM:
        return frozenset(), frozenset()
    return _from_then_on(states, options, told)


def beside_the_way(option: object) -> bool:
    """Whether a state is no stage of the way but what may befall a record at any: suspended, faulty, refunded."""
    words = words_of(str(option))
    return bool({*words} & {*read(LIVES)["beside"]}) or words[:2] == ("out", "of")


def _waited_for(words: Sequence[str], options: Sequence[str]) -> frozenset[str]:
    """The state in which a thing waits for what is to be done with it by a day: ready, before it is collected."""
    line = [one for one in options if not undone(one, options) and not beside_the_way(one)]
    if len(words) != 1:
        return frozenset()
    for place, one in enumerate(line[1:]):
        if len(words_of(one)) == 1 and participle_of(words_of(one)[0], words[0]):
            return frozenset(line[place : place + 1])
    return frozenset()


def _awaited(head: Sequence[str], tail: set[str], options: Sequence[str]) -> frozenset[str]:
    """The state in which something is awaited of which a field tells when it is to come: parts_eta."""
    if not tail & {"eta", "expected", "due"}:
        return frozenset()
    told = {one: words_of(one) for one in options}
    return frozenset(
        one for one, words in told.items() if words[0] in ("awaiting", "waiting") and words[-1:] == head[-1:]
    )


def _comes_with(words: Sequence[str], options: Sequence[str]) -> frozenset[str]:
    """The states with which something is given out first: a tracking code once it is shipped."""
    if words[-1] not in ("number", "no", "code", "id", "url", "link", "reference", "nr", "by"):
        return frozenset()
    for given, states in read(LIVES)["comes_with"].items():
        if given in words:
            found = [one for one in options if {*words_of(one)} & {*states}]
            return frozenset(found[:1] if found and found[0] != options[0] else ())
    return frozenset()


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
    return (
        alike(one, other)
        or min(len(one), len(other)) > 5
        and one[:5].replace("c", "k") == other[:5].replace("c", "k")
    )


def _of_whom(words: Sequence[str], options: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    """From when on somebody is known who does what a state tells of: the investigator of what is investigated."""
    told = dict(zip(options, phases(options), strict=True))
    states = frozenset(
        one
        for one in options
        if told[one] != "dropped" and any(_akin(words[-1], word) for word in words_of(one))
    )
    return _from_then_on(states, options, told) if states else (frozenset(), frozenset())


def _ran_out(option: str, *, in_force: bool, waited: bool) -> bool:
    """Whether what ran out had come so far: it was in force, or waited to be fetched."""
    words = {*words_of(option)}
    return bool(words & {*read(LIVES)["ran_out"]}) if in_force else waited and words == {"expired"}


def _from_then_on(
    states: frozenset[str], options: Sequence[str], told: dict[str, str]
) -> tuple[frozenset[str], frozenset[str]]:
    """What is known from the first of some states on is not known before it, nor where it never came so far."""
    first = min(options.index(one) for one in states)
    there: set[str] = {*states}
    empty: set[str] = set()
    if to_let(options):
        return states, frozenset(options) - states
    in_force = any({*words_of(one)} & {*read(LIVES)["in_force"]} for one in states)
    for place, one in enumerate(options):
        if one in states or beside_the_way(one):
            continue
        if missed := undone(one, options):
            (there if first < options.index(missed) else empty).add(one)
        elif _ran_out(one, in_force=in_force, waited=0 < first < place):
            there.add(one)
        elif told[one] == "dropped":
            empty |= {one} if first else set()
        elif place > first and told[one] in ("going", "over"):
            there.add(one)
        elif place < first:
            empty.add(one)
    return frozenset(there), frozenset(empty)
