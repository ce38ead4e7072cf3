"""How well a judge tells good rows from rows with a known fault, and the threshold that follows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import hypot, sqrt
from statistics import NormalDist

from msgspec import Struct

from callsmith import seeds
from callsmith.check import judge
from callsmith.config_recipes import Criterion
from callsmith.errors import ModelError, Unanswered
from callsmith.models.asking import Asking
from callsmith.planted.faults import plant
from callsmith.ports import Model
from callsmith.prompts import Prompt
from callsmith.records import Conversation, Role, Toolset

GOOD = ""  # the fault of a row as it was accepted
MISSED = 0.05  # of intervals, the share that do not hold what they are of
POINTS = range(2, 6)  # thresholds worth asking about: all rows have one point at least


class Judged(Struct, frozen=True):
    """One row put before the judge: the fault planted in it, and its points by criterion (none: no verdict came)."""

    fault: str
    points: Mapping[str, int]


class Measure(Struct, frozen=True):
    """What a threshold is worth for one fault.

    ``recall``: the share of faulty rows it refuses; ``precision``: the share of refused rows that are faulty, if good
    and faulty rows were equally many.
    """

    fault: str
    rows: int
    recall: float
    precision: float


class Threshold(Struct, frozen=True):
    """A criterion with the points a row needs, and how well that parts faulty from good.

    ``gain`` is Youden's J: recall over all faults less the share of good rows refused (0: no better than a coin).
    ``low`` and ``high`` hold it as Newcombe has it for the difference of two shares. Nineteen times in twenty they$
    for all thresholds of a calibration together, since the best of them is looked at (Bonferroni).
    """

    criterion: str
    points: int
    recall: float
    alarms: float
    gain: float
    low: float
    high: float


def sample(
    rows: Sequence[Conversation],
    toolset_of: Callable[[Conversation], Toolset | None],
    faults_a_row: int,
    seed: int,
) -> Iterator[tuple[str, Conversation]]:
    """Each row as it is and with up to ``faults_a_row`` faults, those planted least so far first."""
    planted: dict[str, int] = {}
    for row in rows:
        yield GOOD, row
        found = list(plant(row, toolset_of(row), seeds.rng(seed, row.id, "calibrate")))
        found.sort(key=lambda each: planted.get(each.fault, 0))
        for each in found[:faults_a_row]:
            planted[each.fault] = planted.get(each.fault, 0) + 1
            yield each.fault, each.conversation


async def put_before(
    judges: Mapping[Role, Model],
    cases: Sequence[tuple[str, Conversation]],
    prompts: Mapping[str, Prompt],
    told: Callable[[int], None] = lambda _: None,
) -> list[Judged]:
    """The judge's points for each case. A case it gives no verdict on has none.

    Raises:
        ModelError: no model will answer, whatever is asked.
    """
    done = 0

    async def one(place: int, fault: str, row: Conversation) -> Judged:
        nonlocal done
        try:
            verdicts = await judge.judge(row, {}, prompts, Asking(judges, place, 0))
        except Unanswered:
            verdicts = []
        except ModelError as error:
            if error.lasting:
                raise
            verdicts = []
        done += 1
        told(done)
        return Judged(fault, judge.points_of(verdicts))

    return list(await asyncio.gather(*(one(place, *case) for place, case in enumerate(cases))))


def measures(judged: Sequence[Judged], keep: Mapping[Criterion, int]) -> list[Measure]:
    """What the thresholds in ``keep`` are worth for each fault."""
    seen = [each for each in judged if each.points]
    alarms = _share([each for each in seen if each.fault == GOOD], keep)
    found = []
    for fault in sorted({each.fault for each in seen} - {GOOD}):
        rows = [each for each in seen if each.fault == fault]
        recall = _share(rows, keep)
        found.append(
            Measure(fault, len(rows), recall, recall / (recall + alarms) if recall + alarms else 0.0)
        )
    return found


def thresholds(judged: Sequence[Judged]) -> list[Threshold]:
    """Every criterion and threshold, the one that parts faulty from good best first.

    Of equals, the lower threshold of the criterion named first comes first: it refuses less.
    """
    seen = [each for each in judged if each.points]
    good = [each for each in seen if each.fault == GOOD]
    bad = [each for each in seen if each.fault != GOOD]
    found = []
    many = len(judge.CRITERIA) * len(POINTS)
    for criterion in judge.CRITERIA:
        for points in POINTS:
            recall, alarms = _share(bad, {criterion: points}), _share(good, {criterion: points})
            low, high = difference(recall, len(bad), alarms, len(good), MISSED / many)
            found.append(Threshold(criterion, points, recall, alarms, recall - alarms, low, high))
    return sorted(found, key=lambda each: -each.gain)


def difference(
    one: float, ones: int, other: float, others: int, missed: float = MISSED
) -> tuple[float, float]:
    """The interval of what a share of ``ones`` draws has over a share of ``others``."""
    one_low, one_high = wilson(one, ones, missed)
    other_low, other_high = wilson(other, others, missed)
    low = one - other - hypot(one - one_low, other_high - other)
    return max(-1.0, low), min(1.0, one - other + hypot(one_high - one, other - other_low))


def wilson(share: float, draws: int, missed: float = MISSED) -> tuple[float, float]:
    """Wilson's interval of a share, which fails to hold it ``missed`` of the time."""
    if not draws:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(1 - missed / 2)
    middle = share + z * z / (2 * draws)
    spread = z * sqrt(share * (1 - share) / draws + z * z / (4 * draws * draws))
    scale = 1 + z * z / draws
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def _share(rows: Sequence[Judged], keep: Mapping[Criterion, int]) -> float:
    """The share of rows that thresholds refuse."""
    refused = [any(each.points[name] < points for name, points in keep.items()) for each in rows]
    return sum(refused) / len(refused) if refused else 0.0
