"""Google Drive's ``q`` language: terms with ``and``, ``or``, ``not`` and brackets."""

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
    beginning,
    chained,
    compared,
    negated,
    values,
)

_TOKEN = re.compile(r"\s*(?:'((?:[^'\\]|\\.)*)'|(\()|(\))|(<=|>=|!=|=|<|>)|([A-Za-z][A-Za-z.]*))")
_NAMES = {"name": ("name", "title"), "title": ("name", "title"), "mimeType": ("mimeType",),
          "modifiedTime": ("modifiedTime",), "createdTime": ("createdTime",), "viewedByMeTime": ("viewedByMeTime",),
          "trashed": ("trashed",), "starred": ("starred",), "description": ("description",)}  # fmt: skip
_PEOPLE = {"owners": "owners", "writers": "owners", "readers": "owners"}
_Token = tuple[str, str]


def drive_query(text: str, fields: Fields) -> Query:
    """What a Drive search keeps.

    Raises:
        QueryError: with the product's own words, for anything that is not in the language.
    """
    if not text.strip():
        return Query(lambda record: True)
    tokens = _tokens(text)
    test, at = _either(tokens, 0, fields)
    if at != len(tokens):
        raise QueryError("Invalid Value", "q")
    return Query(test)


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            raise QueryError("Invalid Value", "q")
        at = found.end()
        quoted, opens, closes, operator, word = found.groups()
        if quoted is not None:
            tokens.append(("text", re.sub(r"\\(.)", r"\1", quoted)))
        elif opens or closes:
            tokens.append(("bracket", opens or closes))
        elif operator:
            tokens.append(("operator", operator))
        else:
            tokens.append(("word", word))
    return tokens


def _peek(tokens: list[_Token], at: int) -> _Token:
    return tokens[at] if at < len(tokens) else ("end", "")


def _is(tokens: list[_Token], at: int, word: str) -> bool:
    return _peek(tokens, at) == ("word", word)


def _either(tokens: list[_Token], at: int, fields: Fields) -> tuple[Test, int]:
    return chained(
        at,
        lambda place: _both(tokens, place, fields),
        lambda place: _peek(tokens, place) == ("word", "or"),
        any_of,
    )


def _both(tokens: list[_Token], at: int, fields: Fields) -> tuple[Test, int]:
    return chained(
        at,
        lambda place: _single(tokens, place, fields),
        lambda place: _peek(tokens, place) == ("word", "and"),
        all_of,
    )


def _single(tokens: list[_Token], at: int, fields: Fields) -> tuple[Test, int]:
    kind, value = _peek(tokens, at)
    if (kind, value) == ("word", "not"):
        test, at = _single(tokens, at + 1, fields)
        return negated(test), at
    if (kind, value) == ("bracket", "("):
        test, at = _either(tokens, at + 1, fields)
        if _peek(tokens, at) != ("bracket", ")"):
            raise QueryError("Invalid Value", "q")
        return test, at + 1
    if kind == "text":
        return _member(tokens, at, fields)
    if kind == "word":
        return _term(tokens, at, fields)
    raise QueryError("Invalid Value", "q")


def _member(tokens: list[_Token], at: int, fields: Fields) -> tuple[Test, int]:
    """``'folder' in parents``, ``'a@b.example' in owners``."""
    wanted = tokens[at][1]
    if _peek(tokens, at + 1) != ("word", "in") or _peek(tokens, at + 2)[0] != "word":
        raise QueryError("Invalid Value", "q")
    name = tokens[at + 2][1]
    if name == "parents":
        pointers = fields.named("parents", "parent", "folderId")
        root = fields.population.root_of(_toolkit(fields))
        ids = {wanted, root} if wanted == "root" else {wanted}
        return (lambda record: any(value in ids for value in values(record, pointers))), at + 3
    if name in _PEOPLE:
        me = fields.population.scene.user.email
        email = me if wanted == "me" else wanted.lower()
        people = [pointer for pointer in fields.under("owners") if "email" in pointer.lower()]
        return (lambda record: any(str(value).lower() == email for value in values(record, people))), at + 3
    raise QueryError("Invalid Value", "q")


def _toolkit(fields: Fields) -> str:
    for key, kind in fields.population.kinds.items():
        if kind.family.name == "file" and any("parents" in pointer for pointer in fields.pointers):
            return key.split(".")[0]
    return ""


def _term(tokens: list[_Token], at: int, fields: Fields) -> tuple[Test, int]:
    name = tokens[at][1]
    if name == "sharedWithMe":
        me = fields.population.scene.user.email
        owners = [pointer for pointer in fields.under("owners") if "email" in pointer.lower()]
        shared: Test = lambda record: me not in values(record, owners)  # noqa: E731
        if _peek(tokens, at + 1) == ("operator", "="):
            wanted = _peek(tokens, at + 2)[1]
            return (shared if wanted == "true" else negated(shared)), at + 3
        return shared, at + 1
    operator, value = _peek(tokens, at + 1)[1], _peek(tokens, at + 2)
    if name == "fullText" and operator == "contains" and value[0] == "text":
        pointers = tuple(
            dict.fromkeys(
                (*fields.named("name", "title"), *fields.named("description"), *fields.named("body"))
            )
        )
        return _contains(pointers, value[1]), at + 3
    if name not in _NAMES or value[0] not in ("text", "word"):
        raise QueryError("Invalid Value", "q")
    pointers = fields.named(*_NAMES[name])
    return _relation(name, pointers, operator, value, fields), at + 3


def _contains(pointers: tuple[str, ...], wanted: str) -> Test:
    tests = [beginning(word) for word in wanted.strip('"').split()] or [beginning("")]
    return lambda record: any(
        all(test(text) for test in tests)
        for text in (str(value).casefold() for value in values(record, pointers) if value is not None)
    )


def _relation(name: str, pointers: tuple[str, ...], operator: str, value: _Token, fields: Fields) -> Test:
    wanted = value[1]
    if name in ("trashed", "starred"):
        if wanted not in ("true", "false") or operator not in ("=", "!="):
            raise QueryError("Invalid Value", "q")
        flag = (wanted == "true") == (operator == "=")
        return lambda record: (True in values(record, pointers)) == flag
    if name.endswith("Time"):
        moment = fields.population.clock.parse(wanted)
        if moment is None or operator not in ("<", "<=", ">", ">=", "=", "!="):
            raise QueryError("Invalid Value", "q")
        if operator == "!=":
            return negated(compared(pointers, "=", moment, fields.population))
        return compared(pointers, operator, moment, fields.population)
    if operator == "contains":
        if name == "mimeType":
            return lambda record: any(str(item).startswith(wanted) for item in values(record, pointers))
        return _contains(pointers, wanted)
    if operator not in ("=", "!="):
        raise QueryError("Invalid Value", "q")
    folded = wanted.casefold()

    def same(record: Mapping[str, Json]) -> bool:
        return any(str(item).casefold() == folded for item in values(record, pointers))

    return same if operator == "=" else negated(same)
