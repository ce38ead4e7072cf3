"""What a look-up tells that shows no record by its name: the same for the same question, of the days it asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from msgspec import structs

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.catalog.openings import openings
from callsmith.records import Json, Parameter
from callsmith.seeds import number
from callsmith.world.agreement.totals import reckoned_apart
from callsmith.world.inferred.answers import Outcome
from callsmith.world.inferred.errand import Errand
from callsmith.world.inferred.estimating import estimated
from callsmith.world.inferred.free_times import free_times
from callsmith.world.inferred.ordered import in_order
from callsmith.world.inferred.refusals import Refusal
from callsmith.world.stories.story import Entry

FEW, MOST = 2, 5
_STARTS, _ENDS = ("from", "start", "since", "after", "begin"), ("to", "end", "until", "before", "till")


def enquired(errand: Errand) -> Outcome | Refusal:
    """The answer to a look-up."""
    world, tool = errand.world, errand.spec.tool
    place = tool.yields[0]
    known: Mapping[str, Any] = tool.hints["enquired"]
    entries: Sequence[Entry] = (
        world.overlay.entries(place.entity) if place.entity in world.population.kinds else ()
    )
    entries = _of_what_was_named(errand, entries)
    if not entries:
        return Refusal("unsupported", f"{tool.name} needs knowledge this environment does not have.")
    bits = number(world.population.bits, tool.name, msgspec.json.encode(errand.arguments, order="sorted"))
    if (free := openings(tool)) is not None:
        like, days = _told(errand, entries[bits % len(entries)], bits), _stretch(errand, _moments(errand))
        fields = {item.pointer[1:]: item for item in world.population.kinds[place.entity].entity.fields}
        choices = {
            name: one.schema["enum"] for name, one in fields.items() if name in like and one.facet == "enum"
        }
        clock = world.population.clock
        if choices:
            bits = number(world.population.bits, tool.name, *sorted(one.uid for one in errand.found.values()))
        records = [*free_times(clock, free, like, days, long=_length(errand), bits=bits, choices=choices)]
        return Outcome(arguments=errand.arguments, records=records, total=len(records))
    if not place.many:
        entry = entries[bits % len(entries)]
        records = [entry.record if known["own"] else _told(errand, entry, bits)]
    else:
        count = min(len(entries), FEW + bits % (MOST - FEW + 1))
        chosen = sorted({number(bits, at) % len(entries) for at in range(count)})
        rows = [entries[at] for at in chosen]
        records = [
            one.record if known["own"] else _told(errand, one, number(bits, at))
            for at, one in enumerate(rows)
        ]
        if not known["own"]:
            records = _apart(_holidays(errand, records, bits))
        if errand.spec.promised:
            records = in_order(records, errand.spec.order, errand.spec.ranks, world.population.clock)
    return Outcome(arguments=errand.arguments, records=records, total=len(records))


def _holidays(errand: Errand, records: list[Mapping[str, Json]], bits: int) -> list[Mapping[str, Json]]:
    """Public holidays by their names and days."""
    known: Sequence[Sequence[str]] = read("understand/enquiring.yaml")["holidays"]
    if "holiday" not in errand.spec.record_entity or not records or not {"name", "date"} <= records[0].keys():
        return records
    year = next((v for p, v in errand.stated if isinstance(v, int)), None)
    clock = errand.world.population.clock
    year = year or clock.local(clock.now).year
    return [
        {**records[at % len(records)], "name": name, "date": f"{year}-{day}"}
        for at, (name, day) in enumerate(known)
    ]


def _apart(records: list[Mapping[str, Json]]) -> list[Mapping[str, Json]]:
    """Rows in the order of their moments, none twice at one."""
    key = next(
        (n for n, v in records[0].items() if isinstance(v, str) and _DATED.match(v) and n != "createdAt"), ""
    )
    if not key:
        return records
    first: dict[str, Mapping[str, Json]] = {}
    begun = {"start", "starts", "from", "date", "day"} & {*name_words(key)}
    for at, record in enumerate(records):
        first.setdefault(str(record.get(key)) if begun else str(at), record)
    return sorted(first.values(), key=lambda record: str(record.get(key)))


def _of_what_was_named(errand: Errand, entries: Sequence[Entry]) -> Sequence[Entry]:
    """The records of what the call names, where some are of it, and of the sort it asks for."""
    kept = list(entries)
    for key, found in errand.found.items():
        own = [entry for entry in kept if entry.links.get(key) == found.uid]
        kept = own or _of_another(errand, kept, key, found)
    for parameter, value in errand.stated:
        if isinstance(value, str) and value.lower()[:3] in _WEEK and "enum" in parameter.schema:
            kept = [entry for entry in kept if _weekday(entry) == _WEEK.index(value.lower()[:3])] or kept
        elif isinstance(value, str) and "enum" in parameter.schema:
            named = _field_named(parameter.name, kept)
            kept = [entry for entry in kept if entry.record.get(named, value) == value] or kept
    return kept


def _of_another(errand: Errand, kept: list[Entry], key: str, found: Entry) -> list[Entry]:
    """What nothing is kept of as yet, as one made of what was named; kinds that are told apart stay as they are."""
    population = errand.world.population
    entity = errand.spec.record_entity
    base = next((entry.story for entry in kept if entry.story is not None and key in entry.links), None)
    if base is None or found.story is None or population.kinds[entity].entity.id_pointer:
        return kept
    bits = number(population.bits, entity, found.uid)
    story = structs.replace(base, bits=bits, links={**base.links, key: found.story})
    return [Entry(found.uid, population.shape(entity).full(story), {**kept[0].links, key: found.uid}, story)]


_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _weekday(entry: Entry) -> int:
    """On which day of the week a record's first moment is; -1 where it has none."""
    text = next((v for v in entry.record.values() if isinstance(v, str) and _DATED.match(v)), "")
    return date.fromisoformat(text[:10]).weekday() if text else -1


