"""What tells a record without a name from others of its sort: its number, where it is, where it goes and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import UNSET, structs

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.execute import values_at
from callsmith.meaning import Told
from callsmith.records import Entity, Field, Sign
from callsmith.text import shown_coded

_TABLE = "catalog/lexicon/signs.yaml"
_TAILS = ("at", "on", "time", "date", "name")
_MOMENTS = ("date_time", "date")
_WORDS = ("text", "place", "label", "enum", "city", "title", "company", "person", "key", "number_key", "")
_COUNTED = ("number", "number_key", "count", "ordinal", "id", "limit")


@cache
def _list(name: str) -> tuple[str, ...]:
    return tuple(read(_TABLE)[name])


def spoken(entity: Entity, titled: str, whose: str, *, pasting: bool, held: bool = False) -> Entity:
    """An entity whose records are called by their name, after the one they are for, or by what tells them apart.

    The first stands at ``titled``, the second at ``whose``. An id is a name only where people are ``pasting`` such ids.
    What is ``held`` by something that has a name is known by that, and nobody says at which minute it was noted.
    """
    item = next((one for one in entity.fields if one.pointer == titled == entity.id_pointer), None)
    code = item is not None and shown_coded(item.schema)
    if titled and not code and not _unsaid(entity, titled):
        return entity
    if whose:
        address = _on_duty(entity, whose)
        return structs.replace(entity, label_pointer=whose, address=address or entity.address)
    address = address_of(entity)
    if held and any(_noted(sign, entity) for sign in address):
        address = ()
    if code and not any(_outweighs(sign, entity) for sign in address):
        return structs.replace(entity, label_pointer=titled)
    if address:
        return structs.replace(entity, label_pointer=address[0].pointer, address=address)
    mute = (
        titled and titled == entity.id_pointer and not code and not pasting and not _of_machines(entity.noun)
    )
    return structs.replace(entity, label_pointer="") if mute else entity


def _noted(sign: Sign, entity: Entity) -> bool:
    """Whether a sign is the minute at which something was done to a record: enrolled, collected, and not held."""
    item = next(one for one in entity.fields if one.pointer == sign.pointer)
    deed = name_words(sign.pointer)[0]
    if item.facet != "date_time" or sign.role not in ("at", "dated"):
        return False
    return sign.role == "dated" or deed.endswith("ed") and deed not in _list("at")


def _outweighs(sign: Sign, entity: Entity) -> bool:
    """Whether people rather say the hour at which something is, what stands on it or its address, than its number."""
    if sign.role == "place":
        return bool({*name_words(sign.pointer)} & {"address", "street", "stop", "station", "crossing"})
    if sign.role == "at":
        hours = [item.pointer for item in entity.fields if item.facet == "date_time"]
        return sign.pointer in hours and _takes_place(entity)
    return sign.role in ("number", "plate", "side", "within")


def _takes_place(entity: Entity) -> bool:
    """Whether a thing is spoken of by its time, whatever number it has: the 9:30 massage."""
    return entity.noun.rpartition(" ")[2] in _list("timed")


def _unsaid(entity: Entity, titled: str) -> bool:
    """Whether what stands for a name is none: an id that only machines give, or the street where a thing stands."""
    item = next((one for one in entity.fields if one.pointer == titled), None)
    if item is None or titled == entity.id_pointer:
        return item is not None and item.facet == "id" and not item.schema.keys() & {"pattern", "examples"}
    own = entity.noun.rpartition(" ")[2] in name_words(titled)  # an address is called by itself
    return item.facet == "place" and not own


def _on_duty(entity: Entity, whose: str) -> tuple[Sign, ...]:
    """Those of the house have such times again and again: which of Ana's shifts it is, its time tells."""
    staff = read("catalog/lexicon/persons.yaml")["staff"]
    last = "_".join(word for word in name_words(whose) if word != "name")
    if last not in staff or entity.noun.rpartition(" ")[2] not in _list("timed"):
        return ()
    when = _moment(_fields(entity))
    return (Sign("whose", whose), *when) if when else ()


def _of_machines(noun: str) -> bool:
    """Whether a thing is one of machines and networks, whose ids people paste."""
    kinds = read("catalog/lexicon/nouns.yaml")["kinds"]
    stem = noun.replace(" ", "_")
    return any(kind.get("technical") and stem in kind["nouns"] for kind in kinds)


def address_of(entity: Entity) -> tuple[Sign, ...]:
    """The fields by which people would single out a record; none where nothing does."""
    fields = _fields(entity)
    for found in (
        _numbered(entity, fields),
        _worded(fields, "plate", _list("plate")),
        _sides(fields),
        _journey(entity, fields),
        _timed(entity, fields) if _in_a_room(entity, fields) else (),
        _placed(fields),
        _timed(entity, fields),
        _coded(entity, fields),
        _dated(entity, fields),
    ):
        if found:
            return found
    return ()


