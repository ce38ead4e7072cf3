"""Making records: new ones, answers and copies, drafts that become messages."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import structs

from callsmith.catalog.another import makes_another
from callsmith.catalog.lives import standing
from callsmith.records import Json
from callsmith.schema import settle, steps, types
from callsmith.seeds import number
from callsmith.world.agreement.first_and_last import as_new, happened_of
from callsmith.world.agreement.gathered import charged
from callsmith.world.agreement.in_state import as_made, standing_of
from callsmith.world.agreement.levels import unused
from callsmith.world.agreement.named_length import length_of, made_as_long
from callsmith.world.agreement.settling import settled_record, written
from callsmith.world.fields.identity import counted_within, name_story
from callsmith.world.fields.measures import built_in, unfamiliar
from callsmith.world.inferred.alike import priced_alike
from callsmith.world.inferred.answers import Outcome
from callsmith.world.inferred.called import as_called
from callsmith.world.inferred.errand import Errand
from callsmith.world.inferred.holding import told_to_holders
from callsmith.world.inferred.keeping import backwards, embed, emptied, following, keep, shown, unpacked
from callsmith.world.inferred.laying import laid
from callsmith.world.inferred.mending import mended
from callsmith.world.inferred.overlay import Overlay
from callsmith.world.inferred.pointing import first, put
from callsmith.world.inferred.refusals import Refusal
from callsmith.world.stories.families import PEOPLE
from callsmith.world.stories.lifelines import line_of
from callsmith.world.stories.lives import begun_by, entered, not_over
from callsmith.world.stories.naming import split
from callsmith.world.stories.nouns import is_technical
from callsmith.world.stories.persons_known import person_named
from callsmith.world.stories.relations import Kind
from callsmith.world.stories.story import Entry, Story, uid_of


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
    record = _with_defaults(errand, laid(errand, record, story))
    if story.family == "invoice":
        record = _billed(errand, record, story)
    stated = {steps(parameter.sets)[0] for parameter, _ in errand.stated if parameter.sets}
    record = _begun(errand, record, stated)
    donor = population.shape(key).full(structs.replace(story, fresh=False))
    record = mended(population.kinds[key].entity.schema, record, donor, story.bits, errand.spec.toolkit)
    length = (
        length_of(population.kinds[key].entity)
        if unfamiliar(population.toolset, errand.spec.toolkit)
        else None
    )
    record = made_as_long(length, record, stated, population.clock) if length is not None else record
    record = following(errand, record, {})
    if unfamiliar(population.toolset, errand.spec.toolkit):
        record = charged(record, story, population.toolset, population.kinds[key].entity, stated)
    record = priced_alike(record, population.toolset, population.kinds[key].entity, stated)
    record = as_called(errand, record)
    refusal = backwards(errand, record)
    if refusal:
        return refusal
    links = {at: uid_of(to) for at, to in story.links.items()}
    entry = Entry(uid_of(story), record, links, story)
    errand.world.overlay.put(key, entry)
    unpacked(errand, key, entry)
    embed(errand, key, entry)
    told_to_holders(errand, None, entry)
    return shown(errand, record)


def _begun(errand: Errand, record: dict[str, Json], stated: set[str]) -> dict[str, Json]:
    """The new record in a state that something new is in, and without the moments of others."""
    population, tool = errand.world.population, errand.spec.tool
    entity, made = population.kinds[tool.entity].entity, record
    machines = is_technical(population.toolset, tool.toolkit) and not built_in(tool.toolkit)
    if machines:
        record = not_over(record, entity, stated)
    elif unfamiliar(population.toolset, tool.toolkit):
        record = entered(record, entity, stated)
    record = begun_by(record, entity, tool)
    if unfamiliar(population.toolset, tool.toolkit):
        record = as_new(happened_of(entity), as_made(standing_of(entity), record, stated), stated)
        record = unused(entity, record, stated)
    before = made if machines and record != made else None
    return settled_record(errand.world.rules(tool.entity), record, before, population)


def _with_defaults(errand: Errand, record: dict[str, Json]) -> dict[str, Json]:
    """What a call does not say of a new record is as its definition says it then is."""
    if not unfamiliar(errand.world.population.toolset, errand.spec.toolkit):
        return record
    stated = {parameter.pointer for parameter, _ in errand.stated}
    for parameter in errand.spec.inputs:
        usual = parameter.schema.get("default")
        plain = isinstance(usual, (bool, int, float, str)) and usual != "" and not parameter.refers
        if plain and parameter.sets.count("/") == 1 and parameter.pointer not in stated:
            record = put(record, parameter.sets, usual)
    return record


def _billed(errand: Errand, record: dict[str, Json], story: Story) -> dict[str, Json]:
    """A new bill takes up what its customer has been charged for since the last one."""
    world = errand.world
    total = 0
    for key, kind in world.population.kinds.items():
        if kind.family.name != "line" or story.entity not in kind.links:
            continue
        pointer = next((field.pointer for field in kind.entity.fields if field.refers == story.entity), "")
        customers = {at: held for at, held in story.links.items() if held.family == "customer"}
        for entry in world.overlay.entries(key):
            same = all(entry.links.get(at) == uid_of(held) for at, held in customers.items())
            if pointer and customers and same and first(entry.record, pointer) is None:
                total += first(entry.record, "/amount") or 0
                made = put(entry.record, pointer, story.id)
                links = {**entry.links, story.entity: uid_of(story)}
                world.overlay.put(key, Entry(entry.uid, made, links, entry.story))
    if total:
        for name in ("subtotal", "total", "amount_due", "amount_remaining"):
            if name in record:
                record[name] = total
    return record


def _source(errand: Errand) -> Entry | None:
    """The record a reply, a forwarded mail or a copy is made from."""
    key = errand.spec.tool.entity
    if errand.spec.tool.verb in ("reply", "forward", "copy", "duplicate", "clone", "respond", "answer"):
        return errand.found.get(key)
    return errand.target if _made_anew(errand) else None


def _made_anew(errand: Errand) -> bool:
    """Whether a call does the same once more, of which there is another record then."""
    tool = errand.spec.tool
    return tool.deed == "act" and makes_another(tool, errand.world.population.kinds[tool.entity].entity)


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
        if person is not None and kind.family.name in (*PEOPLE[1:], "permission"):
            story.subject = person
    told = story.links.get(kind.of)
    if not story.title and told is not None:
        story.title = told.title
    if not story.title and source is not None and source.story is not None:
        story.title = source.story.title
    used = {entry.story.id for entry in world.overlay.entries(key) if entry.story is not None}
    whole = counted_within(kind.entity, story)
    siblings = [
        entry.story.number for entry in world.overlay.entries(key)
        if entry.story is not None and entry.story.container is story.container
        and counted_within(kind.entity, entry.story) is whole
    ]  # fmt: skip
    name_story(population, kind, story, used, max(siblings, default=0) + 1)
    given = next((value for one, value in errand.stated if one.sets == kind.entity.id_pointer != ""), None)
    story.id = given if isinstance(given, str) and given else story.id
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
    for held in story.links.values():
        if held.family in ("customer", "patron"):
            story.subject = story.subject or held.subject
    _applied_links(story, errand.world.overlay, errand.world.population.kinds[story.entity])
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
        record = mended(
            kind.entity.schema, population.shape(key).fresh(thread), donor, thread.bits, errand.spec.toolkit
        )
        for other, head, _ in errand.world.embedding(story.entity):
            record = put(record, head, []) if other == key else record
        story.links[key] = thread
        if story.family != "draft":
            errand.world.overlay.put(key, Entry(uid_of(thread), record, {}, thread))


def _derived(errand: Errand, record: dict[str, Json], source: Entry, story: Story) -> dict[str, Json]:
    """A reply goes back to who wrote, in the same matter; a copy keeps what it is not told to change."""
    verb = errand.spec.tool.verb
    old = source.record
    if verb in ("copy", "duplicate", "clone"):
        kept = {name: value for name, value in old.items() if not server_made(name)}
        return {**record, **{name: value for name, value in kept.items() if name in record or value}}
    if errand.spec.tool.deed == "act":
        return record | _asked_again(errand, old)
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
                back += [
                    item for item in (*old.get("to", []), *old.get("cc", [])) if item not in (me, sender)
                ]
            record["to"] = back
    return record


def _asked_again(errand: Errand, old: Mapping[str, Json]) -> dict[str, Json]:
    """What is as it was when the same is done once more: what it is about, and nothing of how it went."""
    population = errand.world.population
    entity = population.kinds[errand.spec.tool.entity].entity
    declared = entity.schema["properties"]
    line = line_of(entity)
    entered = line.creations if line is not None else ()
    kept = {name: written(settle(declared[name]), population) for name in entered}
    for name, value in old.items():
        schema = settle(declared.get(name, {}))
        own = name == standing(declared) or server_made(name) or {*split(name)} & _OF_ITS_COURSE
        moment = schema.get("format") in ("date", "date-time")
        if not own and not moment and value is not None and "null" not in types(schema):
            kept[name] = value
    return kept


_OF_ITS_COURSE = frozenset(
    "by duration elapsed seconds result outcome error attempt attempts progress count".split()
)


def server_made(name: str) -> bool:
    words = set(split(name))
    return bool(words & {"id", "gid", "key", "number", "url", "link", "created", "updated", "modified", "uri", "etag",
                         "viewed", "date", "time", "owner", "owners", "creator", "author", "modifying", "shared",
                         "starred", "trashed"})  # fmt: skip


def _answer_invitation(errand: Errand, source: Entry) -> Outcome:
    """A response to an invitation changes the user's own line among the guests."""
    me = errand.world.population.scene.user.email
    given = {parameter.name: value for parameter, value in errand.stated if not parameter.refers}
    guests = []
    for guest in source.record.get("attendees", []):
        mine = guest.get("self") or guest.get("email") == me
        guests.append({**guest, **given} if mine else guest)
    record = {**source.record, "attendees": guests} if guests else dict(source.record)
    return keep(errand, source, record)


def become(errand: Errand, target: Entry, key: str) -> Outcome:
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
        if name in target.record and not server_made(name):
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
            errand.world.overlay.put(at, Entry(uid_of(thread), emptied(errand, key, at, shape), {}, thread))
    embed(errand, key, Entry(uid_of(story), record, links, story))
    errand.world.overlay.drop(errand.spec.tool.entity, target.uid)
    return shown(errand, record)


def _applied_links(story: Story, overlay: Overlay, kind: Kind) -> None:
    """Gives a record made by a call what it cannot be without: the user's own calendar, inbox or workspace."""
    for target in dict.fromkeys((kind.entity.parent, *kind.links)):
        if not target or target in story.links:
            continue
        held = [entry.story for entry in overlay.entries(target) if entry.story is not None]
        inbox = [other for other in held if other.traits.get("inbox")]
        if held and (inbox or target == kind.entity.parent or held[0].family == "company"):
            story.links[target] = (inbox or held)[0]
