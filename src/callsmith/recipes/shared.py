"""What attempts of one run share: scenarios of rows settled before they began, and what is asked once for all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

from callsmith import seeds
from callsmith.errors import Unanswered
from callsmith.models.asking import Asking
from callsmith.ports import Model
from callsmith.recipes.nearness import Scenarios
from callsmith.records import Role
from callsmith.run import Run

T = TypeVar("T")
ASKED = -2  # the slot under which journals keep what is asked once for all
TRIES = 3  # of what is asked once for all


class Shared:
    """Read by attempts, never written by them.

    ``run``: the directory of the run, None where there is none yet. ``frozen``: the first slot that an attempt at a
    slot knows nothing of. Those below it were settled for good before the slot could be begun, so that what an
    attempt knows depends on no order of arrival. ``limit``: from which likeness on a scenario is too near another.
    """

    def __init__(
        self,
        models: Mapping[Role, Model],
        run: Path | None = None,
        frozen: Callable[[int], int] = lambda _: 0,
        limit: float = 1.0,
    ) -> None:
        self.frozen = frozen
        self._models = models
        self._run = run
        self._limit = limit
        self._reader: Run | None = None
        self._read = 0  # slots below this are known
        self._scenarios: dict[str, Scenarios] = {}
        self._asked: dict[str, asyncio.Task[Any]] = {}

    def earlier(self, slot: int, toolset: str) -> Scenarios:
        """Scenarios of accepted rows of a toolset: those below ``frozen(slot)``, and perhaps later ones."""
        self._catch_up(self.frozen(slot))
        return self._of(toolset)

    def _of(self, toolset: str) -> Scenarios:
        return self._scenarios.setdefault(toolset, Scenarios(self._limit))

    async def once(self, name: str, ask: Callable[[Asking], Awaitable[T]]) -> T:
        """What ``ask`` gives, asked once in a run, whoever wants it first.

        Raises:
            ModelError: no answer can be had.
            Unanswered: no answer would do.
        """
        task = self._asked.get(name)
        if task is None:
            task = self._asked[name] = asyncio.get_running_loop().create_task(self._first(name, ask))
        try:
            return cast("T", await asyncio.shield(task))
        except Exception:
            if self._asked.get(name) is task:
                del self._asked[name]
            raise

    async def _first(self, name: str, ask: Callable[[Asking], Awaitable[T]]) -> T:
        place = seeds.number(name) % (1 << 48)
        for again in range(TRIES):
            try:
                return await ask(Asking(self._models, ASKED, place + again))
            except Unanswered:
                if again + 1 == TRIES:
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Close the run."""
        if self._reader is not None:
            self._reader.db.close()
            self._reader = None

    def _catch_up(self, before: int) -> None:
        if before <= self._read or self._run is None:
            return
        if self._reader is None:
            self._reader = Run.open(self._run)
        for slot, toolset, note in self._reader.notes(self._read, before):
            self._of(toolset).add(slot, note)
        self._read = before
