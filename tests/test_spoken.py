"""What the voice says of days, times, lengths and amounts, the reader of facts must read back."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callsmith import seeds
from callsmith.facts import mentions
from callsmith.language.spoken import Speaker, number_text

NOW = "2026-03-03T14:20:00+01:00"
TODAY = datetime.fromisoformat(NOW)


def speaker(seed: int, american: bool) -> Speaker:
    return Speaker(NOW, "Europe/Berlin", "EUR", american, seeds.rng(seed))


@given(st.integers(-40, 200), st.integers(0, 10_000), st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_day_said_is_read_as_that_day(ahead: int, seed: int, american: bool) -> None:
    day = TODAY.date() + timedelta(days=ahead)
    said = speaker(seed, american).day(day)
    read = [span for mention in mentions(f"move it to {said}", NOW) for span in mention.days]
    assert any(first <= day.toordinal() <= last for first, last in read), said


@given(st.integers(0, 23), st.sampled_from([0, 15, 30, 45]), st.integers(0, 10_000), st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_time_said_is_read_as_that_time(hour: int, minute: int, seed: int, american: bool) -> None:
    said = speaker(seed, american).time(hour, minute)
    read = [span for mention in mentions(f"call me at {said}", NOW) for span in mention.minutes]
    assert any(first <= hour * 60 + minute <= last for first, last in read), said


@given(st.sampled_from([15, 30, 45, 60, 90, 120, 180]), st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_a_length_said_is_read_as_that_length(minutes: int, seed: int) -> None:
    said = speaker(seed, False).length(minutes)
    assert any(minutes * 60 in mention.seconds for mention in mentions(f"it takes {said}", NOW)), said


@given(st.integers(1, 5_000_000), st.sampled_from(["EUR", "USD", "GBP", "CHF"]), st.integers(0, 1000))
@settings(max_examples=150, deadline=None)
def test_minor_units_said_are_read_as_major_ones(minor: int, currency: str, seed: int) -> None:
    said = speaker(seed, False).value(minor, "amount_minor", currency)
    read = [number for mention in mentions(f"refund {said} please", NOW) for number in mention.numbers]
    assert any(abs(number - minor / 100) < 0.005 for number in read), said


@pytest.mark.parametrize(
    ("value", "said"), [(1_000_000.0, "1000000"), (123_456.78, "123456.78"), (0.1 + 0.2, "0.3"), (7.5, "7.5")]
)
def test_a_large_number_is_said_whole(value: float, said: str) -> None:
    assert number_text(value) == said
