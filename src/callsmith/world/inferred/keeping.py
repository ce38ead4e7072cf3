"""Keeping a changed record: everything that depends on it follows, in it and in what shows it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import structs

from callsmith.catalog.lives import phases, standing, undecided
from callsmith.records import Json
from callsmith.schema import settle, steps
from callsmith.seeds import number
from callsmith.world.agreement.afterwards import once_changed, once_made
from callsmith.world.agreement.agreement import agreed_as_changed, agreement_of
from callsmith.world.agreement.first_and_last import happened_of, nothing_took_place
from callsmith.world.agreement.in_state import as_made, standing_of
from callsmith.world.agreement.settling import settled_record, written
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.inferred.answers import Outcome
from callsmith.world.inferred.called import as_called
from callsmith.world.inferred.errand import Errand
from callsmith.world.inferred.holding import told_to_holders
from callsmith.world.inferred.mending import mended
from callsmith.world.inferred.pointing import first, put
from callsmith.world.inferred.refusals import Refusal
from callsmith.world.stories.lives import options_of, state_of
from callsmith.world.stories.naming import split
from callsmith.world.stories.standing import come
from callsmith.world.stories.story import Entry


def shown(errand: Errand, record: Mapping[str, Json], earlier: Mapping[str, Json] | None = None) -> Outcome:
    return Outcome(
        arguments=errand.arguments,
        records=(record,),
        total=1,
        container=errand.container.record if errand.container else None,
        earlier=earlier or {},
    )


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


def keep(errand: Errand, target: Entry, record: dict[str, Json]) -> Outcome:
    key = errand.spec.tool.entity
    population = errand.world.population
    record = _concluded(errand, record, target.record)
    record = settled_record(errand.world.rules(key), record, target.record, population)
    record = mended(
        population.kinds[key].entity.schema, record, target.record, number(target.uid), errand.spec.toolkit
    )
    record = _before_and_now(errand, record, target.record)
    if record.get("status") != "draft" and target.record.get("status") == "draft":
        record = _issued(errand, record, target)
    links = dict(target.links)
    if errand.moved is not None:
        links[errand.spec.parent] = errand.moved.uid
    for pointer, refers in errand.spec.referring.items():
        value = first(record, pointer)
        if refers in links and value != first(target.record, pointer) and value is not None:
            named = errand.world.overlay.find(refers, value)
            if named:
                links[refers] = named[0].uid
    record = _copied(errand, target, record)
    record = _come(errand, record, target.record)
    record = following(errand, record, target.record)
    record = _as_told(errand, record, target)
    record = as_called(errand, record, target.record)
    record = _in_new_state(errand, record, target.record)
    errand.world.overlay.put(key, Entry(target.uid, record, links, target.story))
    kept = Entry(target.uid, record, links, target.story)
    embed(errand, key, kept, True)
    told_to_holders(errand, target, kept)
    return shown(errand, record, target.record)


def _concluded(errand: Errand, record: dict[str, Json], before: Mapping[str, Json]) -> dict[str, Json]:
    """A record that is over once somebody has told how it came out: an inspection whose result was recorded."""
    population, tool = errand.world.population, errand.spec.tool
    entity = population.kinds[tool.entity].entity
    options, status = options_of(entity), standing(entity.schema.get("properties", {}))
    told = dict(zip(options, phases(options), strict=True))
    came_out = any({*split(item.sets)} & _RESULTS and not undecided(value) for item, value in errand.stated)
    if tool.deed != "act" or not came_out or not unfamiliar(population.toolset, tool.toolkit):
        return record
    over = [one for one in options if told[one] == "over"]
    ahead = told.get(record.get(status)) in ("ahead", "going") and record.get(status) == before.get(status)
    return {**record, status: over[0]} if ahead and len(over) == 1 else record


_RESULTS = frozenset("result outcome verdict".split())


def _in_new_state(errand: Errand, record: dict[str, Json], before: Mapping[str, Json]) -> dict[str, Json]:
    """A record that has come to another state, in which what stands beside it agrees with that."""
    population, tool = errand.world.population, errand.spec.tool
    entity = population.kinds[tool.entity].entity
    status = standing(entity.schema.get("properties", {}))
    if not status or record.get(status) == before.get(status):
        return record
    if not unfamiliar(population.toolset, tool.toolkit):
        return record
    stated = {steps(item.sets)[0] for item, _ in errand.stated if item.sets}
    return nothing_took_place(happened_of(entity), as_made(standing_of(entity), record, stated))


def following(errand: Errand, record: dict[str, Json], earlier: Mapping[str, Json]) -> dict[str, Json]:
    """A record in which what follows from the fields that a call has set follows: an end, a total, what is left."""
    population = errand.world.population
    agreement = agreement_of(population.toolset, population.kinds[errand.spec.tool.entity].entity)
    if agreement is None:
        return record
    stated = {steps(parameter.sets)[0] for parameter, _ in errand.stated if parameter.sets}
    said = {name for name in record if name in stated or earlier and record[name] != earlier.get(name)}
    record = agreed_as_changed(agreement, record, said, population.clock)
    entity = population.kinds[errand.spec.tool.entity].entity
    if earlier:
        return once_changed(entity, record, said)
    given = {
        parameter.name: parameter.schema.get("default")
        for parameter in errand.spec.tool.inputs
        if not parameter.refers
    }
    given |= {parameter.name: value for parameter, value in errand.stated}
    return once_made(entity, record, given, population.clock)


def _come(errand: Errand, record: dict[str, Json], before: Mapping[str, Json]) -> dict[str, Json]:
    """A record with the moments that are there in the state it has come to, which are now."""
    population = errand.world.population
    entity = population.kinds[errand.spec.tool.entity].entity
    agreement = agreement_of(population.toolset, entity)
    line = agreement.line if agreement is not None else None
    if line is None or not line.status or entity.person or record.get(line.status) == before.get(line.status):
        return record
    for moment in line.of("begun", "done"):
        new, old = (come(line, moment, one.get(line.status)) for one in (record, before))
        if new and not old and record.get(moment.name) is None and moment.form in ("date", "date-time"):
            schema = settle(entity.schema["properties"][moment.name])
            record = {**record, moment.name: written(schema, population)}
    return record


def _as_told(errand: Errand, record: dict[str, Json], target: Entry) -> dict[str, Json]:
    """A record in which those fields are there, and only those, of which the schema says so in its new state."""
    population = errand.world.population
    entity = population.kinds[errand.spec.tool.entity].entity
    agreement = agreement_of(population.toolset, entity)
    told = agreement.told if agreement is not None else None
    if told is None or not told.held or record.get(told.status) == target.record.get(told.status):
        return record
    record = told.kept(record, {steps(item.sets)[0] for item, _ in errand.stated if item.sets})
    missing = told.reached(record, target.record)
    if not missing:
        return record
    donor: Mapping[str, Json] = {}
    if target.story is not None:
        traits = {**target.story.traits, "stands": record[told.status]}
        story = structs.replace(target.story, fresh=False, state=state_of(record[told.status]), traits=traits)
        donor = population.shape(entity.key).full(story)
    for name in missing:
        schema = settle(entity.schema["properties"][name])
        value = (
            written(schema, population) if schema.get("format") in ("date", "date-time") else donor.get(name)
        )
        record = {**record, name: value} if value is not None else record
    return record


_NOW, _BEFORE = ("current", "new", "target"), ("previous", "original", "old", "prior")


def _before_and_now(errand: Errand, record: dict[str, Json], earlier: Mapping[str, Json]) -> dict[str, Json]:
    """What a change is answered with of a field: as it is now and as it was, CurrentState and PreviousState."""
    names = {split(name): name for name in errand.world.population.kinds[errand.spec.tool.entity].entity.schema
             .get("properties", {})}  # fmt: skip
    told = {
        name: (record if words[0] in _NOW else earlier).get(names[words[1:]])
        for words, name in names.items()
        if words[1:] in names and words[0] in (*_NOW, *_BEFORE)
    }
    return {**record, **{name: value for name, value in told.items() if value is not None}}


def _copied(errand: Errand, target: Entry, record: dict[str, Json]) -> dict[str, Json]:
    """What stands beside another record's id and copies its name follows the id: server_label, server_id."""
    for pointer, refers in errand.spec.referring.items():
        head, _, last = pointer.rpartition("/")
        stem = split(last)[:-1]
        value = first(record, pointer)
        if not stem or "*" in pointer or value == first(target.record, pointer):
            continue
        other = errand.world.population.kinds[refers].entity
        entry = next(iter(errand.world.overlay.find(refers, value)), None) if value is not None else None
        for beside in errand.spec.fields:
            words = split(beside.rpartition("/")[2])
            if (
                beside.rpartition("/")[0] == head
                and words[:-1] == stem
                and words[-1] in ("name", "label", "title")
            ):
                record = put(record, beside, first(entry.record, other.label_pointer) if entry else None)
    return record


