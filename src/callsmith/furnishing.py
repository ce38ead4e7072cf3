"""Records that a model writes for the kinds of an API, read back as fixtures before they are kept."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from callsmith import seeds
from callsmith.errors import ModelError, SourceError, Unanswered
from callsmith.ingest.fixtures import read_table
from callsmith.models.asking import Asking
from callsmith.ports import Model
from callsmith.prompts import Prompt, named, render
from callsmith.proposing import pitch, shown
from callsmith.records import Entity, Json, Request, Role, Schema, Table, Toolset
from callsmith.schema import settle
from callsmith.understand.populating import REF, populated
from callsmith.world.agreement.repeated import copies_of
from callsmith.world.inferred.world import InferredWorld
from callsmith.world.scene import domain_of

PROMPT = "overlay/records"
_ENOUGH = 0.5  # of the records asked for, those that an answer must hold
_TOKENS = 400  # of one record, at most
_NAMED = 60  # records of another kind that a model is told of
_TOLD = 300  # characters of each


class Written(Struct, frozen=True):
    """What a model wrote, by entity key, of a company in a city; ``refused`` is why nothing of a kind was kept."""

    company: str
    city: str
    today: str  # the day that the records are of
    records: Mapping[str, Sequence[Mapping[str, Json]]]
    refused: Mapping[str, str]


async def furnish(
    toolset: Toolset,
    count: int,
    models: Mapping[Role, Model],
    prompts: Mapping[str, Prompt],
    told: Callable[[int, int], None] = lambda done, of: None,
) -> Written:
    """``count`` records of each kind that a result shows, written by the writer.

    Kinds come after those they name, so that they can name what is there. An answer is read as the fixtures of its
    kind, with all that was kept before; what is wrong with it is sent back, twice at most.

    Raises:
        ModelError: no model will answer, whatever is asked.
    """
    desk = _Desk(toolset, count, models, prompts)
    kinds = [entity for entity in shown(toolset) if _fields(toolset, entity)]
    done = 0
    for wave in _waves(kinds):
        answers = await asyncio.gather(*(_records(desk, entity) for entity in wave))
        for entity, records in zip(wave, answers, strict=True):
            done += 1
            told(done, len(kinds))
            if records and not (why := desk.fault(entity, records)):
                desk.kept[entity.key] = records
            elif records:
                desk.refused[entity.key] = why
    return Written(desk.scene.company, desk.scene.city, desk.today, desk.kept, desk.refused)


class _Desk:
    """What was written so far, and where more is asked for."""

    def __init__(
        self, toolset: Toolset, count: int, models: Mapping[Role, Model], prompts: Mapping[str, Prompt]
    ) -> None:
        self.toolset = toolset
        self.count = count
        self.models = models
        self.prompts = prompts
        world = InferredWorld(toolset, seeds.number("records", toolset.name) % 2**31)
        self.scene, self.today = world.scene, world.now[:10]
        self.kept: dict[str, Sequence[Mapping[str, Json]]] = {}
        self.refused: dict[str, str] = {}

    def fault(self, entity: Entity, records: Sequence[Mapping[str, Json]]) -> str:
        """What is wrong with records as fixtures beside those that are kept; "" where nothing is."""
        with tempfile.TemporaryDirectory() as folder:
            try:
                populated(self.toolset, tables({**self.kept, entity.key: records}, Path(folder)))
            except SourceError as error:
                place = error.where.rpartition("/")[2]
                return f"{place}: {error.what}" + (f" ({error.hint})" if error.hint else "")
        return ""


def tables(records: Mapping[str, Sequence[Mapping[str, Json]]], folder: Path) -> list[tuple[str, Table]]:
    """The records as files of a folder, one a kind, each read back: entity key and table."""
    found = []
    for key, rows in records.items():
        path = folder / f"{key.partition('.')[2]}.json"
        path.write_text(json.dumps([*rows], ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        found.append((key, read_table(str(path))))
    return found


async def _records(desk: _Desk, entity: Entity) -> Sequence[Mapping[str, Json]]:
    values = {
        "api": pitch(desk.toolset),
        "kind": _kind(desk.toolset, entity),
        "known": "\n".join(_known(desk, entity)) or "no other kind is named",
        "today": desk.today,
        "company": desk.scene.company,
        "domain": domain_of(desk.scene.company),
        "city": desk.scene.city,
        "country": desk.scene.country,
        "currency": desk.scene.currency,
        "count": desk.count,
    }
    request = Request(
        messages=render(named(desk.prompts, PROMPT), values),
        schema=_schema(desk.toolset, entity, desk.count),
        max_tokens=_TOKENS * desk.count,
    )
    asking = Asking(desk.models, seeds.number("records", entity.key) % 2**31, 0)
    try:
        given = await asking.ask_json(
            "writer", request, fault=lambda answer: desk.fault(entity, answer["records"])
        )
    except (Unanswered, ModelError) as error:
        if isinstance(error, ModelError) and error.lasting:
            raise
        desk.refused[entity.key] = str(error)
        return ()
    records: Sequence[Mapping[str, Json]] = given["records"]
    return records


def _waves(kinds: Sequence[Entity]) -> Iterator[list[Entity]]:
    """The kinds in an order in which each comes after those it names; in a circle, those that name fewest first."""
    left = {entity.key: entity for entity in kinds}
    while left:
        waits = {key: _names(entity) & {*left} - {key} for key, entity in left.items()}
        ready = [key for key, others in waits.items() if not others]
        ready = ready or [min(left, key=lambda key: len(waits[key]))]
        yield [left.pop(key) for key in ready]


def _names(entity: Entity) -> set[str]:
    return {field.refers for field in entity.fields if field.refers} | {entity.parent} - {""}


def _fields(toolset: Toolset, entity: Entity) -> dict[str, Schema]:
    """The fields that are written: not the identifier that a system gives out, nor what repeats another record."""
    given_out = entity.id_pointer if entity.id_pointer != entity.label_pointer else ""
    repeats = {name for copy in copies_of(toolset, entity) if not copy.head for name, _ in copy.fields}
    fields = entity.schema.get("properties", {})
    return {
        name: settle(schema)
        for name, schema in fields.items()
        if f"/{name}" != given_out and (name not in repeats or f"/{name}" == entity.label_pointer)
    }


def _schema(toolset: Toolset, entity: Entity, count: int) -> Schema:
    """The form of an answer: records of the entity's own fields, in which others are named by what they are called."""
    referring = {
        field.pointer[1:] for field in entity.fields if field.refers and field.pointer.count("/") == 1
    }
    text: Schema = {"type": ["string", "null"]}
    called = {entity.label_pointer[1:], entity.id_pointer[1:]}
    properties: dict[str, Any] = {
        name: text
        if name in referring
        else schema
        if name in called
        else {"anyOf": [schema, {"type": "null"}]}
        for name, schema in _fields(toolset, entity).items()
    }
    record = {
        "type": "object",
        "properties": {REF: {"type": "string"}, **properties},
        "required": [REF, *(name for name in properties if name in called and name != REF)],
        "additionalProperties": False,
    }
    records = {
        "type": "array",
        "items": record,
        "minItems": max(1, int(count * _ENOUGH)),
        "maxItems": 2 * count,
    }
    return {
        "type": "object",
        "properties": {"records": records},
        "required": ["records"],
        "additionalProperties": False,
    }


