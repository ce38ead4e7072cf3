"""Regions of clouds and where towns lie."""

from __future__ import annotations

from typing import Any

from callsmith.catalog import data
from callsmith.seeds import number


def regions(cloud: str) -> list[str]:
    """The regions of ``aws``, ``google`` or ``plain``, the last standing for any other."""
    known: dict[str, Any] = data.read("catalog/lexicon/fields.yaml")["regions"]
    return list(known.get(cloud) or known["plain"])


def home_region(city: str, cloud: str) -> str:
    """Where a company of that town keeps most of what it has."""
    options = regions(cloud)
    return options[number("home", city) % len(options)]


def coordinates(city: str) -> tuple[float, float] | None:
    """Latitude and longitude of a town's middle, where it is known."""
    found = data.read("catalog/lexicon/fields.yaml")["coordinates"].get(city)
    return (float(found[0]), float(found[1])) if found else None
