"""Finding the records a call names, in the container it names."""

from __future__ import annotations

from callsmith.records import Json, Parameter
from callsmith.schema import leaves
from callsmith.world.inferred.errand import Errand, Running
from callsmith.world.inferred.pointing import first
from callsmith.world.inferred.refusals import Refusal
from callsmith.world.stories.population import Population
from callsmith.world.stories.story import Entry


def scope_pointer(population: Population, parent: str, parameter: Parameter) -> str:
    """Which field of a container's record holds the value of a scope parameter."""
    entity = population.kinds[parent].entity
    pointers = [pointer for pointer, _, _ in leaves(entity.schema)]
    if f"/{parameter.name}" in pointers:
        return f"/{parameter.name}"
    for item in entity.fields:
        if item.facet == parameter.facet and item.facet in ("owner", "repo"):
            return item.pointer
    if parameter.facet == "owner" or parameter.name == "owner":
        return next((at for at in ("/owner/login", "/owner/name") if at in pointers), "/owner")
    if parameter.facet == "repo" or parameter.name == "repo":
        return "/name" if "/name" in pointers else entity.id_pointer
    named = parameter.klass == "natural_key" and entity.id_pointer.lower().endswith("arn")
    if named and entity.label_pointer and "*" not in entity.label_pointer:
        return entity.label_pointer  # people say the name where both may be given
    return entity.id_pointer


def resolved(errand: Errand) -> Refusal | None:
    """Finds the records a call names. A record that is named and not there refuses the call."""
    spec, world = errand.spec, errand.world
    tool = spec.tool
    scopes = [(p, value) for p, value in errand.stated if p.scope and p.refers in world.population.kinds]
    scopes.sort(key=lambda pair: _depth(world, pair[0].refers))
    held: dict[str, list[Entry]] = {}
    for parameter, value in scopes:
        options = held.get(parameter.refers)
        pointer = scope_pointer(world.population, parameter.refers, parameter)
        if options is None:
            options = world.named(parameter.refers, value) or [
                entry
                for entry in world.overlay.entries(parameter.refers)
                if _same(first(entry.record, pointer), value)
            ]
            if not options and parameter.klass == "natural_key":
                options = titled_so(errand, parameter.refers, value)
        else:
            options = [entry for entry in options if _same(first(entry.record, pointer), value)]
        options = [
            entry
            for entry in options
            if all(entry.links.get(k, e.uid) == e.uid for k, e in errand.found.items())
        ]
        if not options:
            return _not_found(errand, parameter, value)
        held[parameter.refers] = options
        errand.found[parameter.refers] = options[0]
        errand.container = options[0]
    if not scopes and spec.parent and not tool.id_field:
        errand.container = _usual_container(errand)
    for parameter, value in errand.stated:
        if parameter.pointer == tool.id_field:
            refusal = _targets(errand, parameter, value)
        elif (
            parameter.refers in world.population.kinds and not parameter.scope and parameter.facet != "owner"
        ):
            refusal = _reference(errand, parameter, value)
        else:
            refusal = None
        if refusal is not None:
            return refusal
    return _whole(errand)


def _whole(errand: Errand) -> Refusal | None:
    """A tool that names its record by something other than an id, or not at all."""
    tool, world = errand.spec.tool, errand.world
    if (
        tool.deed not in ("read", "update", "delete", "act")
        or errand.targets
        or tool.entity not in world.population.kinds
    ):
        return None
    if tool.id_field:
        return None
    kind = world.population.kinds[tool.entity]
    if kind.sole and errand.container is not None:
        held = errand.container.uid
        errand.targets = [
            entry
            for entry in world.overlay.entries(tool.entity)
            if entry.links.get(kind.entity.parent) == held
        ]
        return None if errand.targets else _gone(errand)
    entries = world.overlay.entries(tool.entity)
    for parameter, value in errand.stated:
        named = world.named(tool.entity, value) or titled_so(errand, tool.entity, value)
        if parameter.required and named and isinstance(value, str):
            errand.targets = named[:1]
            return None
    required = [
        p
        for p, _ in errand.stated
        if p.required and not p.scope and p.klass in ("natural_key", "opaque_id", "content")
    ]
    if required and tool.deed != "read":
        value = next(value for p, value in errand.stated if p is required[0])
        return _not_found(errand, required[0], value)
    errand.targets = list(entries[:1])
    return None


