"""What descriptions tell of records beside what makers take, under the names by which both are one."""

from __future__ import annotations

from collections.abc import Mapping

from callsmith.records import Schema
from callsmith.understand.leaf import persons
from callsmith.understand.shapes import id_words, named_by, numbered_by
from callsmith.understand.words import singular, tokens

Words = tuple[str, ...]

_ENDING = frozenset(["due", "end", "ends", "return", "until", "checkout"])
_FREE_TEXT = (("description",), ("notes",), ("comments",))  # of which nothing tells what it would be


def founded(told: Mapping[str, Schema], made: Mapping[str, Schema]) -> dict[str, Schema]:
    """What descriptions tell of without texts of which nothing tells what they would be."""
    return {name: schema for name, schema in told.items() if tokens(name) not in _FREE_TEXT or name in made}


def with_told(
    noun: Words, made: Mapping[str, Schema], told: Mapping[str, Schema], own: str, stems: set[Words]
) -> dict[str, Schema]:
    """What makers take with what descriptions tell of beside it: of the item of an ``item_number`` its name."""
    of = [
        stem
        for one in map(tokens, made)
        if (stem := named_by(one) or numbered_by(one)) in stems and stem != noun
    ]
    of = [stem for stem in of if stem[-1] not in persons()]
    if len(of) == 1 and "title" in told and "title" not in made:  # the title of a loan is that of its book
        told = {
            f"{'_'.join(of[0])}_title" if name == "title" else name: schema for name, schema in told.items()
        }
    ends = any({*tokens(name)} & _ENDING for name in told)
    made = {name: schema for name, schema in made.items() if not (ends and _length_of(name, noun))}
    besides = {
        f"{name}_name" if _names_one(name, made) and schema.get("type") == "string" else name: schema
        for name, schema in told.items()
        if name != own and (_names_one(name, made) or not _taken_as(name, made))
    }
    return {**besides, **made}


def _length_of(name: str, noun: Words) -> bool:
    """Whether an argument says for how long something is made, which its end tells: ``loan_days`` of a loan."""
    words = tokens(name)
    return words[:-1] in (noun, noun[-1:]) and words[-1] in ("days", "nights", "weeks", "months", "hours")


def _names_one(name: str, made: Mapping[str, Schema]) -> bool:
    """Whether what a description tells of is the record that makers name by a reference: the item of a loan."""
    words = tokens(name)
    return words not in map(tokens, made) and any(
        words in (named_by(o), numbered_by(o)) for o in map(tokens, made)
    )


def _taken_as(name: str, made: Mapping[str, Schema]) -> bool:
    """Whether what a description tells of is what makers take under another name: the item of an ``item_number``."""
    words, name_of = tokens(name), {tokens(one): one for one in made}
    for other in name_of:
        of_it = numbered_by(other) or (other[:-1] if other[-1:] and singular(other[-1]) in id_words() else ())
        chosen = (
            "enum" in made[name_of[other]] and words[-len(other) :] == other
        )  # a member's membership tier
        if words in (other, of_it) or chosen:
            return True
        if words in (("name",), ("title",)) and other[-1:] == words:
            return True
    return False
