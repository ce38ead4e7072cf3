"""The recipe agents with a model that obeys every form and means nothing: it ends, and what it accepts holds."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any, get_args

import msgspec
import pytest
from tests.made import toolset

from callsmith.check.run import run_checks
from callsmith.config_models import Endpoint
from callsmith.config_recipes import Agents, SystemPrompts
from callsmith.models.asking import Asking
from callsmith.models.opening import opened
from callsmith.recipes import agents
from callsmith.records import Attempt, Call, Kind, Place, Reply, Request, Slot, Toolset
from callsmith.world.inferred.world import InferredWorld
from random_model import answer, random_model
from test_agents import Parts, Settings, oracle

KINDS: tuple[Kind, ...] = get_args(Kind)
MODEL_CALLS = 200  # of one attempt with every correction used up
FINISH = {"stop": "stop", "length": "length", "tool_calls": "calls"}


class Aimless:
    """The random sampler behind the seam: a request as a chat completion's body, the completion as a reply."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    async def complete(self, request: Request, place: Place) -> Reply:
        body: dict[str, Any] = {"messages": list(request.messages), "max_tokens": request.max_tokens}
        if request.tools:
            body["tools"] = [{"type": "function", "function": tool} for tool in request.tools]
        if request.schema is not None:
            form = {"name": "answer", "schema": request.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        if request.grammar is not None:
            body["structured_outputs"] = {"grammar": request.grammar.lark}
        plain = json.loads(json.dumps({**body, "place": [place.slot, place.attempt, place.n]}, default=dict))
        choice = answer(plain, self.seed)["choices"][0]
        calls = [
            Call(each["id"], each["function"]["name"], _given(each["function"]["arguments"]))
            for each in choice["message"].get("tool_calls") or ()
        ]
        return Reply(
            choice["message"]["content"] or "",
            calls=calls,
            finish=FINISH[choice["finish_reason"]],  # type: ignore[arg-type]
        )


def _given(arguments: str) -> Any:
    try:
        found = json.loads(arguments)
    except ValueError:
        return arguments
    return found if isinstance(found, dict) else arguments


def attempt(kit: Toolset, kind: Kind, number: int, **changes: Any) -> Attempt:
    settings = Settings(Agents(length=300, **changes), SystemPrompts(none=0.3, generic=0.3))
    parts = msgspec.structs.replace(Parts(settings, {kit.name: kit}), offer=(3, 8))
    asking = Asking({"writer": Aimless(number)}, 0, number)
    made = asyncio.run(agents.attempt(parts, Slot(0, kind, kit.name, 7), number, asking))
    assert asking.calls <= MODEL_CALLS
    return made


@pytest.mark.parametrize("calling", ["native", "form"])
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_answered_an_attempt_ends(kind: Kind, calling: str) -> None:
    for number in range(3):
        made = attempt(toolset("todoist"), kind, number, calling=calling)
        assert made.conversation is not None or made.rejected
        assert made == attempt(toolset("todoist"), kind, number, calling=calling), "as every time"


def test_a_world_played_at_random_ends_and_tells_what_its_tools_return() -> None:
    kinds: Counter[str] = Counter()
    for number in range(12):
        made = attempt(oracle(), "single", number)
        if made.conversation is not None and made.conversation.world is not None:
            kinds[made.conversation.world.kind] += 1
        for item in made.tape.calls if made.tape is not None else ():
            assert item.error or {"id", "verdict"} <= item.value.keys()
    assert kinds["model"], kinds


def test_accepted_rows_pass_every_check_again() -> None:
    accepted = 0
    kit = toolset("todoist")
    for kind in ("chat", "no_tool", "single"):
        for number in range(12):
            made = attempt(kit, kind, number, calling="form", chat=0.0, turns=6)  # type: ignore[arg-type]
            if made.rejected:
                continue
            accepted += 1
            assert made.conversation is not None
            assert made.conversation.world == msgspec.structs.replace(
                made.conversation.world, before=InferredWorld(kit, 7).digest()
            )
            again = run_checks(made.conversation, kit)
            assert all(verdict.outcome != "fail" for verdict in again)
    assert accepted >= 3, "even nonsense makes some rows of plain talk"


def test_over_http_as_a_server_answers() -> None:
    """The same, through the client: the server compiles every form it is sent, and many attempts go on at once."""
    kit = toolset("gmail+googlecalendar")

    async def all_at_once(address: str) -> list[Attempt]:
        async with opened({"default": Endpoint(base_url=address, model="random")}, None) as found:

            async def one(number: int) -> Attempt:
                calling = "form" if number % 2 else "native"
                settings = Settings(Agents(length=300, calling=calling))  # type: ignore[arg-type]
                parts = msgspec.structs.replace(Parts(settings, {kit.name: kit}), offer=(3, 8))
                slot = Slot(number, KINDS[number % len(KINDS)], kit.name, 7)
                return await agents.attempt(parts, slot, 0, Asking(found.models, number, 0))

            return list(await asyncio.gather(*map(one, range(16))))

    with random_model(3) as served:
        made = asyncio.run(all_at_once(served.base_url))
    assert all(each.rejected or each.conversation is not None for each in made)
    assert any(each.conversation is not None for each in made)
    forms = {bool(body.get("tools")) for body in served.requests}
    assert forms == {True, False}
