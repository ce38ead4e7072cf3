"""Functions as a world: called for real, converted to and from JSON, planned with, worded and replayed."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from callsmith import flow, mix, sources
from callsmith.check import execution
from callsmith.check.reading import Reading
from callsmith.config import Toolkit
from callsmith.ingest.functions import FunctionSource
from callsmith.ports import drive
from callsmith.recipes import grounded
from callsmith.records import Attempt, Call, Conversation, Kind, Result, Tool, ToolMessage, Toolset
from callsmith.understand import understand
from callsmith.world.journal import Journal
from callsmith.world.python import PythonWorld, PythonWorlds

ROOT = Path(__file__).parent.parent
EXAMPLE = Toolkit(
    name="figures",
    functions=f"{ROOT}/examples/functions.py:"
    "loan_payment,convert_units,working_days,contract_value,time_in_city,add_vat,split_bill,body_mass_index",
)
KINDS: tuple[Kind, ...] = ("single", "parallel", "dependent", "multi_turn", "missing_parameter")


class Size(Enum):
    SMALL = "small"
    LARGE = "large"


@dataclass
class Parcel:
    width_cm: float
    height_cm: float
    size: Size = Size.SMALL


def divide(dividend: float, divisor: float) -> float:
    """Divide one number by another."""
    return dividend / divisor


def parcel_area(parcel: Parcel, size: Size) -> Parcel:
    """Give a parcel another size."""
    assert isinstance(parcel, Parcel) and isinstance(size, Size)
    return Parcel(parcel.width_cm * 2, parcel.height_cm * 2, size)


def later(day: date, moment: datetime) -> dict[str, Any]:
    """What a day and a moment are."""
    return {"year": day.year, "hour": moment.hour, "names": {"b", "a"}}


def handle(number: int) -> dict[str, Any]:
    """Something that is no JSON."""
    return {"handle": object()}


def endless(number: int) -> float:
    """A number JSON has no way to write."""
    return float("inf") * number


async def doubled(number: int) -> int:
    """Twice a number, without waiting."""
    return 2 * number


async def waiting(number: int) -> int:
    """Twice a number, after a wait."""
    await asyncio.sleep(0.001)
    return 2 * number


def stuck(number: int) -> int:
    """Never comes back."""
    time.sleep(60)
    return number


def leaving(number: int) -> int:
    """Ends the program."""
    raise SystemExit(number)


FUNCTIONS = (divide, parcel_area, later, handle, endless, doubled, waiting)


def world(*functions: Callable[..., Any]) -> PythonWorld:
    source = FunctionSource(functions, toolkit="own")
    tools = [tool for tool in source.read() if isinstance(tool, Tool)]
    assert len(tools) == len(functions)
    return PythonWorld(understand("own", tools), source.callables(), seed=4)


def answer(name: str, **arguments: Any) -> Result:
    return drive(world(*FUNCTIONS).call(Call("a", name, arguments)))


def attempts(count: int, kinds: tuple[Kind, ...] = KINDS, seed: int = 1) -> tuple[Toolset, list[Attempt]]:
    toolset = sources.load(EXAMPLE).toolset
    slots = mix.slots(seed, dict.fromkeys(kinds, 1), {"figures": 1}, 8)
    parts = grounded.Parts(
        seed=seed,
        toolsets={"figures": toolset},
        slots=slots,
        locales=("en-GB", "en-US"),
        thoughts=False,
        offer=(3, 12),
        worlds={"figures": PythonWorlds(sources.callables(EXAMPLE))},
    )
    return toolset, [grounded.attempt(parts, slots[index], 0) for index in range(count)]


def conversations(count: int, kinds: tuple[Kind, ...] = KINDS) -> tuple[Toolset, list[Conversation]]:
    toolset, made = attempts(count, kinds)
    return toolset, [item.conversation for item in made if item.conversation and not item.rejected]


def test_a_function_is_called_and_what_it_raises_is_its_answer() -> None:
    assert answer("divide", dividend=9, divisor=2) == Result("a", 4.5)
    failed = answer("divide", dividend=9, divisor=0)
    assert failed.error == "zero_division_error"
    assert failed.value == {"error": {"type": "ZeroDivisionError", "message": "float division by zero"}}


def test_arguments_are_validated_before_anything_is_called() -> None:
    assert answer("divide", dividend="nine", divisor=2).error == "invalid_argument"
    assert answer("divide", dividend=9).error == "invalid_argument"
    assert answer("later", day="2026-13-01", moment="2026-03-03T14:00:00Z").error == "invalid_argument"
    assert answer("nobody").error == "unknown_tool"


def test_arguments_become_what_the_hints_ask_for() -> None:
    given = answer("parcel_area", parcel={"width_cm": 2, "height_cm": 3.5}, size="large")
    assert given.value == {"width_cm": 4.0, "height_cm": 7.0, "size": "large"}
    told = answer("later", day="2026-03-03", moment="2026-03-03T14:00:00+01:00")
    assert told.value == {"year": 2026, "hour": 14, "names": ["a", "b"]}


@pytest.mark.parametrize("name", ["handle", "endless"])
def test_what_has_no_json_is_an_error(name: str) -> None:
    given = answer(name, number=2)
    assert given.error == "unserializable" and "JSON" in given.value["error"]["message"]


def test_coroutine_functions_run_and_may_wait() -> None:
    assert answer("doubled", number=4).value == 8
    assert answer("waiting", number=4).value == 8


def test_a_function_that_blocks_or_leaves_costs_one_answer() -> None:
    source = FunctionSource((stuck, leaving, divide), toolkit="own")
    tools = [tool for tool in source.read() if isinstance(tool, Tool)]
    here = PythonWorld(understand("own", tools), source.callables(), seed=4, timeout=0.2)
    begun = time.monotonic()
    given = [drive(here.call(Call("a", "stuck", {"number": 1}))) for _ in range(3)]
    assert {item.error for item in given} == {"timeout_error"} and time.monotonic() - begun < 5
    assert "took longer than 0.2 s" in given[0].value["error"]["message"]
    assert "not called any more" in given[2].value["error"]["message"]
    assert drive(here.call(Call("a", "leaving", {"number": 1}))).error == "system_exit"
    assert drive(here.call(Call("a", "divide", {"dividend": 9, "divisor": 2}))).value == 4.5


def test_calls_leave_the_world_as_it_is() -> None:
    here = world(*FUNCTIONS)
    before = here.digest()
    drive(here.call(Call("a", "divide", {"dividend": 1, "divisor": 2})))
    assert here.digest() == before and here.changes() == () and here.records("own.thing") == ()
    other = PythonWorld(here.toolset, here.functions, seed=5)
    assert other.digest() != before


def test_replaying_calls_the_functions_again() -> None:
    toolset, made = conversations(10)
    maker = PythonWorlds(sources.callables(EXAMPLE))
    assert len(made) >= 8
    for row in made:
        reading = Reading(row, toolset)
        assert row.world is not None and row.world.kind == "python"
        again = partial(maker.again, row.world, toolset, ())
        assert execution.check(reading, toolset, again).outcome == "pass"
        assert execution.check(reading, toolset).outcome == "skipped"
        altered = [
            msgspec.structs.replace(message, value=12345.5) if isinstance(message, ToolMessage) else message
            for message in row.messages
        ]
        changed = Reading(msgspec.structs.replace(row, messages=altered), toolset)
        assert execution.check(changed, toolset, again).outcome == "fail"


def test_a_function_that_gives_another_result_each_time_fails_the_replay() -> None:
    toolset, made = conversations(6, ("single",))
    count = iter(range(1000))
    impure = {tool.name: lambda **_: next(count) for tool in toolset.tools}
    for row in made:
        assert row.world is not None
        again = partial(PythonWorlds(impure).again, row.world, toolset, ())
        verdict = execution.check(Reading(row, toolset), toolset, again)
        assert verdict.outcome == "fail" and "another result" in verdict.reason


def test_most_attempts_pass_every_check_and_no_check_is_passed_over() -> None:
    _, made = attempts(60)
    good = [item for item in made if not item.rejected]
    assert len(good) >= 54
    assert all(verdict.outcome == "pass" for item in good for verdict in item.verdicts)


def test_requests_state_every_figure_and_answers_give_the_result() -> None:
    _, made = conversations(40, ("single",))
    for row in made:
        asked, told = row.messages[1].text, row.messages[-1].text  # type: ignore[union-attr]
        call = row.messages[2].calls[0]  # type: ignore[union-attr]
        for value in call.arguments.values():
            if isinstance(value, int | float):
                shown = {f"{value:,}", f"{value:,.2f}", f"{int(value):,}"}
                assert any(form in asked for form in shown), (asked, value)
        assert "_" not in asked + told and "{" not in asked + told, (asked, told)
        assert row.messages[1].text.count("  ") == 0  # type: ignore[union-attr]


def test_what_feeds_what() -> None:
    _, made = conversations(20, ("dependent",))
    pairs = {
        tuple(call.name for message in row.messages for call in getattr(message, "calls", ())) for row in made
    }
    assert ("working_days", "contract_value") in pairs
    assert ("convert_units", "body_mass_index") in pairs
    assert not any(first == last for first, last in pairs)


def test_the_example_runs_and_every_row_passes_every_check(tmp_path: Path) -> None:
    line = [
        sys.executable,
        "-m",
        "callsmith",
        "synth",
        "examples/functions.yaml",
        "--out",
        str(tmp_path / "run"),
    ]
    done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=ROOT, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [json.loads(row) for row in (tmp_path / "run" / "conversations.jsonl").read_text().splitlines()]
    assert len(rows) == 24 and {row["world"]["kind"] for row in rows} == {"python"}
    assert {verdict["outcome"] for row in rows for verdict in row["verdicts"]} == {"pass"}


LEDGER = '''"""A household ledger."""
from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass
class Expense:
    id: int
    description: str
    amount: float
    category: Literal["food", "travel"]
    spent_on: date


KEPT = [
    Expense(1, "Weekly shop", 84.2, "food", date(2026, 2, 3)),
    Expense(2, "Tram pass", 49.0, "travel", date(2026, 2, 1)),
    Expense(3, "Market", 31.1, "food", date(2026, 2, 21)),
]
PRICES = {"shoes": 4.5, "rope": 9.0}


def get_expenses(category: Literal["food", "travel"] | None = None) -> list[Expense]:
    """Get the expenses."""
    return [one for one in KEPT if category is None or one.category == category]


def delete_expense(expense_id: int) -> bool:
    """Delete an expense."""
    KEPT[:] = [one for one in KEPT if one.id != expense_id]
    return True


def rental_price(item: Literal["shoes", "rope"]) -> str:
    """What renting a piece of gear costs."""
    return f"Renting {item} costs ${PRICES[item]:.2f}."


def ledger_stats() -> dict:
    """Figures of the ledger."""
    return {"entries": len(KEPT), "by_category": {"food": 2, "travel": 1}}


def find_member(name: str) -> dict:
    """Find a member."""
    return {"error": f"no member called {name}"}


def convert_grade(grade: str) -> str:
    """Convert a climbing grade."""
    return grade


def monthly_total(month: int) -> float:
    """Total of a month."""
    return 0.0
'''


def test_functions_that_keep_records_are_asked_of_what_there_is(tmp_path: Path) -> None:
    path = tmp_path / "ledger.py"
    path.write_text(LEDGER)
    kit = Toolkit(functions=str(path))
    toolset = sources.load(kit).toolset
    tools = {tool.name: tool for tool in toolset.tools}
    assert (tools["get_expenses"].effect, tools["delete_expense"].effect) == ("list", "delete")
    assert not tools["convert_grade"].inputs[0].confidence >= 0.55  # nobody can think of a grade
    assert not tools["monthly_total"].inputs[0].confidence >= 0.55  # February is no number
    maker = sources.maker(kit, tmp_path)
    assert maker is not None
    here, other = (maker.make(toolset, 4, Journal(), 0) for _ in range(2))
    assert [record["description"] for record in here.records("ledger.expense")] == [
        "Weekly shop",
        "Tram pass",
        "Market",
    ]
    assert here.scene.now[:7] in ("2026-02", "2026-03")  # when the records are current
    assert drive(here.call(Call("1", "delete_expense", {"expense_id": 1}))).value is True
    left = drive(here.call(Call("2", "get_expenses", {}))).value
    assert [one["id"] for one in left] == [2, 3] == [one["id"] for one in here.records("ledger.expense")]
    assert len(drive(other.call(Call("1", "get_expenses", {}))).value) == 3  # changed for nobody else
    assert drive(other.call(Call("2", "find_member", {"name": "Ada"}))).error


def test_what_a_function_says_is_told_as_it_says_it(tmp_path: Path) -> None:
    path = tmp_path / "ledger_two.py"
    path.write_text(LEDGER)
    config = tmp_path / "run.yaml"
    config.write_text(
        f"seed: 2\nsize: 48\nout: {tmp_path}/run\ntoolkits: [{{functions: {path}}}]\n"
        "kinds: {single: 1, parallel: 1, missing_parameter: 1}\n"
    )
    flow.synth(flow.read(config), 1, False, lambda _: None)
    rows = (tmp_path / "run/conversations.jsonl").read_text().splitlines()
    answers = [json.loads(row)["messages"][-1]["content"] for row in rows]
    told = [answer for answer in answers if "costs $" in answer]
    assert told and not any(re.search(r"[a-z:] Renting", answer) for answer in told)
    assert all(
        "by category: food 2, travel 1" in answer.lower() for answer in answers if "entries" in answer.lower()
    )


KEEPING = '''
"""A tally of weights."""

SEEN: list[float] = []


def mean_weight(weight_g: float) -> float:
    """Work out the mean weight, this one included, in grams."""
    SEEN.append(weight_g)
    return sum(SEEN) / len(SEEN)
'''


def test_what_a_calculator_keeps_it_keeps_for_one_conversation(tmp_path: Path) -> None:
    path = tmp_path / "tally.py"
    path.write_text(KEEPING)
    kit = Toolkit(functions=str(path))
    toolset = sources.load(kit).toolset
    maker = sources.maker(kit, tmp_path)
    assert maker is not None
    one, other = (maker.make(toolset, 4, Journal(), 0) for _ in range(2))
    assert drive(one.call(Call("1", "mean_weight", {"weight_g": 10.0}))).value == 10.0
    assert drive(one.call(Call("2", "mean_weight", {"weight_g": 20.0}))).value == 15.0
    assert drive(other.call(Call("1", "mean_weight", {"weight_g": 40.0}))).value == 40.0


LENDING = '''
"""A library of tools."""
import sqlite3
import uuid
from datetime import date, timedelta

DB = sqlite3.connect(":memory:", check_same_thread=False)
DB.row_factory = sqlite3.Row
DB.executescript("""
create table tools (id integer primary key, name text, category text);
create table members (id integer primary key, name text, email text);
create table loans (id integer primary key, tool_id integer, member_id integer, tool text, borrowed_on text);
insert into tools values (1, 'Belt sander', 'power tools'), (2, 'Ladder', 'access'), (3, 'Drill', 'power tools');
insert into members values (1, 'Aoife Brennan', 'a@example.org'), (2, 'Ravi Menon', 'r@example.org');
""")
DB.execute("insert into loans values (1, 1, 2, 'Belt sander', ?)", [(date.today() - timedelta(days=3)).isoformat()])


def find_tools(category: str | None = None) -> list[dict]:
    """Find tools in the library.

    :param category: e.g. "power tools"
    """
    rows = DB.execute("select * from tools")
    return [dict(row) for row in rows if category is None or row["category"] == category]


def get_members() -> list[dict]:
    """All members of the library."""
    return [dict(row) for row in DB.execute("select * from members")]


def open_loans(member_id: int | None = None) -> list[dict]:
    """Loans that have not been returned yet."""
    rows = DB.execute("select * from loans")
    return [dict(row) for row in rows if member_id is None or row["member_id"] == member_id]


def return_tool(loan_id: int) -> dict:
    """Take a tool back."""
    DB.execute("delete from loans where id = ?", [loan_id])
    return {"receipt": str(uuid.uuid4()), "day": date.today().isoformat()}


def register_member(name: str, email: str) -> dict:
    """Sign up a new member."""
    made = DB.execute("insert into members (name, email) values (?, ?)", [name, email])
    return {"id": made.lastrowid, "name": name, "email": email}


def log_damage(severity: int, careless: bool) -> str:
    """Note damage to a tool."""
    return "Noted."


def opening_hours() -> str:
    """When the library is open."""
    return "Open from nine to five."
'''


def lending(tmp_path: Path) -> tuple[Toolset, PythonWorlds]:
    path = tmp_path / "lending.py"
    path.write_text(LENDING)
    kit = Toolkit(functions=str(path))
    maker = sources.maker(kit, tmp_path)
    assert isinstance(maker, PythonWorlds)
    return sources.load(kit).toolset, maker


def test_functions_that_say_nothing_of_their_results_are_asked_once(tmp_path: Path) -> None:
    toolset, maker = lending(tmp_path)
    tools = {tool.name: tool for tool in toolset.tools}
    assert {"find_tools", "get_members", "open_loans"} <= {
        t.name for t in toolset.tools if t.effect == "list"
    }
    assert tools["open_loans"].entity == "lending.loan"  # what is open is no part of what it is called
    assert tools["return_tool"].effect == "act" and tools["register_member"].effect == "create"
    kinds = {entity.key: entity for entity in toolset.entities}
    loan = {field.pointer: field for field in kinds["lending.loan"].fields}
    assert (
        loan["/tool"].facet == "title" and loan["/tool_id"].refers == "lending.tool"
    )  # the name, and the key
    assert loan["/borrowed_on"].schema["format"] == "date"  # as it was seen to be written
    assert tools["find_tools"].parameters["properties"]["category"]["examples"] == ["power tools"]
    assert [one["name"] for one in maker.make(toolset, 3, Journal(), 0).records("lending.member")]


def test_what_writes_and_is_listed_by_nothing_is_left_out_with_what_would_help(tmp_path: Path) -> None:
    toolset, _ = lending(tmp_path)
    tools = {tool.name: tool for tool in toolset.tools}
    assert tools["log_damage"].effect == "opaque" and "lists" in tools["log_damage"].reasons[-1]
    assert tools["opening_hours"].phrase == "tell me when the library is open"  # and is not worked out


def test_a_module_reads_the_moment_of_its_conversation_and_the_same_chances_again(tmp_path: Path) -> None:
    toolset, maker = lending(tmp_path)
    assert maker.told == {"clock", "chance"} and maker.moving  # its loans are of three days ago
    worlds = [maker.make(toolset, seed, Journal(), 0) for seed in (3, 3, 4)]
    given = [drive(one.call(Call("1", "return_tool", {"loan_id": 1}))).value for one in worlds]
    assert given[0] == given[1] and given[0]["receipt"] != given[2]["receipt"]
    for one, told in zip(worlds, given, strict=True):
        assert one.scene.now.startswith(told["day"])
    loan = maker.make(toolset, 4, Journal(), 0).records("lending.loan")[0]
    gone = date.fromisoformat(worlds[2].scene.now[:10]) - date.fromisoformat(str(loan["borrowed_on"]))
    assert gone.days == 3


FREIGHT = '''
from typing import Any
SHIPMENTS = [{"id": "S-1", "customer": "Casa Ferrer", "status": "booked", "pickup_date": "2026-03-06", "eta": "2026-03-08"},
             {"id": "S-2", "customer": "Nordlys", "status": "delivered", "pickup_date": "2026-02-20", "eta": "2026-02-22"}]


def list_shipments(status: str | None = None) -> list[dict[str, Any]]:
    """List shipments."""
    return [one for one in SHIPMENTS if status in (None, one["status"])]


def gravel_needed(length_m: float, width_m: float) -> float:
    """Tonnes of gravel for a path.

    Args:
        length_m: Length in metres, e.g. 3.5.
        width_m: Width in metres.
    """
    return length_m * width_m
'''


def test_conversations_take_place_when_records_are_current_and_units_are_no_part_of_names(
    tmp_path: Path,
) -> None:
    path = tmp_path / "freight.py"
    path.write_text(FREIGHT)
    kit = Toolkit(functions=str(path))
    toolset = sources.load(kit).toolset
    maker = sources.maker(kit, tmp_path)
    assert maker is not None
    assert maker.make(toolset, 4, Journal(), 0).scene.now[:7] in ("2026-02", "2026-03")
    tool = next(tool for tool in toolset.tools if tool.name == "gravel_needed")
    assert [parameter.phrase for parameter in tool.inputs] == ["length", "width"]


def receive_donation(item: str, quantity: int) -> dict[str, Any]:
    """Add donated goods to the stock."""
    return {"item": item, "quantity": quantity}


def find_household(name: str) -> list[dict[str, Any]]:
    """Look up households by the name of the contact person."""
    return [{"contact": name}]


def spine_width(pages: int, weight: float) -> float:
    """Width of a spine in millimetres."""
    return pages * weight / 2000


def test_what_writes_and_what_gives_records_is_no_calculator() -> None:
    source = FunctionSource((receive_donation, find_household, spine_width), toolkit="own")
    toolset = understand("own", [tool for tool in source.read() if isinstance(tool, Tool)])
    assert {tool.name: tool.effect for tool in toolset.tools} == {
        "receive_donation": "opaque",
        "find_household": "opaque",
        "spine_width": "compute",
    }
