"""The synth command: progress while it works, then a summary one likes to read."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from callsmith import cli_view, engine, flow, report
from callsmith.config import Config
from callsmith.run import Run

_SMALL = 400  # below this many conversations, starting processes costs more than they save


def synthesise(
    path: Path, size: int | None, seed: int | None, out: Path | None, workers: int | None, fresh: bool
) -> int:
    """Run a configuration with the command line's changes; the exit code."""
    console = Console(highlight=False)
    begun = time.monotonic()
    marks: list[engine.Progress] = []
    try:
        config = _changed(flow.read(path), size, seed, out)
        crew = workers or (1 if config.size < _SMALL else min(os.cpu_count() or 1, 8))
        with _watched(console, config.size, marks) as watch:
            summary = flow.synth(config, crew, fresh, watch)
    except KeyboardInterrupt:
        reached = f" at {marks[-1].settled} of {marks[-1].size}" if marks else ""
        console.print(f"\nStopped{reached}. Run the same command again to continue.")
        return 130
    seconds = time.monotonic() - begun
    made = marks[-1].accepted - marks[0].accepted if marks else 0
    folder = Path(config.out)
    cli_view.summary(console, summary, _pace(made, seconds, crew))
    with Run.open(folder) as run:
        sample = cli_view.worth_showing(report.conversations(run, seed=1))
    if sample is not None:
        console.rule("[bold]one of them", align="left", style="dim")
        cli_view.conversation(console, sample)
    cli_view.next_steps(console, _short(folder), summary)
    return 1 if summary.unfilled else 0


def _changed(config: Config, size: int | None, seed: int | None, out: Path | None) -> Config:
    changes: dict[str, object] = {}
    if size is not None:
        changes["size"] = size
    if seed is not None:
        changes["seed"] = seed
    if out is not None:
        changes["out"] = str(out.resolve())
    return msgspec.structs.replace(config, **changes)


def _pace(made: int, seconds: float, workers: int) -> str:
    if not made:
        return "nothing left to do"
    crew = "1 process" if workers == 1 else f"{workers} processes"
    return f"{made} made in {seconds:.1f} s, {made / seconds:.0f} a second with {crew}"


def _short(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


@contextmanager
def _watched(
    console: Console, size: int, marks: list[engine.Progress]
) -> Iterator[Callable[[engine.Progress], None]]:
    """A bar on a terminal, a line now and then elsewhere; ``marks`` keeps the first and the last mark."""

    def remember(progress: engine.Progress) -> None:
        marks[1:] = [progress] if marks else []
        marks[:] = marks or [progress]

    if not console.is_terminal:
        told = 0

        def tell(progress: engine.Progress) -> None:
            nonlocal told
            remember(progress)
            if progress.settled * 5 // size > told:
                told = progress.settled * 5 // size
                console.print(f"{progress.settled}/{size} settled, {progress.refused} attempts refused")

        yield tell
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, TextColumn("[dim]{task.fields[refused]} attempts refused"), console=console
    ) as bar:
        task = bar.add_task("reading tools", total=size, refused=0)

        def show(progress: engine.Progress) -> None:
            remember(progress)
            bar.update(
                task, description="conversations", completed=progress.settled, refused=progress.refused
            )

        yield show
