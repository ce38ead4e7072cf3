"""What people call a language that an API names by its tag: British English, for en-GB."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from callsmith.catalog.data import read

_TAG = re.compile(r"([a-z]{2})(?:[-_]([A-Z]{2}|[A-Z][a-z]{3}))?")


@lru_cache(maxsize=1_000)
def language_said(tag: str, alone: bool = False) -> str:
    """The name of a language by its tag; "" for what is none. A code ``alone``, as "de" is, may be any word."""
    found = _TAG.fullmatch(tag)
    known: Mapping[str, Mapping[str, str]] = read("catalog/lexicon/language_tags.yaml")
    name = known["languages"].get(found[1], "") if found else ""
    if found is None or not name or not (found[2] or alone):
        return ""
    country = found[2] or known["home"].get(found[1], "")
    if written := known["written"].get(f"{found[1]}-{country}"):
        return written
    if not country or known["home"].get(found[1]) == country:
        return name
    return f"{known['of'][country]} {name}" if country in known["of"] else ""


def language_tag(value: str) -> bool:
    """Whether a value is a language with its country, as machines write it: it stands as it is where it has no name."""
    found = _TAG.fullmatch(value)
    return (
        found is not None
        and "-" in value
        and found[1] in read("catalog/lexicon/language_tags.yaml")["languages"]
    )


def common_tags() -> Sequence[str]:
    """Tags of languages that much is written in."""
    tags: Sequence[str] = read("catalog/lexicon/language_tags.yaml")["common"]
    return tags


def of_language(phrase: str) -> bool:
    """Whether a field of this name holds a language."""
    return phrase.lower().rpartition(" ")[2] in ("language", "languages", "locale", "lang")
