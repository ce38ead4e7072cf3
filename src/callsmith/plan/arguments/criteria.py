"""Conditions a person puts on a list, and how a tool takes them: as filter arguments or in its query language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from callsmith.errors import PlanUnfit
from callsmith.execute import values_at
from callsmith.meaning import Detail
from callsmith.plan.arguments.bounds import LIMITING, Criteria, limited
from callsmith.plan.arguments.fill import detail, pointed
from callsmith.plan.arguments.qualities import describes, worded
from callsmith.plan.arguments.queries import escaped
from callsmith.plan.arguments.spans import MOMENTS, day_range, partner
from callsmith.plan.arguments.wishes import WISHED_ENUMS, coded, sort_told
from callsmith.plan.describing import label_of, part_of
from callsmith.plan.draft import Draft
from callsmith.plan.known import OCCASIONS, SURE, about_person, plain
from callsmith.plan.naming import parts_of_name
from callsmith.plan.renaming import after_a_matter
from callsmith.records import Entity, Field, Json, Parameter, Tool

UNFILTERED = (
    "limit",
    "order",
    "mask",
    "object",
    "unknown",
    "url",
    "mime",
    "id",
    "currency",
    "language",
    "color",
)
FLAGS = (
    "starred",
    "unread",
    "read",
    "completed",
    "archived",
    "shared",
    "flagged",
    "overdue",
    "favorite",
    "isfavorite",
    "checked",
)


FEW = 4  # records that may well be alike


def choose_criteria(
    draft: Draft, tool: Tool, entity: Entity, record: Mapping[str, Any], most: int
) -> Criteria:
    """Up to ``most`` conditions that ``record`` meets, in the tool's own terms."""
    criteria = Criteria({}, [])
    wanted = 1 if most == 1 or draft.chance(0.62) else 2
    query = next(
        (p for p in tool.inputs if p.klass == "query" and p.confidence >= SURE and ":" in p.facet), None
    )
    if query is not None and (query.required or draft.chance(0.6)):
        text, details = query_for(draft, query, entity, record, wanted)
        criteria.arguments[query.pointer] = text
        criteria.details.extend(details)
        wanted -= len(details)
    filters = [p for p in tool.inputs if may_filter(p)]
    draft.rng.shuffle(filters)
    if entity.noun in OCCASIONS and draft.chance(0.8):
        filters.sort(
            key=lambda parameter: parameter.facet not in MOMENTS
        )  # which week is the first thing said
    for parameter in filters:
        if wanted <= 0:
            break
        wanted -= _filter(draft, tool, entity, record, parameter, criteria)
    if not criteria.details and query is None and draft.chance(0.5):
        _limit(draft, tool, criteria)
    return criteria


def may_filter(parameter: Parameter) -> bool:
    """Whether somebody may name a value of it to narrow a listing."""
    return (
        bool(parameter.filters)
        and parameter.confidence >= SURE
        and parameter.klass in ("natural_key", "preference", "content")
        and not parameter.scope
        and bool(parameter.phrase)
        and parameter.facet not in UNFILTERED
        and (parameter.facet != "flag" or plain(parameter.name) in FLAGS or describes(parameter.phrase))
        and (parameter.facet != "enum" or _narrowing(parameter))
    )


def _narrowing(parameter: Parameter) -> bool:
    """Whether people pick things by such a choice: by their status, or by a sort that they have words for."""
    if sort_told(parameter):
        return True
    named = parameter.phrase in WISHED_ENUMS or worded(parameter.phrase)
    return named and not coded(parameter)


