"""What a look-up is asked for: the noun phrase or the clause of its summary."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.records import Entity, Parameter, Tool
from callsmith.understand.naming import verbs
from callsmith.understand.shapes import shapes
from callsmith.understand.words import base_verb, singular, tokens

ENQUIRING = "understand/enquiring.yaml"
Words = tuple[str, ...]

_SENTENCE = re.compile(r"[^.;:(\n]+")


def own_name(tool: Tool) -> str:
    prefix = f"{tool.toolkit}_"
    return tool.name[len(prefix) :] if tool.name.lower().startswith(prefix.lower()) else tool.name


def phrase_of(tool: Tool, inputs: Sequence[Parameter], kinds: Mapping[str, Entity]) -> tuple[str, str, str]:
    """What is asked for as a noun phrase or a clause, and the words in it that stand for a record or a value.

    "Stock level of an item" -> ("stock level of an item", "", "an item").
    """
    data: Mapping[str, Sequence[str]] = read(ENQUIRING)
    sentence = _SENTENCE.match(tool.description.strip())
    said = sentence.group().split() if sentence else []
    named = {singular(tokens(kinds[p.refers].noun)[-1]) for p in inputs if p.refers in kinds and p.required}
    given = {singular(word) for p in inputs for word in tokens(p.name)}
    if len(said) > 1 and said[0].lower() in data["clauses"]:
        clause, whose = _cut([said[0].lower(), *said[1:]], named, given, clause=True)
        return "", clause, whose
    words, verb = _what_is_told(said)
    own = [word.lower() for word in name_words(own_name(tool))]
    while own and (own[0] in data["looking"] or own[0] in verbs()):
        own = own[1:]
    own = [word for word in own if word not in data["looking"]]  # registry_get
    cut = next((place for place, word in enumerate(own) if word in data["before"]), len(own))
    summed = set(own[:cut]) & set(data["telling"]) and not set(map(str.lower, words)) & set(data["telling"])
    if len(own) > 1 and summed and not any(shape.many for shape in shapes(tool.returns, ())[:1]):
        return " ".join(own[:cut]), "", ""
    if verb in own:
        own = []  # sign_report
    if verb:
        words = []
    if words and not (words[0].lower() in verbs() and verbs()[words[0].lower()].weight > 1.9):
        if len(words) > 1 and all(word[:1].isupper() for word in words):
            words = [
                word if word[1:2].isupper() else word.lower() for word in words
            ]  # as FastAPI writes them
        first = words[0] if words[0][1:2].isupper() else words[0].lower()
        loose = not named and all(p.klass == "preference" for p in inputs)  # no value is what it is asked of
        thing, whose = _cut([first, *words[1:]], named, given, clause=False, loose=loose)
        if thing and not names(thing):
            return "", "", ""
        thing = _PARTED.sub(r"\1", thing)
        if thing and len(thing.split()) <= 7:
            return thing, "", whose
    return " ".join(own[:cut]), "", ""


_PARTED = re.compile(r"^number of (.+?) (?:per|by) \w+\b")  # people ask for the free places


def names(thing: str) -> bool:
    """Whether it is something that people ask for by these words."""
    words = re.findall(r"[\w']+", thing.lower())
    before = read(ENQUIRING)["before"]
    bare = len(words) < 2 or words[1] in before or words[1] in _VAGUE  # but the collection days of an address
    vague = not words or words[0] in before or words[0] in _VAGUE and (bare or words[0] != "collection")
    return not (vague or _TALK & {*words} or len({*words}) < len(words) or words[0].endswith("'s"))


_VAGUE = frozenset(
    "information details detail detailed data collection display list batch result results single".split()
)
# Words of a description that speaks of the tool, and not of what it tells.
_TALK = frozenset(
    "to has have been is are was be will can may must should use uses used this endpoint api request response"
    " deprecated allows please note send sends you your batch aggregate".split()
)


def _what_is_told(said: Sequence[str]) -> tuple[list[str], str]:
    """The words of a summary from what it tells on, and the verb before them where nothing says what it gives.

    "Estimate the cost of a ride" -> "cost of a ride"; "Price the project" -> "price for the project".
    """
    data: Mapping[str, Any] = read(ENQUIRING)
    words = [*said]
    while len(words) > 1:
        head, after = words[0].lower(), words[1].lower()
        verb = base_verb(head)
        articled = after in (("the",) if verb != head else data["articles"])  # searches a month are no search
        looking = head in data["looking"]
        if articled and head not in data["articles"] and verb in data["turned"]:
            return [*data["turned"][verb].split(), *words[1:]], ""
        first = len(words) == len(said)
        leading = looking or head in data["articles"] or head == "to" and first
        if after in data["particles"] and len(words) > 2 and (looking or verb in data["reckoning"]):
            words = words[2:]
        elif leading or verb in data["reckoning"] and after not in data["before"]:
            words = words[1:]
        elif articled and head not in data["before"] and first:
            return [], verb  # a noun has no article behind it
        else:
            break
    return words, ""


def _cut(
    words: list[str], named: set[str], given: set[str], clause: bool, loose: bool = False
) -> tuple[str, str]:
    """The words without what a value tells: "fuel costs of a vehicle in a month" of a vehicle."""
    data: Mapping[str, Sequence[str]] = read(ENQUIRING)
    kept: list[str] = []
    whose = ""
    at = 0
    while at < len(words):
        word, after = words[at], words[at + 1 : at + 3]
        bare = word.strip(",")
        if (
            clause
            and not whose
            and bare in ("a", "an")
            and after
            and singular(after[0].strip(",").lower()) in named | given
        ):
            whose = f"{bare} {after[0].strip(',')}"
            kept += [word, after[0]]
            at += 2
            continue
        if at and bare.lower() in data["before"] and after:
            article = after[0].lower() in data["articles"]
            noun = singular((after[1] if article and len(after) > 1 else after[0]).strip(",").lower())
            if article and not whose and noun in named:
                whose = f"{after[0]} {after[1].strip(',')}"
                kept += [bare, after[0], after[1].strip(",")]
                at += 3
                continue
            if (
                article
                and (noun in given or noun in data["measured"])
                or after[0].lower() in data["measured"]
            ):
                return " ".join(kept).strip(" ,"), whose
            if article and loose and noun not in given and {*kept[-1:]} & {*data["sums"]}:
                kept += [bare, *after[:1]]
                at += 2
                continue
            if article or noun in given:
                return " ".join(kept).strip(" ,"), whose
        kept.append(word)
        at += 1
    return " ".join(kept).strip(" ,"), whose
