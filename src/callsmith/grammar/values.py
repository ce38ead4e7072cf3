"""JSON values as regular expressions: strings, numbers, what formats allow."""

from __future__ import annotations

import json
from collections.abc import Mapping

from callsmith.grammar.regular import (
    DIGIT,
    DIGITS,
    LAST,
    Chars,
    Either,
    Join,
    Many,
    Regular,
    Word,
    chars,
    decimal,
    either,
    join,
    maybe,
    shared,
)

_DIRECT = ((0x20, 0x21), (0x23, 0x5B), (0x5D, LAST))  # what JSON strings hold as it is
_HEX = chars("0-9A-Fa-f")
_ESCAPED = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_UNIT = either(  # one character; escaped surrogates come in pairs, else the string would be no Unicode text
    Chars(_DIRECT),
    join("\\", chars('"\\/bfnrt')),
    join("\\u", chars("0-9A-CE-Fa-ce-f"), Many(_HEX, 3, 3)),
    join("\\u", chars("Dd"), chars("0-7"), Many(_HEX, 2, 2)),
    join(
        "\\u",
        chars("Dd"),
        chars("89ABab"),
        Many(_HEX, 2, 2),
        "\\u",
        chars("Dd"),
        chars("C-Fc-f"),
        Many(_HEX, 2, 2),
    ),
)


def string(low: int = 0, high: int | None = None) -> Regular:
    """A JSON string of ``low`` to ``high`` characters."""
    return join('"', Many(_UNIT, low, high), '"')


def quoted(content: Regular) -> Regular:
    """A JSON string whose characters match; escapes only where JSON needs them, spelled as ``json.dumps`` does."""
    return join('"', _encoded(content), '"')


def _encoded(regular: Regular) -> Regular:
    match regular:
        case Word(text):
            return Word(json.dumps(text, ensure_ascii=False)[1:-1])
        case Chars(ranges):
            options: list[Regular] = []
            if direct := shared(ranges, _DIRECT):
                options.append(Chars(direct))
            for low, high in shared(ranges, ((0, 0x1F), (0x22, 0x22), (0x5C, 0x5C))):
                options += [Word(_ESCAPED.get(chr(at), f"\\u{at:04x}")) for at in range(low, high + 1)]
            return either(*options)
        case Join(parts):
            return Join(tuple(_encoded(part) for part in parts))
        case Either(parts):
            return Either(tuple(_encoded(part) for part in parts))
        case Many(part, low, high):
            return Many(_encoded(part), low, high)


def integer(low: int | None = None, high: int | None = None) -> Regular:
    """A JSON integer of at most 19 digits, 18 below zero."""
    return decimal(low, high)


def number(*, signed: bool = True) -> Regular:
    """A JSON number that 64 bits hold: 18 digits, 20 decimals, or one digit and an exponent."""
    large = either(
        join(maybe("0"), DIGIT, maybe(DIGIT)), join(chars("12"), DIGIT, DIGIT), join("30", chars("0-7"))
    )
    exponent = either(join("-", Many(DIGIT, 1, 3)), join(maybe("+"), large))
    decimals = join(".", Many(DIGIT, 1, 20))
    plain = join(decimal(0, None, DIGITS - 1), maybe(decimals))
    scientific = join(DIGIT, maybe(decimals), chars("eE"), exponent)
    return join(maybe("-") if signed else Word(""), either(scientific, plain))


# ---------------------------------------------------------------- formats


def _two(first: str, rest: str) -> Regular:
    return join(chars(first), chars(rest))


_YEAR = Many(DIGIT, 4, 4)
_BY_FOUR = either(
    join("0", chars("48")), join(chars("2468"), chars("048")), join(chars("13579"), chars("26"))
)
_LEAP = either(join(Many(DIGIT, 2, 2), _BY_FOUR), join(either("00", _BY_FOUR), "00"))
_TO_28 = either(_two("0", "1-9"), _two("1", "0-9"), _two("2", "0-8"))
_TO_30 = either(_TO_28, "29", "30")
_DATE = either(
    join(
        _YEAR,
        "-",
        either(
            join("02-", _TO_28),
            join(either(join("0", chars("469")), "11"), "-", _TO_30),
            join(either(join("0", chars("13578")), "10", "12"), "-", either(_TO_30, "31")),
        ),
    ),
    join(_LEAP, "-02-29"),
)
_CLOCK = join(either(_two("01", "0-9"), _two("2", "0-3")), ":", _two("0-5", "0-9"), ":", _two("0-5", "0-9"))
_OFFSET = either("Z", join(chars("+-"), either(_two("01", "0-9"), _two("2", "0-3")), ":", _two("0-5", "0-9")))
_TIME = join(_CLOCK, maybe(join(".", Many(DIGIT, 1, 9))), _OFFSET)
_LOCAL = Many(chars("-+0-9A-Z_a-z"), 1, 15)
_LABEL = join(Many(chars("0-9A-Za-z"), 1, 16), maybe(join("-", Many(chars("0-9A-Za-z"), 1, 16))))
_BYTE = decimal(0, 255)

FORMATS: Mapping[str, tuple[Regular, str]] = {
    "date": (_DATE, "a date, YYYY-MM-DD"),
    "date-time": (join(_DATE, "T", _TIME), "a date and time with offset, YYYY-MM-DDTHH:MM:SSZ"),
    "time": (_TIME, "a time with offset, HH:MM:SSZ"),
    "email": (
        join(_LOCAL, Many(join(".", _LOCAL), 0, 3), "@", _LABEL, Many(join(".", _LABEL), 1, 4)),
        "an e-mail address",
    ),
    "ipv4": (join(_BYTE, Many(join(".", _BYTE), 3, 3)), "an IPv4 address"),
    "uuid": (
        join(Many(_HEX, 8, 8), Many(join("-", Many(_HEX, 4, 4)), 3, 3), "-", Many(_HEX, 12, 12)),
        "a UUID",
    ),
}
