"""Whether facts of a written text are known from the conversation: used for composed arguments and for answers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress

from callsmith.catalog.quantities import units
from callsmith.check.context import Context, level
from callsmith.check.sums import arrays, counts_of, derived_numbers
from callsmith.check.vocabulary import COMMON, tool_words
from callsmith.facts import mentions, quoted
from callsmith.facts.amounts import ZERO_DECIMAL
from callsmith.facts.mention import Mention
from callsmith.facts.printed import counts
from callsmith.records import Json
from callsmith.text import names, stem, words

_LAST_WORD = re.compile(r"[\w'’-]+[,:]? $")
_NEXT_WORD = re.compile(r"[,:]? [\w'’-]+")
_BOUND = re.compile(r"max|until|before|end|lte|lt$|/to$", re.I)
_MORE = re.compile(r" (?:\w+ )?(?:more|others?|further|left|remaining|besides|additional)\b", re.I)
_OTHER = re.compile(r"\b(?:another|other|further|remaining|additional|last)(?: of)? $", re.I)
_ATTRIBUTED = re.compile(
    r"\b(?:note|notes|mail|e-mail|email|message|document|file|event|description|subject|page|contract|letter|comment)\b"
    r"[^.!?]{0,30}\b(?:says|said|states|stated|reads|mentions|mentioned)\b[^.!?]{0,30}$",
    re.I,
)
_STEP = re.compile(r"[/_.-]")
_FIGURE = re.compile(r"[0-9] ?$")
_LOOSE = frozenset("one once both either neither pair couple a couple".split()) | {"a pair", "a couple"}
_SMALL = frozenset("the a an of for to and in on at by with from or is are it its as this that be".split())


class Support:
    """Judges single facts against everything a context knows, the calls' own arguments included."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.clock = context.clock
        self.reading = context.reading
        self._seen = (-1, -1, -1)
        self._numbers: set[float] = set()
        self._days: set[int] = set()
        self._minutes: set[int] = set()
        self._blob = ""
        self._titles: set[str] = set()
        self._fields: set[str] = set()  # words of the names of what results show: p95_ms
        self._words: frozenset[str] = frozenset()
        self._spans: set[tuple[int, int]] = set()
        self._lengths: set[int] = set()
        self._deep = False
        self._deep_numbers: set[float] = set()

    # ------------------------------------------------------------ gathering

    def _gather(self) -> None:
        context = self.context
        now = (len(context.texts), len(context.results), len(context.calls))
        if now == self._seen:
            return
        self._seen = now
        self._deep = False
        parts: list[str] = [text.level for text in context.texts]
        self._numbers, self._days, self._minutes = set(), {self.clock.today}, {self.clock.minute}
        self._spans, self._lengths = set(), set()
        for text in context.texts:
            self._take(text.mentions)
        for each in context.results:
            parts.extend(self._take_leaves(self.reading.leaves(each)))
        for day, minute, _, _ in context.moments():
            self._days.add(day)
            if minute >= 0:
                self._minutes.add(minute)
        self._take_arguments(parts)
        self._titles = {part for part in parts if part.isalpha()}
        self._blob = " " + " ".join(" \n ".join(parts).split()) + " "
        self._words = frozenset(words(self._blob))

    def _take(self, found: Iterable[Mention]) -> None:
        for mention in found:
            self._numbers.update(mention.numbers)
            self._lengths.update(mention.seconds)
            for first, last in mention.days:
                self._spans.add((first, last))
                if last - first < 7:
                    self._days.update((first, last))
            for first, last in mention.minutes:
                self._minutes.add(first)
                if last - first > 6:
                    self._minutes.update(range(first, last + 1, 15))

    def _take_leaves(self, leaves: Iterable[tuple[str, Json]]) -> list[str]:
        parts: list[str] = []
        for pointer, value in leaves:
            name = pointer.rpartition("/")[2]
            self._fields.update(_STEP.split(pointer.lower()))
            if name.isupper():
                parts.append(level(name))  # a size: there are four in XL
            if isinstance(value, str):
                if value:
                    parts.append(level(value))
                    if len(value) < 16 and (value[0].isdigit() or value[0] in "-+"):
                        with suppress(ValueError):
                            self._numbers.add(float(value))
            elif isinstance(value, (int, float)) and not isinstance(value, bool):
                self._numbers.add(float(value))
        return parts

    def _take_arguments(self, parts: list[str]) -> None:
        from callsmith.check.reading import flatten
        from callsmith.check.rules import moments_in

        for each in self.context.calls:
            leaves = list(flatten(each.arguments))
            parts.extend(self._take_leaves(leaves))
            for pointer, value in leaves:
                for day, minute in moments_in(value, self.clock):
                    if day:
                        # Midnight as an upper bound means the day before.
                        self._days.add(day - 1 if minute == 0 and _BOUND.search(pointer) else day)
                    if minute >= 0:
                        self._minutes.add(minute)

    def _dig(self) -> None:
        """Read the texts inside results too, and the numbers that follow from them; done only when needed."""
        if self._deep:
            return
        self._deep = True
        inside: list[Mention] = []
        for each in self.context.results:
            for _, value in self.reading.leaves(each):
                if isinstance(value, str) and _worth_reading(value):
                    inside.extend(mentions(value[:2000], self.reading.now, self.reading.zone))
        for each in self.context.calls:
            for value in each.arguments.values():
                if isinstance(value, str) and _worth_reading(value):
                    inside.extend(mentions(value[:2000], self.reading.now, self.reading.zone))
        self._take(inside)
        self._deep_numbers = set()
        for each in self.context.results:
            if each.result is not None:
                self._deep_numbers |= derived_numbers(each.result.value)
                for _, value in self.reading.leaves(each):
                    if isinstance(value, str) and "\n" in value:
                        self._deep_numbers |= set(map(float, counts(value)))
                self._lengths |= lengths_of(each.result.value, self)
        for each in self.context.calls:
            self._lengths |= lengths_of(dict(each.arguments), self)
        self._deep_numbers |= counts_of(self.context)

    # ------------------------------------------------------------ judging

    def unknown(self, text: str, own: Iterable[Mention] | None = None) -> str:
        """The first fact of a text that the context does not account for; "" when there is none."""
        self._gather()
        found = list(own if own is not None else mentions(text, self.reading.now, self.reading.zone))
        for mention in found:
            if (
                not self.knows(mention)
                and not self._rest(text, mention)
                and not self._verbatim(text, mention)
            ):
                return text[mention.start : mention.end]
        covered = [(mention.start, mention.end) for mention in found]
        for mention in quoted(text):
            if not self.context.results and not _ATTRIBUTED.search(
                text[max(0, mention.start - 60) : mention.start]
            ):
                continue  # nothing was looked up that could be quoted: a wording suggested, a term explained
            if not self.knows_quote(mention.text):
                return mention.text
        if not self.context.results:
            return ""  # nothing has been looked up: a name here is invented for the user or known to anyone
        for start, end in names(text):
            if any(start < last and first < end for first, last in covered):
                continue
            first = text[start:end].split(" ")[0]
            if first in units() and _FIGURE.search(text[:start]):
                start += len(first)  # 25 GB
            stranger = self.knows_name(text[start:end])
            if stranger:
                return stranger
        return ""

    def _verbatim(self, text: str, mention: Mention) -> bool:
        """Whether the mention is part of a longer passage that is known, such as a title: "August release"."""
        before = _LAST_WORD.search(text[: mention.start])
        after = _NEXT_WORD.match(text[mention.end :])
        left = level(text[before.start() if before else mention.start : mention.end])
        right = level(text[mention.start : mention.end + (after.end() if after else 0)])
        known = (before is not None and left in self._blob, after is not None and right in self._blob)
        return all(known) if any(map(str.isdigit, mention.text)) else any(known)

    def _rest(self, text: str, mention: Mention) -> bool:
        """ "Plus five more", "the first five:": how many a shortened list shows, or leaves out."""
        if mention.kind != "number" or not mention.numbers:
            return False
        shown = text.count("\n- ")
        if shown and {shown, text[mention.end :].partition("\n\n")[0].count("\n- ")} & set(mention.numbers):
            return True  # how many the answer itself lists
        if not _MORE.match(text[mention.end : mention.end + 24]) and not _OTHER.search(text[: mention.start]):
            return False
        self._dig()
        lengths = [
            len(array)
            for each in self.context.results
            if each.result is not None
            for array in arrays(each.result.value)
        ]
        most = min(max(lengths, default=0), 200 if shown else 13)
        return any(value < most for value in mention.numbers)

    def knows(self, mention: Mention) -> bool:
        """Whether a mention means something known, in one of its readings."""
        self._gather()
        if self._knows(mention):
            return True
        self._dig()
        return self._knows(mention)

    def _general(self, mention: Mention) -> bool:
        """Figures of speech and rules of thumb, which may be said where nothing has been looked up."""
        if self.context.results or mention.kind in ("email", "url", "id", "phone", "key", "amount"):
            return False
        if mention.kind in ("duration", "time"):
            return True
        if mention.kind == "number":
            return all(value <= 31 for value in mention.numbers) or mention.unit == "%"
        return not any(map(str.isdigit, mention.text))

    def _knows(self, mention: Mention) -> bool:
        kind = mention.kind
        if level(mention.text) in self._titles:
            return True  # a list called June
        if self._general(mention):
            return True
        if kind in ("email", "url", "id", "phone", "key"):
            return self._holds(mention)
        if kind == "ordinal":
            return True
        if kind in ("date", "date_range", "date_time"):
            return not self.clock.known or self._knows_day(mention)
        if kind == "time_range":
            return True
        if kind == "time":
            return self._knows_minute(mention) or bool(mention.numbers) and self._knows_number(mention)
        if kind == "duration":
            return self._knows_length(mention)
        return self._knows_number(mention)

    def _holds(self, mention: Mention) -> bool:
        low = level(mention.text).rstrip(".")
        if low in self._blob or low in COMMON or low in self._fields:
            return True
        if mention.kind == "phone":
            return re.sub(r"[^0-9]", "", low) in re.sub(r"[^0-9\n a-z]", "", self._blob.replace(" ", ""))
        if mention.kind == "key":
            return self._knows_number(mention)
        if mention.kind == "id":
            bare = re.sub(r"[^a-z0-9]", "", low)
            return len(bare) > 2 and bare in re.sub(r"[^a-z0-9]", "", self._blob)
        return False

    def _knows_day(self, mention: Mention) -> bool:
        if not mention.days:
            return False
        if mention.minutes and mention.kind == "date_time" and not self._knows_minute(mention):
            return False
        for first, last in mention.days:
            if first == last:
                if first in self._days:
                    return True
            elif (first, last) in self._spans or any(first <= day <= last for day in self._days):
                return True
        return False

    def _knows_minute(self, mention: Mention) -> bool:
        return any(
            minute % 1440 in self._minutes or minute in self._minutes
            for first, last in mention.minutes
            for minute in _steps(first, last)
        )

    def _knows_length(self, mention: Mention) -> bool:
        numbers = self._numbers | self._deep_numbers if self._deep else self._numbers
        for seconds in mention.seconds:
            if seconds in self._lengths:
                return True
            if any(seconds / unit in numbers for unit in (60, 1, 3600, 86400, 0.001)):
                return True
            if self._deep and seconds % 86400 == 0 and self._days_apart(seconds // 86400):
                return True
        return self._knows_number(mention) and mention.seconds == ()

    def _days_apart(self, days: int) -> bool:
        return any(abs(day - self.clock.today) == days for day in self._days)

    def _knows_number(self, mention: Mention) -> bool:
        if mention.text in _LOOSE:
            return True
        for value in mention.numbers:
            if self._has_number(value):
                return True
            if mention.unit == "%" and self._has_number(value / 100):
                return True
            if mention.kind == "number" and value * 1000 in self._numbers:
                return True  # grams, told in kilograms
            if (
                mention.unit not in ZERO_DECIMAL
                and mention.kind in ("amount", "number")
                and self._has_minor(value)
            ):
                return True
        if mention.unit == "~":
            return True
        return not mention.numbers

    def _has_number(self, value: float) -> bool:
        if value in self._numbers or -value in self._numbers:
            return True
        return self._deep and (
            value in self._deep_numbers or any(_rounds(value, each) for each in self._numbers)
        )

    def _has_minor(self, value: float) -> bool:
        minor = round(value * 100, 4)
        return minor in self._numbers or (self._deep and minor in self._deep_numbers)

    def knows_quote(self, text: str) -> bool:
        """Whether a quoted passage stands in what is known, a shortened one included."""
        self._gather()
        low = " ".join(level(text).split()).strip(" .,!?;:")
        if not low:
            return True
        for part in re.split(r"\.\.\.|…", low):
            if part.strip(" .,") and part.strip(" .,") not in self._blob:
                return False
        return True

    def knows_name(self, text: str) -> str:
        """The first word of a capitalised run that is known from nowhere; "" when all are known."""
        self._gather()
        if " ".join(level(text).split()) in self._blob:
            return ""
        vocabulary = tool_words(self.reading.conversation.tools)
        for word in words(level(text)):
            word = word.removesuffix("'s").removesuffix("'")
            if word in self._words or word in _SMALL or word in vocabulary or stem(word) in vocabulary:
                continue
            if any(char.isdigit() for char in word) or word in COMMON:
                continue

            if word in self._blob:
                continue
            return word
        return ""


_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}(?![0-9])")  # an invoice 2025-1956 is none


def _worth_reading(value: str) -> bool:
    """Whether a text may mention something: longer than a code, and no bare moment, which is read as one elsewhere."""
    if len(value) < 4 or _MOMENT.match(value):
        return False
    return " " in value or not value.isalnum() and any(map(str.isdigit, value))


def _steps(first: int, last: int) -> Iterable[int]:
    return (first,) if first == last else range(first, last + 1)


def _rounds(said: float, exact: float) -> bool:
    """Whether a number is a rounding of an exact one: 1.2 of 1.23, 18000 of 18400."""
    if exact == 0 or said == exact or abs(exact) < 1:
        return False
    if abs(said - exact) / abs(exact) > 0.05:
        return False
    if exact != int(exact):
        return said in (round(exact), round(exact, 1), round(exact, 2))
    return exact >= 1000 and said % 100 == 0


def lengths_of(value: Json, support: Support) -> set[int]:
    """How long the things of a result last: end minus start of every object that has both."""
    from callsmith.check.coherence import spans_in

    return {(b - a) * 60 for a, b in spans_in(value, support.reading) if b > a}
