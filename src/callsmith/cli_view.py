"""How summaries and conversations look on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from callsmith.records import Assistant, Call, Conversation, Origin, System, ToolMessage, User
from callsmith.report import Diversity, Summary

_RESULT_LINES = 3


def summary(console: Console, figures: Summary, pace: str) -> None:
    """The figures of a run, a screen of them."""
    console.print()
    lead = f"[bold]{figures.accepted}[/] verified conversations of {figures.asked} asked"
    if figures.unfilled:
        lead += f", [yellow]{figures.unfilled} unfilled[/]"
    console.print(f"{lead}  [dim]{pace}[/]")
    console.print()
    console.print(_kinds(figures))
    console.print()
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold")
    grid.add_column()
    grid.add_row("toolsets", _counted(figures.toolsets))
    grid.add_row("calls", _histogram(figures.calls, "call"))
    grid.add_row("user turns", _histogram(figures.turns, "turn"))
    grid.add_row("wording", _wording(figures.diversity))
    grid.add_row("attempts", f"{figures.attempts}, of which {sum(figures.rejects.values())} refused")
    if figures.rejects:
        grid.add_row("refused for", _counted(figures.rejects))
    if figures.unfilled_because:
        grid.add_row("unfilled for", _counted(figures.unfilled_because))
    if turns := figures.worded.get("turns"):
        again, fallback = figures.worded.get("repaired", 0), figures.worded.get("fallback", 0)
        grid.add_row(
            "worded", f"{turns} turns by a model, {again} at the second try, {fallback} left as they were"
        )
    for index, note in enumerate(figures.notes):
        grid.add_row("" if index else "not used", note)
    console.print(grid)
    console.print()
    console.print(_checks(figures))
    errors = [reason for reason in figures.rejects if reason.startswith("error:")]
    if errors:
        console.print(f"\n[red]attempts ended in {', '.join(errors)}: a fault of ours; see rejects.jsonl[/]")


def next_steps(console: Console, folder: Path, figures: Summary) -> None:
    """Where the files are, and what one would do now."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold")
    grid.add_column(overflow="fold")
    grid.add_row(
        "files", f"{folder}/conversations.jsonl  [dim]rejects.jsonl summary.json toolsets/ run.db[/]"
    )
    grid.add_row("read", f"callsmith show {folder} --random 3")
    grid.add_row("train", f"callsmith export {folder} --to trl --out train.jsonl")
    grid.add_row("audit", f"callsmith report {folder} --shortcuts")
    if figures.unfilled:
        grid.add_row("refused", f"callsmith report {folder} --rejects")
    console.rule(style="dim")
    console.print(grid)


def conversation(console: Console, talk: Conversation, whole: bool = False) -> None:
    """One conversation as a talk; long results are cut unless ``whole``."""
    names = ", ".join(str(tool["name"]) for tool in talk.tools)
    head = " · ".join(part for part in (talk.kind, talk.intent, talk.id) if part)
    console.print(Text(head, style="dim"))
    _said(console, "tools", names, "dim")
    for message in talk.messages:
        if isinstance(message, System):
            _said(console, "system", message.text, "dim")
        elif isinstance(message, User):
            _said(console, "user", message.text, "bold cyan")
        elif isinstance(message, ToolMessage):
            _result(console, message, whole)
        else:
            _assistant(console, message, talk.provenance)
    console.print()


def worth_showing(talks: Iterable[Conversation]) -> Conversation | None:
    """One with some calls that fits a screen; the first of any kind where there is none such."""
    first: Conversation | None = None
    for index, talk in enumerate(talks):
        first = first or talk
        calls = sum(len(message.calls) for message in talk.messages if isinstance(message, Assistant))
        if 2 <= calls <= 4 and len(talk.messages) <= 12:
            return talk
        if index > 200:
            break
    return first


def _assistant(console: Console, message: Assistant, provenance: Mapping[str, Mapping[str, Origin]]) -> None:
    if message.reasoning:
        _said(console, "thinks", message.reasoning, "italic dim")
    if message.text:
        _said(console, "assistant", message.text, "green")
    for call in message.calls:
        mark = "→" if message.train else "→ (not trained)"
        _said(console, "", f"{mark} {call.name} {_json(call.arguments)}", "yellow")
        origins = _origins(call, provenance.get(call.id, {}))
        if origins:
            _said(console, "", "  " + origins, "dim")


def _origins(call: Call, origins: Mapping[str, Origin]) -> str:
    words = []
    for pointer, origin in origins.items():
        kind = type(origin).__name__.lower()
        source = getattr(origin, "pointer", "") or getattr(origin, "rule", "")
        words.append(f"{pointer.strip('/')}: {kind}{f' {source}' if source else ''}")
    return ", ".join(words)


def _result(console: Console, message: ToolMessage, whole: bool) -> None:
    text = message.value if isinstance(message.value, str) else _json(message.value)
    room = _RESULT_LINES * max(40, console.width - 12)
    if not whole and len(text) > room:
        text = f"{text[:room]} … ({len(text)} characters)"
    _said(console, "", f"← {text}", "red" if message.error else "blue")


def _said(console: Console, who: str, text: str, style: str) -> None:
    label = Text(f"{who:>9} ", style="dim")
    grid = Table.grid()
    grid.add_column(width=10)
    grid.add_column(overflow="fold")
    grid.add_row(label, Text(text, style=style))
    console.print(Padding(grid, (0, 0)))


def _kinds(figures: Summary) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("kind")
    table.add_column("made", justify="right")
    table.add_column("asked", justify="right", style="dim")
    table.add_column("")
    most = max((asked for asked, _ in figures.kinds.values()), default=1)
    for kind, (asked, made) in figures.kinds.items():
        bar = "━" * max(1, round(30 * made / most)) if made else ""
        table.add_row(kind, str(made), str(asked), Text(bar, style="green" if made == asked else "yellow"))
    return table


def _checks(figures: Summary) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("check")
    for name in ("pass", "fail", "skipped"):
        table.add_column(name, justify="right")
    for check, tally in figures.checks.items():
        failed = Text(str(tally.failed), style="yellow" if tally.failed else "")
        table.add_row(check, str(tally.passed), failed, Text(str(tally.skipped), style="dim"))
    return table


def _wording(figures: Diversity) -> str:
    parts = [f"{figures.distinct_first_requests} of {figures.first_requests} first requests differ"]
    if figures.twins:
        parts.append(f"{figures.twins} more are minimal pairs")
    if figures.top_skeleton_share is not None and figures.distinct_skeleton_share is not None:
        share = f"{figures.skeletons_seen} skeletons ({figures.distinct_skeleton_share:.0%})"
        parts.append(f"{share}, the commonest takes {figures.top_skeleton_share:.1%}")
    for name, value in (
        ("distinct-3", figures.distinct_3_50k or figures.distinct_3_10k),
        ("gzip ratio", figures.gzip_ratio),
    ):
        if value is not None:
            parts.append(f"{name} {value:.2f}")
    return "; ".join(parts)


def _histogram(counts: Mapping[int, int], noun: str) -> str:
    total = sum(counts.values()) or 1
    mean = sum(number * times for number, times in counts.items()) / total
    shares = "  ".join(f"{number}: {times / total:.0%}" for number, times in sorted(counts.items()))
    return f"{mean:.1f} {noun}s on average   [dim]{shares}[/]"


def _counted(counts: Mapping[Any, int]) -> str:
    return ", ".join(f"{name} {times}" for name, times in counts.items())


def _json(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
