"""Look-ups of what is no record with a name: balances, statistics, prices, free slots, the holidays of a year."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import structs

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.parts import parts_of
from callsmith.records import Entity, Parameter, Tool, Toolset, Yield
from callsmith.schema import settle, types
from callsmith.understand.entities import Draft, Nouns, canonical
from callsmith.understand.naming import verbs
from callsmith.understand.shapes import Shape, properties, shapes, title_words
from callsmith.understand.words import singular, tokens

ENQUIRING = "understand/enquiring.yaml"
SURE, UNSURE = 0.8, 0.35
THRESHOLD = 0.55
Words = tuple[str, ...]

_SENTENCE = re.compile(r"[^.;:(\n]+")
_MONTH = re.compile(r"y{4}-m{2}\b|[0-9]{4}-[01][0-9]$", re.IGNORECASE)
_RECKONED = ("amount", "amount_minor", "percent", "flag")
SAYABLE = ("natural_key", "preference", "content")


def asks(tool: Tool) -> bool:
    """Whether a tool only tells something, as far as its method and name say."""
    if tool.hints.get("executed") or tool.hints.get("live"):
        return False  # it is called for real, and read otherwise
    method = str(tool.hints.get("method", ""))
    if method == "get":
        return True
    data: Mapping[str, Sequence[str]] = read(ENQUIRING)
    if method == "post":
        last = name_words(str(tool.hints.get("path", "")).rstrip("/").rpartition("/")[2])
        return bool(last) and last[-1] in data["posted"]
    words = [word.lower() for word in name_words(own_name(tool))]
    if method or not words:
        return False
    return words[0] in data["looking"] or not _acts([*words, *tool.description.split()[:1]])


def _acts(words: Sequence[str]) -> bool:
    """Whether something is done, as far as these words say: ``tasks_create``, "Creates a task"."""
    telling = read(ENQUIRING)["telling"]
    doing = [word.lower() for word in words if word.lower() not in telling]
    return any(form in verbs() for word in doing for form in (word, singular(word)))


def own_name(tool: Tool) -> str:
    prefix = f"{tool.toolkit}_"
    return tool.name[len(prefix) :] if tool.name.lower().startswith(prefix.lower()) else tool.name


def add_results(nouns: Nouns, tools: Sequence[tuple[Tool, Words]]) -> None:
    """Add what look-ups give that is no record of any other tool, under the name of its schema or of the tool."""
    for tool, noun in tools:
        for shape in shapes(tool.returns, ())[:1] if asks(tool) else ():
            words = _called(tool, shape)
            if not title_words(shape.schema) and " ".join(noun) in nouns.drafts:
                continue
            if any(shape.schema == known for draft in nouns.drafts.values() for known in draft.schemas):
                continue  # the ToolOut of a tool
            telling = words and len(properties(shape.schema)) > 1
            if telling and not any(" ".join(words[at:]) in nouns.drafts for at in range(len(words))):
                nouns.drafts[" ".join(words)] = Draft(words, [shape.schema])


def _called(tool: Tool, shape: Shape) -> Words:
    titled = canonical(title_words(shape.schema))
    if titled:
        return titled
    words = tuple(word.lower() for word in name_words(own_name(tool)))
    while words and (words[0] in verbs() or words[0] in read(ENQUIRING)["looking"]):
        words = words[1:]
    return (*words[:-1], singular(words[-1])) if words else ()


def _telling(shape: Shape, tool: Tool) -> bool:
    """Whether an answer has a value of its own to tell, and not only lists, objects, ids and what was asked with."""
    given = {"".join(name_words(p.name)).lower() for p in tool.inputs}
    for name, schema in properties(shape.schema).items():
        words = [word.lower() for word in name_words(name)]
        plain = {*types(settle(schema))} & {"string", "number", "integer", "boolean"}
        if plain and words and words[-1] not in read(ENQUIRING)["untold"] and "".join(words) not in given:
            return True
    return False


def effect_of(tool: Tool) -> str:
    """What a tool does to records, as people are told: what is asked for without one is looked up all the same."""
    return str(tool.hints["enquired"]["effect"]) if "enquired" in tool.hints else tool.effect


def _looking(tool: Tool, *, many: bool) -> str:
    return tool.effect if tool.effect in ("read", "list", "search") else "list" if many else "read"


def enquired(tool: Tool, kinds: Mapping[str, Entity], finding: frozenset[str], held: frozenset[str]) -> Tool:
    """A look-up that no plan about records can use, as one that is asked for what it tells; any other as it is.

    ``finding`` are the kinds of record that can be looked for, ``held`` the tools that parts of records are read by.
    """
    if not asks(tool) or tool.name in held or _serves(tool):
        return tool
    found = shapes(tool.returns, ())
    titled = bool(found and title_words(found[0].schema))
    noun = next((n for shape in found[:1] if (n := _known(_called(tool, shape), tool.toolkit, kinds))), "")
    noun = tool.entity if tool.entity in kinds and not titled else noun
    noun = next((place.entity for place in tool.yields if place.entity in kinds), noun)
    if not noun or not found or noun in finding and not tool.inputs:
        return tool
    if not found[0].many and not _telling(found[0], tool):
        return tool
    inputs = tuple(_asked_with(parameter, kinds, finding) for parameter in tool.inputs)
    if any(p.required and (p.confidence < THRESHOLD or p.facet in _RECKONED) for p in inputs):
        return tool  # what nobody would say, or what the answer would have to be reckoned from
    thing, clause, whose = phrase_of(tool, inputs, kinds)
    if not clause and not _names(thing):
        return tool
    return structs.replace(
        tool,
        effect="compute",
        entity="",
        id_field="",
        inputs=inputs,
        yields=(Yield(noun, found[0].pointer, found[0].many),),
        verb="show",
        phrase=f"look up the {thing}" if thing else f"find out {clause}",
        confidence=SURE,
        state={},
        reasons=(*tool.reasons, f"it is asked for {thing or clause}"),
        hints={
            **tool.hints,
            "enquired": {
                "effect": _looking(tool, many=found[0].many),
                "thing": thing,
                "clause": clause,
                "whose": whose,
                "own": noun in finding,
            },
        },
    )


def _serves(tool: Tool) -> bool:
    """Whether a plan about records can use a tool: it lists them, or shows one that is named."""
    if tool.effect == "opaque" or tool.confidence < THRESHOLD:
        return False
    if tool.effect in ("list", "search", "compute"):
        return all(p.confidence >= THRESHOLD for p in tool.inputs if p.required)
    return tool.effect == "read" and bool(tool.id_field)


def _known(words: Words, toolkit: str, kinds: Mapping[str, Entity]) -> str:
    keys = (f"{toolkit}.{'_'.join(words[at:])}" for at in range(len(words)))
    return next((key for key in keys if key in kinds), "")


def _asked_with(parameter: Parameter, kinds: Mapping[str, Entity], finding: frozenset[str]) -> Parameter:
    """An argument as somebody who asks would say it."""
    words = name_words(parameter.name)
    plain = structs.replace(parameter, sets="", filters="", scope=False)
    if parameter.refers in finding:
        return structs.replace(plain, confidence=max(parameter.confidence, 0.6))
    if parameter.klass == "opaque_id":
        return structs.replace(plain, confidence=UNSURE)
    numeric = bool(set(types(parameter.schema)) & {"integer", "number"})
    if is_month(parameter) or numeric and words[-1:] == ("year",):
        return structs.replace(
            plain, klass="preference", facet="text" if not numeric else "number", confidence=SURE, refers=""
        )
    if words[-1:] in (("postcode",), ("zip",)) and "string" in types(parameter.schema):
        return structs.replace(plain, klass="preference", facet="text", confidence=0.7, refers="")
    holder = _named_by(parameter, kinds, finding)
    if holder:
        return structs.replace(plain, klass="natural_key", refers=holder, confidence=0.7)
    if parameter.klass == "natural_key" and parameter.refers and parameter.refers not in finding:
        plain = structs.replace(plain, refers="")
    return plain


def is_month(parameter: Parameter) -> bool:
    """Whether an argument is a month: ``2026-03``, or its number."""
    words = name_words(parameter.name)
    if words[-1:] != ("month",) or "enum" in parameter.schema:
        return False
    if "integer" in types(parameter.schema):
        return True
    told = " ".join(
        map(str, (parameter.schema.get("description", ""), *parameter.schema.get("examples", ())))
    )
    return "string" in types(parameter.schema) and (not told.strip() or bool(_MONTH.search(told.strip())))


def _named_by(parameter: Parameter, kinds: Mapping[str, Entity], finding: frozenset[str]) -> str:
    """The kind of record that can be looked for and has a field of the argument's name, where it is one alone."""
    if (
        parameter.klass not in ("natural_key", "content")
        or parameter.refers
        or parameter.facet in ("person", "date")
    ):
        return ""
    wanted = tokens(parameter.name)
    found = {
        key
        for key in finding
        for item in kinds[key].fields
        if item.pointer.count("/") == 1
        and tokens(item.pointer[1:]) == wanted
        and kinds[key].label_pointer
        and item.pointer in (kinds[key].id_pointer, kinds[key].label_pointer)
    }
    return found.pop() if len(found) == 1 else ""


