"""Fields with a few possible values: flags, statuses, priorities, roles."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.catalog.lives import rare
from callsmith.records import Json, Schema
from callsmith.world.fields.amounts import refunded
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.fields.sites import Fill, Site, blank
from callsmith.world.fields.sorts import paired_leaf, told_leaf
from callsmith.world.stories.dice import chance, mix
from callsmith.world.stories.families import everyday
from callsmith.world.stories.naming import split
from callsmith.world.stories.stages import DONE, STATUS, is_status, status
from callsmith.world.stories.story import Story

_TRUE = {"active", "enabled", "livemode", "valid", "visible", "selected", "open", "subscribed", "confirmed", "verified",
         "discountable", "supported", "mergeable", "can", "share", "writers", "automatic",
         "attendees", "available", "opted"}  # fmt: skip
_LASTING = {"plan", "subscription", "membership", "support", "seats", "rental", "month", "pass", "maintenance",
            "monitoring", "retainer"}  # fmt: skip
_USUAL = ("default", "user", "member", "none", "normal", "opaque", "text", "green", "utility", "month", "google",
          "prof_services", "member", "collaborator", "solo", "en", "en_us", "automatic", "standard")  # fmt: skip
_PLAIN = ("default", "none", "normal", "standard", "regular")  # most are so where nothing tells which
_ON, _OFF = ("enabled", "on"), ("disabled", "off", "suspended")
_RARE = {"starred", "favorite", "favourite", "flagged", "important", "pinned", "delinquent", "disputed", "overdue",
         "optional", "liked", "recurring", "muted", "secret", "deprecated"}  # fmt: skip
_DONE_FLAGS = {"completed", "done", "checked", "resolved", "closed", "merged", "finished", "paid", "captured"}
_OVER = {"returned", "collected", "delivered", "attended"}
_MOSTLY = {
    "service",
    "working",
    "operational",
    "functional",
    "online",
    "covered",
    "accessible",
    "lit",
    "equipped",
}
_LOOSE = ("unknown", "event")  # nothing but such a flag tells how far they are
_GONE_FLAGS = {"canceled", "cancelled", "archived", "trashed", "deleted", "voided"}


def flag_leaf(site: Site) -> tuple[Fill, bool] | None:
    """True or false, in agreement with the record's state."""
    if "boolean" not in site.types:
        return None
    words = set(site.words)
    salt = site.salt
    if words & {"self", "me"}:
        return (lambda story: story.subject == story.population.scene.user), True
    if words & {"organizer", "organiser", "creator"} and not site.own:
        return (lambda story: story.subject == story.author), True
    if words & {"primary", "main"}:
        return (lambda story: not story.ordinal and not story.fresh), True
    if words == {"merged"}:
        return (lambda story: story.state == "done"), True
    if "paid" in words and site.family in _LOOSE:
        return (lambda story: story.state == "done" if "stands" in story.traits else over(story)), True
    if words & _DONE_FLAGS or words & _OVER:
        return (lambda story: over(story) if story.family in _LOOSE else story.state == "done"), True
    if words & _GONE_FLAGS:
        return (lambda story: story.state == "gone" and story.family not in ("file", "folder")), True
    if words & {"attachment", "attachments"}:
        return (lambda story: _holds(story, "attachment")), True
    if words & {"refunded"}:
        return (lambda story: 0 < refunded(story) >= story.amount), True
    if words & {"disputed"}:
        return (lambda story: _holds(story, "dispute")), True
    if words & {"shared"}:
        return (lambda story: bool(story.others)), True
    if words & {"unread", "read", "seen"}:
        wanted = "unread" in words
        return (lambda story: chance(0.2, story.bits, salt) == wanted), True
    if words & {"inbox"}:
        return (lambda story: bool(story.traits.get("inbox"))), True
    if words == {"default"} and site.family == "hours":
        return (lambda story: True), True
    if words & {"private"}:
        return is_private, False
    if words & _TRUE and "default" not in site.schema:
        return (lambda s: chance(0.6, s.bits, salt) if _set_by_people(s) else s.state != "gone"), True
    if words & _RARE:
        return (lambda story: chance(0.1, story.bits, salt)), False
    if site.own and "default" not in site.schema and everyday(site.entity, site.family):
        often = 0.12 if rare(site.words) else 0.75 if words & _MOSTLY else 0.35
        return (
            lambda story: not story.fresh and chance(often, story.bits, salt) or often > 0.5 and story.fresh
        ), True
    if "stock" in words and "default" not in site.schema:
        return (lambda story: chance(0.85, story.bits, salt) or story.fresh), True
    value = bool(site.schema.get("default", words & {"use"} and "default" in words))
    return (lambda story: chance(0.4, story.bits, salt) if _set_by_people(story) else value), True


