"""What a live tool told, as an answer says it: what matters where that can be read off surely, else its own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words, phrase_of
from callsmith.facts.printed import changes, entries, records, sections
from callsmith.language.asking_after import CONSULTING, SHOWING, counted, named_in, nothing_named, post_of
from callsmith.language.clocks import clocks_in, time_beside, time_told
from callsmith.language.grammar import capitalised, unmarked
from callsmith.language.itemised import itemised
from callsmith.language.telling import Teller
from callsmith.language.voicing import Voicing
from callsmith.language.words import humanised, listed, number_word
from callsmith.meaning import Ask, Reply
from callsmith.records import Json

WHOLE = 16  # lines of a text that are shown to the end
BEGINNING = 8  # lines that are shown of a longer one
SENTENCE = 200  # characters of a text that is said as it is
SHOWN = 6  # records or fields told of more
TITLES = ("message", "subject", "title", "name", "summary")
PERSONS = ("author", "by", "owner", "user", "assignee")
MOMENTS = ("date", "when", "time", "created", "updated")
WRAPPING = ("content", "result", "text", "output", "response")  # keys of an object that is only a text


def relayed(teller: Teller, reply: Reply) -> str:
    """The answer to what was asked, and to what was asked along with it."""
    every = (reply, *reply.also)
    if len(every) == 1:
        return _answer(teller.voice, reply)
    if all(clocks_in(item.records[0]["value"]) for item in every):
        first, last = (clocks_in(item.records[0]["value"]) for item in every)
        assert reply.also[0].ask is not None
        begun = _answer(teller.voice, reply).rstrip(".")
        return f"{begun}, and {time_beside(teller.voice, reply.also[0].ask, last, first)}."
    names = _apart(reply.ask, reply.also[0].ask) or [_named(teller.voice, item) for item in every]
    parts = [
        f"{capitalised(name)}: {_answer(teller.voice, item, True)}"
        for name, item in zip(names, every, strict=True)
    ]
    return ("\n\n" if any("\n" in part for part in parts) else "\n").join(parts)


_PLACES = {"source", "target", "zone", "timezone"}  # asked for as a place only where one with a time is meant


def which(teller: Teller, reply: Reply) -> str:
    """The question for what was left out."""
    voice, parameter = teller.voice, reply.missing[0]
    questions: Mapping[str, Sequence[str]] = read(CONSULTING)["consult_questions"]
    words = name_words(parameter.name)
    zoned = parameter.facet == "time_zone"
    order = (
        words
        if zoned
        else [word for word in reversed(words) if word != "path"] + ["path"] * ("path" in words)
    )
    known = questions.keys() if zoned else questions.keys() - _PLACES
    key = next((word for word in order if word in known), "zone" if zoned else "other")
    text: str = voice.pick(questions[key]).replace("{phrase}", phrase_of(parameter.name))
    if reply.choices and voice.chance(0.5):
        names = [str(choice).rstrip("/").rpartition("/")[2] for choice in reply.choices]
        list_of = listed(names, "or")
        text += f" {list_of if '.' in names[0] else capitalised(list_of)}?"
    return text


def _apart(one: Ask | None, two: Ask | None) -> list[str]:
    """What two requests to do the same differ in, where that alone tells them apart; none for other requests."""
    if one is None or two is None or one.tool != two.tool or one.verb in read(SHOWING)["showing"]:
        return []
    pairs = zip(one.details, two.details, strict=False)
    differing = [(a, b) for a, b in pairs if list(a.values) != list(b.values)]
    if len(one.details) != len(two.details) or len(differing) != 1:
        return []
    said = [str(item.shown or item.values[0]) for item in differing[0]]
    return [] if any("/" in text for text in said) else said


def _named(voice: Voicing, reply: Reply) -> str:
    """What tells one of two answers from the other: its place, or what was asked for."""
    assert reply.ask is not None
    ask = named_in(voice, reply.ask)
    thing = nothing_named(_several(ask)).removeprefix("for ") or ask.phrase
    if ask.verb not in read(SHOWING)["showing"] and not ask.gist["thing"].startswith("for "):
        thing = f"{ask.verb} {thing}"
    place = next((item for item in ask.details if isinstance(item.values[0], str)), None)
    return unmarked(f"{thing} {post_of(voice, place)}" if place is not None else thing)


def _several(ask: Ask) -> str:
    """What was asked for, in the plural where it is a log of things: "commits"."""
    thing = ask.gist["thing"]
    return counted(ask) if thing.rpartition(" ")[2] in ("log", "logs", "history") else thing


def _answer(voice: Voicing, reply: Reply, brief: bool = False) -> str:
    """One answer; ``brief`` leaves out what a heading before it says."""
    assert reply.ask is not None
    value = _unwrapped(reply.records[0]["value"])
    clocks = clocks_in(value)
    if clocks:
        return time_told(voice, reply.ask, clocks)
    if isinstance(value, str):
        return _text(voice, reply.ask, value, brief)
    if isinstance(value, Mapping):
        return _fields(voice, reply.ask, value)
    if isinstance(value, list):
        return _list(voice, reply.ask, value)
    return f"It's {_scalar(voice, value)}."


def _unwrapped(value: Json) -> Json:
    """A text in an object that holds nothing else, as that text."""
    if isinstance(value, Mapping) and len(value) == 1:
        ((key, inner),) = value.items()
        if key in WRAPPING:
            return inner
    return value


# ---------------------------------------------------------------- printed texts


def _text(voice: Voicing, ask: Ask, text: str, brief: bool) -> str:
    if text.rstrip().endswith(":") and "\n" not in text.strip():  # a heading, and nothing under it
        what = _several(ask)
        when = " in that time" if any(item.facet == "date" for item in ask.details) else ""
        none = f"there {'are' if what.endswith('s') else 'is'} no {what}{_there(ask)}{when}"
        return "none." if brief else f"{capitalised(none)}."
    if found := records(text):
        return _records(voice, ask, found, brief)
    if changes(text):
        return _changes(voice, ask, text, brief)
    if sections(text):
        return _sections(text)
    if lines := entries(text):
        return _entries(voice, ask, lines, brief)
    stripped = text.strip()
    head, *rest = stripped.split("\n")
    if head.endswith(":") and 0 < len(rest) <= SHOWN and all(0 < len(line) <= 80 for line in rest):
        return f"{head} {listed([line.strip() for line in rest])}"
    if " " not in stripped and len(stripped) <= SENTENCE and "\n" not in stripped:
        return stripped
    if "\n" not in stripped and len(stripped) <= SENTENCE:
        return stripped if stripped.endswith((".", "!", "?")) else f"{stripped}."
    return _quoted(voice, stripped)


def _there(ask: Ask) -> str:
    """ "in labels", where the request named a place."""
    place = next((str(item.values[0]) for item in ask.details if "/" in str(item.values[0])[:2]), "")
    return f" in {place.rstrip('/').rpartition('/')[2]}" if place else ""


def _quoted(voice: Voicing, text: str) -> str:
    """A text in its own lines, the beginning of a long one."""
    lines = text.split("\n")
    if len(lines) <= WHOLE and len(text) <= 1200:
        return f"{voice.pick(('Here it is', 'This is what it says', 'It reads'))}:\n\n```\n{text}\n```"
    begin = "\n".join(line[:160] for line in lines[:BEGINNING])
    return f"It has {len(lines)} lines and begins like this:\n\n```\n{begin}\n```"


def _records(voice: Voicing, ask: Ask, found: Sequence[Mapping[str, str]], brief: bool) -> str:
    if len(found) == 1 and not set(map(str.lower, found[0])) & set(TITLES):
        told = "\n".join(f"- {key}: {value}" for key, value in found[0].items())
        return (
            f"\n{told}"
            if brief
            else f"{voice.pick(('Here it is', 'Here you go', 'This is what there is'))}:\n{told}"
        )
    lines = [_record(voice, item) for item in found[:SHOWN]]
    things = counted(ask) or "entries"
    if len(found) == 1:
        return f"{lines[0]}." if brief else f"There's one: {lines[0]}."
    total = number_word(len(found))
    if brief and len(found) == len(lines):
        return "\n" + "\n".join(f"- {line}" for line in lines)
    asked = next((item for item in ask.details if item.facet == "limit"), None)
    if len(found) > len(lines):
        intro = f"There are {total} {things}; the first {number_word(len(lines))}:"
    elif asked is not None and asked.values[0] == len(found):
        intro = voice.pick((f"The last {total} {things}:", "Here they are:", f"These are the last {total}:"))
    else:
        intro = voice.pick(
            (f"There are {total} {things}:", f"{capitalised(total)} {things}:", f"I found {total} {things}:")
        )
    return intro + "\n" + "\n".join(f"- {line}" for line in lines)


def _record(voice: Voicing, item: Mapping[str, str]) -> str:
    low = {key.lower(): value for key, value in item.items()}
    title = next((low[key] for key in TITLES if key in low), "")
    person = next((low[key] for key in PERSONS if key in low), "")
    moment = next((said for key in MOMENTS if key in low and (said := _moment(voice, low[key]))), "")
    if not title:
        return ", ".join(f"{key} {value}" for key, value in list(item.items())[:4])
    rest = [part for part in (person.partition(" <")[0], moment) if part]
    return f"{title} ({', '.join(rest)})" if rest else title


def _moment(voice: Voicing, text: str) -> str:
    """The day of a printed moment; "" where it is none."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return ""
    return str(unmarked(voice.speaker.exact_day(at.date())))


