"""How tools relate: what feeds what, which take alike arguments, which are easily mistaken for one another."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from callsmith.records import Edge, Entity, Parameter, Tool, ToolGraph, Toolset
from callsmith.schema import leaves
from callsmith.understand import THRESHOLD
from callsmith.understand.words import sentence_words, singular, tokens

RIVAL = 0.12  # likeness from which two tools can be mistaken for one another
KIN = 0.5  # share of argument names two tools must have in common
RIVALS_EACH = 5
# A word that more tools than this share says nothing about which of them are alike; it also keeps the work
# for n tools far below n².
COMMON = 200

_MEETING = ("email", "username", "phone")  # facets by which people are handed from one tool to another


class Source(Struct, frozen=True):
    """A value in a tool's result that another tool can be given."""

    tool: str
    pointer: str
    weight: float


def build(toolset: Toolset) -> ToolGraph:
    """The graph of a toolset. Edges are sorted; ``feeds`` go from a result's field to an argument."""
    edges = [*_feeds(toolset), *_rivals(toolset.tools), *_kin(toolset.tools)]
    edges.sort(key=lambda edge: (edge.kind, edge.source, -edge.weight, edge.target, edge.target_pointer))
    return ToolGraph(tools=tuple(tool.name for tool in toolset.tools), edges=tuple(edges))


# ---------------------------------------------------------------- feeds


def _feeds(toolset: Toolset) -> Iterator[Edge]:
    entities = {entity.key: entity for entity in toolset.entities}
    by_record, by_facet = _sources(toolset.tools, entities)
    for tool in toolset.tools:
        for parameter in tool.inputs:
            if parameter.confidence < THRESHOLD:
                continue
            best: dict[str, Source] = {}
            for source in _givers(parameter, entities, by_record, by_facet):
                held = best.get(source.tool)
                if source.tool != tool.name and (held is None or source.weight > held.weight):
                    best[source.tool] = source
            for source in best.values():
                yield Edge(
                    "feeds",
                    source.tool,
                    tool.name,
                    round(source.weight, 2),
                    source.pointer,
                    parameter.pointer,
                )


def _givers(
    parameter: Parameter,
    entities: Mapping[str, Entity],
    by_record: Mapping[tuple[str, str], Sequence[Source]],
    by_facet: Mapping[str, Sequence[Source]],
) -> Iterator[Source]:
    if parameter.refers in entities and parameter.facet != "owner":
        yield from by_record.get((parameter.refers, entities[parameter.refers].id_pointer), ())
    elif parameter.facet in _MEETING and parameter.klass == "natural_key":
        yield from by_facet.get(parameter.facet, ())


def _sources(
    tools: Sequence[Tool], entities: Mapping[str, Entity]
) -> tuple[dict[tuple[str, str], list[Source]], dict[str, list[Source]]]:
    """What results hold: by (entity, field) for records' keys, by facet for ways to reach people."""
    by_record: dict[tuple[str, str], list[Source]] = defaultdict(list)
    by_facet: dict[str, list[Source]] = defaultdict(list)
    for tool in tools:
        shown = {pointer for pointer, _, _ in leaves(tool.returns)} if tool.returns else set()
        for found in tool.yields:
            entity = entities.get(found.entity)
            if entity is None:
                continue
            sure = tool.confidence
            for field in entity.fields:
                pointer = found.pointer + field.pointer
                if pointer not in shown:
                    continue
                deep = 0.05 * field.pointer.count("/")
                if field.pointer == entity.id_pointer:
                    by_record[entity.key, entity.id_pointer].append(Source(tool.name, pointer, sure))
                if field.refers and field.projects:
                    by_record[field.refers, field.projects].append(
                        Source(tool.name, pointer, 0.8 * sure - deep)
                    )
                if field.facet in _MEETING:
                    by_facet[field.facet].append(Source(tool.name, pointer, 0.6 * sure - deep))
    return by_record, by_facet


# ---------------------------------------------------------------- likeness


def _signature(tool: Tool) -> frozenset[str]:
    words = {singular(word) for word in tokens(tool.name)[len(tokens(tool.toolkit)) :]}
    words |= {singular(word) for word in sentence_words(tool.description) if len(word) > 3}
    words |= {f"/{parameter.name}" for parameter in tool.inputs if parameter.klass != "plumbing"}
    if tool.entity:
        words |= {f"={tool.entity}", f"=={tool.entity}"}
    return frozenset(words)


def _arguments(tool: Tool) -> frozenset[str]:
    return frozenset(f"{p.name}:{p.facet}" for p in tool.inputs if p.klass not in ("plumbing", "ambient"))


def _alike(tools: Sequence[Tool], features: Sequence[frozenset[str]]) -> Iterator[tuple[int, int, float]]:
    """Pairs of tools with features in common and their likeness: shared weight over all weight."""
    index: dict[str, list[int]] = defaultdict(list)
    for place, words in enumerate(features):
        for word in sorted(words):
            index[word].append(place)
    weight = {word: math.log(1 + len(tools) / len(places)) for word, places in index.items()}
    total = [sum(weight[word] for word in sorted(words)) for words in features]
    shared: dict[tuple[int, int], float] = defaultdict(float)
    for word, places in index.items():
        if len(places) > COMMON:
            continue
        for left, first in enumerate(places):
            for second in places[left + 1 :]:
                shared[first, second] += weight[word]
    for (first, second), common in shared.items():
        whole = total[first] + total[second] - common
        if whole > 0:
            yield first, second, common / whole


def _rivals(tools: Sequence[Tool]) -> Iterator[Edge]:
    """Tools of one toolkit that look alike and do something else; the likest few of each."""
    near: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for first, second, likeness in _alike(tools, [_signature(tool) for tool in tools]):
        one, other = tools[first], tools[second]
        if (
            one.toolkit != other.toolkit
            or likeness < RIVAL
            or (one.effect, one.entity) == (other.effect, other.entity) != ("opaque", "")
        ):
            continue
        near[first].append((likeness, second))
        near[second].append((likeness, first))
    for place in sorted(near):
        ranked = sorted(near[place], key=lambda pair: (-pair[0], pair[1]))[:RIVALS_EACH]
        for likeness, other_place in ranked:
            yield Edge("rival", tools[place].name, tools[other_place].name, round(likeness, 3))


def _kin(tools: Sequence[Tool]) -> Iterator[Edge]:
    arguments = [_arguments(tool) for tool in tools]
    for first, second, likeness in _alike(tools, arguments):
        if likeness >= KIN:
            yield Edge("kin", tools[first].name, tools[second].name, round(likeness, 3))
            yield Edge("kin", tools[second].name, tools[first].name, round(likeness, 3))
