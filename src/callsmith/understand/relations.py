"""How a parameter touches the record: which field it writes, which it restricts and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

from msgspec import Struct

from callsmith.catalog import data
from callsmith.catalog.lives import participle_of
from callsmith.records import Entity, Field, Parameter
from callsmith.schema import collections
from callsmith.understand.enumerated import with_its_choices
from callsmith.understand.going_on import ending, kept
from callsmith.understand.inside import inside, part_said
from callsmith.understand.leaf import lexicon
from callsmith.understand.one_field import meant
from callsmith.understand.shapes import id_words, last_words, words_of
from callsmith.understand.words import sentence_words, singular, tokens

Words = tuple[str, ...]
Compare = Literal["eq", "contains", "ge", "gt", "le", "lt", "has", "text"]

# Facets whose values may stand for one another when names agree.
_KIN = [
    {"title", "text", "body", "label", "file_name", "enum", "key", "place", "color"},
    {"date", "date_time", "time", "timestamp"},
    {"amount", "amount_minor", "number", "count", "percent", "duration_minutes", "duration_seconds", "ordinal",
     "number_key", "enum"},
    {"person", "username", "owner", "text"},
    {"id", "key", "number_key", "url"},
    {"enum", "flag", "text", "label", "color", "language", "currency", "country"},
    {"url", "text", "object"},
]  # fmt: skip
_WRAPPERS = frozenset(
    ["data", "fields", "properties", "body", "resource", "input", "payload", "attributes", "update"]
)
_MOVERS = frozenset(["add", "remove", "new", "set", "destination", "target", "to"])


class Match(Struct, frozen=True):
    """A field that a parameter is about, and how surely."""

    field: Field
    sure: float
    compare: Compare = "eq"
    by_reference: bool = False  # told by what both point to alone, not by their names


def related(first: str, second: str) -> bool:
    """Whether values of two facets can be the same value."""
    return first == second or any(first in group and second in group for group in _KIN)


def _path(pointer: str, nouns: Sequence[str]) -> Words:
    """The words of a pointer, wrappers and the noun itself apart, plurals as singulars."""
    return _path_among(pointer, tuple(nouns))


@lru_cache(maxsize=50_000)
def _path_among(pointer: str, nouns: tuple[str, ...]) -> Words:
    path = words_of(pointer)
    while len(path) > 1 and " ".join(path[0]) in _WRAPPERS:
        path = path[1:]
    words = [singular(word) for step in path for word in step]
    for noun in nouns:
        parts = noun.split(" ")
        if len(words) > len(parts) and words[: len(parts)] == parts:
            words = words[len(parts) :]
    return tuple(words)


@lru_cache(maxsize=20_000)
def _plain(words: Words) -> Words:
    """Without words that only say that an identifier, a time or a choice is meant."""
    kept = tuple(word for word in words if word not in id_words() and word not in ("on", "at", "is", "value"))
    return kept or words


def written(parameter: Parameter, entity: Entity, nouns: Sequence[str], tool_words: Words) -> Match | None:
    """The field that creating or changing with this parameter writes."""
    places = (parameter.pointer, _out_of_form(parameter.pointer, entity))
    exact = next((field for place in places for field in entity.fields if field.pointer == place), None)
    if exact is not None and exact.pointer != entity.id_pointer:
        return Match(exact, 0.95)
    found = _best(parameter, entity, _path(parameter.pointer, nouns), nouns)
    found = _key_of(parameter, entity, found) if found else None
    return (
        found
        or (Match(field, 0.9) if (field := with_its_choices(parameter, entity)) is not None else None)
        or _only_reference(parameter, entity, tool_words)
        or _headed(parameter, entity, tool_words)
        or _same(parameter, entity, nouns)
    )


def _same(parameter: Parameter, entity: Entity, nouns: Sequence[str]) -> Match | None:
    """The field that goes by another name: the moving date of a new date, or of the date of a listing."""
    if parameter.pointer.count("/") != 1:
        return None
    fields = {
        _path(field.pointer, nouns): field
        for field in entity.fields
        if field.pointer.count("/") == 1 and field.pointer != entity.id_pointer
    }
    found = meant(
        _path(parameter.pointer, nouns), parameter.facet, {path: f.facet for path, f in fields.items()}
    )
    return Match(fields[found], 0.8) if found else None


def _headed(parameter: Parameter, entity: Entity, tool_words: Words) -> Match | None:
    """The one field of which the parameter says the end and the tool the beginning: set_rollout of a percent."""
    words = _path(parameter.pointer, ())
    if not words or "/*" in parameter.pointer:
        return None
    fields = [
        field
        for field in entity.fields
        if (path := _path(field.pointer, ()))[-len(words) :] == words
        and len(path) > len(words)
        and all(_of_deed(word, tool_words) for word in path[: -len(words)])
        and related(parameter.facet, field.facet)
        and field.pointer != entity.id_pointer
    ]
    return Match(fields[0], 0.7) if len(fields) == 1 else None


def _of_deed(word: str, tool_words: Words) -> bool:
    """Whether a word is one of a tool's name or a form of its verb: paused and rejection, of pause and reject."""
    return word in tool_words or any(
        participle_of(word, verb) or len(verb) > 4 and word[: len(verb) - 1] == verb[:-1]
        for verb in tool_words
    )


