"""Words of a text: tokens, shingles, light stems, names, and the same text with its values masked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from callsmith.facts import mentions, quoted

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[^\w\s]|_+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NAME = re.compile(
    r"(?<![\w@./-])[A-ZÀ-ÖØ-ÞŁŚŻŠČŽ][\w'’&-]*(?:(?: (?:&|and|of|de|van|von|der|la|al|bin|du|di) |(?<=\bDr)\. "
    r"|(?<=\bMr)\. |(?<=\bMrs)\. |(?<=\bMs)\. |(?<= [A-Z])\. | )(?=[A-ZÀ-ÖØ-ÞŁŚŻŠČŽ0-9])[\w'’&-]+)*"
)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;…\n\-–—*•(\"“‘'>]\s*|\n\s*[0-9]+[.)]\s*)$")


_NAMED_TYPE = re.compile(r"(?:[A-Z0-9]+_)*(?:TYPE|STATE|STATUS|KIND)_([A-Z0-9]+(?:_[A-Z0-9]+)*)")


def bare_choice(value: str) -> str:
    """A choice without the name of what is chosen before it, as protocol buffers write them: ``SPACE_TYPE_SHARED``."""
    found = _NAMED_TYPE.fullmatch(value)
    return found[1] if found else value


def tokens(text: str) -> Sequence[str]:
    """Words and punctuation marks in order, lower-cased: "Don't!" is ["don't", "!"]."""
    return _TOKEN.findall(text.lower())


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Words in order, lower-cased, without punctuation."""
    return tuple(_WORD.findall(text.lower()))


def short(text: str, size: int = 60) -> str:
    """Text from outside as an error quotes it: printable, on one line, and not all of it."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in text)
    return shown if len(shown) <= size else shown[:size] + "…"


def shingles(items: Sequence[str], size: int) -> Sequence[tuple[str, ...]]:
    """Every run of ``size`` tokens, in order, repeats kept."""
    return [tuple(items[at : at + size]) for at in range(len(items) - size + 1)]


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A word without its common English endings, good enough to match "invoices" with "invoice"."""
    word = word.replace("’", "'").removesuffix("'s")
    if len(word) > 4:
        for ending, instead in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                word = word[: -len(ending)] + instead
                if (
                    ending in ("ing", "ed")
                    and len(word) > 3
                    and word[-1] == word[-2]
                    and word[-1] not in "lsz"
                ):
                    word = word[:-1]
                break
    elif len(word) == 4 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


_ENDINGS = (
    ("ations", "at"), ("ation", "at"), ("ments", "ment"), ("ings", ""), ("ing", ""), ("ies", "y"), ("ied", "y"),
    ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("ers", "er"), ("ed", ""), ("ly", ""),
    ("es", "e"), ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", ""),
)  # fmt: skip


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """The stems of a text's words; for membership only."""
    return frozenset(stem(word) for word in _WORD.findall(text.lower()))


@lru_cache(maxsize=4096)
def names(text: str) -> Sequence[tuple[int, int]]:
    """Spans of capitalised runs that a capital at the start of a sentence does not explain.

    A run of several words at the start of a sentence counts from its second word.
    """
    out = []
    for match in _NAME.finditer(text):
        start, end = match.span()
        first = match.group().split()[0]
        opens = _SENTENCE_START.search(text[:start][-12:]) is not None
        if opens:
            rest = match.group()[len(first) :].lstrip(" .")
            if not rest:
                continue
            start = end - len(rest)
        while text[end - 1] in "'’&-":
            end -= 1
        if text[start:end] in _NOT_NAMES or end - start < 2:
            continue
        out.append((start, end))
    return tuple(out)


_NOT_NAMES = frozenset(
    "I I'm I'll I've I'd I’m I’ll I’ve I’d OK Ok Hi Hello Hey Thanks Thank Yes No PS P.S FYI ASAP AM PM EOD COB PDF "
    "ID URL API CSV TBD TBC N/A A".split()
)


def mask(text: str, spans: Iterable[tuple[int, int]] = (), now: str = "") -> str:
    """The text with its values replaced by ``▁``: given spans, and every date, number, address, quote and name
    found in it. Two texts that differ in values alone mask to the same skeleton."""
    cover = list(spans)
    cover += [(mention.start, mention.end) for mention in mentions(text, now) if mention.kind != "ordinal"]
    cover += [(mention.start, mention.end) for mention in quoted(text)]
    cover += names(text)
    out: list[str] = []
    position = 0
    for start, end in sorted(cover):
        if end <= position:
            continue
        if start >= position:
            out.append(text[position:start])
            out.append("▁")
        position = end
    out.append(text[position:])
    return " ".join("".join(out).lower().split())


_CODE = re.compile(r"[A-Z]{1,5}(?:[-_/ ]?[A-Z0-9]{1,4})?[-_/ ]?[0-9]{2,8}|[0-9]{1,3}[-/][A-Z]{1,3}[0-9]{1,4}")


def coded(text: str) -> bool:
    """Whether a text is a number as offices give them out, which people read off and say: BX-20418, INV-2026-014."""
    return _CODE.fullmatch(text) is not None


_SPOKEN = re.compile(
    r"[A-Z][a-z]{2,}|(?=.* )(?:.*[ /-])?[a-z]{3,}(?:[ ,.].*)?|(?=.* )[A-Z][a-z]{2,}.*", re.DOTALL
)


def spoken(text: str) -> bool:
    """Whether a text is said in words, and is no code: Horsforth, Border Collie, 10-hour manual block."""
    return _SPOKEN.fullmatch(text) is not None


def shown_coded(schema: Mapping[str, Any]) -> bool:
    """Whether the examples of an identifier, or its form, are those of numbers as offices give them out."""
    given = schema.get("examples") or ()
    if given:
        return all(isinstance(one, str) and coded(one) for one in given)
    return _CODES.fullmatch(str(schema.get("pattern", "")).replace("\\d", "[0-9]")) is not None


_CODES = re.compile(
    r"\^?(?:[A-Z]{1,5}|\[A-Z\](?:\{[1-5](?:,[1-5])?\})?)[-/]?(?:\[0-9\]\{4\}[-/])?\[0-9\](?:\{[2-8](?:,[2-9])?\}|\+)\$?"
)

_HANDLE = re.compile(
    r"^(?:the )?(?:user ?names?|logins?|handles?)(?: (?:of|who|for)\b|\W*$|\. )", re.IGNORECASE
)


def says_handle(description: str) -> bool:
    """Whether a description begins with a field holding what somebody signs in by: "Username of the author"."""
    return _HANDLE.match(description.strip()) is not None
