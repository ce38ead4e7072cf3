"""Stripe's search language: ``field:'value'``, ``field~'part'``, comparisons, AND or OR, and ``-`` for not."""

from __future__ import annotations

import re
from collections.abc import Mapping

from callsmith.records import Json
from callsmith.world.queries.asked import (
    Fields,
    Query,
    QueryError,
    Test,
    all_of,
    any_of,
    compared,
    negated,
    values,
)

_CLAUSE = re.compile(
    r"""\s*(-?)([a-z_][a-z0-9_.]*)(?:\[["']([^"'\]]+)["']\])?\s*(:|~|>=|<=|>|<)\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s'"]+))"""
)
_JOIN = re.compile(r"\s+(AND|OR)\b|\s+(?=\S)", re.IGNORECASE)


def stripe_query(text: str, fields: Fields) -> Query:
    """What a Stripe search keeps.

    Raises:
        QueryError: with the product's own words.
    """
    tests: list[Test] = []
    joins: set[str] = set()
    at = 0
    while text[at:].strip():
        if tests:
            join = _JOIN.match(text, at)
            if join is None:
                raise _malformed(text)
            joins.add((join[1] or "AND").upper())
            at = join.end()
        found = _CLAUSE.match(text, at)
        if found is None:
            raise _malformed(text)
        at = found.end()
        tests.append(_test(found, fields))
    if not tests:
        raise QueryError("The query parameter cannot be empty.", "query")
    if len(joins) > 1:
        raise QueryError("You cannot mix AND and OR in one search query.", "query")
    return Query(any_of(tests) if joins == {"OR"} else all_of(tests))


def _malformed(text: str) -> QueryError:
    return QueryError(f"We were unable to parse your search query. Invalid query: `{text}`.", "query")


def _test(found: re.Match[str], fields: Fields) -> Test:
    minus, name, key, operator, single, double, bare = found.groups()
    quoted = single if single is not None else double
    wanted = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else bare
    if name == "metadata":
        if key is None:
            raise QueryError("Field `metadata` needs a key, as in metadata['order_id'].", "query")
        test = _metadata(key, operator, wanted)
    else:
        pointers = _pointers(name, fields)
        test = _field(name, pointers, operator, wanted, quoted is not None, fields)
    return negated(test) if minus else test


def _pointers(name: str, fields: Fields) -> tuple[str, ...]:
    exact = tuple(at for at in fields.pointers if at == "/" + name.replace(".", "/"))
    if not exact:
        raise QueryError(f"Field `{name}` is an unsupported search field.", "query")
    return exact


def _metadata(key: str, operator: str, wanted: str) -> Test:
    def test(record: Mapping[str, Json]) -> bool:
        held = record.get("metadata")
        value = held.get(key) if isinstance(held, Mapping) else None
        if value is None:
            return wanted == "null"
        if operator == "~":
            return wanted.casefold() in str(value).casefold()
        return str(value).casefold() == wanted.casefold()

    return test


def _field(
    name: str, pointers: tuple[str, ...], operator: str, wanted: str, quoted: bool, fields: Fields
) -> Test:
    folded = wanted.casefold()
    if operator == "~":
        if len(wanted) < 3:
            raise QueryError("Substring search needs at least three characters.", "query")
        return lambda record: any(
            folded in str(value).casefold() for value in values(record, pointers) if value is not None
        )
    if operator == ":":
        if not quoted and folded == "null":
            return lambda record: all(value is None for value in values(record, pointers))
        return lambda record: any(
            _text(value) == folded for value in values(record, pointers) if value is not None
        )
    try:
        limit = float(wanted)
    except ValueError:
        raise QueryError(f"The value for `{name}` must be a number.", "query") from None
    return compared(pointers, operator, limit, fields.population)


def _text(value: Json) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value).casefold()
