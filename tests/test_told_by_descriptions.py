"""What a description says a number is, and which of its names a record goes by."""

from __future__ import annotations

from callsmith.records import Field
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
