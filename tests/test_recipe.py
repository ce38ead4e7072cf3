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
from callsmith import facts, flow, row, seeds
from callsmith.check.run import CHECKS
from callsmith.config import Config, Toolkit
from callsmith.language.prompts import ambient_values
from callsmith.meaning import Ambient, Fixed, Listed, Pick, Source, Stated, Step, Written
from callsmith.ports import drive
from callsmith.recipes import grounded
from callsmith.recipes.without import substitutes
from callsmith.records import (
    Assistant,
    Call,
    Composed,
    Default,
    Derived,
    Found,
    Given,
    Json,
    Nowhere,
    Said,
    Slot,
    System,
    ToolMessage,
    User,
)
from callsmith.text import shingles, words

# Toolkits whose tools do not allow a kind: nothing in WhatsApp hangs on what another call found, for one.
UNABLE = {
    ("asana", "parallel_dependent"),
    ("calendly", "parallel_dependent"),
    ("whatsapp", "dependent"),
    ("whatsapp", "parallel_dependent"),
}
READS = ("read", "list", "search", "compute")


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
            if any(isinstance(source, Pick) and source.step in before for _, source in _sources(bound.step)):
                return True
    return False


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
            "parallel_dependent": len(sizes) >= 2 and sizes[0] >= 2 and linked and turns == 1,
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
    for slot in [Slot(0, "single", "todoist", 101), Slot(3, "chat", "gmail", 101), Slot(9, "multi_turn", "jira", 102)]:
        openings = [
            made.first_request(one.conversation)
            for one in (made.tried(shared, slot, 0), made.tried(shared, slot, 1), made.tried(reseeded, slot, 0))
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


# ---------------------------------------------------------------- what users say


def _ids(one: made.Row) -> set[str]:
    """The ids in arguments and results that nobody would say."""
    index = made.index_of(one)
    natural = {
        str(value)
        for group in made.groups(one.conversation)
        for call in group
        for pointer, value in made.leaves(call.arguments)
        if _klass(one, call, pointer) == "natural_key"
    }
    found: set[str] = set()
    for group in made.groups(one.conversation):
        for call in group:
            for pointer, value in made.leaves(call.arguments):
                if _klass(one, call, pointer) == "opaque_id" and isinstance(value, str):
                    found.add(value)
            for item in index.tools[call.name].yields:
                entity = index.entities.get(item.entity)
                id_fields = {f.pointer for f in entity.fields if f.facet == "id"} if entity else set()
                value = made.results(one.conversation)[call.id]
                for at, leaf in made.leaves(value):
                    if isinstance(leaf, str) and any(at.endswith(pointer) for pointer in id_fields):
                        found.add(leaf)
    people = {one.drafted.plan.scene.user.email}
    return {text for text in found - natural - people if len(text) >= 8 and any(c.isdigit() for c in text)}


def _klass(one: made.Row, call: Call, pointer: str) -> str:
    generic = re.sub(r"/[0-9]+(?=/|$)", "/*", pointer)
    inputs = {parameter.pointer: parameter.klass for parameter in made.tool_of(one, call.name).inputs}
    return inputs.get(generic, "")


def test_users_never_say_an_id() -> None:
    for one in made.rows():
        said = " ".join(made.user_texts(one.conversation))
        assert [text for text in sorted(_ids(one)) if text in said] == [], (one.name, said)


def test_users_never_say_what_only_machines_say() -> None:
    stamp = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:")
    for one in made.rows():
        said = " ".join(made.user_texts(one.conversation))
        assert not stamp.search(said), said
        for tool in made.index_of(one).toolset.tools:
            assert tool.name not in said, said
            for parameter in tool.inputs:
                if "_" in parameter.name:
                    assert not re.search(rf"\b{re.escape(parameter.name)}\b", said), said
        assert not re.search(r"[{}\ue000-\ue002▁]|None\b|\bnull\b", said), said


def test_users_never_say_four_words_in_a_row_of_a_description() -> None:
    for one in made.rows():
        taken = {run for tool in made.index_of(one).toolset.tools for run in shingles(words(tool.description), 4)}
        for text in made.user_texts(one.conversation):
            assert [run for run in shingles(words(text), 4) if run in taken] == [], text


# ---------------------------------------------------------------- where arguments come from


def test_every_argument_comes_from_somewhere() -> None:
    for one in made.rows():
        for group in made.groups(one.conversation):
            for call in group:
                origins = one.conversation.provenance[call.id]
                assert set(origins) == {pointer for pointer, _ in made.leaves(call.arguments) if pointer}
                assert not [p for p, o in origins.items() if isinstance(o, Nowhere)], (one.name, call)


def _sources(step: Step) -> Iterator[tuple[str, Source]]:
    """The symbolic source of each argument leaf by concrete pointer."""
    for pointer, source in step.arguments.items():
        if isinstance(source, Listed):
            for index, item in enumerate(source.items):
                yield pointer.replace("*", str(index), 1), item
        else:
            yield pointer.replace("*", "0", 1), source


AGREEING: dict[type, tuple[type, ...]] = {
    Pick: (Found, Said),
    Stated: (Said, Derived, Given, Found),
    Ambient: (Given, Default),
    Written: (Composed, Said, Found),  # a reply's subject stands in the mail it answers
    Fixed: (Default,),
}


def test_computed_origins_agree_with_the_plan() -> None:
    compared = 0
    for one in made.rows():
        for bound in [b for turn in one.drafted.trace.groups for group in turn for b in group]:
            origins = one.conversation.provenance[bound.call.id]
            for pointer, source in _sources(bound.step):
                for leaf, origin in origins.items():
                    if leaf == pointer or leaf.startswith(pointer + "/"):
                        compared += 1
                        agreed = isinstance(origin, AGREEING[type(source)])
                        assert agreed, (one.name, bound.call.name, leaf, source, origin)
    assert compared > 300


def test_what_a_plan_picks_is_found_in_the_result_it_names() -> None:
    for one in made.rows():
        bounds = {b.step.id: b for turn in one.drafted.trace.groups for group in turn for b in group}
        for bound in bounds.values():
            earlier = {call for call in bounds if call < bound.step.id or len(call) < len(bound.step.id)}
            for pointer, source in _sources(bound.step):
                if isinstance(source, Pick):
                    assert source.step in earlier
                    shown = [leaf for _, leaf in made.leaves(bounds[source.step].result.value) if leaf is not None]
                    value = [leaf for at, leaf in made.leaves(bound.call.arguments) if at == pointer]
                    assert value and value[0] in shown, (one.name, pointer)


def _told(one: made.Row, call: Call) -> bool:
    """Whether a later answer says something a result shows, or that it shows nothing."""
    messages = one.conversation.messages
    at = next(i for i, m in enumerate(messages) if isinstance(m, ToolMessage) and m.call_id == call.id)
    value = made.results(one.conversation)[call.id]
    said = " ".join(m.text for m in messages[at:] if isinstance(m, Assistant)).lower()
    texts = [str(leaf).lower() for _, leaf in made.leaves(value) if isinstance(leaf, str) and len(leaf) >= 3]
    nothing = not any(isinstance(leaf, str) for _, leaf in made.leaves(value))
    return nothing or any(text in said for text in texts)


def test_every_result_but_the_last_is_used_or_told() -> None:
    for one in made.rows():
        calls = [call for group in made.groups(one.conversation) for call in group]
        used = {source for call in calls for source in made.calls_found(one.conversation, call)}
        for group in made.groups(one.conversation)[:-1]:
            for call in group:
                writes = made.tool_of(one, call.name).effect not in READS
                assert call.id in used or writes or _told(one, call), (one.name, call)


# ---------------------------------------------------------------- system prompts


def test_the_system_prompt_says_when_it_is() -> None:
    for one in made.rows():
        system = one.conversation.messages[0]
        assert isinstance(system, System)
        scene = one.drafted.plan.scene
        moment, zone = facts.now_of(system.text)
        assert moment[:16] == scene.now[:16], system.text
        assert zone == scene.time_zone


def test_the_system_prompt_gives_every_ambient_value_used() -> None:
    used = 0
    for one in made.rows():
        system = one.conversation.messages[0]
        assert isinstance(system, System)
        for _, value in ambient_values(one.drafted.plan):
            used += 1
            assert str(value) in system.text, (one.name, value, system.text)
    assert used


# ---------------------------------------------------------------- asking


def _asked(one: made.Row) -> tuple[int, int]:
    """The index of the assistant's question and of the user's answer to it."""
    messages = one.conversation.messages
    answer = [index for index, m in enumerate(messages) if isinstance(m, User)][1]
    return answer - 1, answer


def _missing_values(one: made.Row) -> list[Json]:
    return [v for item in one.drafted.plan.rounds[1].ask.details for v in item.values if v is not None]


def _rows_that_ask() -> list[made.Row]:
    return [one for one in made.rows() if one.slot.kind == "missing_parameter"]


def test_what_is_missing_is_asked_for_and_then_used() -> None:
    for one in _rows_that_ask():
        question, answer = _asked(one)
        asked = one.conversation.messages[question]
        assert isinstance(asked, Assistant) and asked.text and not asked.calls
        origins = one.conversation.provenance
        used = [place for call in origins.values() for o in call.values() for place in made.places(o)]
        assert any(isinstance(place, Said) and place.message == answer for place in used), one.name


def test_what_is_missing_stands_nowhere_before_the_answer() -> None:
    for one in _rows_that_ask():
        question, _ = _asked(one)
        before = [m.text for m in one.conversation.messages[:question] if isinstance(m, System | User)]
        for value in _missing_values(one):
            if isinstance(value, str):
                known = [re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text, re.I) for text in before]
                assert not any(known), (one.name, value, before)


