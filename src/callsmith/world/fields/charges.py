"""What people are charged: sums that a definition names, rates on one scale, fees of a few values, balances."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsmith.catalog.charges import PAID, charging, is_extra, sums_between, sums_named, unit_paid
from callsmith.catalog.lives import phase
from callsmith.catalog.magnitudes import Magnitude, price_of
from callsmith.facts.amounts import coined
from callsmith.records import Json, Schema
from callsmith.world.fields.declared import paid_for, stated_at
from callsmith.world.fields.magnitudes import in_cents, in_minor, magnitude_in, said_unit, tallied
from callsmith.world.fields.measures import measure_in, unfamiliar
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import PEOPLE
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.story import Story

_NOTHING = re.compile(
    r"(?:^|[,;(]|\b(?:else|otherwise|is|and|or))\s*(?:0|zero|nothing|free)\b(?!\.[0-9])", re.IGNORECASE
)
_CENTS = re.compile(r"\b(?:in|of) (?:cents|pence)\b|\bminor units?\b|\bsmallest\b", re.IGNORECASE)
_SMALL = ("minute", "km", "kwh", "word", "page", "litre", "m3", "gb")
_PREPAID = re.compile(
    r"\b(?:pre-?paid|wallet|top[- ]?up|stored value|gift card|voucher|credit (?:left|remaining|still))\b"
)
_LESS = re.compile(
    r"\b(?:negative|minus|below (?:0|zero))\b[^.;]*?\b(credit|overpaid|arrears|debt|owe\w*|owing|overdrawn|behind)\b"
)


def charge_leaf(site: Site) -> tuple[Fill, bool] | None:
    """What people are charged, in which the records of one place agree as those of one place do."""
    if not {"integer", "number"} & {*site.types} or not site.own or not site.path or site.refers:
        return None
    if "enum" in site.schema or "default" in site.schema or not unfamiliar(site.toolset, site.entity.toolkit):
        return None
    words = [singular(word) for word in site.words]
    schema = stated_at(site.toolset, site.entity.key, site.pointer, site.schema)
    fill = (
        balance_of(site, words, schema)
        or _tax_rate(site, words)
        or _named(site, words, schema)
        or _scaled(site, words, schema)
    )
    return None if fill is None else (fill, False)


def balance_of(site: Site, words: Sequence[str], schema: Schema) -> Fill | None:
    """What somebody owes or has paid ahead: most owe nothing, few a little; None for other numbers."""
    text = str(schema.get("description") or "").lower()
    credit = words[-1:] == ["credit"] and "balance" not in words
    ahead = bool(_PREPAID.search(text) or {*words} & {"prepaid", "wallet"} or credit and "left" in text)
    fined = "fine" in words and bool({*words} & {"owed", "open", "due", "unpaid"})
    left = {"balance", "credit", "value", "remaining", "left", "unused"}
    if not (charging()["owed"] & {*words} or ahead and {*words} & left or fined):
        return None
    if (
        ahead
        and {*words} & {"remaining", "left", "unused", "balance"}
        and {*words} & charging()["paid_ahead"]
    ):
        return lambda story: _LEFT[mix(story.bits, site.salt) % len(_LEFT)] if _under_way(story) else 0
    if (
        charging()["counted"] & {*words}
        or charging()["lent"] & {*words, *site.entity.noun.split(" ")}
        or not ahead
        and _banking(site)
    ):
        return None
    if not ahead and _billed(site):
        return None
    minor, whole, salt = (
        in_minor(site) or bool(_CENTS.search(text)),
        "number" not in site.types,
        site.salt,
    )
    sides, debts = _LESS.search(text), _FINES if "fine" in words else _DEBTS
    owing = sides is not None and not sides[1].startswith(("credit", "overpaid"))
    low = site.schema.get("minimum", 0 if sides is None else None)

    def run(story: Story) -> Json:
        die, value = mix(story.bits, salt), 0.0
        if ahead:
            value = _AHEAD[die % len(_AHEAD)]
        elif die % 10 > 6:
            value = debts[die // 10 % len(debts)] * (-1 if owing else 1)
        elif sides is not None and not owing and die % 10 == 6:
            value = -_DEBTS[die // 10 % 3]
        value = max(value, low) if isinstance(low, (int, float)) else value
        value *= story.population.scale * (100 if minor else 1)
        return round(value) if whole or minor or value == int(value) else round(value, 2)

    return run


_AHEAD = (4.5, 8, 12.4, 15, 20, 23.6, 27.5, 35, 2.8, 50)
_LEFT = (0, 0, 0, 2, 3, 4, 5, 6, 8, 10)
_DEBTS = (12, 18.5, 25, 36, 42.5, 60, 85, 120)
_FINES = (0.6, 1.2, 2, 2.4, 3.5, 4.8, 6, 9)
_SMALL_FEE = Magnitude(2.5, 25, 2.5, True)


def _under_way(story: Story) -> bool:
    """Whether somebody is neither one who only asks nor one who has left."""
    stands = story.traits.get("stands")
    return stands is None or phase(stands) == "going"


def _banking(site: Site) -> bool:
    """Whether it is money that lies at a bank, of which there is more than of what is owed for goods."""
    fields = {word for name in site.entity.schema.get("properties", {}) for word in split(name)}
    return bool(charging()["banking"] & fields) or site.family in (
        "bank_account",
        "invoice",
        "budget",
        "payslip",
    )


def _billed(site: Site) -> bool:
    """Whether what is owed is left of a sum beside it."""
    names = [
        {*map(singular, split(name))}
        for name, schema in site.entity.schema.get("properties", {}).items()
        if name != site.name and {"integer", "number"} & {*_kinds(schema)}
    ]
    return any(
        words & {"total", "price", "amount", "cost", "subtotal", "paid", "principal"} and "count" not in words
        for words in names
    )


def _kinds(schema: Schema) -> tuple[str, ...]:
    kinds = schema.get("type", ())
    return (kinds,) if isinstance(kinds, str) else tuple(kinds)


_TAX_RATES = (20, 19, 21, 20, 10)


def _tax_rate(site: Site, words: Sequence[str]) -> Fill | None:
    """The rate of a tax, which is one and the same at one place."""
    if (
        not charging()["taxes"] & {*words}
        or not {*words} & {"rate", "percent", "percentage", "pct"}
        or site.schema.get("examples")
    ):
        return None
    share = site.schema.get("maximum") == 1
    return lambda story: (
        _TAX_RATES[mix(story.population.bits, 1451) % len(_TAX_RATES)] / (100 if share else 1)
    )


def _named(site: Site, words: Sequence[str], schema: Schema) -> Fill | None:
    """A charge whose amount its description names, or that of a call that has to do with such records."""
    if not {*words} & (
        charging()["rated"]
        | charging()["extra"]
        | {"deposit", "fine", "tax", "discount", "allowance", "copay", "copayment", "amount", "penalty"}
    ):
        return None
    if site.schema.get("examples") or not _is_charge(words):
        return None
    text = str(schema.get("description") or "")
    ends = sums_between(text)
    sums = [*ends] if ends is not None else sums_named(text) or _told_elsewhere(site, words, text)
    if not sums or len(sums) > 3 or PAID.search(text) and not unit_paid(words, text) and sums_named(text):
        return None  # what is so much for every guest is multiplied
    if ends:
        step = max(0.5, (sums[1] - sums[0]) / 10)
        sums = [round(sums[0] + step * at, 2) for at in range(11) if sums[0] + step * at <= sums[1]]
    sums += [0.0] if _NOTHING.search(text) else []
    minor, whole, salt = in_minor(site), "number" not in site.types, site.salt

    def run(story: Story) -> Json:
        value = sums[mix(story.bits, salt) % len(sums)] * (100 if minor else 1)
        return round(value) if whole or value == int(value) else value

    return run


def _is_charge(words: Sequence[str]) -> bool:
    return words[-1] not in ("count", "number", "id", "percent", "rate") and not {"total", "subtotal"} & {
        *words
    }


def _told_elsewhere(site: Site, words: Sequence[str], text: str) -> list[float]:
    """The sum that a sentence about a call names for a charge: "A no-show costs EUR 2.50"."""
    said = {*re.findall(r"[a-z]+", text.lower().replace("no-show", "noshow")), *words} - charging()["plain"]
    said |= {"noshow"} if "no show" in " ".join(words) else set()
    said -= {*split(site.entity.noun), "additional", "extra", "default"}
    if not said:
        return []
    for tool in site.toolset.tools:
        if tool.entity != site.entity.key:
            continue
        for sentence in re.split(r"(?<=[a-z0-9)])[.;]\s+", tool.description):
            heard = {*re.findall(r"[a-z]+", sentence.lower().replace("no-show", "noshow"))}
            sums = sums_named(sentence)
            if (
                sums
                and said & heard
                and {word[:5] for word in words} & {word[:5] for word in heard | {"fee"}}
            ):
                return sums[:1]
    return []


def _scaled(site: Site, words: Sequence[str], schema: Schema) -> Fill | None:
    """A rate or a fee as large as such are, of which one place has few, and none far from the others."""
    bare = words[:-1] if in_cents(site.words) or coined(site.words) else list(words)
    text = str(schema.get("description") or "")
    unit = unit_paid(bare, text)
    if is_extra(bare) and unit in ("month", "year") and unit != unit_paid(bare):
        unit = ""  # a fee besides that is paid every month, and not the price of one
    beside = {singular(word) for name in site.entity.schema.get("properties", {}) for word in split(name)}
    unit = "hour" if bare == ["rate"] and "hour" in beside and not unit else unit
    off = bare == ["discount", "amount"]
    if site.schema.get("examples") or not unit and not off and not is_extra(bare) or tallied(site.words):
        return None
    if unit and {*bare} & {"discount", "tax", "vat", "interest", "exchange", "success", "heart", "percent"}:
        return None
    penal = bool({*bare} & {"late", "overdue", "reminder"})
    found = Magnitude(0.5, 5, 0.5, True) if penal and unit else _known(site, bare, unit, schema)
    found = _SMALL_FEE if off else found
    spread = _spread(site, unit, bare)
    if found is None or not found.money:
        return None
    minor, whole, salt, coin = in_minor(site), "number" not in site.types, site.salt, coined(site.words)

    def run(story: Story) -> Json:
        bits = story.population.bits
        near = few(found, bits, salt) if not unit or penal else within(found, spread, bits, salt)
        value = near[mix(story.bits, salt) % len(near)] * (1 if coin else story.population.scale)
        value = round(value * 100) if minor else value
        return max(1, round(value)) if whole else round(value, 4)

    return run


def _known(site: Site, bare: Sequence[str], unit: str, schema: Schema) -> Magnitude | None:
    """How large such a charge is."""
    of = f"{paid_for(schema)} {site.entity.noun}".strip()
    told = said_unit(site.facet, schema)
    price = price_of([*bare, unit] if unit and unit not in bare else bare, of)
    lines = [
        price if unit or price is not None and price.near else None,
        magnitude_in(site.toolset, site.entity, site.family, site.name, told),
        measure_in(site.toolset, site.entity, "/".join(site.path), schema, site.facet, False),
        price,
    ]
    money = [line for line in lines if line is not None and line.money]
    nearest = next((line for line in money if line.near), None)
    return nearest or (_SMALL_FEE if not unit else money[-1] if money else None)


def _spread(site: Site, unit: str, bare: Sequence[str]) -> float:
    """How many times the least the greatest of such rates is at one place."""
    if unit in _SMALL or site.family in PEOPLE or site.family == "staff":
        return 1.5
    return {"hour": 2.5, "minute": 1.5, "person": 3, "lesson": 1.6, "session": 2}.get(unit, 20)


def within(found: Magnitude, spread: float, bits: int, salt: int) -> list[float]:
    """The values of a range that lie within a smaller one, which one place has."""
    steps = round((found.high - found.low) / found.step)
    last = next(
        (at for at in range(steps, 0, -1) if (found.low + at * found.step) * spread <= found.high * 1.01), 0
    )
    first = mix(bits, salt) % (last + 1)
    least = found.value(first)
    return [
        value for at in range(first, steps + 1) if (value := found.value(at)) <= least * spread * 1.001
    ] or [least]


def few(found: Magnitude, bits: int, salt: int) -> list[float]:
    """One to three values, of which one is usual."""
    steps = round((found.high - found.low) / found.step)
    usual = found.value(mix(bits, salt) % (steps // 2 + 1))
    more = [found.value(at) for at in range(steps + 1) if usual < found.value(at) <= usual * 2]
    if not more or mix(bits, salt + 1) % 2:
        return [usual]
    return [usual, usual, usual, more[mix(bits, salt + 2) % len(more)]]
