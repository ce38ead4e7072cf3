"""What was done to a record, in the words that its tool's own imperative gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.language.deeds import Spot, done_to, past_of, simple, spot_in
from callsmith.language.telling import Teller
from callsmith.language.words import lexicon, participle, preterite
from callsmith.meaning import Ask, Detail
from callsmith.plan.known import called_after
from callsmith.records import Entity

MAKING = ("create", "create_if", "create_under")
_MOVED_INTO = ("folder", "list", "section", "project", "board", "column", "sprint", "calendar", "space")


def deed_done(
    teller: Teller, entity: Entity, record: Mapping[str, Any], ask: Ask, values: dict[str, str]
) -> tuple[str, Sequence[Detail]]:
    """The symbol that says what was done, its values put among ``values``, and the details that are yet to be told.

    "Handed Ana's laptop back", "logged a mileage of 107,300 for it".
    """
    spot = spot_in(ask)
    if ask.act in MAKING or spot is None:
        values["did"] = f"{values['past']} {values['thing']}"
        values["took"] = values["did"]
        return "done.act", ask.details
    label, target = teller.label(entity, record), ask.targets[0] if len(ask.targets) == 1 else None
    if target is not None and called_after(entity) and any(label in item.values for item in ask.details):
        values["thing"] = teller.called(target, entity)  # it goes by another name now
    if spot.who:
        own = label and called_after(entity)
        values["thing"] = label if own else f"the {spot.who} of {values['thing']}"
        spot = Spot(spot.before, spot.after)
    sets = [item for item in ask.details if item.role == "sets"]
    said, values["past"], left = done_to(teller.voice, ask, values["thing"], sets, spot)
    values |= {"did": participle(said), "took": preterite(said)}
    active = ask.verb.endswith("ing") or ask.verb.partition(" ")[0] in ("let", "have", "make")
    return "done.act" if simple(ask, spot) and not active else "done.did", left if len(left) < len(
        sets
    ) else ask.details


def done_alike(teller: Teller, ask: Ask) -> str:
    """What each of several records is after the same was done to them: "moved to the south hall"."""
    spot = spot_in(ask)
    if spot is None or not simple(ask, spot) or any(item.facet == "label" for item in ask.details):
        return acted(ask)
    return done_to(teller.voice, ask, "", [item for item in ask.details if item.role == "sets"], spot)[1]


def did_alike(teller: Teller, ask: Ask, which: str) -> str:
    """That something was done about each of several records: "sent a payment reminder for both"; "" for other deeds."""
    spot = spot_in(ask) if ask.act == "do" else None
    if spot is None or spot.who or simple(ask, spot) or any(item.role == "sets" for item in ask.details):
        return ""
    said = done_to(teller.voice, ask, which, [], spot)[0]
    return teller.voice.answer("done.did", did=participle(said), took=preterite(said))


def connected(ask: Ask) -> str:
    """What a record is after it was brought to a place: "attached"; moved, where it lies in one place at a time."""
    if ask.verb not in ("", "update", "change", "edit", "modify", "set"):
        return participle(ask.verb)
    return "moved" if ask.container is not None and ask.container.noun in _MOVED_INTO else "added"


def acted(ask: Ask) -> str:
    """What a record is after the tool's own verb: "archived", "marked as read", "labelled"."""
    if any(item.facet == "label" for item in ask.details):
        return "labelled"
    return past_of(ask) if ask.verb else "updated"


_TAKEN_IN = ("register", "enrol", "enroll", "invite", "onboard", "hire", "admit")


def brought_about(ask: Ask, person: bool = False) -> str:
    """What was done to something new: created, or what the tool itself says: rented, booked; nobody is created."""
    if person:
        return participle(ask.verb) if ask.verb in _TAKEN_IN else "added"
    return participle(ask.verb) if ask.verb in lexicon("making") or " " in ask.verb else "created"
