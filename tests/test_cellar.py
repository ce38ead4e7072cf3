"""An API of a wine cellar: money it names itself, things of a sort and an origin, appointments that come and go."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from callsmith import flow
from callsmith.config import Config, Toolkit
from callsmith.plan.known import title_in
from callsmith.sources import load
from callsmith.world.fields.sorts import named_in
from callsmith.world.inferred.world import InferredWorld
from everyday import TEXT, api, at, operation

WINE = {"id": TEXT, "name": TEXT, "country": TEXT, "grape": TEXT, "bottles": {"type": "integer"},
        "price": {"type": "number", "description": "Price in euros"}}  # fmt: skip
TASTING = {"id": TEXT, "guest_name": TEXT, "starts_at": {"type": "string", "format": "date-time"},
           "status": {"type": "string", "enum": ["booked", "held", "cancelled"]}}  # fmt: skip
GRAPES = ("Riesling", "Chardonnay", "Merlot", "Pinot Noir", "Syrah", "Malbec", "Gamay", "Barbera")


def taken(*names: str) -> dict[str, Any]:
    schema = {"type": "object", "required": list(names), "properties": {name: WINE[name] for name in names}}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def cellar(folder: Path) -> Toolkit:
    return api(folder, "Cellar", {
        "/wines": {"get": operation("listWines", "List wines", "Wine", True),
                   "post": operation("addWine", "Add a wine", "Wine", **taken("name", "grape", "price"))},
        "/wines/{id}": {"patch": operation("updateWine", "Change a wine", "Wine", parameters=at("id"), **taken("price"))},
        "/tastings": {"get": operation("listTastings", "List tastings", "Tasting", True)},
        "/tastings/{id}": {"delete": operation("cancelTasting", "Cancel a tasting", "Tasting", parameters=at("id"))},
    }, Wine=WINE, Tasting=TASTING)  # fmt: skip


def rows(folder: Path) -> list[dict[str, Any]]:
    config = Config(toolkits=(cellar(folder),), size=40, seed=5, out=str(folder / "run"))
    flow.synth(config, workers=1, fresh=True, watch=lambda progress: None)
    return [json.loads(line) for line in (folder / "run" / "conversations.jsonl").read_text().splitlines()]


def test_prices_in_euros_are_asked_where_euros_are_paid(tmp_path: Path) -> None:
    toolset = load(cellar(tmp_path)).toolset
    assert {InferredWorld(toolset, seed).scene.currency for seed in range(20)} == {"EUR"}


def test_wines_come_from_several_countries_and_are_of_the_grape_they_are_called_by(tmp_path: Path) -> None:
    toolset = load(cellar(tmp_path)).toolset
    wines = [wine for seed in range(4) for wine in InferredWorld(toolset, seed).records("cellar.wine")]
    told = [(named_in(str(wine["name"]), GRAPES), wine["grape"]) for wine in wines]
    assert len({wine["country"] for wine in wines}) > 4
    assert all(name in ("", grape) for name, grape in told) and sum(bool(name) for name, _ in told) > 10


def test_nobody_cancels_what_is_over_and_prices_stay_near_what_they_were(tmp_path: Path) -> None:
    cancelled, changed, made = 0, 0, 0
    for row in rows(tmp_path):
        seen: dict[str, dict[str, Any]] = {}
        for message in row["messages"]:
            if message["role"] == "tool" and message["content"].startswith("["):
                seen |= {one["id"]: dict(one) for one in json.loads(message["content"])}
            for call in message.get("tool_calls") or ():
                name, given = call["function"]["name"], call["function"]["arguments"]
                given = json.loads(given) if isinstance(given, str) else given
                if name == "cellar_cancel_tasting":
                    cancelled += 1
                    assert seen[given["id"]]["status"] == "booked"
                elif name == "cellar_update_wine" and given["id"] in seen:
                    changed += 1
                    old = seen[given["id"]]["price"]
                    assert old / 2 <= given["price"] <= old * 2
                    seen[given["id"]]["price"] = given["price"]
                elif name == "cellar_add_wine":
                    made += 1
                    assert named_in(given["name"], GRAPES) in ("", given["grape"])
    assert cancelled > 2 and changed > 2 and made > 2


def test_the_moment_lies_between_what_was_held_and_what_is_booked(tmp_path: Path) -> None:
    (tmp_path / "tastings.csv").write_text(
        "id,guest_name,starts_at,status\n1,Ana Ruiz,2026-11-21T18:00:00Z,held\n2,Li Wei,2026-11-28T19:00:00Z,held\n"
        "3,Tom Bell,2026-12-09T18:30:00Z,booked\n4,Ida Holm,2026-12-11T18:00:00Z,booked\n"
    )
    kit = msgspec.structs.replace(cellar(tmp_path), fixtures=(("tasting", str(tmp_path / "tastings.csv")),))
    toolset = load(kit).toolset
    for seed in range(8):
        now = datetime.fromisoformat(InferredWorld(toolset, seed).now)
        assert (
            datetime.fromisoformat("2026-11-28T19:00:00Z")
            <= now
            < datetime.fromisoformat("2026-12-11T18:00:00Z")
        )


def test_two_tastings_are_cancelled_in_one_breath(tmp_path: Path) -> None:
    said = [
        row["messages"][1]["content"]
        for row in rows(tmp_path)
        if row["kind"] == "parallel_dependent" and "cancel_tasting" in json.dumps(row["messages"])
    ]
    assert said and all("tastings" in text for text in said)


def test_people_with_two_names_go_by_both(tmp_path: Path) -> None:
    member = {
        "id": TEXT,
        "first_name": TEXT,
        "last_name": TEXT,
        "email": {"type": "string", "format": "email"},
    }
    kit = api(
        tmp_path,
        "Club",
        {"/members": {"get": operation("listMembers", "List members", "Member", True)}},
        Member=member,
    )
    entity = load(kit).toolset.entities[0]
    record = InferredWorld(load(kit).toolset, 1).records(entity.key)[0]
    assert title_in(entity, record) == f"{record['first_name']} {record['last_name']}"
