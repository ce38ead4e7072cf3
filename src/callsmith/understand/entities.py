"""The kinds of record a toolkit's tools share: their nouns, their full schemas, what people call them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct, field, structs

from callsmith.catalog import data
from callsmith.catalog.persons import is_person
from callsmith.records import Entity, Field, Schema, Tool
from callsmith.schema import leaves, types
from callsmith.understand.facets import guess
from callsmith.understand.labels import borne, labelled, last_part, own_name
from callsmith.understand.leaf import Guess, described
from callsmith.understand.naming import Reading, own_words, sign
from callsmith.understand.prose import told
from callsmith.understand.shapes import (
    Shape,
    has_id,
    id_words,
    last_words,
    merged,
    nested,
    numbered_by,
    properties,
    shapes,
    title_words,
)
from callsmith.understand.words import plural, singular, tokens

Words = tuple[str, ...]


class Draft(Struct):
    """An entity while it is put together."""

    words: Words
    schemas: list[Schema]
    scope: list[str] = field(default_factory=list)  # entity keys that arguments name to reach a record
    parent: str = ""
    chain: tuple[str, ...] = ()  # what names of such records lead through: projects, topics
    chosen: bool = False  # whoever makes such a record chooses the last part of its name
    unshown: bool = False  # names of other records lead through it, and that is all that is known of it

    @property
    def noun(self) -> str:
        """The noun in the names of tools."""
        return " ".join(self.words)


class Nouns(Struct, frozen=True):
    """The entities of one toolkit by noun."""

    toolkit: str
    drafts: dict[str, Draft]
    made_as: Mapping[str, str] = {}  # what tools that make a record call it, where that is another noun
    paths: Mapping[str, str] = {}  # by noun: the field by which paths name such a record

    def key(self, noun: str) -> str:
        """The entity key of a noun."""
        return f"{self.toolkit}.{noun.replace(' ', '_')}"

    def people(self) -> frozenset[str]:
        """The nouns whose records are people, as what is noted of them tells."""
        return frozenset(noun for noun, draft in self.drafts.items() if _person(draft))

    def places(self) -> dict[str, tuple[object, ...]]:
        """What the records of each noun lie in, as far as is known."""
        return {noun: (draft.parent, *draft.scope, draft.chain) for noun, draft in self.drafts.items()}

    def known(self) -> frozenset[str]:
        """Every noun and what else it is called, for reading names of parameters."""
        others = [word for word, entry in lexicon()["nouns"].items() if entry.get("of") in self.drafts]
        return frozenset([*self.drafts, *others])


def _person(draft: Draft) -> bool:
    names = {"_".join((*words[:-1], singular(words[-1]))) for schema in draft.schemas
             for name in schema.get("properties", {}) if (words := tokens(name))}  # fmt: skip
    return is_person("_".join(draft.words), names)


@lru_cache(maxsize=1)
def lexicon() -> Mapping[str, Any]:
    """The lexicon of nouns."""
    content: Mapping[str, Any] = data.read("understand/nouns.yaml")
    return content


def canonical(words: Words) -> Words:
    """The noun under its chief name: pull -> pull request."""
    entry = lexicon()["nouns"].get(" ".join(words), {})
    chief = entry.get("of")
    return tuple(chief.split(" ")) if chief and chief != " ".join(words) else words


def subjects(tools: Sequence[Tool], readings: Sequence[Reading]) -> list[Words]:
    """The noun each tool's name is about, compounds reduced to the noun that other tools use."""
    nouns = [canonical(reading.noun) for reading in readings]
    singles = {noun for noun in nouns if noun}
    for reading in readings:
        singles.update(canonical(words) for words in (reading.holder, reading.place) if words)
    titles = [_returned_title(tool, noun) for tool, noun in zip(tools, nouns, strict=True)]
    apart = {"".join(title): title for title in titles if len(title) > 1}
    nouns = [
        canonical(reading.last) if title and reading.last and title[-1] == reading.last[-1] else noun
        for noun, title, reading in zip(nouns, titles, readings, strict=True)
    ]
    nouns = [apart.get("".join(noun), noun) for noun in nouns]  # a tasklist is a TaskList
    singles.update(title for title in titles if title)
    known = {title for title in titles if len(title) > 1}
    nouns = [_ended(tool, noun, known) for tool, noun in zip(tools, nouns, strict=True)]
    whole = _whole(tools, titles)
    nouns = [whole.get(noun, noun) for noun in nouns]
    result = []
    for noun, title in zip(nouns, titles, strict=True):
        if not noun and title:
            noun = canonical(title)
        # What records are called is no compound of other nouns: a contact group is no group of contacts.
        result.append(noun if noun in titles else _reduced(noun, singles, title))
    return result


