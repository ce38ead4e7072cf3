"""How a record without a name is called: the lift at Mill Lane 4, the 9:30 sailing to Dover, room 204."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from callsmith.catalog.data import read
from callsmith.language.words import humanised
from callsmith.meaning import Told
from callsmith.records import Json

Moment = Callable[[Json], tuple[str, str]]
"""A time of day, "" for a mere date, and the day with its preposition."""

Marked = Callable[[str], str]

_RELATING = "language/en/relating.yaml"
_SORT = re.compile(r"[A-Za-z][a-z]+(?:[ -][a-z]+)?")
_NAMED = frozenset(("English", "French", "German", "Spanish", "Italian", "Latin", "Japanese", "Pilates"))
_NUMBERED = re.compile(r"[A-Z]{0,3}[- ]?[0-9]{1,4}[A-Za-z]?")


def forms(noun: str, told: Sequence[Told], moment: Moment, marked: Marked = str) -> list[str]:
    """The ways to call it, article and all."""
    by = {one.role: one for one in told}
    value = {role: marked(str(one.value)) for role, one in by.items()}
    if "number" in by:
        return _by_number(noun, by, value)
    if "plate" in by:
        bears = noun.rpartition(" ")[2] in read("catalog/lexicon/signs.yaml")["vehicles"]
        if not bears:
            return [f"the {noun} for {value['plate']}", f"{value['plate']}'s {noun}"]
        plate = value["plate"]
        return [f"the {noun} with the plate {plate}", plate, plate, f"{noun} {plate}"]
    if "side" in by:
        first, second = (marked(str(one.value)) for one in told if one.role == "side")
        return [f"the {noun} between {first} and {second}", f"the {first} v {second} {noun}"]
    if "whose" in by:
        time, day = moment(by["at"].value)
        time = marked(time) if time else ""
        when = f"{day} at {time}" if time else day
        return [
            f"{value['whose']}'s {noun} {when}",
            f"{value['whose']}'s {time} {noun} {day}".replace("  ", " "),
        ]
    if "at" in by:
        return _by_time(_sorted_noun(noun, told, marked), by, value, moment, marked)
    if "dated" in by:
        time, day = moment(by["dated"].value)
        when = f"{day} at {marked(time)}" if time else day
        return [" ".join(f"the {_sorted_noun(noun, told, marked)} {by['dated'].phrase} {when}".split())]
    sort = sort_of(told)
    place = str(by["place"].value)
    if noun.rpartition(" ")[2] in _DWELLINGS and _NUMBERED_HOUSE.search(place):
        whole = _PART_OF_HOUSE.match(place) or "," in place
        return [marked(place)] if whole else [marked(place), f"the {marked(sort or noun)} at {marked(place)}"]
    where = at_place(place, marked)
    return [f"the {f'{marked(sort)} ' if sort else ''}{noun} {where}"]


_DWELLINGS = frozenset("property listing flat apartment house home unit room".split())
_NUMBERED_HOUSE = re.compile(r"(?:^|[ ,])[0-9]+[A-Za-z]?\b")
_PART_OF_HOUSE = re.compile(
    r"(?:[\w-]+ )?(?:flat|room|studio|unit|apartment|apt|suite|floor|annexe)\b", re.IGNORECASE
)


def _by_number(noun: str, by: Mapping[str, Told], value: Mapping[str, str]) -> list[str]:
    called = by["number"].phrase or noun
    again = called.rpartition(" ")[2] in str(by["number"].value).lower()
    row = f" in row {value['within']}" if "within" in by else ""
    return [f"{'' if again else f'{called} '}{value['number']}{row}"]


def _by_time(
    noun: str, by: Mapping[str, Told], value: Mapping[str, str], moment: Moment, marked: Marked
) -> list[str]:
    time, day = moment(by["at"].value)
    time = marked(time) if time else ""
    way = way_of(by, marked)
    if not time:
        return [f"the {noun} {way} {day}".replace("  ", " ")]
    before = f"the {time} {noun} {way} {day}"
    after = f"the {noun} {way} {day} at {time}" if way else f"the {noun} {day} at {time}"
    return [re.sub(" +", " ", text).strip() for text in (before, before, after)]


def way_of(by: Mapping[str, Told], marked: Marked = str) -> str:
    """Where it goes: "to Dover", "on line 42"."""
    for role, form in (("to", "to {v}"), ("from", "from {v}")):
        if role in by:
            return form.replace("{v}", marked(str(by[role].value)))
    if "route" not in by:
        return ""
    route = str(by["route"].value)
    if _NUMBERED.fullmatch(route):
        return f"on line {marked(route)}"
    ends = re.split(r"\s*(?:–|—|->|→| - | to )\s*", route)
    if len(ends) == 2:
        return f"from {marked(ends[0])} to {marked(ends[1])}"
    return f"on {marked(route)}"


def sort_of(told: Sequence[Told]) -> str:
    """What sort of thing it is, where that can stand before the noun."""
    value = next((str(one.value) for one in told if one.role == "sort"), "")
    said = humanised(value) if value else ""
    usual = said.lower() in read(_RELATING)["usual"]
    return (said if said in _NAMED else said.lower()) if _SORT.fullmatch(said) and not usual else ""


def _sorted_noun(noun: str, told: Sequence[Told], marked: Marked) -> str:
    """What it is, by its sort: the swedish massage; alone where its noun says less: the crown, of treatments."""
    sort, table = sort_of(told), read("catalog/lexicon/signs.yaml")
    if not sort:
        return noun
    named = next(one.phrase for one in told if one.role == "sort")
    alone = noun.rpartition(" ")[2] in table["generic"] and named in table["sorts_itself"]
    again = noun.rpartition(" ")[2] in sort.split(" ")
    return marked(sort) if alone or again else f"{marked(sort)} {noun}"


def headed(noun: str, told: Sequence[Told], moment: Moment) -> str:
    """How it stands at the head of a line in a list, without its noun: "13:30 to Dover, Friday 28 May"."""
    by = {one.role: one for one in told}
    if "number" in by:
        said = _by_number(noun, by, {role: str(one.value) for role, one in by.items()})[0]
        return said[:1].upper() + said[1:]
    if "plate" in by:
        return str(by["plate"].value)
    if "side" in by:
        return " against ".join(str(one.value) for one in told if one.role == "side")
    if "at" in by:
        time, day = moment(by["at"].value)
        day = day.removeprefix("on ")
        way = way_of(by)
        if not way:
            sort = sort_of(told)
            whose = (
                f"{by['whose'].value}, "
                if "whose" in by
                else f"{sort[:1].upper()}{sort[1:]}, "
                if sort
                else ""
            )
            return f"{whose}{day} at {time}" if time else f"{whose}{day}"
        return f"{time} {way}, {day}" if time else f"{way}, {day}"
    if "dated" in by:
        time, day = moment(by["dated"].value)
        day = f"{day.removeprefix('on ')} at {time}" if time else day.removeprefix("on ")
        sort, said = sort_of(told), f"{by['dated'].phrase} {day}".strip()
        return f"{sort[:1].upper()}{sort[1:]}, {said}" if sort else said
    return str(by["place"].value)


_LEADING = re.compile(
    r"(?:behind|under|near|next to|above|below|between|opposite|outside|by|off)\b", re.IGNORECASE
)


def at_place(place: str, marked: Marked = str) -> str:
    """Where something is, with its preposition: "on Mill Lane", "at Mill Lane 4", "in the walled garden"."""
    if _LEADING.match(place):
        return marked(place[:1].lower() + place[1:])
    words = place.split()
    table: Mapping[str, Sequence[str]] = read(_RELATING)["where"]
    common = len(words) > 1 and words[-1].isalpha() and words[-1].islower()
    last = next((word.lower() for word in reversed(words) if word.isalpha()), "")
    street = last in table["streets"]
    if street:
        return f"{'at' if any(word[:1].isdigit() for word in words) else 'on'} {marked(place)}"
    numbered = words[0].lower() if len(words) == 2 and not words[1].isalpha() else ""  # Court 2, Shelf A3
    known = next((one for one in ("on", "in", "by") if (numbered or last) in table[one]), "")
    named = known == "on" and not common and not numbered  # Mill Court is a house
    preposition = "in" if named and last in table["in"] else known or ("in" if common else "at")
    if common and words[0].lower() not in ("the", "our"):
        return f"{preposition} the {marked(place[:1].lower() + place[1:])}"
    return f"{preposition} {marked(place)}"


FIRMS = ("company", "firm", "customer", "client", "supplier", "vendor", "tenant", "merchant", "reseller")


def lying(noun: str, holder: str, told: Sequence[Told]) -> str:
    """How what belongs to a thing lies to it: tickets for a sailing, faults on a lift, parcels at a station."""
    table: Mapping[str, Sequence[str]] = read(_RELATING)["lying"]
    last = holder.rpartition(" ")[2]
    if noun.rpartition(" ")[2] in table["these about"]:
        return "about"
    if last in ("plan", "tier") and noun.rpartition(" ")[2] in (
        "subscription",
        "customer",
        "licence",
        "license",
    ):
        return "on"
    if noun.rpartition(" ")[2] in read(_RELATING)["for"] or last in FIRMS:
        return "for"
    for preposition in ("on", "at", "for"):
        if last in table[preposition] or noun.rpartition(" ")[2] in table.get(f"these {preposition}", ()):
            return preposition
    held = last in table["in"] or last in read(_RELATING)["where"]["in"] or noun == holder
    return "in" if held and not any(one.role == "at" for one in told) else "for"
