"""What a tool's description says that it returns: "each with performance_id, show title, starts_at and seats_left"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.catalog.data import read
from callsmith.catalog.quantities import unit_of
from callsmith.records import Schema, Tool
from callsmith.understand.leaf import lexicon
from callsmith.understand.shapes import id_words
from callsmith.understand.words import singular, tokens

TOLD = "understand/told_returns.yaml"
LONGEST = 4  # words of a field's name
ENOUGH = 2  # fields, fewer of which are no description of a record
_END = r"(?:\.(?=\s|$)|;|\n\n|$)"
_FLAGS = re.IGNORECASE | re.DOTALL
_RETURNS = re.compile(rf"\b(?:returns?|returning)\b(?: back)?:? (.+?){_END}", _FLAGS)
_EACH = re.compile(rf"\beach (?:\w+ )?(?:\w+ )?(?:has|includes|contains|with|carries):? (.+?){_END}", _FLAGS)
_WITH = re.compile(
    r"\b(?:each (?:with|has)|includ(?:es|ing)|with|contain(?:s|ing)|consisting of|together with)\b:?"
    r" (?:the )?(?:fields?:? )?",
    re.IGNORECASE,
)
_ASKED = r"^(?:get|list|show|fetch|retrieve|find|search|look up|read)\w* "
_PLAINLY = re.compile(rf"{_ASKED}[^.;]*?\b(?:with (?:their|its)|including|with:?) (.+?){_END}", _FLAGS)
_BRACKETS = re.compile(rf"{_ASKED}[^.;()]*\(((?:[\w ]+, ){{2,}}[\w ]+)\)", _FLAGS)
_WHOLE = re.compile(
    rf"{_ASKED}[^.;:]*\b(?:record|details?|profile|entry|particulars)\b[^.;:]*: (.+?){_END}", _FLAGS
)
_FOUND_BY = re.compile(rf"{_ASKED}(?:an? |the )?(?:\w+ )?\w+ by (?:their |its )?([\w ,-]+?){_END}", _FLAGS)
_SOUGHT = frozenset([("query",), ("q",), ("search",), ("term",), ("text",), ("keyword",), ("keywords",)])
_WHETHER = re.compile(
    r"whether (?:an? |the |it |any )?((?:\w+ ){0,2})(?:is|are|was|has been|have been) (\w+)\b"
)
_HOW_MANY = re.compile(r"how many (\w+) (?:are|is|were|it has|they have)\b")
_CLAUSE = re.compile(r" (?:that|which|who|whose|where) .*$", re.IGNORECASE)
_PROMISED = re.compile(
    r"\breturns? (?:the |an? )?\w+(?: \w+)? (?:with|and) (?:its|their|his|her) ", re.IGNORECASE
)
_UNITS = ("days", "hours", "minutes", "weeks", "months")
_IN_UNITS = re.compile(rf"(.+) in ({'|'.join(_UNITS)})$", re.IGNORECASE)
_APART = re.compile(r", and |, or |,| and | as well as | plus ")
_CHOICES = re.compile(r"\(([^()]*)\)")
_LEADING = re.compile(
    r"^(?:fields?:|each|the|a|an|its|their|his|her|all|any|current|also|of) ", re.IGNORECASE
)
_TRAILING = re.compile(
    r" (?:they have|it has|of each|of it|for each \w+|per \w+|each|if any|as an? \w+"
    r"|in (?:pounds|euros|dollars|percent|minutes|metres|kg))$",
    re.IGNORECASE,
)


def told_fields(description: str, several: bool, known: Mapping[str, Schema]) -> dict[str, Schema]:
    """The fields of what comes back, as a description lists them; none where it lists none.

    ``several``: records are listed, of which "with their team" tells too. ``known`` are schemas of arguments by name.
    """
    inside, bare = _listed(description, several)
    if not inside or re.match(r"for each|whether|how |what ", inside, re.IGNORECASE):
        return {}
    fields: dict[str, Schema] = {}
    items = _items(inside)
    for item in items:
        named = _named(item)
        if named and (schema := _schema(named, item, known)) is not None:
            fields[named] = schema
    enough = 1 if _PROMISED.search(description) else ENOUGH + 1 if bare else ENOUGH
    return fields if len(fields) >= enough and 2 * len(fields) > len(items) else {}


def told_of(members: Sequence[tuple[Tool, str]], arguments: Mapping[str, Schema]) -> dict[str, Schema]:
    """The fields of a record that descriptions of tools about it, each with its effect, say come back."""
    found: dict[str, Schema] = {}
    for tool, effect in members:
        if effect in ("read", "list", "search", "create"):
            for name, schema in told_fields(
                tool.description, effect in ("list", "search"), arguments
            ).items():
                found.setdefault(name, schema)
    for tool, _ in members:
        for name, schema in _sought(tool, arguments).items():
            found.setdefault(name, schema)
    return found


def _sought(tool: Tool, arguments: Mapping[str, Schema]) -> dict[str, Schema]:
    """The fields by which records can be looked for in the words of a query: "by card number, name or email"."""
    needed = tuple(map(tokens, tool.parameters.get("required", ())))
    match = _FOUND_BY.search(tool.description) if len(needed) == 1 and needed[0] in _SOUGHT else None
    items = _items(match.group(1).replace(" or ", ", ")) if match else []
    named = {
        name: item
        for item in items
        if (name := _named(item)) and singular(tokens(name)[-1]) not in id_words()
    }
    made = {name: _schema(name, item, arguments) for name, item in named.items()}
    found: dict[str, Schema] = {name: schema for name, schema in made.items() if schema is not None}
    return found if len(found) == len(items) > 1 else {}


def told_as(name: str, schema: Schema, told: Mapping[str, Schema]) -> bool:
    """Whether what is asked for is one of the fields that come back: the title of a show, the day of a start."""
    words = tokens(name)
    if any(tokens(one)[-len(words) :] == words for one in told):
        return True
    dated = str(schema.get("format", "")).startswith("date") or words[-1:] == ("date",)
    return dated and any(str(one.get("format", "")).startswith("date") for one in told.values())


def _listed(description: str, several: bool) -> tuple[str, bool]:
    """The words that list the fields, and whether nothing before them says of what they are."""
    if found := _EACH.search(description):
        return found.group(1), False
    if found := _RETURNS.search(description):
        parts = _WITH.split(found.group(1), maxsplit=1)
        return parts[-1], len(parts) == 1
    if found := _WHOLE.search(description):
        return found.group(1), False
    if found := _BRACKETS.search(description):
        return found.group(1), True
    found = _PLAINLY.search(description)
    return (found.group(1), not several) if found else ("", True)


def _items(text: str) -> list[str]:
    """The things of a list in a sentence; what stands in brackets is kept with what it is said of."""
    kept: list[str] = []

    def aside(match: re.Match[str]) -> str:
        kept.append(match.group(1))
        return f" <{len(kept) - 1}>"

    plain = _CHOICES.sub(aside, text)
    items = [item.strip() for item in _APART.split(plain)]
    return [re.sub(r"\s*<([0-9]+)>", lambda m: f" ({kept[int(m.group(1))]})", item) for item in items if item]


def _named(item: str) -> str:
    """The field's name: "the name of the booker" is booker_name; "" for what is none."""
    plain = _CHOICES.sub("", item).strip().strip("`'\"")
    if found := _WHETHER.match(plain.lower()):
        return "_".join((*found.group(1).split(), found.group(2)))
    if found := _HOW_MANY.match(plain.lower()):
        return found.group(1)
    plain = _CLAUSE.sub("", plain)
    if found := _IN_UNITS.match(plain):
        plain = f"{found.group(1)} {found.group(2)}"
    before = None
    while before != plain:
        before = plain
        plain = _TRAILING.sub("", _LEADING.sub("", plain)).strip()
    if found := re.fullmatch(r"(?:number|count|amount) of (.+)", plain, re.IGNORECASE):
        plain = found.group(1)
    elif found := re.fullmatch(r"(\w+) of (?:the |its |their )?(\w+)", plain):
        plain = f"{found.group(2)} {found.group(1)}"
    plain = re.sub(r"\b(e-?mail) address$", "email", plain, flags=re.IGNORECASE)
    words = plain.split()
    fits = 0 < len(words) <= LONGEST and all(re.fullmatch(r"[A-Za-z][\w'-]*", word) for word in words)
    said = {word.lower() for word in words} - ({"value"} if len(words) > 1 else set())
    if not fits or said & set(read(TOLD)["none"]):
        return ""
    return plain if len(words) == 1 else "_".join(re.sub(r"\W", "_", word.lower()) for word in words)


