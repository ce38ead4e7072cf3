"""Tags that are pairs of key and value: a record's name among them, by custom, and what things are sorted by."""

from __future__ import annotations

from callsmith.records import Json, Schema
from callsmith.schema import selection, steps
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import split
from callsmith.world.stories.nouns import lexicon
from callsmith.world.stories.story import Story


def tags_of(site: Site, items: Schema) -> Fill | None:
    """The filler of a record's own list of tags; None where a list holds no pairs of key and value."""
    keys = {split(name)[-1:]: name for name in items.get("properties", {})}
    if site.words[:1] not in (("tag",), ("tags",)) or not {("key",), ("value",)} <= keys.keys():
        return None
    key, value = keys[("key",)], keys[("value",)]
    path = steps(site.entity.label_pointer)
    called = len(path) == 3 and path[0] == site.name and selection(path[1]) == (key, "Name")

    def fill(story: Story) -> Json:
        if not site.own or story.fresh:
            return []
        pairs = [("Name", story.title)] if called and story.title else []
        return [{key: one, value: other} for one, other in (*pairs, *_sorted_by(story))]

    return fill


def _sorted_by(story: Story) -> list[tuple[str, str]]:
    """What else tags say: which stage, whose it is; a stage that the name holds is the one it is in."""
    kinds: dict[str, list[str]] = lexicon()["tags"]
    known = set(story.title.split("-"))
    made = []
    for place, (name, options) in enumerate(kinds.items()):
        if mix(story.bits, 92 + place) % 3 == 0:
            own = [option for option in options if option in known]
            made.append((name, (own or options)[mix(story.bits, 97 + place) % len(own or options)]))
    return made
