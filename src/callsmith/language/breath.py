"""The fields of something new in one breath: six bags of Dark Star, for a shop, to ship by Friday."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import structs

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.language.grammar import mark, unmarked
from callsmith.language.named_details import moment_of, occasion_of, one_of_them
from callsmith.language.relating import counted, in_units, of_person, personal, unitless
from callsmith.language.routes import end_of
from callsmith.language.words import gerund, humanised, lexicon, participle, with_article
from callsmith.meaning import Detail
from callsmith.records import Entity

_RELATING = "language/en/relating.yaml"
_MOMENTS = ("date", "date_time")


def _table() -> Mapping[str, Any]:
    known: Mapping[str, Any] = read(_RELATING)["breath"]
    return known


def due(parameter: str) -> tuple[str, str]:
    """What is to be done by or on the day that a parameter sets, after the thing and on its own: "to ship by {v}"."""
    words = [word for word in name_words(parameter) if word not in ("date", "day", "time")]
    known = _table()
    whole = " ".join(words)
    if whole in known["coming"]:
        return f"{known['coming'][whole]} {{on_v}}", f"{known['coming'][whole]} {{on_v}}"
    if whole in known["nouns of deeds"]:
        return f"for {whole} {{on_v}}", f"{whole} {{on_v}}"
    if len(words) < 2 or words[-1] not in ("by", "on", "at", "before", "from"):
        return "", ""
    head, last = " ".join(words[:-1]), words[-1]
    when = "{on_v}" if last in ("on", "at") else "from {v} on" if last == "from" else f"{last} {{v}}"
    if head in known["deeds"]:
        return f"to {head} {when}", f"it's to be {participle(head)} {when}"
    if head in known["nouns of deeds"]:
        return f"for {head} {when}", f"{head} {when}"
    if head in known["being"]:
        being = known["being"][head]
        return f"{being} {when}", f"{being} {when}"
    return "", ""


def at_once(item: Detail, form: str, noun: str, settled: bool) -> list[str]:
    """How a detail of something new is said in a few words; none where it has no such way, or another is laid down."""
    if item.role == "filters" and form == "post" and (bound := _due_for(item)):
        return [bound]
    if item.role != "sets" or item.shape != "value" or form not in ("post", "frag"):
        return []
    if item.facet in _MOMENTS:
        said = due(item.parameter)[form == "frag"] or _of_itself(item, form, noun)
        return [said] if said else []
    if item.facet == "enum" and (part := _with_a(item, noun)):
        return [part]
    if (at := _where(item)) or _weighed(item, noun):
        of = "at" if at else "of"
        return [f"it's {of} {{v}}" if form == "frag" else f"{of} {{v}}"]
    last = item.phrase.rpartition(" ")[2].lower()
    if last == "subject" and item.facet == "enum" and noun.rpartition(" ")[2] not in _table()["taught"]:
        return ['subject "{v}"'] if form == "frag" else ['with the subject "{v}"', 'headed "{v}"']
    if item.facet in ("count", "number") and item.phrase.lower() in _table()["spans"]:
        return ["for {v} {phrase}"]
    if _lasting(item):
        return ["for {v}"]
    if form == "frag" and item.facet == "person" and not personal(noun):
        borne = of_person(item.phrase, "{v}")  # it's in the name of Ana Ruiz
        return [f"it's {borne}"] if borne else []
    if item.facet == "text" and (whose := of_person(item.phrase, "{v}")):
        return [f"it's {whose}" if form == "frag" else whose]
    whom = "" if settled else to_whom(item, noun)
    return [f"it's {whom}" if form == "frag" else whom] if whom else []


def _of_itself(item: Detail, form: str, noun: str) -> str:
    """When a thing is that is itself what happens then: a test booking is for the time of its test."""
    happening = {*occasion_of(item.phrase.lower()).split()}
    own = moment_of(item) == "named" and happening and happening <= {*noun.split()}
    if own:
        return "it's for {v}" if form == "frag" else "for {v}"
    if moment_of(item) == "named" and personal(noun) and happening == {"visit"}:
        return "they're visiting {on_v}" if form == "frag" else "visiting {on_v}"
    words = name_words(item.parameter)
    if (
        moment_of(item) != "named"
        or len(words) < 2
        or words[-1] not in ("at", "on")
        or not words[0].endswith("s")
    ):
        return ""
    does = " ".join(words[:-1])  # it takes off at a time
    return f"it {does} {{on_v}}" if form == "frag" else f"{gerund(_base(does))} {{on_v}}"


def _base(does: str) -> str:
    """The verb of what a thing does: takes off is take off."""
    head, _, rest = does.partition(" ")
    head = head.removesuffix("es") if head.endswith(("shes", "ches", "sses")) else head.removesuffix("s")
    return f"{head} {rest}".strip()


_SORTS = ("size", "type", "class", "model")


def _with_a(item: Detail, noun: str) -> str:
    """What comes with something new and of which sort: a removal "with a large van", of van_size."""
    thing, _, sort = item.phrase.lower().rpartition(" ")
    value = humanised(str(item.values[0])).lower()
    own = {*thing.split()} & {*noun.split(), *value.split(), "product", "service", "item", "event"}
    known = item.phrase.lower() in read(_RELATING)["enums"] or not re.fullmatch("[a-z]+(?: [a-z]+)?", value)
    if sort not in _SORTS or not thing or own or known:
        return ""
    return f"with {with_article(f'{value} {thing}').partition(' ')[0]} {{v}} {thing}"


def _where(item: Detail) -> bool:
    """Whether a text is where something takes place: its test centre, a venue."""
    named = item.facet in ("text", "title", "place") and not end_of(item.parameter, item.facet)
    return named and item.phrase.lower().rpartition(" ")[2] in _table()["sites"]


def _weighed(item: Detail, noun: str) -> bool:
    """Whether a measure is the thing itself: a weight of 27.6 kg."""
    return item.facet == "number" and unitless(item.phrase).lower() == noun.rpartition(" ")[2]


def _lasting(item: Detail) -> bool:
    """Whether a number is how long something goes on, with its unit in its name: duration_days."""
    measure = in_units(item.phrase, item.values[0]) if item.facet in ("count", "number") else ""
    return measure.rstrip("s").endswith(_UNITS) and unitless(item.phrase).lower() in _table()["lasting"]


_UNITS = ("day", "week", "month", "hour", "minute", "night", "year")


def _due_for(item: Detail) -> str:
    """What a thing is due for until or from a day: "due for service before {v}"; "" for other bounds."""
    words = name_words(item.parameter)
    if item.shape not in ("before", "after"):
        return ""
    if len(words) == 2 and words[0] in _table()["deeds"] and words[1] in ("before", "by", "after", "from"):
        end = "from {v} on" if item.shape == "after" else f"{'by' if words[1] == 'by' else 'before'} {{v}}"
        return f"to be {participle(words[0])} {end}"
    if "due" not in words[1:]:
        return ""
    head = " ".join(word for word in words[: words.index("due")] if word not in ("next", "is"))
    joint = "before {v}" if "before" in words else "by {v}" if item.shape == "before" else "from {v} on"
    return f"due for {head} {joint}" if head else ""


def to_whom(item: Detail, noun: str) -> str:
    """For which firm something new is, or from which it comes: "for {v}"; "" for anything else."""
    if item.role != "sets" or item.facet != "company" or item.shape != "value":
        return ""
    return of_firm(item.phrase, noun, "{v}")


def of_firm(phrase: str, noun: str, name: str) -> str:
    """What a firm is to a record: an order "for" a cafe, a delivery "from" a supplier; "" where nothing tells."""
    phrase = phrase.lower().removesuffix(" name")
    last = phrase.rpartition(" ")[2]
    if last in _table()["from"]:
        return f"from {name}"
    if last in noun.split(" "):
        return ""
    if last in _table()["houses"] and not joins(noun):
        return f"at {name}"
    return of_person(phrase, name) or (f"for {name}" if joins(noun) else "")


def joins(noun: str) -> str:
    """How what is ordered or moved stands after the noun of the record: an order "of", a hire "for"; "" for others."""
    return str(_table()["goods"].get(noun.rpartition(" ")[2], ""))


def goods(noun: str, details: Sequence[Detail], plain: Callable[[Detail], bool]) -> tuple[str, list[Detail]]:
    """What is ordered and how much of it, and the details that say so: "of 6 bags of Dark Star"; "" for nothing."""
    joint = joins(noun)
    counts = [item for item in details if _counts(item)] if joint else []
    wares = [item for item in details if _ware(item, noun) and plain(item)] if joint else []
    if not counts and not wares or len(wares) > 1 or wares and len(counts) > 1:
        return "", []
    if not wares:
        said = " and ".join(_many(item) for item in counts)
        return ("", []) if any(_bare(item) for item in counts) else (f"{joint} {said}", counts)
    ware = mark(str(wares[0].values[0]), wares[0].parameter)
    if not counts:
        own = wares[0].phrase.lower() in noun.split(" ")  # a cake order for cheesecake
        return f"{'for' if own else joint} {ware}", wares
    if _bare(counts[0]):
        return f"{joint} {mark(str(counts[0].values[0]), counts[0].parameter)} x {ware}", [*counts, *wares]
    return f"{joint} {_many(counts[0])} of {ware}", [*counts, *wares]


def goods_in(entity: Entity, record: Mapping[str, Any]) -> str:
    """What a record shows that was ordered or moved, and how much: 6 bags of Dark Star; "" for nothing."""
    shown = [item for item in entity.fields if item.pointer.count("/") == 1 and not item.refers]
    details = [
        Detail(name, item.facet, item.phrase, "sets", "value", [record[name]])
        for item in shown
        if (name := item.pointer[1:]) in record
    ]
    worded = [one for one in details if one.facet == "text" or _counts(one)] if joins(entity.noun) else []
    said, parts = goods(entity.noun, worded, lambda item: True)
    return unmarked(said).partition(" ")[2] if len(parts) > 1 else ""


def plainly_set(voice: Any, item: Detail) -> bool:
    """Whether no way is laid down in which what a detail sets is said."""
    return (
        item.role == "names" or voice.forms(item) is voice.details["sets"] or item.facet in ("enum", "title")
    )


def _counts(item: Detail) -> bool:
    whole = item.facet in ("number", "count") and item.shape == "value" and item.role == "sets"
    value = item.values[0] if whole else None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
        return False
    return _bare(item) and isinstance(value, int) or _measured(item)


def _measured(item: Detail) -> bool:
    return counted(item.phrase) and item.phrase.rpartition(" ")[2] not in _table()["served"]


def _bare(item: Detail) -> bool:
    """Whether a count says how many, and not of what: a quantity."""
    return item.phrase.lower() in _table()["bare"]


def _many(item: Detail) -> str:
    value = item.values[0]
    measure = in_units(item.phrase, value)
    phrase = item.phrase.removeprefix("number of ")
    whole = f"{value:.15g}" if isinstance(value, float) else str(value)
    if measure and not measure.endswith(phrase):
        return mark(measure, item.parameter)
    return f"{mark(whole, item.parameter)} {one_of_them(phrase) if value == 1 else phrase}"


def _ware(item: Detail, noun: str) -> bool:
    """Whether a detail says what it is that is ordered: free words about a thing, or what the record's noun names."""
    if item.shape != "value" or not isinstance(item.values[0], str):
        return False
    if item.role == "names":  # the plant that is ordered, of those there are
        return not item.signs and item.facet in ("title", "text", "id", "key") and _thing(item, noun)
    if item.role != "sets":
        return False
    last = item.phrase.rpartition(" ")[2].lower()
    if item.facet == "text":
        return last not in _table()["no wares"]
    return item.facet in ("enum", "title") and (last in _table()["wares"] or last in noun.split(" ")[:-1])


