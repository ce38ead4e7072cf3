"""The grammar of one conversation: who speaks when, which tools may be called, with which arguments."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from msgspec import Struct

from callsmith.grammar.prose import between
from callsmith.grammar.regular import SPACE, Many, chars, join
from callsmith.grammar.rules import Alt, Name, Prose, Rep, Rule, Rules, Seq, Term, mark, printed
from callsmith.grammar.schemas import shape_of
from callsmith.grammar.shapes import anything
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
    say = rules.name(Prose(*between(SPACE, "assistant")))
    thought = Rep(Prose(*between(SPACE, "assistant_thought")), 0, 1)
    before: tuple[Rule, ...] = (thought,) if form.thoughts else ()
    reply: Rule = rules.name(Seq((*before, say)))
    if tools and form.parallel and form.rounds:
        group = _group(rules, tools, form.parallel)
        for _ in range(form.rounds):
            onwards = Seq((group, reply))
            reply = rules.name(Seq((*before, Alt((Seq((say, Rep(onwards, 0, 1))), onwards)))))
    turn = rules.name(Seq((Prose(*between(SPACE, "user")), reply)))
    end = Rep(Term(Many(chars(" \t\r\n"), 1, 16)), 0, 1)
    return printed(Seq((Rep(turn, form.users_min, form.users_max), end)), rules)


def _group(rules: Rules, tools: Sequence[Mapping[str, Json]], parallel: int) -> Name:
    """Calls, and as many results."""
    call = rules.name(Alt(tuple(_call(rules, tool) for tool in tools)))
    opening, closing = Term(join(mark("<tool_response>"), SPACE)), Term(mark("</tool_response>"))
    result = rules.name(Seq((opening, rules.value(anything()), closing)))
    group = rules.name(Seq((call, result)))
    for _ in range(parallel - 1):
        group = rules.name(Seq((call, Alt((result, Seq((group, result)))))))
    return group


def _call(rules: Rules, tool: Mapping[str, Json]) -> Rule:
    name = json.dumps(tool["name"], ensure_ascii=False)
    marks = ("<tool>", "{", '"name"', ":", name, ",", '"arguments"', ":")
    opening = join(*(mark(piece) for piece in marks), SPACE)
    arguments = rules.value(shape_of({"type": "object", **(tool.get("parameters") or {})}))
    return Seq((Term(opening), arguments, Term(join(mark("}"), mark("</tool>")))))
