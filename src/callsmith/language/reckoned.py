"""What was worked out, as an answer says it: figures with their units, fields by their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.catalog.data import read
from callsmith.catalog.figures import FIGURES, figure_of, measures, name_words
from callsmith.language.asking_compute import COMPUTING, noun_of, plural, post_of, question_of
from callsmith.language.figures import (
    moment_told,
    money,
    number_said,
    phrased,
    plain,
    said,
    unit_said,
    units_of,
    with_unit,
)
from callsmith.language.grammar import capitalised, unmarked
from callsmith.language.itemised import itemised
from callsmith.language.telling import Teller
from callsmith.language.voicing import Voicing
from callsmith.language.words import listed
from callsmith.meaning import Ask, Detail, Reply
from callsmith.records import Json
from callsmith.text import words


def computed(teller: Teller, reply: Reply) -> str:
    """The answer to what was to be worked out, and to what was along with it."""
    assert reply.ask is not None
    if not reply.also:
        return _statement(teller.voice, reply.ask, reply.records[0]["value"])
    other = reply.also[0]
    assert other.ask is not None
    if other.ask.tool == reply.ask.tool:
        return _two(teller.voice, reply, other)
    if other.ask.act == "compute_on":
        return _chain(teller.voice, reply, other)
    values = [item.records[0]["value"] for item in (reply, other)]
    if any(map(worded, values)):
        return " ".join(_statement(teller.voice, item.ask, item.records[0]["value"])
                        for item in (reply, other) if item.ask)  # fmt: skip
    told = [_clause(teller.voice, item.ask, item.records[0]["value"]) for item in (reply, other) if item.ask]
    if any(", " in clause or " and " in clause for clause in told):
        return ". ".join(map(capitalised, told)) + "."
    return capitalised(f"{told[0]}, and {told[1].replace('it comes to', 'the other comes to')}.")


def worded(value: Json) -> bool:
    """Whether a result is itself what one would answer: a sentence, not a value to put into one."""
    return (
        isinstance(value, str)
        and len(value.split()) > 2
        and value[:1].isupper()
        and "\n" not in value.strip()
    )


def _clause(voice: Voicing, ask: Ask, value: Json) -> str:
    """A result as part of a sentence, by its name."""
    value = _alone(ask, value)
    if isinstance(value, Mapping):
        return _sentence(voice, ask, _told_fields(ask, value))
    text = _short(voice, ask, value)
    units = units_of(ask)
    if units is not None:
        return f"{_amount(voice, units[0], units[1])} is {text}"
    if isinstance(value, int) and _counted(ask):
        return f"there {'is' if value == 1 else 'are'} {text}"
    if isinstance(value, str) and moment_told(voice, value):
        return f"it'll be {text} {_where(ask)}".rstrip()
    if ask.verb != "work out":
        return f"it comes to {text}"
    return voice.say("told.named", noun=noun_of(ask), value=text, **_be(ask))


def _chain(voice: Voicing, reply: Reply, other: Reply) -> str:
    """One result and what follows from it."""
    assert reply.ask is not None and other.ask is not None
    first, value = _short(voice, reply.ask, reply.records[0]["value"]), other.records[0]["value"]
    value = _alone(other.ask, value)
    if isinstance(value, Mapping):
        sentence = _sentence(voice, other.ask, _told_fields(other.ask, value, reply.records[0]["value"]))
        return capitalised(voice.say("told.chain.fields", first=first, sentence=sentence))
    reckoned = other.ask.verb == "work out"
    named = f"the {noun_of(other.ask)}" if reckoned else "the result"
    be = _be(other.ask) if reckoned else {"is": "is", "comes": "comes"}
    text = _scalar(voice, other.ask, value)
    return capitalised(voice.say("told.chain", first=first, the_noun=named, value=text, **be))


def question(teller: Teller, reply: Reply) -> str:
    """The question for what was left out."""
    assert reply.ask is not None
    return question_of(teller.voice, reply.missing[0].name, reply.ask.gist["tool"])


def _alone(ask: Ask, value: Json) -> Json:
    """A result that is one figure under a name that says nothing, as that figure."""
    if isinstance(value, Mapping):
        fields = _told_fields(ask, value)
        if len(fields) == 1 and fields[0][0] in read(COMPUTING)["nameless"]:
            return fields[0][1]
    return value


def _statement(voice: Voicing, ask: Ask, value: Json) -> str:
    value = _alone(ask, value)
    if isinstance(value, Mapping):
        return _fields(voice, ask, value)
    units = units_of(ask)
    if units is not None and units[2] is not None:
        amount = _amount(voice, units[0], units[1])
        return capitalised(voice.say("told.convert", v=amount, value=_scalar(voice, ask, value)))
    if isinstance(value, str) and worded(value):
        return value.strip() if value.rstrip().endswith((".", "!", "?")) else f"{value.strip()}."
    text = _scalar(voice, ask, value)
    if isinstance(value, str):
        moment = moment_told(voice, value)
        if moment:
            where = _where(ask)
            return capitalised(voice.say("told.moment", value=moment, **({"where": where} if where else {})))
        return capitalised(voice.say("told.text", value=text))
    if isinstance(value, int) and _counted(ask):
        return capitalised(voice.say("told.count", value=text))
    if ask.verb != "work out":
        return capitalised(voice.say("told.plain", value=text))
    return capitalised(voice.say("told.value", value=text, the_noun=f"the {noun_of(ask)}", **_be(ask)))


def _be(ask: Ask) -> dict[str, str]:
    many = plural(noun_of(ask))
    return {"is": "are" if many else "is", "comes": "come" if many else "comes"}


def _where(ask: Ask) -> str:
    place = next(
        (i for i in ask.details if {"city", "country", "place"} & set(name_words(i.parameter))), None
    )
    return f"in {place.values[0]}" if place is not None else ""


def _counted(ask: Ask) -> bool:
    """Whether the result is how many there are of what the tool is called."""
    noun = noun_of(ask)
    return ask.verb == "work out" and noun.endswith("s") and not noun.endswith("ss")


def _scalar(voice: Voicing, ask: Ask, value: Json) -> str:
    """A result that is one value."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return listed([str(plain(item)) for item in value])
    if not isinstance(value, (int, float)):
        return f'"{value}"' if " " in str(value) and not any(map(str.isdigit, str(value))) else str(value)
    units = units_of(ask)
    if units is not None and units[2] is not None:
        return unmarked(f"{plain(value)} {unit_said(units[2])}") if not _degrees(ask) else _warm(ask, value)
    noun = noun_of(ask)
    if isinstance(value, int) and _counted(ask):
        return f"{plain(value)} {noun.removesuffix('s') if value == 1 else noun}"
    return _named(voice, ask, ask.gist["tool"], value)


