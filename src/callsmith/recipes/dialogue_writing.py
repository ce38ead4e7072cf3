"""A whole conversation written by a model: read, carried out, judged, and sent back with what is wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from msgspec import Struct, structs

from callsmith.errors import Unanswered
from callsmith.grammar import dml
from callsmith.grammar.dialogue import Form, dialogue
from callsmith.models.asking import Asking
from callsmith.prompts import Prompt, render
from callsmith.recipes.carrying_out import shortened
from callsmith.records import Attempt, Json, Message, Request

WHOLE = "a conversation"  # a form of its own: whoever keeps to JSON may not keep to this
SHOWN = 48_000  # characters of a conversation that are sent back
CUT = "the conversation was cut off at the limit of its length; write it more briefly, with shorter results"


class Judged(Struct, frozen=True):
    """A conversation as an attempt, and what is wrong with it; nothing is when it is a row."""

    made: Attempt
    messages: Sequence[Message]  # with what calls really gave
    faults: Sequence[str]


class Writing(Struct, frozen=True):
    """How a conversation is asked for."""

    messages: Sequence[Mapping[str, Json]]  # the request
    correction: Prompt
    tools: Sequence[Mapping[str, Json]]  # that may be called
    form: Form
    corrections: int
    length: int


async def written(
    asking: Asking, writing: Writing, judge: Callable[[Sequence[Message], int], Awaitable[Judged]]
) -> Judged:
    """The first conversation in which ``judge`` finds nothing wrong, else the last that could be read.

    ``judge`` is given the messages and how often they were sent back. A server that takes no grammar answers in any
    form: what the reader says of it goes back like any other fault.

    Raises:
        ModelError: no answer can be had, or nothing could be read for a long time.
        Unanswered: nothing could be read.
    """
    grammar = dialogue(writing.tools, writing.form)
    request = Request(writing.messages, grammar=grammar, max_tokens=writing.length)
    last: Judged | None = None
    wrong = ""
    for turn in range(writing.corrections + 1):
        reply = await asking.ask("writer", request, left=3)
        text = conversation_in(reply.text)
        try:
            messages = dml.read(text, writing.tools, writing.form, unguided=True)
        except dml.DmlError as error:
            shown, wrong = text, CUT if reply.finish == "length" else str(error)
        else:
            asking.formed("writer", WHOLE)
            last = await judge(messages, turn)
            if not last.faults:
                return last
            shown, wrong = dml.write(shortened(last.messages), writing.tools), "\n".join(last.faults)
        told = [{"role": "assistant", "content": shown[:SHOWN] or "…"}]
        told += render(writing.correction, {"wrong": wrong})[-1:]
        request = structs.replace(request, messages=[*writing.messages, *told])
    if last is None:
        asking.formless("writer", wrong, WHOLE)
        raise Unanswered(f"writer: {wrong}")
    return last


def conversation_in(text: str) -> str:
    """The conversation in an answer, without what a model puts around it."""
    start, end = text.find("<user>"), text.rfind("</assistant>")
    return text[start : end + len("</assistant>")] if 0 <= start < end else text.strip()
