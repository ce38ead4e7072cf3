"""The whole pipeline on one screen: a configuration in, a directory of verified conversations out."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path

import msgspec

from callsmith import config as configuration
from callsmith import (
    config_models,
    dedup,
    engine,
    forecast,
    mix,
    prompts,
    rehearsal,
    report,
    session,
    sources,
)
from callsmith.accept import Fold, Rules
from callsmith.audit import require_usable
from callsmith.config_recipes import COMPOSED
from callsmith.errors import CallsmithError, ConfigError, SourceError
from callsmith.forecast import Forecast
from callsmith.ingest import dialogues
from callsmith.inputs import inputs
from callsmith.models import loops
from callsmith.models.budget import Figures
from callsmith.packing import broken, packed
from callsmith.pools import Job, Session
from callsmith.recipes import grounded
from callsmith.records import Slot
from callsmith.rehearsal import Rehearsal
from callsmith.run import Run, toolset_file
from callsmith.session import CALLS
from callsmith.world.journal import Maker

ATTEMPT = "callsmith.flow:attempt"  # what worker processes load


def read(path: Path) -> configuration.Config:
    """A configuration whose tools and prompts are known to be readable.

    Raises:
        ConfigError: with the place in the file, also where a toolkit or source is at fault.
    """
    config = configuration.read(path)
    prompts.load(config.prompts)
    found: list[configuration.Toolkit] = []
    for index, kit in enumerate(config.toolkits):
        try:
            for entry in sources.entries([kit]):
                sources.load(entry)
                found.append(entry)
        except SourceError as error:
            place = configuration.place_of(path, "toolkits", index)
            raise ConfigError(
                str(error) if error.where else error.what, where=place, hint=error.hint
            ) from error
    if config.recipe == "from_dialogues":
        dialogues.opened(config.from_dialogues.file)
    return msgspec.structs.replace(config, toolkits=tuple(found))


def synth(
    config: configuration.Config,
    workers: int,
    fresh: bool,
    watch: Callable[[engine.Progress], None],
    figures: Figures | None = None,
) -> report.Summary:
    """Fill a run directory, or go on filling it. ``figures`` tell meanwhile what is asked of models.

    Raises:
        CallsmithError: a source cannot be used, or the directory holds a run made from other inputs.
    """
    loaded = [sources.load(kit) for kit in config.toolkits]  # read, understand
    if config.recipe == "grounded":
        require_usable([item.toolset for item in loaded])
    # Where nothing but the judge changed, the fold begins anew; what is not ours is not asked again.
    ours = not any(kit.http or kit.mcp for kit in config.toolkits)
    with Run.create(Path(config.out), inputs(config), fresh, ("judge",) if ours else ()) as run:
        for item in loaded:
            run.write(toolset_file(item.toolset.hash), [msgspec.json.encode(item.toolset)])
        for kit in config.toolkits:
            if found := sources.prepare(kit, run.path):
                run.write(found[0], [found[1]])
        encoded = msgspec.json.encode(config)
        slots = slots_of(config)  # what is wanted
        job = Job(ATTEMPT, encoded, slots, config.size, config.block, config.attempts)
        if config.models:
            many, speakers = at_once(config), asking(figures or Figures())
            job = msgspec.structs.replace(job, session=speakers, open=many, runner=loops.runner)
        rules = Rules(
            config.attempts, config.skeleton_share, dedup.LIMIT, dedup.likeness, _few(config, loaded)
        )
        crew = 1 if in_order(config) else workers
        told = partial(_told, run, slots, config.size, notes(config, loaded))
        try:
            engine.fill(run, Fold(run.db, rules), job, crew, watch)  # plan, execute, speak, check; accept
        except (CallsmithError, KeyboardInterrupt):
            told()
            raise
        return told()


FEW_TOOLS = 12  # of which the same are called again and again, unless rows are held apart


def _few(config: configuration.Config, loaded: Sequence[sources.Loaded]) -> frozenset[str]:
    """The toolsets of few tools, where another attempt costs nothing but a little time."""
    ours = not config.models and not any(kit.http or kit.mcp for kit in config.toolkits)
    sets = [item.toolset for item in loaded] if ours else []
    return frozenset(item.name for item in sets if len(item.tools) <= FEW_TOOLS)


def _told(run: Run, slots: mix.Slots, size: int, remarks: Sequence[str]) -> report.Summary:
    """The figures of what is settled, written beside the rows with what was refused and what other worlds answered."""
    summary = report.summarise(run, slots, size, remarks)
    run.write("summary.json", [msgspec.json.format(msgspec.json.encode(summary))])
    run.write("rejects.jsonl", report.rejects_jsonl(run))
    if run.taped:
        run.write("journal.jsonl", run.journal())
    return summary


def notes(config: configuration.Config, loaded: Sequence[sources.Loaded]) -> list[str]:
    """What of the inputs is not used, and why."""
    if config.recipe == "from_dialogues":
        return dialogues.opened(config.from_dialogues.file).notes()
    return sources.notes(loaded)


def in_order(config: configuration.Config) -> bool:
    """Whether calls of one attempt are felt by others, so that they are made one after the other."""
    return any(sources.alone(kit) for kit in config.toolkits)


def at_once(config: configuration.Config) -> int:
    """How many conversations are open at once while models are asked."""
    return 1 if in_order(config) else config.at_once


def asking(figures: Figures) -> Session:
    """What makes attempts that ask models."""
    return lambda config: session.session(parts(config), figures)


def rehearse(config: configuration.Config) -> Rehearsal:
    """What the rest of a run would ask of models; nothing is sent."""
    settled = 0
    if (Path(config.out) / "run.db").exists():
        with Run.open(Path(config.out)) as run:
            settled = run.settled()
    shared = parts(msgspec.json.encode(config))
    return asyncio.run(rehearsal.rehearse(shared, slots_of(config), settled, config.size))


def forecast_of(config: configuration.Config, settled: int, calls_a_second: float) -> Forecast | None:
    """What a run takes in all, from its first ``settled`` slots; None where these are too few."""
    prices = config_models.prices(config.models.values())
    taken = forecast.spent(Path(config.out) / CALLS, prices, settled)
    return forecast.forecast(taken, config.size, calls_a_second)


def slots_of(config: configuration.Config) -> mix.Slots:
    """The slots a configuration describes, without end."""
    if config.recipe == "from_dialogues":  # each conversation has functions, and a world, of its own
        kinds = {kind: config.kinds.get(kind, 0.0) for kind in COMPOSED}
        return mix.slots(config.seed, kinds, {Path(config.from_dialogues.file).stem: 1.0}, 1)
    weights = {sources.title(kit): kit.weight for kit in config.toolkits}
    return mix.slots(config.seed, config.kinds, weights, config.worlds)


def attempt(config: bytes, slot: Slot, number: int) -> bytes:
    """One try at filling a slot, made in a worker: plan, execute, speak, check, pack."""
    try:
        made = grounded.attempt(parts(config), slot, number)
    except Exception as error:  # a bad conversation is data, not a crash; the reason is counted and shown
        made = broken(slot, number, error)
    return packed(slot, made)


@lru_cache(maxsize=1)
def parts(config: bytes) -> grounded.Parts:
    """What every attempt of a run shares; built once a process."""
    settings = msgspec.json.decode(config, type=configuration.Config)
    toolsets = {sources.title(kit): sources.load(kit).toolset for kit in settings.toolkits}
    made = grounded.Parts(
        seed=settings.seed,
        toolsets=toolsets,
        slots=slots_of(settings),
        locales=settings.locales,
        thoughts=settings.thoughts,
        offer=(settings.offer.min, settings.offer.max),
        worlds=makers(settings),
        settings=settings,
    )
    # What is shared lives as long as the process; what worlds leave behind is looked for less often than Python does.
    gc.freeze()
    gc.set_threshold(20_000, 3, 2)
    return made


def makers(config: configuration.Config) -> dict[str, Maker]:
    """Where worlds come from that are not inferred, by toolset."""
    made = {sources.title(kit): sources.maker(kit, Path(config.out)) for kit in config.toolkits}
    return {title: maker for title, maker in made.items() if maker is not None}
