"""What a thing of an unknown noun is called: its noun with a number or a letter, never a matter of an office."""

from __future__ import annotations

from collections.abc import Callable

from callsmith.records import Entity, Toolset
from callsmith.seeds import Rng, number
from callsmith.world.inferred.families import family_of, titled
from callsmith.world.inferred.naming import capital, split
from callsmith.world.inferred.nouns import is_technical
from callsmith.world.inferred.story import Story

_LETTERS = "ABCDEFGHJKLMNPRSTUVW"
_BARE = ("code", "number", "reference", "ref", "no")


def numbered(story: Story, draw: Rng, taken: set[str]) -> str:
    """A name such as ``Hive 7`` or ``Lot B`` that ``taken`` does not hold; all of an entity are of one make."""
    entity = story.population.kinds[story.entity].entity
    noun = capital(entity.noun)
    last = split(entity.label_pointer)[-1:]
    if last and last[0] in _BARE:
        initials = "".join(word[0] for word in entity.noun.split()) or "n"
        make = _coded(initials if len(initials) > 1 else entity.noun[:2])
    else:
        make = _MAKES[number(story.population.seed, story.entity, "numbered") % len(_MAKES)]
    for size in (1, 1, 1, 1, 1, 1, 2, 2, 4, 8, 16, 64, 512):
        name = make(noun, draw, size)
        if name.lower() not in taken:
            break
    return name


def apart(title: str, taken: set[str]) -> str:
    """A name that ``taken`` holds already, with a number that tells this one from the others."""
    count = 2
    while f"{title} {count}".lower() in taken:
        count += 1
    return f"{title} {count}"


def nameless(toolset: Toolset, entity: Entity) -> bool:
    """Whether what such records are called is known neither to us nor to the user."""
    if not titled(entity) or entity.names or entity.key in toolset.fixtures:
        return False
    return family_of(entity).name == "unknown" and not is_technical(toolset, entity.toolkit)


def _coded(head: str) -> Callable[[str, Rng, int], str]:
    return lambda noun, draw, size: f"{head.upper()}-{draw.randrange(100, 1000 * size)}"


_MAKES: tuple[Callable[[str, Rng, int], str], ...] = (
    lambda noun, draw, size: f"{noun} {draw.randrange(1, 49 * size)}",
    lambda noun, draw, size: f"{noun} {draw.randrange(1, 64 * size)}",
    lambda noun, draw, size: f"{noun} {draw.choice(_LETTERS)}{draw.randrange(1, 9 * size)}",
    lambda noun, draw, size: f"{noun} {draw.choice(_LETTERS)}{draw.randrange(size) or ''}",
)
