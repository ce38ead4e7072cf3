"""What kind of value a leaf holds and what people call it, from its name, schema and description."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from callsmith.catalog import data
from callsmith.records import Json, ParameterClass, Schema
from callsmith.schema import settle, steps, types
from callsmith.understand.shapes import id_words, words_of
from callsmith.understand.words import is_plural, plural, singular

Words = tuple[str, ...]

_IDENTIFIES = re.compile(
    r"\b(?:id|ids|identifier|identifiers|gid|gids|uid|uri|uris)\b(?:\s*\([^)]*\))?\s+(?:of|for|that|to)\b"
    r"|\bunique (?:id|identifier)|\bidentifier\b|\bids? \(|\b(?:id|gid|uri)s?\.?$"
    r"|\b(?:id|gid|uri)s?\b,? (?:such as|or|with)|\b[a-z]+ ids?\b",
    re.IGNORECASE,
)
_PAGE_SIZE = re.compile(r"to return|per page|at most|maximum|results|page size")
_SAYS_KEY = re.compile(r"^(?:the )?(?:ids? or )?keys? (?:or ids? )?(?:of|for)\b", re.IGNORECASE)
_NUMBER_OF_ONE = re.compile(r"\bnumber (?:of (?:the|a|an)\b|that identifies|which identifies)", re.IGNORECASE)
_NUMBER_OF_MANY = re.compile(r"\bnumber of (?!the\b|an?\b)", re.IGNORECASE)
_OWN = re.compile(r"[`'\"]?\b(me|primary|self)\b[`'\"]?")


class Guess(Struct, frozen=True):
    """What a leaf is taken to be."""

    facet: str
    phrase: str
    klass: ParameterClass
    confidence: float
    reasons: tuple[str, ...]


class Leaf(Struct, frozen=True):
    """A leaf with what is said about it, the descriptions of arrays above it included."""

    pointer: str
    schema: Schema
    description: str = ""


@lru_cache(maxsize=1)
def lexicon() -> Mapping[str, Any]:
    """The lexicon of names and signs."""
    content: Mapping[str, Any] = data.read("understand/facets.yaml")
    return content


@lru_cache(maxsize=1)
def _bare() -> frozenset[str]:
    return frozenset(lexicon()["bare"])


def described(root: Schema, pointer: str, leaf: Schema) -> Leaf:
    """A leaf of ``root`` with what describes it: its own description, else that of the array it is in."""
    text = str(leaf.get("description") or "")
    if text or not pointer.endswith("/*"):
        return Leaf(pointer, leaf, text)
    here: Schema = settle(root)
    for step in steps(pointer):
        text = str(here.get("description") or "")
        inner = here.get("items") if step == "*" else here.get("properties", {}).get(step)
        here = settle(inner) if isinstance(inner, Mapping) else {}
    return Leaf(pointer, leaf, text)


def choices(schema: Schema) -> list[Json]:
    """The values an enumeration or constant allows, null apart."""
    if "const" in schema:
        return [schema["const"]]
    listed = schema.get("enum")
    return [value for value in listed if value is not None] if isinstance(listed, list) else []


def guess(leaf: Leaf, nouns: Sequence[str] = (), own: str = "", *, record: bool = False) -> Guess:
    """Facet, phrase, class and confidence of a leaf.

    ``nouns`` are what records of the toolkit are called, ``own`` what the record is called that the leaf is of;
    ``record``: it is a field, not an argument.
    """
    kinds = tuple(kind for kind in types(leaf.schema) if kind != "null")
    path = words_of(leaf.pointer)
    if not path or not path[-1]:
        return Guess("text", "", "content", 0.2, ("it has no name",))
    entry, matched = _named(path, kinds, leaf)
    entry = _in_company(entry, path, own)
    spoken = _phrase(path, entry, matched, own, leaf.pointer)
    by_query = _query(path, kinds, leaf)
    if by_query is not None and not record:
        return by_query
    if entry.get("class") == "plumbing":
        return Guess(entry["facet"], "", "plumbing", 0.9, (f"{_join(path)!r} is machinery",))
    told = next((words for words in lexicon()["machinery"] if words in leaf.description.lower()), "")
    if told and not record:
        return Guess("mask", "", "plumbing", 0.8, (f"{told!r} in its description",))
    identity = _identity(path, kinds, leaf, nouns, entry)
    if identity is not None:
        return identity
    found = _by_schema(leaf, kinds, entry, spoken)
    if found is not None:
        return found
    return _by_name(leaf, kinds, entry, matched, spoken)


def _join(path: Sequence[Words]) -> str:
    return " ".join(word for words in path for word in words)


def _named(path: Sequence[Words], kinds: Sequence[str], leaf: Leaf) -> tuple[Mapping[str, Any], Words]:
    """The lexicon's entry for the longest ending of the name, and the words it matched."""
    names = lexicon()["names"]
    words = tuple(word for step in path for word in step)
    for length in range(min(len(words), 4), 0, -1):
        tail = words[len(words) - length :]
        for key in (tail, (*tail[:-1], singular(tail[-1]))):
            entry = names.get(" ".join(key))
            if entry is None or not _fits(entry, kinds, leaf):
                continue
            return entry, tail
    return {}, ()