def _changes(voice: Voicing, ask: Ask, text: str, brief: bool) -> str:
    files = changes(text)
    told = []
    for item in files[:SHOWN]:
        if item.fresh:
            what = f"new, {_lines(item.added)}"
        elif item.gone:
            what = "deleted"
        else:
            parts = [f"{_lines(item.added)} added"] if item.added else []
            parts += (
                [f"{_lines(item.removed)} removed" if not parts else f"{item.removed} removed"]
                if item.removed
                else []
            )
            what = ", ".join(parts) or "no lines changed"
        told.append(f"{item.path} ({what})")
    if brief and len(files) <= SHOWN:
        return f"{told[0]}." if len(files) == 1 else "\n" + "\n".join(f"- {line}" for line in told)
    title = _title(text)
    lead = f'"{title}" changes ' if title else ""
    if len(files) == 1:
        whole = (
            f"{lead}{told[0]}"
            if lead
            else f"{voice.pick(('One file is changed', 'Just one file', 'Only one file differs'))}: {told[0]}"
        )
        return f"{whole}.{_shown(voice, text, files[0].added + files[0].removed)}"
    total = number_word(len(files))
    intro = (
        f"{lead}{total} files:"
        if lead
        else f"{capitalised(total)} files {voice.pick(('are changed', 'differ', 'have changed'))}:"
    )
    more = f"\nand {len(files) - SHOWN} more" if len(files) > SHOWN else ""
    return intro + "\n" + "\n".join(f"- {line}" for line in told) + more


