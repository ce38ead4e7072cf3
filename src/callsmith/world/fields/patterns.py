"""Strings that match a regular expression, for the patterns in which schemas give identifiers."""

from __future__ import annotations

import re
import string
from functools import lru_cache
from hashlib import blake2b

from msgspec import Struct

_DIGITS = string.digits
_WORD = string.ascii_letters + string.digits + "_"
_ANY = string.ascii_letters + string.digits
_MANY = 8  # how much "or more" adds


class Piece(Struct, frozen=True):
    """One repeated part of a pattern: letters to choose from, or alternatives in a group."""

    letters: str = ""
    options: tuple[tuple[Piece, ...], ...] = ()
    least: int = 1
    most: int = 1


class NotSupported(Exception):
    """The pattern uses something this reader does not know."""


def matching(pattern: str, bits: int) -> str | None:
    """A string that matches ``pattern`` and depends on ``bits``; None for patterns beyond the usual."""
    try:
        options = _parsed(pattern)
    except NotSupported:
        return None
    made: list[str] = []
    left = int.from_bytes(blake2b(b"%d" % bits).digest(), "big")
    left, place = divmod(left, len(options))
    _emit(options[place], left, made)
    return "".join(made)


@lru_cache(maxsize=2048)
def literals(pattern: str) -> tuple[str, ...]:
    """The alternatives of a pattern that are fixed strings, such as system label names."""
    try:
        options = _parsed(pattern)
    except NotSupported:
        return ()
    if len(options) == 1 and len(options[0]) == 1 and options[0][0].options:
        options = options[0][0].options
    if len(options) < 2:
        return ()
    return tuple("".join(piece.letters for piece in option) for option in options if _fixed(option))


@lru_cache(maxsize=2048)
def variable(pattern: str) -> str:
    """The pattern without its fixed alternatives: what ids made by users look like."""
    fixed = literals(pattern)
    if not fixed:
        return pattern
    inner = pattern.strip("^$")
    inner = inner[1:-1] if inner.startswith("(") and inner.endswith(")") else inner
    rest = [option for option in inner.split("|") if option.lstrip("?:") not in fixed]
    # Of several open forms the last is what users make: CATEGORY_[A-Z]+ is the product's own, Label_[0-9]+ is not.
    return f"^{rest[-1]}$" if rest else pattern


def _fixed(option: tuple[Piece, ...]) -> bool:
    return bool(option) and all(
        len(piece.letters) == 1 and piece.least == piece.most == 1 for piece in option
    )


def _emit(pieces: tuple[Piece, ...], left: int, made: list[str]) -> int:
    """Appends what the pieces give, spending the number ``left`` digit by digit; what remains of it is returned."""
    for piece in pieces:
        span = piece.most - piece.least
        times = piece.least
        if span:
            left, more = divmod(left, span + 1)
            times += more
        letters = piece.letters
        if not letters:
            for _ in range(times):
                left, place = divmod(left, len(piece.options))
                left = _emit(piece.options[place], left, made)
            continue
        size = len(letters)
        if size == 1:
            made.append(letters * times)
            continue
        for _ in range(times):
            left, place = divmod(left, size)
            # A number written in digits does not begin with a nought.
            made.append(
                letters[place] if made or letters != _DIGITS or times == 1 else "123456789"[place % 9]
            )
    return left


_CODED = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")


def _decoded(found: re.Match[str]) -> str:
    """A character written by its number, as itself; one that means something in patterns stays escaped."""
    letter = chr(int(found[1] or found[2], 16))
    return f"\\{letter}" if letter in r".^$*+?{}[]()|\-" else letter


@lru_cache(maxsize=2048)
def _parsed(pattern: str) -> tuple[tuple[Piece, ...], ...]:
    text = _CODED.sub(_decoded, pattern)
    if text.startswith("^"):
        text = text[1:]
    if text.endswith("$") and not text.endswith("\\$"):
        text = text[:-1]
    options, end = _alternatives(text, 0)
    if end != len(text):
        raise NotSupported(pattern)
    return options


def _alternatives(text: str, at: int) -> tuple[tuple[tuple[Piece, ...], ...], int]:
    options: list[tuple[Piece, ...]] = []
    pieces: list[Piece] = []
    while at < len(text) and text[at] != ")":
        if text[at] == "|":
            options.append(tuple(pieces))
            pieces = []
            at += 1
            continue
        piece, at = _atom(text, at)
        piece, at = _repeat(piece, text, at)
        pieces.append(piece)
    options.append(tuple(pieces))
    return tuple(options), at


def _atom(text: str, at: int) -> tuple[Piece, int]:
    letter = text[at]
    if letter == "(":
        start = at + 1
        if text.startswith("?:", start):
            start += 2
        elif text.startswith("?", start):
            raise NotSupported(text)
        options, end = _alternatives(text, start)
        if end >= len(text):
            raise NotSupported(text)
        return Piece(options=options), end + 1
    if letter == "[":
        return _letters(text, at + 1)
    if letter == "\\":
        return Piece(letters=_escaped(text, at + 1)), at + 2
    if letter == ".":
        return Piece(letters=_ANY), at + 1
    if letter in "*+?{^$":
        raise NotSupported(text)
    return Piece(letters=letter), at + 1


def _escaped(text: str, at: int) -> str:
    if at >= len(text):
        raise NotSupported(text)
    known = {"d": _DIGITS, "w": _WORD, "s": " "}
    letter = text[at]
    if letter in known:
        return known[letter]
    if letter.isalnum():
        raise NotSupported(text)
    return letter


def _letters(text: str, at: int) -> tuple[Piece, int]:
    inverse = text.startswith("^", at)
    at += inverse
    chosen = ""
    first = True
    while at < len(text) and (text[at] != "]" or first):
        first = False
        if text[at] == "\\":
            chosen += _escaped(text, at + 1)
            at += 2
        elif at + 2 < len(text) and text[at + 1] == "-" and text[at + 2] != "]":
            chosen += "".join(chr(code) for code in range(ord(text[at]), ord(text[at + 2]) + 1))
            at += 3
        else:
            chosen += text[at]
            at += 1
    if inverse:
        chosen = "".join(letter for letter in _ANY if letter not in chosen)
    if not chosen or at >= len(text):
        raise NotSupported(text)
    return Piece(letters=_usual(chosen)), at + 1


def _usual(letters: str) -> str:
    """Of any characters, letters and digits; few are chosen among as they are."""
    plain = "".join(letter for letter in letters if letter in _ANY)
    return plain if plain and len(letters) > len(_ANY) + 4 else letters


def _repeat(piece: Piece, text: str, at: int) -> tuple[Piece, int]:
    if at >= len(text):
        return piece, at
    marks = {"?": (0, 1), "*": (0, _MANY), "+": (1, _MANY)}
    if text[at] in marks:
        least, most = marks[text[at]]
        return Piece(piece.letters, piece.options, least, most), at + 1
    if text[at] != "{":
        return piece, at
    end = text.find("}", at)
    low, _, high = text[at + 1 : end].partition(",")
    if end < 0 or not low.isdigit() or not (high.isdigit() or not high):
        raise NotSupported(text)
    most = int(high) if high else int(low) + (_MANY if "," in text[at:end] else 0)
    return Piece(piece.letters, piece.options, int(low), most), end + 1