def _fits(entry: Mapping[str, Any], kinds: Sequence[str], leaf: Leaf) -> bool:
    wanted = entry.get("types")
    if wanted and kinds and not set(wanted) & set(kinds):
        return False
    if entry.get("needs") == "order":
        values = {str(value) for value in choices(leaf.schema)}
        return bool(values & {"asc", "desc", "ascending"} or re.search(r"sort|order", leaf.description, re.I))
    if entry.get("needs") == "time":
        return "date" in str(leaf.schema.get("format", "")) or bool(
            re.search(r"\b(?:date|time|day)", leaf.description, re.I)
        )
    if entry.get("needs") == "email":
        return leaf.schema.get("format") == "email" or bool(re.search(r"e-?mail", leaf.description, re.I))
    return True


def _in_company(entry: Mapping[str, Any], path: Sequence[Words], own: str) -> Mapping[str, Any]:
    """The entry as its surroundings change it: the name of a customer is a person's, that of a label a label."""
    if (
        entry.get("facet") == "amount"
        and len(path) > 1
        and path[-2]
        and path[-2][-1] in ("duration", "estimate", "interval")
    ):
        return {"facet": "duration_minutes", "phrase": "length"}
    if entry.get("facet") != "title" or " ".join(path[-1]) not in lexicon()["naming"]:
        return entry
    holder = " ".join((*path[-2][:-1], singular(path[-2][-1]))) if len(path) > 1 and path[-2] else own
    for facet, words in lexicon()["holders"].items():
        if facet == "label" and len(path) == 1:
            continue  # the label's own name is its title
        if holder in words or holder.split(" ")[-1] in words:
            return {**entry, "facet": facet}
    return entry


def _phrase(path: Sequence[Words], entry: Mapping[str, Any], matched: Words, own: str, pointer: str) -> str:
    """What a person calls the value: the lexicon's phrase or the words of the name, and of what it is."""
    last = path[-1]
    parent = _parent(path, own)
    if parent and " ".join(last) in _bare() and len(matched) <= len(last):
        suffix = {"date_time": "time", "date": "date", "url": "link"}.get(entry.get("facet", ""), "")
        several = "/*/" in pointer and is_plural(path[-2][-1])
        stem = " ".join(parent)
        if suffix and not stem.endswith(suffix):
            return f"{stem} {suffix}"
        return plural(stem) if several else stem
    words = _without_own(last, own)
    if entry.get("phrase") and (len(matched) >= len(last) or len(matched) >= len(words) or last[0] == "new"):
        phrase: str = entry["phrase"]
        if pointer.endswith("/*") and is_plural(last[-1]):
            phrase = _several(phrase)
    else:
        phrase = lexicon()["phrases"].get(" ".join(words)) or _plain_words(words)
    return f"{' '.join(parent)} {phrase}" if parent and not phrase.startswith(parent[-1]) else phrase


def _parent(path: Sequence[Words], own: str) -> Words:
    """The words of the object a leaf is in, when they say something."""
    for step in reversed(path[:-1]):
        words = _without_own(step, own)
        if " ".join(words) not in lexicon()["silent"] and " ".join(words) != own:
            return (*words[:-1], singular(words[-1])) if words else ()
    return ()


def _plain_words(words: Words) -> str:
    if len(words) > 1 and words[0] in ("is", "has", "was", "should", "include", "show", "with", "only"):
        words = words[1:]
    if len(words) > 1 and words[-1] in ("on", "at"):
        words = (*words[:-1], "date")
    if len(words) > 1 and words[0] in ("num", "number"):
        return "number of " + " ".join(words[1:])
    if len(words) > 1 and words[-1] == "count":
        return "number of " + " ".join(
            (*words[:-2], plural(words[-2])) if not is_plural(words[-2]) else words[:-1]
        )
    return " ".join(words)


def _several(phrase: str) -> str:
    return phrase if is_plural(phrase.rsplit(" ", 1)[-1]) or phrase.startswith("people") else plural(phrase)


