"""Definitions made up at random of words, types, states and acts: what nobody would write, and somebody will."""

from __future__ import annotations

from random import Random
from typing import Any

KINDS = (
    "visit tenancy ticket parcel lease loan shift session permit policy claim job crate ride exam repair auction bid"
    " treatment trip cargo berth meter contract member vehicle room machine flight table sample recipe plot garment"
).split()
STATES = (
    "pending active completed cancelled",
    "draft open in_progress resolved closed",
    "requested approved rejected",
    "booked checked_in checked_out no_show",
    "scheduled running paused done failed",
    "new paid shipped delivered returned",
    "active expired suspended",
    "available let reserved",
)
DAYS = "start_date end_date due_date move_out_date valid_until expires_on visit_date".split()
MOMENTS = "starts_at ends_at created_at updated_at completed_at cancelled_at published_at".split()
NUMBERS = (
    "duration_minutes length_days quantity count price total subtotal tax discount amount balance deposit rating"
    " progress_percent weight_kg capacity version score distance_km fee hours_remaining"
).split()
TEXTS = (
    "period month time opens closes postcode phone notes reason description reference code colour category priority"
    " contact_name city url interval timezone language currency iban"
).split()
ACTS = "cancel extend complete approve renew reschedule close pause".split()


def made_up(seed: int) -> dict[str, Any]:
    """An OpenAPI document of one to four kinds of record, with lists, look-ups, changes and acts."""
    random = Random(seed)
    kinds = random.sample(KINDS, random.randint(1, 4))
    schemas: dict[str, Any] = {}
    paths: dict[str, Any] = {}
    for at, kind in enumerate(kinds):
        schemas[kind.title()] = schema = _record(random, kind, kinds[:at])
        paths |= _operations(random, kind, schema)
    info = {"title": f"{kinds[0].title()} service", "version": "1", "description": f"Keeps {kinds[0]}s."}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas}}


def _field(random: Random, name: str) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "string"}
    if name in (*DAYS, *MOMENTS):
        form = "date" if name in DAYS else "date-time"
        made = (
            {"type": "string", "format": form}
            if random.random() < 0.85
            else {"type": random.choice(["string", "integer"])}
        )
    elif name in NUMBERS:
        made = {"type": random.choice(["integer", "number"])}
        if random.random() < 0.2:
            made["minimum"] = random.choice([0, 1, 10])
            if random.random() < 0.5:
                made["maximum"] = made["minimum"] + random.choice([5, 100, 1_000_000])
    elif random.random() < 0.1:
        made["enum"] = random.choice(STATES).split()
    return {**made, "type": [made["type"], "null"]} if random.random() < 0.2 else made


def _record(random: Random, kind: str, others: list[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {"id": {"type": random.choice(["string", "string", "integer"])}}
    if random.random() < 0.7:
        fields[random.choice(["name", "title", "reference", "label"])] = {"type": "string"}
    for name in random.sample([*DAYS, *MOMENTS, *NUMBERS, *TEXTS], random.randint(4, 16)):
        fields[name] = _field(random, name)
    if random.random() < 0.7:
        fields["status"] = {"type": "string", "enum": random.choice(STATES).split()}
    fields |= {f"{other}_id": {"type": "string"} for other in others if random.random() < 0.6}
    if random.random() < 0.3:
        line = {"name": {"type": "string"}, "quantity": {"type": "integer"}, "price": {"type": "number"}}
        fields["lines"] = {"type": "array", "items": {"type": "object", "properties": line}}
    needed = [name for name in fields if name == "id" or random.random() < 0.4]
    return {"type": "object", "properties": fields, "required": needed}


def _answer(schema: dict[str, Any]) -> dict[str, Any]:
    return {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}


def _body(fields: dict[str, Any], needed: list[str]) -> dict[str, Any]:
    schema = {"type": "object", "properties": fields, "required": needed}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _operations(random: Random, kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    fields, ref = schema["properties"], {"$ref": f"#/components/schemas/{kind.title()}"}
    some = {name: one for name, one in fields.items() if name not in ("id", "created_at", "updated_at", "status")
            and random.random() < 0.5}  # fmt: skip
    asked = [{"name": name, "in": "query", "schema": one} for name, one in fields.items()
             if one["type"] in ("string", "integer", "number") and name != "id" and random.random() < 0.25]  # fmt: skip
    page = {"type": "object", "required": ["data"],
            "properties": {"data": {"type": "array", "items": ref}, "total": {"type": "integer"}}}  # fmt: skip
    listed = random.choice([page, {"type": "array", "items": ref}])
    order = random.choice(["Newest first.", "Ordered by start.", ""])
    here = [{"name": f"{kind}_id", "in": "path", "required": True, "schema": fields["id"]}]
    one: dict[str, Any] = {"parameters": here}
    one["get"] = {"operationId": f"get_{kind}", "summary": f"Get a {kind}", "responses": _answer(ref)}
    if random.random() < 0.7:
        changed = {name: one for name, one in fields.items() if name != "id" and random.random() < 0.4}
        one["patch"] = {"operationId": f"update_{kind}", "summary": f"Update a {kind}", "responses": _answer(ref),
                        "requestBody": _body(changed or {"notes": {"type": "string"}}, [])}  # fmt: skip
    if random.random() < 0.4:
        gone = {"204": {"description": "gone"}}
        one["delete"] = {"operationId": f"delete_{kind}", "summary": f"Delete a {kind}", "responses": gone}
    paths: dict[str, Any] = {
        f"/{kind}s": {
            "get": {"operationId": f"list_{kind}s", "summary": f"List {kind}s", "description": order,
                    "parameters": asked, "responses": _answer(listed)},
            "post": {"operationId": f"create_{kind}", "summary": f"Create a {kind}", "responses": _answer(ref),
                     "requestBody": _body(some, [name for name in some if random.random() < 0.4])},
        },
        f"/{kind}s/{{{kind}_id}}": one,
    }  # fmt: skip
    for act in random.sample(ACTS, random.randint(0, 3)):
        post = {
            "operationId": f"{act}_{kind}",
            "summary": f"{act.title()} a {kind}",
            "responses": _answer(ref),
        }
        paths[f"/{kind}s/{{{kind}_id}}/{act}"] = {"parameters": here, "post": post}
    return paths
