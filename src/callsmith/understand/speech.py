"""What people call a tool's deed: its verb, and an imperative without values."""

from __future__ import annotations

import re

from callsmith.catalog import data
from callsmith.records import Effect, Entity, Tool
from callsmith.understand import acts, states
from callsmith.understand.acting import of_part, slot
from callsmith.understand.entities import lexicon
from callsmith.understand.imperatives import phrase_of
from callsmith.understand.naming import Reading, own_words
from callsmith.understand.subjects import Subject
from callsmith.understand.words import article, plural, tokens

Words = tuple[str, ...]

_LINKS = {"add": "to", "append": "to", "attach": "to", "link": "to", "put": "on", "remove": "from", "detach": "from",
          "unlink": "from", "delete": "from", "clear": "from", "invite": "to", "assign": "to", "unassign": "from",
          "insert": "into", "create": "in", "replace": "in", "associate": "with", "connect": "to",
          "disconnect": "from", "relate": "to"}  # fmt: skip
_TO = {"reply": "reply to", "respond": "respond to"}
_MARKED = re.compile(r"^marks? .{3,40} as ([a-z]+(?: [a-z]+)?)\.?$", re.IGNORECASE)
_CHANGING = ("update", "change", "edit", "set")


def said(tool: Tool, entity: Entity, subject: Subject, reading: Reading) -> tuple[str, str]:
    """The verb and the phrase of a tool about an entity."""
    verb = _verb(tool.verb, tool.deed, entity.noun)
    if reading.deed is not None and tool.deed == "act":
        return verb, _at_home(_without_when(phrase_of(reading.deed, entity, tool), tool), tool)
    if tool.deed == "update" and (told := _change_told(tool, entity)):
        return verb, told
    part = _part(subject, tool)
    if part and verb == "create":
        verb = "insert"
    one, many = _called(entity, reading)
    states_said = states.adjectives(own_words(tool))
    if part:
        return verb, f"{verb} {part} {_LINKS.get(verb, 'of')} {article(one)} {one}"
    if subject.into:
        held = " ".join(subject.into)
        return verb, f"{verb} {article(one)} {one} {_LINKS.get(verb, 'to')} {article(held)} {held}"
    changed = _only_change(tool)
    if changed and verb in _CHANGING:
        return verb, f"{verb} the {changed} of {article(one)} {one}"
    if tool.deed == "read" and not tool.id_field and {"me", "myself"} & set(own_words(tool)):
        return verb, f"{verb} your own {one}"
    phrase = imperative(verb, tool.deed, (one, " ".join((*states_said, many))))
    return verb, phrase + marked(tool)


_HOME = re.compile(
    r" (?:in|for|of) (?:an? |the )?(?:organi[sz]ation|enterprise|authenticated user|workspace|account|tenant)$"
)


def _at_home(phrase: str, tool: Tool) -> str:
    """A phrase without where all of it happens, which nobody says: "for actions in an organization"."""
    return (
        _HOME.sub("", phrase)
        if any(p.scope or p.klass == "ambient" or p.facet == "owner" for p in tool.inputs)
        else phrase
    )


_WHEN = re.compile(
    r" (?:to|for|until) (?:an?|another|a different|a new|some other)(?: \w+){0,2} (?:time|slot|day|date|week)s?$"
)


def _without_when(phrase: str, tool: Tool) -> str:
    """A phrase without "to another time", where the time itself is given."""
    timed = any(p.required and p.facet in ("date_time", "date", "time", "timestamp") for p in tool.inputs)
    return _WHEN.sub("", phrase) if timed else phrase


def _change_told(tool: Tool, entity: Entity) -> str:
    """The imperative of a change that its summary tells of one field: "set the priority of a ticket"."""
    deed = acts.of(tool, own_words(tool))
    if deed is None or not of_part(deed, entity, tool) or deed.second:
        return ""
    return phrase_of(deed, entity, tool) if slot(deed.object, tool.inputs) is not None else ""


def imperative(verb: str, effect: Effect, called: tuple[str, str]) -> str:
    """``send an email``, ``list events``; ``called`` is the noun and its plural."""
    one, many = called
    if not one:
        return verb
    if effect in ("list", "search", "compute"):
        return f"{verb} {many}"
    return f"{_TO.get(verb, verb)} {article(one)} {one}"


def marked(tool: Tool) -> str:
    """What a record is marked as: `` as read`` of mark_message_as_read."""
    words = own_words(tool)
    if "mark" not in words:
        return ""
    if "as" in words:
        return " as " + " ".join(words[words.index("as") + 1 :])
    after = words[words.index("mark") + 1 :]
    if len(after) == 1 and after[0].endswith("ed"):
        return f" as {after[0]}"  # MarkCollected
    told = _MARKED.search(tool.description)
    return f" as {told[1].lower()}" if told else ""


def _verb(verb: str, effect: Effect, noun: str) -> str:
    """The verb people use with this noun, where there is a better one than the name's."""
    if effect == "create" and noun.split(" ")[-1].startswith(verb):
        return "make"  # one books a berth, but makes a booking
    if verb not in ("create", "insert", "post"):
        return verb
    for entry in lexicon()["nouns"].values():
        if entry.get("say") == noun and effect in entry.get("verbs", {}):
            return str(entry["verbs"][effect])
    return verb


def _called(entity: Entity, reading: Reading) -> tuple[str, str]:
    """The noun and plural; a name that says it more narrowly is kept: subtasks are tasks."""
    narrow = " ".join(reading.noun)
    if narrow != entity.noun and len(reading.noun) == 1 and narrow.endswith(entity.noun):
        return narrow, plural(narrow)
    return entity.noun, entity.plural


def _counts(tool: Tool, noun: str) -> bool:
    """Whether what a tool is given says how many of something there are to be: the seats of a subscription."""
    named = {plural(noun), *(f"{plural(noun)} {word}" for word in ("count", "number"))}
    return any(p.facet in ("count", "number") and p.phrase.lower() in named for p in tool.inputs)


def _part(subject: Subject, tool: Tool) -> str:
    """What is added to, removed from or shown of the record: labels, text, instances."""
    if not subject.part or tool.deed not in ("act", "list", "search", "read"):
        return ""
    noun = " ".join(subject.part)
    if tool.verb in _CHANGING:
        return f"the number of {plural(noun)}" if subject.several and _counts(tool, noun) else f"the {noun}"
    if noun in data.read("understand/words.yaml")["mass"]:
        return noun
    if "all" in own_words(tool) and subject.several and tool.effect == "delete":
        return f"all {plural(noun)}"
    listing = tool.deed in ("list", "search")
    takes_many = any("/*" in parameter.pointer for parameter in tool.inputs)
    many = listing or (subject.several and takes_many)
    if tool.verb in ("delete", "remove", "clear", "unset") and not many and not _names(tool, subject.part):
        return f"the {noun}"  # there is one of it: the lifecycle of a bucket
    return plural(noun) if many else f"{article(noun)} {noun}"


def _names(tool: Tool, part: Words) -> bool:
    """Whether an argument says which one of several is meant."""
    return any(part[-1] in tokens(parameter.name) for parameter in tool.inputs)


def _only_change(tool: Tool) -> str:
    """The plural of what an update changes when that is one kind of thing: the labels of an email."""
    if tool.deed != "update":
        return ""
    changes = [parameter for parameter in tool.inputs if parameter.sets]
    if len(changes) < 2 or len({parameter.sets for parameter in changes}) > 1:
        return ""
    return plural(changes[0].phrase) if changes[0].phrase else ""
