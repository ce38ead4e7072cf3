"""When calls made are the calls planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callsmith.facts import paired, same
from callsmith.records import Call


def equivalent(made: Sequence[Sequence[Call]], wanted: Sequence[Sequence[Call]]) -> bool:
    """Whether groups hold the same calls, whatever the order within a group."""
    return len(made) == len(wanted) and all(
        paired(one, other, same_call) for one, other in zip(made, wanted, strict=True)
    )


def same_call(one: Call, other: Call) -> bool:
    """Whether two calls name one tool with equivalent arguments."""
    if one.name != other.name:
        return False
    if not isinstance(one.arguments, Mapping) or not isinstance(other.arguments, Mapping):
        return one.arguments == other.arguments
    return same(one.arguments, other.arguments)
