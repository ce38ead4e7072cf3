"""Conversations take turns in what they call, and what is done is done to what it can be done to."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from callsmith import mix, seeds, sources
from callsmith.errors import PlanUnfit
from callsmith.plan import duties
from callsmith.plan.draft import Draft
from callsmith.plan.intents import following, reading
from callsmith.plan.intents.changing import fitting
from callsmith.plan.known import known
from callsmith.records import Slot, Toolset
from callsmith.world.inferred.world import InferredWorld
from everyday import TEXT, api, at, operation
from test_small_apis import rows

STATES = ["open", "waiting", "solved", "closed"]
DEEDS = {"close": "Close a ticket", "reopen": "Reopen a solved ticket", "solve": "Mark a ticket as solved",
         "flag": "Flag a ticket", "archive": "Archive a ticket", "pin": "Pin a ticket", "mute": "Mute a ticket"}  # fmt: skip


def _desk(folder: Path):  # type: ignore[no-untyped-def]
    ticket = {
        "id": TEXT,
        "subject": TEXT,
        "status": {"type": "string", "enum": STATES},
        "flagged": {"type": "boolean"},
    }
    paths = {
        f"/tickets/{{ticket_id}}/{name}": {
            "post": operation(f"{name}Ticket", summary, "Ticket", parameters=at("ticket_id"))
        }
        for name, summary in DEEDS.items()
    }
    status = [{"name": "status", "in": "query", "schema": {"type": "string", "enum": STATES}}]
    paths["/tickets"] = {"get": operation("listTickets", "List tickets", "Ticket", True, parameters=status)}
    return api(folder, "Desk", paths, Ticket=ticket)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Toolset:
    return sources.load(_desk(tmp_path_factory.mktemp("desk"))).toolset


def test_every_deed_has_its_turn(tmp_path: Path) -> None:
    made = rows(_desk(tmp_path), tmp_path, 40)
    called = Counter(
        call["function"]["name"]
        for row in made
        for message in row["messages"]
        for call in message.get("tool_calls") or ()
    )
    deeds = {name: called[name] for name in (f"desk_{one}_ticket" for one in DEEDS)}
    assert sum(times > 0 for times in deeds.values()) >= len(DEEDS) - 1, deeds


def test_turns_are_spread_evenly() -> None:
    found = Counter(int(mix.duty(Slot(index, "single", "desk", 0), 0) * 8) for index in range(80))
    assert set(found.values()) <= {9, 10, 11}


def test_one_that_is_listed_is_acted_on_where_it_fits(desk: Toolset) -> None:
    index = known(desk)
    tool = index.tools["desk_close_ticket"]
    entity = index.entities[tool.entity]
    fits = tried = 0
    for seed in range(60):
        world = InferredWorld(desk, seed % 6)
        draft = Draft(duties.focused(index, tool, False), world, lambda w=world: w, seeds.rng(seed), seed)  # type: ignore[misc]
        try:
            reading.show_list(draft)
            shown = draft.records_of(draft.listed[1], entity.key) if draft.listed else []
        except PlanUnfit:
            continue
        if not 2 <= len(shown) <= following.SHOWN:
            continue
        if not any(fitting(draft, tool, entity, one) for one in shown):
            continue
        tried += 1
        try:
            following.act_on_one(draft)
            fits += 1
        except PlanUnfit:
            pass
    assert tried >= 5
    assert fits == tried
