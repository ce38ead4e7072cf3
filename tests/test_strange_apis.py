"""What descriptions of APIs that nobody here has seen say in their own ways: names, credentials, dates, kinds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from callsmith import sources
from callsmith.audit import require_usable
from callsmith.errors import SourceError
from callsmith.ingest.names import operation_name
from callsmith.ports import drive
from callsmith.records import Call, Entity, Tool, Toolset
from callsmith.world.inferred.world import InferredWorld


def answer(schema: dict[str, Any]) -> dict[str, Any]:
    return {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}


def record(**fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields}


def several(one: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": one}


TEXT = {"type": "string"}
WHOLE = {"type": "integer"}


def query(name: str, **rest: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": TEXT, **rest}


def understood(folder: Path, paths: dict[str, Any]) -> Toolset:
    path = folder / str(len(list(folder.iterdir()))) / "shop.json"  # what was read once is not read again
    path.parent.mkdir()
    path.write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "Shop"}, "paths": paths}))
    return sources.named(str(path)).toolset


def named(toolset: Toolset, name: str) -> Tool:
    return next(tool for tool in toolset.tools if tool.name == name)


def kind(toolset: Toolset, key: str) -> Entity:
    return next(entity for entity in toolset.entities if entity.key == key)


@pytest.mark.parametrize(
    ("identity", "method", "path", "name"),
    [
        ("find_places_find_places_get", "get", "/find_places", "find_places"),
        ("read_item_items__item_id__get", "get", "/items/{item_id}", "read_item"),
        ("point_point_get", "get", "/point", "point"),
        ("resource__1.0_artist__mbid__getArtist_GET", "get", "/1.0/artist/{mbid}", "get_artist"),
        ("getCityUsingGET", "get", "/cities/{id}", "get_city"),
        ("getCityUsingGET_1", "get", "/cities/{id}", "get_city"),
        ("droplets_get", "get", "/v2/droplets/{id}", "droplets_get"),
        ("meta/get", "get", "/meta", "meta_get"),
        ("list_users_get", "get", "/users", "list_users_get"),
        (None, "get", "/api/v1/BillTypes", "get_bill_types"),
        (None, "get", "/authors/{query}", "get_authors_by_query"),
        (None, "delete", "/1.0", "delete_1_0"),
    ],
)
def test_what_frameworks_add_to_the_names_of_operations_is_left_out(
    identity: str | None, method: str, path: str, name: str
) -> None:
    assert operation_name(identity, method, path) == name


def test_credentials_that_no_scheme_speaks_of_are_no_arguments(tmp_path: Path) -> None:
    parameters = [
        query("q", required=True),
        query("appid"),
        query("key", description="Your unique API key."),
        {"name": "X-ListenAPI-Key", "in": "header", "required": True, "schema": TEXT},
        query("token", description="The token of the parking meter."),
    ]
    operation = {"operationId": "searchPlaces", "parameters": parameters, "responses": answer({})}
    tool = named(understood(tmp_path, {"/places": {"get": operation}}), "shop_search_places")
    assert set(tool.parameters["properties"]) == {"q", "token"}


def test_examples_say_the_form_of_texts(tmp_path: Path) -> None:
    fields = {
        "id": TEXT,
        "begin": {"type": "string", "example": "2025-10-15T13:51:55.176Z"},
        "day": {"type": "string", "example": "2025-10-15"},
        "contact": {"type": "string", "example": "jo@hotel.com"},
        "picture": {"type": "string", "example": "https://hotel.com/a.png"},
        "code": {"type": "string", "example": "AB-12"},
    }
    operation = {"operationId": "listBookings", "responses": answer(several(record(**fields)))}
    tool = named(understood(tmp_path, {"/bookings": {"get": operation}}), "shop_list_bookings")
    shown = tool.returns["items"]["properties"]
    formats = {name: schema.get("format") for name, schema in shown.items()}
    assert formats == {
        "id": None, "begin": "date-time", "day": "date", "contact": "email", "picture": "uri", "code": None,
    }  # fmt: skip


def test_routes_with_identifiers_are_records_and_no_roads(tmp_path: Path) -> None:
    route = record(route_id=WHOLE, route_name=TEXT, route_number=TEXT)
    by_route = [{"name": "route_id", "in": "path", "required": True, "schema": WHOLE}]
    run = record(run_id=WHOLE, destination_name=TEXT, route_id=WHOLE)
    toolset = understood(
        tmp_path,
        {
            "/routes": {"get": {"operationId": "list_routes", "responses": answer(several(route))}},
            "/runs/route/{route_id}": {
                "get": {
                    "operationId": "list_runs_for_route",
                    "parameters": by_route,
                    "responses": answer(several(run)),
                }
            },
        },
    )
    assert {tool.effect for tool in toolset.tools} == {"list"}
    drive = {
        "operationId": "get_route",
        "parameters": [query("from"), query("to")],
        "responses": answer(record(minutes=WHOLE, text=TEXT)),
    }
    assert not understood(tmp_path, {"/route": {"get": drive}}).tools[0].entity


def test_what_is_got_is_not_changed_by_a_word_that_is_also_a_noun(tmp_path: Path) -> None:
    stop = record(stop_id=WHOLE, stop_name=TEXT, zone=TEXT)
    by_id = [{"name": "stop_id", "in": "path", "required": True, "schema": WHOLE}]
    details = {"operationId": "stops_stopDetails", "parameters": by_id, "responses": answer(stop)}
    toolset = understood(tmp_path, {"/stops/{stop_id}": {"get": details}})
    assert toolset.tools[0].effect == "read"


def test_what_a_path_lists_and_shows_by_id_is_one_kind_of_record(tmp_path: Path) -> None:
    house = record(id=TEXT, formattedAddress=TEXT, yearBuilt=WHOLE, city=TEXT)
    by_id = [{"name": "id", "in": "path", "required": True, "schema": TEXT}]

    def got(identity: str, schema: dict[str, Any], **rest: Any) -> dict[str, Any]:
        words = {"operationId": identity, "description": "Returns what fits.", "responses": answer(schema)}
        return {"get": {**words, **rest}}

    toolset = understood(
        tmp_path,
        {
            "/houses": got("house-records", several(house)),
            "/houses/random": got("house-records-random", several(house)),
            "/houses/{id}": got("house-record-by-id", house, parameters=by_id),
        },
    )
    assert {tool.entity for tool in toolset.tools} == {"shop.house"}
    assert (
        kind(toolset, "shop.house").label_pointer == "/formattedAddress"
    )  # it has no name, but people say it


def test_a_display_name_is_a_person_s_only_where_the_record_is_a_person(tmp_path: Path) -> None:
    lift, user = record(id=TEXT, displayName=TEXT), record(id=TEXT, displayName=TEXT)
    toolset = understood(
        tmp_path,
        {
            "/rides": {"get": {"operationId": "list_ride_types", "responses": answer(several(lift))}},
            "/users": {"get": {"operationId": "list_users", "responses": answer(several(user))}},
        },
    )
    facets = {
        entity.noun: field.facet
        for entity in toolset.entities
        for field in entity.fields
        if field.pointer == "/displayName"
    }
    assert facets == {"ride type": "title", "user": "person"}


def test_moments_in_milliseconds_and_names_of_countries_are_known_by_their_names(tmp_path: Path) -> None:
    show = record(
        id=TEXT,
        title=TEXT,
        latest_pub_date_ms={"type": "integer", "description": "When it was published, in milliseconds."},
        countryName=TEXT,
        city=record(name=TEXT),
    )
    toolset = understood(
        tmp_path, {"/podcasts": {"get": {"operationId": "list_podcasts", "responses": answer(several(show))}}}
    )
    facets = {field.pointer: field.facet for field in kind(toolset, "shop.podcast").fields}
    assert facets["/latest_pub_date_ms"] == "timestamp"
    assert facets["/countryName"] == "country"
    assert facets["/city/name"] == "city"


def test_a_number_that_one_tool_calls_whole_is_whole_in_all(tmp_path: Path) -> None:
    one = record(id=TEXT, title=TEXT, bathrooms={"type": "number", "description": "How many, halves too."})
    listed = several(record(id=TEXT, title=TEXT, bathrooms=WHOLE))
    by_id = [{"name": "id", "in": "path", "required": True, "schema": TEXT}]
    toolset = understood(
        tmp_path,
        {
            "/flats": {"get": {"operationId": "list_flats", "responses": answer(listed)}},
            "/flats/{id}": {
                "get": {"operationId": "get_flat", "parameters": by_id, "responses": answer(one)}
            },
        },
    )
    assert kind(toolset, "shop.flat").schema["properties"]["bathrooms"]["type"] == "integer"


def test_tools_none_of_which_can_be_called_are_refused_in_one_line(tmp_path: Path) -> None:
    paths = {"/quorl": {"post": {"operationId": "quorl", "responses": {"200": {"description": ""}}}}}
    with pytest.raises(SourceError) as refused:
        require_usable([understood(tmp_path, paths)])
    assert "no plan can call" in refused.value.what
    assert "\n" not in refused.value.what
    listed = {"operationId": "list_notes", "responses": answer(several(record(id=TEXT, title=TEXT)))}
    require_usable([understood(tmp_path, {**paths, "/notes": {"get": listed}})])


def account_tools() -> dict[str, Any]:
    account = record(id=TEXT, name=TEXT, type={"type": "string", "enum": ["cash", "loan"]})
    wrapped = record(data=record(account=account))
    sent = record(account={**record(name=TEXT, type=account["properties"]["type"]), "required": ["name"]})
    made = {
        "operationId": "create_account",
        "requestBody": {"required": True, "content": {"application/json": {"schema": sent}}},
        "responses": answer(wrapped),
    }
    listed = {
        "operationId": "list_accounts",
        "responses": answer(record(data=record(accounts=several(account)))),
    }
    return {"/accounts": {"get": listed, "post": made}}


def test_a_record_in_two_wrappers_is_the_record_that_was_made(tmp_path: Path) -> None:
    toolset = understood(tmp_path, account_tools())
    world = InferredWorld(toolset, 5)
    call = Call("1", "shop_create_account", {"account": {"name": "Car fund", "type": "loan"}})
    result = drive(world.call(call)).value
    assert isinstance(result, dict)
    assert result["data"]["account"]["name"] == "Car fund"
    assert result["data"]["account"]["type"] == "loan"


def test_what_is_known_by_its_address_has_an_address_for_its_name(tmp_path: Path) -> None:
    house = record(id=TEXT, formattedAddress=TEXT, addressLine1=TEXT, yearBuilt=WHOLE)
    listed = {"operationId": "list_houses", "responses": answer(several(house))}
    toolset = understood(tmp_path, {"/houses": {"get": listed}})
    world = InferredWorld(toolset, 5)
    shown = drive(world.call(Call("1", "shop_list_houses", {}))).value
    assert isinstance(shown, list) and shown
    assert all(any(letter.isdigit() for letter in one["formattedAddress"]) for one in shown)
    assert all(one["formattedAddress"] == one["addressLine1"] for one in shown if "addressLine1" in one)


def test_a_period_from_a_date_to_a_date_ends_after_it_begins(tmp_path: Path) -> None:
    works = record(id=TEXT, title=TEXT, from_date={"type": "string", "format": "date-time"})
    works["properties"]["to_date"] = {"type": "string", "format": "date-time"}
    works["required"] = ["id", "title", "from_date", "to_date"]
    listed = {"operationId": "list_roadworks", "responses": answer(several(works))}
    toolset = understood(tmp_path, {"/roadworks": {"get": listed}})
    shown = drive(InferredWorld(toolset, 5).call(Call("1", "shop_list_roadworks", {}))).value
    assert isinstance(shown, list) and shown
    assert all(one["from_date"] < one["to_date"] for one in shown)


def test_an_amount_in_thousandths_is_not_said(tmp_path: Path) -> None:
    balance = {"type": "integer", "description": "The balance of the account in milliunits format."}
    account = record(id=TEXT, name=TEXT, balance=balance)
    made = {
        "operationId": "create_account",
        "parameters": [{"name": "balance", "in": "query", "schema": balance, "description": balance["description"]}],
        "responses": answer(account),
    }  # fmt: skip
    tool = named(understood(tmp_path, {"/accounts": {"post": made}}), "shop_create_account")
    assert [parameter.confidence < 0.55 for parameter in tool.inputs] == [True]


def test_what_a_method_says_again_is_not_said(tmp_path: Path) -> None:
    hook, remark = record(id=TEXT, url=TEXT, name=TEXT), record(id=TEXT, text=TEXT)
    toolset = understood(
        tmp_path,
        {
            "/webhooks": {"post": {"responses": answer(hook)}},
            "/comments": {"post": {"responses": answer(remark)}},
        },
    )
    assert [tool.phrase for tool in toolset.tools] == ["create a webhook", "post a comment"]


def test_a_search_is_no_record_and_reasons_have_their_articles(tmp_path: Path) -> None:
    found = record(
        total=WHOLE, stops=several(record(id=TEXT, name=TEXT)), outlets=several(record(id=TEXT, name=TEXT))
    )
    search = {"operationId": "search", "parameters": [query("q", required=True)], "responses": answer(found)}
    air = {"operationId": "get_air_quality", "responses": answer(several(record(at=TEXT)))}
    toolset = understood(tmp_path, {"/search": {"get": search}, "/air": {"get": air}})
    assert named(toolset, "shop_search").effect == "opaque"
    assert "what an air quality is" in named(toolset, "shop_get_air_quality").reasons[-1]


def test_a_python_file_that_is_not_there_is_named() -> None:
    with pytest.raises(SourceError, match=r"no file /plots/allotment\.py"):
        sources.named("/plots/allotment.py")


def test_a_body_that_is_a_bare_list_is_no_text(tmp_path: Path) -> None:
    content = {"application/json": {"schema": several(TEXT)}}
    blocked = {
        "requestBody": {"required": True, "content": content},
        "responses": answer(record(id=TEXT, phone=TEXT)),
    }
    toolset = understood(tmp_path, {"/blocked-numbers": {"post": blocked}})
    with pytest.raises(SourceError, match="requires what is not understood"):
        require_usable([toolset])
