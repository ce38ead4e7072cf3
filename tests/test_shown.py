"""What an API shows and lists once, records have in its likeness: rooms, doses, plates, goods by their sorts, towns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from callsmith.catalog.sorts import sort_of
from callsmith.language.words import humanised
from callsmith.records import Entity, Field, Json, Toolset
from callsmith.sources import load
from callsmith.world.fields.varied import others_of
from callsmith.world.inferred.world import InferredWorld
from callsmith.world.stories.remarks import lines_of
from everyday import TEXT, api, at, operation

_DAY = {"type": "string", "format": "date"}


def _toolset(folder: Path, noun: str, asked: dict[str, Any], **fields: Any) -> Toolset:
    """An API of one noun whose records are listed, and made by a call that takes some of their fields."""
    lower = noun.lower()
    content = {"application/json": {"schema": {"type": "object", "properties": asked}}}
    made = operation(f"create{noun}", f"Create a {lower}", noun, requestBody={"content": content})
    paths = {
        f"/{lower}s": {"get": operation(f"list{noun}s", f"List {lower}s", noun, True), "post": made},
        f"/{lower}s/{{{lower}_id}}": {
            "get": operation(f"get{noun}", f"Get a {lower}", noun, parameters=at(f"{lower}_id"))
        },
    }
    return load(api(folder, "Desk", paths, **{noun: {"id": TEXT, **fields}})).toolset


def _records(toolset: Toolset, seed: int = 3) -> list[dict[str, Json]]:
    world = InferredWorld(toolset, seed)
    return [dict(record) for record in world.records(toolset.entities[0].key)]


def test_what_a_call_shows_of_a_field_is_known_of_the_records(tmp_path: Path) -> None:
    asked = {
        "kiln": {**TEXT, "example": "Shed 3"},
        "customs_reference": {**TEXT, "pattern": "^[0-9]{8}$", "example": "51984420"},
    }
    toolset = _toolset(tmp_path, "Mooring", asked, kiln=TEXT, customs_reference=TEXT, starts_on=_DAY)
    records = _records(toolset)
    kilns = {record["kiln"] for record in records if "kiln" in record}
    assert len(kilns) > 2 and kilns <= {f"Shed {place}" for place in range(1, 8)}
    assert all(
        str(record["customs_reference"]).isdigit() for record in records if "customs_reference" in record
    )


def test_others_are_counted_or_measured_as_the_one_that_is_shown() -> None:
    assert "Kiln 4" in others_of("Kiln 2") and "EX5" in others_of("EX4")
    assert {"0.3 ml", "0.6 ml"} <= {*others_of("0.6 ml")} and "900 g" not in others_of("250 g")
    assert others_of("Sea Fox") == [] and others_of("PCK-9727") == []


def test_lists_hold_some_of_the_like_that_is_shown(tmp_path: Path) -> None:
    districts = {"type": "array", "items": {**TEXT, "example": "BS6"}}
    records = _records(_toolset(tmp_path, "Sweep", {"name": TEXT}, name=TEXT, districts=districts))
    assert any(record["districts"] for record in records)
    assert {one for record in records for one in record["districts"]} <= {f"BS{n}" for n in range(1, 10)}  # type: ignore[union-attr]


def test_a_british_plate_tells_a_year_that_has_been(tmp_path: Path) -> None:
    plate = {**TEXT, "example": "BD71 KXR"}
    records = _records(_toolset(tmp_path, "Tractor", {}, registration=plate, bought_on=_DAY))
    ages = {int(str(record["registration"])[2:4]) for record in records if "registration" in record}
    assert len(ages) > 2 and all(14 <= age <= 25 or 64 <= age <= 74 for age in ages)


def test_goods_are_called_as_the_sorts_that_are_listed(tmp_path: Path) -> None:
    sorts = {**TEXT, "enum": ["power_tools", "camping", "party", "mystery"]}
    records = _records(
        _toolset(tmp_path, "Item", {"name": TEXT}, name=TEXT, category=sorts, daily_fee={"type": "number"})
    )
    assert {"Orbital sander", "Gazebo", "Sleeping bag"} & {str(record["name"]) for record in records}
    kept = {(record["name"], record["category"]) for record in records}
    assert not {("Gazebo", "power_tools"), ("Orbital sander", "party"), ("Sleeping bag", "party")} & kept


def test_branches_say_in_which_town_a_company_is(tmp_path: Path) -> None:
    branch = {**TEXT, "enum": ["leith", "morningside", "stockbridge"]}
    toolset = _toolset(tmp_path, "Bouquet", {}, name=TEXT, branch=branch)
    assert {InferredWorld(toolset, seed).scene.city for seed in range(5)} == {"Edinburgh"}
    size = {**TEXT, "enum": ["nation", "born", "other"]}
    (elsewhere := tmp_path / "elsewhere").mkdir()
    toolset = _toolset(elsewhere, "Vase", {}, name=TEXT, size=size)
    assert len({InferredWorld(toolset, seed).scene.city for seed in range(5)}) > 2


def test_a_postcode_that_is_shown_tells_the_town_and_people_have_mobile_phones(tmp_path: Path) -> None:
    phone = {**TEXT, "description": "Mobile number, for text messages"}
    customer = {"name": TEXT, "phone": phone, "postcode": {**TEXT, "example": "LS6 3HN"}}
    toolset = _toolset(tmp_path, "Customer", {}, **customer)
    world = InferredWorld(toolset, 4)
    assert world.scene.city == "Leeds"
    assert all(
        str(record["phone"]).replace(" ", "").startswith("+447")
        for record in _records(toolset)
        if "phone" in record
    )


def test_nobody_translates_from_what_is_spoken_at_home(tmp_path: Path) -> None:
    languages = {"type": "array", "items": TEXT}
    fields = {"name": TEXT, "native_language": {**TEXT, "example": "fr-FR"}, "source_languages": languages}
    for record in _records(_toolset(tmp_path, "Interpreter", {}, **fields)):
        assert record["native_language"] not in record["source_languages"]  # type: ignore[operator]
        assert all(one[2] == "-" for one in record["source_languages"])  # type: ignore[union-attr, index]


def test_a_choice_that_a_call_lists_is_what_the_records_hold(tmp_path: Path) -> None:
    reasons = ["frost", "low_tide", "crew_ill"]
    toolset = _toolset(tmp_path, "Sailing", {"cause": {**TEXT, "enum": reasons}}, cause=TEXT, starts_on=_DAY)
    assert {record["cause"] for record in _records(toolset) if record.get("cause")} <= {*reasons}


def test_a_street_is_no_thing_that_is_called_like_one(tmp_path: Path) -> None:
    address = {**TEXT, "example": "Papendorpseweg 100"}
    toolset = _toolset(tmp_path, "Charger", {"name": TEXT}, name=TEXT, address=address)
    assert all(str(record["address"])[-1].isdigit() for record in _records(toolset) if "address" in record)


def test_a_file_is_called_after_what_it_belongs_to(tmp_path: Path) -> None:
    name = {**TEXT, "example": "catalogue_de.docx"}
    records = _records(_toolset(tmp_path, "Handover", {}, file_name=name, made_on=_DAY))
    assert records and all(str(record["file_name"]).endswith(".docx") for record in records)
    assert len({record["file_name"] for record in records}) == len(records)


def test_what_is_wrong_with_a_thing_is_no_description_of_another() -> None:
    assert sort_of(("description",), "fault") is not None
    assert sort_of(("description",), "item", ("fault", "loan")) is None


def test_a_language_of_a_region_is_said_by_name_and_what_has_none_as_it_is_written() -> None:
    assert humanised("pt-BR") == "Brazilian Portuguese" and humanised("in-progress") == "in progress"
    assert humanised("de-XX") == "de-XX"


def test_no_matter_of_an_office_is_noted_of_a_booked_table(tmp_path: Path) -> None:
    fields = {"title": TEXT, "notes": TEXT, "starts_at": {"type": "string", "format": "date-time"}}
    for noun in ("Reservation", "Booking"):
        (folder := tmp_path / noun).mkdir()
        said = {
            str(record.get("notes")) for record in _records(_toolset(folder, noun, {"title": TEXT}, **fields))
        }
        assert not any("next steps" in text or "Agenda" in text for text in said)


def test_a_gift_comes_without_condolences() -> None:
    assert "With our deepest sympathy" not in _lines("voucher") and "With our deepest sympathy" in _lines(
        "bouquet"
    )


def _lines(noun: str) -> list[str]:
    day = Field("/sent_on", "date", "day", _DAY)
    entity = Entity(key=noun, toolkit="desk", noun=noun, plural=f"{noun}s", schema={}, fields=(day,))
    return list(lines_of(entity, "gift_message"))
