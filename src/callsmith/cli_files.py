"""Commands that read what a run wrote, or anyone's file of conversations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import orjson
from rich.console import Console
from rich.table import Table

from callsmith import cli_view, config, config_reference, report, row, seeds
from callsmith.errors import CallsmithError
from callsmith.ports import World
from callsmith.records import Conversation, Tape, Toolset, Verdict
from callsmith.run import Run

if TYPE_CHECKING:
    from callsmith.planted.recall import Recall

_GROUPED = ("plan",)  # reasons whose details repeat, and are worth counting
_SHOWN = 20  # faults listed one by one before the rest is only counted


def export_run(folder: Path, format: str, out: Path, split: str) -> None:
    """``callsmith export``."""
    from callsmith.export.gate import export

    with Run.open(folder) as run:
        done = export((orjson.loads(body) for body in run.bodies()), format, out, split)
    console = Console(highlight=False)
    console.print(f"{done.written} conversations written to {out}, each read back and compared")
    for reason, times in done.left_out.items():
        console.print(f"{times} left out: {reason}")


def check_file(file: Path, as_json: bool) -> int:
    """``callsmith check``; 1 when something fails."""
    from callsmith.check.run import run_checks

    toolsets, journals = Toolsets(file.parent / "toolsets"), Journals(file.parent / "journal.jsonl")
    counts: dict[str, Counter[str]] = {}
    faults: list[tuple[int, Verdict]] = []
    rows = 0
    for number, source in enumerate(row.read_rows(str(file)), start=1):
        try:
            conversation = row.from_row(source)
        except CallsmithError as error:
            raise CallsmithError(error.what, where=f"{file}: row {number}", hint=error.hint) from error
        rows += 1
        toolset = toolsets.of(conversation)
        for verdict in run_checks(conversation, toolset, None, again=journals.of(conversation, toolset)):
            counts.setdefault(verdict.check, Counter())[verdict.outcome] += 1
            if as_json:
                _print_json({"row": number, "id": conversation.id, **msgspec.to_builtins(verdict)})
            if verdict.outcome == "fail":
                faults.append((number, verdict))
    if not as_json:
        _show_checks(rows, counts, faults)
    return 1 if faults else 0


def report_run(folder: Path, shortcuts: bool, rejects: bool, as_json: bool) -> None:
    """``callsmith report``."""
    console = Console(highlight=False)
    with Run.open(folder) as run:
        if rejects:
            _rejects(console, run, as_json)
        elif shortcuts:
            from callsmith.shortcuts import audit

            _shortcuts(console, audit(report.conversations(run)), as_json)
        elif as_json:
            _print_json(msgspec.to_builtins(report.read_summary(run), str_keys=True))
        else:
            cli_view.summary(console, report.read_summary(run), str(folder))


def show_conversations(path: Path, random: int | None, seed: int, kind: str | None, name: str | None) -> None:
    """``callsmith show``."""
    console = Console(highlight=False)
    talks = _conversations(path)
    if name or kind:
        talks = (talk for talk in talks if (not name or talk.id == name) and (not kind or talk.kind == kind))
    if random is not None:
        every = list(talks)
        talks = iter(seeds.rng("show", seed).sample(every, min(random, len(every))))
    shown = 0
    for talk in talks:
        cli_view.conversation(console, talk, whole=bool(name))
        shown += 1
    if not shown:
        console.print("nothing to show")


def planted_faults(folder: Path, rows: int, as_json: bool) -> None:
    """``callsmith planted``."""
    from callsmith.planted.recall import MODES, recall

    console = Console(highlight=False)
    with Run.open(folder) as run:
        good = islice(report.conversations(run, seed=0), rows)
        found = recall(good, Toolsets(folder / "toolsets").of, Journals(folder / "journal.jsonl").of)
        before = report.before_filter(run)
    if as_json:
        _print_json({**msgspec.to_builtins(found), "before_filter": msgspec.to_builtins(before)})
        return
    for mode in MODES:
        console.print(_recall_table(found, mode))
        console.print()
    console.print("first attempts, before any filter: what failed is a real fault or a false alarm")
    for check, tally in before.items():
        console.print(f"  {check:<14} {tally.failed:>5} of {tally.passed + tally.failed + tally.skipped}")


def _recall_table(found: Recall, mode: str) -> Table:
    """Fault by check, in percent of the plantings of the fault."""
    title = {"plan": "with the plan", "blind": "blind"}[mode]
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column(f"{title}: {found.rows} rows, {sum(found.planted.values())} faults")
    names = [*found.alarms[mode], "any"]
    for name in ("planted", *names):
        table.add_column(name, justify="right")
    for fault, planted in found.planted.items():
        said = found.caught[mode].get(fault, {})
        shares = [
            f"{said.get(name, 0) / planted:.0%}" if said.get(name) and planted else "" for name in names
        ]
        table.add_row(fault, str(planted), *shares)
    table.add_row(
        "all", str(sum(found.planted.values())), *[""] * (len(names) - 1), f"{found.share(mode):.1%}"
    )
    alarms = [str(found.alarms[mode][name]) for name in names[:-1]]
    table.add_row("good rows failed", str(found.rows), *alarms, "", style="dim")
    return table


def show_config(file: Path | None, reference: bool) -> None:
    """``callsmith config``."""
    console = Console(highlight=False)
    if reference:
        console.out(config_reference.reference(), end="")
    elif file is not None:
        console.out(msgspec.yaml.encode(config.read(file)).decode(), end="")
    else:
        raise CallsmithError("nothing to show", hint="callsmith config FILE, or callsmith config --reference")


class Toolsets:
    """The understood toolsets beside a file of rows, by hash."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Toolset | None] = {}

    def of(self, conversation: Conversation) -> Toolset | None:
        """The toolset a conversation ran in, or None where it is not at hand."""
        if conversation.world is None:
            return None
        key = conversation.world.toolset
        if key not in self._read:
            path = self._folder / f"{key.replace(':', '-')}.json"
            self._read[key] = msgspec.json.decode(path.read_bytes(), type=Toolset) if path.exists() else None
        return self._read[key]


