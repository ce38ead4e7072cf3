"""In which states of a record something may be done to it, as its description and its refusals tell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from callsmith.catalog.conditions import since
from callsmith.catalog.lives import phase, phases, standing, stands_aside, words_of
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
        ("only in", r"\b(?:that|which) (?:is|are) (?:still|already|currently) (?P<where>.+)"),
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


_CHANGING = ("act", "update", "delete")
_LATER = re.compile(
    r" (?:or|and) (?:any )?(?:later|after|afterwards|beyond|onwards|further)\b.*$| onwards?\b.*$"
)
_THE = r"\b(?:an?|any|the|one|every|each|your)"
_SMALL = r"(?:an?|any|the|of|for|in|to|from|with) "
_BESIDE = frozenset(", or and already still previously currently existing single given specific".split())


def allowance(tool: Tool, entity: Entity) -> Allowance | None:
    """The states of a record in which a tool may be called for it; None where nobody says.

    Of a record that something is made for only what stands before its noun tells: "a remake of a delivered case".
    """
    own = tool.entity == entity.key
    if not own and (
        tool.deed not in ("create", *_CHANGING) or all(one.refers != entity.key for one in tool.inputs)
    ):
        return None
    fields = entity.schema.get("properties", {})
    name = standing(fields)
    options = [one for one in settle(fields[name]).get("enum", ()) if one is not None] if name else []
    if len(options) < 2:
        return None
    described = None
    if not own or tool.deed in _CHANGING:
        summary = str(tool.hints.get("summary") or "").rstrip(".")
        sentences = (summary, _first_sentence(tool.description.removeprefix(f"{summary}. ")))
        brought = {*map(str, tool.state.values())} if own else set()
        described = _described(sentences, tuple(map(str, options)), entity.noun, frozenset(brought))
    if not own:
        return described
    told = _own_allowance(tool, entity, options)
    if told is None or described is None:
        return told or described
    both = told.may & described.may
    return Allowance(both, True) if both else told


def _own_allowance(tool: Tool, entity: Entity, options: Sequence[object]) -> Allowance | None:
    refusals = tool.hints.get("refusals") or ()
    texts = [one for one in refusals if isinstance(one, str)] if isinstance(refusals, (list, tuple)) else []
    summary = str(tool.hints.get("summary") or "")
    return allowed(f"{summary}.\n{tool.description}", texts, options, entity.noun)


def _first_sentence(text: str) -> str:
    return re.split(r"[.;:](?:\s|$)|\n", text, maxsplit=1)[0]


@lru_cache(maxsize=4096)
def _described(
    sentences: tuple[str, ...], options: tuple[str, ...], noun: str, brought: frozenset[str]
) -> Allowance | None:
    """The states named before the noun of what a tool is for: "moves a booked shoot", "of an active member".

    A state that the tool brings about tells of the outcome: "makes a quote a signed quote".
    """
    head = re.escape(noun.lower().rpartition(" ")[2])
    pattern = re.compile(rf"{_THE} (?P<where>(?:(?!{_SMALL})[a-z,]+ ){{1,7}}?)(?:{head}|{head}s|{head}es)\b")
    for sentence in sentences:
        plain = " ".join(re.findall(r"[a-z]+|,", sentence.lower().replace("_", " ").replace("-", " ")))
        for match in pattern.finditer(plain):
            states = _before_noun(match["where"].split(), options, noun)
            if states and not states & brought and len(states) < len(options):
                return Allowance(states, True)
    return None


def _before_noun(words: list[str], options: tuple[str, ...], noun: str) -> frozenset[str]:
    own = {*noun.lower().split(" ")}
    free = [word for word in words if word not in own | _BESIDE]
    if not free:
        return frozenset()
    named = {one for one in options if {*words_of(one)} <= {*free}}
    if named:
        rest = {*free} - {word for one in named for word in words_of(one)}
        return frozenset() if rest else frozenset(named)
    if len(free) > 1:
        return frozenset()
    ended = named_in(free[0], options, "")
    if ended or phase(free[0]) != "over" or not free[0].endswith("ed"):
        return ended if free[0].endswith("ed") else frozenset()
    told = dict(zip(options, phases(options), strict=True))
    line = [one for one in options if told[one] != "dropped" and not stands_aside(one)]
    return frozenset(one for one in options if told[one] == "over") or frozenset(line[-1:])


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
            if (later := _LATER.search(where)) is not None:
                where, mode = where[: later.start()], mode.replace(" in", " since")
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
    after = {one for one in since(states, options)[0] if one in states or not stands_aside(one)}
    if mode in ("not since", "only before"):
        return every - after
    if mode == "only since":
        return after
    return every - states if mode in ("not in", "none of") else {*states}
