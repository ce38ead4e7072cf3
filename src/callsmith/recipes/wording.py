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
from callsmith.recipes.babble import over_and_over
from callsmith.recipes.leaks import leaked
from callsmith.records import Assistant, Json, Message, Request, ToolMessage, User
from callsmith.text import stem, words
from callsmith.tongue import foreign, small

PROMPT = "voice/word"
LANGUAGES = {"en-GB": "British English", "en-US": "American English"}
_TOLD = re.compile(r"[\"“]([^\"“”\n]+)[\"”]|(\S*[0-9]\S*|\S+@\S+)")
ROOM = 3  # times as long as its draft a wording may be, and some
SOME = 160
MORE = (
    3,
    8,
)  # words that matter, beyond as many as its draft has, that an answer and a request may bring of their own
LIFTED = 4  # words of a sentence from which it is no chance that it stands elsewhere too
RUN = 3  # words in a row that a wording says no oftener than its draft, where one of them matters
ENOUGH = 3  # words that matter in a draft, of which a wording has some:
PART = 4  # one in so many, and one at least
_SENTENCE = re.compile(r"[.!?…]+(?:\s+|$)|\n+")
_NUMBERS = {
    name: count for count, name in enumerate("two three four five six seven eight nine ten".split(), 2)
}
_MARKUP = frozenset("{}[]<>|\\^`")
_DIGITS = re.compile(r"[0-9][0-9,]*")


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
    lost = _lost(drafts, index, text)
    if lost:
        return lost
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
    asked = _asking(text, draft) if isinstance(_at(drafts, index), Assistant) else ""
    if asked:
        return asked
    again = over_and_over(text)
    if again:
        return f"it says over and over: {again}"
    twice = _twice(text, draft, drafts.locale)
    if twice:
        return f"it says twice: {twice}"
    lifted = _lifted(drafts, index, text)
    if lifted:
        return lifted
    apart = _apart(drafts, index, text)
    if apart:
        return apart
    added = next((figure for figure in _figures(text) if figure not in _told_figures(draft)), None)
    if added is not None:
        return f"it says {added}, of which the draft says nothing"
    return ""


def _lost(drafts: Drafts, index: int, text: str) -> str:
    """What of its draft a wording leaves out; "" where it leaves out nothing that has to stand in it."""
    draft = drafts.texts[index]
    bare = {word for kept in drafts.keep.get(index, ()) for word in words(kept)}
    person = isinstance(_at(drafts, index), User)
    if person and bare >= set(words(text)) and not bare >= set(words(draft)):
        return "it says nothing but what must stand in it"
    lost = next((kept for kept in drafts.keep.get(index, ()) if not _stands_in(kept, text)), None)
    if lost is not None:
        return f"it leaves out {lost!r}, which must stand in it letter by letter"
    uncounted = next(
        (number for number in words(draft) if number in _NUMBERS and not _counts(number, text)), ""
    )
    if uncounted and isinstance(_at(drafts, index), Assistant):
        return f"it leaves out how many: {uncounted}"
    return ""


def _apart(drafts: Drafts, index: int, text: str) -> str:
    """What is wrong with a wording that tells of other things than its draft."""
    matter, said = _matter(drafts.texts[index], drafts.locale), _matter(text, drafts.locale)
    told = len(matter & said)
    if len(matter) >= ENOUGH and told < max(1, len(matter) // PART):
        return f"it says {'little' if told else 'nothing'} of what the draft says"
    most = MORE[isinstance(_at(drafts, index), User)] + len(matter)
    return "it says much that the draft does not say" if len(said - matter) > most else ""


def _twice(text: str, draft: str, locale: str) -> str:
    """A sentence, or a run of words, that a wording says oftener than once and than its draft."""
    said = [" ".join(words(sentence)) for sentence in _SENTENCE.split(text)]
    whole = next((sentence for sentence in said if sentence.count(" ") > 1 and said.count(sentence) > 1), "")
    if whole:
        return whole
    runs, drafted, idle = _runs(text), _runs(draft), small(locale)
    often = (run for run in runs if runs.count(run) > max(1, drafted.count(run)))
    return next((" ".join(run) for run in often if any(word not in idle for word in run)), "")


def _runs(text: str) -> list[tuple[str, ...]]:
    each = words(text)
    return [each[at : at + RUN] for at in range(len(each) - RUN + 1)]


def _lifted(drafts: Drafts, index: int, text: str) -> str:
    """What is wrong with a wording that has a sentence of another turn, or of what the assistant was told."""
    own = " ".join(words(drafts.texts[index]))
    for sentence in (" ".join(words(part)) for part in _SENTENCE.split(text)):
        if sentence.count(" ") + 1 < LIFTED or sentence in own:
            continue
        for at, message in enumerate(drafts.messages):
            other = drafts.texts.get(at, "" if at == index else getattr(message, "text", ""))
            if at != index and sentence in " ".join(words(other)):
                whose = f"turn {at}" if at in drafts.texts else "the assistant was told"
                return f"it says what {whose}{' says' if at in drafts.texts else ''}: {sentence}"
    return ""


def _asking(text: str, draft: str) -> str:
    """What is wrong with an answer that asks where its draft does not, or the other way round."""
    if "?" in draft:
        return "" if "?" in text else "it does not ask what the draft asks"
    wishes = "please" in words(text) and "please" not in words(draft)
    return "it asks for something, and the draft does not" if "?" in text or wishes else ""


def _figures(text: str) -> list[str]:
    return [figure.replace(",", "").lstrip("0") or "0" for figure in _DIGITS.findall(text)]


def _told_figures(draft: str) -> set[str]:
    """The figures of a draft, those in words with them."""
    return {*_figures(draft), *(str(_NUMBERS[word]) for word in words(draft) if word in _NUMBERS)}


def repeated(drafts: Drafts, said: Mapping[int, str]) -> Mapping[int, str]:
    """What is wrong with wordings that say what an earlier turn says, or another's draft, where their own does not."""
    first: dict[tuple[str, ...], int] = {}
    for index, draft in drafts.texts.items():
        first.setdefault(words(draft), index)
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
