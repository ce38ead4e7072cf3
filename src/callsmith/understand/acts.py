"""The deed that a name or a summary tells in words: its verb with a particle, what it is done to, and the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from callsmith.catalog import data
from callsmith.records import Tool
from callsmith.understand.naming import Deed, own_words
from callsmith.understand.naming import verbs as naming_verbs
from callsmith.understand.shapes import named_by, numbered_by, of_another
from callsmith.understand.words import base_verb, singular, tokens

Words = tuple[str, ...]

_ACTS = "understand/acts.yaml"
_POSTED = ("post", "put", "patch")


@lru_cache(maxsize=1)
def _verbs_of_several() -> dict[str, tuple[Words, ...]]:
    """Verbs of several words by the first of them, the longest first."""
    table: dict[str, list[Words]] = {}
    for name in ("particle", "phrases"):
        for phrase in listed(name):
            words = tuple(phrase.split())
            if len(words) > 1:
                table.setdefault(words[0], []).append(words)
    return {head: tuple(sorted(options, key=len, reverse=True)) for head, options in table.items()}


@lru_cache(maxsize=16)
def listed(name: str) -> frozenset[str]:
    """A list of ``acts.yaml``."""
    return frozenset(" ".join(one.split()) for one in data.read(_ACTS)[name].split(","))


@lru_cache(maxsize=1)
def toward() -> dict[str, str]:
    """The preposition that a verb takes before the record that what it is done to belongs to."""
    table: dict[str, str] = data.read(_ACTS)["toward"]
    return {" ".join(verb.split()): said for said, verbs in table.items() for verb in verbs.split(",")}


@lru_cache(maxsize=1)
def nominal() -> dict[str, str]:
    """The verb of what is recorded or reported of a record: its return, an adoption."""
    table: dict[str, str] = data.read(_ACTS)["nominal"]
    return table


def noted(deed: Deed, tool: Tool) -> str:
    """The verb of the deed that somebody has put on record; "" where it is no such thing."""
    thing = deed.object[-1] if deed.object and not deed.second else ""
    if deed.verb not in listed("noting") or thing in resource(tool)[-1:]:
        return ""
    return nominal().get(thing, "")


def governing() -> dict[str, str]:
    """The preposition between a verb and what it is done to: one votes on a motion."""
    table: dict[str, str] = data.read(_ACTS)["governing"]
    return table


def is_act(word: str) -> bool:
    """Whether a word is a verb of some trade, though it may be a thing as well."""
    return word in listed("verbs") or word in listed("both") or word in _plain()


@lru_cache(maxsize=1)
def _plain() -> frozenset[str]:
    """The verbs of names in general that change something."""
    table = data.read("understand/verbs.yaml")
    return frozenset(word for effect in ("create", "update", "delete", "act") for word in table[effect])


def known(verb: str) -> bool:
    """Whether a verb, of one word or several, is one of those that are listed."""
    return is_act(verb) or bool(several(verb.split(" "))) or verb.split(" ")[0] in _verbs_of_several()


def unfused(words: Words) -> Words:
    """The words, a verb of two that is written as one taken apart: checkin -> check, in."""
    table: dict[str, str] = data.read(_ACTS)["fused"]
    return (*table[words[0]].split(), *words[1:]) if words and words[0] in table else words


def only_act(word: str) -> bool:
    """Whether a word is a verb of some trade and hardly ever a thing."""
    return word in listed("verbs")


def several(words: Sequence[str]) -> Words:
    """The verb of several words that words begin with; () where there is none."""
    options = _verbs_of_several().get(words[0], ()) if words else ()
    return next((one for one in options if tuple(words[: len(one)]) == one), ())


def splits(verb: str) -> bool | None:
    """Whether what a verb is done to stands inside it: always (True), never (False), or either way (None)."""
    head, _, particle = verb.partition(" ")
    if verb in listed("phrases") or particle in ("offline", "online", "live", "home", "apart"):
        return True
    if (
        not particle
        or particle.split(" ")[-1] not in PARTICLES
        or head in ("walk", "talk", "go", "run", "work", "sort")
    ):
        return False
    return False if particle.split(" ")[-1] in ("to", "of", "for", "through") else None


PARTICLES = frozenset(
    ["up", "down", "in", "out", "on", "off", "over", "back", "away", "aside", "apart", "through", "forward", "along",
     "offline", "online", "live"]
)  # fmt: skip
_ALWAYS = frozenset(
    ["up", "down", "out", "off", "back", "away", "aside", "apart", "forward", "offline", "online", "live"]
)
_PREPOSITIONS = frozenset(
    ["to", "for", "from", "with", "at", "of", "by", "into", "onto", "under", "as", "around", "about", "against", "in",
     "on", "through", "over", "per", "after", "before", "until", "within", "out", "off"]
)  # fmt: skip
_DETERMINERS = {
    "a": "a", "an": "a", "the": "the", "this": "the", "that": "the", "its": "the", "his": "the", "their": "the",
    "your": "the", "my": "the", "one": "a", "any": "a", "another": "another", "all": "all", "some": "a",
    "further": "further", "extra": "extra", "more": "more",
}  # fmt: skip
_OF = frozenset(["set", "pair", "batch", "piece", "bunch", "box", "group"])  # "a set of tyres"
_CUT = re.compile(
    r"[,;:(]|\s[-–—]\s|\b(?:once|when|if|so|because|that|which|who|where|and|or|using|via|given|identified|specified)\b"
    r"|\b(?:in (?:spring|summer|autumn|fall|winter|the (?:morning|evening|afternoon))|for the (?:winter|summer))\b"
    r"|\b(?:together|along) with\b|\bas well as\b|\bfor the (?:signed-in|current|authenticated|logged-in) user\b"
    r"|\b(?:by|with|for) (?:its |the |an? |their )?(?:given |own )?(?:id|ids|identifier|uuid|key)\b"
    r"|\b(?:in|from|to|of|on) (?:the|our|this) (?:system|database|api|store|platform|backend|application|app)\b"
)
_EITHER = re.compile(r"\b(an?|the) \w+ (?:or|and) (?:\w+ed|lost|broken|stolen|missing) (?=\w)", re.IGNORECASE)
_CALLED = "(?:endpoint|method|operation|function|call|api|tool|route|action|service|command|request)"
_WHO = "(?:you|users?|the user|one|clients?|callers?|staff|admins?)"
_AUXILIARY = re.compile(
    rf"^(?:(?:this|the) {_CALLED}(?: (?:can be|is) used)?(?: (?:to|for|that|which|will))? "
    rf"|{_CALLED} (?:to|for|that|which) "
    rf"|(?:allows?|lets|enables?|permits?|let) {_WHO}(?: to)? |allows? to |(?:use|used)(?: this)? to )",
    re.IGNORECASE,
)
_AT_ONCE = re.compile(r" (?:right away|straight away|right now|at once|immediately|now)$")
_LONGEST = 11  # words of a summary that is taken at its word


def of(tool: Tool, words: Words) -> Deed | None:
    """The deed of a tool that acts on a record, or begins one, by the words of its name and by its summary."""
    if (
        tool.hints.get("method") not in (*_POSTED, None)
        or tool.hints.get("executed")
        or tool.hints.get("live")
    ):
        return None
    named = by_name(tool, words)
    told = _told(tool, named, words)
    return told or named


_VERSION = re.compile(r"v[0-9.]+|api|rest")


def resource(tool: Tool) -> Words:
    """The noun of the record that a path or the one identifier names: ``/cake-orders/{id}/call-off`` -> cake, order."""
    steps = [
        step for step in str(tool.hints.get("path", "")).split("/") if step and not _VERSION.fullmatch(step)
    ]
    for place in range(len(steps) - 1, 0, -1):
        if steps[place].startswith("{") and not steps[place - 1].startswith("{"):
            found = tokens(steps[place - 1])
            return (*found[:-1], singular(found[-1])) if found else ()
    if steps:
        last = next((step for step in steps if not step.startswith("{")), "")
        found = tokens(last)
        return (*found[:-1], singular(found[-1])) if found else ()
    return _identified(tool)


def _identified(tool: Tool) -> Words:
    """The noun of the record that the one identifier among required arguments names.

    References count where the tool's name has their noun: ``settle_claim(claim_number)``.
    """
    needed = [tokens(name) for name in tool.parameters.get("required", ())]
    stems = [(named_by(words), of_another(words)) for words in needed if named_by(words)]
    plain = list(dict.fromkeys(stem for stem, other in stems if not other)) or [stem for stem, _ in stems]
    if not [stem for stem, other in stems if not other]:
        numbered = [stem for words in needed if (stem := numbered_by(words)) and _spoken_of(stem[-1], tool)]
        plain = numbered or plain
    return plain[0] if len(plain) == 1 else ()


def _spoken_of(noun: str, tool: Tool) -> bool:
    """Whether a tool's name has a noun, or its description one of such: a booking, and no booking number."""
    if noun in {singular(word) for word in own_words(tool)}:
        return True
    told = rf"\b(?:an?|the) {noun}\b(?! (?:number|no|nr|ref|reference|code)\b)"
    return re.search(told, tool.description, re.IGNORECASE) is not None


