"""Audits, overlays and the user's own catalogue: what a user sees, corrects and keeps."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from callsmith import amend, flow, sources
from callsmith.audit import audit
from callsmith.catalog import added
from callsmith.config import Toolkit
from callsmith.errors import CallsmithError, ConfigError
from callsmith.inputs import inputs
from callsmith.records import Tool
from callsmith.seeds import rng
from callsmith.world.inferred.world import InferredWorld
from everyday import TEXT, api, at, operation

ROOT = Path(__file__).parent.parent
BERTHS = ROOT / "examples" / "berths.json"


def berths(*overlays: Path | str) -> sources.Loaded:
    return sources.load(
        Toolkit(openai=str(BERTHS), name="marina", overlay=tuple(str(one) for one in overlays))
    )


def written(folder: Path, text: str) -> Path:
    path = folder / "over.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def tool(loaded: sources.Loaded, name: str) -> Tool:
    return next(one for one in loaded.toolset.tools if one.name == name)


def test_an_overlay_makes_more_tools_come_to_be_called() -> None:
    before, after = berths(), berths(ROOT / "examples" / "berths.overlay.yaml")
    first = audit(before.toolset, before.skipped, -1)
    then = audit(after.toolset, after.skipped, -1)
    assert (first.usable, then.usable) == (3, 4)
    assert first.reached < then.reached == 4
    asked = {one.name: one.request for one in then.tools}
    assert "berth" in asked["find_berths"]
    assert before.toolset.hash != after.toolset.hash
    for one, other in zip(before.toolset.tools, after.toolset.tools, strict=True):
        assert (one.parameters, one.description) == (other.parameters, other.description)


def test_corrections_help_the_other_tools(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
tools:
  find_berths:
    returns: {type: object, properties: {berths: {type: array, items: {type: object, title: berth,
      properties: {berth_ref: {type: string}, name: {type: string}, depth: {type: number}}}}}}
  berth_info: {effect: read, exclude: too slow}
  book_berth:
    parameters:
      /nights: {class: plumbing, default: 3}
""",
    )
    corrected = berths(path)
    assert tool(corrected, "berth_release").entity == "marina.berth"
    info = tool(corrected, "berth_info")
    assert info.effect == "opaque" and info.reasons[-1] == "too slow (overlay over.yaml:6)"
    nights = next(p for p in tool(corrected, "book_berth").inputs if p.pointer == "/nights")
    assert (nights.klass, nights.default, nights.confidence) == ("plumbing", 3, 1.0)
    assert nights.reasons[-1] == "overlay over.yaml:9"


