"""Abbreviations in the words of an API keep their capitals: a NAT gateway, IPv6 pools."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import partial

from callsmith.language.grammar import outside
from callsmith.language.words import abbreviations, lexicon
from callsmith.records import Toolset

_CAPITALS = re.compile(r"\b(?:[A-Z][A-Z0-9]{1,5})(?=s?\b)")
_LOWER = re.compile(r"(?<![\w/.-])[a-z][a-z0-9]{1,5}(?![\w/-])")
_QUOTED = re.compile(r'("[^"\n]*"|```.*?```)', re.DOTALL)
_WORD = re.compile(r"(?:(?:^|(?<=[.!?] ))[A-Z]|(?<![\w.@/#&=+:-])[a-z])[a-z0-9]*(?![\w@/=-]|\.\w|:\S)")
_OFTEN = 2  # times that a description writes a word in capitals before it is taken for an abbreviation

_written: dict[str, Mapping[str, str]] = {}


def written(toolset: Toolset) -> Mapping[str, str]:
    """Abbreviations by their small letters: the usual ones, and those that no description writes small."""
    if toolset.hash not in _written:
        if len(_written) > 64:
            _written.clear()
        large: Counter[str] = Counter()
        small: Counter[str] = Counter()
        nouns = {
            word for entity in toolset.entities for word in f"{entity.noun} {entity.plural}".lower().split()
        }
        for tool in toolset.tools:
            large.update(word.lower() for word in _CAPITALS.findall(tool.description))
            small.update(_LOWER.findall(tool.description))
        own = {
            word: word.upper()
            for word, times in large.items()
            if times >= _OFTEN * (1 + small[word])
            and word not in lexicon("shouted")
            and (word in nouns or f"{word}s" in nouns)
        }
        _written[toolset.hash] = {**own, **abbreviations()}
    return _written[toolset.hash]


def lettered(text: str, known: Mapping[str, str]) -> str:
    """A text, marked or not, with its abbreviations in capitals; what is marked or quoted stays as it is."""
    return outside(text, partial(_unquoted, known=known))


def _unquoted(text: str, known: Mapping[str, str]) -> str:
    parts = _QUOTED.split(text)
    return "".join(
        part if place % 2 else _WORD.sub(partial(_cased, known), part) for place, part in enumerate(parts)
    )


def _cased(known: Mapping[str, str], match: re.Match[str]) -> str:
    word = match.group()
    if word.lower() in known:
        return known[word.lower()]
    single = word[:-1].lower() if word.endswith("s") else ""
    return f"{known[single]}s" if single in known else word
