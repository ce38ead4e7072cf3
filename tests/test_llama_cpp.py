"""The client against llama.cpp itself: a tiny model with random weights, behind each of its servers that is installed."""

from __future__ import annotations

import asyncio
import importlib.util
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from msgspec import Struct

import tiny_gguf
from callsmith import flow, row
from callsmith.catalog import builtin
from callsmith.check.run import run_checks
from callsmith.cli_files import Toolsets
from callsmith.config_models import Endpoint
from callsmith.grammar.dialogue import Form, dialogue
from callsmith.grammar.dml import read
from callsmith.models.asking import read_json
from callsmith.models.budget import Figures
from callsmith.models.journal import Journal
from callsmith.models.opening import Opened, opened
from callsmith.records import Place, Request, Tool
from test_dml import FORMS, TOOLS

PATIENCE = 60  # seconds a server may take to start
NATIVE = """
import sys, xllamacpp
params = xllamacpp.CommonParams()
params.model.path, params.port, params.n_ctx, params.n_parallel = sys.argv[1], int(sys.argv[2]), 65536, 2
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(params)
sys.stdin.read()  # until the test closes it
"""


class Engine(Struct, frozen=True):
    """A running server, and the names its ways to take a schema and a grammar go by."""

    base_url: str
    schema: str
    grammar: str = "llama_cpp"


