"""Dialog Markup Language: reader, writer and both grammars know the same language."""

from __future__ import annotations

import json
import random
import re
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from llguidance import LLMatcher

from callsmith.check.reading import Reading
from callsmith.check.structure import check
from callsmith.grammar.dialogue import Form, dialogue
from callsmith.grammar.dml import DmlError, read, write
from callsmith.grammar.prose import TAGS
from callsmith.records import Assistant, Call, Conversation, Message, System, ToolMessage, User
from callsmith.schema import valid
from gbnf import Gbnf
from random_model import Sampler, vocabulary

# Whole conversations are shrunk for minutes, and a failure says well enough where it is.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
MORE = settings(SLOW, max_examples=60)

ADDRESS = {
    "type": "object",
    "properties": {"email": {"type": "string", "format": "email"}},
    "required": ["email"],
}
NODE = {"type": "object", "properties": {"name": {"type": "string"}, "inside": {"$ref": "#/$defs/node"}}}
SCHEMAS: dict[str, dict[str, Any]] = {
    "send_mail": {
        "type": "object",
        "properties": {
            "to": {"type": "array", "items": ADDRESS, "minItems": 1, "maxItems": 3},
            "subject": {"type": "string", "maxLength": 12},
            "body": {"type": "string"},
            "priority": {"enum": ["low", "high", None, 1, 12]},
            "draft": {"type": "boolean"},
        },
        "required": ["to", "body"],
    },
    "book": {
        "type": "object",
        "properties": {
            "on": {"type": "string", "format": "date"},
            "at": {"type": ["string", "null"], "format": "date-time"},
            "seats": {"type": "integer", "minimum": 1, "maximum": 250},
            "price": {"type": "number", "minimum": 0},
            "shift": {"type": "integer", "exclusiveMinimum": -15, "maximum": 7},
        },
        "required": ["on"],
    },
    "größe_setzen": {
        "type": "object",
        "properties": {
            'a "quoted"\nname': {"anyOf": [{"type": "string", "pattern": "^[A-Z]{2}-[0-9]+(a|\\\\)?$"}, {"type": "integer"}]},
            "where": {"oneOf": [{"type": "object", "properties": {"id": {"type": "string", "format": "uuid"}}, "required": ["id"]}, {"const": {"all": True}}]},
            "code": {"type": "string", "pattern": "^00"},
        },
    },
    "walk": {"type": "object", "properties": {"tree": {"$ref": "#/$defs/node"}}, "required": ["tree"], "$defs": {"node": NODE}},
    "set": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "number"}}, "minProperties": 1},
    "anything": {"type": "object"},
    "nothing": {"type": "object", "properties": {}},
}  # fmt: skip
TOOLS = [{"name": name, "description": "", "parameters": schema} for name, schema in SCHEMAS.items()]
THINKING = Form(thoughts=True)
FORMS = (THINKING, Form(users_min=2, users_max=3, parallel=2, rounds=1), Form(users_max=1, rounds=0))


@lru_cache(maxsize=64)
def compiled(names: tuple[str, ...], form: Form) -> tuple[LLMatcher, str, Gbnf]:
    grammar = dialogue([tool for tool in TOOLS if tool["name"] in names], form)
    matcher = LLMatcher(vocabulary()[1], grammar.lark, log_level=0)
    assert not matcher.is_error(), matcher.get_error()
    return matcher, grammar.lark, Gbnf(grammar.gbnf)


