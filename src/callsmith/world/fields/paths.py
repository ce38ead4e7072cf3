"""Names that are paths, as Google's are: a project, where in the world it runs, and what lies in it."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.schema import LAST
from callsmith.seeds import number
from callsmith.world.fields.geography import regions
from callsmith.world.scene import ascii_slug
from callsmith.world.stories.dice import mix, wide
from callsmith.world.stories.story import Story

_NUMBERED = ("organizations", "folders", "accounts", "customers", "properties", "advertisers", "networks")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_STAGES = ("prod", "prod", "main", "platform", "data")


def path_of(collections: Sequence[str], story: Story, salt: int) -> str:
    """The whole name of a record in the last of ``collections``; its last part is the title where nothing else is."""
    held = story.container.id if story.container else ""
    if tuple(held.split("/")[::2]) == tuple(collections[:-1]):
        head = held
    else:
        head = "/".join(f"{one}/{_root(one, story)}" for one in collections[:-1])
    entity = story.population.kinds[story.entity].entity
    if story.population.kinds[story.entity].tenant or tuple(collections) == ("projects",):
        own = _root(collections[-1], story, salt)
    elif entity.label_pointer.endswith(LAST):
        own = ascii_slug(story.title, "-") or _code(story.bits)
        own = f"{own}-{salt + 1}" if salt else own
        story.title = own
    elif collections[-1] in _NUMBERED:
        own = str(100_000_000 + wide(story.bits ^ salt * 0x9E37, 3) % 800_000_000)
    else:
        own = _code(story.bits ^ salt * 0x9E37)
    return "/".join(filter(None, (head, f"{collections[-1]}/{own}")))


def _root(collection: str, story: Story, salt: int = 0) -> str:
    """The part of a name for what all lies in: the same for all records of a population."""
    population = story.population
    bits = number(population.seed, collection, salt)
    if collection == "projects":
        stage = _STAGES[mix(bits, 1) % len(_STAGES)]
        return f"{ascii_slug(population.scene.company, '-')}-{stage}"
    if collection == "locations":
        options = regions("google")
        return options[mix(bits, 2) % len(options)]
    if collection in _NUMBERED:
        return str(100_000_000 + wide(bits, 3) % 800_000_000)
    return _code(bits ^ (story.bits if collection not in ("users",) else 0))


def _code(bits: int) -> str:
    return "".join(_LETTERS[mix(bits, 23 * place + 5) % len(_LETTERS)] for place in range(10))
