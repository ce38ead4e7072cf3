"""Names of records as the examples of a description show them, or as those of the trade are called."""

from __future__ import annotations

from pathlib import Path

from callsmith.catalog import called
from callsmith.catalog.belonging import told_by_name
from callsmith.config import Toolkit
from callsmith.sources import load
from callsmith.world.inferred.world import InferredWorld
from callsmith.world.stories.likeness import _alike
from everyday import TEXT, api, operation, taking


def _desk(folder: Path) -> Toolkit:
    shown = {**TEXT, "examples": ["Cannot connect to VPN from home"]}
    sort = {"type": "string", "enum": ["hardware", "software", "network", "accounts", "printing"]}
    fields = {"id": TEXT, "title": shown, "category": sort, "reported_by": TEXT}
    got = operation("listIncidents", "List incidents", "Incident", True, parameters=taking("category"))
    return api(folder, "Incident", {"/incidents": {"get": got}}, Incident=fields)


def test_incidents_are_of_the_sort_that_is_shown_and_told_by_their_names(tmp_path: Path) -> None:
    records = list(InferredWorld(load(_desk(tmp_path)).toolset, 3).records("incident.incident"))
    titles = [str(record["title"]) for record in records]
    assert titles and {*titles} <= {"Cannot connect to VPN from home", *called.words()["itfault"]}
    for record in records:
        told = told_by_name(str(record["title"]), ["hardware", "software", "network", "accounts", "printing"])
        assert told in (None, record["category"])


def test_the_narrower_sort_is_meant() -> None:
    assert told_by_name("Printer jams constantly", ["hardware", "software", "printing"]) == "printing"
    assert told_by_name("Laptop does not start", ["hardware", "software", "printing"]) == "hardware"


def test_plans_are_called_by_how_much_one_gets(tmp_path: Path) -> None:
    fields = {"id": TEXT, "name": {**TEXT, "examples": ["Team"]}, "price_per_seat": {"type": "number"}}
    got = operation("listPlans", "List plans", "Plan", True)
    toolset = load(api(tmp_path, "Plan", {"/plans": {"get": got}}, Plan=fields)).toolset
    names = {str(record["name"]) for record in InferredWorld(toolset, 3).records("plan.plan")}
    assert names <= {"Starter", "Team", "Business", "Enterprise", "Basic", "Growth", "Pro", "Plus", "Solo", "Scale",
                     "Premium", "Agency", "Essential", "Advanced", "Unlimited"}  # fmt: skip


def test_one_example_of_a_model_is_not_that_of_every_device(tmp_path: Path) -> None:
    kinds = {"type": "string", "enum": ["laptop", "monitor", "headset"]}
    fields = {
        "tag": TEXT,
        "kind": kinds,
        "model": {**TEXT, "examples": ["ThinkPad T14 Gen 4"]},
        "serial_number": TEXT,
    }
    got = operation("findAssets", "Find devices", "Asset", True)
    records = list(InferredWorld(load(api(tmp_path, "Desk", {"/assets": {"get": got}}, Asset=fields)).toolset, 3)
                   .records("desk.asset"))  # fmt: skip
    models = {kind: {one["model"] for one in records if one["kind"] == kind} for kind in kinds["enum"]}
    assert (
        all(models.values())
        and not models["laptop"] & models["monitor"] | models["monitor"] & models["headset"]
    )


def test_the_noun_alone_makes_no_likeness() -> None:
    assert _alike(["Live Room A"], ["{kidgroup} room"], "room") == 0
