"""Times of day and lengths of time as people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsmith.facts.mention import (
    NUMBER_WORDS,
    SPELLED,
    TENS,
    UNITS,
    Clock,
    Mention,
    Reader,
    make,
    reader,
    spelled,
    table_of,
)

Span = tuple[int, int]

DAY = 24 * 60
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
PARTS: dict[str, tuple[Span, ...]] = {
    "first thing": ((6 * 60, 10 * 60),),
    "early morning": ((5 * 60, 9 * 60),),
    "early": ((5 * 60, 10 * 60),),
    "mid-morning": ((9 * 60, 11 * 60 + 30),),
    "morning": ((0, 0), (5 * 60, 12 * 60)),
    "lunchtime": ((11 * 60 + 30, 14 * 60),),
    "lunch time": ((11 * 60 + 30, 14 * 60),),
    "lunch": ((11 * 60 + 30, 14 * 60),),
    "afternoon": ((12 * 60, 18 * 60),),
    "mid-afternoon": ((14 * 60, 16 * 60 + 30),),
    "evening": ((17 * 60, DAY - 1),),
    "night": ((18 * 60, DAY - 1),),
    "end of day": ((16 * 60, 19 * 60), (DAY - 1, DAY - 1)),
    "end of the day": ((16 * 60, 19 * 60), (DAY - 1, DAY - 1)),
    "end of business": ((16 * 60, 19 * 60),),
    "close of business": ((16 * 60, 19 * 60),),
    "eod": ((16 * 60, 19 * 60), (DAY - 1, DAY - 1)),
    "cob": ((16 * 60, 19 * 60),),
    "start of day": ((7 * 60, 10 * 60),),
    "start of the day": ((7 * 60, 10 * 60),),
}
_AMPM = r" ?(?:a\.?m\.?|p\.?m\.?)(?![a-z])"
_H = r"(?:2[0-4]|1[0-9]|0?[0-9])"
_MIN = r"[0-5][0-9]"
_HOURWORD = "|".join(sorted(UNITS[1:13], key=len, reverse=True))
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")  # 14,400 seconds
_UNIT = r"(?:minutes?|mins?|hours?|hrs?|hr|seconds?|secs?|days?|weeks?|fortnights?)(?![a-z])"


def readings(hour: int, minute: int, half: str, certain: bool) -> tuple[Span, ...]:
    """Minutes after midnight that an hour and minute may mean; ``half`` is "a", "p" or ""."""
    if hour > 24 or minute > 59:
        return ()
    if half:
        value = hour % 12 * 60 + minute + (720 if half == "p" else 0)
        return ((value, value),)
    value = hour % 24 * 60 + minute
    if certain or hour > 12 or hour == 0:
        return ((value, value),)
    other = (value + 720) % DAY
    return ((value, value), (other, other))


def _half(text: str | None) -> str:
    return text.strip()[0] if text else ""


def _hour(word: str) -> int:
    return int(word) if word[0].isdigit() else NUMBER_WORDS[word]


# ---------------------------------------------------------------- builders


def _clock_time(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    """ "3pm", "3:30 pm", "15:00", "15h30"; a leading zero settles the half of the day."""
    hour, minute = int(match["h"]), int(match["m"] or 0)
    half = _half(match["ap"])
    certain = match["h"].startswith("0")
    return make(match, "time", minutes=readings(hour, minute, half, certain))


def _led(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    """ "at 9", "by 14.20", "around nine": a bare hour counts only after such a word."""
    hour = _hour(match["h"])
    minute = int(match["m"] or 0)
    if hour > 24 or hour == 0:
        return ()
    span = readings(hour, minute, _half(match["ap"]), match["h"].startswith("0"))
    start = match.start("h")
    return (
        Mention(
            start,
            match.end(),
            "time",
            match.group()[start - match.start() :],
            minutes=span,
            numbers=_figure(match),
        ),
    )


def _figure(match: re.Match[str]) -> tuple[float, ...]:
    """The number it may be as well: "is 10.46" need not be a time."""
    if match["ap"] or (match["m"] and match.string[match.end("h")] != "."):
        return ()
    return (float(match["h"] + "." + match["m"] if match["m"] else _hour(match["h"])),)


def _range(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    """ "2 to 3:30", "9-11am", "from 10 till noon": two times; the half named last holds for both."""
    lead, first_minute, second_minute = match["lead"], match["m1"], match["m2"]
    first_half, second_half = _half(match["ap1"]), _half(match["ap2"])
    second = match["h2"]
    named = second in ("noon", "midday", "midnight")
    if not (lead or first_minute or second_minute or first_half or second_half or named):
        return ()
    if not (first_minute or second_minute or first_half or second_half or named) and match["sep"] == "and":
        return ()  # "between 2 and 4" of something countable is rather a number
    if named:
        last: tuple[Span, ...] = ((720, 720),) if second != "midnight" else ((0, 0), (DAY, DAY))
    else:
        last = readings(_hour(second), int(second_minute or 0), second_half, second.startswith("0"))
    one = match["h1"]
    first = readings(_hour(one), int(first_minute or 0), first_half, one.startswith("0"))
    if second_half and not first_half:
        same = readings(_hour(one), int(first_minute or 0), second_half, False)
        first = tuple(dict.fromkeys([*same, *first]))
    return (
        Mention(match.start("h1"), match.end("x1"), "time", match["x1"], minutes=first),
        Mention(match.start("x2"), match.end("x2"), "time", match["x2"], minutes=last),
    )


def _past(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    """ "half past three", "quarter to nine", "ten past nine", "half nine"."""
    word = match["q"]
    amount = (
        30
        if word == "half"
        else 15
        if word.endswith("quarter")
        else (int(word) if word[0].isdigit() else spelled(word) or 0)
    )
    hour = _hour(match["h"])
    if hour > 24:
        return ()
    if (match["dir"] or "") in ("to", "till", "before"):
        base = (hour * 60 - amount) % DAY
    else:
        base = (hour * 60 + amount) % DAY
    return make(match, "time", minutes=readings(base // 60, base % 60, _half(match["ap"]), base >= 780))


def _named(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    word = match.group()
    if "midnight" in word:
        return make(match, "time", minutes=((0, 0), (DAY, DAY), (DAY - 1, DAY - 1)))
    if word in ("noon", "midday"):
        return make(match, "time", minutes=((720, 720),))
    return make(match, "time_range", minutes=PARTS.get(word) or PARTS[word.removesuffix("s")])


def _oclock(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    return make(match, "time", minutes=readings(_hour(match["h"]), 0, _half(match["ap"]), False))


def _count(words: str) -> float:
    if words in ("a", "an"):
        return 1
    if words.startswith(("a couple", "couple")):
        return 2
    if _GROUPED.fullmatch(words):
        return float(words.replace(",", ""))
    if words[0].isdigit():
        return float(words.replace(",", "."))
    return float(spelled(words) or 0)


def _duration(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    """ "45 min", "two hours", "an hour and a half", "1 hour 20 minutes", "90-minute"."""
    size = SECONDS[match["u"][0]] * (2 if match["u"].startswith("fortnight") else 1)
    total = _count(match["n"]) * size
    more = match["more"]
    if more:
        if "half" in more:
            total += size / 2
        elif "quarter" in more:
            total += size / 4
        else:
            total += _count(match["n2"]) * SECONDS[match["u2"][0]]
    return make(match, "duration", seconds=(int(total),), numbers=(_count(match["n"]),))


def _fixed_duration(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    word = match.group()
    if "three quarter" in word or "three-quarter" in word:
        seconds = 2700
    elif "quarter" in word:
        seconds = 900
    elif "half" in word and "one and a half" not in word and " and a half" not in word:
        seconds = 86400 // 2 if "day" in word else 1800
    else:
        count = spelled(word.split()[0]) or 1
        unit = {"h": 3600, "d": 86400, "w": 604800}[word.split()[-1][0]]
        seconds = int((count + 0.5) * unit)
    return make(match, "duration", seconds=(seconds,))


def _compact(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    """ "1h30", "2h", "1h 15m"."""
    seconds = int(match["h"]) * 3600 + int(match["m"] or 0) * 60
    hour = readings(int(match["h"]), int(match["m"] or 0), "", True) if int(match["h"]) < 24 else ()
    return make(match, "duration", seconds=(seconds,), minutes=hour)


def _soon(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    """ "in an hour", "20 minutes ago": a moment, counted from now."""
    if not clock.known:
        return ()
    word = match["n"]
    if word.startswith("half"):
        seconds = 1800
    else:
        seconds = int(_count(word) * SECONDS[match["u"][0]])
    backwards = match["ago"] is not None
    total = clock.today * DAY + clock.minute + (-seconds if backwards else seconds) // 60
    day, minute = divmod(total, DAY)
    return make(
        match, "date_time", days=((day, day),), minutes=((minute - 3, minute + 3),), seconds=(seconds,)
    )


# ---------------------------------------------------------------- readers


_NUM = rf"(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+(?:[.,][0-9]+)?|an?(?: couple(?: of)?)?|couple of|{SPELLED})"
_TIME = reader(rf"(?P<h>{_H})(?:(?::|h)(?P<m>{_MIN})(?::{_MIN})?)(?P<ap>{_AMPM})?(?![0-9])", _clock_time)
_AMPM_TIME = reader(rf"(?P<h>{_H})(?:[.:](?P<m>{_MIN}))?(?P<ap>{_AMPM})", _clock_time)
_NEXT = (
    r"(?:(?:on|in|for|tomorrow|today|tonight|this|next|and|or|to|till?|until|with|at|by|please|sharp|if|then|so|is"
    r"|works?|would|instead|because|when|since|as|also|but|the|my|a|an|exactly|every|each|which|rather|not|same"
    r"|just|it"
    r"|i|we|pls|thanks|first|start|local|does|should|could|again)(?![a-z])"
    r"|(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?s?(?![a-z]))"
)
"""Words that may follow a bare hour; any other makes it a count: "for 2 people"."""
_LED = reader(
    rf"(?:at|by|from|until|till|til|around|about|before|after|for|to|@|is|starts|ends|or) ?(?:about |around )?"
    rf"(?P<h>{_H}|{_HOURWORD})(?:[.:](?P<m>{_MIN}))?(?P<ap>{_AMPM})?(?:ish)?(?![0-9a-z%€$£]|[.,:/-][0-9]| ?(?:%"
    rf"|percent))(?:(?! [a-z])|(?= {_NEXT}))",
    _led,
)
_X = rf"(?:{_H}|{_HOURWORD})"
_RANGE = reader(
    rf"(?P<lead>from |between )?(?P<x1>(?P<h1>{_X})(?:[.:](?P<m1>{_MIN}))?(?P<ap1>{_AMPM})?) ?"
    rf"(?P<sep>-|–|—|to|till|til|until|and) ?"
    rf"(?P<x2>(?P<h2>{_X}|noon|midday|midnight)(?:[.:](?P<m2>{_MIN}))?(?P<ap2>{_AMPM})?)(?![0-9a-z%€$£]"
    rf"|[.,:/-][0-9])",
    _range,
)
_QUARTER = r"half|(?:a )?quarter|(?:five|ten|twenty(?:[- ]five)?|[0-9]{1,2})(?: minutes)?"
_PAST = reader(
    rf"(?P<q>half|(?:a )?quarter|five|ten|twenty(?:[- ]five)?|5|10|20|25)(?: minutes)?"
    rf" (?P<dir>past|after|to|till|before) (?P<h>{_X})(?P<ap>{_AMPM})?(?![0-9a-z:]| ?(?:min|hour|hr|sec|day"
    rf"|week|%|per))",
    _past,
)
_HALF = reader(rf"(?P<q>half)(?P<dir>) (?P<h>{_HOURWORD})(?P<ap>{_AMPM})?(?![0-9a-z:])", _past)
_NAMED = reader(
    r"(?:first thing|early morning|mid-morning|mornings?|lunch ?time|lunch|mid-afternoon|afternoons?|evenings?"
    r"|night"
    r"|end of (?:the )?day|end of business|close of business|start of (?:the )?day|eod|cob|noon|midday"
    r"|midnight)(?![a-z-])",
    _named,
)
_OCLOCK = reader(rf"(?P<h>{_X}) ?o['’]?clock(?P<ap>{_AMPM})?", _oclock)
_DURATION = reader(
    rf"(?P<n>{_NUM})(?:-| )?(?P<u>{_UNIT})(?P<more> and a half| and a quarter"
    rf"|(?: and)? (?P<n2>{_NUM}) ?(?P<u2>min(?:ute)?s?(?![a-z])))?",
    _duration,
)
_FIXED = reader(
    r"(?:half an? hour|half[- ]hour|half a day|half[- ]day|an hour and a half|(?:a|three)[- ]quarters? of an hour"
    r"|quarter of an hour|quarter[- ]hour|(?:one|two|three|four|five|six) and a half (?:hours|days"
    r"|weeks))(?![a-z])",
    _fixed_duration,
)
_COMPACT = reader(r"(?P<h>[0-9]{1,2}) ?h(?: ?(?P<m>[0-5]?[0-9]) ?m?(?:in)?)?(?![0-9a-z])", _compact)
_SHORT = reader(r"(?P<n>[0-9]{1,3}) ?(?P<u>m)(?P<more>)(?P<n2>)(?P<u2>)(?![0-9a-z])", _duration)
_SOON = reader(
    rf"(?:(?:in|within) )(?P<n>half an|{_NUM}) (?P<u>minutes?|mins?|hours?|hrs?|hour)(?![a-z])(?P<ago>(?!))?",
    _soon,
)
_AGO = reader(rf"(?P<n>half an|{_NUM}) (?P<u>minutes?|mins?|hours?|hrs?|hour) (?P<ago>ago)(?![a-z])", _soon)


def readers() -> dict[str, list[Reader]]:
    """Readers of times by the lower-case word a mention starts with; "#" stands for a word led by a figure."""
    return table_of(
        ("#", _RANGE, _COMPACT, _TIME, _AMPM_TIME, _AGO, _DURATION, _SHORT, _OCLOCK, _PAST),
        (UNITS[1:], _RANGE, _AGO, _DURATION, _OCLOCK, _PAST, _FIXED),
        (TENS, _AGO, _DURATION, _PAST),
        (
            "at by until till til around about before after for to is starts ends or",
            _LED,
        ),
        ("from between", _RANGE, _LED),
        ("half", _AGO, _PAST, _HALF, _FIXED),
        ("quarter", _PAST, _FIXED),
        ("a an", _AGO, _PAST, _DURATION, _FIXED),
        ("couple", _DURATION),
        ("three one two four", _FIXED),
        ("in within", _SOON),
        (
            "first early mid morning mornings lunchtime lunch afternoon afternoons evening evenings night end close "
            "start eod cob noon midday midnight",
            _NAMED,
        ),
    )
