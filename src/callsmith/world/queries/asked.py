"""What query languages have in common: finding the fields a name means, and tests on records."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from callsmith.records import Json
from callsmith.world.inferred.pointing import reader
from callsmith.world.queries.matching import number_of
from callsmith.world.stories.naming import split, stem
from callsmith.world.stories.story import Ground

Test = Callable[[Mapping[str, Json]], bool]
_TEXTS = {"name", "title", "subject", "summary", "body", "text", "content", "description", "snippet", "notes", "note",
          "location", "email", "display", "from", "to", "cc", "filename", "label", "labels", "message", "company",
          "phone", "handle", "login"}  # fmt: skip
_NO_TEXTS = {"id", "ids", "url", "zone", "type"}
_WORD = re.compile(r"\w+", re.UNICODE)


_TEXTS_KEPT = 2_000
_texts: dict[tuple[int, tuple[str, ...]], tuple[Mapping[str, Json], str]] = {}


class QueryError(Exception):
    """The product would refuse the query; the text is what it would say."""

    def __init__(self, message: str, param: str = "query") -> None:
        super().__init__(message)
        self.param = param


class Query(Struct, frozen=True):
    """A query understood: which records it keeps and, where the language says so, in what order."""

    test: Test
    order: Sequence[tuple[str, bool]] = ()


class Fields:
    """The leaf pointers of one kind of record, looked up by the names a query language uses."""

    def __init__(self, pointers: tuple[str, ...], population: Ground) -> None:
        self.pointers = pointers
        self.population = population
        self.texts = tuple(
            at
            for at in pointers
            if set(split(at)) & _TEXTS and not set(split(at.rsplit("/", 1)[-1])) & _NO_TEXTS
        )
        self._names: dict[str, tuple[str, ...]] = {}

    def named(self, *names: str) -> tuple[str, ...]:
        """The pointers whose last names are one of ``names``, compared as words; the first name that fits."""
        key = "|".join(names)
        if key not in self._names:
            self._names[key] = ()
            for name in names:
                wanted = split(name)
                fit = tuple(at for at in self.pointers if _tail(at)[-len(wanted) :] == wanted and wanted)
                whole = tuple(at for at in fit if _last(at) == wanted)
                if fit:
                    self._names[key] = whole or fit
                    break
        return self._names[key]

    def under(self, name: str) -> tuple[str, ...]:
        """The pointers of plain values below an object called ``name``."""
        wanted = stem(name)
        return tuple(
            at for at in self.pointers if wanted in [stem(step) for step in at.split("/")[:-1] if step]
        )


def _last(pointer: str) -> tuple[str, ...]:
    names = [step for step in pointer.split("/") if step and step != "*"]
    return split(names[-1]) if names else ()


def _tail(pointer: str) -> tuple[str, ...]:
    return tuple(word for step in pointer.split("/") if step and step != "*" for word in split(step))


def values(record: Mapping[str, Json], pointers: Sequence[str]) -> list[Json]:
    """All values at the pointers, lists laid flat."""
    found: list[Json] = []
    for pointer in pointers:
        for value in reader(pointer)(record):
            if isinstance(value, (list, tuple)):
                found.extend(value)
            else:
                found.append(value)
    return found


def has_text(pointers: Sequence[str], wanted: str) -> Test:
    """Some value contains ``wanted`` at the beginning of a word, in any case."""
    found = beginning(wanted)
    places = tuple(pointers)
    return lambda record: found(_folded(record, places))


def _folded(record: Mapping[str, Json], pointers: tuple[str, ...]) -> str:
    """The texts of a record in one case, one a line. Records never change, so it is worked out once for each."""
    key = (id(record), pointers)
    known = _texts.get(key)
    if known is None or known[0] is not record:
        if len(_texts) >= _TEXTS_KEPT:
            _texts.clear()
        text = "\n".join(str(value) for value in values(record, pointers) if value is not None)
        known = _texts[key] = (record, text.casefold())  # the record is kept, so that its id stays its own
    return known[1]


def beginning(wanted: str) -> Callable[[str], bool]:
    """Whether a text in one case has ``wanted`` at the start of one of its words."""
    needle = wanted.casefold()
    if not needle:
        return lambda text: True
    first = needle[0].isalnum()

    def test(text: str) -> bool:
        at = text.find(needle)
        while at >= 0:
            if not first or at == 0 or not text[at - 1].isalnum():
                return True
            at = text.find(needle, at + 1)
        return False

    return test


def compared(pointers: Sequence[str], operator: str, limit: float, population: Ground) -> Test:
    """Some number or moment stands in that relation to ``limit``."""
    tests: dict[str, Callable[[float], bool]] = {
        ">": lambda number: number > limit,
        ">=": lambda number: number >= limit,
        "<": lambda number: number < limit,
        "<=": lambda number: number <= limit,
        "=": lambda number: number == limit,
    }
    fits = tests[operator]

    def test(record: Mapping[str, Json]) -> bool:
        for value in values(record, pointers):
            number = number_of(value, population.clock)
            if number is not None and fits(number):
                return True
        return False

    return test


def all_of(tests: Sequence[Test]) -> Test:
    """Every test holds."""
    if len(tests) == 1:
        return tests[0]
    return lambda record: all(test(record) for test in tests)


def any_of(tests: Sequence[Test]) -> Test:
    """Some test holds."""
    if len(tests) == 1:
        return tests[0]
    return lambda record: any(test(record) for test in tests)


def negated(test: Test) -> Test:
    """The test does not hold."""
    return lambda record: not test(record)


def text_query(text: str, fields: Fields) -> Query:
    """Plain words: every one of them begins a word somewhere in the record's texts."""
    words = _WORD.findall(text)
    if not words:
        return Query(lambda record: True)
    return Query(all_of([has_text(fields.texts, word) for word in words]))


def chained(
    at: int,
    part: Callable[[int], tuple[Test, int]],
    joined: Callable[[int], bool],
    combine: Callable[[Sequence[Test]], Test],
) -> tuple[Test, int]:
    """Parts of a query joined by one operator: ``part`` reads one at a place, ``joined`` sees the operator there.

    Gives the combined test and the place after it.
    """
    test, at = part(at)
    tests = [test]
    while joined(at):
        test, at = part(at + 1)
        tests.append(test)
    return combine(tests), at
