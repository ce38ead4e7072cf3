"""When things happened: creation, replies, meetings, due dates and endings in an order that can be."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.catalog import data
from callsmith.seeds import Rng
from callsmith.world.stories.clock import DAY, Clock
from callsmith.world.stories.lives import live
from callsmith.world.stories.machine_runs import come_out
from callsmith.world.stories.nouns import by_name, is_technical
from callsmith.world.stories.story import Ground, Story

_OLD = ("calendar", "project", "repo", "company", "member", "label", "folder", "meeting_type", "product", "price",
        "customer", "section", "group", "template", "board", "contact", "phone_line", "hours", "patron",
        "staff", "crew", "license")  # fmt: skip
_FEW = 4  # records of other kinds that one is made of; of more, most are only mentioned somewhere within it
_OFTEN = ("snapshot", "release", "object", "branch", "run", "log")  # made anew all the time
_HOURS = (8, 8, 9, 9, 9, 10, 10, 11, 11, 12, 13, 13, 14, 14, 15, 15, 16, 17)
_DUE = ("task", "issue", "subtask", "invoice", "file", "draft", "dispute", "line")


def settle_times(population: Ground, story: Story, draw: Rng) -> None:
    """Gives a story its moments; what it links to has them already."""
    _settle(population, story, draw)
    if not come_out(population, story):
        live(population.clock, story)


def _settle(population: Ground, story: Story, draw: Rng) -> None:
    clock = population.clock
    if story.family in ("event", "slot"):
        _meeting(population, story, draw)
        return
    if story.family == "sprint":
        _sprint(clock, story)
        return
    _created(clock, story, draw)
    _dated(clock, story, draw)
    if story.state in ("done", "gone"):
        story.finished = min(clock.now - 30, max(story.created + 600, story.updated))
        story.updated = story.finished


def working(clock: Clock, seconds: int, draw: Rng) -> int:
    """The moment moved into the hours and days people work."""
    local = clock.local(seconds)
    days = (local.date() - clock.today).days
    late = local.hour > 18
    moved = days + late
    if clock.weekday(moved) > 4:
        moved += 7 - clock.weekday(moved)
    if moved == days and local.hour >= 7:
        return seconds
    return clock.at(moved, draw.choice((8, 8, 9, 9, 10)), draw.randrange(60)) + draw.randrange(60)


def _standing(story: Story) -> bool:
    """Whether a thing is one of those that machines keep for years, on which others are built: a network, a volume."""
    toolset, toolkit = story.population.toolset, story.entity.partition(".")[0]
    last = story.entity.rpartition("_")[2].rpartition(".")[2]
    if last in data.read("catalog/lexicon/happenings.yaml")["ran"]:
        return False
    known = story.family == "unknown" or bool(by_name().get(story.family, {}).get("technical"))
    return known and story.family not in _OFTEN and is_technical(toolset, toolkit)


def _before(story: Story) -> Sequence[Story]:
    """What was there before a thing: all that it points to; of what machines keep, only that in which it lies.

    What lasts is not younger than what happens in it, and what points to many kinds of record is made of few of them.
    """
    holder = [target for target in story.links.values() if target is story.container]
    if _standing(story):
        return holder
    near = [
        target for kind, target in story.links.items() if kind in story.population.kinds[story.entity].links
    ]
    if story.family in _OLD:
        return holder + [target for target in near if target.family in _OLD]
    if len(near) <= _FEW:
        return holder + near
    return holder + [t for t in near if story.container is None or t.container is story.container]


def _created(clock: Clock, story: Story, draw: Rng) -> None:
    now = clock.now
    reach = 420 if _standing(story) else 110
    age = 60 + draw.random() * 700 if story.family in _OLD else draw.random() ** 1.8 * reach
    day = -int(age)
    if clock.weekday(day) > 4 and draw.random() < 0.9:
        day -= 2
    created = clock.at(day, draw.choice(_HOURS), draw.randrange(60)) + draw.randrange(60)
    held = max((target.created for target in _before(story)), default=0)
    turn = story.traits.get("turn")
    if turn is not None:
        thread = next(target for target in story.links.values() if target.family in ("thread", "dialog"))
        last = thread.traits.get("last", 0)
        step = draw.randrange(900, 22 * 3600) if thread.family == "thread" else draw.randrange(60, 9000)
        created = working(clock, last + step, draw) if last else thread.created
        created = min(created, max(last + 61, now - draw.randrange(120, 1500)))
        thread.traits["last"] = thread.updated = created
    elif created > now - 300:
        created = working(clock, now - draw.randrange(1200, 6 * 3600), draw)
        created = created if created < now - 300 else now - draw.randrange(400, 3 * 3600)
    if turn is None and created <= held:
        created = working(clock, held + draw.randrange(1800, 4 * DAY), draw)
        if created > now - 120:
            created = held + max(1, (now - 90 - held) // 2)
    story.created = min(created, now - 61)
    later = story.created + int(draw.random() ** 2 * 12 * DAY)
    later = working(clock, later, draw) if later > story.created else later
    if later > now - 60:
        later = working(clock, story.created + int(draw.random() * (now - 60 - story.created)), draw)
        later = later if story.created <= later <= now - 60 else story.created
    if story.family in ("contact", "member"):
        later = max(later, working(clock, now - draw.randrange(1, 12) * DAY, draw))
    story.updated = min(later, now - 60)


def _dated(clock: Clock, story: Story, draw: Rng) -> None:
    story.start, story.end = story.created, story.created + 30 * DAY
    if story.family == "subscription":
        passed = (clock.now - story.created) // (30 * DAY)
        story.start, story.end = story.created + passed * 30 * DAY, story.created + (passed + 1) * 30 * DAY
    if story.family not in _DUE or story.family in ("task", "issue", "subtask") and draw.random() < 0.3:
        return
    days = (clock.local(story.created).date() - clock.today).days + draw.choice((3, 5, 7, 10, 14, 21, 30))
    if story.state in ("open", "active") and days < -5:
        days = draw.choice((-4, -2, -1, 0, 1, 2, 3, 5, 8, 13))
    if clock.weekday(days) > 4:
        days += 2
    story.due = max(clock.at(days, draw.choice((10, 12, 15, 17, 18))), story.created + 3600)


def _sprint(clock: Clock, story: Story) -> None:
    """Sprints follow one another by fortnights; one is running."""
    monday = -clock.weekday(0) + 14 * story.traits["step"]
    story.start, story.end = clock.at(monday, 9), clock.at(monday + 11, 17)
    story.created = min(story.start - 3 * DAY, clock.now - 5 * DAY)
    story.updated = max(story.created, min(story.start, clock.now - 3600))
    if story.state == "done":
        story.finished = story.updated = story.end


def _meeting(population: Ground, story: Story, draw: Rng) -> None:
    clock = population.clock
    busy = population.busy.setdefault(story.entity, set())
    minutes = story.traits.get("minutes") or draw.choice((15, 30, 30, 30, 45, 60, 60, 60, 90, 120))
    low, high = (0, 14) if story.traits.get("free") else (-40, 32)
    start = clock.now
    for _ in range(12):
        day = int(draw.triangular(low, high, 2))
        if clock.weekday(day) > 4 and (story.kind != "own" or draw.random() < 0.7):
            day += 2
        start = clock.at(day, draw.choice(_HOURS[2:]), draw.choice((0, 0, 0, 30)))
        if start not in busy and not (story.traits.get("free") and start <= clock.now):
            break
    busy.update(range(start, start + minutes * 60, 1800))
    story.start, story.end = start, start + minutes * 60
    made = working(clock, start - draw.choice((1, 2, 3, 5, 7, 9, 14, 20)) * DAY - draw.randrange(9000), draw)
    story.created = min(made, start - 1800, clock.now - draw.randrange(600, 3 * DAY))
    story.updated = max(story.created, min(clock.now - 60, story.created + int(draw.random() ** 2 * 3 * DAY)))
    if story.state == "gone":
        story.finished = story.updated = min(clock.now - 30, story.updated + 600)
