"""Overlays: what a user corrects in what is understood of tools, read from YAML files and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import msgspec
from msgspec import UNSET, Struct, UnsetType, field, structs

from callsmith.catalog.data import read
from callsmith.catalog.trades import trades
from callsmith.errors import ConfigError, nearest
from callsmith.facts import FACETS
from callsmith.located import Written, read_written
from callsmith.records import Effect, Json, Parameter, ParameterClass, Schema

EFFECTS: tuple[str, ...] = get_args(Effect)
CLASSES: tuple[str, ...] = get_args(ParameterClass)
Compare = Literal["eq", "contains", "ge", "gt", "le", "lt", "has", "text"]

EXAMPLE = "tools:"  # how an overlay begins
_NAMED = 80  # characters of the name of a company
_KEYS = ("trade", "company", "country", "city", "today", "entities", "tools")


class ParameterFix(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is said of one parameter. None is not said; an empty text takes back what was inferred."""

    klass: ParameterClass | None = field(default=None, name="class")
    """What it is to a person: natural_key, opaque_id, ambient, plumbing, preference, content or query."""
    facet: str | None = None
    """The kind of value: date, email, title, amount, enum, …"""
    phrase: str | None = None
    """What people call it: "due date"."""
    refers: str | None = None
    """The kind of record whose id or name it gives."""
    sets: str | None = None
    """The field of the tool's records that it writes: /status."""
    filters: str | None = None
    """The field of the tool's records that it restricts: /due_date."""
    compare: Compare | None = None
    """How it restricts: eq, contains, ge, gt, le, lt, has or text."""
    default: Json | UnsetType = UNSET
    """What it is filled with where nobody says it."""
    values: tuple[Json, ...] | None = None
    """The values it takes."""
    description: str | None = None
    """What it means, where the definition does not say; read for inference, not shown in rows."""


