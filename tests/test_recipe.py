"""What every row of the default recipe keeps to, whatever its kind and toolkit."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

import made
from callsmith import flow, row, seeds
from callsmith.catalog import builtin
from callsmith.check.run import CHECKS
from callsmith.config import Config, Toolkit
from callsmith.meaning import (
    Pick,
)
from callsmith.plan.known import known
from callsmith.ports import drive
from callsmith.recipes import grounded
from callsmith.recipes.offers import shown
from callsmith.recipes.without import READS, _scope, abilities, actions, least, substitutes
from callsmith.records import (
    Assistant,
    Slot,
    System,
    User,
)

# Where a call that needs two things found at once, or the same done to two, cannot be made of the tools there are.
UNABLE = {(kit, "parallel_dependent") for kit in ("calendly", "googledocs", "jira", "stripe", "whatsapp")}
UNABLE |= {("whatsapp", "missing_parameter")}  # whom one writes to is in the contacts, so nobody need ask


# ---------------------------------------------------------------- shape


@pytest.mark.parametrize("kit", made.TOOLKITS)
def test_every_kind_can_be_made_of_every_toolkit(kit: str) -> None:
    possible = {kind for kind in made.KINDS if (kit, kind) not in UNABLE}
    assert possible - {row.slot.kind for row in made.rows() if row.slot.toolset == kit} == set()


def test_hardly_an_attempt_is_refused_by_a_check() -> None:
    refused = [f"{row.name}: {row.failed}" for row in made.attempts() if row.failed]
    assert len(refused) <= 0.02 * len(made.attempts()), "\n".join(refused)


def test_every_check_judges_every_row() -> None:
    for row_ in made.rows():
        outcomes = {verdict.check: verdict.outcome for verdict in row_.verdicts}
        assert list(outcomes) == list(CHECKS)
        assert set(outcomes.values()) == {"pass"}, (row_.name, row_.verdicts)


def _links(one: made.Row, group: int) -> bool:
    """Whether a call of a group takes a value from an earlier group's result."""
    calls = made.groups(one.conversation)
    earlier = {call.id for before in calls[:group] for call in before}
    return any(earlier & made.calls_found(one.conversation, call) for call in calls[group])


def _refers_back(one: made.Row) -> bool:
    """Whether a later turn takes up a record an earlier turn's call showed."""
    turns = one.drafted.trace.groups
    for index, turn in enumerate(turns):
        before = {bound.step.id for earlier in turns[:index] for group in earlier for bound in group}
        for bound in [bound for group in turn for bound in group]:
            if any(
                isinstance(source, Pick) and source.step in before
                for _, source in made.sources_of(bound.step)
            ):
                return True
            earlier_calls = {b.call.id for earlier in turns[:index] for group in earlier for b in group}
            if earlier_calls & set(made.calls_found(one.conversation, bound.call)):
                return True  # a message that passes on what an earlier turn found
    return any(item.reply.act == "recall" for item in one.drafted.plan.rounds[1:])


def test_the_calls_have_the_shape_the_kind_promises() -> None:
    for one in made.rows():
        sizes = [len(group) for group in made.groups(one.conversation)]
        turns = len(made.user_texts(one.conversation))
        linked = any(_links(one, group) for group in range(1, len(sizes)))
        booked = one.drafted.plan.intent == "book if free"
        fits = {
            "single": sizes == [1] and turns == 1,
            "parallel": len(sizes) == 1 and sizes[0] >= 2 and turns == 1,
            "dependent": len(sizes) >= 2 and sizes[0] == 1 and (linked or booked),
            "parallel_dependent": len(sizes) >= 2 and max(sizes[0], sizes[-1]) >= 2 and linked and turns == 1,
            "multi_turn": 3 <= turns <= 6 and _refers_back(one),
            "missing_parameter": turns == 2 and bool(sizes),
            "no_tool": not sizes and turns == 1,
            "chat": not sizes,
        }
        assert fits[one.slot.kind], (one.name, sizes, turns)


def test_a_row_is_a_dialogue_that_ends_on_the_assistant() -> None:
    for one in made.rows():
        messages = one.conversation.messages
        assert isinstance(messages[0], System)
        assert isinstance(messages[1], User)
        last = messages[-1]
        assert isinstance(last, Assistant) and last.text and not last.calls
        assert all(not m.text for m in messages if isinstance(m, Assistant) and m.calls)


def test_calls_that_go_out_together_do_not_need_one_another() -> None:
    for one in made.rows():
        for group in made.groups(one.conversation):
            own = {call.id for call in group}
            assert not any(own & made.calls_found(one.conversation, call) for call in group), one.name


