"""What the name and the words of a detail tell: what is to happen at its moment, how it is said of one thing."""

from __future__ import annotations

import re
from functools import lru_cache

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.catalog.quantities import unit_at_end
from callsmith.language.grammar import mark
from callsmith.language.relating import counted, own_span, personal, plain_sum, rate, unitless
from callsmith.language.words import humanised, lexicon
from callsmith.meaning import Ask, Detail, Target

_ONE = (
    (" that mention ", " that mentions "),
    (" that carry ", " that carries "),
    (" that are ", " that is "),
    (" which are ", " which is "),
    (" that have ", " that has "),
    (" with something attached", " with a file attached"),
    (" are mine", " is mine"),
    (" in them", " in it"),
    (" as their ", " as its "),
)


_BREAKING = re.compile(r"[,:;.!?]|\b(?:on|of|to|for|at|in|with|about|called)$", re.IGNORECASE)


def plain_title(title: str) -> bool:
    """Whether a title can stand in a sentence without quotation marks."""
    first = title.split()[0].lower() if title.split() else ""
    verbal = first in lexicon("imperatives") or first in (
        "what",
        "when",
        "who",
        "how",
        "why",
        "where",
        "your",
        "re:",
    )
    return len(title.split()) <= 5 and not verbal and not _BREAKING.search(title)


_NAME = re.compile(r"[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){0,4}")


def name_alone(label: str) -> bool:
    """Whether what something is called can be nothing but a name, so that it needs no quotation marks."""
    return _NAME.fullmatch(label) is not None


def by_name(noun: str, label: str, title: str, kind: str) -> list[str]:
    """The ways to call a thing by its whole name: a "person", one that is "called" so as a boat is, or neither."""
    plain, short = plain_title(title), len(title.split()) <= 3
    if kind == "person":
        return [label]
    ware = noun.rpartition(" ")[2] in lexicon("wares")
    if not plain:
        return [f'"{label}"'] if ware else [f'"{label}"', f'"{label}"', f'the {noun} "{label}"']
    articled = title.lower().startswith(("the ", "a ", "an ", "my ", "our "))
    if kind == "called" or noun in lexicon("namelike") or capitalised_throughout(title):
        beside = [] if articled or not short else [f"the {label} {noun}"]
        return [label] if kind == "called" else [label, label, f'"{label}"', *beside]
    if ware:
        return [label, f'"{label}"'] if articled else [f"the {label}", label, f'"{label}"']
    if articled or not short:
        return [f'"{label}"', f'"{label}"', f'the {noun} "{label}"', f"the {noun} called {label}"]
    return [f"the {label} {noun}", f"the {label} {noun}", f'"{label}"', f'the {noun} "{label}"']


def held_by(target: Target, whose: str, said: str, *, personal: bool, named: bool) -> list[str]:
    """The ways to say a record with what it belongs to: Ana Ruiz's Bruno, the repeat for Ana Ruiz's Bruno."""
    assert target.holder is not None
    if target.whose:
        return [f"the {target.noun} for {whose}'s {mark(target.label, 'label')}"]
    if not personal or target.holder.holder is not None:
        return [f"{said} for {whose}"]
    if named:
        return [f"{whose}'s {said}", f"{whose}'s {target.noun} {said}"]
    return [f"{whose}'s {said[4:]}" if said.startswith("the ") else f"{whose}'s {target.noun} {said}"]


def key_forms(noun: str, key: str, number: bool) -> list[str]:
    """The ways to call a thing by its number or by another key."""
    if not number:
        return [key, key, f"{noun} {key}"]
    forms = [f"{noun} {key}", f"{noun} #{key}"]
    return [*forms, f"#{key}", f"number {key}"] if noun.rpartition(" ")[2] in lexicon("numbered") else forms


def capitalised_throughout(title: str) -> bool:
    """Whether something is called by words that are all written large, as a name is: Maple Road, Osprey Trading."""
    words = title.split()
    return len(words) > 1 and all(word[:1].isupper() or word.lower() in _JOINING for word in words)


_JOINING = ("of", "the", "and", "de", "la", "le", "du", "&", "in", "for")


def occasion_of(phrase: str) -> str:
    """What happens on a day that a field holds: the pickup, of a pickup date."""
    return re.sub(r" (?:date|day|time|at|on)$", "", phrase)


_IRREGULAR = {
    "children": "child",
    "people": "person",
    "men": "man",
    "women": "woman",
    "feet": "foot",
    "mice": "mouse",
}


def one_of_them(phrase: str) -> str:
    """The phrase for a single thing: "columns" as "column", "max entries" as "max entry"."""
    *before, last = phrase.split(" ")
    if last in _IRREGULAR:
        return " ".join([*before, _IRREGULAR[last]])
    if phrase.endswith("ies") and len(phrase.split()[-1]) > 4:
        return phrase[:-3] + "y"
    if phrase.endswith(("shelves", "halves", "loaves", "scarves", "calves", "wolves")):
        return phrase[:-3] + "f"
    return phrase[:-1] if phrase.endswith("s") and not phrase.endswith(("ss", "us", "is")) else phrase


def of_one(phrase: str) -> str:
    """What narrows several, said of one."""
    phrase = f" {phrase} "
    for several, one in _ONE:
        phrase = phrase.replace(several, one)
    return phrase.strip()


@lru_cache(maxsize=1)
def _stems() -> tuple[str, ...]:
    return tuple(read("language/en/lexicon.yaml")["stems"].split())


