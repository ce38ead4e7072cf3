"""Each call names an offered tool, and its arguments satisfy that tool's schema, formats included."""

from __future__ import annotations

from collections.abc import Mapping

from callsmith.check.reading import CallAt, Reading
from callsmith.records import Verdict
from callsmith.schema import misfit

NAME = "schema"


def check(reading: Reading) -> Verdict:
    """Fail on the first call of a tool not offered or with arguments its schema does not allow."""
    if not reading.calls:
        return Verdict(NAME, "pass")
    if not reading.offered:
        return Verdict(NAME, "skipped", "the row has no tool definitions")
    for each in reading.calls:
        if not each.train:
            continue
        fault = call_fault(each, reading)
        if fault:
            return Verdict(NAME, "fail", fault, each.message)
    return Verdict(NAME, "pass")


def call_fault(each: CallAt, reading: Reading) -> str:
    """Why a call could not be made; "" when it could."""
    offered = reading.offered.get(each.call.name)
    if offered is None:
        return f"{each.call.name} is not among the tools offered"
    if not isinstance(each.call.arguments, Mapping):
        return f"{each.call.name}: the arguments are not a JSON object"
    schema = offered.get("parameters")
    fault = misfit(schema, each.call.arguments) if isinstance(schema, Mapping) else ""
    return each.call.name + (fault if fault.startswith("/") else f": {fault}") if fault else ""
