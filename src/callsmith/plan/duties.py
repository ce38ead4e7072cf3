"""Which tool a conversation is there to call, so that none stands idle while another is in every second row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import structs

from callsmith.errors import PlanUnfit
from callsmith.plan import held
from callsmith.plan.draft import Draft
from callsmith.plan.intents import (
    asking,
    booking,
    changing,
    computing,
    enquiring,
    following,
    holding,
    making,
    messaging,
    reading,
    settings,
    several,
    sharing,
    untitled,
)
from callsmith.plan.known import SURE, Known
from callsmith.plan.planner import TRIES, Intent, continued, fits_kind
from callsmith.plan.serving import sought
from callsmith.records import Kind, Tool
from callsmith.seeds import Rng, at, weighted

SHARE = 0.65  # of conversations that are there to call a given tool; the others are what openings give
OWED = 4  # tools tried for one
FIRST = TRIES  # number of the first draft: those before it are for openings
EACH = 2  # with each way one of them can be asked for
ON_THE_WAY = 0.35  # weight of what finds records: acts call it before they act

_FINDING: tuple[tuple[Kind, Intent], ...] = (
    ("single", reading.show_list),
    ("single", untitled.show_untitled),
    ("single", reading.find_and_tell),
    ("dependent", holding.list_under),
    ("dependent", reading.look_up),
    ("dependent", changing.act),
    ("dependent", changing.change),
)
_PARTS: Mapping[str, Sequence[tuple[Kind, Intent]]] = {
    "read": (("single", settings.look_into), ("dependent", settings.look_into)),
    "update": (("single", settings.set_part), ("dependent", settings.set_part)),
    "delete": (("single", settings.remove_part), ("dependent", settings.remove_part)),
}
_ACTING: tuple[tuple[Kind, Intent], ...] = (
    ("dependent", changing.act),
    ("single", changing.act),
    ("dependent", held.act_on_held),
    ("dependent", changing.connect),
    ("parallel_dependent", changing.connect),
    ("dependent", several.batch),
)
_ENQUIRING: tuple[tuple[Kind, Intent], ...] = (
    ("single", enquiring.enquire),
    ("dependent", enquiring.enquire),
    ("dependent", booking.book_first_free),
    ("parallel_dependent", booking.book_first_free),
)
WAYS: Mapping[str, Sequence[tuple[Kind, Intent]]] = {
    "list": _FINDING,
    "search": _FINDING,
    "read": (("single", reading.look_up), ("dependent", reading.look_up)),
    "create": (
        ("single", making.create),
        ("single", messaging.send),
        ("single", making.create_under),
        ("dependent", making.create_under),
        ("parallel_dependent", making.create_between),
        ("parallel_dependent", booking.book_first_free),
        ("dependent", messaging.send_found),
        ("dependent", sharing.share),
    ),
    "update": (
        ("dependent", changing.change),
        ("single", changing.change),
        ("dependent", changing.connect),
        ("dependent", held.act_on_held),
    ),
    "delete": (("dependent", changing.remove), ("single", changing.remove), ("dependent", held.act_on_held)),
    "act": _ACTING,
    "compute": (("single", computing.compute), ("parallel", computing.compute_two)),
}


def ways_of(index: Known, tool: Tool) -> Sequence[tuple[Kind, Intent]]:
    """In which ways a tool can be asked for: by what it does, and a look-up without a record by what it tells."""
    if "enquired" in tool.hints:
        return _ENQUIRING
    return _PARTS[tool.deed] if tool.entity in index.parts else WAYS.get(tool.deed, ())


_TWO: Mapping[str, Sequence[Intent]] = {
    "list": (reading.list_two,),
    "search": (reading.list_two, reading.compare),
    "read": (reading.compare,),
    "create": (making.create_two,),
    "delete": (several.act_two,),
    "act": (several.act_two,),
    "compute": (computing.compute_two,),
}
_FOUND_TWO: Mapping[str, Sequence[Intent]] = {
    "list": (holding.list_under_two,),
    "create": (making.create_between, booking.book_first_free),
    "update": (changing.connect,),
    "delete": (several.act_two,),
    "act": (several.act_two, changing.connect),
}
_MISSING: Mapping[str, Sequence[Intent]] = {
    "create": (asking.create_missing, asking.create_for_whom, asking.send_missing),
    "update": (asking.change_missing,),
    "compute": (computing.compute_missing,),
}
_OF_KIND = {"parallel": _TWO, "parallel_dependent": _FOUND_TWO, "missing_parameter": _MISSING}
_ENQUIRED: Mapping[str, Sequence[Intent]] = {
    "parallel": (enquiring.enquire_two,),
    "parallel_dependent": (booking.book_first_free,),
    "missing_parameter": (enquiring.enquire_missing,),
}


def in_kind(index: Known, kind: Kind, tool: Tool) -> Sequence[Intent]:
    """In which ways a tool can be asked for in a conversation of a kind."""
    if kind in _OF_KIND:
        enquired = "enquired" in tool.hints
        return _ENQUIRED.get(kind, ()) if enquired else _OF_KIND[kind].get(tool.deed, ())
    ways = [way for of, way in ways_of(index, tool) if of == kind or kind == "multi_turn"]
    later = kind == "multi_turn" and tool.deed in ("act", "update", "delete") and tool.entity in index.finders
    return [_after_listing, *ways] if later else ways


def _after_listing(draft: Draft) -> None:
    """Have listed what a deed is for, and do it to one of those."""
    whole = draft.known
    key = next((key for index in (whole.actors, whole.removers, whole.changers) for key in index), "")
    if draft.chance(0.5):
        draft.known = structs.replace(whole, finders={key: whole.finders[key]})
        reading.show_list(draft)
        draft.known = whole
    else:
        holding.list_under(draft)
    following.change_one(draft) if key in whole.changers else following.act_on_one(draft)


def owed(kind: Kind, index: Known, draft: Callable[[int], Draft], point: float, rng: Rng) -> Draft | None:
    """A conversation of a kind that calls the tool whose turn it is, or another; None where openings are to decide.

    ``point``, from 0 up to 1, says whose turn it is.
    """
    if rng.random() >= SHARE:
        return None
    sure = [tool for tool in index.toolset.tools if tool.effect != "opaque" and tool.confidence >= SURE]
    ways = {tool.name: found for tool in sure if (found := in_kind(index, kind, tool))}
    left = {name: ON_THE_WAY if _on_the_way(index.tools[name]) else 1.0 for name in ways}
    number = FIRST
    for turn in range(min(OWED, len(left))):
        weights = [*left.values()]
        name = [*left][weighted(rng, weights) if turn else at(weights, point)]
        left.pop(name)
        ordered = [*ways[name]]
        rng.shuffle(ordered)
        for trial in range(EACH):
            for way in ordered:
                attempt = draft(number)
                number += 1
                if _serves(kind, attempt, way, index.tools[name], alone=trial % 2 == 0):
                    return attempt
    return None


def _on_the_way(tool: Tool) -> bool:
    return tool.deed in ("list", "search") and "enquired" not in tool.hints


def _serves(kind: Kind, draft: Draft, way: Intent, tool: Tool, alone: bool) -> bool:
    whole = draft.known
    draft.known = focused(whole, tool, alone)
    try:
        way(draft)
        draft.known = whole
        if not any(bound.call.name == tool.name for bound in draft.done.values()):
            return False
        if kind == "multi_turn":
            continued(draft)
    except PlanUnfit:
        return False
    return fits_kind(kind, draft.rounds)


def focused(index: Known, tool: Tool, alone: bool) -> Known:
    """The index as it is when nothing but this tool does what it does.

    What finds records stays, but where a finder is to be ``alone`` only what finds what it is given does.
    """

    def only(tools: Mapping[str, Sequence[Tool]]) -> dict[str, list[Tool]]:
        return {key: [tool] for key, members in tools.items() if tool in members}

    groups = {name: only(getattr(index, name)) for name in ("makers", "changers", "removers", "actors")}
    finders, getters = index.finders, index.getters
    if tool.effect in ("list", "search"):
        kept = _given(index, tool) if alone else finders
        finders = {**{key: list(finders[key]) for key in finders if key in kept}, **only(finders)}
        if not alone:
            groups = {name: getattr(index, name) for name in groups}
    if tool.effect == "read":
        getters = only(getters)
    computers = [tool] if tool.effect == "compute" else []
    enquired = [tool] if "enquired" in tool.hints else index.enquired
    parts = {
        key: structs.replace(
            part,
            readers=_one(part.readers, tool),
            writers=_one(part.writers, tool),
            removers=_one(part.removers, tool),
        )
        for key, part in index.parts.items()
        if key == tool.entity
    }
    return structs.replace(
        index, **groups, finders=finders, getters=getters, computers=computers, parts=parts, enquired=enquired
    )


def _given(index: Known, tool: Tool) -> list[str]:
    """The kinds of record whose ids a listing needs, and those that are needed to list these."""
    found: list[str] = []
    tools = [tool]
    for one in tools:  # grows while it is walked
        for key in (p.refers for p in one.inputs if sought(p)):
            if key not in found:
                found.append(key)
                tools.extend(index.finders.get(key, ()))
    return found


def _one(tools: Sequence[Tool], tool: Tool) -> list[Tool]:
    return [one for one in tools if one is tool]
