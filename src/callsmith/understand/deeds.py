"""What a tool does to the record its arguments name: to the whole, to a part, or to make another of it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from callsmith.records import Effect, Entity, Json, Parameter, Tool
from callsmith.understand.addressing import christened
from callsmith.understand.effects import Judgement
from callsmith.understand.naming import Reading
from callsmith.understand.shapes import words_of
from callsmith.understand.subjects import Subject
from callsmith.understand.words import singular

_UNSURE = 0.5  # below what is planned with
# A new record is made from an old one; anything else done to a record that is named is done to it.

_RAW = ("application/octet-stream", "application/zip", "image/", "video/", "audio/")
_FROM_ANOTHER = ("reply", "forward", "copy", "duplicate", "clone")


def alters_part(judged: Judgement, reading: Reading) -> bool:
    """Whether a part is made, set or taken away. To add what exists elsewhere, a label or a member, is an act."""
    makes = reading.verb is not None and reading.verb.word in ("create", "insert")
    return judged.effect in ("update", "delete") or (judged.effect == "create" and makes)


def given_one(
    tool: Tool,
    verb: str,
    entity: Entity | None,
    named: tuple[tuple[Parameter, ...], str],
    reasons: tuple[str, ...],
) -> tuple[Effect, tuple[str, ...], tuple[Parameter, ...]]:
    """What a tool that creates does with the record an argument names: makes one of that name, or works on it."""
    inputs, mine = named
    if verb in _FROM_ANOTHER or _composes(inputs) or entity is None:
        return "create", reasons, inputs
    if "or_update" in tool.name:
        return "update", (*reasons, f"it also changes a {entity.noun} that exists"), inputs
    if verb == "create":
        return "create", reasons, tuple(_of_new(p, entity) if p.pointer == mine else p for p in inputs)
    return "act", (*reasons, f"it works on a {entity.noun} that exists"), inputs


def done_to_one(tool: Tool, verb: str) -> bool:
    """Whether the path ends with the verb after the name of one record: ``/codespaces/{codespace_name}/start``."""
    *_, named, last = ["", "", *str(tool.hints.get("path", "")).split("/")]
    return last == verb and named.startswith("{")


def sent_unsaid(tool: Tool, noun: Sequence[str]) -> str:
    """Why nobody could ask for what a tool sends in words: the bytes of a file, an action of any sort; ``""`` else."""
    if tool.effect not in ("create", "update", "act"):
        return ""
    told = tool.hints.get("places")
    places: dict[str, Json] = told if isinstance(told, dict) else {}
    for name, place in places.items():
        other = place.get("name") if isinstance(place, dict) else None
        if other != name and other in places and name.endswith(f"_{other}") and name in _needed(tool):
            return f"it asks twice for the {other}, in /{other} and in /{name}"
    for parameter in tool.inputs:
        media = str(parameter.schema.get("contentMediaType", ""))
        raw = parameter.schema.get("format") == "binary" or media.startswith(_RAW)
        if raw and (parameter.required or tool.verb == "upload" or parameter.pointer == "/body"):
            return f"the file's content must be given in {parameter.pointer}"
        sort = parameter.name in ("type", "action") and len(parameter.schema.get("enum", ())) > 1
        if sort and noun[-1:] == ("action",) and tool.effect == "create":
            return f"what is done depends on {parameter.pointer}"
    return ""


def _needed(tool: Tool) -> Sequence[str]:
    return tuple(tool.parameters.get("required", ()))


def _of_new(parameter: Parameter, entity: Entity) -> Parameter:
    """What names a record in the call that creates one: its own name, as in ``create_bucket``; else it is not known."""
    told = str(parameter.schema.get("description", "")).lower().startswith(f"the name of the {entity.noun}")
    called = entity.label_pointer in (entity.id_pointer, parameter.pointer) or told
    if parameter.klass == "natural_key" and entity.label_pointer and called:
        return christened(parameter, entity)
    why = f"whether it names the new {entity.noun} or another is not understood"
    return structs.replace(parameter, confidence=_UNSURE, reasons=(*parameter.reasons, why))


def _composes(inputs: Sequence[Parameter]) -> bool:
    """Whether the text or title of something new must be given."""
    return any(p.required and p.klass == "content" and p.sets for p in inputs)


_STANDING = ("/status", "/state", "/stage")


def with_part(inputs: Sequence[Parameter], subject: Subject) -> tuple[Parameter, ...]:
    """The arguments of a tool that adds to a record or takes from it: what is added must be said."""
    mine = [p.pointer for p in inputs if _of_part(p, subject)]
    bare = bool(mine) and not any(p.required and p.pointer in mine for p in inputs)
    why = f"without the {' '.join(subject.part)} nothing would be done"
    return tuple(
        p if p.sets in _STANDING  # an update of an incident says how it stands now
        else structs.replace(p, sets="") if p.pointer not in mine
        else structs.replace(p, required=True, reasons=(*p.reasons, why)) if bare and p.pointer == mine[0] else p
        for p in inputs
    )  # fmt: skip


def _of_part(parameter: Parameter, subject: Subject) -> bool:
    """Whether an argument is itself what is added or taken away: the text, the labels."""
    said = (parameter.pointer, parameter.sets) if parameter.sets.count("/") == 1 else (parameter.pointer,)
    words = {singular(word) for place in said for step in words_of(place) for word in step}
    return subject.part[-1] in words or bool(parameter.refers and parameter.sets)
