"""Small APIs of everyday things: records without a name, two records tied by a third, few tools."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from callsmith import flow
from callsmith.config import Config, Toolkit
from callsmith.plan.known import called_after, known
from callsmith.sources import load

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


def api(folder: Path, title: str, paths: dict[str, Any]) -> Toolkit:
    schemas = {name: {"type": "object", "properties": fields} for name, fields in RECORDS.items()}
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


def rows(kit: Toolkit, folder: Path, size: int = 24) -> list[dict[str, Any]]:
    config = Config(toolkits=(kit,), size=size, seed=5, out=str(folder / "run"))
    flow.synth(config, workers=1, fresh=True, watch=lambda progress: None)
    return [json.loads(line) for line in (folder / "run" / "conversations.jsonl").read_text().splitlines()]


def test_what_has_no_name_goes_by_the_one_it_is_for(tmp_path: Path) -> None:
    index = known(load(bakery(tmp_path)).toolset)
    assert index.entities["bakery.order"].label_pointer == "/customer_name"
    assert called_after(index.entities["bakery.order"])
    assert not called_after(known(load(library(tmp_path)).toolset).entities["library.member"])


def test_orders_are_changed_whose_customer_is_named(tmp_path: Path) -> None:
    made = rows(bakery(tmp_path), tmp_path)
    said = [message["content"] for row in made if row["kind"] == "dependent" for message in row["messages"]
            if message["role"] == "user"]  # fmt: skip
    assert said and all("order" in text and '"' not in text for text in said)


def test_a_loan_is_made_of_a_book_for_a_member_both_found_at_once(tmp_path: Path) -> None:
    made = rows(library(tmp_path), tmp_path)
    kinds = {row["kind"] for row in made}
    assert {"dependent", "multi_turn", "parallel_dependent", "missing_parameter", "no_tool"} <= kinds
    together = [
        row
        for row in made
        if row["kind"] == "parallel_dependent" and "create_loan" in json.dumps(row["messages"])
    ]
    assert together
    for row in together:
        groups = [[call["function"]["name"] for call in message["tool_calls"]] for message in row["messages"]
                  if message.get("tool_calls")]  # fmt: skip
        assert groups == [["library_list_books", "library_list_members"], ["library_create_loan"]]


def test_a_post_that_returns_is_no_look_up(tmp_path: Path) -> None:
    post = operation("returnRental", "Return a rental", "Rental", parameters=at("rental_id"))
    got = operation("listRentals", "List rentals", "Rental", True, parameters=taking("renter"))
    kit = api(tmp_path, "Rental", {"/rentals": {"get": got}, "/rentals/{rental_id}/return": {"post": post}})
    effects = {tool.name: tool.effect for tool in load(kit).toolset.tools}
    assert effects == {"rental_list_rentals": "list", "rental_return_rental": "act"}
