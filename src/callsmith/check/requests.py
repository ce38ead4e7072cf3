"""One result against the arguments it answers: echoes, ids, filters, limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from callsmith.check.context import days_of
from callsmith.check.reading import CallAt, Reading, flatten, inputs
from callsmith.check.sayings import ambient
from callsmith.facts import instant, same
from callsmith.records import Json, Parameter, Tool, Yield
from callsmith.schema import steps

_COMPARED_BY_VALUE = frozenset(
    "id key number_key title email date date_time time amount amount_minor currency count percent number enum flag "
    "label timestamp duration_minutes duration_seconds phone username place city person company text file_name url "
    "country".split()
)


def request_fault(each: CallAt, reading: Reading) -> str:
    """What in a successful result does not fit the call; "" when all does."""
    if each.result is None or each.tool is None:
        return ""
    tool, value = each.tool, each.result.value
    fault = _identity_fault(each, tool, value, reading) or _state_fault(tool, value)
    if fault:
        return fault
    if tool.deed in ("create", "update"):
        return _echo_fault(each, tool, value)
    if tool.deed == "read":
        return _read_fault(each, tool, value)
    if tool.deed in ("list", "search"):
        return _list_fault(each, tool, value, reading)
    return ""


def _identity_fault(each: CallAt, tool: Tool, value: Json, reading: Reading) -> str:
    """Whether a result that shows the one record acted on shows another."""
    place = yield_of(tool)
    entity = reading.entities.get(tool.entity)
    if not reading.known:
        return ""  # what a stranger's tool returns is a guess
    if not tool.id_field or place is None or place.many or entity is None or not entity.id_pointer:
        return ""
    parameter = inputs(tool).get(tool.id_field)
    if (
        parameter is None
        or parameter.refers != tool.entity
        or parameter.facet != "id"
        or tool.deed == "create"
    ):
        return ""
    wanted = list(records_at(each.arguments, tool.id_field))
    shown = list(records_at(value, place.pointer + entity.id_pointer))
    if len(wanted) != 1 or len(shown) != 1 or str(wanted[0]).lower() in ambient():
        return ""
    record = next(iter(records_at(value, place.pointer)), None)
    leaves = (
        {str(item) for item in record.values() if isinstance(item, (str, int))}
        if isinstance(record, Mapping)
        else set()
    )
    if str(wanted[0]) not in leaves and not any(str(wanted[0]) in leaf for leaf in leaves):
        return f"{entity.id_pointer} is {shown[0]!r} where {wanted[0]!r} was named"
    return ""


def _state_fault(tool: Tool, value: Json) -> str:
    """Whether the record an action returns is not in the state the action brings about."""
    place = yield_of(tool)
    if tool.deed != "act" or place is None or place.many:
        return ""
    for pointer, wanted in tool.state.items():
        shown = list(records_at(value, place.pointer + pointer))
        if (
            len(shown) == 1
            and isinstance(wanted, (str, bool))
            and type(shown[0]) is type(wanted)
            and shown[0] != wanted
        ):
            return f"{pointer} is {shown[0]!r} after the call made it {wanted!r}"
    return ""


def records_at(value: Json, pointer: str) -> Iterator[Json]:
    """Every value at a pointer with ``*`` steps."""
    here = [value]
    for step in steps(pointer):
        following: list[Json] = []
        for item in here:
            if step == "*" and isinstance(item, list):
                following.extend(item)
            elif isinstance(item, Mapping) and step in item:
                following.append(item[step])
        here = following
    yield from here


def yield_of(tool: Tool) -> Yield | None:
    """Where a tool's result holds its own entity."""
    return next((each for each in tool.yields if each.entity == tool.entity), None)


def _echo_fault(each: CallAt, tool: Tool, value: Json) -> str:
    place = yield_of(tool)
    if place is not None:
        found = list(records_at(value, place.pointer))
    else:
        found = [value]
    if len(found) != 1 or not isinstance(found[0], Mapping):
        return ""
    record = found[0]
    for pointer, parameter in inputs(tool).items():
        field = parameter.sets or ("/" + parameter.name if parameter.facet in _COMPARED_BY_VALUE else "")
        if tool.deed == "create" and parameter.refers == tool.entity:
            continue  # the record it is made from, not the one made
        if not field or "*" in pointer or "*" in field or parameter.facet not in _COMPARED_BY_VALUE:
            continue
        given = list(records_at(each.arguments, pointer))
        echoed = list(records_at(record, field))
        if (
            len(given) != 1
            or len(echoed) != 1
            or isinstance(given[0], (dict, list))
            or isinstance(echoed[0], (dict, list))
        ):
            continue
        if given[0] is None or echoed[0] is None or type(given[0]) is not type(echoed[0]):
            continue
        if not alike(given[0], echoed[0]):
            return f"{field} is {echoed[0]!r} where {given[0]!r} was asked for"
    return ""


