"""What a user says of tools, put where inference would otherwise decide, so that all that follows builds on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import UNSET, structs

from callsmith.catalog.overlays import Found, Overlay, ParameterFix, settled
from callsmith.errors import ConfigError, nearest
from callsmith.records import Entity, Parameter, Schema, Tool
from callsmith.schema import leaves, steps
from callsmith.understand.entities import canonical
from callsmith.understand.leaf import Guess
from callsmith.understand.naming import Reading, Verb, verbs
from callsmith.understand.subjects import Subject
from callsmith.understand.summarised import described

Words = tuple[str, ...]
_ID_FACETS = ("id", "key", "number_key", "owner", "repo", "url")


def noun_of(entity: str, toolkit: str) -> str:
    """``helpdesk.work_order`` and ``work_order`` are both a work order."""
    return entity.removeprefix(f"{toolkit}.").replace("_", " ").strip()


def taught(tools: Sequence[Tool], found: Mapping[str, Found]) -> list[Tool]:
    """The tools with what is said of their definitions: descriptions, results, values.

    For inference only: rows show definitions as they were read.

    Raises:
        ConfigError: a pointer leads to no argument.
    """
    return [_taught(tool, found[tool.name]) if tool.name in found else tool for tool in tools]


def _taught(tool: Tool, found: Found) -> Tool:
    schema = tool.parameters
    for pointer, (fix, _) in found.parameters.items():
        more: dict[str, Any] = {}
        if fix.description is not None:
            more["description"] = fix.description
        if fix.values is not None:
            more["enum"] = list(fix.values)
        if fix.default is not UNSET:
            more["default"] = fix.default
        if more:
            schema = _changed(schema, steps(pointer), more)
    return structs.replace(
        tool,
        parameters=schema,
        description=tool.description if found.fix.description is None else found.fix.description,
        returns=tool.returns if found.fix.returns is None else found.fix.returns,
    )


def _changed(schema: Schema, path: Sequence[str], more: Mapping[str, Any]) -> Schema:
    """A copy of a schema in which what stands at the path says more, in each alternative that has it."""
    if not path:
        return {**schema, **more}
    result = dict(schema)
    if path[0] == "*" and isinstance(schema.get("items"), Mapping):
        result["items"] = _changed(schema["items"], path[1:], more)
    properties = schema.get("properties")
    if isinstance(properties, Mapping) and path[0] in properties:
        result["properties"] = {**properties, path[0]: _changed(properties[path[0]], path[1:], more)}
    for word in ("allOf", "anyOf", "oneOf"):
        if word in schema:
            result[word] = [_changed(part, path, more) for part in schema[word]]
    return result


def require_pointers(tools: Sequence[Tool], overlays: Sequence[Overlay], found: Mapping[str, Found]) -> None:
    """Refuse corrections of arguments that no tool they are for takes.

    Raises:
        ConfigError: with the place and the nearest argument.
    """
    takes = {tool.name: [pointer for pointer, _, _ in leaves(tool.parameters) if pointer] for tool in tools}
    for overlay in overlays:
        for name, fix in overlay.tools.items():
            mine = [one for one in found if one == name] or [
                one for one, each in found.items() if fix.parameters.keys() & each.parameters.keys()
            ]
            known = sorted({pointer for one in mine for pointer in takes.get(one, ())})
            for pointer in fix.parameters:
                if pointer not in known:
                    hint = nearest(pointer, known) if known else "it takes none"
                    raise overlay.wrong(f"{name} takes no {pointer}", "tools", name, "parameters", pointer,
                                        hint=hint)  # fmt: skip


def read_as(reading: Reading, tool: Tool, found: Found | None) -> Reading:
    """A tool's name as the user reads it."""
    if found is None:
        return reading
    fix = found.fix
    if fix.effect or fix.verb:
        word = fix.verb or (reading.verb.word if reading.verb else fix.effect or "")
        known = verbs().get(word) or reading.verb
        effect = fix.effect or (known.effect if known else "act")
        pinned = Verb(word, effect, fix.verb or (known.say if known else word), 9.0)
        reading = structs.replace(reading, verb=pinned)
    if fix.entity:
        words = canonical(tuple(noun_of(fix.entity, tool.toolkit).split(" ")))
        reading = structs.replace(reading, noun=words, holder=(), place=())
    return reading


