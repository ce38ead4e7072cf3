"""What a planner looks up about a toolset: which tools find, show, make and change which entity."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from callsmith.catalog.booked import in_a_name
from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.execute import values_at
from callsmith.masks import left_out
from callsmith.parts import Part, parts_of
from callsmith.plan.apart import plainly
from callsmith.plan.bearing import bearer_of
from callsmith.plan.naming import parts_of_name
from callsmith.plan.signs import addressed, signs_in, spoken, written
from callsmith.records import Entity, Field, Parameter, Tool, Toolset, Yield
from callsmith.schema import LAST, collections, selection, steps

SMALL = 24  # tools of an API of everyday life; in larger ones people paste the ids of machines
SURE = 0.55  # parameters and tools understood less surely than this are not planned with

TENANTS = ("workspace", "organization", "organisation", "account", "tenant", "business")
UNTITLED = ("comment", "reply", "note", "message", "work log", "attachment", "review")
FOLLOWING = ("follower", "watcher", "subscriber")
COPYING = ("copy", "duplicate", "clone")
HAPPENING: Mapping[str, Any] = read("catalog/lexicon/happenings.yaml")
OCCASIONS = tuple(HAPPENING["occasions"])
SILENT = re.compile(r"(?:undefined|unspecified|unrecognized|unknown)$", re.IGNORECASE)  # choices nobody makes
_ABOUT = ("from", "sender", "author", "organizer", "creator", "assignee", "owner", "customer", "requester",
          "reporter")  # fmt: skip
_SALIENT = (("person", "username", "email", "company"), ("date_time", "date", "timestamp"), ("enum", "flag"),
            ("amount", "amount_minor"), ("place", "duration_minutes", "label", "count"))  # fmt: skip
_NEAR = 2  # steps to what says something of the record itself, and not of what it has
_WRAPPERS = ("fields", "properties", "attributes", "data", "profile", "snippet", "spec", "status", "content")


class Known(Struct, frozen=True):
    """An index over one toolset; entity keys and tool names are the keys."""

    toolset: Toolset
    tools: Mapping[str, Tool]
    entities: Mapping[str, Entity]
    finders: Mapping[str, Sequence[Tool]]
    getters: Mapping[str, Sequence[Tool]]
    makers: Mapping[str, Sequence[Tool]]
    changers: Mapping[str, Sequence[Tool]]
    removers: Mapping[str, Sequence[Tool]]
    actors: Mapping[str, Sequence[Tool]]
    computers: Sequence[Tool]
    consulted: Sequence[Tool]  # live tools, asked for what they tell
    shown: Mapping[tuple[str, str], frozenset[str]]  # (tool, entity) -> fields its records show
    enquired: Sequence[Tool] = ()  # tools that are asked for what no record tells
    parts: Mapping[str, Part] = {}
    nameless: frozenset[str] = (
        frozenset()
    )  # kinds that are listed and told of, without a name that people use


_ASKED = ("asked_for", "enquired")  # what is asked for and not reckoned
_KEPT = 256  # indexes kept in memory: toolsets made for one conversation come without end
_INDEXES: dict[str, Known] = {}


def known(toolset: Toolset) -> Known:
    """The index of a toolset, made once per toolset hash."""
    index = _INDEXES.get(toolset.hash)
    if index is None:
        index = _index(toolset)
        while len(_INDEXES) >= _KEPT:
            _INDEXES.pop(next(iter(_INDEXES)), None)  # another thread may have been faster
        _INDEXES[toolset.hash] = index
    return index


def _index(toolset: Toolset) -> Known:
    usable = [tool for tool in toolset.tools if tool.effect != "opaque" and tool.confidence >= SURE]
    pasting = len(toolset.tools) > SMALL
    named = _named(toolset.entities, usable)
    entities = {entity.key: _spoken(entity, pasting, named) for entity in toolset.entities}

    def by_entity(*effects: str) -> dict[str, list[Tool]]:
        index: dict[str, list[Tool]] = {}
        for tool in usable:
            if tool.deed in effects and tool.entity:
                index.setdefault(tool.entity, []).append(tool)
        return index

    return Known(
        toolset=toolset,
        tools={tool.name: tool for tool in toolset.tools},
        entities=entities,
        finders={
            key: plainly([tool for tool in tools if yield_of(tool, key) is not None])
            for key, tools in by_entity("list", "search").items()
        },
        getters={
            key: [tool for tool in tools if yield_of(tool, key) is not None]
            for key, tools in by_entity("read").items()
        },
        makers=by_entity("create"),
        changers=by_entity("update"),
        removers=by_entity("delete"),
        actors=by_entity("act"),
        computers=[tool for tool in usable if tool.effect == "compute" and not {*_ASKED} & tool.hints.keys()],
        consulted=[tool for tool in usable if tool.deed in ("compute", "act") and "asked_for" in tool.hints],
        shown={
            (tool.name, item.entity): _shown(tool, item, entities[item.entity])
            for tool in usable
            for item in tool.yields
            if item.entity in entities
        },
        enquired=[tool for tool in usable if "enquired" in tool.hints],
        parts=parts_of(toolset),
        nameless=_nameless(by_entity("list", "search"), entities),
    )


def _named(entities: Sequence[Entity], usable: Sequence[Tool]) -> frozenset[str]:
    """The kinds of record that have a name of their own, which a tool tells."""
    told = {item.entity for tool in usable if tool.deed in ("list", "search", "read") for item in tool.yields}
    return frozenset(
        one.key for one in entities if one.key in told and title_pointer(one) not in ("", one.id_pointer)
    )


def _spoken(entity: Entity, pasting: bool, named: frozenset[str]) -> Entity:
    """An entity as people speak of its records: what has no name is called after the one it is for."""
    if untitled(entity):
        return entity
    whose = next((item.pointer for item in entity.fields if _bears(item)), "")
    held = any(
        item.refers in named and item.refers != entity.key and item.pointer.count("/") == 1
        for item in entity.fields
    )
    return spoken(entity, title_pointer(entity), whose, pasting=pasting, held=held)


def _bears(item: Field) -> bool:
    bearer = bearer_of(item.phrase) if item.facet == "title" else ""
    named = bearer and bearer.rpartition(" ")[2] not in _SORTS  # a product's name says what it is
    return bool(item.facet == "person" and bearing(item.phrase) or named) and item.pointer.count("/") == 1


def bearing(phrase: str) -> bool:
    """Whether the one a field names stands for a record without a name: the customer of an order."""
    words: Sequence[str] = read("language/en/relating.yaml")["bearing"]
    return phrase.lower().removesuffix(" name").rpartition(" ")[2] in words


def called_after(entity: Entity) -> bool:
    """Whether records go by whose they are, and have no name of their own."""
    item = field_at(entity, entity.label_pointer) if entity.label_pointer else None
    if item is None or entity.person:
        return False
    return item.facet == "person" and "name" not in item.phrase or _bears(item) or in_a_name(entity)


def _nameless(finders: Mapping[str, Sequence[Tool]], entities: Mapping[str, Entity]) -> frozenset[str]:
    found = set()
    for key, tools in finders.items():
        entity = entities.get(key)
        if entity is not None and not title_pointer(entity):
            shown = [
                _shown(tool, item, entity) for tool in tools if (item := yield_of(tool, key)) is not None
            ]
            found.update([key] if any(tellable(entity, fields) for fields in shown) else [])
    return frozenset(found)


def _shown(tool: Tool, item: Yield, entity: Entity) -> frozenset[str]:
    schema = _schema_at(tool.returns, item.pointer)
    pointers = {*(field.pointer for field in entity.fields), entity.label_pointer}
    usual = {p.pointer: p.default for p in tool.inputs if p.facet == "mask" and p.required and p.default}
    hidden = left_out(tool, schema, usual) if usual and isinstance(schema, Mapping) else frozenset()
    return frozenset(
        pointer
        for pointer in pointers
        if pointer and pointer.split("/")[1] not in hidden and _schema_at(schema, pointer) is not None
    )


def takes_place(noun: str) -> bool:
    """Whether a thing with a start happens then, and can be moved: a team meeting, not a capacity reservation."""
    last = noun.split(" ")[-1]
    return noun in OCCASIONS or noun in HAPPENING["planned"] or last in HAPPENING["qualified"]


def plain(name: str) -> str:
    """A name without case and separators: ``issue_number`` and ``issueNumber`` are one."""
    return name.replace("_", "").replace("-", "").lower()


def untitled(entity: Entity) -> bool:
    """Whether records are known by their text: comments, and notes that have no title."""
    if entity.noun != "note" or not entity.label_pointer:
        return entity.noun in UNTITLED
    field = field_at(entity, entity.label_pointer)
    return field is None or field.facet != "title"


def title_pointer(entity: Entity) -> str:
    """Where a record's name stands; none for things known by their text, such as comments."""
    if untitled(entity) or not entity.label_pointer:
        return ""
    field = field_at(entity, entity.label_pointer)
    if entity.label_pointer == entity.id_pointer:
        return entity.label_pointer  # people paste it
    return "" if field is not None and field.facet in ("body", "url", "id") else entity.label_pointer