class ToolFix(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is said of one tool."""

    effect: Effect | None = None
    """What it does: read, list, search, create, update, delete, act, compute or opaque."""
    entity: str | None = None
    """The kind of record it is about: ticket."""
    verb: str | None = None
    """What people say it does to one, in its base form: book."""
    phrase: str | None = None
    """The whole as an imperative: "book a berth"."""
    exclude: bool | str = False
    """true, or why it is not to be called: it is only ever offered beside others."""
    description: str | None = None
    """What it does, where the definition does not say; read for inference, not shown in rows."""
    returns: Schema | None = None
    """The JSON Schema of what it returns, where the definition has none or a wrong one."""
    parameters: Mapping[str, ParameterFix] = {}
    """JSON pointer of an argument (`/due_date`, `/guests/*/email`) to what is said of it."""


class EntityFix(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is said of one kind of record."""

    noun: str | None = None
    """What people call one."""
    plural: str | None = None
    """What they call several."""
    id: str | None = None
    """The field tools name it by: /id."""
    label: str | None = None
    """The field people name it by: /title."""
    names: tuple[str, ...] | None = None
    """What such records are called: [Luna, Milo, Bella]."""


class Overlay(Struct, frozen=True):
    """One file of corrections. The keys of ``tools`` may be patterns: ``list_*``."""

    path: str
    entities: Mapping[str, EntityFix]
    tools: Mapping[str, ToolFix]
    lines: Mapping[tuple[str, ...], int]  # where each entry stands: ("tools", name, "parameters", pointer)
    trade: str | None = None  # the line of business of whoever uses the tools; None is not said, "" is none
    company: str = ""  # what the company is called that they work for
    country: str = ""  # the code of the country they are in
    city: str = ""  # the city, where it is to be one
    today: str = ""  # the day that the records of its fixtures are of

    def at(self, *steps: str) -> str:
        """``overlay FILE:LINE``, the reason for what is taken from there."""
        return f"overlay {Path(self.path).name}:{self.lines[steps]}"

    def wrong(self, what: str, *steps: str, hint: str = "") -> ConfigError:
        """The error that something at ``steps`` deserves; the last step is a key or stands under one."""
        written = read_written(Path(self.path), EXAMPLE)
        return written.wrong(what, steps, hint, of_key=True)


Fix = TypeVar("Fix", ParameterFix, ToolFix, EntityFix)


def read_overlay(path: str) -> Overlay:
    """The corrections in a file, each known to be possible by itself.

    Raises:
        ConfigError: the file cannot be read, or a key, effect, class, facet or comparison is none; with the place.
    """
    written = read_written(Path(path), EXAMPLE)
    for key in written.plain:
        if key not in _KEYS:
            raise written.wrong(f"unknown key {key}", [key], nearest(str(key), _KEYS), True)
    trade = written.plain.get("trade")
    if trade is not None and trade != "" and trade not in trades():
        hint = nearest(str(trade), trades())
        raise written.wrong(f"no line of business {trade}", ["trade"], hint)
    company = written.plain.get("company") or ""
    if not isinstance(company, str) or len(company) > _NAMED or not company.isprintable():
        raise written.wrong("company is no name", ["company"], f"one line of at most {_NAMED} characters")
    country = written.plain.get("country") or ""
    if country and country not in countries():
        hint = nearest(str(country), countries())
        raise written.wrong(f"no company is known in {country}", ["country"], hint)
    city = written.plain.get("city") or ""
    if city and city not in cities():
        raise written.wrong(f"no company is known in {city}", ["city"], nearest(str(city), cities()))
    today = written.plain.get("today") or ""
    if today and not _is_day(str(today)):
        raise written.wrong(f"{today} is no day", ["today"], "write it as 2026-03-31, in quotes or without")
    entities = {name: _entity(written, raw, name)
                for name, raw in _table(written, ("entities",)).items()}  # fmt: skip
    tools = {name: _tool(written, raw, name) for name, raw in _table(written, ("tools",)).items()}
    steps: list[tuple[str, ...]] = [("entities", name) for name in entities]
    steps += [("tools", name) for name in tools]
    steps += [
        ("tools", name, "parameters", pointer) for name, fix in tools.items() for pointer in fix.parameters
    ]
    lines = {step: int(written.place(step, of_key=True).rsplit(":", 2)[1]) for step in steps}
    return Overlay(path, entities, tools, lines, trade, company, country, city, str(today))


def cities() -> list[str]:
    """The cities in which companies can be."""
    return sorted(city["city"] for city in read("catalog/lexicon/places.yaml")["cities"])


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def countries() -> list[str]:
    """The codes of the countries in which companies can be."""
    return sorted({city["code"] for city in read("catalog/lexicon/places.yaml")["cities"]})


def _entity(written: Written, raw: Json, name: str) -> EntityFix:
    steps = ("entities", name)
    fix = _fix(written, raw, EntityFix, steps)
    if fix.names is not None:
        if not fix.names:
            raise written.wrong("names is empty", (*steps, "names"))
        bare = [given.strip().lower() for given in fix.names]
        for given, plain in zip(fix.names, bare, strict=True):
            if not plain or bare.count(plain) > 1:
                what = f"{given} is named twice" if plain else "a name is empty"
                raise written.wrong(what, (*steps, "names"))
    return fix


def _tool(written: Written, raw: Json, name: str) -> ToolFix:
    steps = ("tools", name)
    plain = (
        {key: value for key, value in raw.items() if key != "parameters"} if isinstance(raw, dict) else raw
    )
    fix = _fix(written, plain, ToolFix, steps)
    given = _table(written, (*steps, "parameters")) if isinstance(raw, dict) else {}
    parameters = {pointer: _parameter(written, entry, (*steps, "parameters", pointer))
                  for pointer, entry in given.items()}  # fmt: skip
    return structs.replace(fix, parameters=parameters)


def _parameter(written: Written, raw: Json, steps: tuple[str, ...]) -> ParameterFix:
    if not steps[-1].startswith("/"):
        raise written.wrong(f"{steps[-1]} is no JSON pointer", steps, f"write /{steps[-1]}", of_key=True)
    fix = _fix(written, raw, ParameterFix, steps)
    if fix.facet is not None and fix.facet not in FACETS:
        raise written.wrong(f"no kind of value {fix.facet}", (*steps, "facet"), nearest(fix.facet, FACETS))
    if fix.values is not None and not fix.values:
        raise written.wrong("values is empty", (*steps, "values"))
    return fix


def _table(written: Written, steps: tuple[str, ...]) -> dict[str, Any]:
    """A mapping of names; keys such as 404 or yes are taken as they are written."""
    plain: Any = written.plain
    for step in steps:
        plain = plain.get(step) if isinstance(plain, dict) else None
    if plain is None:
        return {}
    if not isinstance(plain, dict):
        raise written.wrong("a mapping is expected", steps)
    for name in plain:
        if not isinstance(name, str):
            raise written.wrong(f"{name!r} is no name", steps, "put it in quotes")
    return plain


def _fix(written: Written, raw: Json, struct: type[Fix], steps: tuple[str, ...]) -> Fix:
    try:
        return msgspec.convert({} if raw is None else raw, struct)
    except msgspec.ValidationError as error:
        what, _, pointer = str(error).partition(" - at ")
        unknown = re.match(r"Object contains unknown field `(.*)`", what)
        if unknown:
            known = [info.encode_name for info in msgspec.structs.fields(struct)]
            said = f"unknown key {unknown[1]}"
            raise written.wrong(said, (*steps, unknown[1]), nearest(unknown[1], known), True) from error
        inner: list[str] = re.findall(r"\.(\w+)", pointer)
        choice = re.match(r"Invalid enum value '(.*)'", what)
        if choice:
            known = [*{"effect": EFFECTS, "class": CLASSES}.get(inner[-1], get_args(Compare))]
            said = f"no {inner[-1]} {choice[1]}"
            raise written.wrong(said, (*steps, *inner), nearest(choice[1], known)) from error
        said = what[0].lower() + what[1:]
        raise written.wrong(": ".join((*inner, said)), (*steps, *inner)) from error


class Found(Struct, frozen=True):
    """What overlays say of one tool: later entries over earlier ones, exact names over patterns."""

    fix: ToolFix
    why: str  # overlay FILE:LINE of the last entry
    parameters: Mapping[str, tuple[ParameterFix, str]]  # with the same for each


def of_tools(overlays: Sequence[Overlay], names: Sequence[str]) -> dict[str, Found]:
    """What overlays say, by tool.

    Raises:
        ConfigError: an entry names no tool, with the place.
    """
    found: dict[str, Found] = {}
    for overlay in overlays:
        for patterns in (True, False):
            for pattern, fix in overlay.tools.items():
                if any(sign in pattern for sign in "*?[") is not patterns:
                    continue
                met = [name for name in names if fnmatchcase(name, pattern)] if patterns else [pattern]
                if not met or not set(met) <= set(names):
                    hint = nearest(pattern, names) if len(names) <= 20 or not patterns else ""
                    raise overlay.wrong(f"no tool {pattern}", "tools", pattern, hint=_short(hint))
                for name in met:
                    found[name] = _joined(found.get(name), fix, overlay, pattern)
    return found


def _short(hint: str) -> str:
    return hint if len(hint) < 400 else hint[:400].rpartition(",")[0] + ", …"


def _joined(before: Found | None, fix: ToolFix, overlay: Overlay, name: str) -> Found:
    parameters = dict(before.parameters) if before else {}
    for pointer, more in fix.parameters.items():
        earlier = parameters[pointer][0] if pointer in parameters else ParameterFix()
        why = overlay.at("tools", name, "parameters", pointer)
        parameters[pointer] = (structs.replace(earlier, **said(more)), why)
    given = {key: value for key, value in said(fix).items() if key != "parameters"}
    joined = structs.replace(before.fix if before else ToolFix(), **given)
    return Found(joined, overlay.at("tools", name), parameters)


def said(fix: ParameterFix | ToolFix | EntityFix) -> dict[str, Any]:
    """The attributes of a correction that are given."""
    defaults = {info.name: info.default for info in msgspec.structs.fields(fix)}
    return {name: getattr(fix, name) for name in defaults
            if getattr(fix, name) is not None and getattr(fix, name) is not UNSET
            and not (name == "parameters" or (name == "exclude" and getattr(fix, name) is False))}  # fmt: skip


def settled(parameter: Parameter, fix: ParameterFix, why: str) -> Parameter:
    """The parameter as a correction has it; what is corrected is certain."""
    given = said(fix)
    given.pop("values", None)
    given.pop("description", None)
    if not given:
        return parameter
    if fix.klass == "plumbing" or fix.klass == "ambient":
        given = {"sets": "", "filters": "", **given}
    return structs.replace(parameter, **given, confidence=1.0, reasons=(*parameter.reasons, why))
