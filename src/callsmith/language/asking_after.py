"""How users ask a live tool for what it tells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words, phrase_of
from callsmith.language.grammar import mark
from callsmith.language.voicing import Voicing
from callsmith.language.words import number_word
from callsmith.meaning import Ask, Detail

CONSULTING = "language/en/consulting.yaml"
SHOWING = "understand/consulting.yaml"


def consult_request(voice: Voicing, ask: Ask) -> str:
    """A request, with whatever is asked along with it."""
    text = _one(voice, ask)
    for other in ask.also:
        text = f"{text.rstrip()} {consult_more(voice, other, along=True)}"
        text = text.replace(". and ", ". And ").replace("? and ", "? And ")
    return text


def consult_more(voice: Voicing, ask: Ask, along: bool = False) -> str:
    """The same of something else, or something else of the same; ``along`` with what is asked already."""
    later = {} if along else {"later": ""}
    if ask.act == "consult_other":
        count, rest = _parted(ask)
        if ask.verb not in read(SHOWING)["showing"]:
            said = f"{done(voice, ask.verb, _thing(voice, ask))} {posts(voice, rest, ask.verb)}"
            return voice.say("consult.other.do", vp=said)
        thing = f"last {count} {counted(ask)}" if count else nothing_named(_thing(voice, ask))
        return voice.say("consult.other", thing=thing, posts=posts(voice, rest), **later)
    item = ask.details[0]
    if (
        ask.verb not in read(SHOWING)["showing"]
        and item.facet != "time_zone"
        and "/" in str(item.values[0])[:2]
    ):
        return voice.say("consult.again.do", post=post_of(voice, item, "list"))
    # The same is wanted in another place, not of it.
    return voice.say("consult.again", post=post_of(voice, item, "list"), bare=_bare(voice, item), **later)


def answer_consult(voice: Voicing, ask: Ask) -> str:
    """The value the assistant asked for."""
    return voice.say("consult.answer", v=_bare(voice, ask.details[0]))


def _one(voice: Voicing, ask: Ask) -> str:
    if ask.act == "consult_found":
        return _found(voice, ask)
    clock = _clock(voice, ask)
    if clock:
        return clock
    ask = named_in(voice, ask)
    count, details = _parted(ask)
    said = {"posts": posts(voice, details, ask.verb if ask.verb == "list" else ""), **alone(ask)}
    if count:
        return voice.say("consult.count", n=count, things=counted(ask), **said)
    thing = _thing(voice, ask)
    if ask.verb == "tell" and ask.gist["thing"].split(" ")[0] in read(SHOWING)["asking"]:
        return voice.say("consult.clause", clause=thing, **said)
    if ask.verb not in read(SHOWING)["showing"]:
        said["posts"] = posts(voice, details, ask.verb)
        return voice.say("consult.do", vp=done(voice, ask.verb, thing), **said)
    if ask.verb == "list":
        return voice.say("consult.list", thing=thing, **said)
    head = thing.split(" of ")[0]
    many = head.endswith("s") and not head.endswith(("ss", "status"))
    said |= {"whats": "what are", "do": "do"} if many else {"whats": "what's", "do": "does"}
    return voice.say("consult.thing", thing=thing, **said)


def alone(ask: Ask) -> dict[str, str]:
    """Whether a reason may follow: behind it nothing else could be asked in a few words."""
    return {} if ask.also else {"alone": ""}


def done(voice: Voicing, verb: str, thing: str) -> str:
    """What somebody wants done: "commit the changes"."""
    own: Mapping[str, Sequence[str]] = read(SHOWING)["done"]
    said = f"{verb} {thing}".strip()
    return str(voice.pick(own.get(said.lower(), (said,))))


_ONE_OF = re.compile(r"(.* (?:of|about)) (?:an?|the) \w+$")


def nothing_named(thing: str) -> str:
    """ "the metadata" of "the metadata about a file", where the file goes without saying."""
    match = _ONE_OF.match(thing)
    return match[1].rpartition(" ")[0] if match else thing


def named_in(voice: Voicing, ask: Ask) -> Ask:
    """A request for the contents of a file, as one for the contents of the file that is named."""
    match = _ONE_OF.match(ask.gist["thing"])
    item = next((item for item in ask.details if "/" in str(item.values[0])[:2]), None)
    words = {"repo", "repository", "project", "directory", "dir", "folder"}
    if match is None or item is None or words & set(name_words(item.parameter)):
        return ask
    rest = [other for other in ask.details if other is not item]
    return structs.replace(ask, details=rest, gist={**ask.gist, "thing": f"{match[1]} {_bare(voice, item)}"})


def _parted(ask: Ask) -> tuple[str, list[Detail]]:
    """How many are wanted, as said, and what else is said."""
    count = next((item for item in ask.details if item.facet == "limit"), None)
    rest = [item for item in ask.details if item is not count and not _attribute(item)]
    return (mark(number_word(int(count.values[0])), count.parameter) if count is not None else "", rest)


def _attribute(item: Detail) -> bool:
    """Whether a value is said before what is asked for: the local branches."""
    return name_words(item.parameter)[-1] in ("type", "kind", "status", "state")


def _thing(voice: Voicing, ask: Ask) -> str:
    """What is asked for, as people call it."""
    thing = ask.gist["thing"]
    called: Mapping[str, Sequence[str]] = read(SHOWING)["called"]
    key = thing.lower()
    head, _, last = key.partition(" ")
    if key in called:
        thing = str(voice.pick(called[key]))
    elif last in called:
        thing = f"{head} {voice.pick(called[last])}"
    own = [_bare(voice, item) for item in ask.details if _attribute(item)]
    return " ".join([*own, thing])


def counted(ask: Ask) -> str:
    """What there are several of, where so many are asked for: "commits" of "commit logs"."""
    words = ask.gist["thing"].split()
    if words and words[-1].lower() in ("logs", "log", "history", "list"):
        words = words[:-1]
    last = words[-1] if words else ""
    return " ".join([*words[:-1], last if last.endswith("s") else f"{last}s"]) if last else ""


def _clock(voice: Voicing, ask: Ask) -> str:
    """A request about times of day in places, or ""."""
    zones = [item for item in ask.details if item.facet == "time_zone"]
    time = next((item for item in ask.details if item.facet == "time"), None)
    left = ask.gist.get("left", "")
    timely = "time" in name_words(ask.gist["tool"])
    if not timely or len(zones) + (time is not None) != len(ask.details):
        return ""
    if time is None:
        if len(zones) == 1:
            place = _bare(voice, zones[0])
            return voice.say("consult.clock", there=f"in {place}", there_bare=place, **alone(ask))
        return voice.say("consult.clock.open") if left and not zones else ""
    said = mark(_hour(voice, str(time.values[0])), time.parameter)
    here = next((item for item in zones if {"source", "from"} & set(name_words(item.parameter))), None)
    there = next((item for item in zones if item is not here), None)
    values = {"time": said}
    if here is not None:
        values |= {"here": f"in {_bare(voice, here)}", "here_bare": _bare(voice, here)}
    if there is not None:
        values |= {"there": f"in {_bare(voice, there)}", "there_bare": _bare(voice, there)}
    if here is not None and there is not None:
        return voice.say("consult.zones", **values, **alone(ask))
    return (
        voice.say("consult.zones.open" if here is not None else "consult.zones.into", **values)
        if left
        else ""
    )


def _hour(voice: Voicing, value: str) -> str:
    """A time of day that leaves no doubt which half of the day is meant."""
    hour, minute = (int(part) for part in value.split(":")[:2])
    if (hour, minute) == (12, 0) and voice.chance(0.5):
        return "noon"
    short = f"{hour % 12 or 12}{f':{minute:02d}' if minute else ''}{voice.pick(('', ' '))}{'am' if hour < 12 else 'pm'}"
    return short if voice.speaker.american or voice.chance(0.4) else f"{hour}:{minute:02d}"


def _found(voice: Voicing, ask: Ask) -> str:
    """One of the things another tool lists: "what changed in Priya's last commit in shop?"."""
    by = ask.gist["by"]
    values = {"noun": ask.gist["noun"]}
    if by == "title":
        values["title"] = mark(ask.gist["title"], "title")
    if by == "person":
        values["person"] = mark(ask.gist["person"], "person")
    which = voice.say(f"consult.found.{by}", **values)
    said: str = voice.say("consult.found", which=which, posts=posts(voice, ask.details))
    return said


# ---------------------------------------------------------------- values


def posts(voice: Voicing, details: Sequence[Detail], verb: str = "") -> str:
    """The arguments of a request in a row, the place first."""
    ordered = sorted(details, key=lambda item: item.facet in ("date", "limit"))
    return " ".join(post_of(voice, item, verb) for item in ordered)


def post_of(voice: Voicing, item: Detail, verb: str = "") -> str:
    """One argument attached to what is asked: "in the shop repository"."""
    data: Mapping[str, Any] = read(CONSULTING)
    forms: Mapping[str, Sequence[str]] = {**data["consult_posts"], **data["consult_posts_of"].get(verb, {})}
    if item.facet == "time_zone":
        return f"in {_bare(voice, item)}"
    key = next(
        (word for word in reversed(name_words(item.parameter)) if word in forms and word != "path"), ""
    )
    key = key or ("path" if "path" in name_words(item.parameter) else "other")
    bare = _bare(voice, item)
    options = forms[key]
    # Something is done, or there is something, in a place and not of it.
    if verb and (verb == "list" or verb not in read(SHOWING)["showing"]):
        options = [form for form in options if form.startswith("in ")] or options
    text: str = voice.pick(options)
    return (
        text.replace("{v}", bare).replace("{q}", f'"{bare}"').replace("{phrase}", phrase_of(item.parameter))
    )


def _bare(voice: Voicing, item: Detail) -> str:
    """A value as people say it: a path by its last name, a time zone by a city."""
    value: Any = item.values[0]
    if item.facet == "limit":
        return mark(number_word(int(value)), item.parameter)
    if item.shown:
        return mark(item.shown, item.parameter)
    if isinstance(value, str) and "/" in value[:2]:
        return mark(value.rstrip("/").rpartition("/")[2], item.parameter)
    return mark(voice.speaker.value(value, item.facet), item.parameter)
