"""Changing: records made, altered, moved, finished and removed, and all that has to follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import structs

from callsmith.records import Json, Parameter
from callsmith.schema import settle, steps, types
from callsmith.seeds import number
from callsmith.world.inferred.answers import Outcome
from callsmith.world.inferred.identity import name_story
from callsmith.world.inferred.making import applied_links
from callsmith.world.inferred.mending import mended
from callsmith.world.inferred.naming import split, stem
from callsmith.world.inferred.persons_known import person_named
from callsmith.world.inferred.pointing import first, merged, put, reader
from callsmith.world.inferred.population import Entry, uid_of
from callsmith.world.inferred.refusals import Refusal
from callsmith.world.inferred.settling import settled_record
from callsmith.world.inferred.specs import settled_leaf
from callsmith.world.inferred.story import Story

if TYPE_CHECKING:
    from callsmith.world.inferred.world import Errand

_HANDLES = {"login", "username", "name"}  # what people and labels are named by in lists of them
_ADD, _REMOVE = {"add", "added", "append"}, {"remove", "removed", "delete"}


def create(errand: Errand) -> Outcome | Refusal:
    """A new record: what the call gives stands in the fields of its name, the rest is what the product fills in."""
    source = _source(errand)
    if source is not None and errand.spec.family == "event":
        return _answer_invitation(errand, source)
    story = _story(errand, source)
    key = errand.spec.tool.entity
    population = errand.world.population
    record = population.shape(key).fresh(story)
    if source is not None:
        record = _derived(errand, record, source, story)
    record = _apply(errand, record, story)
    record = settled_record(errand.world.rules(key), record, None, population)
    donor = population.shape(key).full(structs.replace(story, fresh=False))
    record = mended(population.kinds[key].entity.schema, record, donor, story.bits, errand.spec.toolkit)
    refusal = backwards(errand, record)
    if refusal:
        return refusal
    links = {at: uid_of(to) for at, to in story.links.items()}
    entry = Entry(uid_of(story), record, links, story)
    errand.world.overlay.put(key, entry)
    _embed(errand, key, entry)
    return _shown(errand, record)


def backwards(errand: Errand, record: Mapping[str, Json]) -> Refusal | None:
    """A meeting cannot end before it starts."""
    if errand.spec.family not in ("event", "slot"):
        return None
    clock = errand.world.population.clock
    moments: dict[str, int | None] = {}
    for pointer in errand.spec.fields:
        words = set(split(pointer))
        side = "start" if words & {"start"} else "end" if words & {"end"} else ""
        if side and errand.spec.leaf[pointer].get("format") == "date-time":
            moments.setdefault(side, clock.parse(first(record, pointer)))
    start, end = moments.get("start"), moments.get("end")
    if start is not None and end is not None and end <= start:
        return Refusal("invalid_argument", "The specified time range is empty.", "end")
    return None


def _shown(errand: Errand, record: Mapping[str, Json], entry: Entry | None = None) -> Outcome:
    return Outcome(
        arguments=errand.arguments,
        records=(record,),
        total=1,
        container=errand.container.record if errand.container else None,
    )


def _source(errand: Errand) -> Entry | None:
    """The record a reply, a forwarded mail or a copy is made from."""
    key = errand.spec.tool.entity
    if errand.spec.tool.verb in ("reply", "forward", "copy", "duplicate", "clone", "respond", "answer"):
        return errand.found.get(key)
    return None


def _story(errand: Errand, source: Entry | None) -> Story:
    world, key = errand.world, errand.spec.tool.entity
    population = world.population
    kind = population.kinds[key]
    user = population.scene.user
    content = msgspec.json.encode(errand.arguments, order="sorted").decode()
    twins = world.twins.setdefault(f"{key}\n{content}", 0)
    world.twins[f"{key}\n{content}"] = twins + 1
    story = Story(
        population=population,
        entity=key,
        family=kind.family.name,
        bits=number(population.bits, key, content, twins),
        ordinal=len(world.overlay.entries(key)),
        author=user,
        owner=user,
        created=population.clock.now,
        updated=population.clock.now,
        fresh=True,
    )
    _place(errand, story, source)
    for parameter, value in errand.stated:
        if parameter.sets and parameter.sets == errand.spec.label_pointer and isinstance(value, str):
            story.title = value
        if parameter.facet in ("body", "text") and isinstance(value, str):
            story.traits.setdefault("body", value)
        person = person_named(population, value) if parameter.facet == "email" else None
        if person is not None and kind.family.name in ("customer", "contact", "invitee", "permission"):
            story.subject = person
    if not story.title and source is not None and source.story is not None:
        story.title = source.story.title
    used = {entry.story.id for entry in world.overlay.entries(key) if entry.story is not None}
    siblings = [
        entry.story.number for entry in world.overlay.entries(key)
        if entry.story is not None and entry.story.container is story.container
    ]  # fmt: skip
    name_story(population, kind, story, used, max(siblings, default=0) + 1)
    return story


def _place(errand: Errand, story: Story, source: Entry | None) -> None:
    for key, entry in errand.found.items():
        if entry.story is not None and key != story.entity:
            story.links[key] = entry.story
            for above, held in entry.story.links.items():
                if above not in errand.found:
                    story.links.setdefault(above, held)
    if source is not None and source.story is not None:
        for key, held in source.story.links.items():
            if errand.spec.tool.verb != "forward" or held.family != "thread":
                story.links.setdefault(key, held)
    if errand.container is not None and errand.container.story is not None:
        story.links[errand.spec.parent] = errand.container.story
    applied_links(story, errand.world.overlay, errand.world.population.kinds[story.entity])
    _own_thread(errand, story)
    story.container = story.links.get(errand.world.population.kinds[story.entity].entity.parent)


def _own_thread(errand: Errand, story: Story) -> None:
    """A mail that answers nothing begins a conversation of its own."""
    population = errand.world.population
    for key in population.kinds[story.entity].links:
        kind = population.kinds[key]
        if kind.family.name not in ("thread", "dialog") or key in story.links:
            continue
        thread = structs.replace(
            story, entity=key, family=kind.family.name, bits=number(story.bits, "thread"), links={}, children={},
            traits=dict(story.traits), container=None,
        )  # fmt: skip
        name_story(population, kind, thread, set(), 1)
        donor = population.shape(key).full(structs.replace(thread, fresh=False))
        record = mended(kind.entity.schema, population.shape(key).fresh(thread), donor, thread.bits, errand.spec.toolkit)
        for other, head, _ in errand.world.embedding(story.entity):
            record = put(record, head, []) if other == key else record
        story.links[key] = thread
        if story.family != "draft":
            errand.world.overlay.put(key, Entry(uid_of(thread), record, {}, thread))


def _apply(errand: Errand, record: dict[str, Json], story: Story | None) -> dict[str, Json]:
    """Lays the call's values over a record."""
    verb = errand.spec.tool.verb
    for parameter, value in errand.stated:
        words = split(parameter.name)
        if errand.spec.tool.effect == "act" and verb in _ADD | _REMOVE and isinstance(value, list) and not parameter.sets:
            words = (verb, *words)
        if words and words[0] in _ADD | _REMOVE and len(words) > 1:
            record = _relabelled(errand, record, words, value)
            continue
        if not parameter.sets:
            continue
        target = _person_at(errand, parameter, value)
        if target is not None:
            record = put(record, target[0], target[1])
            continue
        record = _written(errand, record, parameter, value)
    return _linked_names(errand, record)


