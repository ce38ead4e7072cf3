"""How users ask to have something worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from callsmith.catalog.data import read
from callsmith.catalog.figures import figure_for, figure_of, measures, name_words, per_what, phrase_of
from callsmith.language.figures import phrased, said, unit_said, units_of, with_unit
from callsmith.language.grammar import capitalised, tidy, unmarked
from callsmith.language.moods import mood
from callsmith.language.voicing import Voicing
from callsmith.language.words import article, listed, with_article
from callsmith.meaning import Ask, Detail
from callsmith.text import shingles, words

COMPUTING = "language/en/computing.yaml"
TRIES = 8  # wordings tried before one that repeats the tool's description is put up with
RUN = 4  # words in a row of a tool's description that nobody says by chance


def compute_request(voice: Voicing, ask: Ask) -> str:
    """A request to work something out, with whatever is to be worked out along with it."""
    text = _own_words(voice, ask, _one)
    for other in ask.also:
        text = f"{text.rstrip()} {capitalised(_also(voice, ask, other))}"
    return text


def again_request(voice: Voicing, ask: Ask) -> str:
    """The same with another value: "and over 7 years?"."""
    item = ask.details[0]
    return voice.say("compute.again", **_attached(voice, ask, item))


def _attached(voice: Voicing, ask: Ask, item: Detail) -> dict[str, str]:
    """One changed figure, attached and bare; what can also be put after "how does that change"."""
    post = post_of(voice, item, ask.gist["tool"])
    if ask.verb == "convert" and not isinstance(item.values[0], str):
        return {"bare": said(voice, item)}
    values = {"post": post, "bare": said(voice, item)}
    if unmarked(post).split(" ", 1)[0] in ("at", "over", "with", "for", "between", "on", "among"):
        values["steady"] = post
    return values


def on_request(voice: Voicing, ask: Ask) -> str:
    """Going on from the last result."""
    carried = ask.gist["carried"]
    if _first_word(ask) and carried in ("net", "bill", "total", "amount", "price"):
        vp = _imperative(voice, ask, "it")
        return voice.say("compute.on.verb", vp=vp)
    other = _own_words(voice, ask, _brief)
    known = figure_of(carried)
    if known is not None and known.kind in ("time", "count"):
        that = f"that many {phrase_of(carried)}"
        return voice.say("compute.on", With="with", that=that, other=other)
    return voice.say("compute.on", With="with", that=f"that as the {phrased(carried)}", other=other)


def answer_compute(voice: Voicing, ask: Ask) -> str:
    """The value the assistant asked for."""
    return voice.say("compute.answer", v=said(voice, ask.details[0]))


def _also(voice: Voicing, ask: Ask, other: Ask) -> str:
    if other.act == "compute_on":
        return on_request(voice, other)
    if other.act == "compute":
        return voice.say("compute.also.other", other=_own_words(voice, other, _one))
    item = other.details[0]
    units = units_of(ask)
    if units is not None:
        bare = said(voice, item)
        if item.parameter == units[0].parameter and units[1] is not None:
            bare = with_unit(bare, units[1])
        elif units[2] is not None:
            bare = f"in {unit_said(item)}"
        return voice.say("compute.also.convert", bare=bare)
    return voice.say("compute.also", **_attached(voice, ask, item))


def _own_words(voice: Voicing, ask: Ask, worded: Any) -> str:
    """A wording that does not take four words in a row from the tool's description."""
    theirs = set(shingles(words(ask.gist["about"]), RUN))
    text: str = worded(voice, ask)
    for _ in range(TRIES):
        if not theirs & set(shingles(words(unmarked(text)), RUN)):
            break
        text = worded(voice, ask)
    return text


def _one(voice: Voicing, ask: Ask) -> str:
    units = units_of(ask)
    if units is not None:
        return _convert(voice, *units)
    sum_of_two = read(COMPUTING)["arithmetic"].get(ask.verb)
    if sum_of_two and len(ask.details) == 2 and _figures(ask.details):
        first, second = ask.details
        if ask.verb != "divide" and set(name_words(first.parameter)) & set(name_words(ask.gist["tool"])):
            first, second = second, first  # the fee of "subtract a fee" is what is subtracted
        text: str = voice.pick(sum_of_two)
        return text.replace("{x}", said(voice, first)).replace("{y}", said(voice, second))
    if not ask.details:
        return voice.say("compute.bare", phrase=ask.phrase)
    if not _first_word(ask):
        span = _span(voice, ask)
        if span:
            return voice.say("compute.count", noun=noun_of(ask), span=span)
    if voice.chance(0.14) and len(ask.details) > 1 and not _timely(ask):
        return _later(voice, ask)
    if _first_word(ask):
        vp = _imperative(voice, ask)
        return voice.say("compute.verb", vp=vp, mood=mood(voice, vp))
    return _nominal(voice, ask, "compute.noun")


