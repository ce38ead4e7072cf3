"""Query languages: which one a parameter speaks, and what its queries mean for records of any shape."""

from __future__ import annotations

from collections.abc import Callable

from callsmith.world.queries.asked import Fields, Query, QueryError, text_query
from callsmith.world.queries.drive_query import drive_query
from callsmith.world.queries.jql import jql_query
from callsmith.world.queries.mail_query import mail_query
from callsmith.world.queries.stripe_query import stripe_query
from callsmith.world.stories.story import Ground

_DIALECTS: dict[str, Callable[[str, Fields], Query]] = {
    "query:gmail": mail_query,
    "query:drive": drive_query,
    "query:jql": jql_query,
    "query:stripe": stripe_query,
}


def query_of(text: str, facet: str, fields: tuple[str, ...], population: Ground) -> Query:
    """What a query asks of records with these leaf pointers.

    Raises:
        QueryError: the query is not one its product would take.
    """
    known = population.fields.get(fields)
    if known is None:
        known = population.fields[fields] = Fields(fields, population)
    return _DIALECTS.get(facet, text_query)(text, known)


__all__ = ["Query", "QueryError", "query_of"]
