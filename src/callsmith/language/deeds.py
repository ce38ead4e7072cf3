"""A tool's own imperative said of one record: its verb around the record, with the values that its nouns stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.catalog.grounds import is_ground
from callsmith.language.grammar import mark, unmarked
from callsmith.language.relating import in_units
from callsmith.language.voicing import Voicing
from callsmith.language.words import lexicon, listed, participle, with_article
from callsmith.meaning import Ask, Detail, Target

_FIGURES = (
    "number",
    "count",
    "amount",
    "amount_minor",
    "percent",
    "duration_minutes",
    "duration_seconds",
    "ordinal",
)
_MOMENTS = ("date", "date_time", "time")
_PARTICLES = (
    "on",
    "off",
    "up",
    "out",
    "down",
    "in",
    "over",
    "back",
    "away",
    "aside",
    "through",
    "forward",
    "along",
)
_OTHER = r"(?:an?|the|another|some|someone|somebody|their|its|his|her)?(?: (?:other|new|next|different|further|extra))?"
_BEARER = re.compile(r" an? ([a-z]+)(?= |$)")


@lru_cache(maxsize=4)
def deeds(name: str) -> frozenset[str]:
    """A list of verbs of one word or two."""
    return frozenset(" ".join(one.split()) for one in read("language/en/lexicon.yaml")[name].split(","))


class Spot(Struct, frozen=True):
    """Where the record stands in an imperative."""

    before: str
    after: str
    who: str = ""  # the one whose record it is, where the deed is done to them: a guest


def spot_in(ask: Ask) -> Spot | None:
    """The place of the record in the tool's own imperative; None where it is not in it."""
    for said in (with_article(ask.noun), ask.plural, ask.noun):
        before, found, after = ask.phrase.partition(f" {said}")
        if found and (not after or after[0] == " ") and not before.endswith(" their"):
            return Spot(before, after)
    found_one = _BEARER.search(ask.phrase)
    if found_one and " " in ask.phrase:
        return Spot(ask.phrase[: found_one.start()], ask.phrase[found_one.end() :], found_one[1])
    return None


def bearing(spot: Spot, target: Target | None, thing: str) -> str:
    """Whom a deed is done to, where that is the one whose record it is: "check Ana Ruiz in"."""
    if not spot.who or target is None or target.by == "the" and target.filters:
        return thing
    if target.by == "pronoun":
        return "them"
    if target.whose and target.by == "label" and not target.places:
        return mark(target.label, "label")
    return f"the {spot.who} of {thing}"


def _borne(spot: Spot, ask: Ask, thing: str) -> str:
    """Whom or what the deed is done to, one or several."""
    several = len(ask.targets) > 1 and all(
        one.whose and one.by == "label" and not one.places for one in ask.targets
    )
    if spot.who and several:
        return listed([mark(one.label, "label") for one in ask.targets])
    return bearing(spot, ask.targets[0] if len(ask.targets) == 1 else None, thing)


def simple(ask: Ask, spot: Spot) -> bool:
    """Whether the deed is done to the record itself and nothing else stands before it: "hand {} back to its owner"."""
    return spot.before in (ask.verb, ask.verb.partition(" ")[0])


def said_of(
    voice: Voicing, ask: Ask, thing: str, details: Sequence[Detail], spot: Spot | None = None
) -> tuple[str, list[Detail]]:
    """The imperative about a record, values in it, and the details that are still to be said."""
    if spot is None:
        spot = spot_in(ask)
        thing = _borne(spot, ask, thing) if spot else thing
    if spot is None:
        return around(ask.verb, thing, ""), list(details)
    after, left = _filled(voice, ask, spot.after, list(details))
    if simple(ask, spot):
        return around(ask.verb, thing, after) if not after else f"{spot.before} {thing}{after}", left
    before, left = _object_filled(voice, ask, spot.before, left)
    if voice.personal(ask.noun) and (own := _THEIRS.fullmatch(before)) and own["what"] in lexicon("held"):
        whose = "their" if unmarked(thing) == "them" else f"{thing}'s"
        return f"{own['verb']} {whose} {own['what']}{after}", left
    return f"{before} {thing}{after}", left


_THEIRS = re.compile(r"(?P<verb>.+?) (?:an?|the) (?:[a-z]+ed )?(?P<what>[a-z]+) (?:for|of)")


