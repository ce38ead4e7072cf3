"""The judge command: how far a model's verdicts on rows can be trusted."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import msgspec
import orjson
from rich.console import Console
from rich.table import Table

from callsmith import calibration, flow, prompts, report
from callsmith.calibration import Judged, Measure, Threshold
from callsmith.cli_files import Toolsets
from callsmith.config import Config
from callsmith.errors import CallsmithError
from callsmith.models import loops
from callsmith.models.opening import opened
from callsmith.records import Conversation
from callsmith.run import Run

JOURNAL = "judge.db"  # of calibrations, in the run directory
BEST = 5  # thresholds listed


def calibrate(path: Path, rows: int, faults: int, as_json: bool) -> None:
    """``callsmith judge calibrate``: plant known faults in good rows and see what the judge says of both.

    Raises:
        CallsmithError: there are no models, or no rows; or a model will not answer.
    """
    config = flow.read(path)
    if not config.models:
        raise CallsmithError("no models are configured", where=str(path), hint="name one under models: judge")
    with Run.open(Path(config.out)) as run:
        good = list(islice(report.passed(run, seed=0), rows))
    if not good:
        raise CallsmithError("the run has no rows yet", where=config.out, hint="callsmith synth")
    toolsets = Toolsets(Path(config.out) / "toolsets")
    cases = list(calibration.sample(good, toolsets.of, faults, config.seed))
    console = Console(highlight=False, stderr=as_json)
    judged = loops.run(_judged(config, cases, console))
    measured = calibration.measures(judged, config.judge.keep)
    best = calibration.thresholds(judged)
    if as_json:
        found = {"keep": config.judge.keep, "faults": measured, "thresholds": best}
        print(orjson.dumps(msgspec.to_builtins(found), option=orjson.OPT_INDENT_2).decode())
        return
    _shown(console, config, judged, measured, best)


async def _judged(config: Config, cases: list[tuple[str, Conversation]], console: Console) -> list[Judged]:
    async with opened(config.models, Path(config.out) / JOURNAL, config.limits) as it:
        with console.status("judging") as status:

            def told(done: int) -> None:
                status.update(f"judging: {done} of {len(cases)}")

            return await calibration.put_before(it.models, cases, prompts.load(config.prompts), told)


def _shown(
    console: Console,
    config: Config,
    judged: list[Judged],
    measured: list[Measure],
    best: list[Threshold],
) -> None:
    good = [each for each in judged if each.fault == calibration.GOOD]
    keep = ", ".join(f"{name} {points}" for name, points in config.judge.keep.items()) or "nothing"
    refused = sum(
        any(each.points.get(name, 5) < least for name, least in config.judge.keep.items()) for each in good
    )
    console.print(
        f"{len(good)} good rows and {len(judged) - len(good)} with a planted fault; kept from: {keep}"
    )
    silent = sum(not each.points for each in judged)
    console.print(f"good rows refused: {refused} of {len(good)}; without a verdict: {silent}\n")
    table = Table("planted fault", "rows", "recall", "precision", box=None, header_style="bold")
    for each in measured:
        table.add_row(each.fault, str(each.rows), f"{each.recall:.0%}", f"{each.precision:.0%}")
    console.print(table)
    console.print()
    table = Table(
        *("criterion", "keep from", "faulty refused", "good refused", "gain", "95% of it"),
        box=None,
        header_style="bold",
    )
    for one in best[:BEST]:
        shares = (f"{one.recall:.0%}", f"{one.alarms:.0%}", f"{one.gain:+.2f}")
        table.add_row(one.criterion, str(one.points), *shares, f"{one.low:+.2f} to {one.high:+.2f}")
    console.print(table)
    first = best[0]
    if first.low <= 0 < first.gain:
        console.print("\nWith so few rows that may be chance: judge more, with --rows.")
    if first.gain <= 0:
        console.print(
            "\nNo threshold parts faulty rows from good ones: this judge says nothing of these faults."
        )
        return
    console.print(f"\nWhat follows: judge: {{keep: {{{first.criterion}: {first.points}}}}}")
