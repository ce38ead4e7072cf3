"""How users ask to have somebody written to, and how they answer a question."""

from __future__ import annotations

from callsmith.language.grammar import capitalised, mark
from callsmith.language.moods import mood, mood_first, scope_words
from callsmith.language.voicing import Voicing
from callsmith.language.words import with_article
from callsmith.meaning import Ask


def send_request(voice: Voicing, ask: Ask) -> str:
    gist = ask.gist
    address = next((item for item in ask.details if item.role == "to"), None)
    given = mark(gist["given"], "person")
    message = (address.facet if address is not None else gist.get("channel")) == "phone"
    channel = {
        "M": voice.say("send.M.message" if message else "send.M"),
        "m": "message" if message else voice.pick(("mail", "email")),
    }
    channel["a_m"] = with_article(channel["m"])
    later = ""
    who = given
    if address is not None:
        said = mark(str(address.values[0]), address.parameter)
        if voice.chance(0.6):
            who = voice.say("address.after", who=given, address=said)
        else:
            kind = "number.later" if message else "draft.later" if ask.noun == "draft" else "address.later"
            later = voice.say(kind, who=given, address=said)
    say = mark(gist["say"], "gist")
    manner = "draft" if ask.noun == "draft" else "send"
    manner += "" if gist["given"] else ".open"
    vp = voice.say(f"{manner}.{gist['kind']}", who=who, say=say, **channel)
    text = mood_first(voice, vp) if voice.chance(0.6) else mood(voice, vp)
    return f"{text} {capitalised(later)}" if later else text


def share_request(voice: Voicing, ask: Ask) -> str:
    """Passing on what something says."""
    address = next(item for item in ask.details if item.role == "to")
    given = mark(ask.gist["given"], "person")
    said = mark(str(address.values[0]), address.parameter)
    later = ""
    who = voice.say("address.after", who=given, address=said)
    if voice.chance(0.35):
        who = given
        kind = "draft.later" if ask.noun == "draft" else "address.later"
        kind = "number.later" if address.facet == "phone" else kind
        later = voice.say(kind, who=given, address=said)
    thing = voice.record(ask.targets[0]) + scope_words(voice, ask)
    symbol = "share.link" if ask.field_facet == "url" else "share"
    if symbol == "share" and ask.targets[0].by in ("pronoun", "the"):
        symbol = "share.it"
    if ask.noun == "draft":
        symbol = f"{symbol.removesuffix('.it')}.draft"
    verb = voice.say("send.M.message" if address.facet == "phone" else "send.M")
    text = mood(voice, voice.say(symbol, who=who, T=thing, field=ask.field, M=verb))
    return f"{text} {capitalised(later)}" if later else text


def answer_request(voice: Voicing, ask: Ask) -> str:
    item = ask.details[0]
    value = voice.addressed(item.phrase, item.signs, item.parameter) if item.signs else voice.spoken(item)
    coined = (
        item.facet in ("title", "file_name") and item.role == "sets"
    )  # what is there is not called anything now
    symbol = "answer.text" if coined else "answer"
    if item.role == "to" and item.facet == "person":
        symbol = "answer.whom"
    if item.facet in ("date", "date_time", "time"):
        symbol = "answer.when"
    if item.facet in ("email", "phone", "url", "username"):
        symbol = "answer.address"
    if item.facet in ("body", "text"):
        return value
    return voice.say(symbol, value=value)


def choose_request(voice: Voicing, ask: Ask) -> str:
    target = ask.targets[0]
    label = mark(target.label, "label")
    named = (
        [voice.addressed(target.noun, target.signs)]
        if target.signs
        else [voice.named(target.label, target.noun).replace(target.label, label), label]
    )
    thing = voice.pick((voice.record(target), *named))
    return voice.say("choose", T=thing)


def thank_request(voice: Voicing, ask: Ask) -> str:
    return voice.say("thank")
