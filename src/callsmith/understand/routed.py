"""What the method, path and declared result of an operation say of it, which is surer than words of its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import structs

from callsmith.records import Tool
from callsmith.understand.naming import Reading, Verb, own_words
from callsmith.understand.shapes import has_id, shapes, title_words
from callsmith.understand.words import base_verb, is_plural, sentence_words, singular, tokens

Words = tuple[str, ...]


def along_routes(tools: Sequence[Tool], readings: Sequence[Reading]) -> list[Reading]:
    """The readings, where what is sent to where records are kept is answered with one: that makes it, by any word.

    And where a part of the API that has two words for its name has them run together in names of operations.
    """
    listed = Counter((_last(tool), _listed(tool)) for tool in tools if tool.hints.get("method") == "get")
    return [
        _made(tool, reading)
        if reading.verb is None and reading.described is None
        else _unspaced(tool, reading)
        if listed[_last(tool), _listed(tool)] < 2
        else reading
        for tool, reading in zip(tools, readings, strict=True)
    ]


def _listed(tool: Tool) -> Words:
    found = shapes(tool.returns, ())
    return title_words(found[0].schema) if found and found[0].many else ()


def _unspaced(tool: Tool, reading: Reading) -> Reading:
    """The reading without the name of a part of the API before its noun: ``oncall_rotas`` at ``/on-call/rotas``."""
    steps = [tokens(step) for step in str(tool.hints.get("path", "")).split("/")[:-1] if "{" not in step]
    run_together = {"".join(words) for words in steps if len(words) > 1}
    noun = reading.noun
    if len(noun) < 2 or noun[0] not in run_together or reading.holder:
        return reading
    return structs.replace(reading, noun=noun[1:], holder=noun[:1])


def _made(tool: Tool, reading: Reading) -> Reading:
    kept = tokens(_last(tool))
    found = shapes(tool.returns, ())
    if tool.hints.get("method") != "post" or not kept or not is_plural(kept[-1]) or not found:
        return reading
    title = title_words(found[0].schema)
    one = (*kept[:-1], singular(kept[-1]))
    if found[0].many or not has_id(found[0].schema, one) or title and title[-1] != one[-1]:
        return reading
    left = tuple(word for word in own_words(tool) if singular(word) != one[-1])
    said = (*sentence_words(str(tool.hints.get("summary") or tool.description)),)
    told = bool(left) and (base_verb(said[0]) if said else "", *said[1 : len(left)]) == left
    word = " ".join(left) if told else "create"
    return structs.replace(reading, verb=Verb(word, "create", word, 2.0), noun=title or one, holder=())


def by_route(tools: Sequence[Tool], nouns: Sequence[Words]) -> list[Words]:
    """The nouns, where a record is changed or taken away at the path that shows it: that of the tool that shows it."""
    shown = {
        str(tool.hints["path"]): place
        for place, tool in enumerate(tools)
        if tool.hints.get("method") == "get" and str(tool.hints.get("path", "")).endswith("}")
    }
    result = list(nouns)
    for place, tool in enumerate(tools):
        other = shown.get(str(tool.hints.get("path", "")))
        if other is None or other == place or not nouns[other] or nouns[other] == nouns[place]:
            continue
        own, title = nouns[place], _title(tool)
        if own and (own == title or nouns[other][-len(own) :] == own):
            continue
        if not own and not shapes(tool.returns, ()) or title and title == _title(tools[other]):
            result[place] = nouns[other]
    return result


def _title(tool: Tool) -> Words:
    found = shapes(tool.returns, ())
    return title_words(found[0].schema) if found and not found[0].many else ()


def _last(tool: Tool) -> str:
    return str(tool.hints.get("path", "")).rstrip("/").rpartition("/")[2]
