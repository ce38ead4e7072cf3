"""What a conversation has made known up to a point: texts, values, dates, times and amounts, with where they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from callsmith.check.reading import CallAt, Reading
from callsmith.facts import moments_of, number
from callsmith.facts.mention import Mention
from callsmith.records import Assistant, Found, Given, Json, Said, System, User

Place = Said | Found | Given

_DATE_ONLY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_TYPOGRAPHY = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", "\n": " "}
)
_EPOCH = (946_684_800, 2_208_988_800)  # 2000 to 2040


@lru_cache(maxsize=16384)
def level(text: str) -> str:
    """Lower case, plain punctuation and letters without accents, position by position."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    if low.isascii():
        return low.translate(_TYPOGRAPHY)
    return "".join(map(_plain, low.translate(_TYPOGRAPHY)))


@lru_cache(maxsize=1024)
def _plain(character: str) -> str:
    """A letter without its accents; others, and letters that come apart, as they are."""
    if character < "\x80":
        return character
    if character in _LETTERS:
        return _LETTERS[character]
    first = unicodedata.normalize("NFD", character)[0]
    return first if first.isascii() and first.isalpha() else character


_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ß": "s", "æ": "a", "œ": "o", "ı": "i"}


def find_word(haystack: str, needle: str) -> int:
    """Where a levelled text holds a levelled value as whole words, the last place; -1 when nowhere."""
    at = haystack.rfind(needle)
    while at >= 0:
        end = at + len(needle)
        before = haystack[at - 1] if at else " "
        after = haystack[end] if end < len(haystack) else " "
        if not ((before.isalnum() and needle[0].isalnum()) or (after.isalnum() and needle[-1].isalnum())):
            return at
        at = haystack.rfind(needle, 0, end - 1)
    return -1


def epoch_of(value: float) -> float | None:
    """Epoch seconds where a number looks like seconds or milliseconds since 1970."""
    if _EPOCH[0] <= value < _EPOCH[1]:
        return value
    if _EPOCH[0] * 1000 <= value < _EPOCH[1] * 1000:
        return value / 1000
    return None


class Text:
    """One text of the conversation: its levelled form, and what it mentions."""

    __slots__ = ("asks", "level", "mentions", "message", "place", "text")

    def __init__(self, message: int, text: str, mentions: Sequence[Mention], role: str) -> None:
        self.message = message
        self.text = text
        self.level = level(text)
        self.mentions = mentions
        self.place = role
        self.asks = "?" in text

    def origin(self, start: int, end: int) -> Place:
        return Given((start, end)) if self.place == "system" else Said(self.message, (start, end))


