"""What kind of value a leaf holds, from its name, schema and description."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import structs

from callsmith.catalog.machines import alike
from callsmith.facts.amounts import coined
from callsmith.records import ParameterClass
from callsmith.schema import steps, types
from callsmith.understand.formed import by_form, filtering, in_gb, in_gigabytes
from callsmith.understand.holders import in_company
from callsmith.understand.identities import identity, of_requests
from callsmith.understand.leaf import (
    Guess,
    Leaf,
    Words,
    bearers,
    choices,
    deeds,
    elsewhere,
    in_unit,
    lexicon,
    names_person,
    persons,
    signed_in_by,
    unsaid,
)
from callsmith.understand.organisations import body_named
from callsmith.understand.phrases import phrase_of, timely
from callsmith.understand.searching import query
from callsmith.understand.shapes import last_words, words_of
from callsmith.understand.sorts import free_text, in_minutes, sized, sized_number, sorted_text
from callsmith.understand.words import singular, tokens

_PAGE_SIZE = re.compile(r"to return|per page|at most|maximum|results|page size")
_VERSION_OF = re.compile(r"version of|type of|kind of|engine|how many|runtime", re.IGNORECASE)
_OWN_VERSION = re.compile(r"\b(?:api|record|resource|object|document|schema|etag|policy)\b", re.IGNORECASE)
_LONGEST_NAME = 6  # words of an entry of the lexicon
_MOMENT = re.compile(r"date-time|rfc ?3339|timestamp|completion date", re.IGNORECASE)
_KEPT_TIME = re.compile(
    r"\b(?:date|time)\b.{0,40}\b(?:was|were|has been|had been|occurred|happened)\b|\bread[- ]only\b|^output only",
    re.IGNORECASE,
)
ONLY = re.compile(r"\bonly [`'\"]([^`'\"\s]{1,40})[`'\"] is (?:valid|allowed|supported|accepted)\b", re.I)
_THOUSANDTHS = re.compile(r"\b(?:milli|micro)(?:units?|s)\b|\b(?:thousandths|millionths)\b")
_CLOCK = re.compile(r"\bHH:?MM\b|\b24[- ]hour\b", re.IGNORECASE)
_HOUR = re.compile(r"[0-2]?[0-9]:[0-5][0-9]")
_SECONDS = re.compile(r"(?<!milli)(?<!micro)seconds")
_MOMENT_IN_MS = re.compile(r"\b(?:date|time|timestamp|at) (?:ms|millis)$|[a-z] at$")
_HOW_MANY = re.compile(r"(?:how many|number of) (?!cents|pence|pounds|euros|dollars)", re.IGNORECASE)
_POUNDS = re.compile(r"(?:pounds|euros|dollars)\b(?! (?:of|per)\b)", re.IGNORECASE)
_NUMBER_OF_MANY = re.compile(r"\bnumber of (?!the\b|an?\b)", re.IGNORECASE)


def guess(
    leaf: Leaf,
    nouns: Collection[str] = (),
    own: str = "",
    *,
    record: bool = False,
    people: Collection[str] = (),
) -> Guess:
    """Facet, phrase, class and confidence of a leaf.

    ``nouns`` are what records of the toolkit are called, ``own`` what the record is called that the leaf is of;
    ``record``: it is a field, not an argument; ``people`` are those of the nouns whose records are people.
    """
    kinds = tuple(kind for kind in types(leaf.schema) if kind != "null")
    path = words_of(leaf.pointer) if record else _unbounded(words_of(leaf.pointer), kinds)
    if not last_words(leaf.pointer):
        return Guess("text", "", "content", 0.2, ("it has no name",))
    if leaf.pointer == "/body/*" and not record:
        return Guess("text", "", "content", 0.2, ("a body that is a list does not say of what",))
    if (formed := by_form(path, leaf)) is not None and not ONLY.search(leaf.description):
        return formed
    entry, matched = _named(path, kinds, leaf)
    other = elsewhere(path, own, nouns) or sized(entry, path[-1], kinds, own)
    entry = {} if other or of_requests(path, leaf, nouns) else in_company(entry, path, own, people)
    spoken = _end_of_period(path, leaf) or phrase_of(path, entry, matched, own, leaf.pointer)
    if (worn := _worn(leaf, own)) is not None:
        return worn
    by_query = query(path, kinds, leaf)
    if by_query is not None and not record:
        return by_query
    if (unsaid := _unsaid(leaf, path, entry, spoken, record)) is not None:
        return unsaid
    if leaf.schema.get("format") in ("ipv4", "ipv6"):
        return Guess("key", spoken, "natural_key", 0.85, ("people know machines by such addresses",))
    if not record and alike(leaf.schema) and entry.get("facet", "text") == "text":
        return Guess("key", spoken, "natural_key", 0.75, ("people say such names",))
    named = identity(path, kinds, leaf, nouns, entry, own)
    if named is not None:
        return named
    found = (
        _by_schema(leaf, kinds, entry, spoken)
        or sorted_text(path[-1], kinds, leaf, (entry.get("facet", ""), spoken), nouns, own)
        or _by_name(leaf, (kinds, path[-1]), entry, matched, spoken, own)
    )
    found = found if record else signed_in_by(found, leaf)
    if (body := body_named(found.facet, path[-1], leaf, nouns)) is not None:
        return structs.replace(body, phrase=body.phrase or spoken or " ".join(path[-1]))
    if not record and found.facet in ("number", "count") and in_gigabytes(path[-1], leaf):
        return Guess("count", in_gb(path[-1]), "preference", 0.8, ("the description counts gigabytes",))
    return _as_seconds(found, kinds)


def _as_seconds(found: Guess, kinds: Sequence[str]) -> Guess:
    """A date that can only be a number counts seconds."""
    numbers = {*kinds} <= {"integer", "number"}
    return structs.replace(found, facet="timestamp") if numbers and found.facet in _DATES else found


_DATES = ("date", "date_time")


def _unsaid(
    leaf: Leaf, path: Sequence[Words], entry: Mapping[str, Any], spoken: str, record: bool
) -> Guess | None:
    """What nobody says because machines fill it, keep it or allow one value alone; None where people may."""
    if any(" ".join(step) in lexicon()["copies"] for step in path[:-1]):
        return Guess("version", "", "plumbing", 0.8, ("it repeats another field for another language",))
    if len(path) > 1 and not record and _pictured(path):
        return Guess("version", "", "plumbing", 0.8, ("pictures are given by machines, not told",))
    if entry.get("class") == "plumbing" and entry["facet"] == "version" and _chosen_version(path, leaf):
        return Guess("text", spoken, "preference", 0.45, ("a version may be a choice",))
    dated = str(leaf.schema.get("format", "")).startswith("date")
    if entry.get("class") == "plumbing" and not dated:
        return Guess(entry["facet"], "", "plumbing", 0.9, (f"{_join(path)!r} is machinery",))
    told = next((words for words in lexicon()["machinery"] if words in leaf.description.lower()), "")
    if told and not record:
        facet = "page_token" if told in ("cursor", "next page") else "mask"
        return Guess(facet, "", "plumbing", 0.8, (f"{told!r} in its description",))
    if filtering(path) and not record:
        return Guess("object", "", "preference", 0.55, ("it is half of a filter written as name and values",))
    if not record and _kept(path, leaf):
        return Guess("version", "", "plumbing", 0.7, ("the system keeps it; nobody sets it",))
    if (only := ONLY.search(leaf.description)) is not None and not record:
        return Guess("version", "", "plumbing", 0.9, (f"only {only[1]!r} is allowed",))
    return None


def _unbounded(path: Sequence[Words], kinds: Sequence[str]) -> Sequence[Words]:
    """The path of a number without the word at its end that says it is a bound: ``price_lte``, ``rentMax``."""
    last = path[-1] if path else ()
    bound = len(last) > 1 and last[-1] in lexicon()["compares"]["suffixes"] and last[-1] not in ("from", "to")
    bound = bound and not in_minutes(last)
    return [*path[:-1], last[:-1]] if bound and {*kinds} & {"integer", "number"} else path


def _worn(leaf: Leaf, own: str) -> Guess | None:
    """What a part of an element holds where a person's record has lists of names, addresses and numbers; else None."""
    path = steps(leaf.pointer)
    if len(path) != 3 or path[1] != "*" or own.split(" ")[-1] not in persons():
        return None
    words = tokens(path[0])
    entry = lexicon()["worn"].get(" ".join((*words[:-1], singular(words[-1]))) if words else "")
    if entry is None:
        return None
    if " ".join(tokens(path[2])) not in entry["parts"]:
        return Guess("text", "", "content", 0.35, (f"it says more of a {entry['phrase']}",))
    return Guess(
        entry["facet"], entry["phrase"], _klass(entry["facet"]), 0.85, (f"it holds a {entry['phrase']}",)
    )


