"""The configuration reference as Markdown, read off the records it describes."""

from __future__ import annotations

from collections.abc import Sequence
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from callsmith.config import WEIGHTS, Config, Fixtures, Offered, Toolkit
from callsmith.config_http import Auth, Staging
from callsmith.config_mcp import Server
from callsmith.config_models import Endpoint, Limits, Price
from callsmith.config_recipes import Agents, FromDialogues, Judge, OneShot, Requests, SystemPrompts

_TITLES: tuple[tuple[type[Struct], str], ...] = (
    (Config, "Keys"),
    (Toolkit, "An entry of `toolkits`"),
    (Server, "`mcp` of an entry"),
    (Staging, "`http` of an entry"),
    (Auth, "`auth` of `http`"),
    (Offered, "`offer`"),
    (Endpoint, "An entry of `models`"),
    (Price, "`price` of an entry of `models`"),
    (Limits, "`limits`"),
    (Agents, "`agents`"),
    (Requests, "`requests` of `agents`"),
    (OneShot, "`one_shot`"),
    (FromDialogues, "`from_dialogues`"),
    (SystemPrompts, "`system_prompts`"),
    (Judge, "`judge`"),
)


def reference() -> str:
    """Every key with its type, default and meaning."""
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
    for struct, title in _TITLES:
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
    lines += [f"| `{kind}` | {weight:g} |" for kind, weight in WEIGHTS.items()]
    return "\n".join(lines) + "\n"


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
    if hint == float | None:
        return "number"
    if hint == Fixtures or origin in (Union, UnionType):
        return "mapping"
    if origin is Literal:
        return "or ".join(f"`{option}` " for option in get_args(hint)).strip()
    if origin is None:
        return {"str": "text", "int": "whole number", "float": "number", "bool": "true or false"}.get(
            hint.__name__, "mapping"
        )
    return "list" if issubclass(origin, Sequence) else "mapping"


def _default(info: msgspec.structs.FieldInfo) -> str:
    if info.required:
        return "required"
    if info.default_factory is dict:
        return "none"
    if info.default is msgspec.NODEFAULT:
        return "see below"
    if isinstance(info.default, Struct):
        return "see below"
    if info.default in ("", (), None) or info.default == {}:
        return "none"
    if isinstance(info.default, tuple):
        return f"`[{', '.join(info.default)}]`"
    return f"`{str(info.default).lower() if isinstance(info.default, bool) else info.default}`"
