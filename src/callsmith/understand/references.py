"""Which record an identifier names: of its own kind, of another, of the container."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from callsmith.records import Schema
from callsmith.schema import types
from callsmith.understand.entities import Nouns, canonical, lexicon
from callsmith.understand.shapes import id_words, last_words, words_of
from callsmith.understand.words import plural, singular, tokens

Words = tuple[str, ...]

_OF = re.compile(r"\b(?:of|for) (?:the |an? |each |its |this |that )?(.*)", re.IGNORECASE)
# What follows says more about the thing named, or about something else.
_CLAUSE = re.compile(
    r"\b(?:to|of|in|into|that|who|which|on|for|whose|with|from|by|when|or|and|under|at|as)\b|[,.;:()]"
)
_MODIFIERS = frozenset(
    ["add", "remove", "new", "target", "source", "destination", "original", "existing", "current", "set",
     "related", "linked", "first", "last", "default", "initial", "recurring", "owned", "main"]
)  # fmt: skip


def refers(pointer: str, description: str, own: str, nouns: Nouns) -> str:
    """The noun of the record that an identifier names, or "" when it cannot be told.

    ``own`` is the noun of the record or tool the identifier stands in.
    """
    path = words_of(pointer)
    stem = _stem(path)
    found = _by_noun(stem, nouns) or _mentioned(description, nouns) or _by_alias(stem, own, nouns)
    if found:
        return found
    if not stem and own in nouns.drafts:
        return own
    return ""


def keyed(schema: Schema, pointer: str, own: str, nouns: Nouns) -> bool:
    """Whether a whole number, or a UUID, is the key of the record it is named after: ``owner: 3`` of a dog."""
    kind = types(schema)
    if "integer" not in kind and not ("string" in kind and schema.get("format") == "uuid"):
        return False
    noun = " ".join(canonical(last_words(pointer)))
    return noun in nouns.drafts and noun != own and "enum" not in schema


def by_collection(name: str, nouns: Nouns) -> str:
    """The noun of what a collection of that name holds: ``responsePolicies`` a response policy, or a policy."""
    return _by_noun(tokens(name), nouns)


def alias_table() -> Mapping[str, Sequence[str]]:
    """Other names under which records are referred to -> their nouns."""
    table: Mapping[str, Sequence[str]] = lexicon()["aliases"]
    return table


def wanted(pointer: str, description: str) -> Words:
    """The words an identifier goes by, for finding records that only occur inside others."""
    stem = _stem(words_of(pointer))
    return canonical(_chief(stem)) if stem else ()


def _stem(path: Sequence[Words]) -> Words:
    """The words before the identifier's ending: of this step, else of the step before."""
    if not path:
        return ()
    words = [word for word in path[-1] if word not in ("or", "key", "ids", "number")]
    words = [word for word in words if singular(word) not in id_words()]
    if not words and len(path) > 1:
        words = list(path[-2])
    return tuple(words)


def _chief(stem: Words) -> Words:
    if not stem:
        return ()
    while len(stem) > 1 and stem[0] in _MODIFIERS:
        stem = stem[1:]
    return (*stem[:-1], singular(stem[-1]))


def _by_noun(stem: Words, nouns: Nouns) -> str:
    chief = _chief(stem)
    for start in range(len(chief)):
        noun = " ".join(canonical(chief[start:]))
        if noun in nouns.drafts:
            return noun
    glued = "".join(chief)
    shelves = _shelved(nouns)
    whole, short = shelves.glued.get(glued, ()), shelves.short.get(glued, ())
    return whole[0] if whole else short[0] if len(short) == 1 else ""


class Shelves(Struct, frozen=True):
    """The nouns of a toolkit by what a name may say of them."""

    nouns: Mapping[str, object]
    count: int
    glued: Mapping[str, Sequence[str]]  # of several words, by their letters without the gaps
    short: Mapping[str, Sequence[str]]  # the same by their first letters
    ending: Mapping[str, Sequence[str]]  # all by their last word


_shelves: dict[int, Shelves] = {}


def _shelved(nouns: Nouns) -> Shelves:
    """The shelves of a toolkit's nouns, filled anew where nouns have come."""
    # Hundreds of nouns and tens of thousands of arguments occur. The nouns are kept alive here, so their address
    # stays their own.
    known = _shelves.get(id(nouns.drafts))
    if known is None or known.nouns is not nouns.drafts or known.count != len(nouns.drafts):
        if len(_shelves) > 16:
            _shelves.clear()
        glued: dict[str, list[str]] = {}
        short: dict[str, list[str]] = {}
        ending: dict[str, list[str]] = {}
        for noun in nouns.drafts:
            ending.setdefault(noun.rpartition(" ")[2], []).append(noun)
            if " " in noun:
                glued.setdefault(noun.replace(" ", ""), []).append(noun)
                short.setdefault("".join(word[0] for word in noun.split(" ")), []).append(noun)
        known = _shelves[id(nouns.drafts)] = Shelves(nouns.drafts, len(nouns.drafts), glued, short, ending)
    return known


def _by_alias(stem: Words, own: str, nouns: Nouns) -> str:
    chief = _chief(stem)
    if not chief:
        return ""
    for start in range(len(chief)):
        for alias in lexicon()["aliases"].get(" ".join(chief[start:]), ()):
            if alias == "self" and own in nouns.drafts:
                return own
            if chief == ("user",) and alias not in ("user", "member"):
                break  # a bare user's id is an account's: no contact has one
            if alias in nouns.drafts:
                return str(alias)
    # event -> scheduled event: the one kind of record whose noun ends so
    ending = _shelved(nouns).ending.get(chief[-1], ())
    return ending[0] if len(ending) == 1 else ""


def _mentioned(description: str, nouns: Nouns) -> str:
    """The noun that ``ID of the …`` names."""
    match = _OF.search(description)
    if not match:
        return ""
    text = _CLAUSE.split(match.group(1).lower(), maxsplit=1)[0]
    best, where = "", len(text)
    names = [(noun, noun) for noun in nouns.drafts]
    names += [(called, noun) for noun, called in nouns.made_as.items() if noun in nouns.drafts]
    names += [(alias, target) for alias, targets in lexicon()["aliases"].items() for target in targets[:1]
              if target in nouns.drafts]  # fmt: skip
    # A plain look first: a pattern for every noun would be most of the work for an API of hundreds.
    told = [(form, noun, len(name)) for name, noun in names for form in (name, plural(name)) if form in text]
    for form, noun, _ in sorted(told, key=lambda entry: -entry[2]):
        found = re.search(rf"\b{re.escape(form)}\b", text)
        if found and found.start() < where:
            best, where = noun, found.start()
    return best


def spoken_aliases() -> frozenset[str]:
    """Those aliases that people say in place of the noun: a folder, an assignee."""
    return frozenset(lexicon()["spoken_aliases"])
