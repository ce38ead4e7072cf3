"""Figures of a run: what is in it, how varied it is, what was refused and why."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import orjson
from msgspec import Struct

from callsmith import dedup, row, seeds, text
from callsmith.errors import RunChanged
from callsmith.mix import Slots
from callsmith.records import Conversation
from callsmith.run import Run

SMALL, LARGE = 10_000, 50_000  # tokens over which distinct-3 is taken: it falls as texts grow
SAMPLE = LARGE + SMALL  # tokens read for the figures about wording, whatever the size of the run


class Tally(Struct, frozen=True):
    """What one check said over all attempts that made a conversation."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0


class Diversity(Struct, frozen=True):
    """How varied the wording is. A figure is None where there is too little text for it."""

    first_requests: int  # chat apart, and declared minimal pairs, which say the same as their twin by design
    distinct_first_requests: int
    twins: int
    top_skeleton_share: float | None
    distinct_skeleton_share: float | None
    skeletons_seen: int
    skeletons_at_least: int | None  # Chao1: how many there are in all, a lower bound
    distinct_3_10k: float | None
    distinct_3_50k: float | None
    masked_distinct_3_10k: float | None
    gzip_ratio: float | None
    tokens: int  # of user turns the last four are taken over


class Summary(Struct, frozen=True):
    """A run in figures; the same for the same run."""

    asked: int
    accepted: int
    unfilled: int
    attempts: int
    kinds: Mapping[str, tuple[int, int]]  # kind -> (asked, accepted)
    toolsets: Mapping[str, int]
    calls: Mapping[int, int]  # calls in a conversation -> conversations
    turns: Mapping[int, int]  # user turns -> conversations
    checks: Mapping[str, Tally]
    rejects: Mapping[str, int]  # reason -> attempts
    unfilled_because: Mapping[str, int]  # last reason -> slots
    diversity: Diversity
    notes: Sequence[str] = ()  # tools that were not used, and why
    worded: Mapping[
        str, int
    ] = {}  # by a model: turns, how many of them in a second wording, how many not at all


def summarise(run: Run, slots: Slots, size: int, notes: Sequence[str] = ()) -> Summary:
    """The figures of the slots settled so far."""
    settled = min(run.settled(), size)
    asked = Counter(slot.kind for slot in slots.between(0, settled))
    accepted = _counts(
        run, "SELECT kind, count(*) FROM accepted JOIN attempts USING (slot, number) GROUP BY kind"
    )
    final = "SELECT {} FROM accepted JOIN attempts USING (slot, number) GROUP BY 1 ORDER BY 1"
    last = (
        "SELECT reason, count(*) FROM (SELECT slot, reason, max(number) FROM decided "
        "WHERE slot IN (SELECT slot FROM unfilled) GROUP BY slot) GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return Summary(
        asked=settled,
        accepted=sum(accepted.values()),
        unfilled=_one(run, "SELECT count(*) FROM unfilled"),
        attempts=_one(run, "SELECT count(*) FROM decided"),
        kinds={
            kind: (asked[kind], accepted.get(kind, 0)) for kind in sorted(asked, key=lambda k: (-asked[k], k))
        },
        toolsets=_counts(run, final.format("toolset, count(*)")),
        calls=_counts(run, final.format("calls, count(*)")),
        turns=_counts(run, final.format("turns, count(*)")),
        checks=_checks(run),
        rejects=_counts(
            run, "SELECT reason, count(*) FROM decided WHERE reason != '' GROUP BY 1 ORDER BY 2 DESC, 1"
        ),
        unfilled_because=_counts(run, last),
        diversity=diversity(run),
        notes=notes,
        worded=worded(run),
    )


def worded(run: Run) -> dict[str, int]:
    """Over the rows a model worded: ``turns``, ``repaired`` (said well the second time) and ``fallback`` (said by the
    embedded voice, because neither wording would do)."""
    if not (run.meta("inputs") or {}).get("config", {}).get("models"):
        return {}
    totals: Counter[str] = Counter()
    for body in run.bodies():
        totals.update(orjson.loads(body).get("lineage", {}).get("worded", {}))
    return dict(totals)


def read_summary(run: Run) -> Summary:
    """The summary that was written beside the rows.

    Raises:
        RunChanged: the run was killed before there was one.
    """
    if not (run.path / "summary.json").exists():
        raise RunChanged(
            "the run was ended before its figures were written",
            where=str(run.path),
            hint="run the same command again to continue",
        )
    return msgspec.json.decode((run.path / "summary.json").read_bytes(), type=Summary)


def rejects_jsonl(run: Run) -> Iterator[bytes]:
    """Refused attempts, one a line: where, why, and the row as far as it got."""
    for slot, number, kind, reason, detail, body in run.rejects():
        plain = {"slot": slot, "attempt": number, "kind": kind, "reason": reason, "detail": detail}
        made = orjson.Fragment(body.rstrip()) if body else None
        yield orjson.dumps({**plain, "row": made}, option=orjson.OPT_APPEND_NEWLINE)


def conversations(run: Run, seed: int | None = None) -> Iterator[Conversation]:
    """Accepted conversations in slot order, or in an order shuffled by ``seed``."""
    if seed is None:
        yield from (row.from_row(orjson.loads(body)) for body in run.bodies())
        return
    slots = [slot for (slot,) in run.db.execute("SELECT slot FROM accepted ORDER BY slot")]
    seeds.rng(seed, "order").shuffle(slots)
    for slot in slots:
        yield from (row.from_row(orjson.loads(body)) for body in run.bodies(slot, slot + 1))