def _written(errand: Errand, record: dict[str, Json], parameter: Parameter, value: Json) -> dict[str, Json]:
    path = steps(parameter.sets)
    if "*" in path:
        value = value if isinstance(value, list) else [value]
        star = path.index("*")
        if star == len(path) - 1:
            head = "/" + "/".join(path[:-1])
            schema = settled_leaf(errand.world.population.kinds[errand.spec.tool.entity].entity.schema, parameter.sets)
            rows = [_element(errand, parameter.sets, item) for item in value] if schema.get("properties") else list(value)
            if errand.spec.tool.effect == "act" and errand.spec.tool.verb in _ADD:
                old = list(first(record, head) or [])
                rows = old + [row for row in rows if row not in old]
            return put(record, head, rows)
        head = "/" + "/".join(path[:star])
        if errand.spec.tool.effect == "act" and errand.spec.tool.verb in _ADD:
            rows = [_element(errand, f"{head}/*", item) for item in value]
            old = list(first(record, head) or [])
            return put(record, head, old + [row for row in rows if row not in old])
        if f"{head}\n" not in errand.cleared:
            errand.cleared.add(f"{head}\n")
            record = put(record, head, [{} for _ in value])
        old = list(first(record, head, []))
        inner = "/" + "/".join(path[star + 1 :])
        rows = [put(old[place] if place < len(old) else {}, inner, item) for place, item in enumerate(value)]
        if errand.spec.referring.get(parameter.sets) or set(split(parameter.sets.rsplit("/", 1)[-1])) & _HANDLES:
            rows = [{**row, **_element(errand, f"{head}/*", item)} for row, item in zip(rows, value, strict=True)]
        return put(record, head, _completed(errand, head, rows))
    name = parameter.refers
    if name and isinstance(value, str):
        entry = errand.found.get(name)
        projected = errand.spec.projects.get(parameter.sets, "")
        if entry is not None and projected:
            value = first(entry.record, projected, value)
    return put(record, parameter.sets, value)


