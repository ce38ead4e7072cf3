"""Fields by which a record says what sort of thing it is about, and which one: resource_type, resource_id, urn."""

from __future__ import annotations

import re

from callsmith.records import Json
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.story import Story

_ABOUT = {"resource", "entity", "object", "subject", "target"}
_SORTS = re.compile(r"[(]([a-z_]+(?:[|][a-z_]+)+)[)]")


def subject_leaf(site: Site) -> tuple[Fill, bool] | None:
    """What a snapshot of a volume or an action on a droplet says of the volume or the droplet."""
    if not site.own or len(site.path) != 1 or "string" not in site.types and "integer" not in site.types:
        return None
    if site.words == ("urn",):
        return _urn(site)
    if len(site.words) != 2 or site.words[0] not in _ABOUT:
        return None
    if site.words[1] == "type" and "string" in site.types:
        return _sort(site)
    if site.words[1] == "id":
        return _which(site)
    return None


def _sort(site: Site) -> tuple[Fill, bool] | None:
    head, _, rest = site.entity.noun.partition(" ")
    options = site.schema.get("enum")
    if not rest or options is not None and head not in options:
        return None
    return (lambda story: head), True


def _which(site: Site) -> tuple[Fill, bool] | None:
    if any(
        entity.key == site.refers and not entity.noun.endswith("resource") for entity in site.toolset.entities
    ):
        return None
    head = site.entity.noun.partition(" ")[0]
    whole, absent = "string" not in site.types, site.absent

    def run(story: Story) -> Json:
        about = next((held for key, held in story.links.items() if key.rpartition(".")[2] == head), None)
        if about is None:
            return absent
        return (int(about.id) if about.id.isdigit() else about.number) if whole else about.id

    return run, True


def _urn(site: Site) -> tuple[Fill, bool] | None:
    """The name of a record in all of a product: do:vpc:5a4981aa."""
    pattern = str(site.schema.get("pattern", ""))
    sorts = _SORTS.search(pattern)
    called = site.entity.noun.replace(" ", "").lower()
    if sorts is None or called not in sorts[1].replace("_", "").split("|"):
        return None
    head = re.sub(r"[^\w:.-]", "", pattern[: sorts.start()])
    return (lambda story: f"{head}{called}:{story.id}"), True
