"""The company that a toolkit says it is for, where another word before its head makes it another: a driving school."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from callsmith.catalog import data
from callsmith.catalog.trades import circle_for, scenes, told_by
from callsmith.records import Tool

_FILE = "catalog/lexicon/trades.yaml"
_HEARD, _LONG = 60, 400
_SENTENCES = re.compile(r"[.!?]+(?:\s|$)")
_PIECES = re.compile(r"[,;:()\"/|]|[.!?](?:\s|$)|\s[-–—]\s|'s\b|’s\b")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_OF_ONE = [[one, article] for one in ("of", "for") for article in ("a", "an")]
_MOST = 3  # words before a head


class Business(Struct, frozen=True):
    """A kind of company by the words for it."""

    phrase: str
    trades: tuple[str, ...]
    """The lines of business of which it may be; the first is certain where it is ``known``."""
    known: bool
    circle: str
    """Who works there: a circle, or the phrase where only that is known of it."""
    instead: str
    """The line of business that its last word alone would tell: that of a driving school is a school's."""
    sure: bool
    """Whether it is said where a product says what it is."""


def business_of(tools: Sequence[Tool]) -> Business | None:
    """The company that the tools of a toolkit are for; None where they say none, or one that its last word tells."""
    product = next((str(tool.hints["product"]) for tool in tools[:1] if "product" in tool.hints), "")
    about = next((str(tool.hints["about"]) for tool in tools if "about" in tool.hints), "")
    return _business(product, about, tuple(tool.description[:_LONG] for tool in tools[:_HEARD]))


@lru_cache(maxsize=64)
def _business(product: str, about: str, said: tuple[str, ...]) -> Business | None:
    plain = {word for text in (about, *said) for word in _WORD.findall(text)}
    names = {*product.lower().split()}
    for before, head in _lines(". ".join(_SENTENCES.split(about.strip())[:2]), (), names):
        while len(before) > 1 and not _words(before[:1], plain):
            before = before[1:]  # the name of the one company
        if _words(before, plain):
            return _known(before, head, sure=True)
    for before, head in _titled(product):
        if _words(before, plain):
            return _known(before, head, sure=True)
    for before, head in (line for text in said for line in _lines(text, ("the", "our", "this"), names)):
        alone = _heads()[head]
        if (
            alone
            and _words(before, plain)
            and alone not in told_by(before[-1] if before else head, shared=True)
        ):
            return _known(before, head, sure=False)
    return None


def _words(before: Sequence[str], plain: Collection[str]) -> bool:
    """Whether these are words that anybody uses, and no name."""
    return all(word in plain or told_by(word) for word in before)


def _lines(
    text: str, opening: Sequence[str] = (), names: Collection[str] = ()
) -> Iterator[tuple[tuple[str, ...], str]]:
    """What stands before the name of a sort of company, and that name; nothing where any such company is meant."""
    for piece in _PIECES.split(text.lower()):
        words = _WORD.findall(piece)
        for place, word in enumerate(words):
            head, last = _singular(word), place + 1 == len(words)
            if head not in _heads() or not last and words[place + 1] not in _small():
                continue
            start = place
            while start and words[start - 1] not in _small():
                start -= 1
            opened = words[start - 1] if start else ""
            before, alone = words[start:place], head in _alone()
            while len(before) > 1 and before[0] in names:
                before = before[1:]
            while before and (before[0] in _plain() or before[0] in _runs() or _quality(before[0])):
                before = before[1:]
            whole = " ".join((*before[-1:], head)) in _houses() or words[max(start - 2, 0) : start] in _OF_ONE
            if head in _never_alone() and not whole or {*before} & _inside():
                continue
            if word != head and before and piece.strip().startswith(words[start]) and not whole:
                continue  # one of several things that are kept: galleries
            if (before or alone and last) and len(before) <= _MOST and opened not in ("and", "or"):
                if not opening or opened in opening:
                    yield tuple(before), head


def _quality(word: str) -> bool:
    """Whether a word tells only what a company is like: an outpatient clinic."""
    return word.endswith(_QUALITIES) and not told_by(word)


_QUALITIES = ("mental", "ional", "ary", "party", "patient", "ative")


def _titled(product: str) -> Iterator[tuple[tuple[str, ...], str]]:
    words = [word.lower() for word in _WORD.findall(product)]
    if len(words) > 1 and _singular(words[-1]) in _heads() and words[-2] not in _plain() | _inside():
        yield (words[-2],), _singular(words[-1])


def _known(before: tuple[str, ...], head: str, *, sure: bool) -> Business:
    phrase, alone = " ".join((*before, head)), _heads()[head]
    for start in range(len(before) + 1):
        if (
            circle := _houses().get(" ".join((*before[start:], head)), "")
            if start < len(before) or not before
            else ""
        ):
            trades = [
                trade for trade in told_by(before[-1] if before else head) if circle_for(trade) == circle
            ]
            own = circle if circle_for(circle) else next(iter(trades), phrase)
            return Business(phrase, (own,), True, circle, alone, sure)
    whole = "_".join((*before, head))
    named = [*told_by(whole), *(trade for trade in scenes() if trade == whole)]
    told = [trade for word in reversed(before) for trade in told_by(word)]
    near = circle_for(alone)
    own = next(
        (
            one
            for one in (*named, *told)
            if one in named or not alone or circle_for(one) in (near or "-", *before)
        ),
        "",
    )
    if own and circle_for(own):
        return Business(phrase, (own,), True, circle_for(own), alone, sure)
    return Business(phrase, tuple(told), False, phrase, alone, sure)


def line_of(business: Business, found: str) -> str:
    """The line of business of a company whose records tell of another or of none."""
    return business.trades[0] if business.known else found if found in business.trades else business.phrase


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=1)
def _houses() -> dict[str, str]:
    """The circle of people by what their company is called: that of a riding school is a stable's."""
    found: dict[str, str] = {}
    for circle in data.read("catalog/lexicon/circles.yaml"):
        names = (circle["name"], circle.get("industry_name", ""), *circle.get("houses", ()))
        found |= {name.lower(): circle["name"] for name in names if " " in name or name in _alone()}
    for trade, made in scenes().items():
        found |= {
            name.lower(): trade for name in (*made["houses"], made["name"]) if " " in name or name in _alone()
        }
    return found


@lru_cache(maxsize=1)
def _heads() -> dict[str, str]:
    """Words for companies, and the line of business that each alone tells; "" where it tells none."""
    pairs = (pair.partition("=") for pair in data.read(_FILE)["heads"].split())
    return {word: trade for word, _, trade in pairs}


@lru_cache(maxsize=1)
def _alone() -> frozenset[str]:
    return frozenset(data.read(_FILE)["of_themselves"].split())


@lru_cache(maxsize=1)
def _never_alone() -> frozenset[str]:
    return frozenset(data.read(_FILE)["parts_as_well"].split())


@lru_cache(maxsize=1)
def _inside() -> frozenset[str]:
    return frozenset(data.read(_FILE)["no_company"].split())


@lru_cache(maxsize=1)
def _plain() -> frozenset[str]:
    return frozenset(data.read(_FILE)["any_company"].split())


@lru_cache(maxsize=1)
def _runs() -> frozenset[str]:
    return frozenset("managing running operating building handling serving helping powering".split())


@lru_cache(maxsize=1)
def _small() -> frozenset[str]:
    return frozenset(
        "a an the of for by in at to on and or with from your our its their any all each every is are that which who "
        "this these those where when as into it we you they can has have how what run runs between within per about "
        "via using keep keeps".split()
    )
