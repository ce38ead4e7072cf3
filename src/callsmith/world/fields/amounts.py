"""Fields that hold numbers: money in agreement with itself, counts of what is there, sizes and orders."""

from __future__ import annotations

from collections.abc import Callable

from callsmith.records import Json
from callsmith.world.fields.magnitudes import tallied
from callsmith.world.fields.measures import price_leaf, unfamiliar
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import everyday
from callsmith.world.stories.naming import stem
from callsmith.world.stories.story import Story

_SOME = (12, 15, 18, 22, 25, 28, 32, 35, 40, 45, 48, 55, 60, 65, 75, 80, 90, 95, 110, 120)  # what things cost
_MONEY = {"amount", "total", "subtotal", "price", "cost", "fee", "tax", "balance", "value", "net", "gross", "paid",
          "due", "remaining", "revenue", "charge", "sum"}  # fmt: skip


_NONE_LEFT = {
    "balance",
    "discount",
    "remaining",
    "outstanding",
    "overdue",
    "owed",
    "refunded",
    "paid",
    "due",
    "off",
}


def amount_leaf(site: Site) -> tuple[Fill, bool] | None:
    """The number a field holds, when its name tells."""
    kinds, words = site.types, set(site.words)
    text = str(site.schema.get("description", "")).lower()
    numeric = "integer" in kinds or "number" in kinds
    if numeric and (
        site.facet in ("amount", "amount_minor") or words & _MONEY and _is_money(site, words, text)
    ):
        told = _money(site, words, text)
        return (
            None if words & _NONE_LEFT and "price" not in words else price_leaf(site, told)
        ) or told, False
    if "quantity" in words and numeric:
        own = site.family != "line" and unfamiliar(site.toolset, site.entity.toolkit)
        return (several_of(site) if own else lambda story: story.quantity), False
    weighed = not everyday(site.entity, site.family) and site.family != "group" or "byte" in text
    stored = "byte" in text or words <= {"size", "file"} or not unfamiliar(site.toolset, site.entity.toolkit)
    if "size" in words and weighed and stored and (numeric or site.schema.get("pattern")):
        return (lambda story: site.absent if story.traits.get("is_folder") else _size(story)), True
    if (
        numeric
        and words & {"total", "limit"}
        and (priced := price_leaf(site)) is not None
        and not _lists(site)
        and not tallied(site.words)
    ):
        return priced, False
    if numeric and site.family == "label" and not site.required:
        return (lambda story: site.absent), True
    if numeric and words & {
        "count",
        "total",
        "counts",
        "number",
        "num",
        "active",
        "remaining",
        "limit",
        "changed",
        "size",
    } | {stem(w) for w in words} & {"count", "comment"}:
        return _count(site), True
    if numeric and words & {"order", "position", "rank", "index"}:
        return (lambda story: story.ordinal), True
    money = bool(words & {"estimate", "quote"}) and "number" in kinds
    plain = _plain_number(site) if numeric and not money else None
    priced = price_leaf(site) if plain is None and numeric else None
    return plain if priced is None else (priced, False)


FEW, FOR_ONE = (
    (1, 1, 2, 1, 3, 2, 4, 2, 6),
    ("order", "ticket", "booking", "sale", "purchase", "reservation", "rental"),
)
_SEVERAL = (1, 2, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20)


def several_of(site: Site) -> Fill:
    """How many pieces are ordered, moved or delivered, of which no story tells."""
    salt, high = site.salt, site.schema.get("maximum", _SEVERAL[-1])
    usual = FEW if site.entity.noun.split(" ")[-1] in FOR_ONE else _SEVERAL
    return lambda story: min(high, usual[mix(story.bits, salt) % len(usual)])


def _lists(site: Site) -> bool:
    """Whether a total counts what is listed: of what has nothing to do with money."""
    return bool(site.around & {"count", "item", "record", "number", "page", "result", "row"})


def _is_money(site: Site, words: set[str], text: str) -> bool:
    if (
        words & {"count", "messages", "threads"}
        or site.facet in ("count", "percent")
        or "duration" in site.around
    ):
        return False
    return bool(words & {"amount", "subtotal", "price", "tax", "balance"}) or "cent" in text or "unit" in text or (
        "currency" in {stem(name) for name in site.entity.schema.get("properties", {})}
    )  # fmt: skip


def _money(site: Site, words: set[str], text: str) -> Fill:
    minor = site.facet == "amount_minor" or "smallest" in text or "cent" in text or "integer" in site.types
    part = _part(words)

    plain = everyday(site.entity, site.family)

    def run(story: Story) -> Json:
        value = part(story)
        if plain and not story.amount and not story.fresh and not value:
            value = _SOME[mix(story.bits, site.salt) % len(_SOME)] * 100 * story.population.scale
        return value if minor else round(value / 100, 2)

    return run


def _part(words: set[str]) -> Callable[[Story], int]:
    paid = {"paid", "received", "captured"}
    if words & {"refunded"}:
        return refunded
    if words & paid:
        return lambda story: story.amount if story.state == "done" else 0
    if words & {"remaining"}:
        return lambda story: 0 if story.state == "done" else story.amount
    if words & {"subtotal", "net"}:
        return lambda story: story.amount - tax_of(story)
    if words & {"tax", "vat"}:
        return tax_of
    if words & {"balance", "fee", "discount"} or words >= {"off"}:
        return lambda story: 0
    return lambda story: story.amount


