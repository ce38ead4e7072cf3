"""Free times are told of a day in working hours, and the first of them is booked."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from callsmith.catalog.openings import openings
from callsmith.language.asking_enquired import _several
from callsmith.plan.known import known
from callsmith.ports import drive
from callsmith.recipes.directed import sample
from callsmith.records import Call
from callsmith.sources import load
from callsmith.world.inferred.world import InferredWorld
from everyday import DAY, TEXT, api, at, operation, taking
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


def test_days_without_a_name_are_told_with_what_is_on_each(tmp_path: Path) -> None:
    stream = {"type": "string", "enum": ["general", "recycling", "garden"]}
    row = {"type": "object", "required": ["date", "stream"], "properties": {"date": DAY, "stream": stream}}
    calendar = operation(
        "getCalendar", "Collection days of an address", "Address", parameters=at("address_id")
    )
    calendar["responses"]["200"]["content"]["application/json"]["schema"] = {
        "type": "object", "properties": {"address_id": TEXT, "collections": {"type": "array", "items": row}},
    }  # fmt: skip
    toolset = load(api(tmp_path, "Bins", {
        "/addresses": {"get": operation("findAddresses", "Find addresses", "Address", True, parameters=taking("street"))},
        "/addresses/{address_id}/calendar": {"get": calendar},
    }, Address={"address_id": TEXT, "street": TEXT, "postcode": TEXT})).toolset  # fmt: skip
    tool = known(toolset).tools["bins_get_calendar"]
    free = openings(tool)
    assert free is not None
    assert free.daily
    found = sample(toolset, tool)
    assert "collection days" in found.request, found.why_not
    world = InferredWorld(toolset, 1)
    one = next(iter(world.records("bins.address")))
    told = drive(world.call(Call("c", tool.name, {"address_id": one["address_id"]}))).value
    days = [date.fromisoformat(item["date"]) for item in told["collections"]]
    assert days == sorted(set(days))
    assert all(after - day == timedelta(days=7) for day, after in pairwise(days))
    assert len({item["stream"] for item in told["collections"]}) > 1


def test_free_things_are_several() -> None:
    assert _several("open unloading slots")
    assert _several("rooms free")
    assert not _several("sales report")
