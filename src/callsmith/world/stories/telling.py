"""Titles and bodies for one story: which templates fit it, and that no two records bear one title."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import structs

from callsmith.catalog import data
from callsmith.catalog.booked import in_a_name
from callsmith.records import Field
from callsmith.schema import LAST
from callsmith.seeds import Rng, number, rng
from callsmith.world.fields.clouds import cloud_of
from callsmith.world.fields.geography import home_region, regions
from callsmith.world.scene import trade_of
from callsmith.world.stories.bearers import those
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import PEOPLE, titled
from callsmith.world.stories.likeness import named_alike
from callsmith.world.stories.nouns import about, by_name, is_technical, lexicon
from callsmith.world.stories.nouns import titles as noun_titles
from callsmith.world.stories.numbered import apart, called, numbered, sorting
from callsmith.world.stories.relations import Kind
from callsmith.world.stories.story import Story
from callsmith.world.stories.wording import SAID, Slots, body_groups, render, title_groups

_LIKE = {"draft": "mail", "thread": "mail", "subtask": "task", "document": "file", "slot": "event",
         "attachment": "file", "invitee": "event"}  # fmt: skip
_TALK = {"draft": "mail", "thread": "mail", "subtask": "task", "file": "task", "pull": "issue"}
_TOLD = ("mail", "thread", "dialog", "event", "task", "issue", "file", "document", "draft")
_OUTSIDE = ("client", "supplier")
_TOPICAL = re.compile(r"[{](topic|Topic|aspect)")
_BARE = (*PEOPLE, "permission")

# What deals and expenses are about, in euros.
SUMS = {"deal": (1200, 1800, 2400, 3600, 4500, 6000, 7500, 9000, 12000, 15000, 18500, 24000, 36000, 48000, 60000),
        "expense": (12, 18, 24, 36, 45, 60, 75, 90, 120, 145, 180, 220, 340, 480)}  # fmt: skip

_DOUBLED = re.compile(r"\b(\w+)[- ]\1\b", re.IGNORECASE)  # "notification service" before "-service"


def slots_of(story: Story, draw: Rng) -> Slots:
    """The slots a story's texts draw on."""
    slots = Slots(story.population.scene, story.population.clock, draw, story.topic, story.created)
    colleagues = story.population.cast["colleague"]
    reader = story.others[0] if story.others else story.population.scene.user
    slots.known.update({k: v for k, v in story.traits.get("said", {}).items() if k != "friend"})
    outside = next((p for p in (story.author, *story.others) if p.relation in _OUTSIDE), None)
    if outside is not None and story.kind != "hiring":
        slots.known.update(firm=outside.company, full=outside.name)
    slots.person(colleagues, story.author, reader)
    if story.entity in story.population.kinds:
        slots.known["noun"] = story.population.kinds[story.entity].entity.noun
    if story.family in ("zone", "region"):
        cloud = cloud_of(story.population.toolset, story.entity.split(".")[0])
        named = lexicon()["words"]["place"] if cloud == "plain" else regions(cloud)
        slots.known.update(home=home_region(story.population.scene.city, cloud), region=draw.choice(named))
    return slots


def _remember(story: Story, slots: Slots) -> None:
    said = story.traits.setdefault("said", {})
    if story.topic is not None and story.family in _TOLD:
        for name in ("aspect", "person", "weekday"):
            slots[name]
    for name in SAID:
        if name in slots.known:
            said.setdefault(name, slots.known[name])


def voice_of(story: Story) -> str:
    """The kind of a letter's matter, with who writes to whom where that changes what is said."""
    if story.kind not in ("deal", "supplier"):
        return story.kind
    if story.author.relation in _OUTSIDE:
        return f"{story.kind}_in"
    return f"{story.kind}_out" if any(person.relation in _OUTSIDE for person in story.others) else story.kind


