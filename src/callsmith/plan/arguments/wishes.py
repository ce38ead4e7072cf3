"""What a person would think of stating: which optional arguments a request mentions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from callsmith.catalog.figures import name_words
from callsmith.catalog.quantities import read_off, unit_at_end, unit_of
from callsmith.errors import PlanUnfit
from callsmith.plan.arguments.fill import SAYABLE, Filled, state
from callsmith.plan.arguments.spans import MOMENTS
from callsmith.plan.draft import Draft
from callsmith.plan.known import SURE, owned, plain
from callsmith.records import Entity, Json, Parameter, Tool

WISHED = frozenset(
    (
        "title",
        "date_time",
        "date",
        "time",
        "duration_minutes",
        "place",
        "person",
        "email",
        "username",
        "amount",
        "amount_minor",
        "count",
        "label",
        "enum",
        "phone",
        "company",
        "file_name",
        "percent",
        "text",
        "city",
    )
)

WISHED_ENUMS = (
    "priority",
    "status",
    "state",
    "type",
    "role",
    "category",
    "severity",
    "reason",
    "frequency",
    "interval",
    "level",
    "stage",
    "urgency",
    "size",
    "privacy",
)


# Among the values of a status: it tells what became of a thing that a machine works on.
OUTCOMES = frozenset(
    """failed failure error errored processing creating deleting syncing provisioning deploying degraded starting
    stopping building nodata rebooting migrating resizing restoring unhealthy booting terminated""".split()
)


# An argument for some cases alone: whoever states it has to know of another.
_CONDITIONAL = re.compile(
    r"\bomit (?:it |this )?for\b|\brequired (?:for|if|when)\b|\b(?:supported|valid|applicable)\b[^.]{0,40}\bonly\b"
    r"|\bonly (?:valid|applicable|applies|supported)\b",
    re.IGNORECASE,
)


def _sized(parameter: Parameter) -> bool:
    """Whether it is a measure in a unit that people decide on: the storage temperature, the power of a booth."""
    words = parameter.phrase.lower().split()
    _, size = unit_at_end(words)
    return (
        parameter.facet == "number"
        and 0 < size < len(words) <= size + 2
        and unit_of(words)[1]
        and not {*words} & read_off()
    )


_PAST = ("last", "previous", "latest", "first", "earliest")  # what happened, which nobody sets


def wished(tool: Tool, parameter: Parameter) -> bool:
    """Whether a person would think of stating this when making or changing something."""
    return (
        parameter.klass in SAYABLE
        and bool(parameter.sets)
        and bool(parameter.phrase)
        and not parameter.scope
        and not parameter.refers
        and not (parameter.facet == "date" and "start" in parameter.name.lower())
        and not (parameter.facet in MOMENTS and parameter.phrase.lower().split()[0] in _PAST)
        and (parameter.facet in WISHED or _sized(parameter))
        and (parameter.required or not _CONDITIONAL.search(str(parameter.schema.get("description") or "")))
        and (parameter.facet != "place" or any(other.facet in ("date_time", "time") for other in tool.inputs))
        and (len(parameter.phrase.split()) <= 2 or _sized(parameter))
        and parameter.confidence >= SURE + 0.1
        and parameter.pointer.count("/") <= 3
        and ("/*/" not in parameter.pointer or parameter.facet in ("email", "username", "phone"))
        and (parameter.facet != "enum" or _wished_enum(tool, parameter))
        and (parameter.facet not in ("title", "text") or _names(tool, parameter))
    )


def _ones_own(entity: Entity, parameter: Parameter) -> bool:
    """Whether it is a name or company in a list that a person's record holds."""
    return owned(entity, parameter) and parameter.confidence >= SURE + 0.1


def _wished_enum(tool: Tool, parameter: Parameter) -> bool:
    """Whether the choice is one people make: of choices that are told, known by a single word, of what is there."""
    choices = parameter.schema.get("enum")
    if not choices:
        return sort_told(parameter) and parameter.phrase not in ("status", "state", "reason")
    if parameter.phrase not in WISHED_ENUMS and not _aimed_at(tool, parameter) or coded(parameter):
        return False
    if parameter.phrase in ("status", "state") and OUTCOMES & {_word(v) for v in choices}:
        return False  # how far a system has come is not for people to say
    return tool.deed != "create" or parameter.phrase not in ("status", "state", "reason")