def _completed(errand: Errand, head: str, rows: list[Any]) -> list[Any]:
    """Elements a call gave in part, such as guests by their address, with what the product adds."""
    schema = settled_leaf(errand.world.population.kinds[errand.spec.tool.entity].entity.schema, head + "/*")
    made = []
    for row in rows:
        email = next((value for name, value in row.items() if "email" in split(name)), None)
        person = person_named(errand.world.population, email)
        row = dict(row)
        for name, child in schema.get("properties", {}).items():
            words = set(split(name))
            if name in row or child.get("enum") is None and person is None:
                continue
            if child.get("enum") and name in schema.get("required", ()):
                waiting = [option for option in child["enum"] if stem(str(option)) in ("needs_action", "pending")]
                row[name] = (waiting or child["enum"])[0]
            elif person is not None and "name" in words and "string" in types(settle(child)):
                row[name] = person.name
        made.append(row)
    return made


def _person_at(errand: Errand, parameter: Parameter, value: Json) -> tuple[str, Json] | None:
    """A person set by id stands in the record with name and address, as the product shows people."""
    entry = errand.found.get(parameter.refers) if parameter.refers else None
    path = steps(parameter.sets)
    if entry is None or len(path) < 2 or "*" in path or not isinstance(value, str):
        return None
    head = "/" + "/".join(path[:-1])
    schema = settled_leaf(errand.world.population.kinds[errand.spec.tool.entity].entity.schema, head)
    if len(schema.get("properties", {})) < 2:
        return None
    shown = {name: entry.record[name] for name in schema["properties"] if name in entry.record}
    return (head, shown) if set(schema.get("required", ())) <= set(shown) else None


def _relabelled(errand: Errand, record: dict[str, Json], words: Sequence[str], value: Json) -> dict[str, Json]:
    noun = stem("_".join(words[1:]))
    schema = errand.world.population.kinds[errand.spec.tool.entity].entity.schema
    lists = dict.fromkeys(pointer[: pointer.index("/*") + 2] for pointer in errand.spec.fields if "/*" in pointer)
    for pointer in lists:
        path = steps(pointer)
        if path[-1:] == ("*",) and noun in (stem(path[-2]), stem(path[-2]) + "_id"):
            old = list(first(record, "/" + "/".join(path[:-1]), []))
            news = value if isinstance(value, list) else str(value).split(",")
            if old and isinstance(old[0], Mapping) or len(path) > 1 and settled_leaf(schema, pointer).get("properties"):
                news = [_element(errand, pointer, item) for item in news]
            only = settled_leaf(schema, "/" + "/".join(path[:-1])).get("maxItems") == 1
            if words[0] in _ADD:
                old = [] if only else old
                old += [item for item in news if item not in old]
            else:
                old = [item for item in old if item not in news]
            return put(record, "/" + "/".join(path[:-1]), old)
    return record