def _issued(errand: Errand, record: dict[str, Json], target: Entry) -> dict[str, Json]:
    """What a draft did not have yet, such as a bill's number and its link, comes with being issued."""
    if target.story is None:
        return record
    story = structs.replace(target.story, fresh=False, state="active")
    donor = errand.world.population.shape(errand.spec.tool.entity).full(story)
    wanted = {name: value for name, value in donor.items() if set(split(name)) & {"number", "url", "pdf"}}
    return {**record, **{name: value for name, value in wanted.items() if record.get(name) is None}}


def embed(errand: Errand, key: str, entry: Entry, changed: bool = False) -> None:
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
            row = {name: value for name, value in record.items() if name in names}
            if places:
                news[places[0]] = {**news[places[0]], **row}
            else:
                news.append(row)
            made = put(holder.record, head, news)
            if "snippet" in made and "snippet" in record and not changed:
                made["snippet"] = record["snippet"]
            errand.world.overlay.put(other, Entry(holder.uid, made, holder.links, holder.story))


def emptied(errand: Errand, key: str, holder: str, record: dict[str, Json]) -> dict[str, Json]:
    for other, head, _ in errand.world.embedding(key):
        record = put(record, head, []) if other == holder else record
    return record


def unpacked(errand: Errand, key: str, entry: Entry) -> None:
    """What a new record holds as records of their own, such as files attached to a mail, can be found too."""
    population = errand.world.population
    fields = population.kinds[key].entity.fields
    for other, kind in population.kinds.items():
        pointer = kind.entity.id_pointer
        head = next(
            (
                f.pointer.partition("/*")[0]
                for f in fields
                if f.refers == other and f.pointer.endswith("/*" + pointer)
            ),
            "",
        )
        if kind.entity.parent != key or not head:
            continue
        back = {
            f.pointer: f.projects or population.kinds[key].entity.id_pointer
            for f in kind.entity.fields
            if f.refers == key
        }
        for place, row in enumerate(first(entry.record, head) or []):
            made = dict(row)
            for at, projected in back.items():
                made = put(made, at, first(entry.record, projected))
            bits = number(entry.uid, other, place)
            made = mended(kind.entity.schema, made, None, bits, errand.spec.toolkit)
            errand.world.overlay.put(
                other, Entry(f"{entry.uid}/{first(made, pointer)}", made, {key: entry.uid}, None)
            )