def _without_own(words: Words, own: str) -> Words:
    for noun in (own, own.rsplit(" ", 1)[-1]):
        parts = tuple(noun.split(" ")) if noun else ()
        if parts and len(words) > len(parts) and words[: len(parts)] == parts:
            return words[len(parts) :]
    return words


def _query(path: Sequence[Words], kinds: Sequence[str], leaf: Leaf) -> Guess | None:
    name = " ".join(path[-1])
    if name not in lexicon()["queries"] or (kinds and "string" not in kinds) or choices(leaf.schema):
        return None
    text = " ".join([leaf.description, *map(str, leaf.schema.get("examples", ()))]).lower()
    for dialect in lexicon()["dialects"]:
        if all(word in text for word in dialect["words"]) or (
            dialect["facet"] == "query:jql" and name == "jql"
        ):
            facet = dialect["facet"]
            if facet == "query":
                break
            signs = ", ".join(dialect["words"])
            return Guess(
                facet, "search words", "query", 0.85, (f"{name!r} takes a query; {signs!r} tells which",)
            )
    return Guess("query", "", "query", 0.2, (f"{name!r} takes a query in a language that is not known",))


def _identity(
    path: Sequence[Words], kinds: Sequence[str], leaf: Leaf, nouns: Sequence[str], entry: Mapping[str, Any]
) -> Guess | None:
    """An identifier: by the end of its name or because the description says so."""
    last = path[-1]
    end = singular(last[-1])
    text = leaf.description
    if kinds and not set(kinds) & {"string", "integer"}:
        return None
    own = _OWN.search(text) if entry.get("class") != "ambient" else None
    default = leaf.schema.get("default")
    says_id = bool(_IDENTIFIES.search(text)) and entry.get("facet") not in ("email", "phone", "color", "url_")
    if leaf.schema.get("format") in ("email", "date", "date-time"):
        return None
    is_id = (end in id_words() and end not in ("key", "uri")) or (end == "uri" and says_id)
    if entry.get("class") == "ambient" and entry.get("facet") == "id":
        return Guess(
            "id", entry.get("phrase", ""), "ambient", 0.7, (f"{_join(path)!r} is the account's own",)
        )
    if (end == "key" or _or_key(last)) and not choices(leaf.schema):
        return (
            Guess("key", "key", "natural_key", 0.85, ("people say keys",)) if "integer" not in kinds else None
        )
    if end == "number" and len(last) > 1 and " ".join(last[:-1]) in nouns:
        return Guess("number_key", "number", "natural_key", 0.9, (f"the number of a {' '.join(last[:-1])}",))
    if "integer" in kinds and _NUMBER_OF_ONE.search(text) and not _NUMBER_OF_MANY.search(text):
        return Guess(
            "number_key", " ".join(last), "natural_key", 0.75, ("the description says it is a number",)
        )
    if is_id and entry.get("facet") not in ("color", "phone") and last != ("color", "id"):
        if default in lexicon()["own"] or (own and own.group(1) in lexicon()["own"]):
            why = f"{default or (own.group(1) if own else '')!r} stands for the caller's own"
            return Guess("id", _stem(last, nouns), "ambient", 0.85, (why,))
        return Guess("id", _stem(last, nouns), "opaque_id", 0.9, (f"its name ends in {last[-1]!r}",))
    named_so = " ".join((*last[:-1], end)) in nouns
    if _SAYS_KEY.search(text) and "string" in kinds and (named_so or not entry):
        return Guess("key", end, "natural_key", 0.75, ("the description says it is a key",))
    if named_so and (says_id or leaf.schema.get("format") == "uri"):
        return Guess(
            "id", " ".join(last), "opaque_id", 0.8, ("it is called as a record is, and identifies one",)
        )
    if (says_id and not choices(leaf.schema) and entry.get("facet") not in _SPEAKABLE) or (
        named_so and not entry
    ):
        if "string" in kinds or not kinds:
            why = "the description says it identifies" if says_id else "it is called as a record is"
            return Guess("id", " ".join(last), "opaque_id", 0.75 if says_id else 0.55, (why,))
    return None


# Kinds of value whose description may speak of identifiers without being one.
_SPEAKABLE = frozenset(
    "title body text date date_time time amount currency flag phone label color time_zone file_name mime limit "
    "order repo enum place".split()
)


def _or_key(words: Words) -> bool:
    return len(words) >= 3 and (
        words[-2:] in (("or", "key"), ("or", "number")) or words[-3:] == ("key", "or", "id")
    )


def _stem(words: Words, nouns: Sequence[str]) -> str:
    rest = words[:-1]
    return " ".join(rest) if rest else ""


