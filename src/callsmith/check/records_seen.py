"""Records across results: one id means one record until something changes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from callsmith.check.reading import CallAt, Reading, flatten, inputs
from callsmith.check.requests import alike, records_at
from callsmith.records import Json

_ID_KEYS = ("id", "gid", "key", "uri", "name")
_CHANGING = ("create", "update", "delete", "act", "opaque")


class Seen:
    """What results showed of records so far, and what calls have made of them."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.shown: dict[tuple[str, str, str], tuple[CallAt, Mapping[str, Json]]] = {}
        self.gone: dict[tuple[str, str], CallAt] = {}
        self.changed: dict[tuple[str, str], dict[str, Json]] = {}
        self.last_change = -1  # group of the last call that may have changed anything

    def fault(self, each: CallAt) -> str:
        """What in a result contradicts what was shown or done before; "" when nothing does."""
        if each.result is None:
            return ""
        toolkit = each.tool.toolkit if each.tool is not None else ""
        alters = each.tool is None or each.tool.deed in _CHANGING
        for identity, record in identified(each.result.value):
            gone = self.gone.get((toolkit, identity))
            if gone is not None and not alters and not _marked_gone(record) and gone.group < each.group:
                return f"{identity} is still there after it was deleted"
            expected = self.changed.get((toolkit, identity))
            if expected and not alters:
                for key, value in expected.items():
                    if (
                        key in record
                        and isinstance(record[key], type(value))
                        and not alike(record[key], value)
                    ):
                        return f"{key} of {identity} is {record[key]!r} after it was set to {value!r}"
            if alters:
                continue
            fault = self._differs(toolkit, identity, record, each)
            if fault:
                return fault
        return ""

    def _differs(self, toolkit: str, identity: str, record: Mapping[str, Json], each: CallAt) -> str:
        for before, earlier in self._of(toolkit, identity):
            if self.last_change >= before.group:
                continue
            shared = [key for key in record if key in earlier]
            if len(shared) < 2 or len(shared) * 2 < min(len(record), len(earlier)):
                continue
            for key in shared:
                one, two = earlier[key], record[key]
                if (
                    isinstance(one, (dict, list))
                    or isinstance(two, (dict, list))
                    or type(one) is not type(two)
                ):
                    continue
                if not alike(one, two) and not _shortened(one, two):
                    return f"{key} of {identity} is {two!r} and was {one!r}"
        return ""

    def _of(self, toolkit: str, identity: str) -> Iterator[tuple[CallAt, Mapping[str, Json]]]:
        for key in ((toolkit, identity, "id"), (toolkit, identity, "other")):
            if key in self.shown:
                yield self.shown[key]

    def take(self, each: CallAt) -> None:
        """Remember a successful call's result and effect."""
        if each.result is None:
            return
        toolkit = each.tool.toolkit if each.tool is not None else ""
        effect = each.tool.deed if each.tool is not None else "opaque"
        if effect in _CHANGING:
            self.last_change = each.group
            self._take_change(each, toolkit, effect)
        for identity, record in identified(each.result.value):
            self.shown[(toolkit, identity, "id" if "id" in record else "other")] = (each, record)

    def _take_change(self, each: CallAt, toolkit: str, effect: str) -> None:
        if each.tool is None or not each.tool.id_field:
            return
        wanted = list(records_at(each.arguments, each.tool.id_field))
        parameter = inputs(each.tool).get(each.tool.id_field)
        if effect == "delete":
            for one in wanted if parameter is not None and parameter.facet in ("id", "key") else ():
                self.gone[(toolkit, str(one))] = each
            return
        if len(wanted) != 1 or not isinstance(wanted[0], (str, int)):
            return
        identity = str(wanted[0])
        fields = self.changed.setdefault((toolkit, identity), {})
        if effect != "update":
            fields.clear()
            return
        for pointer, value in flatten(each.arguments):
            known = inputs(each.tool).get(pointer)
            if (
                known is not None
                and known.sets.count("/") == 1
                and value is not None
                and not isinstance(value, (dict, list))
            ):
                fields[known.sets[1:]] = value

    def refused(self, each: CallAt) -> None:
        """An error changes nothing."""


def identified(value: Json) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """Every object of a result that carries an id of some length, with that id."""
    stack = [value]
    while stack:
        here = stack.pop()
        if isinstance(here, Mapping):
            for name in ("id", "gid"):
                identity = here.get(name)
                if (
                    isinstance(identity, (str, int))
                    and not isinstance(identity, bool)
                    and len(str(identity)) >= 4
                ):
                    yield str(identity), here
                    break
            stack.extend(child for child in here.values() if isinstance(child, (dict, list)))
        elif isinstance(here, list):
            stack.extend(reversed(here))


def _marked_gone(record: Mapping[str, Json]) -> bool:
    state = str(record.get("status", record.get("state", ""))).lower()
    return state in ("cancelled", "canceled", "deleted", "trashed", "removed") or any(
        record.get(key) is True for key in ("deleted", "trashed", "is_deleted", "archived", "is_archived")
    )


def _shortened(one: Json, other: Json) -> bool:
    """Whether one text is the other cut short, as snippets are."""
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    short, long = sorted((one.rstrip("…. "), other), key=len)
    return len(short) > 10 and long.startswith(short)
