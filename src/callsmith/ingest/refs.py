"""Schemas of a document made whole: references replaced by what they point to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

import jsonschema_rs

from callsmith.errors import SourceError
from callsmith.records import Json

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
DEEPEST = 60  # levels of schemas inside schemas; what people write ends at about 20
LARGEST = 20_000  # schemas in one, references followed
REACH = (
    DEEPEST,
    4,
    2,
    1,
)  # references followed inside references; the next is tried when a schema grows too large

# Where schemas stand inside a schema: under any name, in a list, or alone.
_MAPS = frozenset(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"])
_LISTS = frozenset(["allOf", "anyOf", "oneOf", "prefixItems"])
_SINGLE = frozenset(
    [
        "items",
        "additionalProperties",
        "unevaluatedProperties",
        "unevaluatedItems",
        "not",
        "if",
        "then",
        "else",
    ]
    + ["contains", "propertyNames", "contentSchema"]
)

Lookup = Callable[[str], Json]
Rewrite = Callable[[dict[str, Json]], dict[str, Json]]


def resolve(root: Json, reference: str, where: str) -> Json:
    """What a local reference such as ``#/components/schemas/issue`` points to (RFC 6901, as a URI fragment).

    Raises:
        SourceError: the reference is not local or points nowhere.
    """
    if not reference.startswith("#"):
        raise SourceError(f"reference {reference!r} leaves the file", where=where)
    node = root
    for raw in unquote(reference[1:]).split("/")[1:]:
        step = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(node, Mapping) and step in node:
            node = node[step]
        elif isinstance(node, list) and step.isascii() and step.isdigit() and int(step) < len(node):
            node = node[int(step)]
        else:
            raise SourceError(f"reference {reference!r} points nowhere (at {raw!r})", where=where)
    return node


def followed(node: Json, root: Json, where: str) -> Json:
    """What a parameter, a body, a response or a path item is, when a reference may stand in its place.

    Raises:
        SourceError: a reference cannot be followed, or leads back to itself.
    """
    met: set[str] = set()
    while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
        reference = node["$ref"]
        if reference in met:
            raise SourceError(f"reference {reference!r} leads back to itself", where=where)
        met.add(reference)
        rest = {key: value for key, value in node.items() if key != "$ref"}
        target = resolve(root, reference, where)
        node = {**target, **rest} if isinstance(target, Mapping) else target
    return node


def require_sound(schema: Json, what: str) -> None:
    """Refuse what is no JSON Schema.

    Raises:
        SourceError: it is none; the error says where.
    """
    try:
        jsonschema_rs.meta.validate({"$schema": _DIALECT, **schema})
    except jsonschema_rs.ValidationError as error:
        place = "".join(f"/{step}" for step in error.instance_path)
        raise SourceError(f"{what} is no JSON Schema at {place or '/'}: {error.message[:160]}") from error


def inline(node: Json, root: Json, where: str, *, titled: bool = False) -> Any:
    """One schema of ``root`` without references; see ``Schemas``.

    Raises:
        SourceError: as ``Schemas.whole``.
    """
    return Schemas(lambda reference: resolve(root, reference, where), titled=titled).whole(node)


class _BeyondMeasureError(Exception):
    """A schema nests too deep or grows too large."""


_KEYWORDS = ("items", "schema", "additionalProperties", "not")


def _named(reference: str) -> str:
    """What a reference calls its target; ``""`` where it points into another schema: ``…/allOf/1``, ``…/items``.

    Documents put together from several files are full of those, and an object called "1" is no kind of record.
    """
    name = unquote(reference.rsplit("/", 1)[-1])
    return "" if name.isdigit() or name in _KEYWORDS else name


class Schemas:
    """The schemas of one document. What a reference stands for is worked out once and shared.

    A reference inside itself becomes a plain object; so does one far inside, where the whole would grow beyond
    measure (objects that hold all they are related to, as Stripe's). With ``titled`` an object schema keeps the
    name it was referred to by as its title, since that name says what the object is. ``rewrite`` is given each
    schema whose inner schemas are done, and brings it into the words of JSON Schema 2020-12.
    """

    def __init__(
        self, lookup: Lookup, *, titled: bool = False, rewrite: Rewrite | None = None, key: str = "$ref"
    ) -> None:
        self._lookup = lookup
        self._titled = titled
        self._rewrite = rewrite
        self._key = key
        self._known: dict[tuple[str, int], tuple[Json, int, frozenset[str]]] = {}
        self._beyond: dict[tuple[str, int], str] = {}
        self._reach = DEEPEST
        self._count = 0  # schemas in what is being made, those inside shared parts included
        self._cut: set[str] = set()  # references found inside themselves, while they are being made
        self._met: set[str] = set()  # references inside what is being made

    def whole(self, node: Json) -> Any:
        """The schema without references; anything but an object comes back as it is.

        Raises:
            SourceError: a reference cannot be followed, or the schema nests or grows beyond measure.
        """
        for self._reach in REACH:
            self._count = 0
            self._cut, self._met = set(), set()
            try:
                return self._made(node, ())
            except _BeyondMeasureError as error:
                beyond = error
        raise SourceError(str(beyond))

    def _made(self, node: Json, seen: tuple[str, ...], depth: int = 0) -> Any:
        if not isinstance(node, Mapping):
            return node
        self._count += 1
        if depth > DEEPEST:
            raise _BeyondMeasureError(f"its schemas nest deeper than {DEEPEST} levels")
        if self._count > LARGEST:
            raise _BeyondMeasureError(f"with references followed it holds more than {LARGEST:,} schemas")
        if isinstance(node.get(self._key), str):
            return self._referred(node, seen, depth)
        result = {key: self._inside(key, value, seen, depth + 1) for key, value in node.items()}
        return self._rewrite(result) if self._rewrite else result

    def _inside(self, key: str, value: Json, seen: tuple[str, ...], depth: int) -> Any:
        if key in _MAPS and isinstance(value, Mapping):
            return {name: self._made(inner, seen, depth) for name, inner in value.items()}
        if isinstance(value, list) and (key in _LISTS or key == "items"):
            return [self._made(inner, seen, depth) for inner in value]
        return self._made(value, seen, depth) if key in _SINGLE else value

    def _referred(self, node: Mapping[str, Json], seen: tuple[str, ...], depth: int) -> Any:
        reference = node[self._key]
        if reference in seen:
            self._cut.add(reference)
            return {"type": "object"}
        if len(seen) >= self._reach:
            return {"type": "object"}
        target = self._target(reference, seen, depth)
        if not isinstance(target, Mapping):
            return target
        rest = {key: value for key, value in node.items() if key != self._key}
        name = _named(reference) if self._titled and "properties" in target else ""
        if not rest and not (name and "title" not in target):
            return target
        made = {**target, **{key: self._inside(key, value, seen, depth + 1) for key, value in rest.items()}}
        if name and "title" not in made:
            made["title"] = name
        return self._rewrite(made) if self._rewrite and rest else made

    def _target(self, reference: str, seen: tuple[str, ...], depth: int) -> Any:
        # Which part is cut for being far inside depends on how many references are still followed.
        key = (reference, self._reach - len(seen) if self._reach < DEEPEST else DEEPEST)
        known = self._known.get(key)
        if known is not None and known[2].isdisjoint(seen):
            self._count += known[1]
            self._met |= known[2]
            return known[0]
        if key in self._beyond:
            raise _BeyondMeasureError(self._beyond[key])
        before, outer, met = self._count, self._cut, self._met
        self._cut, self._met = set(), {reference}
        try:
            made = self._made(self._lookup(reference), (*seen, reference), depth + 1)
        except _BeyondMeasureError as error:
            if self._count - before > LARGEST // 2:  # most of it is in here, wherever it stands
                self._beyond[key] = str(error)
            raise
        self._cut.discard(reference)
        if not self._cut:  # else it was cut short by where it stands
            self._known[key] = (made, self._count - before, frozenset(self._met))
        self._cut |= outer
        self._met |= met
        return made