def passed(run: Run, seed: int) -> Iterator[Conversation]:
    """Conversations that every check passed, those that a judge then refused among them, in an order shuffled by
    ``seed``."""
    query = "SELECT slot, number FROM decided WHERE reason = '' OR reason LIKE 'check:judge:%' ORDER BY slot, number"
    places = run.db.execute(query).fetchall()
    seeds.rng(seed, "passed").shuffle(places)
    for slot, number in places:
        yield row.from_row(orjson.loads(run.body(slot, number)))


def diversity(run: Run) -> Diversity:
    """How varied the wording of a run is, from its keys and a sample of its text."""
    found = "FROM accepted JOIN attempts USING (slot, number) WHERE opening != 0"
    openings = _one(run, f"SELECT count(*) {found}")
    twins = _one(run, f"SELECT count(*) {found} AND twin != ''")
    uses = Counter(_counts(run, "SELECT key, uses FROM skeletons").values())
    plain, masked = wording(conversations(run, seed=0))
    return Diversity(
        first_requests=openings - twins,
        distinct_first_requests=_one(run, f"SELECT count(DISTINCT opening) {found} AND twin = ''"),
        twins=twins,
        top_skeleton_share=max(uses, default=0) / openings if openings else None,
        distinct_skeleton_share=sum(uses.values()) / openings if openings else None,
        skeletons_seen=sum(uses.values()),
        skeletons_at_least=chao1(uses) if openings else None,
        distinct_3_10k=distinct(plain, SMALL),
        distinct_3_50k=distinct(plain, LARGE),
        masked_distinct_3_10k=distinct(masked, SMALL),
        gzip_ratio=gzip_ratio(plain),
        tokens=sum(map(len, (text.tokens(turn) for turn in plain))),
    )


def wording(sample: Iterable[Conversation], tokens: int = SAMPLE) -> tuple[list[str], list[str]]:
    """User turns of about ``tokens`` tokens in random order: as said, and with values masked, in the same order."""
    turns: list[tuple[str, str]] = []
    read = 0
    for conversation in sample:
        masks = dedup.masked_turns(conversation)
        turns.extend(zip(dedup.user_turns(conversation), masks, strict=True))
        read += sum(len(text.tokens(plain)) for plain in dedup.user_turns(conversation))
        if read >= tokens:
            break
    seeds.rng(0, "turns").shuffle(turns)
    return [plain for plain, _ in turns], [mask for _, mask in turns]


def distinct(turns: Sequence[str], tokens: int, size: int = 3) -> float | None:
    """Distinct runs of ``size`` tokens over all such runs within turns, over the first ``tokens`` tokens.

    Tokens are lower-cased words and punctuation marks. None when the turns hold fewer tokens.
    """
    seen: set[tuple[str, ...]] = set()
    runs = read = 0
    for turn in turns:
        words = text.tokens(turn)[: tokens - read]
        read += len(words)
        pieces = text.shingles(words, size)
        seen.update(pieces)
        runs += len(pieces)
        if read >= tokens:
            return len(seen) / runs
    return None


def gzip_ratio(turns: Sequence[str]) -> float | None:
    """How far gzip compresses the turns: raw bytes over compressed bytes. None under 10 kB."""
    raw = "\n".join(turns).encode()
    return len(raw) / len(gzip.compress(raw, mtime=0)) if len(raw) >= 10_000 else None


def chao1(uses: Mapping[int, int]) -> int:
    """A lower bound of how many kinds there are, from how many were seen once, twice, …

    Args:
        uses: times a kind was seen -> how many kinds were seen so often.
    """
    seen, once, twice = sum(uses.values()), uses.get(1, 0), uses.get(2, 0)
    return round(seen + once * (once - 1) / (2 * (twice + 1)))


def space(first: set[int], second: set[int]) -> int | None:
    """How many kinds there are, from two independent samples (Chapman's estimate); None when nothing is shared."""
    shared = len(first & second)
    return round((len(first) + 1) * (len(second) + 1) / (shared + 1)) - 1 if shared else None


def skeletons(run: Run) -> set[int]:
    """The keys of the skeletons of a run's first requests."""
    return {key for (key,) in run.db.execute("SELECT key FROM skeletons")}


def files(path: Path) -> list[Path]:
    """What a finished run directory offers to read."""
    return [path / name for name in ("conversations.jsonl", "rejects.jsonl", "summary.json", "run.db")]


def before_filter(run: Run) -> dict[str, Tally]:
    """What the checks said of first attempts, none of which was chosen for passing: a fail is true or an alarm."""
    return _checks(run, "AND number = 0")


def _checks(run: Run, which: str = "") -> dict[str, Tally]:
    counts: dict[str, Counter[str]] = {}
    query = "SELECT checks, count(*) FROM decided JOIN attempts USING (slot, number) WHERE checks != ''"
    for checks, times in run.db.execute(f"{query} {which} GROUP BY 1"):
        for pair in checks.split():
            check, _, outcome = pair.partition("=")
            counts.setdefault(check, Counter())[outcome] += times
    return {check: Tally(said["pass"], said["fail"], said["skipped"]) for check, said in counts.items()}


def _counts(run: Run, query: str) -> dict[Any, int]:
    return {key: int(count) for key, count in run.db.execute(query)}


def _one(run: Run, query: str) -> int:
    return int(run.db.execute(query).fetchone()[0])
