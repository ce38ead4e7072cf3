"""Where a result holds records: the record itself, one in a wrapper, or many in an envelope."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import takewhile

from msgspec import Struct

from callsmith.catalog import data
from callsmith.records import Json, Schema
from callsmith.schema import escape, named, settle, steps
from callsmith.understand.hollow import hollow
from callsmith.understand.naming import sign
from callsmith.understand.words import singular, tokens

Words = tuple[str, ...]


class Shape(Struct, frozen=True):
    """Records in a result."""

    pointer: str  # "", "/data", "/items/*"
    many: bool
    schema: Schema  # of one record
    called: Words  # what the schema or the property says one is


@lru_cache(maxsize=1)
def id_words() -> frozenset[str]:
    """Words that name an identifier."""
    return frozenset(data.read("understand/nouns.yaml")["ids"])


_GIVEN_OUT = frozenset(["number", "no", "nr", "ref", "reference", "code"])
_OTHER = frozenset(["new", "other", "another", "into", "replacement", "alternative"])


def named_by(words: Words) -> Words:
    """What an identifier among arguments names: the performance of ``new_performance_id``; () for what is none."""
    if len(words) < 2 or singular(words[-1]) not in id_words():
        return ()
    stem = words[:-1]
    return stem[1:] if len(stem) > 1 and stem[0] in _OTHER else stem


def of_another(words: Words) -> bool:
    """Whether an argument names a second record of a kind: the performance that a booking is moved to."""
    return len(words) > 2 and words[0] in _OTHER


def numbered_by(words: Words) -> Words:
    """What an argument names that ends as references do: the booking of ``booking_ref``; () for what is none."""
    return words[:-1] if len(words) > 1 and words[-1] in _GIVEN_OUT else ()


def properties(schema: Schema) -> Mapping[str, Schema]:
    """The properties of an object schema; empty for anything else."""
    return named(settle(schema))


def is_object(schema: Schema) -> bool:
    """Whether values are objects whose properties are known."""
    return bool(properties(schema))


def element(schema: Schema) -> Schema | None:
    """The schema of an array's elements, when they are objects with known properties."""
    items = settle(schema).get("items")
    return settle(items) if isinstance(items, Mapping) and is_object(items) else None


def has_id(schema: Schema, noun: Words = ()) -> bool:
    """Whether an object names itself: ``id``, ``gid``, ``<noun>_id``, ``uri``, ``key`` beside a label."""
    for name in properties(schema):
        words = tokens(name)
        if len(words) == 1 and words[0] in id_words():
            return True
        if noun and words[:-1] == noun and words[-1] in id_words():
            return True
        if (
            noun
            and numbered_by(words) in (noun, noun[-1:])
            and "string" in str(properties(schema)[name].get("type"))
        ):
            return True
        if words == ("resource", "name"):
            return True  # Google's: people/c123
    return False


_OF_ANOTHER = ("for", "of", "in")


def title_words(schema: Schema) -> Words:
    """The words of a schema's title without those that only say how much of the record it shows."""
    title = schema.get("title")
    if not isinstance(title, str):
        return ()
    whole = tokens(title)
    if " ".join(whole[-2:]) in sign("compounds"):
        return whole
    before = tuple(takewhile(lambda word: word not in _OF_ANOTHER, whole))
    if len(before) < len(whole) and any(word not in sign("fillers") for word in before):
        whole = before  # an Actions Variable for an Organization is no organization
    words = tuple(word for word in whole if word not in sign("fillers")) or whole
    if whole[-1:] == ("list",) and {"id", "title"} <= properties(schema).keys():
        words = whole  # a list of tasks that has a name of its own is a record, not an envelope
    return (*words[:-1], singular(words[-1])) if words else ()


