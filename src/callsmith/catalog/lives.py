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
    return _phase(str(option))


@lru_cache(maxsize=8192)
def _phase(option: str) -> str:
    words = words_of(option)
    if words[:1] in (("not",), ("never",)) and len(words) > 1:
        return "ahead"
    if len(words) > 1 and partly(option) and {*words} & _table()["over"]:
        return "going"
    whole = next(
        (name for name in ("dropped", "over", "ahead", "going") if "".join(words) in _table()[name]), ""
    )
    told = next((name for name in ("dropped", "over", "ahead", "going") if {*words} & _table()[name]), "")
    return whole or told or ("going" if words and words[-1].endswith("ing") else "ahead")


def partly(option: object) -> bool:
    """Whether a state tells that something came to it in part: part_paid, partially_filled."""
    return words_of(str(option))[:1] in (("part",), ("partial",), ("partially",), ("partly",))


def phases(options: Sequence[object]) -> list[str]:
    """How far each of several states is: a last one nobody knows, of what was scheduled, is over, as ``flown`` is.

    A deed that others follow of something that goes on is no end: what is picked up, then washed.
    """
    return list(_phases(tuple(map(str, options))))


@lru_cache(maxsize=4096)
def _phases(options: Sequence[str]) -> list[str]:
    told = [_phase(option) for option in options]
    reported = told[:1] == ["over"] and "over" in told[1:] and bool({"ahead", "going"} & {*told[1:]})
    if told[:1] == ["over"] and {*words_of(str(options[0]))} & {"held"} and {*told[1:]} - {"dropped"}:
        told[0] = "ahead"  # seats that are held, then confirmed
    if reported:
        told[0] = "ahead"  # what is reported, then resolved
    new = _begun_anew(told, options)
    _concluded(told, options)
    first = {*words_of(str(options[0]))} if options else set()
    known = reported or new or first & (_table()["ahead"] | _table()["first"])
    if len(options) < 2 or not known:
        return told
    for place, option in enumerate(options):
        words, after = {*words_of(str(option))}, told[place + 1 :]
        if told[place] != "over":
            continue
        if (
            words & _table()["passing"]
            and "going" in after
            or words & _table()["entered"]
            and "over" in after
        ):
            told[place] = "going"
        elif words & _table()["heralded"] and {"ahead", "going"} & {*_moving(options, told, place)}:
            told[place] = "ahead"
        elif words & _table()["answered_for"] and _waited_for(options, told, place):
            told[place] = "going"
    _answered(told, options)
    last = max((place for place, name in enumerate(told) if name != "dropped"), default=0)
    if last and "over" not in told and _ends_it(options, last):
        told[last] = "over"  # a transfer ends with being received
    for place, option in enumerate(options):
        if told[place] == "ahead" and {*words_of(str(option))} & _table()["befalls"]:
            told[place] = "going"
        elif place and told[place] == "ahead" and _unknown_deed(option):
            ended = "over" in told[:place] or place == last and "over" not in told
            told[place] = "over" if ended else "going"
    return told


def _begun_anew(told: list[str], options: Sequence[object]) -> bool:
    """Puts right what is told of a first state, and of what came to none; whether the first is that of a birth."""
    for place, option in enumerate(options):
        if undone(option, options[:place]):
            told[place] = "dropped"
        if place and words_of(str(option)) == ("assigned",) and told[place + 1 : place + 2] == ["going"]:
            told[place] = "ahead"  # it was given to somebody who has not begun
    first = {*words_of(str(options[0]))} if options else set()
    new = first & _table()["newborn"] - _table()["lasting"]
    if told[:1] == ["over"] and new and "over" not in told[1:] and any(map(_unknown_deed, options[1:])):
        told[0] = "ahead"  # what is issued, then activated
    return bool(new)


def undone(option: object, before: Sequence[object]) -> str:
    """The state that a state says a thing did not come to: collected, of what is uncollected; "" for other states."""
    words = words_of(str(option))
    if len(words) != 1 or not words[0].startswith("un"):
        return ""
    return next((str(one) for one in before if words_of(str(one)) == (words[0][2:],)), "")


