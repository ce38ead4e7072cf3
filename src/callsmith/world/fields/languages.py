"""Languages that records of an API name: those it lists, two different ones where one is turned into the other."""

from __future__ import annotations

import re

from callsmith.records import Json, Schema, Toolset
from callsmith.schema import settle, types
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.fields.sites import Fill, Site, salt_of
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.story import Story

_WORDS = {"language", "lang"}
_CODES = ("en", "de", "fr", "es", "it", "pl", "nl", "pt")
_NAMES = ("English", "German", "French", "Spanish", "Italian", "Polish", "Dutch", "Portuguese")
_REGIONAL = ("en-GB", "de-DE", "fr-FR", "es-ES", "it-IT", "pl-PL", "nl-NL", "pt-PT")
_CODE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
_FROM = {"source", "from", "original", "native", "src"}
_INTO = {"target", "to", "into", "destination", "dest", "translated"}


def language_leaf(site: Site) -> tuple[Fill, bool] | None:
    """One of a few languages, or several of them in a list; None for other fields."""
    words = tuple(map(singular, site.words))
    of_languages = {*site.entity.noun.split(" ")} & _WORDS and words[-1:] and words[-1] in _FROM | _INTO
    if not site.own or not words or not (words[-1] in _WORDS or of_languages) or site.refers:
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
    options = item.get("enum") or languages_of(site.toolset, site.entity.toolkit) or _usual(site, item)
    if many:
        fields = site.entity.schema.get("properties", {})
        own = any(split(name) == ("native", "language") for name in fields)
        return (lambda story: _several(story, site.salt, options, own)), False
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


def _usual(site: Site, schema: Schema) -> tuple[Json, ...]:
    """The languages there are, written as an example of the record or of the toolkit has it."""
    if len(shown := [one for one in schema.get("examples", ()) if isinstance(one, str)]) > 1:
        return tuple(shown)
    shown = shown or _shown(site.toolset, site.entity.toolkit)
    form = _CODE.fullmatch(shown[0]) if shown else None
    if form is not None:
        return _REGIONAL if form[1] else _CODES
    bound = schema.get("pattern") or schema.get("maxLength", 99) < 6
    words = site.words
    return _CODES if bound or words[-1] == "lang" or "code" in words else _NAMES


def _shown(toolset: Toolset, toolkit: str) -> list[str]:
    """What other fields of a toolkit show that name languages."""
    return [
        one
        for entity in toolset.entities
        if entity.toolkit == toolkit
        for field in entity.fields
        if {*map(singular, split(field.pointer.rpartition("/")[2]))} & _WORDS
        for one in field.schema.get("examples", ())
        if isinstance(one, str)
    ]


def _one_of_two(story: Story, options: tuple[Json, ...], into: bool) -> Json:
    """The language a text is in, or another into which it is put."""
    draw = mix(story.bits, salt_of(("language",)))
    step = 1 + mix(draw, 5) % max(1, len(options) - 1) if into else 0
    return options[(draw + step) % len(options)]


def _several(story: Story, salt: int, options: tuple[Json, ...], native: bool) -> Json:
    """Two or three languages, as somebody knows them who works with languages, beside what is spoken at home."""
    draw = mix(story.bits, salt)
    home = _one_of_two(story, options, False)
    options = tuple(option for option in options if not native or option != home)
    size = min(len(options), 2 + draw % 5 // 3)
    return [options[(draw // 7 + place * (1 + draw % 2)) % len(options)] for place in range(size)]


def other_language(options: list[Json], taken: Json) -> list[Json]:
    """The languages that a text may be put into which is in one of them."""
    return [option for option in options if option != taken] or options
