"""What is stated together agrees: the two ends of a way differ, a hotel is paid for a night and not for software."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callsmith.catalog.data import read
from callsmith.catalog.ends import another, other_end
from callsmith.catalog.lives import words_of
from callsmith.catalog.sellers import SELLER, SORT, SPENDINGS, costing, sold_by
from callsmith.catalog.sums import bounds, rounded
from callsmith.errors import PlanUnfit
from callsmith.execute import values_at
from callsmith.meaning import Source, Stated
from callsmith.plan.draft import Draft
from callsmith.records import Json, Parameter, Tool
from callsmith.schema import valid

_TRIES = 6


def agreeing(
    draft: Draft, arguments: Mapping[str, Source], tool: Tool, parameter: Parameter, value: Json
) -> Json:
    """The value, or another that goes with what is stated beside it.

    Raises:
        PlanUnfit: none is known.
    """
    said = _said(arguments, tool)
    value = _apart(draft, arguments, tool, parameter, value)
    value = _as_pressing(draft, said, parameter, _within(draft, said, parameter, value))
    entity = draft.known.entities.get(tool.entity)
    if tool.deed != "create" or entity is None or entity.noun.split(" ")[-1] not in SPENDINGS:
        return value
    sorts = [
        one
        for beside in tool.inputs
        for one in beside.schema.get("enum", ())
        if beside.name.lower() in SORT and isinstance(one, str)
    ]
    return _spent(draft, said, sorts, parameter, value)


_URGENT = frozenset("emergency urgent critical immediate".split())
_PLANNED = frozenset("annual yearly routine installation landlord periodic preventive renewal survey".split())


def _as_pressing(draft: Draft, said: Mapping[str, Json], parameter: Parameter, value: Json) -> Json:
    """A choice that goes with how much it presses: no yearly service is an emergency."""
    options = [one for one in parameter.schema.get("enum", ()) if isinstance(one, str)]
    around = {word for one in said.values() if isinstance(one, str) for word in words_of(one)}
    for here, there in ((_URGENT, _PLANNED), (_PLANNED, _URGENT)):
        if isinstance(value, str) and value in options and {*words_of(value)} & here and around & there:
            return draft.choice([one for one in options if not {*words_of(one)} & here] or options)
    return value


def _within(draft: Draft, said: Mapping[str, Json], parameter: Parameter, value: Json) -> Json:
    """A least and a most of one thing that go together: the estimates of a lot, what a job pays."""
    if parameter.facet not in ("amount", "amount_minor", "number") or not isinstance(value, (int, float)):
        return value
    for low, high in bounds([*said, parameter.name]):
        other = said.get(high if parameter.name == low else low)
        if parameter.name not in (low, high) or not isinstance(other, (int, float)) or other <= 0:
            continue
        share = draft.choice((1.25, 1.4, 1.5, 1.6))
        made = rounded(other / share if parameter.name == low else other * share)
        return int(made) if made == int(made) else made
    return value


def _said(arguments: Mapping[str, Source], tool: Tool) -> dict[str, Json]:
    """What is stated so far, by the names of the arguments."""
    found = {}
    for one in tool.inputs:
        source = arguments.get(one.pointer)
        if isinstance(source, Stated):
            found[one.name] = source.value
    return found


def _spent(
    draft: Draft, said: Mapping[str, Json], sorts: Sequence[str], parameter: Parameter, value: Json
) -> Json:
    """A seller of such things, a sort of what is sold there, about what such things cost."""
    name, sort = parameter.name.lower(), next((said[one] for one in said if one.lower() in SORT), None)
    spent = next((said[one] for one in said if one.lower() == "amount"), None)
    paid = spent / _scale(draft) if isinstance(spent, (int, float)) else 0
    if name in SELLER:
        kinds = [sort] if isinstance(sort, str) else [one for one in sorts if _affords(one, paid)] or sorts
        sellers = [one for kind in kinds for one in sold_by(words_of(kind))]
        return draft.choice(sellers) if sellers else value
    seller = next((said[one] for one in said if one.lower() in SELLER), None)
    options = [one for one in parameter.schema.get("enum", ()) if isinstance(one, str)]
    if name in SORT and options:
        fit = [one for one in options if not isinstance(seller, str) or seller in sold_by(words_of(one))]
        if not fit:
            return value
        usual = [one for one in fit if paid and _affords(one, paid)]
        return value if value in usual else draft.choice(usual or fit)
    low, high = costing(sort) if parameter.facet == "amount" and isinstance(sort, str) else (0, 0)
    scale = _scale(draft)
    return (low + int(draft.rng.random() * (high - low))) * scale if high else value


def _affords(sort: str, paid: float) -> bool:
    low, high = costing(sort)
    return not paid or low <= paid <= high


def _scale(draft: Draft) -> int:
    """How many units of the money used there buy what one euro buys."""
    return int(read("catalog/lexicon/places.yaml")["worth"].get(draft.scene.currency, 1))


def _apart(
    draft: Draft, arguments: Mapping[str, Source], tool: Tool, parameter: Parameter, value: Json
) -> Json:
    """The value, or another where the other end of the way has the same."""
    names = {one.name: one for one in tool.inputs if one.pointer in arguments}
    twin = other_end(parameter.name, names) if isinstance(value, str) else ""
    beside = arguments[names[twin].pointer] if twin else None
    if not isinstance(beside, Stated) or beside.value != value or not isinstance(value, str):
        return value
    options = [one for one in parameter.schema.get("enum", ()) if one not in (None, value)]
    fresh = (draft.world.invent(tool, parameter, draft.rng) for _ in range(0 if options else _TRIES))
    options = options or [one for one in fresh if isinstance(one, str) and one != value][:1]
    if not options and (other := another(parameter.name, value, int(draft.rng.random() * 1000))):
        options = [other] if valid(parameter.schema, other) else []
    if not options and parameter.sets:
        held = (at for record in draft.world.records(tool.entity) for at in values_at(record, parameter.sets))
        options = sorted({one for one in held if isinstance(one, str) and one not in ("", value)})
    if not options:
        raise PlanUnfit("nobody goes from a place to itself")
    return draft.choice(options)
