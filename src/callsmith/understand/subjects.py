"""Which kind of record each tool is about, and what is added to or taken from it where that differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from callsmith.records import Tool
from callsmith.understand.entities import agrees, canonical, subjects
from callsmith.understand.naming import Reading
from callsmith.understand.routed import by_route
from callsmith.understand.shapes import (
    Shape,
    has_id,
    id_words,
    named_by,
    nested,
    numbered_by,
    properties,
    shapes,
    title_words,
    words_of,
)
from callsmith.understand.words import singular, tokens

Words = tuple[str, ...]

_JOINING = frozenset([
    "add", "append", "attach", "link", "put", "invite", "assign", "set", "replace", "insert", "associate", "connect",
    "relate",
])  # fmt: skip
_PARTING = frozenset(
    [
        "remove",
        "detach",
        "unlink",
        "unassign",
        "delete",
        "clear",
        "disconnect",
        "dissociate",
        "unset",
        "disassociate",
    ]
)


class Subject(Struct, frozen=True):
    """What a tool is about."""

    noun: Words
    part: Words = ()  # what a relation verb adds, sets or removes: labels of an issue
    several: bool = False  # the part is in the plural
    into: Words = ()  # what the record itself is put into or taken out of


def joining(reading: Reading) -> bool:
    """Whether a tool puts something to a record or takes it away, as far as its verb tells."""
    return reading.verb is not None and reading.verb.word in _JOINING | _PARTING


def resolve(tools: Sequence[Tool], readings: Sequence[Reading]) -> list[Subject]:
    """The subject of each tool; compounds are reduced to the nouns the other tools use."""
    nouns = by_route(tools, _along_paths(tools, subjects(tools, readings)))
    nouns = _of_their_own(tools, readings, nouns)
    plain = {
        noun
        for noun, tool, reading in zip(nouns, tools, readings, strict=True)
        if noun and (reading.verb is None or reading.verb.word not in _JOINING | _PARTING) and tool.returns
    }
    about: dict[Words, list[Tool]] = {}
    for noun, tool in zip(nouns, tools, strict=True):
        about.setdefault(noun, []).append(tool)
    records = {noun: _records(about[noun], noun) for noun in plain}
    shown = {noun for noun, fields in records.items() if fields}
    shown |= {_title(tool) for tool, noun in zip(tools, nouns, strict=True) if noun not in shown} - {()}
    same = _same(tools, readings, nouns, shown)
    nouns = [_whole(same.get(noun, noun), shown) for noun in nouns]
    return [
        _added_to(
            tool, reading, _unshown(tool, reading, noun, shown) or _subject(tool, reading, noun, records)
        )
        for tool, reading, noun in zip(tools, readings, nouns, strict=True)
    ]


def _added_to(tool: Tool, reading: Reading, subject: Subject) -> Subject:
    """A record under whose own path something is made, and which comes back with it: an update of an incident."""
    before, _, last = str(tool.hints.get("path", "")).rstrip("/").rpartition("/")
    made = reading.verb is not None and reading.verb.effect == "create" and tool.hints.get("method") == "post"
    words = tokens(last) if made and before.endswith("}") and not subject.part else ()
    if not words or "{" in last or singular(words[-1]) == words[-1]:
        return subject
    part = (*words[:-1], singular(words[-1]))
    own = subject.noun and _title(tool) == subject.noun and _has_id_of(tool, subject.noun)
    return Subject(subject.noun, part) if own and part[-1] != subject.noun[-1] else subject


def _of_their_own(tools: Sequence[Tool], readings: Sequence[Reading], nouns: Sequence[Words]) -> list[Words]:
    """The nouns, of what is made from one that others show its own: the student's package, of a package that is sold.

    Its schema is called after both, and points to the one it is of.
    """
    titles = [_called(tool) for tool in tools]
    often = Counter(titles)
    result = list(nouns)
    for at, (tool, reading, noun, title) in enumerate(zip(tools, readings, nouns, titles, strict=True)):
        made = reading.verb is not None and reading.verb.effect in ("create", "act")
        longer = len(title) > len(noun) > 0 and title[-len(noun) :] == noun
        if made and longer and often[noun] and _points_to(tool, noun) and _title(tool) == title:
            result[at] = title
    return result


def _called(tool: Tool) -> Words:
    """What the schema of the records that come back is called."""
    found = shapes(tool.returns, ())
    return canonical(title_words(found[0].schema)) if found else ()


def _points_to(tool: Tool, noun: Words) -> bool:
    """Whether what comes back names a record of the noun beside itself."""
    found = shapes(tool.returns, ())
    names = map(tokens, properties(found[0].schema)) if found else ()
    return any(noun in (numbered_by(words), named_by(words)) for words in names)


def _whole(noun: Words, shown: set[Words]) -> Words:
    """The noun as its records are called: of jobs, where there are only repair jobs."""
    if len(noun) != 1 or noun in shown:
        return noun
    ending = [one for one in shown if len(one) > 1 and one[-1:] == noun]
    return ending[0] if len(ending) == 1 else noun


def _along_paths(tools: Sequence[Tool], nouns: Sequence[Words]) -> list[Words]:
    """The nouns, where what ``/x`` lists and ``/x/{id}`` shows alike has two names and no title: that of the one.

    So with ``/x/random`` beside them.
    """
    asked = {
        str(tool.hints.get("path")): index
        for index, tool in enumerate(tools)
        if tool.hints.get("method") == "get" and tool.hints.get("path")
    }
    one_of = {
        path.rpartition("/")[0]: index
        for path, index in asked.items()
        if path.rpartition("/")[2].startswith("{")
    }
    result = list(nouns)
    for path, index in asked.items():
        last = path.rpartition("/")[2]
        one = one_of.get(path, one_of.get(path.rpartition("/")[0]))
        if one is None or last.startswith("{") or not nouns[one] or nouns[one] == nouns[index]:
            continue
        if _alike(tools[one], tools[index]):
            result[index] = nouns[one]
    return result


def _alike(one: Tool, many: Tool) -> bool:
    """Whether two results are of records without a title whose fields are nearly the same."""
    shown, listed = shapes(one.returns, ()), shapes(many.returns, ())
    if not shown or not listed or shown[0].many or not listed[0].many:
        return False
    first, second = shown[0].schema, listed[0].schema
    if title_words(first) or title_words(second):
        return False
    names, others = set(properties(first)), set(properties(second))
    return len(names & others) >= 3 and len(names & others) * 2 > len(names | others)


def _same(
    tools: Sequence[Tool], readings: Sequence[Reading], nouns: Sequence[Words], shown: set[Words]
) -> dict[Words, Words]:
    """Nouns that are another name for a record that is known: a contact is made, and a Person comes back."""
    found: dict[Words, set[Words]] = {}
    for tool, reading, noun in zip(tools, readings, nouns, strict=True):
        verb = reading.verb
        if noun in shown or not noun or verb is None or joining(reading):
            continue
        title = _title(tool)
        if (
            verb.effect == "create"
            and title in shown
            and title[-1] != noun[-1]
            and not _has_id_of(tool, title)
        ):
            found.setdefault(noun, set()).add(title)
    return {noun: next(iter(titles)) for noun, titles in found.items() if len(titles) == 1}


def made_as(readings: Sequence[Reading], subjects: Sequence[Subject]) -> dict[str, str]:
    """Nouns by which records go in every tool that makes one, where results call them otherwise: person -> contact."""
    called: dict[str, set[str]] = {}
    often = Counter(canonical(reading.noun)[-1:] for reading in readings)
    for reading, subject in zip(readings, subjects, strict=True):
        made = reading.verb is not None and reading.verb.effect == "create" and not joining(reading)
        if made and reading.noun and subject.noun and not subject.part:
            called.setdefault(" ".join(subject.noun), set()).add(canonical(reading.noun)[-1])
    return {
        noun: one
        for noun, (one, *others) in called.items()
        if not others and often[(one,)] > 1 and noun.split(" ")[-1] not in one and one not in noun
    }


def _title(tool: Tool) -> Words:
    """What the schema of the records that come back is called, when they can be told apart."""
    found = shapes(tool.returns, ())
    return canonical(title_words(found[0].schema)) if found and has_id(found[0].schema) else ()


def _unshown(tool: Tool, reading: Reading, noun: Words, shown: set[Words]) -> Subject | None:
    """The subject of a tool whose noun no result shows: text of a document, instances of an event."""
    if noun in shown or not noun:
        return None
    verb = reading.verb or reading.described
    found = shapes(tool.returns, ())
    title = canonical(title_words(found[0].schema) or found[0].called) if found else ()
    returned = next((title[start:] for start in range(len(title)) if title[start:] in shown), ())
    if verb is not None and verb.effect in ("read", "list", "search"):
        # Instances of an event; but conversations that turn out to be channels are simply channels.
        inside = returned and not noun[-1].endswith(returned[-1]) and _has_id_of(tool, returned)
        return Subject(returned, noun if inside else ()) if returned else None
    holder = returned or _holder(tool, shown)
    if not holder or not _has_id_of(tool, holder):
        return None
    if verb is not None and verb.effect == "create" and noun[-1].endswith(holder[-1]):
        return Subject(holder)  # a subtask is a task
    joined = _joined(tool, holder, shown) if verb is not None and verb.word in _JOINING else ()
    if joined and not reading.holder:
        return Subject(holder, joined, several=True)
    if verb is not None and verb.effect == "act" and verb.word not in _JOINING | _PARTING:
        return Subject(holder)
    if (
        verb is not None
        and verb.effect == "update"
        and any(tokens(name)[-1:] == noun[-1:] for name in needed(tool))
    ):
        return Subject(holder)  # to set a channel's topic is to change the channel
    part = noun[len(holder) :] if noun[: len(holder)] == holder else noun  # the channel topic of a channel
    return Subject(holder, part or noun, reading.many)


def needed(tool: Tool) -> tuple[str, ...]:
    """The names of the arguments a tool requires."""
    return tuple(tool.parameters.get("required", ()))


def _joined(tool: Tool, holder: Words, shown: set[Words]) -> Words:
    """What is put into the holder, when an argument is called so: users into a channel."""
    for name in tool.parameters.get("required", ()):
        words = tokens(name)
        one = (*words[:-1], singular(words[-1])) if words else ()
        if one in shown and one != holder:
            return one
    return ()


def _holder(tool: Tool, shown: set[Words]) -> Words:
    """What the first required identifier names, when nothing comes back that says it."""
    if shapes(tool.returns, ()):
        return ()
    for name in tool.parameters.get("required", ()):
        words = tokens(name)
        if words in shown:
            return words
        if len(words) > 1 and singular(words[-1]) in id_words() and words[:-1] in shown:
            return words[:-1]
    return ()


def _records(tools: Sequence[Tool], noun: Words) -> set[str]:
    """Names of the fields that the records of a noun have, in the singular, as its tools show them."""
    names: set[str] = set()
    for tool in tools:
        for shape in shapes(tool.returns, noun)[:1]:
            if agrees(shape, noun):
                inner = [step for pointer, _, _ in nested(shape.schema) for step in words_of(pointer)]
                for words in (*map(tokens, properties(shape.schema)), *inner):
                    names.add(" ".join((*words[:-1], singular(words[-1]))) if words else "")
    return names


def _subject(tool: Tool, reading: Reading, noun: Words, records: dict[Words, set[str]]) -> Subject:
    verb = reading.verb.word if reading.verb else ""
    container = canonical(reading.place or reading.holder)
    container = _whole(container, set(records)) if container else _given_to(tool, verb, noun, set(records))
    if verb not in _JOINING | _PARTING or not container or container == noun or container not in records:
        return Subject(noun)
    joins, parts = verb in _JOINING, verb in _PARTING
    found = shapes(tool.returns, noun)
    if (
        joins
        and found
        and not found[0].many
        and _is_new(found[0], noun, container)
        and not _has_id_of(tool, noun)
    ):
        return Subject(noun)
    if not _has_id_of(tool, container) and noun in records:
        return Subject(noun)
    if parts and noun in records and _has_id_of(tool, noun) and not _holds(records[container], noun):
        return Subject(noun)
    if noun in records and not _holds(records[container], noun) and _holds(records[noun], container):
        return Subject(noun, into=container)
    return Subject(container, noun, reading.many)


_GIVING = ("assign", "allocate", "appoint")


def _given_to(tool: Tool, verb: str, noun: Words, shown: set[Words]) -> Words:
    """What somebody is assigned to, where the name does not say it: the delivery that is named beside the courier."""
    named = [tokens(name) for name in needed(tool)]
    stems = [words[:-1] for words in named if len(words) > 1 and singular(words[-1]) in id_words()]
    others = {_whole(canonical(stem), shown) for stem in stems if stem != noun and stem[-1:] != noun[-1:]}
    if verb not in _GIVING or len(others) == len(stems) or len(others) != 1:
        return ()
    other = next(iter(others))
    return other if other in shown else ()


def _holds(fields: set[str], noun: Words) -> bool:
    return " ".join(noun) in fields or noun[-1] in fields or f"{noun[-1]} id" in fields


def _is_new(shape: Shape, noun: Words, container: Words) -> bool:
    called = canonical(shape.called)
    return bool(called) and called[-1] == noun[-1] and called[-1] != container[-1]


def _has_id_of(tool: Tool, noun: Words) -> bool:
    for name in tool.parameters.get("properties", {}):
        words = tokens(name)
        ends = singular(words[-1]) if words else ""
        if (ends in id_words() or ends == "number") and (
            words[:-1] in (noun, noun[-1:], ()) or noun[-1] in words
        ):
            return True
        if words == noun:
            return True
    return _along_path(tool, noun)


def _along_path(tool: Tool, noun: Words) -> bool:
    """Whether the path names one of the noun under a short name: ``/load_balancers/{lb_id}/droplets``."""
    parts = str(tool.hints.get("path", "")).split("/")
    return any(
        after.startswith("{") and (*tokens(part)[:-1], singular(tokens(part)[-1])) == noun
        for part, after in pairwise(parts)
        if tokens(part)
    )
