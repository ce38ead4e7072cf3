"""Live servers: listing, calls, sandboxes, journals, and servers that misbehave."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import mcp_server_for_tests as shelves
from callsmith import flow, sources
from callsmith.config import Toolkit
from callsmith.config import read as read_config
from callsmith.config_mcp import Server
from callsmith.errors import ConfigError, SourceError
from callsmith.ingest.mcp import MCPSource, tool_of
from callsmith.mcp_client import Connection, named
from callsmith.ports import drive
from callsmith.records import Call, Result, Skipped, Tool, Toolset, Where
from callsmith.sandbox import moved
from callsmith.world.journal import Journal
from callsmith.world.mcp import MCPWorld, house
from callsmith.world.mcp_results import is_error

SERVER = str(Path(__file__).parent / "mcp_server_for_tests.py")


def server(mode: str = "", **given: Any) -> Server:
    return Server(command=(sys.executable, SERVER, mode), **{"timeout": 10.0, **given})


def toolset(given: Server) -> Toolset:
    return sources.load(Toolkit(name="shelves", mcp=given)).toolset


def asker(given: Server) -> Any:
    """A function that calls one tool of a server in a world of its own."""
    world = MCPWorld(toolset(given), given, 3, Journal(), 0)
    return lambda name, **arguments: drive(world.call(Call("a", name, arguments)))


# ---------------------------------------------------------------- listing


@pytest.mark.parametrize("shape", ["1.x", "2.x", "recorded"])
def test_a_tool_is_read_from_the_objects_of_either_sdk(shape: str) -> None:
    schema = {
        "type": "object",
        "properties": {"day": {"$ref": "#/$defs/Day"}},
        "$defs": {"Day": {"type": "string"}},
    }
    camel = {
        "name": "look",
        "title": "Look",
        "description": "Looks.",
        "inputSchema": schema,
        "outputSchema": None,
    }
    hints = {"readOnlyHint": False, "destructiveHint": True, "idempotentHint": None, "openWorldHint": True}
    snake = {"inputSchema": "input_schema", "outputSchema": "output_schema", "readOnlyHint": "read_only_hint",
             "destructiveHint": "destructive_hint", "idempotentHint": "idempotent_hint", "openWorldHint": "open_world_hint"}  # fmt: skip
    recorded: Any = {**camel, "annotations": hints}
    if shape == "1.x":
        recorded = SimpleNamespace(**camel, annotations=SimpleNamespace(**hints))
    if shape == "2.x":
        inner = SimpleNamespace(**{snake[key]: value for key, value in hints.items()})
        recorded = SimpleNamespace(
            **{snake.get(key, key): value for key, value in camel.items()}, annotations=inner
        )
    tool = tool_of(recorded, server(isolation="serial"), "box", Where("box"))
    assert isinstance(tool, Tool)
    assert tool.parameters == {"type": "object", "properties": {"day": {"type": "string"}}}
    assert (
        tool.hints["title"] == "Look"
        and tool.hints["read_only"] is False
        and tool.hints["open_world"] is True
    )
    assert "idempotent" not in tool.hints and "destroy" in tool.hints["forbidden"]


def test_tools_are_listed_page_by_page_with_what_they_declare() -> None:
    tools = {tool.name: tool for tool in toolset(server()).tools}
    assert list(tools) == [tool["name"] for tool in shelves.TOOLS]
    assert tools["shelf_count"].hints["title"] == "Boxes" and tools["shelf_count"].returns == shelves.COUNT
    assert (
        tools["shelf_contents"].effect == "compute"
        and tools["shelf_contents"].phrase == "list the contents of a shelf"
    )
    assert tools["shelf_wipe"].effect == tools["shelf_label"].effect == "opaque"
    assert "isolation is read_only" in tools["shelf_wipe"].reasons[-1]


def test_a_tool_that_is_none_is_skipped_and_the_rest_is_kept() -> None:
    read = list(MCPSource(server("broken"), "shelves").read())
    skipped = {item.name: item.reason for item in read if isinstance(item, Skipped)}
    assert [item.name for item in read if isinstance(item, Tool)] == ["shelf_notes"]
    assert "no name" in skipped["no schema"] and "no JSON Schema" in skipped["wrong"]
    assert "points nowhere" in skipped["lost"] and "not an object schema" in skipped["listed"]
    assert "another tool" in skipped["shelf_notes"]


def test_thousands_of_tools_are_read_and_endless_listings_are_refused() -> None:
    assert len(list(MCPSource(server("thousands"), "many").read())) == 4000
    for mode in ("endless", "circle"):
        with pytest.raises(SourceError, match="does not end"):
            list(MCPSource(server(mode), "many").read())


def test_a_server_that_does_not_start_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = time.monotonic()
    with pytest.raises(SourceError, match=r"did not answer within 0\.5 s"):
        Connection(server("silent", timeout=0.5))
    assert time.monotonic() - begun < 8
    with pytest.raises(SourceError, match="no program surely-not-there"):
        Connection(Server(command=("surely-not-there",)))
    monkeypatch.setenv("SHELF_TOKEN", "s3cret")
    with pytest.raises(SourceError) as told:
        Connection(server("complaining", env={"TOKEN": "$SHELF_TOKEN"}))
    assert "bad token …" in told.value.hint and "s3cret" not in str(told.value) + told.value.hint
    monkeypatch.delenv("SHELF_TOKEN")
    with pytest.raises(SourceError, match="the environment has no SHELF_TOKEN"):
        Connection(server(env={"TOKEN": "$SHELF_TOKEN"}))


def test_junk_before_the_protocol_is_passed_over() -> None:
    assert len(toolset(server("chatty")).tools) == len(shelves.TOOLS)


# ---------------------------------------------------------------- calls


def test_what_a_server_answers_is_a_value_or_an_error() -> None:
    ask = asker(server("faults"))
    assert ask("junk").value == "fine"
    assert ask("flagged") == Result("a", {"error": {"message": "no such shelf"}}, "tool_error")
    assert ask("said") == Result("a", {"error": {"message": "Error: the shelf is gone"}}, "tool_error")
    assert ask("many").value == [[1, 2], "three"] and ask("none").value == ""
    first, picture, link, held = ask("image").value
    assert first == {"a": 1} and picture == {"type": "image", "mimeType": "image/png", "bytes": 3000}
    assert link["uri"] == "file:///plan.pdf" and len(held["text"]) == 4001
    assert ask("lie").error in ("no_result", "invalid_result") and ask("flood").error == "too_long"
    assert ask("refuse").error == "refused" and "no tool refuse" in ask("refuse").value["error"]["message"]
    assert ask("nobody").error == "unknown_tool"


def test_a_server_that_hangs_or_dies_costs_one_answer_and_is_given_up_in_time() -> None:
    ask = asker(server("faults", timeout=1.0))
    begun = time.monotonic()
    assert ask("die").error in ("gone", "timeout") and ask("junk").value == "fine"
    assert ask("hang").error == "timeout" and ask("junk").value == "fine"
    assert ask("hang").error == "timeout" and ask("hang").error == "given_up"
    assert time.monotonic() - begun < 25


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("Error: no such file", True), ("error executing tool x: y", True), ("fatal: not a git repository", True),
        ("ValueError: bad", True), ("MCP error -32602: x", True), ("Traceback (most recent call last):\n …", True),
        ("Failed to open a.txt", True), ("Access denied - path outside", True), ({"error": "gone"}, True),
        ({"success": False, "message": "no"}, True), ("Error log of Monday: 3 lines", False), ("Errors: 0", False),
        ("No errors found", False), ({"error": None, "message": "ok"}, False), ({"error": "x", "rows": []}, False),
        ("The error was fixed", False), ({"status": "error rate 3%"}, False), ("", False), ([], False),
    ],
)  # fmt: skip
def test_an_error_by_text_begins_as_one(value: Any, error: bool) -> None:
    assert is_error(value) is error


def test_what_may_change_something_is_called_only_where_that_is_allowed(tmp_path: Path) -> None:
    for given, allowed in (
        (server(), set()),
        (server(isolation="serial"), {"shelf_label"}),
        (server(isolation="serial", destructive=True), {"shelf_label", "shelf_wipe"}),
    ):
        hints = {tool.name: tool.hints for tool in toolset(given).tools}
        assert {name for name in ("shelf_label", "shelf_wipe") if "forbidden" not in hints[name]} == allowed
    refused = asker(server())("shelf_wipe", shelf="upper")
    assert refused.error == "not_allowed"


def test_each_world_has_a_fresh_sandbox_by_a_path_that_never_changes(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "list.txt").write_text("one")
    given = server("folder", isolation="per_attempt", sandbox=str(tmp_path / "store"))
    known = toolset(given)
    write = next(tool for tool in known.tools if tool.name == "shelf_label")
    here = house(given)
    look = next(tool for tool in known.tools if tool.name == "look")
    assert here.call(look, {"path": "/store"}) == ("/store holds list.txt", "")
    assert here.call(write, {"path": "/store", "shelf": "upper"}) == ("Wrote /store/label", "")
    assert here.call(look, {"path": "/store"})[0] == "/store holds label, list.txt"
    here.put_in_order()
    assert here.call(look, {"path": "/store"})[0] == "/store holds list.txt"
    assert not (tmp_path / "store" / "label").exists()
    here.close()


def test_paths_are_called_by_another_name_whole_or_not_at_all() -> None:
    value = {"/x/work": ["/x/work/a.txt, '/x/work'", "/x/workshop", "see /x/work.", "/y/x/work"]}
    assert moved(value, "/x/work", "/shop") == {
        "/shop": ["/shop/a.txt, '/shop'", "/x/workshop", "see /shop.", "/y/x/work"]
    }


# ---------------------------------------------------------------- HTTP


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers.get("Authorization") != "Bearer s3cret":
            self.send_response(401)
            self.end_headers()
            return
        given = shelves.respond(body, "")
        self.send_response(200 if given else 202)
        payload = json.dumps(given).encode() if given else b""
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def do_GET(self) -> None:
        self.send_response(405)
        self.end_headers()

    do_DELETE = do_GET

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_address[1]}/mcp"
    listening.shutdown()
    listening.server_close()


def test_streamable_http_with_a_header_from_the_environment(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELF_TOKEN", "s3cret")
    given = Server(url=address, headers={"Authorization": "Bearer $SHELF_TOKEN"}, timeout=10)
    assert len(toolset(given).tools) == len(shelves.TOOLS)
    assert asker(given)("shelf_contents", shelf="middle").value == "- books"
    with pytest.raises(SourceError):
        toolset(Server(url=address, timeout=2))


# ---------------------------------------------------------------- runs


CONFIG = """
seed: 3
size: 10
worlds: 4
kinds: {{single: 2, parallel: 1, missing_parameter: 1, chat: 1}}
toolkits:
  - name: shelves
    mcp: {{command: ["{python}", "{server}"], now: "2026-03-02T09:30:00+00:00", env: {{TURN: "{turn}"}}{more}}}
