"""Which field of a record an argument of another name means: the new date of a move is its moving date."""

from __future__ import annotations

from collections.abc import Mapping

from callsmith.understand.shapes import id_words

Words = tuple[str, ...]

_ANEW = frozenset(("new", "updated", "changed", "revised"))
_OWN_TIMES = frozenset("created updated modified deleted changed closed completed creation update".split())
_KINDS = {
    "date": frozenset(("date", "day")),
    "place": frozenset(("address", "place", "location", "venue")),
}


def stem_of(words: Words) -> Words:
    """A name without the word that says its value replaces another: the date of ``new_date``."""
    return words[1:] if len(words) > 1 and words[0] in _ANEW else words


def meant(words: Words, facet: str, fields: Mapping[Words, str]) -> Words:
    """Which of a record's fields, each with its facet, a name means that none of them has; () where none is sure.

    A new value is of the field without that word; a date or place that is the only one of its kind is the same
    under its full name. A sum is not: an amount need not be a unit price.
    """
    if words in fields:
        return ()
    stem = stem_of(words)
    if stem in fields:
        return stem
    own = {name: kind for name, kind in fields.items() if kind == facet and not _OWN_TIMES & {*name}}
    if stem and stem[-1] in id_words() or len(stem) != 1:
        return ()
    ending = [name for name in own if len(name) == len(stem) + 1 and name[-1:] == stem]
    kind = facet if facet in _KINDS else ""
    if len(ending) == 1 and (kind or stem != words):
        if not kind or len([name for name in own if name[-1] in _KINDS[kind]]) == 1:
            return ending[0]
    if kind and len(own) == 1 and stem[0] in _KINDS[kind]:
        return next(iter(own))
    return ()
