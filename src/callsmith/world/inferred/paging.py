"""Pages of records: how many one holds, where it begins, and by what the next is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callsmith.records import Json, Parameter
from callsmith.seeds import number
from callsmith.world.fields.patterns import matching
from callsmith.world.inferred.errand import Errand
from callsmith.world.inferred.pointing import first
from callsmith.world.stories.naming import split
from callsmith.world.stories.paged import counts, limit_promised

_PAGE = 10  # records a list shows when neither the call nor the definition says how many
_WHOLE = 100  # and when the product knows no pages
_NUMBERED = (("page",), ("page", "number"), ("page", "no"), ("page", "index"), ("page", "num"))


def asked_limit(errand: Errand) -> int:
    """How many the call asks for; 0 when it does not say."""
    for parameter, value in errand.stated:
        if counts(parameter) and isinstance(value, int) and not isinstance(value, bool):
            return max(1, min(value, _WHOLE))
    return 0


def promised_limit(errand: Errand) -> int:
    """How many are shown of a call that does not say how many, as definitions say; 0 where they say nothing."""
    return min(limit_promised(errand.spec.tool), _WHOLE)


def usual_limit(errand: Errand) -> int:
    """How many are shown where nobody says how many."""
    most = next((p.schema.get("maximum") for p in errand.spec.tool.inputs if counts(p)), None)
    usual = _PAGE if errand.spec.paged else _WHOLE
    return max(1, min(usual, most)) if isinstance(most, int) else usual


def start_of(errand: Errand, records: Sequence[Mapping[str, Json]], limit: int) -> int:
    """At which record the page begins that a call asks for."""
    for parameter, value in errand.stated:
        words = split(parameter.name)
        if parameter.facet != "page_token" and words != ("after",) and words not in _NUMBERED:
            continue
        if isinstance(value, int) and not isinstance(value, bool):
            return max(0, (value - _first(parameter)) * limit) if words in _NUMBERED else max(0, value)
        if isinstance(value, str):
            for start in range(0, len(records) + 1):
                if start and token_of(errand, start) == value:
                    return start
            for place, record in enumerate(records):
                if value in (first(record, errand.spec.id_pointer), record.get("id")):
                    return place + 1
            if value.isdigit() and len(value) < 6:
                return int(value)
    return 0


def first_page(errand: Errand) -> int:
    """The number of the first page."""
    return next((_first(one) for one in errand.spec.tool.inputs if split(one.name) in _NUMBERED), 1)


def _first(parameter: Parameter) -> int:
    told = (parameter.schema.get(name) for name in ("default", "minimum"))
    return 0 if any(value == 0 and not isinstance(value, bool) for value in told) else 1


def token_of(errand: Errand, start: int) -> str:
    """Where the next page begins, in the style of the schema; the same for the same query and place."""
    bits = number(errand.world.population.bits, errand.spec.tool.name, start)
    pattern = errand.spec.token_pattern
    made = matching(pattern, bits) if pattern else None
    return made or f"{bits:016x}"
