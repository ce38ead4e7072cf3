"""What a record is called by: its title or name, the first of its names, the last part of a path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callsmith.catalog import data
from callsmith.catalog.persons import of_firms
from callsmith.catalog.sorts import sort_of
from callsmith.records import Field, Schema
from callsmith.schema import LAST, collections, settle, steps, types
from callsmith.text import shown_coded
from callsmith.understand.leaf import persons
from callsmith.understand.shapes import id_words, last_words, properties, words_of
from callsmith.understand.words import singular, tokens

Words = tuple[str, ...]

_SAID_ALOUD = frozenset(
    ["description", "comment", "body", "text", "content", "snippet", "email", "email address"]
)
_REACHED = ("ip", "ip address", "hostname", "host name", "fqdn", "device name", "address")
_CALLING = ("title", "file_name", "body", "text", "label", "person", "enum", "company", "email", "place")


def _taught(noun: str) -> bool:
    """Whether the subject of such a thing is one that is taught, as that of an exam."""
    found = sort_of(("subject",), noun)
    return found is not None and not found.by


_OF_FIRMS = (("company", "name"), ("business", "name"), ("firm", "name"), ("trading", "name"))
_FIRMS = ("supplier", "vendor", "manufacturer", "distributor", "wholesaler", "carrier", "producer", "dealer")
_BUYERS = ("customer", "client", "account", "tenant", "partner", "subscriber", "lead", "prospect", "merchant",
           "organization", "organisation", "company", "sponsor", "exhibitor", "employer")  # fmt: skip


_OTHERS = {
    "loan",
    "claim",
    "order",
    "request",
    "report",
    "case",
    "condition",
    "movement",
    "transfer",
    "valuation",
}


def _label_pointer(fields: Sequence[Field], id_pointer: str, noun: Words) -> str:
    best, chosen = None, ""
    ranking = {name: place for place, name in enumerate(data.read("understand/nouns.yaml")["titles"])}
    named = any(one.facet == "title" and one.pointer in ("/name", "/title") for one in fields)
    bought = (
        noun[-1:] and noun[-1] in _BUYERS and of_firms({"_".join(last_words(one.pointer)) for one in fields})
    )
    for one in fields:
        names = words_of(one.pointer)
        if "/*" in one.pointer or len(names) > 2 or (one.pointer == id_pointer and one.facet != "title"):
            continue
        last = last_words(one.pointer)
        if last[: len(noun)] == noun:
            last = last[len(noun) :]  # dealname of a deal
        elif len(noun) > 1 and last[-1:] == ("name",) and last[:-1] in (noun[:1], noun[-1:]):
            last = last[-1:]  # the KeyName of a key pair, the GroupName of a security group
        elif last == ("object", "name") and not {*noun[-1:]} & _OTHERS:
            last = last[-1:]  # of a find, a loan to a museum is of an object
        elif last in _OF_FIRMS and noun[-1:] and (noun[-1] in _FIRMS or bought):
            last = last[-1:]  # the company name of a supplier, and of a customer who is no person
        place = ranking.get(" ".join(last) or "name")  # the tag of a tag, the ip of a floating ip
        if place is None or one.facet not in _CALLING:
            continue
        if one.facet == "enum" and last and last[-1] in ("content", "body", "text"):
            continue  # one of a few reactions
        if one.facet == "enum" and one.schema.get("enum") and last != ("name",):
            continue  # a sort that many records share names none of them
        taught = last[-1:] == ("subject",) and bool(noun) and _taught(" ".join(noun))
        if last and last[-1] == "subject" and (named or taught or noun and " ".join(noun[-1:]) in persons()):
            continue  # what a teacher teaches, what a course is in
        if len(names) > 1 and not _is_wrapper(one.pointer) and names[0] != (*noun[-1:], "info"):
            continue
        mark = (len(names), place, len(last_words(one.pointer)))  # its name before its reviewer name
        if best is None or mark < best:
            best, chosen = mark, one.pointer
    return chosen


def labelled(fields: Sequence[Field], id_pointer: str, noun: Words, schema: Schema) -> str:
    """What a record is called by: its title or name; what it is told apart by, where that is a name or is pasted."""
    found = _label_pointer(fields, id_pointer, noun)
    if not found or last_words(found)[-1:] in (("email",), ("address",), ("nickname",), ("description",)):
        person = _person_named(fields)
        stands = "" if last_words(found)[-1:] == ("description",) else _stands_at(schema, noun)
        if person and _beside(person, noun, schema) and (stands or _pasted(id_pointer, schema)):
            person = ""
        # Miriam Hoffmann, not miriam.hoffmann@kestrel.example
        found = _first_name(fields) or person or stands or found
    if last_words(found)[-1:] in (("headline",), ("summary",), ("bio",)):
        told = [one.pointer for one in fields if last_words(one.pointer)[-1:] == ("title",)]
        titled = [
            one for one in told if one[1:] in schema.get("required", ()) and "job" not in last_words(one)
        ]
        found = _first_name(fields) or "".join(titled[:1]) or found  # Zara Butt, and not what she is
    if not found or " ".join(last_words(found)) in (*_SAID_ALOUD, *_REACHED):
        found = _tagged(schema) or found
    body = next((one for one in fields if one.pointer == found and one.facet in ("body", "text")), None)
    if body is not None and last_words(id_pointer) in (("key",), ("name",), ("path",)):
        return id_pointer  # an object in a bucket is called by its key, not by what is in it
    if not found and noun[-1:] in (("var",), ("variable",), ("env",)) and "key" in properties(schema):
        return "/key"  # an environment variable is called by its key
    return found or _titled(fields) or _of_which(fields, noun) or _pasted(id_pointer, schema)


def _person_named(fields: Sequence[Field]) -> str:
    """The name of the one person that a record is of: a booking goes by its booker."""
    named = [
        one.pointer
        for one in fields
        if one.facet == "person" and one.pointer.count("/") == 1 and last_words(one.pointer)[-1:] == ("name",)
    ]
    return named[0] if len(named) == 1 else ""


def _beside(pointer: str, noun: Words, schema: Schema) -> bool:
    """Whether a person only has to do with a record, which is not theirs: the landlord of a flat, a van's driver."""
    words, of = data.read("catalog/lexicon/persons.yaml"), last_words(pointer)
    if (
        pointer[1:] in schema.get("required", ())
        or noun[-1:]
        and noun[-1] in (*words["booked"], *words["asked"])
    ):
        return False
    return bool({*of} & {*words["beside"]}) or _stands_at(schema, noun)[1:].partition("/")[0] in schema.get(
        "required", ()
    )


