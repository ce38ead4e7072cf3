"""The inferred world over every built-in toolkit: it is coherent, remembers, and is the same in any process."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callsmith.catalog import builtin
from callsmith.ingest.functions import FunctionSource
from callsmith.ingest.openapi import OpenAPISource
from callsmith.ports import drive
from callsmith.records import Call, Tool, Toolset
from callsmith.schema import first_error, steps
from callsmith.seeds import rng
from callsmith.understand import understand
from callsmith.world.inferred.overlay import Overlay
from callsmith.world.inferred.pointing import first, put
from callsmith.world.inferred.world import InferredWorld
from callsmith.world.python import PythonWorld
from callsmith.world.stories.population import Population

TOOLKITS = (*builtin.names(), "github")
SEEDS = st.integers(1, 8)
QUERIES = {
    "query:gmail": "is:unread OR has:attachment",
    "query:drive": "trashed = false and name contains 'a'",
    "query:jql": "status != Done order by created desc",
    "query:stripe": "email~'example'",
}


@cache
def toolset_of(name: str) -> Toolset:
    if name == "github":
        tools = [
            tool for tool in OpenAPISource("examples/github.openapi.json").read() if isinstance(tool, Tool)
        ]
        return understand(name, tools)
    return understand(name, builtin.load(name))


def world_of(name: str, seed: int) -> InferredWorld:
    return InferredWorld(toolset_of(name), seed)


def run(world: InferredWorld, tool: Tool, arguments: dict[str, Any]) -> Any:
    result = world.run(Call("c1", tool.name, arguments))
    if not result.error and tool.returns:
        assert first_error(tool.returns, result.value) is None, (tool.name, arguments, result.value)
    return result


def arguments_for(world: InferredWorld, tool: Tool, draw: Any, some: float = 0.0) -> dict[str, Any] | None:
    """Arguments a plan might bind: ids of records, values the world invents; None when one cannot be had."""
    arguments: dict[str, Any] = place_for(world, tool, draw)
    for parameter in tool.inputs:
        if parameter.name in arguments or not parameter.required and draw.random() >= some:
            continue
        value: Any = None
        if parameter.refers and parameter.klass != "ambient":
            records = world.records(parameter.refers)
            if records:
                record = draw.choice(list(records))
                value = first(record, world.population.kinds[parameter.refers].entity.id_pointer)
        elif parameter.klass == "query":
            value = QUERIES.get(parameter.facet, "a")
        else:
            value = world.invent(tool, parameter, draw)
            if value is None:
                value = parameter.default
        if value is None:
            if parameter.required:
                return None
            continue
        pointer = parameter.pointer
        if "*" in steps(pointer) and not pointer.endswith("/*"):
            arguments = put(arguments, pointer, [value])
        elif pointer.endswith("/*"):
            arguments = put(arguments, pointer[:-2], [value])
        else:
            arguments = put(arguments, pointer, value)
    return arguments if first_error(tool.parameters, arguments) is None else None


def place_for(world: InferredWorld, tool: Tool, draw: Any) -> dict[str, Any]:
    """The container's arguments and the id of one record in it, where the tool acts on one."""
    scopes = [parameter for parameter in tool.inputs if parameter.scope]
    record = None
    arguments: dict[str, Any] = {}
    if tool.id_field and world.records(tool.entity) and len(steps(tool.id_field)) == 1:
        record = draw.choice(list(world.records(tool.entity)))
        arguments = put(
            {}, tool.id_field, first(record, world.population.kinds[tool.entity].entity.id_pointer)
        )
        arguments.update(needed(tool, world.scope_of(tool.entity, record)))
    elif scopes and world.records(scopes[-1].refers):
        record = draw.choice(list(world.records(scopes[-1].refers)))
        arguments = needed(tool, world.address_of(scopes[-1].refers, record))
    return arguments