def tools_of(names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [tool for tool in TOOLS if tool["name"] in names]


def by_lark(text: str, names: tuple[str, ...], form: Form) -> bool:
    matcher = compiled(names, form)[0].deep_copy()
    tokens = vocabulary()[0].encode(text).ids
    return (
        matcher.validate_tokens(tokens) == len(tokens)
        and matcher.consume_tokens(tokens)
        and matcher.is_accepting()
    )


def by_reader(text: str, names: tuple[str, ...], form: Form) -> bool:
    try:
        read(text, tools_of(names), form)
    except DmlError:
        return False
    return True


def agree(text: str, names: tuple[str, ...], form: Form) -> bool:
    """What all three say of a text."""
    said = {
        "reader": by_reader(text, names, form),
        "lark": by_lark(text, names, form),
        "gbnf": compiled(names, form)[2].accepts(text),
    }
    assert len(set(said.values())) == 1, f"{said}: {text}"
    return said["reader"]


ALL = tuple(SCHEMAS)
some_tools = st.sampled_from([ALL, ("send_mail", "book"), ("nothing",), (), ("größe_setzen", "walk", "set")])

# ---------------------------------------------------------------- conversations

MARKS = st.sampled_from(
    [f"<{slash}{tag}>" for tag in TAGS for slash in ("", "/", "\\", "\\/")]
    + ["</", "<", "\\", "\n", " ", "…"]
)
texts = st.lists(
    st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), MARKS), max_size=6
).map("".join)
prose = texts.filter(lambda text: bool(text.strip()))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18) + 1, 10**18 - 1) | st.floats(-1e300, 1e300) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
addresses = st.from_regex(r"\A[a-z]{1,8}(\.[a-z0-9]{1,5})?@[a-z]{1,9}\.[a-z]{2,4}\Z").map(
    lambda email: {"email": email}
)
arguments = {
    "send_mail": st.fixed_dictionaries(
        {"to": st.lists(addresses, min_size=1, max_size=3), "body": texts},
        optional={"subject": texts.filter(lambda text: len(text) <= 12), "priority": st.sampled_from(["low", None, 12]), "draft": st.booleans()},
    ),
    "book": st.fixed_dictionaries(
        {"on": st.dates().map(str)},
        optional={"at": st.none() | st.datetimes().map(lambda at: f"{at.isoformat()}+01:00"), "seats": st.integers(1, 250), "price": st.floats(0, 1e9) | st.integers(0, 10**9), "shift": st.integers(-14, 7)},
    ),
    "größe_setzen": st.fixed_dictionaries(
        {},
        optional={'a "quoted"\nname': st.sampled_from(["AB-007", "XY-1a", "QQ-2\\", 7]), "where": st.just({"all": True}) | st.builds(dict, id=st.uuids().map(str)), "code": st.sampled_from(["007", "00", '00"\t'])},
    ),
    "walk": st.fixed_dictionaries({"tree": st.recursive(st.builds(dict, name=texts), lambda inner: st.builds(dict, inside=inner), max_leaves=2)}),
    "set": st.dictionaries(texts, st.lists(st.floats(-1e300, 1e300), max_size=3), min_size=1, max_size=3),
    "anything": st.dictionaries(texts, json_values, max_size=3),
    "nothing": st.just({}),
}  # fmt: skip


@st.composite
def conversations(draw: st.DrawFn, names: tuple[str, ...] = ALL, form: Form = THINKING) -> list[Message]:
    messages: list[Message] = []
    made = 0
    for _ in range(draw(st.integers(form.users_min, form.users_max or 3))):
        messages.append(User(draw(prose)))
        for _ in range(draw(st.integers(0, min(form.rounds, 2))) if names else 0):
            calls = []
            for name in draw(st.lists(st.sampled_from(names), min_size=1, max_size=min(3, form.parallel))):
                made += 1
                calls.append(Call(f"call_{made}", name, draw(arguments[name])))
            messages.append(
                Assistant(
                    draw(st.just("") | prose),
                    tuple(calls),
                    draw(st.just("") | prose) if form.thoughts else "",
                )
            )
            messages += [
                ToolMessage(call.id, call.name, value, failed(value))
                for call in calls
                for value in [draw(json_values)]
            ]
        messages.append(Assistant(draw(prose), (), draw(st.just("") | prose) if form.thoughts else ""))
    return messages


def failed(value: Any) -> bool:
    return isinstance(value, dict) and bool(value.get("error"))


