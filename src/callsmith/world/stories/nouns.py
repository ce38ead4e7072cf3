"""Things known by their noun alone, such as buckets, machines and tracks: what they and their like are called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from callsmith.catalog import called, data
from callsmith.catalog.trades import MACHINES
from callsmith.records import Schema, Toolset
from callsmith.schema import types, valid
from callsmith.world.scene import ascii_slug
from callsmith.world.stories.dice import wide
from callsmith.world.stories.naming import singular


@lru_cache(maxsize=1)
def lexicon() -> dict[str, Any]:
    """The packaged tables, that of technical and other products first: words, kinds and what descriptions say."""
    table: dict[str, Any] = data.read("catalog/lexicon/nouns.yaml")
    everyday = data.read("catalog/lexicon/things.yaml")
    words = {**everyday["words"], **table["words"], **called.words()}
    more = [{**kind, "count": _many(kind["titles"], words)} for kind in called.kinds()]
    return {
        **table,
        "words": words,
        "kinds": [*table["kinds"], *everyday["kinds"], *more],
        "everyday": {
            kind["name"] for kind in (*everyday["kinds"], *more) if MACHINES not in kind.get("trades", ())
        },
    }


_SLOT = re.compile(r"[{]([^}]+)[}]")
_MANY = 40  # what a slot may hold that no list is of: a number, a city
_SOLE = ("year", "lastyear", "quarter", "noun", "month")


def _many(titles: Iterable[str], words: dict[str, list[str]]) -> int:
    """How many records to have, so that each has a name of its own and some are left for new ones."""
    return max(3, min(20, sum(_forms(title, words) for title in titles) * 3 // 5))


def _forms(text: str, words: dict[str, list[str]]) -> int:
    """How many texts a template may become."""
    forms = 1
    for slot in _SLOT.findall(text):
        name = slot.partition("-")[0].lower().rstrip("2")
        if name not in _SOLE:
            forms *= sum(_forms(str(word), words) for word in words[name]) if name in words else _MANY
    return forms


@lru_cache(maxsize=1)
def by_name() -> dict[str, dict[str, Any]]:
    """The first kind of each name."""
    found: dict[str, dict[str, Any]] = {}
    for kind in lexicon()["kinds"]:
        found.setdefault(kind["name"], kind)
    return found


def is_technical(toolset: Toolset, toolkit: str) -> bool:
    """Whether a toolkit is one of machines, services and networks."""
    known = _technical.get((toolset.hash, toolkit))
    if known is None:
        if len(_technical) > 2000:
            _technical.clear()
        known = any(one.toolkit == toolkit and one.trade == MACHINES for one in toolset.entities)
        _technical[(toolset.hash, toolkit)] = known
    return known


_technical: dict[tuple[str, str], bool] = {}


def titles(family: str, technical: bool) -> dict[str, list[str]] | None:
    """Templates for a family of this table, or for any thing in a technical toolkit; None for all others."""
    kind = by_name().get(family)
    if technical and family in lexicon()["everyday"]:
        family, kind = "thing", None  # the pools and switches of a cloud
    if kind is not None:
        return {"any": kind["titles"], "own": kind["titles"], "code": kind["titles"]}
    if technical and family in lexicon()["technical"]:
        made = lexicon()["resource"]  # a plan for backups is nothing one buys
        return {"any": made, "own": made, "code": made}
    return None


def about(family: str, technical: bool) -> list[str] | None:
    """Sentences for the description of such a thing; None where other rules write it."""
    kind = by_name().get(family)
    words: dict[str, list[str]] = lexicon()["abouts"]
    if kind is None:
        return words["technical"] if technical and family in lexicon()["technical"] else None
    if family in lexicon()["everyday"] and (technical or not kind.get("about")):
        return None
    return list(kind.get("about") or words["technical" if kind.get("technical") else "media"])


def fitted(text: str, schema: Schema) -> str:
    """``text`` in the nearest form that the schema of a name allows; unchanged where none does."""
    if not schema or "string" not in types(schema):
        return text
    longest = int(schema.get("maxLength", len(text)))
    plain = ascii_slug(text, "-")
    forms = (text, plain, plain.replace("-", "_"), plain.replace("-", ""), plain.upper().replace("-", "_"),
             "".join(word.capitalize() for word in plain.split("-")))  # fmt: skip
    for form in forms:
        cut = form[:longest].strip("-_ .")
        if cut and valid(schema, cut):
            return cut
    return text


def short_name(family: str, title: str, schema: Schema) -> str:
    """What a provider's region, size or licence is called in calls: ``fra1``; ``""`` for all other things."""
    forms: list[str] = by_name().get(family, {}).get("slugs", {}).get(title, [])
    given = next((text for text in schema.get("examples", ()) if isinstance(text, str)), "")
    if not forms or "string" not in types(schema) or schema.get("format") == "uuid":
        return ""
    return forms[-1] if "-" in given else forms[0]


def machine_id(family: str, bits: int, words: tuple[str, ...], schema: Schema) -> str | None:
    """An id that begins as those of its kind do, ``vol-0f3a...``; None where the schema gives a form of its own."""
    if words[-1:] != ("id",) or _formed(schema):
        return None
    own = lexicon()["prefixes"].get("_".join((*words[:-2], singular(words[-2]))) if len(words) > 1 else "")
    if own:
        return f"{own}-0{wide(bits, 31):016x}"
    kind = by_name().get(family)
    if not kind or not kind.get("prefix"):
        return None
    if "_".join(words[:-1]) not in kind["nouns"] and words != ("group", "id"):
        return None
    return f"{kind['prefix']}0{wide(bits, 31):016x}"


def _formed(schema: Schema) -> bool:
    return "string" not in types(schema) or any(
        name in schema for name in ("pattern", "format", "examples", "maxLength")
    )