class Journals:
    """What rows were given by worlds that are not ours, from the journal beside them, by row."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _tapes(self) -> dict[str, Tape]:
        if not self._path.exists():
            return {}
        with open(self._path, "rb") as file:
            return {line.id: line.tape for line in map(_Line.decode, file)}

    def of(self, conversation: Conversation, toolset: Toolset | None) -> Callable[[], World] | None:
        """What gives the world of a row again, or None where no journal tells of it."""
        from callsmith.world.journal import Replayed

        state, tape = conversation.world, self._tapes.get(conversation.id)
        if state is None or toolset is None or tape is None:
            return None
        calls = [item for item in tape.calls if item.draft == tape.kept]
        return lambda: Replayed(state, toolset, calls)


class _Row(msgspec.Struct):
    """A line of the journal."""

    id: str
    tape: Tape


_Line = msgspec.json.Decoder(_Row)


def _conversations(path: Path) -> Iterator[Conversation]:
    if path.is_dir():
        with Run.open(path) as run:
            yield from report.conversations(run)
    else:
        yield from map(row.from_row, row.read_rows(str(path)))


def _show_checks(rows: int, counts: dict[str, Counter[str]], faults: list[tuple[int, Verdict]]) -> None:
    console = Console(highlight=False)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(f"{rows} rows")
    for outcome in ("pass", "fail", "skipped"):
        table.add_column(outcome, justify="right")
    for check, said in counts.items():
        table.add_row(check, str(said["pass"]), str(said["fail"]), str(said["skipped"]))
    console.print(table)
    for number, verdict in faults[:_SHOWN]:
        place = "" if verdict.message is None else f", message {verdict.message}"
        console.print(f"row {number}{place}: {verdict.check}: {verdict.reason}", markup=False)
    if len(faults) > _SHOWN:
        console.print(f"and {len(faults) - _SHOWN} more; --json lists them all")


def _rejects(console: Console, run: Run, as_json: bool) -> None:
    if not as_json:
        counts = Counter(
            (reason, detail) for _, _, _, reason, detail, _ in run.rejects() if reason in _GROUPED
        )
        for (reason, detail), times in counts.most_common(_SHOWN):
            console.print(f"{times:>6} {reason}: {detail}", markup=False, soft_wrap=True)
    for line in report.rejects_jsonl(run):
        if as_json:
            console.out(line.decode(), end="")
            continue
        plain: dict[str, Any] = orjson.loads(line)
        where = f"slot {plain['slot']} attempt {plain['attempt']} {plain['kind']}"
        console.print(f"{where}: {plain['reason']}: {plain['detail']}", markup=False, soft_wrap=True)


def _shortcuts(console: Console, findings: Any, as_json: bool) -> None:
    if as_json:
        _print_json(msgspec.to_builtins(findings))
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for title in ("shortcut", "score", "chance", "rows", "top features"):
        table.add_column(title)
    for finding in findings:
        features = ", ".join(finding.features)
        table.add_row(
            finding.name, f"{finding.score:.2f}", f"{finding.chance:.2f}", str(finding.rows), features
        )
    console.print(table)


def _print_json(value: Any) -> None:
    Console(highlight=False).out(orjson.dumps(value).decode())
