"""Days as people write them: weekdays, relative days, weeks, months, dates in words and figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from callsmith.facts.mention import (
    ORDINAL_WORDS,
    Clock,
    Mention,
    add_months,
    make,
    month_end,
    spelled,
)

Span = tuple[int, int]

WEEKDAYS = {name: index for index, name in enumerate("mon tue wed thu fri sat sun".split())}
MONTHS = {
    name: index
    for index, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}


def weekday_number(word: str) -> int:
    """0 for Monday; any spelling."""
    return WEEKDAYS[word[:3]]


def _years(clock: Clock) -> Sequence[int]:
    year = clock.moment.year
    return (year, year + 1, year - 1)


def _day(year: int, month: int, day: int) -> int | None:
    return (
        date(year, month, day).toordinal()
        if 1 <= day <= month_end(year, month) - date(year, month, 1).toordinal() + 1
        else None
    )


def _dated(clock: Clock, month: int, day: int, year: str | None, weekday: str | None) -> tuple[Span, ...]:
    """Readings of a day and month: the year said, else the nearest such day and others within a year;
    kept only where the weekday fits."""
    years = (_full_year(year),) if year else _years(clock)
    found = [ordinal for ordinal in (_day(each, month, day) for each in years) if ordinal is not None]
    if not year and clock.known and found:
        nearest = min(found, key=lambda ordinal: abs(ordinal - clock.today))
        found = [nearest, *(o for o in found if o != nearest and abs(o - clock.today) < 366)]
    if weekday:
        found = [ordinal for ordinal in found if (ordinal - 1) % 7 == weekday_number(weekday)]
    return tuple((ordinal, ordinal) for ordinal in found)


def _full_year(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def _amount(words: str) -> Span:
    """How many "two", "a", "a couple of", "a few" may be."""
    words = words.removesuffix(" of")
    if words in ("a", "an"):
        return 1, 1
    if "couple" in words:
        return 2, 2
    if "few" in words or words == "several":
        return 2, 6
    value = int(words) if words[0].isdigit() else spelled(words)
    return (value or 0), (value or 0)


def shift(day: int, count: int, unit: str) -> int:
    """The day ordinal ``count`` units later: day, week, fortnight, month, quarter, year."""
    unit = unit.rstrip("s")
    if unit in ("day", "night"):
        return day + count
    if unit in ("week", "fortnight"):
        return day + count * (7 if unit == "week" else 14)
    return add_months(day, count * {"month": 1, "quarter": 3, "year": 12}[unit])


def period(clock: Clock, unit: str, offset: int) -> Span:
    """The calendar week, month, quarter, year, weekend or day ``offset`` from the current one."""
    monday = clock.today - clock.weekday + 7 * offset
    today = date.fromordinal(clock.today)
    if unit == "day":
        return clock.today + offset, clock.today + offset
    if unit in ("week", "work week", "working week"):
        return monday, monday + 6
    if unit == "weekend":
        return monday + 5, monday + 6
    if unit == "year":
        return date(today.year + offset, 1, 1).toordinal(), date(today.year + offset, 12, 31).toordinal()
    size = 1 if unit == "month" else 3
    index = (today.year * 12 + today.month - 1) // size * size + offset * size
    first = date(index // 12, index % 12 + 1, 1).toordinal()
    last = index + size - 1
    return first, month_end(last // 12, last % 12 + 1)


def unique(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(dict.fromkeys(spans))


# ---------------------------------------------------------------- builders


def iso_date(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    ordinal = _day(year, month, day) if 1 <= month <= 12 else None
    return make(match, "date", days=((ordinal, ordinal),)) if ordinal else ()


def day_month(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    group = match.groupdict()
    month = MONTHS[group["m"][:3]]
    word = group["d"]
    day = ORDINAL_WORDS[word] if word in ORDINAL_WORDS else int(word)
    days = _dated(clock, month, day, group.get("y"), group.get("w"))
    until = group.get("d2")
    if until:
        last = _dated(clock, month, int(until), group.get("y"), None)
        days = unique([*((a, b) for (a, _), (b, _) in zip(days, last, strict=False)), *days, *last])
        return make(match, "date_range", days=days)
    return make(match, "date", days=days)


def month_by_name(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    """A month by name; "may" and "march" only where they are written as names."""
    word = match["m"]
    at = match.start("m")
    if word in ("may", "mar", "march") and not text[at].isupper():
        return ()
    month = MONTHS[word[:3]]
    years = (int(match["y"]),) if match["y"] else _years(clock)
    spans = [(date(year, month, 1).toordinal(), month_end(year, month)) for year in years]
    which = match["q"] or ""
    if not match["y"]:
        spans = [span for span in spans if abs(span[0] - clock.today) <= 370]
        if "last" in which:
            spans = [span for span in spans if span[0] <= clock.today]
        elif "next" in which:
            spans = [span for span in spans if span[1] >= clock.today]
    parts = {"early": (0, 0.34), "mid": (0.3, 0.7), "late": (0.6, 1), "end": (0.8, 1), "start": (0, 0.2)}
    for name, (low, high) in parts.items():
        if name in which or (name == "start" and "beginning" in which):
            spans = [(a + int((b - a) * low), a + int((b - a) * high + 0.5)) for a, b in spans]
            break
    return make(match, "date_range", days=unique(spans))


def quarter(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    first = 3 * int(match[1]) - 2
    years = (_full_year(match[2]),) if match[2] else _years(clock)
    return make(
        match,
        "date_range",
        days=tuple((date(y, first, 1).toordinal(), month_end(y, first + 2)) for y in years),
    )


def weekday(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    """A weekday, with what stands around it: this, next, last, of next week, week, the 6th."""
    word = match["w"]
    bare = word.rstrip(".")
    if len(bare) <= 4 and bare in ("sat", "sun", "mon", "wed") and not text[match.start("w")].isupper():
        return ()
    target = weekday_number(word)
    coming = clock.today + (target - clock.weekday) % 7
    previous = clock.today - ((clock.weekday - target) % 7 or 7)
    monday = clock.today - clock.weekday
    which = match["q"] or ""
    after = match["a"] or ""
    days: list[int]
    if match["d"]:
        stated = int(match["d"])
        days = [
            day
            for day in range(clock.today - 200, clock.today + 400)
            if (day - 1) % 7 == target and date.fromordinal(day).day == stated
        ]
        days.sort(key=lambda day: abs(day - clock.today))
        days = days[:2]
    elif "next week" in after or "next week" in which or "following week" in after:
        days = [monday + 7 + target]
    elif "last week" in after or "last week" in which or "week before" in after:
        days = [monday - 7 + target]
    elif "this week" in after or "this week" in which:
        days = [monday + target]
    elif "after next" in after or "week" in after or "week from" in which or "week on" in which:
        days = [coming + 7, coming + 14 if coming == clock.today else coming + 7]
        days += [monday + 14 + target] if "after next" in after else []
    elif "next" in which or "following" in which:
        days = [coming if coming != clock.today else coming + 7, monday + 7 + target]
    elif "last" in which or "past" in which or "previous" in which:
        days = [previous, monday - 7 + target]
    elif "this" in which or "coming" in which or "upcoming" in which:
        days = [coming, monday + target, coming + 7 if coming == clock.today else coming]
    else:
        days = [coming, previous]
        if coming == clock.today:
            days.append(coming + 7)
    return make(match, "date", days=unique((day, day) for day in days))


def relative_word(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    word = match.group()
    if "other day" in word or "recent" in word or "lately" in word:
        return make(match, "date_range", days=((clock.today - 14, clock.today),))
    offsets = {
        "today": 0,
        "tonight": 0,
        "this": 0,
        "tomorrow": 1,
        "tmrw": 1,
        "tmr": 1,
        "tomo": 1,
        "2moro": 1,
        "yesterday": -1,
        "overmorrow": 2,
        "last": -1,
        "earlier": 0,
        "later": 0,
    }
    if "day after" in word:
        offset = 2
    elif "day before" in word:
        offset = -2
    else:
        offset = offsets[word.split()[0]]
    day = clock.today + offset
    minutes: tuple[Span, ...] = ()
    if word in ("tonight", "last night", "this evening"):
        minutes = ((17 * 60, 23 * 60 + 59),)
    elif word == "this morning":
        minutes = ((5 * 60, 12 * 60),)
    elif word == "this afternoon":
        minutes = ((12 * 60, 18 * 60),)
    return make(match, "date_time" if minutes else "date", days=((day, day),), minutes=minutes)


def relative(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    """ "in 3 days", "two weeks ago", "a week from Friday"."""
    group = match.groupdict()
    low, high = _amount(group["n"])
    unit = group["u"]
    sign = -1 if group.get("ago") else 1
    base = [clock.today]
    if group.get("w"):
        target = weekday_number(group["w"])
        base = [clock.today + ((target - clock.weekday) % 7 or 7)]
        if group.get("ago") is None and "ago" in match.group():
            sign = -1
    elif "tomorrow" in match.group():
        base = [clock.today + 1]
    ends = sorted((shift(base[0], sign * low, unit), shift(base[0], sign * high, unit)))
    days = [(ends[0], ends[0])] if low == high else [(ends[0], ends[1])]
    if unit.rstrip("s") == "week" and low == high:
        monday = base[0] - clock.weekday + sign * 7 * low
        days.append((monday, monday + 6))
    return make(match, "date" if low == high else "date_range", days=unique(days))


def window(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    """ "the last 3 days", "over the next two weeks", "within a week"."""
    count = _amount(match["n"] or "a")[1]
    unit = match["u"]
    if match["q"] in ("last", "past", "previous"):
        start = shift(clock.today, -count, unit)
        spans = [(start, clock.today), (start + 1, clock.today), (start, clock.today - 1)]
    else:
        end = shift(clock.today, count, unit)
        spans = [(clock.today, end), (clock.today + 1, end), (clock.today, end - 1)]
    return make(match, "date_range", days=unique(spans))


def period_by_name(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    """ "this week", "end of next month", "early next week", "the weekend"."""
    unit = match["u"]
    which = (match["q"] or "").strip().removesuffix(" working")
    part = (match["p"] or "").removeprefix("the ")
    offset = 0
    if "after next" in match.group():
        offset = 2
    elif "before last" in match.group():
        offset = -2
    elif which in ("next", "the following", "following", "the coming", "coming"):
        offset = 1
    elif which in ("last", "the past", "past", "the previous", "previous"):
        offset = -1
    spans = [period(clock, unit, offset)]
    if unit == "weekend" and offset == 1 and clock.weekday < 5:
        spans.append(period(clock, unit, 0))
    elif unit == "weekend" and offset == 0 and clock.weekday < 2 and not which.startswith("this"):
        spans.append(period(clock, unit, -1))
    elif unit == "week" and offset == 0 and clock.weekday == 6:
        spans.append(period(clock, unit, 1))
    if not part:
        return make(match, "date_range", days=unique(_loose(spans, clock, unit, offset)))
    return make(match, "date_range", days=unique(_part(spans, part, unit, clock)))


def _loose(spans: list[Span], clock: Clock, unit: str, offset: int) -> list[Span]:
    """The calendar period and the other ways of counting it: from today on, working days, a rolling one."""
    first, last = spans[0]
    out = list(spans)
    if unit == "week":
        out += [(first, last - 2), (first - 1, last - 1)]
    if offset == 0 and unit != "weekend":
        out += [(max(first, clock.today), last), (first, clock.today)]
        if unit == "week":
            out.append((clock.today, last - 2))
    if offset == -1 and unit in ("week", "month", "quarter", "year"):
        out.append((shift(clock.today, -1, unit), clock.today))
    return out


def _part(spans: list[Span], part: str, unit: str, clock: Clock) -> list[Span]:
    out: list[Span] = []
    for first, last in spans:
        size = last - first + 1
        if part.startswith(("end", "close")):
            out += [(last, last)]
            if unit == "week":
                out += [(last - 2, last - 2), (last - 1, last - 1), (last - 3, last)]
            elif size > 20:
                out += [(last - size // 6, last)]
        elif part.startswith(("start", "beginning", "early", "first")):
            out += [(first, first), (first, first + max(1, size // 3 - 1))]
        elif part.startswith(("mid", "the middle", "middle")):
            out += [(first + size // 3, last - size // 3)]
        elif part.startswith("later"):
            out += [(max(first, clock.today), last), (first + size // 2, last)]
        else:
            out += [(max(first, clock.today), last)]
    return out


def the_nth(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    """ "the 3rd": of this month, the one before or after, or the third of something."""
    number = int(match[1])
    index = clock.moment.year * 12 + clock.moment.month - 1
    days = []
    for month in (index, index + 1, index - 1):
        ordinal = _day(month // 12, month % 12 + 1, number)
        if ordinal:
            days.append((ordinal, ordinal))
    return make(match, "date", days=tuple(days), numbers=(float(number),))


def figures(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    """ "3/3", "27.02.2026": both orders where both are dates."""
    one, two, year = int(match[1]), int(match[2]), match[3]
    days: list[Span] = []
    for day, month in ((one, two), (two, one)):
        if 1 <= month <= 12:
            days += _dated(clock, month, day, year, None)
    return make(match, "date", days=unique(days)) if days else ()
