"""Gmail's search operators; what is none of them is looked for as text, for the product refuses nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from callsmith.records import Json
from callsmith.world.queries.asked import (
    Fields,
    Query,
    Test,
    all_of,
    any_of,
    compared,
    has_text,
    negated,
    values,
)
from callsmith.world.stories.clock import DAY

_TOKEN = re.compile(r'\s*(-?)(?:([A-Za-z_]+):)?(?:"([^"]*)"?|(\()|(\{)|([^\s(){}"]+))|\s*([)}])')
_SPAN = re.compile(r"([0-9]{1,5})([hdwmy])$")
_DATE = re.compile(r"([0-9]{4})[/-]([0-9]{1,2})[/-]([0-9]{1,2})$")
_SECONDS = {"h": 3600, "d": DAY, "w": 7 * DAY, "m": 30 * DAY, "y": 365 * DAY}
_SYSTEM = {"inbox": "INBOX", "sent": "SENT", "trash": "TRASH", "spam": "SPAM", "starred": "STARRED",
           "important": "IMPORTANT", "unread": "UNREAD", "draft": "DRAFT", "drafts": "DRAFT"}  # fmt: skip


def mail_query(text: str, fields: Fields) -> Query:
    """What a Gmail search keeps."""
    tokens = [match.groups() for match in _TOKEN.finditer(text)]
    test, _ = _group(tokens, 0, fields, "")
    return Query(test)


def _group(
    tokens: list[tuple[str, ...]], at: int, fields: Fields, close: str, of: str = ""
) -> tuple[Test, int]:
    """Terms up to a closing bracket: side by side all of them, in braces or around OR any.

    ``of`` is the operator before the bracket, as in ``subject:(lens quote)``: it holds for plain words inside.
    """
    runs: list[list[Test]] = []
    joined = False
    while at < len(tokens):
        minus, operator, quoted, opens, brace, word, closing = tokens[at]
        at += 1
        if closing:
            if close:
                break
            continue
        if word in ("OR", "AND") and not operator:
            joined = word == "OR"
            continue
        if opens or brace:
            test, at = _group(tokens, at, fields, ")" if opens else "}", operator or of)
        else:
            test = _term(operator or of, quoted if quoted is not None else word or "", fields)
        if minus:
            test = negated(test)
        if (joined or close == "}") and runs:
            runs[-1].append(test)
        else:
            runs.append([test])
        joined = False
    if not runs:
        return (lambda record: True), at
    return all_of([any_of(run) for run in runs]), at


def _term(operator: str, value: str, fields: Fields) -> Test:
    known = _OPERATORS.get(operator.lower())
    if known is None:
        text = f"{operator}:{value}" if operator else value
        return has_text(fields.texts, text.strip(".,;"))
    return known(value, fields)


def _person(*names: str) -> Callable[[str, Fields], Test]:
    def make(value: str, fields: Fields) -> Test:
        if value.lower() == "me":
            value = fields.population.scene.user.email
        pointers = tuple(
            dict.fromkeys((*fields.named(names[0]), *(at for name in names[1:] for at in fields.named(name))))
        )
        return has_text(pointers, value)

    return make


def _labels(record: Mapping[str, Json], fields: Fields) -> list[str]:
    return [str(value) for value in values(record, fields.named("labelIds", "labels", "label"))]


def _label(value: str, fields: Fields) -> Test:
    wanted = {value.upper(), _SYSTEM.get(value.lower(), value.upper())}
    folded = value.lower().replace("-", " ").replace("/", " ")
    for key, kind in fields.population.kinds.items():
        if kind.family.name == "label":
            for entry in fields.population.entries(key):
                if str(entry.record.get("name", "")).lower().replace("-", " ").replace("/", " ") == folded:
                    wanted.add(str(entry.record.get("id", "")).upper())
    return lambda record: any(label.upper() in wanted for label in _labels(record, fields))


def _inside(value: str, fields: Fields) -> Test:
    if value.lower() in ("anywhere", "all"):
        return lambda record: True
    if value.lower() == "archive":
        return lambda record: not {"INBOX", "TRASH", "SPAM"}.intersection(_labels(record, fields))
    return _label(value, fields)


def _is(value: str, fields: Fields) -> Test:
    if value.lower() == "read":
        return negated(_label("unread", fields))
    return _label(value, fields)


def _has(value: str, fields: Fields) -> Test:
    if value.lower() in ("attachment", "attachments"):
        flags = fields.named("hasAttachments", "hasAttachment")
        files = fields.named("filename", "attachmentId")
        return lambda record: (
            any(item is True for item in values(record, flags)) or bool(values(record, files))
        )
    if value.lower() in ("userlabels", "nouserlabels"):
        user: Test = lambda record: any(label.startswith("Label_") for label in _labels(record, fields))  # noqa: E731
        return user if value.lower() == "userlabels" else negated(user)
    kinds = {"pdf": ".pdf", "document": ".doc", "spreadsheet": ".xls"}
    return has_text(fields.named("filename"), "") if value not in kinds else _file(kinds[value], fields)


def _file(value: str, fields: Fields) -> Test:
    pointers = fields.named("filename", "fileName")
    needle = value.casefold()
    return lambda record: any(needle in str(item).casefold() for item in values(record, pointers))


def _when(fields: Fields) -> tuple[str, ...]:
    return fields.named("internalDate", "date", "sentAt", "timestamp", "createdAt")


def _age(younger: bool) -> Callable[[str, Fields], Test]:
    def make(value: str, fields: Fields) -> Test:
        span = _SPAN.match(value.lower())
        if span is None:
            return lambda record: False
        limit = fields.population.clock.now - int(span[1]) * _SECONDS[span[2]]
        return compared(_when(fields), ">=" if younger else "<", limit, fields.population)

    return make


def _day(after: bool) -> Callable[[str, Fields], Test]:
    def make(value: str, fields: Fields) -> Test:
        moment: int | None = int(value) if value.isdigit() and len(value) in (9, 10) else None
        date = _DATE.match(value)
        if date is not None:
            moment = fields.population.clock.parse(f"{date[1]}-{int(date[2]):02d}-{int(date[3]):02d}")
        if moment is None:
            return lambda record: False
        return compared(_when(fields), ">=" if after else "<", moment, fields.population)

    return make


def _size(larger: bool) -> Callable[[str, Fields], Test]:
    def make(value: str, fields: Fields) -> Test:
        found = re.match(r"([0-9]{1,12})([kKmM]?)$", value)
        if found is None:
            return lambda record: False
        size = int(found[1]) * {"": 1, "k": 1024, "m": 1024 * 1024}[found[2].lower()]
        return compared(fields.named("sizeEstimate", "size"), ">" if larger else "<", size, fields.population)

    return make


_OPERATORS: dict[str, Callable[[str, Fields], Test]] = {
    "from": _person("from", "fromName", "sender"),
    "to": _person("to", "recipient"),
    "cc": _person("cc"),
    "bcc": _person("bcc"),
    "subject": lambda value, fields: has_text(fields.named("subject", "title"), value),
    "label": _label,
    "in": _inside,
    "is": _is,
    "has": _has,
    "filename": _file,
    "newer_than": _age(True),
    "older_than": _age(False),
    "after": _day(True),
    "newer": _day(True),
    "before": _day(False),
    "older": _day(False),
    "larger": _size(True),
    "smaller": _size(False),
    "category": lambda value, fields: _label(f"CATEGORY_{value.upper()}", fields),
}
