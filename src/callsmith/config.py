"""The configuration: one YAML file read into a frozen record, with errors that name file, line, column and remedy."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

import msgspec
from msgspec import Struct, field

from callsmith import config_http, config_mcp, config_models, config_recipes
from callsmith.config_http import Auth, Staging
from callsmith.config_mcp import Server
from callsmith.config_models import Endpoint, Limits, Player, Price
from callsmith.config_recipes import (
    Agents,
    Clarity,
    Criterion,
    FromDialogues,
    Judge,
    OneShot,
    Recipe,
    Requests,
    SystemPrompts,
)
from callsmith.errors import ConfigError, nearest
from callsmith.located import Written, read_written
from callsmith.records import Kind

Locale = Literal["en-GB", "en-US"]
Fixtures = tuple[tuple[str, str], ...]  # what a record of the file is called, and the file

KINDS: tuple[str, ...] = get_args(Kind)
FILES = ("openapi", "openai", "anthropic", "composio")  # keys of an entry that name a file
APIS = ("discovery", "aws")  # that name an API at hand, or a file
SOURCES = (*FILES, *APIS, "functions")
LOCALES: tuple[str, ...] = get_args(Locale)

WEIGHTS: dict[Kind, float] = {
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
    """An OpenAPI 3 or Swagger 2 description (JSON or YAML), relative to this file."""
    discovery: str = ""
    """A Google API by name, `tasks` or `tasks/v1` (extra: google), or a Discovery document, relative to this file."""
    aws: str = ""
    """An AWS service by name, `s3` (extra: aws), or a service model, relative to this file."""
    openai: str = ""
    """A JSON file holding an array of OpenAI function tools, relative to this file."""
    anthropic: str = ""
    """A JSON file holding an array of Anthropic tools, relative to this file."""
    composio: str = ""
    """A JSON file of toolkits in the Composio shape, relative to this file."""
    toolkits: tuple[str, ...] = ()
    """With `composio`: toolkits of the file, or several joined by `+`. None means its bundles and all in no bundle."""
    functions: str = ""
    """Python functions, `package.module:one,two` or `path/to/file.py` (all in it); they are executed for real."""
    mcp: Server | None = None
    """A server that speaks the Model Context Protocol; see below. Its tools are called for real."""
    timeout: float = 0.0
    """With `functions`: seconds a call may take, after which it has failed. 0 is no limit."""
    values: Mapping[str, tuple[Any, ...]] = {}
    """With `functions` or `mcp`: parameter name to values that people would use with the tools."""
    operations: tuple[str, ...] = ()
    """Operations to read, by their id or the name of their tool; `*` stands for anything. None means all."""
    overlay: tuple[str, ...] = ()
    """A file, or several, with corrections of what is understood, relative to this file. See [audit](audit.md)."""
    fixtures: Fixtures = ()
    """Records of your own by entity, `{customer: customers.csv}`. See [fixtures](fixtures.md)."""
    http: Staging | None = None
    """With `openapi` or `discovery`: a running API that calls go to. See [staging APIs](staging-api.md)."""
    weight: float = 1.0
    """Its share of the conversations, relative to the other entries."""

    def __hash__(self) -> int:
        return zlib.crc32(msgspec.json.encode(self))


class Config(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A run. Only `toolkits` is required; the recipe `from_dialogues` makes its own functions and takes none."""

    toolkits: Sequence[Toolkit] = ()
    """What tools the conversations are about: names, bundles, files, APIs, functions."""
    seed: int = 0
    """Another seed, other conversations; the same seed, the same bytes."""
    size: int = 200
    """How many conversations are asked for. May grow later: the first ones stay."""
    out: str = ""
    """The run directory, relative to this file. Default: `runs/` and the name of this file."""
    kinds: Mapping[Kind, float] = field(default_factory=lambda: dict(WEIGHTS))
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
    worlds: int = 16
    """Consecutive slots that share one seeded world. Fewer: more variety, less speed."""
    skeleton_share: float = 0.01
    """The largest share of rows whose first requests, values masked, may be the same."""
    prompts: str = ""
    """A folder of prompts in place of the packaged ones, relative to this file. See [prompts](prompts.md)."""
    models: Mapping[Player, Endpoint] = {}
    """Language models by the role they play; `default` plays all that are not named. See below."""
    limits: Limits = Limits()
    """When a run that asks models stops; see below."""
    at_once: int = 256
    """How many conversations are open at once while models are asked. It shapes no row."""
    recipe: Recipe = "grounded"
    """How conversations come about; see [`agents`](recipe-agents.md) and [`one_shot`](recipe-one-shot.md). All \
but `grounded` need `models`."""
    agents: Agents = Agents()
    """With recipe `agents`; see below."""
    one_shot: OneShot = OneShot()
    """With recipe `one_shot`; see below."""
    from_dialogues: FromDialogues = FromDialogues()
    """With recipe `from_dialogues`; see below."""
    system_prompts: SystemPrompts = SystemPrompts()
    """Where models write conversations: how often the system prompt says little or nothing; see below."""
    judge: Judge = Judge()
    """Where models are asked: a model that judges rows; see below."""


