"""One call on its way through a world: what it says, whom it names, where it works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct, field

from callsmith.records import Json, Parameter, Person, Scene
from callsmith.world.agreement.settling import Rules
from callsmith.world.inferred.overlay import Overlay
from callsmith.world.inferred.specs import Spec
from callsmith.world.stories.population import Population
from callsmith.world.stories.story import Entry


class Running(Protocol):
    """The world as those who run its calls see it."""

    population: Population
    overlay: Overlay
    twins: dict[str, int]  # how often a record of the same content was made
    newcomers: dict[
        str, tuple[Person, tuple[str, ...]]
    ]  # whom a tool was last thought to add, and what was told
    invented: dict[str, int]  # the moment last thought of for a tool: an end follows its start
    sorts: dict[str, str]  # the sort that a name or an argument last thought of for a tool tells

    @property
    def scene(self) -> Scene: ...

    def records(self, entity: str) -> Sequence[Mapping[str, Json]]: ...

    def named(self, entity: str, value: Json) -> list[Entry]: ...

    def rules(self, key: str) -> Rules: ...

    def embedding(self, key: str) -> list[tuple[str, str, str]]: ...


class Errand(Struct):
    """One call on its way: what it says, whom it names, where it works."""

    world: Running
    spec: Spec
    arguments: Mapping[str, Json]
    stated: list[tuple[Parameter, Json]]
    found: dict[str, Entry] = field(default_factory=dict)  # by entity; the container's before any other
    by: dict[str, Entry] = field(default_factory=dict)  # by the pointer of the argument that names it
    targets: list[Entry] = field(default_factory=list)
    container: Entry | None = None
    moved: Entry | None = None  # the container a record goes to
    cleared: set[str] = field(default_factory=set)
    order: list[tuple[str, bool]] = field(default_factory=list)  # what the query itself asks for

    @property
    def target(self) -> Entry | None:
        return self.targets[0] if self.targets else None
