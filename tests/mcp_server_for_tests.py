"""A small server that speaks the Model Context Protocol over stdio or HTTP, and misbehaves when asked to."""

from __future__ import annotations

import itertools
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

READS = {"readOnlyHint": True, "destructiveHint": False}
SHELF = {
    "type": "object",
    "properties": {
        "shelf": {"type": "string", "enum": ["upper", "middle", "lower"], "description": "Which shelf."}
    },
    "required": ["shelf"],
}
COUNT = {"type": "object", "properties": {"boxes": {"type": "integer"}, "full": {"type": "boolean"}},
         "required": ["boxes", "full"]}  # fmt: skip
TOOLS: list[dict[str, Any]] = [
    {"name": "shelf_contents", "description": "Lists the contents of a shelf.", "inputSchema": SHELF, "annotations": READS},
    {"name": "shelf_count", "title": "Boxes", "description": "Shows the box count of a shelf.", "inputSchema": SHELF,
     "outputSchema": COUNT, "annotations": READS},
    {"name": "shelf_notes", "description": "Shows the notes about a shelf.", "inputSchema": SHELF, "annotations": READS},
    {"name": "shelf_label", "description": "Writes a label.", "inputSchema": SHELF,
     "annotations": {"readOnlyHint": False, "destructiveHint": False}},
    {"name": "shelf_wipe", "description": "Wipes a shelf.", "inputSchema": SHELF, "annotations": {"readOnlyHint": False}},
]  # fmt: skip
FAULTS = ("hang", "die", "lie", "flood", "junk", "flagged", "said", "image", "many", "none", "refuse")
TURN = itertools.count(int(os.environ.get("TURN", "0")))  # so that no two answers are the same


def text(value: str) -> dict[str, Any]:
    return {"type": "text", "text": value}


def answer(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    shelf = arguments.get("shelf", "")
    if name == "shelf_contents":
        things = {"upper": "vases\nlamps", "middle": "books", "lower": "paint\nbrushes\nrags"}[shelf]
        return {"content": [text("\n".join(f"- {thing}" for thing in things.split()))]}
    if name == "shelf_count":
        value = {"boxes": 3 + next(TURN), "full": False}
        return {"content": [text(json.dumps(value))], "structuredContent": value}
    if name == "shelf_notes":
        return {"content": [text(f"The {shelf} shelf was tidied in spring.")]}
    if name == "shelf_label":
        (Path(arguments["path"]) / "label").write_text(shelf)
        return {"content": [text(f"Wrote {arguments['path']}/label")]}
    if name == "look":
        found = sorted(item.name for item in Path(arguments["path"]).iterdir())
        return {"content": [text(f"{arguments['path']} holds {', '.join(found)}")]}
    return misbehave(name)


def misbehave(name: str) -> dict[str, Any]:
    if name == "hang":
        time.sleep(600)
    if name == "die":
        os._exit(3)
    if name == "lie":
        return {"content": [], "structuredContent": {"boxes": "many"}}
    if name == "flood":
        return {"content": [text("x" * 3_000_000)]}
    if name == "junk":
        sys.stdout.write("Listening on port 8000\n{not json}\n")
        return {"content": [text("fine")]}
    if name == "flagged":
        return {"content": [text("no such shelf")], "isError": True}
    if name == "said":
        return {"content": [text("Error: the shelf is gone")]}
    if name == "image":
        picture = {"type": "image", "data": "A" * 4000, "mimeType": "image/png"}
        linked = {"type": "resource_link", "uri": "file:///plan.pdf", "name": "plan"}
        held = {
            "type": "resource",
            "resource": {"uri": "file:///log.txt", "mimeType": "text/plain", "text": "y" * 9000},
        }
        return {"content": [text('{"a": 1}'), picture, linked, held]}
    if name == "many":
        return {"content": [text("[1, 2]"), text("three")]}
    if name == "none":
        return {"content": []}
    raise ValueError(f"no tool {name}")


def listing(mode: str, params: dict[str, Any]) -> dict[str, Any]:
    page = int(params.get("cursor") or 0)
    if mode == "endless":
        return {"tools": [{**TOOLS[0], "name": f"t{page}"}], "nextCursor": str(page + 1)}
    if mode == "circle":
        return {"tools": TOOLS[:1], "nextCursor": "1"}
    if mode == "thousands":
        tools = [{**TOOLS[0], "name": f"tool_{number}"} for number in range(page * 1000, page * 1000 + 1000)]
        return {"tools": tools, **({"nextCursor": str(page + 1)} if page < 3 else {})}
    if mode == "broken":
        odd = [
            {"name": "no schema", "inputSchema": SHELF},
            {"name": "wrong", "inputSchema": {"type": "nonsense"}},
            {
                "name": "lost",
                "inputSchema": {"type": "object", "properties": {"a": {"$ref": "#/$defs/none"}}},
            },
            {"name": "listed", "inputSchema": {"type": "object", "properties": []}},
        ]
        return {"tools": [*odd, TOOLS[2], TOOLS[2]]}
    if mode == "faults":
        every = [{"name": name, "description": f"Shows the {name}.", "inputSchema": {"type": "object"},
                  "annotations": READS} for name in FAULTS]  # fmt: skip
        every[FAULTS.index("lie")]["outputSchema"] = COUNT
        return {"tools": every}
    if mode == "folder":
        where = {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}
        put = {**where, "properties": {**where["properties"], "shelf": {"type": "string"}}}  # type: ignore[dict-item]
        return {"tools": [{**TOOLS[3], "inputSchema": put},
                          {"name": "look", "description": "Shows the files.", "inputSchema": where, "annotations": READS}]}  # fmt: skip
    return {"tools": TOOLS[page * 2 : page * 2 + 2], **({"nextCursor": str(page + 1)} if page < 2 else {})}


def respond(message: dict[str, Any], mode: str) -> dict[str, Any] | None:
    """The answer to one message; None to a notification."""
    if "id" not in message:
        return None
    method, params = message["method"], message.get("params") or {}
    head = {"jsonrpc": "2.0", "id": message["id"]}
    if method == "initialize":
        version = params["protocolVersion"]
        own = {
            "protocolVersion": version,
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "shelves", "version": "1"},
        }
        return {**head, "result": own}
    if method == "tools/list":
        return {**head, "result": listing(mode, params)}
    if method == "tools/call":
        try:
            return {**head, "result": answer(params["name"], params.get("arguments") or {})}
        except ValueError as error:
            return {**head, "error": {"code": -32602, "message": str(error)}}
    if method == "ping":
        return {**head, "result": {}}
    return {**head, "error": {"code": -32601, "message": "no such method"}}


def main(mode: str) -> None:
    if mode == "silent":
        time.sleep(600)
    if mode == "complaining":
        sys.stderr.write(f"cannot start: bad token {os.environ.get('TOKEN', '')}\n")
        sys.exit(1)
    if mode == "chatty":
        sys.stdout.write("Welcome!\n")
    for line in sys.stdin:
        given = respond(json.loads(line), mode)
        if given is not None:
            sys.stdout.write(json.dumps(given) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
