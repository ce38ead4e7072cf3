"""Making the stories of one entity: how many there are, whom and what they are about, and how they ended."""

from __future__ import annotations

from collections.abc import Callable

from callsmith.catalog import data
from callsmith.catalog.machines import of_teams
from callsmith.records import Person, Topic
from callsmith.schema import leaves, settle
from callsmith.seeds import Rng, number
from callsmith.world.fields.amounts import meeting_minutes
from callsmith.world.fields.identity import as_patterned, leaf_at, name_story, system_titles
from callsmith.world.fields.texts import mime
from callsmith.world.scene import trade_of
from callsmith.world.stories.families import PEOPLE, matterless
from callsmith.world.stories.likeness import shown_names
from callsmith.world.stories.linking import MONEY, link, looked_back_on
from callsmith.world.stories.lives import stand
from callsmith.world.stories.paged import most_shown
from callsmith.world.stories.relations import Kind
from callsmith.world.stories.remarks import lines_for, said
from callsmith.world.stories.story import Ground, State, Story
from callsmith.world.stories.telling import body_of, price_of, title_for
from callsmith.world.stories.timing import settle_times
from callsmith.world.stories.whom import told_by_link

FOLDER = "application/vnd.google-apps.folder"
_HELD = {
    "revision": 1.2,
    "comment": 1.3,
    "worklog": 0.9,
    "attachment": 0.4,
    "permission": 1.7,
    "invitee": 1.05,
    "subtask": 0.5,
}
_FOLLOWING = (
    "project",
    "board",
    "repo",
    "section",
    "issue",
    "document",
)  # changed when something in them is new
_SPOKEN = ("comment", "chat", "worklog")  # named by what they say
_OWN_SHARE = {"event": 0.16, "task": 0.14, "project": 0.55, "folder": 0.7, "group": 0.6}


def make_stories(population: Ground, kind: Kind, draw: Rng) -> list[Story]:
    """The stories of one entity, oldest first, with ids, titles and links settled."""
    stories = [begin(population, kind, draw, place) for place in range(_counted(population, kind, draw))]
    _given_forms(population, kind, stories, draw)
    taken: set[str] = {story.title.lower() for story in stories}
    for story in stories:
        grow(population, kind, story, draw, taken)
    return ordered(population, kind, stories, name_story)


def grow(population: Ground, kind: Kind, story: Story, draw: Rng, taken: set[str]) -> None:
    """Settles what a story belongs to, whom it is about, when it happened and what it is called."""
    link(population, kind, story, draw)
    _people(population, kind, story, draw)
    _inherit(story, draw)
    settle_times(population, story, draw)
    if story.family in _SPOKEN:
        story.title = body_of(story) or _remarked(population, kind, story)
    elif story.family == "membership" and story.subject is not None:
        story.title, story.traits["owns"] = story.subject.name, not story.ordinal
    elif kind.of in story.links:
        told = story.links[kind.of]
        story.title, story.topic, story.kind = told.title, told.topic, told.kind
    elif not story.title:
        story.title = title_for(story, draw, taken)


def _remarked(population: Ground, kind: Kind, story: Story) -> str:
    """What people write beneath anything, where no matter of an office tells."""
    name = kind.entity.label_pointer.rpartition("/")[2]
    lines = lines_for(population.toolset, kind.entity, story.family, name)
    return said(lines[story.bits % len(lines)], population.scene.user.given) if lines else ""


def ordered(
    population: Ground, kind: Kind, stories: list[Story], name: Callable[[Ground, Kind, Story], None]
) -> list[Story]:
    """The stories oldest first, named, and known to what they belong to."""
    if kind.family.name not in ("calendar", "transition", "section", "company", "sprint", "label"):
        stories.sort(key=lambda story: story.created)
    named = kind.entity.label_pointer != kind.entity.id_pointer and kind.family.name not in PEOPLE
    schema = settle(leaf_at(kind.entity.schema, kind.entity.label_pointer)) if named else {}
    for place, story in enumerate(stories):
        story.ordinal = place
        if story.title and schema.get("pattern"):
            story.title = as_patterned(story, schema)
        name(population, kind, story)
        for target in story.links.values():
            target.children.setdefault(kind.entity.key, []).append(story)
            if target.family in _FOLLOWING:
                target.updated = max(target.updated, story.created)
    return stories