def _kept(path: Sequence[Words], leaf: Leaf) -> bool:
    """Whether an argument repeats what only the system knows: statistics, when something was made or changed.

    Descriptions of whole records are often reused for what is sent; such fields are ignored on the way in.
    """
    whole = " ".join(path[-1])
    if whole in lexicon()["kept"]["moments"] and _MOMENT.search(
        f"{leaf.schema.get('format', '')} {leaf.description}"
    ):
        return True
    if leaf.schema.get("readOnly") or (len(path) > 1 and _KEPT_TIME.search(leaf.description)):
        return True
    if len(path) > 1 and whole in lexicon()["kept"]["names"]:
        return True
    return any(" ".join(step) in lexicon()["kept"]["holders"] for step in path[:-1])


def _pictured(path: Sequence[Words]) -> bool:
    """Whether a leaf lies inside a thumbnail, a banner, an avatar: their addresses and sizes."""
    return any(singular(word) in lexicon()["pictures"] for step in path[:-1] for word in step)


def _chosen_version(path: Sequence[Words], leaf: Leaf) -> bool:
    """Whether ``version`` is that of the thing asked for (PostgreSQL 15), and not of the API or the record."""
    last = path[-1]
    if singular(last[-1]) != "version" or last[-2:-1] == ("api",) or leaf.pointer.endswith("/*"):
        return singular(last[-1]) == "version" and leaf.pointer.endswith("/*")
    return bool(_VERSION_OF.search(leaf.description)) and not _OWN_VERSION.search(leaf.description)


