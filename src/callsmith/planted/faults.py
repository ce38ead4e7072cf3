"""Every fault there is to plant, and which plantings do harm."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from callsmith.check.equivalence import equivalent
from callsmith.planted import calls, talk
from callsmith.records import Assistant, Call, Conversation, Toolset
from callsmith.seeds import Rng

Fault = Callable[[Conversation, Rng], Conversation | None]

FAULTS: dict[str, Fault] = {
    each.__name__: each
    for each in (
        calls.rival_tool,
        calls.unknown_tool,
        calls.swapped_values,
        calls.invented_value,
        calls.wrong_record,
        calls.missing_required,
        calls.dropped_argument,
        calls.wrong_type,
        calls.extra_parameter,
        calls.unasked_option,
        calls.dropped_call,
        calls.doubled_call,
        calls.broken_json,
        calls.swapped_order,
        calls.forced_call,
        talk.dropped_result,
        talk.doubled_result,
        talk.swapped_results,
        talk.altered_result,
        talk.incoherent_result,
        talk.hidden_error,
        talk.reordered_turns,
        talk.unsupported_claim,
        talk.changed_fact,
        talk.needless_question,
        talk.premature_stop,
        talk.half_done,
    )
}


class Planted(Struct, frozen=True):
    """A good row with one fault in it."""

    fault: str
    conversation: Conversation


def plant(conversation: Conversation, toolset: Toolset | None, rng: Rng) -> Iterator[Planted]:
    """The row with each fault it can carry, one at a time; plantings that change nothing of substance are left out."""
    for name, fault in FAULTS.items():
        faulty = fault(conversation, rng)
        if faulty is not None and not harmless(conversation, faulty):
            yield Planted(name, faulty)


def harmless(good: Conversation, faulty: Conversation) -> bool:
    """Whether a planting left the row as good as it was: nothing changed, or its calls are an accepted alternative."""
    if good.messages == faulty.messages:
        return True
    if _but_calls(good) != _but_calls(faulty):
        return False
    mine, theirs = _groups(faulty), _groups(good)
    if equivalent(mine, theirs):
        return all(isinstance(call.arguments, dict) for group in mine for call in group)
    flat = [call for group in mine for call in group]
    return any(equivalent([flat], [list(other)]) for other in good.alternatives)


def _groups(conversation: Conversation) -> list[Sequence[Call]]:
    return [
        message.calls for message in conversation.messages if isinstance(message, Assistant) and message.calls
    ]


def _but_calls(conversation: Conversation) -> list[object]:
    return [
        (message.text, len(message.calls)) if isinstance(message, Assistant) else message
        for message in conversation.messages
    ]
