"""The embedded voice: a plan and its trace become messages, with no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from callsmith.language.capitals import lettered, written
from callsmith.language.grammar import Spoken, finish
from callsmith.language.prompts import system_prompt
from callsmith.language.replies import answered
from callsmith.language.requests import request
from callsmith.language.telling import Teller
from callsmith.language.thoughts import thought
from callsmith.language.voicing import Voicing
from callsmith.meaning import Ask, Bound, Plan, Trace
from callsmith.plan.known import Known
from callsmith.records import Assistant, Message, System, ToolMessage, User
from callsmith.seeds import Rng


class Worded(Struct, frozen=True):
    """The messages of a conversation, and the user's texts with the spans of their values by message index."""

    messages: Sequence[Message]
    said: Mapping[int, Spoken]


def word(plan: Plan, trace: Trace, known: Known, rng: Rng) -> Worded:
    """Word every turn of a plan."""
    voice = Voicing(plan, rng, known.entities.values())
    teller = Teller(voice, known)
    capitals = written(known.toolset)
    teller.particulars.heard = lettered(system_prompt(plan, known, rng), capitals)
    messages: list[Message] = [System(teller.particulars.heard)]
    said: dict[int, Spoken] = {}
    before: Ask | None = None
    for item, groups in zip(plan.rounds, trace.groups, strict=True):
        spoken = Spoken(item.said) if item.said else finish(_typed(voice, item.ask, before, capitals))
        said[len(messages)] = spoken
        messages.append(User(spoken.text))
        teller.particulars.heard += f"\n{spoken.text}"
        for place, group in enumerate(groups):
            reasoning = thought(voice, known, item, group, place) if plan.thoughts else ""
            messages.append(Assistant(calls=[bound.call for bound in group], reasoning=reasoning))
            messages.extend(_result(bound) for bound in group)
            for bound in group:
                teller.learn(bound.call.name, bound.result.value)
            teller.particulars.heard += "".join(f"\n{bound.result.value}" for bound in group)
        before = item.ask
        messages.append(Assistant(text=lettered(answered(teller, item.reply), capitals)))
    return Worded(messages, said)


def _typed(voice: Voicing, ask: Ask, before: Ask | None, capitals: Mapping[str, str]) -> str:
    """A request, marked; who types in a hurry leaves abbreviations small."""
    text = request(voice, ask, before)
    return text if voice.register == "casual" else lettered(text, capitals)


def _result(bound: Bound) -> ToolMessage:
    return ToolMessage(bound.call.id, bound.call.name, bound.result.value, bool(bound.result.error))
