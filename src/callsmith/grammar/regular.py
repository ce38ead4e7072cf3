"""Regular expressions as values, printed as Python, Lark and GBNF read them."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

LAST = 0x10FFFF
MANY = 64  # a bound on repetitions above this is not kept: llama.cpp spells every repetition out


class Chars(Struct, frozen=True):
    """One character out of sorted, disjoint ranges of code points."""

    ranges: tuple[tuple[int, int], ...]


class Word(Struct, frozen=True):
    """These characters in order."""

    text: str


class Join(Struct, frozen=True):
    """One after the other."""

    parts: tuple[Regular, ...]


class Either(Struct, frozen=True):
    """One of these; the first that fits is taken."""

    options: tuple[Regular, ...]


class Many(Struct, frozen=True):
    """The same over and over; ``high`` None is without end."""

    part: Regular
    low: int
    high: int | None = None


Regular = Chars | Word | Join | Either | Many


def chars(spec: str, *, negated: bool = False) -> Chars:
    """A class as it stands between brackets, without escapes: ``a-z_``; a hyphen stands first to mean itself."""
    ranges: list[tuple[int, int]] = []
    at = 0
    while at < len(spec):
        range_ = at + 2 < len(spec) and spec[at + 1] == "-"
        ranges.append((ord(spec[at]), ord(spec[at + 2] if range_ else spec[at])))
        at += 3 if range_ else 1
    return Chars(other(tidy(ranges)) if negated else tidy(ranges))


def tidy(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Ranges sorted and joined where they touch."""
    done: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if done and low <= done[-1][1] + 1:
            done[-1] = (done[-1][0], max(high, done[-1][1]))
        else:
            done.append((low, high))
    return tuple(done)


