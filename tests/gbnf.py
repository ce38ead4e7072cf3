"""A reader of GBNF as llama.cpp runs it, a character at a time over sets of stacks: an oracle of what a grammar accepts."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from functools import cache

Class = tuple[tuple[int, int], ...]
Part = Class | str  # a class of characters, or the name of a rule
Stack = tuple["Part", "Stack"] | tuple[()]
LAST = 0x10FFFF
_TOKEN = re.compile(
    r"""\s*(?:\#[^\n]*\s*)*(?:(?P<define>(?P<rule>[A-Za-z][A-Za-z0-9-]*)\s*::=)|(?P<name>[A-Za-z][A-Za-z0-9-]*)
    |(?P<string>"(?:[^"\\\n]|\\.)*")|(?P<klass>\[(?:[^\]\\\n]|\\.)*\])|(?P<count>[*+?]|\{[0-9]+(?:,[0-9]*)?\})
    |(?P<mark>[()|]))""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_NAMED = {"n": 10, "r": 13, "t": 9, "\\": 92, '"': 34, "[": 91, "]": 93}


class Gbnf:
    """A grammar whose language a text can be asked of."""

    def __init__(self, source: str) -> None:
        self.rules: dict[str, list[tuple[Part, ...]]] = {}
        self._parse(source)
        named = {part for options in self.rules.values() for option in options for part in option}
        unknown = {part for part in named if isinstance(part, str)} - self.rules.keys()
        assert not unknown and "root" in self.rules, f"rules are missing: {sorted(unknown)}"
        self._tops = cache(self._expanded)

    def accepts(self, text: str) -> bool:
        """Whether the text is of the language."""
        return () in self.after(text)

    def after(self, text: str) -> frozenset[Stack]:
        """The stacks a text leaves; none where it is no beginning of one of the language."""
        state = self._tops(("root", ()))
        for letter in text:
            state = self._step(state, ord(letter))
        return state

    def sample(self, rng: random.Random, most: int) -> tuple[str, bool]:
        """A random text of the language, and whether it was cut at ``most`` characters."""
        state, text = self._tops(("root", ())), []
        while True:
            classes = sorted({stack[0] for stack in state if stack})
            if not classes or (() in state and rng.random() < 0.5):
                return "".join(text), False
            if len(text) >= most:
                return "".join(text), True
            hurry = 0.2 + 1.6 * len(text) / most
            ends = [
                ord(e) for e in '"}]</' if rng.random() < hurry and any(_holds(c, ord(e)) for c in classes)
            ]
            point = rng.choice(ends) if ends else self._drawn(rng, rng.choice(classes))
            text.append(chr(point))
            state = self._step(state, point)

    @staticmethod
    def _drawn(rng: random.Random, klass: Class) -> int:
        plain = [(max(low, 33), min(high, 126)) for low, high in klass if max(low, 33) <= min(high, 126)]
        low, high = rng.choice(plain or list(klass))
        point = rng.randint(low, min(high, low + 200))
        return point if not 0xD800 <= point <= 0xDFFF else low

    def _step(self, state: frozenset[Stack], point: int) -> frozenset[Stack]:
        left: set[Stack] = set()
        for stack in state:
            if stack and _holds(stack[0], point):
                left |= self._tops(stack[1])
        return frozenset(left)

    def _expanded(self, stack: Stack) -> frozenset[Stack]:
        """The stacks whose top is a class of characters, or that are empty."""
        found: set[Stack] = set()
        seen: set[Stack] = set()
        todo = [stack]
        while todo:
            one = todo.pop()
            if one in seen:
                continue
            seen.add(one)
            if one and isinstance(one[0], str):
                for option in self.rules[one[0]]:
                    rest: Stack = one[1]
                    for part in reversed(option):
                        rest = (part, rest)
                    todo.append(rest)
            else:
                found.add(one)
        return frozenset(found)

    # ------------------------------------------------------------ reading

    def _parse(self, source: str) -> None:
        tokens = list(_tokens(source))
        at = 0
        while at < len(tokens):
            kind, name = tokens[at]
            assert kind == "define", f"a rule was expected, found {name}"
            at = self._options(tokens, at + 1, name)

    def _options(self, tokens: list[tuple[str, str]], at: int, name: str) -> int:
        option: list[Part] = []
        options = self.rules.setdefault(name, [])
        start = 0  # of the last part, which a count is about
        while at < len(tokens) and tokens[at][0] != "define" and tokens[at][1] != ")":
            kind, text = tokens[at]
            at += 1
            if text == "|" and kind == "mark":
                options.append(tuple(option))
                option = []
                continue
            if kind == "count":
                self._counted(option, start, text)
                continue
            start = len(option)
            if kind == "name":
                option.append(text)
            elif kind == "string":
                option += [((point, point),) for point in _points(text[1:-1])]
            elif kind == "klass":
                option.append(_class(text[1:-1]))
            else:
                inner = f"{name}({len(self.rules)}"
                at = self._options(tokens, at, inner) + 1
                option.append(inner)
        options.append(tuple(option))
        return at

    def _counted(self, option: list[Part], start: int, count: str) -> None:
        part = tuple(option[start:])
        del option[start:]
        low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(count, (0, 0))
        if count[0] == "{":
            first, comma, last = count[1:-1].partition(",")
            low, high = int(first), int(last) if last else None if comma else int(first)
        option += part * low
        if high is None:
            name = f"*{len(self.rules)}"
            self.rules[name] = [(*part, name), ()]
            option.append(name)
            return
        rest: tuple[Part, ...] = ()
        for _ in range(high - low):
            name = f"?{len(self.rules)}"
            self.rules[name] = [(*part, *rest), ()]
            rest = (name,)
        option += rest


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    at = 0
    source = source.rstrip()
    while at < len(source):
        found = _TOKEN.match(source, at)
        assert found, f"no GBNF: {source[at : at + 40]!r}"
        kind = next(key for key, value in found.groupdict().items() if value is not None)
        yield kind, found["rule"] if kind == "define" else found[kind]
        at = found.end()


def _points(text: str) -> Iterator[int]:
    at = 0
    while at < len(text):
        found = _ESCAPE.match(text, at)
        if found is None:
            yield ord(text[at])
            at += 1
            continue
        code = found[1] or found[2] or found[3]
        yield int(code, 16) if code else _NAMED[found[4]]
        at = found.end()


def _class(text: str) -> Class:
    negated = text.startswith("^")
    marked: list[tuple[int, str]] = []
    at = 1 if negated else 0
    while at < len(text):
        found = _ESCAPE.match(text, at)
        piece = found.group() if found else text[at]
        marked.append((next(_points(piece)), piece))
        at += len(piece)
    ranges: list[tuple[int, int]] = []
    index = 0
    while index < len(marked):
        point = marked[index][0]
        if index + 2 < len(marked) and marked[index + 1][1] == "-":
            ranges.append((point, marked[index + 2][0]))
            index += 3
        else:
            ranges.append((point, point))
            index += 1
    return tuple(_other(sorted(ranges))) if negated else tuple(sorted(ranges))


def _other(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    start = 0
    for low, high in ranges:
        if low > start:
            yield start, low - 1
        start = max(start, high + 1)
    if start <= LAST:
        yield start, LAST


def _holds(klass: Part, point: int) -> bool:
    return any(low <= point <= high for low, high in klass)  # type: ignore[str-unpack]