def _end_of_period(path: Sequence[Words], leaf: Leaf) -> str:
    """What ``from`` and ``to`` are called when they are dates: "start date"."""
    kind = {"date": "date", "date-time": "time", "time": "time"}.get(leaf.schema.get("format", ""))
    end = lexicon()["bounds"].get(" ".join(path[-1]))
    return f"{end} {kind}" if kind and end else ""


def _join(path: Sequence[Words]) -> str:
    return " ".join(word for words in path for word in words)


def _named(path: Sequence[Words], kinds: Sequence[str], leaf: Leaf) -> tuple[Mapping[str, Any], Words]:
    """The lexicon's entry for the longest ending of the name, and the words it matched."""
    names = lexicon()["names"]
    words = tuple(word for step in path for word in step)
    for length in range(min(len(words), _LONGEST_NAME), 0, -1):
        tail = words[len(words) - length :]
        for key in (tail, (*tail[:-1], singular(tail[-1]))):
            entry = names.get(" ".join(key))
            if entry is None or not _fits(entry, kinds, leaf) or entry.get("alone") and path[-1:] != (tail,):
                continue
            return entry, tail
    if coined(words) and {*kinds} & {"integer", "number"}:
        return names["eur"], words[-1:]
    return _borne(path[-1] if path else (), kinds, leaf), ()


def _borne(words: Words, kinds: Sequence[str], leaf: Leaf) -> Mapping[str, Any]:
    """The entry of a field that names a person by what they are to the record: renter, composer, walked by."""
    plain = (
        tuple(kinds) == ("string",)
        and not choices(leaf.schema)
        and not leaf.schema.keys() & {"format", "pattern"}
    )
    if not plain or not words:
        return {}
    done = words[0].endswith("ed") or words[0] in deeds()
    if words[-1] == "by" and len(words) == 2 and done:
        return {"facet": "person", "phrase": f"person who {words[0]} it"}
    noun = " ".join(words)
    if noun in bearers() - unsaid():
        return {"facet": "person", "phrase": noun}
    return {}


