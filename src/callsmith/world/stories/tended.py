"""Which fields tell when a thing came to be there, and when it was last seen to: installed, serviced, renewed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from callsmith.catalog import data


def tended(words: Sequence[str], others: Iterable[Sequence[str]], *, living: bool) -> str:
    """``origin`` for when it came to be there, ``tended`` for when it was last seen to, else nothing.

    ``others``: the words of the other fields. ``living``: the record has states that begin and end, and what happens
    to it is told by those.
    """
    known, held = data.read("catalog/lexicon/tended.yaml"), {*words}
    if held & {*known["unsaid"]}:
        return ""
    if held & {"last", "latest", "recent"}:
        return "tended"
    if living:
        return "origin" if held & {*known["sure"]} else "tended" if held & {*known["renewed"]} else ""
    if held & {*known["origins"]}:
        sure = held & ({*known["origins"]} - {*known["beside"]})
        return "origin" if sure or any(tended(one, (), living=False) == "tended" for one in others) else ""
    return "tended" if held & {*known["tended"]} else ""
