"""The command line."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from callsmith.errors import CallsmithError

app = typer.Typer(
    name="callsmith",
    help="Turns tool definitions into verified tool-calling conversations, offline.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
tools = typer.Typer(help="What is understood of tools.", no_args_is_help=True)
app.add_typer(tools, name="tools")
prompts = typer.Typer(help="What models are asked, and how to change it.", no_args_is_help=True)
app.add_typer(prompts, name="prompts")

judge = typer.Typer(help="The model that judges rows.", no_args_is_help=True)
app.add_typer(judge, name="judge")

# Heavy modules are imported inside the commands, so that --help and errors answer at once.


class Format(StrEnum):
    """The formats rows can be exported to."""

    openai = "openai"
    trl = "trl"
    canonical = "canonical"


class Split(StrEnum):
    """Which rows are exported."""

    train = "train"
    test = "test"
    all = "all"


RunPath = Annotated[Path, typer.Argument(metavar="RUN", help="A run directory.")]


@app.command()
def synth(
    config: Annotated[Path, typer.Argument(help="A YAML file; see `callsmith config --reference`.")],
    size: Annotated[int | None, typer.Option(help="How many conversations; may grow later.")] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed, other conversations.")] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes. Never changes a byte of the result.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The run directory.")] = None,
    *,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over; answers models gave are kept.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many calls to models it would make, and make none.")
    ] = False,
    pilot: Annotated[
        int | None, typer.Option(help="Make so many, say what the whole run will take, and stop.")
    ] = None,
) -> None:
    """Make verified conversations. The same command again continues where it stopped."""
    from callsmith.cli_synth import Wanted, rehearse, synthesise

    wanted = Wanted(config, size, seed, out, workers)
    raise typer.Exit(rehearse(wanted) if dry_run else synthesise(wanted, fresh, pilot))


@app.command()
def export(
    run: RunPath,
    to: Annotated[Format, typer.Option(help="The format to write.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    split: Annotated[Split, typer.Option(help="Rows to train on, rows held out, or all.")] = Split.train,
) -> None:
    """Write a run's conversations in a training format; every row is read back and compared."""
    from callsmith.cli_files import export_run

    export_run(run, to.value, out, split.value)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="JSONL in OpenAI message shape, anyone's.")],
    json: Annotated[bool, typer.Option("--json", help="Print verdicts as JSON lines.")] = False,
) -> None:
    """Judge conversations: structure, schema, grounding, execution, coherence, faithfulness, kind."""
    from callsmith.cli_files import check_file

    raise typer.Exit(check_file(file, json))


