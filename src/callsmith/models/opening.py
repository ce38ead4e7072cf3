"""The models of a run, opened together: one limit an endpoint and key, one journal, one budget."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import get_args

from msgspec import Struct

from callsmith.config_models import Endpoint, Limits, Player, prices
from callsmith.errors import ModelError
from callsmith.models import loops
from callsmith.models.budget import Budget, Figures, Tally, spent_before
from callsmith.models.endpoint import HttpModel, Server
from callsmith.models.http import Transport
from callsmith.models.journal import Journal, Journaled
from callsmith.models.limits import Limit
from callsmith.ports import Admitted, Model
from callsmith.records import Role


class Opened(Struct, frozen=True):
    """Models by role (a role without an endpoint has none), and live figures of what they were asked."""

    models: Mapping[Role, Model]
    figures: Figures
    budget: Budget
    journal: Journal | None


@asynccontextmanager
async def opened(
    endpoints: Mapping[Player, Endpoint],
    journal: Path | None,
    limits: Limits | None = None,
    figures: Figures | None = None,
    admitted: Admitted = lambda _: None,
) -> AsyncIterator[Opened]:
    """The models that endpoints describe, ``default`` playing every role that is not named.

    ``journal``: the file that answers are stored in and found again; None stores nothing. ``figures``: where to
    count, for whoever shows them meanwhile. ``admitted``: is told of each call that has its place, or is found.

    Raises:
        ModelError: an environment variable that should hold a key does not.
        CallsmithError: the journal cannot be used.
    """
    keys = {endpoint: _key(endpoint) for endpoint in endpoints.values()}
    ceilings: dict[tuple[str, str], Limit] = {}
    for endpoint, key in keys.items():
        same = (endpoint.base_url.rstrip("/"), key)
        ceiling = min(e.concurrency for e, k in keys.items() if (e.base_url.rstrip("/"), k) == same)
        ceilings.setdefault(same, Limit(ceiling))
    async with AsyncExitStack() as stack:
        book = Journal(journal) if journal is not None else None
        if book is not None:
            stack.push_async_callback(book.close)
        before = spent_before(book.used(), prices(keys)) if book is not None else (0.0, 0)
        budget, figures = Budget(limits or Limits(), before), figures or Figures()
        if slow := loops.missing():
            figures.note(slow)
        transport = await stack.enter_async_context(Transport())
        servers = {
            endpoint: Server(endpoint, key, ceilings[endpoint.base_url.rstrip("/"), key], book)
            for endpoint, key in keys.items()
        }
        models: dict[Role, Model] = {}
        for role in get_args(Role):
            chosen = endpoints.get(role) or endpoints.get("default")
            if chosen is not None:
                tally = figures.by_role.setdefault(role, Tally())
                model = HttpModel(servers[chosen], transport, budget, tally, figures, admitted=admitted)
                models[role] = model if book is None else Journaled(model, book, tally, admitted)
        yield Opened(models, figures, budget, book)


def _key(endpoint: Endpoint) -> str:
    name = endpoint.api_key_env
    key = os.environ.get(name, "").strip() if name else ""
    if name and not key:
        raise ModelError(f"{name} is not set", where=endpoint.label, hint=f"export {name}=…", lasting=True)
    if not key.isascii() or not key.isprintable():
        raise ModelError(
            f"{name} does not hold a key",
            where=endpoint.label,
            hint="it must be one line of text",
            lasting=True,
        )
    return key
