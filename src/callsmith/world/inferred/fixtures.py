"""Stories of records that the user gave: which of them a world holds, whom they are about, and when they happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import structs

from callsmith.records import Fixture, Json, Person, Scene, Toolset
from callsmith.seeds import number, rng
from callsmith.world.inferred.choices import DONE, GONE
from callsmith.world.inferred.clock import DAY, Clock
from callsmith.world.inferred.families import PEOPLE
from callsmith.world.inferred.identity import name_story
from callsmith.world.inferred.making import begin, grow, ordered
from callsmith.world.inferred.naming import split
from callsmith.world.inferred.relations import Kind
from callsmith.world.inferred.settling import rules_of, sort_of
from callsmith.world.inferred.story import Ground, State, Story
from callsmith.world.scene import ascii_slug

MOST = 150  # records of one entity that a world draws, before those they refer to

_TIMES = ("date", "date_time", "timestamp")
_MOMENTS = {
    "created": {"created", "added", "opened", "creation", "joined", "registered", "submitted"},
    "updated": {"updated", "modified", "changed"},
    "due": {"due", "deadline"},
    "start": {"start", "starts", "begin", "begins"},
    "end": {"end", "ends"},
    "finished": DONE | GONE,
}
_RELATION: dict[str, Any] = {"member": "colleague", "customer": "client", "invitee": "client"}

Drawn = dict[str, tuple[int, ...]]  # entity key -> places of its fixtures, in the order of the file


def drawn(toolset: Toolset, kinds: Mapping[str, Kind], seed: int) -> Drawn:
    """Which fixtures the world of ``seed`` holds: all, or of a long file a part, with everything they refer to."""
    chosen: dict[str, set[int]] = {}
    for key, fixtures in toolset.fixtures.items():
        places = range(len(fixtures))
        chosen[key] = set(rng("fixtures", key, seed).sample(places, MOST) if len(places) > MOST else places)
    waiting = [(key, place) for key, places in chosen.items() for place in places]
    while waiting:
        key, place = waiting.pop()
        refers = {field.pointer: field.refers for field in kinds[key].entity.fields}
        for pointer, other in toolset.fixtures[key][place].links.items():
            if other not in chosen[refers[pointer]]:
                chosen[refers[pointer]].add(other)
                waiting.append((refers[pointer], other))
    return {key: tuple(sorted(places)) for key, places in chosen.items()}


def fixed_stories(population: Ground, kind: Kind) -> list[Story]:
    """The stories of an entity's fixtures. What a record does not say depends on the record, not on its place."""
    key = kind.entity.key
    fixtures = population.toolset.fixtures[key]
    taken: set[str] = set()
    twins: dict[int, int] = {}
    stories = []
    for ordinal, place in enumerate(population.drawn[key]):
        fixture = fixtures[place]
        content = number("fixture", key, msgspec.json.encode(fixture, order="sorted"))
        twins[content] = twins.get(content, 0) + 1
        bits = number(content, twins[content])
        draw = rng(bits)
        story = begin(population, kind, draw, ordinal)
        story.bits = bits
        story.traits["fixture"] = place
        story.traits["given"] = fixture.values
        population.fixed[(key, place)] = story
        _said(population, kind, story, fixture)
        title, links = story.title, dict(story.links)
        grow(population, kind, story, draw, taken)
        story.title = title or story.title
        story.links.update(links)
        story.subject = population.persons.get((key, place)) or story.subject
        _timed(population.clock, kind, story, fixture)
        stories.append(story)
    return ordered(population, kind, stories, _named)


