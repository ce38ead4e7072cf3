"""Making the stories of one entity: how many there are, whom and what they are about, when, and how they ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from callsmith.records import Person, Topic
from callsmith.seeds import Rng, number
from callsmith.world.inferred.clock import DAY
from callsmith.world.inferred.identity import name_story
from callsmith.world.inferred.relations import Kind
from callsmith.world.inferred.story import State, Story
from callsmith.world.inferred.telling import title_for

if TYPE_CHECKING:
    from callsmith.world.inferred.overlay import Overlay
    from callsmith.world.inferred.population import Population

FOLDER = "application/vnd.google-apps.folder"
_MONEY = ("payment", "invoice", "refund", "subscription", "price")
_HELD = {"comment": 1.3, "attachment": 0.4, "permission": 1.2, "invitee": 1.0, "subtask": 0.5}
_PRICES = (450, 900, 1200, 1900, 2400, 2900, 3900, 4500, 4900, 5900, 6490, 7900, 8900, 9900, 12000, 14900,
           18500, 24000, 32000, 48000, 65000, 92000, 120000, 184000)  # fmt: skip


def make_stories(population: Population, kind: Kind, draw: Rng) -> list[Story]:
    """The stories of one entity, oldest first, with ids, titles and links settled."""
    stories = [_begin(population, kind, draw, place) for place in range(_count(population, kind, draw))]
    taken: set[str] = set()
    if kind.family.name == "file" and _keeps_folders(population, kind):
        for story in stories[: len(stories) // 6]:
            story.traits.update(is_folder=True, mime=FOLDER)
            story.kind = "own" if draw.random() < 0.7 else story.kind
    for story in stories:
        _link(population, kind, story, draw)
        _people(population, kind, story, draw)
        _inherit(story)
        _times(population, story, draw)
        if not story.title:
            story.title = title_for(story, draw, taken)
    stories.sort(key=lambda story: story.created)
    for place, story in enumerate(stories):
        story.ordinal = place
        name_story(population, kind, story)
        for target in story.links.values():
            target.children.setdefault(kind.entity.key, []).append(story)
    return stories


def _keeps_folders(population: Population, kind: Kind) -> bool:
    """Whether folders are files of a kind of their own, as the media types of the schema say."""
    families = (other.family.name for other in population.kinds.values()
                if other.entity.toolkit == kind.entity.toolkit)  # fmt: skip
    return "folder" not in families and "folder" in str(kind.entity.schema)


def _count(population: Population, kind: Kind, draw: Rng) -> int:
    family = kind.family
    if family.name == "member":
        return 1 + sum(person.relation == "colleague" for person in population.scene.people)
    if family.name == "contact":
        return len(population.scene.people)
    if family.name in _HELD:
        for target in kind.links:
            held = len(population.stories(target))
            return max(4, min(110, int(held * _HELD[family.name])))
    return max(1, round(family.count * draw.uniform(0.85, 1.15)))


def _begin(population: Population, kind: Kind, draw: Rng, place: int) -> Story:
    user = population.scene.user
    topics = population.scene.topics
    topic: Topic | None = topics[min(int(draw.random() ** 1.6 * len(topics)), len(topics) - 1)]
    flavour = topic.kind if topic else "any"
    if kind.code:
        flavour = "code"
    elif kind.family.name in ("mail", "thread", "chat") and draw.random() < 0.08:
        topic, flavour = None, "friend"
    elif kind.family.name in ("event", "task", "calendar", "section", "label", "folder", "group", "project"):
        share = {"event": 0.16, "task": 0.14, "project": 0.55, "folder": 0.7, "group": 0.6}
        if draw.random() < share.get(kind.family.name, 1.0):
            topic, flavour = None, "own"
    if kind.code and kind.family.name == "label":
        topic, flavour = None, "code"
    state: State = "open"
    mark = draw.random()
    if mark < kind.family.done:
        state = "done"
    elif mark < kind.family.done + kind.family.gone:
        state = "gone"
    elif mark > 0.75:
        state = "active"
    return Story(
        population=population,
        entity=kind.entity.key,
        family=kind.family.name,
        bits=number(population.bits, kind.entity.key, place),
        ordinal=place,
        author=user,
        owner=user,
        topic=topic,
        kind=flavour,
        state=state,
        amount=draw.choice(_PRICES),
        quantity=draw.choice((1, 1, 1, 2, 3, 5)),
    )


def _link(population: Population, kind: Kind, story: Story, draw: Rng) -> None:
    for target in kind.links:
        if target in story.links:
            continue
        options = population.stories(target)
        if not options:
            continue
        chosen = _choose(population, kind, story, options, draw)
        story.links[target] = chosen
        for above, held in chosen.links.items():
            story.links.setdefault(above, held)
    if kind.entity.parent in story.links:
        story.container = story.links[kind.entity.parent]


def _choose(population: Population, kind: Kind, story: Story, options: list[Story], draw: Rng) -> Story:
    first = options[0]
    if first.family == "calendar":
        return first if draw.random() < 0.75 else draw.choice(options)
    if story.family in ("payment", "invoice", "refund") and first.family in ("payment", "invoice", "subscription"):
        if len(options) > story.ordinal and story.family == first.family:
            return options[story.ordinal]
        paid = [option for option in options if option.state == "done" or option.family == "subscription"]
        return draw.choice(paid or options)
    if first.family in ("thread", "label", "section", "group"):
        return options[min(int(draw.random() ** 1.3 * len(options)), len(options) - 1)]
    if story.family == "price" and story.ordinal < len(options):
        return options[story.ordinal]
    if story.family in ("thread",) and story.ordinal < len(options):
        return options[story.ordinal]
    return draw.choice(options)


def _people(population: Population, kind: Kind, story: Story, draw: Rng) -> None:
    scene = population.scene
    family = kind.family.name
    colleagues = [person for person in scene.people if person.relation == "colleague"]
    if family == "member":
        story.subject = [scene.user, *colleagues][story.ordinal]
    elif family == "contact":
        story.subject = scene.people[story.ordinal]
    elif family == "customer":
        clients = [person for person in scene.people if person.relation == "client"]
        story.subject = (*clients, *population.strangers())[story.ordinal]
    elif family == "invitee":
        outside = [person for person in scene.people if person.relation != "colleague"]
        story.subject = draw.choice((*outside, *population.strangers()[:20]))
    wanted = {"friend": "friend", "deal": "client", "supplier": "supplier"}.get(story.kind)
    near = [person for person in scene.people if person.relation == wanted] if wanted else colleagues
    everyone = [person for person in scene.people if person.relation != "friend"]
    pool = near if draw.random() < 0.8 else everyone
    if family in ("mail", "thread", "chat"):
        _correspond(story, pool, draw, scene.user)
    elif family == "draft":
        story.others = tuple(draw.sample(pool, 1))
    else:
        story.author = scene.user if draw.random() < 0.4 else draw.choice(colleagues)
        story.owner = scene.user if draw.random() < 0.35 else draw.choice(colleagues)
        if family == "event":
            story.author = scene.user if draw.random() < 0.6 else draw.choice(colleagues)
            size = 0 if story.kind == "own" and draw.random() < 0.6 else draw.choice((1, 1, 2, 2, 3, 4))
            guests = [person for person in dict.fromkeys((*near, *colleagues)) if person != story.author]
            story.others = tuple(draw.sample(guests, min(size, len(guests))))
        elif draw.random() < 0.4:
            rest = [person for person in colleagues if person != story.author]
            story.others = tuple(draw.sample(rest, min(draw.choice((1, 1, 2)), len(rest))))
    for target in story.links.values():
        if target.family == "customer" and target.subject is not None:
            story.subject = target.subject


def _correspond(story: Story, pool: list[Person], draw: Rng, user: Person) -> None:
    partner = draw.choice(pool)
    further = [person for person in pool if person != partner]
    copied = tuple(draw.sample(further, 1)) if further and draw.random() < 0.25 else ()
    if draw.random() < 0.68:
        story.author, story.others = partner, (user, *copied)
    else:
        story.author, story.others = user, (partner, *copied)


def _inherit(story: Story) -> None:
    """A reply belongs to its thread, a comment to its task, a refund to its payment: matter and people follow."""
    for target in story.links.values():
        if target.family in ("thread",) and story.family == "mail":
            _reply_in(target, story)
            return
        if story.family in _MONEY and target.family in _MONEY:
            story.amount, story.title, story.quantity = target.amount, target.title, target.quantity
            story.subject = target.subject or story.subject
            if target.family in ("payment", "invoice") and story.family != "refund":
                story.state = target.state
            return
        if story.family in _HELD and target.family not in ("member", "contact", "project", "repo"):
            story.topic, story.kind = target.topic, target.kind
            return


def _reply_in(thread: Story, story: Story) -> None:
    earlier = thread.traits.setdefault("turns", 0)
    thread.traits["turns"] = earlier + 1
    story.topic, story.kind, story.title = thread.topic, thread.kind, thread.title
    people = (thread.author, *thread.others)
    story.author, story.others = thread.author, thread.others
    if earlier:
        story.title = f"Re: {thread.title}"
        if earlier % 2:
            story.author = thread.others[0]
            story.others = tuple(person for person in people if person != story.author)
    story.traits["turn"] = earlier


def _times(population: Population, story: Story, draw: Rng) -> None:
    clock = population.clock
    now = clock.now
    held = max((target.created for target in story.links.values()), default=0)
    age = draw.random() ** 1.8 * 110
    if story.family in ("calendar", "project", "repo", "company", "member", "label", "folder", "meeting_type",
                        "product", "price", "customer", "section", "group", "template"):  # fmt: skip
        age = 60 + draw.random() * 700
    day = -int(age)
    if clock.weekday(day) > 4 and draw.random() < 0.8:
        day -= 2
    story.created = clock.at(day, draw.choice((8, 8, 9, 9, 10, 11, 12, 13, 14, 15, 16, 17)), draw.randrange(60))
    story.created += draw.randrange(60)
    if story.created <= held:
        story.created = held + draw.randrange(900, 4 * DAY)
    turn = story.traits.get("turn")
    if turn is not None:
        thread = next(target for target in story.links.values() if target.family == "thread")
        last = thread.traits.get("last", 0)
        story.created = last + draw.randrange(1200, 26 * 3600) if last else thread.created
        thread.traits["last"] = thread.updated = min(story.created, now - 90)
    if story.created > now - 120:
        story.created = max(held + 60, now - draw.randrange(600, 20 * 3600))
        story.created = min(story.created, now - 90)
    story.updated = min(now - 60, story.created + int(draw.random() ** 2 * 12 * DAY))
    if story.family == "event":
        _meeting_times(population, story, draw)
    else:
        story.start = story.created
        due = story.created // DAY * DAY + draw.choice((3, 5, 7, 10, 14, 21, 30)) * DAY
        if story.state in ("open", "active") and due < now - 6 * DAY:
            due = now + draw.choice((-2, -1, 0, 1, 2, 3, 5, 8, 13)) * DAY
        if story.family in ("task", "issue", "subtask") and draw.random() < 0.3:
            due = 0
        story.due = due
        story.end = story.start + 30 * DAY
    if story.state in ("done", "gone"):
        story.finished = max(story.created + 600, story.updated)
        story.updated = story.finished = min(story.finished, now - 30)


def _meeting_times(population: Population, story: Story, draw: Rng) -> None:
    clock = population.clock
    busy = population.busy.setdefault(story.entity, set())
    for _ in range(8):
        day = int(draw.triangular(-40, 32, 2))
        if clock.weekday(day) > 4 and (story.kind != "own" or draw.random() < 0.6):
            day += 2
        hour = draw.choice((8, 9, 9, 10, 10, 11, 11, 13, 14, 14, 15, 15, 16, 17))
        start = clock.at(day, hour, draw.choice((0, 0, 0, 30)))
        if start not in busy:
            break
    minutes = draw.choice((15, 30, 30, 30, 45, 60, 60, 60, 90, 120))
    busy.update(range(start, start + minutes * 60, 1800))
    story.start, story.end = start, start + minutes * 60
    story.created = min(clock.now - 300, start - draw.choice((1, 2, 3, 5, 7, 9, 14, 20)) * DAY + draw.randrange(-9000, 9000))
    story.updated = min(clock.now - 60, story.created + int(draw.random() ** 2 * 3 * DAY))


def applied_links(story: Story, overlay: Overlay, kind: Kind) -> None:
    """Gives a record made by a call the links it cannot be without: a new mail its own thread, a thing its place."""
    parent = kind.entity.parent
    if parent and parent not in story.links:
        entries = overlay.entries(parent)
        if entries and entries[0].story is not None:
            story.links[parent] = entries[0].story
