"""Faults in results and words: what is lost, doubled, altered, contradictory, claimed, asked or cut short."""

from __future__ import annotations

from msgspec import structs

from callsmith.check.coherence import pairs
from callsmith.check.reading import flatten
from callsmith.facts import mentions, now_of
from callsmith.planted.editing import (
    calls_of,
    leaves_of,
    other,
    pick,
    replaced,
    results_of,
    with_message,
    with_messages,
)
from callsmith.records import Assistant, Conversation, Json, System, ToolMessage, User
from callsmith.seeds import Rng

_CLAIMS = (
    "It came to €7,316.40 in total.",
    "I've also let Karen Holt know.",
    "There are 47 more like it.",
    "It was last changed on 19 November 2019.",
    "You can reach them at karen.holt@elsewhere.example.",
    "The reference is QX-90417.",
    'The note on it says "call the harbour office first".',
)
_QUESTIONS = (
    ("Shall I go ahead?", "yes"),
    ("Are you sure you want me to do that?", "sure"),
    ("Just to check, you want me to look that up?", "yes, as I said"),
    ("Would you like me to start?", "please do"),
)


def dropped_result(conversation: Conversation, rng: Rng) -> Conversation | None:
    """A call that nothing answers."""
    chosen = pick(rng, results_of(conversation))
    if chosen is None:
        return None
    messages = list(conversation.messages)
    del messages[chosen[0]]
    return with_messages(conversation, messages)


def doubled_result(conversation: Conversation, rng: Rng) -> Conversation | None:
    """A call answered twice."""
    chosen = pick(rng, results_of(conversation))
    if chosen is None:
        return None
    messages = list(conversation.messages)
    messages.insert(chosen[0] + 1, chosen[1])
    return with_messages(conversation, messages)


def swapped_results(conversation: Conversation, rng: Rng) -> Conversation | None:
    """Two calls that got each other's result."""
    results = [(index, message) for index, message in results_of(conversation) if not message.error]
    pairs = [(a, b) for n, a in enumerate(results) for b in results[n + 1 :] if a[1].value != b[1].value]
    chosen = pick(rng, pairs)
    if chosen is None:
        return None
    (first, one), (second, two) = chosen
    changed = with_message(conversation, first, structs.replace(one, value=two.value))
    return with_message(changed, second, structs.replace(two, value=one.value))


def altered_result(conversation: Conversation, rng: Rng) -> Conversation | None:
    """One value of a result changed after the fact."""
    found = [
        (index, message, leaf)
        for index, message in results_of(conversation)
        if not message.error
        for leaf in leaves_of(message.value)
    ]
    chosen = pick(rng, found)
    if chosen is None:
        return None
    index, message, (pointer, value) = chosen
    return with_message(
        conversation,
        index,
        structs.replace(message, value=replaced(message.value, pointer, other(value, rng))),
    )


def incoherent_result(conversation: Conversation, rng: Rng) -> Conversation | None:
    """A result that contradicts itself or what was asked for: an end before its start, an echo that is none."""
    ways: list[Conversation] = []
    for index, message in results_of(conversation):
        if message.error:
            continue
        for pointer, first, last in _spans(message.value):
            value = replaced(message.value, f"{pointer}/{first}", _at(message.value, f"{pointer}/{last}"))
            value = replaced(value, f"{pointer}/{last}", _at(message.value, f"{pointer}/{first}"))
            if value != message.value:
                ways.append(with_message(conversation, index, structs.replace(message, value=value)))
        arguments = next(
            (call.arguments for _, _, call in calls_of(conversation) if call.id == message.call_id), None
        )
        if arguments is None:
            continue
        echoed = [
            (pointer, value)
            for pointer, value in leaves_of(message.value)
            if pointer.count("/") == 1
            and any(p.rsplit("/", 1)[-1] == pointer[1:] and v == value for p, v in flatten(arguments))
        ]
        for pointer, value in echoed:
            changed = replaced(message.value, pointer, other(value, rng))
            ways.append(with_message(conversation, index, structs.replace(message, value=changed)))
    chosen: Conversation | None = pick(rng, ways)
    return chosen


def _spans(value: Json) -> list[tuple[str, str, str]]:
    """(pointer of the object, earlier member, later member) of every object with a start and an end."""
    out: list[tuple[str, str, str]] = []

    def walk(here: Json, pointer: str) -> None:
        if isinstance(here, dict):
            out.extend(
                (pointer, first, last) for first, last in pairs(tuple(here)) if here[first] and here[last]
            )
            for key, child in here.items():
                walk(child, f"{pointer}/{key}")
        elif isinstance(here, list):
            for number, child in enumerate(here):
                walk(child, f"{pointer}/{number}")

    walk(value, "")
    return out


