"""What everything is made of: frozen, typed, versioned records that import nothing of ours.

Paths inside a value are JSON pointers (RFC 6901) in which a ``*`` step stands for every element of an
array: ``/attendees/*/email``. The empty pointer is the value itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType, field

ROW_VERSION = 1

Json = Any  # what json.loads gives
Schema = Mapping[str, Any]  # a JSON Schema, draft 2020-12

Effect = Literal["read", "list", "search", "create", "update", "delete", "act", "compute", "opaque"]

ParameterClass = Literal[
    "natural_key",  # a person says it: an e-mail address, an order number, owner/repo
    "opaque_id",  # never said; comes from a result
    "ambient",  # known from the system prompt: the current user, the time zone, the locale
    "plumbing",  # page tokens, field masks, API versions: defaulted or left out, never voiced
    "preference",  # a choice a person states: a date, a status, an amount, how many
    "content",  # text the assistant composes or the user dictates: a title, a mail body
    "query",  # a string in a query language
]

Kind = Literal[
    "single",
    "parallel",
    "dependent",
    "parallel_dependent",
    "multi_turn",
    "missing_parameter",
    "no_tool",
    "chat",
]


# ---------------------------------------------------------------- tools


class Where(Struct, frozen=True):
    """The place a tool was read from."""

    source: str  # a file, a module, a catalogue name
    pointer: str = ""  # JSON pointer or qualified name inside it


class Skipped(Struct, frozen=True):
    """An operation that could not be used, and why."""

    name: str
    where: Where
    reason: str


class Parameter(Struct, frozen=True):
    """One leaf of a tool's arguments, as understood."""

    pointer: str  # in the arguments: "/start/dateTime", "/attendees/*/email"
    name: str  # the last named step: "dateTime"
    klass: ParameterClass
    facet: str  # the kind of value, one of facts.FACETS
    phrase: str  # what a person calls it: "due date"; "" when it cannot be said
    required: bool
    confidence: float
    reasons: Sequence[str] = ()
    schema: Schema = field(default_factory=dict)
    refers: str = ""  # entity key whose id or natural key this is
    sets: str = ""  # field pointer of the tool's entity that it writes
    filters: str = ""  # field pointer of the tool's entity that it restricts
    compare: Literal["eq", "contains", "ge", "gt", "le", "lt", "has", "text"] = "eq"  # how it restricts
    scope: bool = False  # names the container the tool works in: owner, repo, calendarId
    default: Json = None  # what plumbing is filled with when it is required


class Yield(Struct, frozen=True):
    """Where a tool's result holds records of an entity."""

    entity: str
    pointer: str  # "" the result itself, "/items/*", "/messages/*"
    many: bool


class Tool(Struct, frozen=True):
    """A tool definition and what was understood of it."""

    name: str
    toolkit: str
    description: str
    parameters: Schema
    returns: Schema = field(default_factory=dict)
    effect: Effect = "opaque"
    entity: str = ""  # entity key "toolkit.noun"
    part: str = ""  # what of its record it makes, sets or takes away while the record stays: "labels"
    id_field: str = ""  # pointer of the argument that names the record acted on
    verb: str = ""  # base form, for speech: "send", "archive"
    phrase: str = ""  # imperative without values: "send an email"
    inputs: Sequence[Parameter] = ()
    yields: Sequence[Yield] = ()
    state: Mapping[str, Json] = field(default_factory=dict)  # what an `act` makes true: {"/completed": true}
    where: Where = Where("")
    confidence: float = 0.0
    reasons: Sequence[str] = ()
    hints: Mapping[str, Json] = field(
        default_factory=dict
    )  # read-only, destructive, … as the source declared

    @property
    def deed(self) -> Effect:
        """What it does to its record as a whole: to take away a part of it is to act on it."""
        return "act" if self.part else self.effect


class Field(Struct, frozen=True):
    """One leaf of an entity's record, as understood."""

    pointer: str
    facet: str
    phrase: str
    schema: Schema = field(default_factory=dict)
    refers: str = ""  # entity key, when the value is another record's id
    projects: str = ""  # field pointer of the referred record that this copies


class Sign(Struct, frozen=True):
    """A field by which people tell a record from others of its sort that has no name."""

    role: Literal[
        "number", "within", "plate", "side", "to", "from", "route", "at", "dated", "place", "sort", "whose"
    ]
    pointer: str
    phrase: str = ""  # what the field is called; of a number, what bears it, where that is not the record