def signs_of(entity: Entity) -> Sequence[Sign]:
    """What records of a sort are told by that have no name; nothing for those that have one."""
    return () if entity.address is UNSET else entity.address


def signs_in(entity: Entity, record: Mapping[str, Any]) -> tuple[Told, ...]:
    """What a record is told by, with the values it has; none where one of them is missing."""
    told = []
    for sign in signs_of(entity):
        value = next(iter(values_at(record, sign.pointer)), None)
        if value in (None, "") or isinstance(value, (bool, dict, list)):
            if sign.role in ("sort", "to", "from", "route"):
                continue
            return ()
        told.append(Told(sign.role, value, sign.phrase))
    return tuple(told) if any(one.role != "sort" for one in told) else ()


def written(told: Sequence[Told]) -> str:
    """What a record is told by as one text, by which records are compared."""
    return ", ".join(str(one.value) for one in told)


def addressed(entity: Entity) -> bool:
    """Whether records of a sort are told apart by what they are and not by a name."""
    return bool(signs_of(entity))


def by_the_clock(entity: Entity) -> bool:
    """Whether records are told by a moment alone, which names nothing that belongs to them."""
    return {one.role for one in signs_of(entity)} in ({"at"}, {"dated"})


def told_at(entity: Entity) -> frozenset[str]:
    """Where what a record is told by stands."""
    return frozenset(sign.pointer for sign in signs_of(entity))


def _fields(entity: Entity) -> dict[str, Field]:
    """The record's own fields by the words of their names, as the table has them."""
    noun = tuple(entity.key.rpartition(".")[2].split("_"))
    found: dict[str, Field] = {}
    for item in entity.fields:
        words = name_words(item.pointer)
        given = (
            item.pointer == entity.id_pointer and item.facet != "number_key"
        )  # machines give it, nobody says it
        if item.pointer == entity.label_pointer and item.pointer.count("/") == 2 and item.facet == "place":
            found.setdefault("address", item)  # the line of an address that has a field for each of its parts
        if item.pointer.count("/") != 1 or item.refers or given or not words:
            continue
        found.setdefault(" ".join(words), item)
        if words[: len(noun)] == noun and len(words) > len(noun):
            found.setdefault(" ".join(words[len(noun) :]), item)
        while len(words) > 1 and words[-1] in _TAILS:
            words = words[:-1]
        found.setdefault(" ".join(words), item)
        if words[: len(noun)] == noun and len(words) > len(noun):
            found.setdefault(" ".join(words[len(noun) :]), item)
    return found


def _worded(fields: Mapping[str, Field], role: str, names: Sequence[str]) -> tuple[Sign, ...]:
    """The first of the fields of these names that holds words."""
    for name in names:
        item = fields.get(name)
        if item is not None and item.facet in _WORDS and "string" in str(item.schema.get("type", "string")):
            return (_sign(role, item),)
    return ()


def _sign(role: str, item: Field) -> Sign:
    return Sign(role, item.pointer, item.phrase)  # type: ignore[arg-type]


def _numbered(entity: Entity, fields: Mapping[str, Field]) -> tuple[Sign, ...]:
    last = entity.noun.rpartition(" ")[2]
    generic = last in _list("spots")
    own = [word for word in _list("own") if word == last or generic]
    marks = [*_list("number"), *(_list("marks") if last in _list("own") else ())]
    names = [*marks, last, *own, *(f"{word} {tail}" for word in own for tail in _list("number"))]
    for name in names:
        item = fields.get(name)
        if item is None or item.schema.get("format") or item.schema.get("enum"):
            continue
        whole = "integer" in str(item.schema.get("type")) and item.facet in _COUNTED
        if whole or "string" in str(item.schema.get("type")) and item.facet in (*_WORDS, "ordinal"):
            said = name.removesuffix(" number").removesuffix(" no")
            called = said if said in own else ""
            row = _worded(fields, "within", _list("within"))
            return (Sign("number", item.pointer, called), *row)
    return ()


def _coded(entity: Entity, fields: Mapping[str, Field]) -> tuple[Sign, ...]:
    """The number that an office gave it beside what machines tell it by: the claim with the reference CL-20418."""
    last = entity.noun.rpartition(" ")[2]
    for name in (*_list("given"), *(f"{last} {word}" for word in _list("given"))):
        item = fields.get(name)
        if item is not None and shown_coded(item.schema):
            return (Sign("number", item.pointer, ""),)
    return ()


