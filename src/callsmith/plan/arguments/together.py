"""Values that have to agree with what is stated already: the other end of a way, a length that a name tells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsmith.catalog.languages import common_tags, language_tag
from callsmith.errors import PlanUnfit
from callsmith.meaning import Detail
from callsmith.plan.draft import Draft
from callsmith.records import Json, Parameter

_MINUTES_NAMED = re.compile(r"^([0-9]+) ([Mm]inute)\b")


def fitting(draft: Draft, details: Sequence[Detail], parameter: Parameter, value: Json) -> Json:
    """A value that goes with what is stated already.

    Raises:
        PlanUnfit: it is the other end of a way.
    """
    value = _language(draft, details, parameter, value)
    return _as_long_as_named(details, parameter, _apart(details, parameter, value))


def _language(draft: Draft, details: Sequence[Detail], parameter: Parameter, value: Json) -> Json:
    """A language by its tag, of which a schema shows but one as an example; any other value as it is."""
    if not isinstance(value, str) or not language_tag(value) or "enum" in parameter.schema:
        return value
    return draft.choice([tag for tag in common_tags() if tag != _other_end(details, parameter)])


_TO = {"source": "target", "from": "to", "origin": "destination"}


def _apart(details: Sequence[Detail], parameter: Parameter, value: Json) -> Json:
    """A value for one end of a way: languages, ports and accounts between which something goes are two.

    Raises:
        PlanUnfit: the other end is stated to be the same.
    """
    if value is not None and value == _other_end(details, parameter):
        raise PlanUnfit(f"nothing goes from {value} to {value}")
    return value


def _other_end(details: Sequence[Detail], parameter: Parameter) -> Json | None:
    """What is stated for the other end of a way, as the source language is for the target language."""
    first, _, rest = parameter.name.partition("_")
    other = next((one for pair in _TO.items() for one in pair if first in pair and one != first), "")
    item = next((d for d in details if other and rest and d.parameter == f"{other}_{rest}"), None)
    return item.values[0] if item is not None and item.values else None


def _as_long_as_named(details: Sequence[Detail], parameter: Parameter, value: Json) -> Json:
    """A length and a name that tells one agree: a "30 Minute Meeting" takes 30 minutes."""
    known = {item.parameter: item.values[0] for item in details if item.values}
    if parameter.facet == "duration_minutes":
        told = next((found for text in known.values() if (found := _MINUTES_NAMED.match(str(text)))), None)
        return int(told[1]) if told else value
    lengths = [item.values[0] for item in details if item.facet == "duration_minutes"]
    if lengths and isinstance(value, str):
        return _MINUTES_NAMED.sub(f"{lengths[0]} \\2", value)
    return value
