"""Fields that name a sort of something: the values people have for them, by field and noun of the record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from msgspec import UNSET, Struct, UnsetType

from callsmith.catalog.belonging import sorts_of, told_in
from callsmith.catalog.data import read

SORTS = "catalog/lexicon/sorts.yaml"


MANY = 24  # nouns of a toolkit, more than which tell nothing of what it is about


class Sort(Struct, frozen=True):
    """Values of one field; those of the same ``pair`` go together by their places."""

    values: tuple[str, ...]
    pair: str = ""
    by: dict[str, str] = {}  # words of what a record is called, and the value they mean
    plain: tuple[str, ...] = ()  # of which the sort is that no word tells
    scheme: str = ""  # by which names alone tell the sort

    def told(self, title: str) -> str:
        """The value that what a record is called leaves no doubt of."""
        if self.scheme:
            return told_in(self.scheme, title)
        words = (word.strip(".,;:!?()") for word in title.lower().split())
        return next((self.by[word] for word in words if word in self.by), "")


_ANY = "@"  # where nobody knows yet of which trade a toolkit is


class _Entry(Struct, frozen=True):
    of: frozenset[str]
    sort: Sort
    trades: frozenset[str] = frozenset()  # of which the toolkit has to be

    def fits(self, known: set[str] | frozenset[str], around: frozenset[str]) -> bool:
        """Whether the entry is of something known, in a toolkit of its trades."""
        return bool(self.of & known) and (not self.trades or bool(self.trades & around) or _ANY in around)


def _listed(scheme: str) -> tuple[str, ...]:
    return sorts_of(scheme) if scheme else ()


@lru_cache(maxsize=1)
def _entries() -> dict[str, list[_Entry]]:
    found: dict[str, list[_Entry]] = {}
    for line in read(SORTS)["sorts"]:
        entry = _Entry(
            frozenset(line.get("of", ())),
            Sort(
                (*map(str, line.get("values", ())), *line.get("by", ()), *_listed(line.get("told", ""))),
                line.get("pair", ""),
                {word: value for value, words in line.get("by", {}).items() for word in words},
                tuple(map(str, line.get("values", ()))),
                line.get("told", ""),
            ),
            frozenset(f"@{trade}" for trade in line.get("in", ())),
        )
        for name in line["names"]:
            found.setdefault(name, []).append(entry)
    return found


def known_lists() -> list[tuple[str, ...]]:
    """The values of every sort that nothing tells of a thing's name."""
    return [
        entry.sort.values for entries in _entries().values() for entry in entries if not entry.sort.scheme
    ]


@lru_cache(maxsize=1)
def known_values() -> frozenset[str]:
    """Every value of every sort, each as people write it."""
    return frozenset(
        value for entries in _entries().values() for entry in entries for value in entry.sort.values
    )


@lru_cache(maxsize=1)
def _marks() -> dict[str, str]:
    return {name: line["form"] for line in read(SORTS)["marks"] for name in line["names"]}


def mark_of(name: Sequence[str]) -> str:
    """The form of a mark that people read off things, such as a licence plate; "" for other names."""
    return next((form for start in range(len(name)) if (form := _marks().get(" ".join(name[start:])))), "")


_CODED = ("code", "label", "number", "no")


def mark_on(noun: Sequence[str], name: Sequence[str]) -> str:
    """The form of the mark on a thing that people tell by such marks: the code of a bay, a unit, a stall."""
    own = read("catalog/lexicon/signs.yaml")["own"]
    words = name if len(name) > 1 else (*noun, *name)
    return "A99" if len(words) > 1 and words[-1] in _CODED and words[-2] in own else ""


def marked(form: str, bits: int) -> str:
    """A mark of that form: ``9`` is a figure, ``A`` a letter."""
    made = []
    for sign in form:
        bits, draw = (bits * 6364136223846793005 + 1442695040888963407) % (1 << 64), bits >> 33
        made.append(_LETTERS[draw % 21] if sign == "A" else str(1 + draw % 9) if sign == "9" else sign)
    return "".join(made)


def marked_in_turn(form: str, place: int) -> str:
    """The mark of the thing at a ``place`` among those that bear short marks, each another; "" for other forms."""
    if form == "299":
        turn = place * 7 % 60
        return f"{1 + turn // 15}{1 + turn % 15:02d}"
    if form in ("A99", "A9"):
        turn = place * 7 % 120
        return f"{_LETTERS[turn // 20]}{1 + turn % 20}"
    return ""


_LETTERS = "ABCDEFGHJKLMNPRSTVWXZ"


# What is said of anything: the type of a link says nothing of the events beside it, nor is a boiler of a bike's model.
_BROAD = ("type", "category", "kind", "class", "section", "model", "brand", "make", "manufacturer", "material", "size",
          "finish", "species", "style", "format", "role", "season",
          "description", "details", "problem", "symptom")  # fmt: skip


def sort_of(
    name: Sequence[str], noun: str, company: Collection[str] = (), trade: str | UnsetType = UNSET
) -> Sort | None:
    """The sort that a field of these words names in a record called ``noun``; ``company``: other nouns of its toolkit.

    The words of the name are singular. What stands before the sort in the name says of what it is.
    """
    for start in range(len(name)):
        entries = _entries().get(" ".join(name[start:]))
        if entries:
            near = {*noun.split(" "), noun, *name[:start], " ".join(name[:start])}
            around = frozenset() if name[start:][-1] in _BROAD else frozenset(company)
            around |= {_ANY} if trade is UNSET else {f"@{trade}"} if trade else frozenset()
            return _nearest(entries, near, around, whole=not start or set(name[:start]) <= near)
    return None


def _nearest(
    entries: Sequence[_Entry], near: set[str], around: frozenset[str], *, whole: bool
) -> Sort | None:
    for known in (near, around):
        for entry in entries:
            if entry.fits(known, around):
                return entry.sort
    return next((entry.sort for entry in entries if not entry.of and whole), None)
