"""What one record is about: its matter, people, moments and money, before any schema shapes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from msgspec import Struct, field

from callsmith.records import Json, Person, Scene, Toolset, Topic
from callsmith.world.stories.clock import Clock
from callsmith.world.stories.relations import Kind

State = Literal["open", "active", "done", "gone"]


class Ground(Protocol):
    """What stories grow from: a scene, a clock, the entities and all other stories.

    The plain dictionaries are memories of one population, filled as it is made.
    """

    toolset: Toolset
    seed: int
    bits: int  # what its draws depend on
    scene: Scene
    clock: Clock
    scale: int  # how many units of the money in use one euro buys
    place: dict[str, Any]
    kinds: dict[str, Kind]
    people: dict[str, str]  # toolkit -> the entity that lists people
    cast: dict[str, list[Person]]  # people by relation
    busy: dict[str, set[int]]
    used: dict[str, set[str]]
    folders: dict[str, list[Story]]
    fields: dict[tuple[str, ...], Any]
    drawn: dict[str, tuple[int, ...]]  # entity -> which of its fixtures this world holds
    fixed: dict[tuple[str, int], Story]  # (entity, place of its fixture) -> the story of that record
    persons: Mapping[tuple[str, int], Person]  # (entity, place of its fixture) -> whom it is about

    def stories(self, key: str) -> list[Story]: ...

    def entries(self, key: str) -> tuple[Entry, ...]: ...

    def full(self, story: Story) -> dict[str, Json]: ...

    def person_story(self, toolkit: str, person: Person) -> Story | None: ...

    def strangers(self) -> Sequence[Person]: ...

    def crowd(self, key: str) -> Sequence[Person]: ...

    def root_of(self, toolkit: str) -> str: ...


def uid_of(story: Story) -> str:
    """What tells a story from every other of its entity: its container's name and its own."""
    own = story.id or story.key or (str(story.number) if story.number else f"#{story.ordinal}")
    return own if story.container is None else f"{uid_of(story.container)}/{own}"


def view_of(story: Story, person: Person, place: int) -> Story:
    """The story of one person inside another record, such as a guest of an event."""
    return Story(
        population=story.population,
        entity="",
        family="person",
        bits=story.bits ^ (0x9E3779B9 * (place + 1)),
        ordinal=place,
        author=story.author,
        owner=person,
        subject=person,
        title=person.name,
        state=story.state,
        created=story.created,
        updated=story.updated,
        start=story.start,
        end=story.end,
        links=story.links,
        fresh=story.fresh,
    )


class Story(Struct, eq=False):
    """Everything the fields of one record have to agree on. Times are seconds since 1970; 0 means never.

    ``links`` are the records it points to, by entity; ``children`` those that point to it. A ``fresh`` story
    was made by a call: nothing a caller would have had to say is invented for it.
    """

    population: Ground
    entity: str
    family: str
    bits: int
    ordinal: int
    author: Person
    owner: Person
    others: tuple[Person, ...] = ()
    subject: Person | None = None
    topic: Topic | None = None
    kind: str = "any"  # which templates fit: a topic's kind, "own", "friend", "code"
    title: str = ""
    state: State = "open"
    created: int = 0
    updated: int = 0
    start: int = 0
    end: int = 0
    due: int = 0
    finished: int = 0
    amount: int = 0  # minor units
    quantity: int = 1
    id: str = ""
    key: str = ""
    number: int = 0
    container: Story | None = None
    links: dict[str, Story] = field(default_factory=dict)
    children: dict[str, list[Story]] = field(default_factory=dict)
    traits: dict[str, Any] = field(default_factory=dict)
    fresh: bool = False


class Entry(Struct, frozen=True, eq=False):
    """A record with what addresses it: ``uid`` is unique in its entity, ``links`` are entity -> uid."""

    uid: str
    record: Mapping[str, Json]
    links: Mapping[str, str]
    story: Story | None = None