def _figures(details: Sequence[Detail]) -> bool:
    return all(isinstance(item.values[0], (int, float)) and item.facet != "percent" for item in details)


def _brief(voice: Voicing, ask: Ask) -> str:
    """A request that follows on something said before."""
    if _first_word(ask) or not ask.details:
        return _one(voice, ask)
    return _nominal(voice, ask, "compute.noun.brief")


def _nominal(voice: Voicing, ask: Ask, symbol: str) -> str:
    noun = noun_of(ask)
    the = "my" if noun in read(COMPUTING)["own"] and voice.chance(0.7) else "the"
    tool = ask.gist["tool"]
    if _timely(ask):
        return voice.say("compute.time", posts=posts(voice, ask.details, tool))
    many = plural(noun)
    be = {"whats": "what are" if many else "what's", "is": "are" if many else "is"}
    return voice.say(symbol, noun=noun, the=the, posts=posts(voice, ask.details, tool), **be)


def plural(noun: str) -> bool:
    """Whether what is worked out is several: calories burned, savings."""
    return any(word.endswith("s") and not word.endswith(("ss", "us", "is")) for word in noun.split())


def _timely(ask: Ask) -> bool:
    """Whether it is the time that is asked for."""
    return noun_of(ask) in ("time", "local time")


def _later(voice: Voicing, ask: Ask) -> str:
    """What is wanted, then the figures for it in a sentence of their own."""
    name = [word for word in name_words(ask.gist["tool"]) if word != ask.verb]
    main = _main(ask, name) if _first_word(ask) else None
    facts = []
    for item in ask.details:
        known = figure_of(item.parameter) if isinstance(item.values[0], (int, float)) else None
        if item is main or (known is not None and known.kind in ("time", "count") and known.unit):
            facts.append(said(voice, item))
        elif isinstance(item.values[0], str):
            facts.append(post_of(voice, item, ask.gist["tool"]))
        else:
            facts.append(f"{phrased(item.parameter)} {said(voice, item)}")
    phrase = ask.phrase
    if main is not None and len(name) == 1 and not phrase_of(name[0]).isupper():
        phrase = f"{ask.verb} {with_article(name[0])}"
    return voice.say("compute.later", phrase=phrase, facts=listed(facts))


def noun_of(ask: Ask) -> str:
    """What is worked out: "the loan payment" of "work out the loan payment"."""
    return ask.phrase.removeprefix(ask.verb).strip().removeprefix("the ")


def _first_word(ask: Ask) -> bool:
    """Whether the tool's name is a command: split, add, round."""
    return ask.verb != "work out"


def _convert(voice: Voicing, value: Detail, source: Detail | None, target: Detail | None) -> str:
    amount = said(voice, value)
    if source is not None:
        amount = with_unit(amount, source)
    if target is None:
        return voice.say("compute.bare", phrase=f"convert {amount}")
    to = unit_said(target)
    many = {} if measures(str(target.values[0])) == "temperature" else {"to_many": to}
    return voice.say("compute.convert", v=amount, to=to, **many)


def _span(voice: Voicing, ask: Ask) -> str:
    """ "between 3 March and 28 March", when what is asked is how many there are of something in between."""
    noun = noun_of(ask)
    dates = [item for item in ask.details if item.facet in ("date", "date_time")]
    last_word = name_words(ask.gist["tool"])[-1]
    if len(dates) == len(ask.details) == 1 and last_word in ("until", "till", "since", "before", "after"):
        return f"{last_word} {said(voice, dates[0])}"
    if len(dates) != 2 or len(ask.details) != 2 or not noun.endswith("s") or ask.gist["gives"] != "integer":
        return ""
    first, last = said(voice, dates[0]), said(voice, dates[1])
    return str(
        voice.pick((f"between {first} and {last}", f"from {first} to {last}", f"from {first} until {last}"))
    )


