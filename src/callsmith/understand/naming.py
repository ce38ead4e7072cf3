"""What a tool's name and description say: its verb, the noun it is about, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from callsmith.catalog import data
from callsmith.catalog.lives import participle_of, standing, words_of
from callsmith.records import Effect, Tool
from callsmith.schema import settle
from callsmith.understand.words import base_verb, is_plural, sentence_words, singular, tokens

Words = tuple[str, ...]


class Verb(Struct, frozen=True):
    """A verb of the lexicon."""

    word: str
    effect: Effect
    say: str
    weight: float  # how sure it is a verb and no noun where it stands in a name
    why: str = ""  # opaque: what it would take


class Deed(Struct, frozen=True):
    """``Hand a mower back to its owner``: hand back, a mower, to its owner."""

    verb: str  # with its particle
    object: Words = ()  # what it is done to, without article
    article: str = ""  # "a", "the" or none
    rest: Words = ()  # what stands behind
    second: Words = ()  # what somebody is given: "send the client a reminder"
    told: bool = False  # a summary says it, and not the name alone


class Reading(Struct, frozen=True):
    """A tool's name and description, read."""

    verb: Verb | None
    described: Verb | None  # the verb the description begins with
    noun: Words = ()  # what the verb is done to
    holder: Words = ()  # the resource before the verb, where the noun stands after it: issues_create_comment
    place: Words = ()  # after the preposition: get_tasks_for_project
    many: bool = False  # the noun is in the plural
    last: Words = ()  # where several nouns stand in a row, the last: albums of an artist's albums
    deed: Deed | None = None  # what is done to a record, where that is told in words


_SURE = 2.0  # weight of a verb that is nothing else
_CHANGING = ("create", "update", "delete", "act")


@lru_cache(maxsize=1)
def verbs() -> Mapping[str, Verb]:
    """The lexicon of verbs by word."""
    table: dict[str, Verb] = {}
    for effect, entries in data.read("understand/verbs.yaml").items():
        for word, entry in entries.items():
            weight = {True: 1.0, "rarely": 1.6}.get(entry.get("noun", ""), 2.0)
            table[word] = Verb(word, effect, entry.get("say", word), weight, entry.get("why", ""))
    return table


def is_verb(word: str) -> bool:
    """Whether a word is a verb wherever it stands, and so no part of a noun."""
    verb = verbs().get(word)
    return verb is not None and verb.weight >= 2.0 and verb.effect in ("read", "create", "update", "delete")


@lru_cache(maxsize=1)
def _signs() -> dict[str, Any]:
    signs: dict[str, Any] = data.read("understand/tools.yaml")
    return {key: frozenset(value) if isinstance(value, list) else value for key, value in signs.items()}


def sign(key: str) -> Any:
    """A list of ``tools.yaml`` as a set, or a table of it."""
    return _signs()[key]


_CUT = 60  # letters of a tool's name from which on its end may be missing


def own_words(tool: Tool) -> Words:
    """The words of the tool's name without its toolkit's, and of two verbs the first: create or update."""
    whole = str(tool.hints.get("operation") or "")
    cut = len(tool.name) >= _CUT and len(whole) > len(tool.name) - len(tool.toolkit) - 1
    words = _one_verb((*tokens(tool.toolkit), *tokens(whole)) if cut else tokens(tool.name))
    prefix = "".join(tokens(tool.toolkit))
    taken = ""
    for index, word in enumerate(words[:-1]):
        taken += word
        if taken == prefix:
            return _once(words[index + 1 :], words[: index + 1])
        if not prefix.startswith(taken):
            break
    return words


def _one_verb(words: Words) -> Words:
    for place, word in enumerate(words[1:-1], 1):
        if word == "or" and words[place - 1] in verbs() and words[place + 1] in verbs():
            return (*words[:place], *words[place + 2 :])
    return words


def _joined(words: Words) -> Words:
    """Verbs of two words as one: turn_on_light -> "turn on", light."""
    pairs = [" ".join(words[at : at + 2]) for at in range(len(words) - 1)]
    at = next((at for at, pair in enumerate(pairs) if pair in verbs()), None)
    return words if at is None else (*words[:at], pairs[at], *words[at + 2 :])


def _once(words: Words, prefix: Words) -> Words:
    """Without the toolkit's name where it is said again before a noun: linear_list_linear_issues."""
    for index in range(1, len(words) - len(prefix)):
        if words[index : index + len(prefix)] == prefix and words[index - 1] in verbs():
            return (*words[:index], *words[index + len(prefix) :])
    return words


