"""Commands that audit a source and keep the user's own catalogue of tools."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import msgspec
import orjson
from msgspec import structs
from rich.console import Console
from rich.text import Text

from callsmith import amend, flow, furnishing, prompts, proposing, sources
from callsmith.audit import Audit, ToolAudit, audit, excluded, why_left_out
from callsmith.catalog import added
from callsmith.catalog.overlays import read_overlay
from callsmith.config import Config, Toolkit
from callsmith.errors import ConfigError, nearest
from callsmith.models import loops
from callsmith.models.opening import opened
from callsmith.records import Toolset


def add_toolkit(
    kind: str, source: str, name: str, operations: str, overlays: tuple[Path, ...], config: Path | None
) -> None:
    """``callsmith tools add``: into the user's catalogue, or the entry's text for a configuration."""
    key = added.kind_of(kind)
    given = {
        key: added.source_of(key, source),
        "operations": [one.strip() for one in operations.split(",") if one.strip()],
        "overlay": [str(path) for path in overlays],
    }
    kit = msgspec.convert({**given, "name": name}, Toolkit)
    kit = structs.replace(kit, name=sources.title(kit) if key != "mcp" else name or added.called(source))
    if kit.name in sources.builtin_names() or "+" in kit.name:
        raise ConfigError(f"{kit.name} is the name of a built-in toolkit", hint="give another with --name")
    console = Console(highlight=False)
    _head(console, audit(*_loaded(kit), samples=0))
    path = added.add(kit, config)
    console.print(f"{kit.name} is in {path}", markup=False, soft_wrap=True)


def remove_toolkit(name: str) -> None:
    """``callsmith tools remove``."""
    path = added.remove(name)
    Console(highlight=False).print(f"{name} is no longer in {path}", markup=False, soft_wrap=True)


def list_own(console: Console) -> None:
    """The user's own toolkits, with how many of their tools are usable."""
    for name, kit in added.entries().items():
        toolset = sources.load(kit).toolset
        usable = sum(not excluded(tool) for tool in toolset.tools)
        console.print(f"{name:<18} your own, {len(toolset.tools)} tools, {usable} usable", markup=False)


def audit_source(
    source: str,
    config: Path | None,
    samples: int,
    tool: str,
    only_excluded: bool,
    *,
    as_json: bool,
    write: Path | None,
    propose: bool,
) -> None:
    """``callsmith tools audit``."""
    settings = flow.read(config) if config is not None else None
    if propose and (settings is None or not settings.models or write is None):
        raise ConfigError("--propose needs --write, and a --config that names models", where=str(config or ""),
                          hint="the writer proposes: models: {default: {base_url: …, model: …}}")  # fmt: skip
    kit = _entry(source, settings, str(config))
    toolset, skipped = _loaded(kit)
    if tool and tool not in (names := [one.name for one in toolset.tools]):
        raise ConfigError(f"no tool {tool} in {toolset.name}", hint=nearest(tool, names)[:300])
    maker = sources.maker(kit, Path())
    found = audit(toolset, skipped, samples, maker, tool)
    if write is not None:
        _free(write)
        proposed = _proposed(kit, toolset, found, settings, write) if propose and settings else None
        _write(found, write, proposed)
    if as_json:
        Console(highlight=False).out(orjson.dumps(msgspec.to_builtins(found)).decode())
        return
    console = Console(highlight=False)
    for one in found.tools:
        if not only_excluded or one.excluded or one.unreached:
            _tool(console, one)
    for item in found.skipped:
        _say(console, f"skipped {item['name']}: {item['reason']} ({item['where']})", "yellow")
    _head(console, found)
    if write is not None:
        _say(console, f"to be corrected in {write}", "")


def write_records(source: str, path: Path, folder: Path, count: int) -> None:
    """``callsmith tools records``."""
    config = flow.read(path)
    if not config.models:
        raise ConfigError("no models are configured", where=str(path), hint="name one under models: writer")
    _free(folder)
    kit = _entry(source, config, str(path))
    if kit.functions or kit.mcp is not None or kit.http is not None:
        raise ConfigError(f"{source} has records of its own", where=str(path),
                          hint="what functions, servers and running APIs hold is not written by a model")  # fmt: skip
    toolset = _loaded(structs.replace(kit, fixtures=()))[0]
    console = Console(highlight=False)
    with console.status("asking") as status:

        def told(done: int, of: int) -> None:
            status.update(f"written: {done} of {of} kinds")

        async def asked() -> furnishing.Written:
            async with opened(config.models, folder.with_suffix(".calls.db"), config.limits) as it:
                return await furnishing.furnish(toolset, count, it.models, prompts.load(config.prompts), told)

        written = loops.run(asked())
    for key, why in written.refused.items():
        _say(console, f"nothing of {key} is kept: {why}", "yellow")
    if not written.records:
        what = (
            "the model wrote no record that can be read"
            if written.refused
            else "no tool of it shows a record"
        )
        raise ConfigError(what, where=str(path), hint=f"callsmith tools audit {source} --config {path}")
    folder.mkdir(parents=True)
    found = furnishing.tables(written.records, folder)
    place = folder / "overlay.yaml"
    place.write_text(
        f'company: {json.dumps(written.company)}\ncity: {written.city}\ntoday: "{written.today}"\n',
        encoding="utf-8",
    )
    _say(
        console,
        f"{sum(len(table.rows) for _, table in found)} records; read them, then name them in the entry:",
        "",
    )
    _say(console, f"    overlay: {place}", "")
    _say(console, "    fixtures:", "")
    for key, table in found:
        _say(console, f"      {key.partition('.')[2]}: {table.path}", "")


