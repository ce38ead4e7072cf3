"""How the phrase of a detail is bent to what it stands beside."""

from __future__ import annotations

from callsmith.catalog.data import read
from callsmith.language.addressing import lying
from callsmith.language.named_details import occasion_of
from callsmith.language.relating import things, unitless
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


def counted_so(text: str, item: Detail, phrase: str) -> str:
    """What a form counts, as it follows the number: planned sessions; of a bound the thing alone: learners."""
    if "{v} {phrase}" not in text:
        return phrase
    bound = item.role == "sets" and any(
        f"{bound} {{v}}" in text for bound in ("at most", "at least", "up to")
    )
    return things(phrase).partition(" ")[2] if bound else things(phrase)
