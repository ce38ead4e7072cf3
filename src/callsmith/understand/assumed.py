"""Results of tools that declare none: records put together from sibling tools and from what is usual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, structs

from callsmith.catalog.lives import standing
from callsmith.records import Tool
from callsmith.understand.assumed_keys import NAMING
from callsmith.understand.assumed_records import Record, assumed_record, effect_of
from callsmith.understand.assumed_states import deeds_done, showing
from callsmith.understand.entities import canonical
from callsmith.understand.hollow import filled, hollow
from callsmith.understand.naming import Reading
from callsmith.understand.shapes import id_words, named_by, numbered_by
from callsmith.understand.subjects import Subject
from callsmith.understand.words import plural, singular, tokens

Words = tuple[str, ...]


class Assumed(Struct, frozen=True):
    """A tool with the result it is assumed to give."""

    tool: Tool
    doubt: float = 1.0
    why: str = ""


def undeclared(tools: Sequence[Tool], readings: Sequence[Reading]) -> list[bool]:
    """Which tools are of a toolkit that leaves its results undeclared, and do not declare theirs.

    Where most that ask for something declare what comes, one without a result gives none. Functions at hand are
    not guessed at: they can be asked.
    """
    silent = [hollow(tool.returns) and not tool.hints.get("executed") for tool in tools]
    asking = [mute for reading, mute in zip(readings, silent, strict=True)
              if effect_of(reading) in ("read", "list", "search")]  # fmt: skip
    whole = sum(asking) * 2 > len(asking) if asking else all(silent)
    return silent if whole else [False] * len(tools)


def with_returns(
    tools: Sequence[Tool], readings: Sequence[Reading], subjects: Sequence[Subject], silent: Sequence[bool]
) -> list[Assumed]:
    """The tools, each with a result schema where one can be assumed; ``silent`` as ``undeclared`` says.

    Only for nouns of which no tool declares a result: where some do, those say what a record is.
    """
    groups = _groups(tools, readings, subjects)
    for tool, subject, mute in zip(tools, subjects, silent, strict=True):
        if not mute and tool.returns:
            groups.pop(subject.noun, None)
    stems = set(groups) | _stems(tools)
    whole = any(silent)
    naming = _naming(tools, subjects)
    records = {
        noun: assumed_record(noun, [*members, *naming.get(noun, ())], stems, whole)
        for noun, members in groups.items()
    }
    if whole:
        records = _seen(records, groups, readings, subjects)
    return [
        _with_return(tool, reading, subject.noun, records.get(subject.noun))
        if mute or not tool.returns
        else Assumed(tool)
        for tool, reading, subject, mute in zip(tools, readings, subjects, silent, strict=True)
    ]


def _seen(
    records: Mapping[Words, Record | None],
    groups: Mapping[Words, Sequence[tuple[Tool, str]]],
    readings: Sequence[Reading],
    subjects: Sequence[Subject],
) -> dict[Words, Record | None]:
    """The records, each with states that tell what its tools do to it."""
    deeds: dict[Words, list[Reading]] = {}
    for reading, subject in zip(readings, subjects, strict=True):
        if not subject.part and not subject.into:
            deeds.setdefault(subject.noun, []).append(reading)
    shown = dict(records)
    for noun, record in records.items():
        if record is not None:
            taken = {name for tool, _ in groups[noun] for name in tool.parameters.get("properties", {})}
            own = standing(record.schema["properties"]) in taken
            schema = showing(record.schema, deeds_done(deeds.get(noun, ())), own)
            shown[noun] = structs.replace(record, schema=schema)
    return shown


def _groups(
    tools: Sequence[Tool], readings: Sequence[Reading], subjects: Sequence[Subject]
) -> dict[Words, list[tuple[Tool, str]]]:
    """For each noun the tools about it with their effects; of those that add to or take from it, only that they are."""
    found: dict[Words, list[tuple[Tool, str]]] = {}
    for tool, reading, subject in zip(tools, readings, subjects, strict=True):
        if subject.noun:
            effect = "act" if subject.part or subject.into else effect_of(reading)
            effect = "list" if effect == "read" and reading.many else effect
            found.setdefault(subject.noun, []).append((tool, effect))
    return found


def _naming(tools: Sequence[Tool], subjects: Sequence[Subject]) -> dict[Words, list[tuple[Tool, str]]]:
    """For each noun the tools about another that are told by a reference which record of it is meant."""
    found: dict[Words, list[tuple[Tool, str]]] = {}
    for tool, subject in zip(tools, subjects, strict=True):
        for words in map(tokens, tool.parameters.get("required", ())):
            noun = canonical(named_by(words) or numbered_by(words))
            if noun and noun != subject.noun:
                found.setdefault(noun, []).append((tool, NAMING))
    return found


def _stems(tools: Sequence[Tool]) -> set[Words]:
    """What identifiers among the arguments name."""
    found = set()
    for tool in tools:
        for words in map(tokens, tool.parameters.get("properties", {})):
            if len(words) > 1 and singular(words[-1]) in id_words():
                found.add(canonical(words[:-1]))
    return found


def _with_return(tool: Tool, reading: Reading, noun: Words, record: Record | None) -> Assumed:
    effect = effect_of(reading)
    if record is None or effect not in ("list", "search", "read", "create", "update", "act", "delete"):
        return Assumed(tool)
    if effect == "delete":
        returns = tool.returns or {"type": "object", "properties": {}}
    elif effect in ("list", "search") or (effect == "read" and reading.many):
        returns = filled(tool.returns, record.schema, plural(noun[-1]))
    else:
        returns = filled(tool.returns, record.schema, "")
    return Assumed(structs.replace(tool, returns=returns), record.sure, record.why)
