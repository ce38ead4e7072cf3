"""Raw tools in, understood tools and their entities out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct, structs

from callsmith import seeds
from callsmith.catalog.overlays import Found, Overlay, of_tools
from callsmith.records import Effect, Entity, Parameter, Tool, Toolset, Where, Yield
from callsmith.understand import computing, containers, corrected, effects, entities, outcomes, states
from callsmith.understand.acting import as_told
from callsmith.understand.addressing import (
    TAKING,
    addressed,
    begun,
    by_label,
    chosen,
    id_field,
    id_patterns,
    of_the_user,
    same_everywhere,
)
from callsmith.understand.alike import alike
from callsmith.understand.arguments import Context, context_of, inputs_of, unresolved
from callsmith.understand.assumed import Assumed, undeclared, with_returns
from callsmith.understand.assumed_asked import merely_asked
from callsmith.understand.deeds import alters_part, done_to_one, given_one, sent_unsaid, with_part
from callsmith.understand.enquiring import add_results, all_enquired
from callsmith.understand.entities import Nouns, canonical
from callsmith.understand.exampled import exampled
from callsmith.understand.fields import linked
from callsmith.understand.hollow import undeclared_record
from callsmith.understand.keyed import keys_of_paths
from callsmith.understand.naming import Reading, read, verbs
from callsmith.understand.paths import in_path, mark_chosen
from callsmith.understand.qualifiers import misnamed, unaccounted, unsaid
from callsmith.understand.retold import told
from callsmith.understand.shapes import Shape, has_id, nested, shapes, title_words
from callsmith.understand.smallest import in_smallest
from callsmith.understand.speech import imperative, said
from callsmith.understand.subjects import Subject, joining, made_as, resolve
from callsmith.understand.trading import of_trade
from callsmith.understand.words import article, plural

THRESHOLD = 0.55  # what a plan uses is at least so sure

Words = tuple[str, ...]


class Known(Struct, frozen=True):
    """One toolkit's tools while they are being understood."""

    tools: Sequence[Tool]
    readings: Sequence[Reading]
    subjects: Sequence[Subject]
    nouns: Nouns
    assumed: Sequence[Assumed]  # what each is taken to return
    overlays: Sequence[Overlay] = ()
    fixes: Mapping[str, Found] = {}


def understand(name: str, tools: Sequence[Tool], overlays: Sequence[Overlay] = ()) -> Toolset:
    """The tools with everything inferred about them, and the entities they share.

    Only name, toolkit, description, parameters, returns and hints of the tools are used. Tools of several
    toolkits may be given; each toolkit is understood by itself. What ``overlays`` say holds.

    Raises:
        ConfigError: an overlay speaks of a tool, argument, kind of record or field that there is not.
    """
    fixes = of_tools(overlays, [tool.name for tool in tools]) if overlays else {}
    corrected.require_pointers(tools, overlays, fixes)
    groups: dict[str, list[Tool]] = {}
    for tool in tools:
        groups.setdefault(tool.toolkit, []).append(tool)
    understood: list[Tool] = []
    found: list[Entity] = []
    for toolkit, members in groups.items():
        more, kinds = _toolkit(toolkit, members, overlays, fixes)
        understood += more
        found += corrected.placed(of_trade(toolkit, more, kinds, overlays), overlays)
    corrected.require_known(understood, found, overlays)
    return _toolset(name, understood, found)


def merge(name: str, toolsets: Sequence[Toolset]) -> Toolset:
    """One toolset of several, in order; a toolkit that occurs twice is taken once."""
    tools: dict[str, Tool] = {}
    kinds: dict[str, Entity] = {}
    for toolset in toolsets:
        for tool in toolset.tools:
            tools.setdefault(tool.name, tool)
        for entity in toolset.entities:
            kinds.setdefault(entity.key, entity)
    return _toolset(name, list(tools.values()), list(kinds.values()))


def usable(tool: Tool) -> bool:
    """Whether a plan may call the tool: it is understood, and so is every argument it requires."""
    if tool.effect == "opaque" or tool.confidence < THRESHOLD:
        return False
    return all(parameter.confidence >= THRESHOLD for parameter in tool.inputs if parameter.required)


def _meaning(tool: Tool) -> Tool:
    """A tool without where it was read and why it is understood so, which change with the folder it lies in."""
    inputs = tuple(structs.replace(parameter, reasons=()) for parameter in tool.inputs)
    return structs.replace(tool, where=Where(""), reasons=(), inputs=inputs)