def _sold(story: Story) -> bool:
    """Whether a thing is a ware or what is paid for one, and no plan that machines work by."""
    wares = ("product", "payment", "price", "subscription", "refund", "invoice")
    return story.family in wares and not (_in_technical(story) and noun_titles(story.family, True))


def title_for(story: Story, draw: Rng, taken: set[str]) -> str:
    """A title that fits the story and that ``taken`` does not hold yet; the title is added to it."""
    if story.family in _BARE and story.subject is not None:
        return story.subject.name
    kind = story.population.kinds.get(story.entity)
    if kind is not None and kind.entity.names:
        return _given(kind.entity.names, draw, taken)
    if kind is not None and story.family == "event" and in_a_name(kind.entity):
        return draw.choice(those(story.population, kind.entity.toolkit, "guest")).name
    by_path = kind is not None and kind.entity.label_pointer.endswith(LAST)
    alike = (
        kind is not None and not by_path and named_alike(story.population.toolset, kind.entity, story.family)
    )
    if not alike and not by_path and _sold(story):
        return _ware(story, draw, taken)
    if story.family in SUMS and not story.amount:
        story.amount = draw.choice(SUMS[story.family]) * 100 * story.population.scale
    family = "folder" if story.traits.get("is_folder") else _LIKE.get(story.family, story.family)
    groups = alike or _groups(story, kind, family, by_path=by_path)
    if not groups:
        title = numbered(story, draw, taken) if kind is None or titled(kind.entity) else ""
        taken.add(title.lower())
        return title
    title = ""
    friendly = family == "mail" and story.kind == "friend"
    if kind is not None and family not in _TOLD and any(map(_of_guest, kind.entity.fields)):
        groups = {name: [line for line in lines if not _NAMED.search(line)] for name, lines in groups.items()}
    for attempt in range(24):
        slots = slots_of(story, draw)
        template = _friendly(story, draw) if friendly else _template(groups, story, draw)
        if story.topic is None and _TOPICAL.search(template):  # else the matter would be "week"
            some = draw.choice(story.population.scene.topics)
            slots = slots_of(structs.replace(story, topic=some), draw)
        title = _DOUBLED.sub(r"\1", render(template, slots))
        if title.lower() not in taken:
            break
        if attempt == 12:
            story.kind = "any" if story.topic else story.kind
    else:
        title = _another(story, title, family, draw, taken)
    taken.add(title.lower())
    if family == "product":
        story.amount = story.amount or price_of(story, title)
    _remember(story, slots)
    return title


def _groups(story: Story, kind: Kind | None, family: str, *, by_path: bool) -> dict[str, list[str]]:
    """Templates of what such a record is called; empty where it bears a number, or no name at all."""
    groups = noun_titles(family, _in_technical(story)) or title_groups(family)
    if family == "label":
        groups = sorting(one.family.name for one in story.population.kinds.values()) or groups
    if family == "label" and _in_technical(story) and story.kind != "code":
        machine = groups.get("machine") or title_groups("label")["machine"]
        groups = {"own": machine, "any": machine}
    if by_path and not by_name().get(family, {}).get("technical"):
        groups = noun_titles("unknown", technical=True) or groups
    if family == "unknown" and not by_path and not _in_technical(story):
        return called(kind.entity) if kind is not None and titled(kind.entity) else {}
    return groups


_NAMED = re.compile(r"[{](?:full|person)")


def _of_guest(field: Field) -> bool:
    """Whether a field tells who is in a thing, whom its name may not contradict."""
    return field.facet == "person" and field.pointer.count("/") == 1


def _another(story: Story, title: str, family: str, draw: Rng, taken: set[str]) -> str:
    """What is told from those of the same name: by a number, or as a company that nobody of the office is of."""
    if family in lexicon()["everyday"] and not by_name()[family].get("recurs"):
        return apart(title, taken)
    for _ in range(24 if family == "firm" else 0):
        title = render(draw.choice(by_name()["firm_house"]["titles"]), slots_of(story, draw))
        if title.lower() not in taken:
            break
    return title


