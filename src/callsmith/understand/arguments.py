"""The leaves of a tool's arguments: class, facet, phrase, and how each touches records."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct, structs

from callsmith.catalog.overlays import Found
from callsmith.masks import mask_value
from callsmith.records import Entity, Json, Parameter, Tool
from callsmith.schema import collections, leaves, settle, steps
from callsmith.understand.addressing import UNSPECIFIC, by_own_key, own_keys
from callsmith.understand.containers import in_tenant, strange
from callsmith.understand.corrected import guessed, inputs
from callsmith.understand.entities import Nouns
from callsmith.understand.facets import ONLY, guess
from callsmith.understand.keyed import placed
from callsmith.understand.leaf import Guess, Leaf, choices, described, lexicon
from callsmith.understand.naming import own_words
from callsmith.understand.references import alias_table, by_collection, keyed, refers, spoken_aliases, wanted
from callsmith.understand.shapes import last_words, properties, required_leaf, shapes, words_of
from callsmith.understand.touching import About, touching
from callsmith.understand.words import article, singular, tokens

Words = tuple[str, ...]


class Context(Struct, frozen=True):
    """What is known of the toolkit when a tool's arguments are read."""

    nouns: Nouns
    kinds: Mapping[str, Entity]  # by noun
    known: Collection[str]  # every noun and what else it is called
    people: Collection[str]  # nouns whose records are people
    fixes: Mapping[str, Found] = {}  # by tool
    keys: Mapping[str, str] = {}  # arguments that are names people say, by name: the record they name
    chosen: frozenset[str] = frozenset()  # nouns of records whose identifier is what people call them
    own_keys: Mapping[
        tuple[str, ...], Sequence[Entity]
    ] = {}  # kinds by the words of what tells their records apart


def context_of(
    nouns: Nouns,
    kinds: Mapping[str, Entity],
    fixes: Mapping[str, Found],
    keys: Mapping[str, str],
    chosen: frozenset[str],
) -> Context:
    """What is known of a toolkit once its kinds of record are; fields as in ``Context``."""
    return Context(nouns, kinds, nouns.known(), nouns.people(), fixes, keys, chosen, own_keys(kinds.values()))


def unresolved(nouns: Nouns, tools: Sequence[Tool], subjects: Sequence[Words]) -> list[Words]:
    """What identifiers among the arguments refer to that no tool returns by itself."""
    missing: list[Words] = []
    known = nouns.known()
    for tool, noun in zip(tools, subjects, strict=True):
        for leaf in _leaves(tool):
            found = guess(leaf, known, " ".join(noun))
            if found.facet == "id" and not refers(leaf.pointer, leaf.description, " ".join(noun), nouns):
                words = wanted(leaf.pointer, leaf.description)
                if words and words not in missing:
                    missing.append(words)
    return missing


def _leaves(tool: Tool) -> Iterable[Leaf]:
    for pointer, schema, _ in leaves(tool.parameters):
        if pointer:
            yield described(tool.parameters, pointer, schema)


def inputs_of(tool: Tool, noun: str, effect: str, context: Context) -> tuple[Parameter, ...]:
    """The parameters of a tool about records of ``noun``; what they write or restrict depends on the effect."""
    entity = context.kinds.get(noun)
    siblings = frozenset(" ".join(tokens(name)) for name in tool.parameters.get("properties", {}))
    about = About(entity, noun, effect, own_words(tool), siblings) if entity else None
    fixed = context.fixes.get(tool.name)
    found = []
    for leaf in _leaves(tool):
        placed = _in_its_place(leaf, tool, noun)
        taken = guessed(
            _known_elsewhere(leaf, guess(placed, context.known, noun, people=context.people), context),
            fixed,
            leaf.pointer,
        )
        parameter = _parameter(tool, noun, leaf, taken, context)
        if effect != "create" or not str(tool.hints.get("path", "")).endswith(
            "}"
        ):  # what is made is named there
            parameter = _keyed(parameter, tool, noun, context)
        if placed.pointer.endswith("_id"):
            parameter = _referring(parameter, noun, placed, context)
        if effect == "create":
            parameter = _offered(parameter, leaf)
        found.append(touching(parameter, leaf.description, about) if about else parameter)
    sayable = [_sayable(parameter, found, entity) for parameter in found]
    return inputs(sayable, context.nouns.toolkit, fixed)


