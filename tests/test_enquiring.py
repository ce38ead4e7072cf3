"""Look-ups of what is no record: figures of a stretch, what is free on a day, prices, holidays of a year."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from callsmith.check.rules import date_relative, moments_in, month_named
from callsmith.config import Toolkit
from callsmith.errors import PlanUnfit
from callsmith.facts.mention import Clock, Mention
from callsmith.plan.arguments.sent import as_sent
from callsmith.plan.draft import Draft
from callsmith.plan.intents import enquiring
from callsmith.plan.known import known
from callsmith.records import Parameter, Toolset
from callsmith.seeds import rng
from callsmith.sources import load
from callsmith.world.inferred.world import InferredWorld

CLOCK = Clock(datetime(2026, 3, 4, tzinfo=UTC), UTC, 739_679, 2, 600)
TEXT, WHOLE, DAY = {"type": "string"}, {"type": "integer"}, {"type": "string", "format": "date"}
NUMBER = {"type": "number"}


def record(title: str, **fields: Any) -> dict[str, Any]:
    return {"title": title, "type": "object", "properties": fields, "required": list(fields)}


def several(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


def got(summary: str, result: Mapping[str, Any], **query: Any) -> dict[str, Any]:
    asked = [
        {"name": name, "in": "query", "required": True, "schema": schema} for name, schema in query.items()
    ]
    content = {"application/json": {"schema": result}}
    return {
        "get": {
            "summary": summary,
            "parameters": asked,
            "responses": {"200": {"description": "", "content": content}},
        }
    }


PATHS = {
    "/campaigns": got("List campaigns", several(record("Campaign", id=TEXT, name=TEXT))),
    "/holidays": got("Public holidays of a year", several(record("Holiday", date=DAY, name=TEXT)), year=WHOLE),
    "/turnover": got("Turnover of a month", record("Turnover", revenue=NUMBER, orders=WHOLE, averageOrder=NUMBER), month=TEXT),
    "/waiting": got(
        "Average waiting time in days", record("Waiting", averageDays=WHOLE, people=WHOLE),
        speciality={"type": "string", "enum": ["sports", "back"]},
    ),
    "/price": got("Price of a ticket", record("Price", quantity=WHOLE, unitPrice=NUMBER, total=NUMBER), quantity=WHOLE),
    "/queue": got("How many people wait", record("Queue", waiting=WHOLE, oldest=WHOLE)),
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Toolset:
    path: Path = tmp_path_factory.mktemp("desk") / "desk.json"
    path.write_text(
        json.dumps({"openapi": "3.0.3", "info": {"title": "Desk", "version": "1"}, "paths": PATHS})
    )
    return load(Toolkit(openapi=str(path))).toolset


def test_what_no_record_tells_is_asked_for_by_its_summary(desk: Toolset) -> None:
    asked = {tool.phrase.removesuffix(" of a ticket") for tool in enquiring.enquired(known(desk))}
    wanted = {"public holidays", "turnover", "average waiting time", "price"}
    assert asked == {*(f"look up the {thing}" for thing in wanted), "find out how many people wait"}


def test_what_is_shown_under_another_title_is_the_same_record(tmp_path: Path) -> None:
    drill = record("ToolOut", id=TEXT, name=TEXT, fee=NUMBER)
    paths = {
        "/tools": {"get": {**got("Read Tools", several(drill))["get"], "operationId": "read_tools_tools_get"}},
        "/usage": {"get": {**got("Usage Stats", record("Usage", loans=WHOLE, income=NUMBER), year=WHOLE)["get"],
                           "operationId": "usage_stats_usage_get"}},
    }  # fmt: skip
    path = tmp_path / "shed.json"
    path.write_text(
        json.dumps({"openapi": "3.1.0", "info": {"title": "Shed", "version": "1"}, "paths": paths})
    )
    toolset = load(Toolkit(openapi=str(path))).toolset
    assert {entity.noun for entity in toolset.entities} == {"tool", "usage"}
    assert [tool.phrase for tool in enquiring.enquired(known(toolset))] == ["look up the usage stats"]


def test_answers_agree_with_the_question_and_in_themselves(desk: Toolset) -> None:
    seen = set()
    for seed in range(120):
        draft = Draft(
            known(desk), InferredWorld(desk, 3), lambda: InferredWorld(desk, 3), rng(seed, "ask"), seed
        )
        try:
            enquiring.enquire(draft)
        except PlanUnfit:
            continue
        call, value = draft.executed[-1][-1][-1].call, draft.executed[-1][-1][-1].result.value
        seen.add(call.name.rpartition("_")[2])
        if "year" in call.arguments:
            assert all(row["date"].startswith(str(call.arguments["year"])) for row in value)
            assert "New Year's Day" in {row["name"] for row in value}
        if "quantity" in call.arguments:
            assert value["total"] == pytest.approx(value["unitPrice"] * call.arguments["quantity"])
        if "month" in call.arguments:
            assert value["averageOrder"] == pytest.approx(value["revenue"] / value["orders"], abs=0.01)
    assert len(seen) >= 4


@pytest.mark.parametrize(
    ("described", "sent"),
    [
        ("Day as DD.MM.YYYY", "09.03.2026"),
        ("MM/DD/YYYY", "03/09/2026"),
        ("yyyymmdd", "20260309"),
        ("", "2026-03-09"),
    ],
)
def test_days_are_sent_as_the_description_says(described: str, sent: str) -> None:
    schema = {"type": "string", "description": described}
    parameter = Parameter("/day", "day", "preference", "date", "day", True, 0.9, schema=schema)
    assert as_sent(parameter, "2026-03-09") == sent
    said = Mention(0, 0, "date", "9 March", days=((739_684, 739_684),))
    assert moments_in(sent, CLOCK) and date_relative(sent, [said], CLOCK)


@pytest.mark.parametrize(("value", "holds"), [("2026-03", True), (3, True), ("2026-04", False), (4, False)])
def test_a_month_that_is_named_is_one(value: str | int, holds: bool) -> None:
    march = Mention(0, 0, "date_range", "March", days=((739_676, 739_706),))
    assert month_named(value, [march], CLOCK) is holds
