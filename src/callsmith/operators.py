"""Operators from dialogues to conversations of calls, with the names and keywords of DataFlow's.

Each takes a serving (``serving.Serving``, or one of DataFlow's) and works on a storage (``tables.JsonlStorage``, or
one of DataFlow's), one row on its own: a row that cannot be done keeps its place, with the reason in the column
``failure_reason``, and later operators pass it by.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any

from msgspec import Struct

from callsmith.compose import scoring, talk, tasks
from callsmith.compose.functions import definition, functions, read_functions
from callsmith.compose.tasks import Prompts
from callsmith.errors import CallsmithError, ConfigError, ModelError, Unanswered, nearest
from callsmith.models.asking import Asking
from callsmith.prompts import load
from callsmith.records import Json
from callsmith.serving import Batches, Serving, answers
from callsmith.tables import Storage, columns_of, filled, rows_of, table_of

REASON = "failure_reason"

Job = Callable[[Asking, Prompts, Sequence[Json]], Awaitable[Sequence[Json]]]  # columns in, columns out
Served = Serving | Batches
Outcome = tuple[Sequence[Json] | None, str]  # what came of a row, or why nothing did


class Columns(Struct, frozen=True):
    """Which columns an operator reads and writes, in the order its job takes and gives them."""

    needs: Sequence[str]
    gives: Sequence[str]
    reason: str
    failed: Json = None  # what a row that cannot be done gets


class ScenarioExtractor:
    """The situation behind each dialogue."""

    def __init__(self, llm_serving: Served, *, prompts: str = "") -> None:
        self._serving, self._prompts = llm_serving, load(prompts)

    def run(
        self,
        storage: Storage,
        input_chat_key: str,
        output_key: str = "scenario",
        output_reason_key: str = REASON,
    ) -> list[str]:
        """Dialogues may be text, or messages in OpenAI or ShareGPT shape. Returns the columns written."""

        async def job(asking: Asking, prompts: Prompts, given: Sequence[Json]) -> Sequence[Json]:
            return [await tasks.scenario(asking, prompts, given[0])]

        columns = Columns([input_chat_key], [output_key], output_reason_key)
        return _run("ScenarioExtractor", self._serving, self._prompts, storage, columns, job)


class ScenarioExpander:
    """Another situation of the same form for each one."""

    def __init__(self, llm_serving: Served, *, prompts: str = "") -> None:
        self._serving, self._prompts = llm_serving, load(prompts)

    def run(
        self,
        storage: Storage,
        input_scenario_key: str,
        output_key: str = "modified_scenario",
        output_reason_key: str = REASON,
    ) -> list[str]:
        """Returns the columns written."""

        async def job(asking: Asking, prompts: Prompts, given: Sequence[Json]) -> Sequence[Json]:
            return [await tasks.expanded(asking, prompts, str(given[0]))]

        columns = Columns([input_scenario_key], [output_key], output_reason_key)
        return _run("ScenarioExpander", self._serving, self._prompts, storage, columns, job)


class AtomTaskGenerator:
    """A task of one step in each situation."""

    def __init__(self, llm_serving: Served, *, prompts: str = "") -> None:
        self._serving, self._prompts = llm_serving, load(prompts)

    def run(
        self,
        storage: Storage,
        input_scenario_key: str,
        output_key: str = "atom_task",
        output_reason_key: str = REASON,
    ) -> list[str]:
        """Returns the columns written."""

        async def job(asking: Asking, prompts: Prompts, given: Sequence[Json]) -> Sequence[Json]:
            return [await tasks.atomic(asking, prompts, str(given[0]))]

        columns = Columns([input_scenario_key], [output_key], output_reason_key)
        return _run("AtomTaskGenerator", self._serving, self._prompts, storage, columns, job)


class SequentialTaskGenerator:
    """For each task one that needs its result, and both as one."""

    def __init__(self, llm_serving: Served, *, prompts: str = "") -> None:
        self._serving, self._prompts = llm_serving, load(prompts)

    def run(
        self,
        storage: Storage,
        input_task_key: str,
        output_subsequent_task_key: str = "subsequent_task",
        output_composition_task_key: str = "composition_task",
        output_reason_key: str = REASON,
    ) -> list[str]:
        """Returns the columns written."""

        async def job(asking: Asking, prompts: Prompts, given: Sequence[Json]) -> Sequence[Json]:
            found = await tasks.sequential(asking, prompts, str(given[0]))
            return [*found.parts[1:], found.composition]

        gives = [output_subsequent_task_key, output_composition_task_key]
        columns = Columns([input_task_key], gives, output_reason_key)
        return _run("SequentialTaskGenerator", self._serving, self._prompts, storage, columns, job)


class ParaSeqTaskGenerator:
    """For each task one beside it, one that needs the results of both, and all three as one."""

    def __init__(self, llm_serving: Served, *, prompts: str = "") -> None:
        self._serving, self._prompts = llm_serving, load(prompts)

    def run(
        self,
        storage: Storage,
        input_task_key: str,
        output_parallel_task_key: str = "parallel_task",
        output_subsequent_task_key: str = "subsequent_task",
        output_composition_task_key: str = "composition_task",
        output_reason_key: str = REASON,
    ) -> list[str]:
        """Returns the columns written."""

        async def job(asking: Asking, prompts: Prompts, given: Sequence[Json]) -> Sequence[Json]:
            found = await tasks.parallel_sequential(asking, prompts, str(given[0]))
            return [*found.parts[1:], found.composition]

        gives = [output_parallel_task_key, output_subsequent_task_key, output_composition_task_key]
        columns = Columns([input_task_key], gives, output_reason_key)
        return _run("ParaSeqTaskGenerator", self._serving, self._prompts, storage, columns, job)


class CompositionTaskFilter:
    """Drops composed tasks that cannot be done from their parts, or do not ask for all of them."""

    def __init__(self, llm_serving: Served, *, prompts: str = "") -> None:
        self._serving, self._prompts = llm_serving, load(prompts)

    def run(
        self,
        storage: Storage,
        input_composition_task_key: str,
        input_sub_tasks_keys: Sequence[str],
        output_key: str = "runable_label",
        output_reason_key: str = REASON,
    ) -> list[str]:
        """Rows that are kept have 1. A row on which no judgement was had is kept too, with 0 and the reason.

        Returns the columns written.
        """

        async def job(asking: Asking, prompts: Prompts, given: Sequence[Json]) -> Sequence[Json]:
            composition, *parts = map(str, given)
            return [int((await tasks.feasible(asking, prompts, composition, parts))[0])]

        needs = [input_composition_task_key, *input_sub_tasks_keys]
        columns = Columns(needs, [output_key], output_reason_key, failed=0)
        return _run(
            "CompositionTaskFilter",
            self._serving,
            self._prompts,
            storage,
            columns,
            job,
            kept=lambda found: found[0],
        )


class FunctionGenerator:
    """The functions with which each composed task can be done, as the JSON of OpenAI definitions with ``returns``."""

    def __init__(self, llm_serving: Served, *, prompts: str = "") -> None:
        self._serving, self._prompts = llm_serving, load(prompts)

    def run(
        self,
        storage: Storage,
        input_composition_task_key: str,
        input_sub_tasks_keys: Sequence[str],
        output_key: str = "functions",
        output_reason_key: str = REASON,
    ) -> list[str]:
        """Returns the columns written."""

        async def job(asking: Asking, prompts: Prompts, given: Sequence[Json]) -> Sequence[Json]:
            composition, *parts = map(str, given)
            found = await functions(asking, prompts, composition, parts)
            return [json.dumps([definition(one) for one in found], ensure_ascii=False)]

        needs = [input_composition_task_key, *input_sub_tasks_keys]
        columns = Columns(needs, [output_key], output_reason_key)
        return _run("FunctionGenerator", self._serving, self._prompts, storage, columns, job)


class MultiTurnConversationGenerator:
    """A conversation about each composed task: user, assistant and functions, up to five rounds."""

    def __init__(self, llm_serving: Served, *, prompts: str = "") -> None:
        self._serving, self._prompts = llm_serving, load(prompts)

    def run(
        self,
        storage: Storage,
        input_task_key: str,
        input_sub_tasks_keys: Sequence[str],
        input_functions_key: str,
        output_conversations_key: str = "conversations",
        output_reason_key: str = REASON,
    ) -> list[str]:
        """Conversations are lists of messages in OpenAI shape, arguments as JSON text. Returns the columns written."""

        async def job(asking: Asking, prompts: Prompts, given: Sequence[Json]) -> Sequence[Json]:
            task, *parts = map(str, given[:-1])
            return [await talk.conversation(asking, prompts, task, parts, read_functions(given[-1]))]

        needs = [input_task_key, *input_sub_tasks_keys, input_functions_key]
        columns = Columns(needs, [output_conversations_key], output_reason_key)
        return _run("MultiTurnConversationGenerator", self._serving, self._prompts, storage, columns, job)


class FuncCallConversationSampleEvaluator:
    """A score from 1 to 5 for the use of functions in each conversation."""

    def __init__(self, llm_serving: Served, *, prompts: str = "") -> None:
        self._serving, self._prompts = llm_serving, load(prompts)

    def run(
        self,
        storage: Storage,
        input_conversation_key: str = "conversations",
        output_score_key: str = "score",
        output_reason_key: str = REASON,
        input_functions_key: str = "",
    ) -> list[str]:
        """Returns the columns written. A conversation without a usable judgement has no score, but a reason.

        ``input_functions_key``: a column of functions for the judge to see.
        """

        async def job(asking: Asking, prompts: Prompts, given: Sequence[Json]) -> Sequence[Json]:
            return [(await scoring.scored(asking, prompts, *given))[0]]

        needs = [input_conversation_key, *([input_functions_key] if input_functions_key else [])]
        columns = Columns(needs, [output_score_key], output_reason_key)
        return _run(
            "FuncCallConversationSampleEvaluator", self._serving, self._prompts, storage, columns, job
        )


# The names that two of them have in DataFlow since 1.0.
ScenarioExtractGenerator = ScenarioExtractor
ScenarioExpandGenerator = ScenarioExpander


def _run(
    operator: str,
    serving: Served,
    prompts: Prompts,
    storage: Storage,
    columns: Columns,
    job: Job,
    *,
    kept: Callable[[Sequence[Json]], Json] = lambda _: True,
) -> list[str]:
    """Do the job on every row that has what it needs, and write the table with what came of it.

    Raises:
        ConfigError: the table has no such column.
        ModelError: the model will never answer (a wrong key, an unknown model); nothing is written.
        BudgetSpent: a limit of the serving is reached; nothing is written.
    """
    table = table_of(storage)
    rows = rows_of(table)
    there = columns_of(table)
    for name in columns.needs if rows else ():
        if name not in there:
            raise ConfigError(f"{operator}: there is no column {name}", hint=nearest(name, there))

    def one(row: Mapping[str, Json]) -> Callable[[Asking], Coroutine[Any, Any, Outcome]]:
        async def done(asking: Asking) -> Outcome:
            if row.get(columns.reason):  # an earlier operator could not do it
                return None, str(row[columns.reason])
            found, why = await _outcome(row, columns, lambda given: job(asking, prompts, given))
            return found, why and f"{operator}: {why}"

        return done

    outcomes = answers(serving, [one(row) for row in rows])
    made: dict[str, list[Json]] = {
        name: [columns.failed if found is None else found[at] for found, _ in outcomes]
        for at, name in enumerate(columns.gives)
    }
    made[columns.reason] = [reason for _, reason in outcomes]
    keep = [found is None or bool(kept(found)) for found, _ in outcomes]
    storage.write(filled(table, made, keep))
    return [*columns.gives]


async def _outcome(
    row: Mapping[str, Json], columns: Columns, job: Callable[[Sequence[Json]], Awaitable[Sequence[Json]]]
) -> Outcome:
    """What a job gives for a row, or why it gives nothing."""
    given = [row.get(name) for name in columns.needs]
    missing = next(
        (name for name, value in zip(columns.needs, given, strict=True) if value in (None, "")), ""
    )
    if missing:
        return None, f"{missing} is missing"
    try:
        return await job(given), ""
    except ModelError as error:
        if error.lasting:
            raise
        return None, f"no answer: {error}"
    except CallsmithError:  # a limit is reached, a prompt cannot be used: no row would fare better
        raise
    except Unanswered as error:
        return None, str(error)
    except Exception as error:  # one row never fails the others
        return None, f"{type(error).__name__}: {error}"
