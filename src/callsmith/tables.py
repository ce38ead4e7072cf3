"""Rows of a dataset as operators read and write them: JSON lines of ours, or the frames of DataFlow's storage."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, Self

from callsmith.errors import ConfigError
from callsmith.records import Json

Row = dict[str, Json]


class Storage(Protocol):
    """Where an operator's rows come from and go to: ``JsonlStorage``, or any storage of DataFlow."""

    def read(self, output_type: Any) -> Any: ...

    def write(self, data: Any) -> Any: ...


class JsonlStorage:
    """JSON lines, a file for each step; values come back as they were written, ``"007"`` as ``"007"``.

    Step 0 is ``first_entry_file_name``; what the operator of step n writes is step n + 1, a file in ``cache_path``.
    """

    def __init__(
        self,
        first_entry_file_name: str,
        cache_path: str = "./cache",
        file_name_prefix: str = "callsmith_step",
    ) -> None:
        self._first = Path(first_entry_file_name)
        self._folder = Path(cache_path)
        self._prefix = file_name_prefix
        self._step = -1

    def step(self) -> Self:
        """The storage as the next operator sees it."""
        self._step += 1
        return copy.copy(self)

    def reset(self) -> Self:
        """Begin with step 0 again."""
        self._step = -1
        return self

    def path(self, ahead: int = 0) -> Path:
        """The file of this step, or of one ahead of it."""
        step = self._step + ahead
        if self._step < 0:
            raise ValueError("call step() for each operator: operator.run(storage.step(), …)")
        return self._folder / f"{self._prefix}_{step}.jsonl" if step else self._first

    def read(self, output_type: str = "dict") -> list[Row]:
        """The rows of this step.

        Raises:
            ConfigError: the file cannot be read, or a line is no JSON object; with file and line.
        """
        if output_type != "dict":
            raise ValueError(f'this storage gives "dict", not "{output_type}"')
        return read_rows(self.path())

    def write(self, data: Sequence[Mapping[str, Json]]) -> str:
        """Make the rows those of the next step; the file they are in. It is there whole or not at all."""
        target = self.path(ahead=1)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.part")
        with open(part, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            for row in data:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        os.replace(part, target)
        return str(target)


def read_rows(path: Path) -> list[Row]:
    """The objects in a file of JSON lines.

    Raises:
        ConfigError: the file cannot be read, or a line is no JSON object; with file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("cannot be read", where=str(path), hint=str(error)) from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ConfigError("not JSON", where=f"{path}:{number}", hint=str(error)) from error
        if not isinstance(row, dict):
            raise ConfigError("a line holds one object", where=f"{path}:{number}", hint=line[:60])
        found.append(row)
    return found


def table_of(storage: Storage) -> Any:
    """What a storage holds: rows of ours, or the frame of a storage that gives frames."""
    return storage.read("dict" if isinstance(storage, JsonlStorage) else "dataframe")


def rows_of(table: Any) -> list[Row]:
    """The rows of a table as plain JSON values; what a frame has no value for is None."""
    rows = table if isinstance(table, list) else table.to_dict(orient="records")
    return [{str(name): _plain(value) for name, value in row.items()} for row in rows]


def columns_of(table: Any) -> list[str]:
    """The names of a table's columns."""
    if isinstance(table, list):
        return list(dict.fromkeys(name for row in table for name in row))
    return [str(name) for name in table.columns]


def filled(table: Any, columns: Mapping[str, Sequence[Json]], keep: Sequence[bool]) -> Any:
    """The table with these columns, without the rows that are not kept; a frame stays a frame."""
    if isinstance(table, list):
        rows = [
            {**row, **{name: values[at] for name, values in columns.items()}} for at, row in enumerate(table)
        ]
        return [row for row, wanted in zip(rows, keep, strict=True) if wanted]
    frame = table.copy()
    for name, values in columns.items():  # as objects, so that None stays None and 1 stays 1
        frame[name] = type(frame)({name: list(values)}, index=frame.index, dtype=object)[name]
    return frame[list(keep)].reset_index(drop=True) if len(frame) else frame


def _plain(value: Any) -> Json:
    if hasattr(value, "tolist"):  # arrays and numbers of numpy
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return None if value != value else value
    return None if str(value) in ("NaT", "<NA>") else str(value)
