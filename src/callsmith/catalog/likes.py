"""What is of the like of an example: other blends beside House Espresso, by the lists in which the example stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from callsmith.catalog.called import kinds, words
from callsmith.catalog.data import read
from callsmith.catalog.sorts import known_lists

_FEWEST, _MOST = 4, 14
_NAMED = 3  # words of a name, at most


@lru_cache(maxsize=1)
def _lists() -> dict[str, list[tuple[str, ...]]]:
    """The lists of names in which a name stands, by the name as one writes it without capitals."""
    found: dict[str, list[tuple[str, ...]]] = {}
    plain = (tuple(title for title in kind["titles"] if "{" not in title) for kind in kinds())
    sorts: Iterable[tuple[str, ...]] = known_lists()
    near = (tuple(line["values"]) for line in read("catalog/lexicon/likes.yaml")["likes"])
    for listed in (*map(tuple, words().values()), *plain, *sorts, *near):
        several = tuple(dict.fromkeys(one for one in listed if one and "{" not in one))
        for one in several if len(several) >= _FEWEST else ():
            found.setdefault(_bare(one), []).append(several)
    return found


def _bare(text: str) -> str:
    return " ".join(word.removesuffix("s") for word in text.lower().split())


def names_likes(name: Sequence[str]) -> bool:
    """Whether it is known what a field of that name may hold besides an example."""
    listed = read("catalog/lexicon/likes.yaml")["likes"]
    return any({" ".join(name[-2:]), *name[-1:]} & {*line["names"]} for line in listed)


def likes_of(example: str, name: Sequence[str], noun: str) -> list[str]:
    """The example and others like it; empty where no list has it and no thing is called by the name.

    ``name``: the words of the field, singular; ``noun``: what its record is called.
    """
    listed = read("catalog/lexicon/likes.yaml")["likes"]
    for line in listed:
        if {" ".join(name[-2:]), *name[-1:]} & {*line["names"]} and _bare(example) in map(
            _bare, line["values"]
        ):
            return _with(example, line["values"])
    lists = _lists().get(_bare(example), ())
    if lists:
        return _with(example, min(lists, key=len))
    for last in (" ".join(name[-2:]), name[-1] if name else "", noun.rpartition(" ")[2]):
        if not last or last in _BROAD:
            continue
        found = next((line["values"] for line in listed if last in line["names"]), ())
        if found:
            return _with(example, tuple(found))
        titles = _titles(last)
        if len(titles) >= _FEWEST and _cased(example) == _cased(titles[0]):
            return _with(example, titles)
    return []


_BROAD = ("name", "title", "type", "kind", "category", "label", "code", "text", "value", "item", "product", "thing",
          "description", "note", "part", "site", "location", "order", "job", "record", "entry", "species", "material",
          "size", "variety", "style", "grade", "model", "team", "component", "equipment", "colour", "color", "finish",
          "function", "subject", "set", "group", "unit", "service", "option", "plan", "status", "reason")  # fmt: skip


def _cased(text: str) -> bool:
    return text[:1].isupper()


@lru_cache(maxsize=512)
def _titles(noun: str) -> tuple[str, ...]:
    """What things of a noun are called, where lists say so; the slots of titles are filled from theirs."""
    said, known = [], words()
    for kind in kinds():
        if noun not in kind["nouns"] or kind["counted"]:
            continue
        for title in kind["titles"]:
            slot = title.removeprefix("{").removesuffix("}")
            said += [one for one in known.get(slot, ()) if "{" not in one] if f"{{{slot}}}" == title else []
            said += [title] if "{" not in title else []
        if said:
            break
    return tuple(dict.fromkeys(said))


def _with(example: str, listed: Sequence[str]) -> list[str]:
    small = not _cased(example)
    said = [one[:1].lower() + one[1:] if small and one[1:2].islower() else one for one in listed]
    if len(example.split()) > 1 and example.istitle():
        said = [" ".join(map(_capital, one.split())) for one in said]
    others = [one for one in said if _bare(one) != _bare(example) and len(one.split()) <= _NAMED + 1]
    return [example, *others[: _MOST - 1]]


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:] if len(word) > 2 else word
