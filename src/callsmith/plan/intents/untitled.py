"""Listings of what has no name: comments, actions, backups, told by what they are, when and by whom."""

from __future__ import annotations

from callsmith.errors import PlanUnfit
from callsmith.language.words import with_article
from callsmith.plan.arguments.listing import finder_call
from callsmith.plan.belonging import belongings
from callsmith.plan.draft import Draft
from callsmith.plan.intents.reading import ask_of, main_entities, report, some_entity
from callsmith.plan.intents.resolving import look_beside
from callsmith.plan.known import tellable
from callsmith.plan.signs import by_the_clock

FEWEST, MOST = 1, 40  # of what is only told apart by when it was, nobody wants more


def show_untitled(draft: Draft, beside: bool = False) -> None:
    """What there is of a sort of thing that nobody names, and how each stands; ``beside``: and what each is for."""
    options = [draft.known.entities[key] for key in draft.known.finders if key in draft.known.nameless]
    if beside:
        options += [
            one for one in main_entities(draft) if by_the_clock(one) and belongings(draft.known, one.key)
        ]
    entity = some_entity(draft, options)
    if draft.listed is not None and draft.listed[0] == entity.key:
        raise PlanUnfit("it was listed before")
    tool, filled, _ = finder_call(draft, entity)
    shown = draft.known.shown.get((tool.name, entity.key), frozenset())
    if not tellable(entity, shown):
        raise PlanUnfit(f"nothing can be told of {with_article(entity.noun)}")
    bound = draft.call(tool, filled.arguments)
    found = draft.records_of(bound, entity.key)
    if not FEWEST <= len(found) <= MOST:
        raise PlanUnfit(f"{len(found)} {entity.plural} are no list")
    ask = ask_of("list", tool, entity, details=filled.details, state=tool.state)
    draft.listed = (entity.key, bound)
    resolved = beside and look_beside(draft, bound, entity, "")
    draft.close("show list", ask, report(draft, bound, entity, ask, resolved=resolved))


def show_for_each(draft: Draft) -> None:
    """The same, where who or what each is for is looked up as well."""
    show_untitled(draft, beside=True)
