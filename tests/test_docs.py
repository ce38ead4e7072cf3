"""The documentation says what is: its commands run, its files load, its links resolve."""

from __future__ import annotations

import re
import runpy
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from callsmith import cli
from callsmith.catalog import data
from random_model import Served, random_model
from serving import serving

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]

SIZE = 60  # of the run most pages speak of: what `report --shortcuts` needs, and little more
SMALL = 8  # of other runs
ASKING = 4  # of runs that ask a model
MODEL = "http://localhost:8000/v1"  # where pages have their model; here it is the random one
NOTHING = re.compile(r"(?<![0-9])0 verified conversations")
ELSEWHERE = ("make", "pip", "git")  # lines that set the project up; CI does that before it runs this
FINE = {"synth": (0, 1)}  # a small run may leave a slot unfilled
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def blocks(page: Path, language: str) -> Iterator[str]:
    """The fenced blocks of one language."""
    return (body for found, body in BLOCK.findall(page.read_text(encoding="utf-8")) if found == language)


def commands(page: Path) -> list[list[str]]:
    """The command lines a page shows, in order."""
    lines = [line for body in blocks(page, "sh") for line in body.replace("\\\n", " ").splitlines()]
    split = [shlex.split(line, comments=True) for line in lines]
    return [words for words in split if words and words[0] not in ELSEWHERE]


def in_small(words: list[str]) -> list[str]:
    """The same command, with a run small enough for a test."""
    if words[1:2] in (["planted"], ["judge"]):
        return [*without(words, "--rows"), "--rows", "3"]
    if words[:2] != ["callsmith", "synth"]:
        return words
    asks = "models:" in Path(words[2]).read_text(encoding="utf-8")
    size = SIZE if "examples/quickstart.yaml" in words else ASKING if asks else SMALL
    return [*without(words, "--size", "--workers"), "--size", str(size), "--workers", "1"]


def without(words: list[str], *options: str) -> list[str]:
    """A command without some of its options and their values."""
    kept = list(words)
    for option in options:
        if option in kept:
            place = kept.index(option)
            del kept[place : place + 2]
    return kept


def write_files(page: Path, folder: Path, model: Served) -> None:
    """The files a page shows: YAML blocks that begin with their own name; ``model`` is at the address they give."""
    for body in blocks(page, "yaml"):
        name = re.match(r"# (\S+\.yaml)\n", body)
        if name:
            target = folder / name[1]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(body.replace(MODEL, model.base_url), encoding="utf-8")


def test_every_command_the_pages_show_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All in one folder, with the examples in it as a reader has it; the README comes first and makes the run."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STAGING_TOKEN", "let-me-in-please")
    server = runpy.run_path(str(ROOT / "examples" / "staging" / "server.py"))
    with serving(server["application"]("let-me-in-please"), 8765), random_model() as model:
        every_command(tmp_path, model, monkeypatch, capsys)


def every_command(
    tmp_path: Path, model: Served, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[list[str]] = []  # need not run again: what they read has not changed since
    for page in PAGES:
        write_files(page, tmp_path, model)
        for words in map(in_small, commands(page)):
            if words in ran and "--out" not in words:
                continue
            assert words[0] == "callsmith", f"{page.name} shows {words[0]}, which no test runs"
            monkeypatch.setattr(sys, "argv", words)
            code = exit_code()
            said = "".join(capsys.readouterr())
            assert code in FINE.get(words[1], (0,)), f"{page.name}: {shlex.join(words)}\n{said}"
            assert not NOTHING.search(said), f"{page.name}: {shlex.join(words)}\n{said}"
            ran.append(words)


def exit_code() -> object:
    """What the command line returns: in this process, as starting it thirty times is most of the work."""
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code or 0


@pytest.mark.parametrize("name", NAMES)
def test_links_inside_resolve(name: str) -> None:
    page = ROOT / name
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        aim = (page.parent / path).resolve() if path else page
        assert aim.exists(), f"{name} links to {target}"
        if anchor:
            assert anchor in anchors(aim), f"{name} links to {target}"


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made on the usual sites."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_map_names_what_exists_and_all_of_it() -> None:
    page = (ROOT / "docs" / "design" / "README.md").read_text(encoding="utf-8")
    tree = next(body for body in BLOCK.findall(page) if "src/callsmith/" in body[1])[1]
    folder = ""
    seen = set()
    for line in tree.splitlines()[1:]:
        depth = len(line) - len(line.lstrip())
        named = re.split(r"\s{2,}", line.strip())[0].split()
        if depth == 2:
            folder = named[0] if named[0].endswith("/") else ""
        for item in named:
            path = ROOT / "src" / "callsmith" / (item if depth == 2 else folder + item)
            assert path.exists(), f"docs/design/README.md names {path.relative_to(ROOT)}"
            seen.add(path.name)
    there = {path.name for path in (ROOT / "src" / "callsmith").iterdir()}
    unnamed = sorted(name for name in there - seen if not name.startswith("_") and name != "py.typed")
    assert not unnamed, f"docs/design/README.md does not name {unnamed}"


def test_the_toolkit_excerpt_is_in_the_catalogue() -> None:
    """docs/add-a-toolkit.md quotes a tool of todoist; it must be the one that ships."""
    page = ROOT / "docs" / "add-a-toolkit.md"
    quoted = next(yaml.safe_load(body) for body in blocks(page, "yaml") if body.startswith("toolkit:"))
    real = data.read(f"catalog/toolkits/{quoted['toolkit']}.yaml")
    assert (quoted["title"], quoted["about"]) == (real["title"], real["about"])
    for name, schema in quoted["schemas"].items():
        assert schema == real["schemas"][name]
    for tool in quoted["tools"]:
        assert tool in real["tools"]


def test_the_pages_name_every_key_kind_and_command() -> None:
    from callsmith.config import KINDS

    rows = (ROOT / "docs" / "row-format.md").read_text(encoding="utf-8")
    assert all(f"`{kind}`" in rows for kind in KINDS)
    line = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    source = (ROOT / "src" / "callsmith" / "cli.py").read_text(encoding="utf-8")
    for option in re.findall(r'"(--[a-z-]+)"', source):
        assert option in line, f"docs/command-line.md does not speak of {option}"
    for command in re.findall(r"^@app\.command\(\)\ndef (\w+)", source, re.MULTILINE):
        assert f"## `callsmith {command}`" in line, f"docs/command-line.md does not speak of {command}"


def test_the_checks_page_names_every_check_and_fault() -> None:
    from callsmith.check.run import CHECKS
    from callsmith.planted import FAULTS

    page = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    missing = [name for name in (*CHECKS, *FAULTS) if f"`{name}`" not in page]
    assert not missing, f"docs/checks.md does not speak of {missing}"