def _key_of(parameter: Parameter, entity: Entity, found: Match) -> Match | None:
    """For one value, no list inside a part but the key that the part goes by: the slug of the image."""
    place = found.field.pointer
    if "/*" in parameter.pointer or not place.endswith("/*") or place.count("/") < 3:
        return found
    head = place.removesuffix("/*").rpartition("/")[0]
    keys = [
        field for name in ("slug", "name") for field in entity.fields if field.pointer == f"{head}/{name}"
    ]
    return Match(keys[0], found.sure) if keys else None


def _out_of_form(pointer: str, entity: Entity) -> str:
    """The pointer without the form that a part is written in: its VersioningConfiguration."""
    head, _, rest = pointer[1:].partition("/")
    forms = data.read("understand/nouns.yaml")["forms"]
    formed = {*entity.noun.split(" "), *forms} >= set(tokens(head)) > set()
    return f"/{rest}" if rest and formed and tokens(head)[-1] in forms else pointer


def _only_reference(parameter: Parameter, entity: Entity, tool_words: Words) -> Match | None:
    """The one field that points to the same kind of record; of several, the one the tool's name speaks of."""
    if not parameter.refers or parameter.facet not in ("id", "key") or parameter.refers == entity.key:
        return None
    fields = [
        field
        for field in entity.fields
        if field.refers == parameter.refers
        and field.facet == parameter.facet
        and field.pointer != entity.id_pointer
    ]
    if len(fields) > 1:
        stems = [word[:6] for word in tool_words if len(word) > 4]
        fields = [f for f in fields if any(w.startswith(s) for s in stems for w in _path(f.pointer, ()))]
    return Match(fields[0], 0.7, by_reference=True) if len(fields) == 1 else None


def restricted(parameter: Parameter, entity: Entity, nouns: Sequence[str], description: str) -> Match | None:
    """The field that listing with this parameter restricts, and how it compares."""
    words = _path(parameter.pointer, nouns)
    compare: Compare = "eq"
    signs = lexicon()["compares"]
    stem = words
    if len(words) > 1 and words[-1] in signs["suffixes"]:
        stem, compare = words[:-1], signs["suffixes"][words[-1]]
    elif len(words) > 1 and words[0] in signs["prefixes"]:
        stem, compare = words[1:], signs["prefixes"][words[0]]
    elif words and words[0] in signs["prefixes"] and parameter.facet in ("date", "date_time", "timestamp"):
        stem, compare = (), signs["prefixes"][words[0]]
    timely = parameter.facet in ("date", "date_time", "timestamp")
    if parameter.facet == "date" and compare == "eq" and (same := _same(parameter, entity, nouns)):
        return same
    if timely and stem in ((), ("time",), ("date",), ("day",), ("on",)):
        found = period(entity, description, compare) or _one_moment(entity, compare)
        if found is not None and kept(found.field) and "creat" not in description.lower():
            found = _beginning(entity, compare) or found
        # From when a berth is free is not when its record was made.
        bare = words in (("from",), ("to",)) and found is not None and "creat" in found.field.phrase
        return None if bare and "creat" not in description.lower() else found
    if words[-1:] == ("only",) and parameter.facet == "flag":
        stem = words[:-1] or words
    if timely and compare != "eq" and (moment := ending(entity, stem)) is not None:
        return Match(moment, 0.75, compare)
    if compare in ("ge", "gt", "le", "lt", "has") or stem != words:
        found = _best(parameter, entity, stem, nouns)
        if found is not None and found.field.facet == "enum" and compare != "has":
            return None  # choices have no order that is known
        if found is not None:
            return Match(found.field, found.sure, compare)
    found = _best(parameter, entity, words, nouns)
    if found is None and timely and words[:1] in (("start",), ("end",)):
        found = _best(parameter, entity, words[1:], nouns)
        return Match(found.field, found.sure, "ge" if words[0] == "start" else "le") if found else None
    place = parameter.facet == "place"
    found = found or (_same(parameter, entity, nouns) if place else _within(parameter, entity))
    if found is None:
        return None
    if found.field.pointer.endswith("/*") or "/*/" in found.field.pointer:
        return Match(found.field, found.sure, "has")
    if parameter.facet == "title" or (parameter.facet in ("text", "body") and parameter.klass == "content"):
        return Match(found.field, found.sure, "contains")
    if compare == "eq" and part_said(parameter, description):
        return Match(found.field, found.sure, "contains")
    if timely and compare == "eq" and stem == words and "after" in description.lower():
        return Match(found.field, found.sure, "ge")
    return found