@MORE
@given(conversations())
def test_what_is_written_is_read(messages: list[Message]) -> None:
    text = write(messages, TOOLS)
    assert read(text, TOOLS) == messages
    assert agree(text, ALL, THINKING)
    assert write(read(text, TOOLS), TOOLS) == text


@SLOW
@given(conversations(("send_mail", "book"), FORMS[1]))
def test_a_form_is_kept(messages: list[Message]) -> None:
    text = write(messages, TOOLS)
    assert agree(text, ("send_mail", "book"), FORMS[1])
    one = [message for message in messages if isinstance(message, User)][:1]
    assert not agree(write([*one, Assistant("Fine.")], TOOLS), ("send_mail", "book"), FORMS[1])


# ---------------------------------------------------------------- grammars


@SLOW
@given(st.integers(0, 2**32), some_tools, st.sampled_from(FORMS))
def test_what_the_lark_grammar_makes_is_read(seed: int, names: tuple[str, ...], form: Form) -> None:
    sampler = Sampler(random.Random(seed), 1500)
    text = sampler.sample(compiled(names, form)[1])
    if not sampler.cut:
        examine(text, names, form)


@SLOW
@given(st.integers(0, 2**32), some_tools, st.sampled_from(FORMS))
def test_what_the_gbnf_grammar_makes_is_read(seed: int, names: tuple[str, ...], form: Form) -> None:
    text, cut = compiled(names, form)[2].sample(random.Random(seed), 2500)
    if not cut:
        examine(text, names, form)


def examine(text: str, names: tuple[str, ...], form: Form) -> None:
    """A text of the grammar is read, may stand where it stands, and fits the schemas; written again it means the same."""
    assert agree(text, names, form)
    tools = tools_of(names)
    messages = read(text, tools, form)
    assert check(Reading(Conversation(tools, messages), None)).outcome == "pass"
    assert isinstance(messages[-1], Assistant) and not messages[-1].calls
    for call in (call for message in messages if isinstance(message, Assistant) for call in message.calls):
        assert valid(SCHEMAS[call.name], call.arguments), call
    assert read(write(messages, tools), tools, form) == messages


