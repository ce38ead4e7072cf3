"""English word forms: gerunds, participles, articles, numbers as words, lists."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from callsmith.catalog.data import read
from callsmith.catalog.languages import language_said
from callsmith.catalog.sorts import known_values
from callsmith.language.grammar import unmarked
from callsmith.text import bare_choice

NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_VOWELS = "aeiou"


_READ_AS_WORD = re.compile(
    r"[^AEIOU]+[AEIOU]+[^AEIOU]+[AEIOU]|[^AEIOU][AEIOU][^AEIOUQ]{1,2}$"
)  # PIN, RAM, NATO


@lru_cache(maxsize=32)
def lexicon(name: str) -> frozenset[str]:
    """A word list of ``language/en/lexicon.yaml``."""
    return frozenset(read("language/en/lexicon.yaml")[name].split())


@lru_cache(maxsize=1)
def _irregular() -> dict[str, list[str]]:
    table: dict[str, list[str]] = read("language/en/verbs.yaml")
    return table


@lru_cache(maxsize=1)
def abbreviations() -> Mapping[str, str]:
    """Abbreviations everybody writes in capitals, by their small letters."""
    return {word.lower(): word for word in read("language/en/lexicon.yaml")["abbreviations"].split()}


@lru_cache(maxsize=4096)
def gerund(phrase: str) -> str:
    """``move it`` -> ``moving it``: the first word inflected."""
    verb, _, rest = phrase.partition(" ")
    if verb.endswith("ie"):
        form = verb[:-2] + "ying"
    elif verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        form = verb[:-1] + "ing"
    elif _doubles(verb):
        form = verb + verb[-1] + "ing"
    else:
        form = verb + "ing"
    return f"{form} {rest}".strip()


_SHORT_VERB = re.compile(
    r"(?:re|un|out|over)?(?:[^aeiou]|qu)*[aeiou][^aeiouwxyh]"
)  # one syllable, one consonant at its end
_PREFIXED = re.compile(r"(?:re|un|over|out|under|fore|mis|with)(\w{3,})")


def _doubles(verb: str) -> bool:
    """Whether a verb doubles its last letter: topped, fitting, spinning."""
    return verb in lexicon("doubling") or len(verb) > 2 and _SHORT_VERB.fullmatch(verb) is not None


def _strong(verb: str) -> list[str] | None:
    """The irregular forms of a verb, with what stands before it: rerun, overridden."""
    table = _irregular()
    inner = None if verb in table else _PREFIXED.fullmatch(verb)
    if inner is None or inner[1] not in table:
        return table.get(verb)
    head = verb[: inner.start(1)]
    return [head + form for form in table[inner[1]]]


def _regular(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ied"
    return verb + verb[-1] + "ed" if _doubles(verb) else verb + "ed"


@lru_cache(maxsize=4096)
def participle(phrase: str) -> str:
    """``send`` -> ``sent``; of a phrase, the first word."""
    verb, _, rest = phrase.partition(" ")
    forms = _strong(verb)
    return f"{forms[-1] if forms else _regular(verb)} {rest}".strip()


@lru_cache(maxsize=4096)
def preterite(phrase: str) -> str:
    """``take it down`` -> ``took it down``: the first word in the past."""
    verb, _, rest = phrase.partition(" ")
    forms = _strong(verb)
    return f"{forms[0] if forms else _regular(verb)} {rest}".strip()


def article(noun: str) -> str:
    """``a`` or ``an``, by the sound the noun begins with."""
    plain = noun.lstrip("\"'“")
    first = plain.split()[0] if plain.split() else ""
    first = abbreviations().get(first, first)
    if 1 < len(first) <= 4 and first.isupper() and not _READ_AS_WORD.match(first):
        return "an" if first[0] in "AEFHILMNORSX" else "a"  # spelled out: an SMS, a PDF
    word = plain.lower()
    if word.startswith(("uni", "use", "usu", "eu", "one", "uri", "url")):
        return "a"
    if word.startswith(("hour", "hono", "hones", "heir")):
        return "an"
    return "an" if word[:1] in _VOWELS else "a"


def with_article(noun: str) -> str:
    """The noun with its article; none before what is not counted, such as time off."""
    return noun if unmarked(noun).endswith(UNCOUNTED) else f"{article(unmarked(noun))} {noun}"


UNCOUNTED = (
    "time off",
    "sick leave",
    "annual leave",
    "feedback",
    "equipment",
    " gear",
    "luggage",
    "furniture",
    "homework",
)


def number_word(count: int) -> str:
    return NUMBERS[count] if 0 <= count < len(NUMBERS) else f"{count:,}"


def ordinal_word(place: int) -> str:
    return (
        "last"
        if place < 0
        else ORDINALS[place]
        if place < len(ORDINALS)
        else f"{place}{day_suffix(place % 100)}"
    )


def listed(items: Sequence[str], joiner: str = "and") -> str:
    """``a, b and c``."""
    if len(items) <= 1:
        return "".join(items)
    return f"{', '.join(items[:-1])} {joiner} {items[-1]}"


def day_suffix(day: int) -> str:
    if 11 <= day <= 13:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


# What nobody takes apart, such as a region, a size or an event of a provider: "eu-west-1", "s3:ObjectCreated:*".
# A sign at the end tells one grade or blood type from another: "A-" is neither "A" nor "A+".
_CODE = re.compile(r"(?=[a-z0-9-]*[0-9])[a-z0-9]+(?:-[a-z0-9]+)+|\S+:\S+|[A-Za-z0-9]{1,4}[+-]")


_LOCALE = re.compile(r"[a-z]{2}-[A-Z]{2}")


def humanised(value: str) -> str:
    """An enum value as words: ``in_progress`` -> ``in progress``, ``needsAction`` -> ``needs action``."""
    value = bare_choice(value)
    if tongue := language_said(value):
        return tongue
    if _CODE.fullmatch(value) or _LOCALE.fullmatch(value) or len(value) == 1 or _symbols(value):
        return value
    if value in known_values() or " " in value and "_" not in value and not value.isupper():
        return value
    if value in lexicon("initials") or re.fullmatch(r"[a-z][0-9]{1,2}", value):  # A4, B2
        return value.upper()
    if value.lower() in _proper():
        return _proper()[value.lower()]
    out = []
    for index, char in enumerate(value):
        if char in "_-":
            out.append(" ")
        elif char.isupper() and index and value[index - 1].islower():
            out.append(" " + char.lower())
        else:
            out.append(char)
    text = "".join(out)
    if lettered(value):
        return value
    if text.lower() in _names():
        return _names()[text.lower()]
    if text.isupper() or "_" in value or any(word in _proper() for word in text.split(" ")):
        return " ".join(_cased(word) for word in text.split(" "))
    return abbreviations().get(text, _proper().get(text.lower(), text) if text.islower() else text)


def small(text: str) -> str:
    """A choice as it stands in a sentence, without the capital of a list: Ready is ready, and PLA and German stay."""
    kept = (
        word if word.isupper() or not word[1:].islower() or word.lower() in _proper() else word.lower()
        for word in text.split(" ")
    )
    return " ".join(kept)


_HUMP = re.compile("[A-Z]+[a-z]*")


def _symbols(value: str) -> bool:
    """Whether a choice is made of short signs in capitals and small letters that stand as they are: TiAlN, PG-13."""
    humps = _HUMP.findall(value)
    if not value[:1].isupper() or len(humps) < 2 or not value.isalnum():
        return bool(_HYPHENED.fullmatch(value))
    return not value.isupper() and any(
        len(one) < 3 and one.lower() not in lexicon("short_words") for one in humps
    )


_HYPHENED = re.compile("[A-Z]{1,3}-[A-Z0-9]{1,3}")


def _cased(word: str) -> str:
    """A word of a choice in small letters, but for what nobody writes small: SEPA, P2, 4K."""
    low = word.lower()
    if low in abbreviations():
        return abbreviations()[low]
    if low in _proper():
        return _proper()[low]
    if not word.isupper() or low in lexicon("short_words"):
        return low
    spelled = len(word) < 4 or not _VOWELED.search(word) or any(char.isdigit() for char in word)
    return word if spelled else low


_VOWELED = re.compile("[AEIOUY]")


@lru_cache(maxsize=1)
def _proper() -> Mapping[str, str]:
    """Names of products and of what is spelled out, by their small letters."""
    return {word.lower(): word for word in read("language/en/lexicon.yaml")["proper"].split()}


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    """Proper names of several words, by their small letters."""
    names = " ".join(read("language/en/lexicon.yaml")["proper_names"].split()).split(", ")
    return {name.lower(): name for name in names}


def lettered(value: str) -> bool:
    """Whether a choice is a letter or two that nobody writes small: the licence category "BE"."""
    return (
        value.isalpha() and value.isupper() and len(value) < 3 and value.lower() not in lexicon("short_words")
    )


_OFTEN = ("interval", "cycle", "frequency", "recurrence", "cadence")
_UNITS = frozenset(("day", "week", "month", "quarter", "year"))


def how_often(name: str, values: Sequence[object]) -> str:
    """How a choice of an interval is said: billed "by the time" of a month, or "how often" as monthly is; or not.

    A degree that says what it is one of, as urgent does, is said "by itself".
    """
    said = {str(value).lower() for value in values}
    if name.rpartition(" ")[2] in ("urgency", "priority", "severity") and said and said <= lexicon("degrees"):
        return "by itself"
    if name.rpartition(" ")[2] not in _OFTEN or not said:
        return ""
    if said <= _UNITS:
        return "by the time"
    return "how often" if all(one.endswith("ly") or one == "annual" for one in said) else ""
