"""The inferred world: calls run against a seeded population, and what they change is remembered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from threading import Lock
from typing import Any, Literal

import msgspec

from callsmith.masks import projected
from callsmith.records import Call, Change, Json, Parameter, Person, Result, Scene, Tool, Toolset
from callsmith.schema import first_error, valid
from callsmith.seeds import Rng, number
from callsmith.world.agreement.agreeing import agreed
from callsmith.world.agreement.settling import Rules, rules_of
from callsmith.world.inferred import changing, creating, reading
from callsmith.world.inferred.answers import Outcome
from callsmith.world.inferred.composed import composed, linked_as_they_are
from callsmith.world.inferred.computing import compute
from callsmith.world.inferred.enquiring import enquired
from callsmith.world.inferred.errand import Errand
from callsmith.world.inferred.inventing import invent
from callsmith.world.inferred.mending import mended
from callsmith.world.inferred.overlay import Overlay
from callsmith.world.inferred.pointing import first
from callsmith.world.inferred.refusals import Refusal, refused
from callsmith.world.inferred.resolving import resolved, scope_pointer
from callsmith.world.inferred.specs import Spec, specs_of, stated_in
from callsmith.world.inferred.untimely import untimely
from callsmith.world.inferred.within import within
from callsmith.world.scene import scene
from callsmith.world.stories.population import Population
from callsmith.world.stories.story import Entry

_READS = ("read", "list", "search")
_ANSWERS_KEPT = 512  # answers of one untouched world kept in memory
_KEPT = 16  # populations kept in memory
_populations: OrderedDict[tuple[str, int, str | None], Population] = OrderedDict()
_reach = Lock()  # to the order of what is kept


def moment_of(toolset: Toolset, seed: int) -> str:
    """When the world of a seed plays, unless another moment is asked for."""
    if not toolset.fixtures:
        return scene(seed).now
    return population_of(toolset, seed).scene.now


def population_of(toolset: Toolset, seed: int, now: str | None = None) -> Population:
    """The population of (toolset, seed), kept for the worlds to come."""
    if now is not None and now == moment_of(toolset, seed):
        now = None  # a world asked for at the moment it is about anyway is the same world
    key = (toolset.hash, seed, now)
    known = _populations.get(key) or Population(toolset, seed, now)
    with _reach:
        _populations[key] = known
        _populations.move_to_end(key)
        while len(_populations) > _KEPT:
            _populations.popitem(last=False)
    return known


class InferredWorld:
    """An executable, stateful environment inferred from a toolset; the same for the same seed in any process."""

    kind = "inferred"
    isolation: Literal["per_attempt", "read_only", "serial"] = "per_attempt"

    def __init__(self, toolset: Toolset, seed: int, now: str | None = None) -> None:
        self.toolset = toolset
        self.seed = seed
        self.population = population_of(toolset, seed, now)
        self.overlay = Overlay(self.population)
        self.specs = specs_of(toolset)
        self.twins: dict[str, int] = {}
        self.newcomers: dict[str, tuple[Person, tuple[str, ...]]] = {}  # whom a tool was last thought to add
        self.invented: dict[str, int] = {}  # the moment last thought of for a tool: an end follows its start
        self.sorts: dict[
            str, str
        ] = {}  # the sort that a name or an argument last thought of for a tool tells

    @property
    def scene(self) -> Scene:
        return self.population.scene

    @property
    def now(self) -> str:
        return self.population.clock.text

    async def call(self, call: Call) -> Result:
        """Runs one call. Nothing is raised for a bad call: the result then carries the product's error."""
        return self.run(call)

    def run(self, call: Call) -> Result:
        """``call`` without a coroutine.

        Reads of a world nobody has changed are answered from memory: planning, executing and replaying one
        conversation asks them several times over. Values are shared, so nobody may change a result.
        """
        spec = self.specs.get(call.name)
        if spec is None or self.overlay.changed or spec.tool.effect not in _READS:
            return self._run(call, spec)
        key = (call.name, msgspec.json.encode(call.arguments, order="sorted"))
        known = self.population.answers.get(key)
        if known is None:
            if len(self.population.answers) >= _ANSWERS_KEPT:
                self.population.answers.clear()
            known = self.population.answers[key] = self._run(call, spec)
        return Result(call.id, known.value, known.error)

    def _run(self, call: Call, spec: Spec | None) -> Result:
        if spec is None:
            return refused(call, "", "unknown_tool", f"There is no tool named {call.name}.")
        if not isinstance(call.arguments, Mapping):
            return refused(call, spec.toolkit, "invalid_argument", "The arguments are not a JSON object.")
        wrong = first_error(spec.tool.parameters, call.arguments)
        if wrong is not None:
            where = wrong[0].lstrip("/").replace("/", ".")
            message = f"{where}: {wrong[1]}" if where else wrong[1]
            return refused(call, spec.toolkit, "invalid_argument", message, param=where)
        errand = Errand(self, spec, call.arguments, stated_in(spec, call.arguments))
        refusal = resolved(errand)
        if refusal is None:
            behaviour = _BEHAVIOUR.get(spec.tool.deed)
            if behaviour is None:
                refusal = Refusal(
                    "unsupported", f"{call.name} needs knowledge this environment does not have."
                )
            elif (refusal := untimely(errand)) is None:
                outcome = behaviour(errand)
                if isinstance(outcome, Outcome):
                    return Result(call.id, projected(spec.tool, call.arguments, _answered(errand, outcome)))
                refusal = outcome
        return refused(
            call,
            spec.toolkit,
            refusal.code,
            refusal.message,
            param=refusal.param,
            noun=refusal.noun,
            id=refusal.id,
        )

    def changes(self) -> Sequence[Change]:
        """Net changes since the beginning, sorted by entity and record."""
        return self.overlay.changes()

    def digest(self) -> str:
        """A tagged hash of who this world is and its net changes; reads never move it."""
        made = blake2b(digest_size=16)
        made.update(f"{self.toolset.hash}\n{self.seed}\n".encode())
        made.update(self.overlay.encoded())
        return f"b2:{made.hexdigest()}"

    def records(self, entity: str) -> Sequence[Mapping[str, Json]]:
        """The records of an entity as they are now, oldest first."""
        if entity not in self.population.kinds:
            return ()
        return [entry.record for entry in self.overlay.entries(entity)]

    def scope_of(self, entity: str, record: Mapping[str, Json]) -> dict[str, Json]:
        """The arguments that address the container of a record: ``{"owner": ..., "repo": ...}``."""
        entry = self._entry(entity, record)
        return self._scope(entity, entry)

    def address_of(self, entity: str, record: Mapping[str, Json]) -> dict[str, Json]:
        """The arguments that name a record as the container to work in, with those of what it lies in itself."""
        own = {name: first(record, pointer) for name, pointer in self._scope_names(entity)}
        return {**self._scope(entity, self._entry(entity, record)), **own}

    def _scope(self, key: str, entry: Entry | None) -> dict[str, Json]:
        scope: dict[str, Json] = {}
        while entry is not None and self.population.kinds[key].entity.parent in entry.links:
            parent = self.population.kinds[key].entity.parent
            held = [item for item in self.overlay.entries(parent) if item.uid == entry.links[parent]]
            if not held:
                break
            for name, pointer in self._scope_names(parent):
                value = first(held[0].record, pointer)
                if first(held[0].record, "/primary") is True:
                    value = "primary"  # how the API lets one name the container that needs no naming
                if value is not None:
                    scope.setdefault(name, value)
            key, entry = parent, held[0]
        return scope

    def _entry(self, entity: str, record: Mapping[str, Json]) -> Entry | None:
        if entity not in self.population.kinds:
            return None
        pointer = self.population.kinds[entity].entity.id_pointer
        named = self.overlay.find(entity, first(record, pointer)) if pointer else self.overlay.entries(entity)
        for entry in named:
            if entry.record is record or entry.record == record:
                return entry
        return named[0] if named else None

    def _scope_names(self, parent: str) -> list[tuple[str, str]]:
        names: dict[str, str] = {}
        for spec in self.specs.values():
            for parameter in spec.inputs:
                if parameter.scope and parameter.refers == parent and parameter.name not in names:
                    names[parameter.name] = scope_pointer(self.population, parent, parameter)
        return list(names.items())

    def invent(self, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None:
        """A value a person might state for the parameter in this scene, or None when there is none to think of."""
        return within(self, tool, parameter, invent(self, tool, parameter, rng), rng)

    def strangers(self) -> Sequence[Person]:
        """People outside the cast, of whom any may come to be on record."""
        return self.population.strangers()

    def named(self, entity: str, value: Json) -> list[Entry]:
        """The records of an entity that a value names; ``me`` is the user."""
        if entity not in self.population.kinds:
            return []
        if value == "me" and self.population.people.get(entity.split(".")[0]) == entity:
            entries = self.overlay.entries(entity)
            if entity not in self.population.drawn:
                return list(entries[:1])
            return [e for e in entries if e.story is not None and e.story.subject == self.scene.user]
        return self.overlay.find(entity, value)

    def rules(self, key: str) -> Rules:
        """What has to agree in records of an entity."""
        known = self.population.rules.get(key)
        if known is None:
            known = self.population.rules[key] = rules_of(self.population.kinds[key].entity)
        return known

    def embedding(self, key: str) -> list[tuple[str, str, str]]:
        """Which entities show records of ``key`` whole: (entity, pointer of the list, pointer of the id in it)."""
        known = self.population.embeddings.get(key)
        if known is None:
            known = []
            pointer = self.population.kinds[key].entity.id_pointer
            for other, kind in self.population.kinds.items():
                for item in kind.entity.fields:
                    head, star, tail = item.pointer.partition("/*")
                    if other != key and star and item.refers == key and tail == pointer and "/*" not in tail:
                        known.append((other, head, tail))
            self.population.embeddings[key] = known
        return known


def _answered(errand: Errand, outcome: Outcome) -> Json:
    spec = errand.spec
    value = linked_as_they_are(errand, composed(errand, spec.answer(outcome)))
    if spec.tool.returns and not valid(spec.tool.returns, value):
        bits = number(spec.tool.name, msgspec.json.encode(outcome.arguments, order="sorted"))
        value = mended(
            spec.tool.returns, value, outcome.records[0] if outcome.records else None, bits, spec.toolkit
        )
    return agreed(value, spec.telling, outcome.records[0] if outcome.records else {}, outcome.earlier)


def _searched(errand: Errand) -> Outcome | Refusal:
    try:
        return reading.page(errand)
    except reading.QueryError as error:
        return Refusal("invalid_query", str(error), error.param)


def _computed(errand: Errand) -> Outcome | Refusal:
    if "enquired" in errand.spec.tool.hints:
        return enquired(errand)
    value = compute(errand.spec.tool, errand.arguments, errand.world.population.clock)
    if value is None:
        return Refusal("unsupported", f"{errand.spec.tool.name} cannot be computed here.")
    return Outcome(errand.arguments, records=(value,), total=1, around=value)


_BEHAVIOUR: dict[str, Callable[[Errand], Any]] = {
    "read": lambda errand: reading.one(errand, errand.spec.tool),
    "list": _searched,
    "search": _searched,
    "create": creating.create,
    "update": changing.update,
    "delete": changing.delete,
    "act": changing.act,
    "compute": _computed,
}
