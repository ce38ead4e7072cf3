"""What listings are restricted by, as fields of the records that they show; what is merely asked, and is none."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.records import Schema, Tool
from callsmith.understand.assumed_keys import arguments_of, identifies
from callsmith.understand.facets import guess
from callsmith.understand.hollow import known
from callsmith.understand.leaf import Leaf, lexicon
from callsmith.understand.words import tokens

Words = tuple[str, ...]


def merely_asked(noun: Words, name: str) -> bool:
    """Whether listings of such records ask for it though none holds it: the nights for which hotels are looked for."""
    kinds = (kind for kind in known()["kinds"] if {" ".join(noun), *noun[-1:]} & set(kind["nouns"]))
    asked = " ".join(tokens(name))
    return asked in known()["for whom"] or any(asked in kind.get("asks", ()) for kind in kinds)


def asked_for(noun: Words, members: Sequence[tuple[Tool, str]]) -> dict[str, Schema]:
    """What listings are restricted by, under the name of what is restricted: created_after -> created_at."""
    found: dict[str, Schema] = {}
    signs = lexicon()["compares"]
    for tool, effect in members:
        if effect not in ("list", "search"):
            continue
        for name, schema in arguments_of(tool).items():
            guessed = guess(
                Leaf(f"/{name}", schema, str(schema.get("description") or "")), (), " ".join(noun)
            )
            words = tokens(name)
            if guessed.facet in ("limit", "order", "object") or guessed.klass in (
                "plumbing",
                "query",
                "ambient",
            ):
                continue
            if identifies(name, noun) or not words or words[0] in known()["showing"] or words == ("count",):
                continue
            if " ".join(words) in known()["for whom"]:
                continue
            bound = words[0] in signs["prefixes"] or words[0] in ("oldest", "latest", "start", "end", "time")
            if bound and guessed.facet in ("date", "date_time", "timestamp", "text", "time", "email"):
                if guessed.facet == "date" and words in _PERIOD:
                    found.setdefault("date", {"type": "string", "format": "date"})
                continue  # a period is of a time the record has anyway
            if len(words) > 1 and words[-1] in signs["suffixes"]:
                stem, schema = _bounded(words, schema, guessed.facet)
            elif len(words) > 1 and words[0] in signs["prefixes"]:
                stem = "_".join(words[1:])
            elif len(words) > 1 and words[-1] == "only" and schema.get("type") == "boolean":
                stem = "_".join(words[:-1])
            else:
                stem = name
            plain = {key: value for key, value in schema.items() if key not in ("default", "description")}
            found.setdefault(stem, plain)
    return found


_PERIOD = (("from", "date"), ("start", "date"), ("date", "from"), ("from",), ("since",))
_TIMELY = frozenset(["created", "updated", "modified", "completed", "closed", "published", "paid"])


def _bounded(words: Words, schema: Schema, facet: str) -> tuple[str, Schema]:
    """What a bound is of, and its schema: created_after is of a time, amount_min of an amount."""
    stem, sign = words[:-1], words[-1]
    if sign in ("contains", "any"):
        return "_".join(stem), schema
    if facet in ("date", "date_time", "timestamp") or sign in ("after", "before", "since", "until"):
        timely = (*stem, "at") if stem[-1] in _TIMELY else stem
        return "_".join(timely), {"type": "string", "format": "date-time"}
    return "_".join(stem), schema
