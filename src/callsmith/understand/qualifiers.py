"""Words of a tool's name that nothing that is understood accounts for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from callsmith.catalog.lives import participle_of
from callsmith.records import Entity, Tool
from callsmith.schema import collections
from callsmith.understand.naming import Reading, is_verb, own_words, sign, verbs
from callsmith.understand.words import singular, tokens


def unaccounted(tool: Tool, entity: Entity, reading: Reading) -> tuple[str, ...]:
    """The words that narrow a listing in a way no argument shows: ``list_images_in_recycle_bin`` -> bin.

    Such a listing does not answer a plain "which images are there".
    """
    if tool.effect not in ("list", "search"):
        return ()
    known = set(_singulars(_spoken_of(tool, entity, reading)))
    if reading.place and singular(reading.place[-1]) in known:
        known |= set(_singulars(iter(reading.place)))  # jobs for a workflow run, whose id is an argument
    return tuple(
        word
        for word in own_words(tool)
        if singular(word) not in known
        and word not in verbs()
        and not any(
            word in sign(key) for key in ("fillers", "prepositions", "nothing", "implied", "wrappers")
        )
    )


def unsaid(tool: Tool, entity: Entity, phrase: str) -> tuple[str, ...]:
    """The words after the record's noun of which ``phrase`` says nothing: ``disable_image_deprecation`` -> deprecation.

    The last word of a compound is what it is about: whoever disables the deprecation does not disable the image.
    """
    if tool.deed != "act":
        return ()
    words = [*takewhile(lambda word: word not in sign("prepositions"), own_words(tool))]
    noun = set(_singulars(iter((*tokens(entity.noun), *tokens(entity.key.rpartition(".")[2])))))
    places = [place for place, word in enumerate(words) if singular(word) in noun]
    start = places[-1] + 1 if places else 0
    known = {*noun, *_singulars(iter(tokens(phrase)))}
    for parameter in tool.inputs:
        known |= {*_singulars(iter(tokens(parameter.pointer)))}
        known |= {*_singulars(iter(tokens(parameter.refers.rpartition(".")[2])))}
    passed = ("fillers", "nothing", "implied", "wrappers")
    left = tuple(
        word
        for word in words[start:]
        if singular(word) not in known
        and word not in verbs()
        and not any(word in sign(key) for key in passed)
        and not any(participle_of(said, word) for said in known)
    )
    # Before a preposition stands what is done to the record: disable_copilot_coding_agent_for_repository.
    return left if places or len(left) > 1 and len(words) < len(own_words(tool)) else ()


_TRIED = {"validate", "verify", "check", "preview", "simulate", "dry", "precheck", "prevalidate"}


def misnamed(tool: Tool, noun: tuple[str, ...]) -> str:
    """Why a noun is no name of a thing: it begins with a verb, or what is made has a word that is said nowhere else."""
    if len(noun) > 1 and is_verb(noun[0]):
        return f"{' '.join(noun)!r} is no name of a thing: {noun[0]!r} is a verb"
    path = tool.hints.get("path")
    first = own_words(tool)[:1]
    if tool.deed == "create" and {*first, *own_words(tool)[1:2]} & _TRIED:
        return "its name says that it only tries out what would be made"
    if tool.effect != "create" or len(noun) < 3 or not path:
        return ""
    told = f"{path} {tool.hints.get('summary', '')} {tool.description}".lower()
    strange = next((word for word in noun if word[:5] not in told), "")
    return f"what {strange!r} in its name means is said nowhere" if strange else ""


def _spoken_of(tool: Tool, entity: Entity, reading: Reading) -> Iterator[str]:
    yield from (*reading.holder, *reading.last)
    if len(reading.noun) == 1 or reading.noun[-1:] != tokens(entity.noun)[-1:]:
        yield from reading.noun
    yield from tokens(entity.key.rpartition(".")[2])
    yield from tokens(entity.noun)
    for parameter in tool.inputs:
        if parameter.klass == "plumbing" or parameter.facet == "limit":
            continue
        yield from tokens(parameter.name)
        yield from (word for one in collections(parameter.schema) for word in tokens(one))
        yield from tokens(parameter.refers.rpartition(".")[2])


def _singulars(words: Iterator[str]) -> Iterator[str]:
    return (singular(word) for word in words)
