"""Each turn: what was asked for is done in it, on the record that was meant, with what was said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from callsmith.check.claims import ADMITS, unquoted
from callsmith.check.context import level
from callsmith.check.meant import other_record
from callsmith.check.reading import CallAt, Reading, Turn, flatten, turns
from callsmith.facts import quoted
from callsmith.records import Composed, Derived, Found, Origin, Said
from callsmith.text import stem, words

Traced = Mapping[str, Mapping[str, Origin]]

_ORDERS = frozenset(
    stem(word)
    for word in (
        "create add make send reply forward delete remove trash bin move rename update change set book schedule cancel "
        "close reopen archive complete finish tick mark star label tag assign share copy duplicate upload invite post "
        "draft file open put push merge refund charge capture void finalize insert replace append register start "
        "call pass hand switch adjust write email mail message note log record clear "
        "drop restore pin mute block answer accept decline"
    ).split()
)
_DEEDS = (
    r"(?:in|there|set up|created|added|sent|updated|changed|ready|out|up|deleted|removed|moved|booked|scheduled"
    r"|archived"
    r"|closed|done|trashed|gone|merged|shared|assigned|in place|renamed|labelled|completed|reopened|cancelled"
    r"|copied|tweaked|adjusted|refunded|restored|finalized|voided)"
)
_DONE = re.compile(
    r"^\W*(?:\w+[,:!.] )?(?:all )?(?:done|sorted|all set)\b|^\W*(?:\w+[,:!.] )?that['’]s .{0,80}\b"
    + _DEEDS
    + r"\b"
    r"|\b(?:is|are|['’]s|has been|have been|got .{1,60}) (?:now |all )?" + _DEEDS + r"\b"
    r"|\bi(?:['’]ve| have) .{0,60}\b" + _DEEDS + r"\b|\bi(?:['’]ve| have) (?:made|set|put|booked|sent)\b"
    r"|^\W*(?:\w+[,:!] )?(?:tweaked|adjusted|labelled|renamed|archived|copied|created|added|sent|updated"
    r"|changed|deleted|removed|moved|booked|scheduled|closed|trashed)\b"
    r"|: (?:done|added|created|sent|updated|changed|deleted|removed|moved|in)\b",
    re.I,
)
_LOOKS_BACK = re.compile(
    r"^\W*(?:\w+,? )?(?:what|which|when|who|whom|where|how|did|was|were|is|are|has|have you|remind|tell me)\b",
    re.I,
)
_ASKS_BACK = re.compile(r"\b(?:what|which|when|who|whom|where|how|again|did|remind)\b[^.!]*\?", re.I)
_SEVERAL = re.compile(r"\b(?:both|all (?P<count>two|three|four|five|six))\b", re.I)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def turn_fault(reading: Reading, traced: Traced) -> tuple[str, int | None]:
    """What goes wrong in a turn and in which message; ("", None) when nothing does."""
    if not reading.calls:
        return "", None
    for turn in turns(reading):
        fault = _undone(turn) or _too_few(turn)
        if fault:
            return fault, turn.answered
        for judge in (other_record, _idle_lookup, _unused):
            fault, index = judge(turn, traced, reading)
            if fault:
                return fault, index
    return "", None


def _undone(turn: Turn) -> str:
    """An order answered as if carried out, with nothing called."""
    if turn.calls or not turn.answer or "?" in turn.answer or ADMITS.search(unquoted(turn.answer)):
        return ""
    if _LOOKS_BACK.match(turn.asked) or _ASKS_BACK.search(turn.asked) or not _DONE.search(turn.answer):
        return ""
    if not any(stem(word) in _ORDERS for word in words(turn.asked)):
        return ""
    return "an order is reported as done although nothing was called"


def _too_few(turn: Turn) -> str:
    """More things reported as done than calls were made."""
    done = [each for each in turn.calls if each.writes and each.succeeded]
    if not done or any(
        isinstance(value, list) and len(value) > 1 for each in done for value in each.arguments.values()
    ):
        return ""
    sentence = re.split(r"(?<=[.!]) |\n", turn.answer.strip())[0]
    if not _DONE.search(sentence) and not _SEVERAL.search(sentence):
        return ""
    names = {level(mention.text) for mention in quoted(sentence)}
    several = _SEVERAL.search(sentence)
    least = (_COUNTS.get((several["count"] or "").lower(), 2)) if several else 0
    if several and len(done) < least:
        return f"{several.group()} are reported as done after {len(done)} call"
    if len(names) > len(done) and _listed(sentence):
        return f"{len(names)} things are reported as done after {len(done)} call"
    return ""


def _listed(sentence: str) -> bool:
    """Whether quoted names stand side by side, as an enumeration has them."""
    return re.search(r"[\"”'’](?:, [\"“'‘][^\"”]+[\"”'’])* and [\"“'‘]", sentence) is not None


# ---------------------------------------------------------------- what serves nothing


def _idle_lookup(turn: Turn, traced: Traced, reading: Reading) -> tuple[str, int | None]:
    """A list looked up before something is changed, and neither used for it nor spoken of."""
    answer = level(turn.answer)
    for each in turn.calls:
        if (
            each.tool is None
            or each.tool.deed not in ("list", "search")
            or not each.succeeded
            or not each.train
        ):
            continue
        if not any(later.writes and later.group > each.group for later in turn.calls):
            continue
        leaves = reading.leaves(each)
        if len(leaves) < 4 or _drawn_on(each, reading):
            continue
        if any(isinstance(value, str) and len(value) > 3 and level(value) in answer for _, value in leaves):
            continue
        return f"what {each.call.name} found is neither used nor told", each.message
    return "", None


def _drawn_on(each: CallAt, reading: Reading) -> bool:
    """Whether a later call asks with a value this result holds."""
    shown = {
        value for _, value in reading.leaves(each) if isinstance(value, (str, int)) and len(str(value)) > 1
    }
    later = [v for other in reading.calls if other.group > each.group for _, v in flatten(other.arguments)]
    if any(value in shown for value in later if isinstance(value, (str, int))):
        return True
    written = "\n".join(level(value) for value in later if isinstance(value, str) and " " in value)
    return any(isinstance(value, str) and len(value) > 3 and level(value) in written for value in shown)


def sources(origin: Origin) -> Iterator[Said | Found]:
    """The places an origin rests on, the system prompt apart."""
    if isinstance(origin, (Said, Found)):
        yield origin
    elif isinstance(origin, Derived):
        yield from (place for place in origin.of if isinstance(place, (Said, Found)))
    elif isinstance(origin, Composed):
        yield from (place for place in origin.facts if isinstance(place, (Said, Found)))


def _unused(turn: Turn, traced: Traced, reading: Reading) -> tuple[str, int | None]:
    """An address, number or amount the user gave for something that was then done without it."""
    if not any(each.writes and each.succeeded for each in turn.calls):
        return "", None
    blob = ""
    for mention in reading.mentions(turn.asked):
        if mention.kind not in ("email", "phone", "url", "amount"):
            continue
        if not blob:
            blob = _used(turn, reading)
        wanted = level(mention.text).rstrip(".")
        bare = re.sub(r"[^a-z0-9]", "", wanted)
        if wanted in blob or bare in re.sub(r"[^a-z0-9\n]", "", blob):
            continue
        if any(_holds(blob, value) for value in mention.numbers):
            continue
        return f"{mention.text} was given and is not used", turn.calls[0].message
    return "", None


def _used(turn: Turn, reading: Reading) -> str:
    """Everything calls of this turn or later ones ask for, and what this turn's results show."""
    parts: list[str] = []
    for each in reading.calls:
        if each.message > turn.index:
            parts.extend(level(str(value)) for _, value in flatten(each.arguments))
    for each in turn.calls:
        parts.extend(level(str(value)) for _, value in reading.leaves(each))
    return "\n".join(parts)


def _holds(blob: str, value: float) -> bool:
    shown = {f"{value:.15g}", f"{value * 100:.0f}", str(value)}
    return any(re.search(rf"(?<![0-9.]){re.escape(each)}(?![0-9])", blob) for each in shown)
