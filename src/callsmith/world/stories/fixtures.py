"""Stories of records that the user gave: which of them a world holds, what they say, and when they happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import msgspec

from callsmith.catalog import data
from callsmith.records import Fixture, Json, Scene, Toolset
from callsmith.seeds import number, rng
from callsmith.world.agreement.settling import rules_of, sort_of
from callsmith.world.fields.identity import name_story
from callsmith.world.stories.clock import DAY, Clock
from callsmith.world.stories.making import FOLDER, begin, grow, ordered
from callsmith.world.stories.naming import split
from callsmith.world.stories.relations import Kind
from callsmith.world.stories.stages import DONE, GONE
from callsmith.world.stories.story import Ground, State, Story
from callsmith.world.stories.whom import roles_of

MOST = 150  # records of one entity that a world draws, before those they refer to

_TIMES = ("date", "date_time", "timestamp")
_MOMENTS = {
    "created": {"created", "added", "opened", "creation", "joined", "registered", "submitted"},
    "updated": {"updated", "modified", "changed"},
    "due": {"due", "deadline"},
    "start": {"start", "starts", "begin", "begins"},
    "end": {"end", "ends"},
    "finished": DONE | GONE,
}
Drawn = dict[str, tuple[int, ...]]  # entity key -> places of its fixtures, in the order of the file


def drawn(toolset: Toolset, kinds: Mapping[str, Kind], seed: int) -> Drawn:
    """Which fixtures the world of ``seed`` holds: all, or of a long file a part, with everything they refer to."""
    chosen: dict[str, set[int]] = {}
    for key, fixtures in toolset.fixtures.items():
        places = range(len(fixtures))
        chosen[key] = set(rng("fixtures", key, seed).sample(places, MOST) if len(places) > MOST else places)
    waiting = [(key, place) for key, places in chosen.items() for place in places]
    while waiting:
        key, place = waiting.pop()
        refers = {field.pointer: field.refers for field in kinds[key].entity.fields}
        for pointer, other in toolset.fixtures[key][place].links.items():
            if other not in chosen[refers[pointer]]:
                chosen[refers[pointer]].add(other)
                waiting.append((refers[pointer], other))
    return {key: tuple(sorted(places)) for key, places in chosen.items()}


def fixed_stories(population: Ground, kind: Kind) -> list[Story]:
    """The stories of an entity's fixtures. What a record does not say depends on the record, not on its place."""
    key = kind.entity.key
    fixtures = population.toolset.fixtures[key]
    taken: set[str] = set()
    twins: dict[int, int] = {}
    stories = _kept_anyway(population, kind)
    for ordinal, place in enumerate(population.drawn[key]):
        fixture = fixtures[place]
        content = number("fixture", key, msgspec.json.encode(fixture, order="sorted"))
        twins[content] = twins.get(content, 0) + 1
        bits = number(content, twins[content])
        draw = rng(bits)
        story = begin(population, kind, draw, ordinal)
        story.bits = bits
        story.traits["fixture"] = place
        story.traits["given"] = fixture.values
        population.fixed[(key, place)] = story
        _formed(story, ordinal - len(population.drawn[key]) + 2)
        _said(population, kind, story, fixture)
        title, amount, links = story.title, story.amount, dict(story.links)
        grow(population, kind, story, draw, taken)
        story.title, story.amount = title or story.title, amount or story.amount
        story.links.update(links)
        story.subject = population.persons.get((key, place)) or story.subject
        told = roles_of(population, kind, fixture)
        story.author, story.owner = told.get("author", story.author), told.get("owner", story.owner)
        _timed(population.clock, kind, story, fixture)
        stories.append(story)
    return ordered(population, kind, stories, _named)


def _formed(story: Story, step: int) -> None:
    """What a kind of record needs to know of itself before anything else."""
    if story.family == "sprint":
        story.traits["step"] = step
    elif story.family == "file" and FOLDER in story.traits["given"].values():
        story.traits.update(is_folder=True, mime=FOLDER)


