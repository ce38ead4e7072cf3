"""How what a field holds relates to its record: owned by somebody, in a state, at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from callsmith.catalog.data import read
from callsmith.catalog.persons import PERSONAL
from callsmith.catalog.quantities import unit_at_end
from callsmith.catalog.quantities import written as in_unit
from callsmith.language.spans import BEGUN, DONE
from callsmith.language.words import how_often, humanised, listed, with_article
from callsmith.plan.known import takes_place
from callsmith.records import Json

PARTS = ("first name", "last name", "given name", "family name", "surname", "forename")
_RELATING = "language/en/relating.yaml"
_WORDS = re.compile(r"[A-Za-z]+(?: [A-Za-z]+){0,2}")


def _table(name: str, phrase: str) -> str:
    """The form for the whole of a phrase, else for its last word."""
    forms: Mapping[str, str] = read(_RELATING)[name]
    low = phrase.lower().removesuffix(" name").removesuffix(" date").removesuffix(" time")
    return str(forms.get(low) or forms.get(low.rpartition(" ")[2]) or "")


def of_several(names: Sequence[str], plural: str) -> tuple[str, ...]:
    """Things that go by whose they are, in one: "the bookings of Ana Ruiz and Li Wei"."""
    owners = listed([f"{name}'s" for name in names])
    return f"the {plural} of {listed(names)}", f"the {plural} for {listed(names)}", f"{owners} {plural}"


def of_person(phrase: str, name: str) -> str:
    """What somebody is to a record: "for Ana", "owned by Tom"; "" where the field's name does not tell."""
    if phrase.endswith(" by"):
        return f"{phrase.lower()} {name}"
    return _table("persons", phrase).replace("{v}", name)


def of_deed(phrase: str, noun: str, name: str) -> str:
    """Who did what a thing is: a walk "by Ana", not "walked by"; "" for any other field."""
    verb, by, rest = phrase.partition(" by")
    doer = phrase.lower().removesuffix(" name")
    if kept_for(noun) and doer in read(_RELATING)["doers"] or doer in (f"{noun}er", f"{noun}r", f"{noun}or"):
        return f"by {name}"
    return f"by {name}" if by and not rest and verb.startswith(noun) else ""


def at_moment(phrase: str, moment: str) -> str:
    """ "valid until 3 May", "paused until 3 May"; "" where the field's own words say it."""
    form = _table("moments", phrase)
    if (head := of_a_state(phrase)) and form:
        form = f"{head} {form}"
    return form.replace("{v}", moment)


def of_a_state(phrase: str) -> str:
    """The state whose beginning or end a field holds, and not that of its record: paused, of "paused until"."""
    head, _, last = phrase.lower().removesuffix(" date").removesuffix(" time").rpartition(" ")
    whole = last in _ENDS and not read(_RELATING)["moments"].get(f"{head} {last}")
    return head if whole and not head.startswith("valid") else ""


_ENDS = ("from", "to", "until", "till", "since")


def chosen(phrase: str, values: Sequence[Json]) -> Mapping[str, str]:
    """The forms of a choice that describes a thing by its value alone, as "large" does; none for any other."""
    forms: Mapping[str, Mapping[str, str]] = read(_RELATING)["enums"]
    worded = all(isinstance(value, str) and _WORDS.fullmatch(humanised(value)) for value in values)
    name = phrase.lower()
    if often := how_often(name, values):
        return forms[often]
    if values and all(str(value).lower() in _DAYTIMES for value in values):
        return forms["part of the day"]
    if [*values] == ["both"]:
        return {}
    if name == "reason" and all(nominal(str(value)) for value in values):
        return forms["reason by noun"]
    kinds = (
        name,
        name.removesuffix(" type"),
        name.rpartition(" ")[2],
    )  # a soil type is a soil before it is a type
    found = next((forms[kind] for kind in kinds if kind in forms), {}) if values else {}
    deed = found.get("post", "").startswith("by ") and any(str(value).endswith("ly") for value in values)
    return found if (worded or "any" in found) and not deed else {}  # not by charge automatically


