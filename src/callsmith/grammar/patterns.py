"""What a ``pattern`` of JSON Schema matches, as a regular expression of ours."""

from __future__ import annotations

import re

from callsmith.grammar.regular import LAST, MANY, Chars, Either, Join, Many, Regular, either, other, tidy


class _UnreadableError(Exception):
    pass


_ANY = Chars(other(((10, 10),)))  # what a dot stands for
_CLASSES = {
    "d": ((48, 57),),
    "w": ((48, 57), (65, 90), (95, 95), (97, 122)),
    "s": ((9, 13), (32, 32), (160, 160)),
}
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
_BRACES = re.compile(r"\{([0-9]{1,3})(,([0-9]{0,3}))?\}")


def pattern(source: str) -> Regular | None:
    """What a ``pattern`` searches for, with all that may stand around it; None where it is not regular."""
    start, end = source.startswith("^"), source.endswith("$") and not source.endswith("\\$")
    reader = _Reader(source[start : len(source) - end])
    try:
        inner = reader.either()
    except (_UnreadableError, IndexError, ValueError):
        return None
    if reader.at < len(reader.source) or (isinstance(inner, Either) and (start or end)):
        return None  # a stray bracket; an anchor that belongs to one of the options
    anything = Many(Chars(((0, LAST),)), 0)
    return Join((*([] if start else [anything]), inner, *([] if end else [anything])))


class _Reader:
    """Reads what all dialects of regular expressions share: no anchors inside, no references, no looking around."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0

    def peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def next(self) -> str:
        self.at += 1
        return self.source[self.at - 1]

    def either(self) -> Regular:
        options = [self.joined()]
        while self.peek() == "|":
            self.next()
            options.append(self.joined())
        return either(*options)

    def joined(self) -> Regular:
        parts: list[Regular] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.counted(self.atom()))
        return Join(tuple(parts))

    def counted(self, part: Regular) -> Regular:
        sign = self.peek()
        if sign in ("*", "+", "?") and sign:
            self.next()
            found = Many(part, 1 if sign == "+" else 0, 1 if sign == "?" else None)
        elif braces := _BRACES.match(self.source, self.at):
            self.at = braces.end()
            low = int(braces[1])
            high = low if braces[2] is None else int(braces[3]) if braces[3] else None
            if (high is not None and (high < low or high > MANY)) or low > MANY:
                raise _UnreadableError
            found = Many(part, low, high)
        else:
            return part
        if self.peek() in ("?", "+") and self.peek():
            self.next()  # how eagerly it matches does not change what is matched
        return found

    def atom(self) -> Regular:
        letter = self.next()
        if letter == "(":
            if self.peek() == "?":
                self.next()
                if self.next() != ":":
                    raise _UnreadableError
            inner = self.either()
            if self.next() != ")":
                raise _UnreadableError
            return inner
        if letter == "[":
            return self.bracket()
        if letter == "\\":
            return Chars(self.escaped())
        if letter == ".":
            return _ANY
        if letter in "^$*+?{}":
            raise _UnreadableError
        return Chars(((ord(letter), ord(letter)),))

    def escaped(self) -> tuple[tuple[int, int], ...]:
        letter = self.next()
        if letter in "dws":
            return _CLASSES[letter]
        if letter in "DWS":
            return other(_CLASSES[letter.lower()])
        if letter in "xu":
            size = 2 if letter == "x" else 4
            point = int(self.source[self.at : self.at + size], 16)
            self.at += size
            return ((point, point),)
        if letter.isalnum() and letter not in _LETTERS:
            raise _UnreadableError
        point = ord(_LETTERS.get(letter, letter))
        return ((point, point),)

    def bracket(self) -> Regular:
        negated = self.peek() == "^"
        if negated:
            self.next()
        ranges: list[tuple[int, int]] = []
        while (letter := self.next()) != "]":
            if letter == "[":
                raise _UnreadableError  # nested classes mean different things to different readers
            found = self.escaped() if letter == "\\" else ((ord(letter), ord(letter)),)
            if self.peek() == "-" and self.source[self.at + 1 : self.at + 2] not in ("]", ""):
                self.next()
                last = self.next()
                upper = self.escaped() if last == "\\" else ((ord(last), ord(last)),)
                if len(found) > 1 or len(upper) > 1 or found[0][0] > upper[0][0]:
                    raise _UnreadableError
                found = ((found[0][0], upper[0][0]),)
            ranges.extend(found)
        if not ranges:
            raise _UnreadableError
        return Chars(other(tidy(ranges)) if negated else tidy(ranges))
