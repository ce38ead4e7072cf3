"""What holds of a record once a tool has done its deed, as far as the record shows it."""

from __future__ import annotations

from collections.abc import Mapping

from callsmith.catalog import lives, turns
from callsmith.records import Entity, Json, Tool
from callsmith.understand import acts, states
from callsmith.understand.acting import PLACING, beside_record, names, of_part, state_word
from callsmith.understand.naming import Deed, Reading, own_words
from callsmith.understand.shapes import words_of
from callsmith.understand.speech import marked
from callsmith.understand.words import article


def state_of(tool: Tool, entity: Entity, reading: Reading) -> Mapping[str, Json]:
    """Field pointer -> the value it has once the deed is done, or that a listing restricts itself to."""
    if tool.effect in ("list", "search"):
        return states.implied(own_words(tool), tool.description, entity)
    if tool.deed != "act" or reading.verb is None:
        return {}
    deed = reading.deed
    if deed is not None and (verb := acts.noted(deed, tool)):
        return states.after(verb, entity, tuple(tool.inputs))
    if deed is not None and of_part(deed, entity, tool) and not _akin(deed, entity):
        named = states.named_by(deed.verb, deed.object, entity)
        own = not named and _of_record(tool, state_word(deed))
        named = states.after(state_word(deed), entity, tuple(tool.inputs), deed.object) if own else named
        return named or states.marked_so(tool, entity)
    word = state_word(deed) if deed is not None else marked(tool).removeprefix(" as ") or reading.verb.word
    about = deed.object if deed is not None else ()
    found = states.after(word, entity, tuple(tool.inputs), about) or states.told(tool, entity)
    moved = states.labels(word, entity)
    if moved is not None and not found:
        pointer, joined, parted = moved
        if joined:
            found[f"{pointer}/+"] = joined
        if parted:
            found[f"{pointer}/-"] = parted
    return found


_TURNS = ("begin", "end", "close", "hold", "resume", "drop")


def _of_record(tool: Tool, verb: str) -> bool:
    """Whether a deed is done to the record, whatever it is said of: ``POST /bookings/{id}/stop``, "stop a session"."""
    last = str(tool.hints.get("path") or "").rstrip("/").split("/")[-2:]
    bare = len(last) == 2 and last[0].endswith("}") and lives.words_of(last[1]) == tuple(verb.split(" "))
    return bare and (turns.turn_of(verb) in _TURNS or verb in ("check in", "check out"))


def unseen(tool: Tool, entity: Entity, reading: Reading) -> str:
    """Why nobody could see that a deed was done, or whether the record is another by it; "" else."""
    deed = reading.deed
    if why := _unsayable(tool, entity, deed):
        return why
    moved = deed is not None and deed.verb in PLACING and deed.rest[:1] in (("into",), ("under",))
    if moved and not tool.state and not any(p.required and p.klass != "opaque_id" for p in tool.inputs):
        return "none of its states tells that it was done"
    if deed is None or not of_part(deed, entity, tool) or _akin(deed, entity):
        return states.unseen(tool, entity)
    if deed.second or deed.article == "a" or deed.verb in acts.listed("bringing"):
        return ""
    if states.after(state_word(deed), entity, ()):
        return f"whether the {entity.noun} itself stands otherwise by it is not told"
    return states.unseen(tool, entity) if deed.verb in _RUNNING else ""


def _unsayable(tool: Tool, entity: Entity, deed: Deed | None) -> str:
    """Why nobody could ask for a deed in words; "" where they could."""
    if deed is None:
        nameless = tool.hints.get("path") and not tool.hints.get("operation")
        told = tool.deed == "act" and tool.verb in ("insert", "copy")
        return "no verb tells what it does" if nameless and told else ""
    lines = [p for p in tool.inputs if p.required and "/*/" in p.pointer]
    if tool.deed == "act" and len(lines) > 1:
        return f"several {lines[0].pointer.split('/')[1]} are given, which nobody says in one breath"
    if deed.verb == entity.noun.split(" ")[-1]:
        return f"nobody says to {deed.verb} {article(entity.noun)} {entity.noun}"
    other = (
        {*deed.rest} & {"another", "other", "new", "different"}
        and names(deed.rest, entity, tool)
        or deed.rest[-2:] == ("another", "one")
    )
    if other:
        return f"which other {entity.noun} is not understood"
    if deed.verb in _VALUED and not any(p.klass in ("preference", "content") for p in tool.inputs):
        return f"nobody would {deed.verb} something and say no more"
    alone = not deed.object and beside_record(deed.rest, entity, tool) is None
    if alone and any(p.required and p.facet == "person" and not p.sets for p in tool.inputs):
        return f"who is to {deed.verb} is not understood"
    return ""


_VALUED = ("rate", "grade", "score", "estimate", "quote", "bid", "price")
_RUNNING = ("pause", "resume", "start", "stop", "end", "cancel", "close", "open", "restart", "suspend")


def _akin(deed: Deed, entity: Entity) -> bool:
    """Whether what a deed is done to is the record by another form of its noun: the membership of a member."""
    thing = deed.object[-1] if deed.object and not deed.second else ""
    held = any(
        thing in (words_of(field.pointer) or [()])[-1]
        for field in entity.fields
        if field.pointer.count("/") == 1
    )
    moved = " " in deed.verb and held  # the vehicle of a rental is taken back
    worked = thing == "work" or deed.verb == "mark" and deed.article == "the" and len(deed.object) == 1
    tried = deed.verb in ("pass", "fail") and thing in ("test", "exam", "inspection", "check")
    return bool(thing) and (thing[:5] == entity.noun.split(" ")[-1][:5] or moved or tried or worked)
