"""Live servers that keep records: what they list is found first, and people ask for what is there."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from callsmith import flow, sources, surveys
from callsmith.config import Toolkit
from callsmith.config_mcp import Server
from callsmith.ports import drive
from callsmith.records import Call
from callsmith.world.journal import Journal
from callsmith.world.mcp import KeepingWorlds

STORE = '''
import json
from typing import Any
try:
    from mcp.server.mcpserver import MCPServer
except ImportError:
    from mcp.server.fastmcp import FastMCP as MCPServer

mcp = MCPServer("store")
ITEMS = {"NL-50": {"sku": "NL-50", "name": "Wire nails", "aisle": "A3", "price": 6.4, "stock": 38},
         "SC-40": {"sku": "SC-40", "name": "Wood screws", "aisle": "A3", "price": 8.9, "stock": 2},
         "GL-WD": {"sku": "GL-WD", "name": "Wood glue", "aisle": "A5", "price": 7.2, "stock": 22}}
TOURS = [{"id": "t1", "guide": "Priya Nair", "starts_at": "2026-03-07T11:00:00", "language": "en"}]
ORDERS = [{"id": 1, "sku": "GL-WD", "quantity": 4, "status": "received"}]


@mcp.tool()
def search_items(query: str = "", aisle: str | None = None) -> list[dict[str, Any]]:
    """Search the stock by name and aisle."""
    return [i for i in ITEMS.values() if query.lower() in i["name"].lower() and aisle in (None, i["aisle"])]


@mcp.tool()
def low_stock() -> list[dict[str, Any]]:
    """Items at or below their reorder level."""
    return [one for one in ITEMS.values() if one["stock"] < 5]


@mcp.tool()
def get_item(sku: str) -> dict[str, Any]:
    """One item by its SKU."""
    return ITEMS[sku]


@mcp.tool()
def place_order(sku: str, quantity: int) -> dict[str, Any]:
    """Order more of an item."""
    ORDERS.append({"id": len(ORDERS) + 1, "sku": sku, "quantity": quantity, "status": "sent"})
    return ORDERS[-1]


@mcp.tool()
def list_orders() -> list[dict[str, Any]]:
    """Orders to suppliers."""
    return ORDERS


@mcp.tool()
def get_tours() -> str:
    """Get guided tours as JSON."""
    return json.dumps(TOURS)


@mcp.tool()
def opening_hours() -> str:
    """When the store is open."""
    return "Open from nine to five."


mcp.run()
'''


def store(tmp_path: Path, **given: str) -> Server:
    (tmp_path / "store.py").write_text(STORE)
    return Server(command=(sys.executable, str(tmp_path / "store.py")), timeout=30.0, **given)  # type: ignore[arg-type]


def test_a_server_is_understood_by_what_its_reading_tools_show(tmp_path: Path) -> None:
    kit = Toolkit(name="store", mcp=store(tmp_path))
    toolset = sources.load(kit).toolset
    tools = {tool.name: tool for tool in toolset.tools}
    assert (tools["search_items"].effect, tools["search_items"].entity) == ("search", "store.item")
    assert tools["get_item"].inputs[0].refers == "store.item"  # a sku is how items are told apart
    assert tools["low_stock"].phrase == "list the items at or below their reorder level"  # not all there are
    assert tools["get_tours"].returns["items"]["properties"]["guide"] == {
        "type": "string"
    }  # text that is JSON
    assert tools["place_order"].effect == "opaque" and "isolation" in tools["place_order"].reasons[-1]
    assert tools["opening_hours"].hints["asked_for"] == "when the store is open"
    found = sources.prepare(kit, tmp_path)
    assert found is not None
    (tmp_path / found[0]).parent.mkdir()
    (tmp_path / found[0]).write_bytes(found[1])
    maker = surveys.mcp_worlds(store(tmp_path), toolset, tmp_path)
    assert isinstance(maker, KeepingWorlds)
    here = maker.make(toolset, 3, Journal(), 0)
    assert [one["name"] for one in here.records("store.item")] == ["Wire nails", "Wood screws", "Wood glue"]
    assert [one["guide"] for one in here.records("store.tour")] == ["Priya Nair"]
    assert drive(here.call(Call("1", "opening_hours", {}))).value == "Open from nine to five."


@pytest.mark.parametrize("replayed", [False, True])
def test_rows_ask_for_what_a_server_holds(tmp_path: Path, replayed: bool) -> None:
    store(tmp_path)
    command = f"[{sys.executable}, {tmp_path}/store.py]"
    config = tmp_path / "run.yaml"
    text = (
        f"seed: 4\nsize: 10\nout: {tmp_path}/%s\nkinds: {{single: 2, dependent: 1, missing_parameter: 1}}\n"
        f"toolkits: [{{name: store, mcp: {{command: {command}, now: '2026-03-05T09:30:00+00:00', isolation: serial,"
        " destructive: true%s}}]\n"
    )
    config.write_text(text % ("first", ""))
    flow.synth(flow.read(config), 1, False, lambda _: None)
    first = (tmp_path / "first/conversations.jsonl").read_text()
    rows = [json.loads(line) for line in first.splitlines()]
    assert len(rows) >= 5
    called = {
        call["function"]["name"] for row in rows for m in row["messages"] for call in m.get("tool_calls", ())
    }
    assert {"search_items", "place_order"} <= called
    if replayed:  # tools, records and answers come from the first run
        (tmp_path / "store.py").write_text("raise SystemExit(1)")
        config.write_text(text % ("second", f", replay: {tmp_path}/first"))
        flow.synth(flow.read(config), 1, False, lambda _: None)
        assert (tmp_path / "second/conversations.jsonl").read_text() == first
