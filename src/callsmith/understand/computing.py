"""Tools that compute: units, time zones, arithmetic; and what their arguments are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import structs

from callsmith.catalog.data import read
from callsmith.catalog.figures import figure_of, measures, name_words, phrase_of, texts
from callsmith.records import Parameter, Schema, Tool
from callsmith.schema import types
from callsmith.understand.consulting import consulted
from callsmith.understand.naming import Reading, own_words, sign, tells_of, verbs
from callsmith.understand.naming import read as reading_of
from callsmith.understand.words import plural, tokens

WRITES = ("create", "update", "delete", "act")
RESULT: Schema = {  # what a tool gives that computes and does not say what it returns
    "type": "object",
    "properties": {"result": {"type": ["number", "string"]}},
    "required": ["result"],
}
CALCULATING = "understand/calculating.yaml"


def figures(tool: Tool, reading: Reading, inputs: Sequence[Parameter]) -> bool:
    """Whether a verb that may be arithmetic is: the tool takes two or more figures and nothing else."""
    if not set(own_words(tool)) & sign("arithmetic") or reading.verb is None:
        return False
    if reading.deed is not None or "{" in str(tool.hints.get("path", "")):
        return False  # it is done to a record
    needed = [parameter for parameter in inputs if parameter.required]
    allowed = [types(parameter.schema) for parameter in needed]
    several = len(needed) > 1 or any("/*" in parameter.pointer for parameter in needed)
    return several and all(kinds in (("number",), ("integer",)) for kinds in allowed)


def operands(inputs: Sequence[Parameter]) -> tuple[Parameter, ...]:
    """The arguments of a computation, as choices a person states."""
    return tuple(_operand(parameter) for parameter in inputs)


def _operand(parameter: Parameter) -> Parameter:
    words = tokens(parameter.name)
    kinds = types(parameter.schema)
    why = "it goes into a computation"
    if parameter.facet == "time_zone" or "zone" in words or "timezone" in words:
        facet, sure = "time_zone", 0.8
    elif "number" in kinds or "integer" in kinds:
        facet, sure = (
            "number" if parameter.confidence < 0.5 else parameter.facet,
            max(parameter.confidence, 0.7),
        )
    elif set(words) & sign("operands"):
        facet, sure = "text", 0.65
    else:
        return parameter
    return structs.replace(
        parameter, facet=facet, klass="preference", confidence=sure, reasons=(*parameter.reasons, why)
    )


def kept(tools: Sequence[Tool]) -> frozenset[str]:
    """The kinds of record that functions at hand list, so that it can be looked up what there is."""
    return frozenset(
        place.entity
        for tool in tools
        if tool.hints.get("executed") and tool.effect in ("list", "search")
        if not any(parameter.required for parameter in tool.inputs)
        for place in tool.yields
        if place.many
    )


def called(tool: Tool, keeping: frozenset[str] = frozenset()) -> Tool:
    """A tool that computes, as people speak of it; so is a function at hand, unless it changes something.

    What is done to records of a kind in ``keeping`` is no computation.
    """
    if tool.hints.get("executed") and tool.entity in keeping:
        narrow = tool.effect in ("list", "search") and tool.confidence < 0.55 and tells_of(tool)
        if narrow and not any(parameter.required for parameter in tool.inputs):
            return consulted(
                tool
            )  # some of the records, which its description tells apart: those that are overdue
        return _fenced(tool) if tool.hints.get("live") else tool
    own = tool.name.removeprefix(f"{tool.toolkit}_")
    verb_said, phrase = spoken_of(own)
    if tool.hints.get("live"):
        return _live(tool)
    if not tool.hints.get("executed"):
        return structs.replace(tool, verb=verb_said, phrase=phrase) if tool.effect == "compute" else tool
    words = name_words(own)
    verb = verbs().get(words[0]) if words else None
    reckons = _reckons(tool)
    told = None if verb is not None or reckons else reading_of(tool).described
    writes = any(one is not None and one.effect in WRITES for one in (verb, told))
    if (
        writes
        and not (reckons and words[0] in read(CALCULATING)["doing"])
        or not reckons
        and tool.effect in WRITES
    ):
        return _kept_unseen(tool)
    if _lists(tool.returns):
        why = "it gives records, which no function lists that is given nothing"
        return structs.replace(
            tool, effect="opaque", entity="", id_field="", yields=(), reasons=(*tool.reasons, why)
        )
    if _speaks(tool) and (verb is None or verb.effect in ("list", "search", "read")):
        return consulted(tool)
    return structs.replace(
        tool,
        effect="compute",
        entity="",
        id_field="",
        yields=(),
        inputs=tuple(_handed(parameter) for parameter in tool.inputs),
        verb=verb_said,
        phrase=phrase,
        confidence=max(tool.confidence, 0.8) if words[0] not in read(CALCULATING)["whether"] else 0.5,
        reasons=(*tool.reasons, "it is a function at hand, which is called for its result"),
    )


def _lists(returns: Schema) -> bool:
    """Whether what is given is several records, which nobody works out."""
    items = returns.get("items")
    return "array" in types(returns) and isinstance(items, Mapping) and "object" in types(items)


def _speaks(tool: Tool) -> bool:
    """Whether what it gives is text for people to read, and it needs nothing for it."""
    plain = types(tool.returns) == ("string",) and "format" not in tool.returns
    return plain and not any(parameter.required for parameter in tool.inputs)


def _kept_unseen(tool: Tool) -> Tool:
    """A function that writes what no other lists: left out, but where its own result shows what it made."""
    shown = tool.effect == "create" and bool(tool.yields)
    if shown and all(p.sets or p.refers for p in tool.inputs if p.required):
        return tool
    why = "it writes what no function lists: one that lists it without being given anything lets people ask for it"
    return structs.replace(
        tool, effect="opaque", entity="", id_field="", yields=(), reasons=(*tool.reasons, why)
    )


def _live(tool: Tool) -> Tool:
    """A tool of a live server: asked for what it tells, unless it may not be called."""
    fenced, writes = _fenced(tool), _writes(tool)
    if fenced is not tool:
        return fenced
    declared = tool.hints.get("read_only")
    return structs.replace(consulted(tool), effect="act") if declared is False or writes else consulted(tool)


def _writes(tool: Tool) -> bool:
    words = name_words(tool.name)
    verb = verbs().get(words[0]) if words else None
    return tool.effect in WRITES or (verb is not None and verb.effect in WRITES)


def _fenced(tool: Tool) -> Tool:
    """A live tool as one that is never called, where it may not be."""
    why = tool.hints.get("forbidden", "") or (tool.hints.get("unless_read", "") if _writes(tool) else "")
    if not why:
        return tool
    return structs.replace(
        tool,
        effect="opaque",
        entity="",
        id_field="",
        yields=(),
        reasons=(*tool.reasons, f"not called: {why}"),
    )


def _reckons(tool: Tool) -> bool:
    """Whether all it needs are figures, dates and choices, from which nothing can be made but another."""
    return bool(tool.inputs) and all(
        set(types(parameter.schema)) & {"number", "integer", "boolean"}
        or "enum" in parameter.schema
        or parameter.schema.get("format") in ("date", "date-time", "time")
        for parameter in tool.inputs
        if parameter.required
    )


def spoken_of(name: str) -> tuple[str, str]:
    """The verb of a function and what one asks it to do: "split bills", or "work out the loan payment"."""
    known = read(CALCULATING)
    words = [word for word in name_words(name) if not word.isdigit()]
    if len(words) > 1 and words[0] in known["asking"]:
        words = words[1:]
    if len(words) == 3 and words[1] in ("to", "in") and measures(words[0]) and measures(words[2]):
        return "convert", f"convert {words[0]} to {words[2]}"
    elif len(words) == 1 and words[0] in known["doing"]:
        return words[0], f"{words[0]} {known['alone']}"
    elif len(words) > 1 and words[0] in known["doing"]:
        rest = phrase_of("_".join(words[1:]))
        countable = len(words) == 2 and not rest.isupper() and not rest.endswith("s")
        return words[0], f"{words[0]} {plural(rest) if countable else rest}"
    cut = next((at for at, word in enumerate(words) if at and word in known["cut"]), len(words))
    return "work out", f"work out the {phrase_of('_'.join(words[:cut]))}"


def _worded(parameter: Parameter, names: Sequence[str]) -> tuple[str, float]:
    """The facet of a text, and how sure: one that may be any, one that examples show, or one that is known of."""
    free = bool(set(names) & set(read(CALCULATING)["prose"]))
    told = bool(parameter.schema.get("examples")) or bool(texts(parameter.name))
    if parameter.confidence >= 0.6 and parameter.facet not in ("text", "body", "title", "key"):
        return parameter.facet, max(parameter.confidence, 0.65)
    return "text", 0.65 if free or told else 0.35


def _handed(parameter: Parameter) -> Parameter:
    """An argument of a function, as a choice a person states."""
    kinds = types(parameter.schema)
    form = parameter.schema.get("format")
    facet, sure = parameter.facet, parameter.confidence
    names = name_words(parameter.name)
    if parameter.klass == "opaque_id" or facet == "id" or set(names[-1:]) & {"id", "ids"}:
        sure = 0.35  # which of what there is: nobody says it, and nothing shows it
    elif "enum" in parameter.schema:
        facet, sure = "enum", 0.8
    elif form in ("date", "date-time"):
        facet, sure = form.replace("-", "_"), 0.9
    elif "boolean" in kinds:
        facet, sure = "flag", 0.7
    elif kinds == ("integer",) and set(names[-1:]) & set(read(CALCULATING)["calendar"]):
        facet, sure = "number", 0.35  # the second month is called February, and 2026 is no length
    elif "number" in kinds or "integer" in kinds:
        figure = figure_of(parameter.name)
        kind = figure.kind if figure else "plain"
        told = figure is not None or bool(parameter.schema.get("examples"))
        facet = {"money": "amount", "percent": "percent"}.get(kind, "number")
        sure = 0.8 if told else 0.35  # nobody knows what size it has
    elif facet == "time_zone" or {"zone", "timezone"} & set(tokens(parameter.name)):
        facet, sure = "time_zone", 0.8
    elif parameter.klass != "plumbing" and facet not in ("object", "page_token"):
        facet, sure = _worded(parameter, names)
    return structs.replace(
        parameter, facet=facet, confidence=sure, phrase=phrase_of(parameter.name), refers="", sets="", filters="",
        scope=False, klass=parameter.klass if sure < 0.6 else "preference",
    )  # fmt: skip