def _loaded(kit: Toolkit) -> tuple[Toolset, sources.Skips]:
    loaded = sources.load(kit)
    return loaded.toolset, loaded.skipped


def _entry(source: str, config: Config | None, where: str) -> Toolkit:
    if config is None:
        return sources.resolved(sources.entry(source))
    kits = {sources.title(kit): kit for kit in config.toolkits}
    if source not in kits:
        raise ConfigError(f"no entry {source}", where=where, hint=nearest(source, list(kits)))
    return kits[source]


def _free(path: Path) -> None:
    if path.exists():
        raise ConfigError("is there already", where=str(path), hint="name another file, or remove it")


def _write(found: Audit, path: Path, proposed: amend.Proposed | None) -> None:
    path.write_text(amend.overlay(found, proposed), encoding="utf-8")
    read_overlay(str(path))


def _proposed(kit: Toolkit, toolset: Toolset, found: Audit, config: Config, path: Path) -> amend.Proposed:
    """What a model proposes and holds when tried; its answers are kept beside the overlay and asked for once."""
    console = Console(highlight=False, stderr=True)
    with console.status("asking") as status, tempfile.TemporaryDirectory() as folder:

        def told(done: int, of: int) -> None:
            status.update(f"proposed: {done} of {of}")

        async def asked() -> amend.Proposed:
            async with opened(config.models, path.with_suffix(".calls.db"), config.limits) as it:
                return await proposing.ask(toolset, found, it.models, prompts.load(config.prompts), told)

        def read(proposed: amend.Proposed) -> Toolset:
            trial = Path(folder) / f"{len(list(Path(folder).iterdir()))}.yaml"
            trial.write_text(amend.overlay(found, proposed), encoding="utf-8")
            return _loaded(structs.replace(kit, overlay=(*kit.overlay, str(trial))))[0]

        player = config.models.get("writer") or config.models.get("default")
        proposed = structs.replace(loops.run(asked()), model=player.model if player else "")
        status.update("trying what is proposed")
        kept = proposing.held(proposed, toolset, read, sources.maker(kit, Path()))
    tried = len(proposed.tools) + len(proposed.names) + bool(proposed.trade)
    holds = len(kept.tools) + len(kept.names) + bool(kept.trade)
    _say(
        console, f"{kept.model} proposed {tried} corrections, {holds} of which hold; read them in {path}", ""
    )
    return kept


def _head(console: Console, found: Audit) -> None:
    total = len(found.tools) + len(found.skipped)
    line = f"{found.name}: {total} operations, {found.usable} usable ({found.share:.0%})"
    line += f", {len(found.tools) - found.usable} left out, {len(found.skipped)} skipped"
    _say(console, f"{line}; {len(found.entities)} kinds of record", "bold")
    if found.tried:
        _say(
            console,
            f"  {found.reached} of {found.tried} tried came to be called in a row that every check passes",
            "",
        )
    if found.entities:
        _say(console, f"  line of business: {found.trade or 'not known'}; an overlay may say trade", "")
    for key in found.numbered:
        told = f'numbered, as in "{found.entities[key].capitalize()} 7": an overlay may say names'
        _say(console, f"  records of {key} are only {told}", "yellow")
    for why, count in why_left_out(found).most_common(5):
        _say(console, f"  {count} left out: {why}", "yellow")


def _tool(console: Console, tool: ToolAudit) -> None:
    _say(console, f"{tool.name}  {tool.effect} {tool.entity}  {tool.confidence:.2f}  {tool.phrase}", "bold")
    if tool.excluded:
        _say(console, f"  left out: {tool.excluded}", "yellow")
    for reason in tool.reasons:
        _say(console, f"  because {reason}", "dim")
    for one in tool.parameters:
        mark = "*" if one.required else " "
        line = f"  {mark}{one.pointer:<28} {one.klass:<12} {one.facet:<14} {one.confidence:.2f}  "
        line += f'"{one.phrase}"' if one.phrase else "not said"
        _say(console, f"{line}  {one.touches}  {one.excluded}".rstrip(), "yellow" if one.excluded else "")
    if tool.request:
        _say(console, f"  “{tool.request}”", "green")
        _say(console, f"  {orjson.dumps(tool.arguments).decode()}", "green")
    elif tool.unreached:
        _say(console, f"  no row came about with it: {tool.unreached}", "yellow")
    console.print()


def _say(console: Console, text: str, style: str) -> None:
    """Text of strangers: shown as it is, without what a terminal would take for orders."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    console.print(Text(plain, style=style), soft_wrap=True)