def own_name(item: Detail, noun: str) -> bool:
    """Whether a name is what things of a noun are called, and not somebody's who made or has them."""
    phrase = (item.phrase or humanised(item.parameter)).lower()
    return bool(noun) and phrase in ("name", "full name", noun, f"{noun} name")


_ENDING = frozenset("end ends until expire expires expiry expiration".split())


_PUBLISHING = frozenset("publish publication published release".split())


_BEGINNING = frozenset("from begin begins beginning".split())


_BLANK = frozenset(
    "valid date time datetime day when at on of for the start starts due scheduled schedule reserved booked slot"
    " planned".split()
)


def moment_of(item: Detail) -> str:
    """What is to happen at a moment that is stated: until, from, publish, named; "" where the day says it all."""
    if item.facet not in ("date", "date_time") or item.shape != "value":
        return ""
    own = {*name_words(item.parameter)} - _BLANK
    words = own if own and own <= _ENDING else own | {*name_words(item.phrase)} - _BLANK
    if not words:
        return ""
    if words <= _ENDING:
        return "until"
    if words <= _BEGINNING:
        return "from"
    return "publish" if words & _PUBLISHING else "named"


_BOUNDING = frozenset(
    "low high min max minimum maximum lowest highest starting reserve opening limit".split()
)


def sum_of(item: Detail) -> bool:
    """Whether a sum of money has to be called by its name, as it is one of several: the low estimate."""
    return item.facet in ("amount", "amount_minor") and bool(_BOUNDING & {*name_words(item.phrase)})


def stems(name: str) -> list[str]:
    """Known stems a parameter name ends or begins with: ``assignee_id`` -> ``assignee``; of ``bodyRegion`` none."""
    words = name_words(name)
    name = "".join(words)
    aliases = {
        "maxresults": "limit",
        "pagesize": "limit",
        "perpage": "limit",
        "count": "limit",
        "deadlinedate": "deadline",
    }
    found = [aliases[name]] if name in aliases else []
    whole = len(words) == 1
    first, last = words[:1], words[-1:]
    led = whole or last and last[0] in _TAILS
    return found + [
        stem
        for stem in _stems()
        if (name.startswith(stem) if whole else led and first == (stem,))
        or (name.endswith(stem) if whole else last == (stem,))
    ]


_TAILS = frozenset(
    "id ids name names key keys text html email login username at on by date time datetime day code value url"
    " list slug number before until till after since from in not any all filter contains like eq is".split()
)


_MARK = re.compile(r"(?=[^ ]*[0-9])[A-Z0-9][A-Z0-9./ -]{2,}")


_BARE = ("count", "quantity", "qty", "number", "limit", "size")
_BOUNDS = {"max": "most", "maximum": "most", "min": "least", "minimum": "least"}
_HOURS = ("hours", "days", "weeks", "months")


def named_apart(item: Detail) -> str:
    """How a value is put that has to be called by its name: a sum among others, a measure, somebody else's time."""
    if item.shape != "value" or not item.phrase or not item.values:
        return ""
    value = item.values[0]
    if item.facet == "enum":  # a container type: the "type" of a container request is another
        return "sort" if item.phrase.lower().endswith((" type", " sort", " kind")) else ""
    if item.facet in ("text", "key", "number_key") and isinstance(value, str) and _MARK.fullmatch(value):
        return "mark"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    if item.facet in ("amount", "amount_minor") and not plain_sum(item.phrase):
        return "sum rated" if rate(item.phrase) else "sum named"
    if item.facet.startswith("duration") and own_span(item.phrase):
        return "measure"
    if item.facet not in ("number", "count"):
        return ""
    words = item.phrase.lower().split()
    if words[0] in _BOUNDS and counted(item.phrase):
        return _BOUNDS[words[0]]
    if (own := unitless(item.phrase).lower().split()[-1]) in ("weight", "floor", "table"):
        return own
    whole = counted(item.phrase) or item.phrase.split()[0] in _HOURS
    if item.facet == "count" and (whole or item.phrase.lower() in _BARE or unit_at_end(words)[0]):
        return ""
    if not whole and unitless(item.phrase).split()[-1] in read("language/en/relating.yaml")["masses"]:
        return "mass"
    return "count" if whole else "measure"


def possessed(phrase: str) -> str:
    """What a field is called that holds somebody's number or address: the owner's phone number, of "owner phone"."""
    whose, _, what = phrase.partition(" ")
    return f"{whose}'s {_REACHED[what]}" if what in _REACHED and personal(whose.lower()) else phrase


_REACHED = {
    "phone": "phone number", "phone number": "phone number", "mobile": "mobile number", "telephone": "phone number",
    "mobile number": "mobile number", "email": "e-mail address", "e-mail address": "e-mail address",
    "address": "address", "name": "name", "number": "number",
}  # fmt: skip


def how_many(item: Detail) -> bool:
    """Whether a detail says how many are made, and not how many of what: 46 picture boxes."""
    whole = item.facet in ("number", "count") and item.role == "sets" and item.shape == "value"
    return whole and item.phrase.lower() in ("quantity", "qty") and isinstance(item.values[0], int)


def names_firm(ask: Ask, item: Detail) -> bool:
    """Whether a firm is what is made itself: a supplier called Lakeside Studio."""
    named = any(one.facet == "title" for one in ask.details)
    firm = item.facet == "company" and item.role == "sets" and not named and not personal(ask.noun)
    return firm and item.phrase.lower().removesuffix(" name") in ("company", "business", "firm", ask.noun)
