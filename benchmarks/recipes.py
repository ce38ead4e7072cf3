"""Tokens per conversation, recipe by recipe, for the same conversations: what each asks of models to get them.

A ghost writer stands in for the model. It knows conversations made without one, and says whatever a recipe asks for:
its turns in other words, the whole of it in markup, the next thing in a talk, points for it. So all recipes end in
conversations with the same turns, calls and tools, and none needs a correction: the figures are what each costs at
best. `from_dialogues` makes tools of its own, so its figures are of other conversations: one request, two or three
functions, a scripted model. Prompts are counted with tools; tokens are those of a byte-pair encoding trained on what
was sent. ``recipes.py [CONVERSATIONS]``
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any, get_args

import msgspec
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from callsmith import flow
from callsmith.config import Config, Toolkit
from callsmith.config_models import Endpoint
from callsmith.config_recipes import FromDialogues, OneShot, SystemPrompts
from callsmith.grammar import dml
from callsmith.models.asking import Asking
from callsmith.recipes import agents, dialogue_plan, from_dialogues, one_shot, voiced
from callsmith.recipes.grounded import Parts
from callsmith.recipes.shared import Shared
from callsmith.recipes.speakers import Person, Player
from callsmith.records import (
    Assistant,
    Attempt,
    Call,
    Kind,
    Message,
    Place,
    Reply,
    Request,
    Role,
    Slot,
    System,
    User,
)
from callsmith.rollout import Limits, Task, rollout
from callsmith.session import judged
from callsmith.world.journal import Journal
from results import keep

sys.path.append(str(Path(__file__).parent.parent / "tests"))
from scripted_dialogues import Sensible

KITS = ("gmail", "todoist", "jira")
TURNS = 3  # user messages, at least: one_shot writes no fewer
TOOLS = 8  # offered in each conversation
REASON = "The calls fit what was asked and the answers say what the results show."
ABOUT = {
    "workflow": "People look after what they are sent and what is to be done: they look up, change and tell others.",
    "scenario": "The person goes through what has come in before a meeting and settles a few things on the way.",
    "company": "A firm of forty people that lives on a handful of regular customers and plans from week to week.",
    "persona": "Runs the office and knows everybody; writes short sentences and comes to the point.",
    "disposition": "The person asks for one thing after the other; each is done, and the next follows from it.",
    "brief": "Be brief and exact; the office relies on it.",
}


class Ghost:
    """Says of a conversation whatever is asked for, and remembers what was asked and answered."""

    def __init__(self, messages: Sequence[Message], tools: Sequence[Mapping[str, Any]]) -> None:
        self.asked: list[tuple[Request, str]] = []
        self._messages = messages
        self._tools = tools
        self._users = [message.text for message in messages if isinstance(message, User)]
        self._assistant = [message for message in messages if isinstance(message, Assistant)]

    def rounds(self) -> list[list[str]]:
        """The tools called in answer to each user message."""
        found: list[list[str]] = []
        for message in self._messages:
            if isinstance(message, User):
                found.append([])
            elif isinstance(message, Assistant):
                found[-1].extend(call.name for call in message.calls)
        return found

    def _plan(self) -> list[dict[str, Any]]:
        """The requests of a plan: what is wanted, by whoever knows the words."""
        planned = []
        for said, names in zip(self._users, self.rounds(), strict=True):
            wanted = {
                "text": f"The person wants this: {said}"[:600],
                "follows": "It follows from what was before.",
            }
            planned.append({**wanted, "tools": list(dict.fromkeys(names))} if names else wanted)
        return planned

    async def complete(self, request: Request, place: Place) -> Reply:
        reply = self._spoken() if request.tools else Reply(self._answer(request))
        called = [[call.name, call.arguments] for call in reply.calls]
        self.asked.append((request, reply.text + (json.dumps(called) if called else "")))
        return reply

    def _spoken(self) -> Reply:
        """What the assistant says or calls next."""
        said = self._assistant.pop(0)
        calls = [Call("", call.name, call.arguments) for call in said.calls]
        return Reply(said.text, calls=calls, finish="calls" if calls else "stop")

    def _answer(self, request: Request) -> str:
        if request.schema is None:
            return dml.write([m for m in self._messages if not isinstance(m, System)], self._tools)
        names = list(request.schema["properties"])
        if "requests" in names:
            asked = {f"request_{at}": each for at, each in enumerate(self._plan(), 1)}
            return json.dumps({"scenario": ABOUT["scenario"], "brief": ABOUT["brief"], "requests": asked})
        if "message" in names:
            done = {"done": True} if "done" in names else {}
            return json.dumps({**done, "message": self._users.pop(0) if self._users else ""})
        if "tool_use" in names:
            return json.dumps({name: {"reason": REASON, "points": 5} for name in names})
        if all(name.isdigit() for name in names):
            return json.dumps({name: self._messages[int(name)].text for name in names})  # type: ignore[union-attr]
        called = [c.name for m in self._messages if isinstance(m, Assistant) for c in m.calls]
        return json.dumps(
            {name: list(dict.fromkeys(called)) if name == "tools" else ABOUT[name] for name in names}
        )


def settings(recipe: Any) -> Config:
    return Config(
        toolkits=tuple(Toolkit(name=kit) for kit in KITS),
        seed=8,
        kinds={"multi_turn": 1.0},
        recipe=recipe,
        models={"default": Endpoint(base_url="http://127.0.0.1:1/v1", model="ghost")},  # never called
        offer=msgspec.structs.replace(Config(toolkits=()).offer, min=TOOLS, max=TOOLS),
        system_prompts=SystemPrompts(none=0, generic=0),
        one_shot=OneShot(corrections=0, offered=TOOLS, material=4),
    )


def conversations(count: int) -> list[tuple[Parts, Slot, Attempt]]:
    """Slots whose conversation, made without a model, has as many turns as every recipe writes."""
    config = settings("grounded")
    parts, slots = flow.parts(msgspec.json.encode(config)), flow.slots_of(config)
    found: list[tuple[Parts, Slot, Attempt]] = []
    index = 0
    while len(found) < count:
        slot = slots[index]
        index += 1
        attempt = flow.grounded.attempt(parts, slot, 0)
        talk = attempt.conversation
        if attempt.rejected or talk is None:
            continue
        users = [m for m in talk.messages if isinstance(m, User)]
        if TURNS <= len(users) <= 6 and len(talk.tools) == TOOLS:
            found.append((parts, slot, attempt))
    return found


async def spent(
    recipe: Any, parts: Parts, slot: Slot, known: Attempt, shared: dict[str, Any]
) -> tuple[Ghost, bool]:
    """What a recipe asks to come to a conversation, the judge's verdict included; and whether it comes to it."""
    assert known.conversation is not None
    talk = known.conversation
    ghost = Ghost(talk.messages, talk.tools)
    roles: dict[Any, Any] = {"writer": ghost}
    config = settings("one_shot" if recipe is one_shot else "grounded")
    own = msgspec.structs.replace(parts, settings=config)
    if recipe is one_shot:
        own = msgspec.structs.replace(own, shared=shared.setdefault(slot.toolset, Shared(roles)))
    asking = Asking(roles, slot.index, 0)
    attempt = await recipe.attempt(own, slot, 0, asking)
    if attempt.conversation is not None and not attempt.rejected:
        attempt = await judged(attempt, config, asking)
    return ghost, attempt.conversation is not None and not attempt.rejected


