"""What people call a value: the words of its name made speakable."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from callsmith.understand.leaf import Words, lexicon
from callsmith.understand.words import is_plural, plural, singular

_NUMBERED = re.compile(r"\b(s|ec|co|pm|h) ([0-9]+)\b")  # S3, EC2 and CO2 are one word each

_ENDS = {"from": "origin", "to": "destination"}


@cache
def _spelled() -> Mapping[str, str]:
    return {word.lower(): word for word in lexicon()["spelled"]}


@cache
def _bare() -> frozenset[str]:
    return frozenset(lexicon()["bare"])


def phrase_of(path: Sequence[Words], entry: Mapping[str, Any], matched: Words, own: str, pointer: str) -> str:
    """What a person calls the value: the lexicon's phrase or the words of the name, and of what it is."""
    last = path[-1]
    parent = _parent(path, own)
    if parent and " ".join(last) in _bare() and len(matched) <= len(last):
        suffix = {"date_time": "time", "date": "date", "url": "link"}.get(entry.get("facet", ""), "")
        several = "/*/" in pointer and is_plural(path[-2][-1])
        stem = " ".join(parent)
        if suffix and not stem.endswith(suffix):
            return f"{stem} {suffix}"
        return plural(stem) if several else stem
    if entry.get("facet") in ("place", "city", "country") and len(last) > 1 and last[0] in _ENDS:
        last = (_ENDS[last[0]], *last[1:])  # nobody speaks of a from address
    words = without_own(last, own)
    if entry.get("facet", "date_time") == "date_time" and len(last) > 1 and last[-1] == "at" and not entry:
        last = words = (*without_own(last, own)[:-1], "time")  # publishAt
    if entry.get("phrase") and (len(matched) >= len(last) or len(matched) >= len(words) or last[0] == "new"):
        phrase: str = entry["phrase"]
        if pointer.endswith("/*") and is_plural(last[-1]):
            phrase = _several(phrase)
        if len(matched) > len(last):
            return str(entry.get("inside", phrase))  # it speaks of what the value is in as well
    else:
        phrase = lexicon()["phrases"].get(" ".join(words)) or _happening(words) or _plain_words(words)
    phrase = _NUMBERED.sub(r"\1\2", phrase)
    phrase = " ".join(_spelled().get(word, word) for word in phrase.split(" "))
    if " ".join(parent) in lexicon()["quiet"]:
        return phrase
    if parent and phrase in lexicon()["leading"]:
        return f"{phrase} {' '.join(parent)}"  # the secondary phone
    return f"{' '.join(parent)} {phrase}" if parent and not phrase.startswith(parent[-1]) else phrase


def _parent(path: Sequence[Words], own: str) -> Words:
    """The words of the object a leaf is in, when they say something."""
    for step in reversed(path[:-1]):
        words = without_own(step, own)
        if " ".join(words) not in lexicon()["silent"] and " ".join(words) != own:
            return (*words[:-1], singular(words[-1])) if words else ()
    return ()


def _happening(words: Words) -> str:
    """The time of what happens then, by its verb: ``closesAt``, ``ends_on``, ``renews``; "" for other names."""
    noun = lexicon()["happening"].get(words[0], "")
    if not noun or len(words) > 2 or words[1:] not in ((), ("at",), ("on",), ("time",), ("date",)):
        return ""
    if words[1:] in (("at",), ("time",)):
        return f"{noun} time"
    return f"{noun} date"


def _plain_words(words: Words) -> str:
    if len(words) > 1 and words[0] in ("is", "has", "was", "should", "include", "show", "with", "only"):
        words = words[1:]
    if len(words) > 1 and words[-1] in ("on", "at"):
        words = (*words[:-1], "date")
    if len(words) > 1 and words[-1] == "slug":
        words = words[:-1]
    if len(words) > 1 and words[0] in ("num", "number"):
        return "number of " + " ".join(words[1:])
    if len(words) == 2 and is_plural(words[0]) and words[1] in ("total", "unread", "count"):
        return f"number of {'' if words[1] != 'unread' else 'unread '}{words[0]}"
    if len(words) > 1 and words[-1] == "count":
        return "number of " + " ".join(
            (*words[:-2], plural(words[-2])) if not is_plural(words[-2]) else words[:-1]
        )
    if len(words) == 2 and words[1] in lexicon()["leading"]:
        words = (words[1], words[0])
    return " ".join(words)


def _several(phrase: str) -> str:
    return phrase if is_plural(phrase.rsplit(" ", 1)[-1]) or phrase.startswith("people") else plural(phrase)


def without_own(words: Words, own: str) -> Words:
    for noun in (own, own.rsplit(" ", 1)[-1]):
        parts = tuple(noun.split(" ")) if noun else ()
        if parts and len(words) > len(parts) and words[: len(parts)] == parts:
            return words[len(parts) :]
    return words


def timely(spoken: str) -> str:
    """What a moment is called whose name is a preposition alone: the time of ``at``."""
    return str(lexicon()["timely"].get(spoken, spoken))