def tells_of(tool: Tool) -> str:
    """What a description names that comes, where it names no deed: loan, of "Loans that have not been returned"."""
    words = [word for word in sentence_words(tool.description.partition(".")[0]) if word]
    while words and words[0] in sign("leading"):
        words = words[1:]
    cut = next((at for at, word in enumerate(words) if word in sign("following")), len(words))
    deed = cut > 1 and bool({words[0], base_verb(words[0])} & verbs().keys())
    if not words or deed or not is_plural(words[max(cut - 1, 0)]):
        return ""
    head, named = singular(words[cut - 1]), {singular(word) for word in own_words(tool)}
    return head if cut and (head in named or verbs().get(base_verb(words[0])) is None) else ""


def read(tool: Tool) -> Reading:
    """The verb and nouns of a tool's name, and the verb its description begins with."""
    words = _joined(own_words(tool))
    described = _described(tool)
    if tool.hints.get("executed") and words and (head := tells_of(tool)):
        first = verbs().get(words[0])
        if first is None or first.effect not in ("read", "list", "search"):
            plain = words[1:] if len(words) > 1 and words[0] in sign("leading") else words
            return Reading(
                None, None, *(_ends(resources(plain)) if is_plural(words[-1]) else ((head,), ())), many=True
            )
    at = _verb_at(words, asked=tool.hints.get("method") == "get", things=_things(tool, words))
    coined = _called_after(tool, words) if at is None else None
    if at is None and coined is None:
        fused = len(words) > 1 and words[0] in data.read("understand/acts.yaml")["fused"]
        groups = resources(words[1:] if fused else words)  # checkout_asset is of an asset
        return Reading(None, described, *_ends(groups), many=is_plural(words[-1]) if words else False)
    at = at or 0
    verb = coined or verbs()[words[at]]
    if verb.effect == "delete" and tool.hints.get("method") in ("post", "put", "patch"):
        verb = _called_after(tool, (verb.word, "")) or verb  # what is discarded is still there, as discarded
    after, place = _split(words[at + 1 :])
    before = resources(words[:at])
    named = resources(after, lenient=not before)
    if len(named) > 1 and _is_one(tool, joined := tuple(word for group in named for word in group)):
        named = [joined]
    if named:
        plural = next((group for group in named if is_plural(group[-1])), named[-1])
        noun = plural if len(named) > 1 else named[0]
        holder = before[-1] if before else ()
        end, many = _path_end(tool) if verb.effect == "read" else ((), is_plural(noun[-1]))
        noun = end if end and end[-1] in noun else noun
        if verb.effect == "create" and len(named) > 1 and _made_at(tool) == named[-1]:
            noun, holder = named[-1], named[-2]  # the labels of a board are added to, not boards
        elif len(named) > 1 and _named_by_path(tool) and named[-1][-1:] not in (("content",), ("contents",)):
            noun, holder = (
                named[-1],
                named[-2],
            )  # what a path ends in is what it is about, whatever that lies in
        many = many and is_plural(noun[-1])
        last = _one(named[-1]) if len(named) > 1 else ()
        return Reading(verb, described, _one(noun), _one(holder), _one(place), many, last)
    noun, holder = _ends(before)
    many = is_plural(before[-1][-1]) if before else False
    return Reading(verb, described, noun, holder, _one(place), many)


def _called_after(tool: Tool, words: Words) -> Verb | None:
    """The act a name begins with that only a state of the record it answers with is called after: glaze, glazed."""
    fields = settle(tool.returns).get("properties", {})
    name = standing(fields)
    if not name or len(words) < 2 or tool.hints.get("method") == "get":
        return None
    states = [words_of(str(one)) for one in settle(fields[name]).get("enum", ())]
    done = any(len(state) == 1 and participle_of(state[0], words[0]) for state in states)
    return Verb(words[0], "act", words[0], _SURE) if done else None


def _is_one(tool: Tool, words: Words) -> bool:
    """Whether an argument or a result has all the words for its name: ``NetworkInsightsPathId`` is of one thing."""
    declared = (*tool.parameters.get("properties", {}), *tool.returns.get("properties", {}))
    ends = {words[-1], singular(words[-1])}
    return any(
        called[:-1] == words[:-1] and called[-1] in ends
        for called in (_without_id(tokens(name)) for name in declared)
        if called
    )


def _without_id(words: Words) -> Words:
    return words[:-1] if words and words[-1] in ("id", "ids") else words


def _path_end(tool: Tool) -> tuple[Words, bool]:
    """What the path of a GET that declares no result ends in, and whether that can be several.

    ``/cards/{idCard}/list`` is one list, ``/boards/{idBoard}/members/{filter}`` are members.
    """
    steps = [step for step in str(tool.hints.get("path", "")).split("/") if step]
    if tool.returns or not steps:
        return (), True
    if len(steps) > 1 and tokens(steps[-1])[-1:] == ("filter",):
        steps = steps[:-1]
    if steps[-1].startswith("{"):
        return (), False
    end = tokens(steps[-1])
    return end, bool(end) and is_plural(end[-1])


