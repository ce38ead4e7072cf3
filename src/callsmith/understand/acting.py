"""Readings of tools that act on a record, or begin one, by the deed that their name or summary tells in words."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from callsmith.records import Entity, Parameter, Tool
from callsmith.schema import types
from callsmith.understand import acts
from callsmith.understand.naming import Deed, Reading, Verb, own_words
from callsmith.understand.routed import along_routes
from callsmith.understand.shapes import id_words, properties, shapes, title_words, words_of
from callsmith.understand.words import is_plural, singular, tokens

Words = tuple[str, ...]


def as_told(tools: Sequence[Tool], readings: Sequence[Reading]) -> list[Reading]:
    """The readings with the deed in them, where a tool does something to one record or begins one."""
    readings = along_routes(tools, readings)
    shown: dict[Words, set[Words]] = {}
    for tool in tools:
        if tool.hints.get("method") == "get":
            shown.setdefault(acts.resource(tool), set()).add(_title(tool))
    return [
        _as_told(tool, reading, shown.get(acts.resource(tool), set()))
        for tool, reading in zip(tools, readings, strict=True)
    ]


def _title(tool: Tool) -> Words:
    """What the schema of the records that come back is called."""
    found = shapes(tool.returns, ())
    return title_words(found[0].schema) if found else ()


def _as_told(tool: Tool, reading: Reading, titles: set[Words]) -> Reading:
    words = own_words(tool)
    deed = acts.of(tool, words)
    if deed is not None and deed.told and not _agreed(tool, reading.verb, deed):
        deed = acts.by_name(tool, words)
    if deed is None:
        return reading
    noun = acts.resource(tool)
    if not _named_one(tool):
        return _beginning(tool, reading, deed, noun)
    last = str(tool.hints.get("path", "")).rpartition("/")[2]
    ends = tokens(last)[-1:] if not last.startswith("{") else ()
    held = bool(ends) and is_plural(ends[0]) and deed.object[-1:] in (ends, (singular(ends[0]),))
    if held and tokens(last)[0] != deed.verb.split(" ")[0] and " " not in deed.verb:
        return reading  # members of a queue are added at /queues/{id}/members
    if not noun or not _acts(tool, reading, deed) or _of_another(tool, noun, titles):
        return reading
    verb = Verb(deed.verb, "act", deed.verb, 2.0)
    whole = reading.noun[-len(noun) :] == noun and reading.holder == () and reading.noun[0] != words[0]
    noun = reading.noun if whole else noun  # a terminal checkout, at /terminals/checkouts/{id}
    return structs.replace(
        reading, verb=verb, described=verb if deed.told else reading.described, noun=noun, holder=(), place=(),
        many=False, last=(), deed=deed,
    )  # fmt: skip


def _agreed(tool: Tool, verb: Verb | None, deed: Deed) -> bool:
    """Whether a summary tells the deed that a name tells, as far as that is known."""
    head = deed.verb.split(" ")[0]
    if verb is not None and acts.noted(deed, tool) == verb.word:
        return True
    if verb is None or verb.weight < 1.6 or head in (verb.word.split(" ")[0], "mark"):
        return True
    if verb.effect == "act":
        return " " in deed.verb
    return verb.effect not in ("update", "delete") and verb.word not in acts.listed("plain making")


def _acts(tool: Tool, reading: Reading, deed: Deed) -> bool:
    """Whether the deed says more than the verb that was read."""
    head, making, tying = deed.verb.split(" ")[0], acts.listed("plain making"), acts.listed("tying")
    if head == "look":
        return False
    if " " in deed.verb:
        return True
    if not deed.told and head in making | tying:
        return False  # such names are understood by what their tools take and give
    old = reading.verb
    if deed.object and _listed(tool, deed.object[-1]):
        return False  # what is named in a list is what it is about: move_issues
    others = [words for words in map(tokens, tool.parameters.get("properties", {}))
              if len(words) > 1 and singular(words[-1]) in id_words()]  # fmt: skip
    if head in tying and (len(others) > 1 or not deed.object):
        return False
    told = reading.described
    if (
        old is None
        and told is not None
        and told.effect in ("update", "delete")
        and head not in ("put", "set")
    ):
        return False
    if old is None:
        return deed.told or head not in making
    if old.effect in ("update", "delete"):
        return False
    given = {singular(words[-1]) for name in tool.parameters.get("properties", {}) if (words := tokens(name))}
    if head in tying and not {singular(deed.object[-1]), deed.object[-1]} & {*own_words(tool), *given}:
        return False
    if deed.second and (old is None or head == old.word):
        return True
    if old.effect == "create":
        return old.word not in making or head not in making or head in tying
    if old.effect in ("read", "list", "search"):
        return head not in acts.listed("looking")
    return True


def _listed(tool: Tool, word: str) -> bool:
    """Whether an argument of a name is a list."""
    return any(
        tokens(name)[-1:] == (word,)
        and types(schema) == ("array",)
        and not properties(schema.get("items", {}))
        for name, schema in tool.parameters.get("properties", {}).items()
    )


def _named_one(tool: Tool) -> bool:
    """Whether a path or a required argument names one record."""
    needed = [tokens(name) for name in tool.parameters.get("required", ())]
    if "{" in str(tool.hints.get("path", "")) or any(
        bool(words) and singular(words[-1]) in id_words() for words in needed
    ):
        return True
    return not tool.hints.get("path") and bool(acts.resource(tool))


def _of_another(tool: Tool, noun: Words, titles: set[Words]) -> bool:
    """Whether what comes back is no record of the noun, whose ``titles`` are known: a refund of an order."""
    title = _title(tool)
    return bool(title) and title not in titles and singular(title[-1]) != noun[-1]


_ENDING = ("back", "off", "over", "away", "down")  # what is given back or written off is there


def _beginning(tool: Tool, reading: Reading, deed: Deed, noun: Words) -> Reading:
    """A tool that takes no record but what a new one is like: to take a dog in, to sign a member up."""
    old = reading.verb
    if old is not None and old.effect not in ("act", "create"):
        return reading
    own_noun = old is not None and (old.word,) == noun[-1:]  # report_issue_repair, of a repair
    phrasal = " " in deed.verb and deed.verb.rpartition(" ")[2] not in _ENDING
    begins = own_noun or phrasal or deed.verb in acts.listed("beginning")
    if not begins or not tool.parameters.get("required") or tool.hints.get("method") == "put":
        return reading
    thing = deed.object or reading.noun
    head = tuple(deed.verb.split(" "))
    words = own_words(tool)
    if not noun and words[: len(head)] == head and len(words) > len(head):
        noun = (*words[len(head) : -1], singular(words[-1]))
    own = noun or (*reading.noun[:-1], *(singular(word) for word in reading.noun[-1:]))
    one = (singular(thing[-1]),) if thing else ()
    said = not thing or bool(own) and one == own[-1:]
    verb = Verb(deed.verb if said else "create", "create", deed.verb if said else "create", 2.0)
    if not own:
        own = thing
    return structs.replace(
        reading, verb=verb, described=verb, noun=own, holder=(), place=(), many=False, last=()
    )


def of_part(deed: Deed, entity: Entity, tool: Tool) -> bool:
    """Whether a deed is done to something about a record, and not to the record: a reminder is sent for it."""
    deed = parted(deed, entity, tool)
    if deed.second or deed.object and not names(deed.object, entity, tool) and not bearer(deed, entity, tool):
        return True
    return not deed.object and beside_record(deed.rest, entity, tool) is None and " " not in deed.verb


def parted(deed: Deed, entity: Entity, tool: Tool) -> Deed:
    """The deed, what the record is given taken from the record's noun: "give a resident medication"."""
    last = entity.noun.split(" ")[-1]
    if deed.second or last not in deed.object[:-1] or "of" in deed.object:
        return deed
    at = deed.object.index(last) + 1
    if {*deed.object[at:]} <= _RECORDS:
        return structs.replace(deed, object=deed.object[:at])
    return structs.replace(deed, object=deed.object[:at], second=deed.object[at:])