def _in_its_place(leaf: Leaf, tool: Tool, noun: str) -> Leaf:
    """A bare ``name`` or ``id`` in a path as that of what stands before it: ``/labels/{name}``, ``/spots/{id}``."""
    path = str(tool.hints.get("path", ""))
    if leaf.pointer in ("/id", "/uuid") and f"{{{leaf.pointer[1:]}}}/" in path:
        holder = tokens(path.partition(f"/{{{leaf.pointer[1:]}}}/")[0].rpartition("/")[2])
        one = (*holder[:-1], singular(holder[-1])) if holder else ()
        if one and " ".join(one) != noun:
            return structs.replace(leaf, pointer=f"/{'_'.join(one)}_id")
    before, found, _ = str(tool.hints.get("path", "")).partition("/{name}")
    words = tokens(before.rpartition("/")[2])
    if (
        leaf.pointer != "/name"
        or not found
        or not words
        or singular(words[-1]) in (words[-1], noun.split(" ")[-1])
    ):
        return leaf
    return structs.replace(leaf, pointer=f"/{'_'.join((*words[:-1], singular(words[-1])))}_name")


def _known_elsewhere(leaf: Leaf, found: Guess, context: Context) -> Guess:
    """An argument that one tool describes poorly, as other tools of the toolkit describe it."""
    name = next((step for step in reversed(steps(leaf.pointer)) if step != "*"), "")
    if found.facet != "id" or found.confidence >= 0.5 or name not in context.keys:
        return found
    return Guess("key", found.phrase, "natural_key", 0.7, (*found.reasons, "other tools take its name"))


_SAYABLE = 3  # words of a phrase; nobody names a value by more


def _sayable(parameter: Parameter, all_of_them: Sequence[Parameter], entity: Entity | None) -> Parameter:
    """The parameter called by its own name alone, where that of what it lies in makes the phrase too long.

    Only where neither another argument nor the record itself has the same name: its state is not the state of a
    part. What is still too long is not said.
    """
    if parameter.phrase == "count" and "/*/" in parameter.pointer:
        why = (*parameter.reasons, "it does not say what it counts")
        return structs.replace(parameter, confidence=0.45, reasons=why)
    if parameter.phrase.count(" ") + 1 < _SAYABLE or len(steps(parameter.pointer)) < 2:
        return parameter
    name = last_words(parameter.pointer)
    alone = sum(last_words(other.pointer) == name for other in all_of_them) == 1
    own = [item.pointer for item in (entity.fields if entity else ()) if item.pointer.count("/") == 1]
    alone = alone and not (parameter.sets not in own and name in map(last_words, own))
    if alone and " ".join(name) not in lexicon()["bare"]:
        return structs.replace(parameter, phrase=" ".join(name))
    if parameter.phrase.count(" ") + 1 > _SAYABLE and not parameter.refers and parameter.confidence >= 0.5:
        why = (*parameter.reasons, "its name is too long to be said")
        return structs.replace(parameter, confidence=0.45, reasons=why)
    return parameter


_PARTS = 4  # that a mask names when nobody says which


def _mask(leaf: Leaf, tool: Tool, noun: str) -> list[str]:
    """What a mask that has to be given shows: the parts of the record that say most, of those it may name.

    The part that holds the name of a record is shown even where the description is content with other examples.
    """
    found = shapes(tool.returns, tuple(noun.split(" ")))
    inner = [settle(schema) for shape in found for schema in properties(shape.schema).values()]
    records = [properties(shape.schema) for shape in found] + [properties(schema) for schema in inner]
    parts = [dict(properties(tool.parameters))] if not found else [dict(record) for record in records]
    called = [{name: " ".join(tokens(name)) for name in record} for record in parts]
    first, *others = lexicon()["telling"]
    for names in called:
        naming = [name for name, words in names.items() if words in first]
        if naming:
            said = [n for words in others for n in names if names[n] == words and _told(n, leaf)]
            return [*naming, *said][:_PARTS]
    sizes = {name: sum(1 for _ in leaves(parts[0][name])) for name in parts[0] if _told(name, leaf)}
    return [max(sizes, key=lambda name: sizes[name])] if sizes else []


def _told(name: str, leaf: Leaf) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", leaf.description) is not None


def _parameter(tool: Tool, noun: str, leaf: Leaf, found: Guess, context: Context) -> Parameter:
    name = next((step for step in reversed(steps(leaf.pointer)) if step != "*"), "")
    required = required_leaf(tool.parameters, leaf.pointer)
    parameter = Parameter(
        pointer=leaf.pointer,
        name=name,
        klass=found.klass,
        facet=found.facet,
        phrase=found.phrase,
        required=required,
        confidence=round(found.confidence, 2),
        reasons=found.reasons,
        schema=leaf.schema,
        default=_default(leaf, found),
    )
    if found.facet == "mask" and required and parameter.default is None:
        parts = ["*"] if tokens(name) == ("update", "mask") else _mask(leaf, tool, noun)
        parameter = structs.replace(parameter, default=mask_value(parameter, parts) if parts else None)
    parameter = _owner(_searched(parameter, tool, leaf), tool)
    if parameter.facet == "title":
        parameter = _in_a_name(_by_title(parameter, noun, context), tool, noun, context)
    if parameter.facet in ("number", "count") and keyed(leaf.schema, leaf.pointer, noun, context.nouns):
        why = (*parameter.reasons, "it is the key of such a record")
        parameter = structs.replace(parameter, klass="opaque_id", facet="id", confidence=0.85, reasons=why)
    if parameter.facet in ("id", "key", "number_key", "owner", "repo", "url"):
        parameter = _referring(parameter, noun, leaf, context)
    return parameter