_DAYTIMES = ("morning", "afternoon", "evening")
_NOMINAL = re.compile(
    r"\w{2,}(?:tion|sion|ment|ance|ence|enance|ness|ship|ing|ity|age|ure|ery|pair|leave|holiday)"
)


def nominal(value: str) -> bool:
    """Whether a choice ends in what can be nothing but a noun, so that something is "for" it: maintenance."""
    words = humanised(value).lower().split()
    return bool(words) and _NOMINAL.fullmatch(words[-1]) is not None


def whether(phrase: str, value: bool) -> str:
    """Whether something is so: "paid", "still out"; "" for what nobody says in so few words."""
    told: Mapping[str, Sequence[str]] = read(_RELATING)["flags"]
    return str(told[phrase.lower()][not value]) if phrase.lower() in told else ""


_ROOM = re.compile(
    r"\b(?:room|office|hall|kitchen|canteen|workshop|garden|field|shed)\b"
    r"(?! (?:road|street|lane|avenue|close|way|square)\b)",
    re.IGNORECASE,
)


def located(place: str) -> str:
    """In a room, at anything that has a name: "in Room 4", "at Hotel Linden"."""
    return f"{'in' if _ROOM.search(place) else 'at'} {place}"


def kept_for(noun: str) -> bool:
    """Whether a thing is for what it belongs to, and not in it: a rental for a ladder."""
    return noun.rpartition(" ")[2] in read(_RELATING)["for"]


def bound(phrase: str, noun: str = "") -> str:
    """Which end of a time a field holds: "from", "until"; "" for other moments."""
    if of_a_state(phrase):
        return ""
    form = _table("moments", phrase)
    if not form and noun and not takes_place(noun):
        return str(read(_RELATING)["ends"].get(phrase.lower(), ""))
    return "from" if form.startswith(BEGUN) else "until" if form.startswith(DONE) else ""


def in_units(phrase: str, value: Json) -> str:
    """A measure whose unit stands in its field's name, as people write it: "12 m"; "" for any other."""
    words = phrase.lower().split()
    unit, size = unit_at_end(words)
    if size >= len(words):
        unit = ""
    if not unit and isinstance(value, (int, float)) and abs(value) > 1.5:
        unit = read(_RELATING)["implied"].get(words[-1] if words else "", "")
    if not unit or isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    if unit in _LARGER and abs(value) >= _THOUSAND:
        return in_unit(_LARGER[unit], figure(value / _THOUSAND))
    if unit in "€$£":
        return f"{unit}{value:,}" if isinstance(value, int) else f"{unit}{value:,.2f}"
    if value == 1 and unit in _SEVERAL:
        unit = unit[:-1]
    return in_unit(unit, figure(value))


_THOUSAND = 1000
_LARGER = {"g": "kg", "grams": "kg", "ml": "l"}  # what so many of are people call by the larger unit
_SEVERAL = ("minutes", "seconds", "hours", "days", "weeks", "months", "years", "litres", "metres", "meters")


def several(phrase: str) -> bool:
    """Whether a field is called by a plural: its symptoms are, and its moisture is."""
    last = unitless(phrase).lower().rpartition(" ")[2]
    return last.endswith("s") and not last.endswith(("ss", "us", "is", "ics")) and last not in _SPELLED


def figure(value: int | float) -> str:
    """A number as people write it: 12.5, 18,800."""
    whole = isinstance(value, int) or value.is_integer()
    if whole:
        return f"{int(value):,}" if abs(value) >= 10000 else str(int(value))
    return f"{value:.6g}"


def rate(phrase: str) -> str:
    """What a sum is for, where the field's name says so: "an hour", "a day"; "" for any other."""
    words = phrase.lower().split()
    told: Mapping[str, str] = read(_RELATING)["rates"]
    if not {*words} & _SUMS:
        return ""
    if "per" in words[:-1]:
        each: Mapping[str, str] = read(_RELATING)["each"]
        last = words[words.index("per") + 1]
        return each.get(last) or told.get(last) or with_article(last)
    return next((told[word] for word in words if word in told), "")