class Entity(Struct, frozen=True):
    """A kind of record that tools of one toolkit make, show and change."""

    key: str  # "gmail.message"
    toolkit: str
    noun: str  # what a person calls one: "email"
    plural: str
    schema: Schema  # a full record
    id_pointer: str = ""  # "/id"
    label_pointer: str = ""  # what a person would name it by: "/subject"
    fields: Sequence[Field] = ()
    parent: str = ""  # entity key of the container, when every record has one
    names: Sequence[str] | UnsetType = UNSET  # what such records are called, as the user says
    address: Sequence[Sign] | UnsetType = UNSET  # what such records are told by that have no name
    person: bool = False  # such records are people
    trade: str | UnsetType = UNSET  # the line of business its toolkit is of
    company: str | UnsetType = UNSET  # whose records they are, as the user says
    place: str | UnsetType = UNSET  # where that company is: a city, or the code of a country
    today: str | UnsetType = UNSET  # the day that fixtures are of, as the user says: 2026-03-31


class Fixture(Struct, frozen=True):
    """A record of the user's own, as far as they gave it."""

    values: Mapping[str, Json]  # field pointer of its entity -> value; None: this record has none
    links: Mapping[str, int] = field(
        default_factory=dict
    )  # field pointer -> place of the record it names among the fixtures of the entity the field refers to


class Table(Struct, frozen=True):
    """A file of records before they are matched to an entity."""

    path: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Mapping[str, Json]]]  # where it stands, and its cells by column


class Toolset(Struct, frozen=True):
    """Understood tools with the entities they share; the thing a world is made from."""

    name: str
    tools: Sequence[Tool]
    entities: Sequence[Entity]
    hash: str  # tagged hash of tools, entities and fixtures
    fixtures: Mapping[str, Sequence[Fixture]] = field(
        default_factory=dict
    )  # entity key -> its whole population


class Edge(Struct, frozen=True):
    """A typed relation between two tools."""

    kind: Literal["feeds", "kin", "rival"]
    source: str  # tool name
    target: str
    weight: float
    source_pointer: str = ""  # feeds: where in the result
    target_pointer: str = ""  # feeds: which argument


class ToolGraph(Struct, frozen=True):
    """Tools and how they relate."""

    tools: Sequence[str]
    edges: Sequence[Edge]


class Offer(Struct, frozen=True):
    """The tools offered in one conversation, in the order shown."""

    tools: Sequence[str]  # canonical tool names


# ---------------------------------------------------------------- calls


class Call(Struct, frozen=True):
    """A tool call. ``arguments`` is an object; a string only where foreign data carried broken JSON."""

    id: str
    name: str
    arguments: Mapping[str, Json] | str


class Result(Struct, frozen=True):
    """What a call gave: a value, or an error with the value the API sends along."""

    call_id: str
    value: Json = None
    error: str = ""  # "" when the call succeeded, else a short code such as "not_found"


class Answered(Struct, frozen=True):
    """A call to a world that is not ours and what it gave, as a journal keeps it."""

    draft: int  # the trial of the attempt's plan it was made in
    name: str
    arguments: Mapping[str, Json] | str
    value: Json = None
    error: str = ""


class Tape(Struct, frozen=True):
    """What an attempt asked of a world that is not ours, in order."""

    calls: Sequence[Answered]
    kept: int = 0  # the draft that became the conversation


class Change(Struct, frozen=True):
    """A net change of a world."""

    entity: str
    id: str
    operation: Literal["create", "update", "delete"]
    fields: Mapping[str, Json]


# ---------------------------------------------------------------- origins


class Said(Struct, frozen=True, tag="said"):
    """The value stands in a user's message. ``span`` is [start, end) in characters."""

    message: int
    span: tuple[int, int]


class Found(Struct, frozen=True, tag="found"):
    """The value stands in an earlier result."""

    call: str
    pointer: str


class Given(Struct, frozen=True, tag="given"):
    """The value stands in the system prompt."""

    span: tuple[int, int]


class Default(Struct, frozen=True, tag="default"):
    """The schema's own default or only value, or plumbing."""


class Composed(Struct, frozen=True, tag="composed"):
    """Text written by the assistant, all of whose facts come from context."""

    facts: Sequence[Said | Found | Given]


class Derived(Struct, frozen=True, tag="derived"):
    """The value follows from others by a named rule of ``facts.RULES``."""

    rule: str
    of: Sequence[Said | Found | Given]


class Nowhere(Struct, frozen=True, tag="nowhere"):
    """No origin was found."""


Origin = Said | Found | Given | Default | Composed | Derived | Nowhere


# ---------------------------------------------------------------- messages


class System(Struct, frozen=True, tag="system"):
    text: str


class User(Struct, frozen=True, tag="user"):
    text: str


class Assistant(Struct, frozen=True, tag="assistant"):
    text: str = ""
    calls: Sequence[Call] = ()
    reasoning: str = ""
    train: bool = True


class ToolMessage(Struct, frozen=True, tag="tool"):
    """A result as the conversation shows it; ``value`` is decoded JSON, or a string where it is not JSON."""

    call_id: str
    name: str
    value: Json
    error: bool = False