_SLUG = re.compile(r"[a-z]+[0-9]+|[a-z0-9]+(?:[-./:_+][a-z0-9]+)+")


_MEANT = ("id", "username", "email", "owner", "repo", "url", "phone")


def _keyed(parameter: Parameter, tool: Tool, own: str, context: Context) -> Parameter:
    """The argument of a path that is called as the field is by which records of what stands before it are named."""
    noun = placed(tool, context.nouns).get(parameter.name, "") if context.nouns.paths else ""
    specific = not noun and tokens(parameter.name) not in UNSPECIFIC
    if not tool.hints.get("path"):
        return by_own_key(parameter, context.own_keys)
    if specific and f"{{{parameter.name}}}" not in str(tool.hints["path"]):
        return by_own_key(parameter, context.own_keys, context.nouns.key(own))
    if not noun or tokens(context.nouns.paths.get(noun, "")) != tokens(parameter.name) or parameter.refers:
        return parameter
    if parameter.pointer.count("/") != 1 or parameter.facet in _MEANT:
        return parameter
    entity = context.kinds.get(noun)
    said = entity.noun if entity else noun
    why = (*parameter.reasons, f"paths name a {said} by it")
    return structs.replace(
        parameter, klass="natural_key", facet="key", refers=context.nouns.key(noun), confidence=0.85,
        phrase=" ".join(last_words(parameter.pointer)), reasons=why,
    )  # fmt: skip


def _offered(parameter: Parameter, leaf: Leaf) -> Parameter:
    """An argument that chooses among what a provider offers, as people who know the product do: a region, a size.

    They say the short name that examples or choices show, and look nothing up.
    """
    known = parameter.klass == "plumbing" or parameter.facet not in (
        "id",
        "key",
        "text",
        "enum",
        "city",
        "place",
    )
    if known or not set(last_words(leaf.pointer)) & set(lexicon()["offered"]):
        return parameter
    if choices(leaf.schema):
        return structs.replace(parameter, klass="preference", facet="enum", refers="", confidence=0.85)
    shown = [item for item in leaf.schema.get("examples", ()) if isinstance(item, str)]
    if not shown or not all(map(_SLUG.fullmatch, shown)):
        return parameter
    why = (*parameter.reasons, f"people say what is on offer: {shown[0]!r}")
    own = " ".join(last_words(leaf.pointer))
    phrase = own if parameter.refers else parameter.phrase or own
    return structs.replace(
        parameter, klass="natural_key", facet="key", refers="", phrase=phrase, confidence=0.75, reasons=why
    )


def _by_title(parameter: Parameter, noun: str, context: Context) -> Parameter:
    """``template_name`` of a message names a template by what people call it."""
    words = tokens(parameter.name)
    other = " ".join(words[:-1])
    if words[-1:] not in (("name",), ("title",)) or other == noun or other not in context.nouns.drafts:
        return parameter
    entity = context.kinds.get(other)
    if entity is None or last_words(entity.label_pointer) not in (words[-1:], words):
        return parameter
    return structs.replace(
        parameter, klass="natural_key", refers=entity.key, phrase=entity.noun, confidence=0.75,
        reasons=(f"it names {article(entity.noun)} {entity.noun} by its {words[-1]}",),
    )  # fmt: skip


_TAKING = frozenset("book reserve rent hire borrow enrol enroll signup sign join charter".split())


def _in_a_name(parameter: Parameter, tool: Tool, noun: str, context: Context) -> Parameter:
    """The bare name given to what books or hires a thing is that of the person it is for."""
    entity = context.kinds.get(noun)
    own = entity is not None and any(field.pointer == parameter.pointer for field in entity.fields)
    if parameter.pointer != "/name" or own or parameter.refers or not _TAKING & {*own_words(tool)[:2]}:
        return parameter
    why = (*parameter.reasons, "it is for whom it is taken")
    return structs.replace(parameter, facet="person", klass="natural_key", reasons=why)


