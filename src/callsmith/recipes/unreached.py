"""Why no row with a tool came about, in words, and what an overlay may say to mend it."""

from __future__ import annotations

import re
from collections import Counter

from callsmith.language.words import with_article
from callsmith.plan.known import Known, title_pointer
from callsmith.plan.serving import sought
from callsmith.records import Entity, Tool

_NOWHERE = (
    "nothing to choose from",
    "no entity serves",
    "nothing was listed",
    "the talk is about nothing yet",
    "other tools serve instead",
)


def reason_of(reasons: Counter[str], tool: Tool, index: Known) -> str:
    """The commonest reason that says something; where none does, what is lacking to ask for the tool."""
    telling = {why: count for why, count in reasons.items() if "another kind" not in why}
    telling = {why: count for why, count in telling.items() if not _of_another(why, tool, index)}
    told = {why: count for why, count in telling.items() if why not in _NOWHERE}
    commonest = Counter(told or telling).most_common(1)
    why = commonest[0][0] if commonest else ""
    entity = index.entities.get(tool.entity)
    if why in _NOWHERE or not why:
        return _lacking(tool, index) or _idle(tool, entity) or f"nothing is asked of {tool.effect}"
    if entity is not None and why == "the search says it all already":
        return (
            f"what lists {entity.plural} shows all that it shows, and nobody knows its id; "
            f"an overlay may say class: natural_key of {tool.id_field}, where people have it before them"
        )
    if why.startswith("nothing can be told of"):
        return f"{why}: no field names one; an overlay may say its label"
    return why


def _of_another(why: str, tool: Tool, index: Known) -> bool:
    """Whether a reason is about records that a tool neither is about nor is given."""
    own = {tool.entity, *(p.refers for p in tool.inputs), *(item.entity for item in tool.yields)}
    named = {key for key, entity in index.entities.items() if re.search(rf"\b{entity.noun}\b", why)}
    return bool(named) and not named & own


def _lacking(tool: Tool, index: Known) -> str:
    """Which record nobody can name that a call needs."""
    for parameter in filter(sought, tool.inputs):
        entity = index.entities.get(parameter.refers)
        if entity is None:
            return f"nothing returns what {parameter.name} names"
        one = with_article(entity.noun)
        if entity.key not in index.finders:
            return (
                f"it needs {one}, and nothing lists {entity.plural}; an overlay may say "
                f"class: natural_key of {parameter.pointer}, where people know it"
            )
        if not title_pointer(entity):
            return f"it needs {one}, and {entity.plural} have no name; an overlay may say their label"
    return ""


def _idle(tool: Tool, entity: Entity | None) -> str:
    """Why nobody would ask for a tool that needs nothing which cannot be named."""
    if entity is None:
        return "nobody has a reason to ask for it that these tools let one word"
    if tool.deed in ("act", "update", "delete"):
        return f"no {entity.noun} there is in a state in which one would {tool.phrase}"
    return f"nobody has a reason to {tool.phrase} that other tools do not serve as well"