def _within(parameter: Parameter, entity: Entity) -> Match | None:
    found = inside(entity, _ways(_path(parameter.pointer, ())))
    fields = [one for one in found if related(parameter.facet, one.facet)]
    return Match(fields[0], 0.85) if len(fields) == 1 else None


def period(entity: Entity, description: str, compare: Compare) -> Match | None:
    """The time that a period without a name of its own is about."""
    text = description.lower()
    timely = {
        " ".join(_path(field.pointer, ())): field
        for field in entity.fields
        if field.facet in ("date", "date_time", "timestamp")
    }
    for line in lexicon()["periods"]:
        if line["words"] and not any(word in text for word in line["words"]):
            continue
        for name in line["fields"]:
            field = timely.get(" ".join(singular(word) for word in name.split(" ")))
            if field is not None:
                return Match(field, 0.75 if line["words"] else 0.6, compare)
    return None


_BEGUN = ("start", "begin", "from", "date", "day", "scheduled", "departs", "departure", "check", "arrival")


def _beginning(entity: Entity, compare: Compare) -> Match | None:
    """The moment at which what a record is of begins: a lesson is of the day on which it starts."""
    for field in entity.fields:
        if field.facet not in ("date", "date_time", "timestamp") or field.pointer.count("/") != 1:
            continue
        if not kept(field) and {*map(singular, words_of(field.pointer)[-1])} & {*_BEGUN}:
            return Match(field, 0.6, compare)
    return None


def _one_moment(entity: Entity, compare: Compare) -> Match | None:
    """The day that a record without a better known one has: its only moment, or that at which it begins."""
    timely = [
        field
        for field in entity.fields
        if field.facet in ("date", "date_time", "timestamp") and field.pointer.count("/") == 1
        and not kept(field)
    ]  # fmt: skip
    if len(timely) > 1:
        timely = [one for one in timely if set(words_of(one.pointer)[-1]) & {*_BEGUN}][:1] or (
            [] if len(timely) > 2 else [one for one in timely if "end" not in one.phrase][:1]
        )
    return Match(timely[0], 0.6, compare) if timely else None


def _best(parameter: Parameter, entity: Entity, words: Words, nouns: Sequence[str]) -> Match | None:
    """The field whose path says the same; of several, the one whose value is of the same kind."""
    best: tuple[float, Field] | None = None
    ways = _ways(words)
    for field in _candidates(entity, ways, tuple(nouns)):
        mark = max(_likeness(parameter, field, said, nouns) for said in ways)
        if mark > 0.5:
            # One for one and many for many; what the descriptions share breaks ties.
            mark += 0.03 * (("/*" in field.pointer) == ("/*" in parameter.pointer))
            mark += 0.02 * _shared(parameter.schema, field.schema)
        if mark > 0.5 and (best is None or mark > best[0]):
            best = (mark, field)
    return Match(best[1], min(best[0], 0.95)) if best else None


_by_entity: dict[tuple[int, tuple[str, ...]], tuple[Entity, dict[Words, list[int]]]] = {}


