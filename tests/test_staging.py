"""A staging API as a world: what is sent, what never is, what becomes of the answers, and runs without the API."""

from __future__ import annotations

import asyncio
import base64
import importlib.util
import json
import os
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from callsmith import cli, config, flow, sources
from callsmith.config import Toolkit
from callsmith.config_http import Auth, Staging
from callsmith.errors import CallsmithError, SourceError
from callsmith.inputs import inputs
from callsmith.ports import drive
from callsmith.records import Call, Tool, Toolset
from callsmith.understand import understand
from callsmith.world.journal import Journal
from callsmith.world.staging.building import Unsendable, request_of
from callsmith.world.staging.client import BODY, Client
from callsmith.world.staging.exploring import CALLS, explore
from callsmith.world.staging.standing import Standing
from callsmith.world.staging.world import HttpWorlds, asked, explored, fenced
from serving import serving

EXAMPLES = Path(__file__).parent.parent / "examples"
SECRET = "s3cret+token/value"
ANY: dict[str, Any] = {"type": "object", "properties": {}}


def tool(method: str, path: str, effect: Any = "read", **hints: Any) -> Tool:
    return Tool(
        "t_it", "t", "", ANY, effect=effect, confidence=1.0, hints={"method": method, "path": path, **hints}
    )


def example_server() -> Any:
    spec = importlib.util.spec_from_file_location("staging_server", EXAMPLES / "staging" / "server.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def workshop() -> Iterator[tuple[str, web.Application]]:
    app = example_server().application(SECRET)
    with serving(app) as base:
        yield base, app


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGING_TOKEN", SECRET)


def staging(base: str, **more: Any) -> Staging:
    return Staging(base=base, auth=Auth(env="STAGING_TOKEN"), rate=5000.0, **more)


def toolset_of(base: str, **more: Any) -> tuple[Toolset, Staging]:
    api = staging(base, **more)
    kit = Toolkit(openapi=str(EXAMPLES / "staging" / "workshop.openapi.yaml"), http=api)
    return sources.load(kit).toolset, api


# ---------------------------------------------------------------- requests


def test_arguments_travel_where_the_description_says() -> None:
    places = {
        "owner": {"in": "path", "name": "owner-name"},
        "ids": {"in": "query", "name": "id[]"},
        "deep": {"in": "query", "name": "deep"},
        "version": {"in": "header", "name": "X-Version"},
        "body_owner": {"in": "body", "name": "owner"},
    }
    made = request_of(
        tool("post", "/o/{owner-name}/x", places=places, media="application/json"),
        {
            "owner": "a/b c",
            "ids": [1, 2],
            "deep": {"k": True},
            "version": 3,
            "body_owner": "me",
            "note": None,
        },
    )
    assert made.path == "/o/a%2Fb%20c/x?id%5B%5D=1&id%5B%5D=2&k=true"
    assert made.headers == {"X-Version": "3", "Content-Type": "application/json"}
    assert json.loads(made.body) == {"owner": "me", "note": None}


def test_bodies_of_every_kind() -> None:
    whole = {"body": {"in": "body", "name": ""}}
    assert request_of(tool("put", "/x", places=whole), {"body": [1]}).body == b"[1]"
    text = request_of(tool("put", "/x", places=whole, media="text/plain"), {"body": "hi"})
    assert (text.body, text.headers["Content-Type"]) == (b"hi", "text/plain")
    form = {"a": {"in": "form", "name": "a"}, "b": {"in": "form", "name": "b"}}
    sent = request_of(
        tool("post", "/x", places=form, media="application/x-www-form-urlencoded"),
        {"a": "1 & 2", "b": ["x", "y"]},
    )
    assert sent.body == b"a=1+%26+2&b=x&b=y"
    parts = request_of(
        tool("post", "/x", places=form, media="multipart/form-data"), {"a": "1", "b": {"c": 2}}
    )
    assert parts.parts == (("a", "1"), ("b", '{"c":2}'))


def test_without_places_names_tell() -> None:
    assert request_of(tool("get", "/x/{id}"), {"id": 7, "q": "a b"}).path == "/x/7?q=a%20b"
    assert request_of(tool("post", "/x/{id}"), {"id": 7, "q": "a"}).body == b'{"q":"a"}'


@pytest.mark.parametrize("value", ["", ".", "..", "a\r\nb", "\x00"])
def test_no_path_value_leaves_its_place(value: str) -> None:
    with pytest.raises(Unsendable):
        request_of(tool("get", "/x/{id}"), {"id": value})


@given(st.text(max_size=30))
def test_a_path_value_is_one_segment(value: str) -> None:
    try:
        path = request_of(tool("get", "/x/{id}/y"), {"id": value}).path
    except (Unsendable, UnicodeEncodeError):
        return
    head, x, segment, y = path.split("/")
    assert (head, x, y) == ("", "x", "y")
    assert urllib.parse.unquote(segment) == value


@pytest.mark.parametrize("name", ["Authorization", "host", "Cookie", "X\r\nY"])
def test_headers_a_call_may_not_set(name: str) -> None:
    with pytest.raises(Unsendable):
        request_of(tool("get", "/x", places={"h": {"in": "header", "name": name}}), {"h": "v"})
    with pytest.raises(Unsendable):
        request_of(tool("get", "/x", places={"h": {"in": "header", "name": "X-A"}}), {"h": "a\r\nb: c"})


# ---------------------------------------------------------------- an API with every fault


def faulty(seen: list[str], elsewhere: str) -> web.Application:
    async def answer(request: web.Request) -> web.StreamResponse:
        seen.append(f"{request.method} {request.path} {request.headers.get('Authorization', '')}")
        kind = request.match_info["kind"]
        if kind == "slow":
            await asyncio.sleep(3)
        if kind == "busy" and sum("busy" in item for item in seen) < 2:
            return web.json_response({"why": "rate"}, status=429, headers={"Retry-After": "0"})
        if kind == "jammed":
            return web.json_response({"why": "rate"}, status=429, headers={"Retry-After": "0"})
        if kind == "huge":
            return web.Response(body=b'"' + b"x" * (BODY + 10) + b'"', content_type="application/json")
        if kind == "endless":
            stream = web.StreamResponse(headers={"Content-Type": "application/json"})
            await stream.prepare(request)
            try:
                for _ in range(10_000):
                    await stream.write(b"1" * 65536)
            except (ConnectionError, asyncio.CancelledError):
                pass
            return stream
        if kind == "gone":
            assert request.transport is not None
            request.transport.close()
        location = {"away": elsewhere + "/v1/ok", "back": "/v1/ok", "round": "/v1/round"}.get(kind)
        if location:
            raise web.HTTPFound(location)
        if kind == "echo":
            sent = request.headers["Authorization"]
            spelled = {
                "plain": sent,
                "b64": base64.b64encode(SECRET.encode()).decode(),
                sent: [urllib.parse.quote(SECRET, safe="")],
            }
            return web.json_response(spelled, headers={"X-Echo": sent})
        texts = {
            "invalid": ('{"a": ', "application/json"),
            "deep": ("[" * 200 + "]" * 200, "application/json"),
            "text": ("plain words", "text/plain"),
        }
        if kind in texts:
            return web.Response(text=texts[kind][0], content_type=texts[kind][1])
        if kind == "picture":
            return web.Response(body=b"\x89PNG\x00", content_type="image/png")
        if kind == "failing":
            return web.Response(status=500, text="<html>oops</html>", content_type="text/html")
        if kind == "missing":
            return web.json_response({"message": "No such thing"}, status=404)
        if kind == "empty":
            return web.Response(status=204)
        return web.json_response({"ok": True})

    app = web.Application()
    app.router.add_route("*", "/v1/{kind}", answer)
    return app


@pytest.fixture(scope="module")
def faults() -> Iterator[tuple[str, list[str], list[str]]]:
    seen: list[str] = []
    stolen: list[str] = []
    with serving(faulty(stolen, "")) as elsewhere, serving(faulty(seen, elsewhere)) as base:
        yield base, seen, stolen


CASES: dict[str, tuple[Any, str]] = {
    "ok": ({"ok": True}, ""),
    "busy": ({"ok": True}, ""),
    "jammed": ({"why": "rate"}, "http_429"),
    "missing": ({"message": "No such thing"}, "http_404"),
    "failing": ("<html>oops</html>", "http_500"),
    "text": ("plain words", ""),
    "picture": ({"content_type": "image/png", "bytes": 5}, ""),
    "empty": ({"status": 204}, ""),
    "back": ({"ok": True}, ""),
    "invalid": (None, "invalid_response"),
    "deep": (None, "invalid_response"),
    "huge": (None, "too_large"),
    "endless": (None, "too_large"),
    "away": (None, "redirected"),
    "round": (None, "redirected"),
    "gone": (None, "unreachable"),
    "slow": (None, "timeout"),
}


def test_every_fault_is_an_answer_with_a_code(faults: tuple[str, list[str], list[str]]) -> None:
    base, _, stolen = faults
    client = Client(staging(base + "/v1", timeout=0.7))
    for kind, (value, code) in CASES.items():
        got = client.send(request_of(tool("get", f"/{kind}"), {}))
        assert got.error == code, kind
        if value is not None:
            assert got.value == value, kind
        else:
            assert got.value["error"]["type"] == code, kind
            assert len(got.value["error"]["message"]) < 310
    client.close()
    assert stolen == []  # nothing was sent to the other host


def test_what_changes_something_is_not_sent_twice(faults: tuple[str, list[str], list[str]]) -> None:
    base, seen, _ = faults
    client = Client(staging(base + "/v1"))
    seen.clear()
    assert client.send(request_of(tool("post", "/back"), {})).error == "redirected"
    assert [item.split()[0] for item in seen] == ["POST"]
    client.close()


def test_the_secret_is_sent_and_never_comes_back(faults: tuple[str, list[str], list[str]]) -> None:
    base, seen, _ = faults
    client = Client(staging(base + "/v1"))
    got = client.send(request_of(tool("get", "/echo"), {}))
    client.close()
    assert seen[-1].endswith(f"Bearer {SECRET}")
    text = json.dumps(got.value)
    assert text.count("[secret]") == 4
    for form in (SECRET, urllib.parse.quote(SECRET, safe=""), base64.b64encode(SECRET.encode()).decode()):
        assert form not in text


def test_a_secret_in_the_query_stays_out_of_errors() -> None:
    api = Staging(base="http://127.0.0.1:9", auth=Auth(env="STAGING_TOKEN", query="key"), timeout=1)
    client = Client(api)
    got = client.send(request_of(tool("get", "/x"), {}))
    client.close()
    assert got.error == "unreachable"
    assert SECRET not in str(got.value) and urllib.parse.quote(SECRET, safe="") not in str(got.value)


@pytest.mark.parametrize("value", [None, "", "short", "line\nbreak-in-it"])
def test_no_usable_secret_is_said_without_saying_it(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STAGING_TOKEN")
    if value is not None:
        monkeypatch.setitem(os.environ, "STAGING_TOKEN", value)
    with pytest.raises(SourceError, match="STAGING_TOKEN") as caught:
        Client(staging("http://127.0.0.1:9"))
    assert not value or value not in str(caught.value)


# ---------------------------------------------------------------- reading and writing


def test_nothing_that_may_change_something_is_sent_unless_allowed(
    faults: tuple[str, list[str], list[str]],
) -> None:
    base, seen, _ = faults
    seen.clear()
    reading, writing = staging(base + "/v1"), staging(base + "/v1", allow="write")
    for method, effect in (
        ("post", "create"),
        ("post", "search"),
        ("delete", "delete"),
        ("get", "act"),
        ("get", "opaque"),
        ("put", "read"),
        ("trace", "read"),
    ):
        got = asked(tool(method, "/ok", effect), Call("1", "t_it", {}), reading)
        assert got.error == "not_allowed"
    assert seen == []
    assert not asked(tool("get", "/ok", "list"), Call("1", "t_it", {}), reading).error
    assert not asked(tool("post", "/ok", "create"), Call("1", "t_it", {}), writing).error
    assert [item.split()[0] for item in seen] == ["GET", "POST"]


def test_what_may_not_be_called_can_be_offered_and_is_never_planned(
    workshop: tuple[str, web.Application],
) -> None:
    toolset, _ = toolset_of(workshop[0])
    planned = {item.name: item.confidence > 0 for item in toolset.tools}
    assert planned["workshop_list_repairs"] and not planned["workshop_delete_repair"]
    writing, _ = toolset_of(workshop[0], allow="write")
    assert all(item.confidence > 0 for item in writing.tools) and writing.hash != toolset.hash
    only = understand("t", [tool("post", "/x")])
    with pytest.raises(SourceError, match="no operation may be called"):
        fenced(only, staging("http://127.0.0.1:9"))


def test_an_api_is_explored_by_its_own_listings(workshop: tuple[str, web.Application]) -> None:
    toolset, api = toolset_of(workshop[0])
    found = explored(toolset, api)
    data = workshop[1][next(iter(workshop[1]))]
    held = {
        key.partition(".")[2]: [dict(seen.record) for seen in seen] for key, seen in found.records.items()
    }
    assert held["customer"] == list(data["customers"].values())
    assert held["repair"] == list(data["repairs"].values())
    assert all(note in data["notes"].values() for note in held["note"])
    assert {seen.scope["repairId"] for seen in found.records["workshop.note"]} <= set(data["repairs"])
    assert found.now.startswith("20") and len(found.calls) < 20
    assert not any(item.error for item in found.calls)


def test_an_exploration_ends(workshop: tuple[str, web.Application]) -> None:
    toolset, _ = toolset_of(workshop[0])
    number = iter(range(10**9))

    def ask(call: Call) -> Any:
        from callsmith.records import Result

        items = [{"id": next(number), "name": "n", "email": "a@b.example", "title": "t"} for _ in range(50)]
        return Result(call.id, {"total": 10**9, "items": items})

    found, calls = explore(toolset, ask)
    assert len(calls) <= CALLS
    assert max(map(len, found.values())) <= 200


def test_the_world_speaks_of_what_is_there(workshop: tuple[str, web.Application]) -> None:
    toolset, api = toolset_of(workshop[0], now="2026-11-20T11:00:00+01:00")
    worlds = HttpWorlds(api, Standing(toolset, explored(toolset, api)))
    world = worlds.make(toolset, 3, Journal(), 0)
    assert world.scene.now.startswith("2026-11-20T")
    assert world.scene.currency == ""
    before = world.digest()
    got = drive(world.call(Call("1", "workshop_get_repair", {"repairId": 5003})))
    assert got.value["title"] == "Fit new mudguards on the Brompton folding"
    missing = drive(world.call(Call("2", "workshop_get_repair", {"repairId": 1})))
    assert (missing.error, missing.value) == ("http_404", {"error": {"message": "There is no such repair"}})
    wrong = drive(world.call(Call("3", "workshop_get_repair", {"repairId": "x"})))
    assert wrong.error == "invalid_argument"
    assert drive(world.call(Call("4", "nothing", {}))).error == "unknown_tool"
    assert world.digest() == before


def test_writes_reach_the_api_and_what_is_known_of_it() -> None:
    app = example_server().application(SECRET)
    with serving(app) as base:
        toolset, api = toolset_of(base, allow="write")
        worlds = HttpWorlds(api, Standing(toolset, explored(toolset, api)))
        world = worlds.make(toolset, 3, Journal(), 0)
        before = world.digest()
        made = drive(
            world.call(
                Call("1", "workshop_create_repair", {"customer_id": 101, "title": "Straighten the fork"})
            )
        )
        assert made.value["id"] in app[next(iter(app))]["repairs"]
        assert made.value in world.records("workshop.repair")
        assert world.digest() != before
        drive(world.call(Call("2", "workshop_update_repair", {"repairId": 5000, "status": "ready"})))
        drive(world.call(Call("3", "workshop_delete_repair", {"repairId": 5001})))
        known = {
            record["id"]: record
            for record in worlds.make(toolset, 3, Journal(), 0).records("workshop.repair")
        }
        assert known[5000]["status"] == "ready" and 5001 not in known


# ---------------------------------------------------------------- runs


def written(folder: Path, base: str, **http: Any) -> Path:
    path = folder / "run.yaml"
    more = "".join(f"      {key}: {value}\n" for key, value in http.items())
    path.write_text(
        "seed: 11\nsize: 40\nkinds: {single: 3, dependent: 2, parallel: 1, multi_turn: 1, chat: 1}\n"
        f"toolkits:\n  - openapi: {EXAMPLES}/staging/workshop.openapi.yaml\n    http:\n"
        f"      base: {base}\n      auth: {{env: STAGING_TOKEN}}\n      rate: 5000\n{more}",
        encoding="utf-8",
    )
    return path


def test_a_run_is_made_checked_and_made_again_without_the_api(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(example_server().application(SECRET)) as base:
        first = flow.read(written(tmp_path, base, now="2026-11-20T11:00:00+01:00"))
        summary = flow.synth(first, 1, False, lambda progress: None)
    assert summary.accepted == 40
    monkeypatch.delenv("STAGING_TOKEN")
    out = Path(first.out)
    for path in out.rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path
    monkeypatch.setattr("sys.argv", ["callsmith", "check", str(out / "conversations.jsonl"), "--json"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    verdicts = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    passed = [item["outcome"] for item in verdicts if item["check"] == "execution"]
    assert passed == ["pass"] * 40
    (tmp_path / "again").mkdir()
    second = flow.read(
        written(tmp_path / "again", "http://127.0.0.1:9", now="2026-11-20T11:00:00+01:00", replay=out)
    )
    flow.parts.cache_clear()
    flow.synth(second, 1, False, lambda progress: None)
    made = (Path(second.out) / "conversations.jsonl").read_bytes()
    assert made == (out / "conversations.jsonl").read_bytes()


def test_where_the_api_runs_is_no_part_of_a_runs_identity(tmp_path: Path) -> None:
    one = inputs(config.read(written(tmp_path, "http://127.0.0.1:1")))
    other = inputs(config.read(written(tmp_path, "https://staging.example.com", timeout=5)))
    assert one == other
    assert inputs(config.read(written(tmp_path, "http://127.0.0.1:1", allow="write"))) != one


def test_an_api_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="workshop_list_customers answers unreachable"):
        flow.synth(flow.read(written(tmp_path, "http://127.0.0.1:9")), 1, False, lambda progress: None)


@pytest.mark.parametrize(
    ("http", "said"),
    [
        ("{base: staging.example.com}", "base must be an address"),
        ("{base: 'http://u:p@127.0.0.1'}", "base holds no user"),
        ("{base: 'http://staging.example.com', auth: {env: TOKEN}}", "over https alone"),
        ("{base: 'http://127.0.0.1', auth: {env: 'Bearer abc'}}", "not the secret itself"),
        ("{base: 'http://127.0.0.1', allow: all}", "one of read, write"),
        ("{base: 'http://127.0.0.1', timeout: 0}", "timeout"),
        ("{base: 'http://127.0.0.1', bse: 1}", "unknown key bse"),
        ("{base: 'http://127.0.0.1', auth: {environment: X, env: Y}}", "unknown key environment"),
        ("{base: 'http://127.0.0.1:x'}", "base must be an address"),
        ("{base: 'http://127.0.0.1', now: tomorrow}", "now must be"),
    ],
)
def test_a_config_that_cannot_be_meant(tmp_path: Path, http: str, said: str) -> None:
    path = tmp_path / "run.yaml"
    path.write_text(f"toolkits:\n  - openapi: x.yaml\n    http: {http}\n", encoding="utf-8")
    with pytest.raises(CallsmithError, match=r"run\.yaml:3:") as caught:
        config.read(path)
    assert said in str(caught.value)