def test_any_token_of_letters_and_marks_may_stand_in_words() -> None:
    """Servers take such tokens into a mask at once, where all may stand, instead of looking at each."""
    tokenizer, ll = vocabulary()
    texts = [ll.decode_bytes([token]) for token in range(ll.vocab_size)]
    plain = [token for token, text in enumerate(texts) if re.fullmatch(rb'[^"\\\x00-\x1F\x7F-\xFF]+', text)]
    plain.remove(ll.eos_token)
    assert any(b"</" in texts[token] for token in plain)
    for begun in ('<user>"', '<user>"Hi\\n', '<user>"Hi <'):
        matcher = compiled(ALL, THINKING)[0].deep_copy()
        assert matcher.consume_tokens(tokenizer.encode(begun).ids)
        mask = matcher.compute_bitmask()
        assert all(mask[token // 8] >> token % 8 & 1 for token in plain), begun


def test_the_samplers_come_to_an_end_often_enough_to_show_something() -> None:
    ended = 0
    for seed in range(20):
        sampler = Sampler(random.Random(seed), 1500)
        sampler.sample(compiled(ALL, FORMS[1])[1])
        ended += not sampler.cut
        ended += not compiled(ALL, FORMS[1])[2].sample(random.Random(seed), 2500)[1]
    assert ended >= 36


PIECES = st.sampled_from([*(f"<{slash}{tag}>" for tag in TAGS for slash in ("", "/")), '"', "\\", "{", "}", "[", "]", ",", ":", " ", "\n", "0", "1", "-", ".", "e9", "é", "<", "/", "\\n", "\r\n", "null", '"name"', "\x00", "\u2028", "\\u00e9", "\\ud800", "2026-02-29", "2024-02-29", " " * 17])  # fmt: skip


@settings(SLOW, max_examples=200)
@given(conversations(), st.data())
def test_a_changed_text_is_read_by_all_or_none(messages: list[Message], data: st.DataObject) -> None:
    text = write(messages, TOOLS)
    for _ in range(data.draw(st.integers(1, 2))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.sampled_from([0, 0, 1, 1, 2, 8, 60])))
        text = text[:start] + data.draw(st.just("") | PIECES) + text[end:]
    agree(text, ALL, THINKING)


VALUES = st.sampled_from(['"007"', "7", "-7", "0", "250", "251", "-14", "-15", "1.0", "1.5e3", "1e308", "1E-7", "01", "-0", "null", "true", '""', '"2026-02-29"', '"2024-02-29"', '"2000-02-29"', '"1900-02-29"', '"2026-04-31"', '"2026-03-02T08:00:00Z"', '"2026-03-02T08:00:00"', '"2026-03-02T24:00:00Z"', '"AB-1"', '"AB-"', '"AB-1a"', '"ab-1"', '"low"', '"lo"', "12", "123", "1", "[]", "[1]", "[1,]", "{}", '{"all": true}', '{"all":true}', '{"id": "x"}', "[[[[[[[[[[1]]]]]]]]]]", "[" * 11 + "1" + "]" * 11, '{"a": {"b": 1}}', '"a@b.de"', '"a@b"', "9" * 18, "9" * 19, "9" * 20, "-" + "9" * 18, "-" + "9" * 19, '"\\ud83d\\ude00"', '"\\ude00"', '"twelve chars"', '"thirteen char"', "0." + "1" * 20, "0." + "1" * 21])  # fmt: skip


@settings(SLOW, max_examples=400)
@given(
    st.sampled_from(
        [(tool, name) for tool, schema in SCHEMAS.items() for name in [*schema.get("properties", ()), "else"]]
    ),
    VALUES,
)
def test_values_are_allowed_by_all_or_none(where: tuple[str, str], value: str) -> None:
    tool, name = where
    first = {"send_mail": '"to": [{"email": "a@b.de"}], ', "book": '"on": "2026-03-02", '}.get(tool, "")
    first = "" if json.dumps(name, ensure_ascii=False) in first else first
    rest = ', "body": ""' if tool == "send_mail" and name in ("to", "subject") else ""
    written = (
        f'{{"name": "{tool}", "arguments": {{{first}{json.dumps(name, ensure_ascii=False)}: {value}{rest}}}}}'
    )
    text = f'<user>"Go"</user>\n<tool>{written}</tool>\n<tool_response>{value}</tool_response>\n<assistant>"So"</assistant>\n'
    agree(text, ALL, THINKING)


# ---------------------------------------------------------------- errors

OPENING = '<user>"Mail it"</user>\n'
CLOSING = '<assistant>"Done"</assistant>\n'


def called(arguments: str, name: str = "send_mail") -> str:
    return f'{OPENING}<tool>{{"name": "{name}", "arguments": {arguments}}}</tool>\n'


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ("", 1, 1, "<user> was expected, found the end"),
        ("Hello", 1, 1, '<user> was expected, found "Hello"'),
        (OPENING, 2, 1, "<assistant_thought> or <assistant> or <tool> was expected, found the end"),
        ("<user>Mail it</user>\n", 1, 7, 'the words of <user> are a JSON string: "…"</user> was expected, found "Mail it</user>"'),
        ('<user>"Mail it"\n<assistant>"Done"</assistant>\n', 1, 16, 'the words of <user> are not closed: </user> was expected, found a line break'),
        ('<user>"Mail it"</user>', 1, 23, "a line break was expected, found the end"),
        (OPENING + " " + CLOSING, 2, 1, '<assistant_thought> or <assistant> or <tool> was expected, found " <assistant>\\"Done\\"</assistant>"'),
        (OPENING + OPENING, 2, 1, "<assistant_thought> or <assistant> or <tool> was expected, found <user>"),
        (OPENING + CLOSING + CLOSING, 3, 1, "<user> or the end was expected, found <assistant>"),
        (called("{}", "send_mial"), 2, 16, 'no tool is called "send_mial": did you mean "send_mail"?'),
        (called('{"body": "x"}'), 2, 43, 'in the arguments of send_mail: "body" is out of order: the order is "to", "subject", "body", "priority", "draft"; "to" was expected, found "\\"body\\": \\"x\\"}}</tool>"'),
        (called('{"to": [{"email": "a@b.de"}], "cc": ""}'), 2, 72, 'in the arguments of send_mail: there is no "cc" here, only "to", "subject", "body", "priority", "draft"; "subject" or "body" was expected, found "\\"cc\\": \\"\\"}}</tool>"'),
        (called('{"to": [{"email": "a@b.de"}]}'), 2, 70, 'in the arguments of send_mail: "body" missing; "body" was expected, found "}}</tool>"'),
        (called('{"to": []}'), 2, 50, 'in the arguments of send_mail: 1 or more elements are needed; an element was expected, found "]}}</tool>"'),
        (called('{"to": [{"email": "a at b"}], "body": ""}'), 2, 60, 'in the arguments of send_mail: an e-mail address was expected, found "\\"a at b\\"}], \\"body\\": \\"\\"}}</tool…"'),
        (called('{"on": "2026-02-29"}', "book"), 2, 44, 'in the arguments of book: a date, YYYY-MM-DD was expected, found "\\"2026-02-29\\"}}</tool>"'),
        (called('{"on": "2026-02-28", "seats": 251}', "book"), 2, 67, 'in the arguments of book: a whole number, from 1 to 250 was expected, found "251}}</tool>"'),
        (called("{}", "nothing") + called("{}", "nothing").removeprefix(OPENING) + "<tool_response>1</tool_response>\n" + CLOSING, 5, 1, "result 2 of 2, that of nothing, is missing: <tool_response> was expected, found <assistant>"),
        (called("{}", "nothing") + "<tool_response>oh</tool_response>\n", 3, 16, 'in the result of nothing: a string or a number or true or false or null or an object or an array was expected, found "oh</tool_response>"'),
        (called("{}", "nothing") + "<tool_response>1</tool_response>\n" + OPENING + CLOSING, 4, 1, "<assistant_thought> or <assistant> or <tool> was expected, found <user>"),
        (called('{"to":[]}'), 2, 47, 'in the arguments of send_mail: a colon and a space was expected, found ":[]}}</tool>"'),
    ],
)  # fmt: skip
def test_an_error_says_where_what_and_what_was_expected(text: str, line: int, column: int, what: str) -> None:
    with pytest.raises(DmlError) as caught:
        read(text, TOOLS)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.what == what
    assert str(caught.value).startswith(f"line {line}, column {column}: ")