def _concluded(told: list[str], options: Sequence[object]) -> None:
    """A last deed nobody knows ends what goes on, and what is handed in after it went on only waits for its end."""
    going = told.index("going") if "going" in told else len(told)
    line = [place for place, name in enumerate(told) if name != "dropped"]
    if "over" not in told and line and line[-1] > going and _unknown_deed(options[line[-1]]):
        told[line[-1]] = "over"
    for place in range(going + 1, len(told)):
        if words_of(str(options[place])) == ("submitted",) and "over" in told[place + 1 :]:
            told[place] = "going"


def _ends_it(options: Sequence[object], last: int) -> bool:
    """Whether the last state ends it where nothing else does: received, or weighed out after weighed in."""
    words, before = {*words_of(str(options[last]))}, (words_of(str(one)) for one in options[:last])
    twin = any(
        len(words) > 1 and words & {*one} & {*(w for w in words if w.endswith("ed"))} for one in before
    )
    return bool(words & _table()["entered_last"]) or twin


def _answered(told: list[str], options: Sequence[object]) -> None:
    """What waits for approval is over once it is approved, where nothing else goes on or ends."""
    if {"over", "going"} & {*told}:
        return
    for place, option in enumerate(options):
        words = words_of(str(option))
        asked = [words_of(str(one)) for one in options[:place]]
        if (
            len(words) == 1
            and words[0].endswith("ed")
            and any(
                {*one} & _table()["undecided"] and any(_same_stem(word, words[0]) for word in one)
                for one in asked
            )
        ):
            told[place] = "over"


def _moving(options: Sequence[object], told: Sequence[str], place: int) -> list[str]:
    """How far the states behind one are, those apart in which a thing only stands still."""
    behind = range(place + 1, len(options))
    going = any(told[at] == "going" for at in range(place))
    return [
        told[at]
        for at in behind
        if not going or not {*words_of(str(options[at]))} & (_table()["halted"] | _table()["still"])
    ]


def _waited_for(options: Sequence[object], told: Sequence[str], place: int) -> bool:
    """Whether what was sent is to be answered or paid yet."""
    behind = range(place + 1, len(options))
    answers = ({*words_of(str(options[at]))} & {"accepted", "signed", "paid", "answered"} for at in behind)
    return any(answers)


def _unknown_deed(option: object) -> bool:
    words = words_of(str(option))
    known = {*words} & (_table()["ahead"] | _table()["going"] | _table()["halted"] | _table()["heralded"])
    known |= {*words} & (_table()["befalls"] if len(words) == 1 else frozenset())
    return len(words) == 1 and not known and words[0].endswith(("ed", "wn", "en", "ne"))


def stands_aside(option: object) -> bool:
    """Whether a state is no stage of a life, but a halt that may come at any: on hold, paused."""
    return bool({*words_of(str(option))} & _table()["still"])


def to_let(options: Sequence[object]) -> bool:
    """Whether states are those of a place that stands empty or that somebody has."""
    words = [{*words_of(str(option))} - {"open"} for option in options]
    return all(any(one & _table()[sort] for one in words) for sort in ("vacant", "taken"))


def undecided(value: object) -> bool:
    """Whether a value says that nothing is decided yet."""
    return isinstance(value, str) and "".join(words_of(value)) in _table()["undecided"]


def called_off(record: Mapping[str, Any]) -> bool:
    """Whether a record stands in a state in which nothing took place."""
    name = standing(record)
    return (
        bool(name) and isinstance(record[name], str) and bool({*words_of(record[name])} & _table()["never"])
    )


def planning(options: Sequence[object]) -> bool:
    """Whether the first of several states says that something is to take place."""
    return bool(options) and bool({*words_of(str(options[0]))} & _table()["planning"])


