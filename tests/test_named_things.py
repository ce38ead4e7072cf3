"""What a record must say and no list keeps: the film of a showing, its host, the pier of a berth, the way of a ferry."""

from __future__ import annotations

from typing import Any

import pytest

from callsmith.records import Tool
from callsmith.understand import understand
from callsmith.world.inferred.world import InferredWorld

TEXT = {"type": "string"}


def told(noun: str, *fields: str) -> list[dict[str, Any]]:
    record = {
        "type": "object",
        "required": ["id", *fields],
        "properties": {"id": {"type": "integer"}, **dict.fromkeys(fields, TEXT)},
    }
    listing = Tool(
        name=f"list_{noun}s", toolkit="house", description=f"List {noun}s", parameters={"type": "object", "properties": {}},
        returns={"type": "object", "properties": {f"{noun}s": {"type": "array", "items": record}}},
    )  # fmt: skip
    world = InferredWorld(understand("house", [listing]), 7)
    return [dict(one) for one in world.records(f"house.{noun}")]


@pytest.mark.parametrize(
    ("noun", "field"),
    [
        ("screening", "film"),
        ("batch", "beer"),
        ("episode", "host"),
        ("berth", "pier"),
        ("hive", "apiary"),
        ("bag", "flight"),
    ],
)
def test_what_is_named_goes_by_a_few_names(noun: str, field: str) -> None:
    said = [one[field] for one in told(noun, "label", field)]
    assert all(said) and 1 < len({*said}) < len(said)


def test_a_pier_has_a_letter_and_a_terminal_a_number() -> None:
    assert all(
        one["pier"].startswith("Pier ") and one["pier"][-1] in "ABCDEF"
        for one in told("berth", "label", "pier")
    )
    assert all(one["terminal"][-1] in "123456" for one in told("gate", "label", "terminal"))


def test_a_ferry_goes_to_another_town_and_a_courier_to_a_street() -> None:
    assert all(one["from"] != one["to"] for one in told("ferry", "label", "from", "to"))
    assert all(
        one["from"][0].isdigit() and one["to"][0].isdigit() for one in told("delivery", "label", "from", "to")
    )
