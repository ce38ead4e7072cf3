"""What a configuration says of the recipes in which models speak."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct, field

from callsmith.records import Kind

Recipe = Literal["grounded", "agents", "one_shot", "from_dialogues"]
WORKFLOW = 4000  # characters of a description of a workflow

Clarity = Literal["excellent", "good", "average"]
Criterion = Literal["tool_use", "clarity", "naturalness", "coherence", "helpfulness", "accuracy"]


class Judge(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A model that gives a row, once every other check has passed it, one to five points for each criterion."""

    on: bool = True
    """Whether rows are judged. Without `models` there is no judge."""
    keep: Mapping[Criterion, int] = field(default_factory=lambda: {"tool_use": 4})
    """The points a row needs to be kept, by criterion: `tool_use`, `clarity` of the user, `naturalness`, `coherence`, \
`helpfulness`, `accuracy`. `callsmith judge calibrate` says what a threshold is worth."""
    allow_babble: bool = False
    """Whether rows are kept, and judged, in which a message is no speech: a bracket stands alone in it, it says \
something over and over, or the very words of an earlier message."""


class SystemPrompts(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Shares of conversations whose system prompt is left out or says little. The rest get a written one, and so do
    those whose tools take something from it that nobody says, such as an account."""

    none: float = 0.1
    """The share without any. The assistant then does not know what day it is, nor whom it talks to."""
    generic: float = 0.1
    """The share with a sentence that would fit any assistant, and the moment."""


class Requests(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many things a person asks for in one conversation of kind `multi_turn`, talk beside the matter included."""

    min: int = 3
    """The fewest. A conversation of that kind has three to six user messages."""
    max: int = 4
    """The most."""


class Agents(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A user and an assistant, both played by models, who talk along a plan; tools are executed."""

    requests: Requests = Requests()
    """How many things are asked for."""
    chat: float = 0.2
    """How often one of several requests is talk that needs no tool. The first request never is."""
    tools: int = 3
    """About how many tools the plan is written around: a walk along what feeds what and what is alike."""
    turns: int = 6
    """User messages in one conversation, at most."""
    steps: int = 8
    """Messages with calls in answer to one user message, at most."""
    corrections: int = 2
    """How often an answer that does not fit is sent back with what is wrong, and how many messages with calls that \
cannot be made a conversation may hold."""
    calling: Literal["native", "form"] = "native"
    """How the assistant calls: by the tool calling of its endpoint, or, where that has none, by filling in a form."""
    simulate: bool = True
    """Whether a model plays the tools that nothing else can execute. Off: such tools are only shown."""
    material: int = 4
    """Records of each kind that are shown to the writer of the plan, so that it asks for what exists."""
    dispositions: Mapping[str, float] = {}
    """How a talk of kind `multi_turn` or `chat` would go, in words, to weight. None: those of the package."""
    personas: tuple[str, ...] = ()
    """Ways of speaking, in words. None: those of the package."""
    length: int = 1200
    """Tokens of one answer, at most."""


class OneShot(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A model writes a whole conversation at once; its calls are carried out, and their results replaced."""

    workflow_description: str = ""
    """What people use the tools for, in your own words; it steers the scenarios. None: a model infers it from each \
toolset, once a run."""
    similarity: float = 0.95
    """How much alike a scenario and an earlier one of the same toolset may not be, 0 to 1."""
    redraws: int = 20
    """How often a scenario that is too near an earlier one is written anew, before other tools are drawn."""
    earlier: int = 50
    """How many earlier scenarios the writer is shown, so that it thinks of something else."""
    clarity: Mapping[Clarity, float] = field(
        default_factory=lambda: {"excellent": 4.0, "good": 4.0, "average": 2.0}
    )
    """How clearly people say what they want, to weight; one that is not named is not used. Default: \
`{excellent: 4, good: 4, average: 2}`."""
    tools: int = 3
    """About how many tools a scenario is written around: a walk along what feeds what and what is alike."""
    distractors: int = 3
    """Tools beside those chosen that the writer of the conversation is shown."""
    offered: int = 20
    """Tools in a row at most, those and others, in shuffled order."""
    users_min: int = 3
    """User messages in a conversation, at least."""
    users_max: int = 6
    """User messages in a conversation, at most."""
    corrections: int = 5
    """How often a conversation is sent back with what is wrong with it, before the attempt ends."""
    material: int = 4
    """Records of each kind that are shown to the writer, so that it speaks of what exists."""
    told: bool = True
    """Whether a conversation may call tools that nothing can execute. Its results stay as they were written, and its \
row says `world.kind: told`. Off: such tools are only shown."""
    held_out: float = 0.1
    """The share of each toolset's rows that is marked `split: test`, for evaluation."""
    dispositions: Mapping[str, float] = {}
    """How a talk would go, in words, to weight. None: those of the package."""
    personas: tuple[str, ...] = ()
    """Ways of speaking, in words. None: those of the package."""
    length: int = 6000
    """Tokens of a conversation, at most."""


class FromDialogues(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Dialogues in, conversations that call functions out: a task is made of each, functions for the task, and a \
world for the functions."""

    file: str = ""
    """A JSONL file of dialogues, relative to this file: `messages` as OpenAI has them, or ShareGPT `conversations`."""
    told: bool = True
    """Whether conversations are made for whose functions no world can be inferred. A model then plays them, and the \
row says `world.kind: told`. Off: such an attempt is refused."""
    material: int = 4
    """Records of each kind that are shown to whoever settles the request, so that it is about what exists."""
    turns: int = 3
    """User messages in one conversation, at most."""
    steps: int = 5
    """Messages with calls in answer to one user message, at most."""
    corrections: int = 2
    """How often an answer that does not fit is sent back with what is wrong, and how many messages with calls that \
cannot be made a conversation may hold."""
    calling: Literal["native", "form"] = "native"
    """How the assistant calls: by the tool calling of its endpoint, or, where that has none, by filling in a form."""
    length: int = 1200
    """Tokens of one answer in the conversation, at most."""


COMPOSED: tuple[Kind, ...] = ("dependent", "parallel_dependent")  # kinds that tasks are composed into


def faults(agents: Agents) -> Iterator[tuple[str, str]]:
    """What no schema says: (key, what is wrong)."""
    if not 1 <= agents.requests.min <= agents.requests.max <= 12:
        yield "requests", "requests needs 1 <= min <= max <= 12"
    if not 0 <= agents.chat < 1:
        yield "chat", "chat must be at least 0 and below 1"
    for name, most in (("tools", 8), ("turns", 24), ("steps", 32), ("length", 32_000)):
        if not 1 <= getattr(agents, name) <= most:
            yield name, f"{name} must be at least 1 and at most {most}"
    if agents.turns < agents.requests.max:
        yield "turns", "turns must be at least requests.max: each request takes a message"
    for name, most in (("corrections", 10), ("material", 20)):
        if not 0 <= getattr(agents, name) <= most:
            yield name, f"{name} must be at least 0 and at most {most}"
    weights = agents.dispositions.values()
    if agents.dispositions and (min(weights) < 0 or not sum(weights) > 0):
        yield "dispositions", "weights must not be negative, and one must be above 0"
    if not all(text.strip() for text in (*agents.dispositions, *agents.personas)):
        yield "personas", "a disposition or persona says nothing"


def dialogue_faults(settings: FromDialogues) -> Iterator[tuple[str, str]]:
    """What no schema says of the recipe that begins with dialogues: (key, what is wrong)."""
    for name, most in (("turns", 24), ("steps", 32), ("length", 32_000)):
        if not 1 <= getattr(settings, name) <= most:
            yield name, f"{name} must be at least 1 and at most {most}"
    for name, most in (("corrections", 10), ("material", 20)):
        if not 0 <= getattr(settings, name) <= most:
            yield name, f"{name} must be at least 0 and at most {most}"


def composing_faults(
    settings: FromDialogues, chosen: Mapping[Kind, float]
) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """What a run that begins with dialogues lacks or cannot make: (what, keys, hint); ``chosen`` are the kinds
    somebody chose."""
    if not settings.file:
        yield "file is missing", ("from_dialogues",), "from_dialogues: {file: dialogues.jsonl}"
    hint = f"it makes {' and '.join(COMPOSED)}"
    for kind in chosen:
        if kind not in COMPOSED:
            yield f"from_dialogues makes no {kind}", ("kinds", kind), hint


def prompt_faults(shares: SystemPrompts) -> Iterator[tuple[str, str]]:
    """What no schema says of the shares of system prompts: (key, what is wrong)."""
    for name in ("none", "generic"):
        if not 0 <= getattr(shares, name) <= 1:
            yield name, f"{name} must be a share between 0 and 1"
    if shares.none + shares.generic > 1:
        yield "generic", "none and generic must be at most 1 together"


def judge_faults(judge: Judge) -> Iterator[tuple[str, str]]:
    """What no schema says of a judge: (key, what is wrong)."""
    if not all(1 <= points <= 5 for points in judge.keep.values()):
        yield "keep", "points are from 1 to 5"


def one_shot_faults(one_shot: OneShot) -> Iterator[tuple[str, str]]:
    """What no schema says: (key, what is wrong)."""
    for name in ("similarity", "held_out"):
        if not 0 <= getattr(one_shot, name) <= 1:
            yield name, f"{name} must be at least 0 and at most 1"
    if not one_shot.similarity:
        yield "similarity", "similarity must be above 0: at 0 every scenario is too near"
    if not 1 <= one_shot.users_min <= one_shot.users_max <= 12:
        yield "users_min", "user messages need 1 <= users_min <= users_max <= 12"
    for name, most in (("tools", 8), ("offered", 128), ("length", 64_000)):
        if not 1 <= getattr(one_shot, name) <= most:
            yield name, f"{name} must be at least 1 and at most {most}"
    for name, most in (
        ("redraws", 100),
        ("earlier", 500),
        ("distractors", 40),
        ("corrections", 20),
        ("material", 20),
    ):
        if not 0 <= getattr(one_shot, name) <= most:
            yield name, f"{name} must be at least 0 and at most {most}"
    for name in ("clarity", "dispositions"):
        weights = getattr(one_shot, name).values()
        if weights and (min(weights) < 0 or not sum(weights) > 0):
            yield name, "weights must not be negative, and one must be above 0"
    if not one_shot.clarity:
        yield "clarity", "clarity is empty"
    if not all(text.strip() for text in (*one_shot.dispositions, *one_shot.personas)):
        yield "personas", "a disposition or persona says nothing"
    if len(one_shot.workflow_description) > WORKFLOW:
        yield "workflow_description", f"workflow_description holds more than {WORKFLOW} characters"