def _given_forms(population: Ground, kind: Kind, stories: list[Story], draw: Rng) -> None:
    """Titles and kinds that do not come from topics: folders, the user's own calendar, a workflow's steps."""
    scene, family = population.scene, kind.family.name
    if family == "file" and _keeps_folders(population, kind):
        for story in stories[: len(stories) // 6]:
            story.traits.update(is_folder=True, mime=FOLDER)
            story.kind = "own" if draw.random() < 0.7 or not story.topic else story.kind
    elif family == "calendar" and stories:
        stories[0].title, stories[0].kind = scene.user.name, "mine"
    elif family == "company" and stories:
        stories[0].title = scene.company
    elif family == "phone_line":
        for story in stories:
            story.title = scene.company
    elif family == "transition":
        for story, name in zip(stories, _options(kind), strict=False):
            story.title = name
    elif family == "label":
        names = system_titles(leaf_at(kind.entity.schema, kind.entity.id_pointer))
        for story, name in zip(stories, names, strict=False):
            story.title = story.traits["system"] = name
    elif family == "hours":
        named = [one for text in shown_names(population.toolset, kind.entity) for one in of_teams(text)]
        for story in stories:
            story.title = named[story.ordinal % len(named)] if named else "Working hours"
    elif family == "project" and stories and "inbox" in str(kind.entity.schema):
        stories[0].title, stories[0].kind, stories[0].topic = "Inbox", "own", None
        stories[0].traits["inbox"] = True
    elif family == "sprint":
        first = draw.randrange(9, 40)
        for place, story in enumerate(stories):
            step = place - (len(stories) - 2)
            story.traits["step"] = step
            story.title = f"Sprint {first + place}"
            story.state = "done" if step < 0 else "active" if step == 0 else "open"


def _options(kind: Kind) -> list[str]:
    for pointer, schema, _ in leaves(kind.entity.schema):
        if schema.get("enum") and pointer.count("/") == 1 and pointer in ("/name", kind.entity.label_pointer):
            return [str(option) for option in schema["enum"]]
    return ["To Do", "In Progress", "In Review", "Done"]


def _keeps_folders(population: Ground, kind: Kind) -> bool:
    """Whether folders are files of a kind of their own, as the media types of the schema say."""
    families = (other.family.name for other in population.kinds.values()
                if other.entity.toolkit == kind.entity.toolkit)  # fmt: skip
    return "folder" not in families and "folder" in str(kind.entity.schema)


def _counted(population: Ground, kind: Kind, draw: Rng) -> int:
    """How many there are: of what is shown a long page at a time no more than a page holds well."""
    count, most = _count(population, kind, draw), most_shown(population.toolset, kind.entity)
    return min(count, most + draw.randrange(4)) if most else count


def _count(population: Ground, kind: Kind, draw: Rng) -> int:
    family = kind.family
    if kind.sole:
        return len(population.stories(kind.entity.parent))
    if kind.of:
        return looked_back_on(population.stories(kind.of))
    if family.name in ("member", "membership", "hours"):
        return 1 + sum(person.relation == "colleague" for person in population.scene.people)
    if family.name == "contact":
        everybody = len(population.scene.people)  # of whom some are left to be entered, where contacts are
        return everybody if kind.entity.label_pointer.count("/*/") == 0 else everybody * 3 // 4
    if not kind.shown:
        return 0
    if kind.tenant:
        return 1
    if family.name == "transition":
        return len(_options(kind))
    if family.name == "label":
        names = system_titles(leaf_at(kind.entity.schema, kind.entity.id_pointer))
        return len(names) + draw.randrange(8, 12)
    if family.name in _HELD:
        for target in kind.links:
            held = len(population.stories(target))
            return max(4, min(130, int(held * _HELD[family.name])))
    if family.name == "product":
        return max(2, min(family.count, len(trade_of(population.scene)["products"])))
    if kind.entity.names:
        return max(1, min(family.count, len(kind.entity.names) * 3 // 4))  # some are left for new records
    if family.count < 4:
        return family.count
    return max(1, round(family.count * draw.uniform(0.85, 1.15)))


def begin(population: Ground, kind: Kind, draw: Rng, place: int) -> Story:
    """A story with its matter and state."""
    user, topics, family = population.scene.user, population.scene.topics, kind.family.name
    topic: Topic | None = topics[min(int(draw.random() ** 1.6 * len(topics)), len(topics) - 1)]
    flavour = topic.kind if topic else "any"
    if kind.code:
        topic, flavour = None, "code"
    elif matterless(kind.entity, family):
        topic, flavour = None, "any"
    elif family in ("mail", "thread") and draw.random() < 0.08:
        topic, flavour = None, "friend"
    elif family in ("event", "task", "calendar", "section", "label", "folder", "group", "project", "template",
                    "coupon", "hours", "board", "sprint", "meeting_type", "repo"):  # fmt: skip
        private = family != "task" or _has_inbox(population, kind)
        if draw.random() < _OWN_SHARE.get(family, 1.0) and private:
            topic, flavour = None, "own"
    state: State = "open"
    mark = draw.random()
    if mark < kind.family.done:
        state = "done"
    elif mark < kind.family.done + kind.family.gone:
        state = "gone"
    elif mark > 0.75:
        state = "active"
    story = Story(
        population=population,
        entity=kind.entity.key,
        family=family,
        bits=number(population.bits, kind.entity.key, place),
        ordinal=place,
        author=user,
        owner=user,
        topic=topic,
        kind=flavour,
        state=state,
        quantity=draw.choice((1, 1, 1, 2, 3, 5)) if family == "line" else 1,
        traits={"free": True} if family == "slot" and "avail" in kind.entity.key else {},
    )
    stand(kind, story)
    return story


def _has_inbox(population: Ground, kind: Kind) -> bool:
    return any(
        other.family.name == "project" and "inbox" in str(other.entity.schema)
        for other in population.kinds.values()
        if other.entity.toolkit == kind.entity.toolkit
    )


def _people(population: Ground, kind: Kind, story: Story, draw: Rng) -> None:
    scene, family = population.scene, kind.family.name
    colleagues = population.cast["colleague"]
    if family in (*PEOPLE, "membership", "hours", "dialog"):
        story.subject = _subject(population, family, story, draw)
    wanted = {"friend": "friend", "deal": "client", "supplier": "supplier"}.get(story.kind)
    near = population.cast[wanted] if wanted else colleagues
    pool = near if wanted == "friend" or draw.random() < 0.75 else colleagues
    if family in ("mail", "thread"):
        _correspond(story, pool, draw, scene.user)
    elif family == "draft":
        story.others = tuple(draw.sample(pool, 1))
    elif family == "permission":
        _granted(story, colleagues, draw)
    elif family == "event":
        _invited(story, near, colleagues, draw)
    else:
        story.author = scene.user if draw.random() < 0.4 else draw.choice(colleagues)
        story.owner = scene.user if draw.random() < 0.35 else draw.choice(colleagues)
        if draw.random() < 0.4:
            rest = [person for person in colleagues if person != story.author]
            story.others = tuple(draw.sample(rest, min(draw.choice((1, 1, 2)), len(rest))))
    for target in story.links.values():
        if target.family in ("customer", "patron") and target.subject is not None:
            story.subject = told_by_link(population, kind.entity, story, target)


def _subject(population: Ground, family: str, story: Story, draw: Rng) -> Person:
    scene = population.scene
    if family in ("member", "membership", "hours"):
        members = (scene.user, *(person for person in scene.people if person.relation == "colleague"))
        return members[story.ordinal % len(members)]
    if family in ("contact", "dialog"):
        return scene.people[story.ordinal % len(scene.people)]
    if family in ("patron", "staff"):
        crowd = population.crowd(story.entity)
        return crowd[story.ordinal % len(crowd)]
    clients = [person for person in scene.people if person.relation == "client"]
    if family == "customer":
        return (*clients, *population.strangers())[story.ordinal % (len(clients) + 56)]
    outside = [person for person in scene.people if person.relation in ("client", "supplier")]
    return draw.choice((*outside, *population.strangers()[:16]))


def _granted(story: Story, colleagues: list[Person], draw: Rng) -> None:
    held = story.container
    owner = held.author if held is not None else story.author
    story.traits["owns"] = held is None or not held.traits.setdefault("granted", [])
    if story.traits["owns"]:
        story.subject = owner
    else:
        given = held.traits["granted"] if held is not None else []
        left = [person for person in (story.population.scene.user, *colleagues) if person not in given]
        story.subject = draw.choice(left or colleagues)
    if held is not None:
        held.traits["granted"].append(story.subject)
        if not story.traits["owns"] and story.subject not in held.others:
            held.others = (*held.others, story.subject)


def _invited(story: Story, near: list[Person], colleagues: list[Person], draw: Rng) -> None:
    user = story.population.scene.user
    story.author = user if draw.random() < 0.6 or story.kind == "own" else draw.choice(colleagues)
    if any(target.family == "meeting_type" for target in story.links.values()):
        return
    size = 0 if story.kind == "own" and draw.random() < 0.7 else draw.choice((1, 1, 2, 2, 3, 4))
    guests = [person for person in dict.fromkeys((*near[:2], *colleagues)) if person != story.author]
    chosen = draw.sample(guests, min(size, len(guests)))
    story.others = (*((user,) if story.author != user else ()), *chosen)


def _correspond(story: Story, pool: list[Person], draw: Rng, user: Person) -> None:
    partner = draw.choice(pool)
    further = [person for person in pool if person != partner and person.company == partner.company]
    copied = (
        tuple(draw.sample(further, 1)) if further and story.kind != "friend" and draw.random() < 0.25 else ()
    )
    if draw.random() < 0.68:
        story.author, story.others = partner, (user, *copied)
    else:
        story.author, story.others = user, (partner, *copied)


def _inherit(story: Story, draw: Rng) -> None:
    """A reply belongs to its thread, a comment to its task, a refund to its payment: matter and people follow."""
    for target in story.links.values():
        if target.family == "thread" and story.family == "mail" or target.family == "dialog":
            _reply_in(target, story, draw)
            return
        if target.family == "meeting_type" and story.family == "event":
            story.title = target.title
            story.traits["minutes"] = meeting_minutes(target)
            return
        if story.family in MONEY and target.family in MONEY:
            story.amount, story.title, story.quantity = target.amount, target.title, target.quantity
            story.subject = target.subject or story.subject
            if target.family == "payment" and story.family == "payment":
                story.state = target.state
            return
        if target.family == "product" and story.family in ("price", "subscription"):
            story.title = target.title
            if story.family == "price":
                _further_price(target, story)
            else:
                story.amount = price_of(story, target.title)
        if story.family == "revision":
            story.title, story.traits["mime"] = target.title, target.traits.get("mime") or mime(target)
        if target.family == "project" and story.topic is not None:
            _project_matter(target, story, draw)
        if target.family == "project" and story.family == "board":
            story.title = f"{target.title} board"
        if story.family in ("comment", "worklog"):
            story.traits["said"] = target.traits.setdefault("said", {})
        if story.family in _HELD and target.family not in ("member", "contact", "project", "repo"):
            story.topic, story.kind = target.topic, target.kind
            return


def _further_price(product: Story, story: Story) -> None:
    """A product's second price is near its first, and says whom it is for."""
    first = story.amount = price_of(story, product.title)
    place = product.traits["prices"] = product.traits.get("prices", 0) + 1
    if place > 1:
        story.amount = round(first * (0.85, 0.9, 0.75)[place % 3] / 10) * 10
        story.title = f"{product.title}, {('members', 'from ten units', 'trade')[place % 3]}"


def _project_matter(project: Story, story: Story, draw: Rng) -> None:
    """What is done in a project has to do with it: its own topic, or one that its department deals with."""
    if project.topic is not None:
        story.topic, story.kind = project.topic, project.kind
        return
    kinds = data.read("catalog/lexicon/titles.yaml")["departments"].get(project.title, ())
    fit = [topic for topic in story.population.scene.topics if topic.kind in kinds]
    if fit:
        story.topic = draw.choice(fit)
        story.kind = story.topic.kind


def _reply_in(thread: Story, story: Story, draw: Rng) -> None:
    user = story.population.scene.user
    earlier = thread.traits.setdefault("turns", 0)
    thread.traits["turns"] = earlier + 1
    story.topic, story.kind, story.traits["turn"] = thread.topic, thread.kind, earlier
    story.traits["said"] = thread.traits.setdefault("said", {})
    if thread.family == "dialog":
        partner = thread.subject or story.population.scene.people[0]
        story.kind = "friend" if partner.relation == "friend" else thread.kind
        story.author, story.others = (user, (partner,)) if draw.random() < 0.45 else (partner, (user,))
        return
    people = (thread.author, *thread.others)
    turn = thread.others[0] if earlier % 2 else thread.author
    story.author, story.others = turn, tuple(person for person in people if person != turn)
    if turn != user and user in story.others:
        story.others = (user, *(person for person in story.others if person != user))
    story.title = f"Re: {thread.title}" if earlier else thread.title