_PLAINEST = ("create", "update", "delete", "add", "get", "list")


def by_name(tool: Tool, words: Words) -> Deed | None:
    """What the name tells: a verb at its head, behind the record's noun or at the end of the path."""
    noun = resource(tool)
    if not tool.hints.get("operation") and tool.hints.get("path"):
        last = str(tool.hints["path"]).rpartition("/")[2]
        words = () if last.startswith("{") else tokens(last)
    words = unfused(_without(words, noun))
    verb = several(words)
    if verb:
        return Deed(" ".join(verb), *_rest(words[len(verb) :], noun))
    last = str(tool.hints.get("path", "")).rpartition("/")[2]
    doubtful = words and not only_act(words[0]) and (last[:1] == "{" or tokens(last)[:1] != words[:1])
    if doubtful and tool.hints.get("path") or words[-1:] and words[-1] in _PLAINEST:
        return None
    if words and is_act(words[0]) and (noun or only_act(words[0])):
        return Deed(words[0], *_rest(words[1:], noun))
    return None


def _without(words: Words, noun: Words) -> Words:
    """The words without those of the record's noun before and behind them."""
    many = noun and (singular(words[0]) if words else "")
    if noun and words and many == noun[0] and len(words) > len(noun):
        head = (*words[: len(noun) - 1], singular(words[len(noun) - 1]))
        words = words[len(noun) :] if head == noun else words
    tail = (*words[-len(noun) : -1], singular(words[-1])) if noun and len(words) > len(noun) else ()
    return words[: -len(noun)] if tail == noun else words