def _filter(
    draft: Draft,
    tool: Tool,
    entity: Entity,
    record: Mapping[str, Any],
    parameter: Parameter,
    criteria: Criteria,
) -> int:
    """Add one condition; the number added."""
    if parameter.pointer in criteria.arguments or (
        parameter.facet in MOMENTS and any(item.facet in MOMENTS for item in criteria.details)
    ):
        return 0
    if any(p.filters == parameter.filters and p.pointer in criteria.arguments for p in tool.inputs):
        return 0
    value = pointed(record, parameter.filters)
    user = draft.scene.user
    if value is None or isinstance(value, (dict, list)) or _had_by_all(draft, entity, parameter, value):
        return 0
    if value == "" or parameter.facet == "enum" and str(value).lower() in REST:
        return 0  # nobody asks for the other ones
    if str(value).startswith("arn:"):
        return 0  # nobody says it
    if parameter.facet in ("person", "username", "email") and value in (user.name, user.email, user.username):
        return 0  # nobody speaks of oneself by name
    if parameter.facet in MOMENTS:
        return _moment(draft, tool, parameter, value, criteria)
    if parameter.compare in ("contains", "text"):
        label = label_of(entity, record)
        part = parameter.filters in parts_of_name(entity)
        if not part and parameter.filters != entity.label_pointer or not label:
            return 0
        words = str(value) if part else part_of(draft, label)[0]
        criteria.arguments[parameter.pointer] = words
        criteria.details.append(detail(parameter, words, role="filters"))
        return 1
    if parameter.compare in LIMITING:
        return limited(draft, entity, parameter, value, criteria)
    if parameter.compare not in ("eq", "has"):
        return 0
    if "enum" in parameter.schema and value not in parameter.schema["enum"]:
        return 0
    if isinstance(value, bool):
        shape = "flag"
    else:
        shape = "value"
    argument: Json = [value] if "*" in parameter.pointer else value
    criteria.arguments[parameter.pointer] = argument
    criteria.details.append(detail(parameter, value, role="filters", shape=shape))
    return 1


REST = ("other", "others", "misc", "miscellaneous", "none", "unknown", "unspecified")


def _had_by_all(draft: Draft, entity: Entity, parameter: Parameter, value: Json) -> bool:
    """Whether every record there is has a value: to ask for those in Berlin narrows nothing where all are."""
    records = draft.world.records(entity.key)
    return len(records) > FEW and all(pointed(record, parameter.filters) == value for record in records)


def _moment(draft: Draft, tool: Tool, parameter: Parameter, value: Json, criteria: Criteria) -> int:
    found = time_span(draft, tool, parameter, value, draft.choice(("day", "day", "week")))
    if found is not None:
        criteria.arguments.update(found[0])
        criteria.details.append(found[1])
        return 1
    at = _local(draft, parameter, value)
    if at is None:
        return 0
    start, end = day_range(at, "day", draft.scene.time_zone)
    dates = parameter.facet == "date"
    shape, said = {
        "ge": ("after", start[:10] if dates else start),
        "gt": ("after", start[:10] if dates else start),
        "le": ("before", start[:10] if dates else end),  # that day included
        "lt": ("before", end[:10] if dates else end),
        "eq": ("value", at.date().isoformat() if dates else ""),
    }.get(parameter.compare, ("", ""))
    passed = shape == "before" and at <= datetime.fromisoformat(draft.scene.now)
    if not said or passed and said > draft.scene.now:
        return 0  # what is past is not bounded by what is to come
    criteria.arguments[parameter.pointer] = said
    criteria.details.append(detail(parameter, said, role="filters", shape=shape))
    return 1


def _local(draft: Draft, parameter: Parameter, value: Json) -> datetime | None:
    """The moment of a record in the user's time zone, when people would still name its day."""
    if not isinstance(value, str) or parameter.facet in ("timestamp", "time") or len(value) < 10:
        return None
    zone = ZoneInfo(draft.scene.time_zone)
    moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    moment = moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    return moment if abs((moment - datetime.fromisoformat(draft.scene.now)).days) <= 21 else None


