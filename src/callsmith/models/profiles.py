"""How servers are told the form of an answer, and how one is asked which way it understands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec
import orjson

from callsmith.config_models import Structured
from callsmith.records import Grammar, Json, Request, Schema
from callsmith.schema import valid

Kind = Literal["schema", "grammar"]
Fields = Mapping[str, Json]

# Nobody says this by chance: a server that answers so holds answers to their form.
_NUMBER = 7391
_PROBE_SCHEMA: Schema = {
    "type": "object",
    "properties": {"zq": {"type": "integer", "enum": [_NUMBER]}},
    "required": ["zq"],
    "additionalProperties": False,
}
_PROBE_GRAMMAR = Grammar(f'start: "zq {_NUMBER}"\n', f'root ::= "zq {_NUMBER}"\n')
_PROBE_MESSAGES = ({"role": "user", "content": "Say hello in one short sentence."},)


# llama.cpp refuses a grammar that repeats something 2,000 times, and llama-cpp-python's server ends with it.
_REPEATED = 1000
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
_VALUES = ("const", "enum", "default", "examples")


def _json_schema(schema: Schema) -> Fields:
    form: dict[str, Any] = {"name": "answer", "schema": schema}
    if _strict(schema):
        form["strict"] = True
    return {"response_format": {"type": "json_schema", "json_schema": form}}


# How each kind of server takes a JSON Schema and a grammar, as their own documentation says.
SCHEMA_FORMS: Mapping[str, Callable[[Schema], Fields]] = {
    "json_schema": _json_schema,
    "vllm": lambda schema: {"structured_outputs": {"json": schema}},
    "llama_cpp": lambda schema: {
        "response_format": {"type": "json_object", "schema": _repeating_little(schema)}
    },
    "guided": lambda schema: {"guided_json": schema},
    "sglang": _json_schema,
    "fireworks": _json_schema,
}
GRAMMAR_FORMS: Mapping[str, Callable[[Grammar], Fields]] = {
    "vllm": lambda grammar: {"structured_outputs": {"grammar": grammar.lark}},
    "llama_cpp": lambda grammar: {"grammar": grammar.gbnf},
    "sglang": lambda grammar: {"ebnf": grammar.gbnf},
    "guided": lambda grammar: {"guided_grammar": grammar.lark},
    "fireworks": lambda grammar: {"response_format": {"type": "grammar", "grammar": grammar.gbnf}},
}


def kind_of(request: Request) -> Kind | None:
    """What a request holds its answer to."""
    if request.grammar is not None:
        return "grammar"
    return None if request.schema is None else "schema"


def fields(request: Request, form: str) -> Fields:
    """The fields of a body that hold the answer to the request's schema or grammar; none under ``none``."""
    if request.grammar is not None and form in GRAMMAR_FORMS:
        return GRAMMAR_FORMS[form](request.grammar)
    if request.schema is not None and request.grammar is None and form in SCHEMA_FORMS:
        return SCHEMA_FORMS[form](request.schema)
    return {}


def told(request: Request, form: str) -> Request:
    """The request with its schema in words, where nothing else tells the model of it."""
    if request.schema is None or form != "none" or not request.messages:
        return request
    last = request.messages[-1]
    if last.get("role") != "user" or not isinstance(last.get("content"), str):
        return request
    schema = orjson.dumps(request.schema, default=dict).decode()
    text = f"{last['content']}\n\nAnswer with nothing but JSON that satisfies this JSON Schema:\n{schema}"
    return msgspec.structs.replace(request, messages=[*request.messages[:-1], {**last, "content": text}])


def candidates(kind: Kind, structured: Structured) -> tuple[str, ...]:
    """The forms to try, the likeliest first; with a form from the configuration, that one."""
    forms = tuple(SCHEMA_FORMS if kind == "schema" else GRAMMAR_FORMS)
    if structured == "auto":
        return tuple(form for form in forms if kind == "grammar" or form not in ("sglang", "fireworks"))
    return (structured,) if structured in forms else ()


def probe(kind: Kind) -> Request:
    """A request whose answer shows whether its form was heeded."""
    if kind == "schema":
        return Request(_PROBE_MESSAGES, schema=_PROBE_SCHEMA, max_tokens=1024)
    return Request(_PROBE_MESSAGES, grammar=_PROBE_GRAMMAR, max_tokens=1024)


def heeded(kind: Kind, text: str) -> bool:
    """Whether the answer to a probe has the form that was asked for."""
    if kind == "grammar":
        return text.strip() == f"zq {_NUMBER}"
    return misfit(text, _PROBE_SCHEMA) is False


def misfit(text: str, schema: Schema) -> bool:
    """Whether an answer is not JSON, or not of its schema."""
    try:
        return not valid(schema, orjson.loads(text))
    except orjson.JSONDecodeError:
        return True
    except ValueError:  # the schema itself is none: nothing can be said of the answer
        return False


def _repeating_little(schema: Any) -> Any:
    """A schema without counts too large for a grammar; answers are held to them all the same."""
    if isinstance(schema, Mapping):
        return {
            name: value if name in _VALUES else _repeating_little(value)
            for name, value in schema.items()
            if not (name in _COUNTS and isinstance(value, int) and value > _REPEATED)
        }
    return [_repeating_little(value) for value in schema] if isinstance(schema, (list, tuple)) else schema


def _strict(schema: Any) -> bool:
    """Whether a schema is of the kind for which OpenAI's strict mode exists: every object closed, all required."""
    if isinstance(schema, Mapping):
        if schema.get("type") == "object" or "properties" in schema:
            names = set(schema.get("properties", ()))
            if schema.get("additionalProperties") is not False or names != set(schema.get("required", ())):
                return False
        return all(_strict(value) for value in schema.values())
    if isinstance(schema, (list, tuple)):
        return all(_strict(value) for value in schema)
    return True
