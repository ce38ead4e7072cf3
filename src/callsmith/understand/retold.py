"""Readings of tools without declared results, put right by their descriptions and by what sibling tools speak of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import structs

from callsmith.records import Tool
from callsmith.understand.entities import canonical
from callsmith.understand.hollow import known
from callsmith.understand.naming import Reading, resources, verbs
from callsmith.understand.shapes import id_words
from callsmith.understand.words import base_verb, is_plural, sentence_words, singular, tokens

Words = tuple[str, ...]

_ARTICLES = frozenset(
    ["a", "an", "the", "all", "some", "one", "list", "lists", "set", "its", "your", "any", "this", "that"]
)


def told(tools: Sequence[Tool], readings: Sequence[Reading], silent: Sequence[bool]) -> list[Reading]:
    """The readings with nouns that other tools use as well, where the name's own noun stands alone.

    A result would show what a tool is about; where none is declared, the description and the identifiers it
    takes must: ``move_to_trash(message_id)`` is about a message, a ``conversation history`` about messages.
    """
    counts = Counter(canonical(reading.noun) for reading in readings if reading.noun)
    counts.update(stem for tool in tools for stem in {*_identified(tool)})
    found = []
    for tool, reading, mute in zip(tools, readings, silent, strict=True):
        noun = canonical(reading.noun)
        if mute and counts[noun] < 2:
            reading = (
                _by_description(tool, reading, noun, counts) or _by_argument(tool, reading, counts) or reading
            )
        if mute:
            reading = structs.replace(reading, noun=_chief(reading.noun, counts))
        found.append(reading)
    return found


def _identified(tool: Tool) -> list[Words]:
    """What the identifiers among a tool's arguments name, the required ones first."""
    needed = tool.parameters.get("required", ())
    names = sorted(tool.parameters.get("properties", {}), key=lambda name: name not in needed)
    return [canonical(words[:-1]) for words in map(tokens, names)
            if len(words) > 1 and singular(words[-1]) in id_words()]  # fmt: skip


def _by_description(tool: Tool, reading: Reading, noun: Words, counts: Counter[Words]) -> Reading | None:
    words = list(sentence_words(tool.description.split(".")[0]))
    if not words or not (verbs().get(words[0]) or verbs().get(base_verb(words[0]))):
        return None
    while len(words) > 1 and (words[1] in _ARTICLES or (words[1] == "of" and words[0] in _ARTICLES)):
        words = words[1:]
    for group in resources(words[1:], lenient=False)[:1]:
        one = (*group[:-1], singular(group[-1]))
        for start in range(len(one)):
            chief = canonical(one[start:])
            if counts[chief] > (chief == noun):
                return structs.replace(reading, noun=chief, many=is_plural(group[-1]))
    return None


def _by_argument(tool: Tool, reading: Reading, counts: Counter[Words]) -> Reading | None:
    """A tool whose name has no noun is about what its first identifier names."""
    stems = _identified(tool)
    if reading.noun or not stems:
        return None
    return structs.replace(reading, noun=stems[0])


def _chief(noun: Words, counts: Counter[Words]) -> Words:
    other = known()["same"].get(" ".join(noun), "")
    chief = tuple(other.split(" ")) if other else ()
    return chief if chief and counts[chief] else noun
