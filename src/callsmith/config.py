"""The configuration: one YAML file read into a frozen record, with errors that name file, line, column and remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct, field

from callsmith.errors import ConfigError
from callsmith.located import Written, read_written
from callsmith.located import nearest as nearest
from callsmith.records import Kind

Locale = Literal["en-GB", "en-US"]

KINDS: tuple[str, ...] = get_args(Kind)
LOCALES: tuple[str, ...] = get_args(Locale)

_WEIGHTS: dict[Kind, float] = {
    "single": 20.0,
    "parallel": 12.0,
    "dependent": 16.0,
    "parallel_dependent": 8.0,
    "multi_turn": 16.0,
    "missing_parameter": 12.0,
    "no_tool": 8.0,
    "chat": 8.0,
}


class Offered(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many tools a conversation offers, those it needs included."""

    min: int = 3
    """The fewest."""
    max: int = 12
    """The most. A toolset with fewer tools offers all it has."""


class Toolkit(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One toolset to draw from. A plain string is short for `{name: …}`."""

    name: str = ""
    """A built-in toolkit or bundle, or several joined by `+`. With a file or functions: the name to give them."""
    openapi: str = ""
    """An OpenAPI description (JSON or YAML), relative to this file."""
    openai: str = ""
    """A JSON file holding an array of OpenAI function tools, relative to this file."""
    functions: str = ""
    """Python functions, `package.module:one,two`; they are executed for real."""
    operations: tuple[str, ...] = ()
    """With `openapi`: the operation ids to read. None means all."""
    overlay: tuple[str, ...] = ()
    """A file, or several, with corrections of what is understood, relative to this file. See [audit](audit.md)."""
    weight: float = 1.0
    """Its share of the conversations, relative to the other entries."""


class Config(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A run. Only `toolkits` is required."""

    toolkits: Sequence[Toolkit]
    """What tools the conversations are about: names, bundles, files, functions."""
    seed: int = 0
    """Another seed, other conversations; the same seed, the same bytes."""
    size: int = 200
    """How many conversations are asked for. May grow later: the first ones stay."""
    out: str = ""
    """The run directory, relative to this file. Default: `runs/` and the name of this file."""
    kinds: Mapping[Kind, float] = field(default_factory=lambda: dict(_WEIGHTS))
    """Kind of conversation to weight. A kind that is not named is not made."""
    locales: tuple[Locale, ...] = ("en-GB", "en-US")
    """The varieties of language people speak, in equal parts."""
    offer: Offered = Offered()
    """How many tools a conversation offers."""
    thoughts: bool = False
    """Whether assistants reason before they act, from nothing but what they can know at that point."""
    attempts: int = 6
    """How often a slot is tried before it stays unfilled."""
    block: int = 256
    """Slots between two appends to `conversations.jsonl`."""
    worlds: int = 32
    """Consecutive slots that share one seeded world. Fewer: more variety, less speed."""
    skeleton_share: float = 0.01
    """The largest share of rows whose first requests, values masked, may be the same."""


def read(path: Path) -> Config:
    """The configuration in a YAML file; paths in it come back absolute.

    Raises:
        ConfigError: with file, line, column, what is wrong, and a suggestion where there is one.
    """
    written = read_written(path, "toolkits:")
    plain = dict(written.plain)
    if isinstance(plain.get("toolkits"), list):
        plain["toolkits"] = [{"name": kit} if isinstance(kit, str) else kit for kit in plain["toolkits"]]
        for kit in plain["toolkits"]:
            if isinstance(kit, dict) and isinstance(kit.get("overlay"), str):
                kit["overlay"] = [kit["overlay"]]
    try:
        config = msgspec.convert(plain, Config)
    except msgspec.ValidationError as error:
        raise _explained(written, str(error)) from error
    _sensible(written, config)
    return _absolute(config, path.resolve().parent, path.stem)


def place_of(path: Path, *steps: str | int) -> str:
    """Where something stands in a configuration file, ``file:line:column``, for errors found later."""
    return read_written(path, "toolkits:").place(steps)


def reference() -> str:
    """The configuration reference as Markdown, from the records above."""
    lines = [
        "# Configuration",
        "",
        "<!-- Written by `callsmith config --reference`. Change src/callsmith/config.py instead. -->",
        "",
        "A run is described by one YAML file. Unknown keys are errors, and an error names file, line and column.",
        "Relative paths are relative to the file.",
        "",
        "```yaml",
        "seed: 7",
        "size: 200",
        "toolkits: [gmail, googlecalendar, gmail+googlecalendar]",
        "```",
    ]
    titles = ((Config, "Keys"), (Toolkit, "An entry of `toolkits`"), (Offered, "`offer`"))
    for struct, title in titles:
        lines += [
            "",
            f"## {title}",
            "",
            str(struct.__doc__),
            "",
            "| key | type | default | meaning |",
            "|---|---|---|---|",
        ]
        hints = get_type_hints(struct)
        texts = _field_texts(struct)
        for info in msgspec.structs.fields(struct):
            row = (f"`{info.name}`", _type_name(hints[info.name]), _default(info), texts[info.name])
            lines.append("| " + " | ".join(row) + " |")
    lines += ["", "## Kinds and their default weights", "", "| kind | weight |", "|---|---|"]
    lines += [f"| `{kind}` | {weight:g} |" for kind, weight in _WEIGHTS.items()]
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------- errors with a place


def _explained(written: Written, message: str) -> ConfigError:
    """msgspec says what and where in the value; this says where in the file, and what was meant."""
    what, _, pointer = message.partition(" - at ")
    steps = [int(index) if index else name for name, index in re.findall(r"\.(\w+)|\[([0-9]+)\]", pointer)]
    unknown = re.match(r"Object contains unknown field `(.*)`", what)
    if unknown:
        name = unknown[1]
        struct = Toolkit if steps[:1] == ["toolkits"] else Offered if steps[:1] == ["offer"] else Config
        known = [info.name for info in msgspec.structs.fields(struct)]
        where = written.place([*steps, name], of_key=True)
        return ConfigError(f"unknown key {name}", where=where, hint=nearest(name, known))
    kind = re.match(r"Invalid enum value '(.*)'", what)
    if kind and steps[:1] == ["locales"]:
        return ConfigError(f"no locale {kind[1]}", where=written.place(steps), hint=nearest(kind[1], LOCALES))
    if kind:
        where = written.place(["kinds", kind[1]], of_key=True)
        return ConfigError(f"unknown kind {kind[1]}", where=where, hint=nearest(kind[1], KINDS))
    missing = re.match(r"Object missing required field `(.*)`", what)
    if missing:
        hint = "for example toolkits: [gmail, googlecalendar]" if missing[1] == "toolkits" else ""
        return ConfigError(f"{missing[1]} is missing", where=written.place(steps), hint=hint)
    named = ".".join(str(step) for step in steps)
    plain = what[0].lower() + what[1:]
    return ConfigError(f"{named}: {plain}" if named else plain, where=written.place(steps))


def _sensible(written: Written, config: Config) -> None:
    def wrong(what: str, *steps: str | int, hint: str = "") -> ConfigError:
        return written.wrong(what, steps, hint)

    for name in ("size", "attempts", "block", "worlds"):
        if getattr(config, name) < 1:
            raise wrong(f"{name} must be at least 1", name)
    if not 0 < config.skeleton_share <= 1:
        raise wrong(
            "skeleton_share must be above 0 and at most 1", "skeleton_share", hint="0.01 is one in a hundred"
        )
    if not 1 <= config.offer.min <= config.offer.max:
        raise wrong("offer needs 1 <= min <= max", "offer")
    if any(weight < 0 for weight in config.kinds.values()) or not sum(config.kinds.values()) > 0:
        raise wrong("weights must not be negative, and one must be above 0", "kinds")
    if not config.locales:
        raise wrong("locales is empty", "locales", hint="for example locales: [en-GB]")
    if not config.toolkits:
        raise wrong("toolkits is empty", "toolkits", hint="for example toolkits: [gmail]")
    for index, kit in enumerate(config.toolkits):
        given = [name for name in ("openapi", "openai", "functions") if getattr(kit, name)]
        if len(given) > 1:
            raise wrong(f"an entry has one source, not both {' and '.join(given)}", "toolkits", index)
        if not given and not kit.name:
            raise wrong("an entry needs a name, openapi, openai or functions", "toolkits", index)
        if kit.operations and not kit.openapi:
            raise wrong("operations goes with openapi", "toolkits", index, "operations")
        if not kit.weight > 0:
            raise wrong("weight must be above 0", "toolkits", index, "weight")


def _absolute(config: Config, folder: Path, stem: str) -> Config:
    def resolved(kit: Toolkit) -> Toolkit:
        paths = {
            name: str(folder / getattr(kit, name)) for name in ("openapi", "openai") if getattr(kit, name)
        }
        overlays = tuple(str(folder / path) for path in kit.overlay)
        if ".py:" in kit.functions:
            paths["functions"] = str(folder / kit.functions)
        return msgspec.structs.replace(kit, overlay=overlays, **paths)

    return msgspec.structs.replace(
        config,
        toolkits=tuple(resolved(kit) for kit in config.toolkits),
        out=str(folder / (config.out or f"runs/{stem}")),
    )


# ---------------------------------------------------------------- reference


def _field_texts(struct: type) -> dict[str, str]:
    """Field name to the string that stands below it in the source."""
    import ast
    import inspect

    body = ast.parse(inspect.getsource(struct)).body[0]
    texts: dict[str, str] = {}
    name = ""
    for statement in body.body if isinstance(body, ast.ClassDef) else ():
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            name = statement.target.id
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and name:
            texts[name] = str(statement.value.value)
            name = ""
    return texts


def _type_name(hint: Any) -> str:
    origin = get_origin(hint)
    if origin is None:
        return {"str": "text", "int": "whole number", "float": "number", "bool": "true or false"}.get(
            hint.__name__, "mapping"
        )
    return "list" if issubclass(origin, Sequence) else "mapping"


def _default(info: msgspec.structs.FieldInfo) -> str:
    if info.required:
        return "required"
    if info.default is msgspec.NODEFAULT:
        return "see below"
    if isinstance(info.default, Struct):
        return "see below"
    if info.default in ("", ()):
        return "none"
    if isinstance(info.default, tuple):
        return f"`[{', '.join(info.default)}]`"
    return f"`{str(info.default).lower() if isinstance(info.default, bool) else info.default}`"