def time_span(
    draft: Draft, tool: Tool, parameter: Parameter, value: Json, whole: str
) -> tuple[dict[str, str], Detail] | None:
    """The arguments that keep to the day or week around ``value``, for a tool that takes a beginning and an end."""
    pair, moment = partner(tool, parameter), _local(draft, parameter, value)
    if pair is None or moment is None:
        return None
    start, end = day_range(moment, whole, draft.scene.time_zone)
    if parameter.facet == "date":
        last = datetime.fromisoformat(end) - timedelta(days=pair[1].compare != "lt")
        start, end = start[:10], last.date().isoformat()
    ends = detail(pair[0], [start, end], role="filters", shape="range")
    return {pair[0].pointer: start, pair[1].pointer: end}, ends


def _limit(draft: Draft, tool: Tool, criteria: Criteria) -> None:
    for parameter in tool.inputs:
        if parameter.facet == "limit" and parameter.confidence >= SURE and not parameter.required:
            most = draft.choice((3, 5, 5))
            if most >= len(draft.world.records(tool.entity)):
                return
            criteria.arguments[parameter.pointer] = most
            criteria.details.append(detail(parameter, most, role="filters"))
            return


# ---------------------------------------------------------------- conditions inside a query


def query_for(
    draft: Draft, parameter: Parameter, entity: Entity, record: Mapping[str, Any], wanted: int
) -> tuple[str, list[Detail]]:
    """A query that ``record`` meets and what the user says for it.

    Raises:
        PlanUnfit: the language is not one that can be written here.
    """
    language = parameter.facet.partition(":")[2]
    writers = {
        "gmail": _gmail_terms,
        "jql": _jql_terms,
        "drive": _drive_terms,
        "text": _text_terms,
        "stripe": _stripe_terms,
    }
    if language not in writers:
        raise PlanUnfit(f"queries in {language or 'this language'} are not written")
    options = writers[language](draft, entity, record)
    if not options:
        raise PlanUnfit("nothing to search for")
    draft.rng.shuffle(options)
    taken: list[tuple[str, Detail]] = []
    for term, item in options:
        if len(taken) < wanted and all(item.parameter != other.parameter for _, other in taken):
            taken.append((term, item))
    joiner = {"gmail": " ", "text": " "}.get(language, " AND " if language in ("jql", "stripe") else " and ")
    return joiner.join(term for term, _ in taken), [item for _, item in taken]


def _words(draft: Draft, entity: Entity, record: Mapping[str, Any]) -> list[tuple[str, Detail]]:
    label = label_of(entity, record)
    if not label:
        return []
    if topic := next((t.name for t in draft.scene.topics if t.name.lower() in label.lower()), ""):
        return [(topic, Detail("query", "title", "about", "filters", "value", [topic]))]
    words, _ = part_of(draft, label)
    # A lift is called Lift 35, and nothing is about it.
    role = "called" if words == label else "query" if after_a_matter(entity) else "name"
    return [(words, Detail(role, "title", "about", "filters", "value", [words]))]


def _text_terms(draft: Draft, entity: Entity, record: Mapping[str, Any]) -> list[tuple[str, Detail]]:
    return _words(draft, entity, record)


def _gmail_terms(draft: Draft, entity: Entity, record: Mapping[str, Any]) -> list[tuple[str, Detail]]:
    terms: list[tuple[str, Detail]] = []
    for words, item in _words(draft, entity, record):
        clean = words.replace('"', "")
        terms.append((draft.choice((f'"{clean}"', f'subject:"{clean}"', f"subject:({clean})")), item))
    pointer = about_person(entity, frozenset(f.pointer for f in entity.fields))
    person = next(
        (p for p in draft.scene.people if pointer and pointed(record, pointer.pointer) in (p.email, p.name)),
        None,
    )
    if person:
        item = Detail("from", "person", "from", "filters", "value", [person.given], shown=person.given)
        terms.append((f"from:{person.given.lower()}", item))
    labels = {
        str(value)
        for field in entity.fields
        if "label" in plain(field.pointer)
        for value in values_at(record, field.pointer)
    }
    for label, term, name in (("UNREAD", "is:unread", "unread"), ("STARRED", "is:starred", "starred")):
        if label in labels:
            terms.append((term, Detail(name, "flag", name, "filters", "flag", [True])))
    if any(pointed(record, f.pointer) is True for f in entity.fields if "attachment" in plain(f.pointer)):
        terms.append(
            ("has:attachment", Detail("attachment", "flag", "attachments", "filters", "flag", [True]))
        )
    days = _days_ago(draft, entity, record)
    if days is not None and 0 <= days <= 10:
        at = (datetime.fromisoformat(draft.scene.now) - timedelta(days=days)).date()
        item = Detail("after", "date", "date", "filters", "after", [at.isoformat()])
        terms.append((f"after:{at:%Y/%m/%d}", item))
    return terms