async def talked(parts: Parts, slot: Slot, known: Attempt) -> tuple[Ghost, bool]:
    """What the recipe agents asks to come to a conversation with just these tools: its plan and its talk."""
    assert known.conversation is not None
    talk, config = known.conversation, settings("agents")
    ghost = Ghost(talk.messages, talk.tools)
    asking = Asking(dict.fromkeys(get_args(Role), ghost), slot.index, 0)
    stage = agents.staged(msgspec.structs.replace(parts, settings=config), slot, 0, Journal(), asking)
    rounds = ghost.rounds()
    called = list(dict.fromkeys(name for names in rounds for name in names))
    around = [
        {"name": tool["name"], "does": tool["description"]} for tool in talk.tools if tool["name"] in called
    ]
    sorts = ["tools" if names else "talk" for names in rounds]
    casting = msgspec.structs.replace(
        stage.casting, tools=talk.tools, around=around, sorts=sorts, locale=talk.locale, kind="multi_turn"
    )
    manner, prompts = stage.manner, stage.manner.prompts
    shape = prompts["agents/kinds/multi_turn"]
    plan = await dialogue_plan.written(
        asking, prompts["agents/plan"], shape, casting, corrections=0, length=2400
    )
    person = Person(plan, casting, manner)
    player = Player(casting.tools, casting.locale, "native", False, manner)
    system = next(message.text for message in talk.messages if isinstance(message, System))
    found = await rollout(
        Task(casting.tools, system, 1), stage.world, person.speak, player.answer, Limits(8, 8, 0)
    )
    same = [m.text for m in found.messages if isinstance(m, User)] == [
        m.text for m in talk.messages if isinstance(m, User)
    ]
    attempt = await judged(msgspec.structs.replace(known, verdicts=()), config, asking)
    return ghost, found.ended == "done" and same and not attempt.rejected


