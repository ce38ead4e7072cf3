"""Values as people and APIs write them: what a text mentions, and when two values are the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from callsmith.facts import amounts, dates, hours
from callsmith.facts.mention import Clock, Mention, Reader, clock
from callsmith.records import Json

FACETS = (
    "id", "key", "number_key", "title", "person", "email", "phone", "username", "company", "body", "text", "date",
    "date_time", "time", "timestamp", "duration_minutes", "duration_seconds", "time_zone", "amount", "amount_minor",
    "currency", "count", "limit", "percent", "number", "enum", "flag", "label", "color", "place", "city", "country",
    "url", "file_name", "mime", "language", "locale", "query:gmail", "query:drive", "query:jql", "query:text",
    "query:stripe", "query", "page_token", "order", "version", "mask", "owner", "repo", "object", "ordinal",
)  # fmt: skip
"""Every kind of value a parameter or field can be said to hold."""

_TOKEN = re.compile(r"[^\W_][\w]*(?:[._/:+-]+[\w]+)*|[€£¥₹$#@]|[+(](?=[0-9])")
_HEAD = re.compile(r"[^\W\d_]+\$?")
_ISO_MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?(Z"
    r"|[+-][0-9]{2}:?[0-9]{2})?$"
)
_ISO_TEXT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[t ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:z|[+-][0-9]{2}:?[0-9]{2})?"
)
_QUOTED = re.compile(
    r"“([^”\n]{1,200})”|\"([^\"\n]{1,200})\"|‘([^’\n]{1,200})’(?!\w)|(?<![\w'])'((?:[^'\n]"
    r"|(?<=\w)'(?=\w)){2,200})'(?!\w)"
    r"|„([^“”\n]{1,200})[“”]|«([^»\n]{1,200})»"
)
_LETTER_AND_FIGURE = re.compile(r"(?=[\w./:+-]*[^\W\d_])(?=[\w./:+-]*[0-9_])")
_FILE = re.compile(r".+\.(?:pdf|docx?|xlsx?|csv|pptx?|png|jpe?g|txt|zip|md|json|ya?ml|ics)$")
_WHOLE_ZONE = re.compile(
    r"\b((?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)/[A-Za-z_]+(?:/[A-Za-z_]+)?|UTC)\b"
)


def _lower(text: str) -> str:
    """Lower case of the same length, so that positions hold."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(character if len(character.lower()) != 1 else character.lower() for character in text)


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[Reader, ...]]:
    table: dict[str, list[Reader]] = {}
    for source in (dates.readers(), hours.readers(), amounts.readers()):
        for word, entries in source.items():
            table.setdefault(word, []).extend(entries)
    table.setdefault("#", []).append(dates.FIGURES)
    for symbol in "€£¥₹$":
        table.setdefault(symbol, []).append(amounts.SYMBOL_FIRST)
    table.setdefault("#sign", []).append(amounts.KEY)
    return {word: tuple(dict.fromkeys(entries)) for word, entries in table.items()}


def mentions(text: str, now: str, zone: str = "") -> Sequence[Mention]:
    """Every date, time, length of time, amount, number, address and identifier a text names, in order.

    ``now`` is the ISO moment relative words count from, "" when it is unknown; ``zone`` an IANA name.
    Mentions do not overlap. Quoted passages are found by ``quoted``.
    """
    return _mentions(text, clock(now, zone))


@lru_cache(maxsize=4096)
def _mentions(text: str, moment: Clock) -> tuple[Mention, ...]:
    low = _lower(text)
    table = _table()
    found = _addresses(low, moment, text)
    taken = {mention.start: mention for mention in found}
    out: list[Mention] = []
    position = 0
    search = _TOKEN.search
    while True:
        token = search(low, position)
        if token is None:
            break
        start = token.start()
        address = taken.get(start)
        if address is not None:
            out.append(address)
            position = address.end
            continue
        chunk = token.group()
        if chunk not in table and chunk.isalpha():
            position = token.end()  # a plain word: nothing begins with it
            continue
        best, end = _read_at(low, start, chunk, table, moment, text)
        out.extend(best)
        position = end
    return tuple(out)


def _read_at(
    low: str, start: int, chunk: str, table: Mapping[str, Sequence[Reader]], moment: Clock, text: str
) -> tuple[Sequence[Mention], int]:
    """The longest mention that starts here, and where reading goes on."""
    first = chunk[0]
    head = chunk
    if first.isdigit() or first in "+(":
        entries: Sequence[Reader] = table["#"]
    elif first == "#":
        entries = table["#sign"]
    else:
        found = table.get(chunk)
        if found is None and not chunk.isalpha():
            match = _HEAD.match(low, start)
            head = match.group() if match else chunk
            found = table.get(head)
        entries = found or ()
    best: Sequence[Mention] = ()
    end = start
    for pattern, builder in entries:
        match = pattern.match(low, start)
        if match is not None and match.end() > end:
            made = builder(match, moment, text)
            if made:
                best, end = made, max(match.end(), made[-1].end)
    if first in "+(0123456789" and (first in "+(0" or chunk.count("-") == 2):
        match = amounts.PHONE[0].match(low, start)
        if match is not None and match.end() > end + 1 and not _ISO_TEXT.match(low, start):
            made = amounts.PHONE[1](match, moment, text)
            if made:
                best, end = made, match.end()
    if end < start + len(chunk) and len(chunk) > 1 and _is_identifier(chunk, best):
        return (Mention(start, start + len(chunk), "id", text[start : start + len(chunk)]),), start + len(
            chunk
        )
    iso = _ISO_TEXT.match(low, start) if first.isdigit() else None
    if iso is not None:
        return (_iso_mention(iso, moment),), iso.end()
    return best, max(end, start + (len(head) if not best else 1))


