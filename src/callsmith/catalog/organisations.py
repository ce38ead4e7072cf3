"""Whether a text names a body of people, such as a shop or a school, and not one of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from callsmith.catalog import data

_WORDS = re.compile(r"[a-zà-ÿ]+", re.IGNORECASE)
_LONGEST = 9  # words of what a description is about


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return dict(data.read("catalog/lexicon/organisations.yaml"))


@lru_cache(maxsize=1)
def _kinds() -> dict[str, str]:
    return {noun: kind for kind, nouns in _table()["kinds"].items() for noun in nouns}


def organisation(name: Sequence[str], description: str) -> str:
    """The kind of body that a text of this name and description names; "" where it may be a person's name or none."""
    words = tuple(map(_one, name[:-1] if name[-1:] == ("name",) and len(name) > 1 else name))
    if not words:
        return ""
    party = words[-1] in _table()["parties"] or len(words) > 1 and words[-1] in ("for", "by", "to")
    own = _kinds().get(" ".join(words[-2:])) or _kinds().get(words[-1], "")
    told = _told(description, words)
    if told is not None:
        return told if party or own else ""
    return own if own and len(words) < 3 and words[-1] not in _table()["loose"] and not party else ""


def _told(description: str, name: Sequence[str]) -> str | None:
    """The kind of body that a description begins with; "" for something else, None where it tells nothing."""
    head: list[str] = []
    for word in _WORDS.findall(description.lower().split(". ")[0])[:_LONGEST]:
        if word in _table()["ends"] and (head or word != "the"):
            if word != "the" or _named(head):
                break
            continue
        if head and (word == "of" or word.endswith("ing")) and _named([one for one in head if one != "name"]):
            break
        head.append(_one(word))
    plain = [
        word for word in head if word not in ("a", "an", "the", "name", "of", "or", "and", "trading", "legal")
    ]
    if {*plain} <= {*_table()["parties"], *name}:
        return None
    if {*head} & {*_table()["persons"]}:
        return ""
    return _named(plain)


def body_named(title: str) -> bool:
    """Whether a title ends as what a body of people is called: Alder District Council."""
    words = title.lower().split()
    return len(words) > 1 and words[-1] in _kinds()


def _named(words: Sequence[str]) -> str:
    """The kind of the body whose noun comes first of several, and the last word is one."""
    kinds = _kinds()
    if not words or not (words[-1] in kinds or " ".join(words[-2:]) in kinds):
        return ""
    for place, word in enumerate(words):
        kind = kinds.get(" ".join(words[place : place + 2])) or kinds.get(word)
        if kind:
            return kind
    return ""


def _one(word: str) -> str:
    """One of what a plural noun names."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return (
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
    )
