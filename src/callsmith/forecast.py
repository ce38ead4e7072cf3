"""What a run that asks models will take in all, told from the conversations it has made so far."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean, pstdev

from msgspec import Struct

from callsmith import seeds
from callsmith.config_models import Price
from callsmith.models import budget
from callsmith.models.journal import by_slot

PILOT = 16  # conversations from which a forecast is made, at least
RESAMPLES = 1000
INTERVAL = (0.1, 0.9)


class Spent(Struct, frozen=True):
    """What one slot took, all its attempts together."""

    calls: int
    tokens: int
    cost: float


class Range(Struct, frozen=True):
    """A figure with the interval that should hold it four times in five."""

    low: float
    likely: float
    high: float


class Forecast(Struct, frozen=True):
    """What a run will have taken in the end, what it took so far included; ``seconds`` are those still to come, None
    where nothing tells the pace."""

    pilot: int  # slots it is told from
    size: int
    calls: Range
    tokens: Range
    cost: Range
    seconds: Range | None


def forecast(took: Sequence[Spent], size: int, calls_a_second: float) -> Forecast | None:
    """What ``size`` slots take, from those settled; None while they are fewer than ``PILOT``.

    The mean of a slot is drawn by the bootstrap, the rest of the run around it as the central limit theorem has it.
    Slots count as independent draws from one mix of kinds; of a server that gets slower the interval knows nothing.
    """
    if len(took) < PILOT:
        return None
    rest = max(0, size - len(took))
    rng = seeds.rng("forecast", len(took), size)
    calls, tokens, cost = (
        _total([float(getattr(slot, name)) for slot in took], rest, rng)
        for name in ("calls", "tokens", "cost")
    )
    done = sum(slot.calls for slot in took)
    left = [
        max(0.0, value - done) / (calls_a_second or 1.0) for value in (calls.low, calls.likely, calls.high)
    ]
    return Forecast(len(took), size, calls, tokens, cost, Range(*left) if calls_a_second else None)


def spent(path: Path, prices: Mapping[str, Price], settled: int) -> list[Spent]:
    """What each of the first ``settled`` slots took, by the journal of calls; ``prices`` by the names of models."""
    if not path.exists():
        return []
    took = [Spent(0, 0, 0.0)] * settled
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        for slot, model, calls, used in by_slot(db, settled):
            before = took[slot]
            tokens = before.tokens + used.prompt + used.completion
            paid = before.cost + budget.cost(used, prices.get(model, Price()))
            took[slot] = Spent(before.calls + calls, tokens, paid)
    return took


def _total(values: Sequence[float], rest: int, rng: seeds.Rng) -> Range:
    """The sum of what was seen and of ``rest`` further draws, with its interval."""
    done, spread, count = sum(values), pstdev(values), len(values)
    totals = sorted(
        done + rest * fmean(rng.choices(values, k=count)) + spread * rest**0.5 * rng.gauss(0.0, 1.0)
        for _ in range(RESAMPLES)
    )
    low, high = (max(done, totals[int(share * (RESAMPLES - 1))]) for share in INTERVAL)
    return Range(low, max(done, totals[RESAMPLES // 2]), high)
