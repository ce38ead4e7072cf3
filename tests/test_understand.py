"""What is understood of tools: measured on the catalogue and GitHub, proved on tools of no product."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import structs

from callsmith.catalog import builtin
from callsmith.facts import FACETS
from callsmith.ingest.openapi import OpenAPISource
from callsmith.plan.known import known
from callsmith.ports import drive
from callsmith.records import Call, Entity, Field, Parameter, Schema, Tool, Toolset
from callsmith.schema import leaves, settle, steps
from callsmith.understand import THRESHOLD, explain, merge, understand, usable
from callsmith.understand.naming import read
from callsmith.understand.phrases import phrase_of
from callsmith.understand.relations import written
from callsmith.understand.words import article, base_verb, plural, singular, tokens
from callsmith.world.inferred.world import InferredWorld

ROOT = Path(__file__).parent.parent
GOLD = yaml.safe_load((Path(__file__).parent / "understanding.yaml").read_text())


@cache
def toolset(name: str) -> Toolset:
    if name == "github":
        source = OpenAPISource(str(ROOT / "examples" / "github.openapi.json"))
        return understand(name, [tool for tool in source.read() if isinstance(tool, Tool)])
    return understand(name, builtin.load(name))


def every() -> list[str]:
    return [*builtin.names(), "github"]


def found(name: str) -> tuple[Tool, Toolset]:
    kit = toolset(name.split("_")[0])
    return next(tool for tool in kit.tools if tool.name == name), kit


def argument(tool: Tool, pointer: str) -> Parameter:
    return next(parameter for parameter in tool.inputs if parameter.pointer == pointer)


def tool_made(name: str, description: str = "", kit: str = "kit", **more: Any) -> Tool:
    properties = dict(more.get("takes", {}))
    required = [key.rstrip("*") for key in properties if key.endswith("*")]
    parameters = {
        "type": "object",
        "properties": {key.rstrip("*"): value for key, value in properties.items()},
        "required": required,
    }
    hints = more.get("hints", {})
    return Tool(name, kit, description, parameters, returns=more.get("gives", {}), hints=hints)


# ---------------------------------------------------------------- measured


def test_tools_are_read_as_a_careful_reader_does() -> None:
    wrong: list[str] = []
    exact = 0
    for name, line in GOLD["tools"].items():
        effect, noun, phrase = (part.strip() for part in line.split("|"))
        tool, kit = found(name)
        entity = next((entity for entity in kit.entities if entity.key == tool.entity), None)
        got = (tool.deed, entity.noun if entity else "")
        exact += got == (effect, noun) and tool.phrase == phrase
        if got != (effect, noun):
            wrong.append(f"{name}: {got} instead of {(effect, noun)}")
    assert len(GOLD["tools"]) == sum(len(toolset(name).tools) for name in every())
    assert len(wrong) <= 0.03 * len(GOLD["tools"]), wrong
    assert exact >= 0.9 * len(GOLD["tools"])


def test_arguments_are_read_as_a_careful_reader_does() -> None:
    wrong: list[str] = []
    for key, line in GOLD["arguments"].items():
        name, pointer = key.split(" ")
        klass, facet, phrase, *touch = (part.strip() for part in line.split("|"))
        parameter = argument(found(name)[0], pointer)
        got = (parameter.klass, parameter.facet, parameter.phrase or "-")
        touches = {
            "scope" if parameter.scope else "",
            f"refers {parameter.refers}",
            f"sets {parameter.sets}",
            f"filters {parameter.filters} {parameter.compare}",
            f"default {parameter.default}",
        }
        if got != (klass, facet, phrase) or not set(touch) <= touches:
            wrong.append(f"{key}: {got} {sorted(touches)} instead of {line}")
    assert len(wrong) <= 0.05 * len(GOLD["arguments"]), "\n".join(wrong)


def test_nearly_every_catalogue_tool_can_be_used() -> None:
    unusable = [tool.name for name in every() for tool in toolset(name).tools if not usable(tool)]
    assert len(unusable) <= 8, unusable


# ---------------------------------------------------------------- laws


@pytest.mark.parametrize("name", every())
def test_what_is_understood_hangs_together(name: str) -> None:
    kit = toolset(name)
    entities = {entity.key: entity for entity in kit.entities}
    for entity in kit.entities:
        places = {pointer for pointer, _, _ in leaves(entity.schema)}
        assert {field.pointer for field in entity.fields} <= places
        assert entity.parent == "" or entity.parent in entities
        assert entity.parent != entity.key
        assert entity.noun
        assert entity.plural
        for pointer in (entity.id_pointer, entity.label_pointer):
            assert pointer == "" or pointer in places
        for field in entity.fields:
            assert field.facet in FACETS
            assert field.refers == "" or field.refers in entities
            if field.projects:
                assert field.projects in {other.pointer for other in entities[field.refers].fields}
    for tool in kit.tools:
        check_tool(tool, kit)


def check_tool(tool: Tool, kit: Toolset) -> None:
    entities = {entity.key: entity for entity in kit.entities}
    taken = {pointer for pointer, _, _ in leaves(tool.parameters) if pointer}
    assert {parameter.pointer for parameter in tool.inputs} == taken
    assert tool.entity == "" or tool.entity in entities
    assert tool.id_field == "" or tool.id_field in taken
    assert 0 <= tool.confidence <= 1
    own = {field.pointer for field in entities[tool.entity].fields} if tool.entity else set()
    for parameter in tool.inputs:
        assert parameter.facet in FACETS
        assert parameter.reasons
        assert 0 <= parameter.confidence <= 1
        assert parameter.sets == "" or parameter.sets in own
        assert parameter.filters == "" or parameter.filters in own
        assert parameter.refers == "" or parameter.refers in entities or tool.effect == "opaque"
        assert not (parameter.sets and parameter.filters)
        if parameter.klass == "plumbing":
            assert parameter.phrase == ""
    for shown in tool.yields:
        assert settle(reached(tool.returns, shown.pointer)).get("properties")
        assert shown.many == ("*" in steps(shown.pointer))
        assert shown.entity in entities
    for pointer in tool.state:
        assert pointer in own or pointer[:-2] + "/*" in own


def reached(schema: Schema, pointer: str) -> Schema:
    for step in steps(pointer):
        settled = settle(schema)
        schema = settled["items"] if step == "*" else settled["properties"][step]
    return schema


def test_understanding_uses_nothing_but_what_the_source_says() -> None:
    raw = builtin.load("todoist")
    assert understand("todoist", toolset("todoist").tools) == understand("todoist", raw)
    assert understand("todoist", raw).hash == toolset("todoist").hash
    assert understand("todoist", raw[:-1]).hash != toolset("todoist").hash


def test_toolkits_are_understood_by_themselves_and_merge() -> None:
    both = understand("both", [*builtin.load("jira"), *builtin.load("gmail")])
    joined = merge("both", [toolset("jira"), toolset("gmail")])
    assert both == joined
    assert merge("twice", [toolset("jira"), toolset("jira")]).tools == toolset("jira").tools


# ---------------------------------------------------------------- tools of no product

BOOK = {
    "type": "object",
    "title": "Book",
    "properties": {
        "id": {"type": "string"},
        "title": {"type": "string"},
        "author": {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}},
        "shelf_id": {"type": "string"},
        "is_archived": {"type": "boolean"},
        "due_on": {"type": "string", "format": "date"},
        "status": {"type": "string", "enum": ["lent", "home"]},
        "created_at": {"type": "string", "format": "date-time"},
    },
    "required": ["id", "title"],
}
SHELF = {
    "type": "object",
    "title": "Shelf",
    "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
}
TEXT = {"type": "string"}
WRAPPED = {"type": "object", "properties": {"data": BOOK}}
PAGE = {"type": "object", "properties": {"books": {"type": "array", "items": BOOK}, "next_page_token": TEXT}}
LIBRARY = [
    tool_made("list_books", "Lists books.", gives=PAGE, takes={
        "status": {"enum": ["lent", "home"]}, "due_before": {**TEXT, "format": "date"}, "shelf_id": TEXT,
        "author_name": TEXT, "limit": {"type": "integer"}, "page_token": TEXT}),
    tool_made("find_books", "Finds books.", gives={"type": "array", "items": BOOK}, takes={
        "query*": {**TEXT, "description": "Words to look for in the title."}}),
    tool_made("get_book", "Gets a book.", takes={"book_id*": TEXT}, gives=BOOK),
    tool_made("add_book", "Adds a book.", takes={"title*": TEXT, "shelf_id": TEXT}, gives=WRAPPED),
    tool_made("archive_book", "Archives a book.", takes={"book_id*": TEXT}, gives=BOOK),
    tool_made("remove_book", "Removes a book.", takes={"book_id*": TEXT}),
    tool_made("list_shelves", "Lists shelves.", gives={"type": "array", "items": SHELF}),
    tool_made("search_shelves", "Searches shelves.", gives={"type": "array", "items": SHELF}, takes={
        "q*": {**TEXT, "description": "An expression in our filter syntax."}}),
]  # fmt: skip


@cache
def library() -> dict[str, Tool]:
    return {tool.name: tool for tool in understand("library", LIBRARY).tools}


@pytest.mark.parametrize(
    ("name", "effect", "phrase", "pointer"),
    [
        ("list_books", "list", "list books", "/books/*"),
        ("find_books", "search", "find books", "/*"),
        ("get_book", "read", "get a book", ""),
        ("add_book", "create", "add a book", "/data"),
        ("archive_book", "act", "archive a book", ""),
        ("list_shelves", "list", "list shelves", "/*"),
    ],
)
def test_effect_phrase_and_place_of_the_records(name: str, effect: str, phrase: str, pointer: str) -> None:
    tool = library()[name]
    assert (tool.effect, tool.phrase) == (effect, phrase)
    assert tool.yields[0].pointer == pointer
    assert usable(tool)


def test_filters_ids_and_states_of_the_library() -> None:
    books = library()["list_books"]
    assert argument(books, "/status").filters == "/status"
    assert (argument(books, "/due_before").filters, argument(books, "/due_before").compare) == (
        "/due_on",
        "lt",
    )
    assert argument(books, "/shelf_id").refers == "kit.shelf"
    assert argument(books, "/page_token").klass == "plumbing"
    assert library()["archive_book"].state == {"/is_archived": True}
    assert library()["get_book"].id_field == "/book_id"
    assert argument(library()["get_book"], "/book_id").klass == "opaque_id"


def test_an_unknown_query_language_is_never_used() -> None:
    shelves = library()["search_shelves"]
    assert argument(shelves, "/q").facet == "query"
    assert argument(shelves, "/q").confidence < THRESHOLD
    assert not usable(shelves)


@pytest.mark.parametrize(
    ("name", "description", "effect"),
    [
        ("convert_units", "Converts a value.", "compute"),
        ("convert_time_zone", "Converts a time between time zones.", "compute"),
        ("translate_text", "Translates a text.", "opaque"),
        ("geocode", "Finds the coordinates of an address.", "opaque"),
        ("get_weather", "Gets the weather for a city.", "opaque"),
        ("convert_currency", "Converts at today's rate.", "opaque"),
        ("summarize_page", "Summarizes a page.", "opaque"),
        ("zorp", "Zorps the frobnicator.", "opaque"),
    ],
)
def test_computing_and_knowing_are_told_apart(name: str, description: str, effect: str) -> None:
    made = tool_made(name, description, takes={"value*": {"type": "number"}, "to_unit*": TEXT})
    (tool,) = understand("x", [made]).tools
    assert tool.effect == effect
    assert tool.reasons
    assert usable(tool) == (effect == "compute")


def test_arithmetic_by_a_verb_that_also_makes_things() -> None:
    number = {"type": "number"}
    (tool,) = understand(
        "x", [tool_made("add_numbers", "Adds two numbers.", takes={"a*": number, "b*": number})]
    ).tools
    assert tool.effect == "compute"
    assert usable(tool)


def test_tools_that_declare_no_result_are_given_the_record() -> None:
    kit = understand("notes", [
        tool_made("create_note", "Creates a note.", takes={"title*": TEXT, "content": TEXT}),
        tool_made("list_notes", "Lists notes.", takes={"limit": {"type": "integer"}}),
        tool_made("delete_note", "Deletes a note.", takes={"note_id*": TEXT}),
    ])  # fmt: skip
    tools = {tool.name: tool for tool in kit.tools}
    assert {"id", "title", "content"} <= set(tools["create_note"].returns["properties"])
    assert tools["list_notes"].yields[0].pointer == "/notes/*"
    assert argument(tools["delete_note"], "/note_id").refers == "kit.note"
    assert all(usable(tool) for tool in kit.tools)
    assert tools["create_note"].confidence < 0.9


def test_an_identifier_that_nothing_returns_is_not_used() -> None:
    made = tool_made("create_note", "Creates a note.", takes={"title*": TEXT, "board_id*": TEXT}, gives=BOOK)
    (tool,) = understand("x", [made]).tools
    assert argument(tool, "/board_id").confidence < THRESHOLD
    assert not usable(tool)


def test_explanations_show_everything_with_reasons() -> None:
    tool, kit = found("github_issues_list_for_repo")
    text = "\n".join(explain(tool, kit))
    for parameter in tool.inputs:
        assert parameter.pointer in text
    assert "people say 'issue'" in text
    assert "restricts /user/login" in text
    assert "because" in text
    opaque, kit = found("googlecalendar_freebusy_query")
    assert "not used in plans" in "\n".join(explain(opaque, kit))


CHANNEL = {
    "type": "object",
    "title": "Channel",
    "properties": {"id": TEXT, "name": TEXT, "is_archived": {"type": "boolean"}},
}
MEMBER = {
    "type": "object",
    "title": "User",
    "properties": {"id": TEXT, "name": TEXT, "email": {**TEXT, "format": "email"}},
}
DEAL = {"type": "object", "title": "Deal", "properties": {
    "id": TEXT, "dealname": TEXT, "stage": {"type": "string", "enum": ["open", "won"]}, "owner_id": TEXT}}  # fmt: skip
FINE = {"type": "object", "properties": {"ok": {"type": "boolean"}}}
CHAT = [
    tool_made("conversations_list", "Lists all channels.", gives={"type": "object", "properties": {
        "ok": {"type": "boolean"}, "channels": {"type": "array", "items": CHANNEL},
        "meta": {"type": "object", "properties": {"next_cursor": TEXT}}}}),
    tool_made("conversations_archive", "Archives a conversation.", gives=FINE, takes={
        "channel*": {**TEXT, "description": "ID of the channel."}}),
    tool_made("conversations_invite", "Invites users to a channel.", gives=FINE, takes={
        "channel*": {**TEXT, "description": "ID of the channel."},
        "users*": {"type": "array", "items": {**TEXT, "description": "ID of a user."}}}),
    tool_made("users_list", "Lists everybody.", gives={"type": "object", "properties": {
        "members": {"type": "array", "items": MEMBER}}}),
    tool_made("users_lookup_by_email", "Finds a user.", takes={"email*": {**TEXT, "format": "email"}},
        gives={"type": "object", "properties": {"ok": {"type": "boolean"}, "user": MEMBER}}),
    tool_made("listDeals", "Lists deals.", gives={"type": "array", "items": DEAL}),
    tool_made("closeDeal", "Marks a deal as won.", takes={"dealId*": TEXT}, gives=DEAL),
]  # fmt: skip


def test_other_products_habits() -> None:
    kit = understand("chat", CHAT)
    tools = {tool.name: tool for tool in kit.tools}
    phrases = {name: (tool.effect, tool.phrase) for name, tool in tools.items()}
    assert phrases == {
        "conversations_list": ("list", "list channels"),
        "conversations_archive": ("act", "archive a channel"),
        "conversations_invite": ("act", "invite users to a channel"),
        "users_list": ("list", "list users"),
        "users_lookup_by_email": ("read", "look up a user"),
        "listDeals": ("list", "list deals"),
        "closeDeal": ("act", "mark a deal as won"),
    }
    assert all(usable(tool) for tool in tools.values())
    assert tools["conversations_list"].yields[0].pointer == "/channels/*"
    assert tools["conversations_archive"].state == {"/is_archived": True}
    assert tools["closeDeal"].state == {"/stage": "won"}
    assert tools["users_lookup_by_email"].id_field == "/email"
    entities = {entity.noun: entity for entity in kit.entities}
    assert entities["deal"].label_pointer == "/dealname"
    assert entities["user"].id_pointer == "/id"


CRATE = {"type": "object", "title": "Crate", "required": ["id", "name"], "properties": {
    "id": TEXT, "name": TEXT, "tags": {"type": "array", "items": TEXT}, "colour": TEXT}}  # fmt: skip
LOCK = {"type": "object", "title": "Lock", "properties": {"id": TEXT, "code": TEXT, "crate_id": TEXT}}
PARTS = [
    tool_made("list_crates", "Lists crates.", gives={"type": "array", "items": CRATE}),
    tool_made("create_crate", "Creates a crate.", takes={"name*": TEXT}, gives=CRATE),
    tool_made("remove_all_tags_from_crate", "Removes all tags from a crate.", takes={"crate_id*": TEXT}),
    tool_made("delete_crate_lining", "Deletes the lining of a crate.", takes={"crate_id*": TEXT}),
    tool_made("put_crate_lining", "Sets the lining.", takes={"crate_id*": TEXT, "settings*": TEXT}),
    tool_made("add_tags_to_crate", "Adds tags to a crate.", takes={
        "crate_id*": TEXT, "tags*": {"type": "array", "items": TEXT}}),
    tool_made("list_locks", "Lists locks.", gives={"type": "array", "items": LOCK}),
    tool_made("add_crates_locks_by_id_crate", "Adds a lock.", takes={"idCrate*": TEXT, "code*": TEXT}, gives=LOCK,
        hints={"path": "/crates/{idCrate}/locks", "method": "post"}),
    tool_made("create_lock", "Creates a lock.", takes={"lock*": {**TEXT, "description": "Name of the lock."}}),
    tool_made("archive_lock", "Archives a lock.", takes={"lock*": {**TEXT, "description": "Name of the lock."}}),
]  # fmt: skip


@cache
def crates() -> Toolset:
    return understand("kit", PARTS)


@pytest.mark.parametrize(
    ("name", "effect", "part", "phrase"),
    [
        ("remove_all_tags_from_crate", "delete", "tag", "remove all tags from a crate"),
        ("delete_crate_lining", "delete", "lining", "delete the lining from a crate"),
        ("put_crate_lining", "update", "lining", "update the lining of a crate"),
        ("add_tags_to_crate", "act", "", "add tags to a crate"),
        ("add_crates_locks_by_id_crate", "create", "", "add a lock"),
    ],
)
def test_what_is_done_to_a_part_is_told_from_what_is_done_to_the_whole(
    name: str, effect: str, part: str, phrase: str
) -> None:
    tool = next(tool for tool in crates().tools if tool.name == name)
    assert (tool.effect, tool.part, tool.phrase) == (effect, part, phrase)
    assert tool.deed == ("create" if effect == "create" else "act")


def test_a_record_without_its_part_is_still_there() -> None:
    world = InferredWorld(crates(), 3)
    before = [record["id"] for record in world.records("kit.crate")]
    done = world.run(Call("c1", "remove_all_tags_from_crate", {"crate_id": before[0]}))
    assert not done.error
    assert [record["id"] for record in world.records("kit.crate")] == before


def test_to_create_is_never_to_work_on_what_exists() -> None:
    tool = next(tool for tool in crates().tools if tool.name == "create_lock")
    assert tool.effect == "create"


CHECK = {
    "type": "object",
    "properties": {"id": TEXT, "name": TEXT, "target": TEXT},
    "required": ["id", "name"],
}


def test_a_listing_shows_what_it_is_named_for_though_it_calls_it_less() -> None:
    one, many = ({"type": "object", "properties": {key: value}} for key, value in
                 (("check", CHECK), ("checks", {"type": "array", "items": CHECK})))  # fmt: skip
    kit = understand("kit", [
        tool_made("uptime_checks_list", "Lists uptime checks.", gives=many),
        tool_made("uptime_checks_get", "Gets an uptime check.", takes={"check_id*": TEXT}, gives=one),
        tool_made("health_checks_list", "Lists checks.", gives=many),
        tool_made("checks_get", "Gets a check.", takes={"check_id*": TEXT}, gives=one),
    ])  # fmt: skip
    listing = next(tool for tool in kit.tools if tool.name == "uptime_checks_list")
    assert [found.entity for found in listing.yields] == [listing.entity]


def test_a_name_with_its_noun_before_it_says_which() -> None:
    vault = {"type": "object", "title": "Vault", "properties": {"id": TEXT, "name": TEXT}}
    kit = understand("kit", [
        tool_made("list_vaults", "Lists vaults.", gives={"type": "array", "items": vault}),
        tool_made("get_vault", "Gets a vault.", gives=vault, takes={"vault_name*": TEXT}),
    ])  # fmt: skip
    getter = kit.tools[1]
    assert getter.id_field == "/vault_name"
    assert argument(getter, "/vault_name").klass == "natural_key"


DEN = {"type": "object", "title": "Den", "properties": {"id": TEXT, "name": TEXT}}
PATH = {"type": "object", "title": "NetworkDensPath", "properties": {"id": TEXT, "name": TEXT}}


def test_whoever_ends_what_is_named_after_a_record_does_not_end_the_record() -> None:
    kit = understand("kit", [
        tool_made("list_dens", "Lists dens.", gives={"type": "array", "items": DEN}),
        tool_made("disable_den", "Disables a den.", takes={"den_id*": TEXT}),
        tool_made("disable_den_propagation", "Disables propagation.", takes={"den_id*": TEXT}),
        tool_made("restore_den_from_attic", "Restores a den.", takes={"den_id*": TEXT}),
        tool_made("invite_den_guests", "Invites guests.", takes={"den_id*": TEXT, "guests*": {
            "type": "array", "items": TEXT}}),
    ])  # fmt: skip
    sure = {tool.name: tool.phrase for tool in kit.tools if tool.confidence >= 0.5}
    assert sure.keys() >= {"disable_den", "restore_den_from_attic", "invite_den_guests"}
    assert "propagation" in sure.get("disable_den_propagation", "propagation")


def test_what_arguments_and_results_call_one_thing_is_one() -> None:
    kit = understand("kit", [
        tool_made("describe_network_dens_paths", "Describes paths.", gives={
            "type": "object", "properties": {"NetworkDensPaths": {"type": "array", "items": PATH}}}),
        tool_made("create_network_dens_path", "Creates a path.", takes={"name*": TEXT}, gives={
            "type": "object", "properties": {"NetworkDensPath": PATH}}),
        tool_made("delete_network_dens_path", "Deletes a path.", takes={"NetworkDensPathId*": TEXT}),
    ])  # fmt: skip
    assert {tool.entity for tool in kit.tools} == {"kit.network_dens_path"}
    assert kit.tools[1].phrase == "create a network dens path"


def test_what_holds_until_a_moment_has_an_expiry_date() -> None:
    paper = {
        **DEN,
        "properties": {**DEN["properties"], "not_after": {"type": "string", "format": "date-time"}},
    }  # type: ignore[dict-item]
    kit = understand("kit", [tool_made("list_dens", "Lists dens.", gives={"type": "array", "items": paper})])
    assert {f.phrase for f in kit.entities[0].fields if f.pointer == "/not_after"} == {"expiry date"}


def test_a_kind_that_is_made_is_not_what_all_are_called() -> None:
    kit = understand("kit", [
        tool_made("dens_list", "Lists dens.", gives={"type": "array", "items": DEN}),
        tool_made("dens_create_custom", "Creates a den.", takes={"name*": TEXT}, gives=DEN),
        tool_made("dens_delete", "Deletes a den.", takes={"den_id*": TEXT}),
    ])  # fmt: skip
    assert [tool.phrase for tool in kit.tools] == ["list dens", "create a den", "delete a den"]


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("one", "many"),
    [("entry", "entries"), ("status", "statuses"), ("box", "boxes"), ("person", "people"), ("invoice", "invoices"),
     ("pull request", "pull requests"), ("day", "days"), ("branch", "branches"), ("reply", "replies")],
)  # fmt: skip
def test_number(one: str, many: str) -> None:
    assert plural(one) == many
    assert singular(many.split(" ")[-1]) == one.split(" ")[-1]


def test_articles_tokens_and_verbs() -> None:
    assert [article(noun) for noun in ("event", "user", "hour", "invoice", "url", "file")] == [
        "an",
        "a",
        "an",
        "an",
        "a",
        "a",
    ]
    assert tokens("attendeeEmailIDs") == ("attendee", "email", "ids")
    assert tokens("HTMLBody_v2") == ("html", "body", "v", "2")
    assert [base_verb(word) for word in ("Creates", "Searches", "Replies", "Gets")] == [
        "create",
        "search",
        "reply",
        "get",
    ]


@pytest.mark.parametrize(
    ("name", "verb", "noun", "place"),
    [
        ("kit_issues_list_for_repo", "list", ("issue",), ("repo",)),
        ("kit_create_pull_request", "create", ("pull", "request"), ()),
        ("kit_messages_attachments_get", "get", ("attachment",), ()),
        ("kit_order_list", "list", ("order",), ()),
        ("kit_refund_create", "create", ("refund",), ()),
        ("kit_get_tasks_for_project", "get", ("task",), ("project",)),
    ],
)
def test_names_are_parsed(name: str, verb: str, noun: tuple[str, ...], place: tuple[str, ...]) -> None:
    reading = read(tool_made(name))
    assert reading.verb is not None
    assert (reading.verb.word, reading.noun, reading.place) == (verb, noun, place)


# ---------------------------------------------------------------- anything at all

_NAMES = st.sampled_from(
    ["id", "note_id", "name", "title", "q", "page", "start", "end", "due_on", "items", "data", "amount", "owner",
     "repo", "to", "labels", "~/x", "a b", "été", "", "parent_id", "created", "email", "fields", "number", "é", "*"]
)  # fmt: skip
_LEAVES: st.SearchStrategy[Any] = st.one_of(
    st.builds(
        dict, type=st.sampled_from(["string", "integer", "number", "boolean", "null", "object", "array"])
    ),
    st.just({}),
    st.just(True),
    st.just({"type": ["string", "null"], "description": "ID of the note."}),
    st.just({"enum": [1, "a", None]}),
    st.just({"const": 3}),
    st.builds(
        lambda form: {"type": "string", "format": form}, st.sampled_from(["date-time", "email", "uuid", "x"])
    ),
    st.just({"anyOf": [{"type": "string"}, {"type": "null"}]}),
)


def _objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    properties = st.dictionaries(_NAMES, inner, max_size=5)
    parts = inner.filter(lambda schema: isinstance(schema, dict))
    return st.one_of(
        properties.map(lambda p: {"type": "object", "properties": p, "required": sorted(p)[:2]}),
        inner.map(lambda i: {"type": "array", "items": i}),
        st.lists(parts, min_size=1, max_size=2).map(lambda several: {"allOf": several}),
        st.lists(parts, min_size=1, max_size=2).map(lambda several: {"oneOf": several}),
    )


_SCHEMAS = st.recursive(_LEAVES, _objects, max_leaves=12)
_OBJECTS = st.dictionaries(_NAMES, _SCHEMAS, max_size=6).map(lambda p: {"type": "object", "properties": p})
_TOOLS = st.builds(
    lambda name, text, takes, gives: Tool(name, "kit", text, takes, returns=gives),
    st.sampled_from(["list_notes", "get_note", "create_note", "kit_notes_update", "delete", "add_note_to_board", "x",
                     "_", "notes_add_labels", "search_notes", "close_note", "send_note", "mark_note_as_read", "notes"]),
    st.sampled_from(["", "Lists notes.", "Creates a note of the board.", "!!", "Returns the ID of the note"]),
    _OBJECTS,
    st.one_of(_SCHEMAS.filter(lambda schema: isinstance(schema, dict)), _OBJECTS, st.just({})),
)  # fmt: skip


_NOTE = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
_STARRED = [
    Tool("list_notes", "kit", "", {"type": "object", "properties": {}}, returns={}),
    Tool(
        "get_note",
        "kit",
        "",
        {"type": "object", "properties": {}},
        returns={"type": "object", "properties": {"*": _NOTE}},
    ),
]


@settings(max_examples=100, deadline=None)
@given(st.lists(_TOOLS, max_size=5, unique_by=lambda tool: tool.name))
@example(_STARRED)
def test_no_schema_breaks_understanding(tools: list[Tool]) -> None:
    kit = understand("any", tools)
    assert [tool.name for tool in kit.tools] == [tool.name for tool in tools]
    for tool in kit.tools:
        check_tool(tool, kit)
        assert explain(tool, kit)
    json.dumps([tool.returns for tool in kit.tools])


@pytest.mark.parametrize(
    ("name", "form", "phrase"),
    [("from", "date", "start date"), ("to", "date-time", "end time"), ("from", "email", "sender")],
)
def test_from_is_a_person_or_the_start_of_a_period(name: str, form: str, phrase: str) -> None:
    tool = tool_made(
        "book_berth", takes={"berth_id*": {"type": "string"}, name: {"type": "string", "format": form}}
    )
    found = next(one for one in understand("kit", [tool]).tools if one.name == "book_berth")
    assert argument(found, f"/{name}").phrase == phrase


def _object_of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _asked(name: str, given: dict[str, Any], returns: dict[str, Any]) -> Tool:
    return Tool(name, "net", "", {**_object_of(**given)}, returns, hints={"method": "get"})


def test_a_record_is_named_by_the_letters_or_the_end_of_its_noun() -> None:
    text = {"type": "string"}
    record = {name: _object_of(id=text, name=text, region=text) for name in ("balancer", "check")}
    tools = [
        _asked(
            "load_balancers_list",
            {},
            _object_of(load_balancers={"type": "array", "items": record["balancer"]}),
        ),
        *(
            _asked(f"load_balancers_{verb}", {"lb_id": text}, record["balancer"])
            for verb in ("get", "update", "delete")
        ),
        _asked(
            "uptime_checks_list", {}, _object_of(uptime_checks={"type": "array", "items": record["check"]})
        ),
        *(
            _asked(f"uptime_checks_{verb}", {"check_id": text}, record["check"])
            for verb in ("get", "update", "delete")
        ),
    ]
    found = {tool.name: tool for tool in understand("net", tools).tools}
    assert found["load_balancers_get"].inputs[0].refers == "net.load_balancer"
    assert found["load_balancers_get"].id_field == "/lb_id"
    assert found["uptime_checks_delete"].inputs[0].refers == "net.uptime_check"


def test_to_start_what_is_named_makes_no_other() -> None:
    text = {"type": "string"}
    some = {"type": "array", "items": text}
    record = _object_of(instance_id=text, name=text)
    tools = [
        _asked("describe_instances", {}, _object_of(instances={"type": "array", "items": record})),
        structs.replace(_asked("start_instances", {"instance_ids": some}, {}), hints={}),
    ]
    found = {tool.name: tool for tool in understand("cloud", tools).tools}
    assert found["start_instances"].effect == "act"
    assert found["start_instances"].id_field == "/instance_ids/*"


def test_an_address_of_a_machine_names_what_has_no_other_name() -> None:
    address = {"type": "string", "format": "ipv4"}
    record = _object_of(ip=address, locked={"type": "boolean"}, region={"type": "string"})
    tools = [
        _asked("reserved_ips_list", {}, _object_of(reserved_ips={"type": "array", "items": record})),
        _asked("reserved_ips_get", {"reserved_ip": address}, record),
    ]
    toolset = understand("net", tools)
    entity = next(entity for entity in toolset.entities)
    assert (entity.noun, entity.plural, entity.label_pointer) == ("reserved ip", "reserved ips", "/ip")
    assert toolset.tools[1].inputs[0].klass == "natural_key"


MACHINE = {"type": "object", "title": "Machine", "properties": {
    "machineId": TEXT, "name": TEXT, "status": {"type": "string", "enum": ["running", "stopped"]}}}  # fmt: skip
BATCH = {"type": "object", "title": "Batch", "properties": {
    "batchId": TEXT, "machines": {"type": "array", "items": MACHINE}}}  # fmt: skip
UPTIME = {"type": "object", "properties": {"machineId": TEXT, "upSince": TEXT}}
FLEET = [
    tool_made("list_machines", "Lists machines.", gives={"type": "object", "properties": {
        "batches": {"type": "array", "items": BATCH}, "nextToken": TEXT}}),
    tool_made("get_machine", "Gets a machine.", takes={"machine_id*": TEXT}, gives=MACHINE),
    tool_made("list_machine_uptime_states", "Lists machine uptime states.", gives={
        "type": "object", "properties": {"machines": {"type": "array", "items": UPTIME}}}),
]  # fmt: skip


def test_records_that_a_listing_groups_are_found_in_the_groups() -> None:
    kit = understand("fleet", FLEET)
    listing = kit.tools[0]
    assert [(one.entity, one.pointer) for one in listing.yields] == [("kit.machine", "/batches/*/machines/*")]
    shown: Any = drive(InferredWorld(kit, 3).call(Call("c", "list_machines", {}))).value
    assert len(shown["batches"]) > 1
    assert all(batch["batchId"] and len(batch["machines"]) == 1 for batch in shown["batches"])
    assert len({batch["batchId"] for batch in shown["batches"]}) == len(shown["batches"])
    assert all(batch["machines"][0]["name"] for batch in shown["batches"])


def test_what_a_record_has_is_no_way_to_find_it_where_there_is_another() -> None:
    kit = understand("fleet", FLEET)
    states = structs.replace(kit.tools[2], phrase="list machine uptime states of a machine")
    both = structs.replace(kit, tools=(states, kit.tools[0]), hash="both")
    assert [tool.name for tool in known(both).finders["kit.machine"]] == ["list_machines"]
    alone = structs.replace(kit, tools=(states,), hash="alone")
    assert [tool.name for tool in known(alone).finders["kit.machine"]] == [states.name]


def test_to_unsuspend_is_to_do_something_to_a_record() -> None:
    machine = {**MACHINE, "properties": {**MACHINE["properties"], "suspended": {"type": "boolean"}}}
    tools = [
        FLEET[1],
        tool_made("unsuspend_machine", "Unsuspends a machine.", takes={"machine_id*": TEXT}, gives=machine),
    ]
    last = understand("fleet", tools).tools[1]
    assert (last.effect, last.verb, last.state) == ("act", "unsuspend", {"/suspended": False})


def test_one_value_goes_into_the_key_of_a_part_and_not_into_its_list() -> None:
    fields = [Field("/image/regions/*", "key", "image region"), Field("/image/slug", "text", "image slug")]
    machine = Entity("kit.machine", "kit", "machine", "machines", {"type": "object"}, fields=fields)
    image = Parameter("/image", "image", "preference", "key", "image", True, 0.8)
    match = written(image, machine, ["machine"], ("create", "machine"))
    assert match is not None and match.field.pointer == "/image/slug"


def test_what_is_known_by_its_slug_is_spoken_of_without_it() -> None:
    said = [
        phrase_of([tuple(name.split())], {}, (), "registry", f"/{name}")
        for name in ("subscription tier slug", "slug")
    ]
    assert said == ["subscription tier", "slug"]


def test_people_of_any_trade_are_people_where_nothing_says_what_they_hold():
    asked = {"type": "object", "properties": {}}
    tools = [
        Tool(f"list_{noun}s", "shop", f"List {noun}s.", asked)
        for noun in ("mechanic", "welder", "instructor")
    ]
    tools.append(Tool("list_racks", "shop", "List racks.", asked))
    sure = {tool.name: tool.confidence for tool in understand("shop", tools).tools}
    assert (
        min(sure["list_mechanics"], sure["list_welders"], sure["list_instructors"]) > 0.6 > sure["list_racks"]
    )