def _fits(entry: Mapping[str, Any], kinds: Sequence[str], leaf: Leaf) -> bool:
    wanted = entry.get("types")
    if wanted and kinds and not set(wanted) & set(kinds):
        return False
    if entry.get("needs") == "single":
        return len(choices(leaf.schema)) < 2  # one of several kinds is a choice
    if entry.get("needs") == "order":
        values = {str(value) for value in choices(leaf.schema)}
        return bool(values & {"asc", "desc", "ascending"} or re.search(r"sort|order", leaf.description, re.I))
    if entry.get("needs") == "time":
        return "date" in str(leaf.schema.get("format", "")) or bool(
            re.search(r"\b(?:date|time|day)", leaf.description, re.I)
        )
    if entry.get("needs") == "mask":
        return bool(re.search(r"\bpropert|\bfields?\b|\bresponse\b", leaf.description, re.I))
    if entry.get("needs") == "resource":
        return bool(
            re.search(r"resource name|assigned by the server|^the name of|^name of", leaf.description, re.I)
        )
    if entry.get("unless") and re.search(entry["unless"], leaf.description, re.I):
        return False
    if entry.get("needs") == "email":
        return leaf.schema.get("format") == "email" or bool(re.search(r"e-?mail", leaf.description, re.I))
    return True


def _by_schema(leaf: Leaf, kinds: Sequence[str], entry: Mapping[str, Any], spoken: str) -> Guess | None:
    """What types, formats and enumerations prove."""
    allowed = choices(leaf.schema)
    facet = entry.get("facet", "")
    if len(allowed) == 1:
        chosen = _end_word(leaf) in ("type", "kind", "format", "mode")
        return Guess("version", "", "plumbing", 0.45 if chosen else 0.9, ("only one value is allowed",))
    if kinds == ("boolean",):
        if spoken.count(" ") > 2:
            return Guess("flag", "", "preference", 0.45, ("it is true or false, but nobody would say it",))
        return Guess("flag", spoken, "preference", 0.8, ("it is true or false",))
    if allowed and not (tuple(kinds) == ("integer",) and in_unit(leaf)):
        if last_words(leaf.pointer) in (("content",), ("body",), ("text",)):
            spoken = "type"  # the content of a reaction is one of a few
        kept = facet if facet in ("currency", "language", "country", "color", "order", "mime") else "enum"
        return Guess(kept, spoken, _klass(kept), 0.85, (f"one of {len(allowed)} values",))
    form = lexicon()["formats"].get(leaf.schema.get("format", ""), "")
    if form == "id":
        return Guess("id", spoken, "opaque_id", 0.85, ("format uuid",))
    if form == "email" and not facet:
        spoken = spoken if names_person(leaf) else "e-mail address"
    if form:
        spoken = timely(spoken) if form in ("date", "date_time", "time", "timestamp") else spoken
        return Guess(form, spoken, _klass(form), 0.9, (f"format {leaf.schema['format']}",))
    if "object" in kinds or (not kinds and "additionalProperties" in leaf.schema):
        return Guess("object", "", "plumbing", 0.2, ("an object whose fields are not known",))
    if "array" in kinds:
        return Guess("object", "", "plumbing", 0.2, ("an array whose elements are not known",))
    return _by_numbers(leaf, entry, spoken) if {"integer", "number"} & set(kinds) else None


def _end_word(leaf: Leaf) -> str:
    """The last word of a leaf's name."""
    words = last_words(leaf.pointer)
    return words[-1] if words else ""


