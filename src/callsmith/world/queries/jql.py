"""A subset of Jira's query language: clauses, AND, OR, NOT, functions, relative dates, ORDER BY."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from callsmith.records import Json
from callsmith.world.queries.asked import (
    Fields,
    Query,
    QueryError,
    Test,
    all_of,
    any_of,
    chained,
    compared,
    has_text,
    negated,
    values,
)
from callsmith.world.stories.clock import DAY, is_date

_TOKEN = re.compile(
    r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(!=|!~|<=|>=|=|~|<|>)|([(),])|([^\s"'(),=!<>~]+(?:\(\))?))"""
)
_FIELDS = {
    "project": ("project/key", "project/name", "project/id", "projectKey"),
    "status": ("status/name", "status"),
    "statuscategory": ("statusCategory/name", "statusCategory/key", "statusCategory"),
    "assignee": ("assignee/accountId", "assignee/displayName", "assignee/emailAddress"),
    "reporter": ("reporter/accountId", "reporter/displayName", "reporter/emailAddress"),
    "creator": ("creator/accountId", "creator/displayName", "creator/emailAddress"),
    "priority": ("priority/name", "priority"),
    "issuetype": ("issuetype/name", "issuetype"),
    "resolution": ("resolution/name",),
    "labels": ("labels/*", "labels"),
    "sprint": ("sprint/name", "sprint/id", "sprint/state"),
    "parent": ("parent/key", "parent/id"),
    "key": ("key",),
    "id": ("id",),
    "summary": ("summary",),
    "description": ("description",),
    "created": ("created",),
    "updated": ("updated",),
    "duedate": ("duedate",),
    "resolved": ("resolutiondate",),
    "component": ("components/*/name",),
    "fixversion": ("fixVersions/*/name",),
}
_ALSO = {"type": "issuetype", "due": "duedate", "issuekey": "key", "issue": "key", "createddate": "created",
         "updateddate": "updated", "resolutiondate": "resolved", "label": "labels", "text": "text"}  # fmt: skip
_DATES = ("created", "updated", "duedate", "resolved")
_SPAN = re.compile(r"([+-]?)([0-9]{1,4})([mhdwMy])$")
_UNITS = {"m": 60, "h": 3600, "d": DAY, "w": 7 * DAY, "M": 30 * DAY, "y": 365 * DAY}
_RANKS = {name: place for place, name in enumerate(("lowest", "low", "medium", "high", "highest"))}
_Token = tuple[str, str]


def jql_query(text: str, fields: Fields) -> Query:
    """What a JQL query keeps, and its order.

    Raises:
        QueryError: with Jira's own words, for what the subset does not know.
    """
    tokens = _tokens(text)
    order_at = next(
        (at for at in range(len(tokens)) if _is(tokens, at, "order") and _is(tokens, at + 1, "by")),
        len(tokens),
    )
    order = _order(tokens[order_at + 2 :], fields) if order_at < len(tokens) else []
    clauses = tokens[:order_at]
    if not clauses:
        return Query(lambda record: True, order)
    test, at = _either(clauses, 0, fields)
    if at != len(clauses):
        raise QueryError(
            f"Error in the JQL Query: Expecting either 'OR' or 'AND' but got '{clauses[at][1]}'.", "jql"
        )
    return Query(test, order)


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            raise QueryError(
                f"Error in the JQL Query: The character '{text[at:].strip()[0]}' is a reserved JQL character.",
                "jql",
            )
        at = found.end()
        double, single, operator, mark, word = found.groups()
        if double is not None or single is not None:
            tokens.append(("text", re.sub(r"\\(.)", r"\1", double if double is not None else single)))
        elif operator or mark:
            tokens.append(("operator" if operator else "mark", operator or mark))
        else:
            tokens.append(("word", word))
    return tokens


def _is(tokens: Sequence[_Token], at: int, word: str) -> bool:
    return at < len(tokens) and tokens[at][0] == "word" and tokens[at][1].lower() == word


def _peek(tokens: Sequence[_Token], at: int) -> _Token:
    return tokens[at] if at < len(tokens) else ("end", "")