def _element(errand: Errand, pointer: str, value: Json) -> Json:
    """An element of a list of records, found by the id or address a call gives."""
    schema = settled_leaf(errand.world.population.kinds[errand.spec.tool.entity].entity.schema, pointer)
    names = schema.get("properties", {})
    for inner, key in errand.spec.referring.items():
        if inner.startswith(pointer + "/"):
            named = errand.world.named(key, value)
            if named:
                return {name: named[0].record[name] for name in names if name in named[0].record}
    whole = _as_shown(errand, pointer, value)
    if whole is not None:
        return whole
    person = person_named(errand.world.population, value)
    row = {name: value for name in names if "email" in split(name) or name in ("id", "gid")}
    return {**row, **({"name": person.name} if person and "name" in names else {})}


def _as_shown(errand: Errand, pointer: str, value: Json) -> Json:
    """A person or label in a list as the product would show it there, taken from how it shows such a list at all."""
    world, key = errand.world, errand.spec.tool.entity
    head = pointer[: pointer.index("/*")]
    person = person_named(world.population, value)
    model = errand.targets[0].story if errand.targets and errand.targets[0].story else None
    if model is None:
        model = next((story for story in world.population.stories(key)), None)
    if model is None or not isinstance(value, str):
        return None
    for turn in range(6):
        if person is not None:
            like = structs.replace(model, bits=model.bits + turn, owner=person, author=person, others=(person,), fresh=False)
        else:
            like = structs.replace(model, traits={**model.traits, "tags": [value]}, fresh=False)
        for row in first(world.population.shape(key).full(like), head) or []:
            if isinstance(row, Mapping) and any(value == inner for inner in row.values()):
                return row
    return None


def _linked_names(errand: Errand, record: dict[str, Json]) -> dict[str, Json]:
    """Fields that copy a linked record follow when the link was set."""
    for pointer, key in errand.spec.referring.items():
        entry = errand.found.get(key)
        projected = errand.spec.projects.get(pointer, "")
        head = pointer.rpartition("/")[0]
        if entry is None or "*" in pointer or key == errand.spec.tool.entity or not projected:
            continue
        if head and not isinstance(first(record, head), Mapping):
            continue
        if any(parameter.refers == key and parameter.sets for parameter, _ in errand.stated):
            value = first(entry.record, projected)
            if pointer.rsplit("/", 1)[-1] == "id" and "id" in entry.record:
                value = entry.record["id"]
            if value is not None and head:
                record = put(record, pointer, value)
    return record


def _derived(errand: Errand, record: dict[str, Json], source: Entry, story: Story) -> dict[str, Json]:
    """A reply goes back to who wrote, in the same matter; a copy keeps what it is not told to change."""
    verb = errand.spec.tool.verb
    old = source.record
    if verb in ("copy", "duplicate", "clone"):
        kept = {name: value for name, value in old.items() if not _server_made(name)}
        return {**record, **{name: value for name, value in kept.items() if name in record or value}}
    prefix = "Re: " if verb == "reply" else "Fwd: "
    for name in ("subject", "title"):
        if isinstance(old.get(name), str) and name in errand.spec.label_pointer:
            text = str(old[name])
            record[name] = text if text.startswith(prefix) else prefix + text
            story.title = record[name]
    if verb == "reply":
        sender = old.get("from")
        me = errand.world.population.scene.user.email
        if isinstance(sender, str) and "to" in old:
            back = [sender] if sender != me else list(old.get("to", []))
            if errand.arguments.get("replyAll"):
                back += [item for item in (*old.get("to", []), *old.get("cc", [])) if item not in (me, sender)]
            record["to"] = back
    return record


def _server_made(name: str) -> bool:
    words = set(split(name))
    return bool(words & {"id", "gid", "key", "number", "url", "link", "created", "updated", "modified", "uri", "etag",
                         "viewed", "date", "time", "owners", "shared", "starred", "trashed"})  # fmt: skip


def _answer_invitation(errand: Errand, source: Entry) -> Outcome:
    """A response to an invitation changes the user's own line among the guests."""
    me = errand.world.population.scene.user.email
    given = {parameter.name: value for parameter, value in errand.stated if not parameter.refers}
    guests = []
    for guest in source.record.get("attendees", []):
        mine = guest.get("self") or guest.get("email") == me
        guests.append({**guest, **{n: v for n, v in given.items()}} if mine else guest)
    record = {**source.record, "attendees": guests} if guests else dict(source.record)
    return _keep(errand, source, record)


