"""Figures as people say them: with their unit, their currency, their number of decimals."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from callsmith.catalog.figures import figure_of, measures, name_words, phrase_of
from callsmith.language.grammar import mark
from callsmith.language.voicing import Voicing
from callsmith.language.words import listed
from callsmith.meaning import Ask, Detail
from callsmith.records import Json

# Currencies of about the size of the figures in the lexicon, as (sign, word).
SAID_AS = {
    "EUR": ("€", "euros"), "USD": ("$", "dollars"), "GBP": ("£", "pounds"), "CHF": ("", "francs"),
    "CAD": ("$", "dollars"), "AUD": ("$", "dollars"), "NZD": ("$", "dollars"), "SGD": ("$", "dollars"),
}  # fmt: skip


CALLED = {
    "people": "number of people",
    "net": "net price",
    "moment": "time",
    "principal": "loan amount",
    "old": "old value",
    "new": "new value",
}


def plain(value: Json) -> str:
    """A number in full, thousands apart."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return f"{value:,}"


def money(voice: Voicing, value: float) -> str:
    """A sum, with the sign of the currency all through a talk or nowhere in it."""
    code = voice.speaker.currency
    form = voice.talk.setdefault("money", voice.pick(("plain", "plain", "sign", "sign", "word")))
    text = f"{value:,.2f}" if value % 1 else f"{int(value):,}"
    if form == "plain" or code not in SAID_AS:
        return text
    sign, word = SAID_AS[code]
    return f"{sign}{text}" if form == "sign" and sign else f"{text} {word}"


def number_said(voice: Voicing, name: str, value: float) -> str:
    """A number by the name of what it is: 68 kg, 5 years, 3.9%, 24,000."""
    known = figure_of(name)
    if known is None:
        return plain(value)
    if known.kind == "money":
        return money(voice, value)
    if known.kind == "percent":
        return f"{plain(round(value * 100, 4) if 0 < value < 1 and 'percent' not in name else value)}%"
    if known.unit:
        return f"{plain(value)} {known.one if value == 1 and known.one else known.unit}"
    return plain(value)


def said(voice: Voicing, item: Detail) -> str:
    """A detail's value as said, marked."""
    if item.shape == "list":
        return listed([mark(plain(value), item.parameter) for value in item.values])
    value = item.values[0]
    if isinstance(value, str):
        text = _when(voice, item, value) if item.facet in ("date", "date_time") else value
        if item.facet == "enum" and "_" in value:
            text = value.replace("_", " ")
        return mark(text, item.parameter)
    if isinstance(value, bool):
        return mark("yes" if value else "no", item.parameter)
    return mark(number_said(voice, item.parameter, value), item.parameter)


def _when(voice: Voicing, item: Detail, value: str) -> str:
    """A moment as said; a day of the month alone would be taken for one of the month named beside it."""
    text = voice.speaker.value(value, item.facet)
    day = voice.speaker.local(value)
    if item.facet == "date" and text.startswith("the ") and isinstance(day, date):
        return voice.speaker.calendar_date(day)
    return text


def units_of(ask: Ask) -> tuple[Detail, Detail | None, Detail | None] | None:
    """The figure of a conversion with its units, as far as they are said; None when it is no conversion."""
    units = [
        item
        for item in ask.details
        if isinstance(item.values[0], str)
        and measures(item.values[0])
        and {"from", "to", "source", "target", "into"} & set(name_words(item.parameter))
    ]
    value = next((item for item in ask.details if isinstance(item.values[0], (int, float))), None)
    if value is not None and ask.verb == "convert" and len(ask.details) == 1:
        return _named_units(ask, value)
    if value is None or not units or len(ask.details) > 3:
        return None
    source = next((u for u in units if {"from", "source"} & set(name_words(u.parameter))), None)
    target = next((u for u in units if u is not source), None)
    return value, source, target


def _named_units(ask: Ask, value: Detail) -> tuple[Detail, Detail | None, Detail | None] | None:
    """The units a tool's name gives: celsius_to_fahrenheit."""
    first, _, last = ask.phrase.removeprefix("convert ").partition(" to ")
    if not measures(first) or not measures(last):
        return None
    known = figure_of(value.parameter)
    source = msgspec.structs.replace(value, parameter="from", values=[first])
    target = msgspec.structs.replace(value, parameter="to", values=[last])
    return value, None if known is not None and known.unit else source, target


def with_unit(value: str, unit: Detail) -> str:
    """``68`` and kilograms: a temperature has degrees."""
    said = str(unit.values[0]).replace("_", " ")
    if measures(said) == "temperature" and len(said) > 2:
        said = f"degrees {said.capitalize()}"
    return f"{value} {mark(said, unit.parameter)}"


def unit_said(unit: Detail) -> str:
    said = str(unit.values[0]).replace("_", " ")
    if measures(said) == "temperature" and len(said) > 2:
        said = said.capitalize()
    return mark(said, unit.parameter)


def moment_told(voice: Voicing, value: str) -> str:
    """A date or moment of a result in its own offset; "" when the text is none."""
    if len(value) < 10 or value[4:5] != "-" or not value[:4].isdigit():
        return ""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return ""
    if len(value) == 10:
        return voice.speaker.exact_day(at.date())
    return voice.speaker.exact_moment(at)


def phrased(name: str) -> str:
    """What an argument or field is called in a sentence."""
    text = phrase_of(name)
    return CALLED.get(text, text)
