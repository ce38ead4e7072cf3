"""Which language a text is in, as far as its script and commonest words tell."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from callsmith.catalog.data import read
from callsmith.text import words

LEAST = 4  # words of a language from which a text counts as being in it
_FOREIGN_LETTERS = 0.3  # share of letters of another script that names and quotations do not explain


def foreign(text: str, locale: str) -> str:
    """The language a text is in instead of that of a locale, by its code or as the name of its script; "" when it may
    be in the right one. Short texts, names and figures are in any language."""
    own = locale.partition("-")[0]
    tables = _tables()
    if own not in tables:
        return ""
    letters = [letter for letter in text if letter.isalpha()]
    others = [letter for letter in letters if not unicodedata.name(letter, "").startswith("LATIN")]
    if len(others) > _FOREIGN_LETTERS * len(letters):
        return unicodedata.name(others[0], "another script").split()[0].capitalize()
    said = words(text)
    counts = {name: sum(word in table for word in said) for name, table in tables.items()}
    most = max(counts, key=lambda name: (counts[name], name == own))
    return most if most != own and counts[most] >= LEAST and counts[most] > 2 * counts[own] else ""


def small(locale: str) -> frozenset[str]:
    """The small words that nearly every text in the language of a locale has."""
    return _tables().get(locale.partition("-")[0], frozenset())


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, frozenset[str]]:
    return {name: frozenset(items) for name, items in read("catalog/lexicon/tongues.yaml").items()}