def _ended(tool: Tool, noun: Words, titles: Collection[Words]) -> Words:
    """The noun with the last word of what records are called, where the name says that: a record of domains."""
    last = singular(own_words(tool)[-1]) if own_words(tool) else ""
    longer = (*noun, last)
    return longer if noun and last != noun[-1] and longer in titles else noun


def _whole(tools: Sequence[Tool], titles: Sequence[Words]) -> dict[Words, Words]:
    """Nouns that lost the toolkit's name, with it, where the records are called so: leave requests."""
    own = {tokens(tool.toolkit) for tool in tools}
    return {title[len(words) :]: title for title in titles for words in own if title[: len(words)] == words}


def _returned_title(tool: Tool, noun: Words) -> Words:
    found = shapes(tool.returns, noun)
    return canonical(title_words(found[0].schema) or found[0].called) if found else ()


def _reduced(noun: Words, singles: set[Words], title: Words) -> Words:
    for start in range(1, len(noun)):
        rest, before = canonical(noun[start:]), canonical(noun[:start])
        if rest in singles and (before in singles or title == rest):
            return rest
        if before in singles and " ".join(rest) in sign("nothing"):
            return before  # get_order_status is about an order
    return noun


def agrees(shape: Shape, noun: Words) -> bool:
    """Whether a result's records are of the noun, as far as their names tell."""
    called = canonical(shape.called)
    if not called or not noun or called[-1] == noun[-1]:
        return True
    rest = called[len(noun) :]
    form = all(word in lexicon()["forms"] for word in rest)  # the configuration of a public access block
    own = form or has_id(shape.schema, noun) or _numbered(shape.schema, called)
    return called[: len(noun)] == noun and own


def _numbered(schema: Schema, called: Words) -> bool:
    """Whether records bear a number of their own: the ``ticket_no`` of a fault ticket."""
    return any(numbered_by(tokens(name)) in (called, called[-1:]) for name in properties(schema))


def _wraps(schema: Schema, noun: Words) -> bool:
    """Whether an object without an identity only holds the record, under its name, beside how asking for it went."""
    inside = properties(schema)
    return not has_id(schema, noun) and any(
        tokens(name) == noun and has_id(inner) for name, inner in inside.items()
    )


def drafts(toolkit: str, tools: Sequence[Tool], nouns: Sequence[Words], readings: Sequence[Reading]) -> Nouns:
    """Entities from what tools return."""
    found: dict[str, Draft] = {}
    known = {*nouns, *(canonical(words) for one in readings for words in (one.holder, one.place) if words)}
    for tool, noun, reading in zip(tools, nouns, readings, strict=True):
        if not noun or " ".join(noun) in sign("nothing"):
            continue
        for shape in shapes(tool.returns, noun):
            if _wraps(shape.schema, noun):
                continue
            telling = has_id(shape.schema, noun) or len(properties(shape.schema)) > 2
            if agrees(shape, noun) and (telling or _part(tool, reading, shape, noun, known)):
                found.setdefault(" ".join(noun), Draft(noun, [])).schemas.append(shape.schema)
    return Nouns(toolkit, found)


def _part(tool: Tool, reading: Reading, shape: Shape, noun: Words, known: set[Words]) -> bool:
    """Whether a small result is a part of the record that the arguments name and the noun begins with."""
    asked = reading.verb is not None and reading.verb.effect == "read" and not shape.many
    needed = [tokens(name) for name in tool.parameters.get("required", ())]
    named = [
        canonical(words[:-1] if singular(words[-1]) in id_words() else words) for words in needed if words
    ]
    within = [words for words in named if words in known and words != noun]
    if not asked or not within or len(within) != len([words for words in named if words]):
        return False
    return (
        noun[: len(within[-1])] == within[-1] or bool(reading.holder) and canonical(reading.holder) in known
    )


