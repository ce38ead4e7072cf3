"""Look-ups of what is no record: figures of a stretch, what is free on a day, prices, holidays of a year."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from callsmith import flow
from callsmith.check.rules import date_relative, moments_in, month_named
from callsmith.config import Config, Toolkit
from callsmith.errors import PlanUnfit
from callsmith.facts.mention import Clock, Mention
from callsmith.language.figures_told import told_in_one
from callsmith.plan.arguments.sent import as_sent
from callsmith.plan.draft import Draft
from callsmith.plan.intents import enquiring
from callsmith.plan.known import known
from callsmith.ports import drive
from callsmith.records import Call, Parameter, Toolset
from callsmith.seeds import rng
from callsmith.sources import load
from callsmith.understand.enquiring import effect_of
from callsmith.world.inferred.world import InferredWorld
from desk import DAY, NUMBER, TEXT, WHOLE, described, desk, got, record, several
from test_strange_apis import answer, understood

CLOCK = Clock(datetime(2026, 3, 4, tzinfo=UTC), UTC, 739_679, 2, 600)


def test_what_no_record_tells_is_asked_for_by_its_summary() -> None:
    asked = {tool.phrase.removesuffix(" of a ticket") for tool in known(desk()).enquired}
    wanted = {"public holidays", "turnover", "average waiting time", "price"}
    assert asked == {*(f"look up the {thing}" for thing in wanted), "find out how many people wait"}
    assert {effect_of(tool) for tool in known(desk()).enquired} <= {"read", "list", "search"}


def test_what_is_shown_under_another_title_is_the_same_record() -> None:
    drill = record("ToolOut", id=TEXT, name=TEXT, fee=NUMBER)
    paths = {
        "/tools": {"get": {**got("Read Tools", several(drill))["get"], "operationId": "read_tools_tools_get"}},
        "/usage": {"get": {**got("Usage Stats", record("Usage", loans=WHOLE, income=NUMBER), year=WHOLE)["get"],
                           "operationId": "usage_stats_usage_get"}},
    }  # fmt: skip
    toolset = described("Shed", paths, "3.1.0")
    assert {entity.noun for entity in toolset.entities} == {"tool", "usage"}
    assert [tool.phrase for tool in known(toolset).enquired] == ["look up the usage stats"]


def test_answers_agree_with_the_question_and_in_themselves() -> None:
    seen = set()
    for seed in range(120):
        draft = Draft(
            known(desk()), InferredWorld(desk(), 3), lambda: InferredWorld(desk(), 3), rng(seed, "ask"), seed
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


@pytest.mark.parametrize(
    ("facts", "over", "sentence"),
    [
        ([("revenue", "€27,560"), ("orders", "280")], True, "The revenue was €27,560, with 280 orders."),
        (
            [("gross sales", "€1,008"), ("covers", "42"), ("tips", "€90")],
            True,
            "The gross sales were €1,008 and the tips €90, with 42 covers.",
        ),
        ([("hours", "6.5"), ("cost", "€112")], False, "The cost is €112 for 6.5 hours."),
        (
            [("visits", "97"), ("peak hour", "18:00")],
            True,
            "There were 97 visits, and the peak hour was 18:00.",
        ),
        ([("waiting", "3"), ("opens", "at 9:00")], False, ""),
    ],
)
def test_two_figures_are_told_in_a_sentence(facts: list[tuple[str, str]], over: bool, sentence: str) -> None:
    assert told_in_one(facts, over, brief=False) == sentence


CREW = [
    {
        "toolkit_name": "tillbox",
        "tool_id": "TILLBOX_DAILY_SALES",
        "tool_description": "Sales of a day",
        "tool_input_parameters": {"type": "object", "properties": {"date": DAY}, "required": ["date"]},
        "tool_response_parameters": {
            "type": "object",
            "properties": {"data": record("Sales", gross_sales=NUMBER, covers=WHOLE, currency=TEXT)},
        },
    },
    {
        "toolkit_name": "tillbox",
        "tool_id": "TILLBOX_CLOSE_DAY",
        "tool_description": "Closes a day",
        "tool_input_parameters": {"type": "object", "properties": {"date": DAY}, "required": ["date"]},
        "tool_response_parameters": {"type": "object", "properties": {"data": record("Closing", sum=NUMBER)}},
    },
]


def test_a_name_without_a_verb_tells_and_one_with_a_verb_does(tmp_path: Path) -> None:
    path = tmp_path / "tools.json"
    path.write_text(json.dumps({"toolkits": CREW}))
    toolset = load(Toolkit(composio=str(path))).toolset
    assert [tool.phrase for tool in known(toolset).enquired] == ["look up the sales"]
    facets = {item.pointer: item.facet for entity in toolset.entities for item in entity.fields}
    assert facets["/gross_sales"] == "amount" and facets["/covers"] == "number"


def test_a_period_is_of_when_a_thing_begins_and_not_of_when_it_was_noted_down() -> None:
    moment = {"type": "string", "format": "date-time"}
    lesson = record("Lesson", id=TEXT, name=TEXT, created_at=moment, starts_at=moment)
    toolset = described(
        "Music", {"/lessons": got("List lessons", several(lesson), from_date=DAY, to_date=DAY)}
    )
    assert [item.filters for item in toolset.tools[0].inputs] == ["/starts_at", "/starts_at"]


def _of_customers() -> Toolset:
    """Sizes that are told of each customer, and a look-up that holds nothing but ids and lists."""
    person = record("Customer", customerId=WHOLE, firstName=TEXT, lastName=TEXT)
    size = record("Measurement", customerId=WHOLE, chestCm=WHOLE, waistCm=WHOLE, takenOn=DAY)
    hollow = record("Trainability", kind=TEXT, etag=TEXT, permitted={"type": "array", "items": TEXT})
    named = [{"name": "customerId", "in": "path", "required": True, "schema": WHOLE}]
    sizes, trained = got("Get measurements", size), got("Get the trainability of a customer", hollow)
    sizes["get"]["parameters"] = trained["get"]["parameters"] = named
    paths = {
        "/customers": got("List customers", several(person)),
        "/customers/{customerId}/measurements": sizes,
        "/customers/{customerId}/trainability": trained,
    }
    return described("Tailor", paths)


def test_what_has_nothing_to_tell_is_not_asked_for() -> None:
    asked = [tool.name for tool in known(_of_customers()).enquired]
    assert len(asked) == 1 and "measurement" in asked[0]


def test_each_person_has_figures_of_their_own_and_keeps_them() -> None:
    toolset = _of_customers()
    tool = known(toolset).enquired[0]
    world = InferredWorld(toolset, 3)
    ids = [one["customerId"] for one in world.records("tailor.customer")][:8]

    def told(number: object) -> dict[str, object]:
        value = drive(world.call(Call("c", tool.name, {"customerId": number}))).value
        assert isinstance(value, dict) and value["customerId"] == number
        return value

    sizes = [told(number) for number in ids]
    assert len({(one["chestCm"], one["waistCm"], one["takenOn"]) for one in sizes}) > 5
    assert sizes == [told(number) for number in ids]


@pytest.mark.parametrize(
    ("summary", "name", "thing"),
    [
        ("Estimate the cost of a charge", "estimate_charge", "cost of a charge"),
        ("Estimates the cost of a charge", "estimateCharge", "cost of a charge"),
        ("Work out the rental price", "rental_price", "rental price"),
        ("Look up the tide times", "tides", "tide times"),
        ("Price a translation", "quote_translation", "price for a translation"),
        ("Prices the crossing", "request_quote", "price for the crossing"),
        ("Searches a month for a keyword", "keyword_volume", "searches a month"),
        ("Books out on a card", "loans", "books out"),
        ("Free rooms for a stay", "rooms", "free rooms"),
        ("Calculate postage", "postage", "postage"),
        ("Furbish the cutting of bars", "cutting_sheet", "cutting sheet"),
    ],
)
def test_a_verb_is_no_thing_that_one_asks_for(tmp_path: Path, summary: str, name: str, thing: str) -> None:
    given = {"name": "hours", "in": "query", "required": True, "schema": {"type": "integer"}}
    sort = {**given, "name": "season", "schema": {"type": "string", "enum": ["low", "high"]}}
    told = answer({"type": "object", "properties": {"total": NUMBER, "deposit": NUMBER}})
    one = {"operationId": name, "summary": summary, "parameters": [given, sort], "responses": told}
    tool = understood(tmp_path, {"/reckoning": {"get": one}}).tools[0]
    assert tool.hints["enquired"]["thing"] == thing


def test_what_is_free_of_each_size_is_told_by_size(tmp_path: Path) -> None:
    sizes = {size: {"type": "integer"} for size in ("S", "M", "XL")}
    free = {"type": "object", "required": ["shed_id", "free", "as_of"], "properties": {
        "shed_id": {"type": "string"}, "free": {"type": "object", "properties": sizes},
        "as_of": {"type": "string", "format": "date-time"}}}  # fmt: skip
    shed = {"type": "object", "required": ["id", "name"],
            "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}  # fmt: skip
    path = tmp_path / "sheds.json"
    path.write_text(json.dumps({
        "openapi": "3.1.0", "info": {"title": "Bicycle sheds", "version": "1"},
        "paths": {
            "/sheds": {"get": {"operationId": "list_sheds", "summary": "List sheds", "responses": {"200": {
                "description": "", "content": {"application/json": {"schema": {"type": "array", "items": shed}}}}}}},
            "/sheds/{shed_id}/places": {"get": {
                "operationId": "get_places", "summary": "Get free places of a shed",
                "parameters": [{"name": "shed_id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {"200": {"description": "", "content": {"application/json": {"schema": free}}}}}},
        }}))  # fmt: skip
    config = Config(toolkits=(Toolkit(openapi=str(path)),), size=12, seed=5, out=str(tmp_path / "run"))
    flow.synth(config, workers=1, fresh=True, watch=lambda progress: None)
    told = [
        (json.loads(result["content"])["free"], answer["content"])
        for line in (tmp_path / "run" / "conversations.jsonl").read_text().splitlines()
        for result, answer in pairwise(json.loads(line)["messages"])
        if result["role"] == "tool" and '"free"' in result["content"] and answer["role"] == "assistant"
    ]
    assert told and all(
        f"{free['S']} free place" in text and f"{count} in {size}" in text
        for free, text in told
        for size, count in free.items()
        if size != "S"
    )
