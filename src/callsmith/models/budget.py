"""What calls to models have used so far, by role, and when that is enough."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from msgspec import Struct, field

from callsmith.config_models import Limits, Price
from callsmith.errors import BudgetSpent
from callsmith.records import Role, Usage

MILLION = 1_000_000
_ROUNDING = 1e-9


class Tally(Struct):
    """What one role asked. Tokens and cost are of calls that were paid for, in this command."""

    in_flight: int = 0
    found: int = 0  # answers a journal had
    answered: int = 0  # answers that were paid for
    retries: int = 0
    failed: int = 0  # calls that ended without an answer
    prompt: int = 0
    completion: int = 0
    cached: int = 0
    cost: float = 0.0
    unmetered: int = 0  # answers whose server does not say what they used; their tokens are estimated
    misfits: int = 0  # answers that are not of the form the server was told to hold them to


class Figures(Struct):
    """Live figures of the calls to models; read them at any time."""

    by_role: dict[Role, Tally] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)  # what a reader of the run should know, once each

    def note(self, text: str) -> None:
        """Remember something to be told, once."""
        if text not in self.notes:
            self.notes.append(text)

    @property
    def total(self) -> Tally:
        """All roles together."""
        whole = Tally()
        for tally in self.by_role.values():
            for name in Tally.__struct_fields__:
                setattr(whole, name, getattr(whole, name) + getattr(tally, name))
        return whole


class Budget:
    """What a run may use. Money and tokens count from the run's beginning, minutes from this command's.

    ``before``: (cost, tokens) of the run's earlier commands.
    """

    def __init__(self, limits: Limits, before: tuple[float, int] = (0.0, 0)) -> None:
        self._limits = limits
        self.cost, self.tokens = before
        self._calls = 0
        self._open = 0
        self._waiting: list[asyncio.Future[None]] = []  # calls that fit if those in flight use little
        self._since = (self.cost, self.tokens)
        self._began = asyncio.get_running_loop().time()
        self.spent: BudgetSpent | None = None

    async def open(self) -> None:
        """Account for one more call. Where it fits only if those in flight use less than expected, wait for them.

        Raises:
            BudgetSpent: a limit is reached, or would likely be passed by this call alone.
        """
        while self.spent is None:
            reached = self._reached()
            if reached is None:
                self._open += 1
                return
            if not self._open or self._over():
                self.spent = reached
                break
            closed = asyncio.get_running_loop().create_future()
            self._waiting.append(closed)
            await closed
        raise self.spent

    def close(self, usage: Usage | None, price: Price) -> float:
        """A call ended, with what it used; what that cost comes back."""
        self._open -= 1
        for closed in self._waiting:
            if not closed.done():
                closed.set_result(None)
        self._waiting.clear()
        if usage is None:
            return 0.0
        self._calls += 1
        paid = cost(usage, price)
        self.cost += paid
        self.tokens += usage.prompt + usage.completion
        return paid

    def _over(self) -> bool:
        """Whether a limit is reached whatever the calls in flight use."""
        limits = self._limits
        minutes = (asyncio.get_running_loop().time() - self._began) / 60
        return any(
            most and used >= most * (1 - _ROUNDING)
            for used, most in (
                (self.cost, limits.max_cost),
                (self.tokens, limits.max_tokens),
                (minutes, limits.max_minutes),
            )
        )

    def _reached(self) -> BudgetSpent | None:
        limits = self._limits
        minutes = (asyncio.get_running_loop().time() - self._began) / 60
        if limits.max_cost and self._exceeds(self.cost, self._since[0], limits.max_cost):
            near = "is reached" if self.cost >= limits.max_cost else "would likely be passed by the next call"
            what = f"max_cost of {limits.max_cost:g} {near}: {self.cost:.4g} spent"
            return BudgetSpent(what, hint="raise limits: max_cost and run the same command again")
        if limits.max_tokens and self._exceeds(self.tokens, self._since[1], limits.max_tokens):
            near = (
                "is reached"
                if self.tokens >= limits.max_tokens
                else "would likely be passed by the next call"
            )
            what = f"max_tokens of {limits.max_tokens:,} {near}: {self.tokens:,} used"
            return BudgetSpent(what, hint="raise limits: max_tokens and run the same command again")
        if limits.max_minutes and minutes >= limits.max_minutes:
            what = f"max_minutes of {limits.max_minutes:g} are over"
            return BudgetSpent(what, hint="run the same command again to go on")
        return None

    def _exceeds(self, used: float, since: float, most: float) -> bool:
        """Whether no more may be used, or one more call and the open ones would likely use more."""
        due = used + (used - since) / max(self._calls, 1) * (self._open + 1)
        return used >= most * (1 - _ROUNDING) or due > most * (1 + _ROUNDING)


def cost(usage: Usage, price: Price) -> float:
    """What tokens cost, in the currency of the prices."""
    cached = price.input if price.cached is None else price.cached
    fresh = max(0, usage.prompt - usage.cached)
    return (fresh * price.input + usage.cached * cached + usage.completion * price.output) / MILLION


def spent_before(used: Mapping[str, Usage], prices: Mapping[str, Price]) -> tuple[float, int]:
    """Cost and tokens of what a journal holds, by the names of the models."""
    money = sum(cost(usage, prices.get(model, Price())) for model, usage in used.items())
    return money, sum(usage.prompt + usage.completion for usage in used.values())
