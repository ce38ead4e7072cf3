"""What a tool is offered as: its summary before its description, where that does not begin by saying as much."""

from __future__ import annotations

import re

from callsmith.records import Tool
from callsmith.understand.naming import verbs
from callsmith.understand.words import sentence_words, singular

_LONGEST = 100  # characters of a summary that is none any more
_SENTENCE = re.compile(r"(?<=[.!?])\s|\n")
_SMALL = frozenset(
    "a an the of to for in on at by with and or from into as its their your my our all one some this that".split()
)


def described(tool: Tool) -> str:
    """A tool's description, its summary before it where it does not begin by saying as much."""
    summary, text = str(tool.hints.get("summary") or "").strip(), tool.description
    spoken = " " in summary and len(summary) <= _LONGEST and not re.search(r"[/_{}<>]", summary)
    if not spoken or not text or _says(_SENTENCE.split(text.strip())[0], summary):
        return text
    return f"{summary.rstrip('.!:; ')}. {text}"


def _says(sentence: str, summary: str) -> bool:
    if sentence.lower().startswith(summary.lower().rstrip(".!:; ")):
        return True
    told, wanted = _stems(sentence), _stems(summary)
    first = next(iter(sentence_words(summary)), "")
    if _verb(first) and _verb(next(iter(sentence_words(sentence)), "")):
        wanted -= _stems(first)
    return wanted <= told


def _verb(word: str) -> bool:
    return any(form in verbs() for form in (word, word[:-1], word[:-2], f"{word[:-3]}y") if len(form) > 1)


def _stems(text: str) -> set[str]:
    return {singular(word.removesuffix("'s"))[:5] for word in sentence_words(text) if word not in _SMALL}
