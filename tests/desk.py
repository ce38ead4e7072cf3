"""A desk whose tools tell what is no record: figures of a month, holidays of a year, prices, waiting times."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from callsmith.config import Toolkit
from callsmith.records import Toolset
from callsmith.sources import load

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


def described(title: str, paths: Mapping[str, Any], version: str = "3.0.3") -> Toolset:
    """The tools of an OpenAPI description with these paths."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{title.lower()}.json"
        path.write_text(
            json.dumps({"openapi": version, "info": {"title": title, "version": "1"}, "paths": paths})
        )
        return load(Toolkit(openapi=str(path))).toolset


@lru_cache(maxsize=1)
def desk() -> Toolset:
    return described("Desk", PATHS)
