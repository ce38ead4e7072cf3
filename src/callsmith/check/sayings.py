"""Rules by which a value follows from words: what people say for choices, flags, levels, people and keys."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from callsmith.catalog.data import read
from callsmith.catalog.languages import language_said
from callsmith.facts import number
from callsmith.facts.mention import Clock, Mention
from callsmith.records import Json
from callsmith.text import bare_choice, stem, words

_SIGNED = re.compile(r"[A-Za-z0-9]{1,4}[+-]")  # a grade or blood type: "A-" is neither "A" nor "A+"


@lru_cache(maxsize=4096)
def _saying(saying: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words(saying)) or (saying,)


@lru_cache(maxsize=4096)
def stem_line(text: str) -> str:
    """A text's stems between single spaces, for finding sayings in it."""
    return " " + " ".join(stem(word) for word in words(text)) + " "


def says(text: str, saying: str) -> bool:
    """Whether a text holds a saying, word by word in stems; a sign such as € as it stands."""
    if not any(character.isalnum() for character in saying):
        return saying in text
    if _SIGNED.fullmatch(saying):
        return re.search(rf"(?<!\w){re.escape(saying)}(?![\w+-])", text, re.IGNORECASE) is not None
    return f" {' '.join(_saying(saying))} " in stem_line(text)


@lru_cache(maxsize=4096)
def value_words(value: str) -> str:
    """The words an enumeration value is made of: "in_progress" and "inProgress" are "in progress"."""
    if _SIGNED.fullmatch(value):
        return value.lower()
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", value)
    return " ".join(re.sub(r"[^\w€$£]+|_+", " ", split).lower().split())


@lru_cache(maxsize=4096)
def sayings(value: str) -> tuple[str, ...]:
    """What people say for an enumeration value, its own words first."""
    data = read("check/aliases.yaml")
    own = value_words(value)
    found = data["enums"].get(own.replace(" ", "_"), ())
    mimes = data["mimes"].get(value, ())
    languages = data["languages"].get(value.replace("-", "_"), ())
    short = value_words(bare_choice(value))
    languages = (*languages, *filter(None, (language_said(value, alone=True),)))
    return (*dict.fromkeys((own, short)), *map(str, found), *mimes, *languages)


@lru_cache(maxsize=1)
def ambient() -> frozenset[str]:
    """Words by which an API means the session's own user, calendar or account."""
    return frozenset(read("check/aliases.yaml")["ambient"])


def enum_alias(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    if isinstance(value, str):
        return any(says(mention.text, saying) for mention in of for saying in sayings(value) if saying)
    return False


@lru_cache(maxsize=4096)
def flag_sayings(name: str, value: bool) -> tuple[str, ...]:
    """What people say to set a flag, by the words of its name."""
    flags = read("check/aliases.yaml")["flags"]
    parts = value_words(name).split()
    out: list[str] = []
    for part in (*parts, "".join(parts)):
        entry = flags.get(part, {})
        out.extend(entry.get(value, ()))
    return tuple(dict.fromkeys(out))


def flag_alias(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """``of`` holds the flag's name as a mention of kind "name" and the texts."""
    names = [mention.text for mention in of if mention.kind == "name"]
    return isinstance(value, bool) and any(
        says(mention.text, saying)
        for name in names
        for saying in flag_sayings(name, value)
        for mention in of
        if mention.kind != "name"
    )


@lru_cache(maxsize=1024)
def cities(zone: str) -> tuple[str, ...]:
    """Places by which people name an IANA time zone: the city in its name, and cities known to lie in it."""
    own = zone.rpartition("/")[2].replace("_", " ")
    places = read("catalog/lexicon/places.yaml")
    known = (item["city"] for item in (*places["cities"], *places["larger"]) if item["zone"] == zone)
    return tuple(dict.fromkeys((own, *known)))


def city_zone(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """A time zone named by a city in it."""
    named = isinstance(value, str) and "/" in value
    return named and any(says(mention.text, city) for mention in of for city in cities(str(value)))


def path_name(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """A path that is known, named by its last step: "shop" for /work/shop."""
    if not isinstance(value, str) or "/" not in value:
        return False
    last = value.rstrip("/").rpartition("/")[2].lower()
    return any(mention.text.lower() == last for mention in of) and any(
        value in mention.text for mention in of
    )


def number_alias(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """A level said by name: "urgent" for a priority of 4."""
    names = [value_words(mention.text) for mention in of if mention.kind == "name"]
    table = read("check/aliases.yaml")["numbers"]
    wanted = number(value)
    for name in names:
        for word, values in table.items():
            if word in name.split():
                for each, spoken in values.items():
                    if float(each) == wanted and any(
                        says(mention.text, saying)
                        for saying in spoken
                        for mention in of
                        if mention.kind != "name"
                    ):
                        return True
    return False


def negation(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """False for a flag whose words stand beside a negation."""
    negations = read("check/aliases.yaml")["negations"]
    texts = [mention.text for mention in of if mention.kind != "name"]
    return value is False and any(says(text, str(each)) for text in texts for each in negations)


def key_prefix(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """OPS of OPS-123, halden of halden/optics-web: the part of a key before its separator."""
    return isinstance(value, str) and any(
        re.split(r"[-/:@._]", mention.text.lower())[0] == value.lower() for mention in of
    )


def formatted(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """The same letters and figures in another case, spacing or punctuation."""
    wanted = _bare(str(value))
    return bool(wanted) and any(_bare(mention.text) == wanted for mention in of)


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())
