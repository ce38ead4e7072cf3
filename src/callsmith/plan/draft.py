"""A plan in the making: each round is bound and executed as it is added, so the next can build on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from callsmith import seeds
from callsmith.errors import PlanUnfit
from callsmith.execute import arguments, call_id, perform, records_at, values_at
from callsmith.masks import masked
from callsmith.meaning import Ask, Bound, Detail, Listed, Pick, Reply, Round, Source, Step
from callsmith.plan.known import Known, yield_of
from callsmith.plan.naming import parts_of_name
from callsmith.ports import PeopledWorld, drive
from callsmith.records import Call, Entity, Json, Parameter, Scene, Tool
from callsmith.seeds import Rng

_TRIES = 12  # names thought of until one is free

T = TypeVar("T")


class Draft:
    """The rounds so far, what they executed, and what the assistant has seen."""

    def __init__(
        self,
        known: Known,
        world: PeopledWorld,
        fresh: Callable[[], PeopledWorld],
        rng: Rng,
        seed: int,
        turns: Sequence[float] = (),
    ):
        self.known = known
        self.world = world
        self.fresh = fresh  # another world in the state this one began in, for asking "what if"
        self.rng = rng
        self.seed = seed
        self.turns = [*turns]  # points from 0 up to 1 that the first choices go by, before chance does
        self.rounds: list[Round] = []
        self.executed: list[list[list[Bound]]] = []
        self.groups: list[list[Bound]] = []
        self.done: dict[str, Bound] = {}
        self.seen: dict[
            tuple[str, str], tuple[Pick, Mapping[str, Any]]
        ] = {}  # (entity, id) -> where it was found
        self.stated: set[str] = set()  # values the user has said, as text
        self.changed: set[tuple[str, str]] = set()  # (record id, field or tool) changed or done already
        self.stale: set[tuple[str, str]] = set()  # records acted on: what was shown of them holds no longer
        self.gone: set[tuple[str, str]] = set()  # records thrown away: nobody goes on with them
        self.made: set[tuple[str, str]] = set()  # records this talk brought about
        self.performed = 0  # calls the world has seen, those of abandoned intents included
        self.keyed: set[str] = set()  # keys by which the user has named records
        self.used: set[str] = set()  # ids of records already worked on
        self.equals: dict[
            str, list[tuple[Tool, Mapping[str, Source]]]
        ] = {}  # step -> calls that would do as well
        self.focus: tuple[str, str] | None = None  # (entity, id) the talk is about
        self.focused_at = 0  # the round in which it became so
        self.listed: tuple[str, Bound] | None = None  # the last list shown: (entity, its call)

    @property
    def scene(self) -> Scene:
        return self.world.scene

    def call(self, tool: Tool, given: Mapping[str, Source]) -> Bound:
        """Execute one call in a group of its own."""
        return self.calls([(tool, given)])[0]

    def calls(self, wanted: Sequence[tuple[Tool, Mapping[str, Source]]]) -> list[Bound]:
        """Execute calls that go out together.

        Raises:
            PlanUnfit: the world answers with an error, or the results would be too long to show.
        """
        group: list[Bound] = []
        ordinal = len(self.done)
        for offset, (tool, given) in enumerate(wanted):
            step = Step(f"s{ordinal + offset + 1}", tool.name, dict(masked(tool, given)))
            self._refuse_repeat(step)
            self.performed += 1
            bound = perform(step, self.done, self.world, call_id(self.seed, ordinal + offset))
            if bound.result.error:
                raise PlanUnfit(f"{tool.name} answers {bound.result.error}")
            group.append(bound)
        for bound in group:
            self.done[bound.step.id] = bound
            self._remember(bound)
        self.groups.append(group)
        return group

    def first_page(self, entity: Entity) -> frozenset[str]:
        """What a plain listing shows of an entity nobody can search by words or day: nothing else of it can be found.

        Empty when it can be searched, or when no listing answers without arguments.
        """
        finders = self.known.finders.get(entity.key, ())
        named = (entity.label_pointer, *parts_of_name(entity))
        if any(
            (p.klass == "query" and ":" in p.facet)
            or (p.filters and (p.filters in named or p.facet == "date_time"))
            for tool in finders
            for p in tool.inputs
        ):
            return frozenset()
        shown: set[str] = set()
        for tool in finders:
            if not any(parameter.required for parameter in tool.inputs):
                result = drive(self.world.call(Call("peek", tool.name, {})))
                item = yield_of(tool, entity.key)
                where = item.pointer if item is not None else ""
                shown.update(identity(entity, record) for _, record in records_at(result.value, where))
        return frozenset(shown)

    def _refuse_repeat(self, step: Step) -> None:
        wanted = arguments(step, self.done)
        for earlier in self.done.values():
            if earlier.call.name == step.tool and earlier.call.arguments == wanted:
                raise PlanUnfit("it was called just so before")

    def _remember(self, bound: Bound) -> None:
        tool = self.known.tools[bound.step.tool]
        for item in tool.yields:
            entity = self.known.entities.get(item.entity)
            if entity is None or not entity.id_pointer:
                continue
            for index, (_, record) in enumerate(records_at(bound.result.value, item.pointer)):
                key = (entity.key, identity(entity, record))
                if not key[1]:
                    continue
                pick = Pick(bound.step.id, item.pointer, {}, entity.id_pointer, index)
                first, known = self.seen.get(key, (pick, {}))
                self.seen[key] = (first, {**known, **record})  # the newest sight of it counts

    def turn_to(self, entity: Entity, record: Mapping[str, Any]) -> None:
        """Make a record what the talk is about."""
        self.focus = (entity.key, identity(entity, record))
        self.focused_at = len(self.rounds)

    def close(self, intent: str, ask: Ask, reply: Reply, said: str = "") -> None:
        """End the round: what was asked, what was called since the last round, how it is answered."""
        ask = self._once(ask)
        merged = self._together(self.groups)
        self.rounds.append(
            Round(intent, ask, [[bound.step for bound in group] for group in merged], reply, said)
        )
        self.executed.append(merged)
        self.groups = []

    def _once(self, ask: Ask) -> Ask:
        """The request without what it says twice, or what an earlier request said of the container."""
        before = {(item.parameter, str(item.values)) for done in self.rounds for item in done.ask.details}
        kept: list[Detail] = []
        for item in ask.details:
            if item in kept or (item.role == "names" and (item.parameter, str(item.values)) in before):
                continue
            kept.append(item)
        also = [self._once(other) for other in ask.also]
        return msgspec.structs.replace(ask, details=kept, also=also)

    def _together(self, groups: Sequence[Sequence[Bound]]) -> list[list[Bound]]:
        """Let calls that do not need one another's results go out together."""
        merged: list[list[Bound]] = []
        for group in groups:
            if merged and self._independent(merged[-1], group):
                merged[-1].extend(group)
            else:
                merged.append(list(group))
        return merged

    def _independent(self, first: Sequence[Bound], second: Sequence[Bound]) -> bool:
        reads = ("read", "list", "search", "compute")
        kinds = {self.known.tools[bound.step.tool].effect in reads for bound in (*first, *second)}
        earlier = {bound.step.id for bound in first}
        return len(kinds) == 1 and not any(earlier & needed(bound.step) for bound in second)

    def records_of(self, bound: Bound, entity: str) -> list[Mapping[str, Any]]:
        """The records of an entity that a result shows."""
        item = yield_of(self.known.tools[bound.step.tool], entity)
        if item is None:
            return []
        return [
            record
            for _, record in records_at(bound.result.value, item.pointer)
            if isinstance(record, Mapping)
        ]

    def choice(self, options: Sequence[T]) -> T:
        """One of the options.

        Raises:
            PlanUnfit: there is none.
        """
        if not options:
            raise PlanUnfit("nothing to choose from")
        return options[int(self._point() * len(options))]

    def weighted(self, weights: Sequence[float]) -> int:
        """An index drawn with probability proportional to its weight."""
        return seeds.at(weights, self._point())

    def _point(self) -> float:
        return self.turns.pop(0) if self.turns else self.rng.random()

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability


