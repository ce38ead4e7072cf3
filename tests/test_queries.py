"""Query languages: never a crash, and simple conjunctions mean what a plain reading of the records says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callsmith.catalog import builtin
from callsmith.understand import understand
from callsmith.world.inferred.specs import specs_of
from callsmith.world.inferred.world import InferredWorld
from callsmith.world.queries.asked import QueryError
from callsmith.world.queries.queries import query_of
from callsmith.world.stories.clock import DAY

Record = Mapping[str, Any]
TOOLS = {
    "query:gmail": ("gmail", "gmail_messages_search"),
    "query:drive": ("googledrive", "googledrive_files_list"),
    "query:jql": ("jira", "jira_issues_search"),
    "query:stripe": ("stripe", "stripe_customers_search"),
}
PIECES = {
    "query:gmail": ["from:", "to:me", "subject:", "is:unread", "-", "(", ")", "{", "}", '"', "OR", "newer_than:7d",
                    "after:2026/13/45", "before:2025/1/2", "label:", "has:attachment", "larger:1M", "x", " "],
    "query:drive": ["name", "contains", "'a'", "=", "and", "or", "not", "(", ")", "trashed", "true", "mimeType",
                    "'root'", "in", "parents", "modifiedTime", ">", "'2026-01-01T00:00:00'", "'", "sharedWithMe"],
    "query:jql": ["project", "=", "OPS", "status", "in", "(", "Done", ",", ")", "AND", "OR", "NOT", "assignee",
                  "currentUser()", "is", "EMPTY", "created", ">=", "-7d", "order by", "priority", "DESC", '"', "~"],
    "query:stripe": ["email", ":", "'a@b.example'", "AND", "OR", "-", "name", "~", "'abc'", "created", ">", "100",
                     "metadata['k']", "'", "null"],
}  # fmt: skip


@cache
def world_of(facet: str, seed: int) -> InferredWorld:
    toolkit = TOOLS[facet][0]
    return InferredWorld(understand(toolkit, builtin.load(toolkit)), seed)


def found(facet: str, seed: int, text: str) -> list[Record]:
    world = world_of(facet, seed)
    spec = specs_of(world.toolset)[TOOLS[facet][1]]
    query = query_of(text, facet, spec.fields, world.population)
    return [record for record in world.records(spec.record_entity) if query.test(record)]


def all_records(facet: str, seed: int) -> list[Record]:
    world = world_of(facet, seed)
    return list(world.records(specs_of(world.toolset)[TOOLS[facet][1]].record_entity))


@given(st.data(), st.sampled_from(sorted(TOOLS)))
@settings(max_examples=400, deadline=None)
def test_no_query_crashes(draw: st.DataObject, facet: str) -> None:
    words = draw.draw(st.lists(st.sampled_from(PIECES[facet]) | st.text(max_size=6), max_size=8))
    text = draw.draw(st.sampled_from([" ", ""])).join(words)
    refusable = () if facet == "query:gmail" else (QueryError,)
    with suppress(*refusable):
        found(facet, 2, text)


def expect(facet: str, seed: int, text: str, oracle: Callable[[Record], bool]) -> None:
    got = [record["id"] for record in found(facet, seed, text)]
    assert got == [record["id"] for record in all_records(facet, seed) if oracle(record)], text


@given(st.integers(1, 4), st.integers(0, 10**6), st.integers(1, 90))
@settings(max_examples=40, deadline=None)
def test_gmail_conjunctions(seed: int, pick: int, days: int) -> None:
    facet = "query:gmail"
    world = world_of(facet, seed)
    records = all_records(facet, seed)
    one = records[pick % len(records)]
    sender, clock = one["from"], world.population.clock
    when = clock.parse
    expect(facet, seed, f"from:{sender}", lambda r: r["from"] == sender)
    expect(
        facet,
        seed,
        f"from:{sender} -is:unread newer_than:{days}d",
        lambda r: (
            r["from"] == sender
            and "UNREAD" not in r["labelIds"]
            and (when(r["date"]) or 0) >= clock.now - days * DAY
        ),
    )
    day = clock.day(when(one["date"]) or 0)
    expect(
        facet,
        seed,
        f"after:{day.replace('-', '/')} has:attachment",
        lambda r: (when(r["date"]) or 0) >= (when(day) or 0) and r["hasAttachments"],
    )
    words = [piece.strip('?:,.()"') for piece in one["subject"].split()[:2]]
    inside = found(facet, seed, f"subject:({' '.join(words)})")
    assert one in inside
    assert all(piece.casefold() in r["subject"].casefold() for r in inside for piece in words)
    word = one["subject"].split()[-1].strip('?:,.()"')
    assert one in found(facet, seed, f'subject:"{word}"')
    assert {r["id"] for r in found(facet, seed, "is:starred OR is:important")} == {
        r["id"] for r in records if {"STARRED", "IMPORTANT"} & set(r["labelIds"])
    }


@given(st.integers(1, 4), st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_drive_conjunctions(seed: int, pick: int) -> None:
    facet = "query:drive"
    records = all_records(facet, seed)
    one = records[pick % len(records)]
    mime, moment = one["mimeType"], one["modifiedTime"]
    expect(
        facet,
        seed,
        f"mimeType = '{mime}' and modifiedTime <= '{moment}' and not starred = true",
        lambda r: r["mimeType"] == mime and r["modifiedTime"] <= moment and not r["starred"],
    )
    parent = one["parents"][0]
    expect(facet, seed, f"'{parent}' in parents and trashed = false", lambda r: parent in r["parents"])
    escaped = one["name"].replace("\\", "\\\\").replace("'", "\\'")
    expect(facet, seed, f"name = '{escaped}'", lambda r: r["name"] == one["name"])
    first = one["name"].split()[0].replace("'", "\\'")
    assert one in found(facet, seed, f"name contains '{first}'")


@given(st.integers(1, 4), st.integers(0, 10**6), st.integers(1, 60))
@settings(max_examples=40, deadline=None)
def test_jql_conjunctions(seed: int, pick: int, days: int) -> None:
    facet = "query:jql"
    world = world_of(facet, seed)
    records = all_records(facet, seed)
    fields = records[pick % len(records)]["fields"]
    project, status = fields["project"]["key"], fields["status"]["name"]
    clock = world.population.clock
    expect(
        facet,
        seed,
        f'project = {project} AND status = "{status}" AND created >= -{days}d ORDER BY created DESC',
        lambda r: (
            r["fields"]["project"]["key"] == project
            and r["fields"]["status"]["name"] == status
            and (clock.parse(r["fields"]["created"]) or 0) >= clock.now - days * DAY
        ),
    )
    me = world.scene.user.email
    expect(
        facet,
        seed,
        "assignee = currentUser() AND priority in (High, Highest)",
        lambda r: (
            ((r["fields"].get("assignee") or {}).get("emailAddress")) == me
            and r["fields"]["priority"]["name"] in ("High", "Highest")
        ),
    )
    expect(facet, seed, "resolution is EMPTY", lambda r: not r["fields"].get("resolution"))


@given(st.integers(1, 4), st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_stripe_conjunctions(seed: int, pick: int) -> None:
    facet = "query:stripe"
    records = all_records(facet, seed)
    one = records[pick % len(records)]
    expect(facet, seed, f"email:'{one['email']}'", lambda r: r["email"] == one["email"])
    expect(
        facet,
        seed,
        f"name~'{one['name'][:4]}' AND created>{one['created'] - 1}",
        lambda r: one["name"][:4].casefold() in r["name"].casefold() and r["created"] >= one["created"],
    )
    expect(facet, seed, f"-email:'{one['email']}'", lambda r: r["email"] != one["email"])


@pytest.mark.parametrize(
    ("facet", "text", "part"),
    [
        ("query:drive", "name is 'a'", "Invalid Value"),
        ("query:jql", "colour = red", "Field 'colour' does not exist"),
        ("query:jql", "project OPS", "Expecting operator"),
        ("query:stripe", "colour:'red'", "unsupported search field"),
        ("query:stripe", "email:'a@b.example' AND name:'x' OR name:'y'", "mix AND and OR"),
    ],
)
def test_a_wrong_query_is_refused_in_the_products_words(facet: str, text: str, part: str) -> None:
    with pytest.raises(QueryError, match=part):
        found(facet, 1, text)


def test_jql_orders_and_priority_compares_by_rank() -> None:
    world = world_of("query:jql", 3)
    spec = specs_of(world.toolset)["jira_issues_search"]
    query = query_of("priority > Medium order by duedate", "query:jql", spec.fields, world.population)
    assert query.order and query.order[0][0].endswith("/duedate") and query.order[0][1] is False
    kept = [r for r in world.records("jira.issue") if query.test(r)]
    assert {r["fields"]["priority"]["name"] for r in kept} <= {"High", "Highest"}