def composed(count: int) -> tuple[list[list[tuple[str, str]]], int, float]:
    """What from_dialogues asks for conversations of the tests' scripted model; how many came; user messages of each."""
    sent, came, users = [], 0, []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "talks.jsonl"
        file.write_text(json.dumps({"messages": [{"role": "user", "content": "Is a room free?"}]}) + "\n")
        own = FromDialogues(file=str(file))
        config = Config(
            recipe="from_dialogues", from_dialogues=own, system_prompts=SystemPrompts(none=0, generic=0)
        )
        parts = Parts(8, {}, None, ("en-GB",), False, (3, 12), settings=config)
        for index in range(count):
            kind: Kind = "parallel_dependent" if index % 2 else "dependent"
            model = Sensible(topic="rooms_and_people" if index % 2 else "rooms")
            ghost = Overheard(model)
            asking = Asking({"writer": ghost}, index, 0)
            attempt = asyncio.run(from_dialogues.attempt(parts, Slot(index, kind, "talks", 7), 0, asking))
            if attempt.conversation is not None and not attempt.rejected:
                came += 1
                users.append(sum(isinstance(m, User) for m in attempt.conversation.messages))
                sent.append(texts(ghost))
    return sent, came, mean(users)


class Overheard:
    """A model, and what it was asked and answered."""

    def __init__(self, model: Any) -> None:
        self.asked: list[tuple[Request, str]] = []
        self._model = model

    async def complete(self, request: Request, place: Place) -> Reply:
        reply: Reply = await self._model.complete(request, place)
        called = [[call.name, call.arguments] for call in reply.calls]
        self.asked.append((request, reply.text + (json.dumps(called) if called else "")))
        return reply


def texts(ghost: Ghost | Overheard) -> list[tuple[str, str]]:
    """(prompt, answer) of each call, the prompt with its tools and form, as a body holds them."""
    found = []
    for request, answer in ghost.asked:
        prompt = "\n".join(str(message["content"]) for message in request.messages)
        tools = msgspec.json.encode(request.tools).decode() if request.tools else ""
        found.append((prompt + tools, answer))
    return found


def main() -> None:
    """``recipes.py [CONVERSATIONS]``"""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    talks = conversations(count)
    shared: dict[str, Any] = {}
    sent: dict[str, list[list[tuple[str, str]]]] = {"grounded": [], "agents": [], "one_shot": []}
    came = dict.fromkeys(sent, 0)
    for parts, slot, known in talks:
        for name, recipe in (("grounded", voiced), ("one_shot", one_shot)):
            ghost, good = asyncio.run(spent(recipe, parts, slot, known, shared))
            sent[name].append(texts(ghost))
            came[name] += good
        ghost, good = asyncio.run(talked(parts, slot, known))
        sent["agents"].append(texts(ghost))
        came["agents"] += good
    tokens = trained([text for talk in sent["one_shot"] for pair in talk for text in pair])
    figures: dict[str, Any] = {"conversations": count, "tools": TOOLS, "users_at_least": TURNS}
    for name, each in sent.items():
        costs = [[(len(tokens.encode(p).ids), len(tokens.encode(a).ids)) for p, a in talk] for talk in each]
        figures[name] = {
            "calls": round(mean(len(talk) for talk in costs), 2),
            "prompt_tokens": round(mean(sum(p for p, _ in talk) for talk in costs)),
            "answer_tokens": round(mean(sum(a for _, a in talk) for talk in costs)),
            "without_judge": round(mean(sum(p + a for p, a in talk[:-1]) for talk in costs)),
            "came_to_it": came[name],
        }
    sent_here, came_here, users = composed(min(count, 8))
    spent_here = [sum(len(tokens.encode(part).ids) for pair in talk for part in pair) for talk in sent_here]
    calls_here = mean(len(talk) for talk in sent_here)
    figures["from_dialogues"] = {
        "calls": round(calls_here, 2),
        "without_judge": round(mean(spent_here)),
        "users": users,
        "came_to_it": came_here,
    }
    for name in ("one_shot", "agents"):
        share = figures["grounded"]["without_judge"] / figures[name]["without_judge"]
        figures[f"grounded_to_{name}"] = round(share, 3)
    keep("recipes", figures)


def trained(corpus: Sequence[str]) -> Tokenizer:
    """A byte-pair encoding of 32,000 tokens, trained on a corpus."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=32_000, show_progress=False))
    return tokenizer


if __name__ == "__main__":
    main()