def read(path: Path) -> Config:
    """The configuration in a YAML file; paths in it come back absolute.

    Raises:
        ConfigError: with file, line, column, what is wrong, and a suggestion where there is one.
    """
    written = read_written(path, "toolkits:")
    plain = written.plain
    if isinstance(plain.get("toolkits"), list):
        plain["toolkits"] = [{"name": kit} if isinstance(kit, str) else kit for kit in plain["toolkits"]]
        for index, kit in enumerate(plain["toolkits"]):
            if isinstance(kit, dict) and "fixtures" in kit:
                kit["fixtures"] = _pairs(kit["fixtures"], written.place(("toolkits", index, "fixtures")))
            if isinstance(kit, dict) and isinstance(kit.get("overlay"), str):
                kit["overlay"] = [kit["overlay"]]
            http = kit.get("http") if isinstance(kit, dict) else None
            if isinstance(http, dict) and isinstance(
                http.get("now"), datetime
            ):  # YAML reads moments by itself
                http["now"] = http["now"].isoformat()
    try:
        config = msgspec.convert(plain, Config)
    except msgspec.ValidationError as error:
        raise _explained(written, str(error)) from error
    _sensible(written, config)
    return _absolute(config, path.resolve().parent, path.stem)


def _pairs(given: Any, where: str) -> list[tuple[str, str]]:
    if not isinstance(given, dict) or not all(isinstance(file, str) for file in given.values()):
        raise ConfigError(
            "fixtures maps what a record is called to a file",
            where=where,
            hint="fixtures: {customer: customers.csv}",
        )
    return [(str(noun), file) for noun, file in given.items()]


def place_of(path: Path, *steps: str | int) -> str:
    """Where something stands in a configuration file, ``file:line:column``, for errors found later."""
    return read_written(path, "toolkits:").place(steps)


# ---------------------------------------------------------------- errors with a place


