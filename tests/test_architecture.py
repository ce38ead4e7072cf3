"""The rules of the house, read off the source."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "callsmith"
MODULES = sorted(PACKAGE.rglob("*.py"))
CODE = [path for path in MODULES if path.name != "__init__.py" or path.read_text().strip()]

FILE_LINES = 400
LONG: dict[str, str] = {"records": "one record after the other"}  # modules of up to 600 lines, and why
FUNCTION_LINES = 50
POSITIONAL = 6
BANNED_NAMES = {"utils", "util", "helpers", "base", "manager", "managers", "common", "misc"}

# Modules by layer; a module imports from layers above its own, and inside its own only what the table below allows.
# A folder stands for everything in it; inside one folder, or one family of files in one layer, imports are free
# so long as there is no cycle.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("records", "errors", "seeds"),
    ("ports", "located", "config", "config_http", "config_mcp", "config_models", "config_recipes")
    + ("config_reference",),
    (
        "schema",
        "masks",
        "parts",
        "text",
        "facts",
        "meaning",
        "mention",
        "moments",
        "hours",
        "amounts",
        "catalog.data",
        "catalog",
        "mcp_client",
        "sandbox",
        "models.asking",
        "tongue",
        "prompts",
    ),
    ("ingest", "understand", "graph", "sample", "plan", "world", "execute", "language", "check")
    + ("grammar", "dedup", "mix", "export", "row", "catalog.builtin", "run", "models", "rollout")
    + ("compose", "tables", "serving"),
    (
        "sources",
        "looking",
        "surveys",
        "packing",
        "accept",
        "pools",
        "recipes",
        "report",
        "shortcuts",
        "planted",
        "operators",
    ),
    (
        "engine",
        "inputs",
        "audit",
        "amend",
        "proposing",
        "furnishing",
        "forecast",
        "lanes",
        "doorstep",
        "session",
        "rehearsal",
        "calibration",
    ),
    ("flow",),
    ("cli_view", "cli_progress", "cli_files", "cli_tools", "cli_audit", "cli_judge")
    + ("cli_synth", "cli_prompts", "cli", "__main__"),
)
# Imports between leaf stages, and others within one layer, that are wanted.
BESIDE: frozenset[tuple[str, str]] = frozenset(
    {
        ("catalog", "errors"),
        ("config", "config_http"),
        ("config_reference", "config"),
        ("config_reference", "config_http"),
        ("config", "config_mcp"),
        ("config_reference", "config_mcp"),
        ("config", "config_models"),
        ("config_reference", "config_models"),
        ("config", "config_recipes"),
        ("config_reference", "config_recipes"),
        ("catalog.builtin", "ingest"),
        ("config", "located"),
        ("sources", "looking"),
        ("sources", "surveys"),
        ("check", "understand"),  # rows without a toolset: their tools are understood from the row
        ("check", "world"),  # the execution check replays
        ("cli", "cli_files"),
        ("cli", "cli_synth"),
        ("cli", "cli_judge"),
        ("cli_judge", "cli_files"),
        ("cli", "cli_tools"),
        ("cli", "cli_prompts"),
        ("cli", "cli_audit"),
        ("cli_tools", "cli_audit"),
        ("amend", "audit"),
        ("furnishing", "proposing"),
        ("proposing", "amend"),
        ("proposing", "audit"),
        ("cli_files", "cli_view"),
        ("cli_synth", "cli_view"),
        ("cli_synth", "cli_progress"),
        ("rehearsal", "session"),
        ("session", "lanes"),
        ("session", "doorstep"),
        ("session", "engine"),  # which slots are settled before which
        ("check", "models"),  # the judge is a model
        ("check", "prompts"),
        ("__main__", "cli"),
        ("export", "row"),
        ("graph", "understand"),
        ("language", "execute"),
        ("language", "plan"),  # the voice words what the planner bound
        (
            "plan",
            "language",
        ),  # what the assistant writes to others is an argument: composed before it is sent
        ("rollout", "execute"),  # ids of calls
        ("compose", "models"),
        ("serving", "models"),
        ("plan", "execute"),  # a later step is bound on what an earlier one gave
    }
)
# The layer of values: small modules that read one another.
FREE_LAYER = 2

EXCEPT_EXCEPTION = {
    "flow",
    "session",
    "ingest.operations",
    "ingest.functions",  # a module of the user's own raises what it likes while it is loaded
    "recipes.directed",
    "world.python",
    "mcp_client",
    "serving",
    "operators",
}  # boundaries at which a failure becomes data
PRINTS = {"cli", "cli_audit", "cli_view", "cli_files", "cli_tools", "cli_synth", "cli_prompts", "cli_judge"}
RANDOM = {"seeds"}
CLOCK = {
    "seeds",
    "run",
    "cli_progress",
    "world.mcp",
}  # cli_progress measures how fast a run is; a live server lives in real time
HEAVY = (
    "rich",
    "yaml",
    "msgspec",
    "orjson",
    "jsonschema_rs",
    "rensa",
    "sqlite3",
    "sklearn",
    "datasets",
    "numpy",
)
EXECUTES = {"ingest.clocked"}  # a module of the user's own is run as importlib would, but for its clock
MODELS_ALLOWED = {"Struct", "Protocol", "StrEnum"}


def name_of(path: Path) -> str:
    """``catalog.data`` for src/callsmith/catalog/data.py; ``catalog`` for its __init__."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def unit_of(module: str) -> str:
    """The entry of the table a module belongs to: itself, or its folder."""
    listed = {name for layer in LAYERS for name in layer}
    return module if module in listed else module.partition(".")[0]