@pytest.mark.parametrize(
    ("text", "where", "what", "hint"),
    [
        ("tools:\n  find_berth: {effect: list}\n", "2:3", "no tool find_berth", "did you mean find_berths?"),
        ("tools:\n  find_berths: {efect: list}\n", "2:17", "unknown key efect", "did you mean effect?"),
        ("tools:\n  find_berths: {effect: lsit}\n", "2:25", "no effect lsit", "did you mean list?"),
        (
            "tools:\n  find_berths:\n    parameters:\n      /stat: {class: query}\n",
            "4:7",
            "takes no /stat",
            "did you mean /st?",
        ),
        (
            "tools:\n  find_berths:\n    parameters:\n      st: {class: query}\n",
            "4:7",
            "no JSON pointer",
            "/st",
        ),
        (
            "tools:\n  find_berths:\n    parameters:\n      /st: {class: querry}\n",
            "4:20",
            "no class querry",
            "query",
        ),
        (
            "tools:\n  find_berths:\n    parameters:\n      /st: {facet: emial}\n",
            "4:20",
            "no kind of value",
            "email",
        ),
        ("tools:\n  find_berths: {entity: submarine}\n", "2:17", "no kind of record submarine", "returns"),
        ("entities:\n  berth: {label: /lenght}\n", "2:11", "has no /lenght", "/length"),
        (
            "tools:\n  book_berth:\n    parameters:\n      /nights: {sets: /boat_nam}\n",
            "4:17",
            "no record with /boat_nam",
            "/boat_name",
        ),
        ("tols: {}\n", "1:1", "unknown key tols", "tools"),
        ("trade: warehose\n", "1:8", "no line of business warehose", "warehouse"),
        ("today: soon\n", "1:8", "soon is no day", "2026-03-31"),
        ("city: Hambrug\n", "1:7", "no company is known in Hambrug", "Hamburg"),
        ("country: Germany\n", "1:10", "no company is known in Germany", "DE"),
        ("tools: [1]\n", "1:8", "a mapping is expected", ""),
        ("tools:\n  a: &x {effect: list}\n  b: *x\n", "3:6", "alias", ""),
        ("tools: {a: {effect: list}, a: {effect: list}}\n", "1:28", "given twice", ""),
        ("[" * 3000, "", "", ""),
    ],
)
def test_a_wrong_overlay_is_refused_with_its_place(
    tmp_path: Path, text: str, where: str, what: str, hint: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(CallsmithError) as refused:
        berths(path)
    error = refused.value
    assert error.where.startswith(f"{path}:{where}" if where else str(path))
    assert what in error.what
    assert hint in error.hint
    assert error.exit_code == 2


def test_patterns_give_way_to_names(tmp_path: Path) -> None:
    path = written(tmp_path, 'tools:\n  book_berth: {verb: reserve}\n  "*berth*": {verb: handle}\n')
    loaded = berths(path)
    assert tool(loaded, "book_berth").verb == "reserve"
    assert tool(loaded, "find_berths").verb == "handle"


@pytest.mark.parametrize("name", ["todoist", str(BERTHS), str(ROOT / "examples" / "github.openapi.json")])
def test_the_overlay_that_is_written_changes_nothing_and_can_be_uncommented(
    name: str, tmp_path: Path
) -> None:
    loaded = sources.named(name)
    text = amend.overlay(audit(loaded.toolset, loaded.skipped, 0))
    path = written(tmp_path, text)
    kit = sources.entry(name)
    again = sources.load(structs.replace(kit, overlay=(str(path),)))
    assert again.toolset.hash == loaded.toolset.hash
    body = text.partition("tools:\n")[2].splitlines()
    bare = [line.replace("# ", "", 1) for line in body if line.startswith("  # ")]
    if bare:
        active = written(tmp_path, "tools:\n" + "\n".join(bare) + "\n")
        kept = sources.load(structs.replace(kit, overlay=(str(active),)))
        effects = {one.name: one.effect for one in loaded.toolset.tools}
        assert {one.name: one.effect for one in kept.toolset.tools} == effects


def test_the_catalogue_keeps_what_is_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(added.VARIABLE, raising=False)
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "mine.json").write_bytes(BERTHS.read_bytes())
    monkeypatch.chdir(tmp_path)
    file = added.add(Toolkit(name="marina", openai="mine.json"))
    added.add(Toolkit(name="desk", openai=str(ROOT / "examples" / "own_tools.json")))
    assert 'openai: "mine.json"' in file.read_text()
    monkeypatch.chdir(inner)
    assert {one.name for one in sources.named("marina").toolset.tools} >= {"book_berth"}
    both = sources.named("marina+desk").toolset
    assert {one.toolkit for one in both.tools} == {"marina", "desk"}
    (inner / "run.yaml").write_text("toolkits: [marina]\n")
    made = inputs(flow.read(inner / "run.yaml"))
    assert "mine.json" in made["files"]
    with pytest.raises(ConfigError, match="there already"):
        added.add(Toolkit(name="marina", openai="../mine.json"))
    added.remove("marina")
    assert list(added.entries()) == ["desk"]
    with pytest.raises(ConfigError, match="none of your own"):
        added.remove("marina")
    added.remove("desk")
    assert not file.exists()


def test_an_audit_says_why_what_is_left_out(tmp_path: Path) -> None:
    entries = json.loads(BERTHS.read_text())
    path = tmp_path / "mixed.json"
    path.write_text(json.dumps([*entries, {"name": "spaced out"}, 7]))
    loaded = sources.load(Toolkit(openai=str(path)))
    found = audit(loaded.toolset, loaded.skipped, 0)
    assert len(found.skipped) == 2 and all("mixed.json#/" in one["where"] for one in found.skipped)
    assert found.share == round(found.usable / 6, 4)
    left = {one.name: one.excluded for one in found.tools if one.excluded}
    assert "verb" in left["berth_info"]


KITES = """
openapi: 3.0.3
info: {title: Kites, version: "1"}
paths:
  /kites:
    get: {operationId: listKites, responses: {"200": {content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Kite"}}}}}}}
    post:
      operationId: createKite
      requestBody: {content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}}}}}}
      responses: {"201": {content: {application/json: {schema: {$ref: "#/components/schemas/Kite"}}}}}
  /winds:
    get: {operationId: listWinds, responses: {"200": {content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Wind"}}}}}}}
components:
  schemas:
    Kite: {type: object, properties: {id: {type: string}, name: {type: string}}}
    Wind: {type: object, properties: {id: {type: string}, knots: {type: integer}}}
"""


def kites(folder: Path, overlay: str = "") -> sources.Loaded:
    (folder / "kites.yaml").write_text(KITES, encoding="utf-8")
    overlays = (str(written(folder, overlay)),) if overlay else ()
    return sources.load(Toolkit(openapi=str(folder / "kites.yaml"), name="kites", overlay=overlays))


