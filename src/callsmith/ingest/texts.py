"""Descriptions as sources write them, made plain text of a bounded length."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

LONGEST = 4_000  # characters; a description is read with every request a model gets

_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_SEPARATE = frozenset(
    ["p", "li", "ul", "ol", "br", "div", "note", "important", "dt", "dd", "h1", "h2", "h3", "tr"]
)


def plain(text: object, longest: int = LONGEST) -> str:
    """The text without control characters, no longer than ``longest``, cut between words; "" for what is no text."""
    if not isinstance(text, str):
        return ""
    text = text[: longest * 4]  # what is cut away anyway is not looked at
    text = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in _UNSEEN)
    if len(text) <= longest:
        return text.strip()
    return text[:longest].rsplit(None, 1)[0].rstrip() + " …"


# Control characters, what turns the direction of writing around, surrogates, private use.
_UNSEEN = frozenset(["Cc", "Cf", "Cs", "Co"])


def without_markup(text: object, longest: int = LONGEST) -> str:
    """A description in HTML as text: paragraphs and items apart, entities resolved, white space folded."""
    if not isinstance(text, str):
        return ""
    if not _TAG.search(text) and "&" not in text:
        return plain(" ".join(text.split()), longest)
    spaced = _TAG.sub(lambda tag: " " if tag[1].lower() in _SEPARATE else "", text[: longest * 8])
    return plain(" ".join(unescape(spaced).split()), longest)
