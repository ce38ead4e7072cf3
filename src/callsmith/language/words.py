"""English word forms: gerunds, participles, articles, numbers as words, lists."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from callsmith.catalog.data import read

NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_VOWELS = "aeiou"
_DOUBLING = frozenset(
    [
        "set",
        "get",
        "put",
        "run",
        "plan",
        "tag",
        "drop",
        "ship",
        "cut",
        "pin",
        "ban",
        "plug",
        "chat",
        "trim",
        "rub",
        "star",
        "scan",
        "swap",
        "map",
        "log",
    ]
)


@lru_cache(maxsize=1)
def _irregular() -> dict[str, list[str]]:
    table: dict[str, list[str]] = read("language/en/verbs.yaml")
    return table


@lru_cache(maxsize=4096)
def gerund(phrase: str) -> str:
    """``move it`` -> ``moving it``: the first word inflected."""
    verb, _, rest = phrase.partition(" ")
    if verb.endswith("ie"):
        form = verb[:-2] + "ying"
    elif verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        form = verb[:-1] + "ing"
    elif verb in _DOUBLING:
        form = verb + verb[-1] + "ing"
    else:
        form = verb + "ing"
    return f"{form} {rest}".strip()


@lru_cache(maxsize=4096)
def participle(phrase: str) -> str:
    """``send`` -> ``sent``; of a phrase, the first word."""
    verb, _, rest = phrase.partition(" ")
    if verb in _irregular():
        form = _irregular()[verb][-1]
    elif verb.endswith("e"):
        form = verb + "d"
    elif verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        form = verb[:-1] + "ied"
    elif verb in _DOUBLING:
        form = verb + verb[-1] + "ed"
    else:
        form = verb + "ed"
    return f"{form} {rest}".strip()


def article(noun: str) -> str:
    """``a`` or ``an``, by the sound the noun begins with."""
    word = noun.lower().lstrip("\"'“")
    if word.startswith(("uni", "use", "usu", "eu", "one", "uri", "url")):
        return "a"
    if word.startswith(("hour", "hono", "heir")):
        return "an"
    return "an" if word[:1] in _VOWELS else "a"


def with_article(noun: str) -> str:
    return f"{article(noun)} {noun}"


def number_word(count: int) -> str:
    return NUMBERS[count] if 0 <= count < len(NUMBERS) else f"{count:,}"


def ordinal_word(place: int) -> str:
    return "last" if place < 0 else ORDINALS[place] if place < len(ORDINALS) else f"{place}th"


def listed(items: Sequence[str], joiner: str = "and") -> str:
    """``a, b and c``."""
    if len(items) <= 1:
        return "".join(items)
    return f"{', '.join(items[:-1])} {joiner} {items[-1]}"


def day_suffix(day: int) -> str:
    if 11 <= day <= 13:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def humanised(value: str) -> str:
    """An enum value as words: ``in_progress`` -> ``in progress``, ``needsAction`` -> ``needs action``."""
    out = []
    for index, char in enumerate(value):
        if char in "_-":
            out.append(" ")
        elif char.isupper() and index and value[index - 1].islower():
            out.append(" " + char.lower())
        else:
            out.append(char)
    text = "".join(out)
    return text.lower() if text.isupper() or "_" in value else text
