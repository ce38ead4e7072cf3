"""References inside a JSON document, replaced by what they point to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jsonschema_rs

from callsmith.errors import SourceError
from callsmith.records import Json

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def resolve(root: Json, reference: str, where: str) -> Json:
    """What a local reference such as ``#/components/schemas/issue`` points to.

    Raises:
        SourceError: the reference is not local or points nowhere.
    """
    if not reference.startswith("#"):
        raise SourceError(f"reference {reference!r} leaves the file", where=where)
    node = root
    for raw in reference[1:].split("/")[1:]:
        step = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(node, Mapping) and step in node:
            node = node[step]
        elif isinstance(node, list) and step.isascii() and step.isdigit() and int(step) < len(node):
            node = node[int(step)]
        else:
            raise SourceError(f"reference {reference!r} points nowhere (at {raw!r})", where=where)
    return node


def require_sound(schema: Json, what: str) -> None:
    """Refuse what is no JSON Schema.

    Raises:
        SourceError: it is none; the error says where.
    """
    try:
        jsonschema_rs.meta.validate({"$schema": _DIALECT, **schema})
    except jsonschema_rs.ValidationError as error:
        place = "".join(f"/{step}" for step in error.instance_path)
        raise SourceError(f"{what} is no JSON Schema at {place or '/'}: {error.message[:160]}") from error


def inline(node: Json, root: Json, where: str, *, titled: bool = False, seen: tuple[str, ...] = ()) -> Any:
    """A copy of ``node`` without references; a reference inside itself becomes a plain object.

    With ``titled`` an object schema keeps the name it was referred to by as its title, since that name
    says what the object is.

    Raises:
        SourceError: a reference cannot be followed.
    """
    if isinstance(node, list):
        return [inline(item, root, where, titled=titled, seen=seen) for item in node]
    if not isinstance(node, Mapping):
        return node
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return {key: inline(value, root, where, titled=titled, seen=seen) for key, value in node.items()}
    if reference in seen:
        return {"type": "object"}
    target = inline(resolve(root, reference, where), root, where, titled=titled, seen=(*seen, reference))
    rest = {key: value for key, value in node.items() if key != "$ref"}
    if not isinstance(target, Mapping):
        return target
    if titled and "properties" in target and "title" not in target:
        rest.setdefault("title", reference.rsplit("/", 1)[-1])
    return {**target, **inline(rest, root, where, titled=titled, seen=seen)}