def update(errand: Errand) -> Outcome | Refusal:
    """Some fields of a record changed; what depends on them follows."""
    target = errand.target
    if target is None:
        return Outcome(errand.arguments)
    record = _apply(errand, dict(target.record), None)
    refusal = backwards(errand, record)
    return refusal or _keep(errand, target, record)


def act(errand: Errand) -> Outcome:
    """A state brought about, a label put on, a record moved; several records when several are named."""
    outcome = Outcome(errand.arguments)
    _attached(errand)
    for target in errand.targets:
        record = _apply(errand, dict(target.record), None)
        record = _in_state(record, errand.spec.tool.state)
        record = _moved(errand, record)
        outcome = _keep(errand, target, record)
    if errand.spec.tool.yields and errand.targets:
        becomes = errand.spec.tool.yields[0].entity
        if becomes != errand.spec.tool.entity and errand.spec.tool.verb in ("send", "convert", "publish"):
            return _become(errand, errand.targets[0], becomes)
    return outcome


def _attached(errand: Errand) -> None:
    """Putting a tag on a task changes the task, which lists its tags."""
    world, key = errand.world, errand.spec.tool.entity
    if errand.spec.tool.verb not in _ADD | _REMOVE or not errand.targets:
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
            rows = [*old, row] if errand.spec.tool.verb in _ADD else old
            record = settled_record(world.rules(other), put(holder.record, head, rows), holder.record, world.population)
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


def _moved(errand: Errand, record: dict[str, Json]) -> dict[str, Json]:
    """Fields that name the container or another linked record follow a move or an assignment."""
    for parameter, value in errand.stated:
        key = parameter.refers
        if not key or parameter.sets or parameter.scope or parameter.pointer == errand.spec.tool.id_field:
            continue
        entry = errand.found.get(key)
        if entry is None:
            continue
        if errand.world.population.kinds[key].family.name == "transition":
            record = _advanced(errand, record, entry)
            continue
        for pointer, refers in _by_verb(errand):
            if refers == key and "*" in pointer and not isinstance(value, list):
                record = _placed(errand, record, pointer, entry)
                break
            if refers == key and not isinstance(value, list):
                head = pointer.rpartition("/")[0]
                schema = settled_leaf(errand.world.population.kinds[errand.spec.tool.entity].entity.schema, head)
                if head and head.count("/") >= 1 and schema.get("properties"):
                    shown = {name: entry.record[name] for name in schema["properties"] if name in entry.record}
                    record = put(record, head, merged(first(record, head) or {}, shown))
                else:
                    record = put(record, pointer, first(entry.record, errand.spec.projects.get(pointer, "/id"), value))
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


def _placed(errand: Errand, record: dict[str, Json], pointer: str, entry: Entry) -> dict[str, Json]:
    """A place in a list of places: the row of the same project gives way to the new one."""
    head = pointer[: pointer.index("/*")]
    schema = settled_leaf(errand.world.population.kinds[errand.spec.tool.entity].entity.schema, head + "/*")
    row: dict[str, Json] = {}
    for name, child in schema.get("properties", {}).items():
        names = settle(child).get("properties", {})
        source = entry.record if f"/{name}/" in pointer else entry.record.get(name)
        if names and isinstance(source, Mapping):
            row[name] = {inner: source[inner] for inner in names if inner in source}
    others = [old for old in first(record, head) or [] if all(old.get(n) != row.get(n) for n in row)]
    kept = [old for old in others if old.get("project") != row.get("project")] if "project" in row else others
    return put(record, head, [*kept, row])