def _explained(written: Written, message: str) -> ConfigError:
    """msgspec says what and where in the value; this says where in the file, and what was meant."""
    what, steps = _taken_apart(message)
    models = written.plain.get("models")
    if steps[:1] == ["models"] and isinstance(models, dict) and (found := config_models.misfit(models)):
        what, inner = _taken_apart(found[1])
        steps = ["models", found[0], *inner]
    unknown = re.match(r"Object contains unknown field `(.*)`", what)
    if unknown:
        name = unknown[1]
        struct = _struct_at(steps)
        known = [info.name for info in msgspec.structs.fields(struct)]
        where = written.place([*steps, name], of_key=True)
        return ConfigError(f"unknown key {name}", where=where, hint=nearest(name, known))
    kind = re.match(r"Invalid enum value '(.*)'", what)
    if kind and (steps[:1] == ["toolkits"] or len(steps) > 2):
        options = get_args(get_type_hints(_struct_at(steps[:-1]))[str(steps[-1])])
        return ConfigError(
            f"no {steps[-1]} {kind[1]}",
            where=written.place(steps),
            hint=nearest(kind[1], options),
        )
    if kind and steps == ["recipe"]:
        hint = nearest(kind[1], get_args(Recipe))
        return ConfigError(f"no recipe {kind[1]}", where=written.place(steps), hint=hint)
    if kind and steps[:2] == ["judge", "keep"]:
        where = written.place(["judge", "keep", kind[1]], of_key=True)
        return ConfigError(f"no criterion {kind[1]}", where=where, hint=nearest(kind[1], get_args(Criterion)))
    if kind and steps[:2] == ["one_shot", "clarity"]:
        where = written.place(["one_shot", "clarity", kind[1]], of_key=True)
        return ConfigError(f"no clarity {kind[1]}", where=where, hint=nearest(kind[1], get_args(Clarity)))
    if kind and steps[:1] == ["locales"]:
        return ConfigError(f"no locale {kind[1]}", where=written.place(steps), hint=nearest(kind[1], LOCALES))
    if kind and steps == ["models"]:
        where = written.place(["models", kind[1]], of_key=True)
        return ConfigError(f"no role {kind[1]}", where=where, hint=nearest(kind[1], get_args(Player)))
    if kind:
        where = written.place(["kinds", kind[1]], of_key=True)
        return ConfigError(f"unknown kind {kind[1]}", where=where, hint=nearest(kind[1], KINDS))
    missing = re.match(r"Object missing required field `(.*)`", what)
    if missing:
        return ConfigError(f"{missing[1]} is missing", where=written.place(steps))
    named = ".".join(str(step) for step in steps)
    plain = what[0].lower() + what[1:]
    return ConfigError(f"{named}: {plain}" if named else plain, where=written.place(steps))


def _taken_apart(message: str) -> tuple[str, list[str | int]]:
    """What is wrong, and the steps to where."""
    what, _, pointer = message.partition(" - at ")
    found = re.findall(r"\.(\w+)|\[([0-9]+)\]", pointer)
    return what, [int(index) if index else name for name, index in found]


def _struct_at(steps: Sequence[str | int]) -> type:
    """The record that a place in the file is read into."""
    if steps[:1] == ["toolkits"]:
        return {(): Toolkit, ("http",): Staging, ("http", "auth"): Auth, ("mcp",): Server}.get(
            tuple(map(str, steps[2:])), Toolkit
        )
    if steps[:1] == ["models"]:
        return Price if steps[2:3] == ["price"] else Endpoint
    if steps[:2] == ["agents", "requests"]:
        return Requests
    return _PARTS.get(str(steps[0]) if steps else "", Config)


_PARTS: dict[str, type] = {
    "offer": Offered,
    "limits": Limits,
    "agents": Agents,
    "one_shot": OneShot,
    "from_dialogues": FromDialogues,
    "system_prompts": SystemPrompts,
    "judge": Judge,
}


def _sensible(written: Written, config: Config) -> None:
    def wrong(what: str, *steps: str | int, hint: str = "") -> ConfigError:
        return ConfigError(what, where=written.place(steps), hint=hint)

    for name in ("size", "attempts", "block", "worlds", "at_once"):
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
    if not config.toolkits and config.recipe != "from_dialogues":
        said = "empty" if "toolkits" in written.plain else "missing"
        raise wrong(f"toolkits is {said}", "toolkits", hint="for example toolkits: [gmail, googlecalendar]")
    for what, steps, hint in _model_faults(config):
        raise wrong(what, *steps, hint=hint)
    if config.recipe == "from_dialogues":
        chosen = config.kinds if "kinds" in written.plain else {}
        for what, steps, hint in config_recipes.composing_faults(config.from_dialogues, chosen):
            raise wrong(what, *steps, hint=hint)
        if config.toolkits:
            raise wrong("from_dialogues makes its own functions", "toolkits", hint="leave out toolkits")
    for index, kit in enumerate(config.toolkits):
        given = [name for name in (*SOURCES, "mcp") if getattr(kit, name)]
        if len(given) > 1:
            raise wrong(f"an entry has one source, not both {' and '.join(given)}", "toolkits", index)
        if not given and not kit.name:
            raise wrong(f"an entry needs a name or one of {', '.join(SOURCES)}", "toolkits", index)
        if kit.operations and (kit.mcp or not given):
            raise wrong(f"operations goes with one of {', '.join(SOURCES)}", "toolkits", index, "operations")
        if kit.toolkits and not kit.composio:
            raise wrong("toolkits goes with composio", "toolkits", index, "toolkits")
        for what, key in _own_faults(kit):
            raise wrong(what, "toolkits", index, *key)
        if not kit.weight > 0:
            raise wrong("weight must be above 0", "toolkits", index, "weight")


