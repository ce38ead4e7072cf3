"""Turns in the life of a record: what a verb makes of it, and from which of its states that is done."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from callsmith.catalog.data import read
from callsmith.catalog.lives import LIVES, begins_and_ends, called_off, participle_of, phase, phases, words_of

_AGAIN = ("resume", "restore", "reopen", "back", "free")
"""Turns by which something that stood still, was over or was away is as it was before."""


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = read("catalog/lexicon/turns.yaml")
    return table


@lru_cache(maxsize=1)
def _turns() -> dict[str, str]:
    return {verb: turn for turn, verbs in _table()["verbs"].items() for verb in verbs.split(", ")}


@lru_cache(maxsize=32)
def _said(name: str) -> frozenset[str]:
    return frozenset(_table()[name])


@lru_cache(maxsize=8)
def _life(name: str) -> frozenset[str]:
    return frozenset(read(LIVES)[name])


def turn_of(verb: str) -> str:
    """The turn that a verb gives the life of a record; "" where none is known."""
    head, _, rest = verb.partition(" ")
    return _turns().get(verb, "begin" if head in ("start", "begin") and rest.endswith("ing") else "")


def undoes(verb: str) -> bool:
    """Whether a verb is done to what is over, stands still or is away."""
    return turn_of(verb) in _AGAIN


def reached(verb: str, about: Sequence[str], options: Sequence[str]) -> str | None:
    """The one of several states that a record comes to by a verb; ``about``: what the verb is done to."""
    turn = turn_of(verb)
    if not turn or len(options) < 2:
        return None
    told = dict(zip(options, phases(options), strict=True))
    words = {option: {*words_of(option)} for option in options}
    named = begun(verb, about, options)
    if named is not None:
        return named
    for wanted in _table()["values"].get(turn, "").split(", "):
        found = next((one for one in options if "_".join(words_of(one)) == wanted), None)
        if found is not None and not (turn == "resume" and words[found] & _said("halted")):
            return found
    going = [
        one
        for one in options
        if told[one] == "going" and not words[one] & (_said("halted") | _said("waiting"))
    ]
    if turn in ("begin", "resume") and (
        len(going) == 1 or going and told[options[0]] == "ahead" and turn == "begin"
    ):
        return going[0]
    over = [one for one in options if told[one] == "over"]
    return over[0] if turn == "end" and going and over else None


def begun(verb: str, about: Sequence[str], options: Sequence[str]) -> str | None:
    """The state that is called after what is begun: washing, in treatment."""
    if turn_of(verb) != "begin" or len(options) < 2:
        return None
    stems = {word[:4] for word in (*about, *verb.split(" ")[1:]) if len(word) > 3}
    told = dict(zip(options, phases(options), strict=True))
    named = [one for one in options if stems & {word[:4] for word in words_of(one)} and told[one] == "going"]
    return named[0] if len(named) == 1 else None


def switched(verb: str) -> dict[str, bool]:
    """The words of switches that a verb turns on or off."""
    turn = turn_of(verb)
    on = _table()["on"].get(turn, "").split(", ") if turn else []
    off = _table()["off"].get(turn, "").split(", ") if turn else []
    return {name.replace("_", " "): name in on for name in (*on, *off) if name}


def may_come(verb: str, value: str, now: str, options: Sequence[str]) -> bool:
    """Whether what stands in one state comes to another by a verb: only what is out is returned."""
    turn = turn_of(verb)
    told = dict(zip(options, phases(options), strict=True))
    words = {option: {*words_of(option)} for option in options}
    if verb == "check in" and words[value] & {
        "stock",
        "storage",
        "shelf",
    }:  # brought back, and no guest arrives
        return bool(words[now] & (_said("lent") | {"assigned", "use"}))
    if turn in (*_AGAIN, "take", "hold"):
        fits = [one for one in options if one != value and _from(turn, words[one], told[one])]
        if fits:
            return now in fits
        return turn in _AGAIN or told[now] not in ("over", "dropped")
    if (
        turn in ("approve", "submit", "publish")
        and words[now] & _said("dead")
        and not words[value] & _said("dead")
    ):
        return False
    if told[value] == "dropped" or turn == "refuse":
        return _may_end(turn, value, now, (options, told, words))
    return _may_follow(turn, value, now, (options, told, words))


def _from(turn: str, words: set[str], told: str) -> bool:
    if turn == "resume":
        return bool(words & _said("halted"))
    if turn == "restore":
        return bool(words & (_said("dead") | _said("halted")))
    if turn == "reopen":
        return told in ("over", "dropped") or bool(words & _said("ended"))
    if turn == "back":
        return bool(words & _said("lent"))
    if turn == "free":
        return bool(words & (_life("taken") | _said("halted") | {"confirmed"}))
    if turn == "take":
        return bool(words & _life("vacant"))
    return told == "going" and not words & _said("halted") or bool(words & {"active", "running"})


_States = tuple[Sequence[str], Mapping[str, str], Mapping[str, set[str]]]


def _may_end(turn: str, value: str, now: str, states: _States) -> bool:
    options, told, words = states
    if told[now] == "dropped":
        return False
    ahead = [one for one in options if told[one] == "ahead"]
    if words[value] & _said("missed"):
        return now in ahead or not ahead
    if words[value] & _said("broken"):
        going = [one for one in options if told[one] == "going"]
        return now in going or not going and told[now] != "over"
    if turn == "refuse":
        decided = next((at for at, one in enumerate(options) if words[one] & _said("decided")), len(options))
        asked = [
            one
            for one in options[:decided]
            if one != value and told[one] != "dropped" and told[one] != "over"
        ]
        asked = [one for one in asked if not words[one] & _said("raw")] or asked
        return now in asked if asked else told[now] != "over"
    if called_off({"status": value}) and told[now] == "over":
        return {"ahead", "going", "over"} & {told[one] for one in options[options.index(now) + 1 :]} != set()
    return True


def _may_follow(turn: str, value: str, now: str, states: _States) -> bool:
    options, told, words = states
    if told[now] == "dropped":
        return False
    first = words[options[0]] & (_life("ahead") | _life("first"))
    if not (begins_and_ends(options) or first) or any(
        words[one] & _life("vacant") - {"open"} for one in options
    ):
        return True
    if options.index(now) > options.index(value):
        return False
    chain = [one for one in options[: options.index(value)] if told[one] != "dropped"]
    if told[value] == "ahead":  # what is postponed is not over
        chain = [one for one in chain if told[one] != "over"]
    if turn == "close":
        return not words[now] & _said("raw") or len(chain) < 2
    fits = chain[-1:]
    while fits and words[fits[0]] & _said("waiting") and len(chain) > len(fits):
        fits = [chain[-len(fits) - 1], *fits]
    return now in fits


_NEXT = re.compile(r"\bto (?:the|its|their) next (?:stage|step|status|state|phase)\b")


def steps_on(verb: str, phrase: str) -> bool:
    """Whether a deed brings a record from its stage to the next."""
    return verb == "advance" or bool(_NEXT.search(phrase))


def next_of(verb: str, phrase: str, now: object, options: Sequence[object]) -> object | None:
    """The stage that follows the one in which a record stands, where a deed brings it there."""
    stages = [one for one in options if one is not None]
    if not steps_on(verb, phrase) or now not in stages:
        return None
    told = phases(stages)
    left = [one for one, name in zip(stages, told, strict=True) if name != "dropped"]
    behind = left[left.index(now) + 1 :] if now in left else []
    return behind[0] if behind else None


_MARKING = ("mark", "report", "record", "set", "flag", "log", "register", "note", "tick", "put")


def deed_of(verb: str, values: Sequence[object]) -> str:
    """The verb of a deed that only says how a record then stands: marked as a no-show, it was missed."""
    head = verb.split(" ")[0]
    if head not in _MARKING or not values:
        return verb
    words = {word for value in values for word in words_of(str(value))}
    if words & _said("missed"):
        return "miss"
    told = {phase(value) for value in values if isinstance(value, str)}
    if told & {"over"} and not words & _said("unending"):
        return "complete"
    return "arrive" if words & {"arrived", "seated"} or words >= {"checked", "in"} else verb


def told_of(verb: str) -> frozenset[tuple[str, ...]]:
    """What a moment or the one of a deed may be called: (started,), (checked, in)."""
    head, _, rest = verb.partition(" ")
    own = {(form, *rest.split()) for form in participles(head)}
    turn = turn_of(verb)
    return frozenset({*own, *((word,) for word in _table()["told"].get(turn, "").split(", ") if word)})


def participles(verb: str) -> tuple[str, ...]:
    """The forms a verb may have after it was done: paused, given."""
    forms: Mapping[str, Sequence[str]] = read("language/en/verbs.yaml")
    if verb in forms:
        return (forms[verb][-1],)
    stem = verb.removesuffix("e")
    found = (stem + "ed", verb + verb[-1:] + "ed", verb[:-1] + "ied" if verb.endswith("y") else "")
    return tuple(form for form in found if form and participle_of(form, verb))
