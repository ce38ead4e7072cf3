"""Who answers an operator's requests: models of ours, or a serving that has DataFlow's two methods."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

from callsmith.config_models import Endpoint, Limits, Player
from callsmith.errors import ModelError
from callsmith.models import loops
from callsmith.models.asking import Asking
from callsmith.ports import Model
from callsmith.records import Place, Reply, Request, Role

T = TypeVar("T")
Models = Mapping[Role, Model]
Job = Callable[[Asking], Coroutine[Any, Any, T]]

WIDTH = 64  # rows in work at once, where the models say nothing else
BATCH = 512  # rows whose requests a serving of DataFlow is given together
TRIES = 3  # of a request that a serving gives no answer to


class Batches(Protocol):
    """A serving of DataFlow: lists of requests in, lists of answers out, None where there is none."""

    def generate_from_input(self, user_inputs: list[str], system_prompt: str) -> list[str | None]: ...


class Serving:
    """Models for operators. ``opened`` gives them, by role, for as long as they are in use.

    It has DataFlow's methods too, so that operators of DataFlow can be given it.
    """

    def __init__(self, opened: Callable[[], AbstractAsyncContextManager[Models]], width: int = WIDTH) -> None:
        self.opened = opened
        self.width = width

    @classmethod
    def of(
        cls,
        endpoints: Mapping[Player, Endpoint],
        journal: str | Path | None = None,
        limits: Limits | None = None,
    ) -> Self:
        """The models behind endpoints, by role; ``default`` plays all roles that are not named.

        ``journal``: a file that keeps every answer, so that an operator that was stopped is run again for nothing.
        """

        @asynccontextmanager
        async def models() -> AsyncIterator[Models]:
            from callsmith.models.opening import opened  # needs the extra `models`

            async with opened(endpoints, None if journal is None else Path(journal), limits) as found:
                yield found.models

        return cls(models, sum(one.concurrency for one in {*endpoints.values()}))

    def generate_from_input(
        self, user_inputs: list[str], system_prompt: str = "", json_schema: dict[str, Any] | None = None
    ) -> list[str | None]:
        """The answers to single requests, in their order; None where there is none."""
        head = [{"role": "system", "content": system_prompt}] if system_prompt else []
        whole = [[*head, {"role": "user", "content": text}] for text in user_inputs]
        return self._generated([Request(messages=messages, schema=json_schema) for messages in whole])

    def generate_from_conversations(self, conversations: list[list[dict[str, Any]]]) -> list[str | None]:
        """The next message of each conversation; None where there is none."""
        return self._generated([Request(messages=messages) for messages in conversations])

    def start_serving(self) -> None:
        """Nothing is to be started."""

    def cleanup(self) -> None:
        """Nothing is kept."""

    def _generated(self, requests: Sequence[Request]) -> list[str | None]:
        def job(request: Request) -> Job[str | None]:
            async def one(asking: Asking) -> str | None:
                try:
                    return (await asking.ask("writer", request)).text
                except ModelError as error:
                    if error.lasting:
                        raise
                    return None

            return one

        return answers(self, [job(request) for request in requests])


def answers(serving: Serving | Batches, jobs: Sequence[Job[T]]) -> list[T]:
    """What jobs give, in their order; each has its own count of calls, and a bounded number are in work at once.

    What a job raises ends the others, and is raised.
    """

    async def run() -> list[T]:
        async with _models(serving) as (models, width):
            free = asyncio.Semaphore(width)

            async def one(number: int, job: Job[T]) -> T:
                async with free:
                    return await job(Asking(models, number, 0))

            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one(number, job)) for number, job in enumerate(jobs)]
            return [task.result() for task in tasks]

    try:
        return _finished(run())
    except BaseExceptionGroup as group:  # of a job, alone or with others that failed in the same way
        raise group.exceptions[0] from None


def _finished(work: Coroutine[Any, Any, T]) -> T:
    """The result of asynchronous work; in a thread of its own where a loop runs already, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return loops.run(work)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(loops.run, work).result()


