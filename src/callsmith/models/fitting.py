"""Answers of models that fit a form and hold what is asked of them beyond it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import orjson

from callsmith.errors import Unanswered
from callsmith.models.asking import Asking
from callsmith.records import Json, Request, Role
from callsmith.schema import unwritable

SHOWN = 4000  # characters of a wrong answer that are sent back


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

    What ``fault`` says is sent back in its own words, at most ``corrections`` times; what is no JSON of the form,
    as often again.

    Raises:
        ModelError: no answer can be had.
        Unanswered: no answer fitted.
    """
    wrong = ""
    for _ in range(corrections + 1):
        value = await asking.ask_json(role, request, corrections=corrections, left=left)
        odd = unwritable(value)
        wrong = f"it cannot be written: {odd}" if odd else fault(value)
        if not wrong:
            return value
        said = "{}" if odd else orjson.dumps(value).decode()[:SHOWN]
        told = f"That answer does not do: {wrong}\nAnswer again, in the same form."
        sent = [{"role": "assistant", "content": said}, {"role": "user", "content": told}]
        request = msgspec.structs.replace(request, messages=[*request.messages, *sent])
    raise Unanswered(f"{role}: {wrong}")
