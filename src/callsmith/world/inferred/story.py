"""What one record is about: its matter, people, moments and money, before any schema shapes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, field

from callsmith.records import Person, Topic

if TYPE_CHECKING:
    from callsmith.world.inferred.population import Population

State = Literal["open", "active", "done", "gone"]


class Story(Struct, eq=False):
    """Everything the fields of one record have to agree on. Times are seconds since 1970; 0 means never.

    ``links`` are the records it points to, by entity; ``children`` those that point to it. A ``fresh`` story
    was made by a call: nothing a caller would have had to say is invented for it.
    """

    population: Population
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
