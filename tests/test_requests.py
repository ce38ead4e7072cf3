"""What users say: of every request, and of the system prompt it stands under."""

from __future__ import annotations

import re

from msgspec import structs

import made
from callsmith import facts, seeds
from callsmith.catalog.data import read
from callsmith.language.asking_for import special_question
from callsmith.language.grammar import finish
from callsmith.language.joining import made_of
from callsmith.language.named_details import one_of_them
from callsmith.language.prompts import ambient_values
from callsmith.language.replies import question_field
from callsmith.language.requests import core, request
from callsmith.language.voicing import Voicing
from callsmith.meaning import Ask, Target
from callsmith.plan.known import takes_place
from callsmith.recipes import grounded
from callsmith.records import (
    Call,
    System,
    User,
)
from callsmith.text import shingles, words

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
    """Nor do they have to: only what a thing is called may coincide, with the small words around it."""
    for one in made.rows():
        index = made.index_of(one)
        called = {
            word for e in index.entities.values() for name in (e.noun, e.plural) for word in words(name)
        }
        taken = {run for tool in index.toolset.tools for run in shingles(words(tool.description), 4)}
        for text in made.user_texts(one.conversation):
            runs = [run for run in shingles(words(text), 4) if run in taken]
            assert [run for run in runs if set(run) - called - SMALL] == [], text


SMALL = frozenset(
    "a an the of for to in on at by with and or from it its is are all one that this as so".split()
)


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


def test_a_draft_is_asked_for_as_a_draft_and_a_message_as_a_message() -> None:
    """The same matter, once for a tool that sends and once for one that drafts."""
    seen = set()
    for one, turn, _ in made.rounds():
        ask = turn.ask
        if ask.act not in ("send", "share") or "draft" in ask.gist["about"] + ask.gist["say"]:
            continue
        seen.add(ask.act)
        for noun in ("draft", "email"):
            for seed in range(6):
                voice = Voicing(one.drafted.plan, seeds.rng("draft", seed))
                said = finish(core(voice, structs.replace(ask, noun=noun))).text
                assert bool(re.search(r"\bdraft|prepare an? ", said)) is (noun == "draft"), said
    assert "send" in seen


# ---------------------------------------------------------------- every act


SPOKEN = frozenset(
    "list count look_up compare create change remove do connect send create_under list_under narrow share "
    "answer_missing change_open choose recall thank".split()
)
REGISTERS: tuple[grounded.Register, ...] = ("casual", "neutral", "formal")
FAULTS = re.compile(
    r"[{}\ue000-\ue002]|  |\.\.(?!\.)|[?!]\.|,\.|,,|\s[,.;:?!](?=\s|$)|\(\s|\s\)|(?<=\w )None\b"
)


def fault(text: str) -> str:
    """What is wrong with the writing of a text; "" when nothing is."""
    if not text.strip():
        return "it is empty"
    found = FAULTS.search(text)
    if found:
        return f"it holds {found.group()!r} at {found.start()}"
    if text != text.strip() or re.match(r"[,.;:?!)\]]", text):
        return "it begins or ends badly"
    if text.count('"') % 2:
        return "a quotation is not closed"
    return ""


def test_planners_produce_every_act_that_is_spoken() -> None:
    acts = {ask.act for _, turn, _ in made.rounds() for ask in made.asks(turn.ask)}
    assert SPOKEN - {"count", "remove", "choose", "list_under", "narrow", "thank", "share"} <= acts
    assert acts - SPOKEN <= {"chat", "create_if", "compute"}


def test_requests_are_well_written_however_they_are_worded() -> None:
    for number, (one, turn, before) in enumerate(made.rounds()):
        if turn.said:
            assert fault(turn.said) == "", turn.said
            continue
        for seed in range(3):
            plan = structs.replace(one.drafted.plan, register=REGISTERS[(seed + number) % 3])
            spoken = finish(request(Voicing(plan, seeds.rng(seed, number)), turn.ask, before))
            assert fault(spoken.text) == "", (turn.ask.act, spoken.text)
            assert all(0 <= start < end <= len(spoken.text) for _, start, end in spoken.spans), spoken


