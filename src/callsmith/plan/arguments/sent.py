"""Values as a call sends them, where an argument's description says another form than ours: days as DD.MM.YYYY."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from callsmith.records import Json, Parameter

_FORMS: Mapping[str, str] = {
    "dd.mm.yyyy": "%d.%m.%Y", "dd/mm/yyyy": "%d/%m/%Y", "mm/dd/yyyy": "%m/%d/%Y", "dd-mm-yyyy": "%d-%m-%Y",
    "yyyy/mm/dd": "%Y/%m/%d", "yyyymmdd": "%Y%m%d",
}  # fmt: skip
_SHAPES = {r"[0-3][0-9]\.[01][0-9]\.[0-9]{4}": "%d.%m.%Y", r"20[0-9]{2}[01][0-9][0-3][0-9]": "%Y%m%d"}


def form_of(parameter: Parameter) -> str:
    """How an argument wants days written; "" where as ISO 8601 has it."""
    schema = parameter.schema
    if parameter.facet != "date" or schema.get("format") == "date":
        return ""
    told = str(schema.get("description", "")).lower()
    named = next((form for word, form in _FORMS.items() if word in told), "")
    shown = [str(one) for one in schema.get("examples", ())]
    return named or next(
        (form for shape, form in _SHAPES.items() if any(re.fullmatch(shape, one) for one in shown)), ""
    )


def as_sent(parameter: Parameter, value: Json) -> Json:
    """The value in the form that its argument wants."""
    form = form_of(parameter)
    if not form or not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value[:10]).strftime(form)
    except ValueError:
        return value
