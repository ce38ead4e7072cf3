"""An attempt as the engine stores it: the encoded row with the keys that acceptance goes by."""

from __future__ import annotations

import zlib
from pathlib import Path

import msgspec

from callsmith import dedup, row
from callsmith.records import Assistant, Attempt, Conversation, Slot, Verdict
from callsmith.run import Tried


def pack(slot: Slot, attempt: Attempt) -> Tried:
    """What a worker hands over. One that made no conversation keeps its reason alone."""
    conversation = attempt.conversation
    reason, detail = _refusal(attempt)
    if conversation is None:
        return Tried(
            slot.index, attempt.number, "", slot.kind, slot.toolset, reason, detail, tape=_taped(attempt)
        )
    turns = dedup.user_turns(conversation)
    signature = dedup.signature(turns)
    return Tried(
        slot=slot.index,
        number=attempt.number,
        id=conversation.id,
        kind=slot.kind,
        toolset=slot.toolset,
        reason=reason,
        detail=detail,
        twin=str(conversation.lineage.get("twin_of", "")),
        opening=0 if slot.kind == "chat" else dedup.opening_key(conversation),
        skeleton=0 if slot.kind == "chat" else dedup.key(attempt.masked or dedup.skeleton(conversation)),
        shape=dedup.shape_key(slot.toolset, conversation),
        signature=signature,
        bands=dedup.bands(signature),
        calls=calls_of(conversation),
        turns=len(turns),
        checks=" ".join(f"{verdict.check}={verdict.outcome}" for verdict in attempt.verdicts),
        body=zlib.compress(row.encode(row.to_row(conversation, attempt.verdicts)), 1),
        note=attempt.note,
        tape=_taped(attempt),
        own=attempt.toolset.hash if attempt.toolset is not None else "",
        tools=zlib.compress(msgspec.json.encode(attempt.toolset), 1) if attempt.toolset is not None else b"",
    )


def packed(slot: Slot, attempt: Attempt) -> bytes:
    """An attempt encoded; one that cannot be written is one that an error ended, and no other attempt's matter."""
    try:
        tried = pack(slot, attempt)
    except (TypeError, ValueError, OverflowError) as error:
        tried = pack(slot, broken(slot, attempt.number, error))
    return msgspec.msgpack.encode(tried)


def _taped(attempt: Attempt) -> bytes:
    """What the attempt asked of a world that is not ours, as the run keeps it."""
    return zlib.compress(msgspec.json.encode(attempt.tape), 1) if attempt.tape is not None else b""


def calls_of(conversation: Conversation) -> int:
    """How many calls a conversation makes."""
    return sum(len(message.calls) for message in conversation.messages if isinstance(message, Assistant))


def _refusal(attempt: Attempt) -> tuple[str, str]:
    failed = next((verdict for verdict in attempt.verdicts if verdict.outcome == "fail"), None)
    if failed is not None:
        return f"check:{failed.check}", _one_line(failed)
    if attempt.rejected or attempt.conversation is None:
        kind, _, detail = attempt.rejected.partition(": ")
        return (kind, detail) if detail else ("no_plan", attempt.rejected or "nothing was made")
    return "", ""


def _one_line(verdict: Verdict) -> str:
    place = "" if verdict.message is None else f"message {verdict.message}: "
    return place + verdict.reason


def broken(slot: Slot, number: int, error: Exception) -> Attempt:
    """The attempt that an error ended which nobody foresaw: its reason says what, and where in the code."""
    reason = f"error:{type(error).__name__}: {_place(error)}"
    return Attempt(slot.index, number, None, (), rejected=reason)


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{error} at {where}"
