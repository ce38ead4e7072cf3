"""Those who work for a company have a job there, in the department that has such jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from callsmith.catalog import data
from callsmith.records import Entity, Schema
from callsmith.schema import types
from callsmith.world.agreement.worth import plain_name
from callsmith.world.stories.dice import mix
from callsmith.world.stories.story import Story

Fields = Mapping[str, Schema]
Step = Callable[[dict[str, Any], Story], None]
_JOBS = ("job title", "position", "job", "job role", "occupation")
_DEPARTMENTS = ("department", "department name", "dept")
_EMPLOYED = frozenset(
    (
        "manager id",
        "manager",
        "manager name",
        "hire date",
        "hired on",
        "employee id",
        "employee number",
        "cost center",
    )
)


def employed(entity: Entity, fields: Fields) -> Step | None:
    """The job and the department of whoever a company employs or trains."""
    by = {plain_name(name): name for name, schema in fields.items() if "string" in types(schema)}
    job = next((by[name] for name in _JOBS if name in by), "")
    department = next((by[name] for name in _DEPARTMENTS if name in by), "")
    at_work = bool(job and department) or bool({*by} & _EMPLOYED)
    open_ = [name for name in (job, department) if name and not fields[name].get("enum")]
    refers = {field.pointer[1:] for field in entity.fields if field.refers}
    if not entity.person or not at_work or not open_ or {*open_} & refers:
        return None
    jobs: dict[str, list[str]] = data.read("catalog/lexicon/people.yaml")["jobs"]

    def run(record: dict[str, Any], story: Story) -> None:
        known = record.get(department) if department else None
        stranger = bool(job) and record.get(job) in ("customer", "friend")
        if stranger and department in open_ and known not in jobs:
            known = record[department] = [*jobs][mix(story.bits, 1409) % len(jobs)]
        own = jobs.get(str(known)) or ([one for held in jobs.values() for one in held] if stranger else [])
        if own and job in open_ and record.get(job):
            record[job] = own[mix(story.bits, 1411) % len(own)]

    return run
