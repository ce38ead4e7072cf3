"""Names of things of an unknown noun, made in the likeness of the one that their description gives."""

from __future__ import annotations

import re

from callsmith.catalog import data
from callsmith.records import Entity

_QUOTED = re.compile(
    r"(?:e\.g\.|for example|such as|like|example:)\s*[\"'`“]([^\"'`”]{3,40})[\"'`”]", re.IGNORECASE
)
_WORDS = re.compile(r"[^\W\d_][\w'’.-]*(?: (?:&|of|the|de|la|[^\W\d_][\w'’.-]*)){0,4}")


def like_example(entity: Entity) -> dict[str, list[str]]:
    """Templates of names such as the example of the field that names a record; empty where it gives none in words."""
    example = _example(entity)
    if not example:
        return {}
    head, _, rest = example.partition(" ")
    seasons = data.read("catalog/lexicon/nouns.yaml")["words"]["season"]
    if rest and head in seasons:
        titles = [f"{{season}} {rest}", f"{{season}} {rest} {{year}}"]
    elif rest and rest.rpartition(" ")[2].lower() in entity.noun.split(" "):
        tail = rest.rpartition(" ")[2]
        titles = [f"{{given}} {tail}", f"{{place_name}} {tail}", f"{{season}} {tail}"]
    elif rest:
        titles = ["{mood} {image}", "{tree} {image}", "{mood} {tree}"]
    else:
        titles = ["{mount}", "{tree}", "{place_name}"]
    return {"any": titles, "own": titles, "code": titles}


def _example(entity: Entity) -> str:
    field = next((one for one in entity.fields if one.pointer == entity.label_pointer), None)
    if field is None:
        return ""
    quoted = _QUOTED.search(str(field.schema.get("description") or ""))
    given = [one for one in field.schema.get("examples", ()) if isinstance(one, str)]
    example = given[0] if given else quoted[1] if quoted else ""
    return example if _WORDS.fullmatch(example) and example[:1].isupper() else ""
