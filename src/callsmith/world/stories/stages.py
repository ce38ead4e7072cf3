"""How far a thing has come: the one of its possible states that its story tells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from callsmith.records import Json
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import everyday
from callsmith.world.stories.lives import first_state
from callsmith.world.stories.naming import split
from callsmith.world.stories.nouns import is_technical
from callsmith.world.stories.story import Story

DONE = {"done", "closed", "completed", "complete", "resolved", "succeeded", "paid", "merged", "finished", "delivered",
        "settled", "fulfilled", "captured", "success", "collected", "attended",
        "departed", "arrived", "landed", "played", "ended", "held"}  # fmt: skip


GONE = {"canceled", "cancelled", "void", "voided", "declined", "failed", "rejected", "expired", "uncollectible",
        "trashed", "deleted", "removed", "archived", "past", "unpaid", "abandoned", "lost", "failure", "error",
        "terminated", "postponed"}  # fmt: skip


ACTIVE = {
    "seated",
    "progress",
    "review",
    "started",
    "processing",
    "doing",
    "indeterminate",
    "sent",
    "running",
    "boarding",
    "underway",
    "live",
    "playing",
    "ongoing",
}


STATUS = {"status", "state", "stage", "phase", "resolution"}


_PREFERRED = {"active", "open", "approved", "verified", "connected", "confirmed", "published", "enabled",
              "available", "ok", "healthy", "online", "operational", "running", "associated", "ready"}  # fmt: skip


def is_status(options: Sequence[Json]) -> bool:
    words = {word for option in options for word in split(str(option))}
    return bool(words & DONE) and (bool(words & GONE) or bool(words & ACTIVE) or "open" in words)


def status(site: Site, options: Sequence[Json]) -> Fill:
    sorts: dict[str, list[Json]] = {"done": [], "gone": [], "active": [], "open": []}
    for option in options:
        words = set(split(str(option)))
        name = "done" if words & DONE else "gone" if words & GONE else "active" if words & ACTIVE else "open"
        sorts[name].append(option)
    sorts = _kept(sorts) if _lifecycle(options) else {name: _settled(fit) for name, fit in sorts.items()}
    salt = site.salt
    resolution = "resolution" in site.around
    ran = bool(sorts["done"] and sorts["active"]) and _by_itself(site) or _waits(site, sorts)
    answered = bool(_ANSWERS & {str(option).lower().replace("_", "") for option in options})
    begun = first_state(options) if everyday(site.entity, site.family) else None

    def run(story: Story) -> Json:
        state = story.state
        if site.own and (stands := story.traits.get("stands")) in options:
            return stands
        if story.fresh and begun is not None:
            return begun
        if resolution and state not in ("done", "gone"):
            return None
        if story.family == "transition" and story.title in options:
            return story.title
        if (
            story.family in ("event", "calendar", "person")
            and not story.fresh
            and state != "gone"
            and answered
        ):
            return _answer(story, options, sorts)
        fit = sorts[state] or (sorts["open"] if state == "active" else ()) or sorts["active"] or (
            sorts["done"] if state == "gone" else ()) or sorts["open"] or options  # fmt: skip
        recent = story.created > story.population.clock.now - _RUNNING
        if ran and state in ("open", "active") and (not recent or mix(story.bits, salt + 5) % 3):
            fit = sorts["done"]
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


# What is done to a thing that machines keep, by the beginning of the word.
_HANDLED = ("creat", "delet", "terminat", "attach", "detach", "associat", "provision", "modif", "restor")
_UNDERWAY = {"pending", "progress", "requested", "initiating", "queued", "waiting", "shutting", "rolling"}
_VANISHED = {"deleted", "terminated", "removed", "destroyed"}
_ANSWERS = {"confirmed", "accepted", "tentative", "declined", "needsaction", "cancelled", "canceled"}


def _lifecycle(options: Sequence[Json]) -> bool:
    """Whether states are those of a thing that is created, stands and is deleted: a volume, a gateway."""
    words = [word for option in options for word in split(str(option))]
    handled = {stem for stem in _HANDLED for word in words if word.startswith(stem)}
    return bool(handled) and any(map(_underway, options)) and not all(map(_underway, options))


_RUNNING = 7200  # seconds for which something may run


def _waits(site: Site, sorts: Mapping[str, Sequence[Json]]) -> bool:
    """Whether a thing that machines keep only waits until what was set of it is in force, as a firewall does."""
    before = [*sorts["open"], *sorts["active"]]
    waiting = all({*split(str(option))} & {"waiting", "pending", "queued"} for option in before)
    return bool(sorts["done"] and before) and waiting and is_technical(site.toolset, site.entity.toolkit)


def _by_itself(site: Site) -> bool:
    """Whether what machines do is told of, which is over soon: an analysis, an import."""
    return site.family == "unknown" and is_technical(site.toolset, site.entity.toolkit)


def _underway(option: Json) -> bool:
    words = split(str(option))
    return bool(_UNDERWAY & {*words}) or words[-1:] != ("running",) and str(option).lower().endswith("ing")


def _kept(sorts: dict[str, list[Json]]) -> dict[str, list[Json]]:
    """The states in which things are found that last: standing mostly, in trouble at times, seldom in between."""
    kept = {
        name: [option for option in fit if not _underway(option) and not _VANISHED & {*split(str(option))}]
        for name, fit in sorts.items()
    }
    standing = [*kept["open"], *kept["active"]] or [*kept["done"]] or [*kept["gone"]]
    if not standing:
        return sorts
    kept |= {"open": standing, "active": standing}
    return {name: fit or standing for name, fit in kept.items()}


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
