"""Two or three figures of one thing in a sentence: "The revenue was €27,560, with 280 orders."."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsmith.language.grammar import capitalised
from callsmith.language.named_details import one_of_them
from callsmith.language.relating import several
from callsmith.language.words import listed, with_article

MOST = 3
COUNTED = 6  # of things that are only counted, so many are told
_WHOLE = re.compile(r"[0-9][0-9,]*")
_FIGURE = re.compile(r"[^\w\s]{0,2}-?[0-9][^;:\n]{0,24}|[0-9]{1,2}:[0-9]{2}(?: [AP]M)?")
_LEFT = re.compile(r"[0-9][0-9,.]* [\w ]+ [a-z]+")
_TIME = re.compile(r"[0-9][0-9,.]*")
_LASTING = ("hours", "minutes", "days", "nights", "weeks")
_LAST = frozenset("at on in by of to from with for since until per".split())


def told_in_one(facts: Sequence[tuple[str, str]], over: bool, brief: bool, room: bool = False) -> str:
    """What is told of a thing as a sentence, or as the words after its name; "" where no sentence can hold it.

    ``room``: what is counted still fits.
    """
    most = COUNTED if all(_counts(name, value) for name, value in facts) else MOST
    if not 1 < len(facts) <= most or not all(_fits(name, value) for name, value in facts):
        return ""
    if brief:
        return f"{listed([_noun_phrase(name, value) for name, value in facts])}."
    counts = [_noun_phrase(name, value) for name, value in facts if _counts(name, value)]
    named = [(name, value) for name, value in facts if not _counts(name, value)]
    if not named and room:
        return f"There {'was' if over else 'is'} room for {listed(counts)}."
    if not named:
        return f"There {_there(facts[0], over)} {listed(counts)}."
    if _counts(*facts[0]) and facts[0][0] not in _LASTING:  # what was asked about comes first
        rest = listed([f"the {name} {_be(name, over)} {value}" for name, value in named])
        return f"There {_there(facts[0], over)} {listed(counts)}, and {rest}."
    name, value = named[0]
    said = [f"the {name} {_be(name, over)} {value}"]
    for other, figure in named[1:]:
        said.append(
            f"the {other} {figure}"
            if several(other) == several(name)
            else f"the {other} {_be(other, over)} {figure}"
        )
    link = "for" if len(counts) == 1 and counts[0].split()[-1] in _LASTING else "with"
    tail = f" {link} {listed(counts)}" if counts else ""
    tail = tail if link == "for" or not counts else f",{tail}"
    return f"{capitalised(listed(said))}{tail}."


def _fits(name: str, value: str) -> bool:
    """Whether a name and a figure stand in a sentence: "average order" and "€98", and no "opens" and "at 9:00"."""
    words = name.split()
    if not words:
        return _left(value)
    ends = words[-1] in _LAST or words[-1].endswith("ed") or words[0] in ("is", "has")
    return not ends and _FIGURE.fullmatch(value) is not None


def _counts(name: str, value: str) -> bool:
    """Whether it is so many of something: 280 orders."""
    if not name:
        return _left(value)
    return several(name) and (_WHOLE if name not in _LASTING else _TIME).fullmatch(value) is not None


def _left(value: str) -> bool:
    """Whether a figure says by itself of what it is: 150 minutes free."""
    return bool(_LEFT.fullmatch(value)) and value.rpartition(" ")[2] not in _LASTING


def _there(first: tuple[str, str], over: bool) -> str:
    """The verb of what there is, by the first of it: there is one, there are two."""
    name, value = first
    one = value == "1" or value.startswith("1 ") or bool(name) and not several(name)
    return _be("" if one else "things", over)


def _be(name: str, over: bool) -> str:
    if several(name):
        return "were" if over else "are"
    return "was" if over else "is"


def _noun_phrase(name: str, value: str) -> str:
    if not name:
        return value
    if _counts(name, value):
        return f"{value} {one_of_them(name) if value == '1' else name}"
    return f"{name} of {value}" if several(name) else f"{with_article(name)} of {value}"