def sized(phrase: str) -> str:
    """How one asks for a number that is called by its unit alone: "does {T} hold", of litres; "" for any other."""
    return str(read(_RELATING)["sized"].get(phrase.lower(), ""))


def counted(phrase: str) -> bool:
    """Whether a number is called after what it counts: seats, pages."""
    if phrase in _PLURALS or phrase.startswith("number of "):
        return True
    *rest, last = things(phrase).split() or [""]
    if not last.endswith("s") or last.endswith(("ss", "us", "is", "ics")) or last in _SPELLED:
        return False
    unit, _ = unit_at_end([last])
    if not unit or not rest:
        return True
    if unit == "hours":
        return rest[-1] not in _SPANS
    return unit in _DAYS and rest[0] in read(_RELATING)["days off"]  # nobody counts the grams of its weight


def things(phrase: str) -> str:
    """What a count counts, as it follows the number: planned sessions, of "sessions planned"."""
    *rest, last = phrase.removeprefix("number of ").split() or [""]
    behind = bool(rest) and rest[-1].endswith("s") and re.fullmatch(r"[a-z]{2,}ed", last) is not None
    return " ".join([*rest[:-1], last, rest[-1]]) if behind else " ".join([*rest, last])


_SUMS = frozenset(("rate", "price", "fee", "rent", "cost", "charge", "hire", "tariff", "budget"))


def plain_sum(phrase: str) -> bool:
    """Whether a sum is what a thing costs or comes to, and needs no name: its price, and not its deposit."""
    words = phrase.lower().split()
    return bool(words) and {*words} <= _PLAIN_SUMS and phrase.lower() != "cost price"


_PLAIN_SUMS = frozenset("amount total price cost fee sum value rate grand usd eur gbp unit the".split())


def own_span(phrase: str) -> bool:
    """Whether a length of time is that of something about a thing, and not its own: its delay, its break."""
    return bool({*unitless(phrase).lower().split()} - _OWN_SPANS)


_OWN_SPANS = frozenset(
    "length duration runtime running time minutes seconds hours days estimated expected planned total".split()
)


_SPELLED = ("nps", "gps", "sms", "os", "pos", "dns", "tds", "ibs")
_PLURALS = ("people", "children", "staff", "crew")
_SPANS = ("time", "period", "interval", "duration", "window", "timeout", "warranty", "uptime")
_LASTS = ("minutes", "seconds", "hours", "s", "ms")
_DAYS = ("days", "weeks", "months", "years")


def unitless(phrase: str) -> str:
    """What is measured, without the unit in the field's name: the length of "length m"."""
    called: Mapping[str, str] = read(_RELATING)["called_so"]
    if rate(phrase) and " per " in phrase.lower():
        return phrase.lower().partition(" per ")[0]
    words = phrase.split()
    if words[-1:] == ["paid"] and not {*words} & {"amount", "total", "sum"}:
        words = words[:-1]  # a deposit is none before it is paid
        phrase = " ".join(words)
    unit, size = unit_at_end([word.lower() for word in words])
    if unit == "hours" and counted(phrase.lower()):
        return called.get(phrase.lower()) or phrase  # the engine hours are no engine
    bare = " ".join(words[:-size]) if 0 < size < len(words) else phrase
    if bare != phrase and unit in _LASTS and bare.lower() in read(_RELATING)["timed"]:
        bare = f"{bare} time"
    return called.get(phrase.lower()) or bare


def measure(phrase: str, said: str) -> str:
    """A measure as it stands beside a thing: "12 m long"."""
    called = unitless(phrase)
    if called == phrase and said.endswith(" hours"):
        return f"{said.removesuffix(' hours')} {phrase}"
    form = read(_RELATING)["measures"].get(called.lower())
    return form.replace("{v}", said) if form else f"{called} {said}"


