"""The row is what its kind promises, and does what its plan says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from callsmith.check.equivalence import equivalent, same_call
from callsmith.check.expect import Expectation
from callsmith.check.reading import CallAt, Reading, flatten
from callsmith.check.rules import moments_in
from callsmith.check.turns import sources, turn_fault
from callsmith.facts import paired, quoted, same
from callsmith.records import Assistant, Call, Found, Message, Origin, Said, User, Verdict

NAME = "kind"

Traced = Mapping[str, Mapping[str, Origin]]


def check(reading: Reading, traced: Traced, expectation: Expectation | None) -> Verdict:
    """Fail where the shape is not the kind's, or the calls are neither those planned nor an accepted alternative."""
    if expectation is not None:
        fault, index = _against(reading, expectation)
        if fault:
            return Verdict(NAME, "fail", fault, index)
    fault, index = _idle(reading, traced)
    if fault:
        return Verdict(NAME, "fail", fault, index)
    kind = reading.conversation.kind
    if not kind:
        if expectation is not None:
            return Verdict(NAME, "pass")
        return Verdict(NAME, "skipped", "the row names no kind")
    judge = KINDS.get(kind)
    if judge is None:
        return Verdict(NAME, "skipped", f"nothing is known of kind {kind}")
    fault = judge(reading, traced)
    return Verdict(NAME, "fail", fault) if fault else Verdict(NAME, "pass")


# ---------------------------------------------------------------- in any row

_YES = re.compile(
    r"\s*(?:yes|yep|yeah|yup|sure|ok|okay|please|go ahead|do it|do that|of course|right|correct|exactly"
    r"|sounds good)\b"
    r"[\w ,.!'’-]{0,24}$",
    re.I,
)


_ASKS = re.compile(
    r"\?|\b(?:give me|tell me|let me know|just say|say which|say what|i(?:'d| would| still|'ll)? need|missing"
    r"|need to know"
    r"|send me|name the|(?:just|only) need|once i (?:have|know)|without (?:the|a|an|it)|don't have|which one"
    r"|fill me in)\b",
    re.I,
)


def asks(message: Assistant) -> bool:
    """Whether the assistant asks for something, with a question mark or without."""
    return not message.calls and _ASKS.search(message.text.replace("’", "'")) is not None


def _idle(reading: Reading, traced: Traced) -> tuple[str, int | None]:
    """Effort that serves nothing: a call made twice in one turn, a question whose answer changes nothing."""
    made: dict[str, CallAt] = {}
    turn = -1
    for each in reading.calls:
        here = max((index for index in _users(reading) if index < each.message), default=0)
        if here != turn:
            made, turn = {}, here
        if not each.succeeded or not each.train:
            continue
        key = each.call.name + repr(sorted(flatten(each.arguments), key=lambda leaf: leaf[0]))
        if key in made and (each.writes or not any(
            other.writes for other in reading.calls if made[key].group <= other.group <= each.group
        )):  # fmt: skip
            return f"{each.call.name} is called twice with the same arguments", each.message
        made[key] = each
    fault, index = _needless(reading, traced)
    return (fault, index) if fault else turn_fault(reading, traced)


def _needless(reading: Reading, traced: Traced) -> tuple[str, int | None]:
    """A bare yes asked for before anything was looked up or is about to be destroyed."""
    messages = reading.messages
    for index in range(2, len(messages)):
        answer, question, request = messages[index], messages[index - 1], messages[index - 2]
        if (
            not isinstance(answer, User)
            or not isinstance(question, Assistant)
            or not isinstance(request, User)
        ):
            continue  # what follows a lookup may well ask whether to go on
        if question.calls or not question.text.rstrip().endswith("?") or not _YES.match(answer.text):
            continue
        following = [each for each in reading.calls if each.message > index]
        soft = not following or following[0].tool is None or following[0].tool.deed != "delete"
        if following and soft and not _draws(following, index, traced) and _empty(question.text, reading):
            return "it asks for a yes although nothing stands in the way", index - 1
    return "", None


def _empty(question: str, reading: Reading) -> bool:
    """Whether a question brings nothing new: no figure, no quotation, no choice."""
    return (
        len(question) < 90
        and not reading.mentions(question)
        and not quoted(question)
        and " or " not in question
    )


def _draws(calls: Sequence[CallAt], message: int, traced: Traced) -> bool:
    """Whether an argument of these calls was said in a message."""
    return any(
        isinstance(place, Said) and place.message == message
        for each in calls
        for origin in traced.get(each.call.id, {}).values()
        for place in sources(origin)
    )


# ---------------------------------------------------------------- shapes


