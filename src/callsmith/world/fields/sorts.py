"""Fields that name a sort of something, such as the breed of a dog: one of those that people have for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from callsmith.catalog.belonging import plainly, told_by_name, topical
from callsmith.catalog.sorts import (
    MANY,
    Sort,
    mark_of,
    mark_on,
    marked,
    marked_in_turn,
    sort_of,
)
from callsmith.records import Entity, Json, Toolset
from callsmith.schema import settle, types
from callsmith.text import spoken
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import everyday, titled
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.story import Story

REST = ("other", "others", "misc", "miscellaneous", "none", "unknown", "n/a")  # what nobody asks for by name
_BOUND = ("enum", "const", "format", "pattern")


def sort_in(toolset: Toolset, entity: Entity, name: str) -> Sort | None:
    """The sort that a field of a record names."""
    words = split(name)
    company = {
        word
        for other in toolset.entities
        if other.toolkit == entity.toolkit and other.key != entity.key
        for word in (other.noun, *other.noun.split(" "))
    }
    near = company if len(toolset.entities) <= MANY else ()  # of hundreds of nouns one fits anything
    last = singular(words[-1]) if words else ""
    return sort_of((*words[:-1], last), entity.noun, near, entity.trade or "") if words else None


def sort_leaf(site: Site) -> tuple[Fill, bool] | None:
    """One of the sorts there are, where neither the schema nor examples say which."""
    items = settle(site.schema.get("items", {})) if "array" in site.types else site.schema
    if (
        site.facet != "enum"
        or not site.own
        or not site.path
        or types(items) not in (("string",), ("string", "null"))
    ):
        return None
    if any(name in items for name in _BOUND) or len(items.get("examples", ())) > 1:
        return None
    if len(site.path) > 1 and site.words in (("type",), ("kind",), ("category",)):
        return None  # the type of its source is none of the thing
    found = sort_in(site.toolset, site.entity, site.name)
    names = site.pointer == site.entity.label_pointer and titled(site.entity)
    if found is None or site.pointer == site.entity.id_pointer or names:
        return None
    if not all(akin(one, found.values) for one in items.get("examples", ())):
        return None  # it is of others than those that are shown
    if found.scheme:
        return _told(site, found), site.required and not site.nullable
    salt = pair_salt(found) if found.pair else site.salt
    values = found.values

    def one(story: Story) -> str:
        told = found.told(story.title) or ("" if found.pair or found.by else named_in(story.title, values))
        return told or found.plain[mix(story.bits, salt) % len(found.plain)]

    def several(story: Story) -> Json:
        first = mix(story.bits, salt)
        return [values[(first + step) % len(values)] for step in range(1 + first // 64 % min(2, len(values)))]

    return (several if "array" in site.types else one), False


def akin(shown: Json, values: Sequence[str]) -> bool:
    """Whether one that is shown is among those known, or one of them by a longer name: a Labrador Retriever."""
    if shown in values:
        return True
    words = {word for word in str(shown).lower().split() if len(word) > _TELLING}
    return any(words & {*value.lower().split()} for value in values)


_TELLING = 4  # letters of a word that hardly two sorts have in common by chance
_UNTOLD = ("General", "general")


def _told(site: Site, found: Sort) -> Fill:
    """The sort that a thing's name tells; where it tells none there is none, or the most general word for one."""
    several = "array" in site.types
    general = _UNTOLD[not found.values[0][:1].isupper()]
    none: Json = [] if several else general if site.required and not site.nullable else site.absent

    def run(story: Story) -> Json:
        told = found.told(story.title)
        return none if not told else [told] if several else told

    return run