def _title(text: str) -> str:
    """The message of a commit that a text shows before its changes; "" where it shows none."""
    before = text.partition("\n--- ")[0].partition("\ndiff --git")[0]
    if not before.startswith("commit "):
        return ""
    indented = [line.strip() for line in before.split("\n") if line.startswith("    ")]
    return indented[0] if indented and len(indented[0]) <= 80 else ""


def _shown(voice: Voicing, text: str, lines: int) -> str:
    """The changed lines themselves, where they are few."""
    if lines > 8 or not voice.chance(0.6):
        return ""
    body = [line for line in text.split("\n") if line[:1] in ("+", "-") and line[:3] not in ("+++", "---")]
    return "\n\n```diff\n" + "\n".join(body) + "\n```"


def _lines(count: int) -> str:
    return f"{count} line{'' if count == 1 else 's'}"


def _sections(text: str) -> str:
    """What a text lists under headings, one line a heading; a line before the first as it is."""
    first = next(
        (line.strip() for line in text.split("\n") if line.strip() and not line.rstrip().endswith(":")), ""
    )
    lead = (
        f"{first}.\n"
        if first and not text.lstrip().startswith(sections(text)[0].heading) and not first.startswith("(")
        else ""
    )
    lines = [f"- {item.heading}: {listed(list(item.entries[:SHOWN]))}" for item in sections(text)[:SHOWN]]
    return lead + "\n".join(lines)


