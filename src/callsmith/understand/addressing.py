"""Which argument names the record a tool works on, and by which of its fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import structs

from callsmith.records import Entity, Field, Parameter, Tool
from callsmith.schema import collections, types
from callsmith.understand.entities import Nouns
from callsmith.understand.leaf import persons
from callsmith.understand.relations import key_field
from callsmith.understand.shapes import numbered_by, words_of
from callsmith.understand.words import singular, tokens


def by_label(inputs: tuple[Parameter, ...], entity: Entity) -> tuple[tuple[Parameter, ...], str]:
    """Where no identifier names the record, a required argument that is its label or the like does."""
    telling = [field for field in entity.fields if field.pointer == entity.label_pointer
               or (field.facet in ("email", "phone", "username", "key") and field.pointer.count("/") == 1)]  # fmt: skip
    for place, parameter in enumerate(inputs):
        if not parameter.required or parameter.refers:
            continue
        for field in telling:
            if words_of(field.pointer)[-1:] == words_of(parameter.pointer)[-1:] or _own(
                parameter, field, entity
            ):
                why = f"it says which {entity.noun} by {field.pointer}"
                return _naming(inputs, place, entity, why)
    return inputs, ""


def begun(inputs: tuple[Parameter, ...], entity: Entity) -> tuple[tuple[Parameter, ...], str]:
    """Which of what is there a tool starts: by an id that it needs, or by a list of names, as of streams."""
    if mine := id_field([p for p in inputs if p.required], entity, "act"):
        return inputs, mine
    label = words_of(entity.label_pointer)[-1:]
    for place, parameter in enumerate(inputs):
        words = words_of(parameter.pointer)[-1:]
        several = parameter.required and parameter.pointer.endswith("/*") and not parameter.refers
        if several and label and words and (*words[0][:-1], singular(words[0][-1])) == label[0]:
            why = f"it says which {entity.plural} by {entity.label_pointer}"
            return _naming(inputs, place, entity, why)
    return inputs, ""


def _naming(
    inputs: tuple[Parameter, ...], place: int, entity: Entity, why: str
) -> tuple[tuple[Parameter, ...], str]:
    """The arguments, the one at a place naming the record."""
    named = structs.replace(
        inputs[place], klass="natural_key", refers=entity.key, sets="", confidence=0.75,
        reasons=(*inputs[place].reasons, why),
    )  # fmt: skip
    return (*inputs[:place], named, *inputs[place + 1 :]), named.pointer


def _own(parameter: Parameter, field: Field, entity: Entity) -> bool:
    """Whether an argument gives the field with the noun before it: the ``secret_name`` of a secret."""
    words, noun = tokens(parameter.name), tokens(entity.key.rpartition(".")[2])
    return field.pointer == entity.label_pointer and words == (*noun, *tokens(field.pointer))


# Verbs of using for a time what is there: the berth that is named is booked, none is made.
TAKING = ("book", "reserve", "rent", "hire", "borrow", "lease", "check out", "charter")


def id_field(inputs: Sequence[Parameter], entity: Entity, effect: str) -> str:
    """The argument that names the record acted on: required before optional, its plain id before others."""
    best: tuple[tuple[bool, bool, bool], str] | None = None
    for parameter in inputs:
        its_own = parameter.sets == entity.id_pointer and effect in ("update", "act", "delete")
        if parameter.refers != entity.key or parameter.facet == "owner" or (parameter.sets and not its_own):
            continue
        if "*" in parameter.pointer and effect == "create":
            continue
        named = key_field(parameter, entity, ()) == entity.id_pointer
        mark = (not parameter.required, not named, "*" in parameter.pointer)
        if best is None or mark < best[0]:
            best = (mark, parameter.pointer)
    if best is None or (effect == "create" and best[0][0]):
        return ""
    return best[1]


def addressed(drafts: Sequence[Tool], kinds: Mapping[str, Entity], nouns: Nouns) -> dict[str, str]:
    """For each noun the name of the field that most arguments naming such a record give."""
    votes: dict[str, dict[str, int]] = {}
    by_key = {nouns.key(noun): noun for noun in kinds}
    for tool in drafts:
        for parameter in tool.inputs:
            noun = by_key.get(parameter.refers, "")
            if not noun or parameter.facet == "owner":
                continue
            pointer = key_field(parameter, kinds[noun], (noun,))
            if pointer.count("/") == 1 and parameter.facet in ("id", "key", "number_key", "repo", "url"):
                weight = (
                    9 if collections(parameter.schema) else 2 if parameter.pointer == tool.id_field else 1
                )
                votes.setdefault(noun, {}).setdefault(pointer[1:], 0)
                votes[noun][pointer[1:]] += weight
    return {noun: max(sorted(count), key=lambda name: count[name]) for noun, count in votes.items()}


_GIVEN_OUT = ("uuid", "guid", "uid", "number", "arn", "token")  # what no person makes up


def chosen(tools: Sequence[Tool], kinds: Mapping[str, Entity]) -> frozenset[str]:
    """The nouns of records whose identifier whoever makes one has to give: it is what people call it."""
    by_key = {entity.key: (noun, entity) for noun, entity in kinds.items()}
    found: set[str] = set()
    for tool in tools:
        noun, entity = by_key.get(tool.entity, ("", None))
        if entity is None or tool.verb != "create" or not entity.id_pointer:
            continue
        plainly = tokens(tool.name)[-len(noun.split(" ")) :] == tuple(noun.split(" "))
        for parameter in tool.inputs if plainly else ():
            same = tokens(parameter.name) == tokens(entity.id_pointer)
            own = same and parameter.refers == entity.key and parameter.required
            made_up = types(parameter.schema) == ("string",) and "format" not in parameter.schema
            if own and made_up and parameter.pointer.count("/") == 1:
                found.update([noun] if tokens(parameter.name)[-1] not in _GIVEN_OUT else [])
    return frozenset(found)


def keyed_apart(inputs: Sequence[Parameter], entity: Entity | None, effect: str) -> tuple[Parameter, ...]:
    """The arguments of a tool that makes a record, where whoever makes it gives it a name and a key besides."""
    named = entity is not None and any(p.sets == entity.label_pointer != "" for p in inputs)
    if entity is None or effect != "create" or not named or entity.label_pointer == entity.id_pointer:
        return tuple(inputs)
    own = tokens(entity.id_pointer)
    return tuple(
        structs.replace(p, refers="", sets=entity.id_pointer, phrase="key")
        if p.refers == entity.key and p.facet == "key" and p.required and tokens(p.name) == own
        else p
        for p in inputs
    )


def christened(parameter: Parameter, entity: Entity) -> Parameter:
    """The argument that names what is made, as what the new record will be called."""
    return structs.replace(
        parameter,
        facet="title",
        refers="",
        sets=entity.label_pointer,
        phrase="name",
        reasons=(*parameter.reasons, f"it is what the new {entity.noun} will be called"),
    )


def same_everywhere(tools: Sequence[Tool]) -> dict[str, str]:
    """Arguments that are names people say wherever they are described well: name -> what they refer to.

    Descriptions of one argument differ from tool to tool; what it is does not.
    """
    clear: dict[str, set[str]] = {}
    for tool in tools:
        for parameter in tool.inputs:
            if parameter.klass == "natural_key" and parameter.facet == "key" and parameter.confidence >= 0.7:
                clear.setdefault(parameter.name, set()).add(parameter.refers)
    return {name: next(iter(refers)) for name, refers in clear.items() if len(refers) == 1}


def of_the_user(tool: Tool, entity: Entity) -> tuple[Parameter, ...]:
    """The arguments, where the user name in the path of what is no person's record is taken to be the user's own."""
    path = str(tool.hints.get("path", ""))
    if entity.noun.split(" ")[-1] in persons():
        return tuple(tool.inputs)
    return tuple(
        structs.replace(p, klass="ambient", reasons=(*p.reasons, "the user asks for what is theirs"))
        if p.facet == "username" and p.required and not p.sets and f"{{{p.name}}}" in path
        and p.pointer != tool.id_field else p
        for p in tool.inputs
    )  # fmt: skip


def id_patterns(tools: Sequence[Tool], kinds: Mapping[str, Entity]) -> dict[str, str]:
    """What identifiers look like where only the arguments that take them say so, as most say it: noun -> pattern."""
    nouns = {entity.key: (noun, entity) for noun, entity in kinds.items()}
    found: dict[str, Counter[str]] = {}
    for tool in tools:
        for parameter in tool.inputs:
            pattern = parameter.schema.get("pattern")
            noun, entity = nouns.get(parameter.refers, ("", None))
            if collections(parameter.schema) and parameter.confidence < 0.5:
                continue  # names of records that lie elsewhere
            if (
                isinstance(pattern, str)
                and entity
                and key_field(parameter, entity, (noun,)) == entity.id_pointer
            ):
                found.setdefault(noun, Counter())[pattern] += 1
    return {noun: patterns.most_common(1)[0][0] for noun, patterns in found.items()}


_ANY = "code number no nr ref reference type kind date key name title version slug tag state"
UNSPECIFIC = tuple((word,) for word in _ANY.split())
"""What a field may be called in records of any sort, so that it names none of another."""

_SAID_OTHERWISE = ("id", "username", "email", "owner", "repo", "url", "phone")


def own_keys(kinds: Iterable[Entity]) -> dict[tuple[str, ...], list[Entity]]:
    """Kinds of record by the words of the field that tells their records apart."""
    found: dict[tuple[str, ...], list[Entity]] = {}
    for kind in kinds:
        if kind.id_pointer.count("/") == 1:
            found.setdefault(tokens(kind.id_pointer), []).append(kind)
    return found


def keyed_by(words: tuple[str, ...], keys: Mapping[tuple[str, ...], Sequence[Entity]]) -> Sequence[Entity]:
    """The kinds of record whose key is called by these words, or by those after the noun: ``vessel_registration``."""
    found = [*keys.get(words, ())]
    for cut in range(1, len(words)):
        found += [kind for kind in keys.get(words[cut:], ()) if tokens(kind.noun) == words[:cut]]
    return found


_IN_FULL = {"ref": "reference", "no": "number", "nr": "number"}


def by_own_key(
    parameter: Parameter, keys: Mapping[tuple[str, ...], Sequence[Entity]], own: str = ""
) -> Parameter:
    """An argument called as the field by which records of one kind are told apart: the ``sku`` of an item.

    ``own`` is the key of a kind that is not meant.
    """
    words = tokens(parameter.name)
    if (
        parameter.refers
        or parameter.pointer.count("/") != 1
        or parameter.facet in _SAID_OTHERWISE
        or len(words) > 2
    ):
        return parameter
    number = numbered_by(words)[-1:]  # a contract that has no name is told by its number all the same
    named = (
        kind
        for kind in keyed_by(words, keys)
        if kind.label_pointer not in ("", kind.id_pointer) or number == (kind.noun.rpartition(" ")[2],)
    )
    found = [kind for kind in named if kind.key != own]
    if len(found) != 1 or words[-1] in ("id", "name", "key"):
        return parameter
    why = (*parameter.reasons, f"a {found[0].noun} is told apart by it")
    klass, facet, phrase = "opaque_id", "id", found[0].noun
    if number == (found[0].noun.rpartition(" ")[2],):
        # what people have at hand: a booking reference
        klass, facet = "natural_key", "key"
        phrase = " ".join((*words[:-1], _IN_FULL.get(words[-1], words[-1])))
    return structs.replace(
        parameter,
        klass=klass,
        facet=facet,
        refers=found[0].key,
        confidence=0.8,
        phrase=phrase,
        reasons=why,
    )
