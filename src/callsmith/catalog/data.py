"""The packaged data files, read once each."""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import yaml

from callsmith.errors import SourceError

ROOT = Path(__file__).resolve().parent.parent


def parse(text: str, where: str) -> Any:
    """The value of YAML text; ``where`` names it in errors.

    Raises:
        SourceError: the text is not YAML; the error gives line and column.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{where}:{mark.line + 1}:{mark.column + 1}" if mark else where
        raise SourceError(f"not valid YAML: {error.problem}", where=place) from error


@cache
def read(path_in_package: str) -> Any:
    """The decoded YAML file at a path relative to the package root, such as ``lexicon/people.yaml``.

    The value is shared by all callers: do not change it.

    Raises:
        SourceError: there is no such file, or it is not YAML.
    """
    path = ROOT / path_in_package
    try:
        found = path.stat()
        beside = _kept(path)
        stamp = (found.st_mtime_ns, found.st_size)
        known = beside and _recalled(beside, stamp)
        if known:
            return known[0]
        value = parse(path.read_text(encoding="utf-8"), path_in_package)
    except OSError as error:
        raise SourceError(f"no packaged data file {path_in_package}", where=str(path)) from error
    if beside is not None and not sys.dont_write_bytecode:
        _keep(beside, stamp, value)
    return value


def _kept(path: Path) -> Path | None:
    """Where the decoded file is kept: beside what Python compiles, as long as nothing changes."""
    try:
        return Path(cache_from_source(f"{path}.py"))  # whose ending it takes off
    except NotImplementedError:
        return None


def _recalled(kept: Path, stamp: tuple[int, int]) -> tuple[Any] | None:
    """What was kept of a file that has had no change since: reading YAML takes a fifth of a start."""
    try:
        then, value = marshal.loads(kept.read_bytes())
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return (value,) if then == stamp else None


def _keep(kept: Path, stamp: tuple[int, int], value: Any) -> None:
    with contextlib.suppress(OSError, ValueError):  # nowhere to write, or something that is not plain data
        packed = marshal.dumps((stamp, value))
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_name(f"{kept.name}.{os.getpid()}")
        fresh.write_bytes(packed)
        fresh.replace(kept)


@cache
def files(folder: str) -> tuple[str, ...]:
    """The stems of the YAML files in a folder of the package, sorted."""
    return tuple(sorted(path.stem for path in (ROOT / folder).glob("*.yaml")))
