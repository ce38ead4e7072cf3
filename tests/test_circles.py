"""Who speaks: the people and the house fit what the tools are about."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from callsmith import sources
from callsmith.catalog import data
from callsmith.catalog.trades import trades
from callsmith.config import Toolkit
from callsmith.language.grammar import expand
from callsmith.language.prompts import system_prompt
from callsmith.language.requests import asides
from callsmith.language.voicing import Voicing
from callsmith.meaning import Ask, Plan, Reply, Round
from callsmith.plan.known import known
from callsmith.records import Offer, Scene, Toolset
from callsmith.seeds import rng
from callsmith.world.inferred.world import InferredWorld
from callsmith.world.scene import trade_named, trade_of
from callsmith.world.stories.circles import circle_of
from callsmith.world.stories.relations import kinds_of

CIRCLES: list[dict[str, Any]] = data.read("catalog/lexicon/circles.yaml")
TAKEN = {one["name"] for one in CIRCLES} | {*trades()}
TRADES = [one for one in CIRCLES if "nouns" in one]


def toolset(
    folder: Path, nouns: Sequence[str], title: str = "Store API", about: str = "", **fields: Any
) -> Toolset:
    """A toolset that lists and makes things of these nouns."""
    paths: dict[str, Any] = {}
    for noun in nouns:
        one = {
            "type": "object",
            "properties": {"id": {"type": "string"}, "name": {"type": "string"}, **fields},
        }
        answer = {"200": {"content": {"application/json": {"schema": {"type": "array", "items": one}}}}}
        made = {"201": {"content": {"application/json": {"schema": one}}}}
        body = {"content": {"application/json": {"schema": one}}}
        paths[f"/{noun}s"] = {
            "get": {"operationId": f"list_{noun}s", "summary": f"List {noun}s", "responses": answer},
            "post": {"operationId": f"create_{noun}", "summary": f"Create a {noun}", "requestBody": body, "responses": made},
        }  # fmt: skip
    path = folder / f"{nouns[0]}.json"
    info = {"title": title, "version": "1", "description": about}
    path.write_text(json.dumps({"openapi": "3.0.0", "info": info, "paths": paths}))
    return sources.load(Toolkit(openapi=str(path), name="made")).toolset


def chosen(toolset: Toolset) -> str:
    return circle_of(toolset, kinds_of(toolset))


@pytest.mark.parametrize("aside", [False, True], ids=["known", "set aside"])
def test_companies_of_unusual_sorts_are_not_taken_for_others(aside: bool, tmp_path: Path) -> None:
    """A driving school is no school and a tool library lends no books: nine in ten of them, at least."""
    lines = yaml.safe_load((Path(__file__).parent / "businesses.yaml").read_text())["businesses"].splitlines()
    right = []
    for place, line in enumerate(lines):
        if (place % 5 == 4) != aside:
            continue
        title, about, nouns, labels = line.split(" | ")
        (folder := tmp_path / str(place)).mkdir()
        circle = chosen(toolset(folder, nouns.split(), title, about))
        unknown = circle == "plain" or circle not in TAKEN
        right.append(circle in labels.split(", ") or unknown and "plain" in labels.split(", "))
    assert sum(right) >= 0.9 * len(right)


def test_the_name_of_a_company_is_no_part_of_what_it_is(tmp_path: Path) -> None:
    about = "Backend of the Clutch Control driving school. Learners book lessons."
    assert chosen(toolset(tmp_path, ["learner", "lesson", "test"], "Clutch Control API", about)) == "driving"


@pytest.mark.parametrize(
    ("about", "nouns", "trade"),
    [
        (
            "Back office of the Alpenrausch ski school. Used by the front desk and the web shop.",
            ["lesson"],
            "ski",
        ),
        (
            "Back office of a studio. Clients, shoots, proofing galleries and invoices.",
            ["shoot", "gallery"],
            "photo",
        ),
    ],
)
def test_who_else_uses_an_api_and_what_it_keeps_are_no_company(
    about: str, nouns: list[str], trade: str, tmp_path: Path
) -> None:
    assert {entity.trade for entity in toolset(tmp_path, nouns, "Desk API", about).entities} == {trade}


def test_a_company_of_an_unknown_trade_is_called_what_it_is(tmp_path: Path) -> None:
    made = toolset(tmp_path, ["lesson", "student", "teacher"], "Desk API", "Bookings for unicycle schools.")
    assert {str(entity.trade) for entity in made.entities} == {"unicycle school"}
    speaks = InferredWorld(made, 3).scene
    assert speaks.industry == "unicycle school" and speaks.company.endswith(" Unicycle School")
    assert speaks.user.role not in trade_named("school")["roles"]


@pytest.mark.parametrize(
    "about",
    ["Runs the call center and the help center.", "Students of a school and their homework.", "AWS Device Farm tests apps.",
     "We keep track of lessons in every primary school."],
)  # fmt: skip
def test_parts_of_software_and_plain_words_make_no_company_another(about: str, tmp_path: Path) -> None:
    assert chosen(toolset(tmp_path, ["pupil", "homework", "teacher"], "Desk API", about)) == "school"


@pytest.mark.parametrize("circle", TRADES, ids=lambda one: one["name"])
def test_the_nouns_of_a_circle_choose_it(circle: dict[str, Any], tmp_path: Path) -> None:
    made = toolset(tmp_path, circle["nouns"][:3])
    assert chosen(made) == circle["name"]
    for seed in range(4):
        speaks = InferredWorld(made, seed).scene
        house = trade_named(circle["name"])
        assert speaks.industry == house["name"] and speaks.trade == "own"
        assert speaks.user.role in circle["roles"]
        assert any(speaks.company.endswith(end) for end in house["houses"])
        assert all(p.company == speaks.company for p in speaks.people if p.relation == "colleague")
        assert trade_of(speaks)["products"] == house["products"]


@pytest.mark.parametrize(
    ("nouns", "name"),
    [
        (["dog", "walk"], "kennel"),
        (["lot", "permit", "ticket"], "car park operator"),
        (["class", "booking", "trainer"], "gym"),
        (["tool", "rental"], "rental shop"),
        (["boat", "berth", "stay"], "marina"),
        (["cake", "order"], "bakery"),
        (["pet", "owner", "visit", "vet"], "veterinary clinic"),
    ],
)
def test_small_apis_are_used_by_those_whose_work_they_are(
    nouns: list[str], name: str, tmp_path: Path
) -> None:
    assert chosen(toolset(tmp_path, nouns)) == name


def test_a_title_or_fields_tell_of_a_domain_as_well(tmp_path: Path) -> None:
    assert chosen(toolset(tmp_path, ["entry", "visit"], "Riverside Marina API")) == "marina"
    text = {"type": "string"}
    assert chosen(toolset(tmp_path, ["unit"], isbn=text, genre=text)) == "library"


def test_nouns_that_nobody_knows_give_people_without_a_trade(tmp_path: Path) -> None:
    made = toolset(tmp_path, ["flumox", "grelb"])
    assert chosen(made) == "plain"
    trades = {one["name"] for one in data.read("catalog/lexicon/industries.yaml")}
    for seed in range(8):
        speaks = InferredWorld(made, seed).scene
        assert speaks.trade == "unknown" and speaks.industry not in trades


def test_one_known_noun_of_many_is_no_domain(tmp_path: Path) -> None:
    assert chosen(toolset(tmp_path, ["dog", *(f"{letter}lumox" for letter in "bcdfghkm")])) == "plain"


@pytest.mark.parametrize("name", ["gmail", "stripe", "jira", "googlecalendar", "todoist"])
def test_office_software_is_used_in_offices_of_any_sort(name: str) -> None:
    assert chosen(sources.load(Toolkit(name=name)).toolset) == ""


def planned(made: Toolset, seed: int) -> Plan:
    return Plan(kind="single", intent="", locale="en-GB", clarity="good", register="neutral",
                offer=Offer(tuple(tool.name for tool in made.tools)), scene=InferredWorld(made, seed).scene,
                rounds=[Round("", Ask("chat", "", "", "", ""), [], Reply("chat"))])  # fmt: skip


def prompted(made: Toolset, seed: int) -> tuple[Scene, str]:
    plan = planned(made, seed)
    return plan.scene, system_prompt(plan, known(made), rng("prompt", seed))


def test_no_other_trade_appears_in_a_prompt(tmp_path: Path) -> None:
    made = toolset(tmp_path, ["cake", "order"])
    others = [one for one in data.read("catalog/lexicon/industries.yaml") if one["name"] != "bakery"]
    seen = set()
    for seed in range(60):
        speaks, text = prompted(made, seed)
        assert speaks.company in text and "Bakers's" not in text
        assert not any(one["name"] in text for one in others)
        seen.add("a bakery" in text)
    assert seen == {True, False}


def test_where_the_trade_is_unknown_prompts_mostly_leave_the_profession_out(tmp_path: Path) -> None:
    made = toolset(tmp_path, ["flumox", "grelb"])
    without = sum(
        speaks.user.role not in text for speaks, text in (prompted(made, seed) for seed in range(60))
    )
    assert without > 30


def test_asides_of_an_office_are_for_offices(tmp_path: Path) -> None:
    ask = Ask("list", "", "", "", "")
    at_work = planned(toolset(tmp_path, ["cake", "order"]), 1)
    at_desk = planned(sources.load(Toolkit(name="gmail")).toolset, 1)
    said = {}
    for name, plan in (("work", at_work), ("desk", at_desk)):
        voice = Voicing(plan, rng("voice", name))
        values = asides(voice, ask)
        said[name] = {expand(voice.grammar, "reason.any.after", values, voice.rng) for _ in range(3000)}
    assert any("stand-up" in text for text in said["desk"])
    assert not any(
        "folders" in text or "stand-up" in text or "audit" in text or "corridor" in text
        for text in said["work"]
    )
    assert len(said["work"]) > 100


def test_circles_have_all_that_a_scene_takes_from_them() -> None:
    for circle in CIRCLES:
        house = trade_named(circle["name"])
        assert len(set(house["roles"])) == len(house["roles"]) >= 8
        assert sum(len(names) for names in house["topics"].values()) >= 18
        if "nouns" in circle or circle.get("neutral"):
            assert len(house["products"]) == len(house["prices"])
