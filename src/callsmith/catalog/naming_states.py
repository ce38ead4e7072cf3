"""Which states of a record a phrase speaks of: "once the parcel was picked up", "after delivery", "for failed jobs"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from callsmith.catalog.lives import phase, phases, words_of

_WORDS = re.compile(r"[a-z]+")
_ENDED = frozenset("ended ends end over finished finishes completed completion concluded done closed".split())
_ENDING = frozenset("afterwards".split())
_BEGUN = frozenset("started starts start begun begins began beginning underway running going active".split())
_OFF = frozenset("cancelled canceled cancellation cancellations aborted withdrawn".split())
_CRASHED = frozenset("failed aborted crashed errored stopped interrupted".split())
_SMALL = frozenset(
    "a an the of to for in on at by is was are were has have had been be it its out up off with".split()
)
_WISHED = frozenset("should will must expected wanted may can could might would wants want due".split())
_TAILS = (
    *("ations", "ation", "ings", "ing", "ions", "ion", "ment", "eries", "ery", "ure", "als", "al"),
    *("ed", "en", "es", "s", "y", "e", "d", "t"),
)


def named_in(phrase: str, options: Sequence[str], noun: str, *, begun: bool = False) -> frozenset[str]:
    """The states that a phrase speaks of; none where nobody can tell.

    ``begun``: what goes on is meant from when it began, so that its first state stands for all.
    """
    return _named(phrase, tuple(options), noun, begun)


@lru_cache(maxsize=8192)
def _named(phrase: str, options: tuple[str, ...], noun: str, begun: bool) -> frozenset[str]:
    words = _WORDS.findall(phrase.lower())[:14]
    own = {form for word in noun.lower().split(" ") for form in (word, word + "s", word + "es")}
    free = [word for word in words if word not in own]
    found = [one for one in options if _speaks(free, words_of(one))]
    found = found or [one for one in options if (held := _bare(words_of(one))) and _speaks(_bare(free), held)]
    found = [one for one in found if {*words_of(one)} <= {*free}] or found
    if {*free} & _WISHED and not any({*words_of(one)} & {*free} & _WISHED for one in found):
        return frozenset()
    found = [
        one
        for one in found
        if not any({*words_of(one)} < {*words_of(other)} and other != one for other in found)
    ]
    if found:
        ends = {*free} & {"ended", "ends", "end", "over"}
        return frozenset(found) | frozenset(one for one in options if ends and {*words_of(one)} & _CRASHED)
    told = dict(zip(options, phases(options), strict=True))
    said = {*free}
    if said & _OFF:
        return frozenset(one for one in options if {*words_of(one)} & (_OFF | {"called"}))
    if said & _ENDED:
        ended = ("over",) if begun else ("over", "dropped")
        crashed = _CRASHED if said & {"ended", "ends", "end", "over"} else frozenset()
        return frozenset(one for one in options if told[one] in ended or {*words_of(one)} & crashed)
    if said & _BEGUN and "not" not in said:
        going = [one for one in options if told[one] == "going"]
        going = [one for one in going if phase(one) == "going"] or going
        return frozenset(going[:1] if begun else going)
    heads = [word for word in noun.lower().split(" ")[-1:] if len(word) > 3]
    deeds = {word for word in said for head in heads if word.endswith("ed") and alike(word, head)}
    whole = said <= _SMALL | _ENDING | deeds and ({*words} & own or said & (_ENDING | deeds))
    if not whole or not begun:
        return frozenset()
    named = [one for one in options if heads and _speaks(heads, words_of(one)) and told[one] != "dropped"]
    return frozenset(
        named or [one for one in options if told[one] == "over" or words_of(one) == ("failed",) and deeds]
    )


def narrowed(phrase: str, options: Sequence[str], noun: str) -> bool:
    """Whether a phrase says more after the state that it speaks of: "if returned on time"."""
    own = {form for word in noun.lower().split(" ") for form in (word, word + "s", word + "es")}
    words = _WORDS.findall(phrase.lower())
    while words and words[-1] in own | {"one", "ones"}:
        words = words[:-1]
    last = (named_in(" ".join(words[-size:]), options, noun) for size in (1, 2))
    return bool(words) and not any(last) and bool(named_in(phrase, options, noun))


def _speaks(words: Sequence[str], state: Sequence[str]) -> bool:
    """Whether the words of a state stand in a row among others, in whatever form: check-out, delivery."""
    for start in range(len(words) - len(state) + 1):
        part = words[start : start + len(state)]
        if all(alike(one, other) for one, other in zip(part, state, strict=True)):
            return not {*words[max(0, start - 1) : start]} & {"not", "un", "non", "never"}
    return False


def of_noun(phrase: str, options: Sequence[str], noun: str) -> bool:
    """Whether a phrase speaks of records as such in a state: "delivered orders", "drafts", "orders that are paid"."""
    words = _WORDS.findall(phrase.lower())
    own = {form for word in noun.lower().split(" ")[-1:] for form in (word, word + "s", word + "es")}
    own |= {noun.lower().split(" ")[-1].removesuffix("y") + "ies", "ones", "those"}
    last = words[-1] if words else ""
    return bool({*words} & own) or len(words) < 3 and bool(named_in(last, options, noun))


def _bare(words: Sequence[str]) -> list[str]:
    return [word for word in words if word not in _SMALL]


def alike(word: str, state: str) -> bool:
    """Whether a word is a form of one of a state: delivery, delivered."""
    if word == state:
        return True
    if min(len(word), len(state)) < 4 or word in _SMALL:
        return False
    first, second = _stem(word), _stem(state)
    shorter, longer = sorted((first, second), key=len)
    return len(shorter) > 2 and longer.startswith(shorter) and len(longer) - len(shorter) < 2


def _stem(word: str) -> str:
    for tail in _TAILS:
        if word.endswith(tail) and len(word) - len(tail) > 2:
            cut = word[: -len(tail)]
            return cut[:-1] if len(cut) > 3 and cut[-1] == cut[-2] and cut[-1] not in "s" else cut
    return word
