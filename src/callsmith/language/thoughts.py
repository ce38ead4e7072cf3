"""Reasoning before a call, from what the assistant can know at that point."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.language.grammar import capitalised, tidy, unmarked
from callsmith.language.voicing import Voicing
from callsmith.language.words import listed
from callsmith.meaning import Bound, Listed, Pick, Round, Source, Stated
from callsmith.plan.known import Known


def thought(voice: Voicing, known: Known, item: Round, group: Sequence[Bound], place: int) -> str:
    """One or two short thoughts: why this call, from what, and whether it waits for another."""
    first = group[0]
    tool = known.tools[first.step.tool]
    have = listed(_have(known, first))
    values = {"tool": tool.name}
    if have:
        values["have"] = have
    if place > 0 and any(_picks(source) for source in first.step.arguments.values()):
        symbol = "thought.dependent"
    elif len(group) > 1:
        symbol = "thought.parallel"
    elif tool.effect in ("list", "search") and item.reply.act not in ("report", "count", "none"):
        symbol = "thought.find"
        values["need"] = f"the {item.ask.noun}"
    else:
        symbol = "thought.call"
    return capitalised(unmarked(tidy(voice.answer(symbol, **values))))


def _picks(source: Source) -> bool:
    return isinstance(source, Pick) or (
        isinstance(source, Listed) and any(_picks(item) for item in source.items)
    )


def _have(known: Known, bound: Bound) -> list[str]:
    """What the call's arguments are, in words."""
    names = {parameter.pointer: parameter.phrase for parameter in known.tools[bound.step.tool].inputs}
    words = []
    for pointer, source in bound.step.arguments.items():
        phrase = names.get(pointer) or ""
        if phrase and isinstance(source, (Stated, Pick, Listed)):
            words.append(f"the {phrase}")
    return list(dict.fromkeys(words))[:3]