def _model_faults(config: Config) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """What is wrong with models and what they are for, under which keys, and what to do."""
    for role, endpoint in config.models.items():
        for name, what in config_models.faults(endpoint):
            yield what, ("models", role, name), ""
    for name in ("max_cost", "max_tokens", "max_minutes"):
        if getattr(config.limits, name) < 0:
            yield f"{name} must not be negative", ("limits", name), ""
    parts = {
        "agents": config_recipes.faults(config.agents),
        "one_shot": config_recipes.one_shot_faults(config.one_shot),
        "from_dialogues": config_recipes.dialogue_faults(config.from_dialogues),
        "system_prompts": config_recipes.prompt_faults(config.system_prompts),
        "judge": config_recipes.judge_faults(config.judge),
    }
    for part, found in parts.items():
        for name, what in found:
            yield what, (part, name), ""
    if config.recipe != "grounded" and not config.models:
        hint = "models: {default: {base_url: …, model: …}}"
        yield f"recipe {config.recipe} needs models", ("recipe",), hint


def _own_faults(kit: Toolkit) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is wrong with records, servers and APIs of the user's own, and under which keys."""
    if kit.http and not (kit.openapi or kit.discovery):
        yield "http goes with openapi or discovery, which say how operations are called", ("http",)
    for key, what in config_http.faults(kit.http) if kit.http else ():
        yield what, ("http", key)
    if kit.fixtures and (kit.functions or kit.http or kit.mcp):
        yield "fixtures go with tools whose world is inferred, not with functions, http or mcp", ("fixtures",)
    if kit.mcp is not None and not kit.name:
        yield "an mcp entry needs a name", ("mcp",)
    for key, what in config_mcp.faults(kit.mcp) if kit.mcp is not None else ():
        yield what, ("mcp", *([key] if key else []))
    if not 0 <= kit.timeout <= 600 or (kit.timeout and not kit.functions):
        yield "timeout goes with functions and is at most 600 seconds", ("timeout",)
    if kit.values and not (kit.functions or kit.mcp):
        yield "values goes with functions or mcp", ("values",)
    for noun, file in kit.fixtures:
        if not file.endswith((".csv", ".json", ".jsonl")):
            yield f"{file} is no .csv, .json or .jsonl", ("fixtures", noun)


def _absolute(config: Config, folder: Path, stem: str) -> Config:
    def resolved(kit: Toolkit) -> Toolkit:
        paths = {name: str(folder / getattr(kit, name)) for name in FILES if getattr(kit, name)}
        named = {name: getattr(kit, name) for name in APIS}
        paths |= {name: str(folder / path) for name, path in named.items() if path.endswith((".json", ".gz"))}
        if ".py:" in kit.functions or kit.functions.endswith(".py"):
            paths["functions"] = str(folder / kit.functions)
        fixtures = tuple((noun, str(folder / file)) for noun, file in kit.fixtures)
        http = kit.http
        if http is not None and http.replay:
            http = msgspec.structs.replace(http, replay=str(folder / http.replay))
        mcp = kit.mcp
        if mcp is not None:
            own = {key: str(folder / at) for key in ("sandbox", "replay") if (at := getattr(mcp, key))}
            mcp = msgspec.structs.replace(mcp, **own)
        overlay = tuple(str(folder / path) for path in kit.overlay)
        return msgspec.structs.replace(kit, **paths, overlay=overlay, fixtures=fixtures, http=http, mcp=mcp)

    return msgspec.structs.replace(
        config,
        toolkits=tuple(resolved(kit) for kit in config.toolkits),
        out=str(folder / (config.out or f"runs/{stem}")),
        prompts=str(folder / config.prompts) if config.prompts else "",
        from_dialogues=msgspec.structs.replace(
            config.from_dialogues, file=str(folder / file) if (file := config.from_dialogues.file) else ""
        ),
    )