class Context:
    """Everything known before a message; ``advance`` moves on and never back."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.clock = reading.clock
        self.at = 0
        self.texts: list[Text] = []  # users' and the system's, oldest first
        self.answers: list[Text] = []  # the assistant's own
        self.results: list[CallAt] = []  # answered calls, oldest first
        self.calls: list[CallAt] = []  # every call so far
        self._exact: dict[Json, list[tuple[str, str]]] = {}
        self._indexed = 0
        self._levelled: dict[str, tuple[str, str]] = {}
        self._levelled_upto = 0
        self._moments: list[tuple[int, int, str, str]] = []
        self._moments_upto = 0

    def advance(self, message: int) -> None:
        """Take in every message before index ``message``."""
        messages = self.reading.messages
        while self.at < min(message, len(messages)):
            here = messages[self.at]
            if isinstance(here, User):
                self.texts.append(Text(self.at, here.text, self.reading.mentions(here.text), "user"))
            elif isinstance(here, System):
                self.texts.append(Text(self.at, here.text, self.reading.mentions(here.text), "system"))
            elif isinstance(here, Assistant):
                if here.text:
                    self.answers.append(
                        Text(self.at, here.text, self.reading.mentions(here.text), "assistant")
                    )
                self.calls.extend(self.reading.by_id[call.id] for call in here.calls)
            else:
                each = self.reading.by_id.get(here.call_id)
                if each is not None and each.result is here:
                    self.results.append(each)
            self.at += 1

    # ------------------------------------------------------------ results

    def found(self, value: Json) -> Found | None:
        """Where the latest result holds exactly this scalar; texts also match in another case or spacing."""
        places = self.places(value)
        return Found(*places[-1]) if places else None

    def places(self, value: Json) -> Sequence[tuple[str, str]]:
        """(call, pointer) of every place in results that holds this scalar, oldest first."""
        self._index()
        hits = self._exact.get(_key(value))
        if hits is None and isinstance(value, str) and value:
            hit = self._by_level(value)
            return (hit,) if hit else ()
        return hits or ()

    def _index(self) -> None:
        exact = self._exact
        while self._indexed < len(self.results):
            each = self.results[self._indexed]
            for pointer, value in self.reading.leaves(each):
                if value is not None and value is not True and value is not False and value != "":
                    exact.setdefault(_key(value), []).append((each.call.id, pointer))
            self._indexed += 1

    def _by_level(self, value: str) -> tuple[str, str] | None:
        while self._levelled_upto < len(self.results):
            each = self.results[self._levelled_upto]
            for pointer, here in self.reading.leaves(each):
                if isinstance(here, str) and len(here) < 400:
                    self._levelled[" ".join(level(here).split())] = (each.call.id, pointer)
            self._levelled_upto += 1
        return self._levelled.get(" ".join(level(value).split()))

    def within(self, value: str) -> Found | None:
        """Where a text of a result holds this value among other words; latest result first."""
        needle = level(value)
        for each in reversed(self.results):
            for pointer, here in self.reading.leaves(each):
                if isinstance(here, str) and len(here) >= len(needle):
                    low = level(here)
                    if needle in low and find_word(low, needle) >= 0:
                        return Found(each.call.id, pointer)
        return None

    def all_found(self, value: Json) -> Iterable[tuple[CallAt, str]]:
        """Every place results hold this scalar, latest first."""
        wanted = _key(value)
        for each in reversed(self.results):
            for pointer, here in self.reading.leaves(each):
                if _key(here) == wanted and here is not True and here is not False:
                    yield each, pointer

    def moments(self) -> Sequence[tuple[int, int, str, str]]:
        """(day ordinal, minute or -1, call, pointer) of every date and date-time in results."""
        while self._moments_upto < len(self.results):
            each = self.results[self._moments_upto]
            for pointer, value in self.reading.leaves(each):
                for day, minute in days_of(value, pointer, self.reading):
                    self._moments.append((day, minute, each.call.id, pointer))
            self._moments_upto += 1
        return self._moments

    # ------------------------------------------------------------ texts

    def said(self, value: str, answers: bool = False) -> Place | None:
        """Where a text holds this value as whole words: users' latest first, then the system's."""
        needle = " ".join(level(value).split())
        if not needle:
            return None
        for text in reversed(self.texts):
            at = find_word(text.level, needle)
            if at >= 0:
                return text.origin(at, at + len(needle))
        if answers:
            for text in reversed(self.answers):
                at = find_word(text.level, needle)
                if at >= 0:
                    return text.origin(at, at + len(needle))
        return None

    def mentioned(self) -> Iterable[tuple[Text, Mention]]:
        """Mentions of all texts a value may come from: users' latest first, the system's, then what the assistant
        offered in a question a user has since answered."""
        last_user = max((text.message for text in self.texts if text.place == "user"), default=-1)
        for text in reversed(self.texts):
            for mention in text.mentions:
                yield text, mention
        for text in reversed(self.answers):
            if text.message < last_user:
                for mention in text.mentions:
                    yield text, mention


def _key(value: Json) -> Json:
    if isinstance(value, (dict, list)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def days_of(value: Json, pointer: str, reading: Reading) -> Sequence[tuple[int, int]]:
    """(day ordinal, minute) readings of a result's value when it is a moment; minute -1 for a bare date."""
    if isinstance(value, str):
        if len(value) < 10 or not value[:4].isdigit():
            return ()
        if len(value) == 10:
            if not _DATE_ONLY.match(value):
                return ()
            try:
                return ((datetime.fromisoformat(value).toordinal(), -1),)
            except ValueError:
                return ()
        return moments_of(value, reading.clock)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = epoch_of(value)
        if seconds is None:
            return ()
        local = datetime.fromtimestamp(seconds, tz=reading.clock.zone)
        return ((local.toordinal(), local.hour * 60 + local.minute),)
    return ()


def numbers_of(leaves: Iterable[tuple[str, Json]]) -> set[float]:
    """The numbers among leaves, number-like texts included."""
    out: set[float] = set()
    for _, value in leaves:
        read = number(value)
        if read is not None:
            out.add(read)
    return out


def value_at(value: Json, pointer: str) -> Json:
    """The value at a concrete pointer; None when there is none."""
    for step in pointer.split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value