def about(subject: Subject, tool: Tool, found: Found | None) -> Subject:
    """What a tool is about, as the user says."""
    if found is None or not found.fix.entity:
        return subject
    words = canonical(tuple(noun_of(found.fix.entity, tool.toolkit).split(" ")))
    return subject if subject.noun == words else Subject(words)


def guessed(guess: Guess, found: Found | None, pointer: str) -> Guess:
    """What a leaf is taken to be, as the user says."""
    if found is None or pointer not in found.parameters:
        return guess
    fix, why = found.parameters[pointer]
    klass = fix.klass or guess.klass
    facet = fix.facet or (guess.facet if klass == guess.klass else _facet(klass, guess.facet))
    if klass == guess.klass and facet == guess.facet and fix.phrase is None:
        return guess
    phrase = guess.phrase if fix.phrase is None else fix.phrase
    return Guess(facet, phrase, klass, 1.0, (*guess.reasons, why))


def _facet(klass: str, facet: str) -> str:
    if klass == "query":
        return facet if facet.startswith("query") else "query:text"
    if klass == "opaque_id":
        return facet if facet in _ID_FACETS else "id"
    if klass == "natural_key":
        return "key" if facet == "id" else facet
    return "text" if klass == "content" and facet == "id" else facet


def inputs(parameters: Sequence[Parameter], toolkit: str, found: Found | None) -> tuple[Parameter, ...]:
    """The parameters as the user says."""
    if found is None:
        return tuple(parameters)
    return tuple(
        _settled(p, found.parameters[p.pointer], toolkit) if p.pointer in found.parameters else p
        for p in parameters
    )


def _settled(parameter: Parameter, corrected: tuple[ParameterFix, str], toolkit: str) -> Parameter:
    fix, why = corrected
    if fix.refers:
        fix = structs.replace(fix, refers=f"{toolkit}.{noun_of(fix.refers, toolkit).replace(' ', '_')}")
    return settled(parameter, fix, why)


def finished(tool: Tool, original: Tool, found: Found | None) -> Tool:
    """The understood tool with the user's last word, and its definition as it was read."""
    tool = structs.replace(tool, description=described(original), parameters=original.parameters)
    if found is None:
        return tool
    fix, reasons = found.fix, tuple(tool.reasons)
    if fix.exclude:
        why = fix.exclude if isinstance(fix.exclude, str) else "it is left out"
        return structs.replace(
            tool,
            effect="opaque",
            entity="",
            id_field="",
            yields=(),
            reasons=(*reasons, f"{why} ({found.why})"),
        )
    sure = bool(fix.effect or fix.entity) and (tool.effect == (fix.effect or tool.effect))
    if fix.phrase is not None or fix.verb is not None or fix.effect or fix.entity:
        reasons = (*reasons, found.why)
    return structs.replace(
        tool,
        phrase=tool.phrase if fix.phrase is None else fix.phrase,
        verb=fix.verb or tool.verb,
        confidence=1.0 if sure and tool.effect != "opaque" else tool.confidence,
        reasons=reasons,
    )