def alike(one: Json, other: Json) -> bool:
    """Equivalence that also lets a date-time without an offset be one with."""
    if same(one, other):
        return True
    if isinstance(one, str) and isinstance(other, str) and instant(one) and instant(other):
        return one[:16] == other[:16]
    return False


def _read_fault(each: CallAt, tool: Tool, value: Json) -> str:
    if not tool.id_field:
        return ""
    wanted = list(records_at(each.arguments, tool.id_field))
    if (
        len(wanted) != 1
        or not isinstance(wanted[0], (str, int))
        or str(wanted[0]).lower() in ("me", "primary", "self", "@me")
    ):
        return ""
    text = str(wanted[0])
    for _, here in flatten(value):
        if here is not None and (
            str(here) == text or (isinstance(here, str) and len(text) > 2 and text in here)
        ):
            return ""
    parameter = inputs(tool).get(tool.id_field)
    carries = parameter is None or parameter.refers == tool.entity
    if (
        carries
        and isinstance(value, Mapping)
        and any(key in value for key in ("id", "key", "number", "gid", "name"))
    ):
        return f"the record is not {text}"
    return ""


def _list_fault(each: CallAt, tool: Tool, value: Json, reading: Reading) -> str:
    place = yield_of(tool)
    if place is None or not place.many:
        return ""
    records = list(records_at(value, place.pointer))
    for pointer, parameter in inputs(tool).items():
        given = list(records_at(each.arguments, pointer))
        if len(given) != 1 or given[0] in (None, "", []):
            continue
        if parameter.facet == "limit" and isinstance(given[0], int) and not isinstance(given[0], bool):
            if len(records) > given[0]:
                return f"{len(records)} records although {given[0]} was the limit"
        elif parameter.filters:
            fault = _filter_fault(parameter, given[0], records, reading)
            if fault:
                return fault
    return ""


def _filter_fault(parameter: Parameter, wanted: Json, records: list[Json], reading: Reading) -> str:
    for record in records:
        found = [item for item in records_at(record, parameter.filters) if item is not None]
        if len(found) != 1 or isinstance(found[0], (dict, list)):
            continue
        here = found[0]
        if parameter.compare == "eq" and isinstance(wanted, (str, int, bool)):
            if str(wanted).lower() in ("all", "any", "*", "me", "none", "@me") or "," in str(wanted):
                continue
            if (
                type(here) is type(wanted)
                and not alike(wanted, here)
                and not _that_day(here, wanted, reading)
            ):
                return f"{parameter.filters} is {here!r} although {wanted!r} was asked for"
        elif parameter.compare in ("ge", "gt", "le", "lt"):
            if not _ordered(here, wanted, parameter.compare, reading):
                return f"{parameter.filters} is {here!r}, outside what was asked for"
    return ""


def _that_day(here: Json, wanted: Json, reading: Reading) -> bool:
    """Whether a moment lies in the day that was asked for."""
    asked, found = days_of(wanted, "", reading), days_of(here, "", reading)
    return len(asked) == len(found) == 1 and asked[0][1] < 0 <= found[0][1] and asked[0][0] == found[0][0]


def _ordered(here: Json, wanted: Json, compare: str, reading: Reading) -> bool:
    if isinstance(here, (int, float)) and isinstance(wanted, (int, float)):
        one, two = float(here), float(wanted)
    else:
        first, second = days_of(here, "", reading), days_of(wanted, "", reading)
        if not first or not second or (first[0][1] < 0) != (second[0][1] < 0):
            return True
        one, two = first[0][0] * 1440.0 + first[0][1], second[0][0] * 1440.0 + second[0][1]
    return one >= two if compare in ("ge", "gt") else one <= two