def groups(reading: Reading) -> list[list[CallAt]]:
    """Calls to be learnt by the message they go out in."""
    out: list[list[CallAt]] = []
    for each in learnt(reading):
        if out and out[-1][0].message == each.message:
            out[-1].append(each)
        else:
            out.append([each])
    return out


def learnt(reading: Reading) -> list[CallAt]:
    """The calls but for those in messages that are mistakes a row is about."""
    return [each for each in reading.calls if each.train]


def depends(each: CallAt, others: Sequence[CallAt], traced: Traced) -> bool:
    """Whether an argument of a call comes from a result of one of the others."""
    ids = {other.call.id for other in others}
    return any(
        isinstance(place, Found) and place.call in ids
        for origin in traced.get(each.call.id, {}).values()
        for place in sources(origin)
    )


def groups_by_turn(messages: Sequence[Message]) -> list[int]:
    """How many messages with calls to be trained on follow each user message."""
    counts: list[int] = []
    for message in messages:
        if isinstance(message, User):
            counts.append(0)
        elif isinstance(message, Assistant) and message.calls and message.train and counts:
            counts[-1] += 1
    return counts


def _users(reading: Reading) -> list[int]:
    return [index for index, message in enumerate(reading.messages) if isinstance(message, User)]


def _single(reading: Reading, traced: Traced) -> str:
    made = len(learnt(reading))
    return "" if made == 1 else f"{made} calls where there should be one"


def _parallel(reading: Reading, traced: Traced) -> str:
    found = groups(reading)
    if len(found) != 1:
        return f"calls go out in {len(found)} messages where they should go out in one"
    if len(found[0]) < 2:
        return "only one call where there should be several at once"
    return ""


def _dependent(reading: Reading, traced: Traced) -> str:
    found = groups(reading)
    if len(found) < 2:
        return "no call waits for another"
    if not _linked(found, traced) and not _conditional(reading, found):
        return "no later call uses an earlier result"
    return ""


_CONDITION = re.compile(r"\b(?:if|unless|in case|otherwise|provided|as long as|check|free)\b", re.I)


def _conditional(reading: Reading, found: Sequence[Sequence[CallAt]]) -> bool:
    """Whether a change waits for what a lookup shows because the user made it a condition."""
    for first, later in pairwise(found):
        asked = next(reading.said(later[0].message), (0, ""))
        same_turn = asked[0] < first[0].message
        if same_turn and _CONDITION.search(asked[1]) and any(each.may_write for each in later):
            if not any(each.writes for each in first):
                return True
    return False


def _linked(found: Sequence[Sequence[CallAt]], traced: Traced) -> bool:
    earlier: list[CallAt] = []
    for group in found:
        if any(depends(each, earlier, traced) for each in group):
            return True
        earlier.extend(group)
    return False


def _parallel_dependent(reading: Reading, traced: Traced) -> str:
    found = groups(reading)
    if not any(len(group) > 1 for group in found):
        return "no calls go out together"
    return _dependent(reading, traced)


def _multi_turn(reading: Reading, traced: Traced) -> str:
    users = _users(reading)
    if not 3 <= len(users) <= 6:
        return f"{len(users)} user messages where there should be three to six"
    if not reading.calls:
        return "nothing is called"
    for each in reading.calls:
        turn = max((index for index in users if index < each.message), default=0)
        if turn == users[0]:
            continue
        for origin in traced.get(each.call.id, {}).values():
            for place in sources(origin):
                if isinstance(place, Said) and place.message < turn:
                    return ""
                if (
                    isinstance(place, Found)
                    and place.call in reading.by_id
                    and reading.by_id[place.call].message < turn
                ):
                    return ""
    return "" if _answered_from_memory(reading, users) else "nothing refers back to an earlier turn"


def _answered_from_memory(reading: Reading, users: Sequence[int]) -> bool:
    """Whether a later turn is answered without a call although results exist."""
    first = reading.calls[0].message
    for index in users:
        if index > first and index + 1 < len(reading.messages):
            following = reading.messages[index + 1]
            if isinstance(following, Assistant) and not following.calls:
                return True
    return False


def _named(reading: Reading, place: Found, answer: int) -> bool:
    """Whether the record a value was found in is one whose name an answer says."""
    found, message = reading.by_id.get(place.call), reading.messages[answer]
    if found is None or found.result is None or not isinstance(message, User):
        return False
    said = message.text.casefold()
    record = place.pointer.rpartition("/")[0]
    leaves = [(at, value) for at, value in flatten(found.result.value) if at.startswith(f"{record}/")]
    beside = [value for at, value in leaves if at.rpartition("/")[0] == record]
    # What machines are called may stand in a tag of theirs.
    if any(isinstance(name, str) and len(name) > 2 and name.casefold() in said for _, name in leaves):
        return True
    heard = reading.mentions(message.text)  # the sailing at 9:30, room 204
    minutes = {first for mention in heard for first, _ in mention.minutes}
    numbers = {figure for mention in heard for figure in mention.numbers}
    return any(
        isinstance(value, int)
        and not isinstance(value, bool)
        and float(value) in numbers
        or isinstance(value, str)
        and any(at in minutes for _, at in moments_in(value, reading.clock) if at > 0)
        for value in beside
    )