_OWN_LIST = re.compile(r"/[^/]+/\*/[^/]+")


def owned(entity: Entity, item: Field | Parameter) -> bool:
    """Whether a value is a person's own though it lies in a list: the first of the e-mail addresses of a contact."""
    place = item.pointer if isinstance(item, Field) else item.sets
    listed = entity.person and item.facet in ("person", "email", "phone", "company")
    return listed and _OWN_LIST.fullmatch(place) is not None


def title_in(entity: Entity, record: Mapping[str, Any]) -> str:
    """What a record is called: by its name, or by its id where that is pasted instead; ``""`` if by neither."""
    if addressed(entity):
        return written(signs_in(entity, record))
    pointer = title_pointer(entity)
    whole = [next(iter(values_at(record, one)), None) for one in parts_of_name(entity)]
    if whole and all(isinstance(part, str) and part for part in whole):
        return " ".join(map(str, whole))
    for one in (pointer, entity.id_pointer if pointer and pastes(entity) else ""):
        value = next(iter(values_at(record, one)), None) if one else None
        if isinstance(value, str) and value:
            return value
    return ""


def pastes(entity: Entity) -> bool:
    """Whether the names of records are tags that some lack, whose ids people then paste."""
    return any(selection(step) for step in steps(entity.label_pointer))


