"""Who somebody is to a thing, and when something is, as they stand beside it."""

from __future__ import annotations

import re

from callsmith.language.relating import of_person
from callsmith.plan.bearing import bearer_of


def of_someone(field: str, name: str, mine: bool) -> str:
    """What somebody is to a record, whatever the field is called; "you" where it is the user."""
    for words, preposition in (
        (("sender", "from"), "from"),
        (("author", "creator", "reporter", "user"), "by"),
        (("assignee",), "assigned to"),
        (("owner",), "owned by"),
    ):
        if any(word in field for word in words):
            return f"{preposition} {'you' if mine else name}"
    if mine:
        return of_person(field, "you") or f"{field} you"
    return of_person(field, name) or f"{bearer_of(field) or field} {name}"


_ENDING = re.compile(r"(?:^|_)(?:end|ends|until|to|till)(?:_|$)|(?:^|[a-z])(?:End|Until)(?:[A-Z]|$)|^end")


def ending(name: str) -> bool:
    """Whether a field of this name holds the end of a time."""
    return _ENDING.search(name) is not None


def at_a_time(field: str, text: str, noun: str, lasting: bool) -> str:
    """A moment as told of what begins, ends, is due or done at it."""
    if field in ("timestamp", "on"):
        return text
    if "due" in field or "deadline" in field:
        return f"due {text}"
    if field.startswith("end") or field == "until":
        return f"until {text}"
    if "start" in field and lasting and noun not in ("event", "meeting", "appointment"):
        return f"from {text}"
    if "start" in field or field in ("date", "time"):
        return text
    for start, done in (
        ("clos", "closed"),
        ("complet", "completed"),
        ("merge", "merged"),
        ("resol", "resolved"),
    ):
        if field.startswith(start):
            return f"{done} {text}"
    stem = field.removesuffix(" date").removesuffix(" time")
    return f"{stem} {text}"
