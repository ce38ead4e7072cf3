"""Names in definitions, split into plain lower-case words."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from callsmith.catalog import data

_PIECES = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_IRREGULAR = {"people": "person", "children": "child", "statuses": "status", "addresses": "address",
              "status": "status", "address": "address", "news": "news", "series": "series", "is": "is",
              "has": "has", "as": "as", "us": "us", "this": "this", "access": "access", "business": "business",
              "progress": "progress", "sms": "sms", "alias": "alias", "basis": "basis", "gross": "gross",
              "class": "class", "css": "css", "https": "https", "canvas": "canvas", "bus": "bus",
              "species": "species", "previous": "previous", "minus": "minus", "plus": "plus", "lens": "lens",
              "fonds": "fonds", "atlas": "atlas", "menus": "menu"}  # fmt: skip


@lru_cache(maxsize=8192)
def split(name: str) -> tuple[str, ...]:
    """``"lastModifyingUser"`` as ``("last", "modifying", "user")``."""
    joined = _joined()
    words = (piece.lower() for piece in _PIECES.findall(name))
    return tuple(word for piece in words for word in joined.get(piece, piece).split(" "))


@cache
def _joined() -> dict[str, str]:
    """Words that names write as one: firstname."""
    table: dict[str, str] = data.read("understand/words.yaml")["joined"]
    return table


@lru_cache(maxsize=8192)
def singular(word: str) -> str:
    """One of what a plural noun names."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "sis", "us")) and len(word) > 3:
        return word[:-1]
    return word


@lru_cache(maxsize=8192)
def stem(name: str) -> str:
    """Words of ``name`` joined by ``_``, the last one in the singular: what nouns are compared by."""
    words = split(name)
    if not words:
        return ""
    return "_".join((*words[:-1], singular(words[-1])))


def capital(text: str) -> str:
    """``text`` with its first letter in upper case and the rest untouched."""
    return text[:1].upper() + text[1:]