def _toolset(name: str, tools: Sequence[Tool], kinds: Sequence[Entity]) -> Toolset:
    encoded = msgspec.json.encode(([*map(_meaning, tools)], kinds), order="sorted")
    told = seeds.identity("toolset", encoded)
    return Toolset(name=name, tools=tuple(tools), entities=tuple(kinds), hash=told)


def _toolkit(
    toolkit: str, originals: Sequence[Tool], overlays: Sequence[Overlay], fixes: Mapping[str, Found]
) -> tuple[list[Tool], list[Entity]]:
    tools: Sequence[Tool] = exampled(alike(corrected.taught(originals, fixes)))
    readings = [
        corrected.read_as(reading, tool, fixes.get(tool.name))
        for tool, reading in zip(tools, as_told(tools, [read(tool) for tool in tools]), strict=True)
    ]
    silent = undeclared(tools, readings)
    readings = told(tools, readings, silent)
    subjects = [
        corrected.about(subject, tool, fixes.get(tool.name))
        for tool, subject in zip(tools, _subjects(tools, readings, silent), strict=True)
    ]
    assumed = with_returns(tools, readings, subjects, silent)
    tools = [one.tool for one in assumed]
    words = [subject.noun for subject in subjects]
    nouns = structs.replace(
        entities.drafts(toolkit, tools, words, readings), made_as=made_as(readings, subjects)
    )
    entities.embedded(nouns, unresolved(nouns, tools, words))
    containers.add_unshown(nouns, tools)
    add_results(nouns, [(one.tool, words[at]) for at, one in enumerate(assumed) if not one.why])
    mark_chosen(nouns, tools, subjects)
    nouns = structs.replace(nouns, paths=keys_of_paths(tools, nouns))
    known = Known(tools, readings, subjects, nouns, assumed, overlays, fixes)
    addressing = dict(nouns.paths)
    patterns: dict[str, str] = {}
    made_up: frozenset[str] = frozenset()
    # Twice: which field tools address records by, and what contains what, is known once parameters are.
    for _ in range(2):
        before = (addressing, patterns, made_up, nouns.places())
        kinds = _entities(known, addressing, patterns, made_up)
        context = context_of(nouns, kinds, fixes, {}, made_up)
        drafts = [_drafted(known, context, index) for index in range(len(tools))]
        containers.find(nouns, drafts)
        addressing = {**nouns.paths, **addressed(drafts, kinds, nouns)}
        patterns = id_patterns(drafts, kinds)
        made_up = made_up or chosen(drafts, kinds)
    if before != (addressing, patterns, made_up, nouns.places()):
        kinds = _entities(known, addressing, patterns, made_up)
    context = context_of(nouns, kinds, fixes, same_everywhere(drafts), made_up)
    whole = [_finished(known, kinds, index, _drafted(known, context, index)) for index in range(len(tools))]
    keeping = computing.kept(whole) & {kind.key for kind in kinds.values() if kind.id_pointer}
    silent_ones = frozenset(one.tool.name for one in assumed if one.why)
    plain = [computing.called(tool, keeping) for tool in whole]
    agreed, records = in_smallest(all_enquired(plain, [*kinds.values()], silent_ones), kinds.values())
    last = [corrected.finished(tool, original, fixes.get(tool.name))
            for tool, original in zip(agreed, originals, strict=True)]  # fmt: skip
    return last, _used(last, records)


def _subjects(tools: Sequence[Tool], readings: Sequence[Reading], silent: Sequence[bool]) -> list[Subject]:
    """What each tool is about. Where results are not declared, the plain tools first say what records there are."""
    if any(silent):
        plain = with_returns(tools, readings, resolve(tools, readings), silent)
        tools = [
            structs.replace(tool, returns={}) if mute and joining(reading) else one.tool
            for tool, reading, one, mute in zip(tools, readings, plain, silent, strict=True)
        ]
    return resolve(tools, readings)


def _used(tools: Sequence[Tool], kinds: Sequence[Entity]) -> list[Entity]:
    """The entities that a tool is about, shows or is given, with what those point to and lie in."""
    reached = {tool.entity for tool in tools} | {found.entity for tool in tools for found in tool.yields}
    reached |= {p.refers for tool in tools for p in tool.inputs if tool.effect != "opaque"}
    grown = True
    while grown:
        more = {key for entity in kinds if entity.key in reached for key in
                (entity.parent, *(field.refers for field in entity.fields))}  # fmt: skip
        grown = bool(more - reached)
        reached |= more
    return [entity for entity in kinds if entity.key in reached]


