"""What a tool does, weighed from its name, its description, its HTTP method and the shape of its result."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from callsmith.catalog import data
from callsmith.records import Effect, Schema, Tool
from callsmith.schema import settle, types
from callsmith.understand.naming import Reading, Verb, own_words, sign, tells_of, verbs
from callsmith.understand.shapes import Shape, has_id, properties
from callsmith.understand.words import sentence_words, singular, tokens

_ASKING = ("read", "list", "search")
# Also the names of records that systems keep: a route table, a traffic mirror, a stock item.
_AMBIGUOUS = ("route", "direction", "directions", "traffic", "stock", "definition", "quota", "distance")


class Judgement(Struct, frozen=True):
    """What a tool is taken to do."""

    effect: Effect
    verb: str
    confidence: float
    reasons: tuple[str, ...]


def judge(tool: Tool, reading: Reading, found: Sequence[Shape], queried: bool) -> Judgement:
    """The effect and verb of a tool; ``found`` are the records of its result, ``queried`` that it takes a query."""
    opaque = _knowledge(tool, reading, found)
    if opaque:
        return Judgement("opaque", reading.verb.say if reading.verb else "", 0.8, (opaque,))
    verb = reading.verb
    heard = reading.described
    opened = verb is not None and verb.effect == "create" and heard is not None and heard.word == "open"
    if verb is None or (verb.weight < 1.6 and heard and heard.effect != verb.effect and not opened):
        chosen = heard or verb
    else:
        chosen = verb
    if chosen is None:
        return _by_method(tool, found, queried)
    if chosen is verb and (deed := _brought_back(tool, chosen)):
        return deed
    if chosen.effect == "opaque":
        return Judgement("opaque", chosen.say, 0.85, (f"to {chosen.word}, {chosen.why}",))
    where = "its name says" if chosen is verb else "its description begins with"
    reasons = [f"{where} {chosen.word!r}"]
    sure = 0.8 if chosen is verb else 0.65
    effect: Effect = chosen.effect
    other = reading.described
    if chosen is verb and other is not None:
        if other.effect == effect or {other.effect, effect} <= set(_ASKING):
            sure += 0.1
            reasons.append(f"its description begins with {other.word!r}")
        elif {other.effect, effect} <= {"create", "act", "update", "delete"}:
            reasons.append(f"its description begins with {other.word!r}, though")
    if other is None and chosen is verb and effect in _ASKING and _named_in(tool, reading):
        sure += 0.1
        reasons.append(f"its description names {' '.join(reading.noun)}")
    effect = _shaped(tool, effect, found, queried, reading, reasons)
    effect = _made_new(tool, effect, found, reading, reasons)
    sure += _method_bonus(tool, effect, reasons)
    if effect in ("list", "search") and chosen.effect == "read" and found and _of_another(found[0], reading):
        sure -= 0.5
        reasons.append(f"one {' '.join(reading.noun)} is asked for, and several of something else come back")
    told = effect == "read" and tool.hints.get("seen") and not tool.parameters.get("required")
    if (effect == "compute" or told) and found and found[0].many:
        effect = "list"
    return Judgement(effect, _say(chosen, effect, tool, reading), min(sure, 0.98), tuple(reasons))


def _named_in(tool: Tool, reading: Reading) -> bool:
    """Whether a description without a verb names the records that come: "Free berths of a week"."""
    said = {singular(word) for word in sentence_words(tool.description.partition(".")[0])}
    return bool(reading.noun) and reading.noun[-1] in said


def _brought_back(tool: Tool, verb: Verb) -> Judgement | None:
    """What a POST does whose name says "return": a tool returns records, but a rented ladder is returned."""
    if verb.word not in sign("posted_deeds"):
        return None
    if tool.hints.get("executed") and tool.parameters.get("required") and verb.word in own_words(tool)[:1]:
        return Judgement("act", verb.word, 0.8, (f"its name says {verb.word!r}, and it is given which",))
    first = verb.word in own_words(tool)[:1] and "method" not in tool.hints
    if first and tool.parameters.get("required") and _BACK.search(tool.description.partition(".")[0]):
        return Judgement("act", verb.word, 0.8, ("its description says that something comes back",))
    if tool.hints.get("method") not in ("post", "put", "patch"):
        return None
    method = str(tool.hints["method"]).upper()
    return Judgement("act", verb.word, 0.8, (f"its name says {verb.word!r}", f"it is a {method}"))


_BACK = re.compile(
    r"^(?!returns? |gets? )(?:check|hand|bring|send|give|put|take|book|sign|log|turn|mark)\w* .*\b(?:back|returned)\b",
    re.IGNORECASE,
)


def _of_another(shape: Shape, reading: Reading) -> bool:
    """Whether a name in the singular stands before several records of another name: the rules of an encryption."""
    noun = reading.noun
    return bool(noun) and not reading.many and shape.many and shape.called[-1:] != noun[-1:]


def _say(verb: Verb, effect: Effect, tool: Tool, reading: Reading) -> str:
    if verb.word == "post" == tool.hints.get("method") and not {*reading.noun[-1:]} & sign("posted"):
        return "create"  # the method again, not what people do with a webhook
    if effect in ("list", "search") and verb.effect not in ("list", "search"):
        return "list" if effect == "list" else "search"
    if effect == "search" and verb.word == "list":
        return "search"
    return verb.say


def _by_method(tool: Tool, found: Sequence[Shape], queried: bool) -> Judgement:
    method = tool.hints.get("method")
    if method == "get" and found:
        effect: Effect = ("search" if queried else "list") if found[0].many else "read"
        return Judgement(
            effect, "list" if found[0].many else "get", 0.55, ("it is a GET and returns records",)
        )
    if method == "delete":
        return Judgement("delete", "delete", 0.6, ("it is a DELETE",))
    if found and found[0].many and not method and tool.hints.get("executed") and tells_of(tool):
        return Judgement("list", "list", 0.75, ("its description names what comes",))
    if found and found[0].many and not method and reading_like_list(tool):
        return Judgement("list", "list", 0.5, ("it returns records",))
    return Judgement("opaque", "", 0.3, ("neither its name nor its description has a verb that is known",))


def reading_like_list(tool: Tool) -> bool:
    """Whether a verbless name is a plural noun, as in ``contacts``."""
    words = own_words(tool)
    return bool(words) and words[-1].endswith("s")


def _shaped(
    tool: Tool, effect: Effect, found: Sequence[Shape], queried: bool, reading: Reading, reasons: list[str]
) -> Effect:
    """Reading, listing or searching, by the shape of the result and the presence of a query."""
    if effect not in _ASKING:
        return effect
    if found and found[0].many:
        reasons.append(f"its result holds records at {found[0].pointer!r}")
        if queried:
            reasons.append("it takes a query")
        return "search" if queried else "list"
    if found:
        reasons.append("its result is one record")
        return "read"
    if effect == "read" and reading.many and types(settle(tool.returns)) == ("array",):
        return "list"
    return effect if effect != "search" or queried else "list"


def _made_new(
    tool: Tool, effect: Effect, found: Sequence[Shape], reading: Reading, reasons: list[str]
) -> Effect:
    """A deed that is sent to where such records are kept and is answered with one makes it.

    An order is placed, a job is opened, a quote asked for; a costume is reserved where hires are kept.
    """
    path = str(tool.hints.get("path", ""))
    deed = effect == "act" or effect == "read" and tool.parameters.get("required")
    if not deed or tool.hints.get("method") != "post" or "{" in path or not found or found[0].many:
        return effect
    kept = tokens(path.rstrip("/").rpartition("/")[2])
    if not kept or singular(kept[-1]) == kept[-1]:
        return effect
    made = (singular(kept[-1]),)
    if made[0] not in {singular(word) for word in (*reading.noun[-1:], *found[0].called[-1:])}:
        return effect
    if not has_id(found[0].schema, made):
        return effect
    reasons.append(f"it is sent to where {kept[-1]} are kept, and one comes back")
    return "create"


def _method_bonus(tool: Tool, effect: Effect, reasons: list[str]) -> float:
    method = tool.hints.get("method")
    if not isinstance(method, str):
        return 0.0
    allowed = data.read("understand/tools.yaml")["methods"].get(method, ())
    if effect in allowed:
        reasons.append(f"it is a {method.upper()}")
        return 0.08
    reasons.append(f"it is a {method.upper()}, which is unusual for that")
    return -0.1


def _kept(word: str, tool: Tool) -> bool:
    """Whether such things are records with identifiers here: the routes of a bus company have a ``route_id``."""
    written = (tokens(name) for name in _names((tool.parameters, tool.returns)))
    return any(len(name) > 1 and singular(name[0]) == word and name[-1] in ("id", "ids") for name in written)


def _names(schemas: Sequence[Schema], depth: int = 0) -> Iterator[str]:
    """The names of all properties, within properties and elements too."""
    for schema in schemas:
        here = settle(schema)
        inside = properties(here)
        yield from inside
        inner = [*inside.values(), *([here["items"]] if isinstance(here.get("items"), Mapping) else [])]
        if depth < 6:
            yield from _names(inner, depth + 1)


def _knowledge(tool: Tool, reading: Reading, found: Sequence[Shape]) -> str:
    """Why no record of ours could answer, or ""; what is called for real answers by itself."""
    if tool.hints.get("executed"):
        return ""
    text = " ".join(own_words(tool))
    spoken = tool.description.lower()
    for words, why in sign("knowledge").items():
        in_name = re.search(rf"\b{words}s?\b", text)
        if in_name and words in _AMBIGUOUS and (_kept(words, tool) or found and has_id(found[0].schema)):
            continue
        if in_name and (reading.verb is None or reading.verb.effect in (*_ASKING, "compute")):
            if words == "currency" and reading.verb is not None and reading.verb.effect != "compute":
                continue
            return str(why)
    for phrase in sign("language"):
        if phrase in spoken or phrase in text:
            return f"it reads meaning out of prose ({phrase!r})"
    head = verbs().get(next(iter(sentence_words(tool.description)), ""), None)
    if head is not None and head.effect == "opaque" and reading.verb is None:
        return f"to {head.word}, {head.why}"
    return ""