def _said(population: Ground, kind: Kind, story: Story, fixture: Fixture) -> None:
    """What the record says of its matter: its name, how it stands, what it costs, what it belongs to."""
    entity = kind.entity
    title = fixture.values.get(entity.label_pointer)
    if title not in (None, ""):
        story.title, story.topic = str(title), None
        story.kind = "code" if kind.code else "any"
    story.state = _state(kind, fixture) or story.state
    amounts = (field.pointer for field in entity.fields if field.facet in ("amount_minor", "amount"))
    money = [value for at in amounts if isinstance(value := fixture.values.get(at), (int, float))]
    if money:
        story.amount = int(money[0])
    refers = {field.pointer: field.refers for field in entity.fields}
    for pointer, place in fixture.links.items():
        target = population.fixed.get((refers[pointer], place))
        if target is not None and refers[pointer] in kind.links:
            story.links[refers[pointer]] = target


def _state(kind: Kind, fixture: Fixture) -> State | None:
    rules = rules_of(kind.entity)
    stands: State | None = None
    for pointer, sort in rules.flags:
        if fixture.values.get(pointer) is True:
            return "done" if sort == "done" else "gone"
        if fixture.values.get(pointer) is False:
            stands = "open"
    for pointer, _ in rules.statuses:
        value = fixture.values.get(pointer)
        if value is not None:
            sort = sort_of(value)
            return "done" if sort == "done" else "gone" if sort == "gone" else "active" if sort == "active" else "open"
    return stands


def _named(population: Ground, kind: Kind, story: Story) -> None:
    """Ids as the record gives them, or in the product's style."""
    name_story(population, kind, story)
    given = story.traits["given"]
    own = given.get(kind.entity.id_pointer)
    if own is not None:
        story.id = str(own)
    count = given.get("/number", own)
    digits = str(count).rpartition("-")[2] if count is not None else ""
    if digits.isdigit():
        story.number = int(digits)
    if given.get("/key"):
        story.key = str(given["/key"])
    if given.get("/id") is not None and kind.entity.id_pointer != "/id":
        story.traits["own"] = given["/id"]


# ---------------------------------------------------------------- time


def seconds_of(clock: Clock, value: Json) -> int | None:
    """A moment as a record writes it: ISO text, or seconds or milliseconds since 1970."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value // 1000 if value > 10**11 else value
    return clock.parse(value)


def _moments(clock: Clock, kind: Kind, fixture: Fixture) -> dict[str, int]:
    """What a record says of when: 0 where it says that there is no such moment."""
    found: dict[str, int] = {}
    for field in kind.entity.fields:
        if field.facet not in _TIMES or field.pointer not in fixture.values or field.refers:
            continue
        words = set(split(field.pointer))
        name = next((name for name, known in _MOMENTS.items() if words & known), "")
        at = seconds_of(clock, fixture.values[field.pointer])
        if name and (at is not None or name not in found):
            found[name] = at or 0
    return found


def _timed(clock: Clock, kind: Kind, story: Story, fixture: Fixture) -> None:
    """The record's own moments; those it does not give keep their distance, and nothing ends before it begins."""
    given = _moments(clock, kind, fixture)
    if not given:
        return
    latest = clock.now - 60
    known = [at for name, at in given.items() if at and name != "due"]
    created = given.get("created") or min([story.created, *(at - 3 * DAY for at in known)])
    moved = created - story.created
    story.created = created
    for name in ("updated", "due", "start", "end", "finished"):
        old = getattr(story, name)
        if name in given:
            setattr(story, name, given[name])
        elif name == "end" and given.get("start"):
            story.end = given["start"] + max(1800, old - getattr(story, "created"))
        elif old and name in ("updated", "finished"):
            setattr(story, name, max(created, min(old + moved, latest)))
        elif old and "created" in given:
            setattr(story, name, old + moved)
    if story.state in ("done", "gone") and "updated" not in given:
        story.updated = max(story.updated, story.finished)


