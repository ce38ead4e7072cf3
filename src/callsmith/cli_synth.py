"""The synth command: progress while it works, then a summary one likes to read."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
from msgspec import Struct
from rich.console import Console

from callsmith import cli_view, flow, report
from callsmith.cli_progress import Gauge, told_forecast, watched
from callsmith.config import Config
from callsmith.errors import CallsmithError
from callsmith.models.budget import Figures
from callsmith.run import Run

_SMALL = 400  # below this many conversations, starting processes costs more than they save


class Wanted(Struct, frozen=True):
    """A configuration with the command line's changes."""

    path: Path
    size: int | None = None
    seed: int | None = None
    out: Path | None = None
    workers: int | None = None

    def read(self) -> Config:
        """The configuration as changed.

        Raises:
            ConfigError: with the place in the file.
        """
        given = {"size": self.size, "seed": self.seed, "out": self.out and str(self.out.resolve())}
        changes = {name: value for name, value in given.items() if value is not None}
        return msgspec.structs.replace(flow.read(self.path), **changes)


def synthesise(wanted: Wanted, fresh: bool, pilot: int | None = None) -> int:
    """Run a configuration; the exit code. ``pilot``: stop after so many slots, and say what all of them will take."""
    console = Console(highlight=False)
    whole = wanted.read()
    if pilot is not None and not whole.models:
        raise CallsmithError(
            "a pilot needs models: without them a run costs nothing but time", where=str(wanted.path)
        )
    config = msgspec.structs.replace(whole, size=min(whole.size, pilot or whole.size))
    figures = Figures() if config.models else None
    gauge = Gauge(config.size, figures)
    try:
        crew = wanted.workers or (1 if config.size < _SMALL else min(os.cpu_count() or 1, 8))
        with watched(console, gauge, config.size) as watch:
            summary = flow.synth(config, crew, fresh, watch, figures)
    except KeyboardInterrupt:
        reached = f" at {gauge.marks[-1].settled} of {gauge.marks[-1].size}" if gauge.marks else ""
        console.print(f"\nStopped{reached}. Run the same command again to continue.")
        return 130
    made = gauge.marks[-1].accepted - gauge.marks[0].accepted if gauge.marks else 0
    folder = Path(config.out)
    cli_view.summary(console, summary, _pace(made, gauge.seconds, 1 if config.models else crew))
    _asked(console, gauge, whole, figures)
    with Run.open(folder) as run:
        sample = cli_view.worth_showing(report.conversations(run, seed=1))
    if sample is not None:
        console.rule("[bold]one of them", align="left", style="dim")
        cli_view.conversation(console, sample)
    cli_view.next_steps(console, _short(folder), summary)
    return 1 if summary.unfilled else 0


def rehearse(wanted: Wanted) -> int:
    """Say how many calls to models a run would make; the exit code."""
    console = Console(highlight=False)
    config = wanted.read()
    if not config.models:
        console.print("no calls: no models are configured")
        return 0
    found = flow.rehearse(config)
    console.print(f"{found.slots} conversations to make, {found.stored} of them wholly from the journal")
    console.print(
        f"calls: {found.found} in the journal, at least {found.least} to make, at most {found.most}"
    )
    console.print(
        "counted for the first attempt at each; callsmith synth --pilot says what refusals add, and the cost"
    )
    return 0


def _asked(console: Console, gauge: Gauge, whole: Config, figures: Figures | None) -> None:
    """What models were asked in this command, what all of it will take, and what a reader of the run should know."""
    if figures is None:
        return
    console.print(", ".join([f"models: {figures.total.answered:,} answers paid for", *gauge.asking()[1:]]))
    for note in figures.notes:
        console.print(f"note: {note}")
    settled = gauge.marks[-1].settled if gauge.marks else 0
    if settled < whole.size and (
        told := flow.forecast_of(whole, settled, figures.total.answered / gauge.seconds)
    ):
        console.print(told_forecast(told))


def _pace(made: int, seconds: float, workers: int) -> str:
    if not made:
        return "nothing left to do"
    crew = "1 process" if workers == 1 else f"{workers} processes"
    return f"{made} made in {seconds:.1f} s, {made / seconds:.0f} a second with {crew}"


def _short(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
