"""Whether a text the assistant wrote keeps to what it knows: titles, notes, mail bodies."""

from __future__ import annotations

from callsmith.catalog.data import read
from callsmith.check.context import Context, Place
from callsmith.check.support import Support
from callsmith.facts.mention import Mention
from callsmith.records import Composed, Found, Origin, Said
from callsmith.text import stem, words

_STOP = frozenset(
    """a an the and or but of for to in on at by with from is are was were be been it its this that these those i you
    he she we they me him her us them my your his our their as if so not no do does did have has had will would can
    could should may might just please hi hello hey dear thanks thank regards best kind cheers all any some there here
    what when where which who how about up out into over after before then than also let know get got re fwd""".split()
)


def composed(value: str, context: Context, facet: str) -> Origin | None:
    """A text whose facts all come from context and that is about something in it; None when it is not.

    A title must be made of words that were said or found, apart from some; a body may say what it has to in its own
    words as long as no fact in it is new and it touches what the conversation is about.
    """
    support = Support(context)
    if support.unknown(value):
        return None
    generic = {stem(str(word)) for word in read("check/aliases.yaml")["generic"]}
    content = [
        word for word in dict.fromkeys(stem(w) for w in words(value) if w not in _STOP) if word not in generic
    ]
    if not content:
        return None
    places: list[Place] = _stated(value, context)
    missing = list(content)
    for text in reversed(context.texts):
        own = {stem(word): None for word in words(text.text)}
        hit = [word for word in missing if word in own]
        if hit and text.place == "user":
            places.append(Said(text.message, (0, len(text.text))))
        if hit:
            missing = [word for word in missing if word not in own]
    if missing:
        for each in reversed(context.results):
            for pointer, here in context.reading.leaves(each):
                if missing and isinstance(here, str) and len(here) > 2:
                    own = {stem(word): None for word in words(here[:4000])}
                    hit = [word for word in missing if word in own]
                    if hit:
                        places.append(Found(each.call.id, pointer))
                        missing = [word for word in missing if word not in own]
            if not missing:
                break
    known = 1 - len(missing) / len(content)
    if known < (0.5 if facet == "title" else 0.3 if len(content) <= 8 else 0.25) or not places:
        return None
    return Composed(tuple(places[:6]))


def _stated(value: str, context: Context) -> list[Place]:
    """Where the dates, amounts and addresses a text states come from, results before what was said."""
    places: list[Place] = []
    for mention in context.reading.mentions(value):
        place = _place_of(mention, context)
        if place is not None and place not in places:
            places.append(place)
    return places


def _place_of(mention: Mention, context: Context) -> Place | None:
    for number in mention.numbers:
        found = context.found(number) or (context.found(number * 100) if mention.kind == "amount" else None)
        if found is not None:
            return found
    if mention.kind in ("email", "url", "id", "phone", "key"):
        return context.found(mention.text) or context.said(mention.text)
    for first, last in mention.days:
        for day, _, call, pointer in reversed(context.moments()):
            if first == day == last:
                return Found(call, pointer)
    return None