def _order(tokens: Sequence[_Token], fields: Fields) -> list[tuple[str, bool]]:
    order: list[tuple[str, bool]] = []
    at = 0
    while at < len(tokens):
        pointers = _pointers(tokens[at][1], fields)
        at += 1
        down = _is(tokens, at, "desc")
        if down or _is(tokens, at, "asc"):
            at += 1
        order.append((pointers[0], down))
        if at < len(tokens):
            if tokens[at] != ("mark", ","):
                raise QueryError(f"Error in the JQL Query: Expecting ',' but got '{tokens[at][1]}'.", "jql")
            at += 1
    return order


def _either(tokens: Sequence[_Token], at: int, fields: Fields) -> tuple[Test, int]:
    return chained(
        at, lambda place: _both(tokens, place, fields), lambda place: _is(tokens, place, "or"), any_of
    )


def _both(tokens: Sequence[_Token], at: int, fields: Fields) -> tuple[Test, int]:
    return chained(
        at, lambda place: _single(tokens, place, fields), lambda place: _is(tokens, place, "and"), all_of
    )


def _single(tokens: Sequence[_Token], at: int, fields: Fields) -> tuple[Test, int]:
    if _is(tokens, at, "not"):
        test, at = _single(tokens, at + 1, fields)
        return negated(test), at
    if _peek(tokens, at) == ("mark", "("):
        test, at = _either(tokens, at + 1, fields)
        if _peek(tokens, at) != ("mark", ")"):
            raise QueryError("Error in the JQL Query: Expecting ')' before the end of the query.", "jql")
        return test, at + 1
    kind, name = _peek(tokens, at)
    if kind not in ("word", "text"):
        raise QueryError(f"Error in the JQL Query: Expecting a field name but got '{name}'.", "jql")
    return _clause(tokens, at, fields)


def _pointers(name: str, fields: Fields) -> tuple[str, ...]:
    key = _ALSO.get(name.lower(), name.lower())
    if key == "text":
        return (*_pointers("summary", fields), *_pointers("description", fields))
    wanted = _FIELDS.get(key)
    found: tuple[str, ...] = ()
    if wanted is not None:
        found = tuple(at for tail in wanted for at in fields.pointers if at.endswith(f"/{tail}"))
    if not found:
        raise QueryError(f"Field '{name}' does not exist or you do not have permission to view it.", "jql")
    return found


def _clause(tokens: Sequence[_Token], at: int, fields: Fields) -> tuple[Test, int]:
    name = tokens[at][1]
    key = _ALSO.get(name.lower(), name.lower())
    pointers = _pointers(name, fields)
    at += 1
    kind, operator = _peek(tokens, at)
    word = operator.lower()
    if kind == "word" and word == "is":
        wrong = _is(tokens, at + 1, "not")
        at += 2 if wrong else 1
        if _peek(tokens, at)[1].lower() not in ("empty", "null"):
            raise QueryError("Error in the JQL Query: Expecting either 'EMPTY' or 'NULL'.", "jql")
        empty = _empty(pointers)
        return (negated(empty) if wrong else empty), at + 1
    wrong = kind == "word" and word == "not" and _is(tokens, at + 1, "in")
    if wrong or kind == "word" and word == "in":
        at += 2 if wrong else 1
        options, at = _list(tokens, at)
        tests = [_equal(key, name, pointers, option, fields) for option in options]
        test = any_of(tests)
        return (negated(test) if wrong else test), at
    if kind != "operator":
        raise QueryError(f"Error in the JQL Query: Expecting operator but got '{operator}'.", "jql")
    value = _peek(tokens, at + 1)
    if value[0] not in ("word", "text"):
        raise QueryError("Error in the JQL Query: Expecting a value before the end of the query.", "jql")
    return _compare(key, name, pointers, operator, value, fields), at + 2


def _list(tokens: Sequence[_Token], at: int) -> tuple[list[_Token], int]:
    if _peek(tokens, at) != ("mark", "("):
        if _peek(tokens, at)[1].endswith("()"):
            return [tokens[at]], at + 1
        raise QueryError("Error in the JQL Query: Expecting '(' after 'in'.", "jql")
    options: list[_Token] = []
    at += 1
    while _peek(tokens, at)[0] in ("word", "text"):
        options.append(tokens[at])
        at += 1
        if _peek(tokens, at) == ("mark", ","):
            at += 1
    if _peek(tokens, at) != ("mark", ")") or not options:
        raise QueryError("Error in the JQL Query: Expecting ')' after a list of values.", "jql")
    return options, at + 1


