"""How many requests an endpoint is given at once, and which of those that wait goes next."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from heapq import heappop, heappush
from itertools import islice
from typing import Any, Literal, TypeVar

from msgspec import Struct

T = TypeVar("T")

Outcome = Literal[
    "answered", "refused", "failed"
]  # refused: for want of capacity; failed: says nothing of load

FAIR = 16  # every so many grants, the one that has waited longest goes first
WINDOW = 48  # outcomes, at least, after which the count of refusals begins anew
SHARE = 0.2  # of refusals above which the endpoint is overloaded; below, they are chance
ENOUGH = 8  # refusals before their share means anything
GROWTH = 0.05  # of a place an answer adds, once the limit is near where the endpoint was last full
PAUSE = (0.5, 60.0)  # seconds nothing is sent where all is refused: at least, at most


class _Waiter(Struct, eq=False):
    granted: asyncio.Future[int]


class Limit:
    """Requests in flight to one endpoint under one key, at most ``ceiling`` and fewer while it is overloaded.

    Of those that wait, calls of the conversation with most calls left go first, so that none is still at its
    beginning when the others are done: with independent lengths of calls this keeps an endpoint busy to the end,
    where going on with what is furthest along leaves it idle (4% to 40% longer, measured over 300 and 1,000
    conversations of six calls). Of equals, those with the same ``prefix`` go together, so that the endpoint's
    cache of prompts serves them; and every sixteenth grant goes to the one that has waited longest, so that none
    waits for ever.

    What is allowed falls when refusals are more than chance, which is judged against what was sent and not yet
    refused, for refusals come fast and answers slowly. Nothing more is then sent until the next answer, and as
    much is allowed as the endpoint is working on by then; where nothing is left of it, all wait for a while. This
    is not how a refused call waits: that one alone waits as long as it was told to.
    """

    def __init__(self, ceiling: int) -> None:
        self.ceiling = ceiling
        self.allowed = float(ceiling)
        self.in_flight = 0
        self._waiting: list[tuple[int, int, int, _Waiter]] = []
        self._oldest: deque[_Waiter] = deque()
        self._entered = 0
        self._grants = 0
        self._closed: Exception | None = None
        self._epoch = 0  # of the limit: what was sent under an earlier one says nothing of this one
        self._known_full = float(ceiling)  # where growth becomes careful
        self._answered = self._refused = 0
        self._holding = False  # nothing is sent until the next answer
        self._paused = False  # nothing is sent until some time is over
        self._pauses = 0
        self._retry_after = 0.0

    @property
    def waiting(self) -> int:
        """Requests that wait for their turn."""
        return sum(not waiter.granted.done() for *_, waiter in self._waiting)

    @property
    def crowd(self) -> int:
        """As many, or a few more: what has been let in may be counted until the next is; found at once."""
        return len(self._waiting)

    @property
    def idle(self) -> bool:
        """Whether nobody waits, and half of what is allowed is free."""
        return not self._waiting and self._room() and self.in_flight <= self.allowed / 2

    async def enter(self, left: int = 1, prefix: int = 0) -> int:
        """Wait for a place; what comes back is handed to ``leave``.

        Raises:
            Exception: what the limit was closed with.
        """
        if self._closed is not None:
            raise self._closed
        if not self._waiting and self._room():
            self.in_flight += 1
            return self._epoch
        waiter = _Waiter(asyncio.get_running_loop().create_future())
        self._entered += 1
        heappush(self._waiting, (-left, prefix, self._entered, waiter))
        self._oldest.append(waiter)
        try:
            return await waiter.granted
        except asyncio.CancelledError:
            if waiter.granted.done() and not waiter.granted.cancelled() and not waiter.granted.exception():
                self.in_flight -= 1
                self._grant()
            raise

    def leave(self, epoch: int, outcome: Outcome, retry_after: float = 0.0) -> None:
        """Give a place back and say how the request ended; ``retry_after`` in seconds, 0 where it did not say."""
        self.in_flight -= 1
        self._learn(epoch == self._epoch, outcome, retry_after)
        self._grant()

    def close(self, error: Exception) -> None:
        """Let nobody in from now on: those that wait, and those that come, get ``error``."""
        self._closed = error
        for *_, waiter in self._waiting:
            if not waiter.granted.done():
                waiter.granted.set_exception(error)
        self._waiting.clear()
        self._oldest.clear()

    def _room(self) -> bool:
        return not self._holding and not self._paused and self.in_flight < int(self.allowed)

    def _grant(self) -> None:
        while self._waiting and self._room():
            self._grants += 1
            waiter = None
            if self._grants % FAIR == 0:
                while self._oldest and (waiter is None or waiter.granted.done()):
                    waiter = self._oldest.popleft()
            if waiter is None or waiter.granted.done():
                waiter = heappop(self._waiting)[3]
            if not waiter.granted.done():
                self.in_flight += 1
                waiter.granted.set_result(self._epoch)
        while self._waiting and self._waiting[0][3].granted.done():
            heappop(self._waiting)
        while self._oldest and self._oldest[0].granted.done():
            self._oldest.popleft()

    def _learn(self, of_now: bool, outcome: Outcome, retry_after: float) -> None:
        """``of_now``: it was sent under the present limit; what was sent before says little of it."""
        if outcome == "answered":
            self._pauses = 0
            if self._holding:
                self._settle()
            elif of_now:
                self._answered += 1
                near = self.allowed >= self._known_full
                self.allowed = min(float(self.ceiling), self.allowed + (GROWTH if near else 1.0))
        elif outcome == "refused" and of_now:
            self._refused += 1
            seen = self._answered + self._refused + self.in_flight
            full = self._refused >= ENOUGH and self._refused > SHARE * seen
            if full or (self._pauses and not self._answered):
                self._holding = True
                self._retry_after = retry_after
                self._begin()
        if self._answered + self._refused >= max(WINDOW, self.allowed):
            self._answered = self._refused = 0
        if self._holding and not self.in_flight:
            self._pause()

    def _begin(self) -> None:
        self._epoch += 1
        self._answered = self._refused = 0

    def _settle(self) -> None:
        """The endpoint is full and has answered: it takes what it still works on, and one in its place."""
        self._holding = False
        self.allowed = max(1.0, min(self.allowed, self.in_flight + 1.0))
        self._known_full = self.allowed
        self._begin()

    def _pause(self) -> None:
        """All was refused: none is sent for a while, then one; how many fit in before is tried for again."""
        self._holding = False
        self._paused = True
        self.allowed = 1.0
        self._begin()
        least, most = PAUSE
        pause = max(self._retry_after, least * 2**self._pauses)
        self._pauses += 1
        asyncio.get_running_loop().call_later(min(pause, most), self._resume)

    def _resume(self) -> None:
        self._paused = False
        self._grant()


OLDEST = 8  # waits that are looked at with each answer


class _Wait(Struct, eq=False):
    began: float  # and ``came``: the same, but for what was asked beside and answered first
    came: float
    given_up: int
    until: asyncio.Timeout
    answers: int  # of others, when it began
    again: Callable[[], Awaitable[Any]] | None  # asks the same beside it; None where that gave no answer
    soon: asyncio.TimerHandle | None = None  # when it is asked again
    beside: asyncio.Task[None] | None = None  # asking again
    given: Any = None  # by that


class Patience:
    """How long an answer is waited for, so that what hangs is found long before a timeout that fits long answers.

    A request is given up after 1.5 times the longest of late once others that came after it were answered, and after
    3 times where none is: a server that stands still as a whole is not one that lost a request. Nothing is concluded
    before there are twice as many answers as requests in flight: those that come first are the short ones. What waits
    already is then held to it. Each further try is waited for twice as long, so that what is merely long is answered.

    Where the endpoint is ``idle``, as it is when a run ends, what takes longer than the longest of late is asked once
    more beside, and the first answer counts: nobody waits then for a time-out with nothing else to do.
    """

    OF_LATE = 256  # answers remembered
    ENOUGH = 20  # answers, at least, before anything is concluded from them
    OVERTAKEN, ALONE = 1.5, 3.0  # times the longest of late
    LEAST = 2.0  # seconds
    BESIDE = 1.0  # seconds, at least, before the same is asked beside
    BETWEEN = 0.5  # seconds until it is asked beside again, where that gave no answer

    def __init__(self, most: float, idle: Callable[[], bool] = lambda: False) -> None:
        self.most = most
        self._idle = idle
        self._was_idle = False
        self._of_late: deque[float] = deque(maxlen=self.OF_LATE)
        self._longest = 0.0
        self._answers = 0
        self._learned = False
        self._waits: dict[int, _Wait] = {}  # the oldest first

    async def over(
        self, work: Awaitable[T], given_up: int = 0, again: Callable[[], Awaitable[T | None]] | None = None
    ) -> T:
        """What ``work`` gives, or ``again``, where it is asked too and comes first.

        Raises:
            TimeoutError: it took too long.
        """
        now = asyncio.get_running_loop().time()
        until = asyncio.timeout(self.seconds(given_up))
        wait = _Wait(now, now, given_up, until, self._answers, again)
        self._waits[id(wait)] = wait
        try:
            async with until:
                if self._was_idle:
                    self._later(wait)
                given = await work
        except TimeoutError:
            if wait.given is None:
                raise
            given = wait.given
        finally:
            del self._waits[id(wait)]
            if wait.soon is not None:
                wait.soon.cancel()
            if wait.beside is not None:
                wait.beside.cancel()
        self.took(asyncio.get_running_loop().time() - wait.began)
        return given

    def _later(self, wait: _Wait) -> None:
        """Ask the same beside, once it has taken longer than anything of late."""
        if self._learned and wait.again is not None and wait.soon is None:
            after = max(self.BESIDE, self._longest) * 2.0**wait.given_up
            loop = asyncio.get_running_loop()
            wait.soon = loop.call_at(max(wait.began + after, loop.time()), self._beside, wait)

    def _beside(self, wait: _Wait) -> None:
        if self._idle() and not wait.until.expired() and wait.again is not None:
            wait.beside = asyncio.get_running_loop().create_task(self._asked_beside(wait, wait.again))

    async def _asked_beside(self, wait: _Wait, again: Callable[[], Awaitable[Any]]) -> None:
        began = asyncio.get_running_loop().time()
        given = await again()
        if given is None:
            wait.beside = None
            wait.soon = asyncio.get_running_loop().call_later(self.BETWEEN, self._beside, wait)
        elif not wait.until.expired():
            wait.given, wait.began = given, began
            wait.until.reschedule(began)  # what was asked first is waited for no longer

    def took(self, seconds: float) -> None:
        """Remember how long an answer took."""
        self._of_late.append(seconds)
        self._answers += 1
        self._longest = max(self._longest, seconds)
        if not self._learned and self._answers >= max(self.ENOUGH, 2 * len(self._waits)):
            self._learned = True
            self._hold()
        if self._answers % self.OF_LATE == 0:
            self._longest = max(self._of_late)
            self._hold()
        self._give_up()
        was, self._was_idle = self._was_idle, self._idle()
        if self._was_idle and not was:
            for wait in self._waits.values():
                self._later(wait)

    def seconds(self, given_up: int = 0, times: float = ALONE) -> float:
        """How long to wait, at most, for a request that was given up so many times."""
        if not self._learned:
            return self.most
        return min(self.most, max(self.LEAST, times * self._longest) * 2.0**given_up)

    def _give_up(self) -> None:
        """Of those that wait longest, end what was overtaken by others and has waited enough."""
        if not self._learned:
            return
        now, many = asyncio.get_running_loop().time(), max(4, len(self._waits) // 2)
        least = self.seconds(0, self.OVERTAKEN)
        for wait in islice(self._waits.values(), OLDEST):
            if now - wait.came <= least:
                break
            late = now - wait.began > self.seconds(wait.given_up, self.OVERTAKEN) and wait.beside is None
            if late and self._answers - wait.answers >= many and not wait.until.expired():
                wait.until.reschedule(now)

    def _hold(self) -> None:
        now = asyncio.get_running_loop().time()
        for wait in self._waits.values():
            if not wait.until.expired():
                wait.until.reschedule(max(wait.began + self.seconds(wait.given_up), now))
