"""Values as people write them, with dateutil as the oracle for dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from dateutil import parser
from dateutil.relativedelta import FR, MO, SU, TH, TU, WE, relativedelta
from hypothesis import given
from hypothesis import strategies as st

from callsmith.facts import FACETS, instant, mentions, now_of, quoted, same
from callsmith.facts.mention import spelled

NOW = "2026-03-03T14:20:00+01:00"  # a Tuesday
TODAY = date(2026, 3, 3)
ZONE = "Europe/Berlin"


def days(text: str, now: str = NOW) -> set[tuple[date, date]]:
    return {(date.fromordinal(a), date.fromordinal(b)) for m in mentions(text, now, ZONE) for a, b in m.days}


def single(text: str, now: str = NOW) -> set[date]:
    return {a for a, b in days(text, now) if a == b}


def minutes(text: str) -> list[set[str]]:
    return [
        {f"{a // 60:02d}:{a % 60:02d}" for a, b in m.minutes if a == b}
        for m in mentions(text, NOW, ZONE)
        if m.minutes
    ]


def one(text: str):  # type: ignore[no-untyped-def]
    found = mentions(text, NOW, ZONE)
    assert len(found) == 1, found
    return found[0]


moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31))
FORMATS = (
    "%d %B %Y",
    "%B %d, %Y",
    "%a %d %b %Y",
    "%A, %d %B %Y",
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%b %d %Y",
    "%A %B %d, %Y",
)


@given(moments, st.sampled_from(FORMATS))
def test_a_date_with_its_year_is_read_as_dateutil_reads_it(moment: datetime, form: str) -> None:
    text = moment.strftime(form)
    expected = parser.parse(text, dayfirst=form == "%d.%m.%Y").date()
    assert expected in single(f"Please have it ready by {text}, thanks")


@given(moments, moments, st.sampled_from(("%d %B", "%B %d", "%A %d %B", "%b %d")))
def test_a_date_without_year_is_the_nearest_such_day(moment: datetime, now: datetime, form: str) -> None:
    near = now + timedelta(days=moment.toordinal() % 300 - 150)
    assert near.date() in single(near.strftime(form), now.isoformat())


@given(moments, st.integers(1, 40), st.sampled_from(("day", "week", "month", "year")), st.booleans())
def test_relative_dates_follow_relativedelta(now: datetime, count: int, unit: str, ago: bool) -> None:
    words = f"{count} {unit}{'s' if count > 1 else ''}"
    text = f"{words} ago" if ago else f"in {words}"
    step = relativedelta(**{f"{unit}s": -count if ago else count})  # type: ignore[arg-type]
    assert (now + step).date() in single(text, now.isoformat())


@given(moments, st.integers(0, 6))
def test_a_bare_weekday_is_the_coming_or_the_past_one(now: datetime, weekday: int) -> None:
    name = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[weekday]
    rule = (MO, TU, WE, TH, FR, None, SU)[weekday]
    found = single(f"see you {name}", now.isoformat())
    assert all(day.weekday() == weekday for day in found)
    if rule is not None:
        assert (now + relativedelta(weekday=rule(1))).date() in found
        assert (now - timedelta(days=1) + relativedelta(weekday=rule(-1))).date() in found


def test_next_friday_has_both_readings() -> None:
    assert single("next Friday") == {date(2026, 3, 6), date(2026, 3, 13)}
    assert single("last Friday") == {date(2026, 2, 27)}
    assert single("Friday the 6th") >= {date(2026, 3, 6)}
    assert single("Friday next week") == {date(2026, 3, 13)}


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("next week", (date(2026, 3, 9), date(2026, 3, 15))),
        ("last month", (date(2026, 2, 1), date(2026, 2, 28))),
        ("this quarter", (date(2026, 1, 1), date(2026, 3, 31))),
        ("next year", (date(2027, 1, 1), date(2027, 12, 31))),
        ("the weekend", (date(2026, 3, 7), date(2026, 3, 8))),
        ("the end of the month", (date(2026, 3, 31), date(2026, 3, 31))),
        ("in March", (date(2026, 3, 1), date(2026, 3, 31))),
        ("the last 3 days", (date(2026, 2, 28), date(2026, 3, 3))),
        ("3 to 5 March", (date(2026, 3, 3), date(2026, 3, 5))),
        ("Q1 2026", (date(2026, 1, 1), date(2026, 3, 31))),
    ],
)
def test_stretches_of_days(text: str, span: tuple[date, date]) -> None:
    assert span in days(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", 3),
        ("tomorrow", 4),
        ("the day after tomorrow", 5),
        ("yesterday", 2),
        ("tonight", 3),
        ("the 3rd", 3),
    ],
)
def test_relative_days(text: str, day: int) -> None:
    assert date(2026, 3, day) in single(text)


def test_a_date_whose_weekday_does_not_fit_means_no_day() -> None:
    assert one("Friday 28 February").days == ()
    assert single("Friday 27 February") == {date(2026, 2, 27)}


def test_figures_of_a_date_are_read_in_both_orders() -> None:
    assert {date(2026, 4, 3), date(2026, 3, 4)} <= single("due 3/4")


def test_words_that_are_also_months_or_days_are_no_dates_in_lower_case() -> None:
    assert mentions("you may sit in the sun and march on", NOW) == ()


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("3pm", [{"15:00"}]),
        ("3:30 pm", [{"15:30"}]),
        ("15:00", [{"15:00"}]),
        ("at 14.20", [{"14:20"}]),
        ("half past three", [{"03:30", "15:30"}]),
        ("quarter to nine", [{"08:45", "20:45"}]),
        ("noon", [{"12:00"}]),
        ("nine o'clock", [{"09:00", "21:00"}]),
        ("at 9", [{"09:00", "21:00"}]),
        ("09:00", [{"09:00"}]),
        ("from 2 to 3:30", [{"02:00", "14:00"}, {"03:30", "15:30"}]),
        ("from 10 till noon", [{"10:00", "22:00"}, {"12:00"}]),
        ("2-3pm", [{"14:00", "02:00"}, {"15:00"}]),
    ],
)
def test_times_of_day(text: str, times: list[set[str]]) -> None:
    assert minutes(text) == times


@given(st.integers(0, 23), st.integers(0, 59))
def test_a_clock_time_is_read_in_every_usual_spelling(hour: int, minute: int) -> None:
    value = hour * 60 + minute
    half = "am" if hour < 12 else "pm"
    for text in (
        f"{hour:02d}:{minute:02d}",
        f"{hour % 12 or 12}:{minute:02d} {half}",
        f"at {hour % 12 or 12}.{minute:02d}{half}",
    ):
        assert (value, value) in one(text).minutes, text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("half an hour", 1800), ("14,400 seconds", 14400), ("1,5 hours", 5400), ("45 min", 2700), ("45 minutes", 2700), ("an hour and a half", 5400), ("1h30", 5400),
        ("a 90-minute", 5400), ("two hours", 7200), ("1 hour 20 minutes", 4800), ("1.5 hours", 5400), ("a day", 86400),
    ],
)  # fmt: skip
def test_lengths_of_time(text: str, seconds: int) -> None:
    assert any(seconds in m.seconds for m in mentions(text, NOW))


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("€64.90", 64.9, "EUR"), ("64.90 euros", 64.9, "EUR"), ("$1,200", 1200, "USD"), ("EUR 64.90", 64.9, "EUR"),
        ("1.2k", 1200, ""), ("12 grand", 12000, ""), ("18,400", 18400, ""), ("25 percent", 25, "%"), ("20%", 20, "%"),
        ("five hundred dollars", 500, "USD"), ("1.234,50 €", 1234.5, "EUR"), ("a dozen", 12, ""), ("five", 5, ""),
        ("half a dozen", 6, ""), ("a couple", 2, ""), ("twenty-five", 25, ""), ("50p", 0.5, ""), ("£3m", 3e6, "GBP"),
        ("840 KES", 840, "KES"), ("GHS 75", 75, "GHS"), ("4.5 m²", 4.5, ""), ("4.2 m", 4.2, ""),
    ],
)  # fmt: skip
def test_amounts_and_counts(text: str, value: float, unit: str) -> None:
    mention = one(text)
    assert value in mention.numbers
    assert mention.unit == unit


@given(st.integers(1, 99))
def test_spelled_numbers(value: int) -> None:
    tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    units = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
    word = units[value] if value < 20 else tens[value // 10] + (f"-{units[value % 10]}" if value % 10 else "")
    assert spelled(word) == value
    assert one(f"{word} boxes").numbers == (float(value),)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("tom.becker@halden.example", "email"), ("https://x.example/a/b?c=d", "url"), ("+49 30 1234567", "phone"),
        ("OPS-123", "id"), ("ch_9Qz", "id"), ("quote_q1.pdf", "id"), ("#42", "key"), ("the second", "ordinal"),
    ],
)  # fmt: skip
def test_addresses_and_identifiers(text: str, kind: str) -> None:
    assert one(text).kind == kind


def test_counted_people_are_no_time_of_day() -> None:
    assert one("a table for 6 people").kind == "number"
    assert one("mail from 24 February").kind == "date"


@given(st.text(max_size=200))
def test_any_text_is_read_without_overlap(text: str) -> None:
    found = mentions(text, NOW, ZONE)
    end = 0
    for mention in found:
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end


def test_quotes_are_found_in_every_style() -> None:
    text = "He wrote “call me”, \"Q1 quote\" and 'don't wait' – it's „fein“."
    assert [m.text for m in quoted(text)] == ["call me", "Q1 quote", "don't wait", "fein"]


@pytest.mark.parametrize(
    ("system", "now", "zone"),
    [
        (
            "You help Priya. Today is Tuesday 3 March 2026, 14:20, Europe/Berlin.",
            "2026-03-03T14:20:00",
            "Europe/Berlin",
        ),
        ("It is 9:05 am on March 3rd, 2026 (America/New_York).", "2026-03-03T09:05:00", "America/New_York"),
        ("Current time: 2026-03-03T14:20:00+01:00.", "2026-03-03T14:20:00+01:00", ""),
        ("You are a helpful assistant.", "", ""),
    ],
)
def test_the_moment_is_read_from_a_system_prompt(system: str, now: str, zone: str) -> None:
    assert now_of(system) == (now, zone)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_a_value_is_the_same_as_itself(value: object) -> None:
    assert same(value, value)


@given(moments, st.integers(-11, 12))
def test_a_moment_is_the_same_in_every_offset(moment: datetime, hours: int) -> None:
    there = moment.replace(microsecond=0, tzinfo=UTC)
    here = there.astimezone(timezone(timedelta(hours=hours)))
    assert same(there.isoformat(), here.isoformat())
    assert instant(here.isoformat()) == there
    assert not same(there.isoformat(), (here + timedelta(minutes=1)).isoformat())


def test_what_is_the_same_and_what_is_not() -> None:
    assert same("5", 5) and same(5.0, 5) and same("Tom  Becker", "tom becker") and same("1,200", 1200)
    assert same(["a", "b"], ["b", "a"]) and same({"a": None, "b": 1}, {"b": 1})
    assert (
        not same(True, 1)
        and not same("a", "b")
        and not same(["a", "a"], ["a", "b"])
        and not same({"a": 1}, {})
    )


def test_facets_are_distinct() -> None:
    assert len(set(FACETS)) == len(FACETS)
