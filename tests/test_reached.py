"""Records are found by what they belong to, by the parts of a name, and among pages that go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from callsmith import sources
from callsmith.plan.known import known
from callsmith.plan.pages import conditional, goes_on, in_all
from callsmith.recipes.directed import Sample, sample
from callsmith.records import Parameter, Tool, Toolset
from everyday import DAY, TEXT, api, at, operation, taking

KEEPER = {"keeperId": TEXT, "firstName": TEXT, "lastName": TEXT, "phone": TEXT, "joinedOn": DAY,
          "address": {"type": "object", "properties": {"street": TEXT, "postcode": TEXT}}}  # fmt: skip
PONY = {"ponyId": TEXT, "keeperId": TEXT, "name": TEXT, "height": {"type": "integer"}, "bornOn": DAY}
SHOEING = {"shoeingId": TEXT, "ponyId": TEXT, "shoes": {"type": "string", "enum": ["front", "all", "trim"]},
           "date": DAY, "farrier": TEXT}  # fmt: skip


def _body(*required: str, **fields: Any) -> dict[str, Any]:
    schema = {"type": "object", "required": list(required), "properties": fields}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@pytest.fixture(scope="module")
def stable(tmp_path_factory: pytest.TempPathFactory) -> Toolset:
    narrowed = [
        {"name": "surname", "in": "query", "schema": TEXT, "description": "Surname or the beginning of it"},
        *taking("postcode"),
    ]
    find = operation("searchKeepers", "Search keepers", "Keeper", True, parameters=narrowed)
    find["description"] = "At least one of the filters has to be given."
    shod = operation("recordShoeing", "Record a shoeing", "Shoeing", parameters=at("ponyId"))
    shod |= _body("shoes", shoes=SHOEING["shoes"], date=DAY)
    kit = api(tmp_path_factory.mktemp("stable"), "Stable", {
        "/keepers": {"get": find},
        "/keepers/{keeperId}/ponies": {
            "get": operation("listPonies", "List a keeper's ponies", "Pony", True, parameters=at("keeperId"))},
        "/ponies/{ponyId}/shoeings": {
            "get": operation("listShoeings", "List the shoeings of a pony", "Shoeing", True, parameters=at("ponyId")),
            "post": shod},
    }, Keeper=KEEPER, Pony=PONY, Shoeing=SHOEING)  # fmt: skip
    return sources.load(kit).toolset


def _tool(toolset: Toolset, name: str) -> Tool:
    return next(tool for tool in toolset.tools if tool.name.endswith(name))


def _given(tool: Tool, name: str) -> Parameter:
    return next(p for p in tool.inputs if p.name == name)


def _made(toolset: Toolset, name: str) -> Sample:
    found = sample(toolset, _tool(toolset, name))
    assert found.request, found.why_not
    return found


@pytest.mark.parametrize("name", ["list_ponies", "list_shoeings", "record_shoeing"])
def test_what_is_listed_with_its_holder_alone_is_found_by_whose_it_is(stable: Toolset, name: str) -> None:
    found = _made(stable, name)
    assert isinstance(found.arguments, dict)
    if name != "list_ponies":
        names = {"'s " in found.request, " for " in found.request}
        assert True in names and found.arguments["ponyId"]


def test_a_search_takes_the_parts_of_a_name_and_what_lies_in_an_address(stable: Toolset) -> None:
    tool = _tool(stable, "search_keepers")
    surname, postcode = _given(tool, "surname"), _given(tool, "postcode")
    assert (surname.filters, surname.compare) == ("/lastName", "contains")
    assert postcode.filters == "/address/postcode"
    found = _made(stable, "search_keepers")
    assert conditional(tool) and found.arguments != {}


def test_a_product_is_what_a_thing_is_and_not_whose(tmp_path: Path) -> None:
    dose = {"id": TEXT, "ponyId": TEXT, "productName": TEXT, "givenOn": DAY}
    kit = api(
        tmp_path, "Doses", {"/doses": {"get": operation("listDoses", "List doses", "Dose", True)}}, Dose=dose
    )
    index = known(sources.load(kit).toolset)
    assert index.entities["doses.dose"].label_pointer != "/productName"


@pytest.mark.parametrize(
    ("answer", "more", "whole"),
    [
        ({"data": [1, 2], "next_cursor": "x1"}, True, -1),
        ({"data": [1, 2], "next_cursor": None}, False, -1),
        ({"items": [1, 2], "page": 1, "pageSize": 2, "total": 9}, True, 9),
        ({"items": [1, 2], "page": 5, "pageSize": 2, "total": 9}, False, 9),
        ({"rows": [1, 2], "meta": {"totalPages": 3, "page": 1}}, True, -1),
        ({"rows": [1, 2], "pagination": {"has_more": True, "total_count": 40}}, True, 40),
        ({"rows": [1], "isLast": False}, True, -1),
        ({"rows": [1], "total": 1, "total_price": 90}, False, 1),
        ([1, 2], False, -1),
        ({"name": "Next of kin", "next": "no listing"}, False, -1),
    ],
)
def test_an_answer_says_whether_it_goes_on(answer: Any, more: bool, whole: int) -> None:
    shown = (
        next((len(held) for held in answer.values() if isinstance(held, list)), 0)
        if isinstance(answer, dict)
        else 2
    )
    assert (goes_on(answer, shown), in_all(answer)) == (more, whole)


SACK = {"sackId": {"type": "string", "example": "SK-20418"}, "roastedOn": DAY, "weightKg": {"type": "number"},
        "status": {"type": "string", "enum": ["open", "sealed", "shipped"]}}  # fmt: skip
SCALE = {"scaleId": {"type": "string", "example": "c0ffee00c0ffee00c0ffee00"}, "weightKg": {"type": "number"}}


@pytest.fixture(scope="module")
def roastery(tmp_path_factory: pytest.TempPathFactory) -> Toolset:
    paths = {
        "/sacks/{sackId}": {"get": operation("getSack", "Get a sack", "Sack", parameters=at("sackId"))},
        "/sacks/{sackId}/seal": {
            "post": operation("sealSack", "Seal a sack", "Sack", parameters=at("sackId"))
        },
        "/scales/{scaleId}": {"get": operation("getScale", "Get a scale", "Scale", parameters=at("scaleId"))},
    }
    kit = api(tmp_path_factory.mktemp("roastery"), "Roastery", paths, Sack=SACK, Scale=SCALE)
    return sources.load(kit).toolset


@pytest.mark.parametrize("name", ["get_sack", "seal_sack"])
def test_what_nothing_lists_is_named_by_what_people_have_before_them(roastery: Toolset, name: str) -> None:
    found = _made(roastery, name)
    assert isinstance(found.arguments, dict) and str(found.arguments["sackId"]) in found.request


def test_why_nothing_came_of_a_tool_says_how_to_mend_it(roastery: Toolset) -> None:
    found = sample(roastery, _tool(roastery, "get_scale"))
    assert not found.request
    assert "a scale, and nothing lists scales" in found.why_not and "natural_key of /scaleId" in found.why_not
