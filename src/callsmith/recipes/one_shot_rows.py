"""A conversation written at once as an attempt: its calls carried out, every check asked, its faults in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from msgspec import Struct, structs

from callsmith import seeds
from callsmith.check.run import judge
from callsmith.config_recipes import Clarity
from callsmith.plan.known import known
from callsmith.ports import PeopledWorld, World
from callsmith.prompts import Prompt
from callsmith.recipes.carrying_out import CarriedOut, carried_out, told_faults
from callsmith.recipes.dialogue_plan import said_fault
from callsmith.recipes.dialogue_writing import Judged
from callsmith.recipes.grounded import Parts, definition, row_id, world_of
from callsmith.recipes.scenarios import Cast, Setting
from callsmith.recipes.system_prompts import Form, lineage
from callsmith.records import (
    Assistant,
    Attempt,
    Conversation,
    Json,
    Message,
    Slot,
    System,
    Tape,
    Toolset,
    User,
    WorldState,
)
from callsmith.seeds import Rng
from callsmith.world.journal import Journal, digest

TOLD = "told"  # the kind of a world that nothing executes
SAID = 70  # characters by which a message is known


class Stage(Struct, frozen=True):
    """Everything one attempt is made of before the conversation is written."""

    toolset: Toolset
    world: PeopledWorld
    setting: Setting
    form: Form  # of the system prompt, unless calls take something from it
    prompts: Mapping[str, Prompt]
    clarity: Clarity
    rng: Rng


class Matter(Struct, frozen=True):
    """What the conversation is about, and with which tools."""

    workflow: str
    scenario: str
    cast: Cast
    records: Mapping[str, Json]
    written_with: Sequence[str]  # tools that the writer of the conversation is shown
    offered: Sequence[str]  # tools of the row
    form: Form  # of the system prompt
    system: str  # "" for none


class Talk:
    """Makes an attempt of a conversation that was written: its calls carried out, every check asked."""

    def __init__(
        self, parts: Parts, slot: Slot, number: int, stage: Stage, matter: Matter, journal: Journal
    ) -> None:
        self.parts = parts
        self.stage = stage
        self.matter = matter
        self._slot = slot
        self._number = number
        self._journal = journal
        self._maker = parts.worlds.get(slot.toolset)
        self._last: tuple[CarriedOut, World, int] | None = None

    async def judged(self, messages: Sequence[Message], turn: int) -> Judged:
        """What was written, carried out in a world as it was in the beginning.

        A world that is not ours is asked nothing again that it answered when the conversation was last written.
        """
        slot, stage, draft = self._slot, self.stage, turn + 1
        if self._last is not None:
            self._journal.pass_on(self._last[2], draft)
        world = world_of(stage.toolset, self._maker, slot.seed, self._journal, draft)
        seed = seeds.number(self.parts.seed, slot.toolset, slot.index, self._number, "one_shot")
        carried = await carried_out(messages, world, known(stage.toolset).tools, self._maker, seed)
        self._last = carried, world, draft
        return self._of(self.matter.system)

    def again(self, system: str) -> Judged:
        """The last conversation with a system prompt to which a writer added something."""
        return self._of(system, ["system"])

    def _of(self, system: str, more: Sequence[str] = ()) -> Judged:
        assert self._last is not None
        carried, world, draft = self._last
        messages: list[Message] = [*([System(system)] if system else []), *carried.messages]
        state = self._state(carried, world)
        live = self._maker is not None and self._maker.live
        tape = Tape(self._journal.calls, draft) if live else None
        untraced = self._row(messages, state, more)
        verdicts, origins = judge(untraced, self.stage.toolset, None, again=self._world_again(state, tape))
        failed = [verdict for verdict in verdicts if verdict.outcome == "fail"]
        words = [*_words(messages, self.stage), *told_faults(carried.told, known(self.stage.toolset).tools)]
        rejected = (
            f"{failed[0].check}: {failed[0].reason}" if failed else f"words: {words[0]}" if words else ""
        )
        made = Attempt(
            self._slot.index,
            self._number,
            structs.replace(untraced, provenance=origins),
            verdicts,
            rejected[:200],
            tape=tape,
            note=self.matter.scenario,
        )
        faults = [_placed(verdict.reason, verdict.message, messages) for verdict in failed]
        return Judged(made, carried.messages, [*faults, *words])

    def _world_again(self, state: WorldState, tape: Tape | None) -> Callable[[], World] | None:
        """What gives the world once more, where it is not inferred."""
        if self._maker is None or state.kind == TOLD:
            return None
        kept = [item for item in tape.calls if item.draft == tape.kept] if tape is not None else []
        return partial(self._maker.again, state, self.stage.toolset, kept)

    def _state(self, carried: CarriedOut, world: World) -> WorldState:
        slot, toolset = self._slot, self.stage.toolset
        now = self.stage.world.scene.now
        if carried.told:
            before = digest(TOLD, toolset, slot.seed, [])
            return WorldState(
                TOLD, slot.seed, toolset.hash, now, before, digest(TOLD, toolset, slot.seed, carried.told)
            )
        fresh = world_of(toolset, self._maker, slot.seed, Journal(), 0)
        return WorldState(world.kind, slot.seed, toolset.hash, now, fresh.digest(), world.digest())

    def _row(self, messages: Sequence[Message], state: WorldState, more: Sequence[str]) -> Conversation:
        stage, slot, matter = self.stage, self._slot, self.matter
        index = known(stage.toolset)
        names = ["scenario", "cast", "dialogue", "correction", *more]
        names += [f"kinds/{slot.kind}", f"clarity/{stage.clarity}"]
        names += ["withheld"] if slot.kind == "no_tool" else []
        names += ["choice"] if slot.kind != "chat" else []
        names += ["workflow"] if not self.parts.settings.one_shot.workflow_description.strip() else []
        used = sorted(f"one_shot/{name}" for name in names)
        told: dict[str, Json] = {
            "recipe": "one_shot",
            "prompts": {name: stage.prompts[name].version for name in used},
            **lineage(matter.form),
            "scenario": matter.scenario,
            "company": matter.cast.company,
            "persona": matter.cast.persona,
            "disposition": matter.cast.disposition,
            "clarity": stage.clarity,
        }
        if held_out(self.parts.seed, slot, self.parts.settings.one_shot.held_out):
            told["split"] = "test"
        return Conversation(
            tools=[definition(index.tools[name]) for name in matter.offered],
            messages=messages,
            id=row_id(self.parts.seed, slot, stage.toolset),
            kind=slot.kind,
            locale=stage.setting.locale,
            intent="one_shot",
            world=state,
            lineage=told,
        )


def held_out(seed: int, slot: Slot, share: float) -> bool:
    """Whether a slot's row is one of its toolset's for evaluation."""
    return seeds.rng(seed, slot.toolset, slot.index, "held_out").random() < share


def _words(messages: Sequence[Message], stage: Stage) -> list[str]:
    """What is wrong with how people and assistant speak."""
    found = []
    for index, message in enumerate(messages):
        if isinstance(message, User | Assistant):
            blank = isinstance(message, Assistant) and bool(message.calls)
            wrong = said_fault(message.text, stage.setting.tools, stage.setting.locale, blank=blank)
            if wrong:
                found.append(_placed(f"the message {wrong}", index, messages))
    return found


def _placed(reason: str, at: int | None, messages: Sequence[Message]) -> str:
    """What is wrong, with the message it is wrong with as its writer knows it."""
    message = messages[at] if at is not None and at < len(messages) else None
    if isinstance(message, User | Assistant) and message.text:
        tag = "user" if isinstance(message, User) else "assistant"
        text = " ".join(message.text.split())
        return f"<{tag}>{text[:SAID]}{'…' if len(text) > SAID else ''}: {reason}"
    if isinstance(message, Assistant) and message.calls:
        return f"the call of {message.calls[0].name}: {reason}"
    return reason