"""


def run(
    folder: Path, workers: int = 1, turn: int = 0, more: str = "", program: str = SERVER, size: int = 10
) -> bytes:
    folder.mkdir(exist_ok=True)
    text = CONFIG.format(python=sys.executable, server=program, turn=turn, more=more).replace(
        "10", str(size), 1
    )
    (folder / "run.yaml").write_text(text)
    summary = flow.synth(flow.read(folder / "run.yaml"), workers, False, lambda _: None)
    assert summary.unfilled == 0
    return (folder / "runs" / "run" / "conversations.jsonl").read_bytes()


def test_a_run_is_made_again_from_its_journal_without_the_server(tmp_path: Path) -> None:
    first = run(tmp_path / "first", turn=0)
    other = run(tmp_path / "other", turn=500)
    assert first != other, "the server's answers are in the rows"
    recorded = tmp_path / "first" / "runs" / "run"
    replay = f', replay: "{recorded}"'
    again = [
        run(tmp_path / f"again{workers}", workers, 900, replay, program="/nowhere/server.py")
        for workers in (1, 2)
    ]
    assert again == [first, first]


def test_rows_are_checked_and_faults_planted_from_the_journal_beside_them(tmp_path: Path) -> None:
    from callsmith.check.run import run_checks
    from callsmith.cli_files import Journals, Toolsets
    from callsmith.report import conversations
    from callsmith.run import Run

    run(tmp_path / "made")
    folder = tmp_path / "made" / "runs" / "run"
    toolsets, journals = Toolsets(folder / "toolsets"), Journals(folder / "journal.jsonl")
    with Run.open(folder) as opened:
        rows = list(conversations(opened))
    assert len(rows) == 10
    for row in rows:
        known = toolsets.of(row)
        again = journals.of(row, known)
        verdicts = run_checks(row, known, None, again=again)
        assert {item.outcome for item in verdicts} == {"pass"}, verdicts
        assert row.world is not None and row.world.kind == "mcp"


def test_a_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    first = run(tmp_path / "made", turn=0)
    grown = run(tmp_path / "made", turn=0, size=14)
    assert grown.startswith(first) and len(grown.splitlines()) == 14


@pytest.mark.parametrize(
    ("entry", "place", "what"),
    [
        ("mcp: {url: x, command: [y]}", ":3:10", "a command or a url"),
        ("mcp: {url: nowhere}", ":3:16", "url must begin with"),
        ("mcp: {command: [y], isolation: loose}", ":3:36", "no isolation loose"),
        ("mcp: {command: [y], isolation: per_attempt}", ":3:36", "needs a sandbox"),
        ("mcp: {command: [y], timeout: 0}", ":3:34", "timeout must be"),
        ("mcp: {command: [y], tiemout: 3}", ":3:25", "unknown key tiemout"),
        ("mcp: {command: [y], now: tomorrow}", ":3:30", "now must be a date-time"),
        ("mcp: {command: [y]}\n    openai: x.json", ":2:5", "one source"),
    ],
)
def test_a_faulty_entry_is_named_with_its_place(entry: str, place: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "run.yaml"
    path.write_text(f"toolkits:\n  - name: shelves\n    {entry}\n")
    with pytest.raises(ConfigError) as told:
        read_config(path)
    assert told.value.where.endswith(place), told.value.where
    assert what in told.value.what


def test_without_the_sdk_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(SourceError) as told:
        Connection(server())
    assert "callsmith[mcp]" in told.value.hint


def test_one_accessor_for_three_shapes() -> None:
    for thing in (
        {"isError": True},
        SimpleNamespace(isError=True),
        SimpleNamespace(is_error=True),
        {"is_error": True},
    ):
        assert named(thing, "isError") is True
    assert named(SimpleNamespace(), "isError") is None and partial(named, {})("x") is None