def tax_of(story: Story) -> int:
    """The tax inside an amount; exact so that parts add up."""
    return round(story.amount * 0.16)


def refunded(story: Story) -> int:
    """What refunds have given back of a payment."""
    total = 0
    for key, kind in story.population.kinds.items():
        if kind.family.name == "refund" and story.entity in kind.links:
            story.population.stories(key)
            total += sum(child.amount for child in story.children.get(key, ()) if child.state != "gone")
    return min(total, story.amount)


def meeting_minutes(story: Story) -> int:
    """How long a bookable kind of meeting lasts, as its name says."""
    digits = "".join(letter for letter in story.title if letter.isdigit())
    return int(digits) if digits else (15, 30, 30, 45, 60)[story.bits % 5]


def _size(story: Story) -> int:
    return 2000 + mix(story.bits, 23) % (2_400_000 if story.family in ("file", "attachment") else 90_000)


def _count(site: Site) -> Fill:
    nouns = {stem(word) for word in site.around}
    nouns |= {"comment"} if "note" in nouns else set()
    if nouns & {"limit", "remaining", "interval"}:
        few = site.own and "limit" in nouns and unfamiliar(site.toolset, site.entity.toolkit)
        return lambda story: max(_LIMITS[site.salt % 5] if few else 1, site.schema.get("minimum", 1))
    guessed = bool(nouns & {"unread", "view", "like", "star", "watcher", "fork", "favorite", "redeemed"})
    closed = False if "open" in nouns else True if "closed" in nouns else None
    tries = "attempt" in nouns or "submission" in nouns
    unknown = site.own and unfamiliar(site.toolset, site.entity.toolkit)
    vague = (
        unknown
        and not site.required
        and not {*site.words} & {"count", "counts", "total", "active", "changed"}
    )
    strange, whole = unknown and bool(nouns & {"count", "size"}), unknown and tallied(site.words)

    def run(story: Story) -> Json:
        low = site.schema.get("minimum", 0)
        if tries:
            return max(low, int(story.state == "done"))
        for key, kind in story.population.kinds.items():
            noun = stem(key.rsplit(".", 1)[-1])
            if story.entity not in kind.links:
                continue
            if noun in nouns or kind.family.name in nouns:
                held = story.children.get(key, [])
                if closed is not None:
                    held = [child for child in held if (child.state in ("done", "gone")) == closed]
                return max(low, len(held))
            if any(_deed_of(noun, word) for word in site.words):
                held = story.children.get(key, [])
                return max(low, sum(child.state != "gone" for child in held))
        if strange and not story.fresh and (many := _through(story, nouns)) is not None:
            return max(low, many)
        if whole and not story.fresh:
            return max(low, 20 + 10 * (mix(story.bits, site.salt) % 15))
        if strange and not story.fresh and not tries:
            return max(low, 1 + mix(story.bits, site.salt) % 18)
        if vague:
            return site.absent
        return low if story.fresh or not guessed else max(low, mix(story.bits, site.salt) % 4)

    return run


_LIMITS = (3, 5, 10, 4, 8)  # of how many of a thing somebody may have


def _through(story: Story, nouns: set[str]) -> int | None:
    """How many there are of those that are named beside this one: the donors of a campaign, by its donations."""
    kinds = story.population.kinds
    for key in kinds:
        if stem(key.rsplit(".", 1)[-1]) not in nouns:
            continue
        for between, kind in kinds.items():
            if {key, story.entity} <= {*kind.links}:
                held = story.children.get(between, [])
                return len({id(child.links[key]) for child in held if key in child.links})
    return None


_ROOT = 4  # letters by which a deed and what it makes are known: booked and booking


def _deed_of(noun: str, word: str) -> bool:
    """Whether a word is the participle of the deed whose record has that noun: enrolled, enrollment."""
    root = word.removesuffix("ed")
    return word.endswith("ed") and len(root) >= _ROOT and noun.startswith(root)


def _plain_number(site: Site) -> tuple[Fill, bool] | None:
    words = set(site.words)
    clock_words = {"minutes", "minute"}
    if site.words == ("duration",) and site.family == "meeting_type":
        return (lambda story: meeting_minutes(story)), True
    if "duration" in site.around and "amount" in words:
        return (lambda story: (15, 30, 30, 45, 60, 90)[mix(story.bits, site.salt) % 6]), False
    if words & clock_words or site.facet == "duration_minutes":
        if "duration" in words or words == {"minutes"} and site.path[:-1] == ():
            return (
                lambda story: max(
                    15, (story.end - story.start) // 60 if 0 < story.end - story.start < 90000 else 30
                )
            ), True
        return (lambda story: (10, 15, 30, 60)[mix(story.bits, site.salt) % 4]), False
    if site.facet == "duration_seconds" or words & {
        "seconds",
        "timespent",
        "timeoriginalestimate",
        "estimate",
    }:
        return (lambda story: (1, 2, 3, 4, 6, 8)[mix(story.bits, site.salt) % 6] * 3600), False
    if "priority" in words:
        low, high = site.schema.get("minimum", 1), site.schema.get("maximum", 4)
        return (lambda story: min(high, low + (0, 0, 0, 1, 2, 3)[mix(story.bits, site.salt) % 6])), False
    if words & {"percent", "rate", "percentage"}:
        return (lambda story: (5, 10, 10, 15, 20)[mix(story.bits, site.salt) % 5]), False
    return None
