"""English words as they occur in names: splitting, number, articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from callsmith.catalog import data

# Letters and a figure that are one word: "Ec2Instance", "s3_bucket", but no "addresses3".
_ONE_WORD = "ec2 s3 oauth2 x509 mp3 mp4 k8s h264 http2 web3 co2".split()
_FIGURED = "|".join(
    [rf"(?<![A-Za-z]){word}" for word in _ONE_WORD]
    + [form for word in _ONE_WORD for form in (word.upper(), word.capitalize())]
)
_CAMEL = re.compile(
    rf"(?:{_FIGURED})(?![a-z0-9])|[Ii]pv[46]|[A-Z]+s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")


@lru_cache(maxsize=20_000)
def tokens(name: str) -> tuple[str, ...]:
    """The lower-case words of a name: ``attendeeEmailIDs`` -> attendee, email, ids."""
    joined = _table("joined")
    words = (part.lower() for part in _CAMEL.findall(name.replace("i18n", "Interface").replace("IPv", "Ipv")))
    return tuple(word for part in words for word in joined.get(part, part).split(" "))


def _table(key: str) -> dict[str, str]:
    table: dict[str, str] = data.read("understand/words.yaml")[key]
    return table


@lru_cache(maxsize=20_000)
def singular(word: str) -> str:
    """``entries`` -> entry; a word that is no plural stays as it is."""
    irregular = _table("singular")
    if word in irregular:
        return irregular[word]
    if word in data.read("understand/words.yaml")["same"]:
        return word
    if len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("lves"):
        return word[:-3] + "f"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word


@lru_cache(maxsize=20_000)
def plural(noun: str) -> str:
    """``pull request`` -> pull requests."""
    head, _, last = noun.rpartition(" ")
    if not last:
        return ""
    irregular = {one: many for many, one in _table("singular").items() if many != one}
    if last in irregular:
        many = irregular[last]
    elif last in data.read("understand/words.yaml")["same"]:
        many = last
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        many = last[:-1] + "ies"
    elif last.endswith("lf"):
        many = last[:-1] + "ves"
    elif last.endswith(("s", "x", "z", "ch", "sh")):
        many = last + "es"
    else:
        many = last + "s"
    return f"{head} {many}".strip()


def is_plural(word: str) -> bool:
    """Whether a word is the plural of another."""
    return singular(word) != word


def article(noun: str) -> str:
    """``a`` or ``an``, by sound."""
    table = data.read("understand/words.yaml")["article"]
    first = noun.split(" ")[0].lower()
    if any(first.startswith(start) for start in table["a"]):
        return "a"
    if any(first.startswith(start) for start in table["an"]):
        return "an"
    return "an" if first[:1] in "aeiou" else "a"


@lru_cache(maxsize=20_000)
def base_verb(word: str) -> str:
    """``Creates`` -> create; only the endings a description's first verb takes."""
    word = word.lower()
    irregular = _table("verbs")
    if word in irregular:
        return irregular[word]
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("shes", "ches", "sses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=5_000)
def sentence_words(text: str) -> tuple[str, ...]:
    """The words of a text, lower case, in order."""
    return tuple(word.lower().strip("'-") for word in _WORD.findall(text))


def ends_with(words: Sequence[str], end: Sequence[str]) -> bool:
    """Whether a sequence of words ends with another."""
    return len(end) <= len(words) and tuple(words[len(words) - len(end) :]) == tuple(end)
