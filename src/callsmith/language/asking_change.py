"""How users ask for things to be changed, finished and removed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsmith.catalog.figures import name_words
from callsmith.catalog.grounds import is_ground
from callsmith.language.asking_for import noun_phrase
from callsmith.language.deeds import moves, said_of, trailing
from callsmith.language.grammar import mark, unmarked
from callsmith.language.joining import with_later
from callsmith.language.moods import mood, names_target, scope_words
from callsmith.language.named_details import possessed
from callsmith.language.relating import day_of, of_several, several, unitless
from callsmith.language.voicing import Voicing
from callsmith.language.words import lexicon, listed, number_word, participle
from callsmith.meaning import Ask, Detail, Target
from callsmith.plan.known import takes_place


def change_request(voice: Voicing, ask: Ask) -> str:
    target = ask.targets[0]
    thing = voice.record(target) + scope_words(voice, ask)
    items = [item for item in ask.details if item.role != "names" or not names_target(ask, item)]
    items = [item for item in items if item.role == "sets"]
    first = items[0]
    kind = change_kind(first)
    kind = "" if kind == "moment" and not takes_place(ask.noun) else kind
    new = voice.measured(first)
    if first.facet == "title" and voice.chance(0.7):
        new = f'"{new}"'
    field = possessed(unitless(first.phrase or first.parameter))
    field = day_of(field, ask.noun) if first.facet in ("date", "date_time") else field
    values = {"T": thing, "new": new, "q": f'"{new}"', "field": field}
    measured = first.facet in ("number", "count", "amount", "amount_minor", "percent")
    if ask.gist.get("fresh") and not measured and kind in ("due", "deadline", "", "place"):
        text = mood(voice, voice.say("change.vp.set", **values))
    elif not (kind in ("label", "tag", "closed", "open") or _had(first, kind)) and voice.chance(0.22):
        told = kind if voice.known(f"change.state.{kind}") else "so" if first.facet == "enum" else ""
        symbol = f"change.state.{told}" if told else "change.state"
        text = voice.say(symbol, **values)
    else:
        own = (
            voice.called_by_name(ask.noun) and target.by == "label" and not unmarked(thing).startswith("the ")
        )
        plainly = "change.vp.own" if own and not several(field) and "'s " not in field else "change.vp"
        symbol = f"change.vp.{kind}" if kind and voice.known(f"change.vp.{kind}") else plainly
        text = mood(voice, voice.say(symbol, **values))
    return with_later(voice, text, items[1:])


def _had(item: Detail, kind: str) -> bool:
    """Whether a thing has what is changed and is not it: nobody is to be 30,000, a gate, or tomorrow."""
    figure = item.facet in ("amount", "amount_minor", "number", "count", "percent")
    sort = item.facet == "enum" and item.phrase not in ("status", "state", "priority", "stage")
    return figure or sort or not kind and item.facet in ("date", "date_time", "time")


def change_open_request(voice: Voicing, ask: Ask) -> str:
    """A change asked for without the new value."""
    thing = voice.record(ask.targets[0]) + scope_words(voice, ask)
    kind = change_kind(Detail(ask.field, ask.field_facet, ask.field, "sets", "value", []))
    moved = ask.field.startswith("start") or ask.field == "time"
    if moved and takes_place(ask.noun):
        kind = "moment"
    elif kind == "moment":
        kind = ""
    symbol = f"change.open.{kind}" if kind and voice.known(f"change.open.{kind}") else "change.open"
    field = day_of(ask.field, ask.noun) if ask.field_facet in ("date", "date_time") else unitless(ask.field)
    said = mood(voice, voice.say(symbol, T=thing, field=field))
    return _ONE.sub(r"\1 ", said) if several(ask.field) else said


_ONE = re.compile(r"\ban? (better|different|new|other) ")  # of what there is only several


def change_kind(item: Detail) -> str:
    name = item.parameter.lower()
    if item.facet == "label":
        return _mark(item)
    if "deadline" in name:
        return "deadline"
    if "due" in name:
        return "due"
    if item.facet in ("date_time", "date", "time", "timestamp"):
        whole = "start" in name and item.phrase.startswith(("start", item.parameter))
        return "moment" if item.shape == "span" or whole else ""
    if item.facet == "title":
        return "title"
    if (
        item.facet == "enum"
        and item.phrase in ("status", "state")
        and item.values[:1] in (["closed"], ["open"])
    ):
        return str(item.values[0])
    if item.facet == "enum" and item.phrase in ("priority", "privacy"):
        return item.phrase
    if item.facet in ("enum", "place"):
        return item.facet
    if item.shape == "list" and ("attendee" in name or "guest" in name):
        return "attendees"
    return "person" if "assignee" in name else ""


def act_request(voice: Voicing, ask: Ask) -> str:
    batch = any(target.by == "the" and target.filters for target in ask.targets)
    things = [batch_np(voice, ask)] if batch else [_records(voice, ask.targets)]
    thing = things[0] + (scope_words(voice, ask) if ask.targets[0].by != "the" else "")
    details = [item for item in ask.details if item.role == "sets"]
    done = any(
        value in (True, "closed", "completed", "done") for value in ask.state.values()
    ) and ask.verb in ("complete", "close", "finish")
    done = done and ask.noun.split(" ")[-1] in lexicon("pursued")
    done = done and (ask.verb != "close" or ask.noun != "job")  # one that somebody is sought for
    if ask.act == "remove":
        return _removed(voice, ask, thing, details)
    if done and voice.chance(0.7):
        if len(ask.targets) == 1 and not ask.targets[0].filters and voice.chance(0.2):
            return voice.say("do.done.state", T=thing)
        return with_later(voice, mood(voice, voice.say("do.done", T=thing)), details)
    response = next((item for item in details if is_response(item)), None)
    if response is not None:
        return mood(voice, voice.say(f"respond.{response.values[0]}", T=thing))
    labels = next((item for item in details if item.facet == "label"), None)
    if labels is not None:
        return _labelled(voice, ask, thing, labels)
    if (
        len(details) == 1
        and len(ask.targets) == 1
        and ask.verb in _CHANGING
        and details[0].facet in _SETTINGS
    ):
        return mood(voice, _setting(voice, ask, details[0], thing))
    moved = next((item for item in details if shifts(ask.verb, item)), None)
    if moved is not None and len(things) == 1:
        rest = [item for item in details if item is not moved]
        said, unsaid = said_of(voice, ask, thing, [moved])
        said = f"{said} {shifted(voice, moved)}" if unsaid else said
        return with_later(voice, mood(voice, said), rest)
    said, details = said_of(voice, ask, thing, details)
    posts = " ".join(
        _named_by_deed(voice, ask, item) or trailing(voice, ask, item) or voice.put(item, "post") or ""
        for item in details
    )
    head, second, tail = posts.partition(" with ")
    posts = f"{head} and {tail}" if second and head.startswith("with ") else posts
    said += "," if posts.startswith("in ") and unmarked(said).endswith((" in", " out")) else ""
    return mood(voice, f"{said} {posts}".strip())


def _removed(voice: Voicing, ask: Ask, thing: str, details: Sequence[Detail]) -> str:
    """A record taken away, for good or for a reason."""
    plain = ask.verb in ("delete", "remove")
    alone = len(ask.targets) == 1 and not ask.targets[0].filters and not voice.personal(ask.noun)
    if plain and voice.chance(0.25) and alone:
        return voice.say("remove.state", T=thing)
    if ask.verb == "permanently delete":
        vp = voice.say("remove.forever", T=thing)
        return with_later(voice, mood(voice, vp), details)
    verb = voice.say("remove.V") if plain else ask.verb
    if plain and voice.personal(ask.noun):
        verb = voice.pick(("delete", "remove"))  # nobody is thrown out
    why = next((item for item in details if is_ground(item.parameter)), None)
    because = f" {trailing(voice, ask, why)}" if why is not None else ""
    rest = [item for item in details if item is not why]
    return with_later(voice, mood(voice, f"{verb} {thing}{because}".rstrip()), rest)


def _labelled(voice: Voicing, ask: Ask, thing: str, labels: Detail) -> str:
    """A label put on a record or taken off it."""
    rest = [item for item in ask.details if item.role == "sets" and item is not labels]
    said = f'"{voice.spoken(labels)}"'
    if ask.verb in ("remove", "delete"):
        return with_later(voice, mood(voice, f"{ask.verb} the {_mark(labels)} {said} from {thing}"), rest)
    if voice.chance(0.25):
        return with_later(voice, voice.say(f"change.state.{_mark(labels)}", T=thing, q=said), rest)
    return with_later(voice, mood(voice, voice.say(f"change.vp.{_mark(labels)}", T=thing, q=said)), rest)


def _mark(item: Detail) -> str:
    """Whether it is a label or a tag that is put on a thing, by the name of the argument."""
    return "tag" if {"tag", "tags"} & {*name_words(item.parameter)} else "label"


def _records(voice: Voicing, targets: Sequence[Target]) -> str:
    """Several records as the user calls them; what goes by whose it is in one: "the bookings of Ana and Li"."""
    if len(targets) > 1 and all(one.whose and one.by == "label" and not one.places for one in targets):
        names = [mark(one.label, "label") for one in targets]
        return str(voice.pick(of_several(names, targets[0].plural)))
    return listed([voice.record(one) for one in targets])


def _named_by_deed(voice: Voicing, ask: Ask, item: Detail) -> str:
    """Somebody whom the deed itself speaks of: a slot is booked for Ana, the driver of a van is changed to her."""
    if item.facet != "person":
        return ""
    own = item.parameter.lower().replace("_", "").removesuffix("name")
    if own == f"{participle(ask.verb)}by":
        return f"for {voice.spoken(item)}"
    if ask.verb in lexicon("lending"):
        return f"to {voice.spoken(item)}"
    changed = ask.verb in _CHANGING and f" the {own} of " in f" {ask.phrase} "
    return f"to {voice.spoken(item)}" if changed else ""


def shifts(verb: str, item: Detail) -> bool:
    """Whether a verb brings something to another time, which is stated: postponed to Friday, extended by three days."""
    if item.shape != "value" or isinstance(item.values[0], bool):
        return False
    moment = item.facet in ("date", "date_time")
    return moment and moves(verb) or verb in lexicon("extending") and (moment or unit_in(item) != "")


def unit_in(item: Detail) -> str:
    """The unit of time that something is counted in: days."""
    last = name_words(item.parameter)[-1:]
    return last[0] if item.facet in ("count", "number") and last and last[0] in lexicon("spans") else ""


def shifted(voice: Voicing, item: Detail) -> str:
    if unit := unit_in(item):
        count = int(item.values[0])
        return (
            f"by {mark(number_word(count), item.parameter)} {unit.removesuffix('s') if count == 1 else unit}"
        )
    return f"to {voice.spoken(item)}"


_CHANGING = ("update", "change", "set", "set up", "modify", "configure", "put", "adjust")


_SETTINGS = ("enum", "flag", "count", "number", "percent", "duration_minutes", "duration_seconds")


_BARE = ("status", "state", "type", "mode", "enabled", "value", "setting")


def _setting(voice: Voicing, ask: Ask, item: Detail, thing: str) -> str:
    """One setting of a thing: "set the payer of that bucket to Requester", "turn versioning on for it"."""
    field = unitless(item.phrase or item.parameter)
    part = re.match(r"\S+ the (.+) of an? ", ask.phrase)
    if part and field in _BARE:
        field = part[1] if item.facet == "flag" else f"{part[1]} {field}"
    if item.facet == "flag":
        symbol = "setting.on" if item.values[0] else "setting.off"
        return voice.say(symbol, T=thing, field=mark(field, item.parameter))
    return voice.say("setting.vp", T=thing, field=field, v=voice.spoken(item))


RESPONSES = ("accepted", "declined", "tentative")


def is_response(item: Detail) -> bool:
    """Whether a detail answers an invitation."""
    return "response" in item.parameter.lower() and item.values[0] in RESPONSES


def batch_np(voice: Voicing, ask: Ask) -> str:
    before, after, _ = noun_phrase(
        voice, Ask("list", "", "", ask.noun, ask.plural, details=ask.targets[0].filters)
    )
    bare = " ".join(part for part in (before, ask.plural, after) if part)
    if unmarked(before).startswith("the "):
        return bare
    return str(
        voice.pick((f"all {bare}", f"all the {bare}", f"the {bare}", f"every one of the {bare}", bare))
    )