def _imperative(voice: Voicing, ask: Ask, carried: str = "") -> str:
    """ "split a bill of 84.50 between 4 people with 10% tip"."""
    name = [word for word in name_words(ask.gist["tool"]) if word != ask.verb]
    thing = phrase_of("_".join(name)) or "result"
    with_it = read(COMPUTING)["arithmetic_on"].get(ask.verb)
    if carried and with_it and len(ask.details) == 1 and _figures(ask.details):
        text: str = voice.pick(with_it)
        return text.replace("{it}", carried).replace("{y}", said(voice, ask.details[0]))
    main = _main(ask, name) if not carried else None
    rest = [item for item in ask.details if item is not main]
    if main is None and not carried:
        single = thing if thing.isupper() or len(name) != 1 else with_article(thing)
        head = f"{ask.verb} {single}" if len(name) == 1 else ask.phrase
        return f"{head} {posts(voice, rest, ask.gist['tool'])}".strip()
    forms: Mapping[str, Sequence[str]] = read(COMPUTING)["verbs"]
    options = forms.get(ask.verb, forms["other"])
    if carried:
        options = [form for form in options if " of {v}" not in form and ", {v}," not in form] or [
            "{verb} {v}"
        ]
    if main is not None and main.shape == "list":
        options = [form for form in options if " of {v}" not in form] or ["{verb} {v}"]
    value = said(voice, main) if main is not None else carried
    if main is not None and main.facet == "text":
        value = f'"{value}"'
    head = (
        voice.pick(options)
        .replace("{a_object}", thing if thing.isupper() else with_article(thing))
        .replace("{object}", thing)
        .replace("{verb}", ask.verb)
        .replace("{v}", value)
    )
    return tidy(f"{head} {posts(voice, rest, ask.gist['tool'])}").rstrip(",")


def _main(ask: Ask, name: Sequence[str]) -> Detail | None:
    """What the verb is done to: the argument named like its object, else the first."""
    for item in ask.details:
        if set(name_words(item.parameter)) & set(name):
            return item
    if ask.gist.get("left"):
        return None  # what it is done to may be what was left out
    first = ask.details[0] if ask.details else None
    return first if first is not None and first.required and first.facet != "percent" else None


# ---------------------------------------------------------------- figures in a row


def posts(voice: Voicing, details: Sequence[Detail], tool: str) -> str:
    """The figures of a request in a row, a preposition said once where two have the same."""
    out: list[str] = []
    last = ""
    for item in details:
        for _ in range(TRIES):
            text = post_of(voice, item, tool)
            lead = unmarked(text).split(" ", 1)[0]
            if lead != last or lead in ("at", "with"):
                break
        if lead == last and lead in ("at", "with"):
            text = "and" + text[len(lead) :]
        else:
            last = lead
        out.append(text)
    return " ".join(out)


def post_of(voice: Voicing, item: Detail, tool: str) -> str:
    """One figure attached to what is asked: "over 5 years", "in Tokyo"."""
    text: str = voice.pick(_forms(item, tool))
    phrase = phrased(item.parameter)
    if "{on_v}" in text:
        return text.replace("{on_v}", _at(voice, item))
    if item.facet == "date" and text.startswith("for somebody born"):
        return text.replace("{v}", said(voice, msgspec.structs.replace(item, facet="date")))
    return (
        text.replace("{per}", per_what(item.parameter))
        .replace("{a_phrase}", f"{article(phrase)} {phrase}")
        .replace("{phrase}", phrase)
        .replace("{v}", said(voice, item))
    )


def _at(voice: Voicing, item: Detail) -> str:
    """A moment with its preposition: "on Friday at 3pm"."""
    text = said(voice, item)
    bare = unmarked(text)
    if bare.split(" ", 1)[0].rstrip(",") in ("today", "tomorrow", "yesterday", "next", "this", "last"):
        return text
    return f"at {text}" if bare[0].isdigit() and (":" in bare[:6] or "m " in bare[:6]) else f"on {text}"


def _forms(item: Detail, tool: str) -> Sequence[str]:
    data: Mapping[str, Any] = read(COMPUTING)
    if item.shape == "list":
        return list(data["posts_by_kind"]["list"])
    known = figure_for(tool, item.parameter) if isinstance(item.values[0], (int, float)) else None
    names = name_words(item.parameter)
    for word in reversed(names):
        if word in data["posts_by_word"]:
            return list(data["posts_by_word"][word])
    if known is not None and known.name in data["posts"]:
        return list(data["posts"][known.name])
    kinds = data["posts_by_kind"]
    if item.facet in ("date", "date_time"):
        return list(kinds["moment"])
    if isinstance(item.values[0], str):
        return list(kinds["enum"])
    return list(kinds[known.kind if known else "plain"])


def question_of(voice: Voicing, name: str, tool: str) -> str:
    """The assistant's question for a value that was left out."""
    data: Mapping[str, Any] = read(COMPUTING)
    known = figure_for(tool, name)
    options = next(
        (
            data["question_by_word"][word]
            for word in reversed(name_words(name))
            if word in data["question_by_word"]
        ),
        data["question"].get(known.name) if known else None,
    )
    text: str = voice.pick(options or data["question_by_kind"]["other"])
    return text.replace("{phrase}", phrased(name))
