"""What a call returns: records cut to the return schema, inside the envelope the product puts around them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct, field, structs

from callsmith.records import Json, Schema, Tool, Yield
from callsmith.schema import escape, settle, steps, types, valid
from callsmith.seeds import number
from callsmith.world.fields.identity import styled
from callsmith.world.fields.patterns import matching
from callsmith.world.inferred.mending import plain
from callsmith.world.inferred.overall import over_all
from callsmith.world.stories.naming import split

MISSING: Any = object()
_UNTOLD: Any = object()  # an outcome has nothing to say of it
_SHORT = 240  # characters of a long text that a list shows


class Outcome(Struct):
    """What a call did, before it is shown. ``records`` are those on this page, ``total`` all that matched."""

    arguments: Mapping[str, Json]
    records: Sequence[Mapping[str, Json]] = ()
    total: int = 0
    start: int = 0
    limit: int = 0
    page: int = 0  # its number, where pages have any
    token: str = ""  # of the next page; "" when this is the last
    before: str = ""  # the cursor of this page's first record; "" when this is the last page
    container: Mapping[str, Json] | None = None
    around: Mapping[str, Json] = field(default_factory=dict)  # values known by the name of their field
    earlier: Mapping[str, Json] = field(default_factory=dict)  # the record before the call changed it


Render = Callable[[Outcome], Json]
Cut = Callable[[Json], Json]


def answer_of(tool: Tool, record_entity: str) -> Render:
    """How the tool's outcomes are shown, compiled from its return schema."""
    schema = tool.returns
    if not schema or types(schema) == ("null",):
        return lambda outcome: None
    places = {place.pointer: place for place in tool.yields if place.entity == record_entity}
    if not places and tool.yields:
        first = tool.yields[0]
        places = {first.pointer: first}
    made = _value(schema, "", places, True)
    settled = settle(schema).get("properties", {})
    told = [
        name for name, child in settled.items() if "boolean" in types(child) and _says_done(name, tool.verb)
    ]
    if not told or places:
        return made
    return lambda outcome: {**made(outcome), **dict.fromkeys(told, True)}


def _says_done(name: str, verb: str) -> bool:
    """Whether a flag is called like what the tool has just done: ``merged`` of ``merge``."""
    return bool(verb) and split(name)[-1:] in ((f"{verb}ed",), (f"{verb}d",))


def _value(schema: Schema, pointer: str, places: Mapping[str, Yield], required: bool) -> Render:
    settled = settle(schema)
    place = places.get(pointer)
    if place is not None:
        return _one(cut_of(settled, False), frozenset(settled.get("properties", {})))
    if f"{pointer}/*" in places:
        return _many(cut_of(settle(settled.get("items", {})), True))
    wrapped = next((at for at in places if at.rpartition("/")[0] == f"{pointer}/*"), "")
    if wrapped:
        return _many_wrapped(steps(wrapped)[-1], settle(settled.get("items", {})))
    if "array" in types(settled) and any(at.startswith(f"{pointer}/*/") for at in places):
        return _grouped(settle(settled["items"]), f"{pointer}/*", places)
    kinds = types(settled)
    if pointer == "" and not places and "array" in kinds:
        rows = frozenset(settle(settled.get("items", {})).get("properties", {}))
        if len(rows) > 1:
            return lambda outcome: _held_rows(outcome, rows)
    if settled.get("properties") and (
        pointer == "" or any(at.startswith(pointer + "/") for at in places) or required
    ):
        made = _object(settled, pointer, places)
        nullable = "null" in types(schema) or "null" in kinds
        if set(split(pointer.rsplit("/", 1)[-1])) & {"next", "paging"} and pointer:
            gone: Json = None if nullable else MISSING
            return lambda outcome: made(outcome) if outcome.token else gone
        return made
    nullable = "null" in types(schema) or "null" in kinds
    return _rest(settled, pointer, required, nullable)


def _object(schema: Schema, pointer: str, places: Mapping[str, Yield]) -> Render:
    needed = schema.get("required", ())
    parts = [
        (name, _value(child, f"{pointer}/{escape(name)}", places, name in needed))
        for name, child in schema["properties"].items()
    ]

    names = frozenset(schema["properties"])
    plain = bool(pointer) and len(names) > 1 and not any(at.startswith(pointer) for at in places)

    def render(outcome: Outcome) -> Json:
        held = _held(outcome, names, needed) if plain else None
        if held is not None:
            return held
        made = {}
        for name, part in parts:
            value = part(outcome)
            if value is not MISSING:
                made[name] = value
        return made

    return render


def _held(outcome: Outcome, names: frozenset[str], needed: Collection[str]) -> Json:
    """A group of fields that the record itself holds, such as the account of its cancellation."""
    for value in outcome.records[0].values() if len(outcome.records) == 1 else ():
        if isinstance(value, Mapping) and value and names >= value.keys() >= set(needed):
            return value
    return None