_LINES = (("street", "address"), ("address", "line", "1"), ("line", "1"), ("line1",), ("street",), ("line",))


def _stands_at(schema: Schema, noun: Words) -> str:
    """Where the address of a place is written, which people call it by; "" for what is no place."""
    if noun[-1:] and noun[-1] in persons():
        return ""
    for name, held in properties(schema).items():
        if tokens(name) not in (("address",), (*noun, "address"), (*noun[-1:], "address")):
            continue
        inside = {tokens(part): part for part in properties(settle(held))}
        line = next((inside[words] for words in _LINES if words in inside), "")
        return f"/{name}/{line}" if line else "" if inside else f"/{name}"
    return ""


def _titled(fields: Sequence[Field]) -> str:
    """The one title among the fields, whatever it is the title of: a performance goes by that of its show."""
    titles = [one.pointer for one in fields if one.facet == "title" and one.pointer.count("/") == 1]
    last = last_words(titles[0]) if titles else ()
    return titles[0] if len(titles) == 1 and last[-1:] == ("title",) and "job" not in last else ""


def _of_which(fields: Sequence[Field], noun: Words) -> str:
    """The name of the one thing that a loan, a booking or the like is of."""
    if not {*noun[-1:]} & _DEALINGS:
        return ""
    named = [
        one.pointer
        for one in fields
        if one.pointer.count("/") == 1 and one.facet == "title" and last_words(one.pointer)[-1:] == ("name",)
    ]
    return named[0] if len(named) == 1 else ""


_DEALINGS = frozenset(
    [
        "loan",
        "rental",
        "hire",
        "booking",
        "reservation",
        "hold",
        "checkout",
        "lease",
        "charter",
        "appointment",
    ]
)


def last_part(label: str, id_pointer: str, schema: Schema) -> Field | None:
    """The last part of a record's path as its name, where it has no other."""
    held = properties(schema).get(id_pointer[1:], {}) if id_pointer else {}
    named = label not in ("", id_pointer) and " ".join(last_words(label)) not in _SAID_ALOUD
    if named or not isinstance(held, Mapping) or not collections(held):
        return None
    return Field(pointer=f"{id_pointer}/{LAST}", facet="title", phrase="name", schema={"type": "string"})


def _first_name(fields: Sequence[Field]) -> str:
    """Where somebody's first name stands whose last name stands beside it; ``""`` where a record has not both."""
    parts = data.read("language/en/relating.yaml")["names"]
    own = {"".join(last_words(one.pointer)): one.pointer for one in fields if len(steps(one.pointer)) == 1}
    found = [next((own[word] for word in words if word in own), "") for words in parts]
    return found[0] if all(found) else ""


def borne(fields: Sequence[Field]) -> str:
    """Where a person's name stands that lies in a list of names: in its first element."""
    for one in fields:
        path = steps(one.pointer)
        if one.facet == "person" and len(path) == 3 and path[1] == "*" and tokens(path[0])[-1:] == ("names",):
            return one.pointer
    return ""


def _tagged(schema: Schema) -> str:
    """Where a name lies among tags that are pairs of key and value: under ``Name``, by custom; ``""`` without."""
    for name, held in properties(schema).items():
        inner = properties(settle(settle(held).get("items") or {}))
        keys = {tokens(part)[-1:]: part for part in inner}
        if (
            singular(tokens(name)[0] if tokens(name) else "") == "tag"
            and {("key",), ("value",)} <= keys.keys()
        ):
            return f"/{name}/*{keys[('key',)]}=Name/{keys[('value',)]}"
    return ""


def own_name(pointer: str, noun: Words) -> bool:
    """Whether a label is called the name of the record, and of nothing else."""
    words = last_words(pointer) if pointer and "*" not in pointer else ()
    return words in (("name",), ("title",), (*noun, "name"), (*noun, "title"))


def _is_wrapper(pointer: str) -> bool:
    return steps(pointer)[0] in (
        "fields",
        "properties",
        "attributes",
        "data",
        "profile",
        "text",
        "snippet",
        "spec",
    )


def _pasted(id_pointer: str, schema: Schema) -> str:
    """The identifier as what a record is called by, where it has no name and people paste that: an order's number.

    What a machine made up, nobody says.
    """
    named = last_words(id_pointer) if id_pointer else ()
    held = settle(properties(schema).get(id_pointer[1:], {}))
    pasted = (len(named) > 1 and named[-2:] != ("resource", "name")) or named in (("sha",), ("ip",))
    pasted = pasted and named[-1] not in id_words() or shown_coded(held)
    return id_pointer if pasted and "string" in types(held) else ""