@app.command()
def report(
    run: RunPath,
    shortcuts: Annotated[
        bool, typer.Option("--shortcuts", help="What gives the answer away (extra: audit).")
    ] = False,
    rejects: Annotated[bool, typer.Option("--rejects", help="List what was refused, and why.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """The figures of a run."""
    from callsmith.cli_files import report_run

    report_run(run, shortcuts, rejects, json)


@app.command()
def show(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="A run directory, or a JSONL file of conversations.")
    ],
    random: Annotated[int | None, typer.Option(help="So many, drawn at random.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only of this kind.")] = None,
    id: Annotated[str | None, typer.Option(help="Only the one with this id.")] = None,
    seed: Annotated[int, typer.Option(help="Another seed draws others.")] = 0,
) -> None:
    """Print conversations for reading."""
    from callsmith.cli_files import show_conversations

    show_conversations(run, random, seed, kind, id)


@app.command()
def planted(
    run: RunPath,
    rows: Annotated[int, typer.Option(help="How many good rows to put faults into.")] = 100,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Put known faults into good rows and show which checks catch them, with the plan and blind."""
    from callsmith.cli_files import planted_faults

    planted_faults(run, rows, json)


@app.command()
def config(
    file: Annotated[Path | None, typer.Argument(help="A configuration to read and show complete.")] = None,
    reference: Annotated[bool, typer.Option("--reference", help="Print the reference as Markdown.")] = False,
) -> None:
    """Show a configuration with its defaults filled in, or the reference of all keys."""
    from callsmith.cli_files import show_config

    show_config(file, reference)


@tools.command("list")
def tools_list() -> None:
    """The built-in toolkits and bundles, and your own, with how many of their tools are usable."""
    from callsmith.cli_tools import list_toolkits

    list_toolkits()


@tools.command("show")
def tools_show(
    name: Annotated[str, typer.Argument(help="A toolkit, a bundle, a tool, a file, or module:function.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What is understood of tools: effect, entity, each parameter's class, with confidence and reasons."""
    from callsmith.cli_tools import show_tools

    show_tools(name, json)


@tools.command("add")
def tools_add(
    kind: Annotated[str, typer.Argument(help="What the source is: openapi, swagger, openai, functions, …")],
    source: Annotated[str, typer.Argument(help="A file, module:function, or the name of an API.")],
    name: Annotated[str, typer.Option(help="What to call it. Without it: after the source.")] = "",
    operations: Annotated[str, typer.Option(help="Only these, with commas between them.")] = "",
    overlay: Annotated[
        list[Path] | None, typer.Option(help="A file of corrections; may be repeated.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Write into this file, not your catalogue.")] = None,
) -> None:
    """Read a source, say what was understood, and keep it under a name in your own catalogue of tools."""
    from callsmith.cli_audit import add_toolkit

    add_toolkit(kind, source, name, operations, tuple(overlay or ()), config)


@tools.command("remove")
def tools_remove(name: Annotated[str, typer.Argument(help="One of your own toolkits.")]) -> None:
    """Take a toolkit out of your own catalogue."""
    from callsmith.cli_audit import remove_toolkit

    remove_toolkit(name)


@tools.command("audit")
def tools_audit(
    source: Annotated[
        str, typer.Argument(help="A toolkit, a file, module:function, or an entry of --config.")
    ],
    *,
    config: Annotated[Path | None, typer.Option(help="A configuration that has the entry.")] = None,
    samples: Annotated[int, typer.Option(help="Of how many tools a sample request is made.")] = 30,
    all: Annotated[bool, typer.Option("--all", help="A sample request of every usable tool.")] = False,
    tool: Annotated[str, typer.Option(help="Only this tool.")] = "",
    excluded: Annotated[
        bool, typer.Option("--excluded", help="Only what is left out or never called.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    write: Annotated[Path | None, typer.Option(help="Write an overlay to correct it in.")] = None,
    propose: Annotated[
        bool, typer.Option("--propose", help="Have a model propose corrections; those that hold stand in it.")
    ] = False,
) -> None:
    """What is understood of every tool and parameter, what is left out and why, and what people would say."""
    from callsmith.cli_audit import audit_source

    wanted = -1 if all else samples
    audit_source(source, config, wanted, tool, excluded, as_json=json, write=write, propose=propose)


@tools.command("records")
def tools_records(
    source: Annotated[str, typer.Argument(help="An entry of the configuration.")],
    *,
    config: Annotated[Path, typer.Option(help="A configuration that has the entry, and models.")],
    write: Annotated[Path, typer.Option(help="The folder to write a file for each kind of record in.")],
    count: Annotated[int, typer.Option(min=4, help="Records of each kind.")] = 30,
) -> None:
    """Have a model write the records that conversations are about: fixtures, read back before they are kept."""
    from callsmith.cli_audit import write_records

    write_records(source, config, write, count)


@judge.command("calibrate")
def judge_calibrate(
    config: Annotated[Path, typer.Argument(help="A configuration with models, whose run has rows.")],
    rows: Annotated[int, typer.Option(help="How many good rows to judge, and to put faults into.")] = 40,
    faults: Annotated[int, typer.Option(help="How many faults to plant, one at a time, in each row.")] = 3,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Plant known faults in good rows and print what the judge is worth: per fault, and by threshold."""
    from callsmith.cli_judge import calibrate

    calibrate(config, rows, faults, json)


OwnPrompts = Annotated[str, typer.Option("--folder", help="Your own prompts, in place of the packaged.")]


@prompts.command("list")
def prompts_list(folder: OwnPrompts = "") -> None:
    """Every prompt with its version and the values it is given."""
    from callsmith.cli_prompts import list_prompts

    list_prompts(folder)


@prompts.command("show")
def prompts_show(
    name: Annotated[str, typer.Argument(help="A prompt, area/name.")], folder: OwnPrompts = ""
) -> None:
    """The text of a prompt."""
    from callsmith.cli_prompts import show_prompt

    show_prompt(name, folder)


@prompts.command("copy")
def prompts_copy(
    folder: Annotated[Path, typer.Argument(help="Where to.")],
    names: Annotated[list[str] | None, typer.Argument(help="Which; without it, all.")] = None,
) -> None:
    """Write packaged prompts into a folder, to be changed there."""
    from callsmith.cli_prompts import copy_prompts

    copy_prompts(folder, names or ())


def main() -> None:
    """Run the command line; what a user can mend is said in a line or two, without a traceback.

    Exit codes: 0 done, 1 done with unfilled slots, 2 unusable input, 3 a model gives no answer,
    4 a limit is reached, 130 stopped by the user.
    """
    try:
        app()
    except CallsmithError as error:
        _complain(error)
        raise SystemExit(error.exit_code) from error


def _complain(error: CallsmithError) -> None:
    where = f"{error.where}: " if error.where else ""
    sys.stderr.write(f"callsmith: {where}{error.what}\n")
    if error.hint:
        sys.stderr.write(f"  {error.hint}\n")