def moment(toolset: Toolset, kinds: Mapping[str, Kind], chosen: Drawn, made: Scene) -> str:
    """The scene's moment, so many weeks later that nothing the records tell of is still to come."""
    clock = Clock(made.now, made.time_zone)
    latest = clock.now
    for key, places in chosen.items():
        for place in places:
            given = _moments(clock, kinds[key], toolset.fixtures[key][place])
            latest = max([latest, *(given.get(name, 0) for name in ("created", "updated", "finished"))])
    weeks = -(-(latest - clock.now) // (7 * DAY))
    return clock.iso(clock.now + weeks * 7 * DAY) if weeks else made.now


# ---------------------------------------------------------------- people


def persons_of(toolset: Toolset, kinds: Mapping[str, Kind], chosen: Drawn, made: Scene) -> dict[tuple[str, int], Person]:
    """The people whom records tell of: members of the house, customers, contacts."""
    found: dict[tuple[str, int], Person] = {}
    emails: set[str] = set()
    for key, places in chosen.items():
        family = kinds[key].family.name
        if family not in PEOPLE:
            continue
        for place in places:
            cast = made.people[len(found) % len(made.people)]
            relation = _RELATION.get(family, cast.relation)
            person = _person(kinds[key], toolset.fixtures[key][place], made, relation, emails)
            if person is not None:
                found[(key, place)] = person
    return found


def peopled(made: Scene, kinds: Mapping[str, Kind], persons: Mapping[tuple[str, int], Person]) -> Scene:
    """The scene with the user's own people in the places of those it would have had."""
    members = [person for (key, _), person in persons.items() if kinds[key].family.name == "member"]
    contacts = [person for (key, _), person in persons.items() if kinds[key].family.name == "contact"]
    user, people = made.user, list(made.people)
    if members:
        if len(members) > 1:
            user = structs.replace(members.pop(number("user", made.user.email) % len(members)), relation="self",
                                   role=made.user.role)  # fmt: skip
        people = [*members, *(person for person in people if person.relation != "colleague")]
    if contacts:
        kept = [person for person in people if person.relation == "colleague"] if members else []
        others = {person.relation for person in (*kept, *contacts)}
        rest = [person for person in people if person.relation not in others]
        people = [*kept, *contacts, *rest]
    return structs.replace(made, user=user, people=tuple(people))


def _person(kind: Kind, fixture: Fixture, made: Scene, relation: Any, emails: set[str]) -> Person | None:
    said: dict[str, str] = {}
    for field in kind.entity.fields:
        value = fixture.values.get(field.pointer)
        if isinstance(value, str) and value and not field.refers:
            said.setdefault(_sort(field.pointer, field.facet, kind), value)
    email = said.get("email", "")
    name = said.get("name") or " ".join(filter(None, (said.get("given"), said.get("family"))))
    name = name or " ".join(part.capitalize() for part in email.partition("@")[0].replace("_", ".").split("."))
    if not name.strip():
        return None
    given, _, family = name.partition(" ")
    local = ".".join(filter(None, (ascii_slug(given), ascii_slug(family)))) or "someone"
    domain = made.domain if relation == "colleague" else "mail.example"
    count = 1
    while not email or email in emails and "email" not in said:
        email = f"{local}{count if count > 1 else ''}@{domain}"
        count += 1
    emails.add(email)
    digits = f"{number('phone', email) % 10**7:07}"
    return Person(
        name=name,
        given=said.get("given") or given,
        family=said.get("family") or family,
        email=email,
        phone=said.get("phone") or f"+44 {digits[:3]} {digits[3:]}",
        username=said.get("username") or ascii_slug(given[:1] + family) or ascii_slug(name),
        role=said.get("role") or "colleague",
        relation=relation,
        company=made.company if relation == "colleague" else said.get("company", ""),
    )


def _sort(pointer: str, facet: str, kind: Kind) -> str:
    """What of a person a field tells."""
    words = set(split(pointer))
    if "name" in words and words & {"first", "given"}:
        return "given"
    if "name" in words and words & {"last", "family"}:
        return "family"
    if words & {"login", "username", "handle"}:
        return "username"
    if facet == "email" or words == {"email"}:
        return "email"
    if pointer == kind.entity.label_pointer or words in ({"name"}, {"display", "name"}, {"full", "name"}):
        return "name"
    return next((name for name in ("phone", "role", "company") if name in words), pointer)

