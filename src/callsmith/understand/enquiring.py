"""Look-ups of what is no record with a name: balances, statistics, prices, free slots, the holidays of a year."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import structs

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.catalog.openings import openings
from callsmith.parts import parts_of
from callsmith.records import Entity, Parameter, Tool, Toolset, Yield
from callsmith.schema import escape, figures, settle, types
from callsmith.understand.asked_things import names, own_name, phrase_of
from callsmith.understand.entities import Draft, Nouns, canonical
from callsmith.understand.naming import verbs
from callsmith.understand.shapes import Shape, element, has_id, properties, shapes, title_words
from callsmith.understand.words import singular, tokens

ENQUIRING = "understand/enquiring.yaml"
SURE, UNSURE = 0.8, 0.35
THRESHOLD = 0.55
Words = tuple[str, ...]

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


def _answer(tool: Tool) -> Shape | None:
    """Where the answer of a look-up is: in its one list, if all beside that only says again what was asked of."""
    found = next(iter(shapes(tool.returns, ())), None)
    if found is None or found.many:
        return found
    inside = properties(found.schema)
    lists = {name: one for name, inner in inside.items() if (one := element(inner)) is not None}
    given = {tokens(name) for name in properties(tool.parameters)}
    rest = [tokens(name) for name in inside if name not in lists]
    if len(lists) != 1 or not all(words in given or words[-1:] in (("id",), ("total",)) for words in rest):
        return found
    [(name, one)] = lists.items()
    return found if has_id(one) else Shape(f"{found.pointer}/{escape(name)}/*", True, one, title_words(one))


def add_results(nouns: Nouns, tools: Sequence[tuple[Tool, Words]]) -> None:
    """Add what look-ups give that is no record of any other tool, under the name of its schema or of the tool."""
    for tool, noun in tools:
        for shape in filter(None, [_answer(tool)] if asks(tool) else []):
            words = _called(tool, shape)
            if not title_words(shape.schema) and " ".join(noun) in nouns.drafts:
                if len(words) > 1 and _stranger(shape, nouns.drafts[" ".join(noun)]):
                    nouns.drafts[" ".join(words)] = Draft(words, [shape.schema])
                continue
            if any(shape.schema == known for draft in nouns.drafts.values() for known in draft.schemas):
                continue  # the ToolOut of a tool
            telling = words and len(properties(shape.schema)) > 1
            if telling and not any(" ".join(words[at:]) in nouns.drafts for at in range(len(words))):
                nouns.drafts[" ".join(words)] = Draft(words, [shape.schema])


def _stranger(shape: Shape, draft: Draft) -> bool:
    """Whether a result has nothing in common with the records it is named after: what a removal would cost."""
    known = {name for schema in draft.schemas for name in properties(schema)}
    own = {*properties(shape.schema)}
    return bool(known) and len(own) > 1 and not own & known


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
        if words and "object" in types(settle(schema)) and figures(settle(schema)):
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
    found = [shape] if (shape := _answer(tool)) is not None else []
    titled = bool(found and title_words(found[0].schema))
    noun = next((n for shape in found if (n := _known(_called(tool, shape), tool.toolkit, kinds))), "")
    others = [*(place.entity for place in tool.yields), "" if titled else tool.entity]
    shown = (one for one in others if one in kinds and not noun.endswith(f"_{one.rpartition('.')[2]}"))
    noun = next(shown, noun)  # an estimate of a removal is no removal
    if not noun or not found or noun in finding and not tool.inputs:
        return tool
    if not found[0].many and not _telling(found[0], tool):
        return tool
    inputs = tuple(_asked_with(parameter, kinds, finding) for parameter in tool.inputs)
    if any(p.required and (p.confidence < THRESHOLD or p.facet in _RECKONED) for p in inputs):
        return tool  # what nobody would say, or what the answer would have to be reckoned from
    thing, clause, whose = phrase_of(tool, inputs, kinds)
    if not clause and not names(thing):
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
    if tool.effect == "compute" and not _reckonable(tool):
        return False
    if openings(tool) is not None and any(
        p.required and p.facet in ("date", "date_time") for p in tool.inputs
    ):
        return False  # free times are asked for of a day, and are no records
    if tool.effect in ("list", "search", "compute"):
        return all(p.confidence >= THRESHOLD for p in tool.inputs if p.required)
    return tool.effect == "read" and bool(tool.id_field)


_FORMULAS = frozenset("expression formula calculation zone timezone timestamp".split())


def _reckonable(tool: Tool) -> bool:
    """Whether what a tool works out follows from its arguments alone: no postage does, which others have laid down."""
    words = {word.lower() for p in tool.inputs for word in name_words(p.name)}
    fields = properties(tool.returns)
    return len(fields) < 2 or bool(words & _FORMULAS) or {"from", "to"} <= words


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
        and not any(place.many for place in tool.yields)
        and not ((answer := _answer(tool)) is not None and answer.many)
        and (part.writers or part.removers or not figures & {*part.entity.noun.split()})
        if not any(p.required and not p.scope for p in tool.inputs)
    )
    worked = {tool.entity for tool in tools if tool.effect in ("act", "update", "delete") and tool.id_field}
    kept = (tool.name for tool in tools if tool.effect == "create" and tool.entity in worked)
    held |= frozenset(silent).union(kept)  # a quote that can be accepted is a record, and not only an answer
    return [enquired(tool, by_key, finding, held) for tool in tools]
