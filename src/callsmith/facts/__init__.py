"""Values as people and APIs write them: what a text mentions, and when two values are the same."""

from callsmith.facts.values import (
    FACETS,
    instant,
    mentions,
    moments_of,
    now_of,
    number,
    paired,
    plain,
    quoted,
    same,
)

__all__ = [
    "FACETS",
    "instant",
    "mentions",
    "moments_of",
    "now_of",
    "number",
    "paired",
    "plain",
    "quoted",
    "same",
]
