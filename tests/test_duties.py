"""Conversations take turns in what they call, and what is done is done to what it can be done to."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from callsmith import mix, seeds, sources
from callsmith.errors import PlanUnfit
from callsmith.plan import duties
from callsmith.plan.draft import Draft
from callsmith.plan.intents import following, reading
from callsmith.plan.intents.changing import fitting
from callsmith.plan.known import known
from callsmith.recipes.directed import sample
from callsmith.records import Slot, Toolset
from callsmith.world.inferred.world import InferredWorld
from everyday import DAY, TEXT, api, at, operation
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


# ---------------------------------------------------------------- deeds that came to nothing

WHEN = {"type": "string", "format": "date-time"}
JOB = {"job_id": TEXT, "caller_name": TEXT, "place": TEXT, "driver_id": TEXT, "starts_at": WHEN,
       "status": {"type": "string", "enum": ["open", "assigned", "closed"]}}  # fmt: skip
DRIVER = {"driver_id": TEXT, "name": TEXT, "phone": TEXT}
OFFER = {"offer_id": TEXT, "caller_name": TEXT, "valid_until": DAY, "price": {"type": "number"}}


def _given(*required: str, **fields: Any) -> dict[str, Any]:
    schema = {"type": "object", "required": list(required), "properties": fields}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@pytest.fixture(scope="module")
def towing(tmp_path_factory: pytest.TempPathFactory) -> Toolset:
    job = at("job_id")
    kit = api(tmp_path_factory.mktemp("towing"), "Towing", {
        "/jobs": {"get": operation("listJobs", "List jobs", "Job", True),
                  "post": operation("openJob", "Open a job", "Job", **_given("caller_name", caller_name=TEXT))},
        "/jobs/{job_id}/assign": {"post": operation("assignDriver", "Assign a driver to a job", "Job", parameters=job,
                                                    **_given("driver_id", driver_id=TEXT))},
        "/jobs/{job_id}/redirect": {"post": operation("redirectJob", "Redirect a job to another driver", "Job",
                                                      parameters=job, **_given("driver_id", driver_id=TEXT))},
        "/jobs/{job_id}/move": {"post": operation("moveJob", "Move a job to another time", "Job", parameters=job,
                                                  **_given("starts_at", starts_at=WHEN, driver_id=TEXT))},
        "/drivers": {"get": operation("listDrivers", "List drivers", "Driver", True)},
        "/offers": {"post": operation("requestOffer", "Ask for an offer", "Offer",
                                      **_given("caller_name", caller_name=TEXT))},
        "/offers/{offer_id}/accept": {"post": operation("acceptOffer", "Accept an offer", "Offer",
                                                        parameters=at("offer_id"))},
    }, Job=JOB, Driver=DRIVER, Offer=OFFER)  # fmt: skip
    return sources.load(kit).toolset


def _asked(towing: Toolset, name: str) -> list[str]:
    tool = known(towing).tools[f"towing_{name}"]
    made = [sample(towing, tool, seed=seed) for seed in range(4)]
    assert all(one.request for one in made), [one.why_not for one in made]
    return [one.request for one in made]


def test_what_is_opened_or_asked_for_where_it_is_kept_is_new(towing: Toolset) -> None:
    tools = known(towing).tools
    assert tools["towing_open_job"].effect == "create"
    assert tools["towing_request_offer"].effect == "create"  # an offer that can be accepted is a record


def test_a_driver_is_assigned(towing: Toolset) -> None:
    said = " ".join(_asked(towing, "assign_driver"))
    assert "responsible for to" not in said
    assert "make  " not in said


def test_a_deed_towards_another_is_said_with_its_own_verb(towing: Toolset) -> None:
    assert all("redirect" in one.lower() for one in _asked(towing, "redirect_job"))


def test_what_is_moved_in_time_need_not_go_to_another(towing: Toolset) -> None:
    assert not any("another time" in one for one in _asked(towing, "move_job"))


# ---------------------------------------------------------------- what is made for somebody, or under a number

HIRE = {"hire_id": TEXT, "costume_id": TEXT, "hirer_name": TEXT, "from": DAY, "until": DAY,
        "status": {"type": "string", "enum": ["reserved", "out", "returned"]}}  # fmt: skip
COSTUME = {"costume_id": TEXT, "name": TEXT, "size": {"type": "string", "enum": ["S", "M", "L"]}}
CONTRACT = {
    "contractNo": {"type": "string", "example": "GC-2291"},
    "grower": TEXT,
    "tonnes": {"type": "number"},
}
DELIVERY = {"ticketNo": {"type": "string", "example": "WT-118"}, "contractNo": TEXT, "truckPlate": TEXT, "arrivesAt": WHEN}  # fmt: skip


def test_a_costume_is_reserved_where_hires_are_kept(tmp_path: Path) -> None:
    given = {"costume_id": TEXT, "hirer_name": TEXT, "from": DAY, "until": DAY}
    toolset = sources.load(api(tmp_path, "Wardrobe", {
        "/costumes": {"get": operation("listCostumes", "List costumes", "Costume", True)},
        "/hires": {"get": operation("listHires", "List hires", "Hire", True),
                   "post": operation("reserveCostume", "Reserve a costume", "Hire", **_given(*given, **given))},
    }, Costume=COSTUME, Hire=HIRE)).toolset  # fmt: skip
    tool = known(toolset).tools["wardrobe_reserve_costume"]
    assert tool.effect == "create"
    assert sample(toolset, tool).request


def test_a_delivery_is_booked_for_a_contract_by_its_number(tmp_path: Path) -> None:
    given = {"contractNo": TEXT, "truckPlate": TEXT, "arrivesAt": WHEN}
    toolset = sources.load(api(tmp_path, "Silo", {
        "/contracts": {"get": operation("listContracts", "List contracts", "Contract", True)},
        "/deliveries": {"get": operation("listDeliveries", "List deliveries", "Delivery", True),
                        "post": operation("bookDelivery", "Book a delivery", "Delivery", **_given(*given, **given))},
    }, Contract=CONTRACT, Delivery=DELIVERY)).toolset  # fmt: skip
    tool = known(toolset).tools["silo_book_delivery"]
    assert next(p.refers for p in tool.inputs if p.name == "contractNo") == "silo.contract"
    found = sample(toolset, tool)
    assert found.request, found.why_not