@pytest.mark.parametrize("name", TOOLKITS)
def test_every_reading_tool_answers_within_its_return_schema(name: str) -> None:
    for seed in (1, 5):
        world = world_of(name, seed)
        before = world.digest()
        for tool in world.toolset.tools:
            if tool.effect not in ("read", "list", "search"):
                continue
            arguments = arguments_for(world, tool, rng("read", seed, tool.name))
            if arguments is None:
                continue
            result = run(world, tool, arguments)
            assert not result.error or result.error in ("invalid_query", "not_found"), (
                tool.name,
                arguments,
                result,
            )
        assert world.digest() == before


@pytest.mark.parametrize("name", TOOLKITS)
def test_what_is_created_is_found_again_and_what_is_deleted_is_not(name: str) -> None:
    world = world_of(name, 3)
    by_entity: dict[str, dict[str, list[Tool]]] = {}
    for tool in world.toolset.tools:
        by_entity.setdefault(tool.entity, {}).setdefault(tool.deed, []).append(tool)
    made = 0
    for entity, tools in by_entity.items():
        for creator in tools.get("create", []):
            draw = rng("create", entity, creator.name)
            arguments = arguments_for(world, creator, draw)
            if arguments is None or creator.verb in ("reply", "respond"):
                continue
            size = len(world.records(entity))
            result = run(world, creator, arguments)
            assert not result.error, (creator.name, arguments, result)
            assert len(world.records(entity)) == size + 1
            record = list(world.records(entity))[-1]
            pointer = world.population.kinds[entity].entity.id_pointer
            key = first(record, pointer) if pointer else None
            for parameter in creator.inputs:
                given_value = first(arguments, parameter.pointer)
                if (
                    parameter.sets
                    and "*" not in parameter.sets
                    and not parameter.refers
                    and given_value is not None
                ):
                    assert first(record, parameter.sets) == given_value, (creator.name, parameter.pointer)
            made += 1
            scope = world.scope_of(entity, record)
            for reader in tools.get("read", []):
                if reader.id_field and key is not None and not steps(reader.id_field)[1:]:
                    asked = {**needed(reader, scope), steps(reader.id_field)[0]: key}
                    if first_error(reader.parameters, asked) is not None:
                        continue
                    found = run(world, reader, asked)
                    assert not found.error, (reader.name, found)
            for lister in tools.get("list", []):
                asked = needed(lister, scope)
                if first_error(lister.parameters, asked) is None and not lister.state:
                    assert_listed(world, lister, asked, key)
            for deleter in tools.get("delete", []):
                if deleter.id_field and key is not None:
                    label = world.population.kinds[entity].entity.label_pointer
                    by_title = deleter.id_field == label  # some products delete by name
                    named = {steps(deleter.id_field)[0]: first(record, label) if by_title else key}
                    gone = run(world, deleter, {**needed(deleter, scope), **named})
                    assert not gone.error, (deleter.name, gone)
                    assert len(world.records(entity)) == size
                    namesakes = by_title and any(
                        first(other, label) == first(record, label) for other in world.records(entity)
                    )
                    again = run(world, deleter, {**needed(deleter, scope), **named})
                    assert (again.error == "not_found") is not namesakes
    assert made or not any("create" in tools for tools in by_entity.values())


def needed(tool: Tool, scope: dict[str, Any]) -> dict[str, Any]:
    names = {parameter.name for parameter in tool.inputs if parameter.scope}
    return {name: value for name, value in scope.items() if name in names}


def assert_listed(world: InferredWorld, tool: Tool, asked: dict[str, Any], key: Any) -> None:
    seen: list[Any] = []
    token_name = next((p.name for p in tool.inputs if p.facet == "page_token"), "")
    page: dict[str, Any] = dict(asked)
    for _ in range(40):
        value = run(world, tool, page).value
        seen.append(value)
        token = next_token(value)
        if not token_name or not token:
            break
        kind = next(p for p in tool.inputs if p.name == token_name)
        page = {**asked, token_name: token if kind.schema.get("type") != "integer" else int(token)}
    if token_name and not isinstance(next_token(seen[0]), str):
        return
    assert str(key) in str(seen), (tool.name, asked, key)


