"""Arguments of strange APIs: what names a record, what narrows a listing, what is said of each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from callsmith.catalog.figures import usual_values
from callsmith.plan.arguments.qualities import describes
from callsmith.recipes.directed import sample
from callsmith.records import Parameter, Tool, Toolset
from callsmith.sources import load
from callsmith.world.inferred.world import InferredWorld
from everyday import TEXT, api, at, operation

WHOLE = {"type": "integer"}


def toolset(folder: Path, record: str, fields: dict[str, Any], paths: dict[str, Any]) -> Toolset:
    return load(api(folder, record, paths, **{record: fields})).toolset


def by_path(folder: Path, record: str, place: str, key: str, schema: dict[str, Any]) -> Toolset:
    """A listing of records and one of them, named in the path by a field of its own."""
    given = [{"name": key, "in": "path", "required": True, "schema": schema}]
    fields = {key: schema, "holder": TEXT, "note": TEXT}
    return toolset(folder, record, fields, {
        f"/{place}": {"get": operation(f"list{record}s", f"List {place}", record, True)},
        f"/{place}/{{{key}}}": {"get": operation(f"get{record}", f"Get a {record.lower()}", record, parameters=given)},
    })  # fmt: skip


def given(tool: Tool, name: str) -> Parameter:
    return next(parameter for parameter in tool.inputs if parameter.name == name)


@pytest.mark.parametrize(
    ("record", "place", "key", "schema", "form"),
    [
        ("Job", "jobs", "jobNo", WHOLE, r"[1-9][0-9]{3}"),
        ("Voucher", "vouchers", "voucherCode", TEXT, r"[A-Z]{2}[0-9][A-Z]-[0-9]{2}[A-Z]{2}"),
        ("Reservation", "reservations", "ref", TEXT, r"[A-Z]{2}[0-9][A-Z][0-9][A-Z]"),
        ("Product", "products", "sku", TEXT, r"[A-Z]+-[0-9]{4}"),
        ("Edition", "editions", "isbn", TEXT, r"978[0-9]{10}"),
        ("Sim", "sims", "iccid", TEXT, r"8[0-9]{18}"),
        ("Car", "cars", "vin", TEXT, r"WVWZZZ[0-9A-Z]{11}"),
        ("Permit", "permits", "plate", TEXT, r"[A-Z]{2}-[0-9]{3}-[A-Z]{2}"),
        ("Field", "fields", "fieldCode", TEXT, r"FLD-[0-9]{4}"),
        ("Lot", "lots", "lotNumber", WHOLE, r"[1-9][0-9]?"),
    ],
)
def test_the_field_in_the_path_names_the_record(
    tmp_path: Path, record: str, place: str, key: str, schema: dict[str, Any], form: str
) -> None:
    made = by_path(tmp_path, record, place, key, schema)
    entity = made.entities[0]
    assert entity.id_pointer == f"/{key}"
    got = next(tool for tool in made.tools if tool.effect == "read")
    assert (given(got, key).klass, given(got, key).refers) == ("natural_key", entity.key)
    assert got.id_field == f"/{key}"
    found = InferredWorld(made, 7).records(entity.key)
    assert found and all(re.fullmatch(form, str(one[key])) for one in found), found[:3]
    assert len({one[key] for one in found}) == len(found)


SUM = {"type": "number"}
FLAG = {"type": "boolean"}
WHEN = {"type": "string", "format": "date"}


def listing(folder: Path, record: str, fields: dict[str, Any], taken: dict[str, Any]) -> Toolset:
    given = [{"name": name, "in": "query", "schema": schema} for name, schema in taken.items()]
    many = f"{record.lower()}s"
    return toolset(folder, record, fields, {
        f"/{many}": {"get": operation(f"list{record}s", f"List {many}", record, True, parameters=given)},
    })  # fmt: skip


def asked(made: Toolset, name: str) -> list[tuple[str, Any]]:
    """What is said where a listing is given an argument, with the value given."""
    found = [sample(made, made.tools[0], seed=seed) for seed in range(16)]
    return [(one.request, one.arguments[name]) for one in found
            if isinstance(one.arguments, dict) and name in one.arguments]  # fmt: skip


def test_a_bound_is_a_round_number_and_said_as_one(tmp_path: Path) -> None:
    fields = {"id": TEXT, "name": TEXT, "price": SUM, "bedrooms": WHOLE}
    made = listing(tmp_path, "Cottage", fields, {"max_price": SUM, "bedrooms_min": WHOLE})
    priced, roomy = asked(made, "max_price"), asked(made, "bedrooms_min")
    assert priced and all(re.search(r"under|up to|at most", text) for text, _ in priced), priced
    assert roomy and all(re.search(r"at least|or more", text) for text, _ in roomy), roomy
    assert all(value >= 1 and value % 1 == 0 for _, value in priced + roomy)


def test_what_is_so_or_not_is_said_as_it_is_given(tmp_path: Path) -> None:
    fields = {"id": TEXT, "name": TEXT, "vacant": FLAG, "floor": WHOLE}
    made = listing(tmp_path, "Apartment", fields, {"vacant": FLAG})
    said = asked(made, "vacant")
    assert said and all(("not vacant" in text) == (value is False) for text, value in said), said


def test_a_date_is_not_who_sent_it(tmp_path: Path) -> None:
    fields = {"id": TEXT, "patient": TEXT, "date": WHEN}
    made = listing(tmp_path, "Visit", fields, {"from": WHEN, "to": WHEN})
    said = asked(made, "from")
    assert said and not any("sent" in text for text, _ in said), said


@pytest.mark.parametrize("phrase", ["vacant", "is active", "redeemed", "on loan", "refundable", "in stock"])
def test_qualities(phrase: str) -> None:
    assert describes(phrase)


@pytest.mark.parametrize("phrase", ["breakfast", "speed", "auto renew", "fee paid twice", "table", "helmet"])
def test_no_qualities(phrase: str) -> None:
    assert not describes(phrase)


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("closesAt", "closing time"),
        ("ends_on", "end date"),
        ("expiresAt", "expiry time"),
        ("valid_to", "valid until"),
    ],
)
def test_moments_are_called_by_what_happens(tmp_path: Path, name: str, phrase: str) -> None:
    moment = {"type": "string", "format": "date-time" if name.endswith("At") else "date"}
    fields = {"id": TEXT, "name": TEXT, name: moment}
    given = {
        "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": fields}}}}
    }
    made = toolset(tmp_path, "Survey", fields, {
        "/surveys": {"post": operation("createSurvey", "Create a survey", "Survey", **given)},
    })  # fmt: skip
    assert next(p for p in made.tools[0].inputs if p.name == name).phrase == phrase


def test_what_is_called_as_a_record_is_takes_its_name(tmp_path: Path) -> None:
    fields = {
        "candidateId": TEXT,
        "name": TEXT,
        "email": {"type": "string", "format": "email"},
        "position": TEXT,
    }
    sent = {name: schema for name, schema in fields.items() if name != "candidateId"}
    taken = {"schema": {"type": "object", "required": ["name", "position"], "properties": sent}}
    post = {"requestBody": {"required": True, "content": {"application/json": taken}}}
    kit = api(tmp_path, "Recruiting", {
        "/positions": {"get": operation("listPositions", "List positions", "Position", True)},
        "/candidates": {"get": operation("listCandidates", "List candidates", "Candidate", True),
                        "post": operation("addCandidate", "Add a candidate", "Candidate", **post)},
    }, Position={"id": TEXT, "title": TEXT, "open": FLAG}, Candidate=fields)  # fmt: skip
    made = load(kit).toolset
    tool = next(one for one in made.tools if one.effect == "create")
    place = given(tool, "position")
    assert (place.klass, place.refers) == ("natural_key", "recruiting.position")
    world = InferredWorld(made, 3)
    titles = {one["title"] for one in world.records("recruiting.position")}
    assert {one["position"] for one in world.records("recruiting.candidate") if "position" in one} <= titles
    found = sample(made, tool)
    assert isinstance(found.arguments, dict)
    assert found.arguments["position"] in found.request


@pytest.mark.parametrize(
    ("name", "known"), [("bottles", True), ("in_months", True), ("ml", True), ("year", False)]
)
def test_counts_and_measures_are_given_by_their_last_word(name: str, known: bool) -> None:
    assert bool(usual_values(name)) is known


def test_a_time_of_day_is_one_and_its_end_comes_after(tmp_path: Path) -> None:
    hour = {"type": "string", "format": "time"}
    fields = {"id": TEXT, "court": TEXT, "date": WHEN, "from": hour, "to": hour}
    made = listing(tmp_path, "Slot", fields, {"date": WHEN})
    found = InferredWorld(made, 2).records("slot.slot")
    assert all(
        re.fullmatch(r"[0-9]{2}:[0-9]{2}(:00)?", one[end])
        for one in found
        for end in ("from", "to")
        if end in one
    )
    assert all(one["from"] < one["to"] for one in found if {"from", "to"} <= one.keys())


def test_a_key_that_one_kind_alone_has_names_a_record_of_it_in_others(tmp_path: Path) -> None:
    tile = {"sku": TEXT, "name": TEXT, "price": {"type": "number"}}
    order = {"id": TEXT, "sku": TEXT, "metres": {"type": "integer"}}
    schema = {
        "type": "object",
        "required": ["sku"],
        "properties": {"sku": TEXT, "metres": {"type": "integer"}},
    }
    posted = operation("createOrder", "Order tiles", "Order")
    posted["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    paths = {
        "/tiles": {"get": operation("listTiles", "List tiles", "Tile", True)},
        "/tiles/{sku}": {"get": operation("getTile", "Get a tile", "Tile", parameters=at("sku"))},
        "/orders": {"post": posted, "get": operation("listOrders", "List orders", "Order", True)},
    }
    toolset = load(api(tmp_path, "Tiles", paths, Tile=tile, Order=order)).toolset
    [ordered] = [
        p
        for tool in toolset.tools
        if tool.name.endswith("create_order")
        for p in tool.inputs
        if p.name == "sku"
    ]
    assert (ordered.klass, ordered.refers) == ("opaque_id", "tiles.tile")
    world = InferredWorld(toolset, 3)
    known = {record["sku"] for record in world.records("tiles.tile")}
    assert {record["sku"] for record in world.records("tiles.order")} <= known
