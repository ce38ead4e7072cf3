"""What is given out with a number or a tag goes by it, in definitions that declare no results."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from callsmith.config import Toolkit
from callsmith.plan.known import Known, known
from callsmith.recipes.directed import sample
from callsmith.recipes.unreached import reason_of
from callsmith.sources import load
from everyday import DAY, api, at, operation

TEXT = {"type": "string"}
TAG = {"type": "string", "description": "Tag sewn into the collar, e.g. CW-04417"}
SIZE = {"type": "string", "enum": ["small", "medium", "large"]}


def _tool(name: str, description: str, *required: str, **fields: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": fields, "required": [*required]}
    return {"name": name, "description": description, "input_schema": schema}


@pytest.fixture(scope="module")
def wardrobe(tmp_path_factory: pytest.TempPathFactory) -> Known:
    mailed = {"type": "string", "format": "email"}
    tools = [
        _tool("search_costumes", "Search the costume store. Returns costumes with tag, size and status.",
              query=TEXT, size=SIZE),
        _tool("get_costume", "Get the record of one costume by its tag.", "costume_tag", costume_tag=TAG),
        _tool("return_costume", "Hand a costume back to the store after the show.", "costume_tag",
              costume_tag=TAG, condition={"type": "string", "enum": ["clean", "torn"]}),
        _tool("request_booth", "File a booth request on behalf of an actor.", "actor_email", "size",
              actor_email=mailed, size=SIZE),
        _tool("get_booth_request", "Check a booth request.", "request_id",
              request_id={"type": "string", "description": "Request ID, e.g. STR-20931"}),
        _tool("get_actor", "Look up an actor: name, agency and phone.", "email", email=mailed),
    ]  # fmt: skip
    path = tmp_path_factory.mktemp("wardrobe") / "tools.json"
    path.write_text(json.dumps(tools))
    return known(load(Toolkit(anthropic=str(path), name="wardrobe")).toolset)


def test_a_tag_that_is_given_out_names_what_bears_it(wardrobe: Known) -> None:
    costume = wardrobe.entities["wardrobe.costume"]
    assert costume.id_pointer == costume.label_pointer == "/costume_tag"
    assert "/tag" not in {item.pointer for item in costume.fields}
    (tag,) = wardrobe.tools["get_costume"].inputs
    assert (tag.klass, tag.refers, tag.confidence > 0.55) == ("natural_key", "wardrobe.costume", True)


def test_what_is_handed_back_is_returned_and_not_looked_up(wardrobe: Known) -> None:
    tool = wardrobe.tools["return_costume"]
    assert (tool.effect, tool.phrase) == ("act", "return a costume")
    found = sample(wardrobe.toolset, tool)
    assert isinstance(found.arguments, dict) and "CW-" in str(found.arguments["costume_tag"])


def test_what_is_asked_for_makes_a_request_where_requests_are_known(wardrobe: Known) -> None:
    assert wardrobe.tools["request_booth"].entity == "wardrobe.booth_request"
    (told,) = wardrobe.tools["get_booth_request"].inputs
    assert (told.klass, told.refers) == ("opaque_id", "wardrobe.booth_request")
    assert sample(wardrobe.toolset, wardrobe.tools["get_booth_request"]).request


def test_nobody_asks_for_the_key_by_which_they_name_a_record(wardrobe: Known) -> None:
    for seed in range(12):
        found = sample(wardrobe.toolset, wardrobe.tools["get_actor"], seed=seed)
        assert "e-mail address" not in found.request


@pytest.mark.parametrize(
    ("description", "held"),
    [
        ("Wig maker, e.g. Rosalind, Beaumont, Tressa", ["Rosalind", "Beaumont", "Tressa"]),
        ("Name of the wig maker (for example Rosalind or Beaumont Studio).", ["Rosalind", "Beaumont Studio"]),
        ("Wig maker, such as the one that is asked for, or another", []),
    ],
)
def test_several_examples_are_what_a_field_may_hold(
    tmp_path: Path, description: str, held: list[str]
) -> None:
    given = {"type": "string", "description": description}
    tool = _tool("order_wig", "Order a wig.", "maker", maker=given, colour=TEXT)
    (tmp_path / "tools.json").write_text(json.dumps([tool]))
    made = load(Toolkit(anthropic=str(tmp_path / "tools.json"), name="wigs")).toolset.tools[0]
    maker = next(one for one in made.inputs if one.pointer == "/maker")
    assert maker.schema.get("examples", []) == held


def test_a_booking_with_lines_is_named_by_its_reference(tmp_path: Path) -> None:
    line = {"type": "object", "properties": {"code": TEXT, "name": TEXT, "quantity": {"type": "integer"}}}
    fitting = {"fittingRef": {**TEXT, "example": "FT-70312"}, "on": DAY, "items": {"type": "array", "items": line},
               "status": {"type": "string", "enum": ["booked", "done"]}}  # fmt: skip
    got = operation("getGownFitting", "Get a gown fitting", "GownFitting", parameters=at("fittingRef"))
    kit = api(tmp_path, "Gowns", {"/fittings/{fittingRef}": {"get": got}}, GownFitting=fitting)
    tool = load(kit).toolset.tools[0]
    assert (tool.effect, tool.entity) == ("read", "gowns.gown_fitting")
    found = sample(load(kit).toolset, tool)
    assert isinstance(found.arguments, dict) and found.arguments["fittingRef"] in found.request


def test_what_is_asked_for_bears_a_number_of_the_form_that_is_shown(wardrobe: Known) -> None:
    told = sample(wardrobe.toolset, wardrobe.tools["get_booth_request"])
    assert isinstance(told.arguments, dict) and str(told.arguments["request_id"]).startswith("STR-")


def test_why_nothing_came_of_a_tool_is_about_its_own_records(wardrobe: Known) -> None:
    reasons = Counter({"a costume without a title cannot be spoken of": 3, "nothing to choose from": 1})
    why = reason_of(reasons, wardrobe.tools["get_actor"], wardrobe)
    assert "costume" not in why and "an actor" in why


def test_what_a_tool_is_there_to_change_is_asked_for(tmp_path: Path) -> None:
    tier = {"type": "string", "enum": ["gallery", "stalls", "royal_box"]}
    patron = {"id": TEXT, "full_name": TEXT, "email": {"type": "string", "format": "email"}, "tier": tier}
    listed = operation("listPatrons", "List patrons", "Patron", True)
    body = {"type": "object", "required": ["tier"], "properties": {"tier": tier}}
    taken = {"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}}
    moved = operation("changeTier", "Change a patron's tier", "Patron", parameters=at("patron_id"), **taken)
    paths = {"/patrons": {"get": listed}, "/patrons/{patron_id}/tier": {"put": moved}}
    toolset = load(api(tmp_path, "Theatre", paths, Patron=patron)).toolset
    found = sample(toolset, next(tool for tool in toolset.tools if tool.name.endswith("change_tier")))
    assert found.request, found.why_not
