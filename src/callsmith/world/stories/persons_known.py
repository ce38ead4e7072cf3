"""Whom an address, handle or name belongs to among the people of a scene."""

from __future__ import annotations

from callsmith.records import Json, Person
from callsmith.world.stories.story import Ground


def person_named(population: Ground, value: Json) -> Person | None:
    """The person of the cast with that e-mail address, username, phone number or full name."""
    if isinstance(value, (list, tuple)):
        value = value[0] if value else None
    if not isinstance(value, str):
        return None
    wanted = value.casefold()
    scene = population.scene
    for person in (scene.user, *scene.people):
        if wanted in (
            person.email.casefold(),
            person.username,
            person.name.casefold(),
            person.phone.replace(" ", ""),
        ):
            return person
    return None