_RECORDS = frozenset(
    ["request", "order", "job", "booking", "record", "entry", "case", "application", "item", "ticket", "set",
     "opening", "posting", "position", "vacancy", "listing", "advert", "profile", "file", "form", "session", "event",
     "slot", "reservation", "appointment", "account", "object", "instance", "post", "offer"]
)  # fmt: skip


def names(words: Words, entity: Entity, tool: Tool) -> bool:
    if words in (("it",), ("them",), ("record",), ("item",), ("entry",)):
        return True
    nouns = (tuple(entity.noun.split(" ")), acts.resource(tool), tokens(entity.key.rpartition(".")[2]))
    last = singular(words[-1])
    if last == singular(own_words(tool)[0]) and len(words) == 1 and not acts.is_act(last):
        return True  # what the tool's group is called: conversations_archive
    if len(words) == 1 and words[0] not in acts.nominal() and _so_called(tool, entity):
        return True  # retire_asset: "Retire a device"
    kinds = {noun[-1] for noun in nouns if noun} | {
        noun[0] for noun in nouns if len(noun) > 1 and noun[-1] in _RECORDS
    }
    if last in _RECORDS and entity.noun.split(" ")[-1] in words:
        return True
    whole = {singular(word) for word in words} - {"of", "set"}
    return last in kinds or any(noun and whole == {*noun} - {"set"} for noun in nouns)


