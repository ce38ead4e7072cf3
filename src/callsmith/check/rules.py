"""The rules by which a value follows from something said or found, each verifiable on its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache

from callsmith.amounts import DOLLARS, SYMBOLS, ZERO_DECIMAL
from callsmith.catalog.data import read
from callsmith.check.context import epoch_of
from callsmith.facts import moments_of, number
from callsmith.mention import Clock, Mention
from callsmith.records import Json
from callsmith.text import stem, words

Rule = Callable[[Json, Sequence[Mention], Clock], bool]

DAY = 24 * 60
_DAY_ONLY = re.compile(r"([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})$")
_TIME_ONLY = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])(?::[0-5][0-9])?$")


# ---------------------------------------------------------------- reading values


def moments_in(value: Json, clock: Clock) -> Sequence[tuple[int, int]]:
    """(day ordinal, minute) readings of an argument: -1 for the minute of a bare date; day 0 for a bare time."""
    if isinstance(value, str):
        bare = _DAY_ONLY.match(value)
        if bare:
            try:
                return ((date(int(bare[1]), int(bare[2]), int(bare[3])).toordinal(), -1),)
            except ValueError:
                return ()
        if _TIME_ONLY.match(value):
            parts = value.split(":")
            return ((0, int(parts[0]) * 60 + int(parts[1])),)
        return moments_of(value, clock)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = epoch_of(value)
        if seconds is not None:
            local = datetime.fromtimestamp(seconds, tz=clock.zone)
            return ((local.toordinal(), local.hour * 60 + local.minute),)
    return ()


def _days(mentions: Sequence[Mention]) -> Iterable[tuple[int, int]]:
    for mention in mentions:
        yield from mention.days


def on_day(day: int, mentions: Sequence[Mention]) -> bool:
    """Whether a mention names this very day, or a vague stretch that holds it."""
    for mention in mentions:
        for first, last in mention.days:
            if first == day == last:
                return True
    return False


def at_minute(minute: int, mentions: Sequence[Mention]) -> bool:
    """Whether a mention names this time of day, exactly."""
    return any(
        first <= minute <= last and last - first <= 6
        for mention in mentions
        for first, last in mention.minutes
    )


def in_part(minute: int, mentions: Sequence[Mention]) -> bool:
    """Whether a mention names a part of the day that holds this time, on a quarter of an hour."""
    if minute % 15 and minute != DAY - 1:
        return False
    return any(
        first <= minute <= last and last - first > 6
        for mention in mentions
        for first, last in mention.minutes
    )


# ---------------------------------------------------------------- rules of time


def date_relative(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    return any(on_day(day, of) and minute in (-1, 0) for day, minute in moments_in(value, clock))


def date_time_relative(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    return any(
        minute >= 0 and (on_day(day, of) or day == 0) and at_minute(minute, of)
        for day, minute in moments_in(value, clock)
    )


def part_of_day(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    return any(
        minute >= 0 and (on_day(day, of) or day == 0) and in_part(minute, of)
        for day, minute in moments_in(value, clock)
    )


def range_start(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """The first moment of a day or stretch; a bound that itself is excluded may lie a day before."""
    for day, minute in moments_in(value, clock):
        for first, _ in _days(of):
            if minute <= 0 and day in (first, first - 1):
                return True
            if minute == DAY - 1 and day == first - 1:
                return True
    return False


def range_end(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """The last moment of a day or stretch: its last day, its last minute, or the midnight that follows."""
    for day, minute in moments_in(value, clock):
        for _, last in _days(of):
            if (
                minute == DAY - 1
                and day == last
                or minute in (-1, 0)
                and day == last + 1
                or minute == -1
                and day == last
            ):
                return True
    return False


def now(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """The present moment, the start of the present day, or its date."""
    return clock.known and any(
        day == clock.today and minute in (-1, 0, clock.minute) for day, minute in moments_in(value, clock)
    )


def duration_end(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """A start and a length of time give the end (or an end and a length the start)."""
    lengths = {seconds for mention in of for seconds in mention.seconds}
    return _apart(value, of, lengths, clock)


def _apart(value: Json, of: Sequence[Mention], lengths: Iterable[int], clock: Clock) -> bool:
    for day, minute in moments_in(value, clock):
        if minute < 0:
            for first, last in _days(of):
                if first == last and any(abs(day - first) * 86400 == length for length in lengths):
                    return True
            continue
        for length in lengths:
            for sign in (-1, 1):
                total = day * DAY + minute + sign * (length // 60)
                at, rest = divmod(total, DAY)
                if (day == 0 or on_day(at, of)) and at_minute(rest, of):
                    return True
    return False


def duration_kept(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """Moved, a thing lasts as long as before: of = (new start, old start, old end)."""
    if len(of) != 3:
        return False
    spans = [_total(mention) for mention in of]
    if any(total is None for total in spans):
        return False
    length = (spans[2] or 0) - (spans[1] or 0)
    return any(
        day * DAY + max(minute, 0) == (spans[0] or 0) + length for day, minute in moments_in(value, clock)
    )


def _total(mention: Mention) -> int | None:
    if not mention.days:
        return None
    return mention.days[0][0] * DAY + (mention.minutes[0][0] if mention.minutes else 0)


def duration(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """A length of time in seconds, minutes, hours, days or milliseconds."""
    wanted = number(value)
    if wanted is None:
        return isinstance(value, str) and any(
            _iso_length(value) == s for mention in of for s in mention.seconds
        )
    return any(
        abs(wanted * unit - seconds) < 1e-6
        for mention in of
        for seconds in mention.seconds
        for unit in (60, 1, 3600, 86400, 604800, 0.001)
    )


def _iso_length(value: str) -> int:
    match = re.fullmatch(
        r"(?:P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?)?|([0-9]+)s)", value
    )
    if match is None:
        match = re.fullmatch(r"()(?:([0-9]+)d)? ?(?:([0-9]+)h)? ?(?:([0-9]+)m)?()", value)
        if match is None or not value:
            return -1
        return int(match[2] or 0) * 86400 + int(match[3] or 0) * 3600 + int(match[4] or 0) * 60
    if match[5]:
        return int(match[5])
    return (
        int(match[1] or 0) * 86400 + int(match[2] or 0) * 3600 + int(match[3] or 0) * 60 + int(match[4] or 0)
    )


def timestamp(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """Epoch seconds or milliseconds of a moment, or of a day's or stretch's start or end."""
    return (
        isinstance(value, (int, float))
        and (epoch_of(value) or 1) % 60 in (0, 59)
        and (
            date_time_relative(value, of, clock)
            or range_start(value, of, clock)
            or range_end(value, of, clock)
        )
    )


# ---------------------------------------------------------------- rules of amounts


def amount_minor(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """€64.90 as 6490; a currency without minor unit as it is."""
    wanted = number(value)
    return wanted is not None and any(
        abs(each * (1 if mention.unit in ZERO_DECIMAL else 100) - wanted) < 1e-6
        for mention in of
        for each in mention.numbers
    )


def count_word(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    wanted = number(value)
    return wanted is not None and any(wanted == each for mention in of for each in mention.numbers)


def scaled(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """A share said in percent and wanted as a fraction, or the other way round."""
    wanted = number(value)
    return wanted is not None and any(
        mention.unit == "%" and abs(each / 100 - wanted) < 1e-9 for mention in of for each in mention.numbers
    )


def currency_symbol(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    if not isinstance(value, str):
        return False
    wanted = value.upper()
    return any(
        mention.unit == wanted
        or (mention.unit in DOLLARS and wanted in DOLLARS and "$" in mention.text)
        or any(symbol in mention.text for symbol, code in SYMBOLS.items() if code == wanted)
        for mention in of
    )


# ---------------------------------------------------------------- rules of words


@lru_cache(maxsize=4096)
def _saying(saying: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words(saying)) or (saying,)


@lru_cache(maxsize=4096)
def stem_line(text: str) -> str:
    """A text's stems between single spaces, for finding sayings in it."""
    return " " + " ".join(stem(word) for word in words(text)) + " "


