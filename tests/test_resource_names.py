"""Names that are paths, as Google's APIs have them: what they lie in, their last parts, and what else such APIs say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from callsmith import seeds
from callsmith.config import Toolkit
from callsmith.execute import values_at
from callsmith.language.words import humanised
from callsmith.plan.known import Known, known, names_tenant, title_in
from callsmith.recipes.grounded import graph_of, likely, world_of
from callsmith.recipes.offers import shown
from callsmith.records import Parameter, Toolset
from callsmith.schema import collections
from callsmith.sources import load
from callsmith.understand.enumerated import listed
from callsmith.understand.labels import last_part
from callsmith.world.journal import Journal

WITHIN = {"type": "string", "location": "path", "required": True, "pattern": "^projects/[^/]+$"}
ONE = {"type": "string", "location": "path", "required": True, "pattern": "^projects/[^/]+/kettles/[^/]+$"}
KETTLE = {
    "id": "Kettle",
    "type": "object",
    "properties": {
        "name": {"type": "string", "description": "Identifier. The resource name of the kettle."},
        "createTime": {"type": "string", "format": "google-datetime", "description": "When it was created."},
        "note": {"type": "string", "description": "A remark."},
        "kettleType": {"type": "string", "enum": ["KETTLE_TYPE_UNSPECIFIED", "KETTLE_TYPE_COPPER", "KETTLE_TYPE_STEEL"]},
        "boiler": {"type": "string", "description": "Whoever boils. Read-only."},
    },
}  # fmt: skip
LISTED = {
    "id": "ListKettlesResponse",
    "type": "object",
    "properties": {"kettles": {"type": "array", "items": {"$ref": "Kettle"}}},
}
DESCALE = {"id": "DescaleRequest", "type": "object", "properties": {}}


def method(name: str, http: str, path: str, parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": f"brewery.projects.kettles.{name}", "httpMethod": http, "path": path,
            "description": f"{name.capitalize()}s a kettle.", "parameters": parameters, **more}  # fmt: skip


DOCUMENT = {
    "discoveryVersion": "v1",
    "name": "brewery",
    "title": "Brewery API",
    "schemas": {"Kettle": KETTLE, "ListKettlesResponse": LISTED, "DescaleRequest": DESCALE},
    "resources": {"projects": {"resources": {"kettles": {"methods": {
        "list": method("list", "GET", "v1/{+parent}/kettles", {"parent": WITHIN},
                       response={"$ref": "ListKettlesResponse"}),
        "get": method("get", "GET", "v1/{+name}", {"name": ONE}, response={"$ref": "Kettle"}),
        "create": method("create", "POST", "v1/{+parent}/kettles",
                         {"parent": WITHIN, "kettleId": {"type": "string", "location": "query"}},
                         request={"$ref": "Kettle"}, response={"$ref": "Kettle"}),
        "patch": method("patch", "PATCH", "v1/{+name}",
                        {"name": ONE, "updateMask": {"type": "string", "location": "query", "required": True,
                                                     "format": "google-fieldmask"}},
                        request={"$ref": "Kettle"}, response={"$ref": "Kettle"}),
        "descale": method("descale", "POST", "v1/{+name}:descale", {"name": ONE},
                          request={"$ref": "DescaleRequest"}, response={"$ref": "Kettle"}),
    }}}}},
}  # fmt: skip


@pytest.fixture(scope="module")
def brewery(tmp_path_factory: pytest.TempPathFactory) -> Toolset:
    path = Path(tmp_path_factory.mktemp("brewery")) / "brewery.json"
    path.write_text(json.dumps(DOCUMENT))
    return load(Toolkit(discovery=str(path), name="brewery")).toolset


@pytest.fixture(scope="module")
def understood(brewery: Toolset) -> Known:
    return known(brewery)


def argument(understood: Known, tool: str, name: str) -> Parameter:
    tool = f"brewery_projects_kettles_{tool}"
    return next(one for one in understood.tools[tool].inputs if one.name == name)


def test_a_pattern_tells_what_a_name_leads_through() -> None:
    assert collections({"pattern": "^projects/[^/]+/topics/[^/]+$"}) == ("projects", "topics")
    assert collections({"pattern": "^[a-z]+$"}) == collections({}) == ()


def test_what_all_lies_in_is_told_and_records_are_called_by_the_last_part(understood: Known) -> None:
    entity = understood.entities["brewery.kettle"]
    assert names_tenant(argument(understood, "list", "parent"))
    assert argument(understood, "get", "name").refers == entity.key
    assert (entity.id_pointer, entity.label_pointer) == ("/name", "/name/~last")


def test_where_all_lies_need_not_have_a_name(tmp_path: Path) -> None:
    place = {"id": "Location", "type": "object", "properties": {
        "name": {"type": "string", "description": "Format: projects/{project}/locations/{location}"},
        "displayName": {"type": "string", "description": "What the place is called."}}}  # fmt: skip
    several = {"id": "Locations", "type": "object",
               "properties": {"locations": {"type": "array", "items": {"$ref": "Location"}}}}  # fmt: skip
    within = {**WITHIN, "pattern": "^projects/[^/]+/locations/[^/]+$"}
    places = {"list": {**method("list", "GET", "v1/{+name}/locations", {"name": WITHIN}, response={"$ref": "Locations"}),
                       "id": "brewery.projects.locations.list", "description": "Lists the locations."}}  # fmt: skip
    kettles = {"list": {**method("list", "GET", "v1/{+parent}/kettles", {"parent": within},
                                 response={"$ref": "ListKettlesResponse"}),
                        "id": "brewery.projects.locations.kettles.list"}}  # fmt: skip
    inner = {"locations": {"methods": places, "resources": {"kettles": {"methods": kettles}}}}
    document = {**DOCUMENT, "resources": {"projects": {"resources": inner}},
                "schemas": {**DOCUMENT["schemas"], "Location": place, "Locations": several}}  # fmt: skip
    path = tmp_path / "placed.json"
    path.write_text(json.dumps(document))
    understood = known(load(Toolkit(discovery=str(path), name="placed")).toolset)
    tool = next(tool for name, tool in understood.tools.items() if name.endswith("kettles_list"))
    parent = next(one for one in tool.inputs if one.name == "parent")
    assert names_tenant(parent) and parent.confidence > 0.55


def test_the_records_of_a_world_lie_in_one_project(brewery: Toolset, understood: Known) -> None:
    world = world_of(brewery, None, seeds.number("kettles"), Journal(), 1)
    records = world.records("brewery.kettle")
    (project,) = world.records("brewery.project")
    assert all(record["name"].startswith(f"{project['name']}/kettles/") for record in records)
    entity = understood.entities["brewery.kettle"]
    assert [title_in(entity, one) for one in records] == [one["name"].rpartition("/")[2] for one in records]
    assert values_at(records[0], "/name/~last") == [title_in(entity, records[0])]


def test_whoever_makes_a_record_chooses_the_last_part_of_its_name(understood: Known) -> None:
    given = argument(understood, "create", "kettleId")
    assert (given.facet, given.sets, given.klass) == ("title", "/name/~last", "content")


def test_a_last_part_beside_a_name_is_no_other_record(tmp_path: Path) -> None:
    named = {
        **KETTLE,
        "properties": {**KETTLE["properties"], "displayName": {"type": "string", "description": "Name."}},
    }
    path = tmp_path / "named.json"
    path.write_text(json.dumps({**DOCUMENT, "schemas": {**DOCUMENT["schemas"], "Kettle": named}}))
    understood = known(load(Toolkit(discovery=str(path), name="brewery")).toolset)
    assert understood.entities["brewery.kettle"].label_pointer == "/displayName"
    given = argument(understood, "create", "kettleId")
    assert (given.refers, given.confidence) == ("", 0.4)


def test_what_only_results_hold_is_no_argument(understood: Known) -> None:
    tools = understood.tools
    assert "boiler" not in tools["brewery_projects_kettles_create"].parameters["properties"]
    assert argument(understood, "patch", "createTime").klass == "plumbing"
    fields = {field.pointer: field.facet for field in understood.entities["brewery.kettle"].fields}
    assert fields["/createTime"] == "date_time"


def test_an_empty_message_is_no_argument_and_a_mask_of_an_update_is_filled_in(understood: Known) -> None:
    assert list(understood.tools["brewery_projects_kettles_descale"].parameters["properties"]) == ["name"]
    assert argument(understood, "patch", "updateMask").default == "*"


def test_what_talks_begin_with_is_offered_where_it_is_not_needed(brewery: Toolset, understood: Known) -> None:
    often = likely(brewery)
    listing, creating = (f"brewery_projects_kettles_{name}" for name in ("list", "create"))
    assert sum(often.values()) == pytest.approx(1.0)
    assert min(often[listing], often[creating]) > 0.1
    for needed, other in ((listing, creating), (creating, listing)):
        times = sum(
            other in shown([needed], understood, graph_of(brewery), 3, seeds.rng(trial), often=often).tools
            for trial in range(40)
        )
        assert times > 30


def test_a_choice_is_told_without_the_name_of_what_is_chosen() -> None:
    assert humanised("KETTLE_TYPE_COPPER") == "copper"
    assert humanised("STATE_STARTING") == "starting"
    assert humanised("IN_PROGRESS") == "in progress"


def test_choices_are_read_where_a_bullet_tells_of_each() -> None:
    said = 'Status of the event. Possible values are:\n- "confirmed" - It is. This is the default. \n- "tentative" - Not yet.'
    assert listed(said) == ("confirmed", "tentative")


def test_an_id_of_any_schema_is_no_path() -> None:
    assert last_part("", "/id", {"type": "object", "properties": {"id": True}}) is None