def over(story: Story) -> bool:
    """Whether an everyday record is done with: brought back, paid, collected; those without a state are by chance."""
    return (
        story.state in ("done", "gone")
        or story.family in _LOOSE
        and not story.fresh
        and chance(0.4, story.bits, 977)
    )


def _set_by_people(story: Story) -> bool:
    """Whether a record is what people have set for another: then any switch may stand either way."""
    kind = story.population.kinds.get(story.entity)
    return kind is not None and kind.sole


def is_private(story: Story) -> bool:
    """Whether only those who are let in can see it."""
    return chance(0.6, story.bits, 601)


def _account_kind(options: Sequence[Json]) -> Fill:
    by_word = {str(option).lower(): option for option in options}
    house = by_word.get("organization", by_word["user"])
    return lambda story: house if story.family == "house" else by_word["user"]


def _why(site: Site, options: Sequence[Json]) -> Fill:
    done = next((option for option in options if set(split(str(option))) & DONE), options[0])
    dropped = next((option for option in options if "not" in split(str(option))), options[-1])
    return lambda story: done if story.state == "done" else dropped if story.state == "gone" else site.absent


def _holds(story: Story, family: str) -> bool:
    for key, kind in story.population.kinds.items():
        if kind.family.name == family and story.entity in kind.links:
            story.population.stories(key)
            return bool(story.children.get(key))
    return False


def some_of(site: Site, items: Schema) -> Fill | None:
    """A few of the choices of a list in an everyday record; None for other lists."""
    options = [option for option in items.get("enum", ()) if option is not None]
    if len(options) < 2 or not site.own or not everyday(site.entity, site.family):
        return None
    salt, absent = site.salt, blank(site)

    def run(story: Story) -> Json:
        if story.fresh:
            return absent(story)
        start, count = mix(story.bits, salt), 1 + mix(story.bits, salt + 1) % min(3, len(options) - 1)
        wanted = {(start + place * 2) % len(options) for place in range(count)}
        return [option for place, option in enumerate(options) if place in wanted]

    return run


def enum_leaf(site: Site) -> tuple[Fill, bool] | None:
    """One of the schema's choices, in agreement with the record's state."""
    options: Sequence[Json] = [option for option in site.schema.get("enum", ()) if option is not None]
    if not options:
        return None
    options = [option for option in options if not _unsaid(option)] or options
    if (paired := paired_leaf(site, options)) is not None:
        return paired, False
    if (told := told_leaf(site, options)) is not None:
        return told
    return _stateful(site, options) or _named(site, options) or _any_of(site, options)


def _stateful(site: Site, options: Sequence[Json]) -> tuple[Fill, bool] | None:
    """Choices that say how a record stands."""
    words, names = set(site.words), {str(option).lower() for option in options}
    if "lock" in words:
        return (lambda story: site.absent), True
    if any(names == {on, off} for on in _ON for off in _OFF):
        on, off = sorted(options, key=lambda option: str(option).lower() in _OFF)
        return (lambda story: on if story.fresh or chance(0.6, story.bits, site.salt) else off), True
    if words >= {"state", "reason"} or words >= {"status", "reason"}:
        return _why(site, options), True
    if {"private", "public"} <= names:
        return (lambda story: "private" if is_private(story) else "public"), True
    if len(options) == 2 and (system := by_whom(options)) is not None:
        user = next(option for option in options if option != system)
        return (lambda story: system if story.traits.get("system") else user), True
    if {"one_time", "recurring"} == names:
        return (lambda story: "recurring" if recurs(story) else "one_time"), True
    if site.words == ("type",) and (not site.own or site.family == "house") and "user" in names:
        return _account_kind(options), True
    if set(site.around) & STATUS or is_status(options):
        return status(site, options), True
    return None


def by_whom(options: Sequence[Json]) -> Json:
    """Of two choices that only differ in who made a thing that which says the product did; None for others."""
    first, second = ({*split(str(option))} for option in options)
    if first - second == {"system"} and second - first <= {"user", "custom"} and second - first:
        return options[0]
    return options[1] if second - first == {"system"} and first - second in ({"user"}, {"custom"}) else None


def _named(site: Site, options: Sequence[Json]) -> tuple[Fill, bool] | None:
    """Choices whose name tells what they are about."""
    words = set(site.words)
    if "currency" in site.around:
        return _currency(site, options), True
    if site.words == ("type",) and site.family == "permission" and "user" in options:
        return (lambda story: "user"), True
    if "location" in site.around and "type" in words:
        return _place_kind(options), False
    if "priority" in site.around:
        return _priority(site, options), False
    if site.family == "template" and {"MARKETING", "UTILITY"} <= set(options):
        return (lambda story: _TEMPLATES.get(story.title, "UTILITY")), True
    if "pooling" in words and site.nullable:
        return (lambda story: site.absent), True
    if "direction" in words:
        return _direction(options), True
    if "role" in words:
        return _role(site, options), True
    if "reason" in words or words >= {"code", "failure"} or "cause" in words and site.nullable:
        return _reason(site, options), False
    if not site.required and "default" not in site.schema and words & {"event", "action"}:
        return (lambda story: site.absent), True
    return None