def _empty(pointers: Sequence[str]) -> Test:
    return lambda record: all(value is None or value == "" for value in values(record, pointers))


def _compare(
    key: str, name: str, pointers: tuple[str, ...], operator: str, value: _Token, fields: Fields
) -> Test:
    if operator in ("~", "!~"):
        if key not in ("text", "summary", "description"):
            raise QueryError(f"The operator '~' is not supported by the '{name}' field.", "jql")
        words = value[1].strip('"').rstrip("*").split()
        test = all_of([has_text(pointers, word) for word in words]) if words else (lambda record: True)
        return test if operator == "~" else negated(test)
    if operator in ("=", "!="):
        test = _equal(key, name, pointers, value, fields)
        return test if operator == "=" else all_of([negated(test), negated(_empty(pointers))])
    if key == "priority":
        return _ranked(pointers, operator, value[1])
    if key not in _DATES:
        raise QueryError(f"The operator '{operator}' is not supported by the '{name}' field.", "jql")
    moment = _moment(value[1], name, fields)
    if operator in ("<=", ">") and is_date(value[1]) and key != "duedate":
        moment += 59
    return compared(pointers, operator, moment, fields.population)


def _ranked(pointers: Sequence[str], operator: str, value: str) -> Test:
    limit = _RANKS.get(value.lower())
    if limit is None:
        raise QueryError(f"The value '{value}' does not exist for the field 'priority'.", "jql")
    fits = {"<": limit.__gt__, "<=": limit.__ge__, ">": limit.__lt__, ">=": limit.__le__}[operator]
    return lambda record: any(
        fits(_RANKS.get(str(item).lower(), -1)) is True for item in values(record, pointers)
    )


def _equal(key: str, name: str, pointers: tuple[str, ...], value: _Token, fields: Fields) -> Test:
    text = value[1]
    if value[0] == "word" and text.lower() in ("empty", "null"):
        return _empty(pointers)
    if text.lower() in ("currentuser()", "currentuser"):
        user = fields.population.scene.user
        wanted = {user.email.casefold(), user.name.casefold()}
    elif text.lower() == "unresolved" and key == "resolution":
        return _empty(pointers)
    elif text.lower() == "opensprints()":
        wanted = {"active"}
    elif text.lower() == "closedsprints()":
        wanted = {"closed"}
    elif text.endswith("()") and key not in _DATES:
        raise QueryError(f"Unable to find JQL function '{text}'.", "jql")
    else:
        wanted = {text.casefold()}
    if key in _DATES:
        day = _moment(text, name, fields)
        return lambda record: any(
            day <= moment < day + DAY
            for moment in (fields.population.clock.parse(item) for item in values(record, pointers))
            if moment is not None
        )

    def test(record: Mapping[str, Json]) -> bool:
        return any(item is not None and str(item).casefold() in wanted for item in values(record, pointers))

    return test


def _moment(text: str, name: str, fields: Fields) -> int:
    """The seconds a date value means: a date, a span before or after now, or a function."""
    clock = fields.population.clock
    seconds = clock.parse(text.replace("/", "-"))
    if seconds is not None:
        return seconds
    span = _SPAN.match(text)
    if span is not None:
        return (
            clock.now
            + (1 if span[1] == "+" else -1 if span[1] == "-" else 1) * int(span[2]) * _UNITS[span[3]]
        )
    function = text.lower()
    if function == "now()":
        return clock.now
    found = re.match(r"(startof|endof)(day|week|month|year)\(\)$", function)
    if found is None:
        raise QueryError(
            f"Date value '{text}' for field '{name}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
            "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format "
            "e.g. '-5d', '4w 2d'.", "jql")  # fmt: skip
    return _edge(found[1] == "startof", found[2], fields)


def _edge(start: bool, unit: str, fields: Fields) -> int:
    clock = fields.population.clock
    today = clock.today
    if unit == "week":
        first = today - timedelta(days=today.weekday())
        after = first + timedelta(days=7)
    elif unit == "month":
        first = today.replace(day=1)
        after = (first + timedelta(days=32)).replace(day=1)
    elif unit == "year":
        first = today.replace(month=1, day=1)
        after = first.replace(year=first.year + 1)
    else:
        first, after = today, today + timedelta(days=1)
    if start:
        return clock.at((first - today).days, 0)
    return clock.at((after - today).days, 0) - 1
