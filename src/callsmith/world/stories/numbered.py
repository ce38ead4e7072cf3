"""What a thing of an unknown noun is called: a number where such things bear one, else what people call things."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from msgspec import structs

from callsmith.catalog import data
from callsmith.records import Entity, Tool, Toolset
from callsmith.schema import LAST
from callsmith.seeds import Rng, identity, number
from callsmith.world.stories.families import family_of, titled
from callsmith.world.stories.likeness import like_example
from callsmith.world.stories.naming import capital, singular, split, stem
from callsmith.world.stories.nouns import by_name, is_technical, lexicon
from callsmith.world.stories.of_one import whose_subject
from callsmith.world.stories.story import Story

_LETTERS = "ABCDEFGHJKLMNPRSTUVW"
_BARE = ("code", "number", "reference", "ref", "no")
_PAPER = ("title", "subject", "headline", "summary", "topic", "text")
_REACHED = (
    "email",
    "phone",
    "url",
    "address",
    "ip",
    "arn",
    "sha",
    "uuid",
)  # what has one for a name needs no other
_THINGS = "catalog/lexicon/things.yaml"
_NAMING = {"name", "title", "label", "display", "full", "short", "long", "official", "common"}
FOR_NAMES = (
    "an overlay may say names"  # how the reason ends for which tools about records without names are left out
)
_UNSURE = 0.4  # what is not said: below what plans use


def numbered(story: Story, draw: Rng, taken: set[str]) -> str:
    """A name such as ``Hive 7`` or ``Lot B`` that ``taken`` does not hold; all of an entity are of one make."""
    entity = story.population.kinds[story.entity].entity
    noun = capital(entity.noun)
    last = split(entity.label_pointer)[-1:]
    if last and last[0] in _BARE:
        initials = "".join(word[0] for word in entity.noun.split()) or "n"
        make = _coded(initials if len(initials) > 1 else entity.noun[:2])
    elif last and last[0] in _PAPER:
        make = _paper  # nobody writes a pitch called W
    else:
        make = _MAKES[number(story.population.seed, story.entity, "numbered") % len(_MAKES)]
    for size in (1, 1, 1, 1, 1, 1, 2, 2, 4, 8, 16, 64, 512):
        name = make(noun, draw, size)
        if name.lower() not in taken:
            break
    return name


def apart(title: str, taken: set[str]) -> str:
    """A name that ``taken`` holds already, with a number that tells this one from the others."""
    head, _, last = title.rpartition(" ")
    head, count = (head, int(last) + 1) if head and last.isdecimal() else (title, 2)
    while f"{head} {count}".lower() in taken:
        count += 1
    return f"{head} {count}"


def nameless(toolset: Toolset, entity: Entity) -> bool:
    """Whether what such records are called is known neither to us nor to the user."""
    if (
        not titled(entity)
        or entity.label_pointer == entity.id_pointer
        or entity.label_pointer.endswith(LAST)
        or entity.names
        or entity.key in toolset.fixtures
    ):
        return False
    if split(entity.label_pointer)[-1:] and split(entity.label_pointer)[-1] in _REACHED:
        return False
    family = family_of(entity).name
    if whose_subject(entity, toolset):
        return False
    if is_technical(toolset, entity.toolkit):
        unknown = family in ("unknown", "thing") or family in lexicon()["everyday"]
        return unknown and stem(entity.noun).rsplit("_", 1)[-1] not in _deployed()
    return family == "unknown"


def bears_number(entity: Entity) -> bool:
    """Whether such things have a number or a code for a name: a hive, a berth, whatever has a ``code``."""
    words, last = split(entity.noun), split(entity.label_pointer)[-1:]
    return bool(words) and singular(words[-1]) in _bearing() or bool(last) and last[0] in _BARE


def counted(toolset: Toolset, entity: Entity, family: str) -> bool:
    """Whether a system gives such records their numbers, so that nobody thinks of a name for a new one."""
    if entity.names or is_technical(toolset, entity.toolkit) or like_example(entity):
        return False
    if entity.label_pointer.endswith(LAST) or entity.label_pointer == entity.id_pointer:
        return False  # whoever makes it has to name it
    return not bears_number(entity) if family == "unknown" else bool(by_name().get(family, {}).get("counted"))


@lru_cache(maxsize=1)
def _deployed() -> frozenset[str]:
    return frozenset(lexicon()["deployed"])


@lru_cache(maxsize=1)
def _bearing() -> frozenset[str]:
    return frozenset(data.read(_THINGS)["numbered"])


def sorting(families: Iterable[str]) -> dict[str, list[str]]:
    """Templates of what tags and categories are called where nothing of an office is kept; none where it is."""
    kept = {*families, "any"}
    if kept & {*data.read(_THINGS)["office"]}:
        return {}
    titles = next((one["titles"] for one in data.read(_THINGS)["sorting"] if kept & {*one["of"]}), None)
    return {"any": titles, "own": titles, "code": titles} if titles else {}


def called(entity: Entity) -> dict[str, list[str]]:
    """Templates of what such records are called, like their example; empty for those that bear a number."""
    return like_example(entity)


def _given_here(toolset: Toolset, entity: Entity) -> bool:
    return any(
        tool.entity == entity.key
        and tool.deed in ("create", "update")
        and any(p.sets == entity.label_pointer for p in tool.inputs)
        for tool in toolset.tools
    )


def without_unnamed(toolset: Toolset) -> Toolset:
    """The toolset without those tools that would have to name what nobody here can: the platforms of a shop."""
    strange = {
        entity.key: entity
        for entity in toolset.entities
        if nameless(toolset, entity)
        and _own_name(entity)
        and not bears_number(entity)
        and not _given_here(toolset, entity)
        and not like_example(entity)
    }
    if not strange:
        return toolset
    tools = tuple(_silent(tool, strange) for tool in toolset.tools)
    return structs.replace(toolset, tools=tools, hash=identity("said", toolset.hash))


def _own_name(entity: Entity) -> bool:
    """Whether records go by a name of their own, and not by that of where a run goes to."""
    words = {*split(entity.label_pointer.rpartition("/")[2])} - {*split(entity.noun)}
    return words <= _NAMING


def _silent(tool: Tool, strange: dict[str, Entity]) -> Tool:
    if tool.entity in strange and tool.effect not in ("compute", "opaque"):
        why = f"what {strange[tool.entity].plural} are called is not known; {FOR_NAMES}"
        return structs.replace(tool, effect="opaque", confidence=_UNSURE, reasons=(*tool.reasons, why))
    # What all lies in is told by the system prompt, and not looked for.
    unsaid = [p.refers in strange and p.klass != "ambient" for p in tool.inputs]
    if not any(unsaid):
        return tool
    inputs = tuple(
        structs.replace(p, confidence=min(p.confidence, _UNSURE)) if strange_one else p
        for p, strange_one in zip(tool.inputs, unsaid, strict=True)
    )
    return structs.replace(tool, inputs=inputs)


def _coded(head: str) -> Callable[[str, Rng, int], str]:
    return lambda noun, draw, size: f"{head.upper()}-{draw.randrange(100, 1000 * size)}"


def _paper(noun: str, draw: Rng, size: int) -> str:
    return f"{noun} {draw.randrange(100, 1000 * size)}"


_MAKES: tuple[Callable[[str, Rng, int], str], ...] = (
    lambda noun, draw, size: f"{noun} {draw.randrange(1, 49 * size)}",
    lambda noun, draw, size: f"{noun} {draw.randrange(1, 64 * size)}",
    lambda noun, draw, size: f"{noun} {draw.choice(_LETTERS)}{draw.randrange(1, 9 * size)}",
    lambda noun, draw, size: f"{noun} {draw.choice(_LETTERS)}{draw.randrange(size) or ''}",
)
