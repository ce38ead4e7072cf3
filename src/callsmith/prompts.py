"""Prompts are files: packaged ones, any of which a folder of the user's own overrides.

A file holds the sections of one request, each begun by a line ``# system`` or ``# user``. ``{{name}}`` stands for a
value, ``{{block name}}`` on a line of its own for a value that others wrote, put between tags that it cannot close.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from itertools import zip_longest
from pathlib import Path

import msgspec
from msgspec import Struct

from callsmith import seeds
from callsmith.errors import ConfigError, nearest
from callsmith.records import Json

ROOT = Path(__file__).resolve().parent / "catalog" / "prompts"
LARGEST = 100_000  # characters: more is no prompt

_SECTION = re.compile(r"^# (system|user)[ \t]*$", re.MULTILINE)
_MARK = re.compile(r"\{\{([^\n{}]*)\}\}|\{\{")
_INLINE = re.compile(r"[a-z][a-z0-9_]*")
_BLOCK = re.compile(r"block ([a-z][a-z0-9_]*)")


class Prompt(Struct, frozen=True):
    """One prompt. ``version`` is a tagged hash of its text; ``where`` is the file it was read from."""

    name: str  # area/name
    text: str
    version: str
    where: str


def load(folder: str = "") -> dict[str, Prompt]:
    """Every prompt by name; those in ``folder``, when there is one, in place of the packaged.

    Raises:
        ConfigError: the folder cannot be read; a file in it is no known prompt, or has other placeholders than the
            packaged one. The error names file and line.
    """
    found = dict(_packaged())
    if folder:
        found |= overridden(folder)
    return found


def overridden(folder: str) -> dict[str, Prompt]:
    """The prompts in a user's folder, by name.

    Raises:
        ConfigError: as ``load``.
    """
    root = Path(folder)
    if not root.is_dir():
        raise ConfigError("no such folder of prompts", where=folder, hint="callsmith prompts copy makes one")
    known = _packaged()
    found = {}
    for path in sorted(root.rglob("*.md")):
        name = path.relative_to(root).with_suffix("").as_posix()
        if name not in known:
            raise ConfigError(f"no prompt is called {name}", where=f"{path}:1", hint=nearest(name, [*known]))
        found[name] = _read(path, name)
        _same_placeholders(found[name], known[name])
    return found


def named(prompts: Mapping[str, Prompt], name: str) -> Prompt:
    """The prompt of that name.

    Raises:
        ConfigError: there is none; with a suggestion.
    """
    if name not in prompts:
        raise ConfigError(f"no prompt is called {name}", hint=nearest(name, [*prompts]))
    return prompts[name]


def render(prompt: Prompt, values: Mapping[str, Json]) -> list[dict[str, str]]:
    """The chat messages of a prompt with its values in place.

    Strings are inserted as they are, other values as JSON; nothing in a value is ever expanded again.

    Raises:
        ConfigError: a placeholder has no value, or a value no placeholder; with file and line.
    """
    asked = placeholders(prompt)
    for name, (line, _) in asked.items():
        if name not in values:
            raise ConfigError(
                f"{{{{{name}}}}} has no value", where=f"{prompt.where}:{line}", hint=nearest(name, [*values])
            )
    for name in values:
        if name not in asked:
            raise ConfigError(
                f"does not use {{{{{name}}}}}", where=prompt.where, hint=nearest(name, [*asked])
            )

    def filled(mark: re.Match[str]) -> str:
        inside = mark[1].strip()
        block = _BLOCK.fullmatch(inside)
        return fenced(block[1], _text(values[block[1]])) if block else _text(values[inside])

    return [{"role": role, "content": _MARK.sub(filled, body)} for role, body, _ in _sections(prompt)]


def placeholders(prompt: Prompt) -> dict[str, tuple[int, bool]]:
    """Name to the line it first stands on and whether it is a block.

    Raises:
        ConfigError: something between double braces is no placeholder, or a block does not stand alone.
    """
    found: dict[str, tuple[int, bool]] = {}
    for mark in _MARK.finditer(prompt.text):
        line = prompt.text.count("\n", 0, mark.start()) + 1
        where = f"{prompt.where}:{line}"
        inside = (mark[1] or "").strip()
        block = _BLOCK.fullmatch(inside)
        if not block and not _INLINE.fullmatch(inside):
            raise ConfigError(
                f"{mark[0]} is no placeholder",
                where=where,
                hint="{{name}}, or {{block name}} on a line alone",
            )
        if block and prompt.text.splitlines()[line - 1].strip() != mark[0]:
            raise ConfigError(f"{mark[0]} must stand on a line of its own", where=where)
        name = block[1] if block else inside
        if name in found and found[name][1] != bool(block):
            raise ConfigError(f"{name} is once a block and once not", where=where)
        found.setdefault(name, (line, bool(block)))
    return found


def fenced(name: str, text: str) -> str:
    """Text that others wrote between tags; where it holds the closing tag, the tags get a number it does not hold."""
    held = re.sub(
        r"[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]+", "", unicodedata.normalize("NFKC", text)
    ).casefold()
    tag, number = name, 1
    while f"</{tag}" in held:
        number += 1
        tag = f"{name}-{number}"
    return f"<{tag}>\n{text}\n</{tag}>"


def _text(value: Json) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _sections(prompt: Prompt) -> list[tuple[str, str, int]]:
    """(role, text, line of its heading) of each section."""
    marks = list(_SECTION.finditer(prompt.text))
    head = prompt.text[: marks[0].start()] if marks else prompt.text
    if head.strip():
        raise ConfigError("stands before any section", where=f"{prompt.where}:1", hint="begin with # user")
    found = []
    for mark, after in zip_longest(marks, marks[1:]):
        end = after.start() if after else len(prompt.text)
        line = prompt.text.count("\n", 0, mark.start()) + 1
        body = prompt.text[mark.end() : end].strip()
        if not body:
            raise ConfigError(f"section {mark[1]} is empty", where=f"{prompt.where}:{line}")
        found.append((mark[1], body, line))
    roles = [role for role, _, _ in found]
    if roles not in (["user"], ["system", "user"]):
        place = f"{prompt.where}:{found[-1][2] if found else 1}"
        raise ConfigError("needs # user, or # system and then # user", where=place)
    return found


@cache
def _packaged() -> dict[str, Prompt]:
    found = {}
    for path in sorted(ROOT.rglob("*.md")):
        name = path.relative_to(ROOT).with_suffix("").as_posix()
        found[name] = _read(path, name)
    return found


def _read(path: Path, name: str) -> Prompt:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("cannot be read", where=str(path), hint=str(error)) from error
    if len(text) > LARGEST:
        raise ConfigError(f"holds {len(text):,} characters", where=str(path), hint=f"{LARGEST:,} at most")
    text = text.rstrip() + "\n"
    prompt = Prompt(name, text, seeds.identity("prompt", text), str(path))
    _sections(prompt)
    placeholders(prompt)
    return prompt


def _same_placeholders(own: Prompt, packaged: Prompt) -> None:
    """A user's prompt is given the values that the packaged one is given, and shows them all."""
    wanted, given = placeholders(packaged), placeholders(own)
    for name, (line, block) in given.items():
        if name not in wanted:
            raise ConfigError(
                f"unknown placeholder {name}", where=f"{own.where}:{line}", hint=nearest(name, [*wanted])
            )
        if wanted[name][1] and not block:
            raise ConfigError(
                f"{name} is text that others wrote", where=f"{own.where}:{line}", hint=f"{{{{block {name}}}}}"
            )
    for name, (_, block) in wanted.items():
        if name not in given:
            mark = f"{{{{block {name}}}}}" if block else f"{{{{{name}}}}}"
            raise ConfigError(
                f"does not use {mark}", where=f"{own.where}:1", hint="a prompt shows all its values"
            )
