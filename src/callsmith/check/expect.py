"""What a plan says about a row: the calls it should hold, and where the assistant asks."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from callsmith.records import Call


class Expectation(Struct, frozen=True):
    """The calls a row should hold, in groups that go out together, and how the talk should go.

    ``asks`` are indexes of the messages in which the assistant asks; ``turns`` how many groups of calls follow each
    user message, empty where that is left open.
    """

    calls: Sequence[Sequence[Call]] = ()
    asks: Sequence[int] = ()
    turns: Sequence[int] = ()