def _field_named(name: str, entries: Sequence[Entry]) -> str:
    """The field that an argument speaks of: that of its name, or that its name is short for."""
    return _field_named_in(name, entries[0].record) if entries else ""


def _field_named_in(name: str, record: Mapping[str, Json]) -> str:
    wanted = _plain(name)
    return next((one for one in record if _plain(one) == wanted), "") or next(
        (one for one in record if len(wanted) > 2 and _plain(one).startswith(wanted)), ""
    )


def _told(errand: Errand, entry: Entry, bits: int) -> Mapping[str, Json]:
    """A record with what the question says of it: whose it is, of which sort, on which day."""
    made = dict(entry.record)
    _linked(errand, entry, made)
    stretch = _stretch(errand, _moments(errand))
    _timed(errand, made, stretch, bits)
    for parameter, value in errand.stated:
        name = _field_named_in(parameter.name, made)
        if name and type(made[name]) is type(value):
            made[name] = value
    _summed(errand, made, bits, (stretch[1] - stretch[0]).days + 1 if stretch else 365)
    kind, toolset = errand.world.population.kinds[errand.spec.record_entity], errand.world.population.toolset
    named = [found.record for found in errand.found.values()]
    taxed = reckoned_apart(toolset, kind.entity).inside
    estimated(made, {p.name: v for p, v in errand.stated}, named, kind.entity, taxed=taxed)
    _placed(errand, made, bits)
    return made


def _moments(errand: Errand) -> list[tuple[Parameter, Json]]:
    return [(p, v) for p, v in errand.stated if p.facet in ("date", "date_time", "timestamp")]


def _length(errand: Errand) -> int:
    """How many minutes are asked for; 0 where nobody says."""
    said = (v for p, v in errand.stated if p.facet == "duration_minutes" and isinstance(v, int))
    return next(said, 0)


def _placed(errand: Errand, made: dict[str, Json], bits: int) -> None:
    """Names of places and units where nothing is known of them: of the branches of a chain, of what a meter counts."""
    data: Mapping[str, Any] = read("understand/enquiring.yaml")
    for name, value in made.items():
        words = name_words(name)
        if value == "" and words[-1:] and words[-1] in data["branching"]:
            made[name] = data["branches"][number(bits, name) % len(data["branches"])]
        elif (
            value == ""
            and words[-1:] == ("unit",)
            and {"consumption", "meter", "energy", "power"} & {*name_words(errand.spec.record_entity)}
        ):
            made[name] = "kWh"


