"""Answers say only what results, the user or the system said: numbers, dates, names, quotes, things done."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.check.claims import claim_fault
from callsmith.check.context import Context
from callsmith.check.reading import Reading
from callsmith.check.support import Support
from callsmith.records import Assistant, Verdict

NAME = "faithfulness"


def check(reading: Reading) -> Verdict:
    """Fail on the first fact or deed an assistant message states that nothing before it accounts for."""
    context = Context(reading)
    support = Support(context)
    tools = [str(tool.get("name", "")) for tool in reading.conversation.tools]
    for index, message in enumerate(reading.messages):
        if not isinstance(message, Assistant) or not message.train:
            continue
        if not message.text and not message.reasoning:
            continue
        context.advance(index)
        for text in (message.text, without_tools(message.reasoning, tools)):
            if not text:
                continue
            stranger = support.unknown(text)
            if stranger:
                return Verdict(NAME, "fail", f"“{stranger}” is known from nowhere", index)
        fault = claim_fault(message.text, context, index)
        if fault:
            return Verdict(NAME, "fail", fault, index)
    return Verdict(NAME, "pass")


def without_tools(reasoning: str, tools: Sequence[str]) -> str:
    """Reasoning with the names of offered tools taken out: an assistant knows what it is offered."""
    for name in sorted(tools, key=len, reverse=True):
        if name:
            reasoning = reasoning.replace(name, "this")
    return reasoning