def _entities(
    given: Known, addressing: Mapping[str, str], patterns: Mapping[str, str], made_up: frozenset[str]
) -> dict[str, Entity]:
    nouns = given.nouns
    known, people = nouns.known(), nouns.people()
    found = [
        entities.entity_of(nouns, draft, known, addressing.get(noun, ""), patterns.get(noun, ""), people=people,
                           chosen=noun in made_up)
        for noun, draft in nouns.drafts.items()
    ]  # fmt: skip
    found = [corrected.entity(kind, given.overlays) for kind in found]
    return dict(zip(nouns.drafts, linked(found, nouns), strict=True))


def _drafted(known: Known, context: Context, index: int) -> Tool:
    """The tool with effect and inputs."""
    tool, subject = known.tools[index], known.subjects[index]
    noun = " ".join(subject.noun)
    fixed = known.fixes.get(tool.name)
    pinned = fixed.fix.effect if fixed else None
    bare = inputs_of(tool, noun, "", context)
    judged = _judged(known, index, bare)
    if pinned is not None:
        judged = structs.replace(judged, effect=pinned, confidence=1.0, reasons=(f"it is said to {pinned}",))
    effect, reasons = judged.effect, judged.reasons
    part = ""
    if pinned is None and (subject.part or subject.into) and effect in ("create", "delete", "update"):
        effect, part = "act", " ".join(subject.part or subject.into)
        reasons = (*reasons, f"it changes the {part} of a {noun}")
    if pinned is None and computing.figures(tool, known.readings[index], bare):
        effect, reasons = "compute", (*reasons, "it takes figures and nothing else")
    entity = context.kinds.get(noun)
    inputs = in_path(inputs_of(tool, noun, effect, context), entity, effect)
    if effect == "compute":
        inputs = computing.operands(inputs)
        said_so = tool.returns and not known.assumed[index].why
        tool = tool if said_so else structs.replace(tool, returns=computing.RESULT)
    if subject.part:
        inputs = with_part(inputs, subject)
    taking = effect == "create" and judged.verb in TAKING
    mine = id_field(inputs, entity, "act" if taking else effect) if entity else ""
    if entity and effect == "create" and judged.verb == "start":  # sessions are begun; instances are there
        inputs, mine = (inputs, mine) if mine else begun(inputs, entity)
    if entity and effect == "create" and not mine and done_to_one(tool, judged.verb):
        inputs, mine = by_label(inputs, entity)
    # An id among the fields of a body says which, and stays.
    if mine and (taking or effect in ("update", "act", "delete")):
        inputs = tuple(structs.replace(p, sets="") if p.pointer == mine else p for p in inputs)
    if not mine and entity and effect in ("read", "update", "delete", "act"):
        inputs, mine = by_label(inputs, entity)
    if pinned is None and effect == "create" and mine:
        effect, reasons, inputs = given_one(tool, judged.verb, entity, (inputs, mine), reasons)
    parted = part if entity and effect == "act" and alters_part(judged, known.readings[index]) else ""
    return structs.replace(
        tool,
        effect=judged.effect if parted else effect,
        entity=entity.key if entity and effect not in ("opaque", "compute") else "",
        part=parted,
        id_field=mine if effect in ("read", "update", "delete", "act") else "",
        verb=judged.verb,
        inputs=inputs,
        confidence=round(judged.confidence, 2),
        reasons=reasons,
    )


def _judged(known: Known, index: int, bare: Sequence[Parameter]) -> effects.Judgement:
    """What a tool is taken to do, to whatever of its record."""
    tool, reading = known.tools[index], known.readings[index]
    searching = reading.verb is not None and reading.verb.effect == "search"
    queried = any(p.klass == "query" and (searching or p.confidence >= THRESHOLD) for p in bare)
    return effects.judge(tool, reading, shapes(tool.returns, known.subjects[index].noun), queried)