def state_named(words: Sequence[str], options: Sequence[object]) -> object | None:
    """The state that a moment is named after: delivered_at, shipped_on; None where it is no such moment."""
    if {*words} & _table()["until"]:
        return None
    named = [option for option in options if {*words_of(str(option))} <= {*words}]
    if not named and (first := next((word for word in words if word.endswith("ed")), "")):
        named = [
            one for one in options[1:] if len(words_of(str(one))) == 1 and participle_of(first, str(one))
        ]
    return max(named, key=lambda option: len(words_of(str(option))), default=None)


def lies_ahead(state: object, options: Sequence[object]) -> bool:
    """Whether a moment named after a state is when it begins or takes place: scheduled_at, booked_for."""
    return state == options[0] or bool({*words_of(str(state))} & _table()["ahead"])


def has_come(now: object, named: object, options: Sequence[object]) -> bool:
    """Whether what stands in one state has been in another: states follow one another, endings only the rest."""
    if now == named:
        return True
    told = dict(zip(options, phases(options), strict=True))
    ran_out = {*words_of(str(now))} & _table()["ran_out"] and {*words_of(str(named))} & _table()["in_force"]
    if told[named] == "dropped" or told[now] == "dropped" and not ran_out:
        return False
    return options.index(now) > options.index(named)


def ending_named(words: Sequence[str], options: Sequence[object]) -> list[object]:
    """The states in which something was called off that a field gives the account of: cancel_reason, failedAt."""
    account = [word for word in words if word in _table()["account"]]
    rest = [word for word in words if word not in _table()["account"]]
    if not account or not rest or rest[0] in ("expires", "expiry", "expiration"):
        return []
    dropped = [option for option in options if phase(option) == "dropped"]
    if len(rest) > 1:
        return [option for option in dropped if [*words_of(str(option))] == rest]
    return [option for option in dropped if _same_stem(rest[0], str(option))]


def result_named(words: Sequence[str]) -> bool:
    """Whether a field tells how something ended: its winner."""
    return words[-1:] != () and words[-1] in _table()["results"]


def nearly_over(words: Sequence[str]) -> bool:
    """Whether a moment is that of a deed by which something comes near its end: dispatched, closed."""
    return bool({*words} & _table()["near"]) and not {*words} & _table()["until"]


def tells_of_work(names: Sequence[str]) -> bool:
    """Whether one of the fields of a part tells how far a work is that goes on."""
    return bool({"_".join(words_of(name)) for name in names} & _table()["working"])


def _same_stem(word: str, option: str) -> bool:
    """Whether a word and a state are forms of one verb: cancel, cancellation and cancelled."""
    last = words_of(option)[-1]
    root = last.removesuffix("ed").rstrip("l")
    return word == last or len(root) > 2 and word.startswith(root)


PREFIXES = ("under", "over", "with", "fore", "out", "mis", "up", "re", "un")
"""What stands before a verb that is inflected as without it: uphold, upheld."""


def participle_of(word: str, verb: str) -> bool:
    """Whether a word is the participle of a verb: paused, shipped, sent."""
    irregular: Mapping[str, Sequence[str]] = read("language/en/verbs.yaml")
    if verb in irregular:
        return word == irregular[verb][-1]
    stem = next((stem for stem in PREFIXES if verb.startswith(stem) and verb[len(stem) :] in irregular), "")
    if stem:
        return word == stem + irregular[verb[len(stem) :]][-1]
    forms = {verb + "ed", verb + verb[-1:] + "ed"}
    forms |= {verb + "d"} if verb.endswith("e") else {verb[:-1] + "ied"} if verb.endswith("y") else set()
    return word in forms


def rare(words: Sequence[str]) -> bool:
    """Whether a switch is on in few records."""
    return bool({*words} & _table()["rare"])


def standing(properties: Mapping[str, Any]) -> str:
    """The name of the field that tells how a record stands; "" where there is none."""
    named = (name for name in properties if words_of(name)[-1:] in {(word,) for word in _STANDING})
    return next((name for name in named if len(words_of(name)) < 3), "")


def begins_and_ends(options: Sequence[object]) -> bool:
    """Whether states tell of a beginning and of an end."""
    told = {*phases(options)}
    return bool(told & {"over", "dropped"} and told & {"ahead", "going"})
