"""How times stand in a sentence: a beginning and an end told as one, a moment with its preposition."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsmith.language.grammar import unmarked

BEGUN, DONE = ("from ", "valid from "), ("to ", "until ", "valid until ")
_TIME = re.compile(
    r"\b(?:to(?:day|night|morrow)|yesterday|[a-z]+day|[0-9]{1,2}:[0-9]{2}|[0-9]{1,2} ?[ap]m|noon|midday|midnight|"
    r"[0-9]{1,2}(?:st|nd|rd|th)|(?:january|february|march|april|may|june|july|august|september|october|november|"
    r"december)(?: [0-9]| of|$)|(?:19|20)[0-9][0-9]|now)\b",
    re.IGNORECASE,
)


def spanning(said: Sequence[str], fact: str) -> list[str]:
    """The facts with another, a beginning and an end told as one: "from Monday to Friday"."""
    facts = [*said]
    for place, other in enumerate(facts):
        head, until, end = fact.partition(" until ")
        if until and " " not in head and other.startswith(f"{head} from "):
            facts[place] = f"{other} until {end}"
            return facts
        first, last = (other, fact) if fact.startswith(DONE) else (fact, other)
        if not (_TIME.search(first) and _TIME.search(last)):  # where somebody is picked up begins no time
            continue
        if first.startswith(BEGUN) and last.startswith(DONE) and not last.startswith("to be "):
            facts[place] = f"{first} {_of_one_day(first, last.removeprefix('valid '))}"
            return facts
    return [*facts, fact]


def _of_one_day(first: str, last: str) -> str:
    """The end of a time without its day, where that is the day it began."""
    begun, until = first.removeprefix("valid ").partition(" "), last.partition(" ")
    day, at, _ = begun[2].partition(" at ")
    same = at and until[2].startswith(f"{day} at ")
    return f"{until[0]} {until[2].removeprefix(f'{day} at ')}" if same else last


def of_one_deed(said: Sequence[str]) -> list[str]:
    """The facts with who did something and when told as one: "noted by Ana Ruiz on Friday"."""
    facts = [*said]
    for by in said:
        head, _, name = by.partition(" by ")
        when = next((one for one in facts if name and one.startswith(f"{head} ") and one != by), "")
        day = when.removeprefix(f"{head} ")
        if (
            " " not in head
            and _TIME.search(day)
            and not day.startswith(("by ", "until ", "from ", "to ", "for "))
        ):
            near = day.startswith(("today", "tomorrow", "yesterday"))
            facts[facts.index(by)] = f"{by} {day}" if near else f"{by} on {day}"
            facts.remove(when)
    return facts


def half_told(fact: str) -> bool:
    """Whether a fact is one end of a time."""
    return (
        fact.startswith((*BEGUN, *DONE))
        and _TIME.search(fact) is not None
        and not fact.startswith("to be ")
        and " until " not in fact[6:]
        and " to " not in fact
    )


_PLAIN = re.compile(r"(?:today|tomorrow|tonight|this|next|first thing|later)\b", re.IGNORECASE)
_CLOCK = re.compile(
    r"[0-9]{1,2}(?::[0-9]{2}|\.[0-9]{2}| ?[ap]\.?m)|half|quarter|noon|midday|midnight", re.IGNORECASE
)


def at_a_time(said: str) -> str:
    """A moment with its preposition: on Monday at 10:00, at 10:00 on the 19th, tomorrow at noon."""
    bare = unmarked(said)
    if _PLAIN.match(bare):
        return said
    return f"at {said}" if _CLOCK.match(bare) else f"on {said}"
