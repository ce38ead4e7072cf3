"""What things belong to is told by their names, or not at all."""

from __future__ import annotations

import pytest

from callsmith.catalog.belonging import told_by_name, told_in
from callsmith.seeds import rng
from callsmith.world.inferred.inventing import invent
from callsmith.world.inferred.world import InferredWorld
from test_things import TEXT, kept, records


@pytest.mark.parametrize(
    ("scheme", "title", "sort"),
    [
        ("goods", "Beanie", "accessories"),
        ("goods", "Bread knife", "kitchen"),
        ("goods", "Set of plates", "kitchen"),
        ("goods", "Box of comics", "books"),
        ("goods", "Child's scooter", "toys"),
        ("goods", "Carrot cake", "cakes"),
        ("departments", "Senior nurse", "Care"),
        ("departments", "Van driver", "Logistics"),
        ("departments", "Sales manager", "Sales"),
        ("courses", "Tomato soup with herbs", "soup"),
        ("courses", "Chocolate cake", "dessert"),
        ("gatherings", "Izmir Design Week", "exhibition"),
        ("homes", "Sunny Barn", "farmhouse"),
        ("goods", "Something else", ""),
    ],
)
def test_a_name_tells_what_a_thing_belongs_to(scheme: str, title: str, sort: str) -> None:
    assert told_in(scheme, title) == sort


@pytest.mark.parametrize(
    ("title", "options", "sort"),
    [
        ("Bread knife", ["textiles", "kitchen", "toys"], "kitchen"),
        ("Wool scarf", ["TOYS", "CLOTHING"], "CLOTHING"),
        ("Basil", ["kg", "g", "l", "piece"], "g"),
        ("Whole milk", ["kg", "g", "l", "piece"], "l"),
        ("Beef salad", ["starter", "main", "dessert"], "starter"),
        ("Beef salad", ["starter", "main", "salad"], "salad"),
        ("Umbrella", ["kitchen", "toys"], None),
    ],
)
def test_of_sorts_that_are_listed_the_name_tells_one(
    title: str, options: list[str], sort: str | None
) -> None:
    assert told_by_name(title, options) == sort


def test_records_agree_with_their_names_and_say_nothing_else() -> None:
    shelf = {"type": ["string", "null"], "enum": ["kitchen", "toys", None]}
    toolset = kept(item={"name": TEXT, "price": {"type": "number"}, "category": TEXT, "shelf_type": shelf})
    found = records(toolset, "item")
    assert any(record.get("category") for record in found)
    for record in found:
        assert record.get("category") in (told_in("goods", str(record["name"])) or None, None, "general")
        assert record.get("shelf_type") in (told_by_name(str(record["name"]), ["kitchen", "toys"]), None)


def test_who_enters_a_thing_names_its_sort_with_its_name() -> None:
    toolset = kept(item={"name": TEXT, "price": {"type": "number"}, "category": TEXT})
    tool = next(tool for tool in toolset.tools if tool.name == "create_item")
    by_name = {item.name: item for item in tool.inputs}
    for seed in range(12):
        for order in (("name", "category"), ("category", "name")):
            world, draw = InferredWorld(toolset, seed), rng(seed, "entered")
            said = {name: invent(world, tool, by_name[name], draw) for name in order}
            assert said["category"] in (told_in("goods", str(said["name"])), None)
