"""What a name means by what bears it: the name of a customer is a person's, that of a label a label."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from callsmith.catalog import data
from callsmith.understand.leaf import (
    Words,
    bearers,
    lexicon,
    named,
    persons,
)
from callsmith.understand.words import singular


def in_company(
    entry: Mapping[str, Any], path: Sequence[Words], own: str, people: Collection[str]
) -> Mapping[str, Any]:
    """The entry as its surroundings change it: the name of a customer is a person's, that of a label a label."""
    if (
        entry.get("facet") == "amount"
        and len(path) > 1
        and path[-2]
        and path[-2][-1] in ("duration", "estimate", "interval")
    ):
        return {"facet": "duration_minutes", "phrase": "length"}
    if path and path[-1] == ("display", "name") and own not in people and _of_thing(path[:-1], own):
        return {**entry, "facet": "title"}
    if entry.get("facet") != "title" or path[-1][-1] not in lexicon()["naming"]:
        return entry
    bearer = path[-1][:-1]
    if bearer in (("country",), ("city",)):
        return {**entry, "facet": bearer[0], "phrase": bearer[0]}
    foremost = data.read("catalog/lexicon/persons.yaml")["foremost"]
    told = bearer[1:] if len(bearer) > 1 and bearer[0] in foremost else bearer
    if told and " ".join(told) in named():
        return {**entry, "facet": "person", "phrase": " ".join(bearer)}
    holder = " ".join((*path[-2][:-1], singular(path[-2][-1]))) if len(path) > 1 and path[-2] else own
    for facet, words in lexicon()["holders"].items():
        if facet in ("label", "country", "city") and len(path) == 1:
            continue  # the label's own name is its title
        known = {*persons(), *people} if facet == "person" else words
        if holder in known or holder.split(" ")[-1] in known:
            return {**entry, "facet": facet}
    return entry


def _of_thing(holders: Sequence[Words], own: str) -> bool:
    """Whether what stands in the record itself, beside no person's name, is about a record that is no person."""
    if not own:
        return False
    told = [step for step in holders if " ".join(step) not in lexicon()["silent"]]
    last = next((word for word in reversed(told[-1]) if word not in lexicon()["silent"]), "") if told else own
    last = singular(last.split(" ")[-1]) if last else ""
    return bool(last) and last not in persons() and last not in bearers() and last not in lexicon()["selves"]
