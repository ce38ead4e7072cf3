"""When and by whom a deed was done, where the record it was done to has a place for it: finished_at, approved_by."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from callsmith.catalog import turns
from callsmith.catalog.lives import phases, standing
from callsmith.records import Json, Schema, Tool
from callsmith.schema import settle, types
from callsmith.world.agreement.settling import written
from callsmith.world.inferred.errand import Errand
from callsmith.world.stories.naming import split

_TAILS = frozenset(["at", "on", "date", "time", "datetime", "timestamp", "actual"])
_UNSAID = (None, "", 0)


def signed(errand: Errand, record: dict[str, Json], old: Mapping[str, Json]) -> dict[str, Json]:
    """The record with the moment of the deed, and with the user as the one who did it, where nothing else is said."""
    tool, properties = errand.spec.tool, errand.world.population.kinds[errand.spec.tool.entity].entity.schema
    stated = {parameter.sets for parameter, _ in errand.stated if parameter.sets}
    names, again = _names(tool), {(form,) for form in turns.participles(tool.verb)}
    for name, declared in properties.get("properties", {}).items():
        schema, pointer = settle(declared), f"/{name}"
        words = split(name)
        if pointer in stated or pointer in tool.state or record.get(name) not in (*_UNSAID, old.get(name)):
            continue
        if words[-1:] == ("by",) and _called(words[:-1], names):
            who = _whose(errand, schema)
            record = {**record, name: who} if who is not None else record
        elif (
            _is_moment(schema)
            and (record.get(name) in _UNSAID or _bare(words) in again)
            and _called(_bare(words), names)
        ):
            record = {**record, name: written(schema, errand.world.population)}
    return record


_RENEWING = ("renew", "prolong", "extend")
_UNTIL = frozenset(
    ["due", "until", "till", "expires", "expiry", "expiration", "end", "ends", "renews", "valid"]
)
_SINCE = frozenset(
    ["start", "starts", "from", "since", "loaned", "issued", "lent", "borrowed", "begins", "rented"]
)


_LASTS = {True: 14, False: 365}  # days that a loan lasts, and a contract


def renewed(errand: Errand, record: dict[str, Json]) -> dict[str, Json]:
    """The record, its end as much later as it lasted, where it was renewed without saying until when."""
    clock, properties = (
        errand.world.population.clock,
        errand.world.population.kinds[errand.spec.tool.entity].entity,
    )
    if errand.spec.tool.verb not in _RENEWING or any(parameter.sets for parameter, _ in errand.stated):
        return record
    moments = {
        name: at
        for name, declared in properties.schema.get("properties", {}).items()
        if _is_moment(settle(declared)) and (at := clock.parse(record.get(name))) is not None
    }
    until = next((name for name in moments if {*split(name)} & _UNTIL and not {*split(name)} & _SINCE), "")
    if not until:
        return record
    since = next(
        (at for name, at in moments.items() if {*split(name)} & _SINCE and at < moments[until]), None
    )
    lasts = moments[until] - since if since is not None else _LASTS["due" in split(until)] * 86400
    later = max(moments[until], clock.now) + lasts
    schema = settle(properties.schema["properties"][until])
    moved = {**record, until: clock.day(later) if schema.get("format") == "date" else clock.utc(later)}
    return _no_longer_late(moved, properties.schema.get("properties", {}))


def _no_longer_late(record: dict[str, Json], declared: Mapping[str, Schema]) -> dict[str, Json]:
    """The record in the state in which it was before its day came, where it was late."""
    name = standing(declared)
    options = [one for one in settle(declared[name]).get("enum", ()) if one] if name else []
    if not {*split(str(record.get(name) or ""))} & _LATE:
        return record
    told = dict(zip(options, phases(options), strict=True))
    before = next((one for one in options if told[one] != "dropped" and not {*split(str(one))} & _LATE), None)
    return {**record, name: before} if before is not None else record


_LATE = frozenset(["overdue", "late", "lapsed"])


def _names(tool: Tool) -> Collection[tuple[str, ...]]:
    """What the moment of a deed may be called."""
    reached = {tuple(split(str(value))) for value in tool.state.values() if isinstance(value, str)}
    return {*turns.told_of(tool.verb), *reached}


def _called(words: tuple[str, ...], names: Collection[tuple[str, ...]]) -> bool:
    return bool(words) and words in names


def _bare(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in _TAILS)


def _is_moment(schema: Schema) -> bool:
    return schema.get("format") in ("date", "date-time", "unix-time") and "string" in types(schema)


def _whose(errand: Errand, schema: Schema) -> Json:
    user = errand.world.population.scene.user
    if "string" not in types(schema) or schema.get("pattern") or schema.get("enum"):
        return None
    return user.email if schema.get("format") == "email" else user.name
