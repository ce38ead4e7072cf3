"""The imperative that a deed is said in, its record called by its noun: "hand a mower back to its owner"."""

from __future__ import annotations

import re
from functools import lru_cache

from callsmith.catalog import data
from callsmith.records import Entity, Tool
from callsmith.understand import acts
from callsmith.understand.acting import bearer, beside_record, names, parted, slot
from callsmith.understand.naming import Deed
from callsmith.understand.shapes import words_of
from callsmith.understand.words import article, singular

Words = tuple[str, ...]


def phrase_of(deed: Deed, entity: Entity, tool: Tool) -> str:
    """The imperative of a deed: "hand a mower back to its owner", "log the mileage for a vehicle"."""
    said = _ACCOUNT.sub("", _NUMBER.sub(r"\1", _said(parted(deed, entity, tool), entity, tool)))
    return " ".join(_capitals().get(word, word) for word in said.split(" "))


_NUMBER = re.compile(
    r"\ba (?:given |certain |fixed |set )?number of (minutes|hours|days|nights|weeks|months|years)\b"
)
_ACCOUNT = re.compile(  # what an argument is for is said by its value
    r" (?:with|giving|stating|noting|recording) (?:an? |the )?\w+ (?:on|about|of|for|saying|explaining|describing) "
    r"(?:what|how|why|who|when|whether)\b.*$"
)


@lru_cache(maxsize=1)
def _capitals() -> dict[str, str]:
    return {word.lower(): word for word in data.read("language/en/lexicon.yaml")["abbreviations"].split()}


def _said(deed: Deed, entity: Entity, tool: Tool) -> str:
    one = f"{article(entity.noun)} {entity.noun}"
    rest = beside_record(deed.rest, entity, tool)
    second = (article(deed.second[1]), *deed.second[1:]) if deed.second[:1] == ("a",) else deed.second
    who = not second and bearer(deed, entity, tool)
    if not deed.object and (preposition := acts.governing().get(deed.verb)):
        return f"{deed.verb} {preposition} {one}"
    if not deed.object and rest is None:
        return f"{deed.verb} {_with_one(deed.rest, entity, tool, one)}"
    if not deed.object or who or names(deed.object, entity, tool):
        spot = f"{article(deed.object[0])} {deed.object[0]}" if who else one
        behind = rest if rest is not None else _their_own(deed.rest, entity, tool) if who else ()
        behind = () if not who and behind[:1] == ("of",) else behind  # of a job: the record again
        return _placed(deed.verb, spot, (*second, *behind))
    thing = _thing(deed)
    said = " ".join((*_determined(deed, entity, tool), *thing))
    if owner := next((at for at, word in enumerate(thing[:-1], 1) if word.endswith("'s")), 0):
        said = f"the {' '.join(thing[owner:])}"
    if rest is None:  # the record stands in what follows
        return f"{_placed(deed.verb, said, ())} {_with_one(deed.rest, entity, tool, one)}"
    head = deed.verb.split(" ")[0]
    toward = _toward(deed, entity, thing, tool)
    verb = head if toward in ("into", "out of") else deed.verb
    return " ".join((_placed(verb, said, ()), toward, one, *_with_articles(rest)))


def _their_own(rest: Words, entity: Entity, tool: Tool) -> Words:
    """What somebody is told to do with their record: "to collect their frame"."""
    if rest[-2:-1] in (("the",), ("a",), ("an",)) and rest[0] == "to" and names(rest[-1:], entity, tool):
        return (*rest[:-2], "their", rest[-1])
    return ()


def _determined(deed: Deed, entity: Entity, tool: Tool) -> Words:
    """The article of what a deed is done to."""
    thing = _thing(deed)
    if deed.second:
        return (article(thing[0]),) if deed.second[0] == "a" else ()
    given = slot(thing, tool.inputs)
    if (
        _field_of(entity, thing)
        and given is None
        and not (deed.article == "a" and deed.verb in acts.listed("bringing"))
    ):
        return ("the",)
    if deed.article == "a" or not deed.article and given is not None and not _mass(thing):
        return () if _plural(thing) else (article(thing[0]),)
    return (deed.article,) if deed.article else ()


def _thing(deed: Deed) -> Words:
    """What is given or done something to, without article."""
    return (
        deed.second[1:]
        if deed.second[:1] in (("a",), ("the",)) and deed.second[1:]
        else deed.second or deed.object
    )


def _mass(words: Words) -> bool:
    return (
        _plural(words)
        or words[-1] in data.read("understand/words.yaml")["mass"]
        or words[-1].endswith(("tion", "age"))
    )


def _toward(deed: Deed, entity: Entity, thing: Words, tool: Tool) -> str:
    """The preposition between what a deed is done to and the record it belongs to."""
    if told := acts.toward().get(deed.verb):
        return told
    if deed.article == "a" and deed.verb in acts.listed("bringing"):
        return "for"
    return "of" if _field_of(entity, thing) and slot(thing, tool.inputs) is None else "for"


def _plural(words: Words) -> bool:
    return singular(words[-1]) != words[-1]


def _field_of(entity: Entity, thing: Words) -> bool:
    """Whether a record has a field of the name."""
    return any(thing[-1] in step for field in entity.fields for step in words_of(field.pointer)[-1:])


def _with_articles(rest: Words) -> Words:
    """What follows, with the article that terse summaries leave out: "to the customer"."""
    bare = len(rest) == 2 and rest[1] in acts.listed("roles")
    return (rest[0], "the", rest[1]) if bare else rest


def _placed(verb: str, one: str, rest: Words) -> str:
    """The verb around its object: particles stand behind it where more follows."""
    head, _, particle = verb.partition(" ")
    inside, rest = acts.splits(verb), _with_articles(rest)
    if inside or inside is None and rest:
        return " ".join(word for word in (head, one, particle, *rest) if word)
    return " ".join((verb, one, *rest))


_ARTICLES = ("a", "an", "the", "this", "that", "its", "their", "your")


def _with_one(rest: Words, entity: Entity, tool: Tool, one: str) -> str:
    at = next((at for at in range(len(rest) - 1, -1, -1) if rest[at] in _ARTICLES), -1)
    if at >= 0:
        return " ".join((*rest[:at], one))
    kept = [word for word in rest if not names((word,), entity, tool)]
    while kept and kept[-1] in ("a", "an", "the", "this", "that"):
        kept.pop()
    return " ".join((*kept, one))
