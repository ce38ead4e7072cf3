"""Readings of tools without declared results, put right by their descriptions and by what sibling tools speak of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import structs

from callsmith.records import Tool
from callsmith.understand.bringing import brought
from callsmith.understand.entities import canonical
from callsmith.understand.hollow import known
from callsmith.understand.naming import Reading, own_words, resources, verbs
from callsmith.understand.shapes import named_by, numbered_by
from callsmith.understand.words import base_verb, is_plural, sentence_words, singular, tokens

Words = tuple[str, ...]

_CLAUSE = frozenset(
    ["who", "which", "that", "whose", "what", "where", "when", "may", "can", "is", "are", "has", "have"]
)
_ARTICLES = frozenset(
    ["a", "an", "the", "all", "some", "one", "list", "lists", "set", "its", "your", "any", "this", "that"]
)


def told(tools: Sequence[Tool], readings: Sequence[Reading], silent: Sequence[bool]) -> list[Reading]:
    """The readings with nouns that other tools use as well, where the name's own noun stands alone.

    A result would show what a tool is about; where none is declared, the description and the identifiers it
    takes must: ``move_to_trash(message_id)`` is about a message, a ``conversation history`` about messages.
    """
    readings = _requested(tools, readings)
    counts = Counter(canonical(reading.noun) for reading in readings if reading.noun)
    counts.update(stem for tool in tools for stem in {*_identified(tool)})
    found = []
    for tool, reading, mute in zip(tools, readings, silent, strict=True):
        found.append(_retold(tool, reading, counts) if mute else reading)
    return found


def _requested(tools: Sequence[Tool], readings: Sequence[Reading]) -> Sequence[Reading]:
    """The readings in which what asks for access makes an access request, where others speak of such requests."""
    known_of = {canonical(reading.noun) for reading in readings}
    return [
        structs.replace(reading, verb=verbs()["create"], noun=(*reading.noun, "request"))
        if own_words(tool)[:1] == ("request",) and (*canonical(reading.noun), "request") in known_of
        else reading
        for tool, reading in zip(tools, readings, strict=True)
    ]


def _retold(tool: Tool, reading: Reading, counts: Counter[Words]) -> Reading:
    if (own := brought(tool, reading, counts)) is not None:
        return own
    noun = canonical(reading.noun)
    aim = verbs().get(reading.place[0]) if len(reading.place) == 1 else None
    if reading.verb is not None and reading.verb.word == "move" and aim is not None and aim.effect == "act":
        reading = structs.replace(reading, verb=aim, place=())  # to move to the trash is to trash
    if counts[noun] < 2 and not _usual(noun):
        reading = (
            _by_description(tool, reading, noun, counts)
            or _by_argument(tool, reading)
            or _without_aspect(reading, noun, counts)
        )
    noun = canonical(reading.noun)
    shorter = [noun[start:] for start in range(1, len(noun)) if counts[noun[start:]]]
    if counts[noun] < 2 and shorter and _usual(shorter[0]):
        reading = structs.replace(reading, noun=shorter[0])  # an email draft is a draft
    if reading.verb is not None and reading.verb.word == "reply" and (made := _answer(noun, counts)):
        return structs.replace(reading, noun=made, place=())
    return structs.replace(
        reading,
        noun=_chief(reading.noun, counts),
        place=_chief(reading.place, counts),
        holder=_chief(reading.holder, counts),
    )


def _answer(noun: Words, counts: Counter[Words]) -> Words:
    """What a reply is, where the toolkit knows of such."""
    made: Words = next((other for other in (("message",), ("comment",)) if counts[other]), ())
    return made if made != noun else ()


def _usual(noun: Words) -> bool:
    """Whether records of such a noun are known of."""
    return bool(noun) and any({" ".join(noun), noun[-1]} & set(kind["nouns"]) for kind in known()["kinds"])


def _without_aspect(reading: Reading, noun: Words, counts: Counter[Words]) -> Reading:
    """Reading the metadata of a file, or the history of a channel, is reading the file or the channel."""
    effect = reading.verb.effect if reading.verb else ""
    if len(noun) > 1 and effect in ("read", "list") and counts[canonical(noun[:-1])]:
        return structs.replace(reading, noun=canonical(noun[:-1]))
    return reading


def _identified(tool: Tool) -> list[Words]:
    """What the identifiers among a tool's arguments name, the required ones first."""
    needed = tool.parameters.get("required", ())
    names = sorted(tool.parameters.get("properties", {}), key=lambda name: name not in needed)
    said = {singular(word) for word in own_words(tool)}
    stems = []
    for words in map(tokens, names):
        numbered = numbered_by(words)
        stems.append(named_by(words) or (numbered if numbered and numbered[-1] in said else ()))
    return [canonical(stem) for stem in stems if stem]


def _by_description(tool: Tool, reading: Reading, noun: Words, counts: Counter[Words]) -> Reading | None:
    words = list(sentence_words(tool.description.split(".")[0]))
    if not words or not (verbs().get(words[0]) or verbs().get(base_verb(words[0]))):
        return None
    while len(words) > 1 and (words[1] in _ARTICLES or (words[1] == "of" and words[0] in _ARTICLES)):
        words = words[1:]
    end = next((at for at, word in enumerate(words) if at and word in _CLAUSE), len(words))
    for group in resources(words[1:end], lenient=False)[:1]:
        one = (*group[:-1], singular(group[-1]))
        for start in range(len(one)):
            chief = canonical(one[start:])
            if counts[chief] > (chief == noun):
                return structs.replace(reading, noun=chief, many=is_plural(group[-1]))
    return None


def _by_argument(tool: Tool, reading: Reading) -> Reading | None:
    """A tool whose name has no noun is about what its first identifier names."""
    stems = _identified(tool)
    if reading.noun or not stems:
        return None
    return structs.replace(reading, noun=stems[0])


def _chief(noun: Words, counts: Counter[Words]) -> Words:
    other = known()["same"].get(" ".join(noun), "")
    chief = tuple(other.split(" ")) if other else ()
    return chief if chief and counts[chief] else noun