def other(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Every code point that is in none of the ranges."""
    left: list[tuple[int, int]] = []
    start = 0
    for low, high in ranges:
        if low > start:
            left.append((start, low - 1))
        start = high + 1
    return (*left, (start, LAST)) if start <= LAST else tuple(left)


def shared(
    ranges: Iterable[tuple[int, int]], allowed: Iterable[tuple[int, int]]
) -> tuple[tuple[int, int], ...]:
    """The code points that are in both."""
    kept = list(allowed)
    return tidy(
        (max(low, a), min(high, b)) for low, high in ranges for a, b in kept if max(low, a) <= min(high, b)
    )


def join(*parts: Regular | str) -> Regular:
    """One after the other; text stands for itself."""
    return Join(tuple(Word(part) if isinstance(part, str) else part for part in parts))


def either(*options: Regular | str) -> Regular:
    """One of these; text stands for itself."""
    known = tuple(Word(option) if isinstance(option, str) else option for option in options)
    return known[0] if len(known) == 1 else Either(known)


def maybe(part: Regular | str) -> Regular:
    """This or nothing."""
    return Many(Word(part) if isinstance(part, str) else part, 0, 1)


_PLAIN = frozenset(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz <>,:;_@%=!'"
)  # in every notation
DIGIT = chars("0-9")


DIGITS = 19  # of an open whole number, one fewer below zero: rows hold what fits into 64 bits


def decimal(low: int | None, high: int | None, digits: int = DIGITS) -> Regular:
    """JSON integers from ``low`` to ``high``, both included; of so many digits where a side is open."""
    options: list[Regular] = []
    if low is None or low < 0:
        least, most = None if low is None else -low, -high if high is not None and high < 0 else 1
        options.append(join("-", _natural(max(1, most), least, DIGITS - 1)))
    if high is None or high >= 0:
        options.append(_natural(max(0, low or 0), high, digits))
    return either(*options)


def _natural(low: int, high: int | None, digits: int = DIGITS) -> Regular:
    if high is None:
        if low == 0:
            return either("0", join(chars("1-9"), Many(DIGIT, 0, digits - 1)))
        size = len(str(low))
        rest = join(chars("1-9"), Many(DIGIT, size, digits - 1))
        return either(_natural(low, 10**size - 1), rest)
    options: list[Regular] = []
    for size in range(len(str(low)), len(str(high)) + 1):
        first = max(low, 10 ** (size - 1) if size > 1 else 0)
        options.append(_same_size(str(first), str(min(high, 10**size - 1))))
    return either(*options)


def _same_size(low: str, high: str) -> Regular:
    """Numbers of as many digits as both have."""
    if not low:
        return Word("")
    if low[0] == high[0]:
        return join(low[0], _same_size(low[1:], high[1:]))
    rest = len(low) - 1
    if low[1:] == "0" * rest and high[1:] == "9" * rest:
        return join(chars(f"{low[0]}-{high[0]}"), Many(DIGIT, rest, rest))
    options: list[Regular] = [join(low[0], _same_size(low[1:], "9" * rest))]
    if int(high[0]) - int(low[0]) > 1:
        between = chars(f"{int(low[0]) + 1}-{int(high[0]) - 1}")
        options.append(join(between, Many(DIGIT, rest, rest)))
    return either(*options, join(high[0], _same_size("0" * rest, high[1:])))


# ---------------------------------------------------------------- notations


def python(regular: Regular) -> str:
    """As ``re`` reads it."""
    return _regex(regular)


def lark(regular: Regular) -> str:
    """As the regular expressions of llguidance's Lark are read, without the slashes around them."""
    return _regex(regular)


def _regex(regular: Regular) -> str:
    # Python and Rust agree on classes, groups, counts and \uXXXX; the slash would end a Lark terminal.
    match regular:
        case Word(text):
            return "".join(_mark(ord(letter)) for letter in text)
        case Chars(ranges):
            return _bracketed(ranges)
        case Join(parts):
            return "".join(_grouped(part, isinstance(part, Either)) for part in parts)
        case Either(options):
            return "|".join(_regex(option) for option in options)
        case Many(part, low, high):
            return _grouped(part, not isinstance(part, Chars)) + count(low, high)


def _grouped(regular: Regular, needed: bool) -> str:
    return f"(?:{_regex(regular)})" if needed else _regex(regular)


def gbnf(regular: Regular) -> str:
    """As one expression of a GBNF rule."""
    match regular:
        case Word(text):
            return '"' + "".join(_quoted(letter) for letter in text) + '"'
        case Chars(ranges):
            return _bracketed(ranges)
        case Join(parts):
            shown = (f"({gbnf(part)})" if isinstance(part, Either) else gbnf(part) for part in parts)
            return " ".join(part for part in shown if part != '""') or '""'
        case Either(options):
            return " | ".join(gbnf(option) for option in options)
        case Many(part, low, high):
            if high == 0:
                return '""'
            inner = gbnf(part)
            return (inner if isinstance(part, Chars) else f"({inner})") + count(low, high)


def count(low: int, high: int | None) -> str:
    """How often something stands, as all notations write it."""
    known = {(0, None): "*", (1, None): "+", (0, 1): "?"}
    if (low, high) in known:
        return known[low, high]
    if high is None:
        return f"{{{low},}}"
    return f"{{{low}}}" if low == high else f"{{{low},{high}}}"


def _bracketed(ranges: tuple[tuple[int, int], ...]) -> str:
    negated = bool(ranges) and ranges[-1][1] == LAST and len(ranges) > 1
    shown = other(ranges) if negated else ranges
    marks = (_mark(low) if low == high else f"{_mark(low)}-{_mark(high)}" for low, high in shown)
    return f"[{'^' if negated else ''}{''.join(marks)}]"


def _mark(point: int) -> str:
    return chr(point) if chr(point) in _PLAIN else _point(point)


def _point(point: int) -> str:
    return f"\\u{point:04X}" if point <= 0xFFFF else f"\\U{point:08X}"


def _quoted(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    return letter if " " <= letter <= "~" else _point(ord(letter))