def one_person(voice: Any, details: Sequence[Detail]) -> list[Detail]:
    """The details, the name and the address of one person said together: for Ana Ruiz (ana.ruiz@example.com)."""
    people = {one.email: one.name for one in (voice.plan.scene.user, *voice.plan.scene.people)}
    kept = list(details)
    for named in [one for one in details if one.facet == "person" and one.role == "sets"]:
        for item in [one for one in kept if one.facet == "email" and one.role == "sets"]:
            if (
                len(item.values) == len(named.values) == 1
                and people.get(str(item.values[0])) == named.values[0]
            ):
                whole = f"{named.values[0]} ({item.values[0]})"
                at = kept.index(named)
                kept[at] = structs.replace(named, shape="value", values=[whole], shown="")
                kept.remove(item)
                break
    return kept


def _thing(item: Detail, noun: str) -> bool:
    """Whether what is named is a ware, and no place, firm, person or other record."""
    return ware(item.phrase) or item.phrase.rpartition(" ")[2].lower() in noun.split(" ")[:-1]


def ware(phrase: str) -> bool:
    """Whether such things are bought and sold by the piece or the bag: plants, parts, wines."""
    last = phrase.rpartition(" ")[2].lower()
    return last in _table()["wares"] or last in lexicon("wares")


def in_order(details: Sequence[Detail]) -> list[Detail]:
    """The details as people say them: for whom before how, and when last, the earlier day first."""
    return sorted(
        details,
        key=lambda item: (
            str(item.values[0]) if item.facet in _MOMENTS else "",
            item.facet not in ("company", "person"),
        ),
    )


def to_be_done(posts: Sequence[str]) -> list[str]:
    """What follows a noun, two deeds that it waits for in one: "to deliver on Friday and collect on Monday"."""
    said: list[str] = []
    for post in posts:
        if said and said[-1].startswith("to ") and post.startswith("to "):
            said[-1] += f" and {post.removeprefix('to ')}"
        else:
            said.append(post)
    return said