def entity(kind: Entity, overlays: Sequence[Overlay]) -> Entity:
    """A kind of record as the user says.

    Raises:
        ConfigError: its records have no such field, with the place.
    """
    for overlay in overlays:
        for name, fix in overlay.entities.items():
            if f"{kind.toolkit}.{noun_of(name, kind.toolkit).replace(' ', '_')}" != kind.key:
                continue
            pointers = [one.pointer for one in kind.fields]
            for key, pointer in (("id", fix.id), ("label", fix.label)):
                if pointer is not None and pointer not in pointers:
                    raise overlay.wrong(f"a {kind.noun} has no {pointer}", "entities", name, key,
                                        hint=nearest(pointer, pointers))  # fmt: skip
            kind = structs.replace(
                kind,
                noun=fix.noun or kind.noun,
                plural=fix.plural or (f"{fix.noun}s" if fix.noun else kind.plural),
                id_pointer=kind.id_pointer if fix.id is None else fix.id,
                label_pointer=kind.label_pointer if fix.label is None else fix.label,
                names=kind.names if fix.names is None else fix.names,
            )
            if fix.names and not kind.label_pointer:
                raise overlay.wrong(f"a {kind.noun} has no field that holds a name", "entities", name, "names",
                                    hint="say which under label: " + ", ".join(pointers[:8]))  # fmt: skip
    return kind


def placed(kinds: Sequence[Entity], overlays: Sequence[Overlay]) -> Sequence[Entity]:
    """The kinds of record with the country and the day they are of, where the user says it."""
    company = next((overlay.company for overlay in reversed(overlays) if overlay.company), "")
    country = next((overlay.country for overlay in reversed(overlays) if overlay.country), "")
    today = next((overlay.today for overlay in reversed(overlays) if overlay.today), "")
    city = next((overlay.city for overlay in reversed(overlays) if overlay.city), "")
    known = {"company": company, "place": city or country, "today": today}
    said = {key: value for key, value in known.items() if value}
    return [structs.replace(kind, **said) for kind in kinds] if said else kinds


def require_known(tools: Sequence[Tool], kinds: Sequence[Entity], overlays: Sequence[Overlay]) -> None:
    """Refuse corrections that speak of a kind of record, or a field of one, that there is not.

    Raises:
        ConfigError: with the place and the nearest that there is.
    """
    keys = [kind.key for kind in kinds]
    by_key = {kind.key: kind for kind in kinds}
    by_name = {tool.name: tool for tool in tools}
    kits = {tool.toolkit for tool in tools}

    def known(name: str) -> bool:
        return any(f"{kit}.{noun_of(name, kit).replace(' ', '_')}" in by_key for kit in kits)

    def shown(entity: str, overlay: Overlay) -> bool:
        """Whether a tool that the overlay does not speak of is about such records, or shows them."""
        named = {f"{kit}.{noun_of(entity, kit).replace(' ', '_')}" for kit in kits}
        others = [tool for tool in tools if getattr(overlay.tools.get(tool.name), "entity", "") != entity]
        return any(named & {tool.entity, *(found.entity for found in tool.yields)} for tool in others)

    def unknown(overlay: Overlay, name: str, *at: str) -> ConfigError:
        hint = nearest(name, [key.partition(".")[2] for key in keys]) if keys else "no tool shows a record"
        return overlay.wrong(f"no kind of record {name}", *at, hint=hint + "; or say what a tool returns")

    for overlay in overlays:
        for name in overlay.entities:
            if not known(name):
                raise unknown(overlay, name, "entities", name)
        for name, fix in overlay.tools.items():
            if fix.entity and not (known(fix.entity) and (fix.returns or shown(fix.entity, overlay))):
                raise unknown(overlay, fix.entity, "tools", name, "entity")
            tool = by_name.get(name)
            for pointer, one in fix.parameters.items():
                at = ("tools", name, "parameters", pointer)
                if one.refers and not known(one.refers):
                    raise unknown(overlay, one.refers, *at, "refers")
                kind = by_key.get(tool.entity) if tool else None
                fields = [item.pointer for item in kind.fields] if kind else []
                for key, wanted in (("sets", one.sets), ("filters", one.filters)):
                    if wanted and tool is not None and wanted not in fields:
                        hint = nearest(wanted, fields) if fields else "it is about no kind of record"
                        raise overlay.wrong(f"{name} is about no record with {wanted}", *at, key, hint=hint)
