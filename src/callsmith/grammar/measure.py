"""How far a JSON value of a shape reaches in a text, or what is wrong with it and where."""

from __future__ import annotations

import json
import re

from msgspec import Struct

from callsmith.grammar.regular import python
from callsmith.grammar.shapes import STRING, Choice, Leaf, Listing, Record, Shape, Table
from callsmith.text import short

_STRING = re.compile(python(STRING.regular))
BLANK = re.compile(r"[ \t\r\n]*")


class _Marks(Struct, frozen=True):
    """What stands around and between values."""

    open: re.Pattern[str]
    close: re.Pattern[str]
    open_list: re.Pattern[str]
    close_list: re.Pattern[str]
    comma: re.Pattern[str]
    colon: re.Pattern[str]
    spaced: str  # what an error adds to the name of a comma or colon


def _marks(before: str, behind: str, between: str, spaced: str) -> _Marks:
    return _Marks(
        re.compile(rf"\{{{behind}"),
        re.compile(rf"{before}\}}"),
        re.compile(rf"\[{behind}"),
        re.compile(rf"{before}\]"),
        re.compile(rf"{before},{between}"),
        re.compile(rf"{before}:{between}"),
        spaced,
    )


_EXACT = _marks("", "", " ", " and a space")
_FREE = _marks(BLANK.pattern, BLANK.pattern, BLANK.pattern, "")


class Mismatch(Exception):
    """No value of the shape stands here: the offset, what could have stood there, and more where more is known."""

    def __init__(self, at: int, expected: tuple[str, ...], why: str = "") -> None:
        super().__init__(why or " or ".join(expected))
        self.at = at
        self.expected = expected
        self.why = why


class Measure:
    """Measures values in one text. ``free``: in any order of properties, with any white space."""

    def __init__(self, text: str, *, free: bool = False) -> None:
        self.text = text
        self.free = free
        self.marks = _FREE if free else _EXACT

    def value(self, shape: Shape, at: int) -> int:
        """The offset behind the value that begins at ``at``.

        Raises:
            Mismatch: no value of this shape begins there.
        """
        match shape:
            case Leaf():
                found = shape.compiled.match(self.text, at)
                if found is None:
                    raise Mismatch(at, (shape.label,))
                return found.end()
            case Record():
                return self._record(shape, at)
            case Table():
                return self._table(shape, at)
            case Listing():
                return self._listing(shape, at)
            case Choice(options):
                return self._choice(options, at)

    def _choice(self, options: tuple[Shape, ...], at: int) -> int:
        failed: list[Mismatch] = []
        for option in options:
            try:
                return self.value(option, at)
            except Mismatch as mismatch:
                failed.append(mismatch)
        furthest = max(failure.at for failure in failed)
        deepest = [failure for failure in failed if failure.at == furthest]
        expected = dict.fromkeys(label for failure in deepest for label in failure.expected)
        raise Mismatch(furthest, tuple(expected), next((one.why for one in deepest if one.why), ""))

    def _need(self, mark: re.Pattern[str], at: int, *expected: str) -> int:
        found = mark.match(self.text, at)
        if found is None:
            raise Mismatch(BLANK.match(self.text, at).end(), expected)  # type: ignore[union-attr]
        return found.end()

    def _name(self, at: int, expected: tuple[str, ...]) -> tuple[str, int]:
        """A property's name as it is spelled, and where its value begins."""
        found = _STRING.match(self.text, at)
        if found is None:
            raise Mismatch(at, expected)
        return found.group(), self._need(self.marks.colon, found.end(), f"a colon{self.marks.spaced}")

    def _record(self, shape: Record, at: int) -> int:
        known = {
            json.dumps(member.name, ensure_ascii=False): index for index, member in enumerate(shape.members)
        }
        spelled = list(known)
        at = self._need(self.marks.open, at, "an object")
        seen: set[int] = set()
        last = -1
        while True:
            missing = [
                index
                for index, member in enumerate(shape.members)
                if member.required and index not in seen and (self.free or index > last)
            ]
            closing = self.marks.close.match(self.text, at)
            if closing is not None and (seen or closing.group() == self.text[at : at + 1]):
                if missing:
                    names = ", ".join(spelled[index] for index in missing)
                    raise Mismatch(closing.end() - 1, (spelled[missing[0]],), f"{names} missing")
                return closing.end()
            stop = missing[0] if missing and not self.free else len(spelled) - 1
            free = [index for index in range(len(spelled)) if index not in seen]
            allowed = free if self.free else [index for index in free if last < index <= stop]
            expected = (*(spelled[index] for index in allowed), *(() if missing else ("}",)))
            if seen:
                at = self._need(
                    self.marks.comma, at, f"a comma{self.marks.spaced}", *(() if missing else ("}",))
                )
            name, value = self._name(at, expected)
            index = known.get(name, -1)
            if index not in allowed:
                raise Mismatch(at, expected, self._refused(name, index, seen, spelled))
            at = self.value(shape.members[index].shape, value)
            seen.add(index)
            last = index

    @staticmethod
    def _refused(name: str, index: int, seen: set[int], spelled: list[str]) -> str:
        if index < 0:
            return f"there is no {short(name)} here, only {', '.join(spelled) or 'an empty object'}"
        if index in seen:
            return f"{name} stands there twice"
        return f"{name} is out of order: the order is {', '.join(spelled)}"

    def _table(self, shape: Table, at: int) -> int:
        at = self._need(self.marks.open, at, "an object")
        if self.text[at : at + 1] == "}":
            if shape.low:
                raise Mismatch(at, ("a property",))
            return at + 1
        while True:
            found = _STRING.match(self.text, at)
            if found is None:
                raise Mismatch(at, ("the name of a property",))
            at = self.value(
                shape.value, self._need(self.marks.colon, found.end(), f"a colon{self.marks.spaced}")
            )
            closing = self.marks.close.match(self.text, at)
            if closing is not None:
                return closing.end()
            at = self._need(self.marks.comma, at, f"a comma{self.marks.spaced}", "}")

    def _listing(self, shape: Listing, at: int) -> int:
        at = self._need(self.marks.open_list, at, "an array")
        count = 0
        if self.text[at : at + 1] == "]":
            if shape.low:
                raise Mismatch(at, ("an element",), f"{shape.low} or more elements are needed")
            return at + 1
        while True:
            if count == shape.high:
                raise Mismatch(at, ("]",), f"no more than {shape.high} elements are allowed")
            at = self.value(shape.item, at)
            count += 1
            closing = self.marks.close_list.match(self.text, at)
            if closing is not None:
                if count < shape.low:
                    raise Mismatch(
                        closing.end() - 1,
                        (f"a comma{self.marks.spaced}",),
                        f"{shape.low} or more elements are needed",
                    )
                return closing.end()
            at = self._need(self.marks.comma, at, f"a comma{self.marks.spaced}", "]")
