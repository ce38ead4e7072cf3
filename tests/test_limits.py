"""How many requests an endpoint is given at once, and in which order: never too many, none left behind."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callsmith.config_models import Limits, Price
from callsmith.doorstep import Doorstep
from callsmith.errors import BudgetSpent
from callsmith.models.budget import Budget
from callsmith.models.limits import FAIR, Limit, Outcome, Patience
from callsmith.records import Place, Usage

REQUESTS = st.tuples(
    st.integers(1, 9), st.integers(0, 3), st.sampled_from(["ok", "ok", "429", "drop", "gone"])
)
OUTCOMES: dict[str, Outcome] = {"ok": "answered", "429": "refused"}


@settings(deadline=None, max_examples=60)
@given(
    st.integers(1, 20),
    st.lists(REQUESTS, max_size=60),
)
def test_never_more_than_the_ceiling_and_every_one_is_served(
    ceiling: int, requests: list[tuple[int, int, str]]
) -> None:
    async def main() -> None:
        limit = Limit(ceiling)
        inside = served = 0

        async def one(left: int, prefix: int, how: str) -> None:
            nonlocal inside, served
            epoch = await limit.enter(left, prefix)
            inside += 1
            assert inside <= limit.in_flight <= ceiling
            try:
                await asyncio.sleep(0)
                served += 1
            finally:
                inside -= 1
                limit.leave(epoch, OUTCOMES.get(how, "failed"))

        tasks = [asyncio.create_task(one(*request)) for request in requests]
        await asyncio.sleep(0)
        gone = [task for task, (*_, how) in zip(tasks, requests, strict=True) if how == "gone"]
        for task in gone[::2]:
            task.cancel()
        while not all(task.done() for task in tasks):
            limit._resume()  # the pauses of a full endpoint are over at once here
            await asyncio.sleep(0)
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(end is None or isinstance(end, asyncio.CancelledError) for end in ends)
        assert (limit.in_flight, limit.waiting) == (0, 0)
        assert served >= len(requests) - len(gone)

    asyncio.run(main())


def test_most_left_goes_first_then_what_shares_a_prefix_then_who_came_first() -> None:
    async def main() -> list[str]:
        limit, order = Limit(1), []
        held = await limit.enter()

        async def one(name: str, left: int, prefix: int) -> None:
            epoch = await limit.enter(left, prefix)
            order.append(name)
            limit.leave(epoch, "answered")

        waiting = [("late", 1, 7), ("early 1", 6, 9), ("early 2", 6, 4), ("early 3", 6, 9), ("early 4", 6, 4)]
        tasks = [asyncio.create_task(one(*each)) for each in waiting]
        await asyncio.sleep(0)
        limit.leave(held, "answered")
        await asyncio.gather(*tasks)
        return order

    assert asyncio.run(main()) == ["early 2", "early 4", "early 1", "early 3", "late"]


def test_none_waits_for_ever_however_many_go_first() -> None:
    async def main() -> int:
        limit = Limit(2)
        passed = 0
        done = asyncio.Event()

        async def eager() -> None:
            nonlocal passed
            while not done.is_set():
                epoch = await limit.enter(9)
                await asyncio.sleep(0)
                passed += 1
                limit.leave(epoch, "answered")

        crowd = [asyncio.create_task(eager()) for _ in range(20)]
        await asyncio.sleep(0)
        epoch = await limit.enter(1)
        done.set()
        limit.leave(epoch, "answered")
        await asyncio.gather(*crowd)
        return passed

    # At its turn among those that came before it, 20 of them, each sixteenth grant.
    assert asyncio.run(main()) <= FAIR * 25


async def _served(limit: Limit, calls: int, answer: Any) -> float:
    """Run calls against ``answer(in_flight) -> answered``; the mean of what was allowed over the second half."""
    allowed = []

    async def one() -> None:
        while True:
            epoch = await limit.enter()
            if not answer(limit.in_flight):
                limit.leave(epoch, "refused", 0.01)
                await asyncio.sleep(0.002)
                continue
            await asyncio.sleep(0.001)
            allowed.append(limit.allowed)
            return limit.leave(epoch, "answered")

    await asyncio.gather(*(one() for _ in range(calls)))
    half = allowed[len(allowed) // 2 :]
    return sum(half) / len(half)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("ceiling", [4, 64, 256])
def test_one_in_twenty_refused_at_random_shrinks_nothing(ceiling: int, seed: int) -> None:
    chance = random.Random(seed)
    mean = asyncio.run(_served(Limit(ceiling), 3000, lambda _: chance.random() > 0.05))
    assert mean > 0.85 * ceiling


@pytest.mark.parametrize("room", [1, 8, 60])
def test_what_an_endpoint_really_takes_is_found(room: int) -> None:
    tries = 0

    def answer(in_flight: int) -> bool:
        nonlocal tries
        tries += 1
        return in_flight <= room

    mean = asyncio.run(_served(Limit(256), 1500, answer))
    assert room * 0.7 <= mean <= room * 1.3 + 1
    assert tries < 1500 * 1.5  # it is not hammered


def test_a_closed_door_is_waited_at_and_gone_through_again() -> None:
    async def main() -> tuple[float, int]:
        loop, tries = asyncio.get_running_loop(), 0
        opens = loop.time() + 0.7

        def answer(_: int) -> bool:
            nonlocal tries
            tries += 1
            return loop.time() > opens

        return await _served(Limit(64), 2000, answer), tries

    mean, tries = asyncio.run(main())
    assert mean > 40
    assert tries < 2000 + 400


def test_patience_follows_the_longest_of_late_and_grows_when_it_was_too_short() -> None:
    async def main() -> None:
        patience = Patience(300.0)
        for _ in range(Patience.ENOUGH - 1):
            patience.took(2.0)
        assert patience.seconds() == 300.0
        patience.took(4.0)
        assert patience.seconds() == 12.0
        assert patience.seconds(given_up=1) == 24.0
        assert patience.seconds(given_up=9) == 300.0
        for _ in range(Patience.OF_LATE * 2):
            patience.took(0.1)
        assert patience.seconds() == Patience.LEAST

    asyncio.run(main())


def test_what_hung_before_patience_was_learned_is_held_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Patience, "LEAST", 0.1)

    async def main() -> float:
        loop, patience = asyncio.get_running_loop(), Patience(300.0)
        began = loop.time()
        hung = [asyncio.create_task(patience.over(asyncio.sleep(200))) for _ in range(3)]
        answers = [asyncio.create_task(patience.over(asyncio.sleep(0.001 * n))) for n in range(40)]
        ends = await asyncio.gather(*hung, *answers, return_exceptions=True)
        assert [type(end) for end in ends] == [TimeoutError] * 3 + [type(None)] * 40
        return loop.time() - began

    assert asyncio.run(main()) < 2


@pytest.mark.parametrize("stands_still", [False, True])
def test_what_others_overtake_is_given_up_and_what_stands_still_with_them_is_not(
    stands_still: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Patience, "LEAST", 0.01)

    async def main() -> str:
        patience = Patience(300.0)
        for _ in range(40):
            await patience.over(asyncio.sleep(0.001))
        patience.took(0.4)
        call = asyncio.create_task(patience.over(asyncio.sleep(0.9, "late")))
        until = asyncio.get_running_loop().time() + 0.85
        while not call.done() and asyncio.get_running_loop().time() < until:
            await (asyncio.sleep(0.02) if stands_still else patience.over(asyncio.sleep(0.02)))
        try:
            return await call
        except TimeoutError:
            return "given up"

    assert asyncio.run(main()) == ("late" if stands_still else "given up")


def test_what_an_idle_endpoint_keeps_too_long_is_asked_beside_until_that_gives_an_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Patience, "BESIDE", 0.02)
    monkeypatch.setattr(Patience, "BETWEEN", 0.02)

    async def main(idle: bool) -> tuple[str, int]:
        patience = Patience(300.0, lambda: idle)
        for _ in range(Patience.ENOUGH + 1):
            await patience.over(asyncio.sleep(0.001))
        asked: list[int] = []

        async def again() -> str | None:
            asked.append(1)
            return "beside" if len(asked) == 3 else None

        given = await patience.over(asyncio.sleep(0.4, "first"), again=again)
        return given, len(asked)

    assert asyncio.run(main(idle=True)) == ("beside", 3)
    assert asyncio.run(main(idle=False)) == ("first", 0)


def test_a_call_that_fits_if_those_in_flight_use_little_waits_for_them() -> None:
    async def main(used: int) -> str:
        budget = Budget(Limits(max_tokens=2500))
        await budget.open()
        budget.close(Usage(1000), Price())  # so that each is expected to use as much
        await budget.open()
        second = asyncio.create_task(budget.open())
        await asyncio.sleep(0)
        assert not second.done()
        budget.close(Usage(used), Price())
        try:
            await second
        except BudgetSpent as spent:
            return str(spent)
        return "let in"

    assert asyncio.run(main(10)) == "let in"
    assert "max_tokens" in asyncio.run(main(1400))


# ---------------------------------------------------------------- before the first call


def test_few_attempts_begin_before_their_first_call_has_its_place_the_lowest_slot_first() -> None:
    begun: list[int] = []

    async def attempt(door: Doorstep, slot: int, ended: asyncio.Event) -> None:
        await door.enter(slot, 0)
        begun.append(slot)
        try:
            await ended.wait()
        finally:
            door.leave(slot, 0)

    async def work() -> None:
        door, ended = Doorstep(2), asyncio.Event()
        tasks = {slot: asyncio.create_task(attempt(door, slot, ended)) for slot in (7, 5, 9, 6, 8, 3)}
        await asyncio.sleep(0)
        assert begun == [7, 5]
        door.admitted(Place(5, 0, 0))
        door.admitted(Place(5, 0, 1))  # its further calls let nobody in
        door.admitted(Place(-1, 0, 0))  # nor do those of no attempt
        await asyncio.sleep(0)
        assert begun == [7, 5, 3]
        door.admitted(Place(7, 0, 0))
        tasks[6].cancel()  # whose turn it is
        for _ in range(3):
            await asyncio.sleep(0)
        assert begun == [7, 5, 3, 8]
        door.close(BudgetSpent("enough"))
        ended.set()
        ends = await asyncio.gather(*tasks.values(), return_exceptions=True)
        assert [type(end).__name__ for end in ends] == [
            *("NoneType", "NoneType", "BudgetSpent", "CancelledError", "NoneType", "NoneType")
        ]
        with pytest.raises(BudgetSpent):
            await door.enter(10, 0)

    asyncio.run(work())
