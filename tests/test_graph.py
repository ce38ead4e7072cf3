"""How tools relate, and which are offered together."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callsmith import seeds
from callsmith.catalog import builtin
from callsmith.graph import build
from callsmith.records import Edge, ToolGraph, Toolset
from callsmith.sample import neighbours, offer, without
from callsmith.schema import leaves
from callsmith.understand import THRESHOLD, merge, understand


@cache
def office() -> tuple[Toolset, ToolGraph]:
    kits = [
        understand(name, builtin.load(name)) for name in ("gmail", "googlecalendar", "googledrive", "jira")
    ]
    pool = merge("office", kits)
    return pool, build(pool)


def edges(kind: str) -> list[Edge]:
    return [edge for edge in office()[1].edges if edge.kind == kind]


@pytest.mark.parametrize(
    ("source", "source_pointer", "target", "target_pointer"),
    [
        ("gmail_messages_search", "/messages/*/id", "gmail_messages_get", "/id"),
        ("gmail_messages_get", "/attachments/*/attachmentId", "gmail_attachments_get", "/id"),
        ("gmail_messages_get", "/threadId", "gmail_threads_get", "/id"),
        ("gmail_messages_get", "/from", "googlecalendar_events_insert", "/attendees/*/email"),
        ("googlecalendar_events_list", "/items/*/id", "googlecalendar_events_patch", "/eventId"),
        ("googledrive_files_list", "/files/*/id", "googledrive_permissions_create", "/fileId"),
        ("jira_users_search", "/*/accountId", "jira_issues_assign", "/accountId"),
        ("jira_transitions_list", "/transitions/*/id", "jira_issues_transition", "/transitionId"),
    ],
)
def test_results_feed_arguments(source: str, source_pointer: str, target: str, target_pointer: str) -> None:
    found = {(e.source, e.source_pointer, e.target, e.target_pointer) for e in edges("feeds")}
    assert (source, source_pointer, target, target_pointer) in found


def test_every_feed_starts_at_a_value_and_ends_at_an_argument_that_is_understood() -> None:
    pool, _ = office()
    tools = {tool.name: tool for tool in pool.tools}
    shown = {tool.name: {pointer for pointer, _, _ in leaves(tool.returns)} for tool in pool.tools}
    for edge in edges("feeds"):
        parameter = next(p for p in tools[edge.target].inputs if p.pointer == edge.target_pointer)
        assert edge.source_pointer in shown[edge.source]
        assert parameter.klass in ("opaque_id", "natural_key", "ambient")
        assert parameter.confidence >= THRESHOLD
        assert edge.source != edge.target
        assert 0 < edge.weight <= 1


def test_rivals_are_of_one_toolkit_and_do_something_else() -> None:
    pool, _ = office()
    tools = {tool.name: tool for tool in pool.tools}
    pairs = {(edge.source, edge.target) for edge in edges("rival")}
    assert {
        ("gmail_messages_trash", "gmail_messages_delete"),
        ("gmail_messages_trash", "gmail_threads_trash"),
        ("jira_issues_edit", "jira_issues_create"),
    } <= pairs
    for source, target in pairs:
        one, other = tools[source], tools[target]
        assert one.toolkit == other.toolkit
        assert (one.effect, one.entity) != (other.effect, other.entity)
    with_rivals = {source for source, _ in pairs}
    assert len(with_rivals) >= 0.9 * len(tools)


def test_the_graph_does_not_depend_on_the_order_of_tools_or_the_process() -> None:
    pool, graph = office()
    again = build(Toolset(pool.name, tuple(reversed(pool.tools)), pool.entities, pool.hash))
    assert {(e.kind, e.source, e.target, e.target_pointer) for e in again.edges if e.kind == "feeds"} == {
        (e.kind, e.source, e.target, e.target_pointer) for e in graph.edges if e.kind == "feeds"
    }
    assert build(pool) == graph


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 30), st.integers(1, 4))
def test_an_offer_holds_what_is_needed_once_and_fills_its_size(seed: int, size: int, count: int) -> None:
    pool, graph = office()
    rng = seeds.rng(seed)
    needed = rng.sample([tool.name for tool in pool.tools], count)
    made = offer(needed, pool, graph, size, seeds.rng(seed, "offer"))
    assert set(needed) <= set(made.tools)
    assert len(made.tools) == len(set(made.tools)) == max(size, count)
    assert made == offer(needed, pool, graph, size, seeds.rng(seed, "offer"))


def test_neither_place_nor_company_gives_the_needed_tool_away() -> None:
    pool, graph = office()
    rivals = neighbours(graph, "rival")
    names = [tool.name for tool in pool.tools if len(rivals.get(tool.name, ())) >= 2]
    places: Counter[int] = Counter()
    most_company = rival_share = 0
    runs = 1200
    for seed in range(runs):
        rng = seeds.rng(seed)
        gold = rng.choice(names)
        made = offer([gold], pool, graph, 8, rng).tools
        places[made.index(gold)] += 1
        company = {name: sum(other in rivals.get(name, ()) for other in made) for name in made}
        best = max(company.values())
        leaders = [name for name in made if company[name] == best]
        most_company += (gold in leaders) / len(leaders)
        rival_share += any(name in rivals[gold] for name in made)
    assert all(0.6 / 8 < places[place] / runs < 1.4 / 8 for place in range(8))
    assert rival_share / runs > 0.85  # hard distractors nearly always
    assert (
        most_company / runs < 0.5
    )  # chance is one in eight; rivals of the needed tool must come at some price


def test_a_tool_taken_away_is_replaced_so_that_the_size_tells_nothing() -> None:
    pool, graph = office()
    for seed in range(50):
        given_offer = offer(
            ["gmail_messages_trash", "gmail_messages_search"], pool, graph, 8, seeds.rng(seed)
        )
        rest = without(given_offer, ["gmail_messages_trash"], pool, graph, seeds.rng(seed, "without"))
        assert len(rest.tools) == 8
        assert "gmail_messages_trash" not in rest.tools
        kept = [name for name in given_offer.tools if name != "gmail_messages_trash"]
        assert [name for name in rest.tools if name in kept] == kept