def _is_identifier(chunk: str, best: Sequence[Mention]) -> bool:
    if best and best[-1].kind in ("duration", "time", "time_range"):
        return False
    if _FILE.match(chunk):
        return True
    if not _LETTER_AND_FIGURE.match(chunk):
        return False
    parts = re.split(r"[/+]|:(?!/)", chunk)
    return len(parts) == 1 or any(_LETTER_AND_FIGURE.match(part) for part in parts) and not best


def _iso_mention(match: re.Match[str], moment: Clock) -> Mention:
    instants = moments_of(match.group().upper(), moment)
    days = tuple(dict.fromkeys((day, day) for day, _ in instants))
    minutes = tuple(dict.fromkeys((minute, minute) for _, minute in instants))
    return Mention(match.start(), match.end(), "date_time", match.group(), days=days, minutes=minutes)


def _addresses(low: str, moment: Clock, text: str) -> list[Mention]:
    found: list[Mention] = []
    if "://" in low or "www." in low:
        for match in amounts.URL[0].finditer(low):
            found.extend(amounts.URL[1](match, moment, text))
    if "@" in low:
        for match in amounts.EMAIL[0].finditer(low):
            if not any(url.start <= match.start() < url.end for url in found):
                found.extend(amounts.EMAIL[1](match, moment, text))
    return found


@lru_cache(maxsize=4096)
def quoted(text: str) -> Sequence[Mention]:
    """The passages a text puts in quotation marks, without the marks."""
    out = []
    for match in _QUOTED.finditer(text):
        group = match.lastindex or 0
        out.append(Mention(match.start(group), match.end(group), "quoted", match.group(group)))
    return tuple(out)


def moments_of(value: str, moment: Clock) -> Sequence[tuple[int, int]]:
    """(day ordinal, minute) of an ISO date-time: as written, and in the clock's zone. Empty when it is none."""
    match = _ISO_MOMENT.match(value)
    if match is None:
        return ()
    try:
        when = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return ()
    out = [(when.toordinal(), when.hour * 60 + when.minute)]
    if when.tzinfo is not None:
        local = when.astimezone(moment.zone)
        here = (local.toordinal(), local.hour * 60 + local.minute)
        if here not in out:
            out.insert(0, here)
    return out


def instant(value: str) -> datetime | None:
    """An ISO date-time as a moment, UTC where no offset is given; None when it is no date-time."""
    if len(value) < 16 or not _ISO_MOMENT.match(value):
        return None
    try:
        when = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def now_of(system: str) -> tuple[str, str]:
    """The moment and IANA zone a system prompt states ("", "" when it states none).

    A prompt may word it in any way as long as a date with its year stands in it; a time beside it is read too.
    """
    zone = _WHOLE_ZONE.search(system)
    found = mentions(system, "")
    for index, mention in enumerate(found):
        if mention.kind == "date_time" and mention.days:
            return mention.text.upper(), zone.group() if zone else ""
        years = re.search(r"(?:19|20)[0-9]{2}", mention.text)
        if mention.kind != "date" or not mention.days or years is None:
            continue
        day = datetime.fromordinal(mention.days[0][0])
        minute = 0
        near = [
            other for other in found[max(0, index - 1) : index + 3] if other.kind == "time" and other.minutes
        ]
        if near:
            minute = near[0].minutes[0][0] % 1440
        stamp = f"{day:%Y-%m-%d}T{minute // 60:02d}:{minute % 60:02d}:00"
        return stamp, zone.group() if zone else ""
    return "", zone.group() if zone else ""


def number(value: Json) -> float | None:
    """The number a value is: 5, 5.0, "5", "1,200.50"; None for booleans and anything else."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, str) and value and (value[0].isdigit() or value[0] in "-+"):
        try:
            return float(value.replace(",", ""))
        except ValueError:
            return None
    return None


def plain(text: str) -> str:
    """Case, spacing and typographic marks taken away, for comparing what people wrote."""
    text = text.casefold().translate(_TYPOGRAPHY)
    return " ".join(text.split())


_TYPOGRAPHY = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", "…": "..."}
)


def paired(one: Sequence[Any], other: Sequence[Any], alike: Callable[[Any, Any], bool]) -> bool:
    """Whether each of one is like another one of the other, in whatever order."""
    rest = list(other)
    for item in one:
        at = next((index for index, candidate in enumerate(rest) if alike(item, candidate)), None)
        if at is None:
            return False
        del rest[at]
    return not rest


def same(one: Json, other: Json) -> bool:
    """Whether two values are equivalent: numbers and their texts, date-times in different offsets, case and
    spacing of texts, objects whatever the order of their keys, arrays whatever the order of their elements."""
    if one == other and not (isinstance(one, bool) ^ isinstance(other, bool)):
        return True
    if isinstance(one, bool) or isinstance(other, bool):
        words = {str(one).casefold(), str(other).casefold()}
        return len(words) == 1
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        keys = {key for key, value in one.items() if value not in (None, "", [], {})}
        keys |= {key for key, value in other.items() if value not in (None, "", [], {})}
        return all(key in one and key in other and same(one[key], other[key]) for key in sorted(keys))
    if isinstance(one, list) and isinstance(other, list):
        return paired(one, other, same)
    first, second = number(one), number(other)
    if first is not None and second is not None:
        return abs(first - second) < 1e-9
    if isinstance(one, str) and isinstance(other, str):
        when, then = instant(one), instant(other)
        if when is not None and then is not None:
            return when == then
        return plain(one) == plain(other)
    return False