def test_only_offered_tools_are_called_and_others_are_offered_beside() -> None:
    for one in made.rows():
        offered = [tool["name"] for tool in one.conversation.tools]
        called = {call.name for group in made.groups(one.conversation) for call in group}
        assert len(set(offered)) == len(offered)
        assert called < set(offered), one.name
        assert {tool.name for tool in made.index_of(one).toolset.tools} >= set(offered)


def test_the_place_of_the_needed_tool_tells_nothing() -> None:
    places = []
    for one in made.rows():
        offered = [tool["name"] for tool in one.conversation.tools]
        for group in made.groups(one.conversation)[-1:]:
            places.append(offered.index(group[-1].name) / (len(offered) - 1))
    assert 0.35 < sum(places) / len(places) < 0.65
    assert sum(place == 0 for place in places) < 0.35 * len(places)


# ---------------------------------------------------------------- sameness


def _digests(order: Iterator[int]) -> dict[int, str]:
    shared = made.parts()
    out = {}
    for index in order:
        one = made.tried(shared, shared.slots[index], 0)
        body = "" if one is None else row.encode(row.to_row(one.conversation, one.verdicts)).hex()
        out[index] = seeds.identity(body)
    return out


SAMPLE = range(0, len(made.TOOLKITS) * len(made.SEEDS) * len(made.KINDS), 7)


def test_rows_are_the_same_in_another_process_and_order() -> None:
    here = _digests(iter(SAMPLE))
    code = "import json, test_recipe as t; print(json.dumps(t._digests(reversed(t.SAMPLE))))"
    tests, package = Path(__file__).parent, Path(flow.__file__).parents[1]
    environment = {**os.environ, "PYTHONHASHSEED": "4242", "PYTHONPATH": f"{tests}:{package}"}
    there = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tests, capture_output=True, text=True, check=False
    )
    assert there.returncode == 0, there.stderr
    assert {int(key): value for key, value in msgspec.json.decode(there.stdout).items()} == here


def test_an_attempt_is_the_row_its_parts_give() -> None:
    shared = made.parts()
    for one in made.rows()[::23]:
        whole = grounded.attempt(shared, one.slot, one.number)
        assert whole.conversation == one.conversation
        assert (whole.slot, whole.number, whole.rejected) == (one.slot.index, one.number, "")
        assert list(whole.verdicts) == list(one.verdicts)


def test_another_attempt_and_another_seed_give_another_row() -> None:
    shared = made.parts()
    reseeded = structs.replace(shared, seed=shared.seed + 1)
    for slot in [
        Slot(0, "single", "todoist", 101),
        Slot(3, "chat", "gmail", 101),
        Slot(9, "multi_turn", "jira", 102),
    ]:
        openings = [
            made.first_request(one.conversation)
            for one in (
                made.tried(shared, slot, 0),
                made.tried(shared, slot, 1),
                made.tried(reseeded, slot, 0),
            )
            if one is not None
        ]
        assert len(openings) >= 2
        assert len(set(openings)) == len(openings)


def test_call_ids_are_short_and_never_repeat_in_a_row() -> None:
    for one in made.rows():
        ids = [call.id for group in made.groups(one.conversation) for call in group]
        assert all(re.fullmatch(r"call_[a-z0-9]{9}", identifier) for identifier in ids)
        assert len(set(ids)) == len(ids)


def test_replaying_the_calls_in_a_fresh_world_gives_the_results_and_digest() -> None:
    for one in made.rows()[::3]:
        world = made.world_of(one)
        state = one.conversation.world
        assert state is not None
        assert world.digest() == state.before
        shown = made.results(one.conversation)
        for group in made.groups(one.conversation):
            for call in group:
                assert drive(world.call(call)).value == shown[call.id], one.name
        assert world.digest() == state.after


# ---------------------------------------------------------------- abstaining


@pytest.mark.parametrize("name", [*builtin.names(), "jira+gmail", "googledrive+calendly+googlecalendar"])
def test_an_assistant_can_say_what_it_works_with_however_much_it_is(name: str) -> None:
    kit = made.toolset(name)
    said = abilities(known(kit), [tool.name for tool in kit.tools])
    assert 1 <= len(said) <= 4
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("kit", ["asana", "googledrive", "stripe", "todoist"])
def test_who_cannot_do_what_is_asked_offers_nothing_that_is_no_help(kit: str) -> None:
    index = known(made.toolset(kit))
    told = 0
    for number, acting in enumerate(index.toolset.tools):
        gone = substitutes(index, [acting])
        offered = [tool.name for tool in index.toolset.tools if tool.name not in gone]
        others = {index.tools[name].phrase for name in offered if index.tools[name].deed not in READS}
        own: set[str] = set()
        if acting.deed not in READS:
            own = {index.tools[name].phrase for name in offered if index.tools[name].entity == acting.entity}
        if acting.deed == "delete":
            own = {phrase for phrase in own if not phrase.startswith("create ")}
        said = set(actions(index, offered, acting, seeds.rng(number, kit)))
        assert not said & (others - own), acting.name
        told += bool(said)
    assert told > len(index.toolset.tools) / 4


