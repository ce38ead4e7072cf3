"""Where the plan knew an argument's origin, the origin computed from the messages must agree."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from callsmith.meaning import Ambient, Bound, Fixed, Listed, Pick, Source, Stated, Written
from callsmith.records import Composed, Default, Derived, Found, Given, Nowhere, Origin, Said

# What the messages may say of a value, by what the plan says of it. A thing may stand in more places than the plan
# took it from: a name the user said that a result also shows, a moment the user set that is carried on.
AGREEING: Mapping[type, tuple[type, ...]] = {
    Stated: (Said, Derived, Given, Found, Composed, Default),
    Pick: (Found, Said, Derived),
    Ambient: (Given, Default, Found, Said, Derived),
    Fixed: (Default, Given, Said),
    Written: (Composed, Said, Found, Derived),
}


def disagreement(
    executed: Sequence[Sequence[Sequence[Bound]]], provenance: Mapping[str, Mapping[str, Origin]]
) -> str:
    """The first argument whose two origins contradict each other, in words; "" when all agree."""
    for groups in executed:
        for group in groups:
            for bound in group:
                computed = provenance.get(bound.call.id, {})
                for pointer, source in bound.step.arguments.items():
                    fault = _apart(pointer, source, computed)
                    if fault:
                        return f"{bound.call.name}{fault}"
    return ""


def _apart(pointer: str, source: Source, computed: Mapping[str, Origin]) -> str:
    kinds = {type(item) for item in source.items} if isinstance(source, Listed) else {type(source)}
    allowed = tuple(origin for kind in kinds for origin in AGREEING[kind])
    place = re.compile(
        "".join(r"/[0-9]+" if step == "*" else "/" + re.escape(step) for step in pointer.split("/")[1:])
    )
    for at, origin in computed.items():
        if place.match(at) and not isinstance(
            origin, (*allowed, Nowhere)
        ):  # nowhere is the grounding check's matter
            planned = "/".join(sorted(kind.__name__.lower() for kind in kinds))
            return f"{at}: planned as {planned}, traced as {type(origin).__name__.lower()}"
    return ""
