"""The records a staging API is known to hold, as they were found and as calls have left them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import Any

import msgspec
from msgspec import structs

from callsmith import seeds
from callsmith.records import Call, Fixture, Json, Result, Tool, Toolset
from callsmith.world.inferred.pointing import first, reader
from callsmith.world.staging.client import Answer
from callsmith.world.staging.exploring import Explored, Seen, as_values

ANSWERS = 512  # kept in memory


class Standing:
    """The records an API is known to hold. Where writing is allowed, what calls show of their effect is followed."""

    def __init__(self, toolset: Toolset, found: Explored) -> None:
        self.now = found.now
        self._answers: dict[bytes, Answer] = {}
        self.entities = {entity.key: entity for entity in toolset.entities}
        self.held = {key: list(seen) for key, seen in found.records.items()}
        fixtures = {
            key: tuple(Fixture(as_values(self.entities[key], item.record)) for item in seen)
            for key, seen in found.records.items()
            if key in self.entities and seen
        }
        encoded = msgspec.json.encode(fixtures, order="sorted")
        self.populated = structs.replace(
            toolset, fixtures=fixtures, hash=seeds.identity("explored", toolset.hash, encoded)
        )

    @cached_property
    def currency(self) -> str:
        """The currency that most records name; "" where none does, and then nobody speaks of one."""
        names = [
            str(value).upper()
            for key, entity in self.entities.items()
            for field in entity.fields
            if field.facet == "currency"
            for seen in self.held.get(key, ())
            for value in reader(field.pointer)(seen.record)
            if value
        ]
        return max(sorted(set(names)), key=names.count, default="")

    def anew(self) -> Standing:
        """The same records, of which nothing has been changed yet."""
        other = copy(self)
        other.held = {key: list(seen) for key, seen in self.held.items()}
        return other

    def once(self, call: Call, ask: Callable[[], Answer]) -> Answer:
        """The answer to a call that only reads: the one it had, or what ``ask`` gives now."""
        key = msgspec.json.encode((call.name, call.arguments), order="sorted")
        known = self._answers.get(key)
        if known is None:
            if len(self._answers) >= ANSWERS:
                self._answers.clear()
            known = ask()
            if not known.error:
                self._answers[key] = known
        return known

    def of(self, entity: str) -> Sequence[Seen]:
        return self.held.get(entity, ())

    def follow(self, tool: Tool, call: Call, result: Result) -> None:
        """Forget what a call threw away or did not find; take up what it made or changed."""
        arguments: Any = call.arguments
        named = first(arguments, tool.id_field) if tool.id_field else None
        held = self.held.setdefault(tool.entity, [])
        pointer = self.entities[tool.entity].id_pointer if tool.entity in self.entities else ""
        missing = result.error in ("http_404", "http_410")
        if pointer and named is not None and (missing or tool.deed == "delete" and not result.error):
            held[:] = [seen for seen in held if first(seen.record, pointer) != named]
        if result.error or tool.deed not in ("create", "update", "act"):
            return
        scope = {p.name: arguments[p.name] for p in tool.inputs if p.scope and p.name in arguments}
        for place in tool.yields:
            entity = self.entities.get(place.entity)
            for record in reader(place.pointer)(result.value) if entity and entity.id_pointer else ():
                self._take_up(place.entity, entity.id_pointer if entity else "", record, scope)

    def _take_up(self, key: str, pointer: str, record: Json, scope: Mapping[str, Json]) -> None:
        own = first(record, pointer)
        if own is None or not isinstance(record, Mapping):
            return
        held = self.held.setdefault(key, [])
        for place, seen in enumerate(held):
            if first(seen.record, pointer) == own and all(
                seen.scope.get(n, v) == v for n, v in scope.items()
            ):
                held[place] = Seen({**seen.record, **record}, seen.scope)
                return
        held.append(Seen(record, scope))
