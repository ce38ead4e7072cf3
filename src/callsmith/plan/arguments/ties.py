"""Which arguments that name another record bring two records together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsmith.catalog.figures import name_words
from callsmith.records import Parameter, Tool

# Verbs whose very meaning is to tie one thing to another.
TYING = frozenset(
    """add append apply assign associate attach bind connect invite join link mount move relate subscribe
    transfer""".split()
)
# What things lie in, go under or are given to: an argument of such a name says where something belongs.
_BELONGING = frozenset(
    """parent parents folder directory project list section board group team label labels tag tags category milestone
    calendar collection playlist album sprint epic column assignee follower responsible workspace space notebook
    department""".split()
)
_HOLDING = frozenset("label labels tag tags parent parents folder folders project projects".split())
# What things are made from, which is not where they are.
_MADE_FROM = frozenset(
    "source snapshot image template kernel certificate key copy clone backup original".split()
)
_DEEP = 2  # objects and names on the way to an argument people still speak of


def tying(tool: Tool, options: Sequence[Parameter]) -> list[Parameter]:
    """Of the arguments that name other records, those by which the tool ties its record to the other.

    A tool whose verb ties takes what it requires, else what lies near the surface; one that changes records ties
    only where the argument says that something belongs somewhere. Far inside, or inside one of several objects, an
    identifier is a setting.
    """
    near = [p for p in options if p.required or _near(p)]
    own = name_words(tool.name.removeprefix(tool.toolkit))
    if TYING & {tool.verb, *own[:1]}:
        return [p for p in near if p.required] or near
    if tool.effect == "update" or tool.verb in ("update", "change", "move"):
        return [p for p in near if _belonging(p) and (not _several(p) or _added(p))]
    return [p for p in near if p.required and tool.deed == "act" and _handed(tool, p)]


def _handed(tool: Tool, parameter: Parameter) -> bool:
    """Whether a deed says of another record that it is done towards it: "redirect a parcel to another locker"."""
    noun = " ".join(name_words(parameter.refers.rpartition(".")[2]))
    return re.search(rf" to (?:an?|another|the|a different|a new) (?:\w+ )?{noun}$", tool.phrase) is not None


def contains(parameter: Parameter) -> bool:
    """Whether an argument one may leave out names what a new record lies in, rather than what it is made with."""
    if not _near(parameter):
        return False
    words = {*name_words(parameter.name), *name_words(parameter.refers.rpartition(".")[2])}
    outermost = _depth(parameter) == 1
    if _belonging(parameter):
        return outermost or not _several(parameter)
    return outermost and not _several(parameter) and not words & _MADE_FROM


def _added(parameter: Parameter) -> bool:
    """Whether what is added to a record is where it belongs; groups added to an endpoint do not hold it."""
    return "add" in (words := name_words(parameter.name)) and bool({*words} & _HOLDING)


def _belonging(parameter: Parameter) -> bool:
    path = [word for step in parameter.pointer.split("/") for word in name_words(step)]
    return bool(_BELONGING & {*path[-3:], *name_words(parameter.refers.rpartition(".")[2])})


def _near(parameter: Parameter) -> bool:
    return "/*/" not in parameter.pointer and _depth(parameter) <= _DEEP


def _depth(parameter: Parameter) -> int:
    steps = [step for step in parameter.pointer.split("/")[1:] if step != "*"]
    return len(steps) - (len(steps) > 1 and steps[-1].lower() in ("id", "key", "gid"))


def _several(parameter: Parameter) -> bool:
    return parameter.pointer.endswith("/*")