def around(verb: str, thing: str, after: str) -> str:
    """A verb with its particle: "hand it back", "hand back the laptop of Ana"."""
    head, _, particle = verb.partition(" ")
    short = unmarked(thing) in ("it", "them", "that one", "both")
    if particle in _PARTICLES and (short or len(unmarked(thing).split()) < 3 and len(verb) % 2):
        return f"{head} {thing} {particle}{after}"
    return f"{verb} {thing}{after}"


_LOOSE = (
    "name", "id", "number", "to", "new", "at", "on", "by", "in", "from", "until", "till", "of", "for",
    "kg", "g", "m", "km", "l", "cm", "mm",
)  # fmt: skip
_SYNONYMS = {"email": ("address",), "place": ("address", "place", "location"), "phone": ("number",)}


def _stems(item: Detail) -> set[str]:
    words = [word for word in name_words(item.parameter) if word not in _LOOSE]
    last = words[-1:] or [""]
    return {last[0], last[0].removesuffix("s"), f"{last[0]}s", *_SYNONYMS.get(item.facet, ())} - {"", "s"}


_ANYBODY = re.compile(
    r" (?:(?:someone|somebody)(?: else)?"
    r"|(?:an?|another) (?:colleague|person|employee|customer|client|member|agent|user|friend))\b"
    r"|(?<= to) (?:an?|another) [a-z]+(?: (?:member|person|agent|manager|officer))?$"
)
_LATER = re.compile(
    r" (?:until|till|to|for) (?:later|another (?:day|time|date)|an? (?:new|later|different|earlier) (?:day|date|time))$"
)


def _filled(voice: Voicing, ask: Ask, after: str, details: list[Detail]) -> tuple[str, list[Detail]]:
    """What stands behind the record, nouns in it replaced by what is given for them: "to an agent" -> "to Ana"."""
    for item in list(details):
        for stem in sorted(_stems(item), key=len, reverse=True):
            found = re.search(
                rf" (to|into|onto|with|by|for|from|at|under|on|in|of) {_OTHER}(?: [a-z]+)? ?{stem}\b(?! of)",
                after,
            )
            if found is None:
                found = re.search(rf"^() {_OTHER} ?{stem}$", after)
            if found:
                value = _as_noun(voice, item, stem)
                lead = f" {found[1]}" if found[1] else ""
                after = f"{after[: found.start()]}{lead} {value}{after[found.end() :]}"
                details = [one for one in details if one is not item]
                break
    when = next((one for one in details if one.facet in ("date", "date_time")), None)
    if when is not None and (later := _LATER.search(after)):
        until = name_words(when.parameter)[0] in ("until", "till")
        after = f"{after[: later.start()]} {'until' if until else 'to'} {voice.spoken(when)}"
        details = [one for one in details if one is not when]
    sum_of = next((one for one in details if one.facet in ("amount", "amount_minor")), None)
    if sum_of is not None and re.fullmatch(r" an? [a-z]+", after):
        after = f"{after} of {voice.spoken(sum_of)}"
        details = [one for one in details if one is not sum_of]
    who = next((one for one in details if one.facet == "person"), None)
    if who is not None and _ANYBODY.search(after):
        after = _ANYBODY.sub(lambda _: f" {voice.spoken(who)}", after)
        details = [one for one in details if one is not who]
    return after, details


def _as_noun(voice: Voicing, item: Detail, stem: str) -> str:
    """A value where its noun stood: Ana Ruiz, room 12, ten minutes, the plus plan."""
    value = voice.spoken(item)
    words = name_words(item.parameter)
    if item.facet in ("duration_minutes", "duration_seconds"):
        return value
    if item.facet in _FIGURES and item.facet not in ("amount", "amount_minor", "percent"):
        return f"{value} {stem}" if stem.endswith("s") else f"{stem} {value}"
    if words[-1] in ("number", "code"):
        return f"{' '.join(words[:-1])} {value}"
    return f"the {value} {stem}" if item.facet == "enum" and stem in lexicon("ranked") else value


_MONEY = ("money", "funds", "fund", "cash", "credit")


