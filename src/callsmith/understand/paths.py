"""Names that are paths, ``projects/p/topics/t``: who chooses the last part, and what of a name is never given."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from callsmith.records import Entity, Parameter, Tool
from callsmith.schema import LAST, collections, steps
from callsmith.understand.addressing import christened, keyed_apart
from callsmith.understand.entities import Nouns
from callsmith.understand.subjects import Subject
from callsmith.understand.words import tokens

_MAKING = ("create", "insert", "add", "put", "new")


def mark_chosen(nouns: Nouns, tools: Sequence[Tool], subjects: Sequence[Subject]) -> None:
    """Mark what callers name as they make it: by an argument for the last part, or by the whole name."""
    for tool, subject in zip(tools, subjects, strict=True):
        draft = nouns.drafts.get(" ".join(subject.noun))
        if draft is None or not set(_MAKING) & set(tokens(tool.name)):
            continue
        given = tool.parameters.get("properties", {})
        for name, schema in given.items():
            whole = name == "name" and (
                bool(collections(schema)) or collections(given.get("parent", {}))[:1] == ("projects",)
            )
            if whole or tokens(name) == (*draft.words, "id") or tokens(name) == (draft.words[-1], "id"):
                draft.chosen = True


def in_path(inputs: tuple[Parameter, ...], entity: Entity | None, effect: str) -> tuple[Parameter, ...]:
    """The arguments of a tool that makes or changes a record whose name is a path.

    Such a name is not given with what is written: it follows from where the record lies and from the argument for
    its last part. Where it is no path, its key may be given beside what it is called.
    """
    if entity is None or effect not in ("create", "update", "act") or not _by_path(entity):
        return keyed_apart(inputs, entity, effect)
    own = steps(entity.id_pointer)[-1]
    named = entity.label_pointer.endswith(LAST)
    nouns = tokens(entity.key.rpartition(".")[2])
    ids = ((*nouns, "id"), (nouns[-1], "id"))
    whole = effect == "create" and named and not any(tokens(parameter.name) in ids for parameter in inputs)
    found = []
    for parameter in inputs:
        if parameter.name == own and (whole or not collections(parameter.schema)):
            why = (*parameter.reasons, "the whole name follows from where it lies")
            needed = parameter.required or whole
            parameter = structs.replace(
                parameter, klass="plumbing", facet="version", refers="", sets="", phrase="", reasons=why,
                required=needed, confidence=0.4 if needed else 0.8,
            )  # fmt: skip
        elif effect == "create" and tokens(parameter.name) in ids:
            if not named:
                why = (*parameter.reasons, "the last part of its name is chosen beside what it is called")
                parameter = structs.replace(
                    parameter, klass="content", facet="text", refers="", sets="", confidence=0.4, reasons=why
                )
            else:
                parameter = structs.replace(christened(parameter, entity), klass="content", confidence=0.8)
        found.append(parameter)
    return tuple(found)


def _by_path(entity: Entity) -> bool:
    held = next((one for one in entity.fields if one.pointer == entity.id_pointer), None)
    return held is not None and bool(collections(held.schema))
