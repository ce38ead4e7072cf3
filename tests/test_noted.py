"""What short texts of records say in trades that no list is of: what an inspection found, why an application was refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from callsmith.catalog import data
from callsmith.catalog.grounds import grounds
from callsmith.catalog.noted import noted_of
from callsmith.catalog.trades import trade_of
from callsmith.sources import load
from callsmith.world.inferred.world import InferredWorld
from everyday import TEXT, api, operation

_DAY = {"type": "string", "format": "date"}


def _held(folder: Path, noun: str, **fields: dict[str, object]) -> list[dict[str, object]]:
    got = operation(f"list{noun}s", f"List {noun}s", noun, True)
    toolset = load(api(folder, "Office", {f"/{noun}s": {"get": got}}, **{noun: fields})).toolset
    (entity,) = toolset.entities
    return [dict(record) for record in InferredWorld(toolset, 3).records(entity.key)]


@pytest.mark.parametrize(
    ("noun", "field", "said"),
    [
        ("PassportApplication", "rejection_reason", "Documents missing"),
        ("HearingAppeal", "grounds", "A document was overlooked"),
        ("FireInspection", "findings", "Two minor points noted"),
        ("ExpenseReport", "rejection_reason", "Receipt missing"),
        ("DamageReport", "description", "Crack near the edge"),
    ],
)
def test_texts_say_what_such_records_have_in_any_trade(
    tmp_path: Path, noun: str, field: str, said: str
) -> None:
    records = _held(tmp_path, noun, id=TEXT, opened_on=_DAY, **{field: TEXT})
    assert said in {record.get(field) for record in records}


def test_who_saw_something_names_no_report(tmp_path: Path) -> None:
    records = _held(tmp_path, "ObserverReport", id=TEXT, observed_on=_DAY, observer_name=TEXT)
    assert not any("report" in str(record["observer_name"]).lower() for record in records)


def test_what_stands_beside_a_record_says_nothing_of_it(tmp_path: Path) -> None:
    """A bank takes claims, and no dinners with clients; a church holds services, and cleans no machines."""
    for noun, field in (("LifePolicy", "remarks"), ("ChurchService", "notes"), ("TaxReturn", "notes")):
        lines = noted_of((field,), {*noun.lower().split()})
        assert not {*lines} & {"Client dinner", "Cleaned and tested", "Pays on the day"}
    records = _held(tmp_path, "BanAppeal", id=TEXT, filed_on=_DAY, statement={**TEXT})
    assert not any(str(record.get("statement", "")).isupper() for record in records)


@pytest.mark.parametrize(
    ("nouns", "title", "said", "trade"),
    [
        ([["radiation_survey", "survey"], ["shift_log", "log"]], {"plant"}, {"survey"}, ""),
        ([["fault"], ["incident"], ["sim_swap", "swap"]], {"telecom", "care"}, set(), ""),
        ([["forge_job", "job"], ["tool_repair", "repair"]], {"blacksmith", "workshop"}, set(), ""),
        ([["survey"], ["question"], ["respondent"]], {"surveys"}, {"survey"}, "survey"),
    ],
)
def test_a_word_that_trades_share_is_none_of_theirs(
    nouns: list[list[str]], title: set[str], said: set[str], trade: str
) -> None:
    assert trade_of(nouns, title, said)[0] == trade


def test_a_product_says_what_it_is_for(tmp_path: Path) -> None:
    """Its words that are none of what it holds tell its trade: a round book of window cleaners is no library."""
    nouns = [["customer"], ["round"], ["payment"]]
    assert trade_of(nouns, {"roundbook"}, (), "round management for window cleaner".split())[0] == "cleaning"
    assert (
        trade_of([["drill"], ["report"]], {"plant"}, (), "report and drill of a power station".split())[0]
        == ""
    )
    fields = {"id": TEXT, "name": TEXT, "weekday": TEXT}
    got = operation("listRounds", "List rounds", "Round", True)
    toolset = load(api(tmp_path, "RoundBook", {"/rounds": {"get": got}}, Round=fields)).toolset
    assert "Librar" not in InferredWorld(toolset, 3).population.scene.company


def test_nothing_is_wrong_with_what_is_only_serviced(tmp_path: Path) -> None:
    sort = {"type": "string", "enum": ["repair", "annual_service", "installation"]}
    records = _held(tmp_path, "HeatingJob", id=TEXT, jobType=sort, scheduledFor=_DAY, faultDescription=TEXT)
    assert any(record.get("faultDescription") for record in records)
    assert {record["jobType"] for record in records if record.get("faultDescription")} == {"repair"}


def test_papers_are_not_called_by_letters(tmp_path: Path) -> None:
    records = _held(tmp_path, "HullQuery", id=TEXT, title=TEXT, opened_on=_DAY)
    assert all(str(record["title"]).rpartition(" ")[2].isdigit() for record in records)
    records = _held(tmp_path, "BugReport", id=TEXT, title=TEXT, opened_on=_DAY)
    assert not any(str(record["title"]).startswith("Bug report") for record in records)


def test_a_place_is_where_its_description_says(tmp_path: Path) -> None:
    where = {"type": "string", "description": "City or 'Remote'"}
    places = {
        record["location"] for record in _held(tmp_path, "Requisition", id=TEXT, title=TEXT, location=where)
    }
    towns = {one["city"] for one in data.read("catalog/lexicon/places.yaml")["cities"]}
    assert places <= towns | {"Remote"} and "Remote" in places


def test_a_shop_is_not_called_by_the_noun_of_the_record_it_stands_in(tmp_path: Path) -> None:
    records = _held(tmp_path, "WholesaleEnquiry", id=TEXT, shop_name=TEXT, received_on=_DAY)
    assert not any("Enquiry" in str(record.get("shop_name")) for record in records)


def test_a_public_body_is_no_text_and_who_complains_is_somebody(tmp_path: Path) -> None:
    records = _held(tmp_path, "Complaint", id=TEXT, complainantName=TEXT, publicBody=TEXT, lodgedOn=_DAY)
    bodies = {str(record["publicBody"]) for record in records}
    assert len(bodies) > 2 and all(
        re.search("Office|Council|Service|Authority|Board|Fund|Agency", one) for one in bodies
    )
    assert all(" " in str(record["complainantName"]) for record in records)


def test_each_aircraft_has_a_registration_of_its_own(tmp_path: Path) -> None:
    mark = {"type": "string", "examples": ["G-CKLM"]}
    marks = [
        str(one["registration"])
        for one in _held(tmp_path, "Sailplane", id=TEXT, registration=mark, seats=TEXT)
    ]
    assert len({*marks}) == len(marks) > 3 and all(one.startswith("G-") for one in marks)


@pytest.mark.parametrize(("field", "planned"), [("grievance", True), ("wobbling", False)])
def test_nobody_dictates_a_text_of_which_nothing_is_known(tmp_path: Path, field: str, planned: bool) -> None:
    """A grievance says what goes wrong, and not that all is as agreed."""
    schema = {"type": "object", "required": [field], "properties": {field: TEXT}}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    made = operation("lodgeComplaint", "Lodge a complaint", "Complaint", requestBody=body)
    toolset = load(
        api(tmp_path, "Ombuds", {"/complaints": {"post": made}}, Complaint={"id": TEXT, field: TEXT})
    ).toolset
    (tool,) = toolset.tools
    (told,) = tool.inputs
    assert (told.confidence >= 0.5) is planned


def test_an_object_of_a_find_is_none_of_a_game(tmp_path: Path) -> None:
    records = _held(tmp_path, "Find", id=TEXT, objectName=TEXT, parish=TEXT, foundOn=_DAY)
    assert {str(record["objectName"]) for record in records} & {"Bronze brooch", "Silver penny", "Iron key"}
    assert not any(record["objectName"] == "Invisibility Scroll" for record in records)
    assert all(record["parish"] for record in records)


def test_no_receipt_is_missing_where_no_money_is_claimed() -> None:
    assert not any("receipt" in line for line in grounds("decline", "claim"))
    assert any("receipt" in line for line in grounds("reject", "expense claim"))


def test_a_message_of_an_owner_is_none_of_an_office(tmp_path: Path) -> None:
    """A message to a kennel speaks of no lost key, and a loan of a meteorite pays for no removal."""
    records = _held(tmp_path, "OwnerMessage", id=TEXT, from_name=TEXT, message=TEXT, received_at=TEXT)
    assert not any(record.get("message") for record in records)
    loans = _held(tmp_path, "LoanRequest", id=TEXT, institution=TEXT, purpose=TEXT, lent_on=_DAY)
    assert not {record.get("purpose") for record in loans} & {"moving costs", "new car"}