def shapes(returns: Schema, noun: Words) -> list[Shape]:
    """Where a result holds records, the likeliest first; empty when it holds none that can be made out."""
    settled = settle(returns)
    inner = element(settled)
    if inner is not None:
        return [Shape("/*", True, inner, title_words(inner) or noun)]
    if not is_object(settled) or hollow(settled):
        return []
    if not has_id(settled, noun or title_words(settled)):
        found = list(_enveloped(settled, noun))
        if found:
            return found
        wrapped = _wrapped(settled, noun)
        if wrapped is not None:
            return [wrapped]
        only = [settle(inner) for inner in properties(settled).values()]
        if len(only) < 2 and len(only[0].get("enum", ())) < 2:  # one of a few choices is a setting
            return []
    return [Shape("", False, settled, title_words(settled) or noun)]


def _enveloped(schema: Schema, noun: Words) -> Iterator[Shape]:
    """Arrays of records among machinery; the one that bears the noun or an envelope's name first."""
    found = []
    others = 0
    for name, inner in properties(schema).items():
        one = element(inner)
        words = tokens(name)
        if one is None:
            others += not _machinery(words, inner)
            continue
        singled = (*words[:-1], singular(words[-1])) if words else ()
        titled = title_words(one)
        named = bool(noun) and noun[-1:] in (singled[-1:], titled[-1:])
        generic = " ".join(words) in sign("envelopes")
        called = titled or (noun if generic else singled)
        rank = (not named, not generic, not has_id(one))
        found.append((rank, Shape(f"/{escape(name)}/*", True, one, called)))
    found.sort(key=lambda pair: pair[0])
    if found and (not all(found[0][0][:2]) or (others == 0 and len(found) == 1)):
        yield _within(found[0][1], noun) or _unwrapped(found[0][1], noun)


def _within(shape: Shape, noun: Words) -> Shape | None:
    """The records in what a list groups them by, under their own noun: the instances of each reservation."""
    if not noun or shape.called[-1:] == noun[-1:]:
        return None
    for name, inner in properties(shape.schema).items():
        one, words = element(inner), tokens(name)
        singled = (*words[:-1], singular(words[-1])) if words else ()
        if one is not None and singled == noun and has_id(one, noun):
            return Shape(f"{shape.pointer}/{escape(name)}/*", True, one, title_words(one) or noun)
    return None


def _unwrapped(shape: Shape, noun: Words) -> Shape:
    """The records of a list each of which stands alone under its own noun: ``{"results": [{"person": {}}]}``."""
    inside = properties(shape.schema)
    if len(inside) != 1 or has_id(shape.schema, noun):
        return shape
    [(name, inner)] = inside.items()
    if not noun or tokens(name)[-1:] != noun[-1:] or not has_id(settle(inner), noun):
        return shape
    record = settle(inner)
    return Shape(f"{shape.pointer}/{escape(name)}", True, record, title_words(record) or noun)


def _machinery(words: Words, schema: Schema) -> bool:
    """Whether a property beside the records only serves paging or says that all went well."""
    settled = settle(schema)
    counted = words[:1] == ("total",) and settled.get("type") in ("integer", "number")
    if counted or " ".join(words) in sign("paging") or "const" in settled or settled.get("type") == "boolean":
        return True
    inner = properties(settled)
    return bool(inner) and all(_machinery(tokens(name), child) for name, child in inner.items())


def _wrapped(schema: Schema, noun: Words) -> Shape | None:
    """One record under a wrapper's name, its own noun, or alone among machinery: ``{"data": {...}}``."""
    inside = [(name, settle(inner)) for name, inner in properties(schema).items() if is_object(inner)]
    inside = [(name, inner) for name, inner in inside if not _machinery(tokens(name), inner)]
    rest = [
        name
        for name, inner in properties(schema).items()
        if not is_object(inner) and not _machinery(tokens(name), inner)
    ]
    for name, inner in inside:
        words = tokens(name)
        wrapper = " ".join(words) in sign("wrappers")
        own = bool(noun) and bool(words) and singular(words[-1]) == noun[-1]
        alone = len(inside) == 1 and not rest
        if not (wrapper or own or alone):
            continue
        if (wrapper or own) and not has_id(inner, noun):
            # Doubly wrapped lists occur: {"data": {"items": [...]}}, {"categories": {"items": [...], "next": …}}.
            for shape in _enveloped(inner, noun):
                return Shape(f"/{escape(name)}{shape.pointer}", True, shape.schema, shape.called)
            # So do doubly wrapped records: {"data": {"account": {...}}}.
            if wrapper and (deeper := _wrapped(inner, noun)) is not None:
                return Shape(f"/{escape(name)}{deeper.pointer}", deeper.many, deeper.schema, deeper.called)
        return Shape(
            f"/{escape(name)}", False, inner, title_words(inner) or (noun if wrapper or own else words)
        )
    return None


