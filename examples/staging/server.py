"""A small staging API on this machine: a bicycle workshop with its customers, bicycles and repairs.

    STAGING_TOKEN=let-me-in-please python examples/staging/server.py

It forgets everything when it stops.
"""

from __future__ import annotations

import os
from typing import Any

from aiohttp import web

CUSTOMERS = (
    "Hanna Voss", "Tomasz Wilk", "Rosa Albrecht", "Idris Bello", "Maeve O'Hara", "Jonas Lind", "Priya Nair",
    "Luca Ferri", "Amina Sow", "Teun de Wit", "Yuki Tanaka", "Nora Byrne",
)  # fmt: skip
MODELS = (
    "Patria touring",
    "Koga city",
    "Gazelle cargo",
    "Brompton folding",
    "Canyon gravel",
    "Giant mountain",
)
WORK = (
    "Replace the chain", "True the rear wheel", "Bleed the brakes", "Fit new mudguards", "Repair a puncture",
    "Adjust the gears", "Replace the bottom bracket", "Service the hub dynamo", "Fit a child seat", "Wrap the bars",
)  # fmt: skip
STATES = ("waiting", "in_progress", "ready", "collected")
NOTES = ("Customer called twice.", "Part ordered from Shimano.", "Frame is scratched on the left.")
TODAY = "2026-11-20T10:00:00Z"
WORKSHOP = web.AppKey("workshop", dict[str, dict[int, dict[str, Any]]])


def workshop() -> dict[str, dict[int, dict[str, Any]]]:
    """Everything there is, by kind and id."""
    customers = {
        100 + place: {
            "id": 100 + place,
            "name": name,
            "email": name.lower().replace(" ", ".").replace("'", "") + "@mail.example",
            "city": ("Utrecht", "Leiden", "Delft")[place % 3],
        }
        for place, name in enumerate(CUSTOMERS)
    }
    repairs: dict[int, dict[str, Any]] = {}
    for place in range(30):
        repairs[5000 + place] = {
            "id": 5000 + place,
            "customer_id": 100 + place * 5 % len(CUSTOMERS),
            "title": f"{WORK[place % len(WORK)]} on the {MODELS[place * 7 % len(MODELS)]}",
            "status": STATES[place % 4],
            "price": round(15 + place * 37 % 90 + 0.5, 2),
            "pickup_date": f"2026-11-{place % 28 + 1:02}",
            "created_at": f"2026-10-{place % 28 + 1:02}T09:{place + 10}:00Z",
        }
    notes = {
        9000 + place: {
            "id": 9000 + place,
            "repair_id": 5000 + place * 3 % 30,
            "text": NOTES[place % 3],
            "created_at": f"2026-10-{place % 20 + 5:02}T11:00:00Z",
        }
        for place in range(20)
    }
    return {"customers": customers, "repairs": repairs, "notes": notes}


def application(token: str = "") -> web.Application:
    """The API. With a token, requests need it as ``Authorization: Bearer …``."""

    @web.middleware
    async def guarded(request: web.Request, handler: Any) -> web.StreamResponse:
        if token and request.headers.get("Authorization") != f"Bearer {token}":
            return _error(401, "Bad credentials")
        answer: web.StreamResponse = await handler(request)
        return answer

    app = web.Application(middlewares=[guarded])
    app[WORKSHOP] = workshop()
    app.add_routes(
        [
            web.get("/customers", customers),
            web.get("/customers/{customerId}", customer),
            web.get("/repairs", repairs),
            web.post("/repairs", add_repair),
            web.get("/repairs/{repairId}", repair),
            web.patch("/repairs/{repairId}", change_repair),
            web.delete("/repairs/{repairId}", drop_repair),
            web.get("/repairs/{repairId}/notes", notes),
            web.post("/repairs/{repairId}/notes", add_note),
        ]
    )
    return app


async def customers(request: web.Request) -> web.Response:
    wanted = request.query.get("city")
    held = [one for one in request.app[WORKSHOP]["customers"].values() if wanted in (None, one["city"])]
    return _page(request, held)


async def customer(request: web.Request) -> web.Response:
    return _one(request, "customers", "customerId")


async def repairs(request: web.Request) -> web.Response:
    state, owner = request.query.get("status"), request.query.get("customer_id")
    held = [
        one
        for one in request.app[WORKSHOP]["repairs"].values()
        if state in (None, one["status"]) and owner in (None, str(one["customer_id"]))
    ]
    return _page(request, held)


async def repair(request: web.Request) -> web.Response:
    return _one(request, "repairs", "repairId")


async def add_repair(request: web.Request) -> web.Response:
    given = await request.json()
    held = request.app[WORKSHOP]["repairs"]
    if given.get("customer_id") not in request.app[WORKSHOP]["customers"]:
        return _error(422, "There is no such customer")
    number = max(held) + 1
    fresh = {"status": "waiting", "price": None, "pickup_date": None, "created_at": TODAY}
    held[number] = {"id": number, **fresh, **given}
    return web.json_response(held[number], status=201)


async def change_repair(request: web.Request) -> web.Response:
    held = request.app[WORKSHOP]["repairs"].get(_number(request, "repairId"))
    if held is None:
        return _error(404, "There is no such repair")
    held.update(await request.json())
    return web.json_response(held)


async def drop_repair(request: web.Request) -> web.Response:
    if request.app[WORKSHOP]["repairs"].pop(_number(request, "repairId"), None) is None:
        return _error(404, "There is no such repair")
    return web.Response(status=204)


async def notes(request: web.Request) -> web.Response:
    number = _number(request, "repairId")
    if number not in request.app[WORKSHOP]["repairs"]:
        return _error(404, "There is no such repair")
    held = [one for one in request.app[WORKSHOP]["notes"].values() if one["repair_id"] == number]
    return _page(request, held)


async def add_note(request: web.Request) -> web.Response:
    held, number = request.app[WORKSHOP]["notes"], _number(request, "repairId")
    if number not in request.app[WORKSHOP]["repairs"]:
        return _error(404, "There is no such repair")
    fresh = max(held) + 1
    held[fresh] = {"id": fresh, "repair_id": number, "created_at": TODAY, **await request.json()}
    return web.json_response(held[fresh], status=201)


def _number(request: web.Request, name: str) -> int:
    text = request.match_info[name]
    return int(text) if text.isdigit() else 0


def _one(request: web.Request, kind: str, name: str) -> web.Response:
    held = request.app[WORKSHOP][kind].get(_number(request, name))
    return web.json_response(held) if held else _error(404, f"There is no such {kind[:-1]}")


def _page(request: web.Request, held: list[dict[str, Any]]) -> web.Response:
    size = max(1, min(50, int(request.query.get("limit", 20))))
    page = max(1, int(request.query.get("page", 1)))
    return web.json_response({"total": len(held), "items": held[size * (page - 1) : size * page]})


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": {"message": message}}, status=status)


if __name__ == "__main__":
    web.run_app(application(os.environ.get("STAGING_TOKEN", "")), host="127.0.0.1", port=8765)
