"""All operators on DataFlow's own storage, with a serving that has faults; run where open-dataflow is installed."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from dataflow.operators.conversations import ScenarioExtractGenerator
from dataflow.utils.storage import FileStorage

from answering import FORMS, Answering, all_of_them
from callsmith.records import Place, Reply, Request
from callsmith.serving import Serving

PARCELS = ["013", "007", "404", "500", *(f"{number:03}" for number in range(30, 40))]


def stored(folder: Path, kind: str) -> FileStorage:
    chats = [[{"role": "user", "content": f"Where is parcel {parcel}?"}] for parcel in PARCELS]
    rows = [{"chat": chat, "about": {"code": "007", "sent": "2026-03-02"}} for chat in chats]
    first = folder / f"{kind}.jsonl"
    first.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return FileStorage(str(first), cache_path=str(folder / f"{kind}_steps"), cache_type=kind)


class Echo:
    """A model of ours that says what it was asked."""

    async def complete(self, request: Request, place: Place) -> Reply:
        return Reply(text=f"{len(request.messages)} messages")


@asynccontextmanager
async def echo() -> AsyncIterator[dict[Any, Any]]:
    yield {"writer": Echo()}


def main(folder: Path) -> None:
    found: dict[str, Any] = {}
    for kind in ("jsonl", "json", "csv", "pickle"):
        for parallel in (False, True):
            storage = stored(folder / str(parallel), kind)
            all_of_them(storage, Answering(faulty=0.3, forms=FORMS, seed=9), parallel)
            rows = storage.step().read("dataframe")
            found[f"{kind} {parallel}"] = json.loads(rows.to_json(orient="records"))
    theirs = stored(folder / "theirs", "jsonl")
    ScenarioExtractGenerator(Serving(echo)).run(theirs.step(), input_chat_key="chat")
    found["theirs"] = theirs.step().read("dataframe")["scenario"].tolist()
    (folder / "found.json").write_text(json.dumps(found))


if __name__ == "__main__":
    for name in ("True", "False", "theirs"):
        (Path(sys.argv[1]) / name).mkdir()
    main(Path(sys.argv[1]))
