"""Fields that show a person: name, address, handle, number, and ids in the product's own style."""

from __future__ import annotations

from collections.abc import Callable

from callsmith.facts.phones import phone_like
from callsmith.records import Json, Person
from callsmith.schema import steps
from callsmith.seeds import number
from callsmith.text import says_handle
from callsmith.world.fields.identity import styled
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.fields.sites import Fill, Site, role_of, who
from callsmith.world.scene import ascii_slug
from callsmith.world.stories.bearers import accounts, bearer_leaf
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import PEOPLE, family_of
from callsmith.world.stories.naming import split
from callsmith.world.stories.story import Story

_NAMES = {"name", "login", "username", "email", "phone", "handle", "mail", "waid", "initials"}
_IDS = {"id", "gid", "uid", "uri", "uuid", "key"}


def person_leaf(site: Site) -> tuple[Fill, bool] | None:
    """What a field shows of a person, when it shows one."""
    if site.own and _is_text(site) and says_handle(str(site.schema.get("description") or "")):
        return _handle(site)
    borne = bearer_leaf(site)
    if borne is not None:
        return borne
    inside = not site.own or site.family in (*PEOPLE, "membership", "permission")
    if site.own and inside and (near := _near(site)) is not None:
        return near, False
    if site.family == "phone_line" and site.words and (site.facet == "phone" or "phone" in site.words):
        tight = bool(site.schema.get("pattern"))
        return (lambda story: story.population.scene.user.phone.replace(" ", "" if tight else " ")), True
    words = site.words
    if not words:
        return None
    last = words[-1]
    kind = _kind(site, last, inside)
    if site.refers and _people(site) and _is_key(site) and (kind in ("", "id") or last in _IDS):
        kind = "id"
        if not inside and not role_of(site) and not unfamiliar(site.toolset, site.entity.toolkit):
            return None
    if not kind:
        return None
    given = kind == "id" and not inside and not role_of(site)  # whose shift it is
    role = (
        "owner" if given else "subject" if inside and (len(site.path) == 1 or not site.own) else role_of(site)
    )
    if not role and last == "by":
        role = "author"
    if inside and not role:
        role = "subject"
    if not role:
        return None
    show = _SHOWN[kind]
    toolkit = site.entity.toolkit
    absent = site.absent

    def run(story: Story) -> Json:
        person = who(story, role) or (_somebody(story) if role == "subject" and site.required else None)
        if person is None or (role == "owner" and story.fresh and not inside):
            return absent
        if kind == "id":
            return person_id(story, toolkit, _kept(story, toolkit, person, site), site)
        if kind == "phone":
            formed = phone_like(person.phone, site.schema)
            return formed if site.schema.get("examples") else formed.replace(" ", "")
        return show(person)

    return run, not given and role in ("author", "user") or inside or "customer" in site.words


def _handle(site: Site) -> tuple[Fill, bool]:
    """What somebody of the house signs in by: who made the record, or whoever is named in it."""
    role = "author" if site.words[-1:] == ("by",) else role_of(site)
    absent = site.absent

    def run(story: Story) -> Json:
        if role:
            person = who(story, role)
            return absent if person is None or role == "owner" and story.fresh else person.username
        seldom = site.nullable and mix(story.bits, site.salt) % 5 == 0
        if not site.required and (story.fresh or seldom):
            return absent
        crew = (story.population.scene.user, *story.population.cast["colleague"])
        return crew[mix(story.bits, site.salt + 1) % len(crew)].username

    return run, role in ("author", "user")


_KIN = frozenset("guardian parent mother father spouse partner child kin emergency".split())
# Whom somebody goes to, or works for: the family doctor of a patient.
_AT_WORK = frozenset(
    "gp doctor physician dentist referrer teacher tutor coach supervisor therapist solicitor".split()
)
_OTHER = frozenset(
    "class school teacher team group course employer club doctor trainer coach pet manager company firm event "
    "plan".split()
)


def _near(site: Site) -> Fill | None:
    """Another than whom a record is of: the parent of a child; nothing of what is no person at all."""
    words = {*site.words[:-1]}
    if site.words == ("title",) and site.pointer != site.entity.label_pointer:
        return lambda story: "" if site.required and not site.nullable else site.absent
    reached = "emergency" in words and site.facet == "phone"
    contact = "emergency" in words and site.words[-1] in ("contact", "name")
    if not contact and not reached and site.words[-1:] != ("name",):
        return None
    if not words or words & {*split(site.entity.noun)}:
        return None
    if words & _OTHER:
        return lambda story: "" if site.required and not site.nullable else site.absent
    at_work = bool(words & _AT_WORK)
    if not words & _KIN and not at_work:
        return None
    salt = site.salt

    def run(story: Story) -> Json:
        own = story.subject.given if story.subject is not None else ""
        others = [one for one in story.population.strangers() if one.given != own]
        person = others[mix(story.bits, salt) % len(others)]
        if reached:
            return person.phone.replace(" ", "")
        kin = story.subject is not None and not at_work
        return f"{person.given} {story.subject.family}" if kin and story.subject else person.name

    return run


