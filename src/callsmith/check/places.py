"""Where a place comes from that people call by another name: a path by its last step, a time zone by a city."""

from __future__ import annotations

import re

from callsmith.check import sayings
from callsmith.check.context import Context
from callsmith.records import Derived, Nowhere, Origin, Said

_PATHS = re.compile(r"(?<![\w:/.])(?:/[\w.-]*\w)+")


def by_city(value: str, context: Context) -> Origin | None:
    """A time zone by a city that was named, the latest first."""
    for city in sayings.cities(value):
        said = context.said(city)
        if isinstance(said, Said):
            return Derived("city_zone", (said,))
    return None


def by_last_step(value: str, context: Context) -> Origin | None:
    """A path the system prompt gives, by its last step that a user named.

    Nowhere, where another of the paths given was named since: then that one was meant.
    """
    given = next((text for text in context.texts if text.place == "system" and value in text.text), None)
    if given is None:
        return None
    said = context.said(last_step(value))
    named = said.message if isinstance(said, Said) else 0
    for other in _PATHS.findall(given.text):
        later = context.said(last_step(other)) if other != value else None
        if isinstance(later, Said) and later.message > named:
            return Nowhere()
    if not isinstance(said, Said):
        return None
    at = given.text.index(value)
    return Derived("path_name", (said, given.origin(at, at + len(value))))


def last_step(path: str) -> str:
    """What people call a path by."""
    return path.rstrip("/").rpartition("/")[2]
