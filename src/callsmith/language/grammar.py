"""A phrase grammar: symbols that expand to text, with the spans of the values that were put in.

A grammar is data: ``symbol -> [alternative, …]``. In an alternative ``{name}`` is a value given by the
caller or another symbol, ``(a|b|)`` a choice, ``[text]`` an optional part; ``\\(`` is a bracket itself. A mapping
``{say: text, weight: 2, register: casual}`` weights an alternative or ties it to a register. An alternative
whose slots cannot all be filled is not chosen, so data may ask for more than a caller has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any

from msgspec import Struct

from callsmith.catalog.data import read
from callsmith.seeds import Rng

# Values travel through expansion between private-use marks, so that spans survive tidying.
OPEN, MIDDLE, CLOSE = "\ue000", "\ue001", "\ue002"
_MARK = re.compile(f"{OPEN}([^{MIDDLE}]*){MIDDLE}|{CLOSE}")


class Slot(Struct, frozen=True):
    name: str


class Choice(Struct, frozen=True):
    arms: tuple[tuple[Any, ...], ...]


class Alternative(Struct, frozen=True):
    parts: tuple[Any, ...]  # str, Slot or Choice
    weight: float
    register: str
    needs: tuple[str, ...]  # slots outside any choice: all must be fillable


class Grammar(Struct, frozen=True):
    """Compiled symbols."""

    symbols: Mapping[str, tuple[Alternative, ...]]


class Spoken(Struct, frozen=True):
    """Text with the spans of tagged values, ``(tag, start, end)``."""

    text: str
    spans: tuple[tuple[str, int, int], ...] = ()


def mark(text: str, tag: str) -> str:
    """Tag a value so that its place in the finished text is known."""
    return f"{OPEN}{tag}{MIDDLE}{text}{CLOSE}"


def unmarked(text: str) -> str:
    return _MARK.sub("", text)


@lru_cache(maxsize=64)
def load(*paths: str) -> Grammar:
    """Compile the grammar files at ``paths`` (in the package), later ones adding symbols."""
    symbols: dict[str, tuple[Alternative, ...]] = {}
    for path in paths:
        for name, alternatives in read(path).items():
            if isinstance(alternatives, list):
                symbols[name] = tuple(alternative_of(item) for item in alternatives if _sayable(item))
    return Grammar(symbols)


def _sayable(item: Any) -> bool:
    return isinstance(item, str) or (isinstance(item, Mapping) and "say" in item)


def alternative_of(item: Any) -> Alternative:
    text = item if isinstance(item, str) else item["say"]
    weight = 1.0 if isinstance(item, str) else float(item.get("weight", 1))
    register = "" if isinstance(item, str) else item.get("register", "")
    parts, end = _parse(text, 0, "")
    if end != len(text):
        raise ValueError(f"unbalanced bracket in phrase {text!r} at {end}")
    needs = tuple(part.name for part in parts if isinstance(part, Slot))
    return Alternative(parts, weight, register, needs)


def _parse(text: str, at: int, until: str) -> tuple[tuple[Any, ...], int]:
    """Parse up to one of ``until``; gives the parts and where it stopped."""
    parts: list[Any] = []
    plain = ""
    while at < len(text) and text[at] not in until:
        char = text[at]
        if char == "\\" and at + 1 < len(text):
            plain += text[at + 1]
            at += 2
        elif char in "{([":
            if plain:
                parts.append(plain)
                plain = ""
            part, at = _bracket(text, at)
            parts.append(part)
        else:
            plain += char
            at += 1
    if plain:
        parts.append(plain)
    return tuple(parts), at


def _bracket(text: str, at: int) -> tuple[Any, int]:
    if text[at] == "{":
        end = text.index("}", at)
        return Slot(text[at + 1 : end]), end + 1
    closer = ")" if text[at] == "(" else "]"
    arms: list[tuple[Any, ...]] = []
    at += 1
    while True:
        arm, at = _parse(text, at, "|" + closer)
        arms.append(arm)
        if at >= len(text):
            raise ValueError(f"unbalanced bracket in phrase {text!r}")
        if text[at] == closer:
            break
        at += 1
    if closer == "]":
        arms.append(())
    return Choice(tuple(arms)), at + 1


def expand(
    grammar: Grammar, symbol: str, values: Mapping[str, str], rng: Rng, register: str = "neutral"
) -> str:
    """One marked expansion of ``symbol``.

    Raises:
        KeyError: there is no such symbol, or none of its alternatives can be filled.
    """
    text = _expand(grammar, symbol, values, rng, register, 0)
    if text is None:
        raise KeyError(f"phrase symbol {symbol!r} cannot be filled from {sorted(values)}")
    return text


def has(grammar: Grammar, symbol: str) -> bool:
    return symbol in grammar.symbols


def _expand(
    grammar: Grammar, symbol: str, values: Mapping[str, str], rng: Rng, register: str, depth: int
) -> str | None:
    if depth > 12:
        raise RecursionError(f"phrase symbol {symbol!r} does not end")
    usable = [
        alternative
        for alternative in grammar.symbols.get(symbol, ())
        if (not alternative.register or alternative.register == register)
        and all(_fillable(grammar, need, values) for need in alternative.needs)
    ]
    if not usable:
        return None
    marks = list(accumulate(alternative.weight for alternative in usable))
    point = rng.random() * marks[-1]
    index = next(i for i, bound in enumerate(marks) if point < bound or i == len(marks) - 1)
    return _render(grammar, usable[index].parts, values, rng, register, depth)


def _fillable(grammar: Grammar, name: str, values: Mapping[str, str]) -> bool:
    if name in values:
        return True
    if name in grammar.symbols:
        return True
    return bool(name[:1].isupper() and name[0].lower() + name[1:] in values)


def _render(
    grammar: Grammar, parts: Sequence[Any], values: Mapping[str, str], rng: Rng, register: str, depth: int
) -> str | None:
    out: list[str] = []
    for part in parts:
        if isinstance(part, str):
            out.append(part)
            continue
        if isinstance(part, Choice):
            arms = [arm for arm in part.arms if _arm_fillable(grammar, arm, values)]
            if not arms:
                return None
            piece = _render(grammar, arms[int(rng.random() * len(arms))], values, rng, register, depth)
        else:
            piece = _slot(grammar, part.name, values, rng, register, depth)
        if piece is None:
            return None
        out.append(piece)
    return "".join(out)


def _arm_fillable(grammar: Grammar, arm: Sequence[Any], values: Mapping[str, str]) -> bool:
    return all(_fillable(grammar, part.name, values) for part in arm if isinstance(part, Slot))


def _slot(
    grammar: Grammar, name: str, values: Mapping[str, str], rng: Rng, register: str, depth: int
) -> str | None:
    if name in values:
        return values[name]
    if name in grammar.symbols:
        return _expand(grammar, name, values, rng, register, depth + 1)
    lower = name[0].lower() + name[1:]
    return capitalised(values[lower]) if lower in values else None


_ADDRESS = re.compile(
    r"\S+@\S|https?://|www\.|[a-z0-9]+_\w"
    r"|[a-z0-9]+(?:[-./][a-z0-9]+)*[-./]?[0-9]|[0-9a-f]{12,}\b"
    r"|[a-z0-9]+(?:[-_./][a-z0-9]+)+(?:\"|[.!]?$)"
    r"|[a-z0-9]+(?:-(?!(?:of|to|in|the|up|and|by|a|on|for|at)\b)[a-z0-9]+){2,}\b|[a-z0-9-]+/[\w./-]*\.[a-z0-9]{2,}\b"
)


def capitalised(text: str) -> str:
    """The first letter upper-cased, marks skipped; addresses and what is quoted keep their own."""
    inside = False
    for index, char in enumerate(text):
        if char == OPEN:
            inside = True
        elif char == MIDDLE:
            inside = False
        elif not inside and char.isalnum():
            if _ADDRESS.match(unmarked(text[index:])):
                return text
            return text[:index] + char.upper() + text[index + 1 :]
        elif not inside and char in '@/#"':
            return text
    return text


_SPACES = re.compile(r"[ \t]{2,}")
_BEFORE_STOP = re.compile(rf"[ \t]+((?:{OPEN}[^{MIDDLE}]*{MIDDLE}|{CLOSE})*[,.;:?!])")
_DOUBLE_STOP = re.compile(rf"([.?!])({CLOSE}*)[.,](?![.\w])")


def tidy(text: str) -> str:
    """Single spaces, no space before a stop, no doubled stops; marks are kept."""
    text = _SPACES.sub(" ", text).replace(" 'd ", "'d ").replace(" 'm ", "'m ")
    text = _BEFORE_STOP.sub(r"\1", text)
    text = text.replace(" and and ", " and ")
    text = _DOUBLE_STOP.sub(r"\1\2", text)
    return text.strip()


def outside(marked: str, change: Callable[[str], str]) -> str:
    """The text with what stands outside all marks changed."""
    out: list[str] = []
    depth = last = 0
    for match in _MARK.finditer(marked):
        piece = marked[last : match.start()]
        out += [piece if depth else change(piece), match.group()]
        depth += -1 if match.group() == CLOSE else 1
        last = match.end()
    return "".join([*out, change(marked[last:])])


def finish(marked: str) -> Spoken:
    """Take the marks out and give the spans they stood for."""
    out: list[str] = []
    length = 0
    spans: list[tuple[str, int, int]] = []
    open_marks: list[tuple[str, int]] = []
    last = 0
    for match in _MARK.finditer(marked):
        piece = marked[last : match.start()]
        out.append(piece)
        length += len(piece)
        last = match.end()
        if match.group(0) == CLOSE:
            tag, start = open_marks.pop()
            spans.append((tag, start, length))
        else:
            open_marks.append((match.group(1), length))
    out.append(marked[last:])
    return Spoken("".join(out), tuple(spans))
