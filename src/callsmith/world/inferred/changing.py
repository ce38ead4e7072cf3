"""Changing records: altered, moved, labelled, finished and removed."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import structs

from callsmith.catalog import turns
from callsmith.catalog.another import makes_another
from callsmith.records import Json
from callsmith.world.agreement.settling import settled_record
from callsmith.world.inferred.answers import Outcome
from callsmith.world.inferred.charging import charged
from callsmith.world.inferred.creating import become, create
from callsmith.world.inferred.errand import Errand
from callsmith.world.inferred.holding import told_to_holders
from callsmith.world.inferred.keeping import backwards, keep, shown
from callsmith.world.inferred.laying import ADD, REMOVE, laid, placed
from callsmith.world.inferred.paying import paid_in
from callsmith.world.inferred.pointing import first, merged, put
from callsmith.world.inferred.prolonging import prolonged
from callsmith.world.inferred.refusals import Refusal
from callsmith.world.inferred.signing import renewed, signed
from callsmith.world.inferred.specs import settled_leaf
from callsmith.world.stories.calling_off import stated_of
from callsmith.world.stories.story import Entry


def update(errand: Errand) -> Outcome | Refusal:
    """Some fields of a record changed; what depends on them follows."""
    target = errand.target
    if target is None:
        return Outcome(errand.arguments)
    record = laid(errand, dict(target.record), None)
    refusal = backwards(errand, record)
    return refusal or keep(errand, target, record)


def act(errand: Errand) -> Outcome | Refusal:
    """A state brought about, a label put on, a record moved; several records when several are named."""
    entity = errand.world.population.kinds[errand.spec.tool.entity].entity
    if len(errand.targets) == 1 and makes_another(errand.spec.tool, entity):
        return create(errand)
    outcome = Outcome(errand.arguments)
    touched: list[Mapping[str, Json]] = []
    _attached(errand)
    for target in errand.targets:
        record = laid(errand, dict(target.record), None)
        record = _in_state(record, errand.spec.tool.state)
        record = signed(errand, record, target.record)
        longer = prolonged(errand, record, target.record)
        record = renewed(errand, record) if longer is None else longer
        record = charged(errand, record, target.record)
        record = paid_in(errand, record)
        record = _stepped(errand, record)
        record = _accounted(errand, record)
        record = _moved(errand, record)
        outcome = keep(errand, target, record)
        touched += outcome.records
    if len(errand.targets) > 1:
        outcome = structs.replace(outcome, records=touched, total=len(touched))
    if errand.spec.tool.yields and errand.targets:
        becomes = errand.spec.tool.yields[0].entity
        if becomes != errand.spec.tool.entity and errand.spec.tool.verb in ("send", "convert", "publish"):
            return become(errand, errand.targets[0], becomes)
    return outcome


def _attached(errand: Errand) -> None:
    """Putting a tag on a task changes the task, which lists its tags."""
    world, key = errand.world, errand.spec.tool.entity
    if errand.spec.tool.verb not in ADD | REMOVE or not errand.targets:
        return
    for other, holder in errand.found.items():
        if other == key:
            continue
        for item in world.population.kinds[other].entity.fields:
            head, star, tail = item.pointer.partition("/*/")
            if not star or item.refers != key or "/" in tail:
                continue
            schema = settled_leaf(world.population.kinds[other].entity.schema, head + "/*")
            own = errand.targets[0].record
            row = {name: own[name] for name in schema.get("properties", {}) if name in own}
            old = [held for held in first(holder.record, head) or [] if held != row]
            rows = [*old, row] if errand.spec.tool.verb in ADD else old
            record = settled_record(
                world.rules(other), put(holder.record, head, rows), holder.record, world.population
            )
            world.overlay.put(other, Entry(holder.uid, record, holder.links, holder.story))
            return


def _in_state(record: dict[str, Json], state: Mapping[str, Json]) -> dict[str, Json]:
    for pointer, value in state.items():
        if pointer.endswith(("/+", "/-")):
            head = pointer[:-2]
            if "*" in head:
                continue
            old = list(first(record, head, None) or [])
            items = value if isinstance(value, list) else [value]
            if pointer.endswith("+"):
                old += [item for item in items if item not in old]
            else:
                old = [item for item in old if item not in items]
            record = put(record, head, old)
        else:
            record = put(record, pointer, value)
    return record


def _stepped(errand: Errand, record: dict[str, Json]) -> dict[str, Json]:
    """A record that was moved to its next stage."""
    tool = errand.spec.tool
    for pointer, schema in errand.world.rules(tool.entity).statuses:
        told = turns.next_of(tool.verb, tool.phrase, first(record, pointer), schema.get("enum", ()))
        if told is not None:
            return put(record, pointer, told)
    return record


def _accounted(errand: Errand, record: dict[str, Json]) -> dict[str, Json]:
    """What the call says of a cancellation it brings about, where the record tells of one."""
    for pointer, schema in errand.world.rules(errand.spec.tool.entity).accounts:
        told = stated_of(schema, errand.stated)
        if told:
            record = put(record, pointer, told)
    return record


def _moved(errand: Errand, record: dict[str, Json]) -> dict[str, Json]:
    """Fields that name the container or another linked record follow a move or an assignment."""
    for parameter, value in errand.stated:
        key = parameter.refers
        if not key or parameter.sets or parameter.scope or parameter.pointer == errand.spec.tool.id_field:
            continue
        entry = errand.by.get(parameter.pointer)
        if entry is None:
            continue
        if key == errand.spec.parent:
            errand.moved = entry
        if errand.world.population.kinds[key].family.name == "transition":
            record = _advanced(errand, record, entry)
            continue
        for pointer, refers in _by_verb(errand):
            if refers == key and "*" in pointer and not isinstance(value, list):
                record = placed(errand, record, pointer, entry)
                break
            if refers == key and not isinstance(value, list):
                head = pointer.rpartition("/")[0]
                schema = settled_leaf(
                    errand.world.population.kinds[errand.spec.tool.entity].entity.schema, head
                )
                if head and head.count("/") >= 1 and schema.get("properties"):
                    row = {name: entry.record[name] for name in schema["properties"] if name in entry.record}
                    record = put(record, head, merged(first(record, head) or {}, row))
                else:
                    record = put(
                        record, pointer, first(entry.record, errand.spec.projects.get(pointer, "/id"), value)
                    )
                break
    return record


def _by_verb(errand: Errand) -> list[tuple[str, str]]:
    """Reference fields, those first whose name has the verb in it: assign sets the assignee, not the reporter."""
    verb = errand.spec.tool.verb[:5]
    return sorted(errand.spec.referring.items(), key=lambda item: verb not in item[0])


def _advanced(errand: Errand, record: dict[str, Json], step: Entry) -> dict[str, Json]:
    wanted = str(first(step.record, "/to/name", "") or step.record.get("name", ""))
    for pointer, schema in errand.world.rules(errand.spec.tool.entity).statuses:
        if wanted in schema.get("enum", ()):
            return put(record, pointer, wanted)
    return record


def delete(errand: Errand) -> Outcome | Refusal:
    """The record is gone, and what lay in it."""
    if any(entry.story is not None and entry.story.kind == "mine" for entry in errand.targets):
        return Refusal("permission_denied", "The user's own calendar cannot be deleted.")
    outcome = Outcome(errand.arguments)
    key = errand.spec.tool.entity
    overlay = errand.world.overlay
    touched: list[Mapping[str, Json]] = []
    for target in errand.targets:
        outcome = shown(errand, target.record)
        touched += outcome.records
        overlay.drop(key, target.uid)
        told_to_holders(errand, target, None)
        for other, kind in errand.world.population.kinds.items():
            if kind.entity.parent == key:
                for entry in list(overlay.entries(other)):
                    if entry.links.get(key) == target.uid:
                        overlay.drop(other, entry.uid)
        for other, head, inner in errand.world.embedding(key):
            own = first(target.record, errand.spec.id_pointer)
            for holder in overlay.entries(other):
                held = first(holder.record, head)
                if isinstance(held, list) and any(first(item, inner) == own for item in held):
                    kept = [item for item in held if first(item, inner) != own]
                    if not kept and errand.world.population.kinds[other].family.name == "thread":
                        overlay.drop(other, holder.uid)
                        continue
                    overlay.put(
                        other, Entry(holder.uid, put(holder.record, head, kept), holder.links, holder.story)
                    )
    if len(errand.targets) > 1:
        outcome = structs.replace(outcome, records=touched, total=len(touched))
    return outcome