def _rest(words: Words, noun: Words) -> tuple[Words, str, Words]:
    """What follows a verb in a name: its object, the article, and what stands behind that."""
    cut = next((at for at, word in enumerate(words) if word in _PREPOSITIONS), len(words))
    thing, rest = words[:cut], words[cut:]
    if thing and ((singular(thing[-1]),) == noun[-1:] or thing == noun):
        thing = ()
    if len(thing) == 1 and _stands(thing[0]):
        return (), "", thing
    return thing, "the" if thing else "", rest if len(rest) > 1 else ()


def summary_of(tool: Tool) -> str:
    """What a tool says it does in few words, without what stands around it."""
    for text in (str(tool.hints.get("summary", "")), tool.description):
        line = re.split(r"[.\n!?](?:\s|$)", text.strip())[0].strip()
        if " " not in line and len(tokens(line)) > 1:
            continue  # the name again: CancelOrder
        line = _AUXILIARY.sub("", _AUXILIARY.sub("", line))
        line = _EITHER.sub(r"\1 ", line)
        found = _CUT.search(line)
        words = (line[: found.start()] if found else line).split()
        while found and words and words[-1].lower() in (*_PREPOSITIONS, *_DETERMINERS):
            words.pop()  # "until a given date" is cut in the middle
        if words:
            return " ".join(words)
    return ""