def _kept_anyway(population: Ground, kind: Kind) -> list[Story]:
    """What a product keeps whoever uses it: the inbox of a list of tasks."""
    entity = kind.entity
    flag = next((field.pointer for field in entity.fields if "inbox" in split(field.pointer)), "")
    given = population.toolset.fixtures[entity.key]
    if kind.family.name != "project" or not flag or any(fixture.values.get(flag) for fixture in given):
        return []
    draw = rng("inbox", population.bits)
    story = begin(population, kind, draw, len(given))
    story.title, story.kind, story.topic, story.state = "Inbox", "own", None, "open"
    story.traits["inbox"] = True
    grow(population, kind, story, draw, set())
    return [story]


def _said(population: Ground, kind: Kind, story: Story, fixture: Fixture) -> None:
    """What the record says of its matter: its name, how it stands, what it costs, what it belongs to."""
    entity = kind.entity
    title = fixture.values.get(entity.label_pointer)
    if title not in (None, ""):
        story.title, story.topic = str(title), None
        story.kind = "code" if kind.code else "any"
    story.state = _state(kind, fixture) or story.state
    amounts = (field.pointer for field in entity.fields if field.facet in ("amount_minor", "amount"))
    money = [value for at in amounts if isinstance(value := fixture.values.get(at), (int, float))]
    if money:
        story.amount = int(money[0])
    refers = {field.pointer: field.refers for field in entity.fields}
    for pointer, place in fixture.links.items():
        target = population.fixed.get((refers[pointer], place))
        if target is not None and refers[pointer] in kind.links:
            story.links[refers[pointer]] = target


def _state(kind: Kind, fixture: Fixture) -> State | None:
    rules = rules_of(kind.entity)
    stands: State | None = None
    for pointer, sort in rules.flags:
        if fixture.values.get(pointer) is True:
            return "done" if sort == "done" else "gone"
        if fixture.values.get(pointer) is False:
            stands = "open"
    for pointer, _ in rules.statuses:
        value = fixture.values.get(pointer)
        if value is not None:
            sort = sort_of(value)
            return (
                "done"
                if sort == "done"
                else "gone"
                if sort == "gone"
                else "active"
                if sort == "active"
                else "open"
            )
    return stands


def _named(population: Ground, kind: Kind, story: Story) -> None:
    """Ids as the record gives them, or in the product's style."""
    name_story(population, kind, story)
    given = story.traits.get("given", {})
    own = given.get(kind.entity.id_pointer)
    if own is not None:
        story.id = str(own)
    count = given.get("/number", own)
    digits = str(count).rpartition("-")[2] if count is not None else ""
    if digits.isdigit():
        story.number = int(digits)
    if given.get("/key"):
        story.key = str(given["/key"])
    if given.get("/id") is not None and kind.entity.id_pointer != "/id":
        story.traits["own"] = given["/id"]


# ---------------------------------------------------------------- time


def seconds_of(clock: Clock, value: Json) -> int | None:
    """A moment as a record writes it: ISO text, or seconds or milliseconds since 1970."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value // 1000 if value > 10**11 else value
    return clock.parse(value)


_DONE = frozenset(
    "spent paid bought sold sent joined hired born founded visited played watched read seen".split()
)


def _done_then(words: tuple[str, ...]) -> str:
    """The moment at which something was done to the record, and so the moment it is of: spent on, joined at."""
    return "created" if len(words) > 1 and words[-1] in ("on", "at", "date") and words[-2] in _DONE else ""


def _moments(clock: Clock, kind: Kind, fixture: Fixture) -> dict[str, int]:
    """What a record says of when: 0 where it says that there is no such moment."""
    found: dict[str, int] = {}
    for field in kind.entity.fields:
        if field.facet not in _TIMES or field.pointer not in fixture.values or field.refers:
            continue
        words = set(split(field.pointer))
        name = next((name for name, known in _MOMENTS.items() if words & known), "")
        name = name or _done_then(split(field.pointer))
        at = seconds_of(clock, fixture.values[field.pointer])
        if name and (at is not None or name not in found):
            found[name] = at or 0
    return found


def _timed(clock: Clock, kind: Kind, story: Story, fixture: Fixture) -> None:
    """The record's own moments; those it does not give keep their distance, and nothing ends before it begins."""
    given = _moments(clock, kind, fixture)
    if not given:
        return
    latest = clock.now - 60
    known = [at for name, at in given.items() if at and name != "due"]
    created = given.get("created") or min([story.created, *(at - 3 * DAY for at in known)])
    moved = created - story.created
    story.created = created
    for name in ("updated", "due", "start", "end", "finished"):
        old = getattr(story, name)
        if name in given:
            setattr(story, name, given[name])
        elif name == "end" and given.get("start"):
            story.end = given["start"] + max(1800, old - story.created)
        elif old and name in ("updated", "finished"):
            setattr(story, name, max(created, min(old + moved, latest)))
        elif old and "created" in given:
            setattr(story, name, old + moved)
    if story.state in ("done", "gone") and "updated" not in given:
        story.updated = max(story.updated, story.finished)


