"""Context-free rules over regular terminals, printed as llguidance's Lark and as GBNF."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache

from msgspec import Struct

from callsmith.grammar.regular import Either, Regular, Word, count, gbnf, lark
from callsmith.grammar.shapes import STRING, Choice, Leaf, Listing, Member, Record, Shape, Table
from callsmith.records import Grammar


class Term(Struct, frozen=True, eq=False, dict=True):
    """A terminal, the same only where it is the same object."""

    regular: Regular

    @cached_property
    def lark(self) -> str:
        """As llguidance's Lark spells it."""
        return json.dumps(self.regular.text) if isinstance(self.regular, Word) else f"/{lark(self.regular)}/"

    @cached_property
    def gbnf(self) -> str:
        """As GBNF spells it."""
        spelled = gbnf(self.regular)
        return f"({spelled})" if isinstance(self.regular, Either) else spelled


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


Rule = Term | Name | Seq | Alt | Rep


# One object each, so that a printer spells it once.
_OPEN, _CLOSE, _OPEN_LIST, _CLOSE_LIST, _COMMA, _COLON = (
    Term(Word(mark)) for mark in ("{", "}", "[", "]", ", ", ": ")
)


@lru_cache(maxsize=4096)
def word(text: str) -> Term:
    """A terminal of one spelling."""
    return Term(Word(text))


@lru_cache(maxsize=4096)
def _leaf(shape: Leaf) -> Term:
    return Term(shape.regular)


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
        if isinstance(shape, Leaf):
            return _leaf(shape)
        known = self._shapes.get(id(shape))
        if known is None:
            known = self._shapes[id(shape)] = shape, self.name(self._made(shape))
        return known[1]

    def _made(self, shape: Record | Table | Listing | Choice) -> Rule:
        match shape:
            case Record():
                return self._record(shape)
            case Choice(options):
                return Alt(tuple(self.value(one) for one in options))
            case Listing(item, low, high):
                return _bracketed(_OPEN_LIST, self.value(item), low, high, _CLOSE_LIST)
            case Table(value, low):
                pair = self.name(Seq((self.value(STRING), _COLON, self.value(value))))
                return _bracketed(_OPEN, pair, low, None, _CLOSE)

    def _record(self, shape: Record) -> Rule:
        """Commas stand behind the members before the first that must be there, and before those that follow it."""
        pairs = [self._pair(member) for member in shape.members]
        first = next((at for at, member in enumerate(shape.members) if member.required), None)
        if first is None:
            some = (Rep(self._some(pairs), 0, 1),) if pairs else ()
            return Seq((_OPEN, *some, _CLOSE))
        before = (Rep(Seq((pair, _COMMA)), 0, 1) for pair in pairs[:first])
        others = zip(pairs[first + 1 :], shape.members[first + 1 :], strict=True)
        behind = (self._further(pair, required=member.required) for pair, member in others)
        return Seq((_OPEN, *before, pairs[first], *behind, _CLOSE))

    def _pair(self, member: Member) -> Name:
        key = word(json.dumps(member.name, ensure_ascii=False) + ": ")
        return self.name(Seq((key, self.value(member.shape))))

    def _further(self, pair: Rule, *, required: bool) -> Rule:
        more = Seq((_COMMA, pair))
        return more if required else self.name(Rep(more, 0, 1))

    def _some(self, pairs: Sequence[Rule]) -> Rule:
        """At least one of the pairs, in their order."""
        options: list[Rule] = []
        rest: Rule | None = None
        for pair in reversed(pairs):
            options.insert(0, pair if rest is None else Seq((pair, rest)))
            further = self._further(pair, required=False)
            rest = further if rest is None else self.name(Seq((further, rest)))
        return Alt(tuple(options))


def _bracketed(opening: Term, item: Rule, low: int, high: int | None, closing: Term) -> Rule:
    if high == 0:
        return Seq((opening, closing))
    more = Rep(Seq((_COMMA, item)), max(0, low - 1), None if high is None else high - 1)
    some = item if high == 1 else Seq((item, more))  # no notation repeats what is never there
    return Seq((opening, some if low else Rep(some, 0, 1), closing))


# ---------------------------------------------------------------- notations


def printed(start: Rule, rules: Rules) -> Grammar:
    """The rules that ``start`` needs, in both notations."""
    uses: Counter[str | int] = Counter()
    seen: set[str] = set()
    _count(start, rules.named, uses, seen)
    kept = {name: rule for name, rule in rules.named.items() if uses[name] > 1}
    lark = _Notation("T", lambda term: term.lark, rules.named, uses)
    gbnf = _Notation("x", lambda term: term.gbnf, rules.named, uses)
    return Grammar(lark=lark.text("start", ": ", start, kept), gbnf=gbnf.text("root", " ::= ", start, kept))


def _count(rule: Rule, named: Mapping[str, Rule], uses: Counter[str | int], seen: set[str]) -> None:
    """How often names are used, and terminals by their ids, in all that is reached."""
    match rule:
        case Term():
            uses[id(rule)] += 1
        case Name(name):
            uses[name] += 1
            if name not in seen:
                seen.add(name)
                _count(named[name], named, uses, seen)
        case Seq(parts) | Alt(parts):
            for part in parts:
                _count(part, named, uses, seen)
        case Rep(part):
            _count(part, named, uses, seen)


class _Notation:
    """One notation of rules: what is used once, a rule or a word, is spelled in place, which servers compile faster."""

    def __init__(
        self, prefix: str, spell: Callable[[Term], str], named: Mapping[str, Rule], uses: Counter[str | int]
    ) -> None:
        self.prefix = prefix
        self.spell = spell
        self.named = named
        self.uses = uses
        self.terminals: dict[str, str] = {}
        self._known: dict[int, str] = {}

    def text(self, root: str, equals: str, start: Rule, kept: Mapping[str, Rule]) -> str:
        lines = [
            f"{name}{equals}{self.spelled(rule, _CHOICE)}" for name, rule in {root: start, **kept}.items()
        ]
        lines += [f"{name}{equals}{spelled}" for spelled, name in self.terminals.items()]
        return "\n".join(lines) + "\n"

    def terminal(self, term: Term) -> str:
        known = self._known.get(id(term))
        if known is None:
            known = self.spell(term)
            if self.uses[id(term)] > 1 or not isinstance(term.regular, Word):
                known = self.terminals.setdefault(known, f"{self.prefix}{len(self.terminals)}")
            self._known[id(term)] = known
        return known

    def spelled(self, rule: Rule, inside: int) -> str:
        """A rule as it stands in a choice, in a sequence, or under a count."""
        match rule:
            case Term():
                return self.terminal(rule)
            case Name(name):
                return name if self.uses[name] > 1 else self.spelled(self.named[name], inside)
            case Seq((one,)) | Alt((one,)):
                return self.spelled(one, inside)
            case Seq(parts):
                text = " ".join(self.spelled(part, _SEQUENCE) for part in parts)
                return f"({text})" if inside > _SEQUENCE else text
            case Alt(options):
                text = " | ".join(self.spelled(option, _CHOICE) for option in options)
                return f"({text})" if inside > _CHOICE else text
            case Rep(part, low, high):
                text = self.spelled(part, _COUNTED) + count(low, high)
                return f"({text})" if inside == _COUNTED else text


_CHOICE, _SEQUENCE, _COUNTED = 0, 1, 2  # where a rule stands