def _finished(known: Known, kinds: Mapping[str, Entity], index: int, tool: Tool) -> Tool:
    """The tool with scopes, speech, yields and state."""
    subject = known.subjects[index]
    noun = " ".join(subject.noun)
    entity = kinds.get(noun)
    tool = structs.replace(tool, yields=tuple(_yields(tool, subject, known.nouns)))
    if entity is None or tool.effect == "opaque":
        return _without_entity(tool, noun)
    if not entity.id_pointer and undeclared_record(entity):
        why = f"what {article(entity.noun)} {entity.noun} holds is not declared"
        return _unplaced(tool, "opaque", (entity.noun, entity.plural), (why,))
    tool = structs.replace(tool, inputs=containers.scoped(tool, known.nouns, noun))
    tool = structs.replace(tool, inputs=of_the_user(tool, entity))
    doubt, doubts = _doubt(tool, known.assumed[index], subject.noun, subject.part)
    if tool.hints.get("deprecated") and not all(one.hints.get("deprecated") for one in known.tools):
        doubt, doubts = doubt * 0.5, (*doubts, "it is deprecated, and others are not")
    verb, phrase = said(tool, entity, subject, known.readings[index])
    if words := unaccounted(tool, entity, known.readings[index]) or unsaid(tool, entity, phrase):
        doubt, doubts = (
            doubt * 0.5,
            (*doubts, f"what {' '.join(words)!r} in its name means is not understood"),
        )
    state = outcomes.state_of(tool, entity, known.readings[index])
    if why := outcomes.unseen(structs.replace(tool, verb=verb, state=state), entity, known.readings[index]):
        doubt, doubts = doubt * 0.5, (*doubts, why)
    reasons = (*tool.reasons, f"its records are called {entity.noun!r}", *doubts)
    return structs.replace(
        tool,
        verb=verb,
        phrase=phrase,
        inputs=states.carried_out(tuple(tool.inputs), verb),
        confidence=round(tool.confidence * doubt, 2),
        state=state,
        reasons=reasons,
    )


_PLAIN = 2.0  # weight of verbs that are nothing else


def _doubt(tool: Tool, assumed: Assumed, noun: Words, part: Words) -> tuple[float, tuple[str, ...]]:
    """By what the confidence is multiplied, and why."""
    if part and (
        strange := next((word for word in part if word in verbs() and verbs()[word].weight >= _PLAIN), "")
    ):
        return 0.5, (f"{strange!r} in its name is another verb, and what it does is not understood",)
    if why := sent_unsaid(tool, noun):
        return 0.5, (why,)
    if why := misnamed(tool, noun):
        return 0.5, (why,)
    if tool.effect in ("list", "search"):
        for p in tool.inputs:
            answered = p.filters or p.refers or p.scope or p.klass in ("query", "plumbing", "ambient")
            answered = answered or bool(assumed.why) and merely_asked(noun, p.name)
            if p.required and not answered and p.facet not in ("limit", "order"):
                return 0.5, (f"no field of its records answers to {p.pointer}",)
    return assumed.doubt, (assumed.why,) if assumed.why else ()


def _without_entity(tool: Tool, noun: str) -> Tool:
    if tool.effect in ("compute", "opaque"):
        return _unplaced(tool, tool.effect, (noun, plural(noun)), ())
    why = f"no result shows what {article(noun)} {noun} is" if noun else "it cannot be told what it is about"
    doubted = structs.replace(tool, confidence=min(tool.confidence, 0.4))
    return _unplaced(doubted, "opaque", (noun, plural(noun)), (why,))


def _unplaced(tool: Tool, effect: Effect, called: tuple[str, str], why: tuple[str, ...]) -> Tool:
    """The tool as one that touches no records."""
    return structs.replace(
        tool,
        effect=effect,
        entity="",
        id_field="",
        yields=(),
        inputs=tuple(structs.replace(p, sets="", filters="", scope=False) for p in tool.inputs),
        phrase=imperative(tool.verb, effect, called),
        reasons=(*tool.reasons, *why),
    )


def _yields(tool: Tool, subject: Subject, nouns: Nouns) -> list[Yield]:
    found: list[Yield] = []
    for shape in shapes(tool.returns, subject.noun):
        if noun := _noun_of(shape, subject, nouns):
            found.append(Yield(nouns.key(noun), shape.pointer, shape.many))
            for pointer, many, inner in nested(shape.schema, shape.pointer):
                inside = " ".join(canonical(title_words(inner)))
                if (
                    many
                    and inside in nouns.drafts
                    and inside != noun
                    and has_id(inner, canonical(title_words(inner)))
                ):
                    found.append(Yield(nouns.key(inside), pointer, True))
    return found


def _noun_of(shape: Shape, subject: Subject, nouns: Nouns) -> str:
    called = canonical(title_words(shape.schema)) or canonical(shape.called)
    exact = len(subject.noun) > len(called) > 0 and subject.noun[-len(called) :] == called
    if exact and not subject.part and " ".join(subject.noun) in nouns.drafts:
        return " ".join(subject.noun)  # the checks that a listing of uptime checks shows
    for start in range(len(called)):
        name = " ".join(canonical(called[start:]))
        if name in nouns.drafts:
            return name
    own = " ".join(subject.noun)
    if own in nouns.drafts and has_id(shape.schema, subject.noun) and entities.agrees(shape, subject.noun):
        return own
    return ""
