"""When two conversations are too much alike: signatures of what users say, and skeletons of how they open."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from operator import eq

from rensa import RMinHash

from callsmith import seeds, text
from callsmith.records import Assistant, Composed, Conversation, Derived, Origin, Said, User

LANES = 128
BANDS = 16
ROWS = LANES // BANDS
LIMIT = 0.8  # estimated Jaccard similarity of word shingles at which two rows are the same row
_SHINGLE = 3
_SEED = 20260301


def user_turns(conversation: Conversation) -> list[str]:
    """What the user says, turn by turn."""
    return [message.text for message in conversation.messages if isinstance(message, User)]


def first_request(conversation: Conversation) -> str:
    """The first user turn, or the empty string."""
    return next((message.text for message in conversation.messages if isinstance(message, User)), "")


def opening_key(conversation: Conversation) -> int:
    """A key that is equal for first requests that differ in case, spaces or closing punctuation alone."""
    return key(" ".join(first_request(conversation).lower().split()).rstrip(" .!?"))


def skeleton(conversation: Conversation) -> str:
    """The first request with its values masked."""
    return next(_masked(conversation), "")


def masked_turns(conversation: Conversation) -> list[str]:
    """What the user says, turn by turn, with values masked."""
    return list(_masked(conversation))


def _masked(conversation: Conversation) -> Iterator[str]:
    """Masked are the spans that provenance traces values to, and what reads as a value."""
    now = conversation.world.now if conversation.world else ""
    for index, message in enumerate(conversation.messages):
        if isinstance(message, User):
            yield text.mask(message.text, said_spans(conversation, index), now)


def said_spans(conversation: Conversation, index: int) -> list[tuple[int, int]]:
    """The spans of message ``index`` that arguments come from, in order."""
    spans: set[tuple[int, int]] = set()
    for origins in conversation.provenance.values():
        for origin in origins.values():
            spans.update(said.span for said in _said(origin) if said.message == index)
    return sorted(spans)


def _said(origin: Origin) -> Iterator[Said]:
    if isinstance(origin, Said):
        yield origin
    elif isinstance(origin, Composed):
        yield from (fact for fact in origin.facts if isinstance(fact, Said))
    elif isinstance(origin, Derived):
        yield from (fact for fact in origin.of if isinstance(fact, Said))


def shape_key(toolset: str, conversation: Conversation) -> int:
    """A key that is equal for conversations that call the same tools with the same arguments, whatever their values.

    Of a talk of several requests its first counts. 0 where nothing is called.
    """
    calls: set[tuple[str, ...]] = set()
    for message in conversation.messages:
        if isinstance(message, Assistant):
            calls.update((call.name, *sorted(call.arguments)) for call in message.calls)
            if calls and not message.calls and conversation.kind == "multi_turn":
                break
    return key(repr((toolset, sorted(calls)))) if calls else 0


def key(value: str) -> int:
    """A signed 64-bit number for a text, as SQLite stores integers."""
    return seeds.number(value) - (1 << 63)


def signature(turns: Sequence[str]) -> bytes:
    """A packed MinHash, 512 bytes, over three-word shingles of what the user says."""
    words = " | ".join(turns).lower().split()
    span = max(1, len(words) - _SHINGLE + 1)
    shingles = [" ".join(words[start : start + _SHINGLE]) for start in range(span)]
    sketch = RMinHash(num_perm=LANES, seed=_SEED)
    sketch.update(shingles)
    return array("I", sketch.digest()).tobytes()


def bands(packed: bytes) -> bytes:
    """Sixteen packed 64-bit keys; two rows at ``LIMIT`` share at least one nineteen times in twenty."""
    width = len(packed) // BANDS
    starts = range(0, len(packed), width)
    return b"".join(
        blake2b(packed[start : start + width], digest_size=8, salt=b"%d" % start).digest() for start in starts
    )


def likeness(one: bytes, other: bytes) -> float:
    """Estimated Jaccard similarity of two signatures, 0 to 1."""
    alike: int = sum(map(eq, memoryview(one).cast("I"), memoryview(other).cast("I")))
    return alike / LANES