def _candidates(entity: Entity, ways: Sequence[Words], nouns: tuple[str, ...]) -> list[Field]:
    """The fields whose path is, or begins with, one of the ``ways``: no other field is like a parameter."""
    # Records of thousands of fields and tools of hundreds of arguments occur. The entity is kept alive here, so
    # its address stays its own.
    known = _by_entity.get((id(entity), nouns))
    if known is None or known[0] is not entity:
        if len(_by_entity) > 512:
            _by_entity.clear()
        index: dict[Words, list[int]] = {}
        for place, field in enumerate(entity.fields):
            path = _path(field.pointer, nouns)
            for said in {path, _plain(path)}:
                for length in range(1, len(said) + 1):
                    index.setdefault(said[:length], []).append(place)
        known = _by_entity[id(entity), nouns] = (entity, index)
    heads = set()
    for words in ways:
        moved = tuple(word for word in words if word not in _MOVERS)
        heads |= {words, _plain(words), _plain(moved)}
    places = sorted({place for said in heads for place in known[1].get(said, ())})
    return [entity.fields[place] for place in places]


def _ways(words: Words) -> list[Words]:
    """The words and their synonyms in the names of fields: creator, user."""
    table = lexicon()["synonyms"]
    return [words, *(tuple(other.split(" ")) for other in table.get(" ".join(words), ()))]


def _shared(first: Mapping[str, Any], second: Mapping[str, Any]) -> float:
    one, other = (set(sentence_words(str(s.get("description", "")))) for s in (first, second))
    return len(one & other) / max(len(one | other), 1)


def _likeness(parameter: Parameter, field: Field, words: Words, nouns: Sequence[str]) -> float:
    theirs = _path(field.pointer, nouns)
    if not theirs or not words:
        return 0.0
    same_kind = parameter.facet == field.facet
    kin = related(parameter.facet, field.facet)
    if parameter.refers and field.refers and parameter.refers != field.refers:
        return 0.0
    if theirs == words:
        return 0.95 if same_kind else 0.85 if kin else 0.6
    if parameter.refers and parameter.refers == field.refers and parameter.facet == field.facet == "id":
        if _plain(theirs) == _plain(words):
            return 0.9
        moved = tuple(word for word in words if word not in _MOVERS)
        if _plain(moved) == _plain(theirs):
            return 0.75
    if not kin:
        return 0.0
    if _plain(theirs) == _plain(words) and same_kind:
        return 0.85
    if theirs[: len(words)] == words or _plain(theirs)[: len(_plain(words))] == _plain(words):
        # assignees -> /assignees/*/login: the leaf of the object that is this kind of value
        extra = len(theirs) - len(words)
        return (0.8 if same_kind else 0.62) - 0.02 * extra
    if _plain(theirs) == _plain(words):
        return 0.7
    return 0.0


def key_field(parameter: Parameter, entity: Entity, nouns: Sequence[str]) -> str:
    """The field of the referred record whose value an identifier gives, or ""."""
    if collections(parameter.schema):
        held = {field.pointer for field in entity.fields}
        return next((at for at in ("/resourceName", "/name") if at in held), entity.id_pointer)
    name = _singly(parameter.pointer)
    if entity.id_pointer and name == tuple(entity.key.rsplit(".", 1)[-1].split("_")):
        return entity.id_pointer  # called as the record itself is
    if entity.id_pointer and name == _singly(entity.id_pointer):
        return entity.id_pointer
    tops = {_singly(field.pointer): field for field in entity.fields
            if len(words_of(field.pointer)) == 1 and "/*" not in field.pointer}  # fmt: skip
    if name in tops and tops[name].facet in ("id", "key", "number_key", "username", "email", "phone", "url"):
        if tops[name].refers != entity.key:  # a parent's id names the parent
            return tops[name].pointer
    if parameter.facet == "number_key":
        numbered = [field for field in tops.values() if field.facet == "number_key"]
        if numbered:
            return numbered[0].pointer
    if parameter.facet == "key":
        keyed = [field for words, field in tops.items() if words[-1:] == ("key",)]
        if keyed:
            return keyed[0].pointer
    if parameter.facet == "repo":
        return next((tops[words].pointer for words in (("repo",), ("name",)) if words in tops), "")
    if parameter.facet == "owner":
        return next((field.pointer for field in entity.fields
                     if _path(field.pointer, ()) in (("owner",), ("owner", "login"))), "")  # fmt: skip
    return entity.id_pointer if parameter.facet in ("id", "key", "number_key", "url") else ""


@lru_cache(maxsize=1 << 16)
def _singly(pointer: str) -> Words:
    return tuple(singular(word) for word in last_words(pointer))


def state_fields(entity: Entity) -> Mapping[str, Field]:
    """The record's own fields by their words, nested ones apart."""
    return {" ".join(_path(field.pointer, ())): field for field in entity.fields if "/*" not in field.pointer}
