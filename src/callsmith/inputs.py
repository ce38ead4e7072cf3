"""What a run is made from: everything that shapes its rows, so that a change is noticed and named."""

from __future__ import annotations

import sys
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from callsmith import prompts, sources
from callsmith.config import SOURCES, Config
from callsmith.ingest import dialogues

# Packages whose version can move a byte of a row.
_SHAPING = ("callsmith", "jsonschema-rs", "msgspec", "orjson", "rensa", "tzdata")
# Parts of this package that only read rows or talk to people.
_READING = (
    "cli",
    "report",
    "shortcuts",
    "export/",
    "planted",
    "config",
    "engine.py",
    "pools.py",
    "session.py",
    "forecast.py",
    "models/",
    "catalog/prompts/judge/",
    "check/judge.py",
    "run.py",
    "inputs.py",
    "py.typed",
)
# Keys that shape no row: a run may grow, move and stop early. What prompts say counts, not where they lie.
_SHAPELESS = ("size", "out", "block", "limits", "at_once", "prompts")
LOOKING_BACK = ("one_shot",)  # recipes whose attempts know of rows of earlier blocks
JUDGE = "judge/"  # prompts that decide which rows are kept, and shape none


def inputs(config: Config) -> dict[str, Any]:
    """Configuration, source files, packaged code and data, and versions, as plain JSON.

    What the judge goes by stands apart, under ``judge``: when nothing but that changes, rows are judged again.
    """
    plain = msgspec.to_builtins(config)
    for key in _SHAPELESS:
        if key != "block" or config.recipe not in LOOKING_BACK:
            del plain[key]
    plain["models"] = {role: endpoint.shaping for role, endpoint in config.models.items()}
    judging = {**plain.pop("judge"), "model": plain["models"].pop("judge", None)} if config.models else None
    for kit in plain["toolkits"]:
        for key in SOURCES:
            kit[key] = Path(kit[key]).name
        if kit["http"] is not None:  # where the API runs and how fast it is asked shapes no row
            kit["http"] = {key: kit["http"][key] for key in ("allow", "now")}
        kit["fixtures"] = [(noun, Path(file).name) for noun, file in kit["fixtures"]]
        for key in ("sandbox", "replay") if kit["mcp"] else ():
            kit["mcp"][key] = Path(kit["mcp"][key]).name
        kit["overlay"] = [Path(path).name for path in kit["overlay"]]
    read: dict[str, str] = {}
    if config.recipe == "from_dialogues":
        file = plain["from_dialogues"]["file"]
        plain["from_dialogues"]["file"] = Path(file).name
        read[f"dialogues/{Path(file).name}"] = dialogues.opened(file).digest
    for kit in config.toolkits:
        read |= sources.digests(kit)
    own = prompts.overridden(config.prompts) if config.prompts else {}
    read |= {f"prompts/{name}": one.version for name, one in own.items() if not name.startswith(JUDGE)}
    made = {"config": plain, "files": {**read, **_packaged()}, "versions": _versions()}
    if judging is not None:
        judging["prompts"] = {
            name: one.version for name, one in prompts.load(config.prompts).items() if name.startswith(JUDGE)
        }
        made["judge"] = judging
    return made


def _packaged() -> dict[str, str]:
    root = Path(__file__).parent
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.suffix in (".py", ".yaml", ".json", ".md") and not name.startswith(_READING):
            found[f"callsmith/{name}"] = blake2b(path.read_bytes(), digest_size=8).hexdigest()
    return found


def _versions() -> dict[str, str]:
    python = f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}"
    return {"python": python, **{name: version(name) for name in _SHAPING}}
