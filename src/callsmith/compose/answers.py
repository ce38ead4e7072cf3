"""Answers of models read field by field, from JSON or from text under headings, and asked for again if unfit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec

from callsmith.errors import Unanswered
from callsmith.models.asking import SHOWN, Asking, read_json
from callsmith.records import Json, Reply, Request, Role, Schema

T = TypeVar("T")
Read = Callable[[Reply], tuple[T | None, str]]  # what an answer says, or what is wrong with it

CORRECTIONS = 2
TEXT: Schema = {"type": "string", "minLength": 1, "maxLength": 4000}

_THOUGHT = re.compile(r"\A.*</think(?:ing)?>", re.DOTALL)
_ANSWER = re.compile(r"\s*<answer>(.*)</answer>\s*", re.DOTALL)
_ANY_HEADING = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]|[*_]{2,3}[^*_\n]+(?:[*_]{2,3}[ \t]*[:\uff1a]|[:\uff1a][ \t]*[*_]{2,3}))"
)


async def answered(
    asking: Asking,
    role: Role,
    request: Request,
    read: Read[T],
    *,
    formed: Callable[[Reply], bool] | None = None,
    corrections: int = CORRECTIONS,
    left: int = 1,
) -> T:
    """What ``read`` makes of the answer; an answer it cannot use is sent back with what is wrong with it.

    ``formed``: whether an answer has the form it should have, whatever stands in it; by default JSON of the schema.

    Raises:
        ModelError: no answer can be had, or none had its form for a long time.
        Unanswered: no answer fitted, ``corrections`` later ones included.
    """
    wrong, formless, schema = "", True, request.schema
    for _ in range(corrections + 1):
        reply = await asking.ask(role, request, left=left)
        bare = msgspec.structs.replace(reply, text=plain(reply.text))
        found, wrong = read(bare)
        if found is not None:
            asking.formed(role)
            return found
        if formed is not None:
            formless = formless and not formed(bare)
        elif schema is not None:
            formless = formless and bool(read_json(bare, schema)[1])
        said = reply.text[:SHOWN] or "(nothing)"
        again = (
            {"role": "assistant", "content": said},
            {"role": "user", "content": f"That answer cannot be used: {wrong}\nGive the whole answer again."},
        )
        request = msgspec.structs.replace(request, messages=[*request.messages, *again])
    if formless:
        asking.formless(role, wrong)
    raise Unanswered(f"{role}: {wrong}")


async def fields(
    asking: Asking,
    role: Role,
    messages: list[dict[str, str]],
    kinds: Mapping[str, Schema],
    *,
    wrong: Callable[[Mapping[str, Json]], str] = lambda _: "",
    max_tokens: int = 1024,
    corrections: int = CORRECTIONS,
    left: int = 1,
) -> dict[str, Json]:
    """The named fields of an answer. ``wrong`` says what else is wrong with them, or ``""``.

    Raises:
        ModelError, Unanswered: as ``answered``.
    """
    schema = closed(kinds)

    def read(reply: Reply) -> tuple[dict[str, Json] | None, str]:
        found, why = read_fields(reply, schema)
        why = why or wrong(found)
        return (None, why) if why else (found, "")

    def formed(reply: Reply) -> bool:
        return not read_fields(reply, schema)[1]

    request = Request(messages=messages, schema=schema, max_tokens=max_tokens)
    return await answered(asking, role, request, read, formed=formed, corrections=corrections, left=left)


def closed(properties: Mapping[str, Schema]) -> Schema:
    """The schema of an object that has these properties, and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def plain(text: str) -> str:
    """An answer without the thinking that some servers leave in it."""
    text = _THOUGHT.sub("", text)
    whole = _ANSWER.fullmatch(text)
    return whole[1] if whole else text


def read_fields(reply: Reply, schema: Schema) -> tuple[dict[str, Json], str]:
    """The properties of ``schema`` in an answer, and ``""`` or what is wrong.

    JSON comes first. Else each property is looked for under a heading of its name: ``### Composition Task:``,
    ``**Composition task**``, ``composition_task:``; the text below a heading may have several lines.
    """
    found, wrong = read_json(reply, schema)
    if not wrong:
        return {name: _trimmed(value) for name, value in found.items()}, ""
    if reply.finish == "length":
        return {}, wrong
    names = list(schema["properties"])
    parts, twice = _headed(reply.text, names)
    if twice:
        return {}, f"{twice} is given twice"
    missing = [name for name in names if not parts.get(name)]
    if len(missing) < len(names):
        return parts, f"{missing[0]} is missing" if missing else ""
    return {}, wrong if reply.text.strip() else "the answer is empty"


def _headed(text: str, names: list[str]) -> tuple[dict[str, Json], str]:
    """Name to the text under its heading, and the name that has two of them."""
    found: dict[str, list[str]] = {}
    twice, lines = "", None
    for line in text.splitlines():
        name, rest = _heading(line, names)
        if name:
            twice = twice or (name if name in found else "")
            lines = found[name] = [rest]
        elif _ANY_HEADING.match(line):
            lines = None
        elif lines is not None:
            lines.append(line)
    return {name: _trimmed("\n".join(said)) for name, said in found.items()}, twice


def _heading(line: str, names: list[str]) -> tuple[str, str]:
    """The name that a line is the heading of, and the text that follows on the line."""
    for name in names:
        label = r"[\s_-]+".join(map(re.escape, name.split("_")))
        marks = r"[ \t]*(?:[->][ \t]+)?(?:#{1,6}[ \t]*)?(?:[0-9]+[.)][ \t]*)?"
        whole = re.match(
            rf"{marks}[*_`\"]*{label}[*_`\"]*[ \t]*[:\uff1a][ \t]*[*_]*[ \t]*(.*)", line, re.IGNORECASE
        )
        if whole:
            return name, whole[1]
        if re.fullmatch(rf"[ \t]*(?:#{{1,6}}[ \t]*[*_]*|[*_]{{2,3}}){label}[*_ \t]*", line, re.IGNORECASE):
            return name, ""
    return "", ""


def _trimmed(value: Json) -> Json:
    """Text without the quotes and bold marks that stand around the whole of it."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    for mark in ("**", '"', "“”"):
        opening, closing = (mark[0], mark[1]) if mark == "“”" else (mark, mark)
        inside = text[len(opening) : -len(closing)]
        if text.startswith(opening) and text.endswith(closing) and inside and opening not in inside:
            text = inside.strip()
    return text
