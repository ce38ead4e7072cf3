"""Lets attempts begin as fast as models have room for their first calls, so that those that wait are slots alone."""

from __future__ import annotations

import asyncio
from heapq import heappop, heappush

from callsmith.records import Place

_Key = tuple[int, int]  # slot, attempt


class Doorstep:
    """Attempts that have begun and wait for the place of their first call, ``most`` of them.

    A plan that waits takes many times the memory of a slot that waits. Enough stand on the doorstep that the next place
    goes to a conversation at its beginning, as the order of calls wants it: whoever has most calls left goes first,
    and all that have not begun have the same number left. The lowest slot comes next.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._here: set[_Key] = set()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._closed: Exception | None = None

    async def enter(self, slot: int, number: int) -> None:
        """Wait until there is room for an attempt to begin.

        Raises:
            Exception: what the doorstep was closed with.
        """
        if self._closed is not None:
            raise self._closed
        if len(self._here) >= self._most:
            room: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heappush(self._waiting, (slot, number, room))
            try:
                await room
            except asyncio.CancelledError:
                if room.done() and not room.cancelled():
                    self._leave((slot, number))
                raise
        self._here.add((slot, number))

    def admitted(self, place: Place) -> None:
        """A call has its place, or its answer: the attempt that makes it waits no longer."""
        self._leave((place.slot, place.attempt))

    def leave(self, slot: int, number: int) -> None:
        """An attempt has ended, whether it made a call or not."""
        self._leave((slot, number))

    def close(self, error: Exception) -> None:
        """Let none begin from now on: those that wait, and those that come, get ``error``."""
        self._closed = self._closed or error
        for *_, room in self._waiting:
            if not room.done():
                room.set_exception(error)
        self._waiting.clear()

    def _leave(self, key: _Key) -> None:
        if key not in self._here:
            return
        self._here.discard(key)
        while self._waiting and len(self._here) < self._most:
            slot, number, room = heappop(self._waiting)
            if not room.done():
                self._here.add((slot, number))
                room.set_result(None)
