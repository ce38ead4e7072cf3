"""The immutable records a world starts from: stories of every entity, shaped by its schema when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import structs

from callsmith.catalog import data
from callsmith.records import Json, Person, Result, Scene, Toolset
from callsmith.schema import leaves
from callsmith.seeds import number, rng
from callsmith.world.agreement.periods import apart
from callsmith.world.fields.fill import Shape, shape_of
from callsmith.world.fields.identity import leaf_at, styled
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.fields.money import currencies_of
from callsmith.world.fields.whereabouts import by_mobile, told_places
from callsmith.world.scene import ascii_slug, employed, housed, place_of, scene_among, strangers
from callsmith.world.stories.circles import circle_of
from callsmith.world.stories.clock import Clock
from callsmith.world.stories.families import PEOPLE
from callsmith.world.stories.fixtures import Drawn, drawn, fixed_stories, moment
from callsmith.world.stories.making import make_stories
from callsmith.world.stories.relations import Kind, kinds_of
from callsmith.world.stories.stated import as_given
from callsmith.world.stories.story import Entry, Story, uid_of
from callsmith.world.stories.whom import peopled, persons_of


def scale_of(currency: str, kinds: Iterable[Kind]) -> int:
    """How many units of the money that is used buy what a euro buys; 1 where a product does not know ``currency``."""
    for kind in kinds:
        for pointer, schema, _ in leaves(kind.entity.schema):
            known = [str(option).lower() for option in schema.get("enum", ())]
            if known and pointer.endswith("/currency") and currency.lower() not in known:
                return 1
    return int(data.read("catalog/lexicon/places.yaml")["worth"].get(currency, 1))


def scene_of(
    toolset: Toolset, kinds: Mapping[str, Kind], chosen: Drawn, seed: int
) -> tuple[Scene, Mapping[tuple[str, int], Person]]:
    """The scene of a seed for a toolset, with the people and at a moment that its fixtures tell of."""
    places = tuple(sorted({entity.place for entity in toolset.entities if entity.place}))
    places, money = places or told_places(toolset), currencies_of(toolset)
    made = scene_among(seed, circle_of(toolset, kinds), money, places, mobile=by_mobile(toolset))
    if company := next((str(entity.company) for entity in toolset.entities if entity.company), ""):
        made = housed(made, company)
    if not chosen:
        return made, {}
    persons = persons_of(toolset, kinds, chosen, made)
    now = moment(toolset, kinds, chosen, made)
    return structs.replace(peopled(made, kinds, persons), now=now), persons


def _naming(population: Population, key: str) -> Callable[[Mapping[str, Json]], dict[str, str]]:
    """Which records a record of a kind names by id that its story is not linked to."""
    entity = population.kinds[key].entity
    if not unfamiliar(population.toolset, entity.toolkit):
        return lambda record: {}
    named = [
        (field.pointer[1:], field.refers, {one.id: uid_of(one) for one in population.stories(field.refers)})
        for field in entity.fields
        if field.refers in population.kinds
        and field.refers != key
        and field.pointer.count("/") == 1
        and field.pointer.endswith(("id", "Id", "ID"))
    ]
    return lambda record: {
        refers: uids[str(record[name])] for name, refers, uids in named if str(record.get(name)) in uids
    }


class Population:
    """Records of a toolset's entities for one seed. Everything is made on first use and never changed."""

    def __init__(self, toolset: Toolset, seed: int, now: str | None = None) -> None:
        self.toolset = toolset
        self.seed = seed
        self.kinds: dict[str, Kind] = kinds_of(toolset)
        self.drawn = drawn(toolset, self.kinds, seed)
        self.fixed: dict[tuple[str, int], Story] = {}
        self.scene, self.persons = scene_of(toolset, self.kinds, self.drawn, seed)
        self.clock = Clock(now or self.scene.now, self.scene.time_zone)
        self.place = place_of(self.scene)
        self.bits = number("population", toolset.hash, seed)
        self.scale = scale_of(self.scene.currency, self.kinds.values())
        self.people: dict[str, str] = {
            kind.entity.toolkit: key for key, kind in self.kinds.items() if kind.family.name in PEOPLE[:2]
        }
        self._strangers: tuple[Person, ...] | None = None
        self._crowds: dict[str, tuple[Person, ...]] = {}
        self._stories: dict[str, list[Story]] = {}
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._persons: dict[tuple[str, str], Story] = {}
        everyone = self.scene.people
        self.cast = {  # people by relation
            name: [person for person in everyone if person.relation == name]
            for name in ("colleague", "client", "supplier", "friend")
        }
        self.roots: dict[str, str] = {}
        self.folders: dict[str, list[Story]] = {}
        self.busy: dict[str, set[int]] = {}
        self.answers: dict[tuple[str, bytes], Result] = {}  # to reads while nothing was changed
        self.indexes: dict[str, dict[str, list[Entry]]] = {}
        self.used: dict[str, set[str]] = {}
        self.rules: dict[str, Any] = {}
        self.fields: dict[tuple[str, ...], Any] = {}
        self.embeddings: dict[str, list[tuple[str, str, str]]] = {}

    def stories(self, key: str) -> list[Story]:
        """The stories of an entity, oldest first."""
        if not self._stories:
            # All at once and in one order: stories of one entity leave traces in those of others.
            for other, kind in self.kinds.items():
                self._stories[other] = []
                fixed = other in self.drawn
                self._stories[other].extend(
                    fixed_stories(self, kind)
                    if fixed
                    else make_stories(self, kind, rng("stories", self.bits, other))
                )
        return self._stories.get(key, [])

    def entries(self, key: str) -> tuple[Entry, ...]:
        """The records of an entity, in the order of their stories."""
        known = self._entries.get(key)
        if known is None:
            full = self.shape(key).full
            named = _naming(self, key)
            made = tuple(
                Entry(
                    uid_of(story),
                    record,
                    named(record) | {at: uid_of(to) for at, to in story.links.items()},
                    story,
                )
                for story in self.stories(key)
                for record in [
                    full(story) if "given" not in story.traits else as_given(self, story, self.full)
                ]
            )
            known = self._entries[key] = made if key in self.drawn else apart(self, key, made)
        return known

    def full(self, story: Story) -> dict[str, Json]:
        """The record of a story of any entity, as it was made or given, without the records it names."""
        return self.shape(story.entity).full(story)

    def shape(self, key: str) -> Shape:
        """How stories of an entity become records."""
        return shape_of(self.toolset, self.kinds[key].entity, self.kinds[key].family.name)

    def strangers(self) -> tuple[Person, ...]:
        """People outside the cast: customers, guests."""
        if self._strangers is None:
            self._strangers = strangers(self.scene, self.seed, 68)
        return self._strangers

    def crowd(self, key: str) -> tuple[Person, ...]:
        """The people that an entity is about, and nobody else: who comes to the house, or works in it."""
        known = self._crowds.get(key)
        if known is None:
            staff = self.kinds[key].family.name == "staff"
            drawn = strangers(self.scene, number(self.seed, key, "crowd"), 52)
            met = {person.name for person in self.strangers()}
            for other in self.kinds:
                if other == key:
                    break
                if self.kinds[other].family.name in ("patron", "staff"):
                    met.update(person.name for person in self.crowd(other))
            own = [person for person in drawn if person.name not in met] or list(drawn)
            own = [
                _called(one, name) for one, name in zip(own, self.kinds[key].entity.names or (), strict=False)
            ] or own
            known = self._crowds[key] = tuple(employed(one, self.scene) if staff else one for one in own)
        return known

    def root_of(self, toolkit: str) -> str:
        """The id of a drive's root folder, in the style of its files' ids."""
        known = self.roots.get(toolkit)
        if known is None:
            known = self.roots[toolkit] = self._root_of(toolkit)
        return known

    def _root_of(self, toolkit: str) -> str:
        bits = number(self.seed, toolkit, "root")
        for kind in self.kinds.values():
            if kind.entity.toolkit == toolkit and kind.family.name in ("file", "folder"):
                return str(styled(leaf_at(kind.entity.schema, kind.entity.id_pointer), bits))
        return "root"

    def person_story(self, toolkit: str, person: Person) -> Story | None:
        """The record of a person in the toolkit's own list of people, if it keeps one."""
        key = self.people.get(toolkit)
        if key is None:
            return None
        if not self._persons.get((toolkit, person.email)):
            for story in self.stories(key):
                if story.subject is not None:
                    self._persons[(toolkit, story.subject.email)] = story
        return self._persons.get((toolkit, person.email))


def _called(person: Person, name: str) -> Person:
    """Someone under the name that a user gave."""
    given, _, family = name.partition(" ")
    local = ".".join(filter(None, (ascii_slug(given), ascii_slug(family)))) or "someone"
    email = f"{local}@{person.email.partition('@')[2]}"
    return structs.replace(person, name=name, given=given, family=family, email=email)
