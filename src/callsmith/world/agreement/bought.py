"""What is bought and kept: its make and model, what such a thing costs, and how long it is under warranty."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from callsmith.catalog.belonging import plainly
from callsmith.catalog.bought import Bought, Make, bought_of, first_of, publisher_of, words_of
from callsmith.records import Entity, Schema, Toolset
from callsmith.schema import types
from callsmith.seeds import number
from callsmith.world.agreement.worth import plain_name
from callsmith.world.fields.sorts import sort_in
from callsmith.world.stories.clock import DAY
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import split
from callsmith.world.stories.story import Story

Fields = Mapping[str, Schema]
Step = Callable[[dict[str, Any], Story], None]
_FREE = ("number", "integer")


def make_and_cost(entity: Entity, fields: Fields, toolset: Toolset) -> Step | None:
    """The make of a thing is one that there is of its kind, and it costs what such a thing costs."""
    label = entity.label_pointer[1:]
    names = {plain_name(name): name for name in reversed([*fields])}
    maker, model = first_of("makers", names), first_of("models", names)
    sorts = {word: name for word, name in names.items() if _sorts(fields[name])}
    kind = first_of("kinds", sorts)
    things = words_of("things")
    nouns: tuple[str, ...] = (entity.noun.replace(" ", "_"), entity.noun.rpartition(" ")[2])
    system = next((names[word] for word in ("os", "operating system", "platform") if word in names), "")
    nouns = (
        (*nouns, "laptop") if (system or "hostname" in names) and not kind and {*nouns} & things else nouns
    )
    itself = bool({*nouns} & things) or any(bought_of(noun) for noun in nouns)
    kept = bool(
        maker or model or _dated(fields, _BOUGHT) or {"serial number", "serial", "asset tag"} & {*names}
    )
    if not kind and not (itself and kept):
        return None
    sums = _sums(fields) if itself else []
    made = [name for name in (maker, model) if name and _free_text(entity, fields, name)]
    made = [] if label in made or len(made) < bool(maker) + bool(model) else made
    if not kind and any(bought_of(noun) for noun in nouns) and "year" in names:
        made = []  # a car goes by what is known of cars
    minor = {field.pointer[1:] for field in entity.fields if field.facet == "amount_minor"}
    if not sums and not made:
        return None

    def run(record: dict[str, Any], story: Story) -> None:
        said = str(record.get(label) or "") if label not in (maker, model) else ""
        known = _known(record, kind, fields, said)
        by_noun = known is None and not kind
        for noun in nouns if by_noun else ():
            known = known or bought_of(noun)
        if known is None:
            return
        make, type_ = _make(
            known, story, fields.get(maker, {}) if maker else {}, str(record.get(system) or "")
        )
        told = (
            by_noun and not system and record.get(model) not in (None, "")
        )  # by what is known of such things
        if made and make is not None and not told:
            record.update({name: make.name if name == maker else type_ for name in made})
        _costing(record, sums, minor, (known, f"{make.name if make else ''} {type_}", story))

    return run


def _sums(fields: Fields) -> list[str]:
    """The fields that say what a thing cost, is worth or costs a day."""
    priced = words_of("paid") | words_of("worn") | words_of("lent") | words_of("deposit")
    return [name for name in fields if plain_name(name) in priced and _numeric(fields[name])]


def _known(record: dict[str, Any], kind: str, fields: Fields, said: str) -> Bought | None:
    """What is known of a thing by its name, which tells its kind as well, or by its kind."""
    known = bought_of(said) if said else None
    if known is not None and kind:
        _sorted(record, kind, fields[kind], known, said)
    return bought_of(str(record.get(kind) or "")) if known is None and kind else known


def _sorts(schema: Schema) -> bool:
    options = [option for option in schema.get("enum", ()) if option]
    return sum(bought_of(str(option)) is not None for option in options) >= min(2, max(1, len(options)))


def _numeric(schema: Schema) -> bool:
    return bool({*_FREE} & {*types(schema)})


def _free_text(entity: Entity, fields: Fields, name: str) -> bool:
    held = any(field.refers for field in entity.fields if field.pointer == f"/{name}")
    return "string" in types(fields[name]) and not held and not fields[name].get("pattern")


def _sorted(record: dict[str, Any], kind: str, schema: Schema, known: Bought, said: str) -> None:
    """A thing whose name tells what it is, is of that kind."""
    if bought_of(str(record.get(kind) or "")) is known:
        return
    last = said.lower().replace("-", " ")
    fit = [
        option
        for option in schema.get("enum", ())
        if option
        and (bought_of(str(option)) is known or re.search(rf"{re.escape(plainly(option))}s?(?: \w+)?$", last))
    ]
    if fit:
        record[kind] = fit[0]


def _make(known: Bought, story: Story, maker: Schema, system: str) -> tuple[Make | None, str]:
    """One of the makes there are, of those that a schema lists and that run such a system."""
    listed = {str(option).lower(): option for option in maker.get("enum", ()) if option}
    makes = [make for make in known.makes if not listed or make.name.lower() in listed]
    if system:
        apple = bool({*split(system)} & {"mac", "macos", "ios", "ipados", "os"})
        makes = [make for make in makes if (make.name == "Apple") == apple] or makes
    if not makes:
        return None, ""
    make = makes[mix(story.bits, 1361) % len(makes)]
    model = make.models[mix(story.bits, 1367) % len(make.models)]
    return (Make(str(listed[make.name.lower()]), make.models) if listed else make), model


def _costing(
    record: dict[str, Any], sums: list[str], minor: set[str], how: tuple[Bought, str, Story]
) -> None:
    known, called, story = how
    worn = (0.35, 0.45, 0.55, 0.65, 0.75, 0.85)[mix(story.bits, 1373) % 6]
    for name in sums:
        if record.get(name) is None or isinstance(record[name], (str, bool)):
            continue
        plain = plain_name(name)
        new = costs(known, called, 1)
        rate = 0.45 * new**0.58 if plain in words_of("lent") else 1.4 * new**0.65
        cost = costs(known, called, worn) if plain in words_of("worn") else new
        if plain in words_of("lent") | words_of("deposit"):
            cost = _round(max(2, rate))
        cost *= story.population.scale
        record[name] = (
            cost * 100 if name in minor else float(cost) if isinstance(record[name], float) else cost
        )


def costs(known: Bought, called: str, share: float) -> int:
    """What a thing of a kind costs in euros, the same for the same model; or so much of it."""
    drawn = number("new", called) % 997 / 997
    return _round(max(2, (known.low + drawn * (known.high - known.low)) * share))


def _round(euros: float) -> int:
    step = 1 if euros < 60 else 5 if euros < 600 else 10 if euros < 3000 else 50 if euros < 20000 else 500
    return round(euros / step) * step


_BOUGHT = re.compile(
    r"^(?:purchased?|bought|acquired|acquisition|date of purchase|delivered|installed|installation)\b"
)
_COVER = re.compile(
    r"^(?:warranty|guarantee)\b.*\b(?:until|till|end|ends|expires?|expiry|expiration|to|date|valid)\b"
)
_LENGTH = re.compile(r"^(?:warranty|guarantee)\b.*\b(month|year)$|^(?:warranty|guarantee) (month|year)")


def _dated(fields: Fields, words: re.Pattern[str]) -> str:
    return next(
        (
            name
            for name, schema in fields.items()
            if schema.get("format") in ("date", "date-time") and words.search(plain_name(name))
        ),
        "",
    )


def warranty(entity: Entity, fields: Fields, toolset: Toolset) -> Step | None:
    """What is kept was bought some time ago, and is under warranty for years from then on."""
    bought, cover = _dated(fields, _BOUGHT), _dated(fields, _COVER)
    length = next(
        (name for name in fields if _LENGTH.search(plain_name(name)) and _numeric(fields[name])), ""
    )
    usual = _usual_length(entity, toolset)
    itself = {*split(entity.noun)} & words_of("things") or bought_of(entity.noun) or cover
    if not bought or not itself:
        return None
    words = {plain_name(name) for name in fields}

    def run(record: dict[str, Any], story: Story) -> None:
        clock = story.population.clock
        at = clock.parse(record.get(bought))
        if at is None:
            return
        if clock.now - at < 60 * DAY and mix(story.bits, 1381) % 8 and not {"ordered at"} & words:
            at -= (60 + mix(story.bits, 1399) % 1300) * DAY
            record[bought] = _written(clock, at, str(record[bought]))
        told = record.get(length) if length else None
        months = told if isinstance(told, int) and not isinstance(told, bool) and told > 0 else 0
        months = months * 12 if "year" in plain_name(length) else months
        months = months if 0 < months <= 240 else usual or (24, 24, 36, 12, 24, 36)[mix(story.bits, 1409) % 6]
        if cover and (record.get(cover) is not None or mix(story.bits, 1423) % 3):
            record[cover] = _written(
                clock, _later(clock, at, months), str(record.get(cover) or record[bought])
            )

    return run


def _usual_length(entity: Entity, toolset: Toolset) -> int:
    """The warranty that a call which makes such a record takes for granted, in months."""
    for tool in toolset.tools:
        for item in tool.inputs if tool.entity == entity.key else ():
            words, usual = plain_name(item.name), item.schema.get("default")
            if isinstance(usual, int) and _LENGTH.search(words):
                return usual * (12 if "year" in words else 1)
    return 0


def _later(clock: Any, at: int, months: int) -> int:
    """So many months after a day."""
    day = clock.local(at)
    month = day.month - 1 + months
    year, last = day.year + month // 12, (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month % 12]
    return int(day.replace(year=year, month=month % 12 + 1, day=min(day.day, last)).timestamp())


def _written(clock: Any, seconds: int, like: str) -> str:
    return str(clock.day(seconds) if len(like) <= 10 else clock.utc(seconds))


def publisher(entity: Entity, fields: Fields, toolset: Toolset) -> Step | None:
    """A program is of the house that publishes it."""
    names = {plain_name(name): name for name in fields}
    program = first_of("programs_named", names)
    house = first_of(
        "houses", {word: name for word, name in names.items() if "string" in types(fields[name])}
    )
    if not program or not house or fields[house].get("enum"):
        return None

    def run(record: dict[str, Any], story: Story) -> None:
        told = publisher_of(str(record.get(program) or "")) if record.get(house) is not None else ""
        if told:
            record[house] = told

    return run


def branded(entity: Entity, fields: Fields, toolset: Toolset) -> Step | None:
    """A model that goes by its maker's name is that maker's: an FX 2 by Trek, and no Brompton."""
    names = {plain_name(name): name for name in reversed([*fields])}
    maker, model = first_of("makers", names), first_of("models", names)
    plain = maker and model and not fields[maker].get("enum") and not fields[model].get("enum")
    known = sort_in(toolset, entity, maker) if plain else None
    if known is None or not all(_free_text(entity, fields, name) for name in (maker, model)):
        return None
    brands = known.values

    def run(record: dict[str, Any], story: Story) -> None:
        called = str(record.get(model) or "")
        of = next((brand for brand in brands if called.startswith(f"{brand} ")), "")
        if of and record.get(maker):
            record[maker], record[model] = of, called.removeprefix(of).strip()

    return run


BOUGHT = (make_and_cost, warranty, publisher, branded)
