"""What a look-up told, as an answer says it: figures by their names, rows one under the other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct, structs

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.errors import PlanUnfit
from callsmith.language.figures_told import told_in_one
from callsmith.language.grammar import capitalised
from callsmith.language.named_details import one_of_them
from callsmith.language.relating import counted, several, unitless
from callsmith.language.telling import Teller
from callsmith.language.words import humanised, listed, number_word
from callsmith.meaning import Ask, Reply
from callsmith.plan.known import field_at
from callsmith.records import Entity, Field, Json

UNDERSTOOD = "understand/enquiring.yaml"
MOST = 6  # fields that are told of one result
ROW = 4  # of one row of several
SHORT = 24  # letters of a row, several of which are told in one sentence
LONGEST = 120
MEASURED = ("total", "value", "amount", "quantity", "reading", "min", "max", "average", "level")
MONEY = (
    "expected",
    "actual",
    "spent",
    "forecast",
    "used",
    "projected",
    "budget",
    "limit",
    "total",
    "paid",
    "due",
    "cost",
    "price",
    "fee",
    "tax",
    "rate",
    "gross",
    "net",
)
SUMS = ("total", "amount", "value", "price", "cost", "sum", "count", "number", "fee", "rate")
MOMENTS = ("date", "date_time", "timestamp")
_UNTOLD = ("object", "id", "url", "page_token", "mask", "version", "latitude", "longitude", "owner")
_KEYS = ("id", "ids", "uuid", "key")


def enquired(teller: Teller, reply: Reply) -> str:
    """The answer to what was asked, and to what was asked along with it."""
    if not reply.also:
        return _told(teller, reply)
    parts = []
    for one in (reply, *reply.also):
        assert one.ask is not None
        head = _head(teller, one.ask)
        text = _told(teller, one, bool(head))
        parts.append(f"{capitalised(head)}: {text}" if head else text)
    return "\n".join(parts)


def _head(teller: Teller, ask: Ask) -> str:
    """What tells one of two answers from the other."""
    item = ask.details[-1] if ask.details else None
    if item is None:
        return ""
    if item.shown:
        return item.shown
    if item.shape == "range":
        first, last = (teller.particulars.moment(value)[1] or str(value) for value in item.values)
        return f"{first} to {last}".replace("on ", "")
    if item.facet in ("date", "date_time", "timestamp"):
        return teller.voice.speaker.value(item.values[0], item.facet)
    return humanised(str(item.values[0]))


def _told(teller: Teller, reply: Reply, brief: bool = False) -> str:
    entity, ask = teller.entity(reply), reply.ask
    assert ask is not None
    asked: list[Json] = [value for item in ask.details for value in item.values]
    asked += [item.shown for item in ask.details if item.shown]
    asked += [value for target in ask.targets for value in (target.title, target.label, target.key) if value]
    given = {_plain(p.name) for p in teller.known.tools[ask.tool].inputs}
    day = any(item.facet in MOMENTS and item.shape == "value" for item in ask.details)
    about = About(entity, asked, given, day)
    if ask.gist["many"]:
        return _rows(teller, about, reply.records, brief)
    facts = _facts(teller, about, reply.records[0], MOST)
    if not facts:
        raise PlanUnfit(f"nothing can be told of a {entity.noun}")
    if plainly := _whether(ask, facts):
        return plainly
    over = _gone(teller, ask)
    if sizes := _by_size(ask, facts, over, brief):
        return sizes
    facts = [fact for one in facts if (fact := _as_said(one)) is not None] or facts
    if sentence := told_in_one(facts, over, brief, _room(ask)):
        return sentence
    if len(facts) == 1:
        name, value = facts[0]
        if brief or not name:
            return f"{capitalised(value)}."
        if counted(name) and value.isdigit():
            many = f"{value} {one_of_them(name) if value == '1' else name}"
            return f"There's room for {many}." if _room(ask) else f"{capitalised(many)}."
        forms = [f"It's {value}.", f"That's {value}.", f"{capitalised(name)}: {value}."]
        forms = forms if _goes_by(ask, name) else forms[2:]
        return str(
            teller.voice.pick(forms if len(value.split()) <= 4 and value not in ("yes", "no") else forms[2:])
        )
    told = [f"{name}: {value}" if name else value for name, value in facts]
    if brief or len(told) <= 3:
        return f"{capitalised('; '.join(told))}."
    return "\n".join(f"- {capitalised(text)}" for text in told)


def _goes_by(ask: Ask, name: str) -> bool:
    """Whether a figure is what was asked for, and needs no name: the price, of a price."""
    return name in SUMS or {*name.split()} <= {*(ask.gist["thing"] or ask.gist["clause"]).lower().split()}


def _by_size(ask: Ask, facts: Sequence[tuple[str, str]], over: bool, brief: bool) -> str:
    """How many there are of each size, in a sentence; "" where anything else is told."""
    if len(facts) < 2 or not all(_coded(name) and value.isdigit() for name, value in facts):
        return ""
    said = [f"{value} in {name}" for name, value in facts]
    if brief:
        return f"{listed(said)}."
    (name, count), thing = facts[0], _OF.split(ask.gist["thing"])[0]
    noun = (thing if count != "1" else one_of_them(thing)) if several(thing) else ""
    verb = ("was" if count == "1" else "were") if over else "is" if count == "1" else "are"
    return f"There {verb} {listed([f'{count} {noun} in {name}'.replace('  ', ' '), *said[1:]])}."


_LASTING = re.compile(r"[0-9.,]+ (?:minute|hour|day|week|month)s?(?: [0-9]+ (?:hour|minute)s?)?")
_OF = re.compile(r" (?:of|in|for|on|at|by) ")


def _as_said(fact: tuple[str, str]) -> tuple[str, str] | None:
    """A fact with what is so told by its name alone, and what is not so left out; a length that is free, as that."""
    name, value = fact
    if value in ("yes", "no"):
        return ("", name) if value == "yes" else None
    left = name in read(UNDERSTOOD)["left"] and _LASTING.fullmatch(value) is not None
    return ("", f"{value} {name}") if left else fact


def _room(ask: Ask) -> bool:
    """Whether what is asked for is how many still fit."""
    return bool({*name_words(ask.gist["thing"])} & {*read(UNDERSTOOD)["room"]})


def _gone(teller: Teller, ask: Ask) -> bool:
    """Whether what was asked about is over."""
    today = teller.voice.speaker.now.date().isoformat()
    days = [str(item.values[-1]) for item in ask.details if item.facet in MOMENTS]
    return any(day[:10] < today for day in days)


def _whether(ask: Ask, facts: Sequence[tuple[str, str]]) -> str:
    """ "No, it isn't.": the answer to whether something is so; "" to any other question."""
    clause = ask.gist["clause"].split()
    name, value = facts[0]
    if clause[:1] != ["whether"] or value not in ("yes", "no") or name not in clause:
        return ""
    verb = "is" if "is" in clause else ""
    so = {"yes": "Yes, it is", "no": "No, it isn't"}[value] if verb else capitalised(value)
    rest = "; ".join(f"{one}: {told}" if one else told for one, told in facts[1:])
    return f"{so}. {capitalised(rest)}." if rest else f"{so}."


class About(Struct):
    """What is told of, what the question said, and which of it its arguments name."""

    entity: Entity
    asked: Sequence[Json]
    given: set[str]
    day: bool  # one day was asked for


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _rows(teller: Teller, about: About, records: Sequence[Mapping[str, Json]], brief: bool) -> str:
    lines = [_row(teller, about, record) for record in records]
    if not all(lines) or len(set(lines)) < len(lines):
        raise PlanUnfit(f"nothing tells one {about.entity.noun} from another")
    if len(lines) == 1:
        one = lines[0]
        return (
            f"Just {one}." if brief else str(teller.voice.pick((f"There's one: {one}.", f"Just one: {one}.")))
        )
    if all(len(line) <= SHORT and "," not in line and "(" not in line for line in lines):
        return f"{capitalised(listed(lines))}."
    count = number_word(len(lines))
    forms = (f"There are {count}:", f"{capitalised(count)}:", f"I found {count}:", "Here they are:")
    intro = "" if brief else str(teller.voice.pick(forms))
    return f"{intro}\n" + "\n".join(f"- {capitalised(line)}" for line in lines)


def _row(teller: Teller, about: About, record: Mapping[str, Json]) -> str:
    span, gone = _span(teller, record, about)
    label = "" if span else teller.label(about.entity, record)
    known = label in map(str, about.asked)
    facts = _facts(teller, about, {name: value for name, value in record.items() if name not in gone}, ROW)
    told = [(name, value) for name, value in facts if value != label and value not in ("yes", "no")]
    said = [_beside(name, value) for name, value in told]
    said = [span, *said] if span else said
    if label and not known:
        return f"{label} ({', '.join(said)})" if said else label
    kinds = {item.facet for item in about.entity.fields if item.pointer[1:] in record}
    counted = (
        any(value[:1].isdigit() and ":" not in value and " at " not in value for _, value in told)
        and len(told) > 1
    )
    worded = any(_worded(about, name, value) for name, value in told)
    dated = bool(kinds & {*MOMENTS}) and bool(kinds & {"enum", "count", "number"}) and len(told) > 1
    if not said or not (span or worded or dated or counted and kinds & {"amount", "count", "number"}):
        raise PlanUnfit(f"nothing tells one {about.entity.noun} from another")
    return ", ".join(said)


def _beside(name: str, value: str) -> str:
    """A fact as it stands in a row: what is counted after how many there are."""
    if not name or _plainly(value):
        return value
    if name.split()[-1] in read(UNDERSTOOD)["left"] and value.isdigit():
        noun, _, left = name.rpartition(" ")
        return f"{value} {one_of_them(noun) if value == '1' else noun} {left}".replace("  ", " ")
    return f"{value} {one_of_them(name) if value == '1' else name}" if counted(name) else f"{name} {value}"


def _worded(about: About, name: str, value: str) -> bool:
    """Whether a value tells which one a row is of: a text, and neither a choice nor a day."""
    called = {
        _called(item, item.pointer[1:]): item for item in about.entity.fields if item.pointer.count("/") == 1
    }
    item = called.get(name)
    return (
        item is not None
        and item.facet
        in ("text", "title", "person", "body", "key", "number_key", "email", "city", "label", "time")
        and not value.isdigit()
    )


def _span(teller: Teller, record: Mapping[str, Json], about: About) -> tuple[str, set[str]]:
    """From when to when, where a record has both on one day, with the fields that say it."""
    start = next(
        (name for name in record if {*name_words(name)} & {"start", "starts", "from", "begin", "departs"}), ""
    )
    end = next(
        (
            name
            for name in record
            if {*name_words(name)} & {"end", "ends", "to", "until", "finish", "arrives"}
        ),
        "",
    )
    speaker = teller.voice.speaker
    one, two = (speaker.local(record[name]) if name else None for name in (start, end))
    if not isinstance(one, datetime) or not isinstance(two, datetime) or one.date() != two.date():
        return "", set()
    hours = f"{speaker.exact_time(one)} to {speaker.exact_time(two)}"
    return (hours if about.day else f"{speaker.exact_day(one.date())}, {hours}"), {start, end}


_CLOCK = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])(?::[0-9]{2})?")


def _hours(teller: Teller, record: Mapping[str, Any]) -> tuple[str, set[str]] | None:
    """From when to when a place is open, with the fields that say it; that it is closed, where one says so."""
    states = {name: value for name, value in record.items() if isinstance(value, bool)}
    shut = {name: not value for name, value in states.items() if name_words(name)[-1:] == ("open",)}
    shut |= {name: value for name, value in states.items() if name_words(name)[-1:] == ("closed",)}
    ends = []
    for words in ({"opens", "opening", "open"}, {"closes", "closing", "close"}):
        named = (name for name in record if {*name_words(name)} & words and isinstance(record[name], str))
        ends.append(next((name for name in named if _CLOCK.fullmatch(record[name])), ""))
    gone = {*shut, *filter(None, ends)}
    if any(shut.values()):
        return "closed", gone
    if not all(ends):
        return None
    first, last = (_CLOCK.fullmatch(record[name]) for name in ends)
    assert first is not None and last is not None
    said = (
        teller.voice.speaker.exact_time(datetime(2000, 1, 1, int(one[1]) % 24, int(one[2])))
        for one in (first, last)
    )
    return f"open from {' to '.join(said)}", gone


def _plainly(value: str) -> bool:
    """Whether a value tells by itself what it is: a day, a sum, a word."""
    return not value[:1].isdigit() or any(word in value for word in (":", " ", "€", "$", "£", "%"))


def _facts(teller: Teller, about: About, record: Mapping[str, Any], most: int) -> list[tuple[str, str]]:
    """The fields worth telling, as (name, value): not what was asked with, and no ids."""
    found: list[tuple[str, str]] = []
    said = {str(value) for value in about.asked}
    span, gone = _span(teller, record, about)
    if span:
        found.append(("", span))
    elif hours := _hours(teller, record):
        found.append(("", hours[0]))
        gone = hours[1]
    unit = record.get("unit") or record.get("units")
    for name, value, item, around in _asked_for_first(about.entity, record):
        if item is None or name in gone or not _tells(item, name, value):
            continue
        if str(value) in said or _plain(name) in about.given or _plain(name) in ("unit", "units"):
            continue
        measured = isinstance(unit, str) and unit and name in MEASURED and isinstance(value, (int, float))
        told = f"{value:,} {unit}" if measured else _value(teller, item, value, around)
        told = str(value) if _coded(name) and _is_number(value) else told
        if told:
            called = _called(item, name)
            found.append(
                ("" if told.endswith((f" {called}", f"1 {called.removesuffix('s')}")) else called, told)
            )
    return found[:most]


def _asked_for_first(
    entity: Entity, record: Mapping[str, Any]
) -> list[tuple[str, Json, Field | None, Mapping[str, Any]]]:
    """The fields with what each holds and what it stands in: what it comes to before all else, a sum as a sum."""
    found = []
    for name, value in record.items():
        pointer, around = f"/{name}", record
        if isinstance(value, Mapping) and {*value} == {"amount", "currency"}:
            pointer, around, value = f"/{name}/amount", value, value["amount"]
        if isinstance(value, Mapping) and len(value) > 1 and all(map(_is_number, value.values())):
            found += [(one, held, field_at(entity, f"/{name}/{one}"), value) for one, held in value.items()]
            continue
        found.append((name, value, field_at(entity, pointer), around))
    return sorted(found, key=lambda one: one[0].lower() not in ("total", "price", "cost"))


def _coded(name: str) -> bool:
    """Whether a name is a size or a class as it stands: S, XL, C2."""
    return name.isupper() and len(name) <= 3


def _is_number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _tells(item: Field, name: str, value: Json) -> bool:
    words = name_words(name)
    if item.facet in MOMENTS and " ".join(words) in read(UNDERSTOOD)["taken"]:
        return False
    if value in (None, "", [], {}) or item.facet in _UNTOLD or words[-1:] and words[-1].lower() in _KEYS:
        return False
    return (
        not isinstance(value, (Mapping, list)) and words[-1:] != ("currency",) and len(str(value)) <= LONGEST
    )


def _called(item: Field, name: str) -> str:
    said = name if _coded(name) else humanised(name).lower()
    if item.facet in MOMENTS:
        return said.removesuffix(" on").removesuffix(" at")
    return unitless(said)


def _value(teller: Teller, item: Field, value: Json, record: Mapping[str, Any]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if (
        item.facet == "number"
        and record.get("currency")
        and name_words(item.pointer)[-1:]
        and name_words(item.pointer)[-1] in MONEY
    ):
        item = structs.replace(item, facet="amount")
    text = teller.particulars.value(value, item, record)
    if name_words(item.pointer)[-1:] in (("percent",), ("percentage",), ("pct",)) and not text.endswith("%"):
        return f"{text}%"
    if item.facet == "number" and isinstance(value, int) and name_words(item.pointer)[-1:] == ("year",):
        return str(value)
    return text if text and len(text) <= LONGEST else ""