def paired_leaf(site: Site, options: Sequence[Json]) -> Fill | None:
    """The choice that goes with the sort a record has; None where no sort goes with the choices."""
    found = sort_in(site.toolset, site.entity, site.name) if site.own and len(site.path) == 1 else None
    if found is None or not found.pair:
        return None
    known = {plainly(option): option for option in options}
    known |= {narrow: known[wide] for narrow, wide in _WIDER if wide in known and narrow not in known}
    if not known.keys() & {*found.values}:
        return None
    rest = next((option for option in options if str(option).lower() in REST), None)
    fitting = [known[value] for value in found.values if value in known]
    salt, values = pair_salt(found), found.plain

    def run(story: Story) -> Json:
        value = values[mix(story.bits, salt) % len(values)]
        return known.get(value, rest if rest is not None else fitting[0])

    return run


_WIDER = (
    ("parrot", "bird"),
    ("guinea pig", "rodent"),
    ("rabbit", "small mammal"),
    ("guinea pig", "small mammal"),
)


def told_leaf(site: Site, options: Sequence[Json]) -> tuple[Fill, bool] | None:
    """The choice that the name of a thing tells; None where names tell nothing of the choices."""
    if not site.own or len(site.path) != 1 or not {*site.words} & SORTING or not topical(options):
        return None
    if not everyday(site.entity, site.family) and site.family not in ("expense", "product", "event"):
        return None
    label = next((f.facet for f in site.entity.fields if f.pointer == site.entity.label_pointer), "")
    if label in ("", "person"):
        return None  # the name of a borrower tells nothing of the loan
    rest = next((option for option in options if str(option).lower() in REST), None)
    salt, loose = site.salt, site.nullable or not site.required

    def run(story: Story) -> Json:
        told = told_by_name(story.title, options)
        if told is not None:
            return told
        if rest is not None:
            return rest
        if loose and _speaking(story, options):
            return site.absent
        return options[mix(story.bits, salt) % len(options)]

    return run, not loose


SORTING = frozenset(("category", "type", "kind", "section", "department", "aisle", "course", "class", "group",
                     "family", "subject", "topic", "area", "material", "sort", "unit", "genre", "domain", "specialism",
                     "field", "discipline"))  # fmt: skip


def _speaking(story: Story, options: Sequence[Json]) -> bool:
    """Whether the names of some such things tell which of the choices they are."""
    key, fields = ("speaking", story.entity, *map(str, options)), story.population.fields
    if key not in fields:
        titles = [one.title for one in story.population.stories(story.entity)]
        fields[key] = any(told_by_name(title, options) is not None for title in titles)
    return bool(fields[key])


def pair_salt(found: Sort) -> int:
    """A number that all sorts of a pair share, so that one draw is behind them."""
    return sum(map(ord, found.pair))


def named_in(title: str, values: Iterable[str]) -> str:
    """The sort that a thing's name says itself: the grape of "Merlot Reserve"; ``""`` where it says none."""
    spoken = f" {title.lower()} "
    return max((value for value in values if f" {value.lower()} " in spoken), key=len, default="")


def _strange(site: Site) -> bool:
    return everyday(site.entity, site.family) or unfamiliar(site.toolset, site.entity.toolkit)


def mark_leaf(site: Site) -> tuple[Fill, bool] | None:
    """A mark of an everyday thing in the form such marks have."""
    shown = any(isinstance(one, str) and not spoken(one) for one in site.schema.get("examples") or ())
    plain = site.types in (("string",), ("string", "null")) and not any(
        name in site.schema for name in _BOUND
    )
    plain = plain and not shown
    form = (
        mark_of(site.words)
        or mark_of((*site.entity.noun.split(" "), *site.words))
        or mark_on(site.entity.noun.split(" "), site.words)
        if plain and site.own and not site.refers and _strange(site)
        else ""
    )
    if not form or site.pointer in (site.entity.id_pointer, site.entity.label_pointer):
        return None
    salt = site.salt
    own = mark_of(site.words) == "" or set(site.words) & set(site.entity.noun.split(" "))
    return (
        lambda story: own and marked_in_turn(form, story.ordinal) or marked(form, story.bits ^ salt)
    ), False