def test_an_overlay_says_what_records_are_called_and_the_audit_asks_for_it(tmp_path: Path) -> None:
    before = kites(tmp_path)
    assert audit(before.toolset, before.skipped, 0).numbered == ["kites.kite"]  # a wind has no name at all
    assert "names: [" in amend.overlay(audit(before.toolset, before.skipped, 0))
    names = ["Red Baron", "Merlin", "Halcyon", "Storm Petrel", "Old Faithful", "Zephyr", "Icarus", "Box"]
    after = kites(tmp_path, f"entities: {{kite: {{names: {json.dumps(names)}}}}}")
    assert not audit(after.toolset, after.skipped, 0).numbered
    world = InferredWorld(after.toolset, 3)
    called = [entry.record["name"] for entry in world.population.entries("kites.kite")]
    assert len(set(called)) == len(called) == 6  # two are left for new ones
    assert set(called) <= set(names)
    fresh = world.invent(
        tool(after, "kites_create_kite"), tool(after, "kites_create_kite").inputs[0], rng("x", 1)
    )
    assert fresh in names and fresh not in called


def test_an_overlay_says_where_the_company_is(tmp_path: Path) -> None:
    toolset = kites(tmp_path, "country: DE").toolset
    scenes = [InferredWorld(toolset, seed).scene for seed in range(6)]
    assert {(scene.country, scene.currency) for scene in scenes} == {("Germany", "EUR")}
    (tmp_path / "housed").mkdir()
    housed = InferredWorld(kites(tmp_path / "housed", "company: Drachenwerk Süd").toolset, 1).scene
    assert (housed.company, housed.domain) == ("Drachenwerk Süd", "drachenwerk-sued.example")
    assert housed.user.email.endswith("@drachenwerk-sued.example") and housed.user.company == housed.company
    assert len({scene.city for scene in scenes}) > 1


def test_an_overlay_says_what_line_of_business_it_is(tmp_path: Path) -> None:
    before = kites(tmp_path)
    assert audit(before.toolset, before.skipped, 0).trade == ""
    after = kites(tmp_path, "trade: print_farm")
    assert audit(after.toolset, after.skipped, 0).trade == "print_farm"
    assert {entity.trade for entity in after.toolset.entities} == {"print_farm"}
    assert before.toolset.hash != after.toolset.hash
    assert "\n# trade: print_farm\n" in amend.overlay(audit(after.toolset, after.skipped, 0))
    (tmp_path / "none").mkdir()
    taken_back = kites(tmp_path / "none", "trade: ''")
    assert taken_back.toolset.hash == before.toolset.hash


@pytest.mark.parametrize(
    ("overlay", "said"),
    [
        ("entities: {kite: {names: []}}", "names is empty"),
        ("entities: {kite: {names: [Box, box]}}", "is named twice"),
        ("entities: {kite: {names: 7}}", "names"),
        ("entities: {wind: {names: [Mistral]}}", "a wind has no field that holds a name"),
    ],
)
def test_names_that_cannot_be_given_are_refused(tmp_path: Path, overlay: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        kites(tmp_path, overlay)


def test_what_nobody_named_leaves_a_toolset_as_it_was() -> None:
    assert "names" not in msgspec.to_builtins(berths().toolset.entities)[0]


def test_a_server_is_added_by_the_command_that_starts_it() -> None:
    assert added.source_of("mcp", "npx -y 'a server'") == {"command": ["npx", "-y", "a server"]}
    assert added.source_of("mcp", "city_bikes.py") == {"command": ["python", "city_bikes.py"]}
    assert added.source_of("mcp", "http://localhost:8000/mcp") == {"url": "http://localhost:8000/mcp"}
    assert added.called("python -u servers/city_bikes.py") == "city_bikes"
    kit = msgspec.convert({"name": "bikes", "mcp": {"command": ["python", "b.py"]}}, Toolkit)
    assert 'mcp: {"command": ["python", "b.py"]}' in added._entry(kit, Path())


def test_what_nobody_can_name_is_said_to_be_so(tmp_path: Path) -> None:
    post = operation("closeFault", "Close a fault", "Fault", parameters=at("fault_id"))
    path = {"/faults/{fault_id}/close": {"post": post}}
    loaded = sources.load(api(tmp_path, "Lifts", path, Fault={"id": TEXT, "lift": TEXT}))
    told = {
        one.name: one.unreached or one.excluded for one in audit(loaded.toolset, loaded.skipped, -1).tools
    }
    assert told["lifts_close_fault"] and "choose" not in told["lifts_close_fault"]
