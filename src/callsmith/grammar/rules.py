"""Context-free rules over regular terminals, printed as llguidance's Lark and as GBNF."""

from __future__ import annotations

import json
from collections.abc import Callable

from msgspec import Struct

from callsmith.grammar import prose
from callsmith.grammar.regular import SPACE, Regular, count, gbnf, join, lark
from callsmith.grammar.shapes import Choice, Leaf, Listing, Record, Shape, Table
from callsmith.grammar.values import string
from callsmith.records import Grammar


class Term(Struct, frozen=True):
    """A terminal."""

    regular: Regular


class Prose(Struct, frozen=True):
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


class Rules:
    """Named rules as they are made; what several others use is spelled once."""

    def __init__(self) -> None:
        self.named: dict[str, Rule] = {}
        self._shapes: dict[int, tuple[Shape, Name]] = {}

    def name(self, rule: Rule) -> Name:
        """A name for a rule."""
        name = f"r{len(self.named)}"
        self.named[name] = rule
        return Name(name)

    def value(self, shape: Shape) -> Rule:
        """The rule of a JSON value."""
        if isinstance(shape, Leaf):
            return Term(shape.regular)
        known = self._shapes.get(id(shape))
        if known is None:
            known = shape, self.name(self._made(shape))
            self._shapes[id(shape)] = known
        return known[1]

    def _made(self, shape: Record | Table | Listing | Choice) -> Rule:
        match shape:
            case Record():
                return self._record(shape)
            case Choice(options):
                return Alt(tuple(self.value(option) for option in options))
            case Listing(item, low, high):
                return _bracketed(self.value(item), low, high)
            case Table(value, low):
                first = Seq((Term(join("{", SPACE, _NAME)), self.value(value)))
                again = Seq((Term(join(mark(","), SPACE, _NAME)), self.value(value)))
                more = Seq((first, Rep(again, 0, None), Term(mark("}"))))
                return more if low else Alt((Term(join("{", mark("}"))), more))

    def _record(self, shape: Record) -> Rule:
        tail: Rule = Term(mark("}"))
        firsts: list[Rule] = []
        for member in reversed(shape.members):
            key = json.dumps(member.name, ensure_ascii=False)
            value = self.value(member.shape)
            first = Seq((Term(join("{", mark(key), mark(":"), SPACE)), value, tail))
            firsts = [first] if member.required else [first, *firsts]
            more = Seq((Term(join(mark(","), mark(key), mark(":"), SPACE)), value, tail))
            tail = self.name(more if member.required else Alt((more, tail)))
        if not any(member.required for member in shape.members):
            firsts.append(Term(join("{", mark("}"))))
        return Alt(tuple(firsts))


def mark(text: str) -> Regular:
    """A mark with the white space that may stand before it."""
    return join(SPACE, text)


_NAME = join(string(), SPACE, ":", SPACE)


def _bracketed(item: Rule, low: int, high: int | None) -> Rule:
    empty = Term(join("[", mark("]")))
    if high == 0:
        return empty
    again = Rep(
        Seq((Term(join(mark(","), SPACE)), item)), max(0, low - 1), None if high is None else high - 1
    )
    some = Seq((Term(join("[", SPACE)), item, again, Term(mark("]"))))
    return some if low else Alt((empty, some))


# ---------------------------------------------------------------- notations


def printed(start: Rule, rules: Rules) -> Grammar:
    """The rules that ``start`` needs, in both notations."""
    return Grammar(lark=_lark(start, rules.named), gbnf=_gbnf(start, rules.named))


class _Terminals:
    """Names of terminals, each spelled once."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.named: dict[str, str] = {}

    def name(self, spelled: str) -> str:
        return self.named.setdefault(spelled, f"{self.prefix}{len(self.named)}")


def _lark(start: Rule, named: dict[str, Rule]) -> str:
    terminals = _Terminals("T")

    def terminal(rule: Term | Prose) -> str:
        if isinstance(rule, Term):
            return terminals.name(f"/{lark(rule.regular)}/")
        return terminals.name(f"/{lark(rule.before)}/ WORDS {json.dumps(rule.after)}")

    lines = [f"start: {_spelled(start, terminal)}"]
    lines += [f"{name}: {_spelled(rule, terminal)}" for name, rule in named.items()]
    lines += [f"{name}: {spelled}" for spelled, name in terminals.named.items()]
    if any("WORDS" in spelled for spelled in terminals.named):
        lines.append(f"WORDS: /{lark(prose.BODY)}/ & ~/{lark(prose.TAGGED)}/")
    return "\n".join(lines) + "\n"


def _gbnf(start: Rule, named: dict[str, Rule]) -> str:
    terminals = _Terminals("x")

    def terminal(rule: Term | Prose) -> str:
        if isinstance(rule, Term):
            return terminals.name(gbnf(rule.regular))
        return terminals.name(f"{gbnf(rule.before)} body {json.dumps(rule.after)}")

    lines = [f"root ::= {_spelled(start, terminal)}"]
    lines += [f"{name} ::= {_spelled(rule, terminal)}" for name, rule in named.items()]
    lines += [f"{name} ::= {spelled}" for spelled, name in terminals.named.items()]
    if any(" body " in spelled for spelled in terminals.named):
        lines += [f"{name} ::= {spelled}" for name, spelled in prose.rules().items()]
    return "\n".join(lines) + "\n"


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