def _linked(errand: Errand, entry: Entry, made: dict[str, Json]) -> None:
    """Fields that another record has too are as they are there: the name of the product that is named."""
    world, kind = errand.world, errand.world.population.kinds[errand.spec.record_entity]
    for item in kind.entity.fields:
        name = item.pointer[1:]
        if not item.refers or name not in made or item.refers not in world.population.kinds:
            continue
        holder = world.population.kinds[item.refers].entity
        uid = errand.found[item.refers].uid if item.refers in errand.found else entry.links.get(item.refers)
        others = world.overlay.entries(item.refers)
        named = next((one for one in others if one.uid == uid), None) or (
            others[number(entry.uid) % len(others)] if others else None
        )
        if named is None:
            continue
        key = named.record.get(holder.id_pointer[1:], made[name])
        made[name] = key
        label = named.record.get(holder.label_pointer[1:]) if holder.label_pointer else None
        noun = _plain(holder.key.rpartition(".")[2])
        for other in list(made):
            if other == name or other in ("id", "status", "state"):
                continue
            if isinstance(label, str) and _plain(other) in (
                "name",
                "title",
                noun,
                f"{noun}name",
                f"{noun}title",
            ):
                made[other] = label
            elif (
                other in named.record
                and isinstance(made[other], str)
                and isinstance(named.record[other], str)
            ):
                made[other] = named.record[other]


_LATER = ("until", "expected", "back", "due", "arrives", "expires", "expiry", "next", "ends", "by")
_NOW = ("at", "checked", "updated", "measured", "observed", "seen", "now", "as")


def _timed(errand: Errand, made: dict[str, Json], stretch: tuple[date, date] | None, bits: int) -> None:
    """The days of a record as those that are asked for; else what is to come ahead, and what was measured just now."""
    clock = errand.world.population.clock
    now = clock.local(clock.now)
    words = {*name_words(errand.spec.tool.name), *errand.spec.tool.phrase.lower().split()}
    if stretch is None and words & {"next", "upcoming"}:
        stretch = (now.date() + timedelta(days=1), now.date() + timedelta(days=6))
    many = errand.spec.tool.yields[0].many
    dated = [name for name, value in made.items() if isinstance(value, str) and _DATED.match(value)]
    if stretch and dated:
        _shifted(
            made, dated, stretch, bits, None if words & {*read("understand/enquiring.yaml")["ahead"]} else now
        )
        return
    for name, value in made.items():
        if not isinstance(value, str) or not _DATED.match(value):
            continue
        said = {*name_words(name)}
        if said & {*_LATER}:
            made[name] = f"{(now.date() + timedelta(days=1 + bits % 4)).isoformat()}{value[10:]}"
        elif said & {*_NOW} and len(value) > 10 and not many:
            at = now - timedelta(minutes=1 + bits % 9)
            made[name] = at.replace(second=0, microsecond=0).isoformat()


_DATED = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]")
_WHOLE, _PART, _PRICE = ("total", "cost", "price"), ("quantity", "nights", "count"), ("unit", "each", "per")