def _by_schema(leaf: Leaf, kinds: Sequence[str], entry: Mapping[str, Any], spoken: str) -> Guess | None:
    """What types, formats and enumerations prove."""
    allowed = choices(leaf.schema)
    facet = entry.get("facet", "")
    if len(allowed) == 1:
        return Guess("version", "", "plumbing", 0.9, ("only one value is allowed",))
    if kinds == ("boolean",):
        if spoken.count(" ") > 2:
            return Guess("flag", "", "preference", 0.45, ("it is true or false, but nobody would say it",))
        return Guess("flag", spoken, "preference", 0.8, ("it is true or false",))
    if allowed:
        kept = facet if facet in ("currency", "language", "country", "color", "order", "mime") else "enum"
        return Guess(kept, spoken, _klass(kept), 0.85, (f"one of {len(allowed)} values",))
    form = lexicon()["formats"].get(leaf.schema.get("format", ""), "")
    if form == "id":
        return Guess("id", spoken, "opaque_id", 0.85, ("format uuid",))
    if form == "email" and not facet:
        spoken = spoken if _is_person(leaf) else "e-mail address"
    if form:
        return Guess(form, spoken, _klass(form), 0.9, (f"format {leaf.schema['format']}",))
    if "object" in kinds or (not kinds and "additionalProperties" in leaf.schema):
        return Guess("object", "", "plumbing", 0.2, ("an object whose fields are not known",))
    if "array" in kinds:
        return Guess("object", "", "plumbing", 0.2, ("an array whose elements are not known",))
    text = leaf.description.lower()
    if "integer" in kinds or "number" in kinds:
        if any(sign in text for sign in lexicon()["epoch"]):
            return Guess(
                "timestamp", spoken, "preference", 0.9, ("seconds since 1970, says the description",)
            )
        minor = any(sign in text for sign in lexicon()["minor"])
        if minor and facet in ("amount", "", "number", "count"):
            return Guess("amount_minor", spoken, "preference", 0.9, ("an amount in the smallest unit",))
        if (
            facet == "count"
            and re.search(r"to return|per page|at most|maximum|results|page size", text)
            and "default" in leaf.schema
        ):
            return Guess("limit", "how many", "preference", 0.85, ("it says how many to return",))
        if _NUMBER_OF_MANY.search(leaf.description) and facet not in ("limit", "amount"):
            return Guess("count", spoken, "preference", 0.75, ("the description counts things",))
        if "minutes" in text and facet in ("", "duration_minutes", "number"):
            return Guess("duration_minutes", spoken, "preference", 0.8, ("minutes, says the description",))
        if "seconds" in text and facet in ("", "duration_minutes", "duration_seconds", "number"):
            return Guess("duration_seconds", spoken, "preference", 0.8, ("seconds, says the description",))
    return None


def _is_person(leaf: Leaf) -> bool:
    people = lexicon()["holders"]["person"]
    words = [singular(word) for step in words_of(leaf.pointer) for word in step]
    return any(word in people for word in words)


def _by_name(
    leaf: Leaf, kinds: Sequence[str], entry: Mapping[str, Any], matched: Words, spoken: str
) -> Guess:
    text = leaf.description.lower()
    said = next(
        (line for line in lexicon()["described"] if all(word in text for word in line["words"])), None
    )
    facet = entry.get("facet", "")
    if (
        said
        and ("string" in kinds or not kinds)
        and facet not in ("title", "body", "file_name", "person", "place")
    ):
        return Guess(
            said["facet"], spoken, _klass(said["facet"]), 0.75, (f"{said['words'][0]!r} in its description",)
        )
    if entry:
        whole = len(matched) == len(words_of(leaf.pointer)[-1])
        sure = entry.get("sure") or (0.6 if entry.get("weak") else 0.85 if whole else 0.7)
        klass: ParameterClass = entry.get("class") or _klass(facet)
        if "integer" in kinds and facet in ("order", "enum"):
            facet = {"order": "ordinal", "enum": "number"}[facet]
        if facet == "query":
            return Guess("query", spoken, "query", 0.2, ("it is written in a language of its own",))
        return Guess(facet, spoken, klass, sure, (f"{' '.join(matched)!r} is in the lexicon",))
    if "integer" in kinds or "number" in kinds:
        return Guess("number", spoken, "preference", 0.45, ("a number of unknown meaning",))
    if "string" in kinds or not kinds:
        return Guess("text", spoken, "content", 0.35, ("a string of unknown meaning",))
    return Guess("object", "", "plumbing", 0.1, ("nothing is known of it",))


def _klass(facet: str) -> ParameterClass:
    if facet.startswith("query"):
        return "query"
    klass: ParameterClass = lexicon()["classes"].get(facet, "preference")
    return klass
