"""Fields that their descriptions say are there in some cases only, or no longer meant to be used."""

from __future__ import annotations

import re

from callsmith.catalog.conditions import condition_of
from callsmith.world.fields.sites import Site

_CASES = re.compile(
    r"\b(?:only (?:present|populated|set|returned|included|available|provided|shown|sent|visible)"
    r"|(?:present|populated|set|returned|included|available|provided|shown|sent|visible) only)"
    r"(?: (?:by|to) \w+)? (?:if|when|for|in|where|with)\b"
    r"|\bonly charged (?:on|for|if|when)\b|\bcharged (?:only|on [\w -]+ only)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:distance|far|away)\b.*\b(?:search|searched|given|requested|query|queried|your|user|caller|supplied) ?"
    r"(?:cent(?:re|er)|location|coordinates?|position|point|address|place|postcode)?\b",
    re.IGNORECASE,
)  # what is known only where a call says from where
_MADE = re.compile(r"\b(?:creat|first time|new(?:ly)? )", re.IGNORECASE)  # the token that is shown once
_OUTWORN = re.compile(r"\W*(?:output only\W+)?deprecated\b", re.IGNORECASE)
_MOMENTS = ("date", "date_time", "time")  # which follow from the life of a record


def seldom(site: Site) -> bool:
    """Whether most records do without an optional field, as its description tells."""
    if site.required or site.facet in _MOMENTS or site.pointer == site.entity.label_pointer:
        return False
    if site.schema.get("deprecated") is True:
        return True
    text = str(site.schema.get("description") or "")
    if not text:
        return False
    if _OUTWORN.match(text) or "distance" in site.words and _ASKED.search(text):
        return True
    return bool(_CASES.search(text) and not _MADE.search(text)) and not _by_state(site)


def _by_state(site: Site) -> bool:
    return site.own and len(site.path) == 1 and condition_of(site.entity, site.path[0]) is not None
