"""YAML files that people write by hand, decoded, with the place of everything in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import SafeConstructor

from callsmith.errors import ConfigError

LARGEST = 2_000_000  # characters: more is nothing that anybody wrote by hand


class Written:
    """One file: ``plain`` is what it says, as JSON values; places are ``file:line:column``."""

    def __init__(self, path: Path, tree: yaml.Node, plain: dict[str, Any]):
        self.path = path
        self.tree = tree
        self.plain = plain

    def place(self, steps: Sequence[str | int], of_key: bool = False) -> str:
        """The place of what stands at ``steps``, or of the deepest thing on the way that exists."""
        node, place = self.tree, marked(self.path, self.tree)
        for depth, step in enumerate(steps):
            if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                place = marked(self.path, node)
            elif isinstance(node, yaml.MappingNode):
                found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
                if found is None:
                    break
                node = found[1]
                place = marked(self.path, found[0] if of_key and depth == len(steps) - 1 else node)
        return place

    def wrong(
        self, what: str, steps: Sequence[str | int], hint: str = "", of_key: bool = False
    ) -> ConfigError:
        """The error that says what is wrong at ``steps``."""
        return ConfigError(what, where=self.place(steps, of_key), hint=hint)


def read_written(path: Path, example: str) -> Written:
    """The file, which holds a mapping; ``example`` is a first line for those who wrote none.

    Raises:
        ConfigError: it cannot be read, is no YAML, holds an alias, or gives a key twice; with the place.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("cannot be read", where=str(path), hint=str(error)) from error
    if len(text) > LARGEST:
        raise ConfigError(f"holds {len(text):,} characters", where=str(path), hint=f"{LARGEST:,} at most")
    try:
        _no_alias(path, text)
        tree = yaml.compose(text, Loader=yaml.CSafeLoader)
        if tree is not None:
            _keys_are_text(tree)
        plain = SafeConstructor().construct_document(tree) if tree is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise ConfigError(error.problem or "not YAML", where=place) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ConfigError(f"not YAML: {error}"[:200], where=str(path)) from error
    if not isinstance(plain, dict) or tree is None:
        raise ConfigError("a mapping is expected", where=f"{path}:1:1", hint=f"begin with {example}")
    _no_key_twice(path, tree)
    return Written(path, tree, plain)


def marked(path: Path, node: yaml.Node) -> str:
    """Where a node begins."""
    return f"{path}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"


def lines_of(node: yaml.Node, *steps: str | int) -> tuple[int, int]:
    """The lines, counted from 0, on which the node at ``steps`` begins and ends."""
    for step in steps:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
        else:
            node = next(value for key, value in node.value if key.value == step)
    return node.start_mark.line, node.end_mark.line


def _keys_are_text(tree: yaml.Node) -> None:
    """YAML reads ``on`` and ``yes`` as truth values; as keys they are what was written."""
    if isinstance(tree, yaml.MappingNode):
        for key, value in tree.value:
            if key.tag == "tag:yaml.org,2002:bool":
                key.tag = "tag:yaml.org,2002:str"
            _keys_are_text(value)
    elif isinstance(tree, yaml.SequenceNode):
        for item in tree.value:
            _keys_are_text(item)


def _no_alias(path: Path, text: str) -> None:
    """An alias can stand for more than any memory holds."""
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            mark: Any = event.start_mark
            place = f"{path}:{mark.line + 1}:{mark.column + 1}"
            raise ConfigError("holds a YAML alias", where=place, hint="write out what it stands for")


def _no_key_twice(path: Path, tree: yaml.Node) -> None:
    for node in _mappings(tree):
        seen: dict[str, int] = {}
        for key, _ in node.value:
            if key.value in seen:
                raise ConfigError(
                    f"{key.value} is given twice",
                    where=marked(path, key),
                    hint=f"first on line {seen[key.value]}",
                )
            seen[key.value] = key.start_mark.line + 1


def _mappings(tree: yaml.Node) -> Iterator[yaml.MappingNode]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
        if isinstance(node, yaml.MappingNode):
            yield node
            waiting.extend(value for _, value in node.value)