def _object_filled(voice: Voicing, ask: Ask, before: str, details: list[Detail]) -> tuple[str, list[Detail]]:
    """What the deed is done to with its value: "log a mileage of 107,300 for", "assign Ana to"."""
    if goods := _goods(voice, before, details):
        return goods
    changing = ask.verb in deeds("changing")
    who = next((one for one in details if one.facet == "person"), None)
    if who is not None and (anybody := re.search(r" (?:someone|somebody|a person|people)\b", before)):
        rest = [one for one in details if one is not who]
        return f"{before[: anybody.start()]} {voice.spoken(who)}{before[anybody.end() :]}", rest
    for item in list(details):
        for stem in sorted(_stems(item), key=len, reverse=True):
            found = re.search(
                rf" (?:(an?|the|extra|further|another|more) )?((?:[a-z]+ )?){stem}(?= |$)", before
            )
            if not found or found.start() < len(ask.verb.partition(" ")[0]) - 1:
                continue
            written = item.facet in ("body", "text") and stem in _NOTES
            if changing and item.facet != "percent" or written or item.facet in _MOMENTS:
                return before, details  # the value stands behind
            rest = [one for one in details if one is not item]
            tail = before[found.end() :]
            tail = " for" if tail == " of" else tail
            return f"{before[: found.start()]} {_valued(voice, ask, item, (stem, found[2]))}{tail}", rest
    return _measured(voice, ask, before, details)


_SORTS = ("material", "item", "product", "article", "type", "kind", "size")

_HISSED = ("xes", "shes", "ches", "sses")


def _goods(voice: Voicing, before: str, details: list[Detail]) -> tuple[str, list[Detail]] | None:
    """What is ordered by its sort, and how many: "order 60 wardrobe boxes for", and not boxes made of wardrobe box."""
    head, _, object_ = before.partition(" ")
    things, _, tail = object_.partition(" ")
    sort = next(
        (one for one in details if one.facet == "enum" and name_words(one.parameter)[-1] in _SORTS), None
    )
    several = things.endswith("s") and not things.endswith("ss")
    if (
        sort is None
        or len(sort.values) != 1
        or not several
        or tail not in ("for", "to", "of", "on", "in", "")
    ):
        return None
    value, one = voice.spoken(sort), things[: -2 if things.endswith(_HISSED) else -1]
    many = next(
        (item for item in details if name_words(item.parameter)[-1] in ("quantity", "qty", "count")), None
    )
    own = unmarked(value).split(" ")[-1] == one
    if not own and (many is None or name_words(sort.parameter)[-1] not in _SORTS[:4]):
        return None
    if own and (many is None or many.values[0] != 1):
        value = f"{value}{things[len(one) :]}" if things.startswith(one) else value
    count = "" if many is None else f"{voice.spoken(many)} {'' if own else 'x '}"
    rest = [item for item in details if item is not sort and item is not many]
    return f"{head} {count}{value} {tail}".rstrip(), rest


def _measured(voice: Voicing, ask: Ask, before: str, details: list[Detail]) -> tuple[str, list[Detail]]:
    """A sum or an amount beside what it is of: "place a bid of £140 on", "log 25 litres of fuel for"."""
    head, *words = before.split(" ")
    for item in details:
        rest = [one for one in details if one is not item]
        value = voice.spoken(item)
        if item.facet in ("amount", "amount_minor"):
            if {*words} & {*_MONEY}:
                return " ".join([head, *[value if word in _MONEY else word for word in words]]), rest
            made = re.search(r" an? [a-z]+(?= [a-z]+$)", before)
            if made:
                return f"{before[: made.end()]} of {value}{before[made.end() :]}", rest
        unit = name_words(item.parameter)[-1]
        if (
            unit in lexicon("units")
            and item.facet in ("number", "count")
            and len(words) == 2
            and words[0].isalpha()
        ):
            return f"{head} {value} {unit} of {words[0]} {words[1]}", rest
    return before, details


def _valued(voice: Voicing, ask: Ask, item: Detail, called: tuple[str, str]) -> str:
    """What a deed is done to with its value: a mileage of 107,300, Ana Ruiz, the admin role."""
    value = voice.spoken(item)
    stem, attribute = called
    noun = f"{attribute}{stem}"
    if item.facet == "person" and (ask.verb in deeds("naming") or not voice.personal(stem)):
        return value
    if item.facet in _FIGURES:
        plain = item.facet not in ("amount", "amount_minor", "percent")
        if stem.endswith("s") and plain:
            return f"{value} {noun}"
        if plain and (measure := in_units(item.phrase or item.parameter, item.values[0])):
            unit = measure.lstrip("0123456789.,")
            value = f"{value}{unit}" if unit != measure else value
        return f"{with_article(noun)} of {value}"
    return f"the {noun} {value}" if not voice.personal(stem) else value


