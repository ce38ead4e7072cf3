"""Which moments of a record have come, in the state that it stands in."""

from __future__ import annotations

from collections.abc import Mapping

from callsmith.catalog.data import read
from callsmith.catalog.lives import LIVES, phase, phases, undone, words_of
from callsmith.catalog.named_after import beside_the_way
from callsmith.records import Json
from callsmith.world.stories.lifelines import Line, Moment, table
from callsmith.world.stories.naming import split


def come(line: Line, moment: Moment, stands: Json) -> bool | None:
    """Whether a moment of what really happened is there in a state; None where nothing tells."""
    if moment.held is not None and moment.held.tells(stands) is not None:
        return moment.held.tells(stands)
    if moment.role not in ("begun", "done", "settled") or stands not in line.options:
        return None
    told = dict(zip(line.options, phases(line.options), strict=True))
    now = told[stands]
    if late(stands):
        return moment.role == "begun"
    words = {*words_of(str(stands))}
    if missed := undone(stands, line.options):
        places = [line.options.index(one) for one in (moment.state, missed) if one in line.options]
        return len(places) == 2 and places[0] < places[1]
    if moment.role == "done" and _decided(words, {*split(moment.name)}):
        return True
    if (
        words & {"cancelled", "canceled", "lapsed"}
        and line.noun in table()["long"]
        and moment.role == "begun"
    ):
        return True
    if unheld(stands):
        asked = moment.state in line.options and told[moment.state] == "ahead" and moment.role == "begun"
        asked = asked and not {*words_of(str(moment.state))} & {*table()["granted"]}
        passed = (
            moment.state in line.options
            and told[moment.state] in ("ahead", "going")
            and moment.role == "begun"
        )
        passed = passed and 0 < line.options.index(moment.state) < line.options.index(stands)
        in_force = {*words_of(str(moment.state))} & {*read(LIVES)["in_force"]}
        granted = {*words_of(str(moment.state))} & {*table()["granted"]} and not in_force
        answered = words & {*table()["answered"]}
        ran_out = words & {"expired", "lapsed"} and not {*words_of(str(moment.state))} & {"viewed", "opened"}
        over = (asked or passed and not in_force) and answered or passed and ran_out
        return bool(stands == moment.state or over and not granted)
    if moment.state is not None and moment.state in line.options:
        at, held = line.options.index(stands), line.options.index(moment.state)
        alive = now != "dropped" and told[moment.state] != "dropped"
        alive = alive and not (told[moment.state] == "over" and now != "over")  # appealed, and not paid
        if beside_the_way(stands) and now != "over" and phase(moment.state) == "over":
            return False  # on hold, and not dispatched
        return bool(stands == moment.state or at >= held and alive)
    if now == "dropped":
        return moment.role == "begun"
    if moment.role == "settled":
        return False if now in ("ahead", "going") else None
    return bool(now == "over" or now == "going" and moment.role == "begun")


def _decided(state: set[str], name: set[str]) -> bool:
    """Whether a moment is that of a decision, or of the end of an attempt, that a state tells of."""
    known = table()
    return bool(
        state & {*known["tried"]}
        and name & {*known["decided"]}
        or state & {*known["granted"]}
        and name & {*known["judged"]}
    )


def late(stands: Json) -> bool:
    """Whether a state says that something should be over and is not."""
    return "_".join(words_of(str(stands))) in ("overdue", "late", "past_due", "delayed")


def unheld(stands: Json) -> bool:
    """Whether a state says that nothing took place."""
    words = words_of(str(stands))
    return bool({*words} & {*table()["unheld"]}) or " ".join(words) in table()["unheld"]


def phase_of(line: Line, record: Mapping[str, Json]) -> str:
    """How far a record is: ahead, going, over or dropped; "" where it has no states."""
    if line.noun in table()["noted"]:
        return "over" if line.status else ""
    stands = record.get(line.status) if line.status else None
    if stands not in line.options:
        return ""
    return phases(line.options)[line.options.index(stands)]