def _missing_parameter(reading: Reading, traced: Traced) -> str:
    users = _users(reading)
    if len(users) < 2:
        return "nobody is asked"
    asked = [
        index
        for index, message in enumerate(reading.messages)
        if isinstance(message, Assistant) and asks(message) and index + 1 in users
    ]
    if not asked:
        return "the assistant asks nothing"
    after = [each for each in reading.calls if each.message > asked[0]]
    if not after:
        return "the answer leads to no call"
    writing = [each for each in reading.calls if each.writes]
    if any(each.message < asked[0] for each in writing):
        return "something is changed before the question"
    for each in after:
        for origin in traced.get(each.call.id, {}).values():
            for place in sources(origin):
                if isinstance(place, Said) and place.message > asked[0]:
                    return ""
                if isinstance(place, Found) and _named(reading, place, asked[0] + 1):
                    return ""
    return "no argument comes from the answer"


def _no_tool(reading: Reading, traced: Traced) -> str:
    return "a call although no tool fits" if reading.calls else ""


def _chat(reading: Reading, traced: Traced) -> str:
    return "a call in plain chat" if reading.calls else ""


KINDS: dict[str, Callable[[Reading, Traced], str]] = {
    "single": _single,
    "parallel": _parallel,
    "dependent": _dependent,
    "parallel_dependent": _parallel_dependent,
    "multi_turn": _multi_turn,
    "missing_parameter": _missing_parameter,
    "no_tool": _no_tool,
    "chat": _chat,
}


# ---------------------------------------------------------------- against a plan


def _against(reading: Reading, expectation: Expectation) -> tuple[str, int | None]:
    made = [[each.call for each in group] for group in groups(reading)]
    wanted = [list(group) for group in expectation.calls if group]
    if not equivalent(made, wanted):
        flat = [call for group in made for call in group]
        if not any(paired(flat, list(other), same_call) for other in reading.conversation.alternatives):
            return _difference(made, wanted, reading)
    asks = _asks(reading)
    turns = groups_by_turn(reading.messages)
    if expectation.turns and len(turns) != len(expectation.turns):
        return f"{len(turns)} user messages where {len(expectation.turns)} were planned", None
    if expectation.turns and list(expectation.turns) != turns:
        return "the calls are made in other turns than planned", None
    if expectation.asks:
        missing = next((index for index in expectation.asks if index not in asks), None)
        if missing is not None:
            return "the assistant does not ask where it should", missing
    return "", None


def _asks(reading: Reading) -> set[int]:
    """Messages in which the assistant asks and a user answers."""
    return {
        index
        for index, message in enumerate(reading.messages)
        if isinstance(message, Assistant) and asks(message)
    }


def _difference(
    made: Sequence[Sequence[Call]], wanted: Sequence[Sequence[Call]], reading: Reading
) -> tuple[str, int | None]:
    flat, plan = [call for group in made for call in group], [call for group in wanted for call in group]
    rest = list(plan)
    extra: list[Call] = []
    for call in flat:
        at = next((index for index, other in enumerate(rest) if same_call(call, other)), None)
        if at is None:
            extra.append(call)
        else:
            del rest[at]
    if not extra and not rest:
        return "the calls stand in another order or grouping than planned", None
    if not extra:
        return f"the planned call of {rest[0].name} is missing", None
    message = reading.by_id[extra[0].id].message if extra[0].id in reading.by_id else None
    if not rest:
        return f"{extra[0].name} is called although it is not planned", message
    return f"{extra[0].name}: {_changed(extra[0], rest)}", message


def _changed(call: Call, rest: Sequence[Call]) -> str:
    twin = next((other for other in rest if other.name == call.name), None)
    if twin is None:
        return f"called instead of {rest[0].name}"
    if not isinstance(call.arguments, Mapping) or not isinstance(twin.arguments, Mapping):
        return "the arguments are not a JSON object"
    mine, theirs = dict(flatten(call.arguments)), dict(flatten(twin.arguments))
    for pointer, value in mine.items():
        if pointer not in theirs:
            return f"{pointer} is not in the plan"
        if not same(value, theirs[pointer]):
            return f"{pointer} is {value!r} where the plan has {theirs[pointer]!r}"
    lost = next((pointer for pointer in theirs if pointer not in mine), "")
    return f"{lost} is missing" if lost else "the arguments differ from the plan"
