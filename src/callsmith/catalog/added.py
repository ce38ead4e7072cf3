"""The user's own catalogue of tools: a YAML file of toolkit entries that then go by their names."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Mapping
from pathlib import Path

import msgspec

from callsmith import config
from callsmith.config import Toolkit
from callsmith.config_mcp import Server
from callsmith.errors import ConfigError, nearest
from callsmith.located import lines_of, read_written

FILE = "callsmith.tools.yaml"
VARIABLE = "CALLSMITH_TOOLS"
_SOURCES = ("openapi", "openai", "anthropic", "composio", "discovery", "aws", "mcp", "functions")
KINDS: Mapping[str, str] = {
    **{key: key for key in _SOURCES if key in Toolkit.__struct_fields__},
    "swagger": "openapi",
    "python": "functions",
}
"""What a source can be called, and the key of an entry it stands under."""
_SERVER: Mapping[str, object] = msgspec.to_builtins(Server())  # what goes without saying of one
_HEAD = (
    "# Tools of one's own: entries as in a configuration. They go by their names wherever a toolkit does.\n"
)


def place() -> Path:
    """Where the catalogue is: what the environment says, else the nearest above the working directory, else in it."""
    told = os.environ.get(VARIABLE)
    if told:
        return Path(told).absolute()
    here = Path.cwd()
    return next((folder / FILE for folder in (here, *here.parents) if (folder / FILE).exists()), here / FILE)


def entries() -> dict[str, Toolkit]:
    """The entries by name, their paths absolute; none where there is no catalogue.

    Raises:
        ConfigError: the file is at fault, with the place.
    """
    path = place()
    if not path.exists():
        return {}
    found: dict[str, Toolkit] = {}
    for index, kit in enumerate(config.read(path).toolkits):
        if not kit.name or kit.name in found:
            what = f"{kit.name} is there twice" if kit.name else "an entry needs a name here"
            raise ConfigError(what, where=config.place_of(path, "toolkits", index))
        found[kit.name] = kit
    return found


def kind_of(word: str) -> str:
    """The key that a kind of source stands under.

    Raises:
        ConfigError: there is no such kind.
    """
    if word not in KINDS:
        raise ConfigError(f"no kind of source {word}", hint=nearest(word, sorted(KINDS)))
    return KINDS[word]


def source_of(key: str, source: str) -> object:
    """What stands under the key of a source: of a server its address, or the command that starts it."""
    if key != "mcp":
        return source
    if source.startswith(("http://", "https://")):
        return {"url": source}
    command = shlex.split(source)
    return {"command": ["python", *command] if command[0].endswith(".py") else command}


def called(source: str) -> str:
    """What a server goes by that nobody named: "python city_bikes.py" -> city_bikes."""
    words = [word for word in shlex.split(source) if not word.startswith("-")]
    last = Path(words[-1].split("?")[0]).name.split(".")[0] if words else ""
    return re.sub(r"[^a-z0-9]+", "_", last.lower()).strip("_")


def add(kit: Toolkit, file: Path | None = None) -> Path:
    """Write an entry at the end of the catalogue, or of ``file``, its paths relative to that file, which is given back.

    Raises:
        ConfigError: the name is taken, or the file cannot be extended as it is written.
    """
    path = file or place()
    before = [one.name for one in config.read(path).toolkits] if path.exists() else []
    if kit.name in before:
        raise ConfigError(
            f"{kit.name} is there already", where=str(path), hint=f"callsmith tools remove {kit.name}"
        )
    text = path.read_text(encoding="utf-8") if path.exists() else _HEAD + "toolkits:\n"
    text = text if text.endswith("\n") else text + "\n"
    _write(path, text + _entry(kit, path.parent), {*before, kit.name})
    return path


def remove(name: str) -> Path:
    """Take an entry out of the catalogue; with the last one the file goes.

    Raises:
        ConfigError: there is no such entry, or the file is written in another way than ``add`` writes it.
    """
    path = place()
    names = list(entries())
    if name not in names:
        hint = nearest(name, names) if names else "there are none"
        raise ConfigError(f"none of your own toolkits is called {name}", where=str(path), hint=hint)
    if len(names) == 1:
        path.unlink()
        return path
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    first, end = lines_of(read_written(path, "toolkits:").tree, "toolkits", names.index(name))
    _write(path, "".join(lines[:first] + lines[end:]), {*names} - {name})
    return path


def _write(path: Path, text: str, names: set[str]) -> None:
    """Write the catalogue, if it then says what it is to say."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    try:
        said = {kit.name for kit in config.read(fresh).toolkits}
    except ConfigError:
        said = set()
    if said != names:
        fresh.unlink()
        raise ConfigError("cannot be changed as it is written", where=str(path),
                          hint="toolkits: must come last, one entry below the other")  # fmt: skip
    fresh.replace(path)


def _entry(kit: Toolkit, folder: Path) -> str:
    plain = msgspec.to_builtins(kit)
    defaults = msgspec.to_builtins(Toolkit())
    lines = []
    for key, value in plain.items():
        if value == defaults[key]:
            continue
        if key in _SOURCES or key == "overlay":
            value = (
                [_relative(one, folder) for one in value]
                if isinstance(value, tuple | list)
                else _relative(value, folder)
            )
        if isinstance(value, dict):
            value = {name: item for name, item in value.items() if item != _SERVER.get(name)}
        lines.append(f"{key}: {json.dumps(value, ensure_ascii=False)}")
    return "".join(f"  {'-' if index == 0 else ' '} {line}\n" for index, line in enumerate(lines))


def _relative(value: object, folder: Path) -> object:
    """A file by its path from the folder of the catalogue; anything else, a module or an address, as it is."""
    if not isinstance(value, str):
        return value
    path, colon, rest = value.rpartition(":") if ".py:" in value else (value, "", "")
    if not Path(path).is_file():
        return value
    return Path(os.path.relpath(Path(path).absolute(), folder)).as_posix() + colon + rest
