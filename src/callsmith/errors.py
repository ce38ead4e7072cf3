"""Errors a user sees: each names what is wrong, where, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

_NAMED = 12  # of what is known; nobody reads four hundred


def nearest(word: str, known: Sequence[str]) -> str:
    """A suggestion for a word that is not known."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
    return f"did you mean {close[0]}?" if close else "one of " + ", ".join(known[:_NAMED]) + more


class CallsmithError(Exception):
    """A problem the user can mend. ``exit_code`` is what the command line returns."""

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(": ".join(part for part in (where, what) if part) + (f" ({hint})" if hint else ""))


class ConfigError(CallsmithError):
    """The configuration cannot be used."""


class SourceError(CallsmithError):
    """A tool source cannot be read at all."""


class RunChanged(CallsmithError):
    """The run directory was made from other inputs."""


class ModelError(CallsmithError):
    """A model gave no answer. ``lasting``: no later request will fare better (a wrong key, an unknown model)."""

    exit_code = 3

    def __init__(self, what: str, *, where: str = "", hint: str = "", lasting: bool = False) -> None:
        super().__init__(what, where=where, hint=hint)
        self.lasting = lasting


class BudgetSpent(CallsmithError):
    """A limit of the configuration is reached. The run is stopped and can be gone on with."""

    exit_code = 4


IMPOSSIBLE = "impossible"  # the reason of an attempt that no further one of its slot can better


class PlanUnfit(Exception):
    """No plan of the wanted kind can be bound here; the attempt is recorded with this reason.

    ``final``: none ever will with these tools, and trying again is of no use.
    """

    def __init__(self, why: str, *, final: bool = False) -> None:
        super().__init__(why)
        self.final = final


class WordingFailed(Exception):
    """The voice could not say something that has to be said."""


class Unanswered(Exception):
    """No answer of a model had the form it was asked for; the attempt is recorded with this reason."""