def _kind(toolset: Toolset, entity: Entity) -> str:
    lines = [f"{entity.key.partition('.')[2]} (people say: {entity.noun})"]
    if entity.label_pointer:
        lines.append(f"what one is called stands in {entity.label_pointer}")
    referring = {field.pointer: field.refers.partition(".")[2] for field in entity.fields if field.refers}
    for name, schema in _fields(toolset, entity).items():
        refers = referring.get(f"/{name}")
        said = f"names a {refers} by what it is called" if refers else json.dumps(schema, ensure_ascii=False)
        lines.append(f"{name}: {said}"[:1000])
    return "\n".join(lines)


def _known(desk: _Desk, entity: Entity) -> Iterator[str]:
    by_key = {other.key: other for other in desk.toolset.entities}
    for key in sorted(_names(entity)):
        other = by_key.get(key)
        if other is None:
            continue
        yield f"{key.partition('.')[2]}:"
        for record in desk.kept.get(key, ())[:_NAMED]:
            rest = {name: value for name, value in record.items() if name != REF and value is not None}
            yield f"- {_called(other, record)}: {json.dumps(rest, ensure_ascii=False)[:_TOLD]}"
        if key not in desk.kept:
            yield "none yet"


def _called(entity: Entity, record: Mapping[str, Json]) -> str:
    """What a record may be named by: what it is called, with its ref where that is all it has."""
    label = record.get(entity.label_pointer[1:]) if entity.label_pointer.count("/") == 1 else None
    return str(label or record[REF])
