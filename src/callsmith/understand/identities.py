"""Leaves that name a record: opaque ids, keys and numbers people say, the caller's own."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from callsmith.text import shown_coded
from callsmith.understand.leaf import Guess, Leaf, Words, choices, lexicon
from callsmith.understand.shapes import id_words
from callsmith.understand.words import singular

_IDENTIFIES = re.compile(
    r"\b(?:id|ids|identifier|identifiers|gid|gids|uid|uri|uris)\b(?:\s*\([^)]*\))?\s+(?:of|for|that|to)\b"
    r"|\bunique (?:id|identifier)|\bidentifier\b|\bids? \(|\b(?:id|gid|uri)s?\.?$"
    r"|\b(?:id|gid|uri)s?\b,? (?:such as|or|with)|\b[a-z]+ ids?\b",
    re.IGNORECASE,
)
_SAYS_KEY = re.compile(r"^(?:the )?(?:ids? or )?keys? (?:or ids? )?(?:of|for)\b", re.IGNORECASE)
_NUMBER_OF_ONE = re.compile(r"\bnumber (?:of (?:the|a|an)\b|that identifies|which identifies)", re.IGNORECASE)
_OWN = re.compile(r"(?<![\w-])(me|primary|self)(?![\w-])")
_NAMED = re.compile(
    r"\bnames? (?:of|for)\b|\bslug\b|\bbucket name\b|\bnames? that\b|\bcalled\b", re.IGNORECASE
)

_TAGGING = frozenset(["tag", "label", "annotation", "attribute", "variable", "header", "metadata"])

_GIVEN_OUT = ("token", "key", "secret", "certificate", "session", "resource")  # what machines make up

# Kinds of value whose description may speak of identifiers without being one.
_SPEAKABLE = frozenset([
    "title", "body", "text", "date", "date_time", "time", "amount", "currency", "flag", "phone", "label", "color",
    "time_zone", "file_name", "mime", "limit", "order", "repo", "enum", "place",
])  # fmt: skip


def of_requests(path: Sequence[Words], leaf: Leaf, nouns: Collection[str]) -> bool:
    """Whether ``requestId`` names a record, as of leave requests, and not the call."""
    made = shown_coded(leaf.schema) or any(noun.split(" ")[-1] == "request" for noun in nouns)
    return path[-1][-2:] == ("request", "id") and made


def identity(
    path: Sequence[Words],
    kinds: Sequence[str],
    leaf: Leaf,
    nouns: Collection[str],
    entry: Mapping[str, Any],
    own: str = "",
) -> Guess | None:
    """What an identifier names it by, by the end of its name or because the description says so; else None."""
    last = path[-1]
    form = leaf.schema.get("format")
    if (kinds and not set(kinds) & {"string", "integer"}) or form in ("email", "date", "date-time"):
        return None
    if entry.get("class") == "ambient" and entry.get("facet") == "id":
        return Guess("id", entry.get("phrase", ""), "ambient", 0.7, ("it is the account's own",))
    return _spoken(path, kinds, leaf, nouns, entry) or _opaque(last, kinds, leaf, nouns, entry, own)


def _spoken(
    path: Sequence[Words], kinds: Sequence[str], leaf: Leaf, nouns: Collection[str], entry: Mapping[str, Any]
) -> Guess | None:
    """Keys and numbers, which people say."""
    last = path[-1]
    end = singular(last[-1])
    if end == "key" and len(path) > 1 and _TAGGING & {singular(word) for word in path[-2]}:
        return Guess("text", "tag", "content", 0.6, ("the key of a tag is made up by who sets it",))
    if (end == "key" or _or_key(last)) and "integer" not in kinds and not choices(leaf.schema):
        return Guess("key", "key", "natural_key", 0.85, ("people say keys",))
    if end in ("number", "no", "nr") and len(last) > 1 and " ".join(last[:-1]) in nouns:
        return Guess("number_key", "number", "natural_key", 0.9, (f"the number of a {' '.join(last[:-1])}",))
    coded = end not in id_words() and "string" in kinds and shown_coded(leaf.schema)
    if coded and len(last) > 1 and any(f" {noun}".endswith(f" {' '.join(last[:-1])}") for noun in nouns):
        why = f"it is given out to a {' '.join(last[:-1])}"
        return Guess("key", " ".join(last), "natural_key", 0.85, (why,))
    if "integer" in kinds and _NUMBER_OF_ONE.search(leaf.description):
        return Guess(
            "number_key", " ".join(last), "natural_key", 0.75, ("the description says it is a number",)
        )
    named_so = " ".join((*last[:-1], end)) in nouns
    if _SAYS_KEY.search(leaf.description) and "string" in kinds and (named_so or not entry):
        return Guess("key", end, "natural_key", 0.75, ("the description says it is a key",))
    return None


def _opaque(
    last: Words,
    kinds: Sequence[str],
    leaf: Leaf,
    nouns: Collection[str],
    entry: Mapping[str, Any],
    own: str,
) -> Guess | None:
    """Identifiers nobody says, and those that stand for the caller."""
    end = singular(last[-1])
    says_id = bool(_IDENTIFIES.search(leaf.description)) and entry.get("facet") not in (
        "email",
        "phone",
        "color",
    )
    first = len(last) > 1 and last[0] in ("id", "ids")  # idBoard
    is_id = first or (end in id_words() and end not in ("key", "uri")) or (end == "uri" and says_id)
    if is_id and entry.get("facet") not in ("color", "phone"):
        own = _callers_own(leaf)
        stem = " ".join(last[1:] if first else last[:-1])
        if own:
            return Guess("id", stem, "ambient", 0.85, (f"{own!r} stands for the caller's own",))
        return Guess(
            "id",
            stem,
            "opaque_id",
            0.9,
            (f"its name {'begins with' if first else 'ends in'} {last[0 if first else -1]!r}",),
        )
    named_so = " ".join((*last[:-1], end)) in nouns
    if named_so and not entry and _NAMED.search(leaf.description):
        takes = ("it is called as a record is, and takes its name",)
        return Guess("key", " ".join(last), "natural_key", 0.75, takes)
    if named_so and (says_id or leaf.schema.get("format") == "uri"):
        return Guess(
            "id", " ".join(last), "opaque_id", 0.8, ("it is called as a record is, and identifies one",)
        )
    bare = (
        tuple(kinds) == ("string",)
        and not leaf.schema.keys() & {"format", "pattern"}
        and not choices(leaf.schema)
    )
    chief = " ".join((*last[:-1], end))
    if named_so and not entry and not says_id and bare and chief != own and end not in _GIVEN_OUT:
        return Guess("key", " ".join(last), "natural_key", 0.6, ("it is called as a record is",))
    identifies = says_id and not choices(leaf.schema) and entry.get("facet") not in _SPEAKABLE
    if (identifies or (named_so and not entry)) and ("string" in kinds or not kinds):
        why = "the description says it identifies" if says_id else "it is called as a record is"
        return Guess("id", " ".join(last), "opaque_id", 0.75 if says_id else 0.45, (why,))
    return None


def _callers_own(leaf: Leaf) -> str:
    """The word by which a caller names what is their own (me, primary), or ""."""
    default = leaf.schema.get("default")
    if isinstance(default, str) and default in lexicon()["own"]:
        return default
    found = _OWN.search(leaf.description)
    return found.group(1) if found else ""


def _or_key(words: Words) -> bool:
    """``issueIdOrKey``, ``projectKeyOrId``."""
    return len(words) > 2 and words[-3:] in (("id", "or", "key"), ("key", "or", "id"), ("id", "or", "number"))
