"""The leaves of a tool's arguments: class, facet, phrase, and how each touches records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, structs

from callsmith.records import Entity, Json, Parameter, Tool
from callsmith.schema import leaves, steps
from callsmith.understand.entities import Nouns
from callsmith.understand.facets import Guess, Leaf, choices, described, guess, lexicon
from callsmith.understand.references import alias_table, refers, wanted
from callsmith.understand.relations import nouns_of, restricted, written
from callsmith.understand.shapes import required_leaf, words_of
from callsmith.understand.words import singular, tokens

Words = tuple[str, ...]


class Context(Struct, frozen=True):
    """What is known of the toolkit when a tool's arguments are read."""

    nouns: Nouns
    kinds: Mapping[str, Entity]  # by noun


def unresolved(nouns: Nouns, tools: Sequence[Tool], subjects: Sequence[Words]) -> list[Words]:
    """What identifiers among the arguments refer to that no tool returns by itself."""
    missing: list[Words] = []
    for tool, noun in zip(tools, subjects, strict=True):
        for leaf in _leaves(tool):
            found = guess(leaf, nouns.known(), " ".join(noun))
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
    known = context.nouns.known()
    found = []
    for leaf in _leaves(tool):
        parameter = _parameter(tool, noun, leaf, guess(leaf, known, noun), context)
        found.append(_touching(parameter, leaf, noun, effect, context))
    return tuple(found)


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
    parameter = _owner(parameter, tool)
    if parameter.facet in ("id", "key", "number_key", "owner", "repo", "url"):
        parameter = _referring(parameter, noun, leaf, context)
    return parameter


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
    if found.klass == "ambient" and found.facet == "id":
        return next((own for own in lexicon()["own"] if own in tokens(leaf.description)), None)
    return None


def _referring(parameter: Parameter, noun: str, leaf: Leaf, context: Context) -> Parameter:
    if parameter.facet in ("owner", "repo"):
        target = next((n for n in ("repository", "organization") if n in context.nouns.drafts), "")
    else:
        target = refers(leaf.pointer, leaf.description, noun, context.nouns)
    if parameter.facet == "url" and not (target and parameter.klass == "opaque_id"):
        return parameter
    if target:
        entity = context.kinds.get(target)
        said = _called(leaf, entity.noun if entity else target, target)
        why = f"it names a {said}"
        phrase = said if parameter.klass == "opaque_id" else parameter.phrase
        if parameter.facet in ("key", "number_key") and phrase in ("key", "number", ""):
            phrase = f"{said} {parameter.facet.removesuffix('_key') if parameter.facet != 'key' else 'key'}"
        return structs.replace(
            parameter, refers=context.nouns.key(target), phrase=phrase, reasons=(*parameter.reasons, why)
        )
    if parameter.klass == "opaque_id":
        return structs.replace(
            parameter, confidence=0.4, reasons=(*parameter.reasons, "nothing in the toolkit returns what it names")
        )
    return parameter


def _called(leaf: Leaf, noun: str, target: str) -> str:
    """What people call the record in this place: a file that is to hold others is a folder."""
    path = words_of(leaf.pointer)
    words = {singular(word) for step in path[-1:] for word in step}
    for alias, targets in alias_table().items():
        if target in targets and alias != target and " " not in alias and alias not in ("parent", "user"):
            if alias in words or ("parent" in words and alias in leaf.description.lower()):
                return str(alias)
    return f"parent {noun}" if "parent" in words else noun


def _touching(parameter: Parameter, leaf: Leaf, noun: str, effect: str, context: Context) -> Parameter:
    """The field of the tool's record that the parameter writes or restricts."""
    entity = context.kinds.get(noun)
    if entity is None or parameter.klass in ("plumbing", "query") or parameter.facet in ("limit", "order"):
        return parameter
    if parameter.refers == entity.key and (parameter.required or effect in ("list", "search")):
        return _of_its_kind(parameter, entity) if effect in ("list", "search") else parameter
    words = nouns_of(noun, context.nouns)
    if effect in ("create", "update", "act"):
        match = written(parameter, entity, words)
        if match is None:
            return parameter
        sure = max(parameter.confidence, round(0.65 * match.sure, 2)) if _plain(parameter) else parameter.confidence
        why = f"it writes {match.field.pointer}"
        return structs.replace(
            parameter, sets=match.field.pointer, confidence=sure, reasons=(*parameter.reasons, why)
        )
    if effect in ("list", "search"):
        match = restricted(parameter, entity, words, leaf.description)
        if match is None:
            return parameter
        sure = max(parameter.confidence, round(0.65 * match.sure, 2)) if _plain(parameter) else parameter.confidence
        why = f"it restricts {match.field.pointer} ({match.compare})"
        return structs.replace(
            parameter, filters=match.field.pointer, compare=match.compare, confidence=sure,
            reasons=(*parameter.reasons, why),
        )  # fmt: skip
    return parameter


def _of_its_kind(parameter: Parameter, entity: Entity) -> Parameter:
    """Listing by a record of the same kind: subtasks of a task, instances of an event."""
    for field in entity.fields:
        if field.refers == entity.key and field.pointer != entity.id_pointer and field.facet == parameter.facet:
            why = f"it restricts {field.pointer}"
            return structs.replace(parameter, filters=field.pointer, reasons=(*parameter.reasons, why))
    return parameter


def _plain(parameter: Parameter) -> bool:
    return parameter.facet in ("text", "number", "title", "body", "enum", "label")