def nested(schema: Schema, pointer: str = "", depth: int = 0) -> Iterator[tuple[str, bool, Schema]]:
    """Objects inside a record as (pointer, many, schema), outermost first."""
    if depth > 4:
        return
    for name, inner in properties(schema).items():
        place = f"{pointer}/{escape(name)}"
        one = element(inner)
        if one is not None:
            yield f"{place}/*", True, one
            yield from nested(one, f"{place}/*", depth + 1)
        elif is_object(inner):
            yield place, False, settle(inner)
            yield from nested(settle(inner), place, depth + 1)


_SAID_REQUIRED = re.compile(
    r"\W*required\b(?! (?:if|when|for|only|unless|by)\b)(?!\W*(?:if|when)\b)", re.IGNORECASE
)


def _said_required(schema: Json) -> bool:
    """Whether a description begins with "Required.", which is how some APIs say what their schemas do not."""
    if not isinstance(schema, Mapping) or schema.get("deprecated"):
        return False
    return _SAID_REQUIRED.match(str(schema.get("description") or "")) is not None


def required_leaf(schema: Schema, pointer: str) -> bool:
    """Whether every named step of a leaf is required; elements of a required array count as such."""
    here: Schema = settle(schema)
    for step in steps(pointer):
        if step == "*":
            items = here.get("items")
            here = settle(items) if isinstance(items, Mapping) else {}
            continue
        inner = properties(here).get(step, {})
        if step not in here.get("required", ()) and not _said_required(inner):
            return False
        here = settle(inner)
    return True


def merged(first: Schema, second: Schema) -> dict[str, Json]:
    """An object schema with the properties of both; where both have one, the fuller of the two."""
    result: dict[str, Json] = dict(first)
    joined: dict[str, Json] = dict(properties(first))
    for name, inner in properties(second).items():
        mine = joined.get(name)
        if mine is None:
            joined[name] = inner
        elif is_object(mine) and is_object(inner):
            joined[name] = merged(settle(mine), settle(inner))
        elif not isinstance(mine, Mapping) or not isinstance(inner, Mapping):
            joined[name] = mine if isinstance(mine, Mapping) else inner
        elif {str(mine.get("type")), str(inner.get("type"))} == {"integer", "number"}:
            joined[name] = mine if mine.get("type") == "integer" else inner  # right wherever a number is
        elif _other_choices(mine, inner):
            continue  # the state of an attachment is none of the volume's
        elif len(str(inner)) > len(str(mine)):
            joined[name] = inner
    result["type"] = "object"
    result["properties"] = joined
    mine_needed, other = first.get("required", ()), second.get("required", ())
    # A field that only some tools show is part of the record, but no tool's promise may be broken by it.
    result["required"] = [*mine_needed, *(name for name in other if name not in mine_needed)]
    return result


def _other_choices(mine: Schema, inner: Schema) -> bool:
    """Whether two fields of one name have nothing in common but that: their choices are not the same."""
    first, second = (set(map(str, schema.get("enum", ()))) for schema in (mine, inner))
    return bool(first and second) and not first & second


@lru_cache(maxsize=1 << 16)
def words_of(pointer: str) -> tuple[Words, ...]:
    """The words of each named step of a pointer; steps without a word in them are left out."""
    return tuple(words for step in steps(pointer) if (words := tokens(step)))


@lru_cache(maxsize=1 << 16)
def last_words(pointer: str) -> Words:
    """The words of the last named step of a pointer; none when it has no word in it."""
    named = [step for step in steps(pointer) if step != "*"]
    return tokens(named[-1]) if named else ()
