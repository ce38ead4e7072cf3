"""The grammar of one conversation: who speaks when, which tools may be called, with which arguments."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from msgspec import Struct

from callsmith.grammar.rules import Alt, Name, Rep, Rule, Rules, Seq, printed, word
from callsmith.grammar.schemas import shape_of
from callsmith.grammar.shapes import STRING, Shape, anything
from callsmith.records import Grammar, Json


class Form(Struct, frozen=True):
    """How a conversation may go."""

    thoughts: bool = False  # whether the assistant's messages may begin with a thought
    users_min: int = 1  # messages of the user
    users_max: int | None = None
    parallel: int = 8  # calls in one message of the assistant, at most
    rounds: int = 8  # messages with calls between two of the user, at most


def dialogue(tools: Sequence[Mapping[str, Json]], form: Form = Form()) -> Grammar:  # noqa: B008 - it is frozen
    """The grammar of the conversations with these tools, in Dialog Markup Language.

    ``tools`` are function definitions ``{"name", "description", "parameters"}``. What the grammar accepts is what
    ``dml.read`` reads with the same tools and form.

    Raises:
        ValueError: the form allows no conversation.
    """
    if form.users_min < 1 or (form.users_max is not None and form.users_max < form.users_min):
        raise ValueError(f"no conversation has {form.users_min} to {form.users_max} messages of the user")
    rules = Rules()
    say = rules.name(_element(rules, "assistant", STRING))
    thought = Rep(rules.name(_element(rules, "assistant_thought", STRING)), 0, 1)
    before: tuple[Rule, ...] = (thought,) if form.thoughts else ()
    reply: Rule = rules.name(Seq((*before, say)))
    if tools and form.parallel and form.rounds:
        group = _group(rules, tools, form.parallel)
        for _ in range(form.rounds):
            onwards = rules.name(Seq((group, reply)))
            reply = rules.name(Seq((*before, Alt((Seq((say, Rep(onwards, 0, 1))), onwards)))))
    turn = rules.name(Seq((_element(rules, "user", STRING), reply)))
    return printed(Rep(turn, form.users_min, form.users_max), rules)


def _element(rules: Rules, tag: str, shape: Shape) -> Rule:
    """A line that holds one value between tags."""
    return Seq((word(f"<{tag}>"), rules.value(shape), word(f"</{tag}>\n")))


def _group(rules: Rules, tools: Sequence[Mapping[str, Json]], parallel: int) -> Name:
    """Calls, and as many results."""
    opening, closing = word('<tool>{"name": '), word("}</tool>\n")
    called = rules.name(Alt(tuple(_called(rules, tool) for tool in tools)))
    call = rules.name(Seq((opening, called, closing)))
    result = rules.name(_element(rules, "tool_response", anything()))
    group = rules.name(Seq((call, result)))
    for _ in range(parallel - 1):
        group = rules.name(Seq((call, Alt((result, Seq((group, result)))))))
    return group


def _called(rules: Rules, tool: Mapping[str, Json]) -> Rule:
    name = json.dumps(tool["name"], ensure_ascii=False)
    arguments = rules.value(shape_of({"type": "object", **(tool.get("parameters") or {})}))
    return Seq((word(f'{name}, "arguments": '), arguments))
