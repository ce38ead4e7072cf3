"""Which record comes about by a deed, where no result says it: a booking of seats that are booked, a loan of a book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import structs

from callsmith.catalog import data
from callsmith.records import Tool
from callsmith.understand import acts
from callsmith.understand.entities import canonical
from callsmith.understand.naming import Reading, Verb, own_words, resources
from callsmith.understand.shapes import named_by, numbered_by
from callsmith.understand.words import sentence_words, singular, tokens

Words = tuple[str, ...]

_PAYING = ("pay", "repay")
_WAITING = (("waitlist",), ("waiting", "list"), ("wait", "list"))
_ENTRY = ("waitlist", "entry")


def brought(tool: Tool, reading: Reading, counts: Counter[Words]) -> Reading | None:
    """The reading of a tool that makes a record of its own; None for any other.

    ``counts``: how many tools of the toolkit speak of each noun.
    """
    if tool.hints.get("method") not in ("post", None) or not tool.parameters.get("required"):
        return None
    words = acts.unfused(own_words(tool))
    head = " ".join(acts.several(words)) or words[0] if words else ""
    thing = _thing(words[len(head.split(" ")) :])
    if thing and thing[-1].endswith("ed"):
        return None  # a part used
    named = _named(tool, (*words, *sentence_words(tool.description)))
    if _waiting(tool, words) and _ENTRY not in named:
        return _making(reading, _ENTRY, "create")
    if head in _makes():
        return _taken(tool, reading, (head, thing), named, counts)
    if head in acts.listed("recording") and thing and thing not in named:
        return _recorded(tool, reading, (head, thing), named, counts)
    return None


def _makes() -> Mapping[str, tuple[Words, ...]]:
    """By verb: what may come about, the likeliest first."""
    table: dict[str, str] = data.read("understand/acts.yaml")["makes"]
    return {
        verb.strip(): tuple(tuple(one.split()) for one in made.split(","))
        for verbs, made in table.items()
        for verb in verbs.split(",")
    }


def _thing(words: Words) -> Words:
    """What the deed is done to, by the tool's name, in the singular."""
    found = resources(words, lenient=False)
    return canonical((*found[0][:-1], singular(found[0][-1]))) if found else ()


def _named(tool: Tool, said: Sequence[str]) -> set[Words]:
    """What required arguments identify; by a reference what is spoken of as well."""
    spoken = {singular(word) for word in said}
    found = set()
    for words in map(tokens, tool.parameters.get("required", ())):
        numbered = numbered_by(words)
        stem = named_by(words) or (numbered if numbered and numbered[-1] in spoken else ())
        if stem:
            found.add(canonical(stem))
    return found


def _taken(
    tool: Tool, reading: Reading, deed: tuple[str, Words], named: set[Words], counts: Counter[Words]
) -> Reading | None:
    """What is booked, lent or paid for is there; what comes about is a booking, a loan, a payment."""
    head, thing = deed
    options = _makes()[head]
    if named & {*options}:
        return None  # the hold that is given back is there
    known = next((one for one in options if counts[one]), ())
    of_own = bool(thing) and thing not in named and thing[-1:] not in {one[-1:] for one in named}
    if known:
        return _making(reading, known, "make")
    if head in _PAYING:
        return _making(reading, options[0], "make") if of_own else None
    if of_own and counts[thing] > 1:
        return _making(reading, thing, head)
    enough = len(tool.parameters.get("required", ())) > 1
    return _making(reading, options[0], "make") if enough and named else None


def _recorded(
    tool: Tool, reading: Reading, deed: tuple[str, Words], named: set[Words], counts: Counter[Words]
) -> Reading | None:
    """What is logged, raised or sold beside the record that an argument names comes about by it."""
    head, thing = deed
    if thing[-1:] in {one[-1:] for one in named}:
        return None
    said = sentence_words(tool.description.partition(".")[0])
    new = any(said[at : at + 1 + len(thing)] in (("a", *thing), ("an", *thing)) for at in range(len(said)))
    known = counts[thing] > (canonical(reading.noun) == thing)
    if not known and not (new and thing[-1] not in acts.nominal()):
        return None
    return _making(reading, thing, head)


def _waiting(tool: Tool, words: Words) -> bool:
    """Whether somebody is put on a list of those who wait."""
    said = (*words, *sentence_words(tool.description.partition(".")[0]))
    listed = any(said[at : at + len(one)] == one for one in _WAITING for at in range(len(said)))
    given = {words[-1] for words in map(tokens, tool.parameters.get("required", ())) if words}
    return listed and words[:1] in (("join",), ("add",), ("put",), ("waitlist",)) and bool(given - {"id"})


def _making(reading: Reading, noun: Words, verb: str) -> Reading:
    made = Verb(verb, "create", verb, 2.0)
    described = made if reading.described is not None else None
    return structs.replace(
        reading,
        verb=made,
        described=described,
        noun=noun,
        holder=(),
        place=(),
        many=False,
        last=(),
        deed=None,
    )
