"""The people of whom a user's own records tell: colleagues, customers, who made a record and who answers for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import structs

from callsmith.records import Entity, Fixture, Person, Scene, Toolset
from callsmith.schema import steps
from callsmith.seeds import number
from callsmith.world.fields.sites import role_in
from callsmith.world.scene import ascii_slug, strangers
from callsmith.world.stories.families import PEOPLE
from callsmith.world.stories.naming import split
from callsmith.world.stories.persons_known import person_named
from callsmith.world.stories.relations import Kind
from callsmith.world.stories.story import Ground, Story

_RELATION: dict[str, Any] = {"member": "colleague", "customer": "client", "invitee": "client", "patron": "client",
                             "staff": "colleague"}  # fmt: skip


def persons_of(
    toolset: Toolset, kinds: Mapping[str, Kind], chosen: Mapping[str, tuple[int, ...]], made: Scene
) -> dict[tuple[str, int], Person]:
    """The people whom records tell of: members of the house, customers, contacts."""
    found: dict[tuple[str, int], Person] = {}
    emails: set[str] = set()
    nameless = iter(strangers(made, number("nameless", toolset.hash), 400))
    for key, places in chosen.items():
        family = kinds[key].family.name
        if family not in PEOPLE:
            continue
        for place in places:
            cast = made.people[len(found) % len(made.people)]
            relation = _RELATION.get(family, cast.relation)
            person = _person(kinds[key], toolset.fixtures[key][place], made, relation, emails)
            person = person or structs.replace(next(nameless), relation=relation)
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


def roles_of(population: Ground, kind: Kind, fixture: Fixture) -> dict[str, Person]:
    """Who made a record and who answers for it, as far as it says so: ``{"author": …, "owner": …}``."""
    groups: dict[str, dict[str, str]] = {}
    for field in kind.entity.fields:
        value = fixture.values.get(field.pointer)
        if not isinstance(value, str) or not value or field.refers or "*" in field.pointer:
            continue
        path = steps(field.pointer)
        sort = _sort(path[-1], field.facet)
        if (
            field.facet in ("email", "username", "person")
            or len(path) > 1
            and sort in ("name", "email", "username")
        ):
            head = path[-2] if len(path) > 1 else path[-1]
            groups.setdefault(head, {}).setdefault(sort if sort in ("name", "username") else "email", value)
    found: dict[str, Person] = {}
    for head, said in groups.items():
        role = role_in(split(head))
        known = (person_named(population, value) for value in said.values())
        person = next(filter(None, known), None) or _made(said, population.scene, "colleague", set())
        if role in ("author", "owner") and person is not None:
            found.setdefault(role, person)
    return found


_OF_ANOTHER = frozenset("id ids uid uuid key ref number name email".split())


def beside(entity: Entity, other: str) -> bool:
    """Whether what records of people name is somebody else in a part of their own: the host of a guest."""
    own = {*split(other.rpartition(".")[2])} | _OF_ANOTHER
    named = [split(field.pointer) for field in entity.fields if field.refers == other]
    return entity.person and bool(named) and all({*words} - own for words in named)


def told_by_link(population: Ground, entity: Entity, story: Story, target: Story) -> Person | None:
    """Whom a record is about that names one of somebody: the same person, or anybody but a guest's own host."""
    if not beside(entity, target.entity):
        return target.subject
    if story.subject != target.subject:
        return story.subject
    return next(one for one in population.strangers() if one != target.subject)


def _person(kind: Kind, fixture: Fixture, made: Scene, relation: Any, emails: set[str]) -> Person | None:
    said: dict[str, str] = {}
    for field in kind.entity.fields:
        value = fixture.values.get(field.pointer)
        if isinstance(value, str) and value and not field.refers:
            own = field.pointer == kind.entity.label_pointer
            said.setdefault("name" if own else _sort(field.pointer, field.facet), value)
    return _made(said, made, relation, emails)


def _made(said: Mapping[str, str], made: Scene, relation: Any, emails: set[str]) -> Person | None:
    email = said.get("email", "")
    name = said.get("name") or " ".join(filter(None, (said.get("given"), said.get("family"))))
    handle = email.partition("@")[0] or said.get("username", "")
    name = name or " ".join(part.capitalize() for part in re.split(r"[._-]+", handle))
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


def _sort(pointer: str, facet: str) -> str:
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
    if words in ({"name"}, {"display", "name"}, {"full", "name"}):
        return "name"
    return next((name for name in ("phone", "role", "company") if name in words), pointer)