def names_tenant(parameter: Parameter) -> bool:
    """Whether an id names the one place the user works in, which the system prompt gives."""
    if parameter.klass == "ambient":
        return bool(parameter.refers) and bool(collections(parameter.schema))
    return parameter.klass == "opaque_id" and parameter.refers.rpartition(".")[2] in TENANTS


def yield_of(tool: Tool, entity: str) -> Yield | None:
    for item in tool.yields:
        if item.entity == entity:
            return item
    return None


def field_at(entity: Entity, pointer: str) -> Field | None:
    return next((item for item in entity.fields if item.pointer == pointer), None)


def _schema_at(schema: object, pointer: str) -> object:
    for step in pointer.split("/")[1:]:
        if not isinstance(schema, Mapping):
            return None
        if step != LAST:
            inside = step == "*" or selection(step)
            schema = schema.get("items") if inside else schema.get("properties", {}).get(step)
        if schema is None:
            return None
    return schema


def id_taken(parameter: Parameter, entity: Entity) -> str:
    """The field of an entity that an argument naming it wants."""
    if entity.id_pointer and collections(parameter.schema):
        return entity.id_pointer
    wanted = plain(parameter.name)
    nouns = {plain(entity.noun), plain(entity.key.split(".")[-1])}
    for item in entity.fields:
        if item.refers == entity.key:
            continue  # a parent's id names the parent
        last = plain(item.pointer.rsplit("/", 1)[-1])
        if item.pointer.count("/") == 1 and (last == wanted or any(noun + last == wanted for noun in nouns)):
            return item.pointer
    if wanted in nouns and parameter.klass == "natural_key" and title_pointer(entity):
        return entity.label_pointer  # the domain of a call is its name, whatever else is its id
    if parameter.facet in ("number_key", "key", "email", "username"):
        for item in entity.fields:
            if item.facet == parameter.facet and item.pointer.count("/") == 1:
                return item.pointer
    if parameter.klass == "natural_key" and plain(entity.id_pointer).endswith("arn"):
        called = title_pointer(entity)
        return called if called and not wanted.endswith("arn") and not pastes(entity) else entity.id_pointer
    return entity.id_pointer


