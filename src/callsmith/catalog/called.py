"""What things are called: the kinds of called.yaml, each with its nouns, the trades it is of and its titles."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from callsmith.catalog import data

_FILE = "catalog/lexicon/called.yaml"
_HEAD = re.compile(
    r"(?P<flags>[!*~#]*)(?P<name>\w+)(?: @(?P<trades>[\w,]+))?(?: \((?P<fields>[\w ]+)\))?(?: -\((?P<unless>[\w ]+)\))?"
)
_WORK = {
    "task",
    "job",
    "repair",
    "request",
    "work_order",
    "incident",
    "claim",
    "complaint",
    "ticket",
    "issue",
}


def words() -> dict[str, list[str]]:
    """Lists of words for the slots of titles; a word may hold slots itself."""
    lines = (line.partition(": ") for line in data.read(_FILE)["words"].splitlines())
    return {name.strip(): said.split(", ") for name, _, said in lines}


@lru_cache(maxsize=1)
def kinds() -> tuple[dict[str, Any], ...]:
    """The kinds in the form of things.yaml, with ``trades`` (of which they are), ``unless`` (fields) and ``fixed``.

    Of what is ``counted`` a system gives the numbers: nobody thinks of one for a new record. What a kind of
    ``compounds`` says holds for nouns of more than one word that end in its own.
    """
    return tuple(_kind(line, place) for place, line in enumerate(_lines()))


@lru_cache(maxsize=1)
def fixed() -> frozenset[str]:
    """Names of kinds whose titles say what the thing is, so that it is never called another."""
    listed = data.read("catalog/lexicon/things.yaml")["fixed"]
    return frozenset((*listed, *(kind["name"] for kind in kinds() if kind["fixed"])))


def _lines() -> list[str]:
    """One line for each kind; what begins with a bar goes on with the line before."""
    joined: list[str] = []
    for line in data.read(_FILE)["kinds"].splitlines():
        plain = line.strip()
        if not plain or plain.startswith("# "):
            continue
        if plain.startswith("|"):
            joined[-1] += f" {plain}"
        else:
            joined.append(plain)
    return joined


def _kind(line: str, place: int) -> dict[str, Any]:
    head, _, said = line.partition(" = ")
    told, _, nouns = head.partition(":")
    found = _HEAD.fullmatch(told.strip())
    assert found is not None, line
    titles = [title.strip() for title in said.split(" | ")]
    kind: dict[str, Any] = {
        "name": f"{found['name']}_{place}",
        "nouns": nouns.split(),
        "titles": titles,
        "first": "!" in found["flags"],
        "compounds": "~" in found["flags"],
        "fixed": "*" in found["flags"],
        "counted": "#" in found["flags"] or all(title.endswith("{number}") for title in titles),
        "called": True,
        "done": 0.35 if _WORK & {*nouns.split()} else 0.0,
    }
    for name in ("trades", "fields", "unless"):
        if found[name]:
            kind[{"fields": "with"}.get(name, name)] = re.split(r"[, ]", found[name])
    return kind