def _sides(fields: Mapping[str, Field]) -> tuple[Sign, ...]:
    for pair in read(_TABLE)["sides"]:
        found = [fields[name] for name in pair if name in fields and fields[name].facet in _WORDS]
        if len(found) == len(pair) == 2:
            return tuple(_sign("side", item) for item in found)
    return ()


def _moment(fields: Mapping[str, Field]) -> tuple[Sign, ...]:
    day = fields.get("date")
    for name in _list("at"):
        item = fields.get(name)
        if item is not None and item.facet in _MOMENTS:
            if day is not None and day.facet == "date" and not item.schema.get("format"):
                item = day  # an hour of the day that stands beside it
            return (_sign("at", item),)
    return ()


def _journey(entity: Entity, fields: Mapping[str, Field]) -> tuple[Sign, ...]:
    """Where it goes and when: both are needed, since the same way is gone again and again."""
    where = _worded(fields, "to", _list("to")) or _worded(fields, "route", _list("route"))
    where = where or _worded(fields, "from", _list("from"))
    when = _moment(fields)
    return (*where, *when) if where and when else ()


def _placed(fields: Mapping[str, Field]) -> tuple[Sign, ...]:
    where = _worded(fields, "place", _list("place"))
    if where and any(item.pointer == where[0].pointer and item.facet == "enum" for item in fields.values()):
        return ()  # how somebody lies, and what a waiter is
    sort = next((fields[name] for name in _list("sort") if name in fields), None)
    if not where or sort is None or sort.facet != "enum" or sort.pointer == where[0].pointer:
        return where
    return (*where, _sign("sort", sort))


def _in_a_room(entity: Entity, fields: Mapping[str, Field]) -> bool:
    """Whether a thing takes place at an hour, and where is but one of the rooms that many such things are in."""
    when, where = _moment(fields), _placed(fields)
    hours = [item.pointer for item in fields.values() if item.facet == "date_time"]
    return bool(when and where) and when[0].pointer in hours and not _outweighs(where[0], entity)


def _timed(entity: Entity, fields: Mapping[str, Field]) -> tuple[Sign, ...]:
    """What takes place at its time: the 9:30 massage on Friday."""
    if not _takes_place(entity):
        return ()
    noun = entity.noun.rpartition(" ")[2]
    first = [item for item in _moments(fields)[:1] if not _of_another_deed(noun, name_words(item.pointer)[0])]
    when = _moment(fields) or tuple(_sign("at", item) for item in first)
    return (*when, *_matter(entity.noun.rpartition(" ")[2], fields)) if when else ()


def _of_another_deed(noun: str, word: str) -> bool:
    """Whether a moment is of something else that was done: when what is on hire was collected."""
    return word.endswith("ed") and not noun.startswith(stem_of(word)) and word not in _list("under way")


def _dated(entity: Entity, fields: Mapping[str, Field]) -> tuple[Sign, ...]:
    """What is told by the day on which something was done to it: the pallet received on Friday."""
    noun = entity.noun.rpartition(" ")[2]
    matter = _matter(noun, fields)
    for item in _moments(fields):
        words = name_words(item.pointer)
        deed = words[0] if words else ""
        if item.facet == "date" and not matter:
            continue  # many came on that day
        if deed.endswith("ed") and deed.startswith(noun):
            return (_sign("at", item), *matter)  # the test on Friday, not the test tested
        if deed.endswith("ed") and noun.startswith(stem_of(deed)):
            return (Sign("dated", item.pointer, ""), *matter)  # the landing on Friday, not the landing landed
        if deed.endswith("ed") or deed in _list("deeds"):
            deeds = " ".join(word for word in words if word not in ("at", "on", "date", "time"))
            return (Sign("dated", item.pointer, deeds), *matter)
    return ()


def stem_of(deed: str) -> str:
    """What a participle has in common with the noun of its deed: land, of landed and landing; enrol, of enrolled."""
    stem = deed.removesuffix("ed")
    return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else stem


def _moments(fields: Mapping[str, Field]) -> list[Field]:
    """The moments that tell when it is or was, in the order of the record: not when it was entered or is due next."""
    found = {item.pointer: item for item in fields.values() if item.facet in _MOMENTS}
    return [item for item in found.values() if not {*name_words(item.pointer)} & {*_list("untold")}]


def _matter(noun: str, fields: Mapping[str, Field]) -> tuple[Sign, ...]:
    """What sort of thing it is or what it is about: the first field of such a name that has a few choices."""
    for name in _list("matter"):
        item = fields.get(name)
        if name in ("position", "role") and noun not in _list("duties"):
            continue
        if item is not None and (
            item.facet == "enum" or name in _list("substances") and item.facet in _WORDS
        ):
            return (_sign("sort", item),)
    return ()
