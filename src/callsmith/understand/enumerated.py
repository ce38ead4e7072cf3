"""Choices that a description lists and the schema does not; which field has the choices of an argument."""

from __future__ import annotations

import re
from functools import lru_cache

from callsmith.records import Entity, Field, Parameter
from callsmith.understand.shapes import last_words

_LEAD = re.compile(
    r"(?:\bone of|\b(?:valid|possible|allowed|supported|acceptable|accepted) (?:values|options)(?: are| is| include)?"
    r"|\beither|\bcan be(?: one of)?|\bmust be(?: one of)?)\s*:?\s*",
    re.IGNORECASE,
)
_ITEM = re.compile(
    r"""\s*(?:or\s+|and\s+)?(?:[`'"]([A-Za-z0-9][\w.:/-]{0,39})[`'"]|([A-Za-z0-9][\w.:/-]{0,39}))\s*(,|\||;|\bor\b|\band\b)?"""
)
_FEWEST, _MOST = 2, 24
_ALONE = re.compile(r"[a-z][a-z_]{1,18}(?:(?:, (?:or )?| or | ?[|/] ?)[a-z][a-z_]{1,18})+\.?")
_ALONE_FEWEST = 3  # "name or email" is no choice of values
_FIELDS = frozenset(
    "name email phone title id company city address date text description code username url".split()
)
# - "confirmed" - The event is confirmed. - "tentative" - ...
_BULLET = re.compile(r"""(?:^|[\s:])[-*•]\s+[`'"]([A-Za-z][\w.-]{0,39})[`'"](?=\s*(?:[-–—:,.(]|$))""")


@lru_cache(maxsize=8192)
def listed(description: str) -> tuple[str, ...]:
    """The values of "One of: bottom or top", "Valid values: a | b | c", "either `asc` or `desc`"; else none.

    Bare words are taken only after a colon: "can be red or blue" may be prose, "one of: red or blue" is a list.
    A description that is nothing but such a list is one: "open, pending or closed".
    """
    if alone := _ALONE.fullmatch(description.strip()):
        found = tuple(
            word for word in re.split(r",\s*(?:or\s+)?|\s+or\s+|\s*[|/]\s*", alone[0].rstrip(".")) if word
        )
        if _ALONE_FEWEST <= len(found) <= _MOST and len(set(found)) == len(found) and not _FIELDS & {*found}:
            return found
    for lead in _LEAD.finditer(description):
        if (
            lead.group().rstrip().endswith(":")
            and len(bullets := _bullets(description[lead.end() - 1 :])) >= _FEWEST
        ):
            return bullets
        found = _values(description[lead.end() : lead.end() + 600], bare=lead.group().rstrip().endswith(":"))
        if _FEWEST <= len(found) <= _MOST:
            return found
    return ()


def _bullets(text: str) -> tuple[str, ...]:
    """Quoted values, each told at a bullet of its own."""
    return tuple(dict.fromkeys(_BULLET.findall(text)))[:_MOST]


def _values(text: str, *, bare: bool) -> tuple[str, ...]:
    found: list[str] = []
    joints: set[str] = set()
    at = 0
    while (item := _ITEM.match(text, at)) is not None:
        quoted, plain, joint = item.groups()
        if quoted is None and not bare:
            return ()
        found.append(quoted if quoted is not None else plain.rstrip("."))
        at = item.end()
        joints.update([joint] if joint else [])
        if joint is None or (plain or "").endswith("."):
            break
    else:
        return ()
    rest = text[at:].lstrip()
    ended = not rest or not rest[0].isalnum() or bool((item.group(2) or "").endswith("."))
    parted = joints == {"|"} and rest[:1].isupper()  # "Valid values: 443 | 1194 Default value: 443"
    return tuple(dict.fromkeys(found)) if ended or parted else ()


def with_its_choices(parameter: Parameter, entity: Entity) -> Field | None:
    """The one field that ends as a parameter does and has its choices: the stage of what is moved ``to_stage``."""
    choices, words = {*map(str, parameter.schema.get("enum", ()))}, last_words(parameter.pointer)
    found = [
        field
        for field in entity.fields
        if field.pointer.count("/") == 1
        and choices
        and words[-len(last_words(field.pointer)) :] == last_words(field.pointer)
        and choices <= {*map(str, field.schema.get("enum", ()))}
    ]
    return found[0] if len(found) == 1 else None
