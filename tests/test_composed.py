"""Look-ups that show several kinds of record at once show them as they are."""

from __future__ import annotations

from typing import Any

from callsmith.ports import drive
from callsmith.records import Call, Tool, Toolset
from callsmith.understand.inference import understand
from callsmith.world.inferred.world import InferredWorld
from everyday import TEXT

NUMBER = {"type": "integer"}
CLIENT = {"type": "object", "title": "Client", "required": ["id", "name"],
          "properties": {"id": TEXT, "name": TEXT, "phone": TEXT, "status": {"type": "string", "enum": ["active", "paused", "ended"]}}}  # fmt: skip
VISIT = {"type": "object", "title": "Visit", "required": ["id", "client_id", "status"],
         "properties": {"id": TEXT, "client_id": TEXT, "starts_at": {"type": "string", "format": "date-time"},
                        "status": {"type": "string", "enum": ["planned", "completed", "missed"]}, "minutes": NUMBER}}  # fmt: skip
BODY = {"client_id": TEXT, "starts_at": {"type": "string", "format": "date-time"}}


def care(**further: Any) -> Toolset:
    """Clients and their visits, with a timeline that shows a client's."""
    told = {"client_id": TEXT, "name": TEXT, "client": CLIENT, "visits": {"type": "array", "items": VISIT},
            "visits_count": NUMBER, "completed_visits": NUMBER, "upcoming_visits": NUMBER, "total_minutes": NUMBER, **further}  # fmt: skip

    def tool(name: str, path: str, returns: Any, *needed: str, method: str = "get", **given: Any) -> Tool:
        given = {**dict.fromkeys(needed, TEXT), **given}
        frame = {"type": "object", "properties": given, "required": [*given]}
        said = name.replace("_", " ").capitalize()
        return Tool(
            f"care_{name}",
            "care",
            said,
            frame,
            returns,
            hints={"method": method, "path": path, "summary": said},
        )

    def listed(schema: Any) -> Any:
        return {"type": "object", "properties": {"items": {"type": "array", "items": schema}}}

    return understand(
        "care",
        [
            tool("list_clients", "/clients", listed(CLIENT)),
            tool("get_client", "/clients/{client_id}", CLIENT, "client_id"),
            tool("list_visits", "/visits", listed(VISIT)),
            tool("schedule_visit", "/visits", VISIT, method="post", **BODY),
            tool(
                "get_client_timeline",
                "/clients/{client_id}/timeline",
                {"type": "object", "properties": told},
                "client_id",
            ),
        ],
    )


def asked(world: InferredWorld, name: str, **given: Any) -> Any:
    result = drive(world.call(Call("", f"care_{name}", given)))
    assert not result.error, result.value
    return result.value


def test_a_timeline_shows_the_records_of_whom_it_is_about_as_they_are() -> None:
    world = InferredWorld(care(), 5)
    visits = {one["id"]: one for one in asked(world, "list_visits")["items"]}
    shown = 0
    for client in asked(world, "list_clients")["items"][:8]:
        told = asked(world, "get_client_timeline", client_id=client["id"])
        own = [one for one in visits.values() if one["client_id"] == client["id"]]
        assert told["client"] == client
        assert told["name"] == client["name"]
        assert {one["id"]: one for one in told["visits"]} == {one["id"]: one for one in own}
        shown += len(own)
    assert shown


def test_its_counts_and_sums_are_those_of_what_it_shows() -> None:
    world = InferredWorld(care(outstanding_amount=NUMBER), 5)
    for client in asked(world, "list_clients")["items"][:8]:
        told = asked(world, "get_client_timeline", client_id=client["id"])
        states = [one["status"] for one in told["visits"]]
        assert told["visits_count"] == len(states)
        assert told["completed_visits"] == states.count("completed")
        assert told["upcoming_visits"] == states.count("planned")
        assert told["total_minutes"] == sum(one.get("minutes") or 0 for one in told["visits"])
        assert "outstanding_amount" not in told or told["outstanding_amount"] == 0


def test_a_new_record_is_shown_in_it_as_well() -> None:
    world = InferredWorld(care(), 5)
    client = asked(world, "list_clients")["items"][0]
    before = asked(world, "get_client_timeline", client_id=client["id"])
    made = asked(world, "schedule_visit", client_id=client["id"], starts_at=world.now[:10] + "T23:00:00Z")
    after = asked(world, "get_client_timeline", client_id=client["id"])
    assert after["visits_count"] == before["visits_count"] + 1
    assert made["id"] in {one["id"] for one in after["visits"]}


def test_what_shows_records_of_others_is_looked_up_and_is_no_setting_of_whom_it_is_about() -> None:
    kit = care()
    tool = kit.tools[-1]
    assert tool.hints["enquired"]["thing"] == "client timeline"


def test_a_record_that_stands_inside_another_is_told_as_it_is_told_itself() -> None:
    parcel = {"type": "object", "title": "Parcel", "required": ["id", "client"],
              "properties": {"id": TEXT, "label": TEXT, "client": {**CLIENT, "title": "Client"}}}  # fmt: skip
    frame = {"type": "object", "properties": {}}
    tools = [
        Tool(f"care_list_{noun}", "care", f"List {noun}", frame, {"type": "array", "items": schema},
             hints={"method": "get", "path": f"/{noun}"})
        for noun, schema in (("clients", CLIENT), ("parcels", parcel))
    ]  # fmt: skip
    world = InferredWorld(understand("care", tools), 5)
    clients = {one["id"]: one for one in world.records("care.client")}
    parcels = asked(world, "list_parcels")
    assert parcels
    assert all(one["client"] == clients[one["client"]["id"]] for one in parcels)