def next_token(value: Any) -> Any:
    if not isinstance(value, dict):
        return None
    for name, inner in value.items():
        if name in ("nextPageToken", "next_page_token", "next_cursor", "next_page", "offset") and inner:
            return inner.get("offset") if isinstance(inner, dict) else inner
        if name == "cursors":
            return inner.get("after")
        if isinstance(inner, dict) and name in ("pagination", "paging"):
            return next_token(inner)
    return None


@given(
    seed=SEEDS, name=st.sampled_from(TOOLKITS), moves=st.lists(st.integers(0, 10**9), min_size=1, max_size=6)
)
@settings(max_examples=60, deadline=None)
def test_any_calls_answer_within_schema_and_replay_to_the_same_digest(
    seed: int, name: str, moves: list[int]
) -> None:
    one, two = world_of(name, seed), world_of(name, seed)
    tools = [tool for tool in one.toolset.tools if tool.effect not in ("opaque", "compute")]
    calls = []
    for move in moves:
        tool = tools[move % len(tools)]
        arguments = arguments_for(one, tool, rng(move), some=0.4)
        if arguments is not None:
            calls.append((tool, arguments))
            run(one, tool, arguments)
    for tool, arguments in calls:
        run(two, tool, arguments)
    assert one.digest() == two.digest()
    assert one.changes() == two.changes()


def test_the_same_seed_gives_the_same_world_in_another_process() -> None:
    program = (
        "from callsmith.catalog import builtin\nfrom callsmith.understand import understand\n"
        "from callsmith.world.inferred.world import InferredWorld\nfrom callsmith.records import Call\nimport msgspec\n"
        "w = InferredWorld(understand('gmail', builtin.load('gmail')), 4)\n"
        "w.run(Call('c', 'gmail_messages_send', {'to': ['a@b.example'], 'subject': 'S', 'body': 'B'}))\n"
        "print(w.digest(), msgspec.json.encode(w.run(Call('c', 'gmail_messages_search', "
        "{'query': 'is:unread'})).value).hex())\n"
    )
    outs = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed,
            "PYTHONPATH": "src"},
        ).stdout
        for seed in ("1", "77")
    }  # fmt: skip
    assert len(outs) == 1
    assert "b2:" in outs.pop()


def test_creating_and_deleting_is_no_change() -> None:
    world = world_of("googlecalendar", 2)
    before = world.digest()
    start, end = "2026-03-02T10:00:00+01:00", "2026-03-02T11:00:00+01:00"
    made = world.run(Call("c", "googlecalendar_events_insert", {
        "summary": "Lens review", "start": {"dateTime": start}, "end": {"dateTime": end}}))  # fmt: skip
    assert made.value["summary"] == "Lens review" and made.value["start"]["dateTime"] == start
    assert world.digest() != before and [change.operation for change in world.changes()] == ["create"]
    world.run(Call("c", "googlecalendar_events_delete", {"eventId": made.value["id"]}))
    assert world.digest() == before and not world.changes()


def test_errors_are_the_products_own() -> None:
    gmail = world_of("gmail", 1)
    missing = gmail.run(Call("c", "gmail_messages_get", {"id": "0000000000000000"}))
    assert missing.error == "not_found" and missing.value["error"]["code"] == 404
    wrong = gmail.run(Call("c", "gmail_messages_get", {}))
    assert wrong.error == "invalid_argument" and wrong.value["error"]["status"] == "INVALID_ARGUMENT"
    assert gmail.run(Call("c", "no_such_tool", {})).error == "unknown_tool"
    stripe = world_of("stripe", 1).run(Call("c", "stripe_customers_retrieve", {"customer": "cus_none"}))
    assert (
        stripe.value["error"]["type"] == "invalid_request_error"
        and "cus_none" in stripe.value["error"]["message"]
    )


