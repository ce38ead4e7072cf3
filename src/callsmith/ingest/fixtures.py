"""Files of the user's own records: CSV, JSON and JSON lines as rows of named cells, with limits that name the place."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from callsmith.errors import SourceError
from callsmith.records import Json, Table
from callsmith.text import short

FILE_BYTES = 50_000_000
ROWS = 100_000
COLUMNS = 500
CELL = 20_000  # characters
DEEP = 8  # levels of nested objects

# Characters that no field of a record holds: controls, and those that turn the direction of the text around them.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def read_table(path: str) -> Table:
    """The records of a ``.csv``, ``.json`` or ``.jsonl`` file; an empty cell and ``null`` are both None.

    Objects inside a record become columns with dots, ``due.date``; lists stay lists.

    Raises:
        SourceError: the file cannot be read, is larger than the limits, or a cell holds what no field can;
            the error gives the line or the place of the record, and the column.
    """
    text = _text(path)
    kind = path.rpartition(".")[2]
    reader = {"csv": _csv_rows, "json": _json_rows, "jsonl": _line_rows}[kind]
    columns: dict[str, None] = {}
    rows: list[tuple[str, Mapping[str, Json]]] = []
    for where, cells in reader(path, text):
        if len(rows) == ROWS:
            raise SourceError(f"more than {ROWS:,} records", where=path, hint="split the file")
        for column, value in cells.items():
            _sound(value, column, where)
            columns.setdefault(column)
        if len(columns) > COLUMNS:
            raise SourceError(f"more than {COLUMNS} columns", where=where)
        rows.append((where, cells))
    if not rows:
        raise SourceError("holds no record", where=path)
    return Table(path, tuple(columns), rows)


def _text(path: str) -> str:
    try:
        if Path(path).stat().st_size > FILE_BYTES:
            raise SourceError(
                f"larger than {FILE_BYTES:,} bytes", where=path, hint="a world draws 150 records of it"
            )
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot be read: {error}", where=path, hint="a text file in UTF-8") from error


def _csv_rows(path: str, text: str) -> Iterator[tuple[str, dict[str, Json]]]:
    head = text.partition("\n")[0]
    mark = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    columns: list[str] = []
    begun = 1
    try:
        for cells in reader:
            where, begun = f"{path}:{begun}", reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _header(cells, where)
                continue
            if len(cells) != len(columns):
                raise SourceError(
                    f"{len(cells)} cells, but {len(columns)} columns",
                    where=where,
                    hint='quote cells that hold "' + mark + '"',
                )
            yield where, {name: cell.strip() or None for name, cell in zip(columns, cells, strict=True)}
    except csv.Error as error:
        raise SourceError(f"not valid CSV: {error}", where=f"{path}:{reader.line_num}") from error


def _header(cells: list[str], where: str) -> list[str]:
    columns = [cell.strip() for cell in cells]
    for place, name in enumerate(columns):
        if not name:
            raise SourceError(
                f"column {place + 1} has no name", where=where, hint="the first line names the columns"
            )
        if name in columns[:place]:
            raise SourceError(f"two columns are called {short(name)}", where=where)
    return columns


def _json_rows(path: str, text: str) -> Iterator[tuple[str, dict[str, Json]]]:
    found = _decoded(text, path, 1)
    if isinstance(found, dict) and len(found) == 1:
        found = next(iter(found.values()))
    if not isinstance(found, list):
        raise SourceError("an array of objects is expected", where=path)
    for place, item in enumerate(found):
        yield f"{path}: record {place + 1}", _flat(item, f"{path}: record {place + 1}")


def _line_rows(path: str, text: str) -> Iterator[tuple[str, dict[str, Json]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield f"{path}:{number}", _flat(_decoded(line, path, number), f"{path}:{number}")


def _decoded(text: str, path: str, line: int) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        where = f"{path}:{line + error.lineno - 1}:{error.colno}"
        raise SourceError(f"not valid JSON: {error.msg}", where=where) from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"not usable JSON: {error}", where=f"{path}:{line}") from error


def _no_number(name: str) -> Json:
    raise ValueError(f"{name} is no number")


def _flat(item: Json, where: str) -> dict[str, Json]:
    if not isinstance(item, dict):
        raise SourceError("a record is a JSON object", where=where)
    made: dict[str, Json] = {}

    def walk(value: dict[str, Json], path: tuple[str, ...]) -> None:
        if len(path) >= DEEP:
            raise SourceError(f"objects are nested deeper than {DEEP} levels", where=where)
        for name, inner in value.items():
            if isinstance(inner, dict) and inner:
                walk(inner, (*path, name))
            else:
                made[".".join((*path, name))] = inner

    walk(item, ())
    return made


def _sound(value: Json, column: str, where: str) -> None:
    texts = [column, value] if isinstance(value, str) else [column]
    if isinstance(value, (list, dict)):
        texts.append(json.dumps(value, ensure_ascii=False).replace("\\n", " ").replace("\\t", " "))
    for text in texts:
        if len(text) > CELL:
            raise SourceError(
                f"column {short(column)}: {len(text):,} characters, at most {CELL:,}", where=where
            )
        bad = _UNSEEN.search(text) or re.search(r"\\u00[01]", text if text is not value else "")
        if bad:
            raise SourceError(
                f"column {short(column)}: holds the control character {bad[0]!a}",
                where=where,
                hint="remove it",
            )