def _somebody(story: Story) -> Person | None:
    """A customer of a record that has to name one and is about nobody else."""
    strangers = () if story.fresh else story.population.strangers()
    return strangers[mix(story.bits, 77) % len(strangers)] if strangers else None


def _people(site: Site) -> bool:
    return any(
        entity.key == site.refers and family_of(entity).name in PEOPLE[:2] for entity in site.toolset.entities
    )


def _is_key(site: Site) -> bool:
    """Whether a field that refers to a person holds their key, not another of their fields."""
    copied = site.field.projects if site.field is not None else ""
    return {"string", "integer"} >= set(site.types) - {"null"} and (
        not copied or split(steps(copied)[-1])[-1] in _IDS
    )


def _kind(site: Site, last: str, inside: bool) -> str:
    words = set(site.words)
    if (
        site.schema.get("format") == "email"
        or site.facet == "email"
        or last in ("email", "mail")
        or "email" in words
        and last in ("address",)
    ):
        return "email"
    if last in ("login", "username", "handle") or last == "name" and words & {"login", "user"}:
        return "username"
    if (
        last in ("phone", "waid") or site.facet == "phone" or {"phone", "number"} <= words
    ) and "id" not in words:
        return "phone"
    if inside:
        if words & {"company", "employer"}:
            return ""
        if {"first", "given"} & words and "name" in words or last == "forename":
            return "given"
        if {"last", "family"} & words and "name" in words or last == "surname":
            return "family"
        if {"job", "title"} <= words:
            return "job"
        if last == "name" or {"display", "name"} <= words or site.facet == "person":
            return "name"
        if last in _IDS and not site.own:
            return "id"
        if last == "initials":
            return "initials"
        return ""
    if (
        site.words[-1] == "by" and len(site.words) > 1 and site.own and _is_text(site)
    ):  # opened by: who did it
        return "username" if any(" " not in str(text) for text in site.schema.get("examples", ())) else "name"
    if _other_kind(site):
        return ""
    role = role_of(site)
    if last == "name" and role and site.own and len(words) > 1:
        return "name"
    if last in _IDS and role in ("author", "owner") and len(words) > 1:
        return "id"
    if role and len(words) == 1 and "string" in site.types and not site.schema.get("pattern"):
        named = site.family in ("comment", "commit") or not accounts(site.toolset)
        return "name" if named and not _by_address(site) else "email"
    return ""


def _by_address(site: Site) -> bool:
    """Whether the definition says that the one is named by an e-mail address."""
    return "email" in str(site.schema.get("description", "")).lower().replace("-", "")


def _is_text(site: Site) -> bool:
    return "string" in site.types and not any(site.schema.get(name) for name in ("format", "enum", "pattern"))


def _other_kind(site: Site) -> bool:
    """Whether the schema says that the value is a moment, a link, a choice or a number, whoever it is about."""
    return bool(site.schema.get("format") or site.schema.get("enum") or site.facet in _NOT_PEOPLE) or not (
        {"string", "integer"} & set(site.types)
    )


_NOT_PEOPLE = (
    "date",
    "date_time",
    "time",
    "timestamp",
    "url",
    "enum",
    "flag",
    "count",
    "title",
    "body",
    "text",
    "label",
)
_SHOWN: dict[str, Callable[[Person], str]] = {
    "email": lambda person: person.email,
    "username": lambda person: person.username,
    "phone": lambda person: person.phone.replace(" ", ""),
    "given": lambda person: person.given,
    "family": lambda person: person.family,
    "name": lambda person: person.name,
    "initials": lambda person: ascii_slug(person.given)[:1].upper() + ascii_slug(person.family)[:1].upper(),
    "id": lambda person: person.email,
    "job": lambda person: person.role,
}


def _kept(story: Story, toolkit: str, person: Person, site: Site) -> Person:
    """The person, or another of those whom the toolkit keeps where it has no record of that one."""
    known = story.population.stories(site.refers) if site.refers in story.population.kinds else []
    if not known or role_of(site) or story.population.person_story(toolkit, person) is not None:
        return person
    return known[mix(story.bits, site.salt) % len(known)].subject or person


def person_id(story: Story, toolkit: str, person: Person, site: Site) -> Json:
    """The id by which the toolkit knows a person: that of its own record, or one in the schema's style."""
    record = story.population.person_story(toolkit, person)
    whole = bool({"integer", "number"} & set(site.types))
    if (
        record is not None
        and " " not in record.id
        and not (whole and "string" not in site.types and not record.id.isdigit())
    ):
        return int(record.id) if whole and record.id.isdigit() else record.id
    return styled(site.schema, number(story.population.seed, toolkit, "person", person.email))
