"""JSON and YAML files from outside, decoded to plain JSON values."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from callsmith.errors import SourceError
from callsmith.records import Json

EXPANDED = 1_000_000  # values a YAML file may stand for, those behind aliases counted each time


def load_json(path: str, *, text: str | None = None) -> Json:
    """The decoded JSON file; with ``text`` that, as what the file holds.

    Raises:
        SourceError: the file cannot be read or is not JSON; the error gives line and column.
    """
    try:
        return json.loads(_text(path) if text is None else text)
    except json.JSONDecodeError as error:
        raise SourceError(
            f"not valid JSON: {error.msg}", where=f"{path}:{error.lineno}:{error.colno}"
        ) from error
    except RecursionError as error:
        raise SourceError("nests deeper than can be read", where=path) from error


def load_document(path: str) -> Json:
    """A JSON file, or a YAML file by its ending, as JSON values: keys are strings, dates are text.

    Raises:
        SourceError: the file cannot be read or is neither, or its aliases stand for more than
            ``EXPANDED`` values or for themselves; the error gives line and column.
    """
    if not path.endswith((".yaml", ".yml")):
        return load_json(path)
    text = _text(path)
    try:
        loader = yaml.CSafeLoader(text)
        try:
            tree = loader.get_single_node()
            if tree is None:
                return None
            _expanded(tree, path, {})
            return _plain(loader.construct_document(tree))
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        where = _place(path, error.problem_mark) if error.problem_mark else path
        raise SourceError(f"not valid YAML: {error.problem}", where=where) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SourceError(f"not valid YAML: {error}", where=path) from error


def _expanded(node: yaml.Node, path: str, known: dict[int, int]) -> int:
    """How many values a node stands for (a few lines of aliases can stand for more than any memory holds)."""
    size = known.get(id(node))
    if size == 0:
        raise SourceError("a YAML alias stands for itself", where=_place(path, node.start_mark))
    if size is not None:
        return size
    known[id(node)] = 0
    inner = node.value if isinstance(node, yaml.CollectionNode) else ()
    for item in inner:
        _worded(item[0] if isinstance(item, tuple) else item)
    parts = [part for item in inner for part in (item if isinstance(item, tuple) else (item,))]
    size = 1 + sum(_expanded(part, path, known) for part in parts)
    if size > EXPANDED:
        raise SourceError(
            f"stands for more than {EXPANDED:,} values",
            where=_place(path, node.start_mark),
            hint="use $ref, not *",
        )
    known[id(node)] = size
    return size


_WORDS = ("on", "off", "yes", "no", "y", "n")


def _worded(node: yaml.Node) -> None:
    """A name or a choice that is the word "on" or "no" stays that word: only true and false are told by no name."""
    if isinstance(node, yaml.ScalarNode) and node.value.lower() in _WORDS and node.tag.endswith(":bool"):
        node.tag = "tag:yaml.org,2002:str"


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
