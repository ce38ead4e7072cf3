"""Tools called for real for what they tell: what one asks them for, and which arguments a person can say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from callsmith.catalog.data import read
from callsmith.catalog.figures import figure_of, name_words
from callsmith.records import Json, Parameter, Tool
from callsmith.schema import types
from callsmith.understand.naming import tells_of, verbs
from callsmith.understand.words import tokens

CONSULTING = "understand/consulting.yaml"
SURE, UNSURE = 0.8, 0.35
_FIRST = re.compile(r"[^.;:(\n]+")
_CLOCK = re.compile(r"hh:mm|24[- ]hour|time of day", re.IGNORECASE)


def consulted(tool: Tool) -> Tool:
    """A live tool as one that is asked for something: what for, and with which of its arguments.

    Where somebody would have to say what nobody can know, the tool is not asked, and the reasons say so.
    """
    verb, thing = object_of(tool)
    inputs = tuple(_sayable(parameter, tool) for parameter in tool.inputs)
    unknown = [parameter.name for parameter in inputs if parameter.required and parameter.confidence < 0.6]
    reasons: tuple[str, ...] = (*tool.reasons, f"a live tool, asked to {verb} {thing}".rstrip())
    if unknown:
        reasons += (f"nobody can invent {' and '.join(unknown)}: declare values for it in the configuration",)
    if not verb:
        reasons += ("its name and description do not tell what one would ask it for",)
    return structs.replace(
        tool,
        effect="compute",
        entity="",
        id_field="",
        yields=(),
        returns={} if tool.hints.get("untold") else tool.returns,
        inputs=inputs,
        verb=verb or "show",
        phrase=_phrase(verb, thing) or tool.name,
        confidence=UNSURE if unknown or not verb else SURE,
        reasons=reasons,
        hints={**tool.hints, "asked_for": thing},
    )


def _phrase(verb: str, thing: str) -> str:
    """What one asks the tool to do: "show the commit logs"."""
    if verb == "tell":
        return f"tell me {thing}"
    if not thing or verb not in read(CONSULTING)["showing"]:
        return f"{verb} {thing}".strip()
    return f"{'list' if verb == 'list' else 'show'} the {thing}"


def object_of(tool: Tool) -> tuple[str, str]:
    """The verb of a tool and what it is done to: ("show", "commit logs"), ("convert", "time")."""
    data: Mapping[str, Any] = read(CONSULTING)
    sentence = _FIRST.match(tool.description.strip())
    said = sentence.group().split() if sentence else []
    said = said[1:] if said and said[0].endswith("ly") else said
    verb = _base(said[0].lower()) if said else ""
    if verb in _SHOWN_OFF:
        return "", ""
    named = [word for word in name_words(_own(tool)) if not word.isdigit()]
    if said and said[0].lower() in data["asking"]:
        clause = " ".join(said)
        return "tell", clause[:1].lower() + clause[1:]
    if len(said) > 1 and tells_of(tool):
        led = {"all", "the", *data["showing"]}
        clause = " ".join(said[1:] if said[0].lower() in led else said)
        return "list", clause[:1].lower() + clause[1:]
    if len(said) > 1 and not _acts(said, verb, named):
        return _shown(said, data)
    if not re.fullmatch(r"[a-z]+", verb) or len(said) < 2:
        if not named:
            return "", ""
        verb, said = (named[0], named) if named[0] in data["showing"] else ("show", ["", *named])
    words = said[1:]
    if len(named) == 1 and verb not in data["showing"] and named[0] in data["doing"]:
        verb = named[0]  # "commit" says more than "records changes"
    while verb in data["showing"] and words and words[0].lower() in data["dull"]:
        words = words[1:]
    cut = next((at for at, word in enumerate(words) if at and word.lower() in data["cut"]), len(words))
    comma = next((at + 1 for at, word in enumerate(words) if word.endswith(",")), len(words))
    thing, after = words[: min(cut, comma)], words[cut : cut + 3]
    if cut < comma and after and after[0] in data["kept"] and verb in data["showing"]:
        if after[1:2] and after[1] in ("a", "an", "the"):
            thing = [*thing, *after]
        elif thing[-1:] in (["list"], ["listing"], ["names"], ["number"]) and after[1:2]:
            thing = [*thing, *after[:2]]
    state = [word for word in named if word.endswith("ed") and word not in " ".join(thing).lower().split()]
    if state and thing and verb in data["showing"]:
        thing = [*thing[:-1], state[0], thing[-1]]
    text = " ".join(thing).strip(" ,")
    return verb, text[:1].lower() + text[1:] if text[1:2].islower() else text


_SHOWN_OFF = {
    "demonstrate",
    "illustrate",
    "showcase",
    "exemplify",
}  # nobody asks to see how a thing can be done


def _acts(said: Sequence[str], verb: str, named: Sequence[str]) -> bool:
    """Whether the first word of a description is a verb: one that is known, or that the tool is named by."""
    data: Mapping[str, Any] = read(CONSULTING)
    if said[1].lower() in ("of", "for"):
        return False  # the price of a ride
    known = {
        *data["showing"],
        *data["doing"],
        *data["acting"],
        *read("understand/calculating.yaml")["asking"],
    }
    if verb in known or verb in verbs():
        return True
    return verb in named[:1] and (said[0].endswith("s") or said[1].lower() in data["dull"])


def _shown(said: Sequence[str], data: Mapping[str, Any]) -> tuple[str, str]:
    """What a description that is no sentence names: "Current status of one station" -> show, current status."""
    words = [
        word for at, word in enumerate(said) if at or word.lower() not in ("all", "the", "a", "an", "list")
    ]
    cut = next((at for at, word in enumerate(words) if at and word.lower() in data["cut"]), len(words))
    comma = next((at + 1 for at, word in enumerate(words) if word.endswith(",")), len(words))
    thing = words[: min(cut, comma)]
    after = words[cut : cut + 4] if cut < comma else []
    if after[:1] and after[0] in ("of", "for") and len(after) > 1 and after[1] in ("a", "an", "the"):
        thing = [*thing, *words[cut : cut + 2 + _noun_end(words[cut + 2 :], data)]]
    elif after[:1] == ["of"] and after[1:2] and after[1] not in ("one", "each", "every", "any"):
        thing = [*thing, *words[cut : cut + 1 + _noun_end(words[cut + 1 :], data)]]
    text = " ".join(thing).strip(" ,")
    return ("list" if said[0].lower() == "all" else "show"), text[:1].lower() + text[1:] if text[
        1:2
    ].islower() else text


def _noun_end(words: Sequence[str], data: Mapping[str, Any]) -> int:
    """How many words go on until something else is said."""
    return next(
        (at for at, word in enumerate(words) if word.lower() in data["cut"] or word.endswith(",")), len(words)
    )


def _own(tool: Tool) -> str:
    """A tool's name without the word all names of its server begin with."""
    return tool.name.removeprefix(str(tool.hints.get("prefix", ""))) or tool.name


