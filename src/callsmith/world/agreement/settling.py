"""After a change, everything in a record that depends on what changed is brought into agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from callsmith.catalog.lives import begins_and_ends, has_come, phase, standing, state_named
from callsmith.records import Entity, Json, Schema
from callsmith.schema import leaves, settle, steps, types
from callsmith.world.fields.views import LOOSE
from callsmith.world.inferred.pointing import first, put
from callsmith.world.stories.calling_off import account, accounts_of
from callsmith.world.stories.naming import split, stem
from callsmith.world.stories.stages import ACTIVE, DONE, GONE, STATUS
from callsmith.world.stories.story import Ground

_DONE_NAMES = {"completed", "done", "checked", "resolved", "closed", "merged", "finished", "paid", "resolution",
               "resolutiondate", "finalized"}  # fmt: skip
_GONE_NAMES = {"canceled", "cancelled", "archived", "trashed", "deleted", "voided", "ended"}
_UPDATED = {"updated", "modified", "changed", "modify", "modification", "update", "edited"}


class Rules(Struct, frozen=True):
    """Where a record says the same thing twice."""

    flags: tuple[tuple[str, str], ...] = ()  # pointer, "done" or "gone"
    statuses: tuple[tuple[str, Schema], ...] = ()
    times: tuple[tuple[str, str, Schema], ...] = ()  # pointer, "done"/"gone"/"updated", schema
    snippets: tuple[tuple[str, str], ...] = ()  # snippet pointer, body pointer
    holds: tuple[tuple[str, str], ...] = ()  # flag pointer, list pointer
    accounts: tuple[tuple[str, Schema], ...] = ()  # groups that tell of a cancellation
    reached: tuple[tuple[str, str, Json, Schema], ...] = ()  # pointer, that of the status, state, schema
    dues: tuple[str, ...] = ()  # groups that say one day as a date, as a moment and in words


def rules_of(entity: Entity) -> Rules:
    """What has to agree in records of an entity, read off names and types."""
    flags, statuses, times, bodies, snippets, holds, lists = [], [], [], [], [], [], []
    reached, states = _reached(entity), _state_words(entity)
    told = {pointer for pointer, *_ in reached}
    ends = _ends(entity)
    for pointer, schema, _ in leaves(entity.schema):
        if "*" in pointer:
            lists.append(pointer[: pointer.index("/*")])
            continue
        if _of_another(pointer, entity):
            continue
        path = steps(pointer)
        words = set(split(path[-1])) if path else set()
        around = {word for step in path for word in split(step)}
        kinds = types(schema)
        sort = "done" if words & _DONE_NAMES else "gone" if words & _GONE_NAMES else ""
        sort = "done" if "ended" in words and ends else sort
        if "boolean" in kinds:
            if sort and len(path) < 3 and not _apart(words, states):
                flags.append((pointer, sort))
            elif words & {"attachment", "attachments"}:
                holds.append((pointer, ""))
        elif _is_time(schema, words):
            if sort and pointer not in told and not words & {"in", "out"}:
                times.append((pointer, sort, schema))
            elif words & _UPDATED:
                times.append((pointer, "updated", schema))
        elif schema.get("enum") and (around & STATUS):
            statuses.append((pointer, schema))
        elif words & {"snippet", "preview"}:
            snippets.append(pointer)
        elif words & {"body", "text", "content"} and len(path) == 1:
            bodies.append(pointer)
    every = {pointer for pointer, _, _ in leaves(entity.schema)}
    dues = [at[:-5] for at in every if at.endswith("/date") and {f"{at}time", f"{at[:-4]}string"} <= every]
    attached = next((at for at in lists if stem(at.rsplit("/", 1)[-1]) == "attachment"), "")
    return Rules(
        reached=reached,
        flags=tuple(flags),
        statuses=tuple(statuses),
        times=tuple(times),
        snippets=tuple((at, bodies[0]) for at in snippets if bodies),
        accounts=accounts_of(entity.schema),
        dues=tuple(sorted(dues)),
        holds=tuple((at, attached) for at, _ in holds if attached),
    )


def _ends(entity: Entity) -> bool:
    """Whether records end in being done, and not only by being given up."""
    fields = entity.schema.get("properties", {})
    name = standing(fields)
    return bool(name) and any(sort_of(one) == "done" for one in settle(fields[name]).get("enum", ()) if one)


def _state_words(entity: Entity) -> set[str]:
    """The words of the states that records have."""
    fields = entity.schema.get("properties", {})
    name = standing(fields)
    options = settle(fields[name]).get("enum", ()) if name else ()
    return {word for option in options for word in split(str(option))}


def _apart(words: set[str], states: set[str]) -> bool:
    """Whether a switch tells of something that the states do not: a lesson that is paid may be over or not."""
    return bool(states) and "paid" in words and "paid" not in states or bool(words & {"in", "out"})


def _reached(entity: Entity) -> tuple[tuple[str, str, Json, Schema], ...]:
    """The moments that are named after the states of the record: delivered_at."""
    fields = {name: settle(schema) for name, schema in entity.schema.get("properties", {}).items()}
    name = standing(fields)
    options = [option for option in fields[name].get("enum", ()) if option is not None] if name else []
    if not begins_and_ends(options):
        return ()
    named = [
        (at, state_named(split(at), options), schema)
        for at, schema in fields.items()
        if _is_time(schema, set(split(at)))
        and at not in entity.schema.get("required", ())
        and not (entity.person and _of_something(split(at), options))
    ]
    return tuple((f"/{at}", f"/{name}", state, schema) for at, state, schema in named if state is not None)


def _of_something(words: Sequence[str], options: Sequence[Json]) -> bool:
    """Whether a moment is that of something else that a person did: when they passed the theory."""
    states = {word for option in options for word in split(str(option))}
    return bool({*words} - states - {"at", "on", "date", "time", "was", "first", "last"})


def _of_another(pointer: str, entity: Entity) -> bool:
    """Whether a field belongs to a linked record that is shown inside, whose state is its own."""
    heads = [pointer[:at] for at in range(1, len(pointer)) if pointer[at] == "/"]
    if any(stem(head.rsplit("/", 1)[-1]) in LOOSE for head in heads):
        return True
    return any(
        field.refers and field.refers != entity.key and field.pointer.rpartition("/")[0] in heads
        for field in entity.fields
    )


def _is_time(schema: Schema, words: set[str]) -> bool:
    form = schema.get("format")
    return form in ("date-time", "unix-time", "date") or ("integer" in types(schema) and "epoch" in str(
        schema.get("description", "")).lower()) or "date" in words and "string" in types(schema)  # fmt: skip


def settled_record(
    rules: Rules, record: dict[str, Json], before: Mapping[str, Json] | None, population: Ground
) -> dict[str, Json]:
    """The record with its flags, statuses, times and excerpts in agreement."""
    for pointer, body in rules.snippets:
        text = first(record, body)
        if isinstance(text, str) and (before is None or first(before, body) != text):
            flat = " ".join(text.split())
            record = put(record, pointer, flat if len(flat) <= 110 else flat[: flat.rfind(" ", 0, 110)] + "…")
    for head in rules.dues:
        record = _one_day(record, head, before, population)
    for pointer, held in rules.holds:
        record = put(record, pointer, bool(first(record, held)))
    if before is not None:
        state = _changed_state(rules, record, before) if before != record else ""
        if state:
            record = _in_agreement(rules, record, state, population)
        told = dict(rules.statuses)
        for pointer, status, state, schema in rules.reached:
            how = (schema, population, told.get(status, {}))
            record = _come(record, before, (pointer, status, state), how)
        for pointer, sort, schema in rules.times:
            if sort == "updated" and first(record, pointer) is not None:
                record = put(record, pointer, written(schema, population))
    return record


def _come(
    record: dict[str, Json],
    before: Mapping[str, Json],
    told: tuple[str, str, Json],
    how: tuple[Schema, Ground, Schema],
) -> dict[str, Json]:
    """The record whose moment of a state is there once it came to stand so."""
    pointer, status, state = told
    now, old = first(record, status), first(before, status)
    if now == state and now != old:
        return put(record, pointer, written(how[0], how[1]))
    options = [option for option in how[2].get("enum", ()) if option is not None]
    if now != old and old in options and now in options and state in options and phase(now) != "dropped":
        gone = has_come(old, state, options) and not has_come(now, state, options)
        if gone and first(record, pointer) == first(before, pointer) is not None:
            if "null" in types(how[0]):
                return put(record, pointer, None)
            return {name: value for name, value in record.items() if f"/{name}" != pointer}
    return record


def _one_day(
    record: dict[str, Json], head: str, before: Mapping[str, Json] | None, population: Ground
) -> dict[str, Json]:
    group = first(record, head)
    if not isinstance(group, Mapping) or before is not None and first(before, head) == group:
        return record
    old = first(before, head) if before is not None else None
    moved = group.get("datetime") and group.get("datetime") != (old or {}).get("datetime")
    made = dict(group)
    if moved:
        made["date"] = str(group["datetime"])[:10]
    seconds = population.clock.parse(made.get("date"))
    if seconds is None:
        return record
    if not moved and made.get("datetime"):
        made["datetime"] = None
    local = population.clock.local(seconds)
    made["string"] = f"{local.day} {local.strftime('%b')}"
    return put(record, head, made)


def written(schema: Schema, population: Ground) -> Json:
    """Now, as the schema writes times."""
    clock = population.clock
    if {"integer", "number"} & set(types(schema)):
        shown = [value for value in schema.get("examples", ()) if isinstance(value, (int, float))]
        milli = "milli" in str(schema.get("description", "")).lower() or any(value > 1e11 for value in shown)
        return clock.now * (1000 if milli else 1)
    if schema.get("format") == "date":
        return clock.day(clock.now)
    return clock.utc(clock.now)


def sort_of(option: Json) -> str:
    """Whether a status means done, gone, active or open."""
    words = set(split(str(option)))
    return "done" if words & DONE else "gone" if words & GONE else "active" if words & ACTIVE else "open"


def _changed_state(rules: Rules, record: Mapping[str, Json], before: Mapping[str, Json]) -> str:
    for pointer, sort in rules.flags:
        new, old = first(record, pointer), first(before, pointer)
        if new != old:
            return sort if new else "open"
    for pointer, _ in rules.statuses:
        new, old = first(record, pointer), first(before, pointer)
        if new != old and new is not None:
            return sort_of(new)
    return ""


def _in_agreement(rules: Rules, record: dict[str, Json], state: str, population: Ground) -> dict[str, Json]:
    for pointer, sort in rules.flags:
        if first(record, pointer) is not None and (
            sort == state or state in ("open", "active") or sort == "done"
        ):
            record = put(record, pointer, sort == state)
    for pointer, schema in rules.statuses:
        now = first(record, pointer)
        if now is None and "resolution" not in pointer or sort_of(now) == state and now is not None:
            continue
        fit = [option for option in schema["enum"] if option is not None and sort_of(option) == state]
        if "resolution" in pointer:
            record = _resolution(record, pointer, state, schema)
        elif fit:
            record = put(record, pointer, fit[0])
    for pointer, schema in rules.accounts:
        if state == "gone":
            now = population.clock.utc(population.clock.now)
            record = put(record, pointer, account(schema, first(record, pointer) or {}, now, population))
    for pointer, sort, schema in rules.times:
        if sort == state:
            record = put(record, pointer, written(schema, population))
        elif sort in ("done", "gone") and first(record, pointer) is not None:
            if "null" in types(schema):
                record = put(record, pointer, None)
            else:
                record = {name: value for name, value in record.items() if f"/{name}" != pointer}
    return record


def _resolution(record: dict[str, Json], pointer: str, state: str, schema: Schema) -> dict[str, Json]:
    head = pointer.rpartition("/")[0]
    if state == "done":
        return put(record, pointer, schema["enum"][0])
    return put(record, head, None) if head else put(record, pointer, None)
