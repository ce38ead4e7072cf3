"""Fields that hold another record's id or copy one of its fields."""

from __future__ import annotations

from callsmith.records import Json
from callsmith.schema import settle, steps, types
from callsmith.world.fields.identity import styled, system_titles
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.fields.sites import MISSING, Fill, Site, linked
from callsmith.world.stories.bearers import bearer
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import PEOPLE, family_of, matterless
from callsmith.world.stories.naming import split
from callsmith.world.stories.relations import referred
from callsmith.world.stories.story import Ground, Story

_TAILS = {"id", "ids", "gid", "gids", "key", "keys", "uri", "uuid", "uid"}
_ON_CHAT = {"media", "template", "interactive", "reply", "context"}
_FOLDER = {"parent", "parents", "folder", "directory"}


def reference_leaf(site: Site) -> tuple[Fill, bool] | None:
    """The id, key or copied field of a linked record."""
    if not site.own or not site.path or site.pointer == site.entity.label_pointer:
        return None
    words = set(site.words)
    if site.family == "chat" and words & _ON_CHAT and not (site.required and not site.nullable):
        return (lambda story: site.absent), True
    if _is_part_id(site):
        return (lambda story: styled(site.schema, story.bits ^ site.salt)), True
    many = "array" in site.types
    if site.family in ("file", "document") and words & _FOLDER:
        return _folder(site, many), False
    key = site.refers or _named_entity(site)
    target = next((entity for entity in site.toolset.entities if entity.key == key), None)
    if target is None:
        return None
    family = family_of(target).name
    if not site.refers and bearer(site.name, site.entity, site.family, site.toolset)[0]:
        return None  # named, whoever it is of those the toolkit keeps
    if family in PEOPLE[:2] or family == "mail" and site.family == "draft":
        return None
    if key == site.entity.key:
        return (lambda story: _own_parent(story, site)), False
    if family == "label" and many:
        return _labels(site, key), True
    return _linked_value(site, key, many), True


def _is_part_id(site: Site) -> bool:
    """The id of a line of a bill or the like, which is no record of its own."""
    own = site.words[-1] in _TAILS and "*" in site.pointer and bool(site.schema.get("pattern"))
    return own and site.refers == site.entity.key


def _named_entity(site: Site) -> str:
    """The entity that the field's name speaks of; "" when it speaks of none."""
    words, toolkit = site.words, site.entity.toolkit
    text = "string" in site.types
    if len(words) > 1 and words[-1] in ("name", "title", "label") and text:
        return referred("_".join(words[:-1]), toolkit, site.toolset)
    if set(words) & (_TAILS | _FOLDER) or text and len(site.path) == 1:
        if words[-1] in _TAILS or site.schema.get("pattern"):
            return referred(site.name, toolkit, site.toolset)
    return ""


def _linked_value(site: Site, key: str, many: bool) -> Fill:
    taken = _taken(site)
    certain = site.required and not site.nullable
    place = _further(site, key)

    def one(story: Story) -> Json:
        target = linked(story, key)
        if target is None or not certain and not _belongs(story, key):
            return site.absent
        if place and story.fresh and not certain:
            return site.absent  # whoever makes it names only the first
        return taken(_other(story, target, place) if place else target)

    def several(story: Story) -> Json:
        value = one(story)
        return [] if value is None or value is MISSING else [value]

    return several if many else one


def _further(site: Site, key: str) -> int:
    """How many fields before this one name a record of the same kind: one for the guests, after the home team."""
    if not matterless(site.entity, site.family) and not unfamiliar(site.toolset, site.entity.toolkit):
        return 0
    alike = [
        field.pointer for field in site.entity.fields if field.refers == key and "*" not in field.pointer
    ]
    return alike.index(site.pointer) if site.pointer in alike else 0


def _other(story: Story, first: Story, place: int) -> Story:
    """Another record than the one that the first field names."""
    others = [one for one in story.population.stories(first.entity) if one is not first]
    return others[mix(story.bits, 61 + place) % len(others)] if others and not story.fresh else first


