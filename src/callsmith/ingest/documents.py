"""JSON and YAML files from outside, decoded to plain JSON values."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from callsmith.errors import SourceError
from callsmith.records import Json


def load_json(path: str) -> Json:
    """The decoded JSON file.

    Raises:
        SourceError: the file cannot be read or is not JSON; the error gives line and column.
    """
    try:
        return json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise SourceError(
            f"not valid JSON: {error.msg}", where=f"{path}:{error.lineno}:{error.colno}"
        ) from error


def load_document(path: str) -> Json:
    """A JSON file, or a YAML file by its ending, as JSON values: keys are strings, dates are text.

    Raises:
        SourceError: the file cannot be read or is neither, or it holds aliases, which can stand for
            more than any memory holds; the error gives line and column.
    """
    if not path.endswith((".yaml", ".yml")):
        return load_json(path)
    text = _text(path)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise SourceError(
                    "holds a YAML alias", where=_place(path, event.start_mark), hint="use $ref instead of *"
                )
        return _plain(yaml.load(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        where = _place(path, error.problem_mark) if error.problem_mark else path
        raise SourceError(f"not valid YAML: {error.problem}", where=where) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SourceError(f"not valid YAML: {error}", where=path) from error


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot be read: {error}", where=path) from error


def _place(path: str, mark: Any) -> str:
    return f"{path}:{mark.line + 1}:{mark.column + 1}"


def _plain(value: Any) -> Json:
    if isinstance(value, dict):
        # Status codes are written without quotes, and an answer "on" is read as true.
        return {
            key if isinstance(key, str) else json.dumps(key, default=str): _plain(v)
            for key, v in value.items()
        }
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    raise ValueError(f"a {type(value).__name__} has no place in JSON")