# ---------------------------------------------------------------- what is asked for


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
    at = 0
    while at < len(said) - 1 and (
        said[at].lower() in data["looking"]
        or said[at].lower() in data["articles"]
        or not at
        and said[at].lower() == "to"
    ):
        at += 1
    words = said[at:]
    own = [word.lower() for word in name_words(own_name(tool))]
    while own and (own[0] in data["looking"] or own[0] in verbs()):
        own = own[1:]
    own = [word for word in own if word not in data["looking"]]  # registry_get
    cut = next((place for place, word in enumerate(own) if word in data["before"]), len(own))
    summed = set(own[:cut]) & set(data["telling"]) and not set(map(str.lower, words)) & set(data["telling"])
    if len(own) > 1 and summed and not any(shape.many for shape in shapes(tool.returns, ())[:1]):
        return " ".join(own[:cut]), "", ""
    if words and not (words[0].lower() in verbs() and verbs()[words[0].lower()].weight > 1.9):
        if len(words) > 1 and all(word[:1].isupper() for word in words):
            words = [
                word if word[1:2].isupper() else word.lower() for word in words
            ]  # as FastAPI writes them
        first = words[0] if words[0][1:2].isupper() else words[0].lower()
        thing, whose = _cut([first, *words[1:]], named, given, clause=False)
        if thing and not _names(thing):
            return "", "", ""
        if thing and len(thing.split()) <= 7:
            return thing, "", whose
    return " ".join(own[:cut]), "", ""