TELLABLE = ("email", "phone", "username", "person", "key", "number_key", "id")


def test_what_is_missing_cannot_be_looked_up() -> None:
    for one in _rows_that_ask():
        item = one.drafted.plan.rounds[1].ask.details[0]
        if item.facet not in TELLABLE:
            continue
        index = made.index_of(one)
        world = made.world_of(one)
        for name in one.drafted.plan.offer.tools:
            tool = index.tools[name]
            if tool.effect not in ("list", "search"):
                continue
            for value in _missing_values(one):
                for found in tool.yields:
                    shown = index.shown.get((name, found.entity), frozenset())
                    for record in world.records(found.entity):
                        told = [at for at, leaf in made.leaves(record) if leaf == value and _generic(at) in shown]
                        assert not told, (one.name, value, name, told)


def _generic(pointer: str) -> str:
    return re.sub(r"/[0-9]+(?=/|$)", "/*", pointer)


# ---------------------------------------------------------------- abstaining


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
        toolkits=[Toolkit(name="googledrive"), Toolkit(name="jira")],
        seed=5,
        size=150,
        kinds={"single": 3, "dependent": 3, "no_tool": 3},
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


# ---------------------------------------------------------------- alternatives


def test_alternatives_do_equally_in_the_rows_world() -> None:
    seen = 0
    for one in made.rows():
        own = [call for group in made.groups(one.conversation) for call in group]
        offered = {tool["name"] for tool in one.conversation.tools}
        for others in one.conversation.alternatives:
            seen += 1
            assert [call.id for call in others] == [call.id for call in own]
            changed = [call for call, mine in zip(others, own, strict=True) if call != mine]
            assert len(changed) == 1, one.name
            assert {call.name for call in others} <= offered
            world = made.world_of(one)
            values = {}
            for call in others:
                result = drive(world.call(call))
                assert not result.error, (one.name, call, result)
                values[call.id] = result.value
            assert one.conversation.world is not None
            assert world.digest() == one.conversation.world.after
            _hold_what_was_taken(one, own, changed[0].id, values)
    assert seen >= 5