def price_of(item: str, count: int = 1) -> dict[str, Any]:
    """Get the price of an item.

    Args:
        item: Name of the item.
        count: How many.
    """
    if item == "nothing":
        raise KeyError(item)
    return {"item": item, "total": 3 * count}


def handle_of(item: str) -> dict[str, Any]:
    """Get the handle of an item."""
    return {"handle": object()}


def test_python_functions_are_executed_and_fail_as_results() -> None:
    source = FunctionSource((price_of, handle_of), toolkit="shop")
    tools = [tool for tool in source.read() if isinstance(tool, Tool)]
    world = PythonWorld(understand("shop", tools), source.callables())
    good = drive(world.call(Call("a", "price_of", {"item": "lens", "count": 2})))
    assert good.error == "" and good.value == {"item": "lens", "total": 6}
    failed = drive(world.call(Call("b", "price_of", {"item": "nothing"})))
    assert failed.error == "key_error" and failed.value["error"]["message"] == "'nothing'"
    assert drive(world.call(Call("c", "price_of", {"item": 3}))).error == "invalid_argument"
    assert drive(world.call(Call("d", "handle_of", {"item": "x"}))).error == "unserializable"
    assert drive(world.call(Call("e", "nobody", {}))).error == "unknown_tool"
    assert world.isolation == "serial" and not world.changes()


def value_of(world: InferredWorld, name: str, **arguments: Any) -> Any:
    result = world.run(Call("c", name, arguments))
    assert not result.error, result
    return result.value


def test_a_draft_that_is_sent_is_a_mail_and_no_draft() -> None:
    world = world_of("gmail", 6)
    mate = world.scene.people[0].email
    draft = value_of(world, "gmail_drafts_create", to=[mate], subject="Lens quote", body="See attached.")
    sent = value_of(world, "gmail_drafts_send", id=draft["id"])
    mail = value_of(world, "gmail_messages_get", id=sent["id"])
    assert (mail["subject"], mail["to"], mail["body"]) == ("Lens quote", [mate], "See attached.")
    assert "SENT" in mail["labelIds"] and mail["snippet"] == "See attached."
    assert all(one["id"] != draft["id"] for one in world.records("gmail.draft"))
    thread = value_of(world, "gmail_threads_get", id=mail["threadId"])
    assert [message["id"] for message in thread["messages"]] == [mail["id"]]


def test_a_reply_goes_back_in_the_same_thread() -> None:
    world = world_of("gmail", 6)
    me = world.scene.user.email
    mail = next(record for record in world.records("gmail.message") if record["from"] != me)
    reply = value_of(world, "gmail_messages_reply", messageId=mail["id"], body="Fine.")
    made = value_of(world, "gmail_messages_get", id=reply["id"])
    assert made["to"] == [mail["from"]] and made["from"] == me and made["threadId"] == mail["threadId"]
    assert made["subject"] == "Re: " + mail["subject"].removeprefix("Re: ")
    thread = value_of(world, "gmail_threads_get", id=mail["threadId"])
    assert thread["messages"][-1]["id"] == made["id"]


def test_labels_are_put_on_and_taken_off_and_trash_is_not_listed() -> None:
    world = world_of("gmail", 6)
    mail = next(record for record in world.records("gmail.message") if "UNREAD" in record["labelIds"])
    value_of(
        world, "gmail_messages_modify", id=mail["id"], addLabelIds=["STARRED"], removeLabelIds=["UNREAD"]
    )
    labels = value_of(world, "gmail_messages_get", id=mail["id"])["labelIds"]
    assert "STARRED" in labels and "UNREAD" not in labels
    value_of(world, "gmail_messages_trash", id=mail["id"])
    query = f"from:{mail['from']}"
    found = value_of(world, "gmail_messages_search", query=query, maxResults=50)["messages"]
    assert all(one["id"] != mail["id"] for one in found)
    found = value_of(world, "gmail_messages_search", query=f"{query} in:trash")["messages"]
    assert [one["id"] for one in found] == [mail["id"]]