def _taken(site: Site) -> Fill:
    items = settle(site.schema.get("items", {})) if "array" in site.types else site.schema
    whole = bool({"integer", "number"} & set(types(items))) and (
        items is site.schema or "string" not in types(items)
    )
    projects = site.field.projects if site.field else ""
    tail = steps(projects)[-1] if projects else ""
    last = split(tail)[-1] if tail else site.words[-1]
    if site.words[-1] == "id" and last != "id" and tail:
        return _whole_id if whole else plain_id
    if last == "key" or site.words[-1] == "key":
        return lambda target: target.key or target.id
    if last == "number" and whole:
        return lambda target: target.number
    if last in ("name", "title", "summary", "subject", "label"):
        return lambda target: target.title
    if whole:
        return lambda target: int(target.id) if target.id.isdigit() else target.number
    return lambda target: target.id


def _belongs(story: Story, key: str) -> bool:
    return key in story.links or bool(story.children.get(key))


def _whole_id(target: Story) -> Json:
    text = str(plain_id(target))
    return int(text) if text.isdigit() else target.number


def plain_id(target: Story) -> Json:
    """The value of a record's ``id`` field, where another field such as the key is what names it."""
    entity = target.population.kinds[target.entity].entity
    schema = entity.schema.get("properties", {}).get("id")
    if schema is None or entity.id_pointer == "/id":
        return target.id
    return styled(schema, target.bits ^ 0x51)


def _own_parent(story: Story, site: Site) -> Json:
    parent = story.traits.get("parent")
    return parent.id if parent is not None else site.absent


def _folder(site: Site, many: bool) -> Fill:
    def run(story: Story) -> Json:
        held = story.traits.get("folder")
        if held is None:
            held = _folder_of(story)
        return [held] if many else held

    return run


def _folder_of(story: Story) -> str:
    population = story.population
    toolkit = story.entity.split(".")[0]
    folders = population.folders.get(toolkit)
    if folders is None:
        folders = population.folders[toolkit] = _folders(population, toolkit)
    root = population.root_of(toolkit)
    if not folders or story.traits.get("is_folder") or story.fresh:
        return root
    return folders[mix(story.bits, 47) % len(folders)].id


def _folders(population: Ground, toolkit: str) -> list[Story]:
    return [
        other
        for key, kind in population.kinds.items()
        if kind.entity.toolkit == toolkit and kind.family.name in ("folder", "file")
        for other in population.stories(key)
        if other.traits.get("is_folder") or kind.family.name == "folder"
    ]


_LABEL_OF = {"supplier": "Suppliers", "deal": "Clients", "hiring": "Hiring", "event": "Events", "routine": "Reports",
             "incident": "Follow up", "project": "Waiting", "friend": "Personal"}  # fmt: skip


def _labels(site: Site, key: str) -> Fill:
    """Labels a record carries: those of its state that the product gives by itself, and one of the user's own."""
    items = site.schema.get("items", {})
    system = system_titles(items)

    def run(story: Story) -> Json:
        options = [other for other in story.population.stories(key) if other.id not in system]
        mine = story.author == story.population.scene.user
        carried = [name for name, fits in mail_states(story, mine) if fits and name in system]
        if options and story.topic is not None and mix(story.bits, 53) % 3 == 0 and not story.fresh:
            named = _LABEL_OF.get(story.kind, "")
            fit = [option for option in options if option.title == named]
            carried.append((fit or options)[mix(story.bits, 58) % len(fit or options)].id)
        return carried

    return run


def mail_states(story: Story, mine: bool) -> tuple[tuple[str, bool], ...]:
    """Which of a mailbox's own labels hold for a message."""
    recent = story.created > story.population.clock.now - 5 * 86400
    inbox = not mine and (recent or mix(story.bits, 54) % 3 > 0)
    unread = not mine and inbox and mix(story.bits, 55) % 100 < (45 if recent else 8)
    return (
        ("SENT", mine),
        ("INBOX", inbox),
        ("UNREAD", unread),
        ("STARRED", not story.fresh and mix(story.bits, 56) % 11 == 0),
        ("IMPORTANT", not mine and mix(story.bits, 57) % 4 == 0),
    )