def test_a_model_without_a_grammar_may_order_arguments_as_it_likes() -> None:
    text = (
        called('{"body": "x", "to": [{"email": "a@b.de"}]}') + "<tool_response>1</tool_response>\n" + CLOSING
    )
    messages = read(text, TOOLS, unguided=True)
    assert messages[1] == Assistant(
        "", (Call("call_1", "send_mail", {"body": "x", "to": [{"email": "a@b.de"}]}),)
    )
    assert read(write(messages, TOOLS), TOOLS) == messages
    with pytest.raises(DmlError, match='"to" missing'):
        read(called('{"body": "x"}'), TOOLS, unguided=True)
    with pytest.raises(DmlError, match='"body" stands there twice'):
        read(called('{"body": "x", "body": "y"}'), TOOLS, unguided=True)


def test_a_model_without_a_grammar_may_leave_out_quotation_marks_and_space_as_it_likes() -> None:
    text = """
    <user>
      He said "mail it", \\o/ < 3 </b>

      twice
    </user>
    <assistant> "Now." </assistant>
    <tool>
    {
      "name": "send_mail", "arguments" :{"to":[ {"email":"a@b.de"} ],
      "body":"<user>" }
    } </tool><tool_response>[1,2, {} ] </tool_response>
    <assistant>"Write \\"</assistant>\\", then
close."</assistant><user>"</user>, I mean <tool>"</user><assistant> … </assistant>
    """
    messages = read(text, TOOLS, unguided=True)
    assert messages == [
        User('He said "mail it", \\o/ < 3 </b>\n\n      twice'),
        Assistant("Now.", (Call("call_1", "send_mail", {"to": [{"email": "a@b.de"}], "body": "<user>"}),)),
        ToolMessage("call_1", "send_mail", [1, 2, {}], False),
        Assistant('Write "</assistant>", then\nclose.'),
        User("</user>, I mean <tool>"),
        Assistant("……"),
    ]
    assert read(write(messages, TOOLS), TOOLS) == messages
    assert not by_reader(text, ALL, THINKING)


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ("<user>Mail it\n<assistant>Done</assistant>", 2, 1, "the words of <user> are not closed: </user> was expected, found <assistant>; words that hold tags are written as JSON strings"),
        ("<user>Mail it", 1, 7, "the words of <user> are never closed: </user> was expected before the end"),
        ('<user> "He said "yes" to me" </user>', 1, 8, 'the words of <user> are no JSON string: quotation marks and backslashes inside are written \\" and \\\\'),
        ('<user>"C:\\dir"</user>', 1, 7, 'the words of <user> are no JSON string: quotation marks and backslashes inside are written \\" and \\\\'),
        ('<user>"\\ud800"</user>', 1, 7, "half of a surrogate pair is no character"),
    ],
)  # fmt: skip
def test_what_no_one_can_make_out_is_an_error_without_a_grammar_too(
    text: str, line: int, column: int, what: str
) -> None:
    with pytest.raises(DmlError) as caught:
        read(text, TOOLS, unguided=True)
    assert (caught.value.line, caught.value.column, caught.value.what) == (line, column, what)


