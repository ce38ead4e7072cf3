"""What goes with somebody who is named already, and what is written of something new as of others there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callsmith.catalog.figures import name_words
from callsmith.catalog.sums import PERIODS
from callsmith.execute import values_at
from callsmith.meaning import Listed, Pick, Source, Stated
from callsmith.plan.draft import Draft
from callsmith.records import Json, Parameter, Tool

_PERSONAL = ("person", "email", "phone")


def of_the_same(
    draft: Draft, tool: Tool, arguments: Mapping[str, Source], parameter: Parameter
) -> Json | None:
    """The name, address or number of whoever is named beside it already: of one signer, of the same customer."""
    if parameter.facet in ("amount", "number") and tool.deed == "create":
        return _falling_due(draft, tool, arguments, parameter)
    if parameter.facet not in _PERSONAL:
        return None
    head, _, last = parameter.pointer.rpartition("/")
    own = name_words(last)[:-1]
    for pointer, source in arguments.items():
        beside, _, name = pointer.rpartition("/")
        if beside != head or not head and name_words(name)[:-1] != own or not head and not own:
            continue
        first = source.items[0] if isinstance(source, Listed) and len(source.items) == 1 else source
        said = first.value if isinstance(first, Stated) else None
        for person in (*draft.scene.people, *draft.world.strangers()):
            if said is not None and said in (person.name, person.email, person.phone):
                return {"person": person.name, "email": person.email, "phone": person.phone}[parameter.facet]
    return None


_PROSE, _OFTEN = 5, 0.85  # words of a text that somebody wrote; how often it is another than the example


def as_others(draft: Draft, tool: Tool, parameter: Parameter, value: Json) -> Json:
    """What is written of something new, as of others there: the example of a schema is one text, and not every one."""
    prose = (
        isinstance(value, str)
        and value in parameter.schema.get("examples", ())
        and len(value.split()) >= _PROSE
    )
    if not prose or not parameter.sets or tool.deed != "create" or not draft.chance(_OFTEN):
        return value
    written = {
        next(iter(values_at(record, parameter.sets)), None) for record in draft.world.records(tool.entity)
    }
    others = sorted(text for text in written - {value} if isinstance(text, str) and " " in text)
    return draft.choice(others) if others else value


def _falling_due(
    draft: Draft, tool: Tool, arguments: Mapping[str, Source], parameter: Parameter
) -> Json | None:
    """The sum that falls due again and again of what a payment is for, where that is named already: the rent."""
    entity = draft.known.entities.get(tool.entity)
    if entity is None or name_words(parameter.sets or parameter.pointer)[-1:] != ("amount",):
        return None
    noun = {*entity.noun.split(" "), *name_words(entity.key.rpartition(".")[2])}
    for other in tool.inputs:
        record = _named(draft, other, arguments.get(other.pointer))
        sums = [
            value
            for name, value in record.items()
            if {*name_words(name)} & PERIODS
            and {*name_words(name)} & noun
            and isinstance(value, (int, float))
        ]
        if len(sums) == 1:
            return sums[0]
    return None


def _named(draft: Draft, parameter: Parameter, source: Source | None) -> Mapping[str, Any]:
    """The record that an argument names; empty where it names none."""
    holder = draft.known.entities.get(parameter.refers)
    if holder is None or source is None:
        return {}
    if isinstance(source, Pick):
        seen = (shown for (key, _), (pick, shown) in draft.seen.items() if key == holder.key and
                (pick.step, pick.index) == (source.step, source.index))  # fmt: skip
        return next(iter(seen), {})
    said = source.value if isinstance(source, Stated) else None
    records = (one for one in draft.world.records(holder.key)
               if said is not None and next(iter(values_at(one, holder.id_pointer)), None) == said)  # fmt: skip
    return next(iter(records), {}) if holder.id_pointer else {}
