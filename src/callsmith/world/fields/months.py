"""Fields that name a month: that in which what the record tells of happened."""

from __future__ import annotations

import re

from callsmith.schema import settle
from callsmith.world.fields.sites import Fill, Site

_TOLD = re.compile(r"\bYYYY-MM\b(?!-)", re.IGNORECASE)
_SHOWN = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")


def month_leaf(site: Site) -> tuple[Fill, bool] | None:
    """The month of a record whose field is written as 2025-04."""
    schema = settle(site.schema)
    shown = [str(one) for one in schema.get("examples", ())]
    told = _TOLD.search(str(schema.get("description") or "")) or shown and all(map(_SHOWN.fullmatch, shown))
    if not told or "string" not in site.types or schema.get("enum") or schema.get("format"):
        return None
    return (lambda story: story.population.clock.day(story.finished or story.created)[:7]), True
