"""Whether two calls of one tool show each other's result."""

from __future__ import annotations

from callsmith.check.context import level
from callsmith.check.reading import CallAt, Reading, flatten
from callsmith.text import words

_COMMON = frozenset("name contains subject from to and or is in has the a of for label title query".split())


def exchanged(reading: Reading) -> tuple[str, int]:
    """What is wrong and in which message, where two calls that went out together fit each other's result far better
    than their own; ("", -1) otherwise."""
    for index, one in enumerate(reading.calls):
        for two in reading.calls[index + 1 :]:
            if two.group != one.group:
                break
            if two.call.name != one.call.name or not one.succeeded or not two.succeeded:
                continue
            wanted, also = _wanted(one), _wanted(two)
            mine, theirs = wanted - also, also - wanted
            if not mine or not theirs:
                continue
            first, second = _shown(one, reading), _shown(two, reading)
            straight = _share(mine, first) + _share(theirs, second)
            crossed = _share(mine, second) + _share(theirs, first)
            if crossed >= straight + 0.75:
                return "two calls seem to have got each other's result", one.result_at
    return "", -1


def _wanted(each: CallAt) -> frozenset[str]:
    """Words and values a call asks with."""
    out: set[str] = set()
    for _, value in flatten(each.arguments):
        if isinstance(value, str):
            out.update(word for word in words(level(value)) if word not in _COMMON)
        elif isinstance(value, int) and not isinstance(value, bool):
            out.add(str(value))
    return frozenset(out)


def _shown(each: CallAt, reading: Reading) -> frozenset[str]:
    out: set[str] = set()
    for _, value in reading.leaves(each):
        if isinstance(value, str):
            out.update(words(level(value)))
        elif isinstance(value, int) and not isinstance(value, bool):
            out.add(str(value))
    return frozenset(out)


def _share(wanted: frozenset[str], shown: frozenset[str]) -> float:
    return len(wanted & shown) / len(wanted)
