"""In which states of a record something may be done to it, as its description and its refusals tell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from callsmith.catalog.conditions import since
from callsmith.catalog.lives import standing
from callsmith.catalog.naming_states import named_in, narrowed, of_noun
from callsmith.records import Entity, Json, Tool
from callsmith.schema import settle


class Allowance(Struct, frozen=True):
    """The states in which something may be done; ``surely`` where these are named, and not only others."""

    may: frozenset[str]
    surely: bool = False


_NOT = (
    r"(?:(?:is |are )?(?:not|no longer|never) (?:be )?(?:possible|allowed|permitted|available|accepted)|impossible"
    r"|forbidden|(?:cannot|can't|can not|can no longer|may not|may no longer|must not|will not|won't|cannot any longer)"
    r" [a-z ]+?|(?:is|are|gets?) (?:refused|rejected)|fails|returns? (?:a )?(?:409|an error)(?: [a-z]+)?)"
)
_MAY = r"(?:can|may|could|are|is|will)(?: only)? (?:still )?(?:be )?(?:[a-z]+)"
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (mode, re.compile(pattern))
    for mode, pattern in (
        ("not since", rf"\b{_NOT} (?:once|after|as soon as)\b (?P<where>.+)"),
        ("only since", rf"\b{_NOT} (?:until|unless|before)\b (?P<where>.+)"),
        ("not in", rf"\b{_NOT} (?:while|when|if|during|for|in|on)\b (?P<where>.+)"),
        ("not since", r"^(?:once|after|as soon as) (?P<where>.+?)(?:,? (?:it|they|the|an?|no)|, [a-z]+) .*"
         r"\b(?:cannot|can't|can no longer|may not|is not|not possible|no longer)\b"),
        ("only before", r"\bonly (?:[a-z]+ ){0,3}?(?:until|before)\b (?P<where>.+)"),
        ("only since", r"\bonly (?:[a-z]+ ){0,3}?(?:once|after|as soon as)\b (?P<where>.+)"),
        ("only in", r"\bonly (?:[a-z]+ ){0,3}?(?:while|when|if|during)\b (?P<where>.+)"),
        ("only of", rf"\bonly (?P<where>(?!the )[a-z\- ]+?) {_MAY}\b"),
        ("only of", r"\bonly (?:possible |allowed |available |works )?(?:for|on|with) (?P<where>[a-z\- ]+)$"),
        ("only of", r"^(?:for|on) (?P<where>[a-z\- ]+) only$"),
        ("none of", r"^(?P<where>[a-z\- ]+?) (?:cannot|can't|can no longer|may not) be [a-z]+"),
        ("only in", r"\b(?:must|has to|have to|needs? to) (?:still )?be (?P<where>.+)"),
    )
)  # fmt: skip
_REFUSALS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (mode, re.compile(pattern))
    for mode, pattern in (
        ("not in", r"^(?P<whose>.*?)\b(?:is|are) still (?P<where>.+)"),
        ("only since", r"^(?P<whose>.*?)\b(?:is |are |was |has |have )?not (?:yet |been )+(?P<where>.+)"),
        ("only since", r"^(?P<whose>.*?)\b(?:is |are |was |has |have )?not (?P<where>.+) yet\b"),
        ("only in", r"^(?P<whose>.*?)\b(?:is |are |was |has |have )?(?:not|isn't|aren't|no longer) (?P<where>.+)"),
        ("not since", r"^(?P<whose>.*?)\b(?:(?:is|are|was|has|have|had) )?already (?:been )?(?P<where>.+)"),
        ("not since", r"^(?P<whose>.*?) (?P<where>[a-z]+) already$"),
        ("not since", r"^(?P<whose>.+?) (?:is|are|was|has|have) (?:been )?(?P<where>.+)"),
    )
)  # fmt: skip
_ANYTHING = frozenset(
    "the this that it a an its item record resource entry object one status state current".split()
)


def allowance(tool: Tool, entity: Entity) -> Allowance | None:
    """The states of its record in which a tool may be called; None where nobody says."""
    fields = entity.schema.get("properties", {})
    name = standing(fields) if tool.entity == entity.key else ""
    options = [one for one in settle(fields[name]).get("enum", ()) if one is not None] if name else []
    refusals = tool.hints.get("refusals") or ()
    texts = [one for one in refusals if isinstance(one, str)] if isinstance(refusals, (list, tuple)) else []
    summary = str(tool.hints.get("summary") or "")
    return allowed(f"{summary}.\n{tool.description}", texts, options, entity.noun)


def refuses(tool: Tool, entity: Entity, record: Mapping[str, Json]) -> bool:
    """Whether a tool is not for a record in the state it stands in."""
    told = allowance(tool, entity)
    if told is None:
        return False
    now = record.get(standing(entity.schema["properties"]))
    return isinstance(now, str) and now not in told.may


def allowed(
    description: str, refusals: Sequence[str], options: Sequence[object], noun: str
) -> Allowance | None:
    """The states in which something may be done; None where nobody says."""
    if len(options) < 2:
        return None
    return _allowed(description[:1200], tuple(refusals), tuple(map(str, options)), noun)


@lru_cache(maxsize=4096)
def _allowed(
    description: str, refusals: tuple[str, ...], options: tuple[str, ...], noun: str
) -> Allowance | None:
    may, surely = {*options}, False
    first = re.split(r"[.;\n]", description.lower())[0]
    about = {*re.findall(r"[a-z]+", first)} if "only" not in first else set()
    for mode, states in (*_said(description, options, noun), *_refused(refusals, options, noun, about)):
        kept = _kept(mode, states, options)
        if may & kept:
            may &= kept
            surely = surely or mode.startswith("only")
    return Allowance(frozenset(may), surely) if len(may) < len(options) else None


def _said(text: str, options: tuple[str, ...], noun: str) -> list[tuple[str, frozenset[str]]]:
    found = []
    for sentence in re.split(r"(?<=[a-z0-9)`])[.;:](?:\s|$)|\n|,? but ", text.lower().replace("’", "'")):
        plain = " ".join(re.sub(r"[`\"*_]+", " ", sentence).split())
        for mode, pattern in _RULES:
            match = pattern.search(plain)
            if match is None:
                continue
            where = re.split(r", |, or |\(| since | because ", match["where"])[0]
            if mode.endswith(" of") and not of_noun(where, options, noun):
                continue
            if (states := _meant(mode, where, options, noun)) and not narrowed(where, options, noun):
                found.append((mode, states))
                break
    return found


def _refused(
    texts: Sequence[str], options: tuple[str, ...], noun: str, about: set[str]
) -> list[tuple[str, frozenset[str]]]:
    found = []
    own = {form for word in noun.lower().split(" ") for form in (word, word + "s")} | about
    for text in texts:
        plain = re.sub(r"[.`\"]+$|^[`\"]", "", " ".join(text.lower().split()))
        for mode, pattern in _REFUSALS:
            match = pattern.search(plain)
            if match is None or not {*re.findall(r"[a-z]+", match["whose"])} <= own | _ANYTHING:
                continue
            states = _meant(mode, match["where"], options, noun)
            if states and not narrowed(match["where"], options, noun):
                found.append((mode, states))
            break
    return found


def _meant(mode: str, where: str, options: tuple[str, ...], noun: str) -> frozenset[str]:
    negated = re.search(r"\b(?:not(?: yet)?|n't|never)(?: been)? (?P<rest>.+)", where)
    if negated is None:
        return named_in(where, options, noun, begun=mode.endswith(("since", "before")))
    states = named_in(negated["rest"], options, noun, begun=True)
    return frozenset({*options} - since(states, options)[0]) if states else frozenset()


def _kept(mode: str, states: frozenset[str], options: tuple[str, ...]) -> set[str]:
    every = {*options}
    after = since(states, options)[0]
    if mode in ("not since", "only before"):
        return every - after
    if mode == "only since":
        return after
    return every - states if mode in ("not in", "none of") else {*states}