def _amount(voice: Voicing, value: Detail, unit: Detail | None) -> str:
    """What was converted, with its unit."""
    return unmarked(said(voice, value) if unit is None else with_unit(said(voice, value), unit))


def _degrees(ask: Ask) -> bool:
    units = units_of(ask)
    return units is not None and units[2] is not None and measures(str(units[2].values[0])) == "temperature"


def _warm(ask: Ask, value: Json) -> str:
    units = units_of(ask)
    assert units is not None and units[2] is not None
    return unmarked(with_unit(plain(value), units[2]))


def _named(voice: Voicing, ask: Ask, name: str, value: Json) -> str:
    """A value by the name of its field; a sum where the request was about sums."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return moment_told(voice, value) or value.replace("_", " ")
    if not isinstance(value, (int, float)):
        return plain(value)
    known = figure_of(name)
    if known is not None and known.name not in ("numerator", "interest", "tax_rate", "years"):
        return number_said(voice, name, value)
    last = name_words(name)[-1:]
    sums = {*read(FIGURES)["sums"], "interest", "vat", "tax", "person", "share", "payment", "tip"}
    about_money = any(known.kind == "money" for item in ask.details if (known := figure_of(item.parameter)))
    carried = figure_of(ask.gist.get("carried", ""))
    if last and last[0] in sums and (about_money or (carried is not None and carried.kind == "money")):
        return money(voice, value)
    return number_said(voice, name, value) if known and known.kind == "percent" else plain(value)


# ---------------------------------------------------------------- fields


def _called(ask: Ask, name: str) -> str:
    """What a field is called; an abbreviation in capitals only where the tool itself speaks of it."""
    spoken = set(words(f"{ask.gist['about']} {ask.gist['tool'].replace('_', ' ')}"))
    return " ".join(
        word if not word.isupper() or word.lower() in spoken else word.lower()
        for word in phrased(name).split()
    )


def _told_fields(ask: Ask, value: Mapping[str, Json], before: Json = None) -> list[tuple[str, Json]]:
    """The fields worth telling: not those that only repeat what was given, or what ``before`` told."""
    given = [item.values[0] for item in ask.details if item.values]
    given += list(before.values()) if isinstance(before, Mapping) else [before]
    shown = [
        (name, item)
        for name, item in value.items()
        if item is not None and item != "" and not isinstance(item, (Mapping, list)) and item not in given
        and name != ask.gist.get("carried")
    ]  # fmt: skip
    return shown[:5] or [
        (name, item) for name, item in value.items() if not isinstance(item, (Mapping, list))
    ]


def _fields(voice: Voicing, ask: Ask, value: Mapping[str, Json]) -> str:
    fields = _told_fields(ask, value)
    amounts = read(COMPUTING)["amounts"]
    if all(name in amounts for name, _ in fields) and voice.chance(0.7):
        return capitalised(voice.say("told.amounts", amounts=_amounts(voice, ask, fields)))
    deeper = any(isinstance(item, (Mapping, list)) and item for item in value.values())
    if deeper or not all(_sayable(name, item) for name, item in fields):
        told = {name: item for name, item in value.items() if isinstance(item, (Mapping, list))}
        return itemised({**dict(fields), **told}, lambda name, item: _named(voice, ask, name, item))
    if len(fields) > 1 and voice.chance(0.2):
        pairs = "; ".join(f"{_called(ask, name)}: {_named(voice, ask, name, item)}" for name, item in fields)
        return capitalised(voice.say("told.flat", pairs=pairs))
    return capitalised(voice.say("told.fields", sentence=_sentence(voice, ask, fields)))


def _sayable(name: str, value: Json) -> bool:
    """Whether a field can stand in a sentence: it is a sort, or a figure with a name of its own and not of its unit."""
    if name in read(COMPUTING)["classes"]:
        return True
    last = name_words(name)[-1:]
    known = figure_of(name)
    unit = (
        known is not None and known.unit.rpartition(" ")[2].startswith(last[0].rstrip("s")) if last else False
    )
    return not isinstance(value, str) and bool(last) and not unit and not last[0].endswith(("s", "ed"))


def _amounts(voice: Voicing, ask: Ask, fields: Sequence[tuple[str, Json]]) -> str:
    forms: Mapping[str, Sequence[str]] = read(COMPUTING)["amounts"]
    said_so = [
        voice.pick(forms[name]).replace("{v}", _named(voice, ask, name, item)) for name, item in fields
    ]
    return voice.pick((", ", " and ")).join(said_so) if len(said_so) == 2 else listed(said_so)


def _sentence(voice: Voicing, ask: Ask, fields: Sequence[tuple[str, Json]]) -> str:
    """ "the monthly payment is 440.91 and the total interest 2,454.86"."""
    classes = read(COMPUTING)["classes"]
    out: list[str] = []
    tail = ""
    for name, item in fields:
        told = _named(voice, ask, name, item)
        if name in classes and isinstance(item, str) and out:
            tail = f", which (counts as|is) {told}".replace("(counts as|is)", voice.pick(("counts as", "is")))
            continue
        per = name_words(name)[:1] == ("per",)
        phrase = f"amount {phrased(name)}" if per else _called(ask, name)
        out.append(f"the {phrase} {'is ' if not out else ''}{told}")
    return listed(out) + tail


# ---------------------------------------------------------------- two at once


def _two(voice: Voicing, reply: Reply, other: Reply) -> str:
    assert reply.ask is not None and other.ask is not None
    one, two = reply.ask, other.ask
    first, second = reply.records[0]["value"], other.records[0]["value"]
    if worded(first) or worded(second):
        return f"{_statement(voice, one, first)} {_statement(voice, two, second)}"
    changed = next(
        (a, b) for a, b in zip(one.details, two.details, strict=True) if list(a.values) != list(b.values)
    )
    units = units_of(one)
    results = [_short(voice, ask, value) for ask, value in ((one, first), (two, second))]
    if units is not None:
        same_value = changed[0].parameter != units[0].parameter
        a, b = (_amount(voice, item, units[1]) for item in changed) if not same_value else ("", "")
        if same_value:
            return f"{_amount(voice, units[0], units[1])} is {results[0]}, or {results[1]}."
        return capitalised(voice.say("told.two.convert", a=a, b=b, first=results[0], second=results[1]))
    labels = [_label(voice, one, item) for item in changed]
    symbol = (
        "told.two.fields"
        if any(" and " in text or ", " in text for text in (*results, *labels))
        else "told.two"
    )
    return capitalised(voice.say(symbol, a=labels[0], b=labels[1], first=results[0], second=results[1]))


def _label(voice: Voicing, ask: Ask, item: Detail) -> str:
    if item.facet == "date_time":
        return f"for {moment_told(voice, str(item.values[0]))}"
    return unmarked(post_of(voice, item, ask.gist["tool"]))


def _short(voice: Voicing, ask: Ask, value: Json) -> str:
    value = _alone(ask, value)
    if not isinstance(value, Mapping):
        text = _scalar(voice, ask, value)
        return (moment_told(voice, value) or text) if isinstance(value, str) else text
    fields = _told_fields(ask, value)
    forms: Any = read(COMPUTING)["amounts"]
    if all(name in forms for name, _ in fields):
        return listed(
            [forms[name][0].replace("{v}", _named(voice, ask, name, item)) for name, item in fields]
        )
    return listed([f"{_called(ask, name)} {_named(voice, ask, name, item)}" for name, item in fields])
