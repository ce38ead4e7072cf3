"""Results against one another and against the arguments that asked for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from callsmith.check.context import days_of
from callsmith.check.exchanged import exchanged
from callsmith.check.reading import CallAt, Reading
from callsmith.check.records_seen import Seen
from callsmith.check.requests import request_fault
from callsmith.facts import number
from callsmith.records import Json, Verdict
from callsmith.schema import first_error

NAME = "coherence"

_PAIRS = (
    ("start", "end"), ("begin", "end"), ("created", "updated"), ("created", "modified"),
    ("created", "closed"), ("created", "completed"), ("created", "merged"), ("created", "resolved"),
    ("created", "canceled"), ("created", "cancelled"), ("created", "paid"), ("created", "published"),
    ("created", "edited"), ("added", "completed"),
)  # fmt: skip
_CLOSED = frozenset("closed resolved done completed complete merged".split())
_OPEN = frozenset(
    "open opened in_progress todo to_do new active pending needsaction reopened backlog".split()
)


def check(reading: Reading) -> Verdict:
    """Fail on the first result or call that contradicts itself, another, or what was asked for."""
    seen = Seen(reading)
    for each in reading.calls:
        if each.train:
            fault = object_fault(each.arguments, reading)
            if fault:
                return Verdict(NAME, "fail", f"{each.call.name}: {fault}", each.message)
        if each.result is None:
            continue
        if each.result.error or failed(each.result.value):
            seen.refused(each)
            continue
        fault = shape_fault(each) if reading.known else ""
        fault = fault or object_fault(each.result.value, reading)
        fault = fault or request_fault(each, reading)
        fault = fault or seen.fault(each)
        if fault:
            return Verdict(NAME, "fail", f"{each.call.name}: {fault}", each.result_at)
        seen.take(each)
    fault, index = exchanged(reading)
    return Verdict(NAME, "fail", fault, index) if fault else Verdict(NAME, "pass")


def shape_fault(each: CallAt) -> str:
    """Where a result is not what its tool returns; "" when it is, or nobody says what it returns."""
    if each.tool is None or not each.tool.returns or each.result is None:
        return ""
    error = first_error(each.tool.returns, each.result.value)
    return f"the result is not what the tool returns: {error[0]} {error[1]}"[:200] if error else ""


def failed(value: Json) -> bool:
    """Whether a result is an error body although nothing marks it as one."""
    return isinstance(value, Mapping) and bool(value.get("error")) and len(value) <= 3


# ---------------------------------------------------------------- one object


def objects(value: Json) -> Iterator[Mapping[str, Json]]:
    """Every object inside a value, outermost first."""
    stack = [value]
    while stack:
        here = stack.pop()
        if isinstance(here, Mapping):
            yield here
            stack.extend(child for child in here.values() if isinstance(child, (dict, list)))
        elif isinstance(here, list):
            stack.extend(child for child in here if isinstance(child, (dict, list)))


def object_fault(value: Json, reading: Reading) -> str:
    """What is wrong with an object inside a value, taken alone; "" when nothing is."""
    for here in objects(value):
        fault = _order_fault(here, reading) or _state_fault(here) or _sum_fault(here)
        if fault:
            return fault
    return ""


_PAIR_NAMES: dict[tuple[str, ...], tuple[tuple[str, str], ...]] = {}
_BOUNDS = (
    ("after", "before"),
    ("since", "until"),
    ("min", "max"),
    ("gte", "lte"),
    ("gt", "lt"),
    ("from", "to"),
)


def pairs(keys: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Which members of an object with these keys are an earlier and a later moment."""
    known = _PAIR_NAMES.get(keys)
    if known is not None:
        return known
    if len(_PAIR_NAMES) > 8192:
        _PAIR_NAMES.clear()
    low = {re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower(): key for key in keys}
    out: dict[tuple[str, str], None] = {}
    for first, last in _PAIRS:
        for ending in ("", "_at", "_time", "_date", "_datetime", "_timestamp", "_on"):
            one = low.get(first + ending)
            if one is None:
                continue
            for other in (ending, "_at", "_time", "_date", "") if first == "created" else (ending,):
                two = low.get(last + other)
                if two is not None:
                    out[(one, two)] = None
    for name, key in low.items():
        parts = name.split("_")
        for first, last in _BOUNDS:
            if first in parts and "not" not in parts:
                two = low.get("_".join(last if part == first else part for part in parts))
                if two is not None:
                    out[(key, two)] = None
    _PAIR_NAMES[keys] = tuple(out)
    return _PAIR_NAMES[keys]


def _order_fault(here: Mapping[str, Json], reading: Reading) -> str:
    for first, last in pairs(tuple(here)):
        one, two = moment_of(here[first], reading), moment_of(here[last], reading)
        if one is not None and two is not None and one[1] == two[1] and one[0] > two[0]:
            return f"{last} lies before {first}"
    return ""


