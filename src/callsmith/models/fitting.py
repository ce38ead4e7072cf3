"""Answers of models that fit a form and hold what is asked of them beyond it."""

from __future__ import annotations

from collections.abc import Callable

from callsmith.models.asking import Asking
from callsmith.records import Json, Request, Role


async def fitting(
    asking: Asking,
    role: Role,
    request: Request,
    fault: Callable[[Json], str],
    *,
    corrections: int,
    left: int = 1,
) -> Json:
    """The answer to a request with a ``schema`` that satisfies it and in which ``fault`` finds nothing.

    What ``fault`` says is sent back in its own words, at most ``corrections`` times.

    Raises:
        ModelError: no answer can be had.
        Unanswered: no answer fitted.
    """
    return await asking.ask_json(role, request, fault=fault, corrections=corrections, left=left)
