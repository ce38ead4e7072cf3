"""Fields with a few possible values: flags, statuses, priorities, roles."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsmith.records import Json
from callsmith.world.inferred.amounts import refunded
from callsmith.world.inferred.dice import chance, mix
from callsmith.world.inferred.naming import split
from callsmith.world.inferred.sites import Fill, Site
from callsmith.world.inferred.story import Story

DONE = {"done", "closed", "completed", "complete", "resolved", "succeeded", "paid", "merged", "finished", "delivered",
        "settled", "fulfilled", "captured", "success", "collected", "attended"}  # fmt: skip
GONE = {"canceled", "cancelled", "void", "voided", "declined", "failed", "rejected", "expired", "uncollectible",
        "trashed", "deleted", "removed", "archived", "past", "unpaid", "abandoned", "lost", "failure"}  # fmt: skip
ACTIVE = {"progress", "review", "started", "processing", "doing", "indeterminate", "sent", "running"}
STATUS = {"status", "state", "stage", "phase", "resolution"}
_TRUE = {"active", "enabled", "livemode", "valid", "visible", "selected", "open", "subscribed", "confirmed", "verified",
         "discountable", "supported", "mergeable", "can", "share", "writers", "automatic",
         "attendees", "available", "opted"}  # fmt: skip
_LASTING = {"plan", "subscription", "membership", "support", "seats", "rental", "month", "pass", "maintenance",
            "monitoring", "retainer"}  # fmt: skip
_PREFERRED = {"active", "open", "approved", "verified", "connected", "confirmed", "published", "enabled",
              "available", "ok", "healthy", "online", "operational"}  # fmt: skip
_USUAL = ("default", "user", "member", "none", "normal", "opaque", "text", "green", "utility", "month", "google",
          "prof_services", "member", "collaborator", "solo", "en", "en_us", "automatic", "standard")  # fmt: skip
_ON, _OFF = ("enabled", "on"), ("disabled", "off", "suspended")
_RARE = {"starred", "favorite", "favourite", "flagged", "important", "pinned", "delinquent", "disputed", "overdue",
         "optional", "liked", "recurring", "muted", "secret"}  # fmt: skip
_DONE_FLAGS = {"completed", "done", "checked", "resolved", "closed", "merged", "finished", "paid", "captured"}
_OVER = {"returned", "collected", "delivered", "attended"}
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


def enum_leaf(site: Site) -> tuple[Fill, bool] | None:
    """One of the schema's choices, in agreement with the record's state."""
    options: Sequence[Json] = [option for option in site.schema.get("enum", ()) if option is not None]
    if not options:
        return None
    options = [option for option in options if not _unsaid(option)] or options
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
    if {"system", "user"} == names:
        return (lambda story: "system" if story.traits.get("system") else "user"), True
    if {"one_time", "recurring"} == names:
        return (lambda story: "recurring" if recurs(story) else "one_time"), True
    if site.words == ("type",) and (not site.own or site.family == "house") and "user" in names:
        return _account_kind(options), True
    if set(site.around) & STATUS or _is_status(options):
        return _status(site, options), True
    return None


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
    if "reason" in words or words >= {"code", "failure"}:
        return _reason(site, options), False
    if not site.required and "default" not in site.schema and words & {"event", "action"}:
        return (lambda story: site.absent), True
    return None


_TEMPLATES = {"password_reset": "AUTHENTICATION", "event_invitation": "MARKETING", "review_request": "MARKETING",
              "welcome": "MARKETING", "feedback_survey": "MARKETING"}  # fmt: skip


def _any_of(site: Site, options: Sequence[Json]) -> tuple[Fill, bool]:
    """The usual choice mostly, else any, the first ones more often."""
    usual_ones = _USUAL[1:] if site.family == "permission" else _USUAL
    plain = next((option for word in usual_ones for option in options if str(option).lower() == word), None)
    usual = site.schema.get("default", plain)
    if usual is None and {"mode", "type", "subtype"} & set(site.words):
        usual = options[0]
    fixed = bool(set(site.words) & {"locale", "language", "lang", "mode"})
    weights = _weights(len(options))
    salt = site.salt

    def run(story: Story) -> Json:
        if usual is not None and (fixed or story.fresh or mix(story.bits, salt) % 100 < 80):
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


def _is_status(options: Sequence[Json]) -> bool:
    words = {word for option in options for word in split(str(option))}
    return bool(words & DONE) and (bool(words & GONE) or bool(words & ACTIVE) or "open" in words)


def _status(site: Site, options: Sequence[Json]) -> Fill:
    sorts: dict[str, list[Json]] = {"done": [], "gone": [], "active": [], "open": []}
    for option in options:
        words = set(split(str(option)))
        name = "done" if words & DONE else "gone" if words & GONE else "active" if words & ACTIVE else "open"
        sorts[name].append(option)
    sorts = {name: _settled(fit) for name, fit in sorts.items()}
    salt = site.salt
    resolution = "resolution" in site.around

    def run(story: Story) -> Json:
        state = story.state
        if resolution and state not in ("done", "gone"):
            return None
        if story.family == "transition" and story.title in options:
            return story.title
        if story.family in ("event", "calendar", "person") and not story.fresh and state != "gone":
            return _answer(story, options, sorts)
        fit = sorts[state] or (sorts["open"] if state == "active" else ()) or sorts["active"] or (
            sorts["done"] if state == "gone" else ()) or sorts["open"] or options  # fmt: skip
        if resolution:
            fit = sorts["done"] if state == "done" and sorts["done"] else fit
        if story.family == "chat":
            return _delivery(story, options)
        if is_draft(story) and "draft" in options:
            return "draft"
        preferred = [option for option in fit if set(split(str(option))) & _PREFERRED]
        if preferred and (story.fresh or mix(story.bits, salt + 3) % 8):
            return preferred[0]
        if story.fresh and set(split(str(fit[0]))) & _NOT_NEW:
            return _begun(options) or fit[0]
        return fit[0] if story.fresh else fit[mix(story.bits, salt) % len(fit)]

    return run


_BEGUN = ("pending", "creating", "provisioning", "queued", "requested", "new", "available", "active", "enabled",
          "ready", "ok", "running", "open", "successful")  # fmt: skip
_NOT_NEW = {"paused", "disabled", "error", "failed", "stopped", "inactive", "problem", "suspended", "use",
            "detached", "degraded", "unhealthy", "warning", "offline", "attached", "hidden", "disconnected",
            "completed"}  # fmt: skip


def _begun(options: Sequence[Json]) -> Json:
    """How something stands that has just been made: it is on its way, or it is there."""
    by_word = {"_".join(split(str(option))): option for option in options}
    return next((by_word[word] for word in _BEGUN if word in by_word), None)


def _settled(options: list[Json]) -> list[Json]:
    """Options without the passing ones, ``attaching``, where there are others."""
    passing = {
        option for option in options if split(str(option))[-1:] and _PASSING.search(split(str(option))[-1])
    }
    rest = [option for option in options if option not in passing and str(option).lower() not in _UNSAID]
    return rest or options


_PASSING = re.compile(r"(?:at|ch|et|ist|ct|opp|tt|v|dd|gg|iz|fy|ify|nn|ss|ll)ing$")
_UNSAID = {"unknown", "unspecified", "unrecognized", "other"}


def is_draft(story: Story) -> bool:
    """Whether a bill has been made but not sent: it has no number yet and nobody can pay it."""
    return story.family == "invoice" and (story.fresh or story.state == "open" and story.bits % 4 == 0)


def _delivery(story: Story, options: Sequence[Json]) -> Json:
    by_word = {str(option).lower(): option for option in options}
    if story.author != story.population.scene.user:
        return by_word.get("received", by_word.get("read", options[0]))
    if story.fresh:
        return by_word.get("sent", by_word.get("accepted", options[0]))
    return by_word.get("read" if mix(story.bits, 59) % 4 else "delivered", options[0])


def _answer(story: Story, options: Sequence[Json], sorts: dict[str, list[Json]]) -> Json:
    """Events are confirmed, sometimes tentative; guests have mostly accepted, organisers always."""
    open_ones = sorts["open"] or list(options)
    if story.family != "person":
        return open_ones[0] if mix(story.bits, 91) % 12 else open_ones[-1]
    by_word = {str(option).lower(): option for option in options}
    accepted = by_word.get("accepted", open_ones[0])
    if story.subject == story.author:
        return accepted
    draw = mix(story.bits, 93) % 10
    past = story.start and story.start < story.population.clock.now
    pending = by_word.get("needsaction", by_word.get("needs_action", accepted))
    if draw < 6 or (past and draw < 8):
        return accepted
    return by_word.get("declined" if draw == 9 else "tentative", accepted) if draw > 7 else pending


def _reason(site: Site, options: Sequence[Json]) -> Fill:
    """A reason stands only where something went wrong."""

    def run(story: Story) -> Json:
        if story.state != "gone" and not (story.family == "refund" and site.words == ("reason",)):
            return site.absent
        return options[mix(story.bits, site.salt) % len(options)]

    return run