def moment_of(value: Json, reading: Reading) -> tuple[int, bool] | None:
    """Minutes since day 0 and whether a time of day is known, of a moment or an object that holds one."""
    if isinstance(value, Mapping):
        for key in ("dateTime", "date_time", "datetime", "date"):
            if value.get(key):
                return moment_of(value[key], reading)
        return None
    found = days_of(value, "", reading)
    if not found:
        return None
    day, minute = found[0]
    return (day * 1440 + max(minute, 0), minute >= 0)


def spans_in(value: Json, reading: Reading) -> Iterator[tuple[int, int]]:
    """Start and end minutes of every object inside a value that has both."""
    for here in objects(value):
        for first, last in pairs(tuple(here)):
            if first[0] == "c" or first[0] == "a":
                continue
            one, two = moment_of(here[first], reading), moment_of(here[last], reading)
            if one is not None and two is not None:
                yield one[0], two[0]


def _state_fault(here: Mapping[str, Json]) -> str:
    state = here.get("state", here.get("status"))
    if isinstance(state, str):
        low = state.lower().replace(" ", "_")
        for key in ("closed_at", "completed_at", "resolved_at", "merged_at"):
            if key not in here:
                continue
            past = key.split("_")[0]
            if low in _OPEN and here[key]:
                return f"it is {state} but has {key}"
            if low == past and not here[key]:
                return f"it is {state} but {key} is empty"
    for flag, stamp in (("completed", "completed_at"), ("is_completed", "completed_at"), ("checked", "completed_at"),
                        ("merged", "merged_at"), ("closed", "closed_at"), ("paid", "paid_at"),
                        ("archived", "archived_at"), ("done", "done_at")):  # fmt: skip
        if isinstance(here.get(flag), bool) and stamp in here and here[flag] != bool(here[stamp]):
            return f"{flag} is {str(here[flag]).lower()} but {stamp} says otherwise"
    return ""


_OF_A_RECORD = ("id", "status", "state", "subtotal", "currency", "created_at", "createdAt")
"""Fields that a record has and a page of records has not."""


def _sum_fault(here: Mapping[str, Json]) -> str:
    if {"amount_due", "amount_paid", "amount_remaining"} <= here.keys():
        due, paid, rest = (number(here[key]) for key in ("amount_due", "amount_paid", "amount_remaining"))
        if due is not None and paid is not None and rest is not None and abs(due - paid - rest) > 1e-6:
            return "what remains is not what is due less what is paid"
    if {"subtotal", "tax", "total"} <= here.keys():
        parts = [number(here[key]) for key in ("subtotal", "tax", "total")]
        if None not in parts and abs((parts[0] or 0) + (parts[1] or 0) - (parts[2] or 0)) > 0.011:
            return "the total is not subtotal and tax"
    if "amount_refunded" in here and isinstance(here.get("amount"), (int, float)):
        refunded = number(here["amount_refunded"])
        if refunded is not None and refunded > here["amount"]:
            return "more is refunded than was paid"
    for key in (
        "total_count",
        "totalCount",
        "total",
        "count",
        "total_items",
        "totalItems",
        "resultSizeEstimate",
    ):
        counted = here.get(key)
        if not isinstance(counted, int) or isinstance(counted, bool):
            continue
        if key == "total" and any(name in here for name in _OF_A_RECORD):
            continue  # what an order comes to
        arrays = [item for item in here.values() if isinstance(item, list)]
        if (
            len(arrays) == 1
            and len(arrays[0]) > counted
            and (not arrays[0] or isinstance(arrays[0][0], Mapping))
        ):
            return f"{key} is {counted} but {len(arrays[0])} are listed"
    return _lines_fault(here)


def _lines_fault(here: Mapping[str, Json]) -> str:
    for name in ("lines", "line_items", "items"):
        inside = here.get(name)
        rows = inside.get("data") if isinstance(inside, Mapping) else inside
        if not isinstance(rows, list) or not rows or not all(isinstance(row, Mapping) for row in rows):
            continue
        for part, whole in (("amount", "subtotal"), ("amount", "total"), ("amount_total", "amount_total")):
            parts = [number(row.get(part)) for row in rows]
            total = number(here.get(whole))
            if total is None or None in parts or (isinstance(inside, Mapping) and inside.get("has_more")):
                continue
            if abs(sum(value or 0 for value in parts) - total) > 0.011 and not (
                whole == "total" and here.get("tax")
            ):
                return f"{whole} is not the sum of its {name}"
            break
    return ""


def writes_between(reading: Reading, first: CallAt, last: CallAt) -> bool:
    """Whether a call that changes something, or may, stands between two calls or beside the first."""
    for each in reading.calls:
        if first.group <= each.group <= last.group and each is not first and each is not last:
            if each.tool is None or each.tool.deed in ("create", "update", "delete", "act", "opaque"):
                return True
    return False
