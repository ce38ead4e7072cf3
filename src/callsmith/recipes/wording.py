"""A model's wording of turns whose sense is fixed: what it is asked, and what is wrong with what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from callsmith.language.voice import Worded
from callsmith.models.asking import Asking
from callsmith.prompts import Prompt, named, render
from callsmith.recipes.leaks import leaked
from callsmith.records import Assistant, Json, Message, Request, ToolMessage, User
from callsmith.text import stem, words
from callsmith.tongue import foreign, small

PROMPT = "voice/word"
LANGUAGES = {"en-GB": "British English", "en-US": "American English"}
_TOLD = re.compile(r"[\"“]([^\"“”\n]+)[\"”]|(\S*[0-9]\S*|\S+@\S+)")
ROOM = 4  # times as long as its draft a wording may be, and some
SOME = 240
ENOUGH = 3  # words that matter in a draft, of which a wording has one at least
_SENTENCE = re.compile(r"[.!?…]+(?:\s+|$)|\n+")
_NUMBERS = {
    name: count for count, name in enumerate("two three four five six seven eight nine ten".split(), 2)
}
_MARKUP = frozenset("{}[]<>|\\^`")


class Drafts(Struct, frozen=True):
    """The turns of a conversation to be worded.

    ``texts``: message index to what it says in other words; ``keep``: message index to what must stand in it.
    """

    messages: Sequence[Message]
    texts: Mapping[int, str]
    keep: Mapping[int, Sequence[str]]
    tools: Sequence[Mapping[str, Json]]
    locale: str
    persona: str


def drafts_of(worded: Worded, tools: Sequence[Mapping[str, Json]], locale: str, persona: str) -> Drafts:
    """The turns that the embedded voice worded, as drafts."""
    texts = {
        index: message.text
        for index, message in enumerate(worded.messages)
        if isinstance(message, User | Assistant) and message.text
    }
    keep = {index: _told(text) for index, text in texts.items() if index not in worded.said}
    keep |= {
        index: list(dict.fromkeys(spoken.text[start:end] for _, start, end in spoken.spans))
        for index, spoken in worded.said.items()
    }
    return Drafts(worded.messages, texts, keep, tools, locale, persona)


async def reworded(
    drafts: Drafts,
    asking: Asking,
    prompts: Mapping[str, Prompt],
    *,
    only: Mapping[int, str],
    left: int = 1,
) -> Mapping[int, str]:
    """A model's words for the turns in ``only``, which maps them to what was wrong with an earlier wording, or ``""``.

    Raises:
        ModelError: no answer can be had.
        Unanswered: no answer had a wording for each turn.
    """
    complaints = [f"Turn {index}: {wrong}" for index, wrong in only.items() if wrong]
    values = {
        "persona": drafts.persona,
        "language": LANGUAGES[drafts.locale],
        "drafts": "\n".join(_lines(drafts)),
        "complaints": "\n".join(["", "An earlier wording did not do:", *complaints, ""])
        if complaints
        else "",
        "numbers": ", ".join(str(index) for index in only),
    }
    longest = {index: ROOM * len(drafts.texts[index]) + SOME for index in only}
    schema = {
        "type": "object",
        "properties": {
            str(index): {"type": "string", "minLength": 1, "maxLength": longest[index]} for index in only
        },
        "required": [str(index) for index in only],
        "additionalProperties": False,
    }
    tokens = 200 + sum(longest.values()) // 2
    request = Request(render(named(prompts, PROMPT), values), schema=schema, max_tokens=tokens)
    given: Mapping[str, str] = await asking.ask_json("writer", request, left=left)
    return {index: given[str(index)].strip() for index in only}


def _lines(drafts: Drafts) -> list[str]:
    """The conversation as the model sees it: drafts with what to keep, and that something was looked up or done."""
    lines: list[str] = []
    for index, message in enumerate(drafts.messages):
        shown: dict[str, Any]
        if index in drafts.texts:
            who = "person" if isinstance(message, User) else "assistant"
            shown = {"turn": index, "from": who, "draft": drafts.texts[index]}
            if drafts.keep.get(index):
                shown["keep"] = drafts.keep[index]
        elif isinstance(message, Assistant):
            shown = {"assistant": f"uses {len(message.calls)} tool{'s' if len(message.calls) > 1 else ''}"}
        elif isinstance(message, ToolMessage):
            continue
        else:
            shown = {"the assistant was told": getattr(message, "text", "")}
        lines.append(msgspec.json.encode(shown).decode())
    return lines


def fault(drafts: Drafts, index: int, text: str) -> str:
    """What is wrong with a wording by itself, in words its writer can go by; ``""`` when nothing is."""
    draft = drafts.texts[index]
    if not words(text):
        return "it says nothing"
    lost = next((kept for kept in drafts.keep.get(index, ()) if not _stands_in(kept, text)), None)
    if lost is not None:
        return f"it leaves out {lost!r}, which must stand in it letter by letter"
    uncounted = next(
        (number for number in words(draft) if number in _NUMBERS and not _counts(number, text)), ""
    )
    if uncounted and isinstance(_at(drafts, index), Assistant):
        return f"it leaves out how many: {uncounted}"
    name = leaked(text, drafts.tools)
    if name and name not in draft:
        return f"it says {name}, the name of a tool or of a parameter"
    strange = foreign(text, drafts.locale)
    if strange:
        return f"it is in {strange}, not in {LANGUAGES[drafts.locale]}"
    odd = next((letter for letter in text if letter in _MARKUP and letter not in draft), "")
    if odd:
        return f"it holds {odd}, which nobody says"
    if "the assistant" in text.casefold() and "the assistant" not in draft.casefold():
        return "it speaks of the assistant as of somebody else: say what is said, not that it is"
    said = [" ".join(words(sentence)) for sentence in _SENTENCE.split(text)]
    twice = next((sentence for sentence in said if sentence.count(" ") > 1 and said.count(sentence) > 1), "")
    if twice:
        return f"it says twice: {twice}"
    matter = _matter(draft, drafts.locale)
    if len(matter) >= ENOUGH and not matter & _matter(text, drafts.locale):
        return "it says nothing of what the draft says"
    return ""


def repeated(drafts: Drafts, said: Mapping[int, str]) -> Mapping[int, str]:
    """What is wrong with wordings that say the same as an earlier turn whose draft says something else."""
    first: dict[tuple[str, ...], int] = {}
    found = {}
    for index in sorted(said):
        before = first.setdefault(words(said[index]), index)
        if words(drafts.texts[before]) != words(drafts.texts[index]):
            found[index] = f"it says what turn {before} says"
    return found


def _at(drafts: Drafts, index: int) -> Message | None:
    return drafts.messages[index] if index < len(drafts.messages) else None


def _counts(number: str, text: str) -> bool:
    said = words(text)
    return number in said or str(_NUMBERS[number]) in said


def _matter(text: str, locale: str) -> frozenset[str]:
    """What a text is about: its words but for the small ones that any text has."""
    return frozenset(stem(word) for word in words(text) if len(word) > 2 and word not in small(locale))


def _told(text: str) -> list[str]:
    """What an answer tells that no other words can: titles in quotes, figures, times, addresses."""
    found = [title or figure for title, figure in _TOLD.findall(text)]
    return list(dict.fromkeys(each.rstrip(".,:;!?") for each in found))


def _stands_in(kept: str, text: str) -> bool:
    plain = " ".join(text.casefold().replace("’", "'").split())
    return " ".join(kept.casefold().replace("’", "'").split()) in plain