def test_who_cannot_do_what_a_product_does_does_not_say_that_the_tools_are_for_that_product() -> None:
    index = known(made.toolset("jira"))
    for acting in index.toolset.tools:
        gone = substitutes(index, [acting])
        offered = [tool.name for tool in index.toolset.tools if tool.name not in gone]
        assert "Jira" not in _scope(index, offered, acting), acting.name


def test_a_refusal_can_be_made_of_a_toolset_of_few_tools() -> None:
    assert [least(tools) for tools in (2, 3, 4, 5, 6, 60)] == [1, 1, 2, 2, 3, 3]


def _twins() -> list[tuple[made.Row, made.Row]]:
    by_id = {one.conversation.id: one for one in made.rows()}
    return [
        (one, by_id[one.conversation.lineage["twin_of"]])
        for one in made.rows()
        if one.conversation.lineage.get("twin_of") in by_id
        and by_id[one.conversation.lineage["twin_of"]].number == 0  # the attempt that was repeated
    ]


def test_some_rows_repeat_anothers_request_with_its_tool_taken_away() -> None:
    twins = _twins()
    assert len(twins) >= 6
    for one, other in twins:
        assert one.slot.kind == "no_tool"
        assert made.first_request(one.conversation) == made.first_request(other.conversation)
        assert one.conversation.messages[0] == other.conversation.messages[0]


def test_a_twins_offer_lacks_the_tool_that_served_and_all_that_would_do() -> None:
    for one, other in _twins():
        offered = {tool["name"] for tool in one.conversation.tools}
        index = made.index_of(one)
        serving = other.drafted.plan.rounds[0].groups[-1][-1].tool
        assert serving not in offered
        assert not offered & substitutes(index, [index.tools[serving]])


def test_a_twins_tools_never_include_all_that_the_request_took() -> None:
    for one, other in _twins():
        offered = {tool["name"] for tool in one.conversation.tools}
        assert offered
        needed = {call.name for group in made.groups(other.conversation) for call in group}
        assert needed - offered, one.name


def test_twins_of_a_run_repeat_rows_that_were_accepted(tmp_path: Path) -> None:
    config = Config(
        toolkits=[Toolkit(name="whatsapp"), Toolkit(name="calendly")],
        seed=2,
        size=400,
        kinds={"single": 4, "no_tool": 3},
        worlds=40,
        skeleton_share=0.00001,  # so that many a first attempt is refused, and another takes its place
        out=str(tmp_path / "run"),
    )
    flow.synth(config, 1, True, lambda progress: None)
    lines = (tmp_path / "run" / "conversations.jsonl").read_bytes().splitlines()
    by_id = {one["id"]: one for one in map(msgspec.json.decode, lines)}
    twins = [one for one in by_id.values() if one.get("lineage", {}).get("twin_of")]
    assert len(twins) >= 10
    for one in twins:
        other = by_id.get(one["lineage"]["twin_of"])
        assert other is not None, f"{one['id']} repeats a row that is not there"
        said = [next(m["content"] for m in r["messages"] if m["role"] == "user") for r in (one, other)]
        assert said[0] == said[1]


@pytest.mark.parametrize("kit", ["asana", "googledrive", "stripe", "todoist"])
def test_an_offer_never_brings_back_a_tool_taken_away(kit: str) -> None:
    index = known(made.toolset(kit))
    graph = grounded.graph_of(index.toolset)
    for number, tool in enumerate(index.toolset.tools):
        gone = substitutes(index, [tool])
        if len(gone) < len(index.toolset.tools) - 3:
            offered = shown([], index, graph, 8, seeds.rng(number, kit), gone).tools
            assert not set(offered) & gone, tool.name
            assert len(offered) == min(8, len(index.toolset.tools) - len(gone))


def test_who_is_put_in_copy_of_what_is_forwarded_was_named() -> None:
    settings = Config(
        toolkits=(Toolkit(name="gmail"),), seed=7, size=700, kinds={"multi_turn": 1, "dependent": 1}
    )
    packed, slots = msgspec.json.encode(settings), flow.slots_of(settings)
    parts = flow.parts(packed)
    refused = [grounded.attempt(parts, slots[index], 0).rejected for index in range(700)]
    assert [why for why in refused if "messages_forward/cc" in why] == []
