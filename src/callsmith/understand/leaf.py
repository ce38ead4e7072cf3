"""A leaf of a schema with what is said about it, and what it is guessed to be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import Struct, structs

from callsmith.catalog import data
from callsmith.records import Json, ParameterClass, Schema
from callsmith.schema import settle, steps
from callsmith.text import says_handle
from callsmith.understand.enumerated import listed
from callsmith.understand.words import singular, tokens

Words = tuple[str, ...]


class Guess(Struct, frozen=True):
    """What a leaf is taken to be."""

    facet: str
    phrase: str
    klass: ParameterClass
    confidence: float
    reasons: tuple[str, ...]


class Leaf(Struct, frozen=True):
    """A leaf with what is said about it, the descriptions of arrays above it included."""

    pointer: str
    schema: Schema
    description: str = ""


@cache
def lexicon() -> Mapping[str, Any]:
    """The lexicon of names and signs."""
    content: Mapping[str, Any] = data.read("understand/facets.yaml")
    return content


def described(root: Schema, pointer: str, leaf: Schema) -> Leaf:
    """A leaf of ``root`` with what describes it: its own description, else that of the array it is in."""
    text = str(leaf.get("description") or "")
    if text or not pointer.endswith("/*"):
        return Leaf(pointer, _chosen(leaf, text), text)
    here: Schema = settle(root)
    for step in steps(pointer):
        text = str(here.get("description") or "")
        inner = here.get("items") if step == "*" else here.get("properties", {}).get(step)
        here = settle(inner) if isinstance(inner, Mapping) else {}
    return Leaf(pointer, _chosen(leaf, text), text)


def _chosen(leaf: Schema, text: str) -> Schema:
    """The leaf with the choices that only its description lists."""
    if not text or leaf.keys() & {"enum", "const", "format", "anyOf", "oneOf"}:
        return leaf
    told: Sequence[Json] = listed(text) if leaf.get("type") in ("string", "integer", None) else ()
    if leaf.get("type") == "integer":
        told = [int(str(one)) for one in told] if all(str(one).isdigit() for one in told) else ()
    return {**leaf, "enum": list(told)} if told else leaf


_UNITS = frozenset("hours minutes seconds days weeks months years gb mb gib mib percent km kg".split())


def in_unit(leaf: Leaf) -> bool:
    """Whether a name ends in what is counted: twelve hours are so many hours, though only a few numbers are allowed."""
    return bool({*tokens(leaf.pointer)[-1:]} & _UNITS)


def choices(schema: Schema) -> list[Json]:
    """The values an enumeration or constant allows, null apart."""
    if "const" in schema:
        return [schema["const"]]
    listed = schema.get("enum")
    return [value for value in listed if value is not None] if isinstance(listed, list) else []


@cache
def persons() -> frozenset[str]:
    """Nouns of people: what bears a name that is a person's."""
    words = data.read("catalog/lexicon/persons.yaml")
    known = {*words["served"], *words["staff"]} - {*words["both"]}
    return frozenset([*lexicon()["holders"]["person"], *(noun.replace("_", " ") for noun in known)])


def names_person(leaf: Leaf) -> bool:
    """Whether one of the words of a leaf's name is a noun of people."""
    words = (singular(word) for step in steps(leaf.pointer) for word in tokens(step))
    return any(word in persons() for word in words)


def signed_in_by(found: Guess, leaf: Leaf) -> Guess:
    """What an argument holds that names somebody, where its description says that this is by what they sign in."""
    named = found.facet in ("person", "") and says_handle(leaf.description)
    return structs.replace(found, facet="username", klass="natural_key") if named else found


@cache
def bearers() -> frozenset[str]:
    """What fields that name a person are called: renter, composer."""
    words = data.read("catalog/lexicon/persons.yaml")
    known = [*words["served"], *words["staff"], *words["bearers"], *words["makers"]]
    return frozenset(noun.replace("_", " ") for noun in known)


@cache
def named() -> frozenset[str]:
    """What stands before "name" where the name is a person's: holder name."""
    words = data.read("catalog/lexicon/persons.yaml")
    return persons() | bearers() - frozenset(words["nameless"])


def elsewhere(path: Sequence[Words], own: str, nouns: Collection[str]) -> bool:
    """Whether a name that people bear is that of a thing here: the coach of a train."""
    things = data.read("catalog/lexicon/persons.yaml")["elsewhere"].get(" ".join(path[-1]), ())
    return bool({*things} & {own, *own.split(" "), *nouns})


@cache
def deeds() -> frozenset[str]:
    """What people do, as it stands before "by", where it does not end in -ed: read, taken."""
    return frozenset(data.read("catalog/lexicon/persons.yaml")["deeds"])


@cache
def unsaid() -> frozenset[str]:
    """Those of ``bearers`` that name machines and accounts as often as people."""
    return frozenset(data.read("catalog/lexicon/persons.yaml")["unsaid"])