Message = System | User | Assistant | ToolMessage


# ---------------------------------------------------------------- scene


class Person(Struct, frozen=True):
    """Someone the user deals with."""

    name: str
    given: str
    family: str
    email: str
    phone: str
    username: str
    role: str
    relation: Literal["self", "colleague", "client", "supplier", "friend"]
    company: str = ""


class Topic(Struct, frozen=True):
    """A matter people at the company work on; titles of mails, files, events and tasks are made of it."""

    name: str  # "warehouse lease"
    kind: str  # "project", "deal", "event", "incident", "hiring", …
    words: Sequence[str] = ()


class Scene(Struct, frozen=True):
    """The company, the people and the moment one world is about."""

    company: str
    domain: str
    industry: str
    city: str
    country: str
    time_zone: str
    currency: str
    now: str  # ISO date-time with offset
    user: Person
    people: Sequence[Person]
    topics: Sequence[Topic]
    teams: Sequence[str] = ()  # whom people there speak of; none: those of any office
    trade: Literal["any", "own", "unknown"] = (
        "any"  # what the house does: what its tools are of, or nothing known
    )


# ---------------------------------------------------------------- models


Role = Literal["writer", "user", "assistant", "tool", "judge"]  # what a model is asked to be


class Grammar(Struct, frozen=True):
    """One context-free language in the notations that servers take."""

    lark: str  # llguidance's dialect of Lark: vLLM, SGLang
    gbnf: str  # llama.cpp, xgrammar, Fireworks


class Request(Struct, frozen=True):
    """What a model is asked: all that shapes the answer, and nothing of where it is sent.

    ``messages`` are OpenAI chat messages; ``tools`` function definitions ``{"name", "description", "parameters"}``.
    At most one of ``schema`` and ``grammar`` holds the text of the answer to a form.
    """

    messages: Sequence[Mapping[str, Json]]
    tools: Sequence[Mapping[str, Json]] = ()
    schema: Schema | None = None
    grammar: Grammar | None = None
    max_tokens: int = 2048  # of the answer
    temperature: float | None = None  # None: what the configuration says, else the server's own
    seed: int | None = None
    stop: Sequence[str] = ()


class Usage(Struct, frozen=True):
    """Tokens of one call."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0  # of the prompt, those the server had at hand


class Reply(Struct, frozen=True):
    """What a model answered. A call whose arguments are not a JSON object keeps them as a string."""

    text: str = ""
    reasoning: str = ""
    calls: Sequence[Call] = ()
    finish: Literal["stop", "length", "calls"] = "stop"
    usage: Usage = Usage()


class Place(Struct, frozen=True):
    """Which call of which attempt: with the request, what a journal finds a reply by."""

    slot: int
    attempt: int
    n: int  # of the attempt's calls, from 0
    left: int = (
        1  # calls the conversation is still expected to need, this one included; orders, identifies nothing
    )


# ---------------------------------------------------------------- conversations


class WorldState(Struct, frozen=True):
    """Which world a conversation ran in, and its digests before and after."""

    kind: str  # "inferred", "python", …
    seed: int
    toolset: str  # Toolset.hash
    now: str
    before: str
    after: str


class Conversation(Struct, frozen=True):
    """A whole conversation, as checks and exports see it.

    ``tools`` are OpenAI function definitions: ``{"name", "description", "parameters"}``.
    """

    tools: Sequence[Mapping[str, Json]]
    messages: Sequence[Message]
    id: str = ""
    kind: str = ""
    locale: str = ""
    intent: str = ""
    provenance: Mapping[str, Mapping[str, Origin]] = field(default_factory=dict)
    alternatives: Sequence[Sequence[Call]] = ()  # other call sequences that would do equally
    world: WorldState | None = None
    lineage: Mapping[str, Json] = field(default_factory=dict)


class Verdict(Struct, frozen=True):
    """What one check says."""

    check: str
    outcome: Literal["pass", "fail", "skipped"]
    reason: str = ""
    message: int | None = None  # index of the message at fault
    score: float | None = None


class Slot(Struct, frozen=True):
    """A place in the dataset."""

    index: int
    kind: Kind
    toolset: str  # name of the toolset it draws from
    seed: int


class Attempt(Struct, frozen=True):
    """One try at filling a slot. ``masked`` is the first request with its values masked (its skeleton)."""

    slot: int
    number: int
    conversation: Conversation | None
    verdicts: Sequence[Verdict] = ()
    rejected: str = ""  # "" when every check passed
    expected: Sequence[Sequence[Call]] | None = None  # the planned calls by group, for judging with the plan
    masked: str = ""
    tape: Tape | None = None  # where its world is not ours
    note: str = ""  # what attempts of later blocks may know of it: its scenario
    toolset: Toolset | None = None  # where it was made for this conversation