def embedded(nouns: Nouns, wanted: Sequence[Words]) -> None:
    """Add entities that only occur inside other records, for those nouns that parameters refer to."""
    missing = [words for words in wanted if " ".join(words) not in nouns.drafts]
    inside = (
        _inside([schema for draft in nouns.drafts.values() for schema in draft.schemas]) if missing else {}
    )
    for words in missing:
        found = [inner for inner in inside.get(words, ()) if has_id(inner, words)]
        if found and " ".join(words) not in nouns.drafts:
            nouns.drafts[" ".join(words)] = Draft(words, found)


def _inside(schemas: Sequence[Schema]) -> dict[Words, list[Schema]]:
    """Objects inside records by what they are called."""
    found: dict[Words, list[Schema]] = {}
    for schema in schemas:
        for pointer, _, inner in nested(schema):
            called = canonical(title_words(inner)) or _singular_step(pointer)
            found.setdefault(called, []).append(inner)
    return found


def _singular_step(pointer: str) -> Words:
    words = last_words(pointer)
    return (*words[:-1], singular(words[-1])) if words else ()


def full_schema(draft: Draft) -> dict[str, Any]:
    """The merge of all schemas of an entity, the fullest first."""
    ordered = sorted(draft.schemas, key=lambda schema: -len(properties(schema)))
    schema: dict[str, Any] = {"type": "object", "properties": {}}
    for index, other in enumerate(ordered):
        schema = dict(other) if index == 0 else merged(schema, other)
    return schema


def entity_of(
    nouns: Nouns,
    draft: Draft,
    known: Collection[str],
    id_name: str,
    pattern: str = "",
    *,
    people: Collection[str] = (),
    chosen: bool = False,
) -> Entity:
    """The finished entity.

    ``known`` are the toolkit's nouns, ``people`` those whose records are people, ``id_name`` names the field tools
    address it by, ``pattern`` is what arguments that name it look like, and ``chosen`` says that whoever makes one
    gives its identifier.
    """
    whole = full_schema(draft)
    id_pointer = _id_pointer(draft.words, whole, "" if _of_an_answer(draft, id_name) else id_name)
    schema: Schema = _identified(whole, id_pointer, pattern)
    guesses = [
        (at, leaf, guess(described(schema, at, leaf), known, draft.noun, record=True, people=people))
        for at, leaf, _ in leaves(schema)
    ]
    guesses = _said(guesses, id_pointer if id_name else "")
    if (guesses := _headed(guesses, draft.words)) and chosen:
        guesses = [
            (at, leaf, structs.replace(found, facet="title", phrase="name") if at == id_pointer else found)
            for at, leaf, found in guesses
        ]
    schema = told(schema, guesses)
    fields = _fields(guesses)
    label = borne(fields) or labelled(fields, id_pointer, draft.words, schema)
    last = last_part(label, id_pointer, schema) if draft.chosen else None
    if last:
        label, fields = last.pointer, (*fields, last)
    say, many = _spoken_of(nouns, draft, schema)
    return Entity(
        key=nouns.key(draft.noun),
        toolkit=nouns.toolkit,
        noun=say,
        plural=many,
        schema=schema,
        id_pointer=id_pointer,
        label_pointer=id_pointer if chosen and not last and not own_name(label, draft.words) else label,
        fields=fields,
        parent=draft.parent,
        person=draft.noun in people,
    )


def _spoken_of(nouns: Nouns, draft: Draft, schema: Schema) -> tuple[str, str]:
    called = nouns.made_as.get(draft.noun)
    return (called, plural(called)) if called else spoken(draft.words, schema)


def _fields(guesses: Sequence[tuple[str, Schema, Guess]]) -> tuple[Field, ...]:
    return tuple(
        Field(pointer=pointer, facet="count", phrase="limit", schema=leaf) if found.facet == "limit"
        else Field(pointer=pointer, facet=found.facet, phrase=found.phrase, schema=leaf)
        for pointer, leaf, found in guesses
        if pointer
    )  # fmt: skip


