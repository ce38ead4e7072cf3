"""All checks over one conversation, each saying pass, fail or skipped."""

from __future__ import annotations

from callsmith.check import arguments, coherence, execution, faithfulness, grounding, kind, structure
from callsmith.check.expect import Expectation
from callsmith.check.reading import Reading
from callsmith.records import Conversation, Toolset, Verdict

CHECKS = ("structure", "schema", "grounding", "execution", "coherence", "faithfulness", "kind")


def run_checks(
    conversation: Conversation,
    toolset: Toolset | None,
    expectation: Expectation | None = None,
    replay: bool = True,
    again: execution.Again | None = None,
) -> list[Verdict]:
    """One verdict per check, in the order of ``CHECKS``.

    ``toolset`` is the one the row's world was made from; None for foreign rows, whose tools are then understood
    from their own definitions. ``expectation`` is what the plan says; None judges the row blind of it.
    ``again`` gives the world to replay in where it is not one inferred from the toolset.
    """
    return judge(conversation, toolset, expectation, replay, again)[0]


def judge(
    conversation: Conversation,
    toolset: Toolset | None,
    expectation: Expectation | None = None,
    replay: bool = True,
    again: execution.Again | None = None,
) -> tuple[list[Verdict], grounding.Provenance]:
    """``run_checks`` with the provenance it computed on the way, so that a maker of rows need not trace twice."""
    reading = Reading(conversation, toolset)
    traced = grounding.trace(reading)
    verdicts = [
        structure.check(reading),
        arguments.check(reading),
        grounding.check(reading, traced, stored=toolset is not None),
        execution.check(reading, toolset, again)
        if replay
        else Verdict(execution.NAME, "skipped", "not asked for"),
        coherence.check(reading),
        faithfulness.check(reading),
        kind.check(reading, traced, expectation),
    ]
    return verdicts, traced