def _held_rows(outcome: Outcome, names: frozenset[str]) -> Json:
    """The rows of a record that a call was about, such as all its labels once one was added."""
    lists = {
        name: value
        for record in outcome.records[:1]
        for name, value in record.items()
        if isinstance(value, list) and all(isinstance(row, Mapping) and names >= row.keys() for row in value)
    }
    asked = next((name for name in outcome.arguments if lists.get(name)), "")
    return lists.get(asked) or next((rows for rows in lists.values() if rows), [])


def _one(cut: Cut, names: frozenset[str]) -> Render:
    """One record, with what it is addressed by where the answer repeats that: ``envelope_id``."""

    def render(outcome: Outcome) -> Json:
        made = cut(outcome.records[0]) if outcome.records else None
        if not isinstance(made, Mapping):
            return made
        repeated = {name: value for name, value in outcome.arguments.items() if name in names}
        return {**repeated, **made} if repeated.keys() - made.keys() else made

    return render


def _many(cut: Cut) -> Render:
    return lambda outcome: [cut(record) for record in outcome.records]


def _many_wrapped(name: str, element: Schema) -> Render:
    """A list of objects each of which holds one record under ``name``."""
    cut = cut_of(settle(element["properties"][name]), True)
    return lambda outcome: [{name: cut(record)} for record in outcome.records]


def _grouped(element: Schema, pointer: str, places: Mapping[str, Yield]) -> Render:
    """A list of groups that each hold records in a list of their own; here each holds one."""
    group = _object(element, pointer, places)
    names = {
        name: settle(child)
        for name, child in element["properties"].items()
        if split(name)[-1] == "id" and "string" in types(settle(child))
    }

    def one(outcome: Outcome, record: Mapping[str, Json]) -> Json:
        made = group(structs.replace(outcome, records=[record], limit=0))
        key = msgspec.json.encode(record, order="sorted").decode()
        for name in list(names)[:1]:  # what a group is itself known by comes first
            made = {name: styled(names[name], number(pointer, key)), **made}
        return made

    return lambda outcome: [one(outcome, record) for record in outcome.records]


def cut_of(schema: Schema, short: bool) -> Cut:
    """A function that keeps of a record what the schema names; long texts are shortened in lists."""
    properties = schema.get("properties")
    if not properties:
        if "array" in types(schema) and isinstance(schema.get("items"), Mapping):
            inner = cut_of(settle(schema["items"]), short)
            return lambda value: (
                [inner(item) for item in value] if isinstance(value, (list, tuple)) else value
            )
        return _shortened if short and "string" in types(schema) else lambda value: value
    parts = []
    strict: dict[str, Schema] = {}
    needed = schema.get("required", ())
    nulls = [name for name, child in properties.items() if name in needed and _may_be_null(child)]
    for name, child in properties.items():
        settled = settle(child)
        bounded = not settled.get("properties") and not settled.get("items") and "maxLength" in settled
        parts.append((name, None if bounded or _is_plain(settled, short) else cut_of(settled, short)))
        if settled.keys() & _STRICT and not settled.get("properties") and "items" not in settled:
            strict[name] = settled

    def cut(value: Json) -> Json:
        if not isinstance(value, Mapping):
            return value
        made = {}
        for name, part in parts:
            if name in value:
                made[name] = value[name] if part is None else part(value[name])
        for name, settled in strict.items():
            if made.get(name) is not None and not _suits(settled, made[name]):
                _replace(made, name, settled, name in needed)
        for name in nulls:
            made.setdefault(name, None)
        return made

    return cut


_STRICT = frozenset(["enum", "format", "pattern"])


def _suits(schema: Schema, value: Json) -> bool:
    return value in schema["enum"] if "enum" in schema else valid(schema, value)


def _replace(made: dict[str, Json], name: str, schema: Schema, needed: bool) -> None:
    """Something this tool's schema allows, where another tool's schema gave the record its value."""
    if schema.get("enum"):
        choices = [choice for choice in schema["enum"] if choice is not None]
        made[name] = choices[number(str(made[name])) % len(choices)] if choices else None
    elif needed:
        made[name] = plain(schema, number(str(made[name])), "app", name)
    else:
        del made[name]


def _may_be_null(schema: Schema) -> bool:
    return "null" in types(schema) or "null" in types(settle(schema))


def _is_plain(schema: Schema, short: bool) -> bool:
    if schema.get("properties") or schema.get("items"):
        return False
    return not (
        short and types(schema) == ("string",) and not schema.get("format") and not schema.get("pattern")
    )


def _shortened(value: Json) -> Json:
    if isinstance(value, str) and len(value) > _SHORT:
        return value[: value.rfind(" ", 0, _SHORT)] + "…"
    return value