def _at(value: Json, pointer: str) -> Json:
    for step in pointer.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def reordered_turns(conversation: Conversation, rng: Rng) -> Conversation | None:
    """Messages in an order in which they cannot have been said."""
    users = [index for index, message in enumerate(conversation.messages) if isinstance(message, User)]
    messages = list(conversation.messages)
    if len(users) >= 2 and rng.random() < 0.7:
        first = int(rng.random() * (len(users) - 1))
        one, two = users[first], users[first + 1]
        end = users[first + 2] if first + 2 < len(users) else len(messages)
        return with_messages(
            conversation, [*messages[:one], *messages[two:end], *messages[one:two], *messages[end:]]
        )
    results = results_of(conversation)
    if not results:
        return None
    index, message = pick(rng, results)
    del messages[index]
    messages.insert(max(1, index - 2), message)
    return with_messages(conversation, messages)


def _answers(conversation: Conversation) -> list[tuple[int, Assistant]]:
    return [
        (index, message)
        for index, message in enumerate(conversation.messages)
        if isinstance(message, Assistant) and message.text and message.train
    ]


def unsupported_claim(conversation: Conversation, rng: Rng) -> Conversation | None:
    """An answer that states something nothing before it says."""
    chosen = pick(rng, _answers(conversation))
    if chosen is None:
        return None
    index, message = chosen
    return with_message(
        conversation, index, structs.replace(message, text=f"{message.text} {rng.choice(_CLAIMS)}")
    )


def changed_fact(conversation: Conversation, rng: Rng) -> Conversation | None:
    """An answer in which one figure, date or address is another."""
    first = conversation.messages[0]
    now, zone = now_of(first.text) if isinstance(first, System) else ("", "")
    found = []
    for index, message in _answers(conversation):
        for mention in mentions(message.text, now, zone):
            if mention.kind in ("amount", "number", "time", "date", "email", "id") and any(
                map(str.isdigit, mention.text)
            ):
                found.append((index, message, mention))
    chosen = pick(rng, found)
    if chosen is None:
        return None
    index, message, mention = chosen
    digits = [n for n in range(mention.start, mention.end) if message.text[n].isdigit()]
    at = digits[0]
    figure = str(
        (int(message.text[at]) + rng.choice((1, 2))) % 3 + (1 if mention.kind in ("time", "date") else 4)
    )
    if figure == message.text[at]:
        figure = "2" if figure != "2" else "1"
    text = message.text[:at] + figure + message.text[at + 1 :]
    return with_message(conversation, index, structs.replace(message, text=text))


def needless_question(conversation: Conversation, rng: Rng) -> Conversation | None:
    """A question whose answer was known, before the first call."""
    calls = calls_of(conversation)
    if not calls:
        return None
    index = calls[0][0]
    if not isinstance(conversation.messages[index - 1], User):
        return None
    question, answer = rng.choice(_QUESTIONS)
    messages = list(conversation.messages)
    messages[index:index] = [Assistant(question), User(answer)]
    return with_messages(conversation, messages)


def premature_stop(conversation: Conversation, rng: Rng) -> Conversation | None:
    """A row that ends before its work is done."""
    ends = [
        index
        for index, message in enumerate(conversation.messages)
        if index > 1
        and (isinstance(message, ToolMessage) or isinstance(message, Assistant) and message.calls)
    ]
    chosen = pick(rng, ends)
    return None if chosen is None else with_messages(conversation, conversation.messages[:chosen])


def half_done(conversation: Conversation, rng: Rng) -> Conversation | None:
    """The last calls left out and the last words kept, as if all had been done."""
    calls = calls_of(conversation)
    groups = sorted({index for index, _, _ in calls})
    if len(groups) < 2:
        return None
    index = groups[-1]
    messages = list(conversation.messages)
    ids = {call.id for number, _, call in calls if number == index}
    kept = [
        message
        for number, message in enumerate(messages)
        if number != index and not (isinstance(message, ToolMessage) and message.call_id in ids)
    ]
    return with_messages(conversation, kept)


def hidden_error(conversation: Conversation, rng: Rng) -> Conversation | None:
    """A call that failed, and an answer as if it had not."""
    chosen = pick(rng, [(index, m) for index, m in results_of(conversation) if not m.error])
    if chosen is None:
        return None
    index, message = chosen
    body = {
        "error": {
            "code": 403,
            "message": "The caller does not have permission.",
            "status": "PERMISSION_DENIED",
        }
    }
    return with_message(conversation, index, structs.replace(message, value=body, error=True))