def _schema(name: str, item: str, known: Mapping[str, Schema]) -> dict[str, Any] | None:
    """A field's schema by its name and what stands in brackets behind it; None for what is several things."""
    data: Mapping[str, Sequence[str]] = read(TOLD)
    words = tokens(name)
    if not words:
        return None
    last = singular(words[-1])
    same = next((schema for other, schema in known.items() if tokens(other) == words), None)
    if same is not None:
        return {key: value for key, value in same.items() if key not in ("default", "description")}
    choices = [
        one.strip(" '\"`")
        for found in _CHOICES.findall(item)
        for one in re.split(r", or |,| or |/|\|", found)
    ]
    if item.lower().startswith("whether "):
        return {"type": "boolean"}
    if item.lower().startswith("how many ") or len(words) > 1 and words[-1] in _UNITS:
        return {"type": "integer"}
    if len(words) > 1 and last == "value":
        return {"type": "number"}
    if len(choices) > 1 and all(re.fullmatch(r"[\w-]+", one) for one in choices) and "e.g" not in item:
        return {"type": "string", "enum": choices}
    if last in id_words():
        return {"type": "string"}
    if words[0] == "date" and len(words) > 1:
        return {"type": "string", "format": "date"}
    if {*words} & set(data["sums"]) and last not in ("date", "on"):
        return {"type": "number"}
    if last in data["moments"] or (len(words) > 1 and words[-1] == "at"):
        return {"type": "string", "format": "date-time"}
    if last in data["days"] or (len(words) > 1 and words[-1] == "on"):
        return {"type": "string", "format": "date"}
    if re.match(r"(?:the )?(?:number|count) of ", item, re.IGNORECASE) or {*words} & set(data["counts"]):
        return {"type": "integer"}
    if unit_of(words)[1]:
        return {"type": "number"}
    if words[0] in ("is", "has") or last in data["flags"]:
        return {"type": "boolean"}
    if last in ("email", "mail"):
        return {"type": "string", "format": "email"}
    if words[-1] != last and last not in lexicon()["naming"]:
        return None  # several of something
    return {"type": "string"}
