"""What was misunderstood or said badly of APIs that nobody had seen before: each cause once, on small invented APIs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from callsmith.catalog import data
from callsmith.catalog.sorts import sort_of
from callsmith.language.asking_for import special_question
from callsmith.language.relating import PARTS
from callsmith.meaning import Ask
from callsmith.plan.describing import lasts
from callsmith.ports import drive
from callsmith.records import Call
from callsmith.world.inferred.world import InferredWorld
from test_strange_apis import TEXT, WHOLE, answer, kind, named, record, several, understood

MOMENT = {"type": "string", "format": "date-time"}


def within(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": TEXT}


def buckets(folder: Path) -> Any:
    trial = record(id=TEXT, name=TEXT, created_by=record(name=TEXT, email=TEXT), modified=MOMENT)
    bucket = record(key=TEXT, name=TEXT)
    inside = {"parameters": [within("bucketKey")]}
    body = {"requestBody": {"content": {"application/json": {"schema": record(name=TEXT)}}}}
    return understood(
        folder,
        {
            "/buckets": {"get": {"responses": answer(several(bucket))}},
            "/buckets/{bucketKey}/tests": {
                "get": {**inside, "responses": answer(several({"title": "Test", **trial}))},
                "post": {**inside, **body, "responses": answer({"title": "Test", **trial})},
            },
            "/buckets/{bucketKey}/tests/{testId}": {
                "delete": {"parameters": [within("bucketKey"), within("testId")], "responses": {"204": {}}}
            },
        },
    )


def test_what_a_path_ends_in_is_what_a_nameless_operation_is_about(tmp_path: Path) -> None:
    toolset = buckets(tmp_path)
    assert {tool.name: tool.entity for tool in toolset.tools} == {
        "shop_get_buckets": "shop.bucket",
        "shop_get_buckets_tests": "shop.test",
        "shop_post_buckets_tests": "shop.test",
        "shop_delete_buckets_tests_by_test_id": "shop.test",
    }
    assert kind(toolset, "shop.test").noun == "test"
    assert "last change" in {field.phrase for field in kind(toolset, "shop.test").fields}


def test_who_made_a_thing_did_not_report_it() -> None:
    def asked(noun: str) -> str:
        return special_question(
            Ask("look_up", "t", "get", noun, f"{noun}s", "get", field="author", field_facet="person")
        )

    assert asked("podcast") == "maker"
    assert asked("ticket") == "author"
    assert "last name" in PARTS


def test_a_listing_is_narrowed_by_what_its_records_do_not_show(tmp_path: Path) -> None:
    coach, score = record(id=WHOLE, name=TEXT), record(id=WHOLE, points=WHOLE, season=WHOLE)
    optional = [{"name": "coachId", "in": "query", "schema": WHOLE}]
    toolset = understood(
        tmp_path,
        {
            "/coaches": {
                "get": {
                    "operationId": "listCoaches",
                    "responses": answer(several({"title": "Coach", **coach})),
                }
            },
            "/scores": {
                "get": {
                    "operationId": "listScores",
                    "parameters": optional,
                    "responses": answer(several({"title": "Score", **score})),
                }
            },
        },
    )
    assert named(toolset, "shop_list_scores").inputs[0].refers == "shop.coach"
    world = InferredWorld(toolset, 3)

    def told(tool: str, **given: Any) -> Any:
        return drive(world.call(Call("1", tool, given))).value

    coaches = [one["id"] for one in told("shop_list_coaches")]
    each = [[one["id"] for one in told("shop_list_scores", coachId=coach)] for coach in coaches]
    assert sum(map(len, each)) == len({one for found in each for one in found})


def test_categories_are_called_after_what_they_sort_and_things_inside_by_their_own_names(
    tmp_path: Path,
) -> None:
    sort = {"title": "Category", **record(id=WHOLE, name=TEXT)}
    show = {
        "title": "Podcast",
        **record(id=WHOLE, title=TEXT, author=TEXT, country=record(name=TEXT), genre=record(name=TEXT)),
    }
    toolset = understood(
        tmp_path,
        {
            "/categories": {"get": {"operationId": "listCategories", "responses": answer(several(sort))}},
            "/podcasts": {"get": {"operationId": "listPodcasts", "responses": answer(several(show))}},
        },
    )
    world = InferredWorld(toolset, 3)
    podcasts = [entry.record for entry in world.population.entries("shop.podcast")]
    titles = {one["title"] for one in podcasts}
    assert not titles & {one["country"]["name"] for one in podcasts if "country" in one}
    assert not titles & {one["genre"]["name"] for one in podcasts if "genre" in one}
    assert not any("@" in one["author"] for one in podcasts if one.get("author"))
    sorts = {entry.record["name"] for entry in world.population.entries("shop.category")}
    assert not sorts & {"Invoices", "Hiring", "Suppliers", "Contracts"}


def test_who_has_a_surname_is_a_person_whatever_they_are_called(tmp_path: Path) -> None:
    account = {
        "title": "SubAccount",
        **record(accountNumber=WHOLE, firstName=TEXT, surname=TEXT, loginName=TEXT),
    }
    toolset = understood(
        tmp_path,
        {"/sub-accounts": {"get": {"operationId": "listSubAccounts", "responses": answer(several(account))}}},
    )
    found = [entry.record for entry in InferredWorld(toolset, 3).population.entries("shop.sub_account")]
    assert found
    assert all(" " not in one["firstName"] and one["surname"] != one["firstName"] for one in found)


def test_a_key_in_a_body_is_no_argument(tmp_path: Path) -> None:
    body = {"content": {"application/json": {"schema": record(api_key=TEXT, title=TEXT)}}}
    made = {
        "operationId": "createVideo",
        "requestBody": body,
        "responses": answer(record(id=TEXT, title=TEXT)),
    }
    toolset = understood(tmp_path, {"/videos": {"post": made}})
    assert [p.name for p in named(toolset, "shop_create_video").inputs] == ["title"]


def test_only_what_lasts_is_asked_for_its_length(tmp_path: Path) -> None:
    made = {name: {"title": name, **record(id=TEXT, name=TEXT, duration=WHOLE)} for name in ("Skin", "Video")}
    toolset = understood(
        tmp_path,
        {
            f"/{name.lower()}s": {"get": {"operationId": f"list{name}s", "responses": answer(several(one))}}
            for name, one in made.items()
        },
    )
    assert [lasts(kind(toolset, f"shop.{noun}")) for noun in ("skin", "video")] == [False, True]


def test_an_id_in_the_middle_of_a_path_is_of_what_stands_before_it(tmp_path: Path) -> None:
    spot, event = record(id=WHOLE, title=TEXT), record(id=WHOLE, title=TEXT, starts_at=MOMENT)
    made = {"parameters": [{**within("id"), "schema": WHOLE}]}
    body = {
        "requestBody": {"content": {"application/json": {"schema": record(title=TEXT, starts_at=MOMENT)}}}
    }
    toolset = understood(
        tmp_path,
        {
            "/spots": {"get": {"responses": answer(several({"title": "Spot", **spot}))}},
            "/events": {"get": {"responses": answer(several({"title": "Event", **event}))}},
            "/spots/{id}/events": {
                "post": {**made, **body, "responses": answer({"title": "Event", **event})}
            },
        },
    )
    tool = named(toolset, "shop_post_spots_events")
    assert tool.entity == "shop.event"
    assert next(p for p in tool.inputs if p.name == "id").refers == "shop.spot"


def test_the_type_of_a_link_is_no_sort_of_event() -> None:
    assert sort_of(("link", "type"), "distribution link", ("event", "item")) is None
    assert sort_of(("type",), "event") is not None


def test_names_speak_of_a_matter_and_people_are_made_of_their_parts(tmp_path: Path) -> None:
    board, card = record(id=TEXT, name=TEXT), record(id=TEXT, name=TEXT, expiry_month=WHOLE, brand=TEXT)
    toolset = understood(
        tmp_path,
        {
            "/boards": {
                "get": {
                    "operationId": "listBoards",
                    "responses": answer(several({"title": "Board", **board})),
                }
            },
            "/credit-cards": {
                "get": {
                    "operationId": "listCreditCards",
                    "responses": answer(several({"title": "CreditCard", **card})),
                }
            },
        },
    )
    world = InferredWorld(toolset, 3)
    names = [entry.record["name"] for entry in world.population.entries("shop.board")]
    assert not any("week" in name.lower().split() for name in names)
    cards = [entry.record["name"] for entry in world.population.entries("shop.credit_card")]
    assert all("ending" in name for name in cards)


def test_what_is_put_to_a_record_is_not_made_of_its_kind(tmp_path: Path) -> None:
    track = {"title": "Track", **record(id=WHOLE, title=TEXT)}
    toolset = understood(
        tmp_path,
        {
            "/tracks": {"get": {"responses": answer(several(track))}},
            "/reposts/tracks/{track_id}": {
                "post": {"parameters": [within("track_id")], "responses": {"201": {}}},
                "delete": {"parameters": [within("track_id")], "responses": {"204": {}}},
            },
        },
    )
    made = {tool.name: (tool.deed, tool.entity) for tool in toolset.tools if "reposts" in tool.name}
    assert not {("create", "shop.track"), ("delete", "shop.track")} & {*made.values()}


def test_an_airport_lies_in_a_town_and_companies_are_told_apart(tmp_path: Path) -> None:
    airport = {"title": "Airport", **record(id=WHOLE, name=TEXT, location=TEXT)}
    company = {"title": "Company", **record(id=WHOLE, name=TEXT, website=TEXT)}
    toolset = understood(
        tmp_path,
        {
            "/airports": {"get": {"operationId": "listAirports", "responses": answer(several(airport))}},
            "/companies": {"get": {"operationId": "listCompanies", "responses": answer(several(company))}},
        },
    )
    population = InferredWorld(toolset, 3).population
    towns = {city["city"] for city in data.read("catalog/lexicon/places.yaml")["cities"]}
    places = {
        entry.record["location"]
        for entry in population.entries("shop.airport")
        if entry.record.get("location")
    }
    assert places <= towns
    names = [entry.record["name"] for entry in population.entries("shop.company")]
    assert len({*names}) == len(names)


def test_a_noun_that_is_said_nowhere_but_in_the_name_is_not_made(tmp_path: Path) -> None:
    body = {"requestBody": {"content": {"application/json": {"schema": record(label=TEXT, amount=WHOLE)}}}}
    made = {"operationId": "dispatcher_qrcode_crypto_post", "summary": "Payment QR code", **body}
    code = {"title": "DispatcherQrcodeCrypto", **record(id=TEXT, label=TEXT, amount=WHOLE)}
    toolset = understood(tmp_path, {"/qrcode/crypto": {"post": {**made, "responses": answer(code)}}})
    assert toolset.tools[0].confidence < 0.55
    assert "dispatcher" in toolset.tools[0].reasons[-1]
