"""Names of tools and toolkits made from names of files and operations."""

from __future__ import annotations

import re
from pathlib import Path

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def valid_name(name: str) -> bool:
    """Whether a function may be called so."""
    return NAME.fullmatch(name) is not None


def toolkit_of(path: str) -> str:
    """The toolkit a file is taken to describe: its name up to the first dot, ``github.openapi.json`` -> github."""
    return snake(Path(path).name.split(".")[0]) or "tools"


def snake(text: str) -> str:
    """``issues/listForRepo`` -> ``issues_list_for_repo``."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text)
    spaced = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", spaced)
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def prefixed(toolkit: str, name: str) -> str:
    """A tool name that begins with its toolkit, at most 64 characters."""
    full = name if name.startswith(toolkit + "_") else f"{toolkit}_{name}"
    return full[:64].rstrip("_")