def test_a_request_says_every_value_it_is_to_state() -> None:
    """Titles, keys and addresses stand in the text as they are; what is said by a rule is read back elsewhere."""
    for number, (one, turn, before) in enumerate(made.rounds()):
        if turn.said or turn.ask.act in ("thank", "choose"):
            continue
        text = finish(request(Voicing(one.drafted.plan, seeds.rng("values", number)), turn.ask, before)).text
        for ask in made.asks(turn.ask):
            for item in ask.details:
                if item.facet in ("email", "phone") and item.role in ("to", "sets"):
                    assert all(str(value) in text for value in item.values), (item, text)
                if item.facet == "title" and item.role == "sets":
                    assert all(str(value).lower() in text.lower() for value in item.values), (item, text)


def test_the_same_request_is_said_in_many_ways() -> None:
    turns = [(one, turn) for one, turn, before in made.rounds() if not turn.said and before is None]
    for one, turn in turns[::12]:
        said = {
            finish(request(Voicing(one.drafted.plan, seeds.rng(s)), turn.ask, None)).text for s in range(40)
        }
        assert len(said) >= 20, sorted(said)[:3]


def test_spans_of_values_stand_where_values_are_said() -> None:
    for one in made.rows():
        for index, spoken in one.worded.said.items():
            message = one.conversation.messages[index]
            assert isinstance(message, User) and message.text == spoken.text
            assert all(spoken.text[start:end].strip() for _, start, end in spoken.spans)


# ---------------------------------------------------------------- what is made of another, and what takes place


def _making(verb: str, noun: str, holder: str, field: str) -> str:
    place = Target(holder, f"{holder}s", "the")
    voice = Voicing(made.rows()[0].drafted.plan, seeds.rng("voice", 1))
    return made_of(
        voice, Ask("create_under", "kit_tool", verb, noun, f"{noun}s", "", container=place, field=field)
    )


def test_a_copy_a_snapshot_and_what_comes_from_one_do_not_lie_in_what_they_are_made_of() -> None:
    assert _making("copy", "volume", "volume", "SourceVolumeId") == "copy"
    assert _making("create", "volume", "volume", "SourceVolumeId") == "copy"
    assert _making("create", "snapshot", "volume", "VolumeId") == "of"
    assert _making("create", "volume", "snapshot", "SnapshotId") == "from"
    assert _making("create", "folder", "folder", "parent_id") == ""
    assert _making("create", "task", "project", "project_id") == ""


def test_one_of_several_is_spoken_of_in_the_singular() -> None:
    assert [one_of_them(word) for word in ("max entries", "columns", "access", "ties", "status", "analysis")] == [
        "max entry", "column", "access", "tie", "status", "analysis"]  # fmt: skip


def _field_asked(noun: str, field: str, facet: str) -> str:
    return special_question(Ask("look_up", "kit_tool", "get", noun, "", "", field=field, field_facet=facet))


def test_only_what_takes_place_is_asked_for_its_time_and_moved() -> None:
    assert _field_asked("meeting", "start time", "date_time") == "start"
    assert _field_asked("team event", "start time", "date_time") == "start"
    assert _field_asked("capacity reservation", "start date", "date_time") == ""
    assert question_field("start time", "capacity reservation") == "start time"
    assert question_field("start time", "meeting") == "time"
    assert takes_place("reservation") and not takes_place("traffic mirror session")


def test_only_what_somebody_pursues_is_asked_whether_it_got_anywhere() -> None:
    assert _field_asked("support ticket", "status", "enum") == "status.pursued"
    for noun in ("security group", "instance", "droplet", "volume"):
        assert _field_asked(noun, "status", "enum") == "status"
    grammar = read("language/en/requests.yaml")
    neutral = " ".join(form["say"] for form in grammar["look_up.status"])
    assert not any(word in neutral for word in ("dealt with", "progress", "got anywhere", "coming along"))


def test_how_a_thing_is_going_is_not_how_a_part_of_it_is() -> None:
    assert _field_asked("instance", "state", "enum") == "status"
    assert _field_asked("order", "order status", "enum") == "status.pursued"
    assert _field_asked("instance", "monitoring status", "enum") == ""