def _base(word: str) -> str:
    """The verb a description begins with: "Shows" -> show."""
    if word.endswith(("ches", "shes", "sses", "xes", "oes")):
        return word[:-2]
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def declared(tool: Tool, parameter: Parameter) -> Sequence[Json]:
    """Values known to be true for an argument: those the configuration declares, else those its schema names."""
    own: Mapping[str, Sequence[Json]] = tool.hints.get("values", {})
    schema = parameter.schema
    given = own.get(parameter.pointer.lstrip("/")) or schema.get("enum") or schema.get("examples") or ()
    return [value for value in given if value is not None]


def _sayable(parameter: Parameter, tool: Tool) -> Parameter:
    facet, sure, why = _facet(parameter, tool)
    klass = "preference" if facet in ("limit", "enum", "flag", "date", "time", "number") else "natural_key"
    return structs.replace(
        parameter, facet=facet, klass=klass, confidence=sure,
        phrase=" ".join(name_words(parameter.name)), refers="", sets="", filters="", scope=False,
        reasons=(*parameter.reasons, why),
    )  # fmt: skip


def _facet(parameter: Parameter, tool: Tool) -> tuple[str, float, str]:
    """(facet, how sure, why) of an argument somebody would have to say."""
    data: Mapping[str, Any] = read(CONSULTING)
    words, kinds = set(tokens(parameter.name)), types(parameter.schema)
    described = str(parameter.schema.get("description", ""))
    form = parameter.schema.get("format")
    if "*" in parameter.pointer or parameter.pointer.count("/") > 1:
        return "object", UNSURE, "it lies inside an object or a list"
    if parameter.facet == "time_zone" or words & {"zone", "timezone", "tz"}:
        return "time_zone", SURE, "a time zone, which people name by a city"
    if "boolean" in kinds:
        return "flag", UNSURE, "nobody says so of their own accord"
    if declared(tool, parameter):
        return ("enum" if "enum" in parameter.schema else "key"), SURE, "its values are declared"
    if set(kinds) & {"integer", "number"}:
        if words & set(data["counts"]):
            return "limit", SURE, "it says how many"
        return (
            ("number", SURE, "a figure")
            if figure_of(parameter.name)
            else ("number", UNSURE, "an unknown figure")
        )
    if form == "date" or (
        words & set(data["moments"]) and re.search(r"iso|yyyy|date", described, re.IGNORECASE)
    ):
        return "date", 0.75, "a day"
    if form == "time" or ("time" in words and _CLOCK.search(described)):
        return "time", SURE, "a time of day"
    return "key", UNSURE, "no value of it is declared"
