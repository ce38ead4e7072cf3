"""What assistants say: answers, and thoughts before they call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import msgspec

import made
from callsmith import facts, seeds
from callsmith.execute import values_at
from callsmith.language.confirming import done_details
from callsmith.language.grammar import finish
from callsmith.language.replies import answered, to_user
from callsmith.language.requests import core
from callsmith.language.telling import SHOWN_AT_MOST, Teller
from callsmith.language.voicing import Voicing
from callsmith.language.words import number_word
from callsmith.meaning import Ask, Detail, Reply
from callsmith.plan.known import title_pointer
from callsmith.plan.signs import signs_of
from callsmith.records import (
    Assistant,
    Entity,
    Field,
    System,
    ToolMessage,
    User,
)
from test_requests import fault

# ---------------------------------------------------------------- thoughts


def test_only_messages_that_call_carry_reasoning_and_only_when_asked_for() -> None:
    assert not any(
        m.reasoning for one in made.rows() for m in one.conversation.messages if isinstance(m, Assistant)
    )
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
            [
                leaf
                for at, leaf in made.leaves(m.value)  # Stripe says "customer" of a customer
                if isinstance(leaf, str) and len(leaf) >= 5 and not at.endswith("/object")
            ]
            if isinstance(m, ToolMessage)
            else []
            for m in one.conversation.messages
        ]
        for index, message in enumerate(one.conversation.messages):
            if isinstance(message, Assistant) and message.reasoning:
                thought = message.reasoning
                for call in message.calls:
                    thought = thought.replace(call.name, "it")  # a tool may well be called like a label
                coming = {text for texts in later[index:] for text in texts}
                said = [t for t in coming if (t in thought if " " not in t else t.lower() in thought.lower())]
                assert not [t for t in said if t not in known], (one.name, thought)
                for mention in facts.mentions(thought, one.drafted.plan.scene.now):
                    tools = {tool["name"] for tool in one.conversation.tools}
                    counted = mention.kind in ("ordinal", "number") or mention.text == "one"  # "one by one"
                    assert mention.text in known or mention.text in tools or counted, thought
                assert not re.search(r"[{}]|  |\.\.|^[,.;:]", thought), thought
            known += _text(message)


def _text(message: object) -> str:
    if isinstance(message, ToolMessage):
        return msgspec.json.encode(message.value).decode()
    if isinstance(message, Assistant):
        return message.text + msgspec.json.encode([call.arguments for call in message.calls]).decode()
    return message.text if isinstance(message, System | User) else ""


# ---------------------------------------------------------------- answers


def _worded(one: made.Row, reply: Reply, seed: int) -> str:
    plan = one.drafted.plan
    teller = Teller(Voicing(plan, seeds.rng("reply", seed)), made.index_of(one))
    return answered(teller, reply)


def _all() -> Iterator[tuple[int, made.Row, Reply]]:
    for number, (one, turn, _) in enumerate(made.rounds()):
        yield number, one, turn.reply


def one_said(one: made.Row) -> list[str]:
    """What the user says in a row."""
    return [message.text for message in one.conversation.messages if isinstance(message, User)]


def test_assistants_write_well() -> None:
    for number, one, reply in _all():
        for seed in (number, number + 10_000):
            said = _worded(one, reply, seed)
            quoted = [
                str(leaf)
                for record in reply.records
                for _, leaf in made.leaves(record)
                if isinstance(leaf, str)
            ]
            for text in sorted(quoted, key=len, reverse=True):
                said = said.replace(text, "x")  # what is quoted from results is theirs
            assert fault(" ".join(said.split())) == "", (reply.act, said)


def test_every_planned_reply_is_worded() -> None:
    acts = {reply.act for _, _, outer in _all() for reply in made.replies(outer)}
    assert {"report", "answer", "compare", "done", "ask_missing", "cannot", "recall", "chat"} <= acts


def test_a_list_is_told_by_its_titles() -> None:
    told = 0
    for number, one, outer in _all():
        said = _worded(one, outer, number)
        for reply in made.replies(outer):
            if reply.act != "report":
                continue
            entity = made.index_of(one).entities[reply.entity]
            label = "" if signs_of(entity) else title_pointer(entity)  # a time is told as people say it
            for record in reply.records[:SHOWN_AT_MOST] if label else ():
                for value in values_at(record, label):
                    told += 1
                    asked = " ".join(one_said(one))
                    known = str(value) in asked  # whose they are was asked, and is not told again
                    assert known or not value or " ".join(str(value).split()) in " ".join(said.split()), (
                        value,
                        said,
                    )
    assert told > 50


def test_what_has_no_name_is_not_told_by_the_keys_of_its_tags() -> None:
    one = made.rows()[0]
    teller = Teller(Voicing(one.drafted.plan, seeds.rng("reply", 1)), made.index_of(one))
    key, state = Field("/Tags/*/Key", "text", "key"), Field("/State", "enum", "state")
    entity = Entity("kit.link", "kit", "link", "links", {}, fields=[key, state])
    said = teller.line(entity, {"Tags": [{"Key": "ManagedBy", "Value": "terraform"}], "State": "open"}, 1)
    assert "ManagedBy" not in said and "open" in said


def test_a_sort_in_one_word_is_no_text_to_quote() -> None:
    one = made.rows()[0]
    teller = Teller(Voicing(one.drafted.plan, seeds.rng("reply", 1)), made.index_of(one))
    scheme, ends = Field("/scheme", "text", "scheme"), Field("/ends", "date", "end date")
    entity = Entity("kit.tenancy", "kit", "tenancy", "tenancies", {}, fields=[scheme, ends])
    assert '"Custodial"' not in teller.line(entity, {"scheme": "Custodial", "ends": "2027-01-01"}, 2)
    assert teller.line(entity, {"scheme": "Held by us for now", "ends": "2027-01-01"}, 2).startswith('"Held')


def test_a_count_is_told_as_a_number() -> None:
    for number, one, reply in _all():
        if reply.act == "count":
            said = _worded(one, reply, number).lower()
            assert number_word(reply.total) in said or str(reply.total) in said or reply.total == 1, said


def test_an_answer_to_a_comparison_names_both_unless_they_are_alike() -> None:
    for number, one, reply in _all():
        if reply.act != "compare":
            continue
        said = _worded(one, reply, number)
        first, second = ([str(v) for v in values_at(record, reply.field)] for record in reply.records)
        pointer = made.index_of(one).entities[reply.entity].label_pointer
        for record in reply.records if first != second else ():
            assert values_at(record, pointer)[0] in said, said


def test_what_was_asked_for_leads_in_a_comparison() -> None:
    led, fields = set(), set()
    for one, turn, _ in made.rounds():
        if turn.ask.act != "compare" or turn.reply.act != "compare":
            continue
        entity = made.index_of(one).entities[turn.reply.entity]
        sides = [
            (values_at(record, turn.reply.field)[0], str(values_at(record, entity.label_pointer)[0]))
            for record in turn.reply.records
        ]
        if not all(isinstance(value, str) for value, _ in sides) or sides[0][1] in sides[1][1]:
            continue
        fields.add(turn.reply.field)
        for seed in range(80):
            voice = Voicing(one.drafted.plan, seeds.rng("compare", seed))
            request = finish(core(voice, turn.ask))
            asked = request.text[: min((start for _, start, _ in request.spans), default=0)]
            wanted = re.search(r"\b(first|older|earlier|sooner|last(?! change)|newer|recent|latest)\b", asked)
            said = answered(Teller(voice, made.index_of(one)), turn.reply).rsplit(", so ", 1)[-1]
            if wanted is None or "for both" in said:
                continue
            leading = min(sides, key=lambda side: said.find(side[1]) % 10_000)
            pick = max if wanted[1] in ("last", "newer", "recent", "latest") else min
            moments = [datetime.fromisoformat(value) for value, _ in sides]
            assert datetime.fromisoformat(leading[0]) == pick(moments), (request, said)
            led.add(wanted[1])
    assert led & {"first", "older", "sooner"}
    assert led & {"last", "newer", "recent"} or not any(
        "modif" in field or "updat" in field for field in fields
    )


def test_a_question_asks() -> None:
    asked = 0
    for number, one, reply in _all():
        if reply.act in ("ask_missing", "ask_which"):
            asked += 1
            said = _worded(one, reply, number)
            assert "?" in said or re.search(
                r"\b(need|tell me|let me know|missing|give me|which|without)\b", said, re.I
            ), said
        if reply.act == "ask_missing" and reply.missing[0].refers:  # the task above is no name
            assert "name" not in re.findall(r"[a-z]+", _worded(one, reply, number).lower())
        if reply.act == "ask_which":
            pointer = made.index_of(one).entities[reply.entity].label_pointer
            said = _worded(one, reply, number)
            assert all(values_at(record, pointer)[0] in said for record in reply.records), said
    assert asked


def test_an_abstention_offers_only_what_is_there() -> None:
    for number, one, reply in _all():
        if reply.act == "cannot":
            said = _worded(one, reply, number)
            index = made.index_of(one)
            offered = [index.tools[name] for name in one.drafted.plan.offer.tools]
            deeds = {tool.phrase for tool in offered}
            deeds |= {
                f"look up {index.entities[tool.entity].plural}"
                for tool in offered
                if tool.effect in ("list", "search") and tool.entity in index.entities
            }
            assert set(reply.abilities) <= deeds
            assert not re.search(r"\b(done|created|sent|deleted|updated)\b", said.lower()), said


def test_answers_vary() -> None:
    several: dict[str, set[str]] = {}
    for _, one, reply in _all():
        if reply.act in ("done", "answer", "ask_missing", "cannot"):
            several.setdefault(reply.act, set()).update(_worded(one, reply, seed) for seed in range(9))
            if reply.act == "cannot":
                assert len({_worded(one, reply, seed) for seed in range(12)}) >= 6
    assert all(len(said) > 5 for said in several.values() if said)


def test_assistants_never_say_an_id_nobody_asked_for() -> None:
    for one in made.rows():
        index = made.index_of(one)
        for turn in one.drafted.plan.rounds:
            for reply in made.replies(turn.reply):
                entity = index.entities.get(reply.entity)
                if entity is None or reply.act == "answer":
                    continue
                texts = " ".join(m.text for m in one.conversation.messages if isinstance(m, Assistant))
                for record in reply.records:
                    for value in values_at(record, entity.id_pointer):
                        opaque = (
                            isinstance(value, str) and len(value) >= 12 and any(c.isdigit() for c in value)
                        )
                        assert not (
                            opaque and "@" not in value and value in re.sub(r"https?://\S+", "", texts)
                        ), value


def test_a_user_is_spoken_to_and_words_are_left_whole() -> None:
    assert to_user("contacts that mention Zainab") == "contacts that mention Zainab"
    assert to_user("tasks I gave to my team or me") == "tasks you gave to your team or you"


def test_a_change_is_told_by_its_new_value_where_the_result_calls_it_otherwise_or_is_silent() -> None:
    one = made.rows()[0]
    teller = Teller(Voicing(one.drafted.plan, seeds.rng("reply", 1)), made.index_of(one))
    kind = Field("/VolumeType", "enum", "type", {"type": "string"})
    entity = Entity("kit.volume", "kit", "volume", "volumes", {}, "/VolumeId", "", (kind,), "")
    details = [Detail("VolumeType", "enum", "type", "sets", "value", ["io1"])]
    ask = Ask("change", "kit_modify_volume", "modify", "volume", "volumes", details=details)
    accepted = {"VolumeId": "v", "TargetVolumeType": "io1", "OriginalVolumeType": "standard"}
    assert "io1" in done_details(teller, entity, accepted, ask)
    assert "io1" in done_details(teller, entity, {}, ask)
    assert done_details(teller, entity, {"TargetVolumeType": "standard"}, ask) == ""
