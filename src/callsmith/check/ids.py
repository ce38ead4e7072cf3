"""Finding where an id or a key in an argument comes from."""

from __future__ import annotations

import re

from callsmith.check.context import Context
from callsmith.check.reading import CallAt, Reading, flatten
from callsmith.records import Derived, Found, Json, Nowhere, Origin, Parameter

_LABELLED = re.compile(r"\b([A-Za-z]+)(?::| is) ([\w.-]+)")
_CLOSE = {"id": 2, "gid": 2, "key": 2, "number": 1, "email": 1}
"""Names of fields that hold a record's own id or key, by how sure that is."""


class Ids:
    """Origins of the ids and keys in one call's arguments."""

    def __init__(self, context: Context, each: CallAt) -> None:
        self.context = context
        self.each = each
        self.reading: Reading = context.reading

    def labelled_otherwise(self, pointer: str, value: str) -> bool:
        """Whether the system prompt gives this value as that of another parameter of the same tool."""
        if self.each.tool is None:
            return False
        labels = {
            label.lower()
            for label, given in _LABELLED.findall(self.reading.system)
            if given.rstrip(".") == value
        }
        name = pointer.rsplit("/", 1)[-1].lower()
        own = {
            given.rstrip(".")
            for label, given in _LABELLED.findall(self.reading.system)
            if label.lower() == name
        }
        if (
            own
            and value not in own
            and value not in self.reading.system
            and self.context.said(value + "/") is None
        ):
            return True
        others = {parameter.name.lower() for parameter in self.each.tool.inputs}
        return bool(labels) and name not in labels and bool(labels & others)

    def opaque(self, pointer: str, value: str, parameter: Parameter | None) -> Origin:
        """An id: found in a result, where it names a record of the right kind, or given as an id by the user."""
        if value in self.reading.system:
            given = self.context.said(value)
            if given is not None:
                return given
        found = self.best_place(pointer, value, parameter)
        if found is not None:
            return found if self._names_right_kind(value, parameter) else Nowhere()
        if " " in value.strip():
            return Nowhere()
        return self.context.said(value) or self.part(value) or Nowhere()

    def best_place(self, pointer: str, value: Json, parameter: Parameter | None) -> Found | None:
        """Of all places that hold a value, the one most likely meant: of the right kind of record, in a result asked
        for with the same arguments, under a like name, and late."""
        places = self.context.places(value)
        if len(places) < 2:
            return Found(*places[0]) if places else None
        name = pointer.rsplit("/", 1)[-1].lower()
        refers = parameter.refers if parameter is not None else ""
        given = {str(item) for _, item in flatten(self.each.arguments)}
        best, most = places[-1], (-1, -1, -1, -99)
        for call, place in places:
            source = self.reading.by_id[call]
            kind = self.reading.kind_at(source, place)
            last = place.rsplit("/", 1)[-1].lower()
            own = kind != "" and last == self.reading.id_name(kind)
            score = (
                (3 if own else 2) if kind and kind == refers else 1 if not kind or not refers else 0,
                sum(str(item) in given for _, item in flatten(source.arguments)),
                _CLOSE.get(last, 0) if last != name else 3,
                -place.count("/"),
            )
            if score >= most:
                best, most = (call, place), score
        return Found(*best)

    def _names_right_kind(self, value: Json, parameter: Parameter | None) -> bool:
        """Whether some place that holds an id can name what the parameter wants; True where nobody knows."""
        if parameter is None or not parameter.refers:
            return True
        kinds: set[str] = set()
        for each, pointer in self.context.all_found(value):
            kind = self.reading.kind_at(each, pointer)
            if not kind:
                return True
            kinds.add(kind)
        toolkit = parameter.refers.partition(".")[0]
        return (
            not kinds
            or parameter.refers in kinds
            or not all(kind.startswith(toolkit + ".") for kind in kinds)
        )

    def part(self, value: str) -> Origin | None:
        """A part of a key or path that was said or found: halden of halden/optics-web."""
        if not value or not value.replace("-", "").replace("_", "").isalnum():
            return None
        for each in reversed(self.context.results):
            for pointer, here in self.reading.leaves(each):
                if isinstance(here, str) and len(here) <= 200 and here != value and value in here:
                    if value in re.split(r"[/:?=&#@.]", here) or here.split("-")[0] == value:
                        return Derived("key_prefix", (Found(each.call.id, pointer),))
        return None
