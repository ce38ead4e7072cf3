"""What a description says a number is, and which of its names a record goes by."""

from __future__ import annotations

from callsmith.records import Field, Tool
from callsmith.understand import understand
from callsmith.understand.facets import guess
from callsmith.understand.labels import labelled
from callsmith.understand.leaf import Leaf


def test_a_number_whose_description_begins_with_pounds_is_money() -> None:
    found = guess(Leaf("/spentToDate", {"type": "integer"}, "Pounds spent so far"))
    assert (found.facet, found.confidence >= 0.55) == ("amount", True)


def test_how_many_payments_there_are_is_no_sum_of_money() -> None:
    limits = {"type": "integer", "minimum": 1, "maximum": 12}
    assert guess(Leaf("/instalments", limits, "How many payments it is paid in")).facet == "count"


def test_a_record_goes_by_its_name_before_one_that_says_whose_name_it_is() -> None:
    names = [Field(pointer=name, facet="person", phrase="name", schema={"type": "string"})
             for name in ("/reviewerName", "/name")]  # fmt: skip
    assert labelled(names, "/reviewerId", ("reviewer",), {"type": "object"}) == "/name"


def test_somebody_goes_by_their_name_and_not_by_what_they_are() -> None:
    names = [Field(pointer=name, facet=facet, phrase="name", schema={"type": "string"})
             for name, facet in (("/headline", "title"), ("/first_name", "person"), ("/last_name", "person"))]  # fmt: skip
    assert labelled(names, "/id", ("candidate",), {"type": "object"}) == "/first_name"


def test_an_application_goes_by_its_required_title_and_not_by_what_it_is_about() -> None:
    names = [Field(pointer=name, facet="title", phrase="name", schema={"type": "string"})
             for name in ("/organisationName", "/projectTitle", "/summary")]  # fmt: skip
    needed = {"type": "object", "required": ["projectTitle"]}
    assert labelled(names, "/ref", ("application",), needed) == "/projectTitle"
    assert labelled(names, "/ref", ("application",), {"type": "object"}) == "/summary"


def test_what_is_moved_to_a_stage_stands_at_it() -> None:
    stages = {"type": "string", "enum": ["applied", "interview", "hired"]}
    record = {"type": "object", "title": "Candidate", "required": ["id", "name", "stage"],
              "properties": {"id": {"type": "string"}, "name": {"type": "string"}, "stage": stages}}  # fmt: skip
    asked = {"type": "object", "required": ["candidate_id", "to_stage"],
             "properties": {"candidate_id": {"type": "string"}, "to_stage": stages}}  # fmt: skip
    tools = [
        Tool("list_candidates", "hiring", "List candidates", {"type": "object", "properties": {}}, {"type": "array", "items": record}),
        Tool("move_candidate", "hiring", "Move a candidate to another stage", asked, record),
    ]  # fmt: skip
    tool = understand("hiring", tools).tools[1]
    assert next(one.sets for one in tool.inputs if one.name == "to_stage") == "/stage"
