"""Files of many tools in other shapes: Anthropic arrays, toolkits in the Composio shape, and what they leave unsaid."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from callsmith import flow, sources
from callsmith.catalog import data
from callsmith.catalog.belonging import told_in
from callsmith.config import Toolkit
from callsmith.errors import SourceError
from callsmith.graph import FEEDS_EACH, build
from callsmith.ingest.anthropic import AnthropicSource
from callsmith.ingest.composio import ComposioSource, toolsets
from callsmith.ingest.names import operation_name
from callsmith.plan.known import known, title_pointer
from callsmith.records import Skipped, Tool, Toolset, Where
from callsmith.schema import leaves, valid
from callsmith.understand import THRESHOLD, understand, usable
from callsmith.understand.enumerated import listed
from callsmith.world.inferred.world import InferredWorld

EXAMPLE = Path(__file__).parent.parent / "examples" / "toolkits.json"
RESPONSE = {"data": {"type": "object", "required": True}, "successful": {"type": "boolean", "required": True}}


def written(folder: Path, content: Any) -> str:
    path = folder / "kits.json"
    path.write_text(json.dumps(content))
    return str(path)


def entry(toolkit: str, name: str, told: str, /, **takes: Any) -> dict[str, Any]:
    return {
        "toolkit_name": toolkit, "tool_id": name, "tool_description": told,
        "tool_input_parameters": json.dumps(takes), "tool_response_parameters": json.dumps(RESPONSE),
    }  # fmt: skip


def text(required: bool = False) -> dict[str, Any]:
    return {"type": "string", "required": required}


def of(name: str) -> Toolset:
    return sources.load(Toolkit(composio=str(EXAMPLE), toolkits=(name,))).toolset


def tool_of(toolset: Toolset, name: str) -> Tool:
    return next(tool for tool in toolset.tools if tool.name == name)


# ---------------------------------------------------------------- reading


def test_anthropic_tools_are_read_and_server_tools_skipped_with_a_reason(tmp_path: Path) -> None:
    takes = {"type": "object", "properties": {"ticket_id": {"type": "string"}}, "required": ["ticket_id"]}
    path = written(tmp_path, {"tools": [
        {"name": "get_ticket", "description": "Gets a ticket.", "input_schema": takes},
        {"type": "web_search_20250305", "name": "web_search", "max_uses": 5},
        {"type": "custom", "name": "halved"},
        {"name": "bad name!", "input_schema": takes},
        "nothing",
    ]})  # fmt: skip
    found = list(AnthropicSource(path).read())
    assert isinstance(found[0], Tool)
    assert found[0].parameters == takes
    assert [item.where.pointer for item in found if isinstance(item, Skipped)] == [
        "/tools/1", "/tools/2", "/tools/3", "/tools/4",
    ]  # fmt: skip
    assert isinstance(found[1], Skipped)
    assert "web_search_20250305" in found[1].reason


def test_parameters_come_out_of_their_text_with_types_by_their_json_names(tmp_path: Path) -> None:
    path = written(tmp_path, [
        entry("CRM", "CRM_LIST_LEADS", "Lists leads.", limit={"type": "int", "required": False},
              stages={"type": "list[str]"}, name=text(True), odd={"type": "SomeClass"}),
        {"toolkit_name": "CRM", "tool_id": "CRM_BROKEN", "tool_input_parameters": "{"},
        {"toolkit_name": "CRM", "tool_id": "CRM_ODD", "tool_input_parameters": "[1]"},
    ])  # fmt: skip
    tool, broken, odd = ComposioSource(path).read()
    assert isinstance(tool, Tool)
    assert tool.toolkit == "crm"
    assert tool.parameters["required"] == ["name"]
    assert tool.parameters["properties"] == {
        "limit": {"type": "integer"}, "stages": {"type": "array", "items": {"type": "string"}},
        "name": {"type": "string"}, "odd": {},
    }  # fmt: skip
    assert isinstance(broken, Skipped)
    assert broken.where.pointer == "/1"
    assert "not JSON" in broken.reason
    assert isinstance(odd, Skipped)


def test_bundles_become_toolsets_and_names_are_checked(tmp_path: Path) -> None:
    tools = [entry(kit, f"{kit}_LIST_NOTES", "Lists notes.") for kit in ("A", "B", "C")]
    nested = {"toolkit_name": "D", "tools": [entry("D", "D_LIST_NOTES", "Lists notes.")]}
    path = written(tmp_path, {"toolkits": [*tools, nested], "bundles": [["A", "B"]]})
    assert toolsets(path) == [("a", "b"), ("c",), ("d",)]
    parts = sources.entries([Toolkit(composio=path, weight=3)])
    assert [sources.title(kit) for kit in parts] == ["a+b", "c", "d"]
    assert sum(kit.weight for kit in parts) == pytest.approx(3)
    assert {tool.toolkit for tool in sources.load(parts[0]).toolset.tools} == {"a", "b"}
    with pytest.raises(SourceError, match="no toolkit nope"):
        list(ComposioSource(path, ("nope",)).read())
    with pytest.raises(SourceError, match="/bundles/0/1"):
        toolsets(written(tmp_path / "..", {"toolkits": tools, "bundles": [["A", "X"]]}))


@pytest.mark.parametrize(
    "content", [{}, {"toolkits": {}}, {"toolkits": [3]}, {"toolkits": [], "bundles": 3}, 7]
)
def test_a_file_of_another_shape_is_one_clear_error(tmp_path: Path, content: Any) -> None:
    with pytest.raises(SourceError):
        toolsets(written(tmp_path, content))


# ---------------------------------------------------------------- what is assumed


def test_the_example_is_nearly_all_usable_and_nothing_is_surer_than_it_may_be() -> None:
    loaded = [sources.load(kit).toolset for kit in sources.entries([Toolkit(composio=str(EXAMPLE))])]
    tools = [tool for toolset in loaded for tool in toolset.tools]
    assert sum(map(usable, tools)) >= 0.9 * len(tools)
    assert all(tool.confidence < 0.8 for tool in tools if tool.yields)


def test_the_wrapper_stays_and_holds_the_record_or_the_list() -> None:
    hubspot = of("hubspot")
    one, many = tool_of(hubspot, "HUBSPOT_GET_CONTACT"), tool_of(hubspot, "HUBSPOT_LIST_CONTACTS")
    assert [(found.pointer, found.many) for found in one.yields] == [("/data", False)]
    assert [(found.pointer, found.many) for found in many.yields] == [("/data/contacts/*", True)]
    assert {"successful", "error"} <= set(many.returns["properties"])
    assert any("assumed" in reason for reason in many.reasons)


@pytest.mark.parametrize(
    ("toolkit", "listing", "using", "argument"),
    [
        ("hubspot", "HUBSPOT_LIST_DEALS", "HUBSPOT_UPDATE_DEAL", "/deal_id"),
        ("notion", "NOTION_SEARCH_NOTION_PAGE", "NOTION_ADD_PAGE_CONTENT", "/page_id"),
        ("slack", "SLACK_LIST_ALL_CHANNELS", "SLACK_SEND_MESSAGE", "/channel_id"),
        ("gmail", "GMAIL_FETCH_EMAILS", "GMAIL_MOVE_TO_TRASH", "/message_id"),
        ("googledrive", "GOOGLEDRIVE_FIND_FILE", "GOOGLEDRIVE_LIST_COMMENTS", "/file_id"),
    ],
)
def test_ids_that_lists_show_feed_their_siblings(
    toolkit: str, listing: str, using: str, argument: str
) -> None:
    fed = {(edge.source, edge.target, edge.target_pointer) for edge in build(of(toolkit)).edges}
    assert (listing, using, argument) in fed


def test_a_read_only_toolkit_has_a_world() -> None:
    toolset = of("googledrive")
    world = InferredWorld(toolset, 4)
    files = list(world.records("googledrive.file"))
    assert len(files) > 10
    entity = next(entity for entity in toolset.entities if entity.key == "googledrive.file")
    assert all(valid(entity.schema, record) for record in files)


def test_a_noun_of_which_nothing_is_known_is_not_used(tmp_path: Path) -> None:
    tools = [
        entry("k", "K_LIST_ZORPS", "Lists zorps."),
        entry("k", "K_GET_ZORP", "Gets a zorp.", zorp_id=text(True)),
    ]
    found = sources.load(Toolkit(composio=written(tmp_path, tools))).toolset
    assert [tool.confidence < THRESHOLD for tool in found.tools] == [True, True]
    assert all(any("nothing tells" in reason for reason in tool.reasons) for tool in found.tools)
    assert found.entities  # the world is not empty for it


def test_what_a_listing_asks_for_is_in_its_records(tmp_path: Path) -> None:
    tools = [
        entry("h", "H_FIND_BERTHS", "Finds free berths.", marina=text(True), price_max={"type": "number"}),
        entry("h", "H_BOOK_BERTH", "Books a berth.", berth_id=text(True)),
    ]
    found = sources.load(Toolkit(composio=written(tmp_path, tools))).toolset
    find = tool_of(found, "H_FIND_BERTHS")
    assert {"/marina", "/price"} <= {field.pointer for field in found.entities[0].fields}
    assert {p.name: p.filters for p in find.inputs} == {"marina": "/marina", "price_max": "/price"}
    assert THRESHOLD <= find.confidence < 0.7
    assert usable(find)


def test_where_results_are_declared_nothing_is_guessed() -> None:
    record = {
        "type": "object",
        "title": "Note",
        "properties": {"id": {"type": "string"}, "text": {"type": "string"}},
    }
    takes = {"type": "object", "properties": {"note_id": {"type": "string"}}, "required": ["note_id"]}
    tools = [
        Tool("k_get_note", "k", "Gets a note.", takes, returns=record, where=Where("")),
        Tool(
            "k_list_plans",
            "k",
            "Lists plans.",
            {"type": "object", "properties": {}},
            returns={},
            where=Where(""),
        ),
        Tool("k_find_note", "k", "Finds a note.", takes, returns=record, where=Where("")),
    ]
    found = understand("k", tools)
    assert tool_of(found, "k_list_plans").effect == "opaque"
    assert {pointer for pointer, _, _ in leaves(found.entities[0].schema)} == {"/id", "/text"}


def test_the_example_makes_rows(tmp_path: Path) -> None:
    settings = flow.read(EXAMPLE.with_suffix(".yaml"))
    small = msgspec.structs.replace(settings, size=24, out=str(tmp_path / "run"))
    done = flow.synth(small, 1, True, lambda progress: None)
    assert done.accepted >= 21


# ---------------------------------------------------------------- many tools


def test_edges_grow_with_the_tools_and_not_with_their_square() -> None:
    takes = {
        "type": "object",
        "properties": {"email": {"type": "string", "format": "email"}},
        "required": ["email"],
    }
    record = {
        "type": "object",
        "title": "Contact",
        "properties": {"id": {"type": "string"}, **takes["properties"]},
    }  # type: ignore[dict-item]
    tools = [
        Tool(f"k{n}_create_contact", f"k{n}", "Creates a contact.", takes, returns=record, where=Where(""))
        for n in range(300)
    ]
    graph = build(understand("many", tools))
    fed = [edge for edge in graph.edges if edge.kind == "feeds"]
    assert 0 < len(fed) <= FEEDS_EACH * len(tools)


def test_the_names_of_the_services_own_interfaces_are_read_as_well(tmp_path: Path) -> None:
    page = {"type": "object", "properties": {"id": {"type": "string"}, "title": {"type": "string"}}}
    found = {"results": {"type": "array", "items": page}}
    answer = {"data": {"type": "object", "properties": found}, "successful": {"type": "boolean"}}
    tool = {
        "slug": "WIKI_SEARCH_PAGES",
        "name": "Search pages",
        "description": "Searches pages by title.",
        "toolkit": {"slug": "wiki", "name": "Wiki"},
        "input_parameters": {
            "type": "object",
            "properties": {"query": {"type": "string"}},
            "required": ["query"],
        },
        "output_parameters": {"type": "object", "properties": answer},
    }
    path = tmp_path / "wiki.json"
    path.write_text(json.dumps({"items": [tool]}))
    (kit,) = sources.entries([sources.entry(str(path))])
    (read,) = sources.load(kit).toolset.tools
    assert (kit.name, read.name, read.description) == (
        "wiki",
        "WIKI_SEARCH_PAGES",
        "Searches pages by title.",
    )
    assert (read.effect, read.yields[0].pointer) == ("search", "/data/results/*")
    path = tmp_path / "none.json"
    path.write_text(json.dumps({"toolkits": [{"foo": 1}]}))
    with pytest.raises(SourceError, match=r"expected.*tool_input_parameters.*input_parameters"):
        sources.named(f"composio:{path}")


def test_a_terse_list_of_tools_is_read_as_people_would(tmp_path: Path) -> None:
    note, owner = {"type": "string"}, {"type": "string"}
    functions = [
        ("create_note", "Create a note", {"title": note, "tags": {"type": "array", "items": note}}, ["title"]),
        ("search_notes", "Full text search", {"query": note, "tag": note}, ["query"]),
        ("pin_note", "Pin a note", {"note_id": note, "pinned": {"type": "boolean"}}, ["note_id", "pinned"]),
        ("create_deal", "Create a deal", {"title": note, "amount": {"type": "number", "description": "In USD"}}, ["title"]),
        ("list_deals", "List deals", {"owner": owner}, []),
    ]  # fmt: skip
    path = tmp_path / "desk.json"
    tools = [
        {"name": name, "description": text, "input_schema": {"type": "object", "properties": taken, "required": needed}}
        for name, text, taken, needed in functions
    ]  # fmt: skip
    path.write_text(json.dumps(tools))
    found = sources.named(str(path)).toolset
    notes = known(found).entities["desk.note"]
    assert title_pointer(notes) == "/title"  # notes with titles go by them
    assert "/tag" not in {field.pointer for field in notes.fields}  # a tag is one of the tags
    switch = next(p for p in tool_of(found, "pin_note").inputs if p.name == "pinned")
    assert (switch.klass, switch.default) == ("plumbing", True)
    world = InferredWorld(found, 5)
    assert world.scene.currency == "USD"
    owners = {record["owner"] for record in world.records("desk.deal")}
    assert owners <= {
        person.name for person in (*world.scene.people, world.scene.user)
    }  # nobody has an account


def test_stays_flights_and_devices_are_known_of_where_no_result_says(tmp_path: Path) -> None:
    day, word = {"type": "string", "format": "date"}, {"type": "string"}
    functions = [
        ("search_hotels", "Search hotels", {"city": word, "check_in": day, "check_out": day}, ["city", "check_in", "check_out"]),
        ("rent_car", "Rent a car", {"pickup_location": word, "pickup_date": day, "dropoff_date": day,
         "car_type": {"type": "string", "enum": ["sedan", "van"]}}, ["pickup_location", "pickup_date", "dropoff_date"]),
        ("get_devices", "List devices", {"room": word}, []),
        ("turn_off", "Turn a device off", {"device_id": word}, ["device_id"]),
        ("create_scene", "Save a scene", {"name": word, "device_ids": {"type": "array", "items": word}}, ["name", "device_ids"]),
    ]  # fmt: skip
    path = tmp_path / "home.json"
    tools = [
        {"name": name, "description": text, "parameters": {"type": "object", "properties": taken, "required": needed}}
        for name, text, taken, needed in functions
    ]  # fmt: skip
    path.write_text(json.dumps(tools))
    found = sources.named(str(path)).toolset
    fields = {entity.key: {field.pointer for field in entity.fields} for entity in found.entities}
    assert not fields["home.hotel"] & {
        "/check_in",
        "/check_out",
    }  # the nights are asked for, no hotel holds them
    assert "/name" not in fields["home.car"]  # nobody names what is rented
    assert all(map(usable, found.tools))
    assert tool_of(found, "turn_off").state == {"/on": False}
    for record in InferredWorld(found, 3).records("home.device"):
        room = record["room"].split(" ")[0]
        assert room in record["name"].lower() or not set(record["name"].lower().split()) & {
            "kitchen",
            "bedroom",
        }


def test_books_are_lent_and_staff_have_departments(tmp_path: Path) -> None:
    word = {"type": "string"}
    functions = [
        ("search_books", "Search the catalog", {"query": word, "genre": word}, ["query"]),
        ("borrow_book", "Borrow a book", {"book_id": word, "member_id": word}, ["book_id", "member_id"]),
        ("list_loans", "List loans of a member", {"member_id": word}, ["member_id"]),
        ("return_book", "Return a book", {"loan_id": word}, ["loan_id"]),
        ("list_employees", "List employees", {"department": word}, []),
        ("update_employee", "Update employee", {"employee_id": word, "title": word, "department": word}, ["employee_id"]),
        ("stop_server", "Stop a server", {"server_id": word}, ["server_id"]),
        ("list_servers", "List servers", {"status": {"type": "string", "enum": ["running", "stopped"]}}, []),
        ("search_restaurants", "Find restaurants", {"location": word}, ["location"]),
    ]  # fmt: skip
    path = tmp_path / "town.json"
    tools = [
        {"name": name, "description": text, "input_schema": {"type": "object", "properties": taken, "required": needed}}
        for name, text, taken, needed in functions
    ]  # fmt: skip
    path.write_text(json.dumps(tools))
    found = sources.named(str(path)).toolset
    kinds = known(found).entities
    assert (kinds["town.book"].label_pointer, tool_of(found, "borrow_book").entity) == ("/title", "town.loan")
    assert "/title" not in {field.pointer for field in kinds["town.employee"].fields}  # that is a job's
    assert tool_of(found, "stop_server").state == {"/status": "stopped"}
    world = InferredWorld(found, 3)
    assert not any(re.match(r"Book \d", record["title"]) for record in world.records("town.book"))
    towns = {city["city"] for city in data.read("catalog/lexicon/places.yaml")["cities"]}
    assert {record["location"] for record in world.records("town.restaurant")} <= towns


def test_what_frameworks_write_into_descriptions_is_read(tmp_path: Path) -> None:
    assert operation_name("ShipmentsController_findAll", "get", "/shipments") == "shipments_find_all"
    assert operation_name("findAll_1", "get", "/api/students") == "get_students"
    assert operation_name("getAllCourses", "get", "/api/courses") == "get_all_courses"
    dog = {"id": {"type": "integer"}, "name": {"type": "string"}, "owner": {"type": "integer"}}
    owner = {"id": {"type": "integer"}, "last_name": {"type": "string"}}
    tools = [
        {"name": f"{noun}s_{verb}", "description": "", "parameters": {"type": "object", "properties": taken},
         "returns": {"type": "object", "title": noun, "properties": fields}}
        for noun, fields in (("dog", dog), ("owner", owner))
        for verb, taken in (("partial_update", fields), ("retrieve", {"id": {"type": "integer"}}))
    ]  # fmt: skip
    path = tmp_path / "kennel.json"
    path.write_text(json.dumps(tools))
    found = sources.named(str(path)).toolset
    update = tool_of(found, "dogs_partial_update")
    assert (update.effect, update.phrase) == ("update", "update a dog")
    assert next(p for p in update.inputs if p.name == "owner").refers == "kennel.owner"
    fields = {field.pointer: field for field in known(found).entities["kennel.dog"].fields}
    assert (fields["/owner"].facet, fields["/owner"].refers) == ("id", "kennel.owner")


def test_choices_told_alone_prices_and_refunds_agree(tmp_path: Path) -> None:
    assert listed("open, pending or closed") == ("open", "pending", "closed")
    assert listed("name, email or company") == () == listed("City or airport code")
    word, number = {"type": "string"}, {"type": "number"}
    functions = [
        ("search_products", "Search products", {"query": word, "max_price": number, "in_stock": {"type": "boolean"}}, ["query"]),
        ("list_orders", "List a customer's orders", {"customer_email": word}, ["customer_email"]),
        ("issue_refund", "Refund an order", {"order_id": word, "amount": number}, ["order_id", "amount"]),
    ]  # fmt: skip
    path = tmp_path / "store.json"
    tools = [
        {"name": name, "description": text, "input_schema": {"type": "object", "properties": taken, "required": needed}}
        for name, text, taken, needed in functions
    ]  # fmt: skip
    path.write_text(json.dumps(tools))
    world = InferredWorld(sources.named(str(path)).toolset, 3)
    products = list(world.records("store.product"))
    assert all(one["price"] > 0 for one in products)
    assert sum(one["in_stock"] for one in products) > len(products) / 2
    assert len({one["name"] for one in products}) == len(products)


def test_job_openings_are_called_by_the_work(tmp_path: Path) -> None:
    word = {"type": "string"}
    tools = [
        {"name": "list_jobs", "description": "List job openings", "parameters": {"type": "object", "properties": {"department": word}}},
        {"name": "create_job", "description": "Create a job opening",
         "parameters": {"type": "object", "properties": {"title": word, "department": word}, "required": ["title"]}},
    ]  # fmt: skip
    path = tmp_path / "hiring.json"
    path.write_text(json.dumps(tools))
    found = sources.named(str(path)).toolset
    jobs = [job for seed in range(12) for job in InferredWorld(found, seed).records("hiring.job")]
    named = [(job["title"], job["department"]) for job in jobs if job.get("department")]
    assert len({department for _, department in named}) > 5
    told = [told_in("departments", title) == department for title, department in named]
    assert sum(told) > 0.9 * len(told)
    assert any("manager" in job["title"].lower() for job in jobs)
