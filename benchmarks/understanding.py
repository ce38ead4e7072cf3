"""How right the understanding of strange APIs is: against 300 operations and 1,059 arguments labelled by hand.

``labels.jsonl`` was labelled from the descriptions before anything was tuned to these APIs. Half was looked at while
tuning, the other half was not. A second label stands where two are equally right. ``understanding.py FOLDER``:
FOLDER as in real_apis.py.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from callsmith import sources
from callsmith.config import Toolkit
from callsmith.records import Tool
from callsmith.understand.enquiring import effect_of
from callsmith.understand.inference import THRESHOLD
from results import keep

LABELS = Path(__file__).parent / "labels.jsonl"


def kits(folder: Path) -> dict[str, Toolkit]:
    """The labelled APIs by name."""
    directory = folder / "oadir/package/api"
    found = {name: Toolkit(name=name, aws=name) for name in ("ec2", "s3")}
    found |= {name: Toolkit(name=name, discovery=name) for name in ("youtube", "people", "tasks")}
    found |= {
        name: Toolkit(name=name, openapi=str(directory / f"{name}.com.json"))
        for name in ("digitalocean", "spotify", "trello")
    }
    github = folder / "octokit/package/generated/api.github.com.json"
    return {**found, "github": Toolkit(name="github", openapi=str(github))}


def counted(labels: list[dict[str, Any]], tools: dict[str, Tool]) -> dict[str, Any]:
    """Precision at the default threshold and the share that is above it, of effects and of classes."""
    count: Counter[str] = Counter()
    for label in labels:
        tool = tools[label["tool"]]
        sure = tool.confidence >= THRESHOLD and tool.effect != "opaque"
        right = effect_of(tool) in (label["effect"], *label["also"])
        count.update(effects=1, effects_sure=sure, effects_right=sure and right)
        inputs = {parameter.pointer: parameter for parameter in tool.inputs}
        for pointer, classes in label["parameters"].items():
            parameter = inputs[pointer]
            sure = parameter.confidence >= THRESHOLD
            right = parameter.klass in ([classes] if isinstance(classes, str) else classes)
            count.update(classes=1, classes_sure=sure, classes_right=sure and right)
    return {
        key: {
            "labelled": count[key],
            "precision": round(count[f"{key}_right"] / max(count[f"{key}_sure"], 1), 3),
            "above_threshold": round(count[f"{key}_sure"] / max(count[key], 1), 3),
        }
        for key in ("effects", "classes")
    }


def main() -> None:
    """``understanding.py FOLDER``"""
    labels = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    found = kits(Path(sys.argv[1]))
    tools = {
        tool.name: tool
        for api in {label["api"] for label in labels}
        for tool in sources.load(found[api]).toolset.tools
    }
    splits = {"all": labels}
    for name in ("tuning", "held_out"):
        splits[name] = [label for label in labels if label["split"] == name]
    keep("understanding", {name: counted(part, tools) for name, part in splits.items()})


if __name__ == "__main__":
    main()
