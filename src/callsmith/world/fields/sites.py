"""One place in a record's schema, and what can be told of it from its name, type and surroundings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from callsmith.records import Entity, Field, Json, Person, Schema, Toolset
from callsmith.schema import types
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.story import Story

Fill = Callable[[Story], Json]
MISSING: Any = type("Missing", (), {"__repr__": lambda _: "MISSING"})()
"""What a filler gives when an optional field is not there."""

_AUTHOR = {"author", "creator", "created", "from", "sender", "organizer", "organiser", "reporter", "posted", "uploader",
           "committer", "owner", "modifying", "modified", "host", "by", "actor", "requester", "initiator", "inviter",
           "opened", "writer", "added", "updater", "uploaded", "owned", "leader"}  # fmt: skip
_OWNER = {"assignee", "responsible", "assigned", "lead", "agent", "assigner", "completed"}
_READER = {"to", "recipient", "recipients", "reader", "cc"}
_SUBJECT = {"customer", "contact", "invitee", "billing", "receipt", "payer", "buyer", "guest", "attendee", "shipping",
            "client", "participant", "profile", "grantee", "requested", "email", "account"}  # fmt: skip
_USER = {"me", "self", "current", "viewer"}
_PERSONAL = {"email", "login", "username", "handle", "phone", "mail"}
_PLAIN_USER = {"user", "person", "member"}


class Site(Struct, frozen=True):
    """A leaf or nested part of an entity's schema. ``own``: it is the record's own, not a linked person's."""

    toolset: Toolset
    entity: Entity
    family: str
    pointer: str
    path: tuple[str, ...]
    schema: Schema
    field: Field | None
    required: bool
    nullable: bool
    own: bool

    @property
    def name(self) -> str:
        return self.path[-1] if self.path else ""

    @property
    def words(self) -> tuple[str, ...]:
        return split(self.name)

    @property
    def around(self) -> set[str]:
        """Words of this name and of the names it lies under."""
        return {word for step in self.path for word in split(step)}

    @property
    def facet(self) -> str:
        return self.field.facet if self.field else ""

    @property
    def refers(self) -> str:
        return self.field.refers if self.field else ""

    @property
    def types(self) -> tuple[str, ...]:
        return types(self.schema)

    @property
    def absent(self) -> Json:
        """What stands for "there is none": null, or nothing at all."""
        return None if self.nullable else MISSING

    @property
    def salt(self) -> int:
        """A number of this field's own, so that two fields of one record are drawn apart."""
        return salt_of(self.path)


def salt_of(path: Sequence[str]) -> int:
    """``Site.salt`` of the field at a path."""
    total = 7
    for letter in "/".join(path):
        total = (total * 131 + ord(letter)) & 0xFFFFFFFF
    return total


def role_of(site: Site) -> str:
    """Which of a record's people a field shows: author, owner, reader, subject, user; "" for none."""
    return role_in(site.words)


def role_in(path: Sequence[str]) -> str:
    """``role_of`` for the words of a field's name."""
    words = [singular(word) for word in path]
    for word in words:
        if word in _OWNER:
            return "owner"
    for word in words:
        if word in _AUTHOR:
            return "author"
    for word in words:
        if word in _READER:
            return "reader"
        if word in _SUBJECT:
            return "subject"
        if word in _USER:
            return "user"
    if words and words[-1] in _PLAIN_USER or words and words[0] in _PLAIN_USER:
        return "author"
    return ""


def who(story: Story, role: str) -> Person | None:
    """The person in that role."""
    if role == "author":
        return story.author
    if role == "owner":
        return story.owner
    if role == "reader":
        return story.others[0] if story.others else story.population.scene.user
    if role == "user":
        return story.population.scene.user
    return story.subject


def linked(story: Story, key: str) -> Story | None:
    """The record of entity ``key`` that the story points to, chosen once and kept."""
    known = story.links.get(key)
    if known is not None:
        return known
    if key not in story.population.kinds:
        return None
    options = story.population.stories(key)
    back = story.children.get(key)
    if back:
        return back[0]
    theirs = story.population.kinds[key].links
    if story.fresh or not options or story.entity in theirs:
        return None
    chosen = options[mix(story.bits, 41 + len(key)) % len(options)]
    story.traits[key] = chosen
    return chosen


def blank(site: Site) -> Fill:
    """What a field holds when nothing is known for it: its default, null, nothing, or the emptiest valid value."""
    value = blank_value(site)
    if isinstance(value, (list, dict)):
        return lambda story: type(value)(value)
    return lambda story: value


def blank_value(site: Site) -> Json:
    """See ``blank``."""
    schema = site.schema
    if "default" in schema:
        return schema["default"]
    if site.nullable:
        return None
    kinds = site.types
    if "array" in kinds:
        return [] if site.required or not schema.get("minItems") else MISSING
    if not site.required:
        return MISSING
    if schema.get("enum"):
        return next((option for option in schema["enum"] if option is not None), None)
    if "object" in kinds:
        return {}
    if "boolean" in kinds:
        return False
    if "integer" in kinds or "number" in kinds:
        return max(0, schema.get("minimum", 0))
    return (
        ""
        if not schema.get("minLength") and not schema.get("pattern") and not schema.get("format")
        else MISSING
    )
