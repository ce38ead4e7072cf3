"""Which tools are offered in one conversation: those needed, and others that make choosing hard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

from callsmith.records import Edge, Offer, Tool, ToolGraph, Toolset
from callsmith.seeds import Rng

RIVALS = 0.45  # share of the distractors that are rivals of what is needed
NEIGHBOURS = 0.25  # share that are kin or of the same toolkit
LINKED = 0.75  # how often a walk follows results rather than likeness, where it can do both


Neighbours = Mapping[str, tuple[str, ...]]
_LINKED = "linked"  # beside the kinds of edges in what is kept of a graph

_by_graph: dict[int, tuple[ToolGraph, dict[str, Neighbours]]] = {}


def neighbours(graph: ToolGraph, kind: str) -> Neighbours:
    """Tool -> the tools an edge of a kind leads to, the heaviest edge first."""
    kept = _kept(graph)
    if kind not in kept:
        kept[kind] = _led_to(graph.edges, kind)
    return kept[kind]


def _kept(graph: ToolGraph) -> dict[str, Neighbours]:
    # Hashing thousands of edges at every call would cost more than the offer itself; the graph is kept alive
    # here, so its address stays its own.
    held = _by_graph.get(id(graph))
    if held is None or held[0] is not graph:
        held = _by_graph[id(graph)] = (graph, {})
    return held[1]


def linked(graph: ToolGraph) -> Neighbours:
    """Tool -> the tools whose results it can use or that can use its own, the surest first."""
    kept = _kept(graph)
    if _LINKED not in kept:
        feeds = [edge for edge in graph.edges if edge.kind == "feeds"]
        turned = [Edge("feeds", edge.target, edge.source, edge.weight) for edge in feeds]
        led = _led_to([*feeds, *turned], "feeds")
        kept[_LINKED] = {name: tuple(dict.fromkeys(others)) for name, others in led.items()}
    return kept[_LINKED]


def walk(pool: Collection[str], graph: ToolGraph, count: int, rng: Rng) -> list[str]:
    """Tools of a pool that somebody might want together, ``count`` of them or all there are.

    Each but the first is linked to one taken before it: it feeds it, is fed by it, or takes alike arguments. Where
    nothing more is linked, another tool is begun from.
    """
    left = sorted(pool)
    rng.shuffle(left)
    taken: list[str] = []
    while left and len(taken) < count:
        among = set(left)
        near = [other for name in taken for other in linked(graph).get(name, ()) if other in among]
        kin = [other for name in taken for other in neighbours(graph, "kin").get(name, ()) if other in among]
        options = near if near and (not kin or rng.random() < LINKED) else kin
        chosen = rng.choice(options) if options else left[0]
        taken.append(chosen)
        left.remove(chosen)
    return taken


def _led_to(edges: Sequence[Edge], kind: str) -> Neighbours:
    found: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for edge in edges:
        if edge.kind == kind:
            found[edge.source].append((-edge.weight, edge.target))
    return {name: tuple(target for _, target in sorted(pairs)) for name, pairs in found.items()}


def offer(
    needed: Sequence[str],
    pool: Toolset,
    graph: ToolGraph,
    size: int,
    rng: Rng,
    weights: Mapping[str, float] | None = None,
) -> Offer:
    """The needed tools among distractors, shuffled; ``size`` tools, or all of the pool when it has fewer.

    Rivals come first, but not only those of the needed tools: a group of look-alikes is drawn around a needed
    tool or around one of its rivals, and other such groups around tools that have nothing to do with it. So
    the tool with the most look-alikes is not thereby the one to call. ``weights`` say how often a tool comes up among
    those that are neither.
    """
    chosen = list(dict.fromkeys(needed))
    names = [tool.name for tool in pool.tools]
    full = min(size, len(names))
    among = set(names)
    every = neighbours(graph, "rival")

    def rivals(name: str) -> list[str]:
        return [rival for rival in every.get(name, ()) if rival in among]

    if full > len(chosen):
        wanted = sum(rng.random() < RIVALS for _ in range(full - len(chosen)))
        _take(chosen, _interleaved([_group(name, rivals, rng) for name in needed], rng), wanted)
        wanted = sum(rng.random() < NEIGHBOURS for _ in range(full - len(chosen)))
        kin = neighbours(graph, "kin")
        close = [name for source in needed for name in kin.get(source, ()) if name in among]
        _take(chosen, _shuffled(close, rng) + _shuffled(_same_toolkit(needed, pool.tools), rng), wanted)
    rest = _shuffled(names, rng) if weights is None else _by_weight(names, weights, rng)
    while len(chosen) < full:
        seed = next(name for name in rest if name not in chosen)
        _take(chosen, [seed], 1)
        _take(chosen, rivals(seed), min(rng.randint(0, 3), full - len(chosen)))
    return Offer(tools=tuple(_shuffled(chosen, rng)))


def _group(name: str, rivals: Callable[[str], list[str]], rng: Rng) -> list[str]:
    """Look-alikes of a tool, or of one of its look-alikes, which then heads the group."""
    centre = rng.choice([name, *rivals(name)])
    return [other for other in (centre, *rivals(centre)) if other != name]


def without(given: Offer, missing: Sequence[str], pool: Toolset, graph: ToolGraph, rng: Rng) -> Offer:
    """The same offer with some tools taken out and others put in their places, so that its size tells nothing."""
    rivals = neighbours(graph, "rival")
    gone = set(missing)
    shown = gone | set(given.tools)
    names = [tool.name for tool in pool.tools if tool.name not in shown]
    among = set(names)
    near = [name for name in _interleaved([rivals.get(name, ()) for name in missing], rng) if name in among]
    first = set(near)
    spare = [*near, *(name for name in _shuffled(names, rng) if name not in first)]
    result = []
    for name in given.tools:
        if name not in gone:
            result.append(name)
        elif spare:
            result.append(spare.pop(0))
    return Offer(tools=tuple(result))


def _by_weight(names: Sequence[str], weights: Mapping[str, float], rng: Rng) -> list[str]:
    """The names in an order in which those of more weight tend to come first."""
    marks = {name: rng.random() ** (1 / weights[name]) for name in names}
    return sorted(names, key=lambda name: -marks[name])


def _take(chosen: list[str], candidates: Sequence[str], count: int) -> None:
    for name in candidates:
        if count <= 0:
            return
        if name not in chosen:
            chosen.append(name)
            count -= 1


def _same_toolkit(needed: Sequence[str], tools: Sequence[Tool]) -> list[str]:
    toolkits = {tool.toolkit for tool in tools if tool.name in needed}
    return [tool.name for tool in tools if tool.toolkit in toolkits]


def _interleaved(lists: Sequence[Sequence[str]], rng: Rng) -> list[str]:
    """One of each list in turn; a near rival may be passed over, so that it is not always the nearest."""
    queues = [list(names) for names in lists]
    result: list[str] = []
    while any(queues):
        for queue in queues:
            if queue:
                place = 1 if len(queue) > 1 and rng.random() < 0.3 else 0
                result.append(queue.pop(place))
    return result


def _shuffled(names: Sequence[str], rng: Rng) -> list[str]:
    result = list(names)
    rng.shuffle(result)
    return result