def _aimed_at(tool: Tool, parameter: Parameter) -> bool:
    """Whether a tool is there to change one thing, which it is called after: the plan, of "change the plan"."""
    others = any(other.sets and other is not parameter and not other.refers for other in tool.inputs)
    aim = {*parameter.phrase.lower().split()} <= {*tool.phrase.lower().split()}
    return tool.deed == "update" and parameter.required and aim and not others


def sort_told(parameter: Parameter) -> bool:
    """Whether it takes a sort that people know by name, such as a breed, of which the schema lists none."""
    return parameter.facet == "enum" and not {"enum", "const"} & parameter.schema.keys()


_LETTERED = (
    "size",
    "grade",
    "class",
    "licence category",
    "license category",
    "rating",
    "zone",
    "section",
    "block",
)


def coded(parameter: Parameter) -> bool:
    """Whether the choices are bare letters that stand for words nobody is told, and no sizes or grades."""
    choices = [str(value) for value in parameter.schema.get("enum", ()) if value is not None]
    return bool(choices) and all(len(value) < 3 and value.isupper() for value in choices) and (
        parameter.phrase.rpartition(" ")[2] not in _LETTERED
    )  # fmt: skip


def _word(value: object) -> str:
    return str(value).lower()


def _names(tool: Tool, parameter: Parameter) -> bool:
    return plain(parameter.name) in ("title", "name", "subject", "summary", "content", "nickname")


def optional(draft: Draft, filled: Filled, tool: Tool, most: int) -> None:
    """Have the user state up to ``most`` optional things a person might care about."""
    entity = draft.known.entities.get(tool.entity)
    options = [
        parameter
        for parameter in tool.inputs
        if (wished(tool, parameter) or (entity is not None and _ones_own(entity, parameter)))
        and not parameter.required
        and parameter.pointer not in filled.arguments
    ]
    draft.rng.shuffle(options)
    telling = [parameter for parameter in options if _telling(draft, tool, parameter)]
    for parameter in [*telling, *[item for item in options if item not in telling][:most]]:
        if parameter.pointer in filled.arguments or _clashes(filled, parameter):
            continue
        try:
            state(draft, filled, tool, parameter)
        except PlanUnfit:
            continue


def _telling(draft: Draft, tool: Tool, parameter: Parameter) -> bool:
    """Whether nobody would leave a value out although the tool would let them: the name, the amount."""
    entity = draft.known.entities.get(tool.entity)
    named = entity is not None and parameter.sets == entity.label_pointer
    return named or parameter.facet in ("amount", "amount_minor") or _demanded(parameter)


_DEMANDED = re.compile(r"\bmust (?:also )?(?:specify|provide|be (?:specified|provided|set))\b", re.IGNORECASE)


def _demanded(parameter: Parameter) -> bool:
    """Whether a description says that a value must be given, without a condition, though the schema does not."""
    sentences = str(parameter.schema.get("description") or "").split(". ")[:3]
    return any(_DEMANDED.search(text) and not _CONDITION.search(text) for text in sentences)


_CONDITION = re.compile(r"\b(?:if|when|unless|for)\b", re.IGNORECASE)


_ONCE = (
    "title",
    "phone",
    "email",
    "person",
    "username",
)  # a second of them would be another's, or the same again


def _clashes(filled: Filled, parameter: Parameter) -> bool:
    """Whether a value of the sort is stated already: two bare dates or names in one request are not told apart."""
    if parameter.facet == "duration_minutes" and any(
        any(c.isdigit() for c in str(d.values)) for d in filled.details if d.facet == "title"
    ):
        return True
    if parameter.facet in _ONCE:
        return any(item.facet == parameter.facet for item in filled.details)
    money = ("amount", "amount_minor", "percent")
    if parameter.facet in money:
        return any(item.facet in money for item in filled.details)
    if parameter.facet not in MOMENTS:
        return False
    return any(item.facet in MOMENTS for item in filled.details)


_PAID = ("total_amount", "total", "amount", "total_price", "price", "amount_paid")


def given_back(tool: Tool, parameter: Parameter) -> bool:
    """Whether an argument says how much of what was paid is paid back."""
    return parameter.facet == "amount" and "refund" in (*name_words(tool.name), tool.verb)


def paid_for(record: Mapping[str, Any]) -> Json:
    """What was paid for an order, and so can be paid back.

    Raises:
        PlanUnfit: the record does not show it.
    """
    paid = next((record[name] for name in _PAID if isinstance(record.get(name), (int, float))), None)
    if paid is None:
        raise PlanUnfit("it does not show what was paid")
    return paid
