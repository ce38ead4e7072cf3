"""Records keep the bounds that their schema declares, however much of them has to agree."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from callsmith.ports import drive
from callsmith.records import Call, Tool
from callsmith.schema import valid
from callsmith.understand import understand
from callsmith.world.agreement.allowed import allowing
from callsmith.world.inferred.world import InferredWorld

NUMBERS = (
    "quantity price subtotal tax total discount amount balance deposit rating progress_percent weight_kg"
    " length_days duration_minutes capacity distance_km fee score"
).split()


def _bounded(low: int, span: int) -> dict[str, Any]:
    return {"minimum": low, "maximum": low + span}


@st.composite
def _records(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(NUMBERS), min_size=3, max_size=8, unique=True))
    bounds = st.builds(_bounded, st.sampled_from([0, 1, 10]), st.sampled_from([5, 100, 1_000_000]))
    properties: dict[str, Any] = {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "start_date": {"type": "string", "format": "date"},
        "status": {"type": "string", "enum": ["booked", "running", "completed"]},
        **{name: {"type": draw(st.sampled_from(["integer", "number"])), **draw(bounds)} for name in names},
    }
    needed = draw(st.lists(st.sampled_from(names), unique=True))
    return {"type": "object", "properties": properties, "required": ["id", "name", *needed]}


@given(record=_records(), noun=st.sampled_from(["trip", "crate", "lease", "exam"]), seed=st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_listed_records_keep_their_bounds(record: dict[str, Any], noun: str, seed: int) -> None:
    tool = Tool(
        name=f"list_{noun}s",
        toolkit="yard",
        description=f"List the {noun}s.",
        parameters={"type": "object", "properties": {}},
        returns={"type": "array", "items": record},
    )
    world = InferredWorld(understand("yard", [tool]), seed)

    result = drive(world.call(Call("call_1", tool.name, {})))

    assert valid(tool.returns, result.value)


def test_a_number_out_of_bounds_goes_where_it_may_and_is_put_at_the_bound_where_it_must_stay() -> None:
    keep = allowing(
        {
            "type": "object",
            "properties": {
                "fee": {"type": "number", "maximum": 5},
                "tax": {"type": ["number", "null"], "maximum": 5},
                "days": {"type": "integer", "minimum": 10},
                "lines": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"seats": {"type": "integer", "exclusiveMinimum": 0}},
                    },
                },
            },
            "required": ["days"],
        }
    )

    assert keep is not None
    assert keep({"fee": 60, "tax": 60, "days": 1, "lines": [{"seats": 0}, {"seats": 2}]}) == {
        "tax": None,
        "days": 10,
        "lines": [{}, {"seats": 2}],
    }
    assert allowing({"type": "object", "properties": {"fee": {"type": "number"}}}) is None


def test_a_count_beside_the_only_list_of_a_record_is_its_length() -> None:
    line = {"type": "object", "properties": {"name": {"type": "string"}, "quantity": {"type": "integer"}}}
    crate = {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "name": {"type": "string"},
            "count": {"type": "integer"},
            "lines": {"type": "array", "items": line},
        },
        "required": ["id", "name", "count", "lines"],
    }
    tool = Tool(
        name="list_crates",
        toolkit="yard",
        description="List the crates.",
        parameters={"type": "object", "properties": {}},
        returns={"type": "array", "items": crate},
    )
    crates = drive(InferredWorld(understand("yard", [tool]), 3).call(Call("call_1", tool.name, {}))).value

    assert crates and all(one["count"] == len(one["lines"]) for one in crates)
