"""Forecasts: the interval holds the truth about as often as it says."""

from __future__ import annotations

import pytest

from callsmith import seeds
from callsmith.forecast import PILOT, Spent, forecast


def drawn(count: int, *purpose: int) -> list[Spent]:
    rng = seeds.rng("spent", *purpose)
    return [
        Spent(calls := rng.choice((4, 5, 5, 6, 12)), tokens := calls * rng.randint(800, 2400), tokens * 2e-6)
        for _ in range(count)
    ]


def test_too_few_conversations_tell_nothing() -> None:
    assert forecast(drawn(PILOT - 1), 100, 1.0) is None
    assert forecast(drawn(PILOT), 100, 1.0) is not None


@pytest.mark.parametrize("pilot", [16, 48])
def test_the_interval_holds_the_truth_about_four_times_in_five(pilot: int) -> None:
    held = 0
    for trial in range(200):
        run = drawn(300, pilot, trial)
        told = forecast(run[:pilot], 300, 10.0)
        assert told is not None
        held += told.tokens.low <= sum(slot.tokens for slot in run) <= told.tokens.high
    assert 0.68 <= held / 200 <= 0.9


def test_a_finished_run_is_what_it_took() -> None:
    run = drawn(40)
    told = forecast(run, 40, 10.0)
    assert told is not None
    total = sum(slot.tokens for slot in run)
    assert (told.tokens.low, told.tokens.likely, told.tokens.high) == (total, total, total)
    assert told.seconds.high == 0


def test_time_left_follows_the_pace() -> None:
    run = drawn(40)
    slow, fast = forecast(run, 400, 5.0), forecast(run, 400, 50.0)
    assert slow is not None and fast is not None
    assert slow.seconds.likely == pytest.approx(10 * fast.seconds.likely)
