"""Whether an answer is a page with others after it, and how many records there are in all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from callsmith.catalog.figures import name_words
from callsmith.records import Json, Tool

_CONDITION = re.compile(
    r"\bat least one (?:of )?(?:the |these |those |its )?(?:[\w-]+ ){0,3}?"
    r"(?:filters?|parameters?|arguments?|criteri(?:on|a)|conditions?|fields?|terms?)\b",
    re.IGNORECASE,
)
_PLACES = frozenset("meta metadata pagination paging page pager links cursor cursors info".split())
_AFTER = frozenset("cursor token page link url uri offset marker key start".split())
_WHOLE = frozenset("count results items records hits rows size matches elements entries found".split())


def conditional(tool: Tool) -> bool:
    """Whether a listing says that it answers only where something narrows it: "at least one filter is required"."""
    return _CONDITION.search(tool.description) is not None


def goes_on(value: Json, shown: int) -> bool:
    """Whether more records follow than the ``shown`` ones, as far as an answer tells."""
    said = dict(_told(value))
    if any(_follows(set(name), held) for name, held in said.items()):
        return True
    page, pages = said.get(("page",)), said.get(("total", "pages"), said.get(("pages",)))
    if isinstance(page, int) and isinstance(pages, int) and not isinstance(page, bool) and pages > page > 0:
        return True
    return in_all(value) > shown > 0 and not (isinstance(page, int) and page > 1)


def in_all(value: Json) -> int:
    """How many records there are on all pages; -1 where an answer does not tell."""
    for name, held in _told(value):
        words = {*name}
        whole = "total" in words and words <= {"total", *_WHOLE} or name == ("found",)
        if whole and isinstance(held, int) and not isinstance(held, bool):
            return held
    return -1


def _follows(words: set[str], held: Json) -> bool:
    if held is True:
        return "more" in words or "next" in words or "truncated" in words
    if held is False:
        return words in ({"last"}, {"is", "last"}, {"last", "page"}, {"is", "last", "page"})
    after = "next" in words and words <= {"next", *_AFTER} or words in ({"continuation", "token"}, {"after"})
    return after and bool(held) and not isinstance(held, (list, Mapping))


def _told(value: Json) -> Iterator[tuple[tuple[str, ...], Json]]:
    """What an answer says besides its records: the names of its leaves, with their values."""
    if not isinstance(value, Mapping) or not any(isinstance(held, list) for held in value.values()):
        return
    for name, held in value.items():
        words = tuple(name_words(name))
        if isinstance(held, Mapping):
            inside = {*words} & _PLACES
            yield from ((tuple(name_words(one)), inner) for one, inner in held.items() if inside)
        elif not isinstance(held, list):
            yield words, held
