"""Processor time and memory of ingesting, understanding, relating, sampling and listing tools, and their growth."""

from __future__ import annotations

import importlib.util
import math
import multiprocessing
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from typing import Any

from callsmith import graph, sample
from callsmith.ingest.aws import AwsSource, located
from callsmith.records import Tool, Toolset, Where
from callsmith.seeds import rng
from callsmith.understand import merge, understand, usable
from results import keep

SIZES = (1_250, 2_500, 5_000, 10_000, 20_000)
ONE_API = (500, 1_000, 2_000, 4_000)  # tools of a single made-up API
OFFERS = 100

_VERBS = ("get", "list", "create", "update", "delete", "archive", "restore", "share")
_OWNERS = ("vehicle driver patient course cabin parcel recipe garden ticket branch depot exhibit fleet guest harbour "
           "lesson machine network office parish quarry reactor station theatre union village warehouse yard "
           "account bridge cellar dock engine farm gate").split()  # fmt: skip
_THINGS = ("report plan note permit audit order schedule rating invoice contract inspection request booking badge "
           "alert journal survey template rule budget photo key route claim shift sample meter").split()  # fmt: skip
_FIELDS = ("title status owner_id due_date amount priority city phone description color size language code "
           "start_time end_time email").split()  # fmt: skip


def services() -> Iterator[Tool]:
    """The operations of the AWS services that botocore carries, services in a fixed mixed order."""
    folder = located("s3").parents[2]
    names = sorted(path.name for path in folder.iterdir() if any(path.glob("*/service-2.json*")))
    random.Random(7).shuffle(names)
    for name in names:
        yield from (item for item in AwsSource(name).read() if isinstance(item, Tool))


def made(count: int, toolkit: str = "plant") -> Iterator[Tool]:
    """One API of many tools: every noun with every verb, records of a few fields, ids of two other nouns."""
    nouns = [f"{owner}_{thing}" for owner in _OWNERS for thing in _THINGS]
    for place in range(count):
        noun, verb = nouns[place // len(_VERBS) % len(nouns)], _VERBS[place % len(_VERBS)]
        draw = rng(noun)
        others = draw.sample(nouns[: max(2, count // len(_VERBS))], 2)
        fields = {
            name: {"type": "string"} for name in (*draw.sample(_FIELDS, 6), *(f"{o}_id" for o in others))
        }
        record = {"type": "object", "title": noun, "properties": {"id": {"type": "string"}, **fields}}
        listed = {"type": "object", "properties": {"items": {"type": "array", "items": record}}}
        mine = {f"{noun}_id": {"type": "string", "description": f"ID of the {noun.replace('_', ' ')}."}}
        taken: dict[str, Any] = {"list": dict(islice(fields.items(), 2)), "create": fields}.get(verb, mine)
        taken = {**taken, **fields} if verb == "update" else taken
        yield Tool(
            name=f"{toolkit}_{verb}_{noun}", toolkit=toolkit, description=f"{verb.title()}s a {noun}.",
            parameters={"type": "object", "properties": taken, "required": list(mine) if taken is mine else []},
            returns=listed if verb == "list" else {} if verb == "delete" else record, where=Where("made"),
        )  # fmt: skip


def measured(count: int, one_api: bool) -> dict[str, float]:
    """Processor seconds of each stage for so many tools, and the peak of resident memory in a process of their own."""
    found: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start = time.process_time()
        value = work()
        found[name] = round(time.process_time() - start, 3)
        return value

    real = not one_api and importlib.util.find_spec("botocore") is not None
    raw: list[Tool] = timed(
        "ingest", lambda: list(islice(services() if real else _several(count, one_api), count))
    )
    kits: dict[str, list[Tool]] = {}
    for tool in raw:
        kits.setdefault(tool.toolkit, []).append(tool)
    pool: Toolset = timed(
        "understand", lambda: merge("all", [understand(kit, tools) for kit, tools in kits.items()])
    )
    edges = timed("graph", lambda: graph.build(pool))
    timed("sample", lambda: [_offer(pool, edges, place) for place in range(OFFERS)])
    timed(
        "list", lambda: [f"{tool.name} {tool.effect} {tool.confidence} {usable(tool)}" for tool in pool.tools]
    )
    found |= {"tools": len(pool.tools), "toolkits": len(kits), "edges": len(edges.edges)}
    found["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return found


def _several(count: int, one_api: bool) -> Iterator[Tool]:
    kits = 1 if one_api else max(1, count // 50)
    return (
        tool for kit in range(kits) for tool in made(count // kits, f"plant{kit}" if kits > 1 else "plant")
    )


def _offer(pool: Toolset, edges: Any, place: int) -> object:
    draw = rng("offer", place)
    return sample.offer([draw.choice(pool.tools).name], pool, edges, 12, draw)


def exponent(rows: Sequence[Mapping[str, float]], stage: str) -> float:
    """The slope of the logarithm of the seconds over that of the tools, by least squares."""
    points = [(math.log(row["tools"]), math.log(max(row[stage], 1e-4))) for row in rows]
    middle = [sum(values) / len(points) for values in zip(*points, strict=True)]
    above = sum((x - middle[0]) * (y - middle[1]) for x, y in points)
    return round(above / sum((x - middle[0]) ** 2 for x, _ in points), 2)


def main() -> None:
    """``scale.py [SIZE ...]``; real operations where botocore is installed, else made-up ones."""
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    figures: dict[str, Any] = {}
    for name, counts in (("many_apis", sizes), ("one_api", ONE_API)):
        rows = []
        for count in counts:
            context = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(1, mp_context=context) as fresh:
                rows.append(fresh.submit(measured, count, name == "one_api").result())
            print(name, rows[-1], flush=True)
        stages = ("ingest", "understand", "graph", "sample", "list")
        figures[name] = {
            "real": name == "many_apis" and importlib.util.find_spec("botocore") is not None,
            "sizes": rows,
            "exponents": {stage: exponent(rows, stage) for stage in stages},
        }
    keep("scale", figures)


if __name__ == "__main__":
    main()
