"""Figures: each on data whose answer is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from callsmith import mix, report, seeds
from callsmith.errors import CallsmithError
from callsmith.records import Assistant, Call, Conversation, User
from callsmith.run import Run
from callsmith.shortcuts import audit
from test_engine import KINDS, make


def test_a_summary_accounts_for_every_slot_and_attempt(tmp_path: Path) -> None:
    lines = make(tmp_path, 250).count(b"\n")
    slots = mix.slots(1, KINDS, {"notes": 1.0}, 16)
    with Run.open(tmp_path) as run:
        found = report.summarise(run, slots, 250)
        rejects = list(report.rejects_jsonl(run))
    assert found.asked == 250 == found.accepted + found.unfilled
    assert found.accepted == lines == sum(made for _, made in found.kinds.values())
    assert sum(asked for asked, _ in found.kinds.values()) == 250
    assert sum(found.rejects.values()) == len(rejects) == found.attempts - found.accepted
    assert sum(found.unfilled_because.values()) == found.unfilled
    assert found.checks["structure"].passed + found.checks["structure"].failed == found.attempts
    assert found.calls == {1: lines}
    assert found.diversity.first_requests == found.diversity.distinct_first_requests == lines
    assert found.diversity.skeletons_at_least is not None
    assert found.diversity.distinct_3_50k is None


def test_distinct_3_over_so_many_tokens() -> None:
    assert report.distinct(["a b c d", "a b c d"], 8) == 0.5
    assert report.distinct(["a b c d", "e f g h"], 8) == 1.0
    assert report.distinct(["a b c d", "a b c d"], 4) == 1.0
    assert report.distinct(["a b c d"], 5) is None


def test_gzip_ratio_tells_repeats_from_variety() -> None:
    rng = seeds.rng("gzip")
    varied = ["".join(rng.choice("abcdefghijklmnopqrstuvwxyz ") for _ in range(80)) for _ in range(300)]
    ratio = report.gzip_ratio(varied)
    assert ratio is not None and ratio < 2
    repeated = report.gzip_ratio(["the same words again and again"] * 1000)
    assert repeated is not None and repeated > 20
    assert report.gzip_ratio(["short"]) is None


def test_estimates_of_the_space_find_its_size() -> None:
    rng = seeds.rng("space")
    first = [rng.randint(1, 5000) for _ in range(2000)]
    second = {rng.randint(1, 5000) for _ in range(2000)}
    uses: dict[int, int] = {}
    for kind in set(first):
        times = first.count(kind)
        uses[times] = uses.get(times, 0) + 1
    assert 4400 < report.chao1(uses) < 5600
    estimate = report.space(set(first), second)
    assert estimate is not None and 4400 < estimate < 5600
    assert report.space({1, 2}, {3}) is None


def talk(index: int, leak: bool) -> Conversation:
    """A request that calls or not; with ``leak`` its first word and the order of tools give it away."""
    rng = seeds.rng("talk", index)
    calls = rng.random() < 0.5
    gold, other = f"tool_{rng.randint(0, 3)}", f"tool_{rng.randint(4, 7)}"
    offered = [gold, other] if leak else rng.sample([gold, other], 2)
    if not leak and rng.random() < 0.5:
        gold, other = other, gold
    word = ("fetch" if calls else "hello") if leak else rng.choice(["fetch", "hello"])
    messages = (
        User(f"{word} the number {index} of thing {rng.randint(1000, 9999)}"),
        Assistant(calls=(Call("c", gold, {"number": index}),)) if calls else Assistant("No."),
    )
    tools = tuple({"name": name, "parameters": {}} for name in offered)
    return Conversation(tools, messages, kind="single" if calls else "chat")


def test_the_audit_finds_a_planted_shortcut_and_none_without() -> None:
    pytest.importorskip("sklearn")
    leaky = {one.name: one for one in audit(talk(index, leak=True) for index in range(300))}
    sound = {one.name: one for one in audit(talk(index, leak=False) for index in range(300))}
    words, place = "words of the first request → kind", "position → the tool called first"
    offer = "offered tools → the tool called first"
    assert leaky[words].score == 1.0
    assert {"fetch → single", "hello → chat"} <= set(leaky[words].features)
    assert leaky[place].score == 1.0
    assert leaky[place].features[0] in ("place 1: 100%", "place 2 from the end: 100%")
    assert leaky[offer].score > 0.95
    for name in (words, place, offer):
        assert abs(sound[name].score - sound[name].chance) < 0.15
    assert leaky["nearest words → argument values"].score > 0.9
    with pytest.raises(CallsmithError, match="too few"):
        audit(talk(index, leak=True) for index in range(10))
