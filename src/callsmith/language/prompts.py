"""System prompts: whom the assistant works for, when it is, and what is known without asking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from callsmith.catalog.data import read
from callsmith.catalog.organisations import body_named
from callsmith.language.grammar import expand, has, load, tidy
from callsmith.language.spoken import MONTHS, WEEKDAYS
from callsmith.language.words import humanised, listed, with_article
from callsmith.meaning import Ambient, Listed, Plan, Source
from callsmith.plan.known import Known
from callsmith.records import Json, Scene
from callsmith.seeds import Rng

SORTS = 3  # of things that a prompt names; of more it names the product, or the chief ones
PROMPTS = "language/en/prompts.yaml"


def system_prompt(plan: Plan, known: Known, rng: Rng) -> str:
    """A short system prompt with the moment and every ambient value the calls use."""
    scene = plan.scene
    grammar = load(PROMPTS)
    values = scene_words(plan, known)
    who = _who(plan.scene, rng)
    if who:
        values["who"] = expand(grammar, who, values, rng)
    text = expand(grammar, "system", values, rng)
    for name, value in ambient_values(plan):
        if str(value) not in text and value not in (scene.time_zone, scene.now, scene.now[:10]):
            if value == scene.user.email:
                text += " " + expand(grammar, "contact", values, rng)
            else:
                named = f"ambient.{name}" if has(grammar, f"ambient.{name}") else "ambient"
                symbol = "within" if isinstance(value, str) and "/" in value else named
                text += " " + expand(grammar, symbol, {"name": name, "value": str(value)}, rng)
    for name, values_of in places(plan, known):
        symbol = "places" if len(values_of) > 1 else "place"
        noun = humanised(name).removesuffix(" path")
        noun = {"repo": "repository", "dir": "folder", "directory": "folder"}.get(noun, noun)
        nouns = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{noun}s"
        text += " " + expand(
            grammar, symbol, {"noun": noun, "nouns": nouns, "values": listed(values_of)}, rng
        )
    return tidy(text)


def generic_prompt(plan: Plan, known: Known, rng: Rng) -> str:
    """A prompt that would fit any assistant, and the moment."""
    return tidy(expand(load(PROMPTS), "generic", scene_words(plan, known), rng))


def scene_words(plan: Plan, known: Known) -> dict[str, str]:
    """What a prompt may say of the scene, in the plan's variety of English."""
    scene = plan.scene
    now = datetime.fromisoformat(scene.now)
    american = plan.locale == "en-US"
    month = MONTHS[now.month - 1]
    date = f"{month} {now.day}, {now.year}" if american else f"{now.day} {month} {now.year}"
    return {
        "user": scene.user.name,
        "given": scene.user.given,
        "role": scene.user.role,
        "a_role": _with_article(scene.user.role),
        "company": scene.company,
        "companys": f"{scene.company}'" if scene.company.endswith("s") else f"{scene.company}'s",
        "a_industry": with_article(scene.industry),
        "city": scene.city,
        "email": scene.user.email,
        "zone": scene.time_zone,
        "date": f"{WEEKDAYS[now.weekday()]}{',' if american else ''} {date}",
        "time": f"{now.hour % 12 or 12}:{now.minute:02d} {'AM' if now.hour < 12 else 'PM'}"
        if american
        else f"{now.hour}:{now.minute:02d}",
        "tools": spoken_tools(plan.offer.tools, known, scene.company),
    }


def places(plan: Plan, known: Known) -> Iterable[tuple[str, Sequence[str]]]:
    """Paths that are declared for an argument of the calls: the assistant works among them and is told of them."""
    seen: set[str] = set()
    for step in (step for item in plan.rounds for group in item.groups for step in group):
        for name, values in known.tools[step.tool].hints.get("values", {}).items():
            paths = [value for value in values if isinstance(value, str) and "/" in value[:2]]
            if f"/{name}" in step.arguments and paths and name not in seen:
                seen.add(name)
                yield name, paths


def _who(scene: Scene, rng: Rng) -> str:
    """Which sentences say who is there: of a house whose trade is that of the tools, or of an unknown one."""
    if scene.trade == "any":
        return ""
    if scene.trade == "unknown":
        return "who.plain" if rng.random() < 0.7 else ""
    return "who.trade" if rng.random() < 0.5 else ""


def _with_article(role: str) -> str:
    return role if role.startswith(("head of", "managing")) else with_article(role)


def spoken_tools(names: Sequence[str], known: Known, company: str = "") -> str:
    """What the offered tools are about: products by their name, others by the few things that most of them keep.

    What is called as another body like the ``company`` is no product: one house has not the tools of another.
    """
    products: Mapping[str, str] = read(PROMPTS)["products"]
    spoken: set[str] = set()
    kept: dict[str, list[str]] = {}
    for name in names:
        tool = known.tools[name]
        entity = known.entities.get(tool.entity)
        if tool.toolkit in products:
            spoken.add(products[tool.toolkit])
        elif entity is not None and entity.plural:
            kept.setdefault(tool.toolkit, []).append(f"the {entity.plural}")
        elif "asked_for" in tool.hints:
            spoken.add(f"the {tool.toolkit} tools")
        elif tool.effect == "compute" and "enquired" not in tool.hints:  # which only tells of what there is
            spoken.add("a few calculators")
    for toolkit, things in kept.items():
        sorts = Counter(things)
        title = next(
            (
                str(t.hints["product"])
                for n in names
                if (t := known.tools[n]).toolkit == toolkit and "product" in t.hints
            ),
            "",
        )
        if len(sorts) > SORTS and title and not another_house(title, company):
            spoken.add(title)
        else:  # those that several tools are about and that take few words
            spoken.update(sorted(sorts, key=lambda one: (-sorts[one], len(one.split()), one))[:SORTS])
    return listed(sorted(spoken)) or "the tools"


def another_house(title: str, company: str) -> bool:
    """Whether a title names a body of people, or one of the very kind of the company."""
    words = {word for word in title.lower().split() if len(word) > 3}
    return bool(words & {*company.lower().split()}) or body_named(title)


def ambient_values(plan: Plan) -> Iterable[tuple[str, Json]]:
    """What the calls take from the system prompt, by a speakable name, once each."""
    seen: set[str] = set()
    for item in plan.rounds:
        for group in item.groups:
            for step in group:
                for pointer, source in step.arguments.items():
                    for value in _ambient(source):
                        if str(value) not in seen and value not in ("me", "primary"):
                            seen.add(str(value))
                            yield humanised(pointer.rsplit("/", 1)[-1]), value


def _ambient(source: Source) -> list[Json]:
    if isinstance(source, Ambient):
        return [source.value]
    if isinstance(source, Listed):
        return [value for item in source.items for value in _ambient(item)]
    return []
