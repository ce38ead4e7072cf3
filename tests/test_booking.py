"""Free times are told of a day in working hours, and the first of them is booked."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from callsmith.catalog.openings import openings
from callsmith.plan.known import known
from salon import salon, salon_in
from test_small_apis import rows


def test_what_lists_moments_without_a_name_lists_free_times() -> None:
    tools = known(salon()).tools
    free = openings(tools["salon_free_slots"])
    assert free is not None
    assert (free.where, free.start, free.end) == ("/slots/*", "starts_at", "ends_at")
    assert openings(tools["salon_list_clients"]) is None
    assert tools["salon_free_slots"] in known(salon()).enquired


def test_the_first_free_time_of_a_day_is_booked(tmp_path: Path) -> None:
    booked = 0
    for row in rows(salon_in(tmp_path), tmp_path, 48):
        calls = [call for message in row["messages"] for call in message.get("tool_calls") or ()]
        names = [call["function"]["name"] for call in calls]
        if "salon_free_slots" not in names:
            continue
        told = next(m for m in row["messages"] if m["role"] == "tool" and '"slots"' in str(m["content"]))
        content = json.loads(told["content"]) if isinstance(told["content"], str) else told["content"]
        starts = [datetime.fromisoformat(one["starts_at"]) for one in content["slots"]]
        assert starts == sorted(set(starts))
        assert {start.date().isoformat() for start in starts} == {content["day"]}
        assert all(
            9 <= start.hour < 17
            for start in starts
            if not str(content["slots"][0]["starts_at"]).endswith("Z")
        )
        if "salon_book_appointment" in names[names.index("salon_free_slots") :]:
            made = calls[names.index("salon_book_appointment")]["function"]["arguments"]
            made = json.loads(made) if isinstance(made, str) else made
            booked += made["starts_at"] == content["slots"][0]["starts_at"]
    assert booked >= 1
