"""Texts that name a sort of something, as the breed of a dog does."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from callsmith.catalog.sorts import sort_of
from callsmith.understand.leaf import Guess, Leaf, Words
from callsmith.understand.words import singular

_OPEN = (
    *("", "text", "enum", "label", "color", "language", "title", "body", "order", "ordinal", "place"),
    "country",
)
"""What else such a name may be taken for."""


def sorted_text(
    last: Words, kinds: Sequence[str], leaf: Leaf, known: tuple[str, str], nouns: Collection[str], own: str
) -> Guess | None:
    """The guess for a text named ``last``, of which the facet and phrase are ``known``, where it names a sort."""
    facet, spoken = known
    bound = leaf.schema.keys() & {"format", "pattern", "const"}
    if tuple(kinds) != ("string",) or facet not in _OPEN or bound or not last:
        return None
    around = {word for noun in nouns if noun != own for word in (noun, *noun.split(" "))}
    if sort_of((*last[:-1], singular(last[-1])), own, around) is None:
        return None
    return Guess("enum", spoken, "preference", 0.75, (f"it names a sort of {own or 'thing'}",))