def _become(errand: Errand, target: Entry, key: str) -> Outcome:
    """A draft that is sent is a message from then on and no draft any more."""
    population = errand.world.population
    old = target.story
    story = Story(
        population=population, entity=key, family=population.kinds[key].family.name,
        bits=number(population.bits, key, "from", target.uid), ordinal=len(errand.world.overlay.entries(key)),
        author=population.scene.user, owner=population.scene.user, created=population.clock.now,
        updated=population.clock.now, fresh=True, title=old.title if old else "",
    )  # fmt: skip
    if old is not None:
        story.links = {at: to for at, to in old.links.items() if at in population.kinds[key].links}
        story.traits["body"] = first(target.record, "/body") or old.traits.get("body", "")
    name_story(population, population.kinds[key], story, set(), 1)
    record = population.shape(key).fresh(story)
    for name in record:
        if name in target.record and not _server_made(name):
            record[name] = target.record[name]
    for name in ("threadId", "cc", "to"):
        if name in target.record and name in record:
            record[name] = target.record[name]
    record = settled_record(errand.world.rules(key), record, None, population)
    donor = population.shape(key).full(structs.replace(story, fresh=False))
    record = mended(population.kinds[key].entity.schema, record, donor, story.bits, errand.spec.toolkit)
    links = {at: uid_of(to) for at, to in story.links.items()}
    errand.world.overlay.put(key, Entry(uid_of(story), record, links, story))
    for at, thread in story.links.items():
        if thread.fresh and not errand.world.overlay.find(at, thread.id):
            shape = population.shape(at).fresh(thread)
            errand.world.overlay.put(at, Entry(uid_of(thread), _emptied(errand, key, at, shape), {}, thread))
    _embed(errand, key, Entry(uid_of(story), record, links, story))
    errand.world.overlay.drop(errand.spec.tool.entity, target.uid)
    return _shown(errand, record)


def _emptied(errand: Errand, key: str, holder: str, record: dict[str, Json]) -> dict[str, Json]:
    for other, head, _ in errand.world.embedding(key):
        record = put(record, head, []) if other == holder else record
    return record


def _keep(errand: Errand, target: Entry, record: dict[str, Json]) -> Outcome:
    key = errand.spec.tool.entity
    population = errand.world.population
    record = settled_record(errand.world.rules(key), record, target.record, population)
    record = mended(population.kinds[key].entity.schema, record, target.record, number(target.uid), errand.spec.toolkit)
    links = dict(target.links)
    for pointer, refers in errand.spec.referring.items():
        value = first(record, pointer)
        if refers in links and value != first(target.record, pointer) and value is not None:
            named = errand.world.overlay.find(refers, value)
            if named:
                links[refers] = named[0].uid
    errand.world.overlay.put(key, Entry(target.uid, record, links, target.story))
    _embed(errand, key, Entry(target.uid, record, links, target.story), True)
    return _shown(errand, record)


def _embed(errand: Errand, key: str, entry: Entry, changed: bool = False) -> None:
    """A record that shows others whole, as a thread shows its mails, follows when one of them is new or changed."""
    record = entry.record
    population = errand.world.population
    pointer = population.kinds[key].entity.id_pointer
    for other, head, inner in errand.world.embedding(key):
        own = first(record, pointer)
        for holder in errand.world.overlay.entries(other):
            held = first(holder.record, head)
            if not isinstance(held, list):
                continue
            places = [place for place, item in enumerate(held) if first(item, inner) == own]
            mine = not changed and entry.links.get(other) == holder.uid
            if not places and not mine:
                continue
            news = list(held)
            names = set(news[0]) if news else set(record)
            shown = {name: value for name, value in record.items() if name in names}
            if places:
                news[places[0]] = {**news[places[0]], **shown}
            else:
                news.append(shown)
            made = put(holder.record, head, news)
            if "snippet" in made and "snippet" in record and not changed:
                made["snippet"] = record["snippet"]
            errand.world.overlay.put(other, Entry(holder.uid, made, holder.links, holder.story))


def delete(errand: Errand) -> Outcome | Refusal:
    """The record is gone, and what lay in it."""
    if any(entry.story is not None and entry.story.kind == "mine" for entry in errand.targets):
        return Refusal("permission_denied", "The user's own calendar cannot be deleted.")
    outcome = Outcome(errand.arguments)
    key = errand.spec.tool.entity
    overlay = errand.world.overlay
    for target in errand.targets:
        outcome = _shown(errand, target.record)
        overlay.drop(key, target.uid)
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
                    overlay.put(other, Entry(holder.uid, put(holder.record, head, kept), holder.links, holder.story))
    return outcome


__all__ = ["act", "create", "delete", "reader", "update"]
