"""In which order a tool shows records: as its description promises, else the newest first where that can be told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from callsmith.catalog import data
from callsmith.records import Entity, Json, Schema, Tool
from callsmith.schema import types
from callsmith.world.queries.matching import ordering
from callsmith.world.stories.clock import Clock
from callsmith.world.stories.lifelines import line_of, table
from callsmith.world.stories.naming import singular, split

# By which field, and whether downwards. Of no field and downwards: the last one made first.
Order = tuple[str, bool]
Ranks = Mapping[str, Mapping[Json, int]]  # of fields with choices, how high each of them is
_UNSORTED: Order = ("", False)
_NEWEST = ("internal_date", "date", "sent", "timestamp", "updated", "modified", "created", "added", "posted")
_PLAIN = ("label", "section", "calendar", "project", "member", "repo", "transition", "meeting_type")
_BY = re.compile(
    r"\b(?:sorted|ordered|ranked|arranged)(?: in (?P<way>[a-z]+(?: [a-z]+)?) order)?"
    r" (?:by|on|according to) (?P<by>[^.;:,(\n]{2,50})(?P<rest>[,(]?[^.;:\n]{0,40})"
    r"|\bin (?:the )?(?:(?P<how>ascending|descending) )?order of (?P<of>[^.;:,(\n]{2,50})",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:(?P<most>most|least) )?(?P<what>(?!most|least)[a-z]+(?:[ -](?!most|least)[a-z]+){0,2}?)"
    r" (?:first|at the top|on top|to the \w+est)\b",
    re.IGNORECASE,
)
_CHRONOLOGICAL = re.compile(r"\b(reverse(?:[- ])?)?chronological(?:ly)?\b", re.IGNORECASE)
_ALPHABETICAL = re.compile(r"\balphabetical(?:ly)?\b|\bby name\b(?= in order)|\bA[-–]Z\b", re.IGNORECASE)


def promised(tool: Tool, entity: Entity | None, leaf: Mapping[str, Schema]) -> Order | None:
    """The order that what is said of a tool promises of the records it shows; None where it promises none."""
    told = (tool.description, *(tool.hints.get(name) for name in ("summary", "answer")))
    texts = (str(one) for one in told if one) if entity is not None else ()
    return next((found for text in texts if entity and (found := _promised(text, entity, leaf))), None)


def in_order(
    records: Sequence[Mapping[str, Json]], order: Order, ranks: Ranks, clock: Clock
) -> list[Mapping[str, Json]]:
    """Records in an order; as they are where it is that of no field, or the last one made first."""
    field, down = order
    if field:
        return [records[place] for place in ordering(field, down, clock, ranks.get(field))(records)]
    return [*reversed(records)] if down else [*records]


def _promised(text: str, entity: Entity, leaf: Mapping[str, Schema]) -> Order | None:
    """The order that a description promises; None where it promises none, or one that no field tells."""
    if told := _BY.search(text):
        said = (told["by"] or told["of"] or "").lower()
        more = f"{told['way'] or ''} {told['how'] or ''} {told['rest'] or ''}".lower()
        if found := _by(said, more, entity, leaf):
            return found
    for told in _FIRST.finditer(text):
        if found := _first(told, entity, leaf):
            return found
    if _ALPHABETICAL.search(text) and entity.label_pointer in leaf:
        return entity.label_pointer, False
    if (told := _CHRONOLOGICAL.search(text)) and (moment := _ahead(entity, leaf) or _made(entity, leaf)):
        return moment, bool(told[1])
    return None


def _by(said: str, more: str, entity: Entity, leaf: Mapping[str, Schema]) -> Order | None:
    """By start time; by rating, best first; by surname in descending order."""
    ways = _words()
    words = [word for word in split(said) if word not in ("the", "its", "their")]
    stop = next((at for at, word in enumerate(words) if word in ways["ends"]), len(words))
    words, tail = words[:stop], {*words[stop:], *split(more)}
    down = bool(tail & {*ways["down"]}) or bool({*words} & {*ways["falling"]}) and not tail & {*ways["up"]}
    if field := _field(words, entity, leaf):
        return field, down
    return None


def _first(told: re.Match[str], entity: Entity, leaf: Mapping[str, Schema]) -> Order | None:
    """Newest first; the next arrival first; best rated first; highest priority first; most recently updated first."""
    ways = _words()
    words = [word for word in split(told["what"]) if word not in ("the", "with", "their")]
    if told["most"] and words[:1] in (["recent"], ["recently"]):
        field = _field(words[1:], entity, leaf, moments=True)
        return (field, True) if field else _newest(entity, leaf)
    if told["most"]:
        field = _any([word for one in words for word in ways["measured"].get(one, (one,))], entity, leaf)
        return (field, told["most"].lower() == "most") if field else None
    at = next((at for at, word in enumerate(words) if word in ways["superlative"]), None)
    if at is None:
        return None
    way, down = ways["superlative"][words[at]]
    rest = words[at + 1 :]
    if way == "made":
        field = _field(rest, entity, leaf, moments=True) if rest else ""
        return (field, down) if field else _newest(entity, leaf, down)
    if way == "ahead":
        field = _field(rest, entity, leaf, moments=True) if rest else ""
        field = field or _ahead(entity, leaf) or _made(entity, leaf)
        return (field, down) if field else None
    if not rest:
        meant = [*way]
    elif all(word in ways["measured"] for word in rest):
        meant = [word for one in rest for word in ways["measured"][one]]
    else:
        meant = []
    field = _any(meant, entity, leaf) if meant else _field(rest, entity, leaf)
    return (field, down) if field else None


def _any(words: Sequence[str], entity: Entity, leaf: Mapping[str, Schema]) -> str:
    return next((field for word in words if (field := _field([word], entity, leaf))), "")


def _newest(entity: Entity, leaf: Mapping[str, Schema], down: bool = True) -> Order:
    return _made(entity, leaf), down


def _made(entity: Entity, leaf: Mapping[str, Schema]) -> str:
    """The moment at which a record came to be, as far as its fields tell one."""
    line = line_of(entity)
    if line is None:
        return _entered(leaf)
    known = {f"/{moment.name}" for moment in line.moments} & leaf.keys()
    created = [moment for moment in line.moments if {*split(moment.name)} & {"created", "added", "creation"}]
    others = [moment for moment in line.moments if moment.name in line.creations]
    found = [*created, *others, *line.of("made", "begun", "start", "day", "done", "settled")]
    made = (f"/{one.name}" for one in found if f"/{one.name}" in known and one.form != "clock")
    return next(made, "") or _entered(leaf)


def _entered(leaf: Mapping[str, Schema]) -> str:
    """The day on which somebody or something came to be there: joined on, registered at."""
    entered = {*table()["entered"], "since"}
    days = (at for at, schema in leaf.items() if is_time(schema) and at.count("/") == 1 and "*" not in at)
    return next((at for at in days if {*split(at)} & entered), "")


def _ahead(entity: Entity, leaf: Mapping[str, Schema]) -> str:
    """The moment for which a record was arranged."""
    line = line_of(entity)
    found = line.of("day", "start", "due", "next", "end") if line is not None else []
    return next((f"/{one.name}" for one in found if f"/{one.name}" in leaf), "")


def _field(words: Sequence[str], entity: Entity, leaf: Mapping[str, Schema], *, moments: bool = False) -> str:
    """The field that some words name; "" where none has all of those that say something."""
    plain = {*_words()["plain"]}
    wanted = [singular(word)[:5] for word in words if word not in plain] or [singular(w)[:5] for w in words]
    best, least = "", 99
    for pointer, schema in leaf.items():
        if "*" in pointer or pointer.count("/") > 2 or moments and not is_time(schema):
            continue
        held = [singular(word)[:5] for word in split(pointer)]
        if wanted and all(word in held for word in wanted):
            extra = len(held) - len(wanted) + (pointer.count("/") > 1) - is_time(schema)
            if extra < least:
                best, least = pointer, extra
    if not best and not moments and {*words} & {"name", "title"} and entity.label_pointer in leaf:
        return entity.label_pointer
    return best


def usual(entity: Entity | None, leaf: Mapping[str, Schema], family: str) -> Order:
    """The newest first where that can be told; appointments by when they are."""
    if family in ("event", "slot"):
        for pointer in leaf:
            if {*split(pointer)} & {"start", "begin"} and is_time(leaf[pointer]):
                return pointer, False
    if family in _PLAIN:
        return _UNSORTED
    line = line_of(entity) if entity is not None else None
    later = {f"/{moment.name}" for moment in line.of("due", "end", "next", "lasting")} if line else set()
    best = ("", 99)
    for pointer, schema in leaf.items():
        if not is_time(schema) or "*" in pointer or pointer in later or "birth" in split(pointer):
            continue
        names = split(pointer.rsplit("/", 1)[-1])
        rank = next((place for place, word in enumerate(_NEWEST) if word in names), 50)
        if rank < best[1]:
            best = (pointer, rank)
    return (best[0], True) if best[1] < 50 else _UNSORTED


def ranks_of(leaf: Mapping[str, Schema]) -> Ranks:
    """How high each choice of a field is: as they are listed, or the other way round where the highest is first."""
    grades = _words()["grades"]
    found: dict[str, dict[Json, int]] = {}
    for pointer, schema in leaf.items():
        options = [one for one in schema.get("enum") or () if isinstance(one, str)]
        if options:
            turned = {*split(options[0])} & {*grades["high"]} or {*split(options[-1])} & {*grades["low"]}
            found[pointer] = {one: at for at, one in enumerate(reversed(options) if turned else options)}
    return found


def is_time(schema: Schema) -> bool:
    """Whether a field tells a moment."""
    form, told = schema.get("format"), str(schema.get("description") or "")
    stamped = "integer" in types(schema) and "since" in told
    return form in ("date-time", "unix-time", "date") or "epoch" in told.lower() or stamped


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Any]:
    return dict(data.read("catalog/lexicon/orders.yaml"))