_TEMPLATES = {"password_reset": "AUTHENTICATION", "event_invitation": "MARKETING", "review_request": "MARKETING",
              "welcome": "MARKETING", "feedback_survey": "MARKETING"}  # fmt: skip


def _any_of(site: Site, options: Sequence[Json]) -> tuple[Fill, bool]:
    """The usual choice mostly, else any, the first ones more often."""
    strange = unfamiliar(site.toolset, site.entity.toolkit)
    usual_ones = _PLAIN if strange else _USUAL[1:] if site.family == "permission" else _USUAL
    plain = next((option for word in usual_ones for option in options if str(option).lower() == word), None)
    usual = site.schema.get("default", plain)
    if usual is None and not strange and {"mode", "type", "subtype"} & set(site.words):
        usual = options[0]
    fixed = bool(set(site.words) & {"locale", "language", "lang", "mode"})
    weights = list(range(len(options))) if strange else _weights(len(options))
    share = 45 if strange and "default" not in site.schema else 80
    salt = site.salt

    def run(story: Story) -> Json:
        if usual is not None and (fixed or story.fresh or mix(story.bits, salt) % 100 < share):
            return usual
        if site.entity.key == "" or site.own:
            return options[weights[mix(story.bits, salt + 1) % len(weights)]]
        return options[0]

    return run, usual is not None or site.required


def _unsaid(option: Json) -> bool:
    """Whether a choice says that nothing is known, which products list and records seldom hold."""
    return split(str(option))[-1:] in (("unspecified",), ("unrecognized",), ("unknown",), ("undefined",))


def recurs(story: Story) -> bool:
    """Whether a price is paid again and again: somebody subscribes to it, or what it is for suggests so."""
    kinds = story.population.kinds
    if any(held and kinds[key].family.name == "subscription" for key, held in story.children.items()):
        return True
    return any(word in _LASTING for word in story.title.lower().replace(",", "").split())


def _priority(site: Site, options: Sequence[Json]) -> Fill:
    """Most things are of middling urgency, and few of the highest or lowest."""
    middle = next((option for option in options if str(option).lower() in ("medium", "normal")), None)
    if middle is None:
        middle = site.schema.get("default", options[len(options) // 2])
    rest = [option for option in options if option != middle]
    salt = site.salt
    return lambda story: (
        middle if mix(story.bits, salt) % 10 < 4 else rest[mix(story.bits, salt + 1) % len(rest)]
    )


def _direction(options: Sequence[Json]) -> Fill:
    outward = next((option for option in options if str(option).lower().startswith("out")), options[-1])
    inward = next((option for option in options if option != outward), outward)
    return lambda story: outward if story.author == story.population.scene.user else inward


def _role(site: Site, options: Sequence[Json]) -> Fill:
    """The first of a container's people owns it, the rest have the usual roles."""
    owner = next((option for option in options if str(option).lower() in ("owner", "admin")), options[0])
    usual = [
        option
        for option in options
        if str(option).lower() in ("writer", "reader", "commenter", "editor", "viewer", "member", "user")
    ]

    def run(story: Story) -> Json:
        if (
            story.traits.get("owns")
            or story.family == "calendar"
            and (story.kind == "mine" or story.title == "Private")
        ):
            return owner
        if story.family == "calendar":
            return next((option for option in options if option == "reader"), options[0])
        return (usual or options)[mix(story.bits, site.salt) % len(usual or options)]

    return run


def _place_kind(options: Sequence[Json]) -> Fill:
    """A meeting is at a place or a call; which one follows from the meeting."""
    physical = next(
        (option for option in options if "physical" in str(option) or "person" in str(option)), options[0]
    )
    calls = [option for option in options if "conference" in str(option) or "zoom" in str(option)] or options
    return lambda story: physical if at_place(story) else calls[story.bits % len(calls)]


def at_place(story: Story) -> bool:
    """Whether people meet in person."""
    return mix(story.bits, 97) % 10 < 4


def _weights(size: int) -> list[int]:
    """Indices of options, earlier ones more often."""
    return [place for place in range(size) for _ in range(max(1, 2 * size - 3 * place))]


def _currency(site: Site, options: Sequence[Json]) -> Fill:
    lower = {str(option).lower(): option for option in options}

    def run(story: Story) -> Json:
        home = story.population.scene.currency.lower()
        return lower.get(home, options[0])

    return run


def _reason(site: Site, options: Sequence[Json]) -> Fill:
    """A reason stands only where something went wrong."""

    def run(story: Story) -> Json:
        if story.state != "gone" and not (story.family == "refund" and site.words == ("reason",)):
            return site.absent
        return options[mix(story.bits, site.salt) % len(options)]

    return run