def _is_over(fixture: Fixture) -> bool:
    """Whether a record's own state says that what it tells of has taken place."""
    return any(
        split(pointer)[-1:] == (word,)
        and str(value).lower() in data.read("catalog/lexicon/happenings.yaml")["over"]
        for pointer, value in fixture.values.items()
        for word in ("status", "state")
    )


def _done(clock: Clock, kind: Kind, fixture: Fixture) -> list[int]:
    """The moments that fields are named after: of a loan that it was borrowed, of a batch that it was brewed."""
    found = []
    for field in kind.entity.fields:
        words = split(field.pointer.rpartition("/")[2])
        if (
            field.facet in ("date", "date_time")
            and words
            and words[0].endswith("ed")
            and "until" not in words
        ):
            at = seconds_of(clock, fixture.values.get(field.pointer))
            found += [at] if at else []
    return found


_LASTING = frozenset("birth birthday born dob expiry expires expiration until valid warranty founded".split())


def _of_any(clock: Clock, toolset: Toolset, kinds: Mapping[str, Kind], chosen: Drawn) -> list[int]:
    """The days that records name, whatever for, where nothing tells which of them are past: a pickup, an arrival."""
    found = []
    for key, places in chosen.items():
        for field in kinds[key].entity.fields:
            words = set(split(field.pointer.rpartition("/")[2]))
            if field.facet not in ("date", "date_time") or words & _LASTING:
                continue
            for place in places:
                at = seconds_of(clock, toolset.fixtures[key][place].values.get(field.pointer))
                found += [at] if at else []
    return found


def moment(toolset: Toolset, kinds: Mapping[str, Kind], chosen: Drawn, made: Scene) -> str:
    """The scene's moment, so many weeks earlier or later that it is when the records are current.

    That is within three weeks after the last thing they tell of as having happened, and before what is planned after
    it where anything is; where they tell only of what is planned or due, two fifths of that are over. The day that an
    overlay says holds over all of it.
    """
    clock = Clock(made.now, made.time_zone)
    if said := next((str(entity.today) for entity in toolset.entities if entity.today), ""):
        return _on(date.fromisoformat(said), clock, made)
    past: list[int] = []
    planned: list[int] = []
    for key, places in chosen.items():
        for place in places:
            for name, at in _moments(clock, kinds[key], toolset.fixtures[key][place]).items():
                if at:
                    over = name in ("created", "updated", "finished") or _is_over(
                        toolset.fixtures[key][place]
                    )
                    (past if over else planned).append(at)
            past += _done(clock, kinds[key], toolset.fixtures[key][place])
    if not past and not planned:
        planned = _of_any(clock, toolset, kinds, chosen)
    if not past and not planned:
        return made.now
    aim = max(past) if past else sorted(planned)[len(planned) * 2 // 5]
    weeks = -(-(aim - clock.now) // (7 * DAY))
    if not any(at > aim for at in planned):
        weeks += number("moment", made.now) % 3
    return _on(clock.today + timedelta(weeks=weeks), clock, made)


def _on(day: date, clock: Clock, made: Scene) -> str:
    """The scene's time of day on another day."""
    local = datetime.fromisoformat(made.now)
    return datetime(day.year, day.month, day.day, local.hour, local.minute, tzinfo=clock.tz).isoformat()
