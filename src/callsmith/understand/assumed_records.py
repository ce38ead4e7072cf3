"""A record that no tool declares, put together from what its tools take and from what such records usually hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from callsmith.catalog import data
from callsmith.catalog.sorts import sort_of
from callsmith.records import Schema, Tool
from callsmith.understand.assumed_asked import asked_for
from callsmith.understand.assumed_keys import (
    CHOSEN,
    NAMING,
    arguments_of,
    identifies,
    identity_field,
    own_key,
)
from callsmith.understand.assumed_told import founded, with_told
from callsmith.understand.facets import guess
from callsmith.understand.hollow import known
from callsmith.understand.leaf import Leaf, lexicon
from callsmith.understand.naming import Reading
from callsmith.understand.one_field import meant, stem_of
from callsmith.understand.shapes import id_words, named_by, numbered_by
from callsmith.understand.told_returns import told_as, told_of
from callsmith.understand.words import article, singular, tokens

Words = tuple[str, ...]

MADE = 0.8  # how sure a record is that is known from what makers and changers take


USUAL = 0.75  # from what such records usually hold


ASKED = 0.65  # from what listings are restricted by alone
FULL = 3  # fields that a description tells, to which nothing usual is added
BARE = 0.5  # from nothing: too little for a plan


class Record(Struct, frozen=True):
    """A record as it is assumed to be, by what confidences of tools that show it are multiplied, and why."""

    schema: Schema
    sure: float
    why: str


def effect_of(reading: Reading) -> str:
    verb = reading.verb or reading.described
    return verb.effect if verb else ""


def _a(noun: Words) -> str:
    """The noun with its article."""
    return f"{article(' '.join(noun))} {' '.join(noun)}"


def assumed_record(
    noun: Words, members: Sequence[tuple[Tool, str]], stems: set[Words], whole: bool
) -> Record | None:
    """The record as its tools describe it; None when no tool shows one.

    ``whole``: the toolkit declares no results, so what such records usually hold belongs to it as well.
    """
    named = members
    members = [(tool, effect) for tool, effect in members if effect != NAMING]
    effects = {effect for _, effect in members}
    if not effects & {"read", "list", "search", "create", "update"}:
        return None
    made = _taken(noun, members, ("create", "update"))
    if not whole:
        return _only(noun, made) if made else None
    asked = asked_for(noun, members)
    usual = _usual(noun, {" ".join(tokens(name)) for tool, _ in members for name in arguments_of(tool)})
    made, asked = (
        _known(_without(found, usual.get("asks", ())), usual, stems, noun) for found in (made, asked)
    )
    made = _as_one(_once(made, {}, usual), {}, noun)
    asked = {name: schema for name, schema in _once(asked, made, usual).items() if not _one_of(name, made)}
    asked = _as_one(asked, made, noun)
    found = {**asked, **made}
    told = told_of(members, {n: schema for tool, _ in members for n, schema in arguments_of(tool).items()})
    added = {} if len(told) >= FULL else _absent(usual, {**found, **told}, stems)
    asked = {name: schema for name, schema in asked.items() if not told_as(name, schema, told)}
    own = next((name for name in told if identifies(name, noun)), own_key(noun, named))
    made = with_told(noun, made, _besides(own, noun, told if usual else founded(told, made)), own, stems)
    sure, why = _surely(noun, made, usual, asked)
    if not usual:
        # What is made without being given a name has none.
        unnamed = own != "id" or made and "create" in effects or _named(found, noun)
        bare = {} if unnamed else {"name": {"type": "string"}}
        added = {**bare, **_without_name(added)}
    else:
        added = _of_what_is_made(noun, usual, added, {**asked, **made})
    with_anew = {**asked, **{k: v for k, v in _anew(noun, members).items() if k not in asked}}
    fields = {
        own: identity_field(noun, named, own),
        **made,
        **{k: v for k, v in with_anew.items() if k not in made},
        **added,
    }
    making = {"create"} if made and "create" in effects else effects
    always = _always(members, making)
    told = {**added, **asked} if making == {"create"} else added  # what its maker leaves open
    needed = [name for name in fields if name == own or name in always or not _may_lack(name, made, told)]
    schema = {"type": "object", "title": " ".join(noun), "properties": fields, "required": needed}
    return Record(schema, sure, why)


def _besides(own: str, noun: Words, told: Mapping[str, Schema]) -> dict[str, Schema]:
    """What descriptions tell of besides what records are told apart by: the tag of an ``asset_tag``."""
    return {name: schema for name, schema in told.items() if (noun[-1], *tokens(name)) != tokens(own)}


def _always(members: Sequence[tuple[Tool, str]], making: set[str]) -> set[str]:
    """What every record has: what its makers require, and what they promise."""
    taken = {
        name for tool, effect in members if effect in making for name in tool.parameters.get("required", ())
    }
    return taken | _promised(members)


def _promised(members: Sequence[tuple[Tool, str]]) -> set[str]:
    """What descriptions of makers say that comes back, and the numbers by which records are found."""
    makers = [(tool, effect) for tool, effect in members if effect == "create"]
    found = told_of(members, {})
    return {*told_of(makers, {}), *(name for name in found if numbered_by(tokens(name)))}


_BOOKING = frozenset(["booking", "reservation"])


def _of_what_is_made(
    noun: Words, usual: Mapping[str, Any], added: Mapping[str, Schema], made: Mapping[str, Schema]
) -> dict[str, Schema]:
    """What is usual of a booking without a title, and without times where it is of something or has a day.

    A payment is taken at once, and has no state.
    """
    if noun[-1] == "payment" and {"method", "payment_method"} & made.keys():
        return {name: schema for name, schema in added.items() if name != "status"}
    if not _BOOKING & {*usual["nouns"]}:
        return dict(added)
    words = [tokens(name) for name in made]
    dated = any(str(schema.get("format", "")).startswith("date") for schema in made.values())
    of_one = any(named_by(one) or numbered_by(one) for one in words)
    named = any(
        schema.get("type") == "string" and one[-1:] == ("name",)
        for one, schema in zip(words, made.values(), strict=True)
    )
    left = {"title"} if named or dated or of_one else set()
    left |= {"start_time", "end_time"} if dated or of_one else set()
    return {name: schema for name, schema in added.items() if name not in left}


def _surely(
    noun: Words, made: Mapping[str, Schema], usual: Mapping[str, Any], asked: Mapping[str, Schema]
) -> tuple[float, str]:
    """How sure it is what a record holds, and why."""
    if made:
        return MADE, "it does not say what it returns: the record itself is assumed"
    if usual:
        return USUAL, f"it does not say what it returns: what {_a(noun)} usually holds is assumed"
    if asked:
        return ASKED, "it does not say what it returns: records are assumed to hold what it asks for"
    return BARE, f"it does not say what it returns, and nothing tells what {_a(noun)} holds"


def _without(found: Mapping[str, Schema], asks: Sequence[str]) -> dict[str, Schema]:
    return {name: schema for name, schema in found.items() if " ".join(tokens(name)) not in asks}


def _without_name(fields: Mapping[str, Schema]) -> dict[str, Schema]:
    return {name: schema for name, schema in fields.items() if name != "name"}


def _may_lack(name: str, made: Mapping[str, Schema], added: Mapping[str, Schema]) -> bool:
    """Whether a record may be without a field: what its maker may leave out, and what it points to."""
    if name in made:
        return made[name].get("type") != "boolean" and "enum" not in made[name]
    points = singular(tokens(name)[-1]) in id_words() if tokens(name) else False
    return points and name in added


def _only(noun: Words, made: Mapping[str, Schema]) -> Record:
    """The record of what makers take, and nothing else."""
    identity = {"type": "string", "description": f"ID of the {' '.join(noun)}."}
    fields = {"id": identity, **made}
    schema = {"type": "object", "title": " ".join(noun), "properties": fields, "required": list(fields)}
    return Record(schema, MADE, "it does not say what it returns: the record itself is assumed")


def _taken(noun: Words, members: Sequence[tuple[Tool, str]], wanted: Sequence[str]) -> dict[str, Schema]:
    """What makers and changers take that a record can hold."""
    found: dict[str, Schema] = {}
    for tool, effect in members:
        if effect in wanted and not (effect == "create" and _of_one(tool, noun)):
            for name, schema in arguments_of(tool).items():
                if not identifies(name, noun) and not _serving(name, schema, noun):
                    found.setdefault(name, schema)
    return found


def _anew(noun: Words, members: Sequence[tuple[Tool, str]]) -> dict[str, Schema]:
    """The fields that deeds give another value: the departure date of ``extend_stay(new_departure_date)``."""
    found: dict[str, Schema] = {}
    for tool, effect in members:
        for name, schema in arguments_of(tool).items() if effect == "act" else ():
            stem = stem_of(tokens(name))
            if stem != tokens(name) and not identifies(name, noun) and not _serving(name, schema, noun):
                found.setdefault("_".join(stem), schema)
    return found


def _of_one(tool: Tool, noun: Words) -> bool:
    """Whether a tool is told which record it is about: what it takes besides need not be of the record."""
    # The key of what is made is given to it then.
    return any(
        identifies(name, noun) and tokens(name)[-1] not in CHOSEN
        for name in tool.parameters.get("required", ())
        if len(tokens(name)) > 1
    )


def _serving(name: str, schema: Schema, noun: Words) -> bool:
    """Whether an argument only steers the call."""
    found = guess(Leaf(f"/{name}", schema, str(schema.get("description") or "")), (), " ".join(noun))
    unknown = found.facet == "object" and found.confidence < 0.5
    return found.klass in ("plumbing", "query") and not unknown


def _named(fields: Mapping[str, Schema], noun: Words) -> bool:
    """Whether one of the fields is what people would call a record by."""
    titles = set(lexicon()["naming"]) | {"subject", "summary", "text", "label", "email"}
    return any(words[-1] in titles for name in fields if (words := tokens(name)))


def _usual(noun: Words, taken: set[str]) -> Mapping[str, Any]:
    """The kind of record that goes by the noun, or by its last word; empty when none does."""
    for name in dict.fromkeys((" ".join(noun), noun[-1])):
        for kind in known()["kinds"]:
            if name in kind["nouns"] and (not kind.get("when") or taken & set(kind["when"])):
                found: Mapping[str, Any] = kind
                return found
    persons = data.read("catalog/lexicon/persons.yaml")
    worker = noun[-1] in persons["staff"] and noun[-1] not in persons["both"]
    return _usual(("tradesperson",), set()) if worker else {}


def _absent(usual: Mapping[str, Any], found: Mapping[str, Schema], stems: set[Words]) -> dict[str, Schema]:
    """The usual fields that go by no other name among those found."""
    names = {" ".join(tokens(name)) for name in found}
    also = usual.get("also", {})
    added: dict[str, Schema] = {}
    for name, told in (usual.get("fields") or known()["any"]).items():
        others = {" ".join(tokens(name)), *also.get(name, ())}
        schema = _schema(told, stems)
        if schema is not None and not names & others:
            added[name] = schema
    return added


def _as_one(found: Mapping[str, Schema], before: Mapping[str, Schema], noun: Words) -> dict[str, Schema]:
    """What tools take without what means a field that another name stands for: a new date, the date of a listing."""
    kinds = {
        tokens(name): guess(Leaf(f"/{name}", schema), (), " ".join(noun)).facet
        for name, schema in {**found, **before}.items()
    }
    kept: dict[str, Schema] = {}
    for name, schema in found.items():
        words = tokens(name)
        others = {other: kind for other, kind in kinds.items() if other != words}
        if meant(words, kinds[words], others):
            continue
        kept["_".join(stem_of(words)) if stem_of(words) != words else name] = schema
    return kept


def _known(
    found: Mapping[str, Schema], usual: Mapping[str, Any], stems: set[Words], noun: Words
) -> dict[str, Schema]:
    """Of what tools take, that of which it is known what it means, with what is usual where they say only a type."""
    kept: dict[str, Schema] = {}
    for name, schema in found.items():
        words = " ".join(tokens(name))
        if words in known()["steering"]:
            continue
        same = usual["fields"][field] if (field := _field_of(name, usual)) else known()["anywhere"].get(words)
        fuller = _schema(same, stems) if same is not None else None
        if fuller is not None and "enum" in fuller and singular(tokens(name)[-1]) in id_words():
            continue  # the id of a state is none of the states' names
        plain = not schema.keys() - {"type", "title", "description"}
        if fuller is not None and plain and fuller.get("type") == schema.get("type"):
            kept[name] = {
                **fuller,
                **({"description": schema["description"]} if "description" in schema else {}),
            }
        elif fuller is not None or schema.get("description") or _means(name, schema, noun):
            kept[name] = schema
    return kept


def _once(
    found: Mapping[str, Schema], before: Mapping[str, Schema], usual: Mapping[str, Any]
) -> dict[str, Schema]:
    """Of several names for one usual field the first: body, message_body; name, display_name."""
    kept: dict[str, Schema] = {}
    taken = {_field_of(name, usual) for name in before} - {""}
    for name, schema in found.items():
        field = _field_of(name, usual)
        if field not in taken:
            kept[name] = schema
        taken |= {field} - {""}
    return kept


def _field_of(name: str, usual: Mapping[str, Any]) -> str:
    """The usual field that goes by a name, or ""."""
    words = " ".join(tokens(name))
    for field in usual.get("fields", {}):
        if words == " ".join(tokens(field)) or words in usual.get("also", {}).get(field, ()):
            return str(field)
    return ""


def _one_of(name: str, made: Mapping[str, Schema]) -> bool:
    """Whether a listing asks for one of what records hold several of: the tag of notes with tags."""
    several = (other for other, schema in made.items() if schema.get("type") == "array")
    return any(tokens(name) == (*words[:-1], singular(words[-1])) for words in map(tokens, several) if words)


def _means(name: str, schema: Schema, noun: Words) -> bool:
    """Whether the name of an argument alone tells what it is."""
    inner = schema.get("items")
    leaf = Leaf(f"/{name}/*", inner) if isinstance(inner, Mapping) else Leaf(f"/{name}", schema)
    found = guess(leaf, (), " ".join(noun))
    # A choice of which no one says among what cannot be thought of.
    told = (
        "enum" in leaf.schema
        or sort_of([singular(word) for word in tokens(name)], " ".join(noun)) is not None
    )
    return found.confidence >= 0.5 and (found.facet != "enum" or told)


def _schema(told: Any, stems: set[Words]) -> dict[str, Any] | None:
    """A field's schema; None for the id of a record that the toolkit knows nothing of."""
    if isinstance(told, list):
        return {"type": "string", "enum": told}
    if isinstance(told, Mapping):
        if "of" in told:
            target = tuple(told["of"].split(" "))
            return {"type": "string", "description": f"ID of the {told['of']}."} if target in stems else None
        items = _schema(told["many"], stems)
        return {"type": "array", "items": items} if items is not None else None
    if told in ("integer", "number", "boolean"):
        return {"type": told}
    return {"type": "string"} if told == "text" else {"type": "string", "format": told}