_OF_PARTS = frozenset(
    "send print issue add create request order give take put set start open make log".split()
)


def _so_called(tool: Tool, entity: Entity) -> bool:
    """Whether a tool's name is a verb and the record's noun, so that a summary can but mean the record."""
    verb, *rest = own_words(tool) or ("",)
    return bool(rest) and tuple(rest) == tuple(entity.noun.split(" ")) and verb not in _OF_PARTS


def bearer(deed: Deed, entity: Entity, tool: Tool) -> bool:
    """Whether a deed is told of somebody whom its record names, and who is not given: a guest is checked in."""
    if len(deed.object) != 1 or slot(deed.object, tool.inputs) is not None:
        return False
    persons = (field for field in entity.fields if field.facet == "person" and field.pointer.count("/") == 1)
    named = (
        [word for word in step if word not in ("name", "full")]
        for one in persons
        for step in words_of(one.pointer)[-1:]
    )
    return any(words == [*deed.object] for words in named)


_OTHERS = ("another", "other", "different", "new", "someone", "else")


def beside_record(rest: Words, entity: Entity, tool: Tool) -> Words | None:
    """What follows, None where the record itself is named in it: "from a hive"."""
    if len(rest) > 1 and not {*rest} & {*_OTHERS} and names(rest, entity, tool):
        return None
    return rest


_LOOSE = ("name", "id", "number", "kg", "g", "m", "km", "l", "cm", "mm")


def slot(words: Sequence[str], parameters: Sequence[Parameter]) -> Parameter | None:
    """The argument that a noun of a phrase stands for: the agent of "assign a ticket to an agent"."""
    for parameter in parameters:
        stem = tuple(word for word in tokens(parameter.name) if word not in _LOOSE)
        if stem and words[-1:] == stem[-1:] and parameter.klass != "opaque_id":
            return parameter
    return None


PLACING = ("take", "put", "bring", "move", "place")
_INTO = frozenset(["into", "in", "on", "under"])


def state_word(deed: Deed) -> str:
    """What a deed makes of a record, as its states may be called: checked in, paid, on hold."""
    head, _, behind = deed.verb.partition(" ")
    words: Words = ()
    if head in ("mark", "report", "flag", "put", "set") and acts.splits(deed.verb) and behind:
        words = tuple(behind.split(" "))
    elif (
        deed.verb in ("mark", "report", "flag", "set")
        or deed.verb in PLACING
        and deed.rest[:1] in (("into",), ("in",), ("on",), ("under",))
    ):
        words = deed.rest
    left = [word for word in words if word not in ("as", "a", "an", "the", "being")]
    return " ".join(left) if left else deed.verb