@pytest.fixture(scope="module", params=["llama_cpp", "xllamacpp"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """``llama_cpp``: the server of llama-cpp-python; ``xllamacpp``: llama.cpp's own, from a wheel."""
    for needed in (request.param, "gguf"):
        if importlib.util.find_spec(needed) is None:
            extra = "llama-cpp" if request.param == "llama_cpp" else "test"
            pytest.skip(f"{needed} is not installed: pip install 'callsmith[{extra}]'")
    folder = tmp_path_factory.mktemp(request.param)
    model, port = folder / "tiny.gguf", free_port()
    tiny_gguf.write(model)
    if request.param == "llama_cpp":
        command = ["-m", "llama_cpp.server", "--model", str(model), "--port", str(port), "--n_ctx", "32768"]
        command += ["--n_threads", "1", "--n_threads_batch", "1", "--model_alias", "tiny", "--seed", "1"]
    else:
        command = ["-c", NATIVE, str(model), str(port)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([sys.executable, *command], stdin=subprocess.PIPE, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}/v1/models", server, folder / "log")
            form = "llama_cpp" if request.param == "llama_cpp" else "json_schema"
            yield Engine(f"http://127.0.0.1:{port}/v1", form)
        finally:
            server.kill()
            server.wait()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text(errors='replace')[-2000:]}")


def run(
    engine: Engine,
    work: Callable[[Opened], Awaitable[Any]],
    journal: Path | None = None,
    structured: Any = "auto",
) -> tuple[Any, Figures]:
    async def whole() -> tuple[Any, Figures]:
        endpoint = Endpoint(base_url=engine.base_url, model="tiny", structured=structured, concurrency=2)
        async with opened({"default": endpoint}, journal) as found:
            return await work(found), found.figures

    return asyncio.run(whole())


def asked(**fields: Any) -> Request:
    return Request([{"role": "user", "content": "A word, please."}], **fields)


def test_its_way_to_take_schemas_and_grammars_is_found(engine: Engine, tmp_path: Path) -> None:
    schema = {
        "type": "object",
        "properties": {"word": {"type": "string", "minLength": 1}, "points": {"enum": [1, 2, 3]}},
        "required": ["word", "points"],
        "additionalProperties": False,
    }
    grammar = dialogue([], Form(users_max=1))

    async def work(found: Opened) -> list[Any]:
        first = await found.models["writer"].complete(asked(schema=schema), Place(0, 0, 0))
        second = await found.models["writer"].complete(asked(grammar=grammar), Place(0, 0, 1))
        return [first, second]

    (first, second), figures = run(engine, work, tmp_path / "calls.db")
    assert read_json(first, schema)[1] == ""
    assert read(second.text, [], Form(users_max=1))
    assert first.usage.prompt and first.usage.completion
    assert figures.notes == []
    label = f"tiny at {engine.base_url}"
    assert remembered(tmp_path / "calls.db", label) == [engine.schema, engine.grammar]


def remembered(path: Path, label: str) -> list[Any]:
    async def names() -> list[Any]:
        journal = Journal(path)
        found = [journal.meta(f"form {kind} auto {label}") for kind in ("schema", "grammar")]
        await journal.close()
        return found

    return asyncio.run(names())


@pytest.mark.parametrize("structured", ["vllm", "guided", "none"])
def test_a_way_it_does_not_take_is_said(engine: Engine, structured: str) -> None:
    async def work(found: Opened) -> Any:
        return await found.models["writer"].complete(asked(schema={"const": "so"}), Place(0, 0, 0))

    _, figures = run(engine, work, structured=structured)
    ignored = (
        f"tiny at {engine.base_url} ignores a schema sent as {structured}; answers are checked all the same"
    )
    assert (ignored in figures.notes) == (structured != "none")


@pytest.mark.parametrize("longest", [1000, 1999, 2001, 6000])
def test_a_wording_may_be_as_long_as_it_is_asked_to_be(engine: Engine, longest: int) -> None:
    """llama.cpp repeats a rule 2,000 times at most, and llama-cpp-python's server ends where it should repeat more."""
    schema = {
        "type": "object",
        "properties": {"3": {"type": "string", "minLength": 1, "maxLength": longest}},
        "required": ["3"],
        "additionalProperties": False,
    }

    async def work(found: Opened) -> Any:
        return await found.models["writer"].complete(asked(schema=schema, max_tokens=4000), Place(0, 0, 0))

    reply, figures = run(engine, work)
    assert read_json(reply, schema)[1] == ""
    assert figures.notes == []


@pytest.mark.parametrize("form", FORMS)
def test_what_it_writes_under_a_grammar_of_dialogues_is_read(engine: Engine, form: Form) -> None:
    texts = written(engine, TOOLS, form, 4)
    assert all(read(text, TOOLS, form) for text in texts)


@pytest.mark.parametrize("kit", ["gmail", "googlecalendar", "stripe"])
def test_the_grammar_of_real_tools_is_accepted(engine: Engine, kit: str) -> None:
    tools = [definition(tool) for tool in builtin.load(kit)][:20]
    form = Form(users_min=2, users_max=4)
    assert all(read(text, tools, form) for text in written(engine, tools, form, 2))


def written(engine: Engine, tools: list[dict[str, Any]], form: Form, count: int) -> list[str]:
    grammar = dialogue(tools, form)

    async def work(found: Opened) -> list[Any]:
        model = found.models["writer"]
        return [
            await model.complete(asked(grammar=grammar, max_tokens=12_000, seed=seed), Place(0, 0, seed))
            for seed in range(count)
        ]

    replies, _ = run(engine, work, structured="llama_cpp")
    whole = [reply.text for reply in replies if reply.finish == "stop"]
    assert len(whole) == count, [reply.finish for reply in replies]
    return whole


def definition(tool: Tool) -> dict[str, Any]:
    return {"name": tool.name, "description": tool.description, "parameters": tool.parameters}


@pytest.mark.parametrize("recipe", ["grounded", "agents"])
def test_a_run_with_it_finishes(engine: Engine, tmp_path: Path, recipe: str) -> None:
    text = [
        "seed: 3",
        "size: 4",
        "out: run",
        f"recipe: {recipe}",
        "attempts: 1",
        "agents: {calling: form, length: 300, turns: 4}",
        "toolkits: [gmail, googlecalendar]",
        "judge: {keep: {tool_use: 1}}",
        f"models: {{default: {{base_url: {engine.base_url}, model: tiny, concurrency: 2}}}}",
    ]
    path = tmp_path / "config.yaml"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    figures = Figures()
    summary = flow.synth(flow.read(path), 1, False, lambda _: None, figures)
    assert summary.accepted + summary.unfilled == summary.asked == 4
    assert figures.total.answered and not figures.total.unmetered
    toolsets = Toolsets(tmp_path / "run" / "toolsets")
    for line in (tmp_path / "run" / "conversations.jsonl").read_bytes().splitlines():
        conversation = row.from_row(orjson.loads(line))
        verdicts = run_checks(conversation, toolsets.of(conversation))
        assert not [verdict for verdict in verdicts if verdict.outcome == "fail"]
    if recipe == "grounded":
        assert summary.accepted == 4
