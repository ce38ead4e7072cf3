"""Arguments of strange APIs: what names a record, what narrows a listing, what is said of each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from callsmith.records import Parameter, Tool, Toolset
from callsmith.sources import load
from callsmith.world.inferred import InferredWorld
from everyday import TEXT, api, operation

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