def _told(tool: Tool, named: Deed | None, words: Words) -> Deed | None:
    """What the summary tells, where it begins with a verb that the name has too, or that is known."""
    said = tuple(re.findall(r"[a-z][a-z'-]*|[0-9]+", _AT_ONCE.sub("", summary_of(tool).lower())))
    said, words = unfused(said), unfused(words)
    if not said or len(said) > _LONGEST or said[0].endswith(("tion", "ment", "ance")):
        return None
    of_name = named.verb.split(" ")[0] if named else ""
    if _of_what_is_asked(words, said):
        return None
    doing = bool(of_name) and said[0].endswith("ing") and said[0][:3] == of_name[:3] and len(said) > 1
    head = of_name if doing else base_verb(said[0])
    verbal = is_act(head) or head in _verbs_of_several()
    follows = said[1:2] and (said[1] in _DETERMINERS or said[1] in PARTICLES)
    ends = tokens(str(tool.hints.get("path", "")).rpartition("/")[2])
    if not verbal and head != of_name and not ((head,) in (words[:1], ends) and follows):
        return None
    bare = not tool.hints.get("operation") and tool.hints.get("path") and not doing
    if (
        bare
        and said[0] == head
        and len(said) > 1
        and said[1] not in {*_DETERMINERS, *_PREPOSITIONS, *PARTICLES}
        and not (len(ends) > 1 and ends[:2] == said[:2] and said[2:3])
    ):
        return None  # two nouns: "Bill split"
    if bare and said[1:2] == ("of",):
        return None
    found = _parsed((head, *said[1:]), named)
    if not found.verb:
        return None
    return found if not named or found.object or found.rest or " " in found.verb else named


def _of_what_is_asked(words: Words, said: Words) -> bool:
    """Whether a summary names what is asked for: "Free seats for a performance", "Price for a group"."""
    asked = naming_verbs().get(words[0]) if words else None
    asking = asked is not None and asked.effect in ("read", "list", "search") and not several(words)
    named = said[0] in listed("both") and said[1:2] in (("for",), ("of",))
    return said[0] in listed("both") and asking and words[0] != said[0] or named


def _parsed(said: Words, named: Deed | None) -> Deed:
    whole = several(said)
    if whole and not (whole[-1] not in _ALWAYS and len(said) > len(whole) + 1 and said[len(whole)] in _DETERMINERS
                      and named and named.verb != " ".join(whole)):  # fmt: skip
        verb, left = " ".join(whole), said[len(whole) :]
    else:
        verb, left = said[0], said[1:]
        whole = ()
    article, thing, left = _noun_phrase(left)
    if verb == "let" and len(thing) > 1:
        return Deed("", told=True)  # to let a guest sit in: what they are let do is a deed of its own
    second: Words = ()
    if len(thing) == 1 and not article and thing[0].endswith("ing") and left[:1] and left[0] in _DETERMINERS:
        verb = f"{verb} {thing[0]}"  # to start recording a call
        article, thing, left = _noun_phrase(left)
    elif left[:1] and left[0] in _DETERMINERS and thing:
        own, second, left = _noun_phrase(left)
        second = (own, *second) if second else ()
    if not whole and left[:1] and left[0] in PARTICLES:
        lone = len(left) == 1 or left[0] in _ALWAYS or left[1] in _PREPOSITIONS
        idiom = next(
            (one for one in _verbs_of_several().get(verb, ()) if one[1:] == left[: len(one) - 1]), ()
        )
        if idiom:
            verb, left = " ".join(idiom), left[len(idiom) - 1 :]
        elif lone:
            verb, left = f"{verb} {left[0]}", left[1:]
            if not thing:
                article, thing, left = _noun_phrase(left)
    elif not whole and left:
        options = (one for one in _verbs_of_several().get(verb, ()) if one[-1] not in ("for", "of", "to"))
        idiom = next((one for one in options if one[1:] == left[: len(one) - 1]), ())
        if idiom:
            verb, left = " ".join(idiom), left[len(idiom) - 1 :]
    if len(left) == 1 and left[0] in PARTICLES and " " in verb:
        left = ()  # "take it back in" is to take it back
    return Deed(verb, thing, article, left, second, told=True)


def _noun_phrase(words: Words) -> tuple[str, Words, Words]:
    """The article, the noun and what is left of words."""
    if not words:
        return "", (), ()
    article = _DETERMINERS.get(words[0], "")
    rest = words[1:] if article else words
    end = next(
        (
            at
            for at, word in enumerate(rest)
            if word in _PREPOSITIONS or word in PARTICLES or word in _DETERMINERS or at and _stands(word)
        ),
        len(rest),
    )
    if rest[end : end + 1] == ("of",) and rest[end - 1 : end] and rest[end - 1] in _OF:
        _, inner, left = _noun_phrase(rest[end + 1 :])
        return article, (*rest[:end], "of", *inner), left
    return article, rest[:end], rest[end:]


def _stands(word: str) -> bool:
    """Whether a word behind a noun says how the thing is then: lost, delivered."""
    return word in listed("behind") or word.endswith("ed") and len(word) > 4
