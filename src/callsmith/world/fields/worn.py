"""Lists a person's record holds: names, addresses, numbers, the company worked for; one of each."""

from __future__ import annotations

from collections.abc import Callable

from callsmith.records import Json, Person, Schema
from callsmith.schema import escape
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.families import PEOPLE
from callsmith.world.stories.naming import split
from callsmith.world.stories.story import Story

_BY_FACET: dict[str, Callable[[Person], str]] = {
    "person": lambda person: person.name,
    "email": lambda person: person.email,
    "phone": lambda person: person.phone.replace(" ", ""),
    "company": lambda person: person.company,
}
_BESIDE: dict[str, dict[tuple[str, ...], Callable[[Person], str]]] = {
    "person": {
        ("given", "name"): lambda person: person.given,
        ("first", "name"): lambda person: person.given,
        ("family", "name"): lambda person: person.family,
        ("last", "name"): lambda person: person.family,
        ("display", "name", "last", "first"): lambda person: f"{person.family}, {person.given}",
    },
    "company": {("title",): lambda person: person.role},
    "phone": {("canonical", "form"): lambda person: person.phone.replace(" ", "")},
}


def worn(site: Site, items: Schema, facets: dict[str, str]) -> Fill | None:
    """The filler of a list with one element about the person of a record; None where a list holds no such thing.

    ``facets`` are those of the record's fields by pointer.
    """
    if site.family not in PEOPLE or not site.own or len(site.path) != 1:
        return None
    parts = {name: facets.get(f"{site.pointer}/*/{escape(name)}", "") for name in items.get("properties", {})}
    kinds = {facet for facet in parts.values() if facet in _BY_FACET}
    if len(kinds) != 1:
        return None
    kind = kinds.pop()
    beside = _BESIDE.get(kind, {})
    shown = {
        name: _BY_FACET[kind] if facet == kind else beside.get(split(name)) for name, facet in parts.items()
    }

    def fill(story: Story) -> Json:
        person = story.subject
        if story.fresh or person is None or not _BY_FACET[kind](person):
            return []
        return [{name: show(person) for name, show in shown.items() if show is not None}]

    return fill