def _rest(schema: Schema, pointer: str, required: bool, nullable: bool) -> Render:
    """A field of the envelope, by its name."""
    name = pointer.rsplit("/", 1)[-1]
    words = set(split(name))
    kinds = types(schema)
    if "const" in schema:
        return lambda outcome: schema["const"]
    none: Json = None if nullable else MISSING
    found = _paging(schema, words, kinds, none) if not _in_record(pointer) else None
    names = set(settle(schema.get("items", {})).get("properties", {}))
    if "input" in names and "array" in kinds:
        return lambda outcome: _addressed(outcome, names)
    flagged = found or _flag(words, kinds)
    empty = _empty(schema, kinds, required, nullable)
    pattern = schema.get("pattern") if empty == "" else None

    def render(outcome: Outcome) -> Json:
        if name in outcome.around:
            return outcome.around[name]
        if flagged is not None and (told := flagged(outcome)) is not _UNTOLD:
            return told
        # Beside a page of records stand words about what holds them, not about the first of them.
        shown = () if outcome.limit else outcome.records[:1]
        for source in (outcome.arguments, *shown, outcome.container):
            if source is not None and name in source and _fits(source[name], kinds):
                return source[name]
        if pattern:
            asked = msgspec.json.encode(outcome.arguments, order="sorted")
            return matching(pattern, number(pointer, asked)) or ""
        return empty

    return render


def _addressed(outcome: Outcome, names: set[str]) -> list[dict[str, Json]]:
    """To whom a message went, as it was said and as the product writes it."""
    said = outcome.arguments.get("to") or next((r.get("to") for r in outcome.records), "")
    digits = "".join(letter for letter in str(said) if letter.isdigit())
    return [{name: said if name == "input" else digits for name in sorted(names)}]


def _in_record(pointer: str) -> bool:
    return "/*/" in pointer


def _paging(schema: Schema, words: set[str], kinds: tuple[str, ...], none: Json) -> Render | None:
    whole = "integer" in kinds or "number" in kinds
    if "boolean" in kinds and words & {"more"}:
        return lambda outcome: bool(outcome.token)
    if "boolean" in kinds and words & {"last"}:
        return lambda outcome: not outcome.token
    if schema.get("format") == "uri" or words == {"path"}:
        head = "" if words == {"path"} else "https://api.example"
        return lambda outcome: f"{head}/page?offset={outcome.token}" if outcome.token else none
    if (
        words & {"cursor", "token"}
        or words == {"offset"}
        or words >= {"next", "page"}
        or words == {"next"}
        or words == {"after"}
    ):
        if "string" in kinds:
            return lambda outcome: outcome.token or none
    if words == {"before"} and kinds == ("string",):
        return lambda outcome: outcome.before or none
    if whole and (words == {"page"} or words == {"current", "page"} or words == {"page", "number"}):
        return lambda outcome: outcome.page if outcome.limit else _UNTOLD
    if whole and words == {"next", "page"}:
        return lambda outcome: outcome.page + 1 if outcome.token else none
    counted = bool(words & {"total", "estimate"}) or "count" in words and "page" not in words
    if whole and (counted or words & {"average", "avg", "sum", "overall", "pages"}):
        first = bool(words & {"total", "estimate"})

        def tell(outcome: Outcome) -> Json:
            told = over_all(words, outcome.records, outcome.total, outcome.limit)
            many: Json = outcome.total if first else len(outcome.records)
            return told if told is not None else many if counted else none

        return tell
    if whole and (words & {"offset"} or words >= {"start", "at"}):
        return lambda outcome: outcome.start
    if whole and (words & {"limit", "max"} or words >= {"page", "size"} or words >= {"per", "page"}):
        return lambda outcome: outcome.limit
    return None


def _flag(words: set[str], kinds: tuple[str, ...]) -> Render | None:
    if "boolean" not in kinds:
        return None
    if words & {
        "success",
        "ok",
        "deleted",
        "accepted",
        "sent",
        "succeeded",
        "successful",
        "successfull",
        "updated",
        "created",
        "done",
        "archived",
    }:
        return lambda outcome: True
    return None


def _fits(value: Json, kinds: tuple[str, ...]) -> bool:
    if not kinds:
        return True
    name = {bool: "boolean", int: "integer", float: "number", str: "string", dict: "object", list: "array"}
    kind = name.get(type(value), "null")
    return kind in kinds or (kind == "integer" and "number" in kinds)


def _empty(schema: Schema, kinds: tuple[str, ...], required: bool, nullable: bool) -> Json:
    if not required:
        return None if nullable else MISSING
    if "default" in schema:
        return schema["default"]
    if nullable:
        return None
    if schema.get("enum"):
        return schema["enum"][0]
    if "string" in kinds:
        return next((text for text in schema.get("examples", ()) if isinstance(text, str)), "")
    for kind, value in (("array", []), ("object", {}), ("boolean", False), ("integer", 0), ("number", 0)):
        if kind in kinds:
            return value
    return None
