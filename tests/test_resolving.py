"""Listings told with the names of what their records belong to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from callsmith import flow
from callsmith.config import Config, Toolkit
from callsmith.records import Kind
from everyday import TEXT, api, at, operation, taking

STAMP = {"type": "string", "format": "date-time"}
LIFT = {"id": TEXT, "name": {"type": "string", "example": "Lift 12"}, "building": TEXT}
VISIT = {"id": TEXT, "lift_id": TEXT, "technician_id": TEXT, "starts_at": STAMP,
         "status": {"type": "string", "enum": ["requested", "planned", "confirmed", "under_way", "done", "billed", "cancelled"]}}  # fmt: skip
TECHNICIAN = {"id": TEXT, "name": TEXT, "phone": TEXT}


def kit(folder: Path, *, getter: bool) -> Toolkit:
    listed = operation("listVisits", "List visits", "Visit", True, parameters=taking("status"))
    paths: dict[str, Any] = {"/visits": {"get": listed}}
    if not getter:
        paths["/technicians"] = {"get": operation("listTechnicians", "List technicians", "Technician", True)}
    else:
        one = operation("getLift", "Get a lift", "Lift", parameters=at("lift_id"))
        paths["/lifts/{lift_id}"] = {"get": one}
    return api(folder, "Lifts", paths, Lift=LIFT, Visit=VISIT, Technician=TECHNICIAN)


@pytest.mark.parametrize(("getter", "told"), [(True, "Lift"), (False, "with ")])
def test_what_has_no_name_is_listed_with_what_it_belongs_to(tmp_path: Path, getter: bool, told: str) -> None:
    kinds: dict[Kind, float] = {"parallel_dependent": 1} if getter else {"parallel": 1}
    config = Config(
        toolkits=(kit(tmp_path, getter=getter),), size=16, seed=3, out=str(tmp_path / "run"), kinds=kinds
    )
    flow.synth(config, workers=1, fresh=True, watch=lambda progress: None)
    rows = [json.loads(line) for line in (tmp_path / "run" / "conversations.jsonl").read_text().splitlines()]
    called = {"lifts_get_lift"} if getter else {"lifts_list_technicians"}
    found = 0
    for row in rows:
        names = [
            call["function"]["name"]
            for message in row["messages"]
            for call in message.get("tool_calls") or ()
        ]
        asked = " ".join(message["content"] for message in row["messages"] if message["role"] == "user")
        if (
            "lifts_list_visits" in names
            and called & {*names}
            and ("for each" in asked or "each time" in asked)
        ):
            found += told in row["messages"][-1]["content"]
    assert found
