"""Figures of an answer over the records it lists: the total cost, the average rating, how many pages there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callsmith.records import Json
from callsmith.world.stories.naming import singular, split

_SUMS = {"total", "sum", "overall", "grand", "combined"}
_MEANS = {"average", "avg", "mean"}
_PLAIN = {"of", "all", "over", "value", "amount"}


def over_all(words: set[str], records: Sequence[Mapping[str, Json]], total: int, limit: int) -> Json:
    """What a figure named so says of records; None where it says nothing of what they hold."""
    said = {singular(word) for word in words}
    if "page" in said and said & {"total", "count", "number"} and not said & {"size", "per"}:
        return -(-total // limit) if limit else 1
    if not said & (_SUMS | _MEANS):
        return None
    rest = said - _SUMS - _MEANS
    name = _field(rest, records)
    values = [value for record in records if _number(value := record.get(name))] if name else []
    if not values:
        return None
    whole = sum(float(str(value)) for value in values)
    whole = whole / len(values) if said & _MEANS else whole
    return round(whole) if whole == round(whole) else round(whole, 2)


def _number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _field(rest: set[str], records: Sequence[Mapping[str, Json]]) -> str:
    """The number of the records that is summed: that of the same words, else the one that they belong to."""
    names = {
        name: {singular(word) for word in split(name)}
        for record in records[:1]
        for name, value in record.items()
        if _number(value)
    }
    if not rest:
        return ""
    same = next((name for name, words in names.items() if words == rest or words - _SUMS == rest), "")
    return same or next(
        (name for name, words in names.items() if rest - _PLAIN and rest - _PLAIN <= words), ""
    )