def named_as(noun: str, story: Story, bits: int) -> str:
    """What a thing is called of which a record only shows the name: the genre of a film; "" where nobody knows."""
    draw = rng("named", bits)
    held = story.population.kinds.get(story.entity)
    trade = held.entity.trade if held is not None else ""
    for kind in lexicon()["kinds"]:
        if trade not in kind.get("trades", (trade,)):
            continue  # what an object is in a game is none that lay in a field
        if noun in kind["nouns"] and not {"with", "fields", "technical"} & kind.keys():
            slots = slots_of(story, draw)
            slots.known["noun"] = noun.replace("_", " ")
            return render(draw.choice(kind["titles"]), slots)
    return ""


def _given(names: Sequence[str], draw: Rng, taken: set[str]) -> str:
    """One of the names a user gave for such records."""
    left = [name for name in names if name.lower() not in taken]
    title = draw.choice(left) if left else apart(draw.choice(names), taken)
    taken.add(title.lower())
    return title


def _friendly(story: Story, draw: Rng) -> str:
    matters = data.read("catalog/lexicon/bodies.yaml")["friend"]
    place = draw.randrange(len(matters))
    story.traits.setdefault("said", {})["friend"] = str(place)
    return str(matters[place]["title"])


def _template(groups: dict[str, list[str]], story: Story, draw: Rng) -> str:
    own = groups.get(voice_of(story)) or groups.get(story.kind)
    common = groups.get("any")
    if own and (common is None or story.kind in ("own", "friend", "code") or draw.random() < 0.4):
        return draw.choice(own)
    if common and story.topic is not None:
        return draw.choice(common)
    if common and not own and story.kind != "own":
        return draw.choice(common)
    return draw.choice(groups.get("own") or common or own or title_groups("thing")["any"])


def price_of(story: Story, product: str) -> int:
    """What a product of the company costs, in minor units of its currency."""
    trade = trade_of(story.population.scene)
    costs = {name.lower(): cost for name, cost in zip(trade["products"], trade["prices"], strict=True)}
    cost = costs.get(product.lower())
    if cost is None:  # a product of the user's own
        cost = 5 * (1 + number("price", product) % 40)
    return int(cost) * 100 * story.population.scale


_TIERS = ("large", "small", "basic", "premium")  # of what is sold more than once under one name


def wares(story: Story) -> list[str]:
    """What the company sells, that of which the story tells first."""
    products = [f"{name[:1].upper()}{name[1:]}" for name in trade_of(story.population.scene)["products"]]
    first = products.index(story.title) if story.title in products else mix(story.bits, 79) % len(products)
    return [*products[first:], *products[:first]]


def _ware(story: Story, draw: Rng, taken: set[str]) -> str:
    products = trade_of(story.population.scene)["products"]
    if story.family == "product":
        left = [name for name in products if name not in taken]
        left = left or [
            f"{name}, {tier}" for tier in _TIERS for name in products if f"{name}, {tier}" not in taken
        ]
        chosen = left[story.ordinal % len(left)] if 0 < len(left) < len(products) else (left or products)[0]
        taken.add(chosen)
        story.amount = story.amount or price_of(story, chosen)
        return str(chosen[:1].upper() + chosen[1:])
    for link in story.links.values():
        if link.family in ("product", "payment", "price", "subscription") and link.title:
            return link.title
    strange = story.entity.partition(".")[0] not in data.files("catalog/toolkits")
    template = draw.choice(
        data.read("catalog/lexicon/bodies.yaml")["payment"]["strange" if strange else "any"]
    )
    slots = slots_of(story, draw)
    text = render(template, slots)
    story.amount = price_of(story, slots["product"])
    if "deposit" in template:
        story.amount = max(500, round(story.amount * 0.3 / 500) * 500)
    return text[:1].upper() + text[1:]


