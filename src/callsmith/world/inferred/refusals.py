"""Errors as the product's own interface gives them."""

from __future__ import annotations

from msgspec import Struct

from callsmith.catalog import data
from callsmith.records import Call, Json, Result
from callsmith.seeds import identity

_HTTP = {"not_found": 404, "invalid_argument": 400, "unknown_tool": 404, "conflict": 409,
         "permission_denied": 403, "failed_precondition": 400, "unsupported": 501, "invalid_query": 400}  # fmt: skip


class Refusal(Struct, frozen=True):
    """Why a call cannot be run."""

    code: str
    message: str
    param: str = ""
    noun: str = ""
    id: str = ""


def refused(call: Call, toolkit: str, code: str, message: str, **more: str) -> Result:
    """A failed result in the toolkit's style. ``code`` is a key of the HTTP table, ``more`` fills templates."""
    styles = data.read("catalog/lexicon/refusals.yaml")
    style = next((item for item in styles if toolkit in item["toolkits"]), styles[-1])
    slots = {
        "status": str(_HTTP.get(code, 400)),
        "code": code,
        "CODE": code.upper(),
        "message": message,
        "trace": identity("trace", call.name, message)[3:],
        "param": more.get("param", ""),
        "noun": more.get("noun", "resource"),
        "id": more.get("id", ""),
    }
    wanted = style.get(code) or style["any"]
    return Result(call.id, _filled(wanted, slots), code)


def _filled(shape: Json, slots: dict[str, str]) -> Json:
    if isinstance(shape, dict):
        made = {name: _filled(value, slots) for name, value in shape.items()}
        return {name: value for name, value in made.items() if value != ""}
    if isinstance(shape, list):
        return [_filled(value, slots) for value in shape]
    if not isinstance(shape, str):
        return shape
    if shape == "{status:int}":
        return int(slots["status"])
    return shape.format_map(slots)