def _summed(errand: Errand, made: dict[str, Json], bits: int, days: int) -> None:
    """Figures that follow from one another: a total from a price and a number, an average from a sum."""
    sizes: Mapping[str, Sequence[int]] = read("understand/enquiring.yaml")["sizes"]
    single = not errand.spec.tool.yields[0].many
    scale = errand.world.population.scale
    for name, value in made.items():
        words = name_words(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            continue
        size = next((sizes[word] for word in words if word in sizes), None) if single else None
        if words[-1:] == ("year",) and not any(_plain(p.name) == "year" for p, _ in errand.stated):
            made[name] = errand.world.population.clock.local(errand.world.population.clock.now).year
        elif size is not None and not {"average", "avg", "mean", "per", "percent", "price", "rate"} & {
            *words
        }:
            made[name] = _sized(size, number(bits, name), scale, days)
    if {"hours", "cost"} <= made.keys() and isinstance(made["hours"], (int, float)):
        made["cost"] = round(made["hours"] * (14 + bits % 9)) * scale
    if "unit" in made and {"total", "cost"} <= made.keys() and isinstance(made["cost"], (int, float)):
        made["total"] = round(float(str(made["cost"])) / scale * 3.4)
    _following(made, bits)


def _sized(size: Sequence[int], bits: int, scale: int, days: int) -> int:
    """A figure as large as usual, for so many days."""
    low, high, step, money = size
    whole = low + (bits % ((high - low) // step)) * step
    usual: int = read("understand/enquiring.yaml")["sized_for"]
    return max(1, round(whole * min(days, usual) / usual)) * (scale if money else 1)


def _following(made: dict[str, Json], bits: int) -> None:
    """A total from a price and a number, a share from its parts, an average from a sum."""
    price = next(
        (n for n, v in made.items() if {*name_words(n)} & {*_PRICE} and isinstance(v, (int, float))), ""
    )
    count = next((n for n, v in made.items() if _plain(n) in _PART and isinstance(v, int)), "")
    total = next((n for n in made if _plain(n) in ("total", "totalprice", "totalcost")), "")
    if price and count and total:
        made[total] = round(float(str(made[price])) * float(str(made[count])), 2)
    if {"present", "absent"} <= made.keys() and "percent" in made:
        present, absent = (float(str(made[name])) for name in ("present", "absent"))
        made["percent"] = round(100 * present / max(1.0, present + absent))
    spent = next(
        (n for n in made if _plain(n) in ("expected", "actual", "spent", "forecast", "used", "projected")), ""
    )
    if spent and isinstance(made.get("budget"), (int, float)):
        made[spent] = round(float(str(made["budget"])) * (62 + bits % 47) / 100)
    sums = next(
        (
            v
            for n, v in made.items()
            if {*name_words(n)} & {"revenue", "sales", "turnover"} and isinstance(v, (int, float))
        ),
        None,
    )
    orders = next(
        (
            v
            for n, v in made.items()
            if _plain(n) in ("orders", "ordercount", "orderstoday") and isinstance(v, int)
        ),
        0,
    )
    mean = next(
        (n for n in made if _plain(n) in ("averageorder", "averageordervalue", "avgorder", "avgordervalue")),
        "",
    )
    if mean and sums is not None and orders:
        made[mean] = round(sums / orders, 2)


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _stretch(errand: Errand, dates: Sequence[tuple[Parameter, Json]]) -> tuple[date, date] | None:
    """The days a question is about."""
    tz = errand.world.population.clock.tz
    first = last = None
    today = errand.world.population.clock.local(errand.world.population.clock.now).date()
    for parameter, value in dates:
        day = _as_day(value, tz)
        if day is None:
            continue
        words = set(name_words(parameter.name))
        if "week" in words:
            first, last = day, day + timedelta(days=6)
        elif words & set(_STARTS):
            first = day
        elif words & set(_ENDS):
            last = day
        else:
            first = last = day
    if first is None and last is None:
        return None
    if last is None:
        last = max(today, first) if first else today
    if first is None:
        first = min(today, last)
    return (first, last) if first <= last else None


def _as_day(value: Json, tz: Any) -> date | None:
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000 if value > 95_617_584_000 else value, tz).date()
        return date.fromisoformat(str(value)[:10])
    except (ValueError, OverflowError):
        return None


def _shifted(
    made: dict[str, Json], dated: Sequence[str], stretch: tuple[date, date], bits: int, past: datetime | None
) -> None:
    """The days of a record moved together into those that are asked for; ``past``: nothing of it lies after that."""
    first, last = stretch
    lead = next((name for name in dated if not {*name_words(name)} & {"created", "updated"}), dated[0])
    wanted = first + timedelta(days=bits % ((last - first).days + 1))
    delta = wanted - date.fromisoformat(str(made[lead])[:10])
    for name in dated:
        text = str(made[name])
        day = date.fromisoformat(text[:10]) + delta
        if len(text) == 10 and {*name_words(name)} & {"from", "start"} and {"to", "end"} & {*made}:
            day = first
        elif len(text) == 10 and {*name_words(name)} & {"to", "end"} and {"from", "start"} & {*made}:
            day = last
        moved = f"{day.isoformat()}{text[10:]}"
        if past is not None and len(text) > 10:
            at = datetime.fromisoformat(moved.replace("Z", "+00:00"))
            if (at if at.tzinfo else at.replace(tzinfo=past.tzinfo)) > past:
                earlier = past - timedelta(minutes=5 + bits % 50)
                moved = earlier.replace(second=0, microsecond=0).isoformat()
        made[name] = moved
