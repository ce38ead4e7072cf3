"""How many calls a run would still make: attempts with what its journal holds, each up to what that does not hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import get_args

import msgspec
from msgspec import Struct

from callsmith.config import Config
from callsmith.config_models import Endpoint
from callsmith.errors import CallsmithError
from callsmith.models import wire
from callsmith.models.asking import Asking
from callsmith.models.journal import Journal, request_key
from callsmith.pools import SlotSequence
from callsmith.ports import Model
from callsmith.recipes.grounded import Parts
from callsmith.records import Attempt, Place, Reply, Request, Role, Slot
from callsmith.session import CALLS, attempted, calls_of, shared_of


class Rehearsal(Struct, frozen=True):
    """What a run would ask of models. ``least`` and ``most`` count calls of slots' first attempts alone."""

    slots: int  # that are not settled
    stored: int  # of these, slots whose first attempt needs no further call
    found: int  # calls the journal answers
    least: int
    most: int


class _NotStored(CallsmithError):
    """The journal holds no answer."""


class _Stored:
    """A model that answers from a journal alone."""

    def __init__(self, endpoint: Endpoint, journal: Journal | None) -> None:
        self._endpoint = endpoint
        self._journal = journal

    async def complete(self, request: Request, place: Place) -> Reply:
        key = request_key(wire.canonical(self._endpoint, request))
        reply = self._journal.find(place, key) if self._journal is not None else None
        if reply is None:
            raise _NotStored("not stored")
        return reply


async def rehearse(
    parts: Parts, slots: SlotSequence, start: int, end: int, told: Callable[[int], None] = lambda _: None
) -> Rehearsal:
    """What the first attempts at slots ``start`` to ``end`` would ask; nothing is sent anywhere.

    A slot nobody began costs no time where the journal is empty: its calls are those of any slot of the recipe.
    """
    config = parts.settings
    path = Path(config.out) / CALLS
    journal = Journal(path) if path.exists() else None
    models = stored_models(config, journal)
    shared = shared_of(config, models)
    parts = msgspec.structs.replace(parts, shared=shared)
    least, most = calls_of(config)
    whole = found = 0
    low = high = 0
    for index in range(start, end) if journal is not None else ():
        asking = Asking(models, index, 0)
        if await _complete(parts, slots[index], asking):
            whole += 1
        else:
            low += max(1, least - asking.calls)
            high += max(1, most - asking.calls)
        found += asking.calls
        told(index - start + 1)
    if journal is None:
        low, high = least * (end - start), most * (end - start)
    else:
        await journal.close()
    shared.close()
    return Rehearsal(end - start, whole, found, low, high)


def stored_models(config: Config, journal: Journal | None) -> Mapping[Role, Model]:
    """The models of a configuration as far as a journal answers for them."""
    models: dict[Role, Model] = {}
    for role in get_args(Role):
        endpoint = config.models.get(role) or config.models.get("default")
        if endpoint is not None:
            models[role] = _Stored(endpoint, journal)
    return models


async def _complete(parts: Parts, slot: Slot, asking: Asking) -> Attempt | None:
    try:
        return await attempted(parts, slot, 0, asking)
    except _NotStored:
        return None