def housekeeping(item: Field) -> bool:
    """Whether a field is about the record's own keeping, which nobody mentions unless asked."""
    return item.facet in ("date_time", "date", "timestamp") and any(
        word in item.phrase.lower() for word in ("creat", "chang", "updat", "modif", "added")
    )


def of_another(entity: Entity, item: Field) -> bool:
    """Whether a field says something of another thing that is shown whole: when the image of a server was made."""
    holder = item.pointer.rpartition("/")[0]
    if not holder or holder[1:] in _WRAPPERS or item.facet in _SALIENT[0]:
        return False
    own = (f"{holder}/{name}" for name in ("id", "uuid", "gid", "slug", "number"))
    return any(field_at(entity, pointer) is not None for pointer in own)


def salient(entity: Entity, shown: frozenset[str]) -> list[Field]:
    """Fields a person cares about, most telling first, at most one of a rank but for people and dates."""
    chosen: list[Field] = []
    for rank in _SALIENT:
        here = [
            item
            for item in entity.fields
            if item.pointer in shown
            and item.facet in rank
            and not housekeeping(item)
            and len(item.phrase.split()) <= 2
            and item.phrase
            and not item.phrase.endswith(" label")  # of something else, by which nobody is told anything
            and ("*" not in item.pointer or owned(entity, item))
            and (item.pointer.count("/") <= _NEAR or item.pointer.split("/")[1] in _WRAPPERS)
            and not of_another(entity, item)
            and not item.pointer.startswith(("/head/", "/base/"))  # where a branch is, not what the record is
        ]
        here.sort(key=_telling)
        chosen.extend(here[:2])
    return chosen


def _telling(item: Field) -> tuple[bool, int, bool, int]:
    part = item.facet in ("amount", "amount_minor") and "total" not in name_words(item.pointer)
    return "end" in item.phrase.split(), item.pointer.count("/"), part, len(item.pointer)


_MEASURES = ("flag", "enum", "amount", "amount_minor", "duration_minutes", "count", "number", "percent")
_SORTS = ("type", "kind", "product", "garment", "treatment", "service", "item", "action", "event",
          "category", "reason", "resource type", "diagnosis", "species", "material", "medication", "vaccine",
          "procedure", "fault", "part")  # fmt: skip


def sort_field(entity: Entity, shown: frozenset[str]) -> Field | None:
    """The field that says what sort of thing a record without a name is, if its records show one."""
    named = {
        " ".join(name_words(item.pointer)): item
        for item in entity.fields
        if item.pointer in shown
        and item.pointer.count("/") == 1
        and item.facet in ("enum", "text", "key", "label")
    }
    return next((named[word] for word in _SORTS if word in named), None)


def tellable(entity: Entity, shown: frozenset[str]) -> bool:
    """Whether fields say enough of records without a name: what each is or how it stands, and when or by whom."""
    told = salient(entity, shown)
    moments = min(2, sum(item.facet in _SALIENT[1] for item in told))  # when it begins and when it ends
    people = any(item.facet in _SALIENT[0] for item in told)
    states = any(item.facet == "enum" and item.phrase in ("status", "state") for item in told)
    measured = any(item.facet in _MEASURES for item in entity.fields if item.pointer in shown)
    sort = sort_field(entity, shown) is not None
    spoken = untitled(entity) and any(item.facet in ("body", "text") for item in entity.fields)
    return bool(moments or people) and moments + people + states + sort + spoken + measured >= 2


def about_person(entity: Entity, shown: frozenset[str]) -> Field | None:
    """The field that says whom a record is from or by, if its records show one."""
    best: tuple[int, Field] | None = None
    for item in entity.fields:
        if (
            item.pointer not in shown
            or item.facet not in ("email", "person", "username")
            or "*" in item.pointer
        ):
            continue
        path = plain(item.pointer)
        for rank, word in enumerate(_ABOUT):
            if word in path and (best is None or rank < best[0]):
                best = (rank, item)
    return best[1] if best else None


def is_folder(record: Mapping[str, Any]) -> bool:
    """Whether a file is one that holds others."""
    return str(record.get("mimeType", "")).endswith("folder")


def noun_of(entity: Entity, record: Mapping[str, Any]) -> tuple[str, str]:
    """What people call one record, and several like it: a drive lists its folders among the files."""
    return (
        ("folder", "folders") if entity.noun == "file" and is_folder(record) else (entity.noun, entity.plural)
    )
