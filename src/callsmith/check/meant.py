"""Whether a call acts on the record the user meant: the one named, or the one counted out of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from callsmith.check.context import level, value_at
from callsmith.check.reading import CallAt, Reading, Turn, inputs
from callsmith.facts.mention import NUMBER_WORDS, ORDINAL_WORDS
from callsmith.records import Assistant, Found, Json, Origin, User
from callsmith.text import stem, words

Traced = Mapping[str, Mapping[str, Origin]]

_COUNTED = re.compile(
    r"\b(?:(?:the|that|this|my) (?P<ordinal>first|second|third|fourth|fifth)"
    r"(?: (?:one|task|email|mail|event|issue|file|draft|meeting|item|document|customer|project|message|entry|result"
    r"|ticket|pr|pull request|repo|repository))\b"
    r"|(?:number|no\.?|#) ?(?P<number>one|two|three|four|five|[1-5])\b(?! (?:people|percent)))",
    re.I,
)


def other_record(turn: Turn, traced: Traced, reading: Reading) -> tuple[str, int | None]:
    """A call on a record nobody spoke of, where a record beside it is the one the user named."""
    said = {stem(word) for word in words(level(turn.asked))}
    before = said | {
        stem(word)
        for message in reading.messages[1 : turn.index]
        if isinstance(message, (User, Assistant))
        for word in words(level(message.text))
    }
    acted: dict[tuple[str, str], set[int]] = {}
    picks: list[tuple[CallAt, str, str, int]] = []
    for each in turn.calls:
        for pointer, origin in traced.get(each.call.id, {}).items():
            if not isinstance(origin, Found) or not _is_id(each, pointer):
                continue
            place, position = _element(origin.pointer)
            if position < 0:
                continue
            acted.setdefault((origin.call, place), set()).add(position)
            picks.append((each, origin.call, place, position))
    counted = _counted_out(turn, picks, reading)
    if counted:
        return counted, picks[0][0].message
    for each, call, place, position in picks:
        source = reading.by_id.get(call)
        if source is None or source.result is None:
            continue
        siblings = value_at(source.result.value, place)
        if not isinstance(siblings, list) or len(siblings) < 2 or len(siblings) > 60:
            continue
        free = [at for at in range(len(siblings)) if at not in acted[(call, place)]]
        now = _best(siblings, free, said)
        if now == 1 and _named(siblings[position], said) < 0.5 and _named(siblings[position], before) < 1:
            return f"{each.call.name} acts on another record than the one named", each.message
        if _named(siblings[position], before) == 0 and _best(siblings, free, before) >= 0.75:
            return f"{each.call.name} acts on a record nobody spoke of", each.message
    return "", None


def _best(records: Sequence[Json], places: Sequence[int], said: set[str]) -> float:
    return max((_named(records[at], said) for at in places), default=0.0)


def _is_id(each: CallAt, pointer: str) -> bool:
    if each.tool is None:
        return False
    parameter = inputs(each.tool).get(pointer)
    return parameter is not None and parameter.facet in ("id", "key", "number_key")


def _element(pointer: str) -> tuple[str, int]:
    """The array an element stands in and its position there; -1 when it stands in none."""
    steps = pointer.split("/")
    for at in range(len(steps) - 1, 0, -1):
        if steps[at].isdigit():
            return "/".join(steps[:at]), int(steps[at])
    return "", -1


_TITLES = ("subject", "summary", "name", "title", "content", "displayname", "filename", "description")


def _titles(record: Json) -> Iterator[str]:
    if isinstance(record, Mapping):
        known = {key.lower(): value for key, value in record.items() if isinstance(value, str)}
        for (
            name
        ) in _TITLES:  # the likeliest first: a description stands before the title as often as after it
            if 2 < len(known.get(name, "")) < 120:
                yield known[name]
                return
        for value in record.values():
            if isinstance(value, Mapping):
                yield from _titles(value)


def _named(record: Json, said: set[str]) -> float:
    """The share of a record's title that was said."""
    for title in _titles(record):
        named = words(level(title))
        own = {stem(word) for word in named if len(word) > 2} or {stem(word) for word in named}
        return len(own & said) / len(own) if own else 0.0
    return 0.0


def _counted_out(turn: Turn, picks: Sequence[tuple[CallAt, str, str, int]], reading: Reading) -> str:
    """What is wrong where the user counts ("the second one") and another record of the list shown is acted on."""
    found = list(_COUNTED.finditer(turn.asked))
    if len(found) != 1 or len({(call, place, position) for _, call, place, position in picks}) != 1:
        return ""
    word = (found[0]["ordinal"] or found[0]["number"]).lower()
    wanted = ORDINAL_WORDS.get(word) or NUMBER_WORDS.get(word) or int(word)
    each, call, place, position = picks[0]
    source = reading.by_id.get(call)
    siblings = (
        value_at(source.result.value, place) if source is not None and source.result is not None else None
    )
    if not isinstance(siblings, list) or len(siblings) < 2:
        return ""
    shown = _shown_order(siblings, turn, reading)
    if len(shown) >= wanted and position in shown and shown[wanted - 1] != position:
        return f"{each.call.name} acts on another record than {found[0].group()} of the list"
    return ""


def _shown_order(records: Sequence[Json], turn: Turn, reading: Reading) -> list[int]:
    """Positions of records in the order in which the last answer before a turn that lists some names them."""
    titles = [next((level(title) for title in _titles(record)), "") for record in records]
    if "" in titles or len(set(titles)) != len(titles):
        return []
    for message in reversed(reading.messages[: turn.index]):
        if not isinstance(message, Assistant) or not message.text:
            continue
        named = _placed(level(message.text), titles)
        if len(named) >= 2:
            return [at for _, at in sorted(named)]
    return []


def _placed(text: str, titles: Sequence[str]) -> list[tuple[int, int]]:
    """(where in the text, which title) of those it names; long ones first, as one title may begin another."""
    named = []
    for at in sorted(range(len(titles)), key=lambda at: -len(titles[at])):
        where = text.find(titles[at])
        if where >= 0:
            named.append((where, at))
            text = text[:where] + "\0" * len(titles[at]) + text[where + len(titles[at]) :]
    return named
