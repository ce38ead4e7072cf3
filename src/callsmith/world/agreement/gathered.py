"""What records come to by those that lie in them: the total of a report is that of its expenses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from callsmith.records import Entity, Json, Toolset
from callsmith.schema import settle, types
from callsmith.world.agreement.counted import Counted, amount_field, worth
from callsmith.world.agreement.referring import full_of
from callsmith.world.agreement.repeated import copies_of
from callsmith.world.agreement.totals import totals_of
from callsmith.world.agreement.worth import ordered_pieces
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import split
from callsmith.world.stories.story import Ground, Story

Make = Callable[[Story], Any]
_WHOLE = frozenset(
    ("total", "total amount", "total spent", "spent", "raised", "amount raised", "total raised", "total donated",
     "total paid", "total cost", "total sales", "revenue", "collected", "value", "total value")
)  # fmt: skip
_OWED = frozenset(("total", "total amount", "value", "total value", "total cost"))
_AGAINST = frozenset(
    (
        "payment",
        "refund",
        "credit",
        "credit_note",
        "credit_memo",
        "deposit",
        "reminder",
        "receipt",
        "discount",
    )
)
"""What is set against a sum that is owed, and is no part of it."""


def gathering(made: Make, toolset: Toolset, entity: Entity) -> Make:
    """A filler of records whose sums are those of the records that lie in them."""
    fields = entity.schema.get("properties", {})
    wholes = [
        name
        for name, schema in fields.items()
        if " ".join(split(name)) in _WHOLE and {"integer", "number"} & {*types(settle(schema))}
    ]
    if len(wholes) != 1 or totals_of(toolset, entity) is not None:
        return made
    owed = " ".join(split(wholes[0])) in _OWED
    parts = [
        part for part in _parts(toolset, entity) if not owed or part[0].rpartition(".")[2] not in _AGAINST
    ]
    if len(parts) != 1:
        return made
    (key, part), whole = parts[0], wholes[0]

    def run(story: Story) -> Json:
        record = made(story)
        if (
            isinstance(record, dict)
            and story.entity == entity.key
            and isinstance(record.get(whole), (int, float))
        ):
            return {**record, whole: _sum(story, key, part)}
        return record

    return run


_OFFERED = (
    "amount",
    "offer_amount",
    "offerAmount",
    "bid_amount",
    "bidAmount",
    "offered_price",
    "offeredPrice",
    "price",
)
_ASKED = tuple(
    "asking_price askingPrice list_price listPrice price current_bid currentBid starting_price startingPrice "
    "starting_bid startingBid estimate_low estimateLow estimate".split()
)


def _held_by_named(toolset: Toolset, entity: Entity, names: Sequence[str]) -> list[tuple[str, str]]:
    """Of the kinds of record that an entity names, those with a field of one of these names: the first such field."""
    by_key = {other.key: other.schema.get("properties", {}) for other in toolset.entities}
    return [
        (item.refers, held)
        for item in entity.fields
        if item.refers in by_key
        and (held := next((name for name in names if name in by_key[item.refers]), ""))
    ]


def near_price(made: Make, toolset: Toolset, entity: Entity) -> Make:
    """A filler of offers and bids that are near what is asked for the thing."""
    fields = entity.schema.get("properties", {})
    offered = next((name for name in _OFFERED if name in fields), "")
    if entity.noun.split(" ")[-1] not in ("offer", "bid") or not offered:
        return made
    named = _held_by_named(toolset, entity, _ASKED)
    if not named:
        return made
    key, asked = named[0]

    def run(story: Story) -> Json:
        record = made(story)
        target = story.links.get(key)
        if not isinstance(record, dict) or target is None or record.get(offered) is None:
            return record
        price = full_of(target).get(asked)
        if not isinstance(price, (int, float)) or price <= 0:
            return record
        step = 1000 if price > 50_000 else 50 if price > 1000 else 1
        share = 0.9 + mix(story.bits, 881) % 15 / 100
        return {**record, offered: max(1, round(price * share / step)) * step}

    return run


_PEOPLE = (
    ("adults", "children"),
    *(
        (name,)
        for name in (
            "party_size partySize guests guest_count guestCount people number_of_guests numberOfGuests persons "
            "participants num_guests".split()
        )
    ),
)
_SEATS = tuple(
    "max_guests maxGuests capacity seats sleeps max_occupancy maxOccupancy max_people maxPeople".split()
)


def seated(made: Make, toolset: Toolset, entity: Entity) -> Make:
    """A filler of bookings of no more people than the room or the table that they name holds."""
    fields = entity.schema.get("properties", {})
    people = next((names for names in _PEOPLE if fields.keys() >= {*names}), ())
    named = _held_by_named(toolset, entity, _SEATS)
    if not people or len(named) != 1:
        return made
    key, seats = named[0]

    def run(story: Story) -> Json:
        record = made(story)
        target = story.links.get(key)
        if not isinstance(record, dict) or target is None:
            return record
        most = full_of(target).get(seats)
        come = [value for name in people if isinstance(value := record.get(name), int)]
        if not isinstance(most, int) or most < 1 or len(come) < len(people) or sum(come) <= most:
            return record
        first = 1 + mix(story.bits, 887) % most
        return {
            **record,
            people[0]: first,
            **dict.fromkeys(people[1:], mix(story.bits, 889) % (most - first + 1)),
        }

    return run


def charged(
    record: dict[str, Json], story: Story, toolset: Toolset, entity: Entity, said: Collection[str]
) -> dict[str, Json]:
    """A new booking or order with what it comes to, where nobody said another sum."""
    made = dict(by_heads(lambda _: record, toolset, entity)(story))
    fields = {name: settle(schema) for name, schema in entity.schema.get("properties", {}).items()}
    if (step := ordered_pieces(entity, fields)) is not None:
        step(made, story)
    return {name: record[name] if name in said and name in record else value for name, value in made.items()}


_NO_MORE = tuple(
    tuple(tuple(names.split()) for names in line)
    for line in (
        (
            "cargo_weight_kg cargoWeightKg load_kg loadKg weight_kg weightKg",
            "payload_kg payloadKg max_load_kg maxLoadKg",
        ),
        ("round round_number roundNumber", "rounds round_count roundCount number_of_rounds numberOfRounds"),
        ("chapter", "chapters"),
        ("word_count wordCount words", "word_count wordCount words"),
        ("page_count pageCount pages", "page_count pageCount pages"),
        ("lap", "laps"),
        ("episode", "episodes"),
        ("score points mark", "max_points maxPoints max_score maxScore"),
    )
)


def no_more(made: Make, toolset: Toolset, entity: Entity) -> Make:
    """A filler of records whose numbers stay within those of what they name: no load above what a truck carries."""
    fields = entity.schema.get("properties", {})
    by_key = {other.key: other.schema.get("properties", {}) for other in toolset.entities}
    found = [
        (name, field.refers, most)
        for owns, mosts in _NO_MORE
        for name in owns
        if name in fields
        for field in entity.fields
        if field.refers in by_key and field.refers != entity.key
        for most in mosts
        if most in by_key[field.refers]
    ]
    if not found:
        return made
    name, key, most = found[0]

    def run(story: Story) -> Json:
        record = made(story)
        target = story.links.get(key)
        if not isinstance(record, dict) or target is None or not isinstance(record.get(name), (int, float)):
            return record
        limit = full_of(target).get(most)
        if not isinstance(limit, (int, float)) or limit <= 0 or record[name] <= limit:
            return record
        share = 40 + mix(story.bits, 941) % 56
        return {**record, name: max(1, round(limit * share / 100))}

    return run


_BY_HEAD = (
    "price_per_person",
    "pricePerPerson",
    "price_per_head",
    "pricePerHead",
    "ticket_price",
    "ticketPrice",
    "price_per_seat",
    "pricePerSeat",
)
_HEADS = (
    *_PEOPLE,
    ("quantity",),
    ("seats",),
    ("tickets",),
    ("ticket_count",),
    ("ticketCount",),
    ("seat_count",),
    ("seatCount",),
)


def by_heads(made: Make, toolset: Toolset, entity: Entity) -> Make:
    """A filler of bookings that cost what those who come pay each."""
    fields = entity.schema.get("properties", {})
    heads = next((names for names in _HEADS if fields.keys() >= {*names}), ())
    whole = next(
        (
            name
            for name in ("total", "total_price", "totalPrice", "total_amount", "amount", "price")
            if name in fields
        ),
        "",
    )
    named = _held_by_named(toolset, entity, _BY_HEAD)
    if not heads or not whole or len(named) != 1:
        return made
    key, each = named[0]

    def run(story: Story) -> Json:
        record = made(story)
        target = story.links.get(key)
        known = isinstance(record, dict) and (story.fresh or record.get(whole) is not None)
        if target is None or not known:
            return record
        one = full_of(target).get(each)
        come = [value for name in heads if isinstance(value := record.get(name), int)]
        if not isinstance(one, (int, float)) or not come:
            return record
        return {**record, whole: round(one * sum(come), 2)}

    return run


def _parts(toolset: Toolset, entity: Entity) -> list[tuple[str, str]]:
    """Kinds of record that name such a one and cost something, and do not repeat what it says."""
    found = []
    for other in toolset.entities:
        part = amount_field(other)
        names = any(field.refers == entity.key and field.pointer.count("/") == 1 for field in other.fields)
        if part and names and other.key != entity.key and not _leans(toolset, other, entity.key):
            found.append((other.key, part))
    return found


def _leans(toolset: Toolset, other: Entity, key: str) -> bool:
    totals = totals_of(toolset, other)
    rated = totals is not None and any(source == key for _, source, _, _ in totals.rates)
    return rated or any(copy.key == key for copy in copies_of(toolset, other))


def _sum(story: Story, key: str, part: str) -> Json:
    population: Ground = story.population
    population.stories(key)
    kind = population.kinds[key].entity
    values = [
        value
        for child in story.children.get(key, ())
        if child.state != "gone" and (value := worth(Counted(part, "sum"), kind, population.full(child)))
    ]
    whole = sum(values)
    return whole if isinstance(whole, int) else round(whole, 2)


_SIZES = (
    "length_m",
    "lengthM",
    "length",
    "max_length_m",
    "maxLengthM",
    "length_ft",
    "lengthFt",
    "max_length",
)
_KEPT = ("berth", "mooring", "slip", "pitch", "bay", "dock", "hangar", "stall")


def roomy(made: Make, toolset: Toolset, entity: Entity) -> Make:
    """A filler of places in which what lies there has room: a berth is no shorter than its boat."""
    fields = entity.schema.get("properties", {})
    own = next((name for name in _SIZES if name in fields), "")
    named = [one for one in _held_by_named(toolset, entity, _SIZES) if one[0] != entity.key]
    if not own or not named or entity.noun.split(" ")[-1] not in _KEPT:
        return made
    key, size = named[0]

    def run(story: Story) -> Json:
        record = made(story)
        target = story.links.get(key)
        if not isinstance(record, dict) or target is None or not isinstance(record.get(own), (int, float)):
            return record
        long = full_of(target).get(size)
        if isinstance(long, (int, float)) and record[own] < long + 0.5:
            return {**record, own: int(long) + 2}
        return record

    return run
