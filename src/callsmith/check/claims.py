"""Things an answer says were done: each needs a call that did such a thing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from callsmith.check.context import Context
from callsmith.check.reading import CallAt
from callsmith.facts import quoted
from callsmith.text import stem, words

_DEEDS: dict[str, tuple[str, ...]] = {
    "sent": ("send", "create", "reply", "forward", "post", "invite", "mail", "message"),
    "emailed": ("send", "create", "reply", "forward"),
    "mailed": ("send", "create", "reply", "forward"),
    "messaged": ("send", "create", "reply", "post"),
    "replied": ("reply", "send", "create", "comment"),
    "forwarded": ("forward", "send", "create"),
    "created": ("create",),
    "made": ("create", "update", "act"),
    "added": ("create", "update", "act"),
    "booked": ("create",),
    "scheduled": ("create", "update"),
    "drafted": ("create",),
    "opened": ("create", "update", "act"),
    "filed": ("create", "act", "update"),
    "uploaded": ("create", "update"),
    "saved": ("create", "update", "act"),
    "posted": ("create",),
    "invited": ("create", "update", "act"),
    "deleted": ("delete", "act", "update"),
    "removed": ("delete", "act", "update"),
    "cancelled": ("delete", "act", "update", "cancel"),
    "canceled": ("delete", "act", "update", "cancel"),
    "trashed": ("delete", "act"),
    "updated": ("update", "act"),
    "changed": ("update", "act"),
    "renamed": ("update", "act"),
    "moved": ("update", "act"),
    "rescheduled": ("update", "act", "create"),
    "archived": ("act", "update"),
    "closed": ("act", "update"),
    "reopened": ("act", "update"),
    "completed": ("act", "update"),
    "starred": ("act", "update"),
    "labelled": ("act", "update", "create"),
    "labeled": ("act", "update", "create"),
    "assigned": ("act", "update", "create"),
    "merged": ("act", "update"),
    "refunded": ("create", "act", "refund"),
    "charged": ("create", "act"),
    "captured": ("act", "update"),
    "shared": ("create", "act", "update"),
    "copied": ("create", "act"),
    "restored": ("act", "update"),
    "marked": ("act", "update"),
    "set": ("create", "update", "act"),
    "let": ("send", "create", "reply", "forward", "invite"),
    "told": ("send", "create", "reply", "forward"),
    "notified": ("send", "create", "reply", "forward"),
    "informed": ("send", "create", "reply", "forward"),
    "put": ("create", "update", "act"),
}
_ADVERB = r"(?:now |just |also |already |then |both |all |gone ahead and |successfully )*"
_PAST = "|".join(sorted((deed for deed in _DEEDS if deed not in ("let", "told")), key=len, reverse=True))
_FIRST = re.compile(rf"\b(?:i['’]ve|i have|i) {_ADVERB}(?P<deed>{_PAST})\b(?! up (?:to|until))", re.I)
_TOLD = re.compile(rf"\b(?:i['’]ve|i have) {_ADVERB}(?P<deed>let|told|notified|informed) ", re.I)
_PASSIVE = re.compile(
    rf"\b(?:is|are|has been|have been|['’]s|was|were) (?:now |just |all |both |successfully )(?P<deed>{_PAST})\b",
    re.I,
)
_LEADING = re.compile(
    rf"(?:^|[.!] |\n)(?!put|set)(?P<deed>{_PAST})\b(?! (?:by|on|at|with|from|in|since)\b)", re.I
)
_NEGATED = re.compile(
    r"\b(?:not|n['’]t|nothing|never|hasn['’]t|haven['’]t|couldn['’]t|no)\b[^.!?]{0,30}$", re.I
)
_CONDITION = re.compile(
    r"\b(?:if|once|when|after|unless|before|until|should|could|want me|shall)\b[^.!?]{0,60}$", re.I
)
_QUESTION = re.compile(r"[^.!?\n]*\?")
_DONE = re.compile(r"^\s*(?:all )?(?:done|all set|sorted)\b", re.I)


def claim_fault(text: str, context: Context, index: int) -> str:
    """What an answer claims to have done that no successful call before it did; "" when nothing."""
    text = unquoted(text)
    if not text:
        return ""
    done = [each for each in context.calls if each.succeeded and each.may_write]
    for pattern in (_FIRST, _TOLD, _PASSIVE, _LEADING):
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 80) : match.start()]
            if _QUESTION.match(text, match.end()):
                continue
            if _NEGATED.search(before + text[match.start() : match.start("deed")]) or _CONDITION.search(
                before
            ):
                continue
            deed = match["deed"].lower()
            if not _was_done(deed, done) and not _is_report(deed, match.re, context):
                return f"“{match.group().strip()}” claims a deed no call did"
    passed_over = _passed_over(text, context, index)
    if passed_over:
        return passed_over
    if _DONE.match(text) and not done:
        return "“Done” although no call has changed anything"
    return ""


ADMITS = re.compile(
    r"n['’]t\b|\b(?:cannot|not|no|unable|fail\w*|error|sorry|unfortunately|denied|permission|refus\w*|reject\w*"
    r"|already|missing|wrong|invalid|nothing|trouble|problem|blocked)\b",
    re.I,
)


_FAILED = re.compile(
    r"n['’]t\b|\b(?:cannot|not|unable|fail\w*|error|sorry|unfortunately|denied|permission|refus\w*|reject\w*|missing|wrong"
    r"|invalid|trouble|problem|blocked|no such|no longer|impossible)\b",
    re.I,
)


def unquoted(text: str) -> str:
    """A text without the passages it quotes."""
    out, position = [], 0
    for mention in quoted(text):
        out.append(text[position : mention.start])
        position = max(position, mention.end)
    return "".join([*out, text[position:]])


def _passed_over(text: str, context: Context, index: int) -> str:
    """Whether the turn's last try at something failed and the answer reads as if it had not."""
    message = context.reading.messages[index]
    if getattr(message, "calls", ()):
        return ""
    start = max((item.message for item in context.texts if item.place == "user"), default=0)
    here = [each for each in context.calls if each.message > start]
    last = {each.call.name: each.group for each in here}
    broken = next(
        (
            each
            for each in here
            if not each.succeeded
            and each.result is not None
            and each.train
            and last[each.call.name] == each.group
        ),
        None,
    )
    if broken is not None and not _FAILED.search(text):
        return f"{broken.call.name} failed and the answer does not say so"
    return ""


def _was_done(deed: str, calls: Sequence[CallAt]) -> bool:
    wanted = _DEEDS[deed]
    for each in calls:
        if each.tool is None or each.tool.deed == "opaque":
            return True
        if each.tool.deed in wanted or each.tool.verb in wanted or stem(each.tool.verb) == stem(deed):
            return True
        if any(stem(word) == stem(deed) for word in words(each.call.name.replace("_", " "))):
            return True
    return False


def _is_report(deed: str, pattern: re.Pattern[str], context: Context) -> bool:
    """A passive may report a state some result shows."""
    if pattern in (_FIRST, _TOLD):
        return False
    for each in context.results:
        for _, value in context.reading.leaves(each):
            if isinstance(value, str) and len(value) < 40 and stem(value.lower()) == stem(deed):
                return True
        if isinstance(each.result and each.result.value, Mapping) and any(
            stem(word) == stem(deed)
            for pointer, value in context.reading.leaves(each)
            if value
            for word in words(pointer.replace("_", " "))
        ):
            return True
    return False
