"""Which entities a record points to, and in what order populations can be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, structs

from callsmith.parts import parts_of
from callsmith.records import Entity, Toolset
from callsmith.schema import collections
from callsmith.world.inferred.nulls import with_nulls
from callsmith.world.stories.families import Family, family_of
from callsmith.world.stories.naming import split, stem
from callsmith.world.stories.of_one import whose_subject

# Families from what holds to what is held: a record links to records of families before its own.
_ORDER = (
    "company", "member", "contact", "customer", "patron", "staff", "calendar", "repo", "project", "board",
    "group", "folder", "product",
    "price", "coupon", "meeting_type", "label", "section", "sprint", "release", "branch", "transition",
    "template", "payment_method", "subscription", "thread", "dialog", "phone_line", "balance", "invoice",
    "payment", "line", "refund", "dispute", "mail", "draft",
    "chat", "event", "slot", "invitee", "issue", "pull", "task", "subtask", "file", "document", "commit",
    "thing", "unknown", "webhook", "permission", "comment", "worklog", "attachment",
)  # fmt: skip
_RANK = {name: place for place, name in enumerate(_ORDER)}
_ID_WORDS = {"id", "ids", "gid", "gids", "key", "keys", "uid", "uuid", "sid", "uri", "number", "name", "slug"}


class Kind(Struct, frozen=True):
    """An entity as the population sees it."""

    entity: Entity
    family: Family
    rank: tuple[int, int]
    links: tuple[str, ...]  # entities a record belongs to or points to, nearest first
    code: bool = False  # lives in a code repository
    shown: bool = True  # some tool shows these records, or other records do
    sole: bool = False  # whatever holds one holds just one
    tenant: bool = False  # the one place that the user works in
    of: str = ""  # the entity one record of which each is about


def kinds_of(toolset: Toolset) -> dict[str, Kind]:
    """Every entity with its family and links, in an order in which each comes after what it links to."""
    families = {entity.key: family_of(entity) for entity in toolset.entities}
    _dialogs(families)
    ranks = {
        entity.key: (_RANK.get(families[entity.key].name, _RANK["task"]), place)
        for place, entity in enumerate(toolset.entities)
    }
    by_key = {entity.key: with_nulls(entity, toolset) for entity in toolset.entities}
    for _ in range(4):
        for entity in toolset.entities:
            if entity.parent in ranks and ranks[entity.parent] >= ranks[entity.key] != ranks[entity.parent]:
                ranks[entity.key] = (ranks[entity.parent][0], ranks[entity.parent][1] + len(ranks))
    _after_what_they_name(toolset, families, ranks)
    parts = parts_of(toolset)
    tenants = {
        p.refers
        for tool in toolset.tools
        for p in tool.inputs
        if p.klass == "ambient" and collections(p.schema)
    }
    made: dict[str, Kind] = {}
    for key in sorted(by_key, key=lambda name: ranks[name]):
        made[key] = Kind(
            entity=by_key[key],
            family=families[key],
            rank=ranks[key],
            links=_links(by_key[key], toolset, ranks, families),
            code=_in_code(key, by_key, families),
            shown=_is_shown(by_key[key], toolset),
            sole=key in parts,
            tenant=key in tenants,
            of=whose_subject(by_key[key], toolset),
        )
    return made


def _after_what_they_name(
    toolset: Toolset, families: Mapping[str, Family], ranks: dict[str, tuple[int, int]]
) -> None:
    """Moves a record after things that it names, or that its listing must name: a booking after the class."""
    named = {
        entity.key: {field.refers for field in entity.fields if field.refers in ranks}
        for entity in toolset.entities
    }
    within = {entity.key: {entity.parent} & ranks.keys() for entity in toolset.entities}
    for tool in toolset.tools:
        if tool.deed in ("list", "search") and tool.entity in named:
            within[tool.entity] |= {p.refers for p in tool.inputs if p.required and p.refers in ranks}
    for _ in range(4):
        for key, others in named.items():
            for other in sorted((others | within[key]) - {key}):
                odd = families[other].name not in _RANK or families[other].name in ("thing", "unknown")
                after = key not in within[other] if other in within[key] else odd and key not in named[other]
                if after and ranks[other] >= ranks[key]:
                    ranks[key] = (ranks[other][0], ranks[other][1] + len(ranks))


def _dialogs(families: dict[str, Family]) -> None:
    """Where messages are chat, what holds them are dialogs and not mail threads."""
    for key, family in families.items():
        toolkit = key.split(".")[0]
        around = {other.name for at, other in families.items() if at.split(".")[0] == toolkit}
        if family.name == "thread" and "chat" in around and "mail" not in around:
            families[key] = structs.replace(family, name="dialog", count=24)


def _is_shown(entity: Entity, toolset: Toolset) -> bool:
    for tool in toolset.tools:
        asked = "enquired" in tool.hints
        if (asked or tool.deed in ("list", "search", "read", "update", "delete", "act")) and (
            tool.entity == entity.key or any(place.entity == entity.key for place in tool.yields)
        ):
            return True
    return any(field.refers == entity.key for other in toolset.entities for field in other.fields) or any(
        other.parent == entity.key for other in toolset.entities
    )


def _in_code(key: str, entities: Mapping[str, Entity], families: Mapping[str, Family]) -> bool:
    seen: set[str] = set()
    while key in entities and key not in seen:
        seen.add(key)
        if families[key].name in ("repo", "pull", "commit", "branch"):
            return True
        key = entities[key].parent
    return False


def _links(
    entity: Entity, toolset: Toolset, ranks: Mapping[str, tuple[int, int]], families: Mapping[str, Family]
) -> tuple[str, ...]:
    found: list[str] = [entity.parent] if entity.parent else []
    found.extend(field.refers for field in entity.fields if field.refers)
    for tool in toolset.tools:
        if tool.entity == entity.key and tool.deed in ("list", "search", "create", "read"):
            asked = tool.deed in (
                "list",
                "search",
            )  # whatever a listing is narrowed by, its records belong to
            found.extend(
                p.refers
                for p in tool.inputs
                if p.refers and (p.required or p.scope or p.filters or asked and p.klass == "opaque_id")
            )
    known = dict.fromkeys(
        key for key in found if key in ranks and key != entity.key and ranks[key] < ranks[entity.key]
    )
    # Who a record is about or by is settled by its story, not by a link: a link would be to anyone.
    people = [key for key in known if families[key].name in ("member", "contact") and key != entity.parent]
    return tuple(
        sorted((key for key in known if key not in people), key=lambda name: ranks[name], reverse=True)
    )


def referred(name: str, toolkit: str, toolset: Toolset) -> str:
    """The entity that a field named ``name`` points to, by its noun; "" when none fits."""
    words = split(name)
    while words and words[-1] in _ID_WORDS:
        words = words[:-1]
    if not words:
        return ""
    noun = stem("_".join(words))
    return by_noun(noun, toolkit, toolset.entities)


def by_noun(noun: str, toolkit: str, entities: Sequence[Entity]) -> str:
    """The toolkit's entity with that noun, or ""."""
    for entity in entities:
        if entity.toolkit == toolkit and stem(entity.key.rsplit(".", 1)[-1]) == noun:
            return entity.key
    return ""
