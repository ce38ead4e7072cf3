"""What an act makes true of a record, and what a listing already restricts itself to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from callsmith.catalog import data, turns
from callsmith.catalog.lives import participle_of, standing, words_of
from callsmith.records import Entity, Field, Json, Parameter, Tool
from callsmith.understand.leaf import choices
from callsmith.understand.relations import state_fields
from callsmith.understand.words import sentence_words, tokens

_STANDING = ("flag", "")  # what says itself how a record stands after it
_PASSING = ("restart", "read", "merge", "send")  # what leaves a thing as it was, or is done to what it holds
_MARKING = ("mark", "set", "flag", "move", "put", "make", "change", "turn")
_BECOMING = ("as", "to", "into", "becomes")  # words before a state that something is brought into
_STATUS = ("status", "state", "payment status", "stage", "phase", "lifecycle stage")


def carried_out(inputs: tuple[Parameter, ...], verb: str) -> tuple[Parameter, ...]:
    """The arguments, the switch that only says that the deed is done turned on: ``pin_note(pinned)``."""
    return tuple(
        structs.replace(
            p, klass="plumbing", default=True, reasons=(*p.reasons, "it says what the tool is for")
        )
        if p.required and p.facet == "flag" and _of_deed(tokens(p.name), verb)
        else p
        for p in inputs
    )


def _of_deed(words: tuple[str, ...], verb: str) -> bool:
    last = words[-1] if words else ""
    return len(verb) > 2 and last.startswith(verb[:3]) and last.endswith(("ed", "en", verb))


def after(
    verb: str, entity: Entity, inputs: tuple[Parameter, ...], about: tuple[str, ...] = ()
) -> dict[str, Json]:
    """Field pointer -> the value it has once the verb was done; empty when the record cannot show it.

    ``about``: what the verb is done to, where that is not the record itself.
    """
    entry: Mapping[str, Any] = data.read("understand/states.yaml").get(verb, {})
    fields = state_fields(entity)
    own = {fields[name].pointer for name in _STATUS if name in fields}
    if any(p.sets in own or not own and p.sets and p.facet in _STANDING for p in inputs if p.sets):
        return {}
    switches = {**entry.get("flags", {}), **turns.switched(verb)}
    flag = _flag({"flags": switches}, fields) or _flag_named_after(verb, fields)
    if flag and any(p.sets == flag[0] for p in inputs):
        flag = None
    status = (
        _status(entry, fields, entity) or _named_after(verb, fields) or _turned(verb, fields, entity, about)
    )
    named = status is not None and _called_after(words_of(str(status[1])), tuple(verb.split(" ")))
    if flag and status and not named:
        status = None  # the switch says it all: a card is no longer frozen, whatever else it is
    return dict(one for one in (flag, status) if one)


def _standing_field(fields: Mapping[str, Field], entity: Entity) -> Field | None:
    """The field that tells how a record stands: its status, or its payment status."""
    for name in _STATUS:
        forms = (name, f"{name} name", f"{entity.noun} {name}", f"{entity.noun.rpartition(' ')[2]} {name}")
        found = next((fields[form] for form in forms if form in fields), None)
        if found is not None:
            return found
    return None


def _turned(
    verb: str, fields: Mapping[str, Field], entity: Entity, about: tuple[str, ...]
) -> tuple[str, Json] | None:
    """The state that a verb of its kind brings about: what is started is in repair, what is resumed is printing."""
    field = _standing_field(fields, entity)
    options = [one for one in choices(field.schema) if isinstance(one, str)] if field else []
    state = turns.reached(verb, about, options)
    return (field.pointer, state) if field is not None and state is not None else None


def stands_after(verb: str, options: Sequence[str]) -> bool:
    """Whether one of several states tells that a deed was done."""
    entry: Mapping[str, Any] = data.read("understand/states.yaml").get(verb, {})
    known = {one.replace("_", " ") for one in (*entry.get("values", ()), *entry.get("maybe", ()))}
    deed = tuple(verb.split(" "))
    named = any(" ".join(words_of(one)) in known or _called_after(words_of(one), deed) for one in options)
    return named or turns.reached(verb, (), options) is not None


def named_by(verb: str, about: tuple[str, ...], entity: Entity) -> dict[str, Json]:
    """The state that is called after what is begun for a record: in treatment, once the treatment is started."""
    field = _standing_field(state_fields(entity), entity)
    options = [one for one in choices(field.schema) if isinstance(one, str)] if field else []
    state = turns.begun(verb, about, options)
    given = {(*about, form) for form in turns.participles(verb)} if about else set()
    state = state or next((one for one in options if words_of(one) in given), None)
    return {field.pointer: state} if field is not None and state is not None else {}


def _flag_named_after(verb: str, fields: Mapping[str, Field]) -> tuple[str, Json] | None:
    """The switch that is called after an act: what is marked as paid is ``paid``."""
    deed = tuple(verb.split(" "))
    for name, field in fields.items():
        if field.facet == "flag" and _called_after(words_of(name.removeprefix("is ")), deed):
            return field.pointer, True
    return None


def _named_after(verb: str, fields: Mapping[str, Field]) -> tuple[str, Json] | None:
    """The state that is called after an act: what is glazed is ``glazed``."""
    for name in _STATUS:
        field = fields.get(name)
        allowed = [one for one in choices(field.schema) if isinstance(one, str)] if field else []
        named = [one for one in allowed if _called_after(words_of(one), tuple(verb.split(" ")))]
        if field is not None and len(named) == 1:
            return field.pointer, named[0]
    return None


_WITHIN = ("in", "on", "at", "under")
_PLACING = ("take", "put", "send", "bring", "move")


def _called_after(state: tuple[str, ...], verb: tuple[str, ...]) -> bool:
    """Whether a state is called after a deed: checked in, paid, on hold."""
    if verb[0] in ("into", "in", "on", "under") and state[1:] == verb[1:] and state[0] in _WITHIN:
        return True
    placed = len(verb) > 2 and verb[0] in _PLACING and verb[1] in ("to", "into", "in", "on")
    if placed and state[1:] == verb[2:] and state[0] in _WITHIN:
        return True
    if state in (verb, verb[1:] if verb[0] in _PLACING and len(verb) > 2 else verb) or "".join(
        state
    ) == "".join(verb).replace("-", ""):
        return True
    if state[1:] != verb[1:]:
        return False
    return (
        participle_of(state[0], verb[0]) or len(verb) == 1 and state[0] == verb[0].removesuffix("e") + "ing"
    )


def unseen(tool: Tool, entity: Entity) -> str:
    """Why nobody could see that an act was done, though the record it answers with tells how it stands; "" else."""
    entry: Mapping[str, Any] = data.read("understand/states.yaml").get(tool.verb, {})
    if (
        tool.deed != "act"
        or tool.state
        or any(p.sets or p.refers not in ("", entity.key) for p in tool.inputs)
    ):
        return ""
    given = any(p.required and p.klass in ("preference", "content", "natural_key") for p in tool.inputs)
    if any(_tells_when(field, tool.verb) for field in entity.fields):
        return ""
    if tool.verb in ("renew", "prolong") and not any(_tells_until(field) for field in entity.fields):
        entry = {"values": [tool.verb]}
    telling = entry.get("values") or not given and (entry.get("maybe") or turns.turn_of(tool.verb))
    if not telling or not any(one.entity == entity.key for one in tool.yields):
        return ""
    name = standing(entity.schema.get("properties", {}))
    field = next((one for one in entity.fields if one.pointer == f"/{name}"), None)
    if tool.verb in _PASSING or field is None or not choices(field.schema):
        return ""
    return f"none of the states in {field.pointer} tells that it was done"


_TAILS = ("at", "on", "date", "time", "by")


def _tells_until(field: Field) -> bool:
    """Whether a field tells until when something holds."""
    return bool(
        {*words_of(field.pointer)} & {"until", "till", "due", "expires", "expiry", "end", "ends", "renews"}
    )


def _tells_when(field: Field, verb: str) -> bool:
    """Whether a field tells when or by whom a deed was done: shipped_at."""
    words = tuple(word for word in words_of(field.pointer) if word not in _TAILS)
    return field.pointer.count("/") == 1 and words in turns.told_of(verb)


def _flag(entry: Mapping[str, Any], fields: Mapping[str, Field]) -> tuple[str, Json] | None:
    for name, value in entry.get("flags", {}).items():
        bare = name.removeprefix("is ")
        field = fields.get(name) or fields.get(bare) or fields.get(f"is {bare}")
        if field is not None and field.facet == "flag":
            return field.pointer, value
    return None


def _status(entry: Mapping[str, Any], fields: Mapping[str, Field], entity: Entity) -> tuple[str, Json] | None:
    for name in _STATUS:
        forms = (name, f"{name} name", f"{entity.noun} {name}", f"{entity.noun.rpartition(' ')[2]} {name}")
        field = next((fields[form] for form in forms if form in fields), None)
        if field is None:
            continue
        allowed = {
            " ".join(sentence_words(one)): one for one in choices(field.schema) if isinstance(one, str)
        }
        for value in (*entry.get("values", ()), *entry.get("maybe", ())):
            said = value.replace("_", " ")
            if said in allowed:
                return field.pointer, allowed[said]
    return None


def told(tool: Tool, entity: Entity) -> dict[str, Json]:
    """What a description says a record becomes: ``Marks a deal as won``."""
    if any(parameter.sets for parameter in tool.inputs):
        return marked_so(tool, entity)
    words = sentence_words(tool.description)
    marks = words[:1] and words[0].rstrip("s") in _MARKING
    said = {word for place, word in enumerate(words) if marks or place and words[place - 1] in _BECOMING}
    fields = state_fields(entity)
    for name in _STATUS:
        field = fields.get(name)
        allowed = [value for value in choices(field.schema) if value in said] if field else []
        if field is not None and len(allowed) == 1:
            return {field.pointer: allowed[0]}
    return {}


_MARKED = re.compile(
    r"(?:^|[.;]\s|\band )(?:it )?(?:marks?|moves?|sets?|puts?|brings?) (?:the |its |a |an )?(?P<noun>[a-z ]*?)"
    r" ?(?:status )?(?:as |to |into |in )?[`'\"]?(?P<state>[a-z_]+)[`'\"]?(?=[.;,]|$| and\b)"
)


def marked_so(tool: Tool, entity: Entity) -> dict[str, Json]:
    """The state that a description says beside what else a call sets: "Saves the notes. Marks the lesson completed"."""
    field = next((found for name, found in state_fields(entity).items() if name in _STATUS), None)
    if field is None or any(parameter.sets == field.pointer for parameter in tool.inputs):
        return {}
    own = {"it", "record", *entity.noun.split(" "), ""}
    said = {
        found["state"]
        for found in _MARKED.finditer(tool.description.lower())
        if {*found["noun"].strip().split(" ")} <= own
    }
    options = [one for one in choices(field.schema) if str(one).lower() in said]
    return {field.pointer: options[0]} if len(options) == 1 else {}


def labels(verb: str, entity: Entity) -> tuple[str, list[str], list[str]] | None:
    """Labels an act puts on and takes off a record that keeps its state in labels, with their field."""
    entry: Mapping[str, Any] = data.read("understand/states.yaml").get(verb, {})
    moves = entry.get("labels")
    if not moves:
        return None
    for field in entity.fields:
        if field.pointer.endswith("/*") and "label" in field.pointer.lower():
            return field.pointer.removesuffix("/*"), moves.get("add", []), moves.get("remove", [])
    return None


def adjectives(name_words: tuple[str, ...]) -> tuple[str, ...]:
    """Words of a tool's name that say in which state the records it lists are."""
    table: Mapping[str, Any] = data.read("understand/tools.yaml")["implied"]
    return tuple(word for word in name_words if word in table)


def implied(name_words: tuple[str, ...], description: str, entity: Entity) -> dict[str, Json]:
    """What a listing restricts itself to by what it is called: completed tasks, active projects."""
    table: Mapping[str, Any] = data.read("understand/tools.yaml")["implied"]
    said = (*name_words, *sentence_words(description.split(".")[0])[:8])
    fields = state_fields(entity)
    for word, entry in table.items():
        if word not in said:
            continue
        flag = _flag(entry, fields)
        if flag:
            return dict([flag])
        status = _status(entry, fields, entity)
        if status:
            return dict([status])
    return {}
