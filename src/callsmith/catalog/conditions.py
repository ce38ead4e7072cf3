"""In which states of its record a field holds something, as its description tells: "null until delivered"."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from callsmith.catalog.lives import phase, phases, standing, to_let, words_of
from callsmith.catalog.named_after import named_after
from callsmith.catalog.naming_states import named_in, narrowed
from callsmith.records import Entity, Json, Schema, Tool
from callsmith.schema import settle, steps, types

_EMPTY = r"(?:null|none|empty|blank|absent|missing|unset|not set|not present|nothing|0|zero|[1-9][0-9]{0,2})"
_DONE = r"(?:set|available|known|present|made|left|taken|[a-z]+(?:ed|wn|en))(?: [a-z]+){0,5}?"
_WHERE = r"(?P<where>.+)"
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (mode, re.compile(pattern))
    for mode, pattern in (
        ("until", rf"\b(?P<empty>{_EMPTY}) (?:until|till|before|prior to)\b ?(?P<where>.*)"),
        ("unless", rf"\b(?P<empty>{_EMPTY}) (?:unless|except (?:for|when|while|in|if))\b {_WHERE}"),
        ("since", rf"\b(?P<empty>{_EMPTY}) (?:after|once|as soon as)\b {_WHERE}"),
        (
            "while",
            rf"\b(?P<empty>{_EMPTY}) (?:while|when|if|as long as|whenever|for|in|during|outside)\b {_WHERE}",
        ),
        (
            "only",
            rf"^(?:[a-z]+ ){{0,6}}?only (?:[a-z]+ )?(?:for|when|while|if|in|on|during|of|with|where)\b {_WHERE}",
        ),
        ("from", rf"^(?:[a-z]+ ){{0,6}}?only (?:[a-z]+ )?(?:once|after|at|upon|from)\b {_WHERE}"),
        ("only", r"^(?:[a-z]+ ){0,4}?(?:for|on|in case of|with) (?P<where>.+) only$"),
        ("from", rf"\b{_DONE} (?:once|when|after|as soon as|at|upon|on)\b {_WHERE}"),
        ("from", r"^(?:[a-z' ]+ )?(?:after|once|at the end of) (?P<where>.+)"),
        ("from", r"^(?:[a-z' ]+ )?(?P<where>at the end|afterwards)$"),
        ("told", r"^(?:who|where|when|how|which|whom|by whom)\b (?P<where>.+)"),
        (
            "from",
            r"^(?:(?!due|fee|price|payable|deposit|address)[a-z']+ ){1,3}"
            r"(?:at|on|upon|from) (?:the )?(?P<where>[a-z]+)$",
        ),
    )
)
_OTHERWISE = re.compile(rf"\b(?P<empty>{_EMPTY}) (?:otherwise|if not|in all other cases)\b")
_FOR = re.compile(r"\b(?:for|when|if|while|in case of|on) (?P<where>.+)$")
_RANK = {"ahead": 0, "going": 1, "over": 2, "dropped": 2}


class Held(Struct, frozen=True):
    """States in which a field surely holds something, and what it holds in those in which it says nothing."""

    there: frozenset[str]
    empty: Mapping[str, int | None]

    def tells(self, state: object) -> bool | None:
        """Whether a field holds something in a state; None where nothing is told."""
        return True if state in self.there else False if state in self.empty else None


class Conditions(Struct, frozen=True):
    """The field that tells how a record stands, and what descriptions of others say of its states."""

    status: str = ""
    held: Mapping[str, Held] = {}
    nothing: Mapping[str, bool] = {}  # whether a field says by null that there is nothing

    def reached(self, record: Mapping[str, Json], before: Mapping[str, Json]) -> list[str]:
        """The fields that a change of state lets hold something, and that do not yet."""
        now, old = record.get(self.status), before.get(self.status)
        if now == old:
            return []
        return [
            name
            for name, held in self.held.items()
            if now in held.there and record.get(name) in (None, "", held.empty.get(str(old)))
        ]

    def kept(self, record: Mapping[str, Json], said: Collection[str] = ()) -> dict[str, Json]:
        """A record without what it does not hold in the state it stands in; what was ``said`` stays."""
        made, now = dict(record), record.get(self.status)
        for name, held in self.held.items():
            if held.tells(now) is not False or name in said:
                continue
            value = held.empty[str(now)]
            if isinstance(made.get(name), list):
                made[name] = []
            elif value is not None or self.nothing[name]:
                made[name] = value
            else:
                made.pop(name, None)
        return made


def conditions_of(entity: Entity, tools: Sequence[Tool] = ()) -> Conditions:
    """What the descriptions of the fields of an entity, and the acts that set them, say of its states."""
    fields = entity.schema.get("properties", {})
    found = {name: held for name in fields if (held := condition_of(entity, name)) is not None}
    found = {**_set_by_acts(entity, tools), **found}
    null = {name: _nullable(fields[name]) for name in found}
    return Conditions(standing(fields), found, null) if found else Conditions()


def _set_by_acts(entity: Entity, tools: Sequence[Tool]) -> dict[str, Held]:
    """What only an act sets that brings a record to a state is there from that state on: notes taken at the end."""
    fields = entity.schema.get("properties", {})
    status = standing(fields)
    options = [option for option in settle(fields[status]).get("enum", ()) if option] if status else []
    if to_let(options):
        return {}
    own = [tool for tool in tools if tool.entity == entity.key]
    free = {
        steps(item.sets)[0]
        for tool in own
        if tool.deed in ("create", "update")
        for item in tool.inputs
        if item.sets
    }
    found: dict[str, set[str]] = {}
    for tool in own:
        state = tool.state.get(f"/{status}") if tool.deed == "act" else None
        if state not in options:
            continue
        before = since({str(state)}, options)[1]
        for name in {steps(item.sets)[0] for item in tool.inputs if item.sets} - free - {status}:
            found[name] = found.get(name, before) & before
    return {
        name: Held(frozenset(), dict.fromkeys((one for one in options if one in before), None))
        for name, before in found.items()
        if before and name in fields and _loose(entity, name)
    }


def _loose(entity: Entity, name: str) -> bool:
    """Whether a field can say that there is nothing."""
    declared = entity.schema["properties"][name]
    if "boolean" in types(settle(declared)):
        return _nullable(declared)
    listed = "array" in types(settle(declared))
    return listed or _nullable(declared) or name not in entity.schema.get("required", ())


def condition_of(entity: Entity, name: str) -> Held | None:
    """What the description of a field of a record, or its name, says of its states, where it can say that there is nothing."""  # noqa: E501
    declared = entity.schema.get("properties", {}).get(name, {})
    schema = settle(declared)
    text = schema.get("description") or declared.get("description")
    fields = entity.schema.get("properties", {})
    status = standing(fields)
    if not declared or not status or status == name:
        return None
    options = [option for option in settle(fields[status]).get("enum", ()) if option is not None]
    held = held_of(text, options, entity.noun) if text and len(options) > 1 else None
    held = held or _held_by_name(name, options, schema)
    if held is None:
        return None
    kinds = {*types(schema)}
    number = bool(kinds & {"integer", "number"}) and {*held.empty.values()} - {None}
    loose = _nullable(declared) or name not in entity.schema.get("required", ())
    if number and None not in held.empty.values():
        return held
    return held if (_nullable(declared) if "boolean" in kinds else loose) else None


def _held_by_name(name: str, options: Sequence[object], schema: Schema) -> Held | None:
    """What the name of a field says of the states of its record, where it is called after one."""
    if words_of(name)[-1:] == ("by",) and schema.get("format") in ("date", "date-time"):
        return None  # when it is to be ready
    there, empty = named_after(name, tuple(map(str, options)))
    return Held(there, dict.fromkeys(sorted(empty), None)) if there or empty else None


def shares(options: Sequence[str]) -> dict[str, int]:
    """How much of a work is done before anything is, and once the state in which it is done is over, in hundredths."""
    told = dict(zip(options, phases(options), strict=True))
    going = [one for one in options if phase(one) == "going" and told[one] == "going"]
    if not going or "over" not in told.values():
        return {}
    first = options.index(going[0])
    before = {one: 0 for one in options[:first] if told[one] in ("ahead", "going")}
    after = [one for one in options[first + 1 :] if told[one] == "over" or {*words_of(one)} & _LOOKED_OVER]
    return before | dict.fromkeys(after, 100)


_LOOKED_OVER = frozenset("review approval proofreading checking inspection".split())


def _nullable(declared: Schema) -> bool:
    return "null" in types(declared) or "null" in types(settle(declared))


def held_of(text: object, options: Sequence[object], noun: str) -> Held | None:
    """What the description of a field says of the states of its record; None where it says nothing of them."""
    if not isinstance(text, str) or not options or len(text) > 400:
        return None
    return _held(text, tuple(map(str, options)), noun)


@lru_cache(maxsize=4096)
def _held(text: str, options: tuple[str, ...], noun: str) -> Held | None:
    there: set[str] = set()
    empty: dict[str, int | None] = {}
    before: frozenset[str] = frozenset()
    for sentence in re.split(r"(?<=[a-z0-9)])[.;:(](?:\s|$)|\)", text.lower().replace("`", "")):
        clauses = [clause.strip() for clause in sentence.split(",")]
        for place, clause in enumerate(clauses):
            other = _OTHERWISE.search(clause)
            if other is not None:
                found = _FOR.search(", ".join(clauses[:place]))
                states = named_in(found["where"], options, noun) if found else before
                mode, said, narrow = "unless", other["empty"], False
            else:
                mode, said, states, narrow = _told(clause, options, noun, before)
            if not states:
                continue
            before = states
            here, gone = _split(mode, states, options, narrow)
            value = int(said) if said.isdigit() else 0 if said == "zero" else None
            there = (there | here) - gone if not value else there
            empty.update(dict.fromkeys(gone, value))
    still = _still(text.lower(), options)
    there -= {*empty, *still}
    empty |= {one: 0 for one in still if one not in empty}
    return Held(frozenset(there), empty) if there or empty else None


_SO_FAR = re.compile(r"\bso far\b")
_NOW = re.compile(r"\b(?:right now|current|currently|at the moment|live|at present)\b")
_ZERO = re.compile(r"\b(?:0|zero) (?:when|if|while|unless|on|in|at|otherwise|outside|after|once|before)\b")


def _still(text: str, options: Sequence[str]) -> list[str]:
    """The states in which nothing has come together yet of what is counted so far, or nothing runs just now."""
    told = dict(zip(options, phases(options), strict=True))
    going = [one for one in options if told[one] == "going"]
    going = [one for one in going if phase(one) == "going"] or going
    if not going:
        return []
    if _NOW.search(text) and _ZERO.search(text):
        return [one for one in options if told[one] != "going"]
    return (
        [
            one
            for one in options
            if phase(one) == "ahead" and one not in going and options.index(one) < options.index(going[0])
        ]
        if _SO_FAR.search(text)
        else []
    )


def _told(
    clause: str, options: tuple[str, ...], noun: str, before: frozenset[str]
) -> tuple[str, str, frozenset[str], bool]:
    for mode, pattern in _RULES:
        found = pattern.search(clause)
        if found is None:
            continue
        where = found["where"]
        said = found.groupdict().get("empty") or ""
        if mode == "until" and where.strip() in ("", "that", "then"):
            return mode, said, before, False
        states = named_in(where, options, noun, begun=mode in ("until", "since", "from"))
        if mode == "told":
            states = frozenset(one for one in states if {*words_of(one)} <= {*where.split()})
        if " after " in f" {clause[: found.start('where')]}" and all(one.endswith("ing") for one in states):
            states = frozenset(options[options.index(one) + 1] for one in states if one != options[-1])
        if states:
            return mode, said, states, narrowed(where, options, noun)
    return "", "", frozenset(), False


def _split(
    mode: str, states: Collection[str], options: Sequence[str], narrow: bool
) -> tuple[set[str], set[str]]:
    """The states in which a field holds something, and those in which it does not."""
    every, told = {*options}, dict(zip(options, phases(options), strict=True))
    after, earlier = since(states, options)
    if mode in ("until", "from", "told"):
        return set() if narrow and mode == "from" else after, earlier
    if mode == "since":
        return set(), after
    if mode == "while":
        rest = {one for one in every - {*states} if told[one] == "over"}
        return (set(), set()) if narrow else (rest, {*states})
    if narrow or all(told[one] == "over" for one in states):
        return set() if narrow else {*states}, every - after
    return {*states}, every - {*states}


def since(states: Collection[str], options: Sequence[str]) -> tuple[set[str], set[str]]:
    """The states that a record is in from one of several on, and those in which it has not come so far."""
    told = dict(zip(options, phases(options), strict=True))
    line = [one for one in options if told[one] != "dropped"]
    firsts = [one for one in line if one in states]
    if not firsts:
        return {*states}, {*options} - {*states}
    first = firsts[0]
    behind = line[line.index(first) :]
    over = told[first] == "over"
    after = {one for one in behind if _RANK[told[one]] >= _RANK[told[first]]}
    unsure = {one for one in after if over and one != first and phase(one) not in ("over", "going")}
    before = {*line} - after
    if over or first == line[-1]:
        before |= {one for one in options if told[one] == "dropped"}
    return (after - unsure) | {*states}, before - {*states}