def test_closing_brings_its_date_and_reopening_takes_it() -> None:
    world = world_of("todoist", 6)
    task = next(record for record in world.records("todoist.task") if not record["checked"])
    value_of(world, "todoist_tasks_close", task_id=task["id"])
    done = next(record for record in world.records("todoist.task") if record["id"] == task["id"])
    assert done["checked"] and done["completed_at"]
    value_of(world, "todoist_tasks_reopen", task_id=task["id"])
    again = next(record for record in world.records("todoist.task") if record["id"] == task["id"])
    assert not again["checked"] and not again.get("completed_at")


def test_a_transition_resolves_an_issue_and_an_assignment_shows_the_person() -> None:
    world = world_of("jira", 6)
    issue = next(r for r in world.records("jira.issue") if r["fields"]["status"]["name"] == "To Do")
    steps_ = value_of(world, "jira_transitions_list", issueIdOrKey=issue["key"])["transitions"]
    done = next(step for step in steps_ if step["name"] == "Done")
    value_of(world, "jira_issues_transition", issueIdOrKey=issue["key"], transitionId=done["id"])
    mate = world.scene.people[0]
    user = next(record for record in world.records("jira.user") if record["emailAddress"] == mate.email)
    value_of(world, "jira_issues_assign", issueIdOrKey=issue["key"], accountId=user["accountId"])
    now = value_of(world, "jira_issues_get", issueIdOrKey=issue["key"])["fields"]
    assert now["status"]["name"] == "Done" and now["resolution"] and now["resolutiondate"]
    assert now["assignee"]["displayName"] == mate.name
    assert now["reporter"] == issue["fields"]["reporter"]


def test_moving_an_event_takes_it_to_the_other_calendar() -> None:
    world = world_of("googlecalendar", 6)
    before = world.digest()
    event = value_of(world, "googlecalendar_events_list", maxResults=1)["items"][0]
    other = value_of(world, "googlecalendar_calendar_list_list")["items"][1]["id"]
    value_of(world, "googlecalendar_events_move", eventId=event["id"], destination=other)
    there = value_of(world, "googlecalendar_events_list", calendarId=other, maxResults=250)["items"]
    here = value_of(world, "googlecalendar_events_list", maxResults=250)["items"]
    assert event["id"] in {one["id"] for one in there} and event["id"] not in {one["id"] for one in here}
    assert world.digest() != before
    empty = world.run(Call("c", "googlecalendar_events_patch", {
        "eventId": event["id"], "calendarId": other, "end": {"dateTime": "2020-01-01T10:00:00Z"}}))  # fmt: skip
    assert empty.error == "invalid_argument"


def test_github_scopes_are_found_or_refused() -> None:
    world = world_of("github", 6)
    issue = world.records("github.issue")[0]
    scope = world.scope_of("github.issue", issue)
    got = value_of(world, "github_issues_get", **scope, issue_number=issue["number"])
    assert got["title"] == issue["title"] and scope["repo"] in got["html_url"]
    wrong = world.run(
        Call("c", "github_issues_get", {**scope, "repo": "nowhere", "issue_number": issue["number"]})
    )
    assert wrong.error == "not_found" and wrong.value["message"] == "Not Found"
    listed = value_of(world, "github_issues_list_for_repo", **scope)
    assert listed and all(one["state"] == "open" for one in listed)
    value_of(world, "github_issues_add_labels", **scope, issue_number=issue["number"], labels=["bug"])
    labels = value_of(world, "github_issues_get", **scope, issue_number=issue["number"])["labels"]
    assert "bug" in [label["name"] for label in labels]


