"""What definitions say of fields, pages and the order of records holds in worlds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from callsmith.facts.phones import phone_like
from callsmith.ports import drive
from callsmith.records import Call, Tool, Toolset, Where
from callsmith.sources import load
from callsmith.understand import understand
from callsmith.understand.summarised import described
from callsmith.world.fields.identity import like
from callsmith.world.inferred.specs import specs_of
from callsmith.world.inferred.world import InferredWorld
from everyday import DAY, TEXT, api, at, operation

COUNT = {"type": "integer"}
MOMENT = {"type": "string", "format": "date-time"}


def taking(required: tuple[str, ...] = (), **fields: Any) -> dict[str, Any]:
    """A request with such a body."""
    schema = {"type": "object", "required": [*required], "properties": fields}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def asked(**schemas: Any) -> dict[str, Any]:
    """A request with such parameters."""
    return {
        "parameters": [{"name": name, "in": "query", "schema": schema} for name, schema in schemas.items()]
    }


BATCH = {
    "id": TEXT, "title": TEXT, "surname": TEXT, "due_date": DAY, "brewed_on": DAY, "starts_at": MOMENT, "rating": {"type": "number"},
    "unit_price": {"type": "number"}, "distance_km": {"type": "number"}, "updated_at": MOMENT, "created_at": MOMENT,
    "priority": {"type": "string", "enum": ["urgent", "high", "normal", "low"]},
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "order"),
    [
        ("Returns batches, newest first. Cursor paginated.", ("/created_at", True)),
        ("Batches of a brewery, most recent first", ("/created_at", True)),
        ("Batches of a brewery, oldest first", ("/created_at", False)),
        ("The most recently updated first.", ("/updated_at", True)),
        ("Batches in the cellar, ordered by start time.", ("/starts_at", False)),
        ("Lists batches sorted by due date, latest first", ("/due_date", True)),
        ("Sorted in descending order by rating", ("/rating", True)),
        ("All batches sorted by price (ascending).", ("/unit_price", False)),
        ("Finds batches for a pub, best rated first.", ("/rating", True)),
        ("The cheapest first", ("/unit_price", False)),
        ("Highest priority first.", ("/priority", True)),
        ("In order of distance from the pub", ("/distance_km", False)),
        ("Lists batches in alphabetical order", ("/title", False)),
        ("Ordered by surname.", ("/surname", False)),
        ("Earliest first.", ("/starts_at", False)),
        ("First come, first served.", None),
        ("Batches ordered by the pub; the first is shown.", None),
    ],
)
def test_the_order_that_a_description_promises(said: str, order: tuple[str, bool] | None) -> None:
    record = {"title": "Batch", "type": "object", "properties": BATCH}
    tool = Tool(name="list_batches", toolkit="brewery", description=said, where=Where("brewery.json"),
                parameters={"type": "object", "properties": {}}, returns={"type": "array", "items": record},
                hints={"method": "GET"})  # fmt: skip
    toolset = understand("brewery", [tool])
    spec = specs_of(toolset)["list_batches"]
    assert (spec.order if spec.promised else None) == order
    if order is not None:
        world = InferredWorld(toolset, 3)
        shown = drive(world.call(Call("1", "list_batches", {}))).value
        ranks = BATCH["priority"]["enum"]
        told = [one[order[0][1:]] for one in shown if one.get(order[0][1:]) is not None]
        told = [-ranks.index(one) for one in told] if order[0] == "/priority" else told
        assert (len(told) > 2 or order[0] == "/surname") and told == sorted(told, reverse=order[1])


def test_what_lasts_for_nobody_knows_how_long_is_told_in_order(tmp_path: Path) -> None:
    states = {"type": "string", "enum": ["booked", "in_progress", "completed", "cancelled"]}
    booking = {"id": TEXT, "kiln_id": TEXT, "starts_at": MOMENT, "status": states, "duration_minutes": COUNT}
    kit = api(tmp_path, "Pottery", {
        "/kilns": {"get": operation("listKilns", "List kilns", "Kiln", True)},
        "/bookings": {"get": operation("listBookings", "List bookings", "Booking", True),
                      "post": operation("bookKiln", "Book a kiln", "Booking",
                                        **taking(kiln_id=TEXT, starts_at=MOMENT))},
        "/bookings/{id}": {"get": operation("getBooking", "Get a booking", "Booking", parameters=at("id"))},
    }, Kiln={"id": TEXT, "name": TEXT}, Booking=booking)  # fmt: skip
    toolset = load(kit).toolset
    for seed in range(60):
        for one in InferredWorld(toolset, seed).records("pottery.booking"):
            assert str(one["starts_at"])[:2] == "20"


def _paged(folder: Path, paging: dict[str, Any], count: int = 12) -> InferredWorld:
    fields = {f"{name}_note": TEXT for name in "abcdefghijkl"[:count]}
    many = {"200": {"description": "", "content": {"application/json": {"schema": {
        "type": "object", "required": ["dives"], "properties": {
            "dives": {"type": "array", "items": {"$ref": "#/components/schemas/Dive"}}, "page": COUNT,
            "page_size": COUNT, "total_pages": COUNT, "total": COUNT, "has_more": {"type": "boolean"}}}}}}}  # fmt: skip
    kit = api(folder, "Diving", {
        "/dives": {"get": operation("listDives", "List dives", "Dive", True, responses=many, **asked(**paging)),
                   "post": operation("logDive", "Log a dive", "Dive", **taking(site=TEXT, dived_on=DAY))},
    }, Dive={"id": TEXT, "site": TEXT, "dived_on": DAY, **fields})  # fmt: skip
    return InferredWorld(load(kit).toolset, 4)


def _call(world: InferredWorld, name: str, **arguments: Any) -> Any:
    return drive(world.call(Call("1", name, arguments))).value


def test_a_page_holds_as_many_as_the_definition_says(tmp_path: Path) -> None:
    world = _paged(tmp_path, {"page": {"type": "integer", "minimum": 1, "default": 1},
                              "page_size": {"type": "integer", "default": 20, "maximum": 100}})  # fmt: skip
    there = len(world.records("diving.dive"))
    shown = _call(world, "diving_list_dives")
    assert len(shown["dives"]) == shown["total"] == there <= 20 and not shown["has_more"]
    assert (shown["page"], shown["page_size"], shown["total_pages"]) == (1, 20, 1)
    second = _call(world, "diving_list_dives", page=2, page_size=5)
    assert second["page"] == 2 and second["page_size"] == 5 and second["dives"] == shown["dives"][5:10]
    assert second["total_pages"] == -(-there // 5)


def test_pages_that_are_counted_from_none_and_sizes_told_in_words(tmp_path: Path) -> None:
    size = {"type": "integer", "description": "Dives per page, defaults to 4."}
    world = _paged(tmp_path, {"page": {"type": "integer", "minimum": 0}, "page_size": size})
    first, second = _call(world, "diving_list_dives"), _call(world, "diving_list_dives", page=1)
    assert first["page"] == 0 and second["page"] == 1 and len(first["dives"]) == len(second["dives"]) == 4
    assert first["dives"] != second["dives"]


VESSEL = {"id": TEXT, "name": TEXT, "owner_phone": TEXT, "hull_number": TEXT, "mooring_minutes": COUNT, "paint": TEXT,
          "withdrawal_reason": {"type": ["string", "null"]}, "state": TEXT, "sail_code": TEXT, "grade": TEXT,
          "berth_ref": TEXT, "crew": COUNT}  # fmt: skip


def _harbour(folder: Path) -> Toolset:
    made = {"name": TEXT, "hull_number": {**TEXT, "pattern": "^[0-9]{6}$"}, "mooring_minutes": {"type": "integer", "enum": [30, 60]},
            "paint": {**TEXT, "enum": ["red", "blue"]}, "sail_code": {**TEXT, "example": "NL-4821"},
            "berth_ref": {**TEXT, "description": "Where it lies, e.g. PIER7-214"},
            "crew": {**COUNT, "minimum": 2, "maximum": 5}}  # fmt: skip
    changed = {"state": {**TEXT, "enum": ["sold", "scrapped"]}, "grade": {**TEXT, "pattern": "^[AB]$"}}
    kit = api(folder, "Harbour", {
        "/vessels": {"get": operation("listVessels", "List vessels", "Vessel", True, **asked(hull_number=TEXT)),
                     "post": operation("registerVessel", "Register a vessel", "Vessel", **taking(("name",), **made))},
        "/vessels/{id}": {"get": operation("getVessel", "Get a vessel", "Vessel", parameters=at("id")),
                          "patch": operation("updateVessel", "Update a vessel", "Vessel", parameters=at("id"),
                                             **taking(**changed))},
        "/vessels/{id}/withdraw": {"post": operation(
            "withdrawVessel", "Withdraw a vessel", "Vessel", parameters=at("id"),
            **taking(reason={**TEXT, "enum": ["sunk", "moved_away"]}))},
        "/tenders": {"post": operation("addTender", "Add a tender", "Tender",
                                       **taking(grade={**TEXT, "pattern": "^[0-9]$"}, paint=TEXT))},
    }, Vessel=VESSEL, Tender={"id": TEXT, "paint": TEXT, "grade": TEXT, "hull_number": TEXT})  # fmt: skip
    return load(kit).toolset


def test_what_a_request_says_of_a_field_holds_in_records(tmp_path: Path) -> None:
    toolset = _harbour(tmp_path)
    vessel, tender = (
        dict(entity.schema["properties"])
        for key in ("vessel", "tender")
        for entity in toolset.entities
        if entity.key == f"harbour.{key}"
    )
    assert vessel["hull_number"]["pattern"] == tender["hull_number"]["pattern"] == "^[0-9]{6}$"
    assert vessel["mooring_minutes"]["enum"] == [30, 60] and vessel["paint"]["enum"] == ["red", "blue"]
    assert vessel["withdrawal_reason"]["enum"] == ["sunk", "moved_away", None]
    assert (vessel["crew"]["minimum"], vessel["crew"]["maximum"]) == (2, 5)
    assert "enum" not in vessel["state"] and "enum" not in tender["paint"]
    assert vessel["grade"]["pattern"] == "^[AB]$" and tender["grade"]["pattern"] == "^[0-9]$"
    for one in InferredWorld(toolset, 3).records("harbour.vessel"):
        assert one["hull_number"].isdigit() and len(one["hull_number"]) == 6 and 2 <= one["crew"] <= 5
        assert re.fullmatch(r"NL-[0-9]{4}", one["sail_code"]) and re.fullmatch(
            r"PIER[0-9]-[0-9]{3}", one["berth_ref"]
        )
        assert one["withdrawal_reason"] in (None, "sunk", "moved_away") and one["mooring_minutes"] in (30, 60)


def test_arguments_take_the_form_that_records_show(tmp_path: Path) -> None:
    [tool] = [one for one in _harbour(tmp_path).tools if one.name == "harbour_list_vessels"]
    [parameter] = tool.inputs
    assert (
        parameter.schema["pattern"] == "^[0-9]{6}$" and tool.parameters["properties"]["hull_number"] == TEXT
    )


@pytest.mark.parametrize(
    ("example", "form"),
    [
        ("NL*VLT*E10427*1", r"NL\*VLT\*E[0-9]{5}\*[0-9]"),
        ("TRF-DC-STD", r"TRF-[A-Z]{2}-[A-Z]{3}"),
        ("R-2024-118204", r"R-2031-[0-9]{6}"),
        ("LOT-0412", r"LOT-[0-9]{4}"),
        ("a3f9c1", r"[a-z][0-9][a-z][0-9][a-z][0-9]"),
    ],
)
def test_a_code_is_of_the_form_of_its_example(example: str, form: str) -> None:
    made = {like(example, bits, 2031) for bits in range(40)}
    assert len(made) > 20 and all(re.fullmatch(form, one) for one in made)


def test_addresses_are_whole_and_as_they_are_written_there(tmp_path: Path) -> None:
    address = {
        "type": "object",
        "required": ["line1", "town", "postcode"],
        "properties": {
            "line1": TEXT,
            "line2": TEXT,
            "town": TEXT,
            "postcode": {**TEXT, "example": "BS6 5QA"},
        },
    }
    held = {"id": TEXT, "keeper": TEXT, "apiary_address": {**TEXT, "example": "14 Cardigan Road, Leeds LS6 1LF"},
            "address": address}  # fmt: skip
    kit = api(tmp_path, "Bees", {
        "/apiaries": {"get": operation("listApiaries", "List apiaries", "Apiary", True),
                      "post": operation("addApiary", "Add an apiary", "Apiary", **taking(("keeper",), keeper=TEXT))},
    }, Apiary=held)  # fmt: skip
    toolset = load(kit).toolset
    seen = 0
    for seed in range(6):
        world = InferredWorld(toolset, seed)
        for one in world.records("bees.apiary"):
            assert re.fullmatch(
                r"[1-9][0-9]* [A-Z][a-z]+ [A-Z][a-z]+, Leeds LS[1-9] [1-9][A-Z]{2}", one["apiary_address"]
            )
            if "address" in one:
                seen += 1
                assert all(one["address"][name] for name in ("line1", "town", "postcode"))
                assert re.fullmatch(r"[A-Z]{1,2}[0-9] [0-9][A-Z]{2}", one["address"]["postcode"])
                british = world.scene.currency == "GBP"
                assert not british or one["address"]["line1"][0].isdigit()
        assert "address" not in _call(world, "bees_add_apiary", keeper="Ida Holm")
    assert seen > 20


def test_what_a_call_does_not_say_of_a_new_record_is_as_usual(tmp_path: Path) -> None:
    made = {"title": TEXT, "shared": {"type": "boolean", "default": True}, "strings": {**COUNT, "default": 6},
            "tuning": {**TEXT, "enum": ["open", "standard"], "default": "standard"}}  # fmt: skip
    kit = api(tmp_path, "Tabs", {
        "/tabs": {"get": operation("listTabs", "List tabs", "Tab", True),
                  "post": operation("createTab", "Create a tab", "Tab", **taking(("title",), **made))},
    }, Tab={"id": TEXT, "title": TEXT, "shared": {"type": "boolean"}, "strings": COUNT, "tuning": TEXT})  # fmt: skip
    world = InferredWorld(load(kit).toolset, 4)
    new = _call(world, "tabs_create_tab", title="Low bridge")
    assert (new["shared"], new["strings"], new["tuning"]) == (True, 6, "standard")
    assert _call(world, "tabs_create_tab", title="High bridge", shared=False)["shared"] is False


@pytest.mark.parametrize(
    ("summary", "description", "offered"),
    [
        (
            "Cancel a mooring",
            "Free of charge up to a day before.",
            "Cancel a mooring. Free of charge up to a day before.",
        ),
        (
            "List vessels",
            "Returns the vessels of a harbour, newest first.",
            "Returns the vessels of a harbour, newest first.",
        ),
        ("Book a mooring", "Books a mooring for some nights.", "Books a mooring for some nights."),
        (
            "Cancel a mooring.",
            "Cancelling late costs a night.",
            "Cancel a mooring. Cancelling late costs a night.",
        ),
        ("Mooring prices", "mooring prices by length", "mooring prices by length"),
        ("moorings_list", "Of a pier.", "Of a pier."),
    ],
)
def test_what_a_summary_says_is_offered(summary: str, description: str, offered: str) -> None:
    tool = Tool(name="do", toolkit="pier", description=description, where=Where("pier.json"), parameters={}, returns={},
                hints={"summary": summary})  # fmt: skip
    assert described(tool) == offered


@pytest.mark.parametrize(
    ("example", "number"),
    [("07700900412", "07904357622"), ("07700 900412", "07904 357622"), ("+447700900412", "+447904357622"),
     ("+44 7700 900412", "+44 790 435 7622"), ("447700900412", "447904357622"), ("", "+44 790 435 7622")],
)  # fmt: skip
def test_a_telephone_number_is_written_as_the_example_is(example: str, number: str) -> None:
    assert phone_like("+44 790 435 7622", {"examples": [example]}) == number
