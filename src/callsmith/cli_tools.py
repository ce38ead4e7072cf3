"""Commands that show what is understood of tools."""

from __future__ import annotations

import msgspec
import orjson
from rich.console import Console
from rich.text import Text

from callsmith import sources
from callsmith.audit import excluded
from callsmith.catalog import builtin
from callsmith.cli_audit import list_own
from callsmith.errors import SourceError
from callsmith.records import Parameter, Tool
from callsmith.understand.enquiring import effect_of


def list_toolkits() -> None:
    """``callsmith tools list``."""
    console = Console(highlight=False)
    for name in builtin.names():
        usable = sum(not excluded(tool) for tool in sources.named(name).toolset.tools)
        console.print(f"{name:<18} {builtin.title(name)}, {len(builtin.load(name))} tools, {usable} usable")
    for name in builtin.bundles():
        console.print(name)
    list_own(console)


def show_tools(name: str, as_json: bool) -> None:
    """``callsmith tools show``."""
    console = Console(highlight=False)
    loaded, wanted = _found(name)
    tools = [tool for tool in loaded.toolset.tools if not wanted or tool.name == wanted]
    if as_json:
        console.out(orjson.dumps(msgspec.to_builtins(tools)).decode())
        return
    for tool in tools:
        _tool(console, tool)
    for item in loaded.skipped:
        console.print(f"skipped {item.name}: {item.reason}", style="yellow", markup=False)


def _found(name: str) -> tuple[sources.Loaded, str]:
    """A toolset of that name, or the toolset of the built-in tool of that name."""
    try:
        return sources.named(name), ""
    except SourceError:
        for toolkit in builtin.names():
            if any(tool.name == name for tool in builtin.load(toolkit)):
                return sources.named(toolkit), name
        raise


def _tool(console: Console, tool: Tool) -> None:
    head = Text(tool.name, style="bold")
    head.append(f"  {effect_of(tool)} {tool.entity}  {tool.confidence:.2f}", style="cyan")
    console.print(head)
    _reasons(console, f'"{tool.phrase}"' if tool.phrase else "", tool.reasons, "  ")
    for parameter in tool.inputs:
        style = "dim" if parameter.klass == "plumbing" else ""
        mark = "*" if parameter.required else " "
        line = f"  {mark}{parameter.pointer:<28} {parameter.klass:<12} {parameter.facet:<16} "
        line += f"{parameter.confidence:.2f}"
        console.print(Text(f"{line}  {_links(parameter)}".rstrip(), style=style), soft_wrap=True)
        _reasons(console, f'"{parameter.phrase}"' if parameter.phrase else "", parameter.reasons, " " * 8)
    console.print()


def _links(parameter: Parameter) -> str:
    links = (
        ("refers to", parameter.refers),
        ("sets", parameter.sets),
        (f"filters ({parameter.compare})", parameter.filters),
    )
    return "; ".join(f"{word} {value}" for word, value in links if value)


def _reasons(console: Console, phrase: str, reasons: object, indent: str) -> None:
    words = [phrase] if phrase else []
    words += [str(reason) for reason in reasons] if isinstance(reasons, list | tuple) else []
    if words:
        console.print(Text(indent + "; ".join(words), style="dim"), soft_wrap=True)
