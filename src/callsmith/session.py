"""A run's models, opened once, and the attempts that ask them: a recipe, then a judge."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import lru_cache, partial
from importlib import import_module
from pathlib import Path
from typing import Protocol

import msgspec

from callsmith import prompts as files
from callsmith.check import judge
from callsmith.config import Config
from callsmith.config_recipes import Recipe
from callsmith.doorstep import Doorstep
from callsmith.engine import frozen
from callsmith.errors import CallsmithError, ModelError, Unanswered
from callsmith.lanes import Lane, elsewhere
from callsmith.models.asking import Asking, Streaks
from callsmith.models.budget import Figures
from callsmith.models.opening import opened
from callsmith.packing import broken, packed
from callsmith.ports import Model
from callsmith.recipes.babble import babble
from callsmith.recipes.grounded import Parts
from callsmith.recipes.shared import Shared
from callsmith.records import Attempt, Role, Slot

CALLS = "calls.db"  # the journal of a run's calls to models, in its directory
WAITING = 32  # attempts that wait for their first call, at least, where a server takes few at once
RECIPES: dict[Recipe, str] = {
    "grounded": "callsmith.recipes.voiced",
    "agents": "callsmith.recipes.agents",
    "one_shot": "callsmith.recipes.one_shot",
    "from_dialogues": "callsmith.recipes.from_dialogues",
}


class ModelRecipe(Protocol):
    """A recipe in which models speak."""

    def __call__(self, parts: Parts, slot: Slot, number: int, asking: Asking, /) -> Awaitable[Attempt]: ...


_prompts = lru_cache(maxsize=4)(files.load)


@asynccontextmanager
async def session(parts: Parts, figures: Figures) -> AsyncIterator[Callable[[Slot, int], Awaitable[bytes]]]:
    """What makes attempts of a run that asks models. ``figures`` tell all the while what the calls use.

    Attempts in worlds that are not inferred live on a thread a toolset: while such a world answers, all others go on.
    """
    config = parts.settings
    journal = Path(config.out) / CALLS
    door = Doorstep(max(WAITING, *(model.concurrency for model in config.models.values())))
    models = opened(config.models, journal, config.limits, figures, door.admitted)
    async with models as it, AsyncExitStack() as stack:
        streaks = Streaks(config.limits.max_formless)
        here = _Bench(parts, it.models, streaks)
        stack.callback(here.close)
        lanes: dict[str, tuple[Lane, _Bench]] = {}
        for toolset in parts.worlds:
            lanes[toolset] = lane, bench = Lane(toolset), _Bench(parts, elsewhere(it.models), streaks)
            stack.push_async_callback(lane.close, bench.close)

        async def attempt(slot: Slot, number: int) -> bytes:
            await door.enter(slot.index, number)
            try:
                if slot.toolset not in lanes:
                    return await here.attempt(slot, number)
                lane, bench = lanes[slot.toolset]
                return await lane.run(bench.attempt(slot, number))
            except CallsmithError as error:  # the run ends: whoever has not begun need not
                door.close(error)
                raise
            finally:
                door.leave(slot.index, number)

        yield attempt


class _Bench:
    """Where attempts of one thread are made."""

    def __init__(self, parts: Parts, models: Mapping[Role, Model], streaks: Streaks) -> None:
        self._models = models
        self._streaks = streaks
        self._shared = shared_of(parts.settings, models)
        self._parts = msgspec.structs.replace(parts, shared=self._shared)

    async def attempt(self, slot: Slot, number: int) -> bytes:
        asking = Asking(self._models, slot.index, number, self._streaks)
        made = await attempted(self._parts, slot, number, asking)
        return packed(slot, made)

    def close(self) -> None:
        self._shared.close()


def shared_of(config: Config, models: Mapping[Role, Model]) -> Shared:
    """What attempts may know of one another in the run that is there."""
    run = Path(config.out)
    known = run if (run / "run.db").exists() else None
    return Shared(models, known, partial(frozen, block=config.block), config.one_shot.similarity)


async def attempted(parts: Parts, slot: Slot, number: int, asking: Asking) -> Attempt:
    """One attempt, judged; a model that gives no usable answer is its reason, one that never will ends the run.

    Raises:
        CallsmithError: no later request will fare better, or the run's limits allow none.
    """
    recipe: ModelRecipe = import_module(RECIPES[parts.settings.recipe]).attempt
    try:
        made = await recipe(parts, slot, number, asking)
        if made.conversation is None or made.rejected:
            return made
        odd = babble(made.conversation.messages)
        if odd and not parts.settings.judge.allow_babble:
            return msgspec.structs.replace(made, rejected=f"babble: {odd}"[:200])
        if not parts.settings.judge.on:
            return made
        return await judged(made, parts.settings, asking)
    except Unanswered as error:
        return Attempt(slot.index, number, None, rejected=f"unanswered: {error}"[:200])
    except ModelError as error:
        if error.lasting:
            raise
        return Attempt(slot.index, number, None, rejected=f"model: {error}"[:200])
    except CallsmithError:
        raise  # a limit is reached, or something is unusable: no later attempt would fare better
    except Exception as error:  # a bad conversation is data, not a crash; the reason is counted and shown
        return broken(slot, number, error)


async def judged(made: Attempt, config: Config, asking: Asking) -> Attempt:
    """An attempt that every check passed, with what the judge says of it."""
    assert made.conversation is not None
    prompts = _prompts(config.prompts)
    verdicts = await judge.judge(made.conversation, config.judge.keep, prompts, asking)
    used = dict(made.conversation.lineage.get("prompts", {}))
    used[judge.PROMPT] = prompts[judge.PROMPT].version
    conversation = msgspec.structs.replace(
        made.conversation, lineage={**made.conversation.lineage, "prompts": used}
    )
    failed = next((verdict for verdict in verdicts if verdict.outcome == "fail"), None)
    return msgspec.structs.replace(
        made,
        conversation=conversation,
        verdicts=[*made.verdicts, *verdicts],
        rejected=f"{failed.check}: {failed.reason}"[:200] if failed else "",
    )


def calls_of(config: Config) -> tuple[int, int]:
    """Calls that an attempt at one conversation makes at least and at most, its judge's included."""
    least, most = import_module(RECIPES[config.recipe]).calls(config)
    return (least + 1, most + 3) if config.judge.on else (least, most)
