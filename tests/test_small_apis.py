"""Small APIs of everyday things: records without a name, two records tied by a third, few tools."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from callsmith import flow, seeds
from callsmith.config import Config, Toolkit
from callsmith.language.narrowing import keys_of
from callsmith.meaning import Detail
from callsmith.plan.known import called_after, known
from callsmith.sources import load
from callsmith.understand.words import tokens
from callsmith.world.inferred.world import InferredWorld
from everyday import DAY, TEXT, api, at, bakery, library, operation, taking


def rows(kit: Toolkit, folder: Path, size: int = 24) -> list[dict[str, Any]]:
    config = Config(toolkits=(kit,), size=size, seed=5, out=str(folder / "run"))
    flow.synth(config, workers=1, fresh=True, watch=lambda progress: None)
    return [json.loads(line) for line in (folder / "run" / "conversations.jsonl").read_text().splitlines()]


def test_what_has_no_name_goes_by_the_one_it_is_for(tmp_path: Path) -> None:
    index = known(load(bakery(tmp_path)).toolset)
    assert index.entities["bakery.order"].label_pointer == "/customer_name"
    assert called_after(index.entities["bakery.order"])
    assert not called_after(known(load(library(tmp_path)).toolset).entities["library.member"])


def test_orders_are_changed_whose_customer_is_named(tmp_path: Path) -> None:
    made = rows(bakery(tmp_path), tmp_path)
    said = [message["content"] for row in made if row["kind"] == "dependent" for message in row["messages"]
            if message["role"] == "user"]  # fmt: skip
    assert said and all("order" in text and '"' not in text for text in said)


def test_a_loan_is_made_of_a_book_for_a_member_both_found_at_once(tmp_path: Path) -> None:
    made = rows(library(tmp_path), tmp_path, 48)
    kinds = {row["kind"] for row in made}
    assert {"dependent", "multi_turn", "parallel_dependent", "missing_parameter", "no_tool"} <= kinds
    together = [
        row
        for row in made
        if row["kind"] == "parallel_dependent" and "create_loan" in json.dumps(row["messages"])
    ]
    assert together
    for row in together:
        groups = [[call["function"]["name"] for call in message["tool_calls"]] for message in row["messages"]
                  if message.get("tool_calls")]  # fmt: skip
        assert groups == [["library_list_books", "library_list_members"], ["library_create_loan"]]


def test_a_post_that_returns_is_no_look_up(tmp_path: Path) -> None:
    post = operation("returnRental", "Return a rental", "Rental", parameters=at("rental_id"))
    got = operation("listRentals", "List rentals", "Rental", True, parameters=taking("renter"))
    kit = api(tmp_path, "Rental", {"/rentals": {"get": got}, "/rentals/{rental_id}/return": {"post": post}})
    effects = {tool.name: tool.effect for tool in load(kit).toolset.tools}
    assert effects == {"rental_list_rentals": "list", "rental_return_rental": "act"}


def test_the_host_of_a_show_is_somebody(tmp_path: Path) -> None:
    shows = {"id": TEXT, "title": TEXT, "host": TEXT}
    paths = {"/shows": {"get": operation("listShows", "List shows", "Show", True)}}
    tools = load(api(tmp_path, "Podcast", paths, Show=shows)).toolset
    hosts = [record.get("host") for record in InferredWorld(tools, 3).records("podcast.show")]
    assert hosts and not any("." in str(host) for host in hosts)


def test_whoever_is_registered_was_born_long_ago(tmp_path: Path) -> None:
    fields = {"first_name": TEXT, "last_name": TEXT, "date_of_birth": DAY}
    schema = {"type": "object", "required": list(fields), "properties": fields}
    posted = operation("createPatient", "Register a patient", "Patient")
    posted["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    kit = api(tmp_path, "Clinic", {"/patients": {"post": posted}}, Patient={"id": TEXT, **fields})
    tools = load(kit).toolset
    [tool] = tools.tools
    [born] = [item for item in tool.inputs if item.name == "date_of_birth"]
    world = InferredWorld(tools, 3)
    for seed in range(40):
        said = date.fromisoformat(str(world.invent(tool, born, seeds.rng(seed))))
        assert 18 <= (date.fromisoformat(world.scene.now[:10]) - said).days // 365 <= 79


def flowers(folder: Path) -> Toolkit:
    """A shop whose orders have lines."""
    line: dict[str, Any] = {"type": "object", "required": ["bouquet_id", "quantity"],
            "properties": {"bouquet_id": TEXT, "quantity": {"type": "integer", "minimum": 1}}}  # fmt: skip
    lines = {"type": "array", "items": line}
    named = {**line, "properties": {**line["properties"], "bouquet_name": TEXT}}
    order = {"id": TEXT, "client_id": TEXT, "client_name": TEXT, "items": {"type": "array", "items": named},
             "subtotal": {"type": "number"}, "total": {"type": "number"}, "delivery_date": DAY}  # fmt: skip
    bouquet = {"id": TEXT, "name": TEXT, "price": {"type": "number"}}
    client = {"id": TEXT, "name": TEXT, "email": TEXT}
    body = {"required": True, "content": {"application/json": {"schema": {"type": "object", "properties": {
            "client_id": TEXT, "items": lines, "delivery_date": DAY}, "required": ["client_id", "items",
            "delivery_date"]}}}}  # fmt: skip

    def listing(name: str, noun: str, *taken: str) -> dict[str, Any]:
        return {"get": operation(name, f"List {noun.lower()}s", noun, True, parameters=taking(*taken))}

    paths = {
        "/bouquets": listing("listBouquets", "Bouquet"),
        "/clients": listing("findClients", "Client", "name"),
        "/orders": {**listing("listOrders", "Order", "client_id"),
                    "post": operation("placeOrder", "Place an order", "Order", requestBody=body)},
    }  # fmt: skip
    return api(folder, "Flowers", paths, Bouquet=bouquet, Client=client, Order=order)


def test_orders_of_several_things_are_said_as_people_say_them(tmp_path: Path) -> None:
    orders = [
        row
        for row in rows(flowers(tmp_path), tmp_path)
        if "flowers_place_order" in json.dumps(row["messages"])
    ]
    assert len(orders) > 1
    several = False
    for row in orders:
        said = " ".join(str(m["content"]) for m in row["messages"] if m["role"] == "user").lower()
        told = " ".join(str(m["content"]) for m in row["messages"] if m["role"] == "assistant")
        assert "quantity" not in said + told
        found = {str(item["id"]): item for m in row["messages"] if m["role"] == "tool"
                 for item in _records(m["content"])}  # fmt: skip
        for call in _calls(row, "flowers_place_order"):
            several = several or len(call["items"]) > 1
            for line in call["items"]:
                name = str(found[line["bouquet_id"]]["name"])
                assert name.split(" ")[0].lower() in said
                assert f"{line['quantity']} x {name}" in told
    assert several


def _records(content: str) -> list[dict[str, Any]]:
    value = json.loads(content)
    return value if isinstance(value, list) else [value]


def _calls(row: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [call["function"]["arguments"] for message in row["messages"] for call in message.get("tool_calls") or []
            if call["function"]["name"] == name]  # fmt: skip


def test_what_a_customer_has_is_called_off_though_it_has_no_name(tmp_path: Path) -> None:
    order = {
        "id": TEXT,
        "client_id": TEXT,
        "delivery_date": DAY,
        "status": {"type": "string", "enum": ["open", "baked", "cancelled"]},
    }
    client = {"id": TEXT, "name": TEXT, "email": TEXT}
    got = operation("listOrders", "List orders", "Order", True, parameters=taking("client_id"))
    found = operation("findClients", "Find clients", "Client", True, parameters=taking("name"))
    off = operation("cancelOrder", "Cancel an order", "Order", parameters=at("order_id"))
    paths = {"/orders": {"get": got}, "/clients": {"get": found}, "/orders/{order_id}/cancel": {"post": off}}
    made = [row for row in rows(api(tmp_path, "Oven", paths, Client=client, Order=order), tmp_path)
            if row["kind"] == "dependent" and _calls(row, "oven_cancel_order")]  # fmt: skip
    assert made
    for row in made:
        said, told = (
            " ".join(str(m["content"]) for m in row["messages"] if m["role"] == role)
            for role in ("user", "assistant")
        )
        name = _calls(row, "oven_find_clients")[0]["name"].lower()
        assert name in said.lower() and "order" in said
        assert f'"{name}"' not in told.lower()


def test_a_pause_ends_some_days_after_it_begins(tmp_path: Path) -> None:
    world = InferredWorld(load(_pausing(tmp_path)).toolset, 3)
    tool = next(tool for tool in world.toolset.tools if tool.name == "round_pause_round")
    rng = seeds.rng("pause")
    for _ in range(20):
        first, last = (world.invent(tool, p, rng) for p in tool.inputs if p.facet == "date")
        assert str(first) < str(last)


def _pausing(folder: Path) -> Toolkit:
    asked = {"required": True, "content": {"application/json": {"schema": {"type": "object", "required": ["from", "until"],
             "properties": {"from": DAY, "until": DAY}}}}}  # fmt: skip
    post = operation("pauseRound", "Pause a round", "Round", parameters=at("round_id"), requestBody=asked)
    got = operation("listRounds", "List rounds", "Round", True)
    paths = {"/rounds": {"get": got}, "/rounds/{round_id}/pause": {"post": post}}
    return api(folder, "Round", paths, Round={"id": TEXT, "name": TEXT, "from": DAY, "until": DAY})


def test_a_moment_of_the_day_that_was_asked_for_is_right(tmp_path: Path) -> None:
    moment = {"type": "string", "format": "date-time"}
    day = [{"name": "date", "in": "query", "schema": DAY}]
    shown = {"Room": {"id": TEXT, "name": TEXT},
             "Booking": {"id": TEXT, "roomId": TEXT, "startTime": moment, "customerName": TEXT}}  # fmt: skip
    booked = operation("findBookings", "Find bookings", "Booking", True, parameters=day)
    paths = {
        "/rooms": {"get": operation("getRooms", "List escape rooms", "Room", True)},
        "/bookings": {"get": booked},
    }
    made = rows(api(tmp_path, "Escape", paths, **shown), tmp_path)
    assert any(call.get("date") for row in made for call in _calls(row, "escape_find_bookings"))


def test_orders_are_told_with_what_was_ordered(tmp_path: Path) -> None:
    made = rows(flowers(tmp_path), tmp_path)
    told = " ".join(
        str(m["content"]) for row in made if _calls(row, "flowers_list_orders") for m in row["messages"]
        if m["role"] == "assistant" and not _calls(row, "flowers_place_order")
    )  # fmt: skip
    assert " x " in told


def test_what_is_written_of_something_new_is_not_always_the_example(tmp_path: Path) -> None:
    shown = {
        "type": "string",
        "description": "What is wrong",
        "example": "Stops between two floors and makes a noise",
    }
    severity = {"type": "string", "enum": ["minor", "major"]}
    asked = {"required": True, "content": {"application/json": {"schema": {"type": "object",
             "required": ["description", "severity"], "properties": {"description": shown, "severity": severity}}}}}  # fmt: skip
    post = operation("reportFault", "Report a fault", "Fault", requestBody=asked)
    got = operation("listFaults", "List faults", "Fault", True, parameters=taking("severity"))
    fault = {
        "id": TEXT,
        "description": TEXT,
        "severity": severity,
        "reported_at": {"type": "string", "format": "date-time"},
    }
    made = rows(api(tmp_path, "Lifts", {"/faults": {"get": got, "post": post}}, Fault=fault), tmp_path)
    written = [call["description"] for row in made for call in _calls(row, "lifts_report_fault")]
    assert len(set(written)) > 1 and written.count(shown["example"]) < len(written) / 2


def test_rows_do_not_depend_on_the_folder_of_a_description(tmp_path: Path) -> None:
    homes = [tmp_path / name for name in ("here", "elsewhere")]
    for home in homes:
        home.mkdir()
    first, second = (rows(library(home), home, 8) for home in homes)
    assert first == second


def test_a_field_holds_one_of_the_values_its_description_lists(tmp_path: Path) -> None:
    hours = {"type": "integer", "description": "How long it lasts, in hours. Valid values: 8 | 10 | 12 Default value: 12"}  # fmt: skip
    taste = {"type": "string", "description": "Valid values: sour | sweet | salty"}
    fields = {"id": TEXT, "name": TEXT, "flavour": taste, "timeout_hours": hours}
    paths = {"/gates": {"get": operation("listGates", "List gates", "Gate", True)}}
    tools = load(api(tmp_path, "Doors", paths, Gate=fields)).toolset
    records = list(InferredWorld(tools, 3).records("doors.gate"))
    assert {record["flavour"] for record in records} <= {"sour", "sweet", "salty"}
    assert {record["timeout_hours"] for record in records} <= {8, 10, 12}
    facets = {field.pointer: field.facet for field in tools.entities[0].fields}
    assert facets["/timeout_hours"] == "number" and facets["/flavour"] == "enum"


def test_letters_and_a_figure_may_be_one_word() -> None:
    assert tokens("Ec2InstanceConnectEndpoint") == ("ec2", "instance", "connect", "endpoint")
    assert tokens("s3_bucket") == ("s3", "bucket") and tokens("addresses3") == ("addresses", "3")


def test_what_lasts_is_not_younger_than_what_it_only_mentions(tmp_path: Path) -> None:
    others = ["Request", "Check", "Review", "Vote", "Reading"]
    moment = {"type": "string", "format": "date-time"}
    schemas = {one: {"id": TEXT, "name": TEXT, "created_at": moment} for one in others}
    pointing = {f"{one.lower()}_id": TEXT for one in others}
    listing = {
        f"/{one.lower()}s": {"get": operation(f"list{one}s", f"List {one.lower()}s", one, True)}
        for one in [*others, "Project"]
    }
    kit = api(tmp_path, "Works", listing, Project={**schemas["Check"], **pointing}, **schemas)
    world = InferredWorld(load(kit).toolset, 3)
    ages = [
        world.population.scene.now[:10] > str(one["created_at"])[:10]
        for one in world.records("works.project")
    ]
    made = sorted(str(one["created_at"]) for one in world.records("works.project"))
    today = date.fromisoformat(world.population.scene.now[:10])
    assert all(ages) and all((today - date.fromisoformat(day[:10])).days >= 50 for day in made)


def test_a_listing_of_one_sort_finds_no_other(tmp_path: Path) -> None:
    paths = {
        "/buckets": {"get": operation("listBuckets", "List buckets", "Bucket", True)},
        "/directory-buckets": {"get": operation("listDirectoryBuckets", "List buckets", "Bucket", True)},
    }
    kit = api(tmp_path, "Store", paths, Bucket={"id": TEXT, "name": TEXT})
    assert [tool.name for tool in known(load(kit).toolset).finders["store.bucket"]] == ["store_list_buckets"]


def test_what_is_kept_in_a_bucket_lies_in_it() -> None:
    named = Detail("Bucket", "key", "bucket", "names", "value", ["logs"])
    assert "names key" not in keys_of(named) and "names" in keys_of(named)
    assert "names key" in keys_of(Detail("key", "key", "issue key", "names", "value", ["AB-1"]))


def test_a_bound_includes_its_day_where_it_says_so(tmp_path: Path) -> None:
    due = {"name": "due_before", "in": "query", "schema": DAY}
    told = {**due, "description": "Only hems due on or before this date."}
    fields = {"id": TEXT, "customer_name": TEXT, "due_date": DAY}
    for title, parameter, compare in (("Tailor", due, "lt"), ("Seamstress", told, "le")):
        listed = operation("listHems", "List hems", "Hem", True, parameters=[parameter])
        tools = load(api(tmp_path, title, {"/hems": {"get": listed}}, Hem=fields)).toolset
        [taken] = tools.tools[0].inputs
        assert taken.compare == compare


def test_nobody_has_the_same_done_to_all_of_a_sort_whatever_came_of_them(tmp_path: Path) -> None:
    states = {"type": "string", "enum": ["queued", "printing", "printed", "jammed"]}
    fields = {"id": {"type": "integer"}, "title": TEXT, "printer": TEXT, "status": states}
    kit = api(
        tmp_path,
        "Printing",
        {
            "/jobs": {
                "get": operation(
                    "listJobs", "List print jobs", "PrintJob", True, parameters=taking("printer")
                )
            },
            "/jobs/{job_id}/reprint": {
                "post": operation("reprintJob", "Reprint a print job", "PrintJob", parameters=at("job_id"))
            },
        },
        PrintJob=fields,
    )
    for row in rows(kit, tmp_path):
        for message in row["messages"]:
            assert len(message.get("tool_calls") or ()) < 3