def _searched(parameter: Parameter, tool: Tool, leaf: Leaf) -> Parameter:
    """Text given to a search is what to look for."""
    searching = {"search", "find", "lookup"} & set(own_words(tool))
    if parameter.facet == "query" and not leaf.description:
        return _in_plain_words(parameter, tool)
    sought = tokens(parameter.name)[-1:] in (("text",), ("words",), ("term",))
    if not searching or not sought or parameter.klass != "content":
        return parameter
    return structs.replace(
        parameter, klass="query", facet="query:text", phrase="search words", confidence=0.8,
        reasons=("it is the text that a search looks for",),
    )  # fmt: skip


def _in_plain_words(parameter: Parameter, tool: Tool) -> Parameter:
    """A query of which nothing is said is taken for words to look for, unless its product has a language for it."""
    if parameter.name.lower() in ("jql", "soql", "sql", "filter", "expression"):
        return parameter
    spoken = f"{' '.join(tokens(tool.name))} {tool.description}".lower()
    for dialect in lexicon()["dialects"]:
        if dialect["facet"] in ("query:text", "query"):
            continue
        if all(word in spoken for word in dialect["words"]):
            why = f"{', '.join(dialect['words'])!r} tells which language it is in"
            return structs.replace(
                parameter, facet=dialect["facet"], phrase="search words", confidence=0.6, reasons=(why,)
            )
    why = "nothing is said of a language: words to look for"
    return structs.replace(
        parameter, facet="query:text", phrase="search words", confidence=0.6, reasons=(why,)
    )


def _owner(parameter: Parameter, tool: Tool) -> Parameter:
    """``owner`` beside ``repo`` is half of a repository's name, not a person to be named."""
    names = {" ".join(tokens(name)) for name in tool.parameters.get("properties", {})}
    if parameter.name.lower() == "owner" and names & {"repo", "repository"}:
        return structs.replace(
            parameter, facet="owner", phrase="owner", klass="natural_key", confidence=0.9,
            reasons=("it stands beside the repository's name",),
        )  # fmt: skip
    return parameter


def _default(leaf: Leaf, found: Guess) -> Json:
    if "default" in leaf.schema:
        return leaf.schema["default"]
    allowed = choices(leaf.schema)
    if len(allowed) == 1:
        return allowed[0]
    if found.klass == "plumbing" and (only := ONLY.search(leaf.description)):
        return only[1]
    if found.klass == "ambient" and found.facet == "id":
        return next((own for own in lexicon()["own"] if own in tokens(leaf.description)), None)
    return None


def _referring(parameter: Parameter, noun: str, leaf: Leaf, context: Context) -> Parameter:
    if chain := collections(leaf.schema):
        target = by_collection(chain[-1], context.nouns)
        if strange(chain, target, noun, context.nouns):
            why = (*parameter.reasons, "such names are none of those that are shown")
            parameter = structs.replace(parameter, confidence=0.4, reasons=why)
        if in_tenant(chain, context.nouns):
            why = (*parameter.reasons, "everything lies in it, and no tool shows which there are")
            parameter = structs.replace(parameter, klass="ambient", reasons=why)
    elif parameter.facet in ("owner", "repo"):
        target = next((n for n in ("repository", "organization") if n in context.nouns.drafts), "")
    else:
        target = refers(leaf.pointer, leaf.description, noun, context.nouns)
    if parameter.facet == "url" and not (target and parameter.klass == "opaque_id"):
        return parameter
    if target:
        entity = context.kinds.get(target)
        said = _called(leaf, entity.noun if entity else target, target)
        reasons = (*parameter.reasons, f"it names {article(said)} {said}")
        if parameter.klass == "opaque_id" and target in context.chosen:
            parameter = structs.replace(
                parameter, klass="natural_key", facet="key", confidence=max(parameter.confidence, 0.75)
            )
        other_key = parameter.facet == "key" and target != noun
        phrase = said if parameter.klass == "opaque_id" or other_key else parameter.phrase
        if parameter.facet in ("key", "number_key") and phrase in ("key", "number", ""):
            phrase = f"{said} {'key' if parameter.facet == 'key' else 'number'}"
        return structs.replace(parameter, refers=context.nouns.key(target), phrase=phrase, reasons=reasons)
    if parameter.klass == "opaque_id":
        return structs.replace(
            parameter,
            confidence=0.4,
            reasons=(*parameter.reasons, "nothing in the toolkit returns what it names"),
        )
    return parameter


def _called(leaf: Leaf, noun: str, target: str) -> str:
    """What people call the record in this place: a file that is to hold others is a folder."""
    path = words_of(leaf.pointer)
    words = {singular(word) for step in path[-1:] for word in step}
    for alias, targets in alias_table().items():
        named = alias in words or ("parent" in words and alias in leaf.description.lower())
        if named and target in targets and alias != target and alias in spoken_aliases():
            return str(alias)
    return f"parent {noun}" if "parent" in words and not collections(leaf.schema) else noun
