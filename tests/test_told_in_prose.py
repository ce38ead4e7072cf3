"""An API whose descriptions say what its schemas do not: choices, forms, fields that are there in some cases only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from callsmith.config import Toolkit
from callsmith.ports import drive
from callsmith.records import Call
from callsmith.sources import load
from callsmith.world.inferred import InferredWorld
from everyday import TEXT, api, at, operation

MOMENT = {"type": "string", "description": "Last modification time (as a RFC 3339 timestamp)."}
CHORE = {
    "id": TEXT, "title": TEXT, "status": {"type": "string", "description": 'Either "needsAction" or "completed".'},
    "completed": {"type": "string", "format": "date-time"}, "updated": MOMENT,
    "webViewLink": {"type": "string", "description": "A link to the chore in the web interface."},
    "rejectionReason": {"type": "string", "enum": ["copyright", "length"],
                        "description": "Only present if the chore was rejected."},
    "ageRange": {"type": "string", "enum": ["YOUNG", "OLD"], "description": "**DEPRECATED** (see ageRanges)"},
}  # fmt: skip
GROUP = {"id": TEXT, "name": TEXT, "groupType": {"type": "string", "enum": ["USER_GROUP", "SYSTEM_GROUP"]}}


def chores(folder: Path) -> Toolkit:
    body = {"type": "object", "required": ["title"], "properties": {"title": TEXT}}
    taken = {"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}}
    return api(folder, "Chores", {
        "/chores": {"get": operation("listChores", "List chores", "Chore", True)},
        "/chores/{id}": {"patch": operation("updateChore", "Change a chore", "Chore", parameters=at("id"), **taken)},
        "/contactGroups": {"get": operation("listContactGroups", "List contact groups", "ContactGroup", True)},
    }, Chore=CHORE, ContactGroup=GROUP)  # fmt: skip


def test_records_hold_what_descriptions_tell_of_their_fields(tmp_path: Path) -> None:
    toolset = load(chores(tmp_path)).toolset
    for seed in range(3):
        for chore in InferredWorld(toolset, seed).records("chores.chore"):
            assert chore["status"] in ("needsAction", "completed")
            assert "rejectionReason" not in chore and "ageRange" not in chore
            assert str(chore.get("webViewLink", "https://app.chores.example/")).startswith("https://app.")
            assert str(chore["updated"]) >= str(chore.get("completed") or "")


def test_a_change_moves_the_moment_of_the_last_one(tmp_path: Path) -> None:
    world = InferredWorld(load(chores(tmp_path)).toolset, 1)
    chore = world.records("chores.chore")[0]
    said = {"id": chore["id"], "title": "Mop the floor"}
    changed: Any = drive(world.call(Call("c", "chores_update_chore", said))).value
    assert changed["title"] == "Mop the floor" and changed["updated"] > str(chore["updated"])


def test_groups_of_contacts_are_made_by_people_and_named_by_them(tmp_path: Path) -> None:
    groups = InferredWorld(load(chores(tmp_path)).toolset, 2).records("chores.contact_group")
    assert {group["groupType"] for group in groups} == {"USER_GROUP"}
    assert not any("Group" in str(group["name"]) for group in groups)