def _said(guesses: list[tuple[str, Schema, Guess]], id_pointer: str) -> list[tuple[str, Schema, Guess]]:
    """The field by which tools name a record, as what people say: the number of an order, the plate of a car."""
    unclear = ("text", "number", "count", "enum", "number_key", "place")
    facets = {"integer": "number_key", "string": "key"}
    return [
        (at, leaf, structs.replace(found, facet=facets[kind], klass="natural_key"))
        if at == id_pointer and found.facet in unclear and (kind := next(iter(types(leaf)), "")) in facets
        else (at, leaf, found)
        for at, leaf, found in guesses
    ]


_DESCRIBED = frozenset("expense purchase spending transaction chore errand income entry outlay".split())


def _headed(guesses: list[tuple[str, Schema, Guess]], noun: Words) -> list[tuple[str, Schema, Guess]]:
    """Where nothing is called a title, content beside a description is one: what a task is called.

    What an expense was for is all that it is called.
    """
    tops = {pointer: found for pointer, _, found in guesses if pointer.count("/") == 1}
    if "/label" in tops and not any(found.facet in ("title", "file_name") for found in tops.values()):
        named = structs.replace(tops["/label"], facet="title", phrase="name", klass="content")
        return [(pointer, leaf, named if pointer == "/label" else found) for pointer, leaf, found in guesses]
    if any(found.facet in ("title", "file_name", "person") for found in tops.values()):
        return guesses
    described = noun[-1:] and noun[-1] in _DESCRIBED
    head = "/description" if described else "/content"
    if head not in tops or not described and not {"/description", "/notes", "/details"} & tops.keys():
        return guesses
    headed = structs.replace(tops[head], facet="title", phrase="name")
    return [(pointer, leaf, headed if pointer == head else found) for pointer, leaf, found in guesses]


def spoken(words: Words, schema: Schema) -> tuple[str, str]:
    """The noun and plural people use for such a record."""
    entry = lexicon()["nouns"].get(" ".join(words), {})
    say = entry.get("say", "")
    if say and entry.get("where"):
        fields = {" ".join(tokens(name)) for name in properties(schema)}
        if not fields & set(entry["where"]):
            say = ""
    noun = say or " ".join(words)
    return noun, entry.get("plural") or plural(noun)


def _identified(schema: dict[str, Any], id_pointer: str, pattern: str) -> dict[str, Any]:
    """The schema whose identifier looks as arguments say it does, where it does not say so itself."""
    held = properties(schema).get(id_pointer[1:]) if id_pointer else None
    if not pattern or not isinstance(held, Mapping) or "pattern" in held or types(held) != ("string",):
        return schema
    return {**schema, "properties": {**schema["properties"], id_pointer[1:]: {**held, "pattern": pattern}}}


def _of_an_answer(draft: Draft, id_name: str) -> bool:
    """Whether only a small answer repeats the argument that names a record, which goes by its id in full."""
    fullest = max(draft.schemas, key=lambda schema: len(properties(schema)), default={})
    names = {tokens(name) for name in properties(fullest)}
    return ("id",) in names and tokens(id_name) not in names


def _id_pointer(words: Words, schema: Schema, id_name: str) -> str:
    names = {tokens(name): name for name in properties(schema)}
    if id_name and tokens(id_name) in names:
        return f"/{names[tokens(id_name)]}"
    for word in ("id", "gid", "uid", "uuid", "sid", "identifier", "arn", "pk"):
        for key in ((word,), (*words, word), (words[-1], word)):
            if key in names:
                return f"/{names[key]}"
    read_off = lexicon()["read_off"]
    ends = [(*before, *end.split(" ")) for end in read_off["ends"] for before in (words, words[-1:])]
    singles = [tuple(name.split(" ")) for name in (*read_off["alone"], "name", "ip")]
    for key in (("resource", "name"), ("uri",), ("key",), ("number",), ("slug",), *ends, *singles):
        if key in names:
            return f"/{names[key]}"
    return next(
        (f"/{name}" for key, name in names.items() if numbered_by(key) == title_words(schema)[-1:] != ()), ""
    )