def _entries(voice: Voicing, ask: Ask, found: Sequence[tuple[str, str]], brief: bool) -> str:
    names = [entry for entry, _ in found]
    marked = [entry for entry, sign in found if sign == "*"]
    what = ask.gist["thing"].split(" of ")[0]
    what = what.split()[-1] if what else "entries"
    note = f" {marked[0]} is marked with *." if len(marked) == 1 and len(names) > 1 else ""
    if brief and len(names) <= SHOWN:
        return f"{listed(names)}.{note}"
    if len(names) == 1:
        return f"There's only one: {names[0]}."
    if len(names) <= SHOWN:
        count = number_word(len(names))
        lead = voice.pick((f"There are {count}: ", f"{capitalised(count)} {what}: ", ""))
        return f"{capitalised(lead)}{listed(names)}.{note}"
    return (
        f"There are {len(names)}:\n"
        + "\n".join(f"- {name}" for name in names[:20])
        + (f"\n{note.strip()}" if note else "")
    )


# ---------------------------------------------------------------- values


def _fields(voice: Voicing, ask: Ask, value: Mapping[str, Json]) -> str:
    given = {item.values[0] for item in ask.details if isinstance(item.values[0], (str, int, float))}
    plain = {
        key: item for key, item in value.items() if isinstance(item, (Mapping, list)) or item not in given
    }
    return itemised(plain, lambda _, item: _scalar(voice, item)) or "It came back empty."


def _list(voice: Voicing, ask: Ask, value: Sequence[Json]) -> str:
    names = [_label(item) for item in value]
    if not names:
        return "There's nothing."
    told = listed(names[:SHOWN])
    if len(names) == 1:
        return f"There's one: {told}."
    if len(names) > SHOWN:
        return f"There are {len(names)}, the first {number_word(SHOWN)} being {told}."
    return f"There are {number_word(len(names))}: {told}."


def _label(item: Json) -> str:
    """One thing of a list: its name, with what else there is to say of it."""
    if not isinstance(item, Mapping):
        return str(item)
    low: dict[str, Any] = {str(key).lower(): inner for key, inner in item.items()}
    key = next((key for key in (*TITLES, "path", "uri", "id") if isinstance(low.get(key), (str, int))), "")
    if not key:
        plain = ((humanised(str(key)).lower(), inner) for key, inner in item.items())
        return ", ".join(f"{key} {inner}" for key, inner in plain if isinstance(inner, (str, int, float)))[
            :160
        ]
    rest = [
        inner for name, inner in low.items() if name != key and isinstance(inner, str) and len(inner) <= 40
    ]
    for inner in low.values():
        if isinstance(inner, list) and inner and all(isinstance(each, str) for each in inner):
            rest.append(listed(inner[:4]))
    return f"{low[key]} ({'; '.join(rest[:3])})" if rest else str(low[key])


def _scalar(voice: Voicing, value: Json) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _moment(voice, value) or value
    return f"{value:,}" if isinstance(value, (int, float)) else str(value)