@given(
    seed=st.integers(1, 30),
    name=st.sampled_from(("googlecalendar", "jira", "todoist", "stripe", "github", "calendly")),
)
@settings(max_examples=40, deadline=None)
def test_records_do_not_contradict_themselves(seed: int, name: str) -> None:
    world = world_of(name, seed)
    now, parse = world.population.clock.now, world.population.clock.parse
    for entity in world.toolset.entities:
        for record in world.records(entity.key):
            made = parse(record.get("created_at") or record.get("created")) or 0
            changed = parse(record.get("updated_at") or record.get("updated")) or now
            assert made <= changed <= now, (entity.key, record)
            start = parse(first(record, "/start/dateTime") or record.get("start_time"))
            end = parse(first(record, "/end/dateTime") or record.get("end_time"))
            assert start is None or end is None or start < end, (entity.key, record)
            assert bool(record.get("completed_at")) == bool(record.get("checked", record.get("completed_at")))
            if record.get("state") in ("open", "closed") and "closed_at" in record:
                assert (record["state"] == "closed") == bool(record["closed_at"]), (entity.key, record)
            if "subtotal" in record and "tax" in record:
                assert record["subtotal"] + record["tax"] == record["total"]
                assert record["amount_paid"] + record["amount_remaining"] == record["amount_due"]


def test_what_a_call_makes_changes_no_other_world_of_the_seed() -> None:
    record = {
        "type": "object",
        "title": "Project",
        "properties": {"id": {"type": "string"}, "key": {"type": "string"}, "name": {"type": "string"}},
        "required": ["id", "key", "name"],
    }
    takes = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    listed = {"type": "object", "properties": {"projects": {"type": "array", "items": record}}}
    toolset = understand(
        "plans",
        [
            Tool("plans_create_project", "plans", "Creates a project.", takes, record),
            Tool(
                "plans_list_projects",
                "plans",
                "Lists projects.",
                {"type": "object", "properties": {}},
                listed,
            ),
        ],
    )
    made = [
        drive(InferredWorld(toolset, 3).call(Call("c", "plans_create_project", {"name": "Website"}))).value
        for _ in range(2)
    ]
    assert made[0] == made[1]


def hosting() -> Toolset:
    """Servers that show their image whole, whose name is bound to a form there and nowhere else."""

    def image(**form: str) -> dict[str, Any]:
        name = {"type": "string", "examples": ["Nifty New Snapshot"], **form}
        return {
            "type": "object",
            "required": ["id", "name"],
            "properties": {"id": {"type": "integer"}, "name": name},
        }

    server = {
        "type": "object",
        "required": ["id", "name", "image"],
        "properties": {
            "id": {"type": "integer"},
            "name": {"type": "string"},
            "image": image(pattern="^[a-z0-9-]{1,63}$"),
        },
    }
    tools = []
    for noun, schema in (("image", image()), ("server", server)):
        tools.append(
            Tool(
                name=f"list_{noun}s",
                toolkit="hosting",
                description=f"List all {noun}s",
                parameters={"type": "object", "properties": {}},
                returns={"type": "object", "properties": {f"{noun}s": {"type": "array", "items": schema}}},
            )
        )
        one = {
            "type": "object",
            "properties": {f"{noun}_id": {"type": "integer"}},
            "required": [f"{noun}_id"],
        }
        tools.append(
            Tool(
                name=f"get_{noun}",
                toolkit="hosting",
                description=f"Get one {noun}",
                parameters=one,
                returns=schema,
            )
        )
    return understand("hosting", tools)


@pytest.mark.parametrize("name", ["hosting", *TOOLKITS])
def test_records_do_not_depend_on_what_was_asked_for_first(name: str) -> None:
    toolset = hosting() if name == "hosting" else toolset_of(name)

    def told(backwards: bool) -> dict[str, Any]:
        world = InferredWorld(toolset, 11)
        world.population = Population(toolset, 11, None)
        world.overlay = Overlay(world.population)
        kinds = sorted(world.population.kinds, reverse=backwards)
        return {kind: list(world.records(kind)) for kind in kinds}

    assert told(False) == told(True)