def says(text: str, saying: str) -> bool:
    """Whether a text holds a saying, word by word in stems; a sign such as € as it stands."""
    if not any(character.isalnum() for character in saying):
        return saying in text
    return f" {' '.join(_saying(saying))} " in stem_line(text)


@lru_cache(maxsize=4096)
def value_words(value: str) -> str:
    """The words an enumeration value is made of: "in_progress" and "inProgress" are "in progress"."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", value)
    return " ".join(re.sub(r"[^\w€$£]+|_+", " ", split).lower().split())


@lru_cache(maxsize=4096)
def sayings(value: str) -> tuple[str, ...]:
    """What people say for an enumeration value, its own words first."""
    data = read("check/aliases.yaml")
    own = value_words(value)
    found = data["enums"].get(own.replace(" ", "_"), ())
    mimes = data["mimes"].get(value, ())
    languages = data["languages"].get(value.replace("-", "_"), ())
    return (own, *map(str, found), *mimes, *languages)


@lru_cache(maxsize=1)
def ambient() -> frozenset[str]:
    """Words by which an API means the session's own user, calendar or account."""
    return frozenset(read("check/aliases.yaml")["ambient"])


def enum_alias(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    if isinstance(value, str):
        return any(says(mention.text, saying) for mention in of for saying in sayings(value) if saying)
    return False


@lru_cache(maxsize=4096)
def flag_sayings(name: str, value: bool) -> tuple[str, ...]:
    """What people say to set a flag, by the words of its name."""
    flags = read("check/aliases.yaml")["flags"]
    parts = value_words(name).split()
    out: list[str] = []
    for part in (*parts, "".join(parts)):
        entry = flags.get(part, {})
        out.extend(entry.get(value, ()))
    return tuple(dict.fromkeys(out))


def flag_alias(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """``of`` holds the flag's name as a mention of kind "name" and the texts."""
    names = [mention.text for mention in of if mention.kind == "name"]
    return isinstance(value, bool) and any(
        says(mention.text, saying)
        for name in names
        for saying in flag_sayings(name, value)
        for mention in of
        if mention.kind != "name"
    )


def number_alias(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """A level said by name: "urgent" for a priority of 4."""
    names = [value_words(mention.text) for mention in of if mention.kind == "name"]
    table = read("check/aliases.yaml")["numbers"]
    wanted = number(value)
    for name in names:
        for word, values in table.items():
            if word in name.split():
                for each, spoken in values.items():
                    if float(each) == wanted and any(
                        says(mention.text, saying)
                        for saying in spoken
                        for mention in of
                        if mention.kind != "name"
                    ):
                        return True
    return False


def negation(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """False for a flag whose words stand beside a negation."""
    negations = read("check/aliases.yaml")["negations"]
    texts = [mention.text for mention in of if mention.kind != "name"]
    return value is False and any(says(text, str(each)) for text in texts for each in negations)


def name_to_email(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """An address that carries the name of the person said: tom.becker@… for Tom."""
    if not isinstance(value, str) or "@" not in value:
        return False
    local = value.lower().split("@")[0]
    return any(word in local for mention in of for word in words(mention.text) if len(word) > 1)


def number_key(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    return count_word(value, of, clock)


def key_prefix(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """OPS of OPS-123, halden of halden/optics-web: the part of a key before its separator."""
    return isinstance(value, str) and any(
        re.split(r"[-/:@._]", mention.text.lower())[0] == value.lower() for mention in of
    )


def formatted(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """The same letters and figures in another case, spacing or punctuation."""
    wanted = _bare(str(value))
    return bool(wanted) and any(_bare(mention.text) == wanted for mention in of)


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def query_terms(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """Every term of a query comes from the texts it is derived from; see ``queries.explained``."""
    from callsmith.check.queries import explained

    return isinstance(value, str) and explained(value, [mention.text for mention in of], of, clock)


RULES: dict[str, Rule] = {
    "date_relative": date_relative,
    "date_time_relative": date_time_relative,
    "part_of_day": part_of_day,
    "range_start": range_start,
    "range_end": range_end,
    "now": now,
    "duration_end": duration_end,
    "duration_kept": duration_kept,
    "duration": duration,
    "timestamp": timestamp,
    "amount_minor": amount_minor,
    "count_word": count_word,
    "scaled": scaled,
    "currency_symbol": currency_symbol,
    "enum_alias": enum_alias,
    "flag_alias": flag_alias,
    "number_alias": number_alias,
    "negation": negation,
    "name_to_email": name_to_email,
    "number_key": number_key,
    "key_prefix": key_prefix,
    "formatted": formatted,
    "query_terms": query_terms,
}
