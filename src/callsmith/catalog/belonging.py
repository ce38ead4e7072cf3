"""What things belong to, told by their names: the shelf of a mug, the department of a nurse, the course of a soup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from callsmith.catalog.data import read

_FILE = "catalog/lexicon/belongs.yaml"
_TOPICS = "catalog/lexicon/topics.yaml"
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_REST = re.compile(r",|:|\(|\b(?:with|for|from|in|at|after|by|without)\b")
_HELD = re.compile(r"^(?:\w+ )?(?:set|box|pack|pair|bag|tray|sack|bottle|tin|jar|bunch|copy) of (?=\w)")
_ENOUGH = 16  # names of one sort
_PHRASE = 3  # words of the longest phrase
Phrase = tuple[str, ...]


@lru_cache(maxsize=1)
def _schemes() -> dict[str, dict[str, frozenset[Phrase]]]:
    found: dict[str, dict[str, frozenset[Phrase]]] = {}
    name = ""
    for line in read(_FILE)["schemes"].splitlines():
        if line.startswith("["):
            name = line[1:-1]
            found[name] = {}
        elif line:
            sort, _, words = line.partition(": ")
            found[name][sort] = frozenset(_phrase(word) for word in words.split(", "))
    return found


@lru_cache(maxsize=1)
def _everywhere() -> dict[str, frozenset[Phrase]]:
    """The words of each sort of any scheme, by the sort in plain writing and by what else it is called."""
    found: dict[str, frozenset[Phrase]] = {}
    for scheme in _schemes().values():
        for sort, words in scheme.items():
            found[plainly(sort)] = found.get(plainly(sort), frozenset()) | words
    for sort, more in read(_TOPICS)["told"].items():
        found[sort] = found.get(sort, frozenset()) | {_phrase(word) for word in more}
    for line in read(_FILE)["same"].splitlines():
        other, _, sorts = line.partition(" = ")
        for sort in sorts.split(", "):
            found[other] = found.get(other, frozenset()) | found.get(plainly(sort), frozenset())
    return found


def plainly(option: object) -> str:
    """A choice as people write it."""
    return str(option).lower().replace("_", " ").replace("-", " ").replace("&", "and").strip()


def sorts_of(scheme: str) -> tuple[str, ...]:
    """The sorts of a scheme."""
    return tuple(_schemes()[scheme])


def topical(options: Sequence[object]) -> bool:
    """Whether the names of things tell which of the sorts listed for them is the one."""
    return sum(plainly(option) in _everywhere() for option in options) > 1


def things_of(options: Sequence[object]) -> list[str]:
    """What goods of the sorts listed are called; empty where less than half of the sorts are known."""
    known = {option: _goods().get(plainly(option), ()) for option in options}
    if 2 * sum(map(bool, known.values())) < len(options):
        return []
    named = (
        [text for text in said if told_by_name(text, options) == option] for option, said in known.items()
    )
    return list(dict.fromkeys(text for said in named for text in said[:_ENOUGH]))


@lru_cache(maxsize=1)
def _goods() -> dict[str, list[str]]:
    """The goods of each sort as they are written, by the sort and by what else it is called."""
    text = read(_FILE)["schemes"].partition("[goods]\n")[2].partition("\n[")[0]
    lines = (line.partition(": ") for line in text.splitlines())
    found = {sort: words.split(", ") for sort, _, words in lines}
    for line in read(_FILE)["same"].splitlines():
        other, _, sorts = line.partition(" = ")
        found.setdefault(other, [word for sort in sorts.split(", ") for word in found.get(sort, ())])
    return found


def told_in(scheme: str, title: str) -> str:
    """The sort of a scheme that a thing's name tells; "" where it tells none."""
    return str(_best(title, _index_of(scheme)) or "")


def told_by_name(title: str, options: Sequence[object]) -> object:
    """The one of the sorts listed that a thing's name tells best; None where it tells none."""
    return _best(title, _index(tuple(options)))


@lru_cache(maxsize=64)
def _index_of(scheme: str) -> dict[Phrase, object]:
    return _by_phrase(_schemes()[scheme].items())


@lru_cache(maxsize=1024)
def _index(options: tuple[object, ...]) -> dict[Phrase, object]:
    known = _everywhere()
    return _by_phrase(
        (option, known.get(plainly(option), frozenset()) | {_phrase(plainly(option))}) for option in options
    )


def _by_phrase(sorts: Iterable[tuple[object, frozenset[Phrase]]]) -> dict[Phrase, object]:
    """The sort that a phrase tells: the narrowest of those that know it."""
    found: dict[Phrase, object] = {}
    for sort, words in sorted(sorts, key=lambda item: len(item[1])):
        for word in words:
            found.setdefault(word, sort)
    return found


def _best(title: str, known: Mapping[Phrase, object]) -> object:
    """What the last phrase of a name tells that is known: a bread knife is a knife, a soup with rice a soup."""
    text = _HELD.sub("", title.lower())
    head = _REST.split(text, maxsplit=1)[0]
    return _last(head, known) or (_last(text, known) if head != text else None)


def _last(text: str, known: Mapping[Phrase, object]) -> object:
    words = _phrase(text)
    for end in range(len(words), 0, -1):
        for start in range(max(0, end - _PHRASE), end):
            found = known.get(words[start:end])
            if found is not None:
                return found
    return None


def _phrase(text: str) -> Phrase:
    return tuple(_one(word) for word in _WORD.findall(text.lower()))


@lru_cache(maxsize=8192)
def _one(word: str) -> str:
    """A word without the ending of several."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "'s", "’s")) and len(word) > 3:
        return word[:-1]
    return word
