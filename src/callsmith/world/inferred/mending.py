"""Filling what a schema requires and a value lacks, in the types it asks for, so that every answer satisfies it."""

from __future__ import annotations

from collections.abc import Mapping

from callsmith.records import Json, Schema
from callsmith.schema import settle, types, valid
from callsmith.seeds import number
from callsmith.world.fields.identity import base62, styled
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import split


def mended(schema: Schema, value: Json, donor: Json, bits: int, host: str) -> Json:
    """``value`` with every required part that is missing: taken from ``donor``, a like value, or made plainly."""
    settled = settle(schema)
    if value is None:
        if "null" in types(schema) or "null" in types(settled) or not types(settled):
            return None
        return donor if donor is not None and valid(settled, donor) else plain(settled, bits, host, "")
    properties = settled.get("properties", {})
    if isinstance(value, Mapping) and properties:
        made = dict(value)
        other = donor if isinstance(donor, Mapping) else {}
        for place, name in enumerate(settled.get("required", ())):
            if name in made or name not in properties:
                continue
            child = properties[name]
            if name in other and valid(child, other[name]):
                made[name] = other[name]
            elif "null" in types(child) or "null" in types(settle(child)):
                made[name] = None
            else:
                made[name] = plain(settle(child), bits + 977 * (place + 1), host, name)
        for name, inner in made.items():
            child = settle(properties[name]) if name in properties else {}
            if inner == "" and child.get("minLength"):  # what nobody gave, and may not be empty
                made[name] = other.get(name) or plain(child, number(bits, name), host, name)
            elif name in properties:
                made[name] = mended(properties[name], inner, other.get(name), number(bits, name), host)
        return made
    items = settled.get("items")
    if isinstance(value, (list, tuple)) and isinstance(items, Mapping):
        others = donor if isinstance(donor, list) else []
        rows = [
            mended(items, item, others[place] if place < len(others) else None, number(bits, place), host)
            for place, item in enumerate(value)
        ]
        while len(rows) < settled.get("minItems", 0):
            rows.append(plain(settle(items), number(bits, len(rows), "more"), host, ""))
        return rows
    return _as_written(value, types(settled))


def _as_written(value: Json, kinds: tuple[str, ...]) -> Json:
    """A number that one tool writes as text and another does not: 6372321 and "6372321"."""
    if kinds == ("string",) and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if kinds == ("integer",) and isinstance(value, str) and value.isdecimal() and value == str(int(value)):
        return int(value)
    return value


def plain(schema: Schema, bits: int, host: str, name: str) -> Json:
    """The plainest value of a schema that still looks like one."""
    if "const" in schema:
        return schema["const"]
    if "default" in schema:
        return schema["default"]
    if schema.get("enum"):
        return schema["enum"][0]
    kinds = types(schema)
    if "object" in kinds:
        return mended(schema, {}, None, bits, host) if schema.get("properties") else {}
    if "array" in kinds:
        return mended(schema, [], None, bits, host)
    if "boolean" in kinds:
        return False
    if "integer" in kinds or "number" in kinds:
        if _names_itself(name):
            return styled(schema, bits)
        low = schema.get("minimum", 0)
        if "size" in split(name):
            return 20_000 + mix(bits, 3) % 900_000
        return low + mix(bits, 3) % 5 if low else low
    given = next((text for text in schema.get("examples", ()) if isinstance(text, str)), "")
    if (schema.get("format") == "uri" or "://" in given) and not schema.get("pattern"):
        tail = "-".join(word for word in split(name) if word not in ("url", "uri", "link"))
        return f"https://files.{host}.example/{base62(bits, 20)}" + (f"/{tail}" if tail else "")
    if schema.get("format") == "email":
        return f"office@{host}.example"
    if given.isalpha() and not schema.get("format") and not schema.get("pattern"):
        return given  # a word, such as the sort of an account, is no identifier to be drawn anew
    if schema.get("pattern") or schema.get("format") or schema.get("examples") or _names_itself(name):
        return styled(schema, bits)
    return "x" * schema.get("minLength", 0)


def _names_itself(name: str) -> bool:
    """Whether a field is called like a record's own id, which is never zero or empty."""
    words = set(split(name))
    return bool(words & {"id", "uid", "uuid", "gid"}) and words <= {"id", "uid", "uuid", "gid", "node"}
