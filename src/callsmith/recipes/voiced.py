"""The default recipe with a model as its voice: calls, results and facts stay as planned, a model finds the words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial

import msgspec

from callsmith import prompts as files
from callsmith import seeds
from callsmith.catalog.data import read
from callsmith.config import Config
from callsmith.errors import PlanUnfit, Unanswered
from callsmith.language.grammar import Spoken
from callsmith.language.prompts import generic_prompt
from callsmith.language.voice import Worded
from callsmith.models.asking import Asking
from callsmith.plan.known import known
from callsmith.recipes import grounded
from callsmith.recipes.grounded import Drafted, Parts, definition, judged, made, unplanned
from callsmith.recipes.system_prompts import Form, form_of, lineage
from callsmith.recipes.wording import PROMPT, Drafts, drafts_of, fault, repeated, reworded
from callsmith.records import Assistant, Attempt, Message, Slot, System, User
from callsmith.world.journal import Journal

CORRECTIONS = 2  # of an answer that is no JSON of its form
PERSONAS = "catalog/lexicon/dispositions.yaml"
_prompts = lru_cache(maxsize=4)(files.load)


class _Stage(msgspec.Struct, frozen=True):
    """What an attempt is made of before it is worded."""

    parts: Parts
    slot: Slot
    number: int
    drafted: Drafted
    journal: Journal


class _Counts(msgspec.Struct):
    turns: int = 0
    repaired: int = 0
    fallback: int = 0


async def attempt(parts: Parts, slot: Slot, number: int, asking: Asking) -> Attempt:
    """One try at filling a slot.

    A turn whose wording loses a value, leaks a name or says what no result says is worded once more, with what was
    wrong; a turn that still does is said as the embedded voice says it. The row's lineage counts both.

    Raises:
        ModelError: no answer can be had.
    """
    if not parts.settings.models.keys() & {"default", "writer"}:
        return grounded.attempt(parts, slot, number)  # models that judge alone, or play tools
    maker = parts.worlds.get(slot.toolset)
    journal = maker.journal(slot.index, number) if maker is not None else Journal()
    try:
        drafted, embedded = made(parts, slot, number, journal, twins=False)
    except PlanUnfit as unfit:
        return unplanned(parts, slot, number, unfit, journal)
    rng = seeds.rng(parts.seed, slot.toolset, slot.index, number, "voiced")
    persona = str(rng.choice(read(PERSONAS)["personas"]))
    judge = partial(_judged, _Stage(parts, slot, number, drafted, journal))
    form, worded = _with_prompt(parts, slot, drafted, embedded, judge, rng)
    plain = judge(worded, {})
    if plain.rejected:
        return plain  # the calls are at fault: no wording mends them
    by_name = {tool.name: tool for tool in parts.toolsets[slot.toolset].tools}
    tools = [definition(by_name[name]) for name in drafted.plan.offer.tools]
    drafts = drafts_of(worded, tools, drafted.plan.locale, persona)
    texts, counts = await _said(drafts, partial(judge, worded), parts.settings.prompts, asking)
    return _with_lineage(judge(worded, texts), parts, persona, form, counts)


async def _said(
    drafts: Drafts, judge: Callable[[Mapping[int, str]], Attempt], folder: str, asking: Asking
) -> tuple[Mapping[int, str], _Counts]:
    """The wordings that stand, by message: of all turns first, then once more of those that something is wrong with."""
    counts = _Counts(turns=len(drafts.texts))
    good: dict[int, str] = {}
    wrong: dict[int, str] = dict.fromkeys(drafts.texts, "")
    for left in (2, 1):
        try:
            said = await reworded(drafts, asking, _prompts(folder), only=wrong, left=left)
        except Unanswered:
            break  # what is not worded yet is said by the embedded voice
        before = len(wrong)
        good, wrong = _settled(drafts, judge, good, said)
        if left == 1:
            counts.repaired = before - len(wrong)
        if not wrong:
            break
    counts.fallback = len(wrong)
    return good, counts


def _settled(
    drafts: Drafts,
    judge: Callable[[Mapping[int, str]], Attempt],
    good: Mapping[int, str],
    said: Mapping[int, str],
) -> tuple[dict[int, str], dict[int, str]]:
    """The wordings with which every check passes, those already good included, and what is wrong with the others."""
    wrong = {index: why for index, text in said.items() if (why := fault(drafts, index, text))}
    wrong |= {index: why for index, why in repeated(drafts, {**good, **said}).items() if index in said}
    fine = {index: text for index, text in said.items() if index not in wrong}
    while fine and (tried := judge({**good, **fine})).rejected:
        failed = next((verdict for verdict in tried.verdicts if verdict.outcome == "fail"), None)
        at = failed.message if failed is not None and failed.message is not None else -1
        before = [index for index in fine if index <= at]  # a call is at fault for what was said before it
        for index in before[-1:] or list(fine):
            wrong[index] = f"with it, a check fails: {failed.reason if failed else tried.rejected}"
            del fine[index]
    return {**good, **fine}, wrong


def _judged(scene: _Stage, worded: Worded, texts: Mapping[int, str]) -> Attempt:
    """The attempt with other texts in place, and what every check says of it."""
    messages = [_reworded(message, texts.get(index, "")) for index, message in enumerate(worded.messages)]
    said = {
        index: _spoken(spoken, texts[index]) if index in texts else spoken
        for index, spoken in worded.said.items()
    }
    return judged(scene.parts, scene.slot, scene.number, scene.drafted, Worded(messages, said), scene.journal)


def _reworded(message: Message, text: str) -> Message:
    return (
        msgspec.structs.replace(message, text=text)
        if text and isinstance(message, User | Assistant)
        else message
    )


def _spoken(before: Spoken, text: str) -> Spoken:
    """A wording with the places of the values that stood in the draft."""
    spans = []
    for tag, start, end in before.spans:
        at = text.casefold().find(before.text[start:end].casefold())
        if at >= 0:
            spans.append((tag, at, at + end - start))
    return Spoken(text, tuple(spans))


def _with_prompt(
    parts: Parts,
    slot: Slot,
    drafted: Drafted,
    worded: Worded,
    judge: Callable[[Worded, Mapping[int, str]], Attempt],
    rng: seeds.Rng,
) -> tuple[Form, Worded]:
    """The messages with the system prompt in its drawn form, or as written where the calls need what it says."""
    index = known(parts.toolsets[slot.toolset])
    needed = [bound.call.name for item in drafted.trace.groups for group in item for bound in group]
    form = form_of(parts.settings.system_prompts, index, needed, rng)
    system = worded.messages[0]
    if form == "written" or not isinstance(system, System):
        return "written", worded
    if form == "none":
        said = {index - 1: spoken for index, spoken in worded.said.items()}
        other = Worded(worded.messages[1:], said)
    else:
        text = generic_prompt(drafted.plan, index, rng)
        other = Worded([System(text), *worded.messages[1:]], worded.said)
    return ("written", worded) if judge(other, {}).rejected else (form, other)


def _with_lineage(made: Attempt, parts: Parts, persona: str, form: Form, counts: _Counts) -> Attempt:
    assert made.conversation is not None
    own = {
        "recipe": "grounded",
        "prompts": {PROMPT: _prompts(parts.settings.prompts)[PROMPT].version},
        **lineage(form),
        "persona": persona,
        "worded": msgspec.to_builtins(counts),
    }
    conversation = msgspec.structs.replace(made.conversation, lineage={**made.conversation.lineage, **own})
    return msgspec.structs.replace(made, conversation=conversation)


def calls(_: Config) -> tuple[int, int]:
    """Calls one attempt makes, at least and at most: all turns at once, then once more what something is wrong with."""
    return 1, 2 * (CORRECTIONS + 1)
