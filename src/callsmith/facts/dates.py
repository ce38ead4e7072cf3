"""Days as people write them: the patterns, by the word a mention starts with."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsmith.facts.days import (
    WEEKDAYS,
    day_month,
    figures,
    iso_date,
    month_by_name,
    period_by_name,
    quarter,
    relative,
    relative_word,
    the_nth,
    unique,
    weekday,
    window,
)
from callsmith.facts.mention import (
    NUMBER_WORDS,
    ORDINALS,
    SPELLED,
    Clock,
    Mention,
    Reader,
    reader,
    table_of,
)

_WD = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?(?![a-z])|(?:mon|tues?|weds?|thu(?:rs?)?|fri|sat"
    r"|sun)(?![a-z])\.?)"
)
_MON = (
    r"(?:(?:january|february|march|april|may|june|july|august|september|october|november|december)(?![a-z])"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)(?![a-z])\.?)"
)
_D = r"(?:3[01]|[12][0-9]|0?[1-9])"
_TH = r"(?:st|nd|rd|th)"
_Y = r"(?:19|20)[0-9]{2}"
_N = rf"(?:[0-9]{{1,3}}|an?(?: (?:couple|few)(?: of)?)?|couple(?: of)?|few|several|{SPELLED})"
_UNIT = r"(?:day|night|week|fortnight|month|quarter|year)s?(?![a-z])"

_DAYNAME = "monday tuesday wednesday thursday friday saturday sunday".split()
_WORDS_WD = [
    *_DAYNAME,
    *(name + "s" for name in _DAYNAME),
    *WEEKDAYS,
    "tues",
    "thur",
    "thurs",
    "weds",
]
_WORDS_MON = (
    "january february march april may june july august september october november december jan feb mar apr jun "
    "jul aug sep sept oct nov dec"
).split()
_LEADS_N = ["a", "an", "couple", "few", "several", *NUMBER_WORDS]
_QUALIFIER = (
    r"(?P<q>(?:this (?:coming |past )?|the (?:following |coming |past )?|next week(?: on)? |last week(?: on)? "
    r"|this week(?: on)? |next |last |coming |upcoming |past |previous |following |a week (?:on|from) )?)"
)
_AFTER = r"(?P<a> (?:of |in )?(?:next|this|last|the following) week| week(?! [0-9])| after next)?"


_DATE_DM = reader(
    rf"(?:(?P<w>{_WD}),? +)?(?:the +)?(?P<d>{_D})(?:{_TH})?(?: ?(?:-|–|to|until|till|and) ?(?P<d2>{_D})(?:{_TH})?)?"
    rf"(?: of)? +(?P<m>{_MON})(?:,? +(?P<y>{_Y})(?![0-9-]))?",
    day_month,
)
_DATE_MD = reader(
    rf"(?:(?P<w>{_WD}),? +)?(?P<m>{_MON}) +(?:the +)?(?P<d>{_D})(?:{_TH})?(?![0-9:.][0-9])(?![0-9])"
    rf"(?: ?(?:-|–|to|until|till) ?(?P<d2>{_D})(?:{_TH})?(?![0-9:]))?(?:,? +(?P<y>{_Y})(?![0-9-]))?",
    day_month,
)
_DATE_WORDS = reader(
    rf"(?:(?P<w>{_WD}),? +)?(?:the +)?(?P<d>{'|'.join(sorted(ORDINALS, key=len, reverse=True))}) of (?P<m>{_MON})",
    day_month,
)
_MONTH = reader(
    rf"(?P<q>(?:(?:this|next|last|early|mid|late|the end of|end of|the start of|start of|the beginning of) ?-? ?)?)"
    rf"(?P<m>{_MON})(?:,? +(?P<y>{_Y})(?![0-9]))?(?! [0-9])",
    month_by_name,
)
_WEEKDAY = reader(
    rf"{_QUALIFIER}(?P<w>{_WD})(?:,? +(?:the +)?(?P<d>{_D})(?:{_TH}|(?! ?(?:[0-9:.,]|am|pm|a\.m|p\.m|o'clock"
    rf"|to |till |until |-|–|or |and |min|hour|hr|people|person|guest|seat)))(?![0-9a-z:]))?{_AFTER}",
    weekday,
)
_RELATIVE = [
    reader(rf"in (?:about |around |roughly )?(?P<n>{_N})(?: more)? (?P<u>{_UNIT})(?:['’]s? time)?", relative),
    reader(rf"(?P<n>{_N}) (?P<u>{_UNIT}) (?P<ago>ago|back|earlier)(?![a-z])", relative),
    reader(
        rf"(?P<n>{_N}) (?P<u>{_UNIT}) (?:from (?:now|today|tomorrow|(?P<w>{_WD}))|out|hence|on (?P<w2>{_WD}))",
        relative,
    ),
]
_WINDOW = reader(
    rf"(?:the )?(?P<q>last|past|previous|next|coming|within|within the next) (?:(?P<n>{_N}) )(?P<u>{_UNIT})",
    window,
)
_PERIOD = reader(
    r"(?P<p>(?:the )?(?:end|close|start|beginning|middle|rest|first half|second half) of |early |mid-?|late "
    r"|later )?"
    r"(?P<q>(?:this|next|last|the (?:following|coming|past|previous|current)|following|coming|past|previous"
    r"|current|the)"
    r"(?: working)? )?(?P<u>week(?:end)?|month|quarter|year)(?![a-z])(?: after next| before last)?",
    period_by_name,
)
_WORD = reader(
    r"(?:today|tonight|tomorrow|tmrw|tmr|tomo|2moro|yesterday|overmorrow|the day after tomorrow"
    r"|day after tomorrow|the day before yesterday|day before yesterday|last night|this (?:morning|afternoon"
    r"|evening)"
    r"|earlier today|later today|the other day|recently|recent|lately)(?![a-z])",
    relative_word,
)
_ISO = reader(r"([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})(?![0-9t])", iso_date)
_NTH = reader(rf"(?:the )?({_D}){_TH}(?![a-z])", the_nth)
_FIGURES = reader(rf"({_D})[./]({_D})(?:[./]((?:20)?[0-9]{{2}}))?(?![0-9%]|[./][0-9])", figures)
_QUARTER = reader(r"q([1-4])(?:[ -]?(?:of )?((?:20)[0-9]{2}))?(?![0-9a-z])", quarter)


_WEEK_OF = re.compile(
    rf"(?:the )?(?:week (?:of|starting|beginning|commencing|from)|w/c)(?: on)? (?:the )?(?=(?:{_WD}|{_D}|{_MON}))"
)


def _week_of(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    """ "the week of 9 November": the week that day lies in, and the seven days from it."""
    low = match.string
    for pattern, builder in (_DATE_DM, _DATE_MD, _WEEKDAY, _NTH):
        inner = pattern.match(low, match.end())
        found = builder(inner, clock, text) if inner is not None else ()
        if inner is None or not found:
            continue
        spans = []
        for first, last in found[0].days:
            if first == last:
                monday = first - (first - 1) % 7
                spans += [(monday, monday + 6), (first, first + 6), (monday, monday + 4)]
        end = inner.end()
        return (Mention(match.start(), end, "date_range", low[match.start() : end], days=unique(spans)),)
    return ()


def _saying_which(entry: Reader) -> Reader:
    """A period that must say which: "week" alone is no date, "the end of the week" is."""
    pattern, builder = entry

    def build(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
        return builder(match, clock, text) if match["q"] or match["p"] else ()

    return pattern, build


def readers() -> dict[str, list[Reader]]:
    """Readers of days by the lower-case word a mention starts with; "#" stands for a word led by a figure."""
    period_reader = _saying_which(_PERIOD)
    week_of = (_WEEK_OF, _week_of)
    return table_of(
        ("week the w", week_of),
        ("#", _ISO, _DATE_DM, *_RELATIVE[1:], _NTH),
        (_WORDS_WD, _DATE_DM, _DATE_MD, _DATE_WORDS, _WEEKDAY),
        (_WORDS_MON, _DATE_MD, _MONTH),
        (_LEADS_N, *_RELATIVE[1:]),
        ("a", _WEEKDAY),
        ("in within", _RELATIVE[0], _WINDOW),
        (
            "next last this coming past previous following upcoming current",
            _WORD,
            _WEEKDAY,
            _WINDOW,
            period_reader,
            _MONTH,
        ),
        ("the", _WORD, _DATE_DM, _DATE_WORDS, _WINDOW, _WEEKDAY, period_reader, _MONTH, _NTH),
        (
            "end close start beginning middle rest early mid late later first second",
            _WORD,
            period_reader,
            _MONTH,
        ),
        (
            "today tonight tomorrow tmrw tmr tomo 2moro yesterday overmorrow day earlier recently recent lately",
            _WORD,
        ),
        ("q1 q2 q3 q4", _QUARTER),
    )


FIGURES = _FIGURES
"""Dates in figures, tried after times and amounts: "3.30" is rather a time, "3/3" a date."""
