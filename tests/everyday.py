"""Small APIs of everyday things, written as OpenAPI descriptions: a library, a bakery."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from callsmith.config import Toolkit

TEXT = {"type": "string"}
DAY = {"type": "string", "format": "date"}
RECORDS: dict[str, dict[str, Any]] = {
    "Book": {"id": TEXT, "title": TEXT, "author": TEXT, "available": {"type": "boolean"}},
    "Member": {"id": TEXT, "name": TEXT, "email": {"type": "string", "format": "email"}, "joined_on": DAY},
    "Loan": {"id": TEXT, "book_id": TEXT, "member_id": TEXT, "due_date": DAY, "returned": {"type": "boolean"}},
    "Cake": {"id": TEXT, "name": TEXT, "flavour": TEXT},
    "Order": {"id": TEXT, "cake_id": TEXT, "customer_name": TEXT, "pickup_on": DAY,
              "status": {"type": "string", "enum": ["open", "ready", "collected"]}},
    "Rental": {"id": TEXT, "tool_id": TEXT, "renter": TEXT, "from_date": DAY, "to_date": DAY},
}  # fmt: skip


def operation(name: str, summary: str, record: str, many: bool = False, **more: Any) -> dict[str, Any]:
    shape: dict[str, Any] = {"$ref": f"#/components/schemas/{record}"}
    schema = {"type": "array", "items": shape} if many else shape
    content = {"application/json": {"schema": schema}}
    return {
        "operationId": name,
        "summary": summary,
        "responses": {"200": {"description": "", "content": content}},
    } | more


def taking(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "query", "schema": TEXT} for name in names]


def body(record: str, *required: str) -> dict[str, Any]:
    fields = {name: schema for name, schema in RECORDS[record].items() if name != "id"}
    schema = {"type": "object", "required": list(required), "properties": fields}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def at(name: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, "schema": TEXT}]


def api(folder: Path, title: str, paths: dict[str, Any], **more: dict[str, Any]) -> Toolkit:
    schemas = {name: {"type": "object", "properties": fields} for name, fields in {**RECORDS, **more}.items()}
    text = {"openapi": "3.0.3", "info": {"title": title, "version": "1"}, "paths": paths,
            "components": {"schemas": schemas}}  # fmt: skip
    path = folder / f"{title.lower()}.json"
    path.write_text(json.dumps(text))
    return Toolkit(openapi=str(path))


def library(folder: Path) -> Toolkit:
    return api(folder, "Library", {
        "/books": {"get": operation("listBooks", "List books", "Book", True, parameters=taking("author"))},
        "/members": {"get": operation("listMembers", "List members", "Member", True)},
        "/loans": {
            "get": operation("listLoans", "List loans", "Loan", True, parameters=taking("member_id")),
            "post": operation("createLoan", "Create a loan", "Loan", **body("Loan", "book_id", "member_id")),
        },
    })  # fmt: skip


def bakery(folder: Path) -> Toolkit:
    one = {"get": operation("getOrder", "Get an order", "Order", parameters=at("order_id")),
           "patch": operation("updateOrder", "Update an order", "Order", parameters=at("order_id"),
                              **body("Order"))}  # fmt: skip
    return api(folder, "Bakery", {
        "/orders": {"get": operation("listOrders", "List orders", "Order", True, parameters=taking("customer_name"))},
        "/orders/{order_id}": one,
        "/cakes": {"get": operation("listCakes", "List cakes", "Cake", True)},
    })  # fmt: skip
