"""How fast and how safe calls to language models are, against a server that models continuous batching.

Each figure is taken from a client process of its own. The bare loop it is compared with is asyncio and aiohttp alone:
it sends all at once and leaves the order to the server, which serves first come, first served.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import random
import resource
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import results

HERE = Path(__file__).parent
TURNS = 6  # dependent calls of a conversation
FAULTS = {"429": 0.05, "500": 0.02, "malformed": 0.01, "dropped": 0.01, "hang": 0.01}
AHEAD = 1.125  # requests in flight, of the server's slots: its next one is there when one ends

SYSTEM = "You help people with their calendar, their mail and their files. " * 20
TOOLS = [
    {
        "name": f"tool_{n}",
        "description": "Finds what was asked for and gives it back, newest first. " * 3,
        "parameters": {"type": "object", "properties": {f"p{i}": {"type": "string"} for i in range(6)}},
    }
    for n in range(8)
]


def question(slot: int, turn: int) -> str:
    """The message of a turn; its first word names it."""
    return f"{slot}/{turn} " + "Could you look at that once more, please? " * 4


# ---------------------------------------------------------------- clients


async def ours(given: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """The conversations through the package's own client, journal and all."""
    from callsmith.config_models import Endpoint
    from callsmith.errors import ModelError
    from callsmith.models.asking import Asking
    from callsmith.models.opening import opened
    from callsmith.records import Request

    endpoint = Endpoint(base_url=given["url"] + "/v1", model="m", concurrency=given["concurrency"])
    journal = Path(given["journal"]) if given.get("journal") else None
    async with opened({"default": endpoint}, journal) as found:

        async def talk(slot: int) -> str:
            asking = Asking(found.models, slot, 0)
            messages: list[Any] = [{"role": "system", "content": SYSTEM}]
            try:
                for turn in range(given["turns"]):
                    messages.append({"role": "user", "content": question(slot, turn)})
                    request = Request(list(messages), tools=TOOLS)
                    reply = await asking.ask("writer", request, left=given["turns"] - turn)
                    messages.append({"role": "assistant", "content": reply.text})
            except ModelError as error:
                return f"failed: {error}"
            return str(messages[-1]["content"])

        ends = await asyncio.gather(*(talk(slot) for slot in range(given["conversations"])))
        total = found.figures.total
        return ends, {"retries": total.retries, "found": total.found, "answered": total.answered}