@settings(SLOW, max_examples=100)
@given(conversations())
def test_what_is_written_is_read_without_a_grammar_too(messages: list[Message]) -> None:
    assert read(write(messages, TOOLS), TOOLS, unguided=True) == messages


@pytest.mark.parametrize(
    ("messages", "what"),
    [
        ([System("You help.")], "a system message has no place"),
        ([User(" ")], "<user> would be blank"),
        ([User("\ud800")], "surrogate"),
        ([User("Go"), Assistant("", (Call("c", "book", "{"),))], "the arguments of book are no object"),
        ([User("Go"), Assistant("", (Call("c", "book", {"on": float("nan")}),))], "no JSON"),
        (
            [User("Go"), Assistant("", (Call("c", "book", {}),)), Assistant("So")],
            "the result of book should stand here",
        ),
        ([ToolMessage("c", "book", 1)], "a result without a call"),
    ],
)
def test_what_cannot_be_written_is_said(messages: list[Message], what: str) -> None:
    with pytest.raises(DmlError, match=what):
        write(messages, TOOLS)


@pytest.mark.parametrize("low", [0, 1])
def test_a_list_of_one_has_a_grammar(low: int) -> None:
    one = {"type": "array", "items": {"type": "integer"}, "minItems": low, "maxItems": 1}
    schema = {"type": "object", "properties": {"only": one}, "required": ["only"]}
    tools = [{"name": "pick", "description": "", "parameters": schema}]
    grammar = dialogue(tools)
    for value, fine in (("[]", low == 0), ("[1]", True), ("[1, 2]", False)):
        called = f'<tool>{{"name": "pick", "arguments": {{"only": {value}}}}}</tool>\n'
        text = f"{OPENING}{called}<tool_response>1</tool_response>\n{CLOSING}"
        assert Gbnf(grammar.gbnf).accepts(text) is fine
        matcher = LLMatcher(vocabulary()[1], grammar.lark, log_level=0)
        tokens = vocabulary()[0].encode(text).ids
        assert not matcher.is_error() and (matcher.validate_tokens(tokens) == len(tokens)) is fine
