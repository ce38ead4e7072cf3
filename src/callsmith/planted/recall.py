"""How many planted faults each check catches: with the plan at hand, and blind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct, structs

from callsmith import seeds
from callsmith.check.execution import Again
from callsmith.check.expect import Expectation
from callsmith.check.kind import asks, groups_by_turn
from callsmith.check.run import CHECKS, run_checks
from callsmith.planted.faults import FAULTS, plant
from callsmith.records import Assistant, Conversation, Toolset, User, Verdict

MODES = ("plan", "blind")


class Recall(Struct, frozen=True):
    """Counts of planted faults and of what caught them.

    ``caught[mode][fault][check]`` counts plantings a check failed, ``caught[mode][fault]["any"]`` those that any did.
    """

    rows: int
    planted: Mapping[str, int]
    caught: Mapping[str, Mapping[str, Mapping[str, int]]]
    alarms: Mapping[str, Mapping[str, int]]  # mode -> check -> good rows it fails
    missed: Mapping[str, Mapping[str, list[str]]]  # mode -> fault -> ids of rows whose fault nothing caught

    def share(self, mode: str, fault: str = "") -> float:
        """The share of plantings caught, of one fault or of all; 1.0 where none was planted."""
        names = [fault] if fault else list(self.planted)
        total = sum(self.planted.get(name, 0) for name in names)
        found = sum(self.caught[mode].get(name, {}).get("any", 0) for name in names)
        return found / total if total else 1.0


def expectation_of(conversation: Conversation) -> Expectation:
    """What the plan of a good row said: the calls it trains on, in their groups, and the questions users answer."""
    messages = conversation.messages
    groups = [m.calls for m in messages if isinstance(m, Assistant) and m.calls and m.train]
    asked: list[int] = []
    if conversation.kind == "missing_parameter":
        asked = [
            index
            for index, m in enumerate(messages[:-1])
            if isinstance(m, Assistant) and asks(m) and isinstance(messages[index + 1], User)
        ][:1]
    return Expectation(tuple(groups), tuple(asked), groups_by_turn(messages))


def blinded(conversation: Conversation) -> Conversation:
    """The row as a stranger would give it: no origins, no alternatives, no world to replay in."""
    return structs.replace(conversation, provenance={}, alternatives=(), world=None)


def recall(
    conversations: Iterable[Conversation],
    toolset_of: Callable[[Conversation], Toolset | None],
    again_of: Callable[[Conversation, Toolset | None], Again | None] = lambda *_: None,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Recall:
    """Plant every fault each row can carry, and judge all rows, good and faulty, with the plan and blind."""
    planted: dict[str, int] = dict.fromkeys(FAULTS, 0)
    caught: dict[str, dict[str, dict[str, int]]] = {mode: {name: {} for name in FAULTS} for mode in MODES}
    alarms: dict[str, dict[str, int]] = {mode: dict.fromkeys(CHECKS, 0) for mode in MODES}
    missed: dict[str, dict[str, list[str]]] = {mode: {} for mode in MODES}
    rows = 0
    for conversation in conversations:
        toolset = toolset_of(conversation)
        expectation, again = expectation_of(conversation), again_of(conversation, toolset)
        rows += 1
        for mode in MODES:
            for verdict in judged(conversation, toolset, expectation, mode, again):
                alarms[mode][verdict.check] += verdict.outcome == "fail"
        for each in plant(conversation, toolset, seeds.rng(seed, conversation.id, "planted")):
            planted[each.fault] += 1
            for mode in MODES:
                fails = {
                    v.check
                    for v in judged(each.conversation, toolset, expectation, mode, again)
                    if v.outcome == "fail"
                }
                counts = caught[mode][each.fault]
                for check in (*sorted(fails), *(["any"] if fails else [])):
                    counts[check] = counts.get(check, 0) + 1
                if not fails:
                    missed[mode].setdefault(each.fault, []).append(conversation.id)
        if progress is not None:
            progress(rows)
    return Recall(rows, planted, caught, alarms, missed)


def judged(
    conversation: Conversation,
    toolset: Toolset | None,
    expectation: Expectation,
    mode: str,
    again: Again | None = None,
) -> list[Verdict]:
    """The verdicts on a row with everything known of it, or blind."""
    if mode == "blind":
        return run_checks(blinded(conversation), toolset, None)
    return run_checks(conversation, toolset, expectation, again=again)
