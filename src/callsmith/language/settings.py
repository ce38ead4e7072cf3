"""How people ask for what is set for a record, and how they are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callsmith.catalog.data import read
from callsmith.execute import values_at
from callsmith.language.grammar import capitalised
from callsmith.language.moods import mood, scope_words
from callsmith.language.named_details import one_of_them
from callsmith.language.relating import counted, figure, unitless
from callsmith.language.telling import Teller
from callsmith.language.voicing import Voicing
from callsmith.language.words import humanised, listed
from callsmith.meaning import Ask, Reply
from callsmith.plan.intents.settings import ALL, BARE, plainly, setting_name, telling
from callsmith.records import Field, Json

_STATING = "language/en/stating.yaml"


def part_request(voice: Voicing, ask: Ask) -> str:
    """A question for a setting of a record, for whether something is on, or for all that is set."""
    part = ask.gist["part"]
    if ask.gist.get("figures"):
        return _figures_asked(voice, ask)
    thing = voice.record(ask.targets[0]) + scope_words(voice, ask)
    if not ask.field:
        return (
            mood(voice, voice.say("part.show", part=part, T=thing))
            if voice.chance(0.4)
            else voice.say("part.setup", part=part, T=thing)
        )
    name = setting_name(part, ask.field)
    switch = ask.field_facet == "flag" or ask.field in BARE and _switches(ask.field_choices)
    voice.talk["asked whether"] = ""
    if switch and voice.chance(0.8):
        voice.talk["asked whether"] = "on"
        return voice.say("part.on", part=part if ask.field in BARE else plainly(ask.field), T=thing)
    return voice.say("look_up", field=name, T=thing, of=voice.pick(("of", "of", "for")))


def _figures_asked(voice: Voicing, ask: Ask) -> str:
    """A question for what is counted up for somebody: for all of it, or for one figure."""
    target, part = ask.targets[0], ask.gist["part"]
    thing = voice.record(target)
    whose = f"the {part} of {thing}"
    if voice.personal(target.noun):
        whose = f"their {part}" if target.by == "pronoun" else f"{thing}'s {part}"
    if not ask.field:
        return voice.say("figures.show", P=whose)
    if counted(ask.field) and ask.field_facet in ("number", "count"):
        said = voice.say("figures.count", things=_things(ask.field), P=whose, T=thing, at=_place(part))
        return said.replace("does them have", "do they have")
    return voice.say("figures.one", field=unitless(ask.field), P=whose, at=_place(part))


def _place(part: str) -> str:
    """Where a figure stands: on a timetable, in a summary."""
    return "on" if part.split()[-1] in read(_STATING)["sheets"] else "in"


def _things(phrase: str) -> str:
    """What is counted, by the name of its sum."""
    return phrase.removeprefix("number of ").removeprefix("total ")


def _figure_told(teller: Teller, item: Field, record: Mapping[str, Any]) -> str:
    """A figure with what it counts or is called."""
    value = values_at(record, item.pointer)[0]
    if counted(item.phrase) and item.facet in ("number", "count") and isinstance(value, (int, float)):
        things = _things(item.phrase)
        return f"{figure(value)} {one_of_them(things) if value == 1 else things}"
    return f"{unitless(item.phrase)} {teller.particulars.value(value, item, record)}"


def part_told(teller: Teller, reply: Reply) -> str:
    """What is set, as the result says it."""
    ask = reply.ask
    assert ask is not None
    part, record, voice = teller.known.parts[reply.entity], reply.records[0], teller.voice
    thing = teller.called(ask.targets[0], teller.known.entities[part.holder])
    settings = telling(part, record)
    item = next((one for one in settings if one.pointer == reply.field), None)
    if ask.gist.get("figures") and item is None:
        return capitalised(f"{listed([_figure_told(teller, one, record) for one in settings[:ALL]])}.")
    if ask.gist.get("figures") and item is not None:
        said = _figure_told(teller, item, record)
        if counted(item.phrase):
            return capitalised(voice.answer("figures.count", said=said, thing=thing))
        value = teller.particulars.value(values_at(record, item.pointer)[0], item, record)
        return capitalised(voice.answer("figures.one", field=unitless(item.phrase), value=value))
    if item is None:
        facts = [_fact(teller, one, record) for one in settings[:ALL]]
        return capitalised(voice.answer("part.all", part=part.noun, thing=thing, facts=listed(facts)))
    value = values_at(record, item.pointer)[0]
    name = part.noun if item.phrase in BARE else plainly(item.phrase)
    stands = _stands(value)
    if stands and (item.facet == "flag" or item.phrase in BARE):
        yes = "yes" if stands in read(_STATING)["on"] else "no"
        yes = yes if voice.talk.get("asked whether") else "state"  # neither, where it was not asked that way
        return capitalised(voice.answer(f"part.{yes}", part=name, thing=thing, state=stands))
    said = teller.particulars.value(value, item, record)
    return capitalised(
        voice.answer("answer.field", field=setting_name(part.noun, item.phrase), thing=thing, value=said)
    )


def _switches(choices: Any) -> bool:
    words = {humanised(choice).lower() for choice in choices}
    table: Mapping[str, Any] = read(_STATING)
    return bool(words & set(table["on"])) and bool(words & set(table["off"]))


def _stands(value: Json) -> str:
    """A switch's place as it follows "is"; "" where the value is no switch's."""
    if isinstance(value, bool):
        return "on" if value else "off"
    word = humanised(value).lower() if isinstance(value, str) else ""
    table: Mapping[str, Any] = read(_STATING)
    return word if word in (*table["on"], *table["off"]) else ""


def _fact(teller: Teller, item: Field, record: Mapping[str, Any]) -> str:
    value = values_at(record, item.pointer)[0]
    stands = _stands(value)
    if stands and item.phrase in BARE:
        return stands
    return f"{plainly(item.phrase)} {stands or teller.particulars.value(value, item, record)}"
