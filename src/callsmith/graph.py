"""How tools relate: what feeds what, which take alike arguments, which are easily mistaken for one another."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from callsmith.records import Edge, Entity, Parameter, Tool, ToolGraph, Toolset
from callsmith.schema import leaves
from callsmith.understand import THRESHOLD
from callsmith.understand.words import sentence_words, singular, tokens

RIVAL = 0.12  # likeness from which two tools can be mistaken for one another
KIN = 0.5  # share of argument names two tools must have in common
RIVALS_EACH = 5
# Bounds on what one tool or argument is given, far above what any offer or plan looks at: without them the
# edges of n tools that all take an e-mail address would be n².
KIN_EACH = 64
FEEDS_EACH = 64
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
            given = [source for source in _givers(parameter, entities, by_record, by_facet)
                     if source.tool != tool.name]  # fmt: skip
            for source in given[:FEEDS_EACH]:
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
) -> Sequence[Source]:
    if parameter.refers in entities and parameter.facet != "owner":
        return by_record.get((parameter.refers, entities[parameter.refers].id_pointer), ())
    if parameter.facet in _MEETING and parameter.klass == "natural_key":
        return by_facet.get(parameter.facet, ())
    return ()


def _best(sources: Sequence[Source]) -> list[Source]:
    """The surest value of each tool, the surest tools first; one more than any argument needs."""
    held: dict[str, Source] = {}
    for source in sources:
        known = held.get(source.tool)
        if known is None or source.weight > known.weight:
            held[source.tool] = source
    return sorted(held.values(), key=lambda source: -source.weight)[: FEEDS_EACH + 1]


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
    return (
        {key: _best(sources) for key, sources in by_record.items()},
        {facet: _best(sources) for facet, sources in by_facet.items()},
    )


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


def _alike(
    features: Sequence[Sequence[str]], weight: Mapping[str, float]
) -> Iterator[tuple[int, int, float]]:
    """Pairs of tools with features in common and their likeness: shared weight over all weight.

    Row by row over an inverted index, so that no more than one tool's pairs are held at a time.
    """
    index: dict[str, list[int]] = defaultdict(list)
    for place, words in enumerate(features):
        for word in words:
            index[word].append(place)
    order = {word: rank for rank, (word, places) in enumerate(index.items()) if len(places) <= COMMON}
    total = [sum(weight[word] for word in words) for words in features]
    for first, words in enumerate(features):
        shared: dict[int, float] = defaultdict(float)
        for word in sorted((word for word in words if word in order), key=order.__getitem__):
            places = index[word]
            for second in places[bisect_right(places, first) :]:
                shared[second] += weight[word]
        for second, common in shared.items():
            whole = total[first] + total[second] - common
            if whole > 0:
                yield first, second, common / whole


def _weights(features: Sequence[Sequence[str]]) -> dict[str, float]:
    """What a feature says about likeness: the rarer, the more."""
    counts = Counter(word for words in features for word in words)
    return {word: math.log(1 + len(features) / count) for word, count in counts.items()}


def _done(tool: Tool) -> tuple[str, str, str]:
    return tool.effect, tool.entity, tool.part


def _rivals(tools: Sequence[Tool]) -> Iterator[Edge]:
    """Tools of one toolkit that look alike and do something else; the likest few of each."""
    features = [sorted(_signature(tool)) for tool in tools]
    weight = _weights(features)
    kits: dict[str, list[int]] = defaultdict(list)
    for place, tool in enumerate(tools):
        kits[tool.toolkit].append(place)
    for places in kits.values():
        members = [tools[place] for place in places]
        near: list[list[tuple[float, int]]] = [[] for _ in members]
        for first, second, likeness in _alike([features[place] for place in places], weight):
            one, other = members[first], members[second]
            same = _done(one) == _done(other) != ("opaque", "", "")
            if likeness >= RIVAL and not same:
                near[first].append((likeness, second))
                near[second].append((likeness, first))
        for one, likest in zip(members, near, strict=True):
            for likeness, place in sorted(likest, key=lambda pair: (-pair[0], pair[1]))[:RIVALS_EACH]:
                yield Edge("rival", one.name, members[place].name, round(likeness, 3))


def _kin(tools: Sequence[Tool]) -> Iterator[Edge]:
    features = [sorted(_arguments(tool)) for tool in tools]
    near: list[list[tuple[float, int]]] = [[] for _ in tools]
    for first, second, likeness in _alike(features, _weights(features)):
        if likeness >= KIN:
            near[first].append((likeness, second))
            near[second].append((likeness, first))
    for one, likest in zip(tools, near, strict=True):
        for likeness, place in sorted(likest, key=lambda pair: (-pair[0], pair[1]))[:KIN_EACH]:
            yield Edge("kin", one.name, tools[place].name, round(likeness, 3))
