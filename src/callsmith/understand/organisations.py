"""A text that names a body of people, such as a shop or a school, and not one of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from callsmith.catalog.organisations import organisation
from callsmith.schema import types
from callsmith.understand.leaf import Guess, Leaf


def body_named(facet: str, name: Sequence[str], leaf: Leaf, nouns: Collection[str]) -> Guess | None:
    """What a text is that names a body of people, and not one of those that the toolkit keeps records of."""
    plain = [kind for kind in types(leaf.schema) if kind != "null"] == ["string"]
    if facet not in ("person", "text", "company", "date", "date_time") or not plain or {*name} & {*nouns}:
        return None
    if leaf.schema.keys() & {"enum", "format", "pattern", "const"}:
        return None
    kind = organisation(name, leaf.description)
    if not kind:
        return None
    phrase = "customer" if name[-1] in ("for", "by", "to") else ""
    return Guess("company", phrase, "natural_key", 0.8, (f"it names a {kind}",))
