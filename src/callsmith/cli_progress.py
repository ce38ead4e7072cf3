"""Progress of a run: a live display on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from callsmith.engine import Progress
from callsmith.forecast import Forecast
from callsmith.models.budget import Figures

LINES = 5  # plain lines a run, at least one of them a minute
MINUTE = 60.0


class Gauge:
    """What there is to tell of a run while it works. ``calls_asked``: whether models are asked at all."""

    def __init__(self, size: int, figures: Figures | None) -> None:
        self.marks: list[Progress] = []  # the first and the last
        self.forecast: Forecast | None = None
        self._size = size
        self._figures = figures
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it has worked."""
        return time.monotonic() - self._began

    def mark(self, progress: Progress) -> None:
        """Remember how far the run is."""
        self.marks[1:] = [progress] if self.marks else []
        self.marks[:] = self.marks or [progress]

    def left(self) -> float | None:
        """Seconds still to come, from the pace of this command; None before there is one."""
        if not self.marks:
            return None
        first, last = self.marks[0], self.marks[-1]
        done = last.settled - first.settled
        return (self._size - last.settled) * self.seconds / done if done else None

    def line(self) -> str:
        """All of it in one line."""
        last = self.marks[-1]
        parts = [
            f"{last.settled}/{self._size} settled",
            f"{last.accepted} accepted",
            f"{last.refused} attempts refused",
            *self.asking(),
        ]
        return ", ".join([*parts, *self.remaining()])

    def kinds(self) -> str:
        """Accepted and asked so far, by kind."""
        found = self.marks[-1].kinds if self.marks else {}
        return "  ".join(f"{kind} {accepted}/{asked}" for kind, (accepted, asked) in found.items())

    def asking(self) -> list[str]:
        """What is asked of models: in flight, pace, spend."""
        if self._figures is None:
            return []
        total = self._figures.total
        tokens = total.prompt + total.completion
        told = [f"{total.in_flight} in flight", f"{tokens / max(self.seconds, 1e-6):,.0f} tokens/s"]
        if total.cost:
            told.append(f"{total.cost:.2f} spent")
        for count, what in ((total.found, "from the journal"), (total.retries, "retries")):
            if count:
                told.append(f"{count:,} {what}")
        return told

    def remaining(self) -> list[str]:
        """How long it will still take."""
        left = self.left()
        return [f"about {span(left)} left"] if left else []


def span(seconds: float) -> str:
    """A time as people say it: ``40 s``, ``3 min``, ``2.5 h``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


@contextmanager
def watched(console: Console, gauge: Gauge, size: int) -> Iterator[Callable[[Progress], None]]:
    """Shows ``gauge`` while the run works; what is yielded takes the engine's progress."""
    if console.is_terminal:
        with Live(get_renderable=lambda: _display(gauge, size), console=console, refresh_per_second=4):
            yield gauge.mark
        return
    told, at = 0, time.monotonic()

    def tell(progress: Progress) -> None:
        nonlocal told, at
        gauge.mark(progress)
        reached = progress.settled * LINES // size
        if reached > told or time.monotonic() - at > MINUTE:
            told, at = reached, time.monotonic()
            console.print(gauge.line())

    yield tell


def _display(gauge: Gauge, size: int) -> Group:
    if not gauge.marks:
        return Group(Text("reading tools"))
    last = gauge.marks[-1]
    bar = Table.grid(padding=(0, 1))
    bar.add_row(
        "conversations",
        ProgressBar(total=size, completed=last.settled, width=40),
        f"{last.settled}/{size}",
        *gauge.remaining(),
        f"[dim]{last.refused} attempts refused",
    )
    lines = [line for line in (gauge.kinds(), " · ".join(gauge.asking())) if line]
    return Group(bar, *(Text(line, style="dim") for line in lines))


def told_forecast(forecast: Forecast) -> str:
    """A forecast in one line."""
    calls, tokens, cost, seconds = forecast.calls, forecast.tokens, forecast.cost, forecast.seconds
    time_left = (
        f"; {span(seconds.likely)} more ({span(seconds.low)} to {span(seconds.high)})" if seconds else ""
    )
    money = f", cost {cost.likely:.2f} ({cost.low:.2f} to {cost.high:.2f})" if cost.high else ""
    return (
        f"from the first {forecast.pilot}: {forecast.size:,} conversations take about {calls.likely:,.0f} calls "
        f"({calls.low:,.0f} to {calls.high:,.0f}), {tokens.likely:,.0f} tokens ({tokens.low:,.0f} to "
        f"{tokens.high:,.0f}){money}{time_left}"
    )
