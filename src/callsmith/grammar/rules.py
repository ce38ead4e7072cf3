"""Context-free rules over regular terminals, printed as llguidance's Lark and as GBNF."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache

from msgspec import Struct

from callsmith.grammar import prose
from callsmith.grammar.regular import SPACE, Either, Join, Regular, Word, count, gbnf, join, lark
from callsmith.grammar.shapes import STRING, Choice, Leaf, Listing, Record, Shape, Table
from callsmith.records import Grammar


class Term(Struct, frozen=True, eq=False):
    """A terminal, the same only where it is the same object."""

    regular: Regular


class Prose(Struct, frozen=True, eq=False):
    """Words between two marks."""

    before: Regular
    after: str


class Name(Struct, frozen=True):
    """Another rule."""

    name: str


class Seq(Struct, frozen=True):
    """One after the other."""

    parts: tuple[Rule, ...]


class Alt(Struct, frozen=True):
    """Any of these."""

    options: tuple[Rule, ...]


class Rep(Struct, frozen=True):
    """The same over and over; ``high`` None is without end."""

    part: Rule
    low: int
    high: int | None


Rule = Term | Prose | Name | Seq | Alt | Rep


def mark(text: str) -> Regular:
    """A mark with the white space that may stand before it."""
    return join(SPACE, text)


# One object each, so that a printer spells it once.
_OPEN, _CLOSE, _EMPTY = Term(join("{", SPACE)), Term(mark("}")), Term(join("{", mark("}")))
_OPEN_LIST, _CLOSE_LIST, _EMPTY_LIST = Term(join("[", SPACE)), Term(mark("]")), Term(join("[", mark("]")))
_COMMA = Term(join(mark(","), SPACE))
_ANY_KEY = Term(join(STRING.regular, SPACE, ":", SPACE))


@lru_cache(maxsize=4096)
def _key(name: str) -> Term:
    return Term(join(json.dumps(name, ensure_ascii=False), SPACE, ":", SPACE))


class Rules:
    """Named rules as they are made; what several others use is spelled once."""

    def __init__(self) -> None:
        self.named: dict[str, Rule] = {}
        self._names: dict[Rule, Name] = {}
        self._shapes: dict[int, tuple[Shape, Rule]] = {}

    def name(self, rule: Rule) -> Name:
        """A name for a rule, the same for the same rule."""
        known = self._names.get(rule)
        if known is None:
            known = self._names[rule] = Name(f"r{len(self.named)}")
            self.named[known.name] = rule
        return known

    def value(self, shape: Shape) -> Rule:
        """The rule of a JSON value."""
        known = self._shapes.get(id(shape))
        if known is None:
            rule = Term(shape.regular) if isinstance(shape, Leaf) else self.name(self._made(shape))
            known = self._shapes[id(shape)] = shape, rule
        return known[1]

    def _made(self, shape: Record | Table | Listing | Choice) -> Rule:
        match shape:
            case Record():
                return self._record(shape)
            case Choice(options):
                nested = (Table, Listing)  # spelled in place: a third of the rules of a value of any kind
                return Alt(
                    tuple(self._made(one) if isinstance(one, nested) else self.value(one) for one in options)
                )
            case Listing(item, low, high):
                return _bracketed(self.value(item), low, high)
            case Table(value, low):
                pair = Seq((_ANY_KEY, self.value(value)))
                more = Seq((_OPEN, pair, Rep(Seq((_COMMA, pair)), 0, None), _CLOSE))
                return more if low else Alt((_EMPTY, more))

    def _record(self, shape: Record) -> Rule:
        tail: Rule = _CLOSE
        firsts: list[Rule] = []
        for member in reversed(shape.members):
            key, value = _key(member.name), self.value(member.shape)
            first = Seq((key, value, tail))
            firsts = [first] if member.required else [first, *firsts]
            more = Seq((_COMMA, key, value, tail))
            tail = self.name(more if member.required else Alt((more, tail)))
        some = Seq((_OPEN, Alt(tuple(firsts))))
        if any(member.required for member in shape.members):
            return some
        return Alt((_EMPTY, some)) if firsts else _EMPTY


def _bracketed(item: Rule, low: int, high: int | None) -> Rule:
    if high == 0:
        return _EMPTY_LIST
    again = Rep(Seq((_COMMA, item)), max(0, low - 1), None if high is None else high - 1)
    some = Seq((_OPEN_LIST, item, again, _CLOSE_LIST))
    return some if low else Alt((_EMPTY_LIST, some))


# ---------------------------------------------------------------- notations


def printed(start: Rule, rules: Rules) -> Grammar:
    """The rules that ``start`` needs, in both notations."""
    return Grammar(lark=_lark(start, rules.named), gbnf=_gbnf(start, rules.named))


class _Terminals:
    """Terminals by name, each spelled once."""

    def __init__(self, prefix: str, spell: Callable[[Term | Prose], str]) -> None:
        self.prefix = prefix
        self.spell = spell
        self.named: dict[str, str] = {}
        self._known: dict[int, str] = {}

    def name(self, rule: Term | Prose) -> str:
        known = self._known.get(id(rule))
        if known is None:
            name = f"{self.prefix}{len(self.named)}"
            known = self._known[id(rule)] = self.named.setdefault(self.spell(rule), name)
        return known


def _lark(start: Rule, named: dict[str, Rule]) -> str:
    terminals = _Terminals("T", _lark_terminal)
    lines = [f"start: {_spelled(start, terminals.name)}"]
    lines += [f"{name}: {_spelled(rule, terminals.name)}" for name, rule in named.items()]
    lines += [f"{name}: {spelled}" for spelled, name in terminals.named.items()]
    lines += [f"S: /{lark(SPACE)}/", f"WORDS: /{lark(prose.ANYTHING)}/ & ~/{lark(prose.TAGGED)}/"]
    return "\n".join(lines) + "\n"


def _lark_terminal(rule: Term | Prose) -> str:
    if isinstance(rule, Prose):
        return f"{_lark_marks(rule.before)} WORDS {json.dumps(rule.after)}"
    return _lark_marks(rule.regular)


def _lark_marks(regular: Regular) -> str:
    # Marks are spelled with a name for their white space: a third of the text, and quicker to compile.
    if isinstance(regular, Join) and SPACE in regular.parts:
        return " ".join("S" if part is SPACE else _lark_marks(part) for part in regular.parts)
    return json.dumps(regular.text) if isinstance(regular, Word) else f"/{lark(regular)}/"


def _gbnf(start: Rule, named: dict[str, Rule]) -> str:
    terminals = _Terminals("x", _gbnf_terminal)
    lines = [f"root ::= {_spelled(start, terminals.name)}"]
    lines += [f"{name} ::= {_spelled(rule, terminals.name)}" for name, rule in named.items()]
    lines += [f"{name} ::= {spelled}" for spelled, name in terminals.named.items()]
    lines += [f"s ::= {gbnf(SPACE)}", *(f"{name} ::= {spelled}" for name, spelled in prose.rules().items())]
    return "\n".join(lines) + "\n"


def _gbnf_terminal(rule: Term | Prose) -> str:
    if isinstance(rule, Prose):
        return f"{_gbnf_marks(rule.before)} words {json.dumps(rule.after)}"
    return _gbnf_marks(rule.regular)


def _gbnf_marks(regular: Regular) -> str:
    if isinstance(regular, Join) and SPACE in regular.parts:
        return " ".join("s" if part is SPACE else _gbnf_marks(part) for part in regular.parts)
    return f"({gbnf(regular)})" if isinstance(regular, Either) else gbnf(regular)


def _spelled(rule: Rule, terminal: Callable[[Term | Prose], str]) -> str:
    match rule:
        case Term() | Prose():
            return terminal(rule)
        case Name(name):
            return name
        case Seq(parts):
            return " ".join(
                f"({_spelled(p, terminal)})" if isinstance(p, Alt) else _spelled(p, terminal) for p in parts
            )
        case Alt(options):
            return " | ".join(_spelled(option, terminal) for option in options)
        case Rep(part, low, high):
            inner = _spelled(part, terminal)
            return (inner if isinstance(part, Name | Term | Prose) else f"({inner})") + count(low, high)
