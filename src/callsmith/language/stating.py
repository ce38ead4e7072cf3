"""How a field's value is stated in a sentence: when something happened, how it stands, how long and how large it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.catalog.data import read
from callsmith.language.words import humanised
from callsmith.records import Field, Json

_STATING = "language/en/stating.yaml"
_PERIOD = re.compile(r"P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?)?$")
_BYTES = re.compile(r"\bbytes?\b", re.IGNORECASE)
_LONG = 180  # minutes, of which people speak as of hours
_FILES, _LARGE = ("size", "file size"), 20_000  # nothing else that has a bare size is as large
_UNITS = ("bytes", "KB", "MB", "GB", "TB")
_OPAQUE = re.compile(
    r"[0-9a-f:]{8,}|(?=(?:.*[0-9]){3})(?=.*[a-z])[0-9a-z]{8,}|[a-z]{1,8}-[0-9a-f]{8,}", re.IGNORECASE
)
STATES = ("status", "state")


def happened(phrase: str) -> tuple[str, str] | None:
    """What happened at the moment a field of this name holds, past and to come; None where its name does not tell."""
    filling: Sequence[str] = read(_STATING)["filling"]
    kept = [word for word in phrase.lower().split() if word not in filling]
    table: Mapping[str, Sequence[str]] = read(_STATING)["moments"]
    if len(kept) != 1 or kept[0] not in table:
        return None
    past, coming = table[kept[0]]
    return past, coming


def opaque(value: Json) -> bool:
    """Whether a value is an identifier of machines, which tells nobody anything: a checksum, a hardware address."""
    return isinstance(value, str) and _OPAQUE.fullmatch(value) is not None


def passing(value: str) -> str:
    """What something is whose state passes by itself: "being created"; "" for a state that lasts."""
    return str(read(_STATING)["passing"].get(humanised(value).lower(), ""))


_ADJECTIVE = re.compile(r"[a-z]+(?:able|ible|ional|ive|ful)|(?:in|on|off|out|under|part|not) [a-z][a-z ]+")


def standing(value: str) -> str:
    """A state as it follows "it's"; "" where it has to be named as a state."""
    word = humanised(value).lower()
    going = passing(value)
    if going:
        return f"still {going}" if going.endswith("ing") or going.startswith("being") else going
    if word in read(_STATING)["standing"] or _ADJECTIVE.fullmatch(word):
        return word
    return f"been {word}" if re.fullmatch(r"[a-z]{3,}ed", word) else ""


def measured(value: Json, item: Field) -> str:
    """A length of time or a size in bytes as people write it; "" where the value is neither."""
    if isinstance(value, str) and len(value) > 2 and (period := _PERIOD.match(value)):
        return _parts([int(part or 0) for part in period.groups()])
    if isinstance(value, bool) or not isinstance(value, int):
        return ""
    if item.facet == "duration_seconds":
        return _parts([value // 86400, value // 3600 % 24, value // 60 % 60, value % 60])
    if item.facet == "duration_minutes" and value >= _LONG:
        days = value // 1440 if value > 1440 and value % 1440 == 0 else 0
        return _parts([days, value // 60 - days * 24, value % 60, 0])
    text = f"{item.schema.get('description', '')}"
    sized = "size" in item.phrase.lower().split() and value >= 0
    if sized and (_BYTES.search(text) or item.phrase.lower() in _FILES and value > _LARGE):
        return _sized(value)
    return ""


def _parts(parts: Sequence[int]) -> str:
    """Days, hours, minutes and seconds in words, the empty ones left out."""
    named = zip(parts, ("day", "hour", "minute", "second"), strict=True)
    return " ".join(f"{part} {name}{'' if part == 1 else 's'}" for part, name in named if part) or "0 seconds"


def _sized(count: int) -> str:
    size: Any = count
    for unit in _UNITS:
        if size < 1000 or unit == _UNITS[-1]:
            return f"{size:g} {unit}" if unit == "bytes" else f"{size:.3g} {unit}"
        size = size / 1000
    raise AssertionError("the last unit takes any size")
