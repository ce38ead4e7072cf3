"""Fields that hold a moment: which moment of the story it is, and how the schema writes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from callsmith.catalog.lives import standing
from callsmith.records import Json
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.calling_off import is_account
from callsmith.world.stories.clock import DAY
from callsmith.world.stories.dice import mix
from callsmith.world.stories.lifelines import table
from callsmith.world.stories.story import Story

_CREATED = {"created", "create", "creation", "added", "inserted", "sent", "received", "posted", "uploaded", "date",
            "registered", "joined", "opened", "issued", "placed", "submitted", "authored", "published", "internal",
            "timestamp", "started", "commented", "committed", "assigned", "logged"}  # fmt: skip
_UPDATED = {"updated", "update", "modified", "changed", "edited", "activity", "viewed", "seen", "pushed", "saved",
            "modification", "synced"}  # fmt: skip
_DONE = {"completed", "complete", "closed", "resolved", "resolution", "finished", "merged", "paid", "succeeded",
         "finalized",
         "completion", "resolutiondate", "done", "fixed", "remediated", "patched"}  # fmt: skip
_GONE = {"canceled", "cancelled", "trashed", "deleted", "archived", "voided", "declined", "cancellation", "cancel",
         "ended", "revoked", "deletion", "delete", "termination", "terminated", "disabled", "detached", "suspended",
         "suspension", "blocked", "banned", "locked", "deactivated", "dismissed", "rejected", "withdrawn", "removed",
         "uninstalled", "unpublished", "failed"}  # fmt: skip
_YEAR_5000 = 95_617_584_000  # in seconds: what is larger counts thousandths
_SELDOM = {
    "pinned",
    "starred",
    "featured",
    "snoozed",
    "escalated",
    "minimized",
}  # what most records never were
# Days from when a thing was made to its end.
_ENDS = {"expire": 365, "expires": 365, "expiration": 365, "expiry": 365, "expired": 365, "eol": 1460,
         "deprecation": 1095, "renewal": 365, "renews": 365, "retirement": 1460}  # fmt: skip


def time_leaf(site: Site) -> tuple[Fill, bool] | None:
    """The moment a field holds, when it holds one."""
    write = writer(site)
    if write is None:
        return None
    moment, lasting = _moment(site)
    absent = site.absent
    if site.required and not site.nullable:
        lasts = _lasting(site)

        def always(story: Story) -> Json:
            return write(story, moment(story) or story.created + lasts * DAY)

        return always, lasting

    def run(story: Story) -> Json:
        seconds = moment(story)
        return write(story, seconds) if seconds else absent

    return run, lasting


_TERM = 14  # days until what has just been made is due


def made_now(site: Site) -> Fill | None:
    """What a record that cannot be without a moment says when it has just been made; None for all other fields."""
    write = writer(site) if site.required and not site.nullable and site.own else None
    if write is None or not site.words:
        return None
    ahead = bool({*site.words} & {*_ENDS, "due", "until", "return", "expires", "expiry", "deadline", "next"})
    if not ahead and not logged(site.words) and not site.words[0].endswith("ed"):
        return None
    return lambda story: write(story, story.population.clock.now + (_TERM * DAY if ahead else 0))


def logged(words: Sequence[str]) -> bool:
    """Whether a moment is named after what was done to its record: created, changed, closed, called off."""
    known = _CREATED | _UPDATED | _DONE | _GONE
    return bool({*words} & (known - {"date", "timestamp"}) or {*words} & {*_ENDS, "due"})


def _wanted_by(story: Story) -> int:
    """By when a piece of work is wanted that no office plans: some days after it was asked for."""
    if story.family != "thing" or story.fresh:
        return 0
    return story.population.clock.at(
        (story.created - story.population.clock.now) // DAY + 6 + story.bits % 19, 17
    )


def moment_of(site: Site) -> Callable[[Story], int]:
    """Which moment of its story a field tells, by its name."""
    return _moment(site)[0]


def _lasting(site: Site) -> int:
    """Days from its beginning to what a field tells of: a certificate's end; 0 for a beginning."""
    words = set(site.words)
    if words >= {"not", "after"}:
        return 365
    return next((days for word, days in _ENDS.items() if word in words), 0)


def writer(site: Site) -> Callable[[Story, int], Json] | None:
    """How a field writes a moment; None for one that holds none."""
    form = site.schema.get("format")
    kinds, words = site.types, set(site.words)
    text = str(site.schema.get("description", "")).lower()
    if form == "date" or site.facet == "date" and "string" in kinds and form is None:
        return lambda story, seconds: story.population.clock.day(seconds)
    if site.facet == "time" and form is None and "string" in kinds:
        return lambda story, seconds: story.population.clock.local(seconds).strftime("%H:%M")
    if form == "time":
        return lambda story, seconds: story.population.clock.local(seconds).strftime("%H:%M:%S")
    if "integer" in kinds or "number" in kinds:
        known = form in ("unix-time", "timestamp") or site.facet == "timestamp" or "epoch" in text
        if known or words & {"timestamp"} or (words & (_CREATED | _UPDATED) and "unix" in text):
            scale = 1000 if "milli" in text or "ms" in words or _in_milliseconds(site, text) else 1
            return lambda story, seconds: seconds * scale
        return None
    if form != "date-time" and (
        site.facet == "timestamp" or "string" in kinds and ("epoch" in text or words == {"timestamp"})
    ):
        scale = 1000 if "milli" in text else 1
        return lambda story, seconds: str(seconds * scale)
    if form == "date-time" or site.facet in ("date_time", "time"):
        if _local(site):
            return lambda story, seconds: story.population.clock.iso(seconds)
        return lambda story, seconds: story.population.clock.utc(seconds)
    return None