async def bare(given: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """The conversations through asyncio and aiohttp alone."""
    import aiohttp

    url = given["url"] + "/v1/chat/completions"
    tools = [{"type": "function", "function": tool} for tool in TOOLS]
    connector = aiohttp.TCPConnector(limit=given.get("connections", 0))
    async with aiohttp.ClientSession(connector=connector) as session:

        async def talk(slot: int) -> str:
            messages: list[Any] = [{"role": "system", "content": SYSTEM}]
            for turn in range(given["turns"]):
                messages.append({"role": "user", "content": question(slot, turn)})
                body = {"model": "m", "tools": tools, "messages": messages, "max_tokens": 2048}
                async with session.post(url, json=body) as response:
                    answer = await response.json()
                messages.append({"role": "assistant", "content": answer["choices"][0]["message"]["content"]})
            return str(messages[-1]["content"])

        return await asyncio.gather(*(talk(slot) for slot in range(given["conversations"]))), {}


def work_import(kind: str) -> None:
    """Import what a client needs: starting up is a figure of its own."""
    import aiohttp  # noqa: F401

    if kind == "ours":
        import callsmith.models.asking
        import callsmith.models.opening  # noqa: F401


def runner(kind: str) -> asyncio.Runner:
    """What a client's work runs on: ours on the loop of a run, the bare one on asyncio's."""
    if kind == "bare":
        return asyncio.Runner()
    from callsmith.models import loops

    return loops.runner()


def client(given: dict[str, Any]) -> None:
    """Run one client and print what it measured."""
    work = {"ours": ours, "bare": bare}[given["client"]]
    work_import(given["client"])
    began, cpu = time.monotonic(), time.process_time()
    with runner(given["client"]) as runs:
        ends, more = runs.run(work(given))
    figures = {
        "wall": time.monotonic() - began,
        "cpu": time.process_time() - cpu,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "filled": sum(end.startswith("answer to") for end in ends),
        "failed": sum(end.startswith("failed") for end in ends),
        "digest": hashlib.blake2b("\n".join(ends).encode(), digest_size=8).hexdigest(),
    }
    print(json.dumps({**figures, **more}))


# ---------------------------------------------------------------- running them


@contextmanager
def server(**settings: Any) -> Iterator[str]:
    """The address of a server process."""
    command = [sys.executable, str(HERE / "batching.py"), json.dumps(settings)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.wait()


def told(url: str, what: str = "figures") -> dict[str, Any]:
    """What a server counted; ``reset`` begins anew."""
    with urllib.request.urlopen(f"{url}/{what}") as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def started(kind: str, url: str, journal: Path | None = None, **given: Any) -> subprocess.Popen[str]:
    whole = {"client": kind, "url": url, "journal": str(journal) if journal else "", "turns": TURNS, **given}
    command = [sys.executable, __file__, "--client", json.dumps(whole)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def ran(kind: str, url: str, journal: Path | None = None, **given: Any) -> dict[str, Any]:
    """What a client measured."""
    process = started(kind, url, journal, **given)
    out, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"the {kind} client failed")
    found: dict[str, Any] = json.loads(out)
    return found


def walls(rounds: int, folder: Path) -> dict[str, Any]:
    """Wall time against the bare loop's, in turns."""
    figures = {}
    for slots in (64, 256):
        for conversations in (300, 1000):
            with server(slots=slots) as url:
                mine, theirs = [], []
                for number in range(rounds):
                    common = {"conversations": conversations, "concurrency": round(slots * AHEAD)}
                    journal = folder / f"{slots}-{conversations}-{number}.db"
                    mine.append(ran("ours", url, journal, **common))
                    theirs.append(ran("bare", url, **common))
            ours_wall, bare_wall = median(mine, "wall"), median(theirs, "wall")
            figures[f"{slots} slots, {conversations} conversations"] = {
                "wall_s": round(ours_wall, 2),
                "bare_wall_s": round(bare_wall, 2),
                "ratio": round(ours_wall / bare_wall, 3),
                "cpu_ms_per_call": round(median(mine, "cpu") * 1000 / (conversations * TURNS), 3),
                "bare_cpu_ms_per_call": round(median(theirs, "cpu") * 1000 / (conversations * TURNS), 3),
            }
    return figures


def at_once(rounds: int, folder: Path) -> dict[str, Any]:
    """Calls a second of a server that answers at once; start-up and memory beside it."""
    mine, theirs, ups = [], [], []
    common = {"conversations": 500, "concurrency": 64}
    with server(slots=0) as url:
        for number in range(rounds):
            mine.append(ran("ours", url, folder / f"at-once-{number}.db", **common))
            theirs.append(ran("bare", url, connections=64, **common))
        for number in range(rounds):
            told(url, "reset")
            began = time.monotonic()
            ran("ours", url, folder / f"up-{number}.db", conversations=1, concurrency=64)
            ups.append(told(url)["first_came"] - began)
    with server(slots=64, first=0.0, token=0.0, tokens=10) as url:
        many = ran("ours", url, folder / "many.db", conversations=10_000, concurrency=64, turns=2)
    calls = common["conversations"] * TURNS
    return {
        "calls_per_s": round(calls / median(mine, "wall")),
        "bare_calls_per_s": round(calls / median(theirs, "wall")),
        "cpu_ms_per_call": round(median(mine, "cpu") * 1000 / calls, 3),
        "bare_cpu_ms_per_call": round(median(theirs, "cpu") * 1000 / calls, 3),
        "start_to_first_call_s": round(statistics.median(ups), 2),
        "rss_mb_at_10000_open_slots": round(many["rss_mb"]),
    }


def faults(rounds: int, folder: Path) -> dict[str, Any]:
    """The same work with faults and without, in turns."""
    common = {"conversations": 300, "concurrency": round(64 * AHEAD)}
    clean, struck, counted = [], [], {}
    with server(slots=64) as good, server(slots=64, faults=FAULTS) as bad:
        for number in range(rounds):
            clean.append(ran("ours", good, folder / f"clean-{number}.db", **common))
            told(bad, "reset")
            struck.append(ran("ours", bad, folder / f"faults-{number}.db", **common))
            counted = told(bad)
    return {
        "wall_s": round(median(struck, "wall"), 2),
        "faultless_wall_s": round(median(clean, "wall"), 2),
        "ratio": round(median(struck, "wall") / median(clean, "wall"), 3),
        "conversations": common["conversations"],
        "filled": min(run["filled"] for run in struck),
        "failed_with_reason": max(run["failed"] for run in struck),
        "retries": struck[-1]["retries"],
        "faults": counted["faults"],
        "same_result": len({run["digest"] for run in clean + struck}) == 1,
    }


def killed(rounds: int, folder: Path) -> dict[str, Any]:
    """Killed at random instants, run again: what was asked twice, and whether the result is the same."""
    common = {"conversations": 300, "concurrency": 64}
    chance, times = random.Random(time.time_ns()), []
    with server(slots=64, token=0.001) as url:
        whole = ran("ours", url, folder / "whole.db", **common)
        for number in range(rounds):
            told(url, "reset")
            journal = folder / f"killed-{number}.db"
            process = started("ours", url, journal, **common)
            after = chance.uniform(0.05, 0.95)
            while told(url)["requests"] < after * 300 * TURNS:
                time.sleep(0.01)
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            time.sleep(0.2)
            sent = told(url)["requests"]
            with sqlite3.connect(journal) as db:
                stored = db.execute("SELECT count(*) FROM calls").fetchone()[0]
            again = ran("ours", url, journal, **common)
            repeated = told(url)["requests"] - 300 * TURNS
            times.append(
                {
                    "after": f"{after:.0%}",
                    "in_flight": sent - stored,
                    "repeated": repeated,
                    "same_result": again["digest"] == whole["digest"],
                }
            )
    return {"ceiling": common["concurrency"], "kills": times}


def median(runs: list[dict[str, Any]], what: str) -> float:
    return statistics.median(run[what] for run in runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--client", help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    if given.client:
        client(json.loads(given.client))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = {
            "at_once": at_once(given.rounds, folder),
            "faults": faults(given.rounds, folder),
            "killed": killed(given.rounds, folder),
            "wall": walls(given.rounds, folder),
            "load_at_the_end": round(os.getloadavg()[0], 1),  # of whatever else the machine does
        }
    results.keep("engine", figures)


if __name__ == "__main__":
    main()
