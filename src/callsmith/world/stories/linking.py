"""Which other records a story belongs to: a calendar, a project, a thread, a bill."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.catalog import data
from callsmith.catalog.lives import LIVES, phase
from callsmith.seeds import Rng
from callsmith.world.agreement.cases import cases_of
from callsmith.world.agreement.counted import counted
from callsmith.world.fields.choices import recurs
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.stories.families import PEOPLE
from callsmith.world.stories.naming import split
from callsmith.world.stories.relations import Kind
from callsmith.world.stories.story import Ground, Story, uid_of

MONEY = ("payment", "invoice", "refund", "dispute", "subscription", "price", "line")


def link(population: Ground, kind: Kind, story: Story, draw: Rng) -> None:
    """Gives a story what it belongs to, of every entity that its kind points to."""
    if story.family in ("transition", "member", "contact"):
        return  # the same for every container
    for target in (kind.entity.parent, *kind.links) if kind.sole else kind.links:
        if target in story.links or story.bits % 2 and _only_some(population, kind, target):
            continue
        options = population.stories(target)
        if "given" in story.traits:  # what the record says it belongs to holds further up as well
            options = [o for o in options if all(story.links.get(at, up) is up for at, up in o.links.items())]
        if not options:
            continue
        options = _begun(story, options, kind.entity.noun)
        each = kind.sole and target == kind.entity.parent
        first = target == kind.entity.parent and story.family == "patron" and story.ordinal < len(options)
        spread = story.ordinal < len(options) and _counts(population, kind, target)
        chosen: Story | None
        if target == kind.of:
            chosen = draw.choice(unwritten(story, options))
            chosen.traits[story.entity] = True
        else:
            chosen = options[story.ordinal] if each or first or spread else _choose(story, options, draw)
        if chosen is None:
            continue
        story.links[target] = chosen
        named = _named_by(population.kinds[target])
        for above, held in chosen.links.items():
            if above in named:
                story.links.setdefault(above, held)
    _once_each(population, kind, story, draw)
    if kind.entity.parent in story.links:
        story.container = story.links[kind.entity.parent]


def _named_by(kind: Kind) -> set[str]:
    """What the records of a kind themselves name: a session its course, and nobody whose presence a call records."""
    return {kind.entity.parent, *(field.refers for field in kind.entity.fields if field.refers)}


_ONCE = frozenset(
    "enrolment enrollment registration signup rsvp attendance application entry vote nomination".split()
)


def _once_each(population: Ground, kind: Kind, story: Story, draw: Rng) -> None:
    """Nobody is enrolled twice for the same: somebody else is, where there is somebody."""
    named = [target for target in kind.links if target in story.links and target in _named_by(kind)]
    who = next((target for target in named if population.kinds[target].family.name in PEOPLE), "")
    if not who or len(named) < 2 or kind.entity.noun.rpartition(" ")[2] not in _ONCE:
        return
    seen = population.used.setdefault(f"{kind.entity.key}\nonce", set())
    options = population.stories(who)
    for _ in range(12):
        once = "\n".join(uid_of(story.links[target]) for target in named)
        if once not in seen:
            break
        story.links[who] = draw.choice(options)
    seen.add(once)


def _only_some(population: Ground, kind: Kind, target: str) -> bool:
    """Whether a record need not name such a one, and is paid for where it does not: a lesson out of no package."""
    key = ("only some", kind.entity.key, target)
    if key not in population.fields:
        fields = {field.pointer[1:]: field.refers for field in kind.entity.fields}
        free = unfamiliar(population.toolset, kind.entity.toolkit) and kind.entity.parent != target
        cases = cases_of(kind.entity) if free else ()
        loose = {*kind.entity.schema.get("properties", {})} - {*kind.entity.schema.get("required", ())}
        population.fields[key] = any(
            not case.when and case.by in loose and fields.get(case.by) == target for case in cases
        )
    return bool(population.fields[key])


def _counts(population: Ground, kind: Kind, target: str) -> bool:
    """Whether a record says how many of such lie in it, so that some do: the connectors of a charging station."""
    key = ("counts", kind.entity.key, target)
    if key not in population.fields:
        holder, toolset = population.kinds[target].entity, population.toolset
        population.fields[key] = unfamiliar(toolset, holder.toolkit) and any(
            one.sort == "one" for one in counted(holder, kind.entity)
        )
    return bool(population.fields[key])


def _begun(story: Story, options: list[Story], noun: str) -> list[Story]:
    """The options that what a story tells may belong to: nobody has applied for a job that is a draft."""
    table = data.read(LIVES)
    unseen, planned = {*table["unseen"]}, {*table["planned"]}
    seen = noun.split(" ")[-1] in table["answering"]
    gathered = {*split(options[0].entity.rpartition(".")[2])} & {*table["gatherings"]} if options else ()
    if gathered and "stands" in story.traits:
        never = (
            ("done", "gone")
            if story.state in ("open", "active")
            else ("open",)
            if story.state == "done"
            else ()
        )
        still = [one for one in options if "stands" not in one.traits or one.state not in never]
        options = still or options
    on = story.state in ("done", "active") and "stands" in story.traits
    if not seen and not on:
        return options
    fit = [
        option
        for option in options
        if not (words := {*split(str(option.traits.get("stands", "")))})
        or not (seen and words & unseen or on and words & planned)
    ]
    return fit or options


def _choose(story: Story, options: list[Story], draw: Rng) -> Story | None:
    first = options[0]
    if first.family == "calendar":
        return first if draw.random() < 0.75 else draw.choice(options)
    if first.family == "board" and story.family == "sprint":
        return first
    if first.family == "sprint":
        fit = [sprint for sprint in options if (sprint.state == "done") == (story.state in ("done", "gone"))]
        return draw.choice(fit) if fit and draw.random() < 0.6 else None
    if story.family in MONEY and first.family in ("payment", "invoice", "subscription"):
        if story.family == "invoice" and draw.random() < 0.45:
            return None
        if story.family == "payment" and len(options) > story.ordinal:
            return options[story.ordinal]
        paid = [option for option in options if option.state == "done" or option.family != "payment"]
        unused = [option for option in paid if story.entity not in option.traits]
        chosen = draw.choice(unused or paid or options)
        chosen.traits[story.entity] = True
        return chosen
    if story.family == "subscription" and first.family == "price":
        return draw.choice([price for price in options if recurs(price)] or options)
    if story.kind == "own" and story.family == "task":
        return next((option for option in options if option.traits.get("inbox")), None)
    if story.family == "hours":
        return options[story.ordinal % len(options)]
    if first.family in ("thread", "dialog", "event", "product", "member") and story.ordinal < len(options):
        if story.family in ("mail", "chat", "price", "invitee", "slot"):
            return options[story.ordinal]
    if story.family == "attachment":
        fit = [option for option in options if not option.traits.get("turn") and option.topic is not None]
        return draw.choice(fit if fit and draw.random() < 0.9 else options)
    if first.family in ("file", "document") and story.family == "permission":
        return options[story.ordinal % len(options)]
    if first.family == "file" and story.family in ("comment", "revision"):
        return draw.choice([option for option in options if not option.traits.get("is_folder")] or options)
    if first.family == "project" and story.family == "board":
        return options[story.ordinal % len(options)]
    partly = [option for option in options if str(option.traits.get("stands", "")).startswith("part")]
    if story.family == "patron" and partly:
        return partly[story.ordinal % len(partly)]
    if first.family == "thread":
        return min((draw.choice(options) for _ in range(3)), key=lambda thread: thread.traits.get("turns", 0))
    return draw.choice(options)


def looked_back_on(others: Sequence[Story]) -> int:
    """How many such records there are: of most of those that are over, and never two of one."""
    over = [one for one in others if _over(one)]
    return max(1, len(over or others) * 3 // 4)


def unwritten(story: Story, others: Sequence[Story]) -> list[Story]:
    """Those of which no such record is there yet, those that are over where some are."""
    left = [one for one in others if not one.traits.get(story.entity)] or list(others)
    return [one for one in left if _over(one)] or left


def _over(story: Story) -> bool:
    return phase(story.traits["stands"]) == "over" if "stands" in story.traits else story.state == "done"
