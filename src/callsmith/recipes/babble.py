"""Signs that what a model says is no speech: open brackets, words over and over, echoes, letters at random."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsmith.records import Assistant, Message, User
from callsmith.text import words

SAME = 4  # words from which saying the very same again is no chance
MIXED = 5  # words of which less than one in so many may have a capital inside
_OVER = re.compile(  # in words set apart by single spaces
    r"\b([^\W\d_]+)(?: \1\b){3,}|\b(\w+(?: \w+){1,7})(?: \2\b){2,}"
)
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_MIXED = re.compile(r"[a-z][A-Z]")
_CLOSES = {"]": "[", "}": "{"}


def babble(messages: Sequence[Message]) -> str:
    """What in a conversation nobody would say, and in which message; "" where nothing is."""
    said: dict[tuple[str, ...], int] = {}
    for index, message in enumerate(messages):
        if not isinstance(message, User | Assistant) or not message.text:
            continue
        fault = _fault(message.text)
        if fault:
            return f"message {index}: {fault}"
        spoken = words(message.text)
        before = said.setdefault(spoken, index)
        if before != index and len(spoken) >= SAME:
            return f"message {index}: it says what message {before} says"
    return ""


def over_and_over(text: str) -> str:
    """What a text says three times on end, a single word four times; "" where there is no such thing."""
    found = _OVER.search(" ".join(words(text)))
    return (found[1] or found[2]) if found else ""


def _fault(text: str) -> str:
    prose = _CODE.sub(" ", text)
    odd = _unpaired(prose)
    if odd:
        return f"{odd} stands alone in it"
    again = over_and_over(prose)
    if again:
        return f"it says over and over: {again}"
    each = [word for word in prose.split() if word.isalpha()]
    mixed = [word for word in each if _MIXED.search(word)]
    if len(mixed) > 1 and len(mixed) * MIXED > len(each):
        return f"its words are none: {' '.join(mixed[:3])}"
    return ""


def _unpaired(text: str) -> str:
    """A bracket or brace that nothing closes, or that closes nothing."""
    opened: list[str] = []
    for letter in text:
        if letter in "[{":
            opened.append(letter)
        elif letter in _CLOSES and (not opened or opened.pop() != _CLOSES[letter]):
            return letter
    return opened[-1] if opened else ""