@asynccontextmanager
async def _models(serving: Serving | Batches) -> AsyncIterator[tuple[Models, int]]:
    if isinstance(serving, Serving):
        async with serving.opened() as models:
            yield models, serving.width
    else:
        yield {"writer": Batched(serving)}, BATCH


class Batched:
    """A serving of DataFlow as a model: what is asked at the same time goes to it together.

    Where the serving fails on a batch, the batch is halved, so that a request it fails on fails alone.
    """

    def __init__(self, serving: Batches) -> None:
        self._serving = serving
        self._waiting: list[tuple[Request, asyncio.Future[str | None]]] = []
        self._sending: asyncio.Task[None] | None = None

    async def complete(self, request: Request, place: Place) -> Reply:
        """The answer to one request; where the serving gives none, it is asked again.

        Raises:
            ModelError: it gave none ``TRIES`` times, or failed on this request.
        """
        for _ in range(TRIES):
            answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
            self._waiting.append((request, answer))
            if self._sending is None or self._sending.done():
                self._sending = asyncio.create_task(self._send())
            text = await answer
            if text is not None:
                return Reply(text=text)
        raise ModelError(f"the serving gave no answer, {TRIES} times", where=type(self._serving).__name__)

    async def _send(self) -> None:
        while self._waiting:
            before = -1
            while before != len(self._waiting):  # whoever can go on asks before anything is sent
                before = len(self._waiting)
                await asyncio.sleep(0)
                await asyncio.sleep(0)
            batch, self._waiting = self._waiting, []
            self._answer(batch)
            await asyncio.sleep(0)

    def _answer(self, batch: Sequence[tuple[Request, asyncio.Future[str | None]]]) -> None:
        alike: dict[str, list[tuple[Request, asyncio.Future[str | None]]]] = {}
        for request, answer in batch:
            alike.setdefault(_form(request), []).append((request, answer))
        for group in alike.values():
            self._together(group)

    def _together(self, group: Sequence[tuple[Request, asyncio.Future[str | None]]]) -> None:
        try:
            found = self._generate([request for request, _ in group])
            if not isinstance(found, list) or len(found) != len(group):
                raise ValueError(f"{len(group)} answers were due")
        except (
            Exception
        ) as error:  # whatever a serving raises is the failure of one request, once it is alone
            if len(group) > 1:
                half = len(group) // 2
                self._together(group[:half])
                self._together(group[half:])
            else:
                where = type(self._serving).__name__
                group[0][1].set_exception(ModelError(f"{type(error).__name__}: {error}"[:300], where=where))
            return
        for (_, answer), text in zip(group, found, strict=True):
            if not answer.done():  # else whoever asked has gone
                answer.set_result(text if isinstance(text, str) else None)

    def _generate(self, requests: Sequence[Request]) -> list[str | None]:
        """One call of the serving; the requests are of one form."""
        system, single = _split(requests[0])
        talks = getattr(self._serving, "generate_from_conversations", None)
        if not single and talks is not None:
            found: list[str | None] = talks([[dict(one) for one in request.messages] for request in requests])
            return found
        texts = [_flat(request) for request in requests]
        if system:
            return self._serving.generate_from_input(texts, system_prompt=system)
        return self._serving.generate_from_input(texts)  # type: ignore[call-arg]  # its own default


def _split(request: Request) -> tuple[str, bool]:
    """The system prompt of a request, and whether one message of the user's is all there is beside it."""
    first = request.messages[0]
    system = str(first["content"]) if first["role"] == "system" else ""
    return system, len(request.messages) == (2 if system else 1)


def _form(request: Request) -> str:
    system, single = _split(request)
    return f"{single}\n{system}"


def _flat(request: Request) -> str:
    """The messages but the system prompt as one text, for servings that take no conversations."""
    rest = [one for one in request.messages if one["role"] != "system"]
    if len(rest) == 1:
        return str(rest[0]["content"])
    return "\n\n".join(f"[{one['role']}]\n{one['content']}" for one in rest)
