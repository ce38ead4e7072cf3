"""What a query string in a tool's query language asks for: its terms, without operators and field names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from msgspec import Struct

from callsmith.check import rules, sayings
from callsmith.check.context import level
from callsmith.facts.mention import Clock, Mention
from callsmith.text import stem, words

_TOKEN = re.compile(
    r"\"(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<single>(?:[^'\\]|\\.)*)'"
    r"|(?P<call>[A-Za-z]+\([^()]*\))"
    r"|(?P<date>[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}(?:[T ][0-9:.]+(?:Z|[+-][0-9:]{5,6})?)?)"
    r"|(?P<age>-?[0-9]+[dwmyhDWMYH](?![A-Za-z0-9]))"
    r"|(?P<number>-?[0-9]+(?:\.[0-9]+)?[kKmM]?(?![\w@-]))"
    r"|(?P<word>[^\s\"'()\[\]{}:=<>~!,]+)"
    r"|(?P<operator>[:=<>~!]+)"
)
_FIELD_AFTER = re.compile(
    r"\s*(?:\[[^\]]*\]\s*)?(?:[:=<>~]|!=|!~)|\s+(?:contains|not in|in|is|was|has)\b(?! *:)", re.I
)
_KEYWORDS = frozenset(
    "and or not in is contains has parents order by asc desc empty null true false was trashed labels newest oldest"
    " owners writers readers sort".split()
)
_FILLER = frozenset("a an the of for to on at from with by in and or re".split())
_AMBIENT = frozenset({"me", "currentuser()", "anywhere", "inbox", "all"})


class Term(Struct, frozen=True):
    """One thing a query wants: a phrase, a date, an age such as 7d, a number, or a function call."""

    kind: str
    text: str
    field: str = ""
    negated: bool = False


@lru_cache(maxsize=4096)
def terms(query: str) -> Sequence[Term]:
    """The terms of a query in order, with the field each is about ("" for free text)."""
    out: list[Term] = []
    field, negated = "", False
    position = 0
    while True:
        match = _TOKEN.search(query, position)
        if match is None:
            return tuple(out)
        position = match.end()
        kind = match.lastgroup or ""
        text = match.group(kind) if kind in ("double", "single") else match.group()
        if kind == "operator":
            negated = negated or "!" in text
            continue
        quoted = kind in ("double", "single")
        if not quoted and kind in ("word", "call") and _is_field(query, position, text):
            field, negated = text.lstrip("-+").lower(), text.startswith("-")
            bracket = re.match(r"\s*\[[^\]]*\]", query[position:])
            position += bracket.end() if bracket else 0
            continue
        if kind == "word" and text.lower() in _KEYWORDS:
            if text.lower() == "not":
                negated = True
            elif text.lower() in ("and", "or"):
                field, negated = "", False
            continue
        kind = "phrase" if quoted or kind == "word" else kind
        if quoted:
            text = text.replace("\\'", "'").replace('\\"', '"')
            if re.fullmatch(r"[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}(?:T.*)?", text):
                kind = "date"
        if text:
            out.append(Term(kind, text, field, negated))


def _is_field(query: str, end: int, text: str) -> bool:
    if text.lower() in _KEYWORDS and text.lower() not in ("is", "in", "has", "trashed", "labels"):
        return False
    return _FIELD_AFTER.match(query, end) is not None


def explained(query: str, texts: Sequence[str], of: Sequence[Mention], clock: Clock) -> bool:
    """Whether every term of a query comes from these texts and mentions."""
    return unexplained(query, texts, of, clock) is None


def unexplained(
    query: str,
    texts: Sequence[str],
    of: Sequence[Mention],
    clock: Clock,
    known: Callable[[str], bool] | None = None,
) -> str | None:
    """The first term of a query that neither the texts nor ``known`` account for; None when all are."""
    for term in terms(query):
        if not _accounted(term, texts, of, clock) and not (known is not None and known(term.text)):
            return term.text
    return None


def _accounted(term: Term, texts: Sequence[str], of: Sequence[Mention], clock: Clock) -> bool:
    if term.text.lower() in _AMBIENT:
        return True
    if term.kind == "call":
        return _call_accounted(term.text.lower(), texts, of)
    if term.kind == "date":
        value = term.text.replace("/", "-") if "/" in term.text else term.text
        return any(
            rule(value, [*of], clock) for rule in (rules.range_start, rules.range_end, rules.date_relative, rules.now,
                                                    rules.date_time_relative, rules.part_of_day)
        )  # fmt: skip
    if term.kind == "age":
        return _age_accounted(term.text, of, clock)
    if term.kind == "number":
        wanted = float(term.text.rstrip("kKmM")) * (1000 if term.text[-1] in "kK" else 1)
        return any(
            rule(wanted, [*of], clock)
            for rule in (rules.count_word, rules.amount_minor, rules.timestamp, rules.duration)
        ) or any(term.text in words(text) for text in texts)
    return _phrase_accounted(term, texts, of, clock)


def _phrase_accounted(term: Term, texts: Sequence[str], of: Sequence[Mention], clock: Clock) -> bool:
    wanted = [word for word in words(term.text) if word not in _FILLER]
    if not wanted:
        return True
    have = {stem(word) for text in texts for word in words(text)}
    if all(stem(word) in have for word in wanted):
        return True
    low = level(term.text)
    if any(low in level(text) for text in texts):
        return True
    mentions = [Mention(0, 0, "text", text) for text in texts]
    if term.negated and sayings.enum_alias("open", mentions, clock):
        return True
    if sayings.enum_alias(term.text, mentions, clock):
        return True
    joined = [word for text in texts for word in words(text)]
    return len(wanted) == 1 and any(
        wanted[0] in word or (len(word) > 3 and word in wanted[0]) for word in joined
    )


def _call_accounted(text: str, texts: Sequence[str], of: Sequence[Mention]) -> bool:
    if "user" in text:
        return True
    if text.startswith(("startof", "endof", "now")):
        return any(mention.days for mention in of)
    return any(stem(word) in {stem(w) for t in texts for w in words(t)} for word in words(text))


def _age_accounted(text: str, of: Sequence[Mention], clock: Clock) -> bool:
    count, unit = int(text.strip("-")[:-1]), text[-1].lower()
    days = count * {"h": 0, "d": 1, "w": 7, "m": 30, "y": 365}[unit]
    for mention in of:
        if any(seconds == count * 3600 for seconds in mention.seconds) and unit == "h":
            return True
        for first, last in mention.days:
            if abs(clock.today - first - days) <= (2 if days >= 28 else 1) and first <= clock.today:
                return True
            if unit == "d" and first <= clock.today <= last + 1 and abs((last - first) - days) <= 1:
                return True
    return False