def imports_of(path: Path) -> Iterator[str]:
    """Modules of ours that a module imports, those inside functions included."""
    names = {name_of(other) for other in MODULES}
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in found:
            if name == "callsmith" or not name.startswith("callsmith"):
                continue
            inner = name.removeprefix("callsmith.")
            while inner and inner not in names:
                inner = inner.rpartition(".")[0]
            if inner and inner != name_of(path):
                yield inner


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def called(node: ast.Call) -> str:
    return ast.unparse(node.func)


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_a_module_is_one_sentence(path: Path) -> None:
    doc = ast.get_docstring(tree_of(path))
    assert doc, "the docstring is missing"
    first = doc.splitlines()[0]
    assert first.endswith((".", "``.")), f"not a sentence: {first}"
    assert ". " not in first.rstrip("."), f"more than one sentence: {first}"
    assert not BANNED_NAMES & set(re.split(r"[._]", name_of(path)))


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_sizes(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= (600 if name_of(path) in LONG else FILE_LINES), f"{lines} lines"
    assert len(path.relative_to(PACKAGE).parts) <= 3, "folders are at most two deep"
    for node in functions(tree_of(path)):
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        assert length <= FUNCTION_LINES, f"{node.name} has {length} lines"
        positional = [a.arg for a in node.args.posonlyargs + node.args.args if a.arg not in ("self", "cls")]
        assert len(positional) <= POSITIONAL, f"{node.name} has {len(positional)} positional parameters"


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_no_inheritance_but_records_protocols_and_errors(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ClassDef):
            for parent in node.bases:
                name = ast.unparse(parent).partition("[")[0].rpartition(".")[2]
                allowed = name in MODELS_ALLOWED or name.endswith(("Error", "Exception"))
                assert allowed, f"{node.name} inherits from {name}"


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_imports_run_one_way(path: Path) -> None:
    height = {name: index for index, layer in enumerate(LAYERS) for name in layer}
    own = unit_of(name_of(path))
    assert own in height, f"{own} has no layer; give it one in LAYERS"
    for other in imports_of(path):
        unit = unit_of(other)
        if unit == own or (own, unit) in BESIDE:
            continue
        free = height[own] == height[unit] == FREE_LAYER
        assert free or height[unit] < height[own], f"{name_of(path)} must not import {other}"


def test_engine_and_run_know_records_and_ports_alone() -> None:
    allowed = {"records", "ports", "errors", "seeds"}
    assert set(imports_of(PACKAGE / "run.py")) <= allowed
    assert set(imports_of(PACKAGE / "engine.py")) <= allowed | {"run", "accept", "pools"}
    assert set(imports_of(PACKAGE / "pools.py")) <= allowed


def test_no_import_cycles() -> None:
    graph = {name_of(path): set(imports_of(path)) for path in MODULES}
    state: dict[str, int] = {}

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert state.get(module) != 1, f"cycle: {' -> '.join([*trail, module])}"
        if module not in state:
            state[module] = 1
            for other in sorted(graph.get(module, ())):
                visit(other, (*trail, module))
            state[module] = 2

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_banned_modules_and_calls(path: Path) -> None:
    module = name_of(path)
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = (
                [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            )
            for name in names:
                assert name not in ("uuid", "secrets"), f"{name} is banned"
                assert name != "random" or module in RANDOM, "random belongs in seeds"
                assert name != "time" or module in CLOCK, "the clock belongs in seeds and run"
        if isinstance(node, ast.Call):
            name = called(node)
            assert name not in ("eval", "hash"), f"{name}() is banned"
            assert name != "exec" or module in EXECUTES, "exec() is banned"
            assert name != "print" or module in PRINTS, "print belongs in the command line"
            assert (
                name.rpartition(".")[2] not in ("now", "utcnow", "today")
                or module in CLOCK
                or (not name.startswith(("datetime", "date")))
            ), f"{name}() reads the clock"
            assert name not in ("yaml.unsafe_load", "yaml.full_load", "pickle.loads"), f"{name}() is banned"
            if name == "yaml.load":
                assert "SafeLoader" in ast.unparse(node) or "loader" in ast.unparse(node), (
                    "YAML is read safely"
                )


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_broad_excepts_stand_at_boundaries(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ExceptHandler):
            caught = "everything" if node.type is None else ast.unparse(node.type)
            broad = caught in ("everything", "Exception", "BaseException")
            again = any(isinstance(inner, ast.Raise) and inner.exc is None for inner in ast.walk(node))
            assert not broad or again or name_of(path) in EXCEPT_EXCEPTION, f"except {caught}"


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_patterns_say_which_digits(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and called(node).startswith("re."):
            for given in node.args:
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    assert "\\d" not in given.value.replace(r"[^\W\d_]", ""), (
                        f"line {node.lineno}: write [0-9]"
                    )


def test_help_imports_nothing_heavy() -> None:
    source = (
        "import sys\nimport callsmith.cli\n"
        f"found = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "ours = [name for name in sys.modules if name.startswith('callsmith.')]\n"
        "print(found, sorted(ours))"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] ['callsmith.cli', 'callsmith.errors']"


def test_every_module_is_in_the_table_once() -> None:
    listed = [name for layer in LAYERS for name in layer]
    assert len(listed) == len(set(listed))