def _days_ago(draft: Draft, entity: Entity, record: Mapping[str, Any]) -> int | None:
    now = datetime.fromisoformat(draft.scene.now)
    for item in entity.fields:
        if item.facet == "date_time" and "*" not in item.pointer:
            value = pointed(record, item.pointer)
            if isinstance(value, str):
                return (
                    now.date()
                    - datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone(now.tzinfo).date()
                ).days
    return None


def _named(entity: Entity, *names: str) -> Field | None:
    for item in entity.fields:
        path = [plain(step) for step in item.pointer.split("/")[1:]]
        if any(name in path for name in names) and path[-1] in (*names, "name", "displayname", "key"):
            return item
    return None


def _jql_terms(draft: Draft, entity: Entity, record: Mapping[str, Any]) -> list[tuple[str, Detail]]:
    terms = [
        (f'{draft.choice(("summary", "text"))} ~ "{words.replace(chr(34), "")}"', item)
        for words, item in _words(draft, entity, record)
    ]
    for name in ("status", "priority", "issuetype"):
        item = _named(entity, name)
        value = pointed(record, item.pointer) if item else None
        if isinstance(value, str):
            phrase = "type" if name == "issuetype" else name
            terms.append((f'{name} = "{value}"', Detail(name, "enum", phrase, "filters", "value", [value])))
    project = next((i for i in entity.fields if plain(i.pointer).endswith("project/key")), None)
    key = pointed(record, project.pointer) if project else None
    if isinstance(key, str):
        terms.append((f"project = {key}", Detail("project", "key", "project", "names", "value", [key])))
    assignee = _named(entity, "assignee")
    name_value = pointed(record, assignee.pointer) if assignee else None
    if name_value == draft.scene.user.name:
        terms.append(("assignee = currentUser()", Detail("mine", "flag", "mine", "filters", "flag", [True])))
    return terms


def _drive_terms(draft: Draft, entity: Entity, record: Mapping[str, Any]) -> list[tuple[str, Detail]]:
    terms = [(f"name contains '{escaped(words)}'", item) for words, item in _words(draft, entity, record)]
    if pointed(record, "/starred") is True:
        terms.append(("starred = true", Detail("starred", "flag", "starred", "filters", "flag", [True])))
    days = _days_ago(draft, entity, record)
    if days is not None and 1 <= days <= 12:
        at = datetime.fromisoformat(draft.scene.now) - timedelta(days=days)
        item = Detail("modifiedTime", "date", "changed", "filters", "after", [at.date().isoformat()])
        terms.append((f"modifiedTime > '{at.date().isoformat()}T00:00:00'", item))
    return terms


def _stripe_terms(draft: Draft, entity: Entity, record: Mapping[str, Any]) -> list[tuple[str, Detail]]:
    terms: list[tuple[str, Detail]] = []
    for name in ("email", "name", "status"):
        item = _named(entity, name)
        value = pointed(record, item.pointer) if item else None
        if item and isinstance(value, str):
            terms.append(
                (f"{name}:'{escaped(value)}'", Detail(name, item.facet, name, "filters", "value", [value]))
            )
    return terms
