"""Fields of records that point to other records or repeat what those say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import structs

from callsmith.records import Entity, Field
from callsmith.schema import types
from callsmith.understand.addressing import UNSPECIFIC, keyed_by, own_keys
from callsmith.understand.entities import Nouns
from callsmith.understand.leaf import described
from callsmith.understand.references import keyed, refers
from callsmith.understand.shapes import id_words, last_words, words_of
from callsmith.understand.words import singular


def linked(kinds: Sequence[Entity], nouns: Nouns) -> list[Entity]:
    """The entities with each field's ``refers`` and ``projects`` filled."""
    by_key = {entity.key: entity for entity in kinds}
    named = {nouns.key(noun): noun for noun in nouns.drafts}
    keys = own_keys(kinds)
    return [
        structs.replace(
            entity, fields=_in_money(_fields(entity, named.get(entity.key, ""), by_key, keys, nouns))
        )
        for entity in kinds
    ]


Keys = Mapping[tuple[str, ...], Sequence[Entity]]


def _fields(
    entity: Entity, own: str, by_key: Mapping[str, Entity], keys: Keys, nouns: Nouns
) -> tuple[Field, ...]:
    owners: dict[str, str] = {}
    pointed: dict[str, str] = {}
    for field in entity.fields:
        target = _target(field, entity, own, nouns) or _by_name(field, own, by_key, nouns)
        target = target or _by_key(field, entity, keys)
        if target:
            pointed[field.pointer] = target
            words = words_of(field.pointer)
            if len(words) > 1 and _is_bare_id(words[-1]):
                owners[field.pointer.rsplit("/", 1)[0]] = target
    twins = _beside_its_id(entity) | {
        field.pointer
        for field in entity.fields
        if (named_by := by_key.get(pointed.get(field.pointer, ""))) and _name_of(field, named_by)
    }
    result = []
    for field in entity.fields:
        holder = field.pointer.rsplit("/", 1)[0]
        target = pointed.get(field.pointer, "")
        other = by_key.get(target or owners.get(holder, ""))
        copies = ""
        if other is not None and target:
            copies = _same(field, other) if len(words_of(field.pointer)) > 1 else ""
            named = field.facet in ("title", "person") or field.pointer in twins or _called(field, target)
            named = named and not _coded_as(field, other)
            named = named and bool(other.label_pointer)
            copies = copies or (other.label_pointer if named else other.id_pointer)
        elif other is not None:
            target = other.key
            copies = _same(field, other)
            if not copies:
                target = ""
        by_key_alone = bool(target) and keyed(field.schema, field.pointer, own, nouns)
        firm = other is not None and field.facet == "person" and copies == other.label_pointer
        called = bool(target) and (field.pointer in twins or firm)
        facet = "title" if called else "id" if by_key_alone else field.facet
        result.append(structs.replace(field, refers=target, projects=copies, facet=facet))
    return tuple(result)


def _beside_its_id(entity: Entity) -> frozenset[str]:
    """Texts that stand beside the id of what they name: the ``tool`` of a loan that has a ``tool_id`` as well."""
    own = [field for field in entity.fields if field.pointer.count("/") == 1]
    names = {words[-1]: field for field in own if (words := words_of(field.pointer))}
    return frozenset(
        field.pointer
        for words, field in names.items()
        if types(field.schema) == ("string",) and (*words, "id") in names
    )


