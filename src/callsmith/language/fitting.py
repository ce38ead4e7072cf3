"""How the phrase of a detail is bent to what it stands beside."""

from __future__ import annotations

from callsmith.catalog.data import read
from callsmith.language.addressing import lying
from callsmith.language.named_details import occasion_of
from callsmith.language.relating import unitless
from callsmith.language.words import with_article
from callsmith.meaning import Detail
from callsmith.plan.bearing import bearer_of


def _event(occasion: str) -> str:
    """What happens on a day, with its article where it is an event: with a visit tomorrow."""
    known = occasion in read("language/en/relating.yaml")["breath"]["events"]
    return with_article(occasion) if known else occasion


def bent(text: str, item: Detail, phrase: str, noun: str) -> str:
    """A form with what depends on the detail's own words filled in, and not yet its value."""
    text = text.replace("{bearer}", bearer_of(item.phrase)).replace("{occasion}", _event(occasion_of(phrase)))
    text = text.replace("{lying}", lying(noun, item.phrase, ()))
    if "{a_phrase}" in text:
        called = unitless(phrase)
        several = called.endswith("s") and not called.endswith(("ss", "us", "is", "ics"))
        text = text.replace("{a_phrase}", called if several else with_article(called))
    return text
