"""Languages that records of an API name: those it lists, two different ones where one is turned into the other."""

from __future__ import annotations

from callsmith.records import Json, Toolset
from callsmith.schema import settle, types
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.fields.sites import Fill, Site, salt_of
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.story import Story

_WORDS = {"language", "lang"}
_CODES = ("en", "de", "fr", "es", "it", "pl", "nl", "pt")
_NAMES = ("English", "German", "French", "Spanish", "Italian", "Polish", "Dutch", "Portuguese")
_FROM = {"source", "from", "original", "native", "src"}
_INTO = {"target", "to", "into", "destination", "dest", "translated"}


def language_leaf(site: Site) -> tuple[Fill, bool] | None:
    """One of a few languages, or several of them in a list; None for other fields."""
    words = tuple(map(singular, site.words))
    if not site.own or not words or words[-1] not in _WORDS or site.refers:
        return None
    many = "array" in site.types
    item = settle(site.schema.get("items", {})) if many else site.schema
    paired = {*words} & (_FROM | _INTO)
    if (
        "string" not in types(item)
        or not (many or paired)
        or not unfamiliar(site.toolset, site.entity.toolkit)
    ):
        return None
    options = item.get("enum") or languages_of(site.toolset, site.entity.toolkit) or _usual(words, item)
    if many:
        return (lambda story: _several(story, site.salt, options)), False
    into = bool({*words} & _INTO)
    return (lambda story: _one_of_two(story, options, into)), False


def languages_of(toolset: Toolset, toolkit: str) -> tuple[Json, ...]:
    """The languages that a parameter of the toolkit lists."""
    for tool in toolset.tools:
        if tool.toolkit == toolkit:
            for item in tool.inputs:
                listed = item.schema.get("enum", ())
                if len(listed) > 1 and {*map(singular, split(item.name))} & _WORDS:
                    return tuple(option for option in listed if option is not None)
    return ()


def _usual(words: tuple[str, ...], schema: dict[str, Json] | object) -> tuple[Json, ...]:
    bound = isinstance(schema, dict) and (schema.get("pattern") or schema.get("maxLength", 99) < 6)
    return _CODES if bound or words[-1] == "lang" or "code" in words else _NAMES


def _one_of_two(story: Story, options: tuple[Json, ...], into: bool) -> Json:
    """The language a text is in, or another into which it is put."""
    draw = mix(story.bits, salt_of(("language",)))
    step = 1 + mix(draw, 5) % max(1, len(options) - 1) if into else 0
    return options[(draw + step) % len(options)]


def _several(story: Story, salt: int, options: tuple[Json, ...]) -> Json:
    """Two or three languages, as somebody knows them who works with languages."""
    draw = mix(story.bits, salt)
    size = min(len(options), 2 + draw % 5 // 3)
    return [options[(draw // 7 + place * (1 + draw % 2)) % len(options)] for place in range(size)]


def other_language(options: list[Json], taken: Json) -> list[Json]:
    """The languages that a text may be put into which is in one of them."""
    return [option for option in options if option != taken] or options
