"""What a played world has told of its records, so that it goes on telling the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from callsmith.catalog.data import read
from callsmith.records import Json, Tool
from callsmith.schema import escape
from callsmith.world.journal import READING, only_reads

_READING_VERBS = "understand/verbs.yaml"
_HOLDERS = frozenset("item items result results data record records entries list values value rows".split())
_LONG = 6  # characters from which a text with a digit in it is an id of one thing alone

Key = tuple[str, Json]  # kind and id; the kind is "" where the id alone is enough


class Shown(Struct, frozen=True):
    """A record as a result shows it: the object in the result, and its own scalar fields by pointer."""

    key: Key
    value: dict[str, Any]
    fields: Mapping[str, Json]


class Told:
    """The records told so far, by what identifies them."""

    def __init__(self) -> None:
        self._fields: dict[Key, dict[str, Json]] = {}
        self._gone: set[Key] = set()

    def fault(self, tool: Tool, arguments: Mapping[str, Json], value: Json) -> str:
        """What of a result contradicts what was told and cannot be put right, in words for who plays the world."""
        for shown in records(value, tool):
            if shown.key in self._gone:
                return f"{shown.key[1]!r} was deleted before: it exists no more"
            if tool.deed == "create" and shown.key in self._fields and shown.value is _outermost(value):
                if shown.key[1] not in arguments.values():
                    return f"the id {shown.key[1]!r} is taken by an earlier record: a new one gets a new id"
        return ""

    def repaired(self, tool: Tool, arguments: Mapping[str, Json], value: Json) -> Json:
        """A result with what was asked for and what was told before in the place of what contradicts it.

        A call that may change things may change the records it names or shows outermost; every other record is as
        it was told.
        """
        changed = _copied(value)
        outer = _outermost(changed)
        if isinstance(outer, dict):
            _echo(outer, arguments, changes(tool))
        named = {str(each) for each in arguments.values() if isinstance(each, (str, int))}
        here: dict[Key, dict[str, Json]] = {}  # one result shows a record in one way, however often
        for shown in records(changed, tool):
            moved = changes(tool) and (shown.value is outer or str(shown.key[1]) in named)
            known = here.setdefault(shown.key, {} if moved else dict(self._fields.get(shown.key, {})))
            for pointer, value_here in shown.fields.items():
                if pointer in known and known[pointer] != value_here:
                    _put(shown.value, pointer, known[pointer])
                known.setdefault(pointer, value_here)
        return changed

    def take(self, tool: Tool, arguments: Mapping[str, Json], value: Json) -> None:
        """Remember what a result shows, and what the call has changed or removed."""
        if changes(tool):
            self._moved(tool, arguments)
        for shown in records(value, tool):
            if shown.key not in self._gone:
                self._fields.setdefault(shown.key, {}).update(shown.fields)

    def _moved(self, tool: Tool, arguments: Mapping[str, Json]) -> None:
        named = {str(each) for each in arguments.values() if isinstance(each, (str, int))}
        for key, fields in self._fields.items():
            if str(key[1]) not in named:
                continue
            if tool.deed == "delete":
                self._gone.add(key)
            for name, given in arguments.items():
                if f"/{escape(name)}" in fields and not isinstance(given, (dict, list)):
                    fields[f"/{escape(name)}"] = given


def changes(tool: Tool) -> bool:
    """Whether a tool may change something: neither said nor understood nor named to do nothing but read."""
    if only_reads(tool):
        return False
    if tool.effect != "opaque":
        return True
    verbs = {verb for effect in READING for verb in read(_READING_VERBS).get(effect, ())}
    return not any(word in verbs for word in _words(tool.name))


def records(value: Json, tool: Tool) -> Iterator[Shown]:
    """Every object of a result that has an id, outermost first."""
    noun = tool.entity.rpartition(".")[2] or (_words(tool.name) or [""])[-1]
    stack: list[tuple[Json, str]] = [(value, _single(noun))]
    while stack:
        here, kind = stack.pop(0)
        if isinstance(here, list):
            stack.extend((item, kind) for item in here)
        elif isinstance(here, dict):
            found = _id(here, kind)
            if found is not None:
                yield Shown(_key(kind, found), here, dict(_fields(here, "")))
            for name, child in here.items():
                inner = _single(_words(name)[-1] if _words(name) else name)
                stack.append((child, kind if name.lower() in _HOLDERS else inner))


def _id(here: Mapping[str, Json], kind: str) -> Json:
    wanted = ("id", f"{kind}id", "uuid")
    for name, value in here.items():
        told = isinstance(value, (str, int)) and not isinstance(value, bool) and value != ""
        if told and name.replace("_", "").lower() in wanted:
            return value
    return None


def _key(kind: str, found: Json) -> Key:
    text = str(found)
    alone = isinstance(found, str) and len(text) >= _LONG and any(map(str.isdigit, text))
    return ("" if alone else kind, text)


def _fields(here: Mapping[str, Json], at: str) -> Iterator[tuple[str, Json]]:
    """The scalars of an object, those of objects inside that are no records of their own included."""
    for name, value in here.items():
        pointer = f"{at}/{escape(name)}"
        if isinstance(value, dict):
            kind = _single(_words(name)[-1]) if _words(name) else name
            if _id(value, kind) is None:
                yield from _fields(value, pointer)
        elif not isinstance(value, list):
            yield pointer, value


def _outermost(value: Json) -> Json:
    """The object a result is about: itself, or the only object in it."""
    if isinstance(value, dict):
        inside = [child for child in value.values() if isinstance(child, dict)]
        scalars = [child for child in value.values() if not isinstance(child, (dict, list))]
        return inside[0] if len(inside) == 1 and not scalars and len(value) == 1 else value
    return None


def _echo(outer: dict[str, Any], arguments: Mapping[str, Json], writes: bool) -> None:
    """What was asked for by the name of a field is what the field holds; of a reading call, ids alone."""
    for name, given in arguments.items():
        same_kind = name in outer and type(outer[name]) is type(given) and not isinstance(given, (dict, list))
        if same_kind and (writes or name.lower().endswith("id")):
            outer[name] = given


def _put(record: dict[str, Any], pointer: str, value: Json) -> None:
    *path, last = (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
    for step in path:
        record = record[step]
    record[last] = value


def _copied(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _copied(child) for name, child in value.items()}
    return [_copied(child) for child in value] if isinstance(value, list) else value


def _words(name: str) -> Sequence[str]:
    spaced = "".join(f" {letter}" if letter.isupper() else letter for letter in name)
    return [
        word for word in spaced.lower().replace("_", " ").replace("-", " ").replace(".", " ").split() if word
    ]


def _single(noun: str) -> str:
    noun = noun.lower()
    return f"{noun[:-3]}y" if noun.endswith("ies") else noun.removesuffix("s")