def _names(thing: str) -> bool:
    """Whether it is something that people ask for by these words."""
    words = re.findall(r"[\w']+", thing.lower())
    vague = not words or words[0] in _VAGUE or words[0] in read(ENQUIRING)["before"]
    return not (vague or _TALK & {*words} or len({*words}) < len(words) or words[0].endswith("'s"))


_VAGUE = frozenset(
    "information details detail detailed data collection display list batch result results single".split()
)
# Words of a description that speaks of the tool, and not of what it tells.
_TALK = frozenset(
    "to has have been is are was be will can may must should use uses used this endpoint api request response"
    " deprecated allows please note send sends you your batch aggregate".split()
)


def _cut(words: list[str], named: set[str], given: set[str], clause: bool) -> tuple[str, str]:
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
            if article or noun in given:
                return " ".join(kept).strip(" ,"), whose
        kept.append(word)
        at += 1
    return " ".join(kept).strip(" ,"), whose


def all_enquired(tools: Sequence[Tool], kinds: Sequence[Entity], silent: Collection[str]) -> list[Tool]:
    """Every tool, with those that can only be asked for what they tell made ready for that.

    What the ``silent`` ones give is not declared.
    """
    by_key: dict[str, Any] = {kind.key: kind for kind in kinds}
    finding = frozenset(
        place.entity
        for tool in tools
        if tool.effect in ("list", "search") and tool.confidence >= THRESHOLD
        for place in tool.yields
        if all(p.confidence >= THRESHOLD for p in tool.inputs if p.required) and place.entity in by_key
    )
    parts = parts_of(Toolset(name="", tools=tuple(tools), entities=tuple(kinds), hash=""))
    figures = frozenset(read(ENQUIRING)["figures"])
    held = frozenset(
        tool.name
        for part in parts.values()
        for tool in part.readers
        if part.holder in finding
        and (part.writers or part.removers or not figures & {*part.entity.noun.split()})
        if not any(p.required and not p.scope for p in tool.inputs)
    )
    held |= frozenset(silent)
    return [enquired(tool, by_key, finding, held) for tool in tools]