def invented(draft: Draft, tool: Tool, parameter: Parameter) -> Json | None:
    """A value, and if it is the name of what is made in nothing else, one that nothing there bears.

    Raises:
        PlanUnfit: whatever comes to mind is taken.
    """
    entity = draft.known.entities.get(tool.entity)
    if (
        tool.deed != "create"
        or entity is None
        or not parameter.sets
        or parameter.sets != entity.label_pointer
    ):
        return draft.world.invent(tool, parameter, draft.rng)
    taken = {
        str(name).casefold()
        for record in draft.world.records(entity.key)
        for name in values_at(record, entity.label_pointer)
    }
    for _ in range(_TRIES):
        value = draft.world.invent(tool, parameter, draft.rng)
        if str(value).casefold() not in taken:
            return value
    raise PlanUnfit(f"there is a {entity.noun} of any name that comes to mind")


def identity(entity: Entity, record: Mapping[str, Any]) -> str:
    """What tells a record from all others: its own id where it has one, since numbers repeat across containers."""
    if "id" in record:
        return str(record["id"])
    found = values_at(record, entity.id_pointer) if entity.id_pointer else []
    return str(found[0]) if found else ""


def needed(step: Step) -> set[str]:
    """The earlier steps a step takes values from."""
    found: set[str] = set()
    for source in step.arguments.values():
        items = source.items if isinstance(source, Listed) else [source]
        found.update(item.step for item in items if isinstance(item, Pick))
    return found