def _by_numbers(leaf: Leaf, entry: Mapping[str, Any], spoken: str) -> Guess | None:
    """What a number counts, as its description says."""
    facet = entry.get("facet", "")
    text = leaf.description.lower()
    if any(sign in text for sign in lexicon()["epoch"]):
        return Guess("timestamp", timely(spoken), "preference", 0.9, ("seconds since 1970, it says",))
    if _THOUSANDTHS.search(text) and facet in ("amount", "", "number", "count"):
        return Guess("number", spoken, "preference", 0.45, ("in a unit that nobody says",))
    if leaf_minor := _end_word(leaf) in lexicon()["minor"] and facet in ("amount", "", "number", "count"):
        spoken = spoken.rpartition(" ")[0] or "amount"
    minor = leaf_minor or any(sign in text for sign in lexicon()["minor"])
    if minor and facet in ("amount", "", "number", "count"):
        return Guess("amount_minor", spoken, "preference", 0.9, ("an amount in the smallest unit",))
    if facet == "count" and "default" in leaf.schema and _PAGE_SIZE.search(text):
        return Guess("limit", "how many", "preference", 0.85, ("it says how many to return",))
    how_many = (
        _HOW_MANY.match(leaf.description) and facet in ("", "amount") and "number" not in types(leaf.schema)
    )
    if how_many or _NUMBER_OF_MANY.search(leaf.description) and facet not in ("limit", "amount"):
        return Guess("count", spoken, "preference", 0.75, ("the description counts things",))
    if _POUNDS.match(leaf.description) and facet in ("", "number"):
        return Guess("amount", spoken, "preference", 0.75, ("money, says the description",))
    if "minutes" in text and facet in ("", "duration_minutes", "number"):
        return Guess("duration_minutes", spoken, "preference", 0.8, ("minutes, says the description",))
    if _MOMENT_IN_MS.search(" ".join(last_words(leaf.pointer))):
        return Guess("timestamp", spoken, "preference", 0.85, ("a moment as a number, by its name",))
    if _SECONDS.search(text) and facet in ("", "duration_minutes", "duration_seconds", "number"):
        return Guess("duration_seconds", spoken, "preference", 0.8, ("seconds, says the description",))
    return None


def _by_name(
    leaf: Leaf,
    known: tuple[Sequence[str], Words],
    entry: Mapping[str, Any],
    matched: Words,
    spoken: str,
    own: str,
) -> Guess:
    kinds, name = known
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
        if said["facet"] == "date_time" and "duration" in last_words(leaf.pointer):
            return Guess("text", spoken, "preference", 0.4, ("a length of time, written as ISO 8601 does",))
        return Guess(
            said["facet"], spoken, _klass(said["facet"]), 0.75, (f"{said['words'][0]!r} in its description",)
        )
    given = next((text for text in leaf.schema.get("examples", ()) if isinstance(text, str)), "")
    if facet in ("", "date_time", "date", "time") and "string" in kinds and not leaf.schema.get("format"):
        if _CLOCK.search(leaf.description) or _HOUR.fullmatch(given):
            return Guess("time", spoken, "preference", 0.8, ("a time of day, by its form",))
    if entry:
        whole = len(matched) == len(name)
        sure = entry.get("sure") or (0.6 if entry.get("weak") else 0.85 if whole else 0.7)
        klass: ParameterClass = entry.get("class") or _klass(facet)
        if "integer" in kinds and facet in ("order", "enum"):
            facet = {"order": "ordinal", "enum": "number"}[facet]
        if facet == "label" and not whole and not leaf.pointer.endswith("*"):
            return Guess(
                "text", spoken, "preference", 0.45, ("one label by that name is no tag of the record",)
            )
        if facet == "query":
            return Guess("query", spoken, "query", 0.2, ("it is written in a language of its own",))
        return Guess(facet, spoken, klass, sure, (f"{' '.join(matched)!r} is in the lexicon",))
    if "integer" in kinds or "number" in kinds:
        return sized_number(leaf, name, spoken, own)
    if "string" in kinds or not kinds:
        if any(isinstance(given, str) and len(given) < 40 for given in leaf.schema.get("examples", ())):
            return Guess(
                "text", spoken, "preference", 0.55, ("a string of unknown meaning, with an example",)
            )
        return free_text(spoken, name, own)
    return Guess("object", "", "plumbing", 0.1, ("nothing is known of it",))


def _klass(facet: str) -> ParameterClass:
    if facet.startswith("query"):
        return "query"
    klass: ParameterClass = lexicon()["classes"].get(facet, "preference")
    return klass
