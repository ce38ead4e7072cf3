"""Threads with an event loop of their own, for attempts in worlds that block: nobody else's waits for their calls."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from callsmith.ports import Model
from callsmith.records import Place, Reply, Request, Role

T = TypeVar("T")
GRACE = 5.0  # seconds that a lane's attempts have to end; what blocks for longer is left behind


class Lane:
    """All attempts in one world's thread, in the order they are begun: its calls are made one after the other."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name=f"callsmith-{name}", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.close()

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What ``work`` gives, awaited on the lane; cancelled with whoever waits."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def close(self, last: Callable[[], None]) -> None:
        """End what is under way, then ``last`` on the lane's thread, then the thread."""
        ended = asyncio.run_coroutine_threadsafe(self._ended(last), self._loop)
        with contextlib.suppress(
            TimeoutError
        ):  # a call that nothing can stop; the thread ends with the process
            await asyncio.wait_for(asyncio.wrap_future(ended), GRACE)
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _ended(self, last: Callable[[], None]) -> None:
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        last()


class Elsewhere:
    """A model that lives on another event loop."""

    def __init__(self, model: Model, loop: asyncio.AbstractEventLoop) -> None:
        self._model = model
        self._loop = loop

    async def complete(self, request: Request, place: Place) -> Reply:
        """The model's answer.

        Raises:
            ModelError: it gives none.
        """
        asked = asyncio.run_coroutine_threadsafe(self._model.complete(request, place), self._loop)
        return await asyncio.wrap_future(asked)


def elsewhere(models: Mapping[Role, Model]) -> dict[Role, Model]:
    """The models of the running event loop, for a lane to ask."""
    loop = asyncio.get_running_loop()
    return {role: Elsewhere(model, loop) for role, model in models.items()}
