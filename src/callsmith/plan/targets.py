"""Records a user has in mind: how they are described, and how the assistant finds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from callsmith.errors import PlanUnfit
from callsmith.language.relating import has_name
from callsmith.language.words import with_article
from callsmith.meaning import Bound, Detail, Pick, Source, Stated, Target
from callsmith.plan.apart import apart
from callsmith.plan.arguments.fill import Filled, detail, pointed, scopes
from callsmith.plan.arguments.queries import compose
from callsmith.plan.describing import Described, describe, label_of, part_of, person_detail
from callsmith.plan.draft import Draft, identity
from callsmith.plan.known import (
    SURE,
    called_after,
    id_taken,
    noun_of,
    pastes,
    title_pointer,
)
from callsmith.plan.naming import parts_of_name
from callsmith.plan.pages import conditional
from callsmith.plan.pasted import pasted
from callsmith.plan.shown import Search, peek, person_shown, where_shown
from callsmith.plan.signs import addressed, signs_in
from callsmith.plan.ways import by_parts_of_name, by_signs, held_by, needed, on_its_day
from callsmith.records import Entity, Json, Parameter, Person, Tool

OTHERS = 2  # further ways to find a record that are tried once one is known


class Located(Struct, frozen=True):
    """A record, where its id comes from, and how the user referred to it."""

    record: Mapping[str, Any]  # as the world holds it
    shown: Mapping[str, Any]  # as a result showed it; empty when it was named by key
    source: Source
    target: Target
    details: Sequence[Detail]
    bound: Bound | None
    entity: Entity


def locate(
    draft: Draft,
    entity: Entity,
    record: Mapping[str, Any],
    parameter: Parameter | None,
    described: Described | None = None,
) -> Located:
    """Have the assistant come to know a record: by the key a person would say, from what it has seen, or by looking.

    Raises:
        PlanUnfit: nothing offered finds it, or what the user says fits several.
    """
    take = id_taken(parameter, entity) if parameter is not None else entity.id_pointer
    if (entity.key, identity(entity, record)) in draft.seen:
        return _again(draft, entity, record, take)
    key = pointed(record, take)
    if parameter is not None and parameter.klass == "natural_key" and key is not None:
        if (
            described is None
            and draft.chance(0.5)
            and entity.key in draft.known.finders
            and title_pointer(entity)
        ):
            words = describe(draft, entity, record)
            if (
                take != entity.label_pointer or not words.exact
            ):  # whoever says the whole name need not look it up
                try:
                    return _by_search(draft, entity, record, take, words)
                except PlanUnfit:
                    pass  # it is then called by its key
        return _by_key(draft, entity, record, parameter, key)
    if described is not None:
        return _by_search(draft, entity, record, take, described)
    named = entity.key in draft.known.finders and title_pointer(entity) not in ("", take)
    if parameter is not None and not named and pasted(parameter, entity):
        return by_key(draft, entity, record, parameter)
    described = describe(draft, entity, record)
    try:
        return _by_search(draft, entity, record, take, described)
    except PlanUnfit:
        whole = Described(label_of(entity, record), True, described.person)
        if whole == described:
            raise
        return _by_search(draft, entity, record, take, whole)  # then by its whole title


def _by_search(
    draft: Draft, entity: Entity, record: Mapping[str, Any], take: str, described: Described
) -> Located:
    finders = list(draft.known.finders.get(entity.key, ()))
    draft.rng.shuffle(finders)
    finders = [tool for tool in finders if not apart(tool, entity)]
    finders.sort(key=lambda tool: tool.effect != "search" and draft.chance(0.5))
    found: tuple[Search, int] | None = None
    others: list[Search] = []
    reasons: list[str] = []
    for tool in finders:
        if found is not None and len(others) >= OTHERS:
            break
        if take not in draft.known.shown.get((tool.name, entity.key), ()):
            continue
        for search in searches(draft, tool, entity, record, described, reasons):
            trial = peek(draft, search, entity, record, described)
            if isinstance(trial, str):
                reasons.append(f"{tool.name}: {trial}")
            elif found is None:
                found = search, trial
            else:
                others.append(search)
    if found is None:
        lacking = (
            f"nothing lists {entity.plural}" if not finders else f"what lists {entity.plural} lacks {take}"
        )
        raise PlanUnfit(f"no way to find {with_article(entity.noun)}: {'; '.join(reasons[:2]) or lacking}")
    located = _looked_up(draft, entity, record, take, described, found)
    if located.bound is not None:
        draft.equals[located.bound.step.id] = [(other.tool, other.filled.arguments) for other in others]
    return located


def by_key(draft: Draft, entity: Entity, record: Mapping[str, Any], parameter: Parameter) -> Located:
    """A record as the user names it by its identifier, which is before them.

    Raises:
        PlanUnfit: it has none.
    """
    key = pointed(record, id_taken(parameter, entity))
    if key is None:
        raise PlanUnfit(f"the {entity.noun} has no {parameter.phrase}")
    return _by_key(draft, entity, record, parameter, key)


def _again(draft: Draft, entity: Entity, record: Mapping[str, Any], take: str) -> Located:
    pick, shown = draft.seen[(entity.key, identity(entity, record))]
    if pointed(shown, take) is None:
        raise PlanUnfit(f"the {entity.noun} was seen without its {take}")
    source = Pick(pick.step, pick.where, {}, take, pick.index)
    words = label_of(entity, record)
    words = "" if pastes(entity) and words == pointed(shown, entity.id_pointer) else words
    label, exact = (words, True) if addressed(entity) else part_of(draft, words) if words else ("", False)
    target = Target(
        *noun_of(entity, record),
        "label" if label else "the",
        label=label,
        exact=exact,
        title=words,
        whose=called_after(entity),
        signs=signs_in(entity, record),
    )
    return Located(record, shown, source, target, [], None, entity)


def _by_key(
    draft: Draft, entity: Entity, record: Mapping[str, Any], parameter: Parameter, key: Json
) -> Located:
    draft.used.add(str(key))
    draft.keyed.add(str(key))
    label = label_of(entity, record)
    named = label and label != str(key) and not addressed(entity) and draft.chance(0.3)
    words, exact = part_of(draft, label) if named else ("", False)
    target = Target(*noun_of(entity, record), "key", key=key, label=words, exact=exact)
    return Located(record, {}, Stated(key), target, [detail(parameter, key, role="names")], None, entity)


def searches(
    draft: Draft,
    tool: Tool,
    entity: Entity,
    record: Mapping[str, Any],
    described: Described,
    reasons: list[str] | None = None,
) -> list[Search]:
    """The ways to call a finder from what the user says, the most telling first; ``reasons``: why others are none."""
    found: list[Search] = []
    query = next(
        (p for p in tool.inputs if p.klass == "query" and p.confidence >= SURE and ":" in p.facet), None
    )
    label_filter = _label_filter(tool, entity)
    ways: list[tuple[dict[str, Source], Person | None, Detail | None]] = by_signs(tool, entity, record)
    if query is not None:
        text, named = compose(draft, query.facet, entity, described.label, described.person)
        if text:
            ways.append(({query.pointer: Stated(text)}, named, None))
    if (
        label_filter is not None
        and not addressed(entity)
        and (label_filter.compare != "eq" or described.exact)
    ):
        ways.append(({label_filter.pointer: Stated(described.label)}, None, None))
    if (dated := on_its_day(draft, tool, entity, record)) is not None and draft.chance(0.3 if ways else 0.8):
        given, named, _ = ways[0] if ways else ({}, None, None)
        ways.insert(0, ({**given, **dated[0]}, named, dated[1]))
    if not ways and (parts := by_parts_of_name(tool, entity, record)):
        ways.append((parts, None, None))
    if not conditional(tool):
        ways.append(({}, None, None))
    for given, named, day in ways:
        try:
            search = _search(draft, tool, entity, record, given, named)
            found.append(msgspec.structs.replace(search, by_label=bool(given) and day is None, day=day))
        except PlanUnfit as unfit:  # it needs something the user does not say; another way may not
            if reasons is not None:
                reasons.append(str(unfit))
    return found


def _label_filter(tool: Tool, entity: Entity) -> Parameter | None:
    """The argument that restricts a listing to a name which is one whole."""
    if not entity.label_pointer or parts_of_name(entity):
        return None
    for p in tool.inputs:
        if p.filters == entity.label_pointer and p.klass != "opaque_id" and p.confidence >= SURE:
            return p
    return None


def _search(
    draft: Draft,
    tool: Tool,
    entity: Entity,
    record: Mapping[str, Any],
    given: Mapping[str, Source],
    person: Person | None,
) -> Search:
    filled = Filled(dict(given), [], [])
    scopes(draft, filled, tool, record, entity.key)
    for missing in list(filled.missing):
        wanted = draft.world.scope_of(entity.key, record).get(missing.name)
        _found_first(draft, filled, tool, entity, missing, wanted)
        filled.missing.remove(missing)
    for other in tool.inputs:
        if not other.required or other.pointer in filled.arguments:
            continue
        if (pointer := held_by(draft, other, entity)) and other.confidence >= SURE:
            _found_first(draft, filled, tool, entity, other, pointed(record, pointer))
        else:
            needed(draft, filled, tool, other, record)
    return Search(tool, filled, person, bool(given), holder=filled.container)


def _found_first(
    draft: Draft, filled: Filled, tool: Tool, entity: Entity, missing: Parameter, wanted: Json
) -> None:
    """Find what a record lies in or belongs to, as it is listed with this alone.

    Raises:
        PlanUnfit: it belongs to nothing that people can name.
    """
    holder = draft.known.entities.get(missing.refers)
    if holder is None or holder.key == entity.key:
        raise PlanUnfit(f"{tool.name} needs a {missing.name} nobody can find")
    take = id_taken(missing, holder)
    record = next(
        (one for one in draft.world.records(holder.key) if str(pointed(one, take)) == str(wanted)), None
    )
    if record is None:
        raise PlanUnfit(f"the {entity.noun} lies in no {holder.noun}")
    located = locate(draft, holder, record, missing)
    filled.arguments[missing.pointer] = located.source
    filled.details.extend(located.details)
    named = located.target.label or label_of(holder, record)
    if named and (holder.person or located.target.holder or has_name(holder.noun)):
        filled.container = located.target
        return
    signs = signs_in(holder, record)
    filled.details.append(Detail(missing.name, "title", holder.noun, "names", "value", [named], signs=signs))


def _looked_up(
    draft: Draft,
    entity: Entity,
    record: Mapping[str, Any],
    take: str,
    described: Described,
    found: tuple[Search, int],
) -> Located:
    search, index = found
    told = search.holder is not None or any(item.role == "names" for item in search.filled.details)
    if addressed(entity) and told:
        raise PlanUnfit(f"nobody says where the {entity.noun} is to be found")
    bound = draft.call(search.tool, search.filled.arguments)
    shown = draft.records_of(bound, entity.key)
    source = Pick(bound.step.id, where_shown(search.tool, entity), {}, take, index)
    person = search.person or (described.person if person_shown(draft, search.tool, entity) else None)
    target = Target(
        *noun_of(entity, record),
        "label",
        label=described.label,
        exact=described.exact,
        title=label_of(entity, shown[index]),
        person=person_detail(entity, person) if person else None,
        whose=called_after(entity),
        signs=signs_in(entity, shown[index]),
        places=[search.day] if search.day is not None else [],
        holder=None if _told(search.holder, described) else search.holder,
    )
    return Located(record, shown[index], source, target, search.filled.details, bound, entity)


def _told(holder: Target | None, described: Described) -> bool:
    """Whether what a record is called by says whose it is."""
    return holder is None or holder.label in described.label