def _in_money(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """The fields of a record that tells of money, or of what is ordered: its total is a sum of money."""
    if not any(_tells_of_money(field) for field in fields):
        return fields
    return tuple(
        structs.replace(field, facet="amount")
        if field.facet == "number" and (words_of(field.pointer) in _SUMS or _taken(field))
        else field
        for field in fields
    )


_SUMS = ((("total",),), (("grand", "total"),), (("subtotal",),))


_TAKEN = frozenset("sales revenue turnover takings tips income profit wages expenses refunds".split())


def _taken(field: Field) -> bool:
    """Whether a number is what was taken or spent: gross sales, tips; and no count of what was sold."""
    return "number" in types(field.schema) and bool(_TAKEN & {*last_words(field.pointer)[-1:]})


def _tells_of_money(field: Field) -> bool:
    lines = "/*/" in field.pointer and field.pointer.lower().endswith(("quantity", "qty"))
    return field.facet == "currency" and field.pointer.count("/") == 1 or field.facet == "amount" or lines


def _target(field: Field, entity: Entity, own: str, nouns: Nouns) -> str:
    if field.pointer == entity.id_pointer or field.phrase.startswith("IP "):
        return ""  # an address of machines is what it is
    if field.facet not in ("id", "key", "number_key") and not keyed(field.schema, field.pointer, own, nouns):
        return ""
    leaf = described(entity.schema, field.pointer, field.schema)
    noun = refers(field.pointer, leaf.description, own, nouns)
    path = words_of(field.pointer)
    if noun == own and len(path) == 1 and not _parent_like(path[0]):
        # A second identifier of the record itself.
        return ""
    return nouns.key(noun) if noun else ""


def _by_name(field: Field, own: str, by_key: Mapping[str, Entity], nouns: Nouns) -> str:
    """The record that a field such as ``TableName`` names by what it is called; ``""`` for a name of its own."""
    words = last_words(field.pointer)
    noun = " ".join(words[:-1])
    other = by_key.get(nouns.key(noun)) if noun in nouns.drafts else None
    firm = other is not None and not other.person and _by_firm(other)  # the customer_name of a firm's invoice
    facets = ("title", "person") if firm else ("title",)
    if field.facet not in facets or words[-1:] != ("name",) or noun == own or field.pointer.count("/") > 1:
        return ""
    return other.key if other and (firm or last_words(other.label_pointer) in (words, words[-1:])) else ""


def _by_firm(other: Entity) -> bool:
    """Whether records go by the name of a firm."""
    return any(one.pointer == other.label_pointer and one.facet == "company" for one in other.fields)


def _by_key(field: Field, entity: Entity, keys: Keys) -> str:
    """The record of another kind that alone is told apart by a field of this name: the ``sku`` of what is ordered."""
    words = last_words(field.pointer)
    if (
        field.pointer.count("/") != 1
        or field.pointer == entity.id_pointer
        or words in UNSPECIFIC
        or _is_bare_id(words[-1:])
    ):
        return ""
    found = [
        other.key
        for other in keyed_by(words, keys)
        if other.key != entity.key and other.toolkit == entity.toolkit
    ]
    return found[0] if len(found) == 1 else ""


def _parent_like(words: tuple[str, ...]) -> bool:
    return any(
        word in ("parent", "parents", "reply", "recurring", "subtask", "source", "original") for word in words
    )


def _name_of(field: Field, other: Entity) -> bool:
    """Whether a text names a record by what it is called, as the department of an employee where ids are numbers."""
    ids = next((one.schema for one in other.fields if one.pointer == other.id_pointer), {})
    plain = types(field.schema) in (("string",), ("string", "null")) and not field.schema.keys() & _FORMED
    told = plain and bool(other.label_pointer) and "string" not in types(ids or {"type": "string"})
    return told and not any(word in id_words() for word in last_words(field.pointer)[-1:])


_FORMED = {"pattern", "format", "enum"}


def _is_bare_id(words: tuple[str, ...]) -> bool:
    return len(words) == 1 and singular(words[0]) in id_words()


def _called(field: Field, target: str) -> bool:
    """Whether a field called as a record is, and nothing more, holds what people call that record."""
    return field.facet == "key" and last_words(field.pointer) == tuple(target.rpartition(".")[2].split("_"))


_CODE = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*[0-9]*")


def _coded_as(field: Field, other: Entity) -> bool:
    """Whether examples show that a record is named by its code, us-east, and not by what it is called: Newark, NJ."""
    held = {one.pointer: one.schema.get("examples") or () for one in other.fields}
    ids, names = held.get(other.id_pointer, ()), held.get(other.label_pointer, ())
    own = field.schema.get("examples") or ids
    coded = all(isinstance(one, str) and _CODE.fullmatch(one) for one in (*own, *ids))
    return bool(ids and names) and coded and not any(_CODE.fullmatch(str(one)) for one in names)


def _same(field: Field, other: Entity) -> str:
    name = last_words(field.pointer)
    for candidate in other.fields:
        names = words_of(candidate.pointer)
        if len(names) == 1 and names[0] == name:
            return candidate.pointer
    return ""
