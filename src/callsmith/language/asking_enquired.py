"""How people ask for what no record tells: figures of a month, what is free on a day, what something would cost."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.language.grammar import capitalised, mark, unmarked
from callsmith.language.routes import from_before_to
from callsmith.language.voicing import Voicing
from callsmith.language.words import humanised, listed, with_article
from callsmith.meaning import Ask, Detail

ENQUIRING = "language/en/enquiring.yaml"
UNDERSTOOD = "understand/enquiring.yaml"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = {name[:3]: name for name in _DAYS}
_FULL = ("date", "date_time", "timestamp")


def enquire_request(voice: Voicing, ask: Ask) -> str:
    """A question for something, and for the same of another."""
    text = _one(voice, ask)
    for other in ask.also:
        said = " ".join(_post(voice, item) for item in other.details)
        text = f"{text.rstrip()} {voice.pick(('And', 'And also', 'And what about'))} {said}?"
    return text


def enquire_more(voice: Voicing, ask: Ask) -> str:
    """The same of another: "and for March?"."""
    said = " ".join(_post(voice, item) for item in ask.details)
    return str(
        voice.pick(
            (f"and {said}?", f"what about {said}?", f"and how about {said}?", f"the same {said}, please.")
        )
    )


def enquire_answer(voice: Voicing, ask: Ask) -> str:
    """The value the assistant asked for."""
    value = _said(voice, ask.details[0])
    return str(voice.pick((f"{value}.", f"{value}, please.", f"{value} please", f"oh, {value}.")))


def _one(voice: Voicing, ask: Ask) -> str:
    thing, clause, details = ask.gist["thing"], ask.gist["clause"], list(ask.details)
    whose = ask.gist["whose"]
    target = voice.record(ask.targets[0]) if ask.targets else ""
    base = clause or thing
    of_person = bool(target) and ask.targets[0].by != "key" and voice.personal(ask.targets[0].noun)
    theirs = of_person and thing.endswith(f" of {whose}")
    if not clause and theirs:
        base, target = f"{target}'s {thing.removesuffix(f' of {whose}')}", ""
    elif whose and target and whose in base:
        base = _possessive(base, whose, target)
        target = ""
    elif whose:
        noun = whose.split()[-1].lower()
        item = next((one for one in details if noun in name_words(one.parameter) or noun == one.phrase), None)
        if item is not None and whose in base:
            base = base.replace(whose, _value_in_place(voice, item), 1)
            details.remove(item)
        else:
            base = re.sub(rf"\s*\b(?:of|for|in|on|at)\s+{re.escape(whose)}", "", base)
    details = [one for one in details if not _of_target(ask, one)]
    posts = [f"for {target}"] if target else []
    days = [one for one in details if one.facet in _FULL and one.shape == "value"]
    span = _between(voice, days)
    details = [one for one in details if not span or one not in days]
    posts += [*[_post(voice, item) for item in sorted(details, key=lambda one: one.facet in _FULL)], *span]
    values = {"posts": _strung(from_before_to(posts)), "alone": ""}
    if clause:
        if _over(voice, details):
            base = re.sub(r"\b(is|are)\b", lambda found: "was" if found[0] == "is" else "were", base, count=1)
        return voice.say("consult.clause", clause=base, **values)
    if base.lower() in read(UNDERSTOOD)["produce"]:
        base = f"{base} figures"
    plural, over = _several(base), _over(voice, details)
    listing = ask.gist["many"] and not theirs and plural and not over and voice.chance(0.6)
    text = voice.say(
        "consult.list.ask" if listing else "consult.thing.ask", thing=base, **values, **_be(plural, over)
    )
    text = text.replace(f"the {base}", base) if theirs else text
    return re.sub(r"\bthe (today's|next month's|this )", r"\1", text)


def _between(voice: Voicing, days: Sequence[Detail]) -> list[str]:
    """Two days as the beginning and the end of one time: from pickup to return."""
    if len(days) != 2:
        return []
    first, last = sorted(days, key=lambda one: str(one.values[0]))
    if first.values == last.values:
        return []
    closing = {*name_words(last.parameter)} & _CLOSING and not {*name_words(first.parameter)} & _CLOSING
    return [f"from {voice.spoken(first)} to {voice.spoken(last)}"] if closing else []


_CLOSING = {"return", "end", "ends", "to", "until", "dropoff", "checkout", "departure", "leaves", "finish"}


def _strung(posts: Sequence[str]) -> str:
    """What follows the thing, with "for" said once of three things or more."""
    same = [post for post in posts if post.startswith("for ")]
    if len(same) < 3:
        return " ".join(posts)
    first = listed([post.removeprefix("for ") for post in same])
    return " ".join([f"for {first}", *[post for post in posts if post not in same]])


_BEFORE = ("of", "on", "in", "at", "for", "below", "above", "under", "due", "by", "with", "from", "left", "free",
           "available", "open", "sold", "out")  # fmt: skip


def _several(base: str) -> bool:
    """Whether what is asked for is several: "agents on duty", "rooms free", and not "sales report"."""
    words = base.lower().split()
    first = next((at for at, word in enumerate(words) if word not in read(UNDERSTOOD)["left"]), 0)
    end = next(
        (at for at, word in enumerate(words) if at > first and (word in _BEFORE or word.endswith("ing"))),
        len(words),
    )
    last = words[end - 1] if words else ""
    return last.endswith("s") and not last.endswith(("ss", "us", "is"))


def _over(voice: Voicing, details: Sequence[Detail]) -> bool:
    """Whether a day is named that is past."""
    today = voice.speaker.now.date().isoformat()
    days = [str(item.values[-1]) for item in details if item.facet in ("date", "date_time")]
    return any(day[:10] < today for day in days)


def _be(plural: bool, over: bool) -> dict[str, str]:
    if over:
        return {"whats": "what were" if plural else "what was", "do": "did"}
    return {"whats": "what are" if plural else "what's", "do": "do" if plural else "does"}


def _possessive(base: str, whose: str, target: str) -> str:
    return base.replace(whose, target, 1)


def _of_target(ask: Ask, item: Detail) -> bool:
    return any(
        item.role == "names" and target.by == "key" and target.key in item.values for target in ask.targets
    )


def _value_in_place(voice: Voicing, item: Detail) -> str:
    value = _said(voice, item)
    place = name_words(item.parameter)[-1]
    return (
        f"the {value} {place}" if "enum" in item.facet and place in ("queue", "channel", "branch") else value
    )


def _said(voice: Voicing, item: Detail) -> str:
    """A value as it is said."""
    if item.shown and item.facet != "amount":
        return mark(item.shown, item.parameter)
    value = item.values[0]
    low = str(value).lower()
    if low in _DAYS or low in _SHORT:
        return mark(_SHORT.get(low, low).capitalize(), item.parameter)
    if item.facet == "number" and isinstance(value, int):
        return mark(str(value), item.parameter)
    return voice.spoken(item)


def _post(voice: Voicing, item: Detail) -> str:
    """A value after what is asked for: "for March", "in the billing queue", "on Friday"."""
    data: Mapping[str, Any] = read(ENQUIRING)
    if item.shape == "range":
        return _stretch(voice, item)
    words = name_words(item.parameter)
    forms: Mapping[str, Sequence[str]] = data["posts"]
    if item.facet in _FULL:
        bound = next((word for word in ("until", "before", "since", "after", "week") if word in words), "")
        if "expires" in words or "by" in words[-1:]:
            bound = bound or "before"
        if words[:2] == ("as", "of") or item.parameter.lower() == "asof":
            return f"as of {voice.spoken(item)}"
        if not bound and words[-1:] in (("from",), ("start",)):
            return f"from {voice.spoken(item)} on"
        if not bound:
            return voice.on(item) if item.facet == "date" else _at(voice, item)
        return str(voice.pick(forms[bound])).replace(
            "{v}", _dated(voice, item) if bound == "week" else voice.spoken(item)
        )
    key = next((word for word in reversed(words) if word in forms), "other")
    if words[:1] in (("from",), ("to",)):
        return f"{words[0]} {_said(voice, item)}"
    if item.facet.startswith("duration"):
        return f"for {_said(voice, item)}"
    numeric = isinstance(item.values[0], (int, float)) and not isinstance(item.values[0], bool)
    if key == "other" and numeric:
        phrase = humanised(item.parameter).lower()
        if (measured := voice.measured(item)) != voice.spoken(item):
            return f"for {measured}"
        if "amount" in item.facet:
            return f"for {_said(voice, item)}"
        return str(voice.pick(data["counted"])).replace("{v}", _said(voice, item)).replace("{phrase}", phrase)
    if str(item.values[0]).lower() in (*_DAYS, *_SHORT):
        key = "weekday"
    elif item.facet == "enum" and (said := _of_a_sort(voice, item, key == "other")):
        return said
    return str(voice.pick(forms[key])).replace("{v}", _said(voice, item))


def _of_a_sort(voice: Voicing, item: Detail, open_: bool) -> str:
    """A choice by what it is a sort of: "for a large van", of van_size; "" where its form is known."""
    value, phrase = _said(voice, item), humanised(item.parameter).lower()
    thing, _, sort = phrase.rpartition(" ")
    if thing and sort in _SORTS and thing.split()[-1] not in _SORTS:
        one = thing if unmarked(value).lower().endswith(thing) else f"{value} {thing}"
        return f"for {with_article(value if one == thing else one)}"
    if phrase.endswith(("season", "class")) and str(item.values[0]).islower():
        return f"in {value} {phrase.rpartition(' ')[2]}"
    alone = not open_ or phrase in (*_SORTS, "product", "subject", "item", "topic", "metric")
    return "" if alone else str(voice.put(item, "post") or "")


_SORTS = ("type", "kind", "size", "class", "category", "sort", "model")


def _dated(voice: Voicing, item: Detail) -> str:
    """A day by its date, as weeks are named by one."""
    at = voice.speaker.local(item.values[0])
    day = at.date() if isinstance(at, datetime) else at
    return mark(voice.speaker.calendar_date(day), item.parameter) if day is not None else voice.spoken(item)


def _at(voice: Voicing, item: Detail) -> str:
    said = voice.spoken(item)
    bare = re.sub(r"[^\w ]", "", said).strip()
    return (
        said
        if bare.split(" ")[0].lower() in ("today", "tomorrow", "yesterday", "next", "last", "this")
        else f"on {said}"
    )


def _stretch(voice: Voicing, item: Detail) -> str:
    """Two days or moments between which something lies."""
    first, last = item.values
    stays = {"check", "arrive", "arrival", "checkin"} & set(name_words(item.parameter))
    if item.facet == "date" and not stays:
        return mark(voice.speaker.ranged(first, last, True), item.parameter)
    one, two = voice.speaker.local(first), voice.speaker.local(last)
    assert one is not None and two is not None
    said = voice.speaker.spanned(one, two)
    return mark(
        said if said.startswith("from") else f"for {said}" if stays else _day_first(said), item.parameter
    )


def _day_first(said: str) -> str:
    plain = said.split(" ")[0].lower().strip(",")
    return (
        said
        if plain in ("today", "tomorrow", "yesterday", "next", "last", "this", "from")
        or plain[:1].isdigit()
        and ":" in plain
        else f"on {said}"
    )


def question_enquired(voice: Voicing, name: str) -> str:
    """The assistant's question for what was left out."""
    phrase = humanised(name).lower()
    text: str = voice.pick(
        ("Which {phrase}?", "Which {phrase} do you mean?", "For which {phrase}?", "Sure, which {phrase}?")
    )
    return capitalised(text.replace("{phrase}", phrase))