def titled_so(errand: Errand, key: str, value: Json) -> list[Entry]:
    """The records of an entity whose title is the value."""
    pointer = errand.world.population.kinds[key].entity.label_pointer
    entries = errand.world.overlay.entries(key) if pointer else ()
    return [entry for entry in entries if _same(first(entry.record, pointer), value)]


def _depth(world: Running, key: str) -> int:
    depth = 0
    while key in world.population.kinds and depth < 6 and world.population.kinds[key].entity.parent:
        key = world.population.kinds[key].entity.parent
        depth += 1
    return depth


def _same(one: Json, two: Json) -> bool:
    return one == two or (isinstance(one, (str, int)) and str(one).casefold() == str(two).casefold())


def _usual_container(errand: Errand) -> Entry | None:
    """Left out, the calendar is the user's own."""
    for parameter in errand.spec.inputs:
        if (
            parameter.scope
            and parameter.default is not None
            and parameter.refers in errand.world.population.kinds
        ):
            named = errand.world.named(parameter.refers, parameter.default)
            return named[0] if named else None
    return None


def _targets(errand: Errand, parameter: Parameter, value: Json) -> Refusal | None:
    """The records a call is to show, change or remove, in the container it names."""
    key = errand.spec.tool.entity
    for item in value if isinstance(value, list) else [value]:
        named = errand.world.named(key, item)
        if not named and parameter.klass == "natural_key":
            named = titled_so(errand, key, item)
        if errand.container is not None:
            parent = errand.world.population.kinds[key].entity.parent
            named = [
                entry
                for entry in named
                if entry.links.get(parent, errand.container.uid) == errand.container.uid
            ]
        if not named:
            return _not_found(errand, parameter, item)
        errand.targets.append(named[0])
    return None


def _reference(errand: Errand, parameter: Parameter, value: Json) -> Refusal | None:
    for item in value if isinstance(value, list) else [value]:
        for part in str(item).split(",") if "," in str(item) else [item]:
            named = errand.world.named(parameter.refers, part)
            if not named and parameter.klass == "natural_key":
                named = titled_so(errand, parameter.refers, part)
            if named:
                errand.found.setdefault(parameter.refers, named[0])
                errand.by[parameter.pointer] = named[0]
            elif not _system_name(errand, parameter, part) and not parameter.filters:
                return _not_found(errand, parameter, part)
    return None


def _system_name(errand: Errand, parameter: Parameter, value: Json) -> bool:
    """Names a product gives itself, such as a drive's root or a mailbox's own labels, need no record."""
    kind = errand.world.population.kinds[parameter.refers]
    text = str(value)
    if kind.family.name == "label" and text.isupper():
        return True
    return text in ("root", "inbox", errand.world.population.root_of(errand.spec.toolkit))


def _gone(errand: Errand) -> Refusal:
    """A part that its holder no longer has, or never had."""
    noun = errand.world.population.kinds[errand.spec.tool.entity].entity.noun
    return Refusal("not_found", f"There is no {noun}.", "", noun.replace(" ", "_"), "")


def _not_found(errand: Errand, parameter: Parameter, value: Json) -> Refusal:
    noun = parameter.refers.rsplit(".", 1)[-1].replace("_", " ") or "resource"
    kind = errand.world.population.kinds.get(parameter.refers)
    said = kind.entity.noun if kind is not None else noun
    message = f"{said[:1].upper()}{said[1:]} not found: {value}."
    return Refusal("not_found", message, parameter.pointer.lstrip("/"), noun, str(value))
