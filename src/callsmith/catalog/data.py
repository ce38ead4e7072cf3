"""The packaged data files, read once each."""

from __future__ import annotations

from functools import cache
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
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SourceError(f"no packaged data file {path_in_package}", where=str(path)) from error
    return parse(text, path_in_package)


@cache
def files(folder: str) -> tuple[str, ...]:
    """The stems of the YAML files in a folder of the package, sorted."""
    return tuple(sorted(path.stem for path in (ROOT / folder).glob("*.yaml")))