def deed(phrase: str, noun: str = "") -> Sequence[str]:
    """How one asks when something happens, and what is said of it past and to come; none for other moments.

    An inspection is not inspected: what is itself the deed just takes place.
    """
    low = phrase.lower().removesuffix(" date").removesuffix(" time").removesuffix(" since")
    if itself(low, noun):
        return ("is {T}", "was", "is")
    if low in _MADE and noun.rpartition(" ")[2].startswith(low[:-2]):
        return ("was {T} made", "was made", "will be made")
    table: Mapping[str, Sequence[str]] = read(_RELATING)["deeds"]
    last = low.rpartition(" ")[2] if low.startswith("date of ") else low
    stays: Mapping[str, Sequence[str]] = read(_RELATING)["stays"]
    if noun.rpartition(" ")[2] in stays["nouns"] and last in stays:
        return stays[last]
    if last in table:
        return table[last]
    if low.startswith("last ") and (done := done_to(low[5:])):
        return (f"was {{T}} last {done}", f"was last {done}", f"will be {done}")
    if done_to(low):
        return (f"was {{T}} {low}", f"was {low}", f"will be {low}")
    if meant_for(low):
        return (f"is {{T}} {low}", f"was {low}", f"is {low}")
    return ()


def meant_for(phrase: str) -> str:
    """What a moment is named after that something is meant for: promised, of "promised for"; "" for any other."""
    match = re.fullmatch(r"([a-z]+ed) (?:for|by)", phrase.lower())
    return match[1] if match else ""


def beside(told: str) -> str:
    """What is said of a moment as it stands beside a thing: "planted", "to be picked up"."""
    return told.removeprefix("was ").removeprefix("is ").replace("will be ", "to be ")


def done_to(phrase: str) -> str:
    """What is done to a thing at the moment a field holds: "planted", "sown"; "" for other moments."""
    low = phrase.lower().removesuffix(" date").removesuffix(" time")
    table: Mapping[str, Sequence[str]] = read(_RELATING)["participles"]
    regular = re.fullmatch(r"[a-z]+ed", low) and low not in table["not"]
    return low if regular or low in table["irregular"] else ""


def itself(phrase: str, noun: str) -> bool:
    """Whether a thing is the very deed that a field tells the moment of: the inspection that was inspected."""
    low = done_to(phrase)
    last = noun.rpartition(" ")[2]
    if not low or not last or low in _MADE:
        return False
    stem = low.removesuffix("d").removesuffix("e")
    if low in read(_RELATING)["itself"].get(last, ()):
        return True
    return len(stem) > 3 and last.startswith(stem) and (kept_for(noun) or len(last) > len(stem) + 1)


_MADE = ("booked", "ordered", "reserved")  # a booking is made, and is for another day


def day_of(phrase: str, noun: str) -> str:
    """What the day is called on which something is done: the date of an inspection, a planting date."""
    if meant := meant_for(phrase):
        return f"{meant} time"
    low = done_to(phrase)
    if not low or itself(low, noun):
        return "date" if low else phrase
    return f"{low.removesuffix('d').removesuffix('e')}ing date" if low.endswith("ed") else phrase


def done_on(phrase: str, noun: str, coming: bool) -> str:
    """How a day stands beside a thing to which something is done on it; "" for other days."""
    low = done_to(phrase)
    if not low or itself(low, noun):
        return "{on_v}" if low else ""
    return "to be " * coming + low + " {on_v}"


@cache
def _persons() -> frozenset[str]:
    words = read("catalog/lexicon/persons.yaml")
    known = {*words["served"], *words["staff"]} - ({*words["both"]} - {*words["mostly"]})
    return frozenset([*PERSONAL, *(noun.replace("_", " ") for noun in known)])


def of_the_house(noun: str) -> bool:
    """Whether a person is one of those who work there, whom one has a time with: a doctor, a trainer."""
    return noun.replace(" ", "_") in read("catalog/lexicon/persons.yaml")["staff"]


def personal(noun: str) -> bool:
    """Whether a thing is a person."""
    return noun in _persons()


def has_name(noun: str) -> bool:
    """Whether a thing that is no person is called by a name of its own: a dog, a boat."""
    return noun in read(_RELATING)["called"]
