"""Intents that hand what one live tool prints on to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct

from callsmith.catalog.figures import name_words
from callsmith.errors import PlanUnfit
from callsmith.facts.printed import records
from callsmith.meaning import Pick, Source
from callsmith.plan.draft import Draft
from callsmith.plan.intents.consulting import allowed, asked, carried, relayed, shared, stated
from callsmith.plan.known import SURE, Known
from callsmith.records import Json, Parameter, Tool

KINSHIP: Sequence[frozenset[str]] = (  # names for one thing, by which what a tool prints is handed on
    frozenset({"commit", "revision", "sha", "hash", "ref", "rev"}),
    frozenset({"path", "file", "filename"}),
    frozenset({"branch", "branchname"}),
)
TELLING = ("message", "subject", "title", "name", "summary")  # keys of a record that say which one it is
PERSONS = ("author", "by", "owner", "user", "assignee")


def consult_chain(draft: Draft) -> None:
    """Find one of what a tool lists, and look at it with another."""
    link = draft.choice(links(draft.known))
    latest = draft.chance(0.3)
    first = stated(draft, link.tool, _how_many(link, 1) if latest else {}, optional=False)
    bound = draft.call(link.tool, first.arguments)
    found = records(bound.result.value) if isinstance(bound.result.value, str) else ()
    place, by = _singled(draft, found, link.key, latest)
    pick = Pick(bound.step.id, "/*", {}, f"/{link.key}", place)
    given = carried(link.tool, link.after, first)
    second = stated(draft, link.after, given, without=link.into.pointer, optional=False)
    ordered: dict[str, Source] = {
        p.pointer: pick if p is link.into else second.arguments[p.pointer]
        for p in link.after.inputs
        if p is link.into or p.pointer in second.arguments
    }
    after = draft.call(link.after, ordered)
    ask = asked(link.after, second.details, "consult_found")
    noun = link.key.lower()
    ask = msgspec.structs.replace(ask, gist={**ask.gist, "noun": noun, **by}, noun=noun, plural=f"{noun}s")
    draft.close("consult and look", ask, relayed(draft, after, ask))


class Link(Struct, frozen=True):
    """What one tool prints of each thing and another takes."""

    tool: Tool
    key: str  # of the records it prints
    after: Tool
    into: Parameter


_LINKS: dict[str, Sequence[Link]] = {}


def links(known: Known) -> Sequence[Link]:
    """Which tools may hand a thing on to which, found once per toolset by what their arguments are called."""
    if known.toolset.hash not in _LINKS:
        _LINKS[known.toolset.hash] = list(_found(known))
    return _LINKS[known.toolset.hash]


def _found(known: Known) -> Iterator[Link]:
    for after in known.toolset.tools:
        for into in after.inputs:
            if "asked_for" not in after.hints or after.effect != "compute" or not into.required:
                continue
            rest = [p for p in after.inputs if p.required and p is not into]
            kin = next((names for names in KINSHIP if set(name_words(into.name)) & names), None)
            if kin is None or any(p.confidence < SURE for p in rest):
                continue
            for tool in known.consulted:
                plural = {word.rstrip("s") for word in name_words(str(tool.hints.get("asked_for", "")))}
                key = next((word for word in sorted(kin) if word in plural), "")
                if tool is not after and key and shared(tool, after):
                    yield Link(tool, key.capitalize(), after, into)


def _how_many(link: Link, number: int) -> dict[str, Json]:
    """An argument that limits how much is listed, where there is one."""
    limits = [
        p for p in link.tool.inputs if p.facet == "limit" and p.confidence >= SURE and allowed(p, number)
    ]
    return {limits[0].pointer: number} if limits else {}


def _singled(
    draft: Draft, found: Sequence[Mapping[str, str]], key: str, latest: bool
) -> tuple[int, dict[str, str]]:
    """One of the records a tool printed, and how a person speaks of it.

    Raises:
        PlanUnfit: nothing of what was printed can be told apart so.
    """
    if not found or key not in found[0]:
        raise PlanUnfit("it prints no list of records to choose from")
    if latest:
        return 0, {"by": "first"}
    place = draft.choice(range(len(found)))
    ways: list[dict[str, str]] = []
    for name, value in found[place].items():
        same = [item for item in found if item[name] == value]
        if name.lower() in TELLING and len(same) == 1:
            ways.append({"by": "title", "title": value})
        if name.lower() in PERSONS and found.index(same[0]) == place:
            given = value.split()[0]
            alone = len({item[name] for item in found if item[name].split()[0] == given}) == 1
            ways.append({"by": "person", "person": given if alone and draft.chance(0.6) else value})
    return place, draft.choice(ways)
