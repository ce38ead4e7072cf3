"""Questions for a field that are not asked by its name: whether a fee is paid, what somebody owes, when the next is."""

from __future__ import annotations

import re

from callsmith.catalog.data import read
from callsmith.language.relating import deed, unitless
from callsmith.language.stating import happened
from callsmith.language.voicing import Voicing
from callsmith.meaning import Ask
from callsmith.plan.asked import so
from callsmith.plan.known import takes_place

_OWED = re.compile(r"(?:^|\b)(?:due|outstanding|owed|owing|arrears)\b(?! (?:date|day))", re.IGNORECASE)
_TURN = re.compile(r"(next|last) (?=[a-z])", re.IGNORECASE)
_DUE = re.compile(r"([a-z]+(?: [a-z]+)?) due(?: date| on)?")
_ENDS = ("starting", "beginning", "opening", "closing", "ending", "finishing", "booking")
_MOMENTS = ("date", "date_time", "timestamp")
_SUMS = ("amount", "amount_minor", "number")


def owed(phrase: str, facet: str) -> bool:
    """Whether a sum is what is still to be paid."""
    return facet in _SUMS and _OWED.search(phrase) is not None


def due(phrase: str) -> str:
    """What a field says the day of, by which it is due: the inspection; "back" of what is due back."""
    match = _DUE.fullmatch(phrase.lower())
    return "back" if phrase.lower() == "due back" else match[1] if match else ""


def stocked(phrase: str, facet: str) -> bool:
    """Whether a number is how many of a thing there are."""
    return facet in ("number", "count") and phrase.lower() in read("language/en/relating.yaml")["stocked"]


def of_its_own(voice: Voicing, ask: Ask, thing: str, special: str) -> str:
    """A question in words of its own; "" for a field that is asked after by its name, or as one of its sort is."""
    field, personal = ask.field, voice.personal(ask.targets[0].noun)
    if ask.field_facet == "flag":
        part, yes, _ = so(field)
        return voice.say("look_up.whether", S=f"{part} for {thing}" if part else thing, so=yes)
    if field.lower() == "age":
        return voice.say("look_up.age", T=thing)
    if ask.field_facet in _MOMENTS and (what := due(field)):
        one = theirs(voice, ask, thing, what) if personal else f"the {what} of {thing}"
        return voice.say("look_up.when", asked=f"is {thing} due back" if what == "back" else f"is {one} due")
    if stocked(field, ask.field_facet):
        return voice.say("look_up.stock", T=thing)
    if owed(field, ask.field_facet):
        return voice.say("look_up.owed" if personal else "look_up.unpaid", T=thing)
    done = happened(field) if ask.field_facet in _MOMENTS and not special else None
    if done is not None and done[0].startswith("was ") and not deed(field, ask.noun):
        return voice.say("look_up.when", asked=f"was {thing} {done[0].removeprefix('was ')}")
    if ask.field_facet in _MOMENTS and field.endswith((" time", " date")) and not special:
        occasion = field.rpartition(" ")[0]
        held = takes_place(occasion) or occasion.endswith("ing") and occasion not in _ENDS
        if held and occasion != ask.noun and not deed(field, ask.noun):
            whose = theirs(voice, ask, thing, occasion) if personal else f"the {occasion} for {thing}"
            return voice.say("look_up.when", asked=f"is {whose}")
    if ask.field_facet in _MOMENTS and (turn := _TURN.match(field)) and not deed(field, ask.noun):
        called = unitless(field).removesuffix(" date").removesuffix(" time")
        one = theirs(voice, ask, thing, called) if personal else f"the {called} of {thing}"
        return voice.say("look_up.when", asked=f"{'was' if turn[1].lower() == 'last' else 'is'} {one}")
    return ""


def theirs(voice: Voicing, ask: Ask, thing: str, field: str) -> str:
    """A field of a person as theirs: "Ana Ruiz's phone number", "their phone number"."""
    return f"their {field}" if ask.targets[0].by == "pronoun" else f"{thing}'s {field}"
