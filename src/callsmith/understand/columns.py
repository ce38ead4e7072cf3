"""Which field of an entity a column of a user's file fills, and its cells as values of that field."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from callsmith.records import Entity, Field, Json, Schema
from callsmith.schema import first_error, leaves, settle, steps, types
from callsmith.understand.words import singular, tokens

_NAMING = ("id", "ids", "gid", "key", "uid", "uuid", "uri", "number", "name", "slug", "login", "email")
_TITLES = ("title", "name", "summary", "subject", "label")
_TIMES = ("date", "date_time", "timestamp")
_TRUE, _FALSE = ("true", "yes", "y", "1"), ("false", "no", "n", "0")
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}$")
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,12})?$")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}.*)?$")


class Target(Struct, frozen=True):
    """A field that a column can fill."""

    pointer: str
    schema: Schema
    facet: str = ""
    refers: str = ""  # entity key of the record that its value names
    projects: str = ""  # the field of that record which the value is


class Unmatched(ValueError):
    """A column that fills no field, or a cell that is no value of its field; ``hint`` says what would be."""

    def __init__(self, what: str, hint: str = "") -> None:
        self.hint = hint
        super().__init__(what)


def targets_of(entity: Entity) -> dict[str, Target]:
    """Every field that can be given, by pointer; a list is one field."""
    known: Mapping[str, Field] = {field.pointer: field for field in entity.fields}
    found: dict[str, Target] = {}
    for pointer, schema, _ in leaves(entity.schema):
        head, star, tail = pointer.partition("/*")
        field = known.get(pointer)
        if star:
            found.setdefault(
                head, Target(head, at(entity.schema, head), field.facet if field and not tail else "")
            )
            continue
        refers = field.refers if field and pointer != entity.id_pointer else ""
        projects = field.projects if field and refers else ""
        found[pointer] = Target(pointer, schema, field.facet if field else "", refers, projects)
    return found


def at(schema: Schema, pointer: str) -> Schema:
    """The settled sub-schema of an object pointer."""
    made = settle(schema)
    for step in steps(pointer):
        made = settle(made.get("properties", {}).get(step, {}))
    return made


def matched(column: str, entity: Entity, targets: Mapping[str, Target]) -> Target:
    """The field a column names: by pointer, by path, by its last word, by what people call it, by what it refers to.

    Raises:
        Unmatched: no field is called so, or several are.
    """
    wanted = _folded(column)
    for names in _tiers(entity, targets):
        found = [pointer for pointer, called in names if wanted in called or column in called]
        if len(found) == 1:
            return targets[found[0]]
        if found:
            named = " and ".join(_dotted(pointer) for pointer in found[:4])
            raise Unmatched(f"means several fields: {named}", "write one of them")
    fields = [_dotted(pointer) for pointer in targets]
    close = difflib.get_close_matches(column.lower(), [name.lower() for name in fields], n=1, cutoff=0.6)
    more = f" and {len(fields) - 24} more" if len(fields) > 24 else ""
    hint = f"did you mean {close[0]}? " if close else ""
    raise Unmatched(f"is no field of {entity.key}", f"{hint}the fields are {', '.join(fields[:24])}{more}")


def _tiers(entity: Entity, targets: Mapping[str, Target]) -> Sequence[list[tuple[str, set[str]]]]:
    """Names of every field, the surest first."""
    phrases = {field.pointer: _folded(field.phrase) for field in entity.fields if field.phrase}
    last = {pointer: _folded(steps(pointer)[-1]) for pointer in targets}
    noun = {_folded(entity.noun), singular(tokens(entity.key.rsplit(".", 1)[-1])[-1])}
    own = {entity.id_pointer: {"id", *(f"{name}_id" for name in noun)}}
    own.setdefault(entity.label_pointer, set()).update(_TITLES, noun)
    return (
        [(pointer, {pointer, _dotted(pointer)}) for pointer in targets],
        [(pointer, {_folded(_dotted(pointer))}) for pointer in targets],
        [(pointer, own[pointer]) for pointer in own if pointer in targets],
        [(pointer, {last[pointer]}) for pointer in targets],
        [(pointer, _referred(pointer)) for pointer, target in targets.items() if _names(target, targets)],
        [(pointer, {phrases[pointer]}) for pointer in targets if pointer in phrases],
        [(pointer, {_folded(steps(pointer)[-2])}) for pointer in targets if _shows_person(pointer, targets)],
    )


def _names(target: Target, targets: Mapping[str, Target]) -> bool:
    """Whether a field is the one of its group that names another record."""
    if not target.refers:
        return False
    head = target.pointer.rpartition("/")[0]
    group = [other.pointer for other in targets.values()
             if head and other.refers == target.refers and other.pointer.startswith(head + "/")]  # fmt: skip
    return not group or group[0] == target.pointer


def _shows_person(pointer: str, targets: Mapping[str, Target]) -> bool:
    """Whether a field is what a group about a person would be said by: a handle, an address, a name."""
    head = pointer.rpartition("/")[0]
    group = {targets[at].facet: at for at in targets if head and at.rpartition("/")[0] == head}
    return next((group[facet] for facet in ("username", "email", "person") if facet in group), "") == pointer


def _referred(pointer: str) -> set[str]:
    """What a person calls a reference: ``/project_id`` project, ``/fields/assignee/accountId`` assignee."""
    path = steps(pointer)
    words = list(tokens(path[-1]))
    while words and words[-1] in _NAMING:
        words.pop()
    names = {"_".join(words)} if words else set()
    if len(path) > 1:
        names.add(_folded(path[-2]))
    return names


def _folded(name: str) -> str:
    return "_".join(word for part in re.split(r"[^A-Za-z0-9]+", name) for word in tokens(part))


def _dotted(pointer: str) -> str:
    return ".".join(steps(pointer))


# ---------------------------------------------------------------- cells


def converted(value: Json, target: Target) -> Json:
    """A cell as a value of the field's schema.

    Raises:
        Unmatched: it is none.
    """
    schema = settle(target.schema)
    kinds = [kind for kind in types(schema) if kind != "null"]
    made = value
    if isinstance(value, str):
        made = _written(value, schema, kinds, target.facet)
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and kinds == ["string"]:
        made = str(value)
    wrong = first_error(target.schema, made)
    if wrong is not None:
        raise Unmatched(wrong[1][:200])
    return made


def _written(text: str, schema: Schema, kinds: Sequence[str], facet: str) -> Json:
    options = [option for option in schema.get("enum", ()) if option is not None]
    if options:
        found = [option for option in options if _folded(str(option)) == _folded(text)]
        if len(found) != 1:
            raise Unmatched(f"{text!r} is none of its choices", "one of " + ", ".join(map(str, options[:20])))
        return found[0]
    if "array" in kinds:
        return _several(text, schema, facet)
    if "object" in kinds and text.startswith("{"):
        return _json(text)
    if "string" in kinds:
        return _time(text, schema) if schema.get("format") in ("date", "date-time") else text
    if "boolean" in kinds and text.lower() in (*_TRUE, *_FALSE):
        return text.lower() in _TRUE
    if kinds and kinds[0] in ("integer", "number"):
        return _figure(text, schema, kinds, facet)
    raise Unmatched(f"{text[:40]!r} is no {' or '.join(kinds) or 'value of it'}")


def _several(text: str, schema: Schema, facet: str) -> Json:
    if text.startswith("["):
        return _json(text)
    items = settle(schema.get("items", {}))
    kinds = [kind for kind in types(items) if kind != "null"] or ["string"]
    return [_written(part.strip(), items, kinds, facet) for part in re.split(r"[;|]", text) if part.strip()]


def _json(text: str) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unmatched(f"not valid JSON: {error}") from error


def _figure(text: str, schema: Schema, kinds: Sequence[str], facet: str) -> Json:
    if _WHOLE.match(text):
        return int(text)
    if "number" in kinds and _NUMBER.match(text):
        return float(text)
    if facet == "timestamp" or schema.get("format") == "unix-time":
        return int(_moment(text).timestamp())
    if facet == "amount_minor" and _NUMBER.match(text):
        raise Unmatched(f"{text} is no whole number", "amounts here are in minor units: 12.50 is 1250")
    raise Unmatched(f"{text[:40]!r} is no {' or '.join(kinds)}")


def _time(text: str, schema: Schema) -> str:
    moment = _moment(text)
    if schema.get("format") == "date":
        return text[:10]
    return text if "T" in text and _zoned(text) else moment.isoformat().replace("+00:00", "Z")


def _zoned(text: str) -> bool:
    return bool(re.search(r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})$", text))


def _moment(text: str) -> datetime:
    try:
        if not _MOMENT.match(text):
            raise ValueError
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unmatched(f"{text[:40]!r} is no date", "write 2026-03-31 or 2026-03-31T14:30:00Z") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)  # a moment without a zone is meant in UTC