def _named_by_path(tool: Tool) -> bool:
    """Whether nobody gave the tool a name, so that it has that of its path, which ends in what something else holds.

    ``/buckets/{key}/tests`` is about tests; ``/reposts/tracks/{id}`` is about reposts.
    """
    steps = [step for step in str(tool.hints.get("path", "")).split("/") if step]
    ends = [place for place, step in enumerate(steps) if not step.startswith("{")]
    inside = bool(ends) and ends[-1] > 0 and steps[ends[-1] - 1].startswith("{")
    return inside and not tool.hints.get("operation")


def _made_at(tool: Tool) -> Words:
    """What the path of a tool that makes something ends in: labels of ``/boards/{idBoard}/labels``."""
    last = str(tool.hints.get("path", "")).rpartition("/")[2]
    return () if last.startswith("{") else tokens(last)


def _described(tool: Tool) -> Verb | None:
    for text in (tool.description, str(tool.hints.get("summary", ""))):
        for word in sentence_words(text)[:1]:
            if is_plural(word) and word in own_words(tool)[1:]:
                continue  # the prices that get_seat_prices gets
            verb = verbs().get(word) or verbs().get(base_verb(word))
            if verb is not None:
                return verb
    return None


def _things(tool: Tool, words: Words) -> frozenset[str]:
    """The words of a name that its path or result calls things: a flag at ``/flags/{key}``, a RentPayment.

    None, where no other verb is left in the name: ``/orders/{id}/notes`` is noted at.
    """
    if not tool.hints.get("operation"):
        return frozenset()  # such a name is that of its path
    steps = [tokens(step) for step in str(tool.hints.get("path", "")).split("/") if "{" not in step]
    kept = {singular(step[-1]) for step in steps if step and is_plural(step[-1])}
    title = tokens(str(settle(tool.returns).get("title") or "")) if kept else ()
    things = frozenset(word for word in words if singular(word) in {*kept, *title[:-1]})
    left = [word for word in words if word not in things and word in verbs()]
    return things if left else frozenset()


def _verb_at(words: Words, asked: bool = False, things: frozenset[str] = frozenset()) -> int | None:
    """Where the verb stands, which is none of ``things``.

    ``asked``: the tool only asks, so that a word that is also a noun changes nothing.
    """
    best, score = None, 0.0
    last = len(words) - 1
    if last > 0 and words[0] in sign("getting"):
        return 0
    if last > 0 and words[last] in sign("accounts") and verbs().get(words[0]) is None:
        words = words[:last]  # a sales report
    for index, word in enumerate(words):
        verb = verbs().get(word)
        if verb is None or word in things:
            continue
        if index and words[index - 1] in sign("prepositions"):
            continue
        if asked and verb.effect in _CHANGING and verb.weight < 2.0:
            continue
        mark = verb.weight + (0.6 if index == 0 else 0.5 if index == last else 0.2)
        if mark > score:
            best, score = index, mark
    return best


def _split(words: Words) -> tuple[Words, Words]:
    for index, word in enumerate(words):
        if word in sign("prepositions"):
            groups = resources(words[index + 1 :])
            return words[:index], groups[-1] if groups else ()
    return words, ()


def resources(words: Sequence[str], lenient: bool = True) -> list[Words]:
    """Names of resources in a row: a plural ends one. ``scheduled events invitees`` -> two of them.

    Words that only fill are left out; ``lenient``: not when nothing else is there.
    """
    groups: list[Words] = []
    current: list[str] = []
    for word in words:
        if word in sign("prepositions"):
            break
        current.append(word)
        if is_plural(word) and word != "status":
            groups.append(tuple(current))
            current = []
    if current:
        groups.append(tuple(current))
    kept = [
        group if _compound(group) else tuple(word for word in group if word not in sign("fillers"))
        for group in groups
    ]
    if lenient and not any(kept):
        # Every word was a filler, as in users_list: then it is the noun after all.
        return [group[-1:] for group in groups if group[-1] not in sign("nothing")][-1:]
    return [group for group in kept if group]


def _compound(words: Sequence[str]) -> bool:
    """Whether words are a noun of two: status pages."""
    return len(words) > 1 and " ".join((*words[:-1], singular(words[-1]))[-2:]) in sign("compounds")


def _ends(groups: Sequence[Words]) -> tuple[Words, Words]:
    if not groups:
        return (), ()
    return _one(groups[-1]), _one(groups[-2]) if len(groups) > 1 else ()


def _one(words: Words) -> Words:
    return (*words[:-1], singular(words[-1])) if words else ()
