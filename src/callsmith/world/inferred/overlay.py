"""The changes calls have made to a population, and the records as they are now."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from callsmith.records import Change, Json
from callsmith.world.inferred.pointing import reader
from callsmith.world.stories.population import Population
from callsmith.world.stories.story import Entry

_HANDLES = ("/id", "/key", "/number", "/gid", "/uri", "/uuid")
_BY_NAME = {"repo": ("/name", "/full_name"), "label": ("/name",), "branch": ("/name",), "section": (),
            "member": ("/email", "/login", "/username", "/emailAddress"),
            "contact": ("/email", "/phone", "/wa_id"), "release": ("/tag_name", "/name")}  # fmt: skip


class Overlay:
    """A population with changes laid over it. The population itself is shared and never changed."""

    def __init__(self, population: Population) -> None:
        self.population = population
        self.changed: dict[str, dict[str, Entry | None]] = {}
        self._now: dict[str, tuple[Entry, ...]] = {}
        self._index: dict[str, dict[str, list[Entry]]] = {}

    def entries(self, key: str) -> tuple[Entry, ...]:
        """The records of an entity as they are now: the population's in their order, then new ones."""
        changed = self.changed.get(key)
        if not changed:
            return self.population.entries(key)
        known = self._now.get(key)
        if known is None:
            kept: list[Entry] = []
            seen: set[str] = set()
            for entry in self.population.entries(key):
                seen.add(entry.uid)
                now = changed.get(entry.uid, entry)
                if now is not None:
                    kept.append(now)
            kept.extend(entry for uid, entry in changed.items() if entry is not None and uid not in seen)
            known = self._now[key] = tuple(kept)
        return known

    def put(self, key: str, entry: Entry) -> None:
        """Adds a record or replaces the one with its uid."""
        self.changed.setdefault(key, {})[entry.uid] = entry
        self._forget(key)

    def drop(self, key: str, uid: str) -> None:
        """Removes a record."""
        changed = self.changed.setdefault(key, {})
        if any(entry.uid == uid for entry in self.population.entries(key)):
            changed[uid] = None
        else:
            changed.pop(uid, None)
        self._forget(key)

    def _forget(self, key: str) -> None:
        self._now.pop(key, None)
        self._index.pop(key, None)

    def find(self, key: str, value: Json) -> list[Entry]:
        """The records that ``value`` may name: by id, key or number, and people by their addresses."""
        name = str(value).casefold()
        base = _base_index(self.population, key).get(name, [])
        changed = self.changed.get(key)
        if not changed:
            return base
        own = self._index.get(key)
        if own is None:
            standing = tuple(entry for entry in changed.values() if entry is not None)
            own = self._index[key] = index_of(self.population, key, standing)
        return [entry for entry in base if entry.uid not in changed] + own.get(name, [])

    def changes(self) -> list[Change]:
        """What is different from the population, sorted; what was made and removed again is no change."""
        made: list[Change] = []
        for key in sorted(self.changed):
            before = {entry.uid: entry for entry in self.population.entries(key)}
            for uid in sorted(self.changed[key]):
                entry = self.changed[key][uid]
                if entry is None:
                    if uid in before:
                        made.append(Change(key, uid, "delete", {}))
                elif uid not in before:
                    made.append(Change(key, uid, "create", entry.record))
                else:
                    fields = difference(before[uid].record, entry.record)
                    fields.update(difference(before[uid].links, entry.links))  # where it lies now
                    if fields:
                        made.append(Change(key, uid, "update", fields))
        return made

    def encoded(self) -> bytes:
        """The net changes as canonical JSON."""
        return msgspec.json.encode(self.changes(), order="sorted")


def difference(old: Mapping[str, Json], new: Mapping[str, Json]) -> dict[str, Json]:
    """Top-level fields whose value is another, with the new value; a field that went is None."""
    fields = {name: value for name, value in new.items() if name not in old or old[name] != value}
    fields.update({name: None for name in old if name not in new})
    return fields


def index_of(population: Population, key: str, entries: tuple[Entry, ...]) -> dict[str, list[Entry]]:
    """Every name a record may be called by -> the records so called."""
    kind = population.kinds[key]
    pointers = dict.fromkeys((kind.entity.id_pointer, *_HANDLES, *_BY_NAME.get(kind.family.name, ())))
    reads = [reader(pointer) for pointer in pointers if pointer]
    index: dict[str, list[Entry]] = {}
    for entry in entries:
        names = {str(value).casefold() for read in reads for value in read(entry.record) if value is not None}
        if entry.story is not None:
            names.add(entry.story.id.casefold())
            if entry.story.key:
                names.add(entry.story.key.casefold())
            if kind.family.name == "calendar" and not entry.story.ordinal and not entry.story.fresh:
                names.update(("primary", population.scene.user.email))
        for name in names:
            if name:
                index.setdefault(name, []).append(entry)
    return index


def _base_index(population: Population, key: str) -> dict[str, list[Entry]]:
    known = population.indexes.get(key)
    if known is None:
        known = population.indexes[key] = index_of(population, key, population.entries(key))
    return known
