"""What each side means in a turn, before it is worded: the records between planning, execution and language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec
from msgspec import Struct

from callsmith.records import Call, Json, Kind, Offer, Parameter, Result, Scene

# ---------------------------------------------------------------- symbolic values


class Stated(Struct, frozen=True, tag="stated"):
    """A value the user states (or that follows by a rule from what they state)."""

    value: Json


class Pick(Struct, frozen=True, tag="pick"):
    """A field of one record in an earlier step's result."""

    step: str
    where: str  # pointer of the records in the result, "/items/*"
    match: Mapping[str, Json]  # field pointer -> value that singles the record out; {} with `index`
    take: str  # field pointer of the value wanted
    index: int = -1  # which of the records, when the user said "the second one"


class Ambient(Struct, frozen=True, tag="ambient"):
    """Known from the system prompt."""

    value: Json


class Fixed(Struct, frozen=True, tag="fixed"):
    """A default or plumbing."""

    value: Json


class Written(Struct, frozen=True, tag="written"):
    """Text the assistant composes; every fact in it is from context."""

    value: str


class Listed(Struct, frozen=True, tag="listed"):
    """An array whose elements have their own sources."""

    items: Sequence[Stated | Pick | Ambient | Fixed | Written]


Source = Stated | Pick | Ambient | Fixed | Written | Listed


class Step(Struct, frozen=True):
    """One symbolic call."""

    id: str
    tool: str
    arguments: Mapping[str, Source]  # argument pointer -> where the value comes from


# ---------------------------------------------------------------- what the user means


class Told(Struct, frozen=True):
    """Something that a record without a name is told by: where it is, when it leaves."""

    role: str
    value: Json
    phrase: str = ""


class Detail(Struct, frozen=True):
    """Something the user states about a request, and what it is for.

    ``values``: one value; a list's elements; or the two ends of a span (an open end is None).
    """

    parameter: str  # name of the parameter it fills
    facet: str
    phrase: str
    role: Literal["sets", "filters", "names", "to"]
    shape: Literal["value", "list", "span", "range", "after", "before", "least", "most", "flag", "first"]
    values: Sequence[Json]
    noun: str = ""  # of the entity referred to, when it is one
    shown: str = ""  # how the value is called where that differs from the value (a person's name, a title)
    required: bool = False
    through: bool = False  # the day that bounds it is meant as well: "on or before"
    signs: Sequence[Told] = ()  # what the record it names is told by, which has no name


class Target(Struct, frozen=True):
    """How the user refers to a record they have in mind."""

    noun: str
    plural: str
    by: Literal["label", "key", "ordinal", "pronoun", "latest", "person", "the"]
    label: str = ""  # the words of its title the user uses
    exact: bool = False  # the label is the whole title
    title: str = ""  # the whole title, which the assistant may know
    key: Json = None
    ordinal: int = 0  # 1-based; -1 is the last
    person: Detail | None = None  # "from Dana"
    filters: Sequence[Detail] = ()  # "the open one"
    places: Sequence[Detail] = ()  # where or when it is, when that tells it from others
    whose: bool = False  # the label is whose it is, and no name of its own: the booking of Ana Ruiz
    signs: Sequence[Told] = ()  # what it is told by where it has no name: the lift at Mill Lane 4
    holder: Target | None = None  # whose or of what it is, where it is found by that: Ana Ruiz's Bruno


Act = Literal[
    "list",
    "count",
    "look_up",
    "look_into",
    "compare",
    "create",
    "change",
    "remove",
    "do",
    "connect",
    "send",
    "create_under",
    "create_if",
    "list_under",
    "narrow",
    "share",
    "answer_missing",
    "change_open",
    "choose",
    "recall",
    "thank",
    "chat",
    "compute",
    "compute_again",
    "compute_answer",
    "compute_on",
    "consult",
    "enquire",
    "enquire_again",
    "enquire_answer",
    "consult_again",
    "consult_other",
    "consult_found",
    "consult_answer",
]


class Ask(Struct, frozen=True):
    """One thing the user wants."""

    act: Act
    tool: str  # the tool that finally serves it
    verb: str
    noun: str
    plural: str
    phrase: str = ""  # the tool's own imperative: "add labels to an issue"
    targets: Sequence[Target] = ()
    details: Sequence[Detail] = ()
    field: str = ""  # look_up, compare: what is asked about
    field_facet: str = ""
    field_choices: Sequence[str] = ()  # what it may be, when it is one of a few
    gist: Mapping[str, str] = msgspec.field(default_factory=dict)  # send: {"kind", "say", "to"}
    container: Target | None = None
    also: Sequence[Ask] = ()  # said in the same message
    state: Mapping[str, Json] = msgspec.field(default_factory=dict)


# ---------------------------------------------------------------- what the assistant means


class Reply(Struct, frozen=True):
    """What the assistant says at the end of a turn (or half-way, to ask)."""

    act: Literal[
        "report", "count", "answer", "part", "compare", "done", "busy", "none", "ask_missing", "ask_which", "cannot",
        "recall", "welcome", "chat", "computed", "relayed", "enquired",
    ]  # fmt: skip
    steps: Sequence[str] = ()  # whose results it speaks of
    entity: str = ""
    records: Sequence[Mapping[str, Any]] = ()  # the records spoken of, as the results show them
    total: int = -1  # how many there are in all, when the result says so
    field: str = ""  # pointer of the field answered
    ask: Ask | None = None  # the request it answers
    missing: Sequence[Parameter] = ()
    choices: Sequence[Json] = ()
    abilities: Sequence[str] = ()
    more: bool = False  # there are further pages
    also: Sequence[Reply] = ()
    text: str = ""  # chat: already worded


class Round(Struct, frozen=True):
    """One user message, the calls that serve it in groups, and the answer."""

    intent: str
    ask: Ask
    groups: Sequence[Sequence[Step]]
    reply: Reply
    said: str = ""  # chat: already worded


class Plan(Struct, frozen=True):
    """A conversation before it is worded: symbolic calls, what is meant, what is offered."""

    kind: Kind
    intent: str
    locale: str
    clarity: Literal["excellent", "good", "average"]
    register: Literal["casual", "neutral", "formal"]
    offer: Offer
    scene: Scene
    rounds: Sequence[Round]
    thoughts: bool = False


class Bound(Struct, frozen=True):
    """A step as executed."""

    step: Step
    call: Call
    result: Result


class Trace(Struct, frozen=True):
    """What executing a plan gave."""

    groups: Sequence[Sequence[Sequence[Bound]]]  # rounds -> groups -> calls
    before: str
    after: str
    alternatives: Sequence[Sequence[Call]] = ()
