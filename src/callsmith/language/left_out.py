"""How what somebody left out is asked for: another record, a day or a value, and what it is called then."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.plan.known import takes_place
from callsmith.records import Json, Parameter


def asking_for_it(parameter: Parameter, field: str, choices: Sequence[Json]) -> str:
    """How something is asked for: another record, a day, or a value."""
    if parameter.klass == "opaque_id" and not choices:
        return "ask.record"
    if parameter.facet in ("date", "date_time") and not choices:
        return "ask.day" if field == "date" else "ask.when"
    return "ask.missing"


def question_field(phrase: str, noun: str) -> str:
    """What is asked for: of what takes place the time, of anything else its start or its end."""
    if not takes_place(noun):
        return phrase
    return {"start time": "time", "starts time": "time", "start": "time", "end time": "time"}.get(
        phrase, phrase
    )