def body_of(story: Story, sentences: int = 0) -> str:
    """The record's text, made once: one to four sentences, a letter for mails."""
    known = story.traits.get("body")
    if known is None:
        known = story.traits["body"] = _body(story, rng("body", story.bits), sentences)
    return str(known)


_WISH = re.compile(
    r"(?:add|support|allow|dark mode|keyboard|cache|export|undo|bulk edit|show|warn|print view|let|empty state|mobile"
    r"|translate|search by|offline|preview|webhook|sign-off|archive|shortcut|metrics|store|feature flag|encrypt|limit"
    r"|round|make|retry|explain|replace|permission check)\b|.*(?:clearer error|needs a loading)",
    re.IGNORECASE,
)
_CHORE = re.compile(
    r"(?:document|remove|upgrade|drop|move|split|deprecate|refactor|rewrite|bump|clean|rename|simplify|tidy|update"
    r"|pin|extract|typo)\b",
    re.IGNORECASE,
)


def _sort_of(title: str) -> str:
    """Whether the title of a piece of work on code tells a wish, a chore or a fault."""
    return "feature" if _WISH.match(title) else "chore" if _CHORE.match(title) else "bug"


def _in_technical(story: Story) -> bool:
    return is_technical(story.population.toolset, story.entity.split(".")[0])


def _body(story: Story, draw: Rng, sentences: int) -> str:
    family = _TALK.get(story.family, story.family)
    told = about(story.family, _in_technical(story))
    if told:
        return render(draw.choice(told), slots_of(story, draw))
    groups = body_groups(family)
    if family == "template":
        return str(groups.get(story.title) or draw.choice(list(groups.values())))
    slots = slots_of(story, draw)
    if story.family in ("product", "price"):
        slots.known["product"] = story.title
    if family == "mail":
        return _letter(groups, story, slots, draw)
    sort = f"{story.kind}_{_sort_of(story.title)}" if story.kind == "code" else story.kind
    kind = story.population.kinds.get(story.entity)
    trade = f"@{kind.entity.trade}" if kind is not None else ""
    options = list(
        groups.get(trade)
        or groups.get(sort)
        or groups.get(story.kind)
        or groups.get("any")
        or next(iter(groups.values()))
    )
    if family == "chat" and story.kind != "friend":
        options = list(groups["any"])
    if not story.topic and story.kind not in ("code", "friend"):
        options = [option for option in options if not _TOPICAL.search(option)] or options
    size = sentences or {"chat": 1, "comment": 1, "worklog": 1, "product": 1, "document": 4}.get(
        family, draw.choice((1, 1, 2))
    )
    return " ".join(render(option, slots) for option in draw.sample(options, min(size, len(options))))


def _letter(groups: dict[str, list[str]], story: Story, slots: Slots, draw: Rng) -> str:
    matter: dict[str, list[str]] = groups["matter"]  # type: ignore[assignment]
    if story.kind == "friend":
        matters = data.read("catalog/lexicon/bodies.yaml")["friend"]
        chosen = matters[int(story.traits.get("said", {}).get("friend", 0)) % len(matters)]
        lines = [draw.choice(chosen["reply" if story.traits.get("turn") else "first"])]
    elif story.traits.get("turn"):
        lines = [draw.choice(groups["reply"])]
    else:
        own = matter.get(voice_of(story), matter["any"])
        lines = [draw.choice(own)]
        if draw.random() < 0.6:
            lines.append(draw.choice([line for line in matter["any"] if line not in lines]))
        if draw.random() < 0.6:
            lines.append(draw.choice(groups["ask"]))
    middle = " ".join(render(line, slots) for line in lines)
    greet, close = (render(draw.choice(groups[name]), slots) for name in ("greet", "close"))
    return f"{greet}\n\n{middle}\n\n{close}"


def snippet_of(story: Story, size: int = 110) -> str:
    """The first words of the body, on one line."""
    text = " ".join(body_of(story).split())
    return text if len(text) <= size else text[: text.rfind(" ", 0, size)] + "…"