def _hold_what_was_taken(one: made.Row, own: list[Call], swapped: str, values: dict[str, Json]) -> None:
    shown = {str(leaf) for _, leaf in made.leaves(values[swapped])}
    for call in own:
        arguments = dict(made.leaves(call.arguments))
        for pointer, origin in one.conversation.provenance[call.id].items():
            if isinstance(origin, Found) and origin.call == swapped:
                assert str(arguments[pointer]) in shown, (one.name, pointer)


# ---------------------------------------------------------------- thoughts


def test_only_messages_that_call_carry_reasoning_and_only_when_asked_for() -> None:
    assert not any(m.reasoning for one in made.rows() for m in one.conversation.messages if isinstance(m, Assistant))
    thinking = made.rows(True)
    assert thinking
    for one in thinking:
        for message in one.conversation.messages:
            if isinstance(message, Assistant):
                assert bool(message.reasoning) == bool(message.calls), one.name


def test_reasoning_knows_nothing_that_comes_later() -> None:
    for one in made.rows(True):
        known = ""
        later = [
            [str(leaf) for _, leaf in made.leaves(m.value) if isinstance(leaf, str) and len(leaf) >= 5]
            if isinstance(m, ToolMessage)
            else []
            for m in one.conversation.messages
        ]
        for index, message in enumerate(one.conversation.messages):
            if isinstance(message, Assistant) and message.reasoning:
                thought = message.reasoning
                coming = {text for texts in later[index:] for text in texts}
                assert not [t for t in coming if t.lower() in thought.lower() and t not in known], (one.name, thought)
                for mention in facts.mentions(thought, one.drafted.plan.scene.now):
                    tools = {tool["name"] for tool in one.conversation.tools}
                    counted = mention.kind in ("ordinal", "number")
                    assert mention.text in known or mention.text in tools or counted, thought
                assert not re.search(r"[{}]|  |\.\.|^[,.;:]", thought), thought
            known += _text(message)


def _text(message: object) -> str:
    if isinstance(message, ToolMessage):
        return msgspec.json.encode(message.value).decode()
    if isinstance(message, Assistant):
        return message.text + msgspec.json.encode([call.arguments for call in message.calls]).decode()
    return message.text if isinstance(message, System | User) else ""