def _in_milliseconds(site: Site, text: str) -> bool:
    """Whether a number of a moment counts thousandths, as its examples do or as names like createdAt usually do."""
    shown = [value for value in site.schema.get("examples", ()) if isinstance(value, (int, float))]
    camel = bool(site.path) and site.path[-1] != site.path[-1].lower() and "second" not in text
    return max(shown) > _YEAR_5000 if shown else camel and site.facet == "timestamp" and "epoch" not in text


def _local(site: Site) -> bool:
    """Products write an appointment with the offset of its place, and what they log in UTC."""
    around = site.around
    logged = (_CREATED | _UPDATED) - {"date", "timestamp"}
    return bool(around & {"start", "end", "begin", "due", "starts", "ends"}) and not around & logged


def _coming_window(last: bool) -> Callable[[Story], int]:
    """The beginning or end of what comes next and takes a few hours: the window of the next backup."""

    def at(story: Story) -> int:
        now = story.population.clock.now
        begins = now - now % 3600 + (1 + mix(story.bits, 91) % 6) * DAY + mix(story.bits, 92) % 12 * 3600
        return begins + 4 * 3600 * last

    return at


def _of_a_time(site: Site, own: set[str]) -> Callable[[Story], int] | None:
    """An end of what comes next, or of what really took place, which lies behind; None for other moments."""
    side = own & {"start", "starts", "begin", "end", "ends", "finish"}
    last = bool(side & {"end", "ends", "finish"})
    if side and "next" in site.around:
        return _coming_window(last)
    if side and own & {"actual", "real"}:
        return lambda story: _if_past(story, story.end if last else story.start)
    return None


def _expiry(story: Story) -> int:
    """When what lasts is over: seldom told."""
    return story.created + 400 * DAY if mix(story.bits, 87) % 12 == 0 and not story.traits.get("owns") else 0


_KEPT_FOR_GOOD = frozenset("file link folder document post page share message note report".split())


def _runs_out(site: Site) -> bool:
    """Whether records are of a kind that lasts for a time, so that nearly every one says until when."""
    kind = site.entity.noun.rpartition(" ")[2]
    return site.own and unfamiliar(site.toolset, site.entity.toolkit) and kind not in _KEPT_FOR_GOOD


def _booked(site: Site) -> bool:
    """Whether records are payments that have no states, so that each was paid."""
    paid = site.entity.noun.rpartition(" ")[2] in (
        "payment",
        "instalment",
        "installment",
        "donation",
        "receipt",
    )
    own = site.own and unfamiliar(site.toolset, site.entity.toolkit)
    return own and paid and not standing(site.entity.schema.get("properties", {}))


def _term(site: Site) -> Callable[[Story], int]:
    """When a licence, an offer or a batch of food is over: nearly always told."""
    days = 30 if site.entity.noun.rpartition(" ")[2] in table()["short_lived"] else 365
    return lambda story: _expiry(story) if mix(story.bits, 86) % 9 == 0 else story.created + days * DAY


def _if_past(story: Story, moment: int) -> int:
    return moment if moment <= story.population.clock.now else 0


def _moment(site: Site) -> tuple[Callable[[Story], int], bool]:
    own = set(site.words)
    if any(map(is_account, site.path[:-1])):
        return (lambda story: story.finished if story.state == "gone" else 0), True
    words = own if own & (_CREATED | _UPDATED | _DONE | _GONE) - {"date", "timestamp"} else site.around
    if (bound := _of_a_time(site, own)) is not None:
        return bound, True
    if words & {"due", "duedate", "deadline"} or (site.family == "deal" and words & {"close", "closing"}):
        if {"date", "time"} <= own or "datetime" in own:
            return (lambda story: story.due if mix(story.bits, 85) % 3 == 0 else 0), False
        return (lambda story: story.due or _wanted_by(story)), False
    if words & {"expire", "expires", "expiration", "expiry", "expired", "redeem"}:
        return (_term(site) if _runs_out(site) else _expiry), False
    if (lasts := _lasting(site)) and not words & {"deprecation"}:
        return (lambda story: story.created + lasts * DAY), True
    if own & {"eta"}:
        return (lambda story: story.population.clock.now + 600 + mix(story.bits, 95) % 250 * 60), True
    if words & {"trial", "deprecation"} or words >= {"cancel", "at"} and not words & {"canceled"}:
        return (lambda story: 0), False
    if words >= {"by", "due"} or words & {"invited"}:
        return (lambda story: story.due), False
    if (
        words & {"start", "starts", "begin", "begins", "since"}
        or words & {"scheduled"}
        and not own & {"end", "ends", "finish"}
        or own == {"from", "date"}
        or words >= {"period", "start"}
    ):
        if site.family == "subscription" and "period" not in words:
            return (lambda story: story.created), True
        if site.family in ("task", "project") and site.nullable:
            return (
                lambda story: story.start if mix(story.bits, 89) % 4 == 0 and story.due > story.start else 0
            ), False
        return (lambda story: story.start), False
    if words & {"end", "ends", "finish", "until"} or own == {"to", "date"}:
        return (lambda story: story.end), False
    if words & {"closed", "resolved", "resolution", "resolutiondate"}:
        return (lambda story: story.finished if story.state in ("done", "gone") else 0), True
    if own & _SELDOM:
        return (lambda story: 0), False
    if words & _DONE and not (own & {"paid", "received"} and _booked(site)):
        return (lambda story: story.finished if story.state == "done" else 0), True
    if words & _GONE:
        return (lambda story: story.finished if story.state == "gone" else 0), True
    if words & _UPDATED or "last" in words:
        return (lambda story: story.updated), True
    return (lambda story: story.created), True
