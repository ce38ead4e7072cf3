"""What the method, path and declared result of an operation say of it, where words of its name mislead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from callsmith.understand.inference import usable
from test_strange_apis import TEXT, WHOLE, answer, named, record, several, understood
from test_unseen_apis import within

NIGHTS = {"type": "string", "example": "Bottling nights"}
SEALED = {"type": "string", "example": "Cask seal"}
ROTA = {"title": "Rota", **record(id=TEXT, name=NIGHTS, team=TEXT)}
RECALL = {"title": "Recall", **record(id=TEXT, title=TEXT, severity=TEXT)}
STAMP = {"title": "Stamp", **record(code=TEXT, name=SEALED)}
PARKING = {"title": "ParkingFee", **record(id=TEXT, permit_id=TEXT, amount=WHOLE, paid_on=TEXT)}


def body(**fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "requestBody": {
            "content": {"application/json": {"schema": {**record(**fields), "required": [*fields]}}}
        }
    }


def brewery(folder: Path) -> Any:
    return understood(
        folder,
        {
            "/recalls": {
                "get": {"operationId": "recalls_list", "responses": answer(several(RECALL))},
                "post": {
                    "operationId": "recalls_proclaim",
                    "summary": "Proclaim a recall",
                    **body(title=TEXT, severity=TEXT),
                    "responses": answer(RECALL),
                },
            },
            "/recalls/{recall_id}": {
                "parameters": [within("recall_id")],
                "get": {"operationId": "recalls_get", "responses": answer(RECALL)},
                "patch": {
                    "operationId": "recalls_update",
                    **body(severity=TEXT),
                    "responses": answer(RECALL),
                },
            },
            "/recalls/{recall_id}/updates": {
                "parameters": [within("recall_id")],
                "post": {
                    "operationId": "recall_updates_post",
                    **body(message=TEXT),
                    "responses": answer(record(id=TEXT, recall_id=TEXT, message=TEXT)),
                },
            },
            "/stamps": {"get": {"operationId": "stampsList", "responses": answer(several(STAMP))}},
            "/stamps/{stamp_code}": {
                "parameters": [within("stamp_code")],
                "get": {"operationId": "stampGet", "responses": answer(STAMP)},
                "patch": {"operationId": "stamp_rule_update", **body(name=TEXT), "responses": answer(STAMP)},
            },
            "/night-shift/rotas": {
                "get": {"operationId": "nightshift_rotas_list", "responses": answer(several(ROTA))}
            },
            "/permits/{permit_id}/fees": {
                "parameters": [within("permit_id")],
                "get": {"operationId": "listParkingFees", "responses": answer(several(PARKING))},
                "post": {
                    "operationId": "recordParkingFee",
                    "summary": "Record a parking fee",
                    **body(amount=WHOLE),
                    "responses": answer(PARKING),
                },
            },
        },
    )


@pytest.mark.parametrize(
    ("tool", "effect", "entity", "phrase"),
    [
        ("recalls_proclaim", "create", "shop.recall", "proclaim a recall"),
        ("recalls_update", "update", "shop.recall", "update a recall"),
        ("recall_updates_post", "create", "shop.recall_update", "post a recall update"),
        ("stamp_rule_update", "update", "shop.stamp", "update a stamp"),
        ("nightshift_rotas_list", "list", "shop.rota", "list rotas"),
        ("record_parking_fee", "create", "shop.parking_fee", "record a parking fee"),
    ],
)
def test_method_path_and_result_are_surer_than_words_of_a_name(
    tmp_path: Path, tool: str, effect: str, entity: str, phrase: str
) -> None:
    found = named(brewery(tmp_path), f"shop_{tool}")
    assert (found.effect, found.entity, found.phrase) == (effect, entity, phrase)
    assert found.confidence > 0.8


def test_what_is_taken_away_where_one_record_is_shown_is_that_record(tmp_path: Path) -> None:
    """The name of the toolkit is that of its records, so that no noun is left in the names of its operations."""
    shop = {"title": "Shop", **record(id=TEXT, name={"type": "string", "example": "Harbour Books"})}
    toolset = understood(
        tmp_path,
        {
            "/shops": {"get": {"operationId": "shops_list", "responses": answer(several(shop))}},
            "/shops/{shop_id}": {
                "parameters": [within("shop_id")],
                "get": {"operationId": "shop_get", "responses": answer(shop)},
                "delete": {"operationId": "shop_archive", "responses": {"204": {"description": ""}}},
            },
        },
    )
    archived = next(tool for tool in toolset.tools if tool.hints["method"] == "delete")
    assert archived.entity == "shop.shop"
    assert usable(archived)
