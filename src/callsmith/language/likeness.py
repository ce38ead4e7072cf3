"""What the records of one list have alike, and so does not tell one from another, and what only some of them show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from callsmith.execute import values_at
from callsmith.language.stating import STATES
from callsmith.records import Entity, Json

FEW = 3  # records of which it is worth saying even that they stand alike


class Likeness(Struct, frozen=True):
    """Where the records of a list stand alike, and where some show nothing."""

    alike: frozenset[str] = frozenset()
    patchy: frozenset[str] = frozenset()


ALONE = Likeness()  # of a record that stands among no others


def likeness(entity: Entity, records: Sequence[Mapping[str, Any]]) -> Likeness:
    """The fields that all records hold with one value, and those that some lack; of two, even one state is told."""
    if len(records) < 2:
        return ALONE
    alike, patchy = set(), set()
    for item in entity.fields:
        held = [next(iter(values_at(record, item.pointer)), None) for record in records]
        lacking = held.count(None) + held.count("")
        if 0 < lacking < len(held):
            patchy.add(item.pointer)
        if not lacking and all(one == held[0] for one in held):
            if len(records) >= FEW or item.facet != "enum" and item.phrase not in STATES:
                alike.add(item.pointer)
    return Likeness(frozenset(alike), frozenset(patchy))


def newest_first(entity: Entity, records: Sequence[Mapping[str, Any]], past: Callable[[Json], bool]) -> bool:
    """Whether records run back in time, and all of them are of the ``past``: the latest of them come first."""
    for item in entity.fields:
        moments = [str(record.get(item.pointer[1:]) or "") for record in records]
        if item.facet in _MOMENTS and len({*moments}) >= FEW and all(one and past(one) for one in moments):
            if moments == sorted(moments, reverse=True):
                return True
    return False


_MOMENTS = ("date_time", "date", "timestamp")
