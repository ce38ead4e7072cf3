"""Which field of the tool's records an argument writes or restricts."""

from __future__ import annotations

import re

from msgspec import Struct, structs

from callsmith.catalog.machines import alike
from callsmith.records import Entity, Parameter
from callsmith.understand.relations import Match, period, restricted, written
from callsmith.understand.shapes import words_of
from callsmith.understand.words import singular, tokens

_WRITING = ("create", "update", "act")
_LISTING = ("list", "search")
_BOUNDS = ("ge", "gt", "le", "lt")


class About(Struct, frozen=True):
    """The tool whose arguments are read, as far as its records are concerned."""

    entity: Entity
    noun: str
    effect: str
    words: tuple[str, ...]  # of its name
    siblings: frozenset[str]  # names of all its arguments, as words

    @property
    def nouns(self) -> list[str]:
        """Words that may stand before a field's name without changing it: task_id, taskName."""
        return [self.noun, self.noun.split(" ")[-1]]


def touching(parameter: Parameter, description: str, about: About) -> Parameter:
    """The parameter with the field it writes or restricts, where one can be told."""
    if parameter.klass in ("plumbing", "query") or parameter.facet in ("limit", "order"):
        return parameter
    listing = about.effect in _LISTING
    itself = parameter.refers == about.entity.key and parameter.facet != "owner"
    within = about.effect == "create" and any(
        field.pointer == parameter.pointer and field.refers == about.entity.key
        for field in about.entity.fields
    )
    if itself and not within and (parameter.required or listing):
        return _of_its_kind(parameter, about.entity, listing)
    if about.effect in _WRITING and _names_person(parameter, about.entity):
        why = (*parameter.reasons, f"it is told as one name and shown at {about.entity.label_pointer}")
        return structs.replace(parameter, sets=about.entity.label_pointer, reasons=why)
    if about.effect in ("update", "act") and parameter.facet == "key" and alike(parameter.schema):
        return parameter  # it says where the record lies
    if about.effect in _WRITING:
        match = written(parameter, about.entity, about.nouns, about.words)
        return _writing(parameter, match) if match else parameter
    if listing:
        span = _span(parameter, description, about)
        match = span or restricted(parameter, about.entity, about.nouns, description)
        return _restricting(parameter, _as_told(description, match)) if match else parameter
    return parameter


_WITH_ITS_END = re.compile(r"\b(?:(?:on|at) or (?:before|after)|or (?:earlier|later)|up to and including)\b")


def _as_told(description: str, match: Match) -> Match:
    """A bound that holds at its very day or moment where the argument's description says so."""
    if _WITH_ITS_END.search(description.lower()) is None:
        return match
    if match.compare in ("lt", "gt"):
        return structs.replace(match, compare="le" if match.compare == "lt" else "ge")
    return match


def _names_person(parameter: Parameter, entity: Entity) -> bool:
    """Whether an argument is the whole name in a list of names, of which another part is shown."""
    names = entity.label_pointer.partition("/*/")[0]
    return (
        "/*/" in entity.label_pointer
        and parameter.facet == "person"
        and parameter.pointer.startswith(f"{names}/*/")
    )


_TELLING = ("date", "date_time", "amount", "email", "phone", "url", "place")
_NAMING = ("title", "person", "file_name")


def _meant(parameter: Parameter, match: Match) -> Parameter:
    """An argument whose own name says little is what the field is that it goes into: the time of a reminder.

    So is what a name contains a part of one. A field that means as little tells nothing.
    """
    unknown = parameter.confidence < 0.5 and parameter.facet == "text" and match.sure >= 0.85
    sure = round(0.65 * match.sure, 2)
    if unknown and match.field.facet in _TELLING:
        return structs.replace(parameter, facet=match.field.facet, klass="preference", confidence=sure)
    if unknown and match.compare == "contains" and match.field.facet in _NAMING:
        return structs.replace(parameter, confidence=sure)
    return parameter


def _writing(parameter: Parameter, match: Match) -> Parameter:
    parameter = structs.replace(_meant(parameter, match), confidence=_sure(parameter, match))
    facet, phrase = parameter.facet, parameter.phrase
    if match.field.facet == "title" and facet in ("body", "label") and match.sure >= 0.9:
        facet, phrase = "title", match.field.phrase
    if match.by_reference and phrase.split(" ")[-1] not in words_of(parameter.pointer)[-1]:
        phrase = _place(match.field.pointer) or phrase
    return structs.replace(
        parameter,
        facet=facet,
        phrase=phrase,
        sets=match.field.pointer,
        reasons=(*parameter.reasons, f"it writes {match.field.pointer}"),
    )


def _place(pointer: str) -> str:
    """What the object is called in the record that an identifier inside it names: its assignee."""
    path = words_of(pointer)
    return " ".join((*path[-2][:-1], singular(path[-2][-1]))) if len(path) > 1 else ""


def _restricting(parameter: Parameter, match: Match) -> Parameter:
    parameter = _meant(parameter, match)
    bound = match.compare in _BOUNDS and not parameter.phrase.endswith("of the period")
    return structs.replace(
        parameter,
        # Bounds are spoken of by the name of what they bound.
        phrase=match.field.phrase if bound else _one_of(parameter),
        filters=match.field.pointer,
        compare=match.compare,
        confidence=_sure(parameter, match),
        reasons=(*parameter.reasons, f"it restricts {match.field.pointer} ({match.compare})"),
    )


def _one_of(parameter: Parameter) -> str:
    """What one of several names is called by which records are picked: a name, of GroupNames."""
    words = parameter.phrase.split(" ")
    several = parameter.facet == "title" and parameter.pointer.endswith("/*")
    return " ".join((*words[:-1], singular(words[-1]))) if several else parameter.phrase


def _sure(parameter: Parameter, match: Match) -> float:
    """Values that mean little by their name mean what the field they go into means."""
    if parameter.confidence < 0.5 and parameter.facet in ("text", "number"):
        return parameter.confidence  # a field of the same name tells no more of what it means
    if parameter.facet in ("text", "number", "title", "body", "enum", "label"):
        return max(parameter.confidence, round(0.65 * match.sure, 2))
    return parameter.confidence


def _span(parameter: Parameter, description: str, about: About) -> Match | None:
    """A start and an end side by side are a period, not two values that a record's times equal."""
    words = tokens(parameter.name)
    other = {"start": "end", "end": "start"}.get(words[0] if words else "", "")
    if not other or " ".join((other, *words[1:])) not in about.siblings:
        return None
    if parameter.facet not in ("date", "date_time", "timestamp"):
        return None
    return period(about.entity, description, "ge" if words[0] == "start" else "le")


def _of_its_kind(parameter: Parameter, entity: Entity, listing: bool) -> Parameter:
    """Listing or making within a record of the same kind: subtasks of a task, instances of an event."""
    for field in entity.fields:
        if field.refers != entity.key or field.pointer == entity.id_pointer or field.facet != parameter.facet:
            continue
        if listing:
            why = f"it restricts {field.pointer}"
            return structs.replace(parameter, filters=field.pointer, reasons=(*parameter.reasons, why))
    return parameter
