"""Writes rows in a foreign format, and reads each one back: what was exported must mean what the source means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType

import orjson
from msgspec import Struct

from callsmith import row
from callsmith.errors import CallsmithError
from callsmith.export import canonical, openai, trl
from callsmith.records import Conversation

FORMATS: Mapping[str, ModuleType] = {"openai": openai, "trl": trl, "canonical": canonical}

ALL = "all"
_APART = {"train": "not held out for evaluation", "test": "held out for evaluation"}


class Exported(Struct, frozen=True):
    """What became of the rows."""

    written: int
    left_out: Mapping[str, int]  # reason -> rows


def export(rows: Iterable[row.Row], format: str, out: Path, split: str = ALL) -> Exported:
    """Write rows as JSONL in one of ``FORMATS``: all, those held out for evaluation (``test``), or the others.

    Raises:
        CallsmithError: a row read back differs from its source; nothing is left at ``out`` then.
    """
    target = FORMATS[format]
    left_out: Counter[str] = Counter()
    written = 0
    half = out.with_name(out.name + ".part")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(half, "wb") as file:
            for source in rows:
                conversation = row.from_row(source)
                own = str(conversation.lineage.get("split", "train"))
                reason = _APART[own] if split not in (ALL, own) else target.obstacle(conversation)
                if reason:
                    left_out[reason] += 1
                    continue
                line = row.encode(target.convert(conversation, source))
                _same(target.carried(conversation), row.from_row(orjson.loads(line)), conversation.id, format)
                file.write(line)
                written += 1
        half.replace(out)
    finally:
        half.unlink(missing_ok=True)
    return Exported(written, dict(left_out))


def _same(meant: Conversation, read: Conversation, name: str, format: str) -> None:
    for field in Conversation.__struct_fields__:
        one, other = getattr(meant, field), getattr(read, field)
        if one != other:
            raise CallsmithError(
                f"row {name or 'without id'} would lose something in {format}: {field} differ",
                hint="this is a fault of the exporter; please report it with the row",
            )