_NOTES = ("note", "comment", "remark", "message", "notes")


def moves(verb: str) -> bool:
    """Whether a verb brings what takes place to another time: postpone, put off, bring forward."""
    return verb in lexicon("moving") or verb in deeds("shifting")


def trailing(voice: Voicing, ask: Ask, item: Detail) -> str:
    """A detail behind the deed with the preposition that the verb takes; "" where any will do."""
    head = ask.verb.partition(" ")[0]
    taken = item.facet.startswith("duration") and item.phrase.startswith("time ")
    if item.shape not in ("value", "list") or taken:
        return ""
    value = voice.spoken(item)
    words = name_words(item.parameter)
    if is_ground(item.parameter):
        return f"({value})" if item.facet == "enum" else f"because {value}"
    if item.facet in ("body", "text") and words[-1] in _NOTES and f" {words[-1]} " in ask.phrase:
        return f'saying "{value}"'
    spot = spot_in(ask)
    parted = spot is not None and not simple(ask, spot)
    if ask.verb in deeds("changing") and parted and _stems(item) & set(unmarked(ask.phrase).split()):
        return f"to {value}"
    if item.facet in ("amount", "amount_minor"):
        if head in lexicon("by_amount"):
            return f"by {value}"
        return f"with {value}" if ask.verb in ("top up", "credit", "charge up", "load") else f"for {value}"
    if item.facet == "person":
        return f"to {value}" if head in lexicon("giving") else ""
    if item.facet in _MOMENTS:
        return (
            f"{'until' if words[0] in ('until', 'till') else 'for'} {value}"
            if words[0] in ("until", "till") or head in lexicon("planning")
            else ""
        )
    if item.facet == "enum" and words[-1] in lexicon("ranked") and head in deeds("stepping"):
        return f"to the {value} {words[-1]}"
    return _counted(item, value, head) or _worded(item, value, head)


def _counted(item: Detail, value: str, head: str) -> str:
    """A figure with its unit: for three days, by ten minutes, with 17 litres."""
    unit = name_words(item.parameter)[-1]
    if item.facet not in ("number", "count", "duration_minutes"):
        return ""
    said = value if item.facet == "duration_minutes" else f"{value} {unit}"
    if unit in lexicon("spans") or item.facet == "duration_minutes":
        return f"by {said}" if head in lexicon("by_amount") else f"for {said}"
    return f"with {said}" if unit in lexicon("units") else ""


def _worded(item: Detail, value: str, head: str) -> str:
    if item.facet in ("place", "city", "country") or {*name_words(item.parameter)[-1:]} & {
        "city",
        "destination",
        "address",
    }:
        return f"to {value}" if head in lexicon("heading") else ""
    return f"with {value}" if head in lexicon("with_what") and item.facet in ("text", "enum", "") else ""


def past_of(ask: Ask) -> str:
    """What a record is after the deed: "handed back to its owner", "marked as paid"."""
    spot = spot_in(ask)
    if spot is None or not simple(ask, spot):
        return participle(ask.verb)
    return participle(ask.verb if not spot.after else f"{spot.before}{spot.after}")


def done_to(
    voice: Voicing, ask: Ask, thing: str, details: Sequence[Detail], spot: Spot
) -> tuple[str, str, list[Detail]]:
    """The imperative with its values, what the record is then ("transferred to Ana Ruiz"), and what is still unsaid."""
    said, left = said_of(voice, ask, thing, details, spot)
    after, _ = _filled(voice, ask, spot.after, list(details))
    past = participle(unmarked(f"{spot.before}{after}")) if after and simple(ask, spot) else past_of(ask)
    left = [item for item in left if not is_ground(item.parameter)]  # whoever asked knows why
    for item in list(left):
        if tail := unmarked(trailing(voice, ask, item)):
            said, past = f"{said} {tail}", f"{past} {tail}"
            left.remove(item)
    return unmarked(said), past, left
